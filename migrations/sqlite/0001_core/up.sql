-- Gongkai, first schema (SQLite). Its twin for the other database has the same tables, columns and names:
-- a test compares them. Times are UTC microseconds; civil dates are dates in the agency's zone.

-- What this database must remember of itself: the fingerprint of its master key.
CREATE TABLE meta (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (key)
) STRICT;

-- Government offices, in a tree.
CREATE TABLE agencies (
    id BLOB NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent_id BLOB,
    zone TEXT NOT NULL,
    statute TEXT NOT NULL,
    number_pattern TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT agencies_code UNIQUE (code),
    FOREIGN KEY (parent_id) REFERENCES agencies (id)
) STRICT;

-- Each agency's keys for columns and blind indexes, wrapped by the master key, which is never here.
CREATE TABLE agency_keys (
    agency_id BLOB NOT NULL,
    key_id BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, key_id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- Departments of an agency.
CREATE TABLE departments (
    agency_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, id),
    CONSTRAINT departments_name UNIQUE (agency_id, name),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- Human beings who work in an office. Four eyes are measured by person, not by account.
CREATE TABLE persons (
    id BLOB NOT NULL,
    reference TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT persons_reference UNIQUE (reference)
) STRICT;

-- Sign-ins.
CREATE TABLE accounts (
    agency_id BLOB NOT NULL,
    id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    failed_logins INTEGER NOT NULL,
    locked_until INTEGER,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT accounts_username UNIQUE (username),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
) STRICT;

-- Who holds which role where.
CREATE TABLE role_grants (
    id BLOB NOT NULL,
    agency_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    role TEXT NOT NULL,
    department_id BLOB,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    CHECK (role IN ('clerk', 'handler', 'legal_reviewer', 'secrecy_reviewer', 'approver', 'archivist', 'supervisor', 'system_admin', 'security_admin', 'auditor', 'portal')),
    FOREIGN KEY (account_id) REFERENCES accounts (id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- Stays of an account, from sign-in to sign-out.
CREATE TABLE sessions (
    id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
) STRICT;

-- Hashes of refresh tokens; one used twice ends its session.
CREATE TABLE refresh_tokens (
    hash BLOB NOT NULL,
    session_id BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (hash),
    FOREIGN KEY (session_id) REFERENCES sessions (id)
) STRICT;

-- The newest link of each agency's chain.
CREATE TABLE chain_heads (
    agency_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    link BLOB NOT NULL,
    PRIMARY KEY (agency_id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- The record. Append only: `record` is the canonical text that both links hash.
CREATE TABLE events (
    agency_id BLOB NOT NULL,
    agency_seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB,
    case_seq INTEGER,
    event_type TEXT NOT NULL,
    suite INTEGER NOT NULL,
    record TEXT NOT NULL,
    agency_link BLOB NOT NULL,
    case_link BLOB,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, agency_seq),
    CONSTRAINT events_id UNIQUE (id),
    CONSTRAINT events_case UNIQUE (case_id, case_seq),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    CHECK ((case_id IS NULL) = (case_seq IS NULL)),
    CHECK ((case_id IS NULL) = (case_link IS NULL))
) STRICT;

-- Words to which events commit, with their salt, encrypted.
CREATE TABLE case_texts (
    agency_id BLOB NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- Applicants' records to which events commit, each column encrypted; the indexes are keyed hashes for exact search.
CREATE TABLE applicants (
    agency_id BLOB NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    name BLOB NOT NULL,
    identity BLOB,
    phone BLOB,
    email BLOB,
    address BLOB,
    salt BLOB NOT NULL,
    name_index BLOB NOT NULL,
    identity_index BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- The queue: columns derived from the events by one function; `gongkai rebuild` derives them again.
CREATE TABLE cases (
    agency_id BLOB NOT NULL,
    id BLOB NOT NULL,
    custodian_agency_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    case_link BLOB NOT NULL,
    statute TEXT NOT NULL,
    stage TEXT NOT NULL,
    status TEXT NOT NULL,
    number TEXT,
    subject TEXT,
    channel TEXT NOT NULL,
    applicant_kind TEXT NOT NULL,
    applicant_id BLOB NOT NULL,
    arrived_on TEXT NOT NULL,
    received_on TEXT,
    registered_on TEXT,
    due_on TEXT,
    yellow_on TEXT,
    red_on TEXT,
    provisional TEXT,
    department_id BLOB,
    assignee_id BLOB,
    outcome TEXT,
    concluded_on TEXT,
    archived_on TEXT,
    due_sort TEXT NOT NULL,
    received_sort TEXT NOT NULL,
    imported_row BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, id),
    CONSTRAINT cases_number UNIQUE (agency_id, number),
    CHECK (stage IN ('receive', 'register', 'process', 'reply', 'archive')),
    CHECK (status IN ('awaiting_confirmation', 'received', 'registered', 'assigned', 'in_process', 'in_review', 'approved', 'replied', 'withdrawn', 'archived')),
    CHECK (channel IN ('counter', 'registered_post', 'ordinary_post', 'fax', 'online', 'email')),
    CHECK (applicant_kind IN ('natural_person', 'commercial_enterprise', 'research_institution', 'public_welfare_org', 'legal_service_org', 'other_org')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- Which departments work on a case (derived, like `cases`).
CREATE TABLE case_departments (
    agency_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    department_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (agency_id, case_id, department_id),
    CHECK (kind IN ('lead', 'co_handling'))
) STRICT;

-- Gapless registration numbers: the last one given, by agency and year.
CREATE TABLE number_counters (
    agency_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (agency_id, year),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- First answers of commands that carried an Idempotency-Key, encrypted, kept seven days.
CREATE TABLE idempotency_keys (
    account_id BLOB NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    answer BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, method, path, key)
) STRICT;

CREATE INDEX role_grants_account ON role_grants (account_id);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX case_texts_case ON case_texts (agency_id, case_id);
CREATE INDEX applicants_name ON applicants (agency_id, name_index);
CREATE INDEX applicants_identity ON applicants (agency_id, identity_index);
CREATE INDEX cases_due ON cases (agency_id, due_sort, id);
CREATE INDEX cases_received ON cases (agency_id, received_sort, id);
CREATE INDEX cases_concluded ON cases (agency_id, concluded_on);
CREATE INDEX case_departments_department ON case_departments (agency_id, department_id);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- Three administrators apart (三员分立): a person holds one of these roles at most.
CREATE UNIQUE INDEX role_grants_one_administrator ON role_grants (person_id)
    WHERE role IN ('system_admin', 'security_admin', 'auditor');

-- The record is append only; so are the words and applicants' records it commits to, erasure aside.
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'events are append only');
END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'events are append only');
END;
CREATE TRIGGER case_texts_no_update BEFORE UPDATE ON case_texts BEGIN
    SELECT RAISE(ABORT, 'case_texts are insert only');
END;
CREATE TRIGGER applicants_no_update BEFORE UPDATE ON applicants BEGIN
    SELECT RAISE(ABORT, 'applicants are insert only');
END;
