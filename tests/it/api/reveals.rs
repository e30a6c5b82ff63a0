//! 查看未脱敏信息: who needs an applicant's data is shown them for a reason; whoever controls him sees who saw what, when and why.

use gongkai::domain::access::REVEAL_LIMITS;
use serde_json::{Value, json};

use super::operations::{check_answer, told};
use super::reviews::second_account;
use crate::support::client::Reply;
use crate::support::databases::{Backend, both_databases};
use crate::support::files::{TEXT, attach, export_with_files, newest, open};
use crate::support::office::{BUDGET, Office};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, SUBJECT};

const NAME: &str = "钟离示例";
const NUMBER: &str = "11010519491231002X";

fn request() -> Value {
    json!({
        "channel": "counter",
        "applicant": {
            "kind": "natural_person", "name": NAME,
            "identity": { "kind": "resident_id", "number": NUMBER },
            "phone": "13912345678", "email": "zhongli@example.com", "address": "江苏省淮安市洪泽区人民路1号",
        },
        "description": format!("本人{NAME}申请公开2025年度绩效评价报告。"),
    })
}

fn asking(fields: &[&str], reason: &str) -> Value {
    json!({ "fields": fields, "reason": reason })
}

fn reveal(case: &CaseStory, who: &str, fields: &[&str]) -> Reply {
    case.reader(who).post(&case.path("/reveals"), &asking(fields, "邮寄答复书"))
}

/// What the answer shows, the fields that are `null` left out.
fn shown(reply: &Reply) -> Vec<(String, Value)> {
    let members = reply.body.as_object().unwrap().clone();
    members
        .into_iter()
        .filter(|(name, value)| !["id", "at", "fields"].contains(&name.as_str()) && !value.is_null())
        .collect()
}

fn kinds(list: &Reply) -> Vec<String> {
    let items = list.at("/items").as_array().unwrap();
    items.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

fn events_of(office: &Office, kind: &str) -> usize {
    let database = &office.server.place.database;
    database.lines(&format!("SELECT record AS line FROM events WHERE event_type = '{kind}'")).len()
}

both_databases! {
    fn data_are_shown_for_a_reason_and_it_is_known_to_whom(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request()).register(SUBJECT).assign(BUDGET).acknowledge();
        let masked = office.as_role("clerk").get(&case.path("")).must(200);
        assert!(!masked.text.contains(NAME) && !masked.text.contains(NUMBER), "{}", masked.text);
        // Only what is asked for, each field once however often it is named.
        let one = reveal(&case, "clerk", &["address", "name", "name"]).must(200);
        check_answer(&one);
        assert_eq!(shown(&one), [("address".to_owned(), json!("江苏省淮安市洪泽区人民路1号")), ("name".to_owned(), json!(NAME))]);
        assert_eq!(one.at("/fields"), &json!(["name", "address"]));
        let all = ["name", "identity", "phone", "email", "address", "description", "reply"];
        let two = reveal(&case, "handler", &all).must(200);
        assert_eq!(two.at("/identity"), &json!({ "kind": "resident_id", "number": NUMBER }));
        assert_eq!((two.str("/phone"), two.str("/email")), ("13912345678", "zhongli@example.com"));
        assert_eq!(two.str("/description"), format!("本人{NAME}申请公开2025年度绩效评价报告。"));
        assert_eq!(two.at("/reply"), &Value::Null, "there is none yet");
        // Who has no need of it, and who may not even know the case.
        for (who, code) in [
            ("legal_reviewer", "403 forbidden"), ("approver", "403 forbidden"), ("archivist", "403 forbidden"),
            ("handler-2", "404 not_found"), ("supervisor", "404 not_found"), ("auditor", "404 not_found"),
            ("system_admin", "404 not_found"), ("security_admin", "404 not_found"),
        ] {
            assert_eq!(told(&reveal(&case, who, &["name"])), code, "{who}");
        }
        let neighbour = office.neighbour("320900");
        let path = case.path("/reveals");
        let foreign = office.of_agency(&neighbour, "clerk").post(&path, &asking(&["name"], "x"));
        assert_eq!(told(&foreign), "404 not_found");
        // What is no reason, and no field.
        for (body, pointer) in [
            (asking(&["name"], " "), "/reason"), (json!({ "fields": ["name"] }), "/reason"),
            (asking(&["name"], &"因".repeat(501)), "/reason"), (asking(&[], "x"), "/fields"),
            (asking(&["name", "password"], "x"), "/fields/1"), (json!({ "reason": "x" }), "/fields"),
            (asking(&["name"], &format!("给{NAME}寄信")), "/reason"), (asking(&["name"], "电话13912345678"), "/reason"),
            (asking(&["name"], "1"), "/reason"), (asking(&["name"], "aaaaaaaaaa"), "/reason"),
            (asking(&["name"], "。。。。。。。。"), "/reason"), (asking(&["name"], "........"), "/reason"),
        ] {
            let reply = case.reader("clerk").post(&path, &body);
            assert_eq!((told(&reply), reply.str("/errors/0/pointer")), ("422 invalid".to_owned(), pointer), "{body}");
        }
        assert_eq!(events_of(&office, "personal_data_revealed"), 2, "one record for each reveal, none without");
        // The version is the case's own: seeing changes nothing.
        assert_eq!(office.as_role("clerk").get(&case.path("")).must(200).etag(), case.etag());

        // Who controls it.
        let list = office.as_role("auditor").get(&path).must(200);
        check_answer(&list);
        assert_eq!(kinds(&list), ["reveal", "reveal"]);
        assert_eq!((list.at("/items/1/id"), list.at("/items/1/reason")), (one.at("/id"), &json!("邮寄答复书")));
        assert_eq!(list.at("/items/1/fields"), &json!(["name", "address"]));
        assert_eq!(list.at("/items/0/case_number"), case.last.at("/number"));
        assert!(list.at("/items/0/person_id").is_string() && list.at("/items/0/person_id") != list.at("/items/1/person_id"));
        let page = office.as_role("approver").get(&format!("{path}?limit=1")).must(200);
        assert_eq!(page.at("/items/0/id"), two.at("/id"));
        let rest = format!("{path}?limit=1&cursor={}", page.str("/next_cursor"));
        let rest = office.as_role("approver").get(&rest).must(200);
        assert_eq!((rest.at("/items/0/id"), rest.at("/next_cursor")), (one.at("/id"), &Value::Null));
        assert_eq!(told(&office.as_role("clerk").get(&path)), "403 forbidden");
        assert_eq!(told(&office.as_role("supervisor").get(&path)), "404 not_found");
        assert_eq!(told(&office.of_agency(&neighbour, "auditor").get(&path)), "404 not_found");
        let ran = office.server.place.command(GONGKAI).args(["audit", "verify", "--json"]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
        office.server.place.must_be_sound();
    }

    /// 个人信息查阅报告: over every case that ever named him.
    fn an_applicant_can_be_told_who_saw_his_data(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let first = CaseStory::receive(&office, &request()).register(SUBJECT);
        let second = CaseStory::receive(&office, &request());
        let other = CaseStory::registered(&office);
        attach(&clerk.if_match(second.etag()), &second.id, "identity_proof", "证件.txt", TEXT).must(200);
        let proof = newest(&clerk, &second.id)["id"].as_str().unwrap().to_owned();
        // What is refused is no access.
        assert_eq!(told(&open(&office.as_role("approver"), &second.id, &proof)), "403 forbidden");
        reveal(&first, "clerk", &["phone"]).must(200);
        reveal(&other, "clerk", &["name"]).must(200);
        open(&clerk, &second.id, &proof).must(200);
        clerk.get(&first.path("/export")).must(200);
        clerk.post("/cases/search", &json!({ "applicant_id_number": NUMBER })).must(200);
        for known in [json!({ "applicant_name": NAME }), json!({ "applicant_id_number": NUMBER })] {
            let report = office.as_role("auditor").post("/accesses/search", &known).must(200);
            check_answer(&report);
            assert_eq!(kinds(&report), ["search", "search", "export", "identity_proof", "reveal"]);
            let cases: Vec<&Value> =
                report.at("/items").as_array().unwrap().iter().map(|item| &item["case_id"]).collect();
            assert_eq!(cases[2..], [&json!(first.id), &json!(second.id), &json!(first.id)]);
            // Page by page it is the same.
            let (mut paged, mut ask) = (Vec::new(), known.clone());
            ask["limit"] = json!(2);
            loop {
                let page = office.as_role("approver").post("/accesses/search", &ask).must(200);
                paged.extend(page.at("/items").as_array().unwrap().clone());
                let Some(next) = page.at("/next_cursor").as_str() else { break };
                ask["cursor"] = json!(next);
            }
            assert_eq!(&Value::Array(paged), report.at("/items"));
        }
        let nobody = office.as_role("auditor").post("/accesses/search", &json!({ "applicant_name": "无此人" })).must(200);
        assert_eq!(nobody.at("/items"), &json!([]));
        for who in ["clerk", "handler", "legal_reviewer", "archivist", "supervisor", "system_admin"] {
            let reply = office.as_role(who).post("/accesses/search", &json!({ "applicant_name": NAME }));
            assert_eq!(told(&reply), "403 forbidden", "{who}");
        }
        let neighbour = office.neighbour("320900");
        let there = office.of_agency(&neighbour, "auditor").post("/accesses/search", &json!({ "applicant_name": NAME })).must(200);
        assert_eq!(there.at("/items"), &json!([]), "another agency's index does not join");
        assert_eq!(told(&office.as_role("auditor").post("/accesses/search", &json!({}))), "422 invalid");
        assert!(events_of(&office, "accesses_reported") >= 5);
        for kind in ["case_exported", "attachment_opened"] {
            assert_eq!(events_of(&office, kind), 1, "{kind}");
        }
        office.server.place.must_be_sound();
    }

    /// Counted from the record, so exact however many ask at once.
    fn an_account_is_shown_so_many_and_then_must_wait(backend) {
        let office = Office::open(backend);
        let case = CaseStory::registered(&office);
        let (most, seconds) = REVEAL_LIMITS[0];
        reveal(&case, "clerk-2", &["name"]).must(200);
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let ask = || reveal(&case, "clerk", &["name"]);
            let asked: Vec<_> = (0..most + 12).map(|_| scope.spawn(ask)).collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        let (granted, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!(granted.len(), usize::try_from(most).unwrap());
        for reply in refused {
            assert_eq!(told(&reply), "429 too_often");
            let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=seconds).contains(&wait), "{wait}");
        }
        reveal(&case, "clerk-2", &["name"]).must(200);
        assert_eq!(events_of(&office, "personal_data_revealed"), usize::try_from(most).unwrap() + 2);
        office.server.place.must_be_sound();
    }

    /// What somebody is shown is counted for him, whichever of his accounts he uses.
    fn two_accounts_of_one_person_are_shown_no_more_than_one(backend) {
        let office = Office::open(backend);
        let case = CaseStory::registered(&office);
        let other = second_account(&office, "clerk", "clerk");
        let (most, _) = REVEAL_LIMITS[0];
        for n in 0..most {
            let who = if n % 2 == 0 { office.as_role("clerk") } else { other.clone() };
            who.post(&case.path("/reveals"), &asking(&["name"], "邮寄答复书")).must(200);
        }
        for who in [&office.as_role("clerk"), &other] {
            assert_eq!(told(&who.post(&case.path("/reveals"), &asking(&["name"], "邮寄答复书"))), "429 too_often");
        }
        reveal(&case, "clerk-2", &["name"]).must(200);
    }

    /// The record failing stops reveals, openings and exports: nothing is shown that is not recorded (T41).
    fn without_a_record_nothing_is_shown(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request()).register(SUBJECT);
        let clerk = office.as_role("clerk");
        attach(&clerk.if_match(case.etag()), &case.id, "identity_proof", "证件.txt", TEXT).must(200);
        let proof = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
        attach(&clerk.if_match("*"), &case.id, "evidence", "来信.txt", NAME.as_bytes()).must(200);
        let letter = newest(&clerk, &case.id)["id"].as_str().unwrap().to_owned();
        let database = &office.server.place.database;
        for table in ["events", "accesses", "chain_heads"] {
            let verb = if table == "chain_heads" { "UPDATE" } else { "INSERT" };
            let (plant, unplant) = match backend {
                Backend::Sqlite => (
                    format!("CREATE TRIGGER planted BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'planted'); END"),
                    "DROP TRIGGER planted".to_owned(),
                ),
                Backend::Postgres => (
                    format!(
                        "CREATE OR REPLACE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS \
                         $$ BEGIN RAISE EXCEPTION 'planted'; END $$; \
                         CREATE TRIGGER planted BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION planted()"
                    ),
                    format!("DROP TRIGGER planted ON {table}"),
                ),
            };
            database.execute(&plant).unwrap();
            let refused = [
                reveal(&case, "clerk", &["name", "identity", "description"]),
                open(&clerk, &case.id, &proof),
                open(&clerk, &case.id, &letter),
                export_with_files(&clerk, &case.id),
                clerk.get(&case.path("/export")),
                clerk.post("/cases/search", &json!({ "applicant_name": NAME })),
                office.as_role("auditor").post("/accesses/search", &json!({ "applicant_name": NAME })),
            ];
            for (n, reply) in refused.iter().enumerate() {
                // The report writes no access of its own.
                if n == 6 && table == "accesses" {
                    continue;
                }
                assert_eq!(told(reply), "503 unavailable", "{table}: {}", reply.told());
                assert!(!reply.text.contains(NAME) && !reply.text.contains(NUMBER), "{}", reply.text);
            }
            database.execute(&unplant).unwrap();
        }
        assert_eq!(database.rows_of("accesses").len(), 0);
        assert_eq!(events_of(&office, "personal_data_revealed"), 0);
        reveal(&case, "clerk", &["name"]).must(200);
        office.server.place.must_be_sound();
    }

    /// The record of a reveal outlives the data that it showed; nothing more is revealed then.
    fn when_the_data_are_erased_it_is_still_known_who_saw_them(backend) {
        let office = Office::open(backend);
        let case = CaseStory::receive(&office, &request()).register(SUBJECT).assign(BUDGET).acknowledge();
        let case = case.draft("granted", "予以公开。").submit().review_by_all().issue().serve("direct");
        assert!(reveal(&case, "clerk", &["reply", "name"]).must(200).str("/reply").contains("予以公开"));
        let case = case.archive();
        let erase = json!({ "proposal": "erase", "ground": "other_law", "reason": "依法删除" });
        let case = case.command("archivist", "POST", "/appraisals", &erase);
        let case = case.command("approver", "POST", "/appraisals/1/decision", &json!({ "approve": true }));
        let list = office.as_role("auditor").get(&case.path("/reveals")).must(200);
        assert_eq!(list.at("/items/0/reason"), &json!("邮寄答复书"));
        let again = reveal(&case, "clerk", &["name"]);
        assert!(again.status == 200 || again.status == 409, "{}", again.told());
        assert_eq!(again.at("/name"), &Value::Null, "{}", again.told());
        office.server.place.must_be_sound();
    }
}
