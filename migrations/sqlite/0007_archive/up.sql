-- Gongkai, the archive (SQLite). Its twin for the other database has the same tables, columns and names.

-- What the queue keeps of an archived case: its code, how long it is kept and through which day (NULL is for ever), whether
-- it is held, and when it was disposed of. Rows that are there stay without (a migration does not fold events) until the
-- case's next event or `gongkai rebuild`.
ALTER TABLE cases ADD COLUMN archival_code TEXT;
ALTER TABLE cases ADD COLUMN retention TEXT CHECK (retention IN ('years_10', 'years_30', 'permanent'));
ALTER TABLE cases ADD COLUMN retention_ends_on TEXT;
ALTER TABLE cases ADD COLUMN on_hold INTEGER NOT NULL DEFAULT 0 CHECK (on_hold IN (0, 1));
ALTER TABLE cases ADD COLUMN disposed_on TEXT;

-- An office's settings for its archive; without a row, fonds and catalogue have the program's defaults and periods are
-- those of the statute pack.
CREATE TABLE archive_shelves (
    agency_id BLOB NOT NULL,
    fonds TEXT NOT NULL,
    catalogue TEXT NOT NULL,
    ordinary TEXT,
    contested TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (agency_id),
    CHECK (ordinary IN ('years_10', 'years_30', 'permanent')),
    CHECK (contested IN ('years_10', 'years_30', 'permanent')),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- Gapless item numbers of archival codes: the last one given.
CREATE TABLE archive_counters (
    agency_id BLOB NOT NULL,
    fonds TEXT NOT NULL,
    catalogue TEXT NOT NULL,
    year INTEGER NOT NULL,
    retention TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (agency_id, fonds, catalogue, year, retention),
    FOREIGN KEY (agency_id) REFERENCES agencies (id)
) STRICT;

-- One code, one file.
CREATE UNIQUE INDEX cases_archival_code ON cases (agency_id, archival_code) WHERE archival_code IS NOT NULL;
-- What is to be appraised, in the order of the index.
CREATE INDEX cases_retention ON cases (agency_id, retention_ends_on, id)
    WHERE retention_ends_on IS NOT NULL AND disposed_on IS NULL;
-- Whoever is erased is found by the case.
CREATE INDEX applicants_case ON applicants (agency_id, case_id);
-- The record of disposal, and what is held.
CREATE INDEX cases_disposed ON cases (agency_id, disposed_on, id) WHERE disposed_on IS NOT NULL;
CREATE INDEX cases_held ON cases (agency_id, arrived_on, id) WHERE on_hold = 1;
