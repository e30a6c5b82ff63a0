-- Gongkai, the second factor (SQLite). Its twin for the other database has the same tables, columns and names.

-- The secret of an account's one-time codes (RFC 6238), encrypted under its agency's key; when it was confirmed, which it must be
-- before it counts; and the step of 30 seconds of the newest code that was taken, none of which is taken again.
ALTER TABLE accounts ADD COLUMN totp_secret BLOB;
ALTER TABLE accounts ADD COLUMN totp_confirmed_at INTEGER;
ALTER TABLE accounts ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
