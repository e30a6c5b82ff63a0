//! `/cases/{id}/amendments`: clerical mistakes put right.

use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::applicant_dto::ApplicantInput;
use super::body::{Body, CivilDate, not_blank};
use super::call::{Call, CommandHeaders, required};
use super::case_dto::CaseView;
use super::document_dto::{DocumentInput, documents};
use super::problem::{Failure, Problem};
use crate::app::error::FieldError;
use crate::app::execute::{AmendOrder, Order};
use crate::domain::channel::Channel;

/// A correction of a clerical mistake: exactly one of `applicant`, `description`, `subject`, `documents`,
/// `receipt`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendmentRequest {
    /// The civil date on which it happened; today when absent. The past is allowed, the future is not.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    on: Option<CivilDate>,
    /// Why.
    #[validate(required, length(min = 1, max = 1000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 1000,
        example = "录入时姓名有误"
    )]
    reason: Option<String>,
    /// The right applicant, whole.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(nested)]
    applicant: Option<ApplicantInput>,
    /// The right words of the applicant.
    #[validate(length(min = 1, max = 8000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 8000)]
    description: Option<String>,
    /// The right summary.
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200)]
    subject: Option<String>,
    /// The right list of documents asked for, whole; empty when there are none.
    #[serde(default, deserialize_with = "super::object::objects")]
    #[validate(nested)]
    #[schema(max_items = 10)]
    documents: Option<Vec<DocumentInput>>,
    /// The right channel and dates of receipt: moves the clock, and is an approver's act.
    #[serde(default, deserialize_with = "super::object::object")]
    #[validate(nested)]
    receipt: Option<ReceiptAmendment>,
}

/// The right channel and dates of receipt.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptAmendment {
    /// The channel.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false)]
    channel: Option<Channel>,
    /// The day of arrival.
    #[validate(required)]
    #[schema(value_type = String, format = Date, required = true, nullable = false, example = "2026-03-02")]
    arrived_on: Option<CivilDate>,
    /// The day on which both sides confirmed, for the channels that need it.
    #[schema(value_type = Option<String>, format = Date)]
    confirmed_on: Option<CivilDate>,
}

/// Put a clerical mistake right (更正).
///
/// By an event that says why; nothing is changed in place. A change of the date of receipt is made by an approver who
/// did not record it.
#[utoipa::path(
    operation_id = "amendCase", tag = "cases",
    params(("case_id" = String, Path, description = "The case"), CommandHeaders),
    request_body = AmendmentRequest,
    responses(
        (status = 200, description = "The case after the command", body = CaseView, headers(("ETag" = String, description = "The new version"))),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[post("/cases/{case_id}/amendments")]
pub async fn amend(call: Call, body: Body<AmendmentRequest>) -> Result<HttpResponse, Failure> {
    let (on, reason) = (body.value.on, required(body.value.reason.clone(), "/reason")?);
    let Body { value, bytes } = body;
    let order = Order::Amend { amend: value.amend(&call)?, reason };
    call.execute(order, on, &Body { value: (), bytes }).await
}

impl AmendmentRequest {
    fn amend(self, call: &Call) -> Result<AmendOrder, Failure> {
        let today = call.app.clock.now().date_naive();
        match (self.applicant, self.description, self.subject, self.documents, self.receipt) {
            (Some(applicant), None, None, None, None) => {
                Ok(AmendOrder::Applicant(applicant.applicant("/applicant", today)?))
            }
            (None, Some(description), None, None, None) => Ok(AmendOrder::Description(description)),
            (None, None, Some(subject), None, None) => Ok(AmendOrder::Subject(subject.trim().to_owned())),
            (None, None, None, Some(sent), None) => Ok(AmendOrder::Documents(documents(Some(sent))?)),
            (None, None, None, None, Some(receipt)) => Ok(AmendOrder::Receipt {
                channel: required(receipt.channel, "/receipt/channel")?,
                arrived_on: required(receipt.arrived_on, "/receipt/arrived_on")?.0,
                confirmed_on: receipt.confirmed_on.map(|date| date.0),
            }),
            _ => Err(Failure::fields(vec![FieldError::new(
                "",
                "one_of",
                "请只填写 applicant、description、subject、documents、receipt 中的一项。",
                "Give exactly one of applicant, description, subject, documents, receipt.",
            )])),
        }
    }
}
