//! The OpenAPI document, collected from the same registration that routes requests.

use actix_web::App as Actix;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use super::{
    amendments, archive, archive_list, assignments, attachment_content, attachments, auth, case_fees,
    case_search, case_time_limit, cases, closing, consultations, contacts, corrections, dashboard,
    delegations, digests, disposal, export, extensions, fees, history, inbox, intake, ledger,
    often_requested, oidc, operations, password_reset, portals, publications, reasons, remedies,
    reorganisations, reply, reply_versions, reveals, review_route, second_factor, secrecy_register,
    sensitivity,
};
use super::{
    calendars, notices, oauth, rates, relate, relations, report_record, reports, services, sessions, set_up,
    statutes, time_limits, uploads,
};

/// What the document says besides the operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Gongkai",
        description = "依申请公开：接收、登记、办理、答复、归档。Requests for the disclosure of public information: \
                       receive, register, process, reply, archive.\n\nCivil dates are `YYYY-MM-DD` in the agency's \
                       zone; instants are RFC 3339. Errors are RFC 9457 problem documents, in Chinese or English by \
                       `Accept-Language`. A change of a case needs `If-Match` with the case's `ETag`; every POST that \
                       creates or commands takes an `Idempotency-Key`, kept for seven days.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "This server")),
    security(("bearer" = [])),
    modifiers(&Bearer),
    // Schemas of query parameters are not collected by themselves.
    components(schemas(crate::store::Shelved, super::notice_dto::NoticeSideParam)),
    tags(
        (name = "sign-in", description = "Signing in and one's own account"),
        (name = "set-up", description = "Agencies, departments, accounts, roles"),
        (name = "portals", description = "Services that hand requests in, and how they follow them"),
        (name = "cases", description = "Requests for disclosure, from receipt to archive"),
        (name = "privacy", description = "Personal data unmasked, and who saw them"),
        (name = "archive", description = "Holds, appraisal, disposal, erasure"),
        (name = "attachments", description = "The files of a case"),
        (name = "law", description = "Statutes and calendars"),
        (name = "calculators", description = "Time limits and fees; no sign-in, limited by address"),
        (name = "supervision", description = "Notices of supervising agencies"),
        (name = "reports", description = "Figures"),
        (name = "record", description = "The record itself, for the auditor"),
        (name = "operations", description = "The document itself")
    )
)]
struct About;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Every operation of the interface, registered once for routing and documentation alike.
pub(super) fn operations(config: &mut ServiceConfig) {
    config
        .service(auth::login)
        .service(auth::refresh)
        .service(oauth::token)
        .service(auth::logout)
        .service(auth::me)
        .service(auth::password)
        .service(sessions::list)
        .service(sessions::end_others)
        .service(sessions::end)
        .service(sessions::end_of)
        .service(sessions::change_account)
        .service(second_factor::begin)
        .service(second_factor::confirm)
        .service(second_factor::reset)
        .service(password_reset::reset)
        .service(oidc::start)
        .service(oidc::callback)
        .service(oidc::bind)
        .service(oidc::unbind)
        .service(set_up::agencies)
        .service(set_up::departments)
        .service(set_up::create_department)
        .service(set_up::accounts)
        .service(set_up::create_account)
        .service(set_up::set_roles)
        .service(sensitivity::set_clearance)
        .service(reorganisations::reorganise)
        .service(reorganisations::list)
        .service(portals::list)
        .service(portals::open)
        .service(portals::issue_secret)
        .service(portals::close)
        .service(portals::follow_all)
        .service(portals::follow)
        .service(review_route::read)
        .service(review_route::set)
        .service(review_route::read_bodies)
        .service(review_route::set_bodies)
        .service(delegations::list)
        .service(delegations::create)
        .service(delegations::end)
        .service(secrecy_register::export)
        .service(cases::receive)
        .service(cases::list)
        .service(case_search::of_applicant)
        .service(relations::proposals)
        .service(relations::list)
        .service(relate::link)
        .service(relate::hand_on)
        .service(relate::split)
        .service(relate::merge)
        .service(cases::read)
        .service(inbox::list)
        .service(history::read)
        .service(reveals::reveal)
        .service(reveals::list)
        .service(reveals::of_applicant)
        .service(case_time_limit::read)
        .service(case_time_limit::what_if)
        .service(intake::confirm)
        .service(intake::register)
        .service(assignments::assign)
        .service(assignments::acknowledge)
        .service(assignments::hand_back)
        .service(corrections::request)
        .service(corrections::serve)
        .service(corrections::record)
        .service(corrections::lapse)
        .service(consultations::consult)
        .service(consultations::serve)
        .service(consultations::answer)
        .service(consultations::lapse)
        .service(extensions::propose)
        .service(extensions::decide)
        .service(extensions::notify)
        .service(reasons::request)
        .service(reasons::record)
        .service(reasons::delay)
        .service(case_fees::propose)
        .service(case_fees::decide)
        .service(case_fees::notify)
        .service(case_fees::serve)
        .service(case_fees::pay)
        .service(case_fees::lapse)
        .service(reply::draft)
        .service(reply::submit)
        .service(reply::review)
        .service(reply::answer_referral)
        .service(reply::issue)
        .service(reply_versions::list)
        .service(services::dispatch)
        .service(services::prove)
        .service(closing::withdraw)
        .service(archive::archive)
        .service(archive::read)
        .service(export::export)
        .service(export::export_with_files)
        .service(sensitivity::raise)
        .service(sensitivity::lower)
        .service(disposal::hold)
        .service(disposal::lift)
        .service(disposal::propose)
        .service(disposal::decide)
        .service(archive_list::list)
        .service(archive::read_shelf)
        .service(archive::set_shelf)
        .service(amendments::amend)
        .service(remedies::file)
        .service(remedies::answer)
        .service(remedies::conclude)
        .service(remedies::void)
        .service(contacts::log)
        .service(contacts::rate)
        .service(publications::propose)
        .service(publications::decide)
        .service(publications::publish)
        .service(publications::withdraw)
        .service(uploads::begin)
        .service(uploads::read)
        .service(uploads::send)
        .service(attachments::attach)
        .service(attachments::list)
        .service(attachments::read)
        .service(attachment_content::download)
        .service(attachment_content::open)
        .service(attachments::strike)
        .service(statutes::list)
        .service(statutes::read)
        .service(time_limits::calculate)
        .service(fees::calculate)
        .service(digests::list)
        .service(digests::read)
        .service(super::attempts::list)
        .service(super::audit_record::events)
        .service(super::audit_record::checkpoints)
        .service(ledger::read)
        .service(rates::read)
        .service(often_requested::list)
        .service(often_requested::cases)
        .service(reports::annual)
        .service(reports::cell)
        .service(report_record::checks)
        .service(report_record::enter_table2)
        .service(report_record::freeze)
        .service(report_record::list_freezes)
        .service(dashboard::read)
        .service(notices::send)
        .service(notices::list)
        .service(notices::read)
        .service(notices::answer)
        .service(notices::send_back)
        .service(notices::close)
        .service(calendars::list)
        .service(calendars::read)
        .service(calendars::read_year)
        .service(calendars::try_year)
        .service(calendars::apply_year)
        .service(operations::openapi);
}

/// The document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, collected) = Actix::new()
        .into_utoipa_app()
        .openapi(About::openapi())
        .service(scope("/api/v1").configure(operations))
        .split_for_parts();
    collected
}

/// The document as it is checked in: stable order, ends with a line break.
pub fn openapi_json() -> String {
    // Through a value whose maps are sorted, so that the file changes only where the interface does.
    let value = serde_json::to_value(openapi()).unwrap_or_default();
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}
