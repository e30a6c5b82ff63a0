//! Rows, as they are read and written. Nothing here decides anything.
//!
//! Every `Insertable` has `treat_none_as_default_value = false`: only then are several rows inserted with one statement
//! on SQLite, where diesel would else begin a transaction of its own within ours and fail.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::{
    accounts, agencies, agency_keys, agency_settings, applicants, archive_shelves, calendar_versions,
    case_departments, case_obligations, case_remedies, case_search, case_texts, cases, delegations,
    departments, digests, events, idempotency_keys, persons, refresh_tokens, report_entries, report_freezes,
    role_grants, sessions,
};
use super::types::{At, Key};

/// A government office.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agencies, treat_none_as_default_value = false)]
pub struct AgencyRow {
    pub id: Key,
    pub code: String,
    pub name: String,
    pub parent_id: Option<Key>,
    pub zone: String,
    pub statute: String,
    pub number_pattern: String,
    pub created_at: At,
    pub calendar: Option<String>,
    pub merged_into_id: Option<Key>,
    pub merged_on: Option<NaiveDate>,
}

/// An agency's wrapped keys.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = agency_keys, treat_none_as_default_value = false)]
pub struct AgencyKeyRow {
    pub agency_id: Key,
    pub key_id: Key,
    pub wrapped: Vec<u8>,
    pub created_at: At,
    pub retired_at: Option<At>,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = departments, treat_none_as_default_value = false)]
pub struct DepartmentRow {
    pub agency_id: Key,
    pub id: Key,
    pub name: String,
    pub created_at: At,
}

/// A human being.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = persons, treat_none_as_default_value = false)]
pub struct PersonRow {
    pub id: Key,
    pub reference: String,
    pub created_at: At,
}

/// A sign-in.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub struct AccountRow {
    pub agency_id: Key,
    pub id: Key,
    pub person_id: Key,
    pub username: String,
    pub password_hash: String,
    pub must_change_password: bool,
    pub failed_logins: i32,
    pub locked_until: Option<At>,
    pub disabled: bool,
    pub created_at: At,
    pub password_set_at: At,
    pub active_at: At,
    pub totp_secret: Option<Vec<u8>>,
    pub totp_confirmed_at: Option<At>,
    pub totp_step: i64,
    pub clearance: i32,
}

/// A role held.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = role_grants, treat_none_as_default_value = false)]
pub struct GrantRow {
    pub id: Key,
    pub agency_id: Key,
    pub account_id: Key,
    pub person_id: Key,
    pub role: String,
    pub department_id: Option<Key>,
    pub granted_at: At,
}

/// Something that an agency has set for its replies.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = agency_settings, treat_none_as_default_value = false)]
pub struct SettingRow {
    pub agency_id: Key,
    pub name: String,
    pub value: String,
    pub updated_at: At,
}

/// Who takes whose steps of review during an absence.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = delegations, treat_none_as_default_value = false)]
pub struct DelegationRow {
    pub agency_id: Key,
    pub id: Key,
    pub from_person_id: Key,
    pub to_person_id: Key,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub ended_at: Option<At>,
    pub created_at: At,
}

/// A stay.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct SessionRow {
    pub id: Key,
    pub account_id: Key,
    pub created_at: At,
    pub last_used_at: At,
    pub expires_at: At,
    pub revoked_at: Option<At>,
    /// One of [`WAY_PASSWORD`], [`WAY_PROVIDER`], [`WAY_PROVIDER_MFA`].
    pub way: String,
}

/// A stay opened with a password, or a portal's secret, that is kept here.
pub const WAY_PASSWORD: &str = "password";
/// A stay opened by the identity provider's word.
pub const WAY_PROVIDER: &str = "provider";
/// The same, where the provider says that it saw more than one factor.
pub const WAY_PROVIDER_MFA: &str = "provider_mfa";

/// A refresh token's hash.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub struct RefreshRow {
    pub hash: Vec<u8>,
    pub session_id: Key,
    pub issued_at: At,
    pub used_at: Option<At>,
}

/// An event, sealed into both chains.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct EventRow {
    pub agency_id: Key,
    pub agency_seq: i64,
    pub id: Key,
    pub case_id: Option<Key>,
    pub case_seq: Option<i32>,
    pub event_type: String,
    pub suite: i32,
    pub record: String,
    pub agency_link: Vec<u8>,
    pub case_link: Option<Vec<u8>>,
    pub recorded_at: At,
}

/// What was decided in review, with what lists show of the case.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct ReviewedRow {
    #[diesel(embed)]
    pub event: EventRow,
    pub number: Option<String>,
    pub subject: Option<String>,
    pub outcome: Option<String>,
}

/// Encrypted words.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_texts, treat_none_as_default_value = false)]
pub struct TextRow {
    pub agency_id: Key,
    pub id: Key,
    pub case_id: Key,
    pub kind: String,
    pub sealed: Vec<u8>,
    pub created_at: At,
}

/// An encrypted applicant's record.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = applicants, treat_none_as_default_value = false)]
pub struct ApplicantRow {
    pub agency_id: Key,
    pub id: Key,
    pub case_id: Key,
    pub name: Vec<u8>,
    pub identity: Option<Vec<u8>>,
    pub phone: Option<Vec<u8>>,
    pub email: Option<Vec<u8>>,
    pub address: Option<Vec<u8>>,
    pub salt: Vec<u8>,
    pub name_index: Vec<u8>,
    pub identity_index: Option<Vec<u8>>,
    pub created_at: At,
}

/// A row of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_default_value = false, treat_none_as_null = true)]
#[diesel(primary_key(agency_id, id))]
pub struct CaseRow {
    pub agency_id: Key,
    pub id: Key,
    pub custodian_agency_id: Key,
    pub version: i32,
    pub case_link: Vec<u8>,
    pub statute: String,
    pub stage: String,
    pub status: String,
    pub number: Option<String>,
    pub subject: Option<String>,
    pub channel: String,
    pub applicant_kind: String,
    pub applicant_id: Key,
    pub arrived_on: NaiveDate,
    pub received_on: Option<NaiveDate>,
    pub registered_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub yellow_on: Option<NaiveDate>,
    pub red_on: Option<NaiveDate>,
    pub provisional: Option<String>,
    pub department_id: Option<Key>,
    pub assignee_id: Option<Key>,
    pub outcome: Option<String>,
    pub concluded_on: Option<NaiveDate>,
    pub archived_on: Option<NaiveDate>,
    pub due_sort: NaiveDate,
    pub received_sort: NaiveDate,
    pub imported_row: Option<Vec<u8>>,
    pub created_at: At,
    pub updated_at: At,
    pub statute_version: i32,
    pub calendar: Option<String>,
    pub clock: String,
    pub clock_state: String,
    pub prudent_due_on: Option<NaiveDate>,
    pub inbox_on: Option<NaiveDate>,
    pub documents: Option<String>,
    pub archival_code: Option<String>,
    pub retention: Option<String>,
    pub retention_ends_on: Option<NaiveDate>,
    pub on_hold: bool,
    pub disposed_on: Option<NaiveDate>,
    pub reply_numbers: Option<String>,
    pub sensitivity: i32,
}

/// A department at work on a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_departments, treat_none_as_default_value = false)]
pub struct CaseDepartmentRow {
    pub agency_id: Key,
    pub case_id: Key,
    pub department_id: Key,
    pub kind: String,
}

/// What is owed on a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_obligations, treat_none_as_default_value = false)]
pub struct CaseObligationRow {
    pub agency_id: Key,
    pub case_id: Key,
    pub kind: String,
    pub n: i32,
    pub due_on: NaiveDate,
}

/// A remedy that stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_remedies, treat_none_as_default_value = false)]
pub struct CaseRemedyRow {
    pub agency_id: Key,
    pub case_id: Key,
    pub n: i32,
    pub kind: String,
    pub received_on: NaiveDate,
    pub result: Option<String>,
    pub decided_on: Option<NaiveDate>,
}

/// Table 2 of a year, as it was entered.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_entries, treat_none_as_default_value = false)]
pub struct ReportEntryRow {
    pub agency_id: Key,
    pub year: i32,
    pub version: i32,
    pub content: String,
    pub entered_at: At,
    pub entered_by: Option<Key>,
}

/// A digest.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = digests, treat_none_as_default_value = false)]
pub struct DigestRow {
    pub agency_id: Key,
    pub kind: String,
    pub period: String,
    pub made_at: At,
    pub hash: String,
    pub content: String,
}

/// A report as it was frozen.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_freezes, treat_none_as_default_value = false)]
pub struct ReportFreezeRow {
    pub agency_id: Key,
    pub year: i32,
    pub n: i32,
    pub hash: String,
    pub content: String,
    pub frozen_at: At,
    pub frozen_by: Option<Key>,
}

/// An office's settings for its archive.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = archive_shelves, treat_none_as_default_value = false, treat_none_as_null = true)]
#[diesel(primary_key(agency_id))]
pub struct ShelfRow {
    pub agency_id: Key,
    pub fonds: String,
    pub catalogue: String,
    pub ordinary: Option<String>,
    pub contested: Option<String>,
    pub updated_at: At,
}

/// A year of a calendar as it was announced.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_versions, treat_none_as_default_value = false)]
pub struct CalendarVersionRow {
    pub calendar_id: String,
    pub year: i32,
    pub version: i32,
    pub notice: String,
    pub note: Option<String>,
    pub rows: String,
    pub change_set: Key,
    pub applied_at: At,
    pub applied_by: Option<Key>,
}

/// A first answer kept for its retries.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub struct IdempotencyRow {
    pub account_id: Key,
    pub method: String,
    pub path: String,
    pub key: String,
    pub body_hash: Vec<u8>,
    pub answer: Vec<u8>,
    pub created_at: At,
    pub case_id: Option<Key>,
}

/// What is searched of a case; the database numbers the row.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_search, treat_none_as_default_value = false)]
pub struct CaseSearchRow {
    pub agency_id: Key,
    pub case_id: Key,
    pub words: String,
}
