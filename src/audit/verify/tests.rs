//! What a good chain looks like, and what only heads and checkpoints can show.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, TimeZone as _, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    ExpectedHeads, Finding, FindingKind,
    FindingKind::{
        BeyondHead, CaseGap, CaseLink, CheckpointMismatch, ClockBackwards, ForeignEvent, HeadMismatch,
        TailMissing, TooMany,
    },
    Head, MAX_FINDINGS, SealedEvent, Verifier, verify_agency_chain, verify_case_chain,
};
use crate::audit::{
    canonical::canonical_json,
    chain::{ChainId, Link, Suite, link},
};

mod checkpoints;
mod tampering;

const AGENCY: Uuid = Uuid::from_u128(0xa);
const OTHER_AGENCY: Uuid = Uuid::from_u128(0xb);
const SUITE: Suite = Suite::Sha256V1;
/// Events of a sample chain, and the cases they take turns with; every fourth event is the agency's own.
const LENGTH: usize = 40;

fn case(number: usize) -> Uuid {
    Uuid::from_u128(0xca5e_0000 + u128::try_from(number).unwrap())
}

/// The case of the event at this index.
fn case_at(index: usize) -> Option<Uuid> {
    (index % 4 != 3).then(|| case(index % 4))
}

fn instant(index: usize) -> DateTime<Utc> {
    let start = Utc.with_ymd_and_hms(2026, 11, 21, 1, 0, 0).unwrap();
    start + TimeDelta::microseconds(i64::try_from(index).unwrap() * 1_500_000)
}

/// Writes events of one agency as the store does.
struct Writer {
    agency: Uuid,
    head: Head,
    cases: BTreeMap<Uuid, Head>,
    events: Vec<SealedEvent>,
}

impl Writer {
    fn new(agency: Uuid) -> Self {
        let head = Head::start(SUITE, &ChainId::Agency(agency));
        Self { agency, head, cases: BTreeMap::new(), events: Vec::new() }
    }

    fn write(&mut self, case: Option<Uuid>, at: DateTime<Utc>, note: &str) {
        let case_head = case.map(|id| {
            let start = || Head::start(SUITE, &ChainId::Case(id));
            self.cases.get(&id).copied().unwrap_or_else(start)
        });
        let (id, agency_seq) = (Uuid::from_u128(u128::from(self.head.seq) + 0x1d), self.head.seq + 1);
        let case_seq = case_head.map(|head| head.seq + 1);
        let record = canonical_json(&json!({
            "id": id, "agency": self.agency, "agency_seq": agency_seq, "case": case, "case_seq": case_seq,
            "suite": SUITE.id(), "at": at.to_rfc3339_opts(SecondsFormat::Micros, true), "on": "2026-11-21",
            "by": {"person": Uuid::nil()}, "origin": "api", "event": {"type": "noted", "note": note},
        }))
        .unwrap();
        let bytes = record.as_bytes();
        self.head = Head {
            seq: agency_seq,
            link: link(SUITE, &ChainId::Agency(self.agency), agency_seq, &self.head.link, bytes),
        };
        let case_link = case.zip(case_head).map(|(id, head)| {
            let seq = head.seq + 1;
            let link = link(SUITE, &ChainId::Case(id), seq, &head.link, bytes);
            self.cases.insert(id, Head { seq, link });
            link
        });
        self.events.push(SealedEvent {
            agency: self.agency,
            agency_seq,
            case,
            case_seq,
            suite: SUITE.id(),
            id,
            event_type: "noted".to_owned(),
            recorded_at: at,
            record,
            agency_link: self.head.link,
            case_link,
        });
    }

    fn heads(&self) -> ExpectedHeads {
        ExpectedHeads { agency: Some(self.head), cases: Some(self.cases.clone()) }
    }
}

fn sample() -> Writer {
    let mut writer = Writer::new(AGENCY);
    for index in 0..LENGTH {
        writer.write(case_at(index), instant(index), &format!("note {index}"));
    }
    writer
}

/// The findings after a change to the sample's events, as `(agency_seq, kind)`.
fn findings(change: impl FnOnce(&mut Vec<SealedEvent>)) -> Vec<(u64, FindingKind)> {
    let writer = sample();
    let mut events = writer.events.clone();
    change(&mut events);
    places(&verify_agency_chain(AGENCY, &events, &writer.heads()).expect_err("the change must be found"))
}

/// Findings as `(agency_seq, kind)`, without those at the ends of chains.
fn places(findings: &[Finding]) -> Vec<(u64, FindingKind)> {
    findings.iter().filter_map(|finding| Some((finding.agency_seq?, finding.kind))).collect()
}

/// The sequence number of the event at an index.
fn seq(index: usize) -> u64 {
    u64::try_from(index).unwrap() + 1
}

/// Changes one member of a record, in canonical form.
fn edit(event: &mut SealedEvent, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_str(&event.record).unwrap();
    change(&mut value);
    event.record = canonical_json(&value).unwrap();
}

/// Computes both links of the event at `index` from the stored links before it.
fn reseal(events: &mut [SealedEvent], index: usize) {
    let prev = index.checked_sub(1).map(|before| events[before].agency_link);
    let case_prev = events[..index]
        .iter()
        .rev()
        .find(|event| event.case == events[index].case)
        .and_then(|event| event.case_link);
    let event = &mut events[index];
    let (agency, bytes) = (ChainId::Agency(event.agency), event.record.clone().into_bytes());
    let prev = prev.unwrap_or_else(|| Head::start(SUITE, &agency).link);
    event.agency_link = link(SUITE, &agency, event.agency_seq, &prev, &bytes);
    event.case_link = event.case.zip(event.case_seq).map(|(id, seq)| {
        let chain = ChainId::Case(id);
        link(SUITE, &chain, seq, &case_prev.unwrap_or_else(|| Head::start(SUITE, &chain).link), &bytes)
    });
}

#[test]
fn an_untouched_chain_has_no_findings() {
    let writer = sample();
    let report = verify_agency_chain(AGENCY, &writer.events, &writer.heads()).unwrap();
    assert_eq!((report.events, report.cases, report.head), (40, 3, Some(writer.head)));
    assert_eq!(report.warnings, []);
    let nothing: [SealedEvent; 0] = [];
    let report = verify_agency_chain(AGENCY, nothing, &ExpectedHeads::default()).unwrap();
    assert_eq!((report.events, report.head), (0, None));
}

#[test]
fn a_cut_tail_is_found_against_the_heads_only() {
    let writer = sample();
    for kept in 0..LENGTH {
        let found = findings(|events| events.truncate(kept));
        assert_eq!(found[0], (seq(kept), TailMissing), "{kept}");
        // Without heads it cannot be seen: this is what a chain does not prove.
        assert!(verify_agency_chain(AGENCY, &writer.events[..kept], &ExpectedHeads::default()).is_ok());
    }
}

#[test]
fn a_clock_that_ran_backwards_is_a_warning() {
    let mut writer = Writer::new(AGENCY);
    for index in [0, 1, 9, 4, 5, 6] {
        writer.write(None, instant(index), "note");
    }
    let report = verify_agency_chain(AGENCY, &writer.events, &writer.heads()).unwrap();
    assert_eq!(places(&report.warnings), [(4, ClockBackwards)]);
    assert_eq!(
        report.warnings[0].to_string(),
        "event 4: the event was recorded at 2026-11-21 01:00:06 UTC, before its predecessor (2026-11-21 01:00:13.500 UTC)"
    );
}

#[test]
fn heads_of_cases_are_compared_too() {
    let writer = sample();
    let kinds = |change: fn(&mut BTreeMap<Uuid, Head>)| {
        let mut heads = writer.heads();
        change(heads.cases.as_mut().unwrap());
        let found = verify_agency_chain(AGENCY, &writer.events, &heads).unwrap_err();
        found.iter().map(|finding| (finding.kind, finding.case, finding.case_seq)).collect::<Vec<_>>()
    };
    let head = |heads: &mut BTreeMap<Uuid, Head>| heads[&case(1)];
    assert_eq!(head(&mut writer.cases.clone()).seq, 10);
    let longer = kinds(|heads| heads.get_mut(&case(1)).unwrap().seq += 2);
    assert_eq!(longer, [(TailMissing, Some(case(1)), Some(11))]);
    let shorter = kinds(|heads| heads.get_mut(&case(1)).unwrap().seq -= 2);
    assert_eq!(shorter, [(BeyondHead, Some(case(1)), Some(9))]);
    let other = kinds(|heads| heads.get_mut(&case(1)).unwrap().link = Link::from_bytes([0; 32]));
    assert_eq!(other, [(HeadMismatch, Some(case(1)), Some(10))]);
    let unlisted = kinds(|heads| heads.retain(|id, _| *id != case(1)));
    assert_eq!(unlisted, [(BeyondHead, Some(case(1)), Some(0))]);
    let unknown = kinds(|heads| heads.extend([(case(9), Head { seq: 1, link: Link::from_bytes([0; 32]) })]));
    assert_eq!(unknown, [(TailMissing, Some(case(9)), Some(1))]);
}

#[test]
fn a_chain_written_anew_is_found_against_a_checkpoint() {
    let writer = sample();
    let checkpoint = |index: usize| Head { seq: seq(index), link: writer.events[index].agency_link };
    let verify = |events: &[SealedEvent], checkpoints: Vec<Head>| {
        let mut verifier = Verifier::new(ChainId::Agency(AGENCY)).with_checkpoints(checkpoints);
        for event in events {
            verifier.push(event);
        }
        verifier.finish(&ExpectedHeads::default()).map_err(|found| places(&found))
    };
    assert!(verify(&writer.events, vec![checkpoint(9), checkpoint(39)]).is_ok());
    let mut anew = Writer::new(AGENCY);
    for index in 0..LENGTH {
        let note = if index == 5 { "forged".to_owned() } else { format!("note {index}") };
        anew.write(case_at(index), instant(index), &note);
    }
    // Whoever can write all of it and its heads leaves no trace inside.
    assert!(verify_agency_chain(AGENCY, &anew.events, &anew.heads()).is_ok());
    assert_eq!(verify(&anew.events, vec![checkpoint(4)]).map(|_| ()), Ok(()));
    assert_eq!(verify(&anew.events, vec![checkpoint(4), checkpoint(9)]), Err(vec![(10, CheckpointMismatch)]));
    // An old copy put back in place.
    assert_eq!(
        verify(&writer.events[..20], vec![checkpoint(9), checkpoint(30)]),
        Err(vec![(21, TailMissing)])
    );
}

#[test]
fn a_case_can_be_verified_on_its_own() {
    let writer = sample();
    let of_case = |number| writer.events.iter().filter(move |event| event.case == Some(case(number)));
    let head = writer.cases[&case(2)];
    let report = verify_case_chain(case(2), of_case(2), Some(head)).unwrap();
    assert_eq!((report.events, report.cases, report.head), (10, 1, Some(head)));

    let kinds = |events: Vec<SealedEvent>| {
        let found = verify_case_chain(case(2), &events, Some(head)).unwrap_err();
        found.iter().map(|finding| (finding.case_seq, finding.kind)).collect::<Vec<_>>()
    };
    let events: Vec<SealedEvent> = of_case(2).cloned().collect();
    let mut edited = events.clone();
    edit(&mut edited[4], |record| record["event"]["note"] = json!("forged"));
    assert_eq!(kinds(edited), [(Some(5), CaseLink)]);
    let mut removed = events.clone();
    removed.remove(4);
    assert_eq!(kinds(removed), [(Some(5), CaseGap)]);
    let mut foreign = events.clone();
    foreign.insert(3, of_case(1).next().unwrap().clone());
    assert_eq!(kinds(foreign), [(Some(1), ForeignEvent)]);
    assert_eq!(kinds(events[..8].to_vec()), [(Some(9), TailMissing)]);
}

#[test]
fn findings_are_limited() {
    let foreign = sample().events.remove(0);
    let events = std::iter::repeat_n(&foreign, MAX_FINDINGS + 7);
    let found = verify_agency_chain(OTHER_AGENCY, events, &ExpectedHeads::default()).unwrap_err();
    assert_eq!(found.len(), MAX_FINDINGS + 1);
    let last = found.last().unwrap();
    assert_eq!((last.kind, last.to_string().as_str()), (TooMany, "7 further findings are left out"));
}

#[test]
fn findings_read_as_sentences_and_as_json() {
    let writer = sample();
    let mut events = writer.events.clone();
    events.drain(4..6);
    let found = verify_agency_chain(AGENCY, &events, &ExpectedHeads::default()).unwrap_err();
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(lines[0], "event 5: events 5 to 6 are missing from the agency's chain");
    assert_eq!(
        lines[1],
        format!("event 9: case {}, its event 2: event 2 is missing from the case's chain", case(0))
    );
    let expected = json!({
        "agency_seq": 5, "case": null, "case_seq": null, "kind": "agency_gap",
        "message": "events 5 to 6 are missing from the agency's chain",
    });
    assert_eq!(serde_json::to_value(&found[0]).unwrap(), expected);
}

#[test]
fn sealed_events_are_exported_and_read_back() {
    let event = sample().events.remove(0);
    let line = serde_json::to_string(&event).unwrap();
    assert_eq!(serde_json::from_str::<SealedEvent>(&line).unwrap(), event);
}
