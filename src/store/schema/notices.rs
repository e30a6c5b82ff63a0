//! The tables of notices of supervising agencies.

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable};
    use crate::store::types::{DbTime, DbUuid};

    /// Notices, with the agency that received them.
    supervision_notices (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        from_agency_id -> DbUuid,
        case_id -> Nullable<DbUuid>,
        version -> Integer,
        due_on -> Date,
        answered_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Date, Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// What was done with each: never changed, but what was said may be erased.
    supervision_steps (agency_id, notice_id, n) {
        agency_id -> DbUuid,
        notice_id -> DbUuid,
        n -> Integer,
        kind -> Text,
        happened_on -> Date,
        due_on -> Date,
        recorded_at -> DbTime,
        account_id -> DbUuid,
        person_id -> DbUuid,
        sealed -> Nullable<Binary>,
    }
}
