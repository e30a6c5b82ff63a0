//! Writing a ledger taken over: the same rows as commits one by one, with the agency's chain taken once and the rows
//! inserted many at a time.

use diesel::prelude::*;

use super::chain::{put_chain, take_chain_by};
use super::commit::{Sealed, insert_events, seal_all};
use super::setup::set_up_in_tx;
use super::{Conn, insert_owed_rows};
use crate::audit::chain::Head;
use crate::law::LawBook;
use crate::store::commit::{Commit, Import};
use crate::store::error::StoreError;
use crate::store::publication::CaseDocumentRow;
use crate::store::queue_rows::{Shown, queue_rows};
use crate::store::rows::{
    ApplicantRow, CaseDepartmentRow, CaseObligationRow, CaseRow, CaseSearchRow, EventRow, TextRow,
};
use crate::store::schema::{applicants, case_departments, case_search, case_texts, cases};
use crate::store::seals::HeadSeals;

/// How many cases are inserted with one statement for each table; their columns stay below SQLite's limit of
/// 32,766 parameters.
const TOGETHER: usize = 200;

/// Writes the whole import. Must run inside a write transaction.
pub(in crate::store) fn import_in_tx(
    conn: &mut Conn,
    seals: &HeadSeals,
    import: Import,
) -> Result<(), StoreError> {
    if let Some(before) = import.before {
        set_up_in_tx(conn, seals, before)?;
    }
    let mut chain = take_chain_by(conn, seals, import.agency, &import.law)?;
    super::reorganisation::takes_in(conn, import.agency)?;
    let mut waiting = Waiting::default();
    for commit in import.commits {
        waiting.add(commit?, &mut chain.head, &import.law)?;
        if waiting.cases.len() >= TOGETHER {
            std::mem::take(&mut waiting).write(conn)?;
        }
    }
    waiting.write(conn)?;
    put_chain(conn, seals, import.agency, (&chain, import.about.meta.at))?;
    set_up_in_tx(conn, seals, import.about)
}

/// Rows that wait to be inserted.
#[derive(Default)]
struct Waiting {
    events: Vec<EventRow>,
    texts: Vec<TextRow>,
    applicants: Vec<ApplicantRow>,
    cases: Vec<CaseRow>,
    departments: Vec<CaseDepartmentRow>,
    obligations: Vec<CaseObligationRow>,
    search: Vec<CaseSearchRow>,
    documents: Vec<CaseDocumentRow>,
}

impl Waiting {
    fn add(&mut self, mut commit: Commit, head: &mut Head, law: &LawBook) -> Result<(), StoreError> {
        let events = std::mem::take(&mut commit.events);
        let events = events.into_iter().map(|(id, happened)| (id, happened.on, happened.event)).collect();
        let Sealed { case, head: case_head, rows } = seal_all(&commit, events, head)?;
        let at = commit.meta.at;
        let shown = Shown { subject: commit.subject, documents: commit.documents, publications: Vec::new() };
        let queue = queue_rows(&case, &case_head, shown, at, at, law)?;
        self.events.extend(rows);
        self.texts.extend(commit.texts);
        self.applicants.extend(commit.applicant);
        self.cases.push(queue.row);
        self.departments.extend(queue.departments);
        self.obligations.extend(queue.obligations);
        self.search.extend(queue.search);
        self.documents.extend(queue.documents);
        Ok(())
    }

    fn write(self, conn: &mut Conn) -> Result<(), StoreError> {
        if self.cases.is_empty() {
            return Ok(());
        }
        insert_events(conn, &self.events)?;
        diesel::insert_into(case_texts::table).values(&self.texts).execute(conn)?;
        diesel::insert_into(applicants::table).values(&self.applicants).execute(conn)?;
        diesel::insert_into(cases::table).values(&self.cases).execute(conn)?;
        diesel::insert_into(case_departments::table).values(&self.departments).execute(conn)?;
        insert_owed_rows(conn, &self.obligations)?;
        diesel::insert_into(case_search::table).values(&self.search).execute(conn)?;
        super::publication::insert_documents(conn, &self.documents)?;
        Ok(())
    }
}
