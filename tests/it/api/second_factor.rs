//! One-time codes: set by oneself, asked for at each sign-in, taken once, taken away by another; required of those who could do
//! most harm.

use std::time::Duration;

use chrono::{DateTime, Utc};
use gongkai::clock::Clock;
use serde_json::json;

use super::operations::{Ids, check_answer, operations, told, without_request};
use crate::support::authenticator::Authenticator;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{Office, PASSWORD};

/// Waits until the step of codes has some seconds left.
fn early_in_a_step() {
    let left = |now: DateTime<Utc>| 30 - now.timestamp().rem_euclid(30);
    while left(Clock::System.now()) < 12 {
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn login(office: &Office, username: &str, code: Option<&str>) -> Reply {
    let mut body = json!({ "username": username, "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    office.anonymous().post("/auth/login", &body)
}

fn holder(office: &Office, tokens: &Reply) -> Client {
    office.anonymous().header("Authorization", format!("Bearer {}", tokens.str("/access_token")))
}

fn begin(caller: &Client) -> Reply {
    caller.put("/me/second-factor", &json!({ "current_password": PASSWORD }))
}

fn confirm(caller: &Client, code: &str) -> Reply {
    caller.put("/me/second-factor/confirmation", &json!({ "code": code }))
}

/// Forgets which codes were taken, as if an hour had passed.
fn later(office: &Office) {
    office
        .server
        .place
        .database
        .execute("UPDATE accounts SET totp_step = 0, failed_logins = 0, locked_until = NULL")
        .unwrap();
}

both_databases! {
    fn a_second_factor_is_set_asked_for_taken_once_and_taken_away(backend) {
        let office = Office::open(backend);
        let username = "320800.clerk";
        let (clerk, other) = (holder(&office, &login(&office, username, None).must(200)), login(&office, username, None));
        let other = holder(&office, &other.must(200));
        assert_eq!(told(&confirm(&clerk, "123456")), "409 second_factor_not_begun");
        let wrong = clerk.put("/me/second-factor", &json!({ "current_password": "Not-The-Password" })).must(422);
        assert_eq!((wrong.str("/errors/0/pointer"), wrong.str("/errors/0/code")), ("/current_password", "wrong"));
        let (first, begun) = (begin(&clerk).must(200), begin(&clerk).must(200));
        assert_ne!(first.str("/secret"), begun.str("/secret"));
        assert!(begun.str("/uri").starts_with("otpauth://totp/Gongkai:320800.clerk?secret="), "{}", begun.told());
        let (old, telephone) = (Authenticator::typed(first.str("/secret")), Authenticator::typed(begun.str("/secret")));
        early_in_a_step();
        // Until it is confirmed nothing is asked for.
        login(&office, username, None).must(200);
        assert_eq!(confirm(&clerk, &old.code(0)).must(422).str("/errors/0/code"), "wrong");
        assert_eq!(told(&confirm(&clerk, "12345")), "422 invalid");
        assert_eq!(clerk.get("/me").must(200).at("/second_factor"), false);
        confirm(&clerk, &telephone.code(-1)).must(204);
        assert_eq!(clerk.get("/me").must(200).at("/second_factor"), true);
        assert_eq!(other.get("/me").status, 401, "stays without it have ended");
        for again in [begin(&clerk), confirm(&clerk, &telephone.code(0))] {
            assert_eq!(told(&again), "409 second_factor_set");
            check_answer(&again);
        }

        // Asked for, once the password is right; nothing is told to who does not know that.
        let missing = login(&office, username, None);
        check_answer(&missing);
        assert_eq!(told(&missing), "401 second_factor_required");
        let nobody = without_request(&login(&office, "320800.nobody", None));
        let guess = |password: &str, code: Option<&str>| {
            let body = json!({ "username": username, "password": password, "code": code.unwrap_or("000000") });
            without_request(&office.anonymous().post("/auth/login", &body))
        };
        assert_eq!(guess("Not-The-Password", Some(&telephone.code(0))), nobody);
        assert_eq!(guess(PASSWORD, Some(&telephone.wrong())), nobody);
        assert_eq!(guess(PASSWORD, Some(&old.code(0))), nobody);
        // The code of the confirmation was taken; each step is taken once, and none before it any more.
        assert_eq!(guess(PASSWORD, Some(&telephone.code(-1))), nobody);
        later(&office);
        login(&office, username, Some(&telephone.code(0))).must(200);
        assert_eq!(guess(PASSWORD, Some(&telephone.code(0))), nobody, "taken");
        assert_eq!(guess(PASSWORD, Some(&telephone.code(-1))), nobody, "older than one that was taken");
        login(&office, username, Some(&telephone.code(1))).must(200);
        assert_eq!(guess(PASSWORD, Some(&telephone.code(1))), nobody, "taken");
        assert_eq!(guess(PASSWORD, Some(&telephone.code(3))), nobody, "of another time");

        // Wrong codes lock like wrong passwords.
        later(&office);
        for _ in 0..5 {
            assert_eq!(guess(PASSWORD, Some(&telephone.wrong())), nobody);
        }
        assert_eq!(guess(PASSWORD, Some(&telephone.code(0))), nobody, "it rests");
        office.server.place.database.execute("UPDATE accounts SET locked_until = NULL").unwrap();

        // Lost: another takes it away, and nobody his own.
        let account = clerk.get("/me").must(200).str("/account_id").to_owned();
        let path = format!("/accounts/{account}/second-factor");
        for who in ["clerk-2", "approver", "system_admin", "auditor", "supervisor", "handler"] {
            assert_eq!(told(&office.as_role(who).delete(&path)), "403 forbidden", "{who}");
        }
        let security = office.as_role("security_admin");
        let own = security.get("/me").must(200).str("/account_id").to_owned();
        assert_eq!(told(&security.delete(&format!("/accounts/{own}/second-factor"))), "403 own_account");
        security.delete(&path).must(204);
        security.delete(&path).must(204);
        assert_eq!(clerk.get("/me").status, 401);
        login(&office, username, None).must(200);
        let recorded = "SELECT event_type AS line FROM events WHERE event_type LIKE 'second_factor%' ORDER BY agency_seq";
        let recorded = office.server.place.database.lines(recorded);
        assert_eq!(recorded, ["second_factor_set", "second_factor_reset"]);
        // Neither the secret nor a code stands anywhere in clear.
        let contents = office.server.place.database.contents().join("\n");
        let printed = office.server.printed();
        for secret in [begun.str("/secret"), first.str("/secret")] {
            assert!(!contents.contains(secret) && !printed.contains(secret));
        }
        office.server.place.must_be_sound();
    }

    /// Many at once with the same code: one comes in.
    fn a_code_shown_by_many_at_once_lets_one_in(backend) {
        let office = Office::open(backend);
        let username = "320800.approver";
        let caller = holder(&office, &login(&office, username, None).must(200));
        let telephone = Authenticator::typed(begin(&caller).must(200).str("/secret"));
        early_in_a_step();
        confirm(&caller, &telephone.code(-1)).must(204);
        let code = telephone.code(0);
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| login(&office, username, Some(&code)))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1, "{replies:?}");
    }
}

/// Where the setting asks for it, administrators and approvers do nothing without.
#[test]
fn who_must_have_a_second_factor_may_only_set_one() {
    let required = [("GONGKAI_SECOND_FACTOR", "required")];
    let office = Office::open_with(crate::support::databases::Backend::Sqlite, &required);
    for name in ["system_admin", "security_admin", "auditor", "approver"] {
        let username = office.agency.username(name);
        let caller = holder(&office, &login(&office, &username, None).must(200));
        let me = caller.get("/me").must(200);
        assert_eq!(
            (me.at("/must_set_second_factor"), me.at("/second_factor")),
            (&json!(true), &json!(false))
        );
        for operation in operations().iter().filter(|operation| !operation.is_public()) {
            let open = ["readMe", "changePassword", "logout", "beginSecondFactor", "confirmSecondFactor"];
            if !open.contains(&operation.id.as_str()) {
                let reply = operation.ask(&caller, &Ids::default());
                assert_eq!(told(&reply), "403 second_factor_setup_required", "{}", operation.id);
                check_answer(&reply);
            }
        }
        let telephone = Authenticator::typed(begin(&caller).must(200).str("/secret"));
        early_in_a_step();
        confirm(&caller, &telephone.code(-1)).must(204);
        assert_eq!(caller.get("/agencies").must(200).at("/items/0/code"), "320800");
        assert_eq!(told(&login(&office, &username, None)), "401 second_factor_required");
        login(&office, &username, Some(&telephone.code(0))).must(200);
    }
    for name in ["clerk", "handler", "legal_reviewer", "secrecy_reviewer", "archivist", "supervisor"] {
        office.as_role(name).get("/agencies").must(200);
    }
}
