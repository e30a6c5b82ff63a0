//! The clock of a case, explained to whoever may read it; and what it would be if something happened.

use serde_json::{Value, json};

use super::operations::{NOBODY, check_answer, told};
use crate::support::databases::both_databases;
use crate::support::office::{Office, PLANNING};
use crate::support::story::{CaseStory, day, request};

/// A request handed in on a day long past.
fn received_on(office: &Office, on: &str) -> String {
    let mut request = request();
    request["arrived_on"] = json!(on);
    CaseStory::receive(office, &request).id
}

both_databases! {
    fn the_clock_of_a_case_is_the_calculators(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let case = received_on(&office, "2026-03-02");
        let path = format!("/cases/{case}/time-limit");
        let told_of_case = clerk.get(&format!("{path}?as_of=2026-03-09")).must(200);
        check_answer(&told_of_case);
        let calculated = office.anonymous().post("/time-limits/calculate", &json!({
            "statute": "cn-ogi-2019", "as_of": "2026-03-09",
            "facts": [{ "type": "received", "on": "2026-03-02", "channel": "counter", "arrived_on": "2026-03-02" }],
        }));
        assert_eq!(told_of_case.body, calculated.must(200).body);
        assert_eq!((told_of_case.str("/due_on"), told_of_case.at("/working_days_used")), ("2026-03-30", &json!(5)));
        // Without a day, it is today's: long overdue.
        let today = clerk.get(&path).must(200);
        assert_eq!((today.str("/as_of"), today.str("/light")), (&*crate::support::office::today().to_string(), "overdue"));
        for (language, words) in [
            ("zh", ["申请于2026年3月2日（周一）收到（当面提交）。", "最后一日是2026年3月30日（周一）。", "已超期"]),
            ("en", ["The application was received on Monday 2 March 2026 (", "the last is Monday 30 March 2026.", "overdue by"]),
        ] {
            let reply = clerk.accept_language(language).header("Accept", "text/plain").get(&path).must(200);
            check_answer(&reply);
            assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
            assert!(words.iter().all(|words| reply.text.contains(words)), "{}", reply.text);
        }
        assert_eq!(told(&clerk.header("Accept", "image/png").get(&path)), "406 not_acceptable");
        for (query, pointer, code) in [
            ("as_of=soon", "as_of", "wrong_type"),
            ("as_of=9998-01-01", "as_of", "out_of_range"),
            ("at=2026-03-09", "at", "unknown_field"),
        ] {
            let reply = clerk.get(&format!("{path}?{query}"));
            assert_eq!(told(&reply), "422 invalid", "{}", reply.told());
            assert_eq!((reply.str("/errors/0/pointer"), reply.str("/errors/0/code")), (pointer, code));
        }
    }

    fn what_awaits_its_confirmation_has_not_started(backend) {
        let office = Office::open(backend);
        let mut letter = request();
        letter["channel"] = json!("ordinary_post");
        letter["arrived_on"] = json!("2026-03-02");
        let case = CaseStory::receive(&office, &letter);
        let clerk = office.as_role("clerk");
        let path = case.path("/time-limit");
        let waiting = clerk.get(&format!("{path}?as_of=2026-03-09")).must(200);
        assert_eq!(waiting.str("/state"), "not_started");
        // As if it had been received on its arrival, by the reading that leaves the least time.
        assert_eq!(waiting.str("/prudent_due_on"), "2026-03-27");
        for nothing in ["received_on", "counted_from", "due_on", "yellow_on", "red_on", "light", "working_days_left"] {
            assert_eq!(waiting.at(&format!("/{nothing}")), &Value::Null, "{nothing}");
        }
        assert_eq!((waiting.at("/days"), waiting.at("/obligations")), (&json!([]), &json!([])));
        for (language, words) in [("zh", ["尚未起算", "2026年3月27日（周五）"]), ("en", ["has not begun", "Friday 27 March 2026"])] {
            let text = clerk.accept_language(language).header("Accept", "text/plain").get(&path).must(200).text;
            assert!(words.iter().all(|words| text.contains(words)), "{text}");
        }
        let confirmed = json!({ "facts": [{ "type": "received", "on": "2026-03-04" }] });
        assert_eq!(clerk.post(&format!("{path}/what-if"), &confirmed).must(200).str("/due_on"), "2026-04-01");

        let case = case.on(day("2026-03-04")).confirm();
        let started = clerk.get(&format!("{path}?as_of=2026-03-09")).must(200);
        assert_eq!((started.str("/state"), started.str("/received_on"), started.str("/due_on")), ("running", "2026-03-04", "2026-04-01"));
        assert_eq!(case.etag(), "\"2\"", "only the confirmation was recorded");
    }

    fn asking_what_if_changes_nothing(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let id = received_on(&office, "2026-03-02");
        let path = format!("/cases/{id}/time-limit/what-if");
        let before = (clerk.get(&format!("/cases/{id}")).must(200), clerk.get(&format!("/cases/{id}/history")).must(200));
        // No If-Match is asked for: nothing is decided.
        let extended = json!({
            "facts": [{ "type": "extended", "on": "2026-03-20", "working_days": 20, "approved_on": "2026-03-19" }],
            "as_of": "2026-03-23",
        });
        let reply = clerk.post(&path, &extended).must(200);
        check_answer(&reply);
        assert_eq!((reply.str("/due_on"), reply.at("/working_days_total")), ("2026-04-28", &json!(40)));
        let text = clerk.header("Accept", "text/plain").post(&path, &extended).must(200);
        assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"));
        let otherwise = json!({ "facts": [], "readings": { "first_day": "that_day" } });
        assert_eq!(clerk.post(&path, &otherwise).must(200).str("/due_on"), "2026-03-27");
        let after = (clerk.get(&format!("/cases/{id}")).must(200), clerk.get(&format!("/cases/{id}/history")).must(200));
        assert_eq!((before.0.etag(), &before.0.body, &before.1.body), (after.0.etag(), &after.0.body, &after.1.body));
        office.server.place.must_be_sound();
    }

    fn what_is_wrong_is_told_of_the_facts_added(backend) {
        let office = Office::open(backend);
        let clerk = office.as_role("clerk");
        let path = format!("/cases/{}/time-limit/what-if", received_on(&office, "2026-03-02"));
        for (body, pointer, code) in [
            (json!({ "facts": [{ "type": "corrected", "on": "2026-03-01" }] }), "/facts/0/on", "out_of_order"),
            (
                json!({ "facts": [{ "type": "reasons_requested", "on": "2026-03-03" }, { "type": "fee_paid", "on": "2026-03-03" }] }),
                "/facts/1/type",
                "out_of_order",
            ),
            (json!({ "facts": [{ "type": "received", "on": "2026-03-03" }] }), "/facts/0/type", "twice"),
            (json!({ "facts": [{ "type": "extended", "on": "2026-03-03", "working_days": -1 }] }), "/facts/0/working_days", "range"),
            (json!({ "facts": vec![json!({ "type": "withdrawn", "on": "2026-03-03" }); 10_000] }), "/facts", "length"),
            (json!({}), "/facts", "required"),
            (json!({ "facts": [], "statute": "cn-ogi-2019" }), "/statute", "unknown_field"),
            (json!({ "facts": [], "readings": { "silence": "x" } }), "/readings/silence", "unknown_value"),
            (json!({ "facts": [], "as_of": "9998-01-01" }), "/as_of", "out_of_range"),
        ] {
            let reply = clerk.post(&path, &body);
            assert_eq!(told(&reply), "422 invalid", "{}", reply.told());
            assert_eq!((reply.str("/errors/0/pointer"), reply.str("/errors/0/code")), (pointer, code), "{}", reply.told());
        }
    }

    fn whoever_may_read_the_case_may_ask(backend) {
        let office = Office::open(backend);
        let case = CaseStory::registered(&office).assign(PLANNING);
        let neighbour = office.neighbour("320900");
        let asked = |client: &crate::support::client::Client, id: &str| {
            let path = format!("/cases/{id}/time-limit");
            [client.get(&path), client.post(&format!("{path}/what-if"), &json!({ "facts": [] }))]
                .map(|reply| { check_answer(&reply); told(&reply) })
        };
        for role in ["clerk", "handler-2", "legal_reviewer", "approver", "archivist"] {
            assert_eq!(asked(&office.as_role(role), &case.id), ["200", "200"], "{role}");
        }
        // Whoever may not know of the case, is told the same as of one that is not there.
        for client in [office.as_role("handler"), office.as_role("auditor"), office.of_agency(&neighbour, "clerk")] {
            assert_eq!(asked(&client, &case.id), asked(&client, NOBODY));
            assert_eq!(asked(&client, &case.id), ["404 not_found", "404 not_found"]);
        }
        assert_eq!(asked(&office.anonymous(), &case.id), ["401 unauthenticated", "401 unauthenticated"]);
    }
}
