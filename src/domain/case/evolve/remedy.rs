//! What the events about remedies make of a case: the list of remedies, and, upon an order to answer anew, a round of its own.

use chrono::NaiveDate;

use crate::domain::case::event::{Event, Follows, Recorded, RemedyConcluded, RemedyFiled, RemedyPart};
use crate::domain::case::remedies::{EarlierRound, Order, Remedy, RemedyOutcome};
use crate::domain::case::state::{Case, State};
use crate::domain::ids::PersonId;

/// Whether it is one of these events.
pub(super) fn is_about_remedies(event: &Event) -> bool {
    matches!(
        event,
        Event::RemedyFiled(_) | Event::RemedyAnswered(_) | Event::RemedyConcluded(_) | Event::RemedyVoided(_)
    )
}

pub(super) fn evolve(mut case: Case, recorded: &Recorded) -> Case {
    let (on, person) = (recorded.on, recorded.by.person());
    let with = |case: &mut Case, n: u32, change: &dyn Fn(&mut Remedy)| {
        if let Some(found) = case.remedies.all.iter_mut().find(|remedy| remedy.n == n) {
            change(found);
        }
    };
    if let Event::RemedyFiled(filed) = &recorded.event {
        let round = case.remedies.rounds.len();
        case.remedies.all.push(remedy(filed, round, on, person));
    } else if let Event::RemedyAnswered(answered) = &recorded.event {
        with(&mut case, answered.n, &|remedy| {
            remedy.answered_on = Some(on);
            remedy.recorded_by[1] = person;
        });
    } else if let Event::RemedyConcluded(concluded) = &recorded.event {
        with(&mut case, concluded.n, &|remedy| {
            remedy.outcome = Some(outcome(concluded, on));
            remedy.recorded_by[2] = person;
        });
        if let Follows::AnswerAnew { until } = concluded.follows {
            case = begin_round(case, Order { remedy: concluded.n, served_on: on, until });
        }
    } else if let Event::RemedyVoided(voided) = &recorded.event {
        with(&mut case, voided.n, &|remedy| match voided.part {
            RemedyPart::Filing => remedy.voided = true,
            RemedyPart::Answer => remedy.answered_on = None,
            RemedyPart::Result => remedy.outcome = None,
        });
        let ends_order = match voided.part {
            RemedyPart::Filing | RemedyPart::Result => true,
            RemedyPart::Answer => false,
        };
        if ends_order && case.remedies.order.is_some_and(|order| order.remedy == voided.n) {
            case = undo_round(case);
        }
    }
    case
}

fn remedy(filed: &RemedyFiled, round: usize, on: NaiveDate, person: Option<PersonId>) -> Remedy {
    Remedy {
        n: filed.n,
        kind: filed.kind,
        procedure: filed.procedure,
        filed_on: filed.filed_on,
        received_on: on,
        round,
        answered_on: None,
        outcome: None,
        voided: false,
        recorded_by: [person, None, None],
    }
}

fn outcome(concluded: &RemedyConcluded, on: NaiveDate) -> RemedyOutcome {
    RemedyOutcome {
        result: concluded.result,
        decided_on: concluded.decided_on,
        served_on: on,
        follows: concluded.follows,
    }
}

/// The case goes back to the department that worked on it, or to the desk where none did. Who drafted and who reviewed what in
/// earlier rounds is remembered.
fn begin_round(mut case: Case, order: Order) -> Case {
    let state = match (case.state.registration().cloned(), case.state.work().cloned()) {
        (None, _) => State::Received,
        (Some(registration), None) => State::Registered(registration),
        (Some(registration), Some(work)) if work.lead.acknowledged_on.is_some() => {
            State::InProcess { registration, work, draft: None }
        }
        (Some(registration), Some(work)) => State::Assigned { registration, work },
    };
    case.latest_on = case.latest_on.max(order.served_on);
    case.remedies.rounds.push(EarlierRound {
        state: std::mem::replace(&mut case.state, state),
        clock: std::mem::take(&mut case.clock),
        order: case.remedies.order.replace(order),
        drafts_made: case.drafts_made,
    });
    case
}

/// The order was entered by mistake, and nothing was done upon it: the case stands where it stood.
fn undo_round(mut case: Case) -> Case {
    let Some(round) = case.remedies.rounds.pop() else { return case };
    let subject = case.state.registration().map(|registration| registration.subject.clone());
    case.state = round.state;
    if let (Some(registration), Some(subject)) = (case.state.registration_mut(), subject) {
        registration.subject = subject;
    }
    case.clock = round.clock;
    case.remedies.order = round.order;
    // What was brought meanwhile was brought against the reply that stands again.
    let stands = case.remedies.rounds.len();
    for remedy in case.remedies.all.iter_mut().filter(|remedy| remedy.round > stands) {
        remedy.round = stands;
    }
    case
}
