//! The ends of the agencies' chains: taken before anything is written, moved on with every event, sealed (`store/seals.rs`).

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::Conn;
use crate::audit::chain::{ChainId, Head, Suite};
use crate::domain::ids::AgencyId;
use crate::law::LawBook;
use crate::store::answers::HeadRow;
use crate::store::error::StoreError;
use crate::store::schema::{calendar_versions, chain_heads};
use crate::store::seals::HeadSeals;
use crate::store::types::Key;

/// An agency's chain, taken: nobody else moves its end until the transaction ends.
pub(in crate::store) struct Chain {
    /// Its end, which whoever took it moves on.
    pub head: Head,
    /// Whether this program sealed the end that was taken.
    sealed: bool,
}

/// Takes an agency's chain for what was decided by a law book: refused when calendars were changed since. The chain comes
/// first, see `store/law.rs`.
pub(in crate::store) fn take_chain_by(
    conn: &mut Conn,
    seals: &HeadSeals,
    agency: AgencyId,
    law: &LawBook,
) -> Result<Chain, StoreError> {
    let (row, generation) = lock(conn, agency)?;
    if generation == law.generation() { chain(seals, agency, &row) } else { Err(StoreError::LawChanged) }
}

/// Takes an agency's chain.
pub(in crate::store) fn take_chain(
    conn: &mut Conn,
    seals: &HeadSeals,
    agency: AgencyId,
) -> Result<Chain, StoreError> {
    let (row, _) = lock(conn, agency)?;
    chain(seals, agency, &row)
}

/// Takes an agency's chain, and leaves its end where it is.
pub(in crate::store) fn hold_chain(conn: &mut Conn, agency: AgencyId) -> Result<(), StoreError> {
    lock(conn, agency).map(|_| ())
}

/// Writes the end of a chain that was taken. A bad seal is left as it is: what follows it is not sealed either, or the first event of
/// this program behind a forged one would make it good.
pub(in crate::store) fn put_chain(
    conn: &mut Conn,
    seals: &HeadSeals,
    agency: AgencyId,
    (chain, at): (&Chain, DateTime<Utc>),
) -> Result<(), StoreError> {
    let seq = i64::try_from(chain.head.seq).map_err(|error| StoreError::Internal(error.to_string()))?;
    let moved = (chain_heads::seq.eq(seq), chain_heads::link.eq(chain.head.link.as_bytes().to_vec()));
    let row = chain_heads::table.find(Key(agency.0));
    let written = if chain.sealed {
        let seal = seals.seal(agency, &chain.head, at)?;
        diesel::update(row).set((moved, chain_heads::seal.eq(Some(seal)))).execute(conn)
    } else {
        tracing::error!(%agency, "the end of the record is not one that this program wrote: see `gongkai audit verify`");
        diesel::update(row).set(moved).execute(conn)
    };
    written.map(|_| ()).map_err(|error| StoreError::from(error).of_the_record())
}

/// The chain of a new agency.
pub(in crate::store) fn begin_chain(
    conn: &mut Conn,
    seals: &HeadSeals,
    (agency, at): (AgencyId, DateTime<Utc>),
) -> Result<(), StoreError> {
    let head = Head::start(Suite::CURRENT, &ChainId::Agency(agency.0));
    let row = (
        chain_heads::agency_id.eq(Key(agency.0)),
        chain_heads::seq.eq(0_i64),
        chain_heads::link.eq(head.link.as_bytes().to_vec()),
        chain_heads::seal.eq(Some(seals.seal(agency, &head, at)?)),
    );
    diesel::insert_into(chain_heads::table).values(row).execute(conn)?;
    Ok(())
}

/// Seals the end of a chain that has no seal, as the program before this version left it. Must run inside a write transaction.
pub(in crate::store) fn seal_in_tx(
    conn: &mut Conn,
    seals: &HeadSeals,
    (agency, at): (AgencyId, DateTime<Utc>),
) -> Result<(), StoreError> {
    let (row, _) = lock(conn, agency)?;
    if row.seal.is_some() {
        return Ok(());
    }
    let seal = seals.seal(agency, &head_of(agency, &row)?, at)?;
    diesel::update(chain_heads::table.find(Key(agency.0)))
        .set(chain_heads::seal.eq(Some(seal)))
        .execute(conn)?;
    Ok(())
}

/// The agencies whose chains' ends have no seal.
pub(in crate::store) fn unsealed(conn: &mut Conn) -> Result<Vec<Key>, StoreError> {
    let without = chain_heads::table.filter(chain_heads::seal.is_null());
    Ok(without.order(chain_heads::agency_id.asc()).select(chain_heads::agency_id).load(conn)?)
}

/// The end of an agency's chain, as it is remembered beside the events.
pub(in crate::store) fn chain_head(conn: &mut Conn, agency: Key) -> Result<Option<HeadRow>, StoreError> {
    Ok(chain_heads::table.find(agency).select(HeadRow::as_select()).first(conn).optional()?)
}

/// Locks the agency's chain and reads its end: the update takes the row's lock on PostgreSQL, where several
/// transactions write side by side.
///
/// With it the number of stored versions of calendars as they are once the chain is taken, in one round trip. On
/// PostgreSQL a change of the calendar locks the table of the chains; a statement that waits for a table sees what was
/// committed until it got it.
fn lock(conn: &mut Conn, agency: AgencyId) -> Result<(HeadRow, i64), StoreError> {
    let stored = calendar_versions::table.count().single_value();
    let found: Option<(HeadRow, Option<i64>)> = diesel::update(chain_heads::table.find(Key(agency.0)))
        .set(chain_heads::seq.eq(chain_heads::seq))
        .returning((HeadRow::as_returning(), stored))
        .get_result(conn)
        .optional()
        .map_err(|error| StoreError::from(error).of_the_record())?;
    let (row, stored) = found.ok_or_else(|| inconsistent(agency, "the agency has no chain".to_owned()))?;
    Ok((row, stored.unwrap_or(0)))
}

fn chain(seals: &HeadSeals, agency: AgencyId, row: &HeadRow) -> Result<Chain, StoreError> {
    let head = head_of(agency, row)?;
    let sealed = seals.is_good(agency, &head, row.seal.as_deref())?;
    Ok(Chain { head, sealed })
}

fn head_of(agency: AgencyId, row: &HeadRow) -> Result<Head, StoreError> {
    let seq = u64::try_from(row.seq).map_err(|error| inconsistent(agency, error.to_string()))?;
    let link = row.link.as_slice().try_into().map_err(|_| inconsistent(agency, "not a link".to_owned()))?;
    Ok(Head { seq, link })
}

fn inconsistent(agency: AgencyId, reason: String) -> StoreError {
    StoreError::Inconsistent { table: "chain_heads", row: agency.to_string(), reason }
}
