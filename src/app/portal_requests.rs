//! What a portal hands in, and how it follows that: its own requests, and of each no more than its applicant may know.

use chrono::NaiveDate;

use super::App;
use super::error::{AppError, FieldError};
use super::receive::Reception;
use crate::domain::case::Status;
use crate::domain::channel::Channel;
use crate::domain::ids::CaseId;
use crate::domain::outcome::Outcome;
use crate::domain::policy::Action;
use crate::domain::portal::{LONGEST_REQUEST, Progress, names_a_request};
use crate::domain::role::{Actor, Role};
use crate::domain::time_limit::ObligationKind;
use crate::store::{Key, PortalRequestLine, PortalRequestRow, PortalRow, StoreError};

/// A request as its portal follows it.
pub struct Followed {
    /// The portal's own name of it.
    pub request: String,
    /// The case.
    pub case: CaseId,
    /// Its number, once it is registered.
    pub number: Option<String>,
    /// How it stands.
    pub progress: Progress,
    /// The day it arrived.
    pub arrived_on: NaiveDate,
    /// The date of receipt, once that is fixed.
    pub received_on: Option<NaiveDate>,
    /// The last day for the reply, while it is owed and runs.
    pub due_on: Option<NaiveDate>,
    /// Whether that day may still change, since a year's holidays are not published.
    pub provisional: bool,
    /// The last day for what the applicant is asked for.
    pub applicant_due_on: Option<NaiveDate>,
    /// What was answered, once it is.
    pub outcome: Option<Outcome>,
    /// When it came to its end.
    pub concluded_on: Option<NaiveDate>,
}

/// A page of them, by the portal's names.
pub struct FollowedPage {
    /// They.
    pub items: Vec<Followed>,
    /// After which the next page begins.
    pub next: Option<String>,
}

impl App {
    /// The portal that hands a request in, when it is one; what it hands in must be named, and came online.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every wrong field, [`AppError::Forbidden`] when the account's portal is closed.
    pub(super) async fn handing_in(
        &self,
        actor: &Actor,
        reception: &Reception,
        case: CaseId,
    ) -> Result<Option<PortalRequestRow>, AppError> {
        if !actor.holds(Role::Portal, actor.agency) {
            return match reception.portal_request {
                None => Ok(None),
                Some(_) => Err(AppError::Invalid(vec![not_a_portal()])),
            };
        }
        let portal = self.own_portal(actor).await?;
        let mut wrong = Vec::new();
        if reception.channel != Channel::Online {
            wrong.push(not_online());
        }
        let named = reception.portal_request.as_deref().unwrap_or_default();
        if !names_a_request(named) {
            wrong.push(not_named(reception.portal_request.is_none()));
        }
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let (agency_id, portal_id, request) = (portal.agency_id, portal.id, named.to_owned());
        Ok(Some(PortalRequestRow { agency_id, portal_id, request, case_id: Key(case.0) }))
    }

    async fn own_portal(&self, actor: &Actor) -> Result<PortalRow, AppError> {
        self.store.portal_of_account(Key(actor.account.0)).await?.ok_or(AppError::Forbidden)
    }

    /// A page of the requests that the caller, a portal, handed in.
    ///
    /// # Errors
    /// As [`App::allowed`].
    pub async fn followed_page(
        &self,
        actor: &Actor,
        after: Option<String>,
        limit: u16,
    ) -> Result<FollowedPage, AppError> {
        self.allowed(actor, Action::FollowRequests, actor.agency)?;
        let portal = self.own_portal(actor).await?;
        let more = i64::from(limit).saturating_add(1);
        let own = (portal.agency_id, portal.id);
        let mut lines = self.store.portal_requests(own, None, after, more).await?;
        let full = lines.len() > usize::from(limit);
        lines.truncate(usize::from(limit));
        let next = lines.last().filter(|_| full).map(|(request, ..)| request.request.clone());
        let items = lines.into_iter().map(followed).collect::<Result<_, _>>()?;
        Ok(FollowedPage { items, next })
    }

    /// One of them, by the portal's name of it.
    ///
    /// # Errors
    /// As [`App::allowed`]; [`AppError::NotFound`] when the portal handed in no such request.
    pub async fn followed(&self, actor: &Actor, request: String) -> Result<Followed, AppError> {
        self.allowed(actor, Action::FollowRequests, actor.agency)?;
        let portal = self.own_portal(actor).await?;
        let found = self.store.portal_requests((portal.agency_id, portal.id), Some(request), None, 1).await?;
        found.into_iter().next().ok_or(AppError::NotFound).and_then(followed)
    }
}

fn followed((request, case, owed): PortalRequestLine) -> Result<Followed, AppError> {
    let unknown = |what: &str, word: &str| {
        AppError::Store(StoreError::Inconsistent {
            table: "cases",
            row: case.id.0.to_string(),
            reason: format!("unknown {what} {word}"),
        })
    };
    let status = Status::parse(&case.status).ok_or_else(|| unknown("status", &case.status))?;
    let first = owed.iter().min_by_key(|row| row.due_on);
    let kind = first.and_then(|row| ObligationKind::parse(&row.kind));
    let progress = Progress::of(status, kind);
    let awaited = matches!(progress, Progress::AwaitingCorrection | Progress::AwaitingPayment);
    let answered = matches!(progress, Progress::Replied | Progress::Archived);
    let outcome = case.outcome.as_deref().filter(|_| answered);
    let outcome = outcome.map(|code| Outcome::parse(code).ok_or_else(|| unknown("outcome", code)));
    Ok(Followed {
        request: request.request,
        case: CaseId(case.id.0),
        number: case.number.clone(),
        progress,
        arrived_on: case.arrived_on,
        received_on: case.received_on,
        due_on: case.due_on.filter(|_| !answered),
        provisional: case.provisional.is_some(),
        applicant_due_on: first.filter(|_| awaited).map(|row| row.due_on),
        outcome: outcome.transpose()?,
        concluded_on: case.concluded_on,
    })
}

fn not_a_portal() -> FieldError {
    FieldError::new(
        "/portal_request_id",
        "not_allowed",
        "只有门户账号填写 portal_request_id；由工作人员接收的，请不填写。",
        "Only portals name requests of theirs: leave portal_request_id out.",
    )
}

fn not_online() -> FieldError {
    FieldError::new(
        "/channel",
        "not_allowed",
        "门户提交的申请，channel 应为 online。",
        "What a portal hands in came online: channel is online.",
    )
}

fn not_named(missing: bool) -> FieldError {
    FieldError::new(
        "/portal_request_id",
        if missing { "required" } else { "pattern" },
        format!(
            "门户提交的申请，须以 portal_request_id 编号：1–{LONGEST_REQUEST} 个字母、数字或“.”“_”“:”“-”，不得含有个人信息。"
        ),
        format!(
            "A portal names each request with portal_request_id: 1 to {LONGEST_REQUEST} letters, digits, '.', '_', ':', '-', no \
             personal data."
        ),
    )
}
