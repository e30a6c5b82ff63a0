//! The number of a reply (答复书文号), such as `淮公开告〔2026〕12号`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::attachment::is_hidden;

/// The longest number, in characters.
pub const MOST_CHARS: usize = 60;

/// The number that an office gives a reply when it issues it: 1 to 60 characters, no space at either end, none that is invisible. It
/// names a document, not a person: it stands in the record, in lists and in the search index in clear.
///
/// ```
/// use gongkai::domain::reply::ReplyNumber;
///
/// assert_eq!(ReplyNumber::parse(" 淮公开告〔2026〕12号 ").unwrap().as_str(), "淮公开告〔2026〕12号");
/// assert!(ReplyNumber::parse("  ").is_none() && ReplyNumber::parse("甲\n乙").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReplyNumber(String);

impl ReplyNumber {
    /// Takes a number as it was typed; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().nth(MOST_CHARS).is_none();
        (fits && !text.chars().any(|c| c.is_control() || is_hidden(c))).then(|| Self(text.to_owned()))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ReplyNumber {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no number of a reply: 1 to 60 characters, none of them a control character")
    }
}

impl From<ReplyNumber> for String {
    fn from(number: ReplyNumber) -> Self {
        number.0
    }
}

impl fmt::Display for ReplyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
