//! The names of the commands about remedies.

/// The names of the commands about remedies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemedyCommandKind {
    /// See [`super::RemedyCommand::File`].
    File,
    /// See [`super::RemedyCommand::Answer`].
    Answer,
    /// See [`super::RemedyCommand::Conclude`].
    Conclude,
    /// See [`super::RemedyCommand::Void`].
    Void,
}

impl RemedyCommandKind {
    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::File => "file_remedy",
            Self::Answer => "answer_remedy",
            Self::Conclude => "conclude_remedy",
            Self::Void => "void_remedy",
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::File => "登记复议、诉讼或者投诉",
            Self::Answer => "登记提交答复、答辩",
            Self::Conclude => "登记复议、诉讼或者投诉的结果",
            Self::Void => "撤销误登的复议、诉讼或者投诉",
        }
    }
}
