//! How a case stands to other cases: what led to it, what it led to. The other case is named by its agency and its id alone.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::TextRef;
use super::remedies::EarlierRound;
use super::state::{Case, Conclusion};
use crate::domain::ids::{AgencyId, CaseId};

/// What one case has to do with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// 转办: another agency of the tree holds the information; the request was handed on to it and is a new case there. The
    /// reply that names that agency (Art. 36(5)) is given all the same.
    HandedOn,
    /// 拆分 (一事一申请): one of several matters of a request became a case of its own.
    Split,
    /// 并案: handled together with an earlier case of the same applicant about the same matter.
    Merged,
    /// 重复申请: the same applicant asks again for what was answered (Art. 36(6)).
    Repeat,
    /// 补充申请: adds to a request that is still open.
    Supplement,
}

impl RelationKind {
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::HandedOn, Self::Split, Self::Merged, Self::Repeat, Self::Supplement];

    /// The word used in the API and the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::HandedOn => "handed_on",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Repeat => "repeat",
            Self::Supplement => "supplement",
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::HandedOn => "转办",
            Self::Split => "拆分",
            Self::Merged => "并案",
            Self::Repeat => "重复申请",
            Self::Supplement => "补充申请",
        }
    }
}

/// Which of the two cases it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The one that points at the other: handed on to it, split into it, merged into it, repeating or supplementing it.
    To,
    /// The one that is pointed at.
    From,
}

impl Direction {
    /// The word used in the API and the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::From => "from",
        }
    }
}

/// A relation of a case, as its events leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Counts from 1 within the case.
    pub n: u32,
    /// What.
    pub kind: RelationKind,
    /// Which of the two this case is.
    pub direction: Direction,
    /// The other case's agency.
    pub agency: AgencyId,
    /// The other case.
    pub case: CaseId,
    /// The civil date on which it came about.
    pub on: NaiveDate,
    /// Why.
    pub reason: TextRef,
}

/// What a rule must know of the other case, besides which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherCase {
    /// Its agency.
    pub agency: AgencyId,
    /// Which.
    pub case: CaseId,
    /// Whether it waits for its reply, its date of receipt fixed.
    pub is_open: bool,
    /// Its date of receipt; the day of arrival while that is not fixed.
    pub received_on: NaiveDate,
    /// Whether its limit ends no later than that of the case that is related to it: [`ends_no_later`].
    pub ends_no_later: bool,
    /// The day of its (first) reply, when it has been answered.
    pub replied_on: Option<NaiveDate>,
    /// The day on which its file was disposed of.
    pub disposed_on: Option<NaiveDate>,
    /// Whether it is of the same applicant: by the numbers of their proofs of identity where both have one, else by name.
    pub same_applicant: bool,
}

/// Whether one limit ends no later than another; `false` where either has no end now.
///
/// ```
/// use gongkai::domain::case::relation::ends_no_later;
///
/// let day = |text: &str| Some(text.parse().unwrap());
/// assert!(ends_no_later(day("2026-03-30"), day("2026-03-30")));
/// // Extended by twenty working days, or waiting for a correction: whoever is merged into it would wait longer.
/// assert!(!ends_no_later(day("2026-04-28"), day("2026-04-01")));
/// assert!(!ends_no_later(None, day("2026-04-01")));
/// ```
pub fn ends_no_later(other: Option<NaiveDate>, own: Option<NaiveDate>) -> bool {
    other.zip(own).is_some_and(|(other, own)| other <= own)
}

impl OtherCase {
    /// What is to be known of a case that another one is related to.
    pub fn of(case: &Case, same_applicant: bool, ends_no_later: bool) -> Self {
        let rounds = case.remedies.rounds.iter().map(EarlierRound::conclusion);
        let mut ended = rounds.chain(std::iter::once(case.state.conclusion())).flatten();
        let replied_on = ended.find_map(|conclusion| match conclusion {
            Conclusion::Replied { reply, .. } => Some(reply.issued_on),
            Conclusion::Withdrawn(_) | Conclusion::Lapsed { .. } => None,
        });
        Self {
            agency: case.agency,
            case: case.id,
            is_open: case.state.status().is_open() && case.receipt.received_on.is_some(),
            received_on: case.receipt.day(),
            ends_no_later,
            replied_on,
            disposed_on: case.archive.disposed_on,
            same_applicant,
        }
    }
}
