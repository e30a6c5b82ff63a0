//! From the days of a notice to new versions of years: every field that is wrong at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::super::error::{AppError, FieldError};
use super::{NewDay, NewYears, Scope};
use crate::domain::calendar::{CalendarRow, DayClass, ExceptionKind, WorkingCalendar};
use crate::law::{LawBook, Year};
use crate::store::{CalendarChange, CalendarVersionRow, NewVersion};

/// Days a change may have: those of a few decades.
pub const MOST_DAYS: usize = 2_000;
/// Characters of a notice's number, and of a day's name.
const MOST_CHARS: usize = 100;

/// The change that the days make, upon a law and its stored versions.
pub(super) fn change(
    new: &NewYears,
    before: Arc<LawBook>,
    versions: &[CalendarVersionRow],
) -> Result<CalendarChange, AppError> {
    let calendar = before.calendar(&new.calendar).ok_or(AppError::NotFound)?;
    let sorted = Sorted::of(new, &before, calendar)?;
    let mut years = Vec::new();
    let mut laid = Vec::new();
    for (year, (rows, note)) in sorted.years {
        if before.own_rows(&new.calendar, year).eq(&rows) {
            continue;
        }
        let of_year = versions.iter().filter(|row| row.calendar_id == new.calendar && row.year == year);
        let version = of_year.map(|row| row.version).max().unwrap_or(0).saturating_add(1);
        let text = serde_json::to_string(&rows).map_err(|error| AppError::Internal(error.to_string()))?;
        years.push(NewVersion { year, version, note, rows: text });
        laid.push(Year { calendar: new.calendar.clone(), year, rows });
    }
    let stored = i64::try_from(years.len()).unwrap_or(i64::MAX);
    let after = before.with_years(&laid, before.generation().saturating_add(stored)).map_err(|fault| {
        let zh = format!("这样的日历不成立：{fault}");
        AppError::Invalid(vec![FieldError::new("/rows", "calendar", zh, fault.to_string())])
    })?;
    let (calendar, notice) = (new.calendar.clone(), new.notice.trim().to_owned());
    Ok(CalendarChange { calendar, notice, years, before, after: Arc::new(after) })
}

/// The days by year, each year whole, with a word about it.
struct Sorted {
    years: BTreeMap<i32, (Vec<CalendarRow>, Option<String>)>,
}

impl Sorted {
    fn of(new: &NewYears, law: &LawBook, calendar: &WorkingCalendar) -> Result<Self, AppError> {
        let mut wrong = Vec::new();
        if let Some(error) = text("/notice", &new.notice) {
            wrong.push(error);
        }
        if new.days.len() > MOST_DAYS {
            wrong.push(field("/rows", "length", "日期过多。", "These are too many days."));
            return Err(AppError::Invalid(wrong));
        }
        let asked = asked(new, law, calendar, &mut wrong);
        let base = law.base_of(&new.calendar).and_then(|base| law.calendar(base));
        let mut seen = BTreeSet::new();
        for (n, day) in new.days.iter().enumerate() {
            check_day(n, day, &asked, base, &mut seen, &mut wrong);
        }
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let mut years: BTreeMap<i32, (Vec<CalendarRow>, Option<String>)> =
            asked.iter().map(|year| (*year, (Vec::new(), None))).collect();
        for day in &new.days {
            let year = day.date.year();
            let row = row(day, &new.notice, law, &new.calendar);
            let (rows, _) = years.entry(year).or_insert_with(|| merged(law, &new.calendar, year));
            rows.retain(|known| known.date != day.date);
            rows.push(row);
        }
        for (rows, _) in years.values_mut() {
            rows.sort_by_key(|row| row.date);
        }
        Ok(Self { years })
    }
}

/// A year that only gets days from the next year's notice keeps its others.
fn merged(law: &LawBook, calendar: &str, year: i32) -> (Vec<CalendarRow>, Option<String>) {
    let note = format!("12月末由{}年通知调整", year.saturating_add(1));
    (law.own_rows(calendar, year).cloned().collect(), Some(note))
}

/// The years that shall be replaced whole, and whether they may be.
fn asked(
    new: &NewYears,
    law: &LawBook,
    calendar: &WorkingCalendar,
    wrong: &mut Vec<FieldError>,
) -> BTreeSet<i32> {
    let asked: BTreeSet<i32> = match new.scope {
        Scope::Year(year) => BTreeSet::from([year]),
        Scope::Found => {
            let found: BTreeSet<i32> = new.days.iter().map(|day| day.date.year()).collect();
            let last_days_only = |year: &i32| {
                new.days.iter().filter(|day| day.date.year() == *year).all(|day| is_last_days(day.date))
            };
            let with_next = |year: &i32| found.contains(&year.saturating_add(1));
            found.iter().copied().filter(|year| !(last_days_only(year) && with_next(year))).collect()
        }
    };
    let region = law.base_of(&new.calendar).is_some();
    let (first, last) = (*calendar.coverage().start(), *calendar.coverage().end());
    let (mut lowest, mut highest) = (first, last);
    for year in &asked {
        // A country's years follow one another without a gap; a region has those of its country.
        let next = i32::from(!region);
        if *year > highest.saturating_add(next) || *year < lowest.saturating_sub(next) {
            let (zh, en) = if region {
                (
                    format!("{year}年尚无国家通知（现有{first}–{last}年），请先导入。"),
                    format!("The calendar that this one extends covers {first} to {last}, not {year}."),
                )
            } else {
                (
                    format!("{year}年与现有的{first}–{last}年不相连，中间的年份须先公布。"),
                    format!("{year} would leave a gap: the calendar covers {first} to {last}."),
                )
            };
            wrong.push(FieldError::new("year", "gap", zh, en));
        } else {
            (lowest, highest) = (lowest.min(*year), highest.max(*year));
        }
        if !region && !new.days.iter().any(|day| day.date.year() == *year) {
            wrong.push(field(
                "/rows",
                "empty",
                "不能删除整个年份：至少要有一个属于该年的日期。",
                "A year cannot be removed: at least one day must lie in it.",
            ));
        }
    }
    // The last days of December belong to a year that must be there to be changed.
    for (n, day) in new.days.iter().enumerate() {
        let year = day.date.year();
        let merged = !asked.contains(&year) && is_last_days(day.date);
        if merged && !calendar.coverage().contains(&year) && asked.contains(&year.saturating_add(1)) {
            wrong.push(FieldError::new(
                format!("/rows/{n}/date"),
                "gap",
                format!("日历中没有{year}年，不能调整其12月。"),
                format!("The calendar does not cover {year}, whose December this would change."),
            ));
        }
    }
    asked
}

fn check_day(
    n: usize,
    day: &NewDay,
    asked: &BTreeSet<i32>,
    base: Option<&WorkingCalendar>,
    seen: &mut BTreeSet<NaiveDate>,
    wrong: &mut Vec<FieldError>,
) {
    let at = |name: &str| format!("/rows/{n}/{name}");
    let year = day.date.year();
    let belongs =
        asked.contains(&year) || (is_last_days(day.date) && asked.contains(&year.saturating_add(1)));
    if !belongs {
        wrong.push(FieldError::new(
            at("date"),
            "other_year",
            format!("{} 不属于该年；只有上一年12月25日至31日可以随下一年的通知一并提交。", day.date),
            format!(
                "{} lies in another year; only 25 to 31 December of the year before may come along.",
                day.date
            ),
        ));
    }
    if !seen.insert(day.date) {
        wrong.push(FieldError::new(
            at("date"),
            "duplicate",
            format!("{} 重复。", day.date),
            format!("{} is listed twice.", day.date),
        ));
    }
    let weekend = matches!(day.date.weekday(), chrono::Weekday::Sat | chrono::Weekday::Sun);
    let off_in_base = base.is_some_and(|base| base.day(day.date).class == DayClass::Holiday);
    if day.kind == ExceptionKind::Workday && !weekend && !off_in_base {
        wrong.push(FieldError::new(
            at("kind"),
            "workday_already",
            format!("{} 本来就是工作日，请核对日期。", day.date),
            format!("{} is a working day already: check the date.", day.date),
        ));
    }
    wrong.extend(text(&at("name"), &day.name));
    wrong.extend(day.notice.as_ref().and_then(|notice| text(&at("notice"), notice)));
}

/// The days that the next year's notice may change (design section 4).
fn is_last_days(date: NaiveDate) -> bool {
    date.month() == 12 && date.day() >= 25
}

/// A day with its notice: its own; else, where it stays what it was, the one it had; else the new one.
fn row(day: &NewDay, notice: &str, law: &LawBook, calendar: &str) -> CalendarRow {
    let known = law.own_rows(calendar, day.date.year()).find(|row| row.date == day.date);
    let unchanged = known.filter(|row| row.kind == day.kind).map(|row| row.source.as_str());
    let source = day.notice.as_deref().or(unchanged).unwrap_or(notice);
    CalendarRow {
        date: day.date,
        kind: day.kind,
        name: day.name.trim().to_owned(),
        source: source.trim().to_owned(),
    }
}

fn text(pointer: &str, text: &str) -> Option<FieldError> {
    let length = text.trim().chars().count();
    (length == 0 || length > MOST_CHARS || text.chars().any(char::is_control)).then(|| {
        field(
            pointer,
            "length",
            &format!("应为 1–{MOST_CHARS} 个字符，不得有控制字符。"),
            &format!("It has 1 to {MOST_CHARS} characters and no control characters."),
        )
    })
}

fn field(pointer: &str, code: &'static str, zh: &str, en: &str) -> FieldError {
    FieldError::new(pointer, code, zh, en)
}
