//! What can be wrong when a command starts, each told in one sentence; and what a first start makes.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::{Ran, gongkai, office, ran};
use crate::support::databases::{Backend, TestDatabase};
use crate::support::server::{GONGKAI, Place, Server};

/// `gongkai` in a folder, with these settings and no others.
fn at(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = Command::new(GONGKAI);
    command.env_clear().current_dir(folder).args(arguments).envs(settings.iter().copied());
    ran(command, "")
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_first_command_makes_everything_private_and_a_second_nothing() {
    let folder = folder();
    let first = at(folder.path(), &[], &["migrate", "--json"]).json();
    assert!(!first["applied"].as_array().unwrap().is_empty());
    assert_eq!(names(folder.path()), ["gongkai-data", "gongkai.db"]);
    #[cfg(unix)]
    for (path, mode) in [("gongkai.db", 0o600), ("gongkai-data", 0o700), ("gongkai-data/master.key", 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        let found = fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{path}");
    }
    let key = fs::read(folder.path().join("gongkai-data/master.key")).unwrap();
    assert_eq!(at(folder.path(), &[], &["migrate", "--json"]).json()["applied"], serde_json::json!([]));
    assert_eq!(fs::read(folder.path().join("gongkai-data/master.key")).unwrap(), key);
}

#[test]
fn commands_that_start_at_once_on_nothing_make_one_database_and_one_key() {
    let folder = folder();
    let create = |n: usize| {
        let code = format!("A{n}");
        at(folder.path(), &[], &["agency", "create", "--code", &code, "--name", "某市"]).succeeded()
    };
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..6).map(|n| scope.spawn(move || create(n))).collect();
        for one in started {
            one.join().unwrap();
        }
    });
}

#[test]
fn every_mistake_in_the_settings_is_told_and_nothing_is_made() {
    let folder = folder();
    fs::write(folder.path().join("gongkai.toml"), "listne = 1\n").unwrap();
    let settings = [("GONGKAI_DATABASE_URL", "gongkai.db"), ("GONGKAI_WORKERS", "many")];
    let sentence = at(folder.path(), &settings, &["migrate"]).failed();
    assert_eq!(sentence.lines().count(), 3, "{sentence}");
    for word in ["`listne` is no setting", "GONGKAI_DATABASE_URL: ", "GONGKAI_WORKERS: `many`"] {
        assert!(sentence.contains(word), "{sentence}");
    }
    assert_eq!(names(folder.path()), ["gongkai.toml"]);
}

#[test]
fn check_config_shows_every_setting_and_no_password() {
    let folder = folder();
    let settings = [
        ("GONGKAI_DATABASE_URL", "postgres://office:sesame@db.internal/gongkai"),
        ("GONGKAI_MASTER_KEY_FILE", "master.key"),
    ];
    let shown = at(folder.path(), &settings, &["check-config"]).succeeded();
    assert!(shown.contains("GONGKAI_DATABASE_URL=postgres://office:***@db.internal/gongkai  # environment"));
    let json = at(folder.path(), &settings, &["check-config", "--json"]).json();
    assert_eq!(json["settings"].as_array().unwrap().len(), shown.lines().count());
    assert!(!shown.contains("sesame") && !json.to_string().contains("sesame"));
    assert_eq!(names(folder.path()), Vec::<String>::new());

    fs::write(folder.path().join("master.key"), "0".repeat(64)).unwrap();
    assert!(at(folder.path(), &settings, &["check-config"]).failed().contains("master.key"));
}

#[test]
fn a_database_that_cannot_be_is_one_sentence() {
    let folder = folder();
    fs::write(folder.path().join("file"), "").unwrap();
    for (url, word) in [
        ("sqlite://none/g.db", "make the folder first"),
        ("sqlite://file/g.db", "make the folder first"),
        ("sqlite://.", "cannot be opened"),
        ("postgres://office:sesame@127.0.0.1:1/gongkai", "PostgreSQL cannot be reached"),
    ] {
        let settings = [("GONGKAI_DATABASE_URL", url), ("GONGKAI_MASTER_KEY_FILE", "k")];
        let sentence = at(folder.path(), &settings, &["migrate"]).failed();
        assert!(sentence.contains(word) && sentence.lines().count() == 1, "{url}: {sentence}");
        assert!(!sentence.contains("sesame"));
    }
    let sentence = at(folder.path(), &[("GONGKAI_DATA_DIR", "file/data")], &["migrate"]).failed();
    assert!(sentence.contains("master.key cannot be"), "{sentence}");
}

#[test]
fn the_master_key_is_the_one_the_data_are_under() {
    let place = office(Place::new(Backend::Sqlite));
    let key = place.master_key_file();
    let kept = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    assert!(gongkai(&place, &["migrate"]).failed().contains("under a key made earlier"));
    assert!(!key.exists(), "no new key was made");

    gongkai::crypto::master_key::MasterKey::create(&key).unwrap();
    assert!(gongkai(&place, &["migrate"]).failed().contains("under another master key"));
    fs::write(&key, kept).unwrap();
    gongkai(&place, &["migrate"]).succeeded();
}

#[test]
fn an_empty_postgresql_database_is_made_ready_under_a_given_key_only() {
    let database = TestDatabase::empty(Backend::Postgres);
    let folder = folder();
    let url = database.url_text();
    let settings = [("GONGKAI_DATABASE_URL", url.as_str()), ("GONGKAI_MASTER_KEY_FILE", "k")];
    let create = ["agency", "create", "--code", "A", "--name", "某市"];
    assert!(at(folder.path(), &settings, &create).failed().contains("openssl rand -hex 32"));
    assert_eq!(names(folder.path()), Vec::<String>::new(), "no key was made");

    gongkai::crypto::master_key::MasterKey::create(&folder.path().join("k")).unwrap();
    at(folder.path(), &settings, &create).succeeded();
    assert!(database.rows_of("agencies").len() == 1);
}

#[test]
fn bulk_commands_wait_for_the_server_to_stop_and_short_ones_do_not() {
    let mut server = Server::start(office(Place::new(Backend::Sqlite)));
    fs::write(server.place.folder().join("l.csv"), "x").unwrap();
    for bulk in [vec!["rebuild"], vec!["import-ledger", "l.csv", "--agency", "A"], vec!["serve"]] {
        let sentence = gongkai(&server.place, &bulk).failed();
        assert!(sentence.starts_with("another gongkai process uses "), "{sentence}");
    }
    gongkai(&server.place, &["agency", "create", "--code", "B", "--name", "某区"]).succeeded();
    gongkai(&server.place, &["annual-report", "--agency", "A", "--year", "2025"]).succeeded();
    assert!(server.stop().success());
    gongkai(&server.place, &["rebuild"]).succeeded();
}
