//! Agencies, departments, persons, accounts, roles and keys; what the database remembers of itself.

use diesel::prelude::*;

use super::Conn;
use super::chain::{begin_chain, hold_chain, put_chain, take_chain};
use super::commit::{insert_events, keep_answer};
use crate::domain::ids::AgencyId;
use crate::store::commit::{SetUp, SetUpChange};
use crate::store::error::StoreError;
use crate::store::record::{Unsealed, seal};
use crate::store::rows::{AccountRow, AgencyKeyRow, AgencyRow, DepartmentRow, GrantRow, PersonRow};
use crate::store::schema::{
    accounts, agencies, agency_keys, departments, digests, meta, persons, report_entries, report_freezes,
    role_grants, signing_keys,
};
use crate::store::seals::HeadSeals;
use crate::store::types::{At, Key};

pub(in crate::store) fn agencies_all(conn: &mut Conn) -> Result<Vec<AgencyRow>, StoreError> {
    Ok(agencies::table.order(agencies::code.asc()).select(AgencyRow::as_select()).load(conn)?)
}

pub(in crate::store) fn agency_by_code(conn: &mut Conn, code: &str) -> Result<Option<AgencyRow>, StoreError> {
    Ok(agencies::table
        .filter(agencies::code.eq(code))
        .select(AgencyRow::as_select())
        .first(conn)
        .optional()?)
}

pub(in crate::store) fn agency_by_id(conn: &mut Conn, id: Key) -> Result<Option<AgencyRow>, StoreError> {
    Ok(agencies::table.find(id).select(AgencyRow::as_select()).first(conn).optional()?)
}

/// An agency's wrapped keys, the newest first.
pub(in crate::store) fn agency_keys_of(
    conn: &mut Conn,
    agency: Key,
) -> Result<Vec<AgencyKeyRow>, StoreError> {
    Ok(agency_keys::table
        .filter(agency_keys::agency_id.eq(agency))
        .order((agency_keys::created_at.desc(), agency_keys::key_id.desc()))
        .select(AgencyKeyRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn departments_of(
    conn: &mut Conn,
    agency: Key,
) -> Result<Vec<DepartmentRow>, StoreError> {
    Ok(departments::table
        .filter(departments::agency_id.eq(agency))
        .order((departments::name.asc(), departments::id.asc()))
        .select(DepartmentRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn person_by_reference(
    conn: &mut Conn,
    reference: &str,
) -> Result<Option<PersonRow>, StoreError> {
    Ok(persons::table
        .filter(persons::reference.eq(reference))
        .select(PersonRow::as_select())
        .first(conn)
        .optional()?)
}

/// A page of an agency's accounts with their roles there, by username.
pub(in crate::store) fn accounts_page(
    conn: &mut Conn,
    agency: Key,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<(AccountRow, Vec<GrantRow>)>, StoreError> {
    let mut query = accounts::table
        .filter(accounts::agency_id.eq(agency))
        .order(accounts::username.asc())
        .select(AccountRow::as_select())
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(accounts::username.gt(after.to_owned()));
    }
    let found: Vec<AccountRow> = query.load(conn)?;
    found
        .into_iter()
        .map(|account| super::sessions::grants_of(conn, account.id).map(|grants| (account, grants)))
        .collect()
}

/// Every role a person holds, through whichever account.
pub(in crate::store) fn grants_of_person(conn: &mut Conn, person: Key) -> Result<Vec<GrantRow>, StoreError> {
    Ok(role_grants::table
        .filter(role_grants::person_id.eq(person))
        .select(GrantRow::as_select())
        .load(conn)?)
}

/// The same, of accounts that are not disabled.
pub(in crate::store) fn open_grants_of_person(
    conn: &mut Conn,
    person: Key,
) -> Result<Vec<GrantRow>, StoreError> {
    Ok(role_grants::table
        .inner_join(accounts::table.on(accounts::id.eq(role_grants::account_id)))
        .filter(role_grants::person_id.eq(person))
        .filter(accounts::disabled.eq(false))
        .select(GrantRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn accounts_count(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(accounts::table.count().get_result(conn)?)
}

pub(in crate::store) fn meta_get(conn: &mut Conn, key: &str) -> Result<Option<String>, StoreError> {
    Ok(meta::table.find(key).select(meta::value).first(conn).optional()?)
}

/// Remembers a value once; a value already there stays. Must run inside a write transaction.
pub(in crate::store) fn meta_put_once_in_tx(
    conn: &mut Conn,
    key: &str,
    value: &str,
) -> Result<(), StoreError> {
    diesel::insert_into(meta::table)
        .values((meta::key.eq(key), meta::value.eq(value)))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}

/// Carries out a change of set-up with its events. Must run inside a write transaction.
pub(in crate::store) fn set_up_in_tx(
    conn: &mut Conn,
    seals: &HeadSeals,
    change: SetUp,
) -> Result<(), StoreError> {
    match &change.change {
        SetUpChange::Nothing => {}
        SetUpChange::Agency(agency, keys) => agency_insert(conn, seals, agency, keys)?,
        SetUpChange::Key(row) => {
            diesel::insert_into(agency_keys::table).values(row).execute(conn)?;
        }
        SetUpChange::KeyRetired(key) => {
            // Taken first: whatever an event of the agency brings with it is there, or comes after.
            hold_chain(conn, change.agency)?;
            super::keys::key_retire_in_tx(conn, Key(change.agency.0), *key, At(change.meta.at))?;
        }
        SetUpChange::Accesses(rows, openings) => {
            super::accesses::hold_counts(conn, change.agency, rows)?;
            super::accesses::accesses_insert_in_tx(conn, rows, *openings)?;
        }
        SetUpChange::Departments(rows) => {
            diesel::insert_into(departments::table).values(rows).execute(conn)?;
        }
        SetUpChange::Account(account, person, grants) => {
            if let Some(person) = person {
                diesel::insert_into(persons::table).values(person).execute(conn)?;
            }
            diesel::insert_into(accounts::table).values(account).execute(conn)?;
            diesel::insert_into(role_grants::table).values(grants).execute(conn)?;
        }
        SetUpChange::ReportEntry(row) => {
            diesel::insert_into(report_entries::table).values(row).execute(conn)?;
        }
        SetUpChange::ReportFreeze(row) => {
            diesel::insert_into(report_freezes::table).values(row).execute(conn)?;
        }
        SetUpChange::Digest(row) => {
            diesel::insert_into(digests::table).values(row).execute(conn)?;
        }
        SetUpChange::Access(account, access) => {
            let (account, now) = (Key(account.0), At(change.meta.at));
            super::sessions::access_in_tx(conn, account, access, now)?;
        }
        SetUpChange::SigningKey(row) => {
            diesel::insert_into(signing_keys::table).values(row).execute(conn)?;
        }
        SetUpChange::Grants(account, grants) => {
            diesel::delete(
                role_grants::table
                    .filter(role_grants::account_id.eq(Key(account.0)))
                    .filter(role_grants::agency_id.eq(Key(change.agency.0))),
            )
            .execute(conn)?;
            diesel::insert_into(role_grants::table).values(grants).execute(conn)?;
        }
        SetUpChange::NoticeSent(row, step, case_version) => {
            // Taken first: words about a case are not written while it is erased.
            hold_chain(conn, change.agency)?;
            super::notices::notice_insert_in_tx(conn, row, step, *case_version)?;
        }
        SetUpChange::NoticeStep(row, step) => {
            hold_chain(conn, change.agency)?;
            super::notices::notice_step_in_tx(conn, row, step)?;
        }
        SetUpChange::Portal(new) => super::portals::portal_insert_in_tx(
            conn,
            (&new.portal, &new.secret),
            (&new.person, &new.account, &new.grant),
        )?,
        SetUpChange::PortalSecret(secret, others_until) => {
            super::portals::portal_secret_insert_in_tx(conn, secret, *others_until)?;
        }
        SetUpChange::PortalClosed(portal) => {
            super::portals::portal_close_in_tx(conn, portal, At(change.meta.at))?;
        }
        SetUpChange::Reorganisation(row) => super::reorganisation::reorganise_in_tx(conn, row)?,
        SetUpChange::ReorganisationFinished(agency, id) => {
            super::reorganisation::reorganisation_finish_in_tx(conn, (*agency, *id), At(change.meta.at))?;
        }
        SetUpChange::Shelf(shelf) => super::archive::shelf_put_in_tx(conn, shelf)?,
        SetUpChange::Setting(row) => super::review::agency_setting_put_in_tx(conn, row)?,
        SetUpChange::Delegation(row) => super::review::delegation_insert_in_tx(conn, row)?,
        SetUpChange::DelegationEnded(id) => {
            super::review::delegation_end_in_tx(conn, Key(change.agency.0), *id, At(change.meta.at))?;
        }
        SetUpChange::Password { account, hash, keep } => {
            let (account, keep, now) = (Key(account.0), Some(Key(*keep)), At(change.meta.at));
            super::passwords::password_set_in_tx(conn, account, hash, now)?;
            super::sessions::sessions_revoke_others_in_tx(conn, account, keep, now)?;
        }
    }
    let mut chain = take_chain(conn, seals, change.agency)?;
    let mut rows = Vec::with_capacity(change.events.len());
    for (id, event) in &change.events {
        let unsealed = Unsealed { id: *id, on: change.on, type_code: event.type_code(), event };
        rows.push(seal(change.agency, &mut chain.head, None, &change.meta, &unsealed)?);
    }
    insert_events(conn, &rows)?;
    put_chain(conn, seals, change.agency, (&chain, change.meta.at))?;
    if let Some((retry, answer)) = change.retry {
        keep_answer(conn, &retry, (about(&change.change), answer), change.meta)?;
    }
    Ok(())
}

/// The case about whose words a change tells.
fn about(rows: &SetUpChange) -> Option<Key> {
    match rows {
        SetUpChange::NoticeSent(row, ..) | SetUpChange::NoticeStep(row, _) => row.case_id,
        SetUpChange::Nothing
        | SetUpChange::Agency(..)
        | SetUpChange::Accesses(..)
        | SetUpChange::Key(_)
        | SetUpChange::KeyRetired(_)
        | SetUpChange::Departments(_)
        | SetUpChange::Account(..)
        | SetUpChange::ReportEntry(_)
        | SetUpChange::ReportFreeze(_)
        | SetUpChange::Digest(_)
        | SetUpChange::Portal(_)
        | SetUpChange::PortalSecret(..)
        | SetUpChange::PortalClosed(_)
        | SetUpChange::SigningKey(_)
        | SetUpChange::Reorganisation(_)
        | SetUpChange::ReorganisationFinished(..)
        | SetUpChange::Shelf(_)
        | SetUpChange::Access(..)
        | SetUpChange::Grants(..)
        | SetUpChange::Setting(_)
        | SetUpChange::Delegation(_)
        | SetUpChange::DelegationEnded(_)
        | SetUpChange::Password { .. } => None,
    }
}

fn agency_insert(
    conn: &mut Conn,
    seals: &HeadSeals,
    agency: &AgencyRow,
    keys: &AgencyKeyRow,
) -> Result<(), StoreError> {
    diesel::insert_into(agencies::table).values(agency).execute(conn)?;
    diesel::insert_into(agency_keys::table).values(keys).execute(conn)?;
    begin_chain(conn, seals, (AgencyId(agency.id.0), agency.created_at.0))
}
