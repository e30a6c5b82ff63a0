//! Digests of a day, a month and a quarter, made once and kept with a hash that the agency's chain holds. They have numbers, dates and words
//! of this program: nothing that an applicant, or anybody about him, has written.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::App;
use super::directory::Agency;
use super::error::AppError;
use super::ledger::{LedgerLine, Period};
use super::queue::QueueItem;
use super::report_record::canonical;
use super::set_up::Change;
use crate::crypto::framed::sha256;
use crate::crypto::hex;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::event::By;
use crate::domain::case::timeliness::Timeliness;
use crate::domain::digest::{DigestKind, DigestOf};
use crate::domain::ids::AgencyId;
use crate::domain::lang::Lang;
use crate::domain::outcome::Outcome;
use crate::domain::rate::{RateKind, Share};
use crate::domain::sensitivity::Sensitivity;
use crate::store::{At, DigestRow, Key, Owed, QueueFilter, SetUpChange, Sort, StoreError};

/// A worklist has so many lines at most; how many there are is told.
const MOST_TASKS: i64 = 2_000;
/// "Soon" is this many working days ahead, as on the dashboard.
const SOON: u16 = 5;

/// A digest that is kept.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Of what.
    pub kind: DigestKind,
    /// Of which period.
    pub period: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// SHA-256 over its canonical text, as the agency's chain has it.
    pub hash: String,
    /// Whether the text still has that hash.
    pub intact: bool,
    /// What it says.
    pub content: Value,
}

impl App {
    /// Makes the digests that are to be there today at every agency and are not; how many were made. One that fails is told in the log, and
    /// tried again with the next call.
    ///
    /// # Errors
    /// When the agencies cannot be read.
    pub async fn make_due_digests(&self) -> Result<usize, AppError> {
        let mut made = 0_usize;
        for row in self.store.agencies_all().await? {
            let agency = AgencyId(row.id.0);
            let today = self.today(&*self.agency(agency).await?);
            for of in DigestKind::ALL.iter().filter_map(|kind| DigestOf::due_on(*kind, today)) {
                match self.make_digest(agency, of).await {
                    Ok((_, new)) => made = made.saturating_add(usize::from(new)),
                    Err(error) => {
                        tracing::error!(%error, %agency, kind = of.kind.code(), period = of.period(), "no digest was made");
                    }
                }
            }
        }
        Ok(made)
    }

    /// The digest of a period, made now when there is none yet, and whether it was. What is kept is never made anew.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the period has not ended (or is not today, of a worklist).
    pub async fn make_digest(&self, agency: AgencyId, of: DigestOf) -> Result<(Digest, bool), AppError> {
        if let Some(kept) = self.digest(agency, of).await? {
            return Ok((kept, false));
        }
        let known = self.agency(agency).await?;
        let today = self.today(&known);
        // A list of tasks is of today; a month or a quarter must have ended.
        let ready = if of.kind == DigestKind::DailyWorklist { of.from == today } else { of.to < today };
        if !ready {
            return Err(AppError::NotFound);
        }
        let content = match of.kind {
            DigestKind::DailyWorklist => self.worklist(&known, today).await?,
            DigestKind::MonthlyLedger => self.month(&known, of).await?,
            DigestKind::QuarterlyBulletin => self.bulletin(&known, of).await?,
        };
        let content = canonical(&content)?;
        let hash = hex::encode(&sha256(content.as_bytes()));
        let row = DigestRow {
            agency_id: Key(agency.0),
            kind: of.kind.code().to_owned(),
            period: of.period(),
            made_at: At(self.clock.now()),
            hash: hash.clone(),
            content,
        };
        let change = Change {
            agency,
            zone: known.zone,
            by: By::Operator,
            events: vec![AgencyEvent::DigestMade { kind: of.kind, period: of.period(), hash }],
            rows: SetUpChange::Digest(row.clone()),
            retry: None,
        };
        match self.change(change).await {
            Ok(()) => Ok((read(row)?, true)),
            // Another instance was first.
            Err(AppError::Store(StoreError::Taken { .. })) => {
                self.digest(agency, of).await?.map(|kept| (kept, false)).ok_or(AppError::NotFound)
            }
            Err(error) => Err(error),
        }
    }

    /// The digest of a period, when there is one.
    ///
    /// # Errors
    /// When the row holds what this program never writes.
    pub async fn digest(&self, agency: AgencyId, of: DigestOf) -> Result<Option<Digest>, AppError> {
        let row = self.store.digest(Key(agency.0), of.kind, of.period()).await?;
        row.map(read).transpose()
    }

    /// The digests of a kind, the newest period first: those before a period, at most so many.
    ///
    /// # Errors
    /// When a row holds what this program never writes.
    pub async fn digests(
        &self,
        agency: AgencyId,
        kind: DigestKind,
        before: Option<String>,
        limit: i64,
    ) -> Result<Vec<Digest>, AppError> {
        let rows = self.store.digests(Key(agency.0), kind, before, limit).await?;
        rows.into_iter().map(read).collect()
    }

    /// What is to be done: overdue, due today, and due within five working days.
    async fn worklist(&self, agency: &Agency, today: NaiveDate) -> Result<Value, AppError> {
        let (_, calendar) = Self::statute_on(&self.store.law(), agency, today)?;
        let soon = calendar.add_working_days(today, SOON).unwrap_or(today);
        let names = self.department_names(agency).await?;
        let filter = QueueFilter {
            owed: Some(Owed { kind: None, from: None, to: Some(soon), today }),
            sort: Sort::ObligationDueOn,
            ..QueueFilter::all(Key(agency.id.0), MOST_TASKS)
        };
        let lines = self.store.cases_page(filter).await?;
        let (mut overdue, mut due_today, mut due_soon) = (Vec::new(), Vec::new(), Vec::new());
        let mut withheld = 0_u64;
        let whole = i64::try_from(lines.len()).is_ok_and(|n| n < MOST_TASKS);
        for line in lines {
            let item = QueueItem::of(line, today);
            let Some(next) = &item.next else { continue };
            if item.row.sensitivity > Sensitivity::Ordinary.level() {
                withheld = withheld.saturating_add(1);
                continue;
            }
            let task = json!({
                "case_id": item.row.id.0, "number": item.row.number, "status": item.row.status,
                "department": item.row.department_id.and_then(|id| names.get(&id)),
                "task": next.kind.code(), "due_on": next.due_on,
                "light": item.light.map(crate::domain::time_limit::Light::code),
            });
            match next.due_on.cmp(&today) {
                std::cmp::Ordering::Less => overdue.push(task),
                std::cmp::Ordering::Equal => due_today.push(task),
                std::cmp::Ordering::Greater => due_soon.push(task),
            }
        }
        Ok(with_withheld(
            withheld,
            json!({
                "kind": DigestKind::DailyWorklist.code(), "period": today.to_string(), "agency_code": agency.row.code,
                "soon": soon, "whole": whole, "overdue": overdue, "due_today": due_today, "due_soon": due_soon,
            }),
        ))
    }

    /// Every request received in a month, as it stands when the digest is made.
    async fn month(&self, agency: &Agency, of: DigestOf) -> Result<Value, AppError> {
        let lines = self.lines(agency, of).await?;
        let told: Vec<Value> =
            lines.iter().filter(|line| line.sensitivity == Sensitivity::Ordinary).map(line).collect();
        let withheld = u64::try_from(lines.len().saturating_sub(told.len())).unwrap_or(u64::MAX);
        Ok(with_withheld(
            withheld,
            json!({
                "kind": of.kind.code(), "period": of.period(), "agency_code": agency.row.code, "from": of.from, "to": of.to,
                "total": lines.len(), "lines": told,
            }),
        ))
    }

    /// The figures of a quarter.
    async fn bulletin(&self, agency: &Agency, of: DigestOf) -> Result<Value, AppError> {
        let lines = self.lines(agency, of).await?;
        let rates = self.rates(agency.id, (Some(of.from), Some(of.to))).await?;
        let rate = |(kind, share): &(RateKind, Share)| {
            json!({
                "code": kind.code(), "label": kind.label(Lang::Zh), "rule": kind.rule(Lang::Zh),
                "count": share.count, "of": share.of, "percent": share.percent(),
            })
        };
        Ok(json!({
            "kind": of.kind.code(), "period": of.period(), "agency_code": agency.row.code, "from": of.from, "to": of.to,
            "received": lines.len(),
            "received_by_channel": counted(&lines, |line| Some(line.channel.code())),
            "received_by_applicant": counted(&lines, |line| Some(line.applicant_kind.code())),
            "received_by_department": counted(&lines, |line| line.department.as_deref()),
            "received_by_status": counted(&lines, |line| Some(line.status.code())),
            "answered_by_outcome": counted(&lines, |line| line.outcome.map(Outcome::code)),
            "rates": rates.shares.iter().map(rate).collect::<Vec<_>>(),
        }))
    }

    async fn lines(&self, agency: &Agency, of: DigestOf) -> Result<Vec<LedgerLine>, AppError> {
        let mut ledger = self.whole_ledger(agency.id, Period { from: of.from, to: of.to }).await?;
        let mut all = Vec::new();
        loop {
            let lines = self.ledger_page(&mut ledger).await?;
            if lines.is_empty() {
                return Ok(all);
            }
            all.extend(lines);
        }
    }
}

/// A digest is read by everybody who reads figures, and for as long as it is kept: cases that bear a label are counted in it, not told.
fn with_withheld(withheld: u64, mut digest: Value) -> Value {
    if let Some(members) = digest.as_object_mut().filter(|_| withheld > 0) {
        members.insert("withheld".to_owned(), withheld.into());
    }
    digest
}

/// A line without anybody's words.
fn line(line: &LedgerLine) -> Value {
    let in_time = match line.timeliness {
        Timeliness::InTime { .. } => Some(true),
        Timeliness::Late { .. } | Timeliness::Overdue { .. } => Some(false),
        Timeliness::NotCounted => None,
    };
    json!({
        "number": line.number, "received_on": line.received_on, "channel": line.channel.code(),
        "applicant_kind": line.applicant_kind.code(), "department": line.department, "status": line.status.code(),
        "due_on": line.due_on, "outcome": line.outcome.map(Outcome::code),
        "concluded_on": line.concluded_on, "in_time": in_time,
    })
}

/// How many lines have each word.
fn counted<'a>(lines: &'a [LedgerLine], of: impl Fn(&'a LedgerLine) -> Option<&'a str>) -> Value {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for word in lines.iter().filter_map(of) {
        let count = counts.entry(word).or_default();
        *count = count.saturating_add(1);
    }
    json!(counts)
}

fn read(row: DigestRow) -> Result<Digest, AppError> {
    let inconsistent = |reason: String| {
        AppError::Store(StoreError::Inconsistent {
            table: "digests",
            row: format!("{}/{}/{}", row.agency_id.0, row.kind, row.period),
            reason,
        })
    };
    let kind = DigestKind::parse(&row.kind).ok_or_else(|| inconsistent("an unknown kind".to_owned()))?;
    let content = serde_json::from_str(&row.content).map_err(|error| inconsistent(error.to_string()))?;
    let intact = hex::encode(&sha256(row.content.as_bytes())) == row.hash;
    Ok(Digest { kind, period: row.period, made_at: row.made_at.0, hash: row.hash, intact, content })
}
