//! Tokens that somebody made himself, changed, kept too long or found elsewhere: each gets the same 401 (RFC 8725; T22). Those
//! signed with our own key are what an insider, or a bug, could make.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gongkai::clock::Clock;
use gongkai::crypto::framed::hmac_sha256;
use gongkai::crypto::master_key::MasterKey;
use gongkai::crypto::secret::SecretKey;
use serde_json::{Value, json};

use super::operations::{check_answer, without_request};
use crate::support::databases::Backend;
use crate::support::office::{Office, PASSWORD};

const HEADER: &str = r#"{"typ":"at+jwt","alg":"HS256"}"#;

fn b64(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn signed(key: &SecretKey, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(claims));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(hmac_sha256(key, message.as_bytes())))
}

/// What goes wrong with the header, signed by us.
const HEADERS: &[(&str, &str)] = &[
    ("no algorithm", r#"{"typ":"at+jwt","alg":"none"}"#),
    ("None", r#"{"typ":"at+jwt","alg":"None"}"#),
    ("NONE", r#"{"typ":"at+jwt","alg":"NONE"}"#),
    ("an empty algorithm", r#"{"typ":"at+jwt","alg":""}"#),
    ("HS384", r#"{"typ":"at+jwt","alg":"HS384"}"#),
    ("HS512", r#"{"typ":"at+jwt","alg":"HS512"}"#),
    ("RS256, the key as a public one", r#"{"typ":"at+jwt","alg":"RS256"}"#),
    ("PS256", r#"{"typ":"at+jwt","alg":"PS256"}"#),
    ("ES256", r#"{"typ":"at+jwt","alg":"ES256"}"#),
    ("EdDSA", r#"{"typ":"at+jwt","alg":"EdDSA"}"#),
    ("two algorithms", r#"{"typ":"at+jwt","alg":"HS256","alg":"none"}"#),
    ("a list of algorithms", r#"{"typ":"at+jwt","alg":["HS256"]}"#),
    ("kid: a path", r#"{"typ":"at+jwt","alg":"HS256","kid":"../../../../dev/null"}"#),
    ("kid: SQL", r#"{"typ":"at+jwt","alg":"HS256","kid":"x' UNION SELECT 'secret' --"}"#),
    ("kid: a command", r#"{"typ":"at+jwt","alg":"HS256","kid":"|id"}"#),
    ("jku", r#"{"typ":"at+jwt","alg":"HS256","jku":"http://127.0.0.1:1/keys"}"#),
    ("x5u", r#"{"typ":"at+jwt","alg":"HS256","x5u":"http://127.0.0.1:1/cert"}"#),
    ("x5c", r#"{"typ":"at+jwt","alg":"HS256","x5c":["MII"]}"#),
    ("jwk", r#"{"typ":"at+jwt","alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#),
    ("crit", r#"{"typ":"at+jwt","alg":"HS256","crit":["exp"]}"#),
    ("b64", r#"{"typ":"at+jwt","alg":"HS256","b64":false}"#),
    ("typ JWT", r#"{"typ":"JWT","alg":"HS256"}"#),
    ("typ of an ID token", r#"{"typ":"id_token","alg":"HS256"}"#),
    ("typ of a refresh token", r#"{"typ":"rt+jwt","alg":"HS256"}"#),
    ("without typ", r#"{"alg":"HS256"}"#),
    ("cty", r#"{"typ":"at+jwt","alg":"HS256","cty":"JWT"}"#),
    ("another order", r#"{"alg":"HS256","typ":"at+jwt"}"#),
    ("no header", "{}"),
    ("a header that is no object", "[]"),
];

/// The claims of a good token with one of them another.
fn changed(good: &Value, name: &str, value: Value) -> String {
    let mut claims = good.clone();
    claims[name] = value;
    claims.to_string()
}

/// What goes wrong with the claims, signed by us.
fn claims(good: &Value) -> Vec<(&'static str, String)> {
    let now = Clock::System.now().timestamp();
    let nobody = super::operations::NOBODY;
    let mut all = vec![
        ("expired a second ago", changed(good, "exp", json!(now - 1))),
        ("expires now", changed(good, "exp", json!(now))),
        ("valid in a minute", changed(good, "nbf", json!(now + 60))),
        ("expires as text", changed(good, "exp", json!("4102444800"))),
        ("expires at a fraction", changed(good, "exp", json!(4_102_444_800.5))),
        ("another issuer", changed(good, "iss", json!("https://evil.example"))),
        ("several issuers", changed(good, "iss", json!(["gongkai"]))),
        ("another audience", changed(good, "aud", json!("another-api"))),
        ("several audiences", changed(good, "aud", json!(["gongkai-api", "x"]))),
        ("nobody's account", changed(good, "sub", json!(nobody))),
        ("SQL for an account", changed(good, "sub", json!("' OR 1=1 --"))),
        ("no account", changed(good, "sub", Value::Null)),
        ("nobody's session", changed(good, "sid", json!(nobody))),
        ("a role of its own", changed(good, "roles", json!(["system_admin"]))),
        ("a scope", changed(good, "scope", json!("*"))),
        ("a huge claim", changed(good, "jti", json!("x".repeat(6_000)))),
        ("the account twice", good.to_string().replacen('{', &format!("{{\"sub\":\"{nobody}\","), 1)),
        ("the end twice", good.to_string().replacen('{', "{\"exp\":1,", 1)),
        ("not JSON", "{".to_owned()),
        ("a tail", format!("{good}{{}}")),
        ("nothing", String::new()),
    ];
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"] {
        let mut without = good.clone();
        without.as_object_mut().unwrap().remove(name);
        all.push(("a claim is missing", without.to_string()));
    }
    all
}

#[test]
fn forged_tokens_are_refused_in_the_same_words() {
    let office = Office::open(Backend::Sqlite);
    let login = json!({ "username": "320800.clerk", "password": PASSWORD });
    let tokens = office.anonymous().post("/auth/login", &login).must(200);
    let (good, refresh) = (tokens.str("/access_token").to_owned(), tokens.str("/refresh_token").to_owned());
    let master = MasterKey::load(&office.server.place.master_key_file()).unwrap();
    let key = master.derive("gongkai/access-token/v1");
    let parts: Vec<&str> = good.split('.').collect();
    let claimed: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let text = claimed.to_string();

    let mut forged: Vec<(&str, String)> = Vec::new();
    forged.extend(HEADERS.iter().map(|(name, header)| (*name, signed(&key, header, &text))));
    forged.extend(claims(&claimed).into_iter().map(|(name, claims)| (name, signed(&key, HEADER, &claims))));
    let weak = ["", "secret", "gongkai", "password"].map(|word| {
        let mut bytes = [0; 32];
        bytes[..word.len()].copy_from_slice(word.as_bytes());
        signed(&SecretKey::from_bytes(bytes), HEADER, &text)
    });
    forged.extend(weak.map(|token| ("a weak key", token)));
    let purpose = master.derive("gongkai/another-purpose/v1");
    forged.extend([
        ("a key of another purpose", signed(&purpose, HEADER, &text)),
        ("a refresh token", refresh),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{good}.{}", parts[2])),
        ("five parts", format!("{good}.{}.{}", parts[1], parts[2])),
        ("padded", format!("{good}=")),
        ("cut", good[..good.len() - 4].to_owned()),
        ("bad base64", format!("{}.{}!.{}", parts[0], parts[1], parts[2])),
        ("standard base64", format!("{}.{}.+/{}", parts[0], parts[1], &parts[2][2..])),
        ("exchanged parts", format!("{}.{}.{}", parts[1], parts[0], parts[2])),
        ("dots", "..".to_owned()),
        ("noise", "A".repeat(4_000)),
        ("too long", "A".repeat(6_000)),
    ]);
    assert!(forged.len() >= 70, "{}", forged.len());

    let nobody = office.anonymous();
    let refused = without_request(&nobody.get("/me"));
    assert_eq!((refused.0, &refused.2["code"]), (401, &json!("unauthenticated")));
    for (name, token) in &forged {
        let reply = nobody.header("Authorization", format!("Bearer {token}")).get("/me");
        // A header that the server does not read at all is another matter.
        check_answer(&reply);
        assert_eq!(without_request(&reply), refused, "{name}");
        // Neither is it a refresh token (one of them is, and has its own test).
        if *name != "a refresh token" && token.len() <= 256 && !token.is_empty() {
            let body = json!({ "refresh_token": token });
            assert_eq!(without_request(&nobody.post("/auth/refresh", &body)), refused, "{name}");
        }
    }
    // What these are worth: the same bytes, unchanged, are taken.
    let again = signed(&key, HEADER, &text);
    nobody.header("Authorization", format!("Bearer {again}")).get("/me").must(200);
    assert!(!office.server.printed().contains(&parts[2][..20]), "no token is logged");
}
