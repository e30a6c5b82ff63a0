//! Rotation of keys: what is under which, and replacing it.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer};

use super::Conn;
use crate::store::error::StoreError;
use crate::store::keys::{Sealed, SealedIn, SealedUnder};
use crate::store::rows::{AgencyKeyRow, ApplicantRow};
use crate::store::schema::{
    accesses, accounts, agency_keys, applicants, attachment_contents, attachment_uploads, case_texts,
    idempotency_keys, meta, signing_keys, supervision_steps,
};
use crate::store::types::{At, Key};

diesel::define_sql_function! {
    /// Part of a blob, from a byte counted from 1.
    fn substr(blob: Binary, from: Integer, count: Integer) -> Binary;
}

/// The id of the key in a blob: 16 bytes, from the third on.
macro_rules! key_of {
    ($column:expr) => {
        substr($column, 3, 16)
    };
}

pub(in crate::store) fn agency_keys_state(conn: &mut Conn) -> Result<i64, StoreError> {
    let made: i64 = agency_keys::table.count().get_result(conn)?;
    let retired: i64 =
        agency_keys::table.filter(agency_keys::retired_at.is_not_null()).count().get_result(conn)?;
    Ok(made.saturating_add(retired))
}

pub(in crate::store) fn agency_keys_all(conn: &mut Conn) -> Result<Vec<AgencyKeyRow>, StoreError> {
    Ok(agency_keys::table
        .order((agency_keys::agency_id.asc(), agency_keys::created_at.asc(), agency_keys::key_id.asc()))
        .select(AgencyKeyRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn sealed_under(
    conn: &mut Conn,
    table: SealedIn,
    what: &SealedUnder,
) -> Result<Vec<Sealed>, StoreError> {
    match table {
        SealedIn::Texts => texts(conn, what),
        SealedIn::Applicants => records(conn, what),
        SealedIn::Notices => notices(conn, what),
        SealedIn::Accesses => reasons(conn, what),
        SealedIn::Contents => contents(conn, what),
        SealedIn::Uploads => uploads(conn, what),
        SealedIn::Answers => answers(conn, what),
        SealedIn::SigningKeys => signers(conn, what),
        SealedIn::SecondFactors => factors(conn, what),
    }
}

fn texts(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let found: Vec<(Key, Vec<u8>)> = case_texts::table
        .filter(case_texts::agency_id.eq(what.agency))
        .filter(case_texts::id.ge(what.from))
        .filter(key_of!(case_texts::sealed).eq_any(&what.keys))
        .order(case_texts::id.asc())
        .offset(what.skip)
        .limit(what.limit)
        .select((case_texts::id, case_texts::sealed))
        .load(conn)?;
    Ok(found.into_iter().map(|(id, blob)| Sealed::Text(id, blob)).collect())
}

fn records(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let keys = &what.keys;
    // Any of its columns: a record is encrypted anew as a whole.
    let under = key_of!(applicants::name)
        .eq_any(keys)
        .or(key_of!(applicants::salt).eq_any(keys))
        .or(key_of!(applicants::identity.assume_not_null()).eq_any(keys))
        .or(key_of!(applicants::phone.assume_not_null()).eq_any(keys))
        .or(key_of!(applicants::email.assume_not_null()).eq_any(keys))
        .or(key_of!(applicants::address.assume_not_null()).eq_any(keys));
    let found: Vec<ApplicantRow> = applicants::table
        .filter(applicants::agency_id.eq(what.agency))
        .filter(applicants::id.ge(what.from))
        .filter(under)
        .order(applicants::id.asc())
        .offset(what.skip)
        .limit(what.limit)
        .select(ApplicantRow::as_select())
        .load(conn)?;
    Ok(found.into_iter().map(|row| Sealed::Applicant(Box::new(row))).collect())
}

fn notices(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let found: Vec<(Key, i32, Option<Vec<u8>>)> = supervision_steps::table
        .filter(supervision_steps::agency_id.eq(what.agency))
        .filter(supervision_steps::notice_id.ge(what.from))
        .filter(supervision_steps::sealed.is_not_null())
        .filter(key_of!(supervision_steps::sealed.assume_not_null()).eq_any(&what.keys))
        .order((supervision_steps::notice_id.asc(), supervision_steps::n.asc()))
        .offset(what.skip)
        .limit(what.limit)
        .select((supervision_steps::notice_id, supervision_steps::n, supervision_steps::sealed))
        .load(conn)?;
    Ok(found.into_iter().filter_map(|(notice, n, blob)| Some(Sealed::Notice(notice, n, blob?))).collect())
}

fn reasons(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let found: Vec<(Key, Key, Option<Vec<u8>>)> = accesses::table
        .filter(accesses::agency_id.eq(what.agency))
        .filter(accesses::case_id.ge(what.from))
        .filter(accesses::sealed.is_not_null())
        .filter(key_of!(accesses::sealed.assume_not_null()).eq_any(&what.keys))
        .order((accesses::case_id.asc(), accesses::id.asc()))
        .offset(what.skip)
        .limit(what.limit)
        .select((accesses::case_id, accesses::id, accesses::sealed))
        .load(conn)?;
    Ok(found.into_iter().filter_map(|(case, id, blob)| Some(Sealed::Access(case, id, blob?))).collect())
}

fn contents(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let found: Vec<(Key, Vec<u8>)> = attachment_contents::table
        .filter(attachment_contents::agency_id.eq(what.agency))
        .filter(attachment_contents::id.ge(what.from))
        .filter(key_of!(attachment_contents::sealed).eq_any(&what.keys))
        .order(attachment_contents::id.asc())
        .offset(what.skip)
        .limit(what.limit)
        .select((attachment_contents::id, attachment_contents::sealed))
        .load(conn)?;
    Ok(found.into_iter().map(|(id, blob)| Sealed::Content(id, blob)).collect())
}

fn uploads(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let found: Vec<(Key, Option<Vec<u8>>)> = attachment_uploads::table
        .filter(attachment_uploads::agency_id.eq(what.agency))
        .filter(attachment_uploads::id.ge(what.from))
        .filter(attachment_uploads::sealed_key.is_not_null())
        .filter(key_of!(attachment_uploads::sealed_key.assume_not_null()).eq_any(&what.keys))
        .order(attachment_uploads::id.asc())
        .offset(what.skip)
        .limit(what.limit)
        .select((attachment_uploads::id, attachment_uploads::sealed_key))
        .load(conn)?;
    Ok(found.into_iter().filter_map(|(id, blob)| Some(Sealed::Upload(id, blob?))).collect())
}

/// An erased answer is empty, and under no key.
fn answers(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let of_agency = accounts::table.filter(accounts::agency_id.eq(what.agency)).select(accounts::id);
    let found: Vec<(Key, String, String, String, Vec<u8>)> = idempotency_keys::table
        .filter(idempotency_keys::account_id.eq_any(of_agency))
        .filter(idempotency_keys::account_id.ge(what.from))
        .filter(key_of!(idempotency_keys::answer).eq_any(&what.keys))
        .order((
            idempotency_keys::account_id.asc(),
            idempotency_keys::method.asc(),
            idempotency_keys::path.asc(),
            idempotency_keys::key.asc(),
        ))
        .offset(what.skip)
        .limit(what.limit)
        .select((
            idempotency_keys::account_id,
            idempotency_keys::method,
            idempotency_keys::path,
            idempotency_keys::key,
            idempotency_keys::answer,
        ))
        .load(conn)?;
    let sealed = |(account, method, path, key, blob)| Sealed::Answer(account, method, path, key, blob);
    Ok(found.into_iter().map(sealed).collect())
}

fn signers(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let found: Vec<(i32, Vec<u8>)> = signing_keys::table
        .filter(signing_keys::agency_id.eq(what.agency))
        .filter(key_of!(signing_keys::secret).eq_any(&what.keys))
        .order(signing_keys::n.asc())
        .offset(what.skip)
        .limit(what.limit)
        .select((signing_keys::n, signing_keys::secret))
        .load(conn)?;
    Ok(found.into_iter().map(|(n, blob)| Sealed::SigningKey(n, blob)).collect())
}

fn factors(conn: &mut Conn, what: &SealedUnder) -> Result<Vec<Sealed>, StoreError> {
    let found: Vec<(Key, Option<Vec<u8>>)> = accounts::table
        .filter(accounts::agency_id.eq(what.agency))
        .filter(accounts::id.ge(what.from))
        .filter(accounts::totp_secret.is_not_null())
        .filter(key_of!(accounts::totp_secret.assume_not_null()).eq_any(&what.keys))
        .order(accounts::id.asc())
        .offset(what.skip)
        .limit(what.limit)
        .select((accounts::id, accounts::totp_secret))
        .load(conn)?;
    Ok(found.into_iter().filter_map(|(id, blob)| Some(Sealed::SecondFactor(id, blob?))).collect())
}

/// Marks a key as one under which nothing is left. Must run inside a write transaction.
///
/// # Errors
/// [`StoreError::VersionConflict`] when something is left, or it was marked before.
pub(in crate::store) fn key_retire_in_tx(
    conn: &mut Conn,
    agency: Key,
    key: Key,
    now: At,
) -> Result<(), StoreError> {
    let under = SealedUnder::new(agency, &[key.0], 1);
    for table in SealedIn::ALL {
        if !sealed_under(conn, *table, &under)?.is_empty() {
            return Err(StoreError::VersionConflict);
        }
    }
    let row = agency_keys::table.find((agency, key)).filter(agency_keys::retired_at.is_null());
    match diesel::update(row).set(agency_keys::retired_at.eq(Some(now))).execute(conn)? {
        0 => Err(StoreError::VersionConflict),
        _ => Ok(()),
    }
}

/// Replaces every wrapped key, and the fingerprint of the master key, or nothing. Must run inside a write transaction.
pub(in crate::store) fn keys_rewrap_in_tx(
    conn: &mut Conn,
    rows: &[AgencyKeyRow],
    (name, before, after): (&str, &str, &str),
) -> Result<(), StoreError> {
    let there: i64 = agency_keys::table.count().get_result(conn)?;
    let remembered = diesel::update(meta::table.find(name).filter(meta::value.eq(before)))
        .set(meta::value.eq(after))
        .execute(conn)?;
    let all = usize::try_from(there).ok() == Some(rows.len());
    if remembered != 1 || !all {
        return Err(StoreError::Internal("the keys were changed meanwhile: try again".to_owned()));
    }
    for row in rows {
        diesel::update(agency_keys::table.find((row.agency_id, row.key_id)))
            .set(agency_keys::wrapped.eq(&row.wrapped))
            .execute(conn)?;
    }
    Ok(())
}
