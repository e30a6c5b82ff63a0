//! Plain text in UTF-8 or GB 18030: no control characters, no markup, no script.

use encoding_rs::{Decoder, DecoderResult, GB18030, UTF_8};

use super::{Source, Stop, bytes_at, each_chunk};
use crate::domain::attachment::FileFault;

/// The harmless file by which everybody tries out whether something looks for harm.
const EICAR: [&[u8]; 2] = [b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];
/// Elements that a browser would act upon, wherever they stand.
const ELEMENTS: &[&[u8]] = &[
    b"!doctype",
    b"?xml",
    b"?php",
    b"html",
    b"head",
    b"body",
    b"script",
    b"svg",
    b"iframe",
    b"object",
    b"embed",
    b"meta",
];

pub(super) fn look(source: &mut dyn Source) -> Result<(), Stop> {
    let head = bytes_at(source, 0, 1024)?;
    if head.starts_with(&EICAR.concat()) {
        return Err(Stop::Known("EICAR-Test-File"));
    }
    begins_as_text(&head)?;
    let mut decoders =
        [Some(UTF_8.new_decoder_with_bom_removal()), Some(GB18030.new_decoder_without_bom_handling())];
    let size = source.size();
    let mut elements = Elements::default();
    let mut scratch = String::with_capacity(3 * super::CHUNK + 16);
    each_chunk(source, 0, |at, chunk| {
        if chunk.iter().any(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1f | 0x7f)) {
            return Err(FileFault::Unsupported.into());
        }
        let last = at.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX)) == size;
        for slot in &mut decoders {
            scratch.clear();
            if slot.as_mut().is_some_and(|decoder| !decodes(decoder, chunk, &mut scratch, last)) {
                *slot = None;
            }
        }
        if decoders.iter().all(Option::is_none) {
            return Err(FileFault::Unsupported.into());
        }
        elements.see(chunk)
    })
}

fn decodes(decoder: &mut Decoder, chunk: &[u8], scratch: &mut String, last: bool) -> bool {
    let (result, _) = decoder.decode_to_string_without_replacement(chunk, scratch, last);
    matches!(result, DecoderResult::InputEmpty)
}

/// What is no text although it is written in letters.
fn begins_as_text(head: &[u8]) -> Result<(), Stop> {
    let lower = head.to_ascii_lowercase();
    let begun = lower.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&lower).trim_ascii_start();
    let markup = begun.first() == Some(&b'<')
        && begun.get(1).is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'!' | b'?' | b'%'));
    let mail = begun.starts_with(b"mime-version:") || begun.starts_with(b"content-type:");
    if markup || mail || begun.starts_with(b"#!") {
        return Err(FileFault::Markup.into());
    }
    let other: [&[u8]; 6] =
        [b"{\\rtf", b"%!ps", b"%pdf", b"begin:v", b"[internetshortcut]", b"windows registry editor"];
    if other.iter().any(|kind| begun.starts_with(kind)) || lower.windows(5).any(|five| five == b"%pdf-") {
        return Err(FileFault::Unsupported.into());
    }
    Ok(())
}

/// Looks for elements across chunks.
#[derive(Default)]
struct Elements {
    /// What stands behind the last `<`, in lower case; `None` when it is none of interest.
    behind: Option<Vec<u8>>,
}

impl Elements {
    fn see(&mut self, chunk: &[u8]) -> Result<(), Stop> {
        for byte in chunk {
            if *byte == b'<' {
                self.behind = Some(Vec::new());
            } else if let Some(behind) = &mut self.behind {
                let letter = byte.to_ascii_lowercase();
                let ended = !letter.is_ascii_alphanumeric() && !matches!(letter, b'!' | b'?');
                if ended && ELEMENTS.contains(&behind.as_slice()) {
                    return Err(FileFault::Markup.into());
                }
                behind.push(letter);
                if !ELEMENTS.iter().any(|element| element.starts_with(behind)) {
                    self.behind = None;
                }
            }
        }
        Ok(())
    }
}
