//! Who may do what at an agency, as the rows say it.

use diesel::prelude::*;

use super::Conn;
use crate::store::answers::RightsRows;
use crate::store::error::StoreError;
use crate::store::portals::PortalRow;
use crate::store::rows::{AccountRow, DelegationRow, GrantRow};
use crate::store::schema::{accounts, delegations, portal_secrets, portals, provider_bindings, role_grants};
use crate::store::types::Key;

/// All of it, some thousands of rows at most.
pub(in crate::store) fn rights_of(conn: &mut Conn, agency: Key) -> Result<RightsRows, StoreError> {
    Ok(RightsRows {
        accounts: accounts::table
            .filter(accounts::agency_id.eq(agency))
            .select(AccountRow::as_select())
            .load(conn)?,
        grants: role_grants::table
            .filter(role_grants::agency_id.eq(agency))
            .select(GrantRow::as_select())
            .load(conn)?,
        bound: provider_bindings::table
            .filter(provider_bindings::agency_id.eq(agency))
            .select(provider_bindings::account_id)
            .load(conn)?,
        delegations: delegations::table
            .filter(delegations::agency_id.eq(agency))
            .select(DelegationRow::as_select())
            .load(conn)?,
        portals: portals::table
            .filter(portals::agency_id.eq(agency))
            .select(PortalRow::as_select())
            .load(conn)?,
        secrets: portal_secrets::table
            .filter(portal_secrets::agency_id.eq(agency))
            .select((portal_secrets::portal_id, portal_secrets::n))
            .load(conn)?,
    })
}
