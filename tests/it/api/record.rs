//! The auditor reads the record and its checkpoints, and checks offline what he read.

use gongkai::audit::checkpoint::{CheckpointKey, SignedCheckpoint};
use gongkai::audit::verify::{Claim, ExpectedHeads, SealedEvent, Verifier};
use serde_json::json;

use super::operations::{check_answer, told};
use crate::support::databases::both_databases;
use crate::support::office::Office;
use crate::support::server::GONGKAI;
use crate::support::story::CaseStory;

both_databases! {
    fn the_auditor_reads_the_record_page_by_page(backend) {
        let office = Office::open(backend);
        CaseStory::in_review(&office);
        let made = office.server.place.command(GONGKAI).args(["--json", "audit", "checkpoint"]).output().unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&made.stdout).unwrap(), json!({ "made": 1, "sent": 0 }), "{made:?}");
        let auditor = office.as_role("auditor");

        let (mut events, mut after) = (Vec::new(), 0);
        loop {
            let page = auditor.get(&format!("/audit/events?after={after}&limit=7")).must(200);
            check_answer(&page);
            let items: Vec<SealedEvent> = serde_json::from_value(page.at("/items").clone()).unwrap();
            let Some(last) = items.last() else { break };
            assert!(items.len() <= 7);
            after = last.agency_seq;
            events.extend(items);
        }
        let page = auditor.get("/audit/checkpoints").must(200);
        check_answer(&page);
        let key: CheckpointKey = page.str("/keys/0").parse().unwrap();
        let signed: SignedCheckpoint = page.str("/items/0/note").parse().unwrap();
        assert_eq!(page.at("/items/0/size"), &json!(events.len()));
        let mut verifier = Verifier::new(gongkai::audit::chain::ChainId::Agency(office.agency.id.0));
        verifier.claim([Claim { place: "the page".to_owned(), signed }]);
        verifier.trust(vec![key]);
        for event in &events {
            verifier.push(event);
        }
        let report = verifier.finish(&ExpectedHeads::default()).unwrap();
        assert_eq!((report.events, report.cases), (after, 1));
        assert_eq!(auditor.get(&format!("/audit/checkpoints?after={after}")).must(200).at("/items"), &json!([]));
        let all: String = events.iter().map(|event| event.record.as_str()).collect();
        assert!(!all.contains('王') && !all.contains("绩效"), "nobody's words");

        // His agency's only, and his alone.
        assert_eq!(told(&office.as_role("clerk").get("/audit/events")), "403 forbidden");
        assert_eq!(told(&office.as_role("system_admin").get("/audit/checkpoints")), "403 forbidden");
        let neighbour = office.neighbour("320801");
        assert_eq!(told(&auditor.get(&format!("/audit/events?agency_id={}", neighbour.id))), "404 not_found");
        let theirs = office.of_agency(&neighbour, "auditor").get("/audit/events?limit=1").must(200);
        assert_eq!(theirs.at("/items/0/agency_seq"), &json!(1));
        for wrong in ["limit=0", "limit=101", "after=-1", "after=x", "x=1"] {
            assert_eq!(auditor.get(&format!("/audit/events?{wrong}")).status, 422, "{wrong}");
        }
    }
}
