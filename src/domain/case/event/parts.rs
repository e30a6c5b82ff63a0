//! What events are made of: hashes, references to words and people kept elsewhere, the words of assignments, service
//! and amendments.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::applicant::ApplicantKind;
use crate::domain::channel::Channel;
use crate::domain::ids::{ApplicantId, TextId};

/// A SHA-256 value, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl std::str::FromStr for Digest {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "expected 64 lower-case hexadecimal digits";
        let mut bytes = [0_u8; 32];
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(WRONG);
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| WRONG)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| WRONG)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Words kept elsewhere, encrypted: which row, and the salted commitment that binds the event to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextRef {
    /// The row.
    pub id: TextId,
    /// SHA-256 over the row's salt and words.
    pub commitment: Digest,
}

/// An applicant's record kept elsewhere, encrypted. The kind alone is no personal data: the statistics need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicantRef {
    /// The row.
    pub id: ApplicantId,
    /// The column of the annual report in which the case counts.
    pub kind: ApplicantKind,
    /// SHA-256 over the row's salt and fields.
    pub commitment: Digest,
}

/// The registration number. `Due` lives only between `decide` and the store's sealing, where the gapless
/// number is allocated in the transaction that writes the event; a sealed event always has `Given`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// To be allocated from this year's counter.
    Due {
        /// The calendar year of registration.
        year: i32,
    },
    /// Allocated here, or kept from an imported ledger.
    Given(String),
}

/// Whether a department leads or helps (主办、协办).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentKind {
    /// 主办: drafts the reply.
    Lead,
    /// 协办: reads and contributes.
    CoHandling,
}

impl AssignmentKind {
    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::CoHandling => "co_handling",
        }
    }
}

/// How a document reached its addressee (送达方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceMethod {
    /// 直接送达: handed over and signed for.
    Direct,
    /// 委托送达: by another organ.
    Delegated,
    /// 邮寄送达: by the postal enterprise.
    Post,
    /// 电子送达: by e-mail or the portal.
    Electronic,
    /// 公告送达: by public notice.
    PublicNotice,
}

/// How the applicant wants the information (Art. 29(2)(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormWanted {
    /// 纸质.
    Paper,
    /// 电子.
    Electronic,
    /// 查阅、抄录.
    Inspection,
}

/// What a correction of a clerical mistake changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Amendment {
    /// The applicant's record (a name misspelt, a kind chosen wrongly).
    Applicant {
        /// The record that holds from now on.
        applicant: ApplicantRef,
    },
    /// The applicant's own words, copied wrongly.
    Description {
        /// The words that hold from now on.
        description: TextRef,
    },
    /// The clerk's summary.
    Subject {
        /// The summary that holds from now on.
        subject: TextRef,
    },
    /// The documents asked for.
    Documents {
        /// The list that holds from now on; an empty text when there are none.
        documents: TextRef,
    },
    /// Channel or date of receipt: moves the clock.
    Receipt {
        /// The channel that holds from now on.
        channel: Channel,
        /// The day of arrival that holds from now on.
        arrived_on: NaiveDate,
        /// The date of receipt that follows (Art. 31); `None` while a confirmation is still awaited.
        received_on: Option<NaiveDate>,
        /// The day on which both sides confirmed, for the channels that need it.
        confirmed_on: Option<NaiveDate>,
    },
}
