//! 移交: a case goes over to another agency, when offices are merged or their tasks move (职能划转). An administrator above both
//! orders it for many cases at once; nobody decides it about one, and no state stands in its way: a limit runs on whoever works.

use chrono::NaiveDate;

use super::Happened;
use crate::domain::case::event::{Event, HandedOver};
use crate::domain::case::state::Case;
use crate::domain::ids::{AgencyId, ReorganisationId};

/// The hand-over of a case on a day, `None` when that agency has it already.
///
/// What was drafted and not issued ends with it, for the reply is made in the name of the agency that then handles the case
/// (Art. 10: whoever goes on with the functions of an agency that was abolished or merged discloses the information). The clock does not
/// stop: a request made on 2026-03-02 whose reply is due on 2026-03-30 is due on that day at the other agency too.
pub fn hand_over(
    case: &Case,
    to: AgencyId,
    on: NaiveDate,
    reorganisation: ReorganisationId,
) -> Option<Happened> {
    (case.custodian != to).then_some(Happened {
        on,
        event: Event::HandedOver(HandedOver { from: case.custodian, to, reorganisation }),
    })
}
