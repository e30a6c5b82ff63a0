//! What a statute asks of a reply: whether something is released, which facts are stated, and the clause on remedies.

use serde::{Deserialize, Serialize};

use super::{OutcomeEntry, PackError, Point, Reading, Readings, Remedies, StatutePack};
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Fact, RemedyBody};

/// Whether an outcome gives the applicant information.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Releases {
    /// All of it.
    All,
    /// Some of it.
    Part,
    /// None.
    Nothing,
}

impl Releases {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::All, Self::Part, Self::Nothing];

    /// The name in the API and in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Part => "part",
            Self::Nothing => "nothing",
        }
    }
}

/// One thing that a reply of an outcome must state.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRule {
    /// The facts of which one is stated: one alone, or alternatives.
    pub any_of: Vec<Fact>,
    /// The article that asks for it; absent where none does expressly.
    #[serde(default)]
    pub article: Option<String>,
    /// Asked only where one of these grounds is cited; empty: always.
    #[serde(default)]
    pub under: Vec<String>,
}

/// How a reply tells the remedies of one type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyClause {
    /// The type.
    pub remedies: Remedies,
    /// Who must be named.
    pub bodies: Vec<RemedyBody>,
    /// The article.
    pub article: String,
    /// The clause in the statute's language. `{reconsideration_body}`, `{court}` and `{online_filing}` stand for names,
    /// `{reconsideration}`, `{litigation}` and `{litigation_after_reconsideration}` for the periods of those limits.
    pub zh: String,
    /// The clause in English.
    pub en: String,
    /// What follows where the way of filing by internet is named.
    #[serde(default)]
    pub online_zh: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub online_en: Option<String>,
}

impl StatutePack {
    /// The remedies against an outcome under these readings: point 15 has a reading under which a matter of
    /// administrative query goes to reconsideration first. `None` for an outcome that the statute does not know.
    pub fn remedies(&self, outcome: Outcome, readings: Readings) -> Option<Remedies> {
        let written = self.outcome(outcome)?.remedies;
        let query = outcome == Outcome::DeniedAdministrativeQuery
            && readings.is(Point::AdministrativeQuery, Reading::ReconsiderationFirst);
        Some(if query { Remedies::ReconsiderationFirst } else { written })
    }

    /// Whether an outcome gives the applicant anything; `false` for one that the statute does not know.
    pub fn releases_something(&self, outcome: Outcome) -> bool {
        self.outcome(outcome).is_some_and(|entry| entry.releases != Releases::Nothing)
    }

    /// How a reply of this outcome tells the remedies; `None` where the statute has no clause for them.
    pub fn remedy_clause(&self, outcome: Outcome) -> Option<&RemedyClause> {
        let remedies = self.remedies(outcome, self.readings)?;
        self.remedy_clauses.iter().find(|clause| clause.remedies == remedies)
    }

    /// The article by which an overridden third party is told; `None` where the statute knows no such notice.
    pub fn override_article(&self) -> Option<&str> {
        self.notices.iter().find(|notice| notice.code == "third_party_override").map(|it| it.article.as_str())
    }

    pub(super) fn check_replies(&self, errors: &mut Vec<PackError>) {
        for entry in &self.outcomes {
            self.check_outcome(entry, errors);
        }
        for clause in &self.remedy_clauses {
            let key = format!("remedy_clauses.{}", clause.remedies.code());
            let mut fail = |reason: String| errors.push(PackError { key: key.clone(), reason });
            let count = self.remedy_clauses.iter().filter(|other| other.remedies == clause.remedies).count();
            if count > 1 {
                fail(format!("the clause is listed {count} times"));
            }
            for text in [&clause.zh, &clause.en, &clause.article] {
                if text.trim().is_empty() {
                    fail("must not be empty".to_owned());
                }
            }
            for body in &clause.bodies {
                let place = format!("{{{}}}", body.code());
                if !clause.zh.contains(&place) || !clause.en.contains(&place) {
                    fail(format!("does not name {place}"));
                }
            }
            for (place, limit) in [
                ("{reconsideration}", &self.limits.reconsideration),
                ("{litigation}", &self.limits.litigation),
                ("{litigation_after_reconsideration}", &self.limits.litigation_after_reconsideration),
            ] {
                if limit.is_none() && (clause.zh.contains(place) || clause.en.contains(place)) {
                    fail(format!("there is no limit for {place}"));
                }
            }
        }
    }

    fn check_outcome(&self, entry: &OutcomeEntry, errors: &mut Vec<PackError>) {
        let key = format!("outcomes.{}", entry.code.code());
        let mut fail = |part: &str, reason: String| {
            errors.push(PackError { key: format!("{key}.{part}"), reason });
        };
        for rule in &entry.facts {
            if rule.any_of.is_empty() {
                fail("facts", "must name a fact".to_owned());
            }
            for ground in &rule.under {
                if !entry.citable().any(|article| article == ground) {
                    fail("facts", format!("`{ground}` is no article of this outcome"));
                }
            }
        }
        if !entry.withheld.is_empty() && entry.releases != Releases::Part {
            fail("withheld", "only an outcome that releases a part withholds parts".to_owned());
        }
        for outcome in &entry.withheld {
            if self.outcome(*outcome).is_none_or(|found| found.releases != Releases::Nothing) {
                fail("withheld", format!("`{}` is no refusal of this statute", outcome.code()));
            }
        }
    }
}

impl OutcomeEntry {
    /// Every article that may be cited: those of which one must be, then those that may stand beside them.
    pub fn citable(&self) -> impl Iterator<Item = &String> {
        self.articles.iter().chain(&self.also)
    }
}
