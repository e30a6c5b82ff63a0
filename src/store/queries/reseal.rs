//! Blobs put in the place of those that they were made from.

use diesel::prelude::*;

use super::Conn;
use crate::store::error::StoreError;
use crate::store::keys::Sealed;
use crate::store::rows::ApplicantRow;
use crate::store::schema::{
    accesses, accounts, applicants, attachment_contents, attachment_uploads, case_texts, idempotency_keys,
    signing_keys, supervision_steps,
};
use crate::store::types::Key;

/// Replaces blobs, each only where the one that it was made from still is: what was erased meanwhile stays erased. Must run inside a
/// write transaction.
pub(in crate::store) fn reseal_in_tx(
    conn: &mut Conn,
    agency: Key,
    rows: &[(Sealed, Sealed)],
) -> Result<usize, StoreError> {
    let mut put: usize = 0;
    for (before, after) in rows {
        put = put.saturating_add(replace(conn, agency, before, after)?);
    }
    Ok(put)
}

fn replace(conn: &mut Conn, agency: Key, before: &Sealed, after: &Sealed) -> Result<usize, StoreError> {
    let put = match (before, after) {
        (Sealed::Text(id, old), Sealed::Text(_, new)) => {
            let row = case_texts::table.find((agency, *id)).filter(case_texts::sealed.eq(old));
            diesel::update(row).set(case_texts::sealed.eq(new)).execute(conn)?
        }
        (Sealed::Applicant(old), Sealed::Applicant(new)) => applicant(conn, agency, old, new)?,
        (Sealed::Notice(notice, n, old), Sealed::Notice(_, _, new)) => {
            let row = supervision_steps::table.find((agency, *notice, *n));
            diesel::update(row.filter(supervision_steps::sealed.eq(old)))
                .set(supervision_steps::sealed.eq(Some(new)))
                .execute(conn)?
        }
        (Sealed::Access(case, id, old), Sealed::Access(_, _, new)) => {
            let row = accesses::table.find((agency, *case, *id)).filter(accesses::sealed.eq(old));
            diesel::update(row).set(accesses::sealed.eq(Some(new))).execute(conn)?
        }
        (Sealed::Content(id, old), Sealed::Content(_, new)) => {
            let row = attachment_contents::table.find((agency, *id));
            diesel::update(row.filter(attachment_contents::sealed.eq(old)))
                .set(attachment_contents::sealed.eq(new))
                .execute(conn)?
        }
        (Sealed::Upload(id, old), Sealed::Upload(_, new)) => {
            let row = attachment_uploads::table.find((agency, *id));
            diesel::update(row.filter(attachment_uploads::sealed_key.eq(old)))
                .set(attachment_uploads::sealed_key.eq(Some(new)))
                .execute(conn)?
        }
        (Sealed::Answer(account, method, path, key, old), Sealed::Answer(.., new)) => {
            let row = idempotency_keys::table.find((*account, method, path, key));
            diesel::update(row.filter(idempotency_keys::answer.eq(old)))
                .set(idempotency_keys::answer.eq(new))
                .execute(conn)?
        }
        (Sealed::SigningKey(n, old), Sealed::SigningKey(_, new)) => {
            let row = signing_keys::table.find((agency, *n)).filter(signing_keys::secret.eq(old));
            diesel::update(row).set(signing_keys::secret.eq(new)).execute(conn)?
        }
        (Sealed::SecondFactor(account, old), Sealed::SecondFactor(_, new)) => {
            let row = accounts::table.find(*account).filter(accounts::totp_secret.eq(old));
            diesel::update(row).set(accounts::totp_secret.eq(Some(new))).execute(conn)?
        }
        (
            Sealed::Text(..)
            | Sealed::Applicant(_)
            | Sealed::Notice(..)
            | Sealed::Access(..)
            | Sealed::Content(..)
            | Sealed::Upload(..)
            | Sealed::Answer(..)
            | Sealed::SigningKey(..)
            | Sealed::SecondFactor(..),
            _,
        ) => return Err(StoreError::Internal("a blob for a row of another kind".to_owned())),
    };
    Ok(put)
}

fn applicant(
    conn: &mut Conn,
    agency: Key,
    old: &ApplicantRow,
    new: &ApplicantRow,
) -> Result<usize, StoreError> {
    let row = applicants::table.find((agency, old.id)).filter(applicants::name.eq(&old.name));
    Ok(diesel::update(row)
        .set((
            applicants::name.eq(&new.name),
            applicants::identity.eq(&new.identity),
            applicants::phone.eq(&new.phone),
            applicants::email.eq(&new.email),
            applicants::address.eq(&new.address),
            applicants::salt.eq(&new.salt),
            applicants::name_index.eq(&new.name_index),
            applicants::identity_index.eq(&new.identity_index),
        ))
        .execute(conn)?)
}
