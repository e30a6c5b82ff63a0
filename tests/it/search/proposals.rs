//! At registration earlier cases are proposed, each with its reasons; nothing is refused for their sake.

use serde_json::{Value, json};

use super::applicants::of_person;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PLANNING};
use crate::support::story::CaseStory;

/// Case, then its reasons in short.
fn told(office: &Office, who: &str, case: &CaseStory) -> Vec<(String, Vec<String>)> {
    let found = office.as_role(who).get(&case.path("/relations/proposals")).must(200);
    let reason = |reason: &Value| {
        let words: Vec<&str> =
            reason["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
        let by = reason["by"].as_str().unwrap_or("");
        format!("{} {by}{}", reason["kind"].as_str().unwrap(), words.join("/"))
    };
    let one = |item: &Value| {
        let reasons = item["reasons"].as_array().unwrap().iter().map(reason).collect();
        (item["case"]["id"].as_str().unwrap().to_owned(), reasons)
    };
    found.at("/items").as_array().unwrap().iter().map(one).collect()
}

both_databases! {
    fn earlier_cases_are_proposed_with_their_reasons(backend) {
        let office = Office::open(backend);
        let register = |applicant: Value, subject: &str, number: Option<&str>| {
            let documents: Vec<Value> = number.iter().map(|number| json!({ "number": number })).collect();
            let body = json!({ "subject": subject, "documents": documents });
            CaseStory::receive(&office, &applicant).post("clerk", "/registration", body)
        };
        let same = register(of_person("王示例", Some("E00000000")), "某地块征收补偿方案", Some("沪府办〔2024〕12号")).assign(BUDGET);
        let matter = register(of_person("李示例", None), "城南某地块征收补偿方案及附件", None).assign(PLANNING);
        let number = register(of_person("赵示例", None), "学区划分依据", Some("沪府办［２０２４］12 号"));
        let namesake = register(of_person("王示例", Some("E00000009")), "轨道交通选线", None);
        let nameless = register(of_person("王示例", None), "河道整治工程招标", None);
        register(of_person("钱示例", None), "某地块绿化养护记录", Some("沪府办〔2024〕121号"));

        let mut new = of_person("王示例", Some("e 00000000"));
        new["description"] = json!("申请公开沪府办〔2024〕12号文件，以及某地块征收补偿方案。");
        let new = CaseStory::receive(&office, &new);
        let later = register(of_person("王示例", Some("E00000000")), "某地块征收补偿方案", None);
        let wanted = vec![
            (same.id.clone(), vec![
                "same_applicant id_number".to_owned(),
                "same_document_number 府办（2024）12号".to_owned(),
                "shared_words 某地块征收补偿方案".to_owned(),
            ]),
            (number.id.clone(), vec!["same_document_number 府办（2024）12号".to_owned()]),
            (matter.id.clone(), vec!["shared_words 某地块征收补偿方案".to_owned()]),
            (nameless.id.clone(), vec!["same_applicant name".to_owned()]),
        ];
        let before = told(&office, "clerk", &new);
        let find = |id: &str| before.iter().find(|(found, _)| found == id).map(|(_, reasons)| reasons.clone());
        assert_eq!(before[0].0, same.id, "the likeliest first: {before:#?}");
        for (id, reasons) in &wanted {
            let found = find(id).unwrap_or_else(|| panic!("{reasons:?}: not proposed: {before:#?}"));
            assert_eq!(found[0], reasons[0], "{before:#?}");
        }
        for (id, why) in [(&namesake.id, "another of that name"), (&new.id, "itself"), (&later.id, "later")] {
            assert_eq!(find(id), None, "{why}");
        }
        assert_eq!(before.len(), wanted.len(), "{before:#?}");

        // Registered: by its own summary and documents. Nothing was in the way.
        let body = json!({ "subject": "某地块征收补偿方案", "documents": [{ "number": "沪府办（2024）12号" }] });
        let new = new.post("clerk", "/registration", body).assign(PLANNING);
        assert_eq!(told(&office, "clerk", &new), wanted);
        // Within the rights of whoever asks.
        assert_eq!(told(&office, "handler-2", &new), [wanted[2].clone()]);
        assert_eq!(office.as_role("handler").get(&new.path("/relations/proposals")).status, 404);
        assert_eq!(told(&office, "clerk", &same), [], "the first has no earlier ones");
    }
}
