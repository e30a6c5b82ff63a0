//! What a clerk and his colleagues go through with a request, from receipt to archive.

use chrono::Days;
use serde_json::{Value, json};

use super::operations::{check_answer, told};
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PLANNING, today};
use crate::support::story::{CaseStory, SUBJECT, request};

/// The request with another channel and day of arrival.
pub fn by_channel(channel: &str, arrived_on: chrono::NaiveDate) -> Value {
    let mut body = request();
    body["channel"] = json!(channel);
    body["arrived_on"] = json!(arrived_on);
    body
}

/// Stage, status and version.
fn place(story: &CaseStory) -> (String, String, u64) {
    let text = |pointer| story.last.str(pointer).to_owned();
    (text("/stage"), text("/status"), story.last.at("/version").as_u64().unwrap())
}

#[track_caller]
fn check_place(story: &CaseStory, stage: &str, status: &str, version: u64) {
    check_answer(&story.last);
    assert_eq!(place(story), (stage.to_owned(), status.to_owned(), version), "{}", story.last.told());
    assert_eq!(story.last.etag(), format!("\"{version}\""));
}

both_databases! {
    fn a_whole_life_at_the_counter(backend) {
        let office = Office::open(backend);
        let day = today();
        let case = CaseStory::receive(&office, &request());
        check_place(&case, "receive", "received", 1);
        assert_eq!((case.last.str("/received_on"), case.last.at("/number")), (day.to_string().as_str(), &Value::Null));
        assert_eq!(case.last.str("/time_limit/article"), "33(2)");
        assert_eq!(case.last.at("/time_limit/working_days_left"), 20, "day 1 is the next working day");
        assert_eq!(case.last.str("/time_limit/light"), "green");
        let due = case.last.str("/time_limit/due_on").to_owned();
        let case = case.register(SUBJECT);
        check_place(&case, "register", "registered", 2);
        assert_eq!(case.number(), format!("公申〔{}〕1号", day.format("%Y")));
        assert_eq!((case.last.str("/subject"), case.last.str("/registered_on")), (SUBJECT, day.to_string().as_str()));
        let case = case.assign(BUDGET);
        check_place(&case, "process", "assigned", 3);
        let case = case.acknowledge();
        check_place(&case, "process", "in_process", 4);
        assert_eq!(case.last.str("/assignments/0/acknowledged_on"), day.to_string());
        let case = case.draft("partially_granted", "部分公开：见附件。");
        check_place(&case, "process", "in_process", 5);
        assert_eq!(case.last.str("/reply/state"), "draft");
        let case = case.submit();
        check_place(&case, "reply", "in_review", 6);
        assert_eq!((case.last.str("/reply/state"), case.last.str("/reply/due_step")), ("in_review", "legal"));
        let case = case.pass("legal");
        assert_eq!((case.last.str("/reply/due_step"), case.last.at("/reply/passed_steps")), ("secrecy", &json!(["legal"])));
        let case = case.pass("secrecy").pass("sign_off");
        check_place(&case, "reply", "approved", 9);
        assert_eq!(case.last.str("/time_limit/due_on"), due, "none of this moves the limit");
        assert_eq!(case.last.at("/outcome"), &Value::Null, "nothing is answered yet");
        let case = case.issue();
        check_place(&case, "reply", "replied", 10);
        assert_eq!(case.last.str("/outcome"), "partially_granted");
        // 国办公开办函〔2016〕235号: a reply is in time when it has left in time, not when it was decided upon.
        assert_eq!(case.last.str("/time_limit/due_on"), due, "it is owed until it has left");
        // The file stays open until the reply has reached the applicant.
        let early = case.as_role("archivist").post(&case.path("/archive"), &json!({}));
        assert_eq!(told(&early), "409 reply_not_served");
        let case = case.command("clerk", "POST", "/services", &json!({ "method": "post", "evidence": "EMS 1" }));
        assert_eq!(case.last.at("/services/0/served_on"), &Value::Null);
        assert_eq!(case.last.at("/time_limit"), &Value::Null, "posted: no reply is owed any more");
        let early = case.as_role("archivist").post(&case.path("/archive"), &json!({}));
        assert_eq!(told(&early), "409 reply_not_served");
        let case = case.command("clerk", "POST", "/services/1/proof", &json!({ "evidence": "回执" }));
        assert_eq!(case.last.str("/services/0/served_on"), day.to_string());
        let case = case.archive();
        check_place(&case, "archive", "archived", 13);
        assert_eq!(case.last.str("/archived_on"), day.to_string());
        let read = office.as_role("clerk").get(&case.path("")).must(200);
        let possible =
            ["amend", "file_remedy", "log_contact", "record_rating", "suggest_publication", "link_repeat"];
        assert_eq!(read.at("/allowed_actions"), &json!(possible));
        assert_eq!(read.str("/reply/text"), "部分公开：见附件。");
    }

    fn a_letter_is_received_on_the_day_it_is_confirmed(backend) {
        let office = Office::open(backend);
        for channel in ["ordinary_post", "fax"] {
            let arrived = today() - Days::new(9);
            let case = CaseStory::receive(&office, &by_channel(channel, arrived));
            check_place(&case, "receive", "awaiting_confirmation", 1);
            assert_eq!((case.last.at("/received_on"), case.last.at("/time_limit")), (&Value::Null, &Value::Null));
            let early = case.as_role("clerk").post(&case.path("/registration"), &json!({ "subject": SUBJECT }));
            assert_eq!(told(&early), "409 wrong_status");
            let before = json!({ "evidence": "电话", "on": arrived - Days::new(1) });
            let refused = case.as_role("clerk").post(&case.path("/confirmation"), &before);
            assert_eq!(told(&refused), "409 date_out_of_order");
            let confirmed = arrived + Days::new(4);
            let case = case.on(confirmed).confirm();
            check_place(&case, "receive", "received", 2);
            for date in ["/received_on", "/confirmed_on"] {
                assert_eq!(case.last.str(date), confirmed.to_string(), "{channel} {date}");
            }
            assert_eq!(case.last.str("/arrived_on"), arrived.to_string());
            let counter = CaseStory::receive(&office, &by_channel("counter", confirmed));
            assert_eq!(case.last.at("/time_limit"), counter.last.at("/time_limit"), "it runs from the confirmation");
            let again = case.as_role("clerk").post(&case.path("/confirmation"), &json!({ "evidence": "电话" }));
            assert_eq!((told(&again).as_str(), again.str("/article")), ("409 already_confirmed", "政府信息公开条例 第31条"));
            let _ = case.on(confirmed).register(SUBJECT);
        }
        for channel in ["counter", "registered_post"] {
            let case = CaseStory::receive(&office, &by_channel(channel, today()));
            let refused = case.as_role("clerk").post(&case.path("/confirmation"), &json!({ "evidence": "电话" }));
            assert_eq!(told(&refused), "409 nothing_to_confirm", "{channel}");
        }
    }

    fn what_comes_online_is_received_on_the_day_it_was_submitted(backend) {
        let office = Office::open(backend);
        for channel in ["online", "email"] {
            let submitted = today() - Days::new(6);
            let case = CaseStory::receive(&office, &by_channel(channel, submitted));
            check_place(&case, "receive", "received", 1);
            assert_eq!(case.last.str("/received_on"), submitted.to_string());
            let limit = case.last.at("/time_limit").clone();
            let case = case.on(submitted + Days::new(2)).confirm();
            assert_eq!(case.last.str("/received_on"), submitted.to_string(), "a confirmation moves nothing");
            assert_eq!(case.last.at("/time_limit"), &limit);
            assert_eq!(case.last.str("/confirmed_on"), (submitted + Days::new(2)).to_string());
        }
    }

    fn an_applicant_may_take_it_back_until_it_is_answered(backend) {
        let office = Office::open(backend);
        let posted = CaseStory::receive(&office, &by_channel("ordinary_post", today()));
        let assigned = CaseStory::registered(&office).assign(BUDGET);
        let in_process = CaseStory::registered(&office).assign(BUDGET).acknowledge().draft("granted", "予以公开。");
        for case in [
            posted,
            CaseStory::receive(&office, &request()),
            CaseStory::registered(&office),
            assigned,
            in_process,
            CaseStory::in_review(&office),
            CaseStory::approved(&office),
        ] {
            let before = case.last.str("/status").to_owned();
            let number = case.last.at("/number").clone();
            let case = case.command("clerk", "POST", "/withdrawal", &json!({ "reason": "已另行取得" }));
            assert_eq!(case.last.str("/status"), "withdrawn", "{before}");
            assert_eq!((case.last.str("/outcome"), case.last.at("/number")), ("other_other", &number), "{before}");
            assert_eq!(case.last.str("/concluded_on"), today().to_string());
            assert_eq!(case.last.at("/time_limit"), &Value::Null);
            assert_eq!(case.last.at("/reply"), &Value::Null, "{before}: nothing was answered");
            let again = case.as_role("clerk").post(&case.path("/withdrawal"), &json!({}));
            assert_eq!(told(&again), "409 wrong_status");
            assert_eq!(place(&case.archive()).1, "archived");
        }
        let replied = CaseStory::approved(&office).issue();
        let late = replied.as_role("clerk").post(&replied.path("/withdrawal"), &json!({}));
        assert_eq!(told(&late), "409 wrong_status", "what was answered cannot be taken back");
    }

    fn a_department_gives_a_case_back_and_another_takes_it(backend) {
        let office = Office::open(backend);
        let case = CaseStory::registered(&office).assign(BUDGET).acknowledge();
        let no_reason = case.as_role("handler").post(&case.path("/assignments/1/return"), &json!({}));
        assert_eq!(told(&no_reason), "422 invalid");
        let case = case.command("handler", "POST", "/assignments/1/return", &json!({ "reason": "该信息由规划处制作" }));
        check_place(&case, "register", "registered", 5);
        assert_eq!(case.last.at("/assignments"), &json!([]));
        assert_eq!(office.as_role("handler").get(&case.path("")).status, 404, "it is not theirs any more");
        let case = case.assign(PLANNING);
        assert_eq!(case.last.at("/assignments/0/n"), 2, "assignments are counted on");
        office.as_role("handler-2").get(&case.path("")).must(200);
        let wrong = case.as_role("handler-2").post(&case.path("/assignments/1/acknowledgement"), &json!({}));
        assert_eq!(told(&wrong), "409 no_such_assignment");
        let case = case.command("handler-2", "POST", "/assignments/2/acknowledgement", &json!({}));
        check_place(&case, "process", "in_process", 7);
        // The desk may also move it without waiting for a return; a draft that was begun is the old department's.
        let case = case.command("handler-2", "PUT", "/reply", &crate::support::replies::draft("granted", "公开。"));
        let same = json!({ "department_id": office.department(PLANNING) });
        assert_eq!(told(&case.as_role("clerk").post(&case.path("/assignments"), &same)), "409 already_assigned");
        let case = case.assign(BUDGET);
        check_place(&case, "process", "assigned", 9);
        assert_eq!(case.last.at("/reply"), &Value::Null);
        let case = case.command("handler", "POST", "/assignments/3/acknowledgement", &json!({}));
        assert_eq!(told(&case.as_role("handler").post(&case.path("/reply/submission"), &json!({}))), "409 no_draft");
    }

    fn a_department_helps_with_its_own_task_only(backend) {
        let office = Office::open(backend);
        let help = json!({ "department_id": office.department(PLANNING), "kind": "co_handling", "note": "请提供图纸" });
        let case = CaseStory::registered(&office);
        assert_eq!(told(&case.as_role("clerk").post(&case.path("/assignments"), &help)), "409 wrong_status");
        let case = case.assign(BUDGET).command("clerk", "POST", "/assignments", &help);
        assert_eq!((case.last.at("/assignments/1/n"), case.last.str("/assignments/1/kind")), (&json!(2), "co_handling"));
        assert_eq!(told(&case.as_role("clerk").post(&case.path("/assignments"), &help)), "409 already_assigned");
        let mut own = help.clone();
        own["department_id"] = json!(office.department(BUDGET));
        assert_eq!(told(&case.as_role("clerk").post(&case.path("/assignments"), &own)), "409 already_assigned");
        // Each acknowledges its own task, and the helper's does not stand for the lead's.
        let acknowledge = |who: &str, n: u32, case: &CaseStory| {
            told(&case.as_role(who).post(&case.path(&format!("/assignments/{n}/acknowledgement")), &json!({})))
        };
        assert_eq!(acknowledge("handler-2", 1, &case), "403 forbidden");
        assert_eq!(acknowledge("handler", 2, &case), "403 forbidden");
        let case = case.command("handler-2", "POST", "/assignments/2/acknowledgement", &json!({}));
        assert_eq!(case.last.str("/status"), "assigned");
        let case = case.acknowledge();
        assert_eq!(case.last.str("/status"), "in_process");
        assert_eq!(acknowledge("handler", 1, &case), "409 already_acknowledged");
        let draft = crate::support::replies::draft("granted", "予以公开。");
        assert_eq!(told(&case.as_role("handler-2").put(&case.path("/reply"), &draft)), "403 forbidden");
        assert_eq!(told(&case.as_role("handler-2").post(&case.path("/reply/submission"), &json!({}))), "403 forbidden");
        let case = case.command("handler-2", "POST", "/assignments/2/return", &json!({ "reason": "无此图纸" }));
        assert_eq!(case.last.at("/assignments").as_array().unwrap().len(), 1);
        assert_eq!(case.last.str("/status"), "in_process", "the lead goes on");
        let case = case.draft("granted", "予以公开。").submit();
        assert_eq!(case.last.str("/status"), "in_review");
    }

    fn the_assignee_is_one_of_the_agency(backend) {
        let office = Office::open(backend);
        let account = office.as_role("handler").get("/me").must(200).str("/account_id").to_owned();
        let body = json!({ "department_id": office.department(BUDGET), "assignee_id": account });
        let case = CaseStory::registered(&office).command("clerk", "POST", "/assignments", &body);
        assert_eq!(case.last.str("/assignments/0/assignee_id"), account);
        let mine = office.as_role("clerk").get(&format!("/cases?assignee_id={account}")).must(200);
        assert_eq!((mine.str("/items/0/id"), mine.str("/items/0/assignee_id")), (case.id.as_str(), account.as_str()));
    }
}
