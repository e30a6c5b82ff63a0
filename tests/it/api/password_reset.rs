//! Forgotten passwords and first ones: drawn, shown once, good for a while, and no way for the administrator to become another.

use serde_json::{Value, json};

use super::operations::{NOBODY, check_answer, told, without_request};
use super::passwords::{change, login, set_back, signed_in};
use crate::cli::gongkai;
use crate::support::client::Reply;
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Office, PASSWORD};

const OWN: &str = "Chun-Jiang-Hua-Yue-Ye";

/// The account of somebody of the office.
fn account_of(office: &Office, who: &str) -> String {
    office.as_role(who).get("/me").must(200).str("/account_id").to_owned()
}

fn reset(office: &Office, account: &str) -> Reply {
    office.as_role("system_admin").send("POST", &format!("/accounts/{account}/password-reset"), None)
}

/// A password that was drawn: 28 characters in groups of four.
#[track_caller]
fn drawn(reply: &Reply) -> String {
    let password = reply.str("/one_time_password").to_owned();
    assert_eq!(password.split('-').map(str::len).collect::<Vec<_>>(), [4; 7], "{password}");
    password
}

fn events(office: &Office, kind: &str) -> usize {
    let all = format!("SELECT event_type AS line FROM events WHERE event_type = '{kind}'");
    office.server.place.database.lines(&all).len()
}

/// How an account without a second factor, and one with, look to the server.
fn give_second_factor(office: &Office, username: &str) {
    let now = if office.server.place.database.backend == Backend::Sqlite { "1" } else { "now()" };
    let set = format!("UPDATE accounts SET totp_confirmed_at = {now} WHERE username = '{username}'");
    office.server.place.database.execute(&set).unwrap();
}

both_databases! {
    fn a_forgotten_password_is_reset_to_one_drawn_shown_once_and_changed_first(backend) {
        let office = Office::open(backend);
        let account = account_of(&office, "clerk");
        let stay = signed_in(&office, "320800.clerk", PASSWORD);
        let path = format!("/accounts/{account}/password-reset");
        for who in ["clerk-2", "approver", "security_admin", "auditor", "supervisor", "handler"] {
            assert_eq!(told(&office.as_role(who).send("POST", &path, None)), "403 forbidden", "{who}");
        }
        assert_eq!(told(&reset(&office, NOBODY)), "404 not_found");
        // He tried until the account rested, then asked.
        for n in 0..5 {
            login(&office, "320800.clerk", &format!("Not-The-Password-{n}")).must(401);
        }
        let answer = reset(&office, &account).must(200);
        check_answer(&answer);
        let password = drawn(&answer);
        assert_eq!(answer.str("/account_id"), account);
        let until = answer.str("/valid_until").parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let left = until - gongkai::clock::Clock::System.now();
        assert!(left > chrono::TimeDelta::hours(71) && left <= chrono::TimeDelta::hours(72), "{left}");

        assert_eq!(stay.get("/me").status, 401, "his stays have ended");
        assert_eq!(told(&login(&office, "320800.clerk", PASSWORD)), "401 login_failed");
        assert_eq!(login(&office, "320800.clerk", &password).must(200).at("/must_change_password"), true);
        let again = signed_in(&office, "320800.clerk", &password);
        assert_eq!(told(&again.get("/cases")), "403 password_change_required");
        assert_eq!(again.get("/me").must(200).str("/password_expires_at"), answer.str("/valid_until"));
        assert_eq!(change(&again, &password, PASSWORD).must(422).str("/errors/0/code"), "used_before");
        change(&again, &password, OWN).must(204);
        again.get("/cases").must(200);
        assert_eq!(told(&login(&office, "320800.clerk", &password)), "401 login_failed");
        login(&office, "320800.clerk", OWN).must(200);
        assert_eq!((events(&office, "password_reset"), events(&office, "password_changed")), (1, 1));
        let contents = office.server.place.database.contents().join("\n");
        assert!(!contents.contains(&password) && !office.server.printed().contains(&password));
        office.server.place.must_be_sound();
    }

    /// 三员分立: neither his own nor, without a second factor, another administrator's; the operator opens a locked office.
    fn a_reset_makes_nobody_another_administrator(backend) {
        let office = Office::open(backend);
        let own = account_of(&office, "system_admin");
        assert_eq!(told(&reset(&office, &own)), "403 own_account");
        for who in ["security_admin", "auditor"] {
            let account = account_of(&office, who);
            let refused = reset(&office, &account);
            check_answer(&refused);
            assert_eq!(told(&refused), "409 administrator_without_second_factor", "{who}");
            assert!(refused.str("/detail").contains("gongkai account reset-password"), "{}", refused.told());
            login(&office, &office.agency.username(who), PASSWORD).must(200);
        }
        assert_eq!(events(&office, "password_reset"), 0);
        // With one, the password alone opens nothing, and only the security administrator takes the factor away.
        give_second_factor(&office, "320800.auditor");
        let auditor = account_of_username(&office, "320800.auditor");
        let password = drawn(&reset(&office, &auditor).must(200));
        assert_eq!(told(&login(&office, "320800.auditor", &password)), "401 second_factor_required");
        let factor = office.as_role("system_admin").delete(&format!("/accounts/{auditor}/second-factor"));
        assert_eq!(told(&factor), "403 forbidden");

        // On the machine: the one who grants roles has forgotten his.
        let command = ["--json", "account", "reset-password", "--username", "320800.security_admin"];
        let told_there = gongkai(&office.server.place, &command).json();
        let password = told_there["one_time_password"].as_str().unwrap().to_owned();
        change(&signed_in(&office, "320800.security_admin", &password), &password, OWN).must(204);
        login(&office, "320800.security_admin", OWN).must(200);
        let nobody = ["account", "reset-password", "--username", "nobody"];
        assert!(gongkai(&office.server.place, &nobody).failed().contains("no account of this name"));
        let by = "SELECT record AS line FROM events WHERE event_type = 'password_reset' ORDER BY agency_seq";
        let by = office.server.place.database.lines(by);
        assert!(by.len() == 2 && by[1].contains("operator") && !by[0].contains("operator"), "{by:?}");
        // The factor was planted in the row alone, which verification tells.
        office.server.place.database.execute("UPDATE accounts SET totp_confirmed_at = NULL").unwrap();
        office.server.place.must_be_sound();
    }

    fn what_cannot_be_reset_is_told_what_would_be_right(backend) {
        let office = Office::open(backend);
        let admin = office.as_role("system_admin");
        let handler = account_of(&office, "handler");
        admin.send("PATCH", &format!("/accounts/{handler}"), Some(&json!({ "disabled": true }))).must(204);
        assert_eq!(told(&reset(&office, &handler)), "409 account_disabled");
        // Nobody has used it for long: it is disabled as at a sign-in, so that enabling it helps.
        let archivist = account_of(&office, "archivist");
        set_back(&office, "active_at", "320800.archivist", (90, 1));
        assert_eq!(told(&reset(&office, &archivist)), "409 account_disabled");
        admin.send("PATCH", &format!("/accounts/{archivist}"), Some(&json!({ "disabled": false }))).must(204);
        let password = drawn(&reset(&office, &archivist).must(200));
        login(&office, "320800.archivist", &password).must(200);

        let portal = admin.post("/portals", &json!({ "name": "门户" })).must(201);
        let account = account_of_username(&office, &format!("portal-{}", portal.str("/client_id")));
        assert_eq!(told(&reset(&office, &account)), "409 portal_has_secret");
        let there = ["account", "reset-password", "--username", "320800.handler"];
        assert!(gongkai(&office.server.place, &there).failed().contains("enable it first"));
    }

    /// A retry does nothing more and gets what was kept of the first answer: the password is not in it.
    fn a_retry_of_a_reset_shows_no_password_and_sets_none(backend) {
        let office = Office::open(backend);
        let admin = office.as_role("system_admin").idempotency_key("reset-0001");
        let path = format!("/accounts/{}/password-reset", account_of(&office, "clerk"));
        let first = admin.send("POST", &path, None).must(200);
        let password = drawn(&first);
        let retry = admin.send("POST", &path, None).must(200);
        assert_eq!((retry.at("/one_time_password"), retry.at("/valid_until")), (&Value::Null, first.at("/valid_until")));
        assert_eq!(events(&office, "password_reset"), 1);
        login(&office, "320800.clerk", &password).must(200);

        let new = json!({ "username": "wang.clerk" });
        let keyed = office.as_role("system_admin").idempotency_key("create-0001");
        let made = keyed.post("/accounts", &new).must(201);
        let first = drawn(&made);
        let retry = keyed.post("/accounts", &new).must(201);
        assert_eq!((retry.at("/one_time_password"), retry.at("/id")), (&Value::Null, made.at("/id")));
        login(&office, "wang.clerk", &first).must(200);
    }

    fn first_passwords_are_drawn_and_end_when_nobody_uses_them(backend) {
        let office = Office::open(backend);
        let admin = office.as_role("system_admin");
        let made = admin.post("/accounts", &json!({ "username": "wang.clerk" })).must(201);
        check_answer(&made);
        assert_eq!(made.at("/must_change_password"), true);
        let password = drawn(&made);
        let typed = json!({ "username": "li.clerk", "password": "Wei-Chen-Mo-Ji-1876" });
        let typed = admin.post("/accounts", &typed).must(201);
        assert_eq!(typed.at("/one_time_password"), &Value::Null, "he knows it");
        assert!(typed.at("/first_password_valid_until").is_string());

        let refused = without_request(&login(&office, "nobody", &password));
        for (username, password) in [("wang.clerk", password.as_str()), ("li.clerk", "Wei-Chen-Mo-Ji-1876")] {
            set_back(&office, "password_set_at", username, (2, 1439));
            login(&office, username, password).must(200);
            set_back(&office, "password_set_at", username, (3, 0));
            assert_eq!(without_request(&login(&office, username, password)), refused, "as any wrong one");
        }
        // Who came in in time still changes it; who did not gets another.
        let late = reset(&office, made.str("/id")).must(200);
        let caller = signed_in(&office, "wang.clerk", &drawn(&late));
        set_back(&office, "password_set_at", "wang.clerk", (3, 0));
        assert_eq!(told(&caller.get("/cases")), "403 password_change_required");
        change(&caller, &drawn(&late), OWN).must(204);
        login(&office, "wang.clerk", OWN).must(200);
    }
}

fn account_of_username(office: &Office, username: &str) -> String {
    let all = office.as_role("system_admin").get("/accounts?limit=200").must(200);
    let all = all.at("/items").as_array().unwrap();
    let one = all.iter().find(|account| account["username"] == username).unwrap();
    one["id"].as_str().unwrap().to_owned()
}

/// On the command line, too, a first password may be left out.
#[test]
fn the_command_line_draws_a_first_password_when_none_is_given() {
    let settings = [("GONGKAI_FIRST_PASSWORD_HOURS", "5")];
    let office = Office::open_with(Backend::Sqlite, &settings);
    let create = ["account", "create", "--username", "li", "--agency", "320800", "--role", "clerk"];
    let printed = gongkai(&office.server.place, &create).succeeded();
    let password = printed.split("one-time password: ").nth(1).unwrap().split(' ').next().unwrap();
    login(&office, "li", password).must(200);
    set_back(&office, "password_set_at", "li", (0, 299));
    login(&office, "li", password).must(200);
    set_back(&office, "password_set_at", "li", (0, 300));
    assert_eq!(told(&login(&office, "li", password)), "401 login_failed");
}
