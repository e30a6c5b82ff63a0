//! The tables of an office's archive.

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// An office's settings for its archive.
    archive_shelves (agency_id) {
        agency_id -> DbUuid,
        fonds -> Text,
        catalogue -> Text,
        ordinary -> Nullable<Text>,
        contested -> Nullable<Text>,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::store::types::DbUuid;

    /// Gapless item numbers of archival codes: the last one given.
    archive_counters (agency_id, fonds, catalogue, year, retention) {
        agency_id -> DbUuid,
        fonds -> Text,
        catalogue -> Text,
        year -> Integer,
        retention -> Text,
        last -> Integer,
    }
}
