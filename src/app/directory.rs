//! Agencies with what every use case needs of them: the zone, the statute, the number pattern and the keys. Read
//! once, then kept: none of it changes while the program runs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::App;
use super::error::AppError;
use crate::crypto::column::AgencyKeys;
use crate::crypto::master_key::MasterKey;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::case::Case;
use crate::domain::ids::AgencyId;
use crate::domain::numbering::NumberPattern;
use crate::domain::statute::StatutePack;
use crate::law::LawBook;
use crate::store::{
    AgencyRow, CaseRow, Governing, Key, StoreError, statute_of, statute_of_case, statute_of_row, statute_on,
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
    /// Its keys: the newest writes, every one reads.
    pub keys: Keys,
}

/// An agency's keys.
pub struct Keys {
    all: Vec<AgencyKeys>,
}

impl Keys {
    /// The key that writes.
    ///
    /// # Errors
    /// When the agency has none.
    pub fn newest(&self) -> Result<&AgencyKeys, AppError> {
        self.all.first().ok_or_else(|| AppError::Internal("an agency without keys".to_owned()))
    }

    /// Every key, the newest first: what was digested under any of them is recognised.
    pub fn every(&self) -> &[AgencyKeys] {
        &self.all
    }

    /// The key with which a blob was written.
    pub fn of_blob(&self, blob: &[u8]) -> Option<&AgencyKeys> {
        let id = crate::crypto::column::key_id_of(blob).ok()?;
        self.all.iter().find(|keys| keys.key_id() == id)
    }
}

/// The agencies read so far, and the master key that unwraps their keys.
pub struct Directory {
    master: MasterKey,
    known: RwLock<HashMap<AgencyId, Arc<Agency>>>,
}

impl Directory {
    pub(super) fn new(master: MasterKey) -> Self {
        Self { master, known: RwLock::new(HashMap::new()) }
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
        let row = self.store.agency_by_id(Key(id.0)).await?.ok_or(AppError::NotFound)?;
        let mut all = Vec::new();
        for wrapped in self.store.agency_keys_of(Key(id.0)).await? {
            let keys = AgencyKeys::unwrap_keys(&self.directory.master, id.0, &wrapped.wrapped)
                .map_err(|error| inconsistent("agency_keys", id, &error.to_string()))?;
            all.push(keys);
        }
        let zone: Tz = row.zone.parse().map_err(|_| inconsistent("agencies", id, "unknown time zone"))?;
        let number_pattern = NumberPattern::parse(&row.number_pattern)
            .map_err(|error| inconsistent("agencies", id, &error.to_string()))?;
        let agency = Arc::new(Agency { id, row, zone, number_pattern, keys: Keys { all } });
        self.directory.known.write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&agency));
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

fn inconsistent(table: &'static str, agency: AgencyId, reason: &str) -> AppError {
    AppError::Store(StoreError::Inconsistent { table, row: agency.to_string(), reason: reason.to_owned() })
}
