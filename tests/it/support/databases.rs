//! A database of its own for each test, on both backends. One test body is written once and run on each.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;
use gongkai::crypto::random;
use gongkai::store::{DatabaseUrl, migrate};
use tempfile::TempDir;

/// Makes two tests of one body: `name::sqlite` and `name::postgres`.
///
/// ```ignore
/// both_databases! {
///     fn a_case_is_read_back(backend) { let database = TestDatabase::new(backend); … }
/// }
/// ```
macro_rules! both_databases {
    ($($(#[$meta:meta])* fn $name:ident($backend:ident) $body:block)+) => {$(
        $(#[$meta])*
        fn $name($backend: $crate::support::databases::Backend) $body

        mod $name {
            use $crate::support::databases::Backend;

            #[test]
            fn sqlite() {
                super::$name(Backend::Sqlite);
            }

            #[test]
            fn postgres() {
                super::$name(Backend::Postgres);
            }
        }
    )+};
}
pub(crate) use both_databases;

/// The two databases that Gongkai runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A fresh database, gone when this is dropped.
pub struct TestDatabase {
    pub backend: Backend,
    url: DatabaseUrl,
    place: Place,
}

enum Place {
    File { folder: TempDir },
    Server { name: String },
}

/// A row of one column.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl TestDatabase {
    /// One with the newest schema.
    pub fn new(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let database = Self::empty(backend);
                fs::write(database.path(), sqlite_template()).unwrap();
                database
            }
            Backend::Postgres => {
                let mut server = server();
                let template = server.template();
                Self::on(server.create(Some(&template)))
            }
        }
    }

    /// One without any table.
    pub fn empty(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = DatabaseUrl::Sqlite(folder.path().join("gongkai.db"));
                Self { backend, url, place: Place::File { folder } }
            }
            Backend::Postgres => Self::on(server().create(None)),
        }
    }

    fn on(name: String) -> Self {
        let url = DatabaseUrl::Postgres(url_of(&name));
        Self { backend: Backend::Postgres, url, place: Place::Server { name } }
    }

    /// Where it is, as the store takes it.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Where it is, as `GONGKAI_DATABASE_URL` has it.
    pub fn url_text(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }

    fn path(&self) -> PathBuf {
        match &self.url {
            DatabaseUrl::Sqlite(path) => path.clone(),
            DatabaseUrl::Postgres(_) => panic!("a database on a server has no file"),
        }
    }

    /// The folder that holds a database of files and nothing else.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::File { folder } => Some(folder.path()),
            Place::Server { .. } => None,
        }
    }

    /// Runs statements past the program, as somebody with a shell would.
    pub fn execute(&self, sql: &str) -> Result<(), String> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => sqlite(path).batch_execute(sql),
            DatabaseUrl::Postgres(url) => postgres(url).batch_execute(sql),
        }
        .map_err(|error| error.to_string())
    }

    /// The lines that a query gives, which has one text column named `line`.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        let query = diesel::sql_query(sql);
        let found: QueryResult<Vec<Line>> = match &self.url {
            DatabaseUrl::Sqlite(path) => query.load(&mut sqlite(path)),
            DatabaseUrl::Postgres(url) => query.load(&mut postgres(url)),
        };
        found.unwrap_or_else(|error| panic!("{error}\n{sql}")).into_iter().map(|row| row.line).collect()
    }

    /// The tables, by name.
    pub fn tables(&self) -> Vec<String> {
        self.lines(match self.backend {
            Backend::Sqlite => {
                "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                 AND name NOT LIKE 'case\\_search\\_index%' ESCAPE '\\' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' ORDER BY 1"
            }
            Backend::Postgres => {
                "SELECT relname::text AS line FROM pg_class WHERE relkind = 'r' \
                 AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_diesel%' \
                 ORDER BY relname COLLATE \"C\""
            }
        })
    }

    /// Every row of every table but those of attempts, as text: two equal answers mean that nothing was changed between. That
    /// something was tried is written a second later, and changes nothing.
    pub fn contents(&self) -> Vec<String> {
        let mut tables = self.tables();
        tables.retain(|table| !["attempts", "attempt_heads"].contains(&table.as_str()));
        self.rows(&tables.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Every row of a table, as text, the table's name before it; in an order of their own.
    pub fn rows_of(&self, table: &str) -> Vec<String> {
        self.rows(&[table])
    }

    fn rows(&self, tables: &[&str]) -> Vec<String> {
        let of_table = |table: &&str| match self.backend {
            Backend::Sqlite => {
                let columns = self.lines(&format!(
                    "SELECT 'coalesce(quote(' || name || '), '''')' AS line FROM pragma_table_info('{table}')"
                ));
                format!("SELECT '{table}: ' || {} AS line FROM {table}", columns.join(" || ', ' || "))
            }
            Backend::Postgres => format!("SELECT '{table}: ' || t::text AS line FROM {table} t"),
        };
        let queries: Vec<_> = tables.iter().map(of_table).collect();
        let mut rows = self.lines(&queries.join(" UNION ALL "));
        rows.sort();
        rows
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { name } = &self.place {
            // A server that is gone has nothing left to drop.
            let _ = server().conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn sqlite(path: &std::path::Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON").unwrap();
    conn
}

fn postgres(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap()
}

/// The bytes of a migrated file, made once.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let database = TestDatabase::empty(Backend::Sqlite);
        migrate(database.url()).unwrap();
        fs::read(database.path()).unwrap()
    })
}

// --- the server --------------------------------------------------------------------------------------------------

/// The PostgreSQL server of this run. Every database of this process bears the process's token in its name, on which
/// `conn` holds a lock for as long as the process lives.
struct Server {
    conn: PgConnection,
    token: String,
    made: u32,
    template: Option<String>,
}

fn server() -> MutexGuard<'static, Server> {
    static SERVER: OnceLock<Mutex<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| Mutex::new(Server::reach()));
    server.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    fn reach() -> Self {
        let mut conn = PgConnection::establish(&server_url())
            .unwrap_or_else(|error| panic!("GONGKAI_TEST_POSTGRES_URL cannot be reached: {error}"));
        sweep(&mut conn);
        let token = random::random_id().simple().to_string();
        conn.batch_execute(&format!("SELECT pg_advisory_lock(hashtext('{token}'))")).unwrap();
        Self { conn, token, made: 0, template: None }
    }

    /// A new database, empty or a copy of `template`; its name.
    fn create(&mut self, template: Option<&str>) -> String {
        self.made += 1;
        let name = format!("gongkai_test_{}_{}", self.token, self.made);
        let template = template.unwrap_or("template0");
        self.conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
        name
    }

    /// The name of a migrated database that nobody is connected to.
    fn template(&mut self) -> String {
        if let Some(template) = &self.template {
            return template.clone();
        }
        let name = self.create(None);
        migrate(&DatabaseUrl::Postgres(url_of(&name))).unwrap();
        self.template.insert(name).clone()
    }
}

/// Drops what killed processes left behind: databases on whose token nobody holds the lock.
fn sweep(conn: &mut PgConnection) {
    let left: Vec<Line> = diesel::sql_query(
        "SELECT datname::text AS line FROM pg_database WHERE datname LIKE 'gongkai\\_test\\_%' \
         AND pg_try_advisory_lock(hashtext(split_part(datname, '_', 3)))",
    )
    .load(conn)
    .unwrap();
    for database in left {
        // Another process that sweeps at the same time may have been first.
        let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.line));
    }
    conn.batch_execute("SELECT pg_advisory_unlock_all()").unwrap();
}

/// The superuser's URL of the server's database `postgres`.
///
/// # Panics
///
/// If it is not given: no test is ever skipped for want of a database.
#[expect(clippy::disallowed_methods, reason = "a variable of the tests, not of the program")]
fn server_url() -> String {
    std::env::var("GONGKAI_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "GONGKAI_TEST_POSTGRES_URL is not set. Run the tests with `scripts/test`, which starts a PostgreSQL \
             of its own, or name a throw-away server: a superuser's URL of its database `postgres`."
        )
    })
}

/// The URL of another database of the server.
fn url_of(name: &str) -> String {
    let url = server_url();
    let (address, query) = url.split_once('?').map_or((url.as_str(), None), |(a, q)| (a, Some(q)));
    let (host, _) = address.rsplit_once('/').expect("the URL names a database");
    query.map_or_else(|| format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}
