//! Who may give which command where: the policy and the rules of the case together, for every role in every situation, as a table that
//! an office can read and sign: role × command × stage × relation (design section 6).

use std::fmt::Write as _;

use super::*;
use crate::domain::attachment::Purpose;
use crate::domain::ids::AccountId;
use crate::domain::policy::{Action, Facts, Verdict, opens, permits};
use crate::domain::role::{Actor, Grant, Role};
use crate::domain::sensitivity::Sensitivity;

const SIGNED: &str = include_str!("../../../../../tests/golden/stages.txt");

/// Somebody who has had no part in any of these cases.
const STRANGER: PersonId = PersonId(Uuid::from_u128(99));

/// Asks about somebody with this role at the whole agency.
fn asked<T>(file: &File, role: Role, person: PersonId, ask: impl Fn(&Actor, &Facts) -> T) -> T {
    let case = &file.case;
    let work = case.state.work();
    let departments: Vec<DepartmentId> = work
        .into_iter()
        .flat_map(|work| std::iter::once(&work.lead).chain(&work.helpers))
        .map(|one| one.department)
        .collect();
    let task_of = departments.first().copied();
    let facts = Facts { agency: AGENCY, departments: &departments, task_of, sensitivity: case.sensitivity };
    let grants = vec![Grant { role, agency: AGENCY, department: None }];
    let account = AccountId(Uuid::from_u128(98));
    let actor = Actor { account, person, agency: AGENCY, grants, clearance: Sensitivity::HIGHEST };
    ask(&actor, &facts)
}

/// What he may do with the case now.
fn may(file: &File, role: Role, person: PersonId) -> Vec<CommandKind> {
    let context = context(file.today, Some(person));
    asked(file, role, person, |actor, facts| {
        let allowed = |kind: &CommandKind| {
            permits(actor, Action::Command(*kind), facts) == Verdict::Allow
                && precheck(&file.case, *kind, &context).is_ok()
        };
        CommandKind::ALL.iter().copied().filter(allowed).collect()
    })
}

/// In which situations each role opens files, with a reason: those of proofs of identity apart.
fn openings(situations: &[(&'static str, File)]) -> String {
    let mut text =
        String::from("\nWho opens files that hold what people wrote, with a reason (打开附件原件)\n");
    for (what, purpose) in [("files", Purpose::Other), ("proofs of identity", Purpose::IdentityProof)] {
        for role in Role::ALL {
            let may = |file: &File| {
                asked(file, *role, STRANGER, |actor, facts| opens(actor, purpose, &file.case, facts))
            };
            let open: Vec<&str> =
                situations.iter().filter(|(_, file)| may(file)).map(|(name, _)| *name).collect();
            let told = match open.len() {
                0 => continue,
                all if all == situations.len() => "everywhere".to_owned(),
                _ => open.join("; "),
            };
            writeln!(text, "  {} {}, {what}: {told}", role.code(), role.label_zh()).unwrap();
        }
    }
    text
}

fn words(kinds: &[CommandKind]) -> String {
    kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(" ")
}

/// Commands that are possible wherever a case stands are told once, not in every line.
fn table() -> String {
    let situations = all_situations();
    let mut text = String::from(
        "Who may give which command where (各环节权限表). Compared by src/domain/case/tests/matrix/by_role.rs, which prints it when it differs.\n\n\
         For each role, held at the whole agency by somebody who has had no part in the case and is cleared for its label: what the policy and the\n\
         rules of the case let him do in each situation. `-` what of it is not for who wrote the reply (拟稿人), `=` what is not for who took a step\n\
         of its review (已审核过的人). Which department a role may be limited to: tests/golden/policy.txt.\n\n",
    );
    for kind in CommandKind::ALL {
        writeln!(text, "  {:<34}{}", kind.code(), kind.label_zh()).unwrap();
    }
    for role in Role::ALL {
        writeln!(text, "\n{} {}", role.code(), role.label_zh()).unwrap();
        for (name, file) in &situations {
            let all = may(file, *role, STRANGER);
            if all.is_empty() {
                continue;
            }
            let stage = file.status().stage().label_zh();
            writeln!(text, "  {stage} {name}: {}", words(&all)).unwrap();
            let without = |person: &PersonId| {
                let left = may(file, *role, *person);
                all.iter().copied().filter(|kind| !left.contains(kind)).collect::<Vec<_>>()
            };
            let not_by = [('-', file.case.drafters.first()), ('=', file.case.reviewers.keys().next())];
            for (mark, person) in not_by {
                let lost = person.map(without).unwrap_or_default();
                if !lost.is_empty() {
                    writeln!(text, "     {mark} {}", words(&lost)).unwrap();
                }
            }
        }
    }
    text + &openings(&situations)
}

#[test]
fn the_signed_table_of_stages_is_the_policy_and_the_rules() {
    let table = table();
    if table != SIGNED {
        println!("{table}");
    }
    for (n, (now, then)) in table.lines().zip(SIGNED.lines()).enumerate() {
        assert_eq!(now, then, "line {} of tests/golden/stages.txt", n + 1);
    }
    assert_eq!(table.len(), SIGNED.len(), "tests/golden/stages.txt");
}

/// No line of it lets one person draft and review, or take two steps: what is left to a drafter is no step of the review and no issue.
#[test]
fn nothing_is_left_to_a_drafter_or_a_reviewer_that_four_eyes_forbid() {
    let steps = [CommandKind::ReviewLegal, CommandKind::ReviewSecrecy, CommandKind::SignOff];
    let mut seen = 0;
    for (name, file) in all_situations() {
        for role in Role::ALL {
            for drafter in &file.case.drafters {
                let left = may(&file, *role, *drafter);
                assert!(
                    !left.iter().any(|kind| steps.contains(kind) || *kind == CommandKind::Issue),
                    "{name}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
