//! Signatures: Ed25519 (RFC 8032), by the library that signs access tokens already.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::random;
use super::secret::SecretKey;

/// A public key: 32 bytes, the same on every computer that verifies.
pub type PublicKey = [u8; 32];
/// A signature.
pub type Signature = [u8; 64];

/// A key that signs. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct SigningKey {
    seed: SecretKey,
    public: PublicKey,
}

impl SigningKey {
    /// A new random key.
    ///
    /// # Errors
    /// As [`SigningKey::from_seed`]: never, in practice.
    pub fn generate() -> Result<Self, NotAKey> {
        Self::from_seed(SecretKey::from_bytes(random::bytes()))
    }

    /// The key with this seed (RFC 8032, section 5.1.5).
    ///
    /// # Errors
    /// When the library refuses the seed.
    pub fn from_seed(seed: SecretKey) -> Result<Self, NotAKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).map_err(|_| NotAKey)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| NotAKey)?;
        Ok(Self { seed, public })
    }

    /// The seed, to be encrypted and kept.
    pub fn expose(&self) -> &[u8; 32] {
        self.seed.expose()
    }

    /// The public key.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The signature of a message.
    ///
    /// # Errors
    /// As [`SigningKey::from_seed`].
    pub fn sign(&self, message: &[u8]) -> Result<Signature, NotAKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(self.seed.expose()).map_err(|_| NotAKey)?;
        pair.sign(message).as_ref().try_into().map_err(|_| NotAKey)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey")
    }
}

/// Whether this is the signature of the message under this key.
pub fn verify(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()
}

/// The bytes are no key that signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no Ed25519 key")]
pub struct NotAKey;

#[cfg(test)]
mod tests {
    use super::{SigningKey, verify};
    use crate::crypto::{hex, secret::SecretKey};

    /// RFC 8032, section 7.1, tests 1 and 2.
    #[test]
    fn published_vectors_hold() {
        for (seed, public, message, signature) in [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                &b""[..],
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                &[0x72][..],
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
        ] {
            let key = SigningKey::from_seed(SecretKey::from_bytes(hex::decode(seed).unwrap())).unwrap();
            assert_eq!(hex::encode(key.public()), public);
            assert_eq!(hex::encode(&key.sign(message).unwrap()), signature);
            assert!(verify(key.public(), message, &hex::decode(signature).unwrap()));
        }
    }

    #[test]
    fn any_change_is_found() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let signature = key.sign(b"message").unwrap();
        assert!(verify(key.public(), b"message", &signature));
        assert!(!verify(other.public(), b"message", &signature));
        assert!(!verify(key.public(), b"messagf", &signature));
        for bit in 0..512 {
            let mut changed = signature;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(key.public(), b"message", &changed), "bit {bit}");
        }
        assert_eq!(format!("{key:?}"), "SigningKey");
    }
}
