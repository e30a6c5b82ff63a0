//! The public calculator of time limits: anybody asks, every answer tells its reasons, every mistake is named.

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use crate::support::client::{Client, Reply};
use crate::support::databases::Backend;
use crate::support::office::{Office, today};

const PATH: &str = "/time-limits/calculate";

/// A calculation from these facts, as of a day long after the notices were published.
fn request(facts: &Value) -> Value {
    json!({ "statute": "cn-ogi-2019", "facts": facts, "as_of": "2026-03-23" })
}

fn received(on: &str) -> Value {
    json!({ "type": "received", "on": on })
}

/// A third party consulted on 10 March, the letter received on the 12th, the answer on the 20th.
fn consulted() -> Value {
    request(&json!([
        { "type": "consultation_answered", "on": "2026-03-20", "ref": "甲" },
        { "type": "consultation_sent", "on": "2026-03-10", "ref": "甲", "kind": "third_party", "served_on": "2026-03-12" },
        received("2026-03-02"),
    ]))
}

/// The fields that a 422 names: pointer and code, in order.
#[track_caller]
fn check_fields(reply: &Reply, wanted: &[(&str, &str)]) {
    assert_eq!(told(reply), "422 invalid", "{}", reply.told());
    check_answer(reply);
    let errors = reply.at("/errors").as_array().unwrap();
    let mut found: Vec<(&str, &str)> = errors
        .iter()
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, wanted, "{}", reply.told());
}

/// What is wrong with one fact after a plain receipt.
#[track_caller]
fn check_fact(client: &Client, fact: Value, field: &str, code: &str) {
    let reply = client.post(PATH, &request(&json!([received("2026-03-02"), fact])));
    check_fields(&reply, &[(&format!("/facts/1{field}"), code)]);
}

#[test]
fn a_consultation_is_calculated_with_every_reason() {
    let office = Office::open(Backend::Sqlite);
    let reply = office.anonymous().post(PATH, &consulted()).must(200);
    check_answer(&reply);
    let dates = ["received_on", "counted_from", "due_on", "prudent_due_on", "yellow_on", "red_on"];
    let found = dates.map(|name| reply.str(&format!("/{name}")));
    let wanted = ["2026-03-02", "2026-03-02", "2026-04-10", "2026-04-09", "2026-04-02", "2026-04-08"];
    assert_eq!(found, wanted);
    let counts = ["total", "used", "left", "excluded"];
    let counts = counts.map(|name| reply.at(&format!("/working_days_{name}")).as_i64().unwrap());
    assert_eq!(counts, [20, 7, 13, 8]);
    assert_eq!((reply.str("/state"), reply.str("/light")), ("running", "green"));
    assert_eq!((reply.at("/provisional"), reply.at("/ended")), (&Value::Null, &Value::Null));
    assert_eq!(
        reply.at("/segments/1"),
        &json!({ "from": "2026-03-11", "to": "2026-03-20", "effect": "excluded", "days": 8, "article": "33(3)",
                 "reason": "third_party_consulted", "reasons": ["third_party_consulted"], "words": "征求第三方意见，不计入期限" })
    );
    let open = json!({
        "point": "consultation_interval", "number": 10, "name_zh": "征求意见扣除的起止日",
        "name_en": "the days a consultation excludes", "reading": "half_open", "other": "open", "of": "due_on",
        "here": "2026-04-10", "there": "2026-04-09", "provisional": null, "words": "征求意见扣除的起止日有不同理解（争议点10）：首尾两日均不扣除",
    });
    assert!(reply.at("/points").as_array().unwrap().contains(&open), "{}", reply.told());
    let owed: Vec<&str> = reply
        .at("/obligations")
        .as_array()
        .unwrap()
        .iter()
        .map(|owed| owed["kind"].as_str().unwrap())
        .collect();
    assert_eq!(owed, ["correction_notice", "third_party_answer", "extension_notice", "reply"]);
    let answer = json!({ "kind": "third_party_answer", "due_on": "2026-04-02", "article": "32", "met_on": "2026-03-20",
                         "ref": "甲", "note": null, "provisional": null });
    assert!(reply.at("/obligations").as_array().unwrap().contains(&answer));

    let mut otherwise = consulted();
    otherwise["readings"] = json!({ "consultation_interval": "open" });
    otherwise["calendar"] = json!("cn");
    assert_eq!(office.anonymous().post(PATH, &otherwise).must(200).str("/due_on"), "2026-04-09");
}

#[test]
fn every_day_names_why_it_counts_or_not() {
    let office = Office::open(Backend::Sqlite);
    // Across the Spring Festival of 2026: Saturdays 14 and 28 February are make-up workdays.
    let reply = office.anonymous().post(PATH, &request(&json!([received("2026-02-04")]))).must(200);
    assert_eq!(reply.str("/due_on"), "2026-03-10");
    let day = |date: &str| {
        let days = reply.at("/days").as_array().unwrap();
        days.iter().find(|day| day["date"] == date).cloned().unwrap()
    };
    assert_eq!(
        day("2026-02-04"),
        json!({ "date": "2026-02-04", "class": "workday", "name": null, "source": "workday", "effect": null,
                "ordinal": null })
    );
    assert_eq!(
        (&day("2026-02-07")["source"], &day("2026-02-07")["ordinal"]),
        (&json!("weekend"), &Value::Null)
    );
    let make_up = day("2026-02-14");
    assert_eq!((&make_up["class"], &make_up["ordinal"]), (&json!("make_up_workday"), &json!(8)));
    for date in ["2026-02-14", "2026-02-17"] {
        assert!(day(date)["source"].as_str().unwrap().contains('号'), "{}", day(date));
    }
    assert_eq!(day("2026-02-17")["class"], "holiday");
    let counted: Vec<i64> =
        reply.at("/days").as_array().unwrap().iter().filter_map(|day| day["ordinal"].as_i64()).collect();
    assert_eq!(counted, (1..=20).collect::<Vec<_>>(), "replayed, the days give the due date");
    assert_eq!(reply.at("/days").as_array().unwrap().last().unwrap()["date"], "2026-03-10");
}

#[test]
fn what_no_notice_has_settled_is_provisional_in_the_callers_words() {
    let office = Office::open(Backend::Sqlite);
    for (on, reason, year) in
        [("2026-12-15", "year_without_notice", 2027), ("2026-11-27", "last_days_of_last_year", 2026)]
    {
        for (language, chinese) in [("zh", true), ("en", false)] {
            let client = office.anonymous().accept_language(language);
            let reply = client.post(PATH, &request(&json!([received(on)]))).must(200);
            assert_eq!(
                (reply.str("/provisional/reason"), reply.at("/provisional/year")),
                (reason, &json!(year))
            );
            assert_eq!(!reply.str("/provisional/detail").is_ascii(), chinese, "{}", reply.told());
        }
    }
}

#[test]
fn the_explanation_is_told_in_plain_words_in_two_languages() {
    let office = Office::open(Backend::Sqlite);
    for (language, content_language, words) in [
        ("zh-CN", "zh-CN", "：8个工作日，征求第三方意见，不计入期限（"),
        ("en", "en", ": 8 working days, a third party is consulted; not counted ("),
        ("", "zh-CN", "最后一日是2026年4月10日（周五）。"),
    ] {
        let client = office.anonymous().accept_language(language);
        for accept in ["text/plain", "text/*, application/json;q=0.5"] {
            let reply = client.header("Accept", accept).post(PATH, &consulted()).must(200);
            check_answer(&reply);
            assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
            assert_eq!(reply.header("content-language"), Some(content_language));
            assert!(reply.header("vary").unwrap().contains("Accept,"));
            assert!(reply.text.contains(words) && reply.text.lines().count() > 5, "{}", reply.text);
            assert!(reply.text.ends_with('\n') && !reply.text.contains('{'), "{}", reply.text);
        }
        for accept in ["application/json", "*/*", "text/html, */*;q=0.1", "application/json, text/plain"] {
            let reply = client.header("Accept", accept).post(PATH, &consulted()).must(200);
            assert_eq!(reply.header("content-type"), Some("application/json"), "{accept}");
        }
        for accept in ["text/html", "application/xml", "application/json;q=0"] {
            let reply = client.header("Accept", accept).post(PATH, &consulted());
            check_answer(&reply);
            assert_eq!(told(&reply), "406 not_acceptable", "{accept}: {}", reply.told());
        }
    }
}

#[test]
fn without_a_day_it_is_today_in_china() {
    let office = Office::open(Backend::Sqlite);
    let before = today();
    let request = json!({ "statute": "cn-ogi-2019", "facts": [received("2026-03-02")], "as_of": null });
    let reply = office.anonymous().post(PATH, &request).must(200);
    let told: chrono::NaiveDate = reply.str("/as_of").parse().unwrap();
    assert!((before..=today()).contains(&told));
}

#[test]
fn every_wrong_field_of_a_fact_is_named() {
    let office = Office::open(Backend::Sqlite);
    let client = office.anonymous();
    for (fact, field, code) in [
        (json!({ "type": "moon", "on": "2026-03-03" }), "/type", "unknown_value"),
        (json!({ "on": "2026-03-03" }), "/type", "required"),
        (json!({ "type": "corrected" }), "/on", "required"),
        (json!({ "type": "corrected", "on": "9999-01-01" }), "/on", "wrong_type"),
        (json!({ "type": "corrected", "on": "2026-02-30" }), "/on", "wrong_type"),
        (json!({ "type": "corrected", "on": "2026-03-03T00:00:00Z" }), "/on", "wrong_type"),
        (json!({ "type": "corrected", "on": "2026-03-03", "moon": 1 }), "/moon", "unknown_field"),
        (
            json!({ "type": "corrected", "on": "2026-03-03", "until": "2026-04-03" }),
            "/until",
            "unknown_field",
        ),
        (json!({ "type": "extended", "on": "2026-03-03" }), "/working_days", "required"),
        (json!({ "type": "extended", "on": "2026-03-03", "working_days": -5 }), "/working_days", "range"),
        (json!({ "type": "extended", "on": "2026-03-03", "working_days": 0 }), "/working_days", "range"),
        (json!({ "type": "extended", "on": "2026-03-03", "working_days": 1e9 }), "/working_days", "range"),
        (
            json!({ "type": "extended", "on": "2026-03-03", "working_days": 1.5 }),
            "/working_days",
            "wrong_type",
        ),
        (
            json!({ "type": "extended", "on": "2026-03-03", "working_days": 21 }),
            "/working_days",
            "days_out_of_range",
        ),
        (
            json!({ "type": "consultation_sent", "on": "2026-03-03", "kind": "third_party" }),
            "/ref",
            "required",
        ),
        (json!({ "type": "consultation_sent", "on": "2026-03-03", "ref": "1" }), "/kind", "required"),
        (
            json!({ "type": "consultation_sent", "on": "2026-03-03", "ref": "1", "kind": "x" }),
            "/kind",
            "unknown_value",
        ),
        (json!({ "type": "consultation_lapsed", "on": "2026-03-03", "ref": "" }), "/ref", "length"),
        (
            json!({ "type": "consultation_lapsed", "on": "2026-03-03", "ref": "件".repeat(65) }),
            "/ref",
            "length",
        ),
        (json!({ "type": "consultation_lapsed", "on": "2026-03-03", "ref": " " }), "/ref", "blank"),
        (
            json!({ "type": "consultation_lapsed", "on": "2026-03-03", "ref": "\u{0}" }),
            "/ref",
            "control_character",
        ),
        (json!({ "type": "delayed_reply_set", "on": "2026-03-03" }), "/until", "required"),
        (json!({ "type": "replied", "on": "2026-03-03", "method": "pigeon" }), "/method", "unknown_value"),
        (json!(["corrected", "2026-03-03"]), "", "wrong_type"),
        // The engine's own, with the reason in the law.
        (json!({ "type": "received", "on": "2026-03-03" }), "/type", "twice"),
        (json!({ "type": "corrected", "on": "2026-03-01" }), "/on", "out_of_order"),
        (json!({ "type": "corrected", "on": "2026-03-03" }), "/type", "out_of_order"),
        (json!({ "type": "fee_paid", "on": "2026-03-03" }), "/type", "out_of_order"),
        (json!({ "type": "consultation_answered", "on": "2026-03-03", "ref": "1" }), "/ref", "out_of_order"),
        (
            json!({ "type": "fee_notice", "on": "2026-03-03", "served_on": "2026-03-02" }),
            "/served_on",
            "dates_crossed",
        ),
        (
            json!({ "type": "extended", "on": "2026-03-03", "working_days": 9, "approved_on": "2026-03-04" }),
            "/approved_on",
            "approved_afterwards",
        ),
        (
            json!({ "type": "fee_notice", "on": "2026-03-03", "served_on": "9998-01-01" }),
            "/served_on",
            "out_of_range",
        ),
    ] {
        check_fact(&client, fact, field, code);
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let office = Office::open(Backend::Sqlite);
    let all_wrong = json!({
        "statute": "",
        "calendar": 7,
        "facts": [
            { "type": "received", "on": "2026-03-02", "working_days": 3 },
            { "type": "extended", "on": "soon", "working_days": -1, "ref": "x" },
            "corrected",
            { "type": "consultation_sent", "on": "2026-03-03", "kind": "nobody" },
        ],
        "as_of": "9999-12-31",
        "readings": { "first_day": 1 },
        "moon": true,
    });
    check_fields(
        &office.anonymous().post(PATH, &all_wrong),
        &[
            ("/as_of", "wrong_type"),
            ("/calendar", "wrong_type"),
            ("/facts/0/working_days", "unknown_field"),
            ("/facts/1/on", "wrong_type"),
            ("/facts/1/ref", "unknown_field"),
            ("/facts/1/working_days", "range"),
            ("/facts/2", "wrong_type"),
            ("/facts/3/kind", "unknown_value"),
            ("/facts/3/ref", "required"),
            ("/moon", "unknown_field"),
            ("/readings/first_day", "wrong_type"),
            ("/statute", "length"),
        ],
    );
    let unknown = json!({
        "statute": "uk-foia-2000", "calendar": "mars", "facts": [received("2026-03-02")],
        "readings": { "moon": "full", "silence": "neither", "a/b": "c" },
    });
    let reply = office.anonymous().accept_language("en").post(PATH, &unknown);
    check_fields(
        &reply,
        &[
            ("/calendar", "unknown_value"),
            ("/readings/a~1b", "unknown_field"),
            ("/readings/moon", "unknown_field"),
            ("/readings/silence", "unknown_value"),
            ("/statute", "unknown_value"),
        ],
    );
    for choice in ["cn-ogi-2019", "expected cn.", "there are first_day, ", "either, reconsideration_first"] {
        assert!(reply.text.contains(choice), "{choice}: {}", reply.told());
    }
}

#[test]
fn what_cannot_be_calculated_is_refused_with_its_place() {
    let office = Office::open(Backend::Sqlite);
    let client = office.anonymous();
    for (facts, wanted) in [
        (json!([]), ("/facts", "not_received")),
        (json!([{ "type": "withdrawn", "on": "2026-03-03" }]), ("/facts", "not_received")),
        (json!(null), ("/facts", "required")),
        (json!({}), ("/facts", "wrong_type")),
        (json!([received("2003-12-31")]), ("/facts/0/on", "outside_calendar")),
    ] {
        check_fields(&client.post(PATH, &request(&facts)), &[wanted]);
    }
    let twice = r#"{"statute":"cn-ogi-2019","facts":[{"type":"received","on":"2026-03-02"}],
        "readings":{"silence":"either","silence":"reconsideration_first"}}"#;
    let json = Some("application/json");
    let reply = client.try_send_bytes("POST", &format!("/api/v1{PATH}"), json, twice.as_bytes()).unwrap();
    check_fields(&reply, &[("/readings/silence", "duplicate")]);
    let mut far = request(&json!([received("2026-03-02")]));
    far["as_of"] = json!("9998-12-31");
    check_fields(&client.post(PATH, &far), &[("/as_of", "out_of_range")]);
    // The last year that is read at all is no reason to fall over.
    let mut last = request(&json!([received("9998-12-31")]));
    last["as_of"] = json!("9998-12-31");
    assert_eq!(client.post(PATH, &last).must(200).str("/provisional/reason"), "year_without_notice");
}

#[test]
fn ten_thousand_facts_are_too_many_and_not_too_large() {
    let office = Office::open(Backend::Sqlite);
    let client = office.anonymous();
    let plain = |n: usize| vec![json!({ "type": "withdrawn", "on": "2026-03-03" }); n];
    check_fields(&client.post(PATH, &request(&json!(plain(10_000)))), &[("/facts", "length")]);
    check_fields(&client.post(PATH, &request(&json!(plain(201)))), &[("/facts", "length")]);
    let wordy = json!({ "type": "consultation_sent", "on": "2026-03-03", "ref": "件".repeat(40), "kind": "third_party" });
    check_fields(&client.post(PATH, &request(&json!(vec![wordy; 10_000]))), &[("/facts", "length")]);
    // None of them is looked at: ten thousand that are wrong are told as fast.
    let wrong = json!({ "type": "moon", "on": "never", "x": 1 });
    let reply = client.post(PATH, &request(&json!(vec![wrong; 10_000])));
    check_fields(&reply, &[("/facts", "length")]);
    assert!(reply.text.contains("200"), "{}", reply.told());
    let readings: serde_json::Map<String, Value> = (0..10_000).map(|n| (n.to_string(), json!("x"))).collect();
    let mut many = request(&json!([received("2026-03-02")]));
    many["readings"] = json!(readings);
    check_fields(&client.post(PATH, &many), &[("/readings", "length")]);
    // As many as are allowed, are taken.
    let letter = |n: usize| json!({ "type": "consultation_sent", "on": "2026-03-03", "ref": n.to_string(), "kind": "joint_maker" });
    let facts: Vec<Value> = (1..200).map(letter).chain([received("2026-03-02")]).collect();
    client.post(PATH, &request(&json!(facts))).must(200);
    // Beyond two MiB nothing is read.
    let body = vec![b' '; 2 * 1024 * 1024 + 1];
    let reply =
        client.try_send_bytes("POST", &format!("/api/v1{PATH}"), Some("application/json"), &body).unwrap();
    assert_eq!(told(&reply), "413 too_large", "{}", reply.told());
}

#[test]
fn the_hosts_zone_decides_nothing() {
    let answers: Vec<(Value, String)> = ["UTC", "Asia/Shanghai", "America/Los_Angeles"]
        .map(|zone| {
            let office = Office::open_with(Backend::Sqlite, &[("TZ", zone)]);
            let client = office.anonymous();
            let text = client.header("Accept", "text/plain").post(PATH, &consulted()).must(200).text;
            // Without `as_of`, which day it is comes from the clock: in China.
            let request = json!({ "statute": "cn-ogi-2019", "facts": [received("2026-03-02")] });
            let before = today();
            let told: chrono::NaiveDate =
                client.post(PATH, &request).must(200).str("/as_of").parse().unwrap();
            assert!((before..=today()).contains(&told), "{zone}");
            (client.post(PATH, &consulted()).must(200).body, text)
        })
        .into();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}
