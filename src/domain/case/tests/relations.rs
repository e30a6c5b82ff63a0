//! Handed on, split, merged, repeated, supplemented: told as the desk's work. The other cases are made up.

use super::*;
use crate::domain::annual_report::{ReportFacts, Row, cells_of};
use crate::domain::case::clock::{case_timeline, facts};
use crate::domain::case::decide::{TakenOver, begin_from};
use crate::domain::case::projection::project;
use crate::domain::case::relation::{Direction, OtherCase, RelationKind};
use crate::domain::case::state::Stage;
use crate::domain::time_limit::{ClockState, Rules};

/// What may be asked for, in short. Cases and agencies are numbers.
pub(super) mod asking {
    use uuid::Uuid;

    use super::super::{AGENCY, hash, words};
    use crate::domain::case::command::{Command, RelationCommand as R};
    use crate::domain::case::relation::OtherCase;
    use crate::domain::ids::{AgencyId, CaseId};
    use crate::domain::outcome::Outcome;
    use crate::domain::reply::{Basis, Fact, FactValue};

    pub fn hand_on(case: u128) -> Command {
        let agency = AgencyId(Uuid::from_u128(AGENCY.0.as_u128() + 1));
        let case = CaseId(Uuid::from_u128(case));
        Command::Relation(R::HandOn { agency, case, reason: words("该信息由贵局保存") })
    }
    pub fn split(case: u128) -> Command {
        Command::Relation(R::Split { case: CaseId(Uuid::from_u128(case)), reason: words("一事一申请") })
    }
    pub fn merge(into: OtherCase) -> Command {
        Command::Relation(R::Merge { into, reason: words("同一事项重复提交") })
    }
    pub fn repeat(earlier: OtherCase) -> Command {
        Command::Relation(R::Repeat { earlier, reason: words("与此前申请相同") })
    }
    pub fn supplement(open: OtherCase) -> Command {
        Command::Relation(R::Supplement { open, reason: words("补充材料") })
    }
    /// The reply that Article 36(5) asks for.
    pub fn draft_anothers(content: &str) -> Command {
        let mut basis = Basis { grounds: vec!["36(5)".to_owned()], ..Basis::default() };
        basis.facts.insert(Fact::OtherBody, FactValue::Text(words("市自然资源局")));
        let (text, content) = (words(content), hash(content));
        Command::Draft { outcome: Outcome::UnableNotHeld, text, content, basis: Box::new(basis) }
    }
}

/// An open case of the same applicant, received before ours.
pub(super) fn earlier() -> OtherCase {
    OtherCase {
        agency: AGENCY,
        case: CaseId(Uuid::from_u128(2_001)),
        is_open: true,
        received_on: day("2024-02-01"),
        ends_no_later: true,
        replied_on: None,
        disposed_on: None,
        same_applicant: true,
    }
}

/// A case of the same applicant that was answered before ours came.
pub(super) fn answered() -> OtherCase {
    OtherCase { is_open: false, replied_on: Some(day("2024-02-09")), ..earlier() }
}

/// Answered on 13 March 2026 by naming the body that holds it.
pub(super) fn named_another() -> File {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::draft_anothers("v1"), "2026-03-06");
    file.does(HANDLER, ask::submit(), "2026-03-09");
    file.does(LEGAL, ask::pass(Step::Legal, "v1"), "2026-03-10");
    file.does(SECRECY, ask::pass(Step::Secrecy, "v1"), "2026-03-11");
    file.does(APPROVER, ask::pass(Step::SignOff, "v1"), "2026-03-12");
    file.does(APPROVER, ask::issue("v1"), "2026-03-13");
    file
}

/// A case that begins from another, by the same channel.
fn begun_from(
    from: &Case,
    kind: RelationKind,
    on: &str,
    arrived_on: &str,
    confirmed_on: Option<&str>,
) -> File {
    let taken = TakenOver {
        receive: Receive {
            channel: from.receipt.channel,
            arrived_on: day(arrived_on),
            applicant: applicant("章某"),
            description: words("请求公开征收批文"),
            form_wanted: None,
            evidence: None,
        },
        confirmed: confirmed_on.map(|on| (day(on), words("转办"))),
        reason: words("转办"),
    };
    let today = day("2026-12-31");
    let events = begin_from(from, kind, day(on), taken, &context(today, Some(CLERK))).unwrap();
    let record: Vec<Recorded> =
        events.into_iter().zip(1..).map(|(happened, seq)| recorded(seq, happened, Some(CLERK))).collect();
    File { case: fold(AGENCY, CASE, &record).unwrap(), record, today }
}

/// A letter that another agency got on 2 March and handed on to us.
pub(super) fn handed_on_to_us(on: &str) -> File {
    let theirs = File::received(Channel::OrdinaryPost, "2026-03-02");
    begun_from(&theirs.case, RelationKind::HandedOn, on, on, Some(on))
}

fn due_on(file: &File) -> Option<NaiveDate> {
    project(&file.case, &LAW.pack, &LAW.calendar).limit.map(|limit| limit.due_on)
}

#[test]
fn only_the_reply_that_names_the_right_body_is_handed_on_and_once() {
    let mut file = named_another();
    assert_eq!(refused(&file, CLERK, ask::hand_on(11), "2026-03-12").0, "date_out_of_order");
    let before = file.case.state.clone();
    file.does(CLERK, ask::hand_on(11), "2026-03-16");
    assert_eq!(file.case.state, before, "a hand-on is no transfer: the reply stands");
    let [relation] = file.case.relations.as_slice() else { panic!("{:?}", file.case.relations) };
    assert_eq!((relation.kind, relation.direction, relation.n), (RelationKind::HandedOn, Direction::To, 1));
    assert_eq!(refused(&file, CLERK, ask::hand_on(12), "2026-03-17").0, "already_handed_on");

    let granted = brought_to(Status::Replied);
    let told = refused(&granted, CLERK, ask::hand_on(11), "2026-03-16");
    assert_eq!(told, ("not_anothers", Some("政府信息公开条例 第36条第5项")));
}

/// A letter whose date of receipt is that of a confirmation: the day of the hand-on stands for it, and nobody confirms again.
#[test]
fn what_was_handed_on_is_received_on_that_day_under_a_clock_of_its_own() {
    let file = handed_on_to_us("2026-03-16");
    assert_eq!(file.status(), Status::Received);
    assert_eq!(file.case.receipt.received_on, Some(day("2026-03-16")));
    // Day 20 from Monday 16 March, 6 April 2026 being a holiday.
    assert_eq!(due_on(&file), Some(day("2026-04-14")));
    assert_eq!(refused(&file, CLERK, ask::confirm(), "2026-03-17").0, "already_confirmed");
    assert_eq!(file.case.relations[0].direction, Direction::From);
    assert_eq!(refused(&file, CLERK, ask::register(), "2026-03-15").0, "date_out_of_order");
}

#[test]
fn a_part_has_the_receipt_of_the_whole_and_is_not_registered_before_there_was_one() {
    let mut whole = File::received(Channel::OrdinaryPost, "2026-03-02");
    whole.does(CLERK, ask::confirm(), "2026-03-04");
    whole.does(CLERK, ask::split(12), "2026-03-10").does(CLERK, ask::split(13), "2026-03-10");
    let numbers: Vec<_> = whole.case.relations.iter().map(|it| (it.n, it.kind, it.direction)).collect();
    assert_eq!(numbers, [(1, RelationKind::Split, Direction::To), (2, RelationKind::Split, Direction::To)]);
    assert_eq!(whole.status(), Status::Received);
    let mut part =
        begun_from(&whole.case, RelationKind::Split, "2026-03-10", "2026-03-02", Some("2026-03-04"));
    assert_eq!(
        (part.case.receipt.received_on, due_on(&part)),
        (whole.case.receipt.received_on, due_on(&whole))
    );
    let facts_of = |file: &File| facts(&file.case);
    assert_eq!(facts_of(&part), facts_of(&whole), "the clock cannot tell them apart");
    assert_eq!(refused(&part, CLERK, ask::register(), "2026-03-09").0, "date_out_of_order");
    part.does(CLERK, ask::register(), "2026-03-10");
}

#[test]
fn what_has_moved_the_clock_is_not_split() {
    for step in [ask::correction(), ask::extension(10), ask::fee(150)] {
        let mut file = brought_to(Status::InProcess);
        let person = if step == ask::correction() { CLERK } else { HANDLER };
        file.does(person, step, "2026-03-06");
        assert_eq!(refused(&file, CLERK, ask::split(12), "2026-03-09").0, "split_too_late");
    }
}

#[test]
fn a_merged_case_is_over_counts_as_other_and_owes_nothing() {
    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::merge(earlier()), "2026-03-09");
    let row = project(&file.case, &LAW.pack, &LAW.calendar);
    assert_eq!((row.status, row.stage), (Status::Lapsed, Stage::Reply));
    assert_eq!((row.outcome, row.concluded_on), (Some(Outcome::OtherOther), Some(day("2026-03-09"))));
    assert_eq!((row.clock, row.limit, row.obligations.len()), (ClockState::Stopped, None, 0));
    let told = facts(&file.case);
    let timeline = case_timeline(&told, &Rules::of(&LAW.pack, &LAW.calendar), file.today);
    assert!(timeline.unwrap().unwrap().ended.is_some());
    let counted = ReportFacts {
        kind: file.case.applicant.kind,
        received_on: day("2026-03-02"),
        outcome: row.outcome.zip(row.concluded_on),
    };
    let rows: Vec<Row> = cells_of(&counted, 2026).collect();
    assert_eq!(rows, [Row::NewReceived, Row::Outcome(Outcome::OtherOther)]);
    // He may be told, and it is archived like any other.
    file.does(CLERK, ask::dispatch(), "2026-03-10").does(ARCHIVIST, ask::archive(), "2026-03-11");
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn a_case_is_merged_into_an_open_one_of_the_same_applicant_that_came_no_later() {
    let file = brought_to(Status::Registered);
    let told = |into| refused(&file, CLERK, ask::merge(into), "2026-03-09").0;
    let same_day = OtherCase { received_on: day("2026-03-02"), ..earlier() };
    file.clone().does(CLERK, ask::merge(same_day), "2026-03-09");
    assert_eq!(told(OtherCase { received_on: day("2026-03-03"), ..earlier() }), "merged_into_later");
    assert_eq!(told(OtherCase { ends_no_later: false, ..earlier() }), "merged_into_longer");
    assert_eq!(told(OtherCase { is_open: false, ..earlier() }), "other_not_open");
    assert_eq!(told(OtherCase { same_applicant: false, ..earlier() }), "another_applicant");
    assert_eq!(told(OtherCase { case: CASE, ..earlier() }), "related_to_itself");
    assert_eq!(told(OtherCase { disposed_on: Some(day("2024-12-31")), ..earlier() }), "other_disposed");
}

/// A correction was asked for: nobody can say when the limit ends, so that none ends no later. Once it is made, the limit runs anew.
#[test]
fn a_case_that_waits_for_a_correction_is_merged_when_it_runs_again() {
    let mut file = brought_to(Status::Registered);
    file.does(CLERK, ask::correction(), "2026-03-04");
    let refused = refused(&file, CLERK, ask::merge(earlier()), "2026-03-09");
    assert_eq!(refused.0, "merged_while_stopped");
    file.does(CLERK, ask::serve_correction(1), "2026-03-05");
    file.does(CLERK, ask::corrected(1), "2026-03-09");
    file.does(CLERK, ask::merge(earlier()), "2026-03-09");
}

/// Point 27 of the digest: a repeat presupposes an earlier reply, not an earlier request.
#[test]
fn a_repeat_is_of_what_was_answered_before_it_came() {
    let mut file = brought_to(Status::Registered);
    let told = |other| refused(&file, CLERK, ask::repeat(other), "2026-03-09");
    let article = Some("政府信息公开条例 第36条第6项");
    assert_eq!(told(earlier()), ("not_answered_before", article));
    let since = OtherCase { replied_on: Some(day("2026-03-03")), ..answered() };
    assert_eq!(told(since), ("not_answered_before", article));
    let state = file.case.state.clone();
    file.does(HANDLER, ask::repeat(answered()), "2026-03-09");
    assert_eq!(file.case.state, state, "a link is no step");
    assert_eq!(refused(&file, CLERK, ask::repeat(answered()), "2026-03-09").0, "already_related");
    // Of another kind it may still be.
    let open = OtherCase { replied_on: None, ..earlier() };
    file.does(CLERK, ask::supplement(open), "2026-03-09");
}

#[test]
fn what_a_rule_knows_of_another_case_is_what_it_is() {
    let of = |file: &File| OtherCase::of(&file.case, true, true);
    let open = of(&brought_to(Status::InProcess));
    assert_eq!((open.is_open, open.replied_on), (true, None));
    assert!(!of(&brought_to(Status::AwaitingConfirmation)).is_open, "its date of receipt is not fixed");
    let replied = of(&brought_to(Status::Archived));
    assert_eq!((replied.is_open, replied.replied_on), (false, Some(day("2026-03-13"))));
    assert_eq!(of(&brought_to(Status::Withdrawn)).replied_on, None);
    assert_eq!(replied.received_on, day("2026-03-02"));
}

#[test]
fn a_reply_of_a_later_round_is_an_earlier_answer_too() {
    use crate::domain::case::clock_record::ClockRecord;
    use crate::domain::case::remedies::EarlierRound;
    let mut case = brought_to(Status::Replied).case;
    let state = brought_to(Status::Lapsed).case.state;
    case.remedies.rounds.push(EarlierRound {
        state,
        clock: ClockRecord::default(),
        order: None,
        drafts_made: 0,
    });
    assert_eq!(OtherCase::of(&case, true, true).replied_on, Some(day("2026-03-13")));
}

#[test]
fn a_part_of_an_imported_case_keeps_its_date_of_receipt_and_no_confirmation_is_made_up() {
    use crate::domain::case::decide::receipt_of_part;
    let context = context(day("2026-03-09"), Some(CLERK));
    for channel in Channel::ALL {
        let mut case = File::received(*channel, "2026-03-02").case;
        // As a ledger has it: received, and nothing said of a confirmation.
        case.receipt.received_on = Some(day("2026-03-05"));
        let asked = match channel {
            // What is submitted online counts from the submission (readings 2 and 25): nobody confirms.
            Channel::Counter | Channel::RegisteredPost | Channel::Online | Channel::Email => None,
            Channel::OrdinaryPost | Channel::Fax => Some(day("2026-03-05")),
        };
        assert_eq!(receipt_of_part(&case, &context), (day("2026-03-02"), asked), "{channel:?}");
    }
}
