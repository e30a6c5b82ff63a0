//! Where somebody is signed in, and how that ends: by himself, by an administrator, by a refresh token shown twice, on every
//! instance.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::operations::{NOBODY, check_answer, told, without_request};
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{BUDGET, Office, PASSWORD};
use crate::support::server::Instance;

/// Somebody signed in, once.
struct Stay {
    caller: Client,
    access: String,
    refresh: String,
}

impl Stay {
    fn begin(office: &Office, username: &str) -> Self {
        let login = json!({ "username": username, "password": PASSWORD });
        Self::of(office, &office.anonymous().post("/auth/login", &login).must(200))
    }

    fn of(office: &Office, tokens: &Reply) -> Self {
        let access = format!("Bearer {}", tokens.str("/access_token"));
        Self {
            caller: office.anonymous().header("Authorization", access.as_str()),
            access,
            refresh: tokens.str("/refresh_token").to_owned(),
        }
    }

    fn lives(&self) -> bool {
        self.caller.get("/me").status == 200
    }

    fn listed(&self) -> Vec<Value> {
        let reply = self.caller.get("/me/sessions").must(200);
        check_answer(&reply);
        reply.at("/items").as_array().unwrap().clone()
    }

    /// The id of this one.
    fn id(&self) -> String {
        let own = self.listed().into_iter().find(|session| session["current"] == true).unwrap();
        own["id"].as_str().unwrap().to_owned()
    }
}

fn refresh(office: &Office, token: &str) -> Reply {
    office.anonymous().post("/auth/refresh", &json!({ "refresh_token": token }))
}

fn account_of(office: &Office, name: &str) -> String {
    office.as_role(name).get("/me").must(200).str("/account_id").to_owned()
}

/// The names of what was recorded about accounts, in order.
fn recorded(office: &Office) -> Vec<String> {
    let database = &office.server.place.database;
    database.lines(
        "SELECT event_type AS line FROM events WHERE event_type IN ('sessions_ended', 'account_disabled', \
         'account_enabled') ORDER BY agency_seq",
    )
}

both_databases! {
    fn ones_sessions_are_listed_and_ended(backend) {
        let office = Office::open(backend);
        let stays: Vec<Stay> = (0..3).map(|_| Stay::begin(&office, "320800.clerk")).collect();
        let colleague = Stay::begin(&office, "320800.clerk-2");
        let listed = stays[1].listed();
        assert_eq!(listed.len(), 3, "{listed:?}");
        let current: Vec<&Value> = listed.iter().map(|session| &session["current"]).collect();
        assert_eq!(current, [false, true, false], "the newest first");
        for session in &listed {
            let at = |name: &str| session[name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
            assert_eq!((at("expires_at") - at("began_at")).num_hours(), 12);
            assert!(at("last_used_at") >= at("began_at"));
            assert_eq!(session.as_object().unwrap().len(), 5, "no address and no device");
        }
        // Another's looks like none.
        let path = |id: &str| format!("/me/sessions/{id}");
        let foreign = stays[0].caller.delete(&path(&colleague.id()));
        assert_eq!(told(&foreign), "404 not_found");
        assert_eq!(without_request(&foreign), without_request(&stays[0].caller.delete(&path(NOBODY))));
        assert_eq!(without_request(&foreign), without_request(&stays[0].caller.delete(&path("x"))));
        assert!(colleague.lives());

        let (third, own) = (stays[2].id(), stays[0].id());
        stays[0].caller.delete(&path(&third)).must(204);
        assert!(stays[0].lives() && stays[1].lives() && !stays[2].lives());
        assert_eq!(refresh(&office, &stays[2].refresh).status, 401);
        stays[0].caller.delete(&path(&third)).must(204);
        stays[0].caller.delete("/me/sessions").must(204);
        assert!(stays[0].lives() && !stays[1].lives());
        assert_eq!(stays[0].listed().len(), 1);
        stays[0].caller.delete(&path(&own)).must(204);
        assert!(!stays[0].lives() && colleague.lives());
        assert_eq!(recorded(&office), Vec::<String>::new(), "what one does with one's own is one's own");
    }

    /// Somebody with a stolen token throws nobody out: to end another stay one has shown within ten minutes who one is.
    fn other_stays_are_ended_by_who_signed_in_lately(backend) {
        let office = Office::open(backend);
        let (old, other) = (Stay::begin(&office, "320800.clerk"), Stay::begin(&office, "320800.clerk"));
        let database = &office.server.place.database;
        let back = |minutes: i64| {
            let then = gongkai::clock::Clock::System.now() - chrono::TimeDelta::minutes(minutes);
            let then = match backend {
                Backend::Sqlite => then.timestamp_micros().to_string(),
                Backend::Postgres => format!("'{}'", then.to_rfc3339()),
            };
            database.execute(&format!("UPDATE sessions SET created_at = {then}")).unwrap();
        };
        back(10);
        // A renewal shows nothing anew.
        let renewed = Stay::of(&office, &refresh(&office, &old.refresh).must(200));
        let path = format!("/me/sessions/{}", other.id());
        for stay in [&old, &renewed] {
            for reply in [stay.caller.delete("/me/sessions"), stay.caller.delete(&path)] {
                assert_eq!(told(&reply), "403 sign_in_again");
                check_answer(&reply);
            }
        }
        assert!(other.lives() && old.listed().len() == 2);
        let fresh = Stay::begin(&office, "320800.clerk");
        fresh.caller.delete(&path).must(204);
        assert!(!other.lives() && renewed.lives());
        // Signing out asks for nothing.
        renewed.caller.delete(&format!("/me/sessions/{}", renewed.id())).must(204);
        fresh.caller.delete("/me/sessions").must(204);
        back(9);
        fresh.caller.delete("/me/sessions").must(204);
        assert!(fresh.lives());
    }

    fn an_administrator_ends_sessions_and_disables_accounts(backend) {
        let office = Office::open(backend);
        let account = account_of(&office, "handler");
        let (stay, admin) = (Stay::begin(&office, "320800.handler"), office.as_role("system_admin"));
        let (path, sessions) = (format!("/accounts/{account}"), format!("/accounts/{account}/sessions"));
        let disabled = |yes: bool| json!({ "disabled": yes });
        for who in ["clerk", "approver", "security_admin", "auditor", "supervisor", "handler"] {
            let caller = office.as_role(who);
            assert_eq!(told(&caller.delete(&sessions)), "403 forbidden", "{who}");
            assert_eq!(told(&caller.send("PATCH", &path, Some(&disabled(true)))), "403 forbidden", "{who}");
        }
        admin.delete(&sessions).must(204);
        assert!(!stay.lives());
        assert_eq!(refresh(&office, &stay.refresh).status, 401);
        let stay = Stay::begin(&office, "320800.handler");
        assert!(stay.lives(), "he may sign in again");

        admin.send("PATCH", &path, Some(&disabled(true))).must(204);
        admin.send("PATCH", &path, Some(&disabled(true))).must(204);
        assert!(!stay.lives());
        let login = |name: &str| {
            let body = json!({ "username": name, "password": PASSWORD });
            without_request(&office.anonymous().post("/auth/login", &body))
        };
        assert_eq!(login("320800.handler"), login("320800.nobody"), "it looks like none");
        let listed = admin.get("/accounts?limit=200").must(200);
        let row = listed.at("/items").as_array().unwrap().iter().find(|item| item["id"] == account.as_str()).unwrap();
        assert_eq!(row["disabled"], true);
        admin.send("PATCH", &path, Some(&disabled(false))).must(204);
        assert!(!stay.lives(), "what has ended does not come back");
        assert_eq!(refresh(&office, &stay.refresh).status, 401);
        assert_eq!(login("320800.handler").0, 200);
        assert_eq!(recorded(&office), ["sessions_ended", "account_disabled", "account_enabled"]);

        // Never oneself, by whichever account.
        let own = account_of(&office, "system_admin");
        for reply in [
            admin.delete(&format!("/accounts/{own}/sessions")),
            admin.send("PATCH", &format!("/accounts/{own}"), Some(&disabled(true))),
            admin.send("PATCH", &format!("/accounts/{own}"), Some(&disabled(false))),
        ] {
            assert_eq!(told(&reply), "403 own_account");
            check_answer(&reply);
        }
        assert_eq!(told(&admin.send("PATCH", &path, Some(&json!({})))), "422 invalid");
        office.server.place.must_be_sound();
    }

    /// Fifty at once show the same refresh token: one of them may have gone on for a moment, no more; and because it was shown
    /// again, nobody goes on.
    fn a_refresh_token_shown_by_many_at_once_leaves_nobody(backend) {
        let office = Office::open(backend);
        let stay = Stay::begin(&office, "320800.clerk");
        let other = Stay::begin(&office, "320800.clerk");
        let together = Barrier::new(50);
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let shown: Vec<_> = (0..50)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        refresh(&office, &stay.refresh)
                    })
                })
                .collect();
            shown.into_iter().map(|shown| shown.join().unwrap()).collect()
        });
        let gone_on: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert!(gone_on.len() == 1, "{} went on", gone_on.len());
        assert!(replies.iter().all(|reply| matches!(reply.status, 200 | 401)));
        let next = Stay::of(&office, gone_on[0]);
        assert!(!next.lives() && !stay.lives(), "the family is dead");
        assert_eq!(refresh(&office, &next.refresh).status, 401);
        assert!(other.lives(), "the other stay is not of the family");
        // Two at once, many times, on a fresh stay each: never two descendants.
        for _ in 0..10 {
            let stay = Stay::begin(&office, "320800.clerk");
            let both = std::thread::scope(|scope| {
                let one = scope.spawn(|| refresh(&office, &stay.refresh));
                let two = refresh(&office, &stay.refresh);
                [one.join().unwrap(), two]
            });
            let live = both.iter().filter(|reply| reply.status == 200);
            let live = live.filter(|reply| Stay::of(&office, reply).lives()).count();
            assert!(live <= 1, "{live} descendants live");
        }
    }
}

/// Two instances on one database: what ends at the one has ended at the other. Measured from the answer of the one to the
/// first refusal of the other.
#[test]
fn a_revocation_counts_on_every_instance_within_a_second() {
    let office = Office::open(Backend::Postgres);
    let second = Instance::beside(&office.server);
    let (admin, security) = (office.as_role("system_admin"), office.as_role("security_admin"));
    let account = format!("/accounts/{}", account_of(&office, "handler"));
    let disabled = |yes: bool| admin.send("PATCH", &account, Some(&json!({ "disabled": yes }))).must(204);
    let roles =
        |roles: &Value| security.put(&format!("{account}/roles"), &json!({ "roles": roles })).must(204);
    let department = office.department(BUDGET);
    let (mut slowest, mut measured) = (Duration::ZERO, 0);
    for _ in 0..5 {
        for way in ["logout", "own", "others", "administrator", "reuse", "disabled", "roles"] {
            let stay = Stay::begin(&office, "320800.handler");
            let elsewhere = Client::anonymous(second.address()).header("Authorization", stay.access.as_str());
            let (asked, refused) = if way == "roles" { ("/cases", 403) } else { ("/me", 401) };
            elsewhere.get(asked).must(200);
            match way {
                "logout" => stay.caller.send("POST", "/auth/logout", None).must(204),
                "own" => stay.caller.delete(&format!("/me/sessions/{}", stay.id())).must(204),
                "others" => Stay::begin(&office, "320800.handler").caller.delete("/me/sessions").must(204),
                "administrator" => admin.delete(&format!("{account}/sessions")).must(204),
                "reuse" => {
                    refresh(&office, &stay.refresh).must(200);
                    refresh(&office, &stay.refresh).must(401)
                }
                "disabled" => disabled(true),
                _ => roles(&json!([])),
            };
            let ended = Instant::now();
            while elsewhere.get(asked).status != refused {
                assert!(ended.elapsed() < Duration::from_secs(5), "{way}: it goes on at the other instance");
            }
            slowest = slowest.max(ended.elapsed());
            measured += 1;
            disabled(false);
            roles(&json!([{ "role": "handler", "department_id": department }]));
        }
    }
    println!("{measured} revocations: the other instance knew after {slowest:?} at the latest");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}
