//! Pictures: each walked from its first byte to its last, so that nothing hides in or behind it.

use super::{Source, Stop, big16, big32, byte, bytes_at, each_chunk, pixels};
use crate::domain::attachment::FileFault;

/// The most chunks of a PNG.
const MOST_CHUNKS: u32 = 200_000;

/// PNG: chunks of length, type, content and checksum, from IHDR to IEND.
pub(super) fn png(source: &mut dyn Source) -> Result<(), Stop> {
    let size = source.size();
    let mut offset = 8_u64;
    for nth in 0..MOST_CHUNKS {
        let head = bytes_at(source, offset, 8)?;
        if head.len() < 8 {
            return Err(FileFault::Truncated.into());
        }
        let length = big32(&head, 0);
        let kind = head.get(4..8).unwrap_or_default();
        let end = offset.saturating_add(12).saturating_add(u64::from(length));
        if end > size {
            return Err(FileFault::Truncated.into());
        }
        if nth == 0 {
            if kind != b"IHDR" || length != 13 {
                return Err(FileFault::Damaged.into());
            }
            let dimensions = bytes_at(source, offset.saturating_add(8), 8)?;
            pixels(big32(&dimensions, 0), big32(&dimensions, 4))?;
        }
        check_sum(source, offset, length)?;
        if kind == b"IEND" {
            return if end == size { Ok(()) } else { Err(FileFault::Trailing.into()) };
        }
        offset = end;
    }
    Err(FileFault::Damaged.into())
}

/// The checksum of a chunk covers its type and content.
fn check_sum(source: &mut dyn Source, offset: u64, length: u32) -> Result<(), Stop> {
    let mut left = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(4);
    let mut at = offset.saturating_add(4);
    let mut hasher = crc32fast::Hasher::new();
    while left > 0 {
        let bytes = bytes_at(source, at, left.min(super::CHUNK))?;
        if bytes.is_empty() {
            return Err(FileFault::Truncated.into());
        }
        hasher.update(&bytes);
        left = left.saturating_sub(bytes.len());
        at = at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }
    let written = bytes_at(source, at, 4)?;
    if big32(&written, 0) == hasher.finalize() { Ok(()) } else { Err(FileFault::Damaged.into()) }
}

/// JPEG: segments up to the first scan, then scans and segments up to the end marker, which is the last of the file.
pub(super) fn jpeg(source: &mut dyn Source) -> Result<(), Stop> {
    let size = source.size();
    let mut offset = 2_u64;
    let mut framed = false;
    let mut scanned = false;
    loop {
        let head = bytes_at(source, offset, 4)?;
        if head.len() < 2 {
            return Err(FileFault::Truncated.into());
        }
        if byte(&head, 0) != 0xff {
            return Err(FileFault::Damaged.into());
        }
        match byte(&head, 1) {
            0xff => offset = offset.saturating_add(1),
            0xd9 if framed && scanned => {
                let end = offset.saturating_add(2);
                return if end == size { Ok(()) } else { Err(FileFault::Trailing.into()) };
            }
            0x00 | 0x01 | 0xd0..=0xd9 => return Err(FileFault::Damaged.into()),
            marker => {
                let length = u64::from(big16(&head, 2));
                if length < 2 {
                    return Err(FileFault::Damaged.into());
                }
                if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                    let frame = bytes_at(source, offset.saturating_add(4), 5)?;
                    pixels(u32::from(big16(&frame, 3)), u32::from(big16(&frame, 1)))?;
                    framed = true;
                }
                offset = offset.saturating_add(2).saturating_add(length);
                if marker == 0xda {
                    if !framed {
                        return Err(FileFault::Damaged.into());
                    }
                    scanned = true;
                    offset = after_scan(source, offset)?;
                }
            }
        }
        if offset > size {
            return Err(FileFault::Truncated.into());
        }
    }
}

/// Where the marker stands that follows a scan: the first that is neither stuffed nor a restart.
fn after_scan(source: &mut dyn Source, from: u64) -> Result<u64, Stop> {
    let mut escaped = false;
    let mut found = None;
    let walked = each_chunk(source, from, |at, chunk| {
        let escapes = memchr::memchr_iter(0xff, chunk).map(|escape| escape.saturating_add(1));
        for place in escaped.then_some(0).into_iter().chain(escapes) {
            if chunk.get(place).is_some_and(|byte| !matches!(byte, 0x00 | 0xff | 0xd0..=0xd7)) {
                let behind = at.saturating_add(u64::try_from(place).unwrap_or(u64::MAX));
                found = Some(behind.saturating_sub(1));
                // Ends the walk.
                return Err(FileFault::Damaged.into());
            }
        }
        escaped = chunk.last() == Some(&0xff);
        Ok(())
    });
    match (found, walked) {
        (Some(found), _) => Ok(found),
        (None, Err(Stop::Io(error))) => Err(Stop::Io(error)),
        (None, _) => Err(FileFault::Truncated.into()),
    }
}
