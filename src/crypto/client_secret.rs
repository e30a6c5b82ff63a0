//! What a portal signs in with: 256 random bits behind a prefix by which a secret that leaked is recognised. The database keeps
//! its hash only.

use std::fmt;

use zeroize::Zeroizing;

use super::token::{RefreshToken, TokenError};

/// How a secret begins.
const PREFIX: &str = "gkp_";

/// A secret, wiped when dropped, never printed.
pub struct ClientSecret(RefreshToken);

impl ClientSecret {
    /// A new one.
    pub fn generate() -> Self {
        Self(RefreshToken::generate())
    }

    /// The one that a portal presents.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] unless it has the form of a secret: noise of any length never reaches the database.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        text.strip_prefix(PREFIX).ok_or(TokenError::Malformed).and_then(RefreshToken::parse).map(Self)
    }

    /// The text, for the one answer that hands it out.
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", self.0.expose()))
    }

    /// What is stored and looked up.
    pub fn hash(&self) -> [u8; 32] {
        self.0.hash()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_again_by_its_hash_and_nothing_else_is_a_secret() {
        let secret = ClientSecret::generate();
        let text = secret.expose();
        assert_eq!(text.len(), 47);
        assert_eq!(ClientSecret::parse(&text).unwrap().hash(), secret.hash());
        assert_ne!(ClientSecret::generate().hash(), secret.hash());
        let bare = text.strip_prefix(PREFIX).unwrap();
        for wrong in ["", PREFIX, bare, &format!("{}=", *text), &format!("gkp_{}", *text), "gkp_王"] {
            assert!(ClientSecret::parse(wrong).is_err(), "{wrong}");
        }
        assert!(!format!("{secret:?}").contains(bare));
    }
}
