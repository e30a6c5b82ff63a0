//! Who works where: agencies, departments, persons, accounts and their sessions, delegations, settings.

use super::{
    AccountRow, AgencyKeyRow, AgencyRow, At, Backend, DelegationRow, DepartmentRow, GrantRow, Key, PersonRow,
    ReviewedRow, Rotation, SessionRow, SettingRow, Store, StoreError, postgres, sqlite,
};
use crate::domain::ids::AccountId;
use crate::domain::sensitivity::Sensitivity;

impl Store {
    /// The agencies whose cases an agency handles, some of them at least: itself first.
    pub async fn origins_of(&self, agency: Key) -> Result<Vec<Key>, StoreError> {
        let held = read!(self, |conn, q| q::custody::holding(conn, agency, Sensitivity::HIGHEST))?;
        Ok(held.origins.unwrap_or_else(|| vec![agency]))
    }

    /// Every agency.
    pub async fn agencies_all(&self) -> Result<Vec<AgencyRow>, StoreError> {
        read!(self, |conn, q| q::setup::agencies_all(conn))
    }

    /// The agency with this code.
    pub async fn agency_by_code(&self, code: String) -> Result<Option<AgencyRow>, StoreError> {
        read!(self, |conn, q| q::setup::agency_by_code(conn, &code))
    }

    /// The agency with this id.
    pub async fn agency_by_id(&self, id: Key) -> Result<Option<AgencyRow>, StoreError> {
        read!(self, |conn, q| q::setup::agency_by_id(conn, id))
    }

    /// An agency's wrapped keys, the newest first.
    pub async fn agency_keys_of(&self, agency: Key) -> Result<Vec<AgencyKeyRow>, StoreError> {
        read!(self, |conn, q| q::setup::agency_keys_of(conn, agency))
    }

    /// What an agency has set for its replies, by name.
    pub async fn agency_settings_of(&self, agency: Key) -> Result<Vec<SettingRow>, StoreError> {
        read!(self, |conn, q| q::review::agency_settings_of(conn, agency))
    }

    /// An agency's delegations of review that have not ended and whose last day is this one or later, by their first day.
    pub async fn delegations_of(
        &self,
        agency: Key,
        today: chrono::NaiveDate,
    ) -> Result<Vec<DelegationRow>, StoreError> {
        read!(self, |conn, q| q::review::delegations_of(conn, agency, today))
    }

    /// A delegation of review, ended or not.
    pub async fn delegation_by_id(&self, agency: Key, id: Key) -> Result<Option<DelegationRow>, StoreError> {
        read!(self, |conn, q| q::review::delegation_by_id(conn, agency, id))
    }

    /// What was decided in review at an agency, as far as somebody so cleared reads it, by the instant of its recording: after an event, no later than an instant.
    pub async fn reviewed_after(
        &self,
        of: (Key, Sensitivity),
        (after, seq): (chrono::DateTime<chrono::Utc>, i64),
        until: chrono::DateTime<chrono::Utc>,
        limit: i64,
    ) -> Result<Vec<ReviewedRow>, StoreError> {
        let (after, until) = ((At(after), seq), At(until));
        read!(self, |conn, q| q::review::reviewed_after(conn, of, after, until, limit))
    }

    /// The persons with these ids.
    pub async fn persons_by_id(&self, ids: Vec<Key>) -> Result<Vec<PersonRow>, StoreError> {
        read!(self, |conn, q| q::review::persons_by_id(conn, &ids))
    }

    /// An agency's departments, by name.
    pub async fn departments_of(&self, agency: Key) -> Result<Vec<DepartmentRow>, StoreError> {
        read!(self, |conn, q| q::setup::departments_of(conn, agency))
    }

    /// The person with this reference.
    pub async fn person_by_reference(&self, reference: String) -> Result<Option<PersonRow>, StoreError> {
        read!(self, |conn, q| q::setup::person_by_reference(conn, &reference))
    }

    /// A page of an agency's accounts with their roles.
    pub async fn accounts_page(
        &self,
        agency: Key,
        after: Option<String>,
        limit: i64,
    ) -> Result<Vec<(AccountRow, Vec<GrantRow>)>, StoreError> {
        read!(self, |conn, q| q::setup::accounts_page(conn, agency, after.as_deref(), limit))
    }

    /// Every role a person holds, through whichever account.
    pub async fn grants_of_person(&self, person: Key) -> Result<Vec<GrantRow>, StoreError> {
        read!(self, |conn, q| q::setup::grants_of_person(conn, person))
    }

    /// What a person holds by accounts that are not disabled.
    pub async fn open_grants_of_person(&self, person: Key) -> Result<Vec<GrantRow>, StoreError> {
        read!(self, |conn, q| q::setup::open_grants_of_person(conn, person))
    }

    /// How many accounts there are.
    pub async fn accounts_count(&self) -> Result<i64, StoreError> {
        read!(self, |conn, q| q::setup::accounts_count(conn))
    }

    /// The account with this username.
    pub async fn account_by_username(&self, username: String) -> Result<Option<AccountRow>, StoreError> {
        read!(self, |conn, q| q::sessions::account_by_username(conn, &username))
    }

    /// The account with this id.
    pub async fn account_by_id(&self, id: Key) -> Result<Option<AccountRow>, StoreError> {
        read!(self, |conn, q| q::sessions::account_by_id(conn, id))
    }

    /// Who a live session belongs to.
    pub async fn session_actor(
        &self,
        session: Key,
        now: At,
    ) -> Result<Option<(SessionRow, AccountRow, Vec<GrantRow>)>, StoreError> {
        read!(self, |conn, q| q::sessions::session_actor(conn, session, now))
    }

    /// Records a wrong password.
    pub async fn login_failed(&self, account: AccountId, most: i32, until: At) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::sessions::login_failed_in_tx(conn, Key(account.0), most, until))
    }

    /// Uses a refresh token once.
    pub async fn refresh_rotate(
        &self,
        shown: Vec<u8>,
        next: Vec<u8>,
        now: At,
        idle_since: At,
    ) -> Result<Rotation, StoreError> {
        write_tx!(self, |conn, q| q::sessions::refresh_rotate_in_tx(conn, &shown, &next, now, idle_since))
    }

    /// Ends a stay.
    pub async fn session_revoke(&self, session: Key, now: At) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::sessions::session_revoke_in_tx(conn, session, now))
    }
}
