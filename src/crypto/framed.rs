//! Several byte strings as one, without ambiguity, and the two functions over them.
//!
//! Each part is written as its length (8 bytes, big endian) and its bytes. So `["ab", "c"]` and `["a", "bc"]` differ,
//! and anyone can rebuild the bytes from this sentence.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::secret::SecretKey;

/// The parts, each behind its length.
pub fn frame(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len().saturating_add(8)).sum());
    for part in parts {
        bytes.extend_from_slice(&length(part));
        bytes.extend_from_slice(part);
    }
    bytes
}

/// SHA-256 of [`frame`]`(parts)`, without building it.
pub fn sha256_framed(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(length(part));
        hash.update(part);
    }
    hash.finalize().into()
}

/// SHA-256 of plain bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// HMAC-SHA256 of a message.
pub fn hmac_sha256(key: &SecretKey, message: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose()) else {
        unreachable!("HMAC takes a key of any length");
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// A part's length as it is written.
fn length(part: &[u8]) -> [u8; 8] {
    // No platform has slices longer than a u64 can say.
    u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::{frame, hmac_sha256, sha256, sha256_framed};
    use crate::crypto::{hex, secret::SecretKey};

    #[test]
    fn where_one_part_ends_matters() {
        assert_eq!(frame(&[b"a"]), [0, 0, 0, 0, 0, 0, 0, 1, b'a']);
        assert_ne!(frame(&[b"ab", b"c"]), frame(&[b"a", b"bc"]));
        assert_ne!(frame(&[b""]), frame(&[]));
        assert_eq!(sha256_framed(&[b"ab", b"c"]), sha256(&frame(&[b"ab", b"c"])));
    }

    #[test]
    fn published_vectors_hold() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::encode(&sha256(b"abc")), abc);
        // Computed with Python: hmac.new(bytes(range(32)), b"Hi There", "sha256").
        let key = SecretKey::from_bytes(std::array::from_fn(|i| u8::try_from(i).unwrap()));
        let expected = "278639ec02309d3afded1b273f1349ba63b9089c12476d716bee3ecc94673e9e";
        assert_eq!(hex::encode(&hmac_sha256(&key, b"Hi There")), expected);
    }
}
