//! What becomes of a file: holds (暂缓处置), appraisal when its period has ended (鉴定; 档案法实施条例 第24条), and the erasure
//! of personal data (个人信息保护法 第47条). The archivist proposes, the approver decides, and these are two persons.

use chrono::NaiveDate;

use super::Context;
use crate::domain::case::archive_record::{Hold, kept};
use crate::domain::case::clock_record::Counted;
use crate::domain::case::command::{DisposalCommand, DisposalKind};
use crate::domain::case::event::{
    AppraisalDecided, AppraisalProposed, ErasureGround, Event, Held, Proposal, TextRef,
};
use crate::domain::case::refusal::{ArchiveRefusal, RefusalCode};
use crate::domain::case::state::Case;

/// Four eyes, by person: who proposed does not decide.
pub(super) fn four_eyes(case: &Case, kind: DisposalKind, context: &Context) -> Result<(), RefusalCode> {
    let somebody = || context.person.ok_or(RefusalCode::PersonUnknown);
    match kind {
        DisposalKind::PlaceHold | DisposalKind::LiftHold | DisposalKind::ProposeAppraisal => {
            somebody().map(|_| ())
        }
        DisposalKind::DecideAppraisal => {
            let person = somebody()?;
            let proposer = case.archive.open_appraisal().and_then(|open| open.proposed_by);
            if proposer == Some(person) { Err(ArchiveRefusal::ProposerMayNotAppraise.into()) } else { Ok(()) }
        }
    }
}

/// Nothing is done to a file that is no more.
pub(super) fn still_there(case: &Case) -> Result<(), RefusalCode> {
    match case.archive.disposed_on {
        Some(on) => Err(ArchiveRefusal::Disposed { on }.into()),
        None => Ok(()),
    }
}

/// Whether somebody could give this command with the right content.
pub(super) fn left_to_do(case: &Case, kind: DisposalKind) -> Result<(), RefusalCode> {
    let archive = &case.archive;
    let refused = match kind {
        DisposalKind::PlaceHold => None,
        DisposalKind::LiftHold if archive.is_held() => None,
        DisposalKind::LiftHold => Some(
            archive
                .holds
                .last()
                .map_or(ArchiveRefusal::NoSuchHold { n: 1 }, |hold| ArchiveRefusal::HoldLifted { n: hold.n }),
        ),
        DisposalKind::ProposeAppraisal => {
            archive.open_appraisal().map(|open| ArchiveRefusal::AppraisalOpen { n: open.n })
        }
        DisposalKind::DecideAppraisal if archive.open_appraisal().is_some() => None,
        DisposalKind::DecideAppraisal => {
            Some(archive.appraisals.last().map_or(ArchiveRefusal::NoSuchAppraisal { n: 1 }, |last| {
                ArchiveRefusal::AppraisalDecided { n: last.n }
            }))
        }
    };
    refused.map_or(Ok(()), |refused| Err(refused.into()))
}

/// The earliest day on which what the command says can have happened.
pub(super) fn earliest(case: &Case, command: &DisposalCommand) -> NaiveDate {
    let arrived = case.receipt.arrived_on;
    let since = match command {
        DisposalCommand::PlaceHold { .. } => None,
        DisposalCommand::LiftHold { n, .. } => find(&case.archive.holds, *n).map(|hold| hold.placed_on),
        DisposalCommand::ProposeAppraisal { .. } => {
            case.archive.appraisals.iter().filter_map(|it| it.decided.map(|(_, on)| on)).max()
        }
        DisposalCommand::DecideAppraisal { n, .. } => {
            find(&case.archive.appraisals, *n).map(|it| it.proposed_on)
        }
    };
    since.map_or(arrived, |since| since.max(arrived))
}

/// Decides upon a command whose date has been checked against [`earliest`] and today.
pub(super) fn decide(
    case: &Case,
    command: DisposalCommand,
    on: NaiveDate,
    context: &Context,
) -> Result<Event, RefusalCode> {
    match command {
        DisposalCommand::PlaceHold { reason } => {
            Ok(Event::HoldPlaced(Held { n: next(&case.archive.holds), reason }))
        }
        DisposalCommand::LiftHold { n, reason } => lift(case, n, reason),
        DisposalCommand::ProposeAppraisal { proposal, reason } => {
            left_to_do(case, DisposalKind::ProposeAppraisal)?;
            may(case, proposal, on, context)?;
            let n = next(&case.archive.appraisals);
            Ok(Event::AppraisalProposed(AppraisalProposed { n, proposal, reason }))
        }
        DisposalCommand::DecideAppraisal { n, approve, opinion } => {
            let found = find(&case.archive.appraisals, n).ok_or(ArchiveRefusal::NoSuchAppraisal { n })?;
            if found.decided.is_some() {
                return Err(ArchiveRefusal::AppraisalDecided { n }.into());
            }
            let proposal = found.proposal;
            if approve {
                may(case, proposal, on, context)?;
            }
            Ok(Event::AppraisalDecided(AppraisalDecided { n, proposal, approve, opinion }))
        }
    }
}

fn lift(case: &Case, n: u32, reason: TextRef) -> Result<Event, RefusalCode> {
    let hold: &Hold = find(&case.archive.holds, n).ok_or(ArchiveRefusal::NoSuchHold { n })?;
    if hold.lifted_on.is_some() {
        return Err(ArchiveRefusal::HoldLifted { n }.into());
    }
    Ok(Event::HoldLifted(Held { n, reason }))
}

/// Whether this may become of the file on that day.
fn may(case: &Case, proposal: Proposal, on: NaiveDate, context: &Context) -> Result<(), RefusalCode> {
    match proposal {
        Proposal::Dispose | Proposal::Erase { ground: ErasureGround::RetentionEnded } => {
            ended(case, on, context)
        }
        Proposal::Retain { retention } => {
            let kept = kept(case, &context.pack.retention).ok_or(ArchiveRefusal::NotArchived)?;
            if retention > kept.retention {
                Ok(())
            } else {
                Err(ArchiveRefusal::RetentionNotLonger { asked: retention, kept: kept.retention }.into())
            }
        }
        // The law's own grounds wait neither for the archive's period nor for a hold to be lifted.
        Proposal::Erase { ground: ErasureGround::Unlawful | ErasureGround::OtherLaw } => Ok(()),
    }
}

/// The period has run out, on a day after its last, no hold stands, and nobody examines the reply.
fn ended(case: &Case, on: NaiveDate, context: &Context) -> Result<(), RefusalCode> {
    let kept = kept(case, &context.pack.retention).ok_or(ArchiveRefusal::NotArchived)?;
    if let Some(hold) = case.archive.holds.iter().find(|hold| hold.lifted_on.is_none()) {
        return Err(ArchiveRefusal::OnHold { n: hold.n }.into());
    }
    if let Some(pending) = case.remedies.standing().find(|remedy| remedy.outcome.is_none()) {
        return Err(ArchiveRefusal::RemedyPending { n: pending.n }.into());
    }
    match kept.ends_on {
        None => Err(ArchiveRefusal::KeptForEver.into()),
        Some(until) if on <= until => Err(ArchiveRefusal::RetentionRunning { until }.into()),
        Some(_) => Ok(()),
    }
}

fn find<T: Counted>(all: &[T], n: u32) -> Option<&T> {
    all.iter().find(|it| it.n() == n)
}

fn next<T>(all: &[T]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX).saturating_add(1)
}
