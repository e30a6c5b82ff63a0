//! 一日一清单、一月一大全、一季一通报: made once when they are due, kept with a hash that the chain holds, and without anybody's words.

use std::process::Output;

use serde_json::{Value, json};

use super::operations::{check_answer, told};
use super::shape::check_fields;
use super::stories::by_channel;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, today};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, day};

/// `gongkai` beside the server.
fn gongkai(office: &Office, arguments: &[&str]) -> Output {
    office.server.place.command(GONGKAI).args(arguments).output().unwrap()
}

fn printed(office: &Office, arguments: &[&str]) -> Value {
    let ran = gongkai(office, arguments);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).unwrap()
}

fn rate<'a>(bulletin: &'a Value, code: &str) -> &'a Value {
    bulletin["rates"].as_array().unwrap().iter().find(|rate| rate["code"] == code).unwrap()
}

both_databases! {
    fn digests_are_made_once_and_kept(backend) {
        let office = Office::open(backend);
        let code = office.agency.code.clone();
        let words = "某地块征收补偿方案";
        let received = |on: &str| CaseStory::receive(&office, &by_channel("counter", day(on))).on(day(on)).register(words);
        let open = received("2026-03-02").assign(BUDGET);
        let done = received("2026-03-03").assign(BUDGET).acknowledge().draft("granted", "予以公开。").submit();
        let done = done.review_by_all().issue().serve("direct");

        // What is due today is made, and made once.
        assert_eq!(printed(&office, &["--json", "digest"]), json!({ "made": 3 }));
        assert_eq!(printed(&office, &["--json", "digest"]), json!({ "made": 0 }));
        let approver = office.as_role("approver");
        let listed = approver.get("/digests/daily_worklist").must(200);
        check_answer(&listed);
        assert_eq!(listed.str("/items/0/period"), today().to_string());
        let list = approver.get(&format!("/digests/daily_worklist/{}", today())).must(200);
        check_answer(&list);
        assert_eq!((list.at("/intact"), list.at("/content/due_today"), list.at("/content/whole")), (&json!(true), &json!([]), &json!(true)));
        let overdue = list.at("/content/overdue").as_array().unwrap();
        assert_eq!(overdue.len(), 1, "{overdue:?}");
        assert_eq!(
            (&overdue[0]["number"], &overdue[0]["task"], &overdue[0]["due_on"], &overdue[0]["department"], &overdue[0]["light"]),
            (&json!(open.number()), &json!("reply"), &json!("2026-03-30"), &json!(BUDGET), &json!("overdue"))
        );

        // A month and a quarter that have ended, made by hand; then they stay what they are.
        let month = ["digest", "--agency", &code, "--kind", "monthly_ledger", "--period", "2026-03"];
        let march = printed(&office, &month);
        assert_eq!((&march["total"], &march["lines"][0]["number"], &march["lines"][0]["in_time"]), (&json!(2), &json!(open.number()), &json!(false)));
        assert_eq!((&march["lines"][1]["outcome"], &march["lines"][1]["in_time"]), (&json!("granted"), &json!(true)));
        let quarter = ["digest", "--agency", &code, "--kind", "quarterly_bulletin", "--period", "2026-Q1"];
        let bulletin = printed(&office, &quarter);
        assert_eq!((&bulletin["received"], &bulletin["answered_by_outcome"]), (&json!(2), &json!({ "granted": 1 })));
        assert_eq!(bulletin["received_by_department"], json!({ BUDGET: 2 }));
        assert_eq!((&rate(&bulletin, "timely")["percent"], &rate(&bulletin, "timely")["of"]), (&json!("100.00"), &json!(1)));
        let archived = done.on(day("2026-04-01")).archive();
        assert_eq!(printed(&office, &month), march, "{}: what was made is never made anew", archived.number());
        let kept = approver.get("/digests/monthly_ledger/2026-03").must(200);
        assert_eq!(kept.at("/content"), &march);
        for made in [&march, &bulletin, list.at("/content")] {
            assert!(!made.to_string().contains(words) && !made.to_string().contains("王"), "{made}");
        }
        let chain = office.server.place.database.lines(
            "SELECT record AS line FROM events WHERE event_type = 'digest_made' ORDER BY agency_seq",
        );
        assert_eq!(chain.len(), 5);
        assert!(chain.iter().any(|record| record.contains(kept.str("/hash"))), "{chain:#?}");
        for statement in ["UPDATE digests SET content = '{}'", "DELETE FROM digests"] {
            let refused = office.server.place.database.execute(statement).unwrap_err();
            assert!(refused.contains("append"), "{refused}");
        }

        // Pages, rights, and what is no period.
        assert_eq!(approver.get("/digests/monthly_ledger?limit=1").must(200).at("/items").as_array().unwrap().len(), 1);
        let older = approver.get("/digests/monthly_ledger?before=2026-03").must(200);
        assert_eq!(older.at("/items"), &json!([]));
        check_fields(&approver.get("/digests/monthly_ledger?before=2026-3"), &[("before", "unknown_value")]);
        for nothing in ["yearly", "monthly_ledger/2026-3", "monthly_ledger/2026-02", "quarterly_bulletin/2026-Q4"] {
            assert_eq!(told(&approver.get(&format!("/digests/{nothing}"))), "404 not_found", "{nothing}");
        }
        assert_eq!(told(&office.as_role("system_admin").get("/digests/daily_worklist")), "403 forbidden");
        office.as_role("supervisor").get("/digests/quarterly_bulletin/2026-Q1").must(200);
        let running = gongkai(&office, &["digest", "--agency", &code, "--kind", "monthly_ledger", "--period", "2999-01"]);
        assert!(!running.status.success());
        let wrong = gongkai(&office, &["digest", "--agency", &code, "--kind", "monthly_ledger", "--period", "2026-3"]);
        assert!(String::from_utf8_lossy(&wrong.stderr).contains("--period"), "{wrong:?}");
        office.server.place.must_be_sound();
    }
}
