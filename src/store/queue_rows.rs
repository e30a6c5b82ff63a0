//! What the queue keeps of a case: its row and the rows beside it, derived from its state and the words its events commit to.

use chrono::{DateTime, Utc};

use super::commit::statute_of_case;
use super::error::StoreError;
use super::publication::{
    CaseDocumentRow, CasePublicationRow, PublicationWords, document_rows, publication_rows,
};
use super::rows::{CaseDepartmentRow, CaseObligationRow, CaseRemedyRow, CaseRow, CaseSearchRow};
use super::types::{At, Key};
use crate::audit::chain::Head;
use crate::domain::case::clock::facts;
use crate::domain::case::document::Document;
use crate::domain::case::projection::{project, provisional_code};
use crate::domain::case::remedies::Remedy;
use crate::domain::case::state::{Case, Stage};
use crate::domain::ids::AgencyId;
use crate::domain::reply::ReplyNumber;
use crate::domain::search::{Searched, indexed};
use crate::domain::time_limit::Fact;
use crate::law::LawBook;

/// A date that sorts after every limit: for cases that owe no reply.
const NO_LIMIT: chrono::NaiveDate = chrono::NaiveDate::MAX;

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
        custodian_agency_id: Key(case.custodian.0),
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
        sensitivity: case.sensitivity.level(),
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
