//! What is asked for, mostly with the content that fits.

use super::*;
use crate::domain::attachment::Purpose;
use crate::domain::case::command::AttachmentKind;
use crate::domain::case::state::Receipt;
use crate::domain::review::{Answer, Finding};

/// What is asked for, mostly with the content that fits.
pub(super) fn content(file: &File, kind: CommandKind, detail: u8, pick: u8) -> Command {
    let case = &file.case;
    let fits = !detail.is_multiple_of(7);
    let departments = [PLANNING, LAND, FINANCE];
    let department = departments[usize::from(detail) % 3];
    let assignments: Vec<_> = case
        .state
        .work()
        .map_or_else(Vec::new, |work| std::iter::once(&work.lead).chain(&work.helpers).collect());
    let waiting = assignments.iter().find(|it| it.acknowledged_on.is_none()).map(|it| it.n);
    let any_n = u32::from(pick % 4);
    let unserved = case.state.services().iter().find(|it| it.served_on.is_none()).map(|it| it.n);
    let digest = match case.state.content() {
        Some(content) if fits => content,
        Some(_) | None => hash("v1"),
    };
    let review = |step| {
        let passes = if file.status() == Status::Approved { detail.is_multiple_of(9) } else { pick % 5 < 4 };
        let decision = match (passes, detail % 10) {
            (true, 1) => Decision::PassWithRemark,
            (true, 2) if step == Step::Secrecy || detail.is_multiple_of(3) => Decision::Refer,
            (true, _) => Decision::Pass,
            (false, _) => Decision::Return,
        };
        let opinion = (decision != Decision::Pass && fits).then(|| words("请补充依据"));
        let acting_for = (pick % 16 == 3).then(|| person_of(detail));
        let checklist = match (step, detail % 61) {
            (_, 7) => Some(Checklist { state_secret: Answer::Unsure, ..Checklist::CLEAR }),
            (_, 8) => Some(Checklist { personal_data: Answer::Found, ..Checklist::CLEAR }),
            (Step::Secrecy, 9) | (Step::Legal | Step::SignOff, _) => None,
            (Step::Secrecy, _) => Some(Checklist::CLEAR),
        };
        Command::Review { step, decision, content: digest, opinion, acting_for, checklist }
    };
    match kind {
        CommandKind::Confirm => ask::confirm(),
        CommandKind::Register => ask::register(),
        CommandKind::Assign if pick.is_multiple_of(3) => ask::assign_to(department, pick.into()),
        CommandKind::Assign => ask::assign(department),
        CommandKind::AssignCoHandling => ask::co_handle(department),
        CommandKind::Acknowledge => ask::acknowledge(waiting.filter(|_| fits).unwrap_or(any_n)),
        CommandKind::Return if fits && detail.is_multiple_of(2) => {
            ask::hand_back(assignments.last().map_or(any_n, |it| it.n))
        }
        CommandKind::Return => ask::hand_back(any_n),
        CommandKind::Draft if fits && pick.is_multiple_of(3) => {
            ask::draft_anothers(&format!("v{}", case.drafts_made + 1))
        }
        CommandKind::Draft if fits => ask::draft(&format!("v{}", case.drafts_made + 1)),
        CommandKind::Draft => ask::draft("v1"),
        CommandKind::Submit => ask::submit(),
        CommandKind::ReviewLegal => review(Step::Legal),
        CommandKind::ReviewSecrecy => review(Step::Secrecy),
        CommandKind::SignOff => review(Step::SignOff),
        CommandKind::Reply(ReplyKind::AnswerReferral) => ask::answer_referral(Finding::NotSecret),
        CommandKind::Issue => Command::Issue { content: digest, number: None },
        CommandKind::Dispatch => ask::dispatch(),
        CommandKind::Serve => ask::serve(unserved.filter(|_| fits).unwrap_or(any_n)),
        CommandKind::Withdraw => ask::withdraw(),
        CommandKind::Archive => ask::archive(),
        CommandKind::Amend => match pick % 3 {
            0 => ask::amend_applicant("章某"),
            1 => ask::amend(Amend::Description(words("请求公开两个地块的批文"))),
            _ => ask::amend(Amend::Subject(words("两个地块的征收批文"))),
        },
        CommandKind::AmendReceipt => amend_receipt(file, detail, pick),
        CommandKind::Clock(kind) => about_clock::content(file, kind, detail, pick),
        CommandKind::Remedy(kind) => about_remedies::content(file, kind, detail, pick),
        CommandKind::Disposal(kind) => about_archive::content(file, kind, detail, pick),
        CommandKind::Relation(kind) => about_relations::content(file, kind, detail, pick),
        CommandKind::Contact(kind) => about_contacts::content(kind, pick),
        CommandKind::Label(kind) => about_labels::content(kind, pick),
        CommandKind::Publication(kind) => about_publications::content(file, kind, detail, pick),
        // Few files, so that the same is attached again, and struck out again.
        CommandKind::Attachment(AttachmentKind::Attach) => {
            attachments::attach(u128::from(pick % 4), Purpose::ALL[usize::from(pick % 3)])
        }
        CommandKind::Attachment(AttachmentKind::AttachToReply) => {
            attachments::attach(u128::from(pick % 4), Purpose::ReplyAttachment)
        }
        CommandKind::Attachment(AttachmentKind::Strike) => {
            let first = case.attachments.first().filter(|_| fits).map(|file| file.id);
            first.map_or_else(|| attachments::strike(u128::from(pick % 4)), attachments::strike_file)
        }
    }
}

/// Anybody of eight, absent.
fn person_of(detail: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(detail % 8) + 1))
}

fn amend_receipt(file: &File, detail: u8, pick: u8) -> Command {
    let receipt = &file.case.receipt;
    if pick.is_multiple_of(8) {
        let Receipt { channel, arrived_on, confirmed_on, .. } = *receipt;
        return ask::amend(Amend::Receipt { channel, arrived_on, confirmed_on });
    }
    if detail == 3 {
        return ask::amend_receipt(Channel::Counter, "2003-06-01", None);
    }
    let channel = Channel::ALL[usize::from(pick) % Channel::ALL.len()];
    let arrived_on = receipt.arrived_on + Days::new(2) - Days::new(u64::from(detail % 6));
    let confirmed_on =
        (!detail.is_multiple_of(4)).then(|| arrived_on + Days::new(2) - Days::new(u64::from(detail % 4)));
    ask::amend(Amend::Receipt { channel, arrived_on, confirmed_on })
}
