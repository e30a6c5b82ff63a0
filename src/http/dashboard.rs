//! `/reports/dashboard`: how much there is, how pressing, and where.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{CivilDate, Params};
use super::call::Call;
use super::inbox::OldestView;
use super::problem::{Failure, Problem};
use crate::app::dashboard::{Dashboard, DepartmentLoad, Owing};
use crate::app::notice_view::NoticeLoad;
use crate::domain::ids::AgencyId;

/// Whose figures.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DashboardParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
    /// Only cases received on or after this day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    received_from: Option<CivilDate>,
    /// Only cases received on or before this day.
    #[param(value_type = Option<String>, format = Date, nullable = false)]
    received_to: Option<CivilDate>,
}

/// How much there is, how pressing, and where. Each figure of cases is the length of a list of
/// `GET /cases`; all are of one moment.
#[derive(Serialize, ToSchema)]
#[schema(title = "Dashboard")]
pub struct DashboardView {
    /// The agency.
    #[schema(format = "uuid")]
    pub agency_id: String,
    /// The civil date as of which it was counted.
    pub as_of: NaiveDate,
    /// All cases.
    pub total: u64,
    /// Open cases: neither answered nor withdrawn.
    pub open: u64,
    /// Open cases without a leading department.
    pub unassigned: u64,
    /// Cases by stage.
    #[schema(value_type = Object, example = json!({"receive": 3, "register": 1, "process": 12, "reply": 4, "archive": 88}))]
    pub stages: BTreeMap<&'static str, u64>,
    /// Cases by status.
    #[schema(value_type = Object, example = json!({"received": 3, "registered": 1, "in_process": 12}))]
    pub statuses: BTreeMap<&'static str, u64>,
    /// Cases that owe a reply, by light.
    #[schema(value_type = Object, example = json!({"green": 14, "yellow": 3, "red": 2, "overdue": 0}))]
    pub lights: BTreeMap<&'static str, u64>,
    /// Open cases by department; only the caller's, where he works for departments.
    pub departments: Vec<DepartmentLoadView>,
    /// What is owed and not met, by kind.
    #[schema(value_type = BTreeMap<String, OwingView>)]
    pub obligations: BTreeMap<&'static str, OwingView>,
    /// What was received and is not yet registered.
    pub inbox: InboxSizeView,
    /// The supervision notices that the agency received and that are not closed, as far as the caller reads them; `null` when he reads none.
    pub supervision_notices: Option<NoticeLoadView>,
}

/// How many supervision notices stand how.
#[derive(Serialize, ToSchema)]
pub struct NoticeLoadView {
    /// To be answered; their day has not passed.
    pub open: u64,
    /// To be answered; their day has passed.
    pub overdue: u64,
    /// Answered, and not yet decided about.
    pub answered: u64,
}

/// The open cases of a department.
#[derive(Serialize, ToSchema)]
pub struct DepartmentLoadView {
    /// The department.
    #[schema(format = "uuid")]
    pub department_id: String,
    /// Its name.
    pub name: String,
    /// Those it works on, leading or helping.
    pub open: u64,
    /// Those it leads.
    pub leading: u64,
}

/// How much is owed of one kind. A case that asked two third parties is owed two answers.
#[derive(Serialize, ToSchema)]
pub struct OwingView {
    /// Whenever it is due. A chance (to ask for a correction, to extend) counts through its last day.
    pub open: u64,
    /// Its last day has passed; a chance is never overdue.
    pub overdue: u64,
    /// Due today.
    pub due_today: u64,
    /// Due today or within five working days.
    pub due_within_5_working_days: u64,
}

/// How full the inbox is.
#[derive(Serialize, ToSchema)]
pub struct InboxSizeView {
    /// How many wait.
    pub total: u64,
    /// The oldest of them; `null` when none waits.
    pub oldest: Option<OldestView>,
}

impl From<DepartmentLoad> for DepartmentLoadView {
    fn from(load: DepartmentLoad) -> Self {
        let DepartmentLoad { department, name, open, leading } = load;
        Self { department_id: department.to_string(), name, open, leading }
    }
}

impl From<Owing> for OwingView {
    fn from(owing: Owing) -> Self {
        let Owing { open, overdue, due_today, due_soon } = owing;
        Self { open, overdue, due_today, due_within_5_working_days: due_soon }
    }
}

impl From<NoticeLoad> for NoticeLoadView {
    fn from(load: NoticeLoad) -> Self {
        let NoticeLoad { open, overdue, answered } = load;
        Self { open, overdue, answered }
    }
}

impl From<Dashboard> for DashboardView {
    fn from(counted: Dashboard) -> Self {
        Self {
            agency_id: counted.agency.to_string(),
            as_of: counted.as_of,
            total: counted.total(),
            open: counted.open,
            unassigned: counted.unassigned,
            stages: counted.stages().into_iter().map(|(stage, count)| (stage.code(), count)).collect(),
            inbox: InboxSizeView { total: counted.inbox(), oldest: counted.inbox_oldest.map(OldestView::of) },
            statuses: counted.statuses.into_iter().map(|(status, count)| (status.code(), count)).collect(),
            lights: counted.lights.into_iter().map(|(light, count)| (light.code(), count)).collect(),
            departments: counted.departments.into_iter().map(Into::into).collect(),
            supervision_notices: counted.notices.map(Into::into),
            obligations: counted.obligations.into_iter().map(|(kind, n)| (kind.code(), n.into())).collect(),
        }
    }
}

/// Read the dashboard.
///
/// Who may read the annual report sees the whole agency (a supervisor also each agency below his); who reads cases sees
/// the figures of just these, such as those of his department. With a period, only cases received in it count.
#[utoipa::path(
    operation_id = "readDashboard", tag = "reports", params(DashboardParams),
    responses(
        (status = 200, description = "The figures", body = DashboardView),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/dashboard")]
pub async fn read(call: Call, params: Params<DashboardParams>) -> Result<HttpResponse, Failure> {
    let agency = params.0.agency_id.unwrap_or(call.actor().agency);
    let received = (params.0.received_from.map(|day| day.0), params.0.received_to.map(|day| day.0));
    let counted = call.app.dashboard(call.actor(), agency, received).await?;
    Ok(HttpResponse::Ok().json(DashboardView::from(counted)))
}
