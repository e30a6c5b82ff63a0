//! Looks at every answer that any test gets for personal data (T38): resident numbers, mobile numbers, and what the tests have sent of
//! applicants to the same server: names of private persons, numbers of identity, telephone numbers, e-mail and postal addresses. Only
//! what is asked for with a reason and recorded may show them: a reveal, an opened file, an export with files. It shares nothing with
//! the masks it checks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::client::Reply;

/// What was sent so far of applicants, by the server that they were sent to.
static SENT: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());

/// Checks an answer, and notes whom the request names.
///
/// # Panics
///
/// If it shows what only a reveal may show.
#[track_caller]
pub fn check(server: &str, (method, path): (&str, &str), sent: &[u8], reply: &Reply) {
    note(server, sent);
    // What was asked for with a reason, and recorded.
    let shows = ["/reveals", "/openings", "/export"].iter().any(|end| path.ends_with(end));
    // The document's examples name nobody.
    if method == "POST" && shows && reply.status == 200 || path.ends_with("/openapi.json") {
        return;
    }
    let found = found(&text_of(reply), &sent_to(server));
    assert!(found.is_empty(), "{found:?} in clear: {}", reply.told());
}

/// What an answer says, its headers too: of an archive (an export, a spreadsheet), every text in it.
pub fn text_of(reply: &Reply) -> String {
    let headers = reply.headers.iter().map(|(_, value)| percent_decoded(value.as_bytes()) + "\n");
    headers.collect::<String>() + &body_of(reply)
}

fn body_of(reply: &Reply) -> String {
    if !reply.bytes.starts_with(b"PK\x03\x04") {
        return reply.text.clone();
    }
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(&reply.bytes)) else { return String::new() };
    let mut text = String::new();
    for n in 0..zip.len() {
        let mut bytes = Vec::new();
        let mut file = zip.by_index(n).unwrap();
        text.push_str(&file.name().unwrap_or_default());
        if file.read_to_end(&mut bytes).is_ok() {
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    text
}

/// What of a text is personal data.
pub fn found(text: &str, sent: &BTreeSet<String>) -> Vec<String> {
    let mut found: Vec<String> = sent.iter().filter(|value| text.contains(value.as_str())).cloned().collect();
    // Digits within a word are a hash's, an id's, an address's on the web.
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    found.extend(words.filter(|word| is_mobile(word) || is_resident(word)).map(str::to_owned));
    found
}

fn note(server: &str, sent: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(sent) else { return };
    let applicant = &body["applicant"];
    let said = |pointer: &str, least: usize| {
        let value = applicant.pointer(pointer)?.as_str()?.trim().to_owned();
        // One character is a part of other words, and one over and over is nobody's.
        let characters: BTreeSet<char> = value.chars().collect();
        (value.chars().count() >= least && characters.len() >= 2).then_some(value)
    };
    let name = said("/name", 2).filter(|_| applicant["kind"] == "natural_person");
    let others = [said("/identity/number", 6), said("/phone", 6), said("/email", 5), said("/address", 6)];
    let values: Vec<String> = others.into_iter().chain([name]).flatten().collect();
    if !values.is_empty() {
        let mut all = SENT.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(server.to_owned()).or_default().extend(values);
    }
}

fn sent_to(server: &str) -> BTreeSet<String> {
    SENT.lock().unwrap_or_else(PoisonError::into_inner).get(server).cloned().unwrap_or_default()
}

/// A header's value, with what stands for other characters (`%E7%8E%8B`) as they are.
fn percent_decoded(value: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut rest = value;
    while let Some((first, others)) = rest.split_first() {
        let coded = others.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        if let Some(byte) = coded.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            bytes.push(byte);
            rest = &others[2..];
        } else {
            bytes.push(*first);
            rest = others;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
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
    assert_eq!(sent_to("nowhere"), names);
    let all = r#"{"applicant": {"kind": "other_org", "name": "某某公司", "email": "shili@example.com", "phone": "0517-83605000",
        "address": "江苏省淮安市洪泽区人民路1号", "identity": {"kind": "passport", "number": "E12345678"}}}"#;
    note("elsewhere", all.as_bytes());
    note("elsewhere", r#"{"applicant": {"kind": "natural_person", "name": "王某"}}"#.as_bytes());
    assert_eq!(sent_to("elsewhere").len(), 5);
    assert_eq!(found("致王某", &sent_to("elsewhere")), ["王某"]);
    assert_eq!(percent_decoded("UTF-8''%E7%8E%8B%2a%zz%".as_bytes()), "UTF-8''王*%zz%");
}
