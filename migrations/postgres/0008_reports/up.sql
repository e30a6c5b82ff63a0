-- Gongkai, the annual report: what of it is entered and frozen (PostgreSQL). Its twin for the other database has the same tables,
-- columns and names.

-- Table 2 of a year, entered by hand (JSON): each entry is a version, the newest holds.
CREATE TABLE report_entries (
    agency_id uuid NOT NULL,
    year integer NOT NULL,
    version integer NOT NULL,
    content text COLLATE "C" NOT NULL,
    entered_at timestamptz NOT NULL,
    entered_by uuid,
    PRIMARY KEY (agency_id, year, version)
);

-- Reports as they were frozen: the canonical text, and its SHA-256, which the agency's chain holds too.
CREATE TABLE report_freezes (
    agency_id uuid NOT NULL,
    year integer NOT NULL,
    n integer NOT NULL,
    hash text COLLATE "C" NOT NULL,
    content text COLLATE "C" NOT NULL,
    frozen_at timestamptz NOT NULL,
    frozen_by uuid,
    PRIMARY KEY (agency_id, year, n)
);

CREATE TRIGGER report_entries_no_update BEFORE UPDATE ON report_entries
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER report_entries_no_delete BEFORE DELETE ON report_entries
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER report_entries_no_truncate BEFORE TRUNCATE ON report_entries
    FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER report_freezes_no_update BEFORE UPDATE ON report_freezes
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER report_freezes_no_delete BEFORE DELETE ON report_freezes
    FOR EACH ROW EXECUTE FUNCTION gongkai_append_only();
CREATE TRIGGER report_freezes_no_truncate BEFORE TRUNCATE ON report_freezes
    FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only();
