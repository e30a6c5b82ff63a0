-- Gongkai, first schema (PostgreSQL). Its twin for the other database has the same tables, columns and names:
-- a test compares them. Times are UTC microseconds; civil dates are dates in the agency's zone.

-- What this database must remember of itself: the fingerprint of its master key.
CREATE TABLE meta (
    key text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY (key)
);

-- Government offices, in a tree.
CREATE TABLE agencies (
    id uuid NOT NULL,
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    parent_id uuid,
    zone text COLLATE "C" NOT NULL,
    statute text COLLATE "C" NOT NULL,
    number_pattern text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT agencies_code UNIQUE (code),
    FOREIGN KEY (parent_id) REFERENCES agencies (id)
);

-- Each agency's keys for columns and blind indexes, wrapped by the master key, which is never here.
CREATE TABLE agency_keys (
    agency_id uuid NOT NULL,
    key_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, key_id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- Departments of an agency.
CREATE TABLE departments (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    CONSTRAINT departments_name UNIQUE (agency_id, name),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- Human beings who work in an office. Four eyes are measured by person, not by account.
CREATE TABLE persons (
    id uuid NOT NULL,
    reference text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT persons_reference UNIQUE (reference)
);

-- Sign-ins.
CREATE TABLE accounts (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    username text COLLATE "C" NOT NULL,
    password_hash text COLLATE "C" NOT NULL,
    must_change_password boolean NOT NULL,
    failed_logins integer NOT NULL,
    locked_until timestamptz,
    disabled boolean NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT accounts_username UNIQUE (username),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    FOREIGN KEY (person_id) REFERENCES persons (id)
);

-- Who holds which role where.
CREATE TABLE role_grants (
    id uuid NOT NULL,
    agency_id uuid NOT NULL,
    account_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text COLLATE "C" NOT NULL,
    department_id uuid,
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    CHECK (role IN ('clerk', 'handler', 'legal_reviewer', 'secrecy_reviewer', 'approver', 'archivist', 'supervisor', 'system_admin', 'security_admin', 'auditor', 'portal')),
    FOREIGN KEY (account_id) REFERENCES accounts (id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- Stays of an account, from sign-in to sign-out.
CREATE TABLE sessions (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);

-- Hashes of refresh tokens; one used twice ends its session.
CREATE TABLE refresh_tokens (
    hash bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (hash),
    FOREIGN KEY (session_id) REFERENCES sessions (id)
);

-- The newest link of each agency's chain.
CREATE TABLE chain_heads (
    agency_id uuid NOT NULL,
    seq bigint NOT NULL,
    link bytea NOT NULL,
    PRIMARY KEY (agency_id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- The record. Append only: `record` is the canonical text that both links hash.
CREATE TABLE events (
    agency_id uuid NOT NULL,
    agency_seq bigint NOT NULL,
    id uuid NOT NULL,
    case_id uuid,
    case_seq integer,
    event_type text COLLATE "C" NOT NULL,
    suite integer NOT NULL,
    record text COLLATE "C" NOT NULL,
    agency_link bytea NOT NULL,
    case_link bytea,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, agency_seq),
    CONSTRAINT events_id UNIQUE (id),
    CONSTRAINT events_case UNIQUE (case_id, case_seq),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    CHECK ((case_id IS NULL) = (case_seq IS NULL)),
    CHECK ((case_id IS NULL) = (case_link IS NULL))
);

-- Words to which events commit, with their salt, encrypted.
CREATE TABLE case_texts (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- Applicants' records to which events commit, each column encrypted; the indexes are keyed hashes for exact search.
CREATE TABLE applicants (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    name bytea NOT NULL,
    identity bytea,
    phone bytea,
    email bytea,
    address bytea,
    salt bytea NOT NULL,
    name_index bytea NOT NULL,
    identity_index bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- The queue: columns derived from the events by one function; `gongkai rebuild` derives them again.
CREATE TABLE cases (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    custodian_agency_id uuid NOT NULL,
    version integer NOT NULL,
    case_link bytea NOT NULL,
    statute text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    number text COLLATE "C",
    subject text COLLATE "C",
    channel text COLLATE "C" NOT NULL,
    applicant_kind text COLLATE "C" NOT NULL,
    applicant_id uuid NOT NULL,
    arrived_on date NOT NULL,
    received_on date,
    registered_on date,
    due_on date,
    yellow_on date,
    red_on date,
    provisional text COLLATE "C",
    department_id uuid,
    assignee_id uuid,
    outcome text COLLATE "C",
    concluded_on date,
    archived_on date,
    due_sort date NOT NULL,
    received_sort date NOT NULL,
    imported_row bytea,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    CONSTRAINT cases_number UNIQUE (agency_id, number),
    CHECK (stage IN ('receive', 'register', 'process', 'reply', 'archive')),
    CHECK (status IN ('awaiting_confirmation', 'received', 'registered', 'assigned', 'in_process', 'in_review', 'approved', 'replied', 'withdrawn', 'archived')),
    CHECK (channel IN ('counter', 'registered_post', 'ordinary_post', 'fax', 'online', 'email')),
    CHECK (applicant_kind IN ('natural_person', 'commercial_enterprise', 'research_institution', 'public_welfare_org', 'legal_service_org', 'other_org')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- Which departments work on a case (derived, like `cases`).
CREATE TABLE case_departments (
    agency_id uuid NOT NULL,
    case_id uuid NOT NULL,
    department_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, case_id, department_id),
    CHECK (kind IN ('lead', 'co_handling'))
);

-- Gapless registration numbers: the last one given, by agency and year.
CREATE TABLE number_counters (
    agency_id uuid NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (agency_id, year),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

-- First answers of commands that carried an Idempotency-Key, encrypted, kept seven days.
CREATE TABLE idempotency_keys (
    account_id uuid NOT NULL,
    method text COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    body_hash bytea NOT NULL,
    answer bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, method, path, key)
);

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
CREATE FUNCTION gongkai_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER case_texts_no_update BEFORE UPDATE ON case_texts
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER applicants_no_update BEFORE UPDATE ON applicants
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
