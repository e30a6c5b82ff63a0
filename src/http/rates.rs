//! `/reports/rates`: shares that an office is measured by, each with its rule.

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{CivilDate, Params};
use super::call::Call;
use super::problem::{Failure, Problem};
use crate::app::rates::Rates;
use crate::domain::ids::AgencyId;
use crate::domain::lang::Lang;
use crate::domain::policy::Action;
use crate::domain::rate::{RateKind, Share};

/// Whose rates, of when.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RatesParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
    /// The first day; 1 January when absent.
    #[param(value_type = Option<String>, format = "date", nullable = false)]
    from: Option<CivilDate>,
    /// The last day; 31 December when absent. At most 366 days.
    #[param(value_type = Option<String>, format = "date", nullable = false)]
    to: Option<CivilDate>,
}

/// The rates of a period.
#[derive(Serialize, ToSchema)]
pub struct RatesView {
    /// The agency.
    #[schema(format = "uuid")]
    pub agency_id: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included.
    pub to: NaiveDate,
    /// The civil date as of which it was counted.
    pub as_of: NaiveDate,
    /// Every rate.
    pub rates: Vec<RateView>,
}

/// A share, and what was counted.
#[derive(Serialize, ToSchema)]
pub struct RateView {
    /// `timely`, `extended`, `correction`, `reconsideration_lost` or `litigation_lost`.
    #[schema(example = "timely")]
    pub code: &'static str,
    /// What an office calls it.
    #[schema(example = "按时答复率")]
    pub label: &'static str,
    /// How many the rule takes.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// Per cent with two decimals, rounded half up; `null` of nothing.
    #[schema(example = "97.50")]
    pub percent: Option<String>,
    /// What is counted, of what, and what is left out.
    pub rule: &'static str,
}

impl RateView {
    fn of((kind, share): (RateKind, Share), lang: Lang) -> Self {
        Self {
            code: kind.code(),
            label: kind.label(lang),
            count: share.count,
            of: share.of,
            percent: share.percent(),
            rule: kind.rule(lang),
        }
    }
}

/// Read the rates of a period.
///
/// Who may read the annual report may read them; a supervisor also those of each agency below his.
#[utoipa::path(
    operation_id = "readRates", tag = "reports", params(RatesParams),
    responses(
        (status = 200, description = "The rates", body = RatesView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/rates")]
pub async fn read(call: Call, params: Params<RatesParams>) -> Result<HttpResponse, Failure> {
    let agency = params.0.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed_in_tree(call.actor(), Action::ReadReports, agency).await?;
    let asked = (params.0.from.map(|day| day.0), params.0.to.map(|day| day.0));
    let Rates { period, as_of, shares } = call.app.rates(agency, asked).await?;
    let rates = shares.into_iter().map(|share| RateView::of(share, call.lang)).collect();
    Ok(HttpResponse::Ok().json(RatesView {
        agency_id: agency.to_string(),
        from: period.from,
        to: period.to,
        as_of,
        rates,
    }))
}
