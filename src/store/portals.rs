//! Portals: rows, and what is asked of them.

use diesel::prelude::*;

use super::schema::{portal_requests, portal_secrets, portals};
use super::types::{At, Key};
use super::{Backend, CameIn, CaseObligationRow, CaseRow, SessionRow, Store, StoreError, postgres, sqlite};

/// A portal.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = portals, treat_none_as_default_value = false)]
pub struct PortalRow {
    pub agency_id: Key,
    pub id: Key,
    pub account_id: Key,
    pub name: String,
    pub created_at: At,
    pub closed_at: Option<At>,
}

/// What a portal signs in with, as its hash.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = portal_secrets, treat_none_as_default_value = false)]
pub struct PortalSecretRow {
    pub agency_id: Key,
    pub portal_id: Key,
    pub n: i32,
    pub hash: Vec<u8>,
    pub created_at: At,
    pub expires_at: Option<At>,
}

/// Which case came of a request of a portal.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = portal_requests, treat_none_as_default_value = false)]
pub struct PortalRequestRow {
    pub agency_id: Key,
    pub portal_id: Key,
    pub request: String,
    pub case_id: Key,
}

/// A portal with its secrets, the oldest first.
pub type PortalLine = (PortalRow, Vec<PortalSecretRow>);

/// A request of a portal, the case that came of it, and what the applicant owes on it.
pub type PortalRequestLine = (PortalRequestRow, CaseRow, Vec<CaseObligationRow>);

impl Store {
    /// An agency's portals, by name, with the secrets that are good at an instant.
    pub async fn portals_of(&self, agency: Key, now: At) -> Result<Vec<PortalLine>, StoreError> {
        read!(self, |conn, q| q::portals::portals_of(conn, agency, now))
    }

    /// The portal with this id, and whether a secret of this hash is good for it at an instant.
    pub async fn portal_signing_in(
        &self,
        portal: Key,
        hash: Vec<u8>,
        now: At,
    ) -> Result<Option<(PortalRow, bool)>, StoreError> {
        read!(self, |conn, q| q::portals::portal_signing_in(conn, portal, &hash, now))
    }

    /// The number of a portal's last secret, good or not; 0 when there is none.
    pub async fn portal_last_secret(&self, agency: Key, portal: Key) -> Result<i32, StoreError> {
        read!(self, |conn, q| q::portals::portal_last_secret(conn, agency, portal))
    }

    /// Begins a stay that nobody prolongs, and forgets those of the account that are over.
    pub async fn portal_session_begin(&self, session: SessionRow, came_in: CameIn) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::portals::portal_session_begin_in_tx(conn, &session, came_in))
    }

    /// The portal of an account.
    pub async fn portal_of_account(&self, account: Key) -> Result<Option<PortalRow>, StoreError> {
        read!(self, |conn, q| q::portals::portal_of_account(conn, account))
    }

    /// A portal's requests with these references, or a page of all after one.
    pub async fn portal_requests(
        &self,
        portal: (Key, Key),
        request: Option<String>,
        after: Option<String>,
        limit: i64,
    ) -> Result<Vec<PortalRequestLine>, StoreError> {
        let (agency, portal) = portal;
        read!(self, |conn, q| q::portals::portal_requests_page(
            conn,
            (agency, portal),
            request.as_deref(),
            after.as_deref(),
            limit
        ))
    }
}
