//! What is stored of the documents asked for, and which of them several applicants ask for.

use chrono::NaiveDate;
use diesel::{Insertable, Queryable, Selectable};

use super::filter::Reach;
use super::rows::CaseRow;
use super::schema::{case_documents, case_publications};
use super::types::Key;
use super::{Backend, Store, StoreError, postgres, sqlite};
use crate::domain::case::document::Document;
use crate::domain::case::event::PlaceKind;
use crate::domain::case::publication_record::Publication;
use crate::domain::case::state::Case;
use crate::domain::search::same_document::DocumentKeys;
use crate::domain::sensitivity::Sensitivity;
use crate::store::answers::QueueLine;

/// A document asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_documents, treat_none_as_default_value = false)]
pub struct CaseDocumentRow {
    pub agency_id: Key,
    pub case_id: Key,
    pub document_key: String,
    pub received_on: NaiveDate,
    pub title: Option<String>,
    pub number: Option<String>,
}

/// The documents that a case asks for, by its row, each once; sorted by their keys.
pub(super) fn document_rows(row: &CaseRow) -> Vec<CaseDocumentRow> {
    let documents = Document::read(row.documents.as_deref().unwrap_or_default());
    let keyed = documents.into_iter().filter_map(|document| {
        let document_key = DocumentKeys::of(&document).own()?;
        Some(CaseDocumentRow {
            agency_id: row.agency_id,
            case_id: row.id,
            document_key,
            received_on: row.received_sort,
            title: document.title,
            number: document.number,
        })
    });
    let mut rows: Vec<CaseDocumentRow> = keyed.collect();
    rows.sort();
    rows.dedup_by(|one, other| one.document_key == other.document_key);
    rows
}

/// A conversion to proactive publication.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_publications, treat_none_as_default_value = false)]
pub struct CasePublicationRow {
    pub agency_id: Key,
    pub case_id: Key,
    pub n: i32,
    pub number_key: Option<String>,
    pub title_key: Option<String>,
    pub title: Option<String>,
    pub number: Option<String>,
    pub state: String,
    pub place_kind: Option<String>,
    pub place: Option<String>,
    pub published_on: Option<NaiveDate>,
}

/// The words of a conversion, as they were sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicationWords {
    /// The document ([`Document::write`]).
    pub document: Option<String>,
    /// Where it is published.
    pub place: Option<String>,
}

impl PublicationWords {
    /// The document: one, or none.
    pub fn documents(&self) -> Vec<Document> {
        let mut all = Document::read(self.document.as_deref().unwrap_or_default());
        all.truncate(1);
        all
    }
}

/// The rows of a case's conversions, from its record and their words.
///
/// # Errors
/// When there are more than a number counts.
pub(super) fn publication_rows(
    case: &Case,
    words: &[PublicationWords],
) -> Result<Vec<CasePublicationRow>, StoreError> {
    let mut words = words.iter();
    let mut rows = Vec::with_capacity(case.publications.len());
    for one in &case.publications {
        rows.push(publication_row(case, one, words.next().cloned().unwrap_or_default())?);
    }
    Ok(rows)
}

fn publication_row(
    case: &Case,
    one: &Publication,
    words: PublicationWords,
) -> Result<CasePublicationRow, StoreError> {
    let document = words.documents().pop().unwrap_or_default();
    let keys = DocumentKeys::of(&document);
    let place_kind = one.published.as_ref().map(|at| match at.kind {
        PlaceKind::Website => "website".to_owned(),
        PlaceKind::Gazette => "gazette".to_owned(),
    });
    Ok(CasePublicationRow {
        agency_id: Key(case.agency.0),
        case_id: Key(case.id.0),
        n: super::record::signed(one.n)?,
        number_key: keys.number,
        title_key: keys.title,
        title: document.title,
        number: document.number,
        state: one.state().code().to_owned(),
        place: words.place.filter(|_| place_kind.is_some()),
        place_kind,
        published_on: one.published.as_ref().map(|at| at.on),
    })
}

/// Which conversions: those about one of these documents, or of one of these cases.
#[derive(Clone, Debug)]
pub struct PublicationFilter {
    /// The agency.
    pub agency: Key,
    /// Only cases that bear no higher label.
    pub clearance: Sensitivity,
    /// Keys of numbers.
    pub numbers: Vec<String>,
    /// Keys of titles.
    pub titles: Vec<String>,
    /// Cases.
    pub cases: Vec<Key>,
    /// Only those that are published now.
    pub published_only: bool,
}

/// Which documents several applicants asked for.
#[derive(Clone, Debug)]
pub struct OftenFilter {
    /// The agency.
    pub agency: Key,
    /// Only cases that bear no higher label.
    pub clearance: Sensitivity,
    /// Received on or after this day.
    pub from: NaiveDate,
    /// Received on or before this day.
    pub to: NaiveDate,
    /// By at least so many different applicants.
    pub applicants: i64,
    /// The outcomes that release something.
    pub releasing: Vec<&'static str>,
    /// Where the page before ended: so many applicants, and the key.
    pub after: Option<(i64, String)>,
    /// How many rows.
    pub limit: i64,
}

/// A document that several applicants asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OftenRow {
    /// The key.
    pub document_key: String,
    /// Its title, as one of the cases has it.
    pub title: Option<String>,
    /// Its number, the same.
    pub number: Option<String>,
    /// How many cases ask for it.
    pub cases: i64,
    /// Of how many different applicants.
    pub applicants: i64,
    /// In how many of the cases something was released.
    pub released: i64,
}

/// The cases that ask for a document.
#[derive(Clone, Debug)]
pub struct AskingFilter {
    /// The agency.
    pub agency: Key,
    /// How far the reader sees.
    pub reach: Reach,
    /// The document.
    pub document_key: String,
    /// Received on or after this day.
    pub from: NaiveDate,
    /// Received on or before this day.
    pub to: NaiveDate,
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows.
    pub limit: i64,
}

impl Store {
    /// A page of the documents that several applicants asked for: those asked for by most first.
    pub async fn often_requested(&self, filter: OftenFilter) -> Result<Vec<OftenRow>, StoreError> {
        read!(self, |conn, q| q::publication::often_requested(conn, &filter))
    }

    /// Conversions about some documents or of some cases; a bounded number.
    pub async fn publications(
        &self,
        filter: PublicationFilter,
    ) -> Result<Vec<CasePublicationRow>, StoreError> {
        read!(self, |conn, q| q::publication::publications(conn, &filter))
    }

    /// Some cases of an agency, of which those may be seen that are within the reader's reach.
    pub async fn cases_of_ids(
        &self,
        agency: Key,
        reach: Reach,
        ids: Vec<Key>,
    ) -> Result<Vec<QueueLine>, StoreError> {
        read!(self, |conn, q| q::publication::cases_of_ids(conn, agency, &reach, &ids))
    }

    /// A page of the cases that ask for a document, those received last first.
    pub async fn cases_asking(&self, filter: AskingFilter) -> Result<Vec<QueueLine>, StoreError> {
        read!(self, |conn, q| q::publication::cases_asking(conn, &filter))
    }
}
