//! Reading the files of a law directory.

use super::{LawError, LawFault, Place, fault};
use crate::domain::calendar::{CalendarError, CalendarRow, ExceptionKind, WorkingCalendar};
use crate::domain::statute::StatutePack;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;

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

/// A calendar's file: its rows, and the line of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFile {
    /// The rows, as the file has them.
    pub rows: Vec<CalendarRow>,
    lines: BTreeMap<NaiveDate, u64>,
}

impl CalendarFile {
    /// A fault of the calendar as a whole, with the line it is about.
    pub(super) fn fault(&self, file: &str, error: CalendarError) -> LawFault {
        let line = date_of(error).and_then(|date| self.lines.get(&date));
        fault(file, line.map_or(Place::File, |line| Place::Line(*line)), error)
    }
}

/// Reads and checks one calendar in CSV with the columns `date`, `kind` (`holiday` or `workday`), `name` and
/// `source_notice_number`; further columns are left alone. `file` is what faults call it.
///
/// # Errors
///
/// As [`read_rows`]; else the first fault of the calendar as a whole ([`WorkingCalendar::new`]), with its line.
pub fn read_calendar(id: &str, file: &str, text: &str) -> Result<WorkingCalendar, LawError> {
    let read = read_rows(file, text)?;
    WorkingCalendar::new(id, read.rows.clone()).map_err(|error| LawError(vec![read.fault(file, error)]))
}

/// Reads the rows of a calendar's file.
///
/// # Errors
///
/// The first missing column; else every line that does not read.
pub fn read_rows(file: &str, text: &str) -> Result<CalendarFile, LawError> {
    let read = lines(file, text)?;
    let lines = read.iter().map(|(line, row)| (row.date, *line)).collect();
    Ok(CalendarFile { rows: read.into_iter().map(|(_, row)| row.into()).collect(), lines })
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
fn lines(file: &str, text: &str) -> Result<Vec<(u64, Row)>, LawError> {
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
        | CalendarError::NotCovered { date }
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
