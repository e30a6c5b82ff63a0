//! The law book: statute packs and calendars, embedded in the program or read from a directory.
//!
//! A law directory has one directory for each country, such as `cn`. In it,
//!
//! * every `*.toml` is a statute pack. Several files may hold the same statute (the same `id`) with different `version`s: a
//!   case keeps the version it was received under, so an older one stays for as long as cases of it do. A higher version is in
//!   force from the same day as a lower one (it corrects its data) or from a later day (the act was changed);
//! * `calendar.csv` is the calendar whose id is the directory's name;
//! * `regions/REGION.csv` is a calendar that extends it, with the id `COUNTRY-REGION` (`cn/regions/liangshan.csv` is
//!   `cn-liangshan`): its rows override the nation's, date by date; all else, and which years are covered, is the nation's.
//!
//! Other files are left alone. What an office imports later (`calendar_versions`) is laid over the calendars read here, a year
//! at a time ([`LawBook::with_years`]).

mod draft;
mod read;
mod years;

use crate::domain::calendar::{CalendarRow, WorkingCalendar};
use crate::domain::statute::StatutePack;
use chrono::{Datelike, NaiveDate};
use draft::Draft;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;

pub use read::{CalendarFile, read_calendar, read_pack, read_rows};
pub use years::{Year, YearFault};

/// The files of `law/`, embedded: path and content.
const EMBEDDED_PACKS: [(&str, &str); 1] = [("cn/ogi-2019.toml", include_str!("../law/cn/ogi-2019.toml"))];
/// The calendars of `law/`, embedded: id, path and content.
const EMBEDDED_CALENDARS: [(&str, &str, &str); 1] =
    [("cn", "cn/calendar.csv", include_str!("../law/cn/calendar.csv"))];
/// The name of the calendar's file in a country's directory.
const CALENDAR_FILE: &str = "calendar.csv";
/// The directory of the calendars that extend it.
const REGIONS: &str = "regions";

/// Every statute pack and calendar that the program knows, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawBook {
    /// By id, then by version.
    packs: BTreeMap<String, BTreeMap<u32, Arc<StatutePack>>>,
    calendars: BTreeMap<String, Entry>,
    generation: i64,
}

/// A calendar, and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// The calendar that it extends, for a region's.
    base: Option<String>,
    /// Its own rows, by date: for a region's, without those of the base.
    rows: Vec<CalendarRow>,
    calendar: Arc<WorkingCalendar>,
}

/// One fault of a law file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}: {place}{reason}")]
pub struct LawFault {
    /// The file, relative to the law directory.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What is wrong.
    pub reason: String,
}

/// Where in a law file a fault lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A line, the first being 1.
    Line(u64),
    /// A key, such as `limits.reply.length`.
    Key(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => Ok(()),
            Self::Line(line) => write!(f, "line {line}: "),
            Self::Key(key) => write!(f, "{key}: "),
        }
    }
}

/// The faults of a law book, one a line; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawError(pub Vec<LawFault>);

impl fmt::Display for LawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LawError {}

impl LawBook {
    /// The law that this program was built with.
    ///
    /// # Errors
    ///
    /// Every fault of the embedded files. A test shows that there is none.
    pub fn embedded() -> Result<Self, LawError> {
        let mut draft = Draft::default();
        for (file, text) in EMBEDDED_PACKS {
            draft.add_pack(file, text);
        }
        for (id, file, text) in EMBEDDED_CALENDARS {
            draft.add_calendar(id, None, file, text);
        }
        draft.finish()
    }

    /// Reads a law directory.
    ///
    /// # Errors
    ///
    /// Every fault of every file: one that cannot be read, a wrong key or line, a version of a statute that is there twice or
    /// begins before an older one, a pack or region whose calendar is not there, a directory without any pack.
    pub fn from_dir(dir: &Path) -> Result<Self, LawError> {
        let mut draft = Draft::default();
        for country in draft.list(dir, &dir.display().to_string()).into_iter().filter(|path| path.is_dir()) {
            draft.add_country(&country);
        }
        draft.finish()
    }

    /// The newest version of a statute, such as `cn-ogi-2019`.
    pub fn pack(&self, id: &str) -> Option<&StatutePack> {
        self.newest_pack(id).map(Arc::as_ref)
    }

    /// The same, to be kept.
    pub fn newest_pack(&self, id: &str) -> Option<&Arc<StatutePack>> {
        self.packs.get(id)?.values().next_back()
    }

    /// One version of a statute: the one that a case was received under.
    pub fn pack_version(&self, id: &str, version: u32) -> Option<&Arc<StatutePack>> {
        self.packs.get(id)?.get(&version)
    }

    /// The newest version of a statute that is in force on a day; on a day on which none is, the newest that had begun, or
    /// else the first: a case that an office keeps here is counted by the nearest law there is.
    pub fn pack_on(&self, id: &str, day: NaiveDate) -> Option<&Arc<StatutePack>> {
        let versions = self.packs.get(id)?;
        let begun = |pack: &&Arc<StatutePack>| pack.in_force_from <= day;
        let in_force = |pack: &&Arc<StatutePack>| pack.in_force_until.is_none_or(|until| day <= until);
        let newest = versions.values().rev();
        newest
            .clone()
            .find(|pack| begun(pack) && in_force(pack))
            .or_else(|| newest.clone().find(begun))
            .or_else(|| versions.values().next())
    }

    /// The calendar with this id, such as `cn`.
    pub fn calendar(&self, id: &str) -> Option<&WorkingCalendar> {
        self.kept_calendar(id).map(Arc::as_ref)
    }

    /// The same, to be kept.
    pub fn kept_calendar(&self, id: &str) -> Option<&Arc<WorkingCalendar>> {
        self.calendars.get(id).map(|entry| &entry.calendar)
    }

    /// Every statute in its newest version, by id.
    pub fn packs(&self) -> impl Iterator<Item = &StatutePack> {
        self.packs.values().filter_map(|versions| versions.values().next_back()).map(Arc::as_ref)
    }

    /// Every calendar, by id.
    pub fn calendars(&self) -> impl Iterator<Item = &WorkingCalendar> {
        self.calendars.values().map(|entry| entry.calendar.as_ref())
    }

    /// The calendar that a region's extends; `None` for a country's, and for one that is not there.
    pub fn base_of(&self, calendar: &str) -> Option<&str> {
        self.calendars.get(calendar)?.base.as_deref()
    }

    /// Whether the days of `calendar` are made of those of `other`: the same, or a region of it.
    pub fn follows(&self, calendar: &str, other: &str) -> bool {
        calendar == other || self.base_of(calendar) == Some(other)
    }

    /// A calendar's own rows of a year, by date: for a region's, without those of the base.
    pub fn own_rows(&self, calendar: &str, year: i32) -> impl Iterator<Item = &CalendarRow> {
        let rows = self.calendars.get(calendar).map(|entry| entry.rows.as_slice()).unwrap_or_default();
        rows.iter().filter(move |row| row.date.year() == year)
    }

    /// How many stored years are laid over the files: two books of one database are alike when it is the same.
    pub fn generation(&self) -> i64 {
        self.generation
    }
}

fn fault(file: &str, place: Place, reason: impl fmt::Display) -> LawFault {
    LawFault { file: file.to_owned(), place, reason: reason.to_string() }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
