//! What the application hands the store: plain data, decided upon before any transaction is open.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::attachments::NewAttachment;
use super::error::StoreError;
use super::publication::{
    CaseDocumentRow, CasePublicationRow, PublicationWords, document_rows, publication_rows,
};
use super::record::Meta;
use super::rows::{
    ApplicantRow, CaseDepartmentRow, CaseObligationRow, CaseRemedyRow, CaseRow, CaseSearchRow, TextRow,
};
use super::types::{At, Key};
use crate::audit::chain::Head;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::case::clock::facts;
use crate::domain::case::decide::Happened;
use crate::domain::case::document::Document;
use crate::domain::case::projection::{project, provisional_code};
use crate::domain::case::remedies::Remedy;
use crate::domain::case::state::{Case, Stage};
use crate::domain::ids::{AccountId, AgencyId, CaseId, EventId};
use crate::domain::numbering::NumberPattern;
use crate::domain::reply::ReplyNumber;
use crate::domain::search::{Searched, indexed};
use crate::domain::statute::StatutePack;
use crate::domain::time_limit::Fact;
use crate::law::LawBook;

/// A date that sorts after every limit: for cases that owe no reply.
const NO_LIMIT: chrono::NaiveDate = chrono::NaiveDate::MAX;

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
    /// The file that the events attach, when they do.
    pub attachment: Option<NewAttachment>,
    /// The subject that lists show from now on, when it changes.
    pub subject: Option<String>,
    /// The documents asked for from now on, as one text ([`Document::write`]), when they change.
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

/// The rows of a change of set-up.
#[derive(Clone, Debug)]
pub enum SetUpChange {
    /// None: only the events.
    Nothing,
    /// A new agency and its wrapped keys.
    Agency(super::rows::AgencyRow, super::rows::AgencyKeyRow),
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
    /// A notice of a supervising agency, with its first step.
    NoticeSent(super::notices::NoticeRow, super::notices::NoticeStepRow),
    /// A further step of one, with the row as it leaves it.
    NoticeStep(super::notices::NoticeRow, super::notices::NoticeStepRow),
    /// The settings of its archive, replaced.
    Shelf(super::rows::ShelfRow),
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

/// What the queue keeps of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRows {
    /// Its row.
    pub row: CaseRow,
    /// The departments that work on it, by id.
    pub departments: Vec<CaseDepartmentRow>,
    /// What is owed on it, by kind and number.
    pub obligations: Vec<CaseObligationRow>,
    /// The remedies that stand against it, by number.
    pub remedies: Vec<CaseRemedyRow>,
    /// The documents it asks for, by their keys.
    pub documents: Vec<CaseDocumentRow>,
    /// Its proactive publications, by number.
    pub publications: Vec<CasePublicationRow>,
    /// What is searched of it; `None` before it is registered.
    pub search: Option<CaseSearchRow>,
}

/// The words that lists show and search finds: those of the encrypted rows to which a case's events commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The subject.
    pub subject: Option<String>,
    /// The documents asked for, as one text; an empty one is none.
    pub documents: Option<String>,
    /// The words of its proactive publications, by their numbers.
    pub publications: Vec<PublicationWords>,
}

/// The facts that a row keeps for the clock; none for a row of an older program that was not derived anew.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the text is not one that this program writes.
pub fn stored_facts(row: &CaseRow) -> Result<Vec<Fact>, StoreError> {
    serde_json::from_str(&row.clock).map_err(|error| StoreError::Inconsistent {
        table: "cases",
        row: row.id.0.to_string(),
        reason: format!("clock: {error}"),
    })
}

/// The rows of the queue for a case, derived from its state and from the words its events commit to.
///
/// # Errors
/// When the law book lacks the case's statute or its calendar.
pub fn queue_rows(
    case: &Case,
    head: &Head,
    shown: Shown,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    law: &LawBook,
) -> Result<QueueRows, StoreError> {
    let (pack, calendar) = statute_of_case(law, case).ok_or_else(|| lacking(case))?;
    let projection = project(case, pack, calendar);
    let limit = projection.limit.as_ref();
    let (agency, id) = (Key(case.agency.0), Key(case.id.0));
    let clock = serde_json::to_string(&facts(case))
        .map_err(|error| StoreError::Internal(format!("the clock's facts cannot be written: {error}")))?;
    let Shown { subject, documents, publications } = shown;
    let row = CaseRow {
        agency_id: agency,
        id,
        custodian_agency_id: agency,
        version: super::record::signed(case.version)?,
        case_link: head.link.as_bytes().to_vec(),
        statute: case.statute.clone(),
        statute_version: super::record::signed(case.statute_version)?,
        calendar: case.calendar.clone(),
        stage: projection.stage.code().to_owned(),
        status: projection.status.code().to_owned(),
        number: projection.number,
        subject,
        channel: projection.channel.code().to_owned(),
        applicant_kind: projection.applicant_kind.code().to_owned(),
        applicant_id: Key(case.applicant.id.0),
        arrived_on: projection.arrived_on,
        received_on: projection.received_on,
        registered_on: projection.registered_on,
        due_on: limit.map(|limit| limit.due_on),
        yellow_on: limit.map(|limit| limit.yellow_on),
        red_on: limit.map(|limit| limit.red_on),
        provisional: limit
            .and_then(|limit| limit.provisional.as_ref())
            .map(|provisional| provisional_code(provisional).to_owned()),
        department_id: projection.department.map(|department| Key(department.0)),
        assignee_id: projection.assignee.map(|assignee| Key(assignee.0)),
        outcome: projection.outcome.map(|outcome| outcome.code().to_owned()),
        concluded_on: projection.concluded_on,
        archived_on: projection.archived_on,
        due_sort: limit.map_or_else(no_limit, |limit| limit.due_on),
        received_sort: projection.received_on.unwrap_or(projection.arrived_on),
        imported_row: case.receipt.imported_row.map(|digest| digest.0.to_vec()),
        created_at: At(created_at),
        updated_at: At(updated_at),
        clock,
        clock_state: projection.clock.code().to_owned(),
        prudent_due_on: projection.prudent_due_on,
        documents: documents.filter(|documents| !documents.is_empty()),
        inbox_on: (projection.stage == Stage::Receive).then_some(projection.arrived_on),
        archival_code: projection.archival_code,
        retention: projection.kept.map(|kept| kept.retention.code().to_owned()),
        retention_ends_on: projection.kept.and_then(|kept| kept.ends_on),
        on_hold: projection.on_hold,
        disposed_on: projection.disposed_on,
        reply_numbers: lines(&projection.reply_numbers),
    };
    let mut departments: Vec<CaseDepartmentRow> = projection
        .departments
        .into_iter()
        .map(|(department, kind)| CaseDepartmentRow {
            agency_id: agency,
            case_id: id,
            department_id: Key(department.0),
            kind: kind.code().to_owned(),
        })
        .collect();
    departments.sort();
    let mut obligations = projection
        .obligations
        .into_iter()
        .map(|open| {
            Ok(CaseObligationRow {
                agency_id: agency,
                case_id: id,
                kind: open.kind.code().to_owned(),
                n: super::record::signed(open.n)?,
                due_on: open.due_on,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    obligations.sort();
    let search = search_row(&row);
    let remedies = remedy_rows(case)?;
    let documents = document_rows(&row);
    let publications = publication_rows(case, &publications)?;
    Ok(QueueRows { row, departments, obligations, remedies, documents, publications, search })
}

/// What is searched of a case, by its row; `None` before it is registered.
pub(super) fn search_row(row: &CaseRow) -> Option<CaseSearchRow> {
    let documents = Document::read(row.documents.as_deref().unwrap_or_default());
    let searched = Searched {
        subject: row.subject.as_deref(),
        number: row.number.as_deref(),
        reply_numbers: row.reply_numbers.as_deref().unwrap_or_default(),
        documents: &documents,
    };
    let words = indexed(AgencyId(row.agency_id.0), searched)?;
    Some(CaseSearchRow { agency_id: row.agency_id, case_id: row.id, words })
}

/// A line each; `None` for none.
fn lines(numbers: &[ReplyNumber]) -> Option<String> {
    let lines: Vec<&str> = numbers.iter().map(ReplyNumber::as_str).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn remedy_rows(case: &Case) -> Result<Vec<CaseRemedyRow>, StoreError> {
    let row = |remedy: &Remedy| {
        Ok(CaseRemedyRow {
            agency_id: Key(case.agency.0),
            case_id: Key(case.id.0),
            n: super::record::signed(remedy.n)?,
            kind: remedy.kind.code().to_owned(),
            received_on: remedy.received_on,
            result: remedy.outcome.map(|outcome| outcome.result.code().to_owned()),
            decided_on: remedy.outcome.map(|outcome| outcome.decided_on),
        })
    };
    case.remedies.standing().map(row).collect()
}

fn lacking(case: &Case) -> StoreError {
    let Case { id, statute, statute_version, calendar, .. } = case;
    let calendar = calendar.as_deref().map(|id| format!(" with calendar {id}")).unwrap_or_default();
    StoreError::Internal(format!(
        "the law book has no statute {statute} version {statute_version}{calendar}, which case {id} needs"
    ))
}

/// 9999-12-31: both databases hold it, and it sorts after every limit.
pub(super) fn no_limit() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NO_LIMIT)
}
