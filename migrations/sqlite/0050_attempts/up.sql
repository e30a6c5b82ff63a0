-- Gongkai, attempts (SQLite). Its twin for the other database has the same tables, columns and names.

-- 访问尝试: sign-ins, refused sign-ins, and what signed-in people were refused; equal ones of a minute are one row. `record` is canonical
-- JSON, linked into a chain of the agency's own (kind `attempts`); it holds ids, codes and keyed hashes. The agency of zeros has what
-- concerns no account.
CREATE TABLE attempts (
    agency_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    account_id BLOB,
    suite INTEGER NOT NULL,
    record TEXT NOT NULL,
    link BLOB NOT NULL,
    PRIMARY KEY (agency_id, seq),
    CHECK (kind IN ('denied', 'signed_in', 'sign_in_refused', 'locked_out', 'refresh_reused', 'refresh_refused', 'portal_refused'))
) STRICT;

-- Where each of these chains ends.
CREATE TABLE attempt_heads (
    agency_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    link BLOB NOT NULL,
    PRIMARY KEY (agency_id)
) STRICT;

CREATE TRIGGER attempts_no_update BEFORE UPDATE ON attempts BEGIN
    SELECT RAISE(ABORT, 'attempts are append only');
END;
CREATE TRIGGER attempts_no_delete BEFORE DELETE ON attempts BEGIN
    SELECT RAISE(ABORT, 'attempts are append only');
END;
