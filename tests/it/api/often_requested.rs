//! 多人申请公开的文件 (Art. 44): what several applicants ask for is counted, and nobody's data are told.

use gongkai::app::progress::silent;
use gongkai::app::set_up::NewAgency;
use gongkai::domain::case::By;
use serde_json::{Value, json};

use super::operations::{NOBODY, told};
use super::shape::check_fields;
use crate::support::databases::{Backend, both_databases};
use crate::support::office::{BUDGET, Office, PLANNING};
use crate::support::server::block_on;
use crate::support::story::{CaseStory, day, request};

/// A document with a title, a number, or both.
pub fn document(title: &str, number: &str) -> Value {
    let some = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    json!({ "title": some(title), "number": some(number) })
}

/// Somebody asks for a document; registered.
pub fn asks<'a>(office: &'a Office, who: (&str, Option<&str>), documents: &[Value]) -> CaseStory<'a> {
    let mut body = request();
    body["arrived_on"] = json!("2026-03-02");
    body["applicant"]["name"] = json!(who.0);
    if let Some(number) = who.1 {
        body["applicant"]["identity"] = json!({ "kind": "passport", "number": number });
    }
    let registration = json!({ "subject": "城东地块规划", "documents": documents, "on": "2026-03-02" });
    CaseStory::receive(office, &body).command("clerk", "POST", "/registration", &registration)
}

/// The list: key, cases, applicants, released.
pub fn list(office: &Office, who: &str, query: &str) -> Vec<(String, u64, u64, u64)> {
    let page = office.as_role(who).get(&format!("/reports/often-requested?{query}")).must(200);
    let items = page.at("/items").as_array().unwrap().clone();
    let number = |item: &Value, name: &str| item[name].as_u64().unwrap();
    items
        .iter()
        .map(|item| {
            let key = item["key"].as_str().unwrap().to_owned();
            (key, number(item, "cases"), number(item, "applicants"), number(item, "released"))
        })
        .collect()
}

const PLAN: &str = "沪府规〔2024〕12号";
const PLAN_KEY: &str = "number:沪府规（2024）12号";

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

both_databases! {
    fn several_applicants_are_counted_each_once_however_they_write_the_document(backend) {
        let office = Office::open(backend);
        let ways = [PLAN, "沪府规[2024]12 号", "沪府规（２０２４）第12号", "《沪府规〔2024〕12号》", PLAN, PLAN];
        let people = [
            ("王示例", Some("E00000001")),
            ("王示例", Some("E00000002")), // two who proved to be two
            ("王示例", None),              // may be either of them
            ("李示例", None),
            ("李示例", None),              // proved to be nobody else
            ("李示例二", Some("E00000001")), // a passport is one person's, whatever the name
        ];
        let so_far = [None, Some((2, 2)), Some((3, 2)), Some((4, 3)), Some((5, 3)), Some((6, 3))];
        let mut cases = Vec::new();
        for ((who, number), wanted) in people.into_iter().zip(ways).zip(so_far) {
            // Named twice in one request it is asked for once; the title is another with each.
            let twice = [document(&format!("规划（{}）", cases.len()), number), document("", number)];
            cases.push(asks(&office, who, &twice));
            let listed = list(&office, "clerk", "");
            let wanted: Vec<_> = wanted.map(|(n, people)| (PLAN_KEY.to_owned(), n, people, 0)).into_iter().collect();
            assert_eq!(listed, wanted, "after {}", cases.len());
        }
        // Another office's number, a longer number, and a title that only one asks for are others.
        asks(&office, ("赵示例", None), &[document("", "苏府规〔2024〕12号"), document("", "沪府规〔2024〕121号"), document("规划", "")]);
        assert_eq!(list(&office, "clerk", "").len(), 1);
        let page = office.as_role("clerk").get("/reports/often-requested").must(200);
        assert_eq!((page.str("/from"), page.str("/to")), ("2026-01-01", "2026-12-31"));
        for secret in ["示例", "E0000", "E****", &cases[0].id] {
            assert!(!page.text.contains(secret), "{secret}: {}", page.text);
        }
        // By how many, and when.
        assert_eq!(list(&office, "clerk", "min_applicants=3").len(), 1);
        assert_eq!(list(&office, "clerk", "min_applicants=4").len(), 0);
        assert_eq!(list(&office, "clerk", "from=2026-03-02&to=2026-03-02").len(), 1);
        assert_eq!(list(&office, "clerk", "from=2026-03-03").len(), 0);
        assert_eq!(list(&office, "clerk", "from=2025-01-01&to=2025-12-31").len(), 0);
        // What is put right is counted so.
        let amend = json!({ "reason": "文号有误", "documents": [document("", "沪府规〔2024〕13号")] });
        drop(cases.pop().unwrap().post("clerk", "/amendments", amend));
        assert_eq!(list(&office, "clerk", "")[0], (PLAN_KEY.to_owned(), 5, 3, 0));
        office.server.place.must_be_sound();
    }

    fn the_list_is_read_page_by_page_and_so_are_the_cases_behind_it(backend) {
        let office = Office::open(backend);
        let (plan, fees, trees) = (document("城东规划", PLAN), document("收费目录", ""), document("《绿化 方案》", ""));
        let first = asks(&office, ("王示例", None), &[plan.clone(), fees.clone()]).on(day("2026-03-03")).assign(BUDGET);
        let second = asks(&office, ("李示例", None), &[plan.clone(), trees.clone()]).assign(PLANNING);
        let third = asks(&office, ("赵示例", None), &[plan, fees, document("绿化方案", "")]).on(day("2026-03-03")).assign(BUDGET);
        let all = list(&office, "archivist", "");
        let wanted = [(PLAN_KEY, 3, 3), ("title:收费目录", 2, 2), ("title:绿化方案", 2, 2)];
        assert_eq!(all, wanted.map(|(key, n, people)| (key.to_owned(), n, people, 0)));
        let clerk = office.as_role("clerk");
        let (mut paged, mut query) = (Vec::new(), String::new());
        for _ in 0..4 {
            let path = format!("/reports/often-requested?limit=1{query}");
            let page = clerk.get(&path).must(200);
            paged.extend(list(&office, "clerk", &format!("limit=1{query}")));
            let Some(next) = page.at("/next_cursor").as_str() else { break };
            assert!(page.header("link").unwrap().contains(next), "{path}");
            query = format!("&cursor={next}");
        }
        assert_eq!(paged, all, "each once");

        // Behind it: within the rights of whoever asks.
        let behind = |who: &str, query: &str| office.as_role(who).get(&format!("/reports/often-requested/cases?{query}")).must(200).body;
        let key = "key=title%3A%E7%BB%BF%E5%8C%96%E6%96%B9%E6%A1%88";
        assert_eq!(ids(&behind("clerk", key)), [third.id.as_str(), &second.id], "those received last first");
        assert_eq!(ids(&behind("handler", key)), [third.id.as_str()]);
        assert_eq!(ids(&behind("handler-2", key)), [second.id.as_str()]);
        let page = behind("approver", &format!("{key}&limit=1"));
        let rest = behind("approver", &format!("{key}&limit=1&cursor={}", page["next_cursor"].as_str().unwrap()));
        assert_eq!((ids(&page), ids(&rest), &rest["next_cursor"]), (vec![third.id.as_str()], vec![second.id.as_str()], &Value::Null));
        assert_eq!(ids(&behind("clerk", "key=title:nobody")), [""; 0]);
        assert_eq!(ids(&behind("clerk", &format!("{key}&from=2025-01-01&to=2025-12-31"))), [""; 0]);
        for who in ["supervisor", "auditor", "system_admin"] {
            let asked = office.as_role(who).get(&format!("/reports/often-requested/cases?{key}"));
            assert_eq!(told(&asked), "403 forbidden", "{who}: figures, and no cases");
        }

        // What a reply released is told.
        let granted = first.on(day("2026-03-06")).acknowledge().draft("granted", "予以公开。").submit().review_by_all().issue();
        let refused = third.on(day("2026-03-06")).acknowledge().draft("unable_not_held", "经检索没有。");
        assert_eq!(list(&office, "clerk", "")[0], (PLAN_KEY.to_owned(), 3, 3, 1));
        drop((granted, refused));
    }

    fn whose_list_it_is(backend) {
        let office = Office::open(backend);
        for who in ["王示例", "李示例"] {
            drop(asks(&office, (who, None), &[document("", PLAN)]));
        }
        let neighbour = office.neighbour("320900");
        let ours = format!("/reports/often-requested?agency_id={}", office.agency.id);
        for who in ["clerk", "approver", "archivist", "supervisor"] {
            assert_eq!(list(&office, who, "").len(), 1, "{who}");
            assert_eq!(told(&office.of_agency(&neighbour, who).get(&ours)), "404 not_found", "{who}");
            let nobodys = format!("/reports/often-requested?agency_id={NOBODY}");
            assert_eq!(told(&office.as_role(who).get(&nobodys)), "404 not_found", "{who}");
            let theirs = office.of_agency(&neighbour, who).get("/reports/often-requested").must(200);
            assert_eq!(theirs.at("/items"), &json!([]), "{who}");
        }
        for who in ["handler", "legal_reviewer", "auditor", "system_admin"] {
            assert_eq!(told(&office.as_role(who).get("/reports/often-requested")), "403 forbidden", "{who}");
        }
        let app = office.server.place.app();
        let (name, parent) = ("某区人民政府办公室".to_owned(), Some("320800".to_owned()));
        let below = NewAgency { code: "320801".to_owned(), name, parent, ..NewAgency::default() };
        let below = block_on(app.create_agency(By::Operator, below)).unwrap();
        let path = format!("/reports/often-requested?agency_id={}", below.id.0);
        assert_eq!(office.as_role("supervisor").get(&path).must(200).at("/items"), &json!([]));
        assert_eq!(told(&office.as_role("clerk").get(&path)), "404 not_found");

        // What is asked wrongly.
        let wrong = [
            ("min_applicants=1", ("min_applicants", "range")),
            ("min_applicants=1001", ("min_applicants", "range")),
            ("limit=201", ("limit", "range")),
            ("cursor=x", ("cursor", "unknown_value")),
            ("from=2026-03-02&to=2026-03-01", ("to", "out_of_range")),
            ("sort=x", ("sort", "unknown_field")),
        ];
        for (query, field) in wrong {
            check_fields(&office.as_role("clerk").get(&format!("/reports/often-requested?{query}")), &[field]);
        }
        check_fields(&office.as_role("clerk").get("/reports/often-requested/cases"), &[("key", "required")]);
    }

    fn what_was_registered_before_is_put_in_and_what_was_lost_is_found(backend) {
        let office = Office::open(backend);
        for who in ["王示例", "李示例"] {
            drop(asks(&office, (who, None), &[document("", PLAN), document("收费目录", "")]));
        }
        let all = list(&office, "clerk", "");
        assert_eq!(all.len(), 2);
        let database = &office.server.place.database;
        let emptied = match backend {
            // As before the migration: it looks only when it was run now.
            Backend::Sqlite => "DROP TABLE case_documents; DROP TABLE case_publications; DELETE FROM __diesel_schema_migrations WHERE version = '0014'",
            Backend::Postgres => "DELETE FROM case_documents",
        };
        if backend == Backend::Sqlite {
            database.execute("DROP INDEX case_documents_asked").unwrap();
        }
        database.execute(emptied).unwrap();
        gongkai::store::migrate(database.url()).unwrap();
        assert_eq!(list(&office, "clerk", ""), all);
        database.execute("DELETE FROM case_documents WHERE number IS NOT NULL").unwrap();
        assert_eq!(list(&office, "clerk", "").len(), 1);
        let app = office.server.place.app();
        let rebuild = |check| block_on(app.rebuild(check, &silent())).unwrap();
        let found: Vec<_> = rebuild(true).differences.iter().map(|one| one.columns.clone()).collect();
        assert_eq!(found, [["case_documents"], ["case_documents"]]);
        assert!(rebuild(false).is_sound() && rebuild(true).differences.is_empty());
        assert_eq!(list(&office, "clerk", ""), all);
    }
}
