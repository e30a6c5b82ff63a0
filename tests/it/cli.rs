//! The command line, run as people run it: what it prints, where, and with which exit status.

mod ledger;
mod rebuild;
mod start;
mod time_limit;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::databases::both_databases;
use crate::support::server::{GONGKAI, Place};

/// A run that has ended.
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The result of a run that must have succeeded.
    #[track_caller]
    pub fn succeeded(self) -> String {
        assert_eq!(self.status, 0, "{}\n{}", self.stdout, self.stderr);
        self.stdout
    }

    /// The same as JSON.
    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.succeeded()).unwrap()
    }

    /// The sentence of a run that must have failed without a result.
    #[track_caller]
    pub fn failed(self) -> String {
        assert_eq!((self.status, self.stdout.as_str()), (1, ""), "{}", self.stderr);
        self.sentence()
    }

    /// The sentence of a run that must have failed.
    #[track_caller]
    pub fn sentence(self) -> String {
        assert_eq!(self.status, 1, "{}\n{}", self.stdout, self.stderr);
        let at = self.stderr.rfind("gongkai: ").expect("no sentence says why");
        self.stderr[at + "gongkai: ".len()..].trim_end().to_owned()
    }
}

/// Runs a command to its end.
pub fn ran(mut command: Command, input: &str) -> Ran {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that fails early does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Ran::of(child.wait_with_output().unwrap())
}

/// Runs `gongkai` with these arguments at a place.
pub fn gongkai(place: &Place, arguments: &[&str]) -> Ran {
    gongkai_reading(place, arguments, "")
}

/// The same with this text on standard input.
pub fn gongkai_reading(place: &Place, arguments: &[&str], input: &str) -> Ran {
    let mut command = place.command(GONGKAI);
    command.args(arguments);
    ran(command, input)
}

/// A place with an agency whose code is `A`.
pub fn office(place: Place) -> Place {
    gongkai(&place, &["agency", "create", "--code", "A", "--name", "虚构市人民政府"]).succeeded();
    place
}

const PASSWORD: &str = "correct horse battery 9";

both_databases! {
    fn agencies_and_accounts_are_made(backend) {
        let place = Place::new(backend);
        let made = gongkai(&place, &["--json", "agency", "create", "--code", "A", "--name", "某市"]).json();
        assert_eq!((made["code"].as_str(), made["zone"].as_str()), (Some("A"), Some("Asia/Shanghai")));
        let below = ["agency", "create", "--code", "B", "--name", "某区", "--parent", "A", "--json"];
        assert_eq!(gongkai(&place, &below).json()["parent_id"], made["id"]);
        assert_eq!(gongkai(&place, &below).failed(), "--code: this is taken already");
        let wrong = ["agency", "create", "--code", "a b", "--name", "某区", "--parent", "C", "--zone", "Mars"];
        assert!(gongkai(&place, &wrong).failed().starts_with("--"));

        let create = ["account", "create", "--username", "li", "--agency", "A", "--password-stdin", "--json"];
        let with = |more: &[&str], password: &str| {
            gongkai_reading(&place, &[create.as_slice(), more].concat(), &format!("{password}\n"))
        };
        let account = with(&["--role", "clerk,approver", "--person", "0417"], PASSWORD).json();
        assert_eq!(account["roles"], serde_json::json!(["clerk", "approver"]));
        assert_eq!(account["must_change_password"], false);
        assert!(with(&["--role", "clerk"], "").failed().contains("standard input is empty"));
        assert!(with(&["--role", "clerk"], "123456").failed().starts_with("--password-stdin: "));
        assert!(with(&["--role", "clerk", "--department", "无"], PASSWORD).failed().contains("no department 无"));
        assert_eq!(with(&["--role", "boss"], PASSWORD).status, 2);
        let nowhere = ["account", "create", "--username", "x", "--agency", "Z", "--role", "clerk", "--password-stdin"];
        assert!(gongkai_reading(&place, &nowhere, PASSWORD).failed().contains("no agency with the code Z"));

        let found = place.database.contents().join("\n");
        assert!(!found.contains(PASSWORD));
        assert!(gongkai(&place, &["migrate"]).succeeded().contains("up to date"));
    }
}

#[test]
fn help_says_what_each_command_does() {
    let help = |arguments: &[&str]| {
        let mut command = Command::new(GONGKAI);
        command.args(arguments).arg("--help");
        ran(command, "").succeeded()
    };
    let commands = [
        "serve",
        "migrate",
        "check-config",
        "openapi",
        "rebuild",
        "agency",
        "account",
        "import-ledger",
        "annual-report",
        "check-annual-report",
        "time-limit",
        "fee",
    ];
    let all = help(&[]);
    for command in commands {
        assert!(all.contains(command), "{command}");
        assert!(help(&[command]).contains("Usage: gongkai"), "{command}");
    }
    for command in ["agency", "account"] {
        assert!(help(&[command, "create"]).contains("Example"), "{command}");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_prints_no_result() {
    for arguments in [
        vec![],
        vec!["serv"],
        vec!["serve", "now"],
        vec!["--jsno"],
        vec!["import-ledger"],
        vec!["annual-report", "--agency", "A", "--year", "soon"],
        vec!["annual-report", "--agency", "A", "--year", "2025", "--format", "xlsx"],
    ] {
        let mut command = Command::new(GONGKAI);
        command.args(&arguments);
        let ran = ran(command, "");
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}
