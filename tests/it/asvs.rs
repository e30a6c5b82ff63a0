//! `docs/asvs.csv`: a row for each requirement of OWASP ASVS 5.0.0, which says whether it is met and what shows it (reliability T51).
//! The map is held against the standard's list and against the tree: a test or a heading that it names must be there.
//!
//! A test is named as cargo prints it, with `it::` before those of this binary: `test:crypto::column::tests::every_cut_is_found`,
//! `test:it::api::slow::a_body_too_deep_is_not_json_of_ours`. A heading is named by its file and anchor: `doc:docs/security.md#keys`.

mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tree::{anchors, test_fault};

/// The standard's sections, and the level of each of their requirements in order: `1.5` has three, of levels 1, 2 and 3.
const STANDARD: &str = "\
    1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123 2.1:122 2.2:112 2.3:12223 2.4:23 3.1:3 3.2:113 3.3:12223 3.4:11222233 \
    3.5:11122333 3.6:3 3.7:22333 4.1:12233 4.2:23333 4.3:22 4.4:1222 5.1:2 5.2:112333 5.3:113 5.4:222 6.1:122 6.2:111111112222 \
    6.3:11223333 6.4:112233 6.5:22222333 6.6:2223 6.7:33 6.8:2222 7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:223 7.6:22 8.1:1233 \
    8.2:1123 8.3:133 8.4:23 9.1:111 9.2:1222 10.1:22 10.2:223 10.3:22223 10.4:1111122222233333 10.5:22222 10.6:22 10.7:222 \
    11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23 11.7:33 12.1:12233 12.2:11 12.3:22223 13.1:2333 13.2:222223 \
    13.3:2233 13.4:1222233 14.1:22 14.2:12223333 14.3:122 15.1:12233 15.2:12233 15.3:1222222 15.4:3333 16.1:2 16.2:22222 \
    16.3:2222 16.4:222 16.5:2223 17.1:23 17.2:22223333 17.3:22";

const HEADER: [&str; 5] = ["id", "level", "status", "shown_by", "note"];
const STATUSES: [&str; 4] = ["met", "partly", "not_applicable", "open"];

/// A line of the map.
#[derive(Clone, Debug)]
struct Row {
    id: String,
    level: String,
    status: String,
    shown_by: Vec<String>,
    note: String,
}

/// The requirements in order, each with its level.
fn standard() -> Vec<(String, String)> {
    let sections = STANDARD.split_whitespace().map(|section| section.split_once(':').unwrap());
    let requirements = sections.flat_map(|(section, levels)| {
        (1..).zip(levels.chars()).map(move |(n, level)| (format!("{section}.{n}"), level.to_string()))
    });
    requirements.collect()
}

/// Reads the map, strictly.
fn read(text: &str) -> Result<Vec<Row>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = records.next().ok_or("it is empty")?.map_err(|error| error.to_string())?;
    if header.iter().ne(HEADER) {
        return Err(format!("the columns are {HEADER:?} and not {header:?}"));
    }
    let row = |record: csv::Result<csv::StringRecord>| {
        let record = record.map_err(|error| error.to_string())?;
        let fields: Vec<String> = record.iter().map(str::to_owned).collect();
        if fields.iter().any(|field| field.trim() != field || field.contains(['\n', '\r'])) {
            return Err(format!("blanks around a field: {record:?}"));
        }
        let [id, level, status, shown_by, note] = fields.try_into().map_err(|_| "five fields".to_owned())?;
        let shown_by = shown_by.split(';').filter(|named| !named.is_empty()).map(str::to_owned).collect();
        Ok(Row { id, level, status, shown_by, note })
    };
    records.map(row).collect()
}

/// What is wrong with the map: a line for each fault.
fn faults(rows: &[Row]) -> Vec<String> {
    let standard = standard();
    let mut faults: Vec<String> = rows.iter().flat_map(faults_of).collect();
    let listed: Vec<(String, String)> = rows.iter().map(|row| (row.id.clone(), row.level.clone())).collect();
    for (id, level) in &listed {
        let of_it = |(other, _): &&(String, String)| other == id;
        match standard.iter().find(of_it) {
            None => faults.push(format!("{id}: the standard has no such requirement")),
            Some((_, right)) if right != level => faults.push(format!("{id}: its level is {right}")),
            Some(_) => {}
        }
        if listed.iter().filter(of_it).count() > 1 {
            faults.push(format!("{id}: listed more than once"));
        }
    }
    let missing = standard.iter().filter(|(id, _)| !listed.iter().any(|(other, _)| other == id));
    faults.extend(missing.map(|(id, _)| format!("{id}: not listed")));
    if faults.is_empty() && listed != standard {
        faults.push("the order is not that of the standard".to_owned());
    }
    faults
}

fn faults_of(row: &Row) -> Vec<String> {
    let mut faults = Vec::new();
    match row.status.as_str() {
        "met" if row.shown_by.is_empty() => faults.push("it is met, and nothing shows it".to_owned()),
        "not_applicable" if !row.shown_by.is_empty() => {
            faults.push("what does not apply is not shown".to_owned());
        }
        "partly" | "open" | "not_applicable" if row.note.is_empty() => {
            faults.push("its note is missing".to_owned());
        }
        status if !STATUSES.contains(&status) => faults.push(format!("`{status}` is no status")),
        _ => {}
    }
    if row.shown_by.iter().collect::<BTreeSet<_>>().len() < row.shown_by.len() {
        faults.push("it names something twice".to_owned());
    }
    for named in &row.shown_by {
        let fault = match named.split_once(':') {
            Some(("test", path)) => test_fault(root(), path),
            Some(("doc", place)) => doc_fault(place),
            _ => Some("neither `test:` nor `doc:`".to_owned()),
        };
        faults.extend(fault.map(|fault| format!("{named}: {fault}")));
    }
    faults.into_iter().map(|fault| format!("{}: {fault}", row.id)).collect()
}

fn doc_fault(place: &str) -> Option<String> {
    let Some((file, anchor)) = place.split_once('#') else { return Some("it names no heading".to_owned()) };
    match std::fs::read_to_string(root().join(file)) {
        Err(error) => Some(error.to_string()),
        Ok(text) if anchors(&text).iter().any(|found| found == anchor) => None,
        Ok(_) => Some("there is no such heading".to_owned()),
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn map() -> Vec<Row> {
    read(&std::fs::read_to_string(root().join("docs/asvs.csv")).unwrap()).unwrap()
}

#[test]
fn each_requirement_of_the_standard_has_its_row_and_what_it_names_is_there() {
    let rows = map();
    let faults = faults(&rows);
    assert!(faults.is_empty(), "docs/asvs.csv:\n{}", faults.join("\n"));
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &rows {
        *counts.entry((&row.level, &row.status)).or_default() += 1;
    }
    let of = |wanted: &str| counts.iter().filter(|((level, _), _)| *level == wanted).map(|(_, n)| n).sum();
    let levels: [usize; 3] = ["1", "2", "3"].map(of);
    assert_eq!(levels, [70, 183, 92], "the levels of ASVS 5.0.0");
    println!("ASVS 5.0.0, rows by level and status: {counts:?}");
    assert!(counts.get(&("3", "met")).is_some_and(|met| *met >= 20), "20 of level 3 are met: {counts:?}");
}

// --- the checker, checked ----------------------------------------------------------------------------------------

/// The faults of the map with one row changed.
fn with(id: &str, change: impl FnOnce(&mut Row)) -> Vec<String> {
    let mut rows = map();
    change(rows.iter_mut().find(|row| row.id == id).unwrap());
    faults(&rows)
}

fn naming(named: &str) -> Vec<String> {
    with("1.2.4", |row| row.shown_by.push(named.to_owned()))
}

#[test]
fn what_dangles_is_found() {
    for (named, why) in [
        ("test:it::api::slow::a_body_that_nobody_sends", "no such function"),
        ("test:it::api::fast::a_body_too_deep_is_not_json_of_ours", "no such module"),
        ("test:it::api::sign_in::a_body_too_deep_is_not_json_of_ours", "no such function"),
        ("test:crypto::column::every_cut_is_found", "no such function"),
        ("test:crypto::column::tests::every_cut_was_found", "no such function"),
        ("test:it::api::sign_in::make_account", "no test"),
        ("test:crypto::column::key_id_of", "no test"),
        ("test:every_cut_is_found", "no such module"),
        ("test:", "no such module"),
        ("doc:docs/security.md#castles", "no such heading"),
        ("doc:docs/security.md", "names no heading"),
        ("doc:docs/insecurity.md#keys", "No such file"),
        ("file:src/lib.rs", "neither"),
        ("src/lib.rs", "neither"),
    ] {
        let found = naming(named);
        assert!(found.len() == 1 && found[0].contains(why), "{named}: {found:?}");
        assert!(found[0].starts_with("1.2.4: "), "{found:?}");
    }
    // What is there is none, so that what was refused above was refused for what it lacks.
    for named in [
        "test:it::api::slow::a_body_too_deep_is_not_json_of_ours",
        "test:it::api::sign_in::signing_out_ends_this_stay_at_once",
        "test:it::api::attachments::story::one_content_is_stored_once_in_an_agency_and_encrypted",
        "test:it::tampering::every_kind_of_tampering_is_found",
        "test:crypto::column::tests::every_cut_is_found",
        "test:crypto::token::tests::damaged_tokens_are_refused",
        "test:app::ledger_file::tests::hostile_bytes_never_panic",
        "doc:docs/security.md#trust",
    ] {
        assert_eq!(naming(named), Vec::<String>::new(), "{named}");
    }
}

#[test]
fn a_row_that_is_missing_twice_there_or_wrong_is_found() {
    type Change = fn(&mut Row);
    let changes: [(Change, &[&str]); 8] = [
        (
            |row| row.id = "1.2.99".to_owned(),
            &["1.2.99: the standard has no such requirement", "1.2.4: not listed"],
        ),
        (
            |row| row.id = "1.2.5".to_owned(),
            &["listed more than once", "listed more than once", "1.2.4: not listed"],
        ),
        (|row| row.level = "2".to_owned(), &["1.2.4: its level is 1"]),
        (|row| row.status = "Met".to_owned(), &["1.2.4: `Met` is no status"]),
        (|row| row.shown_by.clear(), &["1.2.4: it is met, and nothing shows it"]),
        (|row| row.status = "open".to_owned(), &["1.2.4: its note is missing"]),
        (|row| row.status = "not_applicable".to_owned(), &["1.2.4: what does not apply is not shown"]),
        (|row| row.shown_by.push(row.shown_by[0].clone()), &["1.2.4: it names something twice"]),
    ];
    for (change, wanted) in changes {
        let found = with("1.2.4", change);
        assert_eq!(found.len(), wanted.len(), "{found:?}");
        assert!(wanted.iter().all(|fault| found.iter().any(|one| one.contains(fault))), "{found:?}");
    }
    let mut rows = map();
    rows.swap(0, 1);
    assert_eq!(faults(&rows), ["the order is not that of the standard"]);
    for text in [
        "",
        "id,level,status,shown_by\n",
        "id,level,status,note,shown_by\n",
        "id,level,status,shown_by,note\n1.1.1,2,met,doc:a#b\n",
        "id,level,status,shown_by,note\n1.1.1,2,met,doc:a#b, why\n",
    ] {
        assert!(read(text).is_err(), "{text:?}");
    }
}
