//! Calendars, and what a change of one does, as they are shown.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Failure;
use crate::app::calendars::{Applied, CalendarView as Found, Previewed};
use crate::app::error::AppError;
use crate::domain::calendar::{Day, differences};
use crate::domain::sensitivity::Sensitivity;
use crate::store::{CalendarVersionRow, Dates, Touched, year_of};

/// The working calendars.
#[derive(Serialize, ToSchema)]
pub struct CalendarList {
    /// By id.
    pub items: Vec<CalendarView>,
}

/// A working calendar.
#[derive(Serialize, ToSchema)]
pub struct CalendarView {
    /// Its id.
    #[schema(example = "cn")]
    pub id: String,
    /// The calendar that it extends, for a region's.
    pub extends: Option<String>,
    /// The first year with a notice: earlier dates are refused.
    #[schema(example = 2004)]
    pub first_year: i32,
    /// The last year with a notice: later dates are provisional, and so are 25 to 31 December of this year.
    #[schema(example = 2026)]
    pub last_year: i32,
    /// Its years.
    pub years: Vec<YearSummary>,
}

/// A year of a calendar.
#[derive(Serialize, ToSchema)]
pub struct YearSummary {
    /// The year.
    pub year: i32,
    /// The version that holds; 0 is that of the law files.
    pub version: i32,
    /// The numbers of the notices that order its days.
    pub notices: Vec<String>,
}

/// A year of a calendar, day by day.
#[derive(Serialize, ToSchema)]
pub struct CalendarYearView {
    /// The calendar.
    #[schema(example = "cn")]
    pub calendar: String,
    /// The year.
    pub year: i32,
    /// The version that holds; 0 is that of the law files.
    pub version: i32,
    /// Every exception from the Monday-to-Friday rule, by date.
    pub days: Vec<ExceptionView>,
    /// Every version that was applied, the oldest first.
    pub versions: Vec<YearVersion>,
}

/// An exception from the Monday-to-Friday rule.
#[derive(Serialize, ToSchema)]
pub struct ExceptionView {
    /// The civil date.
    pub date: NaiveDate,
    /// `holiday`: a day off. `workday`: offices work.
    #[schema(value_type = String, example = "holiday")]
    pub kind: crate::domain::calendar::ExceptionKind,
    /// What the notice calls the day.
    #[schema(example = "春节")]
    pub name: String,
    /// The number of the notice.
    #[schema(example = "国办发明电〔2025〕7号")]
    pub notice: String,
}

/// A version of a year.
#[derive(Serialize, ToSchema)]
pub struct YearVersion {
    /// Counts from 1.
    pub version: i32,
    /// The number of the notice that made it.
    pub notice: String,
    /// A word about it: where the next year's notice changed the last days of December.
    pub note: Option<String>,
    /// How many exceptions the calendar itself has in it.
    pub days: u64,
    /// The change set with which it was applied.
    #[schema(format = "uuid")]
    pub change_set: String,
    /// When.
    #[schema(format = "date-time")]
    pub applied_at: String,
    /// By which account; `null` for a command on the server.
    #[schema(format = "uuid")]
    pub applied_by: Option<String>,
}

/// What a change would do.
#[derive(Serialize, ToSchema)]
pub struct PreviewView {
    /// Names exactly this change upon exactly these cases: to be handed in to apply it.
    pub digest: String,
    /// What it does.
    #[serde(flatten)]
    pub effects: EffectsView,
}

/// What a change did.
#[derive(Serialize, ToSchema)]
pub struct AppliedView {
    /// The change set, named by the event of each case; `null` when there was nothing to change.
    #[schema(format = "uuid")]
    pub change_set: Option<String>,
    /// When.
    #[schema(format = "date-time")]
    pub applied_at: String,
    /// What it did.
    #[serde(flatten)]
    pub effects: EffectsView,
}

/// What a change does.
#[derive(Serialize, ToSchema)]
pub struct EffectsView {
    /// The calendar.
    pub calendar: String,
    /// The number of the notice.
    pub notice: String,
    /// The new versions of years; none when nothing changes.
    pub versions: Vec<NewVersionView>,
    /// Every day that becomes another.
    pub differences: Vec<DifferenceView>,
    /// Open cases of all agencies of which a last day is another.
    pub moved: TouchedView,
    /// Open cases whose last days stay, but become final or provisional, or whose warnings fall on other days.
    pub settled: TouchedView,
}

/// A new version of a year.
#[derive(Serialize, ToSchema)]
pub struct NewVersionView {
    /// The year.
    pub year: i32,
    /// The version.
    pub version: i32,
}

/// A day that becomes another.
#[derive(Serialize, ToSchema)]
pub struct DifferenceView {
    /// The civil date.
    pub date: NaiveDate,
    /// As it was.
    pub before: CalendarDayView,
    /// As it is.
    pub after: CalendarDayView,
}

/// What a day is.
#[derive(Serialize, ToSchema)]
pub struct CalendarDayView {
    /// `workday`, `weekend`, `holiday` or `make_up_workday`.
    #[schema(example = "holiday")]
    pub class: &'static str,
    /// What the notice calls it.
    pub name: Option<String>,
    /// The number of the notice; `null` where the Monday-to-Friday rule decides.
    pub notice: Option<String>,
}

/// Cases that a change touches.
#[derive(Serialize, ToSchema)]
pub struct TouchedView {
    /// How many there are.
    pub total: u64,
    /// The first of them, by agency and case; without those that bear a label above the caller's clearance, which are counted.
    pub items: Vec<TouchedCase>,
}

/// A case that a change touches.
#[derive(Serialize, ToSchema)]
pub struct TouchedCase {
    /// Its agency's code.
    pub agency: String,
    /// Its id.
    #[schema(format = "uuid")]
    pub case_id: String,
    /// Its registration number, once it has one.
    pub number: Option<String>,
    /// Its dates until now.
    pub before: CaseDates,
    /// Its dates from then on.
    pub after: CaseDates,
}

/// The last days of a case.
#[derive(Serialize, ToSchema)]
pub struct CaseDates {
    /// Of the reply.
    pub due_on: Option<NaiveDate>,
    /// Why that may still change; `null` when it is final.
    #[schema(example = "year_without_notice")]
    pub provisional: Option<&'static str>,
    /// Of all that is owed and not met.
    pub obligations: Vec<OwedView>,
}

/// Something that is owed.
#[derive(Serialize, ToSchema)]
pub struct OwedView {
    /// What.
    #[schema(example = "correction_notice")]
    pub kind: &'static str,
    /// Which one of its kind, from 1.
    pub n: u32,
    /// Its last day.
    pub due_on: NaiveDate,
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A calendar as it is shown.
pub(super) fn calendar(found: &Found) -> CalendarView {
    let coverage =
        found.law.calendar(&found.id).map(super::super::domain::calendar::WorkingCalendar::coverage);
    let (first_year, last_year) = coverage.map_or((0, 0), |years| (*years.start(), *years.end()));
    let summary = |year| {
        let mut notices: Vec<String> = found.days(year).into_iter().map(|row| row.source).collect();
        notices.sort_unstable();
        notices.dedup();
        YearSummary { year, version: found.version_of(year), notices }
    };
    CalendarView {
        id: found.id.clone(),
        extends: found.law.base_of(&found.id).map(str::to_owned),
        first_year,
        last_year,
        years: (first_year..=last_year).map(summary).collect(),
    }
}

/// A year as it is shown.
pub(super) fn calendar_year(found: &Found, year: i32) -> Result<CalendarYearView, Failure> {
    let day = |row: crate::domain::calendar::CalendarRow| ExceptionView {
        date: row.date,
        kind: row.kind,
        name: row.name,
        notice: row.source,
    };
    let versions = found.versions.iter().filter(|row| row.year == year).map(version);
    Ok(CalendarYearView {
        calendar: found.id.clone(),
        year,
        version: found.version_of(year),
        days: found.days(year).into_iter().map(day).collect(),
        versions: versions.collect::<Result<_, _>>()?,
    })
}

fn version(row: &CalendarVersionRow) -> Result<YearVersion, Failure> {
    let days = year_of(row).map_err(AppError::from)?.rows.len();
    Ok(YearVersion {
        version: row.version,
        notice: row.notice.clone(),
        note: row.note.clone(),
        days: u64::try_from(days).unwrap_or(u64::MAX),
        change_set: row.change_set.0.to_string(),
        applied_at: instant(row.applied_at.0),
        applied_by: row.applied_by.map(|account| account.0.to_string()),
    })
}

/// A preview as it is shown.
pub fn preview(previewed: &Previewed, clearance: Sensitivity) -> PreviewView {
    PreviewView { digest: previewed.effects.digest.to_string(), effects: effects(previewed, clearance) }
}

/// What was applied, as it is shown.
pub fn applied(done: &Applied, clearance: Sensitivity) -> AppliedView {
    AppliedView {
        change_set: done.change_set.map(|id| id.to_string()),
        applied_at: instant(done.at),
        effects: effects(&done.previewed, clearance),
    }
}

fn effects(previewed: &Previewed, clearance: Sensitivity) -> EffectsView {
    let Previewed { change, effects } = previewed;
    let calendars = change.before.calendar(&change.calendar).zip(change.after.calendar(&change.calendar));
    let differing = calendars.map(|(before, after)| differences(before, after)).unwrap_or_default();
    let cases = |total, items: &[Touched]| {
        let readable = items.iter().filter(|case| case.sensitivity <= clearance.level());
        TouchedView { total, items: readable.map(touched).collect() }
    };
    EffectsView {
        calendar: change.calendar.clone(),
        notice: change.notice.clone(),
        versions: change
            .years
            .iter()
            .map(|new| NewVersionView { year: new.year, version: new.version })
            .collect(),
        differences: differing
            .into_iter()
            .map(|found| DifferenceView {
                date: found.before.date,
                before: day(&found.before),
                after: day(&found.after),
            })
            .collect(),
        moved: cases(effects.moved, &effects.moves),
        settled: cases(effects.settled, &effects.settles),
    }
}

fn day(day: &Day) -> CalendarDayView {
    CalendarDayView {
        class: day.class.code(),
        name: day.name.map(str::to_owned),
        notice: day.source.map(str::to_owned),
    }
}

fn touched(case: &Touched) -> TouchedCase {
    TouchedCase {
        agency: case.agency.clone(),
        case_id: case.case.to_string(),
        number: case.number.clone(),
        before: dates(&case.before),
        after: dates(&case.after),
    }
}

fn dates(dates: &Dates) -> CaseDates {
    let owed = |open: &crate::domain::case::projection::OpenObligation| OwedView {
        kind: open.kind.code(),
        n: open.n,
        due_on: open.due_on,
    };
    CaseDates {
        due_on: dates.due_on,
        provisional: dates.provisional,
        obligations: dates.obligations.iter().map(owed).collect(),
    }
}
