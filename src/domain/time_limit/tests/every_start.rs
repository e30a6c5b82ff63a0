//! Every start date of 2004 to 2026 with every period of the law: the engine counts as one does on the fingers.

use super::super::{ConsultationKind, Fact, ObligationKind, Rules, Timeline, What, timeline};
use super::answer::six_months_after;
use super::compare::compare;
use super::oracle::{Law, REPLY};
use super::plain_calendar::{Day, PlainCalendar, date_of, day, exceptions};
use super::{date, regulation};
use crate::domain::calendar::Provisional;
use crate::domain::calendar::tests::published;
use crate::domain::case::event::ServiceMethod;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Procedure, RemedyKind};
use crate::domain::statute::Readings;
use chrono::NaiveDate;

/// Every start date, with the engine's rules and the plain calendar.
fn from_every_day(check: impl Fn(NaiveDate, &Rules, Law)) {
    let (pack, calendar) = (regulation(), published());
    let plain = PlainCalendar::new(&exceptions());
    let rules = Rules::of(&pack, &calendar);
    let law = Law::new(&plain, Readings::usual(), REPLY);
    let mut tried = 0;
    for start in date("2004-01-01").iter_days().take_while(|day| *day <= date("2026-12-31")) {
        check(start, &rules, law);
        tried += 1;
    }
    assert_eq!(tried, 8_401);
}

/// The last day of a period of working days, on the fingers.
fn finger(law: Law, start: NaiveDate, working_days: i32) -> NaiveDate {
    let mut today: Day = day(start);
    let mut fingers = 0;
    while fingers < working_days {
        today += 1;
        fingers += i32::from(law.works(today));
    }
    date_of(today)
}

fn owed(timeline: &Timeline, kind: ObligationKind) -> NaiveDate {
    let mut owed = timeline.obligations.iter().filter(|owed| owed.kind == kind);
    let found = owed.next().unwrap_or_else(|| panic!("no {kind:?}: {timeline:#?}")).due_on;
    assert!(owed.all(|other| other.due_on == found), "{kind:?}");
    found
}

#[test]
fn a_reply_is_due_in_20_working_days_and_a_correction_asked_for_in_7() {
    from_every_day(|start, rules, law| {
        let facts = [Fact::received(start)];
        compare(&facts, rules, law, start).unwrap_or_else(|difference| panic!("{start}: {difference}"));
        let found = timeline(&facts, rules, start).unwrap();
        let due = finger(law, start, 20);
        assert_eq!(found.due_on, Some(due), "{start}");
        assert_eq!(owed(&found, ObligationKind::Reply), due, "{start}");
        assert_eq!(owed(&found, ObligationKind::ExtensionNotice), due, "{start}");
        assert_eq!(owed(&found, ObligationKind::CorrectionNotice), finger(law, start, 7), "{start}");
        let expected = if due > date("2026-12-31") {
            Some(Provisional::YearWithoutNotice { year: 2027 })
        } else if due >= date("2026-12-25") {
            Some(Provisional::LastDaysOfLastYear { year: 2026 })
        } else {
            None
        };
        assert_eq!(found.provisional, expected, "{start}");
    });
}

#[test]
fn an_extension_makes_40_days() {
    from_every_day(|start, rules, law| {
        let facts =
            [Fact::received(start), Fact::new(start, What::Extended { working_days: 20, approved_on: None })];
        let found = timeline(&facts, rules, start).unwrap();
        assert_eq!(found.due_on, Some(finger(law, start, 40)), "{start}");
        assert_eq!(owed(&found, ObligationKind::ExtensionNotice), finger(law, start, 20), "{start}");
    });
}

#[test]
fn others_have_15_days_to_answer_or_correct_and_20_to_pay() {
    from_every_day(|start, rules, law| {
        let letter = |reference: &str, kind| What::ConsultationSent {
            reference: reference.to_owned(),
            kind,
            served_on: Some(start),
        };
        let facts = [
            Fact::received(start),
            Fact::new(start, letter("甲", ConsultationKind::ThirdParty)),
            Fact::new(start, letter("乙", ConsultationKind::JointMaker)),
            Fact::new(start, What::FeeNotice { served_on: Some(start) }),
            Fact::new(
                start,
                What::CorrectionRequested { served_on: Some(start), working_days: None, ground: None },
            ),
        ];
        let found = timeline(&facts, rules, start).unwrap();
        assert_eq!(owed(&found, ObligationKind::ThirdPartyAnswer), finger(law, start, 15), "{start}");
        assert_eq!(owed(&found, ObligationKind::JointMakerAnswer), finger(law, start, 15), "{start}");
        assert_eq!(owed(&found, ObligationKind::CorrectionResponse), finger(law, start, 15), "{start}");
        assert_eq!(owed(&found, ObligationKind::FeePayment), finger(law, start, 20), "{start}");
        assert_eq!(found.due_on, None, "{start}");
    });
}

#[test]
fn a_silent_third_party_costs_15_days_and_another_organ_at_most_15() {
    from_every_day(|start, rules, law| {
        let ask = |kind, answered_after: Option<i32>| {
            let reference = || "1".to_owned();
            let mut facts = vec![Fact::received(start)];
            facts.push(Fact::new(
                start,
                What::ConsultationSent { reference: reference(), kind, served_on: None },
            ));
            facts.extend(answered_after.map(|days| {
                Fact::new(finger(law, start, days), What::ConsultationAnswered { reference: reference() })
            }));
            timeline(&facts, rules, start).unwrap().due_on
        };
        assert_eq!(ask(ConsultationKind::ThirdParty, None), Some(finger(law, start, 35)), "{start}");
        assert_eq!(ask(ConsultationKind::JointMaker, Some(18)), Some(finger(law, start, 35)), "{start}");
        assert_eq!(ask(ConsultationKind::OtherOrgan, Some(18)), Some(finger(law, start, 35)), "{start}");
        assert_eq!(ask(ConsultationKind::OtherOrgan, None), Some(finger(law, start, 20)), "{start}");
    });
}

#[test]
fn remedies_are_60_days_6_months_and_15_days_and_never_end_on_a_day_of_rest() {
    from_every_day(|start, rules, law| {
        let what = What::Replied {
            outcome: Some(Outcome::Granted),
            method: Some(ServiceMethod::Direct),
            dispatched_on: Some(start),
            served_on: Some(start),
            not_dispatched: false,
        };
        let mut facts = vec![Fact::received(start), Fact::new(start, what)];
        let rolled = |end: NaiveDate| {
            let mut end = end;
            while !law.works(day(end)) {
                end = end.succ_opt().unwrap();
            }
            end
        };
        let after = |days| rolled(date_of(day(start) + days));
        let found = timeline(&facts, rules, start).unwrap();
        assert_eq!(owed(&found, ObligationKind::Reconsideration), after(60), "{start}");
        assert_eq!(owed(&found, ObligationKind::Litigation), rolled(six_months_after(start)), "{start}");
        facts.push(Fact::new(start, What::ReconsiderationDecided { served_on: Some(start) }));
        let found = timeline(&facts, rules, start).unwrap();
        assert_eq!(owed(&found, ObligationKind::Litigation), after(15), "{start}");
    });
}

#[test]
fn whoever_examines_a_reply_is_owed_an_answer_by_the_period_of_his_procedure() {
    from_every_day(|start, rules, law| {
        let brought = |remedy, procedure| {
            let what = What::RemedyReceived { reference: "1".to_owned(), remedy, procedure };
            let facts = [Fact::received(start), Fact::new(start, what)];
            compare(&facts, rules, law, start).unwrap_or_else(|difference| panic!("{start}: {difference}"));
            let kind = match remedy {
                RemedyKind::Reconsideration => ObligationKind::ReconsiderationAnswer,
                RemedyKind::Complaint => ObligationKind::ComplaintAnswer,
                RemedyKind::LitigationDirect | RemedyKind::LitigationAfterReconsideration => {
                    ObligationKind::LitigationAnswer
                }
            };
            owed(&timeline(&facts, rules, start).unwrap(), kind)
        };
        let mut fifteen_days = day(start) + 15;
        while !law.works(fifteen_days) {
            fifteen_days += 1;
        }
        let (ordinary, simplified) = (Procedure::Ordinary, Procedure::Simplified);
        assert_eq!(brought(RemedyKind::Reconsideration, ordinary), finger(law, start, 10), "{start}");
        assert_eq!(brought(RemedyKind::Reconsideration, simplified), finger(law, start, 5), "{start}");
        assert_eq!(brought(RemedyKind::LitigationDirect, simplified), date_of(fifteen_days), "{start}");
        let after = RemedyKind::LitigationAfterReconsideration;
        assert_eq!(brought(after, ordinary), date_of(fifteen_days), "{start}");
        assert_eq!(brought(RemedyKind::Complaint, ordinary), finger(law, start, 15), "{start}");
    });
}

#[test]
fn an_order_to_answer_anew_gives_the_law_s_period_or_the_day_it_names() {
    from_every_day(|start, rules, law| {
        let ordered = |until| [Fact::received(start), Fact::new(start, What::AnswerOrdered { until })];
        let facts = ordered(None);
        let found = timeline(&facts, rules, start).unwrap();
        assert_eq!(found.due_on, Some(finger(law, start, 20)), "{start}");
        assert!(!found.obligations.iter().any(|it| it.kind == ObligationKind::CorrectionNotice), "{start}");

        let named = day(start) + 1 + day(start).rem_euclid(90);
        let mut last = named;
        while !law.works(last) {
            last += 1;
        }
        let facts = ordered(Some(date_of(named)));
        let found = timeline(&facts, rules, start).unwrap();
        assert_eq!(found.due_on, Some(date_of(last)), "{start}");
        let working = (day(start) + 1..=last).filter(|day| law.works(*day)).count();
        assert_eq!(usize::try_from(found.working_days_total), Ok(working), "{start}");
        // Neither an extension nor a consultation moves the day.
        let reference = "1".to_owned();
        let asked = What::ConsultationSent { reference, kind: ConsultationKind::ThirdParty, served_on: None };
        let mut more = facts.to_vec();
        more.push(Fact::new(start, What::Extended { working_days: 20, approved_on: None }));
        more.push(Fact::new(start, asked));
        let moved = timeline(&more, rules, start).unwrap();
        assert_eq!(
            (moved.due_on, moved.working_days_total),
            (found.due_on, found.working_days_total),
            "{start}"
        );
    });
}
