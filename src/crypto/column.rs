//! Column encryption: personal data and texts at rest.
//!
//! Each agency has its own two keys, wrapped by the master key in the database. Every value is encrypted on its own
//! with AES-256-GCM under a random nonce and bound to the place where it stands, so that a blob copied into another
//! row, column or agency does not open.
//!
//! A blob is `version (1) | suite (1) | key id (16) | nonce (12) | ciphertext | tag (16)`. What precedes the nonce and
//! the place together are the additional data. Random nonces are safe for 2^32 values under one key; long before
//! that, an agency gets a new one (the key id in each blob tells which rows are left).

use std::fmt;

use aes_gcm::{Aes256Gcm, KeyInit as _, aead::AeadInOut as _};
use uuid::Uuid;
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    framed::{frame, hmac_sha256},
    master_key::MasterKey,
    random,
    secret::SecretKey,
};

/// The blob layout written today.
const VERSION: u8 = 1;
/// AES-256-GCM with a random 96-bit nonce.
const SUITE_AES_256_GCM: u8 = 1;
/// Bytes of a blob before and after the ciphertext.
const OVERHEAD: usize = 1 + 1 + 16 + 12 + 16;

/// Domain tags of the additional data, and the label of the wrapping key.
const COLUMN_TAG: &[u8] = b"gongkai/column/v1";
const WRAP_TAG: &[u8] = b"gongkai/agency-keys/v1";
/// Domain tag of the addresses of contents.
const CONTENT_TAG: &[u8] = b"gongkai/content-address/v1";
/// Domain tag of the digests of ledger rows.
const LEDGER_TAG: &[u8] = b"gongkai/ledger-row/v1";
/// Domain tag of the seals on the ends of chains.
const HEAD_TAG: &[u8] = b"gongkai/chain-head/v1";
const WRAP_LABEL: &str = "gongkai/wrap-agency-keys/v1";

/// Where a value stands. A blob opens at its own place only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table's name.
    pub table: &'a str,
    /// The column's name.
    pub column: &'a str,
    /// The row's primary key.
    pub row: Uuid,
    /// The agency of origin, whose keys encrypt the value.
    pub agency: Uuid,
}

impl Place<'_> {
    /// The place as unambiguous bytes.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        frame(&[
            COLUMN_TAG,
            self.table.as_bytes(),
            self.column.as_bytes(),
            self.row.as_bytes(),
            self.agency.as_bytes(),
        ])
    }
}

/// Why a blob did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A later program wrote it, or it is not a blob.
    #[error("the encrypted value has layout version {0}, which this program does not know")]
    UnknownVersion(u8),
    /// A later program wrote it, or it is not a blob.
    #[error("the encrypted value uses cipher suite {0}, which this program does not know")]
    UnknownSuite(u8),
    /// It was sealed under another key; the id says which.
    #[error("the encrypted value was sealed under key {0}, not under the one at hand")]
    OtherKey(Uuid),
    /// It ends before its tag.
    #[error("the encrypted value is too short to be one")]
    TooShort,
    /// The content, the place or the key is not the one it was sealed with.
    #[error(
        "the encrypted value does not open: it was changed, stands at another place or belongs to another key"
    )]
    Tampered,
}

/// The two keys of one agency: one for values, one for blind indexes.
pub struct AgencyKeys {
    key_id: Uuid,
    data: SecretKey,
    index: SecretKey,
    /// The cipher over `data`, prepared once.
    cipher: Aes256Gcm,
}

impl AgencyKeys {
    /// New random keys under a new id.
    pub fn generate() -> Self {
        let data = SecretKey::from_bytes(random::bytes());
        Self::new(random::random_id(), data, SecretKey::from_bytes(random::bytes()))
    }

    /// The keys that follow these: a new one for values, under a new id, and the same for blind indexes, so that equal values stay
    /// equal while some rows are still under the earlier key.
    #[must_use]
    pub fn successor(&self) -> Self {
        let (data, index) = (random::bytes(), SecretKey::from_bytes(*self.index.expose()));
        Self::new(random::random_id(), SecretKey::from_bytes(data), index)
    }

    fn new(key_id: Uuid, data: SecretKey, index: SecretKey) -> Self {
        let cipher = Aes256Gcm::new(data.expose().into());
        Self { key_id, data, index, cipher }
    }

    /// The id that every blob sealed with these keys carries.
    pub fn key_id(&self) -> Uuid {
        self.key_id
    }

    /// The key of the blind indexes.
    pub(super) fn index_key(&self) -> &SecretKey {
        &self.index
    }

    /// A keyed digest by which a row of a ledger that comes again is recognised, without keeping what it says:
    /// HMAC-SHA256 under the index key. `content` is the row's whole content as one text.
    pub fn ledger_digest(&self, content: &str) -> [u8; 32] {
        let message = Zeroizing::new(frame(&[LEDGER_TAG, content.as_bytes()]));
        hmac_sha256(&self.index, &message)
    }

    /// The address of a content by its SHA-256: HMAC-SHA256 under the index key. Equal contents of one agency have one
    /// address; without the key nobody can try out whether an agency has a document he knows.
    pub fn content_address(&self, sha256: &[u8; 32]) -> [u8; 32] {
        hmac_sha256(&self.index, &frame(&[CONTENT_TAG, sha256]))
    }

    /// A keyed hash of where an agency's chain ends: who has the database and no key cannot make one. HMAC-SHA256 under the index key.
    pub fn head_seal(&self, agency: Uuid, seq: u64, link: &[u8; 32]) -> [u8; 32] {
        hmac_sha256(&self.index, &frame(&[HEAD_TAG, agency.as_bytes(), &seq.to_be_bytes(), link]))
    }

    /// The keys, encrypted under the master key for this agency (110 bytes). They unwrap for no other agency.
    pub fn wrap(&self, master: &MasterKey, agency: Uuid) -> Vec<u8> {
        let mut keys = Zeroizing::new([0; 64]);
        let (data, index) = keys.split_at_mut(32);
        data.copy_from_slice(self.data.expose());
        index.copy_from_slice(self.index.expose());
        seal(&wrapping_cipher(master), self.key_id, &wrapping_place(agency), &*keys)
    }

    /// The keys that [`AgencyKeys::wrap`] wrapped for this agency.
    ///
    /// # Errors
    /// [`OpenError::Tampered`] with another master key, another agency or changed bytes; else what is wrong with the
    /// blob's head.
    pub fn unwrap_keys(master: &MasterKey, agency: Uuid, wrapped: &[u8]) -> Result<Self, OpenError> {
        let blob = Blob::parse(wrapped)?;
        let keys = blob.open(&wrapping_cipher(master), &wrapping_place(agency))?;
        let (data, index) = keys.split_at_checked(32).ok_or(OpenError::Tampered)?;
        Ok(Self::new(blob.key_id, secret_key(data)?, secret_key(index)?))
    }

    /// Encrypts a value for its place; the blob is 46 bytes longer than the value.
    pub fn seal(&self, place: &Place<'_>, plaintext: &[u8]) -> Vec<u8> {
        seal(&self.cipher, self.key_id, &place.to_bytes(), plaintext)
    }

    /// The value that was sealed for this place.
    ///
    /// # Errors
    /// Each [`OpenError`]; nothing of the value is given out unless all of it is authentic.
    pub fn open(&self, place: &Place<'_>, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let blob = Blob::parse(blob)?;
        if blob.key_id != self.key_id {
            return Err(OpenError::OtherKey(blob.key_id));
        }
        blob.open(&self.cipher, &place.to_bytes())
    }
}

impl fmt::Debug for AgencyKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AgencyKeys").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// The id of the key that a blob was sealed under, without opening it.
///
/// # Errors
/// Each [`OpenError`] that concerns the blob's head.
pub fn key_id_of(blob: &[u8]) -> Result<Uuid, OpenError> {
    Blob::parse(blob).map(|blob| blob.key_id)
}

/// A blob taken apart.
pub(super) struct Blob<'a> {
    pub(super) key_id: Uuid,
    nonce: &'a [u8; 12],
    ciphertext: &'a [u8],
    tag: &'a [u8; 16],
}

impl<'a> Blob<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let ([version, suite], rest) = bytes.split_first_chunk().ok_or(OpenError::TooShort)?;
        if *version != VERSION {
            return Err(OpenError::UnknownVersion(*version));
        }
        if *suite != SUITE_AES_256_GCM {
            return Err(OpenError::UnknownSuite(*suite));
        }
        let (key_id, rest) = rest.split_first_chunk().ok_or(OpenError::TooShort)?;
        let (nonce, rest) = rest.split_first_chunk().ok_or(OpenError::TooShort)?;
        let (ciphertext, tag) = rest.split_last_chunk().ok_or(OpenError::TooShort)?;
        Ok(Self { key_id: Uuid::from_bytes(*key_id), nonce, ciphertext, tag })
    }

    pub(super) fn open(&self, cipher: &Aes256Gcm, place: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let mut value = Zeroizing::new(self.ciphertext.to_vec());
        let aad = additional_data(&head(self.key_id), place);
        cipher
            .decrypt_inout_detached(self.nonce.into(), &aad, value.as_mut_slice().into(), self.tag.into())
            .map_err(|_| OpenError::Tampered)?;
        Ok(value)
    }
}

/// Encrypts `plaintext` and puts the blob together: in place, so that a large value is in memory once more and not twice.
pub(super) fn seal(cipher: &Aes256Gcm, key_id: Uuid, place: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let nonce: [u8; 12] = random::bytes();
    let head = head(key_id);
    let aad = additional_data(&head, place);
    let mut blob = Vec::with_capacity(plaintext.len().saturating_add(OVERHEAD));
    blob.extend_from_slice(&head);
    blob.extend_from_slice(&nonce);
    let begins = blob.len();
    blob.extend_from_slice(plaintext);
    let value = blob.get_mut(begins..).unwrap_or_default();
    let Ok(tag) = cipher.encrypt_inout_detached(&nonce.into(), &aad, value.into()) else {
        unreachable!("AES-GCM refuses values of 64 GiB only");
    };
    blob.extend_from_slice(&tag);
    blob
}

/// A blob's first 18 bytes.
fn head(key_id: Uuid) -> [u8; 18] {
    let mut head = [0; 18];
    let (kind, id) = head.split_at_mut(2);
    kind.copy_from_slice(&[VERSION, SUITE_AES_256_GCM]);
    id.copy_from_slice(key_id.as_bytes());
    head
}

fn additional_data(head: &[u8], place: &[u8]) -> Vec<u8> {
    [head, place].concat()
}

fn wrapping_cipher(master: &MasterKey) -> Aes256Gcm {
    Aes256Gcm::new(master.derive(WRAP_LABEL).expose().into())
}

fn wrapping_place(agency: Uuid) -> Vec<u8> {
    frame(&[WRAP_TAG, agency.as_bytes()])
}

pub(super) fn secret_key(bytes: &[u8]) -> Result<SecretKey, OpenError> {
    let mut key: [u8; 32] = bytes.try_into().map_err(|_| OpenError::Tampered)?;
    let secret = SecretKey::from_bytes(key);
    key.zeroize();
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{AgencyKeys, MasterKey, OVERHEAD, OpenError, Place, key_id_of};

    const ROW: Uuid = Uuid::from_u128(0x11);
    const AGENCY: Uuid = Uuid::from_u128(0x22);
    const HERE: Place<'static> = Place { table: "applicants", column: "name", row: ROW, agency: AGENCY };

    #[test]
    fn who_follows_has_another_key_for_values_and_the_same_for_indexes() {
        let keys = AgencyKeys::generate();
        let next = keys.successor();
        assert_ne!(next.key_id(), keys.key_id());
        assert_ne!(next.data.expose(), keys.data.expose());
        assert_eq!(next.index.expose(), keys.index.expose());
        assert_eq!(next.ledger_digest("a"), keys.ledger_digest("a"));
        assert!(matches!(next.open(&HERE, &keys.seal(&HERE, b"v")), Err(OpenError::OtherKey(_))));
    }

    #[test]
    fn a_value_opens_at_its_place_and_never_looks_the_same() {
        let keys = AgencyKeys::generate();
        for value in ["", "张三", "110101199003070000"] {
            let blob = keys.seal(&HERE, value.as_bytes());
            assert_eq!(blob.len(), value.len() + OVERHEAD);
            assert_eq!(keys.open(&HERE, &blob).unwrap().as_slice(), value.as_bytes());
            assert_ne!(blob, keys.seal(&HERE, value.as_bytes()));
            assert_eq!(key_id_of(&blob), Ok(keys.key_id()));
        }
    }

    #[test]
    fn a_value_opens_nowhere_else() {
        let keys = AgencyKeys::generate();
        let blob = keys.seal(&HERE, b"value");
        for place in [
            Place { table: "applicant", ..HERE },
            Place { column: "id_number", ..HERE },
            Place { row: AGENCY, ..HERE },
            Place { agency: ROW, ..HERE },
            // The same letters, another border.
            Place { table: "applicantsn", column: "ame", ..HERE },
            Place { row: AGENCY, agency: ROW, ..HERE },
        ] {
            assert_eq!(keys.open(&place, &blob), Err(OpenError::Tampered), "{place:?}");
        }
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let keys = AgencyKeys::generate();
        for round in 0..100 {
            let blob = keys.seal(&HERE, format!("value {round}").as_bytes());
            for bit in 0..blob.len() * 8 {
                let mut changed = blob.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                let error = keys.open(&HERE, &changed).unwrap_err();
                let right = match bit / 8 {
                    0 => matches!(error, OpenError::UnknownVersion(_)),
                    1 => matches!(error, OpenError::UnknownSuite(_)),
                    2..18 => matches!(error, OpenError::OtherKey(_)),
                    _ => error == OpenError::Tampered,
                };
                assert!(right, "bit {bit}: {error:?}");
            }
        }
    }

    #[test]
    fn every_cut_is_found() {
        let keys = AgencyKeys::generate();
        let blob = keys.seal(&HERE, b"value");
        for length in 0..blob.len() {
            let expected = if length < OVERHEAD { OpenError::TooShort } else { OpenError::Tampered };
            assert_eq!(keys.open(&HERE, &blob[..length]), Err(expected), "{length}");
        }
        assert_eq!(keys.open(&HERE, &[blob, vec![0]].concat()), Err(OpenError::Tampered));
    }

    #[test]
    fn another_agencys_keys_name_the_key_they_lack() {
        let keys = AgencyKeys::generate();
        let blob = keys.seal(&HERE, b"value");
        let other = AgencyKeys::generate();
        assert_eq!(other.open(&HERE, &blob), Err(OpenError::OtherKey(keys.key_id())));
        // The right id over the wrong key helps nobody.
        let posing = AgencyKeys::new(keys.key_id(), other.data, other.index);
        assert_eq!(posing.open(&HERE, &blob), Err(OpenError::Tampered));
    }

    #[test]
    fn keys_unwrap_for_their_agency_under_their_master_key_only() {
        let master = MasterKey::generate();
        let keys = AgencyKeys::generate();
        let wrapped = keys.wrap(&master, AGENCY);
        assert_eq!(wrapped.len(), 110);
        let again = AgencyKeys::unwrap_keys(&master, AGENCY, &wrapped).unwrap();
        assert_eq!(again.key_id(), keys.key_id());
        assert_eq!(again.data, keys.data);
        assert_eq!(again.index, keys.index);
        assert_eq!(again.open(&HERE, &keys.seal(&HERE, b"value")).unwrap().as_slice(), b"value");

        let error = |master: &MasterKey, agency, bytes: &[u8]| {
            AgencyKeys::unwrap_keys(master, agency, bytes).map(|keys| keys.key_id()).unwrap_err()
        };
        assert_eq!(error(&MasterKey::generate(), AGENCY, &wrapped), OpenError::Tampered);
        assert_eq!(error(&master, ROW, &wrapped), OpenError::Tampered);
        // The key id is authenticated too.
        let mut renamed = wrapped.clone();
        renamed[5] ^= 1;
        assert_eq!(error(&master, AGENCY, &renamed), OpenError::Tampered);
        assert_eq!(error(&master, AGENCY, &wrapped[..45]), OpenError::TooShort);
        // A column blob is no wrapped key.
        assert_eq!(error(&master, AGENCY, &keys.seal(&HERE, &[0; 64])), OpenError::Tampered);
    }

    #[test]
    fn a_ledger_digest_is_the_agencys_own() {
        let master = MasterKey::generate();
        let keys = AgencyKeys::generate();
        let again = AgencyKeys::unwrap_keys(&master, AGENCY, &keys.wrap(&master, AGENCY)).unwrap();
        assert_eq!(keys.ledger_digest("row"), again.ledger_digest("row"));
        assert_ne!(keys.ledger_digest("row"), keys.ledger_digest("row "));
        assert_ne!(keys.ledger_digest("row"), AgencyKeys::generate().ledger_digest("row"));
    }

    #[test]
    fn keys_print_their_id_only() {
        let keys = AgencyKeys::generate();
        assert_eq!(format!("{keys:?}"), format!("AgencyKeys {{ key_id: {:?}, .. }}", keys.key_id()));
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(value: Vec<u8>) {
            let keys = AgencyKeys::generate();
            let blob = keys.seal(&HERE, &value);
            let opened = keys.open(&HERE, &blob).unwrap();
            prop_assert_eq!(opened.as_slice(), value.as_slice());
        }

        #[test]
        fn noise_never_opens(noise: Vec<u8>) {
            prop_assert!(AgencyKeys::generate().open(&HERE, &noise).is_err());
        }
    }
}
