//! ID tokens (OpenID Connect Core, 3.1.3.7). The library checks the signature; what the claims must be is checked here, against the
//! caller's clock.

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

/// Longer tokens are not looked at.
const LONGEST: usize = 16 * 1024;
/// How far the clocks of the two may be apart, in seconds.
const SKEW: i64 = 60;
/// How old a token may be, in seconds: it was made for this sign-in.
const OLDEST: i64 = 600;
/// The longest name of somebody.
const LONGEST_SUBJECT: usize = 255;

/// What is wrong with an ID token. For the log; the caller is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenFault {
    /// Too long, no JWT, or of a type that is no ID token's.
    #[error("the ID token cannot be read")]
    Malformed,
    /// Signed in a way that is not taken: not at all, or with a shared secret.
    #[error("the ID token's algorithm is not taken")]
    Algorithm,
    /// No key of the provider's has this id, or none is for this use.
    #[error("the ID token's key is not known")]
    Key,
    /// Not signed by that key.
    #[error("the ID token's signature is wrong")]
    Signature,
    /// A claim is missing, twice there, or of another type.
    #[error("the ID token's claims are ill-formed")]
    Claims,
    /// Another issuer's.
    #[error("the ID token has another issuer")]
    Issuer,
    /// For another client.
    #[error("the ID token is for another client")]
    Audience,
    /// Over, not yet valid, or too old.
    #[error("the ID token is not valid now")]
    Time,
    /// Made for another sign-in.
    #[error("the ID token has another nonce")]
    Nonce,
    /// The claim that names somebody is missing, not verified, or no name.
    #[error("the ID token names nobody")]
    Subject,
}

/// Who somebody is to the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What the configured claim says.
    pub subject: String,
    /// Whether the provider says that he showed more than one factor (`amr` holds `mfa`, RFC 8176).
    pub multi_factor: bool,
}

/// What a token must say.
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub claim: &'a str,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: String,
    azp: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// The id of the key that a token says it is signed with.
pub(super) fn kid_of(token: &str) -> Result<Option<String>, IdTokenFault> {
    if token.len() > LONGEST {
        return Err(IdTokenFault::Malformed);
    }
    Ok(decode_header(token).map_err(|_| IdTokenFault::Algorithm)?.kid)
}

/// Who an ID token says somebody is.
pub(super) fn check(
    token: &str,
    keys: &JwkSet,
    expected: &Expected<'_>,
    now: DateTime<Utc>,
) -> Result<Identity, IdTokenFault> {
    if token.len() > LONGEST {
        return Err(IdTokenFault::Malformed);
    }
    // `none` is no algorithm to the library.
    let header = decode_header(token).map_err(|_| IdTokenFault::Algorithm)?;
    if header.typ.as_ref().is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) || header.crit.is_some() {
        return Err(IdTokenFault::Malformed);
    }
    let key = key_of(keys, header.kid.as_deref(), header.alg)?;
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_jwk(key).map_err(|_| IdTokenFault::Key)?;
    let claims = decode::<Claims>(token, &key, &validation).map_err(|error| {
        let ill_formed = matches!(error.kind(), jsonwebtoken::errors::ErrorKind::Json(_));
        if ill_formed { IdTokenFault::Claims } else { IdTokenFault::Signature }
    })?;
    judge(claims.claims, expected, now)
}

/// The provider's key of this id, or its only one that fits; for signatures, and for this algorithm.
fn key_of<'a>(keys: &'a JwkSet, kid: Option<&str>, algorithm: Algorithm) -> Result<&'a Jwk, IdTokenFault> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let rsa = matches!(algorithm, RS256 | RS384 | RS512 | PS256 | PS384 | PS512);
    let curve = matches!(algorithm, ES256 | ES384);
    // Neither a shared secret nor a public key taken for one.
    if !rsa && !curve && algorithm != EdDSA {
        return Err(IdTokenFault::Algorithm);
    }
    let of_family = |key: &AlgorithmParameters| {
        rsa && matches!(key, AlgorithmParameters::RSA(_))
            || curve && matches!(key, AlgorithmParameters::EllipticCurve(_))
            || algorithm == EdDSA && matches!(key, AlgorithmParameters::OctetKeyPair(_))
    };
    let mut fitting = Vec::new();
    for key in &keys.keys {
        let common = &key.common;
        let for_signatures = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
        let same = common.key_algorithm.is_none_or(|own| own.to_string() == format!("{algorithm:?}"));
        if of_family(&key.algorithm)
            && for_signatures
            && same
            && kid.is_none_or(|kid| common.key_id.as_deref() == Some(kid))
        {
            fitting.push(key);
        }
    }
    match fitting.as_slice() {
        [key] => Ok(key),
        _ => Err(IdTokenFault::Key),
    }
}

fn judge(claims: Claims, expected: &Expected<'_>, now: DateTime<Utc>) -> Result<Identity, IdTokenFault> {
    if claims.iss != expected.issuer {
        return Err(IdTokenFault::Issuer);
    }
    let ours = match &claims.aud {
        Audience::One(audience) => audience == expected.client_id,
        Audience::Many(all) => {
            let named = all.iter().any(|audience| audience == expected.client_id);
            named && (all.len() == 1 || claims.azp.is_some())
        }
    };
    if !ours || claims.azp.as_ref().is_some_and(|party| party != expected.client_id) {
        return Err(IdTokenFault::Audience);
    }
    let now = now.timestamp();
    let over = now >= claims.exp.saturating_add(SKEW);
    let early = |from: i64| from > now.saturating_add(SKEW);
    let old = claims.iat < now.saturating_sub(OLDEST.saturating_add(SKEW));
    if over || old || early(claims.iat) || claims.nbf.is_some_and(early) {
        return Err(IdTokenFault::Time);
    }
    if !bool::from(claims.nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(IdTokenFault::Nonce);
    }
    let multi_factor = claims.amr.iter().any(|way| way == "mfa");
    let verified =
        expected.claim != "email" || claims.others.get("email_verified") == Some(&Value::Bool(true));
    let subject = match expected.claim {
        "sub" => Some(claims.sub),
        other => claims.others.get(other).and_then(Value::as_str).map(str::to_owned),
    };
    let named = |subject: &String| {
        !subject.trim().is_empty() && subject.len() <= LONGEST_SUBJECT && !subject.contains(char::is_control)
    };
    let subject = subject.filter(|subject| verified && named(subject)).ok_or(IdTokenFault::Subject)?;
    Ok(Identity { subject, multi_factor })
}
