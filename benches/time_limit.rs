//! What a timeline costs: `cargo bench --bench time_limit`. The targets (5 µs for a timeline of 20 facts, 50 µs with its day
//! list) are medians of a release build; bench/README.md says how to read them.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where its own data are wrong")]

use std::hint::black_box;

use chrono::NaiveDate;
use criterion::{Criterion, criterion_group, criterion_main};
use gongkai::domain::time_limit::{ConsultationKind, Fact, Rules, What, timeline, timeline_with_days};
use gongkai::law::LawBook;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Twenty facts of one long case: a correction, six consultations, some overlapping, reasons, an extension, the reply.
fn twenty_facts() -> Vec<Fact> {
    let mut facts = vec![
        Fact::received(date("2026-03-02")),
        Fact::new(
            date("2026-03-09"),
            What::CorrectionRequested {
                served_on: Some(date("2026-03-09")),
                working_days: Some(15),
                ground: None,
            },
        ),
        Fact::new(date("2026-03-18"), What::Corrected),
        Fact::new(date("2026-03-19"), What::ReasonsRequested),
        Fact::new(date("2026-03-23"), What::ReasonsGiven),
        Fact::new(
            date("2026-04-10"),
            What::Extended { working_days: 20, approved_on: Some(date("2026-04-09")) },
        ),
    ];
    let kinds = [ConsultationKind::ThirdParty, ConsultationKind::JointMaker, ConsultationKind::OtherOrgan];
    for (n, kind) in (0_u64..6).zip(kinds.into_iter().cycle()) {
        let reference = n.to_string();
        let sent = date("2026-03-20") + chrono::Days::new(n * 4);
        let served_on = Some(sent + chrono::Days::new(2));
        facts.push(Fact::new(sent, What::ConsultationSent { reference: reference.clone(), kind, served_on }));
        facts.push(Fact::new(sent + chrono::Days::new(11), What::ConsultationAnswered { reference }));
    }
    facts.push(Fact::new(
        date("2026-06-10"),
        What::Replied {
            outcome: None,
            method: None,
            dispatched_on: None,
            served_on: Some(date("2026-06-12")),
            not_dispatched: false,
        },
    ));
    facts.push(Fact::new(date("2026-07-20"), What::ReconsiderationDecided { served_on: None }));
    assert_eq!(facts.len(), 20);
    facts
}

fn timelines(criterion: &mut Criterion) {
    let law = LawBook::embedded().unwrap();
    let rules = Rules::of(law.pack("cn-ogi-2019").unwrap(), law.calendar("cn").unwrap());
    let as_of = date("2026-04-01");
    let (plain, facts) = ([Fact::received(date("2026-03-02"))], twenty_facts());
    criterion.bench_function("timeline of 1 fact", |bencher| {
        bencher.iter(|| timeline(black_box(&plain), &rules, as_of).unwrap().due_on);
    });
    criterion.bench_function("timeline of 20 facts", |bencher| {
        bencher.iter(|| timeline(black_box(&facts), &rules, as_of).unwrap().due_on);
    });
    criterion.bench_function("timeline of 20 facts with its days", |bencher| {
        bencher.iter(|| timeline_with_days(black_box(&facts), &rules, as_of).unwrap().1.len());
    });
    let calendar = law.calendar("cn").unwrap();
    criterion.bench_function("20 working days after a day", |bencher| {
        bencher.iter(|| calendar.add_working_days(black_box(date("2026-03-02")), 20).unwrap());
    });
}

criterion_group!(benches, timelines);
criterion_main!(benches);
