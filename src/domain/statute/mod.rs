//! A country's act as data: limits, receipt rules, outcomes and the readings of its doubtful points.
//!
//! A pack is read from a file (see `law`), then [validated](StatutePack::validate); the rest of the program
//! takes only validated packs. Units and codes are types, so a file with an unknown one does not even read.

mod check;
mod points;
mod readings;
mod reply;

use crate::domain::archive::RetentionRules;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use check::PackError;
pub use points::{Point, Reading};
pub use readings::{ReadingError, Readings};
pub use reply::{FactRule, Releases, RemedyClause};

/// One statute.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatutePack {
    /// The id, such as `cn-ogi-2019`.
    pub id: String,
    /// The version of this data: a case keeps the one it was received under.
    pub version: u32,
    /// The title in the statute's language.
    pub title_zh: String,
    /// The title in English.
    pub title_en: String,
    /// The first day on which this version is in force.
    pub in_force_from: NaiveDate,
    /// The last day on which it is in force; `None` while no end is known.
    #[serde(default)]
    pub in_force_until: Option<NaiveDate>,
    /// The id of the calendar by which its working days are counted.
    pub calendar: String,
    /// The article by which the time of a consultation does not count; `None` where the statute has none.
    #[serde(default)]
    pub exclusion_article: Option<String>,
    /// The article by which the decision upon a remedy may name the period of a new reply; `None` where the statute has none.
    #[serde(default)]
    pub order_article: Option<String>,
    /// The periods it sets.
    pub limits: Limits,
    /// When a case's light changes.
    pub lights: LightThresholds,
    /// The readings in force of its doubtful points.
    pub readings: Readings,
    /// For each channel, the day that counts as the date of receipt.
    pub receipt: Vec<ReceiptEntry>,
    /// The outcomes it knows.
    pub outcomes: Vec<OutcomeEntry>,
    /// How a reply tells the remedies, by their type.
    #[serde(default)]
    pub remedy_clauses: Vec<RemedyClause>,
    /// What may be asked for handling; `None` where it is free.
    #[serde(default)]
    pub fees: Option<Fees>,
    /// The notices it owes.
    #[serde(default)]
    pub notices: Vec<NoticeEntry>,
    /// How long files are kept; the program's default where it does not say.
    #[serde(default)]
    pub retention: RetentionRules,
}

/// The periods that a statute sets. One that is absent is unknown to it, and so is the step it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// For the reply, from the date of receipt.
    pub reply: Limit,
    /// What an extension may add, in all.
    pub extension: Option<Limit>,
    /// For asking the applicant to correct, from the date of receipt.
    pub correction_notice: Option<Limit>,
    /// For the applicant's correction, where the notice sets none.
    pub correction_response: Option<Limit>,
    /// For a third party's answer.
    pub third_party_answer: Option<Limit>,
    /// For a joint maker's answer.
    pub joint_maker_answer: Option<Limit>,
    /// For another organ's answer, beyond which nothing is excluded.
    pub other_organ_answer: Option<Limit>,
    /// For asking for reasons and the delayed reply: how long the agency may delay at most.
    pub delayed_reply: Option<Limit>,
    /// For paying a fee.
    pub fee_payment: Option<Limit>,
    /// The wait before disclosing against a third party's objection (point 12).
    pub disclosure_hold: Option<Limit>,
    /// For applying for reconsideration.
    pub reconsideration: Option<Limit>,
    /// For a direct suit.
    pub litigation: Option<Limit>,
    /// For a suit after reconsideration.
    pub litigation_after_reconsideration: Option<Limit>,
    /// For our answer to a reconsideration, from the day its papers reached us.
    pub reconsideration_answer: Option<Limit>,
    /// The same in the simplified procedure.
    pub reconsideration_answer_simplified: Option<Limit>,
    /// For our answer to a suit.
    pub litigation_answer: Option<Limit>,
    /// For our answer to a complaint: no period in the Regulation, the office's own setting.
    pub complaint_answer: Option<Limit>,
}

impl Limits {
    /// Every period with its key.
    pub fn all(&self) -> [(&'static str, Option<&Limit>); 17] {
        [
            ("reply", Some(&self.reply)),
            ("extension", self.extension.as_ref()),
            ("correction_notice", self.correction_notice.as_ref()),
            ("correction_response", self.correction_response.as_ref()),
            ("third_party_answer", self.third_party_answer.as_ref()),
            ("joint_maker_answer", self.joint_maker_answer.as_ref()),
            ("other_organ_answer", self.other_organ_answer.as_ref()),
            ("delayed_reply", self.delayed_reply.as_ref()),
            ("fee_payment", self.fee_payment.as_ref()),
            ("disclosure_hold", self.disclosure_hold.as_ref()),
            ("reconsideration", self.reconsideration.as_ref()),
            ("litigation", self.litigation.as_ref()),
            ("litigation_after_reconsideration", self.litigation_after_reconsideration.as_ref()),
            ("reconsideration_answer", self.reconsideration_answer.as_ref()),
            ("reconsideration_answer_simplified", self.reconsideration_answer_simplified.as_ref()),
            ("litigation_answer", self.litigation_answer.as_ref()),
            ("complaint_answer", self.complaint_answer.as_ref()),
        ]
    }
}

/// One period. The day after the event that starts it is its first day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many of its unit.
    pub length: u16,
    /// What is counted.
    pub unit: LimitUnit,
    /// The article that sets it, such as `33(2)`.
    pub article: String,
}

/// What a period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// Working days of the statute's calendar.
    WorkingDay,
    /// Calendar days; a last day of rest is moved to the next working day.
    CalendarDay,
    /// Months: to the day of the same number, or the month's last day; a last day of rest is moved to the next working day.
    Month,
}

/// What may be asked for handling a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fees {
    /// The article.
    pub article: String,
    /// The currency, such as `CNY`.
    pub currency: String,
    /// The unit of every amount, such as `fen`.
    pub unit: String,
    /// By the pages of one application, from the first page on.
    pub per_page: Vec<FeeTier>,
    /// By the applications of one applicant in one calendar month, from the first on.
    pub per_piece: Vec<FeeTier>,
}

/// One tier: what each page or piece in it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeTier {
    /// The last page or piece of the tier; `None` for the last tier, which is open.
    #[serde(default)]
    pub to: Option<u32>,
    /// For each page or piece, in the fee's unit.
    pub rate: u64,
    /// In the open tier, after how many pieces the rate rises.
    #[serde(default)]
    pub step: Option<u32>,
    /// By how much it rises each time.
    #[serde(default)]
    pub rise: Option<u64>,
}

/// A notice that the statute owes somebody.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeEntry {
    /// Its name, such as `correction_notice`.
    pub code: String,
    /// The Chinese name of the document.
    pub title_zh: String,
    /// The English name.
    pub title_en: String,
    /// To whom: `applicant`, `third_party`, `joint_maker` or `other_organ`.
    pub to: NoticeTo,
    /// The article.
    pub article: String,
    /// The period in which it is owed, a key of `limits`; `None` where the statute sets none.
    #[serde(default)]
    pub limit: Option<String>,
}

/// To whom a notice goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeTo {
    /// The applicant.
    Applicant,
    /// A third party.
    ThirdParty,
    /// A joint maker.
    JointMaker,
    /// Another organ.
    OtherOrgan,
}

/// How many working days are left when the light of an open case changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LightThresholds {
    /// Yellow with this many or fewer.
    pub yellow: u16,
    /// Red with this many or fewer.
    pub red: u16,
}

/// The rule of receipt of one channel, as the statute writes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptEntry {
    /// The channel.
    pub channel: Channel,
    /// Which day counts.
    pub rule: ReceiptRule,
    /// The article, such as `31`.
    pub article: String,
}

/// Which day counts as the date of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptRule {
    /// The day on which it was handed in at the office (当面提交之日).
    HandedIn,
    /// The day on which the office signed for it (行政机关签收之日).
    Signed,
    /// The day on which office and applicant confirmed it to each other (双方确认之日).
    Confirmed,
    /// The day on which the system confirmed the submission (系统确认申请提交成功之日).
    Submitted,
}

impl ReceiptRule {
    /// Every rule.
    pub const ALL: &'static [Self] = &[Self::HandedIn, Self::Signed, Self::Confirmed, Self::Submitted];

    /// The name in the API and in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::HandedIn => "handed_in",
            Self::Signed => "signed",
            Self::Confirmed => "confirmed",
            Self::Submitted => "submitted",
        }
    }

    /// The rule with this code; `None` for any other text. The inverse of [`ReceiptRule::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::HandedIn => "当面提交之日",
            Self::Signed => "行政机关签收之日",
            Self::Confirmed => "双方确认之日",
            Self::Submitted => "系统确认提交成功之日",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::HandedIn => "the day it was handed in",
            Self::Signed => "the day the office signed for it",
            Self::Confirmed => "the day both sides confirmed it",
            Self::Submitted => "the day the system confirmed the submission",
        }
    }

    /// Whether the clock stands still until the applicant has been reached.
    pub fn needs_confirmation(self) -> bool {
        match self {
            Self::Confirmed => true,
            Self::HandedIn | Self::Signed | Self::Submitted => false,
        }
    }
}

/// One outcome, with its basis and the remedies that a reply must name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeEntry {
    /// The outcome.
    pub code: Outcome,
    /// The articles it may rest on; empty where the statute has none.
    pub articles: Vec<String>,
    /// Articles that may be cited beside one of those.
    #[serde(default)]
    pub also: Vec<String>,
    /// What the applicant may do against it.
    pub remedies: Remedies,
    /// Whether something is released.
    pub releases: Releases,
    /// What a reply of this outcome must state.
    #[serde(default)]
    pub facts: Vec<FactRule>,
    /// For a partial disclosure, the refusals by which a part may be withheld; empty: parts are not listed.
    #[serde(default)]
    pub withheld: Vec<Outcome>,
}

/// The remedies against an outcome, which the reply must name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedies {
    /// Type A: reconsideration first, litigation only after its decision (复议前置). For a refusal under Articles
    /// 14 to 16, also in part.
    ReconsiderationFirst,
    /// Type B: reconsideration or litigation, as the applicant chooses.
    ReconsiderationOrLitigation,
}

impl Remedies {
    /// Both types.
    pub const ALL: &'static [Self] = &[Self::ReconsiderationFirst, Self::ReconsiderationOrLitigation];

    /// The name in the API and in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReconsiderationFirst => "reconsideration_first",
            Self::ReconsiderationOrLitigation => "reconsideration_or_litigation",
        }
    }

    /// The type with this code; `None` for any other text. The inverse of [`Remedies::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|remedies| remedies.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::ReconsiderationFirst => "应当先申请行政复议",
            Self::ReconsiderationOrLitigation => "可以申请行政复议或者提起行政诉讼",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::ReconsiderationFirst => "reconsideration first",
            Self::ReconsiderationOrLitigation => "reconsideration or litigation",
        }
    }
}

impl StatutePack {
    /// What the statute says of a channel; `None` only in a pack that does not [validate](Self::validate).
    pub fn receipt(&self, channel: Channel) -> Option<&ReceiptEntry> {
        self.receipt.iter().find(|entry| entry.channel == channel)
    }

    /// The rule of receipt of a channel under the readings in force: `confirmed` gives way to `submitted` for what comes online
    /// or by e-mail (points 2 and 25), and to the day of arrival for unsigned mail and fax (point 4), where the reading is so.
    /// `None` only in a pack that does not [validate](Self::validate).
    pub fn receipt_rule(&self, channel: Channel) -> Option<ReceiptRule> {
        let written = self.receipt(channel)?.rule;
        let by_submission = |point| self.readings.is(point, Reading::Submission);
        let submitted = match channel {
            Channel::Online => by_submission(Point::InternetReceipt),
            Channel::Email => by_submission(Point::EmailReceipt),
            Channel::OrdinaryPost | Channel::Fax => self.readings.is(Point::UnsignedMail, Reading::Arrival),
            Channel::Counter | Channel::RegisteredPost => false,
        };
        let replaced = submitted && written == ReceiptRule::Confirmed;
        Some(if replaced { ReceiptRule::Submitted } else { written })
    }

    /// What the statute says of an outcome; `None` only in a pack that does not [validate](Self::validate).
    pub fn outcome(&self, outcome: Outcome) -> Option<&OutcomeEntry> {
        self.outcomes.iter().find(|entry| entry.code == outcome)
    }
}

#[cfg(test)]
pub(crate) mod tests;
