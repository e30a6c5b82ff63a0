//! What is there, read back and checked: rows against events, events against their chains.

use gongkai::audit::chain::{Head, Link};
use gongkai::audit::verify::{ExpectedHeads, SealedEvent, verify_agency_chain};
use gongkai::domain::case::fold;
use gongkai::domain::ids::{CaseId, DepartmentId};
use gongkai::store::{
    Before, CaseRow, Committed, EventRow, HeadRow, Key, Shown, StoredCase, queue_rows, recorded,
};

use super::{Desk, wait};

impl Desk {
    pub fn read(&self, case: CaseId) -> Option<(CaseRow, Vec<EventRow>)> {
        wait(self.store.case_by_id(vec![Key(self.agency.0)], Key(case.0))).unwrap()
    }

    pub fn events(&self) -> Vec<EventRow> {
        wait(self.store.events_after(Key(self.agency.0), 0, i64::MAX)).unwrap()
    }

    /// Checks the agency's whole record: both chains, and every row of the queue against the events behind it.
    pub fn verify(&self) {
        let events = self.events();
        let HeadRow { seq, link, .. } = wait(self.store.chain_head(Key(self.agency.0))).unwrap().unwrap();
        let ends = ExpectedHeads { agency: Some(head(seq.unsigned_abs(), &link)), cases: None };
        let report = verify_agency_chain(self.agency.0, events.iter().map(sealed), &ends)
            .unwrap_or_else(|findings| panic!("{findings:#?}"));
        assert_eq!(report.events, seq.unsigned_abs(), "a gap in the agency's chain");

        let cases = wait(self.store.stored_cases_after(Key(self.agency.0), None, i64::MAX)).unwrap();
        let of_cases: usize = cases.iter().map(|case| case.events.len()).sum();
        let of_agency = events.iter().filter(|event| event.case_id.is_none()).count();
        assert_eq!(of_cases + of_agency, events.len(), "events of a case that is not in the queue");
        for case in cases {
            self.follows(case);
        }
    }

    /// The queue's row is what the events say.
    fn follows(&self, stored: StoredCase) {
        let id = CaseId(stored.id.0);
        let recorded: Vec<_> = stored.events.iter().map(|row| recorded(row).unwrap()).collect();
        let case = fold(self.agency, id, &recorded).unwrap();
        let row = stored.row.unwrap();
        assert_eq!(self.read(id), Some((row.clone(), stored.events.clone())));
        let last = stored.events.last().unwrap();
        let head = head(u64::from(case.version), last.case_link.as_ref().unwrap());
        let (created, updated) = (row.created_at.0, row.updated_at.0);
        let (subject, documents) = (row.subject.clone(), row.documents.clone());
        let shown = Shown { subject, documents, publications: Vec::new() };
        let derived = queue_rows(&case, &head, shown, created, updated, &self.law).unwrap();
        assert_eq!(row, derived.row);
        assert_eq!(stored.departments, derived.departments);
        assert_eq!(stored.obligations, derived.obligations);
        assert_eq!(stored.search, derived.search);
        assert_eq!((created, updated), (recorded[0].at, recorded.last().unwrap().at));
    }

    /// The departments that work on a case, as lists find them.
    pub fn working_on(&self, case: CaseId) -> Vec<DepartmentId> {
        let cases = wait(self.store.stored_cases_after(Key(self.agency.0), None, i64::MAX)).unwrap();
        let case = cases.into_iter().find(|stored| stored.id.0 == case.0).unwrap();
        case.departments.into_iter().map(|row| DepartmentId(row.department_id.0)).collect()
    }
}

/// A case after a commit, as the next command is decided upon it.
pub fn before(committed: Committed) -> Before {
    let head = head(u64::from(committed.case.version), &committed.row.case_link);
    Before { case: committed.case, row: committed.row, head }
}

fn head(seq: u64, link: &[u8]) -> Head {
    Head { seq, link: Link::try_from(link).unwrap() }
}

fn sealed(row: &EventRow) -> SealedEvent {
    SealedEvent {
        agency: row.agency_id.0,
        agency_seq: row.agency_seq.unsigned_abs(),
        case: row.case_id.map(|case| case.0),
        case_seq: row.case_seq.map(|seq| u64::from(seq.unsigned_abs())),
        suite: i16::try_from(row.suite).unwrap(),
        id: row.id.0,
        event_type: row.event_type.clone(),
        recorded_at: row.recorded_at.0,
        record: row.record.clone(),
        agency_link: Link::try_from(row.agency_link.as_slice()).unwrap(),
        case_link: row.case_link.as_deref().map(|link| Link::try_from(link).unwrap()),
    }
}
