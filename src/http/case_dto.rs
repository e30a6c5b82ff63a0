//! A case as the interface shows it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::archive_dto::{self, ArchiveView};
use super::clock_dto::{self, CaseFeeView, ConsultationView, CorrectionView, ExtensionView, ReasonsView};
use super::contact_dto::{self, ContactView, RatingView};
use super::document_dto::{self, DocumentView};
use super::publication_dto::{self, PublicationView};
use super::remedy_dto::{self, EarlierReplyView, RemedyView};
use super::reply_dto::{self, ReplyView};
use crate::app::case_view::{CaseDetail, Obstacle};
use crate::app::people::{Applicant, IdentityKind};
use crate::app::retry::Answer;
use crate::domain::case::Case;
use crate::domain::case::event::{FormWanted, ServiceMethod};
use crate::domain::case::projection::ReplyLimit;
use crate::domain::case::state::Assignment;
use crate::domain::lang::Lang;
use crate::domain::outcome::Outcome;
use crate::domain::sensitivity::Sensitivity;

/// One request for disclosure (申请).
#[derive(Serialize, ToSchema)]
#[schema(title = "Case")]
pub struct CaseView {
    /// Opaque id.
    #[schema(format = "uuid", example = "0197a3b2-5a5e-7c3e-9f0a-1c2d3e4f5a6b")]
    pub id: String,
    /// The agency of origin.
    #[schema(format = "uuid")]
    pub agency_id: String,
    /// The agency that handles it: the same, until it is handed over.
    #[schema(format = "uuid")]
    pub custodian_agency_id: String,
    /// Its security label: who is not cleared for it does not know of it.
    pub sensitivity: Sensitivity,
    /// Counts the events; the `ETag` and what `If-Match` names.
    pub version: u32,
    /// Registration number (登记编号), once registered.
    #[schema(example = "淮公申〔2026〕12号")]
    pub number: Option<String>,
    /// `receive`, `register`, `process`, `reply` or `archive`.
    #[schema(example = "process")]
    pub stage: &'static str,
    /// Finer than the stage.
    #[schema(example = "in_process")]
    pub status: &'static str,
    /// How it came.
    #[schema(example = "registered_post")]
    pub channel: &'static str,
    /// Who asks, every value masked.
    pub applicant: Option<ApplicantView>,
    /// The applicant's own words; numbers and addresses in them are masked. `null` when erased.
    pub description: Option<String>,
    /// The form wanted: `paper`, `electronic` or `inspection`.
    pub form_wanted: Option<FormWanted>,
    /// The clerk's summary without personal data (内容摘要).
    pub subject: Option<String>,
    /// The documents asked for, as far as the applicant named them.
    pub documents: Vec<DocumentView>,
    /// The day it was handed in, signed for, found in the mail, or submitted.
    pub arrived_on: NaiveDate,
    /// The date of receipt (Art. 31); `null` while a confirmation is awaited.
    pub received_on: Option<NaiveDate>,
    /// The day on which both sides confirmed.
    pub confirmed_on: Option<NaiveDate>,
    /// The day of registration.
    pub registered_on: Option<NaiveDate>,
    /// The statutory limit, while a reply is owed.
    pub time_limit: Option<CaseTimeLimitView>,
    /// The departments at work, the lead first.
    pub assignments: Vec<AssignmentView>,
    /// The newest version of the reply.
    pub reply: Option<ReplyView>,
    /// How the reply (or the note that it is no longer handled) was served.
    pub services: Vec<ServiceView>,
    /// 补正, the oldest first.
    pub corrections: Vec<CorrectionView>,
    /// 征求意见, the oldest first.
    pub consultations: Vec<ConsultationView>,
    /// 延期, the oldest first.
    pub extensions: Vec<ExtensionView>,
    /// 说明理由, the oldest first.
    pub reasons: Vec<ReasonsView>,
    /// 收费, the oldest first.
    pub fees: Vec<CaseFeeView>,
    /// 复议、诉讼、投诉举报, the oldest first; also those entered by mistake.
    pub remedies: Vec<RemedyView>,
    /// 沟通联系, in the order in which they were entered; what was said is in the history.
    pub contacts: Vec<ContactView>,
    /// 好差评, once the applicant rated it.
    pub rating: Option<RatingView>,
    /// 依申请公开转为主动公开, in the order of the proposals; why is in the history.
    pub publications: Vec<PublicationView>,
    /// How it was answered before it had to be answered anew, the oldest first; services, corrections and so on above are those
    /// of the round that runs.
    pub earlier_replies: Vec<EarlierReplyView>,
    /// What was answered, once concluded; of a case that is answered anew, what was answered first: what the annual report
    /// counts. What is answered now is in `reply`.
    #[schema(example = "granted")]
    pub outcome: Option<&'static str>,
    /// When it was concluded: the reply issued, the request withdrawn, or no longer handled; of a case that is answered anew,
    /// the first time.
    pub concluded_on: Option<NaiveDate>,
    /// When it was archived.
    pub archived_on: Option<NaiveDate>,
    /// Its file: the archival code and how long it is kept, once it is archived.
    pub archive: Option<ArchiveView>,
    /// What this caller may do next.
    #[schema(example = json!(["draft", "return"]))]
    pub allowed_actions: Vec<&'static str>,
    /// With `explain=true`: what this caller may not do, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refused_actions: Option<Vec<RefusedAction>>,
}

/// An applicant, masked.
#[derive(Serialize, ToSchema)]
pub struct ApplicantView {
    /// The column of the annual report.
    #[schema(example = "natural_person")]
    pub kind: &'static str,
    /// Masked.
    #[schema(example = "张*")]
    pub name: String,
    /// Which document proves the identity.
    pub identity_kind: Option<IdentityKind>,
    /// Masked.
    #[schema(example = "110*************2X")]
    pub identity_number: Option<String>,
    /// Masked.
    #[schema(example = "138****5678")]
    pub phone: Option<String>,
    /// Masked.
    pub email: Option<String>,
    /// Masked below the county.
    pub address: Option<String>,
}

/// A statutory limit.
#[derive(Serialize, ToSchema)]
pub struct CaseTimeLimitView {
    /// The last day on which the reply is in time.
    pub due_on: NaiveDate,
    /// `green`, `yellow`, `red` or `overdue`, as of today.
    #[schema(example = "green")]
    pub light: &'static str,
    /// Working days of the period left, today and excluded days not counted; negative when overdue.
    pub working_days_left: i64,
    /// The article.
    #[schema(example = "33(2)")]
    pub article: String,
    /// The statute pack.
    #[schema(example = "cn-ogi-2019")]
    pub statute: String,
    /// Set when the date may still move, with the reason.
    pub provisional: Option<CaseProvisionalView>,
}

/// Why a date may still move.
#[derive(Serialize, ToSchema)]
pub struct CaseProvisionalView {
    /// `year_without_notice` or `last_days_of_last_year`.
    #[schema(example = "year_without_notice")]
    pub reason: String,
    /// In words.
    pub detail: String,
}

/// A department's task.
#[derive(Serialize, ToSchema)]
pub struct AssignmentView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// `lead` or `co_handling`.
    pub kind: &'static str,
    /// The department.
    #[schema(format = "uuid")]
    pub department_id: String,
    /// Whose work it is there.
    #[schema(format = "uuid")]
    pub assignee_id: Option<String>,
    /// Since when.
    pub assigned_on: NaiveDate,
    /// Since when it has been acknowledged.
    pub acknowledged_on: Option<NaiveDate>,
}

/// A dispatch of the reply.
#[derive(Serialize, ToSchema)]
pub struct ServiceView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// How.
    pub method: ServiceMethod,
    /// The day it was handed to the post, a messenger or a system.
    pub dispatched_on: NaiveDate,
    /// The day it reached the applicant.
    pub served_on: Option<NaiveDate>,
}

/// Something this caller may not do.
#[derive(Serialize, ToSchema)]
pub struct RefusedAction {
    /// The command.
    #[schema(example = "sign_off")]
    pub action: &'static str,
    /// `forbidden`, or the code of the rule.
    #[schema(example = "drafter_may_not_review")]
    pub code: &'static str,
    /// In words.
    pub detail: String,
}

/// The answer to a command, and what is kept for its retries.
pub fn answer(detail: &CaseDetail) -> Answer {
    with_status(detail, 200)
}

/// The answer to a reception.
pub fn answer_created(detail: &CaseDetail) -> Answer {
    let location = Some(format!("/api/v1/cases/{}", detail.case.id));
    Answer { location, ..with_status(detail, 201) }
}

fn with_status(detail: &CaseDetail, status: u16) -> Answer {
    let body = serde_json::to_string(&view(detail, None)).unwrap_or_default();
    Answer { status, etag: Some(etag(&detail.case)), location: None, body }
}

/// The entity tag of a case: its version.
pub fn etag(case: &Case) -> String {
    format!("\"{}\"", case.version)
}

/// A case as one caller is shown it; with a language, also what stands in his way.
pub fn view(detail: &CaseDetail, explain: Option<Lang>) -> CaseView {
    let case = &detail.case;
    let projection = &detail.projection;
    let clock = clock_dto::views(&case.clock);
    CaseView {
        id: case.id.to_string(),
        agency_id: case.agency.to_string(),
        custodian_agency_id: case.custodian.to_string(),
        sensitivity: case.sensitivity,
        version: case.version,
        number: projection.number.clone(),
        stage: projection.stage.code(),
        status: projection.status.code(),
        channel: projection.channel.code(),
        applicant: detail.applicant.as_ref().map(applicant),
        description: detail.description.clone(),
        form_wanted: case.form_wanted,
        subject: detail.subject.clone(),
        documents: document_dto::views(&detail.documents),
        arrived_on: projection.arrived_on,
        received_on: projection.received_on,
        confirmed_on: case.receipt.confirmed_on,
        registered_on: projection.registered_on,
        time_limit: projection.limit.as_ref().map(|limit| time_limit(detail, limit)),
        assignments: case.state.work().map_or_else(Vec::new, |work| {
            std::iter::once(&work.lead).chain(&work.helpers).map(assignment).collect()
        }),
        reply: reply_dto::reply(detail),
        services: case
            .state
            .services()
            .iter()
            .map(|service| ServiceView {
                n: service.n,
                method: service.method,
                dispatched_on: service.dispatched_on,
                served_on: service.served_on,
            })
            .collect(),
        corrections: clock.corrections,
        consultations: clock.consultations,
        extensions: clock.extensions,
        reasons: clock.reasons,
        fees: clock.fees,
        remedies: remedy_dto::remedies(&case.remedies, &detail.answers),
        contacts: contact_dto::contacts(&case.contact),
        rating: contact_dto::rating(&case.contact),
        publications: publication_dto::publications(detail),
        earlier_replies: remedy_dto::earlier_replies(&case.remedies),
        outcome: projection.outcome.map(Outcome::code),
        concluded_on: projection.concluded_on,
        archived_on: projection.archived_on,
        archive: archive_dto::archive(detail),
        allowed_actions: detail
            .commands
            .iter()
            .filter(|(_, obstacle)| obstacle.is_none())
            .map(|(kind, _)| kind.code())
            .collect(),
        refused_actions: explain.map(|lang| refused(detail, lang)),
    }
}

/// An applicant who is masked already.
pub fn applicant(applicant: &Applicant) -> ApplicantView {
    ApplicantView {
        kind: applicant.kind.code(),
        name: applicant.name.clone(),
        identity_kind: applicant.identity.as_ref().map(|identity| identity.kind),
        identity_number: applicant.identity.as_ref().map(|identity| identity.number.clone()),
        phone: applicant.phone.clone(),
        email: applicant.email.clone(),
        address: applicant.address.clone(),
    }
}

fn time_limit(detail: &CaseDetail, limit: &ReplyLimit) -> CaseTimeLimitView {
    use crate::domain::calendar::Provisional;
    use crate::domain::case::projection::provisional_code;
    CaseTimeLimitView {
        due_on: limit.due_on,
        light: detail.light.map_or("", |light| light.code()),
        working_days_left: detail.working_days_left.unwrap_or(0),
        article: limit.article.clone(),
        statute: detail.case.statute.clone(),
        provisional: limit.provisional.as_ref().map(|provisional| CaseProvisionalView {
            reason: provisional_code(provisional).to_owned(),
            detail: match provisional {
                Provisional::YearWithoutNotice { year } => format!(
                    "{year}年放假安排尚未公布，期限按周一至周五暂算。The holidays of {year} are not published yet."
                ),
                Provisional::LastDaysOfLastYear { year } => format!(
                    "{year}年12月下旬的工作日可能随次年放假安排调整。The next notice may still change the last days of {year}."
                ),
            },
        }),
    }
}

fn assignment(assignment: &Assignment) -> AssignmentView {
    AssignmentView {
        n: assignment.n,
        kind: assignment.kind.code(),
        department_id: assignment.department.to_string(),
        assignee_id: assignment.assignee.map(|assignee| assignee.to_string()),
        assigned_on: assignment.assigned_on,
        acknowledged_on: assignment.acknowledged_on,
    }
}

fn refused(detail: &CaseDetail, lang: Lang) -> Vec<RefusedAction> {
    detail
        .commands
        .iter()
        .filter_map(|(kind, obstacle)| {
            let (code, words) = match obstacle.as_ref()? {
                Obstacle::Role => (
                    "forbidden",
                    lang.pick("您的角色不能进行此操作。", "Your role does not allow this.").to_owned(),
                ),
                Obstacle::Rule(rule) => (rule.code(), rule.message(lang)),
            };
            Some(RefusedAction { action: kind.code(), code, detail: words })
        })
        .collect()
}
