//! Why a document is not converted to proactive publication. Each refusal says what would be right.

const RULE: &str = "政府信息公开条例 第44条";
const REVIEW: &str = "政府信息公开条例 第44条、第17条";

/// The reasons there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicationRefusal {
    /// The case did not end with a reply that released anything.
    NothingReleased,
    /// The reply has not reached the applicant.
    NotServed,
    /// Another proposal waits for its decision.
    ProposalOpen {
        /// Which.
        n: u32,
    },
    /// The case has as many proposals as it takes.
    TooMany {
        /// How many.
        most: usize,
    },
    /// The same document is proposed, approved or published already.
    AlreadyProposed {
        /// By which proposal.
        n: u32,
    },
    /// There is no such proposal.
    NoSuchProposal {
        /// The number given.
        n: u32,
    },
    /// The proposal was decided.
    AlreadyDecided {
        /// Which.
        n: u32,
    },
    /// Who proposed may not decide.
    ProposerMayNotDecide,
    /// No secrecy review of ours passed the reply.
    NotReviewed,
    /// The proposal was not approved.
    NotApproved {
        /// Which.
        n: u32,
    },
    /// It was published by this proposal.
    AlreadyPublished {
        /// Which.
        n: u32,
    },
    /// It is not published.
    NotPublished {
        /// Which.
        n: u32,
    },
}

impl PublicationRefusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NothingReleased => "nothing_to_publish",
            Self::NotServed => "published_before_service",
            Self::ProposalOpen { .. } => "publication_open",
            Self::TooMany { .. } => "too_many_publications",
            Self::AlreadyProposed { .. } => "already_to_be_published",
            Self::NoSuchProposal { .. } => "no_such_publication",
            Self::AlreadyDecided { .. } => "publication_decided",
            Self::ProposerMayNotDecide => "proposer_may_not_publish",
            Self::NotReviewed => "publication_not_reviewed",
            Self::NotApproved { .. } => "publication_not_approved",
            Self::AlreadyPublished { .. } => "already_published",
            Self::NotPublished { .. } => "not_published",
        }
    }

    pub(super) fn article(&self) -> &'static str {
        match self {
            Self::NotReviewed => REVIEW,
            Self::NothingReleased
            | Self::NotServed
            | Self::ProposalOpen { .. }
            | Self::TooMany { .. }
            | Self::AlreadyProposed { .. }
            | Self::NoSuchProposal { .. }
            | Self::AlreadyDecided { .. }
            | Self::ProposerMayNotDecide
            | Self::NotApproved { .. }
            | Self::AlreadyPublished { .. }
            | Self::NotPublished { .. } => RULE,
        }
    }

    pub(super) fn zh(&self) -> String {
        match self {
            Self::NothingReleased => {
                "本件答复没有公开任何内容，不能转为主动公开；只有予以公开或者部分公开的信息可以转为主动公开。"
                    .to_owned()
            }
            Self::NotServed => "答复尚未送达申请人，请先登记送达，再提出转为主动公开。".to_owned(),
            Self::ProposalOpen { n } => format!("第{n}件主动公开建议尚未决定，请先作出决定。"),
            Self::TooMany { most } => format!("每件申请最多提出{most}件主动公开建议，已经提满。"),
            Self::AlreadyProposed { n } => {
                format!("该文件已在第{n}件建议中提出，尚待决定、发布或者已经主动公开，不必重复提出。")
            }
            Self::NoSuchProposal { n } => format!("没有第{n}件主动公开建议，请核对序号。"),
            Self::AlreadyDecided { n } => format!("第{n}件主动公开建议已经决定，如需变更请重新提出。"),
            Self::ProposerMayNotDecide => "提出或者登记建议的人不得决定，请由其他审批人决定。".to_owned(),
            Self::NotReviewed => {
                "本件答复未在本系统中通过保密审查，不能同意转为主动公开；主动公开前应当先审查。".to_owned()
            }
            Self::NotApproved { n } => format!("第{n}件主动公开建议未获同意，经同意后方可登记发布。"),
            Self::AlreadyPublished { n } => format!("第{n}件建议的发布已经登记；再次发布请重新提出。"),
            Self::NotPublished { n } => format!("第{n}件建议的文件未处于主动公开状态，没有可以撤下的内容。"),
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::NothingReleased => {
                "The case has no reply that released anything: only what was granted, in full or in part, can be \
                 published for everybody."
                    .to_owned()
            }
            Self::NotServed => {
                "The reply has not reached the applicant: record the service, then propose the publication.".to_owned()
            }
            Self::ProposalOpen { n } => format!("Proposal {n} to publish waits for its decision: decide it first."),
            Self::TooMany { most } => format!("A case takes {most} proposals to publish and has them all."),
            Self::AlreadyProposed { n } => format!(
                "This document is in proposal {n} already, which waits for its decision or publication, or is published."
            ),
            Self::NoSuchProposal { n } => format!("There is no proposal {n} to publish: check the number."),
            Self::AlreadyDecided { n } => format!("Proposal {n} was decided; propose anew to change it."),
            Self::ProposerMayNotDecide => {
                "Who proposed it, or recorded the suggestion, may not decide: another approver must.".to_owned()
            }
            Self::NotReviewed => {
                "The reply passed no secrecy review in this record, and what is published must be reviewed before."
                    .to_owned()
            }
            Self::NotApproved { n } => {
                format!("Proposal {n} is not approved: a publication is recorded after the approval.")
            }
            Self::AlreadyPublished { n } => {
                format!("The publication by proposal {n} is recorded; propose anew to publish again.")
            }
            Self::NotPublished { n } => format!("What proposal {n} is about is not published: nothing to withdraw."),
        }
    }
}
