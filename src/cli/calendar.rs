//! `gongkai calendar`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::output::{Failure, print, print_json, say};
use super::start::{Share, start};
use crate::app::calendars::{NewDay, NewYears, Previewed, Scope};
use crate::domain::calendar::differences;
use crate::domain::case::{By, Origin};
use crate::domain::sensitivity::Sensitivity;
use crate::http::{calendar_applied, calendar_preview};
use crate::law::read_rows;
use crate::store::Touched;

const IMPORT: &str = "\
The file is CSV with the columns date, kind (holiday or workday), name, source_notice_number, as law/cn/calendar.csv
is. It may hold several years; each takes the place of what the calendar had for that year. A year that has only days
from 25 to 31 December, with the next year in the file, is added to. What moves is printed; it is applied to all
agencies' open cases as one change set, each with an event, or not at all.

Examples:
  gongkai calendar import 2027.csv --preview
  gongkai calendar import 2027.csv --notice '国办发明电〔2026〕×号'";

/// The largest file that is read.
const MOST_BYTES: u64 = 1024 * 1024;
/// So many cases are printed; JSON has more.
const SHOWN: usize = 50;
/// So many cases JSON has.
const TOLD: usize = 1_000;

/// Commands on calendars.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Take over a notice of the working days, or only say which open cases it would move
    #[command(after_help = IMPORT)]
    Import(Import),
    /// Print the calendars, their years and notices
    List,
}

/// Options of `calendar import`.
#[derive(clap::Args)]
pub(super) struct Import {
    /// The days of the notice
    file: PathBuf,
    /// Which calendar
    #[arg(long, value_name = "ID", default_value = "cn")]
    calendar: String,
    /// The notice's number; that of the file's newest day when not said
    #[arg(long, value_name = "NUMBER")]
    notice: Option<String>,
    /// Only say what would move
    #[arg(long)]
    preview: bool,
}

/// Carries out a command.
pub(super) async fn run(command: Command, json: bool) -> Result<(), Failure> {
    match command {
        Command::Import(import) => run_import(import, json).await,
        Command::List => list(json).await,
    }
}

async fn run_import(import: Import, json: bool) -> Result<(), Failure> {
    let new = read(&import)?;
    let app = start(Share::Beside, Origin::CommandLine).await?.app;
    let told = if json { TOLD } else { SHOWN };
    let unknown = |error| told_of(error, &format!("--calendar: there is no calendar `{}`", import.calendar));
    let previewed = app.preview_calendar(&new, told).await.map_err(unknown)?;
    if import.preview {
        return if json {
            print_json(&calendar_preview(&previewed, Sensitivity::HIGHEST))
        } else {
            print(&as_text(&previewed, "would move"))
        };
    }
    let done = app.apply_calendar(By::Operator, &new, previewed.effects.digest, told).await?;
    if json {
        return print_json(&calendar_applied(&done, Sensitivity::HIGHEST));
    }
    print(&as_text(&done.previewed, "moved"))?;
    if let Some(change_set) = done.change_set {
        print(&format!("applied as change set {change_set}\n"))
    } else {
        say("nothing to change: the calendar has these days already");
        Ok(())
    }
}

/// In the words of the command line.
fn told_of(error: crate::app::error::AppError, unknown: &str) -> Failure {
    let unknown_here = matches!(error, crate::app::error::AppError::NotFound);
    if unknown_here { Failure::new(unknown) } else { error.into() }
}

fn read(import: &Import) -> Result<NewYears, Failure> {
    let name = import.file.display().to_string();
    let text = text(&import.file).map_err(|reason| Failure::new(format!("{name}: {reason}")))?;
    let rows = read_rows(&name, &text).map_err(|faults| Failure::new(faults.to_string()))?.rows;
    let newest = rows.iter().max_by_key(|row| row.date).map(|row| row.source.clone());
    let notice = import.notice.clone().or(newest).unwrap_or_default();
    let own = |source: String| (!source.trim().is_empty()).then_some(source);
    let days = rows.into_iter().map(|row| NewDay {
        date: row.date,
        kind: row.kind,
        name: row.name,
        notice: own(row.source),
    });
    Ok(NewYears { calendar: import.calendar.clone(), notice, scope: Scope::Found, days: days.collect() })
}

fn text(file: &Path) -> Result<String, String> {
    let size = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
    if size > MOST_BYTES {
        return Err(format!("a calendar has at most {MOST_BYTES} bytes"));
    }
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

fn as_text(previewed: &Previewed, verb: &str) -> String {
    let Previewed { change, effects } = previewed;
    let mut text = format!("calendar {}, notice {}\n", change.calendar, change.notice);
    // Writing to a String cannot fail.
    for new in &change.years {
        let _ = writeln!(text, "year {} becomes version {}", new.year, new.version);
    }
    for found in changed_days(previewed) {
        let _ = writeln!(text, "  {found}");
    }
    let _ = writeln!(text, "{} open cases {verb}, {} only settle", effects.moved, effects.settled);
    for case in effects.moves.iter().take(SHOWN) {
        let _ = writeln!(text, "  {}", line(case));
    }
    let more = effects.moved.saturating_sub(u64::try_from(effects.moves.len()).unwrap_or(u64::MAX));
    if more > 0 {
        let _ = writeln!(text, "  and {more} more");
    }
    text
}

/// The days that become others, at most so many as cases are shown. A day off that the file leaves out is a working day from
/// now on: who brings in half a year must see it.
fn changed_days(previewed: &Previewed) -> Vec<String> {
    let change = &previewed.change;
    let both = change.before.calendar(&change.calendar).zip(change.after.calendar(&change.calendar));
    let found = both.map(|(before, after)| differences(before, after)).unwrap_or_default();
    let other = found.iter().filter(|one| one.before.class != one.after.class);
    let told = other.map(|one| {
        let was = one.before.name.map(|name| format!(" ({name})")).unwrap_or_default();
        let (from, to) = (one.before.class.code(), one.after.class.code());
        format!("{}: {from}{was} -> {to}", one.before.date)
    });
    let mut told: Vec<String> = told.collect();
    let more = told.len().saturating_sub(SHOWN);
    told.truncate(SHOWN);
    if more > 0 {
        told.push(format!("and {more} more days"));
    }
    told
}

fn line(case: &Touched) -> String {
    let name = case.number.clone().unwrap_or_else(|| case.case.to_string());
    let day = |date: Option<chrono::NaiveDate>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let mut line = format!(
        "agency {}, {name}: due {} -> {}",
        case.agency,
        day(case.before.due_on),
        day(case.after.due_on)
    );
    for before in &case.before.obligations {
        let after = case.after.obligations.iter().find(|open| (open.kind, open.n) == (before.kind, before.n));
        let moved = after.map(|open| open.due_on).filter(|due_on| *due_on != before.due_on);
        // The reply is the case's own date.
        if let Some(after) = moved.filter(|_| before.kind != crate::domain::time_limit::ObligationKind::Reply)
        {
            let _ = write!(line, "; {} {} -> {after}", before.kind.code(), before.due_on);
        }
    }
    line
}

async fn list(json: bool) -> Result<(), Failure> {
    let app = start(Share::Beside, Origin::CommandLine).await?.app;
    let found = app.calendars().await?;
    let coverage = |id: &str, law: &crate::law::LawBook| {
        law.calendar(id).map_or((0, 0), |calendar| (*calendar.coverage().start(), *calendar.coverage().end()))
    };
    if json {
        let items: Vec<_> = found
            .iter()
            .map(|view| {
                let (first, last) = coverage(&view.id, &view.law);
                let versions = view.versions.iter().map(|row| {
                    json!({ "year": row.year, "version": row.version, "notice": row.notice,
                            "change_set": row.change_set.0, "applied_at": row.applied_at.0 })
                });
                json!({ "id": view.id, "extends": view.law.base_of(&view.id), "first_year": first,
                        "last_year": last, "versions": versions.collect::<Vec<_>>() })
            })
            .collect();
        return print_json(&json!({ "items": items }));
    }
    let mut text = String::new();
    for view in &found {
        let (first, last) = coverage(&view.id, &view.law);
        let _ = writeln!(text, "{}: {first} to {last}", view.id);
        for row in &view.versions {
            let _ = writeln!(text, "  {} version {}: {}", row.year, row.version, row.notice);
        }
    }
    print(&text)
}
