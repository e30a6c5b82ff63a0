//! Which columns are encrypted, and under which key each blob of the database is. What a rotation of keys covers, what the ciphertext
//! test turns bit by bit, and what is held against the schema here, is one list: [`SealedIn`].

use std::collections::BTreeSet;

use gongkai::store::SealedIn;

use crate::support::databases::{Backend, TestDatabase, both_databases};

/// Columns of bytes that are not encrypted under an agency's key, and why not.
const IN_CLEAR: &[(&str, &str)] = &[
    ("accounts.password", "a hash"),
    ("agency_keys.wrapped", "under the master key"),
    ("applicants.name_index", "a keyed hash"),
    ("applicants.identity_index", "a keyed hash"),
    ("attachment_contents.address", "a keyed hash"),
    ("attempt_heads.link", "a link of the chain"),
    ("attempts.link", "a link of the chain"),
    ("cases.case_link", "a link of the chain"),
    ("cases.imported_row", "a keyed hash"),
    ("chain_heads.link", "a link of the chain"),
    ("chain_heads.seal", "a keyed hash"),
    ("checkpoints.frontier", "hashes"),
    ("events.agency_link", "a link of the chain"),
    ("events.case_link", "a link of the chain"),
    ("idempotency_keys.body_hash", "a hash"),
    ("portal_secrets.hash", "a hash of 256 random bits"),
    ("provider_bindings.subject", "a keyed hash"),
    ("provider_sign_ins.mark", "a random mark"),
    ("refresh_tokens.hash", "a hash of 256 random bits"),
    ("signing_keys.public_key", "public"),
];

/// Every encrypted column: table and name.
pub fn sealed_columns() -> Vec<(&'static str, &'static str)> {
    let of = |table: &SealedIn| {
        let (table, columns) = table.columns();
        columns.iter().map(move |column| (table, *column)).collect::<Vec<_>>()
    };
    SealedIn::ALL.iter().flat_map(of).collect()
}

/// The ids of the keys with which agencies write, in hexadecimal: the newest of each.
pub fn newest_keys(database: &TestDatabase) -> Vec<String> {
    let newest = "created_at = (SELECT max(created_at) FROM agency_keys b WHERE b.agency_id = a.agency_id)";
    keys(database, newest)
}

/// The ids of the keys that are not retired.
pub fn live_keys(database: &TestDatabase) -> Vec<String> {
    keys(database, "retired_at IS NULL")
}

/// The ids of keys of which a condition holds.
pub fn keys(database: &TestDatabase, condition: &str) -> Vec<String> {
    let hex = match database.backend {
        Backend::Sqlite => "lower(hex(key_id))",
        Backend::Postgres => "replace(key_id::text, '-', '')",
    };
    database.lines(&format!("SELECT {hex} AS line FROM agency_keys a WHERE {condition} ORDER BY 1"))
}

/// How many blobs of each encrypted column are under another key than these, as the database sees it; how many there are at all, when
/// no keys are named. Columns without any are left out.
pub fn blobs(database: &TestDatabase, other_than: &[String]) -> Vec<(String, usize)> {
    let count = |(table, column): &(&str, &str)| {
        let of = match database.backend {
            Backend::Sqlite => format!("lower(hex(substr({column}, 3, 16)))"),
            Backend::Postgres => format!("encode(substr({column}, 3, 16), 'hex')"),
        };
        let there = format!("{column} IS NOT NULL AND length({column}) > 0");
        let wrong = format!("{there} AND {of} NOT IN ('{}')", other_than.join("', '"));
        let found =
            database.lines(&format!("SELECT CAST(count(*) AS text) AS line FROM {table} WHERE {wrong}"));
        (format!("{table}.{column}"), found[0].parse().unwrap())
    };
    sealed_columns().iter().map(count).filter(|(_, count)| *count > 0).collect()
}

/// Where else a key's id stands that a blob begins with: a column that the list lacks.
pub fn elsewhere(database: &TestDatabase) -> Vec<String> {
    let keys = keys(database, "0 = 0");
    let listed: BTreeSet<&str> = SealedIn::ALL.iter().map(|table| table.columns().0).collect();
    let tables = database.tables();
    let others = tables.iter().filter(|table| !listed.contains(table.as_str()) && *table != "agency_keys");
    others
        .flat_map(|table| database.rows_of(table))
        .filter(|row| keys.iter().any(|key| row.to_lowercase().contains(key.as_str())))
        .collect()
}

both_databases! {
    fn every_column_of_bytes_is_encrypted_or_said_not_to_be(backend) {
        let database = TestDatabase::new(backend);
        let known: BTreeSet<String> = sealed_columns()
            .iter()
            .map(|(table, column)| format!("{table}.{column}"))
            .chain(IN_CLEAR.iter().map(|(name, _)| (*name).to_owned()))
            .collect();
        let there: BTreeSet<String> = match backend {
            Backend::Postgres => database
                .lines(
                    "SELECT table_name || '.' || column_name AS line FROM information_schema.columns \
                     WHERE table_schema = 'public' AND data_type = 'bytea'",
                )
                .into_iter()
                .collect(),
            // Ids are bytes here, too; the test on the other database tells them apart.
            Backend::Sqlite => {
                let columns = |table: &String| {
                    database.lines(&format!(
                        "SELECT '{table}.' || name AS line FROM pragma_table_info('{table}') WHERE type = 'BLOB'"
                    ))
                };
                let all: Vec<String> = database.tables().iter().flat_map(columns).collect();
                let id = |name: &String| {
                    name.ends_with("id") || name.ends_with("_by") || name == "calendar_versions.change_set"
                };
                all.into_iter().filter(|name| known.contains(name) || !id(name)).collect()
            }
        };
        assert_eq!(there.iter().filter(|name| !known.contains(*name)).collect::<Vec<_>>(), Vec::<&String>::new());
        // `accounts.password` and others may be text: what is listed in clear need not be bytes, what is encrypted must.
        for (table, column) in sealed_columns() {
            assert!(there.contains(&format!("{table}.{column}")), "{table}.{column} is not there");
        }
    }
}
