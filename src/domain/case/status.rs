//! The five stages of a request, and the finer status, as words.

use serde::{Deserialize, Serialize};

/// The five stages (接收、登记、办理、答复、归档).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 接收.
    Receive,
    /// 登记.
    Register,
    /// 办理.
    Process,
    /// 答复.
    Reply,
    /// 归档.
    Archive,
}

impl Stage {
    /// All five, in order.
    pub const ALL: &'static [Self] =
        &[Self::Receive, Self::Register, Self::Process, Self::Reply, Self::Archive];

    /// The word used in the API and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Register => "register",
            Self::Process => "process",
            Self::Reply => "reply",
            Self::Archive => "archive",
        }
    }

    /// The stage's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Receive => "接收",
            Self::Register => "登记",
            Self::Process => "办理",
            Self::Reply => "答复",
            Self::Archive => "归档",
        }
    }

    /// The stage with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.code() == code)
    }
}

/// The state's name, finer than the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 待确认.
    AwaitingConfirmation,
    /// 已接收.
    Received,
    /// 已登记.
    Registered,
    /// 待签收.
    Assigned,
    /// 办理中.
    InProcess,
    /// 审核中.
    InReview,
    /// 待发出.
    Approved,
    /// 已答复.
    Replied,
    /// 已撤回.
    Withdrawn,
    /// 已不再处理.
    Lapsed,
    /// 已归档.
    Archived,
}

impl Status {
    /// Every status, in the order of the work.
    pub const ALL: &'static [Self] = &[
        Self::AwaitingConfirmation,
        Self::Received,
        Self::Registered,
        Self::Assigned,
        Self::InProcess,
        Self::InReview,
        Self::Approved,
        Self::Replied,
        Self::Withdrawn,
        Self::Lapsed,
        Self::Archived,
    ];

    /// The word used in the API and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::AwaitingConfirmation => "awaiting_confirmation",
            Self::Received => "received",
            Self::Registered => "registered",
            Self::Assigned => "assigned",
            Self::InProcess => "in_process",
            Self::InReview => "in_review",
            Self::Approved => "approved",
            Self::Replied => "replied",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
            Self::Archived => "archived",
        }
    }

    /// The status's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::AwaitingConfirmation => "待确认",
            Self::Received => "已接收",
            Self::Registered => "已登记",
            Self::Assigned => "待签收",
            Self::InProcess => "办理中",
            Self::InReview => "审核中",
            Self::Approved => "待发出",
            Self::Replied => "已答复",
            Self::Withdrawn => "已撤回",
            Self::Lapsed => "已不再处理",
            Self::Archived => "已归档",
        }
    }

    /// The status with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.code() == code)
    }

    /// Whether the case waits for its reply: neither answered, nor taken back, nor given up.
    pub fn is_open(self) -> bool {
        match self {
            Self::AwaitingConfirmation
            | Self::Received
            | Self::Registered
            | Self::Assigned
            | Self::InProcess
            | Self::InReview
            | Self::Approved => true,
            Self::Replied | Self::Withdrawn | Self::Lapsed | Self::Archived => false,
        }
    }

    /// The stage to which it belongs. Review belongs to the reply; a case withdrawn or lapsed waits for the archive.
    pub fn stage(self) -> Stage {
        match self {
            Self::AwaitingConfirmation | Self::Received => Stage::Receive,
            Self::Registered => Stage::Register,
            Self::Assigned | Self::InProcess => Stage::Process,
            Self::InReview | Self::Approved | Self::Replied | Self::Withdrawn | Self::Lapsed => Stage::Reply,
            Self::Archived => Stage::Archive,
        }
    }
}
