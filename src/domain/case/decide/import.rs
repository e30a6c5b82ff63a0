//! A row of an office's own ledger becomes a case with events like any other (design 5.1). What the ledger says
//! happened before our time: the dates are taken as they stand, and the reply is marked as taken over.

use chrono::NaiveDate;

use super::{Context, Happened, not_in_future, within_calendar};
use crate::domain::case::event::{ApplicantRef, AssignmentKind, Digest, Event, Number, TextRef};
use crate::domain::case::refusal::RefusalCode;
use crate::domain::channel::Channel;
use crate::domain::ids::DepartmentId;
use crate::domain::outcome::Outcome;

/// One row of a ledger, its words already put into rows of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedRow {
    /// The number in the ledger; does not move our counter.
    pub number: String,
    /// The channel.
    pub channel: Channel,
    /// The date of receipt.
    pub received_on: NaiveDate,
    /// The day of registration.
    pub registered_on: NaiveDate,
    /// Who asked.
    pub applicant: ApplicantRef,
    /// What was asked.
    pub description: TextRef,
    /// The summary lists show.
    pub subject: TextRef,
    /// The department, when the ledger names one.
    pub department: Option<DepartmentId>,
    /// What was answered, and when.
    pub reply: Option<(Outcome, NaiveDate)>,
    /// The day of archiving.
    pub archived_on: Option<NaiveDate>,
    /// The keyed digest of the row, by which an import repeated is recognised.
    pub digest: Digest,
}

/// The events of one imported row, in the order in which they happened.
///
/// # Errors
/// When a date is in the future, before the calendar begins, or before the step it follows.
pub fn import(row: ImportedRow, context: &Context) -> Result<Vec<Happened>, RefusalCode> {
    within_calendar(row.received_on, context.calendar)?;
    let mut events = vec![received(&row, context)];
    let registered = in_order(row.registered_on, row.received_on, context)?;
    events.push(Happened {
        on: registered,
        event: Event::Registered { number: Number::Given(row.number), subject: row.subject, documents: None },
    });
    if let Some(department) = row.department {
        events.push(Happened { on: registered, event: lead(department) });
    }
    if let Some((outcome, replied_on)) = row.reply {
        let on = in_order(replied_on, row.received_on, context)?;
        events.push(Happened { on, event: Event::ReplyImported { outcome } });
        if let Some(archived_on) = row.archived_on {
            let on = in_order(archived_on, replied_on, context)?;
            events.push(Happened { on, event: Event::Archived { note: None, file: None } });
        }
    }
    Ok(events)
}

fn received(row: &ImportedRow, context: &Context) -> Happened {
    Happened {
        on: row.received_on,
        event: Event::Received {
            statute: context.pack.id.clone(),
            statute_version: context.pack.version,
            calendar: context.own_calendar(),
            channel: row.channel,
            arrived_on: row.received_on,
            received_on: Some(row.received_on),
            applicant: row.applicant.clone(),
            description: row.description.clone(),
            form_wanted: None,
            evidence: None,
            imported_row: Some(row.digest),
        },
    }
}

fn lead(department: DepartmentId) -> Event {
    Event::Assigned { n: 1, kind: AssignmentKind::Lead, department, assignee: None, note: None }
}

fn in_order(date: NaiveDate, earliest: NaiveDate, context: &Context) -> Result<NaiveDate, RefusalCode> {
    not_in_future(date, context.today)?;
    if date < earliest { Err(RefusalCode::DateOutOfOrder { date, earliest }) } else { Ok(date) }
}
