-- Gongkai, a role is its account's person's (PostgreSQL). Its twin for the other database has the same tables, columns and names.

-- The three administrators are kept apart by the person that a role names: that must be the person of its account, for good.
CREATE FUNCTION gongkai_role_of_its_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM accounts WHERE id = NEW.account_id AND person_id = NEW.person_id) THEN
        RAISE EXCEPTION 'a role belongs to the person of its account';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION gongkai_account_of_its_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.person_id <> OLD.person_id OR NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'an account stays its person''s';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER role_grants_same_person_insert BEFORE INSERT ON role_grants
    FOR EACH ROW EXECUTE FUNCTION gongkai_role_of_its_person();
CREATE TRIGGER role_grants_same_person_update BEFORE UPDATE ON role_grants
    FOR EACH ROW EXECUTE FUNCTION gongkai_role_of_its_person();
CREATE TRIGGER accounts_same_person_update BEFORE UPDATE OF id, person_id ON accounts
    FOR EACH ROW EXECUTE FUNCTION gongkai_account_of_its_person();
