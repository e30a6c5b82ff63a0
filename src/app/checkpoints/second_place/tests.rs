//! The files of the second place.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{add_keys, append, file_name, newest, outside};
use crate::audit::chain::{Head, Link};
use crate::audit::checkpoint::{Checkpoint, CheckpointKey, SignedCheckpoint};
use crate::audit::merkle::Frontier;
use crate::crypto::secret::SecretKey;
use crate::crypto::sign::SigningKey;
use crate::store::{At, CheckpointRow, Key};

const AGENCY: Uuid = Uuid::from_u128(0xa);

fn key() -> SigningKey {
    SigningKey::from_seed(SecretKey::from_bytes([1; 32])).unwrap()
}

fn checkpoint(seq: u64) -> (CheckpointRow, SignedCheckpoint) {
    let size = i64::try_from(seq).unwrap();
    let at = DateTime::<Utc>::from_timestamp_micros(size).unwrap();
    let (head, tree) = (Head { seq, link: Link::from_bytes([1; 32]) }, Frontier::default());
    let signed =
        Checkpoint { agency: AGENCY, head, root: tree.root(), at, attempts: None }.sign(&key()).unwrap();
    let (note, frontier) = (signed.to_string(), tree.bytes());
    (CheckpointRow { agency_id: Key(AGENCY), size, made_at: At(at), note, frontier }, signed)
}

#[test]
fn what_a_power_cut_left_half_written_is_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let ((one, first), (two, second)) = (checkpoint(1), checkpoint(2));
    append(folder.path(), AGENCY, None, &[one]).unwrap();
    let path = folder.path().join(file_name(AGENCY));
    let whole = std::fs::read_to_string(&path).unwrap();
    for cut in [1, 40, 100, 200, 330] {
        let begun: String = second.to_string().chars().take(cut).collect();
        std::fs::write(&path, format!("{whole}{begun}")).unwrap();
        assert_eq!(newest(folder.path(), AGENCY).unwrap(), Some(first.clone()), "{cut}");
        append(folder.path(), AGENCY, Some(&first), std::slice::from_ref(&two)).unwrap();
        let found = outside(folder.path(), AGENCY).unwrap();
        assert_eq!(found.unreadable, [""; 0], "{cut}");
        let signed: Vec<_> = found.claims.into_iter().map(|claim| claim.signed).collect();
        assert_eq!(signed, [first.clone(), second.clone()], "{cut}");
    }
}

#[test]
fn another_instance_that_was_first_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ((one, first), (two, _)) = (checkpoint(1), checkpoint(2));
    append(folder.path(), AGENCY, None, std::slice::from_ref(&one)).unwrap();
    // This one has seen an empty file.
    append(folder.path(), AGENCY, None, &[one, two]).unwrap();
    assert_eq!(newest(folder.path(), AGENCY).unwrap(), Some(first));
    assert_eq!(newest(folder.path(), Uuid::nil()).unwrap(), None);
}

#[test]
fn keys_are_there_once_and_what_is_no_checkpoint_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let key = CheckpointKey::new(AGENCY, *key().public());
    for _ in 0..3 {
        add_keys(folder.path(), AGENCY, &[key]).unwrap();
    }
    let kept = std::fs::read_to_string(folder.path().join(format!("{AGENCY}.keys"))).unwrap();
    assert_eq!(kept, format!("{key}\n"));
    let spoiled = checkpoint(1).1.to_string().replace("\ntime ", "\nTime ");
    std::fs::write(folder.path().join(file_name(AGENCY)), spoiled).unwrap();
    let found = outside(folder.path(), AGENCY).unwrap();
    assert_eq!((found.claims.len(), found.unreadable.len()), (0, 1));
    assert!(found.unreadable[0].contains("line 1"), "{:?}", found.unreadable);
}
