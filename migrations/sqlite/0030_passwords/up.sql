-- Gongkai, the age of passwords (SQLite). Its twin for the other database has the same tables, columns and names.

-- Since when a password holds, and when its account was last used: signed in to, made, or enabled. Accounts that are there count
-- from now on, so that nobody is sent away by a change of the program.
ALTER TABLE accounts ADD COLUMN password_set_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;
UPDATE accounts SET password_set_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000000,
    active_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000000;

-- The hashes of an account's last passwords, so that none of them is taken again.
CREATE TABLE password_history (
    agency_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    set_at INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (agency_id, account_id, set_at),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
) STRICT;

-- Accounts that nobody has used for long are looked for every hour.
CREATE INDEX accounts_active ON accounts (active_at) WHERE NOT disabled;
