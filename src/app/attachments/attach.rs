//! Attaching a file that has been received: it is read once from beginning to end for its digests, examined, scanned where
//! there is an antivirus program, and only then an attachment.

use std::sync::Arc;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::content::{Content, Manifest};
use super::error::{AttachmentError, UploadFault};
use super::uploads::UploadState;
use crate::app::App;
use crate::app::case_view::{Loaded, verdict};
use crate::app::error::AppError;
use crate::app::execute::{AttachmentOrder, Expected, Order, Render, Request, check_version};
use crate::app::order::attachment_kind;
use crate::app::retry::{Answer, RetryKey};
use crate::domain::attachment::{FileFault, FileType, Purpose, extension_fits};
use crate::domain::case::command::CommandKind;
use crate::domain::case::event::Digest;
use crate::domain::ids::{AttachmentId, CaseId};
use crate::domain::policy::{Action, Verdict};
use crate::domain::role::Actor;
use crate::files::beside;
use crate::files::clamd::Said;
use crate::files::examine::{Examined, examine};
use crate::store::{At, ContentRow, NewAttachment, UploadRow};

/// A file to be attached.
pub struct AttachRequest {
    /// Who asks.
    pub actor: Actor,
    /// To which case.
    pub case: CaseId,
    /// The upload.
    pub upload: AttachmentId,
    /// What it is for.
    pub purpose: Purpose,
    /// Its name, checked.
    pub name: String,
    /// The SHA-256 that its sender counted.
    pub sha256: Option<Digest>,
    /// The civil date on which it came; today when not said.
    pub on: Option<NaiveDate>,
    /// The version decided upon.
    pub expected: Expected,
    /// The retry key.
    pub retry: Option<RetryKey>,
    /// How the answer is written.
    pub render: Render,
}

impl App {
    /// Attaches a file.
    ///
    /// # Errors
    /// Those of [`App::execute`], and before its refusals what is wrong with the upload or its content.
    pub async fn attach(self: &Arc<Self>, request: AttachRequest) -> Result<Answer, AppError> {
        let AttachRequest { actor, purpose, .. } = &request;
        let loaded = self.load(actor, request.case).await?;
        let action = Action::Command(CommandKind::Attachment(attachment_kind(*purpose)));
        match verdict(actor, action, &loaded.before.case, None) {
            Verdict::Allow => {}
            Verdict::Forbidden => return Err(AppError::Forbidden),
            Verdict::Hidden => return Err(AppError::NotFound),
        }
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, request.retry.as_ref()).await? {
            return Ok(first);
        }
        check_version(&request.expected, loaded.before.case.version)?;
        let row = self.upload_row(actor, &loaded, request.upload).await?;
        self.must_be_whole(&loaded, &row).await?;
        let order = self.examined(&loaded, &row, &request).await?;
        let answer = self.execute(Request {
            actor: request.actor,
            case: request.case,
            order: Order::Attachment(order),
            on: request.on,
            expected: request.expected,
            retry: request.retry,
            render: request.render,
        });
        let answer = answer.await?;
        self.drop_doubled(&loaded, &row).await;
        Ok(answer)
    }

    async fn must_be_whole(&self, loaded: &Loaded, row: &UploadRow) -> Result<(), AppError> {
        let view = self.upload_view(&loaded.agency, row).await?;
        match view.state {
            UploadState::Attached => Err(AttachmentError::from(UploadFault::Ended).into()),
            UploadState::Refused => Err(refused_before(row).into()),
            UploadState::Open if view.offset < view.size => {
                Err(AttachmentError::from(UploadFault::Incomplete(view.offset)).into())
            }
            UploadState::Open => self.check_quota(&loaded.before.case, view.size),
        }
    }

    /// Looks at the content. What is not taken for what it is, is removed at once; the upload remembers why.
    async fn examined(
        &self,
        loaded: &Loaded,
        row: &UploadRow,
        request: &AttachRequest,
    ) -> Result<AttachmentOrder, AppError> {
        let files = self.files()?;
        let agency = &loaded.agency;
        let size = row.size.unsigned_abs();
        let content = Content::of_upload(agency, files, row)?;
        let turn = files.to_examine().await.map_err(AttachmentError::from)?;
        let looked = self.look(content.clone()).await?;
        drop(turn);
        let (file_type, sha256, clean) = match looked {
            Ok(found) => found,
            Err((fault, finding)) => {
                let told = finding
                    .as_ref()
                    .map_or_else(|| fault.code().to_owned(), |name| format!("{} {name}", fault.code()));
                tracing::warn!(upload = %row.id.0, fault = %told, "an upload was not taken");
                self.store.upload_refuse(row.agency_id, row.id, told).await?;
                files.shelf.remove(agency.id.0, row.id.0).await.map_err(AttachmentError::from)?;
                return Err(AttachmentError::Fault(fault, finding).into());
            }
        };
        if request.sha256.is_some_and(|wanted| wanted.0 != sha256) {
            return Err(AttachmentError::from(FileFault::Digest).into());
        }
        if !extension_fits(&request.name, file_type) {
            return Err(AttachmentError::from(FileFault::Extension).into());
        }
        let address = agency.keys.newest()?.content_address(&sha256);
        let manifest = Manifest { address, size, sha256 };
        let now = At(self.clock.now());
        Ok(AttachmentOrder::Attach {
            attachment: request.upload,
            purpose: request.purpose,
            file_type,
            size,
            content: Digest(address),
            sha256,
            name: request.name.clone(),
            new: Box::new(NewAttachment {
                upload: row.id,
                content: ContentRow {
                    agency_id: row.agency_id,
                    id: row.id,
                    address: address.to_vec(),
                    sealed: manifest.seal(agency, &content)?,
                    size: row.size,
                    scan: if clean { "clean" } else { "none" }.to_owned(),
                    finding: None,
                    scanned_at: clean.then_some(now),
                    created_at: now,
                },
            }),
        })
    }

    /// The type and the SHA-256 of a content, and whether an antivirus program found nothing in it; or why it is not taken.
    async fn look(
        &self,
        content: Content,
    ) -> Result<Result<(FileType, [u8; 32], bool), (FileFault, Option<String>)>, AppError> {
        let handle = tokio::runtime::Handle::current();
        let mut source = content.clone().source(handle);
        let examined = tokio::task::spawn_blocking(move || examine(&mut source));
        let examined = examined.await.map_err(|error| AppError::Internal(error.to_string()))?;
        let file_type = match examined.map_err(|error| AttachmentError::Shelf(error.to_string()))? {
            Examined::Taken(file_type) => file_type,
            Examined::Refused(fault, finding) => return Ok(Err((fault, finding.map(str::to_owned)))),
        };
        let (sha256, said) = self.digest_and_scan(&content).await?;
        Ok(match said {
            Some(Said::Found(finding)) => Err((FileFault::Infected, Some(finding))),
            Some(Said::Clean) => Ok((file_type, sha256, true)),
            None => Ok((file_type, sha256, false)),
        })
    }

    /// Reads a content once: for its SHA-256, and for the antivirus program, which may be away.
    pub(super) async fn digest_and_scan(
        &self,
        content: &Content,
    ) -> Result<([u8; 32], Option<Said>), AppError> {
        let mut talk = match &self.files()?.scanner {
            None => None,
            Some(scanner) => {
                scanner.begin().await.map_err(|away| tracing::warn!(%away, "a file stays in quarantine")).ok()
            }
        };
        let mut hasher = Sha256::new();
        for n in 0..content.pieces() {
            let piece = content.piece(n).await?;
            let (hashed, piece) = beside(move || {
                hasher.update(piece.as_slice());
                (hasher, piece)
            })
            .await
            .map_err(AttachmentError::from)?;
            hasher = hashed;
            if let Some(open) = &mut talk
                && let Err(away) = open.send(&piece).await
            {
                tracing::warn!(%away, "a file stays in quarantine");
                talk = None;
            }
        }
        let said = match talk {
            None => None,
            Some(talk) => {
                talk.end().await.map_err(|away| tracing::warn!(%away, "a file stays in quarantine")).ok()
            }
        };
        Ok((hasher.finalize().into(), said))
    }

    /// When the agency had the content before, the bytes that came now are not needed. A failure leaves them to the sweep.
    async fn drop_doubled(&self, loaded: &Loaded, row: &UploadRow) {
        let kept = self.store.content_by_id(row.agency_id, row.id).await;
        if let (Ok(None), Ok(files)) = (kept, self.files()) {
            let removed = files.shelf.remove(loaded.agency.id.0, row.id.0).await;
            if let Err(error) = removed {
                tracing::warn!(%error, "a doubled content was not removed");
            }
        }
    }
}

/// The same refusal as before.
fn refused_before(row: &UploadRow) -> AttachmentError {
    let told = row.refusal.as_deref().unwrap_or_default();
    let (code, finding) =
        told.split_once(' ').map_or((told, None), |(code, name)| (code, Some(name.to_owned())));
    FileFault::parse(code)
        .map_or(AttachmentError::Upload(UploadFault::Ended), |fault| AttachmentError::Fault(fault, finding))
}
