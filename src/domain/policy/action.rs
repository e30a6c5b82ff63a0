//! What somebody may want to do: every action that the policy decides upon.

use crate::domain::case::command::CommandKind;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Take a new request in.
    ReceiveCase,
    /// Read a case, its history, its texts (masked), and lists of cases.
    ReadCase,
    /// Open the content of a proof of identity: the one attachment that shows an applicant's data unmasked and that
    /// nobody but the desk needs.
    ReadIdentityProof,
    /// See personal data of a case unmasked, by a reveal with a reason.
    RevealPersonalData,
    /// Open a file that holds what people wrote, with a reason: whoever works on the case.
    OpenAttachment,
    /// The same, while a reply is reviewed: whoever decides by what the file shows.
    OpenAttachmentToDecide,
    /// The same, once the case is closed: whoever keeps it.
    OpenAttachmentOnceClosed,
    /// Give a command on a case.
    Command(CommandKind),
    /// Read the annual report and the cases behind its cells.
    ReadReports,
    /// Enter what of an annual report no case tells (table 2).
    EnterReport,
    /// Freeze an annual report.
    FreezeReport,
    /// See the agencies and departments.
    ReadAgencies,
    /// Make departments, and reorganise agencies (机构调整): `app` also asks that he stands above all that are concerned.
    ManageAgencies,
    /// See accounts.
    ReadAccounts,
    /// Make accounts.
    ManageAccounts,
    /// Grant and revoke roles.
    GrantRoles,
    /// Set up to which security label somebody may read.
    SetClearance,
    /// Take away the second factor of somebody who has lost it.
    ResetSecondFactor,
    /// Bind an account to what the identity provider calls its holder, or unbind it.
    BindAccount,
    /// Set the route of review and the usual bodies of the clause on remedies.
    ManageReview,
    /// Delegate steps of review: `app` also asks that reviewers delegate their own.
    DelegateReview,
    /// Export the register of secrecy reviews, for inspection.
    ReadReviewRegister,
    /// Change working calendars. They are everybody's: `app` also asks that the agency has none above it.
    ManageCalendars,
    /// Set the codes and periods of an agency's archive.
    ManageArchive,
    /// See which files are to be appraised, held, or were disposed of.
    ReadArchive,
    /// Read the record of the agency itself: events, checkpoints.
    ReadRecord,
    /// Send a supervision notice (督办), send it back, close it: `app` asks this of who sent it, who may stand above the agency.
    SendNotice,
    /// Read supervision notices: those about a case are for the departments that work on it, too.
    ReadNotices,
    /// Answer a supervision notice, for the agency.
    AnswerNotice,
    /// See the portals that hand requests in.
    ReadPortals,
    /// Open and close portals, and give them secrets.
    ManagePortals,
    /// Follow the requests that the portal itself handed in.
    FollowRequests,
    /// See who saw whose personal data, when and why.
    ReadAccesses,
}

impl Action {
    /// Every action, for the golden table.
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::ReceiveCase,
            Self::ReadCase,
            Self::ReadIdentityProof,
            Self::RevealPersonalData,
            Self::OpenAttachment,
            Self::OpenAttachmentToDecide,
            Self::OpenAttachmentOnceClosed,
        ];
        all.extend(CommandKind::ALL.iter().copied().map(Self::Command));
        all.extend([
            Self::ReadReports,
            Self::EnterReport,
            Self::FreezeReport,
            Self::ReadAgencies,
            Self::ManageAgencies,
            Self::ReadAccounts,
            Self::ManageAccounts,
            Self::GrantRoles,
            Self::SetClearance,
            Self::ResetSecondFactor,
            Self::BindAccount,
            Self::ManageReview,
            Self::DelegateReview,
            Self::ReadReviewRegister,
            Self::ReadRecord,
            Self::ManageCalendars,
            Self::ManageArchive,
            Self::ReadArchive,
            Self::SendNotice,
            Self::ReadNotices,
            Self::AnswerNotice,
            Self::ReadPortals,
            Self::ManagePortals,
            Self::FollowRequests,
            Self::ReadAccesses,
        ]);
        all
    }

    /// The action's name in the golden table and in the OpenAPI file.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReceiveCase => "receive",
            Self::ReadCase => "read_case",
            Self::ReadIdentityProof => "read_identity_proof",
            Self::RevealPersonalData => "reveal_personal_data",
            Self::OpenAttachment => "open_attachment",
            Self::OpenAttachmentToDecide => "open_attachment_to_decide",
            Self::OpenAttachmentOnceClosed => "open_attachment_once_closed",
            Self::Command(kind) => kind.code(),
            Self::ReadReports => "read_reports",
            Self::EnterReport => "enter_report",
            Self::FreezeReport => "freeze_report",
            Self::ReadAgencies => "read_agencies",
            Self::ManageAgencies => "manage_agencies",
            Self::ReadAccounts => "read_accounts",
            Self::ManageAccounts => "manage_accounts",
            Self::GrantRoles => "grant_roles",
            Self::SetClearance => "set_clearance",
            Self::ResetSecondFactor => "reset_second_factor",
            Self::BindAccount => "bind_account",
            Self::ManageReview => "manage_review",
            Self::DelegateReview => "delegate_review",
            Self::ReadReviewRegister => "read_review_register",
            Self::ReadRecord => "read_record",
            Self::ManageCalendars => "manage_calendars",
            Self::ManageArchive => "manage_archive",
            Self::ReadArchive => "read_archive",
            Self::SendNotice => "send_supervision_notice",
            Self::ReadNotices => "read_supervision_notices",
            Self::AnswerNotice => "answer_supervision_notice",
            Self::ReadPortals => "read_portals",
            Self::ManagePortals => "manage_portals",
            Self::FollowRequests => "follow_requests",
            Self::ReadAccesses => "read_accesses",
        }
    }
}
