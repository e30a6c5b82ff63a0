//! What is owed, or may be done, until a day.

use super::Note;
use crate::domain::calendar::Provisional;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObligationKind {
    /// The agency may ask for a correction until this day (Art. 30).
    CorrectionNotice,
    /// The applicant's correction.
    CorrectionResponse,
    /// The third party's answer.
    ThirdPartyAnswer,
    /// The joint maker's answer.
    JointMakerAnswer,
    /// The agency may tell an extension until this day (Art. 33(2)).
    ExtensionNotice,
    /// The applicant's payment.
    FeePayment,
    /// The agency's reply.
    Reply,
    /// The applicant's application for reconsideration.
    Reconsideration,
    /// The applicant's suit.
    Litigation,
    /// The agency's answer to a reconsideration (Reconsideration Law, Arts. 48, 54).
    ReconsiderationAnswer,
    /// The agency's answer to a suit (Administrative Litigation Law, Art. 67).
    LitigationAnswer,
    /// The agency's answer to a complaint.
    ComplaintAnswer,
}

impl ObligationKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::CorrectionNotice,
        Self::CorrectionResponse,
        Self::ThirdPartyAnswer,
        Self::JointMakerAnswer,
        Self::ExtensionNotice,
        Self::FeePayment,
        Self::Reply,
        Self::Reconsideration,
        Self::Litigation,
        Self::ReconsiderationAnswer,
        Self::LitigationAnswer,
        Self::ComplaintAnswer,
    ];

    /// The name in the API and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::CorrectionNotice => "correction_notice",
            Self::CorrectionResponse => "correction_response",
            Self::ThirdPartyAnswer => "third_party_answer",
            Self::JointMakerAnswer => "joint_maker_answer",
            Self::ExtensionNotice => "extension_notice",
            Self::FeePayment => "fee_payment",
            Self::Reply => "reply",
            Self::Reconsideration => "reconsideration",
            Self::Litigation => "litigation",
            Self::ReconsiderationAnswer => "reconsideration_answer",
            Self::LitigationAnswer => "litigation_answer",
            Self::ComplaintAnswer => "complaint_answer",
        }
    }

    /// The kind with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::CorrectionNotice => "发出补正通知",
            Self::CorrectionResponse => "申请人补正",
            Self::ThirdPartyAnswer => "第三方提出意见",
            Self::JointMakerAnswer => "共同制作机关提出意见",
            Self::ExtensionNotice => "告知延期",
            Self::FeePayment => "申请人缴费",
            Self::Reply => "答复",
            Self::Reconsideration => "申请行政复议",
            Self::Litigation => "提起行政诉讼",
            Self::ReconsiderationAnswer => "提交复议答复",
            Self::LitigationAnswer => "提交答辩状",
            Self::ComplaintAnswer => "答复投诉举报",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::CorrectionNotice => "request for correction",
            Self::CorrectionResponse => "the applicant's correction",
            Self::ThirdPartyAnswer => "the third party's answer",
            Self::JointMakerAnswer => "the joint maker's answer",
            Self::ExtensionNotice => "notice of an extension",
            Self::FeePayment => "the applicant's payment",
            Self::Reply => "reply",
            Self::Reconsideration => "application for reconsideration",
            Self::Litigation => "suit",
            Self::ReconsiderationAnswer => "answer to the reconsideration",
            Self::LitigationAnswer => "answer to the suit",
            Self::ComplaintAnswer => "answer to the complaint",
        }
    }

    /// Whether it is a chance that ends with its day (the agency may, but need not), or a remedy: nothing is overdue when the day
    /// has passed.
    pub fn is_option(self) -> bool {
        match self {
            Self::CorrectionNotice | Self::ExtensionNotice | Self::Reconsideration | Self::Litigation => true,
            Self::CorrectionResponse
            | Self::ThirdPartyAnswer
            | Self::JointMakerAnswer
            | Self::FeePayment
            | Self::Reply
            | Self::ReconsiderationAnswer
            | Self::LitigationAnswer
            | Self::ComplaintAnswer => false,
        }
    }

    /// Whether it is the applicant's own remedy, which no office owes: kept out of what is owed.
    pub fn is_the_applicants_remedy(self) -> bool {
        match self {
            Self::Reconsideration | Self::Litigation => true,
            Self::CorrectionNotice
            | Self::CorrectionResponse
            | Self::ThirdPartyAnswer
            | Self::JointMakerAnswer
            | Self::ExtensionNotice
            | Self::FeePayment
            | Self::Reply
            | Self::ReconsiderationAnswer
            | Self::LitigationAnswer
            | Self::ComplaintAnswer => false,
        }
    }

    /// Whether it is an answer to whoever examines a reply: owed whether or not the clock of the reply has ended.
    pub fn is_remedy_answer(self) -> bool {
        matches!(self, Self::ReconsiderationAnswer | Self::LitigationAnswer | Self::ComplaintAnswer)
    }
}

/// One thing that is owed, by whomever, with its last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obligation<'a> {
    /// What.
    pub kind: ObligationKind,
    /// Its last day.
    pub due_on: NaiveDate,
    /// The article.
    pub article: &'a str,
    /// When it was met.
    pub met_on: Option<NaiveDate>,
    /// Which consultation or remedy, for an answer.
    pub reference: Option<&'a str>,
    /// What an officer should know of it.
    pub note: Option<Note>,
    /// Why the date may still change.
    pub provisional: Option<Provisional>,
}
