//! The record cannot be written: every command and every reveal answers 503 and changes nothing, and everything else goes on
//! (issue 5, 7; reliability T41). Walked over every operation of the document.

use std::collections::{BTreeMap, BTreeSet};

use gongkai::domain::case::CommandKind;
use serde_json::{Value, json};

use super::allowed;
use super::operations::{Ids, Operation, operations, without_request};
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, TestDatabase, both_databases};
use crate::support::files;
use crate::support::office::{BUDGET, Office, ROLES, today};
use crate::support::story::{CaseStory, SUBJECT, request};

/// Reads that show or hand out what is only shown when that is recorded.
const RECORDED_READS: &[&str] = &["exportCase"];

/// What writes no record, since it does nothing to a case, an agency or an account: it computes; it brings bytes that are nothing until
/// they are attached; it takes away a second factor that was never
/// set, or what binds an account that is not bound.
const GOES_ON: &[&str] = &["askCaseTimeLimit", "beginUpload", "resetSecondFactor", "unbindAccount"];

/// The rows that matter: bytes on their way are nothing until they are attached.
fn rows(database: &TestDatabase) -> Vec<String> {
    let mut rows = database.contents();
    rows.retain(|row| !row.starts_with("attachment_uploads: "));
    rows
}

fn planted(backend: Backend) -> Vec<String> {
    let tables = ["events", "accesses"];
    match backend {
        Backend::Sqlite => tables
            .iter()
            .map(|table| {
                format!("CREATE TRIGGER planted_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'planted fault'); END")
            })
            .collect(),
        Backend::Postgres => {
            let function = "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted fault'; END $$".to_owned();
            let on = tables.iter().map(|table| {
                format!("CREATE TRIGGER planted_{table} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION planted()")
            });
            std::iter::once(function).chain(on).collect()
        }
    }
}

fn plant(database: &TestDatabase, backend: Backend) {
    for statement in planted(backend) {
        database.execute(&statement).unwrap();
    }
}

fn dig_out(database: &TestDatabase, backend: Backend) {
    for table in ["events", "accesses"] {
        let on = if backend == Backend::Postgres { format!(" ON {table}") } else { String::new() };
        database.execute(&format!("DROP TRIGGER planted_{table}{on}")).unwrap();
    }
}

/// One case at each place of its life.
fn cases(office: &Office) -> Vec<String> {
    let acknowledged = |office| CaseStory::registered(office).assign(BUDGET).acknowledge();
    let drafted = |office| acknowledged(office).draft("granted", "经研究，予以公开。");
    vec![
        CaseStory::receive(office, &request()).id,
        CaseStory::receive(office, &request()).register(SUBJECT).id,
        acknowledged(office).id,
        drafted(office).id,
        CaseStory::in_review(office).id,
        CaseStory::approved(office).id,
        CaseStory::approved(office).issue().id,
        CaseStory::approved(office).issue().serve("direct").id,
        CaseStory::archived(office).id,
    ]
}

fn read<'a>(office: &'a Office, case: &str) -> CaseStory<'a> {
    CaseStory::told(office, office.as_role("clerk").get(&format!("/cases/{case}")).must(200))
}

fn is_of_oneself(operation: &Operation) -> bool {
    operation.is_public() || operation.path.starts_with("/me") || operation.path.starts_with("/auth")
}

/// Asks, with the parameters that it cannot do without.
fn ask(operation: &Operation, who: &Client, ids: &Ids) -> Reply {
    if operation.query().is_empty() || operation.takes_body() {
        return operation.ask(who, ids);
    }
    let path = format!("{}?{}", operation.path_of(ids), operation.query().trim_end_matches('&'));
    who.send(&operation.method, &path, None)
}

both_databases! {
    fn a_record_that_fails_stops_writes_and_reveals_and_nothing_else(backend) {
        let office = Office::open(backend);
        let database = &office.server.place.database;
        let people: Vec<(&str, Client)> = ROLES.iter().map(|role| (*role, office.as_role(role).if_match("*"))).collect();
        let account = people[0].1.get("/me").must(200).str("/account_id").to_owned();
        for (_, who) in &people {
            who.get("/me").must(200);
        }
        let first = CaseStory::registered(&office).assign(BUDGET);
        files::attach(&office.as_role("clerk").if_match("*"), &first.id, "evidence", "a.txt", files::TEXT).must(200);
        let attachment = files::newest(&office.as_role("clerk"), &first.id)["id"].as_str().unwrap().to_owned();
        let portal = office.as_role("system_admin").post("/portals", &json!({ "name": "门户" })).must(201);
        let portal = portal.str("/client_id").to_owned();
        let notice = json!({ "subject": "逾期", "text": "请书面报告。", "due_on": today(), "case_id": first.id });
        let notices = format!("/agencies/{}/supervision-notices", office.agency.id);
        let notice = office.as_role("supervisor").post(&notices, &notice).must(201).str("/id").to_owned();
        let all: Vec<Ids> = std::iter::once(first.id)
            .chain(cases(&office))
            .map(|case| Ids {
                case,
                agency: office.agency.id.to_string(),
                account: account.clone(),
                upload: attachment.clone(),
                attachment: attachment.clone(),
                portal: portal.clone(),
                notice: notice.clone(),
                ..Ids::default()
            })
            .collect();
        let operations = operations();
        let reads: Vec<&Operation> = operations.iter().filter(|operation| operation.method == "GET").collect();
        let read_all = || -> BTreeMap<(String, String), (u16, Value)> {
            let mut found = BTreeMap::new();
            for operation in reads.iter().filter(|operation| !RECORDED_READS.contains(&operation.id.as_str())) {
                for (role, who) in &people {
                    let (status, _, body) = without_request(&ask(operation, who, &all[0]));
                    found.insert((operation.id.clone(), (*role).to_owned()), (status, body));
                }
            }
            found
        };
        let before_reads = read_all();
        let granted = before_reads.values().filter(|(status, _)| *status == 200).count();
        assert!(granted > 150, "{granted}");

        plant(database, backend);
        let before = rows(database);
        let (mut stopped, mut went_on, mut wrong) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let writes = operations.iter().filter(|operation| {
            (operation.method != "GET" || RECORDED_READS.contains(&operation.id.as_str())) && !is_of_oneself(operation)
        });
        let mut walked = BTreeSet::new();
        for operation in writes {
            walked.insert(operation.id.clone());
            for (role, who) in &people {
                for ids in &all {
                    let reply = ask(operation, who, ids);
                    match reply.status {
                        503 => drop(stopped.insert(operation.id.clone())),
                        200..=299 => drop(went_on.insert(operation.id.clone())),
                        500..=599 => wrong.push(format!("{} by {role}: {} {}", operation.id, reply.status, reply.text)),
                        _ => {}
                    }
                    assert!(!reply.text.contains("planted"), "{}: {}", operation.id, reply.text);
                    // Whom the policy does not let through is told the same about every case; without a case there is one to ask about.
                    if reply.status == 403 || !operation.path.contains("{case_id}") {
                        break;
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        let expected: BTreeSet<String> = GOES_ON.iter().map(|id| (*id).to_owned()).collect();
        let after = rows(database);
        let only: Vec<&String> = after.iter().filter(|row| !before.contains(row)).collect();
        let never: Vec<&String> = walked.iter().filter(|id| !stopped.contains(*id) && !went_on.contains(*id)).collect();
        assert_eq!(went_on, expected, "changed: {only:#?}; never: {never:?}");
        assert!(only.is_empty() && before.len() == after.len(), "{only:#?}");
        println!("{} operations stopped, {} went on, never reached a write: {never:?}", stopped.len(), went_on.len());
        assert!(stopped.len() >= 38, "{}: {stopped:?}; never: {never:?}", stopped.len());

        // Everything else as before: every read, health, signing out and in.
        let now = read_all();
        for (of, answer) in &before_reads {
            assert_eq!(now[of].0, answer.0, "{of:?}: {}", now[of].1);
        }
        for path in ["/healthz", "/readyz"] {
            let url = office.anonymous().try_send_bytes("GET", path, None, b"").unwrap();
            assert_eq!(url.status, 200, "{path}");
        }
        let leaver = office.as_role("clerk-2");
        leaver.get("/me").must(200);
        leaver.post("/auth/logout", &Value::Null).must(204);
        leaver.get("/me").must(401);

        dig_out(database, backend);
        office.as_role("clerk").post("/cases", &request()).must(201);
        office.as_role("clerk").get(&format!("/cases/{}/export", all[0].case)).must(200);
        office.server.place.must_be_sound();
    }

    /// Every command, at every place of a case where somebody may give it: 503, and the same command is accepted afterwards.
    fn no_command_is_carried_out_without_its_event(backend) {
        let office = Office::open(backend);
        let departments = format!("/agencies/{}/departments", office.agency.id);
        let third = office.as_role("system_admin").post(&departments, &json!({ "name": "档案处" })).must(201);
        let third = third.str("/id");
        allowed::found_below(&office);
        allowed::clear_some(&office);
        let mut asked = Vec::new();
        for (place, people) in allowed::places() {
            let case = allowed::case_at(&office, place);
            let mut kinds = BTreeSet::new();
            for name in people {
                let who = office.as_role(name);
                let read = who.get(&case.path("?explain=true"));
                let may = CommandKind::ALL.iter().filter(|kind| read.status == 200 && allowed::may(&read, **kind));
                for kind in may.filter(|kind| kinds.insert(kind.code())) {
                    asked.push((place, who.clone(), case.id.clone(), *kind));
                }
            }
        }
        let related: Vec<_> = CommandKind::ALL
            .iter()
            .filter_map(|kind| {
                let CommandKind::Relation(relation) = kind else { return None };
                Some((*relation, allowed::relation_request(&office, *relation)))
            })
            .collect();
        let database = &office.server.place.database;
        plant(database, backend);
        let before = rows(database);
        let (mut stopped, mut tried) = (BTreeSet::new(), 0);
        for (place, who, id, kind) in &asked {
            let case = read(&office, id);
            let reply = if let CommandKind::Relation(relation) = kind {
                let (method, path, body) = &related.iter().find(|(kind, _)| kind == relation).unwrap().1;
                who.if_match(case.etag()).send(method, &case.path(path), Some(body))
            } else {
                allowed::give(&office, third, who, &case, *kind)
            };
            tried += 1;
            // One who takes a task on is asked about the second first: of that there may be none.
            let of_a_task = matches!(kind, CommandKind::Acknowledge | CommandKind::Return) && reply.status != 200;
            assert!(reply.status == 503 || of_a_task, "{kind:?} at {place}: {}", reply.told());
            if reply.status == 503 {
                stopped.insert(kind.code());
            }
        }
        let never: Vec<_> = CommandKind::ALL.iter().filter(|kind| !stopped.contains(kind.code())).collect();
        assert!(never.is_empty(), "never tried: {never:?}");
        let after = rows(database);
        let only: Vec<&String> = after.iter().filter(|row| !before.contains(row)).filter(|row| !row.starts_with("attachment_")).collect();
        assert!(only.is_empty(), "{only:#?}");
        println!("{tried} commands of {} kinds stopped", stopped.len());
        dig_out(database, backend);
        let (_, who, id, kind) = asked.iter().find(|(place, ..)| *place == "registered").unwrap();
        allowed::give(&office, third, who, &read(&office, id), *kind).must(200);
        office.server.place.must_be_sound();
    }
}
