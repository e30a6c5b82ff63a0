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

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Up to which checkpoint receivers outside have an agency's.
    sent_checkpoints (agency_id, receiver) {
        agency_id -> DbUuid,
        receiver -> Text,
        size -> BigInt,
        sent_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Sign-ins and refusals: never changed.
    attempts (agency_id, seq) {
        agency_id -> DbUuid,
        seq -> BigInt,
        kind -> Text,
        recorded_at -> DbTime,
        account_id -> Nullable<DbUuid>,
        suite -> Integer,
        record -> Text,
        link -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::store::types::DbUuid;

    /// Where the chains of attempts end.
    attempt_heads (agency_id) {
        agency_id -> DbUuid,
        seq -> BigInt,
        link -> Binary,
    }
}
