//! The tables of files.

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Files on their way in; their bytes are in the attachment store.
    attachment_uploads (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        case_id -> DbUuid,
        account_id -> DbUuid,
        size -> BigInt,
        state -> Text,
        sealed_key -> Nullable<Binary>,
        refusal -> Nullable<Text>,
        created_at -> DbTime,
        expires_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Contents, each stored once in an agency, found by a keyed hash.
    attachment_contents (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        address -> Binary,
        sealed -> Binary,
        size -> BigInt,
        scan -> Text,
        finding -> Nullable<Text>,
        scanned_at -> Nullable<DbTime>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use crate::store::types::DbUuid;

    /// Which content each attachment of a case has.
    case_attachments (agency_id, case_id, id) {
        agency_id -> DbUuid,
        case_id -> DbUuid,
        id -> DbUuid,
        content_id -> DbUuid,
    }
}

diesel::table! {
    use crate::store::types::{DbTime, DbUuid};

    /// Bytes that nothing refers to any more.
    attachment_removals (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        created_at -> DbTime,
    }
}

diesel::allow_tables_to_appear_in_same_query!(attachment_contents, case_attachments);
