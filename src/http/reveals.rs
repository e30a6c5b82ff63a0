//! `/cases/{id}/reveals` and `/accesses/search`: personal data unmasked, for a reason that is recorded; and who saw whose data.

use actix_web::{HttpResponse, get, post, web};
use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::account_limit::AccountLimit;
use super::body::{Body, Params, count, not_blank, whole_number};
use super::call::{Call, required};
use super::problem::{Failure, Problem};
use crate::app::accesses::{Access, AccessPage, Revealed};
use crate::app::error::FieldError;
use crate::app::people::IdentityKind;
use crate::domain::access::{AccessKind, RevealField};
use crate::store::Key;

/// What is to be shown, and why.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealRequest {
    /// Which data: no more than the task at hand needs.
    #[validate(required, length(min = 1, max = 7))]
    #[schema(value_type = Vec<RevealField>, required = true, nullable = false, min_items = 1, max_items = 7, example = json!(["name", "address"]))]
    fields: Option<Vec<String>>,
    /// Why. It stays when the case's words are erased: it names nobody.
    #[validate(required, length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 500,
        example = "邮寄答复书，需填写收件人和地址"
    )]
    reason: Option<String>,
}

/// A proof of identity, unmasked.
#[derive(Serialize, ToSchema)]
pub struct RevealedIdentity {
    /// Which document.
    #[schema(value_type = String, example = "resident_id")]
    pub kind: IdentityKind,
    /// Its number.
    pub number: String,
}

/// Personal data, unmasked. What was not asked for, was never given or was erased is `null`.
#[derive(Serialize, ToSchema)]
pub struct RevealView {
    /// Of the record.
    #[schema(format = "uuid")]
    pub id: String,
    /// When it was recorded.
    #[schema(example = "2026-04-01T00:10:00.000000Z")]
    pub at: String,
    /// What was asked for.
    pub fields: Vec<RevealField>,
    /// The applicant's name.
    pub name: Option<String>,
    /// The proof of identity.
    pub identity: Option<RevealedIdentity>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The postal address.
    pub address: Option<String>,
    /// The request in the applicant's words.
    pub description: Option<String>,
    /// The newest version of the reply.
    pub reply: Option<String>,
}

impl RevealView {
    fn of(found: &Revealed) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            id: found.id.to_string(),
            at: found.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            fields: found.fields.clone(),
            name: owned(found.name()),
            identity: found
                .identity()
                .map(|it| RevealedIdentity { kind: it.kind, number: it.number.clone() }),
            phone: owned(found.phone()),
            email: owned(found.email()),
            address: owned(found.address()),
            description: found.description.clone(),
            reply: found.reply.clone(),
        }
    }
}

/// Show personal data unmasked (查看未脱敏信息).
///
/// To a clerk, and to a handler of the department that leads. First it is recorded in the agency's chain who is shown which data of
/// which case, with a commitment to the reason; only then are the data shown. An account is shown data 20 times a minute and 300
/// times in 24 hours. Asking again is another reveal: no answer is kept.
#[utoipa::path(
    operation_id = "revealPersonalData", tag = "privacy",
    params(("case_id" = String, Path, description = "The case")),
    request_body = RevealRequest,
    responses(
        (status = 200, description = "The data", body = RevealView),
        (status = 429, description = "Too many reveals by this account", body = Problem, content_type = "application/problem+json", headers(("Retry-After" = u32, description = "Seconds"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/reveals")]
pub async fn reveal(call: Call, body: Body<RevealRequest>) -> Result<HttpResponse, Failure> {
    let case = call.case()?;
    let reason = required(body.value.reason, "/reason")?;
    let fields = fields_of(&required(body.value.fields, "/fields")?)?;
    let found = call.app.reveal(call.actor(), case, fields, &reason).await?;
    Ok(HttpResponse::Ok().json(RevealView::of(&found)))
}

fn fields_of(sent: &[String]) -> Result<Vec<RevealField>, Failure> {
    let known: Vec<&str> = RevealField::ALL.iter().map(|field| field.code()).collect();
    let wrong = |n: usize| {
        FieldError::new(
            format!("/fields/{n}"),
            "unknown_value",
            format!("应为 {} 之一。", known.join("、")),
            format!("One of {}.", known.join(", ")),
        )
    };
    let read: Vec<Option<RevealField>> = sent.iter().map(|code| RevealField::parse(code)).collect();
    let faults: Vec<FieldError> =
        read.iter().enumerate().filter(|(_, field)| field.is_none()).map(|(n, _)| wrong(n)).collect();
    if faults.is_empty() { Ok(read.into_iter().flatten().collect()) } else { Err(Failure::fields(faults)) }
}

/// Who saw data of an applicant.
#[derive(Serialize, ToSchema)]
pub struct AccessView {
    /// Of the record.
    #[schema(format = "uuid")]
    pub id: String,
    /// When.
    #[schema(example = "2026-04-01T00:10:00.000000Z")]
    pub at: String,
    /// In which way.
    pub kind: AccessKind,
    /// The case.
    #[schema(format = "uuid")]
    pub case_id: String,
    /// Its registration number.
    pub case_number: Option<String>,
    /// Whose account; `null` for the operator at the server.
    #[schema(format = "uuid")]
    pub account_id: Option<String>,
    /// Which person.
    #[schema(format = "uuid")]
    pub person_id: Option<String>,
    /// Which data were shown unmasked.
    pub fields: Vec<RevealField>,
    /// Why, as he said.
    pub reason: Option<String>,
    /// The file that was opened; `null` where it was none.
    #[schema(format = "uuid")]
    pub attachment_id: Option<String>,
}

impl AccessView {
    fn of(access: Access) -> Self {
        Self {
            id: access.id.to_string(),
            at: access.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            kind: access.kind,
            case_id: access.case.to_string(),
            case_number: access.number,
            account_id: access.by.map(|(account, _)| account.to_string()),
            person_id: access.by.map(|(_, person)| person.to_string()),
            fields: access.fields,
            reason: access.reason,
            attachment_id: access.attachment.map(|id| id.to_string()),
        }
    }
}

/// A page of accesses, the newest first.
#[derive(Serialize, ToSchema)]
pub struct AccessList {
    /// They.
    pub items: Vec<AccessView>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

impl AccessList {
    fn of((found, next): AccessPage) -> Self {
        Self {
            items: found.into_iter().map(AccessView::of).collect(),
            next_cursor: next.map(|(id, case)| format!("{}.{}", id.0.simple(), case.0.simple())),
        }
    }
}

/// Where a page ended.
fn cursor(text: Option<&str>, pointer: &str) -> Result<Option<(Key, Key)>, Failure> {
    let read = |text: &str| {
        let (id, case) = text.split_once('.')?;
        Some((Key(id.parse().ok()?), Key(case.parse().ok()?)))
    };
    let wrong = || {
        Failure::fields(vec![FieldError::new(
            pointer,
            "unknown_value",
            "分页游标无效，请使用上一页返回的 next_cursor。",
            "Use the next_cursor of the page before.",
        )])
    };
    text.map(|text| read(text).ok_or_else(wrong)).transpose()
}

/// Which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessParams {
    /// Where the page before ended.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100, nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<u16>,
}

/// List who saw data of a case's applicant.
///
/// Each reveal with its reason, each search by name or number that showed the case, each opening of a file with its reason,
/// each export.
/// For the approver and the auditor.
#[utoipa::path(
    operation_id = "listReveals", tag = "privacy",
    params(("case_id" = String, Path, description = "The case"), AccessParams),
    responses(
        (status = 200, description = "A page", body = AccessList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/reveals")]
pub async fn list(call: Call, params: Params<AccessParams>) -> Result<HttpResponse, Failure> {
    let (case, before) = (call.case()?, cursor(params.0.cursor.as_deref(), "cursor")?);
    let limit = params.0.limit.unwrap_or(50);
    let page = call.app.accesses_of_case(call.actor(), case, before, limit).await?;
    Ok(HttpResponse::Ok().json(AccessList::of(page)))
}

/// Whose data: exactly one of `applicant_name`, `applicant_id_number`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessSearchRequest {
    /// The whole name of the person or organisation.
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "王示例")]
    applicant_name: Option<String>,
    /// The whole number of the proof of identity.
    #[validate(length(min = 1, max = 64), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 64)]
    applicant_id_number: Option<String>,
    /// Where the page before ended.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 1, max = 200))]
    #[schema(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// Report who saw an applicant's data (个人信息查阅报告).
///
/// Over every case of the agency that ever named this applicant, found by the exact name or number of identity. For the approver and the
/// auditor. That it was asked is recorded in the agency's chain, not for whom. An account may ask 30 times a minute.
#[utoipa::path(
    operation_id = "findAccesses", tag = "privacy",
    request_body = AccessSearchRequest,
    responses(
        (status = 200, description = "A page", body = AccessList),
        (status = 429, description = "Too many searches by this account", body = Problem, content_type = "application/problem+json", headers(("Retry-After" = u32, description = "Seconds"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/accesses/search")]
pub async fn of_applicant(
    call: Call,
    limit: web::Data<AccountLimit>,
    body: Body<AccessSearchRequest>,
) -> Result<HttpResponse, Failure> {
    let sent = body.value;
    let known = super::case_search::known(sent.applicant_name, sent.applicant_id_number)?;
    let before = cursor(sent.cursor.as_deref(), "/cursor")?;
    limit.admit(call.actor().account)?;
    let limit = sent.limit.unwrap_or(50);
    let page = call.app.accesses_of_applicant(call.actor(), &known, before, limit).await?;
    Ok(HttpResponse::Ok().json(AccessList::of(page)))
}
