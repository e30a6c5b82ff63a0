//! Passwords: argon2id hashes (19 MiB, two passes, one lane), and what a new password must be.
//!
//! A password is taken as it was typed, without Unicode normalisation. Hashing takes some 30 ms of one core and is
//! meant for [`super::hasher`]; call it directly in commands only.

use std::{fmt, hint::black_box};

use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash::phc::PasswordHash};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::random;

pub use super::password_policy::{NewPassword, PasswordProblem, PasswordProfile, check_new_password};

/// Memory in KiB, passes and lanes of new hashes: OWASP's first recommendation.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;

/// What a stored hash may ask for at most; a row changed by hand must not stop the server.
const MAX_MEMORY_KIB: u32 = 131_072;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 4;

/// A hash with the current parameters that nobody's password has, for accounts that do not exist.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Z29uZ2thaS1ub2JvZHktMQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password as it was typed: wiped when dropped, never printed.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Password(Zeroizing<String>);

impl Password {
    /// The text, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// A stored hash is not one that this program can verify: not a PHC string, not argon2id version 19, or with
/// parameters beyond the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored password hash is not an argon2id hash that this program can verify")]
pub struct BadStoredHash;

/// The working memory of one hash (19 MiB), to be kept and used again.
pub struct HashMemory(Vec<Block>);

impl HashMemory {
    /// Takes the memory that a hash with the current parameters needs.
    pub fn new() -> Self {
        Self(vec![Block::new(); current_params().block_count()])
    }

    /// At least as much as `params` need, for hashes stored with higher parameters.
    fn fit(&mut self, params: &Params) -> &mut [Block] {
        if self.0.len() < params.block_count() {
            self.0.resize(params.block_count(), Block::new());
        }
        &mut self.0
    }
}

impl Default for HashMemory {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HashMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashMemory")
    }
}

/// The hash to store: a PHC string with a new random salt.
pub fn hash_password(password: &Password, memory: &mut HashMemory) -> String {
    let salt: [u8; 16] = random::bytes();
    let Ok(output) = compute(current_params(), password, &salt, memory) else {
        unreachable!("the parameters are constants and no password is 4 GiB long");
    };
    format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(&*output)
    )
}

/// Whether the password is the one behind the stored hash, with the hash's own parameters, compared in constant time.
///
/// # Errors
/// [`BadStoredHash`], after no work at all.
pub fn verify_password(
    stored: &str,
    password: &Password,
    memory: &mut HashMemory,
) -> Result<bool, BadStoredHash> {
    let hash = PasswordHash::new(stored).map_err(|_| BadStoredHash)?;
    let params = params_of(&hash)?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return Err(BadStoredHash);
    };
    let output = compute(params, password, salt, memory)?;
    Ok(output.as_slice().ct_eq(expected.as_bytes()).into())
}

/// Takes as long as [`verify_password`] and always says no: what an unknown user gets, so that time does not tell which
/// users exist.
pub fn verify_nobody(password: &Password, memory: &mut HashMemory) -> bool {
    let _ = black_box(verify_password(NOBODY, password, memory));
    false
}

/// Whether the stored hash has other parameters than new ones get, so that a sign-in should replace it.
pub fn needs_rehash(stored: &str) -> bool {
    let params = PasswordHash::new(stored).map_err(|_| BadStoredHash).and_then(|hash| params_of(&hash));
    params.map_or(true, |params| {
        (params.m_cost(), params.t_cost(), params.p_cost(), params.output_len())
            != (MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES))
    })
}

/// The parameters of new hashes.
fn current_params() -> Params {
    const PARAMS: Params = match Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES)) {
        Ok(params) => params,
        Err(_) => panic!("the constants above are valid"),
    };
    PARAMS
}

/// The parameters of a stored hash, if it is of our kind and within the limits.
fn params_of(hash: &PasswordHash) -> Result<Params, BadStoredHash> {
    let params = Params::try_from(hash).map_err(|_| BadStoredHash)?;
    let ours = hash.algorithm == Algorithm::Argon2id.ident() && hash.version == Some(Version::V0x13.into());
    let within =
        params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES && params.p_cost() <= MAX_LANES;
    let output = params.output_len().is_some_and(|length| length >= 16);
    if ours && within && output { Ok(params) } else { Err(BadStoredHash) }
}

fn compute(
    params: Params,
    password: &Password,
    salt: &[u8],
    memory: &mut HashMemory,
) -> Result<Zeroizing<Vec<u8>>, BadStoredHash> {
    let mut output = Zeroizing::new(vec![0; params.output_len().unwrap_or(OUTPUT_BYTES)]);
    let blocks = memory.fit(&params);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.expose().as_bytes(), salt, &mut output, blocks)
        .map_err(|_| BadStoredHash)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use argon2::{Argon2, PasswordVerifier as _, password_hash::phc::PasswordHash};

    use super::{
        BadStoredHash, HashMemory, NOBODY, Password, hash_password, needs_rehash, verify_nobody,
        verify_password,
    };

    #[test]
    fn a_hash_verifies_its_own_password_only() {
        let mut memory = HashMemory::new();
        let password = Password::from("政府信息公开 2026");
        let stored = hash_password(&password, &mut memory);
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(verify_password(&stored, &password, &mut memory), Ok(true));
        for wrong in ["", "政府信息公开 202", "政府信息公开 2026 ", "政府信息公开 2025"] {
            assert_eq!(verify_password(&stored, &wrong.into(), &mut memory), Ok(false), "{wrong}");
        }
        assert_ne!(hash_password(&password, &mut memory), stored, "each hash has its own salt");
    }

    /// The library's own verifier, with memory of its own, agrees with ours over reused memory.
    #[test]
    fn other_programs_can_verify_our_hashes() {
        let stored = hash_password(&"open sesame 77".into(), &mut HashMemory::new());
        let parsed = PasswordHash::new(&stored).unwrap();
        assert!(Argon2::default().verify_password(b"open sesame 77", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"open sesame 78", &parsed).is_err());
    }

    /// From the test suite of the reference implementation (m = 256 KiB, two passes, one lane).
    #[test]
    fn hashes_of_other_programs_verify_with_their_own_parameters() {
        let stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let mut memory = HashMemory::new();
        assert_eq!(verify_password(stored, &"password".into(), &mut memory), Ok(true));
        assert_eq!(verify_password(stored, &"passwore".into(), &mut memory), Ok(false));
        assert!(needs_rehash(stored));
    }

    #[test]
    fn a_hash_with_more_memory_verifies_too() {
        let bigger = argon2::Params::new(20_480, 1, 2, Some(32)).unwrap();
        let mut output = [0; 32];
        Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, bigger)
            .hash_password_into(b"open sesame 77", b"saltsalt", &mut output)
            .unwrap();
        let encode =
            |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD_NO_PAD, bytes);
        let stored = format!("$argon2id$v=19$m=20480,t=1,p=2${}${}", encode(b"saltsalt"), encode(&output));
        assert_eq!(verify_password(&stored, &"open sesame 77".into(), &mut HashMemory::new()), Ok(true));
    }

    #[test]
    fn strange_stored_hashes_are_errors_before_any_work() {
        let good = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let strange = [
            String::new(),
            "plain text".to_owned(),
            good.replace("argon2id", "argon2i"),
            good.replace("argon2id", "argon2d"),
            good.replace("argon2id", "scrypt"),
            good.replace("v=19", "v=16"),
            good.replace("v=19$", ""),
            good.replace("m=19456", "m=4294967295"),
            good.replace("t=2", "t=4294967295"),
            good.replace("p=1", "p=64"),
            good.replace("m=19456", "m=1"),
            good.replace("/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", ""),
            good.rsplit_once('$').unwrap().0.to_owned(),
            format!("{good}$x"),
        ];
        let mut memory = HashMemory::new();
        for stored in strange {
            assert_eq!(verify_password(&stored, &"x".into(), &mut memory), Err(BadStoredHash), "{stored}");
            assert!(needs_rehash(&stored), "{stored}");
        }
        assert_eq!(memory.0.len(), 19_456, "no strange hash made the memory grow");
    }

    #[test]
    fn nobody_has_the_current_parameters_and_no_password() {
        assert!(!needs_rehash(NOBODY));
        let mut memory = HashMemory::new();
        assert_eq!(verify_password(NOBODY, &"".into(), &mut memory), Ok(false));
        assert!(!verify_nobody(&"password".into(), &mut memory));
    }

    #[test]
    fn nothing_prints_a_password() {
        let password: Password = serde_json::from_str("\"hush hush hush\"").unwrap();
        assert_eq!(password.expose(), "hush hush hush");
        assert_eq!(format!("{password:?}"), "Password");
    }

    #[test]
    fn nobody_costs_what_everybody_costs() {
        let parameters = |phc: &str| phc.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        let real = hash_password(&"open sesame 77".into(), &mut HashMemory::new());
        assert_eq!(parameters(NOBODY), parameters(&real));
    }
}
