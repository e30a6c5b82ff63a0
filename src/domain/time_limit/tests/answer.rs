//! What the oracle answers of a case: the dates, the readings that differ, and what is owed.

use super::super::{ConsultationKind, Fact, FactKind, ObligationKind, What};
use super::diary::in_order;
use super::oracle::{
    ANSWER, CORRECTION_RESPONSE, Clock, Law, OutOfOrder, PAYMENT, left_on, needs_reconsideration_first,
};
use super::plain_calendar::{Day, date_of, day};
use crate::domain::case::event::ServiceMethod;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Procedure, RemedyKind};
use crate::domain::statute::{Point, Reading};
use chrono::{Datelike, NaiveDate};

/// One thing owed: what, its last day, and when it was met.
pub(super) type Owed = (ObligationKind, NaiveDate, Option<NaiveDate>);

#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) counted_from: NaiveDate,
    pub(super) due_on: Option<NaiveDate>,
    pub(super) prudent_due_on: Option<NaiveDate>,
    /// The readings that give another due date, with that date.
    pub(super) differing: Vec<(Point, Reading, Option<NaiveDate>)>,
    pub(super) owed: Vec<Owed>,
    /// Working days of the period and excluded ones among them, while there is a due date.
    pub(super) total_and_excluded: Option<(i64, i64)>,
    pub(super) ended: Option<(FactKind, NaiveDate)>,
}

/// Reads the file by the law, and once more for each other reading of each point.
pub(super) fn answer(facts: &[Fact], law: Law, as_of: NaiveDate) -> Result<Answer, OutOfOrder> {
    let diary = in_order(facts)?;
    let clock = Clock::read(&diary, law);
    let due = clock.due();
    let mut prudent = due;
    let mut differing = Vec::new();
    for point in Point::ALL.iter().filter(|point| !NO_DUE_DATE.contains(point)) {
        for other in point.readings().iter().filter(|other| !law.is(*point, **other)) {
            let there = Clock::read(&diary, law.other(*point, *other)).due();
            if there != due {
                differing.push((*point, *other, there.map(date_of)));
                prudent = [prudent, there].into_iter().flatten().min();
            }
        }
    }
    Ok(Answer {
        counted_from: date_of(clock.period().1.day_zero),
        due_on: due.map(date_of),
        prudent_due_on: prudent.map(date_of),
        differing,
        owed: owed(&diary, law, &clock, day(as_of)),
        total_and_excluded: due.map(|due| total_and_excluded(law, &clock, due)),
        ended: clock.ended.map(|(how, on)| (how, date_of(on))),
    })
}

/// The points that touch other dates than the due date.
const NO_DUE_DATE: [Point; 5] = [
    Point::DisclosureHold,
    Point::AdministrativeQuery,
    Point::Silence,
    Point::AnnualReportDay,
    Point::ElectronicReply,
];

/// A delayed reply is a day promised, not a period: what comes after the last day of the count is excluded from nothing.
fn total_and_excluded(law: Law, clock: &Clock, due: Day) -> (i64, i64) {
    let period = clock.period().1;
    let first = if clock.counts_day_zero(period) { period.day_zero } else { period.day_zero + 1 };
    let end_of_count = clock.count(true);
    let (mut counted, mut excluded) = (0, 0);
    for today in (first..=due).filter(|today| law.works(*today)) {
        if today < end_of_count && clock.excludes(today) {
            excluded += 1;
        } else {
            counted += 1;
        }
    }
    (counted, excluded)
}

/// What is owed, by kind and last day.
fn owed(diary: &[(&Fact, Day)], law: Law, clock: &Clock, as_of: Day) -> Vec<Owed> {
    let first_request = diary.iter().find(|(fact, _)| fact.what.kind() == FactKind::CorrectionRequested);
    let mut owed = vec![(
        ObligationKind::CorrectionNotice,
        clock.correction_notice(clock.periods[0]),
        first_request.map(|(_, on)| *on),
    )];
    for (n, (fact, on)) in diary.iter().enumerate() {
        let mut later = diary[n..].iter();
        match &fact.what {
            What::CorrectionRequested { served_on, working_days, .. } => {
                let days = working_days.map_or(CORRECTION_RESPONSE, i32::from);
                let ends = [FactKind::Corrected, FactKind::CorrectionLapsed];
                let end = later.find(|(fact, _)| ends.contains(&fact.what.kind()));
                let met = end.filter(|(fact, _)| fact.what.kind() == FactKind::Corrected);
                let due = law.nth_after(served_on.map_or(*on, day), days);
                owed.push((ObligationKind::CorrectionResponse, due, met.map(|(_, on)| *on)));
            }
            What::ConsultationSent { reference, kind, served_on } => {
                let kind = match kind {
                    ConsultationKind::ThirdParty => ObligationKind::ThirdPartyAnswer,
                    ConsultationKind::JointMaker => ObligationKind::JointMakerAnswer,
                    ConsultationKind::OtherOrgan => continue,
                };
                let what = What::ConsultationAnswered { reference: reference.clone() };
                let met = later.find(|(fact, _)| fact.what == what).map(|(_, on)| *on);
                owed.push((kind, law.nth_after(served_on.map_or(*on, day), ANSWER), met));
            }
            What::FeeNotice { served_on } => {
                let ends = [FactKind::FeePaid, FactKind::FeeLapsed];
                let end = later.find(|(fact, _)| ends.contains(&fact.what.kind()));
                let met = end.filter(|(fact, _)| fact.what.kind() == FactKind::FeePaid);
                let due = law.nth_after(served_on.map_or(*on, day), PAYMENT);
                owed.push((ObligationKind::FeePayment, due, met.map(|(_, on)| *on)));
            }
            What::RemedyReceived { reference, remedy, procedure } => {
                let (kind, due) = answer_to(*remedy, *procedure, *on, law);
                let what = What::RemedyAnswered { reference: reference.clone() };
                owed.push((kind, due, later.find(|(fact, _)| fact.what == what).map(|(_, on)| *on)));
            }
            _ => {}
        }
    }
    let reply = diary.iter().find(|(fact, _)| fact.what.kind() == FactKind::Replied);
    if let Some(due) = clock.due() {
        let told = clock.extension_told();
        if told.is_some() || clock.extension_left() {
            owed.push((ObligationKind::ExtensionNotice, clock.walk(false), told));
        }
        owed.push((ObligationKind::Reply, due, reply.and_then(|(reply, _)| left_on(reply, law))));
    }
    remedies(diary, law, clock, as_of, &mut owed);
    let mut owed: Vec<Owed> =
        owed.into_iter().map(|(kind, due, met)| (kind, date_of(due), met.map(date_of))).collect();
    owed.sort();
    owed
}

/// Ten working days for an answer to a reconsideration, five in the simplified procedure; fifteen days to a court; fifteen working
/// days to who complains.
fn answer_to(remedy: RemedyKind, procedure: Procedure, on: Day, law: Law) -> (ObligationKind, Day) {
    match (remedy, procedure) {
        (RemedyKind::Reconsideration, Procedure::Ordinary) => {
            (ObligationKind::ReconsiderationAnswer, law.nth_after(on, 10))
        }
        (RemedyKind::Reconsideration, Procedure::Simplified) => {
            (ObligationKind::ReconsiderationAnswer, law.nth_after(on, 5))
        }
        (RemedyKind::Complaint, _) => (ObligationKind::ComplaintAnswer, law.nth_after(on, 15)),
        _ => (ObligationKind::LitigationAnswer, law.no_rest_day(on + 15)),
    }
}

/// Sixty days to ask for reconsideration; six months to sue, or fifteen days after the decision.
fn remedies(
    diary: &[(&Fact, Day)],
    law: Law,
    clock: &Clock,
    as_of: Day,
    owed: &mut Vec<(ObligationKind, Day, Option<Day>)>,
) {
    let reply = diary.iter().find_map(|(fact, _)| match &fact.what {
        What::Replied { outcome, .. } => Some((*outcome, served(fact))),
        _ => None,
    });
    let decision = diary.iter().find_map(|(fact, _)| match &fact.what {
        What::ReconsiderationDecided { served_on } => Some((fact.on, served_on.unwrap_or(fact.on))),
        _ => None,
    });
    let silent_since = clock.due().filter(|due| clock.ended.is_none() && as_of > *due);
    let (from, first) = match (reply, silent_since) {
        (Some((outcome, Some(served))), _) => {
            let query = law.is(Point::AdministrativeQuery, Reading::ReconsiderationFirst);
            let first = outcome.is_some_and(|outcome| {
                needs_reconsideration_first(outcome)
                    || (query && outcome == Outcome::DeniedAdministrativeQuery)
            });
            (served, first)
        }
        (_, Some(due)) => (date_of(due), law.is(Point::Silence, Reading::ReconsiderationFirst)),
        (_, None) => return,
    };
    let sixty_days = law.no_rest_day(day(from) + 60);
    owed.push((ObligationKind::Reconsideration, sixty_days, decision.map(|(on, _)| day(on))));
    if let Some((_, served)) = decision {
        owed.push((ObligationKind::Litigation, law.no_rest_day(day(served) + 15), None));
    } else if !first {
        owed.push((ObligationKind::Litigation, law.no_rest_day(day(six_months_after(from))), None));
    }
}

/// The day on which the applicant learnt of the reply: where nothing is said of its way, the day of the decision.
fn served(reply: &Fact) -> Option<NaiveDate> {
    let What::Replied { method, dispatched_on, served_on, not_dispatched, .. } = &reply.what else {
        panic!()
    };
    let by_post = matches!(method, Some(ServiceMethod::Post | ServiceMethod::PublicNotice));
    let at_once = !by_post && !not_dispatched && dispatched_on.is_none();
    served_on.or(at_once.then_some(reply.on))
}

/// The day of the same number six months later, or the month's last day.
pub(super) fn six_months_after(from: NaiveDate) -> NaiveDate {
    let (year, month) =
        if from.month() > 6 { (from.year() + 1, from.month() - 6) } else { (from.year(), from.month() + 6) };
    let mut number = from.day();
    loop {
        if let Some(found) = NaiveDate::from_ymd_opt(year, month, number) {
            return found;
        }
        number -= 1;
    }
}
