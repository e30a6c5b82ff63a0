//! `gongkai rebuild`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::output::{Failure, print, print_json, progress};
use super::start::{Share, start};
use crate::app::rebuild::Rebuilt;
use crate::domain::case::Origin;
use crate::store::IndexState;

const HELP: &str = "\
Queue rows (stage, limit, light, figures) are derived from the record of events. This verifies the record, derives
every row again, prints the cases that differ, and puts them right. It should find nothing. The record itself is never
changed; where it does not verify, nothing is changed at all.";

/// So many cases are printed; JSON has them all.
const SHOWN: usize = 100;

/// Options of `rebuild`.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// Only look; a difference is a failure
    #[arg(long)]
    check: bool,
}

/// Rebuilds, or only checks.
pub(super) async fn run(arguments: Arguments, json: bool) -> Result<(), Failure> {
    let started = start(Share::Alone, Origin::CommandLine).await?;
    let rebuilt = started.app.rebuild(arguments.check, &progress()).await?;
    if json { print_json(&as_json(&rebuilt)) } else { print(&as_text(&rebuilt)) }?;
    if rebuilt.is_sound() {
        return Ok(());
    }
    let left = rebuilt.differences.iter().filter(|difference| !difference.replaced).count();
    if rebuilt.search_index == IndexState::Unsound {
        return Err(Failure::new("the index of searches does not hold what it should".to_owned()));
    }
    Err(Failure::new(format!(
        "the queue is not what the record makes of it ({left} different, {} not derivable, {} findings in the record)",
        rebuilt.problems.len(),
        rebuilt.findings.len()
    )))
}

fn as_json(rebuilt: &Rebuilt) -> Value {
    let differences = rebuilt.differences.iter().map(|difference| {
        json!({
            "agency": difference.agency, "case": difference.case, "columns": difference.columns,
            "replaced": difference.replaced,
        })
    });
    let problems = rebuilt
        .problems
        .iter()
        .map(|problem| json!({ "agency": problem.agency, "case": problem.case, "reason": problem.reason }));
    let findings =
        rebuilt.findings.iter().map(|(agency, finding)| json!({ "agency": agency, "finding": finding }));
    json!({
        "sound": rebuilt.is_sound(), "agencies": rebuilt.agencies, "cases": rebuilt.cases,
        "events": rebuilt.events, "differences": differences.collect::<Vec<_>>(),
        "search_index": index_state(rebuilt.search_index),
        "problems": problems.collect::<Vec<_>>(), "findings": findings.collect::<Vec<_>>(),
    })
}

fn index_state(state: IndexState) -> &'static str {
    match state {
        IndexState::Sound => "sound",
        IndexState::MadeAnew => "made_anew",
        IndexState::Unsound => "unsound",
    }
}

fn as_text(rebuilt: &Rebuilt) -> String {
    let mut text = format!(
        "agencies {}, cases {}, events {}: {} differences, {} problems, {} findings\n",
        rebuilt.agencies,
        rebuilt.cases,
        rebuilt.events,
        rebuilt.differences.len(),
        rebuilt.problems.len(),
        rebuilt.findings.len()
    );
    // Writing to a String cannot fail.
    for difference in rebuilt.differences.iter().take(SHOWN) {
        let done = if difference.replaced { "put right" } else { "left as it is" };
        let (agency, case) = (&difference.agency, difference.case);
        let _ = writeln!(text, "agency {agency}, case {case}: {} ({done})", difference.columns.join(", "));
    }
    if rebuilt.search_index != IndexState::Sound {
        let _ = writeln!(text, "index of searches: {}", index_state(rebuilt.search_index));
    }
    for problem in rebuilt.problems.iter().take(SHOWN) {
        let _ = writeln!(text, "agency {}, case {}: {}", problem.agency, problem.case, problem.reason);
    }
    for (agency, finding) in rebuilt.findings.iter().take(SHOWN) {
        let _ = writeln!(text, "agency {agency}, {finding}");
    }
    text
}
