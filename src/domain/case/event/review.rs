//! What happens while a reply is in review.

use serde::{Deserialize, Serialize};

use super::{Digest, TextRef};
use crate::domain::ids::AttachmentId;
use crate::domain::review::{Finding, StepId};

/// The secrecy authority's answer to what a secrecy review referred to it (Art. 17(3)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralAnswered {
    /// The step that waited for it.
    pub id: StepId,
    /// What was found.
    pub finding: Finding,
    /// The answer: from whom, under which number.
    pub text: TextRef,
}

/// A file that goes out with the reply (答复附件), as a submission freezes it. Its name and what it is for were fixed when
/// it was attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenFile {
    /// The file.
    pub attachment: AttachmentId,
    /// The keyed hash of its content.
    pub content: Digest,
}
