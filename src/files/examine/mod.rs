//! What is looked for in a file before it is taken: what it is, by its content and never by its name, and whether it could
//! do harm to whoever opens it. Everything is read in small pieces, so that no file takes more than a few megabytes.

mod image;
mod office;
mod pdf;
mod text;
mod xml;
mod zip;

use std::io;

use crate::domain::attachment::{FileFault, FileType};

/// The most pixels of a picture.
const MOST_PIXELS: u64 = 50_000_000;
/// How much is read at a time.
const CHUNK: usize = 64 * 1024;

/// A content that can be read anywhere.
pub trait Source {
    /// Bytes.
    fn size(&self) -> u64;

    /// Reads some bytes that begin at an offset; none at the end.
    ///
    /// # Errors
    /// When they cannot be read.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Examined {
    /// It may be taken, and is of this type.
    Taken(FileType),
    /// It is not taken; with what it is known as, where it is known.
    Refused(FileFault, Option<&'static str>),
}

/// Why an examination ends early.
enum Stop {
    Io(io::Error),
    Fault(FileFault),
    Known(&'static str),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<FileFault> for Stop {
    fn from(fault: FileFault) -> Self {
        Self::Fault(fault)
    }
}

/// Examines a content.
///
/// # Errors
/// When it cannot be read.
pub fn examine(source: &mut dyn Source) -> io::Result<Examined> {
    match look(source) {
        Ok(found) => Ok(Examined::Taken(found)),
        Err(Stop::Io(error)) => Err(error),
        Err(Stop::Fault(fault)) => Ok(Examined::Refused(fault, None)),
        Err(Stop::Known(name)) => Ok(Examined::Refused(FileFault::Infected, Some(name))),
    }
}

fn look(source: &mut dyn Source) -> Result<FileType, Stop> {
    let head = bytes_at(source, 0, 8)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return office::look(source);
    }
    let found = if head.starts_with(b"%PDF-") {
        pdf::look(source)?;
        FileType::Pdf
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        image::png(source)?;
        FileType::Png
    } else if head.starts_with(b"\xff\xd8\xff") {
        image::jpeg(source)?;
        FileType::Jpg
    } else {
        text::look(source)?;
        FileType::Txt
    };
    not_also_an_archive(source)?;
    Ok(found)
}

/// An archive is found from its end: whatever a file begins with, it may be one as well.
fn not_also_an_archive(source: &mut dyn Source) -> Result<(), Stop> {
    const LONGEST_COMMENT: u64 = 65_535;
    const END: u64 = 22;
    let size = source.size();
    let from = size.saturating_sub(LONGEST_COMMENT + END);
    let tail = bytes_at(source, from, usize::try_from(size - from).unwrap_or(0))?;
    let ends = tail.windows(22).enumerate().any(|(at, end)| {
        let comment = u16::from_le_bytes([byte(end, 20), byte(end, 21)]);
        end.starts_with(b"PK\x05\x06") && at.saturating_add(22 + usize::from(comment)) == tail.len()
    });
    if ends { Err(FileFault::Polyglot.into()) } else { Ok(()) }
}

/// Bytes that begin at an offset: fewer where the content ends before.
fn bytes_at(source: &mut dyn Source, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        let from = offset.saturating_add(u64::try_from(filled).unwrap_or(u64::MAX));
        match source.read_at(from, rest)? {
            0 => break,
            read => filled = filled.saturating_add(read),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Shows the bytes from an offset on, in order, chunk by chunk, each with its offset.
fn each_chunk(
    source: &mut dyn Source,
    from: u64,
    mut see: impl FnMut(u64, &[u8]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut buffer = vec![0; CHUNK];
    let mut offset = from;
    loop {
        let read = source.read_at(offset, &mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        see(offset, buffer.get(..read).unwrap_or_default())?;
        offset = offset.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
}

/// A byte, or zero behind the end.
fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

fn little16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([byte(bytes, at), byte(bytes, at + 1)])
}

fn little32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([byte(bytes, at), byte(bytes, at + 1), byte(bytes, at + 2), byte(bytes, at + 3)])
}

fn big16(bytes: &[u8], at: usize) -> u16 {
    little16(bytes, at).swap_bytes()
}

fn big32(bytes: &[u8], at: usize) -> u32 {
    little32(bytes, at).swap_bytes()
}

/// Whether a picture of this size may be taken.
fn pixels(width: u32, height: u32) -> Result<(), Stop> {
    match u64::from(width).saturating_mul(u64::from(height)) {
        0 => Err(FileFault::Damaged.into()),
        pixels if pixels > MOST_PIXELS => Err(FileFault::Pixels.into()),
        _ => Ok(()),
    }
}
