-- Gongkai, the second factor (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- The secret of an account's one-time codes (RFC 6238), encrypted under its agency's key; when it was confirmed, which it must be
-- before it counts; and the step of 30 seconds of the newest code that was taken, none of which is taken again.
ALTER TABLE accounts ADD COLUMN totp_secret bytea;
ALTER TABLE accounts ADD COLUMN totp_confirmed_at timestamptz;
ALTER TABLE accounts ADD COLUMN totp_step bigint NOT NULL DEFAULT 0;
