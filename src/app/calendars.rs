//! The calendar as evidence (design section 4): reading it, trying a new or amended notice on every open case, and applying it
//! as one change set that is an event on every case it moves.

mod plan;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::App;
use super::error::AppError;
use super::execute::by;
use crate::crypto::random;
use crate::domain::calendar::{CalendarRow, ExceptionKind};
use crate::domain::case::By;
use crate::domain::case::event::Digest;
use crate::domain::ids::{AgencyId, ChangeSetId};
use crate::domain::policy::{Action, Facts, Verdict, permits};
use crate::domain::role::Actor;
use crate::law::LawBook;
use crate::store::{Apply, CalendarChange, CalendarVersionRow, Effects, Meta, StoreError};

/// A day of a notice, as it is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDay {
    /// The civil date.
    pub date: NaiveDate,
    /// Day off or workday.
    pub kind: ExceptionKind,
    /// What the notice calls the day.
    pub name: String,
    /// The notice that orders it, when that is not the one of the whole: without it, a day that stays as it was keeps its
    /// notice, and any other has the new one.
    pub notice: Option<String>,
}

/// What shall change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewYears {
    /// The calendar.
    pub calendar: String,
    /// The number of the notice.
    pub notice: String,
    /// Which years the days are.
    pub scope: Scope,
    /// Every exception of the years: they take the place of what was there. Days from 25 to 31 December of the year before may
    /// come with a year's notice; they are merged into that year.
    pub days: Vec<NewDay>,
}

/// Which years a list of days is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This one.
    Year(i32),
    /// Those in which there are days: a file may hold several.
    Found,
}

/// A change that was tried.
#[derive(Clone, Debug)]
pub struct Previewed {
    /// What it is; without years, when it changes nothing.
    pub change: Arc<CalendarChange>,
    /// What it does to the open cases of all agencies.
    pub effects: Effects,
}

/// A change that was applied.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The change set; `None` when there was nothing to change.
    pub change_set: Option<ChangeSetId>,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub previewed: Previewed,
}

/// A calendar, with what was stored of it.
#[derive(Clone, Debug)]
pub struct CalendarView {
    /// The law of which it is part.
    pub law: Arc<LawBook>,
    /// Its id.
    pub id: String,
    /// The stored versions of its years, by year and version. A year without one is as the law files have it: version 0.
    pub versions: Vec<CalendarVersionRow>,
}

impl CalendarView {
    /// The version of a year that holds.
    pub fn version_of(&self, year: i32) -> i32 {
        self.versions.iter().filter(|row| row.year == year).map(|row| row.version).max().unwrap_or(0)
    }

    /// Every exception of a year, those of the calendar it extends included.
    pub fn days(&self, year: i32) -> Vec<CalendarRow> {
        use chrono::Datelike as _;
        let calendar = self.law.calendar(&self.id);
        let rows = calendar.iter().flat_map(|calendar| calendar.exceptions());
        rows.filter(|row| row.date.year() == year).cloned().collect()
    }
}

impl App {
    /// Whether somebody may change calendars: they are everybody's, so it takes a system administrator of an agency that has none
    /// above it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub async fn may_manage_calendars(&self, actor: &Actor) -> Result<(), AppError> {
        for grant in &actor.grants {
            let facts = Facts::of_agency(grant.agency);
            if permits(actor, Action::ManageCalendars, &facts) == Verdict::Allow
                && self.agency(AgencyId(grant.agency.0)).await?.row.parent_id.is_none()
            {
                return Ok(());
            }
        }
        Err(AppError::Forbidden)
    }

    /// Every calendar, by id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn calendars(&self) -> Result<Vec<CalendarView>, AppError> {
        let (law, versions) = self.store.law_and_versions().await?;
        let view = |id: &str| CalendarView {
            law: Arc::clone(&law),
            id: id.to_owned(),
            versions: versions.iter().filter(|row| row.calendar_id == id).cloned().collect(),
        };
        Ok(law.calendars().map(|calendar| view(calendar.id())).collect())
    }

    /// One calendar.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none with this id.
    pub async fn calendar(&self, id: &str) -> Result<CalendarView, AppError> {
        self.calendars().await?.into_iter().find(|view| view.id == id).ok_or(AppError::NotFound)
    }

    /// Tries a change on every open case of every agency. Nothing is written. At most `limit` cases that move, and as many that
    /// only settle, are named; all are counted.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown calendar, [`AppError::Invalid`] with every field that is wrong.
    pub async fn preview_calendar(&self, new: &NewYears, limit: usize) -> Result<Previewed, AppError> {
        match self.try_calendar(new, limit).await {
            // Somebody else applied a change in between: tried once more upon that.
            Err(AppError::Store(StoreError::LawChanged)) => self.try_calendar(new, limit).await,
            other => other,
        }
    }

    async fn try_calendar(&self, new: &NewYears, limit: usize) -> Result<Previewed, AppError> {
        let change = self.calendar_change(new).await?;
        let effects = self.store.calendar_preview(Arc::clone(&change), limit).await?;
        Ok(Previewed { change, effects })
    }

    async fn calendar_change(&self, new: &NewYears) -> Result<Arc<CalendarChange>, AppError> {
        let (law, versions) = self.store.law_and_versions().await?;
        plan::change(new, law, &versions).map(Arc::new)
    }

    /// Applies exactly what a preview said: to every case of every agency that it touches, or to none.
    ///
    /// # Errors
    /// As [`App::preview_calendar`]; [`AppError::PreviewStale`] when the cases or the calendar are others by now.
    pub async fn apply_calendar(
        &self,
        by: By,
        new: &NewYears,
        preview: Digest,
        limit: usize,
    ) -> Result<Applied, AppError> {
        let change = self.calendar_change(new).await?;
        let at = self.clock.now();
        let change_set = ChangeSetId(random::new_id(at));
        if change.years.is_empty() {
            let effects = self.store.calendar_preview(Arc::clone(&change), limit).await?;
            if effects.digest != preview {
                return Err(AppError::PreviewStale);
            }
            return Ok(Applied { change_set: None, at, previewed: Previewed { change, effects } });
        }
        let meta = Meta { at, by, origin: self.origin };
        let apply = Apply { digest: preview, change_set, meta, new_id: random::new_id };
        self.know_all_agencies().await?;
        let effects = self.store.calendar_apply(Arc::clone(&change), apply, limit).await?;
        // Others notice within a second; this instance knows at once.
        self.store.refresh_law().await?;
        Ok(Applied { change_set: Some(change_set), at, previewed: Previewed { change, effects } })
    }

    /// The same for somebody who is signed in.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; else as [`App::apply_calendar`].
    pub async fn apply_calendar_as(
        &self,
        actor: &Actor,
        new: &NewYears,
        preview: Digest,
        limit: usize,
    ) -> Result<Applied, AppError> {
        self.may_manage_calendars(actor).await?;
        self.apply_calendar(by(actor), new, preview, limit).await
    }
}
