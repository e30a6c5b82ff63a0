DROP INDEX cases_labelled;
ALTER TABLE accounts DROP COLUMN clearance;
ALTER TABLE cases DROP COLUMN sensitivity;
