//! Checkpoints as witnesses: the chain passes through each, each is signed by the key that was in use, and what an outside
//! one has seen is still there.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::SealedEvent;
use super::finding::{FindingKind, Findings, Position};
use crate::audit::chain::{Head, Link};
use crate::audit::checkpoint::{AttemptHeads, Checkpoint, CheckpointKey, SignedCheckpoint};
use crate::audit::merkle::{Frontier, Node, leaf};
use crate::crypto::hex;
use crate::domain::ids::AgencyId;
use crate::domain::record_event::{CheckpointKeyMade, RestoreAccepted};

/// A checkpoint, and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// In words: `the database`, `320800.checkpoints, line 19`.
    pub place: String,
    /// What it says.
    pub signed: SignedCheckpoint,
}

/// Where the chains of attempts stood, as a checkpoint says that is signed and no accepted loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptsWitnessed {
    /// Who says so, in words: `the checkpoint of the database at event 12`.
    pub place: String,
    /// What it says.
    pub heads: AttemptHeads,
}

/// What is demanded of the chain.
#[derive(Debug, Default)]
pub(super) struct Witnesses {
    /// Known without a signature, as it was said by whoever asks.
    heads: BTreeMap<u64, Link>,
    /// By size.
    claims: BTreeMap<u64, Vec<Claim>>,
    /// The keys that count, when it was said which; else those that the chain itself names.
    trusted: Option<Vec<CheckpointKey>>,
    /// The tree over the events so far, when somebody asks for its roots.
    tree: Frontier,
    /// Whether a root was found to differ.
    told: bool,
    /// Which key the chain names, from which event on.
    keys: BTreeMap<u64, CheckpointKey>,
    /// The losses that were accepted.
    restores: Vec<RestoreAccepted>,
    /// Checkpoints of another chain, and how that is told.
    disputed: Vec<(String, Claim)>,
    /// What the good ones say of attempts.
    attempts: Vec<AttemptsWitnessed>,
}

/// An event's record, as far as it concerns checkpoints.
#[derive(Deserialize)]
struct Record<E> {
    event: E,
}

impl Witnesses {
    pub(super) fn demand(&mut self, heads: impl IntoIterator<Item = Head>) {
        self.heads.extend(heads.into_iter().map(|head| (head.seq, head.link)));
    }

    pub(super) fn claim(&mut self, claims: impl IntoIterator<Item = Claim>) {
        for claim in claims {
            self.claims.entry(claim.signed.checkpoint.head.seq).or_default().push(claim);
        }
    }

    pub(super) fn trust(&mut self, keys: Vec<CheckpointKey>) {
        self.trusted = Some(keys);
    }

    /// Takes the next event of the agency's chain.
    pub(super) fn see(&mut self, event: &SealedEvent, findings: &mut Findings) {
        match event.event_type.as_str() {
            "checkpoint_key_made" => self.see_key(event, findings),
            "restore_accepted" => self.see_restore(event, findings),
            _ => {}
        }
        if !self.claims.is_empty() {
            self.tree.push(leaf(event.record.as_bytes()));
        }
        let position = Position::agency(event.agency_seq);
        if let Some(link) = self.heads.remove(&event.agency_seq)
            && link != event.agency_link
        {
            let message =
                format!("the checkpoint holds link {link} here, the event has {}", event.agency_link);
            findings.add(position, FindingKind::CheckpointMismatch, message);
        }
        for claim in self.claims.remove(&event.agency_seq).unwrap_or_default() {
            let Claim { place, signed } = &claim;
            let Checkpoint { head, root, .. } = &signed.checkpoint;
            if head.link != event.agency_link {
                let message = format!(
                    "the checkpoint of {place} holds link {} here, the event has {}",
                    head.link, event.agency_link
                );
                // A later event may say that what it has seen was lost.
                self.disputed.push((message, claim));
                continue;
            }
            if self.root_differs(head.seq, root) {
                self.told = true;
                let message =
                    format!("the checkpoint of {place} holds another root over the events up to here");
                findings.add(position, FindingKind::CheckpointMismatch, message);
            }
            if self.check_signature(&claim, findings) {
                self.note_attempts(&claim);
            }
        }
    }

    fn note_attempts(&mut self, Claim { place, signed }: &Claim) {
        if let Some(heads) = signed.checkpoint.attempts {
            let place = format!("the checkpoint of {place} at event {}", signed.checkpoint.head.seq);
            self.attempts.push(AttemptsWitnessed { place, heads });
        }
    }

    /// Behind the first event that is another or missing, no root says anything new.
    fn root_differs(&self, size: u64, root: &Node) -> bool {
        !self.told && self.tree.size() == size && self.tree.root() != *root
    }

    fn see_key(&mut self, event: &SealedEvent, findings: &mut Findings) {
        let made = serde_json::from_str::<Record<Tagged<CheckpointKeyMade>>>(&event.record).ok();
        match made.and_then(|record| record.event.of.key.parse::<CheckpointKey>().ok()) {
            Some(key) if key.agency() == event.agency => {
                self.keys.insert(event.agency_seq, key);
            }
            Some(_) | None => {
                let message = "the event names no key of this agency's checkpoints".to_owned();
                findings.add(Position::of(event), FindingKind::BadRecord, message);
            }
        }
    }

    fn see_restore(&mut self, event: &SealedEvent, findings: &mut Findings) {
        let accepted = serde_json::from_str::<Record<Tagged<RestoreAccepted>>>(&event.record).ok();
        let accepted = accepted.map(|record| record.event.of).filter(|accepted| {
            let statement = accepted.statement(AgencyId(event.agency));
            let signature = hex::decode::<64>(&accepted.signature);
            let key = self.key_at(event.agency_seq);
            let trusted =
                |key: &&CheckpointKey| self.trusted.as_ref().is_none_or(|trusted| trusted.contains(key));
            key.filter(trusted)
                .zip(signature)
                .is_some_and(|(key, signature)| key.has_signed(statement.as_bytes(), &signature))
        });
        if let Some(accepted) = accepted {
            self.restores.push(accepted);
        } else {
            let message =
                "the event accepts a restored copy without the signature that this needs".to_owned();
            findings.add(Position::of(event), FindingKind::RestoreNotSigned, message);
        }
    }

    /// Whether a checkpoint is one of a chain whose end was lost, which a signed event says.
    fn is_accepted_loss(&self, checkpoint: &Checkpoint) -> bool {
        self.restores.iter().any(|restore| {
            checkpoint.head.seq > restore.kept
                && checkpoint.head.seq <= restore.lost
                && checkpoint.at <= restore.lost_at
        })
    }

    /// The key that the chain has in use behind so many events.
    fn key_at(&self, size: u64) -> Option<&CheckpointKey> {
        self.keys.range(..=size).next_back().map(|(_, key)| key)
    }

    /// Whether it is good.
    fn check_signature(&self, Claim { place, signed }: &Claim, findings: &mut Findings) -> bool {
        let seq = signed.checkpoint.head.seq;
        let reason = match (self.key_at(seq), &self.trusted) {
            (_, Some(trusted)) if !trusted.iter().any(|key| signed.is_signed_by(key)) => {
                "not signed by a key that you trust"
            }
            (None, _) => "signed by a key that the chain does not name",
            (Some(key), _) if !signed.is_signed_by(key) => {
                "not signed by the key that was in use: another key, an older one, or a forged signature"
            }
            (Some(_), _) => return true,
        };
        let message = format!("the checkpoint of {place} at event {seq} is {reason} (key {})", signed.key);
        findings.add(Position::agency(seq), FindingKind::CheckpointSignature, message);
        false
    }

    /// Whether a checkpoint behind the end of the chain is signed by a key that counts. Which was in use there, the chain no longer
    /// says; without any key, there is nothing to hold it against.
    fn may_be_ours(&self, signed: &SignedCheckpoint) -> bool {
        match &self.trusted {
            Some(trusted) => trusted.iter().any(|key| signed.is_signed_by(key)),
            None => self.keys.is_empty() || self.keys.values().any(|key| signed.is_signed_by(key)),
        }
    }

    /// The chain has ended at event `last`; what the good checkpoints say of attempts.
    pub(super) fn finish(mut self, last: u64, findings: &mut Findings) -> Vec<AttemptsWitnessed> {
        for (message, claim) in std::mem::take(&mut self.disputed) {
            if !self.is_accepted_loss(&claim.signed.checkpoint) {
                let position = Position::agency(claim.signed.checkpoint.head.seq);
                findings.add(position, FindingKind::CheckpointMismatch, message);
                self.check_signature(&claim, findings);
            }
        }
        let mut furthest = self.heads.keys().next_back().map(|seq| (*seq, "the checkpoint".to_owned()));
        for claim in std::mem::take(&mut self.claims).into_values().flatten() {
            let seq = claim.signed.checkpoint.head.seq;
            if self.is_accepted_loss(&claim.signed.checkpoint) {
                continue;
            }
            if seq <= last {
                continue;
            }
            if !self.may_be_ours(&claim.signed) {
                let message = format!(
                    "the checkpoint of {} at event {seq}, behind the end of the chain, is not signed by a key that counts (key {})",
                    claim.place, claim.signed.key
                );
                findings.add(Position::agency(seq), FindingKind::CheckpointSignature, message);
                continue;
            }
            self.note_attempts(&claim);
            if furthest.as_ref().is_none_or(|(before, _)| seq >= *before) {
                let told = format!("the checkpoint of {} ({})", claim.place, claim.signed.checkpoint.at);
                furthest = Some((seq, told));
            }
        }
        let Some((seq, told)) = furthest else { return self.attempts };
        let missing = seq.saturating_sub(last);
        let events = if missing == 1 { "1 event is".to_owned() } else { format!("{missing} events are") };
        let message = format!(
            "{events} missing: the chain ends at event {last}, {told} was made at event {seq}; the end was cut off, or an \
             older copy was put back"
        );
        findings.add(Position::agency(last.saturating_add(1)), FindingKind::TailMissing, message);
        self.attempts
    }
}

/// An event without its tag.
#[derive(Deserialize)]
struct Tagged<E> {
    #[serde(rename = "type")]
    _type: String,
    #[serde(flatten)]
    of: E,
}
