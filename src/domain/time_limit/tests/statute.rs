//! Every example of section 9 of the statute digest, and what its section 3 says of the clock, in a clerk's words. Unless a
//! test says otherwise the readings are the usual ones.

use super::super::{ConsultationKind, FactKind, ObligationKind, What};
use super::{
    Desk, answered, consulted, correction_requested, date, dates, delayed, extended, fee_notice, plainly,
    received, received_by, replied,
};
use crate::domain::case::event::ServiceMethod;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::statute::{Point, Reading};
use chrono::NaiveDate;

/// What is owed by a day and was not met.
fn open(day: &str) -> (NaiveDate, Option<NaiveDate>) {
    (date(day), None)
}

/// What was owed by a day and was met.
fn met(day: &str, on: &str) -> (NaiveDate, Option<NaiveDate>) {
    (date(day), Some(date(on)))
}

#[test]
fn t1_handed_in_on_monday_2_march_it_is_due_on_monday_30_march() {
    let answer = Desk::new().ask(&[received("2026-03-02")], "2026-03-02");
    assert_eq!(answer.due_on, Some(date("2026-03-30")));
    // Whoever counts the day of receipt itself gets Friday the 27th.
    assert_eq!(answer.prudent_due_on, Some(date("2026-03-27")));
    assert_eq!(answer.differing, [(Point::FirstDay, Reading::ThatDay, Some(date("2026-03-27")))]);
    assert_eq!(answer.of(ObligationKind::CorrectionNotice), Some(open("2026-03-11")));
    assert_eq!(answer.of(ObligationKind::ExtensionNotice), Some(open("2026-03-30")));
    assert_eq!(answer.of(ObligationKind::Reply), Some(open("2026-03-30")));
    assert_eq!(answer.owed.len(), 3);
}

#[test]
fn t2_over_the_spring_festival_two_make_up_saturdays_count() {
    let answer = Desk::new().ask(&[received("2026-02-04")], "2026-02-04");
    assert_eq!(answer.due_on, Some(date("2026-03-10")));
    assert_eq!(answer.by(Point::MakeUpWorkdays, Reading::Rest), Some(date("2026-03-12")));
    assert_eq!(answer.prudent_due_on, Some(date("2026-03-09")));
}

#[test]
fn t3_over_the_national_day_a_make_up_sunday_and_saturday_count() {
    let answer = Desk::new().ask(&[received("2025-09-22")], "2025-09-22");
    assert_eq!(answer.due_on, Some(date("2025-10-24")));
    assert_eq!(answer.by(Point::MakeUpWorkdays, Reading::Rest), Some(date("2025-10-28")));
}

#[test]
fn t5_a_corrected_application_begins_a_whole_new_period() {
    let mut facts = vec![received("2026-03-02"), correction_requested("2026-03-09", None, None)];
    let waiting = Desk::new().ask(&facts, "2026-03-17");
    // Until it comes there is no due date; by the sternest reading nothing stopped.
    assert_eq!(waiting.due_on, None);
    assert_eq!(waiting.of(ObligationKind::Reply), None);
    assert_eq!(waiting.of(ObligationKind::CorrectionNotice), Some(met("2026-03-11", "2026-03-09")));
    facts.push(plainly("2026-03-18", What::Corrected));
    let answer = Desk::new().ask(&facts, "2026-03-18");
    assert_eq!(answer.counted_from, date("2026-03-18"));
    assert_eq!((answer.due_on, answer.prudent_due_on), dates("2026-04-16", "2026-04-15"));
    assert_eq!(answer.of(ObligationKind::Reply), Some(open("2026-04-16")));
}

#[test]
fn t6_a_correction_that_never_comes_lapses_after_30_march() {
    let mut facts =
        vec![received("2026-03-02"), correction_requested("2026-03-09", Some("2026-03-09"), Some(15))];
    let answer = Desk::new().ask(&facts, "2026-03-30");
    assert_eq!(answer.of(ObligationKind::CorrectionResponse), Some(open("2026-03-30")));
    facts.push(plainly("2026-03-31", What::CorrectionLapsed));
    let answer = Desk::new().ask(&facts, "2026-03-31");
    assert_eq!(answer.ended, Some((FactKind::CorrectionLapsed, date("2026-03-31"))));
    assert_eq!((answer.due_on, answer.of(ObligationKind::Reply)), (None, None));
}

#[test]
fn t7_an_extension_runs_on_from_the_old_due_date() {
    let twenty = [received("2026-03-02"), extended("2026-03-27", 20)];
    let answer = Desk::new().ask(&twenty, "2026-03-27");
    assert_eq!((answer.due_on, answer.prudent_due_on), dates("2026-04-28", "2026-04-27"));
    assert_eq!(answer.of(ObligationKind::ExtensionNotice), Some(met("2026-03-30", "2026-03-27")));
    let ten = [received("2026-03-02"), extended("2026-03-27", 10)];
    assert_eq!(Desk::new().due(&ten), dates("2026-04-14", "2026-04-13"));
}

#[test]
fn t8_a_third_party_is_asked_and_answers() {
    let facts = [
        received("2026-03-02"),
        consulted("甲公司", ConsultationKind::ThirdParty, "2026-03-10", Some("2026-03-12")),
        answered("甲公司", "2026-03-20"),
    ];
    let answer = Desk::new().ask(&facts, "2026-03-20");
    assert_eq!((answer.due_on, answer.prudent_due_on), dates("2026-04-10", "2026-04-09"));
    assert_eq!(answer.by(Point::ConsultationInterval, Reading::Open), Some(date("2026-04-09")));
    assert_eq!(answer.by(Point::ConsultationInterval, Reading::Closed), Some(date("2026-04-13")));
    // 8 of the 28 working days are the third party's.
    assert_eq!(answer.total_and_excluded, Some((20, 8)));
    assert_eq!(answer.of(ObligationKind::ThirdPartyAnswer), Some(met("2026-04-02", "2026-03-20")));
}

#[test]
fn t8b_a_silent_third_party_stops_the_period_until_its_limit_only() {
    let facts = [
        received("2026-03-02"),
        consulted("甲公司", ConsultationKind::ThirdParty, "2026-03-10", Some("2026-03-12")),
    ];
    let answer = Desk::new().ask(&facts, "2026-04-02");
    assert_eq!((answer.due_on, answer.prudent_due_on), dates("2026-04-23", "2026-04-22"));
    assert_eq!(answer.total_and_excluded, Some((20, 17)));
    assert_eq!(answer.of(ObligationKind::ThirdPartyAnswer), Some(open("2026-04-02")));
}

#[test]
fn t9_a_silent_joint_maker_is_deemed_to_agree_after_11_may() {
    let mut facts = vec![
        received("2026-04-08"),
        consulted("住建局", ConsultationKind::JointMaker, "2026-04-15", Some("2026-04-16")),
    ];
    let answer = Desk::new().ask(&facts, "2026-05-11");
    assert_eq!(answer.due_on, Some(date("2026-06-01")));
    assert_eq!(answer.total_and_excluded, Some((20, 16)));
    assert_eq!(answer.of(ObligationKind::JointMakerAnswer), Some(open("2026-05-11")));
    // Recording the silence moves nothing; without the letter it would have been Saturday 9 May, a make-up workday.
    let what = What::ConsultationLapsed { reference: "住建局".to_owned() };
    facts.push(plainly("2026-05-12", what));
    assert_eq!(Desk::new().ask(&facts, "2026-05-12").due_on, Some(date("2026-06-01")));
    assert_eq!(Desk::new().due(&facts[..1]).0, Some(date("2026-05-09")));
}

#[test]
fn t10_payment_begins_a_whole_new_period_or_by_the_other_reading_resumes_the_old() {
    let mut facts = vec![received("2026-03-02"), fee_notice("2026-03-20", Some("2026-03-24"))];
    let waiting = Desk::new().ask(&facts, "2026-04-09");
    assert_eq!((waiting.due_on, waiting.of(ObligationKind::FeePayment)), (None, Some(open("2026-04-22"))));
    facts.push(plainly("2026-04-10", What::FeePaid));
    let answer = Desk::new().ask(&facts, "2026-04-10");
    assert_eq!((answer.due_on, answer.prudent_due_on), dates("2026-05-12", "2026-04-20"));
    assert_eq!(answer.by(Point::FeeClock, Reading::Resume), Some(date("2026-04-20")));
    assert_eq!(answer.of(ObligationKind::FeePayment), Some(met("2026-04-22", "2026-04-10")));
    // "The day after payment" leaves no doubt about its first day (point 1).
    assert_eq!(answer.by(Point::FirstDay, Reading::ThatDay), answer.due_on);
    let resuming = Desk::new().reading(Point::FeeClock, Reading::Resume);
    assert_eq!(resuming.ask(&facts, "2026-04-10").due_on, Some(date("2026-04-20")));
}

#[test]
fn t11_a_fee_that_is_never_paid_closes_the_case_from_23_april() {
    let mut facts = vec![received("2026-03-02"), fee_notice("2026-03-20", Some("2026-03-24"))];
    facts.push(plainly("2026-04-23", What::FeeLapsed));
    let answer = Desk::new().ask(&facts, "2026-04-23");
    assert_eq!(answer.ended, Some((FactKind::FeeLapsed, date("2026-04-23"))));
    assert_eq!((answer.due_on, answer.of(ObligationKind::Reply)), (None, None));
    assert_eq!(answer.of(ObligationKind::FeePayment), Some(open("2026-04-22")));
}

#[test]
fn t12_mail_counts_from_the_day_the_office_signed_for_it() {
    // Posted on 27 January, which nobody asks about.
    let facts = [plainly(
        "2026-01-30",
        What::Received {
            channel: Some(Channel::RegisteredPost),
            arrived_on: Some(date("2026-01-30")),
            confirmed_on: None,
            after_hours: false,
        },
    )];
    assert_eq!(Desk::new().ask(&facts, "2026-01-30").due_on, Some(date("2026-03-05")));
}

#[test]
fn t13_sent_online_on_a_holiday_it_counts_from_submission_or_to_the_letter_from_confirmation() {
    let facts = [received_by(Channel::Online, "2026-05-02", "2026-05-06")];
    let answer = Desk::new().ask(&facts, "2026-05-06");
    // Guiding case 26: the day on which the system says "submitted".
    assert_eq!((answer.due_on, answer.prudent_due_on), dates("2026-06-01", "2026-06-01"));
    assert_eq!(answer.by(Point::InternetReceipt, Reading::Confirmation), Some(date("2026-06-02")));
    // Article 31 to the letter.
    let to_the_letter = Desk::new().reading(Point::InternetReceipt, Reading::Confirmation);
    let answer = to_the_letter.ask(&facts, "2026-05-06");
    assert_eq!((answer.due_on, answer.prudent_due_on), dates("2026-06-02", "2026-06-01"));
    assert_eq!(answer.counted_from, date("2026-05-06"));
}

#[test]
fn t14_answered_at_the_counter_it_is_closed_on_day_0() {
    let facts = [received("2026-03-02"), replied("2026-03-02", Outcome::Granted, "2026-03-02")];
    let answer = Desk::new().ask(&facts, "2026-03-02");
    assert_eq!(answer.ended, Some((FactKind::Replied, date("2026-03-02"))));
    assert_eq!(answer.of(ObligationKind::Reply), Some(met("2026-03-30", "2026-03-02")));
}

#[test]
fn t15_posted_on_the_last_day_it_is_in_time_and_remedies_run_from_the_signing() {
    let posted = What::Replied {
        outcome: Some(Outcome::DeniedThirdPartyRights),
        method: Some(ServiceMethod::Post),
        dispatched_on: Some(date("2026-03-30")),
        served_on: Some(date("2026-04-02")),
        not_dispatched: false,
    };
    let facts = [received("2026-03-02"), plainly("2026-03-30", posted)];
    let answer = Desk::new().ask(&facts, "2026-04-02");
    assert_eq!(answer.of(ObligationKind::Reply), Some(met("2026-03-30", "2026-03-30")));
    assert_eq!(answer.ended, Some((FactKind::Replied, date("2026-03-30"))));
    // 60 days after Thursday 2 April is Monday 1 June.
    assert_eq!(answer.of(ObligationKind::Reconsideration), Some(open("2026-06-01")));
}

#[test]
fn t15_handed_over_after_the_last_day_it_is_late_even_if_decided_before() {
    let facts = [received("2026-03-02"), replied("2026-03-30", Outcome::Granted, "2026-03-31")];
    let answer = Desk::new().ask(&facts, "2026-03-31");
    assert_eq!(answer.of(ObligationKind::Reply), Some(met("2026-03-30", "2026-03-31")));
}

#[test]
fn t17_against_a_refusal_reconsideration_comes_first_within_60_days() {
    let facts = [received("2026-03-04"), replied("2026-04-01", Outcome::DeniedStateSecret, "2026-04-01")];
    let answer = Desk::new().ask(&facts, "2026-04-01");
    // The 60th day is Sunday 31 May.
    assert_eq!(answer.of(ObligationKind::Reconsideration), Some(open("2026-06-01")));
    // No date of six months is in the letter.
    assert_eq!(answer.of(ObligationKind::Litigation), None);
}

#[test]
fn t18_after_the_decision_a_suit_is_open_for_15_days() {
    let facts = [
        received("2026-06-01"),
        replied("2026-06-29", Outcome::DeniedStateSecret, "2026-06-29"),
        plainly("2026-09-15", What::ReconsiderationDecided { served_on: Some(date("2026-09-18")) }),
    ];
    let answer = Desk::new().ask(&facts, "2026-09-18");
    // The 15th day is 3 October, in the National Day's holiday.
    assert_eq!(answer.of(ObligationKind::Litigation), Some(open("2026-10-08")));
    assert_eq!(answer.of(ObligationKind::Reconsideration), Some(met("2026-08-28", "2026-09-15")));
}

#[test]
fn t20_over_the_year_s_end_it_is_due_on_13_january() {
    let facts = [received("2025-12-15"), replied("2026-01-13", Outcome::Granted, "2026-01-13")];
    let answer = Desk::new().ask(&facts, "2026-01-13");
    assert_eq!(answer.of(ObligationKind::Reply), Some(met("2026-01-13", "2026-01-13")));
}

#[test]
fn r1_guiding_case_26_under_the_act_before_the_revision() {
    let mut desk = Desk::new();
    desk.pack.limits.reply.length = 15;
    assert_eq!(desk.due(&[received("2011-06-01")]).0, Some(date("2011-06-23")));
}

// --- section 3: the fee and the clock -----------------------------------------------------------------------------

#[test]
fn a_fee_is_payable_within_20_working_days_from_the_day_after_the_notice_was_received() {
    let owed = |facts: &[super::Fact]| {
        Desk::new().ask(facts, "2026-09-30").of(ObligationKind::FeePayment).map(|owed| owed.0)
    };
    let served = [received("2026-08-31"), fee_notice("2026-09-14", Some("2026-09-16"))];
    // Sunday 20 September is a make-up workday, 25 to 27 and 1 to 7 October are off, Saturday 10 October counts.
    assert_eq!(owed(&served), Some(date("2026-10-20")));
    // While the service is not known, from the sending.
    let sent = [received("2026-08-31"), fee_notice("2026-09-14", None)];
    assert_eq!(owed(&sent), Some(date("2026-10-16")));
}

#[test]
fn a_fee_paid_on_a_day_of_rest_begins_the_period_on_that_day_all_the_same() {
    let mut facts = vec![received("2026-03-02"), fee_notice("2026-03-20", None)];
    facts.push(plainly("2026-04-11", What::FeePaid));
    let answer = Desk::new().ask(&facts, "2026-04-11");
    // Paid on a Saturday; Monday the 13th is the first day.
    assert_eq!((answer.counted_from, answer.due_on), (date("2026-04-11"), Some(date("2026-05-12"))));
}

#[test]
fn a_fee_asked_for_after_the_period_has_run_out_revives_nothing() {
    let mut facts = vec![received("2026-03-02"), fee_notice("2026-03-31", None)];
    assert_eq!(Desk::new().ask(&facts, "2026-03-31").due_on, Some(date("2026-03-30")));
    facts.push(plainly("2026-04-10", What::FeePaid));
    assert_eq!(Desk::new().ask(&facts, "2026-04-10").due_on, Some(date("2026-03-30")));
    // On the last day it is in time.
    let in_time = [received("2026-03-02"), fee_notice("2026-03-30", None)];
    assert_eq!(Desk::new().ask(&in_time, "2026-03-30").due_on, None);
}

#[test]
fn a_delayed_reply_is_due_on_the_day_that_was_promised() {
    // Article 35: frequent requests, the reasons good, the time too short. 2 May is a holiday, Wednesday 6 May works.
    let facts = [received("2026-03-02"), delayed("2026-03-30", "2026-05-02")];
    assert_eq!(Desk::new().ask(&facts, "2026-03-30").due_on, Some(date("2026-05-06")));
    let late = [received("2026-03-02"), delayed("2026-03-31", "2026-05-02")];
    assert_eq!(Desk::new().ask(&late, "2026-03-31").due_on, Some(date("2026-03-30")));
}
