//! The archive of an office: its shelf (codes and periods), and the file of one case with its catalogue.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::App;
use super::case_view::Loaded;
use super::directory::Agency;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::people::open_salted;
use super::set_up::Change;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::archive::{Retention, RetentionRules, Shelf, as_code_part, is_code_part};
use crate::domain::case::Case;
use crate::domain::case::archive_record::{Kept, kept};
use crate::domain::ids::{AgencyId, AttachmentId, CaseId, TextId};
use crate::domain::policy::Action;
use crate::domain::role::Actor;
use crate::store::{ArchiveFilter, At, CaseRow, Key, SetUpChange, ShelfRow, Shelved, StoreError};

/// The file of a case, as it lies in the archive or would if it were archived today.
pub struct CaseFile {
    /// The case as it was loaded.
    pub loaded: Loaded,
    /// The office's settings.
    pub shelf: Shelf,
    /// How long it is kept; before it is archived, how long it would be.
    pub kept: Kept,
    /// The rows of words that are still there.
    pub present: BTreeSet<TextId>,
    /// The SHA-256 of each file's content, in hexadecimal, with the salt of the record's commitment to it; of what was erased
    /// there is none.
    pub digests: BTreeMap<AttachmentId, ([u8; 16], String)>,
}

/// A page of the archive.
pub struct ArchivePage {
    /// The files.
    pub rows: Vec<CaseRow>,
    /// Where the next page begins, when there is one.
    pub next: Option<(NaiveDate, Key)>,
    /// The day for which the list holds.
    pub today: NaiveDate,
}

impl App {
    /// An office's settings for its archive.
    ///
    /// # Errors
    /// When the database fails, or holds what this program never writes.
    pub async fn shelf(&self, agency: &Agency) -> Result<Shelf, AppError> {
        let Some(row) = self.store.shelf_of(Key(agency.id.0)).await? else {
            return Ok(Shelf::of(&as_code_part(&agency.row.code)));
        };
        let period = |code: Option<String>| {
            code.map(|code| {
                Retention::parse(&code).ok_or_else(|| StoreError::Inconsistent {
                    table: "archive_shelves",
                    row: agency.id.to_string(),
                    reason: format!("{code} is no period"),
                })
            })
            .transpose()
        };
        let (ordinary, contested) = (period(row.ordinary)?, period(row.contested)?);
        Ok(Shelf { fonds: row.fonds, catalogue: row.catalogue, ordinary, contested })
    }

    /// The same for whoever may see the agency.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the actor may not know of it.
    pub async fn read_shelf(
        &self,
        actor: &Actor,
        agency: AgencyId,
    ) -> Result<(Shelf, RetentionRules), AppError> {
        self.allowed(actor, Action::ReadAgencies, agency)?;
        let agency = self.agency(agency).await?;
        let (pack, _) = self.statute(&agency.row.statute)?;
        Ok((self.shelf(&agency).await?, pack.retention.clone()))
    }

    /// Changes an office's settings. Codes already given stay; so do the periods of files already archived.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every wrong field: a part of a code that is none, a period shorter than by rule.
    pub async fn put_shelf(&self, actor: &Actor, agency: AgencyId, shelf: Shelf) -> Result<(), AppError> {
        self.allowed(actor, Action::ManageArchive, agency)?;
        let agency = self.agency(agency).await?;
        let (pack, _) = self.statute(&agency.row.statute)?;
        let wrong = faults(&shelf, &pack.retention);
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let row = ShelfRow {
            agency_id: Key(agency.id.0),
            fonds: shelf.fonds.clone(),
            catalogue: shelf.catalogue.clone(),
            ordinary: shelf.ordinary.map(|period| period.code().to_owned()),
            contested: shelf.contested.map(|period| period.code().to_owned()),
            updated_at: At(self.clock.now()),
        };
        let event = AgencyEvent::ArchiveShelfSet {
            fonds: shelf.fonds.clone(),
            catalogue: shelf.catalogue.clone(),
            ordinary: shelf.ordinary,
            contested: shelf.contested,
        };
        let rows = SetUpChange::Shelf(row);
        let (events, by) = (vec![event], by(actor));
        self.change(Change { agency: agency.id, zone: agency.zone, by, events, rows, retry: None }).await
    }

    /// A page of the files of the actor's agency, at most `limit` (1 to 200) after `after`.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when his role does not see the archive as a whole.
    pub async fn archive_page(
        &self,
        actor: &Actor,
        state: Shelved,
        after: Option<(NaiveDate, Key)>,
        limit: u16,
    ) -> Result<ArchivePage, AppError> {
        self.allowed(actor, Action::ReadArchive, actor.agency)?;
        let agency = self.agency(actor.agency).await?;
        let today = self.today(&agency);
        let limit = usize::from(limit);
        let more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let filter = ArchiveFilter {
            agency: Key(agency.id.0),
            clearance: actor.clearance,
            state,
            today,
            after,
            limit: more,
        };
        let mut rows = self.store.archive_page(filter).await?;
        let goes_on = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| goes_on).and_then(|row| {
            let day = match state {
                Shelved::Due => row.retention_ends_on?,
                Shelved::Held => row.arrived_on,
                Shelved::Disposed => row.disposed_on?,
            };
            Some((day, row.id))
        });
        Ok(ArchivePage { rows, next, today })
    }

    /// Makes what was erased vanish from the database's files too, as far as this program can. What was erased is gone from
    /// the tables already: a failure is told in the log, and the next erasure, or the next stop of the server, does it.
    pub(super) async fn scrub(&self) {
        if let Err(error) = self.store.scrub().await {
            tracing::warn!(%error, "what was erased may still be in the database's log until it is folded in");
        }
    }

    /// Removes the bytes of erased files. Nobody can read them any more, since their keys are gone: a failure is told in the
    /// log, and the server tries again every hour.
    pub(super) async fn remove_files(&self) {
        if self.files.is_none() {
            return;
        }
        if let Err(error) = self.remove_erased().await {
            tracing::warn!(%error, "the bytes of erased files are still in their store, without their keys");
        }
    }

    /// The file of a case that the actor may read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the actor may not know of it.
    pub async fn case_file(&self, actor: &Actor, id: CaseId) -> Result<CaseFile, AppError> {
        let loaded = self.load(actor, id).await?;
        self.file_of(loaded).await
    }

    /// The file of a case that was loaded.
    ///
    /// # Errors
    /// When the database fails, or the law book lacks the case's statute.
    pub async fn file_of(&self, loaded: Loaded) -> Result<CaseFile, AppError> {
        let shelf = self.shelf(&loaded.custodian).await?;
        let case = &loaded.before.case;
        let (pack, _) = Self::statute_of_case(&self.store.law(), case)?;
        let kept = kept(case, &pack.retention)
            .unwrap_or_else(|| would_be(case, &shelf, &pack.retention, self.today(&loaded.agency)));
        let ids = loaded.events.iter().flat_map(|recorded| recorded.event.texts());
        let ids = ids.map(|text| Key(text.id.0)).collect();
        let rows = self.store.case_texts_by_id(Key(loaded.agency.id.0), ids).await?;
        let present = rows.iter().map(|row| TextId(row.id.0)).collect();
        let rows: BTreeMap<_, _> = rows.iter().map(|row| (row.id.0, row)).collect();
        let mut digests = BTreeMap::new();
        for file in &loaded.before.case.attachments {
            if let Some(row) = rows.get(&file.sha256.id.0) {
                digests.insert(file.id, open_salted(&loaded.agency, row)?);
            }
        }
        Ok(CaseFile { loaded, shelf, kept, present, digests })
    }
}

fn would_be(case: &Case, shelf: &Shelf, rules: &RetentionRules, today: NaiveDate) -> Kept {
    let (retention, ground) = shelf.retention(rules, case);
    Kept { retention, ground, ends_on: retention.ends_on(today) }
}

fn faults(shelf: &Shelf, rules: &RetentionRules) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (pointer, part) in [("/fonds_identifier", &shelf.fonds), ("/catalogue_number", &shelf.catalogue)] {
        if !is_code_part(part) {
            wrong.push(FieldError::new(
                pointer,
                "pattern",
                "应为 1–20 个字母、数字、“.”或“_”（“-”用来分隔档号的各部分）。",
                "1 to 20 letters, digits, '.' or '_' ('-' parts the members of an archival code).",
            ));
        }
    }
    let least = [
        ("/ordinary", shelf.ordinary, rules.ordinary),
        ("/contested", shelf.contested, rules.refusal.max(rules.dispute)),
    ];
    for (pointer, period, least) in least {
        if period.is_some_and(|period| period < least) {
            wrong.push(FieldError::new(
                pointer,
                "retention_shorter",
                format!("不得短于法规包规定的{}。", least.label_zh()),
                format!("Not shorter than the statute pack's: {}.", least.code()),
            ));
        }
    }
    wrong
}
