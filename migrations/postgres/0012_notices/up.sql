-- Gongkai, notices of supervising agencies (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- 督办: what a supervising agency wants answered by a day, kept with the agency that received it. `case_id`: the case it is about;
-- NULL is the agency's work as a whole. `version` counts its steps; the dates are those that hold after the last of them.
CREATE TABLE supervision_notices (
    agency_id uuid NOT NULL,
    id uuid NOT NULL,
    from_agency_id uuid NOT NULL,
    case_id uuid,
    version integer NOT NULL,
    due_on date NOT NULL,
    answered_on date,
    closed_on date,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, id),
    FOREIGN KEY (agency_id) REFERENCES agencies (id),
    FOREIGN KEY (from_agency_id) REFERENCES agencies (id)
);

-- What was done with each, from 1. `due_on` is the day for the answer that holds after the step. `sealed`: what was said, encrypted
-- under the keys of the agency that received the notice; NULL where nothing was said, and where a case's words were erased.
CREATE TABLE supervision_steps (
    agency_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    n integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    happened_on date NOT NULL,
    due_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    account_id uuid NOT NULL,
    person_id uuid NOT NULL,
    sealed bytea,
    PRIMARY KEY (agency_id, notice_id, n),
    CHECK (kind IN ('sent', 'answered', 'returned', 'closed')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
);

CREATE INDEX supervision_notices_from ON supervision_notices (from_agency_id, id);
CREATE INDEX supervision_notices_case ON supervision_notices (agency_id, case_id);

-- A step stays; only what was said in it can be erased.
CREATE TRIGGER supervision_steps_no_update BEFORE UPDATE ON supervision_steps
    FOR EACH ROW WHEN (
        NEW.sealed IS NOT NULL OR NEW.agency_id <> OLD.agency_id OR NEW.notice_id <> OLD.notice_id OR NEW.n <> OLD.n
        OR NEW.kind <> OLD.kind OR NEW.happened_on <> OLD.happened_on OR NEW.due_on <> OLD.due_on
        OR NEW.recorded_at <> OLD.recorded_at OR NEW.account_id <> OLD.account_id OR NEW.person_id <> OLD.person_id
    ) EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER supervision_steps_no_delete BEFORE DELETE ON supervision_steps
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER supervision_steps_no_truncate BEFORE TRUNCATE ON supervision_steps
    FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only();
