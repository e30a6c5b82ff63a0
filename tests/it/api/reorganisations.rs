//! 机构调整 through the interface: an agency is merged into its sister, a department's open cases go over, names change; what was stays
//! to be read, and the limits run on.

use std::time::{Duration, Instant};

use chrono::Days;
use gongkai::app::progress::silent;
use serde_json::{Value, json};

use super::operations::{NOBODY, check_answer, without_request};
use crate::support::client::Reply;
use crate::support::databases::both_databases;
use crate::support::office::{Agency, BUDGET, PLANNING, Tree, today};
use crate::support::server::block_on;
use crate::support::story::{CaseStory, request};

const BASIS: &str = "苏编发〔2026〕18号";

impl Tree {
    /// Orders something, and waits until it is done.
    fn order(&self, body: &Value) -> Value {
        let begun = self.above("system_admin").post(&path(&self.office.agency), body).must(201);
        check_answer(&begun);
        let until = Instant::now() + Duration::from_mins(1);
        loop {
            let page = self.above("system_admin").get(&path(&self.office.agency)).must(200);
            check_answer(&page);
            let items = page.at("/items").as_array().unwrap();
            let own = items.iter().find(|it| it["id"] == *begun.at("/id")).unwrap();
            if !own["finished_at"].is_null() {
                return own.clone();
            }
            assert!(Instant::now() < until, "not done after a minute: {own}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn path(agency: &Agency) -> String {
    format!("/agencies/{}/reorganisations", agency.id)
}

fn merge() -> Value {
    json!({ "kind": "merged", "to_agency_code": "320900", "basis": BASIS })
}

fn ids(page: &Reply) -> Vec<String> {
    let items = page.at("/items").as_array().unwrap().iter();
    let mut ids: Vec<String> = items.map(|it| it["id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    ids
}

both_databases! {
    /// The city office is merged into its sister: she goes on with every case, at each place of its life.
    fn the_successor_goes_on_with_every_case(backend) {
        let tree = Tree::plant(backend);
        let office = &tree.office;
        let waiting = CaseStory::receive(office, &json!({
            "channel": "counter", "description": "申请公开某街道拆迁补偿方案。",
            "applicant": { "kind": "natural_person", "name": "李示例", "phone": "010-00000001" } }));
        let reviewed = CaseStory::in_review(office);
        let replied = CaseStory::approved(office).issue();
        let archived = CaseStory::archived(office);
        let mut all: Vec<String> = [&waiting, &reviewed, &replied, &archived].map(|it| it.id.clone()).into();
        all.sort_unstable();
        let own = tree.sisters("clerk").post("/cases", &request()).must(201).str("/id").to_owned();
        let before = reviewed.reader("clerk").get(&reviewed.path("")).must(200);

        let done = tree.order(&merge());
        assert_eq!((done["cases_moved"].as_i64(), done["kind"].as_str()), (Some(4), Some("merged")));

        // Where it came in nobody sees them any more: they are as what never was.
        for (who, id) in [("clerk", &reviewed.id), ("handler", &reviewed.id), ("archivist", &archived.id)] {
            let there = office.as_role(who).get(&format!("/cases/{id}"));
            let nothing = office.as_role(who).get(&format!("/cases/{NOBODY}"));
            assert_eq!((there.status, without_request(&there)), (404, without_request(&nothing)));
        }
        assert!(ids(&office.as_role("clerk").get("/cases").must(200)).is_empty());
        assert_eq!(office.as_role("approver").get("/reports/dashboard").must(200).at("/total"), 0);
        assert_eq!(office.as_role("clerk").get("/cases?q=2025").must(200).at("/items"), &json!([]));

        // The sister sees them with her own, in every list.
        let clerk = tree.sisters("clerk");
        let mut with_own = all.clone();
        with_own.push(own);
        with_own.sort_unstable();
        assert_eq!(ids(&clerk.get("/cases").must(200)), with_own);
        assert_eq!(clerk.get("/reports/dashboard").must(200).at("/total"), 5);
        assert_eq!(clerk.get("/inbox").must(200).at("/total"), 2);
        assert_eq!(ids(&clerk.get("/cases?q=2025").must(200)).len(), 3);
        let owing = ids(&clerk.get("/cases?sort=obligation_due_on").must(200));
        assert!(owing.contains(&reviewed.id), "what is owed on it, in the order of its days");
        let known = clerk.post("/cases/search", &json!({ "applicant_name": "李示例" })).must(200);
        assert_eq!(known.at("/items").as_array().unwrap().len(), 1, "found under the other agency's key: {}", known.text);
        assert!(known.text.contains(&waiting.id), "{}", known.text);

        // The limit runs on; the number stays; what was drafted there is not her reply.
        let after = clerk.get(&reviewed.path("")).must(200);
        for field in ["/number", "/limit/due_on", "/received_on", "/agency_id", "/applicant"] {
            assert_eq!(after.at(field), before.at(field), "{field}");
        }
        assert_eq!((after.str("/status"), before.str("/status")), ("registered", "in_review"));
        assert_eq!(after.str("/custodian_agency_id"), tree.sister.id.to_string());
        let history = clerk.get(&reviewed.path("/history")).must(200);
        assert!(history.text.contains("handed_over"), "{}", history.text);

        // She registers what waited, under a number of hers, and brings the other to its end.
        let mine = waiting.of(&tree.sister).again().register("拆迁补偿方案");
        assert!(mine.number().ends_with("〕4号"), "the first that neither has given: {}", mine.number());
        let theirs = json!({ "department_id": office.department(BUDGET) });
        let case = reviewed.of(&tree.sister).again();
        let refused = case.as_role("clerk").post(&case.path("/assignments"), &theirs).must(422);
        assert_eq!(refused.str("/errors/0/pointer"), "/department_id");
        let case = case.assign(BUDGET).post("handler", "/assignments/2/acknowledgement", json!({}));
        let case = case.draft("granted", "经研究，予以公开。").submit().review_by_all().issue().serve("direct").archive();
        let code = case.reader("archivist").get(&case.path("/archive")).must(200);
        assert_eq!(code.str("/fonds_constituting_unit_name"), "320900市人民政府办公室");
        // The desk reveals, the approver sees who did, at whichever agency.
        let reason = json!({ "fields": ["name"], "reason": "电话核实邮寄地址" });
        let revealed = mine.reader("clerk").post(&mine.path("/reveals"), &reason);
        assert_eq!(revealed.must(200).str("/name"), "李示例");
        let seen = mine.reader("approver").get(&mine.path("/reveals")).must(200);
        assert!(seen.text.contains("电话核实邮寄地址"), "{}", seen.text);
        office.as_role("approver").get(&mine.path("/reveals")).must(404);
        let shown = clerk.get("/reports/dashboard").must(200);
        super::dashboard::check(&clerk, &shown, &[BUDGET, PLANNING].map(|name| tree.sister.departments[name].to_string()));
        assert_eq!(tree.sisters("archivist").get(&archived.path("/archive")).must(200).str("/fonds_constituting_unit_name"), "320900市人民政府办公室");

        // Nothing new comes to the old one, and nothing is done with it twice.
        let refused = office.as_role("clerk").post("/cases", &request()).must(409);
        assert_eq!(refused.code(), "agency_merged");
        check_answer(&refused);
        assert_eq!(tree.above("system_admin").post(&path(&office.agency), &merge()).must(409).code(), "agency_merged");
        let named = office.as_role("clerk").get("/agencies").must(200);
        assert_eq!(named.str("/items/0/merged_into_id"), tree.sister.id.to_string());
        assert_eq!(named.str("/items/0/merged_on"), today().to_string());
        office.server.place.must_be_sound();
    }

    /// A department's tasks move: its open cases go over, what is closed and what others do stays.
    fn a_departments_open_cases_go_over(backend) {
        let tree = Tree::plant(backend);
        let office = &tree.office;
        let closed = CaseStory::archived(office);
        let moving = CaseStory::in_review(office);
        let staying = CaseStory::registered(office).assign(PLANNING);
        let unassigned = CaseStory::registered(office);
        let done = tree.order(&json!({ "kind": "handed_over", "to_agency_code": "320900", "basis": BASIS,
            "department_id": office.department(BUDGET) }));
        assert_eq!(done["cases_moved"], 1);
        assert_eq!(ids(&tree.sisters("clerk").get("/cases").must(200)), std::slice::from_ref(&moving.id));
        let mut stay = vec![closed.id.clone(), staying.id.clone(), unassigned.id.clone()];
        stay.sort_unstable();
        assert_eq!(ids(&office.as_role("clerk").get("/cases").must(200)), stay);
        assert_eq!(ids(&office.as_role("handler-2").get("/cases").must(200)), std::slice::from_ref(&staying.id));
        // Each agency's figures count each case once.
        let report = format!("/reports/annual/{}", today().format("%Y"));
        let (ours, hers) = (office.as_role("approver"), tree.sisters("approver"));
        let (ours, hers) = (ours.get(&report).must(200), hers.get(&report).must(200));
        assert_ne!(ours.text, hers.text);
        // Who took over is remembered for the lists, and derived anew when it is lost.
        let (place, hers) = (&office.server.place, tree.sisters("clerk"));
        place.database.execute("DELETE FROM custodies").unwrap();
        assert!(ids(&hers.get("/cases").must(200)).is_empty());
        let found = block_on(place.app().rebuild(true, &silent())).unwrap();
        assert!(!found.is_sound() && found.differences[0].columns == ["custodies"], "{found:?}");
        assert!(block_on(place.app().rebuild(false, &silent())).unwrap().is_sound());
        assert_eq!(ids(&hers.get("/cases").must(200)), std::slice::from_ref(&moving.id));
        // Nobody asks the old one about it any more.
        let asked = json!({ "case_id": moving.id, "subject": "督办", "text": "请报告。", "due_on": today() });
        let above = office.of_agency(&tree.province, "supervisor");
        let notices = format!("/agencies/{}/supervision-notices", office.agency.id);
        assert_eq!(above.post(&notices, &asked).must(422).str("/errors/0/pointer"), "/case_id");
        // Requests still come to the old one.
        office.as_role("clerk").post("/cases", &request()).must(201);
        // And back it goes.
        let back = json!({ "kind": "handed_over", "to_agency_code": "320800", "basis": BASIS });
        tree.above("system_admin").post(&path(&tree.sister), &back).must(201);
        block_on(office.server.place.app().carry_on()).unwrap();
        let case = office.as_role("clerk").get(&moving.path("")).must(200);
        assert_eq!(case.at("/custodian_agency_id"), case.at("/agency_id"));
        tree.sisters("clerk").get(&moving.path("")).must(404);
        office.server.place.must_be_sound();
    }

    /// What somebody is shown unmasked is counted for him, whichever agency the cases came to.
    fn reveals_are_counted_over_all_that_an_agency_took_over(backend) {
        let tree = Tree::plant(backend);
        let theirs = CaseStory::registered(&tree.office);
        let own = tree.sisters("clerk").post("/cases", &request()).must(201).str("/id").to_owned();
        tree.order(&merge());
        let clerk = tree.sisters("clerk");
        let reveal = |id: &str| {
            let body = json!({ "fields": ["name"], "reason": "电话核实邮寄地址" });
            clerk.post(&format!("/cases/{id}/reveals"), &body)
        };
        for n in 0..20 {
            reveal(if n % 2 == 0 { &own } else { &theirs.id }).must(200);
        }
        for id in [&own, &theirs.id] {
            assert_eq!(reveal(id).must(429).code(), "too_often");
        }
    }

    /// Names change from a day on; what they were stays to be read.
    fn names_change_and_stay_to_be_read(backend) {
        let tree = Tree::plant(backend);
        let (office, admin) = (&tree.office, tree.office.as_role("system_admin"));
        let yesterday = today() - Days::new(1);
        let path = path(&office.agency);
        let named = admin.post(&path, &json!({ "kind": "renamed", "name": " 淮安市数据局 ", "basis": BASIS, "effective_on": yesterday })).must(201);
        check_answer(&named);
        assert_eq!((named.str("/name_before"), named.str("/name_after")), ("320800市人民政府办公室", "淮安市数据局"));
        let department = office.department(PLANNING);
        let body = json!({ "kind": "department_renamed", "department_id": department, "name": "规划和自然资源处", "basis": BASIS });
        let first = admin.idempotency_key("once").post(&path, &body).must(201);
        assert_eq!(admin.idempotency_key("once").post(&path, &body).must(201).text, first.text, "a retry is answered once");
        let list = office.as_role("handler").get(&path).must(200);
        let kinds: Vec<&str> = list.at("/items").as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["department_renamed", "renamed"]);
        assert_eq!((list.str("/items/1/effective_on"), list.str("/items/0/name_before")), (yesterday.to_string().as_str(), PLANNING));
        let page = office.as_role("handler").get(&format!("{path}?limit=1")).must(200);
        let next = office.as_role("handler").get(&format!("{path}?limit=1&cursor={}", page.str("/next_cursor"))).must(200);
        assert_eq!((next.at("/items/0"), next.at("/next_cursor")), (list.at("/items/1"), &Value::Null));
        assert_eq!(office.as_role("clerk").get("/agencies").must(200).str("/items/0/name"), "淮安市数据局");
        let taken = json!({ "kind": "department_renamed", "department_id": department, "name": BUDGET, "basis": BASIS });
        assert_eq!(admin.post(&path, &taken).must(409).code(), "taken");
        office.server.place.must_be_sound();
    }

    /// Who stands above all that are concerned orders it, and nobody else.
    fn who_may_reorganise(backend) {
        let tree = Tree::plant(backend);
        let office = &tree.office;
        let (here, nowhere) = (path(&office.agency), format!("/agencies/{NOBODY}/reorganisations"));
        for who in ["clerk", "approver", "supervisor", "security_admin", "auditor", "archivist"] {
            assert_eq!(office.as_role(who).post(&here, &merge()).must(403).code(), "forbidden", "{who}");
        }
        // His own agency he may rename, not give away: the sister is not his.
        let own = office.as_role("system_admin").post(&here, &merge()).must(422);
        assert_eq!((own.str("/errors/0/pointer"), own.str("/errors/0/code")), ("/to_agency_code", "unknown"));
        let nobody = json!({ "kind": "merged", "to_agency_code": "no-such", "basis": BASIS });
        let unknown = office.as_role("system_admin").post(&here, &nobody).must(422);
        assert_eq!(without_request(&own), without_request(&unknown), "a foreign one is as none");
        for who in ["system_admin", "clerk"] {
            let theirs = tree.sisters(who).post(&here, &merge());
            let nothing = tree.sisters(who).post(&nowhere, &merge());
            assert_eq!((theirs.status, without_request(&theirs)), (404, without_request(&nothing)));
            let theirs = tree.sisters(who).get(&here);
            assert_eq!((theirs.status, without_request(&theirs)), (404, without_request(&tree.sisters(who).get(&nowhere))));
        }
        // Up into the province, by the province: yes. The province into a city below it: no.
        let down = json!({ "kind": "merged", "to_agency_code": "320900", "basis": BASIS });
        assert_eq!(tree.above("system_admin").post(&path(&tree.province), &down).must(409).code(), "agency_below");
        tree.order(&json!({ "kind": "merged", "to_agency_code": "320000", "basis": BASIS }));
        let read = office.of_agency(&tree.province, "clerk").get(&here).must(200);
        assert_eq!(read.at("/items").as_array().unwrap().len(), 1, "the successor reads what was");
    }

    fn what_is_wrong_is_said_of_each_field(backend) {
        let tree = Tree::plant(backend);
        let tomorrow = today() + Days::new(1);
        let wrong: &[(Value, &[&str])] = &[
            (json!({ "kind": "renamed", "basis": BASIS }), &["/name"]),
            (json!({ "kind": "renamed", "name": "某局", "basis": BASIS, "to_agency_code": "320900" }), &["/to_agency_code"]),
            (json!({ "kind": "merged", "name": "某局", "basis": BASIS, "effective_on": tomorrow }), &["/effective_on", "/name", "/to_agency_code"]),
            (json!({ "kind": "department_renamed", "basis": BASIS }), &["/name", "/department_id"]),
            (json!({ "kind": "handed_over", "to_agency_code": "320900", "basis": BASIS, "department_id": NOBODY }), &["/department_id"]),
            (json!({ "kind": "merged", "to_agency_code": "320800", "basis": BASIS }), &["/to_agency_code"]),
            (json!({ "kind": "renamed", "name": "某\u{7}局", "basis": BASIS }), &["/name"]),
            (json!({ "kind": "split", "basis": BASIS }), &["/kind"]),
            (json!({ "kind": "renamed", "name": "某局" }), &["/basis"]),
        ];
        for (body, pointers) in wrong {
            let refused = tree.above("system_admin").post(&path(&tree.office.agency), body).must(422);
            check_answer(&refused);
            let told: Vec<&str> = refused.at("/errors").as_array().unwrap().iter().map(|it| it["pointer"].as_str().unwrap()).collect();
            let mut told = told; told.sort_unstable();
            let mut wanted = pointers.to_vec(); wanted.sort_unstable();
            assert_eq!(told, wanted, "{body}");
        }
    }

    /// Two instances go on with a hand-over at once, after the one that began it stopped: each case goes over once.
    fn a_hand_over_goes_on_after_a_stop(backend) {
        let mut tree = Tree::plant(backend);
        let clerk = tree.office.as_role("clerk");
        for _ in 0..120 {
            clerk.post("/cases", &request()).must(201);
        }
        tree.above("system_admin").post(&path(&tree.office.agency), &merge()).must(201);
        tree.office.server.kill9();
        let (one, other) = (tree.office.server.place.app(), tree.office.server.place.app());
        let both = block_on(async { futures_util::future::join(one.carry_on(), other.carry_on()).await });
        // On SQLite one of them may find the file busy; what it did not do the other did.
        assert!(both.0.is_ok() || both.1.is_ok(), "{both:?}");
        drop((one, other));
        tree.office.server.restart();
        let done = tree.above("system_admin").get(&path(&tree.office.agency)).must(200);
        assert_eq!(done.at("/items/0/cases_moved"), 120);
        assert!(!done.at("/items/0/finished_at").is_null());
        assert_eq!(tree.sisters("approver").get("/reports/dashboard").must(200).at("/total"), 120);
        tree.office.server.place.must_be_sound();
    }
}
