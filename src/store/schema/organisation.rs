//! How agencies change: what happened to them, and who handles whose cases.

diesel::table! {
    use crate::store::types::DbUuid;

    /// Which agencies' cases an agency took over.
    custodies (custodian_agency_id, origin_agency_id) {
        custodian_agency_id -> DbUuid,
        origin_agency_id -> DbUuid,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// What happened to an agency, on which day, by which document.
    reorganisations (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        kind -> Text,
        effective_on -> Date,
        basis -> Text,
        name_before -> Nullable<Text>,
        name_after -> Nullable<Text>,
        department_id -> Nullable<DbUuid>,
        to_agency_id -> Nullable<DbUuid>,
        cases_moved -> Integer,
        recorded_at -> DbTime,
        recorded_by -> Nullable<DbUuid>,
        finished_at -> Nullable<DbTime>,
    }
}
