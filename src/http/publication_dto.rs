//! Proactive publications as the interface shows them. Why is in the history.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::document_dto::DocumentView;
use crate::app::case_view::CaseDetail;
use crate::app::publications::PublishedDocument;
use crate::domain::case::document::Document;
use crate::domain::case::event::{PlaceKind, ProposedBy};

/// A conversion to proactive publication.
#[derive(Serialize, ToSchema)]
pub struct PublicationView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// Whose idea it was.
    pub proposed_by: ProposedBy,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// The document.
    pub document: Option<DocumentView>,
    /// `proposed`, `approved`, `rejected`, `published` or `withdrawn`.
    #[schema(example = "published")]
    pub state: &'static str,
    /// The day of the decision.
    pub decided_on: Option<NaiveDate>,
    /// The day of the publication.
    pub published_on: Option<NaiveDate>,
    /// The address of the page.
    pub url: Option<String>,
    /// Name and issue of the gazette.
    pub gazette: Option<String>,
    /// Since when it is no longer published there.
    pub withdrawn_on: Option<NaiveDate>,
}

/// A document that is published, and where.
#[derive(Serialize, ToSchema)]
pub struct PublishedView {
    /// The document.
    pub document: DocumentView,
    /// The address of the page.
    pub url: Option<String>,
    /// Name and issue of the gazette.
    pub gazette: Option<String>,
    /// The day of the publication.
    pub published_on: NaiveDate,
}

fn document(document: Document) -> DocumentView {
    DocumentView { title: document.title, number: document.number }
}

/// The place as address or gazette.
fn place(kind: PlaceKind, place: Option<String>) -> (Option<String>, Option<String>) {
    match kind {
        PlaceKind::Website => (place, None),
        PlaceKind::Gazette => (None, place),
    }
}

pub fn published(published: PublishedDocument) -> PublishedView {
    let (url, gazette) = place(published.kind, Some(published.place));
    PublishedView { document: document(published.document), url, gazette, published_on: published.on }
}

pub fn publications(detail: &CaseDetail) -> Vec<PublicationView> {
    let mut words = detail.publications.iter();
    let all = detail.case.publications.iter().map(|one| {
        let words = words.next().cloned().unwrap_or_default();
        let named = words.documents().pop();
        let at = one.published.as_ref().map(|at| place(at.kind, words.place));
        let (url, gazette) = at.unwrap_or_default();
        PublicationView {
            n: one.n,
            proposed_by: one.proposed_by,
            proposed_on: one.proposed_on,
            document: named.map(document),
            state: one.state().code(),
            decided_on: one.decided.map(|(_, on)| on),
            published_on: one.published.as_ref().map(|at| at.on),
            url,
            gazette,
            withdrawn_on: one.withdrawn_on,
        }
    });
    all.collect()
}
