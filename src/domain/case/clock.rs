//! What a case tells the statutory clock: its dated facts, and the timeline that follows.

use super::clock_record::ClockRecord;
use super::event::ServiceMethod;
use super::state::{Case, Conclusion, Service};
use crate::domain::time_limit::{Fact, FactFault, Rules, Timeline, What, timeline};
use chrono::NaiveDate;

/// The facts of a case, in no particular order; none while its date of receipt awaits a confirmation.
pub fn facts(case: &Case) -> Vec<Fact> {
    let receipt = &case.receipt;
    let Some(received_on) = receipt.received_on else { return Vec::new() };
    let received = What::Received {
        channel: Some(receipt.channel),
        arrived_on: Some(receipt.arrived_on),
        confirmed_on: receipt.confirmed_on,
        after_hours: false,
    };
    let mut facts = vec![Fact::new(received_on, received)];
    record(&case.clock, &mut facts);
    facts.extend(case.state.conclusion().and_then(|conclusion| concluded(&conclusion)));
    facts
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
