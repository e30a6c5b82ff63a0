//! `/agencies`, departments, `/accounts`, roles: setting up an office.

use actix_web::{HttpResponse, get, post, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{Body, Params, Secret, not_blank, whole_number};
use super::call::{Call, RetryHeader, required, respond};
use super::problem::{Failure, Problem};
use crate::app::retry::Answer;
use crate::app::set_up::{AccountMade, NewAccount};
use crate::domain::ids::{AccountId, AgencyId, DepartmentId};
use crate::domain::policy::Action;
use crate::domain::role::Role;
use crate::domain::sensitivity::Sensitivity;
use crate::store::{AccountRow, DepartmentRow, GrantRow, Key};

/// An agency.
#[derive(Serialize, ToSchema)]
pub struct AgencyView {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its code.
    #[schema(example = "huaian")]
    pub code: String,
    /// Its name.
    #[schema(example = "淮安市人民政府办公室")]
    pub name: String,
    /// Its parent in the tree.
    #[schema(format = "uuid")]
    pub parent_id: Option<String>,
    /// The zone of its civil dates.
    #[schema(example = "Asia/Shanghai")]
    pub zone: String,
    /// The statute it works under.
    #[schema(example = "cn-ogi-2019")]
    pub statute: String,
    /// The calendar of its own, such as a region's; `null` is the statute's.
    #[schema(example = "cn-liangshan")]
    pub calendar: Option<String>,
    /// How its registration numbers are written.
    #[schema(example = "公申〔{year}〕{seq}号")]
    pub number_pattern: String,
    /// The agency into which it was merged: it takes nothing in any more.
    #[schema(format = "uuid")]
    pub merged_into_id: Option<String>,
    /// Since which day.
    pub merged_on: Option<NaiveDate>,
}

/// The caller's agencies.
#[derive(Serialize, ToSchema)]
pub struct AgencyList {
    /// The agencies.
    pub items: Vec<AgencyView>,
}

/// List the agencies at which the caller holds a role.
#[utoipa::path(
    operation_id = "listAgencies", tag = "set-up",
    responses(
        (status = 200, description = "The agencies", body = AgencyList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies")]
pub async fn agencies(call: Call) -> Result<HttpResponse, Failure> {
    let actor = call.actor();
    let items = call.app.agencies_of(actor).await?.into_iter().map(|row| AgencyView {
        id: row.id.0.to_string(),
        code: row.code,
        name: row.name,
        parent_id: row.parent_id.map(|id| id.0.to_string()),
        zone: row.zone,
        statute: row.statute,
        calendar: row.calendar,
        number_pattern: row.number_pattern,
        merged_into_id: row.merged_into_id.map(|id| id.0.to_string()),
        merged_on: row.merged_on,
    });
    Ok(HttpResponse::Ok().json(AgencyList { items: items.collect() }))
}

/// A department.
#[derive(Serialize, ToSchema)]
pub struct DepartmentView {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its name.
    #[schema(example = "财政局预算处")]
    pub name: String,
}

/// An agency's departments, by name.
#[derive(Serialize, ToSchema)]
pub struct DepartmentList {
    /// The departments.
    pub items: Vec<DepartmentView>,
}

fn department(row: &DepartmentRow) -> DepartmentView {
    DepartmentView { id: row.id.0.to_string(), name: row.name.clone() }
}

/// List an agency's departments.
#[utoipa::path(
    operation_id = "listDepartments", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency")),
    responses(
        (status = 200, description = "The departments", body = DepartmentList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/agencies/{agency_id}/departments")]
pub async fn departments(call: Call) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    call.app.allowed(call.actor(), Action::ReadAgencies, agency)?;
    let rows =
        call.app.store.departments_of(Key(agency.0)).await.map_err(crate::app::error::AppError::from)?;
    Ok(HttpResponse::Ok().json(DepartmentList { items: rows.iter().map(department).collect() }))
}

/// A department to be made.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentRequest {
    /// Its name, unlike every other of the agency.
    #[validate(required, length(min = 1, max = 100), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 100, example = "财政局预算处")]
    name: Option<String>,
}

fn department_made(row: &DepartmentRow) -> Answer {
    let body = serde_json::to_string(&department(row)).unwrap_or_default();
    Answer { status: 201, etag: None, location: None, body }
}

/// Make a department.
#[utoipa::path(
    operation_id = "createDepartment", tag = "set-up",
    params(("agency_id" = String, Path, description = "The agency"),
        RetryHeader),
    request_body = DepartmentRequest,
    responses(
        (status = 201, description = "The department", body = DepartmentView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/agencies/{agency_id}/departments")]
pub async fn create_department(call: Call, body: Body<DepartmentRequest>) -> Result<HttpResponse, Failure> {
    let agency: AgencyId = call.path("agency_id")?;
    call.app.allowed(call.actor(), Action::ManageAgencies, agency)?;
    let retry = call.retry(&body.bytes)?;
    let name = required(body.value.name, "/name")?;
    let actor = call.actor();
    Ok(respond(call.app.create_department_answered(actor, agency, &name, retry, department_made).await?))
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountView {
    /// Opaque id.
    #[schema(format = "uuid")]
    pub id: String,
    /// The sign-in name.
    #[schema(example = "zhang.clerk")]
    pub username: String,
    /// The person behind it.
    #[schema(format = "uuid")]
    pub person_id: String,
    /// Whether it may not sign in.
    pub disabled: bool,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// Up to which security label it may read.
    #[schema(value_type = Sensitivity)]
    pub clearance: &'static str,
    /// Whether its first password is still to be changed.
    pub must_change_password: bool,
    /// The roles held at this agency.
    pub roles: Vec<RoleInAgency>,
}

/// A role at the agency in question.
#[derive(Serialize, ToSchema)]
pub struct RoleInAgency {
    /// The role.
    #[schema(value_type = Role)]
    pub role: String,
    /// The one department to which it is limited.
    #[schema(format = "uuid")]
    pub department_id: Option<String>,
}

/// A page of accounts, by username.
#[derive(Serialize, ToSchema)]
pub struct AccountPage {
    /// The accounts.
    pub items: Vec<AccountView>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

fn account(row: &AccountRow, grants: &[GrantRow]) -> AccountView {
    AccountView {
        id: row.id.0.to_string(),
        username: row.username.clone(),
        person_id: row.person_id.0.to_string(),
        disabled: row.disabled,
        second_factor: row.totp_confirmed_at.is_some(),
        clearance: Sensitivity::of_level(row.clearance).unwrap_or_default().code(),
        must_change_password: row.must_change_password,
        roles: grants
            .iter()
            .map(|grant| RoleInAgency {
                role: grant.role.clone(),
                department_id: grant.department_id.map(|id| id.0.to_string()),
            })
            .collect(),
    }
}

/// Which page of accounts.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountParams {
    /// The username after which the page begins.
    #[validate(length(min = 1, max = 64))]
    #[param(nullable = false, min_length = 1, max_length = 64)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// List the accounts of the caller's agency.
#[utoipa::path(
    operation_id = "listAccounts", tag = "set-up", params(AccountParams),
    responses(
        (status = 200, description = "A page", body = AccountPage),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/accounts")]
pub async fn accounts(call: Call, params: Params<AccountParams>) -> Result<HttpResponse, Failure> {
    let agency = call.actor().agency;
    call.app.allowed(call.actor(), Action::ReadAccounts, agency)?;
    let limit = params.0.limit.unwrap_or(50);
    let mut rows = call
        .app
        .store
        .accounts_page(Key(agency.0), params.0.cursor, i64::from(limit).saturating_add(1))
        .await
        .map_err(crate::app::error::AppError::from)?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next_cursor = rows.last().filter(|_| more).map(|(row, _)| row.username.clone());
    let items = rows.iter().map(|(row, grants)| account(row, grants)).collect();
    Ok(HttpResponse::Ok().json(AccountPage { items, next_cursor }))
}

/// An account to be made, without roles: the security administrator grants those.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountRequest {
    /// The sign-in name: 2 to 64 letters, digits, `.`, `-` or `_`.
    #[validate(required, length(min = 2, max = 64))]
    #[schema(required = true, nullable = false, min_length = 2, max_length = 64, example = "zhang.clerk")]
    username: Option<String>,
    /// Who it is, as the office names the person (a staff number). The same reference is the same person: four eyes
    /// are measured by it.
    #[validate(length(min = 1, max = 64), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 64, example = "staff-0042")]
    person: Option<String>,
    /// The first password; it must be changed at the first sign-in. Leave it out: then one is drawn at random and answered.
    #[schema(value_type = String, nullable = false, format = Password, min_length = 12, max_length = 128)]
    password: Option<Secret>,
}

/// An account that was made.
#[derive(Serialize, ToSchema)]
pub struct NewAccountView {
    /// The account.
    #[serde(flatten)]
    pub account: AccountView,
    /// The first password, where none was given. It is shown this once: the answer to a retry has `null`, and who has lost it resets it.
    #[schema(example = "K7MD-9QXA-TRFW-3HJC-PN6E-W4TX-R7HQ")]
    pub one_time_password: Option<String>,
    /// Until when the first password opens the account, unless it is changed before.
    pub first_password_valid_until: Option<DateTime<Utc>>,
}

fn account_made(made: &AccountMade) -> Answer {
    let view = NewAccountView {
        account: account(&made.row, &[]),
        one_time_password: made.drawn.as_ref().map(|password| password.expose().to_owned()),
        first_password_valid_until: made.first_password_until,
    };
    let body = serde_json::to_string(&view).unwrap_or_default();
    Answer { status: 201, etag: None, location: None, body }
}

/// Make an account at the caller's agency.
#[utoipa::path(
    operation_id = "createAccount", tag = "set-up",
    params(RetryHeader),
    request_body = AccountRequest,
    responses(
        (status = 201, description = "The account", body = NewAccountView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/accounts")]
pub async fn create_account(call: Call, body: Body<AccountRequest>) -> Result<HttpResponse, Failure> {
    let agency = call.actor().agency;
    call.app.allowed(call.actor(), Action::ManageAccounts, agency)?;
    let retry = call.retry(&body.bytes)?;
    let sent = body.value;
    let new = NewAccount {
        agency,
        username: required(sent.username, "/username")?,
        person: sent.person,
        roles: Vec::new(),
        password: sent.password.map(|secret| secret.0),
        must_change: true,
    };
    Ok(respond(call.app.create_account_answered(call.actor(), new, retry, account_made).await?))
}

/// A role to be held.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleInput {
    /// The role.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false)]
    role: Option<Role>,
    /// One department; the whole agency when absent.
    #[schema(value_type = Option<String>, format = "uuid")]
    department_id: Option<DepartmentId>,
}

/// The roles that an account shall hold, whole.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolesRequest {
    /// The roles; none of those held before stays unless it is named.
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(required, nested, length(max = 50))]
    #[schema(required = true, nullable = false, max_items = 50)]
    roles: Option<Vec<RoleInput>>,
}

/// Replace an account's roles. Nobody changes his own.
#[utoipa::path(
    operation_id = "setRoles", tag = "set-up",
    params(("account_id" = String, Path, description = "The account")),
    request_body = RolesRequest,
    responses(
        (status = 204, description = "They hold from now on"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/accounts/{account_id}/roles")]
pub async fn set_roles(call: Call, body: Body<RolesRequest>) -> Result<HttpResponse, Failure> {
    let account: AccountId = call.path("account_id")?;
    let mut roles = Vec::new();
    for (n, role) in required(body.value.roles, "/roles")?.into_iter().enumerate() {
        roles.push((required(role.role, &format!("/roles/{n}/role"))?, role.department_id));
    }
    call.app.set_roles(call.actor(), account, roles).await?;
    Ok(HttpResponse::NoContent().finish())
}
