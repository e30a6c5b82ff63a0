//! Digests (一日一清单、一月一大全、一季一通报): what an office keeps of a day, a month and a quarter. Here: which there are, and of which
//! period.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The kinds of digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestKind {
    /// 每日清单: what is to be done, as it stands at the beginning of a day.
    DailyWorklist,
    /// 月度台账: every request received in a month.
    MonthlyLedger,
    /// 季度通报: the figures and rates of a quarter.
    QuarterlyBulletin,
}

impl DigestKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::DailyWorklist, Self::MonthlyLedger, Self::QuarterlyBulletin];

    /// The name in the API, the database and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::DailyWorklist => "daily_worklist",
            Self::MonthlyLedger => "monthly_ledger",
            Self::QuarterlyBulletin => "quarterly_bulletin",
        }
    }

    /// The kind with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::DailyWorklist => "每日清单",
            Self::MonthlyLedger => "月度台账",
            Self::QuarterlyBulletin => "季度通报",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::DailyWorklist => "daily worklist",
            Self::MonthlyLedger => "monthly ledger",
            Self::QuarterlyBulletin => "quarterly bulletin",
        }
    }
}

/// A kind with its period. It is made once, and says what was known then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigestOf {
    /// The kind.
    pub kind: DigestKind,
    /// The period's first day.
    pub from: NaiveDate,
    /// Its last day, included.
    pub to: NaiveDate,
}

impl DigestOf {
    /// The digest of the period in which a day lies; `None` at the end of the calendar.
    pub fn around(kind: DigestKind, day: NaiveDate) -> Option<Self> {
        let months = |first: Option<NaiveDate>, n| {
            let next = first?.checked_add_months(Months::new(n))?;
            Some((first?, next.checked_sub_days(Days::new(1))?))
        };
        let (from, to) = match kind {
            DigestKind::DailyWorklist => (day, day),
            DigestKind::MonthlyLedger => months(day.with_day(1), 1)?,
            DigestKind::QuarterlyBulletin => {
                months(NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1), 3)?
            }
        };
        Some(Self { kind, from, to })
    }

    /// The newest digest that is to be there on a day: the list of the day itself, the month and the quarter that ended before it.
    ///
    /// ```
    /// use gongkai::domain::digest::{DigestKind, DigestOf};
    ///
    /// let day = "2026-04-01".parse().unwrap();
    /// let due = |kind| DigestOf::due_on(kind, day).unwrap().period();
    /// assert_eq!(due(DigestKind::DailyWorklist), "2026-04-01");
    /// assert_eq!(due(DigestKind::MonthlyLedger), "2026-03");
    /// assert_eq!(due(DigestKind::QuarterlyBulletin), "2026-Q1");
    /// ```
    pub fn due_on(kind: DigestKind, day: NaiveDate) -> Option<Self> {
        let around = Self::around(kind, day)?;
        match kind {
            DigestKind::DailyWorklist => Some(around),
            DigestKind::MonthlyLedger | DigestKind::QuarterlyBulletin => {
                Self::around(kind, around.from.checked_sub_days(Days::new(1))?)
            }
        }
    }

    /// The digest of a period as it is written: `2026-04-01`, `2026-03`, `2026-Q1`.
    pub fn read(kind: DigestKind, period: &str) -> Option<Self> {
        let day = match kind {
            DigestKind::DailyWorklist => period.parse().ok()?,
            DigestKind::MonthlyLedger => format!("{period}-01").parse().ok()?,
            DigestKind::QuarterlyBulletin => {
                let (year, quarter) = period.split_once("-Q")?;
                let quarter: u32 = quarter.parse().ok()?;
                let month = quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
                NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1)?
            }
        };
        // One way to write each: what is read is what would be written.
        Self::around(kind, day).filter(|found| found.period() == period)
    }

    /// How the period is written.
    pub fn period(self) -> String {
        match self.kind {
            DigestKind::DailyWorklist => self.from.to_string(),
            DigestKind::MonthlyLedger => self.from.format("%Y-%m").to_string(),
            DigestKind::QuarterlyBulletin => {
                format!("{:04}-Q{}", self.from.year(), self.from.month0() / 3 + 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel::tests::assert_coded;

    #[test]
    fn the_kinds_are_coded() {
        let labels = [DigestKind::label_zh, DigestKind::label_en];
        assert_coded(DigestKind::ALL, DigestKind::code, DigestKind::parse, labels);
    }

    #[test]
    fn every_day_of_two_years_lies_in_its_periods_and_they_are_read_as_they_are_written() {
        let mut day: NaiveDate = "2023-12-01".parse().unwrap();
        let end: NaiveDate = "2026-02-01".parse().unwrap();
        while day < end {
            for kind in DigestKind::ALL {
                let around = DigestOf::around(*kind, day).unwrap();
                assert!(around.from <= day && day <= around.to, "{kind:?} {day}");
                assert_eq!(DigestOf::read(*kind, &around.period()), Some(around));
                let due = DigestOf::due_on(*kind, day).unwrap();
                assert!(due.from == day || due.to < day, "{kind:?} {day}: what is due is complete");
                let next = around.to.succ_opt().unwrap();
                assert_ne!(DigestOf::around(*kind, next), Some(around), "{kind:?} {day}");
            }
            day = day.succ_opt().unwrap();
        }
    }

    #[test]
    fn no_other_writing_of_a_period_is_taken() {
        for (kind, period) in [
            (DigestKind::DailyWorklist, "2026-4-1"),
            (DigestKind::DailyWorklist, "2026-02-30"),
            (DigestKind::MonthlyLedger, "2026-3"),
            (DigestKind::MonthlyLedger, "2026-13"),
            (DigestKind::QuarterlyBulletin, "2026-Q5"),
            (DigestKind::QuarterlyBulletin, "2026-Q0"),
            (DigestKind::QuarterlyBulletin, "2026-Q01"),
            (DigestKind::QuarterlyBulletin, "26-Q1"),
        ] {
            assert_eq!(DigestOf::read(kind, period), None, "{period}");
        }
    }
}
