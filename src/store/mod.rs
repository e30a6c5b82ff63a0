//! The only place that knows the database. The facade names each operation once and sends it to the backend in use;
//! the queries are written once and compiled for both (`queries/`).
//!
//! Names: the resource first, then the verb. `_in_tx` marks what must run inside a write transaction.

mod answers;
mod attachments;
mod change;
mod commit;
mod custody;
mod error;
mod filter;
mod lanes;
mod law;
mod migration;
mod postgres;
mod prepare;
mod queue;
mod queue_rows;
mod record;
mod rows;
mod schema;
mod seals;
mod search;
mod sqlite;
mod types;
mod url;

use std::sync::Arc;

use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;

use crate::domain::ids::AgencyId;
use crate::domain::sensitivity::Sensitivity;
use crate::law::LawBook;
use lanes::Lanes;
use law::LawHolder;

pub use access::{AccessChange, Proof, ProviderProof};
pub use accesses::{AccessFilter, AccessRow, AccessesOf};
pub use answers::{
    Counts, DashboardCounts, HeadRow, InboxPage, IndexState, NumberInUse, QueueLine, RightsRows, Rotation,
    StoredCase, Walker,
};
pub use attachments::{CaseAttachmentRow, ContentRow, NewAttachment, RemovalRow, UploadLimit, UploadRow};
pub use attempts::{AttemptRow, CameIn, StayOwner};
pub use change::{Apply, CalendarChange, Dates, Effects, NewVersion, Touched};
pub use checkpoints::{CheckpointRow, SentRow, SigningKeyRow};
pub use commit::{
    Before, Commit, Committed, Governing, Import, KeepAnswer, NewPortal, Retry, SetUp, SetUpChange,
    statute_of, statute_of_case, statute_of_row, statute_on,
};
pub use error::StoreError;
pub use filter::{
    ApplicantFilter, ApplicantIndex, ArchiveFilter, CellCases, CellFilter, ConcludedFilter, DashboardFilter,
    InboxFilter, LikeFilter, Owed, QueueFilter, Reach, RemedyCellFilter, Shelved, Sort,
};
pub use keys::{Sealed, SealedIn, SealedUnder};
pub use law::year_of;
pub use notices::{NoticeCounts, NoticeFilter, NoticeLine, NoticeRow, NoticeSide, NoticeStepRow};
pub use portals::{PortalLine, PortalRequestLine, PortalRequestRow, PortalRow, PortalSecretRow};
pub use prepare::{migrate, recall};
pub use publication::{
    AskingFilter, CaseDocumentRow, CasePublicationRow, OftenFilter, OftenRow, PublicationFilter,
    PublicationWords,
};
pub use queue_rows::{QueueRows, Shown, queue_rows, stored_facts};
pub use record::{Meta, recorded, recorded_of_agency};
pub use reorganisation::{HandOver, ReorganisationRow};
pub use rows::{
    AccountRow, AgencyKeyRow, AgencyRow, ApplicantRow, CalendarVersionRow, CaseDepartmentRow,
    CaseObligationRow, CaseRemedyRow, CaseRow, CaseSearchRow, DelegationRow, DepartmentRow, DigestRow,
    EventRow, GrantRow, IdempotencyRow, PersonRow, RefreshRow, ReportEntryRow, ReportFreezeRow, ReviewedRow,
    SessionRow, SettingRow, ShelfRow, TextRow, WAY_PASSWORD, WAY_PROVIDER, WAY_PROVIDER_MFA,
};
pub use seals::{HeadSeals, SealKeys};
pub use types::{At, Key};
pub use url::DatabaseUrl;

/// How many jobs may wait for the database before callers are told to come back.
const WAITING: usize = 1_024;
/// Threads that read from SQLite.
const SQLITE_READERS: usize = 3;
/// Threads that read from, and threads that write to, PostgreSQL.
const POSTGRES_THREADS: usize = 6;

enum Backend {
    Sqlite(Lanes<SqliteConnection>),
    Postgres(Lanes<PgConnection>),
}

/// The store. Cheap to share; dropping it lets the jobs that wait finish and joins the threads.
pub struct Store {
    backend: Backend,
    law: LawHolder,
    seals: Arc<HeadSeals>,
}

/// Sends a read to the backend in use.
macro_rules! read {
    ($store:expr, |$conn:ident, $q:ident| $body:expr) => {
        match &$store.backend {
            Backend::Sqlite(lanes) => {
                lanes
                    .read(move |$conn| {
                        use sqlite::queries as $q;
                        $body
                    })
                    .await
            }
            Backend::Postgres(lanes) => {
                lanes
                    .read(move |$conn| {
                        use postgres::queries as $q;
                        $body
                    })
                    .await
            }
        }
    };
}

/// Sends a write to the backend in use.
macro_rules! write_tx {
    ($store:expr, |$conn:ident, $q:ident| $body:expr) => {
        match &$store.backend {
            Backend::Sqlite(lanes) => {
                lanes
                    .write(move |$conn| {
                        use sqlite::queries as $q;
                        $body
                    })
                    .await
            }
            Backend::Postgres(lanes) => {
                lanes
                    .write(move |$conn| {
                        use postgres::queries as $q;
                        $body
                    })
                    .await
            }
        }
    };
}

// After the two macros, which it uses.
mod access;
mod accesses;
mod attempts;
mod checkpoints;
mod directory;
mod figures;
mod keys;
mod notices;
mod portals;
mod publication;
mod reorganisation;
// After the macros, which it uses.
mod uploads;

impl Store {
    /// Opens a database whose schema is up to date.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn open(url: &DatabaseUrl, law: Arc<LawBook>) -> Result<Self, StoreError> {
        let backend = match url {
            DatabaseUrl::Sqlite(path) => {
                Backend::Sqlite(Lanes::one_writer(&path.to_string_lossy(), SQLITE_READERS, WAITING)?)
            }
            DatabaseUrl::Postgres(url) => {
                Backend::Postgres(Lanes::many_writers(url, POSTGRES_THREADS, WAITING)?)
            }
        };
        Ok(Self { backend, law: LawHolder::new(law), seals: Arc::default() })
    }

    /// The keys by which the ends of the chains are sealed: whoever knows an agency's hands them over before anything is written for it.
    pub fn seals(&self) -> &HeadSeals {
        &self.seals
    }

    /// The agencies the ends of whose chains have no seal.
    pub async fn unsealed(&self) -> Result<Vec<Key>, StoreError> {
        read!(self, |conn, q| q::chain::unsealed(conn))
    }

    /// Seals the end of an agency's chain, when it has no seal.
    pub async fn seal_head(&self, agency: AgencyId, at: At) -> Result<(), StoreError> {
        let seals = Arc::clone(&self.seals);
        write_tx!(self, |conn, q| q::chain::seal_in_tx(conn, &seals, (agency, at.0)))
    }

    /// The law book in force. Who decides by it hands the same one to [`Store::commit`].
    pub fn law(&self) -> Arc<LawBook> {
        self.law.now()
    }

    /// Looks whether calendars were changed, by whichever instance, and takes them over. One small question when not.
    pub async fn refresh_law(&self) -> Result<(), StoreError> {
        let stored = read!(self, |conn, q| q::calendars::generation(conn))?;
        if stored == self.law.now().generation() {
            return Ok(());
        }
        let versions = read!(self, |conn, q| q::calendars::calendar_versions_all(conn))?;
        self.law.lay_over(&versions).map(|_| ())
    }

    /// The law as it is stored now, and the versions it was made of, by calendar, year and version.
    pub async fn law_and_versions(&self) -> Result<(Arc<LawBook>, Vec<CalendarVersionRow>), StoreError> {
        let versions = read!(self, |conn, q| q::calendars::calendar_versions_all(conn))?;
        Ok((self.law.lay_over(&versions)?, versions))
    }

    /// What a change of a calendar would do to the open cases; at most `limit` of each kind are named.
    pub async fn calendar_preview(
        &self,
        change: Arc<CalendarChange>,
        limit: usize,
    ) -> Result<Effects, StoreError> {
        read!(self, |conn, q| q::change::calendar_preview(conn, &change, limit))
    }

    /// Applies a change of a calendar to the open cases of all agencies, or to none: [`StoreError::PreviewStale`] when it would
    /// not do what its preview said.
    pub async fn calendar_apply(
        &self,
        change: Arc<CalendarChange>,
        apply: Apply,
        limit: usize,
    ) -> Result<Effects, StoreError> {
        let seals = Arc::clone(&self.seals);
        write_tx!(self, |conn, q| q::change::calendar_apply_in_tx(conn, &seals, &change, &apply, limit))
    }

    /// Writes a decided command. `keep` makes the answer that is kept under the commit's retry key.
    pub async fn commit(&self, commit: Commit, keep: Option<KeepAnswer>) -> Result<Committed, StoreError> {
        let seals = Arc::clone(&self.seals);
        write_tx!(self, |conn, q| q::commit::commit_in_tx(conn, &seals, commit, keep))
    }

    /// Writes a decided command that concerns several cases, also of several agencies: all of it or nothing. The answer is that of
    /// the first.
    pub async fn commit_all(
        &self,
        commit: Commit,
        others: Vec<Commit>,
        keep: Option<KeepAnswer>,
    ) -> Result<Committed, StoreError> {
        let seals = Arc::clone(&self.seals);
        write_tx!(self, |conn, q| q::commit::commit_all_in_tx(conn, &seals, commit, others, keep))
    }

    /// Takes a ledger over, all of it or nothing.
    pub async fn import(&self, import: Import) -> Result<(), StoreError> {
        let seals = Arc::clone(&self.seals);
        write_tx!(self, |conn, q| q::import::import_in_tx(conn, &seals, import))
    }

    /// A case with its events, when one of these agencies has it.
    pub async fn case_by_id(
        &self,
        agencies: Vec<Key>,
        id: Key,
    ) -> Result<Option<(CaseRow, Vec<EventRow>)>, StoreError> {
        read!(self, |conn, q| q::cases::case_by_id(conn, &agencies, id))
    }

    /// Encrypted words, by id; those erased are missing.
    pub async fn case_texts_by_id(&self, agency: Key, ids: Vec<Key>) -> Result<Vec<TextRow>, StoreError> {
        read!(self, |conn, q| q::cases::case_texts_by_id(conn, agency, &ids))
    }

    /// An encrypted applicant's record; `None` when it was erased.
    pub async fn applicant_by_id(&self, agency: Key, id: Key) -> Result<Option<ApplicantRow>, StoreError> {
        read!(self, |conn, q| q::cases::applicant_by_id(conn, agency, id))
    }

    /// Applicants' records, in no order; those that were erased are not among them.
    pub async fn applicants_of(
        &self,
        agencies: Vec<Key>,
        ids: Vec<Key>,
    ) -> Result<Vec<ApplicantRow>, StoreError> {
        read!(self, |conn, q| q::cases::applicants_of(conn, &agencies, &ids))
    }

    /// A page of the archive.
    pub async fn archive_page(&self, filter: ArchiveFilter) -> Result<Vec<CaseRow>, StoreError> {
        read!(self, |conn, q| q::archive::archive_page(conn, &filter))
    }

    /// Makes what was deleted vanish from the database's files.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        read!(self, |conn, q| q::scrub(conn))
    }

    /// An office's settings for its archive, when it made any.
    pub async fn shelf_of(&self, agency: Key) -> Result<Option<ShelfRow>, StoreError> {
        read!(self, |conn, q| q::archive::shelf_of(conn, agency))
    }

    /// The case with this registration number.
    pub async fn case_by_number(&self, agency: Key, number: String) -> Result<Option<CaseRow>, StoreError> {
        read!(self, |conn, q| q::cases::case_by_number(conn, agency, &number))
    }

    /// The numbers in use, with the digest of the ledger row each came from.
    pub async fn imported_numbers(&self, agency: Key) -> Result<Vec<NumberInUse>, StoreError> {
        read!(self, |conn, q| q::cases::imported_numbers(conn, agency))
    }

    /// Shows an agency's whole record to a walker, within one snapshot, and gives the walker back.
    pub async fn agency_walk<W: Walker>(&self, agency: Key, walker: W) -> Result<W, StoreError> {
        read!(self, |conn, q| q::audit::agency_walk(conn, agency, walker))
    }

    /// An agency's cases after one of them, by id, with what their queue rows are derived from.
    pub async fn stored_cases_after(
        &self,
        agency: Key,
        after: Option<Key>,
        limit: i64,
    ) -> Result<Vec<StoredCase>, StoreError> {
        read!(self, |conn, q| q::audit::stored_cases_after(conn, agency, after, limit))
    }

    /// Cases of an agency that have events and no queue row.
    pub async fn cases_without_row(&self, agency: Key, limit: i64) -> Result<Vec<StoredCase>, StoreError> {
        read!(self, |conn, q| q::audit::cases_without_row(conn, agency, limit))
    }

    /// How many cases an agency has.
    pub async fn cases_count(&self, agency: Key) -> Result<i64, StoreError> {
        read!(self, |conn, q| q::cases::cases_count(conn, agency))
    }

    /// Puts derived rows in the place of those of the case with version `before`, or where there is none (rebuild only).
    /// Answers whether it did: not when the case has gone on meanwhile.
    pub async fn case_row_replace(&self, before: Option<i32>, rows: QueueRows) -> Result<bool, StoreError> {
        write_tx!(self, |conn, q| q::cases::case_row_replace_in_tx(conn, before, &rows))
    }

    /// Looks whether the index of a search holds what it should, and with `repair` makes it anew when it does not.
    pub async fn search_index_check(&self, repair: bool) -> Result<IndexState, StoreError> {
        write_tx!(self, |conn, q| q::search::index_check_in_tx(conn, repair))
    }

    /// An agency's events after one of them.
    pub async fn events_after(
        &self,
        agency: Key,
        after: i64,
        limit: i64,
    ) -> Result<Vec<EventRow>, StoreError> {
        read!(self, |conn, q| q::cases::events_after(conn, agency, after, limit))
    }

    /// The remembered end of an agency's chain.
    pub async fn chain_head(&self, agency: Key) -> Result<Option<HeadRow>, StoreError> {
        read!(self, |conn, q| q::chain::chain_head(conn, agency))
    }

    /// A page of the queue.
    pub async fn cases_page(&self, filter: QueueFilter) -> Result<Vec<QueueLine>, StoreError> {
        read!(self, |conn, q| q::queue::cases_page(conn, &filter))
    }

    /// A page of the cases of one applicant, each with its applicant's record.
    pub async fn cases_of_applicant(
        &self,
        filter: ApplicantFilter,
    ) -> Result<Vec<(QueueLine, ApplicantRow)>, StoreError> {
        read!(self, |conn, q| q::applicants::cases_of_applicant(conn, &filter))
    }

    /// Earlier cases that have some of these words, those that have most first; a bounded number.
    pub async fn cases_like(&self, filter: LikeFilter) -> Result<Vec<QueueLine>, StoreError> {
        read!(self, |conn, q| q::search::cases_like(conn, &filter))
    }

    /// How the database finds a page of the queue, in its own words: a line for each step.
    pub async fn cases_page_plan(&self, filter: QueueFilter) -> Result<Vec<String>, StoreError> {
        read!(self, |conn, q| q::queue::cases_page_plan(conn, &filter))
    }

    /// How the database finds out whether an agency has cases above a clearance, in its own words.
    pub async fn labelled_plan(
        &self,
        agency: Key,
        clearance: Sensitivity,
    ) -> Result<Vec<String>, StoreError> {
        read!(self, |conn, q| q::custody::labelled_plan(conn, agency, clearance))
    }

    /// The first answer kept for a retry key.
    pub async fn answer_by_key(&self, retry: Retry) -> Result<Option<IdempotencyRow>, StoreError> {
        read!(self, |conn, q| q::cases::answer_by_key(conn, &retry))
    }

    /// Forgets answers kept before an instant.
    pub async fn answers_forget(&self, before: At) -> Result<usize, StoreError> {
        write_tx!(self, |conn, q| q::cases::answers_forget_in_tx(conn, before))
    }

    /// Carries out a change of set-up.
    pub async fn set_up(&self, change: SetUp) -> Result<(), StoreError> {
        let seals = Arc::clone(&self.seals);
        write_tx!(self, |conn, q| q::setup::set_up_in_tx(conn, &seals, change))
    }

    /// What the database remembers of itself under a key.
    pub async fn meta_get(&self, key: &'static str) -> Result<Option<String>, StoreError> {
        read!(self, |conn, q| q::setup::meta_get(conn, key))
    }

    /// Remembers a value once.
    pub async fn meta_put_once(&self, key: &'static str, value: String) -> Result<(), StoreError> {
        write_tx!(self, |conn, q| q::setup::meta_put_once_in_tx(conn, key, &value))
    }
}
