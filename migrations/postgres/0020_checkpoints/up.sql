-- Gongkai, checkpoints (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- The keys that sign an agency's checkpoints: the newest signs. The secret half is encrypted under the agency's key.
CREATE TABLE signing_keys (
    agency_id uuid NOT NULL,
    n integer NOT NULL,
    public_key bytea NOT NULL,
    secret bytea NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (agency_id, n)
);

-- Where an agency's chain stood: the signed text, and what the tree over its events needs to grow on.
CREATE TABLE checkpoints (
    agency_id uuid NOT NULL,
    size bigint NOT NULL,
    made_at timestamptz NOT NULL,
    note text COLLATE "C" NOT NULL,
    frontier bytea NOT NULL,
    PRIMARY KEY (agency_id, size)
);

CREATE TRIGGER signing_keys_no_update BEFORE UPDATE ON signing_keys
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER signing_keys_no_delete BEFORE DELETE ON signing_keys
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER signing_keys_no_truncate BEFORE TRUNCATE ON signing_keys
    FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only();
