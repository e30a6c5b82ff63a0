//! A clerical mistake is put right by an event that says why; nothing is changed in place.

use chrono::Days;
use serde_json::{Value, json};

use super::operations::{check_answer, told};
use super::stories::by_channel;
use crate::support::client::Reply;
use crate::support::databases::both_databases;
use crate::support::office::{Office, today};
use crate::support::story::{CaseStory, SUBJECT, request};

fn amend(case: &CaseStory, who: &str, member: &str, value: &Value) -> Reply {
    let body = json!({ "reason": "录入有误", member: value });
    case.as_role(who).post(&case.path("/amendments"), &body)
}

fn receipt(channel: &str, arrived: chrono::NaiveDate, confirmed: Option<chrono::NaiveDate>) -> Value {
    json!({ "channel": channel, "arrived_on": arrived, "confirmed_on": confirmed })
}

both_databases! {
    fn words_are_put_right_by_the_desk(backend) {
        let office = Office::open(backend);
        let mut case = CaseStory::registered(&office);
        let applicant = json!({ "kind": "other_org", "name": "虚构协会", "email": "xuehui@example.com" });
        case.last = amend(&case, "clerk", "applicant", &applicant).must(200);
        assert_eq!(case.last.at("/applicant/kind"), "other_org");
        assert!(!case.last.text.contains("虚构协会") && !case.last.text.contains("xuehui@"), "{}", case.last.text);
        case.last = amend(&case, "clerk", "description", &json!("改为申请公开2024年度报告。")).must(200);
        assert_eq!(case.last.str("/description"), "改为申请公开2024年度报告。");
        case.last = amend(&case, "clerk", "subject", &json!("  2024年度报告 ")).must(200);
        assert_eq!(case.last.str("/subject"), "2024年度报告");
        let read = office.as_role("clerk").get(&case.path("")).must(200);
        assert_eq!(read.body, case.last.body, "what the answer showed is what is there");
        let queue = office.as_role("clerk").get("/cases").must(200);
        assert_eq!((queue.str("/items/0/subject"), queue.str("/items/0/applicant_kind")), ("2024年度报告", "other_org"));
        // What was written first stays in the record.
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        assert_eq!(history.at("/events").as_array().unwrap().len(), 5);
        assert_eq!(history.str("/events/1/words/0/text"), SUBJECT);
        assert_eq!(history.str("/events/4/words/0/text"), "2024年度报告");
        assert_eq!(history.str("/events/4/words/1/text"), "录入有误");
        for who in ["handler", "approver", "archivist", "legal_reviewer"] {
            let refused = amend(&case, who, "subject", &json!("另一摘要"));
            assert!(matches!(refused.status, 403 | 404), "{who}: {}", refused.told());
        }
        let fresh = CaseStory::receive(&office, &request());
        assert_eq!(told(&amend(&fresh, "clerk", "subject", &json!("摘要"))), "409 not_registered");
        // A closed file is put right too, and is still closed.
        let mut closed = CaseStory::archived(&office);
        closed.last = amend(&closed, "clerk", "subject", &json!("更正后的摘要")).must(200);
        assert_eq!((closed.last.str("/status"), closed.last.str("/subject")), ("archived", "更正后的摘要"));
    }

    fn a_summary_holds_nobodys_data(backend) {
        let office = Office::open(backend);
        let received = CaseStory::receive(&office, &request());
        let registered = CaseStory::registered(&office);
        for subject in [
            "王示例申请公开的报告",
            "来电13812345678查询",
            "身份证11010519491231002X的档案",
            "答复发至shili@example.com",
            "电话１３８１２３４５６７８",
        ] {
            let register = received.as_role("clerk").post(&received.path("/registration"), &json!({ "subject": subject }));
            let amend = amend(&registered, "clerk", "subject", &json!(subject));
            for reply in [register, amend] {
                check_answer(&reply);
                assert_eq!(told(&reply), "422 invalid", "{subject}");
                assert_eq!(reply.str("/errors/0/pointer"), "/subject");
                assert_eq!(reply.str("/errors/0/code"), "personal_data", "{subject}");
                assert!(!reply.text.contains("138") && !reply.text.contains("王示例"), "{}", reply.text);
            }
        }
        let _ = received.register("2025年第13812号文件");
    }

    fn the_date_of_receipt_moves_the_clock_and_is_an_approvers_act(backend) {
        let office = Office::open(backend);
        let arrived = today() - Days::new(10);
        let mut case = CaseStory::receive(&office, &by_channel("registered_post", arrived));
        let due = case.last.str("/time_limit/due_on").to_owned();
        let earlier = receipt("counter", arrived - Days::new(14), None);
        assert_eq!(told(&amend(&case, "clerk", "receipt", &earlier)), "403 forbidden");
        let same = receipt("registered_post", arrived, None);
        assert_eq!(told(&amend(&case, "approver", "receipt", &same)), "409 nothing_changed");
        let tomorrow = receipt("counter", today() + Days::new(1), None);
        assert_eq!(told(&amend(&case, "approver", "receipt", &tomorrow)), "409 date_in_future");
        let letter = receipt("ordinary_post", arrived, None);
        assert_eq!(told(&amend(&case, "approver", "receipt", &letter)), "409 confirmation_missing");
        let backwards = receipt("fax", arrived, Some(arrived - Days::new(1)));
        assert_eq!(told(&amend(&case, "approver", "receipt", &backwards)), "409 date_out_of_order");

        case.last = amend(&case, "approver", "receipt", &earlier).must(200);
        assert_eq!(case.last.str("/received_on"), (arrived - Days::new(14)).to_string());
        assert_eq!(case.last.str("/channel"), "counter");
        let moved = case.last.str("/time_limit/due_on").to_owned();
        assert!(moved < due, "{moved} and {due}");
        let row = office.as_role("clerk").get("/cases").must(200);
        assert_eq!(row.str("/items/0/due_on"), moved);

        case.last = amend(&case, "approver", "receipt", &receipt("fax", arrived, Some(arrived + Days::new(2)))).must(200);
        let received = (arrived + Days::new(2)).to_string();
        assert_eq!((case.last.str("/received_on"), case.last.str("/confirmed_on")), (received.as_str(), received.as_str()));
        // Once it is registered, it was received by then.
        let mut case = case.on(arrived + Days::new(3)).register(SUBJECT);
        let late = receipt("counter", arrived + Days::new(4), None);
        assert_eq!(told(&amend(&case, "approver", "receipt", &late)), "409 date_too_late");
        case.last = amend(&case, "approver", "receipt", &receipt("counter", arrived + Days::new(3), None)).must(200);
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        let kinds: Vec<&str> =
            history.at("/events").as_array().unwrap().iter().filter_map(|event| event["type"].as_str()).collect();
        assert_eq!(kinds, ["received", "amended", "amended", "registered", "amended"]);
    }

    fn whoever_recorded_the_receipt_does_not_amend_it(backend) {
        let office = Office::open(backend);
        // One person is clerk and approver, which an office may need; his own receipt another approver amends.
        let account = office.as_role("approver").get("/me").must(200).str("/account_id").to_owned();
        let roles = json!({ "roles": [{ "role": "clerk" }, { "role": "approver" }] });
        office.as_role("security_admin").put(&format!("/accounts/{account}/roles"), &roles).must(204);
        let both = office.as_role("approver");
        let made = both.post("/cases", &by_channel("ordinary_post", today() - Days::new(5))).must(201);
        let path = format!("/cases/{}/amendments", made.str("/id"));
        let body = json!({ "reason": "误", "receipt": receipt("counter", today() - Days::new(6), None) });
        assert_eq!(told(&both.if_match("*").post(&path, &body)), "409 amender_recorded_receipt");
        office.as_role("approver-2").if_match("*").post(&path, &body).must(200);
        // Neither does whoever recorded the confirmation.
        let made = office.as_role("clerk").post("/cases", &by_channel("fax", today() - Days::new(5))).must(201);
        let path = format!("/cases/{}", made.str("/id"));
        let confirmation = json!({ "evidence": "电话" });
        both.if_match("*").post(&format!("{path}/confirmation"), &confirmation).must(200);
        let path = format!("{path}/amendments");
        assert_eq!(told(&both.if_match("*").post(&path, &body)), "409 amender_recorded_receipt");
        office.as_role("approver-2").if_match("*").post(&path, &body).must(200);
    }
}
