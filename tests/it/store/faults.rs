//! All or nothing: whatever write of whatever operation fails, no row of any table is changed, and the same operation
//! works afterwards (T15). The fault is a trigger that refuses one kind of write on one table.

mod operations;
mod reorganisation;
mod settings;

use std::collections::BTreeSet;

use gongkai::domain::channel::Channel;
use gongkai::store::{KeepAnswer, Key, StoreError};

use super::desk::{Desk, Who, register, wait};
use crate::support::databases::{Backend, TestDatabase, both_databases};
use operations::{OPERATIONS, Task, keyed};
use reorganisation::REORGANISATION;
use settings::SETTINGS;

both_databases! {
    fn a_fault_at_any_write_leaves_nothing(backend) {
        let first = Desk::new(backend);
        log_writes(&first.database);
        for (name, prepare, writes) in OPERATIONS.iter().chain(SETTINGS).chain(REORGANISATION) {
            assert_eq!(written_by(&Desk::joined(&first), *prepare), *writes, "{name}");
            for write in *writes {
                let (verb, table) = write.split_once(' ').unwrap();
                // An agency of its own, so that the first of a year is the first of a year.
                let desk = Desk::joined(&first);
                let task = prepare(&desk);
                let before = desk.database.contents();
                plant(&desk.database, verb, table);
                let error = task().expect_err(write);
                let told = format!("{name}, {write} refused");
                assert!(error.to_string().contains("planted fault"), "{told}: {error}");
                assert_eq!(desk.database.contents(), before, "{told}: something was left behind");
                desk.verify();
                unplant(&desk.database, table);
                task().unwrap_or_else(|error| panic!("{told}, and then: {error}"));
                assert_ne!(desk.database.contents(), before);
                desk.verify();
            }
        }
    }

    fn a_panic_in_the_middle_leaves_nothing(backend) {
        let desk = Desk::new(backend);
        let before = desk.database.contents();
        let keep: KeepAnswer = Box::new(|_| panic!("planted"));
        let decided = keyed(desk.reception(Channel::Counter, "2026-03-02"));
        let error = wait(desk.store.commit(decided, Some(keep))).unwrap_err();
        assert!(error.to_string().contains("panicked"), "{error}");
        assert_eq!(desk.database.contents(), before);
        desk.registered("2026-03-02");
        desk.verify();
    }

    /// A ledger is all or nothing: its last row fails, and its first is not there.
    fn the_last_row_of_a_ledger_takes_the_first_with_it(backend) {
        let desk = Desk::new(backend);
        let before = desk.database.contents();
        let rows = ["台账-1", "台账-2", "台账-1"].map(|number| desk.imported(number, "2024-02-10", None));
        let refused = desk.import(rows.to_vec()).unwrap_err();
        assert!(matches!(refused, StoreError::Taken { constraint: "cases_number" }), "{refused:?}");
        assert_eq!(desk.database.contents(), before);
    }

    /// One that fails takes none of those with it that the store writes together with it.
    fn a_failure_takes_nobody_else_with_it(backend) {
        let desk = Desk::new(backend);
        let cases: Vec<_> = (0..24).map(|_| desk.receive(Channel::Counter, "2026-03-02")).collect();
        std::thread::scope(|scope| {
            for (n, case) in cases.iter().enumerate() {
                let desk = &desk;
                scope.spawn(move || {
                    let mut decided = desk.decided(case, Who::Clerk, register(), "2026-03-02");
                    if n % 3 == 0 {
                        // The id of its words is taken.
                        decided.texts[0].id = Key(case.case.description.id.0);
                    }
                    assert_eq!(desk.commit(decided).is_err(), n % 3 == 0);
                });
            }
        });
        let numbers: BTreeSet<_> =
            cases.iter().filter_map(|case| desk.read(case.case.id).unwrap().0.number).collect();
        let expected: BTreeSet<_> = (1..=16).map(|seq| format!("淮公申〔2026〕{seq}号")).collect();
        assert_eq!(numbers, expected, "a failed registration left a gap");
        desk.verify();
    }
}

// --- faults ------------------------------------------------------------------------------------------------------

fn plant(database: &TestDatabase, verb: &str, table: &str) {
    let statement = match database.backend {
        Backend::Sqlite => format!(
            "CREATE TRIGGER planted BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'planted fault'); END"
        ),
        Backend::Postgres => format!(
            "CREATE OR REPLACE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'planted fault'; END $$; \
             CREATE TRIGGER planted BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION planted()"
        ),
    };
    database.execute(&statement).unwrap();
}

fn unplant(database: &TestDatabase, table: &str) {
    let on = if database.backend == Backend::Postgres { format!(" ON {table}") } else { String::new() };
    database.execute(&format!("DROP TRIGGER planted{on}")).unwrap();
}

/// From now on every write is told in a table of its own.
fn log_writes(database: &TestDatabase) {
    let tables = database.tables();
    database.execute("CREATE TABLE told (line TEXT NOT NULL)").unwrap();
    for table in tables {
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            let told = format!("INSERT INTO told VALUES ('{verb} {table}')");
            let name = format!("tell_{verb}_{table}");
            let statement = match database.backend {
                Backend::Sqlite => format!("CREATE TRIGGER {name} AFTER {verb} ON {table} BEGIN {told}; END"),
                Backend::Postgres => format!(
                    "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS \
                     $$ BEGIN {told}; RETURN NULL; END $$; \
                     CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
                ),
            };
            database.execute(&statement).unwrap();
        }
    }
}

/// The writes of an operation, in the order of the alphabet.
fn written_by(desk: &Desk, prepare: fn(&Desk) -> Task<'_>) -> Vec<String> {
    let task = prepare(desk);
    desk.database.execute("DELETE FROM told").unwrap();
    task().unwrap();
    let told: BTreeSet<_> = desk.database.lines("SELECT line FROM told").into_iter().collect();
    told.into_iter().collect()
}
