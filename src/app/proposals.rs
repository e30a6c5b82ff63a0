//! Earlier cases that a case may repeat, go on with or belong to: proposed with the reasons, for a person to judge. Nothing is
//! refused for their sake.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::App;
use super::applicant_search::{index_of_record, opened};
use super::case_view::Loaded;
use super::directory::at_origin;
use super::error::AppError;
use super::publications::{Asked, PublishedDocument};
use super::queue::{QueueItem, reach};
use crate::domain::case::document::Document;
use crate::domain::ids::CaseId;
use crate::domain::policy::{Action, scope};
use crate::domain::role::Actor;
use crate::domain::search::likeness::{self, ENOUGH, compare, document_numbers};
use crate::store::{ApplicantFilter, Key, LikeFilter, QueueLine, Reach};

/// The most cases that are proposed.
pub const MOST_PROPOSALS: usize = 20;
/// What parts two texts, so that no word goes from one into the next.
const APART: &str = "；";
/// So many of an applicant's cases, the newest, are looked at.
const MOST_OF_APPLICANT: i64 = 50;

/// Why an earlier case is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is of the same applicant, by the number of his proof of identity or, where either lacks one, by his name.
    SameApplicant {
        /// Whether the numbers are the same.
        by_id_number: bool,
    },
    /// It names the same document.
    SameDocumentNumber {
        /// The numbers, without what may or may not belong to the sign.
        numbers: Vec<String>,
    },
    /// A document that is asked for was published by it (Art. 36(1): the reply tells where it is).
    Published(PublishedDocument),
    /// Its words are the same in large part.
    SharedWords {
        /// The share of the shorter text, in hundredths.
        hundredths: u32,
        /// The longest words that both have.
        words: Vec<String>,
    },
}

impl Reason {
    /// How much it says, to put the likeliest case first.
    fn weight(&self) -> u32 {
        match self {
            Self::SameApplicant { by_id_number: true } => 80,
            Self::SameApplicant { by_id_number: false } => 60,
            Self::Published(_) => 200,
            Self::SameDocumentNumber { .. } => 100,
            Self::SharedWords { hundredths, .. } => *hundredths,
        }
    }
}

/// An earlier case, and why it is proposed.
#[derive(Debug)]
pub struct Proposal {
    /// The case.
    pub item: QueueItem,
    /// Why: at least one reason.
    pub reasons: Vec<Reason>,
}

/// The earlier cases that are proposed.
#[derive(Debug)]
pub struct Proposals {
    /// The cases, the likeliest first.
    pub items: Vec<Proposal>,
    /// The documents asked for that are published, whichever case brought it about: they are public.
    pub published: Vec<PublishedDocument>,
    /// The day for which the lights hold.
    pub today: NaiveDate,
}

/// The cases found, each with why.
type Found = BTreeMap<Key, (QueueLine, Vec<Reason>)>;

impl App {
    /// Cases received before this one at the same agency, within the actor's scope, of the same applicant, or about the same
    /// matter. Before registration the matter is read from the applicant's own words, which go nowhere else.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such case, or the actor may not know of it.
    pub async fn proposals(&self, actor: &Actor, case: CaseId) -> Result<Proposals, AppError> {
        let loaded = self.load(actor, case).await?;
        let reach = reach(actor, scope(actor, Action::ReadCase, loaded.custodian.id))?;
        let mut found: Found = BTreeMap::new();
        for (line, reason) in self.of_same_applicant(&loaded, reach.clone()).await? {
            found.entry(line.row.id).or_insert((line, Vec::new())).1.push(reason);
        }
        let matter = self.matter(&loaded).await?;
        for (line, reasons) in self.of_same_matter(&loaded, &matter, reach.clone()).await? {
            found.entry(line.row.id).or_insert((line, Vec::new())).1.extend(reasons);
        }
        let published = self.already_published(&loaded, &matter, (reach, &mut found)).await?;
        let weight = |reasons: &[Reason]| reasons.iter().map(Reason::weight).sum::<u32>();
        let mut found: Vec<_> = found.into_values().collect();
        found.sort_by_key(|(line, reasons)| {
            std::cmp::Reverse((weight(reasons), line.row.received_sort, line.row.id))
        });
        found.truncate(MOST_PROPOSALS);
        let today = self.today(&loaded.agency);
        let proposal = |(line, reasons)| Proposal { item: QueueItem::of(line, today), reasons };
        Ok(Proposals { items: found.into_iter().map(proposal).collect(), published, today })
    }

    /// The documents asked for that are published; the earlier cases by which they were are among the found, as far as the actor
    /// may read them.
    async fn already_published(
        &self,
        loaded: &Loaded,
        matter: &str,
        (reach, found): (Reach, &mut Found),
    ) -> Result<Vec<PublishedDocument>, AppError> {
        let row = &loaded.before.row;
        let asked = Asked::of(&Document::read(row.documents.as_deref().unwrap_or_default()), matter);
        let published = self
            .published_of((row.custodian_agency_id, reach.clearance), &asked, found.keys().copied().collect())
            .await?;
        let unknown = published.iter().map(|(case, _)| *case).filter(|case| !found.contains_key(case));
        let unknown: Vec<Key> = unknown.collect();
        for line in self.store.cases_of_ids(row.custodian_agency_id, reach, unknown).await? {
            let earlier = (line.row.received_sort, line.row.id) < (row.received_sort, row.id);
            if earlier {
                found.insert(line.row.id, (line, Vec::new()));
            }
        }
        let mut all: Vec<PublishedDocument> = Vec::new();
        for (case, document) in published {
            if let Some((_, reasons)) = found.get_mut(&case) {
                reasons.push(Reason::Published(document.clone()));
            }
            if case != row.id && !all.contains(&document) {
                all.push(document);
            }
        }
        Ok(all)
    }

    async fn of_same_applicant(
        &self,
        loaded: &Loaded,
        reach: Reach,
    ) -> Result<Vec<(QueueLine, Reason)>, AppError> {
        let (agency, row) = (&loaded.agency, &loaded.before.row);
        let own = self.store.applicant_by_id(row.agency_id, row.applicant_id).await?;
        let Some(own) = own else { return Ok(Vec::new()) };
        let own = opened(agency, row, &own)?;
        let origins = self.origins(&loaded.custodian).await?;
        let mut found: Vec<(QueueLine, Reason)> = Vec::new();
        for index in index_of_record(&origins, &own) {
            let filter = ApplicantFilter {
                agency: row.custodian_agency_id,
                reach: reach.clone(),
                index,
                after: Some((row.received_sort, row.id)),
                limit: MOST_OF_APPLICANT,
            };
            for (line, record) in self.store.cases_of_applicant(filter).await? {
                let theirs = opened(at_origin(&origins, line.row.agency_id)?, &line.row, &record)?;
                let numbers = own.identity.as_ref().zip(theirs.identity.as_ref());
                let by_id_number = numbers.is_some_and(|(own, theirs)| own.number == theirs.number);
                // Two people of one name who proved to be two are not one.
                let another = numbers.is_some() && !by_id_number;
                if !another && !found.iter().any(|(known, _)| known.row.id == line.row.id) {
                    found.push((line, Reason::SameApplicant { by_id_number }));
                }
            }
        }
        Ok(found)
    }

    /// The words that say what a case is about.
    async fn matter(&self, loaded: &Loaded) -> Result<String, AppError> {
        let row = &loaded.before.row;
        match &row.subject {
            Some(subject) => {
                let documents = Document::read(row.documents.as_deref().unwrap_or_default());
                let texts = documents.iter().flat_map(Document::texts);
                Ok(std::iter::once(subject.as_str()).chain(texts).collect::<Vec<_>>().join(APART))
            }
            None => Ok(self.words(loaded).await?.description.unwrap_or_default()),
        }
    }

    async fn of_same_matter(
        &self,
        loaded: &Loaded,
        matter: &str,
        reach: Reach,
    ) -> Result<Vec<(QueueLine, Vec<Reason>)>, AppError> {
        let row = &loaded.before.row;
        let numbers = document_numbers(matter);
        let parts: Vec<String> = numbers.iter().cloned().chain(likeness::parts(matter)).collect();
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        let filter = LikeFilter {
            agency: row.agency_id,
            holder: row.custodian_agency_id,
            reach,
            parts,
            before: (row.received_sort, row.id),
        };
        let found = self.store.cases_like(filter).await?;
        Ok(found
            .into_iter()
            .map(|line| {
                let reasons = reasons(&line, matter, &numbers);
                (line, reasons)
            })
            .filter(|(_, reasons)| !reasons.is_empty())
            .collect())
    }
}

/// What an earlier case has in common with the matter of this one.
fn reasons(line: &QueueLine, matter: &str, numbers: &[String]) -> Vec<Reason> {
    let documents = Document::read(line.row.documents.as_deref().unwrap_or_default());
    let subject = line.row.subject.as_deref().unwrap_or_default();
    let texts: Vec<&str> =
        std::iter::once(subject).chain(documents.iter().flat_map(Document::texts)).collect();
    let theirs = texts.join(APART);
    let named = document_numbers(&theirs);
    let shared: Vec<String> = numbers.iter().filter(|number| named.contains(number)).cloned().collect();
    let like = compare(matter, &theirs);
    let mut reasons = Vec::new();
    if !shared.is_empty() {
        reasons.push(Reason::SameDocumentNumber { numbers: shared });
    }
    if like.hundredths >= ENOUGH && !like.words.is_empty() {
        reasons.push(Reason::SharedWords { hundredths: like.hundredths, words: like.words });
    }
    reasons
}
