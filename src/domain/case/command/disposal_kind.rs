//! The names of the archive's commands.

/// The names of the commands about what becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisposalKind {
    /// See [`super::DisposalCommand::PlaceHold`].
    PlaceHold,
    /// See [`super::DisposalCommand::LiftHold`].
    LiftHold,
    /// See [`super::DisposalCommand::ProposeAppraisal`].
    ProposeAppraisal,
    /// See [`super::DisposalCommand::DecideAppraisal`].
    DecideAppraisal,
}

impl DisposalKind {
    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::PlaceHold => "place_hold",
            Self::LiftHold => "lift_hold",
            Self::ProposeAppraisal => "propose_appraisal",
            Self::DecideAppraisal => "decide_appraisal",
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::PlaceHold => "暂缓处置",
            Self::LiftHold => "解除暂缓处置",
            Self::ProposeAppraisal => "提出鉴定意见",
            Self::DecideAppraisal => "审批鉴定意见",
        }
    }
}
