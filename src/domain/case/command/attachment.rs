//! The commands about files.

use crate::domain::attachment::{FileType, Purpose};
use crate::domain::case::event::{Digest, TextRef};
use crate::domain::ids::AttachmentId;

/// What can be asked of a case about its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachmentCommand {
    /// 添加附件: attach a file that has been received and examined.
    Attach {
        /// The file.
        attachment: AttachmentId,
        /// What it is for.
        purpose: Purpose,
        /// What its content is.
        file_type: FileType,
        /// Bytes.
        size: u64,
        /// The keyed hash of its content.
        content: Digest,
        /// The SHA-256 of its content.
        sha256: TextRef,
        /// Its name.
        name: TextRef,
    },
    /// 撤下附件: strike a file out. Nothing is deleted.
    Strike {
        /// The file.
        attachment: AttachmentId,
        /// Why.
        reason: TextRef,
    },
}

impl AttachmentCommand {
    /// This command's name.
    pub fn kind(&self) -> AttachmentKind {
        match self {
            Self::Attach { purpose: Purpose::ReplyAttachment, .. } => AttachmentKind::AttachToReply,
            Self::Attach { .. } => AttachmentKind::Attach,
            Self::Strike { .. } => AttachmentKind::Strike,
        }
    }
}

/// The names of the commands about files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttachmentKind {
    /// See [`AttachmentCommand::Attach`], of whatever but the reply.
    Attach,
    /// See [`AttachmentCommand::Attach`], of the reply.
    AttachToReply,
    /// See [`AttachmentCommand::Strike`].
    Strike,
}

impl AttachmentKind {
    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::Attach => "attach",
            Self::AttachToReply => "attach_to_reply",
            Self::Strike => "strike_attachment",
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Attach => "添加附件",
            Self::AttachToReply => "添加答复附件",
            Self::Strike => "撤下附件",
        }
    }
}
