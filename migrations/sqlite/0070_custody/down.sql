ALTER TABLE agencies DROP COLUMN merged_on;
ALTER TABLE agencies DROP COLUMN merged_into_id;
DROP TABLE reorganisations;
DROP INDEX cases_taken_over;
DROP TABLE custodies;
