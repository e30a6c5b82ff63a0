use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Timelike as _, Utc};

use super::cases::{entries, plan};
use super::days::Days;
use super::matters::{MATTERS, applicant, description, reply};
use super::office::{STATUTE, ZONE};
use super::script::{Deed, Twist};
use crate::app::execute::Order;
use crate::app::shown::check_shown;
use crate::clock::civil_date;
use crate::domain::applicant::ApplicantKind;
use crate::domain::channel::Channel;
use crate::domain::identity::{check_resident_id, is_old_resident_id};
use crate::domain::outcome::Outcome;
use crate::domain::text::{FindingKind, find_personal_data};
use crate::law::LawBook;

/// Noon and the last minute of every day of two years, one of them beyond the published calendar.
fn instants() -> impl Iterator<Item = DateTime<Utc>> {
    let first: DateTime<Utc> = "2026-01-01T04:00:00Z".parse().unwrap();
    (0..731).map(move |day| first + Duration::days(day) + Duration::minutes((day % 2) * 719))
}

fn days(now: DateTime<Utc>, law: &LawBook) -> Days {
    let calendar = law.calendar(&law.pack(STATUTE).unwrap().calendar).unwrap();
    Days::of_the_year_before(now, ZONE, calendar).unwrap()
}

#[test]
fn everything_is_entered_in_office_hours_before_today() {
    let law = LawBook::embedded().unwrap();
    let calendar = law.calendar("cn").unwrap();
    for now in instants().step_by(5) {
        let today = civil_date(now, ZONE);
        let mut latest = BTreeMap::new();
        let entries = entries(&days(now, &law));
        assert!(entries.len() > 1500, "{}", entries.len());
        for entry in entries {
            let on = civil_date(entry.at, ZONE);
            assert!(on < today && calendar.is_working_day(on), "{now}: {on}");
            assert!((9..18).contains(&entry.at.with_timezone(&ZONE).hour()), "{}", entry.at);
            assert!(entry.on.is_none_or(|earlier| earlier < on));
            let before = latest.insert(entry.case, entry.at);
            assert!(before.is_none_or(|before| before < entry.at), "case {} at {now}", entry.case);
        }
    }
}

#[test]
fn a_year_has_every_channel_kind_twist_and_many_outcomes() {
    let law = LawBook::embedded().unwrap();
    let plan = plan(&days("2026-11-22T04:00:00Z".parse().unwrap(), &law));
    assert_eq!(plan.len(), 155);
    let channels: BTreeSet<Channel> = plan.iter().map(|case| case.channel).collect();
    assert_eq!(channels.len(), Channel::ALL.len());
    let kinds: BTreeSet<ApplicantKind> = plan.iter().map(|case| applicant(case.n).kind).collect();
    assert_eq!(kinds.len(), ApplicantKind::ALL.len());
    let twists: BTreeSet<Twist> = plan.iter().map(|case| case.twist).collect();
    assert_eq!(twists.len(), 18);
    let outcomes: BTreeSet<Outcome> = plan.iter().map(|case| case.matter.outcome).collect();
    assert!(outcomes.len() >= 15);
    let asked: BTreeSet<(&str, usize)> =
        plan.iter().map(|case| (case.matter.subject, case.place % 6)).collect();
    assert_eq!(asked.len(), plan.len(), "two cases ask for the same of the same place");
}

#[test]
fn nothing_is_a_real_persons() {
    for n in 1..=200_u32 {
        let person = applicant(n);
        for matter in MATTERS {
            let subject = matter.summary(usize::try_from(n).unwrap(), 2025);
            assert!(check_shown(Some(&subject), &[], Some(&person)).is_empty(), "{subject}");
            assert!(!subject.contains(['{', '}']));
            for words in [description(&subject, n), reply(&subject, matter.outcome, 2)] {
                assert!(find_personal_data(&words).is_empty(), "{words}");
            }
        }
        assert!(["示例", "样例", "虚构"].iter().any(|mark| person.name.starts_with(mark)), "{}", person.name);
        if let Some(identity) = person.identity {
            assert!(check_resident_id(&identity.number, "2026-11-22".parse().unwrap()).is_err());
            assert!(!is_old_resident_id(&identity.number));
        }
        let phone = person.phone.unwrap_or_default();
        let findings = find_personal_data(&phone);
        assert!(!findings.iter().any(|finding| finding.kind == FindingKind::MobilePhone), "{phone}");
        assert!(person.email.is_none_or(|email| email.ends_with("@example.invalid")));
    }
}

#[test]
fn some_things_are_entered_late() {
    let law = LawBook::embedded().unwrap();
    let entries = entries(&days("2026-11-22T04:00:00Z".parse().unwrap(), &law));
    let late = entries.iter().filter(|entry| match &entry.deed {
        Deed::Receive(reception) => reception.arrived_on < Some(civil_date(entry.at, ZONE)),
        Deed::Give(order) => matches!(**order, Order::Serve { .. }) && entry.on.is_some(),
        Deed::Assign { .. } | Deed::Review { .. } | Deed::Issue => false,
    });
    assert!(late.count() > 10);
}
