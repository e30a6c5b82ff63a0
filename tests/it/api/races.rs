//! Several callers at once: one wins, and a retry is answered once (design 7; issue 2, line 6).

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::many_cases::{Approved, approved_cases};
use crate::support::office::{Agency, Office};
use crate::support::server::{Place, Server};
use crate::support::story::request;

/// How often two clients issue one reply at once.
const ROUNDS: usize = 1_000;

/// An office with so many replies that wait to be issued.
fn office_with_approved(backend: Backend, count: usize) -> (Office, Vec<Approved>) {
    let place = Place::new(backend);
    let app = place.app();
    let agency = Agency::found(&app, "320800");
    let cases = approved_cases(&app, &agency, count);
    drop(app);
    (Office::of(Server::start(place), agency), cases)
}

/// Does all of it at the same moment.
pub(super) fn at_once<T: Send, F: FnOnce() -> T + Send>(deeds: Vec<F>) -> Vec<T> {
    let start = &Barrier::new(deeds.len());
    thread::scope(|scope| {
        let begin = |deed: F| {
            scope.spawn(move || {
                start.wait();
                deed()
            })
        };
        let threads: Vec<_> = deeds.into_iter().map(begin).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// 发出答复.
fn issue(client: &Client, case: &Approved) -> Reply {
    let body = json!({ "content_hash": case.content_hash });
    client.post(&format!("/cases/{}/reply/issue", case.id), &body)
}

/// What of an answer must be the same when it is given again.
fn answer(reply: &Reply) -> (u16, &str, Option<&str>, Option<&str>) {
    (reply.status, &reply.text, reply.header("ETag"), reply.header("Location"))
}

/// Exactly one answer is 200, the others say that they came too late; the winner's place.
#[track_caller]
fn the_winner(replies: &[Reply]) -> usize {
    let won: Vec<usize> = (0..replies.len()).filter(|n| replies[*n].status == 200).collect();
    for (n, reply) in replies.iter().enumerate() {
        let too_late = matches!((reply.status, reply.code_or_empty()), (412, "version_stale") | (409, _));
        assert!(too_late || won == [n], "{} won; number {n}: {}", won.len(), reply.told());
    }
    won[0]
}

/// Each of so many cases was issued once; both chains verify; the queue is what the events make of it.
fn each_was_issued_once(office: &Office, count: usize) {
    let database = &office.server.place.database;
    assert_eq!(
        database.lines("SELECT event_type AS line FROM events WHERE event_type = 'issued'").len(),
        count
    );
    assert_eq!(database.lines("SELECT status AS line FROM cases WHERE status = 'replied'").len(), count);
    office.server.place.must_be_sound();
}

both_databases! {
    fn of_two_who_issue_a_reply_at_once_one_wins(backend) {
        let (office, cases) = office_with_approved(backend, ROUNDS);
        let approvers = ["approver", "approver-2"].map(|name| office.as_role(name));
        let (mut wins, mut decided_on_the_same) = ([0, 0], 0);
        for (round, case) in cases.iter().enumerate() {
            // Upon any version, 409 tells that the other was done before, 412 that both decided on the same version.
            let upon = if round % 2 == 0 { case.etag.as_str() } else { "*" };
            let clients = approvers.each_ref().map(|client| {
                client.if_match(upon).idempotency_key(format!("issue-{round}"))
            });
            let replies = at_once(clients.iter().map(|client| || issue(client, case)).collect());
            let winner = the_winner(&replies);
            let loser = &replies[1 - winner];
            assert!(upon == "*" || loser.status == 412, "{}", loser.told());
            decided_on_the_same += usize::from(upon == "*" && loser.status == 412);
            wins[winner] += 1;
            // The winner's retry gets the first answer; the loser's is as late as before.
            let again = issue(&clients[winner], case);
            assert_eq!(answer(&again), answer(&replies[winner]));
            if round % 10 < 2 {
                let too_late = issue(&clients[1 - winner], case);
                assert_eq!(too_late.status, if upon == "*" { 409 } else { 412 }, "{}", too_late.told());
            }
        }
        eprintln!("{backend:?}: {ROUNDS} rounds, won {wins:?}, {decided_on_the_same} decided on the same version");
        assert!(wins.iter().all(|won| *won > 0), "one client was always first: {wins:?}");
        assert!(decided_on_the_same > 0, "no two ever decided on the same version: this was no race");
        each_was_issued_once(&office, cases.len());
    }

    fn of_many_who_issue_a_reply_at_once_one_wins(backend) {
        let (office, cases) = office_with_approved(backend, 20);
        let approvers = ["approver", "approver-2"].map(|name| office.as_role(name));
        for case in &cases {
            let clients = (0..32).map(|n| approvers[n % 2].if_match(&case.etag)).collect::<Vec<_>>();
            the_winner(&at_once(clients.iter().map(|client| || issue(client, case)).collect()));
        }
        each_was_issued_once(&office, cases.len());
    }

    fn a_key_sent_fifty_times_at_once_has_one_effect(backend) {
        let (office, cases) = office_with_approved(backend, 10);
        let approver = office.as_role("approver");
        for case in &cases {
            let client = approver.if_match(&case.etag).idempotency_key("issue");
            let replies = at_once((0..50).map(|_| || issue(&client, case)).collect());
            let first = replies[0].clone().must(200);
            assert!(replies.iter().all(|reply| answer(reply) == answer(&first)), "{}", case.id);
        }
        let clerk = office.as_role("clerk");
        let mut received = BTreeSet::new();
        for round in 0..10 {
            let client = clerk.idempotency_key(format!("receive-{round}"));
            let replies = at_once((0..50).map(|_| || client.post("/cases", &request())).collect());
            let first = replies[0].clone().must(201);
            assert!(replies.iter().all(|reply| answer(reply) == answer(&first)));
            received.insert(first.str("/id").to_owned());
        }
        assert_eq!(received.len(), 10);
        let stored = office.server.place.database.lines("SELECT status AS line FROM cases WHERE status = 'received'");
        assert_eq!(stored.len(), 10);
        each_was_issued_once(&office, cases.len());
    }

    fn a_retry_gets_the_first_answer_whatever_happened_since(backend) {
        let (mut office, cases) = office_with_approved(backend, 1);
        let case = &cases[0];
        let approver = office.as_role("approver").if_match(&case.etag).idempotency_key("issue");
        let first = issue(&approver, case).must(200);
        // The case moves on, and the server is another one by now.
        let moved = office.as_role("clerk").if_match(first.etag());
        moved.post(&format!("/cases/{}/services", case.id), &json!({ "method": "post" })).must(200);
        assert!(office.server.stop().success());
        office.server.restart();
        assert_eq!(answer(&issue(&approver, case)), answer(&first));
        let without_version = office.as_role("approver").idempotency_key("issue");
        assert_eq!(answer(&issue(&without_version, case)), answer(&first));
        // Another key is another request.
        assert_eq!(issue(&approver.idempotency_key("other"), case).status, 422, "two keys");
        let other = office.as_role("approver").if_match(&case.etag).idempotency_key("other");
        issue(&other, case).must(412);
    }

    fn a_key_with_another_body_is_refused(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk").idempotency_key("monday-1");
        let first = clerk.post("/cases", &request()).must(201);
        let mut other = request();
        other["description"] = json!("申请公开另一份报告。");
        assert_eq!(clerk.post("/cases", &other).must(422).code(), "idempotency_key_reused");
        assert_eq!(answer(&clerk.post("/cases", &request())), answer(&first));
        // The key is one account's, for one path.
        let colleague = office.as_role("clerk-2").idempotency_key("monday-1");
        assert_ne!(colleague.post("/cases", &request()).must(201).str("/id"), first.str("/id"));
        let registration = clerk.if_match(first.etag());
        let path = format!("/cases/{}/registration", first.str("/id"));
        registration.post(&path, &json!({ "subject": "绩效评价报告" })).must(200);
    }

    fn of_two_bodies_under_one_key_at_once_one_is_refused(backend) {
        let office = Office::open(backend);
        let bodies: Vec<Value> = ["甲", "乙"]
            .map(|which| {
                let mut body = request();
                body["description"] = json!(format!("申请公开{which}报告。"));
                body
            })
            .to_vec();
        for round in 0..50 {
            let clerk = office.as_role("clerk").idempotency_key(format!("round-{round}"));
            let replies = at_once(bodies.iter().map(|body| || clerk.post("/cases", body)).collect());
            let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [201, 422], "{}\n{}", replies[0].told(), replies[1].told());
        }
        office.server.place.must_be_sound();
    }
}
