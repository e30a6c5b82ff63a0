//! One-time codes, as the program in somebody's pocket makes them.

use gongkai::clock::Clock;
use gongkai::crypto::totp::{TotpSecret, step_at};
use zeroize::Zeroizing;

/// An authenticator that somebody holds.
pub struct Authenticator(TotpSecret);

impl Authenticator {
    /// From what is typed into it.
    pub fn typed(base32: &str) -> Self {
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
        for digit in base32.chars() {
            bits = bits << 5 | u32::try_from(digits.find(digit).unwrap()).unwrap();
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes.push(u8::try_from(bits >> held & 255).unwrap());
            }
        }
        Self(TotpSecret::from_bytes(Zeroizing::new(bytes)))
    }

    /// The code so many steps from now.
    pub fn code(&self, steps: i64) -> String {
        self.0.code(step_at(Clock::System.now()) + steps).to_string()
    }

    /// A code of none of the steps near.
    pub fn wrong(&self) -> String {
        let near: Vec<String> = (-3..=3).map(|step| self.code(step)).collect();
        (0..1_000_u32).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).unwrap()
    }
}
