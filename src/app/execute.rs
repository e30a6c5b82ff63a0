//! Carrying out a command on a case: load → authorize → replay → version → decide → commit.

use std::sync::Arc;

use chrono::NaiveDate;

use super::App;
use super::case_view::{CaseDetail, Loaded, Words, verdict};
use super::directory::Agency;
use super::error::{AppError, FieldError};
use super::people::{Applicant, Sealer, TextKind};
use super::retry::{Answer, RetryKey, seal_answer};
use crate::crypto::framed::sha256_framed;
use crate::crypto::random;
use crate::domain::case::command::{Amend, Command, CommandKind};
use crate::domain::case::decide::{Context, Happened, decide};
use crate::domain::case::event::{AssignmentKind, Digest, ServiceMethod};
use crate::domain::case::{By, Case};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, CaseId, DepartmentId, EventId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::{Action, Verdict};
use crate::domain::review::{Decision, Step};
use crate::domain::role::Actor;
use crate::domain::text::find_personal_data;
use crate::store::{At, Before, Commit, Committed, KeepAnswer, Key, Meta, StoreError};

/// A command as it is asked for, its words still in clear.
#[derive(Clone, Debug)]
pub enum Order {
    /// See [`Command::Confirm`].
    Confirm {
        /// How, with whom.
        evidence: String,
    },
    /// See [`Command::Register`].
    Register {
        /// The summary without personal data.
        subject: String,
    },
    /// See [`Command::Assign`].
    Assign {
        /// Lead or help.
        kind: AssignmentKind,
        /// To whom.
        department: DepartmentId,
        /// To whom there.
        assignee: Option<AccountId>,
        /// A word to the department.
        note: Option<String>,
    },
    /// See [`Command::Acknowledge`].
    Acknowledge {
        /// Which assignment.
        n: u32,
    },
    /// See [`Command::Return`].
    Return {
        /// Which assignment.
        n: u32,
        /// Why.
        reason: String,
    },
    /// See [`Command::Draft`].
    Draft {
        /// What is answered.
        outcome: Outcome,
        /// The words.
        text: String,
    },
    /// See [`Command::Submit`].
    Submit,
    /// See [`Command::Review`].
    Review {
        /// Which step.
        step: Step,
        /// What is decided.
        decision: Decision,
        /// The hash of what was read.
        content: Digest,
        /// The opinion.
        opinion: Option<String>,
    },
    /// See [`Command::Issue`].
    Issue {
        /// The hash of what is issued.
        content: Digest,
    },
    /// See [`Command::Dispatch`]; with the day of service when it is known at once.
    Dispatch {
        /// How.
        method: ServiceMethod,
        /// A mail number or the like.
        evidence: Option<String>,
        /// The day it reached the applicant.
        served_on: Option<NaiveDate>,
    },
    /// See [`Command::Serve`].
    Serve {
        /// Which dispatch.
        n: u32,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`Command::Withdraw`].
    Withdraw {
        /// The applicant's words.
        reason: Option<String>,
    },
    /// See [`Command::Archive`].
    Archive {
        /// Where it lies, or a note.
        note: Option<String>,
    },
    /// See [`Command::Amend`].
    Amend {
        /// What is right.
        amend: AmendOrder,
        /// Why.
        reason: String,
    },
}

/// What is put right, its words still in clear.
#[derive(Clone, Debug)]
pub enum AmendOrder {
    /// The applicant's record.
    Applicant(Applicant),
    /// The applicant's own words.
    Description(String),
    /// The clerk's summary.
    Subject(String),
    /// Channel and dates of receipt.
    Receipt {
        /// The right channel.
        channel: Channel,
        /// The right day of arrival.
        arrived_on: NaiveDate,
        /// The right day of confirmation.
        confirmed_on: Option<NaiveDate>,
    },
}

impl Order {
    /// The command's name.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Confirm { .. } => CommandKind::Confirm,
            Self::Register { .. } => CommandKind::Register,
            Self::Assign { kind: AssignmentKind::Lead, .. } => CommandKind::Assign,
            Self::Assign { kind: AssignmentKind::CoHandling, .. } => CommandKind::AssignCoHandling,
            Self::Acknowledge { .. } => CommandKind::Acknowledge,
            Self::Return { .. } => CommandKind::Return,
            Self::Draft { .. } => CommandKind::Draft,
            Self::Submit => CommandKind::Submit,
            Self::Review { step, .. } => CommandKind::of_step(*step),
            Self::Issue { .. } => CommandKind::Issue,
            Self::Dispatch { .. } => CommandKind::Dispatch,
            Self::Serve { .. } => CommandKind::Serve,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::Archive { .. } => CommandKind::Archive,
            Self::Amend { amend: AmendOrder::Receipt { .. }, .. } => CommandKind::AmendReceipt,
            Self::Amend { .. } => CommandKind::Amend,
        }
    }
}

/// Which version the caller decided upon (`If-Match`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// He did not say.
    Missing,
    /// Any.
    Any,
    /// This one.
    Version(u32),
    /// One that no case of ours ever had.
    Unknown,
}

/// Turns a case into the answer that goes out (and is kept for retries). Given by the interface.
pub type Render = fn(&CaseDetail) -> Answer;

/// A command, ready to be carried out.
pub struct Request {
    /// Who asks.
    pub actor: Actor,
    /// Of which case.
    pub case: CaseId,
    /// What.
    pub order: Order,
    /// The civil date on which it happened; today when not said.
    pub on: Option<NaiveDate>,
    /// The version decided upon.
    pub expected: Expected,
    /// The retry key.
    pub retry: Option<RetryKey>,
    /// How the answer is written.
    pub render: Render,
}

impl App {
    /// Carries out a command.
    ///
    /// # Errors
    /// In this order: not found, not allowed, retry key used otherwise, version missing, version stale, refused by
    /// the rules.
    pub async fn execute(self: &Arc<Self>, request: Request) -> Result<Answer, AppError> {
        let loaded = self.load(&request.actor, request.case).await?;
        let case = &loaded.before.case;
        match verdict(&request.actor, Action::Command(request.order.kind()), case, task(case, &request.order))
        {
            Verdict::Allow => {}
            Verdict::Forbidden => return Err(AppError::Forbidden),
            Verdict::Hidden => return Err(AppError::NotFound),
        }
        let home = self.agency(request.actor.agency).await?;
        if let Some(first) = self.first_answer(&home, request.actor.account, request.retry.as_ref()).await? {
            return Ok(first);
        }
        check_version(request.expected, case.version)?;
        self.check_references(&loaded, &request.order).await?;
        let outcome = self.decide_and_commit(&loaded, &home, &request).await;
        self.after_race(outcome, &home, &request.actor, request.retry.as_ref()).await
    }

    /// A retry that raced its first attempt finds the key taken, or the version moved on: it gets the first answer.
    pub(super) async fn after_race(
        &self,
        outcome: Result<Answer, AppError>,
        home: &Agency,
        actor: &Actor,
        retry: Option<&RetryKey>,
    ) -> Result<Answer, AppError> {
        match outcome {
            Err(
                error @ (AppError::VersionStale
                | AppError::Store(StoreError::Taken { constraint: "idempotency_keys_pkey" })),
            ) => {
                let first = self.first_answer(home, actor.account, retry).await?;
                first.ok_or(match error {
                    AppError::VersionStale => AppError::VersionStale,
                    other => AppError::Internal(other.to_string()),
                })
            }
            other => other,
        }
    }

    async fn decide_and_commit(
        self: &Arc<Self>,
        loaded: &Loaded,
        home: &Arc<Agency>,
        request: &Request,
    ) -> Result<Answer, AppError> {
        let agency = &loaded.agency;
        let case = &loaded.before.case;
        let now = self.clock.now();
        let today = crate::clock::civil_date(now, agency.zone);
        let (pack, calendar) = self.statute(&case.statute)?;
        let context = Context { today, pack, calendar, person: Some(request.actor.person) };
        let mut words = self.words(loaded).await?;
        let mut sealer = Sealer::new(agency, case.id, At(now));
        let command = seal_order(&request.order, &mut sealer)?;
        let events = decide_order(case, command, request, today, &context, &mut sealer)?;
        remember(&mut words, &request.order);
        let commit = Commit {
            agency: agency.id,
            case: case.id,
            before: Some(Before {
                case: case.clone(),
                row: loaded.before.row.clone(),
                head: loaded.before.head,
            }),
            events: events.into_iter().map(|event| (EventId(random::new_id(now)), event)).collect(),
            meta: Meta { at: now, by: by(&request.actor), origin: self.origin },
            texts: sealer.texts,
            applicant: sealer.applicant,
            subject: new_subject(&request.order),
            number_pattern: agency.number_pattern.clone(),
            retry: request.retry.as_ref().map(|retry| retry.of(request.actor.account)),
        };
        self.commit_and_answer(commit, words, home, &request.actor, today, request.render).await
    }

    /// Commits and renders the answer, which is kept in the same transaction when the request carried a retry key.
    pub(super) async fn commit_and_answer(
        self: &Arc<Self>,
        commit: Commit,
        words: Words,
        home: &Arc<Agency>,
        actor: &Actor,
        today: NaiveDate,
        render: Render,
    ) -> Result<Answer, AppError> {
        let answer = {
            let (app, actor) = (Arc::clone(self), actor.clone());
            move |committed: &Committed| -> Result<Answer, AppError> {
                app.detail(&actor, &committed.case, committed.row.subject.clone(), &words, today)
                    .map(|detail| render(&detail))
            }
        };
        let answer = Arc::new(answer);
        let keep: Option<KeepAnswer> = commit.retry.is_some().then(|| {
            let (answer, home, account) = (Arc::clone(&answer), Arc::clone(home), actor.account);
            let keep: KeepAnswer = Box::new(move |committed: &Committed| {
                answer(committed).and_then(|answer| seal_answer(&home, account, &answer)).unwrap_or_default()
            });
            keep
        });
        let committed = self.store.commit(commit, keep).await?;
        answer(&committed)
    }

    /// What a command names must exist at the case's agency.
    async fn check_references(&self, loaded: &Loaded, order: &Order) -> Result<(), AppError> {
        let agency = Key(loaded.agency.id.0);
        let mut wrong = Vec::new();
        match order {
            Order::Assign { department, assignee, .. } => {
                let known = self.store.departments_of(agency).await?;
                if !known.iter().any(|row| row.id.0 == department.0) {
                    wrong.push(no_such("/department_id", "部门", "department of this agency"));
                }
                if let Some(account) = assignee {
                    let known = self.store.account_by_id(Key(account.0)).await?;
                    if known.is_none_or(|row| row.agency_id != agency) {
                        wrong.push(no_such("/assignee_id", "账号", "account of this agency"));
                    }
                }
            }
            Order::Register { subject } | Order::Amend { amend: AmendOrder::Subject(subject), .. } => {
                let words = self.words(loaded).await?;
                wrong.extend(check_subject(subject, words.applicant.as_ref()));
            }
            Order::Confirm { .. }
            | Order::Acknowledge { .. }
            | Order::Return { .. }
            | Order::Draft { .. }
            | Order::Submit
            | Order::Review { .. }
            | Order::Issue { .. }
            | Order::Dispatch { .. }
            | Order::Serve { .. }
            | Order::Withdraw { .. }
            | Order::Archive { .. }
            | Order::Amend { .. } => {}
        }
        if wrong.is_empty() { Ok(()) } else { Err(AppError::Invalid(wrong)) }
    }
}

fn no_such(pointer: &str, zh: &str, en: &str) -> FieldError {
    FieldError::new(pointer, "unknown", format!("没有这个{zh}。"), format!("There is no such {en}."))
}

/// A subject is shown in lists and found by search: it may hold no personal data (design 3.2).
pub(super) fn check_subject(subject: &str, applicant: Option<&Applicant>) -> Vec<FieldError> {
    let mut wrong: Vec<FieldError> = find_personal_data(subject)
        .into_iter()
        .map(|finding| {
            FieldError::new(
                "/subject",
                "personal_data",
                format!("内容摘要中不得有{}。", finding.kind.label_zh()),
                format!("A subject may not hold personal data; it holds a {}.", finding.kind.label_en()),
            )
        })
        .collect();
    if applicant
        .is_some_and(|applicant| applicant.name.chars().count() > 1 && subject.contains(&applicant.name))
    {
        wrong.push(FieldError::new(
            "/subject",
            "personal_data",
            "内容摘要中不得有申请人姓名。",
            "A subject may not hold the applicant's name.",
        ));
    }
    wrong
}

/// Who acts, for the record.
pub(super) fn by(actor: &Actor) -> By {
    By::Account { account: actor.account, person: actor.person }
}

fn check_version(expected: Expected, version: u32) -> Result<(), AppError> {
    match expected {
        Expected::Missing => Err(AppError::VersionRequired),
        Expected::Any => Ok(()),
        Expected::Version(wanted) if wanted == version => Ok(()),
        Expected::Version(_) | Expected::Unknown => Err(AppError::VersionStale),
    }
}

/// The department whose task the order is about, when it names one.
fn task(case: &Case, order: &Order) -> Option<DepartmentId> {
    let (Order::Acknowledge { n } | Order::Return { n, .. }) = order else { return None };
    let work = case.state.work()?;
    std::iter::once(&work.lead)
        .chain(&work.helpers)
        .find(|assignment| assignment.n == *n)
        .map(|assignment| assignment.department)
}

fn seal_order(order: &Order, sealer: &mut Sealer) -> Result<Command, AppError> {
    Ok(match order {
        Order::Confirm { evidence } => {
            Command::Confirm { evidence: sealer.text(TextKind::Evidence, evidence)? }
        }
        Order::Register { subject } => {
            Command::Register { subject: sealer.text(TextKind::Subject, subject)? }
        }
        Order::Assign { kind, department, assignee, note } => Command::Assign {
            kind: *kind,
            department: *department,
            assignee: *assignee,
            note: sealer.optional_text(TextKind::Note, note.as_deref())?,
        },
        Order::Acknowledge { n } => Command::Acknowledge { n: *n },
        Order::Return { n, reason } => {
            Command::Return { n: *n, reason: sealer.text(TextKind::Note, reason)? }
        }
        Order::Draft { outcome, text } => {
            let text = sealer.text(TextKind::Reply, text)?;
            let content = content_hash(*outcome, &text.commitment);
            Command::Draft { outcome: *outcome, text, content }
        }
        Order::Submit => Command::Submit,
        Order::Review { step, decision, content, opinion } => Command::Review {
            step: *step,
            decision: *decision,
            content: *content,
            opinion: sealer.optional_text(TextKind::Opinion, opinion.as_deref())?,
        },
        Order::Issue { content } => Command::Issue { content: *content },
        Order::Dispatch { method, evidence, .. } => Command::Dispatch {
            method: *method,
            evidence: sealer.optional_text(TextKind::Evidence, evidence.as_deref())?,
        },
        Order::Serve { n, evidence } => {
            Command::Serve { n: *n, evidence: sealer.optional_text(TextKind::Evidence, evidence.as_deref())? }
        }
        Order::Withdraw { reason } => {
            Command::Withdraw { reason: sealer.optional_text(TextKind::Note, reason.as_deref())? }
        }
        Order::Archive { note } => {
            Command::Archive { note: sealer.optional_text(TextKind::Note, note.as_deref())? }
        }
        Order::Amend { amend, reason } => {
            Command::Amend { amend: seal_amend(amend, sealer)?, reason: sealer.text(TextKind::Note, reason)? }
        }
    })
}

fn seal_amend(amend: &AmendOrder, sealer: &mut Sealer) -> Result<Amend, AppError> {
    Ok(match amend {
        AmendOrder::Applicant(applicant) => Amend::Applicant(sealer.applicant(applicant)?),
        AmendOrder::Description(words) => Amend::Description(sealer.text(TextKind::Description, words)?),
        AmendOrder::Subject(words) => Amend::Subject(sealer.text(TextKind::Subject, words)?),
        AmendOrder::Receipt { channel, arrived_on, confirmed_on } => {
            Amend::Receipt { channel: *channel, arrived_on: *arrived_on, confirmed_on: *confirmed_on }
        }
    })
}

/// What reviews bind to: outcome and words, the words by their salted commitment, so that the hash tells nothing.
fn content_hash(outcome: Outcome, words: &Digest) -> Digest {
    Digest(sha256_framed(&[b"gongkai-reply-content/v1", outcome.code().as_bytes(), &words.0]))
}

/// Decides; a dispatch whose service is known at once is two events of one command.
fn decide_order(
    case: &Case,
    command: Command,
    request: &Request,
    today: NaiveDate,
    context: &Context,
    sealer: &mut Sealer,
) -> Result<Vec<Happened>, AppError> {
    let on = request.on.unwrap_or(today);
    let mut events = decide(case, command, on, context)?;
    if let Order::Dispatch { served_on: Some(served_on), evidence, .. } = &request.order {
        let after = follow(case, &events, request, context);
        let n = after.state.services().last().map_or(1, |service| service.n);
        let evidence = sealer.optional_text(TextKind::Evidence, evidence.as_deref())?;
        events.extend(decide(&after, Command::Serve { n, evidence }, *served_on, context)?);
    }
    Ok(events)
}

/// The case after events that are not recorded yet.
fn follow(case: &Case, events: &[Happened], request: &Request, _: &Context) -> Case {
    events.iter().fold(case.clone(), |case, happened| {
        let recorded = crate::domain::case::Recorded {
            seq: case.version.saturating_add(1),
            at: chrono::DateTime::UNIX_EPOCH,
            on: happened.on,
            by: by(&request.actor),
            origin: crate::domain::case::Origin::Api,
            event: happened.event.clone(),
        };
        crate::domain::case::evolve(case, &recorded)
    })
}

/// The words the answer shows are those that hold after the command.
fn remember(words: &mut Words, order: &Order) {
    match order {
        Order::Draft { text, .. } => words.reply = Some(text.clone()),
        Order::Amend { amend: AmendOrder::Description(text), .. } => words.description = Some(text.clone()),
        Order::Amend { amend: AmendOrder::Applicant(applicant), .. } => {
            words.applicant = Some(applicant.clone())
        }
        Order::Confirm { .. }
        | Order::Register { .. }
        | Order::Assign { .. }
        | Order::Acknowledge { .. }
        | Order::Return { .. }
        | Order::Submit
        | Order::Review { .. }
        | Order::Issue { .. }
        | Order::Dispatch { .. }
        | Order::Serve { .. }
        | Order::Withdraw { .. }
        | Order::Archive { .. }
        | Order::Amend { .. } => {}
    }
}

fn new_subject(order: &Order) -> Option<String> {
    if let Order::Register { subject } | Order::Amend { amend: AmendOrder::Subject(subject), .. } = order {
        Some(subject.clone())
    } else {
        None
    }
}
