//! The points on which the law is read in two ways (statute digest, section 10): what each other reading makes of a date.

use super::super::{ConsultationKind, CorrectionGround, ObligationKind, What};
use super::{
    Answer, Desk, Point, Reading, answered, consulted, correction_requested, date, dates, extended, plainly,
    received, received_by, replied,
};
use crate::domain::case::event::ServiceMethod;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::time_limit::Fact;
use chrono::NaiveDate;

/// The due date by the usual readings and by another reading, which the timeline names with the same date.
fn both_ways(facts: &[Fact], point: Point, other: Reading) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let last = super::last_day(facts).to_string();
    let (usual, otherwise) = (Desk::new(), Desk::new().reading(point, other));
    let (usual, otherwise): (Answer, Answer) = (usual.ask(facts, &last), otherwise.ask(facts, &last));
    assert_eq!(usual.by(point, other), otherwise.due_on);
    (usual.due_on, otherwise.due_on)
}

#[test]
fn point_1_counting_the_day_of_receipt_ends_a_day_earlier() {
    let facts = [received("2026-03-02")];
    assert_eq!(both_ways(&facts, Point::FirstDay, Reading::ThatDay), dates("2026-03-30", "2026-03-27"));
    let desk = Desk::new().reading(Point::FirstDay, Reading::ThatDay);
    let answer = desk.ask(&facts, "2026-03-02");
    assert_eq!(answer.of(ObligationKind::CorrectionNotice), Some((date("2026-03-10"), None)));
}

#[test]
fn point_3_received_on_a_saturday() {
    let facts = [received("2026-03-07")];
    assert_eq!(
        both_ways(&facts, Point::RestDayReceipt, Reading::NextWorkingDay),
        dates("2026-04-03", "2026-04-07"),
    );
}

#[test]
fn point_4_a_letter_whose_sender_cannot_be_reached_for_a_week() {
    let facts = [received_by(Channel::OrdinaryPost, "2026-03-02", "2026-03-09")];
    assert_eq!(both_ways(&facts, Point::UnsignedMail, Reading::Arrival), dates("2026-04-07", "2026-03-30"));
}

#[test]
fn point_5_a_missing_identity_card_is_no_unclear_content() {
    let request = What::CorrectionRequested {
        served_on: None,
        working_days: None,
        ground: Some(CorrectionGround::Identity),
    };
    let facts =
        [received("2026-03-02"), plainly("2026-03-09", request), plainly("2026-03-18", What::Corrected)];
    let other = Reading::UnclearContentOnly;
    assert_eq!(both_ways(&facts, Point::CorrectionGround, other), dates("2026-04-16", "2026-03-30"));
}

#[test]
fn point_6_a_correction_asked_for_on_the_8th_working_day() {
    let facts = [
        received("2026-03-02"),
        correction_requested("2026-03-12", None, None),
        plainly("2026-03-18", What::Corrected),
    ];
    let other = Reading::NoEffect;
    assert_eq!(both_ways(&facts, Point::LateCorrectionNotice, other), dates("2026-04-16", "2026-03-30"));
    // While it is awaited the date that remains is the prudent one.
    assert_eq!(Desk::new().due(&facts[..2]), (None, Some(date("2026-03-30"))));
}

#[test]
fn point_7_a_second_correction() {
    let facts = [
        received("2026-03-02"),
        correction_requested("2026-03-09", None, None),
        plainly("2026-03-18", What::Corrected),
        correction_requested("2026-03-20", None, None),
        plainly("2026-03-26", What::Corrected),
    ];
    assert_eq!(both_ways(&facts, Point::FurtherCorrection, Reading::Once), dates("2026-04-24", "2026-04-16"));
}

#[test]
fn point_8_an_extension_approved_in_time_and_told_a_day_late() {
    let what = What::Extended { working_days: 20, approved_on: Some(date("2026-03-30")) };
    let facts = [received("2026-03-02"), plainly("2026-03-31", what)];
    let other = Reading::ValidIfApproved;
    assert_eq!(both_ways(&facts, Point::LateExtensionNotice, other), dates("2026-03-30", "2026-04-28"));
}

#[test]
fn point_9_ten_days_more_and_ten_days_more_again() {
    let facts = [received("2026-03-02"), extended("2026-03-27", 10), extended("2026-04-14", 15)];
    assert_eq!(
        both_ways(&facts, Point::SeveralExtensions, Reading::Split),
        dates("2026-04-14", "2026-04-28"),
    );
}

#[test]
fn point_11_another_organ_answers_or_keeps_silent() {
    let letter = consulted("保密局", ConsultationKind::OtherOrgan, "2026-03-10", Some("2026-03-12"));
    let silent = [received("2026-03-02"), letter.clone()];
    assert_eq!(both_ways(&silent, Point::OtherOrgan, Reading::Excluded), dates("2026-03-30", "2026-04-23"));
    let helpful = [received("2026-03-02"), letter, answered("保密局", "2026-03-20")];
    assert_eq!(
        both_ways(&helpful, Point::OtherOrgan, Reading::NotExcluded),
        dates("2026-04-10", "2026-03-30"),
    );
}

#[test]
fn point_11_an_organ_that_answers_after_the_period_has_run_out_revives_nothing() {
    let facts = [
        received("2026-03-02"),
        consulted("保密局", ConsultationKind::OtherOrgan, "2026-03-25", None),
        answered("保密局", "2026-04-08"),
    ];
    assert_eq!(Desk::new().due(&facts).0, Some(date("2026-03-30")));
}

#[test]
fn point_13_the_applicant_takes_a_week_to_give_reasons() {
    let facts = [
        received("2026-03-02"),
        plainly("2026-03-10", What::ReasonsRequested),
        plainly("2026-03-17", What::ReasonsGiven),
    ];
    assert_eq!(both_ways(&facts, Point::ReasonsRequest, Reading::Stops), dates("2026-03-30", "2026-04-07"));
}

#[test]
fn point_15_and_16_remedies_against_an_administrative_query_and_against_silence() {
    let litigation = |desk: Desk, facts: &[Fact]| {
        desk.ask(facts, "2026-04-20").of(ObligationKind::Litigation).map(|owed| owed.0)
    };
    let query =
        [received("2026-03-02"), replied("2026-03-30", Outcome::DeniedAdministrativeQuery, "2026-03-30")];
    assert_eq!(litigation(Desk::new(), &query), Some(date("2026-09-30")));
    let first = Reading::ReconsiderationFirst;
    assert_eq!(litigation(Desk::new().reading(Point::AdministrativeQuery, first), &query), None);
    let silence = [received("2026-03-02")];
    assert_eq!(litigation(Desk::new(), &silence), Some(date("2026-09-30")));
    assert_eq!(litigation(Desk::new().reading(Point::Silence, first), &silence), None);
}

#[test]
fn point_22_sent_online_at_eleven_at_night() {
    let late = What::Received {
        channel: Some(Channel::Online),
        arrived_on: None,
        confirmed_on: None,
        after_hours: true,
    };
    let facts = [plainly("2026-03-02", late)];
    let other = Reading::NextWorkingDay;
    assert_eq!(both_ways(&facts, Point::AfterHours, other), dates("2026-03-30", "2026-03-31"));
}

#[test]
fn point_24_an_e_mail_sent_on_the_last_day_and_received_the_day_after() {
    let reply = What::Replied {
        outcome: Some(Outcome::Granted),
        method: Some(ServiceMethod::Electronic),
        dispatched_on: Some(date("2026-03-30")),
        served_on: Some(date("2026-03-31")),
        not_dispatched: false,
    };
    let facts = [received("2026-03-02"), plainly("2026-03-30", reply)];
    let met = |desk: Desk| desk.ask(&facts, "2026-03-31").of(ObligationKind::Reply).and_then(|owed| owed.1);
    assert_eq!(met(Desk::new()), Some(date("2026-03-31")));
    let sending = Desk::new().reading(Point::ElectronicReply, Reading::Sending);
    assert_eq!(met(sending), Some(date("2026-03-30")));
}

#[test]
fn point_25_an_e_mail_counts_from_its_arrival_or_from_the_confirmation() {
    let facts = [received_by(Channel::Email, "2026-03-02", "2026-03-04")];
    let other = Reading::Confirmation;
    assert_eq!(both_ways(&facts, Point::EmailReceipt, other), dates("2026-03-30", "2026-04-01"));
}
