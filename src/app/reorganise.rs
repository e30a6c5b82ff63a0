//! 机构调整: agencies and departments get other names, cases go over to other agencies, agencies are merged. What takes long is begun
//! here and carried on in portions, each of which is written whole; whoever starts the program again goes on where it stopped.

mod carry_on;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::App;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::retry::{Answer, RetryKey, kept_answer};
use super::set_up::{Change, RenderMade, name_error};
use crate::crypto::random;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::event::Digest;
use crate::domain::ids::{AgencyId, DepartmentId, ReorganisationId};
use crate::domain::policy::{Action, Facts, Verdict, permits};
use crate::domain::reorganisation::{
    Reorganisation, ReorganisationKind, ReorganisationRefusal, Reorganised, Standing, lineage, refused,
};
use crate::domain::role::Actor;
use crate::store::{AgencyRow, At, Key, ReorganisationRow, SetUpChange};

/// What a caller asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What kind.
    pub kind: ReorganisationKind,
    /// Since when it counts; today when not said. Not in the future.
    pub on: Option<NaiveDate>,
    /// The document that orders it: its number or its name.
    pub basis: String,
    /// The new name, for a renaming.
    pub name: Option<String>,
    /// The department, for its renaming or for the hand-over of its cases.
    pub department: Option<DepartmentId>,
    /// The code of the agency that takes cases over.
    pub to: Option<String>,
}

impl App {
    /// Reorganises an agency: what is done at once is done, what takes long has begun ([`App::carry_on`]).
    ///
    /// # Errors
    /// [`AppError::NotFound`] and [`AppError::Forbidden`] to whoever is no system administrator of an agency above all that are
    /// concerned, or of it; [`AppError::Invalid`] with every wrong field; [`AppError::Reorganisation`].
    pub async fn reorganise(
        &self,
        actor: &Actor,
        agency: AgencyId,
        asked: Asked,
        retry: Option<RetryKey>,
        render: RenderMade<ReorganisationRow>,
    ) -> Result<Answer, AppError> {
        let all = self.store.agencies_all().await?;
        let above = administered(actor, &all, agency);
        if above.is_empty() {
            self.allowed(actor, Action::ManageAgencies, agency)?;
            return Err(AppError::Forbidden);
        }
        let own = all.iter().find(|row| row.id.0 == agency.0).ok_or(AppError::NotFound)?;
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let here = self.agency(agency).await?;
        let (what, on) = self.checked(&all, (own, &above), &asked, self.today(&here)).await?;
        self.check_standing(&all, own, &what).await?;
        let row = self.begun(actor, (own, &asked, &what), on).await?;
        let answer = render(&row);
        let kept =
            retry.as_ref().map(|key| kept_answer(&home, key.of(actor.account), &answer)).transpose()?;
        let event = AgencyEvent::Reorganised(Reorganised {
            reorganisation: ReorganisationId(row.id.0),
            kind: what.kind(),
            effective_on: on,
            department: row.department_id.map(|id| DepartmentId(id.0)),
            to: what.successor(),
            words: digest(&row),
        });
        let rows = SetUpChange::Reorganisation(row);
        let change =
            Change { agency, zone: here.zone, by: by(actor), events: vec![event], rows, retry: kept };
        let made = match self.change(change).await {
            Ok(()) => Ok(answer),
            // Somebody else began one at the same time.
            Err(AppError::VersionStale) => Err(AppError::Reorganisation(ReorganisationRefusal::Running)),
            Err(other) => Err(other),
        };
        self.directory.forget(agency);
        self.after_race(made, &home, actor, retry.as_ref()).await
    }

    async fn checked(
        &self,
        all: &[AgencyRow],
        (own, above): (&AgencyRow, &[AgencyId]),
        asked: &Asked,
        today: NaiveDate,
    ) -> Result<(Reorganisation, NaiveDate), AppError> {
        let mut wrong: Vec<FieldError> = name_error("/basis", &asked.basis, 200).into_iter().collect();
        let on = asked.on.unwrap_or(today);
        if on > today {
            let (zh, en) = ("不得晚于今天。", "It is not in the future.");
            wrong.push(FieldError::new("/effective_on", "range", zh, en));
        }
        wrong.extend(needless(asked));
        let departments = self.store.departments_of(own.id).await?;
        if asked.department.is_some_and(|id| !departments.iter().any(|row| row.id.0 == id.0)) {
            let (zh, en) = ("本机关没有这个部门。", "The agency has no such department.");
            wrong.push(FieldError::new("/department_id", "unknown", zh, en));
        }
        let to = successor(all, (own, above), asked, &mut wrong);
        let what = whole(asked, to, &mut wrong);
        match what {
            Some(what) if wrong.is_empty() => Ok((what, on)),
            Some(_) | None => Err(AppError::Invalid(wrong)),
        }
    }

    async fn check_standing(
        &self,
        all: &[AgencyRow],
        own: &AgencyRow,
        what: &Reorganisation,
    ) -> Result<(), AppError> {
        let merged = all.iter().filter(|row| row.merged_into_id.is_some()).map(|row| AgencyId(row.id.0));
        let running = self.store.reorganisations_running().await?;
        let moving =
            |row: &ReorganisationRow| (AgencyId(row.agency_id.0), row.to_agency_id.map(|id| AgencyId(id.0)));
        let above = what.successor().map(|to| lineage(to, |below| parent_of(all, below)));
        let standing = Standing {
            merged: merged.collect(),
            running: running.iter().map(moving).collect(),
            above_successor: above.unwrap_or_default(),
        };
        refused(AgencyId(own.id.0), what, &standing)
            .map_or(Ok(()), |refusal| Err(AppError::Reorganisation(refusal)))
    }

    async fn begun(
        &self,
        actor: &Actor,
        (own, asked, what): (&AgencyRow, &Asked, &Reorganisation),
        on: NaiveDate,
    ) -> Result<ReorganisationRow, AppError> {
        let now = self.clock.now();
        let (department, before, after) = match what {
            Reorganisation::Rename { name } => (None, Some(own.name.clone()), Some(name.clone())),
            Reorganisation::RenameDepartment { department, name } => {
                let rows = self.store.departments_of(own.id).await?;
                let known = rows.into_iter().find(|row| row.id.0 == department.0);
                (Some(*department), known.map(|row| row.name), Some(name.clone()))
            }
            Reorganisation::HandOver { department, .. } => (*department, None, None),
            Reorganisation::Merge { .. } => (None, None, None),
        };
        Ok(ReorganisationRow {
            agency_id: own.id,
            id: Key(random::new_id(now)),
            kind: what.kind().code().to_owned(),
            effective_on: on,
            basis: asked.basis.trim().to_owned(),
            name_before: before,
            name_after: after,
            department_id: department.map(|id| Key(id.0)),
            to_agency_id: what.successor().map(|id| Key(id.0)),
            cases_moved: 0,
            recorded_at: At(now),
            recorded_by: Some(Key(actor.account.0)),
            finished_at: what.successor().is_none().then_some(At(now)),
        })
    }

    /// What happened to an agency, the newest first: for whoever works there, above it, or at the agency into which it was merged.
    ///
    /// # Errors
    /// As [`App::allowed`].
    pub async fn reorganisations(
        &self,
        actor: &Actor,
        agency: AgencyId,
        before: Option<ReorganisationId>,
        limit: u16,
    ) -> Result<(Vec<ReorganisationRow>, bool), AppError> {
        let all = self.store.agencies_all().await?;
        let mut near = lineage(agency, |below| parent_of(&all, below));
        near.extend(
            all.iter()
                .find(|row| row.id.0 == agency.0)
                .and_then(|row| row.merged_into_id)
                .map(|id| AgencyId(id.0)),
        );
        if !near.iter().any(|near| self.allowed(actor, Action::ReadAgencies, *near).is_ok()) {
            self.allowed(actor, Action::ReadAgencies, agency)?;
        }
        let more = i64::from(limit).saturating_add(1);
        let before = before.map(|id| Key(id.0));
        let mut rows = self.store.reorganisations_of(Key(agency.0), before, more).await?;
        let goes_on = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        Ok((rows, goes_on))
    }
}

fn parent_of(all: &[AgencyRow], agency: AgencyId) -> Option<AgencyId> {
    let row = all.iter().find(|row| row.id.0 == agency.0)?;
    row.parent_id.map(|id| AgencyId(id.0))
}

/// The agency and those above it, as far as the actor may reorganise what stands below them.
fn administered(actor: &Actor, all: &[AgencyRow], agency: AgencyId) -> Vec<AgencyId> {
    let mut above = lineage(agency, |below| parent_of(all, below));
    above.retain(|agency| {
        let facts = Facts::of_agency(*agency);
        permits(actor, Action::ManageAgencies, &facts) == Verdict::Allow
    });
    above
}

/// The agency named, another one, below or at an agency of which the caller is the administrator. Any other is none.
fn successor(
    all: &[AgencyRow],
    (own, above): (&AgencyRow, &[AgencyId]),
    asked: &Asked,
    wrong: &mut Vec<FieldError>,
) -> Option<AgencyId> {
    let code = asked.to.as_ref()?;
    let row = all.iter().find(|row| row.code == *code && row.id != own.id);
    let found = row
        .map(|row| AgencyId(row.id.0))
        .filter(|id| lineage(*id, |below| parent_of(all, below)).iter().any(|upper| above.contains(upper)));
    if found.is_none() {
        wrong.push(FieldError::new(
            "/to_agency_code",
            "unknown",
            "您管理的机关中没有其他使用这个代码的机关。",
            "Among the agencies that you administer, no other has this code.",
        ));
    }
    found
}

/// The fields that have nothing to do with the kind.
fn needless(asked: &Asked) -> Vec<FieldError> {
    let renames = match asked.kind {
        ReorganisationKind::Renamed | ReorganisationKind::DepartmentRenamed => true,
        ReorganisationKind::HandedOver | ReorganisationKind::Merged => false,
    };
    let of_department = match asked.kind {
        ReorganisationKind::DepartmentRenamed | ReorganisationKind::HandedOver => true,
        ReorganisationKind::Renamed | ReorganisationKind::Merged => false,
    };
    let sent = [
        ("/name", asked.name.is_some(), renames),
        ("/to_agency_code", asked.to.is_some(), !renames),
        ("/department_id", asked.department.is_some(), of_department),
    ];
    let needless = sent.into_iter().filter(|(_, sent, fits)| *sent && !fits);
    needless
        .map(|(pointer, ..)| {
            let (zh, en) = (
                "这种调整没有这一项，请删去。",
                "This kind of reorganisation has no such field: leave it out.",
            );
            FieldError::new(pointer, "unexpected", zh, en)
        })
        .collect()
}

/// What is asked for, when nothing of it is missing.
fn whole(asked: &Asked, to: Option<AgencyId>, wrong: &mut Vec<FieldError>) -> Option<Reorganisation> {
    let mut missing = |pointer: &'static str| {
        wrong.push(FieldError::new(pointer, "required", "必须填写。", "It is required."));
    };
    let name = asked.name.as_ref().map(|name| name.trim().to_owned());
    let found = match asked.kind {
        ReorganisationKind::Renamed => {
            if name.is_none() {
                missing("/name");
            }
            name.map(|name| Reorganisation::Rename { name })
        }
        ReorganisationKind::DepartmentRenamed => {
            if name.is_none() {
                missing("/name");
            }
            if asked.department.is_none() {
                missing("/department_id");
            }
            name.zip(asked.department)
                .map(|(name, department)| Reorganisation::RenameDepartment { department, name })
        }
        ReorganisationKind::HandedOver | ReorganisationKind::Merged => {
            if asked.to.is_none() {
                missing("/to_agency_code");
            }
            let merges = asked.kind == ReorganisationKind::Merged;
            to.map(|to| {
                let department = asked.department;
                if merges {
                    Reorganisation::Merge { into: to }
                } else {
                    Reorganisation::HandOver { to, department }
                }
            })
        }
    };
    wrong.extend(asked.name.as_ref().and_then(|name| name_error("/name", name, 100)));
    found
}

/// SHA-256 over what orders it and the names before and after.
fn digest(row: &ReorganisationRow) -> Digest {
    let names = [&row.name_before, &row.name_after].map(|name| name.as_deref().unwrap_or_default());
    Digest(Sha256::digest([&row.basis, names[0], names[1]].join("\n")).into())
}
