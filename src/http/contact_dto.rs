//! Talks and the rating of a case as the interface shows them. What was said is in the history.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case::contact_record::{Contact, ContactRecord};
use crate::domain::case::event::{ContactMeans, ContactWith, RatingChannel};

/// A talk (沟通联系).
#[derive(Serialize, ToSchema)]
pub struct ContactView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// The day.
    pub on: NaiveDate,
    /// By what means.
    pub means: ContactMeans,
    /// With whom.
    pub with: ContactWith,
    /// The person who entered it.
    #[schema(format = "uuid")]
    pub by: Option<String>,
}

/// The applicant's rating (好差评).
#[derive(Serialize, ToSchema)]
pub struct RatingView {
    /// How satisfied: from 1, the worst, to 5.
    #[schema(minimum = 1, maximum = 5, example = 5)]
    pub score: u8,
    /// Where it was given, when known.
    pub channel: Option<RatingChannel>,
    /// The day on which it was given.
    pub on: NaiveDate,
    /// The person who entered it.
    #[schema(format = "uuid")]
    pub by: Option<String>,
}

pub fn contacts(record: &ContactRecord) -> Vec<ContactView> {
    let view = |contact: &Contact| ContactView {
        n: contact.n,
        on: contact.on,
        means: contact.means,
        with: contact.with,
        by: contact.by.map(|person| person.to_string()),
    };
    record.contacts.iter().map(view).collect()
}

pub fn rating(record: &ContactRecord) -> Option<RatingView> {
    record.rating.map(|rating| RatingView {
        score: rating.score.get(),
        channel: rating.channel,
        on: rating.on,
        by: rating.by.map(|person| person.to_string()),
    })
}
