//! `gongkai audit`: proving that the record was not changed.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::output::{Failure, print, print_json, progress};
use super::start::{Share, agency, block_on, start};
use crate::app::checkpoints::{Sending, When};
use crate::app::verify::{Against, Ends};
use crate::audit::chain::{Head, Link};
use crate::audit::checkpoint::CheckpointKey;
use crate::audit::export::verify_export;
use crate::crypto::hex;
use crate::domain::case::Origin;
use crate::domain::ids::AgencyId;

const HELP: &str = "\
Without FILE, verifies the record in the database: each agency's chain and each case's, the checkpoints in the database and those
in the second place (--checkpoints, else GONGKAI_CHECKPOINT_DIR). A database that is behind them is told as \"N events are
missing\": its end was cut off, or an older copy was put back. With FILE, a case that was handed out as a ZIP (`gongkai
export-case`, or GET /cases/{id}/export): no database and no key is needed; `gongkai-verify` does the same with keys and checkpoints
from elsewhere, and is what a court is given. A change is told with its position and reason, and ends
with status 1.

--key takes a file of public keys, one a line, as the second place has them (AGENCY.keys): no other signature counts then. Without
it the keys count that the record itself names, so that somebody who wrote all of it anew named his own.

Who writes a whole ZIP anew, all links included, is found by its end, known from elsewhere: --head 12:LINK, where LINK
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
        /// The second place, or a folder or file with checkpoints that a receiver has saved
        #[arg(long, value_name = "PATH", conflicts_with = "file")]
        checkpoints: Option<PathBuf>,
        /// The public keys that count
        #[arg(long, value_name = "FILE", conflicts_with = "file")]
        key: Option<PathBuf>,
    },
    /// Make the checkpoints now for which there are new events, bring the second place up to date, and post and mail what is due
    Checkpoint,
    /// Sign checkpoints with a new key from now on
    NewKey {
        /// The agency's code
        #[arg(long, value_name = "CODE")]
        agency: String,
    },
    /// After a restore: accept that the events are lost which the second place knows and the database does not
    AcceptRestore {
        /// The agency's code
        #[arg(long, value_name = "CODE")]
        agency: String,
        /// The sign-in name of the system administrator who answers for it
        #[arg(long, value_name = "USERNAME")]
        operator: String,
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
    match command {
        Command::Verify { file: Some(file), head, .. } => of_file(&file, head, json),
        Command::Verify { file: None, checkpoints, key, .. } => {
            let keys = key.as_deref().map(keys).transpose()?;
            block_on(of_database(checkpoints, keys, json))
        }
        Command::Checkpoint => block_on(checkpoint(json)),
        Command::NewKey { agency } => block_on(new_key(agency, json)),
        Command::AcceptRestore { agency, operator } => block_on(accept_restore(agency, operator, json)),
    }
}

/// The public keys in a file, one a line.
fn keys(path: &Path) -> Result<Vec<CheckpointKey>, Failure> {
    let failed = |reason: String| Failure::new(format!("--key: {}: {reason}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let keys: Vec<CheckpointKey> = lines
        .map(|line| line.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|error| failed(format!("{error}")))?;
    if keys.is_empty() { Err(failed("there is no key in it".to_owned())) } else { Ok(keys) }
}

async fn checkpoint(json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let (app, mut made, mut wrong) = (&started.app, 0_usize, Vec::new());
    for row in app.store.agencies_all().await? {
        match app.make_checkpoints_of(AgencyId(row.id.0), When::Now).await {
            Ok(some) => made = made.saturating_add(some),
            Err(error) => wrong.push(format!("agency {}: {}", row.code, Failure::from(error))),
        }
    }
    let Sending { sent, failed } = app.send_checkpoints().await?;
    if json {
        print_json(&json!({ "made": made, "sent": sent }))?;
    } else if app.couriers.is_empty() {
        print(&format!("checkpoints made: {made}\n"))?;
    } else {
        print(&format!("checkpoints made: {made}, sent: {sent}\n"))?;
    }
    if failed > 0 {
        wrong.push("not every receiver got its checkpoints, as the log says; they are sent later".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::new(wrong.join("\n"))) }
}

async fn new_key(code: String, json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let id = agency(&started.app, &code).await?;
    let key = started.app.change_signing_key(id).await?.to_string();
    started.app.make_checkpoints_of(id, When::Now).await?;
    if json { print_json(&json!({ "key": key })) } else { print(&format!("{key}\n")) }
}

async fn accept_restore(code: String, operator: String, json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let id = agency(&started.app, &code).await?;
    let accepted = Box::pin(started.app.accept_restore(id, &operator)).await?;
    if json {
        return print_json(&accepted);
    }
    let (first, last) = (accepted.kept.saturating_add(1), accepted.lost);
    print(&format!("accepted: events {first} to {last} of before the restore are lost\n"))
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
            let _ = writeln!(text, "(warning) {}", warning.en);
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

async fn of_database(
    folder: Option<PathBuf>,
    keys: Option<Vec<CheckpointKey>>,
    json: bool,
) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let folder = folder.or_else(|| started.config.checkpoint_dir.clone());
    let against = Against { ends: Ends::All, folder, keys };
    let verified = started.app.verify_all(against, &progress()).await?;
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
