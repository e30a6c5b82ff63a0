//! Access tokens (signed, short-lived, checked without the database) and refresh tokens (random, stored as a hash).
//!
//! An access token is a JWT of one kind only: HS256, `typ` `at+jwt` (RFC 9068), our issuer, our audience. This server
//! is its only issuer and its only reader, so its header must be the very bytes that we write: another algorithm,
//! `none`, or a `kid`, `jku`, `x5u`, `jwk` or `crit` is refused before anything of the token is believed.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{framed::sha256, random, secret::SecretKey};

/// Who access tokens are for.
const AUDIENCE: &str = "gongkai-api";
/// What they are.
const TYPE: &str = "at+jwt";
/// The one header, as it is written.
const HEADER: &str = r#"{"typ":"at+jwt","alg":"HS256"}"#;
/// No token of ours comes near this length (RFC 8725, section 3.12: refuse before working on it).
const MAX_LENGTH: usize = 4096;
/// By how much a token's first valid second precedes its issue, so that another instance whose clock is a little
/// behind takes it at once. The check itself has no leeway.
const CLOCK_SKEW_SECONDS: i64 = 5;
/// Bytes of a refresh token.
const REFRESH_BYTES: usize = 32;

/// What a valid access token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// The account that is signed in (`sub`).
    pub account: Uuid,
    /// Its session, which may have been revoked since (`sid`).
    pub session: Uuid,
    /// The token's own id (`jti`).
    pub token_id: Uuid,
    /// When it was issued, to the second (`iat`).
    pub issued_at: DateTime<Utc>,
    /// From when on it is refused (`exp`).
    pub expires_at: DateTime<Utc>,
}

/// Why an access token was refused. For the log; the client gets the same 401 for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than 4096 bytes.
    #[error("the token is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// Not three parts of base64url.
    #[error("the token is not three parts of base64url")]
    Malformed,
    /// A header that this server does not write: another algorithm, another type, or more members.
    #[error("the token's header is not ours")]
    Header,
    /// Not signed with our key.
    #[error("the token's signature is wrong")]
    Signature,
    /// Signed, but with missing, unknown, repeated or ill-formed claims.
    #[error("the token's claims are not those of an access token")]
    Claims,
    /// Issued by another server.
    #[error("the token has another issuer")]
    Issuer,
    /// Made for something else.
    #[error("the token is for another audience")]
    Audience,
    /// Its end is now or was earlier.
    #[error("the token has expired")]
    Expired,
    /// Its beginning is yet to come.
    #[error("the token is not valid yet")]
    NotYetValid,
}

/// The claims as they are written. Members that are missing, unknown or given twice are refused.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Uuid,
}

/// Issues and checks access tokens.
pub struct TokenSigner {
    issuer: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    /// [`HEADER`] as it stands in a token.
    header: String,
}

impl TokenSigner {
    /// A signer with this key (derived from the master key, so that all instances share it) and this issuer, such as
    /// the server's public address.
    pub fn new(secret: SecretKey, issuer: impl Into<String>) -> Self {
        // The library checks the signature; time, issuer and audience are checked here, against the caller's clock.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        Self {
            issuer: issuer.into(),
            signing: EncodingKey::from_secret(secret.expose()),
            verifying: DecodingKey::from_secret(secret.expose()),
            validation,
            header: URL_SAFE_NO_PAD.encode(HEADER),
        }
    }

    /// A token for this account and session that is refused from `now + ttl` on.
    pub fn issue(&self, account: Uuid, session: Uuid, now: DateTime<Utc>, ttl: TimeDelta) -> String {
        let iat = now.timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: account,
            sid: session,
            iat,
            nbf: iat.saturating_sub(CLOCK_SKEW_SECONDS),
            exp: iat.saturating_add(ttl.num_seconds()),
            jti: random::new_id(now),
        };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        let Ok(token) = encode(&header, &claims, &self.signing) else {
            unreachable!("strings and numbers always serialize, and HMAC always signs");
        };
        token
    }

    /// What the token says, if it is ours and valid at `now`, without any leeway.
    ///
    /// # Errors
    /// The first [`TokenError`] found. Nothing of a token is believed before its signature is checked.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenError> {
        if token.len() > MAX_LENGTH {
            return Err(TokenError::TooLong);
        }
        let claims = self.authentic_claims(token)?;
        if claims.iss != self.issuer {
            return Err(TokenError::Issuer);
        }
        if claims.aud != AUDIENCE {
            return Err(TokenError::Audience);
        }
        if now.timestamp() >= claims.exp {
            return Err(TokenError::Expired);
        }
        if now.timestamp() < claims.nbf {
            return Err(TokenError::NotYetValid);
        }
        Ok(AccessClaims {
            account: claims.sub,
            session: claims.sid,
            token_id: claims.jti,
            issued_at: instant(claims.iat)?,
            expires_at: instant(claims.exp)?,
        })
    }

    /// The claims of a token with our header and our signature.
    fn authentic_claims(&self, token: &str) -> Result<Claims, TokenError> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, claims, signature] = parts.as_slice() else {
            return Err(TokenError::Malformed);
        };
        if [header, claims, signature].iter().any(|part| URL_SAFE_NO_PAD.decode(part).is_err()) {
            return Err(TokenError::Malformed);
        }
        if *header != self.header {
            return Err(TokenError::Header);
        }
        match decode::<Claims>(token, &self.verifying, &self.validation) {
            Ok(decoded) => Ok(decoded.claims),
            Err(error) if matches!(error.kind(), jsonwebtoken::errors::ErrorKind::Json(_)) => {
                Err(TokenError::Claims)
            }
            Err(_) => Err(TokenError::Signature),
        }
    }
}

impl fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSigner").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

fn instant(seconds: i64) -> Result<DateTime<Utc>, TokenError> {
    DateTime::from_timestamp(seconds, 0).ok_or(TokenError::Claims)
}

/// A refresh token: 32 random bytes as 43 base64url characters, wiped when dropped, never printed. The database keeps
/// its hash only.
pub struct RefreshToken(Zeroizing<String>);

impl RefreshToken {
    /// A new one.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random::token_base64url(REFRESH_BYTES)))
    }

    /// The one that a client presents.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] unless it is 43 characters of base64url, so that an access token, or noise of any
    /// length, never reaches the database.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenError::Malformed)?);
        if bytes.len() == REFRESH_BYTES {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(TokenError::Malformed)
        }
    }

    /// The text, for the one answer that hands it to the client.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up: SHA-256 of the text. 256 random bits need no salt and no slow hash.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken")
    }
}

#[cfg(test)]
mod tests;
