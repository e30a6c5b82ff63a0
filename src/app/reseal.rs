//! A row under another key: every blob opened at its place, and sealed there anew.

use zeroize::Zeroizing;

use super::attachments::{key_place, manifest_place};
use super::directory::Agency;
use super::error::AppError;
use super::people::{Identity, applicant_place, open, text_place, utf8};
use super::{access_reason, checkpoints, notice_view, retry, second_factor};
use crate::crypto::blind_index::blind_index;
use crate::crypto::column::{AgencyKeys, Place};
use crate::domain::ids::{AccountId, ApplicantId, EventId, TextId};
use crate::store::{ApplicantRow, Sealed, StoreError};

/// The same row under another key.
pub(super) fn resealed(agency: &Agency, keys: &AgencyKeys, row: &Sealed) -> Result<Sealed, AppError> {
    let anew = |place: &Place, blob: &[u8]| -> Result<Vec<u8>, AppError> {
        Ok(keys.seal(place, &open(&agency.keys, place, blob)?))
    };
    Ok(match row {
        Sealed::Text(id, blob) => Sealed::Text(*id, anew(&text_place(agency, TextId(id.0)), blob)?),
        Sealed::Applicant(row) => Sealed::Applicant(Box::new(applicant_anew(agency, keys, row)?)),
        Sealed::Notice(notice, n, blob) => {
            Sealed::Notice(*notice, *n, anew(&notice_view::place(agency, notice.0, *n), blob)?)
        }
        Sealed::Access(case, id, blob) => {
            Sealed::Access(*case, *id, anew(&access_reason::reason_place(agency, EventId(id.0)), blob)?)
        }
        Sealed::Content(id, blob) => Sealed::Content(*id, anew(&manifest_place(agency, id.0), blob)?),
        Sealed::Upload(id, blob) => Sealed::Upload(*id, anew(&key_place(agency, id.0), blob)?),
        Sealed::Answer(account, method, path, key, blob) => {
            let blob = anew(&retry::place(AccountId(account.0), agency), blob)?;
            Sealed::Answer(*account, method.clone(), path.clone(), key.clone(), blob)
        }
        Sealed::SigningKey(n, blob) => Sealed::SigningKey(*n, anew(&checkpoints::place(agency), blob)?),
        Sealed::SecondFactor(account, blob) => {
            let place = second_factor::place(agency, AccountId(account.0));
            Sealed::SecondFactor(*account, anew(&place, blob)?)
        }
    })
}

/// An applicant's record under another key, and its indexes.
fn applicant_anew(agency: &Agency, keys: &AgencyKeys, row: &ApplicantRow) -> Result<ApplicantRow, AppError> {
    let id = ApplicantId(row.id.0);
    let opened = |column: &'static str, blob: &[u8]| -> Result<Zeroizing<Vec<u8>>, AppError> {
        open(&agency.keys, &applicant_place(agency, id, column), blob)
    };
    let anew = |column: &'static str, blob: &[u8]| -> Result<Vec<u8>, AppError> {
        Ok(keys.seal(&applicant_place(agency, id, column), &opened(column, blob)?))
    };
    let optional = |column: &'static str, blob: &Option<Vec<u8>>| {
        blob.as_deref().map(|blob| anew(column, blob)).transpose()
    };
    let name = utf8(&applicant_place(agency, id, "name"), &opened("name", &row.name)?)?;
    let identity = row.identity.as_deref().map(|blob| opened("identity", blob)).transpose()?;
    let identity =
        identity.map(|json| serde_json::from_slice::<Identity>(&json)).transpose().map_err(|_| {
            AppError::Store(StoreError::Inconsistent {
                table: "applicants",
                row: row.id.0.to_string(),
                reason: "an identity that is not ours".to_owned(),
            })
        })?;
    Ok(ApplicantRow {
        name: anew("name", &row.name)?,
        identity: optional("identity", &row.identity)?,
        phone: optional("phone", &row.phone)?,
        email: optional("email", &row.email)?,
        address: optional("address", &row.address)?,
        salt: anew("salt", &row.salt)?,
        name_index: blind_index(keys, "name", &name).to_vec(),
        identity_index: identity.map(|it| blind_index(keys, "identity", &it.number).to_vec()),
        ..row.clone()
    })
}
