//! The table of who saw whose data.

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Who saw data of a case's applicant: never changed, but for the encryption of the reason.
    accesses (agency_id, case_id, id) {
        agency_id -> DbUuid,
        case_id -> DbUuid,
        id -> DbUuid,
        kind -> Text,
        recorded_at -> DbTime,
        account_id -> Nullable<DbUuid>,
        person_id -> Nullable<DbUuid>,
        fields -> Text,
        sealed -> Nullable<Binary>,
        attachment_id -> Nullable<DbUuid>,
    }
}
