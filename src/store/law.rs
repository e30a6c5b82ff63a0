//! The law by which cases are decided and derived: that of the files, with the years laid over it that were imported since
//! (`calendar_versions`). It changes while the program runs, here or in another instance.
//!
//! How no case is ever derived by a calendar that has been replaced:
//!
//! * Whoever decides takes the book once ([`LawHolder::now`]) and hands the same book to the commit.
//! * A book knows how many stored versions it was made of, its generation. Versions are only ever added, so that equal
//!   generations are equal calendars.
//! * The transaction of a commit first takes its agency's chain (`chain_heads`), then compares the generation with the number
//!   of stored versions. A change of the calendar holds all chains while it runs. So a commit comes either before it, and then
//!   the change finds its case; or after it, and then it is refused and decided once more by the new book.
//! * A server also looks once a second, so that what it only shows is not older than that.

use std::sync::{Arc, PoisonError, RwLock};

use super::error::StoreError;
use super::rows::CalendarVersionRow;
use crate::domain::calendar::CalendarRow;
use crate::law::{LawBook, Year};

/// The law in force, replaceable as a whole.
pub(super) struct LawHolder {
    files: Arc<LawBook>,
    current: RwLock<Arc<LawBook>>,
}

impl LawHolder {
    pub(super) fn new(files: Arc<LawBook>) -> Self {
        Self { current: RwLock::new(Arc::clone(&files)), files }
    }

    /// The book in force.
    pub(super) fn now(&self) -> Arc<LawBook> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lays every stored version over the files' calendars; answers the book that this makes.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when they make no calendar: the files are others than when they were stored.
    pub(super) fn lay_over(&self, versions: &[CalendarVersionRow]) -> Result<Arc<LawBook>, StoreError> {
        let book = Arc::new(overlaid(&self.files, versions)?);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // Two who look at the same time may come here in the wrong order.
        if current.generation() < book.generation() {
            *current = Arc::clone(&book);
        }
        // The same calendars in the same book: who compares them need not look into them.
        Ok(if current.generation() == book.generation() { Arc::clone(&current) } else { book })
    }
}

/// The files' law with the stored versions laid over it, in the order of their versions: the newest of a year counts.
fn overlaid(files: &LawBook, versions: &[CalendarVersionRow]) -> Result<LawBook, StoreError> {
    let years = versions.iter().map(year_of).collect::<Result<Vec<_>, _>>()?;
    let generation = i64::try_from(versions.len()).unwrap_or(i64::MAX);
    files.with_years(&years, generation).map_err(|fault| StoreError::Inconsistent {
        table: "calendar_versions",
        row: "all".to_owned(),
        reason: fault.to_string(),
    })
}

/// The year that a version orders.
///
/// # Errors
/// [`StoreError::Inconsistent`] when its rows are not what this program writes.
pub fn year_of(version: &CalendarVersionRow) -> Result<Year, StoreError> {
    let rows: Vec<CalendarRow> =
        serde_json::from_str(&version.rows).map_err(|error| StoreError::Inconsistent {
            table: "calendar_versions",
            row: format!("{}/{}/{}", version.calendar_id, version.year, version.version),
            reason: error.to_string(),
        })?;
    Ok(Year { calendar: version.calendar_id.clone(), year: version.year, rows })
}
