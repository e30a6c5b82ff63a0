//! A change of a calendar: what is handed to the store to be tried or applied, what it does to the cases, and the digest that
//! binds the one to the other.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::commit::governing;
use super::error::StoreError;
use super::queue_rows::no_limit;
use super::record::Meta;
use super::rows::{CalendarVersionRow, CaseObligationRow};
use super::types::Key;
use crate::crypto::framed::sha256_framed;
use crate::domain::calendar::{WorkingCalendar, touched};
use crate::domain::case::event::Digest;
use crate::domain::case::projection::{ClockColumns, OpenObligation, provisional_code};
use crate::domain::case::recount::{Recount, Shift};
use crate::domain::ids::{AgencyId, CaseId, ChangeSetId};
use crate::domain::time_limit::{ClockState, Fact, Rules};
use crate::law::LawBook;

/// New versions of years of one calendar, and the law before and after.
#[derive(Clone, Debug)]
pub struct CalendarChange {
    /// The calendar.
    pub calendar: String,
    /// The notice's number.
    pub notice: String,
    /// The new versions, by year.
    pub years: Vec<NewVersion>,
    /// The law by which the cases stand.
    pub before: Arc<LawBook>,
    /// The same with the new versions.
    pub after: Arc<LawBook>,
}

/// A new version of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVersion {
    /// The year.
    pub year: i32,
    /// The version, one above the newest stored.
    pub version: i32,
    /// A word about it, where it is more than the year's own notice.
    pub note: Option<String>,
    /// The year's rows as JSON.
    pub rows: String,
}

/// What a change must find, and who makes it.
#[derive(Clone, Copy, Debug)]
pub struct Apply {
    /// What the preview answered.
    pub digest: Digest,
    /// The change set.
    pub change_set: ChangeSetId,
    /// When, who, how.
    pub meta: Meta,
    /// Makes the id of an event.
    pub new_id: fn(DateTime<Utc>) -> Uuid,
}

/// What a change does to the open cases of all agencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    /// How many cases it moves.
    pub moved: u64,
    /// How many it leaves where they are, but with other words: final, provisional, other warnings.
    pub settled: u64,
    /// The first of those it moves, as many as were asked for.
    pub moves: Vec<Touched>,
    /// The first of those it only settles.
    pub settles: Vec<Touched>,
    /// Binds an application to this preview.
    pub digest: Digest,
}

/// A case that a change touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its agency's code.
    pub agency: String,
    /// Its id.
    pub case: CaseId,
    /// Its number, once it has one.
    pub number: Option<String>,
    /// The level of its security label.
    pub sensitivity: i32,
    /// Its dates until now.
    pub before: Dates,
    /// Its dates from then on.
    pub after: Dates,
}

/// The dates of a case that a change may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The last day of the reply.
    pub due_on: Option<NaiveDate>,
    /// Why that may still change.
    pub provisional: Option<&'static str>,
    /// The other last days of what is owed and not met.
    pub obligations: Vec<OpenObligation>,
}

impl Dates {
    fn of(columns: &ClockColumns) -> Self {
        let limit = columns.limit.as_ref();
        Self {
            due_on: limit.map(|limit| limit.due_on),
            provisional: limit.and_then(|limit| limit.provisional.as_ref()).map(provisional_code),
            obligations: columns.obligations.clone(),
        }
    }

    /// The dates as bytes of the digest.
    fn write(&self, line: &mut String) {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(line, "|{:?}|{}", self.due_on, self.provisional.unwrap_or_default());
        for open in &self.obligations {
            let _ = write!(line, ";{},{},{}", open.kind.code(), open.n, open.due_on);
        }
    }
}

impl CalendarChange {
    /// The days that a case must touch to be touched by the change; `None` when no case is.
    pub(super) fn touched(&self) -> Option<(NaiveDate, NaiveDate)> {
        let (before, after) = (self.before.calendar(&self.calendar)?, self.after.calendar(&self.calendar)?);
        let days = touched(before, after)?;
        // What both databases hold as a date.
        let first = NaiveDate::from_ymd_opt(1, 1, 1)?;
        Some(((*days.start()).max(first), (*days.end()).min(no_limit())))
    }

    /// The stored rows.
    pub(super) fn rows(&self, apply: &Apply, by: Option<Key>) -> Vec<CalendarVersionRow> {
        let row = |new: &NewVersion| CalendarVersionRow {
            calendar_id: self.calendar.clone(),
            year: new.year,
            version: new.version,
            notice: self.notice.clone(),
            note: new.note.clone(),
            rows: new.rows.clone(),
            change_set: Key(apply.change_set.0),
            applied_at: super::types::At(apply.meta.at),
            applied_by: by,
        };
        self.years.iter().map(row).collect()
    }

    /// The new version that moves a case which arrived on a day: that of the first day from then on that is another.
    pub(super) fn cause(&self, days: &[NaiveDate], arrived_on: NaiveDate) -> Option<&NewVersion> {
        let first = days.get(days.partition_point(|day| *day < arrived_on));
        let year = first.map(chrono::Datelike::year);
        self.years.iter().find(|new| Some(new.year) == year).or_else(|| self.years.last())
    }

    /// The days that are others, in order.
    pub(super) fn days(&self) -> Vec<NaiveDate> {
        let calendars = self.before.calendar(&self.calendar).zip(self.after.calendar(&self.calendar));
        let differing = calendars.map(|(before, after)| crate::domain::calendar::differences(before, after));
        differing.unwrap_or_default().iter().map(|day| day.before.date).collect()
    }

    /// Counts a case by both laws; `None` when its calendar is another one and stays.
    ///
    /// # Errors
    /// When the law book lacks what the case was received under.
    pub(super) fn recount(&self, case: &Counted, facts: &[Fact]) -> Result<Option<Recount>, StoreError> {
        let lacking = || {
            let (statute, version) = (case.statute, case.statute_version);
            StoreError::Internal(format!("the law book has no statute {statute} version {version}"))
        };
        let version = u32::try_from(case.statute_version).map_err(|_| lacking())?;
        let governed = |law: &LawBook| -> Option<(Arc<_>, Arc<WorkingCalendar>)> {
            let pack = law.pack_version(case.statute, version)?;
            let (pack, calendar) = governing(law, pack, case.calendar)?;
            Some((Arc::clone(pack), Arc::clone(calendar)))
        };
        let (pack, before) = governed(&self.before).ok_or_else(lacking)?;
        let (_, after) = governed(&self.after).ok_or_else(lacking)?;
        if Arc::ptr_eq(&before, &after) {
            return Ok(None);
        }
        Ok(Some(Recount::of(facts, &Rules::of(&pack, &before), &Rules::of(&pack, &after))))
    }
}

/// Which law counts a case.
pub(super) struct Counted<'a> {
    pub statute: &'a str,
    pub statute_version: i32,
    pub calendar: Option<&'a str>,
}

/// Effects while they are gathered.
pub(super) struct Tally {
    effects: Effects,
    limit: usize,
}

impl Tally {
    /// Nothing so far. At most `limit` cases of each kind are kept; all are counted.
    pub(super) fn new(change: &CalendarChange, limit: usize) -> Self {
        let generation = change.before.generation().to_be_bytes();
        let (calendar, notice) = (change.calendar.as_bytes(), change.notice.as_bytes());
        let mut digest = sha256_framed(&[b"gongkai-calendar-change/v1", &generation, calendar, notice]);
        for new in &change.years {
            digest = sha256_framed(&[&digest, &new.year.to_be_bytes(), new.rows.as_bytes()]);
        }
        let (moves, settles) = (Vec::new(), Vec::new());
        Self { effects: Effects { moved: 0, settled: 0, moves, settles, digest: Digest(digest) }, limit }
    }

    /// Counts a case that is touched.
    pub(super) fn add(
        &mut self,
        agency: (AgencyId, &str),
        case: CaseId,
        (number, sensitivity): (Option<&str>, i32),
        recount: &Recount,
    ) {
        let effects = &mut self.effects;
        let (count, kept) = match recount.shift() {
            Shift::Nothing => return,
            Shift::Moved => (&mut effects.moved, &mut effects.moves),
            Shift::Settled => (&mut effects.settled, &mut effects.settles),
        };
        *count = count.saturating_add(1);
        let (before, after) = (Dates::of(&recount.before), Dates::of(&recount.after));
        let mut line = format!("{}|{case}", agency.0);
        before.write(&mut line);
        after.write(&mut line);
        effects.digest = Digest(sha256_framed(&[&effects.digest.0, line.as_bytes()]));
        if kept.len() < self.limit {
            let (agency, number) = (agency.1.to_owned(), number.map(str::to_owned));
            kept.push(Touched { agency, case, number, sensitivity, before, after });
        }
    }

    pub(super) fn done(self) -> Effects {
        self.effects
    }
}

/// The columns of the queue that a clock fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClockCells {
    pub due_on: Option<NaiveDate>,
    pub yellow_on: Option<NaiveDate>,
    pub red_on: Option<NaiveDate>,
    pub provisional: Option<&'static str>,
    pub due_sort: NaiveDate,
    pub clock_state: &'static str,
    pub prudent_due_on: Option<NaiveDate>,
}

impl ClockCells {
    pub(super) fn of(columns: &ClockColumns) -> Self {
        let limit = columns.limit.as_ref();
        let state: ClockState = columns.clock;
        Self {
            due_on: limit.map(|limit| limit.due_on),
            yellow_on: limit.map(|limit| limit.yellow_on),
            red_on: limit.map(|limit| limit.red_on),
            provisional: limit.and_then(|limit| limit.provisional.as_ref()).map(provisional_code),
            due_sort: limit.map_or_else(no_limit, |limit| limit.due_on),
            clock_state: state.code(),
            prudent_due_on: columns.prudent_due_on,
        }
    }
}

/// The rows of what is owed on a case.
///
/// # Errors
/// When there are more of a kind than a number counts.
pub(super) fn obligation_rows(
    agency: Key,
    case: Key,
    obligations: &[OpenObligation],
) -> Result<Vec<CaseObligationRow>, StoreError> {
    let row = |open: &OpenObligation| {
        Ok(CaseObligationRow {
            agency_id: agency,
            case_id: case,
            kind: open.kind.code().to_owned(),
            n: super::record::signed(open.n)?,
            due_on: open.due_on,
        })
    };
    obligations.iter().map(row).collect()
}

/// New contents of a queue row, after a change of the calendar.
#[derive(Clone, Debug)]
pub(super) struct ClockUpdate {
    pub agency_id: Key,
    pub id: Key,
    pub version: i32,
    pub case_link: Vec<u8>,
    pub updated_at: super::types::At,
    pub cells: ClockCells,
}
