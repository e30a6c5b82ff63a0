//! Files of a case, through the interface: how they come in, what is looked for in them, how they are kept and handed out.

mod bucket;
mod corpus;
mod erasing;
mod exporting;
mod freezing;
mod home;
mod makers;
mod memory;
mod openings;
mod resume;
mod scanning;
mod story;

use std::path::{Path, PathBuf};

use crate::support::bucket::BUCKET;
use crate::support::office::Office;
use crate::support::story::{CaseStory, request};

/// A case that waits on the clerk's desk.
fn received(office: &Office) -> CaseStory<'_> {
    CaseStory::receive(office, &request())
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(list) = std::fs::read_dir(&folder) else { continue };
        for entry in list {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// The files of the store: contents, and what is being written, in the folder or the bucket.
fn stored(office: &Office) -> Vec<PathBuf> {
    let place = &office.server.place;
    let mut found = files_below(&place.data_dir().join("attachments"));
    found.extend(files_below(&home::root(place).join(BUCKET)));
    found
}
