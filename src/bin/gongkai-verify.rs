//! `gongkai-verify`: checks a case that was handed out, on any computer: no database, no network, no account.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use gongkai::audit::chain::{Head, Link};
use gongkai::audit::checkpoint::{CheckpointKey, checkpoints_in};
use gongkai::audit::export::{Elsewhere, Verdict, verify_export_against};
use gongkai::audit::verify::Claim;
use gongkai::crypto::hex;

const HELP: &str = "\
Checked are: the agency's signature over the list of files; length and SHA-256 of each file; the chain of the events; each file of the
case against the event that attached it; each event's place in the agency's record, under a signed checkpoint.

Get the public key from somebody else than whoever gave you the ZIP, and give it with --key: without it the keys in the ZIP count,
and somebody who wrote all of it anew named his own.

Status 0: nothing is wrong. 1: it was changed; each place is told, with the reason. 2: wrong usage, or the file is no ZIP or cannot be
read.

离线核验案卷导出：机关对文件清单的签名、每个文件的长度和SHA-256、事件链、附件、每个事件在签名检查点之下的位置。
公钥应当另行取得，用 --key 给出；否则以压缩包自带的公钥为准，整体伪造的无从发现。
退出状态：0 核验通过；1 有改动，逐一指出位置和原因；2 用法有误，或文件不是压缩包、无法读取。

Examples 示例:
  gongkai-verify case.zip --key keys.txt
  gongkai-verify case.zip --key 'gongkai-audit/0197…+6a3a4d27+AZx…' --checkpoints /mnt/second --json";

/// Check a case that was handed out as a ZIP, offline 离线核验案卷
#[derive(Parser)]
#[command(name = "gongkai-verify", version, about, after_help = HELP)]
struct Arguments {
    /// The ZIP 压缩包
    #[arg(value_name = "ZIP")]
    file: PathBuf,
    /// A public key that counts, or a file of such keys, one a line; may be given several times 公钥或公钥文件
    #[arg(long, value_name = "PUBLIC")]
    key: Vec<String>,
    /// The second place, or a file that a receiver has saved: the checkpoints in the ZIP must be among those there 检查点第二存放处
    #[arg(long, value_name = "PATH")]
    checkpoints: Option<PathBuf>,
    /// Where the case's chain must end: the number of its last event, a colon, its link 已知的链尾
    #[arg(long, value_name = "SEQ:LINK", value_parser = head)]
    head: Option<Head>,
    /// Print the verdict as JSON 以JSON输出
    #[arg(long)]
    json: bool,
}

fn head(text: &str) -> Result<Head, String> {
    let (seq, link) = text.split_once(':').ok_or("expected a number, a colon and a link")?;
    let seq = seq.parse().map_err(|_| "expected a number before the colon")?;
    let link = hex::decode::<32>(link).ok_or("expected 64 lower-case hexadecimal digits behind the colon")?;
    Ok(Head { seq, link: Link::from_bytes(link) })
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match verdict(&arguments) {
        Ok(verdict) => {
            // Who does not listen any more is told by the status.
            let _ = print(&verdict, arguments.json);
            if verdict.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(reason) => {
            let _ = writeln!(io::stderr(), "cannot be checked 无法核验: {reason}");
            ExitCode::from(2)
        }
    }
}

fn verdict(arguments: &Arguments) -> Result<Verdict, String> {
    let mut keys = Vec::new();
    for given in &arguments.key {
        keys.extend(keys_of(given)?);
    }
    let keys = Some(keys).filter(|keys| !keys.is_empty());
    let checkpoints = arguments.checkpoints.as_deref().map(checkpoints).transpose()?;
    let told = |error: io::Error| format!("{}: {error}", arguments.file.display());
    let file = File::open(&arguments.file).map_err(told)?;
    verify_export_against(file, arguments.head, &Elsewhere { keys, checkpoints }).map_err(told)
}

/// A key, or those in a file.
fn keys_of(given: &str) -> Result<Vec<CheckpointKey>, String> {
    if let Ok(key) = given.parse() {
        return Ok(vec![key]);
    }
    let told = |error: &dyn std::fmt::Display| format!("--key {given}: {error}");
    let text = std::fs::read_to_string(given).map_err(|error| told(&error))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let keys: Vec<CheckpointKey> =
        lines.map(|line| line.trim().parse()).collect::<Result<_, _>>().map_err(|error| told(&error))?;
    if keys.is_empty() { Err(told(&"there is no key in it")) } else { Ok(keys) }
}

/// Every checkpoint in the file, or in the folder's files, whichever agency's. One that cannot be read is none of those in the ZIP.
fn checkpoints(given: &Path) -> Result<Vec<Claim>, String> {
    let told = |error: io::Error| format!("--checkpoints {}: {error}", given.display());
    let mut files = Vec::new();
    if given.is_file() {
        files.push(given.to_owned());
    } else {
        for entry in std::fs::read_dir(given).map_err(told)? {
            files.push(entry.map_err(told)?.path());
        }
        files.retain(|path| path.extension().is_some_and(|extension| extension == "checkpoints"));
    }
    let mut found = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).map_err(told)?;
        for (line, read) in checkpoints_in(&text) {
            if let Ok(signed) = read {
                found.push(Claim { place: format!("{}, line {line}", path.display()), signed });
            }
        }
    }
    Ok(found)
}

fn print(verdict: &Verdict, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        let value = serde_json::json!({ "sound": verdict.is_sound(), "verdict": verdict });
        let text = serde_json::to_string_pretty(&value).map_err(io::Error::other)?;
        return writeln!(out, "{text}");
    }
    for fault in &verdict.faults {
        writeln!(out, "✗ {}\n  {fault}", fault.in_chinese())?;
    }
    for warning in &verdict.warnings {
        writeln!(out, "! {}\n  {}", warning.zh, warning.en)?;
    }
    let case = verdict.number.as_deref().unwrap_or("未登记 without a number");
    let (events, files, checkpoints) = (verdict.events, verdict.files, verdict.checkpoints);
    writeln!(
        out,
        "{case}: {events} events 个事件, {files} files 个文件, {checkpoints} checkpoints 个检查点"
    )?;
    if let Some(head) = verdict.head {
        writeln!(out, "head 链尾 {}:{}", head.seq, head.link)?;
    }
    let told = if verdict.is_sound() {
        "核验通过：未发现改动 SOUND"
    } else {
        "核验不通过：有改动 CHANGED"
    };
    writeln!(out, "{told}")
}
