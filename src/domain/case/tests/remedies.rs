//! Remedies against a reply, told as an office's work around a request that was handed in on Monday 2 March 2026, answered on
//! 13 March, served on the 18th and archived on the 20th.

use super::*;
use crate::domain::case::clock::{case_timeline, facts};
use crate::domain::case::event::RemedyPart;
use crate::domain::case::projection::project;
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};
use crate::domain::time_limit::{ClockState, ObligationKind, Rules, Timeline};

/// What may be asked for about remedies, in short.
pub(super) mod asking {
    use super::super::{day, words};
    use crate::domain::case::command::{Command, RemedyCommand as C};
    use crate::domain::case::event::{Follows, RemedyPart};
    use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};

    pub fn file(kind: RemedyKind) -> Command {
        file_by(kind, Procedure::Ordinary)
    }
    pub fn file_by(kind: RemedyKind, procedure: Procedure) -> Command {
        Command::Remedy(C::File {
            kind,
            procedure,
            filed_on: None,
            organ: words("某市人民政府"),
            reference: Some(words("〔2026〕12号")),
        })
    }
    pub fn answer_remedy(n: u32) -> Command {
        Command::Remedy(C::Answer { n, evidence: None })
    }
    pub fn result(n: u32, result: RemedyResult, decided_on: &str) -> Command {
        result_on(n, result, day(decided_on), Follows::Nothing)
    }
    pub fn order_anew(n: u32, decided_on: &str, until: Option<&str>) -> Command {
        let follows = Follows::AnswerAnew { until: until.map(day) };
        result_on(n, RemedyResult::Corrected, day(decided_on), follows)
    }
    pub fn result_on(
        n: u32,
        result: RemedyResult,
        decided_on: chrono::NaiveDate,
        follows: Follows,
    ) -> Command {
        Command::Remedy(C::Conclude { n, result, decided_on, number: None, follows })
    }
    pub fn void(n: u32, part: RemedyPart) -> Command {
        Command::Remedy(C::Void { n, part, reason: words("误登") })
    }
}

/// The archived case with the papers of a remedy, received on Monday 13 April 2026.
fn brought(kind: RemedyKind) -> File {
    let mut file = brought_to(Status::Archived);
    file.does(LEGAL, ask::file(kind), "2026-04-13");
    file
}

fn owed(file: &File) -> Vec<(&'static str, String)> {
    let open = project(&file.case, &LAW.pack, &LAW.calendar).obligations;
    open.iter().map(|owed| (owed.kind.code(), owed.due_on.to_string())).collect()
}

fn with_timeline<T>(file: &File, read: impl FnOnce(&Timeline) -> T) -> T {
    let facts = facts(&file.case);
    let rules = Rules::of(&LAW.pack, &LAW.calendar);
    read(&case_timeline(&facts, &rules, file.today).unwrap().unwrap())
}

#[test]
fn our_answer_is_owed_by_kind_and_procedure_and_the_case_stays_in_the_archive() {
    // Working days from Tuesday 14 April 2026; Friday 1 to Tuesday 5 May are off, Saturday 9 May is a make-up workday.
    let due = [
        (RemedyKind::Reconsideration, Procedure::Ordinary, "reconsideration_answer", "2026-04-27"),
        (RemedyKind::Reconsideration, Procedure::Simplified, "reconsideration_answer", "2026-04-20"),
        (RemedyKind::LitigationDirect, Procedure::Ordinary, "litigation_answer", "2026-04-28"),
        (
            RemedyKind::LitigationAfterReconsideration,
            Procedure::Simplified,
            "litigation_answer",
            "2026-04-28",
        ),
        (RemedyKind::Complaint, Procedure::Ordinary, "complaint_answer", "2026-05-07"),
    ];
    for (kind, procedure, owes, due_on) in due {
        let mut file = brought_to(Status::Archived);
        file.does(CLERK, ask::file_by(kind, procedure), "2026-04-13");
        assert_eq!(owed(&file), [(owes, due_on.to_owned())], "{kind:?} {procedure:?}");
        assert_eq!((file.status(), file.case.latest_on), (Status::Archived, day("2026-03-20")));
        file.does(CLERK, ask::answer_remedy(1), "2026-04-15");
        assert_eq!(owed(&file), []);
        let met = with_timeline(&file, |timeline| {
            timeline.obligations.iter().find(|it| it.kind.code() == owes).map(|it| (it.due_on, it.met_on))
        });
        assert_eq!(met, Some((day(due_on), Some(day("2026-04-15")))));
    }
    // A suit's last day of rest is moved: 15 days from 16 April are Friday 1 May, a holiday.
    let mut file = brought_to(Status::Archived);
    file.does(CLERK, ask::file(RemedyKind::LitigationDirect), "2026-04-16");
    assert_eq!(owed(&file), [("litigation_answer", "2026-05-06".to_owned())]);
}

#[test]
fn nothing_is_owed_any_more_once_it_is_decided_and_the_suit_has_its_days() {
    let mut file = brought(RemedyKind::Reconsideration);
    file.does(LEGAL, ask::result(1, RemedyResult::Upheld, "2026-06-08"), "2026-06-12");
    assert_eq!((owed(&file), file.status()), (vec![], Status::Archived));
    let suit = |timeline: &Timeline| {
        timeline.obligations.iter().find(|it| it.kind == ObligationKind::Litigation).map(|it| it.due_on)
    };
    // 15 days from Friday 12 June are Saturday 27 June.
    assert_eq!(with_timeline(&file, suit), Some(day("2026-06-29")));
    // What was sent in time is recorded late all the same.
    file.does(LEGAL, ask::answer_remedy(1), "2026-04-20");
    assert_eq!(file.case.remedies.all[0].answered_on, Some(day("2026-04-20")));
}

#[test]
fn a_remedy_against_silence_leaves_the_reply_owed() {
    let mut file = brought_to(Status::InProcess);
    file.today = day("2026-04-20");
    file.does(CLERK, ask::file(RemedyKind::Reconsideration), "2026-04-13");
    let owed = owed(&file);
    assert!(owed.contains(&("reply", "2026-03-30".to_owned())), "{owed:?}");
    assert!(owed.contains(&("reconsideration_answer", "2026-04-27".to_owned())), "{owed:?}");
    assert_eq!(file.status(), Status::InProcess);
    let anew = ask::order_anew(1, "2026-04-16", None);
    assert_eq!(refused(&file, LEGAL, anew, "2026-04-17").0, "not_answered_yet");
    file.does(LEGAL, ask::result(1, RemedyResult::Corrected, "2026-04-16"), "2026-04-17");
    // A step of the case may be entered for a day before.
    file.does(HANDLER, ask::draft("v1"), "2026-04-15");
}

/// The corrected case on the way through its second round, under `order`.
fn answered_anew(until: Option<&str>) -> File {
    let mut file = brought(RemedyKind::Reconsideration);
    file.does(LEGAL, ask::answer_remedy(1), "2026-04-20");
    file.does(LEGAL, ask::order_anew(1, "2026-06-08", until), "2026-06-12");
    file
}

#[test]
fn a_corrected_case_is_answered_anew_under_a_clock_of_its_own_and_counts_as_it_was_answered_first() {
    let mut file = answered_anew(None);
    assert_eq!((file.status(), file.case.latest_on), (Status::InProcess, day("2026-06-12")));
    let row = project(&file.case, &LAW.pack, &LAW.calendar);
    // 20 working days after Friday 12 June 2026; Friday 19 June is a holiday.
    let limit = row.limit.unwrap();
    assert_eq!(
        (limit.due_on, limit.article.as_str(), row.clock),
        (day("2026-07-13"), "33(2)", ClockState::Running)
    );
    assert_eq!((row.outcome, row.concluded_on), (Some(Outcome::Granted), Some(day("2026-03-13"))));
    assert_eq!((row.archived_on, row.number.is_some()), (None, true));
    assert!(!row.obligations.iter().any(|owed| owed.kind == ObligationKind::CorrectionNotice));
    let earlier = file.case.remedies.rounds[0].clone();
    assert_eq!(earlier.state.archived_on(), Some(day("2026-03-20")));
    assert_eq!(earlier.state.services().len(), 1);

    // Nothing is asked of the applicant once more; others may be asked, and an extension told.
    assert_eq!(refused(&file, CLERK, ask::correction(), "2026-06-15"), ("answered_anew", ART_30));
    assert_eq!(
        refused(&file, OTHER_APPROVER, ask::correction_by_exception(), "2026-06-15").0,
        "answered_anew"
    );
    assert_eq!(refused(&file, HANDLER, ask::fee(150), "2026-06-15").0, "answered_anew");
    assert_eq!(refused(&file, HANDLER, ask::reasons(), "2026-06-15").0, "answered_anew");
    file.does(HANDLER, ask::extension(5), "2026-06-15");
    file.does(APPROVER, ask::decide_extension(1, true), "2026-06-16");
    file.does(CLERK, ask::tell_extension(1), "2026-06-16");
    assert_eq!(project(&file.case, &LAW.pack, &LAW.calendar).limit.unwrap().due_on, day("2026-07-20"));

    // Who drafted the first reply reviews none of the second; whoever took a step takes no other.
    file.does(OTHER_HANDLER, ask::draft("v2"), "2026-06-17").does(OTHER_HANDLER, ask::submit(), "2026-06-17");
    assert_eq!(
        refused(&file, HANDLER, ask::pass(Step::Legal, "v2"), "2026-06-18").0,
        "drafter_may_not_review"
    );
    assert_eq!(refused(&file, SECRECY, ask::pass(Step::Legal, "v2"), "2026-06-18").0, "one_person_one_step");
    file.does(LEGAL, ask::pass(Step::Legal, "v2"), "2026-06-18");
    file.does(SECRECY, ask::pass(Step::Secrecy, "v2"), "2026-06-18");
    file.does(APPROVER, ask::pass(Step::SignOff, "v2"), "2026-06-18");
    file.does(APPROVER, ask::issue("v2"), "2026-06-22").does(CLERK, ask::dispatch(), "2026-06-22");
    file.does(CLERK, ask::serve(1), "2026-06-24").does(ARCHIVIST, ask::archive(), "2026-06-26");
    let row = project(&file.case, &LAW.pack, &LAW.calendar);
    assert_eq!(
        (row.outcome, row.concluded_on),
        (Some(Outcome::Granted), Some(day("2026-03-13"))),
        "counted once"
    );
    assert_eq!((row.archived_on, row.obligations.len()), (Some(day("2026-06-26")), 0));
    assert_eq!(file.case.remedies.rounds, [earlier], "what was is kept");
    assert_eq!(file.case.drafts_made, 2);

    // Against the second reply there are remedies anew, and it may be corrected once more.
    file.does(LEGAL, ask::file(RemedyKind::LitigationDirect), "2026-07-06");
    file.does(LEGAL, ask::order_anew(2, "2026-09-01", None), "2026-09-04");
    assert_eq!((file.case.remedies.rounds.len(), file.status()), (2, Status::InProcess));
    assert_eq!(file.case.remedies.rounds[1].order.unwrap().remedy, 1);
    assert_eq!(file.read_again(), file.case);
}

const ART_30: Option<&str> = Some("政府信息公开条例 第30条");

#[test]
fn a_period_that_the_decision_names_holds_and_nothing_lengthens_it() {
    // Sunday 28 June 2026 is moved to Monday.
    let mut file = answered_anew(Some("2026-06-28"));
    let limit = |file: &File| project(&file.case, &LAW.pack, &LAW.calendar).limit.unwrap();
    assert_eq!(
        (limit(&file).due_on, limit(&file).article.as_str()),
        (day("2026-06-29"), "行政复议法实施条例 49")
    );
    assert_eq!(refused(&file, HANDLER, ask::extension(5), "2026-06-15").0, "answered_anew");
    let third_party = ask::consult(crate::domain::time_limit::ConsultationKind::ThirdParty);
    file.does(HANDLER, third_party, "2026-06-15");
    file.does(HANDLER, ask::answer(1, Some(crate::domain::case::event::Position::Objects)), "2026-06-22");
    assert_eq!(limit(&file).due_on, day("2026-06-29"));
    // From Monday 15 June: 15, 16, 17, 18, 22, 23, 24, 25, 26 and 29 June; the 19th is a holiday.
    with_timeline(&file, |timeline| {
        assert_eq!((timeline.working_days_total, timeline.working_days_excluded), (10, 0));
        let segments: Vec<_> = timeline
            .segments
            .iter()
            .map(|one| (one.reasons.iter().next().unwrap().code(), one.days))
            .collect();
        assert_eq!(segments, [("ordered", 10)]);
    });
    // A year at most; not before the decision came.
    for (until, code) in [("2026-06-11", "until_wrong"), ("2027-06-14", "until_wrong")] {
        let file = brought(RemedyKind::Reconsideration);
        let order = ask::order_anew(1, "2026-06-08", Some(until));
        let article = Some("行政复议法实施条例 第49条");
        assert_eq!(refused(&file, LEGAL, order, "2026-06-12"), (code, article));
    }
}

#[test]
fn what_was_entered_by_mistake_is_taken_away_by_another() {
    let mut file = brought(RemedyKind::Reconsideration);
    file.does(CLERK, ask::result(1, RemedyResult::Upheld, "2026-06-08"), "2026-06-12");
    assert_eq!(
        refused(&file, LEGAL, ask::result(1, RemedyResult::Corrected, "2026-06-08"), "2026-06-12").0,
        "remedy_concluded"
    );
    assert_eq!(refused(&file, APPROVER, ask::void(1, RemedyPart::Answer), "2026-06-15").0, "nothing_to_void");
    assert_eq!(
        refused(&file, CLERK, ask::void(1, RemedyPart::Result), "2026-06-15").0,
        "recorder_may_not_void"
    );
    assert_eq!(
        refused(&file, LEGAL, ask::void(1, RemedyPart::Filing), "2026-06-15").0,
        "recorder_may_not_void"
    );
    assert_eq!(
        refused(&file, CLERK, ask::void(1, RemedyPart::Filing), "2026-06-15").0,
        "recorder_may_not_void",
        "with the filing goes the result"
    );
    file.does(APPROVER, ask::void(1, RemedyPart::Result), "2026-06-15");
    assert_eq!(file.case.remedies.all[0].state(), "pending");
    file.does(LEGAL, ask::result(1, RemedyResult::OtherResult, "2026-06-08"), "2026-06-15");
    file.does(APPROVER, ask::void(1, RemedyPart::Filing), "2026-06-16");
    assert_eq!((file.case.remedies.all[0].state(), file.case.remedies.standing().count()), ("voided", 0));
    assert_eq!(refused(&file, LEGAL, ask::answer_remedy(1), "2026-06-16").0, "no_such_remedy");
    // The number is not given again.
    file.does(LEGAL, ask::file(RemedyKind::Complaint), "2026-06-17");
    assert_eq!(file.case.remedies.all[1].n, 2);
}

#[test]
fn an_order_entered_by_mistake_is_undone_while_nothing_was_done_upon_it() {
    let archived = brought(RemedyKind::Reconsideration);
    let mut file = archived.clone();
    file.does(LEGAL, ask::order_anew(1, "2026-06-08", None), "2026-06-12");
    let subject = words("更正后的内容摘要");
    file.does(CLERK, ask::amend(Amend::Subject(subject.clone())), "2026-06-15");
    let mut undone = file.clone();
    undone.does(APPROVER, ask::void(1, RemedyPart::Result), "2026-06-15");
    assert_eq!((undone.status(), undone.case.remedies.rounds.len()), (Status::Archived, 0));
    assert_eq!(undone.case.remedies.order, None);
    assert_eq!(undone.case.state.registration().unwrap().subject, subject, "what was put right stays right");
    assert_eq!(undone.case.state.conclusion(), archived.case.state.conclusion());
    assert_eq!(undone.read_again(), undone.case);
    for (person, command) in [
        (HANDLER, ask::draft("v2")),
        (CLERK, ask::assign(LAND)),
        (HANDLER, ask::hand_back(1)),
        (HANDLER, ask::extension(5)),
        (CLERK, ask::withdraw()),
    ] {
        let mut under_way = file.clone();
        under_way.does(person, command, "2026-06-15");
        for part in [RemedyPart::Result, RemedyPart::Filing] {
            assert_eq!(
                refused(&under_way, APPROVER, ask::void(1, part), "2026-06-16").0,
                "answered_anew_since"
            );
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_its_article() {
    let file = brought(RemedyKind::Reconsideration);
    let simplified = ask::file_by(RemedyKind::Complaint, Procedure::Simplified);
    let procedure = Some("行政复议法 第53条; 行政诉讼法 第82条");
    assert_eq!(refused(&file, CLERK, simplified, "2026-04-13"), ("no_simplified_procedure", procedure));
    let upheld = ask::result_on(
        1,
        RemedyResult::Upheld,
        day("2026-06-08"),
        crate::domain::case::event::Follows::AnswerAnew { until: None },
    );
    let order = Some("行政复议法实施条例 第49条");
    assert_eq!(refused(&file, CLERK, upheld, "2026-06-12"), ("upheld_orders_nothing", order));
    // Decided after it came, before the request was received, served before the papers came, tomorrow.
    let result = |decided_on| ask::result(1, RemedyResult::Upheld, decided_on);
    assert_eq!(refused(&file, CLERK, result("2026-06-13"), "2026-06-12").0, "date_too_late");
    assert_eq!(refused(&file, CLERK, result("2026-03-01"), "2026-06-12").0, "date_out_of_order");
    assert_eq!(refused(&file, CLERK, result("2026-04-10"), "2026-04-10").0, "date_out_of_order");
    assert_eq!(refused(&file, CLERK, ask::answer_remedy(1), "2026-04-10").0, "date_out_of_order");
    assert_eq!(refused(&file, CLERK, ask::answer_remedy(2), "2026-04-14").0, "no_such_remedy");
    assert_eq!(refused(&file, CLERK, ask::file(RemedyKind::Complaint), "2027-01-01").0, "date_in_future");
    // One that was not accepted: decided before we heard of it.
    let mut file = file;
    file.does(CLERK, ask::result(1, RemedyResult::OtherResult, "2026-04-10"), "2026-04-13");
    let letter = brought_to(Status::AwaitingConfirmation);
    assert_eq!(refused(&letter, CLERK, ask::file(RemedyKind::Complaint), "2026-03-10").0, "wrong_status");
}

#[test]
fn a_receipt_cannot_be_moved_past_what_was_brought_against_the_reply() {
    let mut file = brought_to(Status::Received);
    file.does(CLERK, ask::file(RemedyKind::Complaint), "2026-03-05");
    let moved = |arrived_on| ask::amend_receipt(Channel::Counter, arrived_on, None);
    assert_eq!(refused(&file, OTHER_APPROVER, moved("2026-03-06"), "2026-04-01").0, "date_too_late");
    file.does(OTHER_APPROVER, moved("2026-03-05"), "2026-04-01");
    assert_eq!(owed(&file).len(), 4, "a reply, two chances, an answer: {:?}", owed(&file));
}

#[test]
fn who_was_no_longer_handled_is_handled_anew() {
    let mut lapsed = brought_to(Status::Lapsed);
    lapsed.does(CLERK, ask::file(RemedyKind::Reconsideration), "2026-04-01");
    lapsed.does(CLERK, ask::order_anew(1, "2026-05-11", None), "2026-05-12");
    // It was never registered: it goes back to the desk.
    assert_eq!(lapsed.status(), Status::Received);
    let row = project(&lapsed.case, &LAW.pack, &LAW.calendar);
    assert_eq!(row.outcome, Some(Outcome::OtherOverdueCorrection), "counted so");
    assert_eq!(row.limit.unwrap().due_on, day("2026-06-09"));
    lapsed.does(CLERK, ask::register(), "2026-05-13").does(CLERK, ask::assign(PLANNING), "2026-05-13");

    let mut row = imported::answered_row();
    row.does(CLERK, ask::file(RemedyKind::LitigationDirect), "2026-10-12");
    row.does(CLERK, ask::order_anew(1, "2026-11-02", None), "2026-11-03");
    assert!([Status::Registered, Status::Assigned].contains(&row.status()), "nobody worked on it here");
}

#[test]
fn what_was_taken_back_before_it_was_received_gives_no_remedy() {
    let mut file = brought_to(Status::AwaitingConfirmation);
    file.does(CLERK, ask::withdraw(), "2026-03-03");
    let refusal = file.refuses(LEGAL, ask::file(RemedyKind::Complaint), "2026-03-10");
    assert_eq!(refusal.code(), "never_received");
}
