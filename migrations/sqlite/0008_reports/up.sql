-- Gongkai, the annual report: what of it is entered and frozen (SQLite). Its twin for the other database has the same tables,
-- columns and names.

-- Table 2 of a year, entered by hand (JSON): each entry is a version, the newest holds.
CREATE TABLE report_entries (
    agency_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    entered_at INTEGER NOT NULL,
    entered_by BLOB,
    PRIMARY KEY (agency_id, year, version)
) STRICT;

-- Reports as they were frozen: the canonical text, and its SHA-256, which the agency's chain holds too.
CREATE TABLE report_freezes (
    agency_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hash TEXT NOT NULL,
    content TEXT NOT NULL,
    frozen_at INTEGER NOT NULL,
    frozen_by BLOB,
    PRIMARY KEY (agency_id, year, n)
) STRICT;

CREATE TRIGGER report_entries_no_update BEFORE UPDATE ON report_entries BEGIN
    SELECT RAISE(ABORT, 'report_entries are append only');
END;
CREATE TRIGGER report_entries_no_delete BEFORE DELETE ON report_entries BEGIN
    SELECT RAISE(ABORT, 'report_entries are append only');
END;
CREATE TRIGGER report_freezes_no_update BEFORE UPDATE ON report_freezes BEGIN
    SELECT RAISE(ABORT, 'report_freezes are append only');
END;
CREATE TRIGGER report_freezes_no_delete BEFORE DELETE ON report_freezes BEGIN
    SELECT RAISE(ABORT, 'report_freezes are append only');
END;
