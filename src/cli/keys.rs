//! `gongkai keys`.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::output::{Failure, print, print_json, say};
use super::start::{Share, agency, start};
use crate::app::App;
use crate::app::directory::KEY_READ_ONLY;
use crate::crypto::master_key::MasterKey;
use crate::domain::case::{By, Origin};
use crate::domain::ids::AgencyId;

/// What lies between two passes.
const BETWEEN: Duration = Duration::from_millis(500);

const ROTATE: &str = "\
A new key is made; ten seconds later everything new is encrypted under it, and what there is is encrypted anew: by the servers that
run, or by this command with --wait. Nothing is stopped for it, and a rotation that is cut off goes on from where it was. When nothing
is left under the earlier key, half a minute later at the soonest, that one is retired. Both are events of the agency's record.

The key of the blind indexes, by which an applicant is found by his exact name or number, goes on, so that counts of different
applicants hold throughout. With --index it is exchanged too. Searches find everybody all the while, but until the rotation is
through, the list of often requested documents may count an applicant twice.";

const REWRAP: &str = "\
The keys of the agencies are wrapped under another master key, in one transaction. Stop the servers first, and start them with the new
key afterwards; access tokens made under the old one are refused then, and whoever was signed in signs in again. Keep the old master
key as long as backups made under it.";

/// Commands about keys.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Give an agency, or each of them, a new key (密钥轮换)
    Rotate(Rotate),
    /// Wrap the agencies' keys under another master key
    Rewrap(Rewrap),
}

/// Options of `keys rotate`.
#[derive(clap::Args)]
#[command(after_help = ROTATE)]
pub(super) struct Rotate {
    /// The agency's code; every agency when absent
    #[arg(long, value_name = "CODE")]
    agency: Option<String>,
    /// A new key for the blind indexes as well
    #[arg(long)]
    index: bool,
    /// Encrypt everything anew here and now, and end when the earlier keys are retired
    #[arg(long)]
    wait: bool,
}

/// Options of `keys rewrap`.
#[derive(clap::Args)]
#[command(after_help = REWRAP)]
pub(super) struct Rewrap {
    /// The file with the new master key, as GONGKAI_MASTER_KEY_FILE takes it
    #[arg(long, value_name = "FILE")]
    new_key_file: PathBuf,
}

/// Carries a command out.
pub(super) async fn run(command: Command, json: bool) -> Result<(), Failure> {
    match command {
        Command::Rotate(arguments) => rotate(arguments, json).await,
        Command::Rewrap(arguments) => rewrap(arguments, json).await,
    }
}

async fn rotate(arguments: Rotate, json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let app = &started.app;
    let agencies: Vec<AgencyId> = match &arguments.agency {
        Some(code) => vec![agency(app, code).await?],
        None => app.store.agencies_all().await?.iter().map(|row| AgencyId(row.id.0)).collect(),
    };
    let mut keys = Vec::new();
    for id in &agencies {
        keys.push((*id, app.rotate_key(By::Operator, *id, arguments.index).await?));
    }
    let mut rows: u64 = 0;
    if arguments.wait {
        say("waiting until every server has the new key, and until nothing is left under an earlier one");
        tokio::time::sleep(KEY_READ_ONLY.to_std().unwrap_or_default() + Duration::from_secs(1)).await;
        for id in &agencies {
            rows = rows.saturating_add(turn(app, *id).await?);
        }
    }
    if json {
        let keys: Vec<_> = keys.iter().map(|(agency, key)| json!({ "agency": agency, "key": key })).collect();
        return print_json(&json!({ "keys": keys, "rows": rows }));
    }
    print(&if arguments.wait {
        format!(
            "{} new keys; {rows} rows were encrypted anew here, and the earlier keys are retired\n",
            keys.len()
        )
    } else {
        format!("{} new keys; the servers encrypt anew what there is\n", keys.len())
    })
}

/// Passes over an agency's rows until its earlier keys are retired: how many rows were encrypted anew.
async fn turn(app: &App, id: AgencyId) -> Result<u64, Failure> {
    let mut rows: u64 = 0;
    loop {
        let pass = app.turn(By::Operator, id).await?;
        rows = rows.saturating_add(pass.put);
        if pass.stuck > 0 {
            return Err(Failure::new(format!(
                "{} rows do not open, so that the earlier key is not retired: the log names them, and `gongkai audit verify` looks at \
                 what else was changed",
                pass.stuck
            )));
        }
        if pass.waiting == 0 {
            return Ok(rows);
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

async fn rewrap(arguments: Rewrap, json: bool) -> Result<(), Failure> {
    let started = start(Share::Alone, Origin::CommandLine).await?;
    let master = MasterKey::load(&arguments.new_key_file).map_err(|error| Failure::new(error.to_string()))?;
    let keys = started.app.rewrap(&master).await?;
    if json {
        print_json(&json!({ "keys": keys }))
    } else {
        print(&format!("{keys} keys are under the new master key\n"))
    }
}
