//! An applicant as callers send him: parsed once into what the rest of the program uses.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::not_blank;
use super::call::required;
use super::problem::Failure;
use crate::app::error::FieldError;
use crate::app::people::{Applicant, Identity, IdentityKind};
use crate::domain::applicant::ApplicantKind;
use crate::domain::identity::{check_credit_code, check_resident_id, normalize_number};

/// Who asks (Art. 29(2)(1): name, proof of identity, contact).
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicantInput {
    /// The column of the annual report.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "natural_person")]
    kind: Option<ApplicantKind>,
    /// The name of the person or organisation.
    #[validate(required, length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 200, example = "王示例")]
    name: Option<String>,
    /// The proof of identity; may be missing and is then asked for (Art. 30).
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(nested)]
    identity: Option<IdentityInput>,
    /// A telephone number.
    #[validate(length(min = 3, max = 32))]
    #[schema(min_length = 3, max_length = 32)]
    phone: Option<String>,
    /// An e-mail address.
    #[validate(length(min = 3, max = 254), email)]
    #[schema(min_length = 3, max_length = 254, example = "shili@example.com")]
    email: Option<String>,
    /// A postal address.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    address: Option<String>,
}

/// A proof of identity.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityInput {
    /// Which document.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "passport")]
    kind: Option<IdentityKind>,
    /// Its number; a resident ID's and a credit code's check digit must be right.
    #[validate(required, length(min = 1, max = 64), custom(function = not_blank))]
    #[schema(required = true, nullable = false, min_length = 1, max_length = 64, example = "E00000000")]
    number: Option<String>,
}

impl ApplicantInput {
    /// The applicant, checked.
    ///
    /// # Errors
    /// A wrong identity number.
    pub fn applicant(self, pointer: &str, today: NaiveDate) -> Result<Applicant, Failure> {
        let identity = self
            .identity
            .map(|identity| identity.identity(&format!("{pointer}/identity"), today))
            .transpose()?;
        Ok(Applicant {
            kind: required(self.kind, &format!("{pointer}/kind"))?,
            name: required(self.name, &format!("{pointer}/name"))?.trim().to_owned(),
            identity,
            phone: self.phone,
            email: self.email,
            address: self.address,
        })
    }
}

impl IdentityInput {
    fn identity(self, pointer: &str, today: NaiveDate) -> Result<Identity, Failure> {
        let kind = required(self.kind, &format!("{pointer}/kind"))?;
        let number = required(self.number, &format!("{pointer}/number"))?;
        let (right, zh, en) = match kind {
            IdentityKind::ResidentId => (
                check_resident_id(&number, today).is_ok(),
                "身份证号码不正确（应为18位，校验码相符）。",
                "This is no resident ID number: 18 digits with a matching check digit.",
            ),
            IdentityKind::CreditCode => (
                check_credit_code(&number).is_ok(),
                "统一社会信用代码不正确（应为18位，校验码相符）。",
                "This is no unified social credit code: 18 characters with a matching check character.",
            ),
            IdentityKind::Passport | IdentityKind::Other => (true, "", ""),
        };
        if !right {
            return Err(Failure::fields(vec![FieldError::new(
                format!("{pointer}/number"),
                "check_digit",
                zh,
                en,
            )]));
        }
        Ok(Identity { kind, number: normalize_number(&number) })
    }
}
