//! What can go wrong with a file or its upload.

use crate::domain::attachment::{FileFault, Purpose};
use crate::files::TooMany;
use crate::files::shelf::ShelfError;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachmentError {
    /// The file is not taken; with what was found in it, where it has a name.
    Fault(FileFault, Option<String>),
    /// The upload does not stand where the caller thinks.
    Upload(UploadFault),
    /// The content may not be opened, not yet or never.
    Held(Held),
    /// A file of this purpose is opened with a reason only.
    NeedsReason(Purpose),
    /// The store of the files cannot be used; for the log.
    Shelf(String),
    /// Too many files are under way.
    Busy,
}

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadFault {
    /// Not every byte is here; so many are.
    Incomplete(u64),
    /// The part does not begin where the upload goes on: at this byte, or at the beginning of a piece before it.
    Offset(u64),
    /// The part was sent before with other bytes.
    Differs,
    /// It is attached, or was refused.
    Ended,
    /// The caller has as many under way as he may have.
    TooManyOpen,
}

/// Why a content may not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// The antivirus program has not looked at it.
    Quarantined,
    /// The antivirus program found this in it.
    Blocked(String),
    /// It was erased with the case's words.
    Erased,
}

impl UploadFault {
    /// The code of the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Incomplete(_) => "upload_incomplete",
            Self::Offset(_) => "upload_offset",
            Self::Differs => "upload_differs",
            Self::Ended => "upload_ended",
            Self::TooManyOpen => "too_many_uploads",
        }
    }

    /// What is wrong and what would be right, in Chinese.
    pub fn zh(self) -> String {
        match self {
            Self::Incomplete(offset) => format!("文件尚未传完，已收到 {offset} 字节，请从该处续传。"),
            Self::Offset(offset) => {
                format!("应从第 {offset} 字节续传，或从其前面某个 1 MiB 的整数倍处重传。")
            }
            Self::Differs => "这一段已经收到，但内容不同；请重新开始一次上传。".to_owned(),
            Self::Ended => "该上传已经结束；请重新开始一次上传。".to_owned(),
            Self::TooManyOpen => "您尚未完成的上传过多，请先完成，或等待其过期。".to_owned(),
        }
    }

    /// The same in English.
    pub fn en(self) -> String {
        match self {
            Self::Incomplete(offset) => format!("The file is not all here: go on at byte {offset}."),
            Self::Offset(offset) => {
                format!("Go on at byte {offset}, or send again from a multiple of 1 MiB before it.")
            }
            Self::Differs => "This part was sent before with other bytes: begin a new upload.".to_owned(),
            Self::Ended => "This upload has ended: begin a new one.".to_owned(),
            Self::TooManyOpen => {
                "You have too many uploads under way: end them, or wait until they expire.".to_owned()
            }
        }
    }
}

impl Held {
    /// The code of the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Quarantined => "attachment_quarantined",
            Self::Blocked(_) => "attachment_blocked",
            Self::Erased => "attachment_erased",
        }
    }

    /// What is wrong, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Quarantined => "附件正在等待病毒扫描，扫描通过后方可下载。".to_owned(),
            Self::Erased => "附件内容已随个人信息删除或者档案销毁而删除，无法恢复。".to_owned(),
            Self::Blocked(finding) => format!("附件中发现恶意代码（{finding}），不能下载。"),
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            Self::Quarantined => "The file waits to be scanned, and cannot be opened before.".to_owned(),
            Self::Erased => "The content was erased with the words of the case, for good.".to_owned(),
            Self::Blocked(finding) => {
                format!("Something harmful was found in the file ({finding}): it cannot be opened.")
            }
        }
    }
}

impl From<FileFault> for AttachmentError {
    fn from(fault: FileFault) -> Self {
        Self::Fault(fault, None)
    }
}

impl From<UploadFault> for AttachmentError {
    fn from(fault: UploadFault) -> Self {
        Self::Upload(fault)
    }
}

impl From<TooMany> for AttachmentError {
    fn from(TooMany: TooMany) -> Self {
        Self::Busy
    }
}

impl From<ShelfError> for AttachmentError {
    fn from(error: ShelfError) -> Self {
        Self::Shelf(error.to_string())
    }
}

impl std::fmt::Display for AttachmentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fault(fault, _) => f.write_str(fault.en()),
            Self::Upload(fault) => f.write_str(&fault.en()),
            Self::Held(held) => f.write_str(&held.en()),
            Self::NeedsReason(_) => f.write_str("the file is opened with a reason only"),
            Self::Shelf(reason) => f.write_str(reason),
            Self::Busy => f.write_str("too many files are under way"),
        }
    }
}
