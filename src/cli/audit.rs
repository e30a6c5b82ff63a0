//! `gongkai audit`: proving that the record was not changed.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::output::{Failure, print, print_json, progress};
use super::start::{Share, block_on, start};
use crate::app::verify::Ends;
use crate::audit::chain::{Head, Link};
use crate::audit::export::verify_export;
use crate::crypto::hex;
use crate::domain::case::Origin;

const HELP: &str = "\
Without FILE, verifies the record in the database: each agency's chain and each case's. With FILE, a case that was handed
out as a ZIP (`gongkai export-case`, or GET /cases/{id}/export): no database and no key is needed. A change is told with its
position and reason, and ends with status 1.

Who writes a whole ZIP anew, all links included, is found only by its end, known from elsewhere: --head 12:LINK, where LINK
is the last `link` of the case's history.";

/// Subcommands of `audit`.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Verify the record, or a case that was handed out
    #[command(after_help = HELP)]
    Verify {
        /// A ZIP of one case
        file: Option<PathBuf>,
        /// Where the case's chain must end: the number of its last event, a colon, its link
        #[arg(long, value_name = "SEQ:LINK", value_parser = head, requires = "file")]
        head: Option<Head>,
    },
}

/// `12:3b66…`.
fn head(text: &str) -> Result<Head, String> {
    const WRONG: &str = "expected a number, a colon and 64 lower-case hexadecimal digits";
    let (seq, link) = text.split_once(':').ok_or(WRONG)?;
    let seq = seq.parse().map_err(|_| WRONG)?;
    let link = hex::decode::<32>(link).map(Link::from_bytes).ok_or(WRONG)?;
    Ok(Head { seq, link })
}

/// Runs a subcommand.
pub(super) fn run(command: Command, json: bool) -> Result<(), Failure> {
    let Command::Verify { file, head } = command;
    match file {
        Some(file) => of_file(&file, head, json),
        None => block_on(of_database(json)),
    }
}

fn of_file(path: &Path, head: Option<Head>, json: bool) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::new(format!("{} cannot be read: {error}", path.display()));
    let verdict = verify_export(File::open(path).map_err(told)?, head).map_err(told)?;
    if json {
        print_json(&json!({ "sound": verdict.is_sound(), "verdict": verdict }))?;
    } else {
        let mut text = String::new();
        for fault in &verdict.faults {
            let _ = writeln!(text, "{fault}");
        }
        for warning in &verdict.warnings {
            let _ = writeln!(text, "(warning) {warning}");
        }
        let case = verdict.number.clone().unwrap_or_else(|| "without a number".to_owned());
        let head = verdict
            .head
            .map_or_else(|| "no head".to_owned(), |head| format!("head {}:{}", head.seq, head.link));
        let _ = writeln!(text, "case {case}: {} events, {} files, {head}", verdict.events, verdict.files);
        print(&text)?;
    }
    if verdict.is_sound() {
        return Ok(());
    }
    Err(Failure::new(format!("{}: {} findings: it was changed", path.display(), verdict.faults.len())))
}

async fn of_database(json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let verified = started.app.verify_all(Ends::All, &progress()).await?;
    let wrong = verified.iter().filter(|one| one.outcome.is_err()).count();
    if json {
        let agencies = verified.iter().map(|one| match &one.outcome {
            Ok(report) => json!({ "agency": one.code, "sound": true, "report": report }),
            Err(findings) => json!({ "agency": one.code, "sound": false, "findings": findings }),
        });
        print_json(&json!({ "sound": wrong == 0, "agencies": agencies.collect::<Vec<_>>() }))?;
    } else {
        let mut text = String::new();
        for one in &verified {
            match &one.outcome {
                Ok(report) => {
                    let _ = writeln!(
                        text,
                        "agency {}: {} events, {} cases",
                        one.code, report.events, report.cases
                    );
                }
                Err(findings) => {
                    for finding in findings {
                        let _ = writeln!(text, "agency {}, {finding}", one.code);
                    }
                }
            }
        }
        print(&text)?;
    }
    if wrong == 0 { Ok(()) } else { Err(Failure::new(format!("the record of {wrong} agencies was changed"))) }
}
