//! Random offices: many persons ask for anything on any day, and what must always hold always holds (reliability T10).
//!
//! `PROPTEST_CASES=1000000 cargo test --release --lib domain::case::tests::random` runs longer; `PROPTEST_RNG_SEED=N`
//! repeats a run.

mod about_archive;
mod about_clock;
mod about_contacts;
mod about_remedies;
mod asked;
mod invariants;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher, RandomState};

use chrono::Days;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use super::*;
use crate::domain::case::command::{ClockKind, RemedyCommandKind};
use crate::domain::case::decide::{possible, precheck};

/// Sequences tried in a normal run.
const SEQUENCES: u32 = 10_000;
/// So often it is run at most, until everything that must occur has occurred.
const ROUNDS: u32 = 10;
/// Things asked for in one sequence.
const STEPS: usize = 64;

/// Each change of status there may be, and the command that makes it. All must occur.
#[rustfmt::skip]
const WAYS: &[(Status, CommandKind, Status)] = {
    use ClockKind as C;
    use CommandKind as K;
    use Status as S;
    &[
        (S::AwaitingConfirmation, K::Confirm, S::Received),
        (S::AwaitingConfirmation, K::AmendReceipt, S::Received),
        (S::Received, K::Register, S::Registered),
        (S::Registered, K::Assign, S::Assigned),
        (S::Assigned, K::Acknowledge, S::InProcess),
        (S::Assigned, K::Return, S::Registered),
        (S::InProcess, K::Return, S::Registered),
        (S::InProcess, K::Assign, S::Assigned),
        (S::InProcess, K::Submit, S::InReview),
        (S::InReview, K::ReviewLegal, S::InProcess),
        (S::InReview, K::ReviewSecrecy, S::InProcess),
        (S::InReview, K::SignOff, S::InProcess),
        (S::InReview, K::SignOff, S::Approved),
        (S::Approved, K::SignOff, S::InProcess),
        (S::Approved, K::Issue, S::Replied),
        (S::Replied, K::Archive, S::Archived),
        (S::AwaitingConfirmation, K::Withdraw, S::Withdrawn),
        (S::Received, K::Withdraw, S::Withdrawn),
        (S::Registered, K::Withdraw, S::Withdrawn),
        (S::Assigned, K::Withdraw, S::Withdrawn),
        (S::InProcess, K::Withdraw, S::Withdrawn),
        (S::InReview, K::Withdraw, S::Withdrawn),
        (S::Approved, K::Withdraw, S::Withdrawn),
        (S::Withdrawn, K::Archive, S::Archived),
        (S::Received, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::Registered, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::Assigned, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::InProcess, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::InReview, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::Approved, K::Clock(C::LapseCorrection), S::Lapsed),
        (S::Registered, K::Clock(C::LapseFee), S::Lapsed),
        (S::Assigned, K::Clock(C::LapseFee), S::Lapsed),
        (S::InProcess, K::Clock(C::LapseFee), S::Lapsed),
        (S::InReview, K::Clock(C::LapseFee), S::Lapsed),
        (S::Approved, K::Clock(C::LapseFee), S::Lapsed),
        (S::Lapsed, K::Archive, S::Archived),
        (S::Replied, K::Remedy(RemedyCommandKind::Conclude), S::InProcess),
        (S::Archived, K::Remedy(RemedyCommandKind::Conclude), S::InProcess),
        (S::InProcess, K::Remedy(RemedyCommandKind::Void), S::Replied),
        (S::InProcess, K::Remedy(RemedyCommandKind::Void), S::Archived),
    ]
};

/// Every reason for a refusal. All must occur.
const REFUSALS: &[&str] = &[
    "wrong_status",
    "date_in_future",
    "date_out_of_order",
    "date_too_late",
    "date_before_calendar",
    "confirmation_missing",
    "nothing_to_confirm",
    "already_confirmed",
    "no_such_assignment",
    "already_acknowledged",
    "already_assigned",
    "no_draft",
    "content_differs",
    "step_not_due",
    "opinion_missing",
    "drafter_may_not_review",
    "person_unknown",
    "one_person_one_step",
    "no_such_service",
    "already_served",
    "reply_not_served",
    "amender_recorded_receipt",
    "nothing_changed",
    "not_registered",
    "no_such_correction",
    "no_such_consultation",
    "no_such_extension",
    "no_such_reasons",
    "no_such_fee",
    "notice_already_served",
    "already_answered",
    "already_decided",
    "not_approved",
    "already_notified",
    "not_notified",
    "period_running",
    "proposer_may_not_decide",
    "extension_too_late",
    "fee_notice_too_late",
    "delayed_reply_too_late",
    "period_stopped",
    "correction_late",
    "correction_once",
    "correction_open",
    "exception_not_needed",
    "requester_may_not_except",
    "position_missing",
    "extension_once",
    "extension_too_long",
    "reasons_open",
    "reasons_missing",
    "delayed_reply_once",
    "delayed_until_wrong",
    "nothing_to_pay",
    "fee_uncountable",
    "fee_open",
    "fee_mode_fixed",
    "no_such_remedy",
    "remedy_answered",
    "remedy_concluded",
    "nothing_to_void",
    "recorder_may_not_void",
    "no_simplified_procedure",
    "upheld_orders_nothing",
    "not_answered_yet",
    "until_wrong",
    "answered_anew_since",
    "answered_anew",
    "remark_missing",
    "question_missing",
    "not_to_refer",
    "answer_awaited",
    "nothing_referred",
    "delegator_drafted",
    "checklist_missing",
    "checklist_misplaced",
    "checklist_open",
    "rated_before_service",
    "already_rated",
    "no_such_attachment",
    "attachment_already_struck",
    "already_attached",
    "reply_attachment_fixed",
];

/// Reasons that the other rules leave no room for: the facts of a case never contradict each other, and its statute knows
/// every step.
const NEVER: &[&str] = &["facts_contradict", "unknown_to_statute"];

/// Situations that are rare and must occur all the same.
const SOMETIMES: &[&str] = &[
    "a helper acknowledges while the reply is in review",
    "a helper becomes the lead",
    "a reply goes out in a second version",
    "a reply is posted twice",
    "an archived case is put right",
    "a case answered anew is archived again",
    "a second order to answer anew",
    "a registered case's receipt moves",
    "something is entered late",
    "the drafter of a version sent back is another than the first",
];

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

/// What a run has seen.
#[derive(Default)]
struct Seen {
    ways: BTreeMap<(Status, CommandKind, Status), u64>,
    statuses: BTreeSet<Status>,
    kinds: BTreeSet<CommandKind>,
    refusals: BTreeMap<&'static str, u64>,
    sometimes: BTreeMap<&'static str, u64>,
    counts: BTreeMap<&'static str, u64>,
}

impl Seen {
    /// What must occur and did not yet.
    fn lacks(&self) -> Vec<String> {
        let missing = |all: &[&'static str], seen: &BTreeMap<&'static str, u64>| -> Vec<String> {
            all.iter().filter(|one| !seen.contains_key(*one)).map(|one| (*one).to_owned()).collect()
        };
        let statuses = Status::ALL.iter().filter(|one| !self.statuses.contains(one));
        let kinds = CommandKind::ALL.iter().filter(|one| !self.kinds.contains(one));
        let ways = WAYS.iter().filter(|way| !self.ways.contains_key(way));
        let of_rules = statuses.map(|one| format!("{one:?}")).chain(kinds.map(|one| format!("{one:?}")));
        let of_rules = of_rules.chain(ways.map(|way| format!("{way:?}")));
        let words = missing(REFUSALS, &self.refusals).into_iter().chain(missing(SOMETIMES, &self.sometimes));
        of_rules.chain(words).collect()
    }

    /// What was seen least.
    fn rarest(&self) -> Vec<(u64, String)> {
        let words = self.refusals.iter().chain(&self.sometimes);
        let mut all: Vec<_> = words.map(|(what, n)| (*n, (*what).to_owned())).collect();
        all.extend(self.ways.iter().map(|(way, n)| (*n, format!("{way:?}"))));
        all.sort();
        all.truncate(12);
        all
    }
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
            for what in invariants::sometimes(&before, file, kind) {
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
    let possible = possible(&file.case, &context(file.today, None));
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
                    | CommandKind::Attachment(_)
            ) && (!matches!(kind, CommandKind::Assign | CommandKind::Return) || file.case.drafts_made == 0)
                && turn.takes(*kind, file.status())
        })
        .collect();
    let of = |wanted: fn(&CommandKind) -> bool| onward.iter().copied().filter(wanted).collect::<Vec<_>>();
    let clock = of(|kind| matches!(kind, CommandKind::Clock(_)));
    let lapses =
        of(|kind| matches!(kind, CommandKind::Clock(ClockKind::LapseCorrection | ClockKind::LapseFee)));
    let aside = |kind: &CommandKind| matches!(kind, CommandKind::Clock(_) | CommandKind::Remedy(_));
    let others: Vec<_> = CommandKind::ALL.iter().copied().filter(|kind| !aside(kind)).collect();
    let referred = file.case.state.submission().is_some_and(|submission| submission.awaiting().is_some());
    if referred && dice.aim > 225 && dice.pick.is_multiple_of(2) {
        return CommandKind::ReviewSecrecy;
    }
    let from = match dice.aim {
        0..=120 if !lapses.is_empty() && file.status() == Status::Approved => &lapses,
        0..=60 if !clock.is_empty() => &clock,
        0..=190 if !onward.is_empty() => &onward,
        0..=225 if !possible.is_empty() => &possible,
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
        | CommandKind::Contact(_) => CLERK,
        CommandKind::Acknowledge | CommandKind::Return | CommandKind::Draft | CommandKind::Submit => {
            either(HANDLER, OTHER_HANDLER)
        }
        CommandKind::ReviewLegal => LEGAL,
        CommandKind::ReviewSecrecy | CommandKind::Reply(ReplyKind::AnswerReferral) => SECRECY,
        CommandKind::SignOff | CommandKind::Issue | CommandKind::AmendReceipt => {
            either(APPROVER, OTHER_APPROVER)
        }
        CommandKind::Archive => ARCHIVIST,
        CommandKind::Attachment(_) => either(CLERK, HANDLER),
        CommandKind::Clock(kind) => about_clock::whose(kind, either),
        CommandKind::Remedy(kind) => about_remedies::whose(kind, either),
        CommandKind::Disposal(kind) => about_archive::whose(kind),
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
