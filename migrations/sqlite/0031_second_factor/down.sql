ALTER TABLE accounts DROP COLUMN totp_step;
ALTER TABLE accounts DROP COLUMN totp_confirmed_at;
ALTER TABLE accounts DROP COLUMN totp_secret;
