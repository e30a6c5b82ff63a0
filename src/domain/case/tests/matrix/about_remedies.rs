//! The situations of remedies, and of a case that is answered anew.

use super::*;
use crate::domain::case::command::RemedyCommandKind as K;
use crate::domain::case::event::RemedyPart;
use crate::domain::remedy::{RemedyKind, RemedyResult};

/// What may be asked for in each. Today is long after every last day.
pub(super) const POSSIBLE: &[(&str, &str)] = &[
    (
        "a remedy is pending while the case is in process",
        "WORK CORRECT BEGIN answer_remedy conclude_remedy void_remedy RELATE",
    ),
    ("a remedy is pending", "answer_remedy conclude_remedy void_remedy RATE link_repeat PUBLISH"),
    ("a remedy is answered", "conclude_remedy void_remedy RATE link_repeat PUBLISH"),
    ("a remedy is decided unanswered", "answer_remedy void_remedy RATE link_repeat PUBLISH"),
    ("a remedy is decided", "void_remedy RATE link_repeat PUBLISH"),
    ("a remedy was entered by mistake", "RATE link_repeat PUBLISH"),
    ("answered anew", "WORK consult propose_extension answer_remedy void_remedy LINK"),
    ("answered anew by a named day", "WORK consult answer_remedy void_remedy LINK"),
    ("answered anew, drafted", "WORK submit consult propose_extension answer_remedy LINK"),
    ("answered anew at the desk", "register withdraw answer_remedy void_remedy LINK"),
];

/// A case in each of these situations.
pub(super) fn situations() -> Vec<(&'static str, File)> {
    let brought = |status, steps: &[(PersonId, Command)]| {
        let mut file = brought_to(status);
        file.does(CLERK, ask::file(RemedyKind::Reconsideration), "2026-04-13");
        for (person, command) in steps {
            file.does(*person, command.clone(), "2026-06-12");
        }
        file
    };
    let answered = (CLERK, ask::answer_remedy(1));
    let upheld = (CLERK, ask::result(1, RemedyResult::Upheld, "2026-06-08"));
    let anew = (CLERK, ask::order_anew(1, "2026-06-08", None));
    let named = (CLERK, ask::order_anew(1, "2026-06-08", Some("2026-07-01")));
    let archived = |steps: &[(PersonId, Command)]| brought(Status::Archived, steps);
    vec![
        ("a remedy is pending while the case is in process", brought(Status::InProcess, &[])),
        ("a remedy is pending", archived(&[])),
        ("a remedy is answered", archived(std::slice::from_ref(&answered))),
        ("a remedy is decided unanswered", archived(std::slice::from_ref(&upheld))),
        ("a remedy is decided", archived(&[answered, upheld])),
        ("a remedy was entered by mistake", archived(&[(APPROVER, ask::void(1, RemedyPart::Filing))])),
        ("answered anew", archived(std::slice::from_ref(&anew))),
        ("answered anew by a named day", archived(&[named])),
        ("answered anew, drafted", archived(&[anew.clone(), (HANDLER, ask::draft("v2"))])),
        ("answered anew at the desk", brought(Status::Lapsed, &[anew])),
    ]
}

/// The best that could be asked for under a command's name: by the right person, with the right content.
pub(super) fn best(file: &File, kind: K) -> (PersonId, Command) {
    let part = match file.case.remedies.all.first() {
        Some(remedy) if remedy.answered_on.is_some() => RemedyPart::Answer,
        Some(remedy) if remedy.outcome.is_some() && file.case.drafts_made < 2 => RemedyPart::Result,
        Some(_) | None => RemedyPart::Filing,
    };
    match kind {
        K::File => (CLERK, ask::file(RemedyKind::Complaint)),
        K::Answer => (CLERK, ask::answer_remedy(1)),
        K::Conclude => (CLERK, ask::result(1, RemedyResult::Upheld, "2026-04-01")),
        K::Void => (APPROVER, ask::void(1, part)),
    }
}
