//! The register of secrecy reviews (保密审查台账), as the yearly inspection asks for it: every decision of a secrecy review and every
//! answer of the secrecy authority, as the record has them. No words of a reply or an opinion are in it.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::App;
use super::csv_text::{MARK, rows, safe_cell};
use super::error::AppError;
use super::ledger::Period;
use crate::domain::case::{Event, Recorded};
use crate::domain::ids::{AgencyId, PersonId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Action;
use crate::domain::review::{Checklist, Level, Question, Step};
use crate::domain::role::Actor;
use crate::domain::sensitivity::Sensitivity;
use crate::store::{Key, ReviewedRow, recorded};

/// How many events are read at a time.
const PAGE: i64 = 500;

/// Whose register, of which days, and how far it has been read.
#[derive(Clone, Copy, Debug)]
pub struct Register {
    agency: AgencyId,
    clearance: Sensitivity,
    days: Period,
    after: Option<(DateTime<Utc>, i64)>,
    until: DateTime<Utc>,
    lines: u64,
    over: bool,
}

/// A line of the register.
struct Line<'a> {
    row: &'a ReviewedRow,
    on: NaiveDate,
    level: Level,
    decided: &'static str,
    by: Option<PersonId>,
    acting_for: Option<PersonId>,
    checklist: Option<Checklist>,
    found: &'static str,
    content: String,
}

impl App {
    /// Begins the register of the days from `first` to `last`, both included; the calendar year when not said.
    ///
    /// # Errors
    /// As [`App::allowed_in_tree`] and [`Period::asked`].
    pub async fn secrecy_register(
        &self,
        actor: &Actor,
        agency: AgencyId,
        first: Option<NaiveDate>,
        last: Option<NaiveDate>,
    ) -> Result<Register, AppError> {
        self.allowed_in_tree(actor, Action::ReadReviewRegister, agency).await?;
        let today = self.today(&*self.agency(agency).await?);
        let days = Period::asked(first, last, today)?;
        let (until, lines) = (self.clock.now(), 0);
        Ok(Register { agency, clearance: actor.clearance, days, after: None, until, lines, over: false })
    }

    /// The next part of a register as CSV for a spreadsheet, and how to go on; `None` at its end. The first part begins with the
    /// heading: UTF-8 with a byte order mark, lines end with CRLF.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secrecy_register_part(
        &self,
        register: Register,
    ) -> Result<Option<(String, Register)>, AppError> {
        if register.over {
            return Ok(None);
        }
        let mut next = register;
        let mut table: Vec<Vec<String>> = Vec::new();
        if register.after.is_none() {
            table.push(heading().into_iter().map(str::to_owned).collect());
        }
        // An event is recorded on its day or later, never before.
        let start = register.days.from.checked_sub_days(Days::new(1)).unwrap_or(register.days.from);
        let after = register.after.unwrap_or((start.and_time(NaiveTime::MIN).and_utc(), i64::MIN));
        let found = self
            .store
            .reviewed_after((Key(register.agency.0), register.clearance), after, register.until, PAGE)
            .await?;
        next.over = i64::try_from(found.len()).unwrap_or(PAGE) < PAGE;
        next.after = found.last().map(|row| (row.event.recorded_at.0, row.event.agency_seq)).or(Some(after));
        let lines = found.iter().map(line).collect::<Result<Vec<_>, AppError>>()?;
        let lines: Vec<_> = lines
            .into_iter()
            .flatten()
            .filter(|line| register.days.from <= line.on && line.on <= register.days.to)
            .collect();
        let names = self.references(&lines).await?;
        for line in &lines {
            next.lines = next.lines.saturating_add(1);
            table.push(cells(line, next.lines, &names));
        }
        let mark = if register.after.is_none() { MARK } else { "" };
        Ok(Some((format!("{mark}{}", rows(table)?), next)))
    }

    /// How the office names the persons of these lines.
    async fn references(&self, lines: &[Line<'_>]) -> Result<BTreeMap<Key, String>, AppError> {
        let mut ids: Vec<Key> =
            lines.iter().flat_map(|line| [line.by, line.acting_for]).flatten().map(|id| Key(id.0)).collect();
        ids.sort_unstable();
        ids.dedup();
        let rows = self.store.persons_by_id(ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.reference)).collect())
    }
}

/// The line of an event; `None` for a review of another kind.
fn line(row: &ReviewedRow) -> Result<Option<Line<'_>>, AppError> {
    let Recorded { on, by, event, .. } = recorded(&row.event)?;
    let by = by.person();
    if let Event::Reviewed { step: Step::Secrecy, level, decision, acting_for, checklist, content, .. } =
        event
    {
        let (decided, content) = (decision.label_zh(), content.to_string());
        return Ok(Some(Line { row, on, level, decided, by, acting_for, checklist, found: "", content }));
    }
    if let Event::ReferralAnswered(answered) = event {
        let (level, found) = (answered.id.level, answered.finding.label_zh());
        let (acting_for, checklist, content) = (None, None, String::new());
        let decided = "登记主管部门答复";
        return Ok(Some(Line { row, on, level, decided, by, acting_for, checklist, found, content }));
    }
    Ok(None)
}

fn heading() -> Vec<&'static str> {
    let first =
        ["序号", "申请编号", "内容摘要", "处理结果", "审查层级", "日期", "审查人", "委托人", "审查意见"];
    let questions = Question::ALL.iter().map(|question| question.label_zh());
    first.into_iter().chain(questions).chain(["主管部门确定", "送审内容校验值"]).collect()
}

fn cells(line: &Line<'_>, n: u64, names: &BTreeMap<Key, String>) -> Vec<String> {
    let name = |person: Option<PersonId>| {
        person.and_then(|id| names.get(&Key(id.0))).map(|name| safe_cell(name)).unwrap_or_default()
    };
    let text = |text: &Option<String>| text.as_deref().map(safe_cell).unwrap_or_default();
    let outcome = line.row.outcome.as_deref().and_then(Outcome::parse).map_or("", Outcome::label_zh);
    let answer = |question: &Question| {
        line.checklist.map_or("", |checklist| checklist.answer(*question).label_zh()).to_owned()
    };
    let first = [
        n.to_string(),
        text(&line.row.number),
        text(&line.row.subject),
        outcome.to_owned(),
        line.level.label_zh().to_owned(),
        line.on.to_string(),
        name(line.by),
        name(line.acting_for),
        line.decided.to_owned(),
    ];
    let last = [line.found.to_owned(), line.content.clone()];
    first.into_iter().chain(Question::ALL.iter().map(answer)).chain(last).collect()
}
