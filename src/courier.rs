//! Brings signed checkpoints to receivers outside that are no folder: an address to which they are posted, a mailbox to which they are
//! mailed. What goes out goes to the two that the settings name, over TLS or to this machine only; no redirect is followed, and of an
//! answer nothing counts but its status. What has arrived is remembered elsewhere: see `app/checkpoints/sent.rs`.
#![warn(missing_docs)]

mod mail;
mod post;

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::crypto::framed::sha256;
use crate::crypto::hex;
use mail::Mail;
pub use mail::{MailSettings, Mailbox, SmtpServer};
use post::Post;
pub use post::PostSettings;

/// How often a receiver is looked after that takes what it gets.
const USUAL_PAUSE: Duration = Duration::from_secs(30);
/// One that does not is tried again after so long at the latest.
const LONGEST_PAUSE: Duration = Duration::from_mins(15);

/// What the settings say of receivers.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CourierSettings {
    /// Where checkpoints are posted.
    pub post: Option<PostSettings>,
    /// Where they are mailed.
    pub mail: Option<MailSettings>,
}

/// Some checkpoints of an agency on their way: public keys and signed texts, which hold nobody's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Whose they are.
    pub agency: Uuid,
    /// How many events the first of them covers.
    pub first: i64,
    /// How many the last covers.
    pub last: i64,
    /// The keys that sign them, one a line, an empty line, and the checkpoints with an empty line between: as a file has them that
    /// `gongkai-verify` reads.
    pub text: String,
}

impl Parcel {
    /// Packs checkpoints, each with the number of its events, in their order; nothing when there is none.
    pub fn new(agency: Uuid, keys: &[String], notes: &[(i64, String)]) -> Option<Self> {
        let ((first, _), (last, _)) = notes.first().zip(notes.last())?;
        let keys = keys.iter().flat_map(|key| [key.as_str(), "\n"]);
        let notes = notes.iter().flat_map(|(_, note)| ["\n", note.as_str()]);
        Some(Self { agency, first: *first, last: *last, text: keys.chain(notes).collect() })
    }

    /// The name of a file with its text.
    fn file_name(&self) -> String {
        format!("{}.{}-{}.checkpoints", self.agency, self.first, self.last)
    }
}

/// Why a parcel was not taken. Addresses, and words of the receiver, are not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CourierError {
    /// The receiver cannot be reached, or does not answer in time.
    #[error("the receiver is away: {0}")]
    Away(String),
    /// It answers, and does not take this parcel.
    #[error("the receiver refuses: {0}")]
    Refused(String),
}

/// Who brings parcels to one receiver.
pub struct Courier {
    way: Way,
    receiver: String,
}

enum Way {
    Post(Post),
    Mail(Mail),
}

impl Courier {
    /// One for each receiver of the settings; nothing is sent yet.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn all(settings: &CourierSettings) -> Result<Vec<Self>, String> {
        let mut all = Vec::new();
        if let Some(post) = &settings.post {
            let receiver = named("post", &post.url);
            all.push(Self { way: Way::Post(Post::new(post)?), receiver });
        }
        if let Some(mail) = &settings.mail {
            let receiver = named("mail", &mail.to.to_string());
            all.push(Self { way: Way::Mail(Mail::new(mail)?), receiver });
        }
        Ok(all)
    }

    /// By which name it is remembered what this receiver has: another address is another receiver, who has nothing yet.
    pub fn receiver(&self) -> &str {
        &self.receiver
    }

    /// The way: `post` or `mail`.
    pub fn way(&self) -> &'static str {
        match self.way {
            Way::Post(_) => "post",
            Way::Mail(_) => "mail",
        }
    }

    /// Brings a parcel: the receiver has it when this is well.
    ///
    /// # Errors
    /// Any [`CourierError`]; the receiver may have it all the same.
    pub async fn bring(&self, parcel: &Parcel, now: DateTime<Utc>) -> Result<(), CourierError> {
        match &self.way {
            Way::Post(post) => post.bring(parcel).await,
            Way::Mail(mail) => mail.bring(parcel, now).await,
        }
    }
}

/// The way and a digest of the address, which may name somebody.
fn named(way: &str, address: &str) -> String {
    let digest = hex::encode(&sha256(address.as_bytes()));
    format!("{way}/{}", digest.get(..16).unwrap_or_default())
}

/// How long to wait after so many failures in a row.
pub fn pause_after(failures: u32) -> Duration {
    USUAL_PAUSE.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_answer_is_asked_less_and_less_often() {
        let seconds: Vec<u64> = [0, 1, 2, 4, 5, 31, 32, u32::MAX].map(|n| pause_after(n).as_secs()).to_vec();
        assert_eq!(seconds, [30, 60, 120, 480, 900, 900, 900, 900]);
    }

    #[test]
    fn a_parcel_is_a_file_of_checkpoints() {
        let notes = [(3, "a\n".to_owned()), (9, "b\n".to_owned())];
        let parcel = Parcel::new(Uuid::nil(), &["key".to_owned()], &notes).unwrap();
        assert_eq!((parcel.first, parcel.last, parcel.text.as_str()), (3, 9, "key\n\na\n\nb\n"));
        assert_eq!(parcel.file_name(), "00000000-0000-0000-0000-000000000000.3-9.checkpoints");
        assert_eq!(Parcel::new(Uuid::nil(), &[], &[]), None);
    }

    #[test]
    fn another_address_is_another_receiver() {
        assert_eq!(named("mail", "a@example.com"), named("mail", "a@example.com"));
        assert_ne!(named("mail", "a@example.com"), named("mail", "b@example.com"));
        assert!(!named("mail", "a@example.com").contains("example"));
    }
}
