//! Which remedy counts in which cell of table 4 of which year: the definition that every query and every drill-down must agree with.

use chrono::{Datelike, NaiveDate};

use super::table4::{Table4Column, Table4Row};
use crate::domain::remedy::{RemedyKind, RemedyResult};

/// What table 4 needs to know of a remedy that stands (one that was entered by mistake counts nowhere). Dates are civil dates in
/// the agency's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemedyFacts {
    /// What was brought.
    pub kind: RemedyKind,
    /// The day on which its papers reached the agency.
    pub received_on: NaiveDate,
    /// How it ended, and the day of the decision (not of its service); `None` while it is pending.
    pub result: Option<(RemedyResult, NaiveDate)>,
}

/// The cell of table 4 in which a remedy is counted in the report of `year` (1 January to 31 December, both included), if in any:
///
/// | cell | when |
/// | --- | --- |
/// | its result | decided in the year |
/// | [`Table4Column::Pending`] (尚未审结) | its papers came on or before 31 December, and it was not decided by then |
///
/// A remedy is decided once, so that its result counts in one year; while it is pending it counts in each. Complaints have no row.
/// The form's note is not in the sources we could read; a result is therefore counted in the year in which it was reached, and
/// what is pending as of the year's last day. Source: the table of 国办公开办函〔2021〕30号, 表四.
///
/// Papers received on 1 December 2023, decided on 20 January 2024: pending in 2023, upheld in 2024.
///
/// ```
/// use chrono::NaiveDate;
/// use gongkai::domain::annual_report::{RemedyFacts, Table4Column, Table4Row, cell_of};
/// use gongkai::domain::remedy::{RemedyKind, RemedyResult};
///
/// let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
/// let remedy = RemedyFacts {
///     kind: RemedyKind::Reconsideration,
///     received_on: day(2023, 12, 1),
///     result: Some((RemedyResult::Upheld, day(2024, 1, 20))),
/// };
/// let row = Table4Row::Reconsideration;
/// assert_eq!(cell_of(&remedy, 2023), Some((row, Table4Column::Pending)));
/// assert_eq!(cell_of(&remedy, 2024), Some((row, Table4Column::Upheld)));
/// assert_eq!(cell_of(&remedy, 2025), None);
/// ```
pub fn cell_of(remedy: &RemedyFacts, year: i32) -> Option<(Table4Row, Table4Column)> {
    let row = Table4Row::of(remedy.kind)?;
    let column = match remedy.result {
        Some((result, on)) if on.year() == year => Table4Column::of(result),
        Some((_, on)) if on.year() < year => return None,
        Some(_) | None if remedy.received_on.year() <= year => Table4Column::Pending,
        Some(_) | None => return None,
    };
    Some((row, column))
}

impl Table4Row {
    /// The block of a kind; a complaint has none.
    pub fn of(kind: RemedyKind) -> Option<Self> {
        match kind {
            RemedyKind::Reconsideration => Some(Self::Reconsideration),
            RemedyKind::LitigationDirect => Some(Self::LitigationDirect),
            RemedyKind::LitigationAfterReconsideration => Some(Self::LitigationAfterReconsideration),
            RemedyKind::Complaint => None,
        }
    }

    /// The kind whose block it is.
    pub fn kind(self) -> RemedyKind {
        match self {
            Self::Reconsideration => RemedyKind::Reconsideration,
            Self::LitigationDirect => RemedyKind::LitigationDirect,
            Self::LitigationAfterReconsideration => RemedyKind::LitigationAfterReconsideration,
        }
    }
}

impl Table4Column {
    /// The column of a result.
    pub fn of(result: RemedyResult) -> Self {
        match result {
            RemedyResult::Upheld => Self::Upheld,
            RemedyResult::Corrected => Self::Corrected,
            RemedyResult::OtherResult => Self::OtherResult,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn cells(received: &str, decided: Option<&str>) -> Vec<(i32, &'static str)> {
        let result = decided.map(|on| (RemedyResult::Corrected, day(on)));
        let remedy = RemedyFacts { kind: RemedyKind::LitigationDirect, received_on: day(received), result };
        let found =
            (2022..=2026).filter_map(|year| cell_of(&remedy, year).map(|(_, cell)| (year, cell.code())));
        found.collect()
    }

    #[test]
    fn the_last_day_of_the_year_belongs_to_it() {
        assert_eq!(cells("2024-01-01", Some("2024-12-31")), [(2024, "corrected")]);
        assert_eq!(cells("2023-12-31", Some("2024-01-01")), [(2023, "pending"), (2024, "corrected")]);
        assert_eq!(cells("2024-01-01", Some("2025-01-01")), [(2024, "pending"), (2025, "corrected")]);
    }

    #[test]
    fn what_is_pending_is_pending_every_year_and_a_result_counts_once() {
        assert_eq!(
            cells("2023-05-01", None),
            [(2023, "pending"), (2024, "pending"), (2025, "pending"), (2026, "pending")]
        );
        assert_eq!(
            cells("2022-05-01", Some("2024-06-01")),
            [(2022, "pending"), (2023, "pending"), (2024, "corrected")]
        );
        // Not accepted: the agency heard of it with the decision, in the next year.
        assert_eq!(cells("2025-01-06", Some("2024-12-30")), [(2024, "corrected")]);
    }

    #[test]
    fn a_complaint_has_no_row_and_every_other_kind_its_own() {
        let complaint =
            RemedyFacts { kind: RemedyKind::Complaint, received_on: day("2024-01-01"), result: None };
        assert_eq!(cell_of(&complaint, 2024), None);
        for kind in RemedyKind::ALL.iter().filter(|kind| **kind != RemedyKind::Complaint) {
            let row = Table4Row::of(*kind).unwrap();
            assert_eq!((row.kind(), row.code()), (*kind, kind.code()));
        }
        for result in RemedyResult::ALL {
            assert_eq!(Table4Column::of(*result).code(), result.code());
        }
    }
}
