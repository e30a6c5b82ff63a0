//! The orders about a case's security label, their words still in clear; and who must be cleared for it.

use crate::app::App;
use crate::app::case_view::Loaded;
use crate::app::error::{AppError, FieldError};
use crate::app::people::{Sealer, TextKind};
use crate::domain::case::command::{LabelCommand, LabelKind};
use crate::domain::ids::AgencyId;
use crate::domain::role::Actor;
use crate::domain::sensitivity::Sensitivity;
use crate::store::Key;

/// Another label for a case.
#[derive(Clone, Debug)]
pub struct LabelOrder {
    /// Whether it is raised or lowered.
    pub kind: LabelKind,
    /// The new label.
    pub to: Sensitivity,
    /// Why.
    pub reason: String,
}

pub(super) fn seal(order: &LabelOrder, sealer: &mut Sealer) -> Result<LabelCommand, AppError> {
    let (to, reason) = (order.to, sealer.text(TextKind::Archive, &order.reason)?);
    Ok(match order.kind {
        LabelKind::Raise => LabelCommand::Raise { to, reason },
        LabelKind::Lower => LabelCommand::Lower { to, reason },
    })
}

pub(in crate::app) fn not_cleared(pointer: &str) -> FieldError {
    FieldError::new(
        pointer,
        "assignee_not_cleared",
        "承办人的可阅级别不足；请改派他人，或由安全管理员提高其可阅级别。",
        "Who is to work on the case is not cleared for its label: name somebody else, or have the security administrator clear him.",
    )
}

impl App {
    /// What is wrong with a new label: nobody labels above his own clearance, for he would lose sight of the case, and could not put a
    /// mistake right; nor out of sight of who works on it.
    pub(in crate::app) async fn wrong_label(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        order: &LabelOrder,
    ) -> Result<Option<FieldError>, AppError> {
        if !actor.clearance.reads(order.to) {
            return Ok(Some(FieldError::new(
                "/to",
                "above_clearance",
                format!("您的可阅级别为“{}”，只能标注到该级别。", actor.clearance.label_zh()),
                format!("You are cleared up to '{}', and label no higher.", actor.clearance.label_en()),
            )));
        }
        let Some(work) = loaded.before.case.state.work() else { return Ok(None) };
        let assigned = std::iter::once(&work.lead).chain(&work.helpers);
        for assignee in assigned.filter_map(|assignment| assignment.assignee) {
            if !self.is_cleared(Key(assignee.0), order.to).await? {
                return Ok(Some(not_cleared("/to")));
            }
        }
        Ok(None)
    }

    /// That somebody at the front desk of an agency would see a case with this label: one that nobody sees is one that nobody answers.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when nobody would.
    pub(in crate::app) async fn somebody_reads(
        &self,
        agency: AgencyId,
        label: Sensitivity,
    ) -> Result<(), AppError> {
        if label == Sensitivity::Ordinary || self.store.has_cleared_clerk(Key(agency.0), label).await? {
            return Ok(());
        }
        Err(AppError::Invalid(vec![FieldError::new(
            "/agency_code",
            "nobody_cleared",
            format!("该机关没有可阅级别达到“{}”的受理人员，请其安全管理员先行设定。", label.label_zh()),
            format!(
                "No clerk there is cleared for '{}': have the agency's security administrator clear one first.",
                label.label_en()
            ),
        )]))
    }

    /// Whether an account may read what bears this label; one that is no more may not.
    pub(in crate::app) async fn is_cleared(
        &self,
        account: Key,
        label: Sensitivity,
    ) -> Result<bool, AppError> {
        let row = self.store.account_by_id(account).await?;
        Ok(row
            .and_then(|row| Sensitivity::of_level(row.clearance))
            .is_some_and(|clearance| clearance.reads(label)))
    }
}
