//! Which documents of a case's reply are, or are to be, published proactively (Art. 44). Nothing of it moves the clock or the case.

use chrono::NaiveDate;

use super::event::{PlaceKind, ProposedBy, TextRef};
use super::state::{Case, Conclusion};
use crate::domain::ids::PersonId;
use crate::domain::review::Step;
use crate::domain::statute::StatutePack;

/// The most proposals of one case: a request names ten documents at most, and each may be rejected once.
pub const MOST_PUBLICATIONS: usize = 20;

/// A conversion, from its proposal on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Counts from 1.
    pub n: u32,
    /// Whose idea it was.
    pub proposed_by: ProposedBy,
    /// The document.
    pub document: TextRef,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// Who entered it; `None` for the operator.
    pub entered_by: Option<PersonId>,
    /// Whether it was approved, and the day of the decision.
    pub decided: Option<(bool, NaiveDate)>,
    /// Where and since when it is published.
    pub published: Option<Place>,
    /// Since when it is no longer to be found there.
    pub withdrawn_on: Option<NaiveDate>,
}

/// Where a document is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What kind of place.
    pub kind: PlaceKind,
    /// Where.
    pub place: TextRef,
    /// The day of the publication.
    pub on: NaiveDate,
}

/// How far a conversion has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicationState {
    /// 不予转为主动公开.
    Rejected,
    /// 已撤下.
    Withdrawn,
    /// 已提出，待决定.
    Proposed,
    /// 同意，待发布.
    Approved,
    /// 已主动公开.
    Published,
}

impl PublicationState {
    /// Every one, the least advanced first.
    pub const ALL: &'static [Self] =
        &[Self::Rejected, Self::Withdrawn, Self::Proposed, Self::Approved, Self::Published];

    /// The word used in the database and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Published => "published",
        }
    }

    /// The state of that word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Whether it is under way or done, so that the document is not proposed once more.
    pub fn stands(self) -> bool {
        match self {
            Self::Proposed | Self::Approved | Self::Published => true,
            Self::Rejected | Self::Withdrawn => false,
        }
    }
}

impl Publication {
    /// How far it has come.
    pub fn state(&self) -> PublicationState {
        match (self.decided, &self.published, self.withdrawn_on) {
            (_, _, Some(_)) => PublicationState::Withdrawn,
            (_, Some(_), None) => PublicationState::Published,
            (None, None, None) => PublicationState::Proposed,
            (Some((true, _)), None, None) => PublicationState::Approved,
            (Some((false, _)), None, None) => PublicationState::Rejected,
        }
    }
}

/// The proposal that waits for a decision: there is one at most.
pub fn open_proposal(case: &Case) -> Option<&Publication> {
    case.publications.iter().find(|one| one.state() == PublicationState::Proposed)
}

/// Whether the case ended with a reply that gave the applicant something: all of it, or a part.
pub fn released(case: &Case, pack: &StatutePack) -> bool {
    match case.state.conclusion() {
        Some(Conclusion::Replied { reply, .. }) => pack.releases_something(reply.outcome),
        Some(Conclusion::Withdrawn(_) | Conclusion::Lapsed { .. }) | None => false,
    }
}

/// Whether its reply passed a secrecy review of ours (Art. 17): every route has one. A reply taken over with a ledger was reviewed,
/// if at all, outside of this record.
pub fn secrecy_reviewed(case: &Case) -> bool {
    let drafted = case.state.draft().is_some();
    drafted && case.reviewers.values().any(|id| id.step == Step::Secrecy)
}
