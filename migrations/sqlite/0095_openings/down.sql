-- Fails, and undoes nothing, where such an access was recorded: what was seen stays seen.
CREATE TABLE accesses_before (
    agency_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    account_id BLOB,
    person_id BLOB,
    fields TEXT NOT NULL,
    sealed BLOB,
    PRIMARY KEY (agency_id, case_id, id),
    CHECK (kind IN ('reveal', 'search', 'identity_proof', 'export')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;
INSERT INTO accesses_before (agency_id, case_id, id, kind, recorded_at, account_id, person_id, fields, sealed) SELECT agency_id, case_id, id, kind, recorded_at, account_id, person_id, fields, sealed FROM accesses;
DROP TABLE accesses;
ALTER TABLE accesses_before RENAME TO accesses;

CREATE INDEX accesses_account ON accesses (agency_id, account_id, kind, recorded_at);

CREATE TRIGGER accesses_no_update BEFORE UPDATE ON accesses
WHEN (
        NEW.agency_id = OLD.agency_id AND NEW.case_id = OLD.case_id AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.recorded_at = OLD.recorded_at AND NEW.fields = OLD.fields
        AND (NEW.account_id = OLD.account_id OR NEW.account_id IS NULL AND OLD.account_id IS NULL)
        AND (NEW.person_id = OLD.person_id OR NEW.person_id IS NULL AND OLD.person_id IS NULL)
        AND length(NEW.sealed) = length(OLD.sealed) AND substr(NEW.sealed, 3, 16) <> substr(OLD.sealed, 3, 16)
    ) IS NOT TRUE BEGIN
    SELECT RAISE(ABORT, 'accesses are append only');
END;
CREATE TRIGGER accesses_no_delete BEFORE DELETE ON accesses BEGIN
    SELECT RAISE(ABORT, 'accesses are append only');
END;
