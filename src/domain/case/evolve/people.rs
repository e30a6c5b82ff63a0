//! Who had a hand in what, which decides who may review it (design section 6).

use crate::domain::attachment::Purpose;
use crate::domain::case::event::{Event, Recorded};
use crate::domain::case::state::Case;
use crate::domain::review::StepId;

/// Who drafted, who reviewed what, and how many assignments and drafts there were outlive every state.
pub(super) fn remember(case: &mut Case, recorded: &Recorded) {
    match (&recorded.event, recorded.by.person()) {
        (Event::Drafted { version, .. }, person) => {
            case.drafts_made = *version;
            case.drafters.extend(person);
        }
        // What goes out is the words and the files with them: whoever has a hand in either reviews neither (design section 6).
        (Event::Submitted { .. }, person) => case.drafters.extend(person),
        (Event::Attached(file), person) if file.purpose == Purpose::ReplyAttachment => {
            case.drafters.extend(person);
        }
        (Event::AttachmentStruck(struck), person)
            if case
                .attachments
                .iter()
                .any(|file| file.id == struck.attachment && file.purpose == Purpose::ReplyAttachment) =>
        {
            case.drafters.extend(person);
        }
        (Event::Reviewed { step, level, acting_for, .. }, Some(person)) => {
            let id = StepId { step: *step, level: *level };
            case.reviewers.insert(person, id);
            case.reviewers.extend(acting_for.map(|absent| (absent, id)));
        }
        (Event::Assigned { n, .. }, _) => case.assignments_made = *n,
        (Event::Archived { file, .. }, _) => case.archive.file.clone_from(file),
        _ => {}
    }
}
