//! Supervision notices as they are read: who sees which, and their words, personal data masked for everybody.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::App;
use super::directory::Agency;
use super::error::AppError;
use super::people::{Applicant, mask_words, open, open_applicant};
use super::queue::reach;
use crate::crypto::column::Place;
use crate::crypto::commitment::commit;
use crate::crypto::random;
use crate::domain::applicant::ApplicantKind;
use crate::domain::case::event::Digest;
use crate::domain::ids::{AccountId, AgencyId, CaseId, NoticeId, PersonId};
use crate::domain::notice::{NoticeDays, NoticeState, NoticeStep, check_erased, check_step};
use crate::domain::policy::{Action, Facts, Scope, Verdict, permits, roles_for, scope};
use crate::domain::role::Actor;
use crate::store::{Key, NoticeFilter, NoticeLine, NoticeRow, NoticeSide, NoticeStepRow, Reach, StoreError};

/// What is said in a step: the subject in the first only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeWords {
    /// What the notice is about.
    pub subject: Option<String>,
    /// What is wanted, answered, or why.
    pub text: Option<String>,
}

/// What lists show of a notice.
#[derive(Clone)]
pub struct NoticeSummary {
    /// Its id.
    pub id: NoticeId,
    /// The agency that received it.
    pub agency: AgencyId,
    /// The agency that sent it.
    pub from: AgencyId,
    /// The case it is about: its id, and its number once it has one.
    pub case: Option<(CaseId, Option<String>)>,
    /// What it is about, masked; none once erased.
    pub subject: Option<String>,
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// Its days as they stand.
    pub days: NoticeDays,
    /// How it stands today.
    pub state: NoticeState,
    /// Whether it was answered late, or is overdue.
    pub late: bool,
}

/// A notice with everything that was done with it.
#[derive(Clone)]
pub struct Notice {
    /// What lists show.
    pub summary: NoticeSummary,
    /// Its steps, the oldest first.
    pub steps: Vec<NoticeStepView>,
    /// The steps that the caller may take now.
    pub allowed: Vec<NoticeStep>,
}

/// A step.
#[derive(Clone)]
pub struct NoticeStepView {
    /// Counts from 1.
    pub n: i32,
    /// What was done.
    pub kind: NoticeStep,
    /// On which civil date.
    pub on: NaiveDate,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// The day for the answer that holds after it.
    pub due_on: NaiveDate,
    /// By which account.
    pub account: AccountId,
    /// Which person that was.
    pub person: PersonId,
    /// What was said, masked; none where nothing was, or where it was erased.
    pub text: Option<String>,
}

/// A page of notices.
pub struct NoticePage {
    /// The civil date, in the zone of the agency asked about, by which they are open or overdue.
    pub as_of: NaiveDate,
    /// They, the newest first.
    pub notices: Vec<NoticeSummary>,
    /// The last of them, when more follow.
    pub next: Option<(NaiveDate, NoticeId)>,
}

/// Which page of an agency's notices.
#[derive(Clone, Copy, Debug)]
pub struct NoticeQuery {
    /// The agency.
    pub agency: AgencyId,
    /// Those that it sent, instead of those that it received.
    pub sent: bool,
    /// How they stand; all when not said.
    pub state: Option<NoticeState>,
    /// The last one of the page before.
    pub before: Option<NoticeId>,
    /// How many.
    pub limit: u16,
}

/// A case that a notice is about, as far as the notice shows it.
struct About {
    number: Option<String>,
    applicants: Vec<Applicant>,
}

impl App {
    /// A page of the notices that an agency received, or of those that it sent.
    ///
    /// Its people see those received: who works for departments, those about cases on which these work; supervisors of the
    /// agencies above it see all. Those sent are for the supervisors of the agency and of those above.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] at one's own agency, [`AppError::NotFound`] elsewhere.
    pub async fn notices(&self, actor: &Actor, query: NoticeQuery) -> Result<NoticePage, AppError> {
        let key = Key(query.agency.0);
        let (side, reach) = if query.sent {
            self.supervising(actor, query.agency).await?;
            (NoticeSide::Sent(key), Reach::whole())
        } else {
            (NoticeSide::Received(key), self.notices_seen(actor, query.agency).await?)
        };
        let today = self.today(&*self.agency(query.agency).await?);
        let limit = i64::from(query.limit).saturating_add(1);
        let before = query.before.map(|id| Key(id.0));
        let filter = NoticeFilter { side, reach, today, state: query.state, before, limit };
        let mut lines = self.store.notices_page(filter).await?;
        let more = lines.len() > usize::from(query.limit);
        lines.truncate(usize::from(query.limit));
        let cases = self.abouts(&lines).await?;
        let mut notices = Vec::with_capacity(lines.len());
        for (row, steps) in &lines {
            let agency = self.agency(AgencyId(row.agency_id.0)).await?;
            let case = row.case_id.and_then(|id| cases.get(&id.0));
            notices.push(summary(&agency, row, steps, case, today)?);
        }
        let next = notices.last().filter(|_| more).map(|last: &NoticeSummary| (last.sent_on, last.id));
        Ok(NoticePage { as_of: today, notices, next })
    }

    /// One notice that an agency received, with everything that was done with it.
    ///
    /// # Errors
    /// As [`App::notices`]; [`AppError::NotFound`] when there is no such notice, or it is not for the caller.
    pub async fn notice(&self, actor: &Actor, agency: AgencyId, id: NoticeId) -> Result<Notice, AppError> {
        let line = self.notice_line(actor, agency, id).await?;
        self.notice_shown(actor, &line).await
    }

    /// The rows of a notice that the caller sees.
    pub(super) async fn notice_line(
        &self,
        actor: &Actor,
        agency: AgencyId,
        id: NoticeId,
    ) -> Result<NoticeLine, AppError> {
        let reach = self.notices_seen(actor, agency).await?;
        let found = self.store.notice_by_id(Key(agency.0), reach, Key(id.0)).await?;
        found.ok_or(AppError::NotFound)
    }

    /// A notice as its rows tell it.
    pub(super) async fn notice_shown(&self, actor: &Actor, line: &NoticeLine) -> Result<Notice, AppError> {
        let (row, steps) = line;
        let agency = self.agency(AgencyId(row.agency_id.0)).await?;
        let cases = self.abouts(std::slice::from_ref(line)).await?;
        let case = row.case_id.and_then(|id| cases.get(&id.0));
        let today = self.today(&agency);
        let view = |step: &NoticeStepRow| -> Result<NoticeStepView, AppError> {
            Ok(NoticeStepView {
                n: step.n,
                kind: step_kind(step)?,
                on: step.happened_on,
                at: step.recorded_at.0,
                due_on: step.due_on,
                account: AccountId(step.account_id.0),
                person: PersonId(step.person_id.0),
                text: said(&agency, step)?.text.map(|text| masked(&text, case)),
            })
        };
        let shown = steps.iter().map(view).collect::<Result<Vec<_>, _>>()?;
        let mut allowed = Vec::new();
        let taken = taken(steps)?;
        for step in NoticeStep::ALL.iter().copied().filter(|step| *step != NoticeStep::Sent) {
            let sayable = !is_erased(steps) || check_erased(step, false).is_ok();
            if sayable
                && check_step(&days_of(row), &taken, step, actor.person).is_ok()
                && self.may_step(actor, row, step).await?
            {
                allowed.push(step);
            }
        }
        Ok(Notice { summary: summary(&agency, row, steps, case, today)?, steps: shown, allowed })
    }

    /// Whether the caller's roles let him take a step of a notice that he sees: the answer is the agency's, what comes of it
    /// is decided where the notice was sent.
    pub(super) async fn may_step(
        &self,
        actor: &Actor,
        row: &NoticeRow,
        step: NoticeStep,
    ) -> Result<bool, AppError> {
        if step.is_the_receivers() {
            let facts = Facts::of_agency(AgencyId(row.agency_id.0));
            return Ok(permits(actor, Action::AnswerNotice, &facts) == Verdict::Allow);
        }
        Ok(self.supervises(actor, AgencyId(row.from_agency_id.0)).await?.is_some())
    }

    /// How many notices of an agency stand how, of those that the caller sees; none when he sees no notices there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices_count(
        &self,
        actor: &Actor,
        agency: AgencyId,
        today: NaiveDate,
    ) -> Result<Option<NoticeLoad>, AppError> {
        match self.notices_seen(actor, agency).await {
            Ok(reach) => {
                let counts = self.store.notices_count(Key(agency.0), reach, today).await?;
                let (open, overdue, answered) = counts;
                Ok(Some(NoticeLoad {
                    open: open.unsigned_abs(),
                    overdue: overdue.unsigned_abs(),
                    answered: answered.unsigned_abs(),
                }))
            }
            Err(AppError::Forbidden | AppError::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// About which cases somebody sees the notices that an agency received. Who supervises it sees all: he reads no case.
    async fn notices_seen(&self, actor: &Actor, agency: AgencyId) -> Result<Reach, AppError> {
        let scope = scope(actor, Action::ReadNotices, agency);
        if scope != Scope::Agency && self.supervises(actor, agency).await?.is_some() {
            return Ok(Reach::whole());
        }
        if scope == Scope::Nothing {
            self.allowed(actor, Action::ReadNotices, agency)?;
        }
        reach(actor, scope)
    }

    /// The agency for which somebody supervises another: that one itself, or the nearest above it. A role that is limited to a department
    /// supervises nobody.
    pub(super) async fn supervises(
        &self,
        actor: &Actor,
        agency: AgencyId,
    ) -> Result<Option<AgencyId>, AppError> {
        let roles = roles_for(Action::SendNotice);
        let whole =
            |grant: &&crate::domain::role::Grant| roles.contains(&grant.role) && grant.department.is_none();
        let held: Vec<AgencyId> = actor.grants.iter().filter(whole).map(|grant| grant.agency).collect();
        if held.is_empty() {
            return Ok(None);
        }
        let all = self.store.agencies_all().await?;
        let mut here = Some(agency);
        // As in `allowed_in_tree`: a cycle in the table must not hang a request.
        for _ in 0..=16 {
            let Some(id) = here else { break };
            if held.contains(&id) {
                return Ok(Some(id));
            }
            let row = all.iter().find(|row| row.id == Key(id.0));
            here = row.and_then(|row| row.parent_id).map(|parent| AgencyId(parent.0));
        }
        Ok(None)
    }

    /// The same for who must.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] at one's own agency, [`AppError::NotFound`] elsewhere.
    pub(super) async fn supervising(&self, actor: &Actor, agency: AgencyId) -> Result<AgencyId, AppError> {
        if let Some(from) = self.supervises(actor, agency).await? {
            return Ok(from);
        }
        self.allowed(actor, Action::SendNotice, agency)?;
        Err(AppError::Forbidden)
    }

    /// The cases that some notices are about, by id.
    async fn abouts(&self, lines: &[NoticeLine]) -> Result<BTreeMap<Uuid, About>, AppError> {
        let of_cases = || lines.iter().filter_map(|(row, _)| row.case_id.map(|case| (row.agency_id, case)));
        let (mut agencies, cases): (Vec<Key>, Vec<Key>) = of_cases().unzip();
        if cases.is_empty() {
            return Ok(BTreeMap::new());
        }
        agencies.sort_unstable();
        agencies.dedup();
        let (rows, people) = self.store.cases_with_applicants(agencies, cases).await?;
        let mut abouts = BTreeMap::new();
        for row in rows {
            let agency = self.agency(AgencyId(row.agency_id.0)).await?;
            let kind = ApplicantKind::parse(&row.applicant_kind).unwrap_or(ApplicantKind::NaturalPerson);
            let own = people.iter().filter(|it| it.agency_id == row.agency_id && it.case_id == row.id);
            let applicants = own.map(|it| open_applicant(&agency, kind, it)).collect::<Result<_, _>>()?;
            abouts.insert(row.id.0, About { number: row.number, applicants });
        }
        Ok(abouts)
    }
}

/// How many notices of an agency stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeLoad {
    /// To be answered, and their day has not passed.
    pub open: u64,
    /// To be answered, and their day has passed.
    pub overdue: u64,
    /// Answered: who sent them has not decided.
    pub answered: u64,
}

/// The days of a row.
pub(super) fn days_of(row: &NoticeRow) -> NoticeDays {
    NoticeDays { due_on: row.due_on, answered_on: row.answered_on, closed_on: row.closed_on }
}

/// Whether what was said was erased with its case: whoever sends a notice says something.
pub(super) fn is_erased(steps: &[NoticeStepRow]) -> bool {
    steps.first().is_some_and(|first| first.sealed.is_none())
}

/// Who took which step.
pub(super) fn taken(steps: &[NoticeStepRow]) -> Result<Vec<(NoticeStep, PersonId)>, AppError> {
    steps.iter().map(|step| Ok((step_kind(step)?, PersonId(step.person_id.0)))).collect()
}

fn step_kind(step: &NoticeStepRow) -> Result<NoticeStep, AppError> {
    NoticeStep::parse(&step.kind)
        .ok_or_else(|| wrong(step, "a word that this program never writes".to_owned()))
}

fn wrong(step: &NoticeStepRow, reason: String) -> AppError {
    let row = format!("{}/{}", step.notice_id.0, step.n);
    AppError::Store(StoreError::Inconsistent { table: "supervision_steps", row, reason })
}

fn masked(words: &str, case: Option<&About>) -> String {
    mask_words(words, case.map(|case| case.applicants.as_slice()).unwrap_or_default())
}

fn summary(
    agency: &Agency,
    row: &NoticeRow,
    steps: &[NoticeStepRow],
    case: Option<&About>,
    today: NaiveDate,
) -> Result<NoticeSummary, AppError> {
    let first = steps.first();
    let subject = first.map(|step| said(agency, step)).transpose()?.and_then(|words| words.subject);
    let days = days_of(row);
    Ok(NoticeSummary {
        id: NoticeId(row.id.0),
        agency: AgencyId(row.agency_id.0),
        from: AgencyId(row.from_agency_id.0),
        case: row.case_id.map(|id| (CaseId(id.0), case.and_then(|case| case.number.clone()))),
        subject: subject.map(|subject| masked(&subject, case)),
        sent_on: first.map_or(row.due_on, |step| step.happened_on),
        days,
        state: days.state(today),
        late: days.is_late(today),
    })
}

/// Where the words of a step stand: in the row of the notice, as its step so-and-so.
pub(super) fn place(agency: &Agency, notice: Uuid, n: i32) -> Place<'static> {
    // The step's number is part of the place: words of one step are not those of another.
    let row = Uuid::from_u128(notice.as_u128() ^ u128::from(n.unsigned_abs()));
    Place { table: "supervision_steps", column: "sealed", row, agency: agency.id.0 }
}

/// Words encrypted for their place, after a salt, and the commitment to both.
pub(super) fn seal(
    agency: &Agency,
    (notice, n): (NoticeId, i32),
    words: &NoticeWords,
) -> Result<(Vec<u8>, Digest), AppError> {
    let text = serde_json::to_string(words)
        .map_err(|error| AppError::Internal(format!("a notice cannot be written: {error}")))?;
    let salt = random::bytes::<16>();
    let mut plain = zeroize::Zeroizing::new(salt.to_vec());
    plain.extend_from_slice(text.as_bytes());
    let sealed = agency.keys.newest()?.seal(&place(agency, notice.0, n), &plain);
    Ok((sealed, Digest(*commit(&salt, &[text.as_bytes()]).as_bytes())))
}

fn said(agency: &Agency, step: &NoticeStepRow) -> Result<NoticeWords, AppError> {
    let Some(blob) = &step.sealed else { return Ok(NoticeWords::default()) };
    let plain = open(&agency.keys, &place(agency, step.notice_id.0, step.n), blob)?;
    serde_json::from_slice(plain.get(16..).unwrap_or_default())
        .map_err(|error| wrong(step, error.to_string()))
}
