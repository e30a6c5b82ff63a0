//! The queue: filters, lights, orders and pages over a desk full of cases.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::operations::told;
use super::stories::by_channel;
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PLANNING, today};
use crate::support::story::{CaseStory, SUBJECT, request};

pub const CASES: u64 = 60;

/// So many cases, come in over the last three months by every channel, some of them further on: registered, assigned,
/// withdrawn, answered.
pub fn fill(office: &Office) {
    let channels = ["counter", "registered_post", "ordinary_post", "fax", "online", "email"];
    let account = office.as_role("handler").get("/me").must(200).str("/account_id").to_owned();
    for n in 0..CASES {
        let channel = channels[usize::try_from(n).unwrap() % channels.len()];
        // Several come on one day, so that the order has to decide between equals.
        let mut body = by_channel(channel, today() - Days::new(n / 4 * 5));
        body["applicant"]["kind"] =
            json!(if n % 3 == 0 { "commercial_enterprise" } else { "natural_person" });
        let case = CaseStory::receive(office, &body);
        if n % 5 == 0 || case.last.str("/status") != "received" {
            continue;
        }
        let case = case.register(SUBJECT);
        let department = office.department(if n % 2 == 0 { BUDGET } else { PLANNING });
        let help = json!({ "department_id": office.department(BUDGET), "kind": "co_handling" });
        let assign = json!({ "department_id": department, "assignee_id": (n % 8 == 0).then_some(&account) });
        match n % 7 {
            0 => {}
            1 => drop(case.command("clerk", "POST", "/withdrawal", &json!({}))),
            2 => drop(
                case.assign(BUDGET)
                    .acknowledge()
                    .draft("unable_not_held", "不掌握。")
                    .submit()
                    .review_by_all()
                    .issue(),
            ),
            3 if n % 2 == 1 => drop(case.assign(PLANNING).command("clerk", "POST", "/assignments", &help)),
            _ => drop(case.command("clerk", "POST", "/assignments", &assign)),
        }
    }
}

pub fn items(reply: &Reply) -> Vec<Value> {
    reply.at("/items").as_array().unwrap().clone()
}

pub fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

pub fn all(caller: &Client, query: &str) -> Vec<Value> {
    let page = caller.get(&format!("/cases?limit=200{query}")).must(200);
    assert_eq!(page.at("/next_cursor"), &Value::Null);
    assert_eq!(page.str("/as_of"), today().to_string());
    items(&page)
}

/// Every page, by the links; what is done after each page is given.
pub fn walk(caller: &Client, query: &str, limit: usize, mut after_page: impl FnMut()) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut next = format!("/cases?limit={limit}{query}");
    loop {
        let page = caller.get(&next).must(200);
        let here = items(&page);
        found.extend(here.iter().cloned());
        let Some(cursor) = page.at("/next_cursor").as_str() else {
            assert_eq!(page.header("link"), None, "the last page leads nowhere");
            return found;
        };
        assert_eq!(here.len(), limit, "a page that is not full is the last");
        let link = page.header("link").unwrap();
        let target =
            link.strip_prefix("</api/v1").and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
        assert!(
            target.contains(&format!("cursor={cursor}")) && target.contains(&format!("limit={limit}")),
            "{link}"
        );
        target.clone_into(&mut next);
        after_page();
    }
}

/// The lights are comparisons with today of dates that follow from the limit.
fn check_lights(caller: &Client, everything: &[Value]) {
    let mut seen = BTreeSet::new();
    for item in everything {
        let case = caller.get(&format!("/cases/{}", item["id"].as_str().unwrap())).must(200);
        assert_eq!(case.at("/time_limit/light"), &item["light"]);
        assert_eq!(case.at("/time_limit/due_on"), &item["due_on"]);
        let Some(left) = case.at("/time_limit/working_days_left").as_i64() else {
            assert_eq!(item["light"], Value::Null);
            continue;
        };
        let light = match left {
            ..0 => "overdue",
            0..=2 => "red",
            3..=5 => "yellow",
            _ => "green",
        };
        assert_eq!(item["light"], light, "{left} working days left");
        seen.insert(light);
    }
    assert!(["green", "overdue"].iter().all(|light| seen.contains(light)), "{seen:?}");
    for light in ["green", "yellow", "red", "overdue"] {
        check_filter(caller, everything, &format!("&light={light}"), |item| item["light"] == light);
    }
}

#[track_caller]
fn check_filter(caller: &Client, everything: &[Value], query: &str, wanted: impl Fn(&Value) -> bool) {
    let found = all(caller, query);
    let wanted: Vec<Value> = everything.iter().filter(|item| wanted(item)).cloned().collect();
    assert_eq!(ids(&found), ids(&wanted), "{query}");
    assert_eq!(walk(caller, query, 3, || ()), wanted, "{query}, page by page");
}

pub fn day(item: &Value, member: &str) -> Option<NaiveDate> {
    item[member].as_str().map(|text| text.parse().unwrap())
}

both_databases! {
    fn the_queue_is_filtered_sorted_and_paged(backend) {
        let office = Office::open(backend);
        fill(&office);
        let clerk = office.as_role("clerk");
        let everything = all(&clerk, "");
        assert_eq!(everything.len(), 60);
        check_lights(&clerk, &everything);
        check_orders(&clerk, &everything);

        for (member, value) in [
            ("stage", "receive"),
            ("stage", "register"),
            ("stage", "process"),
            ("stage", "reply"),
            ("status", "awaiting_confirmation"),
            ("status", "registered"),
            ("status", "withdrawn"),
            ("status", "replied"),
            ("channel", "fax"),
            ("channel", "online"),
            ("outcome", "other_other"),
            ("outcome", "unable_not_held"),
        ] {
            assert!(everything.iter().any(|item| item[member] == value), "no case has {member} {value}");
            check_filter(&clerk, &everything, &format!("&{member}={value}"), |item| item[member] == value);
        }
        let account = office.as_role("handler").get("/me").must(200).str("/account_id").to_owned();
        let assignee = format!("&assignee_id={account}");
        check_filter(&clerk, &everything, &assignee, |item| item["assignee_id"] == account.as_str());
        let number = everything.iter().find_map(|item| item["number"].as_str()).unwrap();
        let escaped: Vec<String> = number.bytes().map(|byte| format!("%{byte:02X}")).collect();
        check_filter(&clerk, &everything, &format!("&number={}", escaped.concat()), |item| item["number"] == number);
        let (from, to) = (today() - Days::new(40), today() - Days::new(10));
        check_filter(&clerk, &everything, &format!("&received_from={from}"), |item| day(item, "received_on") >= Some(from));
        check_filter(&clerk, &everything, &format!("&received_from={from}&received_to={to}&channel=counter"), |item| {
            item["channel"] == "counter" && day(item, "received_on").is_some_and(|on| (from..=to).contains(&on))
        });
        check_filter(&clerk, &everything, &format!("&due_before={}", today()), |item| {
            day(item, "due_on").is_some_and(|due| due <= today())
        });
        check_filter(&clerk, &everything, "&status=registered&outcome=granted", |_| false);
        check_departments(&office, &everything);
    }

    fn pages_stay_where_they_are_while_others_come_in(backend) {
        let office = Office::open(backend);
        for n in 0..20 {
            CaseStory::receive(&office, &by_channel("counter", today() - Days::new(n / 3)));
        }
        let clerk = office.as_role("clerk");
        for sort in ["due_on", "-due_on", "received_on", "-received_on"] {
            let before: BTreeSet<String> = ids(&all(&clerk, "")).into_iter().map(ToOwned::to_owned).collect();
            let mut days = (0..10).cycle();
            let found = walk(&clerk, &format!("&sort={sort}"), 7, || {
                for _ in 0..2 {
                    let arrived = today() - Days::new(days.next().unwrap());
                    CaseStory::receive(&office, &by_channel("counter", arrived));
                }
            });
            let found = ids(&found);
            let distinct: BTreeSet<String> = found.iter().map(|id| (*id).to_owned()).collect();
            assert_eq!(distinct.len(), found.len(), "{sort}: a case twice");
            assert!(distinct.is_superset(&before), "{sort}: a case was skipped");
        }
    }

    fn a_date_beyond_the_published_calendar_is_provisional(backend) {
        let office = Office::open(backend);
        let row = |on: &str| {
            let mut body = request();
            body["arrived_on"] = json!(on);
            let case = CaseStory::receive(&office, &body);
            let queue = all(&office.as_role("clerk"), "");
            let item = queue.iter().find(|item| item["id"] == case.id.as_str()).unwrap().clone();
            (case.last.at("/time_limit").clone(), item["provisional"].clone())
        };
        // Worked examples of the law digest: across the Spring Festival of 2026, and across the year's end of 2025.
        for (arrived, due) in [("2026-02-04", "2026-03-10"), ("2025-12-15", "2026-01-13"), ("2025-09-22", "2025-10-24")] {
            let (limit, provisional) = row(arrived);
            assert_eq!((&limit["due_on"], &limit["provisional"]), (&json!(due), &Value::Null), "{arrived}");
            assert_eq!(provisional, false);
        }
        // Only days that have come can be days of receipt: until then nothing is provisional.
        let (limit, provisional) = row(&today().to_string());
        assert_eq!(provisional, !limit["provisional"].is_null());
        if let Some(reason) = limit["provisional"]["reason"].as_str() {
            assert!(["year_without_notice", "last_days_of_last_year"].contains(&reason), "{limit}");
        }
    }
}

/// The same cases in each order; equals are told apart by their ids, and pages of seven are the same as one of all.
fn check_orders(caller: &Client, everything: &[Value]) {
    let last = NaiveDate::MAX;
    let due = |item: &Value| day(item, "due_on").unwrap_or(last);
    let received = |item: &Value| day(item, "received_on").or(day(item, "arrived_on")).unwrap();
    for sort in ["due_on", "-due_on", "received_on", "-received_on"] {
        let key = |item: &Value| {
            let day = if sort.ends_with("due_on") { due(item) } else { received(item) };
            (day, item["id"].as_str().unwrap().to_owned())
        };
        let mut wanted = everything.to_vec();
        wanted.sort_by_key(key);
        if sort.starts_with('-') {
            wanted.reverse();
        }
        let query = format!("&sort={sort}");
        assert_eq!(ids(&all(caller, &query)), ids(&wanted), "{sort}");
        for limit in [1, 7, 60] {
            assert_eq!(ids(&walk(caller, &query, limit, || ())), ids(&wanted), "{sort} by {limit}");
        }
    }
    assert_eq!(ids(everything), ids(&all(caller, "&sort=due_on")), "the order unless another is asked for");
}

/// A department's cases are those it leads and those it helps with; its handler sees no others.
fn check_departments(office: &Office, everything: &[Value]) {
    let clerk = office.as_role("clerk");
    for (name, handler) in [(BUDGET, "handler"), (PLANNING, "handler-2")] {
        let department = office.department(name);
        let works = |item: &Value| {
            let case = clerk.get(&format!("/cases/{}", item["id"].as_str().unwrap())).must(200);
            let tasks = case.at("/assignments").as_array().unwrap().clone();
            tasks.iter().any(|task| task["department_id"] == department.as_str())
        };
        let own: Vec<Value> = everything.iter().filter(|item| works(item)).cloned().collect();
        let led = own.iter().filter(|item| item["department_id"] == department.as_str()).count();
        assert!(led > 0 && own.len() < everything.len(), "{name}: {led} of {}", own.len());
        assert!(name != BUDGET || led < own.len(), "it also helps");
        assert_eq!(ids(&all(&clerk, &format!("&department_id={department}"))), ids(&own), "{name}");
        assert_eq!(ids(&all(&office.as_role(handler), "")), ids(&own), "{handler} sees its own");
        assert_eq!(ids(&walk(&office.as_role(handler), "", 7, || ())), ids(&own));
    }
    for who in ["supervisor", "system_admin", "security_admin", "auditor"] {
        assert_eq!(told(&office.as_role(who).get("/cases")), "403 forbidden", "{who}");
    }
}
