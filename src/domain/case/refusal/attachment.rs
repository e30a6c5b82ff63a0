//! Why a command about files is refused.

use crate::domain::case::state::Case;
use crate::domain::ids::AttachmentId;

/// The reasons there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentRefusal {
    /// There is no such file.
    NoSuch,
    /// It was struck out before.
    AlreadyStruck,
    /// It is attached already.
    AlreadyAttached,
    /// It belongs to a reply that is in review, or was sent.
    ReplyFixed,
    /// The case has as many as it may have.
    TooMany,
    /// It goes out with the reply and was not scanned yet.
    Unscanned {
        /// Its number in the catalogue, from 1.
        n: usize,
        /// The file.
        id: AttachmentId,
    },
    /// It goes out with the reply, and was found harmful or was erased.
    Unfit {
        /// Its number in the catalogue, from 1.
        n: usize,
        /// The file.
        id: AttachmentId,
    },
}

impl AttachmentRefusal {
    pub(crate) fn unscanned(case: &Case, id: AttachmentId) -> Self {
        Self::Unscanned { n: case.number_of(id), id }
    }

    pub(crate) fn unfit(case: &Case, id: AttachmentId) -> Self {
        Self::Unfit { n: case.number_of(id), id }
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NoSuch => "no_such_attachment",
            Self::AlreadyStruck => "attachment_already_struck",
            Self::AlreadyAttached => "already_attached",
            Self::ReplyFixed => "reply_attachment_fixed",
            Self::TooMany => "too_many_attachments",
            Self::Unscanned { .. } => "reply_attachment_unscanned",
            Self::Unfit { .. } => "reply_attachment_unfit",
        }
    }

    pub(super) fn zh(self) -> String {
        match self {
            Self::NoSuch => "没有可以撤下的附件。".to_owned(),
            Self::AlreadyStruck => "该附件已经撤下。".to_owned(),
            Self::AlreadyAttached => "该文件已经添加为附件。".to_owned(),
            Self::ReplyFixed => "答复已经送审或发出，其附件不能再撤下；如需修改，请先退回。".to_owned(),
            Self::TooMany => "该申请的附件数量已达上限。".to_owned(),
            Self::Unscanned { n, id } => {
                format!("第{n}件附件（{id}）尚未通过病毒扫描，不能随答复送审；请待扫描完成或者撤下该附件。")
            }
            Self::Unfit { n, id } => format!(
                "第{n}件附件（{id}）被发现含有有害内容或者已被删除，不能随答复送审或者发出；请退回修改，撤下该附件。"
            ),
        }
    }

    pub(super) fn en(self) -> String {
        match self {
            Self::NoSuch => "There is no attachment to strike out.".to_owned(),
            Self::AlreadyStruck => "The attachment was struck out before.".to_owned(),
            Self::AlreadyAttached => "The file is attached already.".to_owned(),
            Self::ReplyFixed => {
                "The reply is in review or was sent, and its attachments with it: have it returned first."
                    .to_owned()
            }
            Self::TooMany => "The case has as many attachments as it may have.".to_owned(),
            Self::Unscanned { n, id } => format!(
                "File {n} of the case ({id}) was not scanned yet: wait until it is, or strike it out, and submit then."
            ),
            Self::Unfit { n, id } => format!(
                "File {n} of the case ({id}) was found harmful or was erased: have the reply returned, strike the file out, \
                 and submit anew."
            ),
        }
    }
}
