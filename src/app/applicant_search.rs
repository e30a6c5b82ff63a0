//! Finding an applicant's cases by his exact name or number, through the blind index: nothing is decrypted but what was found.

use std::sync::Arc;

use chrono::NaiveDate;
use zeroize::Zeroizing;

use super::App;
use super::accesses::Seen;
use super::directory::{Agency, at_origin};
use super::error::AppError;
use super::execute::by;
use super::people::{Applicant, open_applicant};
use super::queue::{QueueItem, reach};
use crate::crypto::blind_index::blind_index;
use crate::domain::access::{AccessKind, SearchedBy};
use crate::domain::agency_event::AgencyEvent;
use crate::domain::applicant::ApplicantKind;
use crate::domain::identity::normalize_number;
use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::policy::{Action, scope};
use crate::domain::role::Actor;
use crate::store::{ApplicantFilter, ApplicantIndex, ApplicantRow, CaseRow, Key, StoreError};

/// What is known of the applicant who is searched for.
#[derive(Clone)]
pub enum Known {
    /// The whole name.
    Name(String),
    /// The whole number of the proof of identity.
    IdNumber(String),
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Known(…)")
    }
}

/// Whose cases are wanted.
#[derive(Clone, Debug)]
pub struct ApplicantQuery {
    /// Who.
    pub known: Known,
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows, 1 to 100.
    pub limit: u16,
}

/// A page of an applicant's cases.
#[derive(Debug)]
pub struct ApplicantPage {
    /// The cases, each with its applicant, masked.
    pub items: Vec<(QueueItem, Option<Applicant>)>,
    /// Where the next page begins, when there is one.
    pub next: Option<(NaiveDate, Key)>,
    /// The day for which the lights hold.
    pub today: NaiveDate,
}

impl App {
    /// A page of the cases of one applicant at the actor's agency, within his scope, those received last first. That he
    /// searched is recorded before he is answered; whom he searched for is not.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when he may see no cases at all.
    pub async fn cases_of_applicant(
        &self,
        actor: &Actor,
        query: ApplicantQuery,
    ) -> Result<ApplicantPage, AppError> {
        let reach = reach(actor, scope(actor, Action::ReadCase, actor.agency))?;
        let agency = self.agency(actor.agency).await?;
        let origins = self.origins(&agency).await?;
        let filter = ApplicantFilter {
            agency: Key(agency.id.0),
            reach,
            index: index_of(&origins, &query.known),
            after: query.after,
            limit: i64::from(query.limit).saturating_add(1),
        };
        let mut found = self.store.cases_of_applicant(filter).await?;
        let more = found.len() > usize::from(query.limit);
        found.truncate(usize::from(query.limit));
        let today = self.today(&agency);
        let shown =
            found.iter().map(|(line, _)| (AgencyId(line.row.agency_id.0), CaseId(line.row.id.0))).collect();
        self.record_search(actor, &agency, &query.known, shown).await?;
        let last = found.last().filter(|_| more);
        let next = last.map(|(line, _)| (line.row.received_sort, line.row.id));
        let items = found
            .into_iter()
            .map(|(line, row)| {
                let who = opened(at_origin(&origins, line.row.agency_id)?, &line.row, &row)?.masked();
                Ok((QueueItem::of(line, today), Some(who)))
            })
            .collect::<Result<_, AppError>>()?;
        Ok(ApplicantPage { items, next, today })
    }

    async fn record_search(
        &self,
        actor: &Actor,
        agency: &Agency,
        known: &Known,
        cases: Vec<(AgencyId, CaseId)>,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let found = u32::try_from(cases.len()).unwrap_or(u32::MAX);
        let event = AgencyEvent::ApplicantSearched { known: searched_by(known), found };
        let kind = AccessKind::Search;
        let seen = Seen { event, kind, cases, fields: Vec::new(), reason: None, attachment: None };
        self.record_access(agency, by(actor), now, seen).await
    }
}

/// By what an applicant was named.
pub(super) fn searched_by(known: &Known) -> SearchedBy {
    match known {
        Known::Name(_) => SearchedBy::Name,
        Known::IdNumber(_) => SearchedBy::IdNumber,
    }
}

/// What the index holds for a value under each of the agency's keys.
pub(super) fn index_of(origins: &[Arc<Agency>], known: &Known) -> ApplicantIndex {
    let under_each = |field: &str, value: &str| -> Vec<Vec<u8>> {
        let keys = origins.iter().flat_map(|agency| agency.keys.every());
        keys.map(|keys| blind_index(&keys, field, value).to_vec()).collect()
    };
    match known {
        Known::Name(name) => ApplicantIndex::Name(under_each("name", name.trim())),
        Known::IdNumber(number) => {
            let number = Zeroizing::new(normalize_number(number));
            ApplicantIndex::Identity(under_each("identity", &number))
        }
    }
}

/// By what an applicant may be found again: the number, where he proved one, and the name.
pub(super) fn index_of_record(origins: &[Arc<Agency>], applicant: &Applicant) -> Vec<ApplicantIndex> {
    let number = applicant.identity.as_ref().map(|identity| Known::IdNumber(identity.number.clone()));
    let name = Known::Name(applicant.name.clone());
    number.iter().chain(std::iter::once(&name)).map(|known| index_of(origins, known)).collect()
}

/// An applicant's record, opened.
pub(super) fn opened(agency: &Agency, case: &CaseRow, row: &ApplicantRow) -> Result<Applicant, AppError> {
    let kind = ApplicantKind::parse(&case.applicant_kind).ok_or_else(|| {
        AppError::Store(StoreError::Inconsistent {
            table: "cases",
            row: case.id.0.to_string(),
            reason: "an unknown kind of applicant".to_owned(),
        })
    })?;
    open_applicant(agency, kind, row)
}
