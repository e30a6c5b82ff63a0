//! `/cases/{id}/relations`: what a case has to do with others; `/proposals`: earlier cases that it may repeat or belong to.

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::call::Call;
use super::cases::CaseSummary;
use super::problem::{Failure, Problem};
use super::publication_dto::{self, PublishedView};
use crate::app::proposals::{Proposal, Reason};
use crate::app::relations::RelationLine;
use crate::domain::case::relation::RelationKind;

/// Earlier cases, the likeliest first, at most 20.
#[derive(Serialize, ToSchema)]
pub struct ProposalList {
    /// The cases.
    pub items: Vec<ProposalView>,
    /// The documents asked for that the agency has published, whichever case brought it about: the reply tells where they are
    /// (Art. 36(1)).
    pub published: Vec<PublishedView>,
    /// The civil date for which the lights hold.
    pub as_of: NaiveDate,
}

/// An earlier case, and why it is proposed.
#[derive(Serialize, ToSchema)]
pub struct ProposalView {
    /// The case.
    pub case: CaseSummary,
    /// Why: at least one reason.
    pub reasons: Vec<ReasonView>,
}

/// Why a case is proposed.
#[derive(Serialize, ToSchema)]
pub struct ReasonView {
    /// `same_applicant`, `same_document_number`, `shared_words`, or `published`.
    #[schema(example = "shared_words")]
    pub kind: &'static str,
    /// Of the same applicant: `id_number`, or `name` where either case lacks the number.
    pub by: Option<&'static str>,
    /// The shared words, or the end of the numbers of the documents.
    #[schema(example = json!(["征地补偿方案", "浦东新区"]))]
    pub words: Vec<String>,
    /// Of shared words: how much of the shorter text, in hundredths.
    pub share: Option<u32>,
    /// Of a document that the case brought to publication: what and where.
    pub published: Option<PublishedView>,
}

impl ReasonView {
    fn of(reason: Reason) -> Self {
        match reason {
            Reason::SameApplicant { by_id_number } => Self {
                kind: "same_applicant",
                by: Some(if by_id_number { "id_number" } else { "name" }),
                words: Vec::new(),
                share: None,
                published: None,
            },
            Reason::SameDocumentNumber { numbers } => {
                Self { kind: "same_document_number", by: None, words: numbers, share: None, published: None }
            }
            Reason::SharedWords { hundredths, words } => {
                Self { kind: "shared_words", by: None, words, share: Some(hundredths), published: None }
            }
            Reason::Published(document) => Self {
                kind: "published",
                by: None,
                words: Vec::new(),
                share: None,
                published: Some(publication_dto::published(document)),
            },
        }
    }
}

fn view(proposal: Proposal) -> ProposalView {
    ProposalView {
        case: CaseSummary::today(proposal.item),
        reasons: proposal.reasons.into_iter().map(ReasonView::of).collect(),
    }
}

/// Propose earlier cases (关联建议).
///
/// Cases received before at the same agency, as far as the caller may read them: of the same applicant, naming the same
/// document, or about the same matter. They are proposals with their reasons; nothing is refused or related by itself.
#[utoipa::path(
    operation_id = "proposeRelatedCases", tag = "cases",
    params(("case_id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The cases", body = ProposalList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/relations/proposals")]
pub async fn proposals(call: Call) -> Result<HttpResponse, Failure> {
    let found = call.app.proposals(call.actor(), call.case()?).await?;
    let items = found.items.into_iter().map(view).collect();
    Ok(HttpResponse::Ok().json(ProposalList {
        items,
        published: found.published.into_iter().map(publication_dto::published).collect(),
        as_of: found.today,
    }))
}

/// What a case has to do with others, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct RelationList {
    /// The relations.
    pub items: Vec<RelationView>,
    /// Links of which the reply speaks and that nobody has made: `repeat` for a reply under Art. 36(6).
    #[schema(example = json!([]))]
    pub missing: Vec<&'static str>,
}

/// A relation to another case.
#[derive(Serialize, ToSchema)]
pub struct RelationView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// `handed_on`, `split`, `merged`, `repeat` or `supplement`.
    #[schema(example = "handed_on")]
    pub kind: &'static str,
    /// `to`: this case points at the other (it was handed on to it, split into it, merged into it, repeats or supplements it);
    /// `from`: the other points at this one.
    #[schema(example = "to")]
    pub direction: &'static str,
    /// The civil date on which it came about.
    pub on: NaiveDate,
    /// Why, personal data masked; `null` when erased.
    pub reason: Option<String>,
    /// The code of the other case's agency.
    #[schema(example = "320803")]
    pub agency_code: String,
    /// The other case's number, once it has one.
    pub number: Option<String>,
    /// The other case, when the caller may read it; another agency's never.
    pub case: Option<CaseSummary>,
}

fn related(line: RelationLine) -> RelationView {
    RelationView {
        n: line.relation.n,
        kind: line.relation.kind.code(),
        direction: line.relation.direction.code(),
        on: line.relation.on,
        reason: line.reason,
        agency_code: line.agency_code,
        number: line.number,
        case: line.readable.map(CaseSummary::of),
    }
}

/// List a case's relations (关联).
#[utoipa::path(
    operation_id = "listRelations", tag = "cases",
    params(("case_id" = String, Path, description = "The case")),
    responses(
        (status = 200, description = "The relations", body = RelationList),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/cases/{case_id}/relations")]
pub async fn list(call: Call) -> Result<HttpResponse, Failure> {
    let found = call.app.relations(call.actor(), call.case()?).await?;
    let items = found.lines.into_iter().map(related).collect();
    let missing = found.missing.into_iter().map(RelationKind::code).collect();
    Ok(HttpResponse::Ok().json(RelationList { items, missing }))
}
