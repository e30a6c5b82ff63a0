//! Personal data in free text: finding it, and masking it for those who need not see it.
//!
//! What is found is what has a form of its own: resident numbers, mobile numbers, e-mail addresses, also with
//! full-width digits, spaces or hyphens; bank cards, passports, landlines with their area code; and addresses that a text gives
//! as somebody's. Names are not found. Masks err on the side of hiding.

use crate::domain::identity::{
    ResidentIdError, check_resident_id, fold_width, is_old_resident_id, is_separator,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

mod address;
mod introduced;
mod mask;
mod numbers;

pub use address::mask_address;
pub use mask::{mask_email, mask_id_number, mask_name, mask_phone};
pub use numbers::mask_bank_card;

/// What kind of personal data was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A resident number: 18 characters whose region and date of birth there are, or one of 15 digits. A wrong check digit is a slip of
    /// the hand, and the number still tells who and when; only one written in groups must have a right one.
    ResidentId,
    /// A mobile number of mainland China, with or without the country code.
    MobilePhone,
    /// An e-mail address.
    Email,
    /// A bank card with a right check digit (Luhn).
    BankCard,
    /// A passport.
    Passport,
    /// A landline with its area code.
    Landline,
    /// Where somebody lives, introduced as such (住址：…); its county stays.
    Address,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::ResidentId,
        Self::MobilePhone,
        Self::Email,
        Self::BankCard,
        Self::Passport,
        Self::Landline,
        Self::Address,
    ];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::MobilePhone => "mobile_phone",
            Self::Email => "email",
            Self::BankCard => "bank_card",
            Self::Passport => "passport",
            Self::Landline => "landline",
            Self::Address => "address",
        }
    }

    /// The kind with this code; `None` for any other text. The inverse of [`FindingKind::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::ResidentId => "身份证号码",
            Self::MobilePhone => "手机号码",
            Self::Email => "电子邮箱",
            Self::BankCard => "银行卡号",
            Self::Passport => "护照号码",
            Self::Landline => "固定电话号码",
            Self::Address => "住址",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::ResidentId => "resident number",
            Self::MobilePhone => "mobile number",
            Self::Email => "e-mail address",
            Self::BankCard => "bank card number",
            Self::Passport => "passport number",
            Self::Landline => "landline number",
            Self::Address => "home address",
        }
    }

    fn mask(self, text: &str) -> String {
        match self {
            Self::ResidentId | Self::Passport => mask_id_number(text),
            Self::MobilePhone | Self::Landline => mask_phone(text),
            Self::BankCard => mask_bank_card(text),
            Self::Address => introduced::mask_introduced(text),
            Self::Email => mask_email(text),
        }
    }
}

/// A place in a text that holds personal data. It says where, not what, so it may be shown and logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// The first byte of it in the text.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// One character of a text: its bytes, and its half-width form.
#[derive(Clone, Copy)]
struct Glyph {
    start: usize,
    end: usize,
    folded: char,
}

/// Digits in a row, separators left out.
struct Digits {
    text: String,
    /// After how many digits a separator stands.
    gaps: Vec<usize>,
    /// How many glyphs they take.
    used: usize,
}

/// So many separators may stand between two digits of one number.
const MAX_SEPARATORS: usize = 3;

/// Finds personal data, in the order of the text; findings do not overlap.
///
/// ```
/// use gongkai::domain::text::{FindingKind, find_personal_data};
///
/// let findings = find_personal_data("张伟，电话１３８-1234-5678");
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].kind, FindingKind::MobilePhone);
/// assert!(find_personal_data("淮公申〔2026〕12号，2026-03-02 收到").is_empty());
/// ```
pub fn find_personal_data(text: &str) -> Vec<Finding> {
    let glyph = |(start, character): (usize, char)| Glyph {
        start,
        end: start + character.len_utf8(),
        folded: fold_width(character),
    };
    let glyphs: Vec<Glyph> = text.char_indices().map(glyph).collect();
    let mut findings = Vec::new();
    let mut rest = glyphs.as_slice();
    // The character before `rest`, unless it belongs to a finding.
    let mut previous = None;
    while let Some((first, tail)) = rest.split_first() {
        let found = match_at(previous, rest);
        let matched = found.and_then(|(kind, used)| Some((kind, rest.split_at_checked(used)?)));
        if let Some((kind, (matched, after))) = matched {
            let end = matched.last().map_or(first.end, |glyph| glyph.end);
            findings.push(Finding { kind, start: first.start, end });
            (rest, previous) = (after, None);
        } else {
            (rest, previous) = (tail, Some(first.folded));
        }
    }
    findings
}

/// Masks every finding in a text. The answer has no findings.
///
/// ```
/// use gongkai::domain::text::mask_text;
///
/// let text = "联系13812345678或zhang@example.com，身份证11010519491231002X。";
/// assert_eq!(mask_text(text), "联系138****5678或z***@example.com，身份证110*************2X。");
/// ```
pub fn mask_text(text: &str) -> String {
    let masked = replace_findings(text, FindingKind::mask);
    // Rarely, what a mask leaves makes a number with its neighbours; that is hidden whole.
    replace_findings(&masked, |_, _| "***".to_owned())
}

fn replace_findings(text: &str, replace: fn(FindingKind, &str) -> String) -> String {
    let part = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    let mut replaced = String::with_capacity(text.len());
    let mut from = 0;
    for finding in find_personal_data(text) {
        replaced.push_str(part(from, finding.start));
        replaced.push_str(&replace(finding.kind, part(finding.start, finding.end)));
        from = finding.end;
    }
    replaced.push_str(part(from, text.len()));
    replaced
}

/// What begins at the first glyph of `rest`, and how many glyphs it takes.
fn match_at(previous: Option<char>, rest: &[Glyph]) -> Option<(FindingKind, usize)> {
    let first = rest.first()?.folded;
    if !previous.is_some_and(is_local)
        && let Some(used) = match_email(rest)
    {
        return Some((FindingKind::Email, used));
    }
    if let Some(used) = introduced::match_introduced(rest) {
        return Some((FindingKind::Address, used));
    }
    if let Some(used) = numbers::match_passport(previous, rest) {
        return Some((FindingKind::Passport, used));
    }
    if previous.is_some_and(|previous| previous.is_ascii_digit()) || !first.is_ascii_digit() {
        return None;
    }
    match_resident_id(rest)
        .map(|used| (FindingKind::ResidentId, used))
        .or_else(|| match_phone(rest).map(|used| (FindingKind::MobilePhone, used)))
        .or_else(|| numbers::match_bank_card(rest).map(|used| (FindingKind::BankCard, used)))
        .or_else(|| numbers::match_landline(rest).map(|used| (FindingKind::Landline, used)))
}

fn match_resident_id(rest: &[Glyph]) -> Option<usize> {
    let new = take_digits(rest, 18).filter(|digits| match check_resident_id(&digits.text, NaiveDate::MAX) {
        Ok(()) => true,
        Err(ResidentIdError::CheckDigit) => digits.gaps.is_empty(),
        Err(ResidentIdError::Shape | ResidentIdError::Region | ResidentIdError::BirthDate) => false,
    });
    let old =
        || take_digits(rest, 15).filter(|digits| digits.gaps.is_empty() && is_old_resident_id(&digits.text));
    new.or_else(old).map(|digits| digits.used)
}

fn match_phone(rest: &[Glyph]) -> Option<usize> {
    let with_code = [13, 15].into_iter().find_map(|count| {
        take_digits(rest, count)
            .filter(|digits| digits.gaps.is_empty() && without_country_code(&digits.text).is_some())
    });
    let plain =
        || take_digits(rest, 11).filter(|digits| is_mobile(&digits.text) && grouped_as_phone(&digits.gaps));
    with_code.or_else(plain).map(|digits| digits.used)
}

/// Whether people write mobile numbers in such groups: 138 1234 5678, 1381234 5678, or each digit alone. Sums
/// such as 13 500 000 000 and spans of years such as 1995-2005 are not.
fn grouped_as_phone(gaps: &[usize]) -> bool {
    gaps.first().is_none_or(|first| matches!(first, 3 | 7)) || gaps.len() == 10
}

fn is_mobile(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    digits.len() == 11 && bytes.next() == Some(b'1') && matches!(bytes.next(), Some(b'3'..=b'9'))
}

/// The mobile number behind the country code of China.
fn without_country_code(digits: &str) -> Option<&str> {
    let number = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    number.filter(|number| is_mobile(number))
}

/// Takes exactly `count` digits (the 18th may be an X) with separators in between, if the last
/// is not followed by a further digit.
fn take_digits(rest: &[Glyph], count: usize) -> Option<Digits> {
    let mut digits = Digits { text: String::with_capacity(count), gaps: Vec::new(), used: 0 };
    let mut separators = 0;
    for (at, glyph) in rest.iter().enumerate() {
        let character = glyph.folded;
        let is_check_x = digits.text.len() == 17 && matches!(character, 'X' | 'x');
        if digits.text.len() == count {
            let goes_on = character.is_ascii_digit() && !digits.text.ends_with(['X', 'x']);
            return (!goes_on).then_some(digits);
        } else if character.is_ascii_digit() || is_check_x {
            if separators > 0 {
                digits.gaps.push(digits.text.len());
            }
            separators = 0;
            digits.text.push(character);
            digits.used = at + 1;
        } else if is_separator(character) && separators < MAX_SEPARATORS {
            separators += 1;
        } else {
            return None;
        }
    }
    (digits.text.len() == count).then_some(digits)
}

fn is_local(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '%' | '+' | '-')
}

/// How many glyphs the e-mail address takes that begins with the first.
fn match_email(rest: &[Glyph]) -> Option<usize> {
    let local = rest.iter().take_while(|glyph| is_local(glyph.folded)).count();
    let (_, from_at) = rest.split_at_checked(local)?;
    let (at, domain) = from_at.split_first()?;
    if local == 0 || at.folded != '@' {
        return None;
    }
    let domain: String = domain.iter().map(|glyph| glyph.folded).take_while(|c| is_domain(*c)).collect();
    let domain = domain.trim_end_matches(['.', '-']);
    let (labels, top) = domain.rsplit_once('.')?;
    // Digits that follow without a space are another number's.
    let top = top.chars().take_while(char::is_ascii_alphabetic).count();
    (!labels.is_empty() && top >= 2).then_some(local + 1 + labels.len() + 1 + top)
}

fn is_domain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-')
}

#[cfg(test)]
mod tests;
