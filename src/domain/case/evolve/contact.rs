//! What talks and the rating make of a case: its record of them, and nothing else.

use crate::domain::case::contact_record::{Contact, Rating};
use crate::domain::case::event::{ContactLogged, Rated, Recorded};
use crate::domain::case::state::Case;

pub(super) fn logged(mut case: Case, logged: &ContactLogged, recorded: &Recorded) -> Case {
    let ContactLogged { n, means, with, summary: _ } = *logged;
    let by = recorded.by.person();
    case.contact.contacts.push(Contact { n, on: recorded.on, means, with, by });
    case
}

pub(super) fn rated(mut case: Case, rated: &Rated, recorded: &Recorded) -> Case {
    let Rated { score, channel, comment: _ } = *rated;
    case.contact.rating = Some(Rating { on: recorded.on, score, channel, by: recorded.by.person() });
    case
}
