//! The archive: how long a file is kept and under which code (归档, Art. 45 of the Regulation).
//!
//! Files are kept for 10 years, 30 years or for ever (国家档案局令第8号 (2006), Arts. 6–8). No national rule names a period
//! for requests for disclosure: each office fixes its own table (档案法实施条例 (2024), Art. 19). What the statute pack says is
//! the default, an office's settings may only lengthen it, and so may the archivist for one file, with a reason.

pub mod catalogue;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::case::event::Position;
use super::case::state::{Conclusion, State};
use super::outcome::Outcome;

/// How long a file is kept (保管期限). A longer one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retention {
    /// 定期10年.
    #[serde(rename = "years_10")]
    Years10,
    /// 定期30年.
    #[serde(rename = "years_30")]
    Years30,
    /// 永久.
    Permanent,
}

impl Retention {
    /// Every period, the shortest first.
    pub const ALL: &'static [Self] = &[Self::Years10, Self::Years30, Self::Permanent];

    /// The word used in the API, the record and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Years10 => "years_10",
            Self::Years30 => "years_30",
            Self::Permanent => "permanent",
        }
    }

    /// The period with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|retention| retention.code() == code)
    }

    /// Its mark in an archival code (DA/T 22-2015, 5.2): `D10`, `D30`, `Y`.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Years10 => "D10",
            Self::Years30 => "D30",
            Self::Permanent => "Y",
        }
    }

    /// Its Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Years10 => "10年",
            Self::Years30 => "30年",
            Self::Permanent => "永久",
        }
    }

    /// The last day of the period for a file archived on a civil date; `None` for ever.
    ///
    /// It is counted from 1 January of the year after the one of archiving, in whole years.
    ///
    /// ```
    /// use gongkai::domain::archive::Retention;
    ///
    /// let day = |text: &str| text.parse().unwrap();
    /// // Archived on 10 May 2026: counted from 1 January 2027, ten years, through 31 December 2036.
    /// assert_eq!(Retention::Years10.ends_on(day("2026-05-10")), Some(day("2036-12-31")));
    /// assert_eq!(Retention::Years30.ends_on(day("2026-01-01")), Some(day("2056-12-31")));
    /// assert_eq!(Retention::Permanent.ends_on(day("2026-05-10")), None);
    /// ```
    pub fn ends_on(self, archived_on: NaiveDate) -> Option<NaiveDate> {
        let years = match self {
            Self::Years10 => 10,
            Self::Years30 => 30,
            Self::Permanent => return None,
        };
        NaiveDate::from_ymd_opt(archived_on.year().saturating_add(years), 12, 31)
    }
}

/// Why a file is kept so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetentionGround {
    /// Nothing was refused and nobody objected.
    Ordinary,
    /// Less was given than was asked for.
    Refusal,
    /// Somebody objected, or a remedy was brought.
    Dispute,
}

impl RetentionGround {
    /// The word used in the API and the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Refusal => "refusal",
            Self::Dispute => "dispute",
        }
    }

    /// Its Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Ordinary => "一般",
            Self::Refusal => "未全部公开",
            Self::Dispute => "有争议",
        }
    }
}

/// The periods by rule, as a statute pack has them; a common-sense default where it has none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRules {
    /// Where nothing was refused and nobody objected.
    pub ordinary: Retention,
    /// Where one of `refusals` was answered.
    pub refusal: Retention,
    /// Where somebody objected, or a remedy was brought.
    pub dispute: Retention,
    /// The outcomes that give less than was asked for.
    pub refusals: Vec<Outcome>,
}

impl Default for RetentionRules {
    fn default() -> Self {
        let gives_all = |outcome: &Outcome| match outcome {
            Outcome::Granted
            | Outcome::OtherOverdueCorrection
            | Outcome::OtherOverdueFee
            | Outcome::OtherOther => true,
            Outcome::PartiallyGranted
            | Outcome::DeniedStateSecret
            | Outcome::DeniedProhibitedByLaw
            | Outcome::DeniedSecurityStability
            | Outcome::DeniedThirdPartyRights
            | Outcome::DeniedInternalAffairs
            | Outcome::DeniedDeliberativeProcess
            | Outcome::DeniedEnforcementFiles
            | Outcome::DeniedAdministrativeQuery
            | Outcome::UnableNotHeld
            | Outcome::UnableNeedsCreation
            | Outcome::UnableUnclearAfterCorrection
            | Outcome::NotProcessedComplaintPetition
            | Outcome::NotProcessedRepeat
            | Outcome::NotProcessedPublication
            | Outcome::NotProcessedExcessive
            | Outcome::NotProcessedConfirmation => false,
        };
        Self {
            ordinary: Retention::Years10,
            refusal: Retention::Years30,
            dispute: Retention::Years30,
            refusals: Outcome::ALL.iter().copied().filter(|outcome| !gives_all(outcome)).collect(),
        }
    }
}

impl RetentionRules {
    /// The period of a case by rule, and why: the longest that applies. Of a case that was answered anew, every answer counts.
    pub fn of(&self, case: &Case) -> (Retention, RetentionGround) {
        let rounds = case.remedies.rounds.iter().map(|round| &round.state);
        let mut answered = rounds.chain([&case.state]).filter_map(answered_with);
        let mut found = (self.ordinary, RetentionGround::Ordinary);
        if answered.any(|outcome| self.refusals.contains(&outcome)) && self.refusal >= found.0 {
            found = (self.refusal, RetentionGround::Refusal);
        }
        if is_disputed(case) && self.dispute >= found.0 {
            found = (self.dispute, RetentionGround::Dispute);
        }
        found
    }
}

/// What was replied in a round that is over.
fn answered_with(state: &State) -> Option<Outcome> {
    match state.conclusion()? {
        Conclusion::Replied { reply, .. } => Some(reply.outcome),
        Conclusion::Withdrawn(_) | Conclusion::Lapsed { .. } => None,
    }
}

/// Whether somebody disputes a case, in whatever round: a third party or joint maker objected, or a remedy was brought, however
/// it ended. One that was entered by mistake is none.
pub fn is_disputed(case: &Case) -> bool {
    let clocks = case.remedies.rounds.iter().map(|round| &round.clock).chain([&case.clock]);
    let mut positions = clocks.flat_map(|clock| &clock.consultations).map(|asked| asked.position);
    let objected = positions.any(|position| match position {
        Some(Position::Objects | Position::Partly) => true,
        Some(Position::Consents | Position::DeemedConsent) | None => false,
    });
    objected || case.remedies.standing().next().is_some()
}

/// An office's settings for its archive: the codes of its fonds, and its own table of periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// 全宗号: which office's archives; its code unless it says otherwise.
    pub fonds: String,
    /// 目录号: which catalogue of the fonds.
    pub catalogue: String,
    /// The least for every file; never shorter than by rule.
    pub ordinary: Option<Retention>,
    /// The least for files with a refusal or dispute; never shorter than by rule.
    pub contested: Option<Retention>,
}

impl Shelf {
    /// The settings of an office that made none.
    pub fn of(fonds: &str) -> Self {
        Self { fonds: fonds.to_owned(), catalogue: "1".to_owned(), ordinary: None, contested: None }
    }

    /// The period of a case at this office, and why.
    pub fn retention(&self, rules: &RetentionRules, case: &Case) -> (Retention, RetentionGround) {
        let (by_rule, ground) = rules.of(case);
        let table = match ground {
            RetentionGround::Ordinary => self.ordinary,
            RetentionGround::Refusal | RetentionGround::Dispute => self.contested.max(self.ordinary),
        };
        (table.map_or(by_rule, |table| table.max(by_rule)), ground)
    }

    /// The least for a file at this office once somebody disputes it.
    pub fn if_disputed(&self, rules: &RetentionRules) -> Retention {
        let table = self.contested.max(self.ordinary);
        table.map_or(rules.dispute, |table| table.max(rules.dispute))
    }
}

/// An archival code (档号): fonds, catalogue, year, period and the item's number within these, from 1.
///
/// ```
/// use gongkai::domain::archive::{Retention, archival_code};
///
/// assert_eq!(archival_code("320800", "1", 2026, Retention::Years30, 7), "320800-1-2026-D30-0007");
/// ```
pub fn archival_code(fonds: &str, catalogue: &str, year: i32, retention: Retention, item: u32) -> String {
    format!("{fonds}-{catalogue}-{year}-{}-{item:04}", retention.mark())
}

/// Whether a text may be a part of an archival code: 1 to 20 letters, digits, `.` or `_`, so that `-` parts them.
pub fn is_code_part(text: &str) -> bool {
    (1..=20).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_')
}

/// The part of a code that an office's own code makes: what may not stand in it is left out.
pub fn as_code_part(text: &str) -> String {
    let kept: String =
        text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.' || *c == '_').take(20).collect();
    if kept.is_empty() { "0".to_owned() } else { kept }
}

#[cfg(test)]
mod tests;
