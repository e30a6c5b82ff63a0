//! 复议、诉讼、投诉: recorded whatever the case's status, since others bring them; the case stays where it stands, also in the
//! archive. Only an order to answer anew moves it: see `docs/remedies.md`.

use chrono::{Days, NaiveDate};

use super::clock::{Situation, agrees};
use super::{Context, not_in_future, one_passes};
use crate::domain::case::command::{RemedyCommand, RemedyCommandKind};
use crate::domain::case::event::{
    Event, Follows, Proved, RemedyConcluded, RemedyFiled, RemedyPart, RemedyVoided, TextRef,
};
use crate::domain::case::refusal::{RefusalCode, RemedyRefusal};
use crate::domain::case::remedies::Remedy;
use crate::domain::case::state::{Case, Status};
use crate::domain::ids::PersonId;
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};

/// How far ahead a decision may set the last day of a new answer: no order known reaches further than a year.
const LONGEST_ORDER: Days = Days::new(366);

/// From the date of receipt on: before it there is nothing against which anything could be brought.
const RECEIVED: &[Status] = &[
    Status::Received,
    Status::Registered,
    Status::Assigned,
    Status::InProcess,
    Status::InReview,
    Status::Approved,
    Status::Replied,
    Status::Withdrawn,
    Status::Lapsed,
    Status::Archived,
];

pub(super) fn places(kind: RemedyCommandKind) -> &'static [Status] {
    match kind {
        RemedyCommandKind::File
        | RemedyCommandKind::Answer
        | RemedyCommandKind::Conclude
        | RemedyCommandKind::Void => RECEIVED,
    }
}

/// Who entered something does not take it away: it counts in published figures.
pub(super) fn four_eyes(case: &Case, kind: RemedyCommandKind, context: &Context) -> Result<(), RefusalCode> {
    match kind {
        RemedyCommandKind::File | RemedyCommandKind::Answer | RemedyCommandKind::Conclude => Ok(()),
        RemedyCommandKind::Void => {
            let person = context.person.ok_or(RefusalCode::PersonUnknown)?;
            let mut standing = case.remedies.standing().peekable();
            let none = standing.peek().is_none();
            let anothers =
                |remedy: &Remedy| entered(remedy).any(|part| entered_by(remedy, part) != Some(person));
            if none || standing.any(anothers) {
                Ok(())
            } else {
                Err(RemedyRefusal::RecorderMayNotVoid.into())
            }
        }
    }
}

/// Whether a part of the remedy was entered.
fn is_entered(remedy: &Remedy, part: RemedyPart) -> bool {
    match part {
        RemedyPart::Filing => true,
        RemedyPart::Answer => remedy.answered_on.is_some(),
        RemedyPart::Result => remedy.outcome.is_some(),
    }
}

/// Who entered a part; `None` for the operator.
fn entered_by(remedy: &Remedy, part: RemedyPart) -> Option<PersonId> {
    let [filing, answer, result] = remedy.recorded_by;
    match part {
        RemedyPart::Filing => filing,
        RemedyPart::Answer => answer,
        RemedyPart::Result => result,
    }
}

/// The parts that were entered.
fn entered(remedy: &Remedy) -> impl Iterator<Item = RemedyPart> {
    RemedyPart::ALL.iter().copied().filter(|part| is_entered(remedy, *part))
}

/// Whether somebody could give this command with the right content.
pub(super) fn left_to_do(case: &Case, kind: RemedyCommandKind) -> Result<(), RemedyRefusal> {
    let none = RemedyRefusal::NoSuch { n: 1 };
    match kind {
        RemedyCommandKind::File if case.receipt.received_on.is_none() => Err(RemedyRefusal::NeverReceived),
        RemedyCommandKind::File => Ok(()),
        RemedyCommandKind::Answer => one_passes(case.remedies.standing(), none, may_answer),
        RemedyCommandKind::Conclude => one_passes(case.remedies.standing(), none, may_conclude),
        RemedyCommandKind::Void => {
            let standing = case.remedies.standing();
            let there = standing.flat_map(|remedy| entered(remedy).map(move |part| (remedy, part)));
            one_passes(there, none, |(remedy, part)| may_void(case, remedy, part))
        }
    }
}

/// The earliest day on which what the command says can have happened.
pub(super) fn earliest(case: &Case, command: &RemedyCommand) -> NaiveDate {
    let received = case.receipt.day();
    match command {
        RemedyCommand::File { .. } => received,
        RemedyCommand::Answer { n, .. }
        | RemedyCommand::Conclude { n, .. }
        | RemedyCommand::Void { n, .. } => {
            case.remedies.all.iter().find(|it| it.n == *n).map_or(received, |it| it.received_on)
        }
    }
}

/// Decides upon a command whose date has been checked against [`earliest`] and today.
pub(super) fn decide(
    case: &Case,
    command: RemedyCommand,
    on: NaiveDate,
    context: &Context,
) -> Result<Event, RefusalCode> {
    left_to_do(case, command.kind())?;
    let event = match command {
        RemedyCommand::File { kind, procedure, filed_on, organ, reference } => {
            file(case, (kind, procedure, filed_on), (organ, reference), on)?
        }
        RemedyCommand::Answer { n, evidence } => {
            may_answer(the(case, n)?)?;
            Event::RemedyAnswered(Proved { n, evidence })
        }
        RemedyCommand::Conclude { n, result, decided_on, number, follows } => {
            conclude(case, n, (result, decided_on, follows), number, on, context)?
        }
        RemedyCommand::Void { n, part, reason } => void(case, n, part, reason, context)?,
    };
    agrees(&Situation::of(case, context), &event, on)?;
    Ok(event)
}

fn the(case: &Case, n: u32) -> Result<&Remedy, RemedyRefusal> {
    case.remedies.standing().find(|remedy| remedy.n == n).ok_or(RemedyRefusal::NoSuch { n })
}

fn may_answer(remedy: &Remedy) -> Result<(), RemedyRefusal> {
    match remedy.answered_on {
        Some(on) => Err(RemedyRefusal::Answered { n: remedy.n, on }),
        None => Ok(()),
    }
}

fn may_conclude(remedy: &Remedy) -> Result<(), RemedyRefusal> {
    match remedy.outcome {
        Some(outcome) => Err(RemedyRefusal::Concluded { n: remedy.n, decided_on: outcome.decided_on }),
        None => Ok(()),
    }
}

fn file(
    case: &Case,
    (kind, procedure, filed_on): (RemedyKind, Procedure, Option<NaiveDate>),
    (organ, reference): (TextRef, Option<TextRef>),
    on: NaiveDate,
) -> Result<Event, RefusalCode> {
    if !kind.takes(procedure) {
        return Err(RemedyRefusal::NoSimplified(kind).into());
    }
    if let Some(filed) = filed_on {
        let received = case.receipt.day();
        between(filed, received, on)?;
    }
    let n = u32::try_from(case.remedies.all.len()).unwrap_or(u32::MAX).saturating_add(1);
    Ok(Event::RemedyFiled(RemedyFiled { n, kind, procedure, filed_on, organ, reference }))
}

/// A day that lies neither before what it follows nor after what followed it.
fn between(date: NaiveDate, earliest: NaiveDate, latest: NaiveDate) -> Result<(), RefusalCode> {
    if date < earliest {
        return Err(RefusalCode::DateOutOfOrder { date, earliest });
    }
    if date > latest { Err(RefusalCode::DateTooLate { date, latest }) } else { Ok(()) }
}

/// The decision was made before it reached the agency. It may have been made before the agency heard of the remedy at all: one
/// that was not accepted.
fn conclude(
    case: &Case,
    n: u32,
    (result, decided_on, follows): (RemedyResult, NaiveDate, Follows),
    number: Option<TextRef>,
    on: NaiveDate,
    context: &Context,
) -> Result<Event, RefusalCode> {
    let remedy = the(case, n)?;
    may_conclude(remedy)?;
    not_in_future(decided_on, context.today)?;
    // What is decided about this round's reply is decided in it.
    let of_this_round = remedy.round == case.remedies.rounds.len();
    let earliest = if of_this_round { case.round_began_on() } else { case.receipt.day() };
    between(decided_on, remedy.filed_on.map_or(earliest, |filed| filed.max(earliest)), on)?;
    if let Follows::AnswerAnew { until } = follows {
        orderable(case, result, until, on)?;
    }
    Ok(Event::RemedyConcluded(RemedyConcluded { n, result, decided_on, number, follows }))
}

fn orderable(
    case: &Case,
    result: RemedyResult,
    until: Option<NaiveDate>,
    on: NaiveDate,
) -> Result<(), RefusalCode> {
    if result == RemedyResult::Upheld {
        return Err(RemedyRefusal::UpheldOrdersNothing.into());
    }
    let Some(conclusion) = case.state.conclusion() else { return Err(RemedyRefusal::NotAnswered.into()) };
    if on < conclusion.concluded_on() {
        return Err(RefusalCode::DateOutOfOrder { date: on, earliest: conclusion.concluded_on() });
    }
    let latest = on.checked_add_days(LONGEST_ORDER).unwrap_or(NaiveDate::MAX);
    match until {
        Some(until) if until < on || until > latest => {
            Err(RemedyRefusal::UntilWrong { until, earliest: on, latest }.into())
        }
        Some(_) | None => Ok(()),
    }
}

fn void(
    case: &Case,
    n: u32,
    part: RemedyPart,
    reason: TextRef,
    context: &Context,
) -> Result<Event, RefusalCode> {
    let remedy = the(case, n)?;
    if !is_entered(remedy, part) {
        return Err(RemedyRefusal::NothingToVoid { n, part }.into());
    }
    // With the filing goes all that was entered of it.
    let mut goes = entered(remedy).filter(|one| part == RemedyPart::Filing || *one == part);
    if context.person.is_some() && goes.any(|one| entered_by(remedy, one) == context.person) {
        return Err(RemedyRefusal::RecorderMayNotVoid.into());
    }
    may_void(case, remedy, part)?;
    Ok(Event::RemedyVoided(RemedyVoided { n, part, reason }))
}

/// With a result goes the round that it ordered, as long as nothing was done in it.
fn may_void(case: &Case, remedy: &Remedy, part: RemedyPart) -> Result<(), RemedyRefusal> {
    let ordered = remedy.outcome.is_some_and(|outcome| matches!(outcome.follows, Follows::AnswerAnew { .. }));
    if ordered && part != RemedyPart::Answer && !untouched(case, remedy.n) {
        return Err(RemedyRefusal::AnsweredAnewSince);
    }
    Ok(())
}

/// Whether nothing was done in the round that remedy `n` began.
fn untouched(case: &Case, n: u32) -> bool {
    let begun = case.remedies.order.is_some_and(|order| order.remedy == n);
    let Some(before) = case.remedies.rounds.last() else { return false };
    let same_work = case.state.work() == before.state.work() && case.drafts_made == before.drafts_made;
    begun && same_work && case.state.conclusion().is_none() && case.clock.span().is_none()
}
