//! Checkpoints and the keys that sign them.

use diesel::prelude::*;

use super::Conn;
use super::chain::hold_chain;
use crate::domain::ids::AgencyId;
use crate::store::checkpoints::{CheckpointRow, SentRow, SigningKeyRow};
use crate::store::error::StoreError;
use crate::store::schema::{checkpoints, sent_checkpoints, signing_keys};
use crate::store::types::Key;

pub(in crate::store) fn signing_keys_of(
    conn: &mut Conn,
    agency: Key,
) -> Result<Vec<SigningKeyRow>, StoreError> {
    Ok(signing_keys::table
        .filter(signing_keys::agency_id.eq(agency))
        .order(signing_keys::n.asc())
        .select(SigningKeyRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn checkpoints_below(
    conn: &mut Conn,
    agency: Key,
    below: i64,
    limit: i64,
) -> Result<Vec<CheckpointRow>, StoreError> {
    Ok(checkpoints::table
        .filter(checkpoints::agency_id.eq(agency))
        .filter(checkpoints::size.lt(below))
        .order(checkpoints::size.desc())
        .limit(limit)
        .select(CheckpointRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn checkpoints_above(
    conn: &mut Conn,
    agency: Key,
    above: i64,
    limit: i64,
) -> Result<Vec<CheckpointRow>, StoreError> {
    Ok(checkpoints::table
        .filter(checkpoints::agency_id.eq(agency))
        .filter(checkpoints::size.gt(above))
        .order(checkpoints::size.asc())
        .limit(limit)
        .select(CheckpointRow::as_select())
        .load(conn)?)
}

/// Keeps a checkpoint, unless there is a newer one than that from which it was made: the chain's lock is the lease, so that of
/// several instances one does it. Must run inside a write transaction.
pub(in crate::store) fn checkpoint_put_in_tx(
    conn: &mut Conn,
    before: i64,
    row: &CheckpointRow,
) -> Result<bool, StoreError> {
    hold_chain(conn, AgencyId(row.agency_id.0))?;
    let newest = checkpoints_below(conn, row.agency_id, i64::MAX, 1)?.first().map_or(0, |newest| newest.size);
    if newest != before {
        return Ok(false);
    }
    diesel::insert_into(checkpoints::table).values(row).execute(conn)?;
    Ok(true)
}

pub(in crate::store) fn sent_checkpoints_of(
    conn: &mut Conn,
    agency: Key,
    receiver: &str,
) -> Result<Option<SentRow>, StoreError> {
    Ok(sent_checkpoints::table
        .find((agency, receiver))
        .select(SentRow::as_select())
        .first(conn)
        .optional()?)
}

/// Another instance may have been faster, and further. Must run inside a write transaction.
pub(in crate::store) fn sent_checkpoints_put_in_tx(conn: &mut Conn, row: &SentRow) -> Result<(), StoreError> {
    let further = sent_checkpoints::table
        .find((row.agency_id, &row.receiver))
        .filter(sent_checkpoints::size.lt(row.size));
    let moved = diesel::update(further)
        .set((sent_checkpoints::size.eq(row.size), sent_checkpoints::sent_at.eq(row.sent_at)))
        .execute(conn)?;
    if moved == 0 {
        diesel::insert_into(sent_checkpoints::table).values(row).on_conflict_do_nothing().execute(conn)?;
    }
    Ok(())
}
