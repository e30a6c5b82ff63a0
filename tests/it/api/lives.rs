//! Five requests, each from its receipt to the archive, through the interface alone: what its people did, what the office then owed,
//! and what the year's report makes of it. Days are those of 2026; 2 March is a Monday.

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use crate::support::databases::both_databases;
use crate::support::office::{Agency, BUDGET, Office};
use crate::support::replies;
use crate::support::story::{CaseStory, SUBJECT, day, request};

/// Somebody's request, of a day.
fn of(applicant: &Value, description: &str, on: &str) -> Value {
    let mut body = request();
    body["applicant"] = applicant.clone();
    body["description"] = json!(description);
    body["arrived_on"] = json!(on);
    body
}

fn somebody(name: &str) -> Value {
    json!({ "kind": "natural_person", "name": name, "phone": "010-00000000" })
}

/// What the case owes next, by day.
fn due(case: &CaseStory) -> Option<String> {
    case.last.at("/time_limit/due_on").as_str().map(ToOwned::to_owned)
}

/// The figures of the year that are not zero, and whether they add up.
fn figures(office: &Office) -> Vec<(String, u64)> {
    figures_of(office, &office.agency)
}

fn figures_of(office: &Office, agency: &Agency) -> Vec<(String, u64)> {
    let report = office.of_agency(agency, "approver").get("/reports/annual/2026").must(200);
    check_answer(&report);
    assert_eq!(report.at("/consistent"), true);
    let of_table = |table: &str| {
        let rows = report.at(&format!("/{table}")).as_object().unwrap().clone();
        let cells = rows.into_iter().flat_map(|(row, cells)| {
            let cells = cells.as_object().unwrap().clone();
            cells
                .into_iter()
                .map(move |(column, figure)| (format!("{row}/{column}"), figure.as_u64().unwrap()))
        });
        cells.filter(|(_, figure)| *figure > 0).collect::<Vec<_>>()
    };
    let mut found: Vec<_> =
        of_table("table3").into_iter().filter(|(cell, _)| cell.ends_with("/total")).collect();
    found.extend(of_table("table4").into_iter().filter(|(cell, _)| !cell.ends_with("/total")));
    found.sort();
    found.into_iter().map(|(cell, figure)| (cell.trim_end_matches("/total").to_owned(), figure)).collect()
}

fn expected(figures: &[(&str, u64)]) -> Vec<(String, u64)> {
    figures.iter().map(|(cell, figure)| ((*cell).to_owned(), *figure)).collect()
}

/// The file is whole: a piece for every event, one ZIP of them, and nothing in the record that does not verify.
fn check_file(office: &Office, case: &CaseStory, code: &str) {
    let file = case.reader("archivist").get(&case.path("/archive")).must(200);
    check_answer(&file);
    assert_eq!(file.str("/archival_code"), code);
    let history = case.reader("archivist").get(&case.path("/history")).must(200);
    assert_eq!(file.at("/pieces").as_array().unwrap().len(), history.at("/events").as_array().unwrap().len());
    let zip = case.reader("archivist").get(&case.path("/export"));
    assert_eq!((zip.status, zip.header("content-type")), (200, Some("application/zip")));
    office.server.place.must_be_sound();
}

/// How the case's dates are read out on the phone.
fn read_out(office: &Office, case: &CaseStory) -> String {
    office.as_role("clerk").header("accept", "text/plain").get(&case.path("/time-limit")).must(200).text
}

both_databases! {
    /// A resident asks at the counter for a report that is public anyway, and goes home with it.
    fn granted_at_the_counter_the_same_day(backend) {
        let office = Office::open(backend);
        let monday = day("2026-03-02");
        let case = CaseStory::receive(&office, &of(&somebody("王示例"), "申请公开绩效评价报告。", "2026-03-02")).on(monday);
        assert_eq!(due(&case).unwrap(), "2026-03-30");
        let case = case.register(SUBJECT).assign(BUDGET).acknowledge().draft("granted", "予以公开，见附件。").submit();
        // Whoever drafted passes nothing, and nobody issues before the three have passed.
        let hash = json!({ "content_hash": case.content_hash() });
        assert_eq!(told(&case.as_role("approver").post(&case.path("/reply/issue"), &hash)), "409 wrong_status");
        let case = case.review_by_all().issue().serve("direct");
        assert_eq!((case.last.str("/status"), case.last.str("/concluded_on")), ("replied", "2026-03-02"));
        assert_eq!(due(&case), None, "answered on the day it came");
        assert!(read_out(&office, &case).contains("2026年3月2日"), "{}", read_out(&office, &case));
        let case = case.archive();
        assert_eq!(figures(&office), expected(&[("granted", 1), ("handled_total", 1), ("new_received", 1)]));
        check_file(&office, &case, "320800-1-2026-D10-0001");
    }

    /// A company's prices are in the file: it objects, the rest is given.
    fn partly_granted_after_a_third_party_objected(backend) {
        let office = Office::open(backend);
        let request = of(&somebody("李示例"), "申请公开某项目的合同及报价明细。", "2026-03-02");
        let case = CaseStory::receive(&office, &request).on(day("2026-03-03"));
        let case = case.register("某项目合同及报价明细").assign(BUDGET).acknowledge();
        let letter = json!({
            "kind": "third_party", "party": "某某工程有限公司", "question": "报价明细是否同意公开？", "served_on": "2026-03-04",
        });
        let case = case.on(day("2026-03-04")).post("handler", "/consultations", letter);
        assert_eq!(due(&case).unwrap(), "2026-04-21", "until it answers the period stands still (Art. 33(3)), for 15 working days at most");
        let answer = json!({ "position": "objects", "text": "报价明细属于商业秘密。" });
        let case = case.on(day("2026-03-09")).post("handler", "/consultations/1/answer", answer);
        assert_eq!(due(&case).unwrap(), "2026-04-02", "5, 6 and 9 March do not count");
        assert!(read_out(&office, &case).contains("第三方"), "{}", read_out(&office, &case));

        // To grant everything, the office would have to say why the public interest outweighs the objection.
        let case = case.on(day("2026-03-11")).draft("granted", "予以公开。");
        let refused = case.as_role("handler").post(&case.path("/reply/submission"), &json!({ "on": "2026-03-11" }));
        assert_eq!((told(&refused).as_str(), refused.str("/errors/0/pointer")), ("409 reply_incomplete", "/overrides"));
        let mut partial = replies::draft("partially_granted", "合同予以公开；报价明细不予公开。");
        partial["on"] = json!("2026-03-11");
        partial["withheld"] = json!([{
            "what": "报价明细", "outcome": "denied_third_party_rights", "grounds": ["15"], "reason": "商业秘密，第三方不同意公开",
            "consultation": 1,
        }]);
        let case = case.command("handler", "PUT", "/reply", &partial).submit().review_by_all().issue();
        let sent = json!({ "method": "post", "dispatched_on": "2026-03-12", "evidence": "EMS 1" });
        let case = case.command("clerk", "POST", "/services", &sent);
        assert_eq!(due(&case), None, "it has left in time");
        let proof = json!({ "served_on": "2026-03-16", "evidence": "回执" });
        let case = case.command("clerk", "POST", "/services/1/proof", &proof).on(day("2026-03-20")).archive();
        assert_eq!(figures(&office), expected(&[("handled_total", 1), ("new_received", 1), ("partially_granted", 1)]));
        check_file(&office, &case, "320800-1-2026-D30-0001");
    }

    /// A refusal that the government above corrects: the office answers anew, under a clock of its own.
    fn refused_for_a_state_secret_and_corrected_after_reconsideration(backend) {
        let office = Office::open(backend);
        let request = of(&somebody("赵示例"), "申请公开某会议纪要。", "2026-03-02");
        let case = CaseStory::receive(&office, &request).on(day("2026-03-03")).register("某会议纪要");
        let case = case.assign(BUDGET).acknowledge();
        let case = case.on(day("2026-03-10")).draft("denied_state_secret", "属于国家秘密，不予公开。").submit();
        let case = case.on(day("2026-03-13")).review_by_all().issue_as("某公开告〔2026〕12号");
        let case = case.on(day("2026-03-16")).serve("direct").on(day("2026-03-20")).archive();
        let papers = json!({
            "kind": "reconsideration", "filed_on": "2026-04-08", "received_on": "2026-04-13",
            "organ": "某市人民政府", "reference": "〔2026〕某行复第12号",
        });
        let case = case.command("legal_reviewer", "POST", "/remedies", &papers);
        assert_eq!(case.last.str("/remedies/0/answer_due_on"), "2026-04-27", "ten days (行政复议法 48), the end moved past a rest day");
        let answer = json!({ "on": "2026-04-22", "evidence": "送达回证" });
        let case = case.command("legal_reviewer", "POST", "/remedies/1/answer", &answer);
        let ruling = json!({
            "result": "corrected", "decided_on": "2026-06-08", "served_on": "2026-06-12", "answer_anew": true,
            "decision_number": "〔2026〕某行复决字第12号",
        });
        let case = case.command("legal_reviewer", "POST", "/remedies/1/result", &ruling);
        assert_eq!((case.last.str("/status"), due(&case).unwrap().as_str()), ("in_process", "2026-07-13"));
        let case = case.on(day("2026-06-22")).draft("granted", "经重新审查，予以公开。").submit();
        let case = case.on(day("2026-06-24")).review_by_all().issue_as("某公开告〔2026〕31号");
        let case = case.on(day("2026-06-26")).serve("direct").on(day("2026-06-29")).archive();
        let earlier = case.last.at("/earlier_replies/0");
        assert_eq!((&earlier["outcome"], case.last.str("/reply/outcome")), (&json!("denied_state_secret"), "granted"));
        // A court asks by the number of either reply.
        assert_eq!((&earlier["number"], case.last.str("/reply/number")), (&json!("某公开告〔2026〕12号"), "某公开告〔2026〕31号"));
        for number in ["某公开告[2026]12号", "某公开告[2026]31号", "某公开告〔2026〕31号 会议纪要"] {
            let found = office.as_role("approver").get(&format!("/cases?q={}", crate::search::escaped(number))).must(200);
            assert_eq!(found.str("/items/0/id"), case.id, "{number}");
        }
        // The request was answered once in table 3; that it was corrected stands in table 4.
        assert_eq!(
            figures(&office),
            expected(&[("denied_state_secret", 1), ("handled_total", 1), ("new_received", 1), ("reconsideration/corrected", 1)])
        );
        check_file(&office, &case, "320800-1-2026-D30-0001");
    }

    /// Another office has it: the answer says which (Art. 36(5)); it is a reply, and the case ends with it. That office being of the
    /// same tree, the request is handed on too, and a case of its own begins and ends there.
    fn not_held_by_this_body_and_answered_with_the_right_one(backend) {
        let office = Office::open(backend);
        let bureau = office.subordinate("320803");
        let request = of(&somebody("钱示例"), "申请公开某地块的规划许可。", "2026-03-02");
        let case = CaseStory::receive(&office, &request).on(day("2026-03-03"));
        let case = case.register("某地块规划许可").assign(BUDGET).acknowledge().on(day("2026-03-06"));
        let mut silent = replies::draft("unable_not_held", "本机关不负责公开该信息。");
        silent["grounds"] = json!(["36(5)"]);
        silent["facts"] = json!({ "reason": "规划许可由自然资源主管部门作出" });
        silent["on"] = json!("2026-03-06");
        let case = case.command("handler", "PUT", "/reply", &silent);
        let refused = case.as_role("handler").post(&case.path("/reply/submission"), &json!({ "on": "2026-03-06" }));
        assert_eq!((told(&refused).as_str(), refused.str("/errors/0/pointer")), ("409 reply_incomplete", "/facts/other_body"));
        assert!(refused.str("/errors/0/detail").contains("负责公开的行政机关"), "{}", refused.text);
        let mut named = silent;
        named["facts"]["other_body"] = json!("某市自然资源和规划局，010-00000001");
        let case = case.command("handler", "PUT", "/reply", &named).submit().review_by_all().issue().serve("electronic");
        assert_eq!((case.last.str("/outcome"), case.last.str("/reply/facts/other_body")), ("unable_not_held", "某市自然资源和规划局，010-00000001"));
        let hand_on = json!({ "agency_code": "320803", "reason": "该许可由贵局作出", "on": "2026-03-09" });
        let case = case.command("handler", "POST", "/relations/hand-on", &hand_on);
        let case = case.on(day("2026-03-10")).archive();

        // There it was received on the day of the hand-on, and its twenty working days are counted from then: 6 April is a holiday.
        let theirs = CaseStory::only_one_of(&office, &bureau);
        let told_there = (theirs.last.str("/received_on"), theirs.last.str("/description"), due(&theirs));
        assert_eq!(told_there, ("2026-03-09", "申请公开某地块的规划许可。", Some("2026-04-07".to_owned())));
        let theirs = theirs.on(day("2026-03-10")).register("某地块规划许可").assign(BUDGET).acknowledge();
        let theirs = theirs.draft("granted", "您申请公开的规划许可予以公开，见附件。").submit().review_by_all().issue();
        let theirs = theirs.serve("electronic").on(day("2026-03-12")).archive();
        assert_eq!(theirs.last.str("/outcome"), "granted");

        assert_eq!(figures(&office), expected(&[("handled_total", 1), ("new_received", 1), ("unable_not_held", 1)]));
        assert_eq!(figures_of(&office, &bureau), expected(&[("granted", 1), ("handled_total", 1), ("new_received", 1)]));
        check_file(&office, &theirs, "320803-1-2026-D10-0001");
        check_file(&office, &case, "320800-1-2026-D30-0001");
    }

    /// Nobody could tell what was wanted, and he did not say: the first request lapses; the second, a year's question in full, is answered.
    fn lapsed_after_an_unanswered_correction_and_filed_anew(backend) {
        let office = Office::open(backend);
        let applicant = somebody("孙示例");
        let case = CaseStory::receive(&office, &of(&applicant, "申请公开绩效的材料。", "2026-03-02"));
        let case = case.on(day("2026-03-03")).register("绩效评价材料").assign(BUDGET).acknowledge();
        let notice = json!({
            "ground": "unclear_content", "items": "请说明年度和项目", "working_days": 10, "served_on": "2026-03-10",
        });
        let case = case.on(day("2026-03-09")).post("clerk", "/corrections", notice);
        assert_eq!(due(&case), None, "the office waits (Art. 30)");
        let early = case.as_role("clerk").post(&case.path("/corrections/1/lapse"), &json!({ "on": "2026-03-24" }));
        assert_eq!(told(&early), "409 period_running");
        let case = case.on(day("2026-03-25")).post("clerk", "/corrections/1/lapse", json!({}));
        assert_eq!((case.last.str("/status"), case.last.str("/outcome")), ("lapsed", "other_overdue_correction"));
        let case = case.on(day("2026-03-30")).archive();
        check_file(&office, &case, "320800-1-2026-D10-0001");

        let anew = CaseStory::receive(&office, &of(&applicant, "申请公开2025年度绩效评价材料。", "2026-04-07"));
        let proposed = office.as_role("clerk").get(&anew.path("/relations/proposals")).must(200);
        check_answer(&proposed);
        assert_eq!(proposed.str("/items/0/case/id"), case.id, "the earlier one is proposed, and nothing is refused for it");
        assert_eq!(proposed.str("/items/0/reasons/0/kind"), "same_applicant");
        assert_eq!(due(&anew).unwrap(), "2026-05-08", "a period of its own: 1 to 5 May do not count");
        let anew = anew.on(day("2026-04-08")).register("2025年度绩效评价材料").assign(BUDGET).acknowledge();
        let anew = anew.draft("granted", "予以公开，见附件。").submit().review_by_all().issue();
        let anew = anew.on(day("2026-04-09")).serve("direct").on(day("2026-04-10")).archive();
        assert_eq!(
            figures(&office),
            expected(&[("granted", 1), ("handled_total", 2), ("new_received", 2), ("other_overdue_correction", 1)])
        );
        check_file(&office, &anew, "320800-1-2026-D10-0002");
    }
}
