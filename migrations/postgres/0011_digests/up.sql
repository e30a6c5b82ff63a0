-- Gongkai, digests (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- What an office keeps of a day, a month, a quarter: canonical text, and its SHA-256, which the agency's chain holds too.
CREATE TABLE digests (
    agency_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    made_at timestamptz NOT NULL,
    hash text COLLATE "C" NOT NULL,
    content text COLLATE "C" NOT NULL,
    PRIMARY KEY (agency_id, kind, period),
    CHECK (kind IN ('daily_worklist', 'monthly_ledger', 'quarterly_bulletin'))
);

CREATE TRIGGER digests_no_update BEFORE UPDATE ON digests
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER digests_no_delete BEFORE DELETE ON digests
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER digests_no_truncate BEFORE TRUNCATE ON digests
    FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only();
