//! A case goes over to another agency: at each place of its life, with its dates and without a draft.

use super::*;
use crate::domain::case::decide::hand_over;
use crate::domain::case::event::Event;
use crate::domain::case::projection::project;
use crate::domain::ids::ReorganisationId;

const OTHER: AgencyId = AgencyId(Uuid::from_u128(1003));
const BY: ReorganisationId = ReorganisationId(Uuid::from_u128(1004));
const ON: &str = "2026-03-20";

/// The case after it was handed over.
fn handed_over(mut file: File) -> File {
    let happened = hand_over(&file.case, OTHER, day(ON), BY).expect("another agency has it");
    file.write(happened, Some(APPROVER));
    file
}

#[test]
fn whoever_takes_a_case_over_gives_it_to_a_department_of_his_own_and_drafts_his_own_reply() {
    for status in Status::ALL {
        let before = brought_to(*status);
        let after = handed_over(before.clone());
        let wanted = match status {
            Status::Assigned | Status::InProcess | Status::InReview | Status::Approved => Status::Registered,
            Status::AwaitingConfirmation
            | Status::Received
            | Status::Registered
            | Status::Replied
            | Status::Withdrawn
            | Status::Lapsed
            | Status::Archived => *status,
        };
        assert_eq!(after.status(), wanted, "{status:?}");
        assert_eq!((after.case.agency, after.case.custodian), (AGENCY, OTHER));
        assert_eq!(after.case.version, before.case.version + 1);
        assert_eq!(after.read_again(), after.case, "the record says so");
        // What was registered, received, drafted by whom, reviewed by whom, stays.
        assert_eq!(after.case.state.registration(), before.case.state.registration());
        assert_eq!(
            (&after.case.drafters, &after.case.reviewers),
            (&before.case.drafters, &before.case.reviewers)
        );
        assert_eq!(
            (&after.case.receipt, after.case.latest_on),
            (&before.case.receipt, before.case.latest_on)
        );
    }
}

#[test]
fn the_clock_does_not_notice_a_hand_over() {
    for status in Status::ALL {
        let before = brought_to(*status);
        let after = handed_over(before.clone());
        let of = |file: &File| {
            let shown = project(&file.case, &LAW.pack, &LAW.calendar);
            (shown.limit, shown.concluded_on, shown.outcome)
        };
        assert_eq!(of(&after), of(&before), "{status:?}");
    }
}

#[test]
fn who_drafted_at_the_other_agency_does_not_review_here() {
    let mut file = handed_over(brought_to(Status::InReview));
    file.does(CLERK, ask::assign(LAND), "2026-03-21");
    let n = file.case.assignments_made;
    file.does(OTHER_HANDLER, ask::acknowledge(n), "2026-03-21");
    file.does(OTHER_HANDLER, ask::draft("另拟"), "2026-03-21");
    file.does(OTHER_HANDLER, ask::submit(), "2026-03-21");
    assert_eq!(
        file.refuses(HANDLER, ask::pass(Step::Legal, "另拟"), "2026-03-21").code(),
        "drafter_may_not_review"
    );
    file.does(LEGAL, ask::pass(Step::Legal, "另拟"), "2026-03-21");
}

#[test]
fn nothing_is_handed_over_to_who_has_it_and_it_may_come_back() {
    let mut file = brought_to(Status::Registered);
    assert_eq!(hand_over(&file.case, AGENCY, day(ON), BY), None);
    file = handed_over(file);
    assert_eq!(hand_over(&file.case, OTHER, day(ON), BY), None);
    let back = hand_over(&file.case, AGENCY, day(ON), BY).unwrap();
    let Event::HandedOver(event) = &back.event else { panic!("{back:?}") };
    assert_eq!((event.from, event.to), (OTHER, AGENCY));
    file.write(back, Some(APPROVER));
    assert_eq!(file.case.custodian, AGENCY);
}
