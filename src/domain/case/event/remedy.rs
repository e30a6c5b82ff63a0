//! What the events about remedies hold. Remedies count from 1 within their case. `Recorded::on` is the day on which the papers,
//! the answer or the decision came in or went out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::TextRef;
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};

/// The papers of a remedy reached the agency: its period for the answer begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyFiled {
    /// Which remedy.
    pub n: u32,
    /// What was brought.
    pub kind: RemedyKind,
    /// How it is examined.
    pub procedure: Procedure,
    /// The day on which the applicant brought it, when known.
    pub filed_on: Option<NaiveDate>,
    /// The court or organ that examines it.
    pub organ: TextRef,
    /// Its number there.
    pub reference: Option<TextRef>,
}

/// What follows from the decision upon a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Follows {
    /// Nothing for the agency to do.
    Nothing,
    /// 责令重新答复: the case is answered anew, under a clock of its own.
    AnswerAnew {
        /// The last day of the period that the decision names; the law's own period when it names none.
        until: Option<NaiveDate>,
    },
}

/// The decision upon a remedy reached the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyConcluded {
    /// Which remedy.
    pub n: u32,
    /// How it ended.
    pub result: RemedyResult,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// The decision's number.
    pub number: Option<TextRef>,
    /// What follows from it.
    pub follows: Follows,
}

/// What of a remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyPart {
    /// All of it.
    Filing,
    /// That it was answered.
    Answer,
    /// How it ended, and what followed.
    Result,
}

impl RemedyPart {
    /// Every part.
    pub const ALL: &'static [Self] = &[Self::Filing, Self::Answer, Self::Result];
}

/// Something about a remedy was entered by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyVoided {
    /// Which remedy.
    pub n: u32,
    /// What of it.
    pub part: RemedyPart,
    /// Why.
    pub reason: TextRef,
}
