//! `gongkai digest`.

use serde_json::json;

use super::output::{Failure, print, print_json};
use super::start::{Share, agency, start};
use crate::domain::case::Origin;
use crate::domain::digest::{DigestKind, DigestOf};

const EXAMPLE: &str = "\
The server makes digests by itself, within the hour after they are due. This makes those that are due now, for a timer or after a
pause; or prints one, making it first when its period has ended.

Examples:
  gongkai digest
  gongkai digest --agency 320800 --kind monthly_ledger --period 2026-03 >march.json";

/// Options of `digest`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The agency's code
    #[arg(long, value_name = "CODE", requires = "kind")]
    agency: Option<String>,
    /// Which
    #[arg(long, value_parser = kind(), requires = "agency")]
    kind: Option<DigestKind>,
    /// A day (2026-04-01), a month (2026-03) or a quarter (2026-Q1); what is due today when it is not said
    #[arg(long, requires = "kind")]
    period: Option<String>,
}

/// Reads a kind by its code and lists them all in the help.
fn kind() -> impl clap::builder::TypedValueParser<Value = DigestKind> {
    use clap::builder::TypedValueParser as _;
    clap::builder::PossibleValuesParser::new(DigestKind::ALL.iter().map(|kind| kind.code()))
        .try_map(|code| DigestKind::parse(&code).ok_or("no such kind"))
}

/// Makes what is due, or prints one.
pub(super) async fn run(arguments: Arguments, json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let (Some(code), Some(kind)) = (&arguments.agency, arguments.kind) else {
        let made = started.app.make_due_digests().await?;
        return if json {
            print_json(&json!({ "made": made }))
        } else {
            print(&format!("digests made: {made}\n"))
        };
    };
    let agency = agency(&started.app, code).await?;
    let of = match &arguments.period {
        Some(period) => DigestOf::read(kind, period),
        None => DigestOf::due_on(kind, started.app.today_at(agency).await?),
    };
    let of = of.ok_or_else(|| {
        Failure::new("--period: a day is written 2026-04-01, a month 2026-03, a quarter 2026-Q1")
    })?;
    let (digest, _) = started.app.make_digest(agency, of).await?;
    print_json(&digest.content)
}
