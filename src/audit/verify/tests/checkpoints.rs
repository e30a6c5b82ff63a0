//! Signed checkpoints as witnesses: the key in use counts, and no other.

use serde_json::json;

use super::{AGENCY, Finding, FindingKind, LENGTH, Verifier, edit, instant, reseal, sample, seq};
use crate::audit::chain::{ChainId, Head};
use crate::audit::checkpoint::{Checkpoint, CheckpointKey, SignedCheckpoint};
use crate::audit::merkle::{Frontier, leaf};
use crate::audit::verify::{Claim, ExpectedHeads, SealedEvent};
use crate::crypto::secret::SecretKey;
use crate::crypto::sign::SigningKey;

fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(SecretKey::from_bytes([n; 32])).unwrap()
}

fn public(n: u8) -> CheckpointKey {
    CheckpointKey::new(AGENCY, *key(n).public())
}

/// The sample, in which the first event names the first key, and the tenth the second.
fn events() -> Vec<SealedEvent> {
    let mut events = sample().events;
    for (index, n) in [(0, 1), (9, 2)] {
        events[index].event_type = "checkpoint_key_made".to_owned();
        let named = json!({ "type": "checkpoint_key_made", "n": n, "key": public(n).to_string() });
        edit(&mut events[index], |record| record["event"] = named);
    }
    (0..LENGTH).for_each(|index| reseal(&mut events, index));
    events
}

/// A checkpoint of the first events, signed by a key.
fn checkpoint(events: &[SealedEvent], size: usize, n: u8) -> SignedCheckpoint {
    let mut tree = Frontier::default();
    events[..size].iter().for_each(|event| tree.push(leaf(event.record.as_bytes())));
    let head = Head { seq: seq(size - 1), link: events[size - 1].agency_link };
    Checkpoint { agency: AGENCY, head, root: tree.root(), at: instant(size), attempts: None }
        .sign(&key(n))
        .unwrap()
}

fn verify(
    events: &[SealedEvent],
    claims: Vec<SignedCheckpoint>,
    trusted: Option<Vec<CheckpointKey>>,
) -> Vec<(u64, FindingKind)> {
    let mut verifier = Verifier::new(ChainId::Agency(AGENCY));
    verifier.claim(claims.into_iter().map(|signed| Claim { place: "a test".to_owned(), signed }));
    if let Some(keys) = trusted {
        verifier.trust(keys);
    }
    for event in events {
        verifier.push(event);
    }
    let found = verifier.finish(&ExpectedHeads::default()).err().unwrap_or_default();
    found.iter().filter_map(|finding: &Finding| Some((finding.agency_seq?, finding.kind))).collect()
}

#[test]
fn each_key_signs_from_its_event_to_the_next() {
    let events = events();
    for size in 1..=LENGTH {
        for n in [1, 2, 3] {
            let right = if size < 10 { n == 1 } else { n == 2 };
            let found = verify(&events, vec![checkpoint(&events, size, n)], None);
            let expected = vec![(seq(size - 1), FindingKind::CheckpointSignature)];
            assert_eq!(found, if right { Vec::new() } else { expected }, "{size} {n}");
        }
    }
    // Who trusts the first only, does not take the second; who trusts both, both.
    let both = || vec![checkpoint(&events, 5, 1), checkpoint(&events, 20, 2)];
    assert_eq!(verify(&events, both(), Some(vec![public(1)])), [(20, FindingKind::CheckpointSignature)]);
    assert_eq!(verify(&events, both(), Some(vec![public(1), public(2)])), []);
    assert_eq!(verify(&sample().events, vec![checkpoint(&sample().events, 5, 1)], None).len(), 1);
}

#[test]
fn another_root_or_link_and_an_end_that_is_gone_are_found() {
    let events = events();
    let mut other = checkpoint(&events, 20, 2).checkpoint;
    other.root = leaf(b"{}");
    let root = other.clone().sign(&key(2)).unwrap();
    assert_eq!(verify(&events, vec![root], None), [(20, FindingKind::CheckpointMismatch)]);
    other.head.link = events[0].agency_link;
    let link = other.sign(&key(2)).unwrap();
    assert_eq!(verify(&events, vec![link], None), [(20, FindingKind::CheckpointMismatch)]);
    for kept in 10..LENGTH {
        let found = verify(&events[..kept], vec![checkpoint(&events, LENGTH, 2)], None);
        assert_eq!(found, [(seq(kept), FindingKind::TailMissing)], "{kept}");
    }
}
