//! Signing in with the office's identity provider: the whole way over HTTP, and every wrong way refused in the same words.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::operations::{check_answer, told, without_request};
use super::passwords::set_back;
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{Office, PASSWORD};
use crate::support::provider::{
    CLIENT_ID, CLIENT_SECRET, Making, Provider, REDIRECT_URL, Signed, State, pairs, rsa_jwk,
};

const SUBJECT: &str = "248289761001";

/// An office whose clerk is bound.
fn open(backend: Backend) -> (Office, Provider, String) {
    let provider = Provider::start();
    SUBJECT.clone_into(&mut provider.state().subject);
    let office = Office::open_with(backend, &provider.settings(&provider.issuer()));
    let clerk = account_of(&office, "320800.clerk");
    bind(&office, &clerk, SUBJECT).must(204);
    (office, provider, clerk)
}

fn account_of(office: &Office, username: &str) -> String {
    let accounts = office.as_role("system_admin").get("/accounts?limit=200").must(200);
    let accounts = accounts.at("/items").as_array().unwrap();
    let found = accounts.iter().find(|account| account["username"] == username).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn bind(office: &Office, account: &str, subject: &str) -> Reply {
    let path = format!("/accounts/{account}/provider-identity");
    office.as_role("security_admin").put(&path, &json!({ "subject": subject }))
}

/// A browser that has been at the provider and comes back.
#[derive(Clone)]
struct Back {
    nobody: Client,
    query: String,
    cookie: Option<String>,
}

impl Back {
    /// Goes there, is signed in, and is sent back.
    fn from_provider(office: &Office) -> Self {
        let nobody = office.anonymous();
        let start = nobody.get("/auth/oidc/start").must(303);
        let kept = start.header("set-cookie").unwrap();
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/api/v1/auth/oidc", "; Max-Age=600"] {
            assert!(kept.contains(attribute), "{kept}");
        }
        let cookie = kept.split(';').next().unwrap().to_owned();
        let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
        let there = agent.get(start.header("location").unwrap()).call().unwrap();
        let location = there.headers()["location"].to_str().unwrap();
        let query = location.strip_prefix(REDIRECT_URL).unwrap().strip_prefix('?').unwrap().to_owned();
        Self { nobody, query, cookie: Some(cookie) }
    }

    fn come(&self) -> Reply {
        let nobody = match &self.cookie {
            Some(cookie) => self.nobody.header("Cookie", cookie.as_str()),
            None => self.nobody.clone(),
        };
        let reply = nobody.get(&format!("/auth/oidc/callback?{}", self.query));
        check_answer(&reply);
        reply
    }

    fn with_query(&self, change: impl Fn(&mut BTreeMap<String, String>)) -> Self {
        let mut query = pairs(&self.query);
        change(&mut query);
        let query: Vec<String> = query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        Self { query: query.join("&"), ..self.clone() }
    }
}

fn signed_in(office: &Office, tokens: &Reply) -> Client {
    office.anonymous().header("Authorization", format!("Bearer {}", tokens.str("/access_token")))
}

/// What is wrong with an ID token, and how it is made so.
type Wrong = (&'static str, fn(&mut Making));

fn wrong_tokens() -> Vec<Wrong> {
    fn now() -> i64 {
        gongkai::clock::Clock::System.now().timestamp()
    }
    vec![
        ("another issuer", |m| m.claims["iss"] = json!("https://id.example")),
        ("its issuer with a slash", |m| {
            m.claims["iss"] = json!(format!("{}/", m.claims["iss"].as_str().unwrap()));
        }),
        ("no issuer", |m| drop(m.claims.as_object_mut().unwrap().remove("iss"))),
        ("another audience", |m| m.claims["aud"] = json!("another")),
        ("no audience", |m| drop(m.claims.as_object_mut().unwrap().remove("aud"))),
        ("an audience of nobody", |m| m.claims["aud"] = json!([])),
        ("several audiences, for nobody in particular", |m| m.claims["aud"] = json!([CLIENT_ID, "another"])),
        ("another party", |m| m.claims["azp"] = json!("another")),
        ("over", |m| m.claims["exp"] = json!(now() - 61)),
        ("no end", |m| drop(m.claims.as_object_mut().unwrap().remove("exp"))),
        ("an end in words", |m| m.claims["exp"] = json!("tomorrow")),
        ("made tomorrow", |m| m.claims["iat"] = json!(now() + 300)),
        ("made long ago", |m| m.claims["iat"] = json!(now() - 3600)),
        ("not valid yet", |m| m.claims["nbf"] = json!(now() + 300)),
        ("another nonce", |m| m.claims["nonce"] = json!("x")),
        ("no nonce", |m| drop(m.claims.as_object_mut().unwrap().remove("nonce"))),
        ("nobody", |m| drop(m.claims.as_object_mut().unwrap().remove("sub"))),
        ("an empty name", |m| m.claims["sub"] = json!("")),
        ("a number for a name", |m| m.claims["sub"] = json!(248_289_761_001_i64)),
        ("a name that is bound to nobody", |m| m.claims["sub"] = json!("248289761002")),
        ("the name with a space", |m| m.claims["sub"] = json!(format!("{SUBJECT} "))),
        ("no signature", |m| (m.header["alg"], m.signed) = (json!("none"), Signed::Not)),
        ("no signature in capital letters", |m| (m.header["alg"], m.signed) = (json!("NONE"), Signed::Not)),
        ("an empty signature", |m| m.signed = Signed::Not),
        ("the client's secret", |m| {
            (m.header["alg"], m.signed) = (json!("HS256"), Signed::Hmac(CLIENT_SECRET.as_bytes()));
        }),
        ("the public key as a secret", |m| {
            (m.header["alg"], m.signed) = (json!("HS256"), Signed::Hmac(b"the public key"));
        }),
        ("another key", |m| m.signed = Signed::OtherRsa),
        ("another key, which the token brings", |m| {
            (m.header["jwk"], m.signed) = (rsa_jwk(1, "rsa-1"), Signed::OtherRsa);
        }),
        ("a key that is not known", |m| (m.header["kid"], m.signed) = (json!("rsa-9"), Signed::OtherRsa)),
        ("the id of a key of another kind", |m| m.header["kid"] = json!("ec-1")),
        ("another algorithm of the same key", |m| m.header["alg"] = json!("RS512")),
        ("an access token", |m| m.header["typ"] = json!("at+jwt")),
        ("an extension that must be understood", |m| m.header["crit"] = json!(["b64"])),
    ]
}

/// What is done to a good one.
fn spoiled_tokens() -> Vec<fn(String) -> String> {
    vec![
        |_| String::new(),
        |_| "x".to_owned(),
        |token| token.replacen('.', "", 1),
        |token| format!("{token}x"),
        |token| format!("{token}.x"),
        |token| token[..token.len() - 20].to_owned(),
        |token| {
            // Another end, and the signature that it had.
            let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
            let other = if &parts[1][10..11] == "A" { "B" } else { "A" };
            parts[1].replace_range(10..11, other);
            parts.join(".")
        },
        |_| "A".repeat(20_000),
    ]
}

both_databases! {
    fn a_clerk_signs_in_with_the_provider_and_stays_as_with_a_password(backend) {
        let (office, provider, clerk) = open(backend);
        let back = Back::from_provider(&office);
        let tokens = back.come().must(200);
        assert_eq!((tokens.str("/token_type"), tokens.at("/must_change_password")), ("Bearer", &json!(false)));
        assert!(tokens.header("set-cookie").unwrap().contains("Max-Age=0"));
        let stay = signed_in(&office, &tokens);
        assert_eq!(stay.get("/me").must(200).str("/username"), "320800.clerk");
        assert_eq!(stay.get("/me/sessions").must(200).at("/items").as_array().unwrap().len(), 1);
        stay.get("/cases").must(200);
        // It stands among the sign-ins, under his name.
        let account = stay.get("/me").must(200).str("/account_id").to_owned();
        super::attempts::attempts(&office.as_role("auditor"), "", |found| {
            let his = |it: &Value| it["account_id"] == account.as_str() && it["status"] == 200;
            found.iter().any(|it| his(it) && it["operation"].as_str().unwrap().ends_with("/auth/oidc/callback"))
        });
        // Its password is old, and locked by others: neither concerns the provider's word.
        set_back(&office, "password_set_at", "320800.clerk", (400, 0));
        for _ in 0..5 {
            let wrong = json!({ "username": "320800.clerk", "password": "Not-The-Password-1" });
            assert_eq!(office.anonymous().post("/auth/login", &wrong).status, 401);
        }
        assert_eq!(stay.get("/me").must(200).at("/must_change_password"), false);
        let renewed = json!({ "refresh_token": tokens.str("/refresh_token") });
        let renewed = office.anonymous().post("/auth/refresh", &renewed).must(200);
        assert_eq!(renewed.at("/must_change_password"), false);
        let stay = signed_in(&office, &Back::from_provider(&office).come().must(200));
        stay.get("/cases").must(200);
        // EC keys, several audiences with a party, and new keys are fine.
        provider.twist(|m| {
            m.header = json!({ "alg": "ES256", "kid": "ec-1" });
            m.claims["aud"] = json!([CLIENT_ID, "another"]);
            m.claims["azp"] = json!(CLIENT_ID);
            m.signed = Signed::Ec;
        });
        Back::from_provider(&office).come().must(200);
        provider.twist(|_| {});
        "rsa-2".clone_into(&mut provider.state().kid);
        Back::from_provider(&office).come().must(200);
        let asked = provider.state().asked.clone();
        let count = |path: &str| asked.iter().filter(|asked| *asked == path).count();
        assert_eq!((count("/.well-known/openid-configuration"), count("/keys")), (1, 2), "{asked:?}");
        // An administrator ends it, and every stay with it.
        let path = format!("/accounts/{clerk}/provider-identity");
        for _ in 0..2 {
            office.as_role("security_admin").delete(&path).must(204);
        }
        assert_eq!(told(&stay.get("/me")), "401 unauthenticated");
        assert_eq!(told(&Back::from_provider(&office).come()), "401 login_failed");
        let recorded = "SELECT event_type AS line FROM events WHERE event_type LIKE 'account_%bound' ORDER BY event_type";
        assert_eq!(office.server.place.database.lines(recorded), ["account_bound", "account_unbound"]);
        let printed = office.server.printed();
        for secret in [CLIENT_SECRET, SUBJECT, tokens.str("/refresh_token"), back.cookie.as_deref().unwrap()] {
            assert!(!printed.contains(secret), "the log has it");
        }
        office.server.place.must_be_sound();
    }

    fn every_wrong_id_token_is_refused_in_the_same_words(backend) {
        let (office, provider, _) = open(backend);
        let wrong_password = json!({ "username": "320800.nobody", "password": PASSWORD });
        let refused = without_request(&office.anonymous().post("/auth/login", &wrong_password));
        let tokens = wrong_tokens();
        assert!(tokens.len() >= 30);
        for (what, twist) in tokens {
            provider.twist(twist);
            assert_eq!(without_request(&Back::from_provider(&office).come()), refused, "{what}");
        }
        provider.twist(|_| {});
        for (n, spoil) in spoiled_tokens().into_iter().enumerate() {
            provider.state().spoil = spoil;
            assert_eq!(without_request(&Back::from_provider(&office).come()), refused, "{n}");
        }
        provider.state().spoil = |token| token;
        Back::from_provider(&office).come().must(200);
    }

    fn every_wrong_way_back_is_refused_in_the_same_words(backend) {
        let (office, provider, _) = open(backend);
        let (one, other) = (Back::from_provider(&office), Back::from_provider(&office));
        let parts = pairs(&one.query);
        let of_other = pairs(&other.query);
        let cookie = one.cookie.clone().unwrap();
        let tampered = cookie.replace("gongkai_oidc=", "gongkai_oidc=A");
        let (state, code) = (&parts["state"], &parts["code"]);
        let query = |query: String| Back { query, ..one.clone() };
        let kept = |cookie: Option<String>| Back { cookie, ..one.clone() };
        let wrong = [
            ("no cookie", kept(None)),
            ("another browser's cookie", kept(other.cookie.clone())),
            ("a cookie that is not ours", kept(Some(tampered))),
            ("an empty cookie", kept(Some("gongkai_oidc=".to_owned()))),
            ("two cookies", kept(Some(format!("{cookie}; {cookie}")))),
            ("another state", one.with_query(|query| drop(query.insert("state".into(), of_other["state"].clone())))),
            ("no state", one.with_query(|query| drop(query.remove("state")))),
            ("an empty state", one.with_query(|query| drop(query.insert("state".into(), String::new())))),
            ("two states", query(format!("code={code}&state={state}&state={state}"))),
            ("no code", one.with_query(|query| drop(query.remove("code")))),
            ("two codes", query(format!("code={code}&code={code}&state={state}"))),
            ("a code that was never given", one.with_query(|query| drop(query.insert("code".into(), "x".into())))),
            ("a very long code", one.with_query(|query| drop(query.insert("code".into(), "x".repeat(3000))))),
            ("an error", query(format!("error=access_denied&state={state}"))),
            ("an error beside a code", query(format!("code={code}&state={state}&error=x"))),
            ("another provider's answer", query(format!("code={code}&state={state}&iss=https%3A%2F%2Fid.example"))),
            ("nothing", query(String::new())),
        ];
        let login = json!({ "username": "320800.nobody", "password": PASSWORD });
        let refused = without_request(&office.anonymous().post("/auth/login", &login));
        for (what, back) in wrong {
            assert_eq!(without_request(&back.come()), refused, "{what}");
        }
        // Somebody else's code, brought into this browser: PKCE keeps it out, and the nonce where the provider is lax.
        let stolen = one.with_query(|query| drop(query.insert("code".into(), of_other["code"].clone())));
        assert_eq!(without_request(&stolen.come()), refused);
        provider.state().lax = true;
        assert_eq!(without_request(&stolen.come()), refused);
        // What was used is not taken again, even where the provider takes the code again.
        one.come().must(200);
        assert_eq!(without_request(&one.come()), refused);
        provider.state().lax = false;
        assert_eq!(without_request(&one.come()), refused);
        Back::from_provider(&office).come().must(200);
    }

    fn the_account_must_be_open_and_its_second_factor_shown_there(backend) {
        let (mut office, provider, _) = open(backend);
        let approver = account_of(&office, "320800.approver");
        bind(&office, &approver, "approver").must(204);
        assert!(office.server.stop().success());
        let issuer = provider.issuer();
        let required = [&provider.settings(&issuer)[..], &[("GONGKAI_SECOND_FACTOR", "required")]].concat();
        let office = Office::of(office.server.start_again_with(&required), office.agency);
        let refused = |reply: &Reply| assert_eq!(told(reply), "401 login_failed");
        // The clerk has a second factor.
        let yes = if backend == Backend::Sqlite { "1" } else { "now()" };
        let database = &office.server.place.database;
        let set = format!("UPDATE accounts SET totp_confirmed_at = {yes} WHERE username = '320800.clerk'");
        database.execute(&set).unwrap();
        refused(&Back::from_provider(&office).come());
        provider.twist(|m| m.claims["amr"] = json!(["pwd", "otp", "mfa"]));
        let stay = signed_in(&office, &Back::from_provider(&office).come().must(200));
        stay.get("/cases").must(200);
        // Who must have one and has none may do nothing else, unless he has shown one there.
        "approver".clone_into(&mut provider.state().subject);
        let shown = signed_in(&office, &Back::from_provider(&office).come().must(200));
        shown.get("/cases").must(200);
        provider.twist(|_| {});
        let not_shown = signed_in(&office, &Back::from_provider(&office).come().must(200));
        assert_eq!(told(&not_shown.get("/cases")), "403 second_factor_setup_required");
        shown.get("/cases").must(200);
        // A disabled account and one that nobody used for long.
        SUBJECT.clone_into(&mut provider.state().subject);
        provider.twist(|m| m.claims["amr"] = json!(["mfa"]));
        let disabled = |yes: &str| format!("UPDATE accounts SET disabled = {yes} WHERE id IN (SELECT id FROM accounts WHERE username = '320800.clerk')");
        let (yes, no) = if backend == Backend::Sqlite { ("1", "0") } else { ("true", "false") };
        database.execute(&disabled(yes)).unwrap();
        refused(&Back::from_provider(&office).come());
        assert_eq!(told(&stay.get("/cases")), "401 unauthenticated");
        database.execute(&disabled(no)).unwrap();
        Back::from_provider(&office).come().must(200);
        set_back(&office, "active_at", "320800.clerk", (90, 1));
        refused(&Back::from_provider(&office).come());
        let is_disabled = format!("SELECT username AS line FROM accounts WHERE disabled = {yes}");
        assert_eq!(database.lines(&is_disabled), ["320800.clerk"]);
    }

    fn a_provider_that_is_away_or_talks_nonsense_is_told_as_503(backend) {
        let (office, provider, _) = open(backend);
        let json = "Content-Type: application/json\r\n".to_owned();
        let unavailable = |reply: &Reply| {
            check_answer(reply);
            assert_eq!(told(reply), "503 provider_unavailable", "{}", reply.told());
            assert!(reply.header("retry-after").is_some());
            assert!(!reply.text.contains("127.0.0.1"), "{}", reply.told());
        };
        let discovery = "/.well-known/openid-configuration";
        let document = |field: &str, value: &str| {
            let issuer = provider.issuer();
            let mut document = json!({
                "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
            });
            document[field] = json!(value);
            document.to_string()
        };
        let instead = |state: &mut State, path, status, headers: &str, body: String| {
            state.instead = [(path, (status, headers.to_owned(), body))].into();
        };
        for body in [
            "{}".to_owned(),
            "<html>".to_owned(),
            document("issuer", "https://id.example"),
            document("token_endpoint", "http://id.example/token"),
            document("jwks_uri", "http://169.254.169.254/latest"),
            document("authorization_endpoint", "file:///etc/passwd"),
            format!("{}{}", document("x", "y"), " ".repeat(300_000)),
        ] {
            instead(&mut provider.state(), discovery, 200, &json, body);
            unavailable(&office.anonymous().get("/auth/oidc/start"));
        }
        let elsewhere = format!("Location: {}/elsewhere\r\n", provider.issuer());
        for path in [discovery, "/keys"] {
            for (status, headers) in [(302, elsewhere.as_str()), (500, ""), (404, "")] {
                instead(&mut provider.state(), path, status, headers, String::new());
                unavailable(&office.anonymous().get("/auth/oidc/start"));
            }
        }
        provider.state().instead.clear();
        let back = Back::from_provider(&office);
        for (status, headers, body) in
            [(307, elsewhere.as_str(), ""), (500, "", ""), (401, json.as_str(), "{}"), (200, json.as_str(), "x"), (200, json.as_str(), "{}")]
        {
            instead(&mut provider.state(), "/token", status, headers, body.to_owned());
            unavailable(&back.come());
        }
        assert!(!provider.state().asked.iter().any(|path| path == "/elsewhere"), "no redirect is followed");
        provider.state().instead.clear();
        back.come().must(200);
        // Gone altogether.
        let back = Back::from_provider(&office);
        drop(provider);
        std::thread::sleep(std::time::Duration::from_millis(200));
        unavailable(&back.come());
        office.as_role("clerk").get("/cases").must(200);
    }

    fn who_is_bound_to_whom_is_the_security_administrators_affair(backend) {
        let (office, _provider, clerk) = open(backend);
        let other = account_of(&office, "320800.clerk-2");
        let taken = bind(&office, &other, SUBJECT).must(409);
        assert_eq!((taken.code(), taken.str("/errors/0/pointer")), ("taken", "/subject"));
        bind(&office, &clerk, SUBJECT).must(204);
        bind(&office, &clerk, "somebody else").must(204);
        bind(&office, &other, SUBJECT).must(204);
        let own = account_of(&office, "320800.security_admin");
        assert_eq!(told(&bind(&office, &own, "x")), "403 own_account");
        for wrong in [json!({}), json!({ "subject": "" }), json!({ "subject": "x".repeat(256) }), json!({ "subject": 1 }), json!({ "subject": "x", "issuer": "y" })] {
            let path = format!("/accounts/{clerk}/provider-identity");
            assert_eq!(office.as_role("security_admin").put(&path, &wrong).status, 422, "{wrong}");
        }
        let kept = office.server.place.database.lines("SELECT username AS line FROM accounts a JOIN provider_bindings b ON b.account_id = a.id ORDER BY username");
        assert_eq!(kept, ["320800.clerk", "320800.clerk-2"]);
    }
}

#[test]
fn an_office_without_a_provider_has_no_such_operations() {
    let office = Office::open(Backend::Sqlite);
    let clerk = account_of(&office, "320800.clerk");
    for reply in [
        office.anonymous().get("/auth/oidc/start"),
        office.anonymous().get("/auth/oidc/callback?code=x&state=y"),
    ] {
        check_answer(&reply);
        assert_eq!(told(&reply), "409 no_provider");
    }
    assert_eq!(told(&bind(&office, &clerk, "x")), "409 no_provider");
    office.as_role("security_admin").delete(&format!("/accounts/{clerk}/provider-identity")).must(204);
}
