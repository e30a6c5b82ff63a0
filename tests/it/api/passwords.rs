//! How long a password holds, which are taken, and accounts that nobody uses.

use serde_json::{Value, json};

use super::operations::{Ids, check_answer, operations, told, without_request};
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Office, PASSWORD};
use crate::support::server::{GONGKAI, block_on};

pub fn login(office: &Office, username: &str, password: &str) -> Reply {
    office.anonymous().post("/auth/login", &json!({ "username": username, "password": password }))
}

pub fn signed_in(office: &Office, username: &str, password: &str) -> Client {
    let tokens = login(office, username, password).must(200);
    office.anonymous().header("Authorization", format!("Bearer {}", tokens.str("/access_token")))
}

pub fn change(caller: &Client, current: &str, new: &str) -> Reply {
    caller.put("/me/password", &json!({ "current_password": current, "new_password": new }))
}

/// Puts an instant of an account so many days and minutes back.
pub fn set_back(office: &Office, column: &str, username: &str, (days, minutes): (i64, i64)) {
    let database = &office.server.place.database;
    let then = chrono::TimeDelta::days(days) + chrono::TimeDelta::minutes(minutes);
    let then = gongkai::clock::Clock::System.now() - then;
    let then = match database.backend {
        Backend::Sqlite => then.timestamp_micros().to_string(),
        Backend::Postgres => format!("'{}'", then.to_rfc3339()),
    };
    database
        .execute(&format!("UPDATE accounts SET {column} = {then} WHERE username = '{username}'"))
        .unwrap();
}

fn disabled(office: &Office) -> Vec<String> {
    let yes = if office.server.place.database.backend == Backend::Sqlite { "1" } else { "true" };
    let all = format!("SELECT username AS line FROM accounts WHERE disabled = {yes} ORDER BY username");
    office.server.place.database.lines(&all)
}

both_databases! {
    fn a_password_that_is_too_old_opens_nothing_but_its_change(backend) {
        let office = Office::open(backend);
        let clerk = signed_in(&office, "320800.clerk", PASSWORD);
        set_back(&office, "password_set_at", "320800.clerk", (89, 1439));
        let me = clerk.get("/me").must(200);
        assert_eq!(me.at("/must_change_password"), false);
        let expires = me.str("/password_expires_at").parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        let left = expires - gongkai::clock::Clock::System.now();
        assert!(left <= chrono::TimeDelta::minutes(1), "{left}");
        clerk.get("/cases").must(200);
        // Who is signed in is told at once, too.
        set_back(&office, "password_set_at", "320800.clerk", (90, 0));
        assert_eq!(clerk.get("/me").must(200).at("/must_change_password"), true);
        assert_eq!(login(&office, "320800.clerk", PASSWORD).must(200).at("/must_change_password"), true);
        for operation in operations().iter().filter(|operation| !operation.is_public()) {
            if ["readMe", "changePassword", "logout"].contains(&operation.id.as_str()) {
                continue;
            }
            let reply = operation.ask(&clerk, &Ids::default());
            assert_eq!(told(&reply), "403 password_change_required", "{}", operation.id);
        }
        change(&clerk, PASSWORD, "Chun-Jiang-Hua-Yue-Ye").must(204);
        clerk.get("/cases").must(200);
        assert_eq!(clerk.get("/me").must(200).at("/must_change_password"), false);
        office.as_role("clerk-2").get("/cases").must(200);
    }

    fn none_of_the_last_five_passwords_is_taken_again(backend) {
        let office = Office::open(backend);
        let clerk = signed_in(&office, "320800.clerk", PASSWORD);
        let password = |n: usize| if n == 0 { PASSWORD.to_owned() } else { format!("Chun-Jiang-{n}-Hua-Yue") };
        for n in 0_usize..7 {
            for before in n.saturating_sub(5)..n {
                let reply = change(&clerk, &password(n), &password(before)).must(422);
                assert_eq!(reply.str("/errors/0/code"), "used_before", "{before} after {n}");
            }
            assert_eq!(change(&clerk, &password(n), &password(n)).must(422).str("/errors/0/code"), "unchanged");
            change(&clerk, &password(n), &password(n + 1)).must(204);
        }
        // The seventh holds; the first was six passwords ago.
        change(&clerk, &password(7), &password(1)).must(204);
        assert_eq!(office.server.place.database.rows_of("password_history").len(), 5);
        login(&office, "320800.clerk", &password(1)).must(200);
    }

    /// A stolen access token is no way to guess the password: five wrong ones, and none is right any more.
    fn the_password_asked_for_once_more_is_guarded_like_the_first(backend) {
        let office = Office::open(backend);
        let clerk = signed_in(&office, "320800.clerk", PASSWORD);
        for n in 0..5 {
            let wrong = change(&clerk, &format!("Not-The-Password-{n}"), "Chun-Jiang-Hua-Yue-Ye").must(422);
            assert_eq!(wrong.str("/errors/0/code"), "wrong");
        }
        let right = change(&clerk, PASSWORD, "Chun-Jiang-Hua-Yue-Ye").must(422);
        assert_eq!(right.str("/errors/0/code"), "wrong", "it rests");
        assert_eq!(told(&login(&office, "320800.clerk", PASSWORD)), "401 login_failed");
        clerk.get("/cases").must(200);
        set_back(&office, "locked_until", "320800.clerk", (0, 1));
        change(&clerk, PASSWORD, "Chun-Jiang-Hua-Yue-Ye").must(204);
    }

    fn an_account_that_nobody_uses_is_disabled_and_woken_by_an_administrator(backend) {
        let office = Office::open(backend);
        for name in ["clerk", "handler", "archivist"] {
            set_back(&office, "active_at", &office.agency.username(name), (90, 1));
        }
        set_back(&office, "active_at", "320800.clerk-2", (89, 1439));
        // At the sign-in, in the words of every refusal …
        let refused = without_request(&login(&office, "320800.nobody", PASSWORD));
        assert_eq!(without_request(&login(&office, "320800.clerk", PASSWORD)), refused);
        assert_eq!(disabled(&office), ["320800.clerk"]);
        assert_eq!(without_request(&login(&office, "320800.clerk", PASSWORD)), refused);
        login(&office, "320800.clerk-2", PASSWORD).must(200);
        // … or before anybody tries.
        let app = office.server.place.app();
        assert_eq!(block_on(app.disable_dormant_accounts()).unwrap(), 2);
        assert_eq!(block_on(app.disable_dormant_accounts()).unwrap(), 0);
        assert_eq!(disabled(&office), ["320800.archivist", "320800.clerk", "320800.handler"]);
        let recorded = "SELECT record AS line FROM events WHERE event_type = 'account_disabled'";
        let recorded = office.server.place.database.lines(recorded);
        assert!(recorded.len() == 3 && recorded.iter().all(|line| line.contains("dormant")), "{recorded:?}");

        let admin = office.as_role("system_admin");
        let accounts = admin.get("/accounts?limit=200").must(200);
        let accounts = accounts.at("/items").as_array().unwrap();
        let clerk = accounts.iter().find(|account| account["username"] == "320800.clerk").unwrap();
        let path = format!("/accounts/{}", clerk["id"].as_str().unwrap());
        admin.send("PATCH", &path, Some(&json!({ "disabled": false }))).must(204);
        signed_in(&office, "320800.clerk", PASSWORD).get("/cases").must(200);
        // An office whose administrators sleep is woken from its own machine.
        let woken = ["account", "enable", "--username", "320800.archivist"];
        let output = office.server.place.command(GONGKAI).args(woken).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        login(&office, "320800.archivist", PASSWORD).must(200);
        assert_eq!(disabled(&office), ["320800.handler"]);
        office.server.place.must_be_sound();
    }
}

#[test]
fn the_office_chooses_by_what_it_is_guided() {
    let by_nist =
        [("GONGKAI_PASSWORD_PROFILE", "nist"), ("GONGKAI_DORMANT_DAYS", "0"), ("GONGKAI_LOG", "warn")];
    for (settings, taken, refused) in [
        (
            &by_nist[2..],
            vec!["tK7#pq2m!Zx9", "Correct horse battery"],
            vec![
                ("correct horse battery staple", "too_plain"),
                ("tK7#pq2m!Zx", "too_short"),
                ("Gongkai@2026#1", "like_context"),
                ("320800-Gongkai", "like_context"),
            ],
        ),
        (
            &by_nist[..],
            vec!["correct horse battery staple", "窗前明月光疑是地上霜举头望明月"],
            vec![("tK7#pq2m!Zx9", "too_short"), ("Gongkai@2026#320800", "like_context")],
        ),
    ] {
        let office = Office::open_with(Backend::Sqlite, settings);
        let admin = office.as_role("system_admin");
        let make = |n: usize, password: &str| {
            admin.post("/accounts", &json!({ "username": format!("new-{n}"), "password": password }))
        };
        for (n, password) in taken.iter().enumerate() {
            make(n, password).must(201);
            login(&office, &format!("new-{n}"), password).must(200);
        }
        for (password, code) in refused {
            let reply = make(99, password).must(422);
            check_answer(&reply);
            let codes: Vec<&Value> =
                reply.at("/errors").as_array().unwrap().iter().map(|error| &error["code"]).collect();
            assert!(codes.contains(&&json!(code)), "{password}: {codes:?}");
        }
        // Neither age nor rest is asked for by NIST and without the setting.
        if settings.len() > 1 {
            set_back(&office, "password_set_at", "320800.clerk", (3_000, 0));
            set_back(&office, "active_at", "320800.clerk", (3_000, 0));
            let me = signed_in(&office, "320800.clerk", PASSWORD).get("/me").must(200);
            assert_eq!(
                (me.at("/must_change_password"), me.at("/password_expires_at")),
                (&json!(false), &Value::Null)
            );
        }
    }
}

/// An office keeps a list of passwords that became known: in hashes as they are published, or in clear.
#[test]
fn passwords_that_became_known_are_not_taken() {
    use sha1::Digest as _;
    let known = "Chun-Jiang-Hua-Yue-Ye";
    let folder = tempfile::tempdir().unwrap();
    let hash = |text: &str| {
        let hash: [u8; 20] = sha1::Sha1::digest(text.as_bytes()).into();
        gongkai::crypto::hex::encode(&hash).to_uppercase()
    };
    let mut hashes: Vec<String> = (0..1_000).map(|n| hash(&format!("another-{n}"))).collect();
    hashes.push(hash(known));
    hashes.sort();
    let hashes = hashes.join(":3\r\n") + ":3\r\n";
    for (name, text) in [("hashes.txt", hashes), ("clear.txt", format!("another\n{known}\n"))] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let settings = [("GONGKAI_PASSWORD_BLOCKLIST", path.to_str().unwrap())];
        let office = Office::open_with(Backend::Sqlite, &settings);
        let clerk = signed_in(&office, "320800.clerk", PASSWORD);
        let refused = change(&clerk, PASSWORD, known).must(422);
        check_answer(&refused);
        assert_eq!(
            (refused.str("/errors/0/code"), refused.str("/errors/0/pointer")),
            ("breached", "/new_password")
        );
        let new = json!({ "username": "wang", "password": known });
        let refused = office.as_role("system_admin").post("/accounts", &new).must(422);
        assert_eq!(
            (refused.str("/errors/0/code"), refused.str("/errors/0/pointer")),
            ("breached", "/password")
        );
        change(&clerk, PASSWORD, "Chun-Jiang-Hua-Yue-Ye-7").must(204);
        std::fs::write(&path, "").unwrap();
        let start = office.server.place.command(GONGKAI).args(["migrate"]).envs(settings).output().unwrap();
        let said = String::from_utf8(start.stderr).unwrap();
        assert!(!start.status.success() && said.contains("GONGKAI_PASSWORD_BLOCKLIST"), "{said}");
    }
}

/// As long as it may be, in whatever script: what can be set can be signed in with.
#[test]
fn the_longest_password_opens() {
    let office = Office::open(Backend::Sqlite);
    let longest = format!(
        "Aa1{}",
        "窗前明月光疑是地上霜举头望低思故乡床".chars().cycle().take(125).collect::<String>()
    );
    let new = json!({ "username": "long", "password": longest });
    office.as_role("system_admin").post("/accounts", &new).must(201);
    login(&office, "long", &longest).must(200);
}
