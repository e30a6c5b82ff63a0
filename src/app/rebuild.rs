//! Deriving every queue row again from the events, which must change nothing (design 3.1). What differs is reported
//! and, unless only asked about, put right; the events themselves are verified first and never touched.

mod derive;

use std::sync::Arc;

use self::derive::{Unlike, differing};
use super::App;
use super::directory::Agency;
use super::error::AppError;
use super::progress::{Phase, Progress, Step};
use super::verify::{Ends, Verified};
use crate::audit::verify::Finding;
use crate::domain::ids::{AgencyId, CaseId};
use crate::store::{IndexState, Key, QueueRows, StoredCase};

/// How many cases are read at a time.
const PAGE: i64 = 500;

/// What came of a rebuild.
#[derive(Clone, Debug, Default)]
pub struct Rebuilt {
    /// Agencies gone through.
    pub agencies: u64,
    /// Cases derived.
    pub cases: u64,
    /// Events verified.
    pub events: u64,
    /// Cases whose stored rows are not what their events make of them.
    pub differences: Vec<Difference>,
    /// Cases that cannot be derived.
    pub problems: Vec<Problem>,
    /// Whether the index of searches holds what it should.
    pub search_index: IndexState,
    /// What is wrong with the events themselves, by the agency's code.
    pub findings: Vec<(String, Finding)>,
}

/// A case whose stored rows were not what its events make of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The agency's code.
    pub agency: String,
    /// The case.
    pub case: CaseId,
    /// The columns that differ; `row` when the row is missing, `case_departments` for the departments, `case_obligations`
    /// for what is owed, `case_search` for what is searched, `custodies` when it is not remembered who took cases over.
    pub columns: Vec<&'static str>,
    /// Whether the derived rows were put in their place.
    pub replaced: bool,
}

/// A case that cannot be derived, and is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The agency's code.
    pub agency: String,
    /// The case.
    pub case: CaseId,
    /// Why, in English.
    pub reason: String,
}

impl Rebuilt {
    /// Whether the queue rows are now what the events make of them, and the events are sound.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
            && self.problems.is_empty()
            && self.differences.iter().all(|one| one.replaced)
            && self.search_index != IndexState::Unsound
    }
}

impl App {
    /// Goes through every case of every agency. With `check_only` nothing is written. The rows of an agency whose
    /// events do not verify are never replaced, nor is a row that knows of more events than there are: they may be
    /// the last trace of what was removed.
    ///
    /// # Errors
    /// When the database fails. What is wrong with the data is in the result.
    pub async fn rebuild(&self, check_only: bool, progress: &Progress) -> Result<Rebuilt, AppError> {
        let mut rebuilt = Rebuilt::default();
        for row in self.store.agencies_all().await? {
            let Verified { outcome, .. } = self.verify_agency(&row, Ends::AgencyOnly, progress).await?;
            let sound = outcome.is_ok();
            match outcome {
                Ok(report) => rebuilt.events = rebuilt.events.saturating_add(report.events),
                Err(findings) => {
                    rebuilt.findings.extend(findings.into_iter().map(|finding| (row.code.clone(), finding)));
                }
            }
            let agency = self.agency(AgencyId(row.id.0)).await?;
            self.rebuild_agency(&agency, sound && !check_only, &mut rebuilt, progress).await?;
            rebuilt.agencies = rebuilt.agencies.saturating_add(1);
        }
        for (agency, case) in self.store.custodies_check(!check_only).await? {
            let agency = self.agency(AgencyId(agency.0)).await?.row.code.clone();
            let (case, columns) = (CaseId(case.0), vec!["custodies"]);
            rebuilt.differences.push(Difference { agency, case, columns, replaced: !check_only });
        }
        rebuilt.search_index = self.store.search_index_check(!check_only).await?;
        Ok(rebuilt)
    }

    async fn rebuild_agency(
        &self,
        agency: &Arc<Agency>,
        repair: bool,
        rebuilt: &mut Rebuilt,
        progress: &Progress,
    ) -> Result<(), AppError> {
        let key = Key(agency.id.0);
        let total = u64::try_from(self.store.cases_count(key).await?).unwrap_or(0);
        let mut done = 0_u64;
        let mut after = None;
        loop {
            let page = self.store.stored_cases_after(key, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            done = done.saturating_add(u64::try_from(page.len()).unwrap_or(0));
            self.rebuild_page(agency, page, repair, rebuilt).await?;
            progress(Step { phase: Phase::Replaying, done, total: total.max(done) });
        }
        loop {
            let page = self.store.cases_without_row(key, PAGE).await?;
            let found = page.len();
            let replaced_before = replaced(rebuilt);
            self.rebuild_page(agency, page, repair, rebuilt).await?;
            // Those that were not made would be found again without end.
            if found == 0 || replaced(rebuilt).saturating_sub(replaced_before) < found {
                return Ok(());
            }
        }
    }

    async fn rebuild_page(
        &self,
        agency: &Arc<Agency>,
        page: Vec<StoredCase>,
        repair: bool,
        rebuilt: &mut Rebuilt,
    ) -> Result<(), AppError> {
        let derived = self.derive_page(agency, &page).await?;
        for (stored, derived) in page.into_iter().zip(derived) {
            rebuilt.cases = rebuilt.cases.saturating_add(1);
            let unlike =
                derived.and_then(|derived| differing(&stored, &derived).map(|columns| (columns, derived)));
            match unlike {
                Ok((columns, _)) if columns.is_empty() => {}
                Ok((columns, derived)) => {
                    let replaced = repair && self.replace(&stored, derived).await?;
                    rebuilt.differences.push(Difference {
                        agency: agency.row.code.clone(),
                        case: CaseId(stored.id.0),
                        columns,
                        replaced,
                    });
                }
                Err(Unlike(reason)) => rebuilt.problems.push(Problem {
                    agency: agency.row.code.clone(),
                    case: CaseId(stored.id.0),
                    reason,
                }),
            }
        }
        Ok(())
    }

    async fn replace(&self, stored: &StoredCase, derived: QueueRows) -> Result<bool, AppError> {
        let before = stored.row.as_ref().map(|row| row.version);
        Ok(self.store.case_row_replace(before, derived).await?)
    }
}

fn replaced(rebuilt: &Rebuilt) -> usize {
    rebuilt.differences.iter().filter(|difference| difference.replaced).count()
}
