//! What has happened to a case. Events hold ids, codes, dates and salted commitments, never personal data or
//! free text (design 3.2): the words themselves live in encrypted rows that can be erased without breaking the
//! chain.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::applicant::ApplicantKind;
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, ApplicantId, ChangeSetId, DepartmentId, PersonId, TextId};
use crate::domain::outcome::Outcome;
use crate::domain::review::{Decision, Step};

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

/// One thing that happened to a case. The civil date on which it happened is `Recorded::on`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// 接收. The date of receipt is fixed at once by some channels, by confirmation for others (Art. 31).
    Received {
        /// The statute pack under which the case is handled for good.
        statute: String,
        /// Which version of it: the newest in force on the day of arrival.
        #[serde(default = "first_version", skip_serializing_if = "is_first_version")]
        statute_version: u32,
        /// The calendar by which its days are counted, when that is not the statute's: a region's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        calendar: Option<String>,
        /// How it came.
        channel: Channel,
        /// The day it was handed in, signed for, found in the mail, or submitted.
        arrived_on: NaiveDate,
        /// The date of receipt, once it is fixed.
        received_on: Option<NaiveDate>,
        /// Who asks.
        applicant: ApplicantRef,
        /// The applicant's own words.
        description: TextRef,
        /// The form wanted, when stated.
        form_wanted: Option<FormWanted>,
        /// What shows the day of arrival: a mail number, a signed slip, a fax log.
        evidence: Option<TextRef>,
        /// For a row of an imported ledger, the keyed digest of its content.
        imported_row: Option<Digest>,
    },
    /// Both sides confirmed (双方确认, Art. 31).
    Confirmed {
        /// The date of receipt that holds from now on.
        received_on: NaiveDate,
        /// How it was confirmed, with whom.
        evidence: TextRef,
    },
    /// 登记.
    Registered {
        /// The number.
        number: Number,
        /// The summary without personal data that lists show.
        subject: TextRef,
    },
    /// 分办 or 转办: handed to a department.
    Assigned {
        /// Counts from 1 within the case.
        n: u32,
        /// Lead or help.
        kind: AssignmentKind,
        /// To whom.
        department: DepartmentId,
        /// To whom there, when named.
        assignee: Option<AccountId>,
        /// A word to the department.
        note: Option<TextRef>,
    },
    /// 签收.
    Acknowledged {
        /// Which assignment.
        n: u32,
    },
    /// 退回: not ours, with the reason.
    Returned {
        /// Which assignment.
        n: u32,
        /// Why.
        reason: TextRef,
    },
    /// A version of the reply was drafted (拟稿).
    Drafted {
        /// Counts from 1 within the case.
        version: u32,
        /// What is answered.
        outcome: Outcome,
        /// The words.
        text: TextRef,
        /// Hash over outcome and words: what the reviews bind to.
        content: Digest,
    },
    /// 送审: frozen for review.
    Submitted {
        /// The draft's version.
        version: u32,
        /// Its hash.
        content: Digest,
    },
    /// A review step was decided.
    Reviewed {
        /// Which step.
        step: Step,
        /// What was decided.
        decision: Decision,
        /// The hash of what was decided upon.
        content: Digest,
        /// The opinion.
        opinion: Option<TextRef>,
    },
    /// 答复: the reply was issued (Art. 36).
    Issued {
        /// What was answered.
        outcome: Outcome,
        /// The hash that every step passed.
        content: Digest,
    },
    /// A reply recorded by another system before ours, taken over with a ledger.
    ReplyImported {
        /// What was answered.
        outcome: Outcome,
    },
    /// The reply was handed to the post, a messenger or a system.
    Dispatched {
        /// Counts from 1 within the case.
        n: u32,
        /// How.
        method: ServiceMethod,
        /// A mail number or the like.
        evidence: Option<TextRef>,
    },
    /// 送达: the reply reached the applicant.
    Served {
        /// Which dispatch.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// 撤回: the applicant took the request back.
    Withdrawn {
        /// The applicant's words.
        reason: Option<TextRef>,
    },
    /// 归档.
    Archived {
        /// Where the file lies, or a note.
        note: Option<TextRef>,
    },
    /// 更正: a clerical mistake was put right.
    Amended {
        /// What changed.
        amendment: Amendment,
        /// Why.
        reason: TextRef,
    },
    /// 日历调整: a notice about working days moved its dates (design section 4).
    CalendarChanged {
        /// The calendar that the notice is about.
        calendar: String,
        /// The year whose new version moved them.
        year: i32,
        /// That version, from 1.
        version: u32,
        /// The notice's number.
        notice: String,
        /// The last day for the reply until now; `None` while there was none.
        due_before: Option<NaiveDate>,
        /// The last day for the reply from now on.
        due_after: Option<NaiveDate>,
        /// The change set, the same for every case that it moved.
        change_set: ChangeSetId,
    },
}

/// Records of before there were versions were written under the first.
fn first_version() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_first_version(version: &u32) -> bool {
    *version == 1
}

impl Event {
    /// The event's name in the record, equal to its `type` member.
    pub fn type_code(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Confirmed { .. } => "confirmed",
            Self::Registered { .. } => "registered",
            Self::Assigned { .. } => "assigned",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Returned { .. } => "returned",
            Self::Drafted { .. } => "drafted",
            Self::Submitted { .. } => "submitted",
            Self::Reviewed { .. } => "reviewed",
            Self::Issued { .. } => "issued",
            Self::ReplyImported { .. } => "reply_imported",
            Self::Dispatched { .. } => "dispatched",
            Self::Served { .. } => "served",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Archived { .. } => "archived",
            Self::Amended { .. } => "amended",
            Self::CalendarChanged { .. } => "calendar_changed",
        }
    }

    /// The applicant's record this event commits to, when it brings one.
    pub fn applicant(&self) -> Option<&ApplicantRef> {
        if let Self::Received { applicant, .. }
        | Self::Amended { amendment: Amendment::Applicant { applicant }, .. } = self
        {
            Some(applicant)
        } else {
            None
        }
    }

    /// The words this event commits to, in the order in which they are told.
    pub fn texts(&self) -> Vec<&TextRef> {
        match self {
            Self::Received { description, evidence, .. } => {
                std::iter::once(description).chain(evidence.as_ref()).collect()
            }
            Self::Confirmed { evidence, .. } => vec![evidence],
            Self::Registered { subject, .. } => vec![subject],
            Self::Assigned { note, .. } | Self::Archived { note } => note.iter().collect(),
            Self::Returned { reason, .. } => vec![reason],
            Self::Drafted { text, .. } => vec![text],
            Self::Reviewed { opinion, .. } => opinion.iter().collect(),
            Self::Dispatched { evidence, .. } | Self::Served { evidence, .. } => evidence.iter().collect(),
            Self::Withdrawn { reason } => reason.iter().collect(),
            Self::Amended { amendment, reason } => match amendment {
                Amendment::Description { description } => vec![description, reason],
                Amendment::Subject { subject } => vec![subject, reason],
                Amendment::Applicant { .. } | Amendment::Receipt { .. } => vec![reason],
            },
            Self::Acknowledged { .. }
            | Self::Submitted { .. }
            | Self::Issued { .. }
            | Self::ReplyImported { .. }
            | Self::CalendarChanged { .. } => Vec::new(),
        }
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case", deny_unknown_fields)]
pub enum By {
    /// A signed-in account, and the person behind it.
    Account {
        /// The account.
        account: AccountId,
        /// The person.
        person: PersonId,
    },
    /// Whoever may run this program's commands on the server.
    Operator,
}

impl By {
    /// The person, when there is one.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Account { person, .. } => Some(person),
            Self::Operator => None,
        }
    }
}

/// How an event came into the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Through the interface.
    Api,
    /// Taken over from a ledger.
    LedgerImport,
    /// Made up for a demonstration.
    Demo,
    /// By a command on the server.
    CommandLine,
}

/// An event as it stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the case, from 1.
    pub seq: u32,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// The civil date, in the agency's zone, on which it happened.
    pub on: NaiveDate,
    /// Who did it.
    pub by: By,
    /// How it came in.
    pub origin: Origin,
    /// What happened.
    pub event: Event,
}
