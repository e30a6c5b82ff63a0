//! Answers of the store that are more than rows.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::checkpoints::CheckpointRow;
use super::error::StoreError;
use super::portals::PortalRow;
use super::publication::{CaseDocumentRow, CasePublicationRow};
use super::rows::{
    AccountRow, CaseDepartmentRow, CaseObligationRow, CaseRemedyRow, CaseRow, CaseSearchRow, DelegationRow,
    EventRow, GrantRow,
};
use super::schema::chain_heads;
use super::types::Key;
use crate::domain::case::projection::OpenObligation;
use crate::domain::time_limit::ObligationKind;

/// What became of a refresh token that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It was good; the next one is stored.
    Rotated {
        /// The session that goes on.
        session: Key,
        /// Whose it is.
        account: Key,
        /// Whether it was opened with a password.
        by_password: bool,
    },
    /// It is unknown, or its session has ended.
    Refused,
    /// It had been used before: its session has been ended.
    Reused,
}

/// A queue row with what is owed on the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueLine {
    /// The row.
    pub row: CaseRow,
    /// What is owed and not met, by kind and number; chances that have passed are among it.
    pub owed: Vec<OpenObligation>,
}

/// A page of the inbox, with the figures around it, in one snapshot.
#[derive(Clone, Debug, Default)]
pub struct InboxPage {
    /// The cases, by day of arrival and id.
    pub lines: Vec<QueueLine>,
    /// How many arrived on each day of the page, on whichever page they are.
    pub days: Vec<(NaiveDate, i64)>,
    /// How many there are.
    pub total: i64,
    /// The day of arrival of the oldest.
    pub oldest: Option<NaiveDate>,
}

/// Cases with the same limit: the day the reply is due, the first days of the yellow and of the red light, how many.
pub type LimitCount = (Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>, i64);

/// Counts for the dashboard, in one snapshot.
#[derive(Clone, Debug, Default)]
pub struct DashboardCounts {
    /// All cases.
    pub total: i64,
    /// Those not yet archived, by status.
    pub statuses: Vec<(String, i64)>,
    /// Cases that owe a reply, by its limit.
    pub limits: Vec<LimitCount>,
    /// Open cases by the departments at work on them: department, how it takes part, how many; without a department, those
    /// on which none works.
    pub departments: Vec<(Option<Key>, Option<String>, i64)>,
    /// What is owed, by kind and last day; chances that have passed are among it.
    pub owed: Vec<(String, NaiveDate, i64)>,
    /// The day of arrival of the oldest case that is not yet registered.
    pub oldest: Option<NaiveDate>,
}

/// Counts by applicant kind, for one agency and year.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Received in the year.
    pub new: Vec<(String, i64)>,
    /// Received before and not concluded before.
    pub carried_over: Vec<(String, i64)>,
    /// Concluded in the year, by outcome.
    pub concluded: Vec<(String, Option<String>, i64)>,
    /// Not concluded by the end of the year.
    pub carried_forward: Vec<(String, i64)>,
    /// Remedies decided in the year, by kind and result; without a result, those pending at its end.
    pub remedies: Vec<(String, Option<String>, i64)>,
}

/// A registration number in use, with the digest of the ledger row it came from.
pub type NumberInUse = (String, Option<Vec<u8>>);

/// A case as it is stored, within one snapshot.
#[derive(Clone, Debug)]
pub struct StoredCase {
    /// Its id.
    pub id: Key,
    /// Its queue row; `None` when it is missing.
    pub row: Option<CaseRow>,
    /// Its departments, by id.
    pub departments: Vec<CaseDepartmentRow>,
    /// What is owed on it, by kind and number.
    pub obligations: Vec<CaseObligationRow>,
    /// What is searched of it.
    pub search: Option<CaseSearchRow>,
    /// The remedies that stand against it, by number.
    pub remedies: Vec<CaseRemedyRow>,
    /// The documents it asks for, by their keys.
    pub documents: Vec<CaseDocumentRow>,
    /// Its proactive publications, by number.
    pub publications: Vec<CasePublicationRow>,
    /// Its events, in order.
    pub events: Vec<EventRow>,
}

/// Whether the index of a search holds what `case_search` does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IndexState {
    /// It does.
    #[default]
    Sound,
    /// It did not, and was made anew.
    MadeAnew,
    /// It does not.
    Unsound,
}

/// The end of an agency's chain, as it is remembered beside the events.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = chain_heads)]
pub struct HeadRow {
    /// The number of its newest event; 0 before the first.
    pub seq: i64,
    /// That event's link.
    pub link: Vec<u8>,
    /// The keyed hash of both (`store/seals.rs`).
    pub seal: Option<Vec<u8>>,
}

/// Who may do what at an agency.
#[derive(Clone, Debug, Default)]
pub struct RightsRows {
    /// Its accounts.
    pub accounts: Vec<AccountRow>,
    /// The roles held there.
    pub grants: Vec<GrantRow>,
    /// The accounts bound at the identity provider.
    pub bound: Vec<Key>,
    /// The delegations.
    pub delegations: Vec<DelegationRow>,
    /// The portals.
    pub portals: Vec<PortalRow>,
    /// Their secrets: of which portal, which of its.
    pub secrets: Vec<(Key, i32)>,
}

/// Whom an agency's whole record is shown to, on a database thread and within one snapshot.
pub trait Walker: Send + 'static {
    /// The remembered end of the agency's chain; `None` when there is none.
    fn head(&mut self, head: Option<HeadRow>);
    /// All its checkpoints, before the first event.
    fn checkpoints(&mut self, rows: Vec<CheckpointRow>);
    /// Who may do what, as the rows say it.
    fn rights(&mut self, rows: RightsRows);
    /// The next events, in the order of the agency's chain.
    fn events(&mut self, events: Vec<EventRow>);
    /// Whether the ends of the cases are wanted.
    fn wants_cases(&self) -> bool;
    /// The next cases by id: version and newest link.
    fn case_ends(&mut self, ends: Vec<(Key, i32, Vec<u8>)>);
}

/// What is owed, read back.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the row holds what this program never writes.
pub fn open_obligation(row: &CaseObligationRow) -> Result<OpenObligation, StoreError> {
    let inconsistent = |reason: &str| StoreError::Inconsistent {
        table: "case_obligations",
        row: row.case_id.0.to_string(),
        reason: reason.to_owned(),
    };
    Ok(OpenObligation {
        kind: ObligationKind::parse(&row.kind).ok_or_else(|| inconsistent("an unknown kind"))?,
        n: u32::try_from(row.n).map_err(|_| inconsistent("a number below zero"))?,
        due_on: row.due_on,
    })
}
