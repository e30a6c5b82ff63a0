//! Files of a case: when they may come, what is struck out, and that those of a reply in review stay as they are.

use super::*;
use crate::domain::attachment::{FileType, MOST_OF_A_CASE, Purpose};
use crate::domain::case::command::{AttachmentCommand, AttachmentKind};
use crate::domain::case::event::{AttachmentBlocked, Event};
use crate::domain::case::evolve::evolve;
use crate::domain::ids::AttachmentId;

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
    let standing = file.case.standing_attachments(Purpose::Application);
    assert_eq!(standing, [(file_id(2), hash("content 2"))]);
    assert_eq!(file.read_again(), file.case);
}

#[test]
fn what_a_reviewer_reads_is_what_was_attached_when_it_was_submitted() {
    let mut file = brought_to(Status::InProcess);
    events(&mut file, HANDLER, attach(1, Purpose::ReplyAttachment)).unwrap();
    events(&mut file, HANDLER, attach(2, Purpose::ReplyAttachment)).unwrap();
    events(&mut file, HANDLER, strike(2)).unwrap();
    events(&mut file, HANDLER, ask::draft("v1")).unwrap();
    events(&mut file, HANDLER, ask::submit()).unwrap();
    assert_eq!(code(events(&mut file, HANDLER, attach(3, Purpose::ReplyAttachment))), "wrong_status");
    assert_eq!(code(events(&mut file, HANDLER, strike(1))), "reply_attachment_fixed");
    events(&mut file, CLERK, attach(4, Purpose::Evidence)).unwrap();
    events(&mut file, CLERK, strike(4)).unwrap();
    let of_the_reply = file.case.standing_attachments(Purpose::ReplyAttachment);
    assert_eq!(of_the_reply, [(file_id(1), hash("content 1"))]);
    // Sent back, it is written again.
    events(&mut file, LEGAL, ask::send_back(Step::Legal, "v1")).unwrap();
    events(&mut file, HANDLER, strike(1)).unwrap();
    events(&mut file, HANDLER, attach(3, Purpose::ReplyAttachment)).unwrap();
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
