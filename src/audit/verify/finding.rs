//! What verification finds.

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

use super::SealedEvent;

/// Findings that are kept; more are only counted.
pub const MAX_FINDINGS: usize = 1000;

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The record is not in its canonical form.
    NotCanonical,
    /// The record lacks a member, has another, or one of the wrong kind.
    BadRecord,
    /// A column says something else than the record.
    ColumnMismatch,
    /// The event is of another agency or case.
    ForeignEvent,
    /// The event has a case without a place in its chain, or the other way round.
    CasePlace,
    /// The event's suite is not known.
    UnknownSuite,
    /// The event's suite is lower than that of an earlier event.
    SuiteDowngraded,
    /// The link in the agency's chain does not follow.
    AgencyLink,
    /// Events are missing from the agency's chain.
    AgencyGap,
    /// The event's place in the agency's chain was taken before.
    AgencyOrder,
    /// The link in the case's chain does not follow.
    CaseLink,
    /// Events are missing from the case's chain.
    CaseGap,
    /// The event's place in the case's chain was taken before.
    CaseOrder,
    /// The chain ends before its head or a checkpoint.
    TailMissing,
    /// The chain's last link is not its head's.
    HeadMismatch,
    /// The end is not sealed with the agency's key: somebody without it wrote there.
    HeadForged,
    /// The chain goes on behind its head.
    BeyondHead,
    /// The chain does not pass through a checkpoint.
    CheckpointMismatch,
    /// A checkpoint cannot be read, or stands where it does not belong.
    CheckpointUnreadable,
    /// A checkpoint is not signed by the key that was in use.
    CheckpointSignature,
    /// An event accepts a restored copy without a good signature.
    RestoreNotSigned,
    /// A row says that somebody may do something, or may not, and the events say otherwise.
    Rights,
    /// The chain of attempts was changed, or its end is not the one remembered.
    Attempts,
    /// A warning: an event was recorded before its predecessor.
    ClockBackwards,
    /// There are more findings than are kept.
    TooMany,
}

impl FindingKind {
    /// What is wrong, in Chinese.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::NotCanonical => "记录不是规范形式",
            Self::BadRecord => "记录缺少或多出内容，或内容有误",
            Self::ColumnMismatch => "所列信息与记录内容不一致",
            Self::ForeignEvent => "属于其他机关或案件",
            Self::CasePlace => "案件、次序、链接值三者不全",
            Self::UnknownSuite => "算法套件未知",
            Self::SuiteDowngraded => "算法套件低于之前的事件",
            Self::AgencyLink => "与机关链上一事件不相接：本事件或上一事件被改动",
            Self::AgencyGap => "机关链缺少事件",
            Self::AgencyOrder => "机关链次序重复或颠倒",
            Self::CaseLink => "与案件链上一事件不相接：本事件或上一事件被改动",
            Self::CaseGap => "案件链缺少事件",
            Self::CaseOrder => "案件链次序重复或颠倒",
            Self::TailMissing => "链的末尾缺少事件",
            Self::HeadMismatch => "链尾的链接值不符",
            Self::HeadForged => "链尾未以本机关密钥封记：可能有伪造的事件",
            Self::BeyondHead => "链超出其末尾",
            Self::CheckpointMismatch => "与检查点不符",
            Self::CheckpointUnreadable => "检查点无法读取或位置有误",
            Self::CheckpointSignature => "检查点不是由当时使用的密钥签名",
            Self::RestoreNotSigned => "恢复确认没有有效签名",
            Self::Rights => "账户、角色、委托或门户的数据与记录不符",
            Self::Attempts => "访问尝试记录被改动或缺失",
            Self::ClockBackwards => "记录时间早于上一事件",
            Self::TooMany => "另有更多问题未列出",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The place in the agency's chain; `None` where only the case's place is known (the end of a case).
    pub agency_seq: Option<u64>,
    /// The case concerned.
    pub case: Option<Uuid>,
    /// The place in the case's chain.
    pub case_seq: Option<u64>,
    /// What kind of thing is wrong.
    pub kind: FindingKind,
    /// What is wrong, as a clear sentence without the place.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(seq) = self.agency_seq {
            write!(f, "event {seq}: ")?;
        }
        if let Some(case) = self.case {
            write!(f, "case {case}")?;
            if let Some(seq) = self.case_seq {
                write!(f, ", its event {seq}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

/// A place in the chains.
#[derive(Clone, Copy)]
pub(super) struct Position {
    pub agency_seq: Option<u64>,
    pub case: Option<Uuid>,
    pub case_seq: Option<u64>,
}

impl Position {
    /// Where an event says it stands.
    pub fn of(event: &SealedEvent) -> Self {
        Self { agency_seq: Some(event.agency_seq), case: event.case, case_seq: event.case_seq }
    }

    /// A place in the agency's chain.
    pub fn agency(seq: u64) -> Self {
        Self { agency_seq: Some(seq), case: None, case_seq: None }
    }

    /// The end of a case's chain.
    pub fn end_of_case(case: Uuid, seq: u64) -> Self {
        Self { agency_seq: None, case: Some(case), case_seq: Some(seq) }
    }
}

/// Findings as they come, up to the limit.
#[derive(Debug, Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    left_out: u64,
}

impl Findings {
    /// Adds one, or counts it.
    pub fn add(&mut self, position: Position, kind: FindingKind, message: String) {
        if self.kept.len() < MAX_FINDINGS {
            let Position { agency_seq, case, case_seq } = position;
            self.kept.push(Finding { agency_seq, case, case_seq, kind, message });
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// In the order of the agency's chain, ends of cases last, and then how many were left out.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.kept.sort_by_key(|finding| finding.agency_seq.unwrap_or(u64::MAX));
        if self.left_out > 0 {
            self.kept.push(Finding {
                agency_seq: None,
                case: None,
                case_seq: None,
                kind: FindingKind::TooMany,
                message: format!("{} further findings are left out", self.left_out),
            });
        }
        self.kept
    }
}
