//! Which case counts in which row of which year: the definition that every query and every drill-down must
//! agree with.

use chrono::{Datelike, NaiveDate};

use super::table3::Row;
use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;

/// What the annual report needs to know of a case. Dates are civil dates in the agency's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportFacts {
    /// The applicant's kind: the column.
    pub kind: ApplicantKind,
    /// The day of receipt in the sense of Art. 31.
    pub received_on: NaiveDate,
    /// How and when the case was concluded; `None` while it is open. The day is that of the reply (the
    /// decision, not its service), of the note that it is no longer handled (Art. 30; fee measure Art. 6), or
    /// of the withdrawal, which counts as `other_other`. Never before `received_on`.
    pub outcome: Option<(Outcome, NaiveDate)>,
}

/// The rows of table 3 in which a case is counted in the report of `year` (1 January to 31 December, both
/// included): two rows, or none if the case was not open on any day of the year. It comes in once and goes
/// out once:
///
/// | in | when |
/// | --- | --- |
/// | [`Row::NewReceived`] | received in the year |
/// | [`Row::CarriedOver`] | received before 1 January and not concluded before 1 January |
///
/// | out | when |
/// | --- | --- |
/// | [`Row::Outcome`] | concluded in the year |
/// | [`Row::CarriedForward`] | received on or before 31 December and not concluded on or before 31 December |
///
/// Therefore the form's balance holds: 一（新收）＋二（上年结转）＝三（七）（总计）＋四（结转下年度）, and what one year carries forward
/// the next carries over. The sums ([`Row::HandledTotal`], [`Row::OtherTotal`]) are not among the rows given;
/// see [`Row::includes`]. Source: the rows of the form (国办公开办函〔2021〕30号, 表三); Art. 49 for the calendar year.
///
/// Received 20 December 2023, information provided 15 January 2024: carried forward in 2023, carried over in
/// 2024.
///
/// ```
/// use chrono::NaiveDate;
/// use gongkai::domain::annual_report::{ReportFacts, Row, cells_of};
/// use gongkai::domain::{applicant::ApplicantKind, outcome::Outcome};
///
/// let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
/// let case = ReportFacts {
///     kind: ApplicantKind::NaturalPerson,
///     received_on: day(2023, 12, 20),
///     outcome: Some((Outcome::Granted, day(2024, 1, 15))),
/// };
/// let rows = |year| cells_of(&case, year).collect::<Vec<_>>();
/// assert_eq!(rows(2023), [Row::NewReceived, Row::CarriedForward]);
/// assert_eq!(rows(2024), [Row::CarriedOver, Row::Outcome(Outcome::Granted)]);
/// assert_eq!(rows(2025), []);
/// ```
pub fn cells_of(case: &ReportFacts, year: i32) -> impl Iterator<Item = Row> + use<> {
    row_in(case, year).into_iter().chain(row_out(case, year))
}

fn row_in(case: &ReportFacts, year: i32) -> Option<Row> {
    let received = case.received_on.year();
    let concluded_earlier = case.outcome.is_some_and(|(_, on)| on.year() < year);
    if received == year {
        Some(Row::NewReceived)
    } else if received < year && !concluded_earlier {
        Some(Row::CarriedOver)
    } else {
        None
    }
}

fn row_out(case: &ReportFacts, year: i32) -> Option<Row> {
    match case.outcome {
        Some((outcome, on)) if on.year() == year => Some(Row::Outcome(outcome)),
        Some((_, on)) if on.year() < year => None,
        Some(_) | None => (case.received_on.year() <= year).then_some(Row::CarriedForward),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Column, Form, PublishedReport, Table3, check};
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[track_caller]
    fn check_rows(received: NaiveDate, concluded: Option<NaiveDate>, expected: &[(i32, &[&str])]) {
        let outcome = concluded.map(|on| (Outcome::Granted, on));
        let case = ReportFacts { kind: ApplicantKind::OtherOrg, received_on: received, outcome };
        for &(year, rows) in expected {
            let found: Vec<&str> = cells_of(&case, year).map(Row::code).collect();
            assert_eq!(found, rows, "{year}");
        }
    }

    #[test]
    fn the_first_and_the_last_day_belong_to_the_year() {
        check_rows(
            day(2024, 1, 1),
            Some(day(2024, 12, 31)),
            &[(2023, &[]), (2024, &["new_received", "granted"]), (2025, &[])],
        );
        check_rows(
            day(2023, 12, 31),
            Some(day(2024, 1, 1)),
            &[(2023, &["new_received", "carried_forward"]), (2024, &["carried_over", "granted"])],
        );
        check_rows(
            day(2024, 12, 31),
            Some(day(2024, 12, 31)),
            &[(2024, &["new_received", "granted"]), (2025, &[])],
        );
    }

    #[test]
    fn an_open_case_is_carried_on_every_year() {
        check_rows(
            day(2023, 6, 1),
            None,
            &[
                (2022, &[]),
                (2023, &["new_received", "carried_forward"]),
                (2024, &["carried_over", "carried_forward"]),
                (2025, &["carried_over", "carried_forward"]),
            ],
        );
    }

    fn case() -> impl Strategy<Value = ReportFacts> {
        let outcome = proptest::option::of((proptest::sample::select(Outcome::ALL), 0_u64..900));
        (proptest::sample::select(ApplicantKind::ALL), 0_u64..1500, outcome).prop_map(
            |(kind, received, outcome)| {
                let received_on = day(2021, 1, 1) + chrono::Days::new(received);
                let outcome = outcome.map(|(outcome, days)| (outcome, received_on + chrono::Days::new(days)));
                ReportFacts { kind, received_on, outcome }
            },
        )
    }

    proptest! {
        #[test]
        fn any_cases_give_a_table_that_keeps_every_identity(cases in proptest::collection::vec(case(), 0..60)) {
            for year in 2020..2030 {
                let table = Table3::from_cases(&cases, year);
                for &form in Form::ALL {
                    let report = PublishedReport { form, table3: table.sheet(form), table4: None };
                    prop_assert_eq!(check(&report).broken, vec![]);
                }
                let next = Table3::from_cases(&cases, year + 1);
                for column in Column::ALL {
                    prop_assert_eq!(table.cell(Row::CarriedForward, column), next.cell(Row::CarriedOver, column));
                }
            }
        }
    }
}
