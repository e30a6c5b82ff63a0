//! Random offices: many persons ask for anything on any day, and what must always hold always holds (reliability T10).
//!
//! `PROPTEST_CASES=1000000 cargo test --release --lib domain::case::tests::random` runs longer; `PROPTEST_RNG_SEED=N`
//! repeats a run.

mod about_archive;
mod about_clock;
mod about_contacts;
mod about_labels;
mod about_publications;
mod about_relations;
mod about_remedies;
mod asked;
mod invariants;
mod seen;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher, RandomState};

use chrono::Days;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use super::*;
use crate::domain::case::command::LabelKind;
use crate::domain::case::command::{ClockKind, RelationCommandKind, RemedyCommandKind};
use crate::domain::case::decide::{possible, precheck};
use seen::{NEVER, Seen, WAYS};

/// Sequences tried in a normal run.
const SEQUENCES: u32 = 10_000;
/// So often it is run at most, until everything that must occur has occurred.
const ROUNDS: u32 = 10;
/// Things asked for in one sequence.
const STEPS: usize = 64;

/// What somebody asks for: dice that are read against the case as it stands.
#[derive(Clone, Debug)]
struct Dice {
    days: u8,
    aim: u8,
    pick: u8,
    person: u8,
    date: u8,
    detail: u8,
}

fn dice() -> impl Strategy<Value = Dice> {
    let any = any::<u8>;
    (0..4_u8, any(), any(), any(), any(), any()).prop_map(|(days, aim, pick, person, date, detail)| Dice {
        days,
        aim,
        pick,
        person,
        date,
        detail,
    })
}

#[test]
fn whatever_is_asked_of_a_case_its_record_stays_lawful() {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    config.cases = config.cases.max(SEQUENCES);
    let mut seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().build_hasher().finish(),
    };
    let seen = RefCell::new(Seen::default());
    let strategy = (dice(), prop::collection::vec(dice(), 0..=STEPS));
    // What must occur is rare in part: it goes on until everything has occurred.
    for _ in 0..ROUNDS {
        println!("PROPTEST_RNG_SEED={seed} repeats this run");
        config.rng_seed = RngSeed::Fixed(seed);
        TestRunner::new(config.clone())
            .run(&strategy, |(first, steps)| {
                live(&first, &steps, &seen);
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{error}"));
        if seen.borrow().lacks().is_empty() {
            break;
        }
        seed = seed.wrapping_add(1);
    }
    let seen = seen.into_inner();
    println!("{:?}; the rarest: {:?}", seen.counts, seen.rarest());
    assert_eq!(seen.lacks(), [""; 0], "never occurred");
    assert!(
        seen.ways.keys().all(|way| WAYS.contains(way)),
        "a change of status that there is not: {:?}",
        seen.ways
    );
    assert!(NEVER.iter().all(|code| !seen.refusals.contains_key(code)), "{:?}", seen.refusals);
}

/// One case's life.
fn live(first: &Dice, steps: &[Dice], seen: &RefCell<Seen>) {
    let turn = Turn::of(first);
    let begun = if !first.aim.is_multiple_of(8) {
        arrival(first)
    } else if turn.about == Some(about_remedies::ABOUT) {
        Ok(about_remedies::under_way(turn))
    } else {
        Ok(about_clock::under_way(turn))
    };
    let Ok(mut file) = begun else {
        *seen.borrow_mut().refusals.entry("date_in_future").or_default() += 1;
        return;
    };
    invariants::hold(&file);
    for dice in steps {
        file.today = file.today + Days::new(pause(&file, dice, turn));
        step(&mut file, dice, turn, seen);
    }
    assert_eq!(file.read_again(), file.case, "the record read again gives another case");
}

/// Days until the next step: a few; a month, when an applicant lets his time pass.
fn pause(file: &File, dice: &Dice, turn: Turn) -> u64 {
    let clock = &file.case.clock;
    let awaited = clock.corrections.iter().any(super::super::clock_record::Correction::is_open)
        || clock.fees.iter().any(|it| it.is_open() && it.notified_on.is_some());
    if turn.silent && awaited && dice.days > 1 && dice.date.is_multiple_of(2) { 30 } else { dice.days.into() }
}

fn arrival(dice: &Dice) -> Result<File, Refusal> {
    let channel = Channel::ALL[usize::from(dice.pick) % Channel::ALL.len()];
    let today = day("2026-03-02") + Days::new(u64::from(dice.detail));
    let arrived_on = today + Days::new(1) - Days::new(u64::from(dice.date % 16));
    File::open(channel, arrived_on, today, somebody(dice.person))
}

/// One thing asked for: carried out or refused, and the invariants hold after it.
fn step(file: &mut File, dice: &Dice, turn: Turn, seen: &RefCell<Seen>) {
    let kind = aim(file, dice, turn);
    let person = if dice.person < 160 { Some(whose(kind, dice.detail)) } else { somebody(dice.person) };
    let command = asked::content(file, kind, dice.detail, dice.pick);
    let on = when(file, dice);
    let before = file.clone();
    let for_another = matches!(command, Command::Review { acting_for: Some(_), .. });
    let offered = precheck(&file.case, kind, &context(file.today, person));
    let outcome = file.ask(person, command.clone(), on);
    let mut seen = seen.borrow_mut();
    *seen.counts.entry(if outcome.is_ok() { "carried out" } else { "refused" }).or_default() += 1;
    match outcome {
        Ok(_) => {
            assert_eq!(offered, Ok(()), "{} was carried out but would not be offered", kind.code());
            let way = (before.status(), kind, file.status());
            if way.0 != way.2 {
                assert!(WAYS.contains(&way), "{way:?}");
                *seen.ways.entry(way).or_default() += 1;
            }
            seen.kinds.insert(kind);
            seen.statuses.extend([before.status(), file.status()]);
            invariants::hold(file);
            invariants::follow(&before, file, kind);
            for what in seen::sometimes(&before, file, kind) {
                *seen.sometimes.entry(what).or_default() += 1;
            }
        }
        Err(refusal) => {
            assert_eq!(file.case, before.case);
            let possible = possible(&file.case, &context(file.today, None));
            assert_eq!(refusal.allowed, possible);
            if matches!(refusal.code, RefusalCode::WrongStatus { .. }) && file.status() != Status::Approved {
                assert!(!refusal.allowed.contains(&kind));
            }
            if let Err(code) = offered {
                let exact = for_another
                    || matches!(
                        kind,
                        CommandKind::Acknowledge
                            | CommandKind::Serve
                            | CommandKind::Clock(_)
                            | CommandKind::Remedy(_)
                            | CommandKind::Disposal(_)
                            | CommandKind::Contact(_)
                            | CommandKind::Label(_)
                            | CommandKind::Publication(_)
                            | CommandKind::Attachment(_)
                    );
                let dated = refusal.code.code().starts_with("date_");
                assert!(
                    code == refusal.code || exact || dated,
                    "offered {code:?}, refused {:?}",
                    refusal.code
                );
            }
            let code = refusal.code.code();
            assert!(!NEVER.contains(&code), "{:?}: {:#?} {command:?} on {on}", refusal.code, file.case);
            *seen.refusals.entry(code).or_default() += 1;
        }
    }
}

/// The turn that a case takes: most go straight on, the others have one thing of the clock; some applicants never answer,
/// which is noticed in one status or another.
#[derive(Clone, Copy)]
struct Turn {
    about: Option<u8>,
    silent: bool,
    noticed: Status,
}

impl Turn {
    fn of(dice: &Dice) -> Self {
        let about = dice.aim.is_multiple_of(2).then_some(dice.pick % (about_remedies::ABOUT + 1));
        let open = &Status::ALL[1..7];
        let noticed = open[usize::from(dice.detail) % open.len()];
        Self { about, silent: dice.person.is_multiple_of(3), noticed }
    }

    /// Whether it is on the way of the case.
    fn takes(self, kind: CommandKind, status: Status) -> bool {
        if matches!(kind, CommandKind::Remedy(_)) {
            return self.about == Some(about_remedies::ABOUT);
        }
        let CommandKind::Clock(kind) = kind else { return true };
        if matches!(kind, ClockKind::RecordCorrection | ClockKind::RecordPayment) {
            !self.silent
        } else if matches!(kind, ClockKind::LapseCorrection | ClockKind::LapseFee) {
            status == self.noticed
        } else {
            self.about == Some(about_clock::about(kind))
        }
    }
}

/// Mostly what brings the case on; sometimes anything.
fn aim(file: &File, dice: &Dice, turn: Turn) -> CommandKind {
    let mut possible = possible(&file.case, &context(file.today, None));
    // Other cases are spoken of now and then.
    possible.retain(|kind| !matches!(kind, CommandKind::Relation(_)) || dice.detail.is_multiple_of(3));
    let onward: Vec<_> = possible
        .iter()
        .copied()
        .filter(|kind| {
            !matches!(
                kind,
                CommandKind::Withdraw
                    | CommandKind::Amend
                    | CommandKind::AmendReceipt
                    | CommandKind::Disposal(_)
                    | CommandKind::Contact(_)
                    | CommandKind::Label(_)
                    | CommandKind::Attachment(_)
                    | CommandKind::Relation(_)
            ) && (!matches!(kind, CommandKind::Assign | CommandKind::Return) || file.case.drafts_made == 0)
                && turn.takes(*kind, file.status())
        })
        .collect();
    let of = |wanted: fn(&CommandKind) -> bool| onward.iter().copied().filter(wanted).collect::<Vec<_>>();
    let clock = of(|kind| matches!(kind, CommandKind::Clock(_)));
    let lapses =
        of(|kind| matches!(kind, CommandKind::Clock(ClockKind::LapseCorrection | ClockKind::LapseFee)));
    let aside = |kind: &CommandKind| {
        matches!(kind, CommandKind::Clock(_) | CommandKind::Remedy(_) | CommandKind::Relation(_))
    };
    let others: Vec<_> = CommandKind::ALL.iter().copied().filter(|kind| !aside(kind)).collect();
    let relates = |kind: &CommandKind| matches!(kind, CommandKind::Relation(_));
    let about_others: Vec<_> = CommandKind::ALL.iter().copied().filter(relates).collect();
    let referred = file.case.state.submission().is_some_and(|submission| submission.awaiting().is_some());
    if referred && dice.aim > 225 && dice.pick.is_multiple_of(2) {
        return CommandKind::ReviewSecrecy;
    }
    let from = match dice.aim {
        0..=120 if !lapses.is_empty() && file.status() == Status::Approved => &lapses,
        0..=60 if !clock.is_empty() => &clock,
        0..=190 if !onward.is_empty() => &onward,
        0..=225 if !possible.is_empty() => &possible,
        _ if dice.detail.is_multiple_of(5) => &about_others,
        _ if dice.detail.is_multiple_of(2) => &others,
        _ => CommandKind::ALL,
    };
    from[usize::from(dice.pick) % from.len()]
}

/// Whose task it is.
fn whose(kind: CommandKind, detail: u8) -> PersonId {
    let either = |one, other| if detail.is_multiple_of(4) { other } else { one };
    match kind {
        CommandKind::Confirm
        | CommandKind::Register
        | CommandKind::Assign
        | CommandKind::AssignCoHandling
        | CommandKind::Dispatch
        | CommandKind::Serve
        | CommandKind::Withdraw
        | CommandKind::Amend
        | CommandKind::Contact(_)
        | CommandKind::Label(LabelKind::Raise) => CLERK,
        CommandKind::Acknowledge | CommandKind::Return | CommandKind::Draft | CommandKind::Submit => {
            either(HANDLER, OTHER_HANDLER)
        }
        CommandKind::ReviewLegal => LEGAL,
        CommandKind::ReviewSecrecy
        | CommandKind::Reply(ReplyKind::AnswerReferral)
        | CommandKind::Label(LabelKind::Lower) => SECRECY,
        CommandKind::SignOff | CommandKind::Issue | CommandKind::AmendReceipt => {
            either(APPROVER, OTHER_APPROVER)
        }
        CommandKind::Archive => ARCHIVIST,
        CommandKind::Attachment(_) | CommandKind::Relation(_) => either(CLERK, HANDLER),
        CommandKind::Clock(kind) => about_clock::whose(kind, either),
        CommandKind::Remedy(kind) => about_remedies::whose(kind, either),
        CommandKind::Disposal(kind) => about_archive::whose(kind),
        CommandKind::Publication(kind) => about_publications::whose(kind),
    }
}

/// Anybody of eight, or the operator.
fn somebody(dice: u8) -> Option<PersonId> {
    match dice % 9 {
        0 => None,
        n => Some(PersonId(Uuid::from_u128(n.into()))),
    }
}

/// Mostly a day on which it may have happened; sometimes any.
fn when(file: &File, dice: &Dice) -> NaiveDate {
    let latest = file.case.latest_on;
    let span = (file.today - latest).num_days().unsigned_abs();
    match dice.date {
        0..=120 => file.today,
        121..=225 => latest + Days::new(u64::from(dice.detail) % (span + 1)),
        _ => file.today + Days::new(3) - Days::new(u64::from(dice.detail % 40)),
    }
}
