//! What anybody may ask, nobody may ask without end; and nobody keeps others from asking.

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use crate::support::client::{Client, Reply};
use crate::support::databases::Backend;
use crate::support::office::Office;

fn ask(client: &Client) -> Reply {
    let fee = json!({ "statute": "cn-ogi-2019", "mode": "per_page", "pages": 31 });
    client.post("/fees/calculate", &fee)
}

/// One request a minute after the burst: nothing comes back while a test runs.
const SLOW: (&str, &str) = ("GONGKAI_PUBLIC_RATE", "1");

#[test]
fn a_burst_of_120_passes_and_the_121st_is_told_when_to_come_back() {
    let office = Office::open_with(Backend::Sqlite, &[SLOW]);
    let client = office.anonymous();
    let limit = json!({ "statute": "cn-ogi-2019", "facts": [{ "type": "received", "on": "2026-03-02" }] });
    // Both calculators together: one address, one limit.
    for n in 0..60 {
        assert_eq!(ask(&client).status, 200, "{n}");
        assert_eq!(client.post("/time-limits/calculate", &limit).status, 200, "{n}");
    }
    for (languages, chinese) in [("zh", true), ("en", false)] {
        let reply = ask(&client.accept_language(languages));
        assert_eq!(told(&reply), "429 too_often", "{}", reply.told());
        check_answer(&reply);
        let seconds: u32 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        assert_eq!(!reply.str("/detail").is_ascii(), chinese);
    }
    // What is refused is refused whatever it holds; who signs in is not concerned.
    assert_eq!(client.post("/time-limits/calculate", &Value::Null).status, 429);
    office.as_role("clerk").get("/me").must(200);
    office.anonymous().get("/openapi.json").must(200);
    assert_eq!(client.post("/auth/login", &json!({ "username": "x", "password": "y" })).status, 401);
    // Who is signed in has no more of it than others.
    assert_eq!(ask(&office.as_role("clerk")).status, 429);
}

#[test]
fn the_last_address_before_a_trusted_proxy_is_the_caller() {
    let proxied = |environment: &[(&'static str, &str)]| {
        let settings = [environment, &[SLOW, ("GONGKAI_PUBLIC_BURST", "1")]].concat();
        Office::open_with(Backend::Sqlite, &settings)
    };
    let from = |office: &Office, forwarded: &str| {
        ask(&office.anonymous().header("X-Forwarded-For", forwarded)).status
    };
    let trusting = proxied(&[("GONGKAI_TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.7")]);
    assert_eq!(from(&trusting, "192.0.2.1"), 200);
    assert_eq!(from(&trusting, "192.0.2.2"), 200, "another caller behind the proxy");
    // A caller's own claims before his address change nothing.
    assert_eq!(from(&trusting, "203.0.113.5, 192.0.2.1"), 429);
    assert_eq!(from(&trusting, "192.0.2.1, 10.0.0.7"), 429);
    assert_eq!(from(&trusting, "2001:db8:0:1::1"), 200);
    assert_eq!(from(&trusting, "2001:db8:0:1::2"), 429);

    let distrusting = proxied(&[]);
    assert_eq!(from(&distrusting, "192.0.2.1"), 200);
    assert_eq!(from(&distrusting, "192.0.2.2"), 429, "nobody is believed about his own address");
}
