//! Verifying a case that was handed out as a ZIP: without a database, without a key, a file at a time.
//!
//! What is checked: each file is the one that the manifest lists (length and SHA-256), and the agency has signed the manifest;
//! each event is canonical and follows its predecessor in the case's chain, which ends at the manifest's head; each file of the case
//! is the one to which the event that attached it commits; each event stands in its place under a signed checkpoint of the
//! agency's record. Who has the agency's key can write all of it anew: he is found by a head, a key or checkpoints that are known
//! from elsewhere. Give them.

mod attachments;
mod evidence;
pub(crate) mod signature;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Seek};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zip::ZipArchive;

use super::canonical::parse_canonical;
use super::chain::{ChainId, Head};
use super::verify::{ExpectedHeads, Finding, SealedEvent, Verifier};
use crate::crypto::framed::sha256;
use crate::crypto::hex;
use attachments::{Attached, AttachedEvent, LeftOut};
pub use evidence::Elsewhere;
use evidence::Leaf;
use verdict::said;
pub use verdict::{Fault, Said, Verdict};

/// The format of the ZIP.
pub const FORMAT: &str = "gongkai-case-export/3";
/// The format before, without evidence that the events stand in the agency's record.
const WITHOUT_EVIDENCE: &str = "gongkai-case-export/2";
/// The first format, which did not bind files to their events: read where there are none.
const FORMER: &str = "gongkai-case-export/1";
/// The index page.
pub const INDEX: &str = "index.html";
/// The catalogue.
pub const CATALOGUE: &str = "catalogue.json";
/// The events, one a line, each with its links.
pub const EVENTS: &str = "events.jsonl";
/// The checkpoints and proofs that show where the events stand in the agency's record.
pub const EVIDENCE: &str = "evidence.json";
/// What the ZIP is and how it is checked, with a summary.
pub const INSTRUCTIONS: &str = "README-核验说明.txt";
/// The time limit in words.
pub const TIME_LIMIT: &str = "time-limit.txt";
/// What the ZIP is of, and every other file with its hash.
pub const MANIFEST: &str = "manifest.json";

/// The agency's signature of the manifest.
pub const SIGNATURE: &str = "manifest.sig";

/// A manifest is no longer than this.
const LONGEST_MANIFEST: u64 = 64 * 1024 * 1024;
/// An event with its links is no longer than this.
const LONGEST_LINE: u64 = 4 * 1024 * 1024;
/// A ZIP has no more files than this.
const MOST_FILES: usize = 1_000_000;
/// So many findings are told.
const MOST_FINDINGS: usize = 1_000;

/// The manifest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: String,
    agency: Uuid,
    #[serde(rename = "agency_code")]
    _agency_code: String,
    case: Uuid,
    number: Option<String>,
    #[serde(rename = "archival_code")]
    _archival_code: Option<String>,
    version: u64,
    head: Head,
    #[serde(rename = "masked")]
    _masked: bool,
    files: Vec<Listed>,
    /// The files of the case that are not in the ZIP.
    #[serde(default)]
    left_out: Vec<LeftOut>,
    /// SHA-256 of each event's line, without its line break: a change is found at its place even where no link of the case's
    /// chain covers it (the link in the agency's chain, of which the other events are not here).
    event_lines: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    name: String,
    bytes: u64,
    sha256: String,
    /// A file of the case: which event attached it, and the salt of that event's commitment to its SHA-256.
    #[serde(default)]
    attached: Option<Attached>,
}

/// Verifies a ZIP. `expected` is where the chain must end, when that is known from elsewhere.
///
/// # Errors
/// When it is no ZIP at all, or cannot be read. What is wrong with its content is in the verdict.
pub fn verify_export<R: Read + Seek>(reader: R, expected: Option<Head>) -> io::Result<Verdict> {
    verify_export_against(reader, expected, &Elsewhere::default())
}

/// The same, with what is known from elsewhere of the agency's keys and checkpoints.
///
/// # Errors
/// As [`verify_export`].
pub fn verify_export_against<R: Read + Seek>(
    reader: R,
    expected: Option<Head>,
    elsewhere: &Elsewhere,
) -> io::Result<Verdict> {
    let mut zip = ZipArchive::new(reader).map_err(io::Error::other)?;
    let mut check = Check::default();
    let Some(manifest) = check.manifest(&mut zip) else { return Ok(check.done(None, None)) };
    if ![FORMAT, WITHOUT_EVIDENCE, FORMER].contains(&manifest.format.as_str()) {
        let reason = said(
            format!("the format is {}, this program reads {FORMAT}", manifest.format),
            format!("格式为 {}，本程序读取 {FORMAT}", manifest.format),
        );
        check.fault(MANIFEST, None, reason);
        return Ok(check.done(Some(&manifest), None));
    }
    check.files(&mut zip, &manifest)?;
    let (head, attached, leaves) = check.events(&mut zip, &manifest, expected);
    for (file, event, reason) in attachments::faults(&manifest, &attached) {
        check.fault(&file, event, reason);
    }
    check.warnings.extend(attachments::absences(&manifest));
    check.evidence(&mut zip, &manifest, &leaves, elsewhere);
    Ok(check.done(Some(&manifest), head))
}

/// What was found so far.
#[derive(Default)]
struct Check {
    events: u64,
    files: usize,
    faults: Vec<Fault>,
    warnings: Vec<Said>,
    checkpoints: usize,
    /// SHA-256 of the manifest, in hexadecimal.
    manifest_sha256: String,
}

impl Check {
    fn fault(&mut self, file: &str, event: Option<u64>, reason: Said) {
        if self.faults.len() < MOST_FINDINGS {
            let Said { en, zh } = reason;
            self.faults.push(Fault { file: file.to_owned(), event, reason: en, reason_zh: zh });
        }
    }

    fn done(self, manifest: Option<&Manifest>, head: Option<Head>) -> Verdict {
        Verdict {
            case: manifest.map(|manifest| manifest.case),
            number: manifest.and_then(|manifest| manifest.number.clone()),
            events: self.events,
            files: self.files,
            head,
            checkpoints: self.checkpoints,
            faults: self.faults,
            warnings: self.warnings,
        }
    }

    fn manifest<R: Read + Seek>(&mut self, zip: &mut ZipArchive<R>) -> Option<Manifest> {
        let Ok(file) = zip.by_name(MANIFEST) else {
            let reason = said(
                "it is missing: this is no export of a case, or not all of it",
                "缺失：这不是案卷导出，或不完整",
            );
            self.fault(MANIFEST, None, reason);
            return None;
        };
        let mut text = Vec::new();
        if let Err(error) = file.take(LONGEST_MANIFEST).read_to_end(&mut text) {
            self.fault(MANIFEST, None, unreadable(&error));
            return None;
        }
        self.manifest_sha256 = hex::encode(&sha256(&text));
        match serde_json::from_slice(&text) {
            Ok(manifest) => Some(manifest),
            Err(error) => {
                self.fault(
                    MANIFEST,
                    None,
                    said(format!("it is not a manifest: {error}"), format!("不是清单：{error}")),
                );
                None
            }
        }
    }

    /// Each file that is listed is there as it is listed, and no other.
    fn files<R: Read + Seek>(&mut self, zip: &mut ZipArchive<R>, manifest: &Manifest) -> io::Result<()> {
        if zip.len() > MOST_FILES {
            self.fault(
                MANIFEST,
                None,
                said(format!("the ZIP has {} files", zip.len()), format!("压缩包有{}个文件", zip.len())),
            );
            return Ok(());
        }
        let mut listed: BTreeMap<&str, &Listed> = BTreeMap::new();
        for file in &manifest.files {
            if listed.insert(&file.name, file).is_some() {
                self.fault(&file.name, None, said("the manifest lists it twice", "清单列了两次"));
            }
        }
        let mut seen = BTreeSet::new();
        for index in 0..zip.len() {
            let file = zip.by_index(index).map_err(io::Error::other)?;
            let name = file.name().map_err(io::Error::other)?.into_owned();
            self.files = self.files.saturating_add(1);
            if !seen.insert(name.clone()) {
                self.fault(&name, None, said("it is there twice", "同名文件出现两次"));
            }
            let Some(listed) = listed.get(name.as_str()) else {
                if ![MANIFEST, SIGNATURE].contains(&name.as_str()) {
                    self.fault(&name, None, said("the manifest does not list it", "清单未列此文件"));
                }
                continue;
            };
            match digest(file.take(listed.bytes.saturating_add(1))) {
                Ok((bytes, _)) if bytes != listed.bytes => {
                    let reason = said(
                        format!("it is not {} bytes long as listed", listed.bytes),
                        format!("长度不是清单所列的{}字节", listed.bytes),
                    );
                    self.fault(&name, None, reason);
                }
                Ok((_, sha256)) if sha256 != listed.sha256 => {
                    let reason = said(
                        "its content is not the one listed (SHA-256 differs)",
                        "内容与清单所列不符（SHA-256不同）",
                    );
                    self.fault(&name, None, reason);
                }
                Ok(_) => {}
                Err(error) => self.fault(&name, None, unreadable(&error)),
            }
        }
        for name in listed.keys().filter(|name| !seen.contains(**name)) {
            self.fault(name, None, said("it is missing", "缺失"));
        }
        Ok(())
    }

    /// Each event follows, and the last one is the manifest's head.
    fn events<R: Read + Seek>(
        &mut self,
        zip: &mut ZipArchive<R>,
        manifest: &Manifest,
        expected: Option<Head>,
    ) -> (Option<Head>, BTreeMap<u64, AttachedEvent>, BTreeMap<u64, Leaf>) {
        let (mut attached, mut leaves) = (BTreeMap::new(), BTreeMap::new());
        let Ok(file) = zip.by_name(EVENTS) else {
            self.fault(EVENTS, None, said("it is missing", "缺失"));
            return (None, attached, leaves);
        };
        let mut verifier = Verifier::new(ChainId::Case(manifest.case));
        let mut reader = BufReader::new(file);
        let mut last = None;
        loop {
            let mut line = Vec::new();
            match reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    self.fault(EVENTS, Some(self.events.saturating_add(1)), unreadable(&error));
                    break;
                }
            }
            self.events = self.events.saturating_add(1);
            let place = usize::try_from(self.events.saturating_sub(1)).unwrap_or(usize::MAX);
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            if manifest.event_lines.get(place).is_none_or(|listed| *listed != hex::encode(&sha256(text))) {
                let reason = said(
                    "the line is not the one listed (SHA-256 differs)",
                    "该行与清单所列不符（SHA-256不同）",
                );
                self.fault(EVENTS, Some(self.events), reason);
            }
            match event(&line) {
                Ok(event) => {
                    attached.extend(AttachedEvent::of(&event));
                    leaves.extend(Leaf::of(&event));
                    last = event.case_seq.zip(event.case_link).map(|(seq, link)| Head { seq, link });
                    verifier.push(&event);
                }
                Err(reason) => self.fault(EVENTS, Some(self.events), reason),
            }
        }
        if manifest.head.seq != manifest.version {
            let reason = said("its head is not that of its version", "链尾与版本不符");
            self.fault(MANIFEST, None, reason);
        }
        self.end(verifier, (manifest.case, manifest.head), expected);
        (last, attached, leaves)
    }

    fn end(&mut self, verifier: Verifier, (case, head): (Uuid, Head), expected: Option<Head>) {
        let heads = ExpectedHeads { agency: None, cases: Some(BTreeMap::from([(case, head)])) };
        match verifier.finish(&heads) {
            Ok(report) => self.warnings.extend(report.warnings.iter().map(found)),
            Err(findings) => findings.into_iter().for_each(|finding| self.finding(finding)),
        }
        if let Some(expected) = expected
            && expected != head
        {
            let reason = said(
                format!(
                    "the chain ends at event {} with link {}, not at event {} with link {} as you know it",
                    head.seq, head.link, expected.seq, expected.link
                ),
                format!(
                    "链尾为第{}个事件、链接值{}，与您所知的第{}个事件、链接值{}不符",
                    head.seq, head.link, expected.seq, expected.link
                ),
            );
            self.fault(MANIFEST, Some(head.seq), reason);
        }
    }

    fn finding(&mut self, finding: Finding) {
        let zh = finding.kind.label_zh();
        self.fault(EVENTS, finding.case_seq, said(finding.message, zh));
    }
}

/// An event of a line: canonical, as the program writes it.
fn event(line: &[u8]) -> Result<SealedEvent, Said> {
    let text = std::str::from_utf8(line).map_err(|_| said("it is not UTF-8", "不是UTF-8"))?;
    let text =
        text.strip_suffix('\n').ok_or_else(|| said("it does not end with a line break", "行尾无换行"))?;
    let value = parse_canonical(text).map_err(|error| {
        said(format!("it is not canonical JSON: {error}"), format!("不是规范JSON：{error}"))
    })?;
    serde_json::from_value(value).map_err(|error| {
        said(format!("it is no event with its links: {error}"), format!("不是带链接值的事件：{error}"))
    })
}

/// A finding without its place, which is told elsewhere.
fn found(finding: &Finding) -> Said {
    let place = finding.case_seq.map_or_else(String::new, |seq| format!("第{seq}个事件："));
    said(finding.to_string(), format!("{place}{}", finding.kind.label_zh()))
}

fn unreadable(error: &io::Error) -> Said {
    said(format!("it cannot be read: {error}"), format!("无法读取：{error}"))
}

fn digest(mut file: impl Read) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut bytes = 0_u64;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex::encode(&hash.finalize())));
        }
        bytes = bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        hash.update(buffer.get(..read).unwrap_or_default());
    }
}
