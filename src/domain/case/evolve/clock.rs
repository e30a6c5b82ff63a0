//! What the events of the clock make of a case: its record of corrections, consultations, extensions, reasons and fees, and
//! the state in which a lapse leaves it.

use chrono::NaiveDate;

use crate::domain::case::clock_record::{
    ClockRecord, Consultation, Correction, Counted, Extension, FeeRecord, Reasons,
};
use crate::domain::case::event::{
    ConsultationSent, CorrectionRequested, Decided, Event, ExtensionProposed, FeeProposed, Recorded,
};
use crate::domain::case::state::{Case, Lapse, LapseGround, State};
use crate::domain::ids::PersonId;

pub(super) fn evolve(mut case: Case, recorded: &Recorded) -> Case {
    remember(&mut case.clock, &recorded.event, recorded.on, recorded.by.person());
    match &recorded.event {
        Event::Corrected(corrected) => case.description = corrected.description.clone(),
        Event::CorrectionLapsed(lapsed) => {
            case.state = over(case.state, LapseGround::Correction, lapsed.n, recorded.on);
        }
        Event::FeeLapsed(lapsed) => {
            case.state = over(case.state, LapseGround::Fee, lapsed.n, recorded.on);
        }
        Event::Received { .. }
        | Event::Confirmed { .. }
        | Event::Registered { .. }
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
        | Event::Archived { .. }
        | Event::CorrectionRequested(_)
        | Event::CorrectionServed(_)
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
        | Event::CalendarChanged { .. }
        | Event::HandedOver(_)
        | Event::SensitivityChanged(_)
        | Event::RemedyFiled(_)
        | Event::RemedyAnswered(_)
        | Event::RemedyConcluded(_)
        | Event::RemedyVoided(_)
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
        | Event::Amended { .. } => {}
    }
    case
}

/// What was in review is not answered any more.
pub(super) fn over(state: State, ground: LapseGround, n: u32, on: NaiveDate) -> State {
    State::Lapsed {
        registration: state.registration().cloned(),
        work: state.work().cloned(),
        lapse: Lapse { ground, n, lapsed_on: on },
        services: Vec::new(),
    }
}

fn remember(clock: &mut ClockRecord, event: &Event, on: NaiveDate, person: Option<PersonId>) {
    match (clock, event) {
        (clock, Event::CorrectionRequested(request)) => {
            clock.corrections.push(correction(request, on, person));
        }
        (clock, Event::CorrectionServed(it)) => {
            with(&mut clock.corrections, it.n, |found| found.served_on = Some(on));
        }
        (clock, Event::Corrected(it)) => {
            with(&mut clock.corrections, it.n, |found| found.corrected_on = Some(on));
        }
        (clock, Event::CorrectionLapsed(it)) => {
            with(&mut clock.corrections, it.n, |found| found.lapsed_on = Some(on));
        }
        (clock, Event::ConsultationSent(sent)) => clock.consultations.push(consultation(sent, on)),
        (clock, Event::ConsultationServed(it)) => {
            with(&mut clock.consultations, it.n, |found| found.served_on = Some(on));
        }
        (clock, Event::ConsultationAnswered(it)) => with(&mut clock.consultations, it.n, |found| {
            found.answered_on = Some(on);
            found.position = it.position;
        }),
        (clock, Event::ConsultationLapsed(it)) => with(&mut clock.consultations, it.n, |found| {
            found.lapsed_on = Some(on);
            found.position = it.position;
        }),
        (clock, Event::ReasonsRequested(it)) => {
            clock.reasons.push(Reasons { n: it.n, requested_on: on, given_on: None, delayed: None });
        }
        (clock, Event::ReasonsGiven(it)) => with(&mut clock.reasons, it.n, |found| found.given_on = Some(on)),
        (clock, Event::DelayedReplySet(it)) => {
            with(&mut clock.reasons, it.n, |found| found.delayed = Some((on, it.until)));
        }
        (clock, event) => remember_decided(clock, event, on, person),
    }
}

/// What needs a decision before it is told: extensions and fees.
fn remember_decided(clock: &mut ClockRecord, event: &Event, on: NaiveDate, person: Option<PersonId>) {
    match (clock, event) {
        (clock, Event::ExtensionProposed(proposed)) => clock.extensions.push(extension(proposed, on, person)),
        (clock, Event::ExtensionDecided(Decided { n, approve, .. })) => {
            with(&mut clock.extensions, *n, |found| found.decided = Some((*approve, on)));
        }
        (clock, Event::ExtensionNotified(it)) => {
            with(&mut clock.extensions, it.n, |found| found.notified_on = Some(on));
        }
        (clock, Event::FeeProposed(proposed)) => clock.fees.push(fee(proposed, on, person)),
        (clock, Event::FeeDecided(Decided { n, approve, .. })) => {
            with(&mut clock.fees, *n, |found| found.decided = Some((*approve, on)));
        }
        (clock, Event::FeeNotified(it)) => with(&mut clock.fees, it.n, |found| {
            found.notified_on = Some(on);
            found.served_on = it.served_on;
        }),
        (clock, Event::FeeServed(it)) => with(&mut clock.fees, it.n, |found| found.served_on = Some(on)),
        (clock, Event::FeePaid(it)) => with(&mut clock.fees, it.n, |found| found.paid_on = Some(on)),
        (clock, Event::FeeLapsed(it)) => with(&mut clock.fees, it.n, |found| found.lapsed_on = Some(on)),
        (_, _) => {}
    }
}

fn correction(request: &CorrectionRequested, on: NaiveDate, person: Option<PersonId>) -> Correction {
    Correction {
        n: request.n,
        working_days: request.working_days,
        ground: request.ground,
        by_exception: request.exception.is_some(),
        requested_on: on,
        requested_by: person,
        served_on: request.served_on,
        corrected_on: None,
        lapsed_on: None,
    }
}

fn consultation(sent: &ConsultationSent, on: NaiveDate) -> Consultation {
    Consultation {
        n: sent.n,
        kind: sent.kind,
        sent_on: on,
        served_on: sent.served_on,
        answered_on: None,
        lapsed_on: None,
        position: None,
    }
}

fn extension(proposed: &ExtensionProposed, on: NaiveDate, person: Option<PersonId>) -> Extension {
    Extension {
        n: proposed.n,
        working_days: proposed.working_days,
        proposed_on: on,
        proposed_by: person,
        decided: None,
        notified_on: None,
    }
}

fn fee(proposed: &FeeProposed, on: NaiveDate, person: Option<PersonId>) -> FeeRecord {
    FeeRecord {
        n: proposed.n,
        basis: proposed.basis,
        amount: proposed.amount,
        currency: proposed.currency.clone(),
        unit: proposed.unit.clone(),
        proposed_on: on,
        proposed_by: person,
        decided: None,
        notified_on: None,
        served_on: None,
        paid_on: None,
        lapsed_on: None,
    }
}

fn with<T: Counted>(all: &mut [T], n: u32, change: impl FnOnce(&mut T)) {
    if let Some(found) = all.iter_mut().find(|it| it.n() == n) {
        change(found);
    }
}
