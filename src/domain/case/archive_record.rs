//! What a case has gone through in the archive, with the persons by whom four eyes are measured.

use chrono::NaiveDate;

use super::clock_record::Counted;
use super::event::{Filed, Proposal};
use super::state::Case;
use crate::domain::archive::{Retention, RetentionGround, RetentionRules, is_disputed};
use crate::domain::ids::PersonId;

/// What the archive keeps of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveRecord {
    /// Its code and period; `None` before it is archived, and for one that was archived without them.
    pub file: Option<Filed>,
    /// 暂缓处置, the oldest first.
    pub holds: Vec<Hold>,
    /// 鉴定, the oldest first.
    pub appraisals: Vec<Appraisal>,
    /// The day on which words and the applicant's record were last erased.
    pub erased_on: Option<NaiveDate>,
    /// The day on which it was disposed of.
    pub disposed_on: Option<NaiveDate>,
}

impl ArchiveRecord {
    /// Whether a hold stands.
    pub fn is_held(&self) -> bool {
        self.holds.iter().any(|hold| hold.lifted_on.is_none())
    }

    /// The appraisal that waits to be decided upon.
    pub fn open_appraisal(&self) -> Option<&Appraisal> {
        self.appraisals.iter().find(|appraisal| appraisal.decided.is_none())
    }
}

/// A hold: nothing is disposed of while it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Counts from 1.
    pub n: u32,
    /// Since when.
    pub placed_on: NaiveDate,
    /// By whom; `None` for the operator.
    pub placed_by: Option<PersonId>,
    /// Until when.
    pub lifted_on: Option<NaiveDate>,
}

/// An appraisal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appraisal {
    /// Counts from 1.
    pub n: u32,
    /// What is proposed.
    pub proposal: Proposal,
    /// When.
    pub proposed_on: NaiveDate,
    /// By whom; `None` for the operator.
    pub proposed_by: Option<PersonId>,
    /// Whether it was approved, and when.
    pub decided: Option<(bool, NaiveDate)>,
}

impl Counted for Hold {
    fn n(&self) -> u32 {
        self.n
    }
}

impl Counted for Appraisal {
    fn n(&self) -> u32 {
        self.n
    }
}

/// How long an archived case is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The period.
    pub retention: Retention,
    /// Why, by rule.
    pub ground: RetentionGround,
    /// Its last day; `None` for ever.
    pub ends_on: Option<NaiveDate>,
}

/// How long a case is kept, once it is archived: as its file says, by rule where it has none, and longer where a remedy was
/// brought since or an appraisal said so.
pub fn kept(case: &Case, rules: &RetentionRules) -> Option<Kept> {
    let archived_on = case.state.archived_on()?;
    let (filed, ground) = match &case.archive.file {
        // A remedy was brought after archiving.
        Some(file) if file.ground != RetentionGround::Dispute && is_disputed(case) => {
            let disputed = file.if_disputed;
            let ground = if disputed >= file.by_rule { RetentionGround::Dispute } else { file.ground };
            (file.retention.max(disputed), ground)
        }
        Some(file) => (file.retention, file.ground),
        None => rules.of(case),
    };
    let retained = case.archive.appraisals.iter().filter_map(|appraisal| match appraisal.proposal {
        Proposal::Retain { retention } if appraisal.decided.is_some_and(|(approved, _)| approved) => {
            Some(retention)
        }
        Proposal::Retain { .. } | Proposal::Dispose | Proposal::Erase { .. } => None,
    });
    let retention = retained.fold(filed, Ord::max);
    Some(Kept { retention, ground, ends_on: retention.ends_on(archived_on) })
}
