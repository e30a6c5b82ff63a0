//! Forged tokens, each with the reason for which it must be refused.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    HEADER, RefreshToken, TokenError,
    TokenError::{Audience, Claims, Expired, Header, Issuer, Malformed, NotYetValid, Signature, TooLong},
    TokenSigner,
};
use crate::crypto::{framed::hmac_sha256, secret::SecretKey};

const ISSUER: &str = "https://gongkai.example";
const ACCOUNT: Uuid = Uuid::from_u128(0xacc);
const SESSION: Uuid = Uuid::from_u128(0x5e5);

fn key() -> SecretKey {
    SecretKey::from_bytes(std::array::from_fn(|i| u8::try_from(i * 5 + 3).unwrap()))
}

fn signer() -> TokenSigner {
    TokenSigner::new(key(), ISSUER)
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap()
}

fn issued() -> String {
    signer().issue(ACCOUNT, SESSION, now(), TimeDelta::minutes(10))
}

fn b64(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token with these two texts and our own signature: what an insider with the key, or a bug, could produce.
fn signed(header: &str, claims: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(claims));
    let signature = URL_SAFE_NO_PAD.encode(hmac_sha256(&key(), message.as_bytes()));
    format!("{message}.{signature}")
}

/// Good claims, as text.
fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "gongkai-api", "sub": ACCOUNT, "sid": SESSION,
        "iat": now().timestamp(), "nbf": now().timestamp(), "exp": now().timestamp() + 600, "jti": Uuid::from_u128(1),
    })
}

/// A token whose claims have this one changed, in our own header and signature.
fn with_claim(name: &str, value: Value) -> String {
    let mut changed = claims();
    changed[name] = value;
    signed(HEADER, &changed.to_string())
}

fn without_claim(name: &str) -> String {
    let mut changed = claims();
    changed.as_object_mut().unwrap().remove(name);
    signed(HEADER, &changed.to_string())
}

/// A token with good claims, this header and our own signature.
fn with_header(header: &str) -> String {
    signed(header, &claims().to_string())
}

/// Asserts that each token is refused, for its reason.
fn all_refused(forged: Vec<(&str, String, TokenError)>) {
    for (name, token, reason) in forged {
        assert_eq!(signer().verify(&token, now()), Err(reason), "{name}: {token}");
    }
}

#[test]
fn an_issued_token_says_what_it_was_issued_for() {
    let said = signer().verify(&issued(), now()).unwrap();
    assert_eq!((said.account, said.session), (ACCOUNT, SESSION));
    assert_eq!((said.issued_at, said.expires_at), (now(), now() + TimeDelta::minutes(10)));
    assert_eq!(said.token_id.get_version_num(), 7);
    let again = signer().verify(&issued(), now()).unwrap();
    assert_ne!(said.token_id, again.token_id);
    // The helpers of this file make good tokens, so that what is refused below is refused for its one flaw.
    assert!(signer().verify(&signed(HEADER, &claims().to_string()), now()).is_ok());
}

#[test]
fn our_header_is_what_the_library_writes() {
    assert_eq!(issued().split('.').next(), Some(b64(HEADER).as_str()));
}

#[test]
fn another_algorithm_is_refused() {
    let unsigned = |header: &str| format!("{}.{}.", b64(header), b64(&claims().to_string()));
    let kept_signature = |header: &str| {
        let token = issued();
        format!("{}.{}", b64(header), token.split_once('.').unwrap().1)
    };
    all_refused(vec![
        ("alg none, no signature", unsigned(r#"{"typ":"at+jwt","alg":"none"}"#), Header),
        ("alg None", unsigned(r#"{"typ":"at+jwt","alg":"None"}"#), Header),
        ("alg NONE", unsigned(r#"{"typ":"at+jwt","alg":"NONE"}"#), Header),
        ("alg nOnE, signed", with_header(r#"{"typ":"at+jwt","alg":"nOnE"}"#), Header),
        ("alg none over an issued token", kept_signature(r#"{"typ":"at+jwt","alg":"none"}"#), Header),
        ("our header, signature dropped", unsigned(HEADER), Signature),
        ("RS256 signed with the HMAC key", with_header(r#"{"typ":"at+jwt","alg":"RS256"}"#), Header),
        ("ES256 over an issued token", kept_signature(r#"{"typ":"at+jwt","alg":"ES256"}"#), Header),
        ("EdDSA", with_header(r#"{"typ":"at+jwt","alg":"EdDSA"}"#), Header),
        ("PS256", with_header(r#"{"typ":"at+jwt","alg":"PS256"}"#), Header),
        ("HS384", with_header(r#"{"typ":"at+jwt","alg":"HS384"}"#), Header),
        ("HS512", with_header(r#"{"typ":"at+jwt","alg":"HS512"}"#), Header),
        ("hs256 in small letters", with_header(r#"{"typ":"at+jwt","alg":"hs256"}"#), Header),
        ("alg empty", with_header(r#"{"typ":"at+jwt","alg":""}"#), Header),
        ("alg null", with_header(r#"{"typ":"at+jwt","alg":null}"#), Header),
        ("alg a list", with_header(r#"{"typ":"at+jwt","alg":["HS256"]}"#), Header),
        ("no alg", with_header(r#"{"typ":"at+jwt"}"#), Header),
        ("alg twice", with_header(r#"{"typ":"at+jwt","alg":"HS256","alg":"none"}"#), Header),
    ]);
}

#[test]
fn another_kind_of_token_is_refused() {
    all_refused(vec![
        ("typ JWT", with_header(r#"{"typ":"JWT","alg":"HS256"}"#), Header),
        ("typ of an ID token", with_header(r#"{"typ":"id+jwt","alg":"HS256"}"#), Header),
        ("typ of a logout token", with_header(r#"{"typ":"logout+jwt","alg":"HS256"}"#), Header),
        ("typ AT+JWT", with_header(r#"{"typ":"AT+JWT","alg":"HS256"}"#), Header),
        ("no typ", with_header(r#"{"alg":"HS256"}"#), Header),
        ("nested token (cty)", with_header(r#"{"typ":"at+jwt","alg":"HS256","cty":"JWT"}"#), Header),
        ("compressed (zip)", with_header(r#"{"typ":"at+jwt","alg":"HS256","zip":"DEF"}"#), Header),
        ("encrypted (enc)", with_header(r#"{"typ":"at+jwt","alg":"HS256","enc":"A256GCM"}"#), Header),
    ]);
}

#[test]
fn a_header_that_brings_its_own_key_is_refused() {
    let key = URL_SAFE_NO_PAD.encode(key().expose());
    let member = |text: &str| with_header(&format!(r#"{{"typ":"at+jwt","alg":"HS256",{text}}}"#));
    all_refused(vec![
        ("kid", member(r#""kid":"1""#), Header),
        ("kid as a path", member(r#""kid":"../../../../dev/null""#), Header),
        ("kid as SQL", member(r#""kid":"x' UNION SELECT 'a'--""#), Header),
        ("kid empty", member(r#""kid":"""#), Header),
        ("kid null", member(r#""kid":null"#), Header),
        ("jku", member(r#""jku":"https://evil.example/keys""#), Header),
        ("x5u", member(r#""x5u":"https://evil.example/cert""#), Header),
        ("x5c", member(r#""x5c":["MIIB"]"#), Header),
        ("jwk with the right key", member(&format!(r#""jwk":{{"kty":"oct","k":"{key}"}}"#)), Header),
        ("crit", member(r#""crit":["exp"]"#), Header),
        ("crit empty", member(r#""crit":[]"#), Header),
        ("unencoded payload (b64)", member(r#""b64":false,"crit":["b64"]"#), Header),
        ("unknown member", member(r#""admin":true"#), Header),
        ("members in another order", with_header(r#"{"alg":"HS256","typ":"at+jwt"}"#), Header),
        ("white space", with_header(r#"{"typ": "at+jwt", "alg": "HS256"}"#), Header),
    ]);
}

#[test]
fn another_issuer_audience_or_key_is_refused() {
    let elsewhere = |key: SecretKey, issuer: &str| {
        TokenSigner::new(key, issuer).issue(ACCOUNT, SESSION, now(), TimeDelta::minutes(10))
    };
    all_refused(vec![
        ("another issuer", elsewhere(key(), "https://gongkai.example.org"), Issuer),
        ("issuer with a slash", with_claim("iss", json!("https://gongkai.example/")), Issuer),
        ("issuer in capitals", with_claim("iss", json!("HTTPS://GONGKAI.EXAMPLE")), Issuer),
        ("issuer empty", with_claim("iss", json!("")), Issuer),
        ("issuer list with ours", with_claim("iss", json!([ISSUER])), Claims),
        ("another audience", with_claim("aud", json!("gongkai-portal")), Audience),
        ("audience list with ours", with_claim("aud", json!(["gongkai-api", "other"])), Claims),
        ("audience empty", with_claim("aud", json!("")), Audience),
        ("another key", elsewhere(SecretKey::from_bytes([9; 32]), ISSUER), Signature),
        ("a key of zeros", elsewhere(SecretKey::from_bytes([0; 32]), ISSUER), Signature),
    ]);
}

#[test]
fn time_is_checked_to_the_second_without_leeway() {
    let token = issued();
    let verify = |at: DateTime<Utc>| signer().verify(&token, at).map(|_| ());
    let end = now() + TimeDelta::minutes(10);
    assert_eq!(verify(end - TimeDelta::seconds(1)), Ok(()));
    assert_eq!(verify(end - TimeDelta::microseconds(1)), Ok(()));
    assert_eq!(verify(end), Err(Expired));
    assert_eq!(verify(end + TimeDelta::seconds(1)), Err(Expired));
    // Issued tokens begin five seconds early, for instances whose clock is behind.
    assert_eq!(verify(now() - TimeDelta::seconds(5)), Ok(()));
    assert_eq!(verify(now() - TimeDelta::seconds(6)), Err(NotYetValid));

    let at = now().timestamp();
    all_refused(vec![
        ("expired a second ago", with_claim("exp", json!(at - 1)), Expired),
        ("expires now", with_claim("exp", json!(at)), Expired),
        ("expired in 1970", with_claim("exp", json!(0)), Expired),
        ("expired before 1970", with_claim("exp", json!(-1)), Expired),
        ("valid in a second", with_claim("nbf", json!(at + 1)), NotYetValid),
        ("valid in a minute", with_claim("nbf", json!(at + 60)), NotYetValid),
        ("an end beyond all dates", with_claim("exp", json!(i64::MAX)), Claims),
        ("an issue beyond all dates", with_claim("iat", json!(i64::MIN)), Claims),
    ]);
    for (name, value, at) in [("exp", at + 1, now()), ("nbf", at, now())] {
        assert!(signer().verify(&with_claim(name, json!(value)), at).is_ok(), "{name}");
    }
    let stillborn = signer().issue(ACCOUNT, SESSION, now(), TimeDelta::zero());
    assert_eq!(signer().verify(&stillborn, now()), Err(Expired));
}

#[test]
fn missing_or_strange_claims_are_refused() {
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"] {
        assert_eq!(signer().verify(&without_claim(name), now()), Err(Claims), "no {name}");
        assert_eq!(signer().verify(&with_claim(name, Value::Null), now()), Err(Claims), "{name} null");
    }
    let good = claims().to_string();
    let exp = claims()["exp"].to_string();
    let twice = |text: &str| signed(HEADER, &format!("{{{text},{}", good.strip_prefix('{').unwrap()));
    all_refused(vec![
        ("exp as text", with_claim("exp", json!(exp)), Claims),
        ("exp with a fraction", signed(HEADER, &good.replace(&exp, &format!("{exp}.0"))), Claims),
        ("exp with an exponent", signed(HEADER, &good.replace(&exp, "9e18")), Claims),
        ("exp beyond 64 bits", signed(HEADER, &good.replace(&exp, "99999999999999999999")), Claims),
        ("nbf as text", with_claim("nbf", json!("0")), Claims),
        ("sub not a UUID", with_claim("sub", json!("admin")), Claims),
        ("sid a number", with_claim("sid", json!(1)), Claims),
        ("exp twice", twice(r#""exp":99999999999"#), Claims),
        ("sub twice", twice(&format!(r#""sub":"{SESSION}""#)), Claims),
        ("unknown claim", with_claim("admin", json!(true)), Claims),
        ("scope of another kind", with_claim("scope", json!("*")), Claims),
        ("claims a list", signed(HEADER, "[]"), Claims),
        ("claims null", signed(HEADER, "null"), Claims),
        ("claims empty", signed(HEADER, ""), Claims),
        ("claims not JSON", signed(HEADER, "{"), Claims),
        ("claims with a tail", signed(HEADER, &format!("{good}{{}}")), Claims),
    ]);
}

#[test]
fn damaged_tokens_are_refused() {
    let token = issued();
    let [header, claims, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let other = issued();
    let (other_message, other_signature) = other.rsplit_once('.').unwrap();
    all_refused(vec![
        ("empty", String::new(), Malformed),
        ("dots only", "..".to_owned(), Header),
        ("one part", header.to_owned(), Malformed),
        ("two parts", format!("{header}.{claims}"), Malformed),
        ("four parts", format!("{token}.{signature}"), Malformed),
        ("five parts (JWE)", format!("{header}.{claims}.{signature}.{claims}.{signature}"), Malformed),
        ("dot before", format!(".{token}"), Malformed),
        ("dot behind", format!("{token}."), Malformed),
        ("no signature", format!("{header}.{claims}."), Signature),
        ("no claims", format!("{header}..{signature}"), Signature),
        ("signature of another token", format!("{header}.{claims}.{other_signature}"), Signature),
        ("claims of another token", format!("{other_message}.{signature}"), Signature),
        ("parts exchanged", format!("{claims}.{header}.{signature}"), Header),
        ("signature cut", token[..token.len() - 3].to_owned(), Signature),
        ("half a signature", format!("{header}.{claims}.{}", &signature[..20]), Signature),
        ("padding", format!("{token}="), Malformed),
        (
            "standard base64",
            format!("{header}.{claims}.{}+/{}", &signature[..10], &signature[12..]),
            Malformed,
        ),
        ("line end", format!("{token}\n"), Malformed),
        ("space before", format!(" {token}"), Malformed),
        ("Bearer before", format!("Bearer {token}"), Malformed),
        ("NUL", format!("{token}\0"), Malformed),
        ("not ASCII", format!("{header}.{claims}.签{signature}"), Malformed),
        ("a refresh token", RefreshToken::generate().expose().to_owned(), Malformed),
        ("4097 bytes", "a".repeat(4097), TooLong),
        ("a megabyte of dots", ".".repeat(1 << 20), TooLong),
        ("a huge claim, signed", with_claim("sub", json!("x".repeat(5000))), TooLong),
        ("4096 bytes of noise", "a".repeat(4096), Malformed),
    ]);
}

#[test]
fn every_changed_character_is_found() {
    let token = issued();
    for index in 0..token.len() {
        for replacement in ["A", "B", "-", "."] {
            let changed = format!("{}{replacement}{}", &token[..index], &token[index + 1..]);
            if changed != token {
                assert!(signer().verify(&changed, now()).is_err(), "{index} {replacement}");
            }
        }
    }
}

#[test]
fn keys_are_not_printed() {
    assert_eq!(format!("{:?}", signer()), format!("TokenSigner {{ issuer: {ISSUER:?}, .. }}"));
    assert_eq!(format!("{:?}", RefreshToken::generate()), "RefreshToken");
}

#[test]
fn a_refresh_token_is_found_by_its_hash() {
    let token = RefreshToken::generate();
    assert_eq!(token.expose().len(), 43);
    let presented = RefreshToken::parse(token.expose()).unwrap();
    assert_eq!(presented.hash(), token.hash());
    assert_ne!(RefreshToken::generate().hash(), token.hash());
}

#[test]
fn what_is_no_refresh_token_is_refused() {
    let token = RefreshToken::generate();
    let text = token.expose();
    let forged = [
        String::new(),
        text[..42].to_owned(),
        format!("{text}A"),
        format!("{text}="),
        format!("{text} "),
        format!("+{}", &text[1..]),
        "签".repeat(15),
        "A".repeat(100_000),
        issued(),
    ];
    for text in forged {
        assert!(matches!(RefreshToken::parse(&text), Err(Malformed)), "{text}");
    }
    // The last character carries four bits; another spelling of the same bytes is refused.
    let same_bytes = format!("{}B", "A".repeat(42));
    assert!(matches!(RefreshToken::parse(&same_bytes), Err(Malformed)));
}
