//! The tables of what is reported and kept.

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Table 2 of the annual report, entered by hand: a version is never changed, the newest holds.
    report_entries (agency_id, year, version) {
        agency_id -> DbUuid,
        year -> Integer,
        version -> Integer,
        content -> Text,
        entered_at -> DbTime,
        entered_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{DbTime, DbUuid};

    /// Digests of a day, a month, a quarter: never changed.
    digests (agency_id, kind, period) {
        agency_id -> DbUuid,
        kind -> Text,
        period -> Text,
        made_at -> DbTime,
        hash -> Text,
        content -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Annual reports as they were frozen: never changed.
    report_freezes (agency_id, year, n) {
        agency_id -> DbUuid,
        year -> Integer,
        n -> Integer,
        hash -> Text,
        content -> Text,
        frozen_at -> DbTime,
        frozen_by -> Nullable<DbUuid>,
    }
}
