//! Randomness: the only place it comes from is the operating system, and the only way to it is this file.
//!
//! If the system's source fails, the process **aborts**. Keys, nonces, salts and ids cannot be made without it, a
//! substitute would be a silent hole, and an error value would invite one. Once the machine has booted, the source
//! does not fail on the systems we run on.

use std::sync::{Mutex, PoisonError};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};
use zeroize::Zeroizing;

/// Characters of a one-time password: upper-case letters and digits without those that are taken for one another
/// (0 O, 1 I L, 2 Z, 5 S, 8 B, U V). 24 of them, 4.58 bits each.
const READABLE: &[u8; 24] = b"ACDEFGHJKMNPQRTVWXY34679";

/// Groups of a one-time password, and characters in each: 28 characters, 128 bits.
const GROUPS: usize = 7;
const GROUP_LENGTH: usize = 4;

/// How many values the free bits of an id have.
const ID_SPACE: u128 = 1 << 74;

/// `N` random bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// A new id made at `now`: UUID version 7, its first 48 bits the milliseconds, the other 74 free bits random, or, for one
/// made in the same millisecond as the one before it, that one's plus a random step (RFC 9562, section 6.2, method 2).
///
/// So ids made one after the other at one instant rise, and rows inserted together stand together in every index.
/// An instant before 1970 counts as 1970.
pub fn new_id(now: DateTime<Utc>) -> Uuid {
    static LAST: Mutex<(u64, u128)> = Mutex::new((0, 0));
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    let step = u128::from(u32::from_be_bytes(bytes())) + 1;
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let next = last.1 + step;
    let free =
        if last.0 == millis && next < ID_SPACE { next } else { u128::from_be_bytes(bytes()) % ID_SPACE };
    *last = (millis, free);
    drop(last);
    // Twelve bits stand before the variant, 62 behind it.
    let spread = (free >> 62 << 64) | (free & (u128::MAX >> 66));
    let [_, _, _, _, _, _, counter @ ..] = spread.to_be_bytes();
    Builder::from_unix_timestamp_millis(millis, &counter).into_uuid()
}

/// A random UUID (version 4), for what should not tell when it was made, such as a key.
pub fn random_id() -> Uuid {
    Builder::from_random_bytes(bytes()).into_uuid()
}

/// A secret of `n_bytes` random bytes as base64url without padding (32 bytes are 43 characters).
pub fn token_base64url(n_bytes: usize) -> String {
    let mut secret = Zeroizing::new(vec![0; n_bytes]);
    fill(&mut secret);
    URL_SAFE_NO_PAD.encode(&*secret)
}

/// A password to be read out or typed once, such as `K7MD-9QXA-TRFW-3HJC-PN6E-W4TX-R7HQ`: 128 bits, without characters that are
/// easily mistaken. It passes [`super::password::check_new_password`].
pub fn one_time_password() -> String {
    // One in a hundred has no digit, and one in billions no letter: they are drawn again.
    loop {
        let password = readable_groups();
        let has = |kind: fn(char) -> bool| password.chars().any(kind);
        if has(|c| c.is_ascii_digit()) && has(|c| c.is_ascii_alphabetic()) {
            return password;
        }
    }
}

fn readable_groups() -> String {
    let mut password = String::with_capacity(GROUPS * (GROUP_LENGTH + 1));
    for group in 0..GROUPS {
        if group > 0 {
            password.push('-');
        }
        password.extend(std::iter::repeat_with(readable_character).take(GROUP_LENGTH));
    }
    password
}

/// One of [`READABLE`], each equally likely: bytes of the last, incomplete round are drawn again.
fn readable_character() -> char {
    loop {
        let [byte] = bytes::<1>();
        let round = usize::from(byte) / READABLE.len();
        if round < 256 / READABLE.len()
            && let Some(character) = READABLE.get(usize::from(byte) % READABLE.len())
        {
            return char::from(*character);
        }
    }
}

/// Fills the buffer from the operating system, or ends the process.
#[expect(clippy::disallowed_methods, reason = "this is the one place that randomness comes from")]
fn fill(buffer: &mut [u8]) {
    if let Err(error) = getrandom::fill(buffer) {
        eprintln!(
            "the operating system gives no random bytes ({error}); gongkai cannot go on safely and stops"
        );
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::{DateTime, TimeZone as _, Utc};
    use uuid::Variant;

    use super::{READABLE, bytes, new_id, one_time_password, random_id, token_base64url};

    #[test]
    fn an_id_tells_its_instant_and_is_never_the_same() {
        let now = Utc.with_ymd_and_hms(2026, 11, 21, 8, 30, 0).unwrap();
        let id = new_id(now);
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_variant(), Variant::RFC4122);
        let (seconds, _) = id.get_timestamp().unwrap().to_unix();
        assert_eq!(i64::try_from(seconds).unwrap(), now.timestamp());
        let ids: HashSet<_> = (0..10_000).map(|_| new_id(now)).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(new_id(now) < new_id(now + chrono::TimeDelta::milliseconds(1)));
    }

    #[test]
    fn ids_made_one_after_the_other_at_one_instant_rise() {
        // Tests run side by side, and an id made elsewhere begins anew: so some twenty in a row are undisturbed, not all of them.
        let now = Utc.with_ymd_and_hms(2031, 1, 2, 3, 4, 5).unwrap();
        let ids: Vec<_> = (0..1_000).map(|_| new_id(now)).collect();
        assert!(ids.windows(20).any(<[_]>::is_sorted), "twenty in a row never rise");
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == Variant::RFC4122));
    }

    #[test]
    fn an_instant_before_1970_is_no_error() {
        assert_eq!(new_id(DateTime::<Utc>::MIN_UTC).get_timestamp().unwrap().to_unix(), (0, 0));
    }

    #[test]
    fn key_ids_are_version_4() {
        assert_eq!(random_id().get_version_num(), 4);
        assert_ne!(random_id(), random_id());
    }

    #[test]
    fn tokens_have_their_length_and_alphabet() {
        let token = token_base64url(32);
        assert_eq!(token.len(), 43);
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_ne!(token, token_base64url(32));
        assert_eq!(token_base64url(0), "");
    }

    #[test]
    fn one_time_passwords_are_readable_and_use_each_character_alike() {
        let mut counts = [0u32; 24];
        for _ in 0..2_000 {
            let password = one_time_password();
            assert_eq!(password.split('-').map(str::len).collect::<Vec<_>>(), [4; 7], "{password}");
            for byte in password.bytes().filter(|byte| *byte != b'-') {
                counts[READABLE.iter().position(|known| *known == byte).unwrap()] += 1;
            }
        }
        // 56,000 draws over 24 characters: 2,333 each, standard deviation 47.
        assert!(counts.iter().all(|count| (2_000..2_670).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_million_nonces_do_not_repeat() {
        let nonces: HashSet<[u8; 12]> = (0..1_000_000).map(|_| bytes()).collect();
        assert_eq!(nonces.len(), 1_000_000);
    }
}
