//! `gongkai annual-report`.

use super::output::{Failure, print, print_json};
use super::start::{Share, agency, start};
use crate::domain::annual_report::Form;
use crate::domain::case::Origin;

const EXAMPLE: &str = "\
Examples:
  gongkai annual-report --agency 320800 --year 2025 >report.json
  gongkai annual-report --agency 320800 --year 2025 --format csv >report.csv
  gongkai check-annual-report report.json";

/// Options of `annual-report`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The agency's code
    #[arg(long, value_name = "CODE")]
    agency: String,
    /// The calendar year, from 2008
    #[arg(long)]
    year: i32,
    /// JSON with the keys of published figures, or CSV with Chinese labels for a spreadsheet
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The edition of the form
    #[arg(long, value_parser = form(), default_value = Form::default().code())]
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Json,
    Csv,
}

/// Reads an edition by its year and lists them all in the help.
fn form() -> impl clap::builder::TypedValueParser<Value = Form> {
    use clap::builder::TypedValueParser as _;
    clap::builder::PossibleValuesParser::new(Form::ALL.iter().map(|form| form.code()))
        .try_map(|code| Form::parse(&code).ok_or("no such form"))
}

/// Prints the report.
pub(super) async fn run(arguments: Arguments, json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let agency = agency(&started.app, &arguments.agency).await?;
    let report = started.app.annual_report(agency, arguments.year).await?;
    if json || arguments.format == Format::Json {
        print_json(&report.to_json(arguments.form))
    } else {
        print(&report.to_csv(arguments.form)?)
    }
}
