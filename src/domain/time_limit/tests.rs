//! Tests of the statutory clock: a second implementation to compare with, the laws that it keeps, the examples of the statute.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test asks about a few of the facts")]

mod answer;
mod calendar_days;
mod compare;
mod diary;
mod every_start;
mod histories;
mod laws;
mod oracle;
mod plain_calendar;
mod random;
mod readings;
mod statute;
mod words;

use super::{ConsultationKind, Fact, ObligationKind, Rules, What, timeline};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::tests::published;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::statute::{Point, Reading, ReceiptRule, Remedies, StatutePack};
use answer::Answer;
use chrono::NaiveDate;
use compare::{compare, last_day, said};
use oracle::Law;
use plain_calendar::{PlainCalendar, exceptions};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The Regulation of 2019, as far as the clock needs it: its periods, the rules of Article 31, the remedies.
fn regulation() -> StatutePack {
    let mut pack = crate::domain::statute::tests::pack();
    for entry in &mut pack.receipt {
        entry.rule = match entry.channel {
            Channel::Counter => ReceiptRule::HandedIn,
            Channel::RegisteredPost => ReceiptRule::Signed,
            Channel::OrdinaryPost | Channel::Fax | Channel::Online | Channel::Email => ReceiptRule::Confirmed,
        };
    }
    for entry in &mut pack.outcomes {
        if oracle::needs_reconsideration_first(entry.code) {
            entry.remedies = Remedies::ReconsiderationFirst;
        }
    }
    pack
}

/// An office's desk: the law and the calendar to ask, and the readings in force.
struct Desk {
    pack: StatutePack,
    calendar: WorkingCalendar,
}

impl Desk {
    fn new() -> Self {
        Self { pack: regulation(), calendar: published() }
    }

    fn reading(mut self, point: Point, reading: Reading) -> Self {
        self.pack.readings = self.pack.readings.other(point, reading);
        self
    }

    fn rules(&self) -> Rules<'_> {
        Rules::of(&self.pack, &self.calendar)
    }

    /// What the engine says on the evening of the day; the oracle says the same.
    fn ask(&self, facts: &[Fact], as_of: &str) -> Answer {
        let plain = PlainCalendar::new(&exceptions());
        let (readings, reply) = (self.pack.readings, i32::from(self.pack.limits.reply.length));
        let law = Law::new(&plain, readings, reply);
        compare(facts, &self.rules(), law, date(as_of)).unwrap_or_else(|difference| panic!("{difference}"));
        said(&timeline(facts, &self.rules(), date(as_of)).unwrap())
    }

    /// The due date and the prudent one.
    fn due(&self, facts: &[Fact]) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let answer = self.ask(facts, &last_day(facts).to_string());
        (answer.due_on, answer.prudent_due_on)
    }
}

/// Both dates, for comparing with [`Desk::due`].
fn dates(due: &str, prudent: &str) -> (Option<NaiveDate>, Option<NaiveDate>) {
    (Some(date(due)), Some(date(prudent)))
}

impl Answer {
    /// The last day of what is owed, and when it was met.
    fn of(&self, kind: ObligationKind) -> Option<(NaiveDate, Option<NaiveDate>)> {
        self.owed.iter().find(|owed| owed.0 == kind).map(|(_, due_on, met_on)| (*due_on, *met_on))
    }

    /// The due date by another reading; the date here when it makes no difference.
    fn by(&self, point: Point, other: Reading) -> Option<NaiveDate> {
        let mut differing = self.differing.iter().filter(|found| (found.0, found.1) == (point, other));
        differing.next().map_or(self.due_on, |found| found.2)
    }
}

// --- what happened, in a clerk's words ----------------------------------------------------------------------------

fn received(on: &str) -> Fact {
    Fact::received(date(on))
}

fn received_by(channel: Channel, arrived_on: &str, confirmed_on: &str) -> Fact {
    let (arrived_on, confirmed_on) = (date(arrived_on), date(confirmed_on));
    let what = What::Received {
        channel: Some(channel),
        arrived_on: Some(arrived_on),
        confirmed_on: Some(confirmed_on),
        after_hours: false,
    };
    Fact::new(arrived_on, what)
}

fn correction_requested(on: &str, served_on: Option<&str>, working_days: Option<u16>) -> Fact {
    let served_on = served_on.map(date);
    Fact::new(date(on), What::CorrectionRequested { served_on, working_days, ground: None })
}

fn consulted(reference: &str, kind: ConsultationKind, on: &str, served_on: Option<&str>) -> Fact {
    let served_on = served_on.map(date);
    Fact::new(date(on), What::ConsultationSent { reference: reference.to_owned(), kind, served_on })
}

fn answered(reference: &str, on: &str) -> Fact {
    Fact::new(date(on), What::ConsultationAnswered { reference: reference.to_owned() })
}

fn extended(on: &str, working_days: u16) -> Fact {
    Fact::new(date(on), What::Extended { working_days, approved_on: None })
}

fn fee_notice(on: &str, served_on: Option<&str>) -> Fact {
    Fact::new(date(on), What::FeeNotice { served_on: served_on.map(date) })
}

fn delayed(on: &str, until: &str) -> Fact {
    Fact::new(date(on), What::DelayedReplySet { until: date(until) })
}

fn plainly(on: &str, what: What) -> Fact {
    Fact::new(date(on), what)
}

fn replied(on: &str, outcome: Outcome, served_on: &str) -> Fact {
    let what = What::Replied {
        outcome: Some(outcome),
        method: Some(crate::domain::case::event::ServiceMethod::Direct),
        dispatched_on: Some(date(on)),
        served_on: Some(date(served_on)),
        not_dispatched: false,
    };
    Fact::new(date(on), what)
}
