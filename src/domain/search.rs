//! Search: in which form texts are compared, what a query asks for, and what is indexed of a case.
//!
//! A case is found when each word of the query stands in one of its texts, letter for letter, once both are
//! [`normalise`]d: what a plain scan for substrings would find. The index ([`indexed`]) holds every character as a token
//! of its own, so that a database's own index finds a word of any length, two characters or one, as a row of tokens; a
//! dictionary would miss 市长 in 上海市长宁区 (nobody knows where it would cut).

mod fold;
pub mod likeness;
pub mod same_document;

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;

use self::fold::Folded;
use super::case::document::Document;
use super::ids::AgencyId;

/// The longest query, in characters.
pub const QUERY_CHARS: usize = 100;
/// The most words of a query.
pub const QUERY_WORDS: usize = 10;

/// What stands between two texts of a case in the index, and for a space within one: no word of a query has it.
const GAP: char = '␞';

/// A text in the form in which texts are compared. Width, case, the kind of brackets, dashes and dots do not count;
/// quotation marks, the marks of titles and what is invisible are left out; a space stands only where it parts two
/// letters or digits of ASCII. Traditional characters are not made simplified ones.
///
/// ```
/// use gongkai::domain::search::normalise;
///
/// assert_eq!(normalise("沪府办 〔２０２４〕 12 号"), normalise("沪府办[2024]12号"));
/// assert_eq!(normalise("关于“三公”经费的《通知》"), "关于三公经费的通知");
/// assert_eq!(normalise(" PM2.5 Report"), "pm2．5 report");
/// ```
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut space = false;
    let lower = text.nfkc().flat_map(char::to_lowercase).collect::<String>();
    for character in lower.nfkc() {
        match fold::fold(character) {
            Folded::Nothing => {}
            Folded::Space => space = true,
            Folded::Character(character) => {
                let parts =
                    |before: char| before.is_ascii_alphanumeric() && character.is_ascii_alphanumeric();
                if space && normal.chars().next_back().is_some_and(parts) {
                    normal.push(' ');
                }
                space = false;
                normal.push(character);
            }
        }
    }
    // What was left out may have stood between a letter and its accent; and a letter with an accent is none of ASCII, whose spaces stay.
    let composed: String = normal.nfc().collect();
    if composed == normal { composed } else { normalise(&composed) }
}

/// Why a query cannot be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryFault {
    /// It is longer than [`QUERY_CHARS`].
    TooLong,
    /// It has more than [`QUERY_WORDS`] words.
    TooManyWords,
    /// Nothing in it can be searched for.
    Empty,
}

/// The words of a query, normalised, each once: a case must have all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    words: Vec<String>,
}

impl Query {
    /// Takes a query apart at its spaces. Nothing in it is an operator.
    ///
    /// ```
    /// use gongkai::domain::search::Query;
    ///
    /// let query = Query::parse("征地　沪府办〔2024〕12号 征地").unwrap();
    /// assert_eq!(query.words(), ["征地", "沪府办（2024）12号"]);
    /// ```
    ///
    /// # Errors
    /// When it is too long, has too many words or none.
    pub fn parse(text: &str) -> Result<Self, QueryFault> {
        if text.chars().nth(QUERY_CHARS).is_some() {
            return Err(QueryFault::TooLong);
        }
        let mut words: Vec<String> = Vec::new();
        for part in text.split_whitespace().map(normalise) {
            for word in part.split(' ').filter(|word| !word.is_empty()) {
                if !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
        }
        match words.len() {
            0 => Err(QueryFault::Empty),
            1..=QUERY_WORDS => Ok(Self { words }),
            _ => Err(QueryFault::TooManyWords),
        }
    }

    /// The words, in the order in which they were asked for.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether a text has all the words: the scan that the indexes stand for.
    pub fn matches(&self, normal: &str) -> bool {
        self.words.iter().all(|word| normal.contains(word.as_str()))
    }
}

/// What is searched of a case.
#[derive(Clone, Copy, Debug)]
pub struct Searched<'a> {
    /// The clerk's summary.
    pub subject: Option<&'a str>,
    /// The registration number.
    pub number: Option<&'a str>,
    /// The numbers of its replies, a line each.
    pub reply_numbers: &'a str,
    /// The documents asked for.
    pub documents: &'a [Document],
}

impl<'a> Searched<'a> {
    fn texts(self) -> impl Iterator<Item = &'a str> {
        let own = self.subject.into_iter().chain(self.number).chain(self.reply_numbers.lines());
        own.chain(self.documents.iter().flat_map(Document::texts))
    }
}

/// What the index holds of a case: the agency, so that one agency's search never walks another's cases, then each
/// character as a token, tokens parted by spaces, with a gap before and after each text. `None` for a case of which
/// nothing is searched.
///
/// ```
/// use gongkai::domain::ids::AgencyId;
/// use gongkai::domain::search::{Searched, indexed, tokens};
///
/// let case = Searched { subject: Some("征地批文"), number: Some("A〔1〕"), reply_numbers: "", documents: &[] };
/// let agency = AgencyId(uuid::Uuid::nil());
/// let text = indexed(agency, case).unwrap();
/// assert_eq!(text, "00000000000000000000000000000000 ␞ 征 地 批 文 ␞ a （ 1 ） ␞");
/// assert!(text.contains(&format!(" {} ", tokens("批文"))));
/// ```
pub fn indexed(agency: AgencyId, case: Searched) -> Option<String> {
    let mut text = String::new();
    for normal in case.texts().map(normalise).filter(|normal| !normal.is_empty()) {
        if text.is_empty() {
            text = format!("{} {GAP}", agency_token(agency));
        }
        // Writing to a string cannot fail.
        let _ = write!(text, " {} {GAP}", tokens(&normal));
    }
    (!text.is_empty()).then_some(text)
}

/// The token by which the index knows an agency: longer than any token of a text.
pub fn agency_token(agency: AgencyId) -> String {
    agency.0.simple().to_string()
}

/// A normalised text as tokens: its characters, parted by spaces.
pub fn tokens(normal: &str) -> String {
    let mut text = String::with_capacity(normal.len().saturating_mul(2));
    for character in normal.chars() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push(if character == ' ' { GAP } else { character });
    }
    text
}

#[cfg(test)]
mod tests;
