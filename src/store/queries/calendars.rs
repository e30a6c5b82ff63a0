//! The stored years of calendars.

use diesel::prelude::*;

use super::Conn;
use crate::store::error::StoreError;
use crate::store::rows::CalendarVersionRow;
use crate::store::schema::calendar_versions;

/// Every stored version, by calendar, year and version.
pub(in crate::store) fn calendar_versions_all(
    conn: &mut Conn,
) -> Result<Vec<CalendarVersionRow>, StoreError> {
    Ok(calendar_versions::table
        .order((
            calendar_versions::calendar_id.asc(),
            calendar_versions::year.asc(),
            calendar_versions::version.asc(),
        ))
        .select(CalendarVersionRow::as_select())
        .load(conn)?)
}

/// How many there are: the generation of the law.
pub(in crate::store) fn generation(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(calendar_versions::table.count().get_result(conn)?)
}
