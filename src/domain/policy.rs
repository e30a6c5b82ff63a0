//! Who may do what: one pure, total function over actor, action and the facts of the case (design section 6).
//! Deny by default. What a person may not know exists is hidden; what he may see but not do is forbidden.
//!
//! Four eyes (who drafted, who took which step) are measured by person and belong to `case::decide`.

mod action;
mod opening;

pub use action::Action;
pub use opening::{opened_by, opens};

use super::case::command::{
    AttachmentKind, ClockKind, CommandKind, ContactKind, DisposalKind, LabelKind, PublicationKind,
    RelationCommandKind, RemedyCommandKind, ReplyKind,
};
use super::ids::{AgencyId, DepartmentId};
use super::role::{Actor, Grant, Role};
use super::sensitivity::Sensitivity;

/// The roles that may do this, each within the agency (and department) where it is held.
pub fn roles_for(action: Action) -> &'static [Role] {
    match action {
        Action::ReceiveCase => &[Role::Clerk, Role::Portal],
        Action::ReadIdentityProof => &[Role::Clerk],
        Action::FollowRequests => &[Role::Portal],
        Action::ReadPortals => &[Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor],
        // Who writes to the applicant, checks who he is, or reads what exactly he asks for. Who reviews a reply needs none of it.
        Action::RevealPersonalData | Action::OpenAttachment => &[Role::Clerk, Role::Handler],
        Action::OpenAttachmentToDecide => &[Role::LegalReviewer, Role::SecrecyReviewer, Role::Approver],
        // Never who reveals: nobody controls himself.
        Action::ReadAccesses => &[Role::Approver, Role::Auditor],
        Action::ReadCase => &[
            Role::Clerk,
            Role::Handler,
            Role::LegalReviewer,
            Role::SecrecyReviewer,
            Role::Approver,
            Role::Archivist,
        ],
        Action::Command(kind) => roles_for_command(kind),
        Action::ReadReports => &[Role::Clerk, Role::Approver, Role::Archivist, Role::Supervisor],
        Action::EnterReport => &[Role::Clerk, Role::Approver],
        // What binds the agency is its head's.
        Action::FreezeReport | Action::AnswerNotice => &[Role::Approver],
        // Everybody who works there; a portal does not.
        Action::ReadAgencies => &[
            Role::Clerk,
            Role::Handler,
            Role::LegalReviewer,
            Role::SecrecyReviewer,
            Role::Approver,
            Role::Archivist,
            Role::Supervisor,
            Role::SystemAdmin,
            Role::SecurityAdmin,
            Role::Auditor,
        ],
        Action::ManageAgencies | Action::ManageAccounts | Action::ManageCalendars | Action::ManagePortals => {
            &[Role::SystemAdmin]
        }
        Action::ManageArchive | Action::OpenAttachmentOnceClosed => &[Role::Archivist],
        Action::ReadArchive => &[Role::Archivist, Role::Approver],
        Action::ReadAccounts => &[Role::SystemAdmin, Role::SecurityAdmin, Role::Clerk, Role::Approver],
        Action::GrantRoles | Action::SetClearance | Action::ResetSecondFactor | Action::BindAccount => {
            &[Role::SecurityAdmin]
        }
        Action::SendNotice => &[Role::Supervisor],
        Action::ReadNotices => &[Role::Clerk, Role::Handler, Role::Approver, Role::Supervisor],
        Action::ManageReview => &[Role::SystemAdmin, Role::SecurityAdmin],
        Action::ReadReviewRegister => {
            &[Role::SecrecyReviewer, Role::Approver, Role::Supervisor, Role::Auditor]
        }
        Action::ReadRecord => &[Role::Auditor],
        Action::DelegateReview => &[
            Role::LegalReviewer,
            Role::SecrecyReviewer,
            Role::Approver,
            Role::SystemAdmin,
            Role::SecurityAdmin,
        ],
    }
}

fn roles_for_command(kind: CommandKind) -> &'static [Role] {
    match kind {
        CommandKind::Confirm
        | CommandKind::Register
        | CommandKind::Assign
        | CommandKind::AssignCoHandling
        | CommandKind::Dispatch
        | CommandKind::Serve
        | CommandKind::Withdraw
        | CommandKind::Amend => &[Role::Clerk],
        CommandKind::Acknowledge | CommandKind::Return | CommandKind::Draft | CommandKind::Submit => {
            &[Role::Handler]
        }
        CommandKind::ReviewLegal => &[Role::LegalReviewer],
        CommandKind::ReviewSecrecy | CommandKind::Reply(ReplyKind::AnswerReferral) => {
            &[Role::SecrecyReviewer]
        }
        CommandKind::SignOff | CommandKind::Issue | CommandKind::AmendReceipt => &[Role::Approver],
        CommandKind::Archive => &[Role::Archivist],
        CommandKind::Clock(kind) => roles_for_clock(kind),
        CommandKind::Remedy(kind) => roles_for_remedy(kind),
        CommandKind::Relation(kind) => roles_for_relation(kind),
        CommandKind::Disposal(kind) => match kind {
            DisposalKind::PlaceHold => &[Role::Archivist, Role::Approver],
            DisposalKind::ProposeAppraisal => &[Role::Archivist],
            DisposalKind::LiftHold | DisposalKind::DecideAppraisal => &[Role::Approver],
        },
        // Whoever works on a case talks with people, also a department that helps.
        CommandKind::Contact(kind) => match kind {
            ContactKind::Log => &[Role::Clerk, Role::Handler],
            ContactKind::Rate => &[Role::Clerk],
        },
        // The desk records what the applicant suggests and what was published; a handler proposes, an approver decides.
        CommandKind::Publication(kind) => match kind {
            PublicationKind::Suggest | PublicationKind::Publish | PublicationKind::Withdraw => {
                &[Role::Clerk, Role::Handler]
            }
            PublicationKind::Propose => &[Role::Handler],
            PublicationKind::Decide => &[Role::Approver],
        },
        CommandKind::Attachment(kind) => roles_for_attachment(kind),
        // Whoever comes upon what must be kept from others says so; that it need not be is for who answers for secrets, or for the reply.
        CommandKind::Label(kind) => match kind {
            LabelKind::Raise => &[Role::Clerk, Role::Handler, Role::SecrecyReviewer, Role::Approver],
            LabelKind::Lower => &[Role::SecrecyReviewer, Role::Approver],
        },
    }
}

/// Papers come to the desk, or to whoever answers to courts; what counts in published figures is taken away by an approver.
fn roles_for_remedy(kind: RemedyCommandKind) -> &'static [Role] {
    match kind {
        RemedyCommandKind::File | RemedyCommandKind::Answer | RemedyCommandKind::Conclude => {
            &[Role::Clerk, Role::LegalReviewer]
        }
        RemedyCommandKind::Void => &[Role::Approver],
    }
}

fn roles_for_attachment(kind: AttachmentKind) -> &'static [Role] {
    match kind {
        AttachmentKind::Attach | AttachmentKind::Strike => &[Role::Clerk, Role::Handler],
        AttachmentKind::AttachToReply => &[Role::Handler],
    }
}

/// Which cases there are is the desk's to say; what a case is about, whoever works on it knows too.
fn roles_for_relation(kind: RelationCommandKind) -> &'static [Role] {
    match kind {
        RelationCommandKind::Split | RelationCommandKind::Merge => &[Role::Clerk],
        RelationCommandKind::HandOn
        | RelationCommandKind::LinkRepeat
        | RelationCommandKind::LinkSupplement => &[Role::Clerk, Role::Handler],
    }
}

fn roles_for_clock(kind: ClockKind) -> &'static [Role] {
    match kind {
        ClockKind::RequestCorrection
        | ClockKind::ServeCorrection
        | ClockKind::RecordCorrection
        | ClockKind::NotifyExtension
        | ClockKind::NotifyFee
        | ClockKind::ServeFee
        | ClockKind::RecordPayment => &[Role::Clerk],
        ClockKind::LapseCorrection | ClockKind::LapseFee => &[Role::Clerk, Role::Approver],
        ClockKind::Consult | ClockKind::ProposeExtension | ClockKind::ProposeFee => &[Role::Handler],
        ClockKind::ServeConsultation
        | ClockKind::RecordAnswer
        | ClockKind::LapseConsultation
        | ClockKind::RequestReasons
        | ClockKind::RecordReasons => &[Role::Clerk, Role::Handler],
        ClockKind::RequestCorrectionByException
        | ClockKind::DecideExtension
        | ClockKind::SetDelayedReply
        | ClockKind::DecideFee => &[Role::Approver],
    }
}

/// What the department that leads a case does about its clock, not those that help.
fn is_the_leads(kind: ClockKind) -> bool {
    match kind {
        ClockKind::Consult
        | ClockKind::ServeConsultation
        | ClockKind::RecordAnswer
        | ClockKind::LapseConsultation
        | ClockKind::ProposeExtension
        | ClockKind::RequestReasons
        | ClockKind::RecordReasons
        | ClockKind::ProposeFee => true,
        ClockKind::RequestCorrection
        | ClockKind::RequestCorrectionByException
        | ClockKind::ServeCorrection
        | ClockKind::RecordCorrection
        | ClockKind::LapseCorrection
        | ClockKind::DecideExtension
        | ClockKind::NotifyExtension
        | ClockKind::SetDelayedReply
        | ClockKind::DecideFee
        | ClockKind::NotifyFee
        | ClockKind::ServeFee
        | ClockKind::RecordPayment
        | ClockKind::LapseFee => false,
    }
}

/// What the policy looks at besides the actor: where the thing belongs.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The agency it belongs to.
    pub agency: AgencyId,
    /// The departments that work on it, the lead first; empty for what belongs to the agency as a whole.
    pub departments: &'a [DepartmentId],
    /// The department whose task the action is about, when it is about one: the lead for drafting, the one
    /// assigned for acknowledging.
    pub task_of: Option<DepartmentId>,
    /// Its security label; [`Sensitivity::Ordinary`] for what is no case.
    pub sensitivity: Sensitivity,
}

impl Facts<'_> {
    /// What belongs to an agency as a whole, and is no case.
    pub fn of_agency(agency: AgencyId) -> Self {
        Self { agency, departments: &[], task_of: None, sensitivity: Sensitivity::Ordinary }
    }
}

/// The policy's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Allow,
    /// The actor may know it exists, but not do this (403).
    Forbidden,
    /// To this actor it does not exist (404).
    Hidden,
}

/// Decides. Total: every actor, every action, every case has an answer.
///
/// A grant counts when it is held at the thing's agency, and, when limited to a department, when that department
/// works on the thing (or, for a department's own task, is the one the task was given to).
///
/// Nobody reads above his clearance, nor does anything else there: whatever his roles, to him it does not exist. Nor does anybody label
/// above it: he would lose sight of the case, and could not put a mistake right.
pub fn permits(actor: &Actor, action: Action, facts: &Facts) -> Verdict {
    if !actor.clearance.reads(facts.sensitivity) {
        return Verdict::Hidden;
    }
    let labels_above = action == Action::Command(CommandKind::Label(LabelKind::Raise))
        && actor.clearance == facts.sensitivity;
    if granted(&actor.grants, action, facts) && !labels_above {
        return Verdict::Allow;
    }
    let visible = match action {
        Action::Command(_)
        | Action::ReadCase
        | Action::ReadIdentityProof
        | Action::RevealPersonalData
        | Action::OpenAttachment
        | Action::OpenAttachmentToDecide
        | Action::OpenAttachmentOnceClosed => roles_for(Action::ReadCase)
            .iter()
            .any(|role| actor.grants.iter().any(|grant| grant.role == *role && sees(grant, facts))),
        Action::ReceiveCase
        | Action::ReadReports
        | Action::EnterReport
        | Action::FreezeReport
        | Action::ReadAgencies
        | Action::ManageAgencies
        | Action::ReadAccounts
        | Action::ManageAccounts
        | Action::GrantRoles
        | Action::SetClearance
        | Action::ResetSecondFactor
        | Action::BindAccount
        | Action::ManageReview
        | Action::DelegateReview
        | Action::ReadReviewRegister
        | Action::ReadRecord
        | Action::ManageCalendars
        | Action::ManageArchive
        | Action::ReadArchive
        | Action::SendNotice
        | Action::ReadNotices
        | Action::AnswerNotice
        | Action::ReadPortals
        | Action::ManagePortals
        | Action::FollowRequests
        | Action::ReadAccesses => {
            actor.agency == facts.agency || actor.grants.iter().any(|grant| grant.agency == facts.agency)
        }
    };
    if visible { Verdict::Forbidden } else { Verdict::Hidden }
}

/// Whether these grants let their holder do it: asked too of somebody absent, whose step another takes.
pub fn granted(grants: &[Grant], action: Action, facts: &Facts) -> bool {
    let roles = roles_for(action);
    grants.iter().any(|grant| roles.contains(&grant.role) && reaches(grant, action, facts))
}

fn sees(grant: &Grant, facts: &Facts) -> bool {
    grant.agency == facts.agency
        && grant.department.is_none_or(|department| facts.departments.contains(&department))
}

fn reaches(grant: &Grant, action: Action, facts: &Facts) -> bool {
    let own_task = grant.department.is_none() || grant.department == facts.task_of;
    match action {
        Action::Command(
            CommandKind::Acknowledge
            | CommandKind::Return
            | CommandKind::Draft
            | CommandKind::Submit
            | CommandKind::Attachment(AttachmentKind::AttachToReply)
            | CommandKind::Relation(
                RelationCommandKind::HandOn
                | RelationCommandKind::LinkRepeat
                | RelationCommandKind::LinkSupplement,
            ),
        )
        // A department that helps has nobody to write to.
        | Action::RevealPersonalData
        | Action::OpenAttachment => own_task && sees(grant, facts),
        Action::Command(CommandKind::Clock(kind)) if is_the_leads(kind) => own_task && sees(grant, facts),
        // The agency's departments are no secret to any of them.
        Action::ReadAgencies => grant.agency == facts.agency,
        Action::Command(_)
        | Action::ReceiveCase
        | Action::ReadCase
        | Action::ReadIdentityProof
        | Action::OpenAttachmentToDecide
        | Action::OpenAttachmentOnceClosed
        | Action::ReadReports
        | Action::EnterReport
        | Action::FreezeReport
        | Action::ManageAgencies
        | Action::ReadAccounts
        | Action::ManageAccounts
        | Action::GrantRoles
        | Action::SetClearance
        | Action::ResetSecondFactor
        | Action::BindAccount
        | Action::ManageReview
        | Action::DelegateReview
        | Action::ReadReviewRegister
        | Action::ReadRecord
        | Action::ManageCalendars
        | Action::ManageArchive
        | Action::ReadArchive
        | Action::SendNotice
        | Action::ReadNotices
        | Action::AnswerNotice
        | Action::ReadPortals
        | Action::ManagePortals
        | Action::FollowRequests
        | Action::ReadAccesses => sees(grant, facts),
    }
}

/// Up to which label of the cases concerned somebody is told, in a list of what is no case itself. Who saw whose data is what an auditor
/// is for, whatever the case; he reads nothing of it. Everybody else is told of cases that he may read.
pub fn told_up_to(actor: &Actor, action: Action) -> Sensitivity {
    let audits = action == Action::ReadAccesses && actor.holds(Role::Auditor, actor.agency);
    if audits { Sensitivity::HIGHEST } else { actor.clearance }
}

/// Which cases an actor may list: those of his agency, or those of some departments of it, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// None at all.
    Nothing,
    /// Every case of the agency.
    Agency,
    /// The cases on which one of these departments works.
    Departments(Vec<DepartmentId>),
}

/// The scope of lists, counts and figures: from the same grants as [`permits`].
pub fn scope(actor: &Actor, action: Action, agency: AgencyId) -> Scope {
    let roles = roles_for(action);
    let mut departments = Vec::new();
    for grant in actor.grants.iter().filter(|grant| grant.agency == agency && roles.contains(&grant.role)) {
        match grant.department {
            None => return Scope::Agency,
            Some(department) => departments.push(department),
        }
    }
    if departments.is_empty() { Scope::Nothing } else { Scope::Departments(departments) }
}
