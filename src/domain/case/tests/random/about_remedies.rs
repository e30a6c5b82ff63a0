//! What is asked for about remedies, mostly with the content that fits.

use super::*;
use crate::domain::case::command::RemedyCommandKind as K;
use crate::domain::case::event::{Follows, RemedyPart};
use crate::domain::case::state::Conclusion;
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};

/// The number of this turn, after those of the clock.
pub(super) const ABOUT: u8 = 5;

pub(super) fn content(file: &File, kind: K, detail: u8, pick: u8) -> Command {
    let remedies = &file.case.remedies;
    let fits = !detail.is_multiple_of(11);
    let open = remedies.standing().filter(|remedy| match kind {
        K::File => false,
        K::Answer => remedy.answered_on.is_none(),
        K::Conclude => remedy.outcome.is_none(),
        K::Void => true,
    });
    let found = open.last();
    let n = found.filter(|_| fits).map_or(u32::from(pick % 4), |remedy| remedy.n);
    match kind {
        K::File => {
            let kind = RemedyKind::ALL[usize::from(pick) % RemedyKind::ALL.len()];
            ask::file_by(kind, Procedure::ALL[usize::from(detail) % 2])
        }
        K::Answer => ask::answer_remedy(n),
        K::Conclude => {
            let result = RemedyResult::ALL[usize::from(pick) % RemedyResult::ALL.len()];
            let received = found.map_or(file.today, |remedy| remedy.received_on);
            let decided_on = if detail.is_multiple_of(5) { file.today } else { received };
            ask::result_on(n, result, decided_on, follows(file, detail))
        }
        K::Void => ask::void(n, RemedyPart::ALL[usize::from(pick) % RemedyPart::ALL.len()]),
    }
}

/// Mostly an order where there is a reply to be given anew. That others are handled anew too is told in `remedies.rs`.
fn follows(file: &File, detail: u8) -> Follows {
    let until = match detail % 4 {
        0 => None,
        1 => Some(file.today + Days::new(u64::from(detail))),
        _ => Some(file.today + Days::new(400) - Days::new(3 * u64::from(detail))),
    };
    match file.case.state.conclusion() {
        Some(Conclusion::Replied { .. }) | None if !detail.is_multiple_of(3) => Follows::AnswerAnew { until },
        Some(_) | None => Follows::Nothing,
    }
}

/// A case that was answered, served, and perhaps archived.
pub(super) fn under_way(turn: Turn) -> File {
    let mut file = if turn.silent { brought_to(Status::Archived) } else { brought_to(Status::Replied) };
    file.does(CLERK, ask::file(RemedyKind::Reconsideration), "2026-04-13");
    file.today = day("2026-06-01");
    file
}

/// Whose task it is.
pub(super) fn whose(kind: K, either: impl Fn(PersonId, PersonId) -> PersonId) -> PersonId {
    match kind {
        K::File | K::Answer | K::Conclude => either(CLERK, LEGAL),
        K::Void => either(APPROVER, CLERK),
    }
}
