//! What can be said of a command before its content is known: where the case stands, and four eyes. The same
//! check answers `allowed_actions`, so that the list shown and the rule enforced cannot differ.

use super::clock::{self, Situation};
use super::{
    Context, attachment, contact, disposal, intake, label, publication, relation, remedy, reply, review,
};
use crate::domain::case::command::{Command, CommandKind, ReplyKind};
use crate::domain::case::refusal::RefusalCode;
use crate::domain::case::state::{Case, State, Status};
use crate::domain::ids::PersonId;
use crate::domain::statute::ReceiptRule;

/// The commands that somebody could give to the case as it stands.
pub fn possible(case: &Case, context: &Context) -> Vec<CommandKind> {
    let situation = Situation::of(case, context);
    let by_somebody = |kind: &CommandKind| {
        in_place(case, *kind)
            .and_then(|()| ready(case, *kind, context))
            .and_then(|()| left_to_do(&situation, *kind))
    };
    CommandKind::ALL.iter().copied().filter(|kind| by_somebody(kind).is_ok()).collect()
}

/// Whether a command of this kind belongs to this status. One line for each command: the whole flow of the five
/// stages can be read here.
fn belongs(kind: CommandKind, status: Status) -> bool {
    use Status as S;
    let places: &[Status] = match kind {
        CommandKind::Confirm => &[S::AwaitingConfirmation, S::Received],
        CommandKind::Register => &[S::Received],
        CommandKind::Assign => &[S::Registered, S::Assigned, S::InProcess],
        CommandKind::AssignCoHandling | CommandKind::Return => &[S::Assigned, S::InProcess],
        CommandKind::Acknowledge => &[S::Assigned, S::InProcess, S::InReview],
        CommandKind::Draft | CommandKind::Submit => &[S::InProcess],
        CommandKind::ReviewLegal | CommandKind::ReviewSecrecy => &[S::InReview],
        // The authority answers when it does, whatever became of the version that was in review.
        CommandKind::Reply(ReplyKind::AnswerReferral) => &[
            S::Registered,
            S::Assigned,
            S::InProcess,
            S::InReview,
            S::Approved,
            S::Replied,
            S::Withdrawn,
            S::Lapsed,
        ],
        CommandKind::SignOff => &[S::InReview, S::Approved],
        CommandKind::Issue => &[S::Approved],
        CommandKind::Dispatch | CommandKind::Serve => &[S::Replied, S::Lapsed],
        CommandKind::Withdraw => &[
            S::AwaitingConfirmation,
            S::Received,
            S::Registered,
            S::Assigned,
            S::InProcess,
            S::InReview,
            S::Approved,
        ],
        CommandKind::Archive => &[S::Replied, S::Withdrawn, S::Lapsed],
        CommandKind::Clock(kind) => clock::places(kind),
        CommandKind::Disposal(_) | CommandKind::Label(_) | CommandKind::Amend | CommandKind::AmendReceipt => {
            Status::ALL
        }
        CommandKind::Remedy(kind) => remedy::places(kind),
        CommandKind::Contact(kind) => contact::places(kind),
        CommandKind::Publication(_) => publication::places(),
        CommandKind::Attachment(kind) => attachment::places(kind),
        CommandKind::Relation(kind) => relation::places(kind),
    };
    places.contains(&status)
}

/// Whether this person could give a command of this kind now, its content aside.
///
/// # Errors
/// The reason why not.
pub fn precheck(case: &Case, kind: CommandKind, context: &Context) -> Result<(), RefusalCode> {
    admissible(case, kind, Acting::himself(context))?;
    left_to_do(&Situation::of(case, context), kind)
}

/// The same for every kind.
pub fn prechecks(case: &Case, context: &Context) -> Vec<(CommandKind, Result<(), RefusalCode>)> {
    let situation = Situation::of(case, context);
    let checked =
        |kind| admissible(case, kind, Acting::himself(context)).and_then(|()| left_to_do(&situation, kind));
    CommandKind::ALL.iter().map(|kind| (*kind, checked(*kind))).collect()
}

/// The same before the content is looked at, which says more exactly what is not left to do.
pub(super) fn admissible(case: &Case, kind: CommandKind, acting: Acting) -> Result<(), RefusalCode> {
    in_place(case, kind)?;
    four_eyes(case, kind, acting)?;
    ready(case, kind, acting.context)
}

/// Who acts, and for whom.
#[derive(Clone, Copy)]
pub(super) struct Acting<'a> {
    pub context: &'a Context<'a>,
    /// The absent person whose step it is, when it is not his own.
    pub acting_for: Option<PersonId>,
}

impl<'a> Acting<'a> {
    pub(super) fn himself(context: &'a Context<'a>) -> Self {
        Self { context, acting_for: None }
    }

    pub(super) fn of(command: &Command, context: &'a Context<'a>) -> Self {
        let acting_for = if let Command::Review { acting_for, .. } = command { *acting_for } else { None };
        Self { context, acting_for }
    }
}

/// Whether the case stands where the command belongs.
fn in_place(case: &Case, kind: CommandKind) -> Result<(), RefusalCode> {
    let status = case.state.status();
    if belongs(kind, status) { Ok(()) } else { Err(RefusalCode::WrongStatus { command: kind, status }) }
}

/// Whether it is this person's to give.
fn four_eyes(case: &Case, kind: CommandKind, acting: Acting) -> Result<(), RefusalCode> {
    let context = acting.context;
    match kind {
        CommandKind::Draft => somebody(context).map(|_| ()),
        CommandKind::ReviewLegal | CommandKind::ReviewSecrecy | CommandKind::SignOff => {
            kind.step().map_or(Ok(()), |step| review::may_review(case, step, acting))
        }
        CommandKind::Issue => not_the_drafter(case, context).map(|_| ()),
        CommandKind::AmendReceipt => not_the_recorder(case, context),
        CommandKind::Clock(kind) => clock::four_eyes(case, kind, context),
        CommandKind::Remedy(kind) => remedy::four_eyes(case, kind, context),
        CommandKind::Disposal(kind) => disposal::four_eyes(case, kind, context),
        CommandKind::Publication(kind) => publication::four_eyes(case, kind, context),
        CommandKind::Confirm
        | CommandKind::Register
        | CommandKind::Assign
        | CommandKind::AssignCoHandling
        | CommandKind::Acknowledge
        | CommandKind::Return
        | CommandKind::Submit
        | CommandKind::Reply(ReplyKind::AnswerReferral)
        | CommandKind::Dispatch
        | CommandKind::Serve
        | CommandKind::Withdraw
        | CommandKind::Archive
        | CommandKind::Attachment(_)
        | CommandKind::Amend
        | CommandKind::Label(_)
        | CommandKind::Contact(_)
        | CommandKind::Relation(_) => Ok(()),
    }
}

/// Whether what it needs is there, whoever gives it.
fn ready(case: &Case, kind: CommandKind, context: &Context) -> Result<(), RefusalCode> {
    disposal::still_there(case)?;
    match kind {
        CommandKind::Confirm => confirmable(case, context),
        CommandKind::Submit => reply::whole(case, context),
        CommandKind::Reply(ReplyKind::AnswerReferral) => review::awaiting(case).map(|_| ()),
        CommandKind::Issue => {
            reply::all_told(case, context).and_then(|()| review::not_found_secret(case, context))
        }
        CommandKind::ReviewLegal | CommandKind::ReviewSecrecy | CommandKind::SignOff => {
            kind.step().map_or(Ok(()), |step| review::is_due(case, step))
        }
        CommandKind::Archive => archivable(case),
        CommandKind::Contact(kind) => contact::ready(case, kind),
        CommandKind::Relation(kind) => relation::ready(case, kind, context),
        CommandKind::Publication(kind) => publication::ready(case, kind, context),
        CommandKind::Register
        | CommandKind::Assign
        | CommandKind::AssignCoHandling
        | CommandKind::Acknowledge
        | CommandKind::Return
        | CommandKind::Draft
        | CommandKind::Dispatch
        | CommandKind::Serve
        | CommandKind::Withdraw
        | CommandKind::Amend
        | CommandKind::AmendReceipt
        | CommandKind::Clock(_)
        | CommandKind::Remedy(_)
        | CommandKind::Disposal(_)
        | CommandKind::Label(_)
        | CommandKind::Attachment(_) => Ok(()),
    }
}

/// Whether there is an assignment to acknowledge, a dispatch to serve, an answer to record: which one, the content will
/// say.
fn left_to_do(situation: &Situation, kind: CommandKind) -> Result<(), RefusalCode> {
    if let CommandKind::Clock(kind) = kind {
        return clock::left_to_do(situation, kind).map_err(RefusalCode::from);
    }
    if let CommandKind::Attachment(kind) = kind {
        return attachment::left_to_do(situation.case(), kind).map_err(RefusalCode::from);
    }
    let case = situation.case();
    if let CommandKind::Remedy(kind) = kind {
        return remedy::left_to_do(case, kind).map_err(RefusalCode::from);
    }
    if let CommandKind::Disposal(kind) = kind {
        return disposal::left_to_do(case, kind);
    }
    if let CommandKind::Label(kind) = kind {
        return label::left_to_do(case, kind);
    }
    let (open, done) = if kind == CommandKind::Acknowledge
        && let Some(work) = case.state.work()
    {
        let all = || std::iter::once(&work.lead).chain(&work.helpers);
        (all().any(|it| it.acknowledged_on.is_none()), RefusalCode::AlreadyAcknowledged { n: work.lead.n })
    } else if kind == CommandKind::Serve {
        let services = case.state.services();
        let done = services
            .last()
            .map_or(RefusalCode::NoSuchService { n: 1 }, |last| RefusalCode::AlreadyServed { n: last.n });
        (services.iter().any(|it| it.served_on.is_none()), done)
    } else {
        return Ok(());
    };
    if open { Ok(()) } else { Err(done) }
}

fn confirmable(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    match intake::rule(context.pack, case.receipt.channel) {
        ReceiptRule::HandedIn | ReceiptRule::Signed => Err(RefusalCode::NothingToConfirm),
        ReceiptRule::Confirmed | ReceiptRule::Submitted if case.receipt.confirmed_on.is_some() => {
            Err(RefusalCode::AlreadyConfirmed)
        }
        ReceiptRule::Confirmed | ReceiptRule::Submitted => Ok(()),
    }
}

/// The operator at the server is nobody whose eyes could be counted: he takes no part in a reply.
fn somebody(context: &Context) -> Result<PersonId, RefusalCode> {
    context.person.ok_or(RefusalCode::PersonUnknown)
}

pub(super) fn not_the_drafter(case: &Case, context: &Context) -> Result<PersonId, RefusalCode> {
    let person = somebody(context)?;
    if case.drafters.contains(&person) { Err(RefusalCode::DrafterMayNotReview) } else { Ok(person) }
}

/// A file is closed when the reply has reached the applicant (or the request was taken back). A reply taken over
/// with a ledger was served before our time.
fn archivable(case: &Case) -> Result<(), RefusalCode> {
    match &case.state {
        State::Replied { reply, services, .. } => {
            let served = services.iter().any(|service| service.served_on.is_some());
            if reply.draft.is_none() || served { Ok(()) } else { Err(RefusalCode::ReplyNotServed) }
        }
        State::AwaitingConfirmation
        | State::Received
        | State::Registered(_)
        | State::Assigned { .. }
        | State::InProcess { .. }
        | State::InReview { .. }
        | State::Approved { .. }
        | State::Withdrawn { .. }
        | State::Lapsed { .. }
        | State::Archived { .. } => Ok(()),
    }
}

/// A change of the date of receipt moves the clock: the approver who makes it is neither the one who recorded the
/// arrival nor the one who recorded the confirmation.
fn not_the_recorder(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    let recorders = [case.receipt.recorded_by, case.receipt.confirmed_by];
    if context.person.is_some() && recorders.contains(&context.person) {
        return Err(RefusalCode::AmenderRecordedReceipt);
    }
    Ok(())
}
