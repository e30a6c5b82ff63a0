//! `gongkai demo`.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::output::{Failure, print, print_json, progress, say};
use super::start::{Share, Started, settings, start_with};
use crate::app::demo::{Account, CODE, Found, NAME};
use crate::clock::Clock;
use crate::config::{Config, Source};
use crate::domain::case::Origin;
use crate::http;
use crate::store::DatabaseUrl;

const EXAMPLE: &str = "\
Examples:
  gongkai demo                          on SQLite, in gongkai-demo.db in this folder
  gongkai demo --listen [::1]:9000
  gongkai demo --fresh                  throw the demo's file away and make it anew
  gongkai demo --json >accounts.json    the accounts for a script

The passwords are printed once, when the demo is made; each must be changed at the first sign-in, within 72
hours; later `gongkai account reset-password` gives another. GONGKAI_DATABASE_URL names another database, which must be
empty or a demo's: real data are never touched.";

/// The demo's own file, so that it never mixes with an office's data.
const FILE: &str = "gongkai-demo.db";
/// What SQLite keeps beside a file.
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];

/// Options of `demo`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Where to listen [default: GONGKAI_LISTEN]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Delete the demo's SQLite file and make the demo anew
    #[arg(long)]
    fresh: bool,
}

/// Makes the demo when there is none yet, prints its accounts, and serves it until told to stop.
pub(super) async fn run(arguments: Arguments, json: bool) -> Result<(), Failure> {
    let mut config = settings()?;
    config.listen = arguments.listen.unwrap_or(config.listen);
    if is_default(&config, "GONGKAI_DATABASE_URL") {
        config.database_url = DatabaseUrl::Sqlite(PathBuf::from(FILE));
    }
    if arguments.fresh && matches!(config.database_url, DatabaseUrl::Postgres(_)) {
        return Err(Failure::new(
            "--fresh deletes a SQLite file and nothing else: on PostgreSQL make a new database and name it",
        ));
    }
    // The address is taken first, so that nothing is made in vain.
    let listener = http::listen(config.listen).map_err(Failure::new)?;
    let address = listener.local_addr().map_err(|error| Failure::new(format!("no address: {error}")))?;
    let now = Clock::System.now();
    let started = start_with(config, Share::Alone, Origin::Demo, Clock::set_at(now)).await?;
    let started = cleared(started, arguments.fresh, Clock::set_at(now)).await?;
    let made = if started.app.demo_found().await? == Found::Nothing {
        say(&format!("{}: making {NAME} and a year of its cases", started.config.database_url.redacted()));
        Some(Box::pin(started.app.demo_make(now, &progress())).await?)
    } else {
        say(&here_already(&started.config.database_url));
        None
    };
    let first_time = made.is_some();
    tell(&made.unwrap_or_else(Account::all), address, json)?;
    if first_time {
        say(&first_steps(address));
    }
    let started = started.again(Origin::Api, Clock::System, |_| Ok(())).await?;
    http::serve_on(listener, started.app, &started.config).await.map_err(Failure::new)
}

fn here_already(url: &DatabaseUrl) -> String {
    let anew = match url {
        DatabaseUrl::Sqlite(_) => "; `gongkai demo --fresh` starts anew",
        DatabaseUrl::Postgres(_) => "",
    };
    format!(
        "{}: the demo is here already; its one-time passwords were printed when it was made{anew}",
        url.redacted()
    )
}

fn is_default(config: &Config, name: &str) -> bool {
    config.settings().any(|(variable, _, source)| variable.name == name && source == Source::Default)
}

/// A database that is empty or a finished demo's.
async fn cleared(started: Started, fresh: bool, clock: Clock) -> Result<Started, Failure> {
    let found = started.app.demo_found().await?;
    let place = started.config.database_url.redacted();
    let file = match &started.config.database_url {
        DatabaseUrl::Sqlite(file) => Some(file.clone()),
        DatabaseUrl::Postgres(_) => None,
    };
    match (found, file) {
        (Found::Other, _) => Err(Failure::new(format!(
            "{place} holds data that are no demo's, and a demo is never added to them: unset GONGKAI_DATABASE_URL, or \
             name a new database"
        ))),
        (Found::DemoAndMore, _) if fresh => Err(Failure::new(format!(
            "{place} holds other agencies beside the demo's: --fresh would delete them too"
        ))),
        (Found::Demo, Some(file)) if fresh => started.again(Origin::Demo, clock, |_| delete(&file)).await,
        (Found::Unfinished, Some(file)) => {
            say(&format!("{place}: the demo was not finished the last time and is made anew"));
            started.again(Origin::Demo, clock, |_| delete(&file)).await
        }
        (Found::Unfinished, None) => Err(Failure::new(format!(
            "{place} holds a demo that was not finished: make a new database and name it"
        ))),
        (Found::Nothing | Found::Demo | Found::DemoAndMore, _) => Ok(started),
    }
}

/// Deletes a SQLite file and what is beside it.
fn delete(file: &Path) -> Result<(), Failure> {
    for ending in BESIDE {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let shown = Path::new(&name).display();
                return Err(Failure::new(format!("the demo's file {shown} cannot be deleted: {error}")));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Prints the accounts: username, one-time password (when it was made just now), role.
fn tell(accounts: &[Account], address: SocketAddr, json: bool) -> Result<(), Failure> {
    if json {
        let listed: Vec<Value> = accounts.iter().map(account_json).collect();
        return print_json(&json!({
            "agency": {"code": CODE, "name": NAME},
            "url": format!("http://{address}"),
            "accounts": listed,
        }));
    }
    let mut table = Zeroizing::new(String::with_capacity(4096));
    let _ = writeln!(table, "{:<13}{:<26}ROLE", "USERNAME", "ONE-TIME PASSWORD");
    for account in accounts {
        let password = account.password.as_deref().map_or("(printed before)", String::as_str);
        let department = account.department.map(|name| format!("，{name}")).unwrap_or_default();
        let role = account.role;
        let _ = writeln!(
            table,
            "{:<13}{password:<26}{} {}{department}",
            account.username,
            role.label_zh(),
            role.code()
        );
    }
    print(&table)
}

fn account_json(account: &Account) -> Value {
    json!({
        "username": account.username,
        "one_time_password": account.password.as_deref(),
        "role": account.role.code(),
        "role_zh": account.role.label_zh(),
        "department": account.department,
    })
}

fn first_steps(address: SocketAddr) -> String {
    format!(
        "\
Sign in with a one-time password, then set one of your own (at least 12 characters); only then is the rest open:
  curl -s http://{address}/api/v1/auth/login -H 'content-type: application/json' \\
       -d '{{\"username\":\"clerk\",\"password\":\"ONE-TIME-PASSWORD\"}}'
  curl -s -X PUT http://{address}/api/v1/me/password -H 'authorization: Bearer ACCESS_TOKEN' \\
       -H 'content-type: application/json' \\
       -d '{{\"current_password\":\"ONE-TIME-PASSWORD\",\"new_password\":\"YOUR-OWN-PASSWORD\"}}'
  curl -s http://{address}/api/v1/cases -H 'authorization: Bearer ACCESS_TOKEN'
The interface can be browsed at http://{address}/docs/ . Ctrl-C stops the demo."
    )
}
