//! Every kind of tampering, at every position: found, at the right position, for the right reason.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::super::{
    ExpectedHeads, FindingKind,
    FindingKind::{
        AgencyGap, AgencyLink, AgencyOrder, BadRecord, BeyondHead, CaseGap, CaseLink, CaseOrder, CasePlace,
        ColumnMismatch, ForeignEvent, HeadMismatch, NotCanonical, SuiteDowngraded, UnknownSuite,
    },
    SealedEvent, verify_agency_chain,
};
use super::{
    AGENCY, LENGTH, OTHER_AGENCY, Writer, case, case_at, edit, findings, instant, places, reseal, sample, seq,
};
use crate::audit::chain::Link;

#[test]
fn an_edited_record_is_found_where_it_stands() {
    for index in 0..LENGTH {
        let found =
            findings(|events| edit(&mut events[index], |record| record["event"]["note"] = json!("forged")));
        let mut expected = vec![(seq(index), AgencyLink)];
        if case_at(index).is_some() {
            expected.push((seq(index), CaseLink));
        }
        assert_eq!(found, expected, "{index}");
    }
}

#[test]
fn every_member_of_a_record_counts() {
    for member in
        ["id", "agency", "case", "agency_seq", "case_seq", "suite", "at", "on", "by", "origin", "event"]
    {
        let removed = findings(|events| {
            edit(&mut events[8], |record| {
                record.as_object_mut().unwrap().remove(member);
            });
        });
        assert_eq!(removed, [(9, BadRecord), (9, AgencyLink), (9, CaseLink)], "{member}");
        let strange = findings(|events| edit(&mut events[8], |record| record[member] = json!([true])));
        let kind = if ["by", "origin"].contains(&member) { AgencyLink } else { BadRecord };
        assert_eq!(strange[0], (9, kind), "{member}");
    }
    let added = findings(|events| edit(&mut events[8], |record| record["extra"] = json!(1)));
    assert_eq!(added[0], (9, BadRecord));
}

#[test]
fn an_edited_record_with_its_own_links_recomputed_is_found_at_the_next_event() {
    for index in 0..LENGTH - 1 {
        let found = findings(|events| {
            edit(&mut events[index], |record| record["event"]["note"] = json!("forged"));
            reseal(events, index);
        });
        assert_eq!(found[0], (seq(index + 1), AgencyLink), "{index}");
        assert!(found[1..].iter().all(|(_, kind)| *kind == CaseLink), "{found:?}");
    }
    // Behind the last event there is none: the heads find it.
    let found = findings(|events| {
        edit(&mut events[LENGTH - 1], |record| record["event"]["note"] = json!("forged"));
        reseal(events, LENGTH - 1);
    });
    assert_eq!(found, [(seq(LENGTH - 1), HeadMismatch)]);
}

#[test]
fn every_column_counts() {
    type Change = fn(&mut SealedEvent);
    let changes: [(&str, Change, FindingKind); 9] = [
        ("id", |event| event.id = Uuid::nil(), ColumnMismatch),
        ("event_type", |event| event.event_type.push('x'), ColumnMismatch),
        ("recorded_at", |event| event.recorded_at += TimeDelta::microseconds(1), ColumnMismatch),
        ("case", |event| event.case = Some(case(77)), ColumnMismatch),
        ("case_seq", |event| event.case_seq = Some(99), ColumnMismatch),
        ("suite", |event| event.suite = 2, ColumnMismatch),
        ("agency_link", |event| event.agency_link = Link::from_bytes([1; 32]), AgencyLink),
        ("case_link", |event| event.case_link = Some(Link::from_bytes([1; 32])), CaseLink),
        ("agency", |event| event.agency = OTHER_AGENCY, ForeignEvent),
    ];
    for (name, change, kind) in changes {
        for index in 0..LENGTH {
            if case_at(index).is_some() {
                let found = findings(|events| change(&mut events[index]));
                assert_eq!(found[0], (seq(index), kind), "{name} {index}: {found:?}");
            }
        }
    }
}

#[test]
fn a_case_without_its_place_is_found() {
    for index in [0, 13, 38] {
        for part in 0..3 {
            let found = findings(|events| match part {
                0 => events[index].case = None,
                1 => events[index].case_seq = None,
                _ => events[index].case_link = None,
            });
            assert!(found.contains(&(seq(index), CasePlace)), "{index} {part}: {found:?}");
            assert_eq!(found[0].0, seq(index));
        }
    }
}

#[test]
fn deleted_events_are_found_where_they_stood() {
    for index in 0..LENGTH - 1 {
        let found = findings(|events| drop(events.remove(index)));
        assert_eq!(found[0], (seq(index), AgencyGap), "{index}");
        assert!(found[1..].iter().all(|(_, kind)| *kind == CaseGap), "{found:?}");
    }
    let found = findings(|events| drop(events.drain(10..20)));
    assert_eq!(found[0], (11, AgencyGap));
    assert_eq!(found[1..].iter().filter(|(_, kind)| *kind == CaseGap).count(), 3);
}

#[test]
fn inserted_events_are_found() {
    for index in 1..LENGTH {
        // A second event 1 below the number, sealed properly from its predecessor.
        let found = findings(|events| {
            let mut forged = events[index].clone();
            edit(&mut forged, |record| record["event"]["note"] = json!("forged"));
            events.insert(index, forged);
            reseal(events, index);
        });
        assert_eq!(found[0], (seq(index), AgencyOrder), "{index}: {found:?}");
    }
    // At the end, with everything right but the heads.
    let mut writer = sample();
    let heads = writer.heads();
    writer.write(Some(case(0)), instant(LENGTH), "forged");
    let found = verify_agency_chain(AGENCY, &writer.events, &heads).unwrap_err();
    let kinds: Vec<_> =
        found.iter().map(|finding| (finding.kind, finding.agency_seq, finding.case)).collect();
    assert_eq!(kinds, [(BeyondHead, Some(seq(LENGTH)), None), (BeyondHead, None, Some(case(0)))]);
}

#[test]
fn an_event_inserted_and_all_later_ones_renumbered_is_found() {
    for index in 1..LENGTH {
        let found = findings(|events| {
            let forged = events[index].clone();
            events.insert(index, forged);
            for event in &mut events[index + 1..] {
                event.agency_seq += 1;
                let seq = event.agency_seq;
                edit(event, |record| record["agency_seq"] = json!(seq));
            }
            reseal(events, index);
        });
        // The forged one is in its place; the first renumbered one no longer has its link.
        assert_eq!(found[0], (seq(index + 1), AgencyLink), "{index}: {found:?}");
    }
}

#[test]
fn swapped_events_are_found() {
    for index in 0..LENGTH - 1 {
        let moved = findings(|events| events.swap(index, index + 1));
        assert_eq!(moved[..2], [(seq(index), AgencyGap), (seq(index), AgencyOrder)], "{index}: {moved:?}");
        let renumbered = findings(|events| {
            events.swap(index, index + 1);
            events[index].agency_seq = seq(index);
            events[index + 1].agency_seq = seq(index + 1);
        });
        assert_eq!(renumbered[0], (seq(index), ColumnMismatch), "{index}");
    }
}

#[test]
fn repeated_events_are_found() {
    for index in 0..LENGTH {
        let found = findings(|events| {
            let copy = events[index].clone();
            events.insert(index + 1, copy);
        });
        assert_eq!(found[0], (seq(index), AgencyOrder), "{index}");
        let later = findings(|events| events.push(events[index].clone()));
        assert_eq!(later[0], (seq(index), AgencyOrder), "{index}");
        if case_at(index).is_some() {
            assert_eq!(later[1], (seq(index), CaseOrder), "{index}");
        }
    }
}

#[test]
fn an_event_moved_to_another_case_is_found() {
    for index in (0..LENGTH).filter(|index| case_at(*index).is_some()) {
        let target = case((index % 4 + 1) % 3);
        let columns = findings(|events| events[index].case = Some(target));
        assert_eq!(columns[0], (seq(index), ColumnMismatch), "{index}");
        let record_too = findings(|events| {
            events[index].case = Some(target);
            edit(&mut events[index], |record| record["case"] = json!(target));
        });
        assert_eq!(record_too[0], (seq(index), AgencyLink), "{index}");
    }
}

#[test]
fn an_event_moved_to_another_agency_is_found_in_both() {
    let mut other = Writer::new(OTHER_AGENCY);
    for index in 0..LENGTH {
        other.write(None, instant(index), "theirs");
    }
    for index in [0, 7, LENGTH - 1] {
        let missing = findings(|events| drop(events.remove(index)));
        assert_eq!(missing[0].0, seq(index));
        let mut events = other.events.clone();
        let mut moved = sample().events.swap_remove(index);
        moved.agency = OTHER_AGENCY;
        events[index] = moved;
        let found = places(&verify_agency_chain(OTHER_AGENCY, &events, &other.heads()).unwrap_err());
        assert_eq!(found[..2], [(seq(index), ColumnMismatch), (seq(index), AgencyLink)], "{index}");
    }
    // A whole chain under another name does not pass either.
    let found = verify_agency_chain(OTHER_AGENCY, &sample().events, &ExpectedHeads::default()).unwrap_err();
    assert!(found.iter().all(|finding| finding.kind == ForeignEvent));
}

#[test]
fn renumbered_events_are_found() {
    for index in 0..LENGTH {
        let column = findings(|events| events[index].agency_seq += 1000);
        assert!(column.contains(&(seq(index) + 1000, ColumnMismatch)), "{index}: {column:?}");
        assert_eq!(column[0], (seq(index), AgencyGap), "{index}");
        let all = findings(|events| {
            for event in &mut events[index..] {
                event.agency_seq += 1;
                let seq = event.agency_seq;
                edit(event, |record| record["agency_seq"] = json!(seq));
            }
        });
        assert_eq!(all[0], (seq(index), AgencyGap), "{index}");
    }
}

#[test]
fn another_suite_is_found() {
    for (suite, kind) in
        [(0, SuiteDowngraded), (-1, SuiteDowngraded), (2, UnknownSuite), (i16::MAX, UnknownSuite)]
    {
        for index in 0..LENGTH {
            let found = findings(|events| {
                events[index].suite = suite;
                edit(&mut events[index], |record| record["suite"] = json!(suite));
            });
            assert_eq!(found, [(seq(index), kind)], "{suite} {index}");
        }
    }
}

#[test]
fn canonical_tricks_are_found() {
    type Trick = fn(&str) -> String;
    let tricks: [(&str, Trick); 8] = [
        ("space", |text| text.replacen(':', ": ", 1)),
        ("line end", |text| format!("{text}\n")),
        ("order", |text| text.replacen("{\"agency\":", "{\"z\":1,\"agency\":", 1)),
        ("name twice", |text| text.replacen('{', "{\"agency\":null,", 1)),
        ("fraction", |text| text.replacen("\"suite\":1", "\"suite\":1.0", 1)),
        ("exponent", |text| text.replacen("\"suite\":1", "\"suite\":1e0", 1)),
        ("escape", |text| text.replacen("note", "n\\u006fte", 1)),
        ("NUL", |text| text.replacen("note ", "note\0", 1)),
    ];
    for (name, trick) in tricks {
        for index in 0..LENGTH {
            let found = findings(|events| events[index].record = trick(&events[index].record));
            assert_eq!(found[0], (seq(index), NotCanonical), "{name} {index}");
            // Even with links that fit the other spelling.
            let resealed = findings(|events| {
                events[index].record = trick(&events[index].record);
                reseal(events, index);
            });
            assert_eq!(resealed[0], (seq(index), NotCanonical), "{name} {index}");
        }
    }
    // A letter in another composition is canonical, and another text.
    let found = findings(|events| edit(&mut events[5], |record| record["event"]["note"] = json!("e\u{301}")));
    assert_eq!(found[0], (6, AgencyLink));
}
