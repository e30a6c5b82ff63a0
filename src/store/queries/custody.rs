//! Who handles what: asked at the beginning of each list, and written with each hand-over.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Bool, Integer};

use super::{Conn, Db, explain};
use crate::domain::sensitivity::Sensitivity;
use crate::store::custody::{Held, Holding};
use crate::store::error::StoreError;
use crate::store::schema::{cases, custodies};
use crate::store::types::{DbUuid, Key};

/// What an agency handles, as far as somebody with this clearance may read it; what counts for the agency's own figures is all of it
/// ([`Sensitivity::HIGHEST`]). Read where the list is read, within its snapshot.
pub(in crate::store) fn holding(
    conn: &mut Conn,
    agency: Key,
    clearance: Sensitivity,
) -> Result<Holding, StoreError> {
    let mut held = custody(conn, agency)?;
    if clearance < Sensitivity::HIGHEST {
        let above = labelled_above(&held, clearance);
        let some: bool = diesel::select(diesel::dsl::exists(above)).get_result(conn)?;
        held.readable = some.then(|| clearance.level());
    }
    Ok(held)
}

/// Cases with a label above a clearance.
fn labelled_above(held: &Holding, clearance: Sensitivity) -> cases::BoxedQuery<'static, Db, DbUuid> {
    let origins = held.origins.clone().unwrap_or_else(|| vec![held.agency]);
    cases::table
        .select(cases::id)
        .filter(cases::agency_id.eq_any(origins))
        // Written out: a bound value would keep both databases from the index of the labelled cases alone.
        .filter(sql::<Bool>("cases.sensitivity > 0"))
        .filter(cases::sensitivity.gt(clearance.level()))
        .into_boxed()
}

/// How the database finds out whether somebody is kept from any case: a line for each step.
pub(in crate::store) fn labelled_plan(
    conn: &mut Conn,
    agency: Key,
    clearance: Sensitivity,
) -> Result<Vec<String>, StoreError> {
    let held = custody(conn, agency)?;
    explain(conn, labelled_above(&held, clearance))
}

fn custody(conn: &mut Conn, agency: Key) -> Result<Holding, StoreError> {
    let known: Vec<(Key, Key)> = custodies::table
        .filter(custodies::custodian_agency_id.eq(agency).or(custodies::origin_agency_id.eq(agency)))
        .order((custodies::custodian_agency_id.asc(), custodies::origin_agency_id.asc()))
        .select((custodies::custodian_agency_id, custodies::origin_agency_id))
        .load(conn)?;
    if known.is_empty() {
        return Ok(Holding::plain(agency));
    }
    let taken = known.into_iter().filter(|(custodian, origin)| *custodian == agency && *origin != agency);
    let origins = std::iter::once(agency).chain(taken.map(|(_, origin)| origin)).collect();
    Ok(Holding { agency, origins: Some(origins), readable: None })
}

/// Remembers that cases of one agency were handed over to another. Must run inside a write transaction.
pub(in crate::store) fn custody_put_in_tx(
    conn: &mut Conn,
    custodian: Key,
    origin: Key,
) -> Result<(), StoreError> {
    diesel::insert_into(custodies::table)
        .values((custodies::custodian_agency_id.eq(custodian), custodies::origin_agency_id.eq(origin)))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}

/// Which agencies took over whose cases, though that is not remembered: with a case each, of its agency of origin. Remembered from now
/// on with `repair`. Must run inside a write transaction.
pub(in crate::store) fn custodies_check_in_tx(
    conn: &mut Conn,
    repair: bool,
) -> Result<Vec<(Key, Key)>, StoreError> {
    let taken_over = || cases::table.filter(cases::custodian_agency_id.ne(cases::agency_id));
    let pairs: Vec<(Key, Key)> = taken_over()
        .select((cases::custodian_agency_id, cases::agency_id))
        .distinct()
        .order((cases::agency_id.asc(), cases::custodian_agency_id.asc()))
        .load(conn)?;
    let known: Vec<(Key, Key)> =
        custodies::table.select((custodies::custodian_agency_id, custodies::origin_agency_id)).load(conn)?;
    let mut missing = Vec::new();
    for (custodian, origin) in pairs.into_iter().filter(|pair| !known.contains(pair)) {
        let case = taken_over()
            .filter(cases::custodian_agency_id.eq(custodian))
            .filter(cases::agency_id.eq(origin))
            .order(cases::id.asc())
            .select(cases::id)
            .first(conn)?;
        missing.push((origin, case));
        if repair {
            custody_put_in_tx(conn, custodian, origin)?;
        }
    }
    Ok(missing)
}

impl QueryFragment<Db> for Held {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let table = self.table.unwrap_or("cases");
        let Holding { agency, origins, .. } = &self.holding;
        leave_out(self, out.reborrow())?;
        let Some(origins) = origins else {
            out.push_sql(table);
            out.push_sql(".agency_id = ");
            return out.push_bind_param::<DbUuid, _>(agency);
        };
        out.push_sql("(");
        out.push_sql(table);
        out.push_sql(".agency_id IN (");
        for (n, origin) in origins.iter().enumerate() {
            out.push_sql(if n == 0 { "" } else { ", " });
            out.push_bind_param::<DbUuid, _>(origin)?;
        }
        out.push_sql(") AND ");
        match self.table {
            None => out.push_sql("cases.custodian_agency_id = "),
            Some(table) => {
                out.push_sql("EXISTS (SELECT 1 FROM cases held WHERE held.agency_id = ");
                out.push_sql(table);
                out.push_sql(".agency_id AND held.id = ");
                out.push_sql(table);
                out.push_sql(".case_id AND held.custodian_agency_id = ");
            }
        }
        out.push_bind_param::<DbUuid, _>(agency)?;
        out.push_sql(if self.table.is_some() { "))" } else { ")" });
        Ok(())
    }
}

/// The condition that a row is not about a case above the clearance. These are few, and found by an index of their own.
fn leave_out<'b>(held: &'b Held, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
    let Holding { agency, origins, readable } = &held.holding;
    let Some(level) = readable else { return Ok(()) };
    out.push_sql(held.table.unwrap_or("cases"));
    out.push_sql(if held.table.is_some() { ".case_id" } else { ".id" });
    // In the words of the partial index: a bound parameter would not be known to be above 0.
    out.push_sql(
        " NOT IN (SELECT above.id FROM cases above WHERE above.sensitivity > 0 AND above.sensitivity > ",
    );
    out.push_bind_param::<Integer, _>(level)?;
    out.push_sql(" AND above.agency_id IN (");
    for (n, origin) in origins.as_deref().unwrap_or(std::slice::from_ref(agency)).iter().enumerate() {
        out.push_sql(if n == 0 { "" } else { ", " });
        out.push_bind_param::<DbUuid, _>(origin)?;
    }
    out.push_sql(")) AND ");
    Ok(())
}
