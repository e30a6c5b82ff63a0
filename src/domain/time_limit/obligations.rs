//! What is owed, by whomever, with its last day: notices, answers, payment, the reply, and the applicant's remedies.

use super::fact::{ConsultationKind, FactKind};
use super::history::{Consultation, End, History, Remedy, Replied, Stop};
use super::periods::Period;
use super::timeline::{Note, Obligation, ObligationKind};
use super::view::{Exclusion, View};
use crate::domain::calendar::{CalendarError, WorkingCalendar};
use crate::domain::case::event::ServiceMethod;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::RemedyKind;
use crate::domain::statute::{Point, Reading, Readings, Remedies, StatutePack};
use chrono::NaiveDate;

/// What obligations follow from.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g, 'a> {
    pub(super) history: &'g History<'a>,
    pub(super) view: &'g View<'a>,
    pub(super) pack: &'a StatutePack,
    pub(super) calendar: &'a WorkingCalendar,
    pub(super) as_of: NaiveDate,
}

/// Everything owed, in the order of a case's life.
pub(super) fn obligations<'a>(
    ground: &Ground<'_, 'a>,
    period: &Period,
    exclusions: &[Exclusion],
    received_on: NaiveDate,
    ended: Option<(FactKind, NaiveDate)>,
) -> Result<Vec<Obligation<'a>>, CalendarError> {
    let Ground { history, view, pack, .. } = *ground;
    let mut owed = Vec::with_capacity(8);
    if let Some(limit) = &pack.limits.correction_notice
        && history.ordered.is_none()
    {
        let due_on = view.last_day(view.base(received_on), limit.length)?;
        let met_on = history.corrections.first().map(|stop| stop.from);
        owed.push(ground.owed(ObligationKind::CorrectionNotice, received_on, due_on, &limit.article, met_on));
    }
    for stop in &history.corrections {
        owed.extend(ground.correction_response(stop)?);
    }
    for letter in &history.consultations {
        owed.extend(ground.answer(letter)?);
    }
    for fee in &history.fees {
        owed.extend(ground.payment(fee)?);
    }
    if let Some(due_on) = period.due_on {
        // Where the one extension went with a period that was replaced, there is nothing left to tell; a period that somebody
        // else named is not extended.
        let told = period.extended_on.is_some();
        if let Some(limit) = &pack.limits.extension
            && period.named.is_none()
            && (period.extendable || told)
        {
            let reply = i64::from(pack.limits.reply.length);
            let plain = view.count(period.base, reply, exclusions)?;
            let last = period.delayed.map_or(plain, |delayed| delayed.max(plain));
            let kind = ObligationKind::ExtensionNotice;
            owed.push(ground.owed(kind, period.day0, last, &limit.article, period.extended_on));
        }
        let met_on = ended.filter(|(kind, _)| *kind == FactKind::Replied).map(|(_, on)| on);
        let by_order = pack.order_article.as_ref().filter(|_| period.named.is_some());
        let article = by_order.unwrap_or(&pack.limits.reply.article);
        let mut reply = ground.owed(ObligationKind::Reply, period.day0, due_on, article, met_on);
        let decided = history.replied.is_some_and(|replied| !replied.not_dispatched);
        if decided && met_on.is_none() {
            reply.note = Some(Note::ReplyDayUnknown);
        }
        owed.push(reply);
    }
    owed.extend(remedies(ground, period)?);
    for remedy in &history.remedies {
        owed.extend(ground.remedy_answer(remedy)?);
    }
    Ok(owed)
}

/// The applicant's remedies: against the reply once it was served, or against silence once the period has run out.
pub(super) fn remedies<'a>(
    ground: &Ground<'_, 'a>,
    period: &Period,
) -> Result<Vec<Obligation<'a>>, CalendarError> {
    let Ground { history, view, pack, as_of, .. } = *ground;
    // A reply that has not left is none yet.
    let replied = history.replied.filter(|replied| reply_left_on(replied, view.readings).is_some());
    let (known_on, first, note) = match (&replied, period.due_on) {
        (Some(replied), _) => {
            let Some(known_on) = known_on(replied) else { return Ok(Vec::new()) };
            let first = reconsideration_first(replied.outcome, pack, view.readings);
            (known_on, first, first.then_some(Note::ReconsiderationFirst))
        }
        (None, Some(due_on))
            if as_of > due_on && history.withdrawn_on.is_none() && period.lapsed.is_none() =>
        {
            let first = view.readings.is(Point::Silence, Reading::ReconsiderationFirst);
            (due_on, first, Some(Note::AgainstSilence))
        }
        (None, _) => return Ok(Vec::new()),
    };
    let mut owed = Vec::with_capacity(2);
    let decided = history.reconsideration;
    if let Some(limit) = &pack.limits.reconsideration {
        let met_on = decided.map(|decided| decided.on);
        let due_on = ground.view.end_of(limit, known_on)?;
        let kind = ObligationKind::Reconsideration;
        owed.push(Obligation { note, ..ground.owed(kind, known_on, due_on, &limit.article, met_on) });
    }
    let (from, limit) = match decided {
        Some(decided) => {
            (Some(decided.served_on.unwrap_or(decided.on)), &pack.limits.litigation_after_reconsideration)
        }
        None if first => (None, &pack.limits.litigation),
        None => (Some(known_on), &pack.limits.litigation),
    };
    if let (Some(from), Some(limit)) = (from, limit) {
        let due_on = ground.view.end_of(limit, from)?;
        let note = match note {
            Some(Note::AgainstSilence) if decided.is_none() => Some(Note::SilenceReadTwoWays),
            Some(_) | None => decided.filter(|one| one.served_on.is_none()).map(|_| Note::ServiceUnknown),
        };
        owed.push(Obligation {
            note,
            ..ground.owed(ObligationKind::Litigation, from, due_on, &limit.article, None)
        });
    }
    Ok(owed)
}

/// The end of the wait before disclosing against a third party (point 12): after a reply that releases something which a third
/// party was asked about.
pub(super) fn hold_until(ground: &Ground) -> Result<Option<NaiveDate>, CalendarError> {
    let Ground { history, view, pack, .. } = *ground;
    let releases = |replied: &Replied| {
        replied.outcome.is_some_and(|outcome| pack.releases_something(outcome))
            && history.consultations.iter().any(|letter| letter.kind == ConsultationKind::ThirdParty)
    };
    match (history.replied.filter(releases), &pack.limits.disclosure_hold) {
        (Some(replied), Some(limit)) => {
            view.last_day(replied.served_on.unwrap_or(replied.on), limit.length).map(Some)
        }
        (Some(_) | None, _) => Ok(None),
    }
}

/// The day on which a reply left in the sense of 国办公开办函〔2016〕235号 (reading 24 for an electronic one); `None` while that
/// day is not known.
pub(super) fn reply_left_on(replied: &Replied, readings: Readings) -> Option<NaiveDate> {
    if replied.not_dispatched {
        return None;
    }
    let Replied { on, dispatched_on, served_on, .. } = *replied;
    // Neither date was said: the decision and its service are taken to be of one day.
    let unsaid = (dispatched_on.is_none() && served_on.is_none()).then_some(on);
    match replied.method {
        None | Some(ServiceMethod::Post | ServiceMethod::PublicNotice) => Some(dispatched_on.unwrap_or(on)),
        Some(ServiceMethod::Electronic) if readings.is(Point::ElectronicReply, Reading::Sending) => {
            Some(dispatched_on.unwrap_or(on))
        }
        Some(ServiceMethod::Direct | ServiceMethod::Delegated | ServiceMethod::Electronic) => {
            served_on.or(unsaid)
        }
    }
}

/// The day from which the applicant's remedies run: of service. Where nothing is said of the way it went, the day of the decision.
fn known_on(replied: &Replied) -> Option<NaiveDate> {
    if replied.not_dispatched {
        return None;
    }
    let unsaid = replied.method.is_none() && replied.dispatched_on.is_none();
    let at_once = match replied.method {
        Some(ServiceMethod::Direct | ServiceMethod::Delegated | ServiceMethod::Electronic) => {
            replied.dispatched_on.is_none()
        }
        Some(ServiceMethod::Post | ServiceMethod::PublicNotice) | None => false,
    };
    replied.served_on.or((unsaid || at_once).then_some(replied.on))
}

fn reconsideration_first(outcome: Option<Outcome>, pack: &StatutePack, readings: Readings) -> bool {
    let Some(outcome) = outcome else { return false };
    pack.remedies(outcome, readings) == Some(Remedies::ReconsiderationFirst)
}

impl<'a> Ground<'_, 'a> {
    fn owed(
        &self,
        kind: ObligationKind,
        from: NaiveDate,
        due_on: NaiveDate,
        article: &'a str,
        met_on: Option<NaiveDate>,
    ) -> Obligation<'a> {
        let provisional = self.calendar.provisional(from, due_on);
        Obligation { kind, due_on, article, met_on, reference: None, note: None, provisional }
    }

    fn correction_response(&self, stop: &Stop) -> Result<Option<Obligation<'a>>, CalendarError> {
        let Some(limit) = &self.pack.limits.correction_response else { return Ok(None) };
        let from = stop.served_on.unwrap_or(stop.from);
        let due_on = self.view.last_day(from, stop.working_days.unwrap_or(limit.length))?;
        let note = match (stop.served_on, stop.working_days) {
            (None, _) => Some(Note::ServiceUnknown),
            (Some(_), None) => Some(Note::UsualPeriod),
            (Some(_), Some(_)) => None,
        };
        let owed =
            self.owed(ObligationKind::CorrectionResponse, from, due_on, &limit.article, answered(stop));
        Ok(Some(Obligation { note, ..owed }))
    }

    fn payment(&self, fee: &Stop) -> Result<Option<Obligation<'a>>, CalendarError> {
        let Some(limit) = &self.pack.limits.fee_payment else { return Ok(None) };
        let from = fee.served_on.unwrap_or(fee.from);
        let due_on = self.view.payment_limit(fee)?;
        let note = fee.served_on.is_none().then_some(Note::ServiceUnknown);
        let owed = self.owed(ObligationKind::FeePayment, from, due_on, &limit.article, answered(fee));
        Ok(Some(Obligation { note, ..owed }))
    }

    fn answer(&self, letter: &Consultation<'a>) -> Result<Option<Obligation<'a>>, CalendarError> {
        let limits = &self.pack.limits;
        let (kind, limit) = match letter.kind {
            ConsultationKind::ThirdParty => (ObligationKind::ThirdPartyAnswer, &limits.third_party_answer),
            ConsultationKind::JointMaker => (ObligationKind::JointMakerAnswer, &limits.joint_maker_answer),
            ConsultationKind::OtherOrgan => return Ok(None),
        };
        let Some(limit) = limit else { return Ok(None) };
        let from = letter.served_on.unwrap_or(letter.sent);
        let due_on = self.view.answer_limit(letter)?;
        let silent = letter.answered.is_none() && (letter.lapsed.is_some() || self.as_of > due_on);
        let note = match letter.answered {
            Some(on) if on > due_on => Some(Note::AnswerLate { on }),
            None if silent && letter.kind == ConsultationKind::JointMaker => Some(Note::DeemedConsent),
            None if silent => Some(Note::AgencyDecides),
            Some(_) | None => letter.served_on.is_none().then_some(Note::ServiceUnknown),
        };
        let owed = self.owed(kind, from, due_on, &limit.article, letter.answered);
        Ok(Some(Obligation { reference: Some(letter.reference), note, ..owed }))
    }

    /// Our answer to whoever examines a reply.
    fn remedy_answer(&self, remedy: &Remedy<'a>) -> Result<Option<Obligation<'a>>, CalendarError> {
        let Some(limit) = remedy.kind.answer_limit(remedy.procedure, &self.pack.limits) else {
            return Ok(None);
        };
        let kind = match remedy.kind {
            RemedyKind::Reconsideration => ObligationKind::ReconsiderationAnswer,
            RemedyKind::LitigationDirect | RemedyKind::LitigationAfterReconsideration => {
                ObligationKind::LitigationAnswer
            }
            RemedyKind::Complaint => ObligationKind::ComplaintAnswer,
        };
        let due_on = self.view.end_of(limit, remedy.received)?;
        let owed = self.owed(kind, remedy.received, due_on, &limit.article, remedy.answered);
        Ok(Some(Obligation { reference: Some(remedy.reference), ..owed }))
    }
}

fn answered(stop: &Stop) -> Option<NaiveDate> {
    stop.end.filter(|(_, end)| *end == End::Answered).map(|(on, _)| on)
}
