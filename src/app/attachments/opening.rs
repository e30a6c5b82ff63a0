//! Opening a file (打开附件原件). What the office itself releases is downloaded by whoever reads the case; what people wrote shows data
//! that all words mask, and is opened for a reason, by whoever needs it now. No record, no bytes.

use serde::Serialize;

use super::{AttachmentError, AttachmentView, Content, Held, Shown, Standing, missing};
use crate::app::App;
use crate::app::access_reason::Reason;
use crate::app::accesses::Seen;
use crate::app::case_view::{Loaded, departments_of};
use crate::app::error::AppError;
use crate::app::execute::by;
use crate::domain::access::{AccessKind, AttachmentOpened};
use crate::domain::agency_event::AgencyEvent;
use crate::domain::attachment::Purpose;
use crate::domain::case::Case;
use crate::domain::ids::{AttachmentId, CaseId};
use crate::domain::policy::{Facts, opens};
use crate::domain::role::Actor;
use crate::files::Turn;

/// How somebody may open a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// It is the office's own reply document: he downloads it.
    Free,
    /// With a reason, which is recorded.
    WithReason,
    /// Not at all, as the case stands.
    Refused,
}

impl Opening {
    /// Every way.
    pub const ALL: &'static [Self] = &[Self::Free, Self::WithReason, Self::Refused];

    /// The word of the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::WithReason => "with_reason",
            Self::Refused => "refused",
        }
    }

    /// How somebody who reads the case may open a file of this purpose.
    pub fn of(actor: &Actor, purpose: Purpose, case: &Case) -> Self {
        if purpose.is_of_the_reply() {
            Self::Free
        } else if may_open(actor, purpose, case) {
            Self::WithReason
        } else {
            Self::Refused
        }
    }
}

/// Whether the actor may open a file of this purpose with a reason, as the case stands.
pub(in crate::app) fn may_open(actor: &Actor, purpose: Purpose, case: &Case) -> bool {
    let departments = departments_of(case);
    let task_of = departments.first().copied();
    let facts =
        Facts { agency: case.custodian, departments: &departments, task_of, sensitivity: case.sensitivity };
    opens(actor, purpose, case, &facts)
}

/// A content with what its answer needs.
pub struct Download {
    /// The bytes.
    pub content: Content,
    /// What it is.
    pub view: AttachmentView,
    /// Held until it was handed out.
    pub turn: Turn,
}

impl App {
    /// The content of a document of the reply.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`] for a file that is not the actor's to open;
    /// [`AttachmentError::NeedsReason`] for one that he may open with a reason; [`AttachmentError::Held`].
    pub async fn download(
        &self,
        actor: &Actor,
        case: CaseId,
        id: AttachmentId,
    ) -> Result<Download, AppError> {
        let loaded = self.load(actor, case).await?;
        let found = self.one(actor, &loaded, id).await?;
        match found.0.opening {
            Opening::Free => {}
            Opening::WithReason => return Err(AttachmentError::NeedsReason(found.0.purpose).into()),
            Opening::Refused => return Err(AppError::Forbidden),
        }
        let (content, view) = self.content_of(&loaded, found)?;
        let turn = self.files()?.to_send().await.map_err(AttachmentError::from)?;
        Ok(Download { content, view, turn })
    }

    /// The content of any file, after it has recorded who opens it, and why.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; a reason that says nothing or names somebody; [`AttachmentError::Held`];
    /// [`AppError::TooOften`]; and whatever keeps the record from being written, which keeps the file from being opened.
    pub async fn open_attachment(
        &self,
        actor: &Actor,
        case: CaseId,
        id: AttachmentId,
        reason: &str,
    ) -> Result<Download, AppError> {
        let loaded = self.load(actor, case).await?;
        let found = self.one(actor, &loaded, id).await?;
        let purpose = found.0.purpose;
        if !may_open(actor, purpose, &loaded.before.case) {
            return Err(AppError::Forbidden);
        }
        let Reason { at, id: event, commitment, sealed } = self.reason(&loaded, reason).await?;
        let (content, view) = self.content_of(&loaded, found)?;
        let turn = self.files()?.to_send().await.map_err(AttachmentError::from)?;
        let opened = AttachmentOpened { case, attachment: id, purpose, reason: commitment };
        let seen = Seen {
            event: AgencyEvent::AttachmentOpened(opened),
            kind: AccessKind::of_opening(purpose),
            cases: vec![(loaded.agency.id, case)],
            fields: Vec::new(),
            reason: Some((event, sealed)),
            attachment: Some(id),
        };
        self.record_access(&loaded.agency, by(actor), at, seen).await?;
        Ok(Download { content, view, turn })
    }

    /// The content that was attached, and no other.
    fn content_of(&self, loaded: &Loaded, (view, row): Shown) -> Result<(Content, AttachmentView), AppError> {
        match &view.standing {
            Standing::Available => {}
            Standing::Quarantined => return Err(AttachmentError::Held(Held::Quarantined).into()),
            Standing::Erased => return Err(AttachmentError::Held(Held::Erased).into()),
            Standing::Blocked(finding) => {
                return Err(AttachmentError::Held(Held::Blocked(finding.clone())).into());
            }
        }
        let attachment = loaded.before.case.attachment(view.id).ok_or(AppError::NotFound)?;
        let row = row.ok_or_else(|| missing(view.id))?;
        let (content, manifest) = Content::kept(&loaded.agency, self.files()?, &row)?;
        manifest.must_be(&row, &attachment.content.0, attachment.size)?;
        Ok((content, view))
    }
}
