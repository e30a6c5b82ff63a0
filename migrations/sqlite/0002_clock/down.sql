-- Limits and lights stay in `cases`. The notices imported since are lost, as they are to the older program.
DROP TABLE calendar_versions;
DROP TABLE case_obligations;
DROP INDEX cases_inbox;
ALTER TABLE cases DROP COLUMN prudent_due_on;
ALTER TABLE cases DROP COLUMN clock_state;
ALTER TABLE cases DROP COLUMN clock;
ALTER TABLE cases DROP COLUMN calendar;
ALTER TABLE cases DROP COLUMN statute_version;
ALTER TABLE agencies DROP COLUMN calendar;
