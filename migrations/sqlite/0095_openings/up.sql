-- Gongkai, files opened for a reason (SQLite). Its twin for the other database has the same tables, columns and names.

-- 打开附件原件: which file it was, where it was one; and two more ways of seeing. What was seen stays seen, this too. SQLite changes no
-- constraint of a table that is there: it is made anew.
CREATE TABLE accesses_anew (
    agency_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    account_id BLOB,
    person_id BLOB,
    fields TEXT NOT NULL,
    sealed BLOB,
    attachment_id BLOB,
    PRIMARY KEY (agency_id, case_id, id),
    CHECK (kind IN ('reveal', 'search', 'identity_proof', 'export', 'attachment', 'export_with_files')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;
INSERT INTO accesses_anew (agency_id, case_id, id, kind, recorded_at, account_id, person_id, fields, sealed) SELECT agency_id, case_id, id, kind, recorded_at, account_id, person_id, fields, sealed FROM accesses;
DROP TABLE accesses;
ALTER TABLE accesses_anew RENAME TO accesses;

CREATE INDEX accesses_account ON accesses (agency_id, account_id, kind, recorded_at);
-- What one person was shown lately is counted before he is shown more.
CREATE INDEX accesses_person ON accesses (person_id, kind, recorded_at);

CREATE TRIGGER accesses_no_update BEFORE UPDATE ON accesses
WHEN (
        NEW.agency_id = OLD.agency_id AND NEW.case_id = OLD.case_id AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.recorded_at = OLD.recorded_at AND NEW.fields = OLD.fields
        AND (NEW.account_id = OLD.account_id OR NEW.account_id IS NULL AND OLD.account_id IS NULL)
        AND (NEW.person_id = OLD.person_id OR NEW.person_id IS NULL AND OLD.person_id IS NULL)
        AND (NEW.attachment_id = OLD.attachment_id OR NEW.attachment_id IS NULL AND OLD.attachment_id IS NULL)
        AND length(NEW.sealed) = length(OLD.sealed) AND substr(NEW.sealed, 3, 16) <> substr(OLD.sealed, 3, 16)
    ) IS NOT TRUE BEGIN
    SELECT RAISE(ABORT, 'accesses are append only');
END;
CREATE TRIGGER accesses_no_delete BEFORE DELETE ON accesses BEGIN
    SELECT RAISE(ABORT, 'accesses are append only');
END;
