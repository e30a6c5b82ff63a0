//! The dated facts from which a timeline is made (design section 5).

mod kind;

pub use kind::FactKind;

use crate::domain::case::event::ServiceMethod;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Procedure, RemedyKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One thing that happened, on one civil date in the agency's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The day on which it happened. For a letter or notice, the day it was dispatched; for a reply, the day of the decision.
    pub on: NaiveDate,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum What {
    /// The application was received (Art. 31).
    Received {
        /// How; decides which of the dates counts. Without it, `on` counts.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        channel: Option<Channel>,
        /// The day it was submitted online, or arrived in the mail, when that is another day.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        arrived_on: Option<NaiveDate>,
        /// The day both sides confirmed, when that is another day.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        confirmed_on: Option<NaiveDate>,
        /// Whether it came after office hours (reading 22).
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        after_hours: bool,
    },
    /// The applicant was asked to correct the application (Art. 30); `on` is the day the notice was dispatched.
    CorrectionRequested {
        /// The day the notice reached the applicant.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        served_on: Option<NaiveDate>,
        /// The period that the notice gave the applicant.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        working_days: Option<u16>,
        /// What was wrong; unclear content when not said (reading 5).
        #[serde(skip_serializing_if = "Option::is_none", default)]
        ground: Option<CorrectionGround>,
    },
    /// The corrected application was received.
    Corrected,
    /// The applicant did not correct it in time without good reason; the case is no longer handled (Art. 30).
    CorrectionLapsed,
    /// Somebody was consulted in writing; `on` is the day the letter was sent.
    ConsultationSent {
        /// Which consultation: answers name it.
        #[serde(rename = "ref")]
        reference: String,
        /// Whom.
        kind: ConsultationKind,
        /// The day the letter was received.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        served_on: Option<NaiveDate>,
    },
    /// The answer arrived.
    ConsultationAnswered {
        /// Of which consultation.
        #[serde(rename = "ref")]
        reference: String,
    },
    /// No answer came within the limit, and that was recorded.
    ConsultationLapsed {
        /// Of which consultation.
        #[serde(rename = "ref")]
        reference: String,
    },
    /// The reply was extended (Art. 33(2)); `on` is the day the notice to the applicant was dispatched.
    Extended {
        /// By how many working days.
        working_days: u16,
        /// The day the head of the disclosure office approved.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        approved_on: Option<NaiveDate>,
    },
    /// A fee was asked for; `on` is the day the notice was dispatched (fee measure, Art. 6).
    FeeNotice {
        /// The day the notice reached the applicant.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        served_on: Option<NaiveDate>,
    },
    /// The fee was paid in full.
    FeePaid,
    /// The fee was not paid in time; the case is no longer handled.
    FeeLapsed,
    /// The applicant was asked for reasons (Art. 35).
    ReasonsRequested,
    /// The applicant gave them.
    ReasonsGiven,
    /// A reasonable period for a delayed reply was fixed and told (Art. 35); `on` is the day it was told.
    DelayedReplySet {
        /// Its last day.
        until: NaiveDate,
    },
    /// The reply was decided upon.
    Replied {
        /// What was answered.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        outcome: Option<Outcome>,
        /// How it was served.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        method: Option<ServiceMethod>,
        /// The day it was handed to the post, a messenger or a system.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        dispatched_on: Option<NaiveDate>,
        /// The day it reached the applicant.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        served_on: Option<NaiveDate>,
        /// Whether it is known that it has not left yet.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        not_dispatched: bool,
    },
    /// A reconsideration against the reply (or the silence) was decided.
    ReconsiderationDecided {
        /// The day the decision reached the applicant.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        served_on: Option<NaiveDate>,
    },
    /// The applicant took the application back.
    Withdrawn,
    /// The papers of a remedy reached the agency, which owes an answer to whoever examines it.
    RemedyReceived {
        /// Which remedy: the answer names it.
        #[serde(rename = "ref")]
        reference: String,
        /// What was brought.
        remedy: RemedyKind,
        /// How it is examined.
        procedure: Procedure,
    },
    /// The agency's answer to it was handed in.
    RemedyAnswered {
        /// To which remedy.
        #[serde(rename = "ref")]
        reference: String,
    },
    /// A decision upon a remedy orders a new answer; `on` is the day it reached the agency. The period counts from the receipt
    /// among the facts, which is that day then.
    AnswerOrdered {
        /// The last day of the period that the decision names; the law's own period when it names none.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        until: Option<NaiveDate>,
    },
}

/// What was wrong with an application (point 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionGround {
    /// The content is unclear (Art. 30 to the letter).
    UnclearContent,
    /// The proof of identity is missing.
    Identity,
    /// The contact is missing.
    Contact,
    /// The form wanted is unclear.
    Form,
}

impl CorrectionGround {
    /// Every ground.
    pub const ALL: &'static [Self] = &[Self::UnclearContent, Self::Identity, Self::Contact, Self::Form];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnclearContent => "unclear_content",
            Self::Identity => "identity",
            Self::Contact => "contact",
            Self::Form => "form",
        }
    }

    /// The ground with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|ground| ground.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::UnclearContent => "申请内容不明确",
            Self::Identity => "缺少身份证明",
            Self::Contact => "缺少联系方式",
            Self::Form => "获取方式不明确",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::UnclearContent => "unclear content",
            Self::Identity => "missing proof of identity",
            Self::Contact => "missing contact",
            Self::Form => "unclear form wanted",
        }
    }
}

/// Whom a consultation asks (征求意见); the kinds differ in what silence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationKind {
    /// A third party whose rights disclosure may harm (Art. 32). Silent: the agency decides.
    ThirdParty,
    /// An organ that made the information too (Art. 34). Silent: deemed to agree.
    JointMaker,
    /// Another organ (Arts. 11, 17, 33(3)). Silent: nothing follows.
    OtherOrgan,
}

impl ConsultationKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::ThirdParty, Self::JointMaker, Self::OtherOrgan];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::ThirdParty => "third_party",
            Self::JointMaker => "joint_maker",
            Self::OtherOrgan => "other_organ",
        }
    }

    /// The kind with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::ThirdParty => "第三方",
            Self::JointMaker => "共同制作机关",
            Self::OtherOrgan => "其他机关",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::ThirdParty => "third party",
            Self::JointMaker => "joint maker",
            Self::OtherOrgan => "other organ",
        }
    }
}

impl What {
    /// Its type.
    pub fn kind(&self) -> FactKind {
        match self {
            Self::Received { .. } => FactKind::Received,
            Self::CorrectionRequested { .. } => FactKind::CorrectionRequested,
            Self::Corrected => FactKind::Corrected,
            Self::CorrectionLapsed => FactKind::CorrectionLapsed,
            Self::ConsultationSent { .. } => FactKind::ConsultationSent,
            Self::ConsultationAnswered { .. } => FactKind::ConsultationAnswered,
            Self::ConsultationLapsed { .. } => FactKind::ConsultationLapsed,
            Self::Extended { .. } => FactKind::Extended,
            Self::FeeNotice { .. } => FactKind::FeeNotice,
            Self::FeePaid => FactKind::FeePaid,
            Self::FeeLapsed => FactKind::FeeLapsed,
            Self::ReasonsRequested => FactKind::ReasonsRequested,
            Self::ReasonsGiven => FactKind::ReasonsGiven,
            Self::DelayedReplySet { .. } => FactKind::DelayedReplySet,
            Self::Replied { .. } => FactKind::Replied,
            Self::ReconsiderationDecided { .. } => FactKind::ReconsiderationDecided,
            Self::Withdrawn => FactKind::Withdrawn,
            Self::RemedyReceived { .. } => FactKind::RemedyReceived,
            Self::RemedyAnswered { .. } => FactKind::RemedyAnswered,
            Self::AnswerOrdered { .. } => FactKind::AnswerOrdered,
        }
    }
}

impl Fact {
    /// The plain receipt of an application on a day.
    pub fn received(on: NaiveDate) -> Self {
        Self {
            on,
            what: What::Received { channel: None, arrived_on: None, confirmed_on: None, after_hours: false },
        }
    }

    /// A fact without details.
    pub fn new(on: NaiveDate, what: What) -> Self {
        Self { on, what }
    }
}

#[cfg(test)]
mod tests {
    use super::{ConsultationKind, CorrectionGround, FactKind};
    use crate::domain::channel::tests::assert_coded;

    #[test]
    fn the_words_of_facts_are_coded() {
        assert_coded(
            FactKind::ALL,
            FactKind::code,
            FactKind::parse,
            [FactKind::label_zh, FactKind::label_en],
        );
        let labels = [ConsultationKind::label_zh, ConsultationKind::label_en];
        assert_coded(ConsultationKind::ALL, ConsultationKind::code, ConsultationKind::parse, labels);
        let labels = [CorrectionGround::label_zh, CorrectionGround::label_en];
        assert_coded(CorrectionGround::ALL, CorrectionGround::code, CorrectionGround::parse, labels);
    }
}
