-- Gongkai, checkpoints (SQLite). Its twin for the other database has the same tables, columns and names.

-- The keys that sign an agency's checkpoints: the newest signs. The secret half is encrypted under the agency's key.
CREATE TABLE signing_keys (
    agency_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    secret BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id, n)
) STRICT;

-- Where an agency's chain stood: the signed text, and what the tree over its events needs to grow on.
CREATE TABLE checkpoints (
    agency_id BLOB NOT NULL,
    size INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    note TEXT NOT NULL,
    frontier BLOB NOT NULL,
    PRIMARY KEY (agency_id, size)
) STRICT;

CREATE TRIGGER signing_keys_no_update BEFORE UPDATE ON signing_keys BEGIN
    SELECT RAISE(ABORT, 'signing keys are append only');
END;
CREATE TRIGGER signing_keys_no_delete BEFORE DELETE ON signing_keys BEGIN
    SELECT RAISE(ABORT, 'signing keys are append only');
END;
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN
    SELECT RAISE(ABORT, 'checkpoints are append only');
END;
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN
    SELECT RAISE(ABORT, 'checkpoints are append only');
END;
