-- Gongkai, remedies (SQLite). Its twin for the other database has the same tables, columns and names.

-- What is owed on a case has three kinds more: our answers to whoever examines a reply.
-- As in 0002: no row changes, and SQLite changes no CHECK of a table that is there.
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, '''fee_payment'', ''reply'')', '''fee_payment'', ''reply'', ''reconsideration_answer'', ''litigation_answer'', ''complaint_answer'')')
    WHERE type = 'table' AND name = 'case_obligations';
PRAGMA writable_schema = RESET;

-- The remedies that stand (those entered by mistake are in the record alone): derived, like `cases`. Table 4 of the annual
-- report and the rates count here; `result` and `decided_on` are NULL while a remedy is pending.
CREATE TABLE case_remedies (
    agency_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    received_on TEXT NOT NULL,
    result TEXT,
    decided_on TEXT,
    PRIMARY KEY (agency_id, case_id, n),
    CHECK (kind IN ('reconsideration', 'litigation_direct', 'litigation_after_reconsideration', 'complaint')),
    CHECK (result IN ('upheld', 'corrected', 'other_result')),
    CHECK ((result IS NULL) = (decided_on IS NULL))
) STRICT;

-- A year's table is read from the index: decided in the year, or received by its end and not decided by then.
CREATE INDEX case_remedies_decided ON case_remedies (agency_id, decided_on, kind, result);
