//! 督办 through the interface: a supervisor above asks, the agency answers, he decides; and who sees none of it.

mod erasing;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::operations::{NOBODY, check_answer, told, without_request};
use super::shape::check_fields;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{Agency, BUDGET, Office, Tree, today};
use crate::support::story::{CaseStory, SUBJECT};

fn path(agency: &Agency, of: &str) -> String {
    format!("/agencies/{}/supervision-notices{of}", agency.id)
}

fn notice(subject: &str, due_on: NaiveDate) -> Value {
    json!({ "subject": subject, "text": "请核查办理情况并书面报告，可电话13812345678联系。", "due_on": due_on })
}

/// Ids and states of a list.
#[track_caller]
fn listed(who: &Client, agency: &Agency, query: &str) -> Vec<(String, String)> {
    let page = who.get(&path(agency, query)).must(200);
    check_answer(&page);
    assert_eq!(page.str("/as_of"), today().to_string());
    let items = page.at("/items").as_array().unwrap().iter();
    items
        .map(|it| (it["id"].as_str().unwrap().to_owned(), it["state"].as_str().unwrap().to_owned()))
        .collect()
}

fn states(who: &Client, agency: &Agency, query: &str) -> Vec<String> {
    listed(who, agency, query).into_iter().map(|(_, state)| state).collect()
}

/// The day for the answer passes.
fn pass_the_day(office: &Office) {
    let yesterday = today() - Days::new(1);
    let passed = format!("UPDATE supervision_notices SET due_on = '{yesterday}' WHERE closed_on IS NULL");
    office.server.place.database.execute(&passed).unwrap();
}

fn text_of(reply: &Reply, n: usize) -> &str {
    reply.str(&format!("/steps/{}/text", n - 1))
}

both_databases! {
    fn a_notice_is_sent_read_answered_late_sent_back_and_closed(backend) {
        let tree = Tree::plant(backend);
        let (office, ours) = (&tree.office, &tree.office.agency);
        let case = CaseStory::registered(office).assign(BUDGET);
        let [clerk, approver, handler] = ["clerk", "approver", "handler"].map(|name| office.as_role(name));
        let (above, due) = (tree.above("supervisor"), today() + Days::new(10));

        // 发出: about a case, whose applicant the supervisor does not learn, and does not tell in clear.
        let mut body = notice("王示例的申请逾期未答复", due);
        body["case_number"] = json!(case.number());
        let sent = above.post(&path(ours, ""), &body).must(201);
        check_answer(&sent);
        let id = sent.str("/id").to_owned();
        let one = |of: &str| path(ours, &format!("/{id}{of}"));
        assert_eq!(sent.header("location"), Some(format!("/api/v1{}", one("")).as_str()));
        assert_eq!(sent.str("/from_agency_id"), tree.province.id.to_string());
        assert_eq!((sent.str("/case_id"), sent.str("/case_number")), (case.id.as_str(), case.number()));
        assert_eq!((sent.str("/state"), sent.at("/late"), sent.str("/due_on")), ("open", &json!(false), due.to_string().as_str()));
        assert_eq!((sent.str("/subject"), sent.at("/allowed_actions")), ("王**的申请逾期未答复", &json!(["close"])));
        assert!(text_of(&sent, 1).contains("138****5678"), "{}", sent.told());
        assert_eq!(told(&above.get(&case.path(""))), "404 not_found", "it opens no case");

        // 查看: the desk, the head, and the department that works on the case.
        for (reader, allowed) in [(&clerk, json!([])), (&handler, json!([])), (&approver, json!(["answer"])), (&above, json!(["close"]))] {
            let read = reader.get(&one("")).must(200);
            assert_eq!((read.at("/steps"), read.at("/allowed_actions")), (sent.at("/steps"), &allowed));
            assert_eq!(listed(reader, ours, ""), [(id.clone(), "open".to_owned())]);
        }
        assert_eq!(listed(&above, &tree.province, "?side=sent"), [(id.clone(), "open".to_owned())]);
        assert_eq!(listed(&office.as_role("handler-2"), ours, ""), []);
        assert_eq!(told(&office.as_role("handler-2").get(&one(""))), "404 not_found");
        for who in ["legal_reviewer", "secrecy_reviewer", "archivist", "system_admin", "security_admin", "auditor"] {
            assert_eq!(told(&office.as_role(who).get(&one(""))), "403 forbidden", "{who}");
            assert_eq!(told(&office.as_role(who).get(&path(ours, ""))), "403 forbidden", "{who}");
        }

        // 逾期: the day passes; everybody sees it.
        let load = |who: &Client| who.get(&format!("/reports/dashboard?agency_id={}", ours.id)).must(200).at("/supervision_notices").clone();
        assert_eq!(load(&clerk), json!({ "open": 1, "overdue": 0, "answered": 0 }));
        pass_the_day(office);
        for reader in [&clerk, &handler, &above] {
            assert_eq!(states(reader, ours, "?state=overdue"), ["overdue"]);
            assert_eq!(states(reader, ours, "?state=open"), [""; 0]);
            assert_eq!(load(reader), json!({ "open": 0, "overdue": 1, "answered": 0 }));
        }
        assert_eq!(load(&office.as_role("handler-2")), json!({ "open": 0, "overdue": 0, "answered": 0 }));
        assert_eq!(load(&office.as_role("archivist")), Value::Null);

        // 答复: by the head of the agency, once, late; a retry gets the first answer.
        let answer = json!({ "text": "因查找档案耗时，已于今日答复王示例。" });
        for who in [&clerk, &handler, &above, &office.as_role("supervisor")] {
            assert_eq!(told(&who.post(&one("/answer"), &answer)), "403 forbidden");
        }
        let retry = approver.idempotency_key("answer-1");
        let answered = retry.post(&one("/answer"), &answer).must(200);
        check_answer(&answered);
        assert_eq!((answered.str("/state"), answered.at("/late"), answered.at("/steps/1/late")), ("answered", &json!(true), &json!(true)));
        assert_eq!(answered.str("/answered_on"), today().to_string());
        assert_eq!(retry.post(&one("/answer"), &answer).text, answered.text, "a retry");
        assert_eq!(told(&retry.post(&one("/answer"), &json!({ "text": "x" }))), "422 idempotency_key_reused");
        for (language, words) in [("zh-CN", "等待督办机关"), ("en", "has been answered")] {
            let again = approver.accept_language(language).post(&one("/answer"), &answer);
            check_answer(&again);
            assert_eq!((told(&again), again.str("/article")), ("409 notice_answered".to_owned(), "政府信息公开条例 第47条"));
            assert!(again.str("/detail").contains(words), "{}", again.told());
        }
        let read = above.get(&one("")).must(200);
        assert_eq!(text_of(&read, 2), "因查找档案耗时，已于今日答复王**。", "the supervisor reads the answer, and no name");
        assert_eq!(read.at("/allowed_actions"), &json!(["return", "close"]));
        assert_eq!(load(&clerk), json!({ "open": 0, "overdue": 0, "answered": 1 }));

        // Nobody of the agency closes it, not even its own supervisor.
        for who in ["approver", "approver-2", "clerk", "handler", "supervisor"] {
            assert_eq!(told(&office.as_role(who).post(&one("/closure"), &json!({}))), "403 forbidden", "{who}");
            let back = json!({ "text": "x", "due_on": due });
            assert_eq!(told(&office.as_role(who).post(&one("/return"), &back)), "403 forbidden", "{who}");
        }

        // 退回: with a new day, through which it is open; answered again in time; 办结.
        let back = json!({ "text": "未说明改进措施，请补充。", "due_on": due });
        let returned = above.post(&one("/return"), &back).must(200);
        assert_eq!((returned.str("/state"), returned.at("/answered_on"), returned.str("/due_on")), ("open", &Value::Null, due.to_string().as_str()));
        assert_eq!(told(&above.post(&one("/return"), &back)), "409 notice_not_answered");
        let second = office.as_role("approver-2").post(&one("/answer"), &json!({ "text": "已建立提前提醒。" })).must(200);
        assert_eq!((second.at("/late"), second.at("/steps/1/late"), second.at("/steps/3/late")), (&json!(false), &json!(true), &json!(false)));
        let closed = above.idempotency_key("close-1").post(&one("/closure"), &json!({})).must(200);
        check_answer(&closed);
        assert_eq!((closed.str("/state"), closed.str("/closed_on"), closed.at("/steps/4/text")), ("closed", today().to_string().as_str(), &Value::Null));
        assert_eq!(above.idempotency_key("close-1").post(&one("/closure"), &json!({})).text, closed.text, "a retry");
        assert_eq!(told(&approver.post(&one("/answer"), &answer)), "409 notice_closed");
        assert_eq!(told(&above.post(&one("/return"), &back)), "409 notice_closed");
        assert_eq!(told(&above.post(&one("/closure"), &json!({}))), "409 notice_closed");
        let steps = closed.at("/steps").as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap());
        assert_eq!(steps.collect::<Vec<_>>(), ["sent", "answered", "returned", "answered", "closed"]);
        assert_eq!(states(&clerk, ours, "?state=closed"), ["closed"]);
        assert_eq!(states(&above, &tree.province, "?side=sent&state=closed"), ["closed"]);
        assert_eq!(load(&clerk), json!({ "open": 0, "overdue": 0, "answered": 0 }));

        // The agency's chain has every step, ids, dates and commitments; what was said is nowhere in clear.
        let database = &office.server.place.database;
        let chain = database.lines("SELECT record AS line FROM events WHERE event_type LIKE 'notice%' ORDER BY agency_seq");
        assert_eq!(chain.len(), 5);
        assert!(chain.iter().all(|record| record.contains(&id)) && chain[0].contains(&due.to_string()), "{chain:#?}");
        let everything = database.contents().join("\n").to_lowercase();
        let in_blobs = |words: &str| crate::search::escaped(words).replace('%', "").to_lowercase();
        assert!(everything.contains(SUBJECT), "the search finds what is there");
        for words in ["逾期未答复", "请核查", "查找档案", "改进措施", "提前提醒", "13812345678"] {
            assert!(!everything.contains(words) && !everything.contains(&in_blobs(words)), "{words}");
        }
        for statement in ["UPDATE supervision_steps SET kind = 'closed'", "UPDATE supervision_steps SET sealed = sealed", "DELETE FROM supervision_steps"] {
            let refused = database.execute(statement).unwrap_err();
            assert!(refused.contains("append"), "{statement}: {refused}");
        }
        office.server.place.must_be_sound();
    }

    fn a_notice_of_another_branch_does_not_exist(backend) {
        let tree = Tree::plant(backend);
        let (office, ours) = (&tree.office, &tree.office.agency);
        let stranger = office.neighbour("330000");
        let (above, due) = (tree.above("supervisor"), today() + Days::new(5));
        let sent = above.post(&path(ours, ""), &notice("年度工作检查", due)).must(201);
        let id = sent.str("/id").to_owned();
        assert_eq!((sent.at("/case_id"), sent.at("/case_number")), (&Value::Null, &Value::Null));
        let bodies = [("", Value::Null), ("/answer", json!({ "text": "x" })), ("/return", json!({ "text": "x", "due_on": due })), ("/closure", json!({ "text": "x" }))];
        let ask = |who: &Client, agency: &str, notice: &str, (of, body): &(&str, Value)| {
            let path = format!("/agencies/{agency}/supervision-notices/{notice}{of}");
            without_request(&if body.is_null() { who.get(&path) } else { who.post(&path, body) })
        };
        // The supervisor beside, one of another tree, and everybody else there: what is foreign is what is not.
        let own = ours.id.to_string();
        for (agency, names) in [(&tree.sister, &["supervisor", "approver", "clerk"][..]), (&stranger, &["supervisor", "approver"]), (&tree.province, &["approver", "clerk"])] {
            for who in names.iter().map(|name| office.of_agency(agency, name)) {
                for request in &bodies {
                    let (theirs, nobodys) = (ask(&who, &own, &id, request), ask(&who, NOBODY, NOBODY, request));
                    assert_eq!(theirs, nobodys, "{request:?}");
                    assert_eq!((theirs.0, theirs), (404, ask(&who, &own, NOBODY, request)));
                }
                for side in ["", "?side=sent"] {
                    assert_eq!(told(&who.get(&path(ours, side))), "404 not_found");
                }
                assert_eq!(told(&who.post(&path(ours, ""), &notice("x", due))), "404 not_found");
            }
        }
        // Its id says nothing at another agency, nor does the caller's own see more there.
        let beside = office.of_agency(&tree.sister, "approver");
        assert_eq!(told(&beside.get(&path(&tree.sister, &format!("/{id}")))), "404 not_found");
        assert_eq!(listed(&beside, &tree.sister, ""), []);
        // Nobody below supervises those above, or beside; who does not supervise sends nothing, and sees nothing sent.
        let own = office.as_role("supervisor");
        for agency in [&tree.province, &tree.sister] {
            assert_eq!(told(&own.post(&path(agency, ""), &notice("x", due))), "404 not_found");
        }
        for who in ["clerk", "approver", "handler"] {
            assert_eq!(told(&office.as_role(who).post(&path(ours, ""), &notice("x", due))), "403 forbidden");
            assert_eq!(told(&office.as_role(who).get(&path(ours, "?side=sent"))), "403 forbidden");
        }
        // About the agency's work: not for one department.
        assert_eq!(told(&office.as_role("handler").get(&path(ours, &format!("/{id}")))), "404 not_found");
        assert_eq!(states(&office.as_role("clerk"), ours, ""), ["open"]);

        // A case is one of the agency's, by number or id.
        let (case, other) = (CaseStory::registered(office), NOBODY);
        let asked = |agency: &Agency, fields: Value| {
            let mut body = notice("某件申请", due);
            body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            above.post(&path(agency, ""), &body)
        };
        let by_id = asked(ours, json!({ "case_id": case.id })).must(201);
        assert_eq!(by_id.str("/case_number"), case.number());
        asked(ours, json!({ "case_id": case.id, "case_number": case.number() })).must(201);
        for agency in [ours, &tree.sister] {
            let unknown = asked(agency, json!({ "case_id": other, "case_number": "没有这个编号" }));
            check_fields(&unknown, &[("/case_id", "unknown"), ("/case_number", "unknown")]);
        }
        let foreign = asked(&tree.sister, json!({ "case_id": case.id }));
        let nobodys = asked(&tree.sister, json!({ "case_id": other }));
        assert_eq!(without_request(&foreign), without_request(&nobodys));
        check_fields(&foreign, &[("/case_id", "unknown")]);

        // A role that has ended reads nothing from the next request on.
        let clerk = office.as_role("clerk");
        let account = clerk.get("/me").must(200).str("/account_id").to_owned();
        let roles = |roles: Value| office.as_role("security_admin").put(&format!("/accounts/{account}/roles"), &json!({ "roles": roles })).must(204);
        clerk.get(&path(ours, &format!("/{id}"))).must(200);
        roles(json!([]));
        assert_eq!(told(&clerk.get(&path(ours, &format!("/{id}")))), "403 forbidden");
        roles(json!([{ "role": "clerk", "department_id": office.department(BUDGET) }]));
        assert_eq!(told(&clerk.get(&path(ours, &format!("/{id}")))), "404 not_found", "not his department's");
        office.server.place.must_be_sound();
    }

    fn one_person_does_not_ask_and_answer(backend) {
        let office = Office::open(backend);
        let (ours, due) = (&office.agency, today());
        let both = office.as_role("approver");
        let account = both.get("/me").must(200).str("/account_id").to_owned();
        let roles = json!({ "roles": [{ "role": "approver" }, { "role": "supervisor" }] });
        office.as_role("security_admin").put(&format!("/accounts/{account}/roles"), &roles).must(204);
        let of = |sent: &Reply, of: &str| path(ours, &format!("/{}{of}", sent.str("/id")));
        let text = json!({ "text": "已整改" });
        // He asked: another answers.
        let first = both.post(&path(ours, ""), &notice("自查", due)).must(201);
        assert_eq!((first.str("/from_agency_id"), first.at("/allowed_actions")), (ours.id.to_string().as_str(), &json!(["close"])));
        assert_eq!(told(&both.post(&of(&first, "/answer"), &text)), "409 notice_same_person");
        office.as_role("approver-2").post(&of(&first, "/answer"), &text).must(200);
        both.post(&of(&first, "/closure"), &text).must(200);
        // He answered: another decides.
        let second = office.as_role("supervisor").post(&path(ours, ""), &notice("自查", due)).must(201);
        let answered = both.post(&of(&second, "/answer"), &text).must(200);
        assert_eq!((answered.at("/late"), answered.at("/allowed_actions")), (&json!(false), &json!([])));
        assert_eq!(told(&both.post(&of(&second, "/closure"), &text)), "409 notice_same_person");
        assert_eq!(told(&both.post(&of(&second, "/return"), &json!({ "text": "x", "due_on": due }))), "409 notice_same_person");
        office.as_role("supervisor").post(&of(&second, "/closure"), &json!({})).must(200);
        office.server.place.must_be_sound();
    }

    fn fields_and_pages_are_bounded(backend) {
        let office = Office::open(backend);
        let (ours, due) = (&office.agency, today());
        let supervisor = office.as_role("supervisor");
        let wrong = |field: &str, value: Value, code: &str| {
            let mut body = notice("x", due);
            body[field] = value;
            check_fields(&supervisor.post(&path(ours, ""), &body), &[(&format!("/{field}"), code)]);
        };
        wrong("subject", json!("很".repeat(201)), "length");
        wrong("text", json!("长".repeat(4001)), "length");
        wrong("text", json!(" "), "blank");
        wrong("case_number", json!("号".repeat(101)), "length");
        wrong("due_on", json!(due - Days::new(1)), "range");
        wrong("due_on", json!(due + Days::new(367)), "range");
        wrong("who", json!("王示例"), "unknown_field");
        assert_eq!(listed(&supervisor, ours, ""), []);
        supervisor.post(&path(ours, ""), &notice("最远", due + Days::new(366))).must(201);
        let retry = supervisor.idempotency_key("notice-1");
        let first = retry.post(&path(ours, ""), &notice("第二件", due)).must(201);
        assert_eq!(retry.post(&path(ours, ""), &notice("第二件", due)).text, first.text, "a retry sends no second one");
        for n in 3..=5 {
            supervisor.post(&path(ours, ""), &notice(&format!("第{n}件"), due)).must(201);
        }
        // Every notice is on one page, the newest first, on either side.
        for side in ["", "&side=sent"] {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = supervisor.get(&path(ours, &format!("?limit=2{side}{cursor}"))).must(200);
                found.extend(page.at("/items").as_array().unwrap().iter().map(|it| it["subject"].as_str().unwrap().to_owned()));
                assert_eq!(page.header("link").is_some(), page.at("/next_cursor").is_string());
                let Some(next) = page.at("/next_cursor").as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(found, ["第5件", "第4件", "第3件", "第二件", "最远"]);
        }
        for query in ["?state=late", "?side=ours", "?limit=0", "?limit=201", "?cursor=x", "?x=1"] {
            assert_eq!(told(&supervisor.get(&path(ours, query))), "422 invalid", "{query}");
        }
        // Without an answer it is closed with a reason; the days of a return are bounded, too.
        let one = |of: &str| path(ours, &format!("/{}{of}", first.str("/id")));
        check_fields(&supervisor.post(&one("/closure"), &json!({})), &[("/text", "required")]);
        check_fields(&supervisor.post(&one("/closure"), &json!({ "text": " " })), &[("/text", "blank")]);
        check_fields(&office.as_role("approver").post(&one("/answer"), &json!({ "text": "长".repeat(4001) })), &[("/text", "length")]);
        office.as_role("approver").post(&one("/answer"), &json!({ "text": "已办" })).must(200);
        let back = |due_on: NaiveDate| supervisor.post(&one("/return"), &json!({ "text": "请补充", "due_on": due_on }));
        check_fields(&back(due - Days::new(1)), &[("/due_on", "range")]);
        back(due).must(200);
        let closed = supervisor.post(&one("/closure"), &json!({ "text": "已电话核实" })).must(200);
        assert_eq!((closed.str("/state"), closed.at("/late"), text_of(&closed, 4)), ("closed", &json!(false), "已电话核实"));
        office.server.place.must_be_sound();
    }

    fn one_answer_wins(backend) {
        let office = Office::open(backend);
        let (ours, supervisor) = (&office.agency, office.as_role("supervisor"));
        let sent = supervisor.post(&path(ours, ""), &notice("自查", today())).must(201);
        let one = path(ours, &format!("/{}", sent.str("/id")));
        let told: Vec<String> = std::thread::scope(|scope| {
            let all = ["approver", "approver-2", "approver", "approver-2"].map(|name| {
                let (who, path) = (office.as_role(name), format!("{one}/answer"));
                scope.spawn(move || told(&who.post(&path, &json!({ "text": "已办结" }))))
            });
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(told.iter().filter(|told| *told == "200").count(), 1, "{told:?}");
        assert!(told.iter().all(|told| told == "200" || told == "409 notice_answered"), "{told:?}");
        assert_eq!(supervisor.get(&one).must(200).at("/steps").as_array().unwrap().len(), 2);
        office.server.place.must_be_sound();
    }
}
