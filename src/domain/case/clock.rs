//! What a case tells the statutory clock: its dated facts, and the timeline that follows.

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
    facts.extend(case.state.conclusion().map(|conclusion| concluded(&conclusion)));
    facts
}

fn concluded(conclusion: &Conclusion) -> Fact {
    match conclusion {
        Conclusion::Withdrawn(withdrawal) => Fact::new(withdrawal.withdrawn_on, What::Withdrawn),
        Conclusion::Replied { reply, services } => {
            let first = in_time(services);
            let imported = reply.draft.is_none() && services.is_empty();
            Fact::new(
                reply.issued_on,
                What::Replied {
                    outcome: Some(reply.outcome),
                    method: first.map(|service| service.method),
                    dispatched_on: first.map(|service| service.dispatched_on),
                    served_on: first.and_then(|service| service.served_on),
                    not_dispatched: services.is_empty() && !imported,
                },
            )
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
