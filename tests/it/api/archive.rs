//! The archive through the interface: codes and periods, catalogues, exports, holds, appraisals, erasure.

mod disposal;
mod disputes;
pub(super) mod export;
mod files;
mod filing;

use serde_json::{Value, json};

use super::operations::{check_answer, refused, told};
use super::stories::by_channel;
use crate::support::office::{BUDGET, Office};
use crate::support::story::{CaseStory, SUBJECT, day};

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
