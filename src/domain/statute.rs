//! A country's act as data: limits, receipt rules, outcomes and the readings of its doubtful points.
//!
//! A pack is read from a file (see `law`), then [validated](StatutePack::validate); the rest of the program
//! takes only validated packs. Units and codes are types, so a file with an unknown one does not even read.

use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One statute.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatutePack {
    /// The id, such as `cn-ogi-2019`.
    pub id: String,
    /// The title in the statute's language.
    pub title_zh: String,
    /// The title in English.
    pub title_en: String,
    /// The first day on which this version is in force.
    pub in_force_from: NaiveDate,
    /// The id of the calendar by which its working days are counted.
    pub calendar: String,
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
}

/// The periods that a statute sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// For the reply, from the date of receipt.
    pub reply: Limit,
}

/// One period. The day after the event that starts it is its first day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many days.
    pub days: u16,
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

/// The readings in force of the points on which the statute is read in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readings {
    /// Receipt of what comes online or by e-mail.
    pub internet_receipt: InternetReceipt,
}

/// Which day counts as the receipt of what comes online or by e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InternetReceipt {
    /// The day on which the system confirmed the submission (guiding case 26).
    Submission,
    /// The day on which both sides confirmed it (Article 31 to the letter).
    Confirmation,
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
    /// What the applicant may do against it.
    pub remedies: Remedies,
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

/// One fault of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{key}: {reason}")]
pub struct PackError {
    /// The key in the file, such as `limits.reply.days`.
    pub key: String,
    /// What is wrong with its value.
    pub reason: String,
}

impl StatutePack {
    /// Checks that the pack is whole and consistent.
    ///
    /// # Errors
    ///
    /// Every fault at once: an empty text; a limit of no days; thresholds that are not red ≤ yellow < reply
    /// limit; a channel or an outcome that is missing or listed twice.
    pub fn validate(&self) -> Result<(), Vec<PackError>> {
        let mut errors = Vec::new();
        self.check_texts(&mut errors);
        self.check_limits(&mut errors);
        check_each_once("receipt", "channel", Channel::ALL, Channel::code, &mut errors, |channel| {
            self.receipt.iter().filter(|entry| entry.channel == channel).count()
        });
        check_each_once("outcomes", "outcome", Outcome::ALL, Outcome::code, &mut errors, |outcome| {
            self.outcomes.iter().filter(|entry| entry.code == outcome).count()
        });
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What the statute says of a channel; `None` only in a pack that does not [validate](Self::validate).
    pub fn receipt(&self, channel: Channel) -> Option<&ReceiptEntry> {
        self.receipt.iter().find(|entry| entry.channel == channel)
    }

    /// The rule of receipt of a channel under the readings in force: `confirmed` gives way to `submitted` for
    /// what comes online or by e-mail, if the reading is submission. `None` only in a pack that does not
    /// [validate](Self::validate).
    pub fn receipt_rule(&self, channel: Channel) -> Option<ReceiptRule> {
        let written = self.receipt(channel)?.rule;
        let by_internet = matches!(channel, Channel::Online | Channel::Email);
        let by_submission = self.readings.internet_receipt == InternetReceipt::Submission;
        let replaced = by_internet && by_submission && written == ReceiptRule::Confirmed;
        Some(if replaced { ReceiptRule::Submitted } else { written })
    }

    /// What the statute says of an outcome; `None` only in a pack that does not [validate](Self::validate).
    pub fn outcome(&self, outcome: Outcome) -> Option<&OutcomeEntry> {
        self.outcomes.iter().find(|entry| entry.code == outcome)
    }

    fn check_texts(&self, errors: &mut Vec<PackError>) {
        let mut check = |key: String, text: &str| {
            if text.trim().is_empty() {
                errors.push(PackError { key, reason: "must not be empty".to_owned() });
            }
        };
        check("id".to_owned(), &self.id);
        check("title_zh".to_owned(), &self.title_zh);
        check("title_en".to_owned(), &self.title_en);
        check("calendar".to_owned(), &self.calendar);
        check("limits.reply.article".to_owned(), &self.limits.reply.article);
        for entry in &self.receipt {
            check(format!("receipt.{}.article", entry.channel.code()), &entry.article);
        }
        for entry in &self.outcomes {
            for article in &entry.articles {
                check(format!("outcomes.{}.articles", entry.code.code()), article);
            }
        }
    }

    fn check_limits(&self, errors: &mut Vec<PackError>) {
        let mut fail = |key: &str, reason: String| errors.push(PackError { key: key.to_owned(), reason });
        let LightThresholds { yellow, red } = self.lights;
        let days = self.limits.reply.days;
        if days == 0 {
            fail("limits.reply.days", "must be 1 or more".to_owned());
        } else if yellow >= days {
            fail("lights.yellow", format!("must be below the reply limit of {days} days, is {yellow}"));
        }
        if red > yellow {
            fail("lights.red", format!("must not be above yellow ({yellow}), is {red}"));
        }
    }
}

/// Reports each of `all` that `count` does not find exactly once under `key`.
fn check_each_once<T: Copy>(
    key: &str,
    what: &str,
    all: &[T],
    code: fn(T) -> &'static str,
    errors: &mut Vec<PackError>,
    count: impl Fn(T) -> usize,
) {
    for value in all {
        let reason = match count(*value) {
            1 => continue,
            0 => format!("the {what} is missing"),
            n => format!("the {what} is listed {n} times"),
        };
        errors.push(PackError { key: format!("{key}.{}", code(*value)), reason });
    }
}

#[cfg(test)]
pub(crate) mod tests;
