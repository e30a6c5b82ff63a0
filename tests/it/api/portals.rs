//! 门户 through the interface: a portal is opened, signs in by itself, hands requests in, follows them, and sees nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::operations::{Ids, NOBODY, check_answer, operations, told, without_request};
use super::passwords::set_back;
use super::shape::check_fields;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, today};
use crate::support::story::{CaseStory, SUBJECT, request};

/// A portal of the office, as its operator knows it.
pub(super) struct Portal {
    id: String,
    secret: String,
}

impl Portal {
    pub(super) fn open(office: &Office, name: &str) -> Self {
        Self::told(&office.as_role("system_admin").post("/portals", &json!({ "name": name })).must(201))
    }

    fn told(made: &Reply) -> Self {
        Self { id: made.str("/client_id").to_owned(), secret: made.str("/client_secret").to_owned() }
    }

    pub(super) fn ask(&self, office: &Office) -> Reply {
        let form =
            format!("grant_type=client_credentials&client_id={}&client_secret={}", self.id, self.secret);
        ask(&office.anonymous(), &form)
    }

    /// Signed in.
    fn client(&self, office: &Office) -> Client {
        let token = self.ask(office).must(200);
        office.anonymous().header("Authorization", format!("Bearer {}", token.str("/access_token")))
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn ask(client: &Client, form: &str) -> Reply {
    client.try_send_bytes("POST", "/api/v1/auth/token", Some(FORM), form.as_bytes()).unwrap()
}

/// A request that came online, as a portal names it.
fn online(named: &str) -> Value {
    let mut online = request();
    online["channel"] = json!("online");
    online["portal_request_id"] = json!(named);
    online
}

fn follow(portal: &Client, named: &str) -> Reply {
    portal.get(&format!("/portal/requests/{named}"))
}

both_databases! {
    fn a_portal_hands_requests_in_and_follows_them(backend) {
        let office = Office::open(backend);
        let opened = Portal::open(&office, "市政府门户网站");
        let portal = opened.client(&office);
        let received = portal.post("/cases", &online("web:1")).must(201);
        assert_eq!(received.at("/allowed_actions"), &json!([]));
        let case = CaseStory::told(&office, received);
        let first = follow(&portal, "web:1").must(200);
        assert_eq!((first.str("/case_id"), first.str("/progress"), first.at("/number")), (case.id.as_str(), "received", &Value::Null));
        assert_eq!(first.str("/arrived_on"), today().to_string());
        // The desk finds it like any other, and works on it.
        let case = case.again().register(SUBJECT).assign(BUDGET).acknowledge();
        let read = follow(&portal, "web:1").must(200);
        assert_eq!((read.str("/progress"), read.str("/label")), ("in_process", "办理中"));
        let number = office.as_role("clerk").get(&case.path("")).must(200).str("/number").to_owned();
        assert_eq!((read.str("/number"), read.at("/due_on")), (number.as_str(), case.last.at("/time_limit/due_on")));
        // What goes on inside is none of its business, and a reply is one when it has been issued.
        let case = case.draft("granted", "予以公开。").submit().review_by_all();
        let read = follow(&portal, "web:1").must(200);
        assert_eq!((read.str("/progress"), read.at("/outcome")), ("in_process", &Value::Null));
        let case = case.issue();
        let read = follow(&portal, "web:1").must(200);
        assert_eq!((read.str("/progress"), read.str("/outcome"), read.at("/due_on")), ("replied", "granted", &Value::Null));
        drop(case);
        // One that must be corrected tells so, and until when.
        let second = CaseStory::told(&office, portal.post("/cases", &online("web:2")).must(201)).again().register(SUBJECT);
        let ask = json!({ "ground": "unclear_content", "items": "请补充文号" });
        let second = second.command("clerk", "POST", "/corrections", &ask);
        drop(second.command("clerk", "POST", "/corrections/1/service", &json!({})));
        let read = follow(&portal, "web:2").must(200);
        assert_eq!((read.str("/progress"), read.at("/due_on")), ("awaiting_correction", &Value::Null));
        assert!(read.str("/applicant_due_on") > today().to_string().as_str(), "{}", read.text);
        let page = portal.get("/portal/requests?limit=1").must(200);
        assert_eq!((page.str("/items/0/portal_request_id"), page.str("/next_cursor")), ("web:1", "web:1"));
        let rest = portal.get("/portal/requests?limit=1&cursor=web:1").must(200);
        assert_eq!((rest.str("/items/0/portal_request_id"), rest.at("/next_cursor")), ("web:2", &Value::Null));
        assert_eq!(told(&portal.get("/portal/requests?cursor=%E7%8E%8B")), "422 invalid");
        office.server.place.must_be_sound();
    }

    fn each_request_of_a_portal_becomes_one_case(backend) {
        let office = Office::open(backend);
        let portal = Portal::open(&office, "门户").client(&office);
        let keyed = portal.idempotency_key("a");
        let first = keyed.post("/cases", &online("1")).must(201);
        assert_eq!(keyed.post("/cases", &online("1")).must(201).text, first.text, "a retry gets the first answer");
        let again = portal.post("/cases", &online("1"));
        assert_eq!((told(&again), again.str("/errors/0/pointer")), ("409 taken".to_owned(), "/portal_request_id"));
        // Many at once: one is received.
        let told: Vec<u16> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| portal.post("/cases", &online("2")).status)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(told.iter().filter(|status| **status == 201).count(), 1, "{told:?}");
        assert!(told.iter().all(|status| [201, 409].contains(status)), "{told:?}");
        assert_eq!(office.as_role("clerk").get("/cases").must(200).at("/items").as_array().unwrap().len(), 2);
        // Another portal names its own; what the first handed in does not exist for it.
        let other = Portal::open(&office, "另一门户").client(&office);
        assert_eq!(without_request(&follow(&other, "1")), without_request(&follow(&other, "nothing")));
        other.post("/cases", &online("1")).must(201);
        assert_eq!(follow(&portal, "1").must(200).str("/case_id"), first.str("/id"));
        // A portal names what it hands in, and that came online; nobody else names anything.
        let with = |member: &str, value: Value| {
            let mut body = online("3");
            body[member] = value;
            portal.post("/cases", &body)
        };
        check_fields(&with("portal_request_id", Value::Null), &[("/portal_request_id", "required")]);
        check_fields(&with("portal_request_id", json!("王示例")), &[("/portal_request_id", "pattern")]);
        check_fields(&with("portal_request_id", json!("1".repeat(65))), &[("/portal_request_id", "length")]);
        check_fields(&with("channel", json!("counter")), &[("/channel", "not_allowed")]);
        check_fields(&office.as_role("clerk").post("/cases", &online("9")), &[("/portal_request_id", "not_allowed")]);
        office.server.place.must_be_sound();
    }

    fn a_new_secret_takes_over_and_a_lost_one_ends_at_once(backend) {
        let office = Office::open(backend);
        let admin = office.as_role("system_admin");
        let old = Portal::open(&office, "门户");
        let secrets = format!("/portals/{}/secrets", old.id);
        let renewed = admin.post(&secrets, &json!({ "overlap_hours": 1 })).must(201);
        let new = Portal::told(&renewed);
        assert_eq!((renewed.at("/n"), new.id == old.id, new.secret == old.secret), (&json!(2), true, false));
        // Both are good for an hour: whoever runs the portal exchanges them without losing a request.
        let (of_old, of_new) = (old.client(&office), new.client(&office));
        for portal in [&of_old, &of_new] {
            portal.get("/portal/requests").must(200);
        }
        let listed = admin.get("/portals").must(200);
        assert_eq!(listed.at("/items/0/secrets/0/expires_at"), renewed.at("/others_until"));
        assert_eq!(listed.at("/items/0/secrets/1/expires_at"), &Value::Null);
        assert!(!listed.text.contains("gkp_"), "a secret is shown once");
        // One in wrong hands: it ends, and so does what was begun with it.
        let third = Portal::told(&admin.post(&secrets, &json!({ "overlap_hours": 0 })).must(201));
        for gone in [&old, &new] {
            assert_eq!(gone.ask(&office).status, 401);
        }
        for gone in [&of_old, &of_new] {
            assert_eq!(told(&gone.get("/portal/requests")), "401 unauthenticated");
        }
        let portal = third.client(&office);
        portal.post("/cases", &online("1")).must(201);
        check_fields(&admin.post(&secrets, &json!({ "overlap_hours": 721 })), &[("/overlap_hours", "range")]);
        // Closed: nothing of it is good, and what it handed in goes on.
        admin.delete(&format!("/portals/{}", old.id)).must(204);
        admin.delete(&format!("/portals/{}", old.id)).must(204);
        assert_eq!(told(&portal.get("/portal/requests")), "401 unauthenticated");
        assert_eq!(third.ask(&office).status, 401);
        assert_eq!(told(&admin.post(&secrets, &json!({}))), "404 not_found");
        assert!(admin.get("/portals").must(200).at("/items/0/closed_at").is_string());
        assert_eq!(office.as_role("clerk").get("/cases").must(200).at("/items").as_array().unwrap().len(), 1);
        // Nothing of a secret is in the database, and a retry of the one who opened it gets the same.
        let keyed = admin.idempotency_key("portal-1");
        let made = keyed.post("/portals", &json!({ "name": "第二门户" })).must(201);
        assert_eq!(keyed.post("/portals", &json!({ "name": "第二门户" })).must(201).text, made.text);
        assert_eq!(told(&admin.post("/portals", &json!({ "name": "第二门户" }))), "409 taken");
        for table in ["portals", "portal_secrets", "events", "accounts", "idempotency_keys"] {
            for row in office.server.place.database.rows_of(table) {
                assert!(!row.contains(&made.str("/client_secret")[4..]), "{table}: {row}");
            }
        }
        office.server.place.must_be_sound();
    }

    fn a_portals_secret_does_not_grow_old_but_one_that_nobody_uses_is_closed_to(backend) {
        let office = Office::open(backend);
        let opened = Portal::open(&office, "门户");
        let username = format!("portal-{}", opened.id);
        set_back(&office, "password_set_at", &username, (200, 0));
        opened.client(&office).post("/cases", &online("1")).must(201);
        // It was used: it is not counted as dormant any more. Unused for longer than accounts may be, it is.
        set_back(&office, "active_at", &username, (90, 1));
        opened.client(&office).get("/portal/requests").must(200);
        let portal = opened.client(&office);
        let accounts = office.as_role("system_admin").get("/accounts?limit=200").must(200);
        let account = accounts.at("/items").as_array().unwrap().iter().find(|it| it["username"] == username.as_str()).unwrap();
        let path = format!("/accounts/{}", account["id"].as_str().unwrap());
        let patch = |disabled: bool| office.as_role("system_admin").send("PATCH", &path, Some(&json!({ "disabled": disabled })));
        patch(true).must(204);
        assert_eq!((told(&portal.get("/portal/requests")).as_str(), opened.ask(&office).status), ("401 unauthenticated", 401));
        patch(false).must(204);
        opened.client(&office).get("/portal/requests").must(200);
    }

    fn another_agencys_portal_does_not_exist(backend) {
        let office = Office::open(backend);
        let neighbour = office.neighbour("320900");
        let (theirs, ours) = (office.of_agency(&neighbour, "system_admin"), Portal::open(&office, "门户"));
        for (method, of) in [("POST", "/secrets"), ("DELETE", "")] {
            let body = (method == "POST").then(|| json!({}));
            let ask = |id: &str| without_request(&theirs.send(method, &format!("/portals/{id}{of}"), body.as_ref()));
            assert_eq!(ask(&ours.id).0, 404);
            assert_eq!(ask(&ours.id), ask(NOBODY));
        }
        assert_eq!(theirs.get("/portals").must(200).at("/items"), &json!([]));
        ours.client(&office).get("/portal/requests").must(200);
        // Its account is nobody's to use otherwise, and no other gets its role.
        let accounts = office.as_role("system_admin").get("/accounts?limit=200").must(200);
        let account = accounts.at("/items").as_array().unwrap().iter().find(|it| it["roles"][0]["role"] == "portal").unwrap();
        let roles = format!("/accounts/{}/roles", account["id"].as_str().unwrap());
        let security = office.as_role("security_admin");
        let clerk = json!({ "roles": [{ "role": "clerk" }] });
        check_fields(&security.put(&roles, &clerk), &[("/roles", "not_allowed")]);
        let clerks = office.as_role("clerk").get("/me").must(200).str("/account_id").to_owned();
        let portal = json!({ "roles": [{ "role": "portal" }] });
        check_fields(&security.put(&format!("/accounts/{clerks}/roles"), &portal), &[("/roles/0/role", "not_allowed")]);
        let login = json!({ "username": account["username"], "password": ours.secret });
        assert_eq!(told(&office.anonymous().post("/auth/login", &login)), "401 login_failed");
    }

    fn a_portal_can_do_nothing_else(backend) {
        let office = Office::open(backend);
        let portal = Portal::open(&office, "门户").client(&office);
        let case = portal.post("/cases", &online("1")).must(201).str("/id").to_owned();
        let account = office.as_role("handler").get("/me").must(200).str("/account_id").to_owned();
        let agency = office.agency.id.to_string();
        let ids = Ids { case, agency, account, ..Ids::default() };
        let own = ["receiveCase", "listPortalRequests", "readPortalRequest", "logout", "listAgencies"];
        let (mut refused, mut open) = (0, Vec::new());
        for operation in operations() {
            let its_own = own.contains(&operation.id.as_str()) || operation.path.starts_with("/me");
            if operation.is_public() || its_own || is_the_laws(&operation.path) {
                continue;
            }
            // Also of the case that it handed in itself.
            let reply = match operation.query() {
                "" => operation.ask(&portal.if_match("*"), &ids),
                query => portal.get(&format!("{}?{query}limit=1", operation.path_of(&ids))),
            };
            check_answer(&reply);
            if matches!(told(&reply).as_str(), "403 forbidden" | "404 not_found") {
                refused += 1;
            } else {
                open.push(format!("{}: {}", operation.id, told(&reply)));
            }
        }
        assert_eq!(open, Vec::<String>::new());
        assert!(refused > 100, "{refused}");
    }
}

/// What everybody who has signed in may read: statutes and calendars.
fn is_the_laws(path: &str) -> bool {
    path.starts_with("/statutes") || path.starts_with("/calendars")
}

#[test]
fn a_token_is_asked_for_as_rfc_6749_says() {
    let office = Office::open(crate::support::databases::Backend::Sqlite);
    let portal = Portal::open(&office, "门户");
    let (nobody, id, secret) = (office.anonymous(), &portal.id, &portal.secret);
    let basic = |id: &str, secret: &str| {
        nobody.header("Authorization", format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
    };
    let good = ask(&basic(id, secret), "grant_type=client_credentials").must(200);
    assert_eq!((good.str("/token_type"), good.header("pragma")), ("Bearer", Some("no-cache")));
    assert!(good.at("/expires_in").as_i64().unwrap() > 0 && good.at("/refresh_token").is_null());
    // What is not known is ignored, such as a scope.
    ask(&basic(id, secret), &format!("grant_type=client_credentials&scope=all&client_id={id}")).must(200);
    let other = "gkp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let asked = |form: String| ask(&nobody, &form);
    let both = "grant_type=client_credentials";
    for (reply, wanted) in [
        (asked(String::new()), "400 invalid_request"),
        (asked(both.to_owned()), "400 invalid_request"),
        (asked(format!("{both}&client_id={id}")), "400 invalid_request"),
        (asked(format!("client_id={id}&client_secret={secret}")), "400 invalid_request"),
        (asked(format!("{both}&{both}&client_id={id}&client_secret={secret}")), "400 invalid_request"),
        (ask(&basic(id, secret), &format!("{both}&client_secret={secret}")), "400 invalid_request"),
        (ask(&basic(id, secret), &format!("{both}&client_id={NOBODY}")), "400 invalid_request"),
        (
            asked(format!("grant_type=password&client_id={id}&client_secret={secret}")),
            "400 unsupported_grant_type",
        ),
        (asked(format!("{both}&client_id={id}&client_secret={other}")), "401 invalid_client"),
        (asked(format!("{both}&client_id={id}&client_secret=x")), "401 invalid_client"),
        (asked(format!("{both}&client_id={NOBODY}&client_secret={secret}")), "401 invalid_client"),
        (asked(format!("{both}&client_id=%00&client_secret={secret}")), "401 invalid_client"),
        (ask(&basic(id, other), both), "401 invalid_client"),
        (ask(&nobody.header("Authorization", "Basic ?"), both), "401 invalid_client"),
        (ask(&nobody.header("Authorization", format!("Bearer {secret}")), both), "401 invalid_client"),
    ] {
        assert_eq!(format!("{} {}", reply.status, reply.str("/error")), wanted, "{}", reply.text);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("www-authenticate").is_some(), reply.status == 401);
    }
    let json = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
    assert_eq!(
        office.anonymous().post("/auth/token", &json).str("/error"),
        "invalid_request",
        "a form, not JSON"
    );
    let long = format!("{both}&client_id={}", "x".repeat(9_000));
    assert_eq!(asked(long).status, 413);
}
