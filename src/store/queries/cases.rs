//! Reading a case: its queue row, its events, the words and the applicant's record they commit to; kept answers.

use diesel::prelude::*;

use super::Conn;
use crate::store::answers::NumberInUse;
use crate::store::commit::Retry;
use crate::store::error::StoreError;
use crate::store::queue_rows::QueueRows;
use crate::store::rows::{ApplicantRow, CaseRow, EventRow, IdempotencyRow, TextRow};
use crate::store::schema::{applicants, case_texts, cases, events, idempotency_keys};
use crate::store::types::{At, Key};

/// A case as it is stored: its row and its events in order.
pub(in crate::store) fn case_by_id(
    conn: &mut Conn,
    agencies: &[Key],
    id: Key,
) -> Result<Option<(CaseRow, Vec<EventRow>)>, StoreError> {
    let Some(row) = case_row_by_id(conn, agencies, id)? else { return Ok(None) };
    // What was committed since the row was read is left for the next reader.
    let events = events::table
        .filter(events::case_id.eq(id))
        .filter(events::case_seq.le(row.version))
        .order(events::case_seq.asc())
        .select(EventRow::as_select())
        .load(conn)?;
    Ok(Some((row, events)))
}

/// The row of a case that came to one of these agencies, or that one of them took over. Who handles it, the row says.
pub(in crate::store) fn case_row_by_id(
    conn: &mut Conn,
    agencies: &[Key],
    id: Key,
) -> Result<Option<CaseRow>, StoreError> {
    for agency in agencies {
        let row = cases::table.find((*agency, id)).select(CaseRow::as_select()).first(conn).optional()?;
        if row.is_some() {
            return Ok(row);
        }
    }
    // In the words of the partial index.
    Ok(cases::table
        .filter(cases::custodian_agency_id.ne(cases::agency_id))
        .filter(cases::custodian_agency_id.eq_any(agencies))
        .filter(cases::id.eq(id))
        .select(CaseRow::as_select())
        .first(conn)
        .optional()?)
}

pub(in crate::store) fn case_texts_by_id(
    conn: &mut Conn,
    agency: Key,
    ids: &[Key],
) -> Result<Vec<TextRow>, StoreError> {
    let found = case_texts::table
        .filter(case_texts::agency_id.eq(agency))
        .filter(case_texts::id.eq_any(ids))
        .select(TextRow::as_select())
        .load(conn)?;
    Ok(found)
}

pub(in crate::store) fn applicant_by_id(
    conn: &mut Conn,
    agency: Key,
    id: Key,
) -> Result<Option<ApplicantRow>, StoreError> {
    Ok(applicants::table.find((agency, id)).select(ApplicantRow::as_select()).first(conn).optional()?)
}

/// Applicants' records, in no order; those that were erased are not among them.
pub(in crate::store) fn applicants_of(
    conn: &mut Conn,
    agencies: &[Key],
    ids: &[Key],
) -> Result<Vec<ApplicantRow>, StoreError> {
    Ok(applicants::table
        .filter(applicants::agency_id.eq_any(agencies))
        .filter(applicants::id.eq_any(ids))
        .select(ApplicantRow::as_select())
        .load(conn)?)
}

/// The case with this registration number.
pub(in crate::store) fn case_by_number(
    conn: &mut Conn,
    agency: Key,
    number: &str,
) -> Result<Option<CaseRow>, StoreError> {
    Ok(cases::table
        .filter(cases::agency_id.eq(agency))
        .filter(cases::number.eq(number))
        .select(CaseRow::as_select())
        .first(conn)
        .optional()?)
}

/// The numbers an agency's cases have, with the digest of the ledger row they came from.
pub(in crate::store) fn imported_numbers(
    conn: &mut Conn,
    agency: Key,
) -> Result<Vec<NumberInUse>, StoreError> {
    Ok(cases::table
        .filter(cases::agency_id.eq(agency))
        .filter(cases::number.is_not_null())
        .select((cases::number.assume_not_null(), cases::imported_row))
        .load(conn)?)
}

pub(in crate::store) fn cases_count(conn: &mut Conn, agency: Key) -> Result<i64, StoreError> {
    Ok(cases::table.filter(cases::agency_id.eq(agency)).count().get_result(conn)?)
}

/// Puts derived rows in the place of those of the case with version `before`, or where there is none. Must run inside a write
/// transaction.
pub(in crate::store) fn case_row_replace_in_tx(
    conn: &mut Conn,
    before: Option<i32>,
    rows: &QueueRows,
) -> Result<bool, StoreError> {
    let row = &rows.row;
    let changed = match before {
        None => diesel::insert_into(cases::table).values(row).on_conflict_do_nothing().execute(conn)?,
        Some(version) => {
            let same = cases::table.find((row.agency_id, row.id)).filter(cases::version.eq(version));
            diesel::update(same).set(row).execute(conn)?
        }
    };
    if changed == 1 {
        if row.custodian_agency_id != row.agency_id {
            super::custody::custody_put_in_tx(conn, row.custodian_agency_id, row.agency_id)?;
        }
        super::commit::put_departments(conn, rows)?;
        super::commit::put_obligations(conn, rows, false)?;
        super::commit::put_search(conn, rows)?;
        super::commit::put_remedies(conn, rows)?;
        super::publication::put_documents(conn, rows)?;
        super::publication::put_publications(conn, rows)?;
    }
    Ok(changed == 1)
}

/// An agency's events after one of them, in the order of its chain.
pub(in crate::store) fn events_after(
    conn: &mut Conn,
    agency: Key,
    after: i64,
    limit: i64,
) -> Result<Vec<EventRow>, StoreError> {
    Ok(events::table
        .filter(events::agency_id.eq(agency))
        .filter(events::agency_seq.gt(after))
        .order(events::agency_seq.asc())
        .limit(limit)
        .select(EventRow::as_select())
        .load(conn)?)
}

/// The first answer kept for a retry key.
pub(in crate::store) fn answer_by_key(
    conn: &mut Conn,
    retry: &Retry,
) -> Result<Option<IdempotencyRow>, StoreError> {
    Ok(idempotency_keys::table
        .find((Key(retry.account.0), &retry.method, &retry.path, &retry.key))
        .select(IdempotencyRow::as_select())
        .first(conn)
        .optional()?)
}

/// Forgets answers kept before an instant. Must run inside a write transaction.
pub(in crate::store) fn answers_forget_in_tx(conn: &mut Conn, before: At) -> Result<usize, StoreError> {
    Ok(diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before)))
        .execute(conn)?)
}
