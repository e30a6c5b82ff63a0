//! The files of a case in its export: each is the one to which the event that attached it commits.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::verdict::{Said, said};
use super::{FORMER, MANIFEST, Manifest};
use crate::audit::verify::SealedEvent;
use crate::crypto::commitment::commit;
use crate::crypto::hex;

/// Where the files of the case are.
const FOLDER: &str = "attachments/";

/// What a file's line of the manifest says of the event that attached it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attached {
    /// Its place in the case, from 1.
    event: u64,
    /// The salt of its commitment, 16 bytes in hexadecimal.
    salt: String,
}

/// A file that is not in the ZIP.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeftOut {
    /// The place of the event that attached it.
    event: u64,
    /// Why.
    reason: String,
}

/// What an event says of the file that it attached.
pub(super) struct AttachedEvent {
    size: u64,
    commitment: String,
}

impl AttachedEvent {
    /// Of an event that attached a file, with its place in the case.
    pub(super) fn of(event: &SealedEvent) -> Option<(u64, Self)> {
        if event.event_type != "attached" {
            return None;
        }
        let record: Value = serde_json::from_str(&event.record).ok()?;
        let of = |pointer: &str| record.pointer(pointer);
        let size = of("/event/size")?.as_u64()?;
        let commitment = of("/event/sha256/commitment")?.as_str()?.to_owned();
        Some((event.case_seq?, Self { size, commitment }))
    }

    /// Whether it commits to this content.
    fn commits_to(&self, bytes: u64, sha256: &str, salt: &str) -> bool {
        let committed = hex::decode(salt).map(|salt| commit(&salt, &[sha256.as_bytes()]).to_string());
        self.size == bytes && committed.as_deref() == Some(self.commitment.as_str())
    }
}

/// What is wrong with the files of a case: where, of which event, why. That they are as the manifest lists them is checked
/// elsewhere.
pub(super) fn faults(
    manifest: &Manifest,
    attached: &BTreeMap<u64, AttachedEvent>,
) -> Vec<(String, Option<u64>, Said)> {
    let mut faults = Vec::new();
    let mut told = BTreeSet::new();
    for file in &manifest.files {
        let Some(of) = &file.attached else {
            if file.name.starts_with(FOLDER) {
                let reason = if manifest.format == FORMER {
                    said(
                        "this format does not bind a file to the event that attached it: have the case exported anew",
                        "此格式未将附件与其登记事件绑定：请重新导出案卷",
                    )
                } else {
                    said("the manifest does not say which event attached it", "清单未说明登记该附件的事件")
                };
                faults.push((file.name.clone(), None, reason));
            }
            continue;
        };
        if !told.insert(of.event) {
            faults.push((
                file.name.clone(),
                Some(of.event),
                said("the event attached one file, and there are two", "该事件只登记一个附件，却有两个"),
            ));
        }
        match attached.get(&of.event) {
            None => faults.push((
                file.name.clone(),
                Some(of.event),
                said("this event attached no file", "该事件未登记附件"),
            )),
            Some(event) if !event.commits_to(file.bytes, &file.sha256, &of.salt) => {
                faults.push((
                    file.name.clone(),
                    Some(of.event),
                    said("it is not the file that this event attached", "不是该事件登记的附件"),
                ));
            }
            Some(_) => {}
        }
    }
    for absent in &manifest.left_out {
        if !told.insert(absent.event) || !attached.contains_key(&absent.event) {
            let reason = said(
                "the manifest says that a file of it is left out, and it is there or never was",
                "清单称其附件未附，但该附件在内或从未登记",
            );
            faults.push((MANIFEST.to_owned(), Some(absent.event), reason));
        }
    }
    if manifest.format != FORMER {
        for event in attached.keys().filter(|event| !told.contains(*event)) {
            let reason = said(
                "the file that this event attached is neither there nor said to be left out",
                "该事件登记的附件既不在内，也未说明未附",
            );
            faults.push((MANIFEST.to_owned(), Some(*event), reason));
        }
    }
    faults
}

/// The files that are not there, for whoever wonders.
pub(super) fn absences(manifest: &Manifest) -> Vec<Said> {
    let told = |it: &LeftOut| {
        said(
            format!("the file that event {} attached is left out: {}", it.event, it.reason),
            format!("第{}个事件登记的附件未附：{}", it.event, it.reason),
        )
    };
    manifest.left_out.iter().map(told).collect()
}
