//! What moves (or ends) the statutory clock: corrections (Art. 30), consultations (Arts. 32–34), extensions (Art. 33(2)),
//! reasons and the delayed reply (Art. 35), fees (Art. 42).
//!
//! Each rule is one function of the item and a day. A command is checked on the day it is about; what `allowed_actions`
//! offers, on the day on which it is easiest: the earliest one for what may come too late, today for what may come too early.

mod consultation;
mod correction;
mod extension;
mod fee;
mod reasons;
mod standing;

use chrono::NaiveDate;

use super::{Context, not_in_future, one_passes};
use crate::domain::case::clock_record::Counted;
use crate::domain::case::command::{ClockCommand, ClockKind};
use crate::domain::case::event::Event;
use crate::domain::case::refusal::{ClockRefusal, Item, RefusalCode};
use crate::domain::case::state::{Case, Status};
use crate::domain::ids::PersonId;

pub(super) use standing::{Situation, agrees};

/// Where something may be begun, and where what was begun may go on: while the request is neither answered nor given up.
pub(super) fn places(kind: ClockKind) -> &'static [Status] {
    use ClockKind as K;
    use Status as S;
    match kind {
        K::RequestCorrection | K::RequestCorrectionByException => {
            &[S::Received, S::Registered, S::Assigned, S::InProcess]
        }
        K::ServeCorrection | K::RecordCorrection | K::LapseCorrection => {
            &[S::Received, S::Registered, S::Assigned, S::InProcess, S::InReview, S::Approved]
        }
        K::Consult | K::RequestReasons | K::ProposeFee => &[S::Registered, S::Assigned, S::InProcess],
        K::ServeConsultation
        | K::RecordAnswer
        | K::LapseConsultation
        | K::ProposeExtension
        | K::DecideExtension
        | K::NotifyExtension
        | K::RecordReasons
        | K::SetDelayedReply
        | K::DecideFee
        | K::NotifyFee
        | K::ServeFee
        | K::RecordPayment
        | K::LapseFee => &[S::Registered, S::Assigned, S::InProcess, S::InReview, S::Approved],
    }
}

/// Four eyes, by person: who proposed does not decide, who asked for the first correction does not grant another.
pub(super) fn four_eyes(case: &Case, kind: ClockKind, context: &Context) -> Result<(), RefusalCode> {
    let clock = &case.clock;
    match kind {
        ClockKind::ProposeExtension | ClockKind::ProposeFee => somebody(context).map(|_| ()),
        ClockKind::RequestCorrectionByException => {
            let person = somebody(context)?;
            let asked = clock.corrections.iter().any(|it| it.requested_by == Some(person));
            if asked { Err(ClockRefusal::RequesterMayNotExcept.into()) } else { Ok(()) }
        }
        ClockKind::DecideExtension => {
            let proposed = clock.extensions.iter().find(|it| it.decided.is_none());
            not_the_proposer(proposed.and_then(|it| it.proposed_by), Item::Extension, context)
        }
        ClockKind::DecideFee => {
            let proposed = clock.fees.iter().find(|it| it.decided.is_none());
            not_the_proposer(proposed.and_then(|it| it.proposed_by), Item::Fee, context)
        }
        ClockKind::RequestCorrection
        | ClockKind::ServeCorrection
        | ClockKind::RecordCorrection
        | ClockKind::LapseCorrection
        | ClockKind::Consult
        | ClockKind::ServeConsultation
        | ClockKind::RecordAnswer
        | ClockKind::LapseConsultation
        | ClockKind::NotifyExtension
        | ClockKind::RequestReasons
        | ClockKind::RecordReasons
        | ClockKind::SetDelayedReply
        | ClockKind::NotifyFee
        | ClockKind::ServeFee
        | ClockKind::RecordPayment
        | ClockKind::LapseFee => Ok(()),
    }
}

fn somebody(context: &Context) -> Result<PersonId, RefusalCode> {
    context.person.ok_or(RefusalCode::PersonUnknown)
}

fn not_the_proposer(proposer: Option<PersonId>, item: Item, context: &Context) -> Result<(), RefusalCode> {
    if proposer == Some(somebody(context)?) {
        return Err(ClockRefusal::ProposerMayNotDecide(item).into());
    }
    Ok(())
}

/// Whether somebody could give this command with the right content: upon whichever of its kind.
pub(super) fn left_to_do(situation: &Situation, kind: ClockKind) -> Result<(), ClockRefusal> {
    let clock = &situation.case.clock;
    let today = situation.context.today;
    match kind {
        ClockKind::RequestCorrection => correction::may_ask(situation, period_start(situation.case)),
        ClockKind::RequestCorrectionByException => correction::may_except(situation, today),
        ClockKind::ServeCorrection => some(&clock.corrections, Item::Correction, correction::may_serve),
        ClockKind::RecordCorrection => some(&clock.corrections, Item::Correction, correction::may_record),
        ClockKind::LapseCorrection => {
            some(&clock.corrections, Item::Correction, |it| correction::may_lapse(situation, it, today))
        }
        ClockKind::Consult => Ok(()),
        ClockKind::ServeConsultation => {
            some(&clock.consultations, Item::Consultation, consultation::may_serve)
        }
        ClockKind::RecordAnswer => some(&clock.consultations, Item::Consultation, consultation::may_answer),
        ClockKind::LapseConsultation => {
            some(&clock.consultations, Item::Consultation, |it| consultation::may_lapse(situation, it, today))
        }
        ClockKind::ProposeExtension => extension::may_propose(situation, 1, period_start(situation.case)),
        ClockKind::DecideExtension => some(&clock.extensions, Item::Extension, extension::may_decide),
        ClockKind::NotifyExtension => some(&clock.extensions, Item::Extension, |it| {
            extension::may_notify(situation, it, extension::tellable(situation.case, it))
        }),
        ClockKind::RequestReasons => reasons::may_ask(situation),
        ClockKind::RecordReasons => some(&clock.reasons, Item::Reasons, reasons::may_record),
        ClockKind::SetDelayedReply => some(&clock.reasons, Item::Reasons, |it| {
            reasons::may_delay(situation, it, reasons::tellable(situation.case, it)).map(|_| ())
        }),
        ClockKind::ProposeFee => fee::may_propose(situation, period_start(situation.case)),
        ClockKind::DecideFee => some(&clock.fees, Item::Fee, fee::may_decide),
        ClockKind::NotifyFee => some(&clock.fees, Item::Fee, |it| {
            fee::may_notify(situation, it, fee::tellable(situation.case, it))
        }),
        ClockKind::ServeFee => some(&clock.fees, Item::Fee, fee::may_serve),
        ClockKind::RecordPayment => some(&clock.fees, Item::Fee, fee::may_pay),
        ClockKind::LapseFee => some(&clock.fees, Item::Fee, |it| fee::may_lapse(situation, it, today)),
    }
}

/// The earliest day on which what the command says can have happened.
pub(super) fn earliest(case: &Case, command: &ClockCommand) -> NaiveDate {
    let clock = &case.clock;
    let received = case.round_began_on();
    let since = match command {
        ClockCommand::RequestCorrection { .. }
        | ClockCommand::ProposeExtension { .. }
        | ClockCommand::ProposeFee { .. } => Some(period_start(case)),
        ClockCommand::Consult { .. } => None,
        ClockCommand::RequestReasons { .. } => clock.reasons.iter().filter_map(|it| it.given_on).max(),
        ClockCommand::ServeCorrection { n, .. }
        | ClockCommand::RecordCorrection { n, .. }
        | ClockCommand::LapseCorrection { n, .. } => find(&clock.corrections, *n).map(|it| it.requested_on),
        ClockCommand::ServeConsultation { n, .. }
        | ClockCommand::RecordAnswer { n, .. }
        | ClockCommand::LapseConsultation { n } => find(&clock.consultations, *n).map(|it| it.sent_on),
        ClockCommand::DecideExtension { n, .. } => find(&clock.extensions, *n).map(|it| it.proposed_on),
        ClockCommand::NotifyExtension { n, .. } => {
            find(&clock.extensions, *n).map(|it| extension::tellable(case, it))
        }
        ClockCommand::RecordReasons { n, .. } => find(&clock.reasons, *n).map(|it| it.requested_on),
        ClockCommand::SetDelayedReply { n, .. } => {
            find(&clock.reasons, *n).map(|it| reasons::tellable(case, it))
        }
        ClockCommand::DecideFee { n, .. } => find(&clock.fees, *n).map(|it| it.proposed_on),
        ClockCommand::NotifyFee { n, .. } => find(&clock.fees, *n).map(|it| fee::tellable(case, it)),
        ClockCommand::ServeFee { n, .. }
        | ClockCommand::RecordPayment { n, .. }
        | ClockCommand::LapseFee { n, .. } => find(&clock.fees, *n).and_then(|it| it.notified_on),
    };
    since.map_or(received, |since| since.max(received))
}

/// Decides upon a command whose date has been checked against [`earliest`] and today.
pub(super) fn decide(
    case: &Case,
    command: ClockCommand,
    on: NaiveDate,
    context: &Context,
) -> Result<Event, RefusalCode> {
    let situation = &Situation::of(case, context);
    let event = match command {
        ClockCommand::RequestCorrection { working_days, ground, served_on, items, exception } => {
            served(served_on, on, context)?;
            correction::request(situation, (working_days, ground, served_on), items, exception, on)
        }
        ClockCommand::ServeCorrection { n, evidence } => correction::serve(situation, n, evidence),
        ClockCommand::RecordCorrection { n, description } => correction::record(situation, n, description),
        ClockCommand::LapseCorrection { n, note } => correction::lapse(situation, n, note, on),
        ClockCommand::Consult { kind, served_on, party, question } => {
            served(served_on, on, context)?;
            consultation::consult(situation, kind, served_on, party, question)
        }
        ClockCommand::ServeConsultation { n, evidence } => consultation::serve(situation, n, evidence),
        ClockCommand::RecordAnswer { n, position, text } => {
            consultation::answer(situation, n, position, text)
        }
        ClockCommand::LapseConsultation { n } => consultation::lapse(situation, n, on),
        ClockCommand::ProposeExtension { working_days, reason } => {
            extension::propose(situation, working_days, reason, on)
        }
        ClockCommand::DecideExtension { n, approve, opinion } => {
            extension::decide(situation, n, approve, opinion, on)
        }
        ClockCommand::NotifyExtension { n, evidence } => extension::notify(situation, n, evidence, on),
        ClockCommand::RequestReasons { text } => reasons::request(situation, text),
        ClockCommand::RecordReasons { n, text } => reasons::record(situation, n, text),
        ClockCommand::SetDelayedReply { n, until, text } => reasons::delay(situation, n, until, text, on),
        ClockCommand::ProposeFee { basis } => fee::propose(situation, basis, on),
        ClockCommand::DecideFee { n, approve, opinion } => fee::decide(situation, n, approve, opinion, on),
        ClockCommand::NotifyFee { n, served_on, evidence } => {
            served(served_on, on, context)?;
            fee::notify(situation, n, served_on, evidence, on)
        }
        ClockCommand::ServeFee { n, evidence } => fee::serve(situation, n, evidence),
        ClockCommand::RecordPayment { n, evidence } => fee::pay(situation, n, evidence),
        ClockCommand::LapseFee { n, note } => fee::lapse(situation, n, note, on),
    }?;
    standing::agrees(situation, &event, on)?;
    Ok(event)
}

/// A notice reaches nobody before it is dispatched, nor tomorrow.
fn served(served_on: Option<NaiveDate>, on: NaiveDate, context: &Context) -> Result<(), RefusalCode> {
    let Some(date) = served_on else { return Ok(()) };
    not_in_future(date, context.today)?;
    if date < on { Err(RefusalCode::DateOutOfOrder { date, earliest: on }) } else { Ok(()) }
}

/// The day from which the period now running counts: what was told before it began belongs to a period that is over.
fn period_start(case: &Case) -> NaiveDate {
    let received = case.round_began_on();
    case.clock.renewed_on().map_or(received, |renewed| renewed.max(received))
}

/// A round that was ordered is for the answer: nothing is asked of the applicant once more.
fn in_first_round(situation: &Situation, item: Item) -> Result<(), ClockRefusal> {
    match situation.case.remedies.order {
        Some(_) => Err(ClockRefusal::AnsweredAnew(item)),
        None => Ok(()),
    }
}

fn find<T: Counted>(all: &[T], n: u32) -> Option<&T> {
    all.iter().find(|it| it.n() == n)
}

fn the<T: Counted>(all: &[T], item: Item, n: u32) -> Result<&T, ClockRefusal> {
    find(all, n).ok_or(ClockRefusal::NoSuch(item, n))
}

/// Whether one of them passes; the newest one's reason why not.
fn some<T>(
    all: &[T],
    item: Item,
    check: impl Fn(&T) -> Result<(), ClockRefusal>,
) -> Result<(), ClockRefusal> {
    one_passes(all, ClockRefusal::NoSuch(item, 1), check)
}

fn next<T>(all: &[T]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX).saturating_add(1)
}
