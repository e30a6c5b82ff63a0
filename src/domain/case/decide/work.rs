//! 办理: who gets a case, acknowledges it, hands it back.

use crate::domain::case::event::{AssignmentKind, Event, TextRef};
use crate::domain::case::refusal::RefusalCode;
use crate::domain::case::state::{Assignment, Case};
use crate::domain::ids::{AccountId, DepartmentId};

/// The open assignment with this number.
pub(super) fn open_assignment(case: &Case, n: u32) -> Option<&Assignment> {
    let work = case.state.work()?;
    std::iter::once(&work.lead).chain(&work.helpers).find(|assignment| assignment.n == n)
}

pub(super) fn assign(
    case: &Case,
    kind: AssignmentKind,
    department: DepartmentId,
    assignee: Option<AccountId>,
    note: Option<TextRef>,
) -> Result<Event, RefusalCode> {
    if let Some(work) = case.state.work() {
        let same_lead = kind == AssignmentKind::Lead
            && work.lead.department == department
            && work.lead.assignee == assignee;
        let helps = kind == AssignmentKind::CoHandling
            && (work.lead.department == department
                || work.helpers.iter().any(|helper| helper.department == department));
        if same_lead || helps {
            return Err(RefusalCode::AlreadyAssigned);
        }
    }
    Ok(Event::Assigned { n: case.assignments_made.saturating_add(1), kind, department, assignee, note })
}

pub(super) fn acknowledge(case: &Case, n: u32) -> Result<Event, RefusalCode> {
    let found = open_assignment(case, n).ok_or(RefusalCode::NoSuchAssignment { n })?;
    if found.acknowledged_on.is_some() {
        return Err(RefusalCode::AlreadyAcknowledged { n });
    }
    Ok(Event::Acknowledged { n })
}

pub(super) fn hand_back(case: &Case, n: u32, reason: TextRef) -> Result<Event, RefusalCode> {
    open_assignment(case, n).map(|_| Event::Returned { n, reason }).ok_or(RefusalCode::NoSuchAssignment { n })
}
