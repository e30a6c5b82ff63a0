-- Gongkai, files opened for a reason (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- 打开附件原件: which file it was, where it was one; and two more ways of seeing. What was seen stays seen, this too.
ALTER TABLE accesses ADD COLUMN attachment_id uuid;
ALTER TABLE accesses DROP CONSTRAINT accesses_kind_check;
ALTER TABLE accesses ADD CONSTRAINT accesses_kind_check
    CHECK (kind IN ('reveal', 'search', 'identity_proof', 'export', 'attachment', 'export_with_files'));

DROP TRIGGER accesses_no_update ON accesses;
CREATE TRIGGER accesses_no_update BEFORE UPDATE ON accesses
    FOR EACH ROW WHEN ((
        NEW.agency_id = OLD.agency_id AND NEW.case_id = OLD.case_id AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.recorded_at = OLD.recorded_at AND NEW.fields = OLD.fields
        AND (NEW.account_id = OLD.account_id OR NEW.account_id IS NULL AND OLD.account_id IS NULL)
        AND (NEW.person_id = OLD.person_id OR NEW.person_id IS NULL AND OLD.person_id IS NULL)
        AND (NEW.attachment_id = OLD.attachment_id OR NEW.attachment_id IS NULL AND OLD.attachment_id IS NULL)
        AND length(NEW.sealed) = length(OLD.sealed) AND substr(NEW.sealed, 3, 16) <> substr(OLD.sealed, 3, 16)
    ) IS NOT TRUE) EXECUTE FUNCTION gongkai_append_only();

-- What one person was shown lately is counted before he is shown more.
CREATE INDEX accesses_person ON accesses (person_id, kind, recorded_at);
