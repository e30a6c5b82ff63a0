//! `gongkai import-ledger`.

use std::fmt::Write as _;
use std::fs::File;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::output::{Failure, print, print_json, progress, say};
use super::start::{Share, agency, start};
use crate::app::import_ledger::Reconciliation;
use crate::app::ledger_file::{HEADER, Refused};
use crate::domain::case::{By, Origin};
use crate::domain::outcome::Outcome;

/// So many mistakes are printed; JSON has them all.
const SHOWN: usize = 100;

/// Options of `import-ledger`.
#[derive(clap::Args)]
#[command(after_help = help())]
pub(super) struct Arguments {
    /// The ledger: CSV in UTF-8
    file: PathBuf,
    /// The code of the agency whose ledger it is
    #[arg(long, value_name = "CODE")]
    agency: String,
    /// Take over the rows without a mistake, although others have one
    #[arg(long)]
    partial: bool,
}

fn help() -> String {
    format!(
        "The first row names the columns, in any order:\n  {}\n\nAn empty outcome and replied_on is an open case. A row \
         taken over before changes nothing. The result says how many\nrows were read, accepted and refused, each with \
         its line and reason, and the totals by year and outcome.\n\nExamples:\n  gongkai import-ledger 台账.csv \
         --agency 320800\n  gongkai import-ledger 台账.csv --agency 320800 --partial --json",
        HEADER.replace(",registered_on", ",\n  registered_on").replace(",department", ",\n  department")
    )
}

/// Takes the ledger over and prints the reconciliation.
pub(super) async fn run(arguments: Arguments, json: bool) -> Result<(), Failure> {
    let shown = arguments.file.display().to_string();
    let file = File::open(&arguments.file)
        .map_err(|error| Failure::new(format!("{shown}: the file cannot be opened: {error}")))?;
    let started = start(Share::Alone, Origin::CommandLine).await?;
    let home = started.app.agency(agency(&started.app, &arguments.agency).await?).await?;
    say(&format!("{shown}: reading"));
    let ledger = started.app.read_ledger(&home, file)?;
    let result =
        started.app.import_ledger(&home, By::Operator, ledger, arguments.partial, &progress()).await?;
    if json { print_json(&as_json(&result)) } else { print(&as_text(&result)) }?;
    if !result.complete {
        return Err(Failure::new(format!("{shown}: the file cannot be read to its end; nothing was stored")));
    }
    if !result.is_success(arguments.partial) {
        return Err(Failure::new(format!(
            "{shown}: {} of {} rows have a mistake; nothing was stored (--partial stores the others)",
            result.rows_refused, result.rows_read
        )));
    }
    Ok(())
}

fn as_json(result: &Reconciliation) -> Value {
    let refused = result.refused.iter().map(|refused| {
        json!({
            "line": refused.line, "number": refused.number, "column": refused.column,
            "reason": refused.reason_en, "reason_zh": refused.reason_zh,
        })
    });
    let totals = result.totals.iter().map(|((year, outcome), rows)| {
        json!({ "year": year, "outcome": outcome.map(Outcome::code), "rows": rows })
    });
    json!({
        "rows_read": result.rows_read, "accepted": result.accepted, "imported": result.imported,
        "unchanged": result.unchanged, "rows_refused": result.rows_refused, "complete": result.complete,
        "refused": refused.collect::<Vec<_>>(), "departments_created": result.departments_created,
        "totals": totals.collect::<Vec<_>>(),
    })
}

fn as_text(result: &Reconciliation) -> String {
    let mut text = format!(
        "rows read      {:>9}\naccepted       {:>9}\nimported       {:>9}\nunchanged      {:>9}\nrows refused   {:>9}\n",
        result.rows_read, result.accepted, result.imported, result.unchanged, result.rows_refused
    );
    // Writing to a String cannot fail.
    if !result.departments_created.is_empty() {
        let _ = writeln!(text, "new departments: {}", result.departments_created.join(", "));
    }
    for refused in result.refused.iter().take(SHOWN) {
        let _ = writeln!(text, "{}", sentence(refused));
    }
    if result.refused.len() > SHOWN {
        let _ = writeln!(text, "and {} more (--json prints all)", result.refused.len() - SHOWN);
    }
    if !result.totals.is_empty() {
        let _ = writeln!(text, "\nyear  rows       outcome (open cases by their year of receipt)");
    }
    for ((year, outcome), rows) in &result.totals {
        let label = outcome.map_or("open（在办）".to_owned(), |outcome| {
            format!("{}（{}）", outcome.code(), outcome.label_zh())
        });
        let _ = writeln!(text, "{year}  {rows:>9}  {label}");
    }
    text
}

fn sentence(refused: &Refused) -> String {
    let number = refused.number.as_ref().map(|number| format!(" ({number})")).unwrap_or_default();
    let column = refused.column.map(|column| format!(" {column}:")).unwrap_or_default();
    format!("line {}{number}:{column} {}（{}）", refused.line, refused.reason_en, refused.reason_zh)
}
