//! An office with its people, ready to work: each is a person with an account of his own.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use futures_util::future::join_all;
use gongkai::app::App;
use gongkai::app::set_up::{NewAccount, NewAgency};
use gongkai::clock::Clock;
use gongkai::crypto::password::Password;
use gongkai::crypto::random;
use gongkai::domain::agency_event::{AgencyEvent, RoleHeld};
use gongkai::domain::case::By;
use gongkai::domain::ids::{AccountId, AgencyId, DepartmentId, EventId, PersonId};
use gongkai::domain::role::Role;
use gongkai::store::{AccountRow, At, GrantRow, Key, Meta, PersonRow, SetUp, SetUpChange};

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

/// Every role of an office, as the first who holds it is named.
pub const ROLES: &[&str] = &[
    "clerk",
    "handler",
    "legal_reviewer",
    "secrecy_reviewer",
    "approver",
    "archivist",
    "supervisor",
    "system_admin",
    "security_admin",
    "auditor",
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
                employ(app, id, username(name), (*role, department.map(|name| departments[name])))
            }))
            .await;
            let people =
                PEOPLE.iter().map(|(name, ..)| (*name, Credentials::new(username(name), PASSWORD))).collect();
            Self { id, code: code.to_owned(), departments, people }
        })
    }
}

/// Makes an account as the program does. A hash of a password costs what it must, and the tests employ thousands: those after the first
/// get the hash that the program made for it.
async fn employ(app: &App, agency: AgencyId, username: String, role: (Role, Option<DepartmentId>)) {
    static HASH: OnceLock<String> = OnceLock::new();
    let Some(hash) = HASH.get() else {
        let new = NewAccount {
            agency,
            username,
            person: None,
            roles: vec![role],
            password: Some(Password::from(PASSWORD)),
            must_change: false,
        };
        let made = app.create_account(By::Operator, new).await.unwrap();
        HASH.get_or_init(|| made.row.password_hash);
        return;
    };
    let now = app.clock.now();
    let [account, person, grant] = [(); 3].map(|()| Key(random::new_id(now)));
    let (role, department) = role;
    let row = AccountRow {
        agency_id: Key(agency.0),
        id: account,
        person_id: person,
        username,
        password_hash: hash.clone(),
        must_change_password: false,
        failed_logins: 0,
        locked_until: None,
        disabled: false,
        created_at: At(now),
        password_set_at: At(now),
        active_at: At(now),
        totp_secret: None,
        totp_confirmed_at: None,
        totp_step: 0,
        clearance: 0,
    };
    let held = GrantRow {
        id: grant,
        agency_id: Key(agency.0),
        account_id: account,
        person_id: person,
        role: role.code().to_owned(),
        department_id: department.map(|id| Key(id.0)),
        granted_at: At(now),
    };
    let known = PersonRow { id: person, reference: format!("person-{}", person.0), created_at: At(now) };
    let event = AgencyEvent::AccountCreated {
        account: AccountId(account.0),
        person: PersonId(person.0),
        roles: vec![RoleHeld { role, department }],
    };
    let change = SetUp {
        agency,
        events: vec![(EventId(random::new_id(now)), event)],
        meta: Meta { at: now, by: By::Operator, origin: app.origin },
        on: today(),
        change: SetUpChange::Account(row, Some(known), vec![held]),
        retry: None,
    };
    app.store.set_up(change).await.unwrap();
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

/// A province with two cities below it: the office is one of them, the sister stands beside it.
pub struct Tree {
    pub office: Office,
    pub province: Agency,
    pub sister: Agency,
}

impl Tree {
    pub fn plant(backend: Backend) -> Self {
        let place = Place::new(backend);
        let app = place.app();
        let province = Agency::found(&app, "320000");
        let agency = Agency::found_below(&app, "320800", Some("320000"));
        let sister = Agency::found_below(&app, "320900", Some("320000"));
        let office = Office::of(Server::start_with(place, &[], &[]), agency);
        Self { office, province, sister }
    }

    /// One of the province's people.
    pub fn above(&self, name: &str) -> Client {
        self.office.of_agency(&self.province, name)
    }

    /// One of the sister's.
    pub fn sisters(&self, name: &str) -> Client {
        self.office.of_agency(&self.sister, name)
    }
}

/// Today's civil date in every office.
pub fn today() -> NaiveDate {
    Clock::System.today(chrono_tz::Asia::Shanghai)
}
