//! What is asked for about the archive, mostly with the content that fits.

use super::*;
use crate::domain::archive::Retention;
use crate::domain::case::command::DisposalKind;
use crate::domain::case::event::{ErasureGround, Proposal};

pub(super) fn content(file: &File, kind: DisposalKind, detail: u8, pick: u8) -> Command {
    let archive = &file.case.archive;
    let fits = !detail.is_multiple_of(11);
    let n = |open: Option<u32>| open.filter(|_| fits).unwrap_or(u32::from(pick % 4));
    let hold = archive.holds.iter().find(|hold| hold.lifted_on.is_none()).map(|hold| hold.n);
    let proposal = match pick % 6 {
        0 => Proposal::Dispose,
        1 => Proposal::Retain { retention: Retention::Permanent },
        2 => Proposal::Retain { retention: Retention::Years30 },
        3 => Proposal::Erase { ground: ErasureGround::RetentionEnded },
        4 => Proposal::Erase { ground: ErasureGround::Unlawful },
        _ => Proposal::Erase { ground: ErasureGround::OtherLaw },
    };
    match kind {
        DisposalKind::PlaceHold => ask::hold(),
        DisposalKind::LiftHold => ask::lift(n(hold)),
        DisposalKind::ProposeAppraisal => ask::propose(proposal),
        DisposalKind::DecideAppraisal => {
            ask::appraise(n(archive.open_appraisal().map(|open| open.n)), !pick.is_multiple_of(5))
        }
    }
}

pub(super) fn whose(kind: DisposalKind) -> PersonId {
    match kind {
        DisposalKind::PlaceHold | DisposalKind::ProposeAppraisal => ARCHIVIST,
        DisposalKind::LiftHold | DisposalKind::DecideAppraisal => APPROVER,
    }
}
