//! What may be said about a case: a talk at any time until the file is disposed of or the log is full, a rating once.

use super::*;
use crate::domain::case::command::ContactKind;
use crate::domain::case::contact_record::MOST_CONTACTS;

/// With the rating a finished case has all it takes; with two hundred talks, a log.
pub(super) const POSSIBLE: &[(&str, &str)] = &[
    ("rated", "link_repeat PUBLISH"),
    ("rated, not archived", "dispatch archive link_repeat PUBLISH"),
    ("talked over enough", "NO_MORE_TALKS WORK CORRECT BEGIN RELATE"),
];

/// With what is possible at any time.
pub(super) fn with_always(mut names: BTreeSet<&str>) -> BTreeSet<&str> {
    let full = names.remove("NO_MORE_TALKS");
    let mut names = about_archive::with_always(names);
    if !names.is_empty() && !full {
        names.insert("log_contact");
    }
    names
}

pub(super) fn situations() -> Vec<(&'static str, File)> {
    let rated = |mut file: File| {
        file.does(CLERK, ask::rate(4), "2026-03-31");
        file
    };
    let mut served = brought_to(Status::Replied);
    served.does(CLERK, ask::dispatch(), "2026-03-16").does(CLERK, ask::serve(1), "2026-03-18");
    let mut full = brought_to(Status::InProcess);
    for _ in 0..MOST_CONTACTS {
        full.does(CLERK, ask::talk(), "2026-03-09");
    }
    vec![
        ("rated", rated(brought_to(Status::Archived))),
        ("rated, not archived", rated(served)),
        ("talked over enough", full),
    ]
}

/// The best that could be asked for: by the desk, which may do both.
pub(super) fn best(kind: ContactKind) -> (PersonId, Command) {
    match kind {
        ContactKind::Log => (CLERK, ask::talk()),
        ContactKind::Rate => (CLERK, ask::rate(5)),
    }
}
