DROP TRIGGER case_texts_no_update;
DROP TRIGGER applicants_no_update;
DROP TRIGGER supervision_steps_no_update;
DROP TRIGGER signing_keys_no_update;
CREATE TRIGGER case_texts_no_update BEFORE UPDATE ON case_texts BEGIN
    SELECT RAISE(ABORT, 'case_texts are insert only');
END;
CREATE TRIGGER applicants_no_update BEFORE UPDATE ON applicants BEGIN
    SELECT RAISE(ABORT, 'applicants are insert only');
END;
CREATE TRIGGER supervision_steps_no_update BEFORE UPDATE ON supervision_steps
WHEN NEW.sealed IS NOT NULL OR NEW.agency_id <> OLD.agency_id OR NEW.notice_id <> OLD.notice_id OR NEW.n <> OLD.n
    OR NEW.kind <> OLD.kind OR NEW.happened_on <> OLD.happened_on OR NEW.due_on <> OLD.due_on
    OR NEW.recorded_at <> OLD.recorded_at OR NEW.account_id <> OLD.account_id OR NEW.person_id <> OLD.person_id BEGIN
    SELECT RAISE(ABORT, 'supervision_steps are append only');
END;
CREATE TRIGGER signing_keys_no_update BEFORE UPDATE ON signing_keys BEGIN
    SELECT RAISE(ABORT, 'signing keys are append only');
END;
ALTER TABLE agency_keys DROP COLUMN retired_at;
