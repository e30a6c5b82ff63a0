//! A record that somebody with every right in the database changes as he likes: read into memory, and written back.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use gongkai::app::App;
use gongkai::audit::canonical::canonical_json;
use gongkai::audit::chain::{ChainId, Head, Suite, link};
use gongkai::crypto::hex;
use gongkai::domain::ids::AgencyId;
use gongkai::store::{At, CheckpointRow, EventRow, Key};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::databases::{Backend, TestDatabase};
use crate::support::server::block_on;

/// What the database says of an agency's record.
#[derive(Clone)]
pub struct Copy {
    pub agency: Uuid,
    pub rows: Vec<EventRow>,
    /// The remembered end.
    pub head: (i64, Vec<u8>),
    /// The remembered ends of the cases.
    pub cases: BTreeMap<Uuid, (i32, Vec<u8>)>,
    pub checkpoints: Vec<CheckpointRow>,
    /// The seal on the end; and those on all earlier ends, which whoever copied the database in time has.
    pub seal: Vec<u8>,
    pub seals: Vec<Vec<u8>>,
}

impl Copy {
    pub fn read(app: &App, agency: Uuid) -> Self {
        // Its keys make the seals.
        block_on(app.agency(AgencyId(agency))).unwrap();
        let store = &app.store;
        let key = Key(agency);
        let rows = block_on(store.events_after(key, 0, i64::MAX)).unwrap();
        let checkpoints = block_on(store.checkpoints_above(key, 0, i64::MAX)).unwrap();
        let start = Head::start(Suite::CURRENT, &ChainId::Agency(agency));
        let end = |row: &EventRow| {
            let link = row.agency_link.as_slice().try_into().unwrap();
            Head { seq: row.agency_seq.unsigned_abs(), link }
        };
        let ends = std::iter::once(start).chain(rows.iter().map(end));
        let seals: Vec<_> = ends
            .map(|head| store.seals().seal(AgencyId(agency), &head, DateTime::<Utc>::MAX_UTC).unwrap())
            .collect();
        let seal = seals.last().unwrap().clone();
        let (head, cases) = ((0, Vec::new()), BTreeMap::new());
        let mut copy = Self { agency, rows, head, cases, checkpoints, seal, seals };
        copy.remember();
        let stored = block_on(store.chain_head(key)).unwrap().unwrap();
        assert_eq!(
            (stored.seq, stored.link, stored.seal),
            (copy.head.0, copy.head.1.clone(), Some(copy.seal.clone()))
        );
        copy
    }

    /// Where chain and cases end, by the rows; a case without events stays as it was.
    pub fn remember(&mut self) {
        let start = Head::start(Suite::CURRENT, &ChainId::Agency(self.agency)).link.as_bytes().to_vec();
        self.head = self.rows.last().map_or((0, start), |row| (row.agency_seq, row.agency_link.clone()));
        for row in &self.rows {
            if let (Some(case), Some(seq), Some(link)) = (row.case_id, row.case_seq, &row.case_link) {
                self.cases.insert(case.0, (seq, link.clone()));
            }
        }
    }

    /// Computes the links of these rows anew, as anybody can who has read how.
    pub fn reseal(&mut self, range: std::ops::Range<usize>) {
        for index in range {
            let before = &self.rows[..index];
            let agency = ChainId::Agency(self.agency);
            let start = |chain: &ChainId| Head::start(Suite::CURRENT, chain).link;
            let prev =
                before.last().map_or(start(&agency), |row| row.agency_link.as_slice().try_into().unwrap());
            let case = self.rows[index].case_id;
            let of_case = before.iter().rev().find(|row| case.is_some() && row.case_id == case);
            let case_prev = of_case.and_then(|row| row.case_link.clone());
            let row = &mut self.rows[index];
            let seq = u64::try_from(row.agency_seq).unwrap();
            row.agency_link =
                link(Suite::CURRENT, &agency, seq, &prev, row.record.as_bytes()).as_bytes().to_vec();
            if let (Some(case), Some(seq)) = (case, row.case_seq) {
                let chain = ChainId::Case(case.0);
                let prev = case_prev.map_or(start(&chain), |link| link.as_slice().try_into().unwrap());
                let seq = u64::try_from(seq).unwrap();
                let sealed = link(Suite::CURRENT, &chain, seq, &prev, row.record.as_bytes());
                row.case_link = Some(sealed.as_bytes().to_vec());
            }
        }
    }

    /// Writes all of it in the place of what is there.
    pub fn write(&self, database: &TestDatabase) {
        let sqlite = database.backend == Backend::Sqlite;
        let bytes = |bytes: &[u8]| {
            if sqlite {
                format!("X'{}'", hex::encode(bytes))
            } else {
                format!("'\\x{}'::bytea", hex::encode(bytes))
            }
        };
        let id = |id: Uuid| if sqlite { bytes(id.as_bytes()) } else { format!("'{id}'") };
        let time = |at: At| {
            if sqlite { at.0.timestamp_micros().to_string() } else { format!("'{}'", at.0.to_rfc3339()) }
        };
        let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let null = || "NULL".to_owned();
        let mut sql =
            if sqlite { "PRAGMA synchronous = OFF; BEGIN;".to_owned() } else { "BEGIN;".to_owned() };
        sql.push_str("DELETE FROM events; DELETE FROM checkpoints;");
        for row in &self.rows {
            let _ = write!(
                sql,
                "INSERT INTO events VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {});",
                id(row.agency_id.0),
                row.agency_seq,
                id(row.id.0),
                row.case_id.map_or_else(null, |case| id(case.0)),
                row.case_seq.map_or_else(null, |seq| seq.to_string()),
                text(&row.event_type),
                row.suite,
                text(&row.record),
                bytes(&row.agency_link),
                row.case_link.as_deref().map_or_else(null, bytes),
                time(row.recorded_at),
            );
        }
        for row in &self.checkpoints {
            let (note, frontier) = (text(&row.note), bytes(&row.frontier));
            let _ = write!(
                sql,
                "INSERT INTO checkpoints VALUES ({}, {}, {}, {note}, {frontier});",
                id(row.agency_id.0),
                row.size,
                time(row.made_at)
            );
        }
        let (seq, link) = &self.head;
        let _ = write!(
            sql,
            "UPDATE chain_heads SET seq = {seq}, link = {}, seal = {} WHERE agency_id = {};",
            bytes(link),
            bytes(&self.seal),
            id(self.agency)
        );
        for (case, (version, link)) in &self.cases {
            let _ = write!(
                sql,
                "UPDATE cases SET version = {version}, case_link = {} WHERE id = {};",
                bytes(link),
                id(*case)
            );
        }
        sql.push_str("COMMIT;");
        database.execute(&sql).unwrap();
    }
}

/// Changes a record and keeps it canonical.
pub fn edit(row: &mut EventRow, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_str(&row.record).unwrap();
    change(&mut value);
    row.record = canonical_json(&value).unwrap();
}

/// A lie that every event can tell.
pub fn lie(row: &mut EventRow) {
    edit(row, |record| record["on"] = json!("2001-01-01"));
}

/// Another number in column and record.
pub fn renumber(row: &mut EventRow, seq: i64) {
    row.agency_seq = seq;
    edit(row, |record| record["agency_seq"] = json!(seq));
}

/// Takes away what keeps everybody else from changing the record.
pub fn disarm(database: &TestDatabase) {
    for table in ["events", "checkpoints"] {
        for verb in ["update", "delete"] {
            let on = if database.backend == Backend::Sqlite { String::new() } else { format!(" ON {table}") };
            database.execute(&format!("DROP TRIGGER {table}_no_{verb}{on}")).unwrap();
        }
    }
}
