//! Carrying out what concerns several cases: handing on, splitting, merging, linking. Each case gets its events and its words
//! under its own agency's keys; all of it is one transaction.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::App;
use super::case_view::{Loaded, Words};
use super::directory::Agency;
use super::error::AppError;
use super::execute::{RelationOrder, Request, by, follow, no_such};
use super::people::{Applicant, Sealer, TextKind};
use super::retry::Answer;
use crate::crypto::random;
use crate::domain::case::Case;
use crate::domain::case::command::{Amend, Command, Receive, RelationCommand};
use crate::domain::case::decide::{
    Context, Happened, TakenOver, begin_from, decide, is_confirmed, pointed_at, receipt_of_part,
};
use crate::domain::case::event::{Event, SensitivityChanged, TextRef};
use crate::domain::case::relation::{OtherCase, RelationKind, ends_no_later};
use crate::domain::ids::{AgencyId, CaseId, EventId};
use crate::domain::role::Actor;
use crate::domain::sensitivity::Sensitivity;
use crate::law::LawBook;
use crate::store::{AgencyRow, At, Before, Commit, Meta};

/// How often it is decided anew when the other case goes on meanwhile.
const ATTEMPTS: usize = 3;

/// What all commits of one command have in common.
struct Act<'a> {
    now: DateTime<Utc>,
    today: NaiveDate,
    on: NaiveDate,
    law: Arc<LawBook>,
    meta: Meta,
    loaded: &'a Loaded,
    request: &'a Request,
}

/// A command decided: what happens to this case, to others, and the words that this one is shown with.
struct Decided {
    events: Vec<Happened>,
    others: Vec<Commit>,
    words: Words,
}

impl App {
    /// Carries out a command about other cases.
    ///
    /// # Errors
    /// As [`App::execute`]; a case or agency that the caller may not know of is a field that is wrong, as one that does not exist.
    pub(super) async fn relate(
        self: &Arc<Self>,
        loaded: &Loaded,
        home: &Arc<Agency>,
        request: &Request,
        order: &RelationOrder,
    ) -> Result<Answer, AppError> {
        let mut attempts = 1;
        loop {
            let attempt = || Box::pin(self.relate_once(loaded, home, request, order));
            let outcome = self.by_newest_law(attempt).await;
            // The other case may have gone on meanwhile; this one, when it did, is as stale at every attempt.
            if !matches!(outcome, Err(AppError::VersionStale)) || attempts == ATTEMPTS {
                return outcome;
            }
            attempts += 1;
        }
    }

    async fn relate_once(
        self: &Arc<Self>,
        loaded: &Loaded,
        home: &Arc<Agency>,
        request: &Request,
        order: &RelationOrder,
    ) -> Result<Answer, AppError> {
        let now = self.clock.now();
        let today = crate::clock::civil_date(now, loaded.agency.zone);
        let on = request.on.unwrap_or(today);
        let meta = Meta { at: now, by: by(&request.actor), origin: self.origin };
        let act = Act { now, today, on, law: self.store.law(), meta, loaded, request };
        let mut sealer = Sealer::new(&loaded.agency, loaded.before.case.id, At(now));
        let decided = match order {
            RelationOrder::HandOn { agency_code, reason } => {
                self.hand_on(&act, agency_code, reason, &mut sealer).await?
            }
            RelationOrder::Split { parts, kept, reason } => {
                self.split(&act, parts, kept.as_deref(), reason, &mut sealer).await?
            }
            RelationOrder::Merge { into, reason } => {
                let other = ("/into_case_id", *into, RelationKind::Merged);
                let made = |into, reason| RelationCommand::Merge { into, reason };
                self.link(&act, other, reason, made, &mut sealer).await?
            }
            RelationOrder::Repeat { earlier, reason } => {
                let other = ("/case_id", *earlier, RelationKind::Repeat);
                let made = |earlier, reason| RelationCommand::Repeat { earlier, reason };
                self.link(&act, other, reason, made, &mut sealer).await?
            }
            RelationOrder::Supplement { open, reason } => {
                let other = ("/case_id", *open, RelationKind::Supplement);
                let made = |open, reason| RelationCommand::Supplement { open, reason };
                self.link(&act, other, reason, made, &mut sealer).await?
            }
        };
        let mut commit = act.of_existing(loaded, decided.events, sealer);
        commit.retry = request.retry.as_ref().map(|retry| retry.of(request.actor.account));
        let caller = (home, &request.actor, today);
        self.commit_all_and_answer(commit, decided.others, decided.words, caller, request.render).await
    }

    /// 转办: the receiving agency's case begins on the day of the hand-on, under its own statute, calendar and keys.
    async fn hand_on(
        &self,
        act: &Act<'_>,
        code: &str,
        reason: &str,
        sealer: &mut Sealer<'_>,
    ) -> Result<Decided, AppError> {
        let receiver = self.agency_of_tree(&act.loaded.custodian, code).await?;
        let (new, words) = (CaseId(random::new_id(act.now)), self.words(act.loaded).await?);
        let case = &act.loaded.before.case;
        let reason_here = sealer.text(TextKind::Note, reason)?;
        let command = RelationCommand::HandOn { agency: receiver.id, case: new, reason: reason_here };
        let events = act.decide(case, Command::Relation(command))?;
        self.somebody_reads(receiver.id, case.sensitivity).await?;
        let (pack, calendar) = &Self::statute_on(&act.law, &receiver, act.on)?;
        let today = self.today(&receiver);
        let context = Context { today, pack, calendar, person: Some(act.request.actor.person) };
        let mut theirs = Sealer::new(&receiver, new, At(act.now));
        let confirmed_on = is_confirmed(case.receipt.channel, &context).then_some(act.on);
        let taken = taken_over(case, (act.on, confirmed_on), described(&words)?, reason, &mut theirs)?;
        let mut began = begin_from(case, RelationKind::HandedOn, act.on, taken, &context)?;
        began.extend(labelled_like(case, act.on, reason, &mut theirs)?);
        let others = vec![act.of_new(&receiver, new, began, theirs)];
        Ok(Decided { events, others, words })
    }

    /// 拆分: each matter becomes a case of this agency, received when the whole was.
    async fn split(
        &self,
        act: &Act<'_>,
        parts: &[String],
        kept: Option<&str>,
        reason: &str,
        sealer: &mut Sealer<'_>,
    ) -> Result<Decided, AppError> {
        let (agency, case) = (&act.loaded.custodian, &act.loaded.before.case);
        let mut words = self.words(act.loaded).await?;
        let (pack, calendar) = &Self::statute_of_case(&act.law, case)?;
        let context = Context { today: act.today, pack, calendar, person: Some(act.request.actor.person) };
        let (mut events, mut others) = (Vec::new(), Vec::new());
        for part in parts {
            let new = CaseId(random::new_id(act.now));
            let command = RelationCommand::Split { case: new, reason: sealer.text(TextKind::Note, reason)? };
            let before = follow(case, &events, act.request);
            events.extend(act.decide(&before, Command::Relation(command))?);
            let mut theirs = Sealer::new(agency, new, At(act.now));
            let (applicant, _) = described(&words)?;
            let taken =
                taken_over(case, receipt_of_part(case, &context), (applicant, part), reason, &mut theirs)?;
            let mut began = begin_from(case, RelationKind::Split, act.on, taken, &context)?;
            began.extend(labelled_like(case, act.on, reason, &mut theirs)?);
            others.push(act.of_new(agency, new, began, theirs));
        }
        if let Some(kept) = kept {
            let command = Command::Amend {
                amend: Amend::Description(sealer.text(TextKind::Description, kept)?),
                reason: sealer.text(TextKind::Note, reason)?,
            };
            let before = follow(case, &events, act.request);
            events.extend(act.decide(&before, command)?);
            words.description = Some(kept.to_owned());
        }
        Ok(Decided { events, others, words })
    }

    /// 并案、重复申请、补充申请: a case of this agency that the caller may read is pointed at.
    async fn link(
        &self,
        act: &Act<'_>,
        (pointer, other, kind): (&str, CaseId, RelationKind),
        reason: &str,
        command: impl Fn(OtherCase, TextRef) -> RelationCommand,
        sealer: &mut Sealer<'_>,
    ) -> Result<Decided, AppError> {
        let other = self.other_case(&act.request.actor, act.loaded, pointer, other).await?;
        let (case, theirs) = (&act.loaded.before.case, &other.before.case);
        let words = self.words(act.loaded).await?;
        let same = same_applicant(words.applicant.as_ref(), self.words(&other).await?.applicant.as_ref());
        let first = ends_no_later(other.before.row.due_on, act.loaded.before.row.due_on);
        let known = OtherCase::of(theirs, same, first);
        let command = command(known, sealer.text(TextKind::Note, reason)?);
        let events = act.decide(case, Command::Relation(command))?;
        let mut there = Sealer::new(&other.agency, theirs.id, At(act.now));
        let reason = there.text(TextKind::Note, reason)?;
        let event = pointed_at(case, kind, theirs.relations.len(), reason);
        let others = vec![act.of_existing(&other, vec![Happened { on: act.on, event }], there)];
        Ok(Decided { events, others, words })
    }

    /// Another case of the same agency, read anew.
    async fn other_case(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        pointer: &str,
        id: CaseId,
    ) -> Result<Loaded, AppError> {
        let unknown = || AppError::Invalid(vec![no_such(pointer, "申请", "case of this agency")]);
        match self.load(actor, id).await {
            Ok(other) if other.custodian.id == loaded.custodian.id => Ok(other),
            Ok(_) | Err(AppError::NotFound) => Err(unknown()),
            Err(other) => Err(other),
        }
    }

    /// The agency with this code, another one of the same tree. One of another tree is none.
    async fn agency_of_tree(&self, ours: &Agency, code: &str) -> Result<Arc<Agency>, AppError> {
        let all = self.store.agencies_all().await?;
        let root = root_of(&all, &ours.row);
        let found = all.iter().find(|row| row.code == code && row.id != ours.row.id);
        match found.filter(|row| root_of(&all, row) == root) {
            Some(row) => self.agency(AgencyId(row.id.0)).await,
            None => {
                Err(AppError::Invalid(vec![no_such("/agency_code", "其他机关", "other agency of this tree")]))
            }
        }
    }
}

/// The agency above which there is none.
fn root_of<'a>(all: &'a [AgencyRow], row: &'a AgencyRow) -> &'a str {
    let above = |row: &AgencyRow| all.iter().find(|other| Some(other.id) == row.parent_id);
    let mut top = row;
    // A tree of agencies is no deeper than the state: a cycle in the table must not hang a request.
    for _ in 0..16 {
        match above(top) {
            Some(parent) => top = parent,
            None => break,
        }
    }
    &top.code
}

impl Act<'_> {
    fn decide(&self, case: &Case, command: Command) -> Result<Vec<Happened>, AppError> {
        let (pack, calendar) = &App::statute_of_case(&self.law, case)?;
        let context = Context { today: self.today, pack, calendar, person: Some(self.request.actor.person) };
        Ok(decide(case, command, self.on, &context)?)
    }

    fn of_existing(&self, loaded: &Loaded, events: Vec<Happened>, sealer: Sealer) -> Commit {
        let Before { case, row, head } = &loaded.before;
        let before = Before { case: case.clone(), row: row.clone(), head: *head };
        let number_pattern = loaded.custodian.number_pattern.clone();
        let made = self.of_new(&loaded.agency, loaded.before.case.id, events, sealer);
        Commit { before: Some(before), number_pattern, ..made }
    }

    fn of_new(&self, agency: &Agency, case: CaseId, events: Vec<Happened>, sealer: Sealer) -> Commit {
        let events = events.into_iter().map(|event| (EventId(random::new_id(self.now)), event)).collect();
        let (pattern, law) = (agency.number_pattern.clone(), Arc::clone(&self.law));
        let bare = Commit::bare((agency.id, case), None, events, self.meta, pattern, law);
        Commit { texts: sealer.texts, applicant: sealer.applicant, ..bare }
    }
}

/// A case that is made of the words of another bears its label from the beginning.
fn labelled_like(
    case: &Case,
    on: NaiveDate,
    reason: &str,
    sealer: &mut Sealer<'_>,
) -> Result<Option<Happened>, AppError> {
    let (from, to) = (Sensitivity::Ordinary, case.sensitivity);
    if to == from {
        return Ok(None);
    }
    let reason = sealer.text(TextKind::Archive, reason)?;
    Ok(Some(Happened { on, event: Event::SensitivityChanged(SensitivityChanged { from, to, reason }) }))
}

/// Who asks, and for what. The rules have refused where it is erased.
fn described(words: &Words) -> Result<(&Applicant, &str), AppError> {
    let found = words.applicant.as_ref().zip(words.description.as_deref());
    found.ok_or_else(|| AppError::Internal("the words of a case that was not erased are missing".to_owned()))
}

/// A request sealed anew under the keys of the agency that gets it.
fn taken_over(
    case: &Case,
    (arrived_on, confirmed_on): (NaiveDate, Option<NaiveDate>),
    (applicant, description): (&Applicant, &str),
    reason: &str,
    sealer: &mut Sealer<'_>,
) -> Result<TakenOver, AppError> {
    let confirmed = match confirmed_on {
        Some(day) => Some((day, sealer.text(TextKind::Evidence, reason)?)),
        None => None,
    };
    Ok(TakenOver {
        receive: Receive {
            channel: case.receipt.channel,
            arrived_on,
            applicant: sealer.applicant(applicant)?,
            description: sealer.text(TextKind::Description, description)?,
            form_wanted: case.form_wanted,
            evidence: None,
        },
        confirmed,
        reason: sealer.text(TextKind::Note, reason)?,
    })
}

/// Whether two cases are of one applicant: by the numbers of their proofs of identity where both have one, else by name.
fn same_applicant(one: Option<&Applicant>, other: Option<&Applicant>) -> bool {
    let Some((one, other)) = one.zip(other) else { return false };
    match one.identity.as_ref().zip(other.identity.as_ref()) {
        Some((one, other)) => one.number == other.number,
        None => one.name.trim() == other.name.trim(),
    }
}
