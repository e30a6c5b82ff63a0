//! What a draft holds besides outcome and words. In an order and in a view its words are texts, in an event they are
//! references to encrypted rows: the shape is the same, so it is written once.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fact::Fact;
use crate::domain::case::event::TextRef;
use crate::domain::outcome::Outcome;

/// Grounds, facts, withheld parts, overridden third parties, remedies. `T` is how words are held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis<T> {
    /// The articles cited, to the item, such as `36(5)`, in the order cited.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<String>,
    /// The facts stated.
    #[serde(default = "BTreeMap::new", skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<Fact, FactValue<T>>,
    /// Of a partial disclosure (Art. 37), each part withheld.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<WithheldPart<T>>,
    /// Third parties against whose objection something is disclosed (Art. 32).
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override<T>>,
    /// Where the applicant may turn.
    #[serde(default = "RemedyBodies::none")]
    pub remedies: RemedyBodies<T>,
}

/// How a fact is stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FactValue<T> {
    /// In words.
    Text(T),
    /// As a civil date.
    Date(NaiveDate),
    /// As a word of the fact's list ([`Fact::word`]).
    Word(String),
}

/// One part that is withheld, with its ground and its reason (Art. 37).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithheldPart<T> {
    /// What is withheld.
    pub what: T,
    /// Which refusal it is.
    pub outcome: Outcome,
    /// The articles cited for it.
    pub grounds: Vec<String>,
    /// Why.
    pub reason: T,
    /// The consultation whose objection it honours, when it does.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub consultation: Option<u32>,
}

/// What a third party is told whose objection is overridden: what is disclosed, and why (Art. 32, last sentence).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override<T> {
    /// The consultation in which he objected.
    pub consultation: u32,
    /// The day he was told; `None`: he is told with the reply.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub told_on: Option<NaiveDate>,
    /// What will be disclosed.
    pub content: T,
    /// Why.
    pub reason: T,
}

/// Where the applicant may turn, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyBodies<T> {
    /// 行政复议机关 (Administrative Reconsideration Law, Arts. 24 to 28).
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub reconsideration_body: Option<T>,
    /// The people's court.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub court: Option<T>,
    /// The way of filing by internet, which is told where the reply goes by internet (the same law, Art. 22(2)).
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub online_filing: Option<T>,
}

/// What words of a basis are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasisText {
    /// A fact.
    Fact,
    /// Of a withheld part.
    Withheld,
    /// Of what an overridden third party is told.
    Override,
    /// A name in the clause on remedies.
    Remedy,
}

/// One of the names in the clause on remedies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyBody {
    /// See [`RemedyBodies::reconsideration_body`].
    ReconsiderationBody,
    /// See [`RemedyBodies::court`].
    Court,
    /// See [`RemedyBodies::online_filing`].
    OnlineFiling,
}

impl RemedyBody {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::ReconsiderationBody, Self::Court, Self::OnlineFiling];

    /// The name in packs and in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReconsiderationBody => "reconsideration_body",
            Self::Court => "court",
            Self::OnlineFiling => "online_filing",
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::ReconsiderationBody => "行政复议机关",
            Self::Court => "人民法院",
            Self::OnlineFiling => "提交行政复议申请书的互联网渠道",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::ReconsiderationBody => "the reconsideration body",
            Self::Court => "the court",
            Self::OnlineFiling => "the way of filing by internet",
        }
    }
}

impl<T> Default for RemedyBodies<T> {
    fn default() -> Self {
        Self::none()
    }
}

impl<T> RemedyBodies<T> {
    /// None named.
    pub fn none() -> Self {
        Self { reconsideration_body: None, court: None, online_filing: None }
    }

    /// One of them.
    pub fn get(&self, body: RemedyBody) -> Option<&T> {
        match body {
            RemedyBody::ReconsiderationBody => self.reconsideration_body.as_ref(),
            RemedyBody::Court => self.court.as_ref(),
            RemedyBody::OnlineFiling => self.online_filing.as_ref(),
        }
    }

    /// What is named here, and for the rest what is named there: an agency's usual bodies.
    #[must_use]
    pub fn or(self, usual: Self) -> Self {
        Self {
            reconsideration_body: self.reconsideration_body.or(usual.reconsideration_body),
            court: self.court.or(usual.court),
            online_filing: self.online_filing.or(usual.online_filing),
        }
    }

    /// The same with each name turned into something else.
    ///
    /// # Errors
    /// The first of `turn`.
    pub fn try_map<U, E>(&self, turn: &mut impl FnMut(&T) -> Result<U, E>) -> Result<RemedyBodies<U>, E> {
        let mut optional = |name: &Option<T>| name.as_ref().map(&mut *turn).transpose();
        Ok(RemedyBodies {
            reconsideration_body: optional(&self.reconsideration_body)?,
            court: optional(&self.court)?,
            online_filing: optional(&self.online_filing)?,
        })
    }
}

impl<T> Default for Basis<T> {
    fn default() -> Self {
        Self {
            grounds: Vec::new(),
            facts: BTreeMap::new(),
            withheld: Vec::new(),
            overrides: Vec::new(),
            remedies: RemedyBodies::none(),
        }
    }
}

impl<T: PartialEq> Basis<T> {
    /// Whether there is nothing: a draft of before there were such things.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl<T> Basis<T> {
    /// The same with all words turned into something else, in the order in which they are told.
    ///
    /// # Errors
    /// The first of `turn`.
    pub fn try_map<U, E>(&self, mut turn: impl FnMut(BasisText, &T) -> Result<U, E>) -> Result<Basis<U>, E> {
        let mut facts = BTreeMap::new();
        for (fact, value) in &self.facts {
            let value = match value {
                FactValue::Text(text) => FactValue::Text(turn(BasisText::Fact, text)?),
                FactValue::Date(date) => FactValue::Date(*date),
                FactValue::Word(word) => FactValue::Word(word.clone()),
            };
            facts.insert(*fact, value);
        }
        let mut withheld = Vec::new();
        for part in &self.withheld {
            withheld.push(WithheldPart {
                what: turn(BasisText::Withheld, &part.what)?,
                outcome: part.outcome,
                grounds: part.grounds.clone(),
                reason: turn(BasisText::Withheld, &part.reason)?,
                consultation: part.consultation,
            });
        }
        let mut overrides = Vec::new();
        for told in &self.overrides {
            overrides.push(Override {
                consultation: told.consultation,
                told_on: told.told_on,
                content: turn(BasisText::Override, &told.content)?,
                reason: turn(BasisText::Override, &told.reason)?,
            });
        }
        let remedies = self.remedies.try_map(&mut |name| turn(BasisText::Remedy, name))?;
        Ok(Basis { grounds: self.grounds.clone(), facts, withheld, overrides, remedies })
    }

    /// All words, in the order in which they are told.
    pub fn texts(&self) -> Vec<&T> {
        let mut texts: Vec<&T> = Vec::new();
        for value in self.facts.values() {
            match value {
                FactValue::Text(text) => texts.push(text),
                FactValue::Date(_) | FactValue::Word(_) => {}
            }
        }
        texts.extend(self.withheld.iter().flat_map(|part| [&part.what, &part.reason]));
        texts.extend(self.overrides.iter().flat_map(|told| [&told.content, &told.reason]));
        texts.extend(RemedyBody::ALL.iter().filter_map(|body| self.remedies.get(*body)));
        texts
    }
}

impl Basis<TextRef> {
    /// The parts over which the content hash goes, after outcome and words: each behind a label, lists behind their
    /// length, so that no two bases give the same parts.
    pub fn parts(&self) -> Vec<Vec<u8>> {
        let mut parts = Parts(Vec::new());
        parts.list("grounds", &self.grounds);
        for (fact, value) in &self.facts {
            parts.word(fact.code());
            match value {
                FactValue::Text(text) => parts.label("text").text(text),
                FactValue::Date(date) => parts.label("date").word(&date.to_string()),
                FactValue::Word(word) => parts.label("word").word(word),
            };
        }
        for part in &self.withheld {
            parts.label("withheld").text(&part.what).word(part.outcome.code());
            parts.list("grounds", &part.grounds);
            parts.text(&part.reason).word(&part.consultation.map_or_else(String::new, |n| n.to_string()));
        }
        for told in &self.overrides {
            parts.label("override").word(&told.consultation.to_string());
            parts.word(&told.told_on.map_or_else(String::new, |on| on.to_string()));
            parts.text(&told.content).text(&told.reason);
        }
        for body in RemedyBody::ALL {
            if let Some(name) = self.remedies.get(*body) {
                parts.label(body.code()).text(name);
            }
        }
        parts.0
    }
}

struct Parts(Vec<Vec<u8>>);

impl Parts {
    fn word(&mut self, word: &str) -> &mut Self {
        self.0.push(word.as_bytes().to_vec());
        self
    }

    fn label(&mut self, label: &str) -> &mut Self {
        self.word(label)
    }

    fn text(&mut self, text: &TextRef) -> &mut Self {
        self.0.push(text.commitment.0.to_vec());
        self
    }

    fn list(&mut self, label: &str, words: &[String]) {
        self.label(label).word(&words.len().to_string());
        for word in words {
            self.word(word);
        }
    }
}
