-- Gongkai, rotation of keys (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- When nothing was left under a key, so that it was retired: NULL as long as rows may be under it.
ALTER TABLE agency_keys ADD COLUMN retired_at timestamptz;

-- What is encrypted stays what it is: it may be encrypted anew, under another key (bytes 3 to 18 are its id), to a value of the same
-- length, and nothing else may change. The indexes of applicants change with the key.
DROP TRIGGER case_texts_no_update ON case_texts;
CREATE TRIGGER case_texts_no_update BEFORE UPDATE ON case_texts
    FOR EACH ROW WHEN ((
        NEW.agency_id = OLD.agency_id AND NEW.id = OLD.id AND NEW.case_id = OLD.case_id AND NEW.kind = OLD.kind AND NEW.created_at = OLD.created_at
        AND length(NEW.sealed) = length(OLD.sealed) AND substr(NEW.sealed, 3, 16) <> substr(OLD.sealed, 3, 16)
    ) IS NOT TRUE) EXECUTE FUNCTION gongkai_append_only();
DROP TRIGGER applicants_no_update ON applicants;
CREATE TRIGGER applicants_no_update BEFORE UPDATE ON applicants
    FOR EACH ROW WHEN ((
        NEW.agency_id = OLD.agency_id AND NEW.id = OLD.id AND NEW.case_id = OLD.case_id AND NEW.created_at = OLD.created_at
        AND length(NEW.name) = length(OLD.name) AND substr(NEW.name, 3, 16) <> substr(OLD.name, 3, 16)
        AND length(NEW.salt) = length(OLD.salt) AND substr(NEW.salt, 3, 16) <> substr(OLD.salt, 3, 16)
        AND (OLD.identity IS NULL AND NEW.identity IS NULL OR length(NEW.identity) = length(OLD.identity) AND substr(NEW.identity, 3, 16) <> substr(OLD.identity, 3, 16))
        AND (OLD.phone IS NULL AND NEW.phone IS NULL OR length(NEW.phone) = length(OLD.phone) AND substr(NEW.phone, 3, 16) <> substr(OLD.phone, 3, 16))
        AND (OLD.email IS NULL AND NEW.email IS NULL OR length(NEW.email) = length(OLD.email) AND substr(NEW.email, 3, 16) <> substr(OLD.email, 3, 16))
        AND (OLD.address IS NULL AND NEW.address IS NULL OR length(NEW.address) = length(OLD.address) AND substr(NEW.address, 3, 16) <> substr(OLD.address, 3, 16))
    ) IS NOT TRUE) EXECUTE FUNCTION gongkai_append_only();
DROP TRIGGER supervision_steps_no_update ON supervision_steps;
CREATE TRIGGER supervision_steps_no_update BEFORE UPDATE ON supervision_steps
    FOR EACH ROW WHEN ((
        NEW.agency_id = OLD.agency_id AND NEW.notice_id = OLD.notice_id AND NEW.n = OLD.n AND NEW.kind = OLD.kind AND NEW.happened_on = OLD.happened_on AND NEW.due_on = OLD.due_on AND NEW.recorded_at = OLD.recorded_at AND NEW.account_id = OLD.account_id AND NEW.person_id = OLD.person_id
        AND (NEW.sealed IS NULL OR length(NEW.sealed) = length(OLD.sealed) AND substr(NEW.sealed, 3, 16) <> substr(OLD.sealed, 3, 16))
    ) IS NOT TRUE) EXECUTE FUNCTION gongkai_append_only();
DROP TRIGGER signing_keys_no_update ON signing_keys;
CREATE TRIGGER signing_keys_no_update BEFORE UPDATE ON signing_keys
    FOR EACH ROW WHEN ((
        NEW.agency_id = OLD.agency_id AND NEW.n = OLD.n AND NEW.public_key = OLD.public_key AND NEW.made_at = OLD.made_at
        AND length(NEW.secret) = length(OLD.secret) AND substr(NEW.secret, 3, 16) <> substr(OLD.secret, 3, 16)
    ) IS NOT TRUE) EXECUTE FUNCTION gongkai_append_only();
