-- What was found is derived; the documents asked for stay in the record.
DROP TABLE case_search;
ALTER TABLE cases DROP COLUMN documents;
