//! Archives: what the directory at the end says, what stands before each entry, and what unpacking really gives must be the
//! same, byte for byte. Nothing is unpacked further than it may be.

use std::collections::BTreeSet;

use flate2::{Decompress, FlushDecompress, Status};

use super::{CHUNK, Source, Stop, bytes_at, little16, little32};
use crate::domain::attachment::FileFault;

/// The most entries.
const MOST_ENTRIES: u16 = 1_000;
/// The longest directory.
const MOST_DIRECTORY: u32 = 1 << 20;
/// The most bytes that all entries may unpack to.
const MOST_UNPACKED: u64 = 200 << 20;
/// How many times its size an entry may unpack to, once it is larger than [`RATIO_FROM`].
const MOST_RATIO: u64 = 100;
/// Small parts of real documents are often nothing but blanks.
const RATIO_FROM: u64 = 1 << 20;

const END: usize = 22;
const HEADER: usize = 46;
const LOCAL: usize = 30;

/// An entry, as the directory has it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub name: String,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    unpacked: u64,
    offset: u64,
}

/// An archive whose directory and entries agree.
pub(super) struct Archive {
    pub entries: Vec<Entry>,
    unpacked: u64,
}

impl Archive {
    /// Reads the directory and compares it with what stands before each entry.
    pub(super) fn open(source: &mut dyn Source) -> Result<Self, Stop> {
        let (count, size, offset) = end(source)?;
        let directory = bytes_at(source, offset, usize::try_from(size).unwrap_or(0))?;
        let mut entries = Vec::with_capacity(usize::from(count));
        let mut rest = directory.as_slice();
        for _ in 0..count {
            let (entry, after) = header(rest)?;
            entries.push(entry);
            rest = after;
        }
        if !rest.is_empty() {
            return Err(FileFault::Gap.into());
        }
        let mut names = BTreeSet::new();
        if !entries.iter().all(|entry| names.insert(entry.name.to_lowercase())) {
            return Err(FileFault::Duplicate.into());
        }
        let declared = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.unpacked));
        if declared > MOST_UNPACKED {
            return Err(FileFault::Unpacked.into());
        }
        side_by_side(source, &entries, offset)?;
        Ok(Self { entries, unpacked: 0 })
    }

    /// Unpacks an entry, chunk by chunk.
    pub(super) fn unpack(
        &mut self,
        source: &mut dyn Source,
        entry: &Entry,
        mut see: impl FnMut(&[u8]) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let local = bytes_at(source, entry.offset, LOCAL)?;
        let from = data_offset(entry, &local);
        let mut sum = crc32fast::Hasher::new();
        let mut out = 0_u64;
        let mut all = self.unpacked;
        let packed = entry.packed;
        let mut look = |bytes: &[u8]| {
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            out = out.saturating_add(length);
            all = all.saturating_add(length);
            if all > MOST_UNPACKED {
                return Err(Stop::Fault(FileFault::Unpacked));
            }
            if out > RATIO_FROM && out > packed.saturating_mul(MOST_RATIO) {
                return Err(FileFault::Ratio.into());
            }
            if out > entry.unpacked {
                return Err(FileFault::Disagree.into());
            }
            sum.update(bytes);
            see(bytes)
        };
        if entry.method == 0 {
            stored(source, from, packed, &mut look)?;
        } else {
            inflated(source, from, packed, &mut look)?;
        }
        self.unpacked = all;
        if out == entry.unpacked && sum.finalize() == entry.crc {
            Ok(())
        } else {
            Err(FileFault::Disagree.into())
        }
    }
}

/// The record at the very end: number of entries, size and offset of the directory.
fn end(source: &mut dyn Source) -> Result<(u16, u32, u64), Stop> {
    let size = source.size();
    let at = size.checked_sub(22).ok_or(FileFault::Truncated)?;
    let end = bytes_at(source, at, END)?;
    if !end.starts_with(b"PK\x05\x06") || little16(&end, 20) != 0 {
        return Err(not_at_the_end(source));
    }
    let (count, length, offset) = (little16(&end, 10), little32(&end, 12), little32(&end, 16));
    if count == u16::MAX || length == u32::MAX || offset == u32::MAX {
        return Err(FileFault::Method.into());
    }
    if little32(&end, 4) != 0 {
        return Err(FileFault::Method.into());
    }
    if little16(&end, 8) != count {
        return Err(FileFault::Disagree.into());
    }
    if count > MOST_ENTRIES || length > MOST_DIRECTORY {
        return Err(FileFault::Entries.into());
    }
    match u64::from(offset).saturating_add(u64::from(length)).cmp(&at) {
        std::cmp::Ordering::Less => Err(FileFault::Gap.into()),
        std::cmp::Ordering::Greater => Err(FileFault::Truncated.into()),
        std::cmp::Ordering::Equal => Ok((count, length, u64::from(offset))),
    }
}

/// Something follows the record, or there is none.
fn not_at_the_end(source: &mut dyn Source) -> Stop {
    let size = source.size();
    let from = size.saturating_sub(66_000);
    match bytes_at(source, from, 66_000) {
        Err(error) => Stop::Io(error),
        Ok(tail) if tail.windows(4).any(|four| four == b"PK\x05\x06") => FileFault::Trailing.into(),
        Ok(_) => FileFault::Truncated.into(),
    }
}

/// One header of the directory, and what follows it.
fn header(bytes: &[u8]) -> Result<(Entry, &[u8]), Stop> {
    if !bytes.starts_with(b"PK\x01\x02") || bytes.len() < HEADER {
        return Err(FileFault::Disagree.into());
    }
    let lengths = [28, 30, 32].map(|at| usize::from(little16(bytes, at)));
    let whole = lengths.iter().fold(HEADER, |sum, length| sum.saturating_add(*length));
    let (header, rest) = bytes.split_at_checked(whole).ok_or(FileFault::Disagree)?;
    let [name, _, _] = lengths;
    let raw = header.get(HEADER..HEADER.saturating_add(name)).unwrap_or_default();
    let entry = Entry {
        name: std::str::from_utf8(raw).map_err(|_| FileFault::Path)?.to_owned(),
        flags: little16(header, 8),
        method: little16(header, 10),
        crc: little32(header, 16),
        packed: u64::from(little32(header, 20)),
        unpacked: u64::from(little32(header, 24)),
        offset: u64::from(little32(header, 42)),
    };
    let special =
        [20, 24, 42].iter().any(|at| little32(header, *at) == u32::MAX) || little16(header, 34) != 0;
    if special || !matches!(entry.method, 0 | 8) {
        return Err(if entry.method == 99 { FileFault::Encrypted } else { FileFault::Method }.into());
    }
    if entry.flags & 0x2041 != 0 {
        return Err(FileFault::Encrypted.into());
    }
    // The upper half of the attributes are a Unix mode, whoever made the archive.
    let mode = little32(header, 38) >> 16;
    if !matches!(mode & 0o170_000, 0 | 0o040_000 | 0o100_000) {
        return Err(FileFault::Link.into());
    }
    if !is_safe(&entry.name) {
        return Err(FileFault::Path.into());
    }
    if entry.name.ends_with('/') && entry.unpacked != 0 {
        return Err(FileFault::Disagree.into());
    }
    Ok((entry, rest))
}

fn is_safe(name: &str) -> bool {
    let inner = name.strip_suffix('/').unwrap_or(name);
    !inner.is_empty()
        && !name.starts_with('/')
        && !name.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
        && inner.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// Entries stand one behind the other from the first byte to the directory; each begins with a header that says the same.
fn side_by_side(source: &mut dyn Source, entries: &[Entry], directory: u64) -> Result<(), Stop> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| entry.offset);
    let mut expected = 0_u64;
    let mut next = sorted.iter().skip(1).map(|entry| entry.offset).chain([directory]);
    for entry in &sorted {
        if entry.offset < expected {
            return Err(FileFault::Overlap.into());
        }
        if entry.offset > expected {
            return Err(FileFault::Gap.into());
        }
        let local = bytes_at(source, entry.offset, LOCAL)?;
        check_local(source, entry, &local)?;
        let data = data_offset(entry, &local).saturating_add(entry.packed);
        let after = next.next().unwrap_or(directory);
        expected = match after.checked_sub(data) {
            None => return Err(FileFault::Overlap.into()),
            Some(0) => data,
            // A data descriptor: checksum and sizes, with or without a mark before them.
            Some(12 | 16 | 24) if entry.flags & 8 != 0 => after,
            Some(_) => return Err(FileFault::Gap.into()),
        };
    }
    if expected == directory { Ok(()) } else { Err(FileFault::Gap.into()) }
}

fn data_offset(entry: &Entry, local: &[u8]) -> u64 {
    let lengths = [26, 28].map(|at| u64::from(little16(local, at)));
    lengths.iter().fold(entry.offset.saturating_add(30), |sum, length| sum.saturating_add(*length))
}

fn check_local(source: &mut dyn Source, entry: &Entry, local: &[u8]) -> Result<(), Stop> {
    let name = bytes_at(source, entry.offset.saturating_add(30), usize::from(little16(local, 26)))?;
    let with_descriptor = entry.flags & 8 != 0;
    let same = |at: usize, value: u64| {
        let here = u64::from(little32(local, at));
        here == value || (with_descriptor && here == 0)
    };
    let agrees = local.starts_with(b"PK\x03\x04")
        && little16(local, 6) & 0x2049 == entry.flags & 0x2049
        && little16(local, 8) == entry.method
        && same(14, u64::from(entry.crc))
        && same(18, entry.packed)
        && same(22, entry.unpacked)
        && name == entry.name.as_bytes();
    if agrees { Ok(()) } else { Err(FileFault::Disagree.into()) }
}

fn stored(
    source: &mut dyn Source,
    from: u64,
    packed: u64,
    look: &mut dyn FnMut(&[u8]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut at = from;
    let end = from.saturating_add(packed);
    while at < end {
        let length = usize::try_from(end - at).unwrap_or(usize::MAX).min(CHUNK);
        let bytes = bytes_at(source, at, length)?;
        if bytes.is_empty() {
            return Err(FileFault::Truncated.into());
        }
        look(&bytes)?;
        at = at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }
    Ok(())
}

/// Unpacks raw DEFLATE that ends exactly where it must.
fn inflated(
    source: &mut dyn Source,
    from: u64,
    packed: u64,
    look: &mut dyn FnMut(&[u8]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut inflater = Decompress::new(false);
    let mut buffer = vec![0; CHUNK];
    let mut used = 0_u64;
    loop {
        let length = usize::try_from(packed.saturating_sub(used)).unwrap_or(usize::MAX).min(CHUNK);
        let bytes = bytes_at(source, from.saturating_add(used), length)?;
        let (took, gave) = (inflater.total_in(), inflater.total_out());
        let status = inflater
            .decompress(&bytes, &mut buffer, FlushDecompress::None)
            .map_err(|_| FileFault::Damaged)?;
        used = inflater.total_in();
        let out = usize::try_from(inflater.total_out().saturating_sub(gave)).unwrap_or(0);
        look(buffer.get(..out).unwrap_or_default())?;
        match status {
            Status::StreamEnd if used == packed => return Ok(()),
            Status::StreamEnd => return Err(FileFault::Disagree.into()),
            Status::Ok | Status::BufError if used == took && out == 0 => {
                return Err(FileFault::Truncated.into());
            }
            Status::Ok | Status::BufError => {}
        }
    }
}
