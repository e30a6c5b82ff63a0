//! The inbox: what was received and is not yet registered, by age.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use gongkai::law::LawBook;
use serde_json::{Value, json};

use super::operations::told;
use super::queue::{all, day, fill, ids};
use super::stories::by_channel;
use crate::support::client::Client;
use crate::support::databases::both_databases;
use crate::support::office::{Office, today};
use crate::support::story::{CaseStory, SUBJECT};

/// The inbox, page after page: each page's days.
fn walk(caller: &Client, limit: usize) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut next = format!("/inbox?limit={limit}");
    loop {
        let page = caller.get(&next).must(200);
        assert_eq!(page.str("/as_of"), today().to_string());
        pages.push(page.at("/days").as_array().unwrap().clone());
        let Some(cursor) = page.at("/next_cursor").as_str() else {
            assert_eq!(page.header("link"), None);
            return pages;
        };
        assert!(page.header("link").unwrap().contains(&format!("cursor={cursor}")));
        next = format!("/inbox?limit={limit}&cursor={cursor}");
    }
}

fn cases(days: &[Value]) -> Vec<Value> {
    days.iter().flat_map(|day| day["cases"].as_array().unwrap().clone()).collect()
}

both_databases! {
    fn what_waits_is_there_the_oldest_first(backend) {
        let office = Office::open(backend);
        fill(&office);
        let clerk = office.as_role("clerk");
        let mut waiting = all(&clerk, "&stage=receive");
        waiting.sort_by_key(|item| (day(item, "arrived_on"), item["id"].as_str().unwrap().to_owned()));
        let mut counts: BTreeMap<NaiveDate, u64> = BTreeMap::new();
        for item in &waiting {
            *counts.entry(day(item, "arrived_on").unwrap()).or_default() += 1;
        }
        assert!(waiting.len() > 15 && counts.values().any(|count| *count > 1));
        for limit in [1, 4, 200] {
            let pages = walk(&clerk, limit);
            let days: Vec<Value> = pages.concat();
            assert_eq!(ids(&cases(&days)), ids(&waiting), "by {limit}");
            for shown in &days {
                assert_eq!(shown["count"], counts[&day(shown, "arrived_on").unwrap()]);
                assert!(cases(std::slice::from_ref(shown)).iter().all(|case| case["arrived_on"] == shown["arrived_on"]));
            }
        }
        let law = LawBook::embedded().unwrap();
        let calendar = law.calendar("cn").unwrap();
        for (case, listed) in cases(&walk(&clerk, 200).concat()).iter().zip(&waiting) {
            for member in ["status", "channel", "received_on", "due_on", "light", "applicant_kind"] {
                assert_eq!(case[member], listed[member], "{member}");
            }
            let arrived = day(case, "arrived_on").unwrap();
            assert_eq!(case["age_days"], (today() - arrived).num_days());
            assert_eq!(case["age_working_days"], calendar.working_days_between(arrived, today()));
            let notice = day(case, "received_on").map(|on| calendar.add_working_days(on, 7).unwrap());
            assert_eq!(day(case, "correction_notice_until"), notice, "passed or not");
        }
        let page = clerk.get("/inbox").must(200);
        assert_eq!(page.at("/total"), waiting.len());
        assert_eq!(page.at("/oldest/arrived_on"), &waiting[0]["arrived_on"]);
        assert!(page.at("/oldest/age_days").as_i64() > page.at("/oldest/age_working_days").as_i64());
    }

    fn what_is_registered_or_withdrawn_waits_no_more(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let empty = clerk.get("/inbox").must(200);
        assert_eq!((empty.at("/total"), empty.at("/oldest"), empty.at("/days")), (&json!(0), &Value::Null, &json!([])));
        let fax = CaseStory::receive(&office, &by_channel("fax", today() - Days::new(3)));
        let counter = CaseStory::receive(&office, &by_channel("counter", today()));
        let statuses = || {
            let waiting = cases(&walk(&clerk, 50).concat());
            waiting.iter().map(|case| case["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(statuses(), ["awaiting_confirmation", "received"]);
        let fax = fax.confirm();
        assert_eq!(statuses(), ["received", "received"]);
        drop(counter.register(SUBJECT));
        assert_eq!(statuses(), ["received"]);
        drop(fax.command("clerk", "POST", "/withdrawal", &json!({})));
        assert_eq!(statuses(), [""; 0]);
    }

    fn the_inbox_is_within_the_callers_scope(backend) {
        let office = Office::open(backend);
        CaseStory::receive(&office, &by_channel("counter", today()));
        for who in ["clerk", "approver", "legal_reviewer", "archivist"] {
            assert_eq!(office.as_role(who).get("/inbox").must(200).at("/total"), 1, "{who}");
        }
        // A department's officer sees what his department works on; nobody works on it yet.
        assert_eq!(office.as_role("handler").get("/inbox").must(200).at("/total"), 0);
        for who in ["supervisor", "system_admin", "security_admin", "auditor"] {
            assert_eq!(told(&office.as_role(who).get("/inbox")), "403 forbidden", "{who}");
        }
        let neighbour = office.neighbour("320900");
        assert_eq!(office.of_agency(&neighbour, "clerk").get("/inbox").must(200).at("/total"), 0);
    }
}
