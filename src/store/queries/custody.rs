//! Who handles what: asked at the beginning of each list, and written with each hand-over.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};

use super::{Conn, Db};
use crate::store::custody::{Held, Holding};
use crate::store::error::StoreError;
use crate::store::schema::custodies;
use crate::store::types::{DbUuid, Key};

/// What an agency handles. Read where the list is read, within its snapshot.
pub(in crate::store) fn holding(conn: &mut Conn, agency: Key) -> Result<Holding, StoreError> {
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
    Ok(Holding { agency, origins: Some(origins) })
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

impl QueryFragment<Db> for Held {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let table = self.table.unwrap_or("cases");
        let Holding { agency, origins } = &self.holding;
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
