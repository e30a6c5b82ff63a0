//! 案卷导出: the whole case as one ZIP, verified again, read with standard tools.

use std::collections::BTreeMap;
use std::fs::{read, write};
use std::io::{Cursor, Read as _, Write as _};
use std::process::Command;

use gongkai::audit::chain::{Head, Link};
use gongkai::audit::export::{Verdict, verify_export};
use gongkai::crypto::framed::sha256;
use gongkai::crypto::hex;

use super::*;
use crate::support::databases::both_databases;
use crate::support::replies;
use crate::support::server::GONGKAI;

const EVIL: &str = "<script>alert(1)</script>";

/// A case with something of everything, and words that would be markup.
fn full(office: &Office) -> CaseStory<'_> {
    let case = CaseStory::receive(office, &by_channel("counter", day("2026-03-02")));
    let subject = format!("某报告&{EVIL}");
    let case = case.on(day("2026-03-03")).register(&subject).assign(BUDGET).acknowledge();
    let letter =
        json!({ "kind": "third_party", "party": "某某公司", "question": EVIL, "served_on": "2026-03-04" });
    let case = case.on(day("2026-03-04")).post("handler", "/consultations", letter);
    let case = case.on(day("2026-03-09")).post(
        "handler",
        "/consultations/1/answer",
        json!({ "position": "objects", "text": "涉及商业秘密，联系人13812345678" }),
    );
    let case = case.on(day("2026-03-10"));
    let case = ["第一稿", "第二稿"]
        .iter()
        .fold(case, |case, text| case.command("handler", "PUT", "/reply", &honouring(text)));
    let case = case.submit().review_by_all().issue();
    case.on(day("2026-03-12")).serve("post").on(day("2026-05-10")).archive()
}

/// A reply that withholds what the third party objected to.
fn honouring(text: &str) -> Value {
    let mut draft = replies::draft("partially_granted", text);
    draft["on"] = json!("2026-03-10");
    draft["withheld"][0]["outcome"] = json!("denied_third_party_rights");
    draft["withheld"][0]["grounds"] = json!(["15"]);
    draft["withheld"][0]["consultation"] = json!(1);
    draft
}

/// The files of a ZIP, by the crate's own reader.
pub(in crate::api) fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|n| {
            let mut file = zip.by_index(n).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// Whatever of `unzip` and Python's `zipfile` this machine has reads the same files with the same content. `scripts/test` installs `unzip`.
fn read_with_standard_tools(zip: &str, files: &BTreeMap<String, Vec<u8>>) {
    let mut readers = 0;
    if let Ok(ran) = Command::new("unzip").args(["-t", zip]).output() {
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
        for name in ["index.html", "catalogue.json", "events.jsonl"] {
            let ran = Command::new("unzip").args(["-p", zip, name]).output().unwrap();
            assert!(ran.stdout == files[name], "unzip reads {name} otherwise");
        }
        readers += 1;
    }
    let script = "import sys, zipfile, hashlib\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                  for name in z.namelist():\n\
                  \u{20}   line = hashlib.sha256(z.read(name)).hexdigest() + ' ' + name + '\\n'\n\
                  \u{20}   sys.stdout.buffer.write(line.encode())\n";
    if let Ok(ran) = Command::new("python3").args(["-c", script, zip]).output() {
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let mut found: Vec<String> =
            String::from_utf8(ran.stdout).unwrap().lines().map(ToOwned::to_owned).collect();
        found.sort_by(|one, other| one[65..].cmp(&other[65..]));
        let expected: Vec<String> =
            files.iter().map(|(name, content)| format!("{} {name}", hex::encode(&sha256(content)))).collect();
        assert_eq!(found, expected, "names and contents");
        readers += 1;
    }
    assert!(files.contains_key("words/0001-政府信息公开申请-1.txt"), "{:?}", files.keys());
    assert!(readers > 0, "unzip or python3 is needed: an archive reads the ZIP with nothing of ours");
}

/// A ZIP of these files.
pub(in crate::api) fn zipped(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(super) fn verdict(bytes: &[u8]) -> Verdict {
    verify_export(Cursor::new(bytes), None).unwrap()
}

/// The manifest says that these are the files: what somebody would do who hides a change.
pub(in crate::api) fn listed_anew(files: &mut BTreeMap<String, Vec<u8>>) {
    let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    for file in manifest["files"].as_array_mut().unwrap() {
        let content = &files[file["name"].as_str().unwrap()];
        file["bytes"] = json!(content.len());
        file["sha256"] = json!(hex::encode(&sha256(content)));
    }
    let lines = files["events.jsonl"].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    manifest["event_lines"] = lines.map(|line| hex::encode(&sha256(line))).collect();
    files.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
}

both_databases! {
    fn a_case_is_handed_out_verified_and_read_with_standard_tools(backend) {
        let office = Office::open(backend);
        let case = full(&office);
        let answer = case.as_role("archivist").get(&case.path("/export")).must(200);
        assert_eq!(answer.header("content-type"), Some("application/zip"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.etag(), case.etag());
        let disposition = answer.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment") && disposition.contains("filename*=UTF-8''"), "{disposition}");
        assert!(!disposition.to_lowercase().contains("<script"));

        // The same state, the same bytes, through whichever door.
        let again = case.as_role("clerk").get(&case.path("/export")).must(200);
        assert!(answer.bytes == again.bytes, "the same state gives the same bytes");
        let path = office.server.place.folder().join("案卷.zip");
        let cli = |arguments: &[&str]| office.server.place.command(GONGKAI).args(arguments).output().unwrap();
        let out = path.to_str().unwrap();
        let export = ["export-case", "--agency", "320800", "--number", case.number(), "--out", out];
        let ran = cli(&export);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        assert!(read(&path).unwrap() == answer.bytes, "the command line gives the same bytes");
        assert!(!cli(&export).status.success(), "a file that is there is left alone");

        // Verified offline: the case's own last link is the end.
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        let events = history.at("/events").as_array().unwrap();
        let head = format!("{}:{}", events.len(), events.last().unwrap()["link"].as_str().unwrap());
        let told = cli(&["audit", "verify", out, "--head", &head, "--json"]);
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stdout));
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        assert_eq!((&told["sound"], &told["verdict"]["events"]), (&json!(true), &json!(events.len())));
        assert_eq!(told["verdict"]["faults"], json!([]));
        assert!(cli(&["audit", "verify"]).status.success(), "and so is the whole database");
        let other = format!("{}:{}", events.len(), "0".repeat(64));
        assert!(!cli(&["audit", "verify", out, "--head", &other]).status.success());

        let files = unzipped(&answer.bytes);
        read_with_standard_tools(out, &files);
        for name in ["index.html", "catalogue.json", "events.jsonl", "time-limit.txt", "manifest.json", "manifest.sig"] {
            assert!(files.contains_key(name), "{name}");
        }
        let page = String::from_utf8(files["index.html"].clone()).unwrap();
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">") && !page.contains(EVIL), "{page}");
        assert!(page.contains("某报告&amp;&lt;script&gt;") && page.contains("320800-1-2026-D30-0001"));
        assert!(page.matches("<td>").count() == page.matches("</td>").count());
        assert_eq!(page.matches("scope=\"col\"").count(), 8 + 6, "the answer, the catalogue");
        assert!(page.contains("第1部分：不予公开：保护第三方合法权益（15，第1号征求意见函）"), "{page}");
        let text = String::from_utf8(files["time-limit.txt"].clone()).unwrap();
        assert!(text.contains("2026年"), "{text}");
        let file = case.as_role("clerk").get(&case.path("/archive")).must(200);
        assert_eq!(serde_json::from_slice::<Value>(&files["catalogue.json"]).unwrap(), file.body);

        // The words are masked as in the history, each linked from the page.
        let words: Vec<_> = files.iter().filter(|(name, _)| name.starts_with("words/")).collect();
        let mut shown: Vec<&str> = words.iter().map(|(_, content)| std::str::from_utf8(content).unwrap()).collect();
        let mut expected: Vec<&str> = events
            .iter()
            .flat_map(|event| event["words"].as_array().unwrap())
            .map(|one| one["text"].as_str().unwrap())
            .collect();
        shown.sort_unstable();
        expected.sort_unstable();
        assert_eq!(shown, expected);
        assert!(shown.iter().any(|words| words.contains("138****5678")));
        assert_eq!(page.matches("<a href=\"words/").count(), words.len());

        assert_eq!(told_of(&office, &case), "404 not_found");
        let missing = cli(&["export-case", "--agency", "320800", "--number", "没有", "--out", "x.zip"]);
        assert!(String::from_utf8_lossy(&missing.stderr).contains("there is no case"));
    }
}

/// The place of the line with this index.
fn place(index: usize) -> u64 {
    u64::try_from(index).unwrap() + 1
}

/// What somebody of another agency is told.
fn told_of(office: &Office, case: &CaseStory) -> String {
    let neighbour = office.neighbour("320900");
    told(&office.of_agency(&neighbour, "archivist").get(&case.path("/export")))
}

#[test]
fn a_changed_byte_of_any_event_is_told_with_its_place_and_reason() {
    let office = Office::open(crate::support::databases::Backend::Sqlite);
    let case = full(&office);
    let bytes = case.as_role("archivist").get(&case.path("/export")).must(200).bytes;
    let sound = verdict(&bytes);
    assert!(sound.is_sound(), "{:?}", sound.faults);
    let files = unzipped(&bytes);
    let lines: Vec<Vec<u8>> =
        files["events.jsonl"].split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    assert_eq!(u64::try_from(lines.len()).unwrap(), sound.events);
    let mut tried = 0;
    for (n, line) in lines.iter().enumerate() {
        for at in (n % 67..line.len() - 1).step_by(67) {
            let mut changed = lines.clone();
            changed[n][at] ^= 1;
            if changed[n][at] == b'\n' {
                continue;
            }
            let mut files = files.clone();
            files.insert("events.jsonl".to_owned(), changed.concat());
            let found = verdict(&zipped(&files));
            let first = found.faults.iter().find(|fault| fault.event.is_some());
            let first = first.unwrap_or_else(|| panic!("byte {at} of event {}: {:?}", n + 1, found.faults));
            assert_eq!((first.file.as_str(), first.event), ("events.jsonl", Some(place(n))), "{first}");
            assert!(!first.reason.is_empty());
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn who_lists_his_changes_anew_is_found_by_the_chain_and_who_links_anew_by_a_known_end() {
    let office = Office::open(crate::support::databases::Backend::Sqlite);
    let case = full(&office);
    let bytes = case.as_role("archivist").get(&case.path("/export")).must(200).bytes;
    let files = unzipped(&bytes);
    let text = String::from_utf8(files["events.jsonl"].clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let hidden = |lines: &[String]| {
        let mut files = files.clone();
        files.insert(
            "events.jsonl".to_owned(),
            lines.iter().flat_map(|line| [line, "\n"]).collect::<String>().into(),
        );
        listed_anew(&mut files);
        verdict(&zipped(&files))
    };
    let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let itself: Vec<String> = hidden(&own(&lines)).faults.iter().map(|fault| fault.file.clone()).collect();
    assert_eq!(itself, ["manifest.sig"], "the tool of this test changes nothing by itself but who signed");
    // A date in the record, moved by a day.
    for (n, line) in lines.iter().enumerate() {
        let changed = line.replace("2026-03-1", "2026-03-2");
        if changed == *line {
            continue;
        }
        let mut all = own(&lines);
        all[n] = changed;
        let found = hidden(&all);
        let places: Vec<_> = found.faults.iter().filter_map(|fault| fault.event).collect();
        assert_eq!(places.first(), Some(&place(n)), "{:?}", found.faults);
    }
    // One left out, the last cut off, two swapped, one twice.
    let mut without = own(&lines);
    without.remove(4);
    assert_eq!(hidden(&without).faults[0].event, Some(5), "{:?}", hidden(&without).faults);
    assert!(!hidden(&own(&lines[..lines.len() - 1])).is_sound());
    let mut swapped = own(&lines);
    swapped.swap(2, 3);
    assert!(!hidden(&swapped).is_sound());
    let mut twice = own(&lines);
    twice.push(lines[0].to_owned());
    assert!(!hidden(&twice).is_sound());
    // Other files: changed, missing, added.
    for (name, content) in &files {
        if ["manifest.json", "manifest.sig"].contains(&name.as_str()) {
            continue;
        }
        let mut other = content.clone();
        other.push(b' ');
        let changed = files.clone().into_iter().chain([(name.clone(), other)]).collect();
        assert!(verdict(&zipped(&changed)).faults.iter().any(|fault| fault.file == *name), "{name}");
        let mut gone = files.clone();
        gone.remove(name);
        assert!(verdict(&zipped(&gone)).faults.iter().any(|fault| fault.file == *name), "{name}");
    }
    let more = files.clone().into_iter().chain([("words/extra.txt".to_owned(), b"x".to_vec())]).collect();
    assert_eq!(verdict(&zipped(&more)).faults[0].reason, "the manifest does not list it");
    // Another case's sound export is not this one.
    let known = Head { seq: u64::try_from(lines.len()).unwrap(), link: Link::from_bytes([7; 32]) };
    assert!(!verify_export(Cursor::new(&bytes), Some(known)).unwrap().is_sound());
    // What was cut off on the way, and what is no ZIP at all.
    let path = office.server.place.folder().join("half.zip");
    for wrong in [&bytes[..bytes.len() / 2], b"PK\x03\x04", b""] {
        write(&path, wrong).unwrap();
        let ran =
            office.server.place.command(GONGKAI).args(["audit", "verify", path.to_str().unwrap()]).output();
        let ran = ran.unwrap();
        assert!(!ran.status.success() && ran.stdout.is_empty(), "{}", String::from_utf8_lossy(&ran.stdout));
    }
}
