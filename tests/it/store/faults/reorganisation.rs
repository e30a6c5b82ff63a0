//! What becomes of agencies, and its writes.

use gongkai::crypto::random;
use gongkai::domain::agency_event::AgencyEvent;
use gongkai::domain::case::decide::hand_over;
use gongkai::domain::ids::{AgencyId, CaseId, EventId, ReorganisationId};
use gongkai::domain::reorganisation::{CasesTakenOver, ReorganisationFinished, ReorganisationKind};
use gongkai::store::{At, HandOver, Key, Meta, ReorganisationRow, SetUp, SetUpChange};

use super::operations::{Operation, Task};
use crate::store::desk::{Desk, Who, day, wait};

pub const REORGANISATION: &[Operation] = &[
    (
        "rename an agency",
        |desk| setting_up(desk, row(desk, ReorganisationKind::Renamed)),
        &["INSERT events", "INSERT reorganisations", "UPDATE agencies", "UPDATE chain_heads"],
    ),
    (
        "rename a department",
        |desk| setting_up(desk, row(desk, ReorganisationKind::DepartmentRenamed)),
        &["INSERT events", "INSERT reorganisations", "UPDATE chain_heads", "UPDATE departments"],
    ),
    (
        "end a reorganisation",
        |desk| {
            let (agency, id) = begun(desk);
            let reorganisation = ReorganisationId(id.0);
            let ended = AgencyEvent::ReorganisationFinished(ReorganisationFinished { reorganisation });
            let rows = SetUpChange::ReorganisationFinished(agency, id);
            let change = desk.set_up(vec![ended], rows);
            Box::new(move || wait(desk.store.set_up(change.clone())))
        },
        &["INSERT events", "UPDATE chain_heads", "UPDATE reorganisations"],
    ),
    (
        "hand a case over",
        |desk| {
            let other = AgencyId(random::random_id());
            wait(desk.store.set_up(desk.agency_made(other))).unwrap();
            let of = begun(desk);
            let before = desk.brought(4, "2026-03-02");
            let case = before.case.id;
            let by = ReorganisationId(of.1.0);
            let event = hand_over(&before.case, other, day("2026-03-20"), by).unwrap();
            let commit = desk.commit_of(case, Some(before), vec![event], Who::Clerk.by());
            let meta = commit.meta;
            Box::new(move || {
                let about = taken_over(desk, (other, meta), by, case);
                wait(desk.store.hand_over(HandOver { commits: vec![commit.clone()], about, of }))
            })
        },
        &[
            "DELETE case_departments",
            "INSERT custodies",
            "INSERT events",
            "UPDATE cases",
            "UPDATE chain_heads",
            "UPDATE reorganisations",
        ],
    ),
];

fn taken_over(desk: &Desk, (to, meta): (AgencyId, Meta), by: ReorganisationId, case: CaseId) -> SetUp {
    let event = CasesTakenOver { from: desk.agency, reorganisation: by, cases: vec![case] };
    SetUp {
        agency: to,
        events: vec![(EventId(random::random_id()), AgencyEvent::CasesTakenOver(event))],
        meta,
        on: day("2026-03-20"),
        change: SetUpChange::Nothing,
        retry: None,
    }
}

/// A hand-over by an agency of its own that has begun.
fn begun(desk: &Desk) -> (Key, Key) {
    let agency = AgencyId(random::random_id());
    wait(desk.store.set_up(desk.agency_made(agency))).unwrap();
    let row = row(desk, ReorganisationKind::HandedOver);
    let row = ReorganisationRow { agency_id: Key(agency.0), finished_at: None, ..row };
    let of = (row.agency_id, row.id);
    wait(desk.store.set_up(desk.set_up(Vec::new(), SetUpChange::Reorganisation(row)))).unwrap();
    of
}

fn row(desk: &Desk, kind: ReorganisationKind) -> ReorganisationRow {
    let now = At(desk.now());
    ReorganisationRow {
        agency_id: Key(desk.agency.0),
        id: Key(random::random_id()),
        kind: kind.code().to_owned(),
        effective_on: day("2026-03-02"),
        basis: "某编发〔2026〕18号".to_owned(),
        name_before: None,
        name_after: Some("某市数据局".to_owned()),
        department_id: Some(Key(desk.departments[0].0)),
        to_agency_id: None,
        cases_moved: 0,
        recorded_at: now,
        recorded_by: None,
        finished_at: Some(now),
    }
}

fn setting_up(desk: &Desk, row: ReorganisationRow) -> Task<'_> {
    let renamed = AgencyEvent::ReorganisationFinished(ReorganisationFinished {
        reorganisation: ReorganisationId(row.id.0),
    });
    let change = desk.set_up(vec![renamed], SetUpChange::Reorganisation(row));
    Box::new(move || wait(desk.store.set_up(change.clone())))
}
