//! Retries answered once: the first answer of a command is kept under its `Idempotency-Key`, encrypted, in the
//! transaction of the command, and given again to the same key with the same body.

use serde::{Deserialize, Serialize};

use super::App;
use super::directory::Agency;
use super::error::AppError;
use crate::crypto::column::Place;
use crate::crypto::framed::sha256_framed;
use crate::domain::ids::AccountId;
use crate::store::Retry;

/// An answer as it went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The `ETag`, when it had one.
    pub etag: Option<String>,
    /// The `Location`, when it had one.
    pub location: Option<String>,
    /// The body.
    pub body: String,
}

/// What a request says of its retries.
#[derive(Clone, Debug)]
pub struct RetryKey {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the body.
    pub body_hash: [u8; 32],
}

impl RetryKey {
    /// The hash that binds a key to a request.
    pub fn hash(body: &[u8]) -> [u8; 32] {
        sha256_framed(&[b"gongkai-request/v1", body])
    }

    /// The key within the scope of an account.
    pub fn of(&self, account: AccountId) -> Retry {
        Retry {
            account,
            method: self.method.clone(),
            path: self.path.clone(),
            key: self.key.clone(),
            body_hash: self.body_hash.to_vec(),
        }
    }
}

fn place(account: AccountId, agency: &Agency) -> Place<'static> {
    Place { table: "idempotency_keys", column: "answer", row: account.0, agency: agency.id.0 }
}

/// Encrypts an answer for keeping.
///
/// # Errors
/// When the agency has no key.
pub fn seal_answer(agency: &Agency, account: AccountId, answer: &Answer) -> Result<Vec<u8>, AppError> {
    let plain = serde_json::to_vec(answer).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(agency.keys.newest()?.seal(&place(account, agency), &plain))
}

impl App {
    /// The first answer under this key, when there is one.
    ///
    /// # Errors
    /// [`AppError::RetryMismatch`] when the key came with another body before; [`AppError::RetryErased`] when the answer was erased
    /// with the words of its case.
    pub async fn first_answer(
        &self,
        agency: &Agency,
        account: AccountId,
        retry: Option<&RetryKey>,
    ) -> Result<Option<Answer>, AppError> {
        let Some(retry) = retry else { return Ok(None) };
        let Some(row) = self.store.answer_by_key(retry.of(account)).await? else { return Ok(None) };
        if row.answer.is_empty() {
            return Err(AppError::RetryErased);
        }
        if row.body_hash != retry.body_hash {
            return Err(AppError::RetryMismatch);
        }
        let opened = agency
            .keys
            .of_blob(&row.answer)
            .ok_or_else(|| AppError::Internal("a kept answer under an unknown key".to_owned()))?
            .open(&place(account, agency), &row.answer)
            .map_err(|error| AppError::Internal(format!("a kept answer: {error}")))?;
        serde_json::from_slice(&opened).map(Some).map_err(|error| AppError::Internal(error.to_string()))
    }
}
