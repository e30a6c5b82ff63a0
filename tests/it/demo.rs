//! `gongkai demo`: a sample office at work, made once, served again and again, and never made among real data.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use chrono::Datelike as _;
use gongkai::app::progress::silent;
use gongkai::app::set_up::NewAgency;
use gongkai::app::verify::Ends;
use gongkai::clock::Clock;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::{By, Stage, Status};
use gongkai::domain::channel::Channel;
use gongkai::domain::role::Role;
use gongkai::domain::time_limit::Light;
use serde_json::{Value, json};

use crate::support::client::{Client, Credentials};
use crate::support::databases::{Backend, both_databases};
use crate::support::server::{GONGKAI, Place, block_on};

/// How long a debug build may take for a whole year on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(4);
/// What everybody chooses after the one-time password.
const OWN_PASSWORD: &str = "Wu-Xing-Hong-Qi-1949";
/// The roles that see cases.
const SEE_CASES: &[Role] = &[
    Role::Clerk,
    Role::Handler,
    Role::LegalReviewer,
    Role::SecrecyReviewer,
    Role::Approver,
    Role::Archivist,
];

/// `gongkai demo` as a process.
struct Demo<'a> {
    place: &'a Place,
    process: Child,
}

impl<'a> Demo<'a> {
    /// Starts it, on the place's database or on its own file.
    fn spawn(place: &'a Place, database: Option<&str>, arguments: &[&str]) -> Self {
        let mut command = command(place, database, arguments);
        command.stdout(File::create(printed_file(place, "stdout")).unwrap());
        command.stderr(File::create(printed_file(place, "stderr")).unwrap());
        Self { place, process: command.spawn().unwrap() }
    }

    /// The same, waiting until it listens.
    fn start(place: &'a Place, database: Option<&str>, arguments: &[&str]) -> Self {
        let mut demo = Self::spawn(place, database, arguments);
        demo.wait_for("Gongkai listens on http://");
        demo
    }

    /// Waits until it has said something on standard error, to the end of the line: a line is written in several pieces.
    fn wait_for(&mut self, words: &str) {
        let started = Instant::now();
        let whole = |said: &str| said.split_once(words).is_some_and(|(_, rest)| rest.contains('\n'));
        while !whole(&self.said()) {
            let ended = self.process.try_wait().unwrap();
            let patient = ended.is_none() && started.elapsed() < PATIENCE;
            assert!(patient, "the demo does not say {words} ({ended:?}):\n{}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it has said on standard error.
    fn said(&self) -> String {
        fs::read_to_string(printed_file(self.place, "stderr")).unwrap()
    }

    /// What it has printed on standard output.
    fn printed(&self) -> String {
        fs::read_to_string(printed_file(self.place, "stdout")).unwrap()
    }

    /// The accounts that it printed with `--json`: username, role, one-time password.
    fn accounts(&self) -> Vec<(String, Role, Option<String>)> {
        let printed: Value = serde_json::from_str(&self.printed()).unwrap();
        assert_eq!(printed["agency"]["name"], "示例市人民政府");
        let account = |account: &Value| {
            let role = Role::parse(account["role"].as_str().unwrap()).unwrap();
            let password = account["one_time_password"].as_str().map(ToOwned::to_owned);
            (account["username"].as_str().unwrap().to_owned(), role, password)
        };
        printed["accounts"].as_array().unwrap().iter().map(account).collect()
    }

    fn client(&self) -> Client {
        let said = self.said();
        let (_, rest) = said.split_once("Gongkai listens on http://").unwrap();
        let address: SocketAddr = rest.split_once(' ').unwrap().0.parse().unwrap();
        Client::anonymous(address.into())
    }

    /// Asks it to stop and waits until it has.
    fn stop(mut self) {
        let kill = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.process.id())).status();
        assert!(kill.unwrap().success());
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Demo<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn printed_file(place: &Place, stream: &str) -> PathBuf {
    place.folder().join(format!("demo-{stream}.log"))
}

fn command(place: &Place, database: Option<&str>, arguments: &[&str]) -> Command {
    let mut command = place.command(GONGKAI);
    match database {
        Some(url) => command.env("GONGKAI_DATABASE_URL", url),
        None => command.env_remove("GONGKAI_DATABASE_URL"),
    };
    command.arg("demo").args(arguments);
    command
}

/// Runs a command that must fail; what it says.
fn refused(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    String::from_utf8(stderr).unwrap()
}

/// Signs in with a one-time password and changes it, which must come first.
fn signed_in(nobody: &Client, username: &str, password: &str) -> Client {
    let first = nobody.signed_in(&Credentials::new(username, password));
    let refused = first.get("/agencies").must(403);
    assert_eq!(refused.code(), "password_change_required", "{username}");
    let change = json!({ "current_password": password, "new_password": OWN_PASSWORD });
    first.put("/me/password", &change).must(204);
    nobody.signed_in(&Credentials::new(username, OWN_PASSWORD))
}

/// Every case that somebody sees.
fn all_cases(client: &Client) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/cases?limit=40{cursor}")).must(200);
        all.extend(page.at("/items").as_array().unwrap().iter().cloned());
        match page.at("/next_cursor").as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[track_caller]
fn values(cases: &[Value], key: &str) -> BTreeSet<String> {
    cases.iter().filter_map(|case| case[key].as_str().map(ToOwned::to_owned)).collect()
}

fn codes<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> BTreeSet<String> {
    all.iter().map(|value| code(*value).to_owned()).collect()
}

/// Everybody signs in; the clerk sees a year of cases in every stage, status and light.
fn look_around(demo: &Demo<'_>) {
    let accounts = demo.accounts();
    let roles: BTreeSet<Role> = accounts.iter().map(|(_, role, _)| *role).collect();
    // A portal signs in by itself, with a secret.
    let people: BTreeSet<Role> = Role::ALL.iter().copied().filter(|role| *role != Role::Portal).collect();
    assert_eq!(roles, people, "a role has no account");
    let nobody = demo.client();
    for (username, role, password) in &accounts {
        let client = signed_in(&nobody, username, password.as_ref().unwrap());
        let seen = client.get("/cases?limit=5");
        if !SEE_CASES.contains(role) {
            assert_eq!(seen.must(403).code(), "forbidden", "{username}");
            client.get("/agencies").must(200);
            continue;
        }
        assert_eq!(seen.must(200).at("/items").as_array().unwrap().len(), 5, "{username}");
        if *role == Role::Clerk {
            let cases = all_cases(&client);
            assert!(cases.len() >= 150, "{}", cases.len());
            assert_eq!(values(&cases, "stage"), codes(Stage::ALL, Stage::code));
            assert_eq!(values(&cases, "status"), codes(Status::ALL, Status::code));
            assert_eq!(values(&cases, "light"), codes(Light::ALL, Light::code));
            assert_eq!(values(&cases, "channel"), codes(Channel::ALL, Channel::code));
            assert_eq!(values(&cases, "applicant_kind"), codes(ApplicantKind::ALL, ApplicantKind::code));
            assert!(values(&cases, "outcome").len() >= 15);
            assert!(cases.iter().any(|case| case["light"].is_null()));
        }
    }
}

/// The record verifies, no queue row differs from it, and the figures of last year and this add up.
fn add_up(place: &Place) {
    let app = place.app();
    for verified in block_on(app.verify_all(Ends::All, &silent())).unwrap() {
        let report = verified.outcome.unwrap();
        assert!(report.events > 1500 && report.cases > 150 && report.warnings.is_empty());
    }
    let rebuilt = block_on(app.rebuild(true, &silent())).unwrap();
    assert!(rebuilt.is_sound() && rebuilt.differences.is_empty());
    let this_year = Clock::System.today(chrono_tz::Asia::Shanghai).year();
    for year in [this_year - 1, this_year] {
        let mut report = place.command(GONGKAI);
        let Output { status, stdout, .. } =
            report.args(["annual-report", "--agency", "demo", "--year", &year.to_string()]).output().unwrap();
        assert!(status.success());
        let file = place.folder().join("report.json");
        fs::write(&file, stdout).unwrap();
        let checked = place.command(GONGKAI).arg("check-annual-report").arg(&file).output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
}

both_databases! {
    fn an_office_at_work_is_made_once(backend) {
        let place = Place::new(backend);
        let url = place.database.url_text();
        let demo = Demo::start(&place, Some(&url), &["--json"]);
        look_around(&demo);
        demo.stop();
        add_up(&place);

        let events = place.database.rows_of("events");
        let again = Demo::start(&place, Some(&url), &["--json"]);
        assert!(again.said().contains("printed when it was made"), "{}", again.said());
        assert!(again.accounts().iter().all(|(_, _, password)| password.is_none()));
        again.client().signed_in(&Credentials::new("clerk", OWN_PASSWORD)).get("/cases").must(200);
        again.stop();
        assert_eq!(place.database.rows_of("events"), events, "the second start made data");
    }

    fn real_data_are_left_alone(backend) {
        let place = Place::new(backend);
        let url = place.database.url_text();
        let real = NewAgency { code: "demo".to_owned(), name: "某市".to_owned(), ..NewAgency::default() };
        block_on(place.app().create_agency(By::Operator, real)).unwrap();
        let before = place.database.contents();
        let said = refused(command(&place, Some(&url), &[]));
        assert!(said.contains("holds data that are no demo's"), "{said}");
        let said = refused(command(&place, Some(&url), &["--fresh"]));
        match backend {
            Backend::Sqlite => assert!(said.contains("holds data that are no demo's"), "{said}"),
            Backend::Postgres => assert!(said.contains("on PostgreSQL make a new database"), "{said}"),
        }
        assert_eq!(place.database.contents(), before);
    }
}

#[test]
fn its_own_file_is_made_anew_when_it_was_not_finished_and_when_asked() {
    let place = Place::new(Backend::Sqlite);
    let file = place.folder().join("gongkai-demo.db");
    let mut broken_off = Demo::spawn(&place, None, &["--json"]);
    broken_off.wait_for("entries of the sample year made");
    assert!(broken_off.printed().is_empty());
    drop(broken_off);
    assert!(file.exists());

    let first = Demo::start(&place, None, &["--json"]);
    assert!(first.said().contains("was not finished the last time"), "{}", first.said());
    let (clerk, _, old) = first.accounts().swap_remove(0);
    signed_in(&first.client(), &clerk, &old.unwrap());
    let said = refused(command(&place, None, &["--fresh"]));
    assert!(said.contains("another gongkai process uses"), "{said}");
    first.stop();

    let fresh = Demo::start(&place, None, &["--json", "--fresh"]);
    let (clerk, _, new) = fresh.accounts().swap_remove(0);
    signed_in(&fresh.client(), &clerk, &new.unwrap());
    fresh.stop();
    // The database that the settings of the place name was never touched.
    assert!(place.database.rows_of("agencies").is_empty());
}

#[test]
fn an_address_in_use_is_told_before_anything_is_made() {
    let place = Place::new(Backend::Sqlite);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(command(&place, None, &["--listen", &address]));
    assert!(said.starts_with(&format!("gongkai: cannot listen on {address}")), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(!place.folder().join("gongkai-demo.db").exists());
}
