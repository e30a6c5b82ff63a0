//! 接收与登记: receipt by Art. 31, confirmation, registration.

use chrono::{Datelike, NaiveDate};

use super::{Context, Happened, not_in_future, within_calendar};
use crate::domain::case::command::Receive;
use crate::domain::case::event::{Event, Number, TextRef};
use crate::domain::case::refusal::{Refusal, RefusalCode};
use crate::domain::case::state::Case;
use crate::domain::channel::Channel;
use crate::domain::statute::{ReceiptRule, StatutePack};

/// Receives a request: the first event of a new case, dated on the day of arrival.
///
/// # Errors
/// When the day of arrival is in the future or before the working calendar begins.
pub fn open(receive: Receive, context: &Context) -> Result<Vec<Happened>, Refusal> {
    let on = receive.arrived_on;
    let received = not_in_future(on, context.today)
        .and_then(|()| within_calendar(on, context.calendar))
        .map(|()| receipt_date(receive.channel, on, None, context.pack));
    match received {
        Ok(received_on) => Ok(vec![Happened { on, event: received_event(receive, received_on, context) }]),
        Err(code) => Err(Refusal { code, allowed: Vec::new() }),
    }
}

fn received_event(receive: Receive, received_on: Option<NaiveDate>, context: &Context) -> Event {
    Event::Received {
        statute: context.pack.id.clone(),
        statute_version: context.pack.version,
        calendar: context.own_calendar(),
        channel: receive.channel,
        arrived_on: receive.arrived_on,
        received_on,
        applicant: receive.applicant,
        description: receive.description,
        form_wanted: receive.form_wanted,
        evidence: receive.evidence,
        imported_row: None,
    }
}

/// The date of receipt (Art. 31): the day of handing in, the day the agency signed, the day of submission, or the
/// day on which both sides confirmed; `None` while that has not happened.
pub(super) fn receipt_date(
    channel: Channel,
    arrived_on: NaiveDate,
    confirmed_on: Option<NaiveDate>,
    pack: &StatutePack,
) -> Option<NaiveDate> {
    match rule(pack, channel) {
        ReceiptRule::HandedIn | ReceiptRule::Signed | ReceiptRule::Submitted => Some(arrived_on),
        ReceiptRule::Confirmed => confirmed_on,
    }
}

/// The channel's rule. A pack that names none (the loader refuses such a pack) would leave the date open rather than
/// guess it.
pub(super) fn rule(pack: &StatutePack, channel: Channel) -> ReceiptRule {
    pack.receipt_rule(channel).unwrap_or(ReceiptRule::Confirmed)
}

/// Both sides confirmed. Where the day of submission already counts as the date of receipt (point 2 of the statute
/// digest), the confirmation is kept as evidence and moves nothing.
pub(super) fn confirm(
    case: &Case,
    on: NaiveDate,
    evidence: TextRef,
    context: &Context,
) -> Result<Event, RefusalCode> {
    receipt_date(case.receipt.channel, case.receipt.arrived_on, Some(on), context.pack)
        .map(|received_on| Event::Confirmed { received_on, evidence })
        .ok_or(RefusalCode::ConfirmationMissing)
}

/// The number is due in the year of registration; the store allocates it in the same transaction.
pub(super) fn register(on: NaiveDate, subject: TextRef, documents: Option<TextRef>) -> Event {
    Event::Registered { number: Number::Due { year: on.year() }, subject, documents }
}
