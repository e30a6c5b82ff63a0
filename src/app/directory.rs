//! Agencies with what every use case needs of them: the zone, the statute, the number pattern and the keys. Read
//! once, then kept: what changes while the program runs is followed, keys each second (`App::refresh_keys`), names and mergers a little
//! later (`App::refresh_agencies`).

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::App;
use super::error::AppError;
use crate::clock::Clock;
use crate::crypto::column::AgencyKeys;
use crate::crypto::master_key::MasterKey;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::case::Case;
use crate::domain::ids::AgencyId;
use crate::domain::numbering::NumberPattern;
use crate::domain::statute::StatutePack;
use crate::law::LawBook;
use crate::store::{
    AgencyRow, CaseRow, Governing, Key, SealKeys, StoreError, statute_of, statute_of_case, statute_of_row,
    statute_on,
};

/// An agency, ready for use.
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// Its row.
    pub row: AgencyRow,
    /// The zone of its civil dates.
    pub zone: Tz,
    /// How its registration numbers are written.
    pub number_pattern: NumberPattern,
    /// Its keys: one writes, every one reads.
    pub keys: Keys,
}

/// So long after it was made a new key is only read with: within this time every running server has it. Each looks for new keys
/// every second, so that none meets what another wrote with a key that it does not have.
pub const KEY_READ_ONLY: TimeDelta = TimeDelta::seconds(10);

/// A key, when it was made, and whether nothing is left under it.
#[derive(Clone)]
pub(super) struct Made {
    pub keys: Arc<AgencyKeys>,
    pub at: DateTime<Utc>,
    pub retired: bool,
}

/// An agency's keys. Whoever holds them sees those made meanwhile.
pub struct Keys {
    /// The newest first.
    all: RwLock<Vec<Made>>,
    clock: Clock,
}

impl Keys {
    fn replace(&self, all: Vec<Made>) {
        *self.all.write().unwrap_or_else(PoisonError::into_inner) = all;
    }

    fn all(&self) -> Vec<Made> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key that writes: the newest that every server has by now; of an agency that is itself new, its first.
    ///
    /// # Errors
    /// When the agency has none.
    pub fn newest(&self) -> Result<Arc<AgencyKeys>, AppError> {
        self.written_with().next().map(|made| made.keys).ok_or_else(without)
    }

    /// The key that writes, and those that wrote before it, the newest first. One that does not write yet is not among them.
    fn written_with(&self) -> impl Iterator<Item = Made> + use<> {
        let known = self.clock.now().checked_sub_signed(KEY_READ_ONLY).unwrap_or_default();
        let all = self.all();
        let first = all.len().saturating_sub(1);
        let writes = all.iter().position(|made| made.at <= known).unwrap_or(first);
        all.into_iter().skip(writes)
    }

    /// The key that writes and when it was made, and those that wrote before it, the newest first.
    ///
    /// # Errors
    /// When the agency has none.
    pub(super) fn writing(&self) -> Result<(Made, Vec<Made>), AppError> {
        let mut all = self.written_with();
        let newest = all.next().ok_or_else(without)?;
        Ok((newest, all.collect()))
    }

    /// The keys that seal the end of the record, each from when on every server has it.
    fn of_seals(&self) -> SealKeys {
        let from = |at: DateTime<Utc>| at.checked_add_signed(KEY_READ_ONLY).unwrap_or(at);
        self.all().into_iter().map(|made| (from(made.at), made.keys)).collect()
    }

    /// Every key, the newest first: what was digested under any of them is recognised.
    pub fn every(&self) -> Vec<Arc<AgencyKeys>> {
        self.all().into_iter().map(|made| made.keys).collect()
    }

    /// The key with which a blob was written.
    pub fn of_blob(&self, blob: &[u8]) -> Option<Arc<AgencyKeys>> {
        let id = crate::crypto::column::key_id_of(blob).ok()?;
        self.all().into_iter().map(|made| made.keys).find(|keys| keys.key_id() == id)
    }
}

/// The agencies read so far, and the master key that unwraps their keys.
pub struct Directory {
    master: MasterKey,
    known: RwLock<HashMap<AgencyId, Arc<Agency>>>,
    /// What the database had of keys when they were last looked for: see `Store::agency_keys_state`.
    keys: AtomicI64,
}

impl Directory {
    pub(super) fn new(master: MasterKey) -> Self {
        Self { master, known: RwLock::new(HashMap::new()), keys: AtomicI64::new(0) }
    }

    /// Reads an agency anew when it is wanted next.
    pub(super) fn forget(&self, agency: AgencyId) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&agency);
    }

    /// Fresh keys for a new agency, and the same wrapped.
    pub(super) fn new_keys(&self, agency: AgencyId) -> (AgencyKeys, Vec<u8>) {
        let keys = AgencyKeys::generate();
        let wrapped = keys.wrap(&self.master, agency.0);
        (keys, wrapped)
    }

    /// An agency's key, wrapped under another master key.
    pub(super) fn rewrapped(
        &self,
        agency: AgencyId,
        wrapped: &[u8],
        master: &MasterKey,
    ) -> Result<Vec<u8>, AppError> {
        AgencyKeys::unwrap_keys(&self.master, agency.0, wrapped)
            .map(|keys| keys.wrap(master, agency.0))
            .map_err(|error| inconsistent("agency_keys", agency, &error.to_string()))
    }

    /// The keys that follow an agency's, and the same wrapped.
    pub(super) fn following(&self, agency: AgencyId, keys: &AgencyKeys) -> (AgencyKeys, Vec<u8>) {
        let keys = keys.successor();
        let wrapped = keys.wrap(&self.master, agency.0);
        (keys, wrapped)
    }

    fn agencies(&self) -> Vec<Arc<Agency>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

impl App {
    /// Takes over what others, or other instances, have changed about agencies, their names above all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_agencies(&self) -> Result<(), AppError> {
        for row in self.store.agencies_all().await? {
            let id = AgencyId(row.id.0);
            let known = self.directory.known.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
            if known.is_some_and(|known| known.row != row) {
                self.directory.forget(id);
            }
        }
        Ok(())
    }

    /// The agency with this id.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn agency(&self, id: AgencyId) -> Result<Arc<Agency>, AppError> {
        let known = self.directory.known.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(agency) = known {
            return Ok(agency);
        }
        let seen = self.directory.keys.load(Ordering::SeqCst);
        let row = self.store.agency_by_id(Key(id.0)).await?.ok_or(AppError::NotFound)?;
        let keys = Keys { all: RwLock::new(self.keys_of(id).await?), clock: self.clock.clone() };
        let zone: Tz = row.zone.parse().map_err(|_| inconsistent("agencies", id, "unknown time zone"))?;
        let number_pattern = NumberPattern::parse(&row.number_pattern)
            .map_err(|error| inconsistent("agencies", id, &error.to_string()))?;
        let agency = Arc::new(Agency { id, row, zone, number_pattern, keys });
        let agency = {
            let mut known = self.directory.known.write().unwrap_or_else(PoisonError::into_inner);
            // Whoever was faster has given it out already: there is one, so that its keys are followed in one place.
            Arc::clone(known.entry(id).or_insert(agency))
        };
        self.seal_with_keys_of(&agency);
        if self.directory.keys.load(Ordering::SeqCst) != seen {
            // New keys were looked for in between, when this agency was not known yet.
            agency.keys.replace(self.keys_of(id).await?);
            self.seal_with_keys_of(&agency);
        }
        Ok(agency)
    }

    /// The agencies whose cases an agency handles: itself, and those that handed cases over to it. Their words are under their
    /// own keys.
    ///
    /// # Errors
    /// As [`App::agency`].
    pub async fn origins(&self, agency: &Agency) -> Result<Vec<Arc<Agency>>, AppError> {
        let mut origins = Vec::new();
        for origin in self.store.origins_of(Key(agency.id.0)).await? {
            origins.push(self.agency(AgencyId(origin.0)).await?);
        }
        Ok(origins)
    }

    /// From now on the ends of an agency's chain are sealed with the keys that it has.
    fn seal_with_keys_of(&self, agency: &Agency) {
        self.store.seals().know(agency.id, agency.keys.of_seals());
    }

    /// Has every agency's keys at hand, for what is written at all of them.
    ///
    /// # Errors
    /// As [`App::agency`].
    pub(super) async fn know_all_agencies(&self) -> Result<(), AppError> {
        for row in self.store.agencies_all().await? {
            self.agency(AgencyId(row.id.0)).await?;
        }
        Ok(())
    }

    /// An agency's keys, the newest first.
    async fn keys_of(&self, id: AgencyId) -> Result<Vec<Made>, AppError> {
        let mut all = Vec::new();
        for row in self.store.agency_keys_of(Key(id.0)).await? {
            let keys = AgencyKeys::unwrap_keys(&self.directory.master, id.0, &row.wrapped)
                .map_err(|error| inconsistent("agency_keys", id, &error.to_string()))?;
            all.push(Made { keys: Arc::new(keys), at: row.created_at.0, retired: row.retired_at.is_some() });
        }
        Ok(all)
    }

    /// Looks for keys made meanwhile, by whichever instance or the command line, and takes them over. One small question when there
    /// are none.
    ///
    /// # Errors
    /// When the database cannot be reached, or a key does not unwrap.
    pub async fn refresh_keys(&self) -> Result<(), AppError> {
        let there = self.store.agency_keys_state().await?;
        if there == self.directory.keys.load(Ordering::SeqCst) {
            return Ok(());
        }
        // Noted first: an agency that becomes known from now on looks again by itself.
        self.directory.keys.store(there, Ordering::SeqCst);
        for agency in self.directory.agencies() {
            match self.keys_of(agency.id).await {
                Ok(all) => {
                    agency.keys.replace(all);
                    self.seal_with_keys_of(&agency);
                }
                Err(error) => {
                    self.directory.keys.store(-1, Ordering::SeqCst);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Today's civil date at an agency.
    pub fn today(&self, agency: &Agency) -> NaiveDate {
        self.clock.today(agency.zone)
    }

    /// A statute in its newest version, and its calendar.
    ///
    /// # Errors
    /// When the law book lacks either.
    pub fn statute(&self, id: &str) -> Result<(Arc<StatutePack>, Arc<WorkingCalendar>), AppError> {
        owned(statute_of(&self.store.law(), id), id)
    }

    /// The statute and the calendar under which an agency handles what arrives on a day, by a law book.
    ///
    /// # Errors
    /// When the book lacks either.
    pub fn statute_on(
        law: &LawBook,
        agency: &Agency,
        day: NaiveDate,
    ) -> Result<(Arc<StatutePack>, Arc<WorkingCalendar>), AppError> {
        let row = &agency.row;
        owned(statute_on(law, &row.statute, row.calendar.as_deref(), day), &row.statute)
    }

    /// The statute and the calendar under which a case is handled for good, by a law book.
    ///
    /// # Errors
    /// When the book lacks either.
    pub fn statute_of_case(
        law: &LawBook,
        case: &Case,
    ) -> Result<(Arc<StatutePack>, Arc<WorkingCalendar>), AppError> {
        owned(statute_of_case(law, case), &case.statute)
    }

    /// The same for a case of which there is only the row.
    ///
    /// # Errors
    /// When the book lacks either.
    pub fn statute_of_row(
        law: &LawBook,
        row: &CaseRow,
    ) -> Result<(Arc<StatutePack>, Arc<WorkingCalendar>), AppError> {
        owned(statute_of_row(law, row), &row.statute)
    }
}

/// The one of some agencies to which a case came.
///
/// # Errors
/// When it is none of them: then it was handed over after they were read, and the next try finds it.
pub(super) fn at_origin(origins: &[Arc<Agency>], agency: Key) -> Result<&Agency, AppError> {
    let found = origins.iter().find(|origin| origin.id.0 == agency.0);
    found.map(Arc::as_ref).ok_or(AppError::Store(StoreError::Busy))
}

fn owned(
    found: Option<Governing>,
    statute: &str,
) -> Result<(Arc<StatutePack>, Arc<WorkingCalendar>), AppError> {
    let (pack, calendar) = found.ok_or_else(|| {
        AppError::Internal(format!(
            "the law book has no statute {statute} (of that version) with its calendar"
        ))
    })?;
    Ok((Arc::clone(pack), Arc::clone(calendar)))
}

fn without() -> AppError {
    AppError::Internal("an agency without keys".to_owned())
}

fn inconsistent(table: &'static str, agency: AgencyId, reason: &str) -> AppError {
    AppError::Store(StoreError::Inconsistent { table, row: agency.to_string(), reason: reason.to_owned() })
}
