//! `gongkai time-limit` and `gongkai fee`: the calculators without a server, without a database.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Ran, ran};
use crate::support::databases::Backend;
use crate::support::office::Office;
use crate::support::server::GONGKAI;

/// `gongkai` in an empty folder without any setting.
fn gongkai(folder: &TempDir, arguments: &[&str]) -> Ran {
    let mut command = Command::new(GONGKAI);
    command.env_clear().current_dir(folder.path()).args(arguments);
    ran(command, "")
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

const CONSULTED: &[&str] = &[
    "time-limit",
    "--received",
    "2026-03-02",
    "--fact",
    "consultation_sent,on=2026-03-10,ref=1,kind=third_party,served_on=2026-03-12",
    "--fact",
    "consultation_answered,on=2026-03-20,ref=1",
    "--as-of",
    "2026-03-23",
];

#[test]
fn a_limit_is_calculated_with_nothing_but_the_program() {
    let folder = folder();
    let json = gongkai(&folder, &[CONSULTED, &["--json"]].concat()).json();
    assert_eq!((&json["due_on"], &json["prudent_due_on"]), (&json!("2026-04-10"), &json!("2026-04-09")));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no database, no key");

    let zh = gongkai(&folder, CONSULTED).succeeded();
    let en = gongkai(&folder, &[CONSULTED, &["--lang", "en"]].concat()).succeeded();
    assert!(
        zh.contains("最后一日是2026年4月10日（周五）。") && en.contains("the last is Friday 10 April 2026."),
        "{zh}{en}"
    );
    let days = gongkai(&folder, &[CONSULTED, &["--days"]].concat()).succeeded();
    let listed = days.strip_prefix(&zh).unwrap();
    assert_eq!(listed.lines().count(), 40, "{listed}");
    assert!(
        listed.contains("2026-03-03\t工作日\t1\n") && listed.contains("2026-03-11\t工作日\t扣除\n"),
        "{listed}"
    );
    assert!(listed.contains("2026-04-06\t放假\t-\t清明节\t"), "{listed}");

    let otherwise = [CONSULTED, &["--reading", "consultation_interval=open", "--json"]].concat();
    assert_eq!(gongkai(&folder, &otherwise).json()["due_on"], "2026-04-09");
}

#[test]
fn the_command_prints_what_the_interface_answers() {
    let folder = folder();
    let office = Office::open(Backend::Sqlite);
    let facts = json!([
        { "type": "consultation_answered", "on": "2026-03-20", "ref": "1" },
        { "type": "received", "on": "2026-03-02", "channel": "online", "after_hours": true },
        { "type": "consultation_sent", "on": "2026-03-10", "ref": "1", "kind": "third_party" },
    ]);
    fs::write(folder.path().join("facts.json"), facts.to_string()).unwrap();
    let request = json!({ "statute": "cn-ogi-2019", "facts": facts, "as_of": "2026-03-23" });
    let client = office.anonymous();
    let from_file = ["time-limit", "--facts", "facts.json", "--as-of", "2026-03-23"];
    for (language, lang) in [("zh", "zh"), ("en", "en")] {
        let answered = client.accept_language(language).post("/time-limits/calculate", &request).must(200);
        let printed = gongkai(&folder, &[&from_file[..], &["--json", "--lang", lang]].concat()).json();
        assert_eq!(printed, answered.body);
        let text = client.accept_language(language).header("Accept", "text/plain");
        let text = text.post("/time-limits/calculate", &request).must(200).text;
        assert_eq!(gongkai(&folder, &[&from_file[..], &["--lang", lang]].concat()).succeeded(), text);
    }
}

#[test]
fn the_channel_decides_and_the_hosts_zone_does_not() {
    let folder = folder();
    let online = [
        "time-limit",
        "--received",
        "2026-03-04",
        "--channel",
        "online",
        "--arrived",
        "2026-03-02",
        "--confirmed",
        "2026-03-04",
        "--as-of",
        "2026-03-09",
        "--json",
    ];
    let printed: Vec<Value> = ["UTC", "Asia/Shanghai", "America/Los_Angeles"]
        .map(|zone| {
            let mut command = Command::new(GONGKAI);
            command.env_clear().env("TZ", zone).current_dir(folder.path()).args(online);
            ran(command, "").json()
        })
        .into();
    assert!(printed.iter().all(|answer| *answer == printed[0]));
    assert_eq!(
        (&printed[0]["received_on"], &printed[0]["due_on"]),
        (&json!("2026-03-02"), &json!("2026-03-30"))
    );
}

#[test]
fn every_mistake_is_told_in_terms_of_the_options() {
    let folder = folder();
    fs::write(folder.path().join("bad.json"), r#"[{"type":"received","on":"2026-03-02"},{"type":"moon"}]"#)
        .unwrap();
    fs::write(folder.path().join("no.json"), "{").unwrap();
    fs::write(folder.path().join("one.json"), "{}").unwrap();
    let failed = |arguments: &[&str]| {
        gongkai(&folder, &[&["time-limit", "--lang", "en"][..], arguments].concat()).failed()
    };
    let received = ["--received", "2026-03-02"];
    for (arguments, told) in [
        (vec!["--received", "soon"], "--received: on: Not acceptable: expected a civil date"),
        (vec!["--received", "2003-01-01"], "--received: on: the calendar begins on 2004-01-01"),
        (vec!["--fact", "corrected,on=2026-03-02"], "--received, --fact, --facts: there is no `received`"),
        (
            [&received[..], &["--fact", "corrected,on=2026-03-01"]].concat(),
            "--fact corrected,on=2026-03-01: on: ",
        ),
        (
            [&received[..], &["--fact", "extended,on=2026-03-03,working_days=x"]].concat(),
            ": working_days: Not acceptable",
        ),
        (
            [&received[..], &["--fact", "2026-03-03"]].concat(),
            ": type: Unknown value; expected one of received, ",
        ),
        ([&received[..], &["--fact", "corrected,2026-03-03"]].concat(), "`2026-03-03` is no key=value"),
        (
            [&received[..], &["--reading", "silence=x"]].concat(),
            "--reading silence: Unknown value; expected either",
        ),
        ([&received[..], &["--reading", "silence"]].concat(), "--reading silence: write POINT=READING"),
        ([&received[..], &["--statute", "uk"]].concat(), "--statute: Unknown value; expected cn-ogi-2019."),
        ([&received[..], &["--calendar", "uk"]].concat(), "--calendar: Unknown value; expected cn."),
        (
            [&received[..], &["--as-of", "9999-01-01"]].concat(),
            "--as-of: Not acceptable: expected a civil date",
        ),
        ([&received[..], &["--channel", "pigeon"]].concat(), "--received: channel: Unknown value; "),
        (vec!["--facts", "bad.json"], "bad.json, fact 2: on: This field is required."),
        (vec!["--facts", "no.json"], "no.json: it holds no JSON: "),
        (vec!["--facts", "one.json"], "one.json: it holds no JSON array of facts"),
        (vec!["--facts", "none.json"], "none.json: it cannot be read: "),
    ] {
        let sentence = failed(&arguments);
        assert!(sentence.contains(told), "{arguments:?}: {sentence}");
    }
    let zh = gongkai(&folder, &["time-limit", "--received", "soon"]).failed();
    assert!(zh.contains("应为日期"), "{zh}");
    for usage in
        [vec!["time-limit"], vec!["time-limit", "--channel", "fax"], vec!["time-limit", "--received"]]
    {
        assert_eq!(gongkai(&folder, &usage).status, 2, "{usage:?}");
    }
}

#[test]
fn another_law_takes_the_place_of_the_one_built_in() {
    let folder = folder();
    let law = folder.path().join("law/cn");
    fs::create_dir_all(&law).unwrap();
    let built_in = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("law/cn");
    let pack = fs::read_to_string(built_in.join("ogi-2019.toml")).unwrap();
    fs::write(law.join("ogi.toml"), pack.replacen("length = 20", "length = 15", 1)).unwrap();
    fs::copy(built_in.join("calendar.csv"), law.join("calendar.csv")).unwrap();
    let mut command = Command::new(GONGKAI);
    command.env_clear().env("GONGKAI_LAW_DIR", "law").current_dir(folder.path());
    command.args(["time-limit", "--received", "2026-03-02", "--json"]);
    assert_eq!(ran(command, "").json()["due_on"], "2026-03-23");
}

#[test]
fn a_fee_is_told_with_its_lines() {
    let folder = folder();
    let told = gongkai(&folder, &["fee", "--pages", "150"]).succeeded();
    assert_eq!(
        told,
        "1-30: 30 × 0 = 0\n31-100: 70 × 1000 = 70000\n101-150: 50 × 2000 = 100000\n170000 CNY fen\n"
    );
    let json = gongkai(&folder, &["fee", "--pieces", "1", "--already", "11", "--json"]).json();
    assert_eq!((&json["amount"], &json["lines"][0]["from"]), (&json!(10_000), &json!(12)));
    assert_eq!(
        gongkai(&folder, &["fee", "--pages", "1000001"]).failed(),
        "--pages: It lies between 0 and 1000000."
    );
    let both = ["fee", "--pieces", "1", "--already", "10001", "--statute", "x"];
    assert!(gongkai(&folder, &both).failed().starts_with("--already: "));
    for usage in [vec!["fee"], vec!["fee", "--pages", "1", "--pieces", "1"], vec!["fee", "--pages", "-1"]] {
        assert_eq!(gongkai(&folder, &usage).status, 2, "{usage:?}");
    }
}
