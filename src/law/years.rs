//! Years of a calendar as they are announced, or amended, after the law files were written.

use super::{Entry, LawBook};
use crate::domain::calendar::{CalendarError, CalendarRow, WorkingCalendar};
use chrono::Datelike;
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;

/// The rows of one year of one calendar; they take the place of those the calendar had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// The calendar's id.
    pub calendar: String,
    /// The year.
    pub year: i32,
    /// Every exception of the year.
    pub rows: Vec<CalendarRow>,
}

/// Why years are not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum YearFault {
    /// There is no such calendar.
    #[error("there is no calendar `{0}`")]
    UnknownCalendar(String),
    /// A row lies in another year.
    #[error("{row} does not lie in {year}")]
    OtherYear {
        /// The year.
        year: i32,
        /// The row's day.
        row: chrono::NaiveDate,
    },
    /// The calendar that follows is none.
    #[error("calendar `{calendar}`: {error}")]
    Calendar {
        /// Which: the one changed, or a region of it.
        calendar: String,
        /// Why.
        error: CalendarError,
    },
}

impl LawBook {
    /// The same law with these years in the place of those it had; of two for the same year the later counts. Regions follow
    /// the calendar they extend. `generation` is that of the new book.
    ///
    /// # Errors
    ///
    /// The first fault. A country's year without any row is one ([`CalendarError::YearMissing`], [`CalendarError::Empty`]) unless
    /// it is the first or the last, which is then no longer covered.
    pub fn with_years(&self, years: &[Year], generation: i64) -> Result<Self, YearFault> {
        let mut book = self.clone();
        book.generation = generation;
        let mut changed: BTreeMap<&str, Vec<CalendarRow>> = BTreeMap::new();
        for Year { calendar, year, rows } in years {
            let entry = self.calendars.get(calendar);
            let entry = entry.ok_or_else(|| YearFault::UnknownCalendar(calendar.clone()))?;
            if let Some(row) = rows.iter().find(|row| row.date.year() != *year) {
                return Err(YearFault::OtherYear { year: *year, row: row.date });
            }
            let all = changed.entry(calendar).or_insert_with(|| entry.rows.clone());
            all.retain(|row| row.date.year() != *year);
            all.extend(rows.iter().cloned());
        }
        for rows in changed.values_mut() {
            rows.sort_by_key(|row| row.date);
        }
        // Countries first: their regions are made of them.
        for base in [true, false] {
            for (id, entry) in self.calendars.iter().filter(|(_, entry)| entry.base.is_none() == base) {
                let follows = entry.base.as_deref().is_some_and(|base| changed.contains_key(base));
                if follows || changed.contains_key(id.as_str()) {
                    let rows = changed.get(id.as_str()).unwrap_or(&entry.rows).clone();
                    let made = book.made(id, entry, rows);
                    let fault = |error| YearFault::Calendar { calendar: id.clone(), error };
                    book.calendars.insert(id.clone(), made.map_err(fault)?);
                }
            }
        }
        Ok(book)
    }

    fn made(&self, id: &str, entry: &Entry, rows: Vec<CalendarRow>) -> Result<Entry, CalendarError> {
        let base = entry.base.as_ref().and_then(|base| self.calendars.get(base));
        let calendar = match base {
            Some(base) => WorkingCalendar::extending(&base.calendar, id, rows.clone())?,
            None => WorkingCalendar::new(id, rows.clone())?,
        };
        Ok(Entry { base: entry.base.clone(), rows, calendar: Arc::new(calendar) })
    }
}
