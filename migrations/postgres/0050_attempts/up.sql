-- Gongkai, attempts (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- 访问尝试: sign-ins, refused sign-ins, and what signed-in people were refused; equal ones of a minute are one row. `record` is canonical
-- JSON, linked into a chain of the agency's own (kind `attempts`); it holds ids, codes and keyed hashes. The agency of zeros has what
-- concerns no account.
CREATE TABLE attempts (
    agency_id uuid NOT NULL,
    seq bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    account_id uuid,
    suite integer NOT NULL,
    record text COLLATE "C" NOT NULL,
    link bytea NOT NULL,
    PRIMARY KEY (agency_id, seq),
    CHECK (kind IN ('denied', 'signed_in', 'sign_in_refused', 'locked_out', 'refresh_reused', 'refresh_refused', 'portal_refused'))
);

-- Where each of these chains ends.
CREATE TABLE attempt_heads (
    agency_id uuid NOT NULL,
    seq bigint NOT NULL,
    link bytea NOT NULL,
    PRIMARY KEY (agency_id)
);

CREATE TRIGGER attempts_no_update BEFORE UPDATE ON attempts
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER attempts_no_delete BEFORE DELETE ON attempts
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER attempts_no_truncate BEFORE TRUNCATE ON attempts
    FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only();
