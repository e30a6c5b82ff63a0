//! Carrying out a command on a case: load → authorize → replay → version → decide → commit.

use std::sync::Arc;

use chrono::NaiveDate;

use super::App;
use super::case_view::{CaseDetail, Loaded, Words, verdict};
use super::directory::Agency;
use super::error::{AppError, FieldError};
pub use super::order::{
    AmendOrder, AttachmentOrder, ClockOrder, ContactOrder, DisposalOrder, FilingOrder, LabelOrder, Order,
    PublicationOrder, RelationOrder, RemedyOrder, ReplyOrder,
};
use super::order::{new_attachment, new_documents, new_subject, not_cleared, remember, seal_order, task};
use super::people::{Sealer, TextKind};
use super::retry::{Answer, RetryKey, seal_answer};
use super::shown::{check_shown, check_words};
use crate::crypto::random;
use crate::domain::case::command::Command;
use crate::domain::case::decide::{Context, Happened, decide};
use crate::domain::case::document::Document;
use crate::domain::case::{By, Case, Event};
use crate::domain::ids::{CaseId, EventId};
use crate::domain::policy::{Action, Verdict};
use crate::domain::role::Actor;
use crate::store::{At, Before, Commit, Committed, KeepAnswer, Key, Meta, StoreError};

/// Which version the caller decided upon (`If-Match`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// He did not say.
    Missing,
    /// Any.
    Any,
    /// One of these; none of them when he named what no case of ours ever had.
    OneOf(Vec<u32>),
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
    pub async fn execute(self: &Arc<Self>, mut request: Request) -> Result<Answer, AppError> {
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
        check_version(&request.expected, case.version)?;
        self.check_references(&request.actor, &loaded, &request.order).await?;
        self.check_delegated(&loaded, &request).await?;
        if let Order::Archive(filing) = &mut request.order {
            filing.shelf = Some(self.shelf(&loaded.custodian).await?);
        }
        if let Order::Publication(order) = &mut request.order {
            order.compare(&self.words(&loaded).await?);
        }
        if let Order::Submit { unscanned } = &mut request.order {
            *unscanned = self.unscanned(&loaded).await?;
        }
        let outcome = if let Order::Relation(order) = &request.order {
            Box::pin(self.relate(&loaded, &home, &request, order)).await
        } else {
            let attempt = || Box::pin(self.decide_and_commit(&loaded, &home, &request));
            self.by_newest_law(attempt).await
        };
        self.after_race(outcome, &home, &request.actor, request.retry.as_ref()).await
    }

    /// Decides and commits; when calendars were changed in between, decides once more by the new ones. A case that this change
    /// itself has moved is another version by then.
    pub(super) async fn by_newest_law<F: Future<Output = Result<Answer, AppError>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<Answer, AppError> {
        match attempt().await {
            Err(AppError::Store(StoreError::LawChanged)) => {
                self.store.refresh_law().await?;
                attempt().await
            }
            other => other,
        }
    }

    /// A retry that raced its first attempt finds its key or its name taken, or the version moved on: it gets the
    /// first answer.
    pub(super) async fn after_race(
        &self,
        outcome: Result<Answer, AppError>,
        home: &Agency,
        actor: &Actor,
        retry: Option<&RetryKey>,
    ) -> Result<Answer, AppError> {
        let error = match outcome {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let lost = matches!(
            error,
            AppError::VersionStale | AppError::Taken { .. } | AppError::Store(StoreError::Taken { .. })
        );
        let first = if lost { self.first_answer(home, actor.account, retry).await? } else { None };
        first.ok_or(error)
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
        let law = self.store.law();
        let (pack, calendar) = &Self::statute_of_case(&law, case)?;
        let context = Context { today, pack, calendar, person: Some(request.actor.person) };
        let mut words = self.words(loaded).await?;
        let mut sealer = Sealer::new(agency, case.id, At(now));
        let usual = self.usual_for(&request.order, loaded.custodian.id).await?;
        let command = seal_order(&request.order, &usual, &mut sealer)?;
        let events = decide_order(case, command, request, today, &context, &mut sealer)?;
        remember(&mut words, &request.order, &usual);
        let erased = events.iter().any(|happened| erases(&happened.event));
        if erased {
            words = Words { publications: words.publications, ..Words::default() };
        }
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
            portal_request: None,
            attachment: new_attachment(&request.order),
            subject: new_subject(&request.order),
            documents: new_documents(&request.order),
            publications: matches!(request.order, Order::Publication(_)).then(|| words.publications.clone()),
            number_pattern: loaded.custodian.number_pattern.clone(),
            retry: request.retry.as_ref().map(|retry| retry.of(request.actor.account)),
            law,
        };
        let answer =
            self.commit_and_answer(commit, words, home, &request.actor, today, request.render).await?;
        if erased {
            self.scrub().await;
            self.remove_files().await;
        }
        Ok(answer)
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
        self.commit_all_and_answer(commit, Vec::new(), words, (home, actor, today), render).await
    }

    /// The same for a command that concerns other cases too: all of it is written, or nothing.
    pub(super) async fn commit_all_and_answer(
        self: &Arc<Self>,
        commit: Commit,
        others: Vec<Commit>,
        words: Words,
        (home, actor, today): (&Arc<Agency>, &Actor, NaiveDate),
        render: Render,
    ) -> Result<Answer, AppError> {
        let answer = {
            let (app, actor) = (Arc::clone(self), actor.clone());
            move |committed: &Committed| -> Result<Answer, AppError> {
                app.detail(&actor, &committed.case, &committed.row, &words, today)
                    .map(|detail| render(&detail))
            }
        };
        let answer = Arc::new(answer);
        let keep: Option<KeepAnswer> = commit.retry.clone().map(|retry| {
            let (answer, home) = (Arc::clone(&answer), Arc::clone(home));
            let keep: KeepAnswer = Box::new(move |committed: &Committed| {
                // An answer that could not be given again must not be promised: the command fails with it.
                answer(committed)
                    .and_then(|answer| seal_answer(&home, &retry, &answer))
                    .map_err(|error| StoreError::Internal(format!("the answer cannot be kept: {error}")))
            });
            keep
        });
        let committed = self.store.commit_all(commit, others, keep).await?;
        answer(&committed)
    }

    /// What a command names must exist at the agency that handles the case.
    async fn check_references(&self, actor: &Actor, loaded: &Loaded, order: &Order) -> Result<(), AppError> {
        let agency = Key(loaded.custodian.id.0);
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
                    } else if !self.is_cleared(Key(account.0), loaded.before.case.sensitivity).await? {
                        wrong.push(not_cleared("/assignee_id"));
                    }
                }
            }
            Order::Register { subject, documents } => {
                wrong.extend(self.wrong_if_shown(loaded, Some(subject), documents).await?);
            }
            Order::Amend { amend: AmendOrder::Subject(subject), .. } => {
                wrong.extend(self.wrong_if_shown(loaded, Some(subject), &[]).await?);
            }
            Order::Amend { amend: AmendOrder::Documents(documents), .. } => {
                wrong.extend(self.wrong_if_shown(loaded, None, documents).await?);
            }
            Order::Issue { number: Some(number), .. } => {
                let words = self.words(loaded).await?;
                let names = ("文号", "number");
                wrong.extend(check_words("/number", names, number.as_str(), words.applicant.as_ref()));
            }
            Order::Publication(order) => wrong.extend(order.wrong_if_shown(&self.words(loaded).await?)),
            Order::Label(order) => wrong.extend(self.wrong_label(actor, loaded, order).await?),
            Order::Confirm { .. }
            | Order::Acknowledge { .. }
            | Order::Return { .. }
            | Order::Draft { .. }
            | Order::Submit { .. }
            | Order::Review { .. }
            | Order::Reply(_)
            | Order::Issue { .. }
            | Order::Dispatch { .. }
            | Order::Serve { .. }
            | Order::Withdraw { .. }
            | Order::Archive(_)
            | Order::Amend { .. }
            | Order::Clock(_)
            | Order::Remedy(_)
            | Order::Disposal(_)
            | Order::Relation(_)
            | Order::Contact(_)
            | Order::Attachment(_) => {}
        }
        if wrong.is_empty() { Ok(()) } else { Err(AppError::Invalid(wrong)) }
    }

    /// What is wrong with words of this case that lists would show.
    async fn wrong_if_shown(
        &self,
        loaded: &Loaded,
        subject: Option<&str>,
        documents: &[Document],
    ) -> Result<Vec<FieldError>, AppError> {
        let words = self.words(loaded).await?;
        Ok(check_shown(subject, documents, words.applicant.as_ref()))
    }
}

pub(super) fn no_such(pointer: &str, zh: &str, en: &str) -> FieldError {
    FieldError::new(pointer, "unknown", format!("没有这个{zh}。"), format!("There is no such {en}."))
}

/// Whether words and the applicant's record go with this event.
fn erases(event: &Event) -> bool {
    matches!(event, Event::AppraisalDecided(decided) if decided.erases())
}

/// Who acts, for the record.
pub(super) fn by(actor: &Actor) -> By {
    By::Account { account: actor.account, person: actor.person }
}

pub(super) fn check_version(expected: &Expected, version: u32) -> Result<(), AppError> {
    match expected {
        Expected::Missing => Err(AppError::VersionRequired),
        Expected::Any => Ok(()),
        Expected::OneOf(wanted) if wanted.contains(&version) => Ok(()),
        Expected::OneOf(_) => Err(AppError::VersionStale),
    }
}

/// Decides; a dispatch whose service is known at once is two events of one command, and so is an approval whose notice
/// is.
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
        let after = follow(case, &events, request);
        let n = after.state.services().last().map_or(1, |service| service.n);
        let evidence = sealer.optional_text(TextKind::Evidence, evidence.as_deref())?;
        events.extend(decide(&after, Command::Serve { n, evidence }, *served_on, context)?);
    }
    if let Order::Clock(order) = &request.order
        && let Some((notice, on)) = order.at_once()
    {
        let after = follow(case, &events, request);
        events.extend(decide(&after, Command::Clock(notice), on, context)?);
    }
    Ok(events)
}

/// The case after events that are not recorded yet.
pub(super) fn follow(case: &Case, events: &[Happened], request: &Request) -> Case {
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
