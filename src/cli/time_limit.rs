//! `gongkai time-limit`: the calculator of time limits, without a server and without a database.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::output::{Failure, print, print_json};
use super::start;
use crate::app::error::FieldError;
use crate::clock::Clock;
use crate::domain::calendar::DayClass;
use crate::domain::lang::Lang;
use crate::http::{Form, PUBLIC_ZONE, calculate_offline};

const EXAMPLES: &str = "\
Examples:
  gongkai time-limit --received 2026-03-02
  gongkai time-limit --received 2026-03-02 --days --lang en
  gongkai time-limit --received 2026-03-02 --fact extended,on=2026-03-20,working_days=20 --json
  gongkai time-limit --received 2026-03-02 \\
      --fact consultation_sent,on=2026-03-10,ref=1,kind=third_party,served_on=2026-03-12 \\
      --fact consultation_answered,on=2026-03-20,ref=1 --reading consultation_interval=open
  gongkai time-limit --facts facts.json --as-of 2026-03-23

It counts by the calendars that are built in, or those of GONGKAI_LAW_DIR: what an office has imported with `calendar
import` lies in its database, and its server's POST /api/v1/time-limits/calculate counts by that.

Types and fields of facts are those of POST /api/v1/time-limits/calculate.";

/// The largest file of facts, in bytes.
const MOST_BYTES: u64 = 2 * 1024 * 1024;

/// Options of `time-limit`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group = clap::ArgGroup::new("what").args(["received", "fact", "facts"]).required(true).multiple(true))]
pub(super) struct Arguments {
    /// The day the application was handed in, signed for, submitted or confirmed
    #[arg(long, value_name = "DATE")]
    received: Option<String>,
    /// How it came: counter, registered_post, ordinary_post, fax, online, email
    #[arg(long, requires = "received")]
    channel: Option<String>,
    /// The day it arrived or was submitted, when that is another day; for online and email this is the day that counts
    #[arg(long, value_name = "DATE", requires = "received")]
    arrived: Option<String>,
    /// The day both sides confirmed, when that is another day
    #[arg(long, value_name = "DATE", requires = "received")]
    confirmed: Option<String>,
    /// Something that happened: TYPE,on=DATE and the type's fields; may be given again
    #[arg(long, value_name = "TYPE,KEY=VALUE…")]
    fact: Vec<String>,
    /// A file with a JSON array of facts
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// Read a doubtful point otherwise; may be given again
    #[arg(long, value_name = "POINT=READING")]
    reading: Vec<String>,
    /// The statute
    #[arg(long, value_name = "ID", default_value = "cn-ogi-2019")]
    statute: String,
    /// The calendar; the statute's own when it is left out
    #[arg(long, value_name = "ID")]
    calendar: Option<String>,
    /// The day for which state, light and days are told; today in China when it is left out
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// List each day as well
    #[arg(long)]
    days: bool,
    /// The language
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    lang: Language,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    Zh,
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Zh => Self::Zh,
            Language::En => Self::En,
        }
    }
}

/// Prints the explanation, or the timeline as JSON.
pub(super) fn run(arguments: &Arguments, json: bool) -> Result<(), Failure> {
    let lang = Lang::from(arguments.lang);
    let (facts, origins): (Vec<Value>, Vec<String>) = facts(arguments)?.into_iter().unzip();
    let mut request = Map::new();
    request.insert("statute".to_owned(), json!(arguments.statute));
    request.insert("calendar".to_owned(), json!(arguments.calendar));
    request.insert("as_of".to_owned(), json!(arguments.as_of));
    request.insert("facts".to_owned(), Value::Array(facts));
    request.insert("readings".to_owned(), Value::Object(readings(&arguments.reading)?));
    let body = Value::Object(request).to_string();
    let law = start::law(&start::settings()?)?;
    let today = Clock::System.today(PUBLIC_ZONE);
    let answer = |form| {
        calculate_offline(&law, today, body.as_bytes(), form, lang)
            .map_err(|errors| failure(&errors, &origins, lang))
    };
    if json {
        return print_json(&parsed(&answer(Form::Json)?)?);
    }
    print(&answer(Form::Text)?)?;
    if arguments.days { print(&day_list(&parsed(&answer(Form::Json)?)?, lang)) } else { Ok(()) }
}

fn parsed(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::new(format!("the answer cannot be read: {error}")))
}

/// Every fact, with what it is called in a complaint.
fn facts(arguments: &Arguments) -> Result<Vec<(Value, String)>, Failure> {
    let mut facts = Vec::new();
    if let Some(on) = &arguments.received {
        let received = json!({
            "type": "received", "on": on, "channel": arguments.channel, "arrived_on": arguments.arrived,
            "confirmed_on": arguments.confirmed,
        });
        facts.push((received, "--received".to_owned()));
    }
    for text in &arguments.fact {
        facts.push((fact(text)?, format!("--fact {text}")));
    }
    if let Some(path) = &arguments.facts {
        let listed = from_file(path)?.into_iter().enumerate();
        facts.extend(listed.map(|(n, fact)| (fact, format!("{}, fact {}", path.display(), n + 1))));
    }
    Ok(facts)
}

/// `TYPE,on=DATE,key=value…` as an object.
fn fact(text: &str) -> Result<Value, Failure> {
    let wrong =
        |what: &str| Failure::new(format!("--fact {text}: {what}; write TYPE,on=DATE,key=value and so on"));
    let mut parts = text.split(',').map(str::trim);
    let kind = parts.next().filter(|kind| !kind.is_empty() && !kind.contains('='));
    let mut members = Map::new();
    members.insert("type".to_owned(), json!(kind.ok_or_else(|| wrong("the type is missing"))?));
    for part in parts {
        let Some((key, value)) = part.split_once('=') else {
            return Err(wrong(&format!("`{part}` is no key=value")));
        };
        // The one field that is a number: `ref=1` is a name.
        let number = if key == "working_days" { value.parse::<i64>().ok() } else { None };
        let value = match value {
            "true" => json!(true),
            "false" => json!(false),
            text => number.map_or_else(|| json!(text), |number| json!(number)),
        };
        if members.insert(key.to_owned(), value).is_some() {
            return Err(wrong(&format!("`{key}` is given twice")));
        }
    }
    Ok(Value::Object(members))
}

fn from_file(path: &Path) -> Result<Vec<Value>, Failure> {
    let failed = |reason: String| Failure::new(format!("{}: {reason}", path.display()));
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES.saturating_add(1)).read_to_string(&mut text))
        .map_err(|error| failed(format!("it cannot be read: {error}")))?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(failed(format!("it has more than {} KiB", MOST_BYTES / 1024)));
    }
    match serde_json::from_str(&text) {
        Ok(Value::Array(facts)) => Ok(facts),
        Ok(_) => Err(failed("it holds no JSON array of facts".to_owned())),
        Err(error) => Err(failed(format!("it holds no JSON: {error}"))),
    }
}

/// `POINT=READING`, several.
fn readings(texts: &[String]) -> Result<Map<String, Value>, Failure> {
    let mut readings = Map::new();
    for text in texts {
        let Some((point, reading)) = text.split_once('=') else {
            return Err(Failure::new(format!("--reading {text}: write POINT=READING")));
        };
        if readings.insert(point.to_owned(), json!(reading)).is_some() {
            return Err(Failure::new(format!("--reading {text}: `{point}` is given twice")));
        }
    }
    Ok(readings)
}

/// Every complaint, one a line, in terms of the options.
fn failure(errors: &[FieldError], origins: &[String], lang: Lang) -> Failure {
    let told = errors.iter().map(|error| {
        let place = place(&error.pointer, origins);
        format!("{place}: {}", lang.pick(&error.zh, &error.en))
    });
    Failure::new(told.collect::<Vec<_>>().join("\n"))
}

fn place(pointer: &str, origins: &[String]) -> String {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    match steps.as_slice() {
        ["facts", n, rest @ ..] => {
            let origin =
                n.parse::<usize>().ok().and_then(|n| origins.get(n)).map_or("--fact", String::as_str);
            std::iter::once(origin).chain(rest.iter().copied()).collect::<Vec<_>>().join(": ")
        }
        ["facts"] => "--received, --fact, --facts".to_owned(),
        ["readings", point, ..] => format!("--reading {point}"),
        [option, ..] => format!("--{}", option.replace('_', "-")),
        [] => "the facts".to_owned(),
    }
}

/// Each day on a line: date, class, number in the period or effect, name and source.
fn day_list(timeline: &Value, lang: Lang) -> String {
    let text = |day: &Value, key: &str| day.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let days = timeline.get("days").and_then(Value::as_array);
    let line = |day: &Value| {
        let class = text(day, "class");
        let class = DayClass::parse(&class)
            .map_or(class, |class| lang.pick(class.label_zh(), class.label_en()).to_owned());
        let ordinal = day.get("ordinal").and_then(Value::as_i64);
        let effect = text(day, "effect");
        let counts = match (ordinal, effect.as_str()) {
            (Some(n), _) => n.to_string(),
            (None, "excluded") => lang.pick("扣除", "excluded").to_owned(),
            (None, "superseded") => lang.pick("已被取代", "superseded").to_owned(),
            (None, _) => "-".to_owned(),
        };
        let (name, source) = (text(day, "name"), text(day, "source"));
        let reason = if name.is_empty() { String::new() } else { format!("\t{name}\t{source}") };
        format!("{}\t{class}\t{counts}{reason}\n", text(day, "date"))
    };
    days.into_iter().flatten().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_read_from_one_word() {
        let read = |text| fact(text).map_err(|failure| failure.to_string());
        assert_eq!(
            read("extended,on=2026-03-20,working_days=20"),
            Ok(json!({ "type": "extended", "on": "2026-03-20", "working_days": 20 }))
        );
        assert_eq!(read("received, on=x, after_hours=true").unwrap()["after_hours"], true);
        for (text, word) in [
            ("", "the type is missing"),
            ("on=2026-03-20", "the type is missing"),
            ("corrected,2026-03-20", "`2026-03-20` is no key=value"),
            ("corrected,on=a,on=b", "`on` is given twice"),
            ("corrected,type=x", "`type` is given twice"),
        ] {
            assert!(read(text).unwrap_err().contains(word), "{text}");
        }
    }

    #[test]
    fn a_complaint_names_the_option() {
        let origins = ["--received".to_owned(), "facts.json, fact 1".to_owned()];
        for (pointer, told) in [
            ("/facts/0/on", "--received: on"),
            ("/facts/1", "facts.json, fact 1"),
            ("/facts", "--received, --fact, --facts"),
            ("/readings/silence", "--reading silence"),
            ("/as_of", "--as-of"),
            ("", "the facts"),
        ] {
            assert_eq!(place(pointer, &origins), told);
        }
    }
}
