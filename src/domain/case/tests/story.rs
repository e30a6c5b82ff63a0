//! The life of a request, from the counter to the archive, and the turns it may take.

use super::*;
use crate::domain::case::state::{Conclusion, Stage, State};

#[test]
fn a_request_goes_through_the_five_stages() {
    // Monday morning somebody hands in a request at the counter.
    let mut file = File::received(Channel::Counter, "2026-03-02");
    assert_eq!(
        (file.status().stage(), file.case.receipt.received_on),
        (Stage::Receive, Some(day("2026-03-02")))
    );

    file.does(CLERK, ask::register(), "2026-03-02");
    assert_eq!(file.case.state.registration().unwrap().number, "淮公申〔2026〕1号");
    assert_eq!(file.status().stage(), Stage::Register);

    file.does(CLERK, ask::assign(PLANNING), "2026-03-03");
    assert_eq!(file.status(), Status::Assigned);
    file.does(HANDLER, ask::acknowledge(1), "2026-03-03");
    assert_eq!((file.status(), file.status().stage()), (Status::InProcess, Stage::Process));

    file.does(HANDLER, ask::draft("v1"), "2026-03-10").does(HANDLER, ask::submit(), "2026-03-10");
    assert_eq!((file.status(), file.status().stage()), (Status::InReview, Stage::Reply));
    file.does(LEGAL, ask::pass(Step::Legal, "v1"), "2026-03-11");
    file.does(SECRECY, ask::pass(Step::Secrecy, "v1"), "2026-03-12");
    file.does(APPROVER, ask::pass(Step::SignOff, "v1"), "2026-03-13");
    assert_eq!(file.status(), Status::Approved);

    // Issued on Friday the 13th, posted on Monday, signed for on Wednesday.
    file.does(APPROVER, ask::issue("v1"), "2026-03-13");
    file.does(CLERK, ask::dispatch(), "2026-03-16").does(CLERK, ask::serve(1), "2026-03-18");
    assert_eq!(file.status(), Status::Replied);
    let Some(Conclusion::Replied { reply, services }) = file.case.state.conclusion() else { panic!() };
    assert_eq!((reply.outcome, reply.issued_on), (Outcome::Granted, day("2026-03-13")));
    assert_eq!(reply.draft.unwrap().content, hash("v1"));
    assert_eq!(
        (services[0].dispatched_on, services[0].served_on),
        (day("2026-03-16"), Some(day("2026-03-18")))
    );

    file.does(ARCHIVIST, ask::archive(), "2026-03-20");
    assert_eq!((file.status(), file.status().stage()), (Status::Archived, Stage::Archive));
    assert_eq!(file.case.state.archived_on(), Some(day("2026-03-20")));
    assert_eq!(file.case.version, 13);
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn the_applicant_may_take_the_request_back_until_it_is_answered() {
    for status in Status::ALL {
        let mut file = brought_to(*status);
        let open = file.case.state.conclusion().is_none();
        if !open {
            let refused = file.refuses(CLERK, ask::withdraw(), "2026-04-01");
            assert_eq!(refused.code(), "wrong_status", "{}", status.code());
            continue;
        }
        let before = file.case.clone();
        file.does(CLERK, ask::withdraw(), "2026-04-01");
        assert_eq!(file.status(), Status::Withdrawn);
        assert_eq!(file.case.state.registration(), before.state.registration(), "the number stays");
        let conclusion = file.case.state.conclusion().unwrap();
        assert_eq!(
            (conclusion.outcome(), conclusion.concluded_on()),
            (Outcome::OtherOther, day("2026-04-01"))
        );
        file.does(ARCHIVIST, ask::archive(), "2026-04-02");
        assert_eq!(file.case.state.conclusion(), Some(conclusion));
        assert_eq!(file.read_again(), file.case);
    }
}

#[test]
fn a_department_hands_back_what_is_not_its_own() {
    let mut file = brought_to(Status::Assigned);
    file.does(HANDLER, ask::hand_back(1), "2026-03-05");
    assert_eq!(file.status(), Status::Registered);
    assert_eq!(file.case.state.work(), None);

    // The desk gives it to another department: the assignment counts on.
    file.does(CLERK, ask::assign(LAND), "2026-03-06");
    assert_eq!(file.case.state.work().unwrap().lead.n, 2);
    assert_eq!(file.refuses(HANDLER, ask::acknowledge(1), "2026-03-06").code(), "no_such_assignment");
    file.does(OTHER_HANDLER, ask::acknowledge(2), "2026-03-06");
    assert_eq!(file.status(), Status::InProcess);

    // It may also be handed back after it was acknowledged, with what help it had.
    file.does(CLERK, ask::co_handle(FINANCE), "2026-03-09");
    file.does(OTHER_HANDLER, ask::hand_back(2), "2026-03-10");
    assert_eq!((file.status(), file.case.state.work()), (Status::Registered, None));
}

#[test]
fn the_desk_moves_a_request_to_another_department() {
    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::co_handle(LAND), "2026-03-06").does(CLERK, ask::co_handle(FINANCE), "2026-03-06");
    file.does(CLERK, ask::assign(LAND), "2026-03-09");
    assert_eq!(file.status(), Status::Assigned, "the new department has not acknowledged");
    let work = file.case.state.work().unwrap();
    assert_eq!((work.lead.n, work.lead.department), (4, LAND));
    let helpers: Vec<_> = work.helpers.iter().map(|helper| helper.department).collect();
    assert_eq!(helpers, [FINANCE], "who leads helps no more");

    assert_eq!(file.refuses(CLERK, ask::assign(LAND), "2026-03-09").code(), "already_assigned");
    file.does(CLERK, ask::assign_to(LAND, 77), "2026-03-09");
    assert_eq!(file.case.state.work().unwrap().lead.assignee, Some(AccountId(Uuid::from_u128(77))));
}

#[test]
fn another_department_helps() {
    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::co_handle(LAND), "2026-03-06");
    for department in [PLANNING, LAND] {
        let refused = file.refuses(CLERK, ask::co_handle(department), "2026-03-06");
        assert_eq!(refused.code(), "already_assigned");
    }
    assert_eq!(file.status(), Status::InProcess, "help does not stop the work");

    // Help may be acknowledged while the reply is in review already.
    file.does(HANDLER, ask::draft("v1"), "2026-03-09").does(HANDLER, ask::submit(), "2026-03-09");
    file.does(OTHER_HANDLER, ask::acknowledge(2), "2026-03-10");
    let helper = &file.case.state.work().unwrap().helpers[0];
    assert_eq!((helper.department, helper.acknowledged_on), (LAND, Some(day("2026-03-10"))));
    assert_eq!(file.refuses(OTHER_HANDLER, ask::acknowledge(2), "2026-03-10").code(), "already_acknowledged");

    let mut file = brought_to(Status::InProcess);
    file.does(CLERK, ask::co_handle(LAND), "2026-03-06").does(OTHER_HANDLER, ask::hand_back(2), "2026-03-09");
    assert_eq!(file.status(), Status::InProcess, "a helper's return ends the help only");
    assert!(file.case.state.work().unwrap().helpers.is_empty());
}

#[test]
fn a_reviewer_sends_the_draft_back_and_it_is_written_anew() {
    let mut file = brought_to(Status::InReview);
    file.does(LEGAL, ask::pass(Step::Legal, "v1"), "2026-03-10");
    let silent = Command::Review {
        step: Step::Secrecy,
        decision: Decision::Return,
        content: hash("v1"),
        opinion: None,
        acting_for: None,
        checklist: None,
    };
    assert_eq!(file.refuses(SECRECY, silent, "2026-03-10").code(), "opinion_missing");
    file.does(SECRECY, ask::send_back(Step::Secrecy, "v1"), "2026-03-10");
    assert_eq!(file.status(), Status::InProcess);
    assert_eq!(file.case.state.draft().unwrap().content, hash("v1"), "the draft is kept");

    file.does(HANDLER, ask::draft("v2"), "2026-03-11").does(HANDLER, ask::submit(), "2026-03-11");
    let submission = file.case.state.submission().unwrap();
    assert_eq!((submission.draft.version, submission.passed.as_slice()), (2, [].as_slice()));
    // The legal review begins again, upon the new words only.
    assert_eq!(file.refuses(SECRECY, ask::pass(Step::Secrecy, "v2"), "2026-03-12").code(), "step_not_due");
    assert_eq!(file.refuses(LEGAL, ask::pass(Step::Legal, "v1"), "2026-03-12").code(), "content_differs");
    file.does(LEGAL, ask::pass(Step::Legal, "v2"), "2026-03-12");
    file.does(SECRECY, ask::pass(Step::Secrecy, "v2"), "2026-03-12");
    file.does(APPROVER, ask::pass(Step::SignOff, "v2"), "2026-03-12");
    assert_eq!(file.refuses(APPROVER, ask::issue("v1"), "2026-03-12").code(), "content_differs");
    file.does(APPROVER, ask::issue("v2"), "2026-03-12");
}

#[test]
fn the_approver_takes_back_what_he_signed_before_it_is_issued() {
    let mut file = brought_to(Status::Approved);
    assert_eq!(file.refuses(APPROVER, ask::pass(Step::SignOff, "v1"), "2026-03-13").code(), "wrong_status");
    file.does(APPROVER, ask::send_back(Step::SignOff, "v1"), "2026-03-13");
    assert_eq!(file.status(), Status::InProcess);
    // Even unchanged, it takes the whole way again.
    file.does(HANDLER, ask::submit(), "2026-03-13");
    assert!(file.case.state.submission().unwrap().passed.is_empty());
}

#[test]
fn a_reply_is_posted_twice_and_archived_once_it_arrived() {
    let mut file = brought_to(Status::Replied);
    assert_eq!(file.refuses(ARCHIVIST, ask::archive(), "2026-03-14").code(), "reply_not_served");
    assert_eq!(file.refuses(CLERK, ask::serve(1), "2026-03-14").code(), "no_such_service");
    file.does(CLERK, ask::dispatch(), "2026-03-16");
    assert_eq!(file.refuses(ARCHIVIST, ask::archive(), "2026-03-16").code(), "reply_not_served");
    file.does(CLERK, ask::dispatch(), "2026-03-23");
    file.does(CLERK, ask::serve(2), "2026-03-25");
    assert_eq!(file.refuses(CLERK, ask::serve(2), "2026-03-26").code(), "already_served");
    file.does(ARCHIVIST, ask::archive(), "2026-03-26");
    let State::Archived { conclusion: Conclusion::Replied { services, .. }, .. } = &file.case.state else {
        panic!()
    };
    assert_eq!(
        services.iter().map(|service| service.served_on).collect::<Vec<_>>(),
        [None, Some(day("2026-03-25"))]
    );
}

/// The past may be entered late; the future, and what precedes the step before, may not.
#[test]
fn every_step_has_its_place_in_time() {
    let way: &[(Status, PersonId, Command, &str)] = &[
        (Status::AwaitingConfirmation, CLERK, ask::confirm(), "2026-03-02"),
        (Status::Received, CLERK, ask::register(), "2026-03-02"),
        (Status::Registered, CLERK, ask::assign(PLANNING), "2026-03-03"),
        (Status::Assigned, HANDLER, ask::acknowledge(1), "2026-03-04"),
        (Status::Assigned, HANDLER, ask::hand_back(1), "2026-03-04"),
        (Status::InProcess, HANDLER, ask::draft("v1"), "2026-03-05"),
        (Status::InReview, LEGAL, ask::pass(Step::Legal, "v1"), "2026-03-09"),
        (Status::Approved, APPROVER, ask::issue("v1"), "2026-03-12"),
        (Status::Replied, CLERK, ask::dispatch(), "2026-03-13"),
        (Status::Withdrawn, ARCHIVIST, ask::archive(), "2026-03-03"),
        (Status::InProcess, CLERK, ask::withdraw(), "2026-03-02"),
        (Status::Archived, CLERK, ask::amend_applicant("章某"), "2026-03-02"),
    ];
    for (status, person, command, earliest) in way {
        let mut file = brought_to(*status);
        let told = format!("{} of {}", command.kind().code(), status.code());
        let before = day(earliest).pred_opt().unwrap();
        let early = file.refuses(*person, command.clone(), &before.to_string());
        assert_eq!(early, RefusalCode::DateOutOfOrder { date: before, earliest: day(earliest) }, "{told}");
        file.today = day("2026-03-31");
        let late = file.refuses(*person, command.clone(), "2026-04-01");
        assert_eq!(late, RefusalCode::DateInFuture { date: day("2026-04-01"), today: file.today }, "{told}");
        file.clone().does(*person, command.clone(), "2026-03-31");
        file.does(*person, command.clone(), earliest);
    }
}
