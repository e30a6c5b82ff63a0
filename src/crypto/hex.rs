//! Lower-case hexadecimal: the one spelling of bytes in records, files and answers.

use std::fmt::Write as _;

/// Bytes as lower-case hexadecimal, two characters each.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The `N` bytes that `text` spells; `None` unless it is exactly `2 * N` lower-case hexadecimal characters, so
/// that each value has one spelling only.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let pairs = text.as_bytes().chunks(2);
    if pairs.len() != N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let [high, low] = pair else { return None };
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bytes)
}

/// The value of one hexadecimal character.
fn nibble(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn bytes_come_back() {
        assert_eq!(encode(&[0x00, 0x7f, 0xab]), "007fab");
        assert_eq!(decode::<3>("007fab"), Some([0x00, 0x7f, 0xab]));
        assert_eq!(decode::<0>(""), Some([]));
    }

    #[test]
    fn any_other_spelling_is_refused() {
        for text in ["", "00", "007fa", "007fab00", "007fAB", "007fag", " 07fab", "0x7fab", "007f\u{e4}"] {
            assert_eq!(decode::<3>(text), None, "{text:?}");
        }
    }
}
