//! Whether a command may be carried out on a case as it stands, and what happens when it is.
//!
//! `decide` is pure: today's date, the statute, the calendar and the person who acts come in through [`Context`].
//! It returns the events to record, or a [`Refusal`] that says why not and what would be possible instead.

mod amend;
mod archive;
mod attachment;
mod check;
mod clock;
mod contact;
mod custody;
mod disposal;
mod import;
mod intake;
mod label;
mod publication;
mod relation;
mod remedy;
mod reply;
mod review;
mod work;

use chrono::NaiveDate;

use super::command::{Command, CommandKind, ReplyCommand};
use super::event::Event;
use super::refusal::{Refusal, RefusalCode};
use super::state::Case;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::ids::PersonId;
use crate::domain::statute::StatutePack;

pub use check::{possible, precheck, prechecks};
pub use custody::hand_over;
pub use import::{ImportedRow, import};
pub use intake::open;
pub use relation::{TakenOver, begin_from, is_confirmed, pointed_at, receipt_of_part};

use reply::Proposed;
use review::Decided;

/// What the rules may look at besides the case.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Today's civil date in the agency's zone.
    pub today: NaiveDate,
    /// The statute under which the case is handled.
    pub pack: &'a StatutePack,
    /// The working calendar by which the case is counted: the statute's, or a region's that extends it.
    pub calendar: &'a WorkingCalendar,
    /// Who acts; `None` is the operator at the server, who takes no part in review.
    pub person: Option<PersonId>,
}

impl Context<'_> {
    /// The calendar's id, when it is not the statute's own.
    fn own_calendar(&self) -> Option<String> {
        (self.calendar.id() != self.pack.calendar).then(|| self.calendar.id().to_owned())
    }
}

/// An event that is to be recorded, and the civil date on which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The civil date, in the agency's zone.
    pub on: NaiveDate,
    /// What happened.
    pub event: Event,
}

/// Decides upon `command`, which says what happened on the civil date `on`.
///
/// # Errors
/// A [`Refusal`] when the case does not stand where the command belongs, when the date is in the future or before
/// the step it follows, when the person may not take this step (four eyes), or when the content differs from what
/// was reviewed. Nothing is changed then.
pub fn decide(
    case: &Case,
    command: Command,
    on: NaiveDate,
    context: &Context,
) -> Result<Vec<Happened>, Refusal> {
    let kind = command.kind();
    decide_inner(case, command, on, context, kind)
        .map(|event| vec![Happened { on, event }])
        .map_err(|code| Refusal { code, allowed: possible(case, context) })
}

fn decide_inner(
    case: &Case,
    command: Command,
    on: NaiveDate,
    context: &Context,
    kind: CommandKind,
) -> Result<Event, RefusalCode> {
    check::admissible(case, kind, check::Acting::of(&command, context))?;
    check_date(case, &command, on, context)?;
    match command {
        Command::Confirm { evidence } => intake::confirm(case, on, evidence, context),
        Command::Register { subject, documents } => Ok(intake::register(on, subject, documents)),
        Command::Assign { kind, department, assignee, note } => {
            work::assign(case, kind, department, assignee, note)
        }
        Command::Acknowledge { n } => work::acknowledge(case, n),
        Command::Return { n, reason } => work::hand_back(case, n, reason),
        Command::Draft { outcome, text, content, basis } => {
            reply::draft(case, Proposed { outcome, text, content, basis: *basis }, context)
        }
        Command::Submit { route, unscanned } => reply::submit(case, route, &unscanned, context),
        Command::Review { step, decision, content, opinion, acting_for, checklist } => {
            let decided = Decided { step, decision, content, opinion, acting_for, checklist };
            review::decide(case, decided, context)
        }
        Command::Reply(ReplyCommand::AnswerReferral { finding, text }) => review::answer(case, finding, text),
        Command::Issue { content, number } => reply::issue(case, content, number),
        Command::Dispatch { method, evidence } => Ok(reply::dispatch(case, method, evidence)),
        Command::Serve { n, evidence } => reply::serve(case, n, evidence),
        Command::Withdraw { reason } => Ok(Event::Withdrawn { reason }),
        Command::Archive(filing) => archive::file(case, filing, on, context),
        Command::Amend { amend, reason } => amend::amend(case, amend, reason, context),
        Command::Clock(command) => clock::decide(case, command, on, context),
        Command::Remedy(command) => remedy::decide(case, command, on, context),
        Command::Disposal(command) => disposal::decide(case, command, on, context),
        Command::Label(command) => label::decide(case, command),
        Command::Contact(command) => Ok(contact::decide(case, command)),
        Command::Publication(command) => publication::decide(case, command, context),
        Command::Attachment(command) => attachment::decide(case, command),
        Command::Relation(command) => relation::decide(case, command),
    }
}

/// Whether one of several passes a check; the last one's reason why not, or `none` where there are none.
fn one_passes<T, E>(
    all: impl IntoIterator<Item = T>,
    none: E,
    check: impl Fn(T) -> Result<(), E>,
) -> Result<(), E> {
    let mut outcome = Err(none);
    for one in all {
        outcome = check(one);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// The past is allowed, the future is not; a step does not precede the one it follows.
fn check_date(case: &Case, command: &Command, on: NaiveDate, context: &Context) -> Result<(), RefusalCode> {
    not_in_future(on, context.today)?;
    let received = case.receipt.day();
    let earliest = match command {
        Command::Confirm { .. } | Command::Amend { .. } | Command::Attachment(_) | Command::Label(_) => {
            case.receipt.arrived_on
        }
        Command::Withdraw { .. } => {
            let by_clock = case.clock.span().map_or(received, |(_, latest)| latest);
            let by_order = case.round_began_on();
            received.max(case.receipt.arrived_on).max(by_clock).max(by_order)
        }
        Command::Clock(command) => clock::earliest(case, command),
        Command::Remedy(command) => remedy::earliest(case, command),
        Command::Disposal(command) => disposal::earliest(case, command),
        Command::Contact(command) => contact::earliest(case, command),
        Command::Relation(command) => relation::earliest(case, command),
        Command::Publication(command) => publication::earliest(case, command),
        Command::Dispatch { .. } => {
            case.state.conclusion().map_or(case.latest_on, |conclusion| conclusion.concluded_on())
        }
        Command::Serve { n, .. } => case
            .state
            .services()
            .iter()
            .find(|service| service.n == *n)
            .map_or(case.latest_on, |service| service.dispatched_on),
        Command::Acknowledge { n } => {
            work::open_assignment(case, *n).map_or(case.latest_on, |found| found.assigned_on)
        }
        Command::Register { .. }
        | Command::Assign { .. }
        | Command::Return { .. }
        | Command::Draft { .. }
        | Command::Submit { .. }
        | Command::Review { .. }
        | Command::Reply(_)
        | Command::Issue { .. }
        | Command::Archive(_) => case.latest_on.max(received),
    };
    if on < earliest { Err(RefusalCode::DateOutOfOrder { date: on, earliest }) } else { Ok(()) }
}

fn not_in_future(date: NaiveDate, today: NaiveDate) -> Result<(), RefusalCode> {
    if date > today { Err(RefusalCode::DateInFuture { date, today }) } else { Ok(()) }
}

/// A date of receipt from which no limit can be computed is refused rather than guessed.
fn within_calendar(date: NaiveDate, calendar: &WorkingCalendar) -> Result<(), RefusalCode> {
    match NaiveDate::from_ymd_opt(*calendar.coverage().start(), 1, 1) {
        Some(first) if date < first => Err(RefusalCode::DateBeforeCalendar { date, first }),
        Some(_) | None => Ok(()),
    }
}
