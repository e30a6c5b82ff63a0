//! Regional calendars. An autonomous area keeps festivals of its own and the make-up days that pay for them, and may move the
//! nation's days off: Liangshan 2011 (凉府办发〔2010〕31号) works on weekdays that the nation has off and rests on a day that
//! the nation makes up. Such a calendar is the national one with some days overridden.

use super::{CalendarError, CalendarRow, ExceptionKind, WorkingCalendar, is_weekend};
use chrono::Datelike;
use std::collections::BTreeMap;

impl WorkingCalendar {
    /// A calendar that is `base` but for its own rows, in any order. It covers what the base covers: where its region has
    /// announced nothing, the nation's notice holds.
    ///
    /// A regional holiday may fall on any day, on a make-up workday of the base too. A regional workday lies on a Saturday or
    /// Sunday, or on a weekday that the base has off.
    ///
    /// # Errors
    ///
    /// [`CalendarError`] for the first fault in order of date: two rows for a day, a row without a notice, a year that the base
    /// does not cover, a workday on a day that is one already.
    pub fn extending(
        base: &Self,
        id: impl Into<String>,
        mut rows: Vec<CalendarRow>,
    ) -> Result<Self, CalendarError> {
        rows.sort_by_key(|row| row.date);
        let mut merged: BTreeMap<_, CalendarRow> =
            base.exceptions().map(|row| (row.date, row.clone())).collect();
        let mut previous = None;
        for row in rows {
            let date = row.date;
            if previous.replace(date) == Some(date) {
                return Err(CalendarError::Duplicate { date });
            }
            if row.source.trim().is_empty() {
                return Err(CalendarError::WithoutSource { date });
            }
            if !base.coverage().contains(&date.year()) {
                return Err(CalendarError::NotCovered { date });
            }
            if row.kind == ExceptionKind::Workday && !is_weekend(date) && base.is_working_day(date) {
                return Err(CalendarError::WorkdayOnWeekday { date });
            }
            merged.insert(date, row);
        }
        Self::of(id.into(), merged.into_values().collect(), base.first_year, base.last_year)
    }
}

#[cfg(test)]
mod tests {
    use super::{CalendarError, CalendarRow, ExceptionKind, WorkingCalendar};
    use crate::domain::calendar::DayClass;
    use crate::domain::calendar::tests::published;
    use chrono::NaiveDate;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn row(date_: &str, kind: ExceptionKind) -> CalendarRow {
        CalendarRow {
            date: date(date_),
            kind,
            name: "x".to_owned(),
            source: "凉府办发〔2010〕31号".to_owned(),
        }
    }

    #[test]
    fn a_region_rests_on_a_make_up_day_and_works_on_a_day_that_the_nation_has_off() {
        let nation = published();
        // Saturday 8 October 2011 is a make-up workday of the nation, Monday 3 October a day off.
        let rows = vec![row("2011-10-08", ExceptionKind::Holiday), row("2011-10-03", ExceptionKind::Workday)];
        let region = WorkingCalendar::extending(&nation, "cn-x", rows).unwrap();
        assert_eq!((region.id(), region.coverage()), ("cn-x", nation.coverage()));
        assert_eq!(nation.day(date("2011-10-08")).class, DayClass::MakeUpWorkday);
        assert_eq!(region.day(date("2011-10-08")).class, DayClass::Holiday);
        let worked = region.day(date("2011-10-03"));
        assert_eq!((worked.class, worked.source), (DayClass::Workday, Some("凉府办发〔2010〕31号")));
        assert!(region.is_working_day(date("2011-10-03")) && !region.is_working_day(date("2011-10-08")));
        // It is an ordinary weekday: a reading under which make-up days are days of rest does not touch it.
        assert!(region.numbered(false).is_working(date("2011-10-03")));
        // All else is the nation's.
        assert_eq!(region.day(date("2011-10-09")), nation.day(date("2011-10-09")));
        assert_eq!(
            region.working_days_between(date("2011-01-01"), date("2011-12-31")),
            nation.working_days_between(date("2011-01-01"), date("2011-12-31"))
        );
    }

    #[test]
    fn a_region_without_days_of_its_own_is_the_nation() {
        let nation = published();
        let region = WorkingCalendar::extending(&nation, "cn-x", Vec::new()).unwrap();
        assert!(region.exceptions().eq(nation.exceptions()));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let nation = published();
        let refused = |rows: Vec<CalendarRow>| WorkingCalendar::extending(&nation, "cn-x", rows).unwrap_err();
        let monday = date("2011-07-25");
        assert_eq!(
            refused(vec![row("2011-07-25", ExceptionKind::Workday)]),
            CalendarError::WorkdayOnWeekday { date: monday }
        );
        let twice =
            vec![row("2011-07-25", ExceptionKind::Holiday), row("2011-07-25", ExceptionKind::Holiday)];
        assert_eq!(refused(twice), CalendarError::Duplicate { date: monday });
        let mut unsigned = row("2011-07-25", ExceptionKind::Holiday);
        unsigned.source.clear();
        assert_eq!(refused(vec![unsigned]), CalendarError::WithoutSource { date: monday });
        assert_eq!(
            refused(vec![row("2027-07-26", ExceptionKind::Holiday)]),
            CalendarError::NotCovered { date: date("2027-07-26") }
        );
    }
}
