//! What stops, begins anew or lengthens the period.

use super::*;
use crate::domain::case::event::Position;
use crate::domain::case::state::State;
use crate::domain::time_limit::ConsultationKind;

#[test]
fn a_correction_asked_on_day_7_and_answered_begins_a_new_period() {
    let mut file = brought_to(Status::InProcess);
    assert_eq!(due(&file), Some(day("2026-03-30")));
    file.does(CLERK, ask::correction(), "2026-03-11");
    assert_eq!(due(&file), None, "nothing is due while the correction is awaited");
    file.does(CLERK, ask::serve_correction(1), "2026-03-13");
    let words_before = file.case.description.clone();
    file.does(CLERK, ask::corrected(1), "2026-03-18");
    // Day 0 is 18 March; 4 to 6 April are holidays.
    assert_eq!(due(&file), Some(day("2026-04-16")));
    assert_ne!(file.case.description, words_before, "the corrected words hold");
    assert_eq!(file.status(), Status::InProcess, "the work goes on");
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn a_correction_is_asked_for_in_time_once_and_by_the_desk() {
    let file = brought_to(Status::InProcess);
    let late = file.refuses(CLERK, ask::correction(), "2026-03-12");
    let wanted = ClockRefusal::CorrectionLate { working_days: 7, due_on: day("2026-03-11") };
    assert_eq!((&late, late.article()), (&RefusalCode::Clock(wanted), ART_30));

    let mut asked = file.clone();
    asked.does(CLERK, ask::correction(), "2026-03-11");
    assert_eq!(refused(&asked, CLERK, ask::correction(), "2026-03-11"), ("correction_open", ART_30));
    asked.does(CLERK, ask::corrected(1), "2026-03-17");
    assert_eq!(refused(&asked, CLERK, ask::correction(), "2026-03-18"), ("correction_once", ART_30));
    assert_eq!(refused(&asked, CLERK, ask::corrected(1), "2026-03-18").0, "already_answered");
    assert_eq!(refused(&asked, CLERK, ask::corrected(2), "2026-03-18").0, "no_such_correction");
}

/// The approver's exception is for what is late or asked again, and never his own second request.
#[test]
fn a_late_or_second_correction_is_the_approvers() {
    let mut file = brought_to(Status::InProcess);
    let early = refused(&file, APPROVER, ask::correction_by_exception(), "2026-03-11");
    assert_eq!(early, ("exception_not_needed", ART_30));
    file.clone().does(APPROVER, ask::correction_by_exception(), "2026-03-12");

    // The clerk asked first; anybody else may ask again, he may not.
    file.does(CLERK, ask::correction(), "2026-03-05").does(CLERK, ask::corrected(1), "2026-03-06");
    let own = refused(&file, CLERK, ask::correction_by_exception(), "2026-03-09");
    assert_eq!(own, ("requester_may_not_except", ART_30));
    let nobody = file.clone().ask(None, ask::correction_by_exception(), day("2026-03-09"));
    assert_eq!(nobody.unwrap_err().code, RefusalCode::PersonUnknown);
    file.does(APPROVER, ask::correction_by_exception(), "2026-03-09");
    assert!(file.case.clock.corrections[1].by_exception);
    assert_eq!(due(&file), None);
}

#[test]
fn a_notice_says_how_long_the_applicant_has_else_the_usual_time() {
    let mut file = brought_to(Status::Received);
    file.does(CLERK, ask::correction_within(5), "2026-03-03");
    assert_eq!(file.case.clock.corrections[0].working_days, 5);
    let mut usual = brought_to(Status::Received);
    usual.does(CLERK, ask::correction(), "2026-03-03");
    assert_eq!(usual.case.clock.corrections[0].working_days, 15);
    assert_eq!(file.status(), Status::Received, "also before it is registered");
}

#[test]
fn a_consultation_excludes_what_it_takes() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::consult(ConsultationKind::ThirdParty), "2026-03-10");
    file.does(CLERK, ask::serve_consultation(1), "2026-03-12");
    assert_eq!(refused(&file, CLERK, ask::serve_consultation(1), "2026-03-12").0, "notice_already_served");
    let silent = refused(&file, HANDLER, ask::answer(1, None), "2026-03-20");
    assert_eq!(silent, ("position_missing", Some("政府信息公开条例 第32条、第34条")));
    file.does(HANDLER, ask::answer(1, Some(Position::Objects)), "2026-03-20");
    // Eight working days are excluded (the example of `statute-cn.md` section 9).
    assert_eq!(due(&file), Some(day("2026-04-10")));
    assert_eq!(file.case.clock.consultations[0].position, Some(Position::Objects));
}

#[test]
fn consent_is_deemed_of_the_silent_only() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::consult(ConsultationKind::JointMaker), "2026-03-10");
    let deemed = ask::answer(1, Some(Position::DeemedConsent));
    assert_eq!(refused(&file, HANDLER, deemed, "2026-03-12").0, "position_missing");
}

/// The three kinds differ in what their silence means.
#[test]
fn silence_lapses_after_the_limit_and_means_what_the_law_says() {
    for (kind, position, silence) in [
        (ConsultationKind::ThirdParty, None, "agency_decides"),
        (ConsultationKind::JointMaker, Some(Position::DeemedConsent), "deemed_consent"),
        (ConsultationKind::OtherOrgan, None, "nothing"),
    ] {
        let mut file = brought_to(Status::InProcess);
        file.does(HANDLER, ask::consult(kind), "2026-03-10");
        file.does(CLERK, ask::serve_consultation(1), "2026-03-12");
        // 15 working days after 12 March.
        let early = file.refuses(HANDLER, ask::silence(1), "2026-04-02");
        let running = ClockRefusal::PeriodRunning { item: Item::Consultation, until: day("2026-04-02") };
        assert_eq!(early, RefusalCode::Clock(running), "{kind:?}");
        assert!(early.article().is_some());
        file.does(HANDLER, ask::silence(1), "2026-04-03");
        let consultation = &file.case.clock.consultations[0];
        assert_eq!((consultation.position, consultation.silence()), (position, Some(silence)));
        let late = refused(&file, HANDLER, ask::answer(1, Some(Position::Consents)), "2026-04-07");
        assert_eq!(late.0, "already_answered");
    }
}

#[test]
fn several_are_asked_at_once_and_each_answers_for_itself() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::consult(ConsultationKind::ThirdParty), "2026-03-06");
    file.does(HANDLER, ask::consult(ConsultationKind::OtherOrgan), "2026-03-09");
    file.does(HANDLER, ask::answer(2, None), "2026-03-11");
    file.does(HANDLER, ask::answer(1, Some(Position::Partly)), "2026-03-13");
    let answered: Vec<_> = file.case.clock.consultations.iter().map(|it| it.answered_on).collect();
    assert_eq!(answered, [Some(day("2026-03-13")), Some(day("2026-03-11"))]);
    assert_eq!(refused(&file, HANDLER, ask::answer(3, None), "2026-03-13").0, "no_such_consultation");
}

/// Work on the reply goes on meanwhile: an answer is entered for its own day.
#[test]
fn an_answer_may_be_entered_after_later_steps() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::consult(ConsultationKind::ThirdParty), "2026-03-06");
    file.does(HANDLER, ask::draft("v1"), "2026-03-16").does(HANDLER, ask::submit(), "2026-03-17");
    let before = refused(&file, HANDLER, ask::answer(1, Some(Position::Consents)), "2026-03-05");
    assert_eq!(before.0, "date_out_of_order");
    file.does(HANDLER, ask::answer(1, Some(Position::Consents)), "2026-03-12");
    assert_eq!(file.status(), Status::InReview);
}

#[test]
fn an_extension_is_proposed_approved_and_told_in_time() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::extension(20), "2026-03-25");
    assert_eq!(due(&file), Some(day("2026-03-30")), "a proposal moves nothing");
    file.does(APPROVER, ask::decide_extension(1, true), "2026-03-27");
    assert_eq!(due(&file), Some(day("2026-03-30")), "nor does an approval");
    file.does(CLERK, ask::tell_extension(1), "2026-03-30");
    assert_eq!(due(&file), Some(day("2026-04-28")), "told on the last day it counts");
    assert_eq!(refused(&file, HANDLER, ask::extension(1), "2026-03-30"), ("extension_once", ART_33));
    assert_eq!(refused(&file, CLERK, ask::tell_extension(1), "2026-03-30").0, "already_notified");
}

#[test]
fn each_step_of_an_extension_that_comes_too_late_is_refused() {
    let mut file = brought_to(Status::InProcess);
    let too_late = ClockRefusal::TooLate { item: Item::Extension, due_on: day("2026-03-30") };
    let too_late = RefusalCode::Clock(too_late);
    assert_eq!((too_late.code(), too_late.article()), ("extension_too_late", ART_33));
    assert_eq!(file.refuses(HANDLER, ask::extension(5), "2026-03-31"), too_late);
    file.does(HANDLER, ask::extension(5), "2026-03-30");
    assert_eq!(file.refuses(APPROVER, ask::decide_extension(1, true), "2026-03-31"), too_late);
    file.clone().does(APPROVER, ask::decide_extension(1, false), "2026-03-31");
    file.does(APPROVER, ask::decide_extension(1, true), "2026-03-30");
    assert_eq!(file.refuses(CLERK, ask::tell_extension(1), "2026-03-31"), too_late);
    assert_eq!(due(&file), Some(day("2026-03-30")));
}

#[test]
fn an_extension_takes_its_own_way_only() {
    let mut file = brought_to(Status::InProcess);
    assert_eq!(refused(&file, CLERK, ask::tell_extension(1), "2026-03-10").0, "no_such_extension");
    assert_eq!(refused(&file, HANDLER, ask::extension(21), "2026-03-10"), ("extension_too_long", ART_33));
    file.does(HANDLER, ask::extension(10), "2026-03-10");
    assert_eq!(refused(&file, CLERK, ask::tell_extension(1), "2026-03-10"), ("not_approved", ART_33));
    let own = refused(&file, HANDLER, ask::decide_extension(1, true), "2026-03-10");
    assert_eq!(own, ("proposer_may_not_decide", ART_33), "four eyes");
    let nobody = file.clone().ask(None, ask::decide_extension(1, true), day("2026-03-10"));
    assert_eq!(nobody.unwrap_err().code, RefusalCode::PersonUnknown);
    file.does(APPROVER, ask::decide_extension(1, false), "2026-03-11");
    assert_eq!(
        refused(&file, OTHER_APPROVER, ask::decide_extension(1, true), "2026-03-11").0,
        "already_decided"
    );
    assert_eq!(refused(&file, CLERK, ask::tell_extension(1), "2026-03-11").0, "not_approved");
    // One that was not approved is none: another may be proposed.
    file.does(HANDLER, ask::extension(5), "2026-03-12");
    assert_eq!(file.case.clock.extensions[1].n, 2);
}

#[test]
fn nothing_is_extended_while_a_correction_is_awaited() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::extension(10), "2026-03-05").does(CLERK, ask::correction(), "2026-03-06");
    let stopped = refused(&file, APPROVER, ask::decide_extension(1, true), "2026-03-09");
    assert_eq!(stopped, ("period_stopped", ART_33));
    file.does(CLERK, ask::corrected(1), "2026-03-16").does(
        APPROVER,
        ask::decide_extension(1, true),
        "2026-03-17",
    );
    // What would have been told in the period that was stopped is too early now.
    let before = refused(&file, CLERK, ask::tell_extension(1), "2026-03-16");
    assert_eq!(before.0, "date_out_of_order");
    file.does(CLERK, ask::tell_extension(1), "2026-03-17");
    assert_eq!(due(&file), Some(day("2026-04-28")), "20 and 10 working days after 16 March");
}

#[test]
fn reasons_are_asked_for_given_and_the_reply_delayed_once() {
    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::reasons(), "2026-03-09");
    assert_eq!(due(&file), Some(day("2026-03-30")), "asking stops nothing");
    assert_eq!(refused(&file, CLERK, ask::reasons(), "2026-03-09"), ("reasons_open", ART_35));
    let early = refused(&file, APPROVER, ask::delay(1, "2026-04-30"), "2026-03-10");
    assert_eq!(early, ("reasons_missing", ART_35));
    file.does(CLERK, ask::give_reasons(1), "2026-03-16");
    assert_eq!(refused(&file, CLERK, ask::give_reasons(1), "2026-03-16").0, "already_answered");
    // The due date itself, a Sunday, a day beyond the 120 working days, and a notice that comes too late.
    for until in ["2026-03-30", "2026-05-17", "2026-12-31"] {
        let wrong = refused(&file, APPROVER, ask::delay(1, until), "2026-03-20");
        assert_eq!(wrong, ("delayed_until_wrong", ART_35), "{until}");
    }
    let late = refused(&file, APPROVER, ask::delay(1, "2026-05-29"), "2026-03-31");
    assert_eq!(late, ("delayed_reply_too_late", ART_35));
    file.does(APPROVER, ask::delay(1, "2026-05-29"), "2026-03-30");
    assert_eq!(due(&file), Some(day("2026-05-29")));
    let again = refused(&file, APPROVER, ask::delay(1, "2026-06-30"), "2026-03-30");
    assert_eq!(again, ("delayed_reply_once", ART_35));
}

#[test]
fn a_withdrawal_ends_it_whatever_is_awaited_and_not_before_it() {
    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::correction(), "2026-03-10");
    assert_eq!(refused(&file, CLERK, ask::withdraw(), "2026-03-09").0, "date_out_of_order");
    file.does(CLERK, ask::withdraw(), "2026-03-10");
    assert!(matches!(file.case.state, State::Withdrawn { .. }));
    assert_eq!(refused(&file, CLERK, ask::corrected(1), "2026-03-11").0, "wrong_status");
}

/// The date of receipt does not move past what was told since.
#[test]
fn a_receipt_put_right_stays_before_what_followed() {
    let mut file = brought_to(Status::Received);
    file.does(CLERK, ask::correction(), "2026-03-03");
    let after = ask::amend_receipt(Channel::Counter, "2026-03-04", None);
    assert_eq!(file.refuses(APPROVER, after, "2026-03-09").code(), "date_too_late");
    file.does(APPROVER, ask::amend_receipt(Channel::Counter, "2026-03-03", None), "2026-03-09");
    assert_eq!(file.case.latest_on, day("2026-03-03"));
}
