//! 归档: the code and the period of a file.

mod disputes;

use super::*;
use crate::domain::archive::RetentionGround;
use crate::domain::case::archive_record::kept;
use crate::domain::case::event::{ErasureGround, Event, Filed, Proposal};
use crate::domain::case::refusal::ArchiveRefusal;
use crate::domain::time_limit::ConsultationKind;

/// A case served and ready to be archived, answered with this outcome.
pub(super) fn served(outcome: Outcome) -> File {
    let mut file = brought_to(Status::InProcess);
    let basis = Box::default();
    let draft = Command::Draft { outcome, text: words("v1"), content: hash("v1"), basis };
    let steps = [
        (HANDLER, draft),
        (HANDLER, ask::submit()),
        (LEGAL, ask::pass(Step::Legal, "v1")),
        (SECRECY, ask::pass(Step::Secrecy, "v1")),
        (APPROVER, ask::pass(Step::SignOff, "v1")),
        (APPROVER, ask::issue("v1")),
        (CLERK, ask::dispatch()),
        (CLERK, ask::serve(1)),
    ];
    for (person, step) in steps {
        file.does(person, step, "2026-03-20");
    }
    file
}

fn filed(file: &File) -> Filed {
    file.case.archive.file.clone().unwrap()
}

fn archive(retention: Option<Retention>, reason: Option<&str>) -> Command {
    Command::Archive(ask::filing(retention, reason))
}

/// What may be asked for about a file, in short.
pub(super) mod asking {
    use super::super::words;
    use crate::domain::case::command::{Command, DisposalCommand as D};
    use crate::domain::case::event::Proposal;

    pub fn hold() -> Command {
        Command::Disposal(D::PlaceHold { reason: words("诉讼") })
    }
    pub fn lift(n: u32) -> Command {
        Command::Disposal(D::LiftHold { n, reason: words("已结案") })
    }
    pub fn propose(proposal: Proposal) -> Command {
        Command::Disposal(D::ProposeAppraisal { proposal, reason: words("保管期满") })
    }
    pub fn appraise(n: u32, approve: bool) -> Command {
        Command::Disposal(D::DecideAppraisal { n, approve, opinion: None })
    }
}

#[test]
fn every_outcome_has_its_period_by_rule() {
    for outcome in Outcome::ALL {
        let mut file = served(*outcome);
        file.does(ARCHIVIST, ask::archive(), "2026-05-10");
        let code = outcome.code();
        let contested = !(code == "granted" || code.starts_with("other_"));
        let (retention, ends_on) =
            if contested { (Retention::Years30, "2056-12-31") } else { (Retention::Years10, "2036-12-31") };
        assert_eq!(filed(&file).retention, retention, "{code}");
        let kept = kept(&file.case, &LAW.pack.retention).unwrap();
        assert_eq!(kept.ends_on, Some(day(ends_on)), "{code}");
        assert_eq!(file.read_again(), file.case);
    }
}

#[test]
fn an_objection_makes_it_a_dispute() {
    let mut file = brought_to(Status::InProcess);
    file.does(HANDLER, ask::consult(ConsultationKind::ThirdParty), "2026-03-06")
        .does(HANDLER, ask::answer(1, Some(crate::domain::case::event::Position::Objects)), "2026-03-09")
        .does(CLERK, ask::withdraw(), "2026-03-10")
        .does(ARCHIVIST, ask::archive(), "2026-03-11");
    assert_eq!((filed(&file).retention, filed(&file).ground), (Retention::Years30, RetentionGround::Dispute));
}

#[test]
fn a_period_may_be_lengthened_with_a_reason_and_never_shortened() {
    let refused = served(Outcome::DeniedStateSecret);
    let shorter = refused.refuses(ARCHIVIST, archive(Some(Retention::Years10), Some("x")), "2026-05-10");
    let by_rule = Retention::Years30;
    assert_eq!(shorter, ArchiveRefusal::RetentionShorter { asked: Retention::Years10, by_rule }.into());
    let silent = refused.refuses(ARCHIVIST, archive(Some(Retention::Permanent), None), "2026-05-10");
    assert_eq!(silent, ArchiveRefusal::RetentionReasonMissing { by_rule }.into());
    let mut same = refused.clone();
    same.does(ARCHIVIST, archive(Some(by_rule), Some("没有必要的理由")), "2026-05-10");
    assert_eq!(filed(&same).reason, None, "what changes nothing needs no reason");
    let mut longer = refused;
    longer.does(ARCHIVIST, archive(Some(Retention::Permanent), Some("重大案件")), "2026-05-10");
    assert_eq!((filed(&longer).retention, filed(&longer).by_rule), (Retention::Permanent, by_rule));
    assert_eq!(kept(&longer.case, &LAW.pack.retention).unwrap().ends_on, None);
}

#[test]
fn an_office_may_keep_longer_by_its_own_table_not_shorter() {
    let of = |outcome, ordinary, contested| {
        let mut file = served(outcome);
        let mut filing = ask::filing(None, None);
        filing.shelf.ordinary = ordinary;
        filing.shelf.contested = contested;
        file.does(ARCHIVIST, Command::Archive(filing), "2026-05-10");
        filed(&file).by_rule
    };
    let (ten, thirty, ever) =
        (Some(Retention::Years10), Some(Retention::Years30), Some(Retention::Permanent));
    assert_eq!(of(Outcome::Granted, thirty, ever), Retention::Years30);
    assert_eq!(of(Outcome::DeniedStateSecret, thirty, ever), Retention::Permanent);
    assert_eq!(of(Outcome::DeniedStateSecret, ten, ten), Retention::Years30, "the pack's is the least");
    assert_eq!(of(Outcome::DeniedStateSecret, ever, ten), Retention::Permanent, "at least like all others");
}

#[test]
fn the_code_has_the_year_of_the_reply_and_an_item_to_be_given() {
    let mut file = served(Outcome::Granted);
    file.today = day("2027-02-01");
    let events = decide(&file.case, ask::archive(), day("2027-01-04"), &context(file.today, Some(ARCHIVIST)));
    let events = events.unwrap();
    let Event::Archived { file: Some(due), .. } = &events[0].event else { panic!("{events:?}") };
    assert_eq!((due.year, due.code()), (2026, None));
    file.does(ARCHIVIST, ask::archive(), "2027-01-04");
    assert_eq!(filed(&file).code().as_deref(), Some("Z109-1-2026-D10-0001"));
    let ends_on = kept(&file.case, &LAW.pack.retention).unwrap().ends_on;
    assert_eq!(
        ends_on,
        Some(day("2037-12-31")),
        "the period is counted from the year after the one of archiving"
    );
}

#[test]
fn an_archived_event_of_an_older_program_still_folds() {
    let old = Event::Archived { note: None, file: None };
    let mut file = served(Outcome::DeniedStateSecret);
    file.does(ARCHIVIST, ask::archive(), "2026-05-10");
    file.record.last_mut().unwrap().event = old;
    let case = file.read_again();
    assert_eq!((case.state.status(), case.archive.file.clone()), (Status::Archived, None));
    assert_eq!(kept(&case, &LAW.pack.retention).unwrap().ends_on, Some(day("2056-12-31")), "by rule");
}

/// Archived on 10 May 2026 for ten years: through 31 December 2036.
fn old_file() -> File {
    let mut file = served(Outcome::Granted);
    file.today = day("2040-06-01");
    file.does(ARCHIVIST, ask::archive(), "2026-05-10");
    file
}

const ERASE: Proposal = Proposal::Erase { ground: ErasureGround::Unlawful };

fn refusal(file: &File, person: PersonId, command: Command, on: &str) -> &'static str {
    file.refuses(person, command, on).code()
}

#[test]
fn nothing_is_disposed_of_before_its_period_has_ended_to_the_day() {
    let mut file = old_file();
    for proposal in [Proposal::Dispose, Proposal::Erase { ground: ErasureGround::RetentionEnded }] {
        assert_eq!(refusal(&file, ARCHIVIST, ask::propose(proposal), "2036-12-31"), "retention_running");
        file.clone().does(ARCHIVIST, ask::propose(proposal), "2037-01-01");
    }
    file.does(ARCHIVIST, ask::propose(Proposal::Dispose), "2037-01-04");
    assert_eq!(refusal(&file, APPROVER, ask::appraise(2, true), "2037-01-05"), "no_such_appraisal");
    file.does(APPROVER, ask::appraise(1, true), "2037-01-05");
    assert_eq!(file.case.archive.disposed_on, Some(day("2037-01-05")));
    assert_eq!(file.status(), Status::Archived, "the record of what happened stays");
    assert_eq!(refusal(&file, ARCHIVIST, ask::hold(), "2037-01-06"), "disposed");
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn who_proposes_does_not_decide_and_nobody_decides_without_a_name() {
    let mut file = old_file();
    file.does(ARCHIVIST, ask::propose(Proposal::Dispose), "2037-01-04");
    let own = refusal(&file, ARCHIVIST, ask::appraise(1, true), "2037-01-05");
    assert_eq!(own, "proposer_may_not_appraise");
    for command in [ask::appraise(1, true), ask::hold()] {
        let nobody = file.clone().ask(None, command, day("2037-01-05")).unwrap_err();
        assert_eq!(nobody.code, RefusalCode::PersonUnknown);
    }
    assert_eq!(refusal(&file, ARCHIVIST, ask::propose(ERASE), "2037-01-05"), "appraisal_open");
    file.does(APPROVER, ask::appraise(1, false), "2037-01-05");
    assert_eq!((file.case.archive.disposed_on, file.case.archive.erased_on), (None, None), "not approved");
    assert_eq!(refusal(&file, APPROVER, ask::appraise(1, true), "2037-01-06"), "appraisal_decided");
}

#[test]
fn a_hold_keeps_what_the_period_would_let_go_also_after_the_proposal() {
    let mut file = old_file();
    file.does(ARCHIVIST, ask::hold(), "2030-01-07").does(APPROVER, ask::hold(), "2031-01-06");
    assert_eq!(refusal(&file, ARCHIVIST, ask::propose(Proposal::Dispose), "2037-01-04"), "on_hold");
    file.does(APPROVER, ask::lift(1), "2036-01-07");
    assert_eq!(refusal(&file, ARCHIVIST, ask::propose(Proposal::Dispose), "2037-01-04"), "on_hold");
    assert_eq!(refusal(&file, APPROVER, ask::lift(1), "2037-01-04"), "hold_lifted");
    file.does(APPROVER, ask::lift(2), "2037-01-04").does(
        ARCHIVIST,
        ask::propose(Proposal::Dispose),
        "2037-01-05",
    );
    file.does(ARCHIVIST, ask::hold(), "2037-01-06");
    assert_eq!(refusal(&file, APPROVER, ask::appraise(1, true), "2037-01-07"), "on_hold");
    file.does(APPROVER, ask::appraise(1, false), "2037-01-07");
    assert_eq!(file.case.archive.disposed_on, None);
}

#[test]
fn the_laws_own_grounds_of_erasure_wait_for_nothing() {
    for ground in ErasureGround::ALL.iter().copied().filter(|ground| ground.overrides_retention()) {
        for mut file in [old_file(), brought_to(Status::InProcess)] {
            file.does(ARCHIVIST, ask::hold(), "2026-05-11")
                .does(ARCHIVIST, ask::propose(Proposal::Erase { ground }), "2026-05-11")
                .does(APPROVER, ask::appraise(1, true), "2026-05-12");
            assert_eq!(file.case.archive.erased_on, Some(day("2026-05-12")), "{}", ground.code());
            assert_eq!(file.case.archive.disposed_on, None, "the file stays");
        }
    }
    let open = brought_to(Status::InProcess);
    let early = Proposal::Erase { ground: ErasureGround::RetentionEnded };
    assert_eq!(refusal(&open, ARCHIVIST, ask::propose(early), "2026-05-11"), "not_archived");
}

#[test]
fn a_period_is_set_anew_only_to_a_longer_one() {
    let mut file = old_file();
    let retain = |retention| ask::propose(Proposal::Retain { retention });
    let same = refusal(&file, ARCHIVIST, retain(Retention::Years10), "2037-01-04");
    assert_eq!(same, "retention_not_longer");
    file.does(ARCHIVIST, retain(Retention::Years30), "2037-01-04");
    let ends_on = |file: &File| kept(&file.case, &LAW.pack.retention).unwrap().ends_on;
    assert_eq!(ends_on(&file), Some(day("2036-12-31")), "proposed is not decided");
    file.does(APPROVER, ask::appraise(1, true), "2037-01-05");
    assert_eq!(ends_on(&file), Some(day("2056-12-31")), "counted from the same day");
    assert_eq!(refusal(&file, ARCHIVIST, ask::propose(Proposal::Dispose), "2037-01-06"), "retention_running");
    file.does(ARCHIVIST, retain(Retention::Permanent), "2037-01-06").does(
        APPROVER,
        ask::appraise(2, true),
        "2037-01-07",
    );
    assert_eq!(refusal(&file, ARCHIVIST, ask::propose(Proposal::Dispose), "2040-05-01"), "kept_for_ever");
}
