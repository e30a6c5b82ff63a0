//! Engine and oracle agree on random histories. Each history has its own seed; a failure prints it, with the smallest part of the
//! history on which they still disagree.

use super::super::{Fact, FactKind, Rules, What, timeline, timeline_with_days};
use super::compare::{compare, kinds, last_day};
use super::histories::{Dice, history, mistake, readings};
use super::oracle::{Law, REPLY};
use super::plain_calendar::{PlainCalendar, date_of, day, exceptions};
use super::{correction_requested, fee_notice, plainly, received, regulation};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::tests::published;
use crate::domain::remedy::{Procedure, RemedyKind};
use crate::domain::statute::{Point, Reading, Readings, StatutePack};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// How many histories each of the two threads tries: together a million in `cargo test --release --lib time_limit`.
const HISTORIES: u64 = if cfg!(debug_assertions) { 30_000 } else { 500_000 };

/// What both are asked by.
struct Court {
    pack: StatutePack,
    calendar: WorkingCalendar,
    plain: PlainCalendar,
}

/// A case to judge.
#[derive(Clone)]
struct File {
    facts: Vec<Fact>,
    readings: Readings,
    as_of: NaiveDate,
}

/// Up to three remedies, most of them answered, on days of the history and after it.
fn remedies(facts: &mut Vec<Fact>, dice: &mut Dice) {
    let first = day(last_day(facts)) - dice.below(10).min(day(last_day(facts)) - day(facts[0].on)).max(0);
    for n in 0..=dice.below(3) {
        let on = first + dice.below(40);
        let (remedy, procedure) = (dice.pick(RemedyKind::ALL), dice.pick(Procedure::ALL));
        facts.push(Fact::new(
            date_of(on),
            What::RemedyReceived { reference: n.to_string(), remedy, procedure },
        ));
        if !dice.once_in(3) {
            let answered = What::RemedyAnswered { reference: n.to_string() };
            facts.push(Fact::new(date_of(on + dice.below(30)), answered));
        }
    }
}

impl Court {
    fn new() -> Self {
        Self { pack: regulation(), calendar: published(), plain: PlainCalendar::new(&exceptions()) }
    }

    fn file(&self, seed: u64) -> File {
        let mut dice = Dice::new(seed);
        let mut facts = history(&mut dice, &self.plain);
        let readings = readings(&mut dice);
        let as_of = date_of(day(last_day(&facts)) + dice.below(90));
        if dice.once_in(8) {
            remedies(&mut facts, &mut dice);
        }
        File { facts, readings, as_of }
    }

    fn judge(&self, file: &File) -> Result<(), String> {
        let rules = Rules { readings: file.readings, ..Rules::of(&self.pack, &self.calendar) };
        let law = Law::new(&self.plain, file.readings, REPLY);
        compare(&file.facts, &rules, law, file.as_of)
    }

    /// What is left when every fact and every unusual reading is taken out that may be, and they still disagree.
    fn smallest(&self, mut file: File) -> File {
        let mut smaller = true;
        while smaller {
            smaller = false;
            for n in (0..file.facts.len()).rev() {
                let mut less = file.clone();
                less.facts.remove(n);
                if self.judge(&less).is_err() {
                    (file, smaller) = (less, true);
                }
            }
            for point in Point::ALL {
                let mut less = file.clone();
                less.readings = less.readings.other(*point, Readings::usual().of(*point));
                if less.readings != file.readings && self.judge(&less).is_err() {
                    (file, smaller) = (less, true);
                }
            }
        }
        file.facts.sort_by_key(|fact| fact.on);
        file
    }
}

impl std::fmt::Display for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for fact in &self.facts {
            writeln!(f, "{} {:?}", fact.on, fact.what)?;
        }
        for (point, reading) in self.readings.all().filter(|(point, reading)| !is_usual(*point, *reading)) {
            writeln!(f, "{point:?}: {reading:?}")?;
        }
        writeln!(f, "as of {}", self.as_of)
    }
}

fn is_usual(point: Point, reading: crate::domain::statute::Reading) -> bool {
    Readings::usual().is(point, reading)
}

/// Compares the histories of these seeds; how often each kind of fact was among them.
fn compare_histories(seeds: std::ops::Range<u64>) -> BTreeMap<FactKind, u64> {
    let court = Court::new();
    let mut tried = BTreeMap::new();
    for seed in seeds {
        let file = court.file(seed);
        if let Err(difference) = court.judge(&file) {
            let smallest = court.smallest(file.clone());
            let why = court.judge(&smallest);
            panic!("seed {seed}: {difference}\n{file}\nthe smallest: {why:?}\n{smallest}");
        }
        for kind in kinds(&file.facts) {
            *tried.entry(kind).or_insert(0) += 1;
        }
    }
    tried
}

#[test]
fn engine_and_oracle_agree_on_random_histories() {
    let first = std::thread::spawn(|| compare_histories(0..HISTORIES));
    let mut tried = compare_histories(HISTORIES..2 * HISTORIES);
    let other = first.join().expect("the seed is printed above");
    for (kind, count) in other {
        *tried.entry(kind).or_insert(0) += count;
    }
    println!("seeds 0..{}: {tried:?}", 2 * HISTORIES);
    // Nothing was left untried; orders to answer anew are, from every day, in `every_start`.
    for kind in FactKind::ALL.iter().filter(|kind| **kind != FactKind::AnswerOrdered) {
        assert!(tried.get(kind).is_some_and(|count| *count >= HISTORIES / 100), "{kind:?}: {tried:?}");
    }
}

/// Seed 511494, made small: the payment's period does not count its day 0, that of the corrected application on the same
/// day does, so that the stretch before them ended a day too late and hid the first counted day.
#[test]
fn a_payment_and_a_correction_asked_for_and_given_on_its_day_when_day_0_counts() {
    let facts = vec![
        received("2013-02-06"),
        fee_notice("2013-02-13", Some("2013-02-13")),
        correction_requested("2013-02-22", None, None),
        plainly("2013-02-22", What::FeePaid),
        plainly("2013-02-22", What::Corrected),
    ];
    let readings = Readings::usual().other(Point::FirstDay, Reading::ThatDay);
    Court::new().judge(&File { facts, readings, as_of: super::date("2013-03-22") }).unwrap();
}

#[test]
fn a_file_that_contradicts_itself_is_refused_and_never_a_panic() {
    let court = Court::new();
    let rules = Rules::of(&court.pack, &court.calendar);
    let (mut refused, mut seed) = (0, 0);
    while refused < 5_000 {
        seed += 1;
        let mut dice = Dice::new(seed);
        let mut facts = history(&mut dice, &court.plain);
        if !mistake(&mut facts, &mut dice) {
            continue;
        }
        let as_of = "2027-06-30".parse().unwrap();
        let expected = super::diary::in_order(&facts).is_ok();
        let found = timeline(&facts, &rules, as_of);
        let file = File { facts: facts.clone(), readings: rules.readings, as_of };
        assert_eq!(found.is_ok(), expected, "seed {seed}: {found:?}\n{file}");
        assert_eq!(timeline_with_days(&facts, &rules, as_of).is_ok(), expected, "seed {seed}");
        refused += i32::from(!expected);
    }
}
