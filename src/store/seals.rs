//! The seal on the end of an agency's chain: a keyed hash of where it stands, under a key of the agency, written with every event.
//!
//! Links are plain SHA-256, so that a court can check them without any key; so somebody who has the database can link a forged event
//! behind the last one and move the end. He cannot seal it. A bad seal stays bad: what is written after it goes on, and is not sealed,
//! so that no checkpoint is ever signed over what was forged and `audit verify` tells it until somebody sees to it.
//!
//! The key seals with which values are encrypted at that instant: the newest that every server has by then. So nothing is left under a key
//! that is retired.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use super::error::StoreError;
use crate::audit::chain::Head;
use crate::crypto::column::AgencyKeys;
use crate::domain::ids::AgencyId;

/// The keys of the agencies, by which the ends of their chains are sealed. Whoever knows an agency's keys hands them over
/// ([`HeadSeals::know`]) before anything is written for it.
#[derive(Default)]
pub struct HeadSeals {
    known: RwLock<HashMap<AgencyId, SealKeys>>,
}

/// The keys of one agency, the newest first: from when on each seals, and itself.
pub type SealKeys = Vec<(DateTime<Utc>, Arc<AgencyKeys>)>;

impl HeadSeals {
    /// From now on an agency's ends are sealed, and their seals read, with these keys.
    pub fn know(&self, agency: AgencyId, keys: SealKeys) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(agency, keys);
    }

    /// The seal of an end that is written at an instant: a keyed hash of 32 bytes. Whose key it was is tried out.
    ///
    /// # Errors
    /// When the agency's keys were not handed over.
    pub fn seal(&self, agency: AgencyId, head: &Head, at: DateTime<Utc>) -> Result<Vec<u8>, StoreError> {
        let keys = self.keys_of(agency)?;
        let writes = keys.iter().find(|(from, _)| *from <= at).or_else(|| keys.last());
        let (_, key) = writes.ok_or_else(|| without(agency))?;
        Ok(seal_with(key, agency, head))
    }

    /// Whether this program, with a key of the agency, sealed this very end.
    ///
    /// # Errors
    /// When the agency's keys were not handed over.
    pub fn is_good(&self, agency: AgencyId, head: &Head, seal: Option<&[u8]>) -> Result<bool, StoreError> {
        let keys = self.keys_of(agency)?;
        let Some(seal) = seal else { return Ok(false) };
        Ok(keys.iter().any(|(_, key)| equal(&seal_with(key, agency, head), seal)))
    }

    fn keys_of(&self, agency: AgencyId) -> Result<SealKeys, StoreError> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&agency).cloned();
        known.ok_or_else(|| without(agency))
    }
}

fn without(agency: AgencyId) -> StoreError {
    StoreError::Internal(format!("no keys to seal the record of agency {agency}"))
}

fn seal_with(key: &AgencyKeys, agency: AgencyId, head: &Head) -> Vec<u8> {
    key.head_seal(agency.0, head.seq, head.link.as_bytes()).to_vec()
}

/// In a time that says nothing of where they differ.
fn equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::audit::chain::Link;

    const AGENCY: AgencyId = AgencyId(Uuid::from_u128(7));

    fn head(seq: u64, link: u8) -> Head {
        Head { seq, link: Link::from_bytes([link; 32]) }
    }

    fn keys() -> SealKeys {
        vec![(EARLY, Arc::new(AgencyKeys::generate()))]
    }

    const EARLY: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[test]
    fn a_seal_is_good_for_one_end_of_one_agency_under_its_own_keys() {
        let seals = HeadSeals::default();
        seals.know(AGENCY, keys());
        let seal = seals.seal(AGENCY, &head(3, 1), EARLY).unwrap();
        let good = |head: &Head, seal: Option<&[u8]>| seals.is_good(AGENCY, head, seal).unwrap();
        assert!(good(&head(3, 1), Some(&seal)));
        assert!(!good(&head(4, 1), Some(&seal)), "another number");
        assert!(!good(&head(3, 2), Some(&seal)), "another link");
        assert!(!good(&head(3, 1), None) && !good(&head(3, 1), Some(&[])), "none");
        for at in 0..seal.len() {
            let mut other = seal.clone();
            other[at] ^= 1;
            assert!(!good(&head(3, 1), Some(&other)), "byte {at}");
        }
        let other = AgencyId(Uuid::from_u128(8));
        assert!(seals.seal(other, &head(3, 1), EARLY).is_err(), "its keys are not known");
        let ours = seals.keys_of(AGENCY).unwrap();
        seals.know(other, ours);
        assert!(!seals.is_good(other, &head(3, 1), Some(&seal)).unwrap(), "another agency");
        seals.know(AGENCY, keys());
        assert!(!seals.is_good(AGENCY, &head(3, 1), Some(&seal)).unwrap(), "another key");
    }

    #[test]
    fn after_a_rotation_earlier_seals_are_still_read() {
        let (seals, later) = (HeadSeals::default(), EARLY + TimeDelta::seconds(10));
        let first = keys();
        seals.know(AGENCY, first.clone());
        let before = seals.seal(AGENCY, &head(3, 1), EARLY).unwrap();
        let next = Arc::new(AgencyKeys::generate());
        seals.know(AGENCY, vec![(later, Arc::clone(&next)), first[0].clone()]);
        assert!(seals.is_good(AGENCY, &head(3, 1), Some(&before)).unwrap());
        assert_eq!(seals.seal(AGENCY, &head(3, 1), EARLY).unwrap(), before, "not every server has it yet");
        let after = seals.seal(AGENCY, &head(3, 1), later).unwrap();
        assert_eq!(after, seal_with(&next, AGENCY, &head(3, 1)));
        assert!(seals.is_good(AGENCY, &head(3, 1), Some(&after)).unwrap());
    }
}
