-- Codes and periods stay in the record; the settings of shelves are lost, as they are to the older program.
DROP INDEX cases_held;
DROP INDEX cases_disposed;
DROP INDEX applicants_case;
DROP INDEX cases_retention;
DROP INDEX cases_archival_code;
DROP TABLE archive_counters;
DROP TABLE archive_shelves;
ALTER TABLE cases DROP COLUMN disposed_on;
ALTER TABLE cases DROP COLUMN on_hold;
ALTER TABLE cases DROP COLUMN retention_ends_on;
ALTER TABLE cases DROP COLUMN retention;
ALTER TABLE cases DROP COLUMN archival_code;
