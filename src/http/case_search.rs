//! `/cases/search`: the cases of one applicant, by his exact name or number. In a body: what a URL holds is written into logs
//! on its way (OWASP ASVS 14.2.1).

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::account_limit::AccountLimit;
use super::body::{Body, count, not_blank};
use super::call::Call;
use super::case_dto::{ApplicantView, applicant};
use super::cases::CaseSummary;
use super::page::Cursor;
use super::problem::{Failure, Problem};
use crate::app::applicant_search::{ApplicantQuery, Known};
use crate::app::error::FieldError;

/// The order of the pages, in their cursors.
const ORDER: &str = "applicant";

/// Who is searched for: exactly one of `applicant_name`, `applicant_id_number`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicantSearchRequest {
    /// The whole name of the person or organisation.
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "王示例")]
    applicant_name: Option<String>,
    /// The whole number of the proof of identity.
    #[validate(length(min = 1, max = 64), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 64)]
    applicant_id_number: Option<String>,
    /// Where the page before ended.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    cursor: Option<String>,
    /// How many, 1 to 100; 50 when absent.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// A case with its applicant, masked.
#[derive(Serialize, ToSchema)]
pub struct ApplicantCase {
    /// The case.
    pub case: CaseSummary,
    /// Who asks, every value masked; `null` when erased.
    pub applicant: Option<ApplicantView>,
}

/// A page of an applicant's cases, those received last first.
#[derive(Serialize, ToSchema)]
pub struct ApplicantCasePage {
    /// The cases.
    pub items: Vec<ApplicantCase>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
    /// The civil date for which the lights hold.
    pub as_of: NaiveDate,
}

/// Find an applicant's cases (按申请人检索).
///
/// By the exact name or number of identity, whatever its width or case, among the cases that the caller may read. Each search is
/// recorded in the agency's chain: who, by what, how many were found; not for whom. An account may search 30 times a minute.
#[utoipa::path(
    operation_id = "findCasesOfApplicant", tag = "cases",
    request_body = ApplicantSearchRequest,
    responses(
        (status = 200, description = "A page", body = ApplicantCasePage),
        (status = 429, description = "Too many searches by this account", body = Problem, content_type = "application/problem+json", headers(("Retry-After" = u32, description = "Seconds"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/search")]
pub async fn of_applicant(
    call: Call,
    limit: web::Data<AccountLimit>,
    body: Body<ApplicantSearchRequest>,
) -> Result<HttpResponse, Failure> {
    let query = query_of(body.value)?;
    limit.admit(call.actor().account)?;
    let page = call.app.cases_of_applicant(call.actor(), query).await?;
    Ok(HttpResponse::Ok().json(ApplicantCasePage {
        next_cursor: page.next.map(|(day, id)| Cursor { day, id }.write(ORDER)),
        as_of: page.today,
        items: page
            .items
            .into_iter()
            .map(|(item, who)| ApplicantCase {
                case: CaseSummary::today(item),
                applicant: who.as_ref().map(applicant),
            })
            .collect(),
    }))
}

/// By what an applicant is named: exactly one of the two.
pub(super) fn known(name: Option<String>, number: Option<String>) -> Result<Known, Failure> {
    match (name, number) {
        (Some(name), None) => Ok(Known::Name(name)),
        (None, Some(number)) => Ok(Known::IdNumber(number)),
        (Some(_), Some(_)) | (None, None) => Err(Failure::fields(vec![FieldError::new(
            "",
            "one_of",
            "请只填写 applicant_name、applicant_id_number 中的一项。",
            "Give exactly one of applicant_name, applicant_id_number.",
        )])),
    }
}

fn query_of(sent: ApplicantSearchRequest) -> Result<ApplicantQuery, Failure> {
    let known = known(sent.applicant_name, sent.applicant_id_number)?;
    let read = |cursor: &str| {
        Cursor::read(cursor, ORDER).map_err(|_| {
            Failure::fields(vec![FieldError::new(
                "/cursor",
                "unknown_value",
                "分页游标无效，请使用上一页返回的 next_cursor。",
                "Use the next_cursor of the page before.",
            )])
        })
    };
    let after = sent.cursor.as_deref().map(read).transpose()?;
    Ok(ApplicantQuery { known, after, limit: sent.limit.unwrap_or(50) })
}
