DROP TABLE provider_sign_ins;
DROP TABLE provider_bindings;
ALTER TABLE sessions DROP COLUMN way;
