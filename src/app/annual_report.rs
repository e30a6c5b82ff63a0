//! The annual report of one agency: table 3 (表三 收到和处理政府信息公开申请情况) and table 4 (表四 政府信息公开行政复议、行政诉讼情况), counted, with
//! the cases behind each of their cells; table 2 (表二) as it was entered.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

use super::App;
use super::csv_text::{MARK, rows, safe_cell};
use super::error::{AppError, FieldError};
use crate::domain::annual_report::{
    Checked, Column, Form, PublishedReport, Row, Table2, Table3, Table4, Table4Column, Table4Row, check,
};
use crate::domain::applicant::ApplicantKind;
use crate::domain::ids::AgencyId;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{RemedyKind, RemedyResult};
use crate::domain::sensitivity::Sensitivity;
use crate::store::{CaseRow, CellCases, CellFilter, Counts, Key, RemedyCellFilter, StoreError};

/// The years that have a report: the first Regulation took effect on 1 May 2008.
const YEARS: std::ops::RangeInclusive<i32> = 2008..=9998;

/// The figures of one agency and calendar year, counted from its cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnualReport {
    /// The agency.
    pub agency: AgencyId,
    /// Its code.
    pub agency_code: String,
    /// Its name.
    pub agency_name: String,
    /// The calendar year: 1 January to 31 December, both inclusive.
    pub year: i32,
    /// The civil date, in the agency's zone, on which it was counted.
    pub as_of: NaiveDate,
    /// Whether the year has ended (`as_of` is after 31 December): the figures of a running year still grow.
    pub complete: bool,
    /// Table 2, once it was entered.
    pub table2: Option<Table2>,
    /// Table 3.
    pub table3: Table3,
    /// Table 4.
    pub table4: Table4,
}

impl AnnualReport {
    /// Whether every identity of the form holds (勾稽关系). Ours do by construction; a `false` is a fault of this
    /// program or of the database.
    pub fn is_consistent(&self, form: Form) -> bool {
        self.checked(form).is_consistent()
    }

    /// Every identity of the form, and those that do not hold.
    pub fn checked(&self, form: Form) -> Checked {
        let (table3, table4) = (self.table3.sheet(form), Some(self.table4.sheet()));
        check(&PublishedReport { form, table3, table4 })
    }

    /// The report in the form in which published figures are kept, and which `check-annual-report` reads:
    /// `{agency, agency_code, year, form, as_of, complete, table3: {row: {column: number}}, table4: {row: {column: number}}}`,
    /// with `table2` in the same shape once it was entered.
    pub fn to_json(&self, form: Form) -> Value {
        let cells = |cells: [u64; 7]| -> Map<String, Value> {
            Column::ALL.iter().zip(cells).map(|(column, n)| (column.code().to_owned(), n.into())).collect()
        };
        let rows: Map<String, Value> = self
            .table3
            .rows(form)
            .map(|(row, counts)| (row.code().to_owned(), cells(counts).into()))
            .collect();
        let mut report = json!({
            "agency": self.agency_name, "agency_code": self.agency_code, "year": self.year, "form": form.code(),
            "as_of": self.as_of, "complete": self.complete, "table3": rows, "table4": self.table4_json(),
        });
        if let (Some(table2), Some(members)) = (&self.table2, report.as_object_mut()) {
            members.insert("table2".to_owned(), table2_json(table2));
        }
        report
    }

    /// Table 4 by the keys of published figures.
    pub fn table4_json(&self) -> Value {
        let cells = |cells: [u64; 5]| -> Map<String, Value> {
            let columns = Table4Column::ALL.iter().zip(cells);
            columns.map(|(column, n)| (column.code().to_owned(), n.into())).collect()
        };
        let rows: Map<String, Value> =
            self.table4.rows().map(|(row, counts)| (row.code().to_owned(), cells(counts).into())).collect();
        rows.into()
    }

    /// The table as CSV for a spreadsheet, with the form's Chinese labels: UTF-8 with a byte order mark, lines end
    /// with CRLF. The columns are the agency, the year, the row and the seven columns of the form.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it cannot be written, which nothing in memory should cause.
    pub fn to_csv(&self, form: Form) -> Result<String, AppError> {
        let lead = |row: &str| [safe_cell(&self.agency_name), self.year.to_string(), safe_cell(row)];
        let head = |labels: Vec<&str>| {
            ["机关", "年度", "项目"].into_iter().chain(labels).map(str::to_owned).collect()
        };
        let mut lines: Vec<Vec<String>> =
            vec![head(Column::ALL.iter().map(|column| column.label_zh()).collect())];
        for (row, cells) in self.table3.rows(form) {
            lines.push(lead(row.label_zh()).into_iter().chain(cells.iter().map(u64::to_string)).collect());
        }
        // Table 4 below it, with a header of its own, as wide as table 3.
        let labels = Table4Column::ALL.iter().map(|column| column.label_zh());
        lines.push(head(labels.chain(["", ""]).collect()));
        for (row, cells) in self.table4.rows() {
            let cells = cells.iter().map(u64::to_string).chain([String::new(), String::new()]);
            lines.push(lead(row.label_zh()).into_iter().chain(cells).collect());
        }
        Ok(format!("{MARK}{}", rows(lines)?))
    }
}

/// Table 2 by rows and columns.
pub fn table2_json(table2: &Table2) -> Value {
    json!({
        "regulations": table2.regulations,
        "normative_documents": table2.normative_documents,
        "licences": { "decisions": table2.licences },
        "penalties": { "decisions": table2.penalties },
        "coercive_measures": { "decisions": table2.coercive_measures },
        "fees": { "amount_fen": table2.fees_fen },
    })
}

impl App {
    /// Counts an agency's cases for the report of a year. Which case counts where is defined by
    /// [`crate::domain::annual_report::cells_of`].
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a year outside 2008 to 9998, [`AppError::NotFound`] for an unknown agency,
    /// [`StoreError::Inconsistent`] when a row holds a code that this program never writes.
    pub async fn annual_report(&self, agency: AgencyId, year: i32) -> Result<AnnualReport, AppError> {
        let (first, last) = bounds(year)?;
        let known = self.agency(agency).await?;
        let counts = self.store.report_counts(Key(agency.0), first, last).await?;
        let as_of = self.today(&known);
        let table4 = table4(&counts)?;
        let table2 = self.table2(agency, year).await?;
        Ok(AnnualReport {
            agency,
            agency_code: known.row.code.clone(),
            agency_name: known.row.name.clone(),
            year,
            as_of,
            complete: as_of > last,
            table2: table2.map(|(table2, _)| table2),
            table3: table(counts)?,
            table4,
        })
    }

    /// A page of the remedies behind a cell of table 4, by case and number: each number with the row of its case, at most
    /// `limit`, after `after`. A total's cell has the remedies of everything it sums.
    ///
    /// # Errors
    /// As [`App::annual_report`].
    pub async fn annual_report_remedies(
        &self,
        (agency, clearance): (AgencyId, Sensitivity),
        year: i32,
        (row, column): (Table4Row, Table4Column),
        after: Option<(Key, i32)>,
        limit: i64,
    ) -> Result<Vec<(i32, CaseRow)>, AppError> {
        let (first, last) = bounds(year)?;
        self.agency(agency).await?;
        let results = RemedyResult::ALL.iter().copied();
        let results =
            results.filter(|result| [Table4Column::of(*result), Table4Column::Total].contains(&column));
        let filter = RemedyCellFilter {
            agency: Key(agency.0),
            clearance,
            first,
            last,
            kind: row.kind(),
            results: results.collect(),
            pending: matches!(column, Table4Column::Pending | Table4Column::Total),
            after,
            limit,
        };
        Ok(self.store.report_cell_remedies(filter).await?)
    }

    /// A page of the cases behind a cell, those that bear no label above the clearance, by id: those of row and column in the report of the year, at most `limit`,
    /// after the case `after`. A sum's cell has the cases of everything it sums.
    ///
    /// # Errors
    /// As [`App::annual_report`].
    pub async fn annual_report_cell(
        &self,
        (agency, clearance): (AgencyId, Sensitivity),
        year: i32,
        row: Row,
        column: Column,
        after: Option<Key>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, AppError> {
        let (first, last) = bounds(year)?;
        self.agency(agency).await?;
        let which = match row {
            Row::NewReceived => CellCases::New,
            Row::CarriedOver => CellCases::CarriedOver,
            Row::CarriedForward => CellCases::CarriedForward,
            Row::Outcome(_) | Row::OtherTotal | Row::HandledTotal => CellCases::Concluded(
                Outcome::ALL.iter().copied().filter(|outcome| row.includes(Row::Outcome(*outcome))).collect(),
            ),
        };
        let kind = match column {
            Column::Kind(kind) => Some(kind),
            Column::Total => None,
        };
        let filter = CellFilter { agency: Key(agency.0), clearance, first, last, which, kind, after, limit };
        Ok(self.store.report_cell_cases(filter).await?)
    }
}

/// The year's first and last day.
pub(super) fn bounds(year: i32) -> Result<(NaiveDate, NaiveDate), AppError> {
    let days = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
    days.filter(|(first, _)| YEARS.contains(&first.year())).ok_or_else(|| {
        AppError::Invalid(vec![FieldError::new(
            "/year",
            "out_of_range",
            "年度应在2008至9998之间。",
            "A year from 2008 to 9998 has a report.",
        )])
    })
}

/// The table of the database's counts; nothing is left out or guessed.
fn table(counts: Counts) -> Result<Table3, AppError> {
    let concluded = counts
        .concluded
        .into_iter()
        .map(|(kind, outcome, n)| {
            let code = outcome.ok_or_else(|| wrong("outcome", "a concluded case without one"))?;
            let outcome =
                Outcome::parse(&code).ok_or_else(|| wrong("outcome", &format!("unknown code {code}")))?;
            Ok(((applicant_kind(&kind)?, outcome), number(n)?))
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    Ok(Table3::from_counts(
        by_kind(counts.new)?,
        by_kind(counts.carried_over)?,
        concluded,
        by_kind(counts.carried_forward)?,
    ))
}

/// Table 4 of the database's counts; complaints have no row.
fn table4(counts: &Counts) -> Result<Table4, AppError> {
    let mut cells = Vec::new();
    for (kind, result, n) in &counts.remedies {
        let kind =
            RemedyKind::parse(kind).ok_or_else(|| wrong("remedies", &format!("unknown kind {kind}")))?;
        let column = match result {
            None => Table4Column::Pending,
            Some(code) => RemedyResult::parse(code)
                .map(Table4Column::of)
                .ok_or_else(|| wrong("remedies", &format!("unknown result {code}")))?,
        };
        if let Some(row) = Table4Row::of(kind) {
            cells.push(((row, column), number(*n)?));
        }
    }
    Ok(Table4::from_counts(cells))
}

fn by_kind(counts: Vec<(String, i64)>) -> Result<Vec<(ApplicantKind, u64)>, AppError> {
    counts.into_iter().map(|(kind, n)| Ok((applicant_kind(&kind)?, number(n)?))).collect()
}

fn applicant_kind(code: &str) -> Result<ApplicantKind, AppError> {
    ApplicantKind::parse(code).ok_or_else(|| wrong("applicant_kind", &format!("unknown code {code}")))
}

fn number(n: i64) -> Result<u64, AppError> {
    u64::try_from(n).map_err(|_| wrong("count", "a number below zero"))
}

fn wrong(column: &str, reason: &str) -> AppError {
    AppError::Store(StoreError::Inconsistent {
        table: "cases",
        row: format!("(column {column})"),
        reason: reason.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> AnnualReport {
        let counts = Counts {
            new: vec![("natural_person".to_owned(), 3), ("other_org".to_owned(), 1)],
            carried_over: vec![("natural_person".to_owned(), 1)],
            concluded: vec![
                ("natural_person".to_owned(), Some("granted".to_owned()), 2),
                ("other_org".to_owned(), Some("other_overdue_fee".to_owned()), 1),
            ],
            carried_forward: vec![("natural_person".to_owned(), 2)],
            remedies: vec![
                ("reconsideration".to_owned(), Some("upheld".to_owned()), 3),
                ("reconsideration".to_owned(), None, 1),
                ("complaint".to_owned(), Some("corrected".to_owned()), 9),
            ],
        };
        AnnualReport {
            agency: AgencyId(uuid::Uuid::nil()),
            agency_code: "A".to_owned(),
            agency_name: "=某市".to_owned(),
            year: 2025,
            as_of: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            complete: true,
            table2: None,
            table4: table4(&counts).unwrap(),
            table3: table(counts).unwrap(),
        }
    }

    #[test]
    fn json_has_the_shape_of_published_figures_in_either_form() {
        let json = report().to_json(Form::Form2021);
        assert_eq!(json["table3"].as_object().unwrap().len(), 25);
        assert_eq!(json["table3"]["handled_total"]["total"], 3);
        assert_eq!(json["table3"]["other_overdue_fee"]["other_org"], 1);
        let block = &json["table4"]["reconsideration"];
        assert_eq!((&block["upheld"], &block["pending"], &block["total"]), (&json!(3), &json!(1), &json!(4)));
        assert_eq!(json["table4"].as_object().unwrap().len(), 3);
        assert_eq!(json["table4"]["litigation_direct"]["total"], 0);
        assert!(json.get("table2").is_none());
        assert_eq!((json["year"].as_i64(), json["form"].as_str()), (Some(2025), Some("2021")));
        let json = report().to_json(Form::Form2019);
        assert_eq!(json["table3"]["other_total"]["other_org"], 1);
        assert!(json["table3"].get("other_overdue_fee").is_none());
        assert!(report().is_consistent(Form::Form2019) && report().is_consistent(Form::Form2021));
    }

    #[test]
    fn csv_is_read_by_a_spreadsheet_and_runs_no_formula() {
        let csv = report().to_csv(Form::Form2021).unwrap();
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "\u{feff}机关,年度,项目,自然人,商业企业,科研机构,社会公益组织,法律服务机构,其他,总计"
        );
        assert_eq!(lines[1], "'=某市,2025,一、本年新收政府信息公开申请数量,3,0,0,0,0,1,4");
        assert_eq!(lines[26], "机关,年度,项目,结果维持,结果纠正,其他结果,尚未审结,总计,,");
        assert_eq!(lines[27], "'=某市,2025,行政复议,3,0,0,1,4,,");
        assert_eq!(lines.len(), 1 + 25 + 1 + 3 + 1);
    }

    #[test]
    fn codes_that_this_program_never_writes_are_no_zero() {
        let counts = |kind: &str, outcome: Option<&str>, n| Counts {
            concluded: vec![(kind.to_owned(), outcome.map(str::to_owned), n)],
            ..Counts::default()
        };
        for wrong in [
            counts("person", Some("granted"), 1),
            counts("natural_person", Some("lost"), 1),
            counts("natural_person", None, 1),
            counts("natural_person", Some("granted"), -1),
        ] {
            assert!(matches!(table(wrong), Err(AppError::Store(StoreError::Inconsistent { .. }))));
        }
    }

    #[test]
    fn a_year_without_reports_is_refused() {
        assert!(bounds(2008).is_ok() && bounds(9998).is_ok());
        for year in [i32::MIN, 0, 2007, 9999, i32::MAX] {
            assert!(matches!(bounds(year), Err(AppError::Invalid(_))), "{year}");
        }
    }
}
