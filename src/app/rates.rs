//! Rates of a period, each with what was counted: how many replies were in time, how many requests had to be corrected, how many
//! remedies the office lost. No applicant's data.

use chrono::NaiveDate;

use super::App;
use super::error::AppError;
use super::ledger::Period;
use crate::domain::case::timeliness::Timeliness;
use crate::domain::ids::AgencyId;
use crate::domain::rate::{RateKind, Share};
use crate::domain::remedy::{RemedyKind, RemedyResult};
use crate::domain::time_limit::FactKind;
use crate::store::{CaseRow, ConcludedFilter, Key, QueueFilter, StoreError, stored_facts};

/// How many rows are read at a time.
const PAGE: i64 = 1_000;

/// The rates of one agency.
#[derive(Clone, Debug)]
pub struct Rates {
    /// The period.
    pub period: Period,
    /// The civil date as of which it was counted.
    pub as_of: NaiveDate,
    /// Each rate.
    pub shares: Vec<(RateKind, Share)>,
}

impl App {
    /// The rates of an agency in a period (see [`RateKind::rule`] for what each counts).
    ///
    /// # Errors
    /// As [`Period::asked`]; when the database fails.
    pub async fn rates(
        &self,
        agency: AgencyId,
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    ) -> Result<Rates, AppError> {
        let as_of = self.today_at(agency).await?;
        let period = Period::asked(from, to, as_of)?;
        let (timely, extended) = self.answered(agency, period, as_of).await?;
        let correction = self.corrected(agency, period).await?;
        let decided = self.store.remedies_decided(Key(agency.0), (period.from, period.to)).await?;
        let lost = |of: &dyn Fn(RemedyKind) -> bool| lost(&decided, of);
        let shares = vec![
            (RateKind::Timely, timely),
            (RateKind::Extended, extended),
            (RateKind::Correction, correction),
            (RateKind::ReconsiderationLost, lost(&|kind| kind == RemedyKind::Reconsideration)?),
            (RateKind::LitigationLost, lost(&is_suit)?),
        ];
        Ok(Rates { period, as_of, shares })
    }

    /// Of the replies decided upon in a period: those in time, and those that were extended.
    async fn answered(
        &self,
        agency: AgencyId,
        period: Period,
        as_of: NaiveDate,
    ) -> Result<(Share, Share), AppError> {
        let (mut timely, mut extended) = (Share::default(), Share::default());
        let mut after = None;
        loop {
            let filter = ConcludedFilter {
                agency: Key(agency.0),
                first: period.from,
                last: period.to,
                after,
                limit: PAGE,
            };
            let rows = self.store.cases_concluded(filter).await?;
            after = rows.last().and_then(|row| row.concluded_on.map(|day| (day, row.id)));
            for row in &rows {
                match self.timeliness(row, as_of)? {
                    Timeliness::InTime { .. } => timely.add(true),
                    Timeliness::Late { .. } | Timeliness::Overdue { .. } => timely.add(false),
                    Timeliness::NotCounted => continue,
                }
                extended.add(has(row, FactKind::Extended)?);
            }
            if after.is_none() {
                return Ok((timely, extended));
            }
        }
    }

    /// Of the requests received in a period: those that had to be corrected.
    async fn corrected(&self, agency: AgencyId, period: Period) -> Result<Share, AppError> {
        let mut share = Share::default();
        let mut after = None;
        loop {
            let filter = QueueFilter::received(Key(agency.0), (period.from, period.to), after, PAGE);
            let lines = self.store.cases_page(filter).await?;
            after = lines.last().map(|line| (line.row.received_sort, line.row.id));
            for line in lines.iter().filter(|line| line.row.received_on.is_some()) {
                share.add(has(&line.row, FactKind::CorrectionRequested)?);
            }
            if after.is_none() {
                return Ok(share);
            }
        }
    }
}

fn has(row: &CaseRow, kind: FactKind) -> Result<bool, AppError> {
    Ok(stored_facts(row)?.iter().any(|fact| fact.what.kind() == kind))
}

fn is_suit(kind: RemedyKind) -> bool {
    match kind {
        RemedyKind::LitigationDirect | RemedyKind::LitigationAfterReconsideration => true,
        RemedyKind::Reconsideration | RemedyKind::Complaint => false,
    }
}

/// Of the remedies of some kinds: those that corrected the office.
fn lost(
    decided: &[(String, Option<String>, i64)],
    of: &dyn Fn(RemedyKind) -> bool,
) -> Result<Share, AppError> {
    let mut share = Share::default();
    for (kind, result, n) in decided {
        let known = RemedyKind::parse(kind).zip(result.as_deref().and_then(RemedyResult::parse));
        let (kind, result) = known.ok_or_else(|| {
            AppError::Store(StoreError::Inconsistent {
                table: "case_remedies",
                row: kind.clone(),
                reason: "an unknown kind or result".to_owned(),
            })
        })?;
        if of(kind) {
            share.of = share.of.saturating_add(n.unsigned_abs());
            let taken = if result == RemedyResult::Corrected { n.unsigned_abs() } else { 0 };
            share.count = share.count.saturating_add(taken);
        }
    }
    Ok(share)
}
