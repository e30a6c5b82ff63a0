//! The command line: `gongkai COMMAND`. Each command is one file, a thin call into `app`.
//!
//! Standard output carries only the result (JSON with `--json`); logs, progress and errors go to standard error. A
//! command that fails says why in one sentence and ends with status 1; wrong usage ends with status 2.

mod account;
mod agency;
mod annual_report;
mod audit;
mod calendar;
mod check_annual_report;
mod check_config;
mod demo;
mod digest;
mod export_case;
mod fee;
mod import_ledger;
mod keys;
mod log;
mod migrate;
mod openapi;
mod output;
mod rebuild;
mod serve;
mod start;
mod time_limit;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use output::Failure;

const EXAMPLES: &str = "\
Examples:
  gongkai demo                         try it: a sample office with a year of invented cases
  gongkai serve                        serve on http://127.0.0.1:8080, on SQLite in this folder
  gongkai agency create --code 320800 --name 某市人民政府
  gongkai account create --username admin --agency 320800 --role system_admin --password-stdin <password.txt
  gongkai import-ledger 台账.csv --agency 320800
  gongkai calendar import 2027.csv --preview
  gongkai annual-report --agency 320800 --year 2025
  gongkai export-case --agency 320800 --number 淮公申〔2026〕1号 --out 1.zip
  gongkai audit verify 1.zip
  gongkai time-limit --received 2026-03-02

Settings come from GONGKAI_… variables or from gongkai.toml in the working directory; `gongkai check-config` lists
them all with their values.";

/// Gongkai (公开): handles requests for the disclosure of public information (依申请公开).
#[derive(Parser)]
#[command(name = "gongkai", version, about, after_help = EXAMPLES, arg_required_else_help = true)]
struct Arguments {
    /// Print the result as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API until told to stop (Ctrl-C or SIGTERM)
    Serve,
    /// Make a sample office with a year of invented cases, and serve it
    Demo(demo::Arguments),
    /// Make the database, its schema and its key ready, and say what was done
    Migrate,
    /// Check the settings and print each with its value and where it came from
    CheckConfig(check_config::Arguments),
    /// Print the OpenAPI document of this version
    Openapi,
    /// Derive every queue row from the events again, and put right what differs
    Rebuild(rebuild::Arguments),
    /// Government offices
    #[command(subcommand)]
    Agency(agency::Command),
    /// Accounts of the people who sign in
    #[command(subcommand)]
    Account(account::Command),
    /// Working calendars (工作日历) and their notices
    #[command(subcommand)]
    Calendar(calendar::Command),
    /// Take over an office's ledger (台账): all of it, or nothing
    ImportLedger(import_ledger::Arguments),
    /// Print the annual report's figures of a year (年度报告)
    AnnualReport(annual_report::Arguments),
    /// Make the digests that are due, or print one (每日清单、月度台账、季度通报)
    Digest(digest::Arguments),
    /// Write one case as a ZIP: index page, catalogue, words, and its record with the links of its chain (案卷导出)
    ExportCase(export_case::Arguments),
    /// Keys: rotation, and another master key
    #[command(subcommand)]
    Keys(keys::Command),
    /// Prove that the record was not changed
    #[command(subcommand)]
    Audit(audit::Command),
    /// Calculate a time limit from dated facts, and explain it (期限计算)
    TimeLimit(time_limit::Arguments),
    /// Calculate the information-processing fee (信息处理费)
    Fee(fee::Arguments),
    /// Check whether the figures of an annual report add up, ours or another office's
    CheckAnnualReport {
        /// The report in JSON, as `gongkai annual-report` prints it
        file: std::path::PathBuf,
    },
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help and version are results (status 0), everything else is wrong usage (status 2).
        Err(error) => error.exit(),
    };
    match carry_out(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("gongkai: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(arguments: Arguments) -> Result<(), Failure> {
    let json = arguments.json;
    match arguments.command {
        Command::Serve => start::block_on(serve::run()),
        Command::Demo(arguments) => start::block_on(demo::run(arguments, json)),
        Command::Migrate => start::block_on(migrate::run(json)),
        Command::CheckConfig(arguments) => check_config::run(&arguments, json),
        Command::Openapi => openapi::run(),
        Command::Rebuild(arguments) => start::block_on(rebuild::run(arguments, json)),
        Command::Agency(command) => start::block_on(agency::run(command, json)),
        Command::Account(command) => start::block_on(account::run(command, json)),
        Command::Calendar(command) => start::block_on(calendar::run(command, json)),
        Command::ImportLedger(arguments) => start::block_on(import_ledger::run(arguments, json)),
        Command::AnnualReport(arguments) => start::block_on(annual_report::run(arguments, json)),
        Command::Digest(arguments) => start::block_on(digest::run(arguments, json)),
        Command::ExportCase(arguments) => start::block_on(export_case::run(arguments, json)),
        Command::Keys(command) => start::block_on(keys::run(command, json)),
        Command::Audit(command) => audit::run(command, json),
        Command::TimeLimit(arguments) => time_limit::run(&arguments, json),
        Command::Fee(arguments) => fee::run(&arguments, json),
        Command::CheckAnnualReport { file } => {
            let mut out = std::io::stdout().lock();
            if check_annual_report::run(&file, json, &mut out).map_err(Failure::new)? {
                Ok(())
            } else {
                Err(Failure::new(format!("{}: the figures do not add up", file.display())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Arguments;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
