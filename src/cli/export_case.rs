//! `gongkai export-case`.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;
use tokio::sync::mpsc;

use super::output::{Failure, print, print_json};
use super::start::{Share, agency, start};
use crate::domain::case::Origin;
use crate::http::export_catalogue;

const EXAMPLE: &str = "\
Example:
  gongkai export-case --agency 320800 --number 淮公申〔2026〕1号 --out 1.zip
  gongkai export-case --agency 320800 --number 淮公申〔2026〕1号 --out 1.zip --with-files --reason 向人民法院提交证据
  gongkai audit verify 1.zip";

/// Options of `export-case`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The agency's code
    #[arg(long, value_name = "CODE")]
    agency: String,
    /// The registration number of the case
    #[arg(long, value_name = "NUMBER")]
    number: String,
    /// The file to write; one that is there is left alone
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// With the files of the case, which may hold personal data; proofs of identity stay out
    #[arg(long, requires = "reason")]
    with_files: bool,
    /// Why the files are handed out: it is recorded, and names nobody
    #[arg(long, value_name = "TEXT", requires = "with_files")]
    reason: Option<String>,
}

/// Writes the ZIP, whole or not at all.
pub(super) async fn run(arguments: Arguments, json: bool) -> Result<(), Failure> {
    let started = start(Share::Beside, Origin::CommandLine).await?;
    let agency = agency(&started.app, &arguments.agency).await?;
    let Arguments { number, out, reason, .. } = arguments;
    let app = &started.app;
    let exported = app.export_by_number(agency, &number, reason.as_deref(), export_catalogue);
    let export = exported.await.map_err(|error| {
        if matches!(error, crate::app::error::AppError::NotFound) {
            Failure::new(format!("there is no case with the number {number}"))
        } else {
            Failure::from(error)
        }
    })?;
    let version = export.version();
    let failed =
        |error: std::io::Error| Failure::new(format!("{} cannot be written: {error}", out.display()));
    let mut file = File::create_new(&out).map_err(failed)?;
    let (sink, mut source) = mpsc::channel(4);
    let receive = async {
        let mut bytes = 0_u64;
        while let Some(part) = source.recv().await {
            let part: Vec<u8> = part?;
            file.write_all(&part).map_err(failed)?;
            bytes = bytes.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        }
        file.sync_all().map_err(failed)?;
        Ok::<u64, Failure>(bytes)
    };
    let ((), written) = tokio::join!(app.write_export(export, sink), receive);
    if written.is_err() {
        // What is not whole must not be taken for an export.
        let _ = std::fs::remove_file(&out);
    }
    let (bytes, file) = (written?, out.display().to_string());
    if json {
        print_json(&json!({ "file": file, "number": number, "version": version, "bytes": bytes }))
    } else {
        print(&format!("{file}: case {number}, version {version}, {bytes} bytes\n"))
    }
}
