//! The cases that go over: in portions, each written whole, until none is left.

use std::sync::Arc;

use crate::app::App;
use crate::app::case_view::Loaded;
use crate::app::directory::Agency;
use crate::app::error::AppError;
use crate::app::set_up::Change;
use crate::crypto::random;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::By;
use crate::domain::case::decide::hand_over;
use crate::domain::ids::{AccountId, AgencyId, CaseId, EventId, PersonId, ReorganisationId};
use crate::domain::reorganisation::{CasesTakenOver, ReorganisationFinished};
use crate::store::{Commit, HandOver, Key, Meta, ReorganisationRow, SetUp, SetUpChange, StoreError};

/// How many cases are handed over in one transaction: nobody waits long for the chains.
const PORTION: i64 = 50;
/// How often a portion is decided anew when one of its cases goes on meanwhile.
const TRIES: usize = 8;

impl App {
    /// Goes on with every reorganisation that has begun, until none is left. Several instances may do it at once: each case is handed
    /// over once. Answers how many were ended.
    ///
    /// # Errors
    /// When the database fails; what was not handed over then is, the next time.
    pub async fn carry_on(&self) -> Result<usize, AppError> {
        let mut ended = 0;
        for row in self.store.reorganisations_running().await? {
            while self.hand_over_some(&row).await? {}
            ended += usize::from(self.end(&row).await?);
        }
        Ok(ended)
    }

    /// Hands a portion of cases over; `false` when there is none left.
    async fn hand_over_some(&self, row: &ReorganisationRow) -> Result<bool, AppError> {
        for _ in 0..TRIES {
            let ids = self.store.cases_to_hand_over(row.clone(), PORTION).await?;
            if ids.is_empty() {
                return Ok(false);
            }
            let portion = self.portion(row, &ids).await?;
            match self.store.hand_over(portion).await {
                Ok(()) => return Ok(true),
                // One of them has gone on meanwhile, or another instance has handed it over.
                Err(StoreError::VersionConflict) => {}
                Err(StoreError::LawChanged) => self.store.refresh_law().await?,
                Err(other) => return Err(other.into()),
            }
        }
        Err(AppError::Store(StoreError::Busy))
    }

    async fn portion(&self, row: &ReorganisationRow, ids: &[(Key, Key)]) -> Result<HandOver, AppError> {
        let to = row.to_agency_id.ok_or_else(|| AppError::Internal("a hand-over to nobody".to_owned()))?;
        let to = self.agency(AgencyId(to.0)).await?;
        let meta = Meta { at: self.clock.now(), by: self.ordered_by(row).await?, origin: self.origin };
        let mut commits = Vec::new();
        for (came_to, case) in ids {
            let found = self.store.case_by_id(vec![*came_to], *case).await?;
            let (case_row, events) = found.ok_or(AppError::NotFound)?;
            let loaded = self.loaded(case_row, events).await?;
            commits.extend(self.handed_over(loaded, &to, row, meta));
        }
        let cases: Vec<CaseId> = commits.iter().map(|commit| commit.case).collect();
        let (from, reorganisation) = (AgencyId(row.agency_id.0), ReorganisationId(row.id.0));
        let event = AgencyEvent::CasesTakenOver(CasesTakenOver { from, reorganisation, cases });
        let about = SetUp {
            agency: to.id,
            events: vec![(EventId(random::new_id(meta.at)), event)],
            meta,
            on: self.today(&to),
            change: SetUpChange::Nothing,
            retry: None,
        };
        Ok(HandOver { commits, about, of: (row.agency_id, row.id) })
    }

    fn handed_over(
        &self,
        loaded: Loaded,
        to: &Arc<Agency>,
        row: &ReorganisationRow,
        meta: Meta,
    ) -> Option<Commit> {
        let today = self.today(&loaded.agency);
        let case = &loaded.before.case;
        let event = hand_over(case, to.id, today, ReorganisationId(row.id.0))?;
        let (of, events) = ((loaded.agency.id, case.id), vec![(EventId(random::new_id(meta.at)), event)]);
        let (pattern, law) = (to.number_pattern.clone(), self.store.law());
        Some(Commit::bare(of, Some(loaded.before), events, meta, pattern, law))
    }

    /// Who ordered it does it, also when another goes on with it after a stop.
    async fn ordered_by(&self, row: &ReorganisationRow) -> Result<By, AppError> {
        let Some(account) = row.recorded_by else { return Ok(By::Operator) };
        let known = self.store.account_by_id(account).await?;
        Ok(known.map_or(By::Operator, |known| By::Account {
            account: AccountId(account.0),
            person: PersonId(known.person_id.0),
        }))
    }

    async fn end(&self, row: &ReorganisationRow) -> Result<bool, AppError> {
        let agency = self.agency(AgencyId(row.agency_id.0)).await?;
        let reorganisation = ReorganisationId(row.id.0);
        let change = Change {
            agency: agency.id,
            zone: agency.zone,
            by: self.ordered_by(row).await?,
            events: vec![AgencyEvent::ReorganisationFinished(ReorganisationFinished { reorganisation })],
            rows: SetUpChange::ReorganisationFinished(row.agency_id, row.id),
            retry: None,
        };
        match self.change(change).await {
            Ok(()) => Ok(true),
            // Another instance has ended it.
            Err(AppError::VersionStale) => Ok(false),
            Err(other) => Err(other),
        }
    }
}
