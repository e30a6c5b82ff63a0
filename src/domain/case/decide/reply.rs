//! 答复: draft, submission, review bound to the content's hash, issue, service.

use super::{Context, attachment};
use crate::domain::case::event::{Digest, Event, ServiceMethod, TextRef};
use crate::domain::case::refusal::{AttachmentRefusal, RefusalCode, ReplyRefusal};
use crate::domain::case::state::Case;
use crate::domain::case::submission::frozen_hash;
use crate::domain::ids::AttachmentId;
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Basis, ReplyNumber, faults, untold};
use crate::domain::review::Route;

/// A version of the reply, as it is proposed.
pub(super) struct Proposed {
    pub outcome: Outcome,
    pub text: TextRef,
    pub content: Digest,
    pub basis: Basis<TextRef>,
}

/// What is not whole yet may be kept; what is wrong may not.
pub(super) fn draft(case: &Case, proposed: Proposed, context: &Context) -> Result<Event, RefusalCode> {
    let Proposed { outcome, text, content, basis } = proposed;
    let mut wrong = faults(context.pack, outcome, &basis, &case.clock.consultations, context.today);
    wrong.retain(|fault| fault.lack.is_wrong());
    if !wrong.is_empty() {
        return Err(ReplyRefusal::Wrong(wrong).into());
    }
    Ok(Event::Drafted { version: case.drafts_made.saturating_add(1), outcome, text, content, basis })
}

/// Whether the newest draft says all that the law asks of its outcome.
pub(super) fn whole(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    let draft = case.state.draft().ok_or(RefusalCode::NoDraft)?;
    let consultations = &case.clock.consultations;
    let lacking = faults(context.pack, draft.outcome, &draft.basis, consultations, context.today);
    if !lacking.is_empty() {
        return Err(ReplyRefusal::Incomplete(lacking).into());
    }
    Ok(attachment::fit_to_send(case)?)
}

/// An objection may have come while the draft was in review: nobody is overridden without being told (Art. 32).
pub(super) fn all_told(case: &Case, context: &Context) -> Result<(), RefusalCode> {
    let draft = case.state.draft().ok_or(RefusalCode::NoDraft)?;
    let untold = untold(context.pack, draft.outcome, &draft.basis, &case.clock.consultations);
    if !untold.is_empty() {
        return Err(ReplyRefusal::Incomplete(untold).into());
    }
    Ok(attachment::fit_to_send(case)?)
}

/// Freezes the draft and the files that go out with it under one hash. What waits to be scanned may turn out to be harmful: it
/// cannot be reviewed yet.
pub(super) fn submit(
    case: &Case,
    route: Route,
    unscanned: &[AttachmentId],
    context: &Context,
) -> Result<Event, RefusalCode> {
    whole(case, context)?;
    let draft = case.state.draft().ok_or(RefusalCode::NoDraft)?;
    let attachments = case.files_to_freeze();
    if let Some(waits) = attachments.iter().find(|file| unscanned.contains(&file.attachment)) {
        return Err(AttachmentRefusal::unscanned(case, waits.attachment).into());
    }
    let content = frozen_hash(draft.content, &attachments);
    Ok(Event::Submitted { version: draft.version, content, attachments, route })
}

pub(super) fn issue(case: &Case, content: Digest, number: Option<ReplyNumber>) -> Result<Event, RefusalCode> {
    same_content(case, content)?;
    let draft = case.state.draft().ok_or(RefusalCode::NoDraft)?;
    Ok(Event::Issued { outcome: draft.outcome, content, number })
}

pub(super) fn same_content(case: &Case, content: Digest) -> Result<(), RefusalCode> {
    match case.state.submission() {
        Some(submission) if submission.content == content => Ok(()),
        Some(_) | None => Err(RefusalCode::ContentDiffers),
    }
}

pub(super) fn dispatch(case: &Case, method: ServiceMethod, evidence: Option<TextRef>) -> Event {
    let made = u32::try_from(case.state.services().len()).unwrap_or(u32::MAX);
    Event::Dispatched { n: made.saturating_add(1), method, evidence }
}

pub(super) fn serve(case: &Case, n: u32, evidence: Option<TextRef>) -> Result<Event, RefusalCode> {
    let service = case
        .state
        .services()
        .iter()
        .find(|service| service.n == n)
        .ok_or(RefusalCode::NoSuchService { n })?;
    if service.served_on.is_some() {
        return Err(RefusalCode::AlreadyServed { n });
    }
    Ok(Event::Served { n, evidence })
}
