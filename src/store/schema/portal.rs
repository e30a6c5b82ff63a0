//! The tables of portals.

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Portals, each with an account of its own.
    portals (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        account_id -> DbUuid,
        name -> Text,
        created_at -> DbTime,
        closed_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer, Nullable};
    use crate::store::types::{DbTime, DbUuid};

    /// Hashes of what they sign in with.
    portal_secrets (agency_id, portal_id, n) {
        agency_id -> DbUuid,
        portal_id -> DbUuid,
        n -> Integer,
        hash -> Binary,
        created_at -> DbTime,
        expires_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::DbUuid;

    /// Which case came of which request of a portal.
    portal_requests (agency_id, portal_id, request) {
        agency_id -> DbUuid,
        portal_id -> DbUuid,
        request -> Text,
        case_id -> DbUuid,
    }
}
