//! 更正: clerical mistakes are put right by an event, never in place.

use chrono::NaiveDate;

use super::{Context, intake, not_in_future, within_calendar};
use crate::domain::case::command::Amend;
use crate::domain::case::event::{Amendment, Event, TextRef};
use crate::domain::case::refusal::RefusalCode;
use crate::domain::case::state::Case;
use crate::domain::channel::Channel;
use crate::domain::statute::ReceiptRule;

pub(super) fn amend(
    case: &Case,
    amend: Amend,
    reason: TextRef,
    context: &Context,
) -> Result<Event, RefusalCode> {
    let amendment = match amend {
        Amend::Applicant(applicant) => Amendment::Applicant { applicant },
        Amend::Description(description) => Amendment::Description { description },
        Amend::Subject(subject) => {
            case.state.registration().ok_or(RefusalCode::NotRegistered)?;
            Amendment::Subject { subject }
        }
        Amend::Documents(documents) => {
            case.state.registration().ok_or(RefusalCode::NotRegistered)?;
            Amendment::Documents { documents }
        }
        Amend::Receipt { channel, arrived_on, confirmed_on } => {
            receipt(case, channel, arrived_on, confirmed_on, context)?
        }
    };
    Ok(Event::Amended { amendment, reason })
}

/// The date of receipt follows from the channel and the dates given (Art. 31); it may not pass the steps that
/// followed it.
fn receipt(
    case: &Case,
    channel: Channel,
    arrived_on: NaiveDate,
    confirmed_on: Option<NaiveDate>,
    context: &Context,
) -> Result<Amendment, RefusalCode> {
    within_calendar(arrived_on, context.calendar)?;
    not_in_future(arrived_on, context.today)?;
    let confirmed_on = match intake::rule(context.pack, channel) {
        ReceiptRule::HandedIn | ReceiptRule::Signed => None,
        ReceiptRule::Confirmed | ReceiptRule::Submitted => confirmed_on,
    };
    if let Some(confirmed) = confirmed_on {
        not_in_future(confirmed, context.today)?;
        if confirmed < arrived_on {
            return Err(RefusalCode::DateOutOfOrder { date: confirmed, earliest: arrived_on });
        }
    }
    let received_on = intake::receipt_date(channel, arrived_on, confirmed_on, context.pack);
    if received_on.is_none() && case.receipt.received_on.is_some() {
        return Err(RefusalCode::ConfirmationMissing);
    }
    not_after_what_followed(case, received_on.unwrap_or(arrived_on))?;
    let receipt = &case.receipt;
    if (receipt.channel, receipt.arrived_on, receipt.received_on, receipt.confirmed_on)
        == (channel, arrived_on, received_on, confirmed_on)
    {
        return Err(RefusalCode::NothingChanged);
    }
    Ok(Amendment::Receipt { channel, arrived_on, received_on, confirmed_on })
}

fn not_after_what_followed(case: &Case, received: NaiveDate) -> Result<(), RefusalCode> {
    let registered = case.state.registration().map(|registration| registration.registered_on);
    let concluded = case.state.conclusion().map(|conclusion| conclusion.concluded_on());
    let by_clock = case.clock.span().map(|(first, _)| first);
    let by_remedies = case.remedies.span().map(|(first, _)| first);
    let rounds = case.remedies.first_conclusion().map(|conclusion| conclusion.concluded_on());
    let followed = registered.into_iter().chain(concluded).chain(by_clock).chain(by_remedies).chain(rounds);
    match followed.min() {
        Some(latest) if received > latest => Err(RefusalCode::DateTooLate { date: received, latest }),
        Some(_) | None => Ok(()),
    }
}
