//! The second place, and databases that lost something against it.

use std::fs;

use gongkai::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use gongkai::audit::verify::FindingKind::{
    CheckpointMismatch, CheckpointSignature, CheckpointUnreadable, RestoreNotSigned, TailMissing,
};
use gongkai::crypto::sign::SigningKey;

use super::copy::disarm;
use super::{Dice, POSITIONS, Scene, app, checkpoint, happens};
use crate::support::databases::both_databases;
use crate::support::server::{GONGKAI, block_on};

both_databases! {
    fn a_second_place_that_was_changed_is_found(backend) {
        let mut dice = Dice::new("second place");
        let scene = Scene::new(backend);
        let path = scene.second.path().join(format!("{}.checkpoints", scene.agency));
        let good = fs::read_to_string(&path).unwrap();
        let notes: Vec<String> = scene.copy().checkpoints.into_iter().map(|row| row.note).collect();
        assert_eq!(good, notes.join("\n") + "\n");
        let other = SigningKey::generate().unwrap();
        for round in 0..POSITIONS {
            let note = &notes[dice.below(notes.len())];
            let signed: SignedCheckpoint = note.parse().unwrap();
            let Checkpoint { agency, mut head, root, at, attempts } = signed.checkpoint;
            let size = Some(head.seq);
            let (changed, expected) = match round % 4 {
                // The signature of another key.
                0 => (Checkpoint { agency, head, root, at, attempts }.sign(&other).unwrap().to_string(), (size, CheckpointSignature)),
                // Another chain, signed by another key.
                1 => {
                    head.link = gongkai::audit::chain::Link::from_bytes([3; 32]);
                    (Checkpoint { agency, head, root, at, attempts }.sign(&other).unwrap().to_string(), (size, CheckpointMismatch))
                }
                // Another instant under the same signature.
                2 => (note.replace("\ntime 2", "\ntime 3"), (size, CheckpointSignature)),
                _ => (note.replace("\nsuite ", "\nSuite "), (None, CheckpointUnreadable)),
            };
            fs::write(&path, good.replace(note, &changed)).unwrap();
            let findings = scene.verify().unwrap_err();
            assert_eq!((findings[0].agency_seq, findings[0].kind), expected, "{changed}: {findings:#?}");
        }
        fs::write(&path, &good).unwrap();
        scene.verify().unwrap();
        // It may be behind: whoever cuts it off is only found by another copy of it.
        fs::write(&path, format!("{}\n", notes[0])).unwrap();
        scene.verify().unwrap();
    }

    /// Two copies of a database that both went on, each with signatures of the same key.
    fn a_fork_is_found(backend) {
        let mut dice = Dice::new("fork");
        let scene = Scene::new(backend);
        scene.checkpoint();
        disarm(&scene.place().database);
        let common = scene.copy();
        scene.happens(2);
        scene.checkpoint();
        let size = common.head.0.unsigned_abs() + 2;
        for _ in 0..POSITIONS {
            common.write(&scene.place().database);
            let other = tempfile::tempdir().unwrap();
            let fork = app(scene.place(), other.path());
            let more = 1 + dice.below(4);
            happens(&fork, scene.agency, more);
            checkpoint(&fork, scene.agency);
            let last = common.head.0.unsigned_abs() + u64::try_from(more).unwrap();
            let expected = if last < size { (last + 1, TailMissing) } else { (size, CheckpointMismatch) };
            let findings = scene.verify().unwrap_err();
            assert_eq!((findings[0].agency_seq, findings[0].kind), (Some(expected.0), expected.1), "{findings:#?}");
        }
    }

    /// A copy that was put back is told as so many missing events, stops checkpoints, and is accepted by a signed event only.
    fn a_restored_copy_is_seen_and_accepted_only_when_signed(backend) {
        let scene = Scene::new(backend);
        scene.checkpoint();
        disarm(&scene.place().database);
        let backup = scene.copy();
        scene.happens(3);
        scene.checkpoint();
        let lost = scene.copy().head.0;
        backup.write(&scene.place().database);
        let findings = scene.verify().unwrap_err();
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!(findings[0].agency_seq, Some(lost.unsigned_abs() - 2));
        assert!(findings[0].message.starts_with("3 events are missing: "), "{}", findings[0].message);

        // As the operator sees it.
        let folder = scene.second.path().to_str().unwrap().to_owned();
        let run = |arguments: &[&str]| {
            let mut command = scene.place().command(GONGKAI);
            command.env("GONGKAI_CHECKPOINT_DIR", &folder).args(arguments).output().unwrap()
        };
        let told = run(&["audit", "verify"]);
        assert!(!told.status.success());
        assert!(String::from_utf8_lossy(&told.stdout).contains("3 events are missing"), "{told:?}");
        scene.happens(1);
        let refused = run(&["audit", "checkpoint"]);
        assert!(String::from_utf8_lossy(&refused.stderr).contains("an older copy was put back"), "{refused:?}");
        let nobody = run(&["audit", "accept-restore", "--agency", "320800", "--operator", "320800.clerk"]);
        assert!(String::from_utf8_lossy(&nobody.stderr).contains("--operator"), "{nobody:?}");

        let accepted = run(&["--json", "audit", "accept-restore", "--agency", "320800", "--operator", "320800.system_admin"]);
        assert!(accepted.status.success(), "{accepted:?}");
        let sound = run(&["audit", "verify"]);
        assert!(sound.status.success(), "{sound:?}");
        let again = run(&["audit", "accept-restore", "--agency", "320800", "--operator", "320800.system_admin"]);
        assert!(String::from_utf8_lossy(&again.stderr).contains("No event is missing"), "{again:?}");
        let report = scene.verify().unwrap();
        let file = fs::read_to_string(scene.second.path().join(format!("{}.checkpoints", scene.agency))).unwrap();
        assert!(file.trim_end().lines().count() > 8 && report.events > 3, "{file}");
        scene.happens(1);
        scene.checkpoint();

        // The same event with a signature that nobody made.
        let mut forged = scene.copy();
        let at = forged.rows.iter().position(|row| row.event_type == "restore_accepted").unwrap();
        // Whoever sits at the server wrote it: whom he names took no part.
        assert!(forged.rows[at].record.contains(r#""by":{"who":"operator"}"#), "{}", forged.rows[at].record);
        super::copy::edit(&mut forged.rows[at], |record| record["event"]["lost"] = serde_json::json!(lost + 1));
        forged.reseal(at..forged.rows.len());
        forged.remember();
        forged.checkpoints.retain(|row| row.size < forged.rows[at].agency_seq);
        forged.write(&scene.place().database);
        let findings = scene.verify().unwrap_err();
        assert!(findings.iter().any(|it| it.kind == RestoreNotSigned), "{findings:#?}");
    }

    fn a_new_key_signs_from_then_on(backend) {
        let scene = Scene::new(backend);
        let old = block_on(scene.app.checkpoint_keys(scene.agency)).unwrap();
        block_on(scene.app.change_signing_key(scene.agency)).unwrap();
        scene.checkpoint();
        let keys = block_on(scene.app.checkpoint_keys(scene.agency)).unwrap();
        assert!(keys.len() == 2 && keys[0] == old[0]);
        let newest: SignedCheckpoint = scene.copy().checkpoints.last().unwrap().note.parse().unwrap();
        assert!(newest.is_signed_by(&keys[1]) && !newest.is_signed_by(&keys[0]));
        scene.verify().unwrap();
        let kept = fs::read_to_string(scene.second.path().join(format!("{}.keys", scene.agency))).unwrap();
        assert_eq!(kept, format!("{}\n{}\n", keys[0], keys[1]));
    }
}
