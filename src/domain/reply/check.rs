//! What a draft lacks, or says that does not belong: all of it at once, each with where it is, what would be right and
//! the article. The same list refuses a draft that is wrong, stops the submission of one that is not whole, and is shown
//! beside the draft.

use chrono::NaiveDate;

use super::basis::{Basis, FactValue, RemedyBody};
use super::cite::cite;
use super::fact::{Fact, FactForm};
use crate::domain::case::clock_record::Consultation;
use crate::domain::case::event::Position;
use crate::domain::lang::Lang;
use crate::domain::outcome::Outcome;
use crate::domain::statute::{FactRule, OutcomeEntry, Releases, StatutePack};
use crate::domain::time_limit::ConsultationKind;

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: a JSON pointer into the draft.
    pub pointer: String,
    /// What.
    pub lack: Lack,
    /// The article that asks for it.
    pub article: Option<String>,
}

/// What is missing, or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The statute does not know the outcome.
    UnknownOutcome,
    /// None of these articles is cited.
    Ground(Vec<String>),
    /// An article is cited that does not bear this outcome; these do.
    ForeignGround(Vec<String>),
    /// None of these facts is stated.
    Fact(Vec<Fact>),
    /// A fact is stated in another form than it has.
    Form(Fact),
    /// A date lies after today.
    Future(NaiveDate),
    /// A date lies before the date of the fact that it follows.
    Order(Fact),
    /// No withheld part is listed.
    Part,
    /// A part is withheld by an outcome that is no ground for it; these are.
    ForeignPart(Vec<Outcome>),
    /// Parts are listed where none is withheld.
    NoPart,
    /// Somebody to whom the applicant may turn is not named.
    Body(RemedyBody),
    /// A third party who objected is not told.
    Untold(u32),
    /// This consultation is no third party's objection.
    NoObjection(u32),
    /// Nothing is released: nobody is overridden.
    NoOverride,
}

impl Lack {
    /// Whether what is there is wrong, rather than something missing: such a draft is not kept.
    pub fn is_wrong(&self) -> bool {
        match self {
            Self::UnknownOutcome
            | Self::ForeignGround(_)
            | Self::Form(_)
            | Self::Future(_)
            | Self::Order(_)
            | Self::ForeignPart(_)
            | Self::NoPart
            | Self::NoObjection(_)
            | Self::NoOverride => true,
            Self::Ground(_) | Self::Fact(_) | Self::Part | Self::Body(_) | Self::Untold(_) => false,
        }
    }

    /// The word in a problem document.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ground(_) | Self::Fact(_) | Self::Part | Self::Body(_) | Self::Untold(_) => "missing",
            Self::UnknownOutcome | Self::ForeignGround(_) | Self::ForeignPart(_) | Self::NoObjection(_) => {
                "unknown"
            }
            Self::Form(_) => "type",
            Self::Future(_) | Self::Order(_) => "range",
            Self::NoPart | Self::NoOverride => "superfluous",
        }
    }
}

impl Fault {
    fn new(pointer: impl Into<String>, lack: Lack, article: Option<&str>) -> Self {
        Self { pointer: pointer.into(), lack, article: article.map(str::to_owned) }
    }

    /// What would be right, with the article, in words.
    pub fn message(&self, lang: Lang) -> String {
        let said = match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        };
        match (&self.article, lang) {
            (None, _) => said,
            (Some(by), Lang::Zh) => format!("{}（{}）。", said.trim_end_matches('。'), cite(by, lang)),
            (Some(by), Lang::En) => format!("{} ({}).", said.trim_end_matches('.'), cite(by, lang)),
        }
    }

    fn zh(&self) -> String {
        let articles =
            |all: &[String]| all.iter().map(|one| cite(one, Lang::Zh)).collect::<Vec<_>>().join("、");
        match &self.lack {
            Lack::UnknownOutcome => "该法没有这种处理决定。".to_owned(),
            Lack::Ground(any) => format!("须引用依据的条款：{}。", articles(any).replace('、', "或者")),
            Lack::ForeignGround(any) if any.is_empty() => {
                "该处理决定没有可引用的条款，请在正文中说明。".to_owned()
            }
            Lack::ForeignGround(any) => {
                format!("该条款不是这种处理决定的依据，可引用：{}。", articles(any).replace('、', "或者"))
            }
            Lack::Fact(any) => {
                let named: Vec<_> = any.iter().map(|fact| fact.label_zh()).collect();
                format!("须写明{}。", named.join("，或者"))
            }
            Lack::Form(fact) => format!("“{}”的填写形式不对。", fact.label_zh()),
            Lack::Future(today) => format!("日期不得晚于今天（{today}）。"),
            Lack::Order(before) => format!("不得早于“{}”。", before.label_zh()),
            Lack::Part => "部分公开须逐项列明不予公开的部分、依据和理由。".to_owned(),
            Lack::ForeignPart(any) => {
                let named: Vec<_> = any.iter().map(|outcome| outcome.code()).collect();
                format!("不予公开的部分只能依据：{}。", named.join("、"))
            }
            Lack::NoPart => "只有部分公开才列明不予公开的部分。".to_owned(),
            Lack::Body(body) => format!("须写明{}。", body.label_zh()),
            Lack::Untold(n) => {
                format!("第 {n} 次征求意见的第三方不同意公开，决定公开的须书面告知其公开的内容和理由。")
            }
            Lack::NoObjection(n) => format!("第 {n} 次征求意见没有第三方不同意公开的答复。"),
            Lack::NoOverride => "该处理决定不公开任何信息，无需告知第三方。".to_owned(),
        }
    }

    fn en(&self) -> String {
        match &self.lack {
            Lack::UnknownOutcome => "The statute knows no such outcome.".to_owned(),
            Lack::Ground(any) => format!("Cite the ground, to the item: {}.", any.join(" or ")),
            Lack::ForeignGround(any) if any.is_empty() => {
                "No article bears this outcome: say it in the words of the reply.".to_owned()
            }
            Lack::ForeignGround(any) => {
                format!("This article does not bear this outcome; {} may.", any.join(", "))
            }
            Lack::Fact(any) => {
                let named: Vec<_> = any.iter().map(|fact| fact.label_en()).collect();
                format!("State {}.", named.join(", or "))
            }
            Lack::Form(fact) => format!("{} is stated in another form.", fact.label_en()),
            Lack::Future(today) => format!("The date may not be after today ({today})."),
            Lack::Order(before) => format!("It may not be before {}.", before.label_en()),
            Lack::Part => "List each part that is withheld, with its ground and its reason.".to_owned(),
            Lack::ForeignPart(any) => {
                let named: Vec<_> = any.iter().map(|outcome| outcome.code()).collect();
                format!("A part is withheld by one of: {}.", named.join(", "))
            }
            Lack::NoPart => "Only a partial disclosure lists withheld parts.".to_owned(),
            Lack::Body(body) => format!("Name {}.", body.label_en()),
            Lack::Untold(n) => {
                format!("The third party of consultation {n} objected: tell him what is disclosed, and why.")
            }
            Lack::NoObjection(n) => format!("In consultation {n} no third party objected."),
            Lack::NoOverride => "Nothing is released: nobody is overridden.".to_owned(),
        }
    }
}

/// Everything that is missing or wrong in a draft under a statute.
///
/// ```
/// use gongkai::domain::outcome::Outcome;
/// use gongkai::domain::reply::{Basis, Lack, Fact, faults};
/// use gongkai::law::LawBook;
///
/// let law = LawBook::embedded().unwrap();
/// let pack = law.pack("cn-ogi-2019").unwrap();
/// let mut basis: Basis<String> = Basis::default();
/// basis.grounds = vec!["36(6)".to_owned()];
/// let missing = faults(pack, Outcome::NotProcessedRepeat, &basis, &[], "2026-03-02".parse().unwrap());
/// assert_eq!(missing[0].lack, Lack::Fact(vec![Fact::EarlierReplyNumber]));
/// assert_eq!(missing[0].pointer, "/facts/earlier_reply_number");
/// ```
pub fn faults<T>(
    pack: &StatutePack,
    outcome: Outcome,
    basis: &Basis<T>,
    consultations: &[Consultation],
    today: NaiveDate,
) -> Vec<Fault> {
    let Some(entry) = pack.outcome(outcome) else {
        return vec![Fault::new("/outcome", Lack::UnknownOutcome, None)];
    };
    let mut found = Vec::new();
    grounds("/grounds", entry, &basis.grounds, &mut found);
    for rule in entry.facts.iter().filter(|rule| applies(rule, basis)) {
        if let Some(first) = rule.any_of.first()
            && !rule.any_of.iter().any(|fact| basis.facts.contains_key(fact))
        {
            let pointer = format!("/facts/{}", first.code());
            found.push(Fault::new(pointer, Lack::Fact(rule.any_of.clone()), rule.article.as_deref()));
        }
    }
    stated(basis, today, &mut found);
    parts(pack, entry, basis, consultations, &mut found);
    if let Some(clause) = pack.remedy_clause(outcome) {
        for body in clause.bodies.iter().filter(|body| basis.remedies.get(**body).is_none()) {
            let pointer = format!("/remedies/{}", body.code());
            found.push(Fault::new(pointer, Lack::Body(*body), Some(&clause.article)));
        }
    }
    overrides(pack, entry, basis, consultations, today, &mut found);
    found
}

/// The third parties who objected to what a reply releases and are not told (Art. 32): of a draft that was frozen
/// before an objection came, too.
pub fn untold<T>(
    pack: &StatutePack,
    outcome: Outcome,
    basis: &Basis<T>,
    consultations: &[Consultation],
) -> Vec<Fault> {
    let Some(article) = pack.override_article().filter(|_| pack.releases_something(outcome)) else {
        return Vec::new();
    };
    let honoured = |n: u32| {
        basis
            .withheld
            .iter()
            .any(|part| part.outcome == Outcome::DeniedThirdPartyRights && part.consultation == Some(n))
    };
    let told = |n: u32| basis.overrides.iter().any(|told| told.consultation == n);
    consultations
        .iter()
        .filter(|it| objects(it) && !told(it.n) && !honoured(it.n))
        .map(|it| Fault::new("/overrides", Lack::Untold(it.n), Some(article)))
        .collect()
}

fn objects(consultation: &Consultation) -> bool {
    let says_no = match consultation.position {
        Some(Position::Objects | Position::Partly) => true,
        Some(Position::Consents | Position::DeemedConsent) | None => false,
    };
    consultation.kind == ConsultationKind::ThirdParty && says_no
}

fn applies<T>(rule: &FactRule, basis: &Basis<T>) -> bool {
    rule.under.is_empty() || rule.under.iter().any(|ground| basis.grounds.contains(ground))
}

/// One of the articles is cited, and none that does not bear the outcome.
fn grounds(at: &str, entry: &OutcomeEntry, cited: &[String], found: &mut Vec<Fault>) {
    if !entry.articles.is_empty() && !entry.articles.iter().any(|article| cited.contains(article)) {
        found.push(Fault::new(at, Lack::Ground(entry.articles.clone()), None));
    }
    for (n, ground) in cited.iter().enumerate() {
        if !entry.citable().any(|article| article == ground) {
            let citable = entry.citable().cloned().collect();
            found.push(Fault::new(format!("{at}/{n}"), Lack::ForeignGround(citable), None));
        }
    }
}

/// Dates that follow one another: notice, service, expiry.
const IN_ORDER: [Fact; 3] = [Fact::NoticeOn, Fact::NoticeServedOn, Fact::ExpiredOn];

/// Each fact in its form, no date after today, and no date before the one it follows.
fn stated<T>(basis: &Basis<T>, today: NaiveDate, found: &mut Vec<Fault>) {
    for (fact, value) in &basis.facts {
        let pointer = || format!("/facts/{}", fact.code());
        let fits = match (fact.form(), value) {
            (FactForm::Text, FactValue::Text(_)) | (FactForm::Date, FactValue::Date(_)) => true,
            (FactForm::Word(_), FactValue::Word(word)) => fact.word(word).is_some(),
            (FactForm::Text | FactForm::Date | FactForm::Word(_), _) => false,
        };
        if !fits {
            found.push(Fault::new(pointer(), Lack::Form(*fact), None));
        }
        if let FactValue::Date(date) = value
            && *date > today
        {
            found.push(Fault::new(pointer(), Lack::Future(today), None));
        }
    }
    let date = |fact: &Fact| match basis.facts.get(fact) {
        Some(FactValue::Date(date)) => Some((*fact, *date)),
        Some(FactValue::Text(_) | FactValue::Word(_)) | None => None,
    };
    let dates: Vec<_> = IN_ORDER.iter().filter_map(date).collect();
    for ((before, earlier), (fact, later)) in dates.iter().zip(dates.iter().skip(1)) {
        if later < earlier {
            found.push(Fault::new(format!("/facts/{}", fact.code()), Lack::Order(*before), None));
        }
    }
}

/// A partial disclosure lists each withheld part with its ground.
fn parts<T>(
    pack: &StatutePack,
    entry: &OutcomeEntry,
    basis: &Basis<T>,
    consultations: &[Consultation],
    found: &mut Vec<Fault>,
) {
    let article = entry.articles.first().map(String::as_str);
    if entry.withheld.is_empty() {
        if !basis.withheld.is_empty() {
            found.push(Fault::new("/withheld", Lack::NoPart, None));
        }
        return;
    }
    if basis.withheld.is_empty() {
        found.push(Fault::new("/withheld", Lack::Part, article));
    }
    for (n, part) in basis.withheld.iter().enumerate() {
        match pack.outcome(part.outcome).filter(|_| entry.withheld.contains(&part.outcome)) {
            None => {
                let lack = Lack::ForeignPart(entry.withheld.clone());
                found.push(Fault::new(format!("/withheld/{n}/outcome"), lack, article));
            }
            Some(refusal) => grounds(&format!("/withheld/{n}/grounds"), refusal, &part.grounds, found),
        }
        if let Some(asked) = part.consultation
            && !consultations.iter().any(|it| it.n == asked && objects(it))
        {
            found.push(Fault::new(format!("/withheld/{n}/consultation"), Lack::NoObjection(asked), None));
        }
    }
}

/// Whoever is overridden is told, and only he.
fn overrides<T>(
    pack: &StatutePack,
    entry: &OutcomeEntry,
    basis: &Basis<T>,
    consultations: &[Consultation],
    today: NaiveDate,
    found: &mut Vec<Fault>,
) {
    found.extend(untold(pack, entry.code, basis, consultations));
    if entry.releases == Releases::Nothing && !basis.overrides.is_empty() {
        found.push(Fault::new("/overrides", Lack::NoOverride, None));
        return;
    }
    for (n, told) in basis.overrides.iter().enumerate() {
        if !consultations.iter().any(|it| it.n == told.consultation && objects(it)) {
            let lack = Lack::NoObjection(told.consultation);
            found.push(Fault::new(format!("/overrides/{n}/consultation"), lack, pack.override_article()));
        }
        if told.told_on.is_some_and(|on| on > today) {
            found.push(Fault::new(format!("/overrides/{n}/told_on"), Lack::Future(today), None));
        }
    }
}
