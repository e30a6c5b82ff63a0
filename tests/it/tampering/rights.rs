//! Rights changed beside the record: who may do what is in rows, so that every request is quick; that they are those of the events is
//! found by verifying.

use chrono::Days;
use gongkai::audit::verify::FindingKind;
use serde_json::json;

use super::Scene;
use crate::support::databases::{Backend, TestDatabase, both_databases};
use crate::support::office::{Office, today};

/// What is changed, what puts it back, and what is told.
const CHANGES: &[(&str, &str, &str)] = &[
    (
        "UPDATE role_grants SET role = 'approver' WHERE role = 'handler'",
        "UPDATE role_grants SET role = 'handler' WHERE role = 'approver' AND account_id NOT IN (SELECT account_id FROM kept)",
        "a row says, and no event does: account",
    ),
    (
        "UPDATE accounts SET disabled = NOT disabled WHERE username LIKE '%.clerk'",
        "UPDATE accounts SET disabled = NOT disabled WHERE username LIKE '%.clerk'",
        "is disabled",
    ),
    (
        "UPDATE accounts SET clearance = 3",
        "UPDATE accounts SET clearance = 0",
        "is cleared up to proposed_secret",
    ),
    (
        "UPDATE delegations SET ends_on = '2031-01-01'",
        "UPDATE delegations SET ends_on = (SELECT ends_on FROM kept_days)",
        "to 2031-01-01",
    ),
    (
        "UPDATE delegations SET ended_at = created_at",
        "UPDATE delegations SET ended_at = NULL",
        "was ended early",
    ),
    ("UPDATE portals SET closed_at = created_at", "UPDATE portals SET closed_at = NULL", "is closed"),
    (
        "UPDATE portal_secrets SET n = n + 1",
        "UPDATE portal_secrets SET n = n - 1",
        "has a secret of number 2",
    ),
    (
        "INSERT INTO provider_bindings SELECT agency_id, portal_id, hash, created_at FROM portal_secrets_of_account",
        "DELETE FROM provider_bindings",
        "is bound at the identity provider",
    ),
];

/// What watches over the roles.
fn triggers(database: &TestDatabase, backend: Backend) -> Vec<String> {
    database.lines(match backend {
        Backend::Sqlite => "SELECT name AS line FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'role_grants'",
        Backend::Postgres => {
            "SELECT tgname AS line FROM pg_trigger WHERE tgrelid = 'role_grants'::regclass AND NOT tgisinternal"
        }
    })
}

both_databases! {
    fn rights_changed_beside_the_record_are_found(backend) {
        let mut office = Office::open(backend);
        let wang = office.as_role("legal_reviewer").get("/me").must(200).str("/person_id").to_owned();
        let away = json!({ "to_person_id": wang, "starts_on": today(), "ends_on": today() + Days::new(3) });
        let path = format!("/agencies/{}/delegations", office.agency.id);
        office.as_role("legal_reviewer-2").post(&path, &away).must(201);
        office.as_role("system_admin").post("/portals", &json!({ "name": "市政府门户网站" })).must(201);
        office.server.stop();
        let scene = Scene::unsigned(office);
        scene.checkpoint();
        scene.verify().unwrap();
        let database = &scene.place().database;
        for kept in [
            "CREATE TABLE kept AS SELECT account_id FROM role_grants WHERE role = 'approver'",
            "CREATE TABLE kept_days AS SELECT ends_on FROM delegations",
            "CREATE TABLE portal_secrets_of_account AS SELECT p.agency_id, p.account_id AS portal_id, s.hash, s.created_at \
             FROM portals p JOIN portal_secrets s ON s.portal_id = p.id",
        ] {
            database.execute(kept).unwrap();
        }
        for (change, back, told) in CHANGES {
            database.execute(change).unwrap();
            let findings = scene.verify().unwrap_err();
            assert!(findings.iter().all(|finding| finding.kind == FindingKind::Rights), "{change}: {findings:?}");
            assert!(findings.iter().any(|finding| finding.message.contains(told)), "{change}: {findings:?}");
            database.execute(back).unwrap();
            assert!(scene.verify().is_ok(), "{back}: {:?}", scene.verify());
        }
        // A role as somebody else, whose conflicts would not count; what keeps that from happening is dropped first.
        let on = if backend == Backend::Postgres { " ON role_grants" } else { "" };
        for trigger in triggers(database, backend) {
            database.execute(&format!("DROP TRIGGER {trigger}{on}")).unwrap();
        }
        let other = "(SELECT person_id FROM role_grants WHERE role = 'auditor')";
        database.execute(&format!("UPDATE role_grants SET person_id = {other} WHERE role = 'approver'")).unwrap();
        let findings = scene.verify().unwrap_err();
        assert!(findings.iter().all(|finding| finding.message.contains("is approver as person")), "{findings:?}");
        database.execute("UPDATE role_grants SET person_id = (SELECT person_id FROM accounts WHERE id = account_id)").unwrap();
        scene.verify().unwrap();
        // A role taken away is missed.
        database.execute("DELETE FROM role_grants WHERE role = 'auditor'").unwrap();
        let findings = scene.verify().unwrap_err();
        assert!(findings[0].message.starts_with("the events say, and no row does: account"), "{findings:?}");
        assert!(findings[0].message.ends_with("is auditor"), "{findings:?}");
    }
}
