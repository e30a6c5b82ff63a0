//! The form's own identities, applied to a report as printed.

use serde::Serialize;

use super::sheet::{Sheet, sum};
use super::table3::{Column, Form, Row};
use super::table4::{Table4Column, Table4Row};

/// A report as somebody printed it, right or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedReport {
    /// The edition of the form, which decides the rows of table 3.
    pub form: Form,
    /// 表三.
    pub table3: Sheet<Row, Column>,
    /// 表四, if the file has it.
    pub table4: Option<Sheet<Table4Row, Table4Column>>,
}

/// A sum that the form demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Of a row: its cells add up to its total (table 3: six kinds of applicant; table 4: four results).
    RowSum,
    /// Of a column of table 3: the results add up to 三（七）总计.
    ResultSum,
    /// Of a column of table 3, the form's own 勾稽关系: 第一项加第二项之和，等于第三项加第四项之和.
    Balance,
}

impl Identity {
    /// The word used in output.
    pub fn code(self) -> &'static str {
        match self {
            Self::RowSum => "row_sum",
            Self::ResultSum => "result_sum",
            Self::Balance => "balance",
        }
    }
}

/// An identity that a report does not keep: what `row` prints in `column` (`printed`) against what the other
/// cells of the identity come to (`expected`). Which of the cells is the wrong one, only the office can know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// 3 or 4.
    pub table: u8,
    /// Which sum.
    pub identity: Identity,
    /// The row's key; for [`Identity::Balance`] the two rows of its right side,
    /// `handled_total+carried_forward`.
    pub row: &'static str,
    /// The row's label in the form.
    pub row_zh: &'static str,
    /// The column's key.
    pub column: &'static str,
    /// The column's label in the form.
    pub column_zh: &'static str,
    /// What it would have to be by the other cells.
    pub expected: u64,
    /// What it is.
    pub printed: u64,
}

impl Broken {
    /// One line that says what is wrong, in English with the form's labels.
    pub fn sentence_en(&self) -> String {
        let Self { table, row, row_zh, column, column_zh, expected, printed, .. } = self;
        let identity = self.identity.code();
        let rule = match (self.identity, self.table) {
            (Identity::RowSum, 3) => "the six applicant columns must add up to the row's total",
            (Identity::RowSum, _) => "the four results must add up to the row's total",
            (Identity::ResultSum, _) => "the results must add up to handled_total",
            (Identity::Balance, _) => {
                "new_received + carried_over must equal handled_total + carried_forward"
            }
        };
        format!(
            "table {table} {identity}: row {row} ({row_zh}), column {column} ({column_zh}): \
             expected {expected}, printed {printed}; {rule}"
        )
    }

    /// The same line in Chinese.
    pub fn sentence_zh(&self) -> String {
        let Self { row_zh, column_zh, expected, printed, .. } = self;
        let table = if self.table == 3 { "表三" } else { "表四" };
        let rule = match (self.identity, self.table) {
            (Identity::RowSum, 3) => "六类申请人之和应等于该行总计",
            (Identity::RowSum, _) => "四类结果之和应等于该行总计",
            (Identity::ResultSum, _) => "各项办理结果之和应等于（七）总计",
            (Identity::Balance, _) => "第一项加第二项之和应等于第三项加第四项之和",
        };
        format!("{table}“{row_zh}”行“{column_zh}”列：应为{expected}，所填为{printed}；{rule}")
    }
}

/// The outcome of checking a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// How many identities were applied.
    pub checked: usize,
    /// Those that do not hold, in the form's order: rows, results, balances of table 3, then table 4.
    pub broken: Vec<Broken>,
}

impl Checked {
    /// Whether every identity holds.
    pub fn is_consistent(&self) -> bool {
        self.broken.is_empty()
    }
}

/// Applies every identity of the form to a report: of table 3 each row's sum, each column's sum of results
/// and each column's balance; of table 4 each row's sum. (Source: the form's 勾稽关系 note and its 总计 row and
/// columns.)
///
/// A blank cell counts as 0. A blank total of a row is no figure that could be wrong: that row's sum is not
/// checked, and where the total column is added up, the sum of the row's own cells stands in for it.
///
/// ```
/// use gongkai::domain::annual_report::{Column, Form, PublishedReport, Row, Table3, check};
/// use gongkai::domain::{applicant::ApplicantKind::NaturalPerson, outcome::Outcome::Granted};
///
/// let table = Table3::from_counts([(NaturalPerson, 20)], [], [((NaturalPerson, Granted), 20)], []);
/// let form = Form::Form2021;
/// let mut report = PublishedReport { form, table3: table.sheet(form), table4: None };
/// assert_eq!(check(&report).checked, 25 + 7 + 7);
/// assert!(check(&report).is_consistent());
///
/// report.table3.set(Row::NewReceived, Column::Total, Some(21));
/// let broken = check(&report).broken;
/// assert_eq!((broken[0].row, broken[0].expected, broken[0].printed), ("new_received", 20, 21));
/// assert_eq!((broken[1].column, broken[1].expected, broken[1].printed), ("total", 21, 20)); // the balance
/// ```
pub fn check(report: &PublishedReport) -> Checked {
    let mut found = Checked { checked: 0, broken: Vec::new() };
    for row in Row::of(report.form) {
        if let Some(printed) = report.table3.printed(row, Column::Total) {
            found.apply(row_sum_of_table3(report, row, printed));
        }
    }
    for column in Column::ALL {
        found.apply(result_sum(report, column));
    }
    for column in Column::ALL {
        found.apply(balance(report, column));
    }
    if let Some(sheet) = &report.table4 {
        for &row in Table4Row::ALL {
            if let Some(printed) = sheet.printed(row, Table4Column::Total) {
                found.apply(row_sum_of_table4(sheet, row, printed));
            }
        }
    }
    found
}

impl Checked {
    fn apply(&mut self, sides: Broken) {
        self.checked += 1;
        if sides.expected != sides.printed {
            self.broken.push(sides);
        }
    }
}

/// What a cell of table 3 counts as; see [`check`] for blanks.
fn value(report: &PublishedReport, row: Row, column: Column) -> u64 {
    let unprinted_total = column == Column::Total && report.table3.printed(row, column).is_none();
    if unprinted_total { sum_of_kinds(report, row) } else { report.table3.value(row, column) }
}

fn sum_of_kinds(report: &PublishedReport, row: Row) -> u64 {
    let kinds = Column::ALL.into_iter().filter(|&column| column != Column::Total);
    sum(kinds.map(|column| report.table3.value(row, column)))
}

fn row_sum_of_table3(report: &PublishedReport, row: Row, printed: u64) -> Broken {
    Broken {
        table: 3,
        identity: Identity::RowSum,
        row: row.code(),
        row_zh: row.label_zh(),
        column: Column::Total.code(),
        column_zh: Column::Total.label_zh(),
        expected: sum_of_kinds(report, row),
        printed,
    }
}

fn result_sum(report: &PublishedReport, column: Column) -> Broken {
    let results = Row::of(report.form).filter(|row| matches!(row, Row::Outcome(_) | Row::OtherTotal));
    Broken {
        table: 3,
        identity: Identity::ResultSum,
        row: Row::HandledTotal.code(),
        row_zh: Row::HandledTotal.label_zh(),
        column: column.code(),
        column_zh: column.label_zh(),
        expected: sum(results.map(|row| value(report, row, column))),
        printed: value(report, Row::HandledTotal, column),
    }
}

fn balance(report: &PublishedReport, column: Column) -> Broken {
    let both = |one, other| sum([value(report, one, column), value(report, other, column)]);
    Broken {
        table: 3,
        identity: Identity::Balance,
        row: "handled_total+carried_forward",
        row_zh: "三（七）总计＋四、结转下年度继续办理",
        column: column.code(),
        column_zh: column.label_zh(),
        expected: both(Row::NewReceived, Row::CarriedOver),
        printed: both(Row::HandledTotal, Row::CarriedForward),
    }
}

fn row_sum_of_table4(sheet: &Sheet<Table4Row, Table4Column>, row: Table4Row, printed: u64) -> Broken {
    Broken {
        table: 4,
        identity: Identity::RowSum,
        row: row.code(),
        row_zh: row.label_zh(),
        column: Table4Column::Total.code(),
        column_zh: Table4Column::Total.label_zh(),
        expected: sum(Table4Column::RESULTS.map(|column| sheet.value(row, column))),
        printed,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Table3, Table4};
    use super::*;
    use crate::domain::applicant::ApplicantKind::{self, LegalServiceOrg, NaturalPerson};
    use crate::domain::outcome::Outcome;

    /// 宿迁-like figures, reduced: two kinds of applicant, balanced.
    fn balanced(form: Form) -> PublishedReport {
        let table3 = Table3::from_counts(
            [(NaturalPerson, 30), (LegalServiceOrg, 4)],
            [(NaturalPerson, 2)],
            [
                ((NaturalPerson, Outcome::Granted), 20),
                ((NaturalPerson, Outcome::OtherOther), 7),
                ((LegalServiceOrg, Outcome::UnableNotHeld), 3),
            ],
            [(NaturalPerson, 5), (LegalServiceOrg, 1)],
        );
        let row = Table4Row::Reconsideration;
        let table4 =
            Table4::from_counts([((row, Table4Column::Upheld), 3), ((row, Table4Column::Pending), 1)]);
        PublishedReport { form, table3: table3.sheet(form), table4: Some(table4.sheet()) }
    }

    type Place = (u8, &'static str, &'static str, &'static str, u64, u64);

    fn places(report: &PublishedReport) -> Vec<Place> {
        let place = |it: Broken| (it.table, it.identity.code(), it.row, it.column, it.expected, it.printed);
        check(report).broken.into_iter().map(place).collect()
    }

    #[test]
    fn a_balanced_report_is_consistent_in_both_editions() {
        assert_eq!(check(&balanced(Form::Form2021)), Checked { checked: 25 + 7 + 7 + 3, broken: vec![] });
        assert_eq!(check(&balanced(Form::Form2019)), Checked { checked: 23 + 7 + 7 + 3, broken: vec![] });
    }

    #[test]
    fn a_wrong_result_breaks_its_row_and_its_column() {
        let mut report = balanced(Form::Form2021);
        report.table3.set(Row::Outcome(Outcome::Granted), Column::Kind(NaturalPerson), Some(26));
        assert_eq!(
            places(&report),
            [
                (3, "row_sum", "granted", "total", 26, 20),
                (3, "result_sum", "handled_total", "natural_person", 33, 27),
            ]
        );
    }

    #[test]
    fn a_wrong_intake_breaks_the_balance() {
        let mut report = balanced(Form::Form2019);
        report.table3.set(Row::NewReceived, Column::Kind(LegalServiceOrg), Some(5));
        report.table3.set(Row::NewReceived, Column::Total, Some(35));
        assert_eq!(
            places(&report),
            [
                (3, "balance", "handled_total+carried_forward", "legal_service_org", 5, 4),
                (3, "balance", "handled_total+carried_forward", "total", 37, 36),
            ]
        );
    }

    #[test]
    fn table_4_is_checked_when_it_is_there() {
        let mut report = balanced(Form::Form2021);
        let sheet = report.table4.as_mut().unwrap();
        sheet.set(Table4Row::LitigationDirect, Table4Column::Corrected, Some(1));
        assert_eq!(places(&report), [(4, "row_sum", "litigation_direct", "total", 1, 0)]);
        report.table4 = None;
        assert_eq!(check(&report), Checked { checked: 25 + 7 + 7, broken: vec![] });
    }

    #[test]
    fn a_blank_cell_counts_as_zero_and_a_blank_total_is_not_checked() {
        let mut report = balanced(Form::Form2021);
        report.table3.set(Row::CarriedOver, Column::Kind(LegalServiceOrg), None);
        report.table3.set(Row::Outcome(Outcome::Granted), Column::Total, None);
        report.table4.as_mut().unwrap().set(Table4Row::Reconsideration, Table4Column::Total, None);
        assert_eq!(check(&report), Checked { checked: 24 + 7 + 7 + 2, broken: vec![] });

        report.table3.set(Row::HandledTotal, Column::Kind(NaturalPerson), None);
        assert_eq!(
            places(&report),
            [
                (3, "row_sum", "handled_total", "total", 3, 30),
                (3, "result_sum", "handled_total", "natural_person", 27, 0),
                (3, "balance", "handled_total+carried_forward", "natural_person", 32, 5),
            ]
        );
    }

    #[test]
    fn the_sentence_names_table_row_column_and_both_numbers() {
        let mut report = balanced(Form::Form2021);
        report.table3.set(Row::HandledTotal, Column::Kind(NaturalPerson), Some(21));
        let broken = check(&report).broken;
        assert_eq!(
            broken[1].sentence_en(),
            "table 3 result_sum: row handled_total (三（七）总计), column natural_person (自然人): \
             expected 27, printed 21; the results must add up to handled_total"
        );
        assert_eq!(
            broken[1].sentence_zh(),
            "表三“三（七）总计”行“自然人”列：应为27，所填为21；各项办理结果之和应等于（七）总计"
        );
        assert!(broken[0].sentence_en().contains("six applicant columns"));
        assert!(broken[2].sentence_zh().contains("第一项加第二项之和"));
    }

    proptest! {
        /// Counts that have nothing to do with each other still keep the sums; only the balance can break.
        #[test]
        fn computed_totals_always_add_up(counts in proptest::collection::vec(0_u64..=u64::MAX, 24)) {
            let of = |at: usize| ApplicantKind::ALL.iter().copied().zip(counts.iter().copied().skip(at));
            let outcome = |(kind, count): (ApplicantKind, u64)| {
                let index = usize::try_from(count % 21).unwrap();
                ((kind, Outcome::ALL[index]), count)
            };
            let table = Table3::from_counts(of(0), of(6), of(12).map(outcome), of(18));
            for &form in Form::ALL {
                let report = PublishedReport { form, table3: table.sheet(form), table4: None };
                prop_assert!(check(&report).broken.iter().all(|it| it.identity == Identity::Balance));
            }
        }

        /// Whatever cell of a balanced report is misprinted, it is found.
        #[test]
        fn any_single_misprint_is_found(row in 0_usize..25, column in 0_usize..7, by in 1_u64..1000) {
            let mut report = balanced(Form::Form2021);
            let (row, column) = (Row::of(Form::Form2021).nth(row).unwrap(), Column::ALL[column]);
            let right = report.table3.value(row, column);
            report.table3.set(row, column, Some(right + by));
            prop_assert!(!check(&report).is_consistent());
        }
    }
}
