//! The facts of one application, put in order and checked: every answer has its question, and nothing precedes what it depends
//! on.

mod pairs;

use pairs::Pairs;

use super::fact::{ConsultationKind, CorrectionGround, Fact, FactKind, What};
use super::fault::{FactFault, Fault};
use crate::domain::case::event::ServiceMethod;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Procedure, RemedyKind};
use crate::domain::statute::StatutePack;
use chrono::NaiveDate;

/// The longest period that a request for correction may give, in working days: a year of them.
const MOST_CORRECTION_DAYS: u16 = 250;

/// The facts in order.
pub(super) struct History<'a> {
    pub(super) receipt: Receipt,
    pub(super) corrections: Vec<Stop>,
    pub(super) fees: Vec<Stop>,
    pub(super) reasons: Vec<Stop>,
    pub(super) consultations: Vec<Consultation<'a>>,
    pub(super) extensions: Vec<Extension>,
    pub(super) delays: Vec<Delay>,
    pub(super) replied: Option<Replied>,
    pub(super) reconsideration: Option<Reconsideration>,
    pub(super) withdrawn_on: Option<NaiveDate>,
    pub(super) remedies: Vec<Remedy<'a>>,
    pub(super) ordered: Option<Ordered>,
}

/// A remedy whose papers reached the agency, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Remedy<'a> {
    pub(super) reference: &'a str,
    pub(super) kind: RemedyKind,
    pub(super) procedure: Procedure,
    pub(super) received: NaiveDate,
    pub(super) answered: Option<NaiveDate>,
}

/// An order to answer anew.
#[derive(Clone, Copy)]
pub(super) struct Ordered {
    /// The last day that it names.
    pub(super) until: Option<NaiveDate>,
}

/// The receipt, with the dates among which the readings choose.
#[derive(Clone, Copy)]
pub(super) struct Receipt {
    /// Which fact it is.
    pub(super) index: usize,
    pub(super) on: NaiveDate,
    pub(super) channel: Option<Channel>,
    pub(super) arrived_on: Option<NaiveDate>,
    pub(super) confirmed_on: Option<NaiveDate>,
    pub(super) after_hours: bool,
}

/// A question to the applicant, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Stop {
    pub(super) from: NaiveDate,
    pub(super) served_on: Option<NaiveDate>,
    pub(super) working_days: Option<u16>,
    pub(super) ground: CorrectionGround,
    pub(super) end: Option<(NaiveDate, End)>,
}

/// What came of a question.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Answered,
    Lapsed,
}

/// A consultation and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Consultation<'a> {
    pub(super) reference: &'a str,
    pub(super) kind: ConsultationKind,
    pub(super) sent: NaiveDate,
    pub(super) served_on: Option<NaiveDate>,
    pub(super) answered: Option<NaiveDate>,
    pub(super) lapsed: Option<NaiveDate>,
}

#[derive(Clone, Copy)]
pub(super) struct Extension {
    pub(super) on: NaiveDate,
    pub(super) days: u16,
    pub(super) approved_on: Option<NaiveDate>,
}

#[derive(Clone, Copy)]
pub(super) struct Delay {
    pub(super) on: NaiveDate,
    pub(super) until: NaiveDate,
}

#[derive(Clone, Copy)]
pub(super) struct Replied {
    pub(super) on: NaiveDate,
    pub(super) outcome: Option<Outcome>,
    pub(super) method: Option<ServiceMethod>,
    pub(super) dispatched_on: Option<NaiveDate>,
    pub(super) served_on: Option<NaiveDate>,
    pub(super) not_dispatched: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Reconsideration {
    pub(super) on: NaiveDate,
    pub(super) served_on: Option<NaiveDate>,
}

impl<'a> History<'a> {
    /// Puts facts in order.
    ///
    /// # Errors
    /// The first fault, in the order of the list where the order of the list says which fact is wrong.
    pub(super) fn of(facts: &'a [Fact], pack: &StatutePack) -> Result<Self, FactFault> {
        let receipt = receipt(facts)?;
        let mut history = Self {
            receipt,
            corrections: Vec::new(),
            fees: Vec::new(),
            reasons: Vec::new(),
            consultations: Vec::new(),
            extensions: Vec::new(),
            delays: Vec::new(),
            replied: None,
            reconsideration: None,
            withdrawn_on: None,
            remedies: Vec::new(),
            ordered: None,
        };
        let (mut corrections, mut fees, mut reasons) = (Pairs::default(), Pairs::default(), Pairs::default());
        let earliest = receipt.arrived_on.map_or(receipt.on, |arrived| arrived.min(receipt.on));
        for (index, fact) in facts.iter().enumerate() {
            let at = Place { index, kind: fact.what.kind(), on: fact.on };
            known_to_statute(at, pack)?;
            // A remedy may be older than an order to answer anew, with which the facts begin.
            let of_remedy = matches!(at.kind, FactKind::RemedyReceived | FactKind::RemedyAnswered);
            if fact.on < earliest && !of_remedy {
                let needs = FactKind::Received;
                return Err(at.fault("on", Fault::Precedes { kind: at.kind, needs, at: Some(earliest) }));
            }
            history.take(at, &fact.what, pack, [&mut corrections, &mut fees, &mut reasons])?;
        }
        history.consultation_answers(facts)?;
        history.remedy_answers(facts)?;
        history.corrections = corrections.paired(FactKind::CorrectionRequested)?;
        history.fees = fees.paired(FactKind::FeeNotice)?;
        history.reasons = reasons.paired(FactKind::ReasonsRequested)?;
        history.consultations.sort_by_key(|letter| (letter.sent, letter.kind, letter.reference));
        history.extensions.sort_by_key(|extension| (extension.on, extension.days, extension.approved_on));
        history.delays.sort_by_key(|delay| (delay.on, delay.until));
        history.remedies.sort_by_key(|remedy| (remedy.received, remedy.kind, remedy.reference));
        Ok(history)
    }

    fn take(
        &mut self,
        at: Place,
        what: &'a What,
        pack: &StatutePack,
        [corrections, fees, reasons]: [&mut Pairs; 3],
    ) -> Result<(), FactFault> {
        match what {
            // The receipt is taken already; answers, when every letter is known: the list has no order.
            What::Received { .. }
            | What::ConsultationAnswered { .. }
            | What::ConsultationLapsed { .. }
            | What::RemedyAnswered { .. } => {}
            What::CorrectionRequested { served_on, working_days, ground } => {
                at.not_before("served_on", *served_on, at.on)?;
                at.days(*working_days, MOST_CORRECTION_DAYS)?;
                let ground = ground.unwrap_or(CorrectionGround::UnclearContent);
                corrections.ask(
                    at,
                    Stop { served_on: *served_on, working_days: *working_days, ground, ..at.stop() },
                );
            }
            What::Corrected => corrections.answer(at, End::Answered),
            What::CorrectionLapsed => corrections.answer(at, End::Lapsed),
            What::FeeNotice { served_on } => {
                at.not_before("served_on", *served_on, at.on)?;
                fees.ask(at, Stop { served_on: *served_on, ..at.stop() });
            }
            What::FeePaid => fees.answer(at, End::Answered),
            What::FeeLapsed => fees.answer(at, End::Lapsed),
            What::ReasonsRequested => reasons.ask(at, at.stop()),
            What::ReasonsGiven => reasons.answer(at, End::Answered),
            What::ConsultationSent { reference, kind, served_on } => {
                at.not_before("served_on", *served_on, at.on)?;
                if self.consultations.iter().any(|other| other.reference == reference) {
                    return Err(at.fault("ref", Fault::ReferenceUsed));
                }
                let (kind, sent, served_on) = (*kind, at.on, *served_on);
                self.consultations.push(Consultation {
                    reference,
                    kind,
                    sent,
                    served_on,
                    answered: None,
                    lapsed: None,
                });
            }
            What::Extended { working_days, approved_on } => {
                let most = pack.limits.extension.as_ref().map_or(0, |limit| limit.length);
                at.days(Some(*working_days), most)?;
                if approved_on.is_some_and(|approved| approved > at.on) {
                    return Err(at.fault("approved_on", Fault::ApprovedAfterwards { notice: at.on }));
                }
                self.extensions.push(Extension { on: at.on, days: *working_days, approved_on: *approved_on });
            }
            What::DelayedReplySet { until } => {
                at.not_before("until", Some(*until), at.on)?;
                self.delays.push(Delay { on: at.on, until: *until });
            }
            What::Replied { outcome, method, dispatched_on, served_on, not_dispatched } => {
                at.once(self.replied.is_some())?;
                at.not_before("dispatched_on", *dispatched_on, at.on)?;
                at.not_before("served_on", *served_on, dispatched_on.unwrap_or(at.on))?;
                self.replied = Some(Replied {
                    on: at.on,
                    outcome: *outcome,
                    method: *method,
                    dispatched_on: *dispatched_on,
                    served_on: *served_on,
                    not_dispatched: *not_dispatched,
                });
            }
            What::ReconsiderationDecided { served_on } => {
                at.once(self.reconsideration.is_some())?;
                at.not_before("served_on", *served_on, at.on)?;
                self.reconsideration = Some(Reconsideration { on: at.on, served_on: *served_on });
            }
            What::Withdrawn => {
                at.once(self.withdrawn_on.is_some())?;
                self.withdrawn_on = Some(at.on);
            }
            What::RemedyReceived { reference, remedy, procedure } => {
                if self.remedies.iter().any(|other| other.reference == reference) {
                    return Err(at.fault("ref", Fault::ReferenceUsed));
                }
                let (kind, procedure, received) = (*remedy, *procedure, at.on);
                self.remedies.push(Remedy { reference, kind, procedure, received, answered: None });
            }
            What::AnswerOrdered { until } => {
                at.once(self.ordered.is_some())?;
                at.not_before("until", *until, at.on)?;
                self.ordered = Some(Ordered { until: *until });
            }
        }
        Ok(())
    }

    fn remedy_answers(&mut self, facts: &'a [Fact]) -> Result<(), FactFault> {
        for (index, fact) in facts.iter().enumerate() {
            let What::RemedyAnswered { reference } = &fact.what else { continue };
            let at = Place { index, kind: FactKind::RemedyAnswered, on: fact.on };
            let needs = FactKind::RemedyReceived;
            let Some(found) = self.remedies.iter_mut().find(|remedy| remedy.reference == reference) else {
                return Err(at.fault("ref", Fault::Precedes { kind: at.kind, needs, at: None }));
            };
            if fact.on < found.received {
                return Err(
                    at.fault("on", Fault::Precedes { kind: at.kind, needs, at: Some(found.received) })
                );
            }
            at.once(found.answered.is_some())?;
            found.answered = Some(fact.on);
        }
        Ok(())
    }

    fn consultation_answers(&mut self, facts: &'a [Fact]) -> Result<(), FactFault> {
        for (index, fact) in facts.iter().enumerate() {
            let (What::ConsultationAnswered { reference } | What::ConsultationLapsed { reference }) =
                &fact.what
            else {
                continue;
            };
            let at = Place { index, kind: fact.what.kind(), on: fact.on };
            let needs = FactKind::ConsultationSent;
            let Some(found) = self.consultations.iter_mut().find(|letter| letter.reference == reference)
            else {
                return Err(at.fault("ref", Fault::Precedes { kind: at.kind, needs, at: None }));
            };
            if fact.on < found.sent {
                return Err(at.fault("on", Fault::Precedes { kind: at.kind, needs, at: Some(found.sent) }));
            }
            let answered = at.kind == FactKind::ConsultationAnswered;
            let place = if answered { &mut found.answered } else { &mut found.lapsed };
            at.once(place.is_some())?;
            *place = Some(fact.on);
        }
        Ok(())
    }
}

fn receipt(facts: &[Fact]) -> Result<Receipt, FactFault> {
    let mut found: Option<Receipt> = None;
    for (index, fact) in facts.iter().enumerate() {
        let What::Received { channel, arrived_on, confirmed_on, after_hours } = fact.what else { continue };
        let at = Place { index, kind: FactKind::Received, on: fact.on };
        at.once(found.is_some())?;
        if let Some(arrived) = arrived_on {
            at.not_before("on", Some(fact.on), arrived)?;
        }
        at.not_before("confirmed_on", confirmed_on, arrived_on.unwrap_or(fact.on))?;
        found = Some(Receipt { index, on: fact.on, channel, arrived_on, confirmed_on, after_hours });
    }
    found.ok_or(FactFault { index: 0, field: "type", fault: Fault::NotReceived })
}

/// A statute that sets no period for a step does not know the step.
fn known_to_statute(at: Place, pack: &StatutePack) -> Result<(), FactFault> {
    let limits = &pack.limits;
    let known = match at.kind {
        // A decision upon a remedy binds under any statute; an answer is owed where a period is set.
        FactKind::Received
        | FactKind::Replied
        | FactKind::Withdrawn
        | FactKind::RemedyReceived
        | FactKind::RemedyAnswered
        | FactKind::AnswerOrdered => true,
        FactKind::CorrectionRequested | FactKind::Corrected | FactKind::CorrectionLapsed => {
            limits.correction_notice.is_some() && limits.correction_response.is_some()
        }
        FactKind::ConsultationSent | FactKind::ConsultationAnswered | FactKind::ConsultationLapsed => {
            limits.third_party_answer.is_some()
                && limits.joint_maker_answer.is_some()
                && limits.other_organ_answer.is_some()
        }
        FactKind::Extended => limits.extension.is_some(),
        FactKind::FeeNotice | FactKind::FeePaid | FactKind::FeeLapsed => limits.fee_payment.is_some(),
        FactKind::ReasonsRequested | FactKind::ReasonsGiven | FactKind::DelayedReplySet => {
            limits.delayed_reply.is_some()
        }
        FactKind::ReconsiderationDecided => limits.reconsideration.is_some(),
    };
    if known { Ok(()) } else { Err(at.fault("type", Fault::UnknownToStatute(at.kind))) }
}

/// Which fact is looked at.
#[derive(Clone, Copy)]
struct Place {
    index: usize,
    kind: FactKind,
    on: NaiveDate,
}

impl Place {
    fn fault(self, field: &'static str, fault: Fault) -> FactFault {
        FactFault { index: self.index, field, fault }
    }

    fn once(self, before: bool) -> Result<(), FactFault> {
        if before { Err(self.fault("type", Fault::Twice(self.kind))) } else { Ok(()) }
    }

    fn not_before(
        self,
        field: &'static str,
        date: Option<NaiveDate>,
        earliest: NaiveDate,
    ) -> Result<(), FactFault> {
        match date {
            Some(date) if date < earliest => Err(self.fault(field, Fault::DatesCrossed { earliest })),
            Some(_) | None => Ok(()),
        }
    }

    fn days(self, days: Option<u16>, most: u16) -> Result<(), FactFault> {
        match days {
            Some(days) if days == 0 || days > most => Err(self.fault("working_days", Fault::Days { most })),
            Some(_) | None => Ok(()),
        }
    }

    fn stop(self) -> Stop {
        let ground = CorrectionGround::UnclearContent;
        Stop { from: self.on, served_on: None, working_days: None, ground, end: None }
    }
}
