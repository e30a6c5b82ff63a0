//! What is encrypted is bound to its place (reliability T35): swapped between rows, columns or agencies, or with any bit of it turned,
//! it is refused with an error that names the row and no data, and the rest of the service goes on.

use std::collections::BTreeSet;
use std::sync::Arc;

use gongkai::app::App;
use gongkai::app::checkpoints::When;
use serde_json::{Value, json};

use super::columns::sealed_columns;
use crate::support::client::Client;
use crate::support::databases::{Backend, TestDatabase, both_databases};
use crate::support::files::{TEXT, attach, begin, newest, open as open_file, send};
use crate::support::office::{Agency, Office, PASSWORD, today};
use crate::support::server::{Place, Server, block_on};
use crate::support::story::SUBJECT;

const COLUMNS: [&str; 6] = ["name", "identity", "phone", "email", "address", "salt"];
/// Tables with a trigger that keeps their rows as they are, past which somebody with a shell gets.
const KEPT_BY_TRIGGER: [&str; 5] =
    ["case_texts", "applicants", "accesses", "supervision_steps", "signing_keys"];

/// A blob in the database: its table and column, and which row.
#[derive(Clone)]
struct Spot {
    table: &'static str,
    column: &'static str,
    condition: String,
}

impl Spot {
    fn new(table: &'static str, column: &'static str, condition: String) -> Self {
        Self { table, column, condition }
    }

    /// The blob in hexadecimal.
    fn read(&self, database: &TestDatabase) -> String {
        let Self { table, column, condition } = self;
        let hex = match database.backend {
            Backend::Sqlite => format!("lower(hex({column}))"),
            Backend::Postgres => format!("encode({column}, 'hex')"),
        };
        let found = database.lines(&format!("SELECT {hex} AS line FROM {table} WHERE {condition}"));
        assert_eq!(found.len(), 1, "{table} {condition}");
        found[0].clone()
    }

    fn write(&self, database: &TestDatabase, hex: &str) {
        let Self { table, column, condition } = self;
        let blob = match database.backend {
            Backend::Sqlite => format!("X'{hex}'"),
            Backend::Postgres => format!("'\\x{hex}'::bytea"),
        };
        database.execute(&format!("UPDATE {table} SET {column} = {blob} WHERE {condition}")).unwrap();
    }
}

fn id_literal(backend: Backend, id: &str) -> String {
    match backend {
        Backend::Sqlite => format!("X'{}'", id.replace('-', "")),
        Backend::Postgres => format!("'{id}'"),
    }
}

fn request(n: u32) -> Value {
    json!({
        "channel": "counter",
        "applicant": {
            "kind": "natural_person", "name": format!("闻人密文{n}"),
            "identity": { "kind": "passport", "number": format!("E1234567{n}") },
            "phone": format!("1391234567{n}"), "email": format!("wenren{n}@example.com"),
            "address": format!("江苏省淮安市洪泽区人民路{n}号"),
        },
        "description": format!("申请公开密文所述第{n}号报告。"),
    })
}

/// The office, the one above it, and the application as the command line has it.
struct Scene {
    office: Office,
    above: Agency,
    app: Arc<App>,
}

/// A case with a file, a reveal, an upload and an answer that is kept; beside it a supervision notice, a second factor that somebody has
/// begun, and a key that signs checkpoints.
struct Kept {
    id: String,
    file: String,
    upload: String,
    notice: String,
    spots: Vec<Spot>,
}

fn keep(scene: &Scene, agency: &Agency, n: u32) -> Kept {
    let office = &scene.office;
    let clerk = office.of_agency(agency, "clerk");
    let case = clerk.post("/cases", &request(n)).must(201);
    let id = case.str("/id").to_owned();
    let path = format!("/cases/{id}/registration");
    let registered = clerk
        .if_match(case.etag())
        .idempotency_key(format!("key-{n}"))
        .post(&path, &json!({ "subject": SUBJECT }))
        .must(200);
    let bytes = [TEXT, n.to_string().as_bytes()].concat();
    attach(&clerk.if_match(registered.etag()), &id, "evidence", "凭证.txt", &bytes).must(200);
    let file = newest(&clerk, &id)["id"].as_str().unwrap().to_owned();
    let reveal = json!({ "fields": ["name"], "reason": format!("第{n}次核对") });
    clerk.post(&format!("/cases/{id}/reveals"), &reveal).must(200);
    let upload = begin(&clerk, &id, TEXT.len()).must(201).str("/id").to_owned();
    let notice = json!({ "subject": "逾期未答复", "text": format!("请核对第{n}件。"), "due_on": today() });
    let path = format!("/agencies/{}/supervision-notices", agency.id);
    let notice = office.of_agency(&scene.above, "supervisor").post(&path, &notice).must(201);
    let notice = notice.str("/id").to_owned();
    let holder = if n == 2 { "approver-2" } else { HOLDER };
    let password = json!({ "current_password": PASSWORD });
    office.of_agency(agency, holder).put("/me/second-factor", &password).must(200);
    block_on(scene.app.change_signing_key(agency.id)).unwrap();

    let database = &office.server.place.database;
    let literal = |id: &str| id_literal(database.backend, id);
    let (of, of_agency) = (format!("case_id = {}", literal(&id)), literal(&agency.id.to_string()));
    let mut spots: Vec<Spot> =
        COLUMNS.iter().map(|column| Spot::new("applicants", column, of.clone())).collect();
    let content = format!("id = (SELECT content_id FROM case_attachments WHERE {of})");
    let signs = format!("agency_id = {of_agency} AND n = {}", if n == 2 { 2 } else { 1 });
    let username = agency.username(holder);
    spots.extend([
        Spot::new("case_texts", "sealed", format!("{of} AND kind = 'description'")),
        Spot::new("accesses", "sealed", of),
        Spot::new("attachment_contents", "sealed", content),
        Spot::new("attachment_uploads", "sealed_key", format!("id = {}", literal(&upload))),
        Spot::new("supervision_steps", "sealed", format!("notice_id = {} AND n = 1", literal(&notice))),
        Spot::new("idempotency_keys", "answer", format!("key = 'key-{n}'")),
        Spot::new("signing_keys", "secret", signs),
        Spot::new("accounts", "totp_secret", format!("username = '{username}'")),
    ]);
    Kept { id, file, upload, notice, spots }
}

/// Who has begun a second factor.
const HOLDER: &str = "archivist";

/// What came of it when a blob was to be opened.
struct Opened {
    yes: bool,
    internal: bool,
    text: String,
}

/// Does what opens the blob.
fn open(scene: &Scene, kept: &Kept, table: &str) -> Opened {
    let office = &scene.office;
    let clerk = office.as_role("clerk");
    let reply = match table {
        "accesses" => office.as_role("auditor").get(&format!("/cases/{}/reveals", kept.id)),
        "attachment_contents" => open_file(&clerk, &kept.id, &kept.file),
        "attachment_uploads" => send(&clerk, &kept.id, &kept.upload, TEXT),
        "supervision_steps" => {
            clerk.get(&format!("/agencies/{}/supervision-notices/{}", office.agency.id, kept.notice))
        }
        "idempotency_keys" => clerk
            .if_match("\"1\"")
            .idempotency_key("key-1")
            .post(&format!("/cases/{}/registration", kept.id), &json!({ "subject": SUBJECT })),
        "signing_keys" => return signed(scene, &clerk),
        "accounts" => {
            let holder = office.as_role(HOLDER);
            holder.put("/me/second-factor/confirmation", &json!({ "code": "000000" }))
        }
        _ => clerk.get(&format!("/cases/{}", kept.id)),
    };
    // That a code is wrong is known to who has the secret.
    let wrong_code = table == "accounts" && reply.status == 422;
    Opened {
        yes: reply.status < 300 || wrong_code,
        internal: (reply.status, reply.code_or_empty()) == (500, "internal"),
        text: reply.told(),
    }
}

/// Has a checkpoint signed, for which there is something new.
fn signed(scene: &Scene, clerk: &Client) -> Opened {
    clerk.post("/cases", &request(9)).must(201);
    match block_on(scene.app.make_checkpoints_of(scene.office.agency.id, When::Now)) {
        Ok(made) => Opened { yes: made > 0, internal: false, text: made.to_string() },
        Err(error) => Opened { yes: false, internal: true, text: error.to_string() },
    }
}

/// The server refuses to open it, tells nothing of anybody, and serves the other case as before.
#[track_caller]
fn refused(scene: &Scene, (kept, other): (&Kept, &Kept), spot: &Spot, what: &str) {
    let opened = open(scene, kept, spot.table);
    assert!(opened.internal && !opened.yes, "{what}: {}.{} {}", spot.table, spot.column, opened.text);
    for secret in ["闻人", "密文", "E1234567", "wenren", "人民路", "核对"] {
        assert!(!opened.text.contains(secret), "{what}: {}", opened.text);
    }
    scene.office.as_role("clerk").get(&format!("/cases/{}", other.id)).must(200);
}

both_databases! {
    fn a_ciphertext_opens_nowhere_but_in_its_place(backend) {
        let place = Place::new(backend);
        let app = place.app();
        let above = Agency::found(&app, "320000");
        let [agency, neighbour] = ["320800", "320900"].map(|code| Agency::found_below(&app, code, Some("320000")));
        let server = Server::start_with(place, &[("GONGKAI_LOG", "debug")], &[]);
        let mut scene = Scene { office: Office::of(server, agency), above, app };
        let ours = &scene.office.agency;
        let (first, second) = (keep(&scene, ours, 1), keep(&scene, ours, 2));
        let foreign = keep(&scene, &neighbour, 3);
        let turned: BTreeSet<_> = first.spots.iter().map(|spot| (spot.table, spot.column)).collect();
        assert_eq!(turned, sealed_columns().into_iter().collect(), "not every encrypted column is tried");
        {
            let database = &scene.office.server.place.database;
            for table in KEPT_BY_TRIGGER {
                let on = if backend == Backend::Postgres { format!(" ON {table}") } else { String::new() };
                database.execute(&format!("DROP TRIGGER {table}_no_update{on}")).unwrap();
            }
            for (n, spot) in first.spots.iter().enumerate() {
                let right = spot.read(database);
                let before = open(&scene, &first, spot.table);
                assert!(before.yes, "{} before: {}", spot.table, before.text);
                // Another row, another agency, another column.
                let mut wrong = vec![
                    ("a row", second.spots[n].read(database)),
                    ("an agency", foreign.spots[n].read(database)),
                    ("a column", first.spots[(n + 1) % first.spots.len()].read(database)),
                    ("nothing", String::new()),
                    ("half", right[..right.len() / 4 * 2].to_owned()),
                    ("more", format!("{right}00")),
                ];
                if spot.table == "idempotency_keys" {
                    // An empty one is that of an erased case.
                    wrong.retain(|(what, _)| *what != "nothing");
                }
                for (what, blob) in wrong {
                    spot.write(database, &blob);
                    refused(&scene, (&first, &second), spot, what);
                }
                // One bit of each byte: the version, the suite, the key's id, the nonce, what is hidden, the tag.
                let bytes = bytes_of(&right);
                for at in 0..bytes.len() {
                    let mut flipped = bytes.clone();
                    flipped[at] ^= 1 << (at % 8);
                    spot.write(database, &gongkai::crypto::hex::encode(&flipped));
                    refused(&scene, (&first, &second), spot, &format!("a bit of byte {at}"));
                }
                spot.write(database, &right);
                let after = open(&scene, &first, spot.table);
                assert!(after.yes, "{} as it was: {}", spot.table, after.text);
            }
        }
        // The log names the row and what is wrong, and no data.
        assert!(scene.office.server.stop().success());
        let printed = scene.office.server.printed();
        for named in ["applicants.name", "applicants.identity", "applicants.salt", "supervision_steps.sealed", "case_texts.sealed", "accesses.sealed"] {
            assert!(printed.contains(named), "the log does not name {named}");
        }
        for secret in ["闻人", "E12345671", "13912345671", "wenren1", "人民路1号"] {
            assert!(!printed.contains(secret), "{secret} in the log");
        }
    }
}

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect()
}
