//! The law book: statute packs and calendars, embedded in the program or read from a directory.
//!
//! A law directory has one directory for each country, such as `cn`. In it, every `*.toml` is a statute pack,
//! and `calendar.csv` is the calendar whose id is the directory's name. Other files are left alone.

use crate::domain::calendar::{CalendarError, CalendarRow, ExceptionKind, WorkingCalendar};
use crate::domain::statute::StatutePack;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The files of `law/`, embedded: path and content.
const EMBEDDED_PACKS: [(&str, &str); 1] = [("cn/ogi-2019.toml", include_str!("../law/cn/ogi-2019.toml"))];
/// The calendars of `law/`, embedded: id, path and content.
const EMBEDDED_CALENDARS: [(&str, &str, &str); 1] =
    [("cn", "cn/calendar.csv", include_str!("../law/cn/calendar.csv"))];
/// The name of the calendar's file in a country's directory.
const CALENDAR_FILE: &str = "calendar.csv";

/// Every statute pack and calendar that the program knows, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawBook {
    packs: BTreeMap<String, StatutePack>,
    calendars: BTreeMap<String, WorkingCalendar>,
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
            draft.add_calendar(id, file, text);
        }
        draft.finish()
    }

    /// Reads a law directory.
    ///
    /// # Errors
    ///
    /// Every fault of every file: one that cannot be read, a wrong key or line, two packs with one id, a pack
    /// whose calendar is not there, a directory without any pack.
    pub fn from_dir(dir: &Path) -> Result<Self, LawError> {
        let mut draft = Draft::default();
        for country in draft.list(dir, &dir.display().to_string()).into_iter().filter(|path| path.is_dir()) {
            let id = file_name(&country);
            for path in draft.list(&country, &id) {
                let file = format!("{id}/{}", file_name(&path));
                let is_pack = path.extension().is_some_and(|extension| extension == "toml");
                let is_calendar = path.file_name().is_some_and(|name| name == CALENDAR_FILE);
                if !is_pack && !is_calendar {
                    continue;
                }
                match fs::read_to_string(&path) {
                    Ok(text) if is_pack => draft.add_pack(&file, &text),
                    Ok(text) => draft.add_calendar(&id, &file, &text),
                    Err(error) => draft.fail(&file, error),
                }
            }
        }
        draft.finish()
    }

    /// The statute with this id, such as `cn-ogi-2019`.
    pub fn pack(&self, id: &str) -> Option<&StatutePack> {
        self.packs.get(id)
    }

    /// The calendar with this id, such as `cn`.
    pub fn calendar(&self, id: &str) -> Option<&WorkingCalendar> {
        self.calendars.get(id)
    }

    /// Every statute, by id.
    pub fn packs(&self) -> impl Iterator<Item = &StatutePack> {
        self.packs.values()
    }

    /// Every calendar, by id.
    pub fn calendars(&self) -> impl Iterator<Item = &WorkingCalendar> {
        self.calendars.values()
    }
}

/// Reads and checks one statute pack in TOML. `file` is what faults call it.
///
/// # Errors
///
/// The first fault of the text as TOML or against the pack's shape, by line; else every fault of its content,
/// by key.
pub fn read_pack(file: &str, text: &str) -> Result<StatutePack, LawError> {
    let pack: StatutePack = toml::from_str(text).map_err(|error| {
        let place = error.span().map_or(Place::File, |span| Place::Line(line_at(text, span.start)));
        LawError(vec![fault(file, place, error.message())])
    })?;
    pack.validate().map_err(|errors| {
        LawError(errors.into_iter().map(|error| fault(file, Place::Key(error.key), error.reason)).collect())
    })?;
    Ok(pack)
}

/// Reads and checks one calendar in CSV with the columns `date`, `kind` (`holiday` or `workday`), `name` and
/// `source_notice_number`; further columns are left alone. `file` is what faults call it.
///
/// # Errors
///
/// The first missing column; else every line that does not read; else the first fault of the calendar as a
/// whole ([`WorkingCalendar::new`]), with its line.
pub fn read_calendar(id: &str, file: &str, text: &str) -> Result<WorkingCalendar, LawError> {
    let rows = read_rows(file, text)?;
    let lines: BTreeMap<NaiveDate, u64> = rows.iter().map(|(line, row)| (row.date, *line)).collect();
    let rows = rows.into_iter().map(|(_, row)| row.into()).collect();
    WorkingCalendar::new(id, rows).map_err(|error| {
        let line = date_of(error).and_then(|date| lines.get(&date));
        let place = line.map_or(Place::File, |line| Place::Line(*line));
        LawError(vec![fault(file, place, error)])
    })
}

/// One line of a calendar file.
#[derive(Deserialize)]
struct Row {
    date: NaiveDate,
    kind: ExceptionKind,
    name: String,
    source_notice_number: String,
}

impl From<Row> for CalendarRow {
    fn from(row: Row) -> Self {
        Self { date: row.date, kind: row.kind, name: row.name, source: row.source_notice_number }
    }
}

/// The rows of a calendar file with their lines.
fn read_rows(file: &str, text: &str) -> Result<Vec<(u64, Row)>, LawError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| LawError(vec![csv_fault(file, &error)]))?.clone();
    for column in ["date", "kind", "name", "source_notice_number"] {
        if !headers.iter().any(|header| header == column) {
            let reason = format!("the column `{column}` is missing");
            return Err(LawError(vec![fault(file, Place::Line(1), reason)]));
        }
    }
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for record in reader.records() {
        let row = record.and_then(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            record.deserialize(Some(&headers)).map(|row| (line, row))
        });
        match row {
            Ok(row) => rows.push(row),
            Err(error) => faults.push(csv_fault(file, &error)),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(LawError(faults)) }
}

/// A law book being read: what was read, and every fault so far.
#[derive(Default)]
struct Draft {
    packs: BTreeMap<String, StatutePack>,
    calendars: BTreeMap<String, WorkingCalendar>,
    /// The file of each pack, by the pack's id.
    files: BTreeMap<String, String>,
    faults: Vec<LawFault>,
}

impl Draft {
    fn fail(&mut self, file: &str, reason: impl fmt::Display) {
        self.faults.push(fault(file, Place::File, reason));
    }

    /// What lies in a directory, by name; nothing, and a fault, if it cannot be read.
    fn list(&mut self, dir: &Path, file: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
        });
        let mut paths = entries.unwrap_or_else(|error| {
            self.fail(file, error);
            Vec::new()
        });
        paths.sort();
        paths
    }

    fn add_pack(&mut self, file: &str, text: &str) {
        match read_pack(file, text) {
            Ok(pack) => {
                if let Some(other) = self.files.get(&pack.id) {
                    let reason = format!("`{}` is the id of {other} already", pack.id);
                    self.faults.push(fault(file, Place::Key("id".to_owned()), reason));
                    return;
                }
                self.files.insert(pack.id.clone(), file.to_owned());
                self.packs.insert(pack.id.clone(), pack);
            }
            Err(LawError(faults)) => self.faults.extend(faults),
        }
    }

    fn add_calendar(&mut self, id: &str, file: &str, text: &str) {
        match read_calendar(id, file, text) {
            Ok(calendar) => {
                self.calendars.insert(id.to_owned(), calendar);
            }
            Err(LawError(faults)) => self.faults.extend(faults),
        }
    }

    fn finish(mut self) -> Result<LawBook, LawError> {
        if self.faults.is_empty() {
            self.check_whole();
        }
        if self.faults.is_empty() {
            Ok(LawBook { packs: self.packs, calendars: self.calendars })
        } else {
            Err(LawError(self.faults))
        }
    }

    /// Checks what only the whole book shows: that there is law, and that each pack's calendar is there.
    fn check_whole(&mut self) {
        if self.packs.is_empty() {
            self.fail("law", "there is no statute pack");
        }
        for (id, file) in &self.files {
            let calendar = self.packs.get(id).map(|pack| pack.calendar.as_str()).unwrap_or_default();
            if !self.calendars.contains_key(calendar) {
                let reason = format!("there is no calendar `{calendar}`");
                self.faults.push(fault(file, Place::Key("calendar".to_owned()), reason));
            }
        }
    }
}

fn fault(file: &str, place: Place, reason: impl fmt::Display) -> LawFault {
    LawFault { file: file.to_owned(), place, reason: reason.to_string() }
}

fn csv_fault(file: &str, error: &csv::Error) -> LawFault {
    let place = error.position().map_or(Place::File, |position| Place::Line(position.line()));
    if let csv::ErrorKind::Deserialize { err, .. } = error.kind() {
        fault(file, place, err)
    } else {
        fault(file, place, error)
    }
}

/// The day that a fault of a calendar is about.
fn date_of(error: CalendarError) -> Option<NaiveDate> {
    match error {
        CalendarError::Duplicate { date }
        | CalendarError::WorkdayOnWeekday { date }
        | CalendarError::WithoutSource { date } => Some(date),
        CalendarError::Empty
        | CalendarError::YearMissing { .. }
        | CalendarError::BeforeCoverage { .. }
        | CalendarError::OutOfRange => None,
    }
}

/// The line, the first being 1, on which the byte at `offset` lies.
fn line_at(text: &str, offset: usize) -> u64 {
    let breaks = text.bytes().take(offset).filter(|byte| *byte == b'\n');
    breaks.fold(1, |line, _| line + 1)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
