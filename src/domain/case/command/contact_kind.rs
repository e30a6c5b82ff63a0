//! The names of the commands about the applicant.

/// The names of the commands about the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactKind {
    /// See [`super::ContactCommand::Log`].
    Log,
    /// See [`super::ContactCommand::Rate`].
    Rate,
}

impl ContactKind {
    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::Log => "log_contact",
            Self::Rate => "record_rating",
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Log => "登记沟通联系",
            Self::Rate => "登记申请人评价",
        }
    }
}
