//! `/statutes`: the law as this server knows it.

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::Call;
use super::problem::{Failure, Problem};
use crate::app::error::AppError;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Fact, RemedyBody};
use crate::domain::statute::{
    FactRule, FeeTier, Fees, Limit, LimitUnit, NoticeEntry, NoticeTo, Point, Reading, ReceiptRule, Releases,
    Remedies, StatutePack,
};

/// The statutes.
#[derive(Serialize, ToSchema)]
pub struct StatuteList {
    /// Each by its id.
    pub items: Vec<StatuteSummary>,
}

/// A statute in a list.
#[derive(Serialize, ToSchema)]
pub struct StatuteSummary {
    /// The id.
    #[schema(example = "cn-ogi-2019")]
    pub id: String,
    /// The version of its data: a case keeps the one it was received under.
    pub version: u32,
    /// The title in the statute's language.
    pub title_zh: String,
    /// The title in English.
    pub title_en: String,
    /// The first day on which it is in force.
    pub in_force_from: NaiveDate,
    /// The last day; `null` while no end is known.
    pub in_force_until: Option<NaiveDate>,
    /// The calendar by which its working days are counted.
    #[schema(example = "cn")]
    pub calendar: String,
}

/// A statute with all that is known of it.
#[derive(Serialize, ToSchema)]
pub struct StatuteView {
    /// The statute.
    #[serde(flatten)]
    pub summary: StatuteSummary,
    /// The periods that it sets.
    pub limits: Vec<LimitView>,
    /// When the light of an open case changes.
    pub lights: LightsView,
    /// Its points of doubt, how each is read, and how else.
    pub readings: Vec<ReadingView>,
    /// For each channel, the day that counts as the date of receipt.
    pub receipt: Vec<ReceiptView>,
    /// The outcomes it knows, with their articles and what the applicant may do against each.
    pub outcomes: Vec<OutcomeView>,
    /// What may be asked for handling; `null` where it is free.
    pub fees: Option<FeesView>,
    /// The notices it owes.
    pub notices: Vec<NoticeView>,
}

/// A period.
#[derive(Serialize, ToSchema)]
pub struct LimitView {
    /// For what.
    #[schema(example = "reply")]
    pub key: &'static str,
    /// How many.
    #[schema(example = 20)]
    pub length: u16,
    /// Of what.
    pub unit: LimitUnit,
    /// The article.
    #[schema(example = "33(2)")]
    pub article: String,
}

/// Working days left when a light changes.
#[derive(Serialize, ToSchema)]
pub struct LightsView {
    /// Yellow with this many or fewer.
    pub yellow: u16,
    /// Red with this many or fewer.
    pub red: u16,
}

/// A point of doubt.
#[derive(Serialize, ToSchema)]
pub struct ReadingView {
    /// Its name in `readings`.
    pub point: Point,
    /// Its number in the digest of the statute.
    pub number: u8,
    /// Its Chinese name.
    pub name_zh: &'static str,
    /// Its English name.
    pub name_en: &'static str,
    /// How it is read.
    pub reading: Reading,
    /// How else it may be read.
    pub alternatives: Vec<Reading>,
}

/// Which day counts as the date of receipt.
#[derive(Serialize, ToSchema)]
pub struct ReceiptView {
    /// The channel.
    pub channel: Channel,
    /// As the statute writes it.
    pub rule: ReceiptRule,
    /// As it is read.
    pub rule_in_force: ReceiptRule,
    /// The article.
    pub article: String,
}

/// An outcome.
#[derive(Serialize, ToSchema)]
pub struct OutcomeView {
    /// The outcome.
    pub code: Outcome,
    /// The articles it may rest on: a reply cites one of them.
    pub articles: Vec<String>,
    /// Articles that may be cited beside one of those.
    pub also: Vec<String>,
    /// Whether something is released.
    pub releases: Releases,
    /// What the applicant may do against it.
    pub remedies: Remedies,
    /// What a reply must state.
    pub facts: Vec<FactRuleView>,
    /// Of a partial disclosure, the refusals by which a part may be withheld.
    pub withheld: Vec<Outcome>,
    /// Who must be named in the clause on remedies.
    pub bodies: Vec<RemedyBody>,
}

/// Something that a reply must state.
#[derive(Serialize, ToSchema)]
pub struct FactRuleView {
    /// The facts of which one is stated.
    pub any_of: Vec<Fact>,
    /// The article that asks for it.
    pub article: Option<String>,
    /// Asked only where one of these grounds is cited; empty: always.
    pub under: Vec<String>,
}

/// Fees.
#[derive(Serialize, ToSchema)]
pub struct FeesView {
    /// The article.
    pub article: String,
    /// The currency.
    #[schema(example = "CNY")]
    pub currency: String,
    /// The unit of every rate.
    #[schema(example = "fen")]
    pub unit: String,
    /// By the pages of one application.
    pub per_page: Vec<FeeTierView>,
    /// By the applications of one applicant in one calendar month.
    pub per_piece: Vec<FeeTierView>,
}

/// A tier of a fee.
#[derive(Serialize, ToSchema)]
pub struct FeeTierView {
    /// The first page or piece.
    pub from: u32,
    /// The last; `null` for the last tier, which is open.
    pub to: Option<u32>,
    /// For each.
    pub rate: u64,
    /// After how many the rate rises; `null` where it does not.
    pub step: Option<u32>,
    /// By how much it rises.
    pub rise: Option<u64>,
}

/// A notice that is owed to somebody.
#[derive(Serialize, ToSchema)]
pub struct NoticeView {
    /// Its name.
    #[schema(example = "correction_notice")]
    pub code: String,
    /// The Chinese name of the document.
    pub title_zh: String,
    /// The English name.
    pub title_en: String,
    /// To whom.
    pub to: NoticeTo,
    /// The article.
    pub article: String,
    /// The period in which it is owed, a key of `limits`; `null` where none is set.
    pub limit: Option<String>,
}

/// List the statutes.
#[utoipa::path(
    operation_id = "listStatutes", tag = "law",
    responses(
        (status = 200, description = "The statutes", body = StatuteList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/statutes")]
pub async fn list(call: Call) -> HttpResponse {
    let items = call.app.store.law().packs().map(summary).collect();
    HttpResponse::Ok().json(StatuteList { items })
}

/// Read a statute: periods, readings, outcomes, fees, notices.
#[utoipa::path(
    operation_id = "readStatute", tag = "law",
    params(("statute_id" = String, Path, description = "The statute", example = "cn-ogi-2019")),
    responses(
        (status = 200, description = "The statute", body = StatuteView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/statutes/{statute_id}")]
pub async fn read(call: Call) -> Result<HttpResponse, Failure> {
    let id: String = call.path("statute_id")?;
    let law = call.app.store.law();
    let pack = law.pack(&id).ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok().json(view(pack)))
}

fn summary(pack: &StatutePack) -> StatuteSummary {
    StatuteSummary {
        id: pack.id.clone(),
        version: pack.version,
        title_zh: pack.title_zh.clone(),
        title_en: pack.title_en.clone(),
        in_force_from: pack.in_force_from,
        in_force_until: pack.in_force_until,
        calendar: pack.calendar.clone(),
    }
}

fn view(pack: &StatutePack) -> StatuteView {
    StatuteView {
        summary: summary(pack),
        limits: pack.limits.all().into_iter().filter_map(|(key, set)| Some(limit(key, set?))).collect(),
        lights: LightsView { yellow: pack.lights.yellow, red: pack.lights.red },
        readings: pack.readings.all().map(|(point, reading)| reading_view(point, reading)).collect(),
        receipt: pack
            .receipt
            .iter()
            .map(|entry| ReceiptView {
                channel: entry.channel,
                rule: entry.rule,
                rule_in_force: pack.receipt_rule(entry.channel).unwrap_or(entry.rule),
                article: entry.article.clone(),
            })
            .collect(),
        outcomes: pack
            .outcomes
            .iter()
            .map(|entry| OutcomeView {
                code: entry.code,
                articles: entry.articles.clone(),
                also: entry.also.clone(),
                releases: entry.releases,
                remedies: pack.remedies(entry.code, pack.readings).unwrap_or(entry.remedies),
                facts: entry.facts.iter().map(fact_rule).collect(),
                withheld: entry.withheld.clone(),
                bodies: pack
                    .remedy_clause(entry.code)
                    .map(|clause| clause.bodies.clone())
                    .unwrap_or_default(),
            })
            .collect(),
        fees: pack.fees.as_ref().map(fees),
        notices: pack.notices.iter().map(notice).collect(),
    }
}

fn fact_rule(rule: &FactRule) -> FactRuleView {
    FactRuleView { any_of: rule.any_of.clone(), article: rule.article.clone(), under: rule.under.clone() }
}

fn limit(key: &'static str, limit: &Limit) -> LimitView {
    LimitView { key, length: limit.length, unit: limit.unit, article: limit.article.clone() }
}

fn reading_view(point: Point, reading: Reading) -> ReadingView {
    ReadingView {
        point,
        number: point.number(),
        name_zh: point.label_zh(),
        name_en: point.label_en(),
        reading,
        alternatives: point.readings().iter().copied().filter(|other| *other != reading).collect(),
    }
}

fn fees(fees: &Fees) -> FeesView {
    FeesView {
        article: fees.article.clone(),
        currency: fees.currency.clone(),
        unit: fees.unit.clone(),
        per_page: tiers(&fees.per_page),
        per_piece: tiers(&fees.per_piece),
    }
}

fn tiers(tiers: &[FeeTier]) -> Vec<FeeTierView> {
    let before = std::iter::once(0).chain(tiers.iter().filter_map(|tier| tier.to));
    let view = |(tier, before): (&FeeTier, u32)| FeeTierView {
        from: before.saturating_add(1),
        to: tier.to,
        rate: tier.rate,
        step: tier.step,
        rise: tier.rise,
    };
    tiers.iter().zip(before).map(view).collect()
}

fn notice(notice: &NoticeEntry) -> NoticeView {
    NoticeView {
        code: notice.code.clone(),
        title_zh: notice.title_zh.clone(),
        title_en: notice.title_en.clone(),
        to: notice.to,
        article: notice.article.clone(),
        limit: notice.limit.clone(),
    }
}
