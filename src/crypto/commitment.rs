//! Salted commitments: what an event keeps of a text or of personal data.
//!
//! An event holds the commitment, the text's own row holds the text and the salt. Whoever has all three can show that
//! the text is the one the event meant; once the row is erased, the commitment tells nothing about it, and the
//! chain stays verifiable.

use super::{digest::digest_type, framed::sha256_framed};

digest_type!(
    /// A SHA-256 commitment to some parts under a salt, written as 64 lower-case hexadecimal characters.
    Commitment
);

/// What is hashed before everything else, so that no other hash of this program can pass for a commitment.
const TAG: &[u8] = b"gongkai-commitment/v1";

/// Commits to `parts` (how many, where each ends and their order all count) under `salt`: SHA-256 over the framed tag,
/// salt and parts (see [`super::framed`]).
///
/// The salt is random for each commitment ([`super::random::bytes`]) and is erased together with the text.
pub fn commit(salt: &[u8; 16], parts: &[&[u8]]) -> Commitment {
    let mut all: Vec<&[u8]> = vec![TAG, salt];
    all.extend_from_slice(parts);
    Commitment::from_bytes(sha256_framed(&all))
}

#[cfg(test)]
mod tests {
    use super::{Commitment, commit};

    #[test]
    fn salt_parts_and_their_borders_all_count() {
        let salt = [1; 16];
        let base = commit(&salt, &[b"name", b"110101199003070000"]);
        assert_eq!(base, commit(&salt, &[b"name", b"110101199003070000"]));
        for other in [
            commit(&[2; 16], &[b"name", b"110101199003070000"]),
            commit(&salt, &[b"name1", b"10101199003070000"]),
            commit(&salt, &[b"110101199003070000", b"name"]),
            commit(&salt, &[b"name", b"110101199003070000", b""]),
            commit(&salt, &[]),
        ] {
            assert_ne!(base, other);
        }
    }

    /// Computed with Python's hashlib from the description in the module's comment.
    #[test]
    fn a_known_commitment_never_changes() {
        let commitment = commit(&[0x5a; 16], &["政府信息".as_bytes(), b""]);
        assert_eq!(
            commitment.to_string(),
            "0647002ad9ba4b325a06e113190e6123ae3e0848a7618dd443be7967b142ec66"
        );
    }

    #[test]
    fn json_is_the_hexadecimal_text_and_nothing_else_is_read() {
        let commitment = commit(&[3; 16], &[b"x"]);
        let json = serde_json::to_string(&commitment).unwrap();
        assert_eq!(json, format!("\"{commitment}\""));
        assert_eq!(serde_json::from_str::<Commitment>(&json).unwrap(), commitment);
        assert_eq!(Commitment::try_from(&commitment.as_bytes()[..]), Ok(commitment));
        assert!(serde_json::from_str::<Commitment>(&json.to_uppercase()).is_err());
        assert!(Commitment::try_from(&[0u8; 31][..]).is_err());
        assert!("00".parse::<Commitment>().is_err());
    }
}
