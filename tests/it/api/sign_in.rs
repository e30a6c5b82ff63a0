//! Signing in, staying signed in, signing out, and one's own password.

use serde_json::{Value, json};

use super::operations::{Ids, check_answer, operations, told, without_request};
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Office, PASSWORD};
use crate::support::story::request;

const FIRST: &str = "Wei-Chen-Mo-Ji-1876";
const SECOND: &str = "Chun-Jiang-Hua-Yue-Ye";

fn login(office: &Office, username: &str, password: &str) -> Reply {
    office.anonymous().post("/auth/login", &json!({ "username": username, "password": password }))
}

/// What a sign-in hands out, and who shows it.
struct Stay {
    caller: Client,
    access: String,
    refresh: String,
}

impl Stay {
    fn of(office: &Office, tokens: &Reply) -> Self {
        let access = tokens.str("/access_token").to_owned();
        assert_eq!((tokens.str("/token_type"), tokens.at("/expires_in")), ("Bearer", &json!(600)));
        let caller = office.anonymous().header("Authorization", format!("Bearer {access}"));
        Self { caller, access, refresh: tokens.str("/refresh_token").to_owned() }
    }

    /// The clerk's, or another's, by his username.
    fn begin(office: &Office, username: &str) -> Self {
        Self::of(office, &login(office, username, PASSWORD).must(200))
    }

    fn lives(&self) -> bool {
        let me = self.caller.get("/me");
        check_answer(&me);
        assert!(me.status == 200 || told(&me) == "401 unauthenticated", "{}", me.told());
        me.status == 200
    }
}

fn refresh(office: &Office, token: &str) -> Reply {
    office.anonymous().post("/auth/refresh", &json!({ "refresh_token": token }))
}

/// Makes an account as the administrators do: one makes it, another says what it may be. Its id.
pub fn make_account(office: &Office, new: &Value, roles: &Value) -> String {
    let made = office.as_role("system_admin").post("/accounts", new).must(201);
    let id = made.str("/id").to_owned();
    let path = format!("/accounts/{id}/roles");
    office.as_role("security_admin").put(&path, &json!({ "roles": roles })).must(204);
    id
}

both_databases! {
    fn a_first_password_opens_nothing_but_its_own_change(backend) {
        let office = Office::open(backend);
        let new = json!({ "username": "wang.clerk", "password": FIRST });
        let id = make_account(&office, &new, &json!([{ "role": "clerk" }]));
        let tokens = login(&office, "wang.clerk", FIRST).must(200);
        assert_eq!(tokens.at("/must_change_password"), true);
        let stay = Stay::of(&office, &tokens);
        let ids = Ids { account: id.clone(), agency: office.agency.id.to_string(), ..Ids::default() };
        let mut closed = 0;
        for operation in operations().iter().filter(|operation| !operation.is_public()) {
            if ["readMe", "changePassword", "logout"].contains(&operation.id.as_str()) {
                continue;
            }
            let reply = operation.ask(&stay.caller, &ids);
            check_answer(&reply);
            assert_eq!(told(&reply), "403 password_change_required", "{}", operation.id);
            closed += 1;
        }
        assert!(closed >= 26, "{closed}");
        let me = stay.caller.get("/me").must(200);
        assert_eq!((me.at("/must_change_password"), me.str("/account_id")), (&json!(true), id.as_str()));
        let other = Stay::of(&office, &login(&office, "wang.clerk", FIRST).must(200));
        other.caller.send("POST", "/auth/logout", None).must(204);

        let change = |current: &str, new: &str| {
            stay.caller.put("/me/password", &json!({ "current_password": current, "new_password": new }))
        };
        assert_eq!(change(SECOND, SECOND).must(422).str("/errors/0/code"), "wrong");
        assert_eq!(change(FIRST, FIRST).must(422).str("/errors/0/code"), "unchanged");
        change(FIRST, SECOND).must(204);
        stay.caller.post("/cases", &request()).must(201);
        assert_eq!(stay.caller.get("/me").must(200).at("/must_change_password"), false);
        assert_eq!(told(&login(&office, "wang.clerk", FIRST)), "401 login_failed");
        assert_eq!(login(&office, "wang.clerk", SECOND).must(200).at("/must_change_password"), false);
        assert_eq!(refresh(&office, &stay.refresh).must(200).at("/must_change_password"), false);
    }

    fn a_refresh_token_is_good_once_and_shown_twice_ends_the_stay(backend) {
        let office = Office::open(backend);
        let other = Stay::begin(&office, "320800.clerk");
        let first = Stay::begin(&office, "320800.clerk");
        let second = Stay::of(&office, &refresh(&office, &first.refresh).must(200));
        let third = Stay::of(&office, &refresh(&office, &second.refresh).must(200));
        assert!(first.refresh != second.refresh && second.refresh != third.refresh);
        assert!(first.lives() && second.lives() && third.lives());
        let refused = without_request(&refresh(&office, "not one of ours"));
        assert_eq!(refused.0, 401);
        assert_eq!(without_request(&refresh(&office, &"A".repeat(43))), refused);
        assert_eq!(without_request(&refresh(&office, &third.access[..43])), refused);
        assert!(third.lives());
        // Somebody has a copy of the first one: neither he nor the owner goes on.
        assert_eq!(without_request(&refresh(&office, &first.refresh)), refused);
        assert!(!first.lives() && !second.lives() && !third.lives(), "the stay has ended");
        assert_eq!(without_request(&refresh(&office, &third.refresh)), refused);
        assert!(other.lives(), "the other stay goes on");
        refresh(&office, &other.refresh).must(200);
    }

    fn signing_out_ends_this_stay_at_once(backend) {
        let office = Office::open(backend);
        let (one, other) = (Stay::begin(&office, "320800.clerk"), Stay::begin(&office, "320800.clerk"));
        one.caller.send("POST", "/auth/logout", None).must(204);
        assert!(!one.lives() && other.lives());
        assert_eq!(told(&refresh(&office, &one.refresh)), "401 unauthenticated");
        assert_eq!(told(&one.caller.send("POST", "/auth/logout", None)), "401 unauthenticated");
        refresh(&office, &other.refresh).must(200);
    }

    fn a_new_password_ends_every_other_stay(backend) {
        let office = Office::open(backend);
        let stays: Vec<Stay> = (0..3).map(|_| Stay::begin(&office, "320800.clerk")).collect();
        let colleague = Stay::begin(&office, "320800.clerk-2");
        let change = json!({ "current_password": PASSWORD, "new_password": SECOND });
        stays[1].caller.put("/me/password", &change).must(204);
        assert_eq!(stays.iter().map(Stay::lives).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(told(&refresh(&office, &stays[0].refresh)), "401 unauthenticated");
        refresh(&office, &stays[1].refresh).must(200);
        assert!(colleague.lives());
        assert_eq!(told(&login(&office, "320800.clerk", PASSWORD)), "401 login_failed");
        login(&office, "320800.clerk", SECOND).must(200);
    }

    fn five_wrong_passwords_lock_the_account_and_every_refusal_looks_alike(backend) {
        let office = Office::open(backend);
        let database = &office.server.place.database;
        let stay = Stay::begin(&office, "320800.handler");
        let wrong = |password: &str| without_request(&login(&office, "320800.handler", password));
        let refused = without_request(&login(&office, "320800.nobody", PASSWORD));
        assert_eq!((refused.0, &refused.2["code"]), (401, &json!("login_failed")));
        // Four are forgiven, again and again.
        for _ in 0..2 {
            for n in 0..4 {
                assert_eq!(wrong(&format!("Not-The-Password-{n}")), refused);
            }
            login(&office, "320800.handler", PASSWORD).must(200);
        }
        for n in 0..5 {
            assert_eq!(wrong(&format!("Not-The-Password-{n}")), refused);
        }
        assert_eq!(wrong(PASSWORD), refused, "the right one is refused now, in the same words");
        assert!(stay.lives(), "who is signed in stays so");
        login(&office, "320800.handler-2", PASSWORD).must(200);
        // After its rest it is open again.
        let locked = "SELECT username AS line FROM accounts WHERE locked_until IS NOT NULL";
        assert_eq!(database.lines(locked), ["320800.handler"]);
        let past = match backend {
            Backend::Sqlite => "1577836800000000",
            Backend::Postgres => "'2020-01-01T00:00:00Z'",
        };
        let rested = format!("UPDATE accounts SET locked_until = {past} WHERE locked_until IS NOT NULL");
        database.execute(&rested).unwrap();
        login(&office, "320800.handler", PASSWORD).must(200);
        assert_eq!(database.lines(locked), Vec::<String>::new());
        // A disabled account looks like none, and its stays end.
        let yes = match backend {
            Backend::Sqlite => "1",
            Backend::Postgres => "true",
        };
        let disable = format!("UPDATE accounts SET disabled = {yes} WHERE username = '320800.handler'");
        database.execute(&disable).unwrap();
        assert_eq!(wrong(PASSWORD), refused);
        assert!(!stay.lives());
        assert_eq!(told(&refresh(&office, &stay.refresh)), "401 unauthenticated");
    }
}

#[test]
fn a_weak_password_is_refused_and_told_why() {
    let office = Office::open(Backend::Sqlite);
    let long = "Xq7-".repeat(2) + &"一二三四五六七八九十".repeat(13);
    for (password, codes) in [
        ("Xq7-rT2-vB9", vec!["too_short"]),
        ("", vec!["too_short", "monotonous"]),
        (long.as_str(), vec!["too_long"]),
        ("password1234", vec!["common"]),
        ("P@ssw0rd12345", vec!["common"]),
        ("aaaaaaaaaaaaaa", vec!["monotonous"]),
        ("abcdefghijklmnop", vec!["monotonous"]),
        ("123412341234", vec!["monotonous"]),
        ("320800.clerk-1", vec!["like_username"]),
    ] {
        let clerk = office.as_role("clerk");
        let change = json!({ "current_password": PASSWORD, "new_password": password });
        let new = json!({ "username": "320800.clerk", "password": password });
        let changed = clerk.put("/me/password", &change);
        let made = office.as_role("system_admin").post("/accounts", &new);
        for (reply, pointer) in [(changed, "/new_password"), (made, "/password")] {
            assert_eq!(told(&reply), "422 invalid", "{password}: {}", reply.told());
            let errors = reply.at("/errors").as_array().unwrap();
            let found: Vec<&str> = errors.iter().filter_map(|error| error["code"].as_str()).collect();
            for code in &codes {
                assert!(found.contains(code), "{password}: {found:?}");
            }
            assert!(errors.iter().all(|error| error["pointer"] == pointer), "{}", reply.told());
        }
    }
    login(&office, "320800.clerk", PASSWORD).must(200);
    // Long phrases without a digit are good, in any script, where three kinds of characters are not asked for.
    let office = Office::open_with(Backend::Sqlite, &[("GONGKAI_PASSWORD_PROFILE", "nist")]);
    for (n, password) in ["窗前明月光疑是地上霜举头望明月", "correct horse battery staple"].iter().enumerate()
    {
        let new = json!({ "username": format!("good-{n}"), "password": password });
        office.as_role("system_admin").post("/accounts", &new).must(201);
        login(&office, &format!("good-{n}"), password).must(200);
    }
}

#[test]
fn no_answer_repeats_a_password_or_a_token() {
    let office = Office::open(Backend::Sqlite);
    let reader = office.anonymous().accept_language("en");
    let secret = "7788990011223344";
    for body in [
        json!({ "username": "320800.clerk", "password": 7_788_990_011_223_344_i64 }),
        json!({ "username": "320800.clerk", "password": [secret] }),
        json!({ "username": "320800.clerk", "password": { secret: 1 } }),
        json!({ "username": "320800.clerk", "password": secret }),
        json!({ "username": "", "password": secret }),
        json!({ "username": "320800.clerk", "password": format!("{secret}\u{0}") }),
    ] {
        let reply = reader.post("/auth/login", &body);
        assert!(matches!(reply.status, 401 | 422), "{}", reply.told());
        assert!(!reply.text.contains(secret), "{}", reply.told());
    }
    let token = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV";
    assert!(!reader.post("/auth/refresh", &json!({ "refresh_token": token })).must(401).text.contains(token));
    let new = json!({ "username": "wang", "password": FIRST });
    let made = office.as_role("system_admin").idempotency_key("wang").post("/accounts", &new).must(201);
    let again = office.as_role("system_admin").idempotency_key("wang").post("/accounts", &new).must(201);
    assert_eq!(again.text, made.text);
    let listed = office.as_role("system_admin").get("/accounts?limit=200").must(200);
    for reply in [made, listed] {
        assert!(!reply.text.contains(FIRST) && !reply.text.contains("argon2"), "{}", reply.told());
    }
    let printed = office.server.printed();
    for secret in [FIRST, PASSWORD, secret, token] {
        assert!(!printed.contains(secret), "the log has it");
    }
}
