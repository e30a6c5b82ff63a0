//! 督办 (Art. 47): a supervisor sends a notice to an agency of his tree, which answers it; he closes it, or sends it back with
//! a new day. What is said is encrypted under the keys of the agency that received the notice; its chain holds who, when, by
//! when, and commitments to the words.

use chrono::{Days, NaiveDate};

use super::App;
use super::directory::Agency;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::notice_view::{Notice, NoticeWords, days_of, is_erased, seal, taken};
use super::retry::{Answer, RetryKey, kept_answer};
use super::set_up::{Change, RenderMade};
use crate::crypto::random;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::ids::{AgencyId, CaseId, NoticeId};
use crate::domain::notice::{NoticeStep, check_erased, check_step};
use crate::domain::role::Actor;
use crate::store::{At, CaseRow, Key, NoticeLine, NoticeRow, NoticeStepRow, Retry, SetUpChange};

/// How far ahead the day of an answer may lie, in days.
const LONGEST: u64 = 366;
/// How often a step is decided anew when somebody else took one meanwhile.
const TRIES: usize = 3;

/// A notice to be sent.
#[derive(Clone)]
pub struct NewNotice {
    /// The registration number of the case it is about.
    pub case_number: Option<String>,
    /// Its id, where that is known; both name the same case.
    pub case: Option<CaseId>,
    /// What it is about.
    pub subject: String,
    /// What is wanted.
    pub text: String,
    /// The last day for the answer, a civil date in the zone of the agency that receives it.
    pub due_on: NaiveDate,
}

/// A further step of a notice.
#[derive(Clone)]
pub enum NoticeOrder {
    /// Answer it.
    Answer {
        /// What is answered.
        text: String,
    },
    /// Send it back.
    Return {
        /// Why the answer does not do.
        text: String,
        /// The new last day for the answer.
        due_on: NaiveDate,
    },
    /// Close it.
    Close {
        /// What is said about it; a notice without an answer is closed with a reason.
        text: Option<String>,
    },
}

impl NoticeOrder {
    fn step(&self) -> NoticeStep {
        match self {
            Self::Answer { .. } => NoticeStep::Answered,
            Self::Return { .. } => NoticeStep::Returned,
            Self::Close { .. } => NoticeStep::Closed,
        }
    }

    fn text(&self) -> Option<&String> {
        match self {
            Self::Answer { text } | Self::Return { text, .. } => Some(text),
            Self::Close { text } => text.as_ref(),
        }
    }
}

impl App {
    /// Sends a notice to an agency, or gives the first answer to a retry.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] to who does not supervise his own agency, [`AppError::NotFound`] elsewhere;
    /// [`AppError::Invalid`] when the day is past or too far, or the agency has no such case.
    pub async fn send_notice(
        &self,
        actor: &Actor,
        agency: AgencyId,
        new: NewNotice,
        retry: Option<RetryKey>,
        render: RenderMade<Notice>,
    ) -> Result<Answer, AppError> {
        let from = self.supervising(actor, agency).await?;
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        for _ in 0..TRIES {
            let made = self.send_once(actor, (from, agency), new.clone(), retry.as_ref(), render).await;
            match self.after_race(made, &home, actor, retry.as_ref()).await {
                // Its case has gone on: whether that can be spoken of is looked at anew.
                Err(AppError::VersionStale) => {}
                other => return other,
            }
        }
        Err(AppError::Store(crate::store::StoreError::Busy))
    }

    async fn send_once(
        &self,
        actor: &Actor,
        (from, agency): (AgencyId, AgencyId),
        new: NewNotice,
        retry: Option<&RetryKey>,
        render: RenderMade<Notice>,
    ) -> Result<Answer, AppError> {
        let receiver = self.agency(agency).await?;
        let now = self.clock.now();
        let today = self.today(&receiver);
        let mut wrong = wrong_day(new.due_on, today);
        let case = match self.case_named(&receiver, &new).await {
            Ok(case) => case,
            Err(AppError::Invalid(fields)) => {
                wrong.extend(fields);
                None
            }
            Err(other) => return Err(other),
        };
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let notice = NoticeId(random::new_id(now));
        let row = NoticeRow {
            agency_id: Key(agency.0),
            id: Key(notice.0),
            from_agency_id: Key(from.0),
            case_id: case.as_ref().map(|row| row.id),
            version: 1,
            due_on: new.due_on,
            answered_on: None,
            closed_on: None,
            created_at: At(now),
        };
        let case_version = case.map(|row| row.version);
        let words = NoticeWords { subject: Some(new.subject), text: Some(new.text) };
        let (sealed, words) = seal(&receiver, (notice, 1), &words)?;
        let step = step_row(actor, &row, (NoticeStep::Sent, today, At(now)), Some(sealed));
        let case = row.case_id.map(|case| CaseId(case.0));
        let event = AgencyEvent::NoticeSent { notice, from, case, due_on: row.due_on, words };
        let rows = SetUpChange::NoticeSent(row.clone(), step.clone(), case_version);
        self.write_notice(actor, &receiver, ((row, vec![step]), event, rows), retry, render).await
    }

    /// Takes a further step of a notice, or gives the first answer to a retry.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such notice or the caller does not see it, [`AppError::Forbidden`] when the step is not his,
    /// [`AppError::Notice`] when it is not to be taken now, [`AppError::Invalid`] when its day or its reason is wrong.
    pub async fn notice_step(
        &self,
        actor: &Actor,
        (agency, notice): (AgencyId, NoticeId),
        order: NoticeOrder,
        retry: Option<RetryKey>,
        render: RenderMade<Notice>,
    ) -> Result<Answer, AppError> {
        let home = self.agency(actor.agency).await?;
        for _ in 0..TRIES {
            let line = self.notice_line(actor, agency, notice).await?;
            if !self.may_step(actor, &line.0, order.step()).await? {
                return Err(AppError::Forbidden);
            }
            if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
                return Ok(first);
            }
            let made = self.step_once(actor, line, &order, retry.as_ref(), render).await;
            match self.after_race(made, &home, actor, retry.as_ref()).await {
                // Somebody else took a step: it is looked at anew.
                Err(AppError::VersionStale) => {}
                other => return other,
            }
        }
        Err(AppError::Store(crate::store::StoreError::Busy))
    }

    async fn step_once(
        &self,
        actor: &Actor,
        (mut row, mut steps): NoticeLine,
        order: &NoticeOrder,
        retry: Option<&RetryKey>,
        render: RenderMade<Notice>,
    ) -> Result<Answer, AppError> {
        check_step(&days_of(&row), &taken(&steps)?, order.step(), actor.person).map_err(AppError::Notice)?;
        let erased = is_erased(&steps);
        if erased {
            check_erased(order.step(), order.text().is_some()).map_err(AppError::Notice)?;
        }
        let receiver = self.agency(AgencyId(row.agency_id.0)).await?;
        let (now, today) = (self.clock.now(), self.today(&receiver));
        row.version = row.version.saturating_add(1);
        let (notice, n) = (NoticeId(row.id.0), row.version);
        let said = order.text().map(|text| NoticeWords { subject: None, text: Some(text.clone()) });
        let said = said.map(|words| seal(&receiver, (notice, n), &words)).transpose()?;
        let (sealed, words) = said.unzip();
        let event = match (order, words) {
            (NoticeOrder::Answer { .. }, Some(words)) => {
                row.answered_on = Some(today);
                AgencyEvent::NoticeAnswered { notice, n, words }
            }
            (NoticeOrder::Return { due_on, .. }, Some(words)) => {
                let wrong = wrong_day(*due_on, today);
                if !wrong.is_empty() {
                    return Err(AppError::Invalid(wrong));
                }
                (row.due_on, row.answered_on) = (*due_on, None);
                AgencyEvent::NoticeReturned { notice, n, due_on: *due_on, words }
            }
            (NoticeOrder::Close { .. }, words) if erased || words.is_some() || row.answered_on.is_some() => {
                row.closed_on = Some(today);
                AgencyEvent::NoticeClosed { notice, n, words }
            }
            (NoticeOrder::Answer { .. } | NoticeOrder::Return { .. } | NoticeOrder::Close { .. }, _) => {
                return Err(AppError::Invalid(vec![no_reason()]));
            }
        };
        let step = step_row(actor, &row, (order.step(), today, At(now)), sealed);
        let rows = SetUpChange::NoticeStep(row.clone(), step.clone());
        steps.push(step);
        self.write_notice(actor, &receiver, ((row, steps), event, rows), retry, render).await
    }

    /// Writes a step with its event, and keeps its answer for a retry.
    async fn write_notice(
        &self,
        actor: &Actor,
        receiver: &Agency,
        (line, event, rows): (NoticeLine, AgencyEvent, SetUpChange),
        retry: Option<&RetryKey>,
        render: RenderMade<Notice>,
    ) -> Result<Answer, AppError> {
        let home = self.agency(actor.agency).await?;
        let answer = render(&self.notice_shown(actor, &line).await?);
        let kept = |key: &RetryKey| -> Result<(Retry, Vec<u8>), AppError> {
            kept_answer(&home, key.of(actor.account), &answer)
        };
        let retry = retry.map(kept).transpose()?;
        let (agency, zone, by) = (receiver.id, receiver.zone, by(actor));
        self.change(Change { agency, zone, by, events: vec![event], rows, retry }).await?;
        Ok(answer)
    }

    /// The case that a notice names: one of the agency that receives it, whose words are still there.
    async fn case_named(&self, receiver: &Agency, new: &NewNotice) -> Result<Option<CaseRow>, AppError> {
        let agency = Key(receiver.id.0);
        let mut named = Vec::new();
        if let Some(id) = new.case {
            let found = self.store.case_by_id(vec![agency], Key(id.0)).await?.map(|(row, _)| row);
            named.push(("/case_id", found));
        }
        if let Some(number) = &new.case_number {
            named.push(("/case_number", self.store.case_by_number(agency, number.clone()).await?));
        }
        let mut wrong = Vec::new();
        let mut case: Option<CaseRow> = None;
        for (pointer, found) in named {
            match found {
                Some(row)
                    if row.agency_id == row.custodian_agency_id
                        && case.as_ref().is_none_or(|it| it.id == row.id)
                        && self.is_there(&row).await? =>
                {
                    case = Some(row);
                }
                Some(_) | None => wrong.push(no_case(pointer)),
            }
        }
        if wrong.is_empty() { Ok(case) } else { Err(AppError::Invalid(wrong)) }
    }

    /// Whether a case has its words still: nothing is said about one that was erased or disposed of.
    async fn is_there(&self, row: &CaseRow) -> Result<bool, AppError> {
        let Some((row, events)) = self.store.case_by_id(vec![row.agency_id], row.id).await? else {
            return Ok(false);
        };
        let archive = self.loaded(row, events).await?.before.case.archive;
        Ok(archive.erased_on.is_none() && archive.disposed_on.is_none())
    }
}

fn step_row(
    actor: &Actor,
    row: &NoticeRow,
    (kind, on, at): (NoticeStep, NaiveDate, At),
    sealed: Option<Vec<u8>>,
) -> NoticeStepRow {
    NoticeStepRow {
        agency_id: row.agency_id,
        notice_id: row.id,
        n: row.version,
        kind: kind.code().to_owned(),
        happened_on: on,
        due_on: row.due_on,
        recorded_at: at,
        account_id: Key(actor.account.0),
        person_id: Key(actor.person.0),
        sealed,
    }
}

fn wrong_day(due_on: NaiveDate, today: NaiveDate) -> Vec<FieldError> {
    let last = today.checked_add_days(Days::new(LONGEST)).unwrap_or(NaiveDate::MAX);
    if (today..=last).contains(&due_on) {
        return Vec::new();
    }
    vec![FieldError::new(
        "/due_on",
        "range",
        format!("答复期限应为今天（{today}）起{LONGEST}日以内。"),
        format!("The day for the answer is today ({today}) or at most {LONGEST} days ahead."),
    )]
}

fn no_case(pointer: &'static str) -> FieldError {
    FieldError::new(
        pointer,
        "unknown",
        "该机关没有这件申请，或者其内容已经删除、案卷已经销毁；不针对某件申请的，请不填写。",
        "The agency has no such case, or its words were erased, or its file disposed of; leave it out when the notice is about no single case.",
    )
}

fn no_reason() -> FieldError {
    FieldError::new(
        "/text",
        "required",
        "尚未答复的督办事项，须说明理由后办结。",
        "A notice without an answer is closed with a reason.",
    )
}
