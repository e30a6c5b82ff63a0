//! What the event of a relation holds: which case, never anything of its content. Each of two related cases has one.

use serde::{Deserialize, Serialize};

use super::TextRef;
use crate::domain::case::relation::{Direction, RelationKind};
use crate::domain::ids::{AgencyId, CaseId};

/// The case was related to another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// Which relation of this case, from 1.
    pub n: u32,
    /// What.
    pub kind: RelationKind,
    /// Which of the two this case is.
    pub direction: Direction,
    /// The other case's agency.
    pub agency: AgencyId,
    /// The other case.
    pub case: CaseId,
    /// Why.
    pub reason: TextRef,
}
