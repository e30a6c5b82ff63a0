//! 征求意见: third parties (Art. 32), joint makers (Art. 34), other organs (Art. 33(3)). They differ in what silence means.

use chrono::NaiveDate;

use super::standing::{has_run_out, known};
use super::{Situation, next, the};
use crate::domain::case::clock_record::Consultation;
use crate::domain::case::event::{
    ConsultationAnswered, ConsultationLapsed, ConsultationSent, Event, Position, Proved, TextRef,
};
use crate::domain::case::refusal::{ClockRefusal, Item};
use crate::domain::statute::Limit;
use crate::domain::time_limit::{ConsultationKind, ObligationKind};

fn limit<'a>(kind: ConsultationKind, situation: &Situation<'a>) -> Option<&'a Limit> {
    let limits = &situation.context.pack.limits;
    match kind {
        ConsultationKind::ThirdParty => limits.third_party_answer.as_ref(),
        ConsultationKind::JointMaker => limits.joint_maker_answer.as_ref(),
        ConsultationKind::OtherOrgan => limits.other_organ_answer.as_ref(),
    }
}

pub(super) fn consult(
    situation: &Situation,
    kind: ConsultationKind,
    served_on: Option<NaiveDate>,
    party: TextRef,
    question: TextRef,
) -> Result<Event, ClockRefusal> {
    known(limit(kind, situation), Item::Consultation)?;
    let n = next(&situation.case.clock.consultations);
    Ok(Event::ConsultationSent(ConsultationSent { n, kind, served_on, party, question }))
}

pub(super) fn may_serve(consultation: &Consultation) -> Result<(), ClockRefusal> {
    may_answer(consultation)?;
    match consultation.served_on {
        Some(_) => Err(ClockRefusal::NoticeServed(Item::Consultation, consultation.n)),
        None => Ok(()),
    }
}

pub(super) fn serve(situation: &Situation, n: u32, evidence: Option<TextRef>) -> Result<Event, ClockRefusal> {
    may_serve(the(&situation.case.clock.consultations, Item::Consultation, n)?)?;
    Ok(Event::ConsultationServed(Proved { n, evidence }))
}

/// An answer after its limit is taken, as long as the silence was not recorded.
pub(super) fn may_answer(consultation: &Consultation) -> Result<(), ClockRefusal> {
    if consultation.is_open() {
        Ok(())
    } else {
        Err(ClockRefusal::AlreadyAnswered(Item::Consultation, consultation.n))
    }
}

/// A third party and a joint maker say whether they consent; consent is deemed of the silent only.
pub(super) fn answer(
    situation: &Situation,
    n: u32,
    position: Option<Position>,
    text: Option<TextRef>,
) -> Result<Event, ClockRefusal> {
    let consultation = the(&situation.case.clock.consultations, Item::Consultation, n)?;
    may_answer(consultation)?;
    let position = position.filter(|position| *position != Position::DeemedConsent);
    match consultation.kind {
        ConsultationKind::ThirdParty | ConsultationKind::JointMaker if position.is_none() => {
            Err(ClockRefusal::PositionMissing)
        }
        ConsultationKind::ThirdParty | ConsultationKind::JointMaker | ConsultationKind::OtherOrgan => {
            Ok(Event::ConsultationAnswered(ConsultationAnswered { n, position, text }))
        }
    }
}

pub(super) fn may_lapse(
    situation: &Situation,
    consultation: &Consultation,
    on: NaiveDate,
) -> Result<(), ClockRefusal> {
    may_answer(consultation)?;
    let (n, kind) = (consultation.n, consultation.kind);
    // "Of receiving the letter" (Arts. 32, 34). Another organ has no period in the law, only a cap.
    let told_on = match (kind, consultation.served_on) {
        (_, Some(served_on)) => served_on,
        (ConsultationKind::OtherOrgan, None) => consultation.sent_on,
        (ConsultationKind::ThirdParty | ConsultationKind::JointMaker, None) => {
            return Err(ClockRefusal::ServiceNotRecorded(Item::Consultation, n));
        }
    };
    let told = (told_on, known(limit(kind, situation), Item::Consultation)?);
    let owed = match kind {
        ConsultationKind::ThirdParty => ObligationKind::ThirdPartyAnswer,
        // Another organ owes no answer: there is no such obligation, and its limit is a cap (reading 11).
        ConsultationKind::JointMaker | ConsultationKind::OtherOrgan => ObligationKind::JointMakerAnswer,
    };
    let until = situation.last_day(owed, Some(n), told)?;
    has_run_out(Item::Consultation, until, on)
}

/// The silence of a joint maker is consent by law (Art. 34); that of a third party leaves the decision to the agency (Art. 32).
pub(super) fn lapse(situation: &Situation, n: u32, on: NaiveDate) -> Result<Event, ClockRefusal> {
    let consultation = the(&situation.case.clock.consultations, Item::Consultation, n)?;
    may_lapse(situation, consultation, on)?;
    let position = match consultation.kind {
        ConsultationKind::JointMaker => Some(Position::DeemedConsent),
        ConsultationKind::ThirdParty | ConsultationKind::OtherOrgan => None,
    };
    Ok(Event::ConsultationLapsed(ConsultationLapsed { n, position }))
}
