//! 敏感级别: a case that bears a label above somebody's clearance does not exist for him, in no answer and in no count; who is cleared
//! works on it as on any other (GB/T 22239-2019, 8.1.4.2 g).

use chrono::{Datelike, Days};
use serde_json::{Value, json};

use super::allowed;
use super::operations::{Ids, Operation, check_answer, operations, told, without_request};
use super::stories::by_channel;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::files;
use crate::support::office::{Agency, BUDGET, Office, PLANNING, ROLES, Tree, today};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, SUBJECT, request};

/// A word that stands in everything of the labelled case, and nowhere else.
const CANARY: &str = "金丝雀";
const REASON: &str = "所申请的报价单涉及商业秘密";

fn account(office: &Office, agency: &Agency, name: &str) -> String {
    office.of_agency(agency, name).get("/me").must(200).str("/account_id").to_owned()
}

/// The security administrator clears somebody of an agency.
fn clear_at(office: &Office, agency: &Agency, name: &str, clearance: &str) {
    let path = format!("/accounts/{}/clearance", account(office, agency, name));
    let admin = office.of_agency(agency, "security_admin");
    admin.put(&path, &json!({ "clearance": clearance })).must(204);
}

fn clear(office: &Office, name: &str, clearance: &str) {
    clear_at(office, &office.agency, name, clearance);
}

fn label<'a>(case: CaseStory<'a>, who: &str, way: &str, to: &str) -> CaseStory<'a> {
    case.command(who, "POST", &format!("/sensitivity/{way}"), &json!({ "to": to, "reason": REASON }))
}

/// A case of which everything bears the canary, in process at the department of `handler`.
fn canary(office: &Office) -> CaseStory<'_> {
    let mut asked = request();
    asked["description"] = json!(format!("申请公开{CANARY}报告。"));
    let case = CaseStory::receive(office, &asked).register(&format!("{CANARY}报告")).assign(BUDGET);
    let clerk = office.as_role("clerk").if_match("*");
    files::attach(&clerk, &case.id, "evidence", &format!("{CANARY}.txt"), files::TEXT).must(200);
    case.again()
}

/// The ways of asking for an operation that could make a difference.
fn ways(caller: &Client) -> [Client; 2] {
    [caller.clone(), caller.if_match("*").idempotency_key("above")]
}

/// Who reads cases of this agency, and who is told of accesses to them: to all others any case is none, as is shown elsewhere.
const READERS: [&str; 7] =
    ["clerk", "handler", "legal_reviewer", "secrecy_reviewer", "approver", "archivist", "auditor"];

fn is_about_a_case(operation: &Operation) -> bool {
    operation.path.contains("{case_id}")
}

/// The words of a query as an address holds them.
fn url_encoded(words: &str) -> String {
    words.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

fn items(reply: &Reply) -> Vec<String> {
    let items = reply.at("/items").as_array().unwrap();
    // Of a list of an applicant's cases, each with who he is.
    let id = |item: &Value| item.get("case").unwrap_or(item)["id"].as_str().unwrap().to_owned();
    items.iter().map(id).collect()
}

both_databases! {
    /// Every operation by everybody who is not cleared: as for a case that was never there, and nothing of it in any other answer.
    fn a_case_above_ones_clearance_is_one_that_does_not_exist(backend) {
        let office = Office::open(backend);
        for who in ["clerk-2", "approver-2"] {
            clear(&office, who, "trade_secret");
        }
        let case = canary(&office);
        let file = files::newest(&office.as_role("clerk"), &case.id)["id"].as_str().unwrap().to_owned();
        let case = label(case, "clerk-2", "raise", "trade_secret");
        let ours = Ids { case: case.id.clone(), attachment: file.clone(), upload: file.clone(), ..Ids::default() };
        let others = CaseStory::registered(&office).assign(BUDGET);
        let mut asked = 0;
        for name in &READERS {
            let reader = office.as_role(name);
            for operation in operations() {
                if is_about_a_case(&operation) {
                    for caller in ways(&reader) {
                        let above = operation.ask(&caller, &ours);
                        check_answer(&above);
                        let missing = operation.ask(&caller, &Ids::default());
                        // The auditor is told who saw whose data in it, and so that there is such a case.
                        if *name == "auditor" && operation.id == "listReveals" {
                            assert_eq!(above.status, 200, "{}", above.told());
                            continue;
                        }
                        assert_eq!(above.status, 404, "{} by {name}: {}", operation.id, above.told());
                        assert_eq!(without_request(&above), without_request(&missing), "{} by {name}", operation.id);
                        asked += 1;
                    }
                } else if operation.method == "GET" && *name != "auditor" {
                    let reply = match operation.query() {
                        "" => operation.ask(&reader, &ours),
                        query => reader.get(&format!("{}?{}", operation.path_of(&ours), query.trim_end_matches('&'))),
                    };
                    let shown = reply.text.replace(&reply.asked, "");
                    for secret in [CANARY, case.id.as_str(), case.number(), file.as_str()] {
                        assert!(!shown.contains(secret), "{secret} by {name} in {}", reply.told());
                    }
                }
            }
        }
        assert!(asked > 60 * READERS.len(), "{asked}");
        // Untouched; and what is not labelled is where it was.
        assert_eq!(office.as_role("clerk-2").get(&case.path("")).must(200).etag(), case.etag());
        office.as_role("clerk").get(&others.path("")).must(200);
        office.as_role("approver-2").get(&case.path("")).must(200);
    }

    /// Lists, counts, searches and exports show what may be read, and no more; the agency's own figures count everything.
    fn lists_counts_and_exports_show_what_may_be_read_and_figures_count_all(backend) {
        let office = Office::open(backend);
        clear(&office, "clerk-2", "proposed_secret");
        clear(&office, "archivist", "personal_privacy");
        let waiting = CaseStory::receive(&office, &request());
        let plain = CaseStory::registered(&office).assign(BUDGET);
        let labelled = |to: &str| label(CaseStory::registered(&office).assign(BUDGET), "clerk-2", "raise", to);
        let private = labelled("personal_privacy");
        let secret = labelled("proposed_secret");
        let in_inbox = label(CaseStory::receive(&office, &request()), "clerk-2", "raise", "trade_secret");
        let closed = label(CaseStory::archived(&office), "clerk-2", "raise", "trade_secret");
        let of = |who: &str, above: &[&CaseStory]| {
            let reader = office.as_role(who);
            let hidden: Vec<&str> = above.iter().map(|case| case.id.as_str()).collect();
            let all = [&waiting, &plain, &private, &secret, &in_inbox, &closed];
            let seen = |ids: &[String], of: &[&CaseStory]| {
                for case in of {
                    let shown = ids.contains(&case.id);
                    assert_eq!(shown, !hidden.contains(&case.id.as_str()), "{who}: {}", case.last.told());
                }
            };
            seen(&items(&reader.get("/cases?limit=200").must(200)), &all);
            let q = format!("/cases?q={}&limit=200", url_encoded(SUBJECT));
            seen(&items(&reader.get(&q).must(200)), &[&plain, &private, &secret, &closed]);
            let whose = json!({ "applicant_name": request()["applicant"]["name"], "limit": 100 });
            seen(&items(&reader.post("/cases/search", &whose).must(200)), &all);
            let inbox = reader.get("/inbox").must(200);
            let waits = 2 - [&in_inbox].iter().filter(|case| hidden.contains(&case.id.as_str())).count();
            assert_eq!(inbox.at("/total"), waits, "{who}");
            let dashboard = reader.get("/reports/dashboard").must(200);
            assert_eq!(dashboard.at("/total"), all.len() - hidden.len(), "{who}");
            let ledger = reader.get(&format!("/reports/ledger?from={0}&to={0}", today())).must(200);
            assert_eq!(ledger.text.trim_end().lines().count() - 1, all.len() - hidden.len(), "{who}");
            let year = today().format("%Y");
            let cell = reader.get(&format!("/reports/annual/{year}/cells/new_received/total?limit=200"));
            if cell.status == 200 {
                assert_eq!(cell.at("/figure"), all.len(), "{who}: the report counts every request");
                seen(&items(&cell), &all);
            }
        };
        of("clerk", &[&private, &secret, &in_inbox, &closed]);
        of("archivist", &[&secret, &in_inbox, &closed]);
        of("clerk-2", &[]);
        // Who reads figures and no case is told those of the whole agency.
        assert_eq!(office.as_role("supervisor").get("/reports/dashboard").must(200).at("/total"), 6);
        // What is proposed as like it, or as of the same applicant, is what he may read.
        let proposed = |who: &str| {
            let found = office.as_role(who).get(&plain.path("/relations/proposals")).must(200);
            found.text.contains(&private.id) || found.text.contains(&closed.id)
        };
        assert!(!proposed("clerk"));
        // A digest counts it and does not tell it: everybody who reads figures reads digests.
        let last_month = today().with_day(1).unwrap() - Days::new(1);
        let old = || CaseStory::receive(&office, &by_channel("counter", last_month)).register(SUBJECT);
        let (plain, secret) = (old(), label(old(), "clerk-2", "raise", "proposed_secret"));
        let period = last_month.format("%Y-%m").to_string();
        let args = ["digest", "--agency", "320800", "--kind", "monthly_ledger", "--period", &period];
        office.server.place.command(GONGKAI).args(args).output().unwrap();
        let digest = office.as_role("supervisor").get(&format!("/digests/monthly_ledger/{period}")).must(200);
        assert!(!digest.text.contains(secret.number()) && digest.text.contains(plain.number()), "{}", digest.text);
        assert!(digest.text.contains("withheld"), "{}", digest.text);
    }

    /// Who says what a case is, up to what, and who says that it is not.
    fn who_may_label_a_case(backend) {
        let office = Office::open(backend);
        let case = CaseStory::registered(&office).assign(BUDGET);
        let send = |who: &str, way: &str, body: &Value| {
            office.as_role(who).if_match("*").post(&case.path(&format!("/sensitivity/{way}")), body)
        };
        let to = |to: &str| json!({ "to": to, "reason": REASON });
        assert_eq!(case.last.str("/sensitivity"), "ordinary");
        // Nobody labels above his own clearance: he would lose sight of the case, and nobody might be left who sees it.
        assert_eq!(told(&send("clerk", "raise", &to("personal_privacy"))), "403 forbidden");
        clear(&office, "clerk", "personal_privacy");
        let above = send("clerk", "raise", &to("trade_secret"));
        assert_eq!((told(&above).as_str(), above.str("/errors/0/code")), ("422 invalid", "above_clearance"));
        for who in ["clerk", "handler", "secrecy_reviewer", "approver", "legal_reviewer", "archivist"] {
            clear(&office, who, "proposed_secret");
        }
        for (who, way, wanted) in [
            ("legal_reviewer", "raise", "403 forbidden"),
            ("archivist", "raise", "403 forbidden"),
            ("clerk", "lower", "403 forbidden"),
            ("handler", "lower", "403 forbidden"),
            ("system_admin", "raise", "404 not_found"),
            ("secrecy_reviewer", "lower", "409 label_not_lower"),
        ] {
            assert_eq!(told(&send(who, way, &to("ordinary"))), wanted, "{who} {way}");
        }
        for (body, pointer) in [
            (json!({ "reason": REASON }), "/to"),
            (json!({ "to": "secret", "reason": REASON }), "/to"),
            (json!({ "to": "trade_secret" }), "/reason"),
            (json!({ "to": "trade_secret", "reason": " " }), "/reason"),
        ] {
            let refused = send("clerk", "raise", &body);
            assert_eq!((refused.status, refused.str("/errors/0/pointer")), (422, pointer), "{body}");
        }
        let case = label(case, "handler", "raise", "personal_privacy");
        assert_eq!(case.last.str("/sensitivity"), "personal_privacy");
        let case = label(case, "approver", "raise", "proposed_secret");
        assert_eq!(told(&office.as_role("clerk").if_match("*").post(&case.path("/sensitivity/raise"), &to("proposed_secret"))), "403 forbidden", "as high as can be, for him");
        let case = label(case, "secrecy_reviewer", "lower", "ordinary");
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        assert_eq!(history.text.matches(r#""event":{"type":"sensitivity_changed""#).count(), 3, "{}", history.text);
        assert!(history.text.contains(REASON));
        office.server.place.must_be_sound();
    }

    /// 可阅级别 is the security administrator's to set, for others; it counts at once, on every instance, and stands in the record.
    fn a_clearance_counts_from_the_next_request_on(backend) {
        let office = Office::open(backend);
        clear(&office, "clerk-2", "trade_secret");
        let case = label(CaseStory::registered(&office), "clerk-2", "raise", "trade_secret");
        let clerk = office.as_role("clerk");
        clerk.get(&case.path("")).must(404);
        clear(&office, "clerk", "personal_privacy");
        clerk.get(&case.path("")).must(404);
        clear(&office, "clerk", "proposed_secret");
        clerk.get(&case.path("")).must(200);
        clear(&office, "clerk", "ordinary");
        clerk.get(&case.path("")).must(404);
        clear(&office, "clerk", "ordinary");
        let set = json!({ "clearance": "proposed_secret" });
        let of = |name: &str| format!("/accounts/{}/clearance", account(&office, &office.agency, name));
        for who in ROLES.iter().filter(|who| **who != "security_admin") {
            assert_eq!(told(&office.as_role(who).put(&of("clerk"), &set)), "403 forbidden", "{who}");
        }
        let admin = office.as_role("security_admin");
        assert_eq!(told(&admin.put(&of("security_admin"), &set)), "403 own_account");
        let wrong = admin.put(&of("clerk"), &json!({ "clearance": "everything" }));
        assert_eq!((wrong.status, wrong.str("/errors/0/pointer")), (422, "/clearance"));
        let listed = office.as_role("system_admin").get("/accounts?limit=200").must(200);
        let row = listed.at("/items").as_array().unwrap().iter().find(|row| row["username"] == "320800.clerk-2");
        assert_eq!(row.unwrap()["clearance"], "trade_secret");
        let events = "SELECT record AS line FROM events WHERE event_type = 'clearance_set'";
        assert_eq!(office.server.place.database.lines(events).len(), 4, "what changes nothing is not recorded");
        office.server.place.must_be_sound();
    }

    /// Whose work a case is sees it; what is made of its words bears its label.
    fn a_label_stays_in_sight_of_who_works_and_goes_with_the_words(backend) {
        let tree = Tree::plant(backend);
        let office = &tree.office;
        clear(office, "clerk", "trade_secret");
        let handler = account(office, &office.agency, "handler");
        let assigned = json!({ "department_id": office.department(BUDGET), "assignee_id": handler });
        let case = CaseStory::registered(office);
        let case = case.command("clerk", "POST", "/assignments", &assigned);
        let raise = json!({ "to": "trade_secret", "reason": REASON });
        let clerk = office.as_role("clerk").if_match("*");
        let refused = clerk.post(&case.path("/sensitivity/raise"), &raise);
        assert_eq!(refused.must(422).str("/errors/0/code"), "assignee_not_cleared");
        clear(office, "handler", "trade_secret");
        let case = label(case.again(), "clerk", "raise", "trade_secret");
        let other = account(office, &office.agency, "handler-2");
        let elsewhere = json!({ "department_id": office.department(PLANNING), "assignee_id": other });
        let refused = clerk.post(&case.path("/assignments"), &elsewhere).must(422);
        assert_eq!((refused.str("/errors/0/code"), refused.str("/errors/0/pointer")), ("assignee_not_cleared", "/assignee_id"));
        // Split: each part is as sensitive as the whole.
        let parts = json!({ "parts": [{ "description": "申请公开第二份报价单。" }], "reason": "一事一申请" });
        clerk.post(&case.path("/relations/split"), &parts).must(200);
        let queue = office.as_role("clerk").get("/cases?limit=200").must(200);
        let labels: Vec<_> = queue.at("/items").as_array().unwrap().iter().map(|item| item["sensitivity"].clone()).collect();
        assert_eq!(labels, ["trade_secret", "trade_secret"]);
        assert_eq!(office.as_role("clerk-2").get("/cases").must(200).at("/items"), &json!([]));
        // Whoever reads a case that it has to do with is not told of it.
        let plain = CaseStory::registered(office);
        office.as_role("clerk").if_match("*").post(&plain.path("/relations/split"), &parts).must(200);
        let of = |who: &str| office.as_role(who).get(&plain.path("/relations")).must(200);
        let part = format!("/cases/{}", of("clerk").str("/items/0/case/id"));
        let clerks = office.as_role("clerk").if_match("*");
        let registered = clerks.post(&format!("{part}/registration"), &json!({ "subject": SUBJECT })).must(200);
        assert_eq!(of("clerk-2").at("/items/0/number"), registered.at("/number"));
        clerks.post(&format!("{part}/sensitivity/raise"), &raise).must(200);
        assert_eq!(of("clerk").at("/items/0/number"), registered.at("/number"));
        let unknown = of("clerk-2");
        assert_eq!((unknown.at("/items/0/number"), unknown.at("/items/0/case")), (&Value::Null, &Value::Null));
        // Handed on: only to where somebody would see it.
        let case = label(allowed::case_at(office, "replied, naming another"), "clerk", "raise", "trade_secret");
        let on = json!({ "agency_code": "320900", "reason": "该信息由贵局保存" });
        let refused = clerk.post(&case.path("/relations/hand-on"), &on).must(422);
        assert_eq!((refused.str("/errors/0/code"), refused.str("/errors/0/pointer")), ("nobody_cleared", "/agency_code"));
        clear_at(office, &tree.sister, "clerk-2", "trade_secret");
        clerk.post(&case.path("/relations/hand-on"), &on).must(200);
        let there = tree.sisters("clerk-2").get("/cases").must(200);
        assert_eq!(there.at("/items/0/sensitivity"), "trade_secret");
        assert_eq!(tree.sisters("clerk").get("/cases").must(200).at("/items"), &json!([]));
        office.server.place.must_be_sound();
    }
}
