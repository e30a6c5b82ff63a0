//! What a conversion to proactive publication makes of a case: its record of it, and nothing else.

use chrono::NaiveDate;

use crate::domain::case::event::{PublicationDecided, PublicationProposed, Published, Recorded};
use crate::domain::case::publication_record::{Place, Publication};
use crate::domain::case::state::Case;

pub(super) fn proposed(mut case: Case, proposed: &PublicationProposed, recorded: &Recorded) -> Case {
    case.publications.push(Publication {
        n: proposed.n,
        proposed_by: proposed.proposed_by,
        document: proposed.document.clone(),
        proposed_on: recorded.on,
        entered_by: recorded.by.person(),
        decided: None,
        published: None,
        withdrawn_on: None,
    });
    case
}

pub(super) fn decided(mut case: Case, decided: &PublicationDecided, on: NaiveDate) -> Case {
    if let Some(one) = of(&mut case, decided.n) {
        one.decided = Some((decided.approve, on));
    }
    case
}

pub(super) fn published(mut case: Case, published: &Published, on: NaiveDate) -> Case {
    if let Some(one) = of(&mut case, published.n) {
        one.published = Some(Place { kind: published.kind, place: published.place.clone(), on });
    }
    case
}

pub(super) fn withdrawn(mut case: Case, n: u32, on: NaiveDate) -> Case {
    if let Some(one) = of(&mut case, n) {
        one.withdrawn_on = Some(on);
    }
    case
}

fn of(case: &mut Case, n: u32) -> Option<&mut Publication> {
    case.publications.iter_mut().find(|one| one.n == n)
}
