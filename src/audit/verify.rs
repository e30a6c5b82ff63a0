//! Verification of sealed events: every change, removal, addition or move is found, at its position.
//!
//! A record is trusted no further than its links: the agency's chain proves that nothing is missing, the case's chain
//! lets one case be checked without the others. The columns beside a record are conveniences that must equal it.
//!
//! After a finding, verification goes on from the link as it is stored, so that one change gives one finding and not one
//! for every later event. A chain cannot show that its tail was cut off or that all of it was written anew: give
//! [`ExpectedHeads`] and checkpoints that were kept elsewhere.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::chain::{ChainId, Head, Link, Suite};
use super::checkpoint::CheckpointKey;

mod finding;
mod record;
mod step;
mod witness;

pub use finding::{Finding, FindingKind, MAX_FINDINGS};
use finding::{Findings, Position};
use step::{Flaw, follow, numbers};
use witness::Witnesses;
pub use witness::{AttemptsWitnessed, Claim};

/// An event as it is stored or exported: the record, its two links, and the columns that repeat what the record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedEvent {
    /// The agency of origin, whose chain holds the event.
    pub agency: Uuid,
    /// Its place in the agency's chain, from 1.
    pub agency_seq: u64,
    /// The case that it concerns.
    pub case: Option<Uuid>,
    /// Its place in the case's chain, from 1.
    pub case_seq: Option<u64>,
    /// The number of the suite of both links.
    pub suite: i16,
    /// The event's id.
    pub id: Uuid,
    /// The event's type.
    pub event_type: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The record: canonical JSON, an object with the members `id`, `agency`, `agency_seq`, `case`, `case_seq`, `suite`,
    /// `at` (RFC 3339), `on`, `by`, `origin` and `event` (an object with a `type`).
    pub record: String,
    /// Its link in the agency's chain.
    pub agency_link: Link,
    /// Its link in the case's chain.
    pub case_link: Option<Link>,
}

/// Where the chains must end, as it is known from outside the events: the table of heads, or a head kept elsewhere.
#[derive(Clone, Debug, Default)]
pub struct ExpectedHeads {
    /// The agency's chain; `None` if not known.
    pub agency: Option<Head>,
    /// The chain of every case, without exception; `None` if not known.
    pub cases: Option<BTreeMap<Uuid, Head>>,
}

/// What a chain without findings amounts to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Events verified.
    pub events: u64,
    /// Cases among them.
    pub cases: usize,
    /// Where the chain ends; `None` if there was no event. Keep it elsewhere: it is the next expected head.
    pub head: Option<Head>,
    /// What is odd but proves no tampering (the clock ran backwards).
    pub warnings: Vec<Finding>,
}

/// Verifies events as they come, one after the other in the order of their chain. Needs some 100 bytes for each case and
/// nothing for an event.
#[derive(Debug)]
pub struct Verifier {
    scope: ChainId,
    events: u64,
    agency: Option<Head>,
    cases: HashMap<Uuid, Head>,
    /// The highest suite seen. No later event may have a lower one.
    suite: i16,
    last_at: Option<DateTime<Utc>>,
    witnesses: Witnesses,
    findings: Findings,
    warnings: Findings,
}

impl Verifier {
    /// A verifier of all events of one agency, or of one case on its own. Of a case on its own, the agency's chain
    /// cannot be verified, since the events between are not there.
    pub fn new(scope: ChainId) -> Self {
        Self {
            scope,
            events: 0,
            agency: None,
            cases: HashMap::new(),
            suite: Suite::Sha256V1.id(),
            last_at: None,
            witnesses: Witnesses::default(),
            findings: Findings::default(),
            warnings: Findings::default(),
        }
    }

    /// Demands that the agency's chain passes through each of these earlier heads. Without effect on a case on its own.
    #[must_use]
    pub fn with_checkpoints(mut self, checkpoints: impl IntoIterator<Item = Head>) -> Self {
        self.witnesses.demand(checkpoints);
        self
    }

    /// Holds the agency's chain against signed checkpoints, wherever they were found.
    pub fn claim(&mut self, claims: impl IntoIterator<Item = Claim>) {
        self.witnesses.claim(claims);
    }

    /// Takes no other signatures than of these keys. Without, the keys count that the chain itself names: who wrote all of it
    /// anew named his own.
    pub fn trust(&mut self, keys: Vec<CheckpointKey>) {
        self.witnesses.trust(keys);
    }

    /// Tells of a checkpoint that cannot be read, with the number of events it stands for where that is known.
    pub fn unreadable(&mut self, seq: Option<u64>, message: String) {
        let position = Position { agency_seq: seq, case: None, case_seq: None };
        self.findings.add(position, FindingKind::CheckpointUnreadable, message);
    }

    /// Takes the next event. What is wrong with it is told by [`Verifier::finish`].
    pub fn push(&mut self, event: &SealedEvent) {
        self.events = self.events.saturating_add(1);
        let position = Position::of(event);
        if !self.belongs(event) {
            let message = format!(
                "the event belongs to agency {} and not to the chain of {}",
                event.agency, self.scope
            );
            self.findings.add(position, FindingKind::ForeignEvent, message);
            return;
        }
        self.check_record(event, position);
        let suite = self.check_suite(event, position);
        if matches!(self.scope, ChainId::Agency(_)) {
            self.follow_agency(event, position, suite);
            self.witnesses.see(event, &mut self.findings);
        }
        self.follow_case(event, position, suite);
    }

    /// What all events amount to.
    ///
    /// # Errors
    /// The findings, the first wrong position first; at most [`MAX_FINDINGS`] and one that counts the rest.
    pub fn finish(self, expected: &ExpectedHeads) -> Result<Report, Vec<Finding>> {
        self.finish_with_attempts(expected).0
    }

    /// The same, and where the chains of attempts must stand, as the good checkpoints say.
    pub fn finish_with_attempts(
        mut self,
        expected: &ExpectedHeads,
    ) -> (Result<Report, Vec<Finding>>, Vec<AttemptsWitnessed>) {
        if let (ChainId::Agency(_), Some(head)) = (self.scope, expected.agency) {
            self.check_end(self.scope, self.agency, head);
        }
        if let Some(heads) = &expected.cases {
            self.check_case_ends(heads);
        }
        let last = self.agency.map_or(0, |head| head.seq);
        let attempts = std::mem::take(&mut self.witnesses).finish(last, &mut self.findings);
        if self.findings.is_empty() {
            let head = match self.scope {
                ChainId::Agency(_) => self.agency,
                ChainId::Case(case) => self.cases.get(&case).copied(),
                ChainId::Attempts(_) => None,
            };
            let warnings = self.warnings.into_sorted();
            let report = Report { events: self.events, cases: self.cases.len(), head, warnings };
            return (Ok(report), attempts);
        }
        (Err(self.findings.into_sorted()), attempts)
    }

    /// Whether the event is one of the chain at all.
    fn belongs(&self, event: &SealedEvent) -> bool {
        match self.scope {
            ChainId::Agency(agency) => event.agency == agency,
            ChainId::Case(case) => event.case == Some(case),
            ChainId::Attempts(_) => false,
        }
    }

    /// The record is canonical, has its members, and says what the columns say; the clock is only looked at.
    fn check_record(&mut self, event: &SealedEvent, position: Position) {
        match record::check(event) {
            Ok(at) => {
                if let Some(before) = self.last_at.filter(|before| at < *before) {
                    let message =
                        format!("the event was recorded at {at}, before its predecessor ({before})");
                    self.warnings.add(position, FindingKind::ClockBackwards, message);
                }
                self.last_at = Some(at);
            }
            Err((kind, message)) => self.findings.add(position, kind, message),
        }
    }

    /// The suite is one that we know and no step back. Without it, links cannot be computed.
    fn check_suite(&mut self, event: &SealedEvent, position: Position) -> Option<Suite> {
        let id = event.suite;
        if id < self.suite {
            let message =
                format!("the event names suite {id} although suite {} was in use before it", self.suite);
            self.findings.add(position, FindingKind::SuiteDowngraded, message);
            return None;
        }
        let suite = Suite::from_id(id);
        if suite.is_some() {
            self.suite = id;
        } else {
            let message = format!("the event names suite {id}, which this program does not know");
            self.findings.add(position, FindingKind::UnknownSuite, message);
        }
        suite
    }

    /// The event's place and link in the agency's chain.
    fn follow_agency(&mut self, event: &SealedEvent, position: Position, suite: Option<Suite>) {
        let chain = ChainId::Agency(event.agency);
        let claimed = Head { seq: event.agency_seq, link: event.agency_link };
        let (head, flaw) = follow(&chain, self.agency, claimed, suite, &event.record);
        self.agency = Some(head);
        match flaw {
            None => {}
            Some(Flaw::Link) => {
                let message = "the event's link in the agency's chain does not follow: the event was changed, or the \
                               one before it was replaced together with its link";
                self.findings.add(position, FindingKind::AgencyLink, message.to_owned());
            }
            Some(Flaw::Gap { first, last }) => {
                let message = format!("{} missing from the agency's chain", numbers(first, last));
                self.findings.add(Position::agency(first), FindingKind::AgencyGap, message);
            }
            Some(Flaw::Order { after }) => {
                let message = format!("the event stands behind event {after} of the agency's chain");
                self.findings.add(position, FindingKind::AgencyOrder, message);
            }
        }
    }

    /// The event's place and link in its case's chain, if it concerns a case.
    fn follow_case(&mut self, event: &SealedEvent, position: Position, suite: Option<Suite>) {
        let (Some(case), Some(seq), Some(link)) = (event.case, event.case_seq, event.case_link) else {
            if event.case.is_some() || event.case_seq.is_some() || event.case_link.is_some() {
                let message = "the event has a case, a place in its chain or a link there, but not all three";
                self.findings.add(position, FindingKind::CasePlace, message.to_owned());
            }
            return;
        };
        let before = self.cases.get(&case).copied();
        let (head, flaw) = follow(&ChainId::Case(case), before, Head { seq, link }, suite, &event.record);
        self.cases.insert(case, head);
        match flaw {
            None => {}
            Some(Flaw::Link) => {
                let message = "the event's link in the case's chain does not follow: the event was changed, or the one \
                               before it was replaced together with its link";
                self.findings.add(position, FindingKind::CaseLink, message.to_owned());
            }
            Some(Flaw::Gap { first, last }) => {
                let message = format!("{} missing from the case's chain", numbers(first, last));
                let position = Position { case_seq: Some(first), ..position };
                self.findings.add(position, FindingKind::CaseGap, message);
            }
            Some(Flaw::Order { after }) => {
                let message = format!("the event stands behind event {after} of the case's chain");
                self.findings.add(position, FindingKind::CaseOrder, message);
            }
        }
    }

    /// Every case ends where the list says, and the list has every case.
    fn check_case_ends(&mut self, heads: &BTreeMap<Uuid, Head>) {
        for (case, expected) in heads {
            let head = self.cases.get(case).copied();
            self.check_end(ChainId::Case(*case), head, *expected);
        }
        let mut unlisted: Vec<Uuid> =
            self.cases.keys().filter(|case| !heads.contains_key(case)).copied().collect();
        unlisted.sort_unstable();
        for case in unlisted {
            let message = format!("case {case} has events but is not in the list of cases");
            self.findings.add(Position::end_of_case(case, 0), FindingKind::BeyondHead, message);
        }
    }

    /// A chain ends where it must.
    fn check_end(&mut self, chain: ChainId, found: Option<Head>, expected: Head) {
        let last = found.map_or(0, |head| head.seq);
        let (kind, seq, message) = if last < expected.seq {
            let first = last.saturating_add(1);
            let message =
                format!("{} missing from the end of the chain of {chain}", numbers(first, expected.seq));
            (FindingKind::TailMissing, first, message)
        } else if last > expected.seq {
            let first = expected.seq.saturating_add(1);
            let message = format!(
                "the chain of {chain} goes on to event {last}, behind its head at event {}",
                expected.seq
            );
            (FindingKind::BeyondHead, first, message)
        } else if found.is_some_and(|head| head.link != expected.link) {
            let message =
                format!("the chain of {chain} ends at event {last} with another link than its head");
            (FindingKind::HeadMismatch, last, message)
        } else {
            return;
        };
        let position = match chain {
            ChainId::Agency(_) | ChainId::Attempts(_) => Position::agency(seq),
            ChainId::Case(case) => Position::end_of_case(case, seq),
        };
        self.findings.add(position, kind, message);
    }
}

/// Verifies all events of an agency, in the order of `agency_seq`.
///
/// # Errors
/// The findings, the first wrong position first.
pub fn verify_agency_chain<E: Borrow<SealedEvent>>(
    agency: Uuid,
    events: impl IntoIterator<Item = E>,
    expected: &ExpectedHeads,
) -> Result<Report, Vec<Finding>> {
    verify(Verifier::new(ChainId::Agency(agency)), events, expected)
}

/// Verifies the events of one case on its own, in the order of `case_seq`: what is handed out of one case.
///
/// # Errors
/// The findings, the first wrong position first.
pub fn verify_case_chain<E: Borrow<SealedEvent>>(
    case: Uuid,
    events: impl IntoIterator<Item = E>,
    expected: Option<Head>,
) -> Result<Report, Vec<Finding>> {
    let cases = expected.map(|head| BTreeMap::from([(case, head)]));
    verify(Verifier::new(ChainId::Case(case)), events, &ExpectedHeads { agency: None, cases })
}

fn verify<E: Borrow<SealedEvent>>(
    mut verifier: Verifier,
    events: impl IntoIterator<Item = E>,
    expected: &ExpectedHeads,
) -> Result<Report, Vec<Finding>> {
    for event in events {
        verifier.push(event.borrow());
    }
    verifier.finish(expected)
}

#[cfg(test)]
mod tests;
