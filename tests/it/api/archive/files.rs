//! Files in the archive: what the catalogue says of them, that none can be exchanged in an export, and what stays of them when
//! their case is disposed of.

use std::collections::BTreeMap;

use gongkai::crypto::framed::sha256;
use gongkai::crypto::hex;

use super::disposal::{decide, must_verify, propose};
use super::export::{listed_anew, unzipped, verdict, zipped};
use super::*;
use crate::support::databases::both_databases;
use crate::support::files::{TEXT, attachment, export_with_files, upload};

/// Attaches a file on a day of the story.
fn attached<'a>(case: CaseStory<'a>, on: &str, purpose: &str, name: &str, bytes: &[u8]) -> CaseStory<'a> {
    let who = if purpose == "reply_attachment" { "handler" } else { "clerk" };
    let upload = upload(&case.as_role(who), &case.id, bytes).unwrap();
    let mut body = attachment(&upload, purpose, name);
    body["on"] = json!(on);
    case.command(who, "POST", "/attachments", &body)
}

const LETTER: &[u8] = b"the envelope of 2015";

/// Handed in on 2 March 2015, granted with a file, and archived on 11 May 2015: kept through 31 December 2025.
fn old(office: &Office) -> CaseStory<'_> {
    let case = CaseStory::receive(office, &by_channel("counter", day("2015-03-02")));
    let case = attached(case, "2015-03-02", "evidence", "信封.txt", LETTER);
    let case = case.on(day("2015-03-03")).register(SUBJECT).assign(BUDGET).acknowledge();
    let case = attached(case, "2015-03-10", "reply_attachment", "报告.txt", TEXT);
    let case = attached(case, "2015-03-10", "identity_proof", "证件.txt", b"who it is");
    let case =
        case.on(day("2015-03-10")).draft("granted", "予以公开，见附件。").submit().review_by_all().issue();
    case.on(day("2015-03-12")).serve("post").on(day("2015-05-11")).archive()
}

/// What the catalogue says of each file.
fn catalogued(office: &Office, case: &CaseStory) -> Vec<Value> {
    let catalogue = office.as_role("archivist").get(&case.path("/archive")).must(200);
    check_answer(&catalogue);
    let pieces = catalogue.at("/pieces").as_array().unwrap();
    pieces.iter().map(|piece| piece["file"].clone()).filter(|file| !file.is_null()).collect()
}

fn exported(office: &Office, case: &CaseStory) -> BTreeMap<String, Vec<u8>> {
    unzipped(&export_with_files(&office.as_role("archivist"), &case.id).must(200).bytes)
}

fn manifest(files: &BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(&files["manifest.json"]).unwrap()
}

/// What is wrong besides the agency's signature, which no manifest keeps that was made anew.
fn but_the_signature(verdict: &gongkai::audit::export::Verdict) -> Vec<gongkai::audit::export::Fault> {
    let (signature, others): (Vec<_>, Vec<_>) =
        verdict.faults.iter().cloned().partition(|fault| fault.file == "manifest.sig");
    assert_eq!(signature.len(), 1, "{:?}", verdict.faults);
    assert!(signature[0].reason.contains("signature of another manifest"), "{signature:?}");
    others
}

/// The ZIP with another manifest; what is found wrong with it.
fn with_manifest(files: &BTreeMap<String, Vec<u8>>, manifest: &Value) -> Vec<String> {
    let mut files = files.clone();
    files.insert("manifest.json".to_owned(), serde_json::to_vec(manifest).unwrap());
    let verdict = verdict(&zipped(&files));
    if manifest["format"] == "gongkai-case-export/1" {
        return verdict.faults.iter().map(ToString::to_string).collect();
    }
    but_the_signature(&verdict).iter().map(ToString::to_string).collect()
}

both_databases! {
    fn a_file_exchanged_together_with_its_line_of_the_manifest_is_found(backend) {
        let office = Office::open(backend);
        let case = old(&office);
        let files = exported(&office, &case);
        let sound = verdict(&zipped(&files));
        assert!(sound.is_sound(), "{:?}", sound.faults);
        assert!(sound.warnings.iter().any(|told| told.en.contains("identity_proof") && told.zh.contains("identity_proof")), "{:?}", sound.warnings);
        let names: Vec<&String> = files.keys().filter(|name| name.starts_with("attachments/")).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        for name in names {
            // As long as the one before, so that nothing but its content tells.
            let mut forged = files.clone();
            forged.get_mut(name).unwrap()[0] ^= 1;
            assert!(!verdict(&zipped(&forged)).is_sound(), "it was exchanged alone");
            listed_anew(&mut forged);
            let found = but_the_signature(&verdict(&zipped(&forged)));
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!((&found[0].file, found[0].event.is_some()), (name, true));
            assert!(found[0].reason.contains("not the file that this event attached"), "{found:?}");
            // Without its binding, bound to another event, or taken out: each is told.
            let listed = manifest(&files)["files"].as_array().unwrap().iter().position(|it| it["name"] == **name).unwrap();
            let mut unbound = manifest(&forged);
            unbound["files"][listed].as_object_mut().unwrap().remove("attached");
            assert_eq!(with_manifest(&forged, &unbound).len(), 2);
            let mut older = unbound.clone();
            older["format"] = json!("gongkai-case-export/1");
            assert!(!with_manifest(&forged, &older).is_empty(), "an older format is no way round");
            let mut elsewhere = manifest(&forged);
            elsewhere["files"][listed]["attached"]["event"] = json!(1);
            assert_eq!(with_manifest(&forged, &elsewhere).len(), 2);
            let mut gone = forged.clone();
            gone.remove(name);
            let mut less = manifest(&gone);
            less["files"].as_array_mut().unwrap().remove(listed);
            assert_eq!(with_manifest(&gone, &less).len(), 1, "a file is missing");
        }
        // Two files, each in the other's place.
        let mut swapped = files.clone();
        let both: Vec<String> = files.keys().filter(|name| name.starts_with("attachments/")).cloned().collect();
        swapped.insert(both[0].clone(), files[&both[1]].clone());
        swapped.insert(both[1].clone(), files[&both[0]].clone());
        listed_anew(&mut swapped);
        assert_eq!(but_the_signature(&verdict(&zipped(&swapped))).len(), 2);
    }

    fn a_case_with_files_is_disposed_of_and_the_catalogue_still_tells_what_was_there(backend) {
        let office = Office::open(backend);
        let case = old(&office);
        let folder = office.server.place.data_dir().join("attachments");
        let stored = || crate::api::attachments::files_below(&folder).len();
        let before = catalogued(&office, &case);
        assert_eq!((before.len(), stored()), (3, 3));
        assert_eq!((&before[0]["size"], &before[0]["purpose"]), (&json!(LETTER.len()), &json!("evidence")));
        assert_eq!(before[0]["sha256"], hex::encode(&sha256(LETTER)));
        assert_eq!(before[1]["sha256"], hex::encode(&sha256(TEXT)));
        let case = case.command("archivist", "POST", "/appraisals", &propose(json!({ "proposal": "dispose" })));
        let case = case.command("approver", "POST", "/appraisals/1/decision", &decide(true));
        assert_eq!(stored(), 0, "the files are gone from the store");
        let after = catalogued(&office, &case);
        assert_eq!(after.len(), 3);
        for (before, after) in before.iter().zip(&after) {
            for member in ["attachment_id", "purpose", "file_type", "size", "content_hash"] {
                assert_eq!(before[member], after[member], "{member}");
            }
            assert_eq!(after["sha256"], Value::Null, "with which anybody could try out known documents");
        }
        let files = exported(&office, &case);
        assert!(!files.keys().any(|name| name.starts_with("attachments/")));
        let sound = verdict(&zipped(&files));
        assert!(sound.is_sound(), "{:?}", sound.faults);
        let left_out = manifest(&files)["left_out"].as_array().unwrap().clone();
        assert!(left_out.len() == 3 && left_out.iter().all(|it| it["reason"] == "erased"), "{left_out:?}");
        must_verify(&office);
    }
}
