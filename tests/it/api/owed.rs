//! What is owed, as the queue shows it: a request for correction is a task like a reply, until its day has passed.

use chrono::{Days, NaiveDate};
use gongkai::law::LawBook;
use serde_json::{Value, json};

use super::queue::{all, day, fill, ids, walk};
use crate::support::client::Client;
use crate::support::databases::both_databases;
use crate::support::office::{Office, today};
use crate::support::story::{CaseStory, request};

/// The nth working day after a day.
fn working_days_after(from: NaiveDate, n: u16) -> NaiveDate {
    let law = LawBook::embedded().unwrap();
    law.calendar("cn").unwrap().add_working_days(from, n).unwrap()
}

fn line(caller: &Client, case: &CaseStory) -> Value {
    all(caller, "").into_iter().find(|item| item["id"] == case.id.as_str()).unwrap()
}

fn next(kind: &str, due_on: NaiveDate) -> Value {
    json!({ "kind": kind, "due_on": due_on })
}

both_databases! {
    fn a_new_request_first_owes_a_look_at_whether_it_is_complete(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let case = CaseStory::receive(&office, &request());
        let (notice, due) = (working_days_after(today(), 7), working_days_after(today(), 20));
        let shown = line(&clerk, &case);
        assert_eq!(shown["next_obligation"], next("correction_notice", notice));
        assert_eq!((day(&shown, "due_on"), &shown["clock"]), (Some(due), &json!("running")));
        assert!(day(&shown, "prudent_due_on").unwrap() <= due);
        for (query, found) in [
            ("&obligation=correction_notice".to_owned(), true),
            (format!("&obligation=correction_notice&obligation_due_before={notice}"), true),
            (format!("&obligation=correction_notice&obligation_due_before={}", notice - Days::new(1)), false),
            (format!("&obligation=reply&obligation_due_from={due}"), true),
            (format!("&obligation=reply&obligation_due_from={}", due + Days::new(1)), false),
            (format!("&obligation_due_before={due}"), true),
            ("&obligation=fee_payment".to_owned(), false),
            ("&obligation=reconsideration".to_owned(), false),
            ("&clock=running".to_owned(), true),
            ("&clock=stopped".to_owned(), false),
        ] {
            assert_eq!(!all(&clerk, &query).is_empty(), found, "{query}");
        }
    }

    fn a_chance_that_has_passed_is_no_task_and_a_duty_is_one_until_it_is_met(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let late = |days: u64| {
            let mut body = request();
            body["arrived_on"] = json!(today() - Days::new(days));
            CaseStory::receive(&office, &body)
        };
        // After three weeks the seven working days are over, after three months the reply is late too.
        let (weeks, quarter) = (late(21), late(90));
        let shown = line(&clerk, &weeks);
        // The last day of the reply is the last to extend it, too: the duty comes first.
        assert_eq!(shown["next_obligation"], json!({ "kind": "reply", "due_on": shown["due_on"] }));
        let shown = line(&clerk, &quarter);
        assert_eq!(shown["next_obligation"], json!({ "kind": "reply", "due_on": shown["due_on"] }));
        assert!(all(&clerk, "&obligation=correction_notice").is_empty());
        let extension = all(&clerk, "&obligation=extension_notice");
        assert!(!ids(&extension).contains(&quarter.id.as_str()));
        assert!(ids(&all(&clerk, "&obligation=reply")).contains(&quarter.id.as_str()));
        // Withdrawn: nobody owes anything.
        let withdrawn = quarter.command("clerk", "POST", "/withdrawal", &json!({}));
        let shown = line(&clerk, &withdrawn);
        assert_eq!((&shown["next_obligation"], &shown["clock"]), (&Value::Null, &json!("stopped")));
        assert_eq!((&shown["due_on"], &shown["prudent_due_on"]), (&Value::Null, &Value::Null));
    }

    /// A reply that was decided upon is owed until it has left.
    fn a_reply_is_owed_until_it_is_dispatched(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let case = CaseStory::approved(&office).issue();
        let shown = line(&clerk, &case);
        assert_eq!((&shown["status"], &shown["next_obligation"]["kind"]), (&json!("replied"), &json!("reply")));
        assert_eq!(ids(&all(&clerk, "&obligation=reply")), [case.id.as_str()]);
        let case = case.serve("post");
        let shown = line(&clerk, &case);
        assert_eq!((&shown["next_obligation"], &shown["light"]), (&Value::Null, &Value::Null));
        assert!(all(&clerk, "&obligation=reply").is_empty());
    }

    fn tasks_are_listed_by_their_days(backend) {
        let office = Office::open(backend);
        fill(&office);
        let clerk = office.as_role("clerk");
        let everything = all(&clerk, "");
        let due = |item: &Value| item["due_on"].as_str().map(str::to_owned);
        let mut owing: Vec<&Value> = everything.iter().filter(|item| due(item).is_some()).collect();
        owing.sort_by_key(|item| (due(item), item["id"].as_str().map(str::to_owned)));
        let owing: Vec<Value> = owing.into_iter().cloned().collect();
        assert!(owing.len() > 20 && owing.len() < everything.len());
        for query in ["&obligation=reply", "&obligation=reply&sort=obligation_due_on", "&obligation=reply&sort=due_on"] {
            assert_eq!(ids(&all(&clerk, query)), ids(&owing), "{query}");
            assert_eq!(walk(&clerk, query, 7, || ()), owing, "{query}, page by page");
        }
        // Whatever is owed, the first first.
        let first = |item: &Value| {
            let next = &item["next_obligation"];
            next["due_on"].as_str().map(|due| (due.to_owned(), item["id"].as_str().unwrap().to_owned()))
        };
        let mut wanted: Vec<&Value> = everything.iter().filter(|item| first(item).is_some()).collect();
        wanted.sort_by_key(|item| first(item));
        let wanted: Vec<Value> = wanted.into_iter().cloned().collect();
        assert_eq!(ids(&all(&clerk, "&sort=obligation_due_on")), ids(&wanted));
        assert_eq!(walk(&clerk, "&sort=obligation_due_on", 7, || ()), wanted);
        // What is overdue, and what is due soon, in the handler's own list.
        let handler = office.as_role("handler");
        let own = all(&handler, "");
        let overdue = format!("&obligation=reply&obligation_due_before={}", today() - Days::new(1));
        let late = own.iter().filter(|item| item["light"] == "overdue").count();
        assert!(late > 0);
        assert_eq!(all(&handler, &overdue).len(), late);
    }
}
