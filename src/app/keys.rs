//! Rotation of keys, while the servers run (OWASP ASVS 11.2.2): a new key of an agency is made; every server has it before anybody
//! writes with it; then whatever is under an earlier key is encrypted anew, in small transactions, and when nothing is left under it the
//! earlier key is retired. Both are events of the agency's record. Where a rotation stands is what the rows say, so that one that was
//! cut off goes on from there.
//!
//! The key of the blind indexes goes on unless a new one is asked for. Then an applicant's rows have one index or the other until
//! the rotation is through: a search looks for both. Retired keys stay, wrapped: digests of ledger rows in the record were made with
//! their index keys, and a row that a server cut off from the database writes late is still read and found.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::App;
use super::FINGERPRINT;
use super::directory::{Agency, KEY_READ_ONLY};
use super::error::AppError;
use super::reseal::resealed;
use super::set_up::Change;
use crate::crypto::master_key::MasterKey;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::By;
use crate::domain::ids::{AgencyId, KeyId};
use crate::store::{AgencyKeyRow, At, Key, SealedIn, SealedUnder, SetUpChange};

/// Rows of one transaction: few, so that nobody waits for them.
const BATCH: i64 = 100;
/// What a server rests between two transactions, so that the work of the office goes first.
const REST: Duration = Duration::from_millis(5);
/// So long after a key began to write is waited before the earlier ones are retired: what was encrypted before may be written a little
/// later.
const SETTLED: TimeDelta = TimeDelta::seconds(30);
/// How often a server looks again at an agency whose earlier keys are all retired.
const LOOKED_AGAIN: TimeDelta = TimeDelta::hours(1);
/// How often new keys are looked for.
const KEYS_CHECKED: Duration = Duration::from_secs(1);

/// When a server last found nothing to do at an agency, and with which key.
#[derive(Default)]
pub struct Settled(BTreeMap<AgencyId, (Uuid, DateTime<Utc>)>);

/// What one pass over the rows of an agency did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// So many rows were encrypted anew.
    pub put: u64,
    /// So many do not open.
    pub stuck: u64,
    /// So many keys were retired.
    pub retired: u64,
    /// So many earlier keys are not.
    pub waiting: u64,
}

impl Pass {
    fn add(&mut self, other: Self) {
        self.put = self.put.saturating_add(other.put);
        self.stuck = self.stuck.saturating_add(other.stuck);
    }
}

/// Takes over new keys as long as there is somebody who uses the application.
pub async fn follow(app: Weak<App>) {
    loop {
        tokio::time::sleep(KEYS_CHECKED).await;
        let Some(app) = app.upgrade() else { return };
        if let Err(error) = app.refresh_keys().await {
            tracing::warn!(%error, "whether there are new keys is not known");
        }
    }
}

impl App {
    /// Makes a new key for an agency, with `index` also one for its blind indexes. It is read with at once, and written with after
    /// [`KEY_READ_ONLY`].
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such agency.
    pub async fn rotate_key(&self, by: By, id: AgencyId, index: bool) -> Result<KeyId, AppError> {
        let agency = self.agency(id).await?;
        let (keys, wrapped) = if index {
            self.directory.new_keys(id)
        } else {
            let newest = agency.keys.every().into_iter().next().ok_or(AppError::NotFound)?;
            self.directory.following(id, &newest)
        };
        let key = KeyId(keys.key_id());
        let row = AgencyKeyRow {
            agency_id: Key(id.0),
            key_id: Key(key.0),
            wrapped,
            created_at: At(self.clock.now()),
            retired_at: None,
        };
        let event = AgencyEvent::KeyRotated { key, index };
        let (zone, rows) = (agency.zone, SetUpChange::Key(row));
        self.change(Change { agency: id, zone, by, events: vec![event], rows, retry: None }).await?;
        self.refresh_keys().await?;
        Ok(key)
    }

    /// Encrypts anew what of an agency is under earlier keys than the one that writes now, and retires those under which nothing is
    /// left. What does not open is told in the log and left: it is damaged, and a new key would hide that.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn turn(&self, by: By, id: AgencyId) -> Result<Pass, AppError> {
        let agency = self.agency(id).await?;
        let mut pass = Pass::default();
        for table in SealedIn::ALL {
            pass.add(self.turn_table(&agency, *table).await?);
        }
        let (newest, earlier) = agency.keys.writing()?;
        let settled =
            newest.at.checked_add_signed(KEY_READ_ONLY).and_then(|at| at.checked_add_signed(SETTLED));
        let settled = settled.is_some_and(|at| at <= self.clock.now());
        for made in earlier.iter().filter(|made| !made.retired) {
            if settled && pass.stuck == 0 && self.retire(by, &agency, made.keys.key_id()).await? {
                pass.retired = pass.retired.saturating_add(1);
            } else {
                pass.waiting = pass.waiting.saturating_add(1);
            }
        }
        if pass.retired > 0 {
            self.refresh_keys().await?;
        }
        Ok(pass)
    }

    /// Whether a key is retired now: not when something is left under it, or another instance was first.
    async fn retire(&self, by: By, agency: &Agency, key: Uuid) -> Result<bool, AppError> {
        let event = AgencyEvent::KeyRetired { key: KeyId(key) };
        let rows = SetUpChange::KeyRetired(Key(key));
        let (id, zone) = (agency.id, agency.zone);
        match self.change(Change { agency: id, zone, by, events: vec![event], rows, retry: None }).await {
            Ok(()) => Ok(true),
            Err(AppError::VersionStale) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn turn_table(&self, agency: &Agency, table: SealedIn) -> Result<Pass, AppError> {
        let mut pass = Pass::default();
        let mut next = SealedUnder::new(Key(agency.id.0), &[], BATCH);
        loop {
            let (newest, earlier) = agency.keys.writing()?;
            if earlier.is_empty() {
                return Ok(pass);
            }
            next.keys = earlier.iter().map(|made| made.keys.key_id().as_bytes().to_vec()).collect();
            let found = self.store.sealed_under(table, next.clone()).await?;
            let Some(last) = found.last().map(crate::store::Sealed::at) else { return Ok(pass) };
            // What was put is not found again; what was not, and stands where the walk goes on, is passed over.
            let mut stuck_there = if last == next.from { next.skip } else { 0 };
            let mut rows = Vec::with_capacity(found.len());
            for before in found {
                match resealed(agency, &newest.keys, &before) {
                    Ok(anew) => rows.push((before, anew)),
                    Err(error) => {
                        tracing::error!(%error, "a row is not encrypted anew");
                        pass.stuck = pass.stuck.saturating_add(1);
                        stuck_there = stuck_there.saturating_add(i64::from(before.at() == last));
                    }
                }
            }
            let put = self.store.reseal(Key(agency.id.0), rows).await?;
            pass.put = pass.put.saturating_add(u64::try_from(put).unwrap_or(u64::MAX));
            (next.from, next.skip) = (last, stuck_there);
            tokio::time::sleep(REST).await;
        }
    }

    /// Does what is due of all rotations: how many rows were encrypted anew. An agency whose earlier keys are retired is looked at now
    /// and then, for what a server that was cut off has written late.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn turn_due(&self, settled: &mut Settled) -> Result<u64, AppError> {
        let mut newest: BTreeMap<AgencyId, (usize, Uuid)> = BTreeMap::new();
        // The newest of an agency comes last.
        for row in self.store.agency_keys_all().await? {
            let known = newest.entry(AgencyId(row.agency_id.0)).or_default();
            *known = (known.0.saturating_add(1), row.key_id.0);
        }
        let mut put: u64 = 0;
        for (id, (keys, key)) in newest {
            let now = self.clock.now();
            let looked = settled.0.get(&id).filter(|(with, _)| *with == key);
            let lately = looked.is_some_and(|(_, at)| now.signed_duration_since(*at) < LOOKED_AGAIN);
            if keys < 2 || lately {
                continue;
            }
            let pass = self.turn(By::Operator, id).await?;
            put = put.saturating_add(pass.put);
            let writes = self.agency(id).await?.keys.newest()?.key_id() == key;
            if writes && pass.put == 0 && pass.waiting == 0 {
                settled.0.insert(id, (key, now));
            }
        }
        Ok(put)
    }

    /// Wraps every agency's keys under another master key: all of them, or none. The servers are stopped meanwhile, and start with the
    /// new one.
    ///
    /// # Errors
    /// When a key does not unwrap, or keys were made meanwhile.
    pub async fn rewrap(&self, master: &MasterKey) -> Result<usize, AppError> {
        let mut rows = self.store.agency_keys_all().await?;
        for row in &mut rows {
            row.wrapped = self.directory.rewrapped(AgencyId(row.agency_id.0), &row.wrapped, master)?;
        }
        let count = rows.len();
        let before = self.store.meta_get(FINGERPRINT).await?.unwrap_or_default();
        self.store.keys_rewrap(rows, FINGERPRINT, before, master.fingerprint()).await?;
        Ok(count)
    }

    /// Has new keys taken over in the background from now on.
    pub fn follow_keys(self: &Arc<Self>) {
        tokio::spawn(follow(Arc::downgrade(self)));
    }
}
