//! The names of the commands by which a case is related to others.

/// The names of the commands by which a case is related to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationCommandKind {
    /// See [`super::RelationCommand::HandOn`].
    HandOn,
    /// See [`super::RelationCommand::Split`].
    Split,
    /// See [`super::RelationCommand::Merge`].
    Merge,
    /// See [`super::RelationCommand::Repeat`].
    LinkRepeat,
    /// See [`super::RelationCommand::Supplement`].
    LinkSupplement,
}

impl RelationCommandKind {
    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::HandOn => "hand_on",
            Self::Split => "split",
            Self::Merge => "merge",
            Self::LinkRepeat => "link_repeat",
            Self::LinkSupplement => "link_supplement",
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::HandOn => "转办其他机关",
            Self::Split => "拆分（一事一申请）",
            Self::Merge => "并案",
            Self::LinkRepeat => "关联此前申请（重复申请）",
            Self::LinkSupplement => "关联在办申请（补充申请）",
        }
    }
}
