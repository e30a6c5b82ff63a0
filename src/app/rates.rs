//! Rates of a period, each with what was counted: how many replies were in time, how many requests had to be corrected, how many
//! remedies the office lost. No applicant's data.

use chrono::NaiveDate;

use super::App;
use super::error::AppError;
use super::ledger::Period;
use crate::domain::case::timeliness::Timeliness;
use crate::domain::ids::AgencyId;
use crate::domain::lang::Lang;
use crate::domain::remedy::{RemedyKind, RemedyResult};
use crate::domain::time_limit::FactKind;
use crate::store::{CaseRow, ConcludedFilter, Key, QueueFilter, StoreError, stored_facts};

/// How many rows are read at a time.
const PAGE: i64 = 1_000;

/// What is told as a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateKind {
    /// 按时答复率.
    Timely,
    /// 延期率.
    Extended,
    /// 补正率.
    Correction,
    /// 行政复议纠错率.
    ReconsiderationLost,
    /// 行政诉讼败诉率.
    LitigationLost,
}

impl RateKind {
    /// Every rate, in the order in which they are told.
    pub const ALL: &'static [Self] =
        &[Self::Timely, Self::Extended, Self::Correction, Self::ReconsiderationLost, Self::LitigationLost];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Timely => "timely",
            Self::Extended => "extended",
            Self::Correction => "correction",
            Self::ReconsiderationLost => "reconsideration_lost",
            Self::LitigationLost => "litigation_lost",
        }
    }

    /// What an office calls it.
    pub fn label(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Timely => ("按时答复率", "Replies in time"),
            Self::Extended => ("延期率", "Replies after an extension"),
            Self::Correction => ("补正率", "Requests that had to be corrected"),
            Self::ReconsiderationLost => ("行政复议纠错率", "Reconsiderations lost"),
            Self::LitigationLost => ("行政诉讼败诉率", "Suits lost"),
        };
        lang.pick(zh, en)
    }

    /// What is counted, of what.
    pub fn rule(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Timely => (
                "期间内作出的答复中，在答复期限届满日或之前发出的件数。答复尚未发出且已逾期的计入分母；撤回、视为放弃、以及依复议决定或判决重新作出答复的不计。",
                "Of the replies decided upon in the period, those that left on or before their last day. A reply that has not left and is overdue counts as not in time; withdrawals, lapses and cases that are answered anew after a remedy are left out.",
            ),
            Self::Extended => (
                "期间内作出的答复中，答复前已依法告知延期的件数。不计的同按时答复率。",
                "Of the replies decided upon in the period, those whose period had been extended. What is left out is as for replies in time.",
            ),
            Self::Correction => (
                "期间内收到的申请中，已要求申请人补正的件数。收到日期尚待确认的不计。",
                "Of the requests received in the period, those whose applicant was asked for a correction. Requests whose date of receipt awaits a confirmation are left out.",
            ),
            Self::ReconsiderationLost => (
                "期间内作出决定的行政复议中，结果纠正的件数（与年度报告表四相同，误登的不计）。",
                "Of the reconsiderations decided in the period, those that corrected the office (as in table 4 of the annual report; what was entered by mistake is left out).",
            ),
            Self::LitigationLost => (
                "期间内作出裁判的行政诉讼中，结果纠正的件数，含未经复议直接起诉和复议后起诉（与年度报告表四相同，误登的不计）。",
                "Of the suits decided in the period, with or without a reconsideration before, those that corrected the office (as in table 4 of the annual report; what was entered by mistake is left out).",
            ),
        };
        lang.pick(zh, en)
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many the rule takes.
    pub count: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// In hundredths of a per cent, rounded half up; `None` of nothing.
    ///
    /// ```
    /// use gongkai::app::rates::Share;
    ///
    /// assert_eq!(Share { count: 2, of: 3 }.hundredths(), Some(66_67));
    /// assert_eq!(Share { count: 0, of: 0 }.hundredths(), None);
    /// ```
    pub fn hundredths(self) -> Option<u64> {
        let doubled = self.count.saturating_mul(20_000).saturating_add(self.of);
        doubled.checked_div(self.of.saturating_mul(2))
    }

    /// As a number of per cent with two decimals, such as `66.67`; `None` of nothing.
    pub fn percent(self) -> Option<String> {
        self.hundredths().map(|all| format!("{}.{:02}", all / 100, all % 100))
    }

    fn add(&mut self, taken: bool) {
        self.of = self.of.saturating_add(1);
        self.count = self.count.saturating_add(u64::from(taken));
    }
}

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
