//! The ledger (台账): every case received in a period, a line each, with who works on it, by when, and what became of it.

use std::collections::HashMap;

use std::sync::Arc;

use chrono::NaiveDate;

use super::App;
use super::applicant_search::opened;
use super::directory::{Agency, at_origin};
use super::error::{AppError, FieldError};
use super::queue::{QueueItem, reach};
use crate::domain::applicant::ApplicantKind;
use crate::domain::case::Status;
use crate::domain::case::projection::OpenObligation;
use crate::domain::case::timeliness::Timeliness;
use crate::domain::channel::Channel;
use crate::domain::ids::{AgencyId, DepartmentId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::{Action, scope};
use crate::domain::role::Actor;
use crate::domain::sensitivity::Sensitivity;
use crate::domain::time_limit::{Light, Rules};
use crate::store::{
    ApplicantRow, CaseRow, Key, QueueFilter, QueueLine, Reach, StoreError, statute_of_row, stored_facts,
};

/// The longest period of a ledger, in days: a leap year.
pub const MOST_DAYS: i64 = 366;
/// How many lines are read at a time.
const PAGE: usize = 500;

/// A period, both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// The period asked for: the calendar year of today where nothing is said, and the year of the day that is said.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it ends before it begins, or is longer than [`MOST_DAYS`].
    pub fn asked(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> Result<Self, AppError> {
        use chrono::Datelike;
        let year = from.or(to).unwrap_or(today).year();
        let bound = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(today);
        let period =
            Self { from: from.unwrap_or_else(|| bound(1, 1)), to: to.unwrap_or_else(|| bound(12, 31)) };
        let days = (period.to - period.from).num_days().saturating_add(1);
        if (1..=MOST_DAYS).contains(&days) {
            return Ok(period);
        }
        let (zh, en) = (
            format!("截止日期不得早于起始日期，且期间最长{MOST_DAYS}天。"),
            format!("The last day is not before the first, and a period has {MOST_DAYS} days at most."),
        );
        Err(AppError::Invalid(vec![FieldError::new("to", "out_of_range", &zh, &en)]))
    }
}

/// A line of the ledger. No applicant's data but his masked name.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// The registration number.
    pub number: Option<String>,
    /// The date of receipt.
    pub received_on: Option<NaiveDate>,
    /// The day of registration.
    pub registered_on: Option<NaiveDate>,
    /// Its security label.
    pub sensitivity: Sensitivity,
    /// How it came.
    pub channel: Channel,
    /// The column of the annual report.
    pub applicant_kind: ApplicantKind,
    /// His name, masked; `None` once his record was erased.
    pub applicant: Option<String>,
    /// The clerk's summary.
    pub subject: Option<String>,
    /// The department that leads.
    pub department: Option<String>,
    /// Where the case stands.
    pub status: Status,
    /// The last day of the reply, while one is owed.
    pub due_on: Option<NaiveDate>,
    /// How pressing that is.
    pub light: Option<Light>,
    /// What is to be done, or waited for, first, and until when.
    pub next: Option<OpenObligation>,
    /// What was answered.
    pub outcome: Option<Outcome>,
    /// The day on which the case was concluded.
    pub concluded_on: Option<NaiveDate>,
    /// Whether the reply was in time.
    pub timeliness: Timeliness,
    /// The day of archiving.
    pub archived_on: Option<NaiveDate>,
}

/// A ledger that is about to be read, page by page.
pub struct Ledger {
    agency: std::sync::Arc<Agency>,
    reach: Reach,
    names: HashMap<Key, String>,
    period: Period,
    today: NaiveDate,
    after: Option<(NaiveDate, Key)>,
    ended: bool,
}

impl Ledger {
    /// The agency's code, and the period: what a file's name says.
    pub fn about(&self) -> (&str, Period) {
        (&self.agency.row.code, self.period)
    }
}

impl App {
    /// The ledger of the actor's agency, within his scope: cases received in a period, by date of receipt.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when he may see no cases at all; as [`Period::asked`].
    pub async fn ledger(
        &self,
        actor: &Actor,
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
        department: Option<DepartmentId>,
    ) -> Result<Ledger, AppError> {
        let mut reach = reach(actor, scope(actor, Action::ReadCase, actor.agency))?;
        let agency = self.agency(actor.agency).await?;
        let today = self.today(&agency);
        let period = Period::asked(from, to, today)?;
        let names = self.department_names(&agency).await?;
        // One department of those he may see: another gives an empty ledger, as another filter of the queue does.
        reach.departments = match (department.map(|one| Key(one.0)), reach.departments) {
            (None, scope) => scope,
            (Some(one), None) => Some(vec![one]),
            (Some(one), Some(own)) => Some(own.into_iter().filter(|it| *it == one).collect()),
        };
        Ok(Ledger { agency, reach, names, period, today, after: None, ended: false })
    }

    /// The ledger of a whole agency, for what the agency keeps of itself.
    ///
    /// # Errors
    /// As [`App::agency`].
    pub(super) async fn whole_ledger(&self, agency: AgencyId, period: Period) -> Result<Ledger, AppError> {
        let agency = self.agency(agency).await?;
        let names = self.department_names(&agency).await?;
        let today = self.today(&agency);
        Ok(Ledger { agency, reach: Reach::whole(), names, period, today, after: None, ended: false })
    }

    /// The names of an agency's departments.
    pub(super) async fn department_names(&self, agency: &Agency) -> Result<HashMap<Key, String>, AppError> {
        let rows = self.store.departments_of(Key(agency.id.0)).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// The next lines; empty when there are no more.
    ///
    /// # Errors
    /// When the database fails, or holds what this program never writes.
    pub async fn ledger_page(&self, ledger: &mut Ledger) -> Result<Vec<LedgerLine>, AppError> {
        if ledger.ended {
            return Ok(Vec::new());
        }
        let agency = Key(ledger.agency.id.0);
        let period = (ledger.period.from, ledger.period.to);
        let filter = QueueFilter {
            reach: ledger.reach.clone(),
            ..QueueFilter::received(agency, period, ledger.after, i64::try_from(PAGE).unwrap_or(i64::MAX))
        };
        let lines = self.store.cases_page(filter).await?;
        ledger.ended = lines.len() < PAGE;
        ledger.after = lines.last().map(|line| (line.row.received_sort, line.row.id));
        let people = lines.iter().map(|line| line.row.applicant_id).collect();
        let origins = self.origins(&ledger.agency).await?;
        let came_to = origins.iter().map(|agency| Key(agency.id.0)).collect();
        let people = self.store.applicants_of(came_to, people).await?;
        let people: HashMap<Key, ApplicantRow> = people.into_iter().map(|row| (row.id, row)).collect();
        lines.into_iter().map(|line| self.ledger_line(ledger, line, (&origins, &people))).collect()
    }

    fn ledger_line(
        &self,
        ledger: &Ledger,
        line: QueueLine,
        (origins, people): (&[Arc<Agency>], &HashMap<Key, ApplicantRow>),
    ) -> Result<LedgerLine, AppError> {
        let QueueItem { row, light, next } = QueueItem::of(line, ledger.today);
        let known = people
            .get(&row.applicant_id)
            .map(|record| opened(at_origin(origins, row.agency_id)?, &row, record))
            .transpose()?;
        let applicant = known.map(|applicant| applicant.masked().name);
        let outcome = row.outcome.as_deref().map(|code| word(&row, code, Outcome::parse)).transpose()?;
        Ok(LedgerLine {
            sensitivity: Sensitivity::of_level(row.sensitivity).unwrap_or(Sensitivity::HIGHEST),
            channel: word(&row, &row.channel, Channel::parse)?,
            applicant_kind: word(&row, &row.applicant_kind, ApplicantKind::parse)?,
            status: word(&row, &row.status, Status::parse)?,
            timeliness: self.timeliness(&row, ledger.today)?,
            department: row.department_id.and_then(|id| ledger.names.get(&id).cloned()),
            applicant,
            light,
            next,
            outcome,
            number: row.number,
            received_on: row.received_on,
            registered_on: row.registered_on,
            subject: row.subject,
            due_on: row.due_on,
            concluded_on: row.concluded_on,
            archived_on: row.archived_on,
        })
    }

    /// Whether a case was answered in time, from what its row keeps of its clock.
    pub(super) fn timeliness(&self, row: &CaseRow, as_of: NaiveDate) -> Result<Timeliness, AppError> {
        let law = self.store.law();
        let (pack, calendar) = statute_of_row(&law, row).ok_or_else(|| unknown(row, &row.statute))?;
        Ok(Timeliness::of(&stored_facts(row)?, &Rules::of(pack, calendar), as_of))
    }

    /// Today at an agency, for whoever fills in a period's end.
    ///
    /// # Errors
    /// As [`App::agency`].
    pub async fn today_at(&self, agency: AgencyId) -> Result<NaiveDate, AppError> {
        Ok(self.today(&*self.agency(agency).await?))
    }
}

fn word<T>(row: &CaseRow, code: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, AppError> {
    parse(code).ok_or_else(|| unknown(row, code))
}

fn unknown(row: &CaseRow, code: &str) -> AppError {
    AppError::Store(StoreError::Inconsistent {
        table: "cases",
        row: row.id.0.to_string(),
        reason: format!("an unknown word: {code}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_a_year_unless_it_is_said_otherwise() {
        let asked = |from: Option<&str>, to: Option<&str>| {
            Period::asked(from.map(day), to.map(day), day("2026-11-22"))
                .map(|it| (it.from.to_string(), it.to.to_string()))
        };
        let is = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(asked(None, None).unwrap(), is("2026-01-01", "2026-12-31"));
        assert_eq!(asked(Some("2024-03-01"), None).unwrap(), is("2024-03-01", "2024-12-31"));
        assert_eq!(asked(None, Some("2024-03-01")).unwrap(), is("2024-01-01", "2024-03-01"));
        assert_eq!(asked(Some("2024-03-01"), Some("2024-03-01")).unwrap(), is("2024-03-01", "2024-03-01"));
        assert!(asked(Some("2023-03-01"), Some("2024-02-29")).is_ok(), "366 days");
        assert!(asked(Some("2023-02-28"), Some("2024-02-29")).is_err(), "367");
        assert!(asked(Some("2024-03-02"), Some("2024-03-01")).is_err());
    }
}
