DROP TRIGGER accounts_same_person_update ON accounts;
DROP TRIGGER role_grants_same_person_update ON role_grants;
DROP TRIGGER role_grants_same_person_insert ON role_grants;
DROP FUNCTION gongkai_account_of_its_person();
DROP FUNCTION gongkai_role_of_its_person();
