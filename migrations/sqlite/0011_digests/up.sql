-- Gongkai, digests (SQLite). Its twin for the other database has the same tables, columns and names.

-- What an office keeps of a day, a month, a quarter: canonical text, and its SHA-256, which the agency's chain holds too.
CREATE TABLE digests (
    agency_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (agency_id, kind, period),
    CHECK (kind IN ('daily_worklist', 'monthly_ledger', 'quarterly_bulletin'))
) STRICT;

CREATE TRIGGER digests_no_update BEFORE UPDATE ON digests BEGIN
    SELECT RAISE(ABORT, 'digests are append only');
END;
CREATE TRIGGER digests_no_delete BEFORE DELETE ON digests BEGIN
    SELECT RAISE(ABORT, 'digests are append only');
END;
