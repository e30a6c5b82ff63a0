//! The route of review as an agency sets it: up to six steps of three kinds in up to three levels (初审、复审、终审), one
//! after the other or side by side, each taken by whoever holds the role of its kind or by one named person.

use serde::{Deserialize, Serialize};

use super::Step;
use crate::domain::ids::PersonId;

/// The most steps a route has.
pub const MOST_STEPS: usize = 6;

/// The level of a step among those of its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 初审.
    #[default]
    First,
    /// 复审.
    Second,
    /// 终审.
    Final,
}

impl Level {
    /// The three levels, in order.
    pub const ALL: &'static [Self] = &[Self::First, Self::Second, Self::Final];

    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Final => "final",
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::First => "初审",
            Self::Second => "复审",
            Self::Final => "终审",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(crate) fn is_first(&self) -> bool {
        *self == Self::First
    }
}

/// Which step of a route: kind and level. A route has no two of the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StepId {
    /// The kind.
    pub step: Step,
    /// The level.
    pub level: Level,
}

/// The only step of its kind: of a route that knows no levels.
impl From<Step> for StepId {
    fn from(step: Step) -> Self {
        Self { step, level: Level::First }
    }
}

impl StepId {
    /// The Chinese name, such as 保密审查（初审）.
    pub fn label_zh(self) -> String {
        format!("{}（{}）", self.step.label_zh(), self.level.label_zh())
    }
}

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reviewer {
    /// Whoever holds the role of its kind ([`Step::role`]).
    Role,
    /// This person, who holds that role too.
    Person(PersonId),
}

/// One step of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteStep {
    /// Kind and level.
    pub id: StepId,
    /// Its turn, from 1: steps of one turn go side by side, a turn begins when the one before is through.
    pub turn: u8,
    /// Who takes it.
    pub by: Reviewer,
}

/// A route of review that is sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<RouteStep>", into = "Vec<RouteStep>")]
pub struct Route(Vec<RouteStep>);

/// Why steps make no route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteError {
    /// No step, or more than [`MOST_STEPS`].
    Length,
    /// This step (from 0) is the same as an earlier one: kind and level.
    Twice(usize),
    /// Turns are counted from 1 without a gap; this step's is not.
    Turn(usize),
    /// The levels of this step's kind do not follow one another: 初审 before 复审 before 终审, each in a later turn.
    LevelOrder(usize),
    /// This kind of step is missing: nothing goes out without a secrecy review (Art. 17; 保密法 35) and a signature.
    Missing(Step),
    /// This step is in the last turn, which is the signature's alone.
    SignOffLast(usize),
    /// The same person is named for an earlier step: one person takes one step.
    SamePerson(usize),
}

impl std::fmt::Display for RouteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no route of review: {self:?}")
    }
}

impl TryFrom<Vec<RouteStep>> for Route {
    type Error = RouteError;

    fn try_from(steps: Vec<RouteStep>) -> Result<Self, RouteError> {
        Self::new(steps)
    }
}

impl From<Route> for Vec<RouteStep> {
    fn from(route: Route) -> Self {
        route.0
    }
}

/// Legal review, then secrecy review, then the signature: the route of an agency that sets none, and of every submission
/// of before there were others.
impl Default for Route {
    fn default() -> Self {
        let step = |(step, turn): (&Step, u8)| RouteStep { id: (*step).into(), turn, by: Reviewer::Role };
        Self(Step::ALL.iter().zip(1..).map(step).collect())
    }
}

impl Route {
    /// A route of these steps.
    ///
    /// # Errors
    /// The first reason why they make none.
    ///
    /// ```
    /// use gongkai::domain::review::{Level, Reviewer, Route, RouteError, RouteStep, Step, StepId};
    ///
    /// let step = |step, turn| RouteStep { id: StepId { step, level: Level::First }, turn, by: Reviewer::Role };
    /// // Legal and secrecy review side by side, then the signature.
    /// let side_by_side = vec![step(Step::Legal, 1), step(Step::Secrecy, 1), step(Step::SignOff, 2)];
    /// assert_eq!(Route::new(side_by_side).unwrap().due(&[]).count(), 2);
    /// // Nothing goes out without a secrecy review.
    /// assert_eq!(Route::new(vec![step(Step::SignOff, 1)]), Err(RouteError::Missing(Step::Secrecy)));
    /// ```
    pub fn new(mut steps: Vec<RouteStep>) -> Result<Self, RouteError> {
        if steps.is_empty() || steps.len() > MOST_STEPS {
            return Err(RouteError::Length);
        }
        let last = steps.iter().map(|step| step.turn).max().unwrap_or_default();
        for (n, step) in steps.iter().enumerate() {
            let mut earlier = steps.iter().take(n);
            if earlier.clone().any(|other| other.id == step.id) {
                return Err(RouteError::Twice(n));
            }
            if step.turn == 0 || (1..step.turn).any(|turn| !steps.iter().any(|it| it.turn == turn)) {
                return Err(RouteError::Turn(n));
            }
            if steps.iter().any(|other| follows_wrongly(step, other)) {
                return Err(RouteError::LevelOrder(n));
            }
            if step.turn == last && step.id.step != Step::SignOff {
                return Err(RouteError::SignOffLast(n));
            }
            if let Reviewer::Person(person) = step.by
                && earlier.any(|other| other.by == Reviewer::Person(person))
            {
                return Err(RouteError::SamePerson(n));
            }
        }
        for kind in [Step::Secrecy, Step::SignOff] {
            if !steps.iter().any(|step| step.id.step == kind) {
                return Err(RouteError::Missing(kind));
            }
        }
        steps.sort_by_key(|step| (step.turn, step.id));
        Ok(Self(steps))
    }

    /// Every step, by turn.
    pub fn steps(&self) -> &[RouteStep] {
        &self.0
    }

    /// Whether it is the default.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The steps that are due when these have passed: those of the first turn that is not through.
    pub fn due<'a>(&'a self, passed: &'a [StepId]) -> impl Iterator<Item = &'a RouteStep> {
        let open = |step: &&RouteStep| !passed.contains(&step.id);
        let turn = self.0.iter().filter(open).map(|step| step.turn).min();
        self.0.iter().filter(open).filter(move |step| Some(step.turn) == turn)
    }

    /// Whether every step has passed.
    pub fn is_through(&self, passed: &[StepId]) -> bool {
        self.0.iter().all(|step| passed.contains(&step.id))
    }

    /// The step of a kind that is due; of a kind there is never more than one.
    pub fn due_of(&self, kind: Step, passed: &[StepId]) -> Option<&RouteStep> {
        self.0
            .iter()
            .filter(|step| step.id.step == kind)
            .find(|step| !passed.contains(&step.id))
            .filter(|step| self.due(passed).any(|due| due.id == step.id))
    }

    /// The signature itself: the last step of sign-off, who may also take an approved reply back.
    pub fn signature(&self) -> Option<&RouteStep> {
        self.0.iter().rev().find(|step| step.id.step == Step::SignOff)
    }
}

/// Of one kind, a higher level comes in a later turn.
fn follows_wrongly(step: &RouteStep, other: &RouteStep) -> bool {
    let (a, b) = (step.id, other.id);
    a.step == b.step && a.level > b.level && step.turn <= other.turn
}
