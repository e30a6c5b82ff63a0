-- An answer that was emptied is none to the program before this.
DELETE FROM idempotency_keys WHERE length(answer) = 0;
DROP INDEX idempotency_keys_case;
ALTER TABLE idempotency_keys DROP COLUMN case_id;
