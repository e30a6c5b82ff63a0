//! Without a live sign-in nothing opens, and every refusal looks alike.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use gongkai::clock::Clock;
use gongkai::crypto::master_key::MasterKey;
use gongkai::crypto::token::TokenSigner;
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::{ask, own};
use super::operations::{NOBODY, Operation, check_answer, operations, without_request};
use crate::support::client::Client;
use crate::support::databases::both_databases;
use crate::support::office::{Office, PASSWORD};

both_databases! {
    fn nothing_opens_without_a_live_sign_in(backend) {
        let office = Office::open(backend);
        let ids = own(&office);
        let nobody = office.anonymous();
        let login = json!({ "username": "320800.clerk", "password": PASSWORD });
        let good = nobody.post("/auth/login", &login).must(200).str("/access_token").to_owned();
        let ended = nobody.post("/auth/login", &login).must(200).str("/access_token").to_owned();
        bearer(&nobody, &ended).send("POST", "/auth/logout", None).must(204);
        bearer(&nobody, &good).get("/me").must(200);
        let (account, session) = names(&good);
        let key = || MasterKey::load(&office.server.place.master_key_file()).unwrap();
        let ours = || TokenSigner::new(key().derive("gongkai/access-token/v1"), "gongkai");
        let others = TokenSigner::new(key().derive("gongkai/another-purpose/v1"), "gongkai");
        let elsewhere = TokenSigner::new(key().derive("gongkai/access-token/v1"), "elsewhere");
        let (now, lasts) = (Clock::System.now(), TimeDelta::minutes(10));
        // What the refusals below are worth: a token made in this way is taken.
        bearer(&nobody, &ours().issue(account, session, now, lasts)).get("/me").must(200);
        let parts: Vec<&str> = good.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(r#"{"typ":"at+jwt","alg":"none"}"#);
        let somebody = Uuid::parse_str(NOBODY).unwrap();
        let refused = [
            String::new(),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            "Bearer x".to_owned(),
            "Bearer x.y.z".to_owned(),
            "Basic MzIwODAwLmNsZXJrOnBhc3N3b3Jk".to_owned(),
            good.clone(),
            format!("Bearer {good}x"),
            format!("Bearer {}", &good[..good.len() - 2]),
            format!("Bearer {}.{}.", parts[0], parts[1]),
            format!("Bearer {none}.{}.", parts[1]),
            format!("Bearer {none}.{}.{}", parts[1], parts[2]),
            format!("Bearer {ended}"),
            format!("Bearer {}", ours().issue(account, session, now - lasts, lasts)),
            format!("Bearer {}", ours().issue(account, session, now + TimeDelta::minutes(1), lasts)),
            format!("Bearer {}", ours().issue(account, somebody, now, lasts)),
            format!("Bearer {}", ours().issue(somebody, session, now, lasts)),
            format!("Bearer {}", others.issue(account, session, now, lasts)),
            format!("Bearer {}", elsewhere.issue(account, session, now, lasts)),
            format!("Bearer {}", "A".repeat(5000)),
        ];
        let plain = without_request(&nobody.get("/me"));
        assert_eq!(plain.0, 401);
        assert!(plain.1.contains(&("www-authenticate".to_owned(), "Bearer realm=\"gongkai\"".to_owned())));
        for operation in operations().iter().filter(|operation| !operation.is_public()) {
            assert_eq!(without_request(&operation.ask(&nobody, &ids)), plain, "{}", operation.id);
            for authorization in &refused {
                let reply = operation.ask(&nobody.header("Authorization", authorization.as_str()), &ids);
                check_answer(&reply);
                assert_eq!(without_request(&reply), plain, "{} with {authorization}", operation.id);
            }
        }
        let public = operations().into_iter().filter(Operation::is_public).map(|operation| operation.id);
        let open = ["login", "endProviderSignIn", "startProviderSignIn", "refresh", "token", "calculateFee", "readOpenApi", "calculateTimeLimit"];
        assert_eq!(public.collect::<Vec<_>>(), open);
        // Another spelling of a path is no way round.
        for path in ["/api/v1/c%61ses", "/api/v1/%63ases", "/%61pi/v1/cases", "/api/v1/me%2F", "/api/v1/./cases"] {
            let reply = ask(&nobody, "GET", path);
            assert!(matches!(reply.status, 401 | 404), "{}", reply.told());
        }
    }
}

fn bearer(client: &Client, token: &str) -> Client {
    client.header("Authorization", format!("Bearer {token}"))
}

/// The account and the session of an access token.
fn names(token: &str) -> (Uuid, Uuid) {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let id = |name: &str| Uuid::parse_str(claims[name].as_str().unwrap()).unwrap();
    (id("sub"), id("sid"))
}
