//! What was acknowledged is on disk (design 7; issue 2, line 7): the server is killed in the middle of its work, again
//! and again; and a trace of its system calls shows a sync before each acknowledgement.

mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Agency, Office};
use crate::support::server::{Place, Server};
use crate::support::story::{SUBJECT, request};

/// How often the server is killed, and how many clients are at work then.
const ROUNDS: usize = 30;
const CLIENTS: usize = 6;
/// How soon a server must be ready after it was killed, in nine rounds of ten: tests share the machine.
const READY: Duration = Duration::from_secs(2);

/// A write that was sent, and can be sent again.
struct Sent {
    key: String,
    path: String,
    if_match: Option<String>,
    body: Value,
}

impl Sent {
    /// Sends it (again); `None` when there is no answer.
    fn send(&self, client: &Client) -> Option<Reply> {
        let client = client.idempotency_key(&self.key);
        let client = self.if_match.iter().fold(client, |client, etag| client.if_match(etag));
        client.try_send("POST", &self.path, Some(&self.body)).ok()
    }

    fn reception(key: String) -> Self {
        Self { key, path: "/cases".to_owned(), if_match: None, body: request() }
    }

    fn registration(key: String, received: &Reply) -> Self {
        let path = format!("/cases/{}/registration", received.str("/id"));
        Self { key, path, if_match: Some(received.etag()), body: json!({ "subject": SUBJECT }) }
    }
}

/// What one client knows when the server is gone: what was acknowledged, and the write that got no answer.
#[derive(Default)]
struct Notes {
    received: Vec<String>,
    registered: BTreeMap<String, String>,
    unanswered: Option<Sent>,
}

impl Notes {
    fn note(&mut self, reply: &Reply) {
        let id = reply.str("/id").to_owned();
        match reply.status {
            201 => self.received.push(id),
            200 => drop(self.registered.insert(id, reply.str("/number").to_owned())),
            _ => panic!("neither received nor registered: {}", reply.told()),
        }
    }

    fn take(&mut self, other: Self) {
        self.received.extend(other.received);
        self.registered.extend(other.registered);
    }
}

/// Receives and registers until the server is gone; counts what was acknowledged.
fn work(client: &Client, name: &str, acknowledged: &AtomicUsize) -> Notes {
    let mut notes = Notes::default();
    let mut next = Sent::reception(format!("{name}-0"));
    for n in 1.. {
        let Some(reply) = next.send(client) else { break };
        notes.note(&reply);
        acknowledged.fetch_add(1, Ordering::Relaxed);
        next = match reply.status {
            201 => Sent::registration(format!("{name}-{n}"), &reply),
            _ => Sent::reception(format!("{name}-{n}")),
        };
    }
    notes.unanswered = Some(next);
    notes
}

/// Waits until so much was acknowledged.
fn wait_for(acknowledged: &AtomicUsize, count: usize) {
    let since = Instant::now();
    while acknowledged.load(Ordering::Relaxed) < count {
        assert!(since.elapsed() < Duration::from_mins(1), "the clients do not get on");
        thread::sleep(Duration::from_millis(1));
    }
}

/// The cases of the database with their numbers.
fn stored(place: &Place) -> BTreeMap<String, Option<String>> {
    let id = match place.database.backend {
        Backend::Sqlite => "lower(hex(id))",
        Backend::Postgres => "replace(id::text, '-', '')",
    };
    let lines = place.database.lines(&format!("SELECT {id} || coalesce(number, '') AS line FROM cases"));
    let case = |line: String| {
        let (id, number) = line.split_at(32);
        (id.to_owned(), Some(number.to_owned()).filter(|number| !number.is_empty()))
    };
    lines.into_iter().map(case).collect()
}

/// Every acknowledged case is there with its number, and the numbers have no gap and no double.
fn nothing_is_lost(place: &Place, notes: &Notes) {
    let stored = stored(place);
    let kept = |id: &str| stored.get(&id.replace('-', ""));
    for id in &notes.received {
        assert!(kept(id).is_some(), "{id} was received and is lost");
    }
    for (id, number) in &notes.registered {
        assert_eq!(kept(id), Some(&Some(number.clone())), "{id}");
    }
    let mut by_year: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for number in stored.values().flatten() {
        let (year, n) = number.trim_start_matches("公申〔").split_once('〕').unwrap();
        let new = by_year.entry(year).or_default().insert(n.trim_end_matches('号').parse().unwrap());
        assert!(new, "{number} was given twice");
    }
    for (year, numbers) in by_year {
        let count = u32::try_from(numbers.len()).unwrap();
        assert_eq!(numbers.last(), Some(&count), "the numbers of {year} have gaps: {numbers:?}");
    }
}

both_databases! {
    fn what_was_acknowledged_outlives_kill_9(backend) {
        let mut office = Office::open(backend);
        let clerks: Vec<Client> = (0..CLIENTS).map(|n| office.as_role(["clerk", "clerk-2"][n % 2])).collect();
        for clerk in &clerks {
            clerk.get("/me").must(200);
        }
        let (mut all, mut retried, mut ready_after) = (Notes::default(), 0, Vec::new());
        for round in 0..ROUNDS {
            let acknowledged = &AtomicUsize::new(0);
            let found = thread::scope(|scope| {
                let work = |(n, clerk)| {
                    let name = format!("{round}-{n}");
                    scope.spawn(move || work(clerk, &name, acknowledged))
                };
                let at_work: Vec<_> = clerks.iter().enumerate().map(work).collect();
                // At another moment of the work in each round.
                wait_for(acknowledged, 10 + round * 7 % 30);
                thread::sleep(Duration::from_micros(u64::try_from(round * 700).unwrap()));
                office.server.kill9();
                at_work.into_iter().map(|client| client.join().unwrap()).collect::<Vec<_>>()
            });
            office.server.restart();
            ready_after.push(office.server.ready_after);
            for (mut notes, clerk) in found.into_iter().zip(&clerks) {
                // What got no answer may have happened or not; sent again, it has happened once.
                let again = notes.unanswered.take().unwrap().send(clerk).unwrap();
                notes.note(&again);
                retried += 1;
                all.take(notes);
            }
            nothing_is_lost(&office.server.place, &all);
        }
        let stored = stored(&office.server.place);
        assert_eq!(stored.len(), all.received.len(), "as many cases as were sent in");
        assert_eq!(stored.values().flatten().count(), all.registered.len(), "as many numbers as registrations");
        office.server.place.must_be_sound();
        ready_after.sort_unstable();
        eprintln!(
            "{backend:?}: {ROUNDS} kills, {} receptions and {} registrations acknowledged, {retried} sent again, \
             ready after {:?} at most",
            all.received.len(),
            all.registered.len(),
            ready_after[ROUNDS - 1],
        );
        assert!(ready_after[ROUNDS * 9 / 10 - 1] <= READY, "{ready_after:?}");
    }
}

/// An office on SQLite whose server's system calls are traced.
fn traced_office() -> Office {
    let place = Place::new(Backend::Sqlite);
    let agency = Agency::found(&place.app(), "320800");
    let tracer = trace::strace(&place.folder().join("trace.log"));
    Office::of(Server::start_with(place, &[], &tracer), agency)
}

/// A sign-in is noted within a second, with a sync that would fall together with whatever is read then: waited for, before anything is.
fn sign_in_and_be_noted(office: &Office, clerk: &Client) {
    clerk.get("/me").must(200);
    let noted = || office.server.place.database.lines("SELECT kind AS line FROM attempts").len();
    for _ in 0..600 {
        if noted() > 0 {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("the sign-in was not noted");
}

#[test]
fn a_sync_reaches_the_disk_before_each_write_is_acknowledged() {
    let mut office = traced_office();
    let clerk = office.as_role("clerk");
    sign_in_and_be_noted(&office, &clerk);
    for n in 0..30 {
        let received = Sent::reception(format!("alone-{n}")).send(&clerk).unwrap().must(201);
        Sent::registration(format!("alone-{n}-registration"), &received).send(&clerk).unwrap().must(200);
        clerk.get(&format!("/cases/{}", received.str("/id"))).must(200);
    }
    // Side by side, several writes share a sync.
    thread::scope(|scope| {
        for client in 0..8 {
            let clerk = &clerk;
            scope.spawn(move || {
                for n in 0..10 {
                    Sent::reception(format!("{client}-{n}")).send(clerk).unwrap().must(201);
                }
            });
        }
    });
    assert!(office.server.stop().success());
    let trace = trace::finished(&office.server.place.folder().join("trace.log"));
    let answers = trace::answers(&trace);

    let writes: Vec<_> = answers.iter().filter(|answer| answer.request.starts_with("POST ")).collect();
    let unsynced: Vec<_> = writes.iter().filter(|answer| !answer.synced).collect();
    assert!(unsynced.is_empty(), "acknowledged before a sync: {unsynced:#?}");
    assert!(writes.len() >= 30 + 30 + 80, "only {} writes were seen", writes.len());
    let syncs = trace.lines().filter(|line| trace::is_sync(line)).count();
    eprintln!("{} writes acknowledged after {syncs} syncs", writes.len());

    // The same eyes see what is not synced: reads, and the same writes when the syncs are taken out of the trace.
    let reads: Vec<_> = answers.iter().filter(|answer| answer.request.starts_with("GET ")).collect();
    assert!(reads.len() >= 30 && reads.iter().all(|answer| !answer.synced), "{reads:#?}");
    let doctored: Vec<&str> = trace.lines().filter(|line| !trace::is_sync(line)).collect();
    assert!(trace::answers(&doctored.join("\n")).iter().all(|answer| !answer.synced));
}
