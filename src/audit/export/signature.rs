//! The agency's signature of a manifest, which has the hash of every file: who changes a file and lists it anew is found, too.
//!
//! ```text
//! gongkai-case-export/0197a3b2-5a5e-7c3e-9f0a-1c2d3e4f5a6b
//! manifest sha256 3b6693861bf48240555fc4013ba2a51582aca749d2b0b00ad9a366cc41f564d2
//!
//! — 6a3a4d27 7KNs…
//! ```
//!
//! Signed are the first two lines with their line breaks; behind the dash the id of the key and, in base64, its Ed25519 signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::verdict::{Said, said};
use crate::audit::checkpoint::CheckpointKey;
use crate::crypto::sign::{NotAKey, Signature, SigningKey};

fn statement(agency: Uuid, manifest_sha256: &str) -> String {
    format!("gongkai-case-export/{agency}\nmanifest sha256 {manifest_sha256}\n")
}

fn text(statement: &str, key: &CheckpointKey, signature: &[u8]) -> String {
    format!("{statement}\n— {} {}\n", key.id(), STANDARD.encode(signature))
}

/// Signs a manifest of which the SHA-256 is given in hexadecimal.
///
/// # Errors
/// When the key is none.
pub(crate) fn sign(agency: Uuid, manifest_sha256: &str, key: &SigningKey) -> Result<String, NotAKey> {
    let statement = statement(agency, manifest_sha256);
    let signature = key.sign(statement.as_bytes())?;
    Ok(text(&statement, &CheckpointKey::new(agency, *key.public()), &signature))
}

/// Whether one of these keys has signed it; any other spelling of the same is refused.
pub(super) fn verify(
    found: &str,
    agency: Uuid,
    manifest_sha256: &str,
    keys: &[CheckpointKey],
) -> Result<(), Said> {
    let none = || said("it is no signature as this program writes it", "不是本程序所写的签名");
    let statement = statement(agency, manifest_sha256);
    let last = found.strip_suffix('\n').and_then(|rest| rest.rsplit_once(' ')).ok_or_else(none)?;
    let signature: Signature =
        STANDARD.decode(last.1).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(none)?;
    if !found.starts_with(&statement) {
        return Err(said(
            "it is the signature of another manifest: the manifest or a file that it lists was changed",
            "是另一份清单的签名：清单或其所列文件被改动",
        ));
    }
    let of = |key: &&CheckpointKey| key.agency() == agency && text(&statement, key, &signature) == found;
    match keys.iter().find(of) {
        Some(key) if key.has_signed(statement.as_bytes(), &signature) => Ok(()),
        Some(_) => Err(said("the signature is forged", "签名系伪造")),
        None => Err(said("it is not signed by a key that counts", "不是由所认可的密钥签名")),
    }
}
