//! Why somebody wants to see an applicant's data: checked, and sealed for the record.

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::App;
use super::case_view::Loaded;
use super::directory::Agency;
use super::error::{AppError, FieldError};
use super::shown::check_words;
use crate::crypto::column::Place;
use crate::crypto::commitment::commit;
use crate::crypto::random;
use crate::domain::case::event::Digest;
use crate::domain::ids::EventId;

/// A reason that was checked, on its way into the record.
pub(super) struct Reason {
    /// When it is recorded.
    pub at: DateTime<Utc>,
    /// Of the record.
    pub id: EventId,
    /// The commitment to it, for the event.
    pub commitment: Digest,
    /// Its words, sealed for this id.
    pub sealed: Vec<u8>,
}

impl App {
    /// A reason that may be recorded.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it says nothing, or names somebody.
    pub(super) async fn reason(&self, loaded: &Loaded, reason: &str) -> Result<Reason, AppError> {
        self.check_reason(loaded, reason).await?;
        let at = self.clock.now();
        let id = EventId(random::new_id(at));
        let (commitment, sealed) = seal_reason(&loaded.agency, id, reason)?;
        Ok(Reason { at, id, commitment, sealed })
    }

    /// A reason outlives the erasure of what was revealed: it may name nobody.
    async fn check_reason(&self, loaded: &Loaded, reason: &str) -> Result<(), AppError> {
        let mut wrong: Vec<FieldError> = Vec::new();
        let named = self.named(loaded).await?;
        let everybody = named.iter().map(|(_, applicant)| Some(applicant)).chain([None]);
        for applicant in everybody {
            for error in check_words("/reason", ("理由", "reason"), reason, applicant) {
                if !wrong.contains(&error) {
                    wrong.push(error);
                }
            }
        }
        if !says_something(reason) {
            wrong.push(FieldError::new(
                "/reason",
                "says_nothing",
                "请写明查看的理由，例如“邮寄答复书”。",
                "Say what they are needed for, such as 'to post the reply'.",
            ));
        }
        if wrong.is_empty() { Ok(()) } else { Err(AppError::Invalid(wrong)) }
    }
}

pub(super) fn reason_place(agency: &Agency, id: EventId) -> Place<'static> {
    Place { table: "accesses", column: "sealed", row: id.0, agency: agency.id.0 }
}

/// The commitment to a reason, and its row: a salt and the words, encrypted.
fn seal_reason(agency: &Agency, id: EventId, reason: &str) -> Result<(Digest, Vec<u8>), AppError> {
    let salt = random::bytes::<16>();
    let mut plain = Zeroizing::new(salt.to_vec());
    plain.extend_from_slice(reason.as_bytes());
    let sealed = agency.keys.newest()?.seal(&reason_place(agency, id), &plain);
    Ok((Digest(*commit(&salt, &[reason.as_bytes()]).as_bytes()), sealed))
}

/// Whether a reason is words: two Chinese characters or four letters at least, and not one of them again and again.
fn says_something(reason: &str) -> bool {
    let letters: Vec<char> = reason.chars().filter(|c| c.is_alphanumeric()).collect();
    let weight: usize = letters.iter().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    weight >= 4 && letters.iter().any(|c| Some(c) != letters.first())
}
