//! What remedies do to the period of a file, and to its disposal.

use super::*;
use crate::domain::case::archive_record::Kept;
use crate::domain::case::event::RemedyPart;
use crate::domain::remedy::{RemedyKind, RemedyResult};

fn now(file: &File) -> Kept {
    kept(&file.case, &LAW.pack.retention).unwrap()
}

fn period(file: &File) -> (Retention, RetentionGround) {
    (now(file).retention, now(file).ground)
}

const TEN: (Retention, RetentionGround) = (Retention::Years10, RetentionGround::Ordinary);
const DISPUTED: (Retention, RetentionGround) = (Retention::Years30, RetentionGround::Dispute);

#[test]
fn every_kind_of_remedy_makes_it_a_dispute_before_and_after_archiving() {
    for kind in RemedyKind::ALL {
        let mut before = served(Outcome::Granted);
        before.does(LEGAL, ask::file(*kind), "2026-04-13").does(ARCHIVIST, ask::archive(), "2026-05-10");
        assert_eq!((filed(&before).retention, filed(&before).ground), DISPUTED, "{}", kind.code());

        let mut after = old_file();
        assert_eq!(period(&after), TEN);
        after.does(LEGAL, ask::file(*kind), "2026-06-15");
        assert_eq!(period(&after), DISPUTED, "{}", kind.code());
        assert_eq!(now(&after).ends_on, Some(day("2056-12-31")), "counted from the same day");
        assert_eq!(filed(&after).code().as_deref(), Some("Z109-1-2026-D10-0001"), "a code once given stays");
        after.does(LEGAL, ask::result(1, RemedyResult::Upheld, "2026-08-03"), "2026-08-05");
        assert_eq!(period(&after), DISPUTED, "however it ended");
        assert_eq!(after.read_again(), after.case);
    }
}

#[test]
fn a_remedy_entered_by_mistake_lengthens_nothing() {
    let mut file = old_file();
    file.does(LEGAL, ask::file(RemedyKind::Complaint), "2026-06-15");
    file.does(APPROVER, ask::void(1, RemedyPart::Filing), "2026-06-16");
    assert_eq!(period(&file), TEN);
}

#[test]
fn a_later_dispute_goes_by_the_offices_table_of_the_day_of_archiving() {
    let mut file = served(Outcome::Granted);
    let mut filing = ask::filing(None, None);
    filing.shelf.contested = Some(Retention::Permanent);
    file.does(ARCHIVIST, Command::Archive(filing), "2026-05-10");
    assert_eq!(period(&file), TEN);
    file.does(LEGAL, ask::file(RemedyKind::LitigationDirect), "2026-06-15");
    assert_eq!(period(&file), (Retention::Permanent, RetentionGround::Dispute));
}

/// An old program's file has no table: it goes by rule.
#[test]
fn a_file_without_a_code_is_disputed_by_rule() {
    let mut file = served(Outcome::Granted);
    file.does(ARCHIVIST, ask::archive(), "2026-05-10");
    file.record.last_mut().unwrap().event = Event::Archived { note: None, file: None };
    file.case = file.read_again();
    assert_eq!(period(&file), TEN);
    file.does(LEGAL, ask::file(RemedyKind::Reconsideration), "2026-06-15");
    assert_eq!(period(&file), DISPUTED);
}

#[test]
fn what_is_answered_anew_keeps_its_code_and_is_kept_no_shorter_than_for_any_of_its_answers() {
    let mut file = served(Outcome::DeniedStateSecret);
    file.today = day("2040-06-01");
    file.does(ARCHIVIST, archive(Some(Retention::Permanent), Some("重大案件")), "2026-05-10");
    file.does(LEGAL, ask::file(RemedyKind::Reconsideration), "2026-06-15").does(
        LEGAL,
        ask::order_anew(1, "2026-08-03", None),
        "2026-08-05",
    );
    assert_eq!(kept(&file.case, &LAW.pack.retention), None, "it has left the archive");
    assert_eq!(refusal(&file, ARCHIVIST, ask::propose(Proposal::Dispose), "2026-08-06"), "not_archived");
    let by_rule = LAW.pack.retention.of(&file.case);
    assert_eq!(by_rule, DISPUTED, "the earlier answer and the remedy count while it is answered anew");
    let steps = [
        (HANDLER, ask::draft("v2")),
        (HANDLER, ask::submit()),
        (LEGAL, ask::pass(Step::Legal, "v2")),
        (SECRECY, ask::pass(Step::Secrecy, "v2")),
        (APPROVER, ask::pass(Step::SignOff, "v2")),
        (APPROVER, ask::issue("v2")),
        (CLERK, ask::dispatch()),
        (CLERK, ask::serve(1)),
    ];
    for (person, step) in steps {
        file.does(person, step, "2026-08-20");
    }
    let shorter = file.refuses(ARCHIVIST, archive(Some(Retention::Years30), None), "2027-01-11");
    let by_rule = Retention::Permanent;
    assert_eq!(shorter, ArchiveRefusal::RetentionShorter { asked: Retention::Years30, by_rule }.into());
    file.does(ARCHIVIST, ask::archive(), "2027-01-11");
    assert_eq!(filed(&file).code().as_deref(), Some("Z109-1-2026-Y-0001"));
    assert_eq!(period(&file), (Retention::Permanent, RetentionGround::Dispute));
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn a_longer_period_of_a_new_answer_leaves_the_code_as_it_was() {
    let mut file = old_file();
    file.does(LEGAL, ask::file(RemedyKind::Complaint), "2026-06-15").does(
        LEGAL,
        ask::order_anew(1, "2026-08-03", None),
        "2026-08-05",
    );
    file.does(CLERK, ask::withdraw(), "2026-08-06").does(ARCHIVIST, ask::archive(), "2027-01-11");
    assert_eq!(period(&file), DISPUTED);
    assert_eq!(filed(&file).code().as_deref(), Some("Z109-1-2026-D10-0001"));
    assert_eq!(now(&file).ends_on, Some(day("2057-12-31")), "counted from the newer archiving");
}

#[test]
fn nothing_is_disposed_of_while_a_remedy_is_pending() {
    let mut file = old_file();
    file.today = day("2060-06-01");
    file.does(ARCHIVIST, ask::propose(Proposal::Dispose), "2037-01-05");
    file.does(LEGAL, ask::file(RemedyKind::LitigationDirect), "2037-01-06");
    let gone = ErasureGround::RetentionEnded;
    for on in ["2037-01-07", "2057-01-01"] {
        assert_eq!(refusal(&file, APPROVER, ask::appraise(1, true), on), "remedy_pending");
    }
    file.does(APPROVER, ask::appraise(1, false), "2057-01-02");
    assert_eq!(
        refusal(&file, ARCHIVIST, ask::propose(Proposal::Erase { ground: gone }), "2057-01-04"),
        "remedy_pending"
    );
    file.does(LEGAL, ask::result(1, RemedyResult::Upheld, "2037-05-04"), "2037-05-06");
    file.does(ARCHIVIST, ask::propose(Proposal::Dispose), "2057-01-05");
}
