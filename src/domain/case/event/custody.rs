//! What the event of a hand-over to another agency holds.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{AgencyId, ReorganisationId};

/// Another agency handles the case from now on. It keeps its number, its dates, its chain and the keys of the agency where it
/// came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedOver {
    /// Who handled it until now.
    pub from: AgencyId,
    /// Who does from now on.
    pub to: AgencyId,
    /// The reorganisation by which it was handed over, the same for every case of it.
    pub reorganisation: ReorganisationId,
}
