//! 沟通联系、好差评: talks are logged wherever a case stands, a finished case is rated once; neither moves anything.

use super::*;
use crate::domain::case::contact_record::MOST_CONTACTS;
use crate::domain::case::event::{ContactMeans, ContactWith, RatingChannel, Score};
use crate::domain::case::projection::project;
use crate::domain::case::refusal::ContactRefusal;

/// What may be asked for, in short.
pub(super) mod asking {
    use super::super::words;
    use crate::domain::case::command::{Command, ContactCommand};
    use crate::domain::case::event::{ContactMeans, ContactWith, RatingChannel, Score};

    pub fn talk() -> Command {
        let (means, with) = (ContactMeans::Phone, ContactWith::Applicant);
        Command::Contact(ContactCommand::Log { means, with, summary: words("说明所需内容") })
    }
    pub fn rate(score: u8) -> Command {
        let (score, channel) = (Score::new(score).unwrap(), Some(RatingChannel::Online));
        Command::Contact(ContactCommand::Rate { score, channel, comment: Some(words("回复及时")) })
    }
}

/// Everything but the version and the log itself.
fn moved(before: &File, after: &File) -> bool {
    let row = |file: &File| project(&file.case, &LAW.pack, &LAW.calendar);
    let mut same = before.case.clone();
    same.version = after.case.version;
    same.contact = after.case.contact.clone();
    row(before) != row(after) || same != after.case
}

#[test]
fn a_talk_is_logged_in_every_status_and_moves_nothing() {
    for status in Status::ALL {
        let before = brought_to(*status);
        let mut after = before.clone();
        // Earlier than the latest step, and in whatever order.
        after.does(CLERK, ask::talk(), "2026-04-01").does(HANDLER, ask::talk(), "2026-03-02");
        assert!(!moved(&before, &after), "{}", status.code());
        let all: Vec<_> = after.case.contact.contacts.iter().map(|it| (it.n, it.on, it.by)).collect();
        assert_eq!(all, [(1, day("2026-04-01"), Some(CLERK)), (2, day("2026-03-02"), Some(HANDLER))]);
        let first = after.case.contact.contacts[0];
        assert_eq!((first.means, first.with), (ContactMeans::Phone, ContactWith::Applicant));
        assert_eq!(after.read_again(), after.case);
    }
}

#[test]
fn nobody_talks_before_the_request_arrived_nor_tomorrow() {
    let mut file = brought_to(Status::AwaitingConfirmation);
    assert_eq!(refused(&file, CLERK, ask::talk(), "2026-03-01"), ("date_out_of_order", None));
    file.does(CLERK, ask::talk(), "2026-03-02");
    file.today = day("2026-03-05");
    assert_eq!(refused(&file, CLERK, ask::talk(), "2026-03-06"), ("date_in_future", None));
    // The receipt counts from a later day: the talk by which it was confirmed was held before.
    file.today = day("2026-03-31");
    file.does(CLERK, ask::confirm(), "2026-03-09").does(CLERK, ask::talk(), "2026-03-06");
    assert_eq!(file.case.receipt.received_on, Some(day("2026-03-09")));
}

#[test]
fn the_log_takes_two_hundred_talks() {
    let mut file = brought_to(Status::InProcess);
    for _ in 0..MOST_CONTACTS {
        file.does(CLERK, ask::talk(), "2026-03-10");
    }
    let full = file.refuses(CLERK, ask::talk(), "2026-03-10");
    assert_eq!(full, ContactRefusal::LogFull { most: 200 }.into());
    assert_eq!(file.case.contact.contacts.last().unwrap().n, 200);
    file.does(HANDLER, ask::draft("v1"), "2026-03-10");
}

#[test]
fn a_case_is_rated_once_and_not_before_it_is_served() {
    for status in Status::ALL {
        let file = brought_to(*status);
        let code = refused_or(&file, ask::rate(5), "2026-12-31");
        let expected = match status {
            Status::AwaitingConfirmation
            | Status::Received
            | Status::Registered
            | Status::Assigned
            | Status::InProcess
            | Status::InReview
            | Status::Approved => Some("wrong_status"),
            Status::Replied => Some("rated_before_service"),
            Status::Withdrawn | Status::Lapsed | Status::Archived => None,
        };
        assert_eq!(code, expected, "{}", status.code());
    }
    // Issued on the 13th, sent on the 16th, signed for on the 18th, sent again on the 19th.
    let mut file = brought_to(Status::Replied);
    file.does(CLERK, ask::dispatch(), "2026-03-16");
    assert_eq!(file.refuses(CLERK, ask::rate(5), "2026-03-18"), ContactRefusal::NotServed.into());
    file.does(CLERK, ask::serve(1), "2026-03-18").does(CLERK, ask::dispatch(), "2026-03-19");
    let early = file.refuses(CLERK, ask::rate(5), "2026-03-17");
    assert_eq!(early, RefusalCode::DateOutOfOrder { date: day("2026-03-17"), earliest: day("2026-03-18") });
    let before = file.clone();
    file.does(CLERK, ask::rate(2), "2026-03-18");
    assert!(!moved(&before, &file));
    let rating = file.case.contact.rating.unwrap();
    assert_eq!(
        (rating.score, rating.on, rating.by),
        (Score::new(2).unwrap(), day("2026-03-18"), Some(CLERK))
    );
    assert_eq!(rating.channel, Some(RatingChannel::Online));
    let again = file.refuses(CLERK, ask::rate(5), "2026-03-20");
    assert_eq!(again, ContactRefusal::AlreadyRated { on: day("2026-03-18") }.into());
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn a_withdrawal_a_lapse_and_a_reply_of_a_ledger_are_rated_from_their_day_on() {
    let of = |file: File, first: &str| {
        let first = day(first);
        let eve = first.pred_opt().unwrap().to_string();
        assert_eq!(refused(&file, CLERK, ask::rate(1), &eve).0, "date_out_of_order");
        file.clone().does(CLERK, ask::rate(1), &first.to_string());
    };
    of(brought_to(Status::Withdrawn), "2026-03-03");
    of(brought_to(Status::Lapsed), "2026-03-25");
    of(brought_to(Status::Archived), "2026-03-18");
    let imported = imported::answered_row();
    let issued_on = imported.case.state.conclusion().unwrap().concluded_on();
    of(imported, &issued_on.to_string());
}

/// The code of the refusal, if it is one.
fn refused_or(file: &File, command: Command, on: &str) -> Option<&'static str> {
    file.clone().ask(Some(CLERK), command, day(on)).err().map(|refusal| refusal.code.code())
}
