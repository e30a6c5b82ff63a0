//! The chains of attempts.

use diesel::prelude::*;

use super::Conn;
use crate::audit::attempts::{Attempt, seal};
use crate::audit::chain::{ChainId, Head, Suite};
use crate::store::attempts::{AttemptRow, CameIn, StayOwner};
use crate::store::error::StoreError;
use crate::store::schema::{accounts, attempt_heads, attempts, refresh_tokens, sessions};
use crate::store::types::{At, Key};

/// Writes that somebody came in. Must run inside the write transaction that opens his stay.
pub(in crate::store) fn came_in_in_tx(conn: &mut Conn, at: At, came_in: CameIn) -> Result<(), StoreError> {
    attempts_append_in_tx(conn, came_in.agency, at, vec![came_in.attempt]).map_err(StoreError::of_the_record)
}

/// Must run inside a write transaction.
pub(in crate::store) fn attempts_append_in_tx(
    conn: &mut Conn,
    agency: Key,
    at: At,
    new: Vec<Attempt>,
) -> Result<(), StoreError> {
    let internal = |reason: String| StoreError::Internal(format!("attempts of {}: {reason}", agency.0));
    let start = Head::start(Suite::CURRENT, &ChainId::Attempts(agency.0));
    diesel::insert_into(attempt_heads::table)
        .values((
            attempt_heads::agency_id.eq(agency),
            attempt_heads::seq.eq(0),
            attempt_heads::link.eq(start.link.as_bytes().to_vec()),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    // The update takes the row's lock, where several transactions write side by side.
    let (seq, link): (i64, Vec<u8>) = diesel::update(attempt_heads::table.find(agency))
        .set(attempt_heads::seq.eq(attempt_heads::seq))
        .returning((attempt_heads::seq, attempt_heads::link))
        .get_result(conn)?;
    let mut head = Head {
        seq: u64::try_from(seq).map_err(|error| internal(error.to_string()))?,
        link: link.as_slice().try_into().map_err(|_| internal("its end is no link".to_owned()))?,
    };
    let mut rows = Vec::with_capacity(new.len());
    for attempt in new {
        let sealed = seal(agency.0, &mut head, at.0, attempt).map_err(|error| internal(error.to_string()))?;
        rows.push(AttemptRow {
            agency_id: agency,
            seq: i64::try_from(sealed.seq).map_err(|error| internal(error.to_string()))?,
            kind: sealed.kind,
            recorded_at: at,
            account_id: sealed.account.map(Key),
            suite: i32::from(sealed.suite),
            record: sealed.record,
            link: sealed.link.as_bytes().to_vec(),
        });
    }
    for row in &rows {
        diesel::insert_into(attempts::table).values(row).execute(conn)?;
    }
    let seq = i64::try_from(head.seq).map_err(|error| internal(error.to_string()))?;
    diesel::update(attempt_heads::table.find(agency))
        .set((attempt_heads::seq.eq(seq), attempt_heads::link.eq(head.link.as_bytes().to_vec())))
        .execute(conn)?;
    Ok(())
}

pub(in crate::store) fn attempts_after(
    conn: &mut Conn,
    agency: Key,
    after: i64,
    limit: i64,
) -> Result<Vec<AttemptRow>, StoreError> {
    Ok(attempts::table
        .filter(attempts::agency_id.eq(agency))
        .filter(attempts::seq.gt(after))
        .order(attempts::seq.asc())
        .limit(limit)
        .select(AttemptRow::as_select())
        .load(conn)?)
}

pub(in crate::store) fn attempts_head(
    conn: &mut Conn,
    agency: Key,
) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    Ok(attempt_heads::table
        .find(agency)
        .select((attempt_heads::seq, attempt_heads::link))
        .first(conn)
        .optional()?)
}

pub(in crate::store) fn refresh_owner(conn: &mut Conn, hash: &[u8]) -> Result<Option<StayOwner>, StoreError> {
    let found: Option<(Key, Key, Option<At>)> = refresh_tokens::table
        .inner_join(sessions::table.on(sessions::id.eq(refresh_tokens::session_id)))
        .inner_join(accounts::table.on(accounts::id.eq(sessions::account_id)))
        .filter(refresh_tokens::hash.eq(hash))
        .select((accounts::agency_id, accounts::id, refresh_tokens::used_at))
        .first(conn)
        .optional()?;
    Ok(found.map(|(agency, account, used)| StayOwner { agency, account, used: used.is_some() }))
}
