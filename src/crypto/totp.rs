//! One-time codes by time (RFC 6238): six digits, a step of 30 seconds, HMAC-SHA-1, which is what every authenticator understands.
//! SHA-1's collisions are no matter for an HMAC (RFC 6151 says the same of MD5).

use std::fmt;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::random;

/// Seconds of a step.
const STEP: i64 = 30;
/// By how many steps a telephone's clock may differ.
const WINDOW: i64 = 1;
/// Bytes of a secret: those of SHA-1's output (RFC 4226, section 4, R6).
const SECRET_BYTES: usize = 20;
/// Digits of base 32 (RFC 4648).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret that a server and an authenticator share: wiped when dropped, never printed.
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A new one.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random::bytes::<SECRET_BYTES>().to_vec()))
    }

    /// One that was kept.
    pub fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be encrypted.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// As it is typed into an authenticator: 32 characters for 20 bytes.
    pub fn base32(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(32));
        for five in self.0.chunks(5) {
            let bits =
                five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - five.len()));
            let digits = (five.len() * 8).div_ceil(5);
            for n in 0..digits {
                let digit = usize::try_from(bits >> (35 - 5 * n) & 31).unwrap_or(0);
                text.push(BASE32.get(digit).copied().map_or('A', char::from));
            }
        }
        text
    }

    /// As an authenticator reads it from a picture. The name is shown to the user; whatever needs it is percent-encoded.
    pub fn uri(&self, username: &str) -> Zeroizing<String> {
        let name: String = username.bytes().map(percent).collect();
        let secret = self.base32();
        Zeroizing::new(format!("otpauth://totp/Gongkai:{name}?secret={}&issuer=Gongkai", *secret))
    }

    /// The code of a step.
    pub fn code(&self, step: i64) -> Zeroizing<String> {
        Zeroizing::new(format!("{:06}", self.truncated(step) % 1_000_000))
    }

    /// The number of a step (RFC 4226, section 5.3: 31 bits at the place that the last four bits name).
    fn truncated(&self, step: i64) -> u32 {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes a key of any length");
        };
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = usize::from(hash.last().copied().unwrap_or(0) & 15);
        let four = hash.iter().skip(offset).take(4);
        four.fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff
    }

    /// The step whose code this is: the present one, the one before or the one after. The caller takes each step once.
    ///
    /// Example: at 12:00:10 the codes of 11:59:30, 12:00:00 and 12:00:30 are taken.
    pub fn step_of(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let present = step_at(now);
        let mut found = None;
        for step in present.saturating_sub(WINDOW)..=present.saturating_add(WINDOW) {
            if self.code(step).as_bytes().ct_eq(code.as_bytes()).into() {
                found = Some(step);
            }
        }
        found
    }
}

/// The step in which an instant lies.
pub fn step_at(instant: DateTime<Utc>) -> i64 {
    instant.timestamp().div_euclid(STEP)
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret")
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use zeroize::Zeroizing;

    use super::{TotpSecret, step_at};

    fn of(text: &[u8]) -> TotpSecret {
        TotpSecret::from_bytes(Zeroizing::new(text.to_vec()))
    }

    /// RFC 6238, appendix B (its eight digits) and RFC 4226, appendix D (its six).
    #[test]
    fn published_vectors_hold() {
        let secret = of(b"12345678901234567890");
        for (seconds, eight) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            let step = step_at(DateTime::from_timestamp(seconds, 0).unwrap());
            assert_eq!(secret.truncated(step) % 100_000_000, eight, "{seconds}");
            assert_eq!(*secret.code(step), format!("{:06}", eight % 1_000_000));
        }
        let by_counter = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (step, code) in (0..).zip(by_counter) {
            assert_eq!(*secret.code(step), code);
        }
    }

    #[test]
    fn three_steps_are_taken_and_no_other() {
        let secret = of(b"12345678901234567890");
        let now = DateTime::from_timestamp(1_800_000_010, 0).unwrap();
        let present = step_at(now);
        for step in present - 5..present + 6 {
            let wanted = (present - 1..=present + 1).contains(&step).then_some(step);
            assert_eq!(secret.step_of(&secret.code(step), now), wanted, "{}", step - present);
        }
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６", "      "] {
            assert_eq!(secret.step_of(wrong, now), None, "{wrong}");
        }
        assert_eq!(step_at(DateTime::from_timestamp(29, 0).unwrap()), 0);
        assert_eq!(step_at(DateTime::from_timestamp(30, 0).unwrap()), 1);
    }

    /// RFC 4648, section 10, without its padding.
    #[test]
    fn base32_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(*of(bytes.as_bytes()).base32(), text);
        }
        assert_eq!(TotpSecret::generate().base32().len(), 32);
        assert_ne!(*TotpSecret::generate().base32(), *TotpSecret::generate().base32());
    }

    #[test]
    fn a_name_stands_safely_in_the_uri_and_nothing_prints_the_secret() {
        let uri = of(b"foobar").uri("王&secret=x");
        assert_eq!(*uri, "otpauth://totp/Gongkai:%E7%8E%8B%26secret%3Dx?secret=MZXW6YTBOI&issuer=Gongkai");
        assert_eq!(format!("{:?}", of(b"foobar")), "TotpSecret");
    }
}
