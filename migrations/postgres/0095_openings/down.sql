-- Fails, and undoes nothing, where such an access was recorded: what was seen stays seen.
DROP INDEX accesses_person;
ALTER TABLE accesses DROP CONSTRAINT accesses_kind_check;
ALTER TABLE accesses ADD CONSTRAINT accesses_kind_check CHECK (kind IN ('reveal', 'search', 'identity_proof', 'export'));
DROP TRIGGER accesses_no_update ON accesses;
ALTER TABLE accesses DROP COLUMN attachment_id;
CREATE TRIGGER accesses_no_update BEFORE UPDATE ON accesses
    FOR EACH ROW WHEN ((
        NEW.agency_id = OLD.agency_id AND NEW.case_id = OLD.case_id AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.recorded_at = OLD.recorded_at AND NEW.fields = OLD.fields
        AND (NEW.account_id = OLD.account_id OR NEW.account_id IS NULL AND OLD.account_id IS NULL)
        AND (NEW.person_id = OLD.person_id OR NEW.person_id IS NULL AND OLD.person_id IS NULL)
        AND length(NEW.sealed) = length(OLD.sealed) AND substr(NEW.sealed, 3, 16) <> substr(OLD.sealed, 3, 16)
    ) IS NOT TRUE) EXECUTE FUNCTION gongkai_append_only();
