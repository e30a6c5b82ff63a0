-- Gongkai, the case that a kept answer tells of (SQLite). Its twin for the other database has the same tables, columns and names.

-- When the words of a case are erased, the answers kept for retries that tell of it are emptied: those of its own commands, of its
-- receipt, of notices about it. Rows that are there stay without, and are forgotten after seven days.
ALTER TABLE idempotency_keys ADD COLUMN case_id BLOB;

CREATE INDEX idempotency_keys_case ON idempotency_keys (case_id) WHERE case_id IS NOT NULL;
