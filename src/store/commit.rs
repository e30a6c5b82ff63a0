//! What the application hands the store: plain data, decided upon before any transaction is open.

use std::sync::Arc;

use uuid::Uuid;

use super::attachments::NewAttachment;
use super::error::StoreError;
use super::publication::PublicationWords;
use super::record::Meta;
use super::rows::{ApplicantRow, CaseRow, TextRow};
use super::types::Key;
use crate::audit::chain::Head;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::case::decide::Happened;
use crate::domain::case::state::Case;
use crate::domain::ids::{AccountId, AgencyId, CaseId, EventId};
use crate::domain::numbering::NumberPattern;
use crate::domain::statute::StatutePack;
use crate::law::LawBook;

/// One decided command, ready to be written.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The agency of origin.
    pub agency: AgencyId,
    /// The case.
    pub case: CaseId,
    /// The case as it was decided upon; `None` for a new one.
    pub before: Option<Before>,
    /// What happened, each with the id its event will have.
    pub events: Vec<(EventId, Happened)>,
    /// When, who, how.
    pub meta: Meta,
    /// The encrypted words the events commit to.
    pub texts: Vec<TextRow>,
    /// The encrypted applicant's record the events commit to, when there is a new one.
    pub applicant: Option<ApplicantRow>,
    /// The portal's request of which the case came, when it is new and came of one.
    pub portal_request: Option<super::portals::PortalRequestRow>,
    /// The file that the events attach, when they do.
    pub attachment: Option<NewAttachment>,
    /// The subject that lists show from now on, when it changes.
    pub subject: Option<String>,
    /// The documents asked for from now on, as one text ([`crate::domain::case::document::Document::write`]), when they change.
    pub documents: Option<String>,
    /// The words of all its proactive publications, when they change.
    pub publications: Option<Vec<PublicationWords>>,
    /// How a number that is due is written.
    pub number_pattern: NumberPattern,
    /// The retry key of the request, when it carried one.
    pub retry: Option<Retry>,
    /// The law by which it was decided. When the calendars are others by the time it is written, it is refused
    /// ([`StoreError::LawChanged`]) and must be decided anew.
    pub law: Arc<LawBook>,
}

impl Commit {
    /// Events without words, rows or a retry key: what most commits are, but for a few of their parts.
    pub fn bare(
        (agency, case): (AgencyId, CaseId),
        before: Option<Before>,
        events: Vec<(EventId, Happened)>,
        meta: Meta,
        number_pattern: NumberPattern,
        law: Arc<LawBook>,
    ) -> Self {
        Self {
            agency,
            case,
            before,
            events,
            meta,
            texts: Vec::new(),
            applicant: None,
            portal_request: None,
            attachment: None,
            subject: None,
            documents: None,
            publications: None,
            number_pattern,
            retry: None,
            law,
        }
    }

    /// The agency that handles the case: whose numbers and whose archive it gets.
    pub fn custodian(&self) -> AgencyId {
        self.before.as_ref().map_or(self.agency, |before| before.case.custodian)
    }
}

/// The case a command was decided upon.
#[derive(Clone, Debug)]
pub struct Before {
    /// Its state; its version is the one that must still hold.
    pub case: Case,
    /// Its row in the queue.
    pub row: CaseRow,
    /// The end of its chain.
    pub head: Head,
}

/// An `Idempotency-Key` and what it is bound to.
#[derive(Clone, Debug)]
pub struct Retry {
    /// The account.
    pub account: AccountId,
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the body.
    pub body_hash: Vec<u8>,
}

/// What a commit made of the case.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The case, with its new version and number.
    pub case: Case,
    /// Its row in the queue.
    pub row: CaseRow,
}

/// Makes the answer that is kept for retries (already encrypted), once the number and version are known.
pub type KeepAnswer = Box<dyn FnOnce(&Committed) -> Result<Vec<u8>, StoreError> + Send>;

/// A change of an agency's own set-up, with the events it writes.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The agency.
    pub agency: AgencyId,
    /// What happened.
    pub events: Vec<(EventId, AgencyEvent)>,
    /// When, who, how.
    pub meta: Meta,
    /// Today in the agency's zone.
    pub on: chrono::NaiveDate,
    /// The rows.
    pub change: SetUpChange,
    /// The retry key of the request, when it carried one, and the encrypted answer to keep.
    pub retry: Option<(Retry, Vec<u8>)>,
}

/// A ledger taken over: all of it in one transaction, or nothing.
pub struct Import {
    /// The agency.
    pub agency: AgencyId,
    /// What must be there before, such as new departments.
    pub before: Option<SetUp>,
    /// The new cases, made one by one while they are written, so that not all of them are in memory at once. An error
    /// undoes the whole import.
    pub commits: Box<dyn Iterator<Item = Result<Commit, StoreError>> + Send>,
    /// The agency's own event about it.
    pub about: SetUp,
    /// The law by which it was decided, see [`Commit::law`].
    pub law: Arc<LawBook>,
}

/// The rows of a new portal.
#[derive(Clone, Debug)]
pub struct NewPortal {
    /// The portal.
    pub portal: super::portals::PortalRow,
    /// Its first secret.
    pub secret: super::portals::PortalSecretRow,
    /// Who stands for it in the record.
    pub person: super::rows::PersonRow,
    /// Its account.
    pub account: super::rows::AccountRow,
    /// Its one role.
    pub grant: super::rows::GrantRow,
}

/// The rows of a change of set-up.
#[derive(Clone, Debug)]
pub enum SetUpChange {
    /// None: only the events.
    Nothing,
    /// A new agency and its wrapped keys.
    Agency(super::rows::AgencyRow, super::rows::AgencyKeyRow),
    /// A new key.
    Key(super::rows::AgencyKeyRow),
    /// Nothing is left under a key: refused when something is.
    KeyRetired(super::types::Key),
    /// Who saw whose data, and how many files a person may open in an hour.
    Accesses(Vec<super::accesses::AccessRow>, u32),
    /// New departments.
    Departments(Vec<super::rows::DepartmentRow>),
    /// A new account; the person's row when that person is new.
    Account(super::rows::AccountRow, Option<super::rows::PersonRow>, Vec<super::rows::GrantRow>),
    /// Table 2 of an annual report, entered.
    ReportEntry(super::rows::ReportEntryRow),
    /// An annual report, frozen.
    ReportFreeze(super::rows::ReportFreezeRow),
    /// A digest, made.
    Digest(super::rows::DigestRow),
    /// A key that signs checkpoints.
    SigningKey(super::checkpoints::SigningKeyRow),
    /// A notice of a supervising agency, with its first step, and the version that its case had.
    NoticeSent(super::notices::NoticeRow, super::notices::NoticeStepRow, Option<i32>),
    /// A further step of one, with the row as it leaves it.
    NoticeStep(super::notices::NoticeRow, super::notices::NoticeStepRow),
    /// A new portal with its first secret and its account.
    Portal(Box<NewPortal>),
    /// A further secret of a portal; those before end at an instant.
    PortalSecret(super::portals::PortalSecretRow, super::types::At),
    /// A portal that hands nothing in any more.
    PortalClosed(super::portals::PortalRow),
    /// A reorganisation that begins, or is done at once.
    Reorganisation(super::ReorganisationRow),
    /// A reorganisation that is done: of an agency, by its id.
    ReorganisationFinished(Key, Key),
    /// The settings of its archive, replaced.
    Shelf(super::rows::ShelfRow),
    /// The way into an account, changed.
    Access(AccountId, super::access::AccessChange),
    /// An account's roles at this agency, replaced.
    Grants(AccountId, Vec<super::rows::GrantRow>),
    /// Something that the agency sets for its replies, set anew.
    Setting(super::rows::SettingRow),
    /// A new delegation of review.
    Delegation(super::rows::DelegationRow),
    /// A delegation of review that ends now.
    DelegationEnded(Key),
    /// A password of one's own; other sessions end.
    Password {
        /// The account.
        account: AccountId,
        /// The new hash.
        hash: String,
        /// The session that goes on.
        keep: Uuid,
    },
}

/// The newest version of a statute and its own calendar.
pub fn statute_of<'a>(law: &'a LawBook, statute: &str) -> Option<Governing<'a>> {
    governing(law, law.newest_pack(statute)?, None)
}

/// A statute pack and the calendar by which its days are counted.
pub type Governing<'a> = (&'a Arc<StatutePack>, &'a Arc<WorkingCalendar>);

/// What governs what an agency receives on a day: the version of its statute in force then, and its own calendar where it
/// has one.
pub fn statute_on<'a>(
    law: &'a LawBook,
    statute: &str,
    calendar: Option<&str>,
    day: chrono::NaiveDate,
) -> Option<Governing<'a>> {
    governing(law, law.pack_on(statute, day)?, calendar)
}

/// What governs a case for good: the version of the statute and the calendar under which it was received.
pub fn statute_of_case<'a>(law: &'a LawBook, case: &Case) -> Option<Governing<'a>> {
    governing(law, law.pack_version(&case.statute, case.statute_version)?, case.calendar.as_deref())
}

/// The same for a case of which there is only the row.
pub fn statute_of_row<'a>(law: &'a LawBook, row: &CaseRow) -> Option<Governing<'a>> {
    let version = u32::try_from(row.statute_version).ok()?;
    governing(law, law.pack_version(&row.statute, version)?, row.calendar.as_deref())
}

/// A pack with the calendar named, or its own.
pub(super) fn governing<'a>(
    law: &'a LawBook,
    pack: &'a Arc<StatutePack>,
    calendar: Option<&str>,
) -> Option<Governing<'a>> {
    law.kept_calendar(calendar.unwrap_or(&pack.calendar)).map(|calendar| (pack, calendar))
}
