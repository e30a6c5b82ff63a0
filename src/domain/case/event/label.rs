//! What the event of a changed label holds.

use serde::{Deserialize, Serialize};

use super::TextRef;
use crate::domain::sensitivity::Sensitivity;

/// A case bears another security label from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SensitivityChanged {
    /// The label it bore.
    pub from: Sensitivity,
    /// The label it bears.
    pub to: Sensitivity,
    /// Why.
    pub reason: TextRef,
}
