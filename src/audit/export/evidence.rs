//! The evidence in an export: each event of the case stands in its place under a signed checkpoint of the agency's chain, of which
//! nothing else is shown.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use serde::Deserialize;
use uuid::Uuid;
use zip::ZipArchive;

use super::verdict::{Said, said};
use super::{
    Check, EVIDENCE, FORMAT, LONGEST_MANIFEST, MANIFEST, Manifest, SIGNATURE, signature, unreadable,
};
use crate::audit::checkpoint::{CheckpointKey, SignedCheckpoint};
use crate::audit::merkle::{Node, is_included, leaf};
use crate::audit::verify::{Claim, SealedEvent};

/// A signature of a manifest is no longer than this.
const LONGEST_SIGNATURE: u64 = 1_024;

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Evidence {
    /// The program and its version.
    #[serde(rename = "software")]
    _software: String,
    /// The public keys of the agency's checkpoints.
    keys: Vec<String>,
    /// The texts of the checkpoints.
    checkpoints: Vec<String>,
    /// One for each event.
    events: Vec<Proof>,
}

/// That an event stands under a checkpoint.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    /// The event's place in the case, from 1.
    event: u64,
    /// Which of the checkpoints, from 0.
    checkpoint: usize,
    /// The path in the tree.
    #[serde(rename = "proof")]
    path: Vec<Node>,
}

/// What the evidence must hold for.
pub(super) struct Leaf {
    agency_seq: u64,
    node: Node,
}

impl Leaf {
    /// Of an event, with its place in the case.
    pub(super) fn of(event: &SealedEvent) -> Option<(u64, Self)> {
        Some((event.case_seq?, Self { agency_seq: event.agency_seq, node: leaf(event.record.as_bytes()) }))
    }
}

/// What the one who verifies has from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// The keys that count; those of the export itself when it is not said.
    pub keys: Option<Vec<CheckpointKey>>,
    /// The agency's checkpoints as they were kept in a second place.
    pub checkpoints: Option<Vec<Claim>>,
}

impl Check {
    /// Each event stands under a signed checkpoint.
    pub(super) fn evidence<R: Read + Seek>(
        &mut self,
        zip: &mut ZipArchive<R>,
        manifest: &Manifest,
        leaves: &BTreeMap<u64, Leaf>,
        elsewhere: &Elsewhere,
    ) {
        if manifest.format != FORMAT {
            // Nobody gets rid of the evidence by naming an older format.
            let named = manifest.files.iter().any(|file| file.name == EVIDENCE);
            if named || elsewhere.keys.is_some() || elsewhere.checkpoints.is_some() {
                let reason = said(
                    "the format that it names has no evidence, which is here or asked for",
                    "其所称格式不含证明，而此处有证明，或您要求核对证明",
                );
                self.fault(MANIFEST, None, reason);
            }
            let message = said(
                "this export is of a format without evidence that its events stand in the agency's record",
                "此导出为旧格式，不含事件位于机关审计记录原位的证明",
            );
            self.warnings.push(message);
            return;
        }
        match read_evidence(zip) {
            Ok(evidence) => {
                self.checkpoints = evidence.checkpoints.len();
                let keys = elsewhere.keys.clone().unwrap_or_else(|| evidence.own_keys());
                if elsewhere.keys.is_none() {
                    self.warnings.push(said(
                        "the keys are those in the ZIP: get the agency's public key elsewhere, and give it with --key",
                        "公钥取自压缩包本身：请另行取得机关公钥，用 --key 核对",
                    ));
                }
                if let Err(reason) = self.signature(zip, manifest.agency, &keys) {
                    self.fault(SIGNATURE, None, reason);
                }
                for (event, reason) in faults(&evidence, manifest.agency, leaves, elsewhere) {
                    self.fault(EVIDENCE, event, reason);
                }
            }
            Err(reason) => self.fault(EVIDENCE, None, reason),
        }
    }

    /// The agency signed the manifest, which has the hash of every file: nothing in the ZIP is another's.
    fn signature<R: Read + Seek>(
        &self,
        zip: &mut ZipArchive<R>,
        agency: Uuid,
        keys: &[CheckpointKey],
    ) -> Result<(), Said> {
        let file = zip.by_name(SIGNATURE).map_err(|_| said("it is missing", "缺失"))?;
        let mut text = String::new();
        file.take(LONGEST_SIGNATURE).read_to_string(&mut text).map_err(|error| unreadable(&error))?;
        signature::verify(&text, agency, &self.manifest_sha256, keys)
    }
}

impl Evidence {
    /// The keys that it names itself.
    pub(super) fn own_keys(&self) -> Vec<CheckpointKey> {
        self.keys.iter().filter_map(|key| key.parse().ok()).collect()
    }
}

/// What is wrong with the evidence, with the event it concerns.
pub(super) fn faults(
    evidence: &Evidence,
    agency: Uuid,
    leaves: &BTreeMap<u64, Leaf>,
    elsewhere: &Elsewhere,
) -> Vec<(Option<u64>, Said)> {
    let mut faults = Vec::new();
    let own = evidence.own_keys();
    if own.len() != evidence.keys.len() {
        faults.push((None, said("one of its keys is none", "所列公钥有误")));
    }
    let keys = elsewhere.keys.as_ref().unwrap_or(&own);
    let read: Vec<Option<SignedCheckpoint>> =
        evidence.checkpoints.iter().map(|text| text.parse().ok()).collect();
    for (n, checkpoint) in (1_usize..).zip(&read) {
        let Some(signed) = checkpoint else {
            faults.push((None, said(format!("checkpoint {n} is none"), format!("第{n}个检查点不是检查点"))));
            continue;
        };
        let seq = signed.checkpoint.head.seq;
        if signed.checkpoint.agency != agency {
            let en = format!("checkpoint {n} is of another agency");
            faults.push((None, said(en, format!("第{n}个检查点属于其他机关"))));
        }
        if !keys.iter().any(|key| signed.is_signed_by(key)) {
            let key = signed.key;
            let (of, by) = if elsewhere.keys.is_some() {
                ("that you trust", "您所认可")
            } else {
                ("of its own", "其所列")
            };
            let en = format!("checkpoint {n} is not signed by a key {of} (key {key})");
            faults.push((None, said(en, format!("第{n}个检查点不是由{by}的密钥签名（密钥{key}）"))));
        }
        let kept = |claims: &Vec<Claim>| claims.iter().any(|claim| claim.signed == *signed);
        if elsewhere.checkpoints.as_ref().is_some_and(|claims| !kept(claims)) {
            let en = format!("checkpoint {n} (of {seq} events) is not in the second place");
            faults.push((None, said(en, format!("第{n}个检查点（{seq}个事件）不在第二存放处"))));
        }
    }
    let mut proofs: BTreeMap<u64, &Proof> = BTreeMap::new();
    for proof in &evidence.events {
        if proofs.insert(proof.event, proof).is_some() {
            faults.push((Some(proof.event), said("it is proved twice", "有两条证明")));
        }
    }
    for (event, leaf) in leaves {
        if let Err(reason) = proved(proofs.remove(event), leaf, &read) {
            faults.push((Some(*event), reason));
        }
    }
    for event in proofs.into_keys() {
        let reason = said("it proves an event that is not here", "所证明的事件不在其中");
        faults.push((Some(event), reason));
    }
    faults
}

fn proved(proof: Option<&Proof>, leaf: &Leaf, read: &[Option<SignedCheckpoint>]) -> Result<(), Said> {
    let none = || said("the event stands under no checkpoint", "事件不在任何检查点之下");
    let proof = proof.ok_or_else(none)?;
    let signed = read.get(proof.checkpoint).and_then(Option::as_ref);
    let absent = || said("the event names a checkpoint that is not there", "事件所指的检查点不在其中");
    let signed = signed.ok_or_else(absent)?;
    let (size, root) = (signed.checkpoint.head.seq, &signed.checkpoint.root);
    let index = leaf.agency_seq.saturating_sub(1);
    if leaf.agency_seq > 0 && is_included(&leaf.node, index, size, &proof.path, root) {
        return Ok(());
    }
    Err(said(
        "the event does not stand in its place under the checkpoint: it, its place or the proof was changed",
        "事件不在检查点之下的原位：事件、其位置或证明被改动",
    ))
}

fn read_evidence<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<Evidence, Said> {
    let file = zip.by_name(EVIDENCE).map_err(|_| said("it is missing", "缺失"))?;
    let mut content = Vec::new();
    file.take(LONGEST_MANIFEST).read_to_end(&mut content).map_err(|error| unreadable(&error))?;
    serde_json::from_slice(&content)
        .map_err(|error| said(format!("it is not what it should be: {error}"), format!("内容有误：{error}")))
}
