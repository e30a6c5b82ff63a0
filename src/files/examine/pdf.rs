//! PDF: names that start something, wherever they stand and however they are spelt, also in packed object streams. Names are
//! read without regard to what is a stream and what is not: where an object begins, the file's own directory says, and that
//! may point anywhere.

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memchr_iter;
use memchr::memmem::{find, rfind};

use super::{CHUNK, Source, Stop, bytes_at, each_chunk};
use crate::domain::attachment::FileFault;

/// How far from the end the marks of the end stand at most.
const TAIL: u64 = 2048;
/// The most bytes that all object streams may unpack to, and how many times its size one may, once it is larger than this.
const MOST_UNPACKED: u64 = 64 << 20;
const MOST_RATIO: u64 = 100;
const RATIO_FROM: u64 = 1 << 20;
/// The longest name that is of interest, and how many bytes it may be written with.
const MOST_NAME: usize = 32;
const MOST_WRITTEN: usize = 128;
/// How far before and behind its type a stream's dictionary is looked for.
const DICTIONARY: u64 = 4096;

pub(super) fn look(source: &mut dyn Source) -> Result<(), Stop> {
    let head = bytes_at(source, 0, 8)?;
    if !(head.starts_with(b"%PDF-1.") || head.starts_with(b"%PDF-2.")) {
        return Err(FileFault::Damaged.into());
    }
    whole(source)?;
    let mut names = Names::new(false);
    each_chunk(source, 0, |_, chunk| names.read(chunk))?;
    names.end()?;
    let mut unpacked = 0_u64;
    for at in names.object_streams {
        if let Some(offset) = packed_stream(source, at)? {
            unpack(source, offset, &mut unpacked)?;
        }
    }
    Ok(())
}

/// The file ends with its own end.
fn whole(source: &mut dyn Source) -> Result<(), Stop> {
    let from = source.size().saturating_sub(TAIL);
    let tail = bytes_at(source, from, 2048)?;
    let mark = rfind(&tail, b"%%EOF").ok_or(FileFault::Truncated)?;
    find(&tail, b"startxref").ok_or(FileFault::Truncated)?;
    let after = tail.get(mark.saturating_add(5)..).unwrap_or_default();
    if after.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        Ok(())
    } else {
        Err(FileFault::Trailing.into())
    }
}

/// Reads names chunk by chunk.
struct Names {
    /// Whether what is read is the content of an object stream.
    within: bool,
    /// What could not be judged yet, and where it begins.
    window: Vec<u8>,
    begins: u64,
    /// Where object streams are named.
    object_streams: Vec<u64>,
}

impl Names {
    fn new(within: bool) -> Self {
        Self { within, window: Vec::new(), begins: 0, object_streams: Vec::new() }
    }

    fn read(&mut self, chunk: &[u8]) -> Result<(), Stop> {
        self.window.extend_from_slice(chunk);
        // A name that begins later may not be all here.
        self.judge_to(self.window.len().saturating_sub(MOST_WRITTEN))
    }

    fn end(&mut self) -> Result<(), Stop> {
        self.judge_to(self.window.len())
    }

    fn judge_to(&mut self, limit: usize) -> Result<(), Stop> {
        let (now, _) = self.window.split_at_checked(limit).unwrap_or_default();
        for slash in memchr_iter(b'/', now) {
            let name = decoded(self.window.get(slash.saturating_add(1)..).unwrap_or_default());
            judge(&name, self.within)?;
            if name == b"ObjStm" {
                self.object_streams
                    .push(self.begins.saturating_add(u64::try_from(slash).unwrap_or(u64::MAX)));
            }
        }
        self.begins = self.begins.saturating_add(u64::try_from(limit).unwrap_or(u64::MAX));
        self.window.drain(..limit);
        Ok(())
    }
}

/// A name up to what ends it, its escapes resolved: `J#61va` is `Java`. One that is longer than any of interest is empty.
fn decoded(written: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(MOST_NAME);
    let mut bytes = written.iter().take(MOST_WRITTEN);
    while let Some(byte) = bytes.next() {
        let ends = byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte);
        if ends {
            break;
        }
        if *byte == b'#' {
            let pair: Vec<u8> = bytes.clone().take(2).copied().collect();
            let plain = std::str::from_utf8(&pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
            if let Some(plain) = plain.filter(|_| pair.len() == 2) {
                name.push(plain);
                bytes.nth(1);
                continue;
            }
        }
        name.push(*byte);
        if name.len() > MOST_NAME {
            return Vec::new();
        }
    }
    name
}

fn judge(name: &[u8], within: bool) -> Result<(), Stop> {
    let fault = match name {
        b"JavaScript" => FileFault::PdfScript,
        // Two letters occur in packed bytes by chance.
        b"JS" if within => FileFault::PdfScript,
        b"Launch" | b"SubmitForm" | b"ImportData" | b"GoToE" | b"GoToR" | b"Rendition" | b"RichMedia"
        | b"XFA" => FileFault::PdfAction,
        b"EmbeddedFile" | b"EmbeddedFiles" => FileFault::PdfEmbedded,
        b"Encrypt" => FileFault::Encrypted,
        _ => return Ok(()),
    };
    Err(fault.into())
}

/// Where the packed bytes of an object stream begin, whose type is named there; `None` when they are not packed, and were
/// read already.
fn packed_stream(source: &mut dyn Source, named: u64) -> Result<Option<u64>, Stop> {
    let from = named.saturating_sub(DICTIONARY);
    let before = bytes_at(source, from, usize::try_from(named - from).unwrap_or(0))?;
    let after = bytes_at(source, named, 4096)?;
    let opens = rfind(&before, b" obj").ok_or(FileFault::PdfOpaque)?;
    let closes = find(&after, b"stream").ok_or(FileFault::PdfOpaque)?;
    let dictionary =
        [before.get(opens..).unwrap_or_default(), after.get(..closes).unwrap_or_default()].concat();
    let mut flate = false;
    for slash in memchr_iter(b'/', &dictionary) {
        match decoded(dictionary.get(slash.saturating_add(1)..).unwrap_or_default()).as_slice() {
            b"FlateDecode" => flate = true,
            // Ways of packing that no object stream of a real program uses, and bytes in another file.
            b"ASCIIHexDecode" | b"ASCII85Decode" | b"LZWDecode" | b"RunLengthDecode" | b"Crypt"
            | b"Predictor" | b"JBIG2Decode" | b"DCTDecode" | b"F" | b"FFilter" => {
                return Err(FileFault::PdfOpaque.into());
            }
            _ => {}
        }
    }
    if !flate {
        return Ok(None);
    }
    let mut begins = closes.saturating_add(b"stream".len());
    for end in [b'\r', b'\n'] {
        if after.get(begins) == Some(&end) {
            begins = begins.saturating_add(1);
        }
    }
    Ok(Some(named.saturating_add(u64::try_from(begins).unwrap_or(u64::MAX))))
}

/// Unpacks an object stream and reads the names in it.
fn unpack(source: &mut dyn Source, from: u64, unpacked: &mut u64) -> Result<(), Stop> {
    let mut inflater = Decompress::new(true);
    let mut buffer = vec![0; CHUNK];
    let mut names = Names::new(true);
    loop {
        let bytes = bytes_at(source, from.saturating_add(inflater.total_in()), CHUNK)?;
        let (took, gave) = (inflater.total_in(), inflater.total_out());
        let status = inflater
            .decompress(&bytes, &mut buffer, FlushDecompress::None)
            .map_err(|_| FileFault::PdfOpaque)?;
        let out = usize::try_from(inflater.total_out().saturating_sub(gave)).unwrap_or(0);
        *unpacked = unpacked.saturating_add(inflater.total_out().saturating_sub(gave));
        if *unpacked > MOST_UNPACKED {
            return Err(FileFault::Unpacked.into());
        }
        let tight = inflater.total_in().saturating_mul(MOST_RATIO);
        if inflater.total_out() > RATIO_FROM && inflater.total_out() > tight {
            return Err(FileFault::Ratio.into());
        }
        names.read(buffer.get(..out).unwrap_or_default())?;
        match status {
            Status::StreamEnd => return names.end(),
            Status::Ok | Status::BufError if inflater.total_in() == took && out == 0 => {
                return Err(FileFault::PdfOpaque.into());
            }
            Status::Ok | Status::BufError => {}
        }
    }
}
