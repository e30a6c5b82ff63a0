//! The orders about files, their words still in clear.

use crate::app::error::AppError;
use crate::app::people::{Sealer, TextKind};
use crate::crypto::hex;
use crate::domain::attachment::{FileType, Purpose};
use crate::domain::case::command::{AttachmentCommand, AttachmentKind};
use crate::domain::case::event::Digest;
use crate::domain::ids::AttachmentId;
use crate::store::NewAttachment;

/// A command about a file as it is asked for.
#[derive(Clone, Debug)]
pub enum AttachmentOrder {
    /// See [`AttachmentCommand::Attach`].
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
        sha256: [u8; 32],
        /// Its name.
        name: String,
        /// The rows that are written with it.
        new: Box<NewAttachment>,
    },
    /// See [`AttachmentCommand::Strike`].
    Strike {
        /// The file.
        attachment: AttachmentId,
        /// Why.
        reason: String,
    },
}

impl AttachmentOrder {
    /// The command's name.
    pub fn kind(&self) -> AttachmentKind {
        match self {
            Self::Attach { purpose, .. } => kind_of(*purpose),
            Self::Strike { .. } => AttachmentKind::Strike,
        }
    }
}

/// The command that attaches a file for a purpose.
pub fn kind_of(purpose: Purpose) -> AttachmentKind {
    if purpose == Purpose::ReplyAttachment { AttachmentKind::AttachToReply } else { AttachmentKind::Attach }
}

pub(super) fn seal(order: &AttachmentOrder, sealer: &mut Sealer) -> Result<AttachmentCommand, AppError> {
    Ok(match order {
        AttachmentOrder::Attach { attachment, purpose, file_type, size, content, sha256, name, .. } => {
            AttachmentCommand::Attach {
                attachment: *attachment,
                purpose: *purpose,
                file_type: *file_type,
                size: *size,
                content: *content,
                sha256: sealer.text(TextKind::FileDigest, &hex::encode(sha256))?,
                name: sealer.text(TextKind::FileName, name)?,
            }
        }
        AttachmentOrder::Strike { attachment, reason } => AttachmentCommand::Strike {
            attachment: *attachment,
            reason: sealer.text(TextKind::Note, reason)?,
        },
    })
}
