//! Whatever is sent to the calculator of time limits is answered or refused: reading, checking and calculating never panic.
//!
//! Input that begins with `{` is a body as it stands. Other input is read as facts, four bytes each, so that most of what is
//! tried comes as far as the engine: type, day, fields, number.
#![no_main]

use std::sync::LazyLock;

use gongkai::domain::lang::Lang;
use gongkai::http::{Form, calculate_offline};
use gongkai::law::LawBook;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

static LAW: LazyLock<LawBook> = LazyLock::new(|| LawBook::embedded().expect("the law reads"));

fuzz_target!(|bytes: &[u8]| {
    let today = "2026-03-23".parse().expect("a date");
    let body = if bytes.first() == Some(&b'{') { bytes.to_vec() } else { request(bytes) };
    let answer = |form, lang| calculate_offline(&LAW, today, &body, form, lang);
    match answer(Form::Json, Lang::Zh) {
        Ok(text) => {
            let told: Value = serde_json::from_str(&text).expect("the answer is JSON");
            replay(&told);
            for lang in [Lang::Zh, Lang::En] {
                let words = answer(Form::Text, lang).expect("what is told as JSON is told in words");
                assert!(words.ends_with('\n'));
            }
        }
        Err(errors) => assert!(!errors.is_empty() && errors.len() <= 200),
    }
});

/// The days of an answer lead to its due date.
fn replay(told: &Value) {
    let days = told["days"].as_array().expect("days");
    let last = days.iter().rev().find(|day| day["effect"] == "counted" || day["effect"] == "extension");
    let counted = days.iter().rev().find(|day| !day["ordinal"].is_null());
    if let (Some(due), Some(last), Some(counted)) = (told["due_on"].as_str(), last, counted)
        && told["state"] != "not_started"
    {
        assert!(last["date"].as_str() <= Some(due) && counted["date"].as_str() <= Some(due), "{told}");
    }
}

const TYPES: [&str; 17] = [
    "received",
    "correction_requested",
    "corrected",
    "correction_lapsed",
    "consultation_sent",
    "consultation_answered",
    "consultation_lapsed",
    "extended",
    "fee_notice",
    "fee_paid",
    "fee_lapsed",
    "reasons_requested",
    "reasons_given",
    "delayed_reply_set",
    "replied",
    "reconsideration_decided",
    "withdrawn",
];
const CHANNELS: [&str; 6] = ["counter", "registered_post", "ordinary_post", "fax", "online", "email"];
const METHODS: [&str; 5] = ["direct", "delegated", "post", "electronic", "public_notice"];
const KINDS: [&str; 3] = ["third_party", "joint_maker", "other_organ"];
const GROUNDS: [&str; 4] = ["unclear_content", "identity", "contact", "form"];
const OUTCOMES: [&str; 4] = ["granted", "partially_granted", "denied_state_secret", "denied_administrative_query"];
const READINGS: [(&str, &str); 24] = [
    ("first_day", "that_day"),
    ("internet_receipt", "confirmation"),
    ("rest_day_receipt", "next_working_day"),
    ("unsigned_mail", "arrival"),
    ("correction_ground", "unclear_content_only"),
    ("late_correction_notice", "no_effect"),
    ("further_correction", "once"),
    ("late_extension_notice", "valid_if_approved"),
    ("several_extensions", "split"),
    ("consultation_interval", "open"),
    ("consultation_interval", "closed"),
    ("other_organ", "excluded"),
    ("other_organ", "not_excluded"),
    ("disclosure_hold", "wait"),
    ("reasons_request", "stops"),
    ("fee_clock", "resume"),
    ("administrative_query", "reconsideration_first"),
    ("silence", "reconsideration_first"),
    ("annual_report_day", "that_day"),
    ("after_hours", "next_working_day"),
    ("make_up_workdays", "rest"),
    ("electronic_reply", "sending"),
    ("email_receipt", "confirmation"),
    ("moon", "full"),
];

fn one_of<'a, T>(choices: &'a [T], byte: u8) -> &'a T {
    &choices[usize::from(byte) % choices.len()]
}

/// A request: the first day and a reading in the first three bytes, then facts.
fn request(bytes: &[u8]) -> Vec<u8> {
    let [year, day, reading, rest @ ..] = bytes else { return b"{}".to_vec() };
    let from = i64::from(*year) * 33 + i64::from(*day);
    let facts: Vec<Value> = rest.chunks_exact(4).map(|chunk| fact(from, chunk)).collect();
    let (point, other) = one_of(&READINGS, *reading);
    let readings = if reading & 0x40 == 0 { json!({}) } else { json!({ (*point): other }) };
    let as_of = date(from + i64::from(reading & 0x3f) * 4);
    json!({ "statute": "cn-ogi-2019", "facts": facts, "readings": readings, "as_of": as_of }).to_string().into_bytes()
}

fn fact(from: i64, chunk: &[u8]) -> Value {
    let [kind, day, flags, number] = *chunk else { return Value::Null };
    // Days that follow each other, with a far one now and then.
    let on = from + i64::from(day & 0x7f) + if day & 0x80 == 0 { 0 } else { i64::from(number) * 40 };
    let kind = *one_of(&TYPES, kind);
    let mut fact = Map::new();
    fact.insert("type".to_owned(), json!(kind));
    fact.insert("on".to_owned(), json!(date(on)));
    let mut put = |flag: u8, name: &str, value: Value| {
        if flags & flag != 0 {
            fact.insert(name.to_owned(), value);
        }
    };
    let later = json!(date(on + i64::from(number & 0x1f)));
    let earlier = json!(date(on - i64::from(number & 0x1f)));
    match kind {
        "received" => {
            put(1, "channel", json!(one_of(&CHANNELS, number)));
            put(2, "arrived_on", if flags & 8 == 0 { earlier } else { later.clone() });
            put(4, "confirmed_on", later);
            put(16, "after_hours", json!(true));
        }
        "correction_requested" => {
            put(1, "served_on", later);
            put(2, "working_days", json!(number));
            put(4, "ground", json!(one_of(&GROUNDS, number)));
        }
        "consultation_sent" => {
            put(1, "served_on", later);
            put(0xff, "ref", json!((flags >> 4).to_string()));
            put(0xff, "kind", json!(one_of(&KINDS, number)));
        }
        "consultation_answered" | "consultation_lapsed" => put(0xff, "ref", json!((flags >> 4).to_string())),
        "extended" => {
            put(0xff, "working_days", json!(number & 0x1f));
            put(1, "approved_on", earlier);
        }
        "fee_notice" | "reconsideration_decided" => put(1, "served_on", later),
        "delayed_reply_set" => put(0xff, "until", json!(date(on + i64::from(number)))),
        "replied" => {
            put(1, "outcome", json!(one_of(&OUTCOMES, number)));
            put(2, "method", json!(one_of(&METHODS, number)));
            put(4, "dispatched_on", later.clone());
            put(8, "served_on", later);
            put(16, "not_dispatched", json!(true));
        }
        _ => {}
    }
    Value::Object(fact)
}

/// So many days after 1 January 2004, or before it.
fn date(days: i64) -> String {
    // Civil from days (Howard Hinnant's algorithm): the calendar's own arithmetic is what is tried.
    let z = days + 12_418 + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
