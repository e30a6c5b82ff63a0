//! The schema: made by the migrations, undone by them, the same on both databases, the one that the program knows
//! (reliability T62). And the record is append only, whoever writes.

mod structure;

use std::collections::BTreeMap;
use std::sync::Barrier;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use gongkai::app::review_settings::SETTINGS;
use gongkai::domain::access::AccessKind;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::archive::Retention;
use gongkai::domain::case::publication_record::PublicationState;
use gongkai::domain::case::{Stage, Status};
use gongkai::domain::channel::Channel;
use gongkai::domain::digest::DigestKind;
use gongkai::domain::notice::NoticeStep;
use gongkai::domain::remedy::{RemedyKind, RemedyResult};
use gongkai::domain::reorganisation::ReorganisationKind;
use gongkai::domain::role::Role;
use gongkai::domain::time_limit::{ClockState, ObligationKind};
use gongkai::store::{DatabaseUrl, StoreError, migrate};

use crate::support::databases::{Backend, TestDatabase, both_databases};

/// Undoes every migration, as an administrator would before going back to an older program.
fn undo_all(database: &TestDatabase) {
    let root = env!("CARGO_MANIFEST_DIR");
    match database.url() {
        DatabaseUrl::Sqlite(path) => {
            let scripts = FileBasedMigrations::from_path(format!("{root}/migrations/sqlite")).unwrap();
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).unwrap();
            conn.revert_all_migrations(scripts).unwrap();
        }
        DatabaseUrl::Postgres(url) => {
            let scripts = FileBasedMigrations::from_path(format!("{root}/migrations/postgres")).unwrap();
            let mut conn = PgConnection::establish(url).unwrap();
            conn.revert_all_migrations(scripts).unwrap();
        }
    }
}

/// Runs or undoes migrations one by one: `up` of them, or as many down.
fn step(database: &TestDatabase, up: bool) {
    fn walk<DB: diesel::backend::Backend>(
        conn: &mut impl MigrationHarness<DB>,
        scripts: FileBasedMigrations,
        up: bool,
    ) {
        if up {
            drop(conn.run_next_migration(scripts).unwrap());
        } else {
            drop(conn.revert_last_migration(scripts).unwrap());
        }
    }
    let root = env!("CARGO_MANIFEST_DIR");
    match database.url() {
        DatabaseUrl::Sqlite(path) => {
            let scripts = FileBasedMigrations::from_path(format!("{root}/migrations/sqlite")).unwrap();
            walk(&mut SqliteConnection::establish(&path.to_string_lossy()).unwrap(), scripts, up);
        }
        DatabaseUrl::Postgres(url) => {
            let scripts = FileBasedMigrations::from_path(format!("{root}/migrations/postgres")).unwrap();
            walk(&mut PgConnection::establish(url).unwrap(), scripts, up);
        }
    }
}

/// A database migrated by the program's own command.
fn migrated(backend: Backend) -> TestDatabase {
    let database = TestDatabase::empty(backend);
    let run = migrate(database.url()).unwrap();
    let folder = format!("{}/migrations/sqlite", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(run.len(), std::fs::read_dir(folder).unwrap().count(), "{run:?}");
    database
}

both_databases! {
    fn up_and_down_and_up_leaves_the_schema_of_up_alone(backend) {
        let database = migrated(backend);
        let up = structure::dump(&database);
        assert!(up.iter().any(|line| line.contains("events_no_update")), "the dump shows triggers");
        undo_all(&database);
        assert_eq!(structure::dump(&database), [""; 0], "down leaves nothing behind");
        migrate(database.url()).unwrap();
        assert_eq!(structure::dump(&database), up);
    }

    /// An office that worked before there was a clock keeps its limits, upwards and down again.
    fn limits_from_before_the_clock_are_kept(backend) {
        let database = TestDatabase::empty(backend);
        step(&database, true);
        database.execute(&structure::old_cases(backend)).unwrap();
        let limits = "SELECT number || ' ' || coalesce(CAST(due_on AS TEXT), '-') || ' ' || CAST(due_sort AS TEXT) \
                      AS line FROM cases ORDER BY number";
        let before = database.lines(limits);
        assert_eq!(before.len(), 3);
        step(&database, true);
        assert_eq!(database.lines(limits), before);
        let clocks = "SELECT number || ' ' || clock || ' ' || clock_state || ' ' || coalesce(CAST(inbox_on AS TEXT), '-') \
                      AS line FROM cases ORDER BY number";
        assert_eq!(database.lines(clocks), ["1 [] running 2026-03-02", "2 [] stopped -", "3 [] not_started 2026-03-02"]);
        let owed = "SELECT kind || ' ' || CAST(n AS TEXT) || ' ' || CAST(due_on AS TEXT) AS line FROM case_obligations";
        assert_eq!(database.lines(owed), ["reply 1 2026-03-30"]);
        step(&database, false);
        assert_eq!(database.lines(limits), before);
    }

    fn migrating_again_does_nothing(backend) {
        let database = migrated(backend);
        database.execute("INSERT INTO meta (key, value) VALUES ('kept', 'yes')").unwrap();
        let (schema, contents) = (structure::dump(&database), database.contents());
        assert_eq!(migrate(database.url()).unwrap(), Vec::<String>::new());
        assert_eq!((structure::dump(&database), database.contents()), (schema, contents));
    }

    fn a_database_of_a_later_program_is_refused_and_left_alone(backend) {
        let database = migrated(backend);
        database
            .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
            .unwrap();
        let before = structure::dump(&database);
        let refused = migrate(database.url()).unwrap_err();
        assert!(matches!(&refused, StoreError::NewerSchema(version) if version == "9999"), "{refused:?}");
        assert!(refused.to_string().contains("use the newer program"), "{refused}");
        assert_eq!(structure::dump(&database), before);
    }

    /// Several instances start at once: one migrates, the others wait and find it done.
    fn programs_that_start_together_migrate_once(backend) {
        const PROGRAMS: usize = 6;
        let database = TestDatabase::empty(backend);
        let together = Barrier::new(PROGRAMS);
        let start = || {
            together.wait();
            migrate(database.url())
        };
        let runs: Vec<_> = std::thread::scope(|scope| {
            let programs: Vec<_> = (0..PROGRAMS).map(|_| scope.spawn(start)).collect();
            programs.into_iter().map(|program| program.join().unwrap()).collect()
        });
        let ran: Vec<_> = runs.into_iter().map(|run| run.unwrap().len()).filter(|run| *run > 0).collect();
        assert_eq!(ran.len(), 1, "migrations were run by more than one");
        assert_eq!(structure::dump(&database), structure::dump(&migrated(backend)));
    }

    /// What store/schema.rs says is what is there: tables, columns in their order, types, nullability, keys.
    fn the_program_knows_the_schema_as_it_is(backend) {
        let database = migrated(backend);
        let known = structure::known();
        assert_eq!(known.keys().cloned().collect::<Vec<_>>(), database.tables());
        for (table, known) in known {
            assert_eq!(structure::table(&database, &table), known.on(backend), "{table}");
        }
    }

    fn the_record_is_append_only(backend) {
        let database = migrated(backend);
        database.execute(&structure::sample_rows(backend)).unwrap();
        let before = database.contents();
        let mut refused = vec![
            ("UPDATE events SET record = '{}'", "append only"),
            ("UPDATE events SET agency_seq = 7", "append only"),
            ("DELETE FROM events", "append only"),
            ("UPDATE case_texts SET kind = 'note'", "only"),
            ("UPDATE applicants SET salt = name", "only"),
            ("UPDATE calendar_versions SET rows = '[]'", "append only"),
            ("DELETE FROM calendar_versions", "append only"),
        ];
        if backend == Backend::Postgres {
            refused.extend([
                ("TRUNCATE events", "append only"),
                ("TRUNCATE agencies CASCADE", "append only"),
                ("TRUNCATE calendar_versions", "append only"),
            ]);
        }
        for (statement, reason) in refused {
            let error = database.execute(statement).unwrap_err();
            assert!(error.contains(reason), "{statement}: {error}");
        }
        assert_eq!(database.contents(), before);
        // Erasure takes the words and the applicant's record, and leaves the event that commits to them.
        database.execute("DELETE FROM case_texts").unwrap();
        database.execute("DELETE FROM applicants").unwrap();
        assert_eq!(database.rows_of("events").len(), 1);
    }

    /// The lists of words in the CHECKs are those of the domain: a new role or status needs a migration.
    fn the_words_that_a_column_takes_are_those_of_the_domain(backend) {
        fn words<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|one| code(*one)).collect()
        }
        // A remedy is the applicant's own affair: it is explained, and nobody's task.
        let owed: Vec<_> =
            ObligationKind::ALL.iter().copied().filter(|kind| !kind.is_the_applicants_remedy()).collect();
        let expected: BTreeMap<&str, Vec<&str>> = BTreeMap::from([
            ("agency_settings.name", SETTINGS.to_vec()),
            ("role_grants.role", words(Role::ALL, Role::code)),
            ("cases.stage", words(Stage::ALL, Stage::code)),
            ("cases.status", words(Status::ALL, Status::code)),
            ("cases.channel", words(Channel::ALL, Channel::code)),
            ("cases.applicant_kind", words(ApplicantKind::ALL, ApplicantKind::code)),
            ("cases.retention", words(Retention::ALL, Retention::code)),
            ("archive_shelves.ordinary", words(Retention::ALL, Retention::code)),
            ("archive_shelves.contested", words(Retention::ALL, Retention::code)),
            ("cases.clock_state", words(ClockState::ALL, ClockState::code)),
            ("case_departments.kind", vec!["lead", "co_handling"]),
            ("case_obligations.kind", words(&owed, ObligationKind::code)),
            ("case_remedies.kind", words(RemedyKind::ALL, RemedyKind::code)),
            ("case_remedies.result", words(RemedyResult::ALL, RemedyResult::code)),
            ("supervision_steps.kind", words(NoticeStep::ALL, NoticeStep::code)),
            ("reorganisations.kind", words(ReorganisationKind::ALL, ReorganisationKind::code)),
            ("case_publications.state", words(PublicationState::ALL, PublicationState::code)),
            ("case_publications.place_kind", vec!["website", "gazette"]),
            ("accesses.kind", words(AccessKind::ALL, AccessKind::code)),
            (
                "attempts.kind",
                vec![
                    "denied",
                    "signed_in",
                    "sign_in_refused",
                    "locked_out",
                    "refresh_reused",
                    "refresh_refused",
                    "portal_refused",
                ],
            ),
            ("digests.kind", words(DigestKind::ALL, DigestKind::code)),
            ("attachment_uploads.state", vec!["open", "attached", "refused"]),
            ("sessions.way", vec!["password", "provider", "provider_mfa"]),
            ("attachment_contents.scan", vec!["none", "clean", "infected"]),
        ]);
        assert_eq!(structure::words(&migrated(backend)), structure::owned(&expected));
    }
}

/// Tables and columns are equal since each equals what the program knows; this is the rest: keys, uniqueness, indexes
/// by name, references.
#[test]
fn both_databases_have_the_same_structure() {
    let (sqlite, postgres) = (migrated(Backend::Sqlite), migrated(Backend::Postgres));
    let (ours, theirs) = (structure::indexes(&sqlite), structure::indexes(&postgres));
    assert!(ours.len() > 30 && ours.iter().any(|line| line.contains("cases_due")), "{ours:#?}");
    assert_eq!(ours, theirs);
    let (ours, theirs) = (structure::references(&sqlite), structure::references(&postgres));
    assert!(ours.iter().any(|line| line == "accounts(person_id) -> persons"), "{ours:#?}");
    assert_eq!(ours, theirs);
    let (ours, theirs) = (structure::guards(&sqlite), structure::guards(&postgres));
    assert!(ours.contains(&"events_no_delete".to_owned()));
    // SQLite has no TRUNCATE.
    let theirs: Vec<_> = theirs.into_iter().filter(|name| !name.ends_with("_no_truncate")).collect();
    assert_eq!(ours, theirs);
}
