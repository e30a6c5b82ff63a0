//! A law book while its files are read, and what only the whole book shows.

use super::read::{CalendarFile, read_pack, read_rows};
use super::{CALENDAR_FILE, Entry, LawBook, LawError, LawFault, Place, REGIONS, fault, file_name};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::statute::StatutePack;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs};

/// What was read so far, and every fault so far.
#[derive(Default)]
pub(super) struct Draft {
    /// By id and version, each with its file.
    packs: BTreeMap<String, BTreeMap<u32, (String, StatutePack)>>,
    calendars: BTreeMap<String, Entry>,
    /// Regions wait for the calendar they extend: id, base, file, rows.
    regions: Vec<(String, String, String, CalendarFile)>,
    faults: Vec<LawFault>,
}

impl Draft {
    fn fail(&mut self, file: &str, reason: impl fmt::Display) {
        self.faults.push(fault(file, Place::File, reason));
    }

    /// What lies in a directory, by name; nothing, and a fault, if it cannot be read.
    pub(super) fn list(&mut self, dir: &Path, file: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
        });
        let mut paths = entries.unwrap_or_else(|error| {
            self.fail(file, error);
            Vec::new()
        });
        paths.sort();
        paths
    }

    fn read(&mut self, path: &Path, file: &str) -> Option<String> {
        fs::read_to_string(path).map_err(|error| self.fail(file, error)).ok()
    }

    /// Reads a country's directory.
    pub(super) fn add_country(&mut self, dir: &Path) {
        let country = file_name(dir);
        for path in self.list(dir, &country) {
            let name = file_name(&path);
            let file = format!("{country}/{name}");
            if has_extension(&path, "toml") {
                if let Some(text) = self.read(&path, &file) {
                    self.add_pack(&file, &text);
                }
            } else if name == CALENDAR_FILE {
                if let Some(text) = self.read(&path, &file) {
                    self.add_calendar(&country, None, &file, &text);
                }
            } else if name == REGIONS && path.is_dir() {
                for path in self.list(&path, &file).into_iter().filter(|path| has_extension(path, "csv")) {
                    let region = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    let file = format!("{file}/{}", file_name(&path));
                    if let Some(text) = self.read(&path, &file) {
                        self.add_calendar(&format!("{country}-{region}"), Some(&country), &file, &text);
                    }
                }
            }
        }
    }

    pub(super) fn add_pack(&mut self, file: &str, text: &str) {
        match read_pack(file, text) {
            Ok(pack) => {
                let versions = self.packs.entry(pack.id.clone()).or_default();
                if let Some((other, _)) = versions.get(&pack.version) {
                    let reason = format!("version {} of `{}` is {other} already", pack.version, pack.id);
                    self.faults.push(fault(file, Place::Key("version".to_owned()), reason));
                    return;
                }
                versions.insert(pack.version, (file.to_owned(), pack));
            }
            Err(LawError(faults)) => self.faults.extend(faults),
        }
    }

    /// Takes a calendar; one that extends another waits for it.
    pub(super) fn add_calendar(&mut self, id: &str, base: Option<&str>, file: &str, text: &str) {
        let read = match read_rows(file, text) {
            Ok(read) => read,
            Err(LawError(faults)) => return self.faults.extend(faults),
        };
        if let Some(base) = base {
            return self.regions.push((id.to_owned(), base.to_owned(), file.to_owned(), read));
        }
        match WorkingCalendar::new(id, read.rows.clone()) {
            Ok(calendar) => {
                let entry = Entry { base: None, rows: sorted(read), calendar: Arc::new(calendar) };
                self.calendars.insert(id.to_owned(), entry);
            }
            Err(error) => self.faults.push(read.fault(file, error)),
        }
    }

    pub(super) fn finish(mut self) -> Result<LawBook, LawError> {
        if self.faults.is_empty() {
            self.extend_regions();
            self.check_whole();
        }
        if !self.faults.is_empty() {
            return Err(LawError(self.faults));
        }
        let packs = self.packs.into_iter().map(|(id, versions)| {
            let versions = versions.into_iter().map(|(version, (_, pack))| (version, Arc::new(pack)));
            (id, versions.collect())
        });
        Ok(LawBook { packs: packs.collect(), calendars: self.calendars, generation: 0 })
    }

    fn extend_regions(&mut self) {
        for (id, base, file, read) in std::mem::take(&mut self.regions) {
            let Some(nation) = self.calendars.get(&base).map(|entry| Arc::clone(&entry.calendar)) else {
                self.fail(&file, format!("there is no {base}/{CALENDAR_FILE} to extend"));
                continue;
            };
            if self.calendars.contains_key(&id) {
                self.fail(&file, format!("there is another calendar `{id}`"));
                continue;
            }
            match WorkingCalendar::extending(&nation, id.as_str(), read.rows.clone()) {
                Ok(calendar) => {
                    let entry = Entry { base: Some(base), rows: sorted(read), calendar: Arc::new(calendar) };
                    self.calendars.insert(id, entry);
                }
                Err(error) => self.faults.push(read.fault(&file, error)),
            }
        }
    }

    /// Checks what only the whole book shows: that there is law, that each pack's calendar is there, and that the versions of
    /// a statute follow one another.
    fn check_whole(&mut self) {
        if self.packs.is_empty() {
            self.fail("law", "there is no statute pack");
        }
        for versions in self.packs.values() {
            let mut before: Option<(u32, chrono::NaiveDate)> = None;
            for (version, (file, pack)) in versions {
                let mut wrong = |key: &str, reason: String| {
                    self.faults.push(fault(file, Place::Key(key.to_owned()), reason));
                };
                if !self.calendars.contains_key(&pack.calendar) {
                    wrong("calendar", format!("there is no calendar `{}`", pack.calendar));
                }
                if let Some((older, from)) = before.filter(|(_, from)| pack.in_force_from < *from) {
                    wrong("in_force_from", format!("must not be before {from}, when version {older} begins"));
                }
                before = Some((*version, pack.in_force_from));
            }
        }
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn sorted(read: CalendarFile) -> Vec<crate::domain::calendar::CalendarRow> {
    let mut rows = read.rows;
    rows.sort_by_key(|row| row.date);
    rows
}
