//! What was uploaded and not attached in time is removed, and so is what was erased.

use chrono::{DateTime, TimeDelta};

use super::error::AttachmentError;
use crate::app::App;
use crate::app::error::AppError;
use crate::store::{At, Key};

/// How long after its end an upload is left alone: a part that is on its way is over by then.
const REST: TimeDelta = TimeDelta::hours(1);
/// How many are removed at a time.
const PAGE: i64 = 100;

impl App {
    /// Removes uploads whose time is over, and their bytes where no attachment has them. Answers how many.
    ///
    /// # Errors
    /// When the database or the store of the files cannot be used.
    pub async fn sweep_uploads(&self) -> Result<usize, AppError> {
        let files = self.files()?;
        let before = self.clock.now().checked_sub_signed(REST).unwrap_or_default();
        let mut swept = 0_usize;
        loop {
            let expired = self.store.uploads_expired(At(before), PAGE).await?;
            if expired.is_empty() {
                return Ok(swept);
            }
            for (row, kept) in expired {
                if !kept {
                    let removed = files.shelf.remove(row.agency_id.0, row.id.0).await;
                    removed.map_err(AttachmentError::from)?;
                }
                self.store.upload_forget(row.agency_id, row.id).await?;
                swept = swept.saturating_add(1);
            }
        }
    }

    /// Removes bytes whose key was erased. They are looked for once more after an hour, since a part of an upload may have been
    /// on its way.
    ///
    /// # Errors
    /// When the database or the store of the files cannot be used; what is left is removed the next time.
    pub async fn remove_erased(&self) -> Result<(), AppError> {
        let files = self.files()?;
        let before = self.clock.now().checked_sub_signed(REST).unwrap_or_default();
        let mut after = (At(DateTime::UNIX_EPOCH), Key(uuid::Uuid::nil()));
        loop {
            let page = self.store.removals(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = (last.created_at, last.id);
            for row in page {
                let removed = files.shelf.remove(row.agency_id.0, row.id.0).await;
                removed.map_err(AttachmentError::from)?;
                if row.created_at.0 < before {
                    self.store.removed(row.agency_id, row.id).await?;
                }
            }
        }
    }
}
