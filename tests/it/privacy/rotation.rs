//! Keys change while the office works (reliability T36): no request fails, nothing is left under the earlier key, and a rotation that
//! is cut off goes on from where it was.

use std::fs;
use std::process::Output;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gongkai::app::ledger_file::HEADER;
use gongkai::crypto::master_key::MasterKey;
use serde_json::{Value, json};

use super::columns::{blobs, elsewhere, keys, live_keys, newest_keys, sealed_columns};
use crate::support::authenticator::Authenticator;
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, TestDatabase, both_databases};
use crate::support::files::{TEXT, attach, begin, newest, open as open_file};
use crate::support::office::{Agency, Office, PASSWORD, today};
use crate::support::server::{GONGKAI, Instance, Place, Server};
use crate::support::story::SUBJECT;

/// A rotation takes ten seconds until the new key writes, and thirty more until the old one is retired.
const PATIENCE: Duration = Duration::from_mins(2);

/// An office with another above it.
fn open(backend: Backend) -> (Office, Agency) {
    let place = Place::new(backend);
    let app = place.app();
    let above = Agency::found(&app, "320000");
    let agency = Agency::found_below(&app, "320800", Some("320000"));
    // One clerk opens files all the time.
    let server = Server::start_with(place, &[("GONGKAI_ATTACHMENT_OPENINGS", "10000")], &[]);
    (Office::of(server, agency), above)
}

fn gongkai(place: &Place, arguments: &[&str]) -> Output {
    place.command(GONGKAI).args(arguments).output().unwrap()
}

#[track_caller]
fn done(output: Output) -> Output {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn until(what: &str, mut is: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is() {
        assert!(Instant::now() < end, "{what}: it does not come to that");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn name(n: usize) -> String {
    format!("濮阳轮换{n}")
}

fn number(n: usize) -> String {
    format!("E{:08}", 70_000_000 + n)
}

fn request(n: usize) -> Value {
    json!({
        "channel": "counter",
        "applicant": {
            "kind": "natural_person", "name": name(n),
            "identity": { "kind": "passport", "number": number(n) },
            "phone": "0517-83901234", "email": "puyang@example.com", "address": "江苏省淮安市洪泽区人民路1号",
        },
        "description": format!("申请公开第{n}号报告。"),
    })
}

fn receive(clerk: &Client, n: usize) -> Reply {
    clerk.idempotency_key(format!("receive-{n}")).post("/cases", &request(n))
}

/// Somebody of the office at one of its servers.
fn at(office: &Office, second: Option<&Instance>, who: &str) -> Client {
    match second {
        None => office.as_role(who),
        Some(instance) => Client::anonymous(instance.address()).signed_in(office.agency.credentials(who)),
    }
}

/// What an office does all day, once: every answer is noted that is none. Half of the steps are taken at each server.
fn work(office: &Office, second: Option<&Instance>, n: usize, old: &[Kept], failed: &Mutex<Vec<String>>) {
    let here = |who: &str| at(office, second.filter(|_| n.is_multiple_of(2)), who);
    let there = |who: &str| at(office, second.filter(|_| !n.is_multiple_of(2)), who);
    let note = |reply: Reply, status: u16| {
        if reply.status != status {
            failed.lock().unwrap().push(reply.told());
        }
        reply
    };
    let received = note(receive(&here("clerk"), n), 201);
    let again = note(receive(&there("clerk"), n), 201);
    if again.text != received.text {
        failed.lock().unwrap().push(format!("a retry got another answer: {}", again.told()));
    }
    let id = received.at("/id").as_str().unwrap_or_default().to_owned();
    note(there("clerk").get(&format!("/cases/{id}")), 200);
    let kept = &old[n % old.len()];
    note(here("clerk").get(&format!("/cases/{}/history", kept.case)), 200);
    // Each opening is a row that is encrypted anew, too: a few are enough.
    if n.is_multiple_of(10) {
        note(open_file(&there("clerk"), &kept.case, &kept.file), 200);
    }
    note(here("auditor").get(&format!("/cases/{}/reveals", kept.case)), 200);
    note(there("clerk").get(&format!("/agencies/{}/supervision-notices", office.agency.id)), 200);
    let clerk = here("clerk").if_match("\"1\"");
    note(attach(&clerk, &id, "evidence", "凭证.txt", format!("第{n}号凭证").as_bytes()), 200);
}

/// A case with a file.
struct Kept {
    case: String,
    file: String,
}

/// Something in every encrypted column, and the authenticator of somebody who has begun a second factor.
fn sealed_everywhere(office: &Office, above: &Agency) -> (Vec<Kept>, Authenticator) {
    let notice = json!({ "subject": "逾期未答复", "text": "请书面报告。", "due_on": today() });
    let path = format!("/agencies/{}/supervision-notices", office.agency.id);
    office.of_agency(above, "supervisor").post(&path, &notice).must(201);
    let begun =
        office.as_role("archivist").put("/me/second-factor", &json!({ "current_password": PASSWORD }));
    let authenticator = Authenticator::typed(begun.must(200).str("/secret"));
    done(gongkai(&office.server.place, &["audit", "checkpoint"]));
    let clerk = office.as_role("clerk");
    let cases = (0..3).map(|n| {
        let case = receive(&clerk, n).must(201);
        let id = case.str("/id").to_owned();
        let registered = clerk
            .if_match(case.etag())
            .idempotency_key(format!("register-{n}"))
            .post(&format!("/cases/{id}/registration"), &json!({ "subject": SUBJECT }))
            .must(200);
        let bytes = [TEXT, n.to_string().as_bytes()].concat();
        attach(&clerk.if_match(registered.etag()), &id, "evidence", "凭证.txt", &bytes).must(200);
        let file = newest(&clerk, &id)["id"].as_str().unwrap().to_owned();
        let reveal = json!({ "fields": ["phone"], "reason": "电话核实" });
        clerk.post(&format!("/cases/{id}/reveals"), &reveal).must(200);
        // One that nobody has sent anything of.
        begin(&clerk, &id, 100).must(201);
        Kept { case: id, file }
    });
    (cases.collect(), authenticator)
}

/// Everything that was encrypted before says what it said.
#[track_caller]
fn all_is_readable(office: &Office, old: &[Kept], authenticator: &Authenticator) {
    let clerk = office.as_role("clerk");
    for (n, kept) in old.iter().enumerate() {
        let reveal = json!({ "fields": ["name", "identity", "phone", "email", "address"], "reason": "核对" });
        let shown = clerk.post(&format!("/cases/{}/reveals", kept.case), &reveal).must(200);
        assert_eq!(
            (shown.str("/name"), shown.str("/identity/number")),
            (name(n).as_str(), number(n).as_str())
        );
        clerk.get(&format!("/cases/{}/history", kept.case)).must(200);
        let file = open_file(&clerk, &kept.case, &kept.file).must(200);
        assert_eq!(file.bytes, [TEXT, n.to_string().as_bytes()].concat());
        let again = clerk
            .if_match("\"1\"")
            .idempotency_key(format!("register-{n}"))
            .post(&format!("/cases/{}/registration", kept.case), &json!({ "subject": SUBJECT }));
        assert_eq!(again.must(200).str("/id"), kept.case);
        let reasons = office.as_role("auditor").get(&format!("/cases/{}/reveals", kept.case)).must(200);
        assert!(reasons.text.contains("电话核实"), "{}", reasons.told());
    }
    let notices = clerk.get(&format!("/agencies/{}/supervision-notices", office.agency.id)).must(200);
    let notice = notices.at("/items/0/id").as_str().unwrap_or_default().to_owned();
    let notice = clerk.get(&format!("/agencies/{}/supervision-notices/{notice}", office.agency.id)).must(200);
    assert!(notice.text.contains("请书面报告。"), "{}", notice.told());
    // The secret of the one-time codes is the one that was typed into the authenticator.
    let code = json!({ "code": authenticator.code(0) });
    office.as_role("archivist").put("/me/second-factor/confirmation", &code).must(204);
    // The key of the checkpoints signs on.
    done(gongkai(&office.server.place, &["audit", "checkpoint"]));
    office.server.place.must_be_sound();
}

/// Finds somebody's only case, by his exact name or number.
#[track_caller]
fn found_once(who: &Client, known: &Value) {
    let found = who.post("/cases/search", known).must(200);
    assert_eq!(found.at("/items").as_array().map(Vec::len), Some(1), "{known}: {}", found.told());
}

/// Somebody who searches as often as he may, at one server after the other.
struct Searching {
    who: Vec<Client>,
    done: usize,
    last: Instant,
}

impl Searching {
    fn of(who: Vec<Client>) -> Self {
        Self { who, done: 0, last: Instant::now() }
    }

    #[track_caller]
    fn now_and_then(&mut self, known: &Value) {
        if self.done == 0 || self.last.elapsed() > Duration::from_millis(2_200) {
            found_once(&self.who[self.done % self.who.len()], known);
            (self.done, self.last) = (self.done + 1, Instant::now());
        }
    }
}

/// Nothing is under any key but the newest of each agency, and no blob stands where the list does not know of it.
#[track_caller]
fn only_the_newest_keys(database: &TestDatabase) {
    assert_eq!(blobs(database, &newest_keys(database)), []);
    assert_eq!(live_keys(database), newest_keys(database));
    assert_eq!(elsewhere(database), Vec::<String>::new());
}

/// The blind indexes of names, in the order of the applicants.
fn indexes(database: &TestDatabase) -> Vec<String> {
    let hex = match database.backend {
        Backend::Sqlite => "hex(name_index)",
        Backend::Postgres => "encode(name_index, 'hex')",
    };
    database.lines(&format!("SELECT {hex} AS line FROM applicants ORDER BY id"))
}

both_databases! {
    /// On PostgreSQL at two servers at once.
    fn keys_change_while_the_office_works(backend) {
        let (office, above) = open(backend);
        let (old, authenticator) = sealed_everywhere(&office, &above);
        let second = (backend == Backend::Postgres).then(|| Instance::beside(&office.server));
        let database = &office.server.place.database;
        let before = keys(database, "0 = 0");
        let there = blobs(database, &[]);
        assert_eq!(there.len(), sealed_columns().len(), "not everything that is encrypted is there: {there:?}");
        let (failed, stop) = (Mutex::new(Vec::new()), AtomicBool::new(false));
        let next = AtomicUsize::new(10);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while !stop.load(Ordering::SeqCst) {
                        let n = next.fetch_add(1, Ordering::SeqCst);
                        work(&office, second.as_ref(), n, &old, &failed);
                        std::thread::sleep(Duration::from_millis(50));
                    }
                });
            }
            // Whatever panics here, the others must end.
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                std::thread::sleep(Duration::from_secs(1));
                done(gongkai(&office.server.place, &["keys", "rotate", "--json"]));
                assert_eq!(keys(database, "0 = 0").len(), before.len() * 2);
                let mut search = Searching::of(vec![at(&office, None, "clerk-2"), at(&office, second.as_ref(), "clerk-2")]);
                until("the earlier keys are retired", || {
                    search.now_and_then(&json!({ "applicant_id_number": number(search.done % 3) }));
                    live_keys(database) == newest_keys(database)
                });
                assert!(search.done > 10);
                std::thread::sleep(Duration::from_secs(1));
            }));
            stop.store(true, Ordering::SeqCst);
            result.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        });
        let failed = failed.into_inner().unwrap();
        assert!(failed.is_empty(), "{} requests failed:\n{}", failed.len(), failed.join("\n"));
        let made = next.load(Ordering::SeqCst);
        assert!(made > 50, "there was hardly any load: {made}");
        only_the_newest_keys(database);
        assert!(newest_keys(database).iter().all(|key| !before.contains(key)));
        for event in ["key_rotated", "key_retired"] {
            let events = database.lines(&format!("SELECT event_type AS line FROM events WHERE event_type = '{event}'"));
            assert_eq!(events.len(), before.len(), "{event}: one at each agency");
        }
        for n in [0, 2, 11, made - 1] {
            found_once(&office.as_role("clerk"), &json!({ "applicant_name": name(n) }));
            found_once(&office.as_role("clerk"), &json!({ "applicant_id_number": number(n) }));
        }
        all_is_readable(&office, &old, &authenticator);
    }

    /// The command that does it is killed half-way; the server goes on from there, while applicants have one index or the other.
    /// Then the keys are wrapped under another master key.
    fn a_rotation_that_is_cut_off_goes_on(backend) {
        let (mut office, above) = open(backend);
        let (old, authenticator) = sealed_everywhere(&office, &above);
        assert!(office.server.stop().success());
        let place = &office.server.place;
        let rows: Vec<String> = (0..1500)
            .map(|n| format!("旧{n}号,counter,2025-03-03,2025-03-03,natural_person,{},某报告,,granted,2025-03-10,", name(1000 + n)))
            .collect();
        fs::write(place.folder().join("ledger.csv"), format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
        done(gongkai(place, &["import-ledger", "ledger.csv", "--agency", "320800"]));
        let before = indexes(&place.database);
        let first = live_keys(&place.database);

        let mut rotating = place.command(GONGKAI);
        let mut rotating = rotating.args(["keys", "rotate", "--agency", "320800", "--index", "--wait"]).spawn().unwrap();
        let done_of = || {
            let other: usize = blobs(&place.database, &first).iter().map(|(_, count)| count).sum();
            let all: usize = blobs(&place.database, &[]).iter().map(|(_, count)| count).sum();
            (other, all)
        };
        until("some rows are under the new key", || done_of().0 > 0);
        rotating.kill().unwrap();
        rotating.wait().unwrap();
        let (turned, all) = done_of();
        assert!(turned > 0 && turned < all, "it was not cut off half-way: {turned} of {all}");
        assert_eq!(keys(&place.database, "retired_at IS NOT NULL"), Vec::<String>::new());

        office.server.restart();
        let place = &office.server.place;
        let mut search = Searching::of(vec![office.as_role("clerk-2")]);
        until("the earlier key is retired", || {
            search.now_and_then(&json!({ "applicant_name": name(1000 + search.done * 97 % 1500) }));
            live_keys(&place.database) == newest_keys(&place.database)
        });
        only_the_newest_keys(&place.database);
        let after = indexes(&place.database);
        assert!(before.len() == after.len() && before.iter().zip(&after).all(|(one, other)| one != other));

        // Another master key: the old one is refused from then on.
        assert!(office.server.stop().success());
        let new = office.server.place.folder().join("new.key");
        MasterKey::create(&new).unwrap();
        let place = &office.server.place;
        done(gongkai(place, &["keys", "rewrap", "--new-key-file", "new.key"]));
        let refused = gongkai(place, &["keys", "rotate"]);
        assert!(!refused.status.success());
        assert!(String::from_utf8_lossy(&refused.stderr).contains("another master key"), "{refused:?}");
        fs::rename(&new, place.master_key_file()).unwrap();
        office.server.restart();
        // The master key signs access tokens, too: everybody signs in again.
        office.as_role("clerk").get("/me").must(401);
        for who in ["clerk", "auditor", "archivist"] {
            office.agency.credentials(who).forget();
        }
        for n in [0, 1499] {
            found_once(&office.as_role("clerk"), &json!({ "applicant_name": name(1000 + n) }));
        }
        all_is_readable(&office, &old, &authenticator);
    }
}
