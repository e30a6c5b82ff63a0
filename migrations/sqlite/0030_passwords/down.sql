DROP INDEX accounts_active;
DROP TABLE password_history;
ALTER TABLE accounts DROP COLUMN active_at;
ALTER TABLE accounts DROP COLUMN password_set_at;
