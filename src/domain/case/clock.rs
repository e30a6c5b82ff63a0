//! What a case tells the statutory clock: its dated facts, and the timeline that follows.

use super::clock_record::ClockRecord;
use super::event::ServiceMethod;
use super::remedies::{Order, Remedies};
use super::state::{Case, Conclusion, Service};
use crate::domain::remedy::RemedyKind;
use crate::domain::time_limit::{Fact, FactFault, Rules, Timeline, What, timeline};
use chrono::NaiveDate;

/// The facts of a case, in no particular order; none while its date of receipt awaits a confirmation. Of a case that is answered
/// anew, those of the round that runs: it counts from the day on which the order reached the agency.
pub fn facts(case: &Case) -> Vec<Fact> {
    let Some(mut facts) = begun(case) else { return Vec::new() };
    record(&case.clock, &mut facts);
    facts.extend(case.state.conclusion().and_then(|conclusion| concluded(&conclusion)));
    remedies(&case.remedies, &mut facts);
    facts
}

/// With what the period begins.
fn begun(case: &Case) -> Option<Vec<Fact>> {
    if let Some(Order { served_on, until, .. }) = case.remedies.order {
        return Some(vec![Fact::received(served_on), Fact::new(served_on, What::AnswerOrdered { until })]);
    }
    let receipt = &case.receipt;
    let received_on = receipt.received_on?;
    let received = What::Received {
        channel: Some(receipt.channel),
        arrived_on: Some(receipt.arrived_on),
        confirmed_on: receipt.confirmed_on,
        after_hours: false,
    };
    Some(vec![Fact::new(received_on, received)])
}

/// Whoever examines a reply is owed our answer until he has decided; the first decision upon reconsideration of this round's
/// reply opens the way to a suit.
fn remedies(remedies: &Remedies, facts: &mut Vec<Fact>) {
    for remedy in remedies.standing().filter(|it| it.answered_on.is_some() || it.awaits_answer()) {
        let reference = || reference(remedy.n);
        let (kind, procedure) = (remedy.kind, remedy.procedure);
        let received = What::RemedyReceived { reference: reference(), remedy: kind, procedure };
        facts.push(Fact::new(remedy.received_on, received));
        let answered = What::RemedyAnswered { reference: reference() };
        facts.extend(remedy.answered_on.map(|on| Fact::new(on, answered)));
    }
    let decided = remedies.standing().filter(|remedy| remedy.round == remedies.rounds.len());
    let decided = decided.filter(|remedy| remedy.kind == RemedyKind::Reconsideration);
    if let Some(outcome) = decided.filter_map(|remedy| remedy.outcome).min_by_key(|it| it.decided_on) {
        let served_on = Some(outcome.served_on);
        facts.push(Fact::new(outcome.decided_on, What::ReconsiderationDecided { served_on }));
    }
}

/// What was dispatched and what came of it. What is only proposed moves no clock.
fn record(clock: &ClockRecord, facts: &mut Vec<Fact>) {
    let mut add = |on: Option<NaiveDate>, what: What| facts.extend(on.map(|on| Fact::new(on, what)));
    for it in &clock.corrections {
        let request = What::CorrectionRequested {
            served_on: it.served_on,
            working_days: Some(it.working_days),
            ground: Some(it.ground),
        };
        add(Some(it.requested_on), request);
        add(it.corrected_on, What::Corrected);
        add(it.lapsed_on, What::CorrectionLapsed);
    }
    for it in &clock.consultations {
        let reference = || reference(it.n);
        let sent = What::ConsultationSent { reference: reference(), kind: it.kind, served_on: it.served_on };
        add(Some(it.sent_on), sent);
        add(it.answered_on, What::ConsultationAnswered { reference: reference() });
        add(it.lapsed_on, What::ConsultationLapsed { reference: reference() });
    }
    for it in &clock.extensions {
        let approved_on = it.decided.map(|(_, on)| on);
        add(it.notified_on, What::Extended { working_days: it.working_days, approved_on });
    }
    for it in &clock.reasons {
        add(Some(it.requested_on), What::ReasonsRequested);
        add(it.given_on, What::ReasonsGiven);
        if let Some((told_on, until)) = it.delayed {
            add(Some(told_on), What::DelayedReplySet { until });
        }
    }
    for it in &clock.fees {
        add(it.notified_on, What::FeeNotice { served_on: it.served_on });
        add(it.paid_on, What::FeePaid);
        add(it.lapsed_on, What::FeeLapsed);
    }
}

/// How the facts of a consultation name it.
pub fn reference(n: u32) -> String {
    n.to_string()
}

/// A lapse is among the facts of what lapsed already. Where the applicant was told of it, his remedies run from that letter
/// (statute digest 5.1, L23), which is the last word of the office as a reply is.
fn concluded(conclusion: &Conclusion) -> Option<Fact> {
    match conclusion {
        // Nothing is owed of its own any more, as after a withdrawal.
        Conclusion::Lapsed { lapse, .. } if conclusion.is_merger() => {
            Some(Fact::new(lapse.lapsed_on, What::Withdrawn))
        }
        Conclusion::Lapsed { lapse, services } => {
            let letter = in_time(services)?;
            let told = What::Replied {
                outcome: Some(conclusion.outcome()),
                method: Some(letter.method),
                dispatched_on: Some(letter.dispatched_on),
                served_on: letter.served_on,
                not_dispatched: false,
            };
            Some(Fact::new(lapse.lapsed_on, told))
        }
        Conclusion::Withdrawn(withdrawal) => Some(Fact::new(withdrawal.withdrawn_on, What::Withdrawn)),
        Conclusion::Replied { reply, services } => {
            let first = in_time(services);
            let imported = reply.draft.is_none() && services.is_empty();
            let replied = What::Replied {
                outcome: Some(reply.outcome),
                method: first.map(|service| service.method),
                dispatched_on: first.map(|service| service.dispatched_on),
                served_on: first.and_then(|service| service.served_on),
                not_dispatched: services.is_empty() && !imported,
            };
            Some(Fact::new(reply.issued_on, replied))
        }
    }
}

/// The dispatch that counts: the first whose own day is known, else the first.
fn in_time(services: &[Service]) -> Option<&Service> {
    let known = |service: &&Service| match service.method {
        ServiceMethod::Post | ServiceMethod::PublicNotice => true,
        ServiceMethod::Direct | ServiceMethod::Delegated | ServiceMethod::Electronic => {
            service.served_on.is_some()
        }
    };
    services.iter().find(known).or_else(|| services.first())
}

/// The timeline of a case as of a day; `None` while its date of receipt awaits a confirmation.
///
/// # Errors
/// When its facts contradict each other, which `decide` keeps from happening.
pub fn case_timeline<'a>(
    facts: &'a [Fact],
    rules: &Rules<'a>,
    as_of: NaiveDate,
) -> Result<Option<Timeline<'a>>, FactFault> {
    if facts.is_empty() { Ok(None) } else { timeline(facts, rules, as_of).map(Some) }
}
