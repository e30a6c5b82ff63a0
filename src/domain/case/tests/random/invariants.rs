//! What must hold of every case, read from its record and not from the code that keeps it.

use super::*;
use crate::domain::attachment::Purpose;
use crate::domain::case::clock::{case_timeline, facts};
use crate::domain::case::event::{Amendment, Event, FrozenFile, RemedyPart};
use crate::domain::case::projection::project;
use crate::domain::case::relation::{Direction, RelationKind};
use crate::domain::case::remedies::EarlierRound;
use crate::domain::case::state::{Conclusion, LapseGround, Receipt, Service};
use crate::domain::case::submission::frozen_hash;
use crate::domain::review::{Answer, Question, Route, StepId};
use crate::domain::time_limit::Rules;

/// Holds after every step.
pub(super) fn hold(file: &File) {
    let (case, record) = (&file.case, &file.record);
    assert_eq!(usize::try_from(case.version).unwrap(), record.len(), "the version counts the events");
    assert!(record.iter().zip(1..).all(|(recorded, seq)| recorded.seq == seq));
    assert!(record.iter().all(|recorded| recorded.on <= file.today), "an event of tomorrow");
    assert_eq!((case.id, case.agency, case.statute.as_str()), (CASE, AGENCY, LAW.pack.id.as_str()));
    if record.len().is_multiple_of(8) {
        assert_eq!(file.read_again(), *case, "the record read again gives another case");
    }
    dates(file);
    people(record);
    work(file);
    draft(file);
    queue(file);
    clock(file);
}

/// The record of the clock agrees with itself, and its facts make a timeline.
fn clock(file: &File) {
    let case = &file.case;
    let facts = facts(case);
    let timeline = case_timeline(&facts, &Rules::of(&LAW.pack, &LAW.calendar), file.today);
    let timeline = timeline.unwrap_or_else(|fault| panic!("{fault}: {:?}", case.clock));
    let clock = &case.clock;
    let numbers =
        |numbers: Vec<u32>| assert!(numbers.iter().copied().eq(1..=u32::try_from(numbers.len()).unwrap()));
    numbers(clock.corrections.iter().map(|it| it.n).collect());
    numbers(clock.consultations.iter().map(|it| it.n).collect());
    numbers(clock.extensions.iter().map(|it| it.n).collect());
    numbers(clock.reasons.iter().map(|it| it.n).collect());
    numbers(clock.fees.iter().map(|it| it.n).collect());
    let asked = clock.corrections.iter().skip(1).all(|it| it.by_exception);
    assert!(asked, "a second correction without an approval");
    assert!(clock.corrections.iter().filter(|it| it.is_open()).count() <= 1);
    assert!(clock.extensions.iter().filter(|it| !it.is_refused()).count() <= 1, "extended twice");
    assert!(clock.fees.iter().filter(|it| it.is_open()).count() <= 1);
    for it in &clock.extensions {
        let told = it.notified_on.map(|on| (it.decided.unwrap(), on));
        assert!(told.is_none_or(|((approved, decided_on), on)| approved && decided_on <= on));
    }
    for it in &clock.fees {
        let told = it.notified_on.map(|on| (it.decided.unwrap(), on));
        assert!(told.is_none_or(|((approved, decided_on), on)| approved && decided_on <= on));
        assert!(it.amount > 0 && it.paid_on.is_none_or(|paid| Some(paid) >= it.notified_on));
    }
    let lapsed = clock.corrections.iter().any(|it| it.lapsed_on.is_some())
        || clock.fees.iter().any(|it| it.lapsed_on.is_some());
    let ended = case.state.conclusion();
    let over =
        matches!(&ended, Some(Conclusion::Lapsed { lapse, .. }) if lapse.ground != LapseGround::Merged);
    assert_eq!(lapsed, over, "a lapse ends the case");
    relations(case);
    assert!(!over || timeline.is_some());
}

/// A merger ends the case, once; what is handed on was answered.
fn relations(case: &Case) {
    let relations = &case.relations;
    assert!(relations.iter().zip(1..).all(|(relation, n)| relation.n == n));
    let of = |kind| relations.iter().filter(|it| (it.kind, it.direction) == (kind, Direction::To)).count();
    let rounds = case.remedies.rounds.iter().map(EarlierRound::conclusion);
    let merged = |ended: &Option<Conclusion>| matches!(ended, Some(Conclusion::Lapsed { lapse, .. }) if lapse.ground == LapseGround::Merged);
    let ends = rounds.chain(std::iter::once(case.state.conclusion())).filter(merged).count();
    assert_eq!(of(RelationKind::Merged), ends, "a merger ends the case");
    assert!(of(RelationKind::Merged) <= 1 && of(RelationKind::HandedOn) <= 1);
}

/// 接收 ≤ 登记 ≤ … ≤ 归档.
fn dates(file: &File) {
    let case = &file.case;
    let Receipt { arrived_on, received_on, confirmed_on, .. } = case.receipt;
    let status = file.status();
    if status == Status::AwaitingConfirmation {
        assert_eq!(received_on, None);
    }
    if received_on.is_none() {
        let unconfirmed = [Status::AwaitingConfirmation, Status::Withdrawn, Status::Archived];
        assert!(unconfirmed.contains(&status) && case.state.registration().is_none());
        assert_eq!(confirmed_on, None);
    }
    let received = received_on.unwrap_or(arrived_on);
    assert!(received >= arrived_on && confirmed_on.is_none_or(|on| on >= arrived_on));
    assert!(case.latest_on >= received || case.state.registration().is_some());
    let registered_on = case.state.registration().map(|registration| registration.registered_on);
    assert!(registered_on.is_none_or(|on| on >= received), "registered before it was received");
    let concluded_on = case.state.conclusion().map(|conclusion| conclusion.concluded_on());
    assert!(concluded_on.is_none_or(|on| on >= received), "concluded before it was received");
    let archived_on = case.state.archived_on();
    assert!(archived_on >= concluded_on || archived_on.is_none(), "archived before it was concluded");
    assert!([registered_on, concluded_on, archived_on].into_iter().flatten().all(|on| on <= case.latest_on));
    for (Service { n, dispatched_on, served_on, .. }, nth) in case.state.services().iter().zip(1..) {
        assert_eq!(*n, nth);
        assert!(Some(*dispatched_on) >= concluded_on && served_on.is_none_or(|on| on >= *dispatched_on));
    }
}

/// Four eyes, from the record alone.
fn people(record: &[Recorded]) {
    let mut drafters = BTreeSet::new();
    let mut steps_of: BTreeMap<PersonId, Step> = BTreeMap::new();
    let mut referred = 0_i32;
    let mut recorders = [None, None];
    let (mut asked, mut proposer) = (BTreeSet::new(), [None, None, None]);
    let mut to_publish = None;
    let mut newest = None;
    let mut files: Vec<FrozenFile> = Vec::new();
    let mut submitted = None;
    let mut passed: Vec<(Step, PersonId)> = Vec::new();
    for recorded in record {
        let person = recorded.by.person();
        match &recorded.event {
            Event::Received { .. } => recorders[0] = person,
            Event::Confirmed { .. } => recorders[1] = person,
            Event::Amended { amendment: Amendment::Receipt { .. }, .. } => {
                assert!(person.is_none() || !recorders.contains(&person), "the recorder amended");
            }
            Event::Drafted { content, outcome, .. } => {
                drafters.insert(person.expect("a person drafts"));
                newest = Some((*content, *outcome));
            }
            Event::Submitted { content, attachments, .. } => {
                drafters.extend(person);
                assert_eq!(*attachments, files, "other files than those that stood");
                let (draft, outcome) = newest.expect("a draft");
                assert_eq!(frozen_hash(draft, &files), *content, "not the newest draft and its files");
                submitted = Some((*content, outcome));
                passed.clear();
            }
            Event::Attached(file) => {
                if file.purpose == Purpose::ReplyAttachment {
                    drafters.extend(person);
                    assert!(submitted.is_none(), "a file came to what was in review");
                    files.push(FrozenFile { attachment: file.attachment, content: file.content });
                }
            }
            Event::AttachmentStruck(struck) => {
                let before = files.len();
                files.retain(|file| file.attachment != struck.attachment);
                assert!(submitted.is_none() || files.len() == before, "what was in review lost a file");
                drafters.extend(person.filter(|_| files.len() < before));
            }
            Event::Reviewed { step, level: _, acting_for, decision, content, opinion, checklist } => {
                let person = person.expect("a person reviews");
                assert!(!drafters.contains(&person), "the drafter reviewed");
                assert_eq!(*steps_of.entry(person).or_insert(*step), *step, "one person, two steps");
                if let Some(absent) = acting_for {
                    assert!(!drafters.contains(absent), "a delegate of the drafter reviewed");
                    assert_eq!(*steps_of.entry(*absent).or_insert(*step), *step, "one person, two steps");
                }
                assert_eq!(referred, 0, "the secrecy authority has not answered");
                assert_eq!(submitted.map(|(content, _)| content), Some(*content), "another content reviewed");
                assert!(checklist.is_none() || *step == Step::Secrecy, "a checklist of another kind");
                if decision.passes() && *step == Step::Secrecy {
                    let with_remark = *decision == Decision::PassWithRemark;
                    let against = checklist.expect("the checklist is answered").against_pass(with_remark);
                    assert_eq!(against, None, "passed against its checklist");
                    assert!(
                        Question::ALL.iter().all(|it| checklist.unwrap().answer(*it) != Answer::Unsure),
                        "passed while unsure"
                    );
                }
                match decision {
                    Decision::Pass => passed.push((*step, person)),
                    Decision::PassWithRemark => {
                        assert!(opinion.is_some());
                        passed.push((*step, person));
                    }
                    Decision::Refer => {
                        assert!(opinion.is_some() && *step == Step::Secrecy);
                        referred += 1;
                    }
                    Decision::Return => {
                        assert!(opinion.is_some());
                        submitted = None;
                    }
                }
            }
            Event::ReferralAnswered(_) => {
                referred -= 1;
                assert_eq!(referred, 0, "an answer to nothing");
            }
            Event::Issued { content, outcome, number: _ } => {
                assert_eq!(submitted, Some((*content, *outcome)), "another content issued");
                files.clear();
                submitted = None;
                let steps: Vec<_> = passed.iter().map(|(step, _)| *step).collect();
                assert_eq!(steps, Step::ALL, "issued without its reviews");
                let persons: BTreeSet<_> = passed.iter().map(|(_, person)| *person).collect();
                assert_eq!(persons.len(), 3, "three steps, fewer persons");
                assert!(persons.is_disjoint(&drafters));
                assert!(!drafters.contains(&person.expect("a person issues")));
            }
            Event::Amended { .. }
            | Event::AttachmentBlocked(_)
            | Event::CalendarChanged { .. }
            | Event::HandedOver(_)
            | Event::SensitivityChanged(_)
            | Event::Registered { .. }
            | Event::Assigned { .. }
            | Event::Acknowledged { .. }
            | Event::Returned { .. }
            | Event::ReplyImported { .. }
            | Event::Dispatched { .. }
            | Event::Served { .. }
            | Event::Withdrawn { .. }
            | Event::Archived { .. }
            | Event::CorrectionServed(_)
            | Event::Corrected(_)
            | Event::CorrectionLapsed(_)
            | Event::ConsultationSent(_)
            | Event::ConsultationServed(_)
            | Event::ConsultationAnswered(_)
            | Event::ConsultationLapsed(_)
            | Event::ExtensionNotified(_)
            | Event::ReasonsRequested(_)
            | Event::ReasonsGiven(_)
            | Event::DelayedReplySet(_)
            | Event::FeeNotified(_)
            | Event::FeeServed(_)
            | Event::FeePaid(_)
            | Event::FeeLapsed(_)
            | Event::RemedyFiled(_)
            | Event::RemedyAnswered(_)
            | Event::RemedyConcluded(_)
            | Event::HoldPlaced(_)
            | Event::HoldLifted(_)
            | Event::Related(_)
            | Event::ContactLogged(_)
            | Event::Rated(_)
            | Event::Published(_)
            | Event::PublicationWithdrawn(_) => {}
            Event::PublicationProposed(_) => to_publish = Some(person.expect("a person proposes")),
            Event::PublicationDecided(_) => {
                assert_ne!(to_publish, Some(person.expect("a person decides")), "the proposer decided");
            }
            Event::CorrectionRequested(request) => {
                let again = request.exception.is_some() && person.is_some_and(|one| asked.contains(&one));
                assert!(!again, "who asked for the first correction granted another");
                assert!(request.exception.is_none() || person.is_some());
                asked.extend(person);
            }
            Event::AppraisalProposed(_) => proposer[2] = Some(person.expect("a person proposes")),
            Event::AppraisalDecided(decided) => {
                if decided.erases() {
                    files.clear();
                }
                assert_ne!(proposer[2], Some(person.expect("a person decides")), "the proposer decided");
            }
            Event::ExtensionProposed(_) => proposer[0] = Some(person.expect("a person proposes")),
            Event::FeeProposed(_) => proposer[1] = Some(person.expect("a person proposes")),
            Event::RemedyVoided(voided) => {
                let (n, part) = (voided.n, voided.part);
                let of = |recorded: &&Recorded| {
                    if let Event::RemedyFiled(it) = &recorded.event {
                        it.n == n && part == RemedyPart::Filing
                    } else if let Event::RemedyAnswered(it) = &recorded.event {
                        it.n == n && part == RemedyPart::Answer
                    } else {
                        matches!(&recorded.event, Event::RemedyConcluded(it) if it.n == n && part == RemedyPart::Result)
                    }
                };
                let before = &record[..usize::try_from(recorded.seq).unwrap() - 1];
                let entered = before.iter().rfind(of).expect("there was something to void");
                assert_ne!(entered.by.person(), Some(person.expect("a person voids")));
            }
            Event::ExtensionDecided(_) => {
                assert_ne!(proposer[0], Some(person.expect("a person decides")), "the proposer decided");
            }
            Event::FeeDecided(_) => {
                assert_ne!(proposer[1], Some(person.expect("a person decides")), "the proposer decided");
            }
        }
    }
}

/// Departments and their tasks.
fn work(file: &File) {
    let status = file.status();
    let Some(work) = file.case.state.work() else {
        let works =
            [Status::Assigned, Status::InProcess, Status::InReview, Status::Approved, Status::Replied];
        assert!(!works.contains(&status));
        return;
    };
    let acknowledged = work.lead.acknowledged_on.is_some();
    assert_eq!(work.lead.kind, AssignmentKind::Lead);
    if status == Status::Assigned {
        assert!(!acknowledged);
    } else if ![Status::Withdrawn, Status::Lapsed, Status::Archived].contains(&status) {
        assert!(acknowledged, "worked on before it was acknowledged");
    }
    let all: Vec<_> = std::iter::once(&work.lead).chain(&work.helpers).collect();
    let numbers: BTreeSet<_> = all.iter().map(|it| it.n).collect();
    let departments: BTreeSet<_> = all.iter().map(|it| it.department).collect();
    assert_eq!((numbers.len(), departments.len()), (all.len(), all.len()), "a department twice");
    assert!(numbers.iter().all(|n| *n <= file.case.assignments_made));
    assert!(all.iter().all(|it| it.acknowledged_on.is_none_or(|on| on >= it.assigned_on)));
}

/// The newest version of the reply, and the steps it has passed.
fn draft(file: &File) {
    let case = &file.case;
    let newest = file.record.iter().rev().find_map(|recorded| {
        let Event::Drafted { version, content, .. } = &recorded.event else { return None };
        Some((*version, *content))
    });
    assert_eq!(case.drafts_made, newest.map_or(0, |(version, _)| version));
    if let Some(draft) = case.state.draft() {
        assert_eq!(Some((draft.version, draft.content)), newest, "an older draft than the newest");
    }
    if let Some(submission) = case.state.submission() {
        let route: Vec<StepId> = Route::default().steps().iter().map(|step| step.id).collect();
        assert!(route.starts_with(&submission.passed), "steps out of order");
        assert_eq!(submission.passed.len() == route.len(), file.status() == Status::Approved);
    }
}

/// The queue's columns follow from the state.
fn queue(file: &File) {
    let case = &file.case;
    let row = project(case, &LAW.pack, &LAW.calendar);
    assert_eq!((row.status, row.stage), (file.status(), file.status().stage()));
    let owed = case.receipt.received_on.is_some() && case.state.conclusion().is_none();
    // A reply is owed until it has left, and has no date while the applicant's correction or payment is awaited.
    let waits = file.status() == Status::Replied && case.state.services().is_empty();
    let stopped = case.clock.corrections.iter().any(crate::domain::case::clock_record::Correction::is_open)
        || case.clock.fees.iter().any(|it| it.notified_on.is_some() && it.is_open());
    assert!(row.limit.is_some() || !owed || stopped, "a reply is owed and has no limit");
    assert!(row.limit.is_none() || owed || waits, "a limit of a case that owes nothing");
    let first = owed && case.remedies.rounds.is_empty();
    assert_eq!(
        (row.outcome.is_some(), row.concluded_on.is_some()),
        (!first && row.outcome.is_some(), row.outcome.is_some())
    );
    remedies(case, &row);
    assert_eq!(row.departments.first().map(|(department, _)| *department), row.department);
}

/// Rounds, remedies and what is owed upon them agree.
fn remedies(case: &Case, row: &crate::domain::case::projection::Projection) {
    let remedies = &case.remedies;
    assert!(remedies.all.iter().zip(1..).all(|(remedy, n)| remedy.n == n));
    let owed = row.obligations.iter().filter(|owed| owed.kind.is_remedy_answer()).count();
    assert_eq!(owed, remedies.standing().filter(|remedy| remedy.awaits_answer()).count());
    assert_eq!(remedies.order.is_some(), !remedies.rounds.is_empty());
    assert!(remedies.rounds.iter().all(|round| round.conclusion().is_some()), "an open round is over");
    if let Some(order) = remedies.order {
        let outcome = remedies.all.iter().find(|remedy| remedy.n == order.remedy).unwrap().outcome.unwrap();
        assert_eq!(outcome.served_on, order.served_on);
        assert!(case.latest_on >= order.served_on);
    }
    if let Some(first) = remedies.rounds.first() {
        assert_eq!(
            row.outcome,
            first.conclusion().map(|it| it.outcome()),
            "it counts as it was answered first"
        );
        assert!(first.order.is_none());
    }
}

/// What a step leaves alone.
pub(super) fn follow(before: &File, after: &File, kind: CommandKind) {
    let (old, new) = (&before.case, &after.case);
    assert_eq!(new.version, old.version + 1);
    assert_eq!(after.record[..before.record.len()], before.record[..], "the past was changed");
    assert!(new.drafters.is_superset(&old.drafters), "a drafter was forgotten");
    assert!(old.reviewers.iter().all(|(person, step)| new.reviewers.get(person) == Some(step)));
    assert!(new.assignments_made >= old.assignments_made && new.drafts_made >= old.drafts_made);
    let number = |case: &Case| case.state.registration().map(|registration| registration.number.clone());
    assert!(number(old).is_none() || number(old) == number(new), "the number changed");
    let ended = |case: &Case| {
        let conclusion = case.remedies.first_conclusion().or_else(|| case.state.conclusion());
        conclusion.map(|conclusion| match &conclusion {
            Conclusion::Replied { reply, .. } => (reply.outcome, reply.issued_on),
            Conclusion::Withdrawn(withdrawal) => (Outcome::OtherOther, withdrawal.withdrawn_on),
            Conclusion::Lapsed { lapse, .. } => (conclusion.outcome(), lapse.lapsed_on),
        })
    };
    assert!(ended(old).is_none() || ended(old) == ended(new), "the outcome changed");
    if kind == CommandKind::SignOff || kind.step().is_some() {
        let kept = |case: &Case| case.state.draft().map(|draft| draft.content);
        assert_eq!(kept(old), kept(new), "a review changed the draft");
    }
    if kind == CommandKind::Amend || kind == CommandKind::AmendReceipt {
        let receives = [Status::AwaitingConfirmation, Status::Received];
        assert!(before.status() == after.status() || receives.contains(&after.status()));
    } else if kind != CommandKind::Confirm {
        assert_eq!(new.receipt, old.receipt, "only an amendment moves the receipt");
    }
    if !matches!(kind, CommandKind::Clock(_) | CommandKind::Remedy(_)) {
        assert_eq!(new.clock, old.clock, "nothing else touches the record of the clock");
    }
    if !matches!(kind, CommandKind::Disposal(_) | CommandKind::Archive) {
        assert_eq!(new.archive, old.archive, "nothing else touches the record of the archive");
    }
    if !matches!(kind, CommandKind::Label(_)) {
        assert_eq!(new.sensitivity, old.sensitivity, "nothing else touches the label");
    }
    if !matches!(kind, CommandKind::Contact(_)) {
        assert_eq!(new.contact, old.contact, "nothing else touches the talks and the rating");
    }
    if !matches!(kind, CommandKind::Publication(_)) {
        assert_eq!(new.publications, old.publications, "nothing else touches what is published");
    }
    let aside = matches!(
        kind,
        CommandKind::Disposal(_)
            | CommandKind::Label(_)
            | CommandKind::Contact(_)
            | CommandKind::Publication(_)
    );
    if aside {
        assert_eq!(
            (&new.state, new.latest_on),
            (&old.state, old.latest_on),
            "what becomes of a file, or is said about it, is no step"
        );
    }
    assert!(old.archive.disposed_on.is_none(), "something was done with a file that is no more");
}
