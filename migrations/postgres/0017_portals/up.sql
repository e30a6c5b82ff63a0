-- Gongkai, portals (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- 门户: a service by which requests are handed in, with an account of its own. `closed_at`: it hands nothing in any more.
CREATE TABLE portals (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (agency_id, id),
    CONSTRAINT portals_name UNIQUE (agency_id, name),
    CONSTRAINT portals_account UNIQUE (account_id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);

-- What portals sign in with: SHA-256 of 256 random bits. A new one leaves the others until `expires_at`.
CREATE TABLE portal_secrets (
    agency_id uuid NOT NULL,
    portal_id uuid NOT NULL,
    n integer NOT NULL,
    hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (agency_id, portal_id, n),
    CONSTRAINT portal_secrets_hash UNIQUE (hash),
    FOREIGN KEY (agency_id, portal_id) REFERENCES portals (agency_id, id)
);

-- Which case came of which request of a portal: each of its requests becomes one case.
CREATE TABLE portal_requests (
    agency_id uuid NOT NULL,
    portal_id uuid NOT NULL,
    request text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    PRIMARY KEY (agency_id, portal_id, request),
    CONSTRAINT portal_requests_case UNIQUE (agency_id, case_id),
    FOREIGN KEY (agency_id, portal_id) REFERENCES portals (agency_id, id)
);
