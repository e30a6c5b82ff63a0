//! A court gets one case as a ZIP, and checks it with a program that has no database and no network.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gongkai::audit::checkpoint::{CheckpointKey, SignedCheckpoint};
use gongkai::audit::export::{Elsewhere, Verdict, verify_export_against};
use gongkai::crypto::framed::sha256;
use gongkai::crypto::hex;
use gongkai::crypto::sign::SigningKey;
use serde_json::{Value, json};

use super::archive::export::{listed_anew, unzipped, zipped};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::Office;
use crate::support::server::GONGKAI;
use crate::support::story::CaseStory;

type Files = BTreeMap<String, Vec<u8>>;

/// The program that checks what was handed out.
const VERIFY: &str = env!("CARGO_BIN_EXE_gongkai-verify");

/// Runs it in a folder with no setting at all.
fn run(folder: &Path, bytes: &[u8], more: &[&str]) -> Output {
    std::fs::write(folder.join("case.zip"), bytes).unwrap();
    Command::new(VERIFY).env_clear().current_dir(folder).args(more).arg("case.zip").output().unwrap()
}

/// Its verdict as JSON, and the status.
fn verdict(folder: &Path, bytes: &[u8], more: &[&str]) -> (Value, Option<i32>) {
    let ran = run(folder, bytes, &[&["--json"], more].concat());
    (serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}")), ran.status.code())
}

/// Where it says that something is wrong: file and event.
fn places(verdict: &Value) -> Vec<(String, Option<u64>)> {
    let faults = verdict["verdict"]["faults"].as_array().unwrap();
    for fault in faults {
        assert!(
            !fault["reason"].as_str().unwrap().is_empty() && !fault["reason_zh"].as_str().unwrap().is_empty()
        );
    }
    faults.iter().map(|fault| (fault["file"].as_str().unwrap().to_owned(), fault["event"].as_u64())).collect()
}

fn place(file: &str, event: Option<u64>) -> (String, Option<u64>) {
    (file.to_owned(), event)
}

fn evidence(files: &Files) -> Value {
    serde_json::from_slice(&files["evidence.json"]).unwrap()
}

/// The same files with other evidence, listed anew.
fn with_evidence(files: &Files, evidence: &Value) -> Vec<u8> {
    let mut changed = files.clone();
    changed.insert("evidence.json".to_owned(), serde_json::to_vec(evidence).unwrap());
    listed_anew(&mut changed);
    zipped(&changed)
}

/// Signs checkpoints and manifest with a key of one's own, which the ZIP then names: all that somebody can do without the agency's.
fn signed_by(files: &Files, key: &SigningKey, agency: uuid::Uuid) -> Files {
    let public = CheckpointKey::new(agency, *key.public());
    let mut other = evidence(files);
    for note in other["checkpoints"].as_array_mut().unwrap() {
        let read: SignedCheckpoint = note.as_str().unwrap().parse().unwrap();
        *note = json!(read.checkpoint.sign(key).unwrap().to_string());
    }
    other["keys"] = json!([public.to_string()]);
    let mut files = files.clone();
    files.insert("evidence.json".to_owned(), serde_json::to_vec(&other).unwrap());
    let attached = serde_json::from_slice::<Value>(&files["manifest.json"]).unwrap();
    listed_anew(&mut files);
    assert_eq!(attached["format"], "gongkai-case-export/3");
    let digest = hex::encode(&sha256(&files["manifest.json"]));
    let statement = format!("gongkai-case-export/{agency}\nmanifest sha256 {digest}\n");
    let signature = STANDARD.encode(key.sign(statement.as_bytes()).unwrap());
    files.insert(
        "manifest.sig".to_owned(),
        format!("{statement}\n— {} {signature}\n", public.id()).into_bytes(),
    );
    files
}

both_databases! {
    fn a_court_checks_one_case_offline(backend) {
        let office = Office::open(backend);
        let case = CaseStory::archived(&office);
        CaseStory::in_review(&office);
        let server = &office.server.place;
        let bytes = case.as_role("archivist").get(&case.path("/export")).must(200).bytes;
        assert!(case.as_role("clerk").get(&case.path("/export")).must(200).bytes == bytes, "the same state, the same bytes");
        let files = unzipped(&bytes);
        let shown = evidence(&files);
        let events = std::str::from_utf8(&files["events.jsonl"]).unwrap().lines().count();
        assert_eq!(shown["events"].as_array().unwrap().len(), events);
        assert_eq!(shown["checkpoints"].as_array().unwrap().len(), 1);

        // What a judge reads: number, dates, steps, who decided.
        let words = std::str::from_utf8(&files["README-核验说明.txt"]).unwrap();
        let catalogue: Value = serde_json::from_slice(&files["catalogue.json"]).unwrap();
        let pieces = catalogue["pieces"].as_array().unwrap();
        for told in ["gongkai-verify", case.number(), "320800", "处理结果：予以公开", "状态：已归档"] {
            assert!(words.contains(told), "{told}: {words}");
        }
        for piece in pieces {
            assert!(words.contains(piece["title"].as_str().unwrap()), "{piece}: {words}");
        }
        let signed_off = words.lines().find(|line| line.contains("签发") && line.contains("审批")).unwrap();
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        let decided = history.at("/events").as_array().unwrap().iter().rfind(|event| event["type"] == "reviewed").unwrap();
        assert!(signed_off.contains(decided["person_id"].as_str().unwrap()), "who decided: {signed_off}");

        // Away from here: a folder with the ZIP and nothing else.
        let away = tempfile::tempdir().unwrap();
        let away = away.path();
        let (sound, status) = verdict(away, &bytes, &[]);
        assert_eq!((status, places(&sound)), (Some(0), vec![]), "{sound}");
        assert!(sound["verdict"]["warnings"][0]["en"].as_str().unwrap().contains("keys are those in the ZIP"));
        // With the key and the checkpoints of the second place.
        let second = away.join("second");
        let mut checkpoint = server.command(GONGKAI);
        let ran = checkpoint.env("GONGKAI_CHECKPOINT_DIR", &second).args(["audit", "checkpoint"]).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        let keys = second.join(format!("{}.keys", office.agency.id));
        let key = std::fs::read_to_string(&keys).unwrap().trim().to_owned();
        for key in [key.as_str(), keys.to_str().unwrap()] {
            let (sound, status) = verdict(away, &bytes, &["--key", key, "--checkpoints", "second"]);
            assert_eq!((status, places(&sound)), (Some(0), vec![]), "{sound}");
            assert_eq!(sound["verdict"]["warnings"], json!([]), "nothing is left to ask");
        }
        let said = String::from_utf8(run(away, &bytes, &["--key", &key]).stdout).unwrap();
        assert!(said.contains("核验通过") && said.contains("SOUND") && said.contains(case.number()), "{said}");

        // A new key signs what comes, and changes nothing of what was handed out, which is checked with the old one.
        assert!(server.command(GONGKAI).args(["audit", "new-key", "--agency", "320800"]).output().unwrap().status.success());
        assert_eq!(verdict(away, &bytes, &["--key", &key]).1, Some(0));
        let anew = case.as_role("archivist").get(&case.path("/export")).must(200).bytes;
        assert_eq!(verdict(away, &anew, &[]).1, Some(0));
        assert_eq!(places(&verdict(away, &anew, &["--key", &key]).0), [place("manifest.sig", None)], "the old key does not do");

        // Somebody without the agency's key, who makes all else anew.
        let stranger = SigningKey::generate().unwrap();
        let theirs = CheckpointKey::new(office.agency.id.0, *stranger.public()).to_string();
        let (refused, status) = verdict(away, &bytes, &["--key", &theirs]);
        assert_eq!((status, places(&refused)), (Some(1), vec![place("manifest.sig", None), place("evidence.json", None)]));
        assert!(refused.to_string().contains("not signed by a key that you trust"), "{refused}");
        let forged = zipped(&signed_by(&files, &stranger, office.agency.id.0));
        assert_eq!(verdict(away, &forged, &["--key", &theirs]).1, Some(0), "the tool of this test forges well");
        assert_eq!(verdict(away, &forged, &["--key", &key]).1, Some(1));
        assert_eq!(verdict(away, &forged, &["--checkpoints", "second"]).1, Some(1));
        std::fs::create_dir(away.join("empty")).unwrap();
        let (refused, status) = verdict(away, &bytes, &["--checkpoints", "empty"]);
        assert!(status == Some(1) && refused.to_string().contains("not in the second place"), "{refused}");

        // Another case's evidence, and another agency's checkpoint.
        let queue = office.as_role("clerk").get("/cases").must(200);
        let items = queue.at("/items").as_array().unwrap();
        let other = items.iter().map(|item| item["id"].as_str().unwrap()).find(|id| *id != case.id).unwrap().to_owned();
        let all: Vec<u8> = files.values().flatten().copied().collect();
        assert!(!String::from_utf8_lossy(&all).contains(&other), "nothing of the other case is in it");
        let others = office.as_role("archivist").get(&format!("/cases/{other}/export")).must(200).bytes;
        assert_eq!(verdict(away, &others, &[]).1, Some(0));
        let mixed = with_evidence(&files, &evidence(&unzipped(&others)));
        let (refused, status) = verdict(away, &mixed, &[]);
        assert!(status == Some(1) && places(&refused).contains(&place("evidence.json", Some(1))), "{refused}");
        server.must_be_sound();
    }
}

#[test]
fn what_is_changed_and_listed_anew_is_told_with_its_place() {
    let office = Office::open(Backend::Sqlite);
    let case = CaseStory::archived(&office);
    let bytes = case.as_role("archivist").get(&case.path("/export")).must(200).bytes;
    let files = unzipped(&bytes);
    let (away, shown) = (tempfile::tempdir().unwrap(), evidence(&files));
    let away = away.path();
    let lines: Vec<&[u8]> = files["events.jsonl"].split_inclusive(|byte| *byte == b'\n').collect();

    // Each file: changed, gone, both also listed anew. The agency has not signed that.
    for name in files.keys().filter(|name| !["manifest.json", "manifest.sig"].contains(&name.as_str())) {
        let mut changed = files.clone();
        *changed.get_mut(name).unwrap().last_mut().unwrap() ^= 1;
        let (told, status) = verdict(away, &zipped(&changed), &[]);
        assert!(status == Some(1) && places(&told).iter().any(|(file, _)| file == name), "{name}: {told}");
        listed_anew(&mut changed);
        let (told, status) = verdict(away, &zipped(&changed), &[]);
        let place = if name == "evidence.json" { "evidence.json" } else { "manifest.sig" };
        assert!(status == Some(1) && places(&told).iter().any(|(file, _)| file == place), "{name}: {told}");
        let mut gone = files.clone();
        gone.remove(name);
        let (told, status) = verdict(away, &zipped(&gone), &[]);
        assert!(status == Some(1) && places(&told).iter().any(|(file, _)| file == name), "{name}: {told}");
    }
    for (name, other) in [("manifest.json", "manifest.json"), ("manifest.sig", "manifest.sig")] {
        let mut gone = files.clone();
        gone.remove(name);
        assert_eq!(places(&verdict(away, &zipped(&gone), &[]).0), [place(other, None)]);
    }
    let mut more = files.clone();
    more.insert("words/extra.txt".to_owned(), b"x".to_vec());
    assert_eq!(places(&verdict(away, &zipped(&more), &[]).0), [place("words/extra.txt", None)]);

    // Each event dropped, all listed anew: the chain tells which. The last one is told by the head.
    for n in 0..lines.len() {
        let mut less = lines.clone();
        less.remove(n);
        let mut changed = files.clone();
        changed.insert("events.jsonl".to_owned(), less.concat());
        listed_anew(&mut changed);
        let (told, status) = verdict(away, &zipped(&changed), &[]);
        let found = places(&told);
        let seq = u64::try_from(n).unwrap() + 1;
        assert!(status == Some(1) && found.contains(&place("events.jsonl", Some(seq))), "{seq}: {told}");
        assert!(found.contains(&place("evidence.json", Some(seq))), "{seq}: {told}");
    }
    // Each proof: another hash, another place, none, twice; a checkpoint that is not there, changed, or of fewer events.
    for n in 0..lines.len() {
        let seq = Some(u64::try_from(n).unwrap() + 1);
        let with = |change: &dyn Fn(&mut Value)| {
            let mut other = shown.clone();
            change(&mut other);
            let (told, status) = verdict(away, &with_evidence(&files, &other), &[]);
            assert!(
                status == Some(1) && places(&told).contains(&place("evidence.json", seq)),
                "{seq:?}: {told}"
            );
        };
        with(&|other| other["events"][n]["proof"][0] = json!("0".repeat(64)));
        with(&|other| other["events"][n]["checkpoint"] = json!(7));
        with(&|other| drop(other["events"].as_array_mut().unwrap().remove(n)));
        with(&|other| {
            let again = other["events"][n].clone();
            other["events"].as_array_mut().unwrap().push(again);
        });
    }
    for (from, to) in [
        ("\nlink ", "\nlink 0"),
        ("\ntime 2", "\ntime 3"),
        ("\nsuite sha256", "\nsuite sha255"),
        ("gongkai-audit/", "gongkai-audit/1"),
    ] {
        let mut other = shown.clone();
        let note = other["checkpoints"][0].as_str().unwrap().replacen(from, to, 1);
        assert_ne!(note, other["checkpoints"][0].as_str().unwrap());
        other["checkpoints"][0] = json!(note);
        let (told, status) = verdict(away, &with_evidence(&files, &other), &[]);
        assert!(status == Some(1) && places(&told).contains(&place("evidence.json", None)), "{from}: {told}");
    }
    // An older format is no way round.
    for format in ["gongkai-case-export/1", "gongkai-case-export/2", "gongkai-case-export/4"] {
        let mut changed = files.clone();
        let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
        manifest["format"] = json!(format);
        changed.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
        assert!(
            places(&verdict(away, &zipped(&changed), &[]).0).contains(&place("manifest.json", None)),
            "{format}"
        );
        manifest["files"].as_array_mut().unwrap().retain(|file| file["name"] != "evidence.json");
        changed.retain(|name, _| !["evidence.json", "manifest.sig"].contains(&name.as_str()));
        changed.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
        let key = shown["keys"][0].as_str().unwrap();
        assert_eq!(
            verdict(away, &zipped(&changed), &["--key", key]).1,
            Some(1),
            "{format}: who gives a key wants evidence"
        );
    }
    // Another end is known; what is no ZIP, a wrong key, a folder that is not there.
    let head = format!("{}:{}", lines.len(), "0".repeat(64));
    assert_eq!(verdict(away, &bytes, &["--head", &head]).1, Some(1));
    for (bytes, more) in [
        (&b"PK"[..], vec![]),
        (&bytes[..bytes.len() / 2], vec![]),
        (&bytes, vec!["--key", "nothing"]),
        (&bytes, vec!["--checkpoints", "nowhere"]),
        (&bytes, vec!["--head", "x"]),
    ] {
        let ran = run(away, bytes, &more);
        assert!(
            ran.status.code() == Some(2) && ran.stdout.is_empty() && !ran.stderr.is_empty(),
            "{more:?}: {ran:?}"
        );
    }
    let help = Command::new(VERIFY).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("Status 0") && help.contains("退出状态") && help.contains("--checkpoints"),
        "{help}"
    );
}

/// What somebody with the agency's key from elsewhere is told.
fn checked(bytes: &[u8], key: CheckpointKey) -> std::io::Result<Verdict> {
    let elsewhere = Elsewhere { keys: Some(vec![key]), checkpoints: None };
    verify_export_against(Cursor::new(bytes), None, &elsewhere)
}

/// Every third byte of the ZIP, its lists and checksums among them (all of them take a minute): changed, it is refused, or every
/// name and content is what it was.
#[test]
fn no_byte_of_the_zip_is_another_unseen() {
    let office = Office::open(Backend::Sqlite);
    let case = CaseStory::archived(&office);
    let bytes = case.as_role("archivist").get(&case.path("/export")).must(200).bytes;
    let files = unzipped(&bytes);
    let key: CheckpointKey = evidence(&files)["keys"][0].as_str().unwrap().parse().unwrap();
    assert!(checked(&bytes, key).unwrap().is_sound());
    let (mut refused, mut tried) = (0, 0);
    for at in (0..bytes.len()).step_by(3) {
        tried += 1;
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        match checked(&changed, key) {
            Ok(verdict) if verdict.is_sound() => {
                assert!(
                    unzipped(&changed) == files,
                    "byte {at} of {} changes what is read, unseen",
                    bytes.len()
                );
            }
            Ok(verdict) => {
                let fault = &verdict.faults[0];
                assert!(!fault.file.is_empty() && !fault.reason.is_empty() && !fault.reason_zh.is_empty());
                refused += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(tried > 3_000 && refused > tried / 2, "{refused} of {tried}");
}

/// The program asks the system for no socket.
#[test]
fn the_verifier_opens_no_connection() {
    let office = Office::open(Backend::Sqlite);
    let case = CaseStory::registered(&office);
    let bytes = case.as_role("clerk").get(&case.path("/export")).must(200).bytes;
    let away = tempfile::tempdir().unwrap();
    std::fs::write(away.path().join("case.zip"), &bytes).unwrap();
    let mut traced = Command::new("strace");
    traced.args([
        "-f",
        "-qq",
        "-o",
        "trace.log",
        "-e",
        "trace=socket,connect,bind,openat",
        VERIFY,
        "case.zip",
    ]);
    let ran = traced
        .current_dir(away.path())
        .output()
        .expect("strace is needed: run the tests with `scripts/test`");
    assert!(ran.status.success(), "{ran:?}");
    let trace = std::fs::read_to_string(away.path().join("trace.log")).unwrap();
    assert!(trace.contains("case.zip"), "the trace sees what is opened: {trace}");
    for call in ["socket(", "connect(", "bind("] {
        assert!(!trace.contains(call), "{trace}");
    }
    assert!(!trace.contains(".db") && !trace.contains("master"), "{trace}");
}
