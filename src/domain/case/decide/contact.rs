//! Talks with the applicant and others (沟通联系), and the applicant's rating (好差评). They are about the case and move nothing
//! of it: neither its clock nor where it stands.

use chrono::NaiveDate;

use crate::domain::case::command::{ContactCommand, ContactKind};
use crate::domain::case::contact_record::{MOST_CONTACTS, rateable_from};
use crate::domain::case::event::{ContactLogged, Event, Rated};
use crate::domain::case::refusal::{ContactRefusal, RefusalCode};
use crate::domain::case::state::{Case, Status};

/// One talks with people at any time; only what has ended is rated.
pub(super) fn places(kind: ContactKind) -> &'static [Status] {
    match kind {
        ContactKind::Log => Status::ALL,
        ContactKind::Rate => &[Status::Replied, Status::Withdrawn, Status::Lapsed, Status::Archived],
    }
}

/// Whether there is room for a talk, and a finished case without a rating.
pub(super) fn ready(case: &Case, kind: ContactKind) -> Result<(), RefusalCode> {
    match kind {
        ContactKind::Log if case.contact.contacts.len() >= MOST_CONTACTS => {
            Err(ContactRefusal::LogFull { most: MOST_CONTACTS }.into())
        }
        ContactKind::Log => Ok(()),
        ContactKind::Rate => match &case.contact.rating {
            Some(rating) => Err(ContactRefusal::AlreadyRated { on: rating.on }.into()),
            None if rateable_from(case).is_none() => Err(ContactRefusal::NotServed.into()),
            None => Ok(()),
        },
    }
}

/// The earliest day on which what the command says can have happened: nobody talks over a request that has not arrived, and
/// nobody rates what has not reached him.
pub(super) fn earliest(case: &Case, command: &ContactCommand) -> NaiveDate {
    let arrived = case.receipt.arrived_on;
    match command {
        ContactCommand::Log { .. } => arrived,
        ContactCommand::Rate { .. } => rateable_from(case).map_or(arrived, |since| since.max(arrived)),
    }
}

/// What is recorded, once the checks above are passed.
pub(super) fn decide(case: &Case, command: ContactCommand) -> Event {
    match command {
        ContactCommand::Log { means, with, summary } => {
            let n = u32::try_from(case.contact.contacts.len()).unwrap_or(u32::MAX).saturating_add(1);
            Event::ContactLogged(ContactLogged { n, means, with, summary })
        }
        ContactCommand::Rate { score, channel, comment } => Event::Rated(Rated { score, channel, comment }),
    }
}
