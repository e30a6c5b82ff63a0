//! The tables, for both databases: equal to the migrations, as a test shows. `DbUuid` and `DbTime` are each
//! database's native form of an id and an instant.

mod access;
mod archive;
mod attachments;
mod notices;
mod passwords;
mod portal;
mod publication;
mod record;
mod reports;

pub(in crate::store) use access::accesses;
pub(in crate::store) use archive::{archive_counters, archive_shelves};
pub(in crate::store) use attachments::{
    attachment_contents, attachment_removals, attachment_uploads, case_attachments,
};
pub(in crate::store) use notices::{supervision_notices, supervision_steps};
pub(in crate::store) use passwords::password_history;
pub(in crate::store) use portal::{portal_requests, portal_secrets, portals};
pub(in crate::store) use publication::{case_documents, case_publications};
pub(in crate::store) use record::{attempt_heads, attempts, checkpoints, sent_checkpoints, signing_keys};
pub(in crate::store) use reports::{digests, report_entries, report_freezes};

mod organisation;

pub use organisation::{custodies, reorganisations};

diesel::table! {
    use diesel::sql_types::Text;

    /// What this database must remember of itself: the fingerprint of its master key.
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Government offices, in a tree.
    agencies (id) {
        id -> DbUuid,
        code -> Text,
        name -> Text,
        parent_id -> Nullable<DbUuid>,
        zone -> Text,
        statute -> Text,
        number_pattern -> Text,
        created_at -> DbTime,
        calendar -> Nullable<Text>,
        merged_into_id -> Nullable<DbUuid>,
        merged_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::store::types::{DbTime, DbUuid};

    /// Each agency's keys for columns and blind indexes, wrapped by the master key, which is never here.
    agency_keys (agency_id, key_id) {
        agency_id -> DbUuid,
        key_id -> DbUuid,
        wrapped -> Binary,
        created_at -> DbTime,
        retired_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{DbTime, DbUuid};

    /// Departments of an agency.
    departments (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        name -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{DbTime, DbUuid};

    /// Human beings who work in an office. Four eyes are measured by person, not by account.
    persons (id) {
        id -> DbUuid,
        reference -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Sign-ins.
    accounts (id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        person_id -> DbUuid,
        username -> Text,
        password_hash -> Text,
        must_change_password -> Bool,
        failed_logins -> Integer,
        locked_until -> Nullable<DbTime>,
        disabled -> Bool,
        created_at -> DbTime,
        password_set_at -> DbTime,
        active_at -> DbTime,
        totp_secret -> Nullable<Binary>,
        totp_confirmed_at -> Nullable<DbTime>,
        totp_step -> BigInt,
        clearance -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Who holds which role where.
    role_grants (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        account_id -> DbUuid,
        person_id -> DbUuid,
        role -> Text,
        department_id -> Nullable<DbUuid>,
        granted_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Stays of an account, from sign-in to sign-out.
    sessions (id) {
        id -> DbUuid,
        account_id -> DbUuid,
        created_at -> DbTime,
        last_used_at -> DbTime,
        expires_at -> DbTime,
        revoked_at -> Nullable<DbTime>,
        way -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::store::types::{DbTime, DbUuid};

    /// Hashes of refresh tokens; one used twice ends its session.
    refresh_tokens (hash) {
        hash -> Binary,
        session_id -> DbUuid,
        issued_at -> DbTime,
        used_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use crate::store::types::DbUuid;

    /// The newest link of each agency's chain.
    chain_heads (agency_id) {
        agency_id -> DbUuid,
        seq -> BigInt,
        link -> Binary,
        seal -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// The record. Append only: `record` is the canonical text that both links hash.
    events (agency_id, agency_seq) {
        agency_id -> DbUuid,
        agency_seq -> BigInt,
        id -> DbUuid,
        case_id -> Nullable<DbUuid>,
        case_seq -> Nullable<Integer>,
        event_type -> Text,
        suite -> Integer,
        record -> Text,
        agency_link -> Binary,
        case_link -> Nullable<Binary>,
        recorded_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// Words to which events commit, with their salt, encrypted.
    case_texts (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        case_id -> DbUuid,
        kind -> Text,
        sealed -> Binary,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::store::types::{DbTime, DbUuid};

    /// Applicants' records to which events commit, each column encrypted; the indexes are keyed hashes for exact search.
    applicants (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        case_id -> DbUuid,
        name -> Binary,
        identity -> Nullable<Binary>,
        phone -> Nullable<Binary>,
        email -> Nullable<Binary>,
        address -> Nullable<Binary>,
        salt -> Binary,
        name_index -> Binary,
        identity_index -> Nullable<Binary>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Date, Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// The queue: columns derived from the events by one function; `gongkai rebuild` derives them again.
    cases (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        custodian_agency_id -> DbUuid,
        version -> Integer,
        case_link -> Binary,
        statute -> Text,
        stage -> Text,
        status -> Text,
        number -> Nullable<Text>,
        subject -> Nullable<Text>,
        channel -> Text,
        applicant_kind -> Text,
        applicant_id -> DbUuid,
        arrived_on -> Date,
        received_on -> Nullable<Date>,
        registered_on -> Nullable<Date>,
        due_on -> Nullable<Date>,
        yellow_on -> Nullable<Date>,
        red_on -> Nullable<Date>,
        provisional -> Nullable<Text>,
        department_id -> Nullable<DbUuid>,
        assignee_id -> Nullable<DbUuid>,
        outcome -> Nullable<Text>,
        concluded_on -> Nullable<Date>,
        archived_on -> Nullable<Date>,
        due_sort -> Date,
        received_sort -> Date,
        imported_row -> Nullable<Binary>,
        created_at -> DbTime,
        updated_at -> DbTime,
        statute_version -> Integer,
        calendar -> Nullable<Text>,
        clock -> Text,
        clock_state -> Text,
        prudent_due_on -> Nullable<Date>,
        inbox_on -> Nullable<Date>,
        documents -> Nullable<Text>,
        archival_code -> Nullable<Text>,
        retention -> Nullable<Text>,
        retention_ends_on -> Nullable<Date>,
        on_hold -> Bool,
        disposed_on -> Nullable<Date>,
        reply_numbers -> Nullable<Text>,
        sensitivity -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::store::types::DbUuid;

    /// What is searched of a case, as tokens (derived, like `cases`).
    case_search (n) {
        n -> BigInt,
        agency_id -> DbUuid,
        case_id -> DbUuid,
        words -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::DbUuid;

    /// Which departments work on a case (derived, like `cases`).
    case_departments (agency_id, case_id, department_id) {
        agency_id -> DbUuid,
        case_id -> DbUuid,
        department_id -> DbUuid,
        kind -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Text};
    use crate::store::types::DbUuid;

    /// What is owed on a case and not met, by whomever; remedies aside (derived, like `cases`).
    case_obligations (agency_id, case_id, kind, n) {
        agency_id -> DbUuid,
        case_id -> DbUuid,
        kind -> Text,
        n -> Integer,
        due_on -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable, Text};
    use crate::store::types::DbUuid;

    /// The remedies that stand against a case's replies (derived, like `cases`).
    case_remedies (agency_id, case_id, n) {
        agency_id -> DbUuid,
        case_id -> DbUuid,
        n -> Integer,
        kind -> Text,
        received_on -> Date,
        result -> Nullable<Text>,
        decided_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// The years of a calendar as they were announced: a version is never changed, the newest holds.
    calendar_versions (calendar_id, year, version) {
        calendar_id -> Text,
        year -> Integer,
        version -> Integer,
        notice -> Text,
        note -> Nullable<Text>,
        rows -> Text,
        change_set -> DbUuid,
        applied_at -> DbTime,
        applied_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::Integer;
    use crate::store::types::DbUuid;

    /// Gapless registration numbers: the last one given, by agency and year.
    number_counters (agency_id, year) {
        agency_id -> DbUuid,
        year -> Integer,
        last -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::store::types::{DbTime, DbUuid};

    /// First answers of commands that carried an Idempotency-Key, encrypted, kept seven days.
    idempotency_keys (account_id, method, path, key) {
        account_id -> DbUuid,
        method -> Text,
        path -> Text,
        key -> Text,
        body_hash -> Binary,
        answer -> Binary,
        created_at -> DbTime,
        case_id -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{DbTime, DbUuid};

    /// What an agency has set for its replies.
    agency_settings (agency_id, name) {
        agency_id -> DbUuid,
        name -> Text,
        value -> Text,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Nullable};
    use crate::store::types::{DbTime, DbUuid};

    /// Who takes whose steps of review during an absence.
    delegations (agency_id, id) {
        agency_id -> DbUuid,
        id -> DbUuid,
        from_person_id -> DbUuid,
        to_person_id -> DbUuid,
        starts_on -> Date,
        ends_on -> Date,
        ended_at -> Nullable<DbTime>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    use crate::store::types::{DbTime, DbUuid};

    /// Whose account the identity provider's word opens.
    provider_bindings (agency_id, account_id) {
        agency_id -> DbUuid,
        account_id -> DbUuid,
        subject -> Binary,
        bound_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    use crate::store::types::DbTime;

    /// Ways back from the identity provider that were used.
    provider_sign_ins (mark) {
        mark -> Binary,
        used_at -> DbTime,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accounts, idempotency_keys);
diesel::allow_tables_to_appear_in_same_query!(
    accesses,
    accounts,
    persons,
    applicants,
    agencies,
    departments,
    role_grants,
    sessions,
    refresh_tokens,
    cases,
    case_documents,
    case_publications,
    case_search,
    case_departments,
    case_obligations,
    case_remedies,
    events,
    calendar_versions,
    chain_heads,
    supervision_notices,
    portals,
    portal_secrets,
    portal_requests,
    provider_bindings
);
