//! The files of a case: received in parts (`uploads`), examined and attached (`attach`), listed, opened (`opening`), scanned
//! (`scan`). Bytes are encrypted before they are stored; a content is stored once in an agency.

mod attach;
mod content;
mod error;
mod handed_out;
mod opening;
mod scan;
mod sweep;
mod uploads;

use std::collections::BTreeMap;

use super::App;
use super::case_view::Loaded;
use super::error::AppError;
use super::people::{mask_words, open_text};
use crate::domain::attachment::{FileType, Purpose};
use crate::domain::case::attachments::Attachment;
use crate::domain::ids::{AttachmentId, CaseId};
use crate::domain::role::Actor;
use crate::files::{Files, Turn};
use crate::store::{ContentRow, Key};
use chrono::NaiveDate;

pub use attach::AttachRequest;
pub use content::Content;
pub(in crate::app) use content::{key_place, manifest_place};
pub use error::{AttachmentError, Held, UploadFault};
pub(in crate::app) use handed_out::{HandedOut, Wanted};
pub(in crate::app) use opening::may_open;
pub use opening::{Download, Opening};
pub use uploads::{Part, UploadState, UploadView};

/// Whether a content can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can.
    Available,
    /// Not before it was scanned.
    Quarantined,
    /// Never: this was found in it.
    Blocked(String),
    /// Never: it was erased.
    Erased,
}

/// An attachment as it is shown.
#[derive(Clone, Debug)]
pub struct AttachmentView {
    /// Its id.
    pub id: AttachmentId,
    /// What it is for.
    pub purpose: Purpose,
    /// What its content is.
    pub file_type: FileType,
    /// Bytes.
    pub size: u64,
    /// The keyed hash of its content.
    pub content_hash: String,
    /// The SHA-256 of its content; `None` when that was erased.
    pub sha256: Option<String>,
    /// Its name, personal data masked; `None` when that was erased.
    pub name: Option<String>,
    /// The day it was attached.
    pub on: NaiveDate,
    /// When and why it was struck out.
    pub struck: Option<(NaiveDate, Option<String>)>,
    /// Whether it can be opened.
    pub standing: Standing,
    /// Whether an antivirus program has looked at it.
    pub scanned: bool,
    /// How the caller may open it.
    pub opening: Opening,
}

impl App {
    /// What files need.
    ///
    /// # Errors
    /// When this program was opened without.
    pub(super) fn files(&self) -> Result<&Files, AppError> {
        self.files.as_ref().ok_or_else(|| AppError::Internal("opened without a store for files".to_owned()))
    }

    /// Whoever receives a part of an upload waits for this.
    ///
    /// # Errors
    /// [`AttachmentError::Busy`] when it was not his turn in time.
    pub async fn to_receive(&self) -> Result<Turn, AppError> {
        Ok(self.files()?.to_receive().await.map_err(AttachmentError::from)?)
    }

    /// A page of a case's attachments, in the order in which they were attached: at most `limit` after one of them, and
    /// whether there are more.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such case to the actor.
    pub async fn attachments(
        &self,
        actor: &Actor,
        case: CaseId,
        after: Option<AttachmentId>,
        limit: usize,
    ) -> Result<(Vec<AttachmentView>, bool), AppError> {
        let loaded = self.load(actor, case).await?;
        let all = &loaded.before.case.attachments;
        let from = after
            .and_then(|after| all.iter().position(|it| it.id == after))
            .map_or(0, |at| at.saturating_add(1));
        let page: Vec<&Attachment> = all.iter().skip(from).take(limit).collect();
        let more = all.len() > from.saturating_add(page.len());
        Ok((self.shown(actor, &loaded, &page).await?.into_iter().map(|(view, _)| view).collect(), more))
    }

    /// One attachment.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none to the actor.
    pub async fn attachment(
        &self,
        actor: &Actor,
        case: CaseId,
        id: AttachmentId,
    ) -> Result<AttachmentView, AppError> {
        let loaded = self.load(actor, case).await?;
        Ok(self.one(actor, &loaded, id).await?.0)
    }

    async fn one(&self, actor: &Actor, loaded: &Loaded, id: AttachmentId) -> Result<Shown, AppError> {
        let found = loaded.before.case.attachment(id).ok_or(AppError::NotFound)?;
        self.shown(actor, loaded, &[found]).await?.pop().ok_or(AppError::NotFound)
    }

    /// Attachments with their words, masked, and their contents.
    async fn shown(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        wanted: &[&Attachment],
    ) -> Result<Vec<Shown>, AppError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let (agency, case) = (&loaded.agency, &loaded.before.case);
        let reasons = |it: &Attachment| it.struck.as_ref().map(|struck| struck.reason.id);
        let ids = wanted.iter().flat_map(|it| [Some(it.name.id), Some(it.sha256.id), reasons(it)]).flatten();
        let rows = self.store.case_texts_by_id(Key(agency.id.0), ids.map(|id| Key(id.0)).collect()).await?;
        let mut words = BTreeMap::new();
        for row in rows {
            words.insert(row.id.0, open_text(agency, &row)?);
        }
        let named: Vec<_> = self.named(loaded).await?.into_iter().map(|(_, applicant)| applicant).collect();
        let contents = self.store.contents_of_case(Key(agency.id.0), Key(case.id.0)).await?;
        let contents: BTreeMap<_, _> = contents.into_iter().map(|(id, row)| (id.0, row)).collect();
        let scanning = self.files.as_ref().is_some_and(|files| files.scanner.is_some());
        wanted
            .iter()
            .map(|it| {
                let row = contents.get(&it.id.0).cloned();
                let standing = match &row {
                    Some(row) => standing(row, scanning),
                    None if it.erased_on.is_some() => Standing::Erased,
                    None => return Err(missing(it.id)),
                };
                let text = |id: uuid::Uuid| words.get(&id);
                let masked = |id: uuid::Uuid| text(id).map(|words| mask_words(words, &named));
                let view = AttachmentView {
                    id: it.id,
                    purpose: it.purpose,
                    file_type: it.file_type,
                    size: it.size,
                    content_hash: it.content.to_string(),
                    sha256: text(it.sha256.id.0).cloned(),
                    name: masked(it.name.id.0),
                    on: it.on,
                    struck: it.struck.as_ref().map(|struck| (struck.on, masked(struck.reason.id.0))),
                    standing,
                    scanned: row.as_ref().is_some_and(|row| row.scan != "none"),
                    opening: Opening::of(actor, it.purpose, case),
                };
                Ok((view, row))
            })
            .collect()
    }
}

/// An attachment as it is shown, and its content where that is there.
type Shown = (AttachmentView, Option<ContentRow>);

fn missing(id: AttachmentId) -> AppError {
    AppError::Internal(format!("attachment {id} has no content"))
}

/// A finding holds for good; what was not scanned is held while there is somebody to scan it.
fn standing(row: &ContentRow, scanning: bool) -> Standing {
    match row.scan.as_str() {
        "clean" => Standing::Available,
        "infected" => Standing::Blocked(row.finding.clone().unwrap_or_default()),
        _ if scanning => Standing::Quarantined,
        _ => Standing::Available,
    }
}
