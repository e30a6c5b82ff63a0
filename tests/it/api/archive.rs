//! The archive through the interface: codes and periods, catalogues, exports, holds, appraisals, erasure.

mod disposal;
mod disputes;
mod export;
mod filing;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::operations::{check_answer, told};
use super::stories::by_channel;
use crate::support::office::{BUDGET, Office};
use crate::support::story::{CaseStory, SUBJECT};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Handed in on 2 March 2026, answered with an outcome and served on 12 March.
fn served<'a>(office: &'a Office, outcome: &str) -> CaseStory<'a> {
    let case = CaseStory::receive(office, &by_channel("counter", day("2026-03-02")));
    let case = case.on(day("2026-03-03")).register(SUBJECT).assign(BUDGET).acknowledge();
    let case =
        case.on(day("2026-03-10")).draft(outcome, "经研究，答复如下。").submit().review_by_all().issue();
    case.on(day("2026-03-12")).serve("post")
}

/// The same, archived on 10 May 2026 by rule.
fn archived<'a>(office: &'a Office, outcome: &str) -> CaseStory<'a> {
    served(office, outcome).on(day("2026-05-10")).archive()
}

/// A step that must be refused: status and code, the words checked in both languages.
#[track_caller]
fn refused(case: &CaseStory, who: &str, of: &str, body: &Value) -> String {
    let ask = |language: &str| case.as_role(who).accept_language(language).post(&case.path(of), body);
    let (zh, en) = (ask("zh-CN"), ask("en"));
    assert_eq!(told(&zh), told(&en));
    check_answer(&zh);
    if zh.status == 409 {
        assert!(zh.str("/detail").ends_with('。') && en.str("/detail").is_ascii(), "{}", zh.told());
    }
    told(&zh)
}
