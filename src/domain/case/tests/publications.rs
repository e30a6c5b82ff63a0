//! 依申请公开转为主动公开 (Art. 44): proposed for what was released, decided by another, published once, moving nothing.

use super::*;
use crate::domain::case::event::ProposedBy;
use crate::domain::case::projection::project;
use crate::domain::case::publication_record::{MOST_PUBLICATIONS, Publication, PublicationState};
use crate::domain::review::{Finding, Level, StepId};

/// What may be asked for, in short.
pub(super) mod asking {
    use super::super::words;
    use crate::domain::case::command::{Command, PublicationCommand};
    use crate::domain::case::event::{PlaceKind, ProposedBy};

    pub fn to_publish(proposed_by: ProposedBy, same_as: Option<u32>) -> Command {
        let (document, reason) = (words("某地块征收批文"), words("多人申请"));
        Command::Publication(PublicationCommand::Propose { proposed_by, document, reason, same_as })
    }
    pub fn decide_publication(n: u32, approve: bool) -> Command {
        Command::Publication(PublicationCommand::Decide {
            n, approve, reason: words("属于主动公开范围")
        })
    }
    pub fn publish(n: u32) -> Command {
        let (kind, place) = (PlaceKind::Website, words("https://www.example.gov.cn/1"));
        Command::Publication(PublicationCommand::Publish { n, kind, place })
    }
    pub fn unpublish(n: u32) -> Command {
        Command::Publication(PublicationCommand::Withdraw { n, reason: words("链接失效") })
    }
}

const RULE: Option<&str> = Some("政府信息公开条例 第44条");

fn by_office() -> Command {
    ask::to_publish(ProposedBy::Office, None)
}

fn states(file: &File) -> Vec<PublicationState> {
    file.case.publications.iter().map(Publication::state).collect()
}

#[test]
fn a_released_document_is_proposed_decided_published_and_withdrawn_after_the_archive_too() {
    let before = brought_to(Status::Archived);
    let mut file = before.clone();
    file.does(HANDLER, by_office(), "2026-03-18");
    assert_eq!(states(&file), [PublicationState::Proposed]);
    file.does(APPROVER, ask::decide_publication(1, true), "2026-03-19");
    assert_eq!(states(&file), [PublicationState::Approved]);
    file.does(CLERK, ask::publish(1), "2026-03-20");
    assert_eq!(states(&file), [PublicationState::Published]);
    file.does(CLERK, ask::unpublish(1), "2026-03-21");
    assert_eq!(states(&file), [PublicationState::Withdrawn]);
    let again = ask::to_publish(ProposedBy::Applicant, Some(1));
    file.does(CLERK, again, "2026-03-22").does(APPROVER, ask::decide_publication(2, false), "2026-03-23");
    assert_eq!(states(&file), [PublicationState::Withdrawn, PublicationState::Rejected]);
    // It moves nothing.
    let row = |file: &File| project(&file.case, &LAW.pack, &LAW.calendar);
    assert_eq!(row(&before), row(&file));
    let mut same = before.case.clone();
    same.version = file.case.version;
    same.publications.clone_from(&file.case.publications);
    assert_eq!(same, file.case);
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn only_what_was_released_and_has_arrived_is_proposed() {
    for status in Status::ALL {
        let file = brought_to(*status);
        let released = [Status::Replied, Status::Archived].contains(status);
        for by in [ProposedBy::Applicant, ProposedBy::Office] {
            let mut after = file.clone();
            let asked = after.ask(Some(HANDLER), ask::to_publish(by, None), day("2026-03-31"));
            match asked {
                Ok(_) => assert_eq!(*status, Status::Archived),
                Err(refusal) if released => {
                    assert_eq!(
                        (refusal.code.code(), refusal.code.article()),
                        ("published_before_service", RULE)
                    );
                }
                Err(refusal) => assert_eq!(refusal.code.code(), "wrong_status"),
            }
        }
    }
    let mut posted = brought_to(Status::Replied);
    posted.does(CLERK, ask::dispatch(), "2026-03-16").does(CLERK, ask::serve(1), "2026-03-18");
    assert_eq!(refused(&posted, HANDLER, by_office(), "2026-03-17"), ("date_out_of_order", None));
    posted.does(HANDLER, by_office(), "2026-03-18");
    for status in [Status::Withdrawn, Status::Lapsed] {
        let mut ended = brought_to(status);
        ended.does(ARCHIVIST, ask::archive(), "2026-03-31");
        assert_eq!(refused(&ended, HANDLER, by_office(), "2026-03-31"), ("nothing_to_publish", RULE));
    }
}

#[test]
fn every_outcome_that_releases_nothing_is_refused() {
    for outcome in Outcome::ALL {
        let file = super::archive::served(*outcome);
        let released = [Outcome::Granted, Outcome::PartiallyGranted].contains(outcome);
        let asked = file.clone().ask(Some(HANDLER), by_office(), day("2026-03-20"));
        assert_eq!(asked.is_ok(), released, "{}", outcome.code());
        if !released {
            assert_eq!(refused(&file, HANDLER, by_office(), "2026-03-20"), ("nothing_to_publish", RULE));
        }
    }
}

#[test]
fn each_step_once_in_order_and_by_two_persons() {
    let mut file = brought_to(Status::Archived);
    assert_eq!(
        refused(&file, APPROVER, ask::decide_publication(1, true), "2026-03-31"),
        ("no_such_publication", RULE)
    );
    file.does(APPROVER, ask::to_publish(ProposedBy::Applicant, None), "2026-03-20");
    // Whoever recorded the suggestion, whatever his roles.
    let own = refused(&file, APPROVER, ask::decide_publication(1, true), "2026-03-31");
    assert_eq!(own, ("proposer_may_not_publish", RULE));
    let nobody = file.clone().ask(None, ask::decide_publication(1, true), day("2026-03-31"));
    assert_eq!(nobody.unwrap_err().code.code(), "person_unknown");
    assert_eq!(refused(&file, HANDLER, by_office(), "2026-03-31"), ("publication_open", RULE));
    assert_eq!(
        refused(&file, OTHER_APPROVER, ask::decide_publication(2, true), "2026-03-31"),
        ("no_such_publication", RULE)
    );
    assert_eq!(
        refused(&file, OTHER_APPROVER, ask::decide_publication(1, true), "2026-03-19"),
        ("date_out_of_order", None)
    );
    assert_eq!(refused(&file, CLERK, ask::publish(1), "2026-03-31"), ("publication_not_approved", RULE));
    file.does(OTHER_APPROVER, ask::decide_publication(1, true), "2026-03-21");
    assert_eq!(
        refused(&file, OTHER_APPROVER, ask::decide_publication(1, false), "2026-03-31"),
        ("publication_decided", RULE)
    );
    let same = ask::to_publish(ProposedBy::Office, Some(1));
    assert_eq!(refused(&file, HANDLER, same.clone(), "2026-03-31"), ("already_to_be_published", RULE));
    assert_eq!(refused(&file, CLERK, ask::unpublish(1), "2026-03-31"), ("not_published", RULE));
    assert_eq!(refused(&file, CLERK, ask::publish(1), "2026-03-20"), ("date_out_of_order", None));
    file.does(CLERK, ask::publish(1), "2026-03-23");
    assert_eq!(refused(&file, HANDLER, same, "2026-03-31"), ("already_to_be_published", RULE));
    // Another document; while it is approved the first is still published.
    file.does(HANDLER, by_office(), "2026-03-24").does(
        APPROVER,
        ask::decide_publication(2, true),
        "2026-03-24",
    );
    assert_eq!(refused(&file, CLERK, ask::publish(1), "2026-03-31"), ("already_published", RULE));
    file.does(CLERK, ask::unpublish(1), "2026-03-25");
    assert_eq!(states(&file), [PublicationState::Withdrawn, PublicationState::Approved]);
}

#[test]
fn a_case_takes_twenty_proposals() {
    let mut file = brought_to(Status::Archived);
    for n in 1..=u32::try_from(MOST_PUBLICATIONS).unwrap() {
        file.does(HANDLER, by_office(), "2026-03-31").does(
            APPROVER,
            ask::decide_publication(n, false),
            "2026-03-31",
        );
    }
    assert_eq!(refused(&file, HANDLER, by_office(), "2026-03-31"), ("too_many_publications", RULE));
}

#[test]
fn what_the_secrecy_authority_found_or_is_asked_about_is_not_published() {
    let asked = |file: &mut File| {
        file.case.authority.unanswered.push(StepId { step: Step::Secrecy, level: Level::First });
    };
    let secret = |file: &mut File| file.case.authority.finding = Some(Finding::Secret);
    let partly = |file: &mut File| file.case.authority.finding = Some(Finding::PartlySecret);
    for change in [asked, secret, partly] {
        let mut proposed = brought_to(Status::Archived);
        proposed.does(HANDLER, by_office(), "2026-03-18");
        let mut approved = proposed.clone();
        approved.does(APPROVER, ask::decide_publication(1, true), "2026-03-19");
        for (file, who, command) in [
            (&mut proposed, APPROVER, ask::decide_publication(1, true)),
            (&mut approved, CLERK, ask::publish(1)),
        ] {
            change(file);
            assert_eq!(refused(file, who, command, "2026-03-20").0, "publication_not_reviewed");
        }
        proposed.does(APPROVER, ask::decide_publication(1, false), "2026-03-20");
    }
}

#[test]
fn a_reply_that_was_corrected_to_a_refusal_since_is_not_published() {
    let mut file = brought_to(Status::Archived);
    file.does(HANDLER, by_office(), "2026-03-18");
    file.does(APPROVER, ask::decide_publication(1, true), "2026-03-19");
    file.case.state = super::archive::served(Outcome::DeniedThirdPartyRights).case.state;
    assert_eq!(refused(&file, CLERK, ask::publish(1), "2026-03-31"), ("nothing_to_publish", RULE));
}

#[test]
fn a_late_answer_to_an_older_question_takes_nothing_back() {
    let step = StepId { step: Step::Secrecy, level: Level::First };
    for (known, answer, stands) in [
        (Some(Finding::Secret), Finding::NotSecret, Finding::Secret),
        (Some(Finding::NotSecret), Finding::PartlySecret, Finding::PartlySecret),
        (None, Finding::NotSecret, Finding::NotSecret),
    ] {
        let mut file = brought_to(Status::InProcess);
        file.case.authority.unanswered.push(step);
        file.case.authority.finding = known;
        file.does(SECRECY, ask::answer_referral(answer), "2026-03-09");
        assert_eq!((file.case.authority.finding, file.case.authority.unanswered.len()), (Some(stands), 0));
    }
}
