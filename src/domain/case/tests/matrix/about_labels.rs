//! What may be asked for about a case's label: higher until it is the highest, lower until it is ordinary.

use super::*;
use crate::domain::case::command::LabelKind;
use crate::domain::sensitivity::Sensitivity;

pub(super) const POSSIBLE: &[(&str, &str)] = &[
    (
        "labelled a trade secret",
        "lower_sensitivity assign assign_co_handling return CORRECT BEGIN draft withdraw RELATE",
    ),
    ("labelled as high as can be", "lower_sensitivity NO_HIGHER RATE link_repeat PUBLISH"),
];

/// With what is possible at any time.
pub(super) fn with_always(mut names: BTreeSet<&str>) -> BTreeSet<&str> {
    let highest = names.remove("NO_HIGHER");
    let mut names = about_contacts::with_always(names);
    if !names.is_empty() && !highest {
        names.insert("raise_sensitivity");
    }
    names
}

pub(super) fn situations() -> Vec<(&'static str, File)> {
    let labelled = |status, to| {
        let mut file = brought_to(status);
        file.does(CLERK, ask::raise(to), "2026-03-31");
        file
    };
    vec![
        ("labelled a trade secret", labelled(Status::InProcess, Sensitivity::TradeSecret)),
        ("labelled as high as can be", labelled(Status::Archived, Sensitivity::HIGHEST)),
    ]
}

/// The best that could be asked for: by who reviews for secrecy, to the next label.
pub(super) fn best(file: &File, kind: LabelKind) -> (PersonId, Command) {
    let level = file.case.sensitivity.level();
    let to = match kind {
        LabelKind::Raise => Sensitivity::of_level(level + 1).unwrap_or(Sensitivity::HIGHEST),
        LabelKind::Lower => Sensitivity::of_level(level - 1).unwrap_or(Sensitivity::Ordinary),
    };
    (SECRECY, ask::label(kind, to))
}
