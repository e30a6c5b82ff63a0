//! What happens while a reply is in review.

use serde::{Deserialize, Serialize};

use super::TextRef;
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
