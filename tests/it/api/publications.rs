//! 依申请公开转为主动公开 (Art. 44): several ask for a plan, it is published, and whoever asks next is told where it is.

use serde_json::{Value, json};

use super::often_requested::{asks, document, list};
use super::operations::{refused, told};
use super::shape::check_fields;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PLANNING};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, day, request};

const PLAN: &str = "沪府规〔2024〕12号";
const KEY: &str = "number:沪府规（2024）12号";
const URL: &str = "https://www.example.gov.cn/zwgk/2026/03/25/art_60096_13812345678.html";

fn granted(case: CaseStory<'_>) -> CaseStory<'_> {
    let case = case.on(day("2026-03-06")).assign(BUDGET).acknowledge();
    case.draft("granted", "予以公开。").submit().review_by_all().issue().serve("direct")
}

fn proposal(by: &str, title: &str, number: &str) -> Value {
    json!({ "proposed_by": by, "document": document(title, number), "reason": "多人申请，涉及公众利益", "on": "2026-03-20" })
}

fn decision(approve: bool) -> Value {
    json!({ "approve": approve, "reason": "属于主动公开范围", "on": "2026-03-23" })
}

/// What the list says of the plan: how far its publication is, and where.
fn listed(office: &Office) -> (Value, Value) {
    let page = office.as_role("clerk").get("/reports/often-requested").must(200);
    let plan = page.at("/items").as_array().unwrap().iter().find(|item| item["key"] == KEY).unwrap();
    (plan["publication"].clone(), plan["published"]["url"].clone())
}

/// What is proposed to a case: the published documents, and which case is proposed for it.
fn proposed(office: &Office, who: &str, case: &CaseStory) -> (Vec<Value>, Vec<String>) {
    let found = office.as_role(who).get(&case.path("/relations/proposals")).must(200);
    let published = found.at("/published").as_array().unwrap().iter().map(|one| one["url"].clone()).collect();
    let of_plan =
        |item: &&Value| item["reasons"].as_array().unwrap().iter().any(|it| it["kind"] == "published");
    let cases = found.at("/items").as_array().unwrap().clone();
    let ids =
        cases.iter().filter(of_plan).map(|item| item["case"]["id"].as_str().unwrap().to_owned()).collect();
    (published, ids)
}

both_databases! {
    fn what_three_ask_for_is_published_and_the_fourth_is_told_where(backend) {
        let office = Office::open(backend);
        let plan = document("城东地块规划", PLAN);
        let first = asks(&office, ("王示例", Some("E00000001")), std::slice::from_ref(&plan));
        let second = asks(&office, ("李示例", None), &[document("", "沪府规[2024]12号")]);
        let open = asks(&office, ("赵示例", None), &[document("规划", PLAN)]).assign(PLANNING);
        assert_eq!(list(&office, "clerk", "min_applicants=3"), [(KEY.to_owned(), 3, 3, 0)]);
        assert_eq!(listed(&office), (Value::Null, Value::Null));
        let case = granted(first);
        assert_eq!(list(&office, "clerk", "")[0].3, 1);

        // The handler proposes; the document is named as lists show it.
        let propose = proposal("office", "城东地块规划", PLAN);
        for (body, pointer, code) in [
            (proposal("office", "", ""), "/document", "required"),
            (proposal("office", "王示例的规划", ""), "/document/title", "personal_data"),
            (proposal("office", "规划", "110101199003070011"), "/document/number", "personal_data"),
            (proposal("neighbour", "规划", ""), "/proposed_by", "unknown_value"),
        ] {
            let reply = case.as_role("handler").post(&case.path("/publications"), &body);
            assert_eq!((told(&reply).as_str(), reply.str("/errors/0/pointer")), ("422 invalid", pointer), "{}", reply.text);
            assert_eq!(reply.str("/errors/0/code"), code, "{body}");
        }
        assert_eq!(refused(&case, "clerk", "/publications", &propose), "403 forbidden", "the office's own idea is a handler's");
        assert_eq!(refused(&case, "handler-2", "/publications", &propose), "404 not_found");
        assert_eq!(refused(&case, "supervisor", "/publications", &propose), "404 not_found");
        let before = case.last.clone();
        let case = case.command("handler", "POST", "/publications", &propose);
        assert_eq!((before.at("/time_limit"), before.at("/status")), (case.last.at("/time_limit"), case.last.at("/status")));
        assert_eq!(listed(&office), (json!("proposed"), Value::Null));
        let suggestion = proposal("applicant", "另一份规划", "");
        assert_eq!(refused(&case, "clerk", "/publications", &suggestion), "409 publication_open");

        // The archive closes nothing of it. The approver decides; the link is recorded.
        let case = case.on(day("2026-04-20")).archive();
        assert_eq!(refused(&case, "handler", "/publications/1/decision", &decision(true)), "403 forbidden");
        let case = case.command("approver", "POST", "/publications/1/decision", &decision(true));
        assert_eq!(listed(&office).0, "approved");
        let link = |url: &str| json!({ "url": url, "on": "2026-03-25" });
        for (body, pointer) in [
            (link("http://www.example.gov.cn/"), "/url"),
            (link("javascript:alert(1)"), "/url"),
            (link(&format!("https://www.example.gov.cn/{}", "x".repeat(500))), "/url"),
            (json!({}), ""),
            (json!({ "url": URL, "gazette": "某市公报2026年第3期" }), ""),
        ] {
            let reply = case.as_role("clerk").post(&case.path("/publications/1/place"), &body);
            assert_eq!((told(&reply).as_str(), reply.str("/errors/0/pointer")), ("422 invalid", pointer), "{body}");
        }
        let case = case.command("clerk", "POST", "/publications/1/place", &link(URL));
        let shown = case.last.at("/publications/0").clone();
        let fields = ["n", "proposed_by", "proposed_on", "state", "decided_on", "published_on", "url", "gazette", "withdrawn_on"];
        let wanted = json!([1, "office", "2026-03-20", "published", "2026-03-23", "2026-03-25", URL, null, null]);
        assert_eq!(json!(fields.map(|name| shown[name].clone())), wanted);
        assert_eq!(shown["document"], plan);
        assert_eq!(office.as_role("handler").get(&case.path("")).must(200).at("/publications/0"), &shown);
        assert_eq!(listed(&office), (json!("published"), json!(URL)));
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        assert!(history.text.contains(URL), "an address is nobody's number: {}", history.text);
        assert_eq!(refused(&case, "clerk", "/publications/1/place", &link(URL)), "409 publication_not_approved");
        let again = proposal("applicant", "", "沪府规〔2024〕第12号");
        assert_eq!(refused(&case, "clerk", "/publications", &again), "409 already_to_be_published");

        // Whoever asks next, by number or in words, and whoever still waits, is told.
        let fourth = asks(&office, ("钱示例", None), &[document("", "沪府规（2024）12 号")]).assign(PLANNING);
        assert_eq!(proposed(&office, "clerk", &fourth), (vec![json!(URL)], vec![case.id.clone()]));
        // Another department may not see that case; what is published everybody may.
        assert_eq!(proposed(&office, "handler-2", &fourth), (vec![json!(URL)], vec![]));
        assert_eq!(proposed(&office, "clerk", &open).0, [json!(URL)]);
        assert_eq!(proposed(&office, "clerk", &second).0, [json!(URL)]);
        assert_eq!(proposed(&office, "clerk", &case), (vec![], vec![]), "not to itself");
        let mut words = request();
        words["description"] = json!("请公开沪府规〔2024〕12号文件。");
        let unregistered = CaseStory::receive(&office, &words);
        assert_eq!(proposed(&office, "clerk", &unregistered), (vec![json!(URL)], vec![case.id.clone()]));
        let other = asks(&office, ("孙示例", None), &[document("城东地块规划", "沪府规〔2025〕12号"), document("", "苏府规〔2024〕12号")]);
        assert!(proposed(&office, "clerk", &other).0.is_empty(), "one title, another number");
        let neighbour = office.neighbour("320900");
        for who in ["clerk", "handler", "approver"] {
            let reply = office.of_agency(&neighbour, who).if_match(case.etag()).post(&case.path("/publications"), &propose);
            assert_eq!(told(&reply), "404 not_found", "{who}");
        }

        // The words of the case go; what the public reads stays, and the rows are still what the record makes of them.
        let erase = json!({ "proposal": "erase", "ground": "other_law", "reason": "依法删除" });
        let case = case.command("archivist", "POST", "/appraisals", &erase);
        let case = case.command("approver", "POST", "/appraisals/1/decision", &json!({ "approve": true }));
        assert_eq!(case.last.at("/publications/0/url"), URL);
        assert_eq!(office.as_role("clerk").get(&case.path("")).must(200).at("/publications/0"), &shown);
        assert_eq!(listed(&office), (json!("published"), json!(URL)));
        office.server.place.must_be_sound();

        // The link is dead.
        let dead = json!({ "reason": "网站改版，链接失效" });
        let case = case.command("clerk", "POST", "/publications/1/withdrawal", &dead);
        assert_eq!((case.last.str("/publications/0/state"), listed(&office)), ("withdrawn", (json!("withdrawn"), Value::Null)));
        assert!(proposed(&office, "clerk", &fourth).0.is_empty());
        assert_eq!(refused(&case, "clerk", "/publications/1/withdrawal", &dead), "409 not_published");
        // Suggested by the applicant, and put into the gazette.
        let case = case.command("clerk", "POST", "/publications", &json!({
            "proposed_by": "applicant", "document": plan, "reason": "链接已失效，请重新公开",
        }));
        let approve = json!({ "approve": true, "reason": "同意" });
        let case = case.command("approver", "POST", "/publications/2/decision", &approve);
        let case = case.command("handler", "POST", "/publications/2/place", &json!({ "gazette": "某市公报2026年第3期" }));
        assert_eq!(case.last.str("/publications/1/gazette"), "某市公报2026年第3期");
        assert_eq!(listed(&office), (json!("published"), Value::Null));
        let pieces = office.as_role("archivist").get(&case.path("/archive")).must(200);
        for title in ["转为主动公开（第1件）提出", "转为主动公开（第1件）决定", "主动公开登记（第1件）", "撤下主动公开登记（第1件）"] {
            assert!(pieces.text.contains(title), "{title}");
        }
        let ran = office.server.place.command(GONGKAI).args(["audit", "verify", "--json"]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
        office.server.place.must_be_sound();
    }

    fn nothing_is_published_that_was_not_released(backend) {
        let office = Office::open(backend);
        let propose = proposal("office", "", PLAN);
        let unanswered = asks(&office, ("王示例", None), &[document("", PLAN)]).on(day("2026-03-03")).assign(BUDGET);
        assert_eq!(refused(&unanswered, "handler", "/publications", &propose), "409 wrong_status");
        let case = unanswered.on(day("2026-03-06")).acknowledge();
        let case = case.draft("unable_not_held", "经检索没有。").submit().review_by_all().issue().serve("direct");
        let reply = case.as_role("handler").post(&case.path("/publications"), &propose);
        assert_eq!((told(&reply).as_str(), reply.str("/article")), ("409 nothing_to_publish", "政府信息公开条例 第44条"));
        let withdrawn = asks(&office, ("李示例", None), &[]).post("clerk", "/withdrawal", json!({ "on": "2026-03-05" }));
        assert_eq!(refused(&withdrawn, "clerk", "/publications", &proposal("applicant", "", PLAN)), "409 wrong_status");
        check_fields(
            &case.as_role("handler").post(&case.path("/publications"), &json!({ "link": URL })),
            &[("/document", "required"), ("/link", "unknown_field"), ("/proposed_by", "required"), ("/reason", "required")],
        );
    }
}
