//! What a relation makes of a case: a line in its list; of the one that was merged into another, its end.

use super::clock::over;
use crate::domain::case::event::{Recorded, Related};
use crate::domain::case::relation::{Direction, Relation, RelationKind};
use crate::domain::case::state::{Case, LapseGround};

pub(super) fn related(mut case: Case, related: &Related, recorded: &Recorded) -> Case {
    let Related { n, kind, direction, agency, case: other, reason } = related.clone();
    case.relations.push(Relation { n, kind, direction, agency, case: other, on: recorded.on, reason });
    // With what a case begins or ends its steps go on; all else stands beside them.
    match (kind, direction) {
        (RelationKind::Merged, Direction::To) => {
            case.latest_on = case.latest_on.max(recorded.on);
            case.state = over(case.state, LapseGround::Merged, n, recorded.on);
        }
        (RelationKind::HandedOn | RelationKind::Split, Direction::From) => {
            case.latest_on = case.latest_on.max(recorded.on);
        }
        (RelationKind::HandedOn | RelationKind::Split, Direction::To)
        | (RelationKind::Merged, Direction::From)
        | (RelationKind::Repeat | RelationKind::Supplement, _) => {}
    }
    case
}
