//! The history of a case: every event with its date, who did it, and its words, personal data masked.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::App;
use super::error::AppError;
use super::people::shown_words;
use crate::clock::civil_date;
use crate::domain::case::{By, Event, Origin, Recorded};
use crate::domain::ids::CaseId;
use crate::domain::role::Actor;
use crate::store::Key;

/// One line of the history.
#[derive(Clone, Debug)]
pub struct HistoryEntry {
    /// Its place, from 1.
    pub seq: u32,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// The civil date on which it happened.
    pub on: NaiveDate,
    /// Whether it was recorded on a later day than it happened.
    pub late: bool,
    /// Who did it.
    pub by: By,
    /// How it came in.
    pub origin: Origin,
    /// What happened.
    pub event: Event,
    /// The words it commits to, in the event's order: kind and masked words, or none where they were erased.
    pub words: Vec<(String, Option<String>)>,
    /// The link of the case's chain after this event, in hexadecimal.
    pub link: String,
}

impl App {
    /// The history of a case that the actor may read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the actor may not know of it.
    pub async fn history(&self, actor: &Actor, id: CaseId) -> Result<Vec<HistoryEntry>, AppError> {
        let loaded = self.load(actor, id).await?;
        let agency = &loaded.agency;
        let ids: Vec<Key> = loaded
            .events
            .iter()
            .flat_map(|recorded| recorded.event.texts())
            .map(|text| Key(text.id.0))
            .collect();
        let named: Vec<_> = self.named(&loaded).await?.into_iter().map(|(_, applicant)| applicant).collect();
        let mut words = BTreeMap::new();
        for row in self.store.case_texts_by_id(Key(agency.id.0), ids).await? {
            let text = shown_words(agency, &row, &named)?;
            words.insert(row.id.0, (row.kind, text));
        }
        let entry = |(recorded, link): (&Recorded, String)| HistoryEntry {
            seq: recorded.seq,
            at: recorded.at,
            on: recorded.on,
            late: civil_date(recorded.at, agency.zone) > recorded.on,
            by: recorded.by,
            origin: recorded.origin,
            event: recorded.event.clone(),
            words: recorded
                .event
                .texts()
                .into_iter()
                .map(|text| match words.get(&text.id.0) {
                    Some((kind, words)) => (kind.clone(), Some(words.clone())),
                    None => ("erased".to_owned(), None),
                })
                .collect(),
            link,
        };
        let links = loaded
            .rows
            .iter()
            .map(|row| row.case_link.as_deref().map(crate::crypto::hex::encode).unwrap_or_default());
        Ok(loaded.events.iter().zip(links).map(entry).collect())
    }
}
