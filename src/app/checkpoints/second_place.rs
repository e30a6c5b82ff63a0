//! The second place: a folder, on another disk or computer, with two files for each agency. Both only grow: `AGENCY.checkpoints`
//! has one checkpoint behind the other, `AGENCY.keys` the public keys that sign them, one a line. A file system that can make files
//! append only (`chattr +a`), or a medium that is written once, keeps them from everybody.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{internal, read_row};
use crate::app::App;
use crate::app::error::AppError;
use crate::audit::checkpoint::{CheckpointKey, SignedCheckpoint, checkpoints_in};
use crate::audit::verify::Claim;
use crate::domain::ids::AgencyId;
use crate::store::{CheckpointRow, Key, StoreError};

/// The end of a file in which the last checkpoint is looked for: some are as long as 600 bytes.
const END: u64 = 8 * 1024;
/// So many checkpoints are caught up with at once.
const AT_ONCE: i64 = 1_000;

/// The file of an agency's checkpoints.
pub fn file_name(agency: Uuid) -> String {
    format!("{agency}.checkpoints")
}

/// The file of the public keys that sign them.
fn keys_name(agency: Uuid) -> String {
    format!("{agency}.keys")
}

/// What the second place holds of an agency.
#[derive(Debug, Default)]
pub struct Outside {
    /// Its checkpoints.
    pub claims: Vec<Claim>,
    /// What is none, in words.
    pub unreadable: Vec<String>,
}

/// Reads an agency's checkpoints; none when there is no file.
///
/// # Errors
/// When the file cannot be read.
pub fn outside(folder: &Path, agency: Uuid) -> io::Result<Outside> {
    let name = file_name(agency);
    match read(&folder.join(&name), &name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Outside::default()),
        found => found,
    }
}

fn read(path: &Path, name: &str) -> io::Result<Outside> {
    let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
    let mut found = Outside::default();
    for (line, read) in checkpoints_in(&text) {
        match read {
            Ok(signed) => found.claims.push(Claim { place: format!("{name}, line {line}"), signed }),
            Err(error) => found.unreadable.push(format!("{name}, line {line}: {error}")),
        }
    }
    Ok(found)
}

/// Reads an agency's checkpoints wherever somebody has saved them: of a file those that are its own, of a folder those of the second
/// place and of every other file `AGENCY….checkpoints`, such as receivers get them.
///
/// # Errors
/// When they cannot be read.
pub fn saved(path: &Path, agency: Uuid) -> io::Result<Outside> {
    if path.is_file() {
        let mut found = read(path, &path.display().to_string())?;
        found.claims.retain(|claim| claim.signed.checkpoint.agency == agency);
        return Ok(found);
    }
    let mut found = outside(path, agency)?;
    let (usual, ours) = (file_name(agency), agency.to_string());
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    let mut names: Vec<String> = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string());
    }
    names.retain(|name| *name != usual && name.starts_with(&ours) && name.ends_with(".checkpoints"));
    names.sort_unstable();
    for name in names {
        let more = read(&path.join(&name), &name)?;
        found.claims.extend(more.claims);
        found.unreadable.extend(more.unreadable);
    }
    Ok(found)
}

/// The last whole checkpoint of the file, and whether the file ends with a line break.
fn last(file: &mut File) -> io::Result<(Option<SignedCheckpoint>, bool)> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    let mut bytes = Vec::new();
    file.take(END).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let newest = checkpoints_in(&text).into_iter().rev().find_map(|(_, read)| read.ok());
    Ok((newest, text.is_empty() || text.ends_with('\n')))
}

fn newest(folder: &Path, agency: Uuid) -> io::Result<Option<SignedCheckpoint>> {
    match File::open(folder.join(file_name(agency))) {
        Ok(mut file) => Ok(last(&mut file)?.0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Adds checkpoints at the end, when the file ends where the caller has seen it end: several instances may share it.
fn append(
    folder: &Path,
    agency: Uuid,
    seen: Option<&SignedCheckpoint>,
    rows: &[CheckpointRow],
) -> io::Result<()> {
    let mut file =
        OpenOptions::new().read(true).append(true).create(true).open(folder.join(file_name(agency)))?;
    file.lock()?;
    let (newest, ended) = last(&mut file)?;
    if newest.as_ref() != seen {
        return Ok(());
    }
    let mut text = if ended { String::new() } else { "\n".to_owned() };
    for row in rows {
        text.push_str(&row.note);
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Adds keys that are not there yet.
fn add_keys(folder: &Path, agency: Uuid, keys: &[CheckpointKey]) -> io::Result<()> {
    let mut file =
        OpenOptions::new().read(true).append(true).create(true).open(folder.join(keys_name(agency)))?;
    file.lock()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    for key in keys.iter().map(ToString::to_string) {
        if !text.lines().any(|line| line == key) {
            writeln!(file, "{key}")?;
        }
    }
    file.sync_all()
}

/// Carries out work with files on a thread of its own.
async fn aside<T: Send + 'static>(
    folder: &Path,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, AppError> {
    let folder: PathBuf = folder.to_owned();
    let done = tokio::task::spawn_blocking(move || {
        work(&folder).map_err(|error| format!("the second place {}: {error}", folder.display()))
    });
    done.await.map_err(internal)?.map_err(internal)
}

impl App {
    /// What the second place knows last.
    pub(super) async fn newest_outside(
        &self,
        agency: AgencyId,
        folder: &Path,
    ) -> Result<Option<SignedCheckpoint>, AppError> {
        aside(folder, move |folder| newest(folder, agency.0)).await
    }

    /// What the second place knows last must be in the database, too.
    pub(super) async fn refuse_what_was_put_back(
        &self,
        agency: AgencyId,
        newest: &SignedCheckpoint,
    ) -> Result<(), AppError> {
        let size = i64::try_from(newest.checkpoint.head.seq).map_err(internal)?;
        let row = self.store.checkpoints_above(Key(agency.0), size.saturating_sub(1), 1).await?.pop();
        if row.and_then(|row| read_row(&row).ok()).is_some_and(|kept| kept.signed == *newest) {
            return Ok(());
        }
        let last = self.store.chain_head(Key(agency.0)).await?.map_or(0, |head| head.seq);
        Err(AppError::Store(StoreError::Inconsistent {
            table: "checkpoints",
            row: format!("{agency}/{size}"),
            reason: format!(
                "the second place has a checkpoint at event {size} ({}) that the database does not have, which ends at event \
                 {last}: an older copy was put back, or rows were removed. Nothing is signed until that is explained: `gongkai \
                 audit verify`, and after a restore `gongkai audit accept-restore`",
                newest.checkpoint.at
            ),
        }))
    }

    /// Writes what the second place lacks.
    pub(super) async fn catch_up(&self, agency: AgencyId, folder: &Path) -> Result<(), AppError> {
        let keys: Vec<CheckpointKey> = self.checkpoint_keys(agency).await?;
        aside(folder, move |folder| {
            std::fs::create_dir_all(folder)?;
            if keys.is_empty() { Ok(()) } else { add_keys(folder, agency.0, &keys) }
        })
        .await?;
        loop {
            let seen = aside(folder, move |folder| newest(folder, agency.0)).await?;
            let size = seen.as_ref().map_or(0, |seen| seen.checkpoint.head.seq);
            let above = i64::try_from(size).map_err(internal)?;
            let rows = self.store.checkpoints_above(Key(agency.0), above, AT_ONCE).await?;
            if rows.is_empty() {
                return Ok(());
            }
            aside(folder, move |folder| append(folder, agency.0, seen.as_ref(), &rows)).await?;
        }
    }

    /// Writes the checkpoints behind an accepted loss, although the second place knows more.
    pub(super) async fn go_on_from(
        &self,
        agency: AgencyId,
        folder: &Path,
        kept: i64,
    ) -> Result<(), AppError> {
        let rows = self.store.checkpoints_above(Key(agency.0), kept, AT_ONCE).await?;
        aside(folder, move |folder| {
            let seen = newest(folder, agency.0)?;
            append(folder, agency.0, seen.as_ref(), &rows)
        })
        .await?;
        self.catch_up(agency, folder).await
    }
}

#[cfg(test)]
mod tests;
