//! Tables of signing in.

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{DbTime, DbUuid};

    /// The hashes of an account's last passwords.
    password_history (agency_id, account_id, set_at) {
        agency_id -> DbUuid,
        account_id -> DbUuid,
        set_at -> DbTime,
        password_hash -> Text,
    }
}
