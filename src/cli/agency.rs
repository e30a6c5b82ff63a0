//! `gongkai agency`.

use serde_json::json;

use super::output::{Failure, print, print_json};
use super::start::{Share, start};
use crate::app::set_up::NewAgency;
use crate::domain::case::{By, Origin};

const EXAMPLE: &str = "\
Example:
  gongkai agency create --code 320800 --name 某市人民政府 --number-pattern '公申〔{year}〕{seq}号'";

/// Commands on agencies.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Make an agency
    #[command(after_help = EXAMPLE)]
    Create(Create),
}

/// Options of `agency create`.
#[derive(clap::Args)]
pub(super) struct Create {
    /// Its code: 1 to 32 letters, digits, - or _
    #[arg(long)]
    code: String,
    /// Its name
    #[arg(long)]
    name: String,
    /// The code of the agency above it
    #[arg(long, value_name = "CODE")]
    parent: Option<String>,
    /// How its registration numbers are written, with {year} and {seq} once each
    #[arg(long, value_name = "PATTERN")]
    number_pattern: Option<String>,
    /// The time zone of its dates, such as Asia/Shanghai
    #[arg(long)]
    zone: Option<String>,
    /// A calendar of its own that extends the statute's, such as an autonomous prefecture's
    #[arg(long, value_name = "ID")]
    calendar: Option<String>,
}

/// Carries out a command.
pub(super) async fn run(command: Command, json: bool) -> Result<(), Failure> {
    let Command::Create(create) = command;
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let Create { code, name, parent, number_pattern, zone, calendar } = create;
    let new = NewAgency { code, name, parent, zone, number_pattern, calendar, ..NewAgency::default() };
    let made = started.app.create_agency(By::Operator, new).await?;
    if json {
        return print_json(&json!({
            "id": made.id.0, "code": made.code, "name": made.name, "parent_id": made.parent_id.map(|id| id.0),
            "zone": made.zone, "statute": made.statute, "number_pattern": made.number_pattern,
            "calendar": made.calendar,
        }));
    }
    print(&format!("made agency {} {} ({})\n", made.code, made.name, made.id.0))
}
