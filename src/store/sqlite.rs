//! SQLite: how a connection is opened and a write begins. The queries are those of `queries/`.

use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::change::ClockUpdate;
use super::error::StoreError;
use super::lanes::Link;
use super::rows::{CaseObligationRow, EventRow};
use super::search::{Found, LOOKED_AT, LikeSome, MOST_LIKE};
use super::types::DbUuid;

/// The database, as diesel names it.
pub(in crate::store) type Db = Sqlite;
pub(in crate::store) type Conn = SqliteConnection;

/// Begins a transaction that only reads and always sees the same.
pub(in crate::store) const SNAPSHOT: &str = "BEGIN DEFERRED";

#[path = "queries/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "one query source, compiled for each database (design 3.3)")]
pub(in crate::store) mod queries;

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// On every connection: wait for a shell or backup that holds the lock, keep a log, reach the disk before a commit
/// returns, enforce foreign keys, overwrite what is deleted (erased words shall be gone from the file).
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA secure_delete = ON; \
     PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;";

/// How often, and after how long a pause each time, the change to a log is tried again: as long as a write waits.
const LOG_TRIES: u32 = 250;
const LOG_PAUSE: Duration = Duration::from_millis(20);

impl Link for SqliteConnection {
    fn open(url: &str) -> Result<Self, StoreError> {
        let mut conn = Self::establish(url).map_err(|error| {
            StoreError::Unavailable(format!("the SQLite file {url} cannot be opened: {error}"))
        })?;
        conn.batch_execute(SETTINGS).and_then(|()| keep_a_log(&mut conn)).map_err(|error| {
            StoreError::Unavailable(format!("the SQLite file {url} cannot be used: {error}"))
        })?;
        Ok(conn)
    }

    fn broken(_: &StoreError) -> bool {
        false
    }

    /// A write begins as a writer: a deferred transaction that reads first would be refused at once when another
    /// writer came between, whatever the timeout.
    fn begin(&mut self) -> Result<(), StoreError> {
        Ok(AnsiTransactionManager::begin_transaction_sql(self, "BEGIN IMMEDIATE")?)
    }
}

/// Makes the file keep a log (WAL), once for good. `busy_timeout` does not cover this: SQLite reads the file's header
/// first and then asks for the write lock, and whoever holds a read lock is refused at once, since two that wait for
/// each other would wait for ever. Commands that start together on a new file meet here, so this one asks again.
fn keep_a_log(conn: &mut SqliteConnection) -> QueryResult<()> {
    for _ in 1..LOG_TRIES {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if locked(&error) => std::thread::sleep(LOG_PAUSE),
            done => return done,
        }
    }
    conn.batch_execute("PRAGMA journal_mode = WAL")
}

fn locked(error: &diesel::result::Error) -> bool {
    matches!(error, diesel::result::Error::DatabaseError(_, about) if about.message() == "database is locked")
}

/// How a try to fold the log in ended.
#[derive(QueryableByName)]
struct Folded {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

/// Folds the log into the file and empties it, so that the pages from before an erasure are in no log any more. Waits for
/// whoever reads or writes; must run outside a transaction. What is deleted is overwritten (`secure_delete`); encrypted
/// remnants from where SQLite moved rows between pages earlier go with a `VACUUM` only (docs/archive.md).
pub(in crate::store) fn scrub(conn: &mut Conn) -> Result<(), StoreError> {
    let folded: Folded = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(conn)?;
    if folded.busy == 0 { Ok(()) } else { Err(StoreError::Busy) }
}

/// Nobody else writes while a write runs.
#[expect(clippy::unnecessary_wraps, reason = "it can fail on the other database")]
pub(in crate::store) fn hold_chains(_: &mut Conn) -> Result<(), StoreError> {
    Ok(())
}

/// Writes what a change of the calendar made of queue rows: one prepared statement, once for each row.
pub(in crate::store) fn update_clocks(conn: &mut Conn, updates: &[ClockUpdate]) -> Result<(), StoreError> {
    use super::schema::cases;
    for update in updates {
        let cells = &update.cells;
        diesel::update(cases::table.find((update.agency_id, update.id)))
            .set((
                cases::version.eq(update.version),
                cases::case_link.eq(&update.case_link),
                cases::updated_at.eq(update.updated_at),
                cases::due_on.eq(cells.due_on),
                cases::yellow_on.eq(cells.yellow_on),
                cases::red_on.eq(cells.red_on),
                cases::provisional.eq(cells.provisional),
                cases::due_sort.eq(cells.due_sort),
                cases::clock_state.eq(cells.clock_state),
                cases::prudent_due_on.eq(cells.prudent_due_on),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Writes events.
pub(in crate::store) fn insert_event_rows(conn: &mut Conn, rows: &[EventRow]) -> QueryResult<usize> {
    diesel::insert_into(super::schema::events::table).values(rows).execute(conn)
}

/// How many rows of what is owed are inserted with one statement: SQLite takes 32,766 parameters at most.
const OWED_TOGETHER: usize = 5_000;

/// Writes what is owed.
pub(in crate::store) fn insert_owed_rows(conn: &mut Conn, rows: &[CaseObligationRow]) -> QueryResult<usize> {
    rows.chunks(OWED_TOGETHER).try_fold(0, |written, together| {
        let now =
            diesel::insert_into(super::schema::case_obligations::table).values(together).execute(conn)?;
        Ok(written + now)
    })
}

/// Where a case of `case_search s` has all the words of a search.
pub(in crate::store) fn push_words<'b>(
    found: &'b Found,
    out: &mut AstPass<'_, 'b, Sqlite>,
) -> QueryResult<()> {
    for (n, word) in found.words.iter().enumerate() {
        out.push_sql(if n == 0 { "instr(s.words, " } else { " AND instr(s.words, " });
        out.push_bind_param::<Text, _>(word)?;
        out.push_sql(") > 0");
    }
    Ok(())
}

/// The cases that match, by the index. `CROSS JOIN` keeps the order in which tables are read.
pub(in crate::store) fn push_matching<'b>(
    what: &str,
    found: &'b Found,
    out: &mut AstPass<'_, 'b, Sqlite>,
) -> QueryResult<()> {
    out.push_sql("SELECT ");
    out.push_sql(what);
    out.push_sql(
        " FROM case_search_index CROSS JOIN case_search s ON s.n = case_search_index.rowid \
         WHERE case_search_index MATCH ",
    );
    out.push_bind_param::<Text, _>(&found.phrases)?;
    out.push_sql(" AND s.agency_id = ");
    out.push_bind_param::<DbUuid, _>(&found.agency)?;
    out.push_sql(" AND ");
    push_words(found, out)
}

impl QueryFragment<Sqlite> for LikeSome {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(
            "(cases.agency_id, cases.id) IN (SELECT agency_id, case_id FROM (\
             SELECT s.agency_id, s.case_id, s.n, s.words \
             FROM case_search_index CROSS JOIN case_search s ON s.n = case_search_index.rowid \
             WHERE case_search_index MATCH ",
        );
        out.push_bind_param::<Text, _>(&self.phrases)?;
        out.push_sql(" AND s.agency_id = ");
        out.push_bind_param::<DbUuid, _>(&self.agency)?;
        out.push_sql(" ORDER BY case_search_index.rowid DESC LIMIT ");
        out.push_bind_param::<BigInt, _>(&LOOKED_AT)?;
        out.push_sql(") ORDER BY 0");
        for word in &self.words {
            out.push_sql(" + (instr(words, ");
            out.push_bind_param::<Text, _>(word)?;
            out.push_sql(") > 0)");
        }
        out.push_sql(" DESC, n DESC LIMIT ");
        out.push_bind_param::<BigInt, _>(&MOST_LIKE)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Whether the index holds the words of `case_search` and no others: SQLite compares them itself.
pub(in crate::store) fn index_is_sound(conn: &mut Conn) -> Result<bool, StoreError> {
    let check = "INSERT INTO case_search_index (case_search_index, rank) VALUES ('integrity-check', 1)";
    match conn.batch_execute(check) {
        Ok(()) => Ok(true),
        Err(diesel::result::Error::DatabaseError(_, about)) if about.message().contains("malformed") => {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes the index anew of the words of `case_search`.
pub(in crate::store) fn index_anew(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(conn.batch_execute("INSERT INTO case_search_index (case_search_index) VALUES ('rebuild')")?)
}

/// A query that is to be explained.
#[derive(QueryId)]
struct Explain<Q>(Q);

impl<Q: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Explain<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("EXPLAIN QUERY PLAN ");
        self.0.walk_ast(out)
    }
}

impl<Q> Query for Explain<Q> {
    type SqlType = (Integer, Integer, Integer, Text);
}

impl<Q> RunQueryDsl<Conn> for Explain<Q> {}

/// How a query would be carried out: a line for each step.
pub(in crate::store) fn explain(
    conn: &mut Conn,
    query: impl QueryFragment<Sqlite> + QueryId,
) -> Result<Vec<String>, StoreError> {
    let steps: Vec<(i32, i32, i32, String)> = Explain(query).load(conn)?;
    Ok(steps.into_iter().map(|(.., step)| step).collect())
}

/// Brings the schema to this program's version; refuses one of a later program. All of it is one write, so that of
/// two commands that start at once the second finds it done; it waits longer than for a write, since a large
/// database takes its time.
pub(super) fn migrate(conn: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    conn.batch_execute("PRAGMA busy_timeout = 60000")?;
    conn.immediate_transaction(|conn| {
        super::migration::refuse_newer(conn, MIGRATIONS)?;
        let done = conn.run_pending_migrations(MIGRATIONS).map_err(super::migration::failed)?;
        let done: Vec<String> = done.iter().map(ToString::to_string).collect();
        if !done.is_empty() {
            queries::search::index_the_rest(conn)?;
            queries::publication::documents_of_the_rest(conn)?;
        }
        Ok(done)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_opened_while_another_command_writes_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("g.db");
        let url = file.to_str().unwrap();
        let mut first = SqliteConnection::establish(url).unwrap();
        first.batch_execute("BEGIN IMMEDIATE; CREATE TABLE t (x)").unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| SqliteConnection::open(url).map(|_| ()));
            std::thread::sleep(Duration::from_millis(200));
            first.batch_execute("COMMIT").unwrap();
            second.join().unwrap().unwrap();
        });
    }
}
