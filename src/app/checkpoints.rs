//! Checkpoints: signed texts that say where an agency's chain stands, made while the server runs and written to a second place.
//!
//! One is made when there are 1,000 events more than at the last, or some and ten minutes have passed. It goes on from the last
//! one: the new events must follow in the chain from the link that was signed then, or nothing is signed. When the second place
//! knows more than the database, nothing is signed either: that is how a database looks that was put back from a copy.
//!
//! Each says, too, where the chains of attempts stood. New attempts alone make none: an event of the agency does, and covers them.

mod restore;
mod second_place;
mod sent;

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use super::attempts::NOBODY;
use super::directory::Agency;
use super::error::AppError;
use super::set_up::Change;
use super::verify::sealed;
use crate::audit::chain::{ChainId, Head, Link, Suite, link};
use crate::audit::checkpoint::{AttemptHeads, Checkpoint, CheckpointKey, SignedCheckpoint};
use crate::audit::merkle::{Frontier, leaf};
use crate::audit::verify::SealedEvent;
use crate::crypto::column::Place;
use crate::crypto::secret::SecretKey;
use crate::crypto::sign::SigningKey;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::By;
use crate::domain::ids::AgencyId;
use crate::domain::record_event::CheckpointKeyMade;
use crate::store::{At, CheckpointRow, EventRow, HeadRow, Key, SetUpChange, SigningKeyRow, StoreError};

pub use second_place::{Outside, file_name, outside, saved};
pub use sent::{ReceiverState, Sending};

/// When there are so many new events, a checkpoint is due at once. It covers all that there are.
pub const MANY_EVENTS: i64 = 1_000;
/// How many events are read at once.
const PAGE: i64 = 1_000;
/// When there are new events, a checkpoint is due after so long.
pub const AFTER: TimeDelta = TimeDelta::minutes(10);

/// When checkpoints are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whenever there is a new event.
    Now,
    /// When they are due; the wait of an agency without one begins at this instant.
    Due(DateTime<Utc>),
}

/// A checkpoint that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What it says.
    pub signed: SignedCheckpoint,
    /// Its text.
    pub note: String,
    /// The peaks of the tree over its events.
    pub frontier: Frontier,
}

impl App {
    /// Makes the checkpoints of every agency; how many. One that fails is told in the log, and tried again with the next call.
    ///
    /// # Errors
    /// When the agencies cannot be read.
    pub async fn make_checkpoints(&self, when: When) -> Result<usize, AppError> {
        let mut made = 0_usize;
        for row in self.store.agencies_all().await? {
            let agency = AgencyId(row.id.0);
            match self.make_checkpoints_of(agency, when).await {
                Ok(some) => made = made.saturating_add(some),
                Err(error) => {
                    tracing::error!(%error, %agency, "no checkpoint was made, or it is in the database only");
                }
            }
        }
        Ok(made)
    }

    /// Makes the checkpoints of one agency, and brings the second place up to date; how many were made.
    ///
    /// # Errors
    /// When the record does not go on from the last checkpoint, when the second place knows more than the database or cannot be
    /// read or written (what was made is kept, and caught up with later), and when the database fails.
    pub async fn make_checkpoints_of(&self, agency: AgencyId, when: When) -> Result<usize, AppError> {
        let known = self.agency(agency).await?;
        let Some(folder) = &self.checkpoint_dir else { return self.checkpoints_now(&known, when).await };
        let newest = self.newest_outside(agency, folder).await;
        if let Ok(Some(newest)) = &newest {
            self.refuse_what_was_put_back(agency, newest).await?;
        }
        // A second place that is away keeps nobody from going on in the database.
        let made = self.checkpoints_now(&known, when).await?;
        newest?;
        self.catch_up(agency, folder).await?;
        Ok(made)
    }

    /// Makes them in the database.
    async fn checkpoints_now(&self, known: &Agency, when: When) -> Result<usize, AppError> {
        let mut made = 0_usize;
        while self.is_due(known.id, when).await? {
            let keys = self.signing_keys(known).await?;
            made = made.saturating_add(usize::from(self.make_one(known, &keys).await?));
        }
        Ok(made)
    }

    async fn is_due(&self, agency: AgencyId, when: When) -> Result<bool, AppError> {
        let newest = self.newest_checkpoint(agency).await?;
        let last = self.store.chain_head(Key(agency.0)).await?.map_or(0, |head| head.seq);
        let new = last.saturating_sub(newest.as_ref().map_or(0, |row| row.size));
        Ok(match when {
            When::Now => new > 0,
            When::Due(start) => {
                let since = newest.map_or(start, |row| row.made_at.0.max(start));
                new >= MANY_EVENTS
                    || (new > 0 && self.clock.now() >= since.checked_add_signed(AFTER).unwrap_or(since))
            }
        })
    }

    async fn newest_checkpoint(&self, agency: AgencyId) -> Result<Option<CheckpointRow>, AppError> {
        Ok(self.store.checkpoints_below(Key(agency.0), i64::MAX, 1).await?.pop())
    }

    /// The next checkpoint; whether it was made, since another instance may have been first.
    async fn make_one(&self, agency: &Agency, keys: &[SigningKey]) -> Result<bool, AppError> {
        let key = keys.last().ok_or_else(|| internal("there is no key"))?;
        let before = self.newest_checkpoint(agency.id).await?;
        let size = before.as_ref().map_or(0, |row| row.size);
        let kept = before.map(|row| signed_by_us(keys, &row)).transpose()?;
        let (mut head, mut tree) = match kept {
            Some(kept) => (kept.signed.checkpoint.head, kept.frontier),
            None => (Head::start(Suite::CURRENT, &ChainId::Agency(agency.id.0)), Frontier::default()),
        };
        // To the end of the chain: the key's own event is below what it signs, however long the record was before.
        let end = self.sealed_end(agency.id).await?;
        let mut after = size;
        while after < end.seq {
            let through = after.saturating_add(PAGE).min(end.seq);
            let page = self.store.events_between(Key(agency.id.0), after, through).await?;
            after = through;
            for row in &page {
                head = follow(agency.id, head, row)?;
                tree.push(leaf(row.record.as_bytes()));
            }
        }
        if i64::try_from(head.seq) != Ok(end.seq) || head.link.as_bytes().as_slice() != end.link {
            return Err(not_signed(
                "events",
                agency.id,
                end.seq,
                "the events do not lead to the end of the chain",
            ));
        }
        let at = DateTime::from_timestamp_micros(self.clock.now().timestamp_micros()).unwrap_or_default();
        let attempts = AttemptHeads {
            own: self.attempts_end(agency.id.0).await?,
            nobody: self.attempts_end(NOBODY).await?,
        };
        let checkpoint =
            Checkpoint { agency: agency.id.0, head, root: tree.root(), at, attempts: Some(attempts) };
        let signed = checkpoint.sign(key).map_err(internal)?;
        let row = CheckpointRow {
            agency_id: Key(agency.id.0),
            size: i64::try_from(head.seq).map_err(internal)?,
            made_at: At(at),
            note: signed.to_string(),
            frontier: tree.bytes(),
        };
        Ok(self.store.checkpoint_put(size, row).await?)
    }

    /// The end of an agency's chain, which this program must have sealed: nothing is signed that somebody without a key may have
    /// linked behind the last checkpoint.
    async fn sealed_end(&self, agency: AgencyId) -> Result<HeadRow, AppError> {
        let row = self.store.chain_head(Key(agency.0)).await?;
        let row = row
            .ok_or_else(|| not_signed("chain_heads", agency, 0, "the end of the chain is not remembered"))?;
        if self.is_sealed(agency, &row)? {
            return Ok(row);
        }
        let reason = "the end of the record was not sealed by this program: somebody else wrote there";
        Err(not_signed("chain_heads", agency, row.seq, reason))
    }

    /// Whether this program, with the agency's key, sealed the end of its chain.
    ///
    /// # Errors
    /// When the agency is not known yet.
    pub(super) fn is_sealed(&self, agency: AgencyId, row: &HeadRow) -> Result<bool, AppError> {
        let link = Link::try_from(row.link.as_slice()).ok();
        let Some((seq, link)) = u64::try_from(row.seq).ok().zip(link) else { return Ok(false) };
        Ok(self.store.seals().is_good(agency, &Head { seq, link }, row.seal.as_deref())?)
    }

    /// Seals the ends of the chains that the program before this version left without a seal. An agency whose checkpoints are of this
    /// version had one: somebody took it away, and it gets none.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn seal_for_the_first_time(&self) -> Result<(), AppError> {
        for id in self.store.unsealed().await? {
            let newest = self.newest_checkpoint(AgencyId(id.0)).await?;
            let kept = newest.as_ref().and_then(|row| read_row(row).ok());
            if kept.is_some_and(|kept| kept.signed.checkpoint.attempts.is_some()) {
                tracing::error!(agency = %id.0, "the seal on the end of the record was taken away");
                continue;
            }
            self.agency(AgencyId(id.0)).await?;
            self.store.seal_head(AgencyId(id.0), At(self.clock.now())).await?;
        }
        Ok(())
    }

    /// The keys that sign, the newest last; the first is made when there is none. Their public halves are events of the chain.
    pub(super) async fn signing_keys(&self, agency: &Agency) -> Result<Vec<SigningKey>, AppError> {
        let rows = self.store.signing_keys_of(Key(agency.id.0)).await?;
        if rows.is_empty() {
            return Ok(vec![Box::pin(self.new_signing_key(agency, 1)).await?]);
        }
        rows.iter().map(|row| open_key(agency, row)).collect()
    }

    /// The public keys that sign an agency's checkpoints, the newest last.
    ///
    /// # Errors
    /// When a row holds what this program never writes.
    pub async fn checkpoint_keys(&self, agency: AgencyId) -> Result<Vec<CheckpointKey>, AppError> {
        let rows = self.store.signing_keys_of(Key(agency.0)).await?;
        let key = |row: &SigningKeyRow| {
            let public =
                row.public_key.as_slice().try_into().map_err(|_| internal("a public key is none"))?;
            Ok(CheckpointKey::new(agency.0, public))
        };
        rows.iter().map(key).collect()
    }

    /// A page of an agency's record.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_page(
        &self,
        agency: AgencyId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<SealedEvent>, AppError> {
        let rows = self.store.events_after(Key(agency.0), after, limit).await?;
        Ok(rows.into_iter().map(sealed).collect())
    }

    /// A page of an agency's checkpoints: number of events, instant, text.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoints_page(
        &self,
        agency: AgencyId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, DateTime<Utc>, String)>, AppError> {
        let rows = self.store.checkpoints_above(Key(agency.0), after, limit).await?;
        Ok(rows.into_iter().map(|row| (row.size, row.made_at.0, row.note)).collect())
    }

    /// Makes the key that signs the checkpoints from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_signing_key(&self, agency: AgencyId) -> Result<CheckpointKey, AppError> {
        let known = self.agency(agency).await?;
        let last = self.store.signing_keys_of(Key(agency.0)).await?.last().map_or(0, |row| row.n);
        let key = self.new_signing_key(&known, last.saturating_add(1)).await?;
        Ok(CheckpointKey::new(agency.0, *key.public()))
    }

    async fn new_signing_key(&self, agency: &Agency, n: i32) -> Result<SigningKey, AppError> {
        let key = SigningKey::generate().map_err(internal)?;
        let public = CheckpointKey::new(agency.id.0, *key.public());
        let row = SigningKeyRow {
            agency_id: Key(agency.id.0),
            n,
            public_key: key.public().to_vec(),
            secret: agency.keys.newest()?.seal(&place(agency), key.expose()),
            made_at: At(self.clock.now()),
        };
        let event = CheckpointKeyMade { n, key: public.to_string() };
        let change = Change {
            agency: agency.id,
            zone: agency.zone,
            by: By::Operator,
            events: vec![AgencyEvent::CheckpointKeyMade(event)],
            rows: SetUpChange::SigningKey(row),
            retry: None,
        };
        match self.change(change).await {
            Ok(()) => Ok(key),
            // Another instance was first.
            Err(AppError::Store(StoreError::Taken { .. })) => {
                let rows = self.store.signing_keys_of(Key(agency.id.0)).await?;
                let row = rows.last().ok_or_else(|| internal("the key that was taken is not there"))?;
                open_key(agency, row)
            }
            Err(error) => Err(error),
        }
    }
}

/// A stored checkpoint, when it is one that these keys have signed.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is another.
fn signed_by_us(keys: &[SigningKey], row: &CheckpointRow) -> Result<Kept, AppError> {
    let kept = read_row(row).map_err(|reason| inconsistent(row, reason))?;
    let public = |key: &SigningKey| CheckpointKey::new(row.agency_id.0, *key.public());
    let ours = keys.iter().any(|key| kept.signed.is_signed_by(&public(key)));
    if ours { Ok(kept) } else { Err(inconsistent(row, "it is not signed by a key of this agency")) }
}

/// What a row of the table says; why not, when it is none.
pub(super) fn read_row(row: &CheckpointRow) -> Result<Kept, &'static str> {
    let signed: SignedCheckpoint = row.note.parse().map_err(|_| "its text is not a checkpoint's")?;
    let Checkpoint { agency, head, root, at, attempts: _ } = &signed.checkpoint;
    if (*agency, i64::try_from(head.seq).ok(), *at) != (row.agency_id.0, Some(row.size), row.made_at.0) {
        return Err("its text is of another agency, number of events or instant than its row");
    }
    let frontier = Frontier::read(head.seq, &row.frontier).filter(|tree| tree.root() == *root);
    let frontier = frontier.ok_or("the peaks of its tree are not those of its root")?;
    Ok(Kept { note: row.note.clone(), signed, frontier })
}

/// The next event, when it follows.
fn follow(agency: AgencyId, head: Head, row: &EventRow) -> Result<Head, AppError> {
    let seq = head.seq.saturating_add(1);
    let suite = i16::try_from(row.suite).ok().and_then(Suite::from_id);
    let next =
        suite.map(|suite| link(suite, &ChainId::Agency(agency.0), seq, &head.link, row.record.as_bytes()));
    match next {
        Some(link) if u64::try_from(row.agency_seq) == Ok(seq) && row.agency_link == link.as_bytes() => {
            Ok(Head { seq, link })
        }
        Some(_) | None => {
            let place = i64::try_from(seq).unwrap_or(i64::MAX);
            Err(not_signed(
                "events",
                agency,
                place,
                "the event does not follow the last checkpoint: the record was changed",
            ))
        }
    }
}

fn not_signed(table: &'static str, agency: AgencyId, seq: i64, reason: &str) -> AppError {
    let reason = format!("{reason}, and nothing is signed: see `gongkai audit verify`");
    AppError::Store(StoreError::Inconsistent { table, row: format!("{agency}/{seq}"), reason })
}

pub(super) fn place(agency: &Agency) -> Place<'static> {
    Place { table: "signing_keys", column: "secret", row: agency.id.0, agency: agency.id.0 }
}

fn open_key(agency: &Agency, row: &SigningKeyRow) -> Result<SigningKey, AppError> {
    let wrong = |reason: &str| {
        let row = format!("{}/{}", agency.id, row.n);
        AppError::Store(StoreError::Inconsistent { table: "signing_keys", row, reason: reason.to_owned() })
    };
    let keys = agency.keys.of_blob(&row.secret).ok_or_else(|| wrong("sealed under an unknown key"))?;
    let seed = keys.open(&place(agency), &row.secret).map_err(|error| wrong(&error.to_string()))?;
    let seed: [u8; 32] = seed.as_slice().try_into().map_err(|_| wrong("not a seed"))?;
    let key =
        SigningKey::from_seed(SecretKey::from_bytes(seed)).map_err(|error| wrong(&error.to_string()))?;
    if key.public().as_slice() == row.public_key {
        Ok(key)
    } else {
        Err(wrong("the public half is another key's"))
    }
}

fn inconsistent(row: &CheckpointRow, reason: &str) -> AppError {
    AppError::Store(StoreError::Inconsistent {
        table: "checkpoints",
        row: format!("{}/{}", row.agency_id.0, row.size),
        reason: reason.to_owned(),
    })
}

pub(super) fn internal(error: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("checkpoints: {error}"))
}
