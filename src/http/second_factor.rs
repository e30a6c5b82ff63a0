//! `/me/second-factor`: one-time codes of an authenticator. `/accounts/{id}/second-factor`: taking away one that is lost.

use actix_web::{HttpResponse, delete, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::auth::six_digits;
use super::body::{Body, Secret};
use super::call::{Call, required};
use super::problem::{Failure, Problem};
use crate::domain::ids::AccountId;

/// The password, once more.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorRequest {
    /// The password that holds.
    #[validate(required)]
    #[schema(value_type = String, required = true, nullable = false, format = Password, max_length = 512, example = "Correct-horse-battery-7")]
    current_password: Option<Secret>,
}

/// What an authenticator needs. It is handed out this once.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorBegun {
    /// The secret in base 32, to be typed: 20 bytes, SHA-1, six digits, steps of 30 seconds.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    pub secret: String,
    /// The same to be shown as a picture.
    #[schema(
        example = "otpauth://totp/Gongkai:admin?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Gongkai"
    )]
    pub uri: String,
}

/// Begin a second factor of one's own. It counts once a code of it was shown; until then it may be begun anew.
#[utoipa::path(
    operation_id = "beginSecondFactor", tag = "sign-in", request_body = SecondFactorRequest,
    responses(
        (status = 200, description = "What the authenticator needs", body = SecondFactorBegun),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/me/second-factor")]
pub async fn begin(call: Call, body: Body<SecondFactorRequest>) -> Result<HttpResponse, Failure> {
    let password = required(body.value.current_password, "/current_password")?.0;
    let secret = call.app.begin_second_factor(&call.signed_in, password).await?;
    let (text, uri) = (secret.base32(), secret.uri(&call.signed_in.username));
    Ok(HttpResponse::Ok().json(SecondFactorBegun { secret: text.to_string(), uri: uri.to_string() }))
}

/// A one-time code.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorCode {
    /// Six digits.
    #[validate(required, custom(function = six_digits))]
    #[schema(required = true, nullable = false, pattern = "^[0-9]{6}$", example = "287082")]
    code: Option<String>,
}

/// Confirm it with a code. From then on every sign-in needs one; one's other sessions end. Recorded.
#[utoipa::path(
    operation_id = "confirmSecondFactor", tag = "sign-in", request_body = SecondFactorCode,
    responses(
        (status = 204, description = "It counts from now on"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[put("/me/second-factor/confirmation")]
pub async fn confirm(call: Call, body: Body<SecondFactorCode>) -> Result<HttpResponse, Failure> {
    let code = required(body.value.code, "/code")?;
    call.app.confirm_second_factor(&call.signed_in, &code).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take away the second factor of somebody else, who has lost it. His sessions end. Recorded.
#[utoipa::path(
    operation_id = "resetSecondFactor", tag = "set-up",
    params(("account_id" = String, Path, description = "The account")),
    responses(
        (status = 204, description = "There is none any more"),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[delete("/accounts/{account_id}/second-factor")]
pub async fn reset(call: Call) -> Result<HttpResponse, Failure> {
    let account: AccountId = call.path("account_id")?;
    call.app.reset_second_factor(call.actor(), account).await?;
    Ok(HttpResponse::NoContent().finish())
}
