//! Roles gained and lost between two steps of a review. A case remembers who took a step and never with which role, so that every
//! history of roles comes to this: at each decision the two whose hands are in it hold any set of roles whatever. What decides
//! upon a request is put together here as `app` does it: the policy for who acts, his delegation, the policy for who is absent.

use super::super::*;
use crate::domain::case::command::CommandKind;
use crate::domain::ids::AgencyId;
use crate::domain::policy::{Action, Facts, granted};
use crate::domain::review::Delegation;
use crate::domain::role::{Grant, Role};

/// What somebody holds just now.
pub struct Holding {
    grants: Vec<Grant>,
    /// The kinds of step for which that counts, here.
    pub counts: Vec<Step>,
}

/// Every set of the three roles of review; all three at another agency, which counts for nothing, and all three for a department that has
/// nothing to do with the case, with the handler's and the administrators' on top.
fn holdings(case: &Case) -> Vec<Holding> {
    let grants = |kinds: &[Step], agency, department| -> Vec<Grant> {
        kinds.iter().map(|kind| Grant { role: kind.role(), agency, department }).collect()
    };
    let subset = |mask: usize| -> Vec<Step> {
        let chosen = Step::ALL.iter().enumerate().filter(|(n, _)| mask & (1 << n) != 0);
        chosen.map(|(_, kind)| *kind).collect()
    };
    let mut all: Vec<Holding> = (0..1 << Step::ALL.len())
        .map(subset)
        .map(|counts| Holding { grants: grants(&counts, case.agency, None), counts })
        .collect();
    let elsewhere = AgencyId(Uuid::from_u128(case.agency.0.as_u128() + 1));
    let other_department = Some(DepartmentId(Uuid::from_u128(77_777)));
    let mut for_others = grants(Step::ALL, case.agency, other_department);
    for role in [Role::Handler, Role::SystemAdmin, Role::SecurityAdmin, Role::Clerk] {
        for_others.push(Grant { role, agency: case.agency, department: None });
    }
    for grants in [grants(Step::ALL, elsewhere, None), for_others] {
        all.push(Holding { grants, counts: Vec::new() });
    }
    all
}

/// What the absent person left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lent {
    /// No delegation.
    Nothing,
    /// To somebody else.
    ToAnother,
    /// One that ended the day before.
    Past,
    /// One that begins the day after.
    Coming,
    /// One that covers the day of the decision but not that of its record.
    HalfWay,
    /// One that stands.
    Standing,
}

impl Lent {
    const ALL: [Self; 6] =
        [Self::Nothing, Self::ToAnother, Self::Past, Self::Coming, Self::HalfWay, Self::Standing];

    /// Whether it lets `to` decide on 1 April what is recorded on the 2nd.
    fn covers(self) -> bool {
        let [from, to, another] = [1, 2, 3].map(|n| PersonId(Uuid::from_u128(n)));
        let lasting = |to, starts_on, ends_on| Delegation {
            from,
            to,
            starts_on: day(starts_on),
            ends_on: day(ends_on),
        };
        let made = match self {
            Self::Nothing => None,
            Self::ToAnother => Some(lasting(another, "2026-03-01", "2026-04-30")),
            Self::Past => Some(lasting(to, "2026-03-01", "2026-03-31")),
            Self::Coming => Some(lasting(to, "2026-04-03", "2026-04-30")),
            Self::HalfWay => Some(lasting(to, "2026-03-01", "2026-04-01")),
            Self::Standing => Some(lasting(to, "2026-04-01", "2026-04-02")),
        };
        made.is_some_and(|made| made.covers(from, to, &[day("2026-04-01"), day("2026-04-02")]))
    }
}

/// What the policy says for a case, with everything that somebody may hold.
pub struct Policy {
    holdings: Vec<Holding>,
    /// For each kind of step, and for the issue, the holdings that may.
    may: Vec<(CommandKind, Vec<bool>)>,
    lent: Vec<(Lent, bool)>,
}

impl Policy {
    pub fn of(case: &Case) -> Self {
        let holdings = holdings(case);
        let work = case.state.work().unwrap();
        let departments = [work.lead.department];
        let facts = Facts {
            agency: case.agency,
            departments: &departments,
            task_of: None,
            sensitivity: case.sensitivity,
        };
        let may = |kind: CommandKind| {
            let may = |held: &Holding| granted(&held.grants, Action::Command(kind), &facts);
            (kind, holdings.iter().map(may).collect())
        };
        let kinds = Step::ALL.iter().map(|kind| CommandKind::of_step(*kind));
        let may = kinds.chain([CommandKind::Issue]).map(may).collect();
        Self { holdings, may, lent: Lent::ALL.map(|lent| (lent, lent.covers())).to_vec() }
    }

    fn each_holding(&self, kind: CommandKind) -> impl Iterator<Item = (&Holding, bool)> {
        let (_, may) = self.may.iter().find(|(it, _)| *it == kind).unwrap();
        self.holdings.iter().zip(may.iter().copied())
    }

    /// With everything that who acts, and who is absent, may hold just now, and whatever was lent: whether it is permitted.
    /// Gives back how many ways there were.
    pub fn each(
        &self,
        step: Step,
        for_absent: bool,
        mut check: impl FnMut([Option<&Holding>; 2], Lent, bool),
    ) -> u64 {
        let kind = CommandKind::of_step(step);
        let mut ways = 0;
        for (own, may) in self.each_holding(kind) {
            if !for_absent {
                check([Some(own), None], Lent::Nothing, may);
                ways += 1;
                continue;
            }
            for (absent, he_may) in self.each_holding(kind) {
                for (lent, covers) in &self.lent {
                    check([Some(own), Some(absent)], *lent, may && *covers && he_may);
                    ways += 1;
                }
            }
        }
        ways
    }

    /// With everything that who issues may hold just now: whether it is permitted.
    pub fn each_issuer(&self, mut check: impl FnMut(&Holding, bool)) -> u64 {
        let mut ways = 0;
        for (held, may) in self.each_holding(CommandKind::Issue) {
            check(held, may);
            ways += 1;
        }
        ways
    }
}
