//! Documents that are archives: DOCX and XLSX (OOXML) and OFD. Every part is unpacked and looked at.

use super::xml::{self, Tag, Visitor};
use super::zip::{Archive, Entry};
use super::{Source, Stop, big32, pixels};
use crate::domain::attachment::{FileFault, FileType, is_program};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
/// Fields of a text document that start programs or fetch what stands elsewhere.
const FIELDS: &[&str] =
    &["DDE", "DDEAUTO", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DATABASE"];
/// The longest instruction of a field that is looked at.
const MOST_FIELD: usize = 256;

pub(super) fn look(source: &mut dyn Source) -> Result<FileType, Stop> {
    let mut archive = Archive::open(source)?;
    let entries = archive.entries.clone();
    let mut whole = Whole::default();
    for entry in &entries {
        check_name(entry)?;
    }
    for entry in &entries {
        let mut part = Part::new(&mut whole, &entry.name);
        archive.unpack(source, entry, |bytes| part.see(bytes))?;
        part.end()?;
    }
    whole.found.ok_or_else(|| FileFault::Unsupported.into())
}

/// What is known of the document so far.
#[derive(Default)]
struct Whole {
    found: Option<FileType>,
}

/// Some parts are known by their names.
fn check_name(entry: &Entry) -> Result<(), Stop> {
    let name = entry.name.to_ascii_lowercase();
    let file = name.rsplit('/').next().unwrap_or_default();
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    if file.starts_with("vbaproject") || file.starts_with("vbadata") || name.contains("macrosheets/") {
        return Err(FileFault::Macros.into());
    }
    if name.contains("activex/") || file.starts_with("oleobject") {
        return Err(FileFault::Active.into());
    }
    if is_program(ending) { Err(FileFault::Program.into()) } else { Ok(()) }
}

/// Whether a name in lower case has this ending.
fn ends_with(lower: &str, ending: &str) -> bool {
    lower.ends_with(ending)
}

impl Whole {
    /// A content type of OOXML.
    fn content_type(&mut self, kind: &str) -> Result<(), Stop> {
        let lower = kind.to_ascii_lowercase();
        if lower.contains("macroenabled") || lower.contains("vbaproject") {
            return Err(FileFault::Macros.into());
        }
        if lower.contains("activex") {
            return Err(FileFault::Active.into());
        }
        if lower == DOCX {
            self.found = Some(FileType::Docx);
        } else if lower == XLSX {
            self.found = Some(FileType::Xlsx);
        }
        Ok(())
    }

    /// A relationship of OOXML. Links that a reader may follow are no harm; what a program loads by itself is.
    fn relationship(tag: &Tag) -> Result<(), Stop> {
        let external =
            tag.attribute("TargetMode").is_some_and(|mode| mode.trim().eq_ignore_ascii_case("external"));
        if !external {
            return Ok(());
        }
        let kind = tag.attribute("Type").unwrap_or_default();
        let target = tag.attribute("Target").unwrap_or_default().trim().to_ascii_lowercase();
        let followed =
            ["http://", "https://", "mailto:", "#"].iter().any(|scheme| target.starts_with(scheme));
        if kind.ends_with("/hyperlink") && followed { Ok(()) } else { Err(FileFault::External.into()) }
    }
}

/// One part while it is unpacked.
struct Part<'a> {
    whole: &'a mut Whole,
    role: Role,
    head: Vec<u8>,
    reader: Option<xml::Reader>,
    field: Option<Vec<u8>>,
    is_xml: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    ContentTypes,
    Relationships,
    OfdRoot,
    Other,
}

impl<'a> Part<'a> {
    fn new(whole: &'a mut Whole, name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let role = match lower.as_str() {
            "[content_types].xml" => Role::ContentTypes,
            "ofd.xml" => Role::OfdRoot,
            _ if ends_with(&lower, ".rels") => Role::Relationships,
            _ => Role::Other,
        };
        let is_xml = [".xml", ".rels", ".vml"].iter().any(|ending| ends_with(&lower, ending));
        Self { whole, role, head: Vec::new(), reader: None, field: None, is_xml }
    }

    fn see(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        if self.reader.is_some() {
            return self.read(bytes);
        }
        if self.head.len() >= HEAD {
            return Ok(());
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() >= HEAD { self.judge() } else { Ok(()) }
    }

    fn end(mut self) -> Result<(), Stop> {
        if self.reader.is_none() && self.head.len() < HEAD {
            self.judge()?;
        }
        self.reader.as_ref().map_or(Ok(()), xml::Reader::end)
    }

    /// What a part is, by its first bytes.
    fn judge(&mut self) -> Result<(), Stop> {
        let head = std::mem::take(&mut self.head);
        let nested: [&[u8]; 7] =
            [b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"%PDF-", b"BZh"];
        if nested.iter().any(|kind| head.starts_with(kind)) {
            return Err(FileFault::Nested.into());
        }
        if head.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(FileFault::Active.into());
        }
        let programs: [&[u8]; 4] = [b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe"];
        if programs.iter().any(|kind| head.starts_with(kind)) {
            return Err(FileFault::Program.into());
        }
        if head.starts_with(b"\x89PNG\r\n\x1a\n") && head.len() >= 24 {
            pixels(big32(&head, 16), big32(&head, 20))?;
        }
        let wide =
            [b"\xff\xfe".as_slice(), b"\xfe\xff", b"<\0", b"\0<"].iter().any(|mark| head.starts_with(mark));
        let begun = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
        if self.is_xml || wide || begun.starts_with(b"<") {
            self.reader = Some(xml::Reader::new());
            self.read(&head)?;
        }
        // Long enough not to be judged again.
        self.head = vec![0; HEAD];
        Ok(())
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let Some(mut reader) = self.reader.take() else { return Ok(()) };
        let outcome = reader.read(bytes, self);
        self.reader = Some(reader);
        outcome
    }

    /// An instruction of a field has ended, or is long enough.
    fn judge_field(&mut self) -> Result<(), Stop> {
        let Some(field) = self.field.take() else { return Ok(()) };
        let text = xml::resolved(&String::from_utf8_lossy(&field)).trim_start().to_ascii_uppercase();
        let word = text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if FIELDS.contains(&word) { Err(FileFault::Dde.into()) } else { Ok(()) }
    }
}

/// How many bytes tell what a part is.
const HEAD: usize = 32;

impl Visitor for Part<'_> {
    fn tag(&mut self, tag: &Tag) -> Result<(), Stop> {
        match (tag.name.as_str(), self.role) {
            ("Default" | "Override", Role::ContentTypes) => {
                return self.whole.content_type(tag.attribute("ContentType").unwrap_or_default());
            }
            ("Relationship", Role::Relationships) => return Whole::relationship(tag),
            ("OFD", Role::OfdRoot) if !tag.end => {
                self.whole.found.get_or_insert(FileType::Ofd);
            }
            ("ddeLink" | "ddeItem" | "oleLink", _) => return Err(FileFault::Dde.into()),
            ("instrText", _) if !tag.end && self.field.is_none() => self.field = Some(Vec::new()),
            ("fldSimple", _) if !tag.end => {
                self.judge_field()?;
                self.field = Some(tag.attribute("instr").unwrap_or_default().as_bytes().to_vec());
                return self.judge_field();
            }
            // A field's instruction may be cut into any number of runs: it ends with the field's mark.
            ("fldChar", _) if !tag.end => return self.judge_field(),
            ("body" | "hdr" | "ftr" | "footnotes" | "p", _) if tag.end => return self.judge_field(),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &[u8]) -> Result<(), Stop> {
        if let Some(field) = &mut self.field {
            let room = MOST_FIELD.saturating_sub(field.len());
            field.extend_from_slice(text.get(..room.min(text.len())).unwrap_or_default());
        }
        Ok(())
    }
}
