//! What shows a court that the events of a case stand in the agency's record: signed checkpoints, and paths in the tree.

use serde_json::{Value, json};

use super::{App, Export, internal};
use crate::app::checkpoints::{When, read_row};
use crate::app::error::AppError;
use crate::audit::checkpoint::{CheckpointKey, SignedCheckpoint};
use crate::audit::merkle::{Frontier, Node, leaf, proof};
use crate::crypto::sign::SigningKey;
use crate::domain::ids::AgencyId;
use crate::store::{CheckpointRow, Key};

/// So many events are read at once; of each, only its leaf is kept.
const AT_ONCE: i64 = 1_000;

/// What an export shows of the record.
pub(super) struct Evidence {
    /// The file.
    pub text: String,
    /// How many checkpoints are in it.
    pub checkpoints: usize,
    /// The key that signs the manifest.
    pub key: SigningKey,
}

impl App {
    /// The evidence for the events of a case. What no checkpoint covers yet gets one now; when that fails, the log says why and
    /// the evidence lacks it, which whoever verifies is told.
    pub(super) async fn evidence(&self, export: &Export) -> Result<Evidence, AppError> {
        let loaded = &export.file.loaded;
        let agency = AgencyId(loaded.agency.id.0);
        if self.is_uncovered(agency, loaded.rows.last().map_or(0, |row| row.agency_seq)).await?
            && let Err(error) = Box::pin(self.make_checkpoints_of(agency, When::Now)).await
        {
            tracing::error!(%error, %agency, "no checkpoint was made for an export, or it is in the database only");
        }
        let key =
            self.signing_keys(&loaded.agency).await?.pop().ok_or_else(|| internal("there is no key"))?;
        let (mut checkpoints, mut events): (Vec<String>, Vec<Value>) = (Vec::new(), Vec::new());
        let mut rows = loaded.rows.iter().peekable();
        while let Some(next) = rows.peek().map(|row| row.agency_seq) {
            let above = self.store.checkpoints_above(Key(agency.0), next.saturating_sub(1), 1).await?.pop();
            let Some(above) = above else { break };
            let (before, leaves) = self.leaves_of(&above).await?;
            while let Some(row) = rows.next_if(|row| row.agency_seq <= above.size) {
                let index = u64::try_from(row.agency_seq.saturating_sub(1)).map_err(internal)?;
                let path =
                    proof(&before, &leaves, index).ok_or_else(|| internal("an event cannot be proved"))?;
                events.push(json!({ "event": row.case_seq, "checkpoint": checkpoints.len(), "proof": path }));
            }
            checkpoints.push(above.note);
        }
        let signed: Vec<SignedCheckpoint> = checkpoints.iter().filter_map(|note| note.parse().ok()).collect();
        let newest = CheckpointKey::new(agency.0, *key.public());
        let of = |known: &CheckpointKey| *known == newest || signed.iter().any(|one| one.is_signed_by(known));
        // Only the keys that signed what is here: a later key changes nothing of it but the manifest's signature.
        let keys: Vec<String> = self
            .checkpoint_keys(agency)
            .await?
            .iter()
            .filter(|key| of(key))
            .map(ToString::to_string)
            .collect();
        let evidence = json!({
            "software": concat!("gongkai ", env!("CARGO_PKG_VERSION")),
            "keys": keys,
            "checkpoints": checkpoints,
            "events": events,
        });
        let text = serde_json::to_string_pretty(&evidence).map_err(internal)? + "\n";
        Ok(Evidence { text, checkpoints: checkpoints.len(), key })
    }

    /// Whether the event at this place of the agency's chain is above the newest checkpoint.
    async fn is_uncovered(&self, agency: AgencyId, seq: i64) -> Result<bool, AppError> {
        let above = self.store.checkpoints_above(Key(agency.0), seq.saturating_sub(1), 1).await?;
        Ok(above.is_empty())
    }

    /// The tree of a checkpoint: the frontier of the one before, and the leaves since.
    async fn leaves_of(&self, above: &CheckpointRow) -> Result<(Frontier, Vec<Node>), AppError> {
        let below = self.store.checkpoints_below(above.agency_id, above.size, 1).await?.pop();
        let before = below.as_ref().map(read_row).transpose().map_err(internal)?;
        let before = before.map_or_else(Frontier::default, |kept| kept.frontier);
        let mut after = i64::try_from(before.size()).map_err(internal)?;
        let mut leaves = Vec::new();
        while after < above.size {
            let last = above.size.min(after.saturating_add(AT_ONCE));
            let page = self.store.events_between(above.agency_id, after, last).await?;
            let Some(newest) = page.last() else { break };
            after = newest.agency_seq;
            leaves.extend(page.iter().map(|row| leaf(row.record.as_bytes())));
        }
        Ok((before, leaves))
    }
}
