//! Fees, and the lapses that end a case.

use super::*;
use crate::domain::case::event::{FeeBasis, Position};
use crate::domain::case::state::{Conclusion, LapseGround, Stage};
use crate::domain::time_limit::ConsultationKind;

/// A fee for 150 pages, approved.
fn approved_fee() -> File {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::fee(150), "2026-03-10").does(APPROVER, ask::decide_fee(1, true), "2026-03-11");
    file
}

#[test]
fn a_fee_paid_begins_a_new_period() {
    let mut file = approved_fee();
    let fee = &file.case.clock.fees[0];
    assert_eq!((fee.amount, fee.currency.as_str(), fee.unit.as_str()), (170_000, "CNY", "fen"));
    assert_eq!(due(&file), Some(day("2026-03-30")), "an approval moves nothing");
    file.does(CLERK, ask::tell_fee(1), "2026-03-12");
    assert_eq!(due(&file), None);
    file.does(CLERK, ask::serve_fee(1), "2026-03-16");
    file.does(CLERK, ask::pay(1), "2026-03-20");
    assert_eq!(due(&file), Some(day("2026-04-20")), "20 working days after the payment");
    assert_eq!(refused(&file, CLERK, ask::pay(1), "2026-03-20").0, "already_answered");
    assert_eq!(refused(&file, CLERK, ask::serve_fee(1), "2026-03-20").0, "already_answered");
}

#[test]
fn what_is_free_is_not_charged_and_one_application_is_charged_one_way() {
    let mut file = brought_to(Status::InProcess);
    for free in [ask::fee(30), ask::fee_by_piece(9)] {
        let (code, article) = refused(&file, HANDLER, free, "2026-03-10");
        assert_eq!(code, "nothing_to_pay");
        assert!(article.unwrap().contains("第42条"));
    }
    file.does(HANDLER, ask::fee_by_piece(10), "2026-03-10");
    assert_eq!(file.case.clock.fees[0].amount, 10_000);
    assert_eq!(refused(&file, HANDLER, ask::fee(150), "2026-03-10").0, "fee_open");
    file.does(APPROVER, ask::decide_fee(1, false), "2026-03-11");
    // What was not approved binds to nothing.
    file.does(HANDLER, ask::fee(150), "2026-03-11").does(APPROVER, ask::decide_fee(2, true), "2026-03-11");
    assert_eq!(file.case.clock.fees[1].basis, FeeBasis::PerPage { pages: 150 });
    file.does(CLERK, ask::tell_fee(2), "2026-03-11").does(CLERK, ask::pay(2), "2026-03-12");
    assert_eq!(refused(&file, HANDLER, ask::fee_by_piece(20), "2026-03-13").0, "fee_mode_fixed");
}

#[test]
fn a_fee_takes_its_own_way_only() {
    let mut file = brought_to(Status::InProcess);
    assert_eq!(refused(&file, APPROVER, ask::decide_fee(1, true), "2026-03-10").0, "no_such_fee");
    file.does(HANDLER, ask::fee(150), "2026-03-10");
    assert_eq!(refused(&file, HANDLER, ask::decide_fee(1, true), "2026-03-10").0, "proposer_may_not_decide");
    assert_eq!(refused(&file, CLERK, ask::tell_fee(1), "2026-03-10").0, "not_approved");
    assert_eq!(refused(&file, CLERK, ask::pay(1), "2026-03-10").0, "not_notified");
    file.does(APPROVER, ask::decide_fee(1, true), "2026-03-11");
    let late = file.refuses(CLERK, ask::tell_fee(1), "2026-03-31");
    assert_eq!(
        late,
        RefusalCode::Clock(ClockRefusal::TooLate { item: Item::Fee, due_on: day("2026-03-30") })
    );
    assert_eq!(late.code(), "fee_notice_too_late");
    file.does(CLERK, ask::tell_fee(1), "2026-03-30");
    assert_eq!(refused(&file, CLERK, ask::tell_fee(1), "2026-03-30").0, "already_notified");
}

/// The case is over: it is told, if the office likes, archived, and counted as no longer handled.
#[track_caller]
fn check_over(mut file: File, ground: LapseGround, outcome: Outcome, lapsed_on: &str) {
    assert_eq!((file.status(), file.status().stage()), (Status::Lapsed, Stage::Reply));
    let conclusion = file.case.state.conclusion().unwrap();
    assert_eq!((conclusion.outcome(), conclusion.concluded_on()), (outcome, day(lapsed_on)));
    let Conclusion::Lapsed { lapse, .. } = &conclusion else { panic!("{conclusion:?}") };
    assert_eq!((lapse.ground, lapse.n), (ground, 1));
    assert_eq!(due(&file), None);
    assert_eq!(file.refuses(CLERK, ask::withdraw(), "2026-06-01").code(), "wrong_status");
    file.clone().does(ARCHIVIST, ask::archive(), "2026-06-01");
    file.does(CLERK, ask::dispatch(), "2026-06-01").does(CLERK, ask::serve(1), "2026-06-03");
    file.does(ARCHIVIST, ask::archive(), "2026-06-04");
    assert_eq!(file.case.state.conclusion().unwrap().outcome(), outcome);
    assert_eq!(file.case.state.services().len(), 1);
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn who_does_not_correct_in_time_is_not_answered() {
    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::correction_within(10), "2026-03-10").does(
        CLERK,
        ask::serve_correction(1),
        "2026-03-12",
    );
    let early = file.refuses(CLERK, ask::lapse_correction(1), "2026-03-26");
    let running = ClockRefusal::PeriodRunning { item: Item::Correction, until: day("2026-03-26") };
    assert_eq!((&early, early.article()), (&RefusalCode::Clock(running), ART_30));
    // What comes late is taken, as long as nobody has recorded the lapse.
    file.clone().does(CLERK, ask::corrected(1), "2026-04-10");
    file.does(CLERK, ask::lapse_correction(1), "2026-03-27");
    check_over(file, LapseGround::Correction, Outcome::OtherOverdueCorrection, "2026-03-27");
}

#[test]
fn who_does_not_pay_in_time_is_not_answered() {
    let mut file = approved_fee();
    file.does(CLERK, ask::tell_fee(1), "2026-03-12").does(CLERK, ask::serve_fee(1), "2026-03-16");
    // 20 working days after 16 March, with the holiday of 6 April.
    let early = file.refuses(APPROVER, ask::lapse_fee(1), "2026-04-14");
    assert_eq!(
        early,
        RefusalCode::Clock(ClockRefusal::PeriodRunning { item: Item::Fee, until: day("2026-04-14") })
    );
    file.clone().does(CLERK, ask::pay(1), "2026-05-06");
    file.does(APPROVER, ask::lapse_fee(1), "2026-04-15");
    check_over(file, LapseGround::Fee, Outcome::OtherOverdueFee, "2026-04-15");
}

/// Silence counts from the day the letter was received (Arts. 30, 32, 34; fee measure Art. 6). Nobody loses a right by a day
/// that nobody knows: while the service is not recorded nothing lapses, however long ago the letter was sent.
#[test]
fn nothing_lapses_while_its_service_is_not_known() {
    let unknown = |item| RefusalCode::Clock(ClockRefusal::ServiceNotRecorded(item, 1));
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::consult(ConsultationKind::JointMaker), "2026-03-10");
    assert_eq!(file.refuses(HANDLER, ask::silence(1), "2026-12-31"), unknown(Item::Consultation));
    // The true day of receipt, and an objection on the last day: 15 working days after Friday 13 March, with the holiday of 6 April.
    file.does(CLERK, ask::serve_consultation(1), "2026-03-13");
    file.clone().does(HANDLER, ask::answer(1, Some(Position::Objects)), "2026-04-03");
    file.does(HANDLER, ask::silence(1), "2026-04-07");

    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::correction(), "2026-03-06");
    assert_eq!(file.refuses(CLERK, ask::lapse_correction(1), "2026-12-31"), unknown(Item::Correction));

    let mut file = approved_fee();
    file.does(CLERK, ask::tell_fee(1), "2026-03-12");
    assert_eq!(file.refuses(APPROVER, ask::lapse_fee(1), "2026-12-31"), unknown(Item::Fee));
}

/// A lapse in the middle of a review leaves no reply behind.
#[test]
fn a_lapse_ends_a_review_too() {
    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::correction(), "2026-03-06");
    file.does(HANDLER, ask::draft("v1"), "2026-03-09").does(HANDLER, ask::submit(), "2026-03-09");
    file.does(CLERK, ask::serve_correction(1), "2026-03-10");
    file.does(CLERK, ask::lapse_correction(1), "2026-04-15");
    assert_eq!(file.status(), Status::Lapsed);
    assert!(file.case.state.draft().is_none());
    assert!(file.case.state.work().is_some(), "who worked on it stays known");
}
