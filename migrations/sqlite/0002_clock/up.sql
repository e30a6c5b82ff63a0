-- Gongkai, the clock (SQLite). Its twin for the other database has the same tables, columns and names.

-- A calendar of the agency's own, such as a region's; NULL is the statute's.
ALTER TABLE agencies ADD COLUMN calendar TEXT;

-- A request that the applicant did not correct, or did not pay for, in time is no longer handled: `lapsed`.
-- SQLite changes no CHECK of a table that is there. What stands in its rows does not change, so that the text of the
-- table may be changed in place (https://www.sqlite.org/lang_altertable.html, section 7).
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, '''withdrawn'', ''archived''', '''withdrawn'', ''lapsed'', ''archived''')
    WHERE type = 'table' AND name = 'cases';
PRAGMA writable_schema = RESET;

-- What a case is counted by for good, with its statute: the version, and its calendar where that is not the statute's.
ALTER TABLE cases ADD COLUMN statute_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE cases ADD COLUMN calendar TEXT;

-- What the queue keeps of a case's clock: the dated facts as the engine takes them (JSON), so that a change of the
-- calendar is derived again without reading events; how the clock stands; the date to keep under every reading.
-- Rows that are there keep their limits, lights and order. Their facts are not written here (a migration does not fold
-- events): they stay '[]', which no received case has otherwise, until the case's next event or `gongkai rebuild`.
ALTER TABLE cases ADD COLUMN clock TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN clock_state TEXT NOT NULL DEFAULT 'not_started'
    CHECK (clock_state IN ('not_started', 'running', 'suspended', 'stopped'));
ALTER TABLE cases ADD COLUMN prudent_due_on TEXT;
-- The day of arrival while a case waits to be registered: the inbox is read in the order of an index that has no other
-- cases, and that no other list is ever tempted to use.
ALTER TABLE cases ADD COLUMN inbox_on TEXT;
UPDATE cases SET inbox_on = arrived_on WHERE status IN ('awaiting_confirmation', 'received');
UPDATE cases SET clock_state = CASE WHEN due_on IS NOT NULL THEN 'running' ELSE 'stopped' END
    WHERE received_on IS NOT NULL;

-- What is owed on a case and not met, by whomever; remedies aside (derived, like `cases`).
CREATE TABLE case_obligations (
    agency_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    PRIMARY KEY (agency_id, case_id, kind, n),
    CHECK (kind IN ('correction_notice', 'correction_response', 'third_party_answer', 'joint_maker_answer', 'extension_notice', 'fee_payment', 'reply'))
) STRICT;

-- The years of a calendar as they were announced: a version is never changed, the newest holds.
CREATE TABLE calendar_versions (
    calendar_id TEXT NOT NULL,
    year INTEGER NOT NULL,
    version INTEGER NOT NULL,
    notice TEXT NOT NULL,
    note TEXT,
    rows TEXT NOT NULL,
    change_set BLOB NOT NULL,
    applied_at INTEGER NOT NULL,
    applied_by BLOB,
    PRIMARY KEY (calendar_id, year, version)
) STRICT;

-- Until now a limit was all that was owed.
INSERT INTO case_obligations (agency_id, case_id, kind, n, due_on)
    SELECT agency_id, id, 'reply', 1, due_on FROM cases WHERE due_on IS NOT NULL;

-- With the case: a page of what is owed, of one kind or of any, by day, is read in the order of the index.
CREATE INDEX case_obligations_due ON case_obligations (agency_id, kind, due_on, case_id);
CREATE INDEX case_obligations_day ON case_obligations (agency_id, due_on, case_id);
CREATE INDEX cases_inbox ON cases (agency_id, inbox_on, id) WHERE inbox_on IS NOT NULL;
-- With the case: a department's list is found in the index alone.
DROP INDEX case_departments_department;
CREATE INDEX case_departments_department ON case_departments (agency_id, department_id, case_id);
-- What was answered or withdrawn and is not yet archived: figures of today need not count the archive.
CREATE INDEX cases_unarchived ON cases (agency_id, concluded_on)
    WHERE concluded_on IS NOT NULL AND archived_on IS NULL;

CREATE TRIGGER calendar_versions_no_update BEFORE UPDATE ON calendar_versions BEGIN
    SELECT RAISE(ABORT, 'calendar_versions are append only');
END;
CREATE TRIGGER calendar_versions_no_delete BEFORE DELETE ON calendar_versions BEGIN
    SELECT RAISE(ABORT, 'calendar_versions are append only');
END;
