//! What happens to an agency's record itself: it stands in the same chain as everything else.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{AgencyId, PersonId};

/// A key that signs checkpoints was made: it signs those from this event on, and its predecessor none any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointKeyMade {
    /// Which key of the agency, from 1.
    pub n: i32,
    /// The public key, as `audit::checkpoint` writes it: name, id, key.
    pub key: String,
}

/// An older copy of the database was put back, and who answers for it has said so: the events between are lost. Without this
/// event, checkpoints kept elsewhere show that the end of the chain is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreAccepted {
    /// The last event that is still there; this event is the next.
    pub kept: u64,
    /// Its link in the agency's chain, in lower-case hexadecimal digits.
    pub kept_link: String,
    /// The last event that was there, as the newest checkpoint kept elsewhere tells.
    pub lost: u64,
    /// Its link.
    pub lost_link: String,
    /// When that checkpoint was made.
    pub lost_at: DateTime<Utc>,
    /// Who answers for it.
    pub operator: PersonId,
    /// The signature under all this by the key of the agency's checkpoints, 64 bytes in lower-case hexadecimal digits.
    pub signature: String,
}

impl RestoreAccepted {
    /// What is signed.
    pub fn statement(&self, agency: AgencyId) -> String {
        let Self { kept, kept_link, lost, lost_link, lost_at, operator, signature: _ } = self;
        format!(
            "gongkai-restore/1\n{agency}\nkept {kept} {kept_link}\nlost {lost} {lost_link} {}\noperator {operator}\n",
            lost_at.to_rfc3339_opts(SecondsFormat::Micros, true)
        )
    }
}
