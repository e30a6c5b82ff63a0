//! Fees, and the lapses that end a case.

use super::*;
use crate::support::databases::both_databases;

const ART_42: &str = "政府信息公开条例 第42条; 国办函〔2020〕109号 第6条";

fn pages(count: u32) -> Value {
    json!({ "mode": "per_page", "pages": count })
}

/// The cell of the annual report, and the cases behind it.
fn counted(office: &Office, row: &str) -> (Value, usize) {
    let report = office.as_role("approver").get("/reports/annual/2026?form=2021").must(200);
    let path = format!("/reports/annual/2026/cells/{row}/total");
    let cases = office.as_role("approver").get(&path).must(200);
    (report.at(&format!("/table3/{row}/total")).clone(), cases.at("/items").as_array().map_or(0, Vec::len))
}

both_databases! {
    fn who_does_not_correct_in_time_is_no_longer_answered(backend) {
        let office = Office::open(backend);
        let mut notice = correction();
        notice["served_on"] = json!("2026-03-12");
        let case = step(in_process(&office), "clerk", "/corrections", "2026-03-10", notice);
        let early = refused(&case, "clerk", "/corrections/1/lapse", "2026-03-26", json!({}));
        assert_eq!(early, by(ART_30, "period_running"));
        let told = case.as_role("clerk").post(&case.path("/corrections/1/lapse"), &json!({ "on": "2026-03-26" }));
        assert!(told.str("/detail").contains("2026-03-26"), "{}", told.told());
        assert_eq!(code(refused(&case, "handler", "/corrections/1/lapse", "2026-03-27", json!({}))), "403 forbidden");
        let case = step(case, "clerk", "/corrections/1/lapse", "2026-03-27", json!({ "note": "电话联系两次未果" }));
        let last = &case.last;
        assert_eq!((last.str("/stage"), last.str("/status")), ("reply", "lapsed"));
        assert_eq!((last.str("/outcome"), last.str("/concluded_on")), ("other_overdue_correction", "2026-03-27"));
        assert_eq!((last.at("/time_limit"), last.at("/reply")), (&Value::Null, &Value::Null));
        assert_eq!(counted(&office, "other_overdue_correction"), (json!(1), 1));
        let after = refused(&case, "clerk", "/corrections/1/response", "2026-03-30", json!({ "description": "迟到的补正" }));
        assert_eq!(after.0, "409 wrong_status", "what comes now is a new application");

        // The applicant may be told (L23); the file is closed either way.
        let letter = json!({ "method": "post", "dispatched_on": "2026-03-30", "served_on": "2026-04-02" });
        let case = case.command("clerk", "POST", "/services", &letter);
        assert_eq!(case.last.str("/services/0/served_on"), "2026-04-02");
        let case = case.on(day("2026-04-07")).archive();
        assert_eq!((case.last.str("/status"), case.last.str("/outcome")), ("archived", "other_overdue_correction"));
        assert_eq!(case.last.at("/corrections/0/lapsed_on"), "2026-03-27");
        let found = office.as_role("clerk").get("/cases?outcome=other_overdue_correction").must(200);
        assert_eq!(found.at("/items").as_array().unwrap().len(), 1);
    }

    fn a_fee_is_proposed_approved_told_and_paid(backend) {
        let office = Office::open(backend);
        let case = in_process(&office);
        assert_eq!(code(refused(&case, "clerk", "/fees", "2026-03-10", pages(150))), "403 forbidden");
        let free = refused(&case, "handler", "/fees", "2026-03-10", pages(30));
        assert_eq!(free.0, "409 nothing_to_pay");
        assert!(free.1.unwrap().contains("第42条"));
        let case = step(case, "handler", "/fees", "2026-03-10", pages(150));
        assert_eq!(
            shown(&case.last, "/fees/0", &["state", "mode", "pages", "pieces", "amount", "currency", "unit"]),
            json!({ "state": "proposed", "mode": "per_page", "pages": 150, "pieces": null, "amount": 170_000,
                    "currency": "CNY", "unit": "fen" })
        );
        assert_eq!(code(refused(&case, "handler", "/fees", "2026-03-10", pages(200))), "409 fee_open");
        assert_eq!(refused(&case, "clerk", "/fees/1/notice", "2026-03-11", json!({})), by(ART_42, "not_approved"));
        let case = step(case, "approver", "/fees/1/decision", "2026-03-11", json!({ "approve": true }));
        assert_eq!(refused(&case, "clerk", "/fees/1/notice", "2026-03-31", json!({})), by(ART_42, "fee_notice_too_late"));
        assert_eq!(refused(&case, "clerk", "/fees/1/payment", "2026-03-12", json!({})), by(ART_42, "not_notified"));
        let case = step(case, "clerk", "/fees/1/notice", "2026-03-12", json!({}));
        assert_eq!(due(&case), None);
        let case = case.command("clerk", "POST", "/fees/1/service", &json!({ "served_on": "2026-03-16" }));
        let case = step(case, "clerk", "/fees/1/payment", "2026-03-20", json!({ "evidence": "缴款书" }));
        assert_eq!((due(&case).unwrap().as_str(), case.last.str("/fees/0/state")), ("2026-04-20", "paid"));
        let other = json!({ "mode": "per_piece", "already_this_month": 20, "pieces": 1 });
        assert_eq!(code(refused(&case, "handler", "/fees", "2026-03-23", other)), "409 fee_mode_fixed");
        let types: Vec<String> = history(&office, &case).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(types, ["fee_proposed", "fee_decided", "fee_notified", "fee_served", "fee_paid"]);
    }

    fn who_does_not_pay_in_time_is_no_longer_answered(backend) {
        let office = Office::open(backend);
        let piece = json!({ "mode": "per_piece", "already_this_month": 10, "pieces": 1 });
        let case = step(in_process(&office), "handler", "/fees", "2026-03-10", piece);
        assert_eq!(case.last.at("/fees/0/amount"), 10_000);
        let at_once = json!({ "approve": true, "notified_on": "2026-03-12" });
        let case = step(case, "approver", "/fees/1/decision", "2026-03-11", at_once);
        assert_eq!(case.last.str("/fees/0/notified_on"), "2026-03-12");
        let case = case.command("clerk", "POST", "/fees/1/service", &json!({ "served_on": "2026-03-16" }));
        assert_eq!(refused(&case, "clerk", "/fees/1/lapse", "2026-04-14", json!({})), by(ART_42, "period_running"));
        let case = step(case, "approver", "/fees/1/lapse", "2026-04-15", json!({}));
        assert_eq!((case.last.str("/status"), case.last.str("/outcome")), ("lapsed", "other_overdue_fee"));
        assert_eq!(counted(&office, "other_overdue_fee"), (json!(1), 1));
        let case = case.on(day("2026-04-20")).archive();
        assert_eq!(case.last.str("/status"), "archived", "no letter is owed");
    }

    fn a_request_may_be_taken_back_whatever_is_awaited(backend) {
        let office = Office::open(backend);
        let case = step(in_process(&office), "clerk", "/corrections", "2026-03-10", correction());
        let case = step(case, "handler", "/consultations", "2026-03-11", consultation("joint_maker"));
        let before = refused(&case, "clerk", "/withdrawal", "2026-03-10", json!({}));
        assert_eq!(before.0, "409 date_out_of_order");
        let case = step(case, "clerk", "/withdrawal", "2026-03-12", json!({ "reason": "不再需要" }));
        assert_eq!((case.last.str("/status"), case.last.str("/outcome")), ("withdrawn", "other_other"));
        assert_eq!(case.last.str("/corrections/0/state"), "awaited", "what was stays to be seen");
    }
}
