//! Retries answered once: the first answer of a command is kept under its `Idempotency-Key`, encrypted, in the
//! transaction of the command, and given again to the same key with the same body.

use serde::{Deserialize, Serialize};

use super::App;
use super::directory::Agency;
use super::error::AppError;
use crate::crypto::column::Place;
use crate::crypto::framed::sha256_framed;
use crate::crypto::hex;
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

pub(super) fn place(account: AccountId, agency: &Agency) -> Place<'static> {
    Place { table: "idempotency_keys", column: "answer", row: account.0, agency: agency.id.0 }
}

/// An answer as it is kept: with the key it belongs to, since an account has many rows and its id alone would let one stand in
/// another's place. Answers of earlier programs have none, and are gone after seven days.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    of: Option<String>,
    #[serde(flatten)]
    answer: Answer,
}

fn row_of(retry: &Retry) -> String {
    let account = retry.account.0;
    let parts: [&[u8]; 5] = [
        b"gongkai-answer/v1",
        account.as_bytes(),
        retry.method.as_bytes(),
        retry.path.as_bytes(),
        retry.key.as_bytes(),
    ];
    hex::encode(&sha256_framed(&parts))
}

/// Encrypts an answer for keeping under its key.
///
/// # Errors
/// When the agency has no key.
pub fn seal_answer(agency: &Agency, retry: &Retry, answer: &Answer) -> Result<Vec<u8>, AppError> {
    let kept = Kept { of: Some(row_of(retry)), answer: answer.clone() };
    let plain = serde_json::to_vec(&kept).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(agency.keys.newest()?.seal(&place(retry.account, agency), &plain))
}

/// A key with the answer that is to be kept under it.
///
/// # Errors
/// Those of [`seal_answer`].
pub fn kept_answer(agency: &Agency, retry: Retry, answer: &Answer) -> Result<(Retry, Vec<u8>), AppError> {
    seal_answer(agency, &retry, answer).map(|sealed| (retry, sealed))
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
        let kept: Kept =
            serde_json::from_slice(&opened).map_err(|error| AppError::Internal(error.to_string()))?;
        if kept.of.is_some_and(|of| of != row_of(&retry.of(account))) {
            return Err(AppError::Internal("a kept answer stands under another key".to_owned()));
        }
        Ok(Some(kept.answer))
    }
}
