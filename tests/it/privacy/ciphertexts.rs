//! What is encrypted is bound to its place (reliability T35): swapped between rows, columns or agencies, or with any bit of it turned,
//! it is refused with an error that names the row and no data, and the rest of the service goes on.

use serde_json::{Value, json};

use crate::support::client::Reply;
use crate::support::databases::{Backend, TestDatabase, both_databases};
use crate::support::files::{TEXT, attach, newest};
use crate::support::office::Office;
use crate::support::story::SUBJECT;

const COLUMNS: [&str; 5] = ["name", "identity", "phone", "email", "address"];

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

/// A case with a file, a reveal and an answer that is kept.
struct Kept {
    id: String,
    file: String,
    spots: Vec<Spot>,
}

fn keep(office: &Office, agency: Option<&crate::support::office::Agency>, n: u32) -> Kept {
    let clerk = agency.map_or_else(|| office.as_role("clerk"), |agency| office.of_agency(agency, "clerk"));
    let case = clerk.post("/cases", &request(n)).must(201);
    let id = case.str("/id").to_owned();
    let path = format!("/cases/{id}/registration");
    let registered = clerk
        .if_match(case.etag())
        .idempotency_key(format!("key-{n}"))
        .post(&path, &json!({ "subject": SUBJECT }))
        .must(200);
    attach(
        &clerk.if_match(registered.etag()),
        &id,
        "evidence",
        "凭证.txt",
        &[TEXT, n.to_string().as_bytes()].concat(),
    )
    .must(200);
    let file = newest(&clerk, &id)["id"].as_str().unwrap().to_owned();
    let reveal = json!({ "fields": ["name"], "reason": format!("第{n}次核对") });
    clerk.post(&format!("/cases/{id}/reveals"), &reveal).must(200);
    let database = &office.server.place.database;
    let of = format!("case_id = {}", id_literal(database.backend, &id));
    let content = format!("id = (SELECT content_id FROM case_attachments WHERE {of})");
    let mut spots: Vec<Spot> =
        COLUMNS.iter().map(|column| Spot::new("applicants", column, of.clone())).collect();
    spots.push(Spot::new("case_texts", "sealed", format!("{of} AND kind = 'description'")));
    spots.push(Spot::new("accesses", "sealed", of.clone()));
    spots.push(Spot::new("attachment_contents", "sealed", content));
    spots.push(Spot::new("idempotency_keys", "answer", format!("key = 'key-{n}'")));
    Kept { id, file, spots }
}

/// What opens the blob.
fn open(office: &Office, kept: &Kept, table: &str) -> Reply {
    match table {
        "accesses" => office.as_role("auditor").get(&format!("/cases/{}/reveals", kept.id)),
        "attachment_contents" => {
            office.as_role("clerk").get(&format!("/cases/{}/attachments/{}/content", kept.id, kept.file))
        }
        "idempotency_keys" => office
            .as_role("clerk")
            .if_match("\"1\"")
            .idempotency_key("key-1")
            .post(&format!("/cases/{}/registration", kept.id), &json!({ "subject": SUBJECT })),
        _ => office.as_role("clerk").get(&format!("/cases/{}", kept.id)),
    }
}

/// The server refuses to open it, tells nothing of anybody, and serves the other case as before.
#[track_caller]
fn refused(office: &Office, (kept, other): (&Kept, &Kept), spot: &Spot, what: &str) {
    let reply = open(office, kept, spot.table);
    assert_eq!(
        (reply.status, reply.code_or_empty()),
        (500, "internal"),
        "{what}: {} {}",
        spot.column,
        reply.told()
    );
    for secret in ["闻人", "密文", "E1234567", "wenren", "人民路", "核对"] {
        assert!(!reply.text.contains(secret), "{what}: {}", reply.told());
    }
    office.as_role("clerk").get(&format!("/cases/{}", other.id)).must(200);
}

both_databases! {
    fn a_ciphertext_opens_nowhere_but_in_its_place(backend) {
        let mut office = Office::open_with(backend, &[("GONGKAI_LOG", "debug")]);
        let neighbour = office.neighbour("320900");
        let (first, second) = (keep(&office, None, 1), keep(&office, None, 2));
        let foreign = keep(&office, Some(&neighbour), 3);
        {
            let database = &office.server.place.database;
            for table in ["case_texts", "applicants", "accesses"] {
                let on = if backend == Backend::Postgres { format!(" ON {table}") } else { String::new() };
                database.execute(&format!("DROP TRIGGER {table}_no_update{on}")).unwrap();
            }
            for (n, spot) in first.spots.iter().enumerate() {
                let right = spot.read(database);
                assert!(open(&office, &first, spot.table).status < 300, "{} before", spot.table);
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
                    refused(&office, (&first, &second), spot, what);
                }
                // One bit of each byte: the version, the suite, the key's id, the nonce, what is hidden, the tag.
                let bytes = bytes_of(&right);
                for at in 0..bytes.len() {
                    let mut flipped = bytes.clone();
                    flipped[at] ^= 1 << (at % 8);
                    spot.write(database, &gongkai::crypto::hex::encode(&flipped));
                    refused(&office, (&first, &second), spot, &format!("a bit of byte {at}"));
                }
                spot.write(database, &right);
                assert!(open(&office, &first, spot.table).status < 300, "{} as it was", spot.table);
            }
        }
        // The log names the row and what is wrong, and no data.
        assert!(office.server.stop().success());
        let printed = office.server.printed();
        for named in ["applicants.name", "applicants.identity", "case_texts.sealed", "accesses.sealed"] {
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
