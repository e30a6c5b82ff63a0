//! Table 3 (表三 收到和处理政府信息公开申请情况): what came in, how it was handled, what is carried on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::facts::{ReportFacts, cells_of};
use super::sheet::{Sheet, sum};
use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;

/// The edition of the form that a report follows. Its code is the year in which the edition was issued; the
/// year reported on does not decide it, since some offices kept the older one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// 国办公开办函〔2019〕60号: 其他处理 is one undivided row, [`Row::OtherTotal`].
    #[serde(rename = "2019")]
    Form2019,
    /// 国办公开办函〔2021〕30号, in force: 其他处理 has three rows.
    #[default]
    #[serde(rename = "2021")]
    Form2021,
}

impl Form {
    /// Every edition, oldest first.
    pub const ALL: &'static [Self] = &[Self::Form2019, Self::Form2021];

    /// The edition's year, as reports name it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form2019 => "2019",
            Self::Form2021 => "2021",
        }
    }

    /// The edition with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|form| form.code() == code)
    }
}

/// A row of table 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// 一、本年新收.
    NewReceived,
    /// 二、上年结转.
    CarriedOver,
    /// 三（一）to（六）: one result of handling.
    Outcome(Outcome),
    /// 三（六）其他处理, undivided: form 2019 only, in place of the three `other_…` results.
    OtherTotal,
    /// 三（七）总计: the sum of the results.
    HandledTotal,
    /// 四、结转下年度继续办理.
    CarriedForward,
}

impl Row {
    /// Every row of any edition, in the form's order.
    pub const ALL: &'static [Self] = &[
        Self::NewReceived,
        Self::CarriedOver,
        Self::Outcome(Outcome::Granted),
        Self::Outcome(Outcome::PartiallyGranted),
        Self::Outcome(Outcome::DeniedStateSecret),
        Self::Outcome(Outcome::DeniedProhibitedByLaw),
        Self::Outcome(Outcome::DeniedSecurityStability),
        Self::Outcome(Outcome::DeniedThirdPartyRights),
        Self::Outcome(Outcome::DeniedInternalAffairs),
        Self::Outcome(Outcome::DeniedDeliberativeProcess),
        Self::Outcome(Outcome::DeniedEnforcementFiles),
        Self::Outcome(Outcome::DeniedAdministrativeQuery),
        Self::Outcome(Outcome::UnableNotHeld),
        Self::Outcome(Outcome::UnableNeedsCreation),
        Self::Outcome(Outcome::UnableUnclearAfterCorrection),
        Self::Outcome(Outcome::NotProcessedComplaintPetition),
        Self::Outcome(Outcome::NotProcessedRepeat),
        Self::Outcome(Outcome::NotProcessedPublication),
        Self::Outcome(Outcome::NotProcessedExcessive),
        Self::Outcome(Outcome::NotProcessedConfirmation),
        Self::Outcome(Outcome::OtherOverdueCorrection),
        Self::Outcome(Outcome::OtherOverdueFee),
        Self::Outcome(Outcome::OtherOther),
        Self::OtherTotal,
        Self::HandledTotal,
        Self::CarriedForward,
    ];

    /// The rows of one edition, in its order: 25 for form 2021, 23 for form 2019.
    pub fn of(form: Form) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |row| row.is_in(form))
    }

    /// Whether this edition of the form has this row.
    pub fn is_in(self, form: Form) -> bool {
        match self {
            Self::OtherTotal => form == Form::Form2019,
            Self::Outcome(_) if Self::OtherTotal.includes(self) => form == Form::Form2021,
            Self::NewReceived
            | Self::CarriedOver
            | Self::Outcome(_)
            | Self::HandledTotal
            | Self::CarriedForward => true,
        }
    }

    /// Whether a case that falls in row `counted` (as [`cells_of`] says) is among those this row shows: a row
    /// includes itself, [`Row::HandledTotal`] every result, [`Row::OtherTotal`] the three `other_…` results.
    ///
    /// ```
    /// use gongkai::domain::{annual_report::Row, outcome::Outcome};
    /// assert!(Row::HandledTotal.includes(Row::Outcome(Outcome::Granted)));
    /// assert!(!Row::HandledTotal.includes(Row::CarriedForward));
    /// assert!(!Row::OtherTotal.includes(Row::Outcome(Outcome::Granted)));
    /// ```
    pub fn includes(self, counted: Self) -> bool {
        match self {
            Self::HandledTotal => matches!(counted, Self::Outcome(_)),
            Self::OtherTotal => matches!(
                counted,
                Self::Outcome(
                    Outcome::OtherOverdueCorrection | Outcome::OtherOverdueFee | Outcome::OtherOther
                )
            ),
            Self::NewReceived | Self::CarriedOver | Self::Outcome(_) | Self::CarriedForward => {
                self == counted
            }
        }
    }

    /// The key used in the API and in report files.
    pub fn code(self) -> &'static str {
        match self {
            Self::NewReceived => "new_received",
            Self::CarriedOver => "carried_over",
            Self::Outcome(outcome) => outcome.code(),
            Self::OtherTotal => "other_total",
            Self::HandledTotal => "handled_total",
            Self::CarriedForward => "carried_forward",
        }
    }

    /// The row with this key, if there is one in any edition.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|row| row.code() == code)
    }

    /// The row's label with its place in the form, so that no two rows read alike.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::NewReceived => "一、本年新收政府信息公开申请数量",
            Self::CarriedOver => "二、上年结转政府信息公开申请数量",
            Self::Outcome(outcome) => outcome_row_zh(outcome),
            Self::OtherTotal => "三（六）其他处理",
            Self::HandledTotal => "三（七）总计",
            Self::CarriedForward => "四、结转下年度继续办理",
        }
    }
}

/// The form's label for the row of one result.
fn outcome_row_zh(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "三（一）予以公开",
        Outcome::PartiallyGranted => "三（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        Outcome::DeniedStateSecret => "三（三）不予公开 1.属于国家秘密",
        Outcome::DeniedProhibitedByLaw => "三（三）不予公开 2.其他法律行政法规禁止公开",
        Outcome::DeniedSecurityStability => "三（三）不予公开 3.危及“三安全一稳定”",
        Outcome::DeniedThirdPartyRights => "三（三）不予公开 4.保护第三方合法权益",
        Outcome::DeniedInternalAffairs => "三（三）不予公开 5.属于三类内部事务信息",
        Outcome::DeniedDeliberativeProcess => "三（三）不予公开 6.属于四类过程性信息",
        Outcome::DeniedEnforcementFiles => "三（三）不予公开 7.属于行政执法案卷",
        Outcome::DeniedAdministrativeQuery => "三（三）不予公开 8.属于行政查询事项",
        Outcome::UnableNotHeld => "三（四）无法提供 1.本机关不掌握相关政府信息",
        Outcome::UnableNeedsCreation => "三（四）无法提供 2.没有现成信息需要另行制作",
        Outcome::UnableUnclearAfterCorrection => "三（四）无法提供 3.补正后申请内容仍不明确",
        Outcome::NotProcessedComplaintPetition => "三（五）不予处理 1.信访举报投诉类申请",
        Outcome::NotProcessedRepeat => "三（五）不予处理 2.重复申请",
        Outcome::NotProcessedPublication => "三（五）不予处理 3.要求提供公开出版物",
        Outcome::NotProcessedExcessive => "三（五）不予处理 4.无正当理由大量反复申请",
        Outcome::NotProcessedConfirmation => "三（五）不予处理 5.要求行政机关确认或重新出具已获取信息",
        Outcome::OtherOverdueCorrection => {
            "三（六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
        }
        Outcome::OtherOverdueFee => {
            "三（六）其他处理 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
        }
        Outcome::OtherOther => "三（六）其他处理 3.其他",
    }
}

/// A column of table 3: one kind of applicant, or all of them. The form has no subtotal of organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// 自然人 or one of the five kinds of 法人或其他组织.
    Kind(ApplicantKind),
    /// 总计.
    Total,
}

impl Column {
    /// The seven columns, in the form's order.
    pub const ALL: [Self; 7] = [
        Self::Kind(ApplicantKind::NaturalPerson),
        Self::Kind(ApplicantKind::CommercialEnterprise),
        Self::Kind(ApplicantKind::ResearchInstitution),
        Self::Kind(ApplicantKind::PublicWelfareOrg),
        Self::Kind(ApplicantKind::LegalServiceOrg),
        Self::Kind(ApplicantKind::OtherOrg),
        Self::Total,
    ];

    /// The key used in the API and in report files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.code(),
            Self::Total => "total",
        }
    }

    /// The column with this key, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }

    /// The form's label of the column.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.label_zh(),
            Self::Total => "总计",
        }
    }

    /// Whether a case of an applicant of this kind is counted in this column.
    pub fn includes(self, kind: ApplicantKind) -> bool {
        match self {
            Self::Kind(own) => own == kind,
            Self::Total => true,
        }
    }
}

/// Table 3 of one agency and year, computed. Only what is counted is stored (by row and kind of applicant);
/// totals and form 2019's undivided row are sums taken on reading.
///
/// Its `Default` is the table of a year without requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table3 {
    counted: BTreeMap<(Row, ApplicantKind), u64>,
}

impl Table3 {
    /// The table from grouped counts, as a database gives them. What counts where is defined by [`cells_of`].
    /// Groups may come in any order, be missing (0) or come in parts (they add up).
    ///
    /// ```
    /// use gongkai::domain::annual_report::{Column, Row, Table3};
    /// use gongkai::domain::{applicant::ApplicantKind::NaturalPerson, outcome::Outcome::Granted};
    ///
    /// let table = Table3::from_counts(
    ///     [(NaturalPerson, 20)],            // received in the year
    ///     [(NaturalPerson, 1)],             // open when it began
    ///     [((NaturalPerson, Granted), 18)], // concluded in it
    ///     [(NaturalPerson, 3)],             // open when it ended
    /// );
    /// assert_eq!(table.cell(Row::HandledTotal, Column::Total), 18);
    /// ```
    pub fn from_counts(
        new_received: impl IntoIterator<Item = (ApplicantKind, u64)>,
        carried_over: impl IntoIterator<Item = (ApplicantKind, u64)>,
        concluded: impl IntoIterator<Item = ((ApplicantKind, Outcome), u64)>,
        carried_forward: impl IntoIterator<Item = (ApplicantKind, u64)>,
    ) -> Self {
        let mut table = Self::default();
        for (kind, count) in new_received {
            table.add(Row::NewReceived, kind, count);
        }
        for (kind, count) in carried_over {
            table.add(Row::CarriedOver, kind, count);
        }
        for ((kind, outcome), count) in concluded {
            table.add(Row::Outcome(outcome), kind, count);
        }
        for (kind, count) in carried_forward {
            table.add(Row::CarriedForward, kind, count);
        }
        table
    }

    /// The table of `year` from the cases themselves, by the definition in [`cells_of`].
    pub fn from_cases<'a>(cases: impl IntoIterator<Item = &'a ReportFacts>, year: i32) -> Self {
        let mut table = Self::default();
        for case in cases {
            for row in cells_of(case, year) {
                table.add(row, case.kind, 1);
            }
        }
        table
    }

    fn add(&mut self, row: Row, kind: ApplicantKind, count: u64) {
        if count > 0 {
            let cell = self.counted.entry((row, kind)).or_default();
            *cell = cell.saturating_add(count);
        }
    }

    /// One cell: the number of cases in the row and column, totals included.
    pub fn cell(&self, row: Row, column: Column) -> u64 {
        let within = |&(counted, kind): &(Row, ApplicantKind)| row.includes(counted) && column.includes(kind);
        sum(self.counted.iter().filter(|(place, _)| within(place)).map(|(_, &count)| count))
    }

    /// The rows of one edition of the form, in its order, each with its seven cells in the order of
    /// [`Column::ALL`].
    pub fn rows(&self, form: Form) -> impl Iterator<Item = (Row, [u64; 7])> {
        Row::of(form).map(|row| (row, Column::ALL.map(|column| self.cell(row, column))))
    }

    /// The table as a report of this form prints it: every cell printed, none blank.
    pub fn sheet(&self, form: Form) -> Sheet<Row, Column> {
        let mut sheet = Sheet::new();
        for row in Row::of(form) {
            for column in Column::ALL {
                sheet.set(row, column, Some(self.cell(row, column)));
            }
        }
        sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_has_25_rows_and_its_older_edition_23() {
        let results = Row::ALL
            .iter()
            .copied()
            .filter(|&row| row != Row::HandledTotal && Row::HandledTotal.includes(row));
        assert!(
            results.eq(Outcome::ALL.iter().copied().map(Row::Outcome)),
            "one row per outcome, in its order"
        );
        assert_eq!(Row::of(Form::Form2021).count(), 25);
        assert_eq!(Row::of(Form::Form2019).count(), 23);
        assert!(!Row::OtherTotal.is_in(Form::Form2021));
        assert!(!Row::Outcome(Outcome::OtherOverdueFee).is_in(Form::Form2019));
        assert!(Row::Outcome(Outcome::Granted).is_in(Form::Form2019));
    }

    #[test]
    fn every_row_column_and_form_is_found_by_its_own_code_and_no_other() {
        for &row in Row::ALL {
            assert_eq!(Row::parse(row.code()), Some(row));
            assert_eq!(Row::ALL.iter().filter(|other| other.label_zh() == row.label_zh()).count(), 1);
        }
        for column in Column::ALL {
            assert_eq!(Column::parse(column.code()), Some(column));
        }
        for &form in Form::ALL {
            assert_eq!(Form::parse(form.code()), Some(form));
        }
        assert_eq!((Row::parse("total"), Column::parse("all"), Form::parse("2020")), (None, None, None));
    }

    #[test]
    fn the_columns_are_the_kinds_of_applicant_and_the_total() {
        let kinds = ApplicantKind::ALL.iter().copied().map(Column::Kind).chain([Column::Total]);
        assert!(kinds.eq(Column::ALL));
    }

    #[test]
    fn totals_and_the_undivided_row_are_sums() {
        use ApplicantKind::{LegalServiceOrg, NaturalPerson};
        let table = Table3::from_counts(
            [(NaturalPerson, 5), (LegalServiceOrg, 2), (NaturalPerson, 1)],
            [],
            [
                ((NaturalPerson, Outcome::Granted), 3),
                ((NaturalPerson, Outcome::OtherOverdueFee), 1),
                ((LegalServiceOrg, Outcome::OtherOther), 2),
            ],
            [(NaturalPerson, 2)],
        );
        let rows: Vec<(Row, [u64; 7])> = table.rows(Form::Form2019).collect();
        assert!(rows.contains(&(Row::NewReceived, [6, 0, 0, 0, 2, 0, 8])));
        assert!(rows.contains(&(Row::CarriedOver, [0; 7])));
        assert!(rows.contains(&(Row::OtherTotal, [1, 0, 0, 0, 2, 0, 3])));
        assert!(rows.contains(&(Row::HandledTotal, [4, 0, 0, 0, 2, 0, 6])));
        assert_eq!(table.sheet(Form::Form2021).printed(Row::OtherTotal, Column::Total), None);
    }
}
