//! `gongkai rebuild`: it changes nothing, finds what somebody changed, and puts right what can be.

use std::fs;

use gongkai::app::ledger_file::HEADER;
use serde_json::{Value, json};

use super::{Ran, gongkai, office};
use crate::support::databases::{Backend, both_databases};
use crate::support::server::Place;

const LEDGER: &str = "\
2025-1,fax,2025-03-01,2025-03-03,natural_person,甲,某某批复,法规科,granted,2025-03-20,2025-04-01
2025-2,online,2025-03-02,2025-03-02,natural_person,乙,某某规划,,,,
";

/// A place with two cases.
fn place(backend: Backend) -> Place {
    let place = office(Place::new(backend));
    fs::write(place.folder().join("ledger.csv"), format!("{HEADER}\n{LEDGER}")).unwrap();
    gongkai(&place, &["import-ledger", "ledger.csv", "--agency", "A"]).succeeded();
    place
}

fn result(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

both_databases! {
    fn nothing_differs_and_nothing_is_changed(backend) {
        let place = place(backend);
        let before = place.database.contents();
        for arguments in [["--json", "rebuild", "--check"].as_slice(), &["--json", "rebuild"]] {
            let found = gongkai(&place, arguments).json();
            assert_eq!((&found["sound"], &found["cases"]), (&json!(true), &json!(2)));
            assert!(place.database.contents() == before);
        }
    }

    fn a_queue_row_changed_by_hand_is_found_and_put_right(backend) {
        let place = place(backend);
        let before = place.database.contents();
        for (sql, columns) in [
            ("UPDATE cases SET outcome = 'denied_state_secret' WHERE number = '2025-1'", json!(["outcome"])),
            ("UPDATE cases SET subject = 'x', due_on = '2030-01-01' WHERE number = '2025-2'", json!(["subject", "due_on"])),
            ("UPDATE cases SET clock = '[]', clock_state = 'suspended' WHERE number = '2025-2'", json!(["clock", "clock_state"])),
            ("UPDATE cases SET prudent_due_on = NULL, inbox_on = arrived_on WHERE number = '2025-2'", json!(["prudent_due_on", "inbox_on"])),
            ("UPDATE case_obligations SET due_on = '2030-01-01' WHERE kind = 'reply'", json!(["case_obligations"])),
            ("DELETE FROM case_obligations WHERE kind = 'reply'", json!(["case_obligations"])),
            (
                "INSERT INTO case_obligations SELECT agency_id, id, 'fee_payment', 1, arrived_on FROM cases \
                 WHERE number = '2025-1'",
                json!(["case_obligations"]),
            ),
            ("DELETE FROM case_departments", json!(["case_departments"])),
            ("DELETE FROM cases WHERE number = '2025-1'", json!(["row"])),
        ] {
            place.database.execute(sql).unwrap();
            let checked = gongkai(&place, &["--json", "rebuild", "--check"]);
            assert_eq!(result(&checked)["differences"][0]["columns"], columns, "{sql}");
            assert!(checked.sentence().contains("(1 different, "));
            let rebuilt = gongkai(&place, &["--json", "rebuild"]).json();
            assert_eq!(rebuilt["differences"][0]["replaced"], true, "{sql}");
            assert!(place.database.contents() == before, "{sql}");
        }
    }

    fn where_the_record_was_changed_nothing_is_put_right(backend) {
        let place = place(backend);
        let unlock = match backend {
            Backend::Sqlite => "DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;",
            Backend::Postgres => "ALTER TABLE events DISABLE TRIGGER ALL;",
        };
        place.database.execute(unlock).unwrap();
        place.database.execute("UPDATE cases SET subject = 'x'").unwrap();
        place
            .database
            .execute("UPDATE events SET record = replace(record, 'granted', 'partially_granted') \
                      WHERE event_type = 'reply_imported'")
            .unwrap();
        let before = place.database.contents();
        let rebuilt = gongkai(&place, &["--json", "rebuild"]);
        let found = result(&rebuilt);
        assert_eq!(found["sound"], false);
        assert_eq!(found["findings"][0]["finding"]["kind"], "agency_link");
        assert!(found["differences"].as_array().unwrap().iter().all(|one| one["replaced"] == false));
        assert!(rebuilt.sentence().contains("findings in the record"));
        assert!(place.database.contents() == before);
    }

    fn a_row_that_knows_of_removed_events_is_kept(backend) {
        let place = place(backend);
        place.database.execute("UPDATE cases SET version = version + 1 WHERE number = '2025-2'").unwrap();
        let before = place.database.contents();
        let rebuilt = gongkai(&place, &["--json", "rebuild"]);
        assert!(result(&rebuilt)["problems"][0]["reason"].as_str().unwrap().contains("its queue row knows of"));
        assert_eq!(rebuilt.status, 1);
        assert!(place.database.contents() == before);
    }
}
