//! What the case was answered, in each round, and what was brought against it.

use std::fmt::Write as _;

use super::escaped;
use crate::domain::case::event::{Follows, TextRef};
use crate::domain::case::remedies::Remedy;
use crate::domain::case::state::{Case, Conclusion, Service, State};
use crate::domain::reply::{Basis, FactForm, FactValue};
use crate::domain::statute::{Releases, StatutePack};

/// One table of the page.
fn table(page: &mut String, caption: &str, columns: &[&str], rows: &[Vec<String>]) {
    let _ = write!(page, "<table>\n<caption>{caption}</caption>\n<thead>\n<tr>");
    for column in columns {
        let _ = write!(page, "<th scope=\"col\">{column}</th>");
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for (row, n) in rows.iter().zip(1..) {
        let _ = write!(page, "<tr><th scope=\"row\">{n}</th>");
        for cell in row {
            let cell = if cell.is_empty() { "—".to_owned() } else { escaped(cell) };
            let _ = write!(page, "<td>{cell}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
}

/// Every round that is over: what was replied, what of it released, on what grounds.
pub(super) fn answers(page: &mut String, case: &Case, pack: &StatutePack) {
    let earlier = case.remedies.rounds.iter().map(|round| &round.state);
    let rows: Vec<Vec<String>> = earlier
        .chain([&case.state])
        .filter_map(State::conclusion)
        .map(|conclusion| answered(&conclusion, pack))
        .collect();
    if !rows.is_empty() {
        let columns = [
            "次序",
            "处理结果",
            "公开范围",
            "依据条款",
            "载明事项",
            "不予公开的部分",
            "作出日期",
            "送达日期",
        ];
        table(page, "答复", &columns, &rows);
    }
}

fn answered(conclusion: &Conclusion, pack: &StatutePack) -> Vec<String> {
    let outcome = conclusion.outcome();
    let (basis, services): (Option<&Basis<TextRef>>, &[Service]) = match conclusion {
        Conclusion::Replied { reply, services } => {
            (reply.draft.as_ref().map(|draft| draft.basis.as_ref()), services)
        }
        Conclusion::Lapsed { services, .. } => (None, services),
        Conclusion::Withdrawn(_) => (None, &[]),
    };
    let released = match pack.outcome(outcome).map(|entry| entry.releases) {
        Some(Releases::All) => "全部公开",
        Some(Releases::Part) => "部分公开",
        Some(Releases::Nothing) => "未公开",
        None => "",
    };
    let served = services.iter().filter_map(|service| service.served_on).min();
    vec![
        outcome.label_zh().to_owned(),
        released.to_owned(),
        basis.map(|basis| articles(&basis.grounds)).unwrap_or_default(),
        basis.map(facts).unwrap_or_default(),
        basis.map(withheld).unwrap_or_default(),
        conclusion.concluded_on().to_string(),
        served.map(|day| day.to_string()).unwrap_or_default(),
    ]
}

fn articles(grounds: &[String]) -> String {
    grounds.join("、")
}

/// Dates and words of lists; what is stated in words of its own is a file under `words/`.
fn facts(basis: &Basis<TextRef>) -> String {
    let told = basis.facts.iter().map(|(fact, value)| {
        let value = match value {
            FactValue::Text(_) => return fact.label_zh().to_owned(),
            FactValue::Date(day) => day.to_string(),
            FactValue::Word(code) => match fact.form() {
                FactForm::Word(words) => {
                    words.iter().find(|word| word.code == code).map_or(code.as_str(), |word| word.zh)
                }
                FactForm::Text | FactForm::Date => code,
            }
            .to_owned(),
        };
        format!("{}：{value}", fact.label_zh())
    });
    told.collect::<Vec<_>>().join("；")
}

fn withheld(basis: &Basis<TextRef>) -> String {
    let told = basis.withheld.iter().zip(1..).map(|(part, n)| {
        let because = part.consultation.map(|n| format!("，第{n}号征求意见函")).unwrap_or_default();
        format!("第{n}部分：{}（{}{because}）", part.outcome.label_zh(), articles(&part.grounds))
    });
    told.collect::<Vec<_>>().join("；")
}

/// Every remedy, those entered by mistake among them.
pub(super) fn remedies(page: &mut String, case: &Case) {
    let rows: Vec<Vec<String>> = case.remedies.all.iter().map(brought).collect();
    if !rows.is_empty() {
        let columns = ["件次", "种类", "程序", "收到日期", "我机关答复日期", "结果", "决定日期", "后续"];
        table(page, "复议、诉讼、投诉举报", &columns, &rows);
    }
}

fn brought(remedy: &Remedy) -> Vec<String> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let result = match (remedy.voided, &remedy.outcome) {
        (true, _) => "登记有误，已更正",
        (false, Some(outcome)) => outcome.result.label_zh(),
        (false, None) => "尚未审结",
    };
    let anew = match remedy.outcome.map(|outcome| outcome.follows) {
        Some(Follows::AnswerAnew { until: Some(until) }) => format!("责令于 {until} 前（含当日）重新答复"),
        Some(Follows::AnswerAnew { until: None }) => "责令重新答复".to_owned(),
        Some(Follows::Nothing) | None => String::new(),
    };
    vec![
        remedy.kind.label_zh().to_owned(),
        remedy.procedure.label_zh().to_owned(),
        remedy.received_on.to_string(),
        day(remedy.answered_on),
        result.to_owned(),
        day(remedy.outcome.map(|outcome| outcome.decided_on)),
        anew,
    ]
}
