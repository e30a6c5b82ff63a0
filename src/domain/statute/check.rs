//! Whether a pack is whole and consistent. The rest of the program takes only packs that are.

use super::{FeeTier, LightThresholds, LimitUnit, StatutePack};
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use thiserror::Error;

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
    /// Every fault at once: an empty text; a limit of no days or of another unit than working days (remedies aside); thresholds
    /// that are not red ≤ yellow < reply limit; a channel that is missing or listed twice; no outcome, or one listed twice; fee
    /// tiers that do not rise or do not end open; a notice whose limit is not there; a fact asked under an article that is not the
    /// outcome's; a clause on remedies that leaves out whom it must name.
    pub fn validate(&self) -> Result<(), Vec<PackError>> {
        let mut errors = Vec::new();
        self.check_texts(&mut errors);
        self.check_limits(&mut errors);
        check_each_once("receipt", "channel", Channel::ALL, Channel::code, &mut errors, |channel| {
            self.receipt.iter().filter(|entry| entry.channel == channel).count()
        });
        if self.outcomes.is_empty() {
            errors.push(PackError { key: "outcomes".to_owned(), reason: "must have an outcome".to_owned() });
        }
        for outcome in Outcome::ALL {
            let n = self.outcomes.iter().filter(|entry| entry.code == *outcome).count();
            if n > 1 {
                let key = format!("outcomes.{}", outcome.code());
                errors.push(PackError { key, reason: format!("the outcome is listed {n} times") });
            }
        }
        self.check_replies(&mut errors);
        for (key, period) in [("refusal", self.retention.refusal), ("dispute", self.retention.dispute)] {
            if period < self.retention.ordinary {
                let reason = "must not be shorter than `ordinary`".to_owned();
                errors.push(PackError { key: format!("retention.{key}"), reason });
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
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
        for (key, limit) in self.limits.all() {
            if let Some(limit) = limit {
                check(format!("limits.{key}.article"), &limit.article);
            }
        }
        if let Some(article) = &self.order_article {
            check("order_article".to_owned(), article);
        }
        if let Some(fees) = &self.fees {
            check("fees.article".to_owned(), &fees.article);
            check("fees.currency".to_owned(), &fees.currency);
            check("fees.unit".to_owned(), &fees.unit);
        }
        for notice in &self.notices {
            check(format!("notices.{}.code", notice.code), &notice.code);
            check(format!("notices.{}.title_zh", notice.code), &notice.title_zh);
            check(format!("notices.{}.title_en", notice.code), &notice.title_en);
            check(format!("notices.{}.article", notice.code), &notice.article);
        }
        for entry in &self.receipt {
            check(format!("receipt.{}.article", entry.channel.code()), &entry.article);
        }
        for entry in &self.outcomes {
            for article in entry.citable() {
                check(format!("outcomes.{}.articles", entry.code.code()), article);
            }
        }
    }

    fn check_limits(&self, errors: &mut Vec<PackError>) {
        let mut fail = |key: &str, reason: String| errors.push(PackError { key: key.to_owned(), reason });
        if self.version == 0 {
            fail("version", "must be 1 or more".to_owned());
        }
        if self.in_force_until.is_some_and(|until| until < self.in_force_from) {
            fail("in_force_until", format!("must not be before in_force_from ({})", self.in_force_from));
        }
        for (key, limit) in self.limits.all() {
            let Some(limit) = limit else { continue };
            if limit.length == 0 {
                fail(&format!("limits.{key}.length"), "must be 1 or more".to_owned());
            }
            if limit.length > MOST_DAYS {
                fail(&format!("limits.{key}.length"), format!("must be {MOST_DAYS} or less"));
            }
            let remedy = matches!(
                key,
                "reconsideration"
                    | "litigation"
                    | "litigation_after_reconsideration"
                    | "reconsideration_answer"
                    | "reconsideration_answer_simplified"
                    | "litigation_answer"
                    | "complaint_answer"
            );
            if !remedy && limit.unit != LimitUnit::WorkingDay {
                fail(&format!("limits.{key}.unit"), "must be working_day".to_owned());
            }
        }
        let LightThresholds { yellow, red } = self.lights;
        let length = self.limits.reply.length;
        if length > 0 && yellow >= length {
            fail("lights.yellow", format!("must be below the reply limit of {length} days, is {yellow}"));
        }
        if red > yellow {
            fail("lights.red", format!("must not be above yellow ({yellow}), is {red}"));
        }
        for notice in &self.notices {
            let Some(limit) = &notice.limit else { continue };
            if !self.limits.all().iter().any(|(key, found)| key == limit && found.is_some()) {
                fail(&format!("notices.{}.limit", notice.code), format!("there is no limits.{limit}"));
            }
        }
        if let Some(fees) = &self.fees {
            check_tiers("fees.per_page", &fees.per_page, errors);
            check_tiers("fees.per_piece", &fees.per_piece, errors);
        }
    }
}

/// The longest period that can be meant: longer ones are slips of the pen.
const MOST_DAYS: u16 = 1_000;

/// The most that a page or a piece may cost, so that no sum overflows: ten million yuan in fen.
const MOST_RATE: u64 = 1_000_000_000;

/// Tiers rise, and only the last is open.
fn check_tiers(key: &str, tiers: &[FeeTier], errors: &mut Vec<PackError>) {
    let mut fail = |n: usize, name: &str, reason: &str| {
        errors.push(PackError { key: format!("{key}[{n}].{name}"), reason: reason.to_owned() });
    };
    let mut previous = 0;
    for (n, tier) in tiers.iter().enumerate() {
        let last = n.saturating_add(1) == tiers.len();
        match tier.to {
            Some(to) if to <= previous => fail(n, "to", "must be above the tier before"),
            Some(_) if last => fail(n, "to", "the last tier must be open"),
            None if !last => fail(n, "to", "only the last tier may be open"),
            Some(to) => previous = to,
            None => {}
        }
        if tier.rate > MOST_RATE || tier.rise.is_some_and(|rise| rise > MOST_RATE) {
            fail(n, "rate", "is beyond reason");
        }
        if tier.step.is_some() != tier.rise.is_some() || tier.step == Some(0) {
            fail(n, "step", "step and rise go together, step being 1 or more");
        } else if tier.step.is_some() && !last {
            fail(n, "step", "only the last tier may rise");
        }
    }
    if tiers.is_empty() {
        errors.push(PackError { key: key.to_owned(), reason: "must have a tier".to_owned() });
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
