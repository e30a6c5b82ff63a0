//! `/accounts/{id}/password-reset`: a one-time password in the place of one that is forgotten.

use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Call, RetryHeader, respond};
use super::problem::{Failure, Problem};
use crate::app::password_reset::PasswordReset;
use crate::app::retry::Answer;
use crate::domain::ids::AccountId;

/// A one-time password, to be handed to whom it belongs. It opens nothing but its own change.
#[derive(Serialize, ToSchema)]
pub struct OneTimeSecret {
    /// The account.
    #[schema(format = "uuid")]
    pub account_id: String,
    /// The password. It is shown this once: the answer to a retry has `null`, and who has lost it resets the password again.
    #[schema(example = "K7MD-9QXA-TRFW-3HJC-PN6E-W4TX-R7HQ")]
    pub one_time_password: Option<String>,
    /// Until when it opens the account, unless it is changed before (`GONGKAI_FIRST_PASSWORD_HOURS`).
    pub valid_until: DateTime<Utc>,
}

fn answer(made: &PasswordReset) -> Answer {
    let view = OneTimeSecret {
        account_id: made.account.to_string(),
        one_time_password: made.password.as_ref().map(|password| password.expose().to_owned()),
        valid_until: made.valid_until,
    };
    let body = serde_json::to_string(&view).unwrap_or_default();
    Answer { status: 200, etag: None, location: None, body }
}

/// Reset the forgotten password of somebody else's account: it gets a one-time password. Recorded.
///
/// Its sessions end, a rest after wrong passwords ends, its second factor stays in force. An administrator's is reset so only where
/// he has a second factor; otherwise the operator does it with `gongkai account reset-password`.
#[utoipa::path(
    operation_id = "resetPassword", tag = "set-up",
    params(("account_id" = String, Path, description = "The account"),
        RetryHeader),
    responses(
        (status = 200, description = "The one-time password, shown this once", body = OneTimeSecret),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/accounts/{account_id}/password-reset")]
pub async fn reset(call: Call) -> Result<HttpResponse, Failure> {
    let account: AccountId = call.path("account_id")?;
    let retry = call.retry(&[])?;
    Ok(respond(call.app.reset_password(call.actor(), account, retry, answer).await?))
}
