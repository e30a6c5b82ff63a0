//! Holds what the engine says of a case against what the oracle says.

use super::super::{
    DateOf, Effect, Fact, FactKind, Light, Rules, Timeline, What, timeline, timeline_with_days,
};
use super::answer::{Answer, Owed, answer};
use super::oracle::Law;
use super::plain_calendar::{date_of, day};
use chrono::NaiveDate;

/// What the engine says, in the oracle's words.
pub(super) fn said(timeline: &Timeline) -> Answer {
    let differing = timeline.points.iter().filter(|point| point.of == DateOf::DueOn);
    let owed = timeline.obligations.iter().map(|owed| (owed.kind, owed.due_on, owed.met_on));
    let mut owed: Vec<Owed> = owed.collect();
    owed.sort();
    let mut differing: Vec<_> = differing.map(|point| (point.point, point.other, point.there)).collect();
    differing.sort();
    Answer {
        counted_from: timeline.counted_from,
        due_on: timeline.due_on,
        prudent_due_on: timeline.prudent_due_on,
        differing,
        owed,
        total_and_excluded: timeline
            .due_on
            .map(|_| (timeline.working_days_total, timeline.working_days_excluded)),
        ended: timeline.ended,
    }
}

/// Whether engine and oracle say the same of a case; else what each says.
pub(super) fn compare(facts: &[Fact], rules: &Rules, law: Law, as_of: NaiveDate) -> Result<(), String> {
    let (found, expected) = (timeline_with_days(facts, rules, as_of), answer(facts, law, as_of));
    let ((found, days), expected) = match (found, expected) {
        (Err(_), Err(_)) => return Ok(()),
        (Ok(found), Ok(expected)) => (found, expected),
        (Err(fault), Ok(_)) => return Err(format!("refused by the engine alone: {fault}")),
        (Ok(_), Err(_)) => return Err("refused by the oracle alone".to_owned()),
    };
    if timeline(facts, rules, as_of).as_ref() != Ok(&found) {
        return Err("the timeline differs with its days".to_owned());
    }
    let said = said(&found);
    if said != expected {
        return Err(differences(&said, &expected));
    }
    replay(&found, &days, law)?;
    lights(&found, &days)?;
    stretches(&found)
}

/// What the two do not agree upon.
fn differences(engine: &Answer, oracle: &Answer) -> String {
    let text = |who: &str, answer: &Answer| {
        vec![
            format!("{who}: counted from {:?}, due on {:?}", answer.counted_from, answer.due_on),
            format!("{who}: prudent {:?}, differing {:?}", answer.prudent_due_on, answer.differing),
            format!("{who}: owed {:?}", answer.owed),
            format!("{who}: total and excluded {:?}, ended {:?}", answer.total_and_excluded, answer.ended),
        ]
    };
    let pairs = text("engine", engine).into_iter().zip(text("oracle", oracle));
    let pairs =
        pairs.filter(|(engine, oracle)| engine.strip_prefix("engine") != oracle.strip_prefix("oracle"));
    let lines: Vec<String> = pairs.flat_map(|(engine, oracle)| [engine, oracle]).collect();
    lines.join("\n")
}

/// The day list leads to the due date again.
fn replay(timeline: &Timeline, days: &[super::super::DayEntry], law: Law) -> Result<(), String> {
    for pair in days.windows(2) {
        if pair[0].date.succ_opt() != Some(pair[1].date) {
            return Err(format!("{} does not follow {}", pair[1].date, pair[0].date));
        }
    }
    for entry in days {
        if entry.class.is_working() != law.calendar.works(day(entry.date), true) {
            return Err(format!("{}: {:?}", entry.date, entry.class));
        }
        let working = law.works(day(entry.date));
        let counted = matches!(entry.effect, Some(Effect::Counted | Effect::Extension));
        if entry.ordinal.is_some() && (!working || !(counted || entry.date == timeline.counted_from)) {
            return Err(format!("{entry:?} is counted"));
        }
    }
    let Some(due_on) = timeline.due_on else { return Ok(()) };
    let numbered: Vec<_> = days.iter().filter_map(|entry| entry.ordinal.map(|n| (n, entry.date))).collect();
    let counts_up = numbered.iter().zip(1..).all(|((found, _), expected)| *found == expected);
    let whole = numbered.last() == Some(&(timeline.working_days_total, due_on));
    let from = days.iter().any(|entry| entry.date == timeline.counted_from);
    let to = days.last().is_some_and(|entry| entry.date == due_on);
    if counts_up && whole && from && to { Ok(()) } else { Err(format!("replayed to {numbered:?}")) }
}

/// Days used, days left and the light agree with the day list.
fn lights(timeline: &Timeline, days: &[super::super::DayEntry]) -> Result<(), String> {
    let Some(due_on) = timeline.due_on else { return Ok(()) };
    let until = timeline.ended.map_or(timeline.as_of, |(_, on)| on.min(timeline.as_of));
    let used = days.iter().filter(|entry| entry.ordinal.is_some() && entry.date <= until).count();
    if i64::try_from(used) != Ok(timeline.working_days_used) {
        return Err(format!("{used} used, not {}", timeline.working_days_used));
    }
    if timeline.ended.is_some() {
        return Ok(());
    }
    let left = timeline.working_days_left.ok_or("nothing left")?;
    let in_time = timeline.as_of <= due_on;
    if in_time && left != timeline.working_days_total - timeline.working_days_used {
        return Err(format!("{left} left"));
    }
    let expected = match left {
        _ if !in_time => Light::Overdue,
        ..=2 => Light::Red,
        3..=5 => Light::Yellow,
        6.. => Light::Green,
    };
    let fits = (left < 0) != in_time && timeline.light == Some(expected);
    if fits { Ok(()) } else { Err(format!("{left} left and {:?}", timeline.light)) }
}

/// Segments follow upon each other.
fn stretches(timeline: &Timeline) -> Result<(), String> {
    let backwards = timeline.segments.iter().any(|segment| segment.to < segment.from);
    let overlap = timeline.segments.windows(2).any(|pair| pair[0].to >= pair[1].from);
    let counted = timeline.segments.iter().filter(|segment| {
        matches!(segment.effect, Effect::Counted | Effect::Extension) && segment.from >= timeline.counted_from
    });
    let counted: i64 = counted.map(|segment| segment.days).sum();
    let whole = timeline.due_on.is_none() || counted == timeline.working_days_total;
    if !backwards && !overlap && whole { Ok(()) } else { Err(format!("segments {:#?}", timeline.segments)) }
}

/// The last of all days named by the facts.
pub(super) fn last_day(facts: &[Fact]) -> NaiveDate {
    let named = facts.iter().flat_map(|fact| match &fact.what {
        What::Received { arrived_on, confirmed_on, .. } => [Some(fact.on), *arrived_on, *confirmed_on],
        What::CorrectionRequested { served_on, .. }
        | What::ConsultationSent { served_on, .. }
        | What::FeeNotice { served_on }
        | What::ReconsiderationDecided { served_on } => [Some(fact.on), *served_on, None],
        What::Replied { dispatched_on, served_on, .. } => [Some(fact.on), *dispatched_on, *served_on],
        _ => [Some(fact.on), None, None],
    });
    named.flatten().max().unwrap_or(date_of(0))
}

/// The kinds of facts in a history, for counting what was tried.
pub(super) fn kinds(facts: &[Fact]) -> impl Iterator<Item = FactKind> + '_ {
    facts.iter().map(|fact| fact.what.kind())
}
