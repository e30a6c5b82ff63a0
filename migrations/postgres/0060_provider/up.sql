-- Gongkai, the identity provider (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- By which way a stay was opened: with the password (or a portal's secret) that is kept here, or by the identity provider's word, who
-- may have said that he saw more than one factor.
ALTER TABLE sessions ADD COLUMN way text COLLATE "C" NOT NULL DEFAULT 'password' CHECK (way IN ('password', 'provider', 'provider_mfa'));

-- Whose account the identity provider's word opens. `subject`: HMAC-SHA256 over issuer, claim and what the claim says of him.
CREATE TABLE provider_bindings (
    agency_id uuid NOT NULL,
    account_id uuid NOT NULL,
    subject bytea NOT NULL,
    bound_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, account_id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);

CREATE UNIQUE INDEX provider_bindings_subject ON provider_bindings (subject);

-- Digests of the states of sign-ins with the provider that opened a stay: none opens another. Older ones than a sign-in lasts are
-- removed when the next is written.
CREATE TABLE provider_sign_ins (
    mark bytea NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (mark)
);
