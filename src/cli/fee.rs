//! `gongkai fee`: the calculator of the information-processing fee, without a server and without a database.

use serde_json::json;

use super::output::{Failure, print, print_json};
use super::start;
use crate::http::{FeeView, fee_offline};

const EXAMPLES: &str = "\
Examples:
  gongkai fee --pages 150                one application of 150 pages
  gongkai fee --pieces 14                the first 14 applications of a month
  gongkai fee --pieces 1 --already 11    the 12th";

/// Options of `fee`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group = clap::ArgGroup::new("mode").args(["pages", "pieces"]).required(true))]
pub(super) struct Arguments {
    /// By the pages of one application
    #[arg(long, value_name = "N")]
    pages: Option<u32>,
    /// By the applications of one applicant in one calendar month
    #[arg(long, value_name = "N")]
    pieces: Option<u32>,
    /// How many applications there were this month before
    #[arg(long, value_name = "N", requires = "pieces")]
    already: Option<u32>,
    /// The statute
    #[arg(long, value_name = "ID", default_value = "cn-ogi-2019")]
    statute: String,
}

/// Prints the fee.
pub(super) fn run(arguments: &Arguments, json: bool) -> Result<(), Failure> {
    let mode = if arguments.pages.is_some() { "per_page" } else { "per_piece" };
    let request = json!({
        "statute": arguments.statute, "mode": mode, "pages": arguments.pages, "pieces": arguments.pieces,
        "already_this_month": arguments.already,
    });
    let law = start::law(&start::settings()?)?;
    let fee = fee_offline(&law, request.to_string().as_bytes()).map_err(|errors| {
        let told = errors.iter().map(|error| {
            let option = error.pointer.trim_start_matches('/').replace("_this_month", "");
            format!("--{option}: {}", error.en)
        });
        Failure::new(told.collect::<Vec<_>>().join("\n"))
    })?;
    if json { print_json(&fee) } else { print(&words(&fee)) }
}

/// One line for each rate, then the sum.
fn words(fee: &FeeView) -> String {
    let unit = format!("{} {}", fee.currency, fee.unit);
    let lines = fee.lines.iter().map(|line| {
        let count = line.to.saturating_sub(line.from).saturating_add(1);
        format!("{}-{}: {count} × {} = {}\n", line.from, line.to, line.rate, line.amount)
    });
    lines.chain([format!("{} {unit}\n", fee.amount)]).collect()
}
