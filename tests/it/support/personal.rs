//! Looks at every answer that any test gets for personal data (T38): resident numbers, mobile numbers, and the names of the private
//! persons whom the tests have sent to the same server. Only a reveal may show them. It shares nothing with the masks it checks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::client::Reply;

/// The names sent so far, by the server that they were sent to.
static NAMES: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());

/// Checks an answer, and notes whom the request names.
///
/// # Panics
///
/// If it shows what only a reveal may show.
#[track_caller]
pub fn check(server: &str, (method, path): (&str, &str), sent: &[u8], reply: &Reply) {
    note(server, sent);
    // What a file holds is the file's; a reveal shows what it was asked for.
    let file = method == "GET" && path.ends_with("/content");
    let reveal = method == "POST" && path.ends_with("/reveals") && reply.status == 200;
    // The document's examples name nobody.
    if file || reveal || path.ends_with("/openapi.json") {
        return;
    }
    let found = found(&text_of(reply), &names_of(server));
    assert!(found.is_empty(), "{found:?} in clear: {}", reply.told());
}

/// What an answer says: of an export, every text in it.
pub fn text_of(reply: &Reply) -> String {
    if reply.header("content-type") != Some("application/zip") {
        return reply.text.clone();
    }
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(&reply.bytes)) else { return String::new() };
    let mut text = String::new();
    for n in 0..zip.len() {
        let mut bytes = Vec::new();
        let mut file = zip.by_index(n).unwrap();
        // A case's files are as they were sent.
        let sent = file.name().is_ok_and(|name| name.starts_with("attachments/"));
        if !sent && file.read_to_end(&mut bytes).is_ok() {
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    text
}

/// What of a text is personal data.
pub fn found(text: &str, names: &BTreeSet<String>) -> Vec<String> {
    let mut found: Vec<String> = names.iter().filter(|name| text.contains(name.as_str())).cloned().collect();
    // Digits within a word are a hash's, an id's, an address's on the web.
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    found.extend(words.filter(|word| is_mobile(word) || is_resident(word)).map(str::to_owned));
    found
}

fn note(server: &str, sent: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(sent) else { return };
    let applicant = &body["applicant"];
    let name = applicant["name"].as_str().unwrap_or_default().trim();
    // Shorter ones are parts of other words, and one character over and over is nobody's name.
    let characters: BTreeSet<char> = name.chars().collect();
    if applicant["kind"] == "natural_person" && name.chars().count() >= 3 && characters.len() >= 2 {
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        names.entry(server.to_owned()).or_default().insert(name.to_owned());
    }
}

fn names_of(server: &str) -> BTreeSet<String> {
    NAMES.lock().unwrap_or_else(PoisonError::into_inner).get(server).cloned().unwrap_or_default()
}

fn is_mobile(word: &str) -> bool {
    word.len() == 11
        && word.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(word.as_bytes()[..2], [b'1', b'3'..=b'9'])
}

/// GB 11643: 17 digits and a check digit, of somebody born between 1900 and 2099.
fn is_resident(word: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some((digits, last)) = word.split_at_checked(17).filter(|_| word.len() == 18) else { return false };
    let sum: Option<u32> = digits
        .chars()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.to_digit(10).map(|digit| digit * weight))
        .sum();
    let right = sum.and_then(|sum| "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()));
    right.is_some_and(|right| last.to_uppercase() == right.to_string())
        && matches!(&word[6..8], "19" | "20" | "18")
}

#[test]
fn personal_data_in_an_answer_are_noticed() {
    let names = BTreeSet::from(["王示例".to_owned()]);
    for text in ["电话13812345678。", "\"11010519491231002X\"", "身份证11010519491231002x", "王示例申请"]
    {
        assert_eq!(found(text, &names).len(), 1, "{text}");
    }
    for text in [
        "138****5678",
        "110*************2X",
        "王**",
        "art_13812345678.html",
        "a13812345678f",
        "12812345678",
        "110105194912310021",
        "138123456789",
    ] {
        assert_eq!(found(text, &names), Vec::<String>::new(), "{text}");
    }
    note("nowhere", r#"{"applicant": {"kind": "natural_person", "name": "王示例"}}"#.as_bytes());
    note("nowhere", r#"{"applicant": {"kind": "other_org", "name": "某某公司"}}"#.as_bytes());
    assert_eq!(names_of("nowhere"), names);
}
