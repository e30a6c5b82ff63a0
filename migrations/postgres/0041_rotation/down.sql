DROP TRIGGER case_texts_no_update ON case_texts;
DROP TRIGGER applicants_no_update ON applicants;
DROP TRIGGER supervision_steps_no_update ON supervision_steps;
DROP TRIGGER signing_keys_no_update ON signing_keys;
CREATE TRIGGER case_texts_no_update BEFORE UPDATE ON case_texts
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER applicants_no_update BEFORE UPDATE ON applicants
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER supervision_steps_no_update BEFORE UPDATE ON supervision_steps
    FOR EACH ROW WHEN (
        NEW.sealed IS NOT NULL OR NEW.agency_id <> OLD.agency_id OR NEW.notice_id <> OLD.notice_id OR NEW.n <> OLD.n
        OR NEW.kind <> OLD.kind OR NEW.happened_on <> OLD.happened_on OR NEW.due_on <> OLD.due_on
        OR NEW.recorded_at <> OLD.recorded_at OR NEW.account_id <> OLD.account_id OR NEW.person_id <> OLD.person_id
    ) EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER signing_keys_no_update BEFORE UPDATE ON signing_keys
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
ALTER TABLE agency_keys DROP COLUMN retired_at;
