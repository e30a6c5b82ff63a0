//! The types of facts, with their names.

use serde::{Deserialize, Serialize};

/// A fact's type, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// See [`What::Received`](super::What::Received).
    Received,
    /// See [`What::CorrectionRequested`](super::What::CorrectionRequested).
    CorrectionRequested,
    /// See [`What::Corrected`](super::What::Corrected).
    Corrected,
    /// See [`What::CorrectionLapsed`](super::What::CorrectionLapsed).
    CorrectionLapsed,
    /// See [`What::ConsultationSent`](super::What::ConsultationSent).
    ConsultationSent,
    /// See [`What::ConsultationAnswered`](super::What::ConsultationAnswered).
    ConsultationAnswered,
    /// See [`What::ConsultationLapsed`](super::What::ConsultationLapsed).
    ConsultationLapsed,
    /// See [`What::Extended`](super::What::Extended).
    Extended,
    /// See [`What::FeeNotice`](super::What::FeeNotice).
    FeeNotice,
    /// See [`What::FeePaid`](super::What::FeePaid).
    FeePaid,
    /// See [`What::FeeLapsed`](super::What::FeeLapsed).
    FeeLapsed,
    /// See [`What::ReasonsRequested`](super::What::ReasonsRequested).
    ReasonsRequested,
    /// See [`What::ReasonsGiven`](super::What::ReasonsGiven).
    ReasonsGiven,
    /// See [`What::DelayedReplySet`](super::What::DelayedReplySet).
    DelayedReplySet,
    /// See [`What::Replied`](super::What::Replied).
    Replied,
    /// See [`What::ReconsiderationDecided`](super::What::ReconsiderationDecided).
    ReconsiderationDecided,
    /// See [`What::Withdrawn`](super::What::Withdrawn).
    Withdrawn,
    /// See [`What::RemedyReceived`](super::What::RemedyReceived).
    RemedyReceived,
    /// See [`What::RemedyAnswered`](super::What::RemedyAnswered).
    RemedyAnswered,
    /// See [`What::AnswerOrdered`](super::What::AnswerOrdered).
    AnswerOrdered,
}

impl FactKind {
    /// Every type, in the order in which a case may meet them.
    pub const ALL: &'static [Self] = &[
        Self::Received,
        Self::CorrectionRequested,
        Self::Corrected,
        Self::CorrectionLapsed,
        Self::ConsultationSent,
        Self::ConsultationAnswered,
        Self::ConsultationLapsed,
        Self::Extended,
        Self::FeeNotice,
        Self::FeePaid,
        Self::FeeLapsed,
        Self::ReasonsRequested,
        Self::ReasonsGiven,
        Self::DelayedReplySet,
        Self::Replied,
        Self::ReconsiderationDecided,
        Self::Withdrawn,
        Self::RemedyReceived,
        Self::RemedyAnswered,
        Self::AnswerOrdered,
    ];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::CorrectionRequested => "correction_requested",
            Self::Corrected => "corrected",
            Self::CorrectionLapsed => "correction_lapsed",
            Self::ConsultationSent => "consultation_sent",
            Self::ConsultationAnswered => "consultation_answered",
            Self::ConsultationLapsed => "consultation_lapsed",
            Self::Extended => "extended",
            Self::FeeNotice => "fee_notice",
            Self::FeePaid => "fee_paid",
            Self::FeeLapsed => "fee_lapsed",
            Self::ReasonsRequested => "reasons_requested",
            Self::ReasonsGiven => "reasons_given",
            Self::DelayedReplySet => "delayed_reply_set",
            Self::Replied => "replied",
            Self::ReconsiderationDecided => "reconsideration_decided",
            Self::Withdrawn => "withdrawn",
            Self::RemedyReceived => "remedy_received",
            Self::RemedyAnswered => "remedy_answered",
            Self::AnswerOrdered => "answer_ordered",
        }
    }

    /// The type with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Received => "收到申请",
            Self::CorrectionRequested => "发出补正通知",
            Self::Corrected => "收到补正",
            Self::CorrectionLapsed => "逾期不补正",
            Self::ConsultationSent => "发出征求意见函",
            Self::ConsultationAnswered => "收到意见",
            Self::ConsultationLapsed => "逾期未提意见",
            Self::Extended => "延期答复",
            Self::FeeNotice => "发出收费通知",
            Self::FeePaid => "完成缴费",
            Self::FeeLapsed => "逾期不缴费",
            Self::ReasonsRequested => "要求说明理由",
            Self::ReasonsGiven => "说明理由",
            Self::DelayedReplySet => "确定延迟答复期限",
            Self::Replied => "作出答复",
            Self::ReconsiderationDecided => "作出复议决定",
            Self::Withdrawn => "撤回申请",
            Self::RemedyReceived => "收到复议、诉讼或者投诉材料",
            Self::RemedyAnswered => "提交答复、答辩",
            Self::AnswerOrdered => "责令重新答复",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Received => "the receipt of the application",
            Self::CorrectionRequested => "the request for correction",
            Self::Corrected => "the corrected application",
            Self::CorrectionLapsed => "the lapse of the correction",
            Self::ConsultationSent => "the consultation letter",
            Self::ConsultationAnswered => "the answer to the consultation",
            Self::ConsultationLapsed => "the lapse of the consultation",
            Self::Extended => "the extension",
            Self::FeeNotice => "the fee notice",
            Self::FeePaid => "the payment",
            Self::FeeLapsed => "the lapse of the fee",
            Self::ReasonsRequested => "the request for reasons",
            Self::ReasonsGiven => "the reasons",
            Self::DelayedReplySet => "the delayed reply",
            Self::Replied => "the reply",
            Self::ReconsiderationDecided => "the reconsideration's decision",
            Self::Withdrawn => "the withdrawal",
            Self::RemedyReceived => "the papers of a remedy",
            Self::RemedyAnswered => "the answer to a remedy",
            Self::AnswerOrdered => "the order to answer anew",
        }
    }
}
