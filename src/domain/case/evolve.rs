//! What an event makes of a case: no rules, no failure. Rules are `decide`'s; what was decided holds.
//!
//! An event that does not fit the state it meets leaves the state as it is (and still counts as a version): the
//! store never writes one, since `decide` made it from that very state, and a record edited by hand is found by
//! its hash chain, not here.

mod archive;
mod attachment;
mod authority;
mod begin;
mod clock;
mod contact;
mod custody;
mod people;
mod publication;
mod relation;
mod remedy;

use super::event::{Amendment, AssignmentKind, Event, Number, Recorded};
use super::state::{
    Assignment, Case, Conclusion, Draft, Referral, Registration, Reply, Service, State, Submission,
    Withdrawal, Work,
};
use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::review::{Decision, StepId};

pub use begin::begin;

/// Folds the events of a case, the first of which is `received`. `None` when there are none, or the first is not.
pub fn fold<'a>(
    agency: AgencyId,
    id: CaseId,
    events: impl IntoIterator<Item = &'a Recorded>,
) -> Option<Case> {
    let mut events = events.into_iter();
    let first = begin(agency, id, events.next()?)?;
    Some(events.fold(first, evolve))
}

/// The case after one more event.
pub fn evolve(mut case: Case, recorded: &Recorded) -> Case {
    case.version = case.version.saturating_add(1);
    if !is_beside_the_flow(&recorded.event) {
        case.latest_on = case.latest_on.max(recorded.on);
    }
    people::remember(&mut case, recorded);
    let asked = case.state.submission().and_then(Submission::awaiting);
    authority::answered(&mut case, asked, &recorded.event);
    let mut case = happened(case, recorded);
    authority::left(&mut case, asked);
    case
}

fn happened(mut case: Case, recorded: &Recorded) -> Case {
    match &recorded.event {
        Event::Received { .. } | Event::CalendarChanged { .. } => case,
        Event::Confirmed { received_on, .. } => {
            case.receipt.confirmed_on = Some(recorded.on);
            case.receipt.confirmed_by = recorded.by.person();
            case.receipt.received_on = Some(*received_on);
            if case.state == State::AwaitingConfirmation {
                case.state = State::Received;
            }
            case
        }
        Event::Amended { amendment, .. } => amended(case, amendment),
        Event::HoldPlaced(held) => archive::placed(case, held, recorded),
        Event::HoldLifted(held) => archive::lifted(case, held, recorded),
        Event::AppraisalProposed(proposed) => archive::proposed(case, proposed, recorded),
        Event::AppraisalDecided(decided) => archive::decided(case, decided, recorded),
        Event::ContactLogged(logged) => contact::logged(case, logged, recorded),
        Event::Rated(rated) => contact::rated(case, rated, recorded),
        Event::PublicationProposed(proposed) => publication::proposed(case, proposed, recorded),
        Event::PublicationDecided(decided) => publication::decided(case, decided, recorded.on),
        Event::Published(published) => publication::published(case, published, recorded.on),
        Event::PublicationWithdrawn(withdrawn) => publication::withdrawn(case, withdrawn.n, recorded.on),
        Event::Attached(event) => attachment::attached(case, event, recorded.on),
        Event::AttachmentStruck(event) => attachment::struck(case, event, recorded.on),
        Event::AttachmentBlocked(event) => attachment::blocked(case, event),
        Event::Related(related) => relation::related(case, related, recorded),
        Event::HandedOver(handed) => custody::handed_over(case, handed),
        Event::SensitivityChanged(changed) => {
            case.sensitivity = changed.to;
            case
        }
        Event::CorrectionRequested(_)
        | Event::CorrectionServed(_)
        | Event::Corrected(_)
        | Event::CorrectionLapsed(_)
        | Event::ConsultationSent(_)
        | Event::ConsultationServed(_)
        | Event::ConsultationAnswered(_)
        | Event::ConsultationLapsed(_)
        | Event::ExtensionProposed(_)
        | Event::ExtensionDecided(_)
        | Event::ExtensionNotified(_)
        | Event::ReasonsRequested(_)
        | Event::ReasonsGiven(_)
        | Event::DelayedReplySet(_)
        | Event::FeeProposed(_)
        | Event::FeeDecided(_)
        | Event::FeeNotified(_)
        | Event::FeeServed(_)
        | Event::FeePaid(_)
        | Event::FeeLapsed(_) => clock::evolve(case, recorded),
        Event::RemedyFiled(_)
        | Event::RemedyAnswered(_)
        | Event::RemedyConcluded(_)
        | Event::RemedyVoided(_) => remedy::evolve(case, recorded),
        Event::Registered { .. }
        | Event::Assigned { .. }
        | Event::Acknowledged { .. }
        | Event::Returned { .. }
        | Event::Drafted { .. }
        | Event::Submitted { .. }
        | Event::Reviewed { .. }
        | Event::ReferralAnswered(_)
        | Event::Issued { .. }
        | Event::ReplyImported { .. }
        | Event::Dispatched { .. }
        | Event::Served { .. }
        | Event::Withdrawn { .. }
        | Event::Archived { .. } => {
            if let Event::Issued { .. } = &recorded.event {
                attachment::issued(&mut case, recorded.on);
            }
            case.state = next(case.state, recorded);
            case
        }
    }
}

/// What is about the file or its record, or what others do about a reply, not a step of the work: the next step may precede it. An
/// order to answer anew begins a round (`remedy`).
fn is_beside_the_flow(event: &Event) -> bool {
    let about_the_file = matches!(
        event,
        Event::Amended { .. }
            | Event::CalendarChanged { .. }
            | Event::HandedOver(_)
            | Event::SensitivityChanged(_)
            | Event::HoldPlaced(_)
            | Event::HoldLifted(_)
            | Event::AppraisalProposed(_)
            | Event::AppraisalDecided(_)
            | Event::ContactLogged(_)
            | Event::Rated(_)
            | Event::PublicationProposed(_)
            | Event::PublicationDecided(_)
            | Event::Published(_)
            | Event::PublicationWithdrawn(_)
            | Event::Attached(_)
            | Event::AttachmentStruck(_)
            | Event::AttachmentBlocked(_)
            | Event::Related(_)
    );
    about_the_file || remedy::is_about_remedies(event)
}

fn next(state: State, recorded: &Recorded) -> State {
    match (state, &recorded.event) {
        (State::Received, Event::Registered { number, subject, documents }) => {
            State::Registered(Registration {
                number: given(number),
                registered_on: recorded.on,
                subject: subject.clone(),
                documents: documents.clone(),
            })
        }
        (state, Event::Assigned { .. }) => assigned(state, recorded),
        (state, Event::Acknowledged { n }) => acknowledged(state, *n, recorded),
        (state, Event::Returned { n, .. }) => returned(state, *n),
        (
            State::InProcess { registration, work, .. },
            Event::Drafted { version, outcome, text, content, basis },
        ) => {
            let (text, basis) = (text.clone(), Box::new(basis.clone()));
            let draft = Draft { version: *version, outcome: *outcome, text, content: *content, basis };
            State::InProcess { registration, work, draft: Some(draft) }
        }
        (
            State::InProcess { registration, work, draft: Some(draft) },
            Event::Submitted { route, content, attachments, .. },
        ) => {
            let (route, attachments, content) = (route.clone(), attachments.clone(), *content);
            let (passed, referrals) = (Vec::new(), Vec::new());
            let submission = Submission { draft, attachments, content, route, passed, referrals };
            State::InReview { registration, work, submission }
        }
        (
            State::InReview { registration, work, mut submission }
            | State::Approved { registration, work, mut submission },
            Event::Reviewed { step, level, decision, .. },
        ) => match decision {
            Decision::Return => State::InProcess { registration, work, draft: Some(submission.draft) },
            Decision::Pass | Decision::PassWithRemark => {
                passed(registration, work, submission, StepId { step: *step, level: *level })
            }
            Decision::Refer => {
                let id = StepId { step: *step, level: *level };
                submission.referrals.push(Referral { id, finding: None });
                State::InReview { registration, work, submission }
            }
        },
        (State::InReview { registration, work, mut submission }, Event::ReferralAnswered(answered)) => {
            for referral in submission.referrals.iter_mut().filter(|it| it.id == answered.id) {
                referral.finding.get_or_insert(answered.finding);
            }
            State::InReview { registration, work, submission }
        }
        (State::Approved { registration, work, submission }, Event::Issued { outcome, content, number }) => {
            State::Replied {
                registration,
                work: Some(work),
                reply: Reply {
                    outcome: *outcome,
                    issued_on: recorded.on,
                    number: number.clone(),
                    draft: Some(submission.draft),
                    content: Some(*content),
                    attachments: submission.attachments,
                },
                services: Vec::new(),
            }
        }
        (State::Registered(registration), Event::ReplyImported { outcome }) => State::Replied {
            registration,
            work: None,
            reply: Reply::taken_over(*outcome, recorded.on),
            services: Vec::new(),
        },
        (State::Assigned { registration, work }, Event::ReplyImported { outcome }) => State::Replied {
            registration,
            work: Some(work),
            reply: Reply::taken_over(*outcome, recorded.on),
            services: Vec::new(),
        },
        (state, Event::Dispatched { .. } | Event::Served { .. }) => serviced(state, recorded),
        (state, Event::Withdrawn { reason }) => State::Withdrawn {
            registration: state.registration().cloned(),
            work: state.work().cloned(),
            withdrawal: Withdrawal { withdrawn_on: recorded.on, reason: reason.clone() },
        },
        (state, Event::Archived { .. }) => archived(state, recorded),
        (state, _) => state,
    }
}

fn given(number: &Number) -> String {
    match number {
        Number::Given(number) => number.clone(),
        Number::Due { year } => format!("({year})"),
    }
}

fn assigned(state: State, recorded: &Recorded) -> State {
    let Event::Assigned { n, kind, department, assignee, .. } = &recorded.event else { return state };
    let assignment = Assignment {
        n: *n,
        kind: *kind,
        department: *department,
        assignee: *assignee,
        assigned_on: recorded.on,
        acknowledged_on: None,
    };
    match (kind, state) {
        (AssignmentKind::Lead, State::Registered(registration)) => {
            State::Assigned { registration, work: Work { lead: assignment, helpers: Vec::new() } }
        }
        (
            AssignmentKind::Lead,
            State::Assigned { registration, work } | State::InProcess { registration, work, .. },
        ) => {
            let helpers =
                work.helpers.into_iter().filter(|helper| helper.department != *department).collect();
            State::Assigned { registration, work: Work { lead: assignment, helpers } }
        }
        (AssignmentKind::CoHandling, mut state) => {
            if let Some(work) = state.work_mut() {
                work.helpers.push(assignment);
            }
            state
        }
        (AssignmentKind::Lead, state) => state,
    }
}

fn acknowledged(mut state: State, n: u32, recorded: &Recorded) -> State {
    let Some(work) = state.work_mut() else { return state };
    for assignment in std::iter::once(&mut work.lead).chain(&mut work.helpers) {
        if assignment.n == n {
            assignment.acknowledged_on = Some(recorded.on);
        }
    }
    let by_lead = work.lead.n == n;
    if by_lead && let State::Assigned { registration, work } = state {
        State::InProcess { registration, work, draft: None }
    } else {
        state
    }
}

/// The lead's return puts the case back on the desk; a helper's ends the help.
fn returned(mut state: State, n: u32) -> State {
    if let Some(work) = state.work_mut()
        && work.lead.n != n
    {
        work.helpers.retain(|helper| helper.n != n);
        return state;
    }
    if let State::Assigned { registration, .. } | State::InProcess { registration, .. } = state {
        State::Registered(registration)
    } else {
        state
    }
}

fn passed(registration: Registration, work: Work, mut submission: Submission, id: StepId) -> State {
    if !submission.passed.contains(&id) {
        submission.passed.push(id);
    }
    if submission.route.is_through(&submission.passed) {
        State::Approved { registration, work, submission }
    } else {
        State::InReview { registration, work, submission }
    }
}

fn serviced(mut state: State, recorded: &Recorded) -> State {
    let Some(services) = state.services_mut() else { return state };
    if let Event::Dispatched { n, method, .. } = &recorded.event {
        services.push(Service { n: *n, method: *method, dispatched_on: recorded.on, served_on: None });
    } else if let Event::Served { n, .. } = &recorded.event {
        for service in services.iter_mut().filter(|service| service.n == *n) {
            service.served_on = Some(recorded.on);
        }
    }
    state
}

fn archived(state: State, recorded: &Recorded) -> State {
    let archived_on = recorded.on;
    if let State::Replied { registration, work, reply, services } = state {
        State::Archived {
            registration: Some(registration),
            work,
            conclusion: Conclusion::Replied { reply, services },
            archived_on,
        }
    } else if let State::Withdrawn { registration, work, withdrawal } = state {
        State::Archived { registration, work, conclusion: Conclusion::Withdrawn(withdrawal), archived_on }
    } else if let State::Lapsed { registration, work, lapse, services } = state {
        State::Archived {
            registration,
            work,
            conclusion: Conclusion::Lapsed { lapse, services },
            archived_on,
        }
    } else {
        state
    }
}

fn amended(mut case: Case, amendment: &Amendment) -> Case {
    match amendment {
        Amendment::Applicant { applicant } => case.applicant = applicant.clone(),
        Amendment::Description { description } => case.description = description.clone(),
        Amendment::Subject { subject } => {
            if let Some(registration) = case.state.registration_mut() {
                registration.subject = subject.clone();
            }
        }
        Amendment::Documents { documents } => {
            if let Some(registration) = case.state.registration_mut() {
                registration.documents = Some(documents.clone());
            }
        }
        Amendment::Receipt { channel, arrived_on, received_on, confirmed_on } => {
            case.receipt.channel = *channel;
            case.receipt.arrived_on = *arrived_on;
            case.receipt.received_on = *received_on;
            case.receipt.confirmed_on = *confirmed_on;
            if case.state.registration().is_none() {
                let concluded = case.state.conclusion().map(|conclusion| conclusion.concluded_on());
                let by_clock = case.clock.span().map(|(_, latest)| latest);
                let by_remedies = case.remedies.order.map(|order| order.served_on);
                let later =
                    concluded.into_iter().chain(case.state.archived_on()).chain(by_clock).chain(by_remedies);
                case.latest_on = later.fold(received_on.unwrap_or(*arrived_on), Ord::max);
            }
            if case.state == State::AwaitingConfirmation && received_on.is_some() {
                case.state = State::Received;
            }
        }
    }
    case
}
