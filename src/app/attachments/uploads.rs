//! Uploads: a file comes in parts, in one request or in many. An upload has its size from the beginning; its bytes are cut
//! into pieces of 1 MiB, and each is encrypted and stored as soon as it is whole. What was broken off goes on behind the
//! last whole piece. A piece that is stored is never changed.

use chrono::{DateTime, TimeDelta, Utc};

use super::content::{Content, new_key};
use super::error::{AttachmentError, UploadFault};
use crate::app::App;
use crate::app::case_view::{Loaded, verdict};
use crate::app::directory::Agency;
use crate::app::error::AppError;
use crate::app::execute::by;
use crate::app::retry::{Answer, RetryKey, kept_answer};
use crate::crypto::piece::PIECE_BYTES;
use crate::crypto::random;
use crate::domain::attachment::FileFault;
use crate::domain::case::Case;
use crate::domain::case::command::{AttachmentKind, CommandKind};
use crate::domain::case::decide::{Context, possible, precheck};
use crate::domain::case::refusal::Refusal;
use crate::domain::ids::{AttachmentId, CaseId};
use crate::domain::policy::{Action, Verdict};
use crate::domain::role::Actor;
use crate::files::shelf::Put;
use crate::store::{At, Key, Meta, UploadLimit, UploadRow};
use zeroize::Zeroizing;

/// How long an upload may take, from its beginning until it is attached.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// How many uploads one account may have under way.
const MOST_OPEN: i64 = 64;

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadState {
    /// Bytes may come, and it may be attached.
    Open,
    /// It is an attachment.
    Attached,
    /// Its content was not taken.
    Refused,
}

impl UploadState {
    /// The word in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Attached => "attached",
            Self::Refused => "refused",
        }
    }
}

/// An upload as it is shown.
#[derive(Clone, Debug)]
pub struct UploadView {
    /// Its id, and that of the attachment it becomes.
    pub id: AttachmentId,
    /// The case.
    pub case: CaseId,
    /// Bytes when it is whole.
    pub size: u64,
    /// Bytes that are stored: where it goes on.
    pub offset: u64,
    /// Where it stands.
    pub state: UploadState,
    /// When it is forgotten.
    pub expires_at: DateTime<Utc>,
}

/// An upload that takes a part: the pieces are handed in one by one.
pub struct Part {
    content: Content,
    next: u64,
}

impl Part {
    /// Bytes of the file when it is whole.
    pub fn size(&self) -> u64 {
        self.content.size()
    }

    /// How many bytes the next piece has; none when the upload is whole.
    pub fn wanted(&self) -> usize {
        self.content.of().length_of(self.next)
    }
}

impl App {
    /// Begins an upload of so many bytes for a case.
    ///
    /// # Errors
    /// In this order: not found, not allowed, retry key used otherwise, refused by the rules, too large.
    pub async fn upload_begin(
        &self,
        actor: &Actor,
        case: CaseId,
        size: u64,
        retry: Option<RetryKey>,
        render: fn(&UploadView) -> Answer,
    ) -> Result<Answer, AppError> {
        let loaded = self.load_for_files(actor, case).await?;
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        self.may_attach(actor, &loaded)?;
        self.check_quota(&loaded.before.case, size)?;
        let now = self.clock.now();
        let expires_at = now.checked_add_signed(KEPT).unwrap_or(now);
        let id = AttachmentId(random::new_id(now));
        let view = UploadView { id, case, size, offset: 0, state: UploadState::Open, expires_at };
        let answer = render(&view);
        let keep = match &retry {
            Some(retry) => Some(kept_answer(&home, retry.of(actor.account), &answer)?),
            None => None,
        };
        let row = UploadRow {
            agency_id: Key(loaded.agency.id.0),
            id: Key(id.0),
            case_id: Key(case.0),
            account_id: Key(actor.account.0),
            size: i64::try_from(size).map_err(|_| AttachmentError::from(FileFault::TooLarge))?,
            state: UploadState::Open.code().to_owned(),
            sealed_key: Some(new_key(&loaded.agency, id.0)?),
            refusal: None,
            created_at: At(now),
            expires_at: At(expires_at),
        };
        let meta = Meta { at: now, by: by(actor), origin: self.origin };
        let begun = match self.store.upload_begin(row, MOST_OPEN, keep, meta).await {
            Ok(begun) => begun,
            Err(error) => {
                return self.after_race(Err(error.into()), &home, actor, retry.as_ref()).await;
            }
        };
        match begun {
            Ok(()) => Ok(answer),
            Err(UploadLimit::TooManyOpen) => Err(AttachmentError::from(UploadFault::TooManyOpen).into()),
        }
    }

    /// Where an upload of the actor's stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn upload(
        &self,
        actor: &Actor,
        case: CaseId,
        id: AttachmentId,
    ) -> Result<UploadView, AppError> {
        let loaded = self.load_for_files(actor, case).await?;
        let row = self.upload_row(actor, &loaded, id).await?;
        self.upload_view(&loaded.agency, &row).await
    }

    /// Makes an upload take a part that begins at a byte.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`UploadFault`] when it does not go on there.
    pub async fn upload_part(
        &self,
        actor: &Actor,
        case: CaseId,
        id: AttachmentId,
        from: u64,
    ) -> Result<Part, AppError> {
        let loaded = self.load_for_files(actor, case).await?;
        let row = self.upload_row(actor, &loaded, id).await?;
        let view = self.upload_view(&loaded.agency, &row).await?;
        if view.state != UploadState::Open {
            return Err(AttachmentError::from(UploadFault::Ended).into());
        }
        let piece = u64::from(PIECE_BYTES);
        let begins = from.is_multiple_of(piece) || from == view.size;
        if from > view.offset || !begins {
            return Err(AttachmentError::from(UploadFault::Offset(view.offset)).into());
        }
        let content = Content::of_upload(&loaded.agency, self.files()?, &row)?;
        Ok(Part { content, next: from.div_ceil(piece) })
    }

    /// Stores the next piece of a part; it has the length that [`Part::wanted`] tells. Hands the room back for the next.
    ///
    /// # Errors
    /// [`UploadFault::Differs`] when the piece is stored with other bytes.
    pub async fn upload_piece(
        &self,
        part: &mut Part,
        plain: Zeroizing<Vec<u8>>,
    ) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let content = &part.content;
        let (put, mut plain) = content.put(part.next, plain).await?;
        if put == Put::WasThere && *content.piece(part.next).await? != *plain {
            return Err(AttachmentError::from(UploadFault::Differs).into());
        }
        part.next = part.next.saturating_add(1);
        plain.clear();
        Ok(plain)
    }

    /// A case on which the actor may attach something.
    pub(super) async fn load_for_files(&self, actor: &Actor, case: CaseId) -> Result<Loaded, AppError> {
        let loaded = self.load(actor, case).await?;
        let may = [AttachmentKind::Attach, AttachmentKind::AttachToReply].iter().any(|kind| {
            let action = Action::Command(CommandKind::Attachment(*kind));
            verdict(actor, action, &loaded.before.case, None) == Verdict::Allow
        });
        if may { Ok(loaded) } else { Err(AppError::Forbidden) }
    }

    fn may_attach(&self, actor: &Actor, loaded: &Loaded) -> Result<(), AppError> {
        let case = &loaded.before.case;
        let law = self.store.law();
        let (pack, calendar) = &Self::statute_of_case(&law, case)?;
        let context =
            Context { today: self.today(&loaded.agency), pack, calendar, person: Some(actor.person) };
        precheck(case, CommandKind::Attachment(AttachmentKind::Attach), &context)
            .map_err(|code| Refusal { code, allowed: possible(case, &context) }.into())
    }

    /// Whether a file of so many bytes may come, by itself and with those that are there.
    pub(super) fn check_quota(&self, case: &Case, size: u64) -> Result<(), AppError> {
        let limits = self.files()?.limits;
        if size > limits.file {
            return Err(AttachmentError::from(FileFault::TooLarge).into());
        }
        let kept = case.attachments.iter().filter(|it| it.erased_on.is_none());
        let all = kept.fold(size, |sum, it| sum.saturating_add(it.size));
        if all > limits.case { Err(AttachmentError::from(FileFault::CaseFull).into()) } else { Ok(()) }
    }

    /// An upload is known to who began it, for the case for which he did.
    pub(super) async fn upload_row(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        id: AttachmentId,
    ) -> Result<UploadRow, AppError> {
        let row =
            self.store.upload_by_id(Key(loaded.agency.id.0), Key(id.0)).await?.ok_or(AppError::NotFound)?;
        let known = row.account_id.0 == actor.account.0 && row.case_id.0 == loaded.before.case.id.0;
        if known && row.expires_at.0 > self.clock.now() { Ok(row) } else { Err(AppError::NotFound) }
    }

    pub(super) async fn upload_view(&self, agency: &Agency, row: &UploadRow) -> Result<UploadView, AppError> {
        let size = row.size.unsigned_abs();
        let (state, offset) = match row.state.as_str() {
            "open" => {
                let stored = self.files()?.shelf.count(agency.id.0, row.id.0).await;
                let stored = stored.map_err(AttachmentError::from)?;
                (UploadState::Open, stored.saturating_mul(u64::from(PIECE_BYTES)).min(size))
            }
            "attached" => (UploadState::Attached, size),
            _ => (UploadState::Refused, size),
        };
        let (id, case) = (AttachmentId(row.id.0), CaseId(row.case_id.0));
        Ok(UploadView { id, case, size, offset, state, expires_at: row.expires_at.0 })
    }
}
