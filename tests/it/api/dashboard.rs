//! The dashboard: every figure is the length of a list.

use chrono::Days;
use gongkai::app::set_up::NewAgency;
use gongkai::domain::case::{By, Stage, Status};
use gongkai::domain::time_limit::{Light, ObligationKind};
use gongkai::law::LawBook;
use serde_json::Value;

use super::operations::{NOBODY, told};
use super::queue::{all, fill};
use crate::support::client::{Client, Reply};
use crate::support::databases::both_databases;
use crate::support::office::{BUDGET, Office, PLANNING, today};
use crate::support::story::CaseStory;

/// Each figure against the list that the same caller is given.
#[track_caller]
pub(super) fn check(caller: &Client, shown: &Reply, departments: &[String]) {
    check_of(caller, shown, departments, "");
    let inbox = caller.get("/inbox").must(200);
    assert_eq!(shown.at("/inbox/total"), inbox.at("/total"));
    assert_eq!(shown.at("/inbox/oldest"), inbox.at("/oldest"));
}

/// The same of the cases that a filter leaves.
#[track_caller]
fn check_of(caller: &Client, shown: &Reply, departments: &[String], period: &str) {
    let all = |caller: &Client, query: &str| all(caller, &format!("{query}{period}"));
    let count = |query: &str| all(caller, query).len();
    assert_eq!(shown.str("/as_of"), today().to_string());
    assert_eq!(shown.at("/total"), count(""));
    for stage in Stage::ALL {
        assert_eq!(
            shown.at(&format!("/stages/{}", stage.code())),
            count(&format!("&stage={}", stage.code()))
        );
    }
    for status in Status::ALL {
        assert_eq!(
            shown.at(&format!("/statuses/{}", status.code())),
            count(&format!("&status={}", status.code()))
        );
    }
    for light in Light::ALL {
        assert_eq!(
            shown.at(&format!("/lights/{}", light.code())),
            count(&format!("&light={}", light.code()))
        );
    }
    let is_open = |item: &&Value| item["concluded_on"].is_null();
    let open = all(caller, "");
    let open: Vec<&Value> = open.iter().filter(is_open).collect();
    assert_eq!(shown.at("/open"), open.len());
    assert_eq!(shown.at("/unassigned"), open.iter().filter(|item| item["department_id"].is_null()).count());
    let shown_departments = shown.at("/departments").as_array().unwrap();
    assert_eq!(shown_departments.len(), departments.len());
    for load in shown_departments {
        let id = load["department_id"].as_str().unwrap();
        assert!(departments.iter().any(|known| known == id));
        let works_on = all(caller, &format!("&department_id={id}"));
        assert_eq!(load["open"], works_on.iter().filter(is_open).count(), "{load}");
        let leads = open.iter().filter(|item| item["department_id"] == id);
        assert_eq!(load["leading"], leads.count(), "{load}");
    }
    let law = LawBook::embedded().unwrap();
    let soon = law.calendar("cn").unwrap().add_working_days(today(), 5).unwrap();
    let (today, yesterday) = (today(), today() - Days::new(1));
    for kind in ObligationKind::ALL.iter().filter(|kind| !kind.is_the_applicants_remedy()) {
        let kind = kind.code();
        for (figure, days) in [
            ("open", String::new()),
            ("overdue", format!("&obligation_due_before={yesterday}")),
            ("due_today", format!("&obligation_due_from={today}&obligation_due_before={today}")),
            (
                "due_within_5_working_days",
                format!("&obligation_due_from={today}&obligation_due_before={soon}"),
            ),
        ] {
            let listed = count(&format!("&obligation={kind}{days}"));
            assert_eq!(shown.at(&format!("/obligations/{kind}/{figure}")), listed, "{kind} {figure}");
        }
    }
    assert_eq!(shown.at("/inbox/total"), count("&stage=receive"));
}

both_databases! {
    fn each_figure_is_the_length_of_a_list(backend) {
        let office = Office::open(backend);
        let empty = office.as_role("clerk").get("/reports/dashboard").must(200);
        let both = [BUDGET, PLANNING].map(|name| office.department(name));
        check(&office.as_role("clerk"), &empty, &both);
        assert_eq!((empty.at("/total"), empty.at("/inbox/oldest")), (&Value::from(0), &Value::Null));
        fill(&office);
        // An answer that was decided upon and has not left is answered, and still owed.
        drop(CaseStory::approved(&office).issue());
        for who in ["clerk", "approver", "archivist", "legal_reviewer"] {
            let caller = office.as_role(who);
            let shown = caller.get("/reports/dashboard").must(200);
            check(&caller, &shown, &both);
            assert!(shown.at("/obligations/reply/overdue").as_u64() > Some(0));
            assert!(shown.at("/obligations/correction_notice/open").as_u64() > Some(0));
            assert_eq!(shown.at("/obligations/correction_notice/overdue"), 0, "a chance is never overdue");
        }
        for (who, department) in [("handler", BUDGET), ("handler-2", PLANNING)] {
            let caller = office.as_role(who);
            let shown = caller.get("/reports/dashboard").must(200);
            check(&caller, &shown, &[office.department(department)]);
            assert!(shown.at("/open").as_u64() > Some(0));
        }
        // Of a period: the queue's own days of receipt.
        let days = all(&office.as_role("clerk"), "");
        let mut days: Vec<&str> = days.iter().filter_map(|item| item["received_on"].as_str()).collect();
        days.sort_unstable();
        let (middle, last) = (days[days.len() / 2], days[days.len() - 1]);
        for period in [
            format!("&received_from={middle}"),
            format!("&received_to={middle}"),
            format!("&received_from={middle}&received_to={last}"),
            "&received_to=2003-01-01".to_owned(),
        ] {
            for (who, departments) in [("clerk", both.to_vec()), ("handler", vec![office.department(BUDGET)])] {
                let shown = office.as_role(who).get(&format!("/reports/dashboard?{}", &period[1..])).must(200);
                check_of(&office.as_role(who), &shown, &departments, &period);
            }
        }
        let early = office.as_role("clerk").get(&format!("/reports/dashboard?received_to={middle}")).must(200);
        let whole = office.as_role("clerk").get("/reports/dashboard").must(200);
        assert!(early.at("/total").as_u64() > Some(0) && early.at("/total").as_u64() < whole.at("/total").as_u64());
        let refused = office.as_role("clerk").get("/reports/dashboard?received_from=2026-02-30");
        assert_eq!((refused.status, refused.code()), (422, "invalid"), "{}", refused.text);
        let supervisor = office.as_role("supervisor").get("/reports/dashboard").must(200);
        assert_eq!(whole.body, supervisor.body, "figures, and no cases");
    }

    fn who_may_see_neither_reports_nor_cases_is_refused(backend) {
        let office = Office::open(backend);
        let neighbour = office.neighbour("320900");
        let own = format!("/reports/dashboard?agency_id={}", office.agency.id);
        for who in ["system_admin", "security_admin", "auditor"] {
            assert_eq!(told(&office.as_role(who).get("/reports/dashboard")), "403 forbidden", "{who}");
            assert_eq!(told(&office.as_role(who).get(&own)), "403 forbidden", "{who}");
        }
        for who in ["clerk", "supervisor", "handler", "auditor"] {
            assert_eq!(told(&office.of_agency(&neighbour, who).get(&own)), "404 not_found", "{who}");
            let nobodys = format!("/reports/dashboard?agency_id={NOBODY}");
            assert_eq!(told(&office.as_role(who).get(&nobodys)), "404 not_found", "{who}");
        }
    }

    /// The competent department sees the figures of the agencies below it.
    fn a_supervisor_sees_the_agencies_below(backend) {
        let office = Office::open(backend);
        let app = office.server.place.app();
        let below = NewAgency {
            code: "320801".to_owned(),
            name: "某区人民政府办公室".to_owned(),
            parent: Some("320800".to_owned()),
            ..NewAgency::default()
        };
        let below = crate::support::server::block_on(app.create_agency(By::Operator, below)).unwrap();
        let path = format!("/reports/dashboard?agency_id={}", below.id.0);
        let shown = office.as_role("supervisor").get(&path).must(200);
        assert_eq!((shown.str("/agency_id"), shown.at("/total")), (below.id.0.to_string().as_str(), &Value::from(0)));
        assert_eq!(told(&office.as_role("clerk").get(&path)), "404 not_found");
    }
}
