//! The folder of the shelf: `contents/AGENCY/XX/CONTENT/N`, and `incoming/` for what is being written.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use super::shelf::{Put, ShelfError, Slot, without_gap};
use crate::crypto::random;

/// What another process has not touched for so long was left behind.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// A folder.
pub struct Folder {
    contents: PathBuf,
    incoming: PathBuf,
}

fn failed(path: &Path, error: &std::io::Error) -> ShelfError {
    ShelfError(format!("{}: {error}", path.display()))
}

impl Folder {
    pub(super) fn open(root: &Path, alone: bool) -> Result<Self, ShelfError> {
        let folder = Self { contents: root.join("contents"), incoming: root.join("incoming") };
        if folder.incoming.is_dir() {
            folder.clean(alone)?;
        }
        Ok(folder)
    }

    /// Makes the folder and tries it.
    pub(super) fn ready(&self) -> Result<(), ShelfError> {
        make(&self.contents)?;
        make(&self.incoming)?;
        let trial = self.incoming.join(random::token_base64url(18));
        write(&trial, b"trial").map_err(|error| failed(&trial, &error))?;
        fs::remove_file(&trial).map_err(|error| failed(&trial, &error))
    }

    /// Removes what was left half written.
    fn clean(&self, alone: bool) -> Result<(), ShelfError> {
        let list = fs::read_dir(&self.incoming).map_err(|error| failed(&self.incoming, &error))?;
        for entry in list.flatten() {
            let age =
                entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
            if alone || age.is_some_and(|age| age > LEFT_BEHIND) {
                let path = entry.path();
                fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
            }
        }
        Ok(())
    }

    /// Writes to a file of its own, brings it to the disk, and only then gives it its name, which must be free.
    pub(super) fn put(&self, slot: Slot, bytes: &[u8]) -> Result<Put, ShelfError> {
        let target = self.path(slot);
        if target.exists() {
            return Ok(Put::WasThere);
        }
        let folder = self.folder_of(slot.agency, slot.content);
        make(&folder)?;
        make(&self.incoming)?;
        let temporary = self.incoming.join(random::token_base64url(18));
        let written = write(&temporary, bytes).map_err(|error| failed(&temporary, &error));
        let named = written.and_then(|()| match fs::hard_link(&temporary, &target) {
            Ok(()) => Ok(Put::Stored),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Put::WasThere),
            Err(error) => Err(failed(&target, &error)),
        });
        // Whatever became of it, the temporary name is not needed any more.
        let _ = fs::remove_file(&temporary);
        let put = named?;
        sync(&folder)?;
        Ok(put)
    }

    pub(super) fn get(&self, slot: Slot) -> Result<Option<Vec<u8>>, ShelfError> {
        let path = self.path(slot);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, &error)),
        }
    }

    pub(super) fn count(&self, agency: Uuid, content: Uuid) -> Result<u64, ShelfError> {
        let folder = self.folder_of(agency, content);
        match fs::read_dir(&folder) {
            Ok(list) => {
                let numbers = list.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
                Ok(without_gap(numbers.collect()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(failed(&folder, &error)),
        }
    }

    pub(super) fn remove(&self, agency: Uuid, content: Uuid) -> Result<(), ShelfError> {
        let folder = self.folder_of(agency, content);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&folder, &error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Ids begin with the time at which they were made; their ends spread evenly.
    fn folder_of(&self, agency: Uuid, content: Uuid) -> PathBuf {
        let id = content.simple().to_string();
        let end = id.get(30..).unwrap_or_default();
        self.contents.join(agency.simple().to_string()).join(end).join(&id)
    }

    fn path(&self, slot: Slot) -> PathBuf {
        self.folder_of(slot.agency, slot.content).join(slot.n.to_string())
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a folder and those above it, for their owner only, and brings their names to the disk.
fn make(path: &Path) -> Result<(), ShelfError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        make(above)?;
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(path, &error)),
            Ok(()) | Err(_) => {}
        }
        return sync(above);
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(failed(path, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn sync(folder: &Path) -> Result<(), ShelfError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed(folder, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(n: u64) -> Slot {
        Slot { agency: Uuid::from_u128(1), content: Uuid::from_u128(0xab), n }
    }

    #[test]
    fn an_object_is_kept_once_and_never_changed() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path(), true).unwrap();
        folder.ready().unwrap();
        assert_eq!(folder.get(slot(0)).unwrap(), None);
        assert_eq!(folder.put(slot(0), b"one").unwrap(), Put::Stored);
        assert_eq!(folder.put(slot(0), b"two").unwrap(), Put::WasThere);
        assert_eq!(folder.get(slot(0)).unwrap().unwrap(), b"one");
        assert_eq!(fs::read_dir(&folder.incoming).unwrap().count(), 0, "nothing is left over");
    }

    #[test]
    fn objects_are_counted_to_the_first_gap_and_removed_together() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path(), true).unwrap();
        folder.ready().unwrap();
        let of = slot(0);
        assert_eq!(folder.count(of.agency, of.content).unwrap(), 0);
        for n in [0, 1, 2, 4] {
            folder.put(slot(n), b"x").unwrap();
        }
        assert_eq!(folder.count(of.agency, of.content).unwrap(), 3);
        folder.remove(of.agency, of.content).unwrap();
        folder.remove(of.agency, of.content).unwrap();
        assert_eq!((folder.count(of.agency, of.content).unwrap(), folder.get(of).unwrap()), (0, None));
    }

    #[test]
    fn what_was_left_half_written_is_removed_at_the_start() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path(), true).unwrap();
        folder.ready().unwrap();
        fs::write(folder.incoming.join("half"), b"ha").unwrap();
        Folder::open(root.path(), false).unwrap();
        assert_eq!(fs::read_dir(&folder.incoming).unwrap().count(), 1, "another process may be writing it");
        Folder::open(root.path(), true).unwrap();
        assert_eq!(fs::read_dir(&folder.incoming).unwrap().count(), 0);
    }

    #[test]
    fn nobody_else_on_the_machine_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(&root.path().join("new/attachments"), true).unwrap();
        folder.ready().unwrap();
        folder.put(slot(0), b"x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder.contents), mode(&folder.path(slot(0)))), (0o700, 0o600));
    }
}
