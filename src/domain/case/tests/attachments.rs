//! Files of a case: when they may come, what is struck out, and that those of a reply in review stay as they are.

use super::*;
use crate::domain::attachment::{FileType, MOST_OF_A_CASE, Purpose};
use crate::domain::case::command::{AttachmentCommand, AttachmentKind};
use crate::domain::case::decide;
use crate::domain::case::event::{AttachmentBlocked, Event, FrozenFile};
use crate::domain::case::evolve::evolve;
use crate::domain::case::submission::frozen_hash;
use crate::domain::ids::AttachmentId;
use crate::domain::lang::Lang;
use crate::domain::remedy::RemedyKind;

pub fn file_id(n: u128) -> AttachmentId {
    AttachmentId(Uuid::from_u128(0xf11e_0000 + n))
}

pub fn attach(n: u128, purpose: Purpose) -> Command {
    Command::Attachment(AttachmentCommand::Attach {
        attachment: file_id(n),
        purpose,
        file_type: FileType::Pdf,
        size: 1_000,
        content: hash(&format!("content {n}")),
        sha256: words(&format!("digest {n}")),
        name: words(&format!("name {n}")),
    })
}

pub fn strike(n: u128) -> Command {
    strike_file(file_id(n))
}

/// The same of any file.
pub fn strike_file(attachment: AttachmentId) -> Command {
    Command::Attachment(AttachmentCommand::Strike { attachment, reason: words("误传") })
}

/// Where a command about files belongs.
pub fn belongs(kind: AttachmentKind, status: Status) -> bool {
    match kind {
        AttachmentKind::Attach | AttachmentKind::Strike => status != Status::Archived,
        AttachmentKind::AttachToReply => status == Status::InProcess,
    }
}

/// What may always be asked for about files of a case without any.
pub fn always(status: Status) -> Vec<&'static str> {
    let kinds = [AttachmentKind::Attach, AttachmentKind::AttachToReply];
    kinds.into_iter().filter(|kind| belongs(*kind, status)).map(AttachmentKind::code).collect()
}

/// By whom, of which content.
pub fn best(file: &File, kind: AttachmentKind) -> (PersonId, Command) {
    let next = u128::try_from(file.case.attachments.len()).unwrap();
    match kind {
        AttachmentKind::Attach => (CLERK, attach(next, Purpose::Evidence)),
        AttachmentKind::AttachToReply => (HANDLER, attach(next, Purpose::ReplyAttachment)),
        AttachmentKind::Strike => (CLERK, strike(0)),
    }
}

fn code(outcome: Result<Vec<Event>, Refusal>) -> &'static str {
    outcome.unwrap_err().code.code()
}

fn events(file: &mut File, person: PersonId, command: Command) -> Result<Vec<Event>, Refusal> {
    file.ask(Some(person), command, day("2026-03-31")).map(|_| Vec::new())
}

#[test]
fn a_file_comes_in_every_status_until_the_file_is_closed() {
    for status in Status::ALL {
        let mut file = brought_to(*status);
        let latest = file.case.latest_on;
        let outcome = events(&mut file, CLERK, attach(1, Purpose::Evidence));
        if *status == Status::Archived {
            assert_eq!(code(outcome), "wrong_status");
            continue;
        }
        outcome.unwrap();
        let found = file.case.attachment(file_id(1)).unwrap();
        assert_eq!((found.size, found.struck.is_some(), found.on), (1_000, false, day("2026-03-31")));
        assert_eq!(file.case.latest_on, latest, "a file holds up no step that is entered late");
        assert_eq!(file.read_again(), file.case);
    }
}

#[test]
fn a_file_is_struck_out_once_and_stays_in_the_record() {
    let mut file = brought_to(Status::Received);
    assert_eq!(code(events(&mut file, CLERK, strike(1))), "no_such_attachment");
    events(&mut file, CLERK, attach(1, Purpose::Application)).unwrap();
    events(&mut file, CLERK, attach(2, Purpose::Application)).unwrap();
    assert_eq!(code(events(&mut file, CLERK, attach(2, Purpose::Other))), "already_attached");
    events(&mut file, CLERK, strike(1)).unwrap();
    assert_eq!(code(events(&mut file, CLERK, strike(1))), "attachment_already_struck");
    assert_eq!(file.case.attachments.len(), 2);
    let standing: Vec<_> = file.case.live_attachments().map(|it| (it.id, it.content)).collect();
    assert_eq!(standing, [(file_id(2), hash("content 2"))]);
    assert_eq!(file.read_again(), file.case);
}

/// A reply with a file, in review; the hash of what is reviewed.
fn in_review_with(n: u128) -> (File, Digest) {
    let mut file = brought_to(Status::InProcess);
    events(&mut file, HANDLER, attach(n, Purpose::ReplyAttachment)).unwrap();
    events(&mut file, HANDLER, ask::draft("v1")).unwrap();
    events(&mut file, HANDLER, ask::submit()).unwrap();
    let content = file.case.state.content().unwrap();
    (file, content)
}

fn decide_upon(step: Step, decision: Decision, content: Digest) -> Command {
    let opinion = (decision == Decision::Return).then(|| words("请换附件"));
    let checklist = (step == Step::Secrecy).then_some(Checklist::CLEAR);
    Command::Review { step, decision, content, opinion, acting_for: None, checklist }
}

fn issued(file: &mut File, content: Digest) {
    for (step, person) in [(Step::Legal, LEGAL), (Step::Secrecy, SECRECY), (Step::SignOff, APPROVER)] {
        events(file, person, decide_upon(step, Decision::Pass, content)).unwrap();
    }
    events(file, APPROVER, Command::Issue { content, number: None }).unwrap();
}

#[test]
fn what_a_reviewer_reads_is_what_was_attached_when_it_was_submitted() {
    let mut file = brought_to(Status::InProcess);
    events(&mut file, HANDLER, attach(1, Purpose::ReplyAttachment)).unwrap();
    events(&mut file, HANDLER, attach(2, Purpose::ReplyAttachment)).unwrap();
    events(&mut file, HANDLER, strike(2)).unwrap();
    events(&mut file, HANDLER, ask::draft("v1")).unwrap();
    assert_eq!(file.case.state.content(), Some(hash("v1")), "the draft's own, while it is written");
    events(&mut file, HANDLER, ask::submit()).unwrap();
    assert_eq!(code(events(&mut file, HANDLER, attach(3, Purpose::ReplyAttachment))), "wrong_status");
    assert_eq!(code(events(&mut file, HANDLER, strike(1))), "reply_attachment_fixed");
    events(&mut file, CLERK, attach(4, Purpose::Evidence)).unwrap();
    events(&mut file, CLERK, strike(4)).unwrap();
    let frozen = file.case.state.submission().unwrap().attachments.clone();
    assert_eq!(frozen, [FrozenFile { attachment: file_id(1), content: hash("content 1") }]);
    let first = file.case.state.content().unwrap();
    assert_eq!(first, frozen_hash(hash("v1"), &frozen), "what else is attached changes nothing");
    let stale = decide_upon(Step::Legal, Decision::Return, hash("v1"));
    assert_eq!(
        code(events(&mut file, LEGAL, stale)),
        "content_differs",
        "the draft alone is not the content"
    );
    // Sent back, it is written again: the same draft with another file is another content.
    events(&mut file, LEGAL, decide_upon(Step::Legal, Decision::Return, first)).unwrap();
    events(&mut file, HANDLER, strike(1)).unwrap();
    events(&mut file, HANDLER, attach(3, Purpose::ReplyAttachment)).unwrap();
    events(&mut file, HANDLER, ask::submit()).unwrap();
    let second = file.case.state.content().unwrap();
    assert_ne!(second, first);
    issued(&mut file, second);
    let reply = file.case.state.reply().unwrap();
    assert_eq!((reply.content, reply.attachments[0].attachment), (Some(second), file_id(3)));
    assert_eq!(code(events(&mut file, HANDLER, strike(3))), "reply_attachment_fixed");
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn a_file_that_waits_to_be_scanned_or_is_harmful_goes_out_with_no_reply() {
    let (mut sent, content) = in_review_with(1);
    let mut file = brought_to(Status::InProcess);
    events(&mut file, CLERK, attach(0, Purpose::Evidence)).unwrap();
    events(&mut file, HANDLER, attach(1, Purpose::ReplyAttachment)).unwrap();
    events(&mut file, HANDLER, ask::draft("v1")).unwrap();
    let submit = |unscanned| Command::Submit { route: crate::domain::review::Route::default(), unscanned };
    let refused = file.refuses(HANDLER, submit(vec![file_id(0), file_id(1)]), "2026-03-31");
    assert_eq!(refused.code(), "reply_attachment_unscanned");
    for lang in [Lang::Zh, Lang::En] {
        let told = refused.message(lang);
        assert!(told.contains(&file_id(1).to_string()) && told.contains('2'), "it names the file: {told}");
    }
    events(&mut file.clone(), HANDLER, submit(vec![file_id(0)])).unwrap();
    // What was found before it was submitted, and what was found while it was in review.
    let found = |file: &mut File| {
        let finding = "Eicar".to_owned();
        let event = Event::AttachmentBlocked(AttachmentBlocked { attachment: file_id(1), finding });
        file.write(Happened { on: day("2026-03-31"), event }, None);
    };
    found(&mut file);
    assert_eq!(code(events(&mut file, HANDLER, ask::submit())), "reply_attachment_unfit");
    assert!(
        !decide::possible(&file.case, &context(file.today, Some(HANDLER))).contains(&CommandKind::Submit)
    );
    events(&mut file, HANDLER, strike(1)).unwrap();
    events(&mut file, HANDLER, ask::submit()).unwrap();
    assert_eq!(
        file.case.state.content(),
        Some(hash("v1")),
        "no file, and the hash it had before there were any"
    );
    for (step, person) in [(Step::Legal, LEGAL), (Step::Secrecy, SECRECY), (Step::SignOff, APPROVER)] {
        events(&mut sent, person, decide_upon(step, Decision::Pass, content)).unwrap();
    }
    found(&mut sent);
    assert_eq!(
        code(events(&mut sent, APPROVER, Command::Issue { content, number: None })),
        "reply_attachment_unfit"
    );
    events(&mut sent, APPROVER, decide_upon(Step::SignOff, Decision::Return, content)).unwrap();
}

/// Answered anew, a reply has files of its own; those of the first stay with the first.
#[test]
fn what_went_out_with_a_reply_stays_with_it() {
    let (mut file, first) = in_review_with(1);
    issued(&mut file, first);
    let on = "2026-03-31";
    file.does(CLERK, ask::dispatch(), on).does(CLERK, ask::serve(1), on);
    file.does(LEGAL, ask::file(RemedyKind::Reconsideration), on);
    file.does(LEGAL, ask::order_anew(1, on, None), on);
    assert_eq!(file.status(), Status::InProcess);
    assert_eq!(code(events(&mut file, HANDLER, strike(1))), "reply_attachment_fixed");
    assert_eq!(file.case.files_of_reply().len(), 0);
    events(&mut file, OTHER_HANDLER, ask::draft("v2")).unwrap();
    events(&mut file, HANDLER, ask::submit()).unwrap();
    assert_eq!(file.case.state.content(), Some(hash("v2")));
    let earlier = &file.case.remedies.rounds[0].state;
    assert_eq!(earlier.content(), Some(first));
    assert_eq!(earlier.frozen_files().unwrap()[0].attachment, file_id(1));
}

#[test]
fn a_case_has_no_more_files_than_it_may_have() {
    let mut file = brought_to(Status::Received);
    for n in 0..MOST_OF_A_CASE {
        events(&mut file, CLERK, attach(u128::try_from(n).unwrap(), Purpose::Other)).unwrap();
    }
    assert_eq!(code(events(&mut file, CLERK, attach(9_999, Purpose::Other))), "too_many_attachments");
}

#[test]
fn what_was_found_in_a_file_stays_with_it() {
    let mut file = brought_to(Status::Archived);
    let mut case = brought_to(Status::Received);
    events(&mut case, CLERK, attach(1, Purpose::Evidence)).unwrap();
    file.case.attachments = case.case.attachments.clone();
    let event =
        Event::AttachmentBlocked(AttachmentBlocked { attachment: file_id(1), finding: "Eicar".to_owned() });
    let recorded = Recorded { event, ..file.record.last().unwrap().clone() };
    let after = evolve(file.case.clone(), &recorded);
    assert_eq!(after.attachment(file_id(1)).unwrap().finding.as_deref(), Some("Eicar"));
    assert_eq!((after.version, after.state), (file.case.version + 1, file.case.state));
}
