//! Why a command about files is refused.

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
}

impl AttachmentRefusal {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NoSuch => "no_such_attachment",
            Self::AlreadyStruck => "attachment_already_struck",
            Self::AlreadyAttached => "already_attached",
            Self::ReplyFixed => "reply_attachment_fixed",
            Self::TooMany => "too_many_attachments",
        }
    }

    pub(super) fn zh(self) -> &'static str {
        match self {
            Self::NoSuch => "没有可以撤下的附件。",
            Self::AlreadyStruck => "该附件已经撤下。",
            Self::AlreadyAttached => "该文件已经添加为附件。",
            Self::ReplyFixed => "答复已经送审或发出，其附件不能再撤下；如需修改，请先退回。",
            Self::TooMany => "该申请的附件数量已达上限。",
        }
    }

    pub(super) fn en(self) -> &'static str {
        match self {
            Self::NoSuch => "There is no attachment to strike out.",
            Self::AlreadyStruck => "The attachment was struck out before.",
            Self::AlreadyAttached => "The file is attached already.",
            Self::ReplyFixed => {
                "The reply is in review or was sent, and its attachments with it: have it returned first."
            }
            Self::TooMany => "The case has as many attachments as it may have.",
        }
    }
}
