//! Documents that are published, or on their way: for the list of what several applicants ask for, and for whoever asks for one
//! that everybody can read already (Art. 36(1)).

use chrono::NaiveDate;

use super::App;
use super::error::AppError;
use crate::domain::case::document::Document;
use crate::domain::case::event::PlaceKind;
use crate::domain::case::publication_record::PublicationState;
use crate::domain::search::normalise;
use crate::domain::search::same_document::{DocumentKeys, numbers_named};
use crate::domain::sensitivity::Sensitivity;
use crate::store::{CasePublicationRow, Key, PublicationFilter, StoreError};

/// A title shorter than this is part of other words, and found in no running text.
const SHORTEST_TITLE: usize = 6;

/// A document that is published, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedDocument {
    /// The document.
    pub document: Document,
    /// What kind of place.
    pub kind: PlaceKind,
    /// Where.
    pub place: String,
    /// The day of the publication.
    pub on: NaiveDate,
}

/// How far the conversion of a document has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The furthest that any case brought it.
    pub state: PublicationState,
    /// Where it is published, when it is.
    pub published: Option<PublishedDocument>,
}

/// What somebody asks for: the documents he names, and his words.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    own: Vec<DocumentKeys>,
    named: Vec<String>,
    text: String,
}

impl Asked {
    pub(super) fn of(documents: &[Document], words: &str) -> Self {
        let own = documents.iter().map(DocumentKeys::of).collect();
        Self { own, named: numbers_named(words), text: normalise(words) }
    }

    /// Whether it is this document.
    fn is_about(&self, row: &CasePublicationRow) -> bool {
        let theirs = DocumentKeys { number: row.number_key.clone(), title: row.title_key.clone() };
        let named = theirs.number.as_ref().is_some_and(|number| self.named.contains(number));
        let title = row.title.as_deref().map(normalise).unwrap_or_default();
        let told = title.chars().count() >= SHORTEST_TITLE && self.text.contains(&title);
        // Who names documents is believed: a title in his summary may be another year's.
        named || self.own.iter().any(|own| own.same(&theirs)) || (self.own.is_empty() && told)
    }
}

impl App {
    /// The published documents of an agency that somebody asks for, each with the case by which it was published; those of some
    /// cases among them.
    pub(super) async fn published_of(
        &self,
        (agency, clearance): (Key, Sensitivity),
        asked: &Asked,
        cases: Vec<Key>,
    ) -> Result<Vec<(Key, PublishedDocument)>, AppError> {
        let numbers = asked.own.iter().filter_map(|own| own.number.clone()).chain(asked.named.clone());
        let titles = asked.own.iter().filter_map(|own| own.title.clone());
        let filter = PublicationFilter {
            agency,
            clearance,
            numbers: numbers.collect(),
            titles: titles.collect(),
            cases,
            published_only: true,
        };
        let rows = self.store.publications(filter).await?;
        let found = rows.into_iter().filter(|row| asked.is_about(row));
        found
            .filter_map(|row| published(&row).map(|found| found.map(|it| (row.case_id, it))).transpose())
            .collect()
    }

    /// How far the conversion of each of these documents, by key, has come.
    pub(super) async fn conversions(
        &self,
        (agency, clearance): (Key, Sensitivity),
        keys: &[String],
    ) -> Result<Vec<Option<Conversion>>, AppError> {
        let of = |prefix: &str| keys.iter().filter(|key| key.starts_with(prefix)).cloned().collect();
        let (numbers, titles) = (of("number:"), of("title:"));
        let filter = PublicationFilter {
            agency,
            clearance,
            numbers,
            titles,
            cases: Vec::new(),
            published_only: false,
        };
        let rows = self.store.publications(filter).await?;
        keys.iter().map(|key| furthest(&rows, key)).collect()
    }
}

fn furthest(rows: &[CasePublicationRow], key: &str) -> Result<Option<Conversion>, AppError> {
    let mut furthest: Option<Conversion> = None;
    let about = rows
        .iter()
        .filter(|row| [&row.number_key, &row.title_key].into_iter().flatten().any(|own| own == key));
    for row in about {
        let state = PublicationState::parse(&row.state).ok_or_else(|| wrong(row, "an unknown state"))?;
        if furthest.as_ref().is_none_or(|best| best.state < state) {
            furthest = Some(Conversion { state, published: published(row)? });
        }
    }
    Ok(furthest)
}

/// Where a row says that its document is published.
fn published(row: &CasePublicationRow) -> Result<Option<PublishedDocument>, AppError> {
    if row.state != PublicationState::Published.code() {
        return Ok(None);
    }
    let kind = match row.place_kind.as_deref() {
        Some("website") => PlaceKind::Website,
        Some("gazette") => PlaceKind::Gazette,
        Some(_) | None => return Err(wrong(row, "an unknown place")),
    };
    let (Some(place), Some(on)) = (row.place.clone(), row.published_on) else {
        return Err(wrong(row, "published nowhere"));
    };
    let document = Document { title: row.title.clone(), number: row.number.clone() };
    Ok(Some(PublishedDocument { document, kind, place, on }))
}

fn wrong(row: &CasePublicationRow, reason: &str) -> AppError {
    AppError::Store(StoreError::Inconsistent {
        table: "case_publications",
        row: row.case_id.0.to_string(),
        reason: reason.to_owned(),
    })
}
