//! The documents asked for, by what makes two of them one, and those that are published.

diesel::table! {
    use diesel::sql_types::{Date, Nullable, Text};
    use crate::store::types::DbUuid;

    /// The documents asked for: derived, like `cases`.
    case_documents (agency_id, case_id, document_key) {
        agency_id -> DbUuid,
        case_id -> DbUuid,
        document_key -> Text,
        received_on -> Date,
        title -> Nullable<Text>,
        number -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable, Text};
    use crate::store::types::DbUuid;

    /// Conversions to proactive publication: derived, like `cases`.
    case_publications (agency_id, case_id, n) {
        agency_id -> DbUuid,
        case_id -> DbUuid,
        n -> Integer,
        number_key -> Nullable<Text>,
        title_key -> Nullable<Text>,
        title -> Nullable<Text>,
        number -> Nullable<Text>,
        state -> Text,
        place_kind -> Nullable<Text>,
        place -> Nullable<Text>,
        published_on -> Nullable<Date>,
    }
}
