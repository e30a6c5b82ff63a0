//! Archiving as it is asked for, its words still in clear.

use crate::app::error::AppError;
use crate::app::people::{Sealer, TextKind};
use crate::domain::archive::{Retention, Shelf};
use crate::domain::case::command::Filing;

/// See [`Filing`].
#[derive(Clone, Debug, Default)]
pub struct FilingOrder {
    /// Where it lies, or a note.
    pub note: Option<String>,
    /// How long it is kept, when that is longer than by rule.
    pub retention: Option<Retention>,
    /// Why.
    pub reason: Option<String>,
    /// The office's settings, as they are read when the order is carried out.
    pub shelf: Option<Shelf>,
}

pub(super) fn seal(order: &FilingOrder, sealer: &mut Sealer) -> Result<Filing, AppError> {
    let shelf =
        order.shelf.clone().ok_or_else(|| AppError::Internal("an office without a shelf".to_owned()))?;
    Ok(Filing {
        note: sealer.optional_text(TextKind::Note, order.note.as_deref())?,
        shelf,
        retention: order.retention,
        reason: sealer.optional_text(TextKind::Archive, order.reason.as_deref())?,
    })
}
