//! What the events that move (or end) the statutory clock hold: corrections, consultations, extensions, reasons, fees.
//! Each counts from 1 within its case and kind. The day on which it happened is `Recorded::on`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::TextRef;
use crate::domain::fee::FeeMode;
use crate::domain::time_limit::{ConsultationKind, CorrectionGround};

/// The applicant was asked to correct the request (补正告知, Art. 30).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionRequested {
    /// Which correction.
    pub n: u32,
    /// The applicant's period, in working days after service.
    pub working_days: u16,
    /// What is wrong.
    pub ground: CorrectionGround,
    /// The day the notice reached the applicant, when known at once.
    pub served_on: Option<NaiveDate>,
    /// What must be corrected, told once and in full.
    pub items: TextRef,
    /// Why it is asked late or again, where the approver made an exception.
    pub exception: Option<TextRef>,
}

/// The corrected request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrected {
    /// Which correction.
    pub n: u32,
    /// The applicant's words that hold from now on.
    pub description: TextRef,
}

/// Somebody was asked in writing (征求意见).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsultationSent {
    /// Which consultation.
    pub n: u32,
    /// Whom.
    pub kind: ConsultationKind,
    /// The day the letter was received, when known at once.
    pub served_on: Option<NaiveDate>,
    /// The name and address.
    pub party: TextRef,
    /// What was asked.
    pub question: TextRef,
}

/// What somebody who was asked says of the disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// 同意公开.
    Consents,
    /// 不同意公开.
    Objects,
    /// 部分同意.
    Partly,
    /// 视为同意公开: a joint maker was silent (Art. 34).
    DeemedConsent,
}

impl Position {
    /// Every position.
    pub const ALL: &'static [Self] = &[Self::Consents, Self::Objects, Self::Partly, Self::DeemedConsent];

    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Consents => "consents",
            Self::Objects => "objects",
            Self::Partly => "partly",
            Self::DeemedConsent => "deemed_consent",
        }
    }
}

/// The answer came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsultationAnswered {
    /// Which consultation.
    pub n: u32,
    /// What it says of the disclosure; another organ need not say.
    pub position: Option<Position>,
    /// The answer's words.
    pub text: Option<TextRef>,
}

/// No answer came within the limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsultationLapsed {
    /// Which consultation.
    pub n: u32,
    /// What the silence means by law: a joint maker's is consent (Art. 34), any other's is nothing.
    pub position: Option<Position>,
}

/// An extension was proposed (延期, Art. 33(2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtensionProposed {
    /// Which extension.
    pub n: u32,
    /// By how many working days.
    pub working_days: u16,
    /// Why.
    pub reason: TextRef,
}

/// The approver decided upon a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// Which one of its kind.
    pub n: u32,
    /// Whether it was approved.
    pub approve: bool,
    /// The opinion.
    pub opinion: Option<TextRef>,
}

/// Something happened to one that is there already, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proved {
    /// Which one of its kind.
    pub n: u32,
    /// A mail number, a signature, a receipt.
    pub evidence: Option<TextRef>,
}

/// A lapse that ends the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noted {
    /// Which one of its kind.
    pub n: u32,
    /// A note for the file.
    pub note: Option<TextRef>,
}

/// Words asked for, or given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Which request for reasons.
    pub n: u32,
    /// The words.
    pub text: TextRef,
}

/// A reasonable period for a delayed reply (延迟答复, Art. 35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelayedReplySet {
    /// After which request for reasons.
    pub n: u32,
    /// Its last day, a working day.
    pub until: NaiveDate,
    /// What the applicant was told.
    pub text: TextRef,
}

/// What a fee is counted by; one application, one way (fee measure, Art. 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeeBasis {
    /// 按量: by the pages of this application.
    PerPage {
        /// How many.
        pages: u32,
    },
    /// 按件: by the applications of this applicant in one calendar month.
    PerPiece {
        /// Those of this month before this one.
        already_this_month: u32,
        /// As how many this one counts.
        pieces: u32,
    },
}

impl FeeBasis {
    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::PerPage { .. } => "per_page",
            Self::PerPiece { .. } => "per_piece",
        }
    }

    /// As the fee is computed.
    pub fn mode(self) -> FeeMode {
        match self {
            Self::PerPage { pages } => FeeMode::PerPage { pages },
            Self::PerPiece { already_this_month, pieces } => {
                FeeMode::PerPiece { already: already_this_month, pieces }
            }
        }
    }
}

/// A fee was proposed (收费, Art. 42).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeProposed {
    /// Which fee.
    pub n: u32,
    /// By what it is counted.
    pub basis: FeeBasis,
    /// How much, in `unit`.
    pub amount: u64,
    /// The currency, such as `CNY`.
    pub currency: String,
    /// The unit of the amount, such as `fen`.
    pub unit: String,
}

/// The fee notice was dispatched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeNotified {
    /// Which fee.
    pub n: u32,
    /// The day it reached the applicant, when known at once.
    pub served_on: Option<NaiveDate>,
    /// A mail number or the like.
    pub evidence: Option<TextRef>,
}
