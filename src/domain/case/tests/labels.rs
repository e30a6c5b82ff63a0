//! 敏感级别: a case's label is raised and lowered wherever it stands, and moves nothing else.

use super::*;
use crate::domain::case::projection::project;
use crate::domain::sensitivity::Sensitivity as S;

/// What may be asked for, in short.
pub(super) mod asking {
    use super::super::words;
    use crate::domain::case::command::{Command, LabelCommand, LabelKind};
    use crate::domain::sensitivity::Sensitivity;

    pub fn label(kind: LabelKind, to: Sensitivity) -> Command {
        let reason = words("所申请的报价单涉及商业秘密");
        Command::Label(match kind {
            LabelKind::Raise => LabelCommand::Raise { to, reason },
            LabelKind::Lower => LabelCommand::Lower { to, reason },
        })
    }
    pub fn raise(to: Sensitivity) -> Command {
        label(LabelKind::Raise, to)
    }
    pub fn lower(to: Sensitivity) -> Command {
        label(LabelKind::Lower, to)
    }
}

/// From every label to every label, in every status: up by the one command, down by the other, and never to the same.
#[test]
fn a_label_goes_up_and_down_in_every_status_and_moves_nothing_else() {
    for status in Status::ALL {
        for from in S::ALL {
            let mut before = brought_to(*status);
            if *from != S::Ordinary {
                before.does(CLERK, ask::raise(*from), "2026-03-02");
            }
            assert_eq!(before.case.sensitivity, *from);
            for to in S::ALL {
                for (command, fits, code) in [
                    (ask::raise(*to), to > from, "label_not_higher"),
                    (ask::lower(*to), to < from, "label_not_lower"),
                ] {
                    let mut after = before.clone();
                    if !fits {
                        assert_eq!(after.refuses(SECRECY, command, "2026-03-31").code(), code);
                        continue;
                    }
                    // Earlier than the latest step, and in whatever order: it is no step.
                    after.does(SECRECY, command, "2026-03-02");
                    let mut same = after.case.clone();
                    assert_eq!(same.sensitivity, *to);
                    (same.sensitivity, same.version) = (*from, before.case.version);
                    assert_eq!(same, before.case);
                    let row = |file: &File| project(&file.case, &LAW.pack, &LAW.calendar);
                    assert_eq!(row(&after), row(&before));
                    assert_eq!(after.read_again(), after.case, "the record says so");
                }
            }
        }
    }
}
