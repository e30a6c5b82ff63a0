//! An office with its people, ready to work: each is a person with an account of his own.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use futures_util::future::join_all;
use gongkai::app::App;
use gongkai::app::set_up::{NewAccount, NewAgency};
use gongkai::clock::Clock;
use gongkai::crypto::password::Password;
use gongkai::domain::case::By;
use gongkai::domain::ids::{AgencyId, DepartmentId};
use gongkai::domain::role::Role;

use super::client::{Client, Credentials};
use super::databases::Backend;
use super::server::{Place, Server, block_on};

/// Everybody's password.
pub const PASSWORD: &str = "Wu-Xing-Hong-Qi-1949";
/// The departments.
pub const BUDGET: &str = "预算处";
pub const PLANNING: &str = "规划处";

/// Who works here: the name, the role, the one department to which it is limited.
const PEOPLE: &[(&str, Role, Option<&str>)] = &[
    ("clerk", Role::Clerk, None),
    ("clerk-2", Role::Clerk, None),
    ("handler", Role::Handler, Some(BUDGET)),
    ("handler-2", Role::Handler, Some(PLANNING)),
    ("legal_reviewer", Role::LegalReviewer, None),
    ("legal_reviewer-2", Role::LegalReviewer, None),
    ("secrecy_reviewer", Role::SecrecyReviewer, None),
    ("approver", Role::Approver, None),
    ("approver-2", Role::Approver, None),
    ("archivist", Role::Archivist, None),
    ("supervisor", Role::Supervisor, None),
    ("system_admin", Role::SystemAdmin, None),
    ("security_admin", Role::SecurityAdmin, None),
    ("auditor", Role::Auditor, None),
];

/// One agency of a database.
pub struct Agency {
    pub id: AgencyId,
    pub code: String,
    pub departments: BTreeMap<&'static str, DepartmentId>,
    people: BTreeMap<&'static str, Arc<Credentials>>,
}

impl Agency {
    /// Makes it, with its departments and people.
    pub fn found(app: &App, code: &str) -> Self {
        Self::found_below(app, code, None)
    }

    /// Makes it below another one in the tree.
    pub fn found_below(app: &App, code: &str, parent: Option<&str>) -> Self {
        block_on(async {
            let new = NewAgency {
                code: code.to_owned(),
                parent: parent.map(str::to_owned),
                name: format!("{code}市人民政府办公室"),
                ..NewAgency::default()
            };
            let id = AgencyId(app.create_agency(By::Operator, new).await.unwrap().id.0);
            let mut departments = BTreeMap::new();
            for name in [BUDGET, PLANNING] {
                let row = app.create_department(By::Operator, id, name, None).await.unwrap();
                departments.insert(name, DepartmentId(row.id.0));
            }
            let username = |name: &str| username(code, name);
            join_all(PEOPLE.iter().map(|(name, role, department)| {
                app.create_account(
                    By::Operator,
                    NewAccount {
                        agency: id,
                        username: username(name),
                        person: None,
                        roles: vec![(*role, department.map(|name| departments[name]))],
                        password: Password::from(PASSWORD),
                        must_change: false,
                    },
                )
            }))
            .await
            .into_iter()
            .for_each(|made| drop(made.unwrap()));
            let people =
                PEOPLE.iter().map(|(name, ..)| (*name, Credentials::new(username(name), PASSWORD))).collect();
            Self { id, code: code.to_owned(), departments, people }
        })
    }
}

fn username(code: &str, name: &str) -> String {
    format!("{code}.{name}")
}

impl Agency {
    /// Name and password of one of its people.
    pub fn credentials(&self, name: &str) -> &Arc<Credentials> {
        self.people.get(name).unwrap_or_else(|| panic!("nobody here is called {name}"))
    }

    /// The sign-in name of one of its people.
    pub fn username(&self, name: &str) -> String {
        username(&self.code, name)
    }
}

/// An agency whose server runs. Its people are named by their roles (`clerk`, `handler` of 预算处, `legal_reviewer`,
/// `secrecy_reviewer`, `approver`, `archivist`, `supervisor`, `system_admin`, `security_admin`, `auditor`); of some
/// roles there is a second: `clerk-2`, `handler-2` (of 规划处), `legal_reviewer-2`, `approver-2`.
pub struct Office {
    pub server: Server,
    pub agency: Agency,
    nobody: Client,
}

impl Office {
    /// A fresh database with one agency, and its server.
    pub fn open(backend: Backend) -> Self {
        Self::open_with(backend, &[])
    }

    /// The same with settings of the server.
    pub fn open_with(backend: Backend, environment: &[(&'static str, &str)]) -> Self {
        let place = Place::new(backend);
        let agency = Agency::found(&place.app(), "320800");
        Self::of(Server::start_with(place, environment, &[]), agency)
    }

    /// A server that runs already.
    pub fn of(server: Server, agency: Agency) -> Self {
        let nobody = Client::anonymous(server.address());
        Self { server, agency, nobody }
    }

    /// Founds another agency in the same database, while the server runs.
    pub fn neighbour(&self, code: &str) -> Agency {
        Agency::found(&self.server.place.app(), code)
    }

    /// Founds an agency below this one, while the server runs.
    pub fn subordinate(&self, code: &str) -> Agency {
        Agency::found_below(&self.server.place.app(), code, Some(&self.agency.code))
    }

    /// Somebody who has not signed in.
    pub fn anonymous(&self) -> Client {
        self.nobody.clone()
    }

    /// One of the office's people.
    pub fn as_role(&self, name: &str) -> Client {
        self.of_agency(&self.agency, name)
    }

    /// One of another agency's people.
    pub fn of_agency(&self, agency: &Agency, name: &str) -> Client {
        let credentials = agency.people.get(name);
        self.nobody.signed_in(credentials.unwrap_or_else(|| panic!("nobody here is called {name}")))
    }

    /// The id of a department.
    pub fn department(&self, name: &str) -> String {
        self.agency.departments[name].to_string()
    }
}

/// Today's civil date in every office.
pub fn today() -> NaiveDate {
    Clock::System.today(chrono_tz::Asia::Shanghai)
}
