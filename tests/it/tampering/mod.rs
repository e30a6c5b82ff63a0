//! The record against somebody with every right in the database, and none of the keys (reliability 3.4): each kind of tampering
//! at 100 random positions, found at its position, for its reason. What nobody can find is listed, and shown not to be found.

mod attempts;
mod clean;
mod copy;
mod files;
mod kinds;
mod receivers;
mod rights;
mod settings;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use gongkai::app::App;
use gongkai::app::checkpoints::When;
use gongkai::app::progress::silent;
use gongkai::app::verify::{Against, Ends};
use gongkai::audit::verify::{Finding, FindingKind, Report};
use gongkai::crypto::random;
use gongkai::domain::case::By;
use gongkai::domain::ids::AgencyId;
use tempfile::TempDir;

use crate::support::databases::{Backend, both_databases};
use crate::support::office::Office;
use crate::support::server::{Place, block_on};
use crate::support::story::CaseStory;
use copy::{Copy, disarm};
use kinds::KINDS;

/// Positions at which each kind is tried.
const POSITIONS: usize = 100;

/// What cannot be found by anybody who has the database and the newest checkpoint outside: that an end behind it was cut off. And what
/// a program that was taken over never wrote: of that there is no trace to look for.
const EXPECTED_UNDETECTED: [&str; 1] =
    ["the end cut off (or an older copy put back), ends and checkpoints too"];

/// Numbers at random, from a seed that is printed.
pub struct Dice(u64);

impl Dice {
    pub fn new(test: &str) -> Self {
        let seed = u64::from_le_bytes(random::bytes()) | 1;
        eprintln!("{test}: seed {seed}");
        Self(seed)
    }

    /// A number below another (xorshift64*).
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % bound
    }
}

/// An office whose server has stopped, with some cases, several checkpoints, and some events behind the last.
pub struct Scene {
    office: Office,
    pub app: App,
    pub agency: AgencyId,
    pub second: TempDir,
}

impl Scene {
    pub fn new(backend: Backend) -> Self {
        let mut office = Office::open(backend);
        CaseStory::archived(&office);
        CaseStory::in_review(&office);
        CaseStory::registered(&office);
        let _ = CaseStory::registered(&office).assign(crate::support::office::BUDGET);
        office.server.stop();
        let scene = Self::unsigned(office);
        for _ in 0..4 {
            scene.checkpoint();
            scene.happens(3);
        }
        scene
    }

    /// An office whose server has stopped, as it stands: without a checkpoint yet.
    fn unsigned(office: Office) -> Self {
        let (agency, second) = (office.agency.id, tempfile::tempdir().unwrap());
        let app = app(&office.server.place, second.path());
        Self { office, app, agency, second }
    }

    /// As many events, by writers at once.
    fn crowd(&self, numbers: std::ops::Range<usize>) {
        let writers = numbers.map(|n| {
            let name = format!("第{n}处");
            async move { self.app.create_department(By::Operator, self.agency, &name, None).await.map(|_| ()) }
        });
        for one in block_on(futures_util::future::join_all(writers)) {
            one.unwrap();
        }
    }

    pub fn place(&self) -> &Place {
        &self.office.server.place
    }

    pub fn happens(&self, count: usize) {
        happens(&self.app, self.agency, count);
    }

    pub fn checkpoint(&self) {
        checkpoint(&self.app, self.agency);
    }

    pub fn copy(&self) -> Copy {
        Copy::read(&self.app, self.agency.0)
    }

    /// Against the second place, and against its keys.
    pub fn verify(&self) -> Result<Report, Vec<Finding>> {
        let keys = std::fs::read_to_string(self.second.path().join(format!("{}.keys", self.agency))).unwrap();
        let keys = keys.lines().map(|line| line.parse().unwrap()).collect();
        let against =
            Against { ends: Ends::All, folder: Some(self.second.path().to_owned()), keys: Some(keys) };
        let row = block_on(self.app.store.agency_by_id(gongkai::store::Key(self.agency.0))).unwrap().unwrap();
        block_on(self.app.verify_agency(&row, against, &silent())).unwrap().outcome
    }
}

/// Some events of the agency itself.
pub fn happens(app: &App, agency: AgencyId, count: usize) {
    for _ in 0..count {
        let name = random::random_id().to_string();
        block_on(app.create_department(By::Operator, agency, &name, None)).unwrap();
    }
}

pub fn checkpoint(app: &App, agency: AgencyId) {
    assert!(block_on(app.make_checkpoints_of(agency, When::Now)).unwrap() > 0);
}

/// The program on this place, with a second place.
pub fn app(place: &Place, second: &Path) -> App {
    let mut app = Arc::into_inner(place.app()).unwrap();
    app.checkpoint_dir = Some(second.to_owned());
    app
}

both_databases! {
    fn every_kind_of_tampering_is_found(backend) {
        let mut dice = Dice::new("tampering");
        let scene = Scene::new(backend);
        let database = &scene.place().database;
        disarm(database);
        let good = scene.copy();
        let report = scene.verify().unwrap();
        assert_eq!(usize::try_from(report.events).unwrap(), good.rows.len());
        assert!(good.checkpoints.len() >= 4 && good.rows.iter().any(|row| row.case_id.is_some()));
        let mut undetected = BTreeSet::new();
        for kind in KINDS {
            let places: Vec<usize> =
                (0..good.rows.len()).filter(|at| !kind.of_case || good.rows[*at].case_id.is_some()).collect();
            for _ in 0..POSITIONS {
                let index = places[dice.below(places.len())];
                let mut changed = good.clone();
                let expected = (kind.change)(&mut changed, index);
                changed.write(database);
                let told = format!("{} at event {}", kind.name, index + 1);
                match (scene.verify(), expected) {
                    (Ok(_), None) => drop(undetected.insert(kind.name)),
                    (Err(findings), Some((seq, reason))) => {
                        let first = &findings[0];
                        assert_eq!((first.agency_seq, first.kind), (Some(seq), reason), "{told}: {findings:#?}");
                    }
                    (found, expected) => panic!("{told}: expected {expected:?}, found {found:#?}"),
                }
            }
        }
        assert!(undetected.iter().all(|name| EXPECTED_UNDETECTED.contains(name)), "{undetected:?}");
        // Put back as it was, it is sound again.
        good.write(database);
        scene.verify().unwrap();
    }

    /// Links are no secret, so a forged event can be linked behind the last checkpoint and the end moved there. Nothing is signed over
    /// it, work goes on, and what is written behind it does not make it good; nor does taking the seal away.
    fn nothing_is_signed_over_a_forged_event(backend) {
        let mut scene = Scene::new(backend);
        let database = &scene.office.server.place.database;
        disarm(database);
        let mut forged = scene.copy();
        let index = forged.rows.len() - 1;
        let appended = KINDS.iter().find(|kind| kind.name.ends_with("and the end moved")).unwrap();
        (appended.change)(&mut forged, index);
        forged.write(database);
        let refused = || {
            let told = block_on(scene.app.make_checkpoints_of(scene.agency, When::Now)).unwrap_err();
            assert!(told.to_string().contains("was not sealed by this program"), "{told}");
            let findings = scene.verify().unwrap_err();
            assert_eq!((findings.len(), findings[0].kind), (1, FindingKind::HeadForged), "{findings:?}");
        };
        refused();
        scene.happens(2);
        refused();
        database.execute("UPDATE chain_heads SET seal = NULL").unwrap();
        let again = app(&scene.office.server.place, scene.second.path());
        block_on(again.agency(scene.agency)).unwrap();
        scene.app = again;
        let told = block_on(scene.app.make_checkpoints_of(scene.agency, When::Now)).unwrap_err();
        assert!(told.to_string().contains("was not sealed by this program"), "{told}");
    }

    /// A database of the program before this version has no seals: they are made when it is opened.
    fn an_end_without_a_seal_of_before_is_sealed_once(backend) {
        let mut office = Office::open(backend);
        office.server.stop();
        office.server.place.database.execute("UPDATE chain_heads SET seal = NULL").unwrap();
        let scene = Scene::unsigned(office);
        scene.checkpoint();
        scene.verify().unwrap();
    }

    /// A queue row that says something else than the events is found by deriving it again.
    fn a_row_changed_beside_the_record_is_found(backend) {
        let mut dice = Dice::new("projection");
        let scene = Scene::new(backend);
        let database = &scene.place().database;
        let numbers = database.lines("SELECT number AS line FROM cases ORDER BY number");
        for _ in 0..POSITIONS {
            let number = &numbers[dice.below(numbers.len())];
            let change = ["received_on = '2001-01-01'", "number = 'x'", "due_sort = '2001-01-01'"]
                [dice.below(3)];
            let kept: Vec<String> = ["received_on", "number", "due_sort"]
                .iter()
                .map(|column| {
                    let of = format!("SELECT coalesce(CAST({column} AS TEXT), '') AS line FROM cases WHERE number = '{number}'");
                    format!("{column} = '{}'", database.lines(&of)[0])
                })
                .collect();
            let id = match backend {
                Backend::Sqlite => "hex(id)",
                Backend::Postgres => "id::text",
            };
            let id = database.lines(&format!("SELECT {id} AS line FROM cases WHERE number = '{number}'")).remove(0);
            database.execute(&format!("UPDATE cases SET {change} WHERE number = '{number}'")).unwrap();
            let rebuilt = block_on(scene.app.rebuild(true, &silent())).unwrap();
            let differs: Vec<String> =
                rebuilt.differences.iter().map(|it| format!("{it:?}").to_lowercase().replace('-', "")).collect();
            let id = id.to_lowercase().replace('-', "");
            assert!(differs.len() == 1 && differs[0].contains(&id), "{change}: {differs:?}");
            let back: Vec<String> = kept.into_iter().filter(|it| !it.ends_with("''")).collect();
            let here = if change.starts_with("number") { "x" } else { number };
            database.execute(&format!("UPDATE cases SET {} WHERE number = '{here}'", back.join(", "))).unwrap();
        }
        scene.verify().unwrap();
    }

    /// Words and salts that are gone, as after an erasure, are no alarm; and many writers make one chain without a gap.
    fn what_is_no_tampering_raises_no_alarm(backend) {
        let scene = Scene::new(backend);
        let before = scene.verify().unwrap().events;
        scene.place().database.execute("DELETE FROM case_texts").unwrap();
        scene.verify().unwrap();
        scene.crowd(0..100);
        assert_eq!(scene.verify().unwrap().events, before + 100);
        scene.checkpoint();
        assert_eq!(scene.verify().unwrap().events, before + 100);
    }

    /// A record that was long before its first checkpoint, as after a ledger or an upgrade: its key is an event at the end of it, and
    /// signs nothing below itself. So does a new key.
    fn a_long_record_that_is_signed_late_raises_no_alarm(backend) {
        let mut office = Office::open(backend);
        office.server.stop();
        let scene = Scene::unsigned(office);
        // No more at once than the database lets wait.
        scene.crowd(0..900);
        scene.crowd(900..1_001);
        scene.checkpoint();
        assert!(scene.verify().unwrap().events > 1_000);
        block_on(scene.app.change_signing_key(scene.agency)).unwrap();
        scene.happens(1);
        scene.checkpoint();
        scene.verify().unwrap();
    }
}
