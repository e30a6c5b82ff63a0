//! Scanning what came while the antivirus program was away, or before there was one. What is found blocks the content at once
//! and is an event on every case that has it.

use std::sync::Arc;

use super::content::Content;
use crate::app::App;
use crate::app::error::AppError;
use crate::crypto::random;
use crate::domain::case::By;
use crate::domain::case::decide::Happened;
use crate::domain::case::event::{AttachmentBlocked, Event};
use crate::domain::ids::{AgencyId, AttachmentId, EventId};
use crate::files::clamd::Said;
use crate::store::{At, CaseAttachmentRow, Commit, ContentRow, Meta, StoreError};
use chrono::DateTime;

/// How many contents are looked up at a time.
const PAGE: i64 = 50;
/// How often an event is tried while others change the case.
const TRIES: u32 = 10;

impl App {
    /// Scans what was not scanned, the oldest first, until the antivirus program is away. Answers how many it looked at.
    ///
    /// # Errors
    /// When the database or the store of the files cannot be used.
    pub async fn scan_waiting(self: &Arc<Self>) -> Result<usize, AppError> {
        let mut scanned = 0_usize;
        if self.files()?.scanner.is_none() {
            return Ok(scanned);
        }
        let mut after = At(DateTime::UNIX_EPOCH);
        loop {
            let page = self.store.contents_unscanned(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(scanned) };
            after = last.created_at;
            for row in &page {
                match self.scan_one(row).await {
                    Ok(true) => scanned = scanned.saturating_add(1),
                    Ok(false) => return Ok(scanned),
                    // One that cannot be read must not keep the others from being scanned.
                    Err(error) => tracing::error!(content = %row.id.0, %error, "a content cannot be scanned"),
                }
            }
        }
    }

    async fn scan_one(self: &Arc<Self>, row: &ContentRow) -> Result<bool, AppError> {
        let agency = self.agency(AgencyId(row.agency_id.0)).await?;
        let files = self.files()?;
        let (content, _) = Content::kept(&agency, files, row)?;
        let (_, said) = self.digest_and_scan(&content).await?;
        let Some(said) = said else { return Ok(false) };
        let finding = match said {
            Said::Clean => None,
            Said::Found(finding) => {
                tracing::warn!(content = %row.id.0, %finding, "a stored content was found harmful");
                for attachment in self.store.attachments_of_content(row.agency_id, row.id).await? {
                    self.block(&attachment, &finding).await?;
                }
                Some(finding)
            }
        };
        self.store.content_scanned(row.agency_id, row.id, finding, At(self.clock.now())).await?;
        Ok(true)
    }

    /// Records on a case what was found in its attachment, once.
    async fn block(self: &Arc<Self>, row: &CaseAttachmentRow, finding: &str) -> Result<(), AppError> {
        let id = AttachmentId(row.id.0);
        for _ in 0..TRIES {
            let found = self.store.case_by_id(vec![row.agency_id], row.case_id).await?;
            let (case_row, rows) = found.ok_or(AppError::NotFound)?;
            let loaded = self.loaded(case_row, rows).await?;
            if loaded.before.case.attachment(id).is_none_or(|it| it.finding.is_some()) {
                return Ok(());
            }
            let now = self.clock.now();
            let event =
                Event::AttachmentBlocked(AttachmentBlocked { attachment: id, finding: finding.to_owned() });
            let happened = Happened { on: self.today(&loaded.agency), event };
            let of = (loaded.agency.id, loaded.before.case.id);
            let events = vec![(EventId(random::new_id(now)), happened)];
            let meta = Meta { at: now, by: By::Operator, origin: self.origin };
            let pattern = loaded.custodian.number_pattern.clone();
            let commit = Commit::bare(of, Some(loaded.before), events, meta, pattern, self.store.law());
            match self.store.commit(commit, None).await {
                Err(StoreError::VersionConflict) => {}
                Err(StoreError::LawChanged) => self.store.refresh_law().await?,
                other => return other.map(|_| ()).map_err(AppError::from),
            }
        }
        Err(AppError::VersionStale)
    }
}
