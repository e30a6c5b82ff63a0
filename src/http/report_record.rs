//! `/reports/annual/{year}/checks`, `/table2`, `/freeze`: what of an annual report is looked at, entered and kept.

use actix_web::{HttpResponse, get, post, put};
use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::{Body, Params, count};
use super::call::{Call, RetryHeader, required, respond};
use super::problem::{Failure, Problem};
use super::reports::{ReportParams, year_of};
use crate::app::report_record::{Difference, Frozen, differences};
use crate::app::retry::Answer;
use crate::domain::annual_report::{Broken, Form, Issued, Table2};
use crate::domain::ids::AgencyId;
use crate::domain::lang::Lang;
use crate::domain::policy::Action;

/// What the checks of a report say.
#[derive(Serialize, ToSchema)]
pub struct ReportChecks {
    /// Whether every identity of the form holds (勾稽关系).
    pub consistent: bool,
    /// How many identities were checked.
    pub checked: usize,
    /// Those that do not hold: a fault of this server or of its database.
    pub broken: Vec<BrokenIdentity>,
    /// What to look at before publishing; nothing of it is wrong by the form.
    pub remarks: Vec<RemarkView>,
}

/// An identity that does not hold.
#[derive(Serialize, ToSchema)]
pub struct BrokenIdentity {
    /// 3 or 4.
    pub table: u8,
    /// `row_sum`, `result_sum` or `balance`.
    #[schema(example = "balance")]
    pub identity: &'static str,
    /// The row's key.
    pub row: &'static str,
    /// The column's key.
    pub column: &'static str,
    /// What would be right.
    pub expected: u64,
    /// What is printed.
    pub printed: u64,
    /// In words.
    pub detail: String,
}

/// Something to look at.
#[derive(Serialize, ToSchema)]
pub struct RemarkView {
    /// `carried_over`, `table2_in_force` or `table2_missing`.
    #[schema(example = "table2_missing")]
    pub code: &'static str,
    /// In words.
    pub detail: String,
}

fn broken(broken: &Broken, lang: Lang) -> BrokenIdentity {
    let Broken { table, row, column, expected, printed, .. } = *broken;
    let detail = match lang {
        Lang::Zh => broken.sentence_zh(),
        Lang::En => broken.sentence_en(),
    };
    BrokenIdentity { table, identity: broken.identity.code(), row, column, expected, printed, detail }
}

/// Check an annual report (勾稽校验).
///
/// The form's own identities over tables 3 and 4; and, as remarks, what differs from the year before and table 2 where it is missing.
#[utoipa::path(
    operation_id = "checkAnnualReport", tag = "reports",
    params(("year" = i32, Path, description = "The calendar year, from 2008"), ReportParams),
    responses(
        (status = 200, description = "What they say", body = ReportChecks),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/annual/{year}/checks")]
pub async fn checks(call: Call, params: Params<ReportParams>) -> Result<HttpResponse, Failure> {
    let year = year_of(&call)?;
    let agency = params.0.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed_in_tree(call.actor(), Action::ReadReports, agency).await?;
    let found = call.app.report_checks(agency, year, params.0.form.unwrap_or_default()).await?;
    let remark = |remark: &crate::app::report_record::Remark| RemarkView {
        code: remark.code,
        detail: call.lang.pick(&remark.zh, &remark.en).to_owned(),
    };
    Ok(HttpResponse::Ok().json(ReportChecks {
        consistent: found.broken.is_empty(),
        checked: found.checked,
        broken: found.broken.iter().map(|one| broken(one, call.lang)).collect(),
        remarks: found.remarks.iter().map(remark).collect(),
    }))
}

/// Documents made, repealed, and in force.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuedInput {
    /// 本年制发件数.
    #[serde(default, deserialize_with = "count")]
    #[validate(required)]
    #[schema(required = true, nullable = false, minimum = 0, maximum = 4_294_967_295_u32, example = 12)]
    made: Option<u32>,
    /// 本年废止件数.
    #[serde(default, deserialize_with = "count")]
    #[validate(required)]
    #[schema(required = true, nullable = false, minimum = 0, maximum = 4_294_967_295_u32, example = 12)]
    repealed: Option<u32>,
    /// 现行有效件数.
    #[serde(default, deserialize_with = "count")]
    #[validate(required)]
    #[schema(required = true, nullable = false, minimum = 0, maximum = 4_294_967_295_u32, example = 12)]
    in_force: Option<u32>,
}

/// Decisions in the year.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionsInput {
    /// 本年处理决定数量.
    #[serde(default, deserialize_with = "count")]
    #[validate(required)]
    #[schema(required = true, nullable = false, minimum = 0, maximum = 4_294_967_295_u32, example = 12)]
    decisions: Option<u32>,
}

/// Charges in the year.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargesInput {
    /// 本年收费金额, in fen; the form prints ten thousands of yuan.
    #[serde(default, deserialize_with = "count")]
    #[validate(required, range(max = 9_007_199_254_740_991_u64))]
    #[schema(
        required = true,
        nullable = false,
        minimum = 0,
        maximum = 9_007_199_254_740_991_u64,
        example = 1_050_000
    )]
    amount_fen: Option<u64>,
}

/// Table 2 of a year (表二 主动公开政府信息情况).
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(title = "Table2")]
pub struct Table2Request {
    /// The agency; the caller's own when absent.
    #[schema(value_type = Option<String>, format = "uuid")]
    agency_id: Option<AgencyId>,
    /// 规章.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false)]
    regulations: Option<IssuedInput>,
    /// 行政规范性文件.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false)]
    normative_documents: Option<IssuedInput>,
    /// 行政许可.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false)]
    licences: Option<DecisionsInput>,
    /// 行政处罚.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false)]
    penalties: Option<DecisionsInput>,
    /// 行政强制.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false)]
    coercive_measures: Option<DecisionsInput>,
    /// 行政事业性收费.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(required, nested)]
    #[schema(required = true, nullable = false)]
    fees: Option<ChargesInput>,
}

impl Table2Request {
    fn table(&self) -> Result<Table2, Failure> {
        let issued = |input: &Option<IssuedInput>, row: &str| {
            let input = required(input.as_ref(), row)?;
            Ok::<_, Failure>(Issued {
                made: required(input.made, &format!("{row}/made"))?,
                repealed: required(input.repealed, &format!("{row}/repealed"))?,
                in_force: required(input.in_force, &format!("{row}/in_force"))?,
            })
        };
        let decisions = |input: &Option<DecisionsInput>, row: &str| {
            required(required(input.as_ref(), row)?.decisions, &format!("{row}/decisions"))
        };
        Ok(Table2 {
            regulations: issued(&self.regulations, "/regulations")?,
            normative_documents: issued(&self.normative_documents, "/normative_documents")?,
            licences: decisions(&self.licences, "/licences")?,
            penalties: decisions(&self.penalties, "/penalties")?,
            coercive_measures: decisions(&self.coercive_measures, "/coercive_measures")?,
            fees_fen: required(required(self.fees.as_ref(), "/fees")?.amount_fen, "/fees/amount_fen")?,
        })
    }
}

/// Enter table 2 of an annual report (填报表二).
///
/// No case tells it, so that it is entered by hand; entering it again replaces what is printed, and each entry stays in the record.
#[utoipa::path(
    operation_id = "enterAnnualReportTable2", tag = "reports",
    params(("year" = i32, Path, description = "The calendar year, from 2008")),
    request_body = Table2Request,
    responses(
        (status = 204, description = "It is entered"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/reports/annual/{year}/table2")]
pub async fn enter_table2(call: Call, body: Body<Table2Request>) -> Result<HttpResponse, Failure> {
    let year = year_of(&call)?;
    let agency = body.value.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed(call.actor(), Action::EnterReport, agency)?;
    call.app.enter_table2(call.actor(), agency, year, body.value.table()?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which report to freeze.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeRequest {
    /// The agency; the caller's own when absent.
    #[schema(value_type = Option<String>, format = "uuid")]
    agency_id: Option<AgencyId>,
    /// `2021` (the default) or `2019`.
    #[serde(default, deserialize_with = "super::object::word")]
    #[schema(value_type = Option<String>, pattern = "^(2019|2021)$")]
    form: Option<Form>,
}

/// A report as it was frozen, and what differs from it now.
#[derive(Serialize, ToSchema)]
pub struct FrozenReport {
    /// Which freeze of its year, from 1.
    pub n: i32,
    /// SHA-256 over the report's canonical text, as the agency's chain has it.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub hash: String,
    /// Whether the text kept still has this hash.
    pub intact: bool,
    /// When.
    #[schema(example = "2027-01-20T09:30:00.000000Z")]
    pub frozen_at: String,
    /// By which account; `null` for the operator.
    #[schema(format = "uuid")]
    pub frozen_by: Option<String>,
    /// The report.
    #[schema(value_type = Object)]
    pub report: serde_json::Value,
    /// The figures that are others now: something was amended, entered or concluded for that year since.
    pub differences: Vec<FigureDifference>,
}

/// A figure that is another now.
#[derive(Serialize, ToSchema)]
pub struct FigureDifference {
    /// `table2`, `table3` or `table4`.
    #[schema(example = "table3")]
    pub table: String,
    /// The row's key.
    #[schema(example = "granted")]
    pub row: String,
    /// The column's key.
    #[schema(example = "natural_person")]
    pub column: String,
    /// What was frozen; `null` where there was no such figure.
    pub frozen: Option<u64>,
    /// What it is now.
    pub now: Option<u64>,
}

impl From<Difference> for FigureDifference {
    fn from(difference: Difference) -> Self {
        let Difference { table, row, column, frozen, now } = difference;
        Self { table, row, column, frozen, now }
    }
}

/// The frozen reports of a year.
#[derive(Serialize, ToSchema)]
pub struct FrozenReports {
    /// The newest first; at most 50.
    pub items: Vec<FrozenReport>,
}

fn shown(frozen: &Frozen, differences: Vec<Difference>) -> FrozenReport {
    FrozenReport {
        n: frozen.n,
        hash: frozen.hash.clone(),
        intact: frozen.intact,
        frozen_at: frozen.frozen_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        frozen_by: frozen.frozen_by.map(|account| account.to_string()),
        report: frozen.report.clone(),
        differences: differences.into_iter().map(FigureDifference::from).collect(),
    }
}

fn made(frozen: &Frozen) -> Answer {
    let body = serde_json::to_string(&shown(frozen, Vec::new())).unwrap_or_default();
    Answer { status: 201, etag: None, location: None, body }
}

/// Freeze an annual report (定稿).
///
/// The report as it is counted now is kept with its hash, which stands in the agency's chain. What is amended later changes the
/// report, not what was frozen: the differences are listed. A year can be frozen once it has ended, and again.
#[utoipa::path(
    operation_id = "freezeAnnualReport", tag = "reports",
    params(("year" = i32, Path, description = "The calendar year, from 2008"), RetryHeader),
    request_body = FreezeRequest,
    responses(
        (status = 201, description = "What is kept", body = FrozenReport),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/reports/annual/{year}/freeze")]
pub async fn freeze(call: Call, body: Body<FreezeRequest>) -> Result<HttpResponse, Failure> {
    let year = year_of(&call)?;
    let agency = body.value.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed(call.actor(), Action::FreezeReport, agency)?;
    let retry = call.retry(&body.bytes)?;
    let form = body.value.form.unwrap_or_default();
    Ok(respond(call.app.freeze_report(call.actor(), (agency, year, form), retry, made).await?))
}

/// List the frozen reports of a year, each with what differs from it now.
#[utoipa::path(
    operation_id = "listFrozenAnnualReports", tag = "reports",
    params(("year" = i32, Path, description = "The calendar year, from 2008"), ReportParams),
    responses(
        (status = 200, description = "They", body = FrozenReports),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/annual/{year}/freeze")]
pub async fn list_freezes(call: Call, params: Params<ReportParams>) -> Result<HttpResponse, Failure> {
    let year = year_of(&call)?;
    let agency = params.0.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed_in_tree(call.actor(), Action::ReadReports, agency).await?;
    let report = call.app.annual_report(agency, year).await?;
    let reports = call.app.frozen_reports(agency, year).await?;
    // Each is compared with the report on the form on which it was frozen.
    let now = |frozen: &Frozen| {
        let form = frozen.report.get("form").and_then(serde_json::Value::as_str).and_then(Form::parse);
        report.to_json(form.unwrap_or_default())
    };
    let wanted = |frozen: &&Frozen| {
        params.0.form.is_none_or(|form| frozen.report.get("form").is_some_and(|code| code == form.code()))
    };
    let items = reports.iter().filter(wanted).map(|one| shown(one, differences(&one.report, &now(one))));
    Ok(HttpResponse::Ok().json(FrozenReports { items: items.collect() }))
}
