//! `/fees/calculate`: the public calculator of the information-processing fee.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::{self, Body, count};
use super::call::required;
use super::problem::{Failure, Problem};
use crate::app::App;
use crate::app::error::FieldError;
use crate::app::time_limits;
use crate::domain::fee::FeeMode;
use crate::law::LawBook;

/// What is to be paid for.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRequest {
    /// The statute.
    #[validate(required, length(min = 1, max = 64))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 64, example = "cn-ogi-2019")]
    statute: Option<String>,
    /// `per_page`: the pages of one application; `per_piece`: the applications of one applicant in one calendar month.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "per_page")]
    mode: Option<FeeModeName>,
    /// With `per_page`: how many pages.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 0, max = 1_000_000))]
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 1_000_000, example = 150)]
    pages: Option<i64>,
    /// With `per_piece`: how many applications there were this month before; none when absent.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 0, max = 10_000))]
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 10_000)]
    already_this_month: Option<i64>,
    /// With `per_piece`: how many are asked about.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 0, max = 10_000))]
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 10_000)]
    pieces: Option<i64>,
}

/// By what a fee is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeModeName {
    /// By the pages of one application.
    PerPage,
    /// By the applications of one applicant in one calendar month.
    PerPiece,
}

/// What may be asked.
#[derive(Serialize, ToSchema)]
pub struct FeeView {
    /// The sum.
    #[schema(example = 170_000)]
    pub amount: u64,
    /// The currency.
    #[schema(example = "CNY")]
    pub currency: String,
    /// The unit of every amount.
    #[schema(example = "fen")]
    pub unit: String,
    /// The article.
    pub article: String,
    /// One line for each rate, the free ones included.
    pub lines: Vec<FeeLineView>,
}

/// Pages or pieces of one rate.
#[derive(Serialize, ToSchema)]
pub struct FeeLineView {
    /// The first page, or the first piece by its number in the month.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// For each.
    pub rate: u64,
    /// For all of the line.
    pub amount: u64,
}

/// Calculate a fee (信息处理费计算).
///
/// The organ chooses one mode for one application, never both.
#[utoipa::path(
    operation_id = "calculateFee", tag = "calculators", security(()),
    request_body = FeeRequest,
    responses(
        (status = 200, description = "The fee", body = FeeView),
        (status = 429, description = "Too many requests from this address", body = Problem, content_type = "application/problem+json", headers(("Retry-After" = u32, description = "Seconds"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/fees/calculate")]
pub async fn calculate(app: web::Data<App>, body: Body<FeeRequest>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(answer(&app.store.law(), body.value)?))
}

/// The fee that a body in bytes asks for, without a server.
///
/// # Errors
/// Every bad field, by its pointer into the body.
pub fn fee_offline(law: &LawBook, body: &[u8]) -> Result<FeeView, Vec<FieldError>> {
    body::parse(body).and_then(|request| answer(law, request)).map_err(Failure::into_fields)
}

fn answer(law: &LawBook, request: FeeRequest) -> Result<FeeView, Failure> {
    let mode = fee_mode(&request)?;
    let (fees, fee) = time_limits::fees(law, &required(request.statute, "/statute")?, mode)?;
    let lines = fee.lines.iter().map(|line| FeeLineView {
        from: line.from,
        to: line.to,
        rate: line.rate,
        amount: line.amount,
    });
    Ok(FeeView {
        amount: fee.amount,
        currency: fees.currency.clone(),
        unit: fees.unit.clone(),
        article: fees.article.clone(),
        lines: lines.collect(),
    })
}

/// The mode, with the numbers that it needs and none of the other's.
fn fee_mode(request: &FeeRequest) -> Result<FeeMode, Failure> {
    let number = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    let numbers = [
        ("/pages", request.pages, FeeModeName::PerPage, true),
        ("/already_this_month", request.already_this_month, FeeModeName::PerPiece, false),
        ("/pieces", request.pieces, FeeModeName::PerPiece, true),
    ];
    let mode = required(request.mode, "/mode")?;
    let wrong = numbers.into_iter().filter_map(|(pointer, value, of, needed)| match value {
        Some(_) if of != mode => {
            let (zh, en) = ("这种计费方式没有这个字段。", "This mode has no such field.");
            Some(FieldError::new(pointer, "unknown_field", zh, en))
        }
        None if of == mode && needed => {
            Some(FieldError::new(pointer, "required", "必须填写。", "This field is required."))
        }
        Some(_) | None => None,
    });
    let wrong: Vec<FieldError> = wrong.collect();
    if !wrong.is_empty() {
        return Err(Failure::fields(wrong));
    }
    Ok(match mode {
        FeeModeName::PerPage => FeeMode::PerPage { pages: request.pages.map_or(0, number) },
        FeeModeName::PerPiece => FeeMode::PerPiece {
            already: request.already_this_month.map_or(0, number),
            pieces: request.pieces.map_or(0, number),
        },
    })
}
