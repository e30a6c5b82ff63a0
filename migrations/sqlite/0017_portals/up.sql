-- Gongkai, portals (SQLite). Its twin for the other database has the same tables, columns and names.

-- 门户: a service by which requests are handed in, with an account of its own. `closed_at`: it hands nothing in any more.
CREATE TABLE portals (
    agency_id BLOB NOT NULL,
    id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    PRIMARY KEY (agency_id, id),
    CONSTRAINT portals_name UNIQUE (agency_id, name),
    CONSTRAINT portals_account UNIQUE (account_id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
) STRICT;

-- What portals sign in with: SHA-256 of 256 random bits. A new one leaves the others until `expires_at`.
CREATE TABLE portal_secrets (
    agency_id BLOB NOT NULL,
    portal_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (agency_id, portal_id, n),
    CONSTRAINT portal_secrets_hash UNIQUE (hash),
    FOREIGN KEY (agency_id, portal_id) REFERENCES portals (agency_id, id)
) STRICT;

-- Which case came of which request of a portal: each of its requests becomes one case.
CREATE TABLE portal_requests (
    agency_id BLOB NOT NULL,
    portal_id BLOB NOT NULL,
    request TEXT NOT NULL,
    case_id BLOB NOT NULL,
    PRIMARY KEY (agency_id, portal_id, request),
    CONSTRAINT portal_requests_case UNIQUE (agency_id, case_id),
    FOREIGN KEY (agency_id, portal_id) REFERENCES portals (agency_id, id)
) STRICT;
