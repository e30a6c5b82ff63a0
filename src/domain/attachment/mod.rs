//! What may be attached to a case: purposes, the types of files, their names, and why a file is not taken.

mod fault;
mod name;

use serde::{Deserialize, Serialize};

pub use fault::{FaultKind, FileFault};
pub(crate) use name::is_program;
pub use name::{MOST_NAME_BYTES, NameFault, check_name, extension_fits, is_hidden};

/// The most attachments of one case, those struck out included.
pub const MOST_OF_A_CASE: usize = 1_000;

/// What an attachment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 申请书: the request as it came.
    Application,
    /// 身份证明: the proof of identity (Art. 29(2)(1)). Its content is the clerk's alone to open.
    IdentityProof,
    /// 凭证: what shows a date or a service: an envelope, a receipt, a log.
    Evidence,
    /// 答复附件: what is handed to the applicant with the reply.
    ReplyAttachment,
    /// 征求意见: letters of consultation and their answers (Arts. 32–34).
    Consultation,
    /// Anything else.
    Other,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: &'static [Self] = &[
        Self::Application,
        Self::IdentityProof,
        Self::Evidence,
        Self::ReplyAttachment,
        Self::Consultation,
        Self::Other,
    ];

    /// The word in the record and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::IdentityProof => "identity_proof",
            Self::Evidence => "evidence",
            Self::ReplyAttachment => "reply_attachment",
            Self::Consultation => "consultation",
            Self::Other => "other",
        }
    }

    /// Whether it is the office's own reply document. Every other file holds what people wrote, and is opened for a reason only.
    pub fn is_of_the_reply(self) -> bool {
        match self {
            Self::ReplyAttachment => true,
            Self::Application | Self::IdentityProof | Self::Evidence | Self::Consultation | Self::Other => {
                false
            }
        }
    }

    /// Its Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Application => "申请书",
            Self::IdentityProof => "身份证明",
            Self::Evidence => "凭证",
            Self::ReplyAttachment => "答复附件",
            Self::Consultation => "征求意见材料",
            Self::Other => "其他材料",
        }
    }
}

/// The types of files that are taken, told by their content and never by their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    /// ISO 32000.
    Pdf,
    /// OOXML, a text document without macros.
    Docx,
    /// OOXML, a workbook without macros.
    Xlsx,
    /// 开放版式文档, GB/T 33190.
    Ofd,
    /// JPEG.
    Jpg,
    /// PNG.
    Png,
    /// Plain text in UTF-8 or GB 18030.
    Txt,
}

impl FileType {
    /// Every type.
    pub const ALL: &'static [Self] =
        &[Self::Pdf, Self::Docx, Self::Xlsx, Self::Ofd, Self::Jpg, Self::Png, Self::Txt];

    /// The word in the record and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Ofd => "ofd",
            Self::Jpg => "jpg",
            Self::Png => "png",
            Self::Txt => "txt",
        }
    }

    /// The endings that a name of such a file may have, in lower case.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpg => &["jpg", "jpeg"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Ofd => &["ofd"],
            Self::Png => &["png"],
            Self::Txt => &["txt"],
        }
    }

    /// The media type under which it is handed out.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ofd => "application/ofd",
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
            Self::Txt => "text/plain",
        }
    }
}
