//! What is told of a file that is not taken, an upload that does not go on, a content that is not opened.

use super::{
    BUSY, CONTENT_HELD, Code, FILE_REFUSED, FILE_TOO_LARGE, FILE_TYPE, REASON_REQUIRED, STORAGE_UNAVAILABLE,
    Told, UPLOAD_CONFLICT,
};
use crate::app::attachments::AttachmentError;
use crate::domain::attachment::FaultKind;

pub(super) fn code_of(error: &AttachmentError) -> Code {
    match error {
        AttachmentError::Fault(fault, _) => match fault.kind() {
            FaultKind::Size => FILE_TOO_LARGE,
            FaultKind::Type => FILE_TYPE,
            FaultKind::Content => FILE_REFUSED,
        },
        AttachmentError::Upload(_) => UPLOAD_CONFLICT,
        AttachmentError::Held(_) => CONTENT_HELD,
        AttachmentError::NeedsReason(_) => REASON_REQUIRED,
        AttachmentError::Shelf(_) => STORAGE_UNAVAILABLE,
        AttachmentError::Busy => BUSY,
    }
}

/// Each reason why a file is not taken, an upload not continued or a content not opened has a code of its own.
pub(super) fn tell_of_file(told: &mut Told, error: &AttachmentError) {
    let (code, zh, en) = match error {
        AttachmentError::Fault(fault, finding) => {
            let name = |open: &str, close: &str| {
                finding.as_ref().map(|name| format!("{open}{name}{close}")).unwrap_or_default()
            };
            (
                fault.code(),
                format!("{}{}", fault.zh(), name("（", "）")),
                format!("{}{}", fault.en(), name(" (", ")")),
            )
        }
        AttachmentError::Upload(fault) => (fault.code(), fault.zh(), fault.en()),
        AttachmentError::Held(held) => (held.code(), held.zh(), held.en()),
        AttachmentError::NeedsReason(purpose) => {
            told.detail = Some((
                format!(
                    "这是{}，可能载有个人信息：请说明理由，以 POST …/attachments/{{attachment_id}}/openings 打开；打开情况将被记录。",
                    purpose.label_zh()
                ),
                format!(
                    "This file ({}) may hold personal data: open it with a reason by POST …/attachments/{{attachment_id}}/openings, \
                     which is recorded.",
                    purpose.code()
                ),
            ));
            return;
        }
        AttachmentError::Shelf(_) => {
            tracing::error!(%error, "the store of the files failed");
            return;
        }
        AttachmentError::Busy => return,
    };
    told.rule = Some((code, None));
    told.detail = Some((zh, en));
}
