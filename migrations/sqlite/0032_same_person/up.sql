-- Gongkai, a role is its account's person's (SQLite). Its twin for the other database has the same tables, columns and names.

-- The three administrators are kept apart by the person that a role names: that must be the person of its account, for good.
CREATE TRIGGER role_grants_same_person_insert BEFORE INSERT ON role_grants
    WHEN NOT EXISTS (SELECT 1 FROM accounts WHERE id = NEW.account_id AND person_id = NEW.person_id)
BEGIN
    SELECT RAISE(ABORT, 'a role belongs to the person of its account');
END;
CREATE TRIGGER role_grants_same_person_update BEFORE UPDATE ON role_grants
    WHEN NOT EXISTS (SELECT 1 FROM accounts WHERE id = NEW.account_id AND person_id = NEW.person_id)
BEGIN
    SELECT RAISE(ABORT, 'a role belongs to the person of its account');
END;
CREATE TRIGGER accounts_same_person_update BEFORE UPDATE OF id, person_id ON accounts
    WHEN NEW.person_id <> OLD.person_id OR NEW.id <> OLD.id
BEGIN
    SELECT RAISE(ABORT, 'an account stays its person''s');
END;
