//! The commands of a conversion to proactive publication (Art. 44).

use crate::domain::case::event::{PlaceKind, ProposedBy, TextRef};

/// What can be done about a proactive publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicationCommand {
    /// Propose to publish a document that the reply released.
    Propose {
        /// Whose idea it is.
        proposed_by: ProposedBy,
        /// The document.
        document: TextRef,
        /// Why.
        reason: TextRef,
        /// The newest earlier proposal of this case about the same document: words are compared where they can be read.
        same_as: Option<u32>,
    },
    /// Approve a proposal, or not.
    Decide {
        /// Which.
        n: u32,
        /// Whether it is approved.
        approve: bool,
        /// Why.
        reason: TextRef,
    },
    /// The document was published.
    Publish {
        /// By which proposal.
        n: u32,
        /// What kind of place it is.
        kind: PlaceKind,
        /// Where.
        place: TextRef,
    },
    /// It is no longer to be found there.
    Withdraw {
        /// Which.
        n: u32,
        /// Why.
        reason: TextRef,
    },
}

impl PublicationCommand {
    /// This command's name.
    pub fn kind(&self) -> PublicationKind {
        match self {
            Self::Propose { proposed_by, .. } => PublicationKind::of_proposal(*proposed_by),
            Self::Decide { .. } => PublicationKind::Decide,
            Self::Publish { .. } => PublicationKind::Publish,
            Self::Withdraw { .. } => PublicationKind::Withdraw,
        }
    }
}

/// The names of the commands of a proactive publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicationKind {
    /// See [`PublicationCommand::Propose`]: the applicant's suggestion, recorded.
    Suggest,
    /// See [`PublicationCommand::Propose`]: by the office.
    Propose,
    /// See [`PublicationCommand::Decide`].
    Decide,
    /// See [`PublicationCommand::Publish`].
    Publish,
    /// See [`PublicationCommand::Withdraw`].
    Withdraw,
}

impl PublicationKind {
    /// The kind that records whose proposal.
    pub fn of_proposal(by: ProposedBy) -> Self {
        match by {
            ProposedBy::Applicant => Self::Suggest,
            ProposedBy::Office => Self::Propose,
        }
    }

    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::Suggest => "suggest_publication",
            Self::Propose => "propose_publication",
            Self::Decide => "decide_publication",
            Self::Publish => "record_publication",
            Self::Withdraw => "withdraw_publication",
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Suggest => "登记申请人主动公开建议",
            Self::Propose => "提出转为主动公开",
            Self::Decide => "决定是否转为主动公开",
            Self::Publish => "登记主动公开",
            Self::Withdraw => "登记撤下主动公开",
        }
    }
}
