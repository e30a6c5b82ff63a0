//! The tables of signed checkpoints.

diesel::table! {
    use diesel::sql_types::{Binary, Integer};
    use crate::store::types::{DbTime, DbUuid};

    /// The keys that sign an agency's checkpoints: never changed, the newest signs.
    signing_keys (agency_id, n) {
        agency_id -> DbUuid,
        n -> Integer,
        public_key -> Binary,
        secret -> Binary,
        made_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Where an agency's chain stood, signed: never changed.
    checkpoints (agency_id, size) {
        agency_id -> DbUuid,
        size -> BigInt,
        made_at -> DbTime,
        note -> Text,
        frontier -> Binary,
    }
}
