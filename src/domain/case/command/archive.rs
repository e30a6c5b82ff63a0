//! What archiving says besides the day.

use crate::domain::archive::{Retention, Shelf};
use crate::domain::case::event::TextRef;

/// Archiving (归档).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Where it lies, or a note.
    pub note: Option<TextRef>,
    /// The office's settings for its archive.
    pub shelf: Shelf,
    /// How long it is kept, when that is longer than by rule.
    pub retention: Option<Retention>,
    /// Why.
    pub reason: Option<TextRef>,
}
