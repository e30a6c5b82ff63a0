//! The laws that the clock keeps (design section 4), on random histories and on every start date.

use super::super::{ConsultationKind, DateOf, Differing, Fact, FactKind, Rules, Timeline, What, timeline};
use super::compare::last_day;
use super::histories::{Dice, history, readings};
use super::plain_calendar::{PlainCalendar, date_of, day, exceptions};
use super::{date, regulation};
use crate::domain::calendar::tests::published;
use crate::domain::calendar::{CalendarRow, DayClass, ExceptionKind, WorkingCalendar};
use crate::domain::statute::{LightThresholds, Readings, StatutePack};
use chrono::NaiveDate;

/// Asks a law of so many random histories, most by the usual readings.
fn of_histories(histories: u64, law: impl Fn(&[Fact], &Rules, NaiveDate, &mut Dice)) {
    let (pack, calendar) = (regulation(), published());
    let plain = PlainCalendar::new(&exceptions());
    for seed in 1_000_000..1_000_000 + histories {
        let mut dice = Dice::new(seed);
        let facts = history(&mut dice, &plain);
        let rules = Rules { readings: readings(&mut dice), ..Rules::of(&pack, &calendar) };
        let as_of = date_of(day(last_day(&facts)) + dice.below(60));
        if day(as_of) > day(date("2004-01-15")) {
            let _named = Named { seed, facts: &facts };
            law(&facts, &rules, as_of, &mut dice);
        }
    }
}

/// Prints a history when its test fails.
struct Named<'a> {
    seed: u64,
    facts: &'a [Fact],
}

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("seed {}: {:#?}", self.seed, self.facts);
        }
    }
}

fn ask<'a>(facts: &'a [Fact], rules: &Rules<'a>, as_of: NaiveDate) -> Timeline<'a> {
    timeline(facts, rules, as_of).unwrap()
}

/// Dates of which one is never earlier than the other; while something is awaited there is none.
fn never_earlier(late: Option<NaiveDate>, early: Option<NaiveDate>) {
    assert!(late.is_none() || early.is_none() || late >= early, "{late:?} is before {early:?}");
}

/// Only what may lengthen the one period there is: consultations and delays, no stop whose restart could make a date earlier.
fn of_one_period(facts: &[Fact]) -> Vec<Fact> {
    let keeps = [
        FactKind::Received,
        FactKind::ConsultationSent,
        FactKind::ConsultationAnswered,
        FactKind::DelayedReplySet,
        FactKind::Extended,
    ];
    facts.iter().filter(|fact| keeps.contains(&fact.what.kind())).cloned().collect()
}

fn with_reply_limit(pack: &StatutePack, length: u16) -> StatutePack {
    let mut pack = pack.clone();
    pack.limits.reply.length = length;
    pack.lights = LightThresholds { yellow: 0, red: 0 };
    pack
}

#[test]
fn a_longer_limit_never_gives_an_earlier_date() {
    of_histories(2_000, |facts, rules, as_of, dice| {
        let facts = of_one_period(facts);
        let (short, long) = (1 + u16::try_from(dice.below(20)).unwrap(), 21);
        let (short, long) = (with_reply_limit(rules.pack, short), with_reply_limit(rules.pack, long));
        let due =
            |pack: &StatutePack| ask(&facts, &Rules { pack, lights: pack.lights, ..*rules }, as_of).due_on;
        never_earlier(due(&long), due(&short));
    });
    let (pack, calendar) = (regulation(), published());
    for start in date("2004-01-05").iter_days().take_while(|day| day < &date("2026-12-31")).step_by(7) {
        let mut before = None;
        for length in [1, 7, 15, 20, 21, 40] {
            let pack = with_reply_limit(&pack, length);
            let due = timeline(&[Fact::received(start)], &Rules::of(&pack, &calendar), start).unwrap().due_on;
            assert!(due > before, "{start} {length}");
            before = due;
        }
    }
}

/// The calendar with one working day more taken off.
fn with_holiday(calendar: &WorkingCalendar, holiday: NaiveDate) -> WorkingCalendar {
    let mut rows: Vec<CalendarRow> = calendar.exceptions().cloned().collect();
    rows.retain(|row| row.date != holiday);
    let (name, source) = ("放假一日".to_owned(), "地方通知".to_owned());
    rows.push(CalendarRow { date: holiday, kind: ExceptionKind::Holiday, name, source });
    WorkingCalendar::new("cn", rows).unwrap()
}

#[test]
fn an_extra_holiday_never_gives_an_earlier_date() {
    let received = |facts: &[Fact]| facts.iter().map(|fact| fact.on).min().unwrap();
    of_histories(1_000, |facts, rules, as_of, dice| {
        let holiday = date_of(day(received(facts)) + dice.below(60));
        if holiday > date("2026-12-31") || rules.calendar.day(holiday).class == DayClass::Weekend {
            return;
        }
        let calendar = with_holiday(rules.calendar, holiday);
        let rules = Rules { readings: Readings::usual(), ..*rules };
        let more = Rules { calendar: &calendar, ..rules };
        let (before, after) = (ask(facts, &rules, as_of), ask(facts, &more, as_of));
        if before.due_on.is_some() && after.due_on.is_some() && before.counted_from == after.counted_from {
            never_earlier(after.due_on, before.due_on);
        }
    });
}

#[test]
fn a_consultation_answered_on_the_day_it_was_sent_changes_nothing() {
    of_histories(2_000, |facts, rules, as_of, dice| {
        let rules = Rules { readings: Readings::usual(), ..*rules };
        let ended =
            facts.iter().any(|fact| matches!(fact.what.kind(), FactKind::Replied | FactKind::Withdrawn));
        let first = facts.iter().find(|fact| fact.what.kind() == FactKind::Received).unwrap().on;
        let on = date_of(day(first) + dice.below(40)).max(last_if(ended, facts));
        let reference = || "当日回复".to_owned();
        for kind in ConsultationKind::ALL {
            let mut more = facts.to_vec();
            let letter = What::ConsultationSent { reference: reference(), kind: *kind, served_on: None };
            more.push(Fact::new(on, letter));
            more.push(Fact::new(on, What::ConsultationAnswered { reference: reference() }));
            let (before, after) = (ask(facts, &rules, as_of.max(on)), ask(&more, &rules, as_of.max(on)));
            assert_eq!(before.due_on, after.due_on, "{kind:?} on {on}");
            assert_eq!(before.working_days_excluded, after.working_days_excluded, "{kind:?} on {on}");
        }
    });
}

/// No letter is sent before the receipt was confirmed.
fn last_if(ended: bool, facts: &[Fact]) -> NaiveDate {
    let confirmed = facts.iter().filter_map(|fact| match &fact.what {
        What::Received { confirmed_on, .. } if !ended => Some(confirmed_on.unwrap_or(fact.on)),
        _ => None,
    });
    confirmed.max().unwrap_or(facts[0].on)
}

#[test]
fn an_extension_told_too_late_is_as_if_it_never_was() {
    of_histories(3_000, |facts, rules, as_of, dice| {
        let rules = Rules { readings: Readings::usual(), ..*rules };
        let before = ask(facts, &rules, as_of);
        let Some(due_on) = before.due_on else { return };
        let on = date_of(day(due_on.max(last_day(facts))) + 1 + dice.below(30));
        let mut more = facts.to_vec();
        more.push(Fact::new(on, What::Extended { working_days: 20, approved_on: None }));
        more.push(Fact::new(on, What::DelayedReplySet { until: date_of(day(on) + 30) }));
        let after = ask(&more, &rules, as_of);
        assert_eq!((before.due_on, before.working_days_total), (after.due_on, after.working_days_total));
        assert_eq!(before.obligations, after.obligations);
    });
}

#[test]
fn the_order_in_which_facts_are_entered_is_irrelevant() {
    of_histories(3_000, |facts, rules, as_of, dice| {
        let before = ask(facts, rules, as_of);
        let mut other = facts.to_vec();
        dice.shuffle(&mut other);
        assert_eq!(before, ask(&other, rules, as_of));
        other.sort_by_key(|fact| fact.on);
        assert_eq!(before, ask(&other, rules, as_of));
        other.reverse();
        assert_eq!(before, ask(&other, rules, as_of));
    });
}

#[test]
fn a_due_date_is_a_working_day_and_the_prudent_one_is_not_later() {
    of_histories(5_000, |facts, rules, as_of, _| {
        let found = ask(facts, rules, as_of);
        if let Some(due_on) = found.due_on {
            let make_up = rules.readings.is(super::Point::MakeUpWorkdays, super::Reading::Count);
            let class = rules.calendar.day(due_on).class;
            assert!(class == DayClass::Workday || (make_up && class == DayClass::MakeUpWorkday), "{due_on}");
            assert!(found.prudent_due_on.unwrap() <= due_on && due_on > found.counted_from);
            assert!(found.yellow_on <= found.red_on && found.red_on <= Some(due_on));
        }
        let differing = of_the_due_date(&found);
        let earliest = differing.iter().filter_map(|point| point.there).chain(found.due_on).min();
        assert_eq!(found.prudent_due_on, earliest);
        for point in &found.points {
            assert_eq!(rules.readings.of(point.point), point.reading, "{point:?}");
            assert!(point.other != point.reading && point.there != point.here, "{point:?}");
        }
    });
}

/// The readings that give another due date; remedies against silence depend on the day on which one asks.
fn of_the_due_date(timeline: &Timeline) -> Vec<Differing> {
    timeline.points.iter().filter(|point| point.of == DateOf::DueOn).copied().collect()
}

#[test]
fn the_due_date_does_not_depend_on_the_day_on_which_one_asks() {
    of_histories(3_000, |facts, rules, as_of, dice| {
        let later = date_of(day(as_of) + dice.below(400));
        let (now, then) = (ask(facts, rules, as_of), ask(facts, rules, later));
        assert_eq!((now.due_on, now.prudent_due_on), (then.due_on, then.prudent_due_on));
        assert_eq!(of_the_due_date(&now), of_the_due_date(&then));
        // What is awaited still is shown until the day on which one asks.
        assert!(now.due_on.is_none() || now.segments == then.segments);
        assert!(now.working_days_used <= then.working_days_used);
        assert!(now.ended.is_some() || now.light <= then.light, "{:?} {:?}", now.light, then.light);
    });
}

#[test]
fn a_second_consultation_at_the_same_time_excludes_no_day_twice() {
    of_histories(2_000, |facts, rules, as_of, _| {
        let mut more = facts.to_vec();
        for fact in facts {
            let mut twin = fact.clone();
            match &mut twin.what {
                What::ConsultationSent { reference, .. }
                | What::ConsultationAnswered { reference }
                | What::ConsultationLapsed { reference } => reference.push('乙'),
                _ => continue,
            }
            more.push(twin);
        }
        let (before, after) = (ask(facts, rules, as_of), ask(&more, rules, as_of));
        assert_eq!((before.due_on, before.prudent_due_on), (after.due_on, after.prudent_due_on));
        assert_eq!(before.working_days_excluded, after.working_days_excluded);
    });
}
