//! Who makes whom what: one administrator makes accounts, another says what they may be, and nobody both.

use serde_json::{Value, json};

use super::operations::told;
use super::sign_in::make_account;
use crate::support::client::Reply;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PASSWORD};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, request};

fn account(username: &str, person: &str) -> Value {
    json!({ "username": username, "password": "Wei-Chen-Mo-Ji-1876", "person": person })
}

fn set_roles(office: &Office, who: &str, account: &str, roles: &[&str]) -> Reply {
    let roles: Vec<Value> = roles.iter().map(|role| json!({ "role": role })).collect();
    office.as_role(who).put(&format!("/accounts/{account}/roles"), &json!({ "roles": roles }))
}

/// The account and the person behind somebody.
fn ids(office: &Office, who: &str) -> (String, String) {
    let me = office.as_role(who).get("/me").must(200);
    (me.str("/account_id").to_owned(), me.str("/person_id").to_owned())
}

both_databases! {
    fn one_makes_accounts_and_another_grants_roles(backend) {
        let office = Office::open(backend);
        let new = account("li", "staff-1");
        for who in ["clerk", "approver", "security_admin", "auditor", "supervisor", "handler"] {
            assert_eq!(told(&office.as_role(who).post("/accounts", &new)), "403 forbidden", "{who}");
        }
        let made = office.as_role("system_admin").post("/accounts", &new).must(201);
        assert_eq!((made.at("/roles"), made.at("/must_change_password")), (&json!([]), &json!(true)));
        let id = made.str("/id");
        let mut with_roles = account("zhao", "staff-2");
        with_roles["roles"] = json!([{ "role": "clerk" }]);
        let refused = office.as_role("system_admin").post("/accounts", &with_roles).must(422);
        assert_eq!((refused.str("/errors/0/pointer"), refused.str("/errors/0/code")), ("/roles", "unknown_field"));
        for who in ["clerk", "approver", "system_admin", "auditor", "supervisor", "handler"] {
            assert_eq!(told(&set_roles(&office, who, id, &["clerk"])), "403 forbidden", "{who}");
        }
        set_roles(&office, "security_admin", id, &["clerk", "archivist"]).must(204);
        let listed = office.as_role("security_admin").get("/accounts?limit=200").must(200);
        let line = listed.at("/items").as_array().unwrap().iter().find(|item| item["id"] == id).unwrap();
        let roles: Vec<&Value> = line["roles"].as_array().unwrap().iter().map(|role| &role["role"]).collect();
        assert_eq!(roles, ["clerk", "archivist"]);
        // A name is one account's, in the whole database.
        let taken = office.as_role("system_admin").post("/accounts", &new).must(409);
        assert_eq!((taken.code(), taken.str("/errors/0/pointer")), ("taken", "/username"));
        let neighbour = office.neighbour("320900");
        let taken = office.of_agency(&neighbour, "system_admin").post("/accounts", &new).must(409);
        assert_eq!(taken.code(), "taken");
    }

    fn nobody_grants_a_role_to_himself(backend) {
        let office = Office::open(backend);
        let (own, person) = ids(&office, "security_admin");
        for roles in [&["security_admin", "approver"][..], &[], &["security_admin"]] {
            assert_eq!(told(&set_roles(&office, "security_admin", &own, roles)), "403 own_roles");
        }
        // Neither to another account of the same person: four eyes are two persons.
        let second = account("security.second", &format!("person-{person}"));
        let second = office.as_role("system_admin").post("/accounts", &second).must(201);
        assert_eq!(second.str("/person_id"), person);
        assert_eq!(told(&set_roles(&office, "security_admin", second.str("/id"), &["clerk"])), "403 own_roles");
    }

    fn the_three_administrators_are_three_persons(backend) {
        let office = Office::open(backend);
        let admin = office.as_role("system_admin");
        let make = |username: &str, person: &str| {
            admin.post("/accounts", &account(username, person)).must(201).str("/id").to_owned()
        };
        let (one, two) = (make("qian.1", "staff-7"), make("qian.2", "staff-7"));
        let grant = |id: &str, roles: &[&str]| told(&set_roles(&office, "security_admin", id, roles));
        let administrators = ["system_admin", "security_admin", "auditor"];
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            let both = [administrators[a], administrators[b]];
            assert_eq!(grant(&one, &both), "409 one_administrator", "both on one account");
            assert_eq!(grant(&one, &[both[0]]), "204");
            assert_eq!(grant(&two, &[both[1]]), "409 one_administrator", "each on another account of one person");
            assert_eq!(grant(&two, &["clerk", both[1]]), "409 one_administrator");
            assert_eq!(grant(&one, &[]), "204");
            assert_eq!(grant(&two, &[both[1]]), "204", "once the other is given back");
            assert_eq!(grant(&two, &["clerk"]), "204");
        }
        // What is not the administrators' may be one person's.
        assert_eq!(grant(&one, &["clerk", "archivist", "supervisor", "system_admin"]), "204");
        // The command line knows the rule too.
        for (roles, person) in [("auditor", "staff-7"), ("system_admin,auditor", "staff-8")] {
            let arguments =
                ["account", "create", "--username", "qian.3", "--agency", "320800", "--role", roles, "--person", person];
            let mut command = office.server.place.command("sh");
            command.args(["-c", "echo Wei-Chen-Mo-Ji-1876 | \"$0\" \"$@\" --password-stdin", GONGKAI]);
            let output = command.args(arguments).output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && told.contains("administrator"), "{roles}: {told}");
        }
    }

    fn a_change_of_roles_holds_from_the_next_request(backend) {
        let office = Office::open(backend);
        let (id, _) = ids(&office, "clerk");
        let clerk = office.as_role("clerk");
        clerk.post("/cases", &request()).must(201);
        set_roles(&office, "security_admin", &id, &["archivist"]).must(204);
        assert_eq!(told(&clerk.post("/cases", &request())), "403 forbidden");
        clerk.get("/cases").must(200);
        assert_eq!(clerk.get("/me").must(200).at("/roles/0/role"), "archivist");
        set_roles(&office, "security_admin", &id, &[]).must(204);
        assert_eq!(told(&clerk.get("/cases")), "403 forbidden");
        set_roles(&office, "security_admin", &id, &["clerk"]).must(204);
        clerk.post("/cases", &request()).must(201);
        // Refused changes leave everything as it was.
        let unknown = json!({ "roles": [{ "role": "clerk" }, { "role": "clerk" }] });
        office.as_role("security_admin").put(&format!("/accounts/{id}/roles"), &unknown).must(422);
        clerk.post("/cases", &request()).must(201);
    }

    fn a_role_in_a_department_reaches_no_further(backend) {
        let office = Office::open(backend);
        let role = json!([{ "role": "handler", "department_id": office.department(BUDGET) }]);
        let new = json!({ "username": "sun", "password": PASSWORD });
        make_account(&office, &new, &role);
        let token = office.anonymous().post("/auth/login", &new).must(200);
        let sun = office.anonymous().header("Authorization", format!("Bearer {}", token.str("/access_token")));
        let change = json!({ "current_password": PASSWORD, "new_password": "Chun-Jiang-Hua-Yue-Ye" });
        sun.put("/me/password", &change).must(204);
        let case = CaseStory::registered(&office);
        sun.get(&case.path("")).must(404);
        let case = case.assign(BUDGET);
        let seen = sun.get(&case.path("")).must(200);
        sun.if_match(seen.etag()).post(&case.path("/assignments/1/acknowledgement"), &json!({})).must(200);
    }

    fn accounts_are_listed_page_by_page(backend) {
        let office = Office::open(backend);
        let neighbour = office.neighbour("320900");
        let admin = office.as_role("system_admin");
        let all = admin.get("/accounts?limit=200").must(200);
        let names = |page: &Reply| {
            let items = page.at("/items").as_array().unwrap().clone();
            items.iter().map(|item| item["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let every = names(&all);
        assert_eq!(every.len(), 14, "{every:?}");
        assert!(every.is_sorted() && every.iter().all(|name| name.starts_with("320800.")), "{every:?}");
        let (mut walked, mut next) = (Vec::new(), "/accounts?limit=4".to_owned());
        loop {
            let page = admin.get(&next).must(200);
            walked.extend(names(&page));
            let Some(cursor) = page.at("/next_cursor").as_str() else { break };
            next = format!("/accounts?limit=4&cursor={cursor}");
        }
        assert_eq!(walked, every);
        for who in ["handler", "auditor", "supervisor", "archivist"] {
            assert_eq!(told(&office.as_role(who).get("/accounts")), "403 forbidden", "{who}");
        }
        assert_eq!(names(&office.of_agency(&neighbour, "clerk").get("/accounts").must(200)).len(), 14);
    }
}
