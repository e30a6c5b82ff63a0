//! Large contents at rest: a content is cut into pieces of [`PIECE_BYTES`], and each is encrypted by itself, bound to the
//! agency, to its content, to its place in it and to the content's size. The last piece is known by its place, so that
//! pieces that are left out, cut off, put in another order, or taken from another content do not open.
//!
//! Each content has a key of its own, which is kept in its row, encrypted under the agency's. Without that row nobody can
//! read the pieces any more, wherever copies of them may be.
//!
//! This has the properties of the STREAM construction. Nonces are random and not counted: a piece that is sent a second
//! time may hold other bytes, and a counted nonce would then be used twice.

use aes_gcm::{Aes256Gcm, KeyInit as _};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::column::{Blob, OpenError, Place, seal, secret_key};
use super::random;
use super::secret::SecretKey;

/// Bytes of each piece before encryption; the last may have fewer, and has at least one.
pub const PIECE_BYTES: u32 = 1 << 20;

/// The key of one content.
pub struct ContentKey {
    secret: SecretKey,
    /// The cipher over it, prepared once.
    cipher: Aes256Gcm,
}

impl ContentKey {
    /// A new random key.
    pub fn generate() -> Self {
        Self::new(SecretKey::from_bytes(random::bytes()))
    }

    /// The key with these bytes.
    ///
    /// # Errors
    /// [`OpenError::Tampered`] when these are not 32.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpenError> {
        secret_key(bytes).map(Self::new)
    }

    fn new(secret: SecretKey) -> Self {
        let cipher = Aes256Gcm::new(secret.expose().into());
        Self { secret, cipher }
    }

    /// Its bytes, to be encrypted and kept.
    pub fn expose(&self) -> &[u8; 32] {
        self.secret.expose()
    }
}

impl std::fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContentKey")
    }
}

/// The content that a piece belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PieceOf {
    /// The agency.
    pub agency: Uuid,
    /// The content's id.
    pub content: Uuid,
    /// Its size in bytes.
    pub size: u64,
}

impl PieceOf {
    /// How many pieces it has.
    ///
    /// ```
    /// # use gongkai::crypto::piece::{PIECE_BYTES, PieceOf};
    /// let of = |size| PieceOf { agency: uuid::Uuid::nil(), content: uuid::Uuid::nil(), size }.pieces();
    /// assert_eq!([of(1), of(u64::from(PIECE_BYTES)), of(u64::from(PIECE_BYTES) + 1)], [1, 1, 2]);
    /// ```
    pub fn pieces(&self) -> u64 {
        self.size.div_ceil(u64::from(PIECE_BYTES))
    }

    /// How many bytes the piece with this number (from 0) has; none beyond the last.
    pub fn length_of(&self, n: u64) -> usize {
        let begins = n.saturating_mul(u64::from(PIECE_BYTES));
        let left = self.size.saturating_sub(begins).min(u64::from(PIECE_BYTES));
        usize::try_from(left).unwrap_or(usize::MAX)
    }

    /// Encrypts the piece with this number, from 0.
    pub fn seal(&self, key: &ContentKey, n: u64, plain: &[u8]) -> Vec<u8> {
        seal(&key.cipher, self.content, &self.place(&self.column(n)).to_bytes(), plain)
    }

    /// The piece with this number.
    ///
    /// # Errors
    /// Each [`OpenError`]; [`OpenError::Tampered`] also when it has another length than it must have there.
    pub fn open(&self, key: &ContentKey, n: u64, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let blob = Blob::parse(blob)?;
        if blob.key_id != self.content {
            return Err(OpenError::OtherKey(blob.key_id));
        }
        let plain = blob.open(&key.cipher, &self.place(&self.column(n)).to_bytes())?;
        if plain.len() == self.length_of(n) { Ok(plain) } else { Err(OpenError::Tampered) }
    }

    fn column(&self, n: u64) -> String {
        let place = if n.saturating_add(1) == self.pieces() { "last" } else { "middle" };
        format!("piece {n} ({place}) of {} bytes", self.size)
    }

    fn place<'a>(&self, column: &'a str) -> Place<'a> {
        Place { table: "attachment_contents", column, row: self.content, agency: self.agency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(size: u64) -> PieceOf {
        PieceOf { agency: random::random_id(), content: random::random_id(), size }
    }

    /// Three pieces: two full ones and a shorter last one.
    fn sealed() -> (ContentKey, PieceOf, Vec<Vec<u8>>) {
        let key = ContentKey::generate();
        let of = content(2 * u64::from(PIECE_BYTES) + 7);
        let pieces = (0..3).map(|n| of.seal(&key, n, &vec![u8::try_from(n).unwrap(); of.length_of(n)]));
        let pieces = pieces.collect();
        (key, of, pieces)
    }

    #[test]
    fn each_piece_opens_at_its_place_and_at_no_other() {
        let (key, of, pieces) = sealed();
        for (n, piece) in (0..).zip(&pieces) {
            for place in 0..5 {
                let opened = of.open(&key, place, piece);
                if place == n {
                    assert_eq!(opened.unwrap()[0], u8::try_from(n).unwrap());
                } else {
                    assert_eq!(opened.unwrap_err(), OpenError::Tampered, "piece {n} at {place}");
                }
            }
        }
    }

    #[test]
    fn a_content_that_is_cut_off_or_lengthened_does_not_open() {
        let (key, of, pieces) = sealed();
        for size in
            [1, u64::from(PIECE_BYTES), 2 * u64::from(PIECE_BYTES), of.size - 1, of.size + 1, u64::MAX]
        {
            let other = PieceOf { size, ..of };
            for (n, piece) in (0..).zip(&pieces) {
                assert_eq!(other.open(&key, n, piece).unwrap_err(), OpenError::Tampered, "{size}");
            }
        }
        // Nor does a piece that was sealed with another length than its place has.
        let short = of.seal(&key, 0, b"short");
        assert_eq!(of.open(&key, 0, &short).unwrap_err(), OpenError::Tampered);
        for cut in 0..64 {
            assert!(of.open(&key, 2, &pieces[2][..pieces[2].len() - 1 - cut.min(52)]).is_err());
        }
    }

    #[test]
    fn a_piece_of_another_content_or_agency_does_not_open() {
        let (key, of, pieces) = sealed();
        let other = PieceOf { content: random::random_id(), ..of };
        assert_eq!(other.open(&key, 0, &pieces[0]).unwrap_err(), OpenError::OtherKey(of.content));
        let mut renamed = pieces[0].clone();
        renamed[2..18].copy_from_slice(other.content.as_bytes());
        assert_eq!(other.open(&key, 0, &renamed).unwrap_err(), OpenError::Tampered);
        let other = PieceOf { agency: random::random_id(), ..of };
        assert_eq!(other.open(&key, 0, &pieces[0]).unwrap_err(), OpenError::Tampered);
        let foreign = ContentKey::generate();
        assert_eq!(of.open(&foreign, 0, &pieces[0]).unwrap_err(), OpenError::Tampered);
    }

    #[test]
    fn each_changed_bit_is_noticed() {
        let key = ContentKey::generate();
        let of = content(3);
        let piece = of.seal(&key, 0, b"abc");
        for bit in 0..piece.len() * 8 {
            let mut changed = piece.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(of.open(&key, 0, &changed).is_err(), "bit {bit}");
        }
        assert_ne!(of.seal(&key, 0, b"abc"), piece, "a nonce twice");
    }
}
