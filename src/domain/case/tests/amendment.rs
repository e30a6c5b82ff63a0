//! 更正: what was written down wrongly is put right by a new event, and what moves the clock by a second person.

use super::*;
use crate::domain::case::projection::project;

#[test]
fn words_and_applicant_can_be_put_right_at_any_time() {
    for status in Status::ALL {
        let mut file = brought_to(*status);
        file.does(CLERK, ask::amend_applicant("章某"), "2026-04-01");
        assert_eq!(file.case.applicant, applicant("章某"));
        file.does(CLERK, ask::amend(Amend::Description(words("请求公开两个地块的批文"))), "2026-04-01");
        assert_eq!(file.case.description, words("请求公开两个地块的批文"));
        assert_eq!(file.status(), *status);

        let subject = ask::amend(Amend::Subject(words("两个地块的征收批文")));
        if file.case.state.registration().is_some() {
            file.does(CLERK, subject, "2026-04-01");
            assert_eq!(file.case.state.registration().unwrap().subject, words("两个地块的征收批文"));
        } else {
            assert_eq!(file.refuses(CLERK, subject, "2026-04-01"), RefusalCode::NotRegistered);
        }
        assert_eq!(file.read_again(), file.case);
    }
}

#[test]
fn a_wrong_date_of_receipt_is_put_right_and_moves_the_clock() {
    let mut file = brought_to(Status::InProcess);
    let due = |file: &File| project(&file.case, &LAW.pack, &LAW.calendar).limit.unwrap().due_on;
    assert_eq!(due(&file), day("2026-03-30"));
    // It was express mail, signed for on Friday.
    let amend = ask::amend_receipt(Channel::RegisteredPost, "2026-02-27", None);
    file.does(APPROVER, amend.clone(), "2026-03-06");
    assert_eq!(file.case.receipt.received_on, Some(day("2026-02-27")));
    assert_eq!(due(&file), day("2026-03-26"), "the Saturday after it was a make-up workday");
    assert_eq!(file.status(), Status::InProcess, "nothing else changed");
    assert_eq!(file.refuses(APPROVER, amend, "2026-03-06"), RefusalCode::NothingChanged);
}

#[test]
fn who_recorded_the_receipt_does_not_move_it() {
    let file = brought_to(Status::Registered);
    let amend = ask::amend_receipt(Channel::Counter, "2026-03-01", None);
    let refused = file.refuses(CLERK, amend.clone(), "2026-03-06");
    assert_eq!(refused, RefusalCode::AmenderRecordedReceipt);
    file.clone().does(APPROVER, amend, "2026-03-06");
}

/// Regression: the date of receipt of a letter is fixed by whoever recorded the confirmation, not only by whoever
/// took the letter in.
#[test]
fn who_recorded_the_confirmation_does_not_move_it_either() {
    let mut file = File::received(Channel::OrdinaryPost, "2026-03-02");
    file.does(APPROVER, ask::confirm(), "2026-03-04");
    let amend = ask::amend_receipt(Channel::OrdinaryPost, "2026-03-02", Some("2026-03-05"));
    for person in [CLERK, APPROVER] {
        let refused = file.refuses(person, amend.clone(), "2026-03-06");
        assert_eq!(refused, RefusalCode::AmenderRecordedReceipt);
    }
    file.does(OTHER_APPROVER, amend, "2026-03-06");
    assert_eq!(file.case.receipt.received_on, Some(day("2026-03-05")));
}

#[test]
fn the_dates_of_a_receipt_are_in_order() {
    let mut file = brought_to(Status::InProcess);
    file.today = day("2026-03-31");
    let amend = |channel, arrived_on, confirmed_on| {
        let command = ask::amend_receipt(channel, arrived_on, confirmed_on);
        file.refuses(APPROVER, command, "2026-03-31")
    };
    // Registered on 3 March: it was not received after that.
    let (date, latest) = (day("2026-03-04"), day("2026-03-03"));
    assert_eq!(amend(Channel::Counter, "2026-03-04", None), RefusalCode::DateTooLate { date, latest });
    let confirmed_late = amend(Channel::Fax, "2026-03-02", Some("2026-03-04"));
    assert_eq!(confirmed_late, RefusalCode::DateTooLate { date, latest });
    let (date, earliest) = (day("2026-03-01"), day("2026-03-02"));
    let confirmed_early = amend(Channel::Fax, "2026-03-02", Some("2026-03-01"));
    assert_eq!(confirmed_early, RefusalCode::DateOutOfOrder { date, earliest });
    assert_eq!(amend(Channel::Fax, "2026-03-02", None), RefusalCode::ConfirmationMissing);
    let (date, today) = (day("2026-04-01"), day("2026-03-31"));
    assert_eq!(amend(Channel::Counter, "2026-04-01", None), RefusalCode::DateInFuture { date, today });
    let confirmed_tomorrow = amend(Channel::Fax, "2026-03-02", Some("2026-04-01"));
    assert_eq!(confirmed_tomorrow, RefusalCode::DateInFuture { date, today });
    let (date, first) = (day("2003-12-31"), day("2004-01-01"));
    assert_eq!(amend(Channel::Counter, "2003-12-31", None), RefusalCode::DateBeforeCalendar { date, first });
    // What needs no confirmation has none, even if one is given.
    let mut file = brought_to(Status::Registered);
    file.does(
        APPROVER,
        ask::amend_receipt(Channel::RegisteredPost, "2026-03-01", Some("2026-03-02")),
        "2026-03-31",
    );
    assert_eq!(
        (file.case.receipt.received_on, file.case.receipt.confirmed_on),
        (Some(day("2026-03-01")), None)
    );
}

#[test]
fn a_letter_that_was_handed_in_after_all_waits_no_more() {
    let mut file = brought_to(Status::AwaitingConfirmation);
    file.does(APPROVER, ask::amend_receipt(Channel::OrdinaryPost, "2026-02-27", None), "2026-03-03");
    assert_eq!(
        (file.status(), file.case.receipt.arrived_on),
        (Status::AwaitingConfirmation, day("2026-02-27"))
    );
    file.does(APPROVER, ask::amend_receipt(Channel::Counter, "2026-02-27", None), "2026-03-03");
    assert_eq!((file.status(), file.case.receipt.received_on), (Status::Received, Some(day("2026-02-27"))));
    file.does(CLERK, ask::register(), "2026-03-03");
}

/// Regression: the amended receipt became the latest step, so that the file could be closed before the withdrawal.
#[test]
fn a_receipt_put_right_after_a_withdrawal_does_not_let_the_archive_come_first() {
    let mut file = File::received(Channel::Counter, "2026-03-02");
    file.does(CLERK, ask::withdraw(), "2026-03-10");
    file.does(APPROVER, ask::amend_receipt(Channel::RegisteredPost, "2026-03-01", None), "2026-03-11");
    let (date, earliest) = (day("2026-03-09"), day("2026-03-10"));
    let refused = file.refuses(ARCHIVIST, ask::archive(), "2026-03-09");
    assert_eq!(refused, RefusalCode::DateOutOfOrder { date, earliest });
    file.does(ARCHIVIST, ask::archive(), "2026-03-10");
}

/// Regression: the day on which a letter came could no longer be put right once it was taken back unconfirmed.
#[test]
fn the_arrival_of_a_letter_taken_back_before_it_was_confirmed_can_be_put_right() {
    let mut file = brought_to(Status::AwaitingConfirmation);
    file.does(CLERK, ask::withdraw(), "2026-03-04");
    let (date, latest) = (day("2026-03-05"), day("2026-03-04"));
    let late = file.refuses(APPROVER, ask::amend_receipt(Channel::Fax, "2026-03-05", None), "2026-03-06");
    assert_eq!(late, RefusalCode::DateTooLate { date, latest });
    file.does(APPROVER, ask::amend_receipt(Channel::OrdinaryPost, "2026-02-27", None), "2026-03-06");
    assert_eq!((file.status(), file.case.receipt.received_on), (Status::Withdrawn, None));
    assert_eq!(file.case.receipt.arrived_on, day("2026-02-27"));
}
