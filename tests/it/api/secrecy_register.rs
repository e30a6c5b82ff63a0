//! 保密审查台账: the yearly inspection gets every secrecy review of an office, as the record has it, for a spreadsheet.

use serde_json::json;

use super::operations::told;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office};
use crate::support::replies::{clear, decision};
use crate::support::story::{CaseStory, request};

const PATH: &str = "/reports/secrecy-reviews";

/// The lines below the heading, as a spreadsheet reads them.
fn lines(reply: &Reply) -> Vec<Vec<String>> {
    let text = reply.text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(text.ends_with("\r\n") && reply.header("content-type") == Some("text/csv; charset=utf-8"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let all: Vec<Vec<String>> =
        reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(
        all[0].join(","),
        "序号,申请编号,内容摘要,处理结果,审查层级,日期,审查人,委托人,审查意见,国家秘密,工作秘密,商业秘密,个人隐私和个人信息,\
         汇聚关联风险,主管部门确定,送审内容校验值"
    );
    all[1..].to_vec()
}

fn secrecy(case: &CaseStory, who: &Client, what: &str, checklist: Option<serde_json::Value>) {
    let mut body = decision("secrecy", what, case.content_hash());
    body["opinion"] = json!("涉及张三，电话13812345678。");
    if let Some(checklist) = checklist {
        body["checklist"] = checklist;
    }
    who.if_match("*").post(&case.path("/reply/reviews"), &body).must(200);
}

both_databases! {
    fn the_register_has_every_secrecy_review_and_no_words_of_it(backend) {
        let office = Office::open(backend);
        let reviewer = office.as_role("secrecy_reviewer");
        assert_eq!(lines(&reviewer.get(PATH).must(200)), Vec::<Vec<String>>::new());
        // Returned, referred and answered, passed with a remark: and a subject that a spreadsheet would take for a formula.
        let subject = "=HYPERLINK(\"http://example.com\") 绩效评价报告";
        let case = CaseStory::receive(&office, &request()).register(subject).assign(BUDGET).acknowledge();
        let mut case = case.draft("granted", "予以公开。").submit().pass("legal");
        let first = case.content_hash().to_owned();
        secrecy(&case, &reviewer, "return", Some({
            let mut list = clear();
            list["work_secret"] = json!("found");
            list
        }));
        case.last = office.as_role("clerk").get(&case.path("")).must(200);
        let mut case = case.draft("granted", "删去后予以公开。").submit().pass("legal");
        secrecy(&case, &reviewer, "refer", None);
        let answer = json!({ "finding": "not_secret", "text": "复函〔2026〕3号：张三一案不属于国家秘密。" });
        reviewer.if_match("*").post(&case.path("/reply/referral-answer"), &answer).must(200);
        secrecy(&case, &reviewer, "pass_with_remark", Some({
            let mut list = clear();
            list["personal_data"] = json!("found");
            list
        }));
        case.last = office.as_role("clerk").get(&case.path("")).must(200);
        let case = case.pass("sign_off").issue();
        let other = CaseStory::in_review(&office).pass("legal").pass("secrecy");
        for who in ["secrecy_reviewer", "approver", "supervisor", "auditor"] {
            assert_eq!(lines(&office.as_role(who).get(PATH).must(200)).len(), 5, "{who}");
        }
        let reply = reviewer.get(PATH).must(200);
        assert!(!reply.text.contains("张三") && !reply.text.contains("13812345678") && !reply.text.contains("复函"));
        let lines = lines(&reply);
        let column = |n: usize| lines.iter().map(|line| line[n].as_str()).collect::<Vec<_>>();
        assert_eq!(column(0), ["1", "2", "3", "4", "5"]);
        assert_eq!(column(1), [case.number(), case.number(), case.number(), case.number(), other.number()]);
        assert_eq!(lines[0][2], format!("'{subject}"));
        assert_eq!(column(3), ["予以公开", "予以公开", "予以公开", "予以公开", ""]);
        assert_eq!(column(4), ["初审"; 5]);
        let me = format!("person-{}", reviewer.get("/me").must(200).str("/person_id"));
        assert_eq!((column(6), column(7)), (vec![me.as_str(); 5], vec![""; 5]));
        assert_eq!(column(8), ["退回修改", "报请确定", "登记主管部门答复", "附意见通过", "通过"]);
        assert_eq!(column(9), ["不涉及", "", "", "不涉及", "不涉及"]);
        assert_eq!(column(10), ["涉及", "", "", "不涉及", "不涉及"]);
        assert_eq!(column(12), ["不涉及", "", "", "涉及", "不涉及"]);
        assert_eq!(column(14), ["", "", "不属于国家秘密", "", ""]);
        assert_eq!(column(15), [first.as_str(), case.content_hash(), "", case.content_hash(), other.content_hash()]);
    }

    fn the_register_is_of_its_days_and_of_those_who_may_see_it(backend) {
        let office = Office::open(backend);
        let today = crate::support::office::today();
        let yesterday = today.pred_opt().unwrap();
        let case = CaseStory::in_review(&office).pass("legal").pass("secrecy");
        let reviewer = office.as_role("secrecy_reviewer");
        let of = |from, to| lines(&reviewer.get(&format!("{PATH}?from={from}&to={to}")).must(200));
        assert_eq!(of(today, today).len(), 1);
        assert_eq!(of(yesterday, yesterday), Vec::<Vec<String>>::new());
        assert_eq!(of(today, today)[0][5], today.to_string());
        for (query, parameter) in [
            (format!("from={today}&to={yesterday}"), "to"),
            ("from=2024-01-01&to=2025-01-01".to_owned(), "to"),
            ("from=2024-13-01".to_owned(), "from"),
            ("year=2024".to_owned(), "year"),
        ] {
            let refused = reviewer.get(&format!("{PATH}?{query}"));
            assert_eq!((told(&refused).as_str(), refused.str("/errors/0/pointer")), ("422 invalid", parameter), "{query}");
        }
        reviewer.get(&format!("{PATH}?from=2024-01-01&to=2024-12-31")).must(200);
        for who in ["clerk", "handler", "legal_reviewer", "archivist", "system_admin", "security_admin"] {
            assert_eq!(told(&office.as_role(who).get(PATH)), "403 forbidden", "{who}");
        }
        // Another agency's is not to be told from none.
        let neighbour = office.neighbour("320900");
        let stranger = office.of_agency(&neighbour, "auditor");
        let theirs = stranger.get(&format!("{PATH}?agency_id={}", office.agency.id));
        let none = stranger.get(&format!("{PATH}?agency_id={}", super::operations::NOBODY));
        assert_eq!((told(&theirs).as_str(), told(&none).as_str()), ("404 not_found", "404 not_found"));
        assert_eq!(lines(&stranger.get(PATH).must(200)), Vec::<Vec<String>>::new());
        drop(case);
    }
}
