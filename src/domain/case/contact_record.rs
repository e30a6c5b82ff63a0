//! With whom a case was talked over, and how the applicant rated it. Nothing of it moves the clock or the case.

use chrono::NaiveDate;

use super::event::{ContactMeans, ContactWith, RatingChannel, Score};
use super::state::Case;
use crate::domain::ids::PersonId;

/// The most talks that one case's log takes: enough for a talk on every working day of most of a year.
pub const MOST_CONTACTS: usize = 200;

/// The log of a case, and its rating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactRecord {
    /// 沟通联系记录, in the order in which they were entered.
    pub contacts: Vec<Contact>,
    /// 好差评.
    pub rating: Option<Rating>,
}

/// A talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Counts from 1.
    pub n: u32,
    /// The day.
    pub on: NaiveDate,
    /// By what means.
    pub means: ContactMeans,
    /// With whom.
    pub with: ContactWith,
    /// Who entered it; `None` for the operator.
    pub by: Option<PersonId>,
}

/// The applicant's rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The day on which it was given.
    pub on: NaiveDate,
    /// How satisfied.
    pub score: Score,
    /// Where it was given, when known.
    pub channel: Option<RatingChannel>,
    /// Who entered it; `None` for the operator.
    pub by: Option<PersonId>,
}

/// The first day on which the applicant can rate how the case was handled: the reply has reached him, or the request was
/// withdrawn or is no longer handled. `None` before.
///
/// A reply issued on 13 March 2026, sent on the 16th and signed for on the 18th is rated from the 18th on. A reply taken over
/// with a ledger was served before our time: it is rated from the day on which it was issued.
pub fn rateable_from(case: &Case) -> Option<NaiveDate> {
    use super::state::Conclusion;
    match case.state.conclusion()? {
        Conclusion::Replied { reply, services } => {
            let served = services.iter().filter_map(|service| service.served_on).min();
            served.or_else(|| reply.draft.is_none().then_some(reply.issued_on))
        }
        Conclusion::Withdrawn(withdrawal) => Some(withdrawal.withdrawn_on),
        Conclusion::Lapsed { lapse, .. } => Some(lapse.lapsed_on),
    }
}
