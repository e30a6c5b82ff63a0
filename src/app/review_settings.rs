//! What an agency sets for its replies: the route of review, and where applicants usually turn. Each change is an event in
//! the agency's chain.

use super::App;
use super::error::{AppError, FieldError};
use super::execute::{Order, by};
use super::set_up::Change;
use crate::crypto::framed::sha256_framed;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::case::event::Digest;
use crate::domain::ids::{AgencyId, PersonId};
use crate::domain::policy::Action;
use crate::domain::reply::{Basis, RemedyBodies, RemedyBody};
use crate::domain::review::{Reviewer, Route, RouteError, RouteStep, Step};
use crate::domain::role::Actor;
use crate::store::{At, Key, SetUpChange, SettingRow, StoreError};

const ROUTE: &str = "review_route";
const REMEDIES: &str = "remedy_bodies";

/// The names of all that an agency sets.
pub const SETTINGS: &[&str] = &[ROUTE, REMEDIES];

/// What an agency has set, or what holds where it has set nothing.
#[derive(Clone, Debug, Default)]
pub struct Usual {
    /// The route of review.
    pub route: Route,
    /// Where applicants turn.
    pub remedies: RemedyBodies<String>,
}

impl Usual {
    /// A draft with the usual bodies where it names none.
    pub(super) fn complete(&self, basis: &Basis<String>) -> Basis<String> {
        let remedies = basis.remedies.clone().or(self.remedies.clone());
        Basis { remedies, ..basis.clone() }
    }
}

impl App {
    /// What an order needs of it: other orders need nothing.
    pub(super) async fn usual_for(&self, order: &Order, agency: AgencyId) -> Result<Usual, AppError> {
        if matches!(order, Order::Draft { .. } | Order::Submit { .. }) {
            self.usual(agency).await
        } else {
            Ok(Usual::default())
        }
    }

    async fn usual(&self, agency: AgencyId) -> Result<Usual, AppError> {
        let mut usual = Usual::default();
        for row in self.store.agency_settings_of(Key(agency.0)).await? {
            match row.name.as_str() {
                ROUTE => usual.route = read(&row)?,
                REMEDIES => usual.remedies = read(&row)?,
                _ => {}
            }
        }
        Ok(usual)
    }

    /// What an agency has set, for whoever may see the agency.
    ///
    /// # Errors
    /// As [`App::allowed`].
    pub async fn read_usual(&self, actor: &Actor, agency: AgencyId) -> Result<Usual, AppError> {
        self.allowed(actor, Action::ReadAgencies, agency)?;
        self.usual(agency).await
    }

    /// Sets the route of review for what is submitted from now on.
    ///
    /// # Errors
    /// As [`App::allowed`]; [`AppError::Invalid`] when the steps make no route, or name somebody who does not hold the
    /// role of the step at the agency.
    pub async fn set_route(
        &self,
        actor: &Actor,
        agency: AgencyId,
        steps: Vec<RouteStep>,
    ) -> Result<Route, AppError> {
        self.allowed(actor, Action::ManageReview, agency)?;
        let named = self.check_named(agency, &steps).await?;
        let route = Route::new(steps).map_err(|error| AppError::Invalid(vec![route_error(error)]))?;
        if !named.is_empty() {
            return Err(AppError::Invalid(named));
        }
        let event = AgencyEvent::ReviewRouteSet { route: route.clone() };
        self.set(actor, agency, ROUTE, &route, event).await?;
        Ok(route)
    }

    /// Sets the bodies that a draft names when it names none.
    ///
    /// # Errors
    /// As [`App::allowed`].
    pub async fn set_remedies(
        &self,
        actor: &Actor,
        agency: AgencyId,
        remedies: RemedyBodies<String>,
    ) -> Result<(), AppError> {
        self.allowed(actor, Action::ManageReview, agency)?;
        let parts = RemedyBody::ALL.iter().map(|body| remedies.get(*body).map_or("", String::as_str));
        let parts: Vec<&[u8]> = parts.map(str::as_bytes).collect();
        let event = AgencyEvent::RemedyBodiesSet { digest: Digest(sha256_framed(&parts)) };
        self.set(actor, agency, REMEDIES, &remedies, event).await
    }

    async fn set<T: serde::Serialize>(
        &self,
        actor: &Actor,
        agency: AgencyId,
        name: &str,
        value: &T,
        event: AgencyEvent,
    ) -> Result<(), AppError> {
        let agency = self.agency(agency).await?;
        let value = serde_json::to_string(value).map_err(|error| AppError::Internal(error.to_string()))?;
        let updated_at = At(self.clock.now());
        let row = SettingRow { agency_id: Key(agency.id.0), name: name.to_owned(), value, updated_at };
        let (by, zone, rows) = (by(actor), agency.zone, SetUpChange::Setting(row));
        self.change(Change { agency: agency.id, zone, by, events: vec![event], rows, retry: None }).await
    }

    /// Whoever is named for a step holds its role at the agency.
    async fn check_named(&self, agency: AgencyId, steps: &[RouteStep]) -> Result<Vec<FieldError>, AppError> {
        let mut wrong = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            if let Reviewer::Person(person) = step.by
                && !self.holds_step(agency, person, step.id.step).await?
            {
                wrong.push(FieldError::new(
                    format!("/steps/{n}/person_id"),
                    "unknown",
                    "该人员在本机关没有这一环节的审核角色。",
                    "This person does not hold the role of the step at the agency.",
                ));
            }
        }
        Ok(wrong)
    }

    /// Whether somebody holds the role of a kind of step at the agency.
    pub(super) async fn holds_step(
        &self,
        agency: AgencyId,
        person: PersonId,
        step: Step,
    ) -> Result<bool, AppError> {
        let grants = self.store.grants_of_person(Key(person.0)).await?;
        Ok(grants.iter().any(|row| row.agency_id == Key(agency.0) && row.role == step.role().code()))
    }
}

fn read<T: serde::de::DeserializeOwned>(row: &SettingRow) -> Result<T, AppError> {
    serde_json::from_str(&row.value).map_err(|error| {
        AppError::Store(StoreError::Inconsistent {
            table: "agency_settings",
            row: format!("{} {}", row.agency_id.0, row.name),
            reason: error.to_string(),
        })
    })
}

fn route_error(error: RouteError) -> FieldError {
    let step = |n: usize, name: &str| format!("/steps/{n}{name}");
    let (pointer, zh, en) = match error {
        RouteError::Length => ("/steps".to_owned(), "审核环节为 1–6 个。", "A route has 1 to 6 steps."),
        RouteError::Twice(n) => (
            step(n, ""),
            "同一种审核的同一层级只能有一个环节。",
            "A route has one step of each kind and level.",
        ),
        RouteError::Turn(n) => {
            (step(n, "/turn"), "顺序须从 1 起连续编号。", "Turns are counted from 1 without a gap.")
        }
        RouteError::LevelOrder(n) => (
            step(n, "/level"),
            "同一种审核须先初审、再复审、后终审，并依次进行。",
            "Of one kind, a higher level comes in a later turn.",
        ),
        RouteError::Missing(Step::Secrecy) => (
            "/steps".to_owned(),
            "必须有保密审查环节（政府信息公开条例第17条；保守国家秘密法第35条）。",
            "A secrecy review is needed (Art. 17; Law on Guarding State Secrets, Art. 35).",
        ),
        RouteError::Missing(Step::Legal | Step::SignOff) => {
            ("/steps".to_owned(), "必须有签发环节。", "A sign-off is needed.")
        }
        RouteError::SignOffLast(n) => {
            (step(n, "/turn"), "签发须在所有其他环节之后。", "The last turn is the sign-off's alone.")
        }
        RouteError::SamePerson(n) => {
            (step(n, "/person_id"), "同一人不得办理两个审核环节。", "One person takes one step.")
        }
    };
    FieldError::new(pointer, "route", zh, en)
}
