//! The facts of a case as a diary: in the order of their days, and refused when one precedes what it depends on.

use super::super::{CorrectionGround, Fact, FactKind, What};
use super::oracle::{EXTENSION, OutOfOrder};
use super::plain_calendar::{Day, day};
use chrono::{Datelike, NaiveDate};

/// The facts in the order of their days.
pub(super) fn in_order(facts: &[Fact]) -> Result<Vec<(&Fact, Day)>, OutOfOrder> {
    facts.iter().try_for_each(plausible)?;
    let first = facts.iter().find(|fact| fact.what.kind() == FactKind::Received).ok_or(OutOfOrder)?;
    let What::Received { arrived_on, .. } = &first.what else { panic!() };
    let received = [Some(first.on), *arrived_on].into_iter().flatten().min();
    if facts.iter().any(|fact| Some(fact.on) < received) {
        return Err(OutOfOrder);
    }
    let mut pages: Vec<_> = facts.iter().map(|fact| (fact, day(fact.on))).collect();
    pages.sort_by_key(|(fact, on)| (*on, asked(fact)));
    let mut open = Open::default();
    let mut diary = Vec::new();
    while !pages.is_empty() {
        let today = pages.iter().take_while(|(_, on)| *on == pages[0].1).count();
        let fits = |(n, (fact, _)): (usize, &(&Fact, Day))| open.allows(fact).then_some((rank(fact), n));
        let (_, next) = pages[..today].iter().enumerate().filter_map(fits).min().ok_or(OutOfOrder)?;
        let page = pages.remove(next);
        open.take(page.0);
        diary.push(page);
    }
    Ok(diary)
}

/// Of two questions asked on one day the one served first comes first, so that the order of the list tells nothing.
fn asked(fact: &Fact) -> (Option<NaiveDate>, Option<u16>, Option<CorrectionGround>) {
    match &fact.what {
        What::CorrectionRequested { served_on, working_days, ground } => {
            (*served_on, *working_days, Some(ground.unwrap_or(CorrectionGround::UnclearContent)))
        }
        What::FeeNotice { served_on } => (*served_on, None, None),
        _ => (None, None, None),
    }
}

/// Whether the fact makes sense by itself.
fn plausible(fact: &Fact) -> Result<(), OutOfOrder> {
    let not_before = |date: &Option<NaiveDate>| date.is_none_or(|date| date >= fact.on);
    let fine = match &fact.what {
        What::CorrectionRequested { served_on, working_days, .. } => {
            not_before(served_on) && working_days.is_none_or(|days| (1..=250).contains(&days))
        }
        What::ConsultationSent { served_on, .. }
        | What::FeeNotice { served_on }
        | What::ReconsiderationDecided { served_on } => not_before(served_on),
        What::Replied { dispatched_on, served_on, .. } => not_before(dispatched_on) && not_before(served_on),
        What::Extended { working_days, approved_on } => {
            (1..=EXTENSION).contains(&i32::from(*working_days))
                && approved_on.is_none_or(|approved| approved <= fact.on)
        }
        What::DelayedReplySet { until } => *until >= fact.on,
        What::Received { .. }
        | What::Corrected
        | What::CorrectionLapsed
        | What::ConsultationAnswered { .. }
        | What::ConsultationLapsed { .. }
        | What::FeePaid
        | What::FeeLapsed
        | What::ReasonsRequested
        | What::ReasonsGiven
        | What::Withdrawn
        | What::RemedyReceived { .. }
        | What::RemedyAnswered { .. }
        | What::AnswerOrdered { .. } => true,
    };
    if fine && fact.on.year() >= 2004 { Ok(()) } else { Err(OutOfOrder) }
}

/// Of one day, what is answered comes before what is asked, and that before what lengthens the period: an extension on the day
/// of a corrected application is the new period's. Of two extensions, the shorter comes first.
fn rank(fact: &Fact) -> (u8, u16) {
    match &fact.what {
        What::Received { .. } => (0, 0),
        What::Corrected
        | What::CorrectionLapsed
        | What::ConsultationAnswered { .. }
        | What::ConsultationLapsed { .. }
        | What::FeePaid
        | What::FeeLapsed
        | What::ReasonsGiven => (1, 0),
        What::CorrectionRequested { .. } => (2, 0),
        What::ConsultationSent { .. } | What::FeeNotice { .. } | What::ReasonsRequested => (2, 1),
        What::Extended { working_days, .. } => (3, *working_days),
        What::DelayedReplySet { .. } => (4, 0),
        What::Replied { .. } | What::Withdrawn => (5, 0),
        What::ReconsiderationDecided { .. } | What::RemedyReceived { .. } | What::AnswerOrdered { .. } => {
            (6, 0)
        }
        What::RemedyAnswered { .. } => (7, 0),
    }
}

/// What the diary has open on a page.
#[derive(Default)]
struct Open {
    once: Vec<FactKind>,
    correction: bool,
    fee: bool,
    reasons: bool,
    letters: Vec<Letter>,
}

struct Letter {
    reference: String,
    answered: bool,
    lapsed: bool,
}

impl Open {
    fn letter(&self, reference: &str) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.reference == reference)
    }

    fn allows(&self, fact: &Fact) -> bool {
        match &fact.what {
            What::Received { .. }
            | What::Replied { .. }
            | What::ReconsiderationDecided { .. }
            | What::Withdrawn => !self.once.contains(&fact.what.kind()),
            What::CorrectionRequested { .. } => !self.correction,
            What::Corrected | What::CorrectionLapsed => self.correction,
            What::ConsultationSent { reference, .. } => self.letter(reference).is_none(),
            What::ConsultationAnswered { reference } => {
                self.letter(reference).is_some_and(|letter| !letter.answered)
            }
            What::ConsultationLapsed { reference } => {
                self.letter(reference).is_some_and(|letter| !letter.lapsed)
            }
            What::FeeNotice { .. } => !self.fee,
            What::FeePaid | What::FeeLapsed => self.fee,
            What::ReasonsRequested => !self.reasons,
            What::ReasonsGiven => self.reasons,
            What::Extended { .. }
            | What::DelayedReplySet { .. }
            | What::RemedyReceived { .. }
            | What::RemedyAnswered { .. }
            | What::AnswerOrdered { .. } => true,
        }
    }

    fn take(&mut self, fact: &Fact) {
        match &fact.what {
            What::Received { .. }
            | What::Replied { .. }
            | What::ReconsiderationDecided { .. }
            | What::Withdrawn => {
                self.once.push(fact.what.kind());
            }
            What::CorrectionRequested { .. } => self.correction = true,
            What::Corrected | What::CorrectionLapsed => self.correction = false,
            What::ConsultationSent { reference, .. } => {
                let reference = reference.clone();
                self.letters.push(Letter { reference, answered: false, lapsed: false });
            }
            What::ConsultationAnswered { reference } | What::ConsultationLapsed { reference } => {
                let mut letters = self.letters.iter_mut();
                if let Some(letter) = letters.find(|letter| letter.reference == *reference) {
                    letter.answered |= fact.what.kind() == FactKind::ConsultationAnswered;
                    letter.lapsed |= fact.what.kind() == FactKind::ConsultationLapsed;
                }
            }
            What::FeeNotice { .. } => self.fee = true,
            What::FeePaid | What::FeeLapsed => self.fee = false,
            What::ReasonsRequested => self.reasons = true,
            What::ReasonsGiven => self.reasons = false,
            What::Extended { .. }
            | What::DelayedReplySet { .. }
            | What::RemedyReceived { .. }
            | What::RemedyAnswered { .. }
            | What::AnswerOrdered { .. } => {}
        }
    }
}
