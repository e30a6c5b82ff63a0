//! 接收: the date of receipt by channel (Article 31), and the limit that runs from it.

use super::*;
use crate::domain::case::projection::project;
use crate::domain::statute::{Point, Reading};

/// The date of receipt and the last day of the reply, as the queue shows them.
fn clock(case: &Case, pack: &StatutePack) -> Option<(NaiveDate, NaiveDate)> {
    let limit = project(case, pack, &LAW.calendar).limit?;
    case.receipt.received_on.map(|received_on| (received_on, limit.due_on))
}

#[track_caller]
fn runs(file: &File, received_on: &str, due_on: &str) {
    assert_eq!(clock(&file.case, &LAW.pack), Some((day(received_on), day(due_on))));
    assert_eq!(file.case.receipt.received_on, Some(day(received_on)));
    assert_eq!(file.status(), Status::Received);
}

/// T1 of the statute digest: handed in on a Monday, it is received that day.
#[test]
fn what_is_handed_in_is_received_at_once() {
    let file = File::received(Channel::Counter, "2026-03-02");
    runs(&file, "2026-03-02", "2026-03-30");
    assert_eq!(file.refuses(CLERK, ask::confirm(), "2026-03-02"), RefusalCode::NothingToConfirm);
}

/// T12: express mail counts from the day the agency signed; when it was posted is irrelevant.
#[test]
fn express_mail_is_received_when_it_is_signed_for() {
    let file = File::received(Channel::RegisteredPost, "2026-01-30");
    runs(&file, "2026-01-30", "2026-03-05");
    assert_eq!(file.refuses(CLERK, ask::confirm(), "2026-01-30"), RefusalCode::NothingToConfirm);
}

/// T13, default reading: submitted online on Saturday 2 May 2026, within the holiday, it is received that day; the
/// agency's own confirmation on Wednesday does not move the date.
#[test]
fn what_comes_online_is_received_on_the_day_of_submission() {
    for channel in [Channel::Online, Channel::Email] {
        let mut file = File::received(channel, "2026-05-02");
        runs(&file, "2026-05-02", "2026-06-01");
        file.does(CLERK, ask::confirm(), "2026-05-06");
        runs(&file, "2026-05-02", "2026-06-01");
        assert_eq!(file.case.receipt.confirmed_on, Some(day("2026-05-06")), "kept as evidence");
        assert_eq!(file.refuses(CLERK, ask::confirm(), "2026-05-07"), RefusalCode::AlreadyConfirmed);
    }
}

/// T13, Article 31 to the letter: the day both sides confirmed.
#[test]
fn an_office_may_read_article_31_to_the_letter() {
    let mut pack = LAW.pack.clone();
    pack.readings = pack.readings.other(Point::InternetReceipt, Reading::Confirmation);
    let context = Context { pack: &pack, ..context(day("2026-05-06"), Some(CLERK)) };
    let receive = Receive {
        channel: Channel::Online,
        arrived_on: day("2026-05-02"),
        applicant: applicant("张某"),
        description: words("请求公开某地块的征收批文"),
        form_wanted: None,
        evidence: None,
    };
    let file = File::from_events(open(receive, &context).unwrap(), context.today, context.person);
    assert_eq!((file.status(), clock(&file.case, &pack)), (Status::AwaitingConfirmation, None));
    let confirmed = decide(&file.case, ask::confirm(), day("2026-05-06"), &context).unwrap().remove(0);
    let case = evolve(file.case, &recorded(2, confirmed, Some(CLERK)));
    assert_eq!(case.state.status(), Status::Received);
    assert_eq!(clock(&case, &pack), Some((day("2026-05-06"), day("2026-06-02"))));
}

/// A letter that nobody signed for, or a fax: the clock starts when both sides have confirmed.
#[test]
fn an_ordinary_letter_is_received_when_both_sides_confirmed() {
    for channel in [Channel::OrdinaryPost, Channel::Fax] {
        let mut file = File::received(channel, "2026-03-02");
        assert_eq!((file.status(), file.case.receipt.received_on), (Status::AwaitingConfirmation, None));
        assert_eq!(clock(&file.case, &LAW.pack), None, "no limit runs yet");
        assert_eq!(file.refuses(CLERK, ask::register(), "2026-03-03").code(), "wrong_status");

        let early = file.refuses(CLERK, ask::confirm(), "2026-03-01");
        let (date, earliest) = (day("2026-03-01"), day("2026-03-02"));
        assert_eq!(early, RefusalCode::DateOutOfOrder { date, earliest });
        // The applicant is reached on Wednesday only: 5 March is day 1, 1 April day 20.
        file.does(CLERK, ask::confirm(), "2026-03-04");
        runs(&file, "2026-03-04", "2026-04-01");
        assert_eq!(file.refuses(CLERK, ask::confirm(), "2026-03-05"), RefusalCode::AlreadyConfirmed);
        file.does(CLERK, ask::register(), "2026-03-04");
        assert_eq!(file.refuses(CLERK, ask::confirm(), "2026-03-05").code(), "wrong_status");
    }
}

/// A reply that was issued and lies on the desk is not in time yet: it has to leave (国办公开办函〔2016〕235号).
#[test]
fn a_limit_is_shown_until_the_reply_has_left() {
    for status in Status::ALL {
        let file = brought_to(*status);
        let on_the_desk = *status == Status::Replied && file.case.state.services().is_empty();
        let open = file.case.receipt.received_on.is_some() && file.case.state.conclusion().is_none();
        let owed = open || on_the_desk;
        assert_eq!(clock(&file.case, &LAW.pack).is_some(), owed, "{}", status.code());
    }
}

#[test]
fn what_has_not_happened_and_what_no_calendar_knows_is_not_received() {
    let open = |arrived_on, today| File::open(Channel::Counter, day(arrived_on), day(today), Some(CLERK));
    let (date, today) = (day("2026-03-03"), day("2026-03-02"));
    let future = open("2026-03-03", "2026-03-02").unwrap_err();
    assert_eq!(future.code, RefusalCode::DateInFuture { date, today });
    assert_eq!(future.allowed, [], "there is no case yet");
    let (date, first) = (day("2003-12-31"), day("2004-01-01"));
    let ancient = open("2003-12-31", "2026-03-02").unwrap_err();
    assert_eq!(ancient.code, RefusalCode::DateBeforeCalendar { date, first });
    assert!(open("2004-01-01", "2026-03-02").is_ok());
    assert!(open("2026-03-01", "2026-03-01").is_ok(), "a Sunday is a day like any other (point 3)");
}
