//! The kinds of tampering with the tables (reliability 3.4), and what each must be found as, and where.

use chrono::TimeDelta;
use gongkai::audit::verify::FindingKind::{
    self, AgencyGap, AgencyLink, BeyondHead, CaseLink, CheckpointMismatch, CheckpointUnreadable,
    ColumnMismatch, HeadForged, HeadMismatch, NotCanonical, SuiteDowngraded, TailMissing,
};
use gongkai::crypto::random;
use gongkai::store::{At, EventRow, Key};
use serde_json::json;

use super::copy::{Copy, edit, lie, renumber};

/// The position and the reason of the first finding.
pub type Found = (u64, FindingKind);

/// The same; none when nobody can see it.
pub type Expected = Option<Found>;

/// A kind: its name, whether it needs an event of a case, what is done at an index.
pub struct Kind {
    pub name: &'static str,
    pub of_case: bool,
    pub change: fn(&mut Copy, usize) -> Expected,
}

fn seq(index: usize) -> u64 {
    u64::try_from(index).unwrap() + 1
}

/// The first checkpoint that covers an event.
fn covering(copy: &Copy, seq: u64) -> Option<u64> {
    copy.checkpoints.iter().map(|row| row.size.unsigned_abs()).find(|size| *size >= seq)
}

/// Where a record is found that was changed together with its own links.
fn resealed(copy: &Copy, index: usize) -> Found {
    let at = seq(index);
    if covering(copy, at) == Some(at) {
        return (at, CheckpointMismatch);
    }
    if index + 1 == copy.rows.len() { (at, HeadMismatch) } else { (at + 1, AgencyLink) }
}

/// A kind that changes one row, which is found there.
macro_rules! at_its_place {
    ($name:literal, $of_case:literal, $kind:expr, |$row:ident| $change:expr) => {
        Kind {
            name: $name,
            of_case: $of_case,
            change: |copy, index| {
                let $row: &mut EventRow = &mut copy.rows[index];
                $change;
                Some((seq(index), $kind))
            },
        }
    };
}

/// A record in another spelling, with links that fit it.
fn trick(copy: &mut Copy, index: usize, spell: fn(&str) -> String) -> Found {
    copy.rows[index].record = spell(&copy.rows[index].record);
    copy.reseal(index..index + 1);
    (seq(index), NotCanonical)
}

pub const KINDS: &[Kind] = &[
    at_its_place!("column id", false, ColumnMismatch, |row| row.id = Key(random::random_id())),
    at_its_place!("column event_type", false, ColumnMismatch, |row| row.event_type.push('x')),
    at_its_place!("column recorded_at", false, ColumnMismatch, |row| {
        row.recorded_at = At(row.recorded_at.0 + TimeDelta::microseconds(1));
    }),
    at_its_place!("column suite", false, ColumnMismatch, |row| row.suite = 2),
    at_its_place!("column case_seq", true, ColumnMismatch, |row| row.case_seq = Some(9_999)),
    at_its_place!("column case_id: moved to another case", true, ColumnMismatch, |row| {
        row.case_id = Some(Key(random::random_id()));
    }),
    at_its_place!("column agency_link", false, AgencyLink, |row| row.agency_link = vec![7; 32]),
    at_its_place!("column case_link", true, CaseLink, |row| row.case_link = Some(vec![7; 32])),
    at_its_place!("record", false, AgencyLink, |row| lie(row)),
    at_its_place!("a suite that is no longer used", false, SuiteDowngraded, |row| {
        row.suite = 0;
        edit(row, |record| record["suite"] = json!(0));
    }),
    Kind {
        name: "record and its own links",
        of_case: false,
        change: |copy, index| {
            lie(&mut copy.rows[index]);
            copy.reseal(index..index + 1);
            Some(resealed(copy, index))
        },
    },
    Kind {
        name: "record, and everything behind it written anew, ends and checkpoints too",
        of_case: false,
        change: |copy, index| {
            let found = covering(copy, seq(index)).map(|size| (size, CheckpointMismatch));
            // Without a key he cannot seal the end that he made.
            let forged = (seq(copy.rows.len() - 1), HeadForged);
            lie(&mut copy.rows[index]);
            copy.reseal(index..copy.rows.len());
            copy.remember();
            copy.checkpoints.retain(|row| row.size.unsigned_abs() < seq(index));
            Some(found.unwrap_or(forged))
        },
    },
    Kind {
        name: "an event deleted",
        of_case: false,
        change: |copy, index| {
            let last = index + 1 == copy.rows.len();
            copy.rows.remove(index);
            Some((seq(index), if last { TailMissing } else { AgencyGap }))
        },
    },
    Kind {
        name: "the first event deleted",
        of_case: false,
        change: |copy, _| {
            copy.rows.remove(0);
            Some((1, AgencyGap))
        },
    },
    Kind {
        name: "the end cut off (or an older copy put back), ends and checkpoints too",
        of_case: false,
        change: |copy, index| {
            let newest = copy.checkpoints.last().map_or(0, |row| row.size.unsigned_abs());
            copy.rows.truncate(index);
            copy.remember();
            copy.seal = copy.seals[index].clone();
            copy.checkpoints.retain(|row| row.size.unsigned_abs() < seq(index));
            (seq(index) <= newest).then_some((seq(index), TailMissing))
        },
    },
    Kind {
        name: "a forged event inserted, all later ones renumbered",
        of_case: false,
        change: |copy, index| {
            let mut forged = copy.rows[index].clone();
            forged.id = Key(random::random_id());
            (forged.case_id, forged.case_seq, forged.case_link) = (None, None, None);
            let id = forged.id.0;
            edit(&mut forged, |record| {
                record["id"] = json!(id);
                record["case"] = json!(null);
                record["case_seq"] = json!(null);
                record["on"] = json!("2001-01-01");
            });
            for row in &mut copy.rows[index..] {
                renumber(row, row.agency_seq + 1);
            }
            copy.rows.insert(index, forged);
            copy.reseal(index..index + 1);
            // The checkpoint at this event holds another link.
            let at = seq(index);
            Some(if covering(copy, at) == Some(at) { (at, CheckpointMismatch) } else { (at + 1, AgencyLink) })
        },
    },
    Kind {
        name: "a forged event appended",
        of_case: false,
        change: |copy, index| {
            append(copy, index);
            Some((seq(copy.rows.len() - 1), BeyondHead))
        },
    },
    Kind {
        name: "a forged event appended behind the last checkpoint, and the end moved",
        of_case: false,
        change: |copy, index| {
            append(copy, index);
            copy.remember();
            Some((seq(copy.rows.len() - 1), HeadForged))
        },
    },
    Kind {
        name: "two events swapped",
        of_case: false,
        change: |copy, index| {
            let index = index.min(copy.rows.len() - 2);
            copy.rows.swap(index, index + 1);
            let (left, right) = (copy.rows[index].agency_seq, copy.rows[index + 1].agency_seq);
            (copy.rows[index].agency_seq, copy.rows[index + 1].agency_seq) = (right, left);
            Some((seq(index), ColumnMismatch))
        },
    },
    Kind {
        name: "an event repeated at the end",
        of_case: false,
        change: |copy, index| {
            let mut again = copy.rows[index].clone();
            again.id = Key(random::random_id());
            again.agency_seq = copy.head.0 + 1;
            (again.case_id, again.case_seq, again.case_link) = (None, None, None);
            copy.rows.push(again);
            Some((seq(copy.rows.len() - 1), ColumnMismatch))
        },
    },
    Kind {
        name: "all events from one on renumbered",
        of_case: false,
        change: |copy, index| {
            for row in &mut copy.rows[index..] {
                renumber(row, row.agency_seq + 1);
            }
            Some((seq(index), AgencyGap))
        },
    },
    Kind {
        name: "canonical: white space",
        of_case: false,
        change: |copy, index| Some(trick(copy, index, |text| text.replacen(':', ": ", 1))),
    },
    Kind {
        name: "canonical: order of members",
        of_case: false,
        change: |copy, index| {
            Some(trick(copy, index, |text| text.replacen("{\"agency\":", "{\"z\":1,\"agency\":", 1)))
        },
    },
    Kind {
        name: "canonical: a name twice",
        of_case: false,
        change: |copy, index| Some(trick(copy, index, |text| text.replacen('{', "{\"agency\":null,", 1))),
    },
    Kind {
        name: "canonical: another form of a number",
        of_case: false,
        change: |copy, index| {
            Some(trick(copy, index, |text| text.replacen("\"suite\":1", "\"suite\":1.0", 1)))
        },
    },
    Kind {
        name: "canonical: an escape",
        of_case: false,
        change: |copy, index| Some(trick(copy, index, |text| text.replacen("origin", "or\\u0069gin", 1))),
    },
    Kind {
        name: "a checkpoint of the database exchanged",
        of_case: false,
        change: |copy, index| {
            let index = index % copy.checkpoints.len();
            let row = &mut copy.checkpoints[index];
            row.note = row.note.replace("\ntime 2", "\ntime 1");
            Some((row.size.unsigned_abs(), CheckpointUnreadable))
        },
    },
];

/// An event that never was, with every link right.
fn append(copy: &mut Copy, index: usize) {
    let mut forged = copy.rows[index].clone();
    forged.id = Key(random::random_id());
    forged.agency_seq = copy.head.0 + 1;
    (forged.case_id, forged.case_seq, forged.case_link) = (None, None, None);
    "department_created".clone_into(&mut forged.event_type);
    forged.recorded_at = copy.rows.last().unwrap().recorded_at;
    let (id, seq) = (forged.id.0, forged.agency_seq);
    let at = forged.recorded_at.0.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    edit(&mut forged, |record| {
        record["id"] = json!(id);
        record["agency_seq"] = json!(seq);
        record["case"] = json!(null);
        record["case_seq"] = json!(null);
        record["at"] = json!(at);
        record["event"] = json!({ "type": "department_created", "department": random::random_id() });
    });
    copy.rows.push(forged);
    let last = copy.rows.len() - 1;
    copy.reseal(last..last + 1);
}
