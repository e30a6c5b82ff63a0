//! A case counted by two calendars: what a new or amended notice does to it.

use super::clock::case_timeline;
use super::projection::{ClockColumns, clock_columns};
use crate::domain::time_limit::{Fact, Rules};
use chrono::NaiveDate;

/// A case's clock before and after a change of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recount {
    /// By the calendar that was.
    pub before: ClockColumns,
    /// By the calendar that is to be.
    pub after: ClockColumns,
}

/// What the change does to the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// Nothing.
    Nothing,
    /// Its last days stay, but what is said of them changes: they become final or provisional, or the warnings (lights, prudent
    /// date) fall on other days.
    Settled,
    /// The last day of the reply, or of something else that is owed, is another.
    Moved,
}

impl Recount {
    /// Counts a case's facts by both rules.
    pub fn of(facts: &[Fact], before: &Rules, after: &Rules) -> Self {
        // The columns do not depend on the day.
        let as_of = facts.iter().map(|fact| fact.on).max().unwrap_or(NaiveDate::MIN);
        let columns =
            |rules: &Rules| clock_columns(facts, case_timeline(facts, rules, as_of).ok().flatten().as_ref());
        Self { before: columns(before), after: columns(after) }
    }

    /// What the change does.
    pub fn shift(&self) -> Shift {
        let due = |columns: &ClockColumns| columns.limit.as_ref().map(|limit| limit.due_on);
        if due(&self.before) != due(&self.after) || self.before.obligations != self.after.obligations {
            Shift::Moved
        } else if self.before != self.after {
            Shift::Settled
        } else {
            Shift::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Recount, Shift};
    use crate::domain::calendar::tests::published;
    use crate::domain::calendar::{CalendarRow, ExceptionKind, WorkingCalendar};
    use crate::domain::statute::tests::pack;
    use crate::domain::time_limit::{Fact, Rules};
    use chrono::NaiveDate;

    fn with(row: (&str, ExceptionKind)) -> WorkingCalendar {
        let mut rows: Vec<_> = published().exceptions().cloned().collect();
        rows.push(CalendarRow {
            date: row.0.parse().unwrap(),
            kind: row.1,
            name: "x".to_owned(),
            source: "x".to_owned(),
        });
        WorkingCalendar::new("cn", rows).unwrap()
    }

    fn shift(received: &str, after: &WorkingCalendar) -> Shift {
        let (pack, before) = (pack(), published());
        let facts = [Fact::received(received.parse::<NaiveDate>().unwrap())];
        Recount::of(&facts, &Rules::of(&pack, &before), &Rules::of(&pack, after)).shift()
    }

    #[test]
    fn a_day_off_within_the_period_moves_it_and_one_outside_does_not() {
        // Received on Monday 2 March 2026, due on Monday 30 March.
        let off = |date| with((date, ExceptionKind::Holiday));
        assert_eq!(shift("2026-03-02", &off("2026-03-18")), Shift::Moved);
        assert_eq!(shift("2026-03-02", &off("2026-03-30")), Shift::Moved);
        assert_eq!(shift("2026-03-02", &off("2026-03-31")), Shift::Nothing);
        assert_eq!(shift("2026-03-02", &off("2026-02-27")), Shift::Nothing);
        // A Sunday that is listed as a day off changes nothing.
        assert_eq!(shift("2026-03-02", &off("2026-03-15")), Shift::Nothing);
    }

    #[test]
    fn the_next_year_settles_a_date_that_it_does_not_move() {
        let next = with(("2027-05-03", ExceptionKind::Holiday));
        // Due on 30 December 2026, one of the days that the next notice may change.
        assert_eq!(shift("2026-12-02", &next), Shift::Settled);
        let next = with(("2027-01-01", ExceptionKind::Holiday));
        // Due in January 2027.
        assert_eq!(shift("2026-12-07", &next), Shift::Moved);
        assert_eq!(shift("2026-11-02", &next), Shift::Nothing);
    }
}
