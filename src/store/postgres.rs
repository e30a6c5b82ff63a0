//! PostgreSQL: how a connection is opened and a write begins. The queries are those of `queries/`.

use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Date, Integer, Nullable, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::change::ClockUpdate;
use super::error::StoreError;
use super::lanes::Link;
use super::rows::{CaseObligationRow, EventRow};
use super::search::{Found, LOOKED_AT, LikeSome, MOST_LIKE};
use super::types::{DbTime, DbUuid};

/// The database, as diesel names it.
pub(in crate::store) type Db = Pg;
pub(in crate::store) type Conn = PgConnection;

/// Begins a transaction that only reads and always sees the same.
pub(in crate::store) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

#[path = "queries/mod.rs"]
pub(in crate::store) mod queries;

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// On every connection: no query, lock or idle transaction holds others up without end. Queries are not compiled: the server
/// guesses from row counts when that pays, and where it guessed wrong a page of cases took 0.4 s instead of 3 ms.
const SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET TIME ZONE 'UTC'; \
     SET client_min_messages = 'warning'; SET jit = off;";

/// Two instances that start at once migrate one after the other.
const MIGRATION_LOCK: i64 = 0x0067_6f6e_676b_6169;

impl Link for PgConnection {
    fn open(url: &str) -> Result<Self, StoreError> {
        let mut conn = Self::establish(url)
            .map_err(|error| StoreError::Unavailable(format!("PostgreSQL cannot be reached: {error}")))?;
        conn.batch_execute(SETTINGS)?;
        Ok(conn)
    }

    fn broken(error: &StoreError) -> bool {
        matches!(error, StoreError::Unavailable(_))
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        Ok(AnsiTransactionManager::begin_transaction_sql(self, "BEGIN")?)
    }
}

/// What was deleted is gone from the tables; autovacuum frees its room. WAL archives and backups keep it as long as they are kept
/// (README says so): nothing that this program could do.
#[expect(clippy::unnecessary_wraps, reason = "it can fail on the other database")]
pub(in crate::store) fn scrub(_: &mut Conn) -> Result<(), StoreError> {
    Ok(())
}

/// Holds the chains of all agencies, those not yet made included: who writes an event waits until this transaction ends, and who
/// has begun is waited for. Readers go on.
pub(in crate::store) fn hold_chains(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(conn.batch_execute("LOCK TABLE chain_heads IN SHARE ROW EXCLUSIVE MODE")?)
}

/// Writes what a change of the calendar made of queue rows. Every round trip costs here, so that one statement takes them all,
/// a column in each array; diesel's language has no such update.
const UPDATE_CLOCKS: &str = "UPDATE cases SET version = u.version, case_link = u.case_link, updated_at = u.updated_at, \
     due_on = u.due_on, yellow_on = u.yellow_on, red_on = u.red_on, provisional = u.provisional, \
     due_sort = u.due_sort, clock_state = u.clock_state, prudent_due_on = u.prudent_due_on \
     FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS u (agency_id, id, version, case_link, \
     updated_at, due_on, yellow_on, red_on, provisional, due_sort, clock_state, prudent_due_on) \
     WHERE cases.agency_id = u.agency_id AND cases.id = u.id";

pub(in crate::store) fn update_clocks(conn: &mut Conn, updates: &[ClockUpdate]) -> Result<(), StoreError> {
    let changed = diesel::sql_query(UPDATE_CLOCKS)
        .bind::<Array<DbUuid>, _>(column(updates, |update| update.agency_id))
        .bind::<Array<DbUuid>, _>(column(updates, |update| update.id))
        .bind::<Array<Integer>, _>(column(updates, |update| update.version))
        .bind::<Array<Binary>, _>(column(updates, |update| update.case_link.as_slice()))
        .bind::<Array<DbTime>, _>(column(updates, |update| update.updated_at))
        .bind::<Array<Nullable<Date>>, _>(column(updates, |update| update.cells.due_on))
        .bind::<Array<Nullable<Date>>, _>(column(updates, |update| update.cells.yellow_on))
        .bind::<Array<Nullable<Date>>, _>(column(updates, |update| update.cells.red_on))
        .bind::<Array<Nullable<Text>>, _>(column(updates, |update| update.cells.provisional))
        .bind::<Array<Date>, _>(column(updates, |update| update.cells.due_sort))
        .bind::<Array<Text>, _>(column(updates, |update| update.cells.clock_state))
        .bind::<Array<Nullable<Date>>, _>(column(updates, |update| update.cells.prudent_due_on))
        .execute(conn)?;
    if changed == updates.len() {
        Ok(())
    } else {
        Err(StoreError::Internal(format!("{changed} queue rows were written instead of {}", updates.len())))
    }
}

/// One column of many rows, as one parameter. Rows in `VALUES` are a parameter for each cell, and a statement of that many
/// takes the server as long to read as to carry out.
fn column<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

const INSERT_EVENTS: &str = "INSERT INTO events (agency_id, agency_seq, id, case_id, case_seq, event_type, suite, \
     record, agency_link, case_link, recorded_at) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// Writes events.
pub(in crate::store) fn insert_event_rows(conn: &mut Conn, rows: &[EventRow]) -> QueryResult<usize> {
    diesel::sql_query(INSERT_EVENTS)
        .bind::<Array<DbUuid>, _>(column(rows, |row| row.agency_id))
        .bind::<Array<BigInt>, _>(column(rows, |row| row.agency_seq))
        .bind::<Array<DbUuid>, _>(column(rows, |row| row.id))
        .bind::<Array<Nullable<DbUuid>>, _>(column(rows, |row| row.case_id))
        .bind::<Array<Nullable<Integer>>, _>(column(rows, |row| row.case_seq))
        .bind::<Array<Text>, _>(column(rows, |row| row.event_type.as_str()))
        .bind::<Array<Integer>, _>(column(rows, |row| row.suite))
        .bind::<Array<Text>, _>(column(rows, |row| row.record.as_str()))
        .bind::<Array<Binary>, _>(column(rows, |row| row.agency_link.as_slice()))
        .bind::<Array<Nullable<Binary>>, _>(column(rows, |row| row.case_link.as_deref()))
        .bind::<Array<DbTime>, _>(column(rows, |row| row.recorded_at))
        .execute(conn)
}

const INSERT_OWED: &str = "INSERT INTO case_obligations (agency_id, case_id, kind, n, due_on) \
     SELECT * FROM unnest($1, $2, $3, $4, $5)";

/// Writes what is owed.
pub(in crate::store) fn insert_owed_rows(conn: &mut Conn, rows: &[CaseObligationRow]) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    diesel::sql_query(INSERT_OWED)
        .bind::<Array<DbUuid>, _>(column(rows, |row| row.agency_id))
        .bind::<Array<DbUuid>, _>(column(rows, |row| row.case_id))
        .bind::<Array<Text>, _>(column(rows, |row| row.kind.as_str()))
        .bind::<Array<Integer>, _>(column(rows, |row| row.n))
        .bind::<Array<Date>, _>(column(rows, |row| row.due_on))
        .execute(conn)
}

/// Where a case of `case_search s` has all the words of a search.
pub(in crate::store) fn push_words<'b>(found: &'b Found, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    for (n, word) in found.words.iter().enumerate() {
        out.push_sql(if n == 0 { "strpos(s.words, " } else { " AND strpos(s.words, " });
        out.push_bind_param::<Text, _>(word)?;
        out.push_sql(") > 0");
    }
    Ok(())
}

/// The cases that match: the index gives those that have all the tokens, the words say whether they stand in a row.
pub(in crate::store) fn push_matching<'b>(
    what: &str,
    found: &'b Found,
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    out.push_sql("SELECT ");
    out.push_sql(what);
    out.push_sql(" FROM case_search s WHERE string_to_array(s.words, ' ') @> ");
    out.push_bind_param::<Array<Text>, _>(&found.tokens)?;
    out.push_sql(" AND s.agency_id = ");
    out.push_bind_param::<DbUuid, _>(&found.agency)?;
    out.push_sql(" AND ");
    push_words(found, out)
}

impl QueryFragment<Pg> for LikeSome {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "(cases.agency_id, cases.id) IN (SELECT agency_id, case_id FROM (\
             SELECT s.agency_id, s.case_id, s.n, s.words FROM case_search s WHERE s.agency_id = ",
        );
        out.push_bind_param::<DbUuid, _>(&self.agency)?;
        for (n, (word, tokens)) in self.words.iter().zip(&self.tokens).enumerate() {
            out.push_sql(if n == 0 { " AND (" } else { " OR " });
            out.push_sql("string_to_array(s.words, ' ') @> ");
            out.push_bind_param::<Array<Text>, _>(tokens)?;
            out.push_sql(" AND strpos(s.words, ");
            out.push_bind_param::<Text, _>(word)?;
            out.push_sql(") > 0");
        }
        // Sorted by a sum, the index of `n` cannot tempt the planner.
        out.push_sql(") ORDER BY s.n + 0 DESC LIMIT ");
        out.push_bind_param::<BigInt, _>(&LOOKED_AT)?;
        out.push_sql(") looked_at ORDER BY 0");
        for word in &self.words {
            out.push_sql(" + (strpos(words, ");
            out.push_bind_param::<Text, _>(word)?;
            out.push_sql(") > 0)::int");
        }
        out.push_sql(" DESC, n DESC LIMIT ");
        out.push_bind_param::<BigInt, _>(&MOST_LIKE)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The index is the server's own, which keeps it with the words.
#[expect(clippy::unnecessary_wraps, reason = "it can fail on the other database")]
pub(in crate::store) fn index_is_sound(_: &mut Conn) -> Result<bool, StoreError> {
    Ok(true)
}

/// Makes the index anew of the words of `case_search`.
pub(in crate::store) fn index_anew(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(conn.batch_execute("REINDEX INDEX case_search_index")?)
}

/// A query that is to be explained.
#[derive(QueryId)]
struct Explain<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Explain<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("EXPLAIN ");
        self.0.walk_ast(out)
    }
}

impl<Q> Query for Explain<Q> {
    type SqlType = Text;
}

impl<Q> RunQueryDsl<Conn> for Explain<Q> {}

/// How a query would be carried out: a line for each step.
pub(in crate::store) fn explain(
    conn: &mut Conn,
    query: impl QueryFragment<Pg> + QueryId,
) -> Result<Vec<String>, StoreError> {
    Ok(Explain(query).load(conn)?)
}

/// Brings the schema to this program's version; refuses one of a later program.
pub(super) fn migrate(conn: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0")?;
    conn.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    let outcome = super::migration::refuse_newer(conn, MIGRATIONS).and_then(|()| {
        let done = conn.run_pending_migrations(MIGRATIONS).map_err(super::migration::failed)?;
        let done = done.iter().map(ToString::to_string).collect();
        // Even when nothing was run: this may have been interrupted.
        queries::search::index_the_rest(conn)?;
        queries::publication::documents_of_the_rest(conn)?;
        Ok(done)
    });
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
    outcome
}

/// What an acknowledged write rests on: a server that answers before its disk has the commit is refused.
pub(super) fn refuse_unsafe_settings(conn: &mut PgConnection) -> Result<(), StoreError> {
    use diesel::sql_types::Text;
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let value: String =
            diesel::select(diesel::dsl::sql::<Text>("current_setting(").bind::<Text, _>(setting).sql(")"))
                .get_result(conn)?;
        if value == "off" {
            return Err(StoreError::BadUrl(format!(
                "PostgreSQL runs with {setting} = off: an acknowledged write could be lost. Switch it on."
            )));
        }
    }
    Ok(())
}
