//! The chains of attempts against somebody with every right in the database: what a checkpoint has seen of them is found, at its place,
//! when it is gone or another. What no checkpoint has seen yet can be cut off.

use std::fmt::Write as _;

use gongkai::app::attempts::NOBODY;
use gongkai::app::progress::silent;
use gongkai::app::verify::{Against, Ends};
use gongkai::audit::attempts::{Attempt, read, seal};
use gongkai::audit::chain::{ChainId, Head, Suite};
use gongkai::audit::checkpoint::SignedCheckpoint;
use gongkai::clock::Clock;
use gongkai::crypto::hex;
use gongkai::store::{At, AttemptRow, Key};
use uuid::Uuid;

use super::{Dice, Scene};
use crate::support::databases::{Backend, TestDatabase, both_databases};
use crate::support::office::Office;
use crate::support::server::block_on;

/// Positions at which each kind is tried.
const POSITIONS: usize = 15;

fn attempt(n: u64) -> Attempt {
    let at = Clock::System.now();
    Attempt {
        kind: "denied".to_owned(),
        account: None,
        name_hash: None,
        address_hash: None,
        operation: "GET /api/v1/cases".to_owned(),
        status: 403,
        count: n,
        first_at: at,
        last_at: at,
    }
}

/// Some attempts at the end of a chain.
fn happen(scene: &Scene, agency: Uuid, count: u64) {
    let new = (1..=count).map(attempt).collect();
    block_on(scene.app.store.attempts_append(Key(agency), At(Clock::System.now()), new)).unwrap();
}

fn rows(scene: &Scene, agency: Uuid) -> Vec<AttemptRow> {
    block_on(scene.app.store.attempts_after(Key(agency), 0, i64::MAX)).unwrap()
}

/// Links from this index on that fit what is written.
fn reseal(agency: Uuid, rows: &mut [AttemptRow], from: usize) {
    let mut head = match from.checked_sub(1) {
        Some(before) => {
            let row = &rows[before];
            Head { seq: row.seq.unsigned_abs(), link: row.link.as_slice().try_into().unwrap() }
        }
        None => Head::start(Suite::CURRENT, &ChainId::Attempts(agency)),
    };
    for row in &mut rows[from..] {
        let sealed = seal(agency, &mut head, row.recorded_at.0, read(&row.record).unwrap()).unwrap();
        (row.record, row.link) = (sealed.record, sealed.link.as_bytes().to_vec());
    }
}

/// Writes the chain of an agency in the place of what is there, and its end.
fn write(database: &TestDatabase, agency: Uuid, rows: &[AttemptRow]) {
    let sqlite = database.backend == Backend::Sqlite;
    let bytes = |bytes: &[u8]| {
        let digits = hex::encode(bytes);
        if sqlite { format!("X'{digits}'") } else { format!("'\\x{digits}'::bytea") }
    };
    let id = |id: Uuid| if sqlite { bytes(id.as_bytes()) } else { format!("'{id}'") };
    let of = id(agency);
    let mut sql = format!(
        "BEGIN; DELETE FROM attempts WHERE agency_id = {of}; DELETE FROM attempt_heads WHERE agency_id = {of};"
    );
    for row in rows {
        let at = row.recorded_at.0;
        let at = if sqlite { at.timestamp_micros().to_string() } else { format!("'{}'", at.to_rfc3339()) };
        let account = row.account_id.map_or_else(|| "NULL".to_owned(), |account| id(account.0));
        let (seq, kind, suite, record) = (row.seq, &row.kind, row.suite, &row.record);
        let _ = write!(
            sql,
            "INSERT INTO attempts VALUES ({of}, {seq}, '{kind}', {at}, {account}, {suite}, '{record}', {});",
            bytes(&row.link)
        );
    }
    if let Some(last) = rows.last() {
        let _ = write!(sql, "INSERT INTO attempt_heads VALUES ({of}, {}, {});", last.seq, bytes(&last.link));
    }
    sql.push_str("COMMIT;");
    database.execute(&sql).unwrap();
}

/// What verification says first of attempts; `None` when all is sound.
fn told(scene: &Scene) -> Option<String> {
    let against = Against { ends: Ends::All, folder: Some(scene.second.path().to_owned()), keys: None };
    let verified = block_on(scene.app.verify_all(against, &silent())).unwrap();
    let mut found = verified.into_iter().filter_map(|one| one.outcome.err()).flatten();
    found.next().map(|finding| finding.message)
}

type Kind = (&'static str, fn(Uuid, &mut Vec<AttemptRow>, usize), fn(u64, u64) -> u64, &'static str);

/// What is done from an index on; where it is found, by the place of that index and that of the first checkpoint from there on; in
/// which words.
const KINDS: &[Kind] = &[
    ("the end cut off", |_, rows, at| rows.truncate(at), |at, _| at, "the end was cut off"),
    (
        "written anew from there on, with links that fit",
        |agency, rows, at| {
            rows[at].record = rows[at].record.replace("\"status\":403", "\"status\":200");
            reseal(agency, rows, at);
        },
        |_, seen| seen,
        "it, or one before it, was written anew",
    ),
    ("all of it deleted", |_, rows, _| rows.clear(), |_, _| 1, "the end was cut off"),
    (
        "one changed",
        |_, rows, at| rows[at].record = rows[at].record.replace("\"status\":403", "\"status\":200"),
        |at, _| at,
        "its link does not follow",
    ),
];

both_databases! {
    fn attempts_that_a_checkpoint_has_seen_stay(backend) {
        let mut dice = Dice::new("attempts");
        let mut office = Office::open(backend);
        office.server.stop();
        let scene = Scene::unsigned(office);
        for _ in 0..3 {
            for agency in [scene.agency.0, NOBODY] {
                happen(&scene, agency, 3);
            }
            scene.happens(1);
            scene.checkpoint();
        }
        // Behind the last checkpoint.
        for agency in [scene.agency.0, NOBODY] {
            happen(&scene, agency, 2);
        }
        assert_eq!(told(&scene), None);
        let database = &scene.place().database;
        for verb in ["update", "delete"] {
            let on = if backend == Backend::Sqlite { "" } else { " ON attempts" };
            database.execute(&format!("DROP TRIGGER attempts_no_{verb}{on}")).unwrap();
        }
        let notes: Vec<SignedCheckpoint> = scene.copy().checkpoints.iter().map(|row| row.note.parse().unwrap()).collect();
        for agency in [scene.agency.0, NOBODY] {
            let heads = notes.iter().map(|note| note.checkpoint.attempts.unwrap());
            let seen: Vec<u64> =
                heads.map(|heads| if agency == NOBODY { heads.nobody.seq } else { heads.own.seq }).collect();
            let good = rows(&scene, agency);
            assert_eq!(u64::try_from(good.len()).unwrap(), seen.last().unwrap() + 2);
            for (name, change, place, words) in KINDS {
                for _ in 0..POSITIONS {
                    let index = dice.below(good.len() - 2);
                    let at = good[index].seq.unsigned_abs();
                    let next = *seen.iter().find(|seen| **seen >= at).unwrap();
                    let mut changed = good.clone();
                    change(agency, &mut changed, index);
                    write(database, agency, &changed);
                    let found = told(&scene).unwrap_or_else(|| panic!("{name} at {at}: nothing"));
                    let expected = format!("attempt {} of agency {agency}: ", place(at, next));
                    assert!(found.starts_with(&expected) && found.contains(words), "{name} at {at}: {found}");
                }
            }
            // What no checkpoint has seen is not missed.
            write(database, agency, &good[..good.len() - 2]);
            assert_eq!(told(&scene), None);
            write(database, agency, &good);
        }
        assert_eq!(told(&scene), None);
    }
}
