//! A file that is disputed: kept for longer, its remedies and every answer in the catalogue and the export, its code unchanged when
//! it comes back.

use super::export::{unzipped, verdict};
use super::*;
use crate::search::escaped;
use crate::support::databases::both_databases;

/// 13 April: the papers of a remedy came.
fn brought<'a>(case: CaseStory<'a>, kind: &str) -> CaseStory<'a> {
    let papers = json!({
        "kind": kind, "received_on": "2026-05-13", "organ": "某市人民政府", "reference": "〔2026〕某行复第12号",
    });
    case.command("legal_reviewer", "POST", "/remedies", &papers)
}

fn titles(file: &Value, from: usize) -> Vec<(String, String)> {
    let text = |piece: &Value, name: &str| piece[name].as_str().unwrap().to_owned();
    let pieces = file["pieces"].as_array().unwrap().iter().skip(from);
    pieces.map(|piece| (text(piece, "title"), text(piece, "author"))).collect()
}

both_databases! {
    fn a_file_is_disputed_answered_anew_and_handed_out_whole(backend) {
        let office = Office::open(backend);
        let case = archived(&office, "granted");
        assert_eq!((case.last.str("/archive/retention"), case.last.str("/archive/ground")), ("years_10", "ordinary"));
        let case = brought(case, "reconsideration");
        let shown = &case.last;
        assert_eq!((shown.str("/archive/retention"), shown.str("/archive/ground")), ("years_30", "dispute"));
        assert_eq!(shown.str("/archive/retention_ends_on"), "2056-12-31");
        assert_eq!(shown.str("/archive/archival_code"), "320800-1-2026-D10-0001", "a code once given stays");

        let answer = json!({ "on": "2026-05-20", "evidence": "送达回证" });
        let case = case.command("clerk", "POST", "/remedies/1/answer", &answer);
        let anew = json!({
            "result": "corrected", "decided_on": "2026-06-08", "served_on": "2026-06-12",
            "decision_number": "〔2026〕某行复决字第12号", "answer_anew": true, "until": "2026-07-10",
        });
        let case = case.command("legal_reviewer", "POST", "/remedies/1/result", &anew);
        assert_eq!(case.last.at("/archived_on"), &Value::Null);
        let case = case.on(day("2026-06-22")).draft("partially_granted", "区分处理，部分公开。").submit();
        let case = case.review_by_all().issue().on(day("2026-06-26")).serve("direct");
        let file = case.as_role("archivist").get(&case.path("/archive")).must(200);
        assert_eq!((file.str("/retention_period"), file.str("/retention_ground")), ("years_30", "dispute"));
        let case = case.on(day("2026-06-29")).archive();
        assert_eq!(case.last.str("/archive/archival_code"), "320800-1-2026-D10-0001");
        assert_eq!(case.last.str("/archive/retention_ends_on"), "2056-12-31");
        let case = brought(case, "complaint");
        let mistake = json!({ "part": "filing", "reason": "误登" });
        let case = case.command("approver", "POST", "/remedies/2/void", &mistake);

        let file = case.as_role("archivist").get(&case.path("/archive")).must(200);
        check_answer(&file);
        let named = |title: &str, author: &str| (title.to_owned(), author.to_owned());
        let found = titles(&file.body, 13);
        assert_eq!(found[..3], [
            named("行政复议答复通知书（第1件）", "examiner"),
            named("行政复议答复书（第1件）", "agency"),
            named("行政复议决定书（第1件，结果纠正，责令重新答复）", "examiner"),
        ]);
        let last = found.len() - 2;
        assert_eq!(found[last..], [
            named("投诉举报材料（第2件）", "examiner"), named("复议诉讼投诉登记更正（第2件）", "agency"),
        ]);

        let zip = case.as_role("archivist").get(&case.path("/export")).must(200);
        assert!(verdict(&zip.bytes).is_sound(), "{:?}", verdict(&zip.bytes).faults);
        let files = unzipped(&zip.bytes);
        let page = String::from_utf8(files["index.html"].clone()).unwrap();
        for told in [
            "<td>予以公开</td><td>全部公开</td>",
            "<td>部分公开</td><td>部分公开</td>",
            "第1部分：",
            "<td>行政复议</td><td>普通程序</td><td>2026-05-13</td><td>2026-05-20</td><td>结果纠正</td><td>2026-06-08</td>\
             <td>责令于 2026-07-10 前（含当日）重新答复</td>",
            "<td>登记有误，已更正</td>",
            "30年（至 2056-12-31），有争议",
            "，不予公开的部分</a>",
            "，不予公开的理由</a>",
            "，案号</a>",
        ] {
            assert!(page.contains(told), "{told} is not on the page:\n{page}");
        }
        let said = |text: &str| files.iter().any(|(name, content)| name.starts_with("words/") && content == text.as_bytes());
        for text in ["附件第3页", "不应当公开", "某市人民政府", "〔2026〕某行复第12号", "〔2026〕某行复决字第12号"] {
            assert!(said(text), "{text}");
        }
        office.server.place.must_be_sound();
    }

    fn nothing_goes_while_somebody_examines_it_and_earlier_versions_go_with_the_rest(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &by_channel("counter", day("2015-03-02"))).on(day("2015-03-03"));
        let documents = |title: &str| json!([{ "title": title, "number": "苏政发〔2014〕3号" }]);
        let case = case.post("clerk", "/registration", json!({ "subject": "某公告", "documents": documents("某意见") }));
        let amend = |name: &str, to: Value| json!({ name: to, "reason": "更正" });
        let case = case.post("clerk", "/amendments", amend("subject", json!("某通告")));
        let case = case.post("clerk", "/amendments", amend("documents", documents("某通知")));
        let case = case.assign(BUDGET).acknowledge();
        let case = case.on(day("2015-03-10")).draft("granted", "予以公开。").submit().review_by_all().issue();
        let case = case.on(day("2015-03-12")).serve("post").on(day("2015-05-11")).archive();
        let papers = json!({ "kind": "complaint", "received_on": "2015-06-01", "organ": "某局" });
        let case = case.command("clerk", "POST", "/remedies", &papers);
        assert_eq!(case.last.str("/archive/retention_ends_on"), "2045-12-31");
        let erase = json!({ "proposal": "erase", "ground": "retention_ended", "reason": "保管期满" });
        assert_eq!(refused(&case, "archivist", "/appraisals", &erase), "409 remedy_pending");

        // The law's own grounds wait for nobody; what lists show stays, as it stands now.
        let erase = json!({ "proposal": "erase", "ground": "other_law", "reason": "依法删除" });
        let case = case.command("archivist", "POST", "/appraisals", &erase);
        let case = case.command("approver", "POST", "/appraisals/1/decision", &json!({ "approve": true }));
        assert_eq!(case.last.str("/subject"), "某通告");
        assert_eq!(case.last.at("/remedies/0/state"), "pending");
        let history = office.as_role("archivist").get(&case.path("/history")).must(200);
        let all = history.at("/events").as_array().unwrap().iter().flat_map(|event| event["words"].as_array().unwrap());
        let kept: Vec<(&str, &str)> =
            all.filter_map(|one| Some((one["kind"].as_str()?, one["text"].as_str()?))).collect();
        assert_eq!(kept, [
            ("subject", "某通告"), ("documents", "某通知\t苏政发〔2014〕3号"), ("archive", "依法删除"),
        ]);
        let found = office.as_role("clerk").get(&format!("/cases?q={}", escaped("某通知"))).must(200);
        assert_eq!(found.at("/items").as_array().unwrap().len(), 1, "{}", found.body);
        let gone = office.as_role("clerk").get(&format!("/cases?q={}", escaped("某意见"))).must(200);
        assert_eq!(gone.at("/items"), &json!([]));
        // What others brought is still dealt with.
        let upheld = json!({ "result": "upheld", "decided_on": "2015-08-03", "served_on": "2015-08-05" });
        let case = case.command("legal_reviewer", "POST", "/remedies/1/result", &upheld);
        assert_eq!(case.last.str("/remedies/0/state"), "upheld");
        let zip = case.as_role("archivist").get(&case.path("/export")).must(200);
        assert!(verdict(&zip.bytes).is_sound());
        office.server.place.must_be_sound();
    }
}
