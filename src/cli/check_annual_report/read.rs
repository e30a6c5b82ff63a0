//! From the bytes of a file to a report, strictly: a figure that is not where it belongs would otherwise be
//! checked as 0.

use std::collections::BTreeMap;
use std::fmt;

use super::node::Node;
use crate::domain::annual_report::{Column, Form, PublishedReport, Row, Sheet, Table4Column, Table4Row};

/// The largest number in a cell. No office receives more, and sums of such cells cannot overflow.
const MAX_COUNT: u64 = 1_000_000_000_000;

/// Why a file is not a report: where (a JSON pointer, RFC 6901; empty for the file as a whole) and what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pointer: String,
    reason: String,
}

impl Problem {
    fn new(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), reason: reason.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(&self.reason),
            pointer => write!(f, "{pointer}: {}", self.reason),
        }
    }
}

/// Reads a report; see [`run`](super::run) for its shape.
pub(super) fn report(bytes: &[u8]) -> Result<PublishedReport, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Problem::new("", format!("not UTF-8 text from byte {}", error.valid_up_to())))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root: Node =
        serde_json::from_str(text).map_err(|error| Problem::new("", format!("not JSON: {error}")))?;
    let members = object(&root, "")?;
    let form = form(members.get("form").copied())?;
    let Some(table3) = members.get("table3") else {
        return Err(Problem::new("/table3", "the table is missing"));
    };
    Ok(PublishedReport {
        form,
        table3: read_table3(table3, form)?,
        table4: read_table4(members.get("table4").copied())?,
    })
}

fn form(node: Option<&Node>) -> Result<Form, Problem> {
    let parsed = match node {
        None | Some(Node::Null) => return Ok(Form::default()),
        Some(Node::Text(code)) => Form::parse(code),
        Some(Node::Count(year)) => Form::parse(&year.to_string()),
        Some(Node::Object(_) | Node::Other(_)) => None,
    };
    parsed.ok_or_else(|| Problem::new("/form", "must be \"2019\" or \"2021\""))
}

fn read_table3(node: &Node, form: Form) -> Result<Sheet<Row, Column>, Problem> {
    let members = object(node, "/table3")?;
    if let Some(row) = members.keys().find_map(|key| Row::parse(key).filter(|row| !row.is_in(form))) {
        let reason = format!("form {} has no such row; `form` or the row is wrong", form.code());
        return Err(Problem::new(member("/table3", row.code()), reason));
    }
    let rows: Vec<(Row, &str)> = Row::of(form).map(|row| (row, row.code())).collect();
    let columns = Column::ALL.map(|column| (column, column.code()));
    sheet(&members, "/table3", &rows, &columns)
}

fn read_table4(node: Option<&Node>) -> Result<Option<Sheet<Table4Row, Table4Column>>, Problem> {
    let node = match node {
        None | Some(Node::Null) => return Ok(None),
        Some(node) => node,
    };
    let rows: Vec<(Table4Row, &str)> = Table4Row::ALL.iter().map(|&row| (row, row.code())).collect();
    let columns = Table4Column::ALL.map(|column| (column, column.code()));
    sheet(&object(node, "/table4")?, "/table4", &rows, &columns).map(Some)
}

/// Reads a table that must have exactly these rows, each with exactly these columns.
fn sheet<R: Copy + Ord, C: Copy + Ord>(
    members: &Members,
    pointer: &str,
    rows: &[(R, &str)],
    columns: &[(C, &str)],
) -> Result<Sheet<R, C>, Problem> {
    let mut sheet = Sheet::new();
    exactly(members, pointer, rows, "row")?;
    for &(row, key) in rows {
        let pointer = member(pointer, key);
        let Some(node) = members.get(key) else { continue };
        let cells = object(node, &pointer)?;
        exactly(&cells, &pointer, columns, "column")?;
        for &(column, key) in columns {
            let Some(node) = cells.get(key) else { continue };
            sheet.set(row, column, cell(node, &member(&pointer, key))?);
        }
    }
    Ok(sheet)
}

/// Refuses a member that is not among the `expected`, then one that is missing.
fn exactly<T>(members: &Members, pointer: &str, expected: &[(T, &str)], what: &str) -> Result<(), Problem> {
    let known = |key: &str| expected.iter().any(|&(_, name)| name == key);
    if let Some(unknown) = members.keys().find(|key| !known(key)) {
        return Err(Problem::new(member(pointer, unknown), format!("the form has no such {what}")));
    }
    match expected.iter().find(|(_, name)| !members.contains_key(name)) {
        Some((_, missing)) => Err(Problem::new(member(pointer, missing), format!("the {what} is missing"))),
        None => Ok(()),
    }
}

fn cell(node: &Node, pointer: &str) -> Result<Option<u64>, Problem> {
    match node {
        Node::Null => Ok(None),
        Node::Count(count) if *count <= MAX_COUNT => Ok(Some(*count)),
        Node::Count(_) => Err(Problem::new(pointer, format!("a count of more than {MAX_COUNT}"))),
        Node::Text(_) | Node::Object(_) | Node::Other(_) => {
            let found = node.what();
            Err(Problem::new(
                pointer,
                format!("expected a whole number from 0, or null if blank; found {found}"),
            ))
        }
    }
}

type Members<'a> = BTreeMap<&'a str, &'a Node>;

/// The members of an object by name, each given once.
fn object<'a>(node: &'a Node, pointer: &str) -> Result<Members<'a>, Problem> {
    let Node::Object(listed) = node else {
        return Err(Problem::new(pointer, format!("expected an object, found {}", node.what())));
    };
    let mut members = BTreeMap::new();
    for (name, node) in listed {
        if members.insert(name.as_str(), node).is_some() {
            return Err(Problem::new(member(pointer, name), "given twice"));
        }
    }
    Ok(members)
}

/// The pointer of a member: RFC 6901 section 3. Long names are cut, since they come from the file.
fn member(pointer: &str, name: &str) -> String {
    let name: String = name.chars().take(64).collect();
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1").escape_debug())
}
