//! The law as the server knows it.

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use crate::support::databases::Backend;
use crate::support::office::Office;

#[test]
fn whoever_is_signed_in_reads_the_statutes() {
    let office = Office::open(Backend::Sqlite);
    assert_eq!(office.anonymous().get("/statutes").status, 401);
    for role in ["clerk", "auditor", "supervisor", "system_admin"] {
        let list = office.as_role(role).get("/statutes").must(200);
        check_answer(&list);
        assert_eq!(list.at("/items").as_array().unwrap().len(), 1);
        assert_eq!(list.str("/items/0/id"), "cn-ogi-2019");
    }
    let clerk = office.as_role("clerk");
    assert_eq!(told(&clerk.get("/statutes/uk-foia-2000")), "404 not_found");
    let statute = clerk.get("/statutes/cn-ogi-2019").must(200);
    check_answer(&statute);
    assert_eq!((statute.str("/in_force_from"), statute.at("/in_force_until")), ("2019-05-15", &Value::Null));
    let of = |list: &str, key: &str, name: &str| {
        let items = statute.at(list).as_array().unwrap();
        items.iter().find(|item| item[key] == name).cloned().unwrap_or_default()
    };
    assert_eq!(
        of("/limits", "key", "reply"),
        json!({ "key": "reply", "length": 20, "unit": "working_day", "article": "33(2)" })
    );
    assert_eq!(of("/limits", "key", "litigation")["unit"], "month");
    assert_eq!(statute.at("/readings").as_array().unwrap().len(), 21);
    assert_eq!(
        of("/readings", "point", "consultation_interval"),
        json!({ "point": "consultation_interval", "number": 10, "name_zh": "征求意见扣除的起止日",
                "name_en": "the days a consultation excludes", "reading": "half_open",
                "alternatives": ["open", "closed"] })
    );
    let post = of("/receipt", "channel", "online");
    assert_eq!((&post["rule"], &post["rule_in_force"]), (&json!("confirmed"), &json!("submitted")));
    assert_eq!(of("/outcomes", "code", "denied_third_party_rights")["remedies"], "reconsideration_first");
    assert_eq!(
        statute.at("/fees/per_page/3"),
        &json!({ "from": 201, "to": null, "rate": 4000, "step": null, "rise": null })
    );
    assert_eq!(
        statute.at("/fees/per_piece/2"),
        &json!({ "from": 31, "to": null, "rate": 20_000, "step": 10, "rise": 10_000 })
    );
    assert_eq!(of("/notices", "code", "extension_notice")["limit"], "reply");
    assert_eq!(statute.at("/lights"), &json!({ "yellow": 5, "red": 2 }));
}
