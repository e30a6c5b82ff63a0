//! What was said about a case goes with its words, wherever it was kept, and nothing more is said afterwards.

use super::*;
use crate::support::story::request;

fn one(office: &Office, sent: &Reply, of: &str) -> String {
    path(&office.agency, &format!("/{}{of}", sent.str("/id")))
}

/// Erased by the archive: recorded by mistake.
fn erase(case: CaseStory<'_>) {
    let erase = json!({ "proposal": "erase", "ground": "unlawful", "reason": "误录他人信息" });
    let case = case.command("archivist", "POST", "/appraisals", &erase);
    drop(case.command("approver", "POST", "/appraisals/1/decision", &json!({ "approve": true })));
}

both_databases! {
    fn what_was_said_about_a_case_is_erased_with_it(backend) {
        let office = Office::open(backend);
        let (ours, supervisor) = (&office.agency, office.as_role("supervisor"));
        let case = CaseStory::registered(&office);
        let mut body = notice("某件申请", today());
        let other = supervisor.post(&path(ours, ""), &body).must(201);
        body["case_id"] = json!(case.id);
        let about = supervisor.post(&path(ours, ""), &body).must(201);
        office.as_role("approver").post(&one(&office, &about, "/answer"), &json!({ "text": "已办" })).must(200);
        erase(case);
        let read = supervisor.get(&one(&office, &about, "")).must(200);
        assert_eq!((read.at("/subject"), read.at("/steps/0/text"), read.at("/steps/1/text")), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!((read.str("/state"), read.str("/steps/1/kind")), ("answered", "answered"), "what was done stays");
        assert_eq!(supervisor.get(&one(&office, &other, "")).must(200).str("/subject"), "某件申请", "nobody else's words");
        office.server.place.must_be_sound();
    }

    fn nothing_more_is_said_about_a_case_that_was_erased(backend) {
        let office = Office::open(backend);
        let (ours, supervisor, approver) = (&office.agency, office.as_role("supervisor"), office.as_role("approver"));
        let case = CaseStory::registered(&office);
        let mut body = notice("某件申请", today());
        body["case_id"] = json!(case.id);
        let unanswered = supervisor.post(&path(ours, ""), &body).must(201);
        let answered = supervisor.post(&path(ours, ""), &body).must(201);
        approver.post(&one(&office, &answered, "/answer"), &json!({ "text": "已办" })).must(200);
        erase(case);
        // Neither anew, nor in answer, nor as a reason.
        check_fields(&supervisor.post(&path(ours, ""), &body), &[("/case_id", "unknown")]);
        let said = json!({ "text": "张某的申请已经办结" });
        let refused = approver.post(&one(&office, &unanswered, "/answer"), &said);
        assert_eq!(told(&refused), "409 notice_words_erased");
        let back = json!({ "text": "请补充张某的情况", "due_on": today() });
        assert_eq!(told(&supervisor.post(&one(&office, &answered, "/return"), &back)), "409 notice_words_erased");
        for sent in [&unanswered, &answered] {
            assert_eq!(told(&supervisor.post(&one(&office, sent, "/closure"), &said)), "409 notice_words_erased");
            assert_eq!(approver.get(&one(&office, sent, "")).must(200).at("/allowed_actions"), &json!([]));
            assert_eq!(supervisor.get(&one(&office, sent, "")).must(200).at("/allowed_actions"), &json!(["close"]));
            // But it is closed, answered or not.
            let closed = supervisor.post(&one(&office, sent, "/closure"), &json!({})).must(200);
            assert_eq!(closed.str("/state"), "closed");
        }
        let kept = office.server.place.database.rows_of("supervision_steps");
        assert_eq!(kept.len(), 5);
        office.server.place.must_be_sound();
    }

    fn the_answers_that_were_kept_for_retries_go_too(backend) {
        let office = Office::open(backend);
        let (ours, supervisor, approver) = (&office.agency, office.as_role("supervisor"), office.as_role("approver"));
        let clerk = office.as_role("clerk").idempotency_key("receive-1");
        let first = clerk.post("/cases", &request()).must(201);
        let case = CaseStory::told(&office, first).register(SUBJECT);
        let mut body = notice("某件申请", today());
        let other = supervisor.idempotency_key("notice-1").post(&path(ours, ""), &body).must(201);
        body["case_id"] = json!(case.id);
        let send = || supervisor.idempotency_key("notice-2").post(&path(ours, ""), &body);
        let about = send().must(201);
        let answer = || {
            let key = approver.idempotency_key("answer-1");
            key.post(&one(&office, &about, "/answer"), &json!({ "text": "已办" }))
        };
        answer().must(200);
        erase(case);
        // Who tries again is not told what was there, nor is it done a second time.
        assert_eq!(told(&clerk.post("/cases", &request())), "409 answer_erased");
        assert_eq!(told(&send()), "409 answer_erased");
        assert_eq!(told(&answer()), "409 answer_erased");
        assert_eq!(office.as_role("clerk").get("/cases?status=received").must(200).at("/items"), &json!([]));
        assert_eq!(listed(&supervisor, ours, "").len(), 2);
        let kept = office.server.place.database.rows_of("idempotency_keys");
        assert_eq!(kept.len(), 4, "{kept:?}");
        // Nobody else's are lost.
        let again = supervisor.idempotency_key("notice-1").post(&path(ours, ""), &notice("某件申请", today()));
        assert_eq!(again.must(201).text, other.text);
        office.server.place.must_be_sound();
    }
}
