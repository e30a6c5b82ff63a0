//! Verifying a case that was handed out as a ZIP: without a database, without a key, a file at a time.
//!
//! Four things are checked: each file is the one that the manifest lists (length and SHA-256), each event is canonical and
//! follows its predecessor in the case's chain, the chain ends at the manifest's head, and each file of the case is the one to which
//! the event that attached it commits (so that no file is exchanged together with its line of the manifest). Who wrote manifest, events and all
//! links anew is found only by a head that is known from elsewhere: give it.

mod attachments;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Seek};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zip::ZipArchive;

use super::canonical::parse_canonical;
use super::chain::{ChainId, Head};
use super::verify::{ExpectedHeads, Finding, SealedEvent, Verifier};
use crate::crypto::framed::sha256;
use crate::crypto::hex;
use attachments::{Attached, AttachedEvent, LeftOut};

/// The format of the ZIP.
pub const FORMAT: &str = "gongkai-case-export/2";
/// The format before, which did not bind files to their events: read where there are none.
const FORMER: &str = "gongkai-case-export/1";
/// The index page.
pub const INDEX: &str = "index.html";
/// The catalogue.
pub const CATALOGUE: &str = "catalogue.json";
/// The events, one a line, each with its links.
pub const EVENTS: &str = "events.jsonl";
/// The time limit in words.
pub const TIME_LIMIT: &str = "time-limit.txt";
/// What the ZIP is of, and every other file with its hash.
pub const MANIFEST: &str = "manifest.json";

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
    #[serde(rename = "agency")]
    _agency: Uuid,
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

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file in the ZIP.
    pub file: String,
    /// The event's place in the case, from 1, where it is about one.
    pub event: Option<u64>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event {
            Some(event) => write!(f, "{}, event {event}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

/// What a ZIP amounts to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The case.
    pub case: Option<Uuid>,
    /// Its registration number.
    pub number: Option<String>,
    /// Events read.
    pub events: u64,
    /// Files read.
    pub files: usize,
    /// Where the chain ends: compare it with what the agency says.
    pub head: Option<Head>,
    /// What is wrong, the files first; none when all is well.
    pub faults: Vec<Fault>,
    /// What is odd but proves no tampering.
    pub warnings: Vec<String>,
}

impl Verdict {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Verifies a ZIP. `expected` is where the chain must end, when that is known from elsewhere.
///
/// # Errors
/// When it is no ZIP at all, or cannot be read. What is wrong with its content is in the verdict.
pub fn verify_export<R: Read + Seek>(reader: R, expected: Option<Head>) -> io::Result<Verdict> {
    let mut zip = ZipArchive::new(reader).map_err(io::Error::other)?;
    let mut check = Check::default();
    let Some(manifest) = check.manifest(&mut zip) else { return Ok(check.done(None, None)) };
    if ![FORMAT, FORMER].contains(&manifest.format.as_str()) {
        let reason = format!("the format is {}, this program reads {FORMAT}", manifest.format);
        check.fault(MANIFEST, None, reason);
        return Ok(check.done(Some(&manifest), None));
    }
    check.files(&mut zip, &manifest)?;
    let (head, attached) = check.events(&mut zip, &manifest, expected);
    for (file, event, reason) in attachments::faults(&manifest, &attached) {
        check.fault(&file, event, reason);
    }
    check.warnings.extend(attachments::absences(&manifest));
    Ok(check.done(Some(&manifest), head))
}

/// What was found so far.
#[derive(Default)]
struct Check {
    events: u64,
    files: usize,
    faults: Vec<Fault>,
    warnings: Vec<String>,
}

impl Check {
    fn fault(&mut self, file: &str, event: Option<u64>, reason: impl Into<String>) {
        if self.faults.len() < MOST_FINDINGS {
            self.faults.push(Fault { file: file.to_owned(), event, reason: reason.into() });
        }
    }

    fn done(self, manifest: Option<&Manifest>, head: Option<Head>) -> Verdict {
        Verdict {
            case: manifest.map(|manifest| manifest.case),
            number: manifest.and_then(|manifest| manifest.number.clone()),
            events: self.events,
            files: self.files,
            head,
            faults: self.faults,
            warnings: self.warnings,
        }
    }

    fn manifest<R: Read + Seek>(&mut self, zip: &mut ZipArchive<R>) -> Option<Manifest> {
        let Ok(file) = zip.by_name(MANIFEST) else {
            self.fault(MANIFEST, None, "it is missing: this is no export of a case, or not all of it");
            return None;
        };
        let mut text = Vec::new();
        if let Err(error) = file.take(LONGEST_MANIFEST).read_to_end(&mut text) {
            self.fault(MANIFEST, None, format!("it cannot be read: {error}"));
            return None;
        }
        match serde_json::from_slice(&text) {
            Ok(manifest) => Some(manifest),
            Err(error) => {
                self.fault(MANIFEST, None, format!("it is not a manifest: {error}"));
                None
            }
        }
    }

    /// Each file that is listed is there as it is listed, and no other.
    fn files<R: Read + Seek>(&mut self, zip: &mut ZipArchive<R>, manifest: &Manifest) -> io::Result<()> {
        if zip.len() > MOST_FILES {
            self.fault(MANIFEST, None, format!("the ZIP has {} files", zip.len()));
            return Ok(());
        }
        let mut listed: BTreeMap<&str, &Listed> = BTreeMap::new();
        for file in &manifest.files {
            if listed.insert(&file.name, file).is_some() {
                self.fault(&file.name, None, "the manifest lists it twice");
            }
        }
        let mut seen = BTreeSet::new();
        for index in 0..zip.len() {
            let file = zip.by_index(index).map_err(io::Error::other)?;
            let name = file.name().map_err(io::Error::other)?.into_owned();
            self.files = self.files.saturating_add(1);
            if !seen.insert(name.clone()) {
                self.fault(&name, None, "it is there twice");
            }
            let Some(listed) = listed.get(name.as_str()) else {
                if name != MANIFEST {
                    self.fault(&name, None, "the manifest does not list it");
                }
                continue;
            };
            match digest(file.take(listed.bytes.saturating_add(1))) {
                Ok((bytes, _)) if bytes != listed.bytes => {
                    self.fault(&name, None, format!("it is not {} bytes long as listed", listed.bytes));
                }
                Ok((_, sha256)) if sha256 != listed.sha256 => {
                    self.fault(&name, None, "its content is not the one listed (SHA-256 differs)");
                }
                Ok(_) => {}
                Err(error) => self.fault(&name, None, format!("it cannot be read: {error}")),
            }
        }
        for name in listed.keys().filter(|name| !seen.contains(**name)) {
            self.fault(name, None, "it is missing");
        }
        Ok(())
    }

    /// Each event follows, and the last one is the manifest's head.
    fn events<R: Read + Seek>(
        &mut self,
        zip: &mut ZipArchive<R>,
        manifest: &Manifest,
        expected: Option<Head>,
    ) -> (Option<Head>, BTreeMap<u64, AttachedEvent>) {
        let mut attached = BTreeMap::new();
        let Ok(file) = zip.by_name(EVENTS) else {
            self.fault(EVENTS, None, "it is missing");
            return (None, attached);
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
                    self.fault(
                        EVENTS,
                        Some(self.events.saturating_add(1)),
                        format!("it cannot be read: {error}"),
                    );
                    break;
                }
            }
            self.events = self.events.saturating_add(1);
            let place = usize::try_from(self.events.saturating_sub(1)).unwrap_or(usize::MAX);
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            if manifest.event_lines.get(place).is_none_or(|listed| *listed != hex::encode(&sha256(text))) {
                self.fault(EVENTS, Some(self.events), "the line is not the one listed (SHA-256 differs)");
            }
            match event(&line) {
                Ok(event) => {
                    attached.extend(AttachedEvent::of(&event));
                    last = event.case_seq.zip(event.case_link).map(|(seq, link)| Head { seq, link });
                    verifier.push(&event);
                }
                Err(reason) => self.fault(EVENTS, Some(self.events), reason),
            }
        }
        if manifest.head.seq != manifest.version {
            self.fault(MANIFEST, None, "its head is not that of its version");
        }
        self.end(verifier, (manifest.case, manifest.head), expected);
        (last, attached)
    }

    fn end(&mut self, verifier: Verifier, (case, head): (Uuid, Head), expected: Option<Head>) {
        let heads = ExpectedHeads { agency: None, cases: Some(BTreeMap::from([(case, head)])) };
        match verifier.finish(&heads) {
            Ok(report) => self.warnings.extend(report.warnings.iter().map(ToString::to_string)),
            Err(findings) => findings.into_iter().for_each(|finding| self.finding(finding)),
        }
        if let Some(expected) = expected
            && expected != head
        {
            let reason = format!(
                "the chain ends at event {} with link {}, not at event {} with link {} as you know it",
                head.seq, head.link, expected.seq, expected.link
            );
            self.fault(MANIFEST, Some(head.seq), reason);
        }
    }

    fn finding(&mut self, finding: Finding) {
        self.fault(EVENTS, finding.case_seq, finding.message);
    }
}

/// An event of a line: canonical, as the program writes it.
fn event(line: &[u8]) -> Result<SealedEvent, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    let text = text.strip_suffix('\n').ok_or("it does not end with a line break")?;
    let value = parse_canonical(text).map_err(|error| format!("it is not canonical JSON: {error}"))?;
    serde_json::from_value(value).map_err(|error| format!("it is no event with its links: {error}"))
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
