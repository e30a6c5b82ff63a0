//! Why a stretch of days counts, or does not.

use super::fact::ConsultationKind;

/// Why a stretch of days has its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The period of the reply.
    Period,
    /// A consultation.
    Consultation(ConsultationKind),
    /// Reasons were asked for (reading 13).
    Reasons,
    /// A fee was asked for (reading 14, resume).
    Fee,
    /// A correction began a new period.
    Correction,
    /// A payment began a new period.
    Payment,
    /// The extension.
    Extension,
    /// The delayed reply.
    DelayedReply,
    /// The period that a decision upon a remedy names for a new reply.
    Ordered,
}

impl Reason {
    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Consultation(ConsultationKind::ThirdParty) => "third_party_consulted",
            Self::Consultation(ConsultationKind::JointMaker) => "joint_maker_consulted",
            Self::Consultation(ConsultationKind::OtherOrgan) => "other_organ_consulted",
            Self::Reasons => "reasons_requested",
            Self::Fee => "fee_awaited",
            Self::Correction => "correction",
            Self::Payment => "payment",
            Self::Extension => "extension",
            Self::DelayedReply => "delayed_reply",
            Self::Ordered => "ordered",
        }
    }
}

/// Reasons that hold together: of days that two consultations exclude, both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons(u16);

impl Reasons {
    /// All reasons, in the order in which they are told.
    const ORDER: [Reason; 11] = [
        Reason::Period,
        Reason::Consultation(ConsultationKind::ThirdParty),
        Reason::Consultation(ConsultationKind::JointMaker),
        Reason::Consultation(ConsultationKind::OtherOrgan),
        Reason::Reasons,
        Reason::Fee,
        Reason::Correction,
        Reason::Payment,
        Reason::Extension,
        Reason::DelayedReply,
        Reason::Ordered,
    ];

    /// One reason.
    pub fn one(reason: Reason) -> Self {
        Self::default().and(reason)
    }

    /// These and one more.
    #[must_use]
    pub fn and(self, reason: Reason) -> Self {
        let bit = match reason {
            Reason::Period => 0,
            Reason::Consultation(ConsultationKind::ThirdParty) => 1,
            Reason::Consultation(ConsultationKind::JointMaker) => 2,
            Reason::Consultation(ConsultationKind::OtherOrgan) => 3,
            Reason::Reasons => 4,
            Reason::Fee => 5,
            Reason::Correction => 6,
            Reason::Payment => 7,
            Reason::Extension => 8,
            Reason::DelayedReply => 9,
            Reason::Ordered => 10,
        };
        Self(self.0 | 1 << bit)
    }

    /// Each, in the order in which they are told.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Self::ORDER.into_iter().filter(move |reason| self.and(*reason) == self)
    }
}
