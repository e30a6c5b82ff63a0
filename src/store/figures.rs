//! What is counted: the inbox, the dashboard, the annual report, rates.

use super::filter::{CellFilter, ConcludedFilter, DashboardFilter, InboxFilter, RemedyCellFilter};
use super::{
    Backend, CaseRow, Counts, DashboardCounts, DigestRow, InboxPage, Key, ReportEntryRow, ReportFreezeRow,
    Store, StoreError, postgres, sqlite,
};

use crate::domain::digest::DigestKind;

impl Store {
    /// A page of the inbox.
    pub async fn inbox_page(&self, filter: InboxFilter) -> Result<InboxPage, StoreError> {
        read!(self, |conn, q| q::inbox::inbox_page(conn, &filter))
    }

    /// Counts for the dashboard.
    pub async fn dashboard_counts(&self, filter: DashboardFilter) -> Result<DashboardCounts, StoreError> {
        read!(self, |conn, q| q::dashboard::dashboard_counts(conn, &filter))
    }

    /// Counts for table 3 of the annual report.
    pub async fn report_counts(
        &self,
        agency: Key,
        first: chrono::NaiveDate,
        last: chrono::NaiveDate,
    ) -> Result<Counts, StoreError> {
        read!(self, |conn, q| q::report::report_counts(conn, agency, first, last))
    }

    /// The cases behind a cell of table 3.
    pub async fn report_cell_cases(&self, filter: CellFilter) -> Result<Vec<CaseRow>, StoreError> {
        read!(self, |conn, q| q::report::report_cell_cases(conn, &filter))
    }

    /// The remedies behind a cell of table 4: each by its number, with the row of its case.
    pub async fn report_cell_remedies(
        &self,
        filter: RemedyCellFilter,
    ) -> Result<Vec<(i32, CaseRow)>, StoreError> {
        read!(self, |conn, q| q::report::report_cell_remedies(conn, &filter))
    }

    /// A page of the cases concluded in a period.
    pub async fn cases_concluded(&self, filter: ConcludedFilter) -> Result<Vec<CaseRow>, StoreError> {
        read!(self, |conn, q| q::report::cases_concluded(conn, &filter))
    }

    /// How many remedies were decided in a period (both days included), by kind and result.
    pub async fn remedies_decided(
        &self,
        agency: Key,
        period: (chrono::NaiveDate, chrono::NaiveDate),
    ) -> Result<Vec<(String, Option<String>, i64)>, StoreError> {
        read!(self, |conn, q| q::report::remedies_decided(conn, agency, period))
    }

    /// Table 2 of a year, as it was entered last.
    pub async fn report_entry(&self, agency: Key, year: i32) -> Result<Option<ReportEntryRow>, StoreError> {
        read!(self, |conn, q| q::report::report_entry(conn, agency, year))
    }

    /// A year's reports as they were frozen, the newest first.
    pub async fn report_freezes(
        &self,
        agency: Key,
        year: i32,
        limit: i64,
    ) -> Result<Vec<ReportFreezeRow>, StoreError> {
        read!(self, |conn, q| q::report::report_freezes(conn, agency, year, limit))
    }

    /// A digest that is kept.
    pub async fn digest(
        &self,
        agency: Key,
        kind: DigestKind,
        period: String,
    ) -> Result<Option<DigestRow>, StoreError> {
        read!(self, |conn, q| q::report::digest(conn, agency, kind, &period))
    }

    /// The digests of a kind before a period, the newest first.
    pub async fn digests(
        &self,
        agency: Key,
        kind: DigestKind,
        before: Option<String>,
        limit: i64,
    ) -> Result<Vec<DigestRow>, StoreError> {
        read!(self, |conn, q| q::report::digests_of(conn, agency, kind, before.as_deref(), limit))
    }
}
