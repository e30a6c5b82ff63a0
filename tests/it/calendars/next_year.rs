//! December, before next year's notice: every date that reaches into what it may change is provisional, wherever it is shown, until
//! the notice is published. Also how other instances, and commands already decided, learn of it.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use gongkai::app::App;
use gongkai::app::set_up::NewAgency;
use gongkai::clock::Clock;
use gongkai::config::{IdentitySettings, PublicLimits};
use gongkai::crypto::master_key::MasterKey;
use gongkai::crypto::password::PasswordProfile;
use gongkai::domain::case::{By, Origin};
use gongkai::http::bind;
use gongkai::law::LawBook;
use gongkai::store::statute_of;
use serde_json::{Value, json};

use super::{day, publish, row, rows_of};
use crate::support::client::{Client, Credentials, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{Agency, Office, PASSWORD};
use crate::support::server::{Address, GONGKAI, Place, block_on};
use crate::support::story::{SUBJECT, request};

/// No such notice exists: it was not published when this was written.
const NOTICE: &str = "测试〔2026〕99号";
const PATH: &str = "/calendars/cn/years/2027";

/// Made up: New Year off on Friday, made up for on Sunday 27 December 2026; Spring Festival off, with a make-up Saturday.
fn year_2027() -> Vec<Value> {
    let mut rows = vec![row("2026-12-27", "workday", "元旦调休"), row("2027-01-01", "holiday", "元旦")];
    rows.extend(
        ["05", "08", "09", "10", "11", "12"].map(|day| row(&format!("2027-02-{day}"), "holiday", "春节")),
    );
    rows.push(row("2027-02-20", "workday", "春节调休"));
    rows
}

/// An office whose clock stands, served in this process. Unlike `gongkai serve` it never looks by itself whether calendars were
/// changed elsewhere.
struct December {
    place: Place,
    agency: Agency,
    nobody: Client,
    clock: Clock,
}

impl December {
    fn at(backend: crate::support::databases::Backend, instant: &str) -> Self {
        let place = Place::new(backend);
        let agency = Agency::found(&place.app(), "320800");
        let clock = Clock::set_at(instant.parse::<DateTime<Utc>>().unwrap());
        let app = open(&place, &clock);
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let hundred = NonZeroU32::new(100).unwrap();
                let public =
                    PublicLimits { per_minute: hundred, burst: hundred, trusted_proxies: Vec::new() };
                let running = bind(app, SocketAddr::from(([127, 0, 0, 1], 0)), 1, public).unwrap();
                tell.send(running.address).unwrap();
                running.wait().await.unwrap();
            });
        });
        let nobody = Client::anonymous(Address::from(told.recv().unwrap()));
        Self { place, agency, nobody, clock }
    }

    fn as_role(&self, name: &str) -> Client {
        self.nobody.signed_in(self.agency.credentials(name))
    }

    fn receive(&self, on: &str) -> Reply {
        let mut request = request();
        request["arrived_on"] = json!(on);
        self.as_role("clerk").post("/cases", &request).must(201)
    }
}

/// The program on a place with a clock of its own.
fn open(place: &Place, clock: &Clock) -> Arc<App> {
    let master = MasterKey::load(&place.master_key_file()).unwrap();
    let law = Arc::new(LawBook::embedded().unwrap());
    let app = App::open(place.database.url(), master, law, clock.clone(), Origin::Api);
    let mut app = block_on(app).unwrap();
    // The people were hired today, by the clock of the machine that runs the test.
    app.identity = IdentitySettings {
        passwords: PasswordProfile::Nist,
        dormant_days: 0,
        second_factor: false,
        ..app.identity.clone()
    };
    Arc::new(app)
}

fn limit(case: &Reply) -> (&Value, &Value) {
    (case.at("/time_limit/due_on"), case.at("/time_limit/provisional/reason"))
}

both_databases! {
    fn what_reaches_into_an_unpublished_year_is_provisional_until_it_is_published(backend) {
        let office = December::at(backend, "2026-12-10T02:00:00Z");
        let (clerk, admin) = (office.as_role("clerk"), office.as_role("system_admin"));
        // Due on 23 December, on 30 December, and in January.
        let final_ = office.receive("2026-11-25");
        let last_days = office.receive("2026-12-02");
        let next_year = office.receive("2026-12-10");
        assert_eq!(limit(&final_), (&json!("2026-12-23"), &Value::Null));
        assert_eq!(limit(&last_days), (&json!("2026-12-30"), &json!("last_days_of_last_year")));
        assert_eq!(limit(&next_year), (&json!("2027-01-07"), &json!("year_without_notice")));
        let shown = |of: &Reply| clerk.get(&format!("/cases/{}", of.str("/id"))).must(200);
        let listed = |of: &Reply| {
            let list = clerk.get("/cases").must(200);
            let items = list.at("/items").as_array().unwrap().clone();
            let line = items.into_iter().find(|line| line["id"] == of.body["id"]).unwrap();
            (line["due_on"].clone(), line["provisional"].clone())
        };
        assert_eq!(listed(&final_), (json!("2026-12-23"), json!(false)));
        assert_eq!(listed(&last_days), (json!("2026-12-30"), json!(true)));
        assert_eq!(listed(&next_year), (json!("2027-01-07"), json!(true)));
        // The calculator, for anybody, and the explanation of the case say the same.
        let calculated = |on: &str| {
            let facts = json!([{ "type": "received", "on": on }]);
            let asked = json!({ "statute": "cn-ogi-2019", "facts": facts });
            let answer = office.nobody.post("/time-limits/calculate", &asked).must(200);
            (answer.at("/due_on").clone(), answer.at("/provisional/reason").clone())
        };
        let explained = |of: &Reply| {
            let answer = clerk.get(&format!("/cases/{}/time-limit", of.str("/id"))).must(200);
            (answer.at("/due_on").clone(), answer.at("/provisional/reason").clone())
        };
        for (case, on) in [(&final_, "2026-11-25"), (&last_days, "2026-12-02"), (&next_year, "2026-12-10")] {
            let (due_on, provisional) = limit(case);
            assert_eq!(calculated(on), (due_on.clone(), provisional.clone()), "{on}");
            assert_eq!(explained(case), (due_on.clone(), provisional.clone()), "{on}");
        }

        // 27 December works, and New Year's Day is off: of the period that ends on the 30th one day earlier is the last; the one
        // that ends in January gains one and loses one.
        let previewed = publish(&admin, PATH, NOTICE, &year_2027());
        assert_eq!(previewed.at("/versions"), &json!([{ "year": 2026, "version": 1 }, { "year": 2027, "version": 1 }]));
        assert_eq!(previewed.at("/differences/0"), &json!({
            "date": "2026-12-27",
            "before": { "class": "weekend", "name": null, "notice": null },
            "after": { "class": "make_up_workday", "name": "元旦调休", "notice": NOTICE },
        }));
        let ids = |pointer: &str| -> Vec<String> {
            let items = previewed.at(pointer).as_array().unwrap();
            items.iter().map(|case| case["case_id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ids("/moved/items"), [last_days.str("/id")]);
        assert_eq!(ids("/settled/items"), [next_year.str("/id")]);
        assert_eq!(previewed.at("/settled/items/0/before/provisional"), "year_without_notice");
        assert_eq!(previewed.at("/settled/items/0/after/provisional"), &Value::Null);

        assert_eq!(limit(&shown(&final_)), (&json!("2026-12-23"), &Value::Null));
        assert_eq!(limit(&shown(&last_days)), (&json!("2026-12-29"), &Value::Null));
        assert_eq!(limit(&shown(&next_year)), (&json!("2027-01-07"), &Value::Null));
        assert_eq!(listed(&last_days), (json!("2026-12-29"), json!(false)));
        assert_eq!(listed(&next_year), (json!("2027-01-07"), json!(false)));
        for (case, on) in [(&final_, "2026-11-25"), (&last_days, "2026-12-02"), (&next_year, "2026-12-10")] {
            let shown = shown(case);
            let final_on = (limit(&shown).0.clone(), Value::Null);
            assert_eq!((calculated(on), explained(case)), (final_on.clone(), final_on), "{on}");
        }
        assert_eq!(shown(&next_year).at("/version"), 1, "who only settles gets no event");
        let history = clerk.get(&format!("/cases/{}/history", last_days.str("/id"))).must(200);
        let told = history.at("/events/1/event");
        assert_eq!((&told["year"], &told["version"]), (&json!(2026), &json!(1)), "the year whose days moved it");
        // December keeps its own days, and says what changed it.
        let december = clerk.get("/calendars/cn/years/2026").must(200);
        assert_eq!(december.at("/days/0/notice"), "国办发明电〔2025〕7号");
        assert_eq!(december.at("/versions/0/note"), "12月末由2027年通知调整");
        assert_eq!(clerk.get("/calendars/cn").must(200).at("/last_year"), 2027);
        // A case that comes in afterwards is final at once, and the end of 2027 is open now.
        office.clock.set("2027-12-03T02:00:00Z".parse().unwrap());
        let clerk = office.nobody.signed_in(&Credentials::new(office.agency.username("clerk"), PASSWORD));
        let receive = |on: &str| {
            let mut request = request();
            request["arrived_on"] = json!(on);
            clerk.post("/cases", &request).must(201)
        };
        let later = receive("2027-06-01");
        assert_eq!(limit(&later), (&json!("2027-06-29"), &Value::Null));
        assert_eq!(limit(&receive("2027-12-02")).1, "last_days_of_last_year");
        office.place.must_be_sound();
    }

    fn a_date_before_the_calendar_is_refused(backend) {
        let office = Office::open(backend);
        let mut request = request();
        request["arrived_on"] = json!("2003-12-31");
        let refused = office.as_role("clerk").post("/cases", &request).must(409);
        assert_eq!(refused.code(), "date_before_calendar");
        let facts = json!([{ "type": "received", "on": "2003-12-31" }]);
        let asked = json!({ "statute": "cn-ogi-2019", "facts": facts });
        let refused = office.anonymous().post("/time-limits/calculate", &asked).must(422);
        assert_eq!(refused.at("/errors/0/code"), "outside_calendar");
        request["arrived_on"] = json!("2004-01-01");
        office.as_role("clerk").post("/cases", &request).must(201);
    }

    /// A server that has not heard of a change decides a command by the calendar that was; it is not written, but decided anew.
    fn a_command_decided_by_the_old_calendar_is_decided_again(backend) {
        let office = December::at(backend, "2026-12-10T02:00:00Z");
        let before = office.receive("2026-12-02");
        let elsewhere = open(&office.place, &office.clock);
        publish_at(&elsewhere);
        let fresh = office.receive("2026-12-02");
        assert_eq!(limit(&fresh), (&json!("2026-12-29"), &Value::Null));
        // The case that the change moved is another version.
        let clerk = office.as_role("clerk");
        let register = json!({ "subject": SUBJECT });
        let path = format!("/cases/{}/registration", before.str("/id"));
        assert_eq!(clerk.if_match("\"1\"").post(&path, &register).must(412).code(), "version_stale");
        let registered = clerk.if_match("\"2\"").post(&path, &register).must(200);
        assert_eq!(limit(&registered), (&json!("2026-12-29"), &Value::Null));
        office.place.must_be_sound();
    }

    /// A change by a command on the server's machine (or by another instance): told by nobody, the server knows soon.
    fn another_instance_hears_of_a_change_by_itself(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let mut request = request();
        request["arrived_on"] = json!("2015-08-20");
        let case = clerk.post("/cases", &request).must(201);
        assert_eq!(case.at("/time_limit/due_on"), "2015-09-18");
        let mut rows = rows_of(&clerk, "cn", 2015);
        rows.push(json!({ "date": "2015-09-10", "kind": "holiday", "name": "测试", "notice": NOTICE }));
        let file = office.server.place.folder().join("calendar.csv");
        std::fs::write(&file, csv(&rows)).unwrap();
        let run = |arguments: &[&str]| {
            let mut command = office.server.place.command(GONGKAI);
            let output = command.args(["calendar", "import"]).arg(&file).args(arguments).output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{told}");
            String::from_utf8(output.stdout).unwrap()
        };
        let tried = run(&["--preview"]);
        assert!(tried.contains("year 2015 becomes version 1") && tried.contains("1 open cases would move"), "{tried}");
        assert!(tried.contains("due 2015-09-18 -> 2015-09-21"), "{tried}");
        let done: Value = serde_json::from_str(&run(&["--json"])).unwrap();
        assert_eq!(done["versions"], json!([{ "year": 2015, "version": 1 }]));
        assert_eq!(done["moved"]["items"][0]["case_id"], case.body["id"]);
        let again = run(&[]);
        assert!(again.contains("0 open cases moved"), "the same file once more changes nothing: {again}");
        // What a case shows is derived when it is read, by the law that the server knows.
        let since = Instant::now();
        let shown = || clerk.get(&format!("/cases/{}", case.str("/id"))).must(200);
        while shown().at("/time_limit/due_on") != "2015-09-21" {
            assert!(since.elapsed() < Duration::from_secs(30), "the server has not heard of the change");
            std::thread::sleep(Duration::from_millis(50));
        }
        office.server.place.must_be_sound();
    }

    fn an_agency_may_have_a_region_s_calendar_and_its_cases_keep_it(backend) {
        let place = Place::new(backend);
        let law = region_law();
        let clock = Clock::set_at("2026-07-01T02:00:00Z".parse().unwrap());
        let open = || {
            let master = MasterKey::load(&place.master_key_file()).unwrap();
            let law = Arc::new(LawBook::from_dir(law.path()).unwrap());
            block_on(App::open(place.database.url(), master, law, clock.clone(), Origin::Api)).unwrap()
        };
        let app = open();
        let new = |code: &str, calendar: Option<&str>| NewAgency {
            code: code.to_owned(),
            name: "凉山州人民政府".to_owned(),
            calendar: calendar.map(str::to_owned),
            ..NewAgency::default()
        };
        let refused = block_on(app.create_agency(By::Operator, new("x", Some("us")))).unwrap_err();
        assert!(refused.to_string().contains("/calendar"), "{refused}");
        let region = block_on(app.create_agency(By::Operator, new("513400", Some("cn-liangshan")))).unwrap();
        assert_eq!(region.calendar.as_deref(), Some("cn-liangshan"));
        let nation = block_on(app.create_agency(By::Operator, new("320800", Some("cn")))).unwrap();
        assert_eq!(nation.calendar, None, "the statute's own");
        let file = "number,channel,received_on,registered_on,applicant_kind,applicant_name,description,department,\
                    outcome,replied_on,archived_on\nL-1,counter,2011-07-15,2011-07-15,natural_person,王示例,某报告,,,,\n";
        for (row, due_on) in [(&region, "2011-08-18"), (&nation, "2011-08-12")] {
            let agency = block_on(app.agency(gongkai::domain::ids::AgencyId(row.id.0))).unwrap();
            let ledger = app.read_ledger(&agency, file.as_bytes()).unwrap();
            let silent = gongkai::app::progress::silent();
            let done = block_on(app.import_ledger(&agency, By::Operator, ledger, false, &silent)).unwrap();
            assert_eq!(done.imported, 1, "{:?}", done.refused);
            let case = block_on(app.store.case_by_number(row.id, "L-1".to_owned())).unwrap().unwrap();
            assert_eq!(case.due_on, Some(day(due_on)));
            assert_eq!(case.calendar, row.calendar);
        }
        // A change of the nation's calendar moves the region's cases too; one of the region's only its own.
        let change = |calendar: &str, date: NaiveDate| {
            use gongkai::app::calendars::{NewDay, NewYears, Scope};
            let law = app.store.law();
            let mut days: Vec<NewDay> = law
                .own_rows(calendar, 2011)
                .map(|row| NewDay { date: row.date, kind: row.kind, name: row.name.clone(), notice: None })
                .collect();
            let kind = gongkai::domain::calendar::ExceptionKind::Holiday;
            days.push(NewDay { date, kind, name: "测试".to_owned(), notice: None });
            let calendar = calendar.to_owned();
            let new = NewYears { calendar, notice: NOTICE.to_owned(), scope: Scope::Year(2011), days };
            let previewed = block_on(app.preview_calendar(&new, 10)).unwrap();
            let digest = previewed.effects.digest;
            block_on(app.apply_calendar(By::Operator, &new, digest, 10)).unwrap().previewed.effects.moved
        };
        assert_eq!(change("cn", day("2011-08-01")), 2);
        assert_eq!(change("cn-liangshan", day("2011-08-02")), 1);
        let due = |row: &gongkai::store::AgencyRow| {
            block_on(app.store.case_by_number(row.id, "L-1".to_owned())).unwrap().unwrap().due_on
        };
        assert_eq!((due(&region), due(&nation)), (Some(day("2011-08-22")), Some(day("2011-08-15"))));
        // The record is derived again to the same rows, also by a program that has just started.
        for app in [open(), app] {
            let rebuilt = block_on(app.rebuild(true, &gongkai::app::progress::silent())).unwrap();
            assert!(rebuilt.is_sound() && rebuilt.differences.is_empty(), "{rebuilt:?}");
            assert!(statute_of(&app.store.law(), "cn-ogi-2019").is_some());
        }
    }
}

fn publish_at(app: &App) {
    use gongkai::app::calendars::{NewDay, NewYears, Scope};
    let days = year_2027()
        .iter()
        .map(|row| NewDay {
            date: day(row["date"].as_str().unwrap()),
            kind: serde_json::from_value(row["kind"].clone()).unwrap(),
            name: row["name"].as_str().unwrap().to_owned(),
            notice: None,
        })
        .collect();
    let (calendar, notice) = ("cn".to_owned(), NOTICE.to_owned());
    let new = NewYears { calendar, notice, scope: Scope::Year(2027), days };
    let previewed = block_on(app.preview_calendar(&new, 10)).unwrap();
    block_on(app.apply_calendar(By::Operator, &new, previewed.effects.digest, 10)).unwrap();
}

/// Rows as a file.
fn csv(rows: &[Value]) -> String {
    let mut text = "date,kind,name,source_notice_number\n".to_owned();
    for row in rows {
        let field = |name: &str| row[name].as_str().unwrap().to_owned();
        writeln!(text, "{},{},{},{}", field("date"), field("kind"), field("name"), field("notice")).unwrap();
    }
    text
}

/// The law with Liangshan's calendar of 2011 (凉府办发〔2010〕31号).
fn region_law() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("law/cn");
    std::fs::create_dir_all(folder.path().join("cn/regions")).unwrap();
    for file in ["ogi-2019.toml", "calendar.csv"] {
        std::fs::copy(root.join(file), folder.path().join("cn").join(file)).unwrap();
    }
    let mut text = "date,kind,name,source_notice_number\n".to_owned();
    for date in day("2011-07-24").iter_days().take(7) {
        writeln!(text, "{date},holiday,火把节,凉府办发〔2010〕31号").unwrap();
    }
    text += "2011-07-31,workday,火把节调休,凉府办发〔2010〕31号\n";
    std::fs::write(folder.path().join("cn/regions/liangshan.csv"), text).unwrap();
    folder
}
