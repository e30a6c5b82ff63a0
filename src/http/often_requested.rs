//! `/reports/often-requested`: documents that several applicants ask for (Art. 44), and the cases behind each.

use actix_web::{HttpResponse, get};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::body::{CivilDate, Params, whole_number};
use super::call::{Call, required};
use super::cases::CaseSummary;
use super::document_dto::DocumentView;
use super::page::{Cursor, with_link};
use super::problem::{Failure, Problem};
use super::publication_dto::{self, PublishedView};
use crate::app::error::FieldError;
use crate::app::often_requested::{AskingQuery, OftenQuery, OftenRequested, SEVERAL};
use crate::domain::ids::AgencyId;
use crate::domain::policy::Action;

/// The order of the pages, in their cursors.
const ORDER: &str = "often";
const ASKING: &str = "asking";

/// Whose documents, of when, which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OftenParams {
    /// The agency; the caller's own when absent.
    #[param(value_type = Option<String>, format = "uuid", nullable = false)]
    agency_id: Option<AgencyId>,
    /// Asked for in cases received on or after this day; 1 January when absent.
    #[param(value_type = Option<String>, format = "date", nullable = false)]
    from: Option<CivilDate>,
    /// Received on or before this day; 31 December when absent. At most 366 days.
    #[param(value_type = Option<String>, format = "date", nullable = false)]
    to: Option<CivilDate>,
    /// By at least so many different applicants, 2 to 1000; 2 when absent, for two are several (多个).
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 2, max = 1000))]
    #[param(nullable = false, minimum = 2, maximum = 1000)]
    min_applicants: Option<u16>,
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A document that several applicants asked for.
#[derive(Serialize, ToSchema)]
pub struct OftenRequestedView {
    /// By what it is known: its number, else its title, as search compares them.
    #[schema(example = "number:沪府办（2024）12号")]
    pub key: String,
    /// Its title and number, as one of the cases has them.
    pub document: DocumentView,
    /// How many cases ask for it.
    pub cases: u64,
    /// How many different applicants: by their numbers of identity, else by their names, never too many. Those whose record was
    /// erased are not counted.
    pub applicants: u64,
    /// In how many of the cases the first reply released something (予以公开、部分公开).
    pub released: u64,
    /// Its conversion to proactive publication: `proposed`, `approved`, `rejected`, `published`, `withdrawn`, the furthest that any
    /// case brought it; `null` when nobody proposed it.
    #[schema(example = "published")]
    pub publication: Option<&'static str>,
    /// Where it is published, when it is.
    pub published: Option<PublishedView>,
}

/// A page of the documents that several applicants asked for.
#[derive(Serialize, ToSchema)]
pub struct OftenRequestedPage {
    /// The agency.
    #[schema(format = "uuid")]
    pub agency_id: String,
    /// The first day of receipt.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// The documents, those asked for by most applicants first. No applicant's data.
    pub items: Vec<OftenRequestedView>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

fn view(item: OftenRequested) -> OftenRequestedView {
    let OftenRequested { key, document, applicants, released, cases: asking, conversion } = item;
    let document = DocumentView { title: document.title, number: document.number };
    let publication = conversion.as_ref().map(|conversion| conversion.state.code());
    let published = conversion.and_then(|conversion| conversion.published).map(publication_dto::published);
    OftenRequestedView { key, document, cases: asking, applicants, released, publication, published }
}

/// List often-requested documents (多人申请公开的文件).
///
/// Documents that several applicants asked for in a period: where they may be disclosed, the agency may publish them proactively
/// (Art. 44). Two name one document when its number is the same, or, without a number, its title, whatever the kind of brackets,
/// spaces and quotation marks. Who may read the annual report may read it; a supervisor also that of each agency below his.
#[utoipa::path(
    operation_id = "listOftenRequested", tag = "reports", params(OftenParams),
    responses(
        (status = 200, description = "A page", body = OftenRequestedPage),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/often-requested")]
pub async fn list(call: Call, params: Params<OftenParams>) -> Result<HttpResponse, Failure> {
    let sent = params.0;
    let agency = sent.agency_id.unwrap_or(call.actor().agency);
    call.app.allowed_in_tree(call.actor(), Action::ReadReports, agency).await?;
    let query = OftenQuery {
        period: (sent.from.map(|day| day.0), sent.to.map(|day| day.0)),
        applicants: sent.min_applicants.unwrap_or(SEVERAL),
        after: sent.cursor.as_deref().map(read_cursor).transpose()?,
        limit: sent.limit.unwrap_or(50),
    };
    let page = call.app.often_requested((agency, call.actor().clearance), query).await?;
    let shown = OftenRequestedPage {
        agency_id: agency.to_string(),
        from: page.period.from,
        to: page.period.to,
        items: page.items.into_iter().map(view).collect(),
        next_cursor: page.next.map(|(applicants, key)| write_cursor(applicants, &key)),
    };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}

fn write_cursor(applicants: u64, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{ORDER}|{applicants}|{key}"))
}

/// Reads a cursor: how many applicants the last document had, and its key.
fn read_cursor(text: &str) -> Result<(u64, String), Failure> {
    let parsed = || {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (applicants, key) = plain.strip_prefix(ORDER)?.strip_prefix('|')?.split_once('|')?;
        (!key.contains('\0')).then_some((applicants.parse().ok()?, key.to_owned()))
    };
    parsed().ok_or_else(|| {
        let (zh, en) =
            ("分页游标无效，请使用上一页返回的 next_cursor。", "Use the next_cursor of the page before.");
        Failure::fields(vec![FieldError::new("cursor", "unknown_value", zh, en)])
    })
}

/// Which document, of when, which page.
#[derive(Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskingParams {
    /// The document's `key` in the list.
    #[validate(required, length(min = 1, max = 400))]
    #[param(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 400,
        example = "number:沪府办（2024）12号"
    )]
    key: Option<String>,
    /// Received on or after this day; 1 January when absent.
    #[param(value_type = Option<String>, format = "date", nullable = false)]
    from: Option<CivilDate>,
    /// Received on or before this day; 31 December when absent. At most 366 days.
    #[param(value_type = Option<String>, format = "date", nullable = false)]
    to: Option<CivilDate>,
    /// Where the page before ended.
    #[param(nullable = false)]
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    #[serde(default, deserialize_with = "whole_number")]
    #[validate(range(min = 1, max = 200))]
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A page of the cases that ask for a document.
#[derive(Serialize, ToSchema)]
pub struct AskingPage {
    /// The cases, those received last first.
    pub items: Vec<CaseSummary>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
    /// The civil date for which the lights hold.
    pub as_of: NaiveDate,
}

/// List the cases that ask for a document.
///
/// Of the caller's own agency, as far as he may read them. A document that nobody asked for has none.
#[utoipa::path(
    operation_id = "listCasesAsking", tag = "reports", params(AskingParams),
    responses(
        (status = 200, description = "A page", body = AskingPage),
        (status = "4XX", description = "A problem", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem of ours", body = Problem, content_type = "application/problem+json"),
    )
)]
#[get("/reports/often-requested/cases")]
pub async fn cases(call: Call, params: Params<AskingParams>) -> Result<HttpResponse, Failure> {
    let sent = params.0;
    let query = AskingQuery {
        key: required(sent.key, "key")?,
        period: (sent.from.map(|day| day.0), sent.to.map(|day| day.0)),
        after: sent.cursor.as_deref().map(|cursor| Cursor::read(cursor, ASKING)).transpose()?,
        limit: sent.limit.unwrap_or(50),
    };
    let page = call.app.cases_asking(call.actor(), query).await?;
    let shown = AskingPage {
        items: page.items.into_iter().map(CaseSummary::today).collect(),
        next_cursor: page.next.map(|(day, id)| Cursor { day, id }.write(ASKING)),
        as_of: page.today,
    };
    Ok(with_link(&call, shown.next_cursor.as_deref(), &shown))
}
