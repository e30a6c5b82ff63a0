//! Who may change a calendar, what is refused, and that a change is all or nothing.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use gongkai::app::set_up::{NewAccount, NewAgency};
use gongkai::crypto::password::Password;
use gongkai::domain::case::By;
use gongkai::domain::ids::AgencyId;
use gongkai::domain::role::Role;
use serde_json::{Value, json};

use super::{apply, preview, publish, row, rows_of};
use crate::support::client::{Client, Credentials, Reply};
use crate::support::databases::{Backend, TestDatabase, both_databases};
use crate::support::office::{Office, PASSWORD};
use crate::support::server::block_on;
use crate::support::story::request;

const NOTICE: &str = "测试〔2015〕1号";
const PATH: &str = "/calendars/cn/years/2015";

both_databases! {
    fn who_may_change_a_calendar(backend) {
        let office = Office::open(backend);
        let admin = office.as_role("system_admin");
        let rows = rows_of(&admin, "cn", 2015);
        for name in ["clerk", "handler", "approver", "supervisor", "security_admin", "auditor"] {
            let caller = office.as_role(name);
            assert_eq!(preview(&caller, PATH, NOTICE, &rows).must(403).code(), "forbidden");
            assert_eq!(apply(&caller, PATH, NOTICE, &rows, &"0".repeat(64)).must(403).code(), "forbidden");
            // Everybody reads it.
            caller.get("/calendars").must(200);
            caller.get("/calendars/cn").must(200);
            caller.get(PATH).must(200);
        }
        office.anonymous().get("/calendars").must(401);
        // The administrator of an agency below another.
        let below = system_admin_below(&office);
        assert_eq!(preview(&below, PATH, NOTICE, &rows).must(403).code(), "forbidden");
        preview(&admin, PATH, NOTICE, &rows).must(200);
    }

    fn a_calendar_is_shown_with_its_notices(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let list = clerk.get("/calendars").must(200);
        assert_eq!(list.at("/items/0/id"), "cn");
        let cn = clerk.get("/calendars/cn").must(200);
        assert_eq!((cn.at("/first_year"), cn.at("/last_year")), (&json!(2004), &json!(2026)));
        assert_eq!(cn.at("/extends"), &Value::Null);
        assert_eq!(cn.at("/years/11/notices"), &json!(["国办发明电〔2014〕28号", "国发明电〔2015〕1号"]));
        let year = clerk.get("/calendars/cn/years/2026").must(200);
        assert_eq!((year.at("/version"), year.at("/versions")), (&json!(0), &json!([])));
        assert_eq!(year.at("/days/0"), &json!({
            "date": "2026-01-01", "kind": "holiday", "name": "元旦", "notice": "国办发明电〔2025〕7号",
        }));
        for path in ["/calendars/us", "/calendars/us/years/2026", "/calendars/cn/years/2003",
                     "/calendars/cn/years/2027", "/calendars/cn/years/x"] {
            clerk.get(path).must(404);
        }
    }

    fn every_wrong_field_is_named_at_once(backend) {
        let office = Office::open(backend);
        let admin = office.as_role("system_admin");
        let told = |reply: Reply| -> BTreeSet<(String, String)> {
            let errors = reply.must(422).at("/errors").as_array().unwrap().clone();
            let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
            errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
        };
        let set = |pairs: &[(&str, &str)]| -> BTreeSet<(String, String)> {
            pairs.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
        };
        let year = |year: i32, rows: &[Value]| {
            told(preview(&admin, &format!("/calendars/cn/years/{year}"), NOTICE, rows))
        };
        let new_year = || row("2015-01-01", "holiday", "元旦");
        // Another year's day; the last days of December of the year before may come along; twice; a workday on a Monday.
        let rows = [
            new_year(),
            row("2016-01-01", "holiday", "元旦"),
            row("2014-12-24", "holiday", "x"),
            row("2014-12-31", "holiday", "x"),
            new_year(),
            row("2015-06-01", "workday", "x"),
        ];
        let expected = [
            ("/rows/1/date", "other_year"),
            ("/rows/2/date", "other_year"),
            ("/rows/4/date", "duplicate"),
            ("/rows/5/kind", "workday_already"),
        ];
        assert_eq!(year(2015, &rows), set(&expected));
        // A whole year is not taken away, and none is left out.
        assert_eq!(year(2015, &[]), set(&[("/rows", "empty")]));
        assert_eq!(year(2028, &[row("2028-01-03", "holiday", "x")]), set(&[("year", "gap")]));
        assert_eq!(year(2002, &[row("2002-01-01", "holiday", "x")]), set(&[("year", "gap")]));
        assert_eq!(year(2004, &[row("2004-01-01", "holiday", "x"), row("2003-12-31", "holiday", "x")]),
            set(&[("/rows/1/date", "gap")]));
        // Shape.
        let wrong = json!({ "notice": " ", "rows": [
            { "date": "2015-13-01", "kind": "off", "name": "" }, { "date": "2015-01-01" },
        ] });
        let reply = admin.post(&format!("{PATH}/preview"), &wrong);
        let shape = told(reply);
        let pointers: BTreeSet<&str> = shape.iter().map(|(pointer, _)| pointer.as_str()).collect();
        let expected = ["/notice", "/rows/0/date", "/rows/0/kind", "/rows/0/name", "/rows/1/kind", "/rows/1/name"];
        assert_eq!(pointers, BTreeSet::from(expected));
        let digest = json!({ "notice": "x", "rows": [], "preview": "x" });
        assert!(told(admin.put(PATH, &digest)).contains(&("/preview".to_owned(), "type".to_owned()))
            || admin.put(PATH, &digest).must(422).at("/errors/0/pointer") == "/preview");
        preview(&admin, "/calendars/us/years/2015", NOTICE, &[new_year()]).must(404);
        preview(&admin, "/calendars/cn/years/x", NOTICE, &[new_year()]).must(404);
    }

    fn what_was_previewed_is_what_is_applied(backend) {
        let office = Office::open(backend);
        let (admin, clerk) = (office.as_role("system_admin"), office.as_role("clerk"));
        received(&clerk, "2015-08-20");
        let rows = with_day_off(&admin, "2015-09-10");
        let first = preview(&admin, PATH, NOTICE, &rows).must(200);
        assert_eq!(first.at("/moved/total"), 1);
        // Another case comes in that would move too.
        let other = received(&clerk, "2015-08-21");
        let stale = apply(&admin, PATH, NOTICE, &rows, first.str("/digest")).must(409);
        assert_eq!(stale.code(), "preview_stale");
        assert_eq!(due(&clerk, &other), "2015-09-21");
        // A case that does not move changes nothing of what was previewed; nor does a step that moves no date.
        let second = preview(&admin, PATH, NOTICE, &rows).must(200);
        assert_eq!(second.at("/moved/total"), 2);
        received(&clerk, "2015-10-10");
        let other_notice = apply(&admin, PATH, "测试〔2015〕2号", &rows, second.str("/digest"));
        assert_eq!(other_notice.must(409).code(), "preview_stale");
        apply(&admin, PATH, NOTICE, &rows, second.str("/digest")).must(200);
        assert_eq!(due(&clerk, &other), "2015-09-22");
        // Applied once: the same preview does not hold any more.
        assert_eq!(apply(&admin, PATH, NOTICE, &rows, second.str("/digest")).must(409).code(), "preview_stale");
        // A preview of before another change.
        let third = preview(&admin, PATH, NOTICE, &with_day_off(&admin, "2015-09-11")).must(200);
        publish(&admin, "/calendars/cn/years/2016", NOTICE, &[row("2016-01-01", "holiday", "元旦")]);
        let stale = apply(&admin, PATH, NOTICE, &with_day_off(&admin, "2015-09-11"), third.str("/digest"));
        assert_eq!(stale.must(409).code(), "preview_stale");
        office.server.place.must_be_sound();
    }

    /// The list is bounded; the totals are not.
    fn a_preview_names_as_many_as_were_asked_for(backend) {
        let office = Office::open(backend);
        let (admin, clerk) = (office.as_role("system_admin"), office.as_role("clerk"));
        for _ in 0..3 {
            received(&clerk, "2015-08-20");
        }
        let rows = with_day_off(&admin, "2015-09-10");
        let body = json!({ "notice": NOTICE, "rows": rows });
        let two = admin.post(&format!("{PATH}/preview?limit=2"), &body).must(200);
        assert_eq!(two.at("/moved/total"), 3);
        assert_eq!(two.at("/moved/items").as_array().unwrap().len(), 2);
        admin.post(&format!("{PATH}/preview?limit=1001"), &body).must(422);
    }

    /// Clerks take cases in while notices are applied: none of them keeps a date of a calendar that was replaced.
    fn cases_that_come_in_during_a_change_are_counted_by_the_new_calendar(backend) {
        let office = Office::open(backend);
        let (admin, clerk) = (office.as_role("system_admin"), office.as_role("clerk"));
        let left = AtomicUsize::new(4);
        let ids: Vec<String> = std::thread::scope(|scope| {
            let clerks: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let ids: Vec<String> = (0..12).map(|_| received(&clerk, "2015-08-20")).collect();
                        left.fetch_sub(1, Ordering::SeqCst);
                        ids
                    })
                })
                .collect();
            // A day off and back again, for as long as cases come in; then off for good.
            let plain = rows_of(&admin, "cn", 2015);
            let off = with_day_off(&admin, "2015-09-10");
            while left.load(Ordering::SeqCst) > 0 {
                for rows in [&off, &plain] {
                    let previewed = preview(&admin, PATH, NOTICE, rows).must(200);
                    let applied = apply(&admin, PATH, NOTICE, rows, previewed.str("/digest"));
                    // A case that came in between is not what was previewed.
                    assert!(applied.status == 200 || applied.code() == "preview_stale", "{}", applied.told());
                }
            }
            publish(&admin, PATH, NOTICE, &off);
            clerks.into_iter().flat_map(|clerk| clerk.join().unwrap()).collect()
        });
        assert_eq!(ids.len(), 48);
        for id in &ids {
            assert_eq!(due(&clerk, id), "2015-09-21");
        }
        office.server.place.must_be_sound();
    }

    /// Cases of two agencies; the last of them cannot be written.
    fn a_fault_at_the_last_case_leaves_every_other_as_it_was(backend) {
        let office = Office::open(backend);
        let neighbour = office.neighbour("320900");
        let admin = office.as_role("system_admin");
        let ours: Vec<String> =
            (0..3).map(|_| received(&office.as_role("clerk"), "2015-08-20")).collect();
        let theirs: Vec<String> =
            (0..3).map(|_| received(&office.of_agency(&neighbour, "clerk"), "2015-08-20")).collect();
        let rows = with_day_off(&admin, "2015-09-10");
        let previewed = preview(&admin, PATH, NOTICE, &rows).must(200);
        assert_eq!(previewed.at("/moved/total"), 6);
        let database = &office.server.place.database;
        for table in ["cases", "events", "calendar_versions", "case_obligations", "chain_heads"] {
            let before = database.contents();
            plant(database, table, theirs.last().unwrap());
            // Without its record it may be there the next time; anything else is a fault of ours.
            let status = if matches!(table, "events" | "chain_heads") { 503 } else { 500 };
            apply(&admin, PATH, NOTICE, &rows, previewed.str("/digest")).must(status);
            unplant(database, table);
            assert_eq!(database.contents(), before, "{table}: something was left behind");
            assert_eq!(admin.get(PATH).must(200).at("/version"), 0);
        }
        for id in &ours {
            assert_eq!(due(&office.as_role("clerk"), id), "2015-09-18");
        }
        let applied = apply(&admin, PATH, NOTICE, &rows, previewed.str("/digest")).must(200);
        assert_eq!(applied.at("/moved/total"), 6);
        let agencies: BTreeSet<&str> =
            applied.at("/moved/items").as_array().unwrap().iter().map(|case| case["agency"].as_str().unwrap()).collect();
        assert_eq!(agencies, BTreeSet::from(["320800", "320900"]));
        assert_eq!(due(&office.of_agency(&neighbour, "clerk"), &theirs[2]), "2015-09-21");
        office.server.place.must_be_sound();
    }
}

/// A counter case received on a day.
fn received(clerk: &Client, on: &str) -> String {
    let mut request = request();
    request["arrived_on"] = json!(on);
    clerk.post("/cases", &request).must(201).str("/id").to_owned()
}

fn due(clerk: &Client, id: &str) -> String {
    clerk.get(&format!("/cases/{id}")).must(200).str("/time_limit/due_on").to_owned()
}

/// The year's rows and one more day off.
fn with_day_off(caller: &Client, date: &str) -> Vec<Value> {
    let mut rows = rows_of(caller, "cn", 2015);
    rows.push(row(date, "holiday", "测试"));
    rows
}

/// An agency below the office's, and its system administrator.
fn system_admin_below(office: &Office) -> Client {
    let app = office.server.place.app();
    block_on(async {
        let new = NewAgency {
            code: "320801".to_owned(),
            name: "某区人民政府".to_owned(),
            parent: Some(office.agency.code.clone()),
            ..NewAgency::default()
        };
        let agency = AgencyId(app.create_agency(By::Operator, new).await.unwrap().id.0);
        let account = NewAccount {
            agency,
            username: "below".to_owned(),
            person: None,
            roles: vec![(Role::SystemAdmin, None)],
            password: Some(Password::from(PASSWORD)),
            must_change: false,
        };
        app.create_account(By::Operator, account).await.unwrap();
    });
    office.anonymous().signed_in(&Credentials::new("below", PASSWORD))
}

/// Refuses what is written of one case (or at all, in a table that is not about cases).
fn plant(database: &TestDatabase, table: &str, case: &str) {
    let verb = if matches!(table, "cases" | "chain_heads") { "UPDATE" } else { "INSERT" };
    let column = match table {
        "cases" => Some("id"),
        "events" | "case_obligations" => Some("case_id"),
        _ => None,
    };
    let statement = match database.backend {
        Backend::Sqlite => {
            let hex = case.replace('-', "").to_uppercase();
            let when = column.map(|column| format!("WHEN NEW.{column} = X'{hex}'")).unwrap_or_default();
            format!(
                "CREATE TRIGGER planted BEFORE {verb} ON {table} {when} BEGIN SELECT RAISE(ABORT, 'planted fault'); END"
            )
        }
        Backend::Postgres => {
            let when = column.map(|column| format!("WHEN (NEW.{column} = '{case}')")).unwrap_or_default();
            format!(
                "CREATE OR REPLACE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'planted fault'; END $$; \
                 CREATE TRIGGER planted BEFORE {verb} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION planted()"
            )
        }
    };
    database.execute(&statement).unwrap();
}

fn unplant(database: &TestDatabase, table: &str) {
    let on = if database.backend == Backend::Postgres { format!(" ON {table}") } else { String::new() };
    database.execute(&format!("DROP TRIGGER planted{on}")).unwrap();
}
