//! The sample office: its departments, and who works in it.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use zeroize::Zeroizing;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::set_up::{NewAccount, NewAgency};
use crate::crypto::password::Password;
use crate::crypto::random;
use crate::domain::case::By;
use crate::domain::ids::{AccountId, AgencyId, DepartmentId, PersonId};
use crate::domain::role::{Actor, Grant, Role};
use crate::domain::sensitivity::Sensitivity;

/// The office's code.
pub const CODE: &str = "demo";
/// The office's name.
pub const NAME: &str = "示例市人民政府";
/// Its statute.
pub(super) const STATUTE: &str = "cn-ogi-2019";
/// Its zone.
pub(super) const ZONE: Tz = chrono_tz::Asia::Shanghai;
const NUMBER_PATTERN: &str = "示公申〔{year}〕{seq}号";

/// A department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Department {
    /// Plans, land, houses.
    Planning,
    /// Budgets, contracts, enterprises.
    Finance,
    /// Air, water, soil, noise.
    Environment,
    /// Schools and hospitals.
    Education,
}

impl Department {
    const ALL: [Self; 4] = [Self::Planning, Self::Finance, Self::Environment, Self::Education];

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Planning => "规划建设科",
            Self::Finance => "财政经济科",
            Self::Environment => "生态环境科",
            Self::Education => "教育卫生科",
        }
    }

    /// Another one, that works on what this one works on.
    pub(super) fn neighbour(self) -> Self {
        match self {
            Self::Planning => Self::Finance,
            Self::Finance | Self::Education => Self::Planning,
            Self::Environment => Self::Education,
        }
    }
}

/// Somebody who takes part in cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The front desk.
    Clerk,
    /// A department's case officer.
    Handler(Department),
    /// The legal reviewer.
    Legal,
    /// The secrecy reviewer.
    Secrecy,
    /// The head of the disclosure office.
    Approver,
    /// The archivist.
    Archivist,
}

impl Who {
    fn username(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Handler(Department::Planning) => "planning",
            Self::Handler(Department::Finance) => "finance",
            Self::Handler(Department::Environment) => "environment",
            Self::Handler(Department::Education) => "education",
            Self::Legal => "legal",
            Self::Secrecy => "secrecy",
            Self::Approver => "approver",
            Self::Archivist => "archivist",
        }
    }
}

/// A sample account: every role once, and a handler in each department.
struct Post {
    username: &'static str,
    role: Role,
    department: Option<Department>,
}

const fn post(username: &'static str, role: Role, department: Option<Department>) -> Post {
    Post { username, role, department }
}

const POSTS: &[Post] = &[
    post("clerk", Role::Clerk, None),
    post("planning", Role::Handler, Some(Department::Planning)),
    post("finance", Role::Handler, Some(Department::Finance)),
    post("environment", Role::Handler, Some(Department::Environment)),
    post("education", Role::Handler, Some(Department::Education)),
    post("legal", Role::LegalReviewer, None),
    post("secrecy", Role::SecrecyReviewer, None),
    post("approver", Role::Approver, None),
    post("archivist", Role::Archivist, None),
    post("supervisor", Role::Supervisor, None),
    post("sysadmin", Role::SystemAdmin, None),
    post("secadmin", Role::SecurityAdmin, None),
    post("auditor", Role::Auditor, None),
];

/// An account of the sample office, for whoever wants to sign in.
#[derive(Clone)]
pub struct Account {
    /// The sign-in name.
    pub username: &'static str,
    /// What it may be.
    pub role: Role,
    /// The department to which that is limited.
    pub department: Option<&'static str>,
    /// Its first password, good for one sign-in; known only to whoever made the office.
    pub password: Option<Zeroizing<String>>,
}

impl Account {
    /// Every account, without its password.
    pub fn all() -> Vec<Self> {
        POSTS.iter().map(|post| Self::of(post, None)).collect()
    }

    fn of(post: &Post, password: Option<Zeroizing<String>>) -> Self {
        let department = post.department.map(Department::name);
        Self { username: post.username, role: post.role, department, password }
    }
}

/// The office, as entries need it.
pub(super) struct Office {
    agency: AgencyId,
    departments: BTreeMap<Department, DepartmentId>,
    actors: BTreeMap<&'static str, Actor>,
}

impl Office {
    /// Makes the agency, its departments and accounts, as the operator at the server does.
    pub(super) async fn make(app: &App) -> Result<(Self, Vec<Account>), AppError> {
        let new = NewAgency {
            code: CODE.to_owned(),
            name: NAME.to_owned(),
            zone: Some(ZONE.name().to_owned()),
            number_pattern: Some(NUMBER_PATTERN.to_owned()),
            statute: Some(STATUTE.to_owned()),
            ..NewAgency::default()
        };
        let agency = AgencyId(app.create_agency(By::Operator, new).await?.id.0);
        let mut office = Self { agency, departments: BTreeMap::new(), actors: BTreeMap::new() };
        for department in Department::ALL {
            let row = app.create_department(By::Operator, agency, department.name(), None).await?;
            office.departments.insert(department, DepartmentId(row.id.0));
        }
        let mut accounts = Vec::new();
        for post in POSTS {
            let password = Zeroizing::new(random::one_time_password());
            office.hire(app, post, &password).await?;
            accounts.push(Account::of(post, Some(password)));
        }
        Ok((office, accounts))
    }

    async fn hire(&mut self, app: &App, post: &Post, password: &str) -> Result<(), AppError> {
        let department = post.department.map(|department| self.department(department)).transpose()?;
        let new = NewAccount {
            agency: self.agency,
            username: post.username.to_owned(),
            person: Some(format!("演示-{}", post.username)),
            roles: vec![(post.role, department)],
            password: Some(Password::from(password)),
            must_change: true,
        };
        let row = app.create_account(By::Operator, new).await?.row;
        let actor = Actor {
            account: AccountId(row.id.0),
            person: PersonId(row.person_id.0),
            agency: self.agency,
            grants: vec![Grant { role: post.role, agency: self.agency, department }],
            clearance: Sensitivity::Ordinary,
        };
        self.actors.insert(post.username, actor);
        Ok(())
    }

    /// Somebody, ready to act.
    pub(super) fn actor(&self, who: Who) -> Result<&Actor, AppError> {
        self.actors.get(who.username()).ok_or_else(|| missing(who.username()))
    }

    /// A department's id.
    pub(super) fn department(&self, department: Department) -> Result<DepartmentId, AppError> {
        self.departments.get(&department).copied().ok_or_else(|| missing(department.name()))
    }
}

fn missing(name: &str) -> AppError {
    AppError::Internal(format!("the sample office has no {name}"))
}
