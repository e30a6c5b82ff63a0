//! Numbers that tell of a person besides his resident and mobile number: bank cards, passports, landlines.

use super::{Glyph, take_digits};

/// A bank card: 16 to 19 digits, alone or in groups of four, of a network that issues cards, with a right check digit (Luhn,
/// ISO/IEC 7812-1). Of numbers made up, nine in ten have a wrong one and are no card.
pub(super) fn match_bank_card(rest: &[Glyph]) -> Option<usize> {
    let card = |count: usize| {
        take_digits(rest, count).filter(|digits| {
            let in_fours = digits.gaps.iter().enumerate().all(|(n, gap)| *gap == (n + 1) * 4);
            in_fours && is_card_network(&digits.text) && has_luhn_digit(&digits.text)
        })
    };
    (16..=19).rev().find_map(card).map(|digits| digits.used)
}

/// UnionPay (62, 60, 81), Visa (4, of 16 digits), Mastercard (51 to 55, of 16 digits).
fn is_card_network(digits: &str) -> bool {
    let of_16 = digits.len() == 16
        && (digits.starts_with('4')
            || ["51", "52", "53", "54", "55"].iter().any(|net| digits.starts_with(net)));
    of_16 || ["62", "60", "81"].iter().any(|network| digits.starts_with(network))
}

/// Every second digit from the right but the last is doubled, its digits added up: the sum is a multiple of ten. For example
/// 6222021001116245702: 2+0+5+… = 50.
fn has_luhn_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit } else { (digit * 2) / 10 + (digit * 2) % 10 })
        .sum();
    sum.is_multiple_of(10)
}

/// A passport of China: a letter or two and digits, nine characters together, standing alone (`E12345678`, `EA1234567`, `G12345678`;
/// `DE1234567`, `SE1234567`, `PE1234567` of officials). Other letters stand before numbers of every kind: 国药准字H20190012.
pub(super) fn match_passport(previous: Option<char>, rest: &[Glyph]) -> Option<usize> {
    if previous.is_some_and(|previous| previous.is_ascii_alphanumeric()) {
        return None;
    }
    let word: String =
        rest.iter().map(|glyph| glyph.folded).take_while(char::is_ascii_alphanumeric).take(10).collect();
    let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
    let digits = word.chars().skip(letters).all(|character| character.is_ascii_digit());
    let series = match letters {
        1 => word.starts_with(['E', 'G']),
        // I and O are not used, lest they be read as digits.
        2 if word.starts_with('E') => {
            word.chars().nth(1).is_some_and(|letter| letter.is_ascii_uppercase() && !"IO".contains(letter))
        }
        2 => ["DE", "SE", "PE"].iter().any(|series| word.starts_with(series)),
        _ => false,
    };
    (word.len() == 9 && digits && series).then_some(9)
}

/// A landline with its area code: 0, two or three digits of the area, seven or eight of the line, with a bracket, hyphen or space
/// between or nothing. Without an area code it cannot be told from other numbers.
pub(super) fn match_landline(rest: &[Glyph]) -> Option<usize> {
    let area = rest.iter().take(4).map(|glyph| glyph.folded).collect::<String>();
    let digits = area.chars().take_while(char::is_ascii_digit).count();
    let length = match area.get(..3)? {
        "010" => 3,
        three if three.starts_with("02") => 3,
        three if three.starts_with('0') && !three.starts_with("00") && digits == 4 => 4,
        _ => return None,
    };
    let (_, after) = rest.split_at_checked(length)?;
    let bracket = after.first().is_some_and(|glyph| matches!(glyph.folded, ')' | '）'));
    let skipped = usize::from(bracket)
        + after
            .iter()
            .take(4)
            .skip(usize::from(bracket))
            .take_while(|glyph| super::is_separator(glyph.folded))
            .count();
    let (_, line) = after.split_at_checked(skipped)?;
    let starts = line.first().is_some_and(|glyph| ('2'..='8').contains(&glyph.folded));
    let line =
        [8, 7].into_iter().find_map(|count| take_digits(line, count).filter(|found| is_line(&found.gaps)));
    line.filter(|_| starts).map(|line| length + skipped + line.used)
}

/// Whether people write a line's number in such groups: 83901234, 8390 1234, 390 1234.
fn is_line(gaps: &[usize]) -> bool {
    matches!(gaps, [] | [3 | 4])
}

/// Masks a bank card: the last 4 digits stay.
///
/// ```
/// assert_eq!(gongkai::domain::text::mask_bank_card("6222 0210 0111 6245 702"), "***************5702");
/// ```
pub fn mask_bank_card(card: &str) -> String {
    let digits: Vec<char> = card.chars().map(super::fold_width).filter(char::is_ascii_digit).collect();
    let hidden = digits.len().saturating_sub(4);
    digits.iter().enumerate().map(|(at, digit)| if at < hidden { '*' } else { *digit }).collect()
}
