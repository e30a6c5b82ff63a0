//! What stops, begins anew or lengthens the period.

use super::*;
use crate::support::databases::both_databases;

both_databases! {
    fn a_correction_asked_on_day_7_and_answered_begins_a_new_period(backend) {
        let office = Office::open(backend);
        let case = in_process(&office);
        assert_eq!(due(&case).unwrap(), "2026-03-30");
        assert_eq!(code(refused(&case, "handler", "/corrections", "2026-03-11", correction())), "403 forbidden");
        let late = refused(&case, "clerk", "/corrections", "2026-03-12", correction());
        assert_eq!(late, by(ART_30, "correction_late"));
        let mut exception = correction();
        exception["exception_reason"] = json!("补正后内容仍不明确");
        let early = refused(&case, "approver", "/corrections", "2026-03-11", exception.clone());
        assert_eq!(early, by(ART_30, "exception_not_needed"));

        let case = step(case, "clerk", "/corrections", "2026-03-11", correction());
        assert_eq!(due(&case), None, "nothing is due while it is awaited");
        assert_eq!(
            shown(&case.last, "/corrections/0", &["n", "state", "ground", "working_days", "requested_on", "by_exception"]),
            json!({ "n": 1, "state": "awaited", "ground": "unclear_content", "working_days": 10,
                    "requested_on": "2026-03-11", "by_exception": false })
        );
        assert_eq!(refused(&case, "clerk", "/corrections", "2026-03-11", correction()), by(ART_30, "correction_open"));
        let served = json!({ "served_on": "2026-03-13", "evidence": "EMS 1" });
        let case = case.command("clerk", "POST", "/corrections/1/service", &served);
        assert_eq!(case.last.str("/corrections/0/served_on"), "2026-03-13");

        let words = "申请公开2025年度市级财政专项资金绩效评价报告（某财发〔2025〕3号）。";
        let case = step(case, "clerk", "/corrections/1/response", "2026-03-18", json!({ "description": words }));
        assert_eq!(due(&case).unwrap(), "2026-04-16", "20 working days after 18 March");
        assert_eq!((case.last.str("/description"), case.last.str("/corrections/0/state")), (words, "corrected"));

        // Once, in full; again only by the approver, and not by whoever asked first.
        assert_eq!(refused(&case, "clerk", "/corrections", "2026-03-19", correction()), by(ART_30, "correction_once"));
        assert_eq!(code(refused(&case, "clerk", "/corrections", "2026-03-19", exception.clone())), "403 forbidden");
        let case = step(case, "approver", "/corrections", "2026-03-19", exception);
        assert_eq!((case.last.at("/corrections/1/by_exception"), due(&case)), (&json!(true), None));
        let told = history(&office, &case);
        let types: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(types, ["correction_requested", "correction_served", "corrected", "correction_requested"]);
        assert_eq!(told[0].1, [("items".to_owned(), "请补充所需信息的文号".to_owned())]);
        assert_eq!(told[2].1, [("description".to_owned(), words.to_owned())]);
        assert_eq!(told[3].1[1], ("note".to_owned(), "补正后内容仍不明确".to_owned()));
    }

    fn a_third_party_objects_and_the_time_it_took_does_not_count(backend) {
        let office = Office::open(backend);
        let case = step(in_process(&office), "handler", "/consultations", "2026-03-10", consultation("third_party"));
        let case = case.command("clerk", "POST", "/consultations/1/service", &json!({ "served_on": "2026-03-12" }));
        let silent = refused(&case, "handler", "/consultations/1/answer", "2026-03-20", json!({ "text": "来函收悉" }));
        assert_eq!(silent, by("政府信息公开条例 第32条、第34条", "position_missing"));
        let answer = json!({ "position": "objects", "text": "涉及商业秘密" });
        let case = step(case, "handler", "/consultations/1/answer", "2026-03-20", answer);
        assert_eq!(due(&case).unwrap(), "2026-04-10", "8 working days are excluded");
        assert_eq!(
            shown(&case.last, "/consultations/0", &["kind", "state", "position", "silence", "answered_on"]),
            json!({ "kind": "third_party", "state": "answered", "position": "objects", "silence": null, "answered_on": "2026-03-20" })
        );
        let told = history(&office, &case);
        assert_eq!(told[0].1[0], ("party".to_owned(), "某某有限公司".to_owned()));
        assert_eq!(told[2].1, [("answer".to_owned(), "涉及商业秘密".to_owned())]);
    }

    /// Silence means something else for each of the three kinds.
    fn silence_is_recorded_when_the_limit_has_passed(backend) {
        let office = Office::open(backend);
        let mut letter = consultation("third_party");
        letter["served_on"] = json!("2026-03-12");
        let mut case = in_process(&office);
        for kind in ["third_party", "joint_maker", "other_organ"] {
            letter["kind"] = json!(kind);
            case = step(case, "handler", "/consultations", "2026-03-10", letter.clone());
        }
        let early = refused(&case, "handler", "/consultations/1/lapse", "2026-04-02", json!({}));
        assert_eq!(early.0, "409 period_running");
        assert!(early.1.unwrap().contains("第32条"));
        for (n, position, silence) in
            [(1, Value::Null, "agency_decides"), (2, json!("deemed_consent"), "deemed_consent"), (3, Value::Null, "nothing")]
        {
            case = step(case, "clerk", &format!("/consultations/{n}/lapse"), "2026-04-03", json!({}));
            assert_eq!(
                shown(&case.last, &format!("/consultations/{}", n - 1), &["state", "position", "silence"]),
                json!({ "state": "lapsed", "position": position, "silence": silence })
            );
        }
        let late = refused(&case, "handler", "/consultations/1/answer", "2026-04-07", json!({ "position": "consents" }));
        assert_eq!(late.0, "409 already_answered");
        assert_eq!(case.last.str("/status"), "in_process", "the agency decides, the work goes on");
    }

    fn an_extension_is_proposed_by_the_handler_approved_by_the_approver_and_told_in_time(backend) {
        let office = Office::open(backend);
        let case = in_process(&office);
        let proposal = json!({ "working_days": 20, "reason": "需向多个部门查询核实" });
        let approval = json!({ "approve": true, "opinion": "同意延期" });
        // Each wrong order is refused with its article.
        assert_eq!(code(refused(&case, "clerk", "/extensions", "2026-03-25", proposal.clone())), "403 forbidden");
        assert_eq!(code(refused(&case, "approver", "/extensions/1/decision", "2026-03-25", approval.clone())), "409 no_such_extension");
        let late = refused(&case, "handler", "/extensions", "2026-03-31", proposal.clone());
        assert_eq!(late, by(ART_33, "extension_too_late"));
        let case = step(case, "handler", "/extensions", "2026-03-25", proposal.clone());
        assert_eq!(refused(&case, "clerk", "/extensions/1/notice", "2026-03-26", json!({})), by(ART_33, "not_approved"));
        assert_eq!(code(refused(&case, "handler", "/extensions/1/decision", "2026-03-26", approval.clone())), "403 forbidden");
        let late = refused(&case, "approver", "/extensions/1/decision", "2026-03-31", approval.clone());
        assert_eq!(late, by(ART_33, "extension_too_late"));
        let case = step(case, "approver", "/extensions/1/decision", "2026-03-27", approval.clone());
        assert_eq!(due(&case).unwrap(), "2026-03-30", "an approval alone moves nothing");
        let late = refused(&case, "clerk", "/extensions/1/notice", "2026-03-31", json!({}));
        assert_eq!(late, by(ART_33, "extension_too_late"));
        let early = refused(&case, "clerk", "/extensions/1/notice", "2026-03-26", json!({}));
        assert_eq!(early.0, "409 date_out_of_order");
        let case = step(case, "clerk", "/extensions/1/notice", "2026-03-30", json!({ "evidence": "EMS 2" }));
        assert_eq!(due(&case).unwrap(), "2026-04-28");
        assert_eq!(
            shown(&case.last, "/extensions/0", &["state", "working_days", "proposed_on", "decided_on", "notified_on"]),
            json!({ "state": "notified", "working_days": 20, "proposed_on": "2026-03-25", "decided_on": "2026-03-27",
                    "notified_on": "2026-03-30" })
        );
        assert_eq!(refused(&case, "handler", "/extensions", "2026-03-30", proposal), by(ART_33, "extension_once"));
        let types: Vec<String> = history(&office, &case).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(types, ["extension_proposed", "extension_decided", "extension_notified"]);
    }

    fn an_approval_and_its_notice_are_one_command_when_both_are_known(backend) {
        let office = Office::open(backend);
        let proposal = json!({ "working_days": 5, "reason": "需查询核实" });
        let case = step(in_process(&office), "handler", "/extensions", "2026-03-25", proposal);
        let late = json!({ "approve": true, "notified_on": "2026-03-31" });
        let late = refused(&case, "approver", "/extensions/1/decision", "2026-03-30", late);
        assert_eq!(late, by(ART_33, "extension_too_late"));
        let at_once = json!({ "approve": true, "notified_on": "2026-03-30" });
        let case = step(case, "approver", "/extensions/1/decision", "2026-03-27", at_once);
        assert_eq!((case.last.str("/extensions/0/state"), due(&case).unwrap().as_str()), ("notified", "2026-04-07"));
        assert_eq!(history(&office, &case).len(), 3);
    }

    /// Four eyes are the person's, whatever his roles.
    fn who_proposed_does_not_decide(backend) {
        let office = Office::open(backend);
        let account = office.as_role("approver-2").get("/me").must(200).str("/account_id").to_owned();
        let roles = json!({ "roles": [{ "role": "approver" }, { "role": "handler" }, { "role": "clerk" }] });
        office.as_role("security_admin").put(&format!("/accounts/{account}/roles"), &roles).must(204);
        let proposal = json!({ "working_days": 5, "reason": "需查询核实" });
        let case = step(in_process(&office), "approver-2", "/extensions", "2026-03-10", proposal);
        let case = step(case, "approver-2", "/fees", "2026-03-10", json!({ "mode": "per_page", "pages": 150 }));
        for (of, article) in
            [("/extensions/1/decision", ART_33), ("/fees/1/decision", "政府信息公开条例 第42条; 国办函〔2020〕109号 第6条")]
        {
            let own = refused(&case, "approver-2", of, "2026-03-10", json!({ "approve": true }));
            assert_eq!(own, by(article, "proposer_may_not_decide"));
        }
        let case = step(case, "approver-2", "/corrections", "2026-03-10", correction());
        let case = step(case, "clerk", "/corrections/1/response", "2026-03-11", json!({ "description": "申请公开另一报告。" }));
        let mut again = correction();
        again["exception_reason"] = json!("仍不明确");
        assert_eq!(refused(&case, "approver-2", "/corrections", "2026-03-12", again.clone()), by(ART_30, "requester_may_not_except"));
        let case = step(case, "approver", "/corrections", "2026-03-12", again);
        assert_eq!(case.last.str("/corrections/1/state"), "awaited");
    }

    fn reasons_are_given_and_the_reply_is_delayed(backend) {
        let office = Office::open(backend);
        let case = step(in_process(&office), "handler", "/reasons", "2026-03-09", json!({ "text": "请说明大量申请的理由" }));
        assert_eq!(due(&case).unwrap(), "2026-03-30", "asking stops nothing");
        assert_eq!(refused(&case, "clerk", "/reasons", "2026-03-09", json!({ "text": "再问" })), by(ART_35, "reasons_open"));
        let delay = |until: &str| json!({ "until": until, "text": "将延迟答复" });
        let early = refused(&case, "approver", "/reasons/1/delay", "2026-03-20", delay("2026-05-29"));
        assert_eq!(early, by(ART_35, "reasons_missing"));
        let case = step(case, "clerk", "/reasons/1/answer", "2026-03-16", json!({ "text": "用于学术研究" }));
        assert_eq!(code(refused(&case, "handler", "/reasons/1/delay", "2026-03-20", delay("2026-05-29"))), "403 forbidden");
        // A Sunday.
        assert_eq!(refused(&case, "approver", "/reasons/1/delay", "2026-03-20", delay("2026-05-17")), by(ART_35, "delayed_until_wrong"));
        let late = refused(&case, "approver", "/reasons/1/delay", "2026-03-31", delay("2026-05-29"));
        assert_eq!(late, by(ART_35, "delayed_reply_too_late"));
        let case = step(case, "approver", "/reasons/1/delay", "2026-03-20", delay("2026-05-29"));
        assert_eq!(due(&case).unwrap(), "2026-05-29");
        assert_eq!(
            shown(&case.last, "/reasons/0", &["state", "given_on", "delay_told_on", "delayed_until"]),
            json!({ "state": "given", "given_on": "2026-03-16", "delay_told_on": "2026-03-20", "delayed_until": "2026-05-29" })
        );
    }
}
