//! Both databases have the same migrations, name for name, and each can be undone.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

/// What is wrong with the migrations under `root`: a line for each.
fn faults(root: &Path) -> io::Result<Vec<String>> {
    let (sqlite, postgres) = (folders(&root.join("sqlite"))?, folders(&root.join("postgres"))?);
    let mut found: Vec<String> = Vec::new();
    found.extend(sqlite.difference(&postgres).map(|name| format!("postgres lacks {name}")));
    found.extend(postgres.difference(&sqlite).map(|name| format!("sqlite lacks {name}")));
    for (database, names) in [("sqlite", sqlite), ("postgres", postgres)] {
        if names.is_empty() {
            found.push(format!("{database} has no migrations"));
        }
        for name in names {
            for script in ["up.sql", "down.sql"] {
                let text = fs::read_to_string(root.join(database).join(&name).join(script));
                if text.is_ok_and(|text| !text.trim().is_empty()) {
                    continue;
                }
                found.push(format!("{database}/{name}/{script} is missing or empty"));
            }
        }
    }
    Ok(found)
}

/// The names in a folder. All count: a stray file is a fault too, for it has no scripts.
fn folders(parent: &Path) -> io::Result<BTreeSet<String>> {
    fs::read_dir(parent)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    assert_eq!(faults(&root).unwrap(), Vec::<String>::new());
}

#[test]
fn a_difference_is_found() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let read = || faults(root.path()).unwrap();
    fs::create_dir_all(root.path().join("sqlite")).unwrap();
    fs::create_dir_all(root.path().join("postgres")).unwrap();
    assert_eq!(read(), ["sqlite has no migrations", "postgres has no migrations"]);

    for database in ["sqlite", "postgres"] {
        write(&format!("{database}/0001_core/up.sql"), "CREATE TABLE a (b INTEGER);");
        write(&format!("{database}/0001_core/down.sql"), "DROP TABLE a;");
    }
    assert_eq!(read(), Vec::<String>::new());

    write("sqlite/0002_fees/up.sql", "CREATE TABLE c (d INTEGER);");
    write("sqlite/0002_fees/down.sql", " \n");
    write("postgres/0002_fee/up.sql", "CREATE TABLE c (d INTEGER);");
    assert_eq!(
        read(),
        [
            "postgres lacks 0002_fees",
            "sqlite lacks 0002_fee",
            "sqlite/0002_fees/down.sql is missing or empty",
            "postgres/0002_fee/down.sql is missing or empty",
        ]
    );
}
