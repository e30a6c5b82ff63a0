//! Events about files: attached, struck out, found harmful.

use serde::{Deserialize, Serialize};

use super::parts::{Digest, TextRef};
use crate::domain::attachment::{FileType, Purpose};
use crate::domain::ids::AttachmentId;

/// A file was attached. Its name is words, encrypted elsewhere like its digest in clear: the plain SHA-256 of a known
/// document would tell that the case has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// The file.
    pub attachment: AttachmentId,
    /// What it is for.
    pub purpose: Purpose,
    /// What its content is.
    pub file_type: FileType,
    /// Bytes.
    pub size: u64,
    /// The keyed hash of its content.
    pub content: Digest,
    /// The SHA-256 of its content, in hexadecimal: with the salt of this commitment, anybody can check the file.
    pub sha256: TextRef,
    /// Its name.
    pub name: TextRef,
}

/// A file was struck out: it was not meant for this case. The file stays until it is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentStruck {
    /// The file.
    pub attachment: AttachmentId,
    /// Why.
    pub reason: TextRef,
}

/// A file that had been taken unscanned was found harmful: nobody can open it any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentBlocked {
    /// The file.
    pub attachment: AttachmentId,
    /// The antivirus program's name of what it found: a code of its catalogue.
    pub finding: String,
}
