//! 机构调整: an agency or a department gets another name, hands its tasks over with their cases, or is merged into another agency. Each
//! is dated, names the document that ordered it, and stays to be read: what was called how, and who handled what, on any day.
//!
//! Who may: a system administrator of an agency that stands above all those concerned, or is one of them. He moves cases and sees
//! none of them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::event::Digest;
use super::ids::{AgencyId, DepartmentId, ReorganisationId};
use super::lang::Lang;

/// The most agencies above one another: from a township to the state. A cycle in a table must not hang a request.
const DEEPEST: usize = 16;

/// What kind of reorganisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReorganisationKind {
    /// 机关更名: the agency has another name.
    Renamed,
    /// 内设机构更名: one of its departments has another name.
    DepartmentRenamed,
    /// 职能划转: cases are handed over to another agency.
    HandedOver,
    /// 撤并: it was merged into another agency, which goes on with all its cases; it takes none in any more.
    Merged,
}

impl ReorganisationKind {
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::Renamed, Self::DepartmentRenamed, Self::HandedOver, Self::Merged];

    /// The word used in the API and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Renamed => "renamed",
            Self::DepartmentRenamed => "department_renamed",
            Self::HandedOver => "handed_over",
            Self::Merged => "merged",
        }
    }

    /// The kind with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reorganisation {
    /// The agency is called so.
    Rename {
        /// Its new name.
        name: String,
    },
    /// A department is called so.
    RenameDepartment {
        /// Which.
        department: DepartmentId,
        /// Its new name.
        name: String,
    },
    /// Cases go over to another agency.
    HandOver {
        /// To which.
        to: AgencyId,
        /// Only those led by this department.
        department: Option<DepartmentId>,
    },
    /// The agency is merged into another.
    Merge {
        /// Into which.
        into: AgencyId,
    },
}

impl Reorganisation {
    /// Its kind.
    pub fn kind(&self) -> ReorganisationKind {
        match self {
            Self::Rename { .. } => ReorganisationKind::Renamed,
            Self::RenameDepartment { .. } => ReorganisationKind::DepartmentRenamed,
            Self::HandOver { .. } => ReorganisationKind::HandedOver,
            Self::Merge { .. } => ReorganisationKind::Merged,
        }
    }

    /// The agency that takes cases over.
    pub fn successor(&self) -> Option<AgencyId> {
        match self {
            Self::Rename { .. } | Self::RenameDepartment { .. } => None,
            Self::HandOver { to, .. } => Some(*to),
            Self::Merge { into } => Some(*into),
        }
    }
}

/// An agency and those above it, itself first, as far as `parent_of` leads.
///
/// A county's bureau under the county under the city: its lineage is bureau, county, city.
pub fn lineage(agency: AgencyId, parent_of: impl Fn(AgencyId) -> Option<AgencyId>) -> Vec<AgencyId> {
    std::iter::successors(Some(agency), |below| parent_of(*below)).take(DEEPEST).collect()
}

/// Why an agency is not reorganised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReorganisationRefusal {
    /// Its cases are just being handed over.
    Running,
    /// It was merged into another: nothing comes to it, and it is not what is reorganised any more.
    Merged,
    /// It would be merged into an agency below it, and stand above itself.
    Below,
}

impl ReorganisationRefusal {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Running, Self::Merged, Self::Below];

    /// The code of the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "reorganisation_running",
            Self::Merged => "agency_merged",
            Self::Below => "agency_below",
        }
    }

    /// In words, and what would be right.
    pub fn message(self, lang: Lang) -> &'static str {
        match self {
            Self::Running => lang.pick(
                "该机关的申请正在移交，请待移交完成后再试。",
                "The agency's cases are just being handed over: try again when that is done.",
            ),
            Self::Merged => lang.pick(
                "该机关已经撤并，不再接收申请，也不再调整；请向继续行使其职权的机关办理（条例第10条）。",
                "The agency was merged into another: it takes no request in any more, and is not reorganised. Turn to the agency that goes on with its functions (Art. 10).",
            ),
            Self::Below => lang.pick(
                "不得并入本机关的下级机关；请先调整上下级关系，或者将下级机关并入本机关。",
                "An agency is not merged into one below it: merge the lower into the upper.",
            ),
        }
    }
}

/// What is known of the agencies when one is to be reorganised.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Those that were merged into others.
    pub merged: Vec<AgencyId>,
    /// The hand-overs that go on: from whom, to whom.
    pub running: Vec<(AgencyId, Option<AgencyId>)>,
    /// The agency that is to take cases over, and those above it; empty when none is.
    pub above_successor: Vec<AgencyId>,
}

/// Why an agency is not reorganised so, if it is not.
///
/// An agency that was merged has nobody left who goes on with it but its successor (Art. 10), and takes nothing over. While cases go over
/// from or to an agency, nothing else moves there: a city bureau whose cases just go to the county is not merged into the city.
/// Nor is one merged into an agency below it, which would then stand above itself.
pub fn refused(
    agency: AgencyId,
    what: &Reorganisation,
    standing: &Standing,
) -> Option<ReorganisationRefusal> {
    let concerned = |id: AgencyId| id == agency || what.successor() == Some(id);
    if standing.merged.iter().any(|id| concerned(*id)) {
        return Some(ReorganisationRefusal::Merged);
    }
    if standing.running.iter().any(|(from, to)| concerned(*from) || *to == Some(agency)) {
        return Some(ReorganisationRefusal::Running);
    }
    match what {
        Reorganisation::Merge { .. } if standing.above_successor.contains(&agency) => {
            Some(ReorganisationRefusal::Below)
        }
        Reorganisation::Merge { .. }
        | Reorganisation::Rename { .. }
        | Reorganisation::RenameDepartment { .. }
        | Reorganisation::HandOver { .. } => None,
    }
}

/// It was reorganised, or began to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reorganised {
    /// Which reorganisation.
    pub reorganisation: ReorganisationId,
    /// What kind.
    pub kind: ReorganisationKind,
    /// Since which day it counts.
    pub effective_on: NaiveDate,
    /// The department concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    /// The agency that takes its cases over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<AgencyId>,
    /// SHA-256 over what orders it and the names before and after, a line each: they are public.
    pub words: Digest,
}

/// It took cases over from another agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasesTakenOver {
    /// From whom.
    pub from: AgencyId,
    /// By which reorganisation of that agency.
    pub reorganisation: ReorganisationId,
    /// Which, in the order in which they were handed over.
    pub cases: Vec<super::ids::CaseId>,
}

/// All its cases concerned were handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReorganisationFinished {
    /// Which reorganisation.
    pub reorganisation: ReorganisationId,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> AgencyId {
        AgencyId(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn a_lineage_begins_with_the_agency_and_ends_with_the_root_or_at_a_cycle() {
        let parent = |of: AgencyId| match of.0.as_u128() {
            1 => Some(id(2)),
            2 => Some(id(3)),
            8 => Some(id(9)),
            9 => Some(id(8)),
            _ => None,
        };
        assert_eq!(lineage(id(1), parent), [id(1), id(2), id(3)]);
        assert_eq!(lineage(id(3), parent), [id(3)]);
        assert_eq!(lineage(id(8), parent).len(), DEEPEST, "it ends");
    }

    #[test]
    fn what_is_merged_or_on_the_move_is_left_alone_and_nothing_is_merged_downwards() {
        let merge = Reorganisation::Merge { into: id(2) };
        let rename = Reorganisation::Rename { name: "某局".to_owned() };
        let merged = |n| Standing { merged: vec![id(n)], ..Standing::default() };
        let running = |from, to| Standing { running: vec![(id(from), Some(id(to)))], ..Standing::default() };
        let above = |n| Standing { above_successor: vec![id(2), id(n)], ..Standing::default() };
        let (is_merged, is_running) =
            (Some(ReorganisationRefusal::Merged), Some(ReorganisationRefusal::Running));
        for (what, standing, wanted) in [
            (&merge, Standing::default(), None),
            (&merge, merged(1), is_merged),
            (&merge, merged(2), is_merged),
            (&rename, merged(1), is_merged),
            (&rename, merged(2), None),
            (&merge, running(1, 7), is_running),
            (&merge, running(7, 1), is_running),
            (&merge, running(2, 7), is_running),
            (&merge, running(7, 2), None),
            (&merge, running(7, 8), None),
            (&merge, above(1), Some(ReorganisationRefusal::Below)),
            (&merge, above(3), None),
        ] {
            assert_eq!(refused(id(1), what, &standing), wanted, "{what:?} {standing:?}");
        }
        let hand_over = Reorganisation::HandOver { to: id(2), department: None };
        assert_eq!(refused(id(1), &hand_over, &above(1)), None, "tasks may go down");
    }

    #[test]
    fn every_kind_and_refusal_has_a_code_of_its_own() {
        for kind in ReorganisationKind::ALL {
            assert_eq!(ReorganisationKind::parse(kind.code()), Some(*kind));
        }
        for refusal in ReorganisationRefusal::ALL {
            let same = ReorganisationRefusal::ALL.iter().filter(|other| other.code() == refusal.code());
            assert_eq!(same.count(), 1);
            assert_ne!(refusal.message(Lang::Zh), refusal.message(Lang::En));
        }
    }
}
