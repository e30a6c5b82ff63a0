//! One sign-in under way: a secret of 32 random bytes that the browser keeps in a cookie, from which state, nonce and the PKCE
//! verifier are made. So each of them is bound to the browser, and nothing is stored before somebody has shown who he is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq as _;

use crate::crypto::framed::{frame, hmac_sha256, sha256};
use crate::crypto::random;
use crate::crypto::secret::SecretKey;

/// How long somebody may take at the provider.
pub const FLOW_LASTS: TimeDelta = TimeDelta::minutes(10);

/// Longer cookies are not looked at.
const LONGEST_COOKIE: usize = 256;

/// A sign-in under way.
pub struct Flow(SecretKey);

impl Flow {
    /// A new one.
    pub fn begin() -> Self {
        Self(SecretKey::from_bytes(random::bytes()))
    }

    /// What comes back with the code (RFC 6749, 10.12).
    pub fn state(&self) -> String {
        self.part(b"state")
    }

    /// What the ID token must hold (OpenID Connect Core, 3.1.2.1).
    pub fn nonce(&self) -> String {
        self.part(b"nonce")
    }

    /// What the exchange of the code shows (RFC 7636, 4.1).
    pub fn verifier(&self) -> String {
        self.part(b"verifier")
    }

    /// The digest of the verifier (RFC 7636, 4.2).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(sha256(self.verifier().as_bytes()))
    }

    /// What is remembered of one that was used.
    pub fn mark(&self) -> [u8; 32] {
        sha256(self.state().as_bytes())
    }

    /// Whether this state is its own.
    pub fn is_state(&self, shown: &str) -> bool {
        self.state().as_bytes().ct_eq(shown.as_bytes()).into()
    }

    fn part(&self, what: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(hmac_sha256(&self.0, &frame(&[b"gongkai/provider-flow/v1", what])))
    }

    /// What the browser keeps: the secret, when it began, and a tag of ours over both.
    pub fn cookie(&self, key: &SecretKey, now: DateTime<Utc>) -> String {
        let begun = now.timestamp();
        let tag = tag(key, &self.0, begun);
        format!("{}.{begun}.{}", URL_SAFE_NO_PAD.encode(self.0.expose()), URL_SAFE_NO_PAD.encode(tag))
    }

    /// The one that a cookie holds; `None` when it is not ours, or too old.
    pub fn of_cookie(key: &SecretKey, cookie: &str, now: DateTime<Utc>) -> Option<Self> {
        if cookie.len() > LONGEST_COOKIE {
            return None;
        }
        let mut parts = cookie.split('.');
        let (secret, begun, shown) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let secret = SecretKey::from_bytes(URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?);
        let begun: i64 = begun.parse().ok()?;
        let shown = URL_SAFE_NO_PAD.decode(shown).ok()?;
        let ours: bool = tag(key, &secret, begun).ct_eq(shown.as_slice()).into();
        let age = now.timestamp().checked_sub(begun)?;
        (ours && (0..FLOW_LASTS.num_seconds()).contains(&age)).then_some(Self(secret))
    }
}

fn tag(key: &SecretKey, secret: &SecretKey, begun: i64) -> [u8; 32] {
    hmac_sha256(key, &frame(&[b"gongkai/provider-cookie/v1", secret.expose(), &begun.to_be_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn a_cookie_opens_for_ten_minutes_and_only_as_it_was_made() {
        let key = SecretKey::from_bytes([7; 32]);
        let flow = Flow::begin();
        let cookie = flow.cookie(&key, at(0));
        assert!(cookie.len() <= LONGEST_COOKIE);
        let open = |cookie: &str, second| Flow::of_cookie(&key, cookie, at(second));
        for second in [0, 599] {
            assert_eq!(open(&cookie, second).unwrap().state(), flow.state());
        }
        assert!(open(&cookie, 600).is_none() && open(&cookie, -1).is_none());
        let later = cookie.replace("1800000000", "1800000300");
        assert!(later != cookie && open(&later, 600).is_none());
        assert!(Flow::of_cookie(&SecretKey::from_bytes([8; 32]), &cookie, at(0)).is_none());
        for wrong in ["", ".", "..", "a.b.c", &cookie[1..], &format!("{cookie}."), &"A".repeat(300)] {
            assert!(open(wrong, 0).is_none(), "{wrong}");
        }
    }

    #[test]
    fn its_parts_differ_and_fit_their_specifications() {
        let (one, other) = (Flow::begin(), Flow::begin());
        let parts = [one.state(), one.nonce(), one.verifier(), one.challenge(), other.state()];
        for (n, part) in parts.iter().enumerate() {
            assert_eq!(part.len(), 43, "RFC 7636 asks for 43 to 128 characters");
            assert!(!parts[..n].contains(part));
        }
        assert!(one.is_state(&one.state()) && !one.is_state(&other.state()) && !one.is_state(""));
    }
}
