//! The numbers that offices give their requests, such as `淮公申〔2026〕12号`.

use std::fmt;
use thiserror::Error;

/// The longest pattern, in characters.
const MAX_CHARS: usize = 40;
const YEAR: &str = "{year}";
const SEQ: &str = "{seq}";

/// How an office writes its numbers: a text with the places of the year and of the number within the year.
///
/// ```
/// use gongkai::domain::numbering::NumberPattern;
///
/// let pattern = NumberPattern::parse("淮公申〔{year}〕{seq}号")?;
/// assert_eq!(pattern.format(2026, 12), "淮公申〔2026〕12号");
/// assert_eq!(pattern.to_string(), "淮公申〔{year}〕{seq}号");
/// # Ok::<(), gongkai::domain::numbering::PatternError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPattern(String);

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PatternError {
    /// It has more than 40 characters.
    #[error("a number pattern has 40 characters or fewer")]
    TooLong,
    /// It has a control character, such as a line break.
    #[error("a number pattern has no control characters")]
    ControlCharacter,
    /// `{year}` does not occur exactly once.
    #[error("a number pattern has {{year}} exactly once")]
    Year,
    /// `{seq}` does not occur exactly once.
    #[error("a number pattern has {{seq}} exactly once")]
    Seq,
    /// It has a brace beside `{year}` and `{seq}`.
    #[error("a number pattern has no braces other than {{year}} and {{seq}}")]
    Brace,
}

impl NumberPattern {
    /// Reads a pattern: `{year}` and `{seq}` exactly once each, and any other text.
    ///
    /// # Errors
    ///
    /// The first of [`PatternError`] that holds, in its order.
    pub fn parse(pattern: &str) -> Result<Self, PatternError> {
        if pattern.chars().count() > MAX_CHARS {
            return Err(PatternError::TooLong);
        }
        if pattern.chars().any(char::is_control) {
            return Err(PatternError::ControlCharacter);
        }
        if pattern.matches(YEAR).count() != 1 {
            return Err(PatternError::Year);
        }
        if pattern.matches(SEQ).count() != 1 {
            return Err(PatternError::Seq);
        }
        // Exactly two of each brace: those of the two placeholders.
        if pattern.matches('{').count() != 2 || pattern.matches('}').count() != 2 {
            return Err(PatternError::Brace);
        }
        Ok(Self(pattern.to_owned()))
    }

    /// The number `seq` of `year`. The year has four digits and the number no leading zeros, so that two
    /// different pairs (with years from 1000 to 9999) never give the same text.
    pub fn format(&self, year: i32, seq: u32) -> String {
        self.0.replace(YEAR, &format!("{year:04}")).replace(SEQ, &seq.to_string())
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{NumberPattern, PatternError};
    use proptest::prelude::*;

    #[test]
    fn patterns_are_filled() {
        let format = |pattern, year, seq| NumberPattern::parse(pattern).unwrap().format(year, seq);
        assert_eq!(format("淮公申〔{year}〕{seq}号", 2026, 1), "淮公申〔2026〕1号");
        assert_eq!(format("{seq}/{year}", 2026, 4_294_967_295), "4294967295/2026");
        assert_eq!(format("{year}{seq}", 2026, 10), "202610");
    }

    #[test]
    fn other_texts_are_refused() {
        let long = format!("{}{{year}}{{seq}}", "申".repeat(30));
        let cases = [
            ("", PatternError::Year),
            ("{seq}号", PatternError::Year),
            ("{year}{year}{seq}", PatternError::Year),
            ("〔{year}〕号", PatternError::Seq),
            ("{year}{seq}{seq}", PatternError::Seq),
            ("{year}{SEQ}", PatternError::Seq),
            ("{{year}}{seq}", PatternError::Brace),
            ("{year}{seq}{month}", PatternError::Brace),
            ("{year}{seq}}", PatternError::Brace),
            ("{year}\n{seq}", PatternError::ControlCharacter),
            (&long, PatternError::TooLong),
        ];
        for (pattern, error) in cases {
            assert_eq!(NumberPattern::parse(pattern), Err(error), "{pattern}");
        }
        let longest = format!("{}{{year}}{{seq}}", "申".repeat(29));
        assert!(NumberPattern::parse(&longest).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in any::<String>()) {
            let _ = NumberPattern::parse(&text);
        }

        #[test]
        fn two_numbers_never_share_a_text(
            texts in prop::array::uniform3("[0-9a申〔〕]{0,4}"), seq_first: bool,
            years in (1000..10_000_i32, 1000..10_000_i32), seqs in (0..2000_u32, 0..2000_u32),
        ) {
            let [before, between, after] = texts;
            let (first, second) = if seq_first { ("{seq}", "{year}") } else { ("{year}", "{seq}") };
            let pattern = NumberPattern::parse(&format!("{before}{first}{between}{second}{after}")).unwrap();
            let same = pattern.format(years.0, seqs.0) == pattern.format(years.1, seqs.1);
            prop_assert_eq!(same, (years.0, seqs.0) == (years.1, seqs.1));
        }
    }
}
