//! `/reports/ledger`: the ledger (台账) of a period as a file for a spreadsheet.

use actix_web::http::header;
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa::IntoParams;
use validator::Validate;

use super::body::{CivilDate, Params};
use super::call::Call;
use super::disposition::disposition;
use super::download::streamed;
use super::problem::{Failure, Problem};
use crate::app::ledger_sheet::LedgerForm;
use crate::domain::ids::DepartmentId;

/// How many pieces of a file may wait for a slow reader.
const WAITING: usize = 4;

/// Which cases, in which form.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LedgerParams {
    /// Received on or after this day; 1 January when absent.
    #[param(value_type = Option<String>, format = "date", nullable = false)]
    from: Option<CivilDate>,
    /// Received on or before this day; 31 December when absent. At most 366 days.
    #[param(value_type = Option<String>, format = "date", nullable = false)]
    to: Option<CivilDate>,
    /// Only cases on which this department works.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    department_id: Option<DepartmentId>,
    /// `csv` (the default) or `xlsx`.
    #[param(value_type = Option<String>, pattern = "^(csv|xlsx)$", nullable = false)]
    format: Option<FileForm>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FileForm {
    #[default]
    Csv,
    Xlsx,
}

/// Read the ledger.
///
/// The cases received in a period that the caller may see, by date of receipt, a line each: number, dates, channel, applicant
/// (masked), summary, department, status, limit, light, what is to be done next, outcome, whether the reply was in time. Cells hold
/// words and dates, never formulas. A CSV that was cut off on the way ends within a line; a workbook does not open.
#[utoipa::path(
    operation_id = "readLedger", tag = "reports", params(LedgerParams),
    responses(
        (status = 200, description = "The ledger", headers(("Content-Disposition" = String, description = "The file's name")),
            content((Vec<u8> = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/ledger")]
pub async fn read(call: Call, params: Params<LedgerParams>) -> Result<HttpResponse, Failure> {
    let sent = params.0;
    let period = (sent.from.map(|day| day.0), sent.to.map(|day| day.0));
    let ledger = call.app.ledger(call.actor(), period, sent.department_id).await?;
    let (form, kind, ending) = match sent.format.unwrap_or_default() {
        FileForm::Csv => (LedgerForm::Csv, "text/csv; charset=utf-8", "csv"),
        FileForm::Xlsx => {
            (LedgerForm::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
        }
    };
    let (code, period) = ledger.about();
    let name = format!("台账 {code} {} {}.{ending}", period.from, period.to);
    let (sink, source) = mpsc::channel(WAITING);
    let app = call.app.clone();
    actix_web::rt::spawn(async move { app.write_ledger(ledger, form, sink).await });
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, disposition(&name)))
        .streaming(Box::pin(streamed(source))))
}
