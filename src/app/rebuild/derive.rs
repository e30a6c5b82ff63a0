//! The rows that a case's events make, and how they differ from those that are stored.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::App;
use super::super::directory::Agency;
use super::super::error::AppError;
use super::super::people::open_text;
use crate::audit::chain::Head;
use crate::domain::case::{Case, fold};
use crate::domain::ids::{CaseId, TextId};
use crate::store::{CaseRow, Key, PublicationWords, QueueRows, Shown, StoredCase, queue_rows, recorded};

/// Why a case has no derived rows, or they must not take the place of the stored ones.
#[derive(Debug)]
pub(super) struct Unlike(pub(super) String);

/// The words of rows, or why they cannot be read.
type Words = HashMap<TextId, Result<String, String>>;

/// A case folded, before its words are read.
struct Folded {
    case: Case,
    head: Head,
}

impl App {
    /// Derives the rows of a page of cases. The words come from the rows that the newest registration or
    /// correction commits to; those erased are absent.
    pub(super) async fn derive_page(
        &self,
        agency: &Arc<Agency>,
        page: &[StoredCase],
    ) -> Result<Vec<Result<QueueRows, Unlike>>, AppError> {
        let folded: Vec<Result<Folded, Unlike>> = page.iter().map(|stored| folded(agency, stored)).collect();
        let wanted: Vec<Key> = folded
            .iter()
            .flatten()
            .flat_map(|folded| shown_of(&folded.case))
            .flatten()
            .chain(folded.iter().flatten().flat_map(|folded| published_of(&folded.case)))
            .map(|id| Key(id.0))
            .collect();
        let rows = self.store.case_texts_by_id(Key(agency.id.0), wanted).await?;
        let words: Words = rows
            .iter()
            .map(|row| {
                let words = open_text(agency, row).map_err(|error| format!("its {}: {error}", row.kind));
                (TextId(row.id.0), words)
            })
            .collect();
        Ok(page
            .iter()
            .zip(folded)
            .map(|(stored, folded)| folded.and_then(|folded| self.derived(stored, &folded, &words)))
            .collect())
    }

    fn derived(&self, stored: &StoredCase, folded: &Folded, words: &Words) -> Result<QueueRows, Unlike> {
        let words_of = |id: Option<TextId>| {
            let found = id.and_then(|id| words.get(&id)).cloned().transpose();
            found.map_err(Unlike)
        };
        let [subject, documents] = shown_of(&folded.case);
        let publications = folded.case.publications.iter().map(|one| {
            let place = one.published.as_ref().map(|at| at.place.id);
            Ok(PublicationWords { document: words_of(Some(one.document.id))?, place: words_of(place)? })
        });
        let publications = publications.collect::<Result<_, Unlike>>()?;
        let shown = Shown { subject: words_of(subject)?, documents: words_of(documents)?, publications };
        let times = stored.events.first().zip(stored.events.last());
        let (first, last) = times.ok_or_else(|| Unlike("it has no events".to_owned()))?;
        queue_rows(
            &folded.case,
            &folded.head,
            shown,
            first.recorded_at.0,
            last.recorded_at.0,
            &self.store.law(),
        )
        .map_err(|error| Unlike(error.to_string()))
    }
}

/// The rows whose words lists show: the subject, the documents asked for.
fn shown_of(case: &Case) -> [Option<TextId>; 2] {
    let registration = case.state.registration();
    let documents = registration.and_then(|registration| registration.documents.as_ref());
    [registration.map(|registration| registration.subject.id), documents.map(|documents| documents.id)]
}

/// The rows whose words tell what is published, and where.
fn published_of(case: &Case) -> Vec<TextId> {
    let places = case.publications.iter().filter_map(|one| one.published.as_ref()).map(|at| at.place.id);
    case.publications.iter().map(|one| one.document.id).chain(places).collect()
}

fn folded(agency: &Agency, stored: &StoredCase) -> Result<Folded, Unlike> {
    let Some(last) = stored.events.last() else {
        return Err(Unlike("it has a queue row and no events".to_owned()));
    };
    if stored.events.iter().any(|event| event.agency_id.0 != agency.id.0) {
        return Err(Unlike("some of its events are another agency's".to_owned()));
    }
    let events = stored
        .events
        .iter()
        .map(recorded)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Unlike(error.to_string()))?;
    let in_order = events.iter().zip(1_u32..).all(|(event, seq)| event.seq == seq);
    let case = fold(agency.id, CaseId(stored.id.0), &events).filter(|_| in_order);
    let case = case.ok_or_else(|| Unlike("some of its events are missing".to_owned()))?;
    let link = last.case_link.as_deref().and_then(|link| link.try_into().ok());
    let link = link.ok_or_else(|| Unlike("its newest event has no link".to_owned()))?;
    let head = Head { seq: u64::from(case.version), link };
    Ok(Folded { case, head })
}

/// The names of the columns in which the stored rows differ from the derived ones.
pub(super) fn differing(stored: &StoredCase, derived: &QueueRows) -> Result<Vec<&'static str>, Unlike> {
    let Some(row) = &stored.row else { return Ok(vec!["row"]) };
    if row.version > derived.row.version {
        return Err(Unlike(format!(
            "its queue row knows of {} events, but there are {}",
            row.version, derived.row.version
        )));
    }
    let mut columns = differing_columns(row, &derived.row);
    if stored.departments != derived.departments {
        columns.push("case_departments");
    }
    if stored.obligations != derived.obligations {
        columns.push("case_obligations");
    }
    if stored.search != derived.search {
        columns.push("case_search");
    }
    if stored.remedies != derived.remedies {
        columns.push("case_remedies");
    }
    if stored.documents != derived.documents {
        columns.push("case_documents");
    }
    if stored.publications != derived.publications {
        columns.push("case_publications");
    }
    Ok(columns)
}

/// The names of the columns in which two queue rows differ.
fn differing_columns(left: &CaseRow, right: &CaseRow) -> Vec<&'static str> {
    macro_rules! unequal {
        ($($column:ident),+ $(,)?) => {
            [$((stringify!($column), left.$column != right.$column)),+]
        };
    }
    let columns = unequal!(
        agency_id,
        id,
        custodian_agency_id,
        version,
        case_link,
        statute,
        stage,
        status,
        number,
        subject,
        channel,
        applicant_kind,
        applicant_id,
        arrived_on,
        received_on,
        registered_on,
        due_on,
        yellow_on,
        red_on,
        provisional,
        department_id,
        assignee_id,
        outcome,
        concluded_on,
        archived_on,
        due_sort,
        received_sort,
        imported_row,
        created_at,
        updated_at,
        statute_version,
        calendar,
        clock,
        clock_state,
        prudent_due_on,
        inbox_on,
        documents,
        archival_code,
        retention,
        retention_ends_on,
        on_hold,
        disposed_on,
        reply_numbers,
        sensitivity,
    );
    let named: Vec<&str> =
        columns.into_iter().filter_map(|(name, unequal)| unequal.then_some(name)).collect();
    // A column that was forgotten above is a difference all the same.
    if named.is_empty() && left != right { vec!["row"] } else { named }
}
