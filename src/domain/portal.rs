//! 门户: a service of the agency, or of the government it belongs to, by which applicants hand requests in online. It signs in by
//! itself, hands requests in, and follows those; it sees nothing of how they are handled.

use serde::{Deserialize, Serialize};

use super::case::Status;
use super::time_limit::ObligationKind;

/// How many characters a portal's own name of a request has at most.
pub const LONGEST_REQUEST: usize = 64;

/// The longest for which a secret stays good beside a newer one, in hours.
pub const LONGEST_OVERLAP: u32 = 720;

/// Whether a text can name a portal's request: 1 to 64 letters, digits, `.`, `_`, `:`, `-`. It is kept in clear, so that it must
/// name nobody; a text of Chinese characters would.
///
/// ```
/// use gongkai::domain::portal::names_a_request;
///
/// assert!(names_a_request("2026-000123") && names_a_request("urn:portal:7f3a"));
/// assert!(!names_a_request("") && !names_a_request("王示例") && !names_a_request("a b"));
/// assert!(!names_a_request(&"1".repeat(65)));
/// ```
pub fn names_a_request(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-');
    (1..=LONGEST_REQUEST).contains(&text.len()) && text.chars().all(known)
}

/// How a request stands, as a portal may tell its applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// 已接收, not registered yet.
    Received,
    /// 办理中.
    InProcess,
    /// 待补正: the applicant is asked to correct it (Art. 30).
    AwaitingCorrection,
    /// 待缴费: the applicant is asked to pay (Art. 42).
    AwaitingPayment,
    /// 已答复.
    Replied,
    /// 已撤回.
    Withdrawn,
    /// 不再处理: not corrected, or not paid, in time.
    Lapsed,
    /// 已归档.
    Archived,
}

impl Progress {
    /// Every one, in the order of the work.
    pub const ALL: &'static [Self] = &[
        Self::Received,
        Self::InProcess,
        Self::AwaitingCorrection,
        Self::AwaitingPayment,
        Self::Replied,
        Self::Withdrawn,
        Self::Lapsed,
        Self::Archived,
    ];

    /// How a case in this status stands, of which the applicant owes this. Reviews are no business of his: a reply is one when it
    /// has been issued.
    ///
    /// ```
    /// use gongkai::domain::case::Status;
    /// use gongkai::domain::portal::Progress;
    /// use gongkai::domain::time_limit::ObligationKind;
    ///
    /// assert_eq!(Progress::of(Status::InReview, None), Progress::InProcess);
    /// let asked = Some(ObligationKind::CorrectionResponse);
    /// assert_eq!(Progress::of(Status::InProcess, asked), Progress::AwaitingCorrection);
    /// ```
    pub fn of(status: Status, owed: Option<ObligationKind>) -> Self {
        match status {
            Status::AwaitingConfirmation | Status::Received => Self::Received,
            Status::Registered
            | Status::Assigned
            | Status::InProcess
            | Status::InReview
            | Status::Approved => match owed {
                Some(ObligationKind::CorrectionResponse) => Self::AwaitingCorrection,
                Some(ObligationKind::FeePayment) => Self::AwaitingPayment,
                Some(
                    ObligationKind::CorrectionNotice
                    | ObligationKind::ThirdPartyAnswer
                    | ObligationKind::JointMakerAnswer
                    | ObligationKind::ExtensionNotice
                    | ObligationKind::Reply
                    | ObligationKind::Reconsideration
                    | ObligationKind::Litigation
                    | ObligationKind::ReconsiderationAnswer
                    | ObligationKind::LitigationAnswer
                    | ObligationKind::ComplaintAnswer,
                )
                | None => Self::InProcess,
            },
            Status::Replied => Self::Replied,
            Status::Withdrawn => Self::Withdrawn,
            Status::Lapsed => Self::Lapsed,
            Status::Archived => Self::Archived,
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Received => "已接收",
            Self::InProcess => "办理中",
            Self::AwaitingCorrection => "待补正",
            Self::AwaitingPayment => "待缴费",
            Self::Replied => "已答复",
            Self::Withdrawn => "已撤回",
            Self::Lapsed => "不再处理",
            Self::Archived => "已归档",
        }
    }
}
