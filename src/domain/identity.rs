//! Whether an identity number can be right: the resident number of GB 11643 and the unified social credit
//! code of GB 32100.
//!
//! A number that passes is well formed, no more: nobody is asked whether it was ever issued. Both checks read
//! numbers as people write them, with spaces, hyphens, full-width digits or a small x (see
//! [`normalize_number`]).
//!
//! ```
//! use gongkai::domain::identity::{ResidentIdError, check_credit_code, check_resident_id, normalize_number};
//!
//! let today = "2026-11-22".parse().unwrap();
//! // The standard's own example: born 31 December 1949, check digit X.
//! assert_eq!(check_resident_id("11010519491231002X", today), Ok(()));
//! assert_eq!(check_resident_id("110105 19491231 002x", today), Ok(()));
//! assert_eq!(check_resident_id("110105194912310021", today), Err(ResidentIdError::CheckDigit));
//! assert_eq!(check_resident_id("11010519490231002X", today), Err(ResidentIdError::BirthDate));
//!
//! assert_eq!(check_credit_code("91350100M000100Y43"), Ok(()));
//! assert_eq!(normalize_number("１１０１０５－１９４９ 1231-002x"), "11010519491231002X");
//! ```

use chrono::NaiveDate;
use thiserror::Error;

/// Why a text is no resident number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ResidentIdError {
    /// Not 17 digits and a digit or X.
    #[error("a resident number is 17 digits and a digit or X")]
    Shape,
    /// The first digits are no province's.
    #[error("the region of the resident number does not exist")]
    Region,
    /// Digits 7 to 14 are no date, one in the future, or one nobody living was born on.
    #[error("the date of birth in the resident number cannot be right")]
    BirthDate,
    /// The last digit does not fit the others.
    #[error("the check digit of the resident number is wrong")]
    CheckDigit,
}

/// Why a text is no unified social credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CreditCodeError {
    /// Not 18 digits and capital letters other than I, O, S, V and Z, the third to the eighth being digits.
    #[error("a unified social credit code is 18 digits and capital letters other than I, O, S, V and Z")]
    Shape,
    /// The last character does not fit the others.
    #[error("the check character of the unified social credit code is wrong")]
    CheckCharacter,
}

/// The weights of GB 11643; the last is the check digit's own.
const RESIDENT_WEIGHTS: [u32; 18] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
/// The characters of GB 32100, each standing for its position.
const CREDIT_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The earliest year of birth taken for real; the standard's second example is of 1880.
const EARLIEST_BIRTH_YEAR: i32 = 1850;

/// Checks a resident number (公民身份号码), also that of a foreigner's permanent residence card, which begins with
/// 9. `today` is the last possible date of birth.
///
/// # Errors
///
/// The first of [`ResidentIdError`] that holds, in its order.
pub fn check_resident_id(number: &str, today: NaiveDate) -> Result<(), ResidentIdError> {
    let number = normalize_number(number);
    let values = resident_values(&number).ok_or(ResidentIdError::Shape)?;
    if !region_exists(&number) {
        return Err(ResidentIdError::Region);
    }
    let birth = number.get(6..14).and_then(parse_date).ok_or(ResidentIdError::BirthDate)?;
    if birth > today {
        return Err(ResidentIdError::BirthDate);
    }
    let sum: u32 = values.iter().zip(RESIDENT_WEIGHTS).map(|(value, weight)| value * weight).sum();
    if sum % 11 == 1 { Ok(()) } else { Err(ResidentIdError::CheckDigit) }
}

/// Checks a resident number of before 1999: 15 digits, the year of birth with two, no check digit. They are
/// no longer valid, but old papers have them.
pub fn is_old_resident_id(number: &str) -> bool {
    let number = normalize_number(number);
    let digits = number.len() == 15 && number.bytes().all(|byte| byte.is_ascii_digit());
    let birth = || number.get(6..12).and_then(|birth| parse_date(&format!("19{birth}")));
    digits && region_exists(&number) && birth().is_some()
}

/// Checks a unified social credit code (统一社会信用代码).
///
/// # Errors
///
/// The first of [`CreditCodeError`] that holds, in its order.
pub fn check_credit_code(code: &str) -> Result<(), CreditCodeError> {
    let code = normalize_number(code);
    let region_is_digits =
        code.get(2..8).is_some_and(|region| region.bytes().all(|byte| byte.is_ascii_digit()));
    if code.len() != 18 || !region_is_digits {
        return Err(CreditCodeError::Shape);
    }
    // The weight of the check character is 1 and the sum a multiple of 31.
    let mut weight = 1;
    let mut sum = 0;
    for (place, character) in code.chars().enumerate() {
        let value =
            CREDIT_ALPHABET.chars().position(|known| known == character).ok_or(CreditCodeError::Shape)?;
        sum += if place == 17 { value } else { value * weight };
        weight = weight * 3 % 31;
    }
    if sum % 31 == 0 { Ok(()) } else { Err(CreditCodeError::CheckCharacter) }
}

/// The one way to write a number: half-width, capital letters, without spaces and hyphens. Two writings of
/// one number become equal; nothing else is changed.
pub fn normalize_number(text: &str) -> String {
    let characters = text.chars().map(fold_width).filter(|character| !is_separator(*character));
    characters.map(|character| character.to_ascii_uppercase()).collect()
}

/// The half-width form of a full-width character (全角转半角); any other character as it is.
pub fn fold_width(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(character)
        }
        _ => character,
    }
}

/// Whether a (half-width) character may stand between the groups of a number: a space within the line, a
/// hyphen or dash, or a mark without width.
pub fn is_separator(character: char) -> bool {
    let within_line =
        character.is_whitespace() && !matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}');
    let invisible = matches!(character, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}');
    within_line || invisible || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The values of the 18 characters, X being 10; `None` unless they are 17 digits and a digit or X.
fn resident_values(number: &str) -> Option<Vec<u32>> {
    let (digits, last) = number.split_at_checked(17)?;
    let mut values: Vec<u32> =
        digits.chars().map(|character| character.to_digit(10)).collect::<Option<_>>()?;
    values.push(match last {
        "X" => 10,
        _ if last.len() == 1 => last.parse().ok()?,
        _ => return None,
    });
    Some(values)
}

/// Whether the number begins with the two digits of a province, of Hong Kong, Macao or Taiwan (also their
/// residence permits), or with a 9 and those.
fn region_exists(number: &str) -> bool {
    let province =
        number.strip_prefix('9').unwrap_or(number).get(..2).and_then(|code| code.parse::<u8>().ok());
    province.is_some_and(|province| {
        matches!(province, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
    })
}

/// A date of birth written `YYYYMMDD`.
fn parse_date(text: &str) -> Option<NaiveDate> {
    let year = text.get(..4)?.parse().ok().filter(|year| *year >= EARLIEST_BIRTH_YEAR)?;
    NaiveDate::from_ymd_opt(year, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::{
        CREDIT_ALPHABET, CreditCodeError, ResidentIdError, check_credit_code, check_resident_id,
        is_old_resident_id, normalize_number,
    };
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn check(number: &str) -> Result<(), ResidentIdError> {
        check_resident_id(number, "2026-11-22".parse().unwrap())
    }

    #[test]
    fn real_forms_of_resident_numbers_pass() {
        for number in [
            "11010519491231002X",     // the standard's examples
            "440524188001010014",     //
            "911124198108030024",     // a foreigner's permanent residence card
            "11010519491231002x",     //
            " 110105 1949-1231 002X", //
            "１１０１０５１９４９１２３１００２Ｘ",
        ] {
            assert_eq!(check(number), Ok(()), "{number}");
        }
    }

    #[test]
    fn wrong_resident_numbers_say_why() {
        let cases = [
            ("", ResidentIdError::Shape),
            ("1101051949123100", ResidentIdError::Shape),
            ("11010519491231002X1", ResidentIdError::Shape),
            ("X10105194912310021", ResidentIdError::Shape),
            ("11010519491231002甲", ResidentIdError::Shape),
            ("11010519491231002+", ResidentIdError::Shape),
            ("1101051949123100+1", ResidentIdError::Shape),
            ("居民身份证号码居民身份证号码居民身份", ResidentIdError::Shape),
            ("00010519491231002X", ResidentIdError::Region),
            ("99010519491231002X", ResidentIdError::Region),
            ("11010519490229002X", ResidentIdError::BirthDate),
            ("11010517491231002X", ResidentIdError::BirthDate),
            ("11010520261123002X", ResidentIdError::BirthDate),
            ("110105194912310021", ResidentIdError::CheckDigit),
        ];
        for (number, error) in cases {
            assert_eq!(check(number), Err(error), "{number}");
        }
    }

    #[test]
    fn one_wrong_digit_or_two_neighbours_swapped_never_pass() {
        let right = "11010519491231002X";
        for place in 0..17 {
            for digit in '0'..='9' {
                let wrong: String =
                    right.chars().enumerate().map(|(at, c)| if at == place { digit } else { c }).collect();
                assert!(wrong == right || check(&wrong).is_err(), "{wrong}");
            }
            let mut swapped: Vec<_> = right.chars().collect();
            swapped.swap(place, place + 1);
            let swapped: String = swapped.into_iter().collect();
            assert!(swapped == right || check(&swapped).is_err(), "{swapped}");
        }
    }

    #[test]
    fn old_resident_numbers() {
        assert!(is_old_resident_id("110105491231002"));
        for number in ["110105491331002", "000105491231002", "11010549123100", "11010549123100X", ""] {
            assert!(!is_old_resident_id(number), "{number}");
        }
    }

    #[test]
    fn real_credit_codes_pass() {
        for code in ["91350100M000100Y43", "914403001922038216", "9144030071526726XG", "91330100799655058b"] {
            assert_eq!(check_credit_code(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn wrong_credit_codes_say_why() {
        let cases = [
            ("", CreditCodeError::Shape),
            ("91350100M000100Y4", CreditCodeError::Shape),
            ("91350100M000100Y433", CreditCodeError::Shape),
            ("9135010OM000100Y43", CreditCodeError::Shape),
            ("91350100I000100Y43", CreditCodeError::Shape),
            ("统一社会信用代码", CreditCodeError::Shape),
            ("统一社会信用", CreditCodeError::Shape), // 18 bytes
            ("91350100M000100Y44", CreditCodeError::CheckCharacter),
        ];
        for (code, error) in cases {
            assert_eq!(check_credit_code(code), Err(error), "{code}");
        }
        for wrong in CREDIT_ALPHABET.chars().filter(|character| *character != '3') {
            let code = format!("91350100M000100Y4{wrong}");
            assert_eq!(check_credit_code(&code), Err(CreditCodeError::CheckCharacter));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_checked_without_panic(text in any::<String>()) {
            let _ = check(&text);
            let _ = check_credit_code(&text);
            let _ = is_old_resident_id(&text);
            let normal = normalize_number(&text);
            prop_assert_eq!(normalize_number(&normal), normal);
        }

        #[test]
        fn every_number_with_the_right_check_digit_passes(days in 0..40_000_i32, order in 0..1000_u32) {
            let birth = NaiveDate::from_num_days_from_ce_opt(693_961 + days).unwrap();
            let body = format!("320829{}{order:03}", birth.format("%Y%m%d"));
            let passes = |last: &char| check(&format!("{body}{last}")).is_ok();
            prop_assert_eq!("0123456789X".chars().filter(passes).count(), 1);
        }
    }
}
