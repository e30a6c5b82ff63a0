//! Every operation of the document × every role × {own department, another department, another agency, nothing that exists}: printed as
//! a table that is reviewed, and compared: what is another agency's answers exactly as what does not exist, and nothing of an agency is
//! in any answer to the people of another (reliability T28–T30).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::operations::{Ids, Operation, check_answer, operations, without_request};
use crate::support::client::{Client, Reply};
use crate::support::databases::{Backend, both_databases};
use crate::support::files;
use crate::support::office::{Agency, BUDGET, Office, PLANNING, ROLES, today};
use crate::support::server::GONGKAI;
use crate::support::story::{CaseStory, request};

/// Whoever works in an office, a role each; the handler's department is [`BUDGET`]. And a portal.
fn roles() -> impl Iterator<Item = &'static str> {
    ROLES.iter().copied().chain(["portal"])
}

/// A word that stands in everything of the office, and nowhere else.
const CANARY: &str = "金丝雀";

/// Signed in at an agency, by role.
struct People(BTreeMap<&'static str, Client>);

impl People {
    fn of(office: &Office, agency: &Agency) -> Self {
        let person = |role: &'static str| match role {
            "portal" => (role, portal(office, &office.of_agency(agency, "system_admin"), "呼叫者").1),
            role => (role, office.of_agency(agency, role)),
        };
        Self(roles().map(person).collect())
    }
}

/// A portal's id, and the portal signed in.
fn portal(office: &Office, admin: &Client, name: &str) -> (String, Client) {
    let made = admin.post("/portals", &json!({ "name": name })).must(201);
    let (id, secret) = (made.str("/client_id").to_owned(), made.str("/client_secret"));
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let kind = Some("application/x-www-form-urlencoded");
    let token =
        office.anonymous().try_send_bytes("POST", "/api/v1/auth/token", kind, form.as_bytes()).unwrap();
    let bearer = format!("Bearer {}", token.must(200).str("/access_token"));
    (id, office.anonymous().header("Authorization", bearer))
}

/// Things of the office, new ones: the case is a department's.
fn things(office: &Office, account: &str, department: &str) -> Ids {
    let mut asked = request();
    asked["description"] = json!(format!("申请公开{CANARY}报告。"));
    let case = CaseStory::receive(office, &asked).register(&format!("{CANARY}报告")).assign(department).id;
    let clerk = office.as_role("clerk").if_match("*");
    files::attach(&clerk, &case, "evidence", &format!("{CANARY}.txt"), files::TEXT).must(200);
    let attachment = files::newest(&clerk, &case)["id"].as_str().unwrap().to_owned();
    // The upload by which it came has its id.
    let upload = attachment.clone();
    let account = account.to_owned();
    let agency = office.agency.id.to_string();
    let notice = json!({ "subject": format!("{CANARY}逾期"), "text": "请书面报告。", "due_on": today(), "case_id": case });
    let sent = office.as_role("supervisor").post(&format!("/agencies/{agency}/supervision-notices"), &notice);
    let notice = sent.must(201).str("/id").to_owned();
    let (portal, client) = portal(office, &office.as_role("system_admin"), &format!("{CANARY}{case}"));
    let mut online = asked;
    (online["channel"], online["portal_request_id"]) = (json!("online"), json!("web-1"));
    client.post("/cases", &online).must(201);
    Ids { case, agency, account, upload, attachment, notice, portal, ..Ids::default() }
}

/// What of an operation is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// Anybody may ask; it names nothing of anybody's.
    Everybody,
    /// The caller's own account.
    Oneself,
    /// Statutes and calendars.
    Law,
    /// A thing of an agency, in the path or as `agency_id`.
    Thing,
    /// What the caller's agency has of a kind.
    Collection,
}

fn about(operation: &Operation) -> About {
    let path = operation.path.as_str();
    let names = |name: &&str| path.contains(*name);
    if operation.is_public() {
        About::Everybody
    } else if path.starts_with("/me") || path.starts_with("/auth/") {
        About::Oneself
    } else if path.starts_with("/statutes") || path.starts_with("/calendars") {
        About::Law
    } else if ["{case_id}", "{agency_id}", "{account_id}", "{portal_id}"].iter().any(names)
        || operation.has_parameter("agency_id")
    {
        About::Thing
    } else {
        About::Collection
    }
}

/// Asks, naming the agency also where that is a parameter.
fn ask(operation: &Operation, who: &Client, ids: &Ids) -> Reply {
    let agency = operation.has_parameter("agency_id").then(|| format!("agency_id={}&", ids.agency));
    let query = format!("{}{}", operation.query(), agency.unwrap_or_default());
    let reply = if query.is_empty() || operation.takes_body() {
        operation.ask(who, ids)
    } else {
        who.send(
            &operation.method,
            &format!("{}?{}", operation.path_of(ids), query.trim_end_matches('&')),
            None,
        )
    };
    check_answer(&reply);
    reply
}

/// Whether the policy let it through: what is asked for then may still be the wrong version or content.
fn letter(reply: &Reply) -> char {
    match reply.status {
        404 => '.',
        403 => 'n',
        401 => 'u',
        _ => 'y',
    }
}

/// Nothing of the office is in an answer to somebody else.
#[track_caller]
fn no_leak(reply: &Reply, ids: &Ids) {
    let own = [CANARY, &ids.case, &ids.attachment, &ids.upload, &ids.notice, &ids.portal];
    // What a path said may be said again, such as the id of a resource that is not there.
    let told = reply.text.replace(&reply.asked, "");
    for secret in own {
        assert!(!told.contains(secret), "{secret} in {}", reply.told());
    }
}

/// The table, a line an operation: for each role how it fares with its own department's thing, another department's, another agency's, and
/// one that does not exist.
fn table(backend: Backend) -> String {
    let office = Office::open(backend);
    let neighbour = office.neighbour("320900");
    for agency in [&office.agency, &neighbour] {
        let digest = ["digest", "--agency", &agency.code, "--kind", "monthly_ledger", "--period", "2026-03"];
        assert!(office.server.place.command(GONGKAI).args(digest).output().unwrap().status.success());
    }
    let (ours, theirs) = (People::of(&office, &office.agency), People::of(&office, &neighbour));
    let nothing = Ids::default();
    // An account that nobody here uses: it will be disabled, and lose its roles.
    let spare = office.as_role("clerk-2").get("/me").must(200).str("/account_id").to_owned();
    let [mut own, mut others] = [BUDGET, PLANNING].map(|department| things(&office, &spare, department));
    let mut table = String::from(HEAD);
    let mut asked = BTreeSet::new();
    for operation in operations() {
        let about = about(&operation);
        let mut row = String::new();
        for role in roles().filter(|_| matches!(about, About::Thing | About::Collection)) {
            let (he, stranger) = (&ours.0[role], &theirs.0[role]);
            let at_home = ask(&operation, he, &own);
            row.push(letter(&at_home));
            let changes =
                |reply: &Reply| reply.status < 300 && operation.method != "GET" && about == About::Thing;
            let mut changed = changes(&at_home);
            let from_outside = ask(&operation, stranger, &own);
            no_leak(&from_outside, &own);
            if about == About::Thing {
                let elsewhere = ask(&operation, he, &others);
                changed = changed || changes(&elsewhere);
                let missing = ask(&operation, stranger, &nothing);
                assert_eq!(
                    without_request(&from_outside),
                    without_request(&missing),
                    "{} by {role}",
                    operation.id
                );
                row.extend([letter(&elsewhere), letter(&from_outside), letter(&missing)]);
                if letter(&elsewhere) == '.' {
                    let none = ask(&operation, he, &nothing);
                    assert_eq!(
                        without_request(&elsewhere),
                        without_request(&none),
                        "{} by {role}",
                        operation.id
                    );
                }
            }
            row.push(' ');
            if changed {
                [own, others] = [BUDGET, PLANNING].map(|department| things(&office, &spare, department));
            }
        }
        if about == About::Law {
            for stranger in theirs.0.values() {
                no_leak(&ask(&operation, stranger, &own), &own);
            }
        }
        let row = match about {
            About::Everybody => "open to everybody, and about nothing of anybody's",
            About::Oneself => "about the caller's own account",
            About::Law => "about the law, for whoever has signed in; changed by system administrators",
            About::Thing | About::Collection => row.trim_end(),
        };
        writeln!(table, "{:<30}{row}", operation.id).unwrap();
        asked.insert(operation.id);
    }
    let untested: Vec<String> =
        operations().into_iter().map(|operation| operation.id).filter(|id| !asked.contains(id)).collect();
    assert_eq!(untested, Vec::<String>::new());
    table
}

const HEAD: &str = "\
Who gets through to which operation (接口权限表). Made by tests/it/api/access.rs; UPDATE_GOLDEN=1 writes it anew.

Four letters a role, for a thing of his own department (本部门), of another department (其他部门), of another agency (其他机关), and
for one that does not exist (不存在); one letter where an operation names no thing.
y = the policy lets him through (then version, status and content decide); n = he may know of it, not do it (403); . = to him it does
not exist (404). Roles: clerk, handler (of one department; all others of the whole agency), legal_reviewer, secrecy_reviewer, approver,
archivist, supervisor, system_admin, security_admin, auditor, portal.

";

#[expect(clippy::disallowed_methods, reason = "a variable of the tests, not of the program")]
fn compare(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/operations.txt");
    if std::env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1") {
        std::fs::write(&path, table).unwrap();
    }
    let signed = std::fs::read_to_string(&path).unwrap_or_default();
    for (n, (now, then)) in table.lines().zip(signed.lines()).enumerate() {
        assert_eq!(
            now,
            then,
            "line {} of tests/golden/operations.txt; UPDATE_GOLDEN=1 writes it anew",
            n + 1
        );
    }
    assert_eq!(table.len(), signed.len(), "tests/golden/operations.txt; UPDATE_GOLDEN=1 writes it anew");
}

both_databases! {
    fn every_operation_by_every_role_on_what_is_own_foreign_and_missing(backend) {
        let table = table(backend);
        // No letter of another agency's thing differs from that of one that does not exist, and none gets through.
        for line in table.lines().skip(HEAD.lines().count()) {
            let cells = line.get(30..).unwrap().split(' ').filter(|cell| cell.len() == 4 && cell.is_ascii());
            for cell in cells.filter(|cell| cell.chars().all(|letter| "yn.u".contains(letter))) {
                assert_eq!(cell.as_bytes()[2], cell.as_bytes()[3], "{line}");
                assert!(!cell.contains('u'), "{line}");
            }
        }
        compare(&table);
    }
}
