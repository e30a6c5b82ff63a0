-- Limits and lights stay in `cases`. The notices imported since are lost, as they are to the older program.
DROP TABLE calendar_versions;
DROP TABLE case_obligations;
DROP INDEX cases_inbox;
DROP INDEX cases_unarchived;
DROP INDEX case_departments_department;
CREATE INDEX case_departments_department ON case_departments (agency_id, department_id);
ALTER TABLE cases DROP COLUMN inbox_on;
ALTER TABLE cases DROP COLUMN prudent_due_on;
ALTER TABLE cases DROP COLUMN clock_state;
ALTER TABLE cases DROP COLUMN clock;
ALTER TABLE cases DROP COLUMN calendar;
ALTER TABLE cases DROP COLUMN statute_version;
ALTER TABLE agencies DROP COLUMN calendar;
-- The older program knows no lapse: it takes such a case for one that was taken back.
UPDATE cases SET status = 'withdrawn' WHERE status = 'lapsed';
ALTER TABLE cases DROP CONSTRAINT cases_status_check;
ALTER TABLE cases ADD CONSTRAINT cases_status_check
    CHECK (status IN ('awaiting_confirmation', 'received', 'registered', 'assigned', 'in_process', 'in_review', 'approved', 'replied', 'withdrawn', 'archived'));
