//! A second act, of another country (tests/law/uk: the United Kingdom's Freedom of Information Act 2000). The engine takes it as
//! it takes the Chinese Regulation: nothing in it is Chinese but its data.

use std::path::Path;

use chrono::NaiveDate;
use gongkai::domain::channel::Channel;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::time_limit::{
    ConsultationKind, Fact, FactKind, Fault, Light, ObligationKind, Rules, What, timeline, timeline_with_days,
};
use gongkai::law::LawBook;

const ACT: &str = "uk-foia-2000";

fn law() -> LawBook {
    LawBook::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/law")).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn received(on: &str) -> Fact {
    let channel = Some(Channel::Email);
    let what = What::Received { channel, arrived_on: None, confirmed_on: None, after_hours: false };
    Fact::new(day(on), what)
}

fn due(on: &str) -> NaiveDate {
    let law = law();
    let rules = Rules::of(law.pack(ACT).unwrap(), law.calendar("uk").unwrap());
    timeline(&[received(on)], &rules, day(on)).unwrap().due_on.unwrap()
}

/// Section 10(1) and (6): "not later than the twentieth working day following the date of receipt"; a working day is no Saturday,
/// Sunday, Christmas Day, Good Friday or bank holiday. The dates were counted by hand.
#[test]
fn a_reply_is_due_on_the_twentieth_working_day_following_receipt() {
    // Monday 2 February 2026, no bank holiday: four weeks.
    assert_eq!(due("2026-02-02"), day("2026-03-02"));
    // Received on a Saturday: Monday is the first day.
    assert_eq!(due("2026-02-07"), day("2026-03-06"));
    // Across Easter 2026: Good Friday 3 April and Easter Monday 6 April are not counted.
    assert_eq!(due("2026-03-16"), day("2026-04-15"));
    // Received on Good Friday itself: Tuesday the 7th is the first day; the early May bank holiday is not counted either.
    assert_eq!(due("2026-04-03"), day("2026-05-05"));
    // Across Christmas 2025: 25 and 26 December and 1 January.
    assert_eq!(due("2025-12-15"), day("2026-01-15"));
    // The Queen's funeral, proclaimed for 2022: Monday 19 September.
    assert_eq!(due("2022-09-05"), day("2022-10-04"));
}

#[test]
fn each_day_says_why_it_counts_and_the_act_s_own_section_stands_in_the_timeline() {
    let law = law();
    let rules = Rules::of(law.pack(ACT).unwrap(), law.calendar("uk").unwrap());
    let facts = [received("2026-03-16")];
    let (timeline, days) = timeline_with_days(&facts, &rules, day("2026-04-02")).unwrap();
    let reply = timeline.obligations.iter().find(|owed| owed.kind == ObligationKind::Reply).unwrap();
    assert_eq!((reply.article, reply.due_on), ("10(1)", day("2026-04-15")));
    let owed: Vec<_> = timeline.obligations.iter().map(|owed| owed.kind).collect();
    assert_eq!(owed, [ObligationKind::Reply], "the Act owes no notice of a correction or an extension");
    assert!(timeline.segments.iter().all(|segment| segment.article == "10(1)"));
    let of = |date: &str| days.iter().find(|entry| entry.date == day(date)).unwrap();
    assert_eq!((of("2026-04-03").name, of("2026-04-03").ordinal), (Some("Good Friday"), None));
    assert_eq!(of("2026-04-02").ordinal, Some(13));
    assert_eq!(of("2026-04-07").ordinal, Some(14));
    assert_eq!(timeline.light, Some(Light::Green));
    assert_eq!(timeline.provisional, None);
}

#[test]
fn no_chinese_step_is_known() {
    let law = law();
    let rules = Rules::of(law.pack(ACT).unwrap(), law.calendar("uk").unwrap());
    let reference = || "1".to_owned();
    let sent = |kind| What::ConsultationSent { reference: reference(), kind, served_on: None };
    let steps = [
        What::CorrectionRequested { served_on: None, working_days: None, ground: None },
        sent(ConsultationKind::ThirdParty),
        sent(ConsultationKind::JointMaker),
        What::Extended { working_days: 10, approved_on: None },
        What::FeeNotice { served_on: None },
        What::DelayedReplySet { until: day("2026-06-01") },
    ];
    for step in steps {
        let kind = step.kind();
        let facts = [received("2026-03-16"), Fact::new(day("2026-03-17"), step)];
        let fault = timeline(&facts, &rules, day("2026-03-18")).unwrap_err();
        assert_eq!((fault.index, fault.fault), (1, Fault::UnknownToStatute(kind)));
        assert!(fault.fault.message(gongkai::domain::lang::Lang::En).contains(kind.code()));
    }
    // What every act knows: the reply, and taking the request back.
    let replied = What::Replied {
        outcome: Some(Outcome::Granted),
        method: None,
        dispatched_on: Some(day("2026-04-15")),
        served_on: None,
        not_dispatched: false,
    };
    let facts = [received("2026-03-16"), Fact::new(day("2026-04-14"), replied)];
    let ended = timeline(&facts, &rules, day("2026-04-15")).unwrap().ended;
    assert_eq!(ended, Some((FactKind::Replied, day("2026-04-15"))));
}

#[test]
fn it_is_not_offered_to_users() {
    let embedded = LawBook::embedded().unwrap();
    assert!(embedded.pack(ACT).is_none() && embedded.calendar("uk").is_none());
}
