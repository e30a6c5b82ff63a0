//! The auditor reads who signed in, who was refused, and what was tried in vain; whoever floods it fills nothing.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::operations::{NOBODY, check_answer, told};
use super::portals::Portal;
use crate::support::client::Client;
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Office, PASSWORD};
use crate::support::server::GONGKAI;
use crate::support::story::CaseStory;

/// All attempts that the auditor finds, once there are enough for the test to go on.
pub(super) fn attempts(auditor: &Client, query: &str, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let since = Instant::now();
    loop {
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let page = auditor.get(&format!("/audit/attempts?after={after}&limit=7{query}")).must(200);
            check_answer(&page);
            let items = page.at("/items").as_array().unwrap().clone();
            let Some(last) = items.last() else { break };
            after = last["seq"].as_u64().unwrap();
            found.extend(items);
        }
        if enough(&found) {
            return found;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "{found:#?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// How many of each kind, of an account.
fn counts(found: &[Value], account: &str) -> BTreeMap<(String, String), u64> {
    let mut counts = BTreeMap::new();
    for item in found.iter().filter(|item| item["account_id"] == account) {
        let of = |member: &str| item[member].as_str().unwrap().to_owned();
        *counts.entry((of("kind"), of("operation"))).or_default() += item["count"].as_u64().unwrap();
    }
    counts
}

fn sign_in(office: &Office, name: &str, password: &str) -> u16 {
    office.anonymous().post("/auth/login", &json!({ "username": name, "password": password })).status
}

both_databases! {
    fn the_auditor_reads_who_was_refused_what(backend) {
        let office = Office::open(backend);
        let auditor = office.as_role("auditor");
        let case = CaseStory::registered(&office);
        let neighbour = office.neighbour("320801");
        let stranger = office.of_agency(&neighbour, "clerk");
        let place = &office.server.place;
        let supervisor = office.as_role("supervisor");
        let me = supervisor.get("/me").must(200).str("/account_id").to_owned();
        let theirs = stranger.get("/me").must(200).str("/account_id").to_owned();

        // For want of a role; for it is another agency's; for it does not exist.
        assert_eq!(told(&supervisor.post("/cases", &crate::support::story::request())), "403 forbidden");
        let before = place.database.contents();
        assert_eq!(told(&stranger.get(&case.path(""))), "404 not_found");
        assert_eq!(told(&stranger.get(&format!("/cases/{NOBODY}"))), "404 not_found");
        assert_eq!(place.database.contents(), before, "and nothing but that is written");
        let denied = |path: &str| ("denied".to_owned(), path.to_owned());
        let found = attempts(&auditor, "", |found| counts(found, &me).contains_key(&denied("POST /api/v1/cases")));
        let own = counts(&found, &me);
        assert_eq!(own[&denied("POST /api/v1/cases")], 1);
        assert_eq!(own[&("signed_in".to_owned(), "POST /api/v1/auth/login".to_owned())], 1);
        assert!(counts(&found, &theirs).is_empty(), "what strangers try is in their agency's record");
        let their_auditor = office.of_agency(&neighbour, "auditor");
        let read = denied("GET /api/v1/cases/{case_id}");
        let found = attempts(&their_auditor, "", |found| !counts(found, &theirs).is_empty());
        assert!(counts(&found, &theirs)[&read] >= 1, "{found:#?}");
        assert_eq!(found.iter().filter(|item| item["kind"] == "denied").map(|item| item["address_hash"].as_str()).collect::<std::collections::BTreeSet<_>>().len(), 1);

        // Wrong passwords until the account rests; a name that is nobody's, which may be a password.
        let name = office.agency.username("handler-2");
        for _ in 0..6 {
            assert_eq!(sign_in(&office, &name, "Not-The-Password-1"), 401);
        }
        let secret = "Mein-Geheimes-Kennwort-7";
        assert_eq!(sign_in(&office, secret, PASSWORD), 401);
        assert_eq!(office.anonymous().post("/auth/refresh", &json!({ "refresh_token": "A".repeat(43) })).status, 401);
        let nobody = attempts(&auditor, "&of=nobody", |found| found.len() >= 2);
        let kinds: Vec<&str> = nobody.iter().map(|item| item["kind"].as_str().unwrap()).collect();
        assert!(kinds.contains(&"sign_in_refused") && kinds.contains(&"refresh_refused"), "{nobody:#?}");
        let refused = nobody.iter().find(|item| item["kind"] == "sign_in_refused").unwrap();
        assert_eq!((refused["name_hash"].as_str().unwrap().len(), &refused["account_id"]), (16, &Value::Null));
        // A refresh token shown twice ends its stay, and is told with its account.
        let signed = json!({ "username": office.agency.username("clerk-2"), "password": PASSWORD });
        let tokens = office.anonymous().post("/auth/login", &signed).must(200);
        let again = json!({ "refresh_token": tokens.str("/refresh_token") });
        office.anonymous().post("/auth/refresh", &again).must(200);
        office.anonymous().post("/auth/refresh", &again).must(401);
        let found = attempts(&auditor, "", |found| {
            let has = |kind: &str| found.iter().any(|item| item["kind"] == kind);
            has("refresh_reused") && (has("locked_out") || has("sign_in_refused"))
        });
        let reused = found.iter().find(|item| item["kind"] == "refresh_reused").unwrap();
        assert!(reused["account_id"].is_string());

        // Nobody but the auditors, and each of his own agency.
        assert_eq!(told(&office.as_role("system_admin").get("/audit/attempts")), "403 forbidden");
        assert_eq!(told(&auditor.get(&format!("/audit/attempts?agency_id={}", neighbour.id))), "404 not_found");
        for wrong in ["limit=0", "limit=101", "after=-1", "x=1", "of=somebody"] {
            assert_eq!(auditor.get(&format!("/audit/attempts?{wrong}")).status, 422, "{wrong}");
        }
        // No name, no address, no password anywhere in it.
        let all = [place.database.rows_of("attempts"), place.database.rows_of("attempt_heads")].concat().join("\n");
        for personal in [secret, "Geheim", "127.0.0.1", "127, 0, 0, 1", &name, "王示例"] {
            assert!(!all.contains(personal), "{personal}: {all}");
        }
        place.must_be_sound();
    }

    /// Equal refusals are counted, kinds of refusals are bounded, and what waits is written when the server stops.
    fn a_flood_is_counted_in_few_rows(backend) {
        let mut office = Office::open(backend);
        let supervisor = office.as_role("supervisor");
        supervisor.get("/me").must(200);
        for _ in 0..300 {
            supervisor.get(&format!("/cases/{NOBODY}")).must(404);
        }
        assert!(office.server.stop().success());
        let rows = office.server.place.database.rows_of("attempts");
        let denied: Vec<&String> = rows.iter().filter(|row| row.contains("denied")).collect();
        assert!((1..=4).contains(&denied.len()), "{denied:?}");
        let count = |row: &str| -> u64 {
            let behind = row.split("\"count\":").nth(1).unwrap();
            behind.split(',').next().unwrap().parse().unwrap()
        };
        assert_eq!(denied.iter().map(|row| count(&row.replace('\\', "").replace("\"\"", "\""))).sum::<u64>(), 300);
        office.server.place.must_be_sound();
    }

    /// What was changed, cut off or added in the chain of attempts is found by `audit verify`.
    fn a_changed_attempt_is_found(backend) {
        let office = Office::open(backend);
        let supervisor = office.as_role("supervisor");
        supervisor.post("/cases", &crate::support::story::request()).must(403);
        let auditor = office.as_role("auditor");
        attempts(&auditor, "", |found| found.len() >= 3);
        let place = &office.server.place;
        let verify = || {
            let ran = place.command(GONGKAI).args(["audit", "verify"]).output().unwrap();
            (ran.status.success(), String::from_utf8(ran.stdout).unwrap())
        };
        assert!(verify().0, "{}", verify().1);
        let on = if backend == Backend::Postgres { " ON attempts" } else { "" };
        for trigger in ["attempts_no_update", "attempts_no_delete"] {
            let refused = place.database.execute(if trigger.ends_with("update") { "UPDATE attempts SET kind = 'denied'" } else { "DELETE FROM attempts" });
            assert!(refused.unwrap_err().contains("append only"));
            place.database.execute(&format!("DROP TRIGGER {trigger}{on}")).unwrap();
        }
        for (change, back, told) in [
            ("UPDATE attempts SET record = replace(record, ':403', ':499')", "UPDATE attempts SET record = replace(record, ':499', ':403')", "its link does not follow"),
            ("UPDATE attempts SET seq = seq + 10 WHERE seq = 2", "UPDATE attempts SET seq = seq - 10 WHERE seq = 12", "attempt 2 of agency"),
            ("UPDATE attempt_heads SET seq = seq + 1", "UPDATE attempt_heads SET seq = seq - 1", "missing from the end"),
        ] {
            place.database.execute(change).unwrap();
            let (sound, said) = verify();
            assert!(!sound && said.contains(told), "{change}: {said}");
            place.database.execute(back).unwrap();
            assert!(verify().0, "{back}: {}", verify().1);
        }
        place.database.execute("DELETE FROM attempts WHERE seq >= 3").unwrap();
        assert!(verify().1.contains("missing from the end"));
    }

    /// An attempt that cannot be recorded is refused all the same, and the log counts it; a sign-in that cannot be is refused, too.
    fn what_cannot_be_recorded_is_refused_all_the_same(backend) {
        let mut office = Office::open(backend);
        let database = &office.server.place.database;
        let supervisor = office.as_role("supervisor");
        supervisor.get("/me").must(200);
        let clerk = office.as_role("clerk");
        clerk.get("/me").must(200);
        let portal = Portal::open(&office, "市政府门户网站");
        let stays = database.rows_of("sessions").len();
        let plant = match backend {
            Backend::Sqlite => "CREATE TRIGGER planted BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'planted fault'); END",
            Backend::Postgres => {
                "CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted fault'; END $$; \
                 CREATE TRIGGER planted BEFORE INSERT ON attempts FOR EACH ROW EXECUTE FUNCTION planted()"
            }
        };
        database.execute(plant).unwrap();
        assert_eq!(told(&supervisor.post("/cases", &crate::support::story::request())), "403 forbidden");
        clerk.post("/cases", &crate::support::story::request()).must(201);
        // Nobody comes in without a record of it; a wrong password is refused as always; who is in goes on.
        let name = office.agency.username("handler");
        assert_eq!((sign_in(&office, &name, PASSWORD), sign_in(&office, &name, "Not-The-Password-1")), (503, 401));
        assert_eq!(portal.ask(&office).status, 503);
        clerk.get("/me").must(200);
        assert_eq!(database.rows_of("sessions").len(), stays, "and no stay was begun");
        assert!(office.server.stop().success());
        let printed = office.server.printed();
        assert!(printed.contains("attempts could not be recorded") && printed.contains("lost"), "{printed}");
        let on = if backend == Backend::Postgres { " ON attempts" } else { "" };
        office.server.place.database.execute(&format!("DROP TRIGGER planted{on}")).unwrap();
        office.server.place.must_be_sound();
    }
}
