//! What `docs/asvs.csv` promises and no other test shows: stays that end by themselves, a fresh database without a way in, a log that
//! nobody can write into, dependencies from one place.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use gongkai::clock::Clock;
use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Office, PASSWORD};
use crate::support::server::{Place, Server};

fn login(office: &Office) -> Reply {
    let body = json!({ "username": "320800.clerk", "password": PASSWORD });
    office.anonymous().post("/auth/login", &body).must(200)
}

fn holder(office: &Office, tokens: &Reply) -> Client {
    office.anonymous().header("Authorization", format!("Bearer {}", tokens.str("/access_token")))
}

fn refresh(office: &Office, tokens: &Reply) -> Reply {
    office.anonymous().post("/auth/refresh", &json!({ "refresh_token": tokens.str("/refresh_token") }))
}

/// Sets an instant of every stay, counted from now.
fn set(office: &Office, column: &str, from_now: TimeDelta) {
    let database = &office.server.place.database;
    let then = Clock::System.now() + from_now;
    let then = match database.backend {
        Backend::Sqlite => then.timestamp_micros().to_string(),
        Backend::Postgres => format!("'{}'", then.to_rfc3339()),
    };
    database.execute(&format!("UPDATE sessions SET {column} = {then}")).unwrap();
}

both_databases! {
    /// GB/T 22239-2019, 8.1.4.1 b; ASVS 7.3.1.
    fn a_stay_that_nobody_goes_on_with_ends_after_thirty_minutes(backend) {
        let office = Office::open(backend);
        let tokens = login(&office);
        set(&office, "last_used_at", TimeDelta::seconds(-(30 * 60 - 20)));
        let next = refresh(&office, &tokens).must(200);
        // That was a use: the half hour begins anew.
        set(&office, "last_used_at", TimeDelta::seconds(-(30 * 60 - 20)));
        let last = refresh(&office, &next).must(200);
        set(&office, "last_used_at", TimeDelta::seconds(-(30 * 60 + 1)));
        refresh(&office, &last).must(401);
        assert_eq!(holder(&office, &last).get("/me").status, 401, "the stay has ended, with its tokens");
        set(&office, "last_used_at", TimeDelta::zero());
        refresh(&office, &last).must(401);
        assert_eq!(holder(&office, &last).get("/me").status, 401, "for good");
    }

    /// ASVS 7.3.2, 10.4.8: going on does not lengthen it.
    fn a_stay_ends_after_twelve_hours_however_it_is_used(backend) {
        let office = Office::open(backend);
        let tokens = login(&office);
        let ends = |who: &Client| {
            let listed = who.get("/me/sessions").must(200);
            listed.str("/items/0/expires_at").parse::<DateTime<Utc>>().unwrap()
        };
        let end = ends(&holder(&office, &tokens));
        let left = end - Clock::System.now();
        assert!(left <= TimeDelta::hours(12) && left > TimeDelta::minutes(12 * 60 - 2), "{left}");
        let next = refresh(&office, &tokens).must(200);
        assert_eq!(ends(&holder(&office, &next)), end);
        set(&office, "expires_at", TimeDelta::seconds(60));
        let last = refresh(&office, &next).must(200);
        holder(&office, &last).get("/me").must(200);
        set(&office, "expires_at", TimeDelta::seconds(-1));
        assert_eq!(holder(&office, &last).get("/me").status, 401);
        refresh(&office, &last).must(401);
    }

    /// GB/T 22239-2019, 8.1.4.2 b; ASVS 6.3.2.
    fn a_fresh_database_has_no_account_and_no_way_in(backend) {
        let server = Server::start(Place::new(backend));
        for table in ["accounts", "persons", "role_grants", "portals", "sessions", "agencies"] {
            assert_eq!(server.place.database.rows_of(table), Vec::<String>::new(), "{table}");
        }
        let nobody = Client::anonymous(server.address());
        for username in ["root", "admin", "administrator", "sa", "gongkai", "demo", "test", "system_admin"] {
            for password in [username, "", "admin", "password", "123456", "gongkai", "changeme"] {
                let body = json!({ "username": username, "password": password });
                let reply = nobody.post("/auth/login", &body);
                assert!(matches!(reply.status, 401 | 422), "{username}: {}", reply.told());
            }
        }
    }
}

/// Sends bytes as they are, and reads whatever comes back.
fn send_raw(office: &Office, request: &[u8]) {
    let mut stream = TcpStream::connect(office.server.address().now()).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 "), "{}", String::from_utf8_lossy(&answer));
}

/// What could make a second line, colour a terminal, or look like a line of the log.
const HOSTILE: &str = "\r\n2026-01-01T00:00:00Z ERROR forged\n{\"level\":\"ERROR\",\"message\":\"forged\"}\u{1b}[31m\u{2028}\u{85}";

/// ASVS 16.2.2, 16.2.4, 16.4.1: a line for each event, whatever callers send, at the most talkative; times in UTC.
#[test]
fn nobody_writes_into_the_log() {
    for format in ["json", "text"] {
        let settings = [("GONGKAI_LOG", "trace"), ("GONGKAI_LOG_FORMAT", format)];
        let office = Office::open_with(Backend::Sqlite, &settings);
        let before = requests(&office.server.printed());
        let escaped: Vec<String> = HOSTILE.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let escaped = escaped.concat();
        let clerk = office.as_role("clerk");
        clerk.get(&format!("/cases/{escaped}")).must(404);
        clerk.get(&format!("/cases?q={escaped}"));
        clerk.get(&format!("/{escaped}")).must(404);
        let body = json!({ "username": HOSTILE, "password": HOSTILE, HOSTILE: HOSTILE });
        office.anonymous().post("/auth/login", &body).must(422);
        let body = json!({ "username": HOSTILE, "password": HOSTILE });
        office.anonymous().post("/auth/login", &body);
        clerk.post("/cases", &json!({ "channel": HOSTILE, "description": HOSTILE })).must(422);
        let raw = "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: forged\u{2028}\r\n\
             X-Forwarded-For: forged\r\nAuthorization: Bearer forged\r\nX-Request-Id: forged\r\n\r\n";
        send_raw(&office, raw.as_bytes());
        send_raw(
            &office,
            b"GET /forged HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: forged\x1b[31m\r\n\r\n",
        );
        let printed = office.server.printed();
        // One more for the clerk's sign-in.
        assert_eq!(requests(&printed) - before, 8, "{format}: a line for each request");
        let mut lines = 0;
        for line in printed.lines().filter(|line| !line.starts_with("Gongkai listens on ")) {
            let time = match format {
                "json" => {
                    let event: Value =
                        serde_json::from_str(line).unwrap_or_else(|_| panic!("no line of ours: {line:?}"));
                    event["timestamp"].as_str().unwrap().to_owned()
                }
                _ => line.trim_start().split(' ').next().unwrap().to_owned(),
            };
            assert!(time.ends_with('Z') && time.parse::<DateTime<Utc>>().is_ok(), "{format}: {line:?}");
            assert!(!line.contains("forged") && !line.chars().any(char::is_control), "{format}: {line:?}");
            lines += 1;
        }
        assert!(lines > 20 && printed.contains("TRACE"), "{lines} lines: it was not talkative");
    }
}

/// ASVS 3.3, 3.4.2, 13.4.6: no cookie, no other origin, no banner.
#[test]
fn no_answer_sets_a_cookie_opens_to_another_origin_or_tells_what_serves_it() {
    let office = Office::open(Backend::Sqlite);
    let silent = ["server", "x-powered-by", "via", "set-cookie"];
    let mut seen = 0;
    for client in [office.anonymous(), office.as_role("clerk")] {
        let client = client.header("Origin", "https://elsewhere.example");
        for path in [
            "/api/v1/me",
            "/api/v1/cases",
            "/api/v1/auth/login",
            "/api/v1/openapi.json",
            "/x",
            "/healthz",
            "/docs/",
        ] {
            for method in ["GET", "POST", "OPTIONS", "TRACE"] {
                let asking = client.header("Access-Control-Request-Method", "POST");
                let reply = asking.try_send_bytes(method, path, None, b"").unwrap();
                let told = silent.iter().find(|name| reply.header(name).is_some());
                let cors = reply.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
                assert!(told.is_none() && cors.is_none(), "{told:?} {cors:?} in {}", reply.told());
                assert!(!reply.text.contains("actix"), "{}", reply.told());
                seen += usize::from(reply.status == 200);
            }
        }
    }
    assert!(seen >= 8, "{seen}");
}

/// How many lines tell of a request to the interface.
fn requests(printed: &str) -> usize {
    printed.lines().filter(|line| line.contains("request_id") && line.contains("duration_ms")).count()
}

/// What is wrong with the origins of the crates of a `Cargo.lock`.
fn origins(lock: &str) -> Vec<String> {
    let lock: toml::Table = lock.parse().unwrap();
    let text = |package: &toml::Value, key: &str| {
        package.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    let packages = lock["package"].as_array().unwrap();
    let foreign = packages.iter().filter(|package| text(package, "name") != "gongkai");
    let first = foreign.clone().map(|package| text(package, "source")).next().unwrap_or_default();
    foreign
        .filter_map(|package| {
            let (source, sum) = (text(package, "source"), text(package, "checksum"));
            let one = source.starts_with("registry+https://") && source == first;
            let summed = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
            (!one || !summed).then(|| format!("{} {source}", text(package, "name")))
        })
        .collect()
}

/// ASVS 15.1.2, 15.2.4: every crate comes from one registry, and what it must hash to is written down.
#[test]
fn every_dependency_comes_from_one_registry_with_its_checksum() {
    let lock = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    assert_eq!(origins(&lock), Vec::<String>::new());
    assert!(lock.matches("[[package]]").count() > 100);
    let planted = |lines: &str| {
        let all = origins(&format!("{lock}\n[[package]]\nname = \"planted\"\nversion = \"1.0.0\"\n{lines}"));
        all.len() == 1 && all[0].starts_with("planted")
    };
    let sum = format!("checksum = \"{}\"\n", "a".repeat(64));
    assert!(planted(&format!("source = \"git+https://example.com/planted\"\n{sum}")));
    assert!(planted(&format!("source = \"registry+https://example.com/index\"\n{sum}")));
    assert!(planted(&sum), "a folder beside this one");
    let own = lock.split("source = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(planted(&format!("source = \"{own}\"\n")), "without a checksum");
    assert!(!planted(&format!("source = \"{own}\"\n{sum}")));
}
