//! Cases that have to do with each other, told as the desk's work in March 2026: handed on to the body that holds the information,
//! split, merged, repeated, supplemented. After each the annual report adds up, and the record proves itself.

use serde_json::{Value, json};

use super::operations::{NOBODY, check_answer, told, without_request};
use super::stories::by_channel;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{Agency, BUDGET, Office, PLANNING};
use crate::support::replies;
use crate::support::story::{CaseStory, SUBJECT, day};

/// A request of somebody with a passport, by a channel.
fn asked(channel: &str, on: &str, passport: &str) -> Value {
    let mut body = by_channel(channel, day(on));
    body["applicant"]["identity"] = json!({ "kind": "passport", "number": passport });
    body
}

fn received<'a>(office: &'a Office, on: &str, passport: &str) -> CaseStory<'a> {
    CaseStory::receive(office, &asked("registered_post", on, passport))
}

fn in_process<'a>(office: &'a Office, on: &str, passport: &str) -> CaseStory<'a> {
    received(office, on, passport).on(day("2026-03-06")).register(SUBJECT).assign(BUDGET).acknowledge()
}

/// Answered on 13 March.
fn answered<'a>(case: CaseStory<'a>, draft: &Value) -> CaseStory<'a> {
    let mut draft = draft.clone();
    draft["on"] = json!("2026-03-10");
    let case = case.on(day("2026-03-10")).command("handler", "PUT", "/reply", &draft).submit();
    case.on(day("2026-03-13")).review_by_all().issue()
}

/// The answer to a command as the case stands now.
fn give(case: &CaseStory, who: &Client, of: &str, body: &Value) -> Reply {
    let etag = case_now(case).etag();
    let reply = who.if_match(etag).post(&case.path(of), body);
    check_answer(&reply);
    reply
}

fn case_now(case: &CaseStory) -> Reply {
    case.as_role("clerk").get(&case.path("")).must(200)
}

/// The relations in short: kind, direction, day, agency, number, whether the other can be read.
fn relations(who: &Client, id: &str) -> Vec<String> {
    let found = who.get(&format!("/cases/{id}/relations")).must(200);
    let line = |item: &Value| {
        let word = |name: &str| item[name].as_str().unwrap_or("-").to_owned();
        let seen = if item["case"].is_null() { "unseen" } else { "seen" };
        format!(
            "{} {} {} {} {} {seen}",
            word("kind"),
            word("direction"),
            word("on"),
            word("agency_code"),
            word("number")
        )
    };
    found.at("/items").as_array().unwrap().iter().map(line).collect()
}

/// The figures of the year's table 3 that are not nought, of an agency whose report adds up.
fn table3(office: &Office, agency: &Agency) -> Vec<(String, u64)> {
    let report = office.of_agency(agency, "approver").get("/reports/annual/2026").must(200);
    assert_eq!(report.at("/consistent"), true, "{}", report.told());
    let rows = report.at("/table3").as_object().unwrap();
    let total = |(row, cells): (&String, &Value)| (row.clone(), cells["total"].as_u64().unwrap_or(0));
    let mut rows: Vec<(String, u64)> = rows.iter().map(total).filter(|(_, count)| *count > 0).collect();
    rows.sort();
    rows
}

fn figures(of: &[(&str, u64)]) -> Vec<(String, u64)> {
    let mut rows: Vec<(String, u64)> = of.iter().map(|(row, count)| ((*row).to_owned(), *count)).collect();
    rows.sort();
    rows
}

both_databases! {
    fn what_another_agency_holds_is_answered_so_and_handed_on(backend) {
        let office = Office::open(backend);
        let bureau = office.subordinate("320803");
        let stranger = office.neighbour("330100");
        let mut case = in_process(&office, "2026-03-02", "E00000000");
        let hand_on = |code: &str| json!({ "on": "2026-03-16", "agency_code": code, "reason": "该信息由贵局制作并保存" });
        let handler = office.as_role("handler");
        assert_eq!(told(&give(&case, &handler, "/relations/hand-on", &hand_on("320803"))), "409 wrong_status");
        case = answered(case, &replies::naming_another("某区自然资源局，电话 0517-00000000"));

        // An agency of another tree, one that nobody made, and ours: there is no other of the kind.
        let unknown = |code: &str| give(&case, &handler, "/relations/hand-on", &hand_on(code));
        let wrong = [&stranger.code, "999999", &office.agency.code].map(unknown);
        assert_eq!(told(&wrong[0]), "422 invalid");
        assert_eq!(wrong[0].at("/errors/0/pointer"), "/agency_code");
        assert!(wrong.iter().all(|reply| without_request(reply) == without_request(&wrong[0])));
        assert_eq!(told(&give(&case, &office.as_role("handler-2"), "/relations/hand-on", &hand_on("320803"))), "404 not_found");

        let etag = case_now(&case).etag();
        let keyed = handler.if_match(&etag).idempotency_key("hand-on-1");
        let first = keyed.post(&case.path("/relations/hand-on"), &hand_on("320803")).must(200);
        let again = keyed.post(&case.path("/relations/hand-on"), &hand_on("320803")).must(200);
        assert_eq!((first.etag(), &first.text), (again.etag(), &again.text), "answered once");
        let twice = give(&case, &handler, "/relations/hand-on", &hand_on("320803"));
        assert_eq!(told(&twice), "409 already_handed_on");
        assert_eq!(case_now(&case).str("/outcome"), "unable_not_held", "a hand-on is no transfer");

        // The bureau has a case of its own, received on that day.
        let clerk = office.of_agency(&bureau, "clerk");
        let queue = clerk.get("/cases").must(200);
        assert_eq!(queue.at("/items").as_array().unwrap().len(), 1, "one case, whatever was repeated");
        let theirs = queue.str("/items/0/id").to_owned();
        let read = clerk.get(&format!("/cases/{theirs}")).must(200);
        let wanted = [("received_on", "2026-03-16"), ("channel", "registered_post"), ("status", "received")];
        for (name, value) in wanted {
            assert_eq!(read.str(&format!("/{name}")), value);
        }
        assert_eq!(read.str("/time_limit/due_on"), "2026-04-14", "20 working days, 6 April being a holiday");
        assert_eq!(read.str("/description"), case_now(&case).str("/description"));
        assert_eq!(read.str("/applicant/name"), case_now(&case).str("/applicant/name"));
        let found = clerk.post("/cases/search", &json!({ "applicant_id_number": "E00000000" })).must(200);
        assert_eq!(found.str("/items/0/case/id"), theirs, "under the index of its own keys");

        // Each sees of the other an agency's code and a number, and no more.
        let ours = office.as_role("clerk");
        assert_eq!(relations(&ours, &case.id), ["handed_on to 2026-03-16 320803 - unseen"]);
        let register = json!({ "on": "2026-03-17", "subject": SUBJECT });
        let registered = clerk.if_match(read.etag()).post(&format!("/cases/{theirs}/registration"), &register).must(200);
        let (number, theirs_number) = (case_now(&case).str("/number").to_owned(), registered.str("/number").to_owned());
        assert_eq!(relations(&ours, &case.id), [format!("handed_on to 2026-03-16 320803 {theirs_number} unseen")]);
        assert_eq!(relations(&clerk, &theirs), [format!("handed_on from 2026-03-16 320800 {number} unseen")]);
        for (who, id) in [(&ours, &theirs), (&clerk, &case.id)] {
            for path in ["", "/relations", "/history"] {
                let foreign = who.get(&format!("/cases/{id}{path}"));
                assert_eq!(without_request(&foreign), without_request(&who.get(&format!("/cases/{NOBODY}{path}"))));
            }
        }
        // The record of either holds ids and commitments alone.
        for (who, id) in [(&ours, &case.id), (&clerk, &theirs)] {
            let history = who.get(&format!("/cases/{id}/history")).must(200);
            let events = history.at("/events").as_array().unwrap();
            let related = events.iter().find(|event| event["type"] == "related").unwrap();
            let members: Vec<&String> = related["event"].as_object().unwrap().keys().collect();
            assert_eq!(members, ["agency", "case", "direction", "kind", "n", "reason", "type"]);
            assert_eq!(related["words"][0]["text"], "该信息由贵局制作并保存");
        }
        assert_eq!(table3(&office, &office.agency), figures(&[("new_received", 1), ("unable_not_held", 1), ("handled_total", 1)]));
        assert_eq!(table3(&office, &bureau), figures(&[("new_received", 1), ("carried_forward", 1)]));
        office.server.place.must_be_sound();
    }

    fn of_two_who_hand_a_case_on_at_once_one_wins(backend) {
        let office = Office::open(backend);
        let bureau = office.subordinate("320803");
        let hand_on = |code: &str| json!({ "on": "2026-03-16", "agency_code": code, "reason": "该信息由贵局保存" });
        for round in 0..5 {
            let case = answered(in_process(&office, "2026-03-02", "E00000000"), &replies::naming_another("某局"));
            let (path, etag) = (case.path("/relations/hand-on"), case.etag());
            let clients = ["clerk", "handler"].map(|name| office.as_role(name).if_match(&etag));
            let sent = clients.each_ref().map(|client| || client.post(&path, &hand_on("320803")));
            let mut statuses: Vec<u16> = super::races::at_once(sent.into_iter().collect()).iter().map(|reply| reply.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412], "round {round}");
        }
        let queue = office.of_agency(&bureau, "clerk").get("/cases").must(200);
        assert_eq!(queue.at("/items").as_array().unwrap().len(), 5, "one each");
        office.server.place.must_be_sound();
    }

    /// A letter's date of receipt is that of a confirmation: for one that is handed on, the day of the hand-on.
    fn what_came_by_ordinary_post_is_received_there_without_another_confirmation(backend) {
        let office = Office::open(backend);
        let bureau = office.subordinate("320803");
        let letter = CaseStory::receive(&office, &asked("ordinary_post", "2026-03-02", "E00000000"));
        let case = letter.on(day("2026-03-03")).confirm().on(day("2026-03-06")).register(SUBJECT).assign(BUDGET).acknowledge();
        let case = answered(case, &replies::naming_another("某区自然资源局"));
        let body = json!({ "on": "2026-03-16", "agency_code": "320803", "reason": "该信息由贵局保存" });
        let _ = give(&case, &office.as_role("clerk"), "/relations/hand-on", &body).must(200);
        let clerk = office.of_agency(&bureau, "clerk");
        let theirs = clerk.get("/cases").must(200).str("/items/0/id").to_owned();
        let read = clerk.get(&format!("/cases/{theirs}")).must(200);
        assert_eq!((read.str("/status"), read.str("/received_on")), ("received", "2026-03-16"));
        let confirm = clerk.if_match(read.etag()).post(&format!("/cases/{theirs}/confirmation"), &json!({ "evidence": "电话" }));
        assert_eq!(told(&confirm), "409 already_confirmed");
        office.server.place.must_be_sound();
    }

    fn a_letter_about_several_matters_becomes_several_cases(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let case = received(&office, "2026-03-02", "E00000000").on(day("2026-03-03")).register(SUBJECT);
        let split = json!({
            "on": "2026-03-04",
            "parts": [{ "description": "申请公开2024年度决算。" }, { "description": "申请公开2023年度审计报告。" }],
            "remaining_description": "申请公开2025年度绩效评价报告。",
            "reason": "一件申请包含三项内容",
        });
        let done = give(&case, &clerk, "/relations/split", &split).must(200);
        assert_eq!(done.str("/description"), "申请公开2025年度绩效评价报告。");
        assert_eq!(done.str("/status"), "registered", "the first stays where it was");
        let list = clerk.get(&case.path("/relations")).must(200);
        let parts: Vec<String> =
            list.at("/items").as_array().unwrap().iter().map(|item| item["case"]["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(parts.len(), 2);
        for (part, words) in parts.iter().zip(["申请公开2024年度决算。", "申请公开2023年度审计报告。"]) {
            let read = clerk.get(&format!("/cases/{part}")).must(200);
            for name in ["received_on", "arrived_on", "channel", "time_limit", "applicant"] {
                assert_eq!(read.body[name], done.body[name], "{name}");
            }
            assert_eq!((read.str("/description"), read.str("/status")), (words, "received"));
            let number = case.number();
            assert_eq!(relations(&clerk, part), [format!("split from 2026-03-04 320800 {number} seen")]);
            let early = json!({ "on": "2026-03-03", "subject": SUBJECT });
            let early = clerk.if_match(read.etag()).post(&format!("/cases/{part}/registration"), &early);
            assert_eq!(told(&early), "409 date_out_of_order", "before there was such a case");
        }
        assert_eq!(table3(&office, &office.agency), figures(&[("new_received", 3), ("carried_forward", 3)]));

        // Each ends by itself, and counts by itself.
        let withdraw = json!({ "on": "2026-03-05" });
        let part = clerk.get(&format!("/cases/{}", parts[0])).must(200);
        let _ = clerk.if_match(part.etag()).post(&format!("/cases/{}/withdrawal", parts[0]), &withdraw).must(200);
        assert_eq!(table3(&office, &office.agency), figures(&[
            ("new_received", 3), ("carried_forward", 2), ("other_other", 1), ("handled_total", 1),
        ]));

        // Once its clock has moved, a request is not split any more.
        let correction = json!({ "on": "2026-03-06", "ground": "unclear_content", "items": "请补充文号" });
        let _ = give(&case, &clerk, "/corrections", &correction).must(200);
        let again = json!({ "parts": [{ "description": "申请公开2022年度决算。" }], "reason": "一事一申请" });
        assert_eq!(told(&give(&case, &clerk, "/relations/split", &again)), "409 split_too_late");
        for parts in [json!([]), json!([{}]), json!([{ "description": " " }]), json!(vec![json!({ "description": "x" }); 21])] {
            let wrong = give(&case, &clerk, "/relations/split", &json!({ "parts": parts, "reason": "一事一申请" }));
            assert_eq!(told(&wrong), "422 invalid", "{parts}");
            assert!(wrong.str("/errors/0/pointer").starts_with("/parts"), "{}", wrong.told());
        }
        office.server.place.must_be_sound();
    }

    fn two_cases_about_one_matter_are_merged_into_the_earlier(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let first = in_process(&office, "2026-03-02", "E00000000");
        let second = received(&office, "2026-03-04", "E00000000").on(day("2026-03-06")).register(SUBJECT);
        let other = received(&office, "2026-03-01", "E00000009");
        let merge = |into: &str| json!({ "on": "2026-03-09", "into_case_id": into, "reason": "同一事项重复提交" });
        assert_eq!(told(&give(&first, &clerk, "/relations/merge", &merge(&second.id))), "409 merged_into_later");
        assert_eq!(told(&give(&second, &clerk, "/relations/merge", &merge(&other.id))), "409 another_applicant");
        assert_eq!(told(&give(&second, &clerk, "/relations/merge", &merge(&second.id))), "409 related_to_itself");
        // Another agency's case is as one that does not exist.
        let neighbour = office.neighbour("320900");
        let foreign = office.of_agency(&neighbour, "clerk").post("/cases", &asked("counter", "2026-03-01", "E00000000")).must(201);
        let unknown = [foreign.str("/id"), NOBODY].map(|id| give(&second, &clerk, "/relations/merge", &merge(id)));
        assert_eq!(told(&unknown[0]), "422 invalid");
        assert_eq!(without_request(&unknown[0]), without_request(&unknown[1]));
        assert_eq!(told(&give(&second, &office.as_role("handler"), "/relations/merge", &merge(&first.id))), "404 not_found");

        let before = case_now(&first);
        let merged = give(&second, &clerk, "/relations/merge", &merge(&first.id)).must(200);
        assert_eq!((merged.str("/status"), merged.str("/outcome"), merged.str("/concluded_on")), ("lapsed", "other_other", "2026-03-09"));
        assert_eq!(merged.at("/time_limit"), &Value::Null, "nothing of its own is owed");
        // Nobody is told on the phone that he withdrew.
        let read_out = |language: &str| {
            let reader = clerk.header("accept", "text/plain").header("accept-language", language);
            reader.get(&second.path("/time-limit")).must(200).text
        };
        let (zh, en) = (read_out("zh"), read_out("en"));
        assert!(zh.contains("并入另一件申请") && !zh.contains("撤回"), "{zh}");
        assert!(en.contains("the merger into another case") && !en.contains("withdrawal"), "{en}");
        let goes_on = case_now(&first);
        assert_ne!(goes_on.etag(), before.etag(), "both are linked");
        for name in ["status", "time_limit", "received_on", "description"] {
            assert_eq!(goes_on.body[name], before.body[name], "{name}");
        }
        let (one, two) = (first.number(), second.number());
        assert_eq!(relations(&clerk, &second.id), [format!("merged to 2026-03-09 320800 {one} seen")]);
        assert_eq!(relations(&clerk, &first.id), [format!("merged from 2026-03-09 320800 {two} seen")]);
        // The handler of the first knows the number of the second, which is no case of his.
        assert_eq!(relations(&office.as_role("handler"), &first.id), [format!("merged from 2026-03-09 320800 {two} unseen")]);
        let late = received(&office, "2026-03-10", "E00000000");
        let over = json!({ "on": "2026-03-11", "into_case_id": second.id, "reason": "同一事项" });
        assert_eq!(told(&give(&late, &clerk, "/relations/merge", &over)), "409 other_not_open");
        assert_eq!(table3(&office, &office.agency), figures(&[
            ("new_received", 4), ("other_other", 1), ("handled_total", 1), ("carried_forward", 3),
        ]));
        // The applicant may be told, and the file is closed.
        let archived = second.again().on(day("2026-03-10")).serve("post").archive();
        assert_eq!(archived.last.str("/status"), "archived");
        office.server.place.must_be_sound();
    }

    fn a_repeat_is_linked_to_the_reply_and_a_supplement_to_what_is_open(backend) {
        let office = Office::open(backend);
        let (clerk, handler) = (office.as_role("clerk"), office.as_role("handler"));
        let earlier = in_process(&office, "2026-03-02", "E00000000");
        let link = |kind: &str, id: &str| json!({ "on": "2026-03-27", "kind": kind, "case_id": id, "reason": "内容相同" });
        let early = received(&office, "2026-03-05", "E00000000");
        assert_eq!(told(&give(&early, &clerk, "/relations", &link("repeat", &earlier.id))), "409 not_answered_before");
        let _ = give(&early, &clerk, "/relations", &link("supplement", &earlier.id)).must(200);
        assert_eq!(told(&give(&early, &clerk, "/relations", &link("supplement", &earlier.id))), "409 already_related");

        let earlier = answered(earlier.again(), &replies::draft("granted", "予以公开。"));
        let again = received(&office, "2026-03-20", "E00000000");
        let again = again.on(day("2026-03-23")).register(SUBJECT).assign(BUDGET).acknowledge();
        assert_eq!(told(&give(&again, &handler, "/relations", &link("supplement", &earlier.id))), "409 other_not_open");
        // The reply speaks of an earlier one: that the link is missing is said, and nothing is refused for it.
        let mut repeat = replies::draft("not_processed_repeat", "重复申请，不予重复处理。");
        repeat["on"] = json!("2026-03-25");
        let again = again.command("handler", "PUT", "/reply", &repeat);
        let missing = |id: &str| clerk.get(&format!("/cases/{id}/relations")).must(200).at("/missing").clone();
        assert_eq!((missing(&again.id), missing(&earlier.id)), (json!(["repeat"]), json!([])));
        let _ = give(&again, &handler, "/relations", &link("repeat", &earlier.id)).must(200);
        assert_eq!(missing(&again.id), json!([]));
        assert_eq!(relations(&handler, &again.id), [format!("repeat to 2026-03-27 320800 {} seen", earlier.number())]);
        assert_eq!(relations(&clerk, &earlier.id), [
            "supplement from 2026-03-27 320800 - seen".to_owned(),
            format!("repeat from 2026-03-27 320800 {} seen", again.number()),
        ]);
        let again = again.again().on(day("2026-03-27")).submit().on(day("2026-03-30")).review_by_all().issue();
        assert_eq!(again.last.str("/outcome"), "not_processed_repeat");
        assert_eq!(table3(&office, &office.agency), figures(&[
            ("new_received", 3), ("granted", 1), ("not_processed_repeat", 1), ("handled_total", 2), ("carried_forward", 1),
        ]));
        let helper = received(&office, "2026-03-20", "E00000000").on(day("2026-03-23")).register(SUBJECT).assign(PLANNING);
        let stranger = give(&helper, &handler, "/relations", &link("repeat", &earlier.id));
        assert_eq!(told(&stranger), "404 not_found", "not his department's");
        office.server.place.must_be_sound();
    }
}
