//! 三员分立: no person ever holds two of the three administrators' roles, over every pair of them and every way in which a role
//! comes to somebody: one change, two accounts of one person, another agency, a department, both at once, the command line, a
//! person named in another spelling, SQL.

use std::collections::BTreeSet;
use std::sync::Barrier;

use serde_json::{Value, json};

use super::operations::told;
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, TestDatabase, both_databases};
use crate::support::office::{Agency, BUDGET, Office};
use crate::support::server::GONGKAI;

const ADMINISTRATORS: [&str; 3] = ["system_admin", "security_admin", "auditor"];

/// An office, its neighbour in the same database, and how many persons were made.
struct Offices {
    office: Office,
    neighbour: Agency,
}

impl Offices {
    fn open(backend: Backend) -> Self {
        let office = Office::open(backend);
        let neighbour = office.neighbour("320900");
        Self { office, neighbour }
    }

    fn client(&self, here: bool, who: &str) -> Client {
        if here { self.office.as_role(who) } else { self.office.of_agency(&self.neighbour, who) }
    }

    /// An account of a person, here or at the neighbour's.
    fn account(&self, here: bool, username: &str, person: &str) -> String {
        let new = json!({ "username": username, "person": person, "password": "Wei-Chen-Mo-Ji-1876" });
        self.client(here, "system_admin").post("/accounts", &new).must(201).str("/id").to_owned()
    }

    fn grant(&self, here: bool, account: &str, roles: &Value) -> Reply {
        self.client(here, "security_admin")
            .put(&format!("/accounts/{account}/roles"), &json!({ "roles": roles }))
    }

    fn database(&self) -> &TestDatabase {
        &self.office.server.place.database
    }

    /// The rule itself, asked of the database.
    #[track_caller]
    fn must_be_apart(&self) {
        let both = self.database().lines(
            "SELECT 'two' AS line FROM role_grants WHERE role IN ('system_admin', 'security_admin', 'auditor') \
             GROUP BY person_id HAVING count(*) > 1",
        );
        assert_eq!(both, Vec::<String>::new());
        let strangers = self.database().lines(
            "SELECT 'stranger' AS line FROM role_grants g JOIN accounts a ON a.id = g.account_id \
             WHERE a.person_id <> g.person_id",
        );
        assert_eq!(strangers, Vec::<String>::new());
    }
}

/// Where the two roles of a pair are held.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Both in one change of one account.
    AtOnce,
    /// The second beside the first, kept.
    Added,
    /// On another account of the same person.
    SecondAccount,
    /// On an account of the same person at another agency.
    Elsewhere,
    /// Each limited to a department.
    Departments,
    /// On two accounts, in two requests at the same moment.
    Together,
    /// On two accounts at two agencies, in two requests at the same moment.
    TogetherElsewhere,
}

const WAYS: [Way; 7] = [
    Way::AtOnce,
    Way::Added,
    Way::SecondAccount,
    Way::Elsewhere,
    Way::Departments,
    Way::Together,
    Way::TogetherElsewhere,
];

both_databases! {
    /// A staff number with a character that nobody sees, or that looks like another, would make another person of the same.
    fn a_staff_number_is_of_characters_that_everybody_can_tell_apart(backend) {
        let offices = Offices::open(backend);
        let person_of = |account: &str| {
            let query = format!("SELECT lower(hex(person_id)) AS line FROM accounts WHERE username = '{account}'");
            let query = if backend == Backend::Postgres { query.replace("lower(hex(person_id))", "person_id::text") } else { query };
            offices.database().lines(&query).concat()
        };
        offices.account(true, "plain", "Staff-777");
        for (n, same) in ["staff-777", " Staff -777 ", "Ｓｔａｆｆ－７７７", "ＳTAFF-7 77"].iter().enumerate() {
            offices.account(true, &format!("same-{n}"), same);
            assert_eq!(person_of(&format!("same-{n}")), person_of("plain"), "{same}");
        }
        let admin = offices.client(true, "system_admin");
        for odd in ["Staff\u{200B}-777", "Staff\u{AD}-777", "Staff-777\u{FE0F}", "\u{405}taff-777", "Staff–777", "★"] {
            let new = json!({ "username": "other", "person": odd, "password": "Wei-Chen-Mo-Ji-1876" });
            let refused = admin.post("/accounts", &new).must(422);
            assert_eq!((refused.str("/errors/0/pointer"), refused.str("/errors/0/code")), ("/person", "pattern"), "{odd:?}");
        }
        offices.account(true, "han", "办公室-张三");
    }

    fn no_way_leads_to_two_of_the_three(backend) {
        let offices = Offices::open(backend);
        let department = offices.office.department(BUDGET);
        let mut tried = 0;
        for (n, way) in WAYS.into_iter().enumerate() {
            for (k, a) in ADMINISTRATORS.into_iter().enumerate() {
                for (l, b) in ADMINISTRATORS.into_iter().enumerate() {
                    let name = format!("p{n}{k}{l}");
                    let elsewhere = !matches!(way, Way::Elsewhere | Way::TogetherElsewhere);
                    let one = offices.account(true, &format!("{name}.1"), &name);
                    let two = offices.account(elsewhere, &format!("{name}.2"), &name);
                    let role = |role: &str| json!([{ "role": role }]);
                    let refused = |reply: &Reply| {
                        let wanted = if a == b && matches!(way, Way::AtOnce | Way::Added) {
                            // The same twice on one account is a mistake of another kind.
                            "422 invalid"
                        } else {
                            "409 one_administrator"
                        };
                        assert_eq!(told(reply), wanted, "{way:?} {a} {b}");
                    };
                    match way {
                        Way::AtOnce => refused(&offices.grant(true, &one, &json!([{ "role": a }, { "role": b }]))),
                        Way::Added => {
                            offices.grant(true, &one, &role(a)).must(204);
                            refused(&offices.grant(true, &one, &json!([{ "role": a }, { "role": b }])));
                        }
                        Way::SecondAccount | Way::Elsewhere => {
                            offices.grant(true, &one, &role(a)).must(204);
                            refused(&offices.grant(elsewhere, &two, &role(b)));
                            let hidden = json!([{ "role": "clerk" }, { "role": b }]);
                            refused(&offices.grant(elsewhere, &two, &hidden));
                        }
                        Way::Departments => {
                            let limited = |role: &str| json!([{ "role": role, "department_id": department }]);
                            offices.grant(true, &one, &limited(a)).must(204);
                            refused(&offices.grant(true, &two, &limited(b)));
                            let wide = json!([{ "role": a, "department_id": department }, { "role": b }]);
                            assert_eq!(told(&offices.grant(true, &one, &wide)), "409 one_administrator");
                        }
                        Way::Together | Way::TogetherElsewhere => {
                            let start = Barrier::new(2);
                            let (first, second) = std::thread::scope(|scope| {
                                let first = scope.spawn(|| {
                                    start.wait();
                                    offices.grant(true, &one, &role(a))
                                });
                                start.wait();
                                let second = offices.grant(elsewhere, &two, &role(b));
                                (first.join().unwrap(), second)
                            });
                            let answers = BTreeSet::from([told(&first), told(&second)]);
                            let wanted = ["204", "409 one_administrator"].map(str::to_owned);
                            assert_eq!(answers, BTreeSet::from(wanted), "{way:?} {a} {b}");
                        }
                    }
                    offices.must_be_apart();
                    tried += 1;
                }
            }
        }
        assert_eq!(tried, 63);
        offices.office.server.place.must_be_sound();
    }

    fn a_person_is_the_same_in_every_spelling(backend) {
        let offices = Offices::open(backend);
        let one = offices.account(true, "spelt.0", "Staff-0417");
        offices.grant(true, &one, &json!([{ "role": "auditor" }])).must(204);
        for (n, spelt) in ["staff-0417", " Staff-0417", "STAFF-0417 ", "ｓｔａｆｆ-０４１７"].iter().enumerate() {
            let two = offices.account(n % 2 == 0, &format!("spelt.{}", n + 1), spelt);
            let refused = offices.grant(n % 2 == 0, &two, &json!([{ "role": "system_admin" }]));
            assert_eq!(told(&refused), "409 one_administrator", "{spelt}");
        }
        offices.must_be_apart();
    }

    /// The command line makes accounts with their roles: over all pairs, on one account and on two.
    fn the_command_line_keeps_them_apart(backend) {
        let offices = Offices::open(backend);
        let create = |username: &str, roles: &str, person: &str, agency: &str| {
            let mut command = offices.office.server.place.command("sh");
            command.args(["-c", "echo Wei-Chen-Mo-Ji-1876 | \"$0\" \"$@\" --password-stdin", GONGKAI]);
            command.args(["account", "create", "--username", username, "--agency", agency]);
            let output = command.args(["--role", roles, "--person", person]).output().unwrap();
            (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        for (k, a) in ADMINISTRATORS.into_iter().enumerate() {
            for (l, b) in ADMINISTRATORS.into_iter().enumerate().filter(|(l, _)| *l != k) {
                let person = format!("c{k}{l}");
                let (made, told) = create(&format!("{person}.0"), &format!("{a},{b}"), &person, "320800");
                assert!(!made && told.contains("administrator"), "{a} {b}: {told}");
                assert!(create(&format!("{person}.1"), a, &person, "320800").0);
                for agency in ["320800", "320900"] {
                    let (made, told) = create(&format!("{person}.{agency}"), b, &person, agency);
                    assert!(!made && told.contains("administrator"), "{a} {b}: {told}");
                }
            }
        }
        offices.must_be_apart();
    }

    /// Somebody with a shell on the database: the constraints hold without the program.
    fn sql_keeps_them_apart(backend) {
        let offices = Offices::open(backend);
        let database = offices.database();
        let held = |role: &str| format!("(SELECT account_id FROM role_grants WHERE role = '{role}' LIMIT 1)");
        let person = |role: &str| format!("(SELECT person_id FROM role_grants WHERE role = '{role}' LIMIT 1)");
        let new_id = |n: usize| match backend {
            Backend::Sqlite => format!("x'{:032x}'", 0xabc0 + n),
            Backend::Postgres => format!("'00000000-0000-7000-8000-{:012x}'", 0xabc0 + n),
        };
        let now = if backend == Backend::Sqlite { "1" } else { "now()" };
        // What the refusals below are worth: a role that is none of the three is taken, and can be taken away again.
        let control = format!(
            "INSERT INTO role_grants (id, agency_id, account_id, person_id, role, granted_at) SELECT {}, agency_id, account_id, \
             {}, 'supervisor', {now} FROM role_grants WHERE account_id = {} LIMIT 1",
            new_id(0),
            person("clerk"),
            held("clerk")
        );
        database.execute(&control).unwrap();
        database.execute(&format!("DELETE FROM role_grants WHERE id = {}", new_id(0))).unwrap();
        let mut n = 0;
        let before = database.contents();
        for a in ADMINISTRATORS {
            for b in ADMINISTRATORS {
                // To the same account; with another's person, who holds none; and changed afterwards.
                for whose in [person(a), person("clerk"), person(b)] {
                    n += 1;
                    let insert = format!(
                        "INSERT INTO role_grants (id, agency_id, account_id, person_id, role, granted_at) SELECT {}, \
                         agency_id, account_id, {whose}, '{b}', {now} FROM role_grants WHERE account_id = {} LIMIT 1",
                        new_id(n),
                        held(a)
                    );
                    assert!(database.execute(&insert).is_err(), "{a} {b}: {insert}");
                }
                if a != b {
                    let moved = format!(
                        "UPDATE role_grants SET account_id = {}, person_id = {} WHERE id = \
                         (SELECT id FROM role_grants WHERE role = '{b}' LIMIT 1)",
                        held(a),
                        person(a)
                    );
                    assert!(database.execute(&moved).is_err(), "{moved}");
                    let renamed = format!(
                        "UPDATE role_grants SET person_id = {} WHERE role = '{b}' AND account_id = {}",
                        person("clerk"),
                        held(b)
                    );
                    assert!(database.execute(&renamed).is_err(), "{renamed}");
                    let merged = format!("UPDATE accounts SET person_id = {} WHERE id = {}", person(a), held(b));
                    assert!(database.execute(&merged).is_err(), "{merged}");
                }
            }
        }
        assert!(n == 27 && database.contents() == before);
        offices.must_be_apart();
    }
}
