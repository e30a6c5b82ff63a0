//! XML as far as it must be read to look for harm: tags with their attributes, and text. It is read as it comes, so that a
//! part of any length takes little memory. A document type, or anything else that declares entities, ends the reading.

use super::Stop;
use crate::domain::attachment::FileFault;

/// The longest tag.
const MOST_TAG: usize = 64 * 1024;

/// Who looks at what was read.
pub(super) trait Visitor {
    /// A tag, without its brackets.
    fn tag(&mut self, tag: &Tag) -> Result<(), Stop>;
    /// Some text between tags, entities as they are written.
    fn text(&mut self, text: &[u8]) -> Result<(), Stop>;
}

/// A tag.
pub(super) struct Tag {
    /// Its name without prefix; of an end tag, behind the slash.
    pub name: String,
    /// Whether it ends an element.
    pub end: bool,
    /// Its attributes without prefixes, their entities resolved.
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Tag { quote: Option<u8> },
    Comment,
    CData,
    Instruction,
}

/// Reads XML chunk by chunk.
pub(super) struct Reader {
    place: Place,
    held: Vec<u8>,
    begun: bool,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { place: Place::Text, held: Vec::new(), begun: false }
    }

    /// Reads on.
    pub(super) fn read(&mut self, chunk: &[u8], visitor: &mut dyn Visitor) -> Result<(), Stop> {
        let mut from = 0;
        if !self.begun && !chunk.is_empty() {
            self.begun = true;
            // UTF-16 and UTF-32 have a NUL or a mark there; nothing of ours is written so.
            if chunk.starts_with(b"\xff\xfe")
                || chunk.starts_with(b"\xfe\xff")
                || chunk.iter().take(4).any(|byte| *byte == 0)
            {
                return Err(FileFault::Xml.into());
            }
            from = if chunk.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        }
        let mut text_from = from;
        for (at, byte) in chunk.iter().enumerate().skip(from) {
            if self.place != Place::Text {
                self.inside(*byte, visitor)?;
                text_from = at.saturating_add(1);
            } else if *byte == b'<' {
                visitor.text(chunk.get(text_from..at).unwrap_or_default())?;
                self.held.clear();
                self.place = Place::Tag { quote: None };
            }
        }
        if self.place == Place::Text {
            visitor.text(chunk.get(text_from..).unwrap_or_default())?;
        }
        Ok(())
    }

    /// Whether the part may end here.
    pub(super) fn end(&self) -> Result<(), Stop> {
        if self.place == Place::Text { Ok(()) } else { Err(FileFault::Xml.into()) }
    }

    fn inside(&mut self, byte: u8, visitor: &mut dyn Visitor) -> Result<(), Stop> {
        self.held.push(byte);
        match self.place {
            Place::Text => {}
            Place::Tag { quote: Some(quote) } => {
                if byte == quote {
                    self.place = Place::Tag { quote: None };
                }
            }
            Place::Tag { quote: None } => match (byte, self.held.as_slice()) {
                (b'-', b"!--") => self.place = Place::Comment,
                (b'[', b"![CDATA[") => self.enter(Place::CData),
                (b'?', b"?") => self.enter(Place::Instruction),
                _ if self.held.first() == Some(&b'!') => self.declaration()?,
                (b'"' | b'\'', _) => self.place = Place::Tag { quote: Some(byte) },
                (b'>', _) => {
                    self.held.pop();
                    let tag = parse(&self.held)?;
                    self.enter(Place::Text);
                    return visitor.tag(&tag);
                }
                _ => {}
            },
            Place::Comment => {
                let ends = self.held.ends_with(b"-->") && self.held.len() >= 6;
                self.shorten(b"!--", 3);
                if ends {
                    self.enter(Place::Text);
                }
            }
            Place::CData => {
                if self.held.ends_with(b"]]>") {
                    let length = self.held.len().saturating_sub(3);
                    visitor.text(self.held.get(..length).unwrap_or_default())?;
                    self.enter(Place::Text);
                } else if self.held.len() >= 4096 {
                    let length = self.held.len().saturating_sub(2);
                    visitor.text(self.held.get(..length).unwrap_or_default())?;
                    self.held.drain(..length);
                }
            }
            Place::Instruction => {
                if self.held.ends_with(b"?>") {
                    declared_encoding(&self.held)?;
                    self.enter(Place::Text);
                }
            }
        }
        if self.held.len() > MOST_TAG { Err(FileFault::Xml.into()) } else { Ok(()) }
    }

    fn enter(&mut self, place: Place) {
        self.held.clear();
        self.place = place;
    }

    /// `<!` begins a comment, a CDATA section, or what must not be there.
    fn declaration(&self) -> Result<(), Stop> {
        let known = [b"!--".as_slice(), b"![CDATA["].iter().any(|known| known.starts_with(&self.held));
        if known { Ok(()) } else { Err(FileFault::Doctype.into()) }
    }

    /// Keeps the beginning and the last bytes of what may be long and matters to nobody.
    fn shorten(&mut self, head: &[u8], tail: usize) {
        if self.held.len() > 1024 {
            let from = self.held.len().saturating_sub(tail);
            self.held.drain(head.len()..from);
        }
    }
}

/// An XML declaration names UTF-8, or nothing.
fn declared_encoding(instruction: &[u8]) -> Result<(), Stop> {
    let text = String::from_utf8_lossy(instruction).to_ascii_lowercase();
    let Some((_, rest)) = text.split_once("encoding") else { return Ok(()) };
    let value = rest.trim_start().trim_start_matches('=').trim_start();
    let value = value.get(1..).and_then(|value| value.split(['"', '\'']).next()).unwrap_or_default();
    if !text.starts_with("xml") || ["utf-8", "utf8", "us-ascii"].contains(&value) {
        Ok(())
    } else {
        Err(FileFault::Xml.into())
    }
}

fn parse(tag: &[u8]) -> Result<Tag, Stop> {
    let text = std::str::from_utf8(tag).map_err(|_| FileFault::Xml)?;
    let end = text.starts_with('/');
    let text = text.trim_start_matches('/').trim_end_matches('/');
    let (name, mut rest) = text.split_once(|c: char| c.is_whitespace()).unwrap_or((text, ""));
    let mut attributes = Vec::new();
    while let Some((key, value)) = rest.trim_start().split_once('=') {
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or(FileFault::Xml)?;
        let (value, after) =
            value.get(1..).and_then(|value| value.split_once(quote)).ok_or(FileFault::Xml)?;
        attributes.push((local(key.trim()).to_owned(), resolved(value)));
        rest = after;
    }
    Ok(Tag { name: local(name).to_owned(), end, attributes })
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A value with its character references resolved: `Extern&#97;l` is `External`.
pub(super) fn resolved(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let Some((name, behind)) = after.split_once(';') else {
            plain.push('&');
            rest = after;
            continue;
        };
        let number = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X"));
        let code = match (number, name.strip_prefix('#')) {
            (Some(hex), _) => u32::from_str_radix(hex, 16).ok(),
            (None, Some(decimal)) => decimal.parse().ok(),
            (None, None) => match name {
                "amp" => Some(38),
                "lt" => Some(60),
                "gt" => Some(62),
                "quot" => Some(34),
                "apos" => Some(39),
                _ => None,
            },
        };
        plain.extend(code.and_then(char::from_u32));
        rest = behind;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Seen(Vec<String>);

    impl Visitor for Seen {
        fn tag(&mut self, tag: &Tag) -> Result<(), Stop> {
            let end = if tag.end { "/" } else { "" };
            let attributes: Vec<_> =
                tag.attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            self.0.push(format!("<{end}{}{}>", tag.name, attributes.concat()));
            Ok(())
        }
        fn text(&mut self, text: &[u8]) -> Result<(), Stop> {
            match self.0.last_mut() {
                Some(last) if !last.starts_with('<') => last.push_str(&String::from_utf8_lossy(text)),
                _ if text.is_empty() => {}
                _ => self.0.push(String::from_utf8_lossy(text).into_owned()),
            }
            Ok(())
        }
    }

    /// The same however it is cut.
    fn seen(xml: &str) -> Result<Vec<String>, FileFault> {
        let read = |step: usize| {
            let (mut reader, mut seen) = (Reader::new(), Seen::default());
            for chunk in xml.as_bytes().chunks(step) {
                reader.read(chunk, &mut seen)?;
            }
            reader.end()?;
            Ok(seen.0)
        };
        let fault = |read: Result<Vec<String>, Stop>| {
            read.map_err(|stop| match stop {
                Stop::Fault(fault) => fault,
                Stop::Io(_) | Stop::Known(_) => panic!("no fault"),
            })
        };
        let whole = fault(read(xml.len()));
        for step in 4..9 {
            assert_eq!(fault(read(step)), whole, "{xml} by {step}");
        }
        whole
    }

    #[test]
    fn tags_attributes_and_text_are_told() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding='UTF-8'?><w:a x='1 > 0' r:y=\"Extern&#97;&#x6c;\"><!-- <b> - -->t1<![CDATA[<c>]]]>t2</w:a><d/>";
        assert_eq!(seen(xml).unwrap(), ["<a x=1 > 0 y=External>", "t1<c>]t2", "</a>", "<d>"]);
    }

    #[test]
    fn what_declares_entities_or_is_no_utf_8_is_refused() {
        for (xml, fault) in [
            ("<!DOCTYPE a>", FileFault::Doctype),
            ("<?xml version='1.0'?>\n<!doctype a [<!ENTITY b 'c'>]><a>&b;</a>", FileFault::Doctype),
            ("<a><!ENTITY x 'y'></a>", FileFault::Doctype),
            ("<?xml version='1.0' encoding=\"UTF-16\"?><a/>", FileFault::Xml),
            ("<?xml version='1.0' encoding = 'GBK'?><a/>", FileFault::Xml),
            ("<\0a\0>", FileFault::Xml),
            ("<a b=c>", FileFault::Xml),
            ("<a", FileFault::Xml),
            ("<!-- never ends", FileFault::Xml),
        ] {
            assert_eq!(seen(xml), Err(fault), "{xml}");
        }
        let long = format!("<a b='{}'>", "x".repeat(MOST_TAG));
        assert_eq!(seen(&long), Err(FileFault::Xml));
        let comment = format!("<!--{}--><a>", "x-".repeat(MOST_TAG));
        assert_eq!(seen(&comment).unwrap(), ["<a>"]);
    }
}
