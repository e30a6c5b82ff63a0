//! A row of an office's own ledger as a case (design 5.1).

use super::*;
use crate::domain::case::decide::{ImportedRow, import};
use crate::domain::case::event::Event;

fn row() -> ImportedRow {
    ImportedRow {
        number: "台账-7".to_owned(),
        channel: Channel::OrdinaryPost,
        received_on: day("2024-02-10"),
        registered_on: day("2024-02-18"),
        applicant: applicant("张某"),
        description: words("某地块的征收批文"),
        subject: words("某地块的征收批文"),
        department: None,
        reply: None,
        archived_on: None,
        digest: hash("台账-7"),
    }
}

/// Taken over by whoever sits at the server, on a day of 2026.
fn taken_over(row: ImportedRow) -> File {
    let today = day("2026-12-31");
    File::from_events(import(row, &context(today, None)).unwrap(), today, None)
}

#[test]
fn a_row_becomes_a_case_that_stands_where_the_ledger_left_it() {
    let answered = Some((Outcome::DeniedInternalAffairs, day("2024-03-08")));
    let archived_on = Some(day("2024-04-01"));
    for (row, status) in [
        (row(), Status::Registered),
        (ImportedRow { department: Some(PLANNING), ..row() }, Status::Assigned),
        (ImportedRow { reply: answered, ..row() }, Status::Replied),
        (ImportedRow { reply: answered, department: Some(PLANNING), ..row() }, Status::Replied),
        (ImportedRow { reply: answered, archived_on, ..row() }, Status::Archived),
    ] {
        let file = taken_over(row.clone());
        assert_eq!(file.status(), status);
        let receipt = &file.case.receipt;
        // 10 February 2024 was New Year's Day: a rest day is taken as it stands, and no confirmation is asked for.
        assert_eq!((receipt.arrived_on, receipt.received_on), (row.received_on, Some(row.received_on)));
        assert_eq!((receipt.recorded_by, receipt.imported_row), (None, Some(row.digest)));
        let registration = file.case.state.registration().unwrap();
        assert_eq!((registration.number.as_str(), registration.registered_on), ("台账-7", row.registered_on));
        assert_eq!(file.case.state.work().map(|work| work.lead.department), row.department);
        let concluded = file.case.state.conclusion();
        assert_eq!(concluded.map(|it| (it.outcome(), it.concluded_on())), row.reply);
        assert_eq!(file.case.state.archived_on(), row.archived_on);
        assert_eq!(file.read_again(), file.case);
    }
}

#[test]
fn its_number_does_not_come_from_the_counter() {
    let events = import(row(), &context(day("2026-12-31"), None)).unwrap();
    let numbers: Vec<_> = events
        .iter()
        .filter_map(|happened| {
            if let Event::Registered { number, .. } = &happened.event { Some(number.clone()) } else { None }
        })
        .collect();
    assert_eq!(numbers, [crate::domain::case::event::Number::Given("台账-7".to_owned())]);
}

#[test]
fn an_open_row_goes_on_like_any_other_case() {
    let mut file = taken_over(row());
    file.does(CLERK, ask::assign(PLANNING), "2026-03-04").does(HANDLER, ask::acknowledge(1), "2026-03-05");
    file.does(HANDLER, ask::draft("v1"), "2026-03-06").does(HANDLER, ask::submit(), "2026-03-06");
    file.does(LEGAL, ask::pass(Step::Legal, "v1"), "2026-03-06");
    file.does(SECRECY, ask::pass(Step::Secrecy, "v1"), "2026-03-06");
    file.does(APPROVER, ask::pass(Step::SignOff, "v1"), "2026-03-06");
    file.does(APPROVER, ask::issue("v1"), "2026-03-06");
    assert_eq!(file.refuses(ARCHIVIST, ask::archive(), "2026-03-06").code(), "reply_not_served");

    let mut file = taken_over(ImportedRow { department: Some(PLANNING), ..row() });
    file.does(HANDLER, ask::acknowledge(1), "2026-03-05");
    assert_eq!(file.status(), Status::InProcess);
}

#[test]
fn a_reply_taken_over_was_served_before_our_time() {
    let reply = Some((Outcome::Granted, day("2024-03-08")));
    let mut file = taken_over(ImportedRow { reply, ..row() });
    file.clone().does(CLERK, ask::dispatch(), "2024-03-08");
    file.does(ARCHIVIST, ask::archive(), "2024-03-08");
}

#[test]
fn a_wrong_date_in_the_ledger_is_put_right_by_anybody_who_may() {
    let mut file = taken_over(row());
    file.does(
        APPROVER,
        ask::amend_receipt(Channel::OrdinaryPost, "2024-02-09", Some("2024-02-12")),
        "2026-03-04",
    );
    assert_eq!(file.case.receipt.received_on, Some(day("2024-02-12")));
}

#[test]
fn a_row_out_of_order_or_ahead_of_time_is_refused() {
    let refused = |row: ImportedRow| import(row, &context(day("2024-06-30"), None)).unwrap_err();
    let answered = |on| Some((Outcome::Granted, day(on)));
    let (date, earliest) = (day("2024-02-09"), day("2024-02-10"));
    let early = RefusalCode::DateOutOfOrder { date, earliest };
    assert_eq!(refused(ImportedRow { registered_on: date, ..row() }), early);
    assert_eq!(refused(ImportedRow { reply: answered("2024-02-09"), ..row() }), early);
    let archived_on = Some(day("2024-03-07"));
    let (date, earliest) = (day("2024-03-07"), day("2024-03-08"));
    assert_eq!(
        refused(ImportedRow { reply: answered("2024-03-08"), archived_on, ..row() }),
        RefusalCode::DateOutOfOrder { date, earliest }
    );
    let (date, today) = (day("2024-07-01"), day("2024-06-30"));
    let ahead = RefusalCode::DateInFuture { date, today };
    assert_eq!(refused(ImportedRow { received_on: date, registered_on: date, ..row() }), ahead);
    assert_eq!(refused(ImportedRow { registered_on: date, ..row() }), ahead);
    assert_eq!(refused(ImportedRow { reply: answered("2024-07-01"), ..row() }), ahead);
    assert_eq!(
        refused(ImportedRow { reply: answered("2024-03-08"), archived_on: Some(date), ..row() }),
        ahead
    );
    let (date, first) = (day("2003-12-31"), day("2004-01-01"));
    let ancient = RefusalCode::DateBeforeCalendar { date, first };
    assert_eq!(refused(ImportedRow { received_on: date, ..row() }), ancient);
}

/// A case answered before our time.
pub(super) fn answered_row() -> File {
    taken_over(ImportedRow { reply: Some((Outcome::Granted, day("2024-03-08"))), ..row() })
}
