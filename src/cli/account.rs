//! `gongkai account`.

use std::io::{BufRead as _, IsTerminal as _, Read as _};

use chrono::{DateTime, Utc};
use serde_json::json;
use zeroize::Zeroizing;

use super::output::{Failure, print, print_json, say};
use super::start::{Share, agency, start};
use crate::app::App;
use crate::app::set_up::{AccountMade, NewAccount};
use crate::crypto::password::Password;
use crate::domain::case::{By, Origin};
use crate::domain::ids::{AgencyId, DepartmentId};
use crate::domain::role::Role;
use crate::store::{AccountRow, Key};

const EXAMPLE: &str = "\
Examples:
  gongkai account create --username admin --agency 320800 --role system_admin --password-stdin <password.txt
  gongkai account create --username li --agency 320800 --role handler --department 法规科 --person 0417 \\
      --must-change-password --password-stdin

  gongkai account reset-password --username li

Without --password-stdin a first password is drawn at random, printed once, and must be changed at the first sign-in; with it,
the password is the first line of standard input. One person may hold one of the roles system_admin, security_admin
and auditor only; accounts with the same --person are the same person to the rule that nobody reviews his own work.";

/// The longest password file that is read.
const MAX_PASSWORD_BYTES: u64 = 4 * 1024;

/// Commands on accounts.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Make an account
    #[command(after_help = EXAMPLE)]
    Create(Create),
    /// Let an account sign in again: for an office none of whose administrators can
    Enable(Named),
    /// Give an account a one-time password in the place of one that is forgotten; its second factor stays
    ResetPassword(Named),
}

/// Options of `account enable` and `account reset-password`.
#[derive(clap::Args)]
pub(super) struct Named {
    /// The name to sign in with
    #[arg(long)]
    username: String,
}

/// Options of `account create`.
#[derive(clap::Args)]
pub(super) struct Create {
    /// The name to sign in with
    #[arg(long)]
    username: String,
    /// The code of the agency it belongs to
    #[arg(long, value_name = "CODE")]
    agency: String,
    /// What the person may be there, separated by commas
    #[arg(long, value_name = "ROLE", required = true, value_delimiter = ',', value_parser = role())]
    role: Vec<Role>,
    /// Limit the roles to this department (its name)
    #[arg(long, value_name = "NAME")]
    department: Option<String>,
    /// Who it is, as the office names the person, such as a staff number [default: a new person]
    #[arg(long, value_name = "REFERENCE")]
    person: Option<String>,
    /// Read the password from standard input [default: one is drawn and printed]
    #[arg(long)]
    password_stdin: bool,
    /// Let the person choose another password at the first sign-in
    #[arg(long)]
    must_change_password: bool,
}

/// Reads a role by its code and lists them all in the help.
fn role() -> impl clap::builder::TypedValueParser<Value = Role> {
    use clap::builder::TypedValueParser as _;
    clap::builder::PossibleValuesParser::new(Role::ALL.iter().map(|role| role.code()))
        .try_map(|code| Role::parse(&code).ok_or("no such role"))
}

/// Carries out a command.
pub(super) async fn run(command: Command, json: bool) -> Result<(), Failure> {
    let create = match command {
        Command::Create(create) => create,
        Command::Enable(named) => return enable(&named, json).await,
        Command::ResetPassword(named) => return reset_password(&named, json).await,
    };
    let password = if create.password_stdin { Some(password()?) } else { None };
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let home = agency(&started.app, &create.agency).await?;
    let department = match &create.department {
        Some(name) => Some(department(&started.app, home, name).await?),
        None => None,
    };
    let new = NewAccount {
        agency: home,
        username: create.username,
        person: create.person,
        roles: create.role.iter().map(|role| (*role, department)).collect(),
        password,
        must_change: create.must_change_password,
    };
    let AccountMade { row: made, drawn, first_password_until } =
        started.app.create_account(By::Operator, new).await?;
    let drawn = drawn.as_ref().map(Password::expose);
    let roles: Vec<&str> = create.role.iter().map(|role| role.code()).collect();
    if json {
        return print_json(&json!({
            "id": made.id.0, "username": made.username, "agency": create.agency, "agency_id": made.agency_id.0,
            "person_id": made.person_id.0, "roles": roles, "department": create.department,
            "must_change_password": made.must_change_password,
            "one_time_password": drawn, "first_password_valid_until": first_password_until,
        }));
    }
    print(&format!("made account {} ({}) with {}\n", made.username, made.id.0, roles.join(", ")))?;
    match drawn.zip(first_password_until) {
        Some((drawn, until)) => print(&one_time(drawn, until)),
        None => Ok(()),
    }
}

/// The line about a password that was drawn.
fn one_time(password: &str, until: DateTime<Utc>) -> String {
    let until = until.format("%Y-%m-%d %H:%M");
    format!("one-time password: {password} (until {until} UTC; to be changed at the first sign-in)\n")
}

async fn account(app: &App, named: &Named) -> Result<AccountRow, Failure> {
    let row = app.store.account_by_username(named.username.clone()).await?;
    row.ok_or_else(|| Failure::new("--username: there is no account of this name"))
}

async fn reset_password(named: &Named, json: bool) -> Result<(), Failure> {
    let app = start(Share::Beside, Origin::CommandLine).await?.app;
    let row = account(&app, named).await?;
    let reset = app.reset_password_by_operator(&row).await?;
    let password = reset.password.as_ref().map_or("", Password::expose);
    if json {
        return print_json(&json!({
            "id": row.id.0, "username": row.username, "one_time_password": password, "valid_until": reset.valid_until,
        }));
    }
    print(&one_time(password, reset.valid_until))
}

async fn enable(named: &Named, json: bool) -> Result<(), Failure> {
    let app = start(Share::Beside, Origin::CommandLine).await?.app;
    let row = account(&app, named).await?;
    app.set_disabled_by(By::Operator, &row, false).await?;
    if json {
        return print_json(&json!({ "id": row.id.0, "username": row.username, "disabled": false }));
    }
    print(&format!("account {} may sign in\n", row.username))
}

async fn department(app: &App, agency: AgencyId, name: &str) -> Result<DepartmentId, Failure> {
    let known = app.store.departments_of(Key(agency.0)).await?;
    known.iter().find(|row| row.name == name).map(|row| DepartmentId(row.id.0)).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|row| row.name.as_str()).collect();
        let names = if names.is_empty() { "it has none yet".to_owned() } else { names.join(", ") };
        Failure::new(format!("--department: the agency has no department {name} ({names})"))
    })
}

/// The first line of standard input.
fn password() -> Result<Password, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        say("The password (it is seen as you type):");
    }
    let mut text = Zeroizing::new(String::with_capacity(256));
    input
        .lock()
        .take(MAX_PASSWORD_BYTES)
        .read_line(&mut text)
        .map_err(|error| Failure::new(format!("--password-stdin: the password cannot be read: {error}")))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(Password::from(line)),
        Some(_) | None => Err(Failure::new("--password-stdin: the first line of standard input is empty")),
    }
}
