//! Whether a request was answered in time: the rule behind the rate of timely replies, the ledger's column and the quarterly bulletin.

use chrono::NaiveDate;

use super::clock::case_timeline;
use crate::domain::time_limit::{Fact, FactKind, ObligationKind, Rules};

/// How the reply to a request stands against its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// It left on or before its last day (2016年235号函: a reply is in time when it has left in time).
    InTime {
        /// Its last day, the last one in time.
        due_on: NaiveDate,
        /// The day on which it left.
        on: NaiveDate,
    },
    /// It left after its last day.
    Late {
        /// Its last day.
        due_on: NaiveDate,
        /// The day on which it left.
        on: NaiveDate,
    },
    /// None has left, and the last day has passed.
    Overdue {
        /// Its last day.
        due_on: NaiveDate,
    },
    /// None has left, and none need have yet; or none ever will (a withdrawal, a lapse), or the period has not begun.
    NotCounted,
}

impl Timeliness {
    /// Of a case's dated facts, as of a day. A case that is answered anew is left out: its facts are those of the new round, whose period
    /// a court or an organ above began, not the applicant.
    ///
    /// ```
    /// use gongkai::domain::case::timeliness::Timeliness;
    /// use gongkai::domain::time_limit::{Fact, Rules};
    /// use gongkai::law::LawBook;
    ///
    /// let law = LawBook::embedded().unwrap();
    /// let rules = Rules::of(law.pack("cn-ogi-2019").unwrap(), law.calendar("cn").unwrap());
    /// let day = |text: &str| text.parse().unwrap();
    /// // Received on Monday 2 March 2026: 20 working days end on the 30th (Art. 33(2)).
    /// let facts = [Fact::received(day("2026-03-02"))];
    /// assert_eq!(Timeliness::of(&facts, &rules, day("2026-03-30")), Timeliness::NotCounted);
    /// assert_eq!(Timeliness::of(&facts, &rules, day("2026-03-31")), Timeliness::Overdue { due_on: day("2026-03-30") });
    /// ```
    pub fn of(facts: &[Fact], rules: &Rules, as_of: NaiveDate) -> Self {
        if facts.iter().any(|fact| fact.what.kind() == FactKind::AnswerOrdered) {
            return Self::NotCounted;
        }
        let Some(timeline) = case_timeline(facts, rules, as_of).ok().flatten() else {
            return Self::NotCounted;
        };
        let reply = timeline.obligations.iter().find(|owed| owed.kind == ObligationKind::Reply);
        let Some(reply) = reply else { return Self::NotCounted };
        let due_on = reply.due_on;
        match (reply.met_on, timeline.ended) {
            (Some(on), _) if on <= due_on => Self::InTime { due_on, on },
            (Some(on), _) => Self::Late { due_on, on },
            (None, None) if as_of > due_on => Self::Overdue { due_on },
            (None, Some(_) | None) => Self::NotCounted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::tests::published;
    use crate::domain::statute::tests::pack;
    use crate::domain::time_limit::What;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Received on Monday 2 March 2026, due on the 30th; then this.
    fn of(then: Option<(&str, What)>, as_of: &str) -> Timeliness {
        let (pack, calendar) = (pack(), published());
        let mut facts = vec![Fact::received(day("2026-03-02"))];
        facts.extend(then.map(|(on, what)| Fact::new(day(on), what)));
        Timeliness::of(&facts, &Rules::of(&pack, &calendar), day(as_of))
    }

    fn replied(left_on: Option<&str>) -> What {
        What::Replied {
            outcome: None,
            method: None,
            dispatched_on: left_on.map(day),
            served_on: None,
            not_dispatched: left_on.is_none(),
        }
    }

    #[test]
    fn a_reply_that_leaves_on_the_last_day_is_in_time_and_on_the_next_it_is_late() {
        let due_on = day("2026-03-30");
        let on = |text| of(Some(("2026-03-25", replied(Some(text)))), "2026-06-01");
        assert_eq!(on("2026-03-30"), Timeliness::InTime { due_on, on: due_on });
        assert_eq!(on("2026-03-31"), Timeliness::Late { due_on, on: day("2026-03-31") });
    }

    #[test]
    fn a_reply_decided_upon_that_has_not_left_is_overdue_after_the_last_day() {
        let due_on = day("2026-03-30");
        assert_eq!(of(Some(("2026-03-25", replied(None))), "2026-03-30"), Timeliness::NotCounted);
        assert_eq!(of(Some(("2026-03-25", replied(None))), "2026-03-31"), Timeliness::Overdue { due_on });
    }

    #[test]
    fn what_was_withdrawn_is_never_late_and_what_is_answered_anew_is_left_out() {
        assert_eq!(of(Some(("2026-03-20", What::Withdrawn)), "2026-06-01"), Timeliness::NotCounted);
        let ordered = What::AnswerOrdered { until: None };
        assert_eq!(of(Some(("2026-03-02", ordered)), "2026-06-01"), Timeliness::NotCounted);
    }
}
