//! 归档: the code, the period, the catalogue; an office's own table.

use std::collections::BTreeSet;
use std::thread;

use super::*;
use crate::support::databases::both_databases;

fn code<'a>(case: &'a CaseStory) -> &'a str {
    case.last.str("/archive/archival_code")
}

both_databases! {
    fn a_file_gets_its_code_its_period_and_its_catalogue(backend) {
        let office = Office::open(backend);
        let case = served(&office, "denied_state_secret").on(day("2026-05-10"));
        let archivist = office.as_role("archivist");
        let before = archivist.get(&case.path("/archive")).must(200);
        check_answer(&before);
        assert_eq!((before.at("/archival_code"), before.at("/archived_on")), (&Value::Null, &Value::Null));
        assert_eq!(before.str("/retention_period"), "years_30", "what it would be");

        let shorter = json!({ "retention": "years_10", "retention_reason": "节省库房" });
        assert_eq!(refused(&case, "archivist", "/archive", &shorter), "409 retention_shorter");
        let silent = json!({ "retention": "permanent" });
        assert_eq!(refused(&case, "archivist", "/archive", &silent), "409 retention_reason_missing");
        assert_eq!(refused(&case, "archivist", "/archive", &json!({ "retention": "ten" })), "422 invalid");
        assert_eq!(refused(&case, "clerk", "/archive", &json!({})), "403 forbidden");

        let case = case.archive();
        let shown = &case.last;
        assert_eq!(code(&case), "320800-1-2026-D30-0001");
        assert_eq!(shown.str("/archive/retention"), "years_30");
        assert_eq!(shown.str("/archive/ground"), "refusal");
        assert_eq!(shown.str("/archive/retention_ends_on"), "2056-12-31", "from 1 January 2027, thirty years");

        let file = office.as_role("clerk").get(&case.path("/archive")).must(200);
        check_answer(&file);
        assert_eq!(file.str("/archival_code"), "320800-1-2026-D30-0001");
        assert_eq!(file.str("/fonds_identifier"), "320800");
        assert_eq!((file.at("/year"), file.at("/agency_item_number")), (&json!(2026), &json!(1)));
        assert_eq!(file.str("/title"), SUBJECT);
        assert_eq!(file.str("/document_number"), case.number());
        assert_eq!(file.str("/archived_on"), "2026-05-10");
        let pieces = file.at("/pieces").as_array().unwrap();
        let titles: Vec<&str> = pieces.iter().map(|piece| piece["title"].as_str().unwrap()).collect();
        assert_eq!(titles, [
            "政府信息公开申请", "申请登记", "分办单（第1号）", "分办单签收（第1号）", "答复稿（第1稿）",
            "答复稿送审（第1稿）", "法制审核意见", "保密审查意见", "签发意见",
            "政府信息公开申请答复书（不予公开：属于国家秘密）", "答复发出凭证（第1次）", "答复送达凭证（第1次）",
            "归档登记",
        ]);
        let history = office.as_role("clerk").get(&case.path("/history")).must(200);
        let events = history.at("/events").as_array().unwrap();
        assert_eq!(pieces.len(), events.len(), "every event is a piece");
        for (piece, event) in pieces.iter().zip(events) {
            assert_eq!((&piece["event_seq"], &piece["date"]), (&event["seq"], &event["on"]));
            assert_eq!(piece["words"], event["words"].as_array().unwrap().len());
            assert_eq!(piece["words_erased"], 0);
        }
        assert_eq!(told(&case.as_role("supervisor").get(&case.path("/archive"))), "404 not_found");
    }

    fn a_period_is_lengthened_with_a_reason_that_the_record_keeps(backend) {
        let office = Office::open(backend);
        let case = served(&office, "granted").on(day("2026-05-10"));
        let longer = json!({ "retention": "permanent", "retention_reason": "具有长期查考价值" });
        let case = case.post("archivist", "/archive", longer);
        assert_eq!(code(&case), "320800-1-2026-Y-0001");
        assert_eq!(case.last.at("/archive/retention_ends_on"), &Value::Null, "for ever");
        let file = office.as_role("archivist").get(&case.path("/archive")).must(200);
        assert_eq!((file.str("/retention_by_rule"), file.str("/retention_ground")), ("years_10", "ordinary"));
        let history = office.as_role("archivist").get(&case.path("/history")).must(200);
        let last = history.at("/events").as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["words"], json!([{ "kind": "archive", "text": "具有长期查考价值" }]));
        assert_eq!(last["event"]["file"]["retention"], "permanent");
    }

    fn an_office_has_its_own_codes_and_a_table_that_is_never_shorter(backend) {
        let office = Office::open(backend);
        let path = format!("/agencies/{}/archive-shelf", office.agency.id);
        let archivist = office.as_role("archivist");
        let shelf = archivist.get(&path).must(200);
        assert_eq!((shelf.str("/fonds_identifier"), shelf.str("/catalogue_number")), ("320800", "1"));
        assert_eq!(shelf.at("/ordinary"), &Value::Null);
        assert_eq!((shelf.str("/rule_ordinary"), shelf.str("/rule_refusal")), ("years_10", "years_30"));
        let set = |body: &Value| told(&archivist.put(&path, body));
        let wrong = json!({ "fonds_identifier": "Z-109", "catalogue_number": "一", "contested": "years_10" });
        let answer = archivist.put(&path, &wrong);
        let fields: BTreeSet<&str> =
            answer.at("/errors").as_array().unwrap().iter().map(|it| it["pointer"].as_str().unwrap()).collect();
        assert_eq!(fields, BTreeSet::from(["/fonds_identifier", "/catalogue_number", "/contested"]));
        let right = json!({ "fonds_identifier": "Z109", "catalogue_number": "7", "ordinary": "years_30" });
        assert_eq!(told(&office.as_role("approver").put(&path, &right)), "403 forbidden");
        assert_eq!(told(&office.of_agency(&office.neighbour("320900"), "archivist").put(&path, &right)), "404 not_found");

        assert_eq!(code(&archived(&office, "granted")), "320800-1-2026-D10-0001");
        assert_eq!(set(&right), "204");
        assert_eq!(archivist.get(&path).must(200).str("/ordinary"), "years_30");
        assert_eq!(code(&archived(&office, "granted")), "Z109-7-2026-D30-0001");
        assert_eq!(code(&archived(&office, "unable_not_held")), "Z109-7-2026-D30-0002");
        assert_eq!(set(&json!({ "fonds_identifier": "Z109", "catalogue_number": "7" })), "204");
        assert_eq!(code(&archived(&office, "granted")), "Z109-7-2026-D10-0001", "the table is put whole");
    }

    fn items_are_numbered_without_a_gap_however_many_archive_at_once(backend) {
        let office = Office::open(backend);
        let cases: Vec<CaseStory> = (0..6).map(|_| served(&office, "granted").on(day("2026-05-10"))).collect();
        // A refusal by the rules takes no number.
        let silent = json!({ "retention": "permanent" });
        assert_eq!(refused(&cases[0], "archivist", "/archive", &silent), "409 retention_reason_missing");
        let codes: BTreeSet<String> = thread::scope(|scope| {
            let threads: Vec<_> = cases.into_iter().map(|case| {
                scope.spawn(move || code(&case.archive()).to_owned())
            }).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let expected: BTreeSet<String> = (1..=6).map(|n| format!("320800-1-2026-D10-{n:04}")).collect();
        assert_eq!(codes, expected);
    }
}
