//! How cases are related: handed on, split, merged, repeating or supplementing another. Each of the two gets an event that names
//! the other and no more; the same words of reason stand on both, sealed for each.

use chrono::NaiveDate;

use super::intake::{open, rule};
use super::{Context, Happened};
use crate::domain::case::clock::{case_timeline, facts};
use crate::domain::case::clock_record::ClockRecord;
use crate::domain::case::command::{Receive, RelationCommand, RelationCommandKind as Kind};
use crate::domain::case::event::{Event, Related, TextRef};
use crate::domain::case::refusal::{Refusal, RefusalCode, RelationRefusal};
use crate::domain::case::relation::{Direction, OtherCase, RelationKind};
use crate::domain::case::state::{Case, Conclusion, Status};
use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::outcome::Outcome;
use crate::domain::reply::Fact;
use crate::domain::statute::ReceiptRule;
use crate::domain::time_limit::Rules;

/// Article 36(5), as replies cite it.
const ANOTHERS: &str = "36(5)";

/// Where the command belongs.
pub(super) fn places(kind: Kind) -> &'static [Status] {
    use Status as S;
    match kind {
        Kind::HandOn => &[S::Replied, S::Archived],
        Kind::Split | Kind::Merge | Kind::LinkSupplement => {
            &[S::Received, S::Registered, S::Assigned, S::InProcess]
        }
        Kind::LinkRepeat => &[
            S::Received,
            S::Registered,
            S::Assigned,
            S::InProcess,
            S::InReview,
            S::Approved,
            S::Replied,
            S::Archived,
        ],
    }
}

/// Whether what it needs of this case is there.
pub(super) fn ready(case: &Case, kind: Kind, context: &Context) -> Result<(), RefusalCode> {
    match kind {
        Kind::HandOn => {
            names_another(case)?;
            let before = case
                .relations
                .iter()
                .find(|it| (it.kind, it.direction) == (RelationKind::HandedOn, Direction::To));
            match before {
                Some(before) => Err(RelationRefusal::HandedOn { on: before.on }.into()),
                None => words_there(case),
            }
        }
        Kind::Split => {
            first_round(case)?;
            words_there(case)?;
            if case.clock == ClockRecord::default() {
                Ok(())
            } else {
                Err(RelationRefusal::SplitTooLate.into())
            }
        }
        Kind::Merge => first_round(case).and_then(|()| ends_some_day(case, context)),
        Kind::LinkRepeat | Kind::LinkSupplement => Ok(()),
    }
}

/// Whether the reply is the one that Article 36(5) asks for, with the other body's name in it.
fn names_another(case: &Case) -> Result<(), RefusalCode> {
    let named = match case.state.conclusion() {
        Some(Conclusion::Replied { reply, .. }) => {
            let basis = reply.draft.as_ref().map(|draft| &draft.basis);
            reply.outcome == Outcome::UnableNotHeld
                && basis.is_some_and(|basis| {
                    basis.grounds.iter().any(|ground| ground == ANOTHERS)
                        && basis.facts.contains_key(&Fact::OtherBody)
                })
        }
        Some(Conclusion::Withdrawn(_) | Conclusion::Lapsed { .. }) | None => false,
    };
    if named { Ok(()) } else { Err(RelationRefusal::NotAnothers.into()) }
}

fn first_round(case: &Case) -> Result<(), RefusalCode> {
    if case.remedies.rounds.is_empty() { Ok(()) } else { Err(RelationRefusal::AnsweredAnew.into()) }
}

/// Whether its own limit has an end to compare another's with: while a correction or a payment is awaited it has none.
fn ends_some_day(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    let facts = facts(case);
    let rules = Rules::of(context.pack, context.calendar);
    let timeline = case_timeline(&facts, &rules, context.today).ok().flatten();
    match timeline.and_then(|timeline| timeline.due_on) {
        Some(_) => Ok(()),
        None => Err(RelationRefusal::MergedWhileStopped.into()),
    }
}

fn words_there(case: &Case) -> Result<(), RefusalCode> {
    match case.archive.erased_on {
        Some(on) => Err(RelationRefusal::WordsErased { on }.into()),
        None => Ok(()),
    }
}

/// The earliest day on which what the command says can have happened.
pub(super) fn earliest(case: &Case, command: &RelationCommand) -> NaiveDate {
    let received = case.receipt.day().max(case.receipt.arrived_on);
    match command {
        RelationCommand::HandOn { .. } => {
            case.state.conclusion().map_or(case.latest_on, |conclusion| conclusion.concluded_on())
        }
        RelationCommand::Split { .. } | RelationCommand::Merge { .. } => case.latest_on.max(received),
        RelationCommand::Repeat { .. } | RelationCommand::Supplement { .. } => received,
    }
}

/// Decides upon a command whose date has been checked against [`earliest`] and today.
pub(super) fn decide(case: &Case, command: RelationCommand) -> Result<Event, RefusalCode> {
    match command {
        RelationCommand::HandOn { agency, case: new, reason } => {
            Ok(to(case, RelationKind::HandedOn, (agency, new), reason))
        }
        RelationCommand::Split { case: new, reason } => {
            Ok(to(case, RelationKind::Split, (case.custodian, new), reason))
        }
        RelationCommand::Merge { into, reason } => {
            comparable(case, RelationKind::Merged, &into)?;
            still_open(&into)?;
            let (other, own) = (into.received_on, case.receipt.day());
            if other > own {
                return Err(RelationRefusal::MergedIntoLater { other, own }.into());
            }
            if !into.ends_no_later {
                return Err(RelationRefusal::MergedIntoLonger.into());
            }
            Ok(to(case, RelationKind::Merged, (into.agency, into.case), reason))
        }
        RelationCommand::Repeat { earlier, reason } => {
            comparable(case, RelationKind::Repeat, &earlier)?;
            let received_on = case.receipt.day();
            if earlier.replied_on.is_none_or(|on| on > received_on) {
                return Err(RelationRefusal::NotAnsweredBefore { received_on }.into());
            }
            Ok(to(case, RelationKind::Repeat, (earlier.agency, earlier.case), reason))
        }
        RelationCommand::Supplement { open, reason } => {
            comparable(case, RelationKind::Supplement, &open)?;
            still_open(&open)?;
            Ok(to(case, RelationKind::Supplement, (open.agency, open.case), reason))
        }
    }
}

/// Two cases of one applicant, not so related yet.
fn comparable(case: &Case, kind: RelationKind, other: &OtherCase) -> Result<(), RefusalCode> {
    if other.case == case.id {
        return Err(RelationRefusal::Itself.into());
    }
    if let Some(on) = other.disposed_on {
        return Err(RelationRefusal::OtherDisposed { on }.into());
    }
    if !other.same_applicant {
        return Err(RelationRefusal::AnotherApplicant.into());
    }
    match case.relations.iter().find(|it| it.kind == kind && it.case == other.case) {
        Some(before) => Err(RelationRefusal::Already { on: before.on }.into()),
        None => Ok(()),
    }
}

fn still_open(other: &OtherCase) -> Result<(), RefusalCode> {
    if other.is_open { Ok(()) } else { Err(RelationRefusal::NotOpen.into()) }
}

fn to(case: &Case, kind: RelationKind, (agency, other): (AgencyId, CaseId), reason: TextRef) -> Event {
    let n = next(case.relations.len());
    Event::Related(Related { n, kind, direction: Direction::To, agency, case: other, reason })
}

fn next(before: usize) -> u32 {
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

/// The other side of a relation: what is recorded on the case that is pointed at. `before` is how many relations it has.
pub fn pointed_at(from: &Case, kind: RelationKind, before: usize, reason: TextRef) -> Event {
    Event::Related(Related {
        n: next(before),
        kind,
        direction: Direction::From,
        agency: from.agency,
        case: from.id,
        reason,
    })
}

/// The words that a new case takes over, sealed under its own agency's keys.
#[derive(Clone, Debug)]
pub struct TakenOver {
    /// The request: channel and applicant carried over; the day of arrival is the original's for a split, the day of the hand-on
    /// for one that is handed on.
    pub receive: Receive,
    /// What stands for the confirmation by both sides (Art. 31), and its day, where the channel has one.
    pub confirmed: Option<(NaiveDate, TextRef)>,
    /// Why it was split or handed on.
    pub reason: TextRef,
}

/// The events of a case that comes from another: received, confirmed where its channel asks for that, related.
///
/// Split from a case received by post on 2 March 2026: received on 2 March, whatever day it was split. Handed on on 10 March:
/// received on 10 March, also where the channel's date of receipt is that of a confirmation, since the agency that hands it on
/// has the applicant's request and contact.
///
/// # Errors
/// When the day of arrival is in the future or before the working calendar begins.
pub fn begin_from(
    from: &Case,
    kind: RelationKind,
    on: NaiveDate,
    taken: TakenOver,
    context: &Context,
) -> Result<Vec<Happened>, Refusal> {
    let mut events = open(taken.receive, context)?;
    if let Some((day, evidence)) = taken.confirmed {
        let received_on = match events.first().map(|first| &first.event) {
            // Where the day of submission counts, the confirmation moves nothing.
            Some(Event::Received { received_on: Some(fixed), .. }) => *fixed,
            Some(_) | None => day,
        };
        events.push(Happened { on: day, event: Event::Confirmed { received_on, evidence } });
    }
    events.push(Happened { on, event: pointed_at(from, kind, 0, taken.reason) });
    Ok(events)
}

/// The day of arrival and that of the confirmation which a part of a case has: those of the whole, since a letter counts as often as
/// it is answered. A case taken over with a ledger has a date of receipt and no confirmation: where its channel asks for one, its
/// date of receipt stands for it.
pub fn receipt_of_part(whole: &Case, context: &Context) -> (NaiveDate, Option<NaiveDate>) {
    let receipt = &whole.receipt;
    let known = match rule(context.pack, receipt.channel) {
        ReceiptRule::Confirmed => receipt.received_on,
        // Its date of receipt needs no confirmation, and none is made up.
        ReceiptRule::HandedIn | ReceiptRule::Signed | ReceiptRule::Submitted => None,
    };
    (receipt.arrived_on, receipt.confirmed_on.or(known))
}

/// Whether a channel's date of receipt has to do with a confirmation by both sides (Art. 31).
pub fn is_confirmed(channel: crate::domain::channel::Channel, context: &Context) -> bool {
    match rule(context.pack, channel) {
        ReceiptRule::HandedIn | ReceiptRule::Signed => false,
        ReceiptRule::Confirmed | ReceiptRule::Submitted => true,
    }
}
