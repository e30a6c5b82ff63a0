//! The links of the two chains.
//!
//! ```text
//! genesis      = SHA-256(frame("gongkai-audit-genesis/v1", suite, kind, id))
//! link(seq)    = SHA-256(frame("gongkai-audit/v1", suite, kind, id, seq, link(seq - 1), SHA-256(record)))
//! ```
//!
//! `frame` writes each part behind its length ([`crate::crypto::framed`]); `suite` is 2 bytes, `seq` 8, both big endian;
//! `kind` is `case`, `agency` or `attempts`, `id` the 16 bytes of the UUID; the first event's `seq` is 1 and its predecessor the
//! genesis. A record is canonical JSON.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::crypto::{
    digest::digest_type,
    framed::{sha256, sha256_framed},
};

/// The sequence number of the first event of every chain.
pub const FIRST_SEQ: u64 = 1;

/// The algorithms that a link was computed with. Later, stronger suites get higher ids, and no chain goes back to a
/// lower one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// SHA-256 over the first layout.
    Sha256V1,
}

impl Suite {
    /// The suite that new events are sealed with.
    pub const CURRENT: Self = Self::Sha256V1;

    /// The number by which database and records name the suite.
    pub const fn id(self) -> i16 {
        match self {
            Self::Sha256V1 => 1,
        }
    }

    /// The suite of that number; `None` if this program does not know it.
    pub const fn from_id(id: i16) -> Option<Self> {
        match id {
            1 => Some(Self::Sha256V1),
            _ => None,
        }
    }
}

/// Which chain: the one of a case, which can be handed out alone, or the one of an agency, which holds everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChainId {
    /// The events of one case.
    Case(Uuid),
    /// All events of one agency.
    Agency(Uuid),
    /// What was tried at one agency: sign-ins and refusals (`audit::attempts`).
    Attempts(Uuid),
}

impl ChainId {
    /// The kind's name and the id, as they are hashed.
    fn parts(&self) -> (&'static [u8], &Uuid) {
        match self {
            Self::Case(id) => (b"case", id),
            Self::Agency(id) => (b"agency", id),
            Self::Attempts(id) => (b"attempts", id),
        }
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case(id) => write!(f, "case {id}"),
            Self::Agency(id) => write!(f, "agency {id}"),
            Self::Attempts(id) => write!(f, "the attempts at agency {id}"),
        }
    }
}

digest_type!(
    /// One link: it depends on every record of the chain up to its own. Written as 64 lower-case hexadecimal characters.
    Link
);

/// Where a chain stands: its newest event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The newest event's sequence number; 0 before the first event.
    pub seq: u64,
    /// The newest event's link; the genesis before the first event.
    pub link: Link,
}

impl Head {
    /// A chain before its first event.
    pub fn start(suite: Suite, chain: &ChainId) -> Self {
        Self { seq: FIRST_SEQ - 1, link: genesis(suite, chain) }
    }
}

/// What precedes the first event of a chain.
pub fn genesis(suite: Suite, chain: &ChainId) -> Link {
    let (kind, id) = chain.parts();
    Link::from_bytes(sha256_framed(&[
        b"gongkai-audit-genesis/v1",
        &suite.id().to_be_bytes(),
        kind,
        id.as_bytes(),
    ]))
}

/// The link of event `seq` with this `record` behind the link `prev`.
pub fn link(suite: Suite, chain: &ChainId, seq: u64, prev: &Link, record: &[u8]) -> Link {
    let (kind, id) = chain.parts();
    Link::from_bytes(sha256_framed(&[
        b"gongkai-audit/v1",
        &suite.id().to_be_bytes(),
        kind,
        id.as_bytes(),
        &seq.to_be_bytes(),
        prev.as_bytes(),
        &sha256(record),
    ]))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{ChainId, FIRST_SEQ, Link, Suite, genesis, link};

    const ONE: Uuid = Uuid::from_u128(1);
    const TWO: Uuid = Uuid::from_u128(2);

    #[test]
    fn suites_are_known_by_number() {
        assert_eq!(Suite::from_id(Suite::Sha256V1.id()), Some(Suite::Sha256V1));
        for id in [0, -1, 2, i16::MAX] {
            assert_eq!(Suite::from_id(id), None);
        }
    }

    /// Computed with Python's hashlib from the description in the module's comment.
    #[test]
    fn known_links_never_change() {
        let chain = ChainId::Agency(ONE);
        let start = genesis(Suite::Sha256V1, &chain);
        assert_eq!(start.to_string(), "fc34a762d8e5350b6a2685ef055d2a0ef110098c2289100bc46281ae63d5f7de");
        let first = link(Suite::Sha256V1, &chain, FIRST_SEQ, &start, b"{\"a\":1}");
        assert_eq!(first.to_string(), "3b6693861bf48240555fc4013ba2a51582aca749d2b0b00ad9a366cc41f564d2");
    }

    #[test]
    fn every_input_counts() {
        let suite = Suite::Sha256V1;
        let chain = ChainId::Case(ONE);
        let prev = genesis(suite, &chain);
        let base = link(suite, &chain, 7, &prev, b"record");
        for other in [
            link(suite, &ChainId::Agency(ONE), 7, &prev, b"record"),
            link(suite, &ChainId::Case(TWO), 7, &prev, b"record"),
            link(suite, &chain, 8, &prev, b"record"),
            link(suite, &chain, 7, &Link::from_bytes([0; 32]), b"record"),
            link(suite, &chain, 7, &prev, b"records"),
        ] {
            assert_ne!(base, other);
        }
        assert_ne!(prev, genesis(suite, &ChainId::Agency(ONE)));
        assert_ne!(prev, genesis(suite, &ChainId::Case(TWO)));
    }
}
