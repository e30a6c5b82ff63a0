//! The past may be entered late, the future not at all, and no step comes before the one it follows.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::operations::told;
use super::stories::by_channel;
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, today};
use crate::support::story::{CaseStory, SUBJECT};

/// The whole life of a letter: who, by which method, at which path, with which body; and under which name the day goes.
/// `HASH` stands for the content's hash.
fn life(office: &Office) -> Vec<(&'static str, &'static str, &'static str, Value, &'static str)> {
    let review = |step: &str| crate::support::replies::decision(step, "pass", "HASH");
    vec![
        ("clerk", "POST", "/confirmation", json!({ "evidence": "电话" }), "on"),
        ("clerk", "POST", "/registration", json!({ "subject": SUBJECT }), "on"),
        ("clerk", "POST", "/assignments", json!({ "department_id": office.department(BUDGET) }), "on"),
        ("handler", "POST", "/assignments/1/acknowledgement", json!({}), "on"),
        (
            "handler",
            "PUT",
            "/reply",
            crate::support::replies::draft("unable_not_held", "本机关不掌握。"),
            "on",
        ),
        ("handler", "POST", "/reply/submission", json!({}), "on"),
        ("legal_reviewer", "POST", "/reply/reviews", review("legal"), "on"),
        ("secrecy_reviewer", "POST", "/reply/reviews", review("secrecy"), "on"),
        ("approver", "POST", "/reply/reviews", review("sign_off"), "on"),
        ("approver", "POST", "/reply/issue", json!({ "content_hash": "HASH" }), "on"),
        ("clerk", "POST", "/services", json!({ "method": "post" }), "dispatched_on"),
        ("clerk", "POST", "/services/1/proof", json!({}), "served_on"),
        ("archivist", "POST", "/archive", json!({}), "on"),
    ]
}

both_databases! {
    fn each_step_is_taken_on_its_day(backend) {
        let office = Office::open(backend);
        let begin = today() - Days::new(40);
        let mut case = CaseStory::receive(&office, &by_channel("ordinary_post", begin));
        let mut day = begin;
        for (who, method, path, body, date) in life(&office) {
            let with = |on: NaiveDate| {
                let hash = case.last.at("/reply/content_hash").as_str().unwrap_or_default();
                let mut body: Value = serde_json::from_str(&body.to_string().replace("HASH", hash)).unwrap();
                body[date] = json!(on);
                body
            };
            let version = case.etag();
            let attempt = |on: NaiveDate| told(&case.as_role(who).send(method, &case.path(path), Some(&with(on))));
            assert_eq!(attempt(today() + Days::new(1)), "409 date_in_future", "{path}");
            assert_eq!(attempt(NaiveDate::from_ymd_opt(9998, 12, 31).unwrap()), "409 date_in_future", "{path}");
            assert_eq!(attempt(day - Days::new(1)), "409 date_out_of_order", "{path}");
            assert_eq!(attempt(NaiveDate::from_ymd_opt(1900, 1, 1).unwrap()), "409 date_out_of_order", "{path}");
            assert_eq!(office.as_role("clerk").get(&case.path("")).must(200).etag(), version, "{path}: nothing changed");
            // Every second step is on the day of the one before: that is in time.
            day = day + Days::new(if path.starts_with("/reply") { 0 } else { 3 });
            let body = with(day);
            case = case.command(who, method, path, &body);
        }
        assert_eq!(case.last.str("/status"), "archived");
        for (pointer, days) in [
            ("/arrived_on", 0),
            ("/received_on", 3),
            ("/registered_on", 6),
            ("/concluded_on", 12),
            ("/services/0/dispatched_on", 15),
            ("/services/0/served_on", 18),
            ("/archived_on", 21),
        ] {
            assert_eq!(case.last.str(pointer), (begin + Days::new(days)).to_string(), "{pointer}");
        }
        // The record says of each step that it was entered late.
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        let events = history.at("/events").as_array().unwrap();
        assert!(events.len() == 14 && events.iter().all(|event| event["late"] == true), "{}", history.told());
    }

    fn a_request_comes_on_a_day_that_the_calendar_knows(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let receive = |channel: &str, on: NaiveDate| told(&clerk.post("/cases", &by_channel(channel, on)));
        let first = NaiveDate::from_ymd_opt(2004, 1, 1).unwrap();
        for channel in ["counter", "ordinary_post", "online"] {
            assert_eq!(receive(channel, today() + Days::new(1)), "409 date_in_future");
            assert_eq!(receive(channel, first - Days::new(1)), "409 date_before_calendar");
            assert_eq!(receive(channel, first), "201");
            assert_eq!(receive(channel, today()), "201");
        }
        assert_eq!(clerk.get("/cases?limit=200").must(200).at("/items").as_array().unwrap().len(), 6);
    }

    fn a_dispatch_and_its_service_are_one_step_or_none(backend) {
        let office = Office::open(backend);
        let case = CaseStory::approved(&office).issue();
        let tomorrow = today() + Days::new(1);
        for (dispatched, served, wanted) in [
            (today(), tomorrow, "409 date_in_future"),
            (today(), today() - Days::new(1), "409 date_out_of_order"),
            (tomorrow, tomorrow, "409 date_in_future"),
        ] {
            let body = json!({ "method": "direct", "dispatched_on": dispatched, "served_on": served });
            assert_eq!(told(&case.as_role("clerk").post(&case.path("/services"), &body)), wanted);
        }
        let read = office.as_role("clerk").get(&case.path("")).must(200);
        assert_eq!((read.etag(), read.at("/services")), (case.etag(), &json!([])), "no half of it was kept");
        let case = case.serve("direct");
        assert_eq!(case.last.at("/version"), 12, "two events");
        assert_eq!(told(&case.as_role("clerk").post(&case.path("/services/1/proof"), &json!({}))), "409 already_served");
        assert_eq!(told(&case.as_role("clerk").post(&case.path("/services/2/proof"), &json!({}))), "409 no_such_service");
        // A second dispatch is counted on, and served by its own number.
        let case = case.command("clerk", "POST", "/services", &json!({ "method": "public_notice" }));
        assert_eq!(case.last.at("/services/1/n"), 2);
        let case = case.command("clerk", "POST", "/services/2/proof", &json!({}));
        assert_eq!(case.last.str("/services/1/served_on"), today().to_string());
    }
}
