//! What a schema consists of, read from the database itself, and what `src/store/schema.rs` says of it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::databases::{Backend, TestDatabase};

/// Everything that makes the schema, a line for each thing.
pub fn dump(database: &TestDatabase) -> Vec<String> {
    database.lines(match database.backend {
        Backend::Sqlite => {
            "SELECT type || ' ' || name || ': ' || coalesce(sql, '') AS line FROM sqlite_master \
             WHERE tbl_name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' AND name <> 'sqlite_sequence' ORDER BY 1"
        }
        Backend::Postgres => {
            "SELECT line FROM (\
               SELECT 'column ' || table_name || '.' || column_name || ' ' || ordinal_position || ' ' || data_type \
                   || ' ' || is_nullable || ' ' || coalesce(column_default, '') || ' ' || coalesce(collation_name, '') \
                   AS line FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || \
                   pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
             UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
             UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc \
                   WHERE pronamespace = 'public'::regnamespace \
             UNION ALL SELECT 'type ' || typname FROM pg_type t WHERE typnamespace = 'public'::regnamespace \
                   AND typtype <> 'c' AND typelem = 0 \
             UNION ALL SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public') all_of_it \
             WHERE line NOT LIKE '%\\_\\_diesel%' ORDER BY 1"
        }
    })
}

/// A table: its key, and its columns in order (name, type, whether it may be null).
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub key: Vec<String>,
    pub columns: Vec<(String, String, bool)>,
}

impl Table {
    /// The same with the types as a database names them.
    pub fn on(self, backend: Backend) -> Self {
        let native = |kind: &str| match (backend, kind) {
            (Backend::Sqlite, "DbUuid" | "Binary") => "BLOB",
            (Backend::Sqlite, "DbTime" | "Integer" | "BigInt" | "Bool") => "INTEGER",
            (Backend::Sqlite, "Text" | "Date") => "TEXT",
            (Backend::Postgres, "DbUuid") => "uuid",
            (Backend::Postgres, "Binary") => "bytea",
            (Backend::Postgres, "DbTime") => "timestamp with time zone",
            (Backend::Postgres, "Integer") => "integer",
            (Backend::Postgres, "BigInt") => "bigint",
            (Backend::Postgres, "Bool") => "boolean",
            (Backend::Postgres, "Text") => "text C",
            (Backend::Postgres, "Date") => "date",
            (_, other) => panic!("{other}: a type that this test does not know"),
        };
        let columns = self.columns.into_iter();
        let columns = columns.map(|(name, kind, null)| (name, native(&kind).to_owned(), null)).collect();
        Self { key: self.key, columns }
    }
}

/// The tables of `src/store/schema.rs` and of the files below it, by name.
pub fn known() -> BTreeMap<String, Table> {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let below = std::fs::read_dir(store.join("schema")).unwrap().map(|entry| entry.unwrap().path());
    let files = below.chain([store.join("schema.rs")]);
    let text: String = files.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    text.split("diesel::table! {").skip(1).map(known_table).collect()
}

/// Reads `name (key, …) { column -> Type, … }`.
fn known_table(text: &str) -> (String, Table) {
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with("use "));
    let (name, key) = lines.next().and_then(|line| line.strip_suffix(") {")?.split_once(" (")).unwrap();
    let columns = lines.map_while(|line| line.strip_suffix(',')?.split_once(" -> ")).map(|(name, kind)| {
        let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
        (name.to_owned(), inner.unwrap_or(kind).to_owned(), inner.is_some())
    });
    let key = key.split(", ").map(str::to_owned).collect();
    (name.to_owned(), Table { key, columns: columns.collect() })
}

/// A table as the database has it.
pub fn table(database: &TestDatabase, name: &str) -> Table {
    let columns = database.lines(&match database.backend {
        Backend::Sqlite => format!(
            "SELECT name || '|' || type || '|' || (CASE \"notnull\" WHEN 0 THEN 'YES' ELSE 'NO' END) AS line \
             FROM pragma_table_info('{name}') ORDER BY cid"
        ),
        Backend::Postgres => format!(
            "SELECT concat(column_name, '|', data_type, ' ' || collation_name, '|', is_nullable) AS line \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{name}' \
             ORDER BY ordinal_position"
        ),
    });
    let key = database.lines(&match database.backend {
        Backend::Sqlite => {
            format!("SELECT name AS line FROM pragma_table_info('{name}') WHERE pk > 0 ORDER BY pk")
        }
        Backend::Postgres => format!(
            "SELECT attname::text AS line FROM pg_index JOIN pg_attribute \
             ON attrelid = indrelid AND attnum = ANY (indkey) WHERE indrelid = '{name}'::regclass AND indisprimary \
             ORDER BY array_position(indkey::int2[], attnum)"
        ),
    });
    let column = |line: String| {
        let parts: Vec<&str> = line.split('|').collect();
        (parts[0].to_owned(), parts[1].to_owned(), parts[2] == "YES")
    };
    Table { key, columns: columns.into_iter().map(column).collect() }
}

/// Every key, rule of uniqueness and index but those that are each database's own (of searches; SQLite needs none for a key that
/// is the row's number): table, columns, and the name where the schema gives one.
pub fn indexes(database: &TestDatabase) -> Vec<String> {
    let mut found = match database.backend {
        Backend::Sqlite => database.lines(
            "SELECT t.name || '(' || (SELECT group_concat(name, ',') FROM \
                 (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' \
             || (CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END) || (CASE i.origin WHEN 'pk' THEN ' key' ELSE '' END) \
             || (CASE i.partial WHEN 1 THEN ' partial' ELSE '' END) \
             || (CASE i.origin WHEN 'c' THEN ' ' || i.name ELSE '' END) AS line \
             FROM sqlite_master t, pragma_index_list(t.name) i \
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' \
             AND t.name NOT LIKE 'case\\_search\\_index%' ESCAPE '\\'",
        ),
        Backend::Postgres => database.lines(
            "SELECT t.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.nth) FROM \
                 unnest(x.indkey::int2[]) WITH ORDINALITY k(attnum, nth) \
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) || ')' \
             || (CASE WHEN x.indisunique THEN ' unique' ELSE '' END) || (CASE WHEN x.indisprimary THEN ' key' ELSE '' END) \
             || (CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END) \
             || (CASE WHEN c.oid IS NULL THEN ' ' || i.relname ELSE '' END) AS line \
             FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
             LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype IN ('p', 'u') \
             WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_\\_diesel%' \
             AND x.indexprs IS NULL AND i.relname <> 'case_search_pkey'",
        ),
    };
    found.extend(unique_names(database));
    found.sort();
    found
}

/// The named rules of uniqueness: `StoreError::Taken` tells them by name.
fn unique_names(database: &TestDatabase) -> Vec<String> {
    match database.backend {
        Backend::Sqlite => {
            let tables = database.lines(
                "SELECT name || '|' || sql AS line FROM sqlite_master WHERE type = 'table' \
                 AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'",
            );
            let of_table = |table: &String| {
                let (name, sql) = table.split_once('|').unwrap();
                let rules = sql.split("CONSTRAINT ").skip(1).map(|rule| rule.split(')').next().unwrap());
                let rules = rules.filter_map(|rule| rule.split_once(" UNIQUE ("));
                let told = |(rule, columns): (&str, &str)| {
                    format!("{rule}: {name}({})", columns.replace(", ", ","))
                };
                rules.map(told).collect::<Vec<_>>()
            };
            tables.iter().flat_map(of_table).collect()
        }
        Backend::Postgres => database.lines(
            "SELECT conname || ': ' || conrelid::regclass || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.nth) \
                 FROM unnest(conkey) WITH ORDINALITY k(attnum, nth) \
                 JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.attnum) || ')' AS line \
             FROM pg_constraint WHERE contype = 'u' AND connamespace = 'public'::regnamespace",
        ),
    }
}

/// Every reference from one table to another.
pub fn references(database: &TestDatabase) -> Vec<String> {
    database.lines(match database.backend {
        Backend::Sqlite => {
            "SELECT t.name || '(' || group_concat(f.\"from\", ',') || ') -> ' || f.\"table\" AS line \
             FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' \
             GROUP BY t.name, f.id ORDER BY 1"
        }
        Backend::Postgres => {
            "SELECT line FROM (SELECT conrelid::regclass || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.nth) \
                 FROM unnest(conkey) WITH ORDINALITY k(attnum, nth) \
                 JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.attnum) || ') -> ' \
             || confrelid::regclass AS line \
             FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace) f \
             ORDER BY line COLLATE \"C\""
        }
    })
}

/// The triggers, by name.
pub fn guards(database: &TestDatabase) -> Vec<String> {
    database.lines(match database.backend {
        // What keeps SQLite's own index of searches is no guard.
        Backend::Sqlite => {
            "SELECT name AS line FROM sqlite_master WHERE type = 'trigger' \
             AND name NOT LIKE 'case\\_search%' ESCAPE '\\' ORDER BY 1"
        }
        Backend::Postgres => {
            "SELECT tgname::text AS line FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname COLLATE \"C\""
        }
    })
}

/// The words that a column is limited to by a CHECK, by `table.column`.
pub fn words(database: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    let checks = database.lines(match database.backend {
        Backend::Sqlite => {
            "SELECT name || '|' || sql AS line FROM sqlite_master WHERE type = 'table' \
             AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'"
        }
        Backend::Postgres => {
            "SELECT conrelid::regclass || '|' || pg_get_constraintdef(oid) AS line FROM pg_constraint \
             WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        }
    });
    let mut found = BTreeMap::new();
    for line in checks {
        let (table, sql) = line.split_once('|').unwrap();
        for check in sql.split("CHECK (").skip(1).filter(|check| check.contains('\'')) {
            let check = check.split(")\n").next().unwrap().split("),\n").next().unwrap();
            let column = check.trim_start_matches('(').split([' ', ')']).next().unwrap();
            let words = check.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
            found.insert(format!("{table}.{column}"), words);
        }
    }
    found
}

/// The same with texts of its own, to compare with.
pub fn owned(words: &BTreeMap<&str, Vec<&str>>) -> BTreeMap<String, Vec<String>> {
    let own = |words: &Vec<&str>| words.iter().map(|&word| word.to_owned()).collect();
    words.iter().map(|(&column, words)| (column.to_owned(), own(words))).collect()
}

/// In the first schema, an agency with three cases: one that owes a reply, one answered, one that awaits a confirmation.
pub fn old_cases(backend: Backend) -> String {
    let id = |n: u8| match backend {
        Backend::Sqlite => format!("X'0000000000000000000000000000000{n}'"),
        Backend::Postgres => format!("'00000000-0000-0000-0000-00000000000{n}'"),
    };
    let (bytes, time) = match backend {
        Backend::Sqlite => ("X'00'", "0"),
        Backend::Postgres => ("'\\x00'", "now()"),
    };
    let case = |n: u8, status: &str, received: &str, due: &str, sort: &str| {
        format!(
            "INSERT INTO cases (agency_id, id, custodian_agency_id, version, case_link, statute, stage, status, number, \
             channel, applicant_kind, applicant_id, arrived_on, received_on, due_on, due_sort, received_sort, \
             created_at, updated_at) VALUES ({0}, {1}, {0}, 1, {bytes}, 'cn-ogi-2019', 'receive', '{status}', '{n}', \
             'fax', 'other_org', {1}, '2026-03-02', {received}, {due}, '{sort}', '2026-03-02', {time}, {time});",
            id(1),
            id(n)
        )
    };
    [
        format!(
            "INSERT INTO agencies VALUES ({}, 'a', 'a', NULL, 'Asia/Shanghai', 'cn-ogi-2019', 'p', {time});",
            id(1)
        ),
        case(1, "received", "'2026-03-02'", "'2026-03-30'", "2026-03-30"),
        case(2, "replied", "'2026-03-02'", "NULL", "9999-12-31"),
        case(3, "awaiting_confirmation", "NULL", "NULL", "9999-12-31"),
    ]
    .concat()
}

/// An agency with one event, one text one applicant's record and one calendar.
pub fn sample_rows(backend: Backend) -> String {
    let (id, bytes, time) = match backend {
        Backend::Sqlite => ("X'00000000000000000000000000000001'", "X'00'", "0"),
        Backend::Postgres => ("'00000000-0000-0000-0000-000000000001'", "'\\x00'", "now()"),
    };
    format!(
        "INSERT INTO agencies VALUES ({id}, 'a', 'a', NULL, 'Asia/Shanghai', 'cn-ogi-2019', 'p', {time}, NULL, NULL, NULL);
         INSERT INTO events VALUES ({id}, 1, {id}, {id}, 1, 'received', 1, '{{}}', {bytes}, {bytes}, {time});
         INSERT INTO case_texts VALUES ({id}, {id}, {id}, 'description', {bytes}, {time});
         INSERT INTO applicants VALUES ({id}, {id}, {id}, {bytes}, NULL, NULL, NULL, NULL, {bytes}, {bytes}, NULL, {time});
         INSERT INTO calendar_versions VALUES ('cn', 2027, 1, 'n', NULL, '[]', {id}, {time}, {id});"
    )
}
