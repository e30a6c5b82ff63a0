-- The numbers stay in the record.
ALTER TABLE cases DROP COLUMN reply_numbers;
