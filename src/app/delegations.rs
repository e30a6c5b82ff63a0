//! Who takes whose steps of review during an absence (委托). A delegation lets its holder take the steps that name the absent
//! person; it lends no role: he holds the role of the step himself, and the absent person holds it still. Each is an event in the
//! agency's chain.

use chrono::{Days, NaiveDate};

use super::App;
use super::case_view::{Loaded, departments_of};
use super::error::{AppError, FieldError};
use super::execute::{Order, Request, by};
use super::retry::{Answer, RetryKey, kept_answer};
use super::set_up::{Change, RenderMade};
use super::sign_in::grants_in;
use crate::crypto::random;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::Refusal;
use crate::domain::case::refusal::{RefusalCode, ReplyRefusal};
use crate::domain::ids::{AgencyId, DelegationId, PersonId};
use crate::domain::policy::{Action, Facts, granted};
use crate::domain::review::{Delegation, Step};
use crate::domain::role::{Actor, Role};
use crate::store::{At, DelegationRow, Key, SetUpChange};

/// The longest absence, in days.
const LONGEST: u64 = 366;

/// A delegation to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewDelegation {
    /// Who is away; the caller himself when not said.
    pub from: Option<PersonId>,
    /// Who takes his steps.
    pub to: PersonId,
    /// The first day, a civil date in the agency's zone.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
}

impl App {
    /// The delegations that stand today or will, by their first day.
    ///
    /// # Errors
    /// As [`App::allowed`].
    pub async fn delegations(&self, actor: &Actor, agency: AgencyId) -> Result<Vec<DelegationRow>, AppError> {
        self.allowed(actor, Action::ReadAgencies, agency)?;
        let today = self.today(&*self.agency(agency).await?);
        Ok(self.store.delegations_of(Key(agency.0), today).await?)
    }

    /// Delegates somebody's steps, or gives the first answer to a retry. Reviewers delegate their own.
    ///
    /// # Errors
    /// As [`App::allowed`]; [`AppError::Forbidden`] to a reviewer for another's; [`AppError::Invalid`] with every wrong field.
    pub async fn delegate(
        &self,
        actor: &Actor,
        agency: AgencyId,
        new: NewDelegation,
        retry: Option<RetryKey>,
        render: RenderMade<DelegationRow>,
    ) -> Result<Answer, AppError> {
        self.allowed(actor, Action::DelegateReview, agency)?;
        let from = new.from.unwrap_or(actor.person);
        if !may_for(actor, agency, from) {
            return Err(AppError::Forbidden);
        }
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let made = self.delegate_once(actor, agency, (from, new), retry.as_ref(), render).await;
        self.after_race(made, &home, actor, retry.as_ref()).await
    }

    async fn delegate_once(
        &self,
        actor: &Actor,
        agency: AgencyId,
        (from, new): (PersonId, NewDelegation),
        retry: Option<&RetryKey>,
        render: RenderMade<DelegationRow>,
    ) -> Result<Answer, AppError> {
        let NewDelegation { to, starts_on, ends_on, .. } = new;
        let home = self.agency(actor.agency).await?;
        let agency = self.agency(agency).await?;
        let mut wrong = wrong_days(starts_on, ends_on, self.today(&agency));
        wrong.extend(self.wrong_persons(agency.id, from, to).await?);
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let now = self.clock.now();
        let row = DelegationRow {
            agency_id: Key(agency.id.0),
            id: Key(random::new_id(now)),
            from_person_id: Key(from.0),
            to_person_id: Key(to.0),
            starts_on,
            ends_on,
            ended_at: None,
            created_at: At(now),
        };
        let delegation = DelegationId(row.id.0);
        let event = AgencyEvent::ReviewDelegated { delegation, from, to, starts_on, ends_on };
        let answer = render(&row);
        let kept = retry.map(|key| kept_answer(&home, key.of(actor.account), &answer)).transpose()?;
        let (by, zone, rows) = (by(actor), agency.zone, SetUpChange::Delegation(row));
        self.change(Change { agency: agency.id, zone, by, events: vec![event], rows, retry: kept }).await?;
        Ok(answer)
    }

    /// Ends a delegation before its day, or before it began. One that has ended stays as it is.
    ///
    /// # Errors
    /// As [`App::delegate`]; [`AppError::NotFound`] when there is no such delegation.
    pub async fn end_delegation(
        &self,
        actor: &Actor,
        agency: AgencyId,
        id: DelegationId,
    ) -> Result<(), AppError> {
        self.allowed(actor, Action::DelegateReview, agency)?;
        let found = self.store.delegation_by_id(Key(agency.0), Key(id.0)).await?;
        let row = found.ok_or(AppError::NotFound)?;
        if !may_for(actor, agency, PersonId(row.from_person_id.0)) {
            return Err(AppError::Forbidden);
        }
        if row.ended_at.is_some() {
            return Ok(());
        }
        let agency = self.agency(agency).await?;
        let event = AgencyEvent::DelegationEnded { delegation: id };
        let rows = SetUpChange::DelegationEnded(row.id);
        let (by, zone) = (by(actor), agency.zone);
        self.change(Change { agency: agency.id, zone, by, events: vec![event], rows, retry: None }).await
    }

    /// Whoever decides for an absent person has a delegation of his that stands today and covers the day of the decision, and the
    /// absent person could take the step himself: he holds its role still, for this case.
    pub(super) async fn check_delegated(&self, loaded: &Loaded, request: &Request) -> Result<(), AppError> {
        let Order::Review { acting_for: Some(absent), .. } = &request.order else { return Ok(()) };
        let (agency, case) = (&loaded.custodian, &loaded.before.case);
        let today = self.today(agency);
        let days = [request.on.unwrap_or(today), today];
        let standing = self.store.delegations_of(Key(agency.id.0), today).await?;
        if standing.iter().any(|row| delegation(row).covers(*absent, request.actor.person, &days)) {
            let grants = grants_in(&self.store.open_grants_of_person(Key(absent.0)).await?)?;
            let departments = departments_of(case);
            let facts = Facts {
                agency: case.custodian,
                departments: &departments,
                task_of: None,
                sensitivity: case.sensitivity,
            };
            if granted(&grants, Action::Command(request.order.kind()), &facts) {
                return Ok(());
            }
        }
        let code = RefusalCode::Reply(ReplyRefusal::NotDelegated);
        Err(AppError::Refused(Refusal { code, allowed: Vec::new() }))
    }

    /// Both hold the role of one kind of step at the agency, or the delegation would lend what is not had.
    async fn wrong_persons(
        &self,
        agency: AgencyId,
        from: PersonId,
        to: PersonId,
    ) -> Result<Vec<FieldError>, AppError> {
        if from == to {
            let (zh, en) = ("不得委托本人。", "Nobody delegates to himself.");
            return Ok(vec![FieldError::new("/to_person_id", "same", zh, en)]);
        }
        let (mut any, mut both) = (false, false);
        for step in Step::ALL {
            let held = self.holds_step(agency, from, *step).await?;
            any = any || held;
            both = both || (held && self.holds_step(agency, to, *step).await?);
        }
        Ok(match (any, both) {
            (false, _) => vec![FieldError::new(
                "/from_person_id",
                "unknown",
                "该人员在本机关没有审核角色。",
                "This person holds no role of review at the agency.",
            )],
            (true, false) => vec![FieldError::new(
                "/to_person_id",
                "unknown",
                "受托人在本机关没有与委托人相同的审核角色。",
                "The delegate does not hold the same role of review at the agency.",
            )],
            (true, true) => Vec::new(),
        })
    }
}

fn delegation(row: &DelegationRow) -> Delegation {
    Delegation {
        from: PersonId(row.from_person_id.0),
        to: PersonId(row.to_person_id.0),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    }
}

/// Reviewers delegate their own steps; administrators anybody's.
fn may_for(actor: &Actor, agency: AgencyId, from: PersonId) -> bool {
    actor.person == from || actor.holds(Role::SystemAdmin, agency) || actor.holds(Role::SecurityAdmin, agency)
}

fn wrong_days(starts_on: NaiveDate, ends_on: NaiveDate, today: NaiveDate) -> Vec<FieldError> {
    let last = starts_on.checked_add_days(Days::new(LONGEST)).unwrap_or(NaiveDate::MAX);
    let mut wrong = Vec::new();
    if ends_on < starts_on || ends_on >= last {
        wrong.push(FieldError::new(
            "/ends_on",
            "range",
            "截止日不得早于开始日，期间不得超过366日。",
            "The last day is not before the first, and the period at most 366 days.",
        ));
    } else if ends_on < today {
        let (zh, en) = ("截止日已过。", "The last day has passed.");
        wrong.push(FieldError::new("/ends_on", "range", zh, en));
    }
    wrong
}
