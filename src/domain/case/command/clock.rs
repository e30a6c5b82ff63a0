//! The commands that move (or end) the statutory clock: corrections, consultations, extensions, reasons, fees.

use chrono::NaiveDate;

use super::ClockKind;
use crate::domain::case::event::{FeeBasis, Position, TextRef};
use crate::domain::time_limit::{ConsultationKind, CorrectionGround};

/// What can be asked of a case about its clock. `n` says which one of its kind, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockCommand {
    /// 补正告知: ask the applicant to correct the request (Art. 30).
    RequestCorrection {
        /// The applicant's period, in working days; the statute's usual one when not said.
        working_days: Option<u16>,
        /// What is wrong.
        ground: CorrectionGround,
        /// The day the notice reached the applicant, when known at once.
        served_on: Option<NaiveDate>,
        /// What must be corrected, told once and in full.
        items: TextRef,
        /// Why it is asked late or again: makes it the approver's exception.
        exception: Option<TextRef>,
    },
    /// The request for correction reached the applicant.
    ServeCorrection {
        /// Which correction.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// 补正: the corrected request came.
    RecordCorrection {
        /// Which correction.
        n: u32,
        /// The applicant's words that hold from now on.
        description: TextRef,
    },
    /// 逾期不补正: the applicant's period has run out; the case is no longer handled (Art. 30).
    LapseCorrection {
        /// Which correction.
        n: u32,
        /// A note for the file.
        note: Option<TextRef>,
    },
    /// 征求意见: ask somebody in writing.
    Consult {
        /// Whom.
        kind: ConsultationKind,
        /// The day the letter was received, when known at once.
        served_on: Option<NaiveDate>,
        /// The name and address.
        party: TextRef,
        /// What is asked.
        question: TextRef,
    },
    /// The letter reached whom it asks.
    ServeConsultation {
        /// Which consultation.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// The answer came.
    RecordAnswer {
        /// Which consultation.
        n: u32,
        /// What it says of the disclosure.
        position: Option<Position>,
        /// Its words.
        text: Option<TextRef>,
    },
    /// No answer came within the limit.
    LapseConsultation {
        /// Which consultation.
        n: u32,
    },
    /// 延期: propose more time (Art. 33(2)).
    ProposeExtension {
        /// By how many working days.
        working_days: u16,
        /// Why.
        reason: TextRef,
    },
    /// Approve an extension, or not.
    DecideExtension {
        /// Which extension.
        n: u32,
        /// Whether it is approved.
        approve: bool,
        /// The opinion.
        opinion: Option<TextRef>,
    },
    /// The notice of an approved extension was dispatched to the applicant.
    NotifyExtension {
        /// Which extension.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// 说明理由: ask the applicant why he asks for so much (Art. 35).
    RequestReasons {
        /// What he is asked.
        text: TextRef,
    },
    /// He gave his reasons.
    RecordReasons {
        /// Which request for reasons.
        n: u32,
        /// The reasons.
        text: TextRef,
    },
    /// 延迟答复: fix a reasonable period and tell the applicant (Art. 35).
    SetDelayedReply {
        /// After which request for reasons.
        n: u32,
        /// Its last day.
        until: NaiveDate,
        /// What he is told.
        text: TextRef,
    },
    /// 收费: propose a fee (Art. 42).
    ProposeFee {
        /// By what it is counted.
        basis: FeeBasis,
    },
    /// Approve a fee, or not.
    DecideFee {
        /// Which fee.
        n: u32,
        /// Whether it is approved.
        approve: bool,
        /// The opinion.
        opinion: Option<TextRef>,
    },
    /// The notice of an approved fee was dispatched to the applicant.
    NotifyFee {
        /// Which fee.
        n: u32,
        /// The day it reached the applicant, when known at once.
        served_on: Option<NaiveDate>,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// The fee notice reached the applicant.
    ServeFee {
        /// Which fee.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// The fee was paid in full.
    RecordPayment {
        /// Which fee.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// 逾期不缴费: the period has run out; the case is no longer handled (fee measure, Art. 6).
    LapseFee {
        /// Which fee.
        n: u32,
        /// A note for the file.
        note: Option<TextRef>,
    },
}

impl ClockCommand {
    /// This command's name.
    pub fn kind(&self) -> ClockKind {
        match self {
            Self::RequestCorrection { exception: None, .. } => ClockKind::RequestCorrection,
            Self::RequestCorrection { exception: Some(_), .. } => ClockKind::RequestCorrectionByException,
            Self::ServeCorrection { .. } => ClockKind::ServeCorrection,
            Self::RecordCorrection { .. } => ClockKind::RecordCorrection,
            Self::LapseCorrection { .. } => ClockKind::LapseCorrection,
            Self::Consult { .. } => ClockKind::Consult,
            Self::ServeConsultation { .. } => ClockKind::ServeConsultation,
            Self::RecordAnswer { .. } => ClockKind::RecordAnswer,
            Self::LapseConsultation { .. } => ClockKind::LapseConsultation,
            Self::ProposeExtension { .. } => ClockKind::ProposeExtension,
            Self::DecideExtension { .. } => ClockKind::DecideExtension,
            Self::NotifyExtension { .. } => ClockKind::NotifyExtension,
            Self::RequestReasons { .. } => ClockKind::RequestReasons,
            Self::RecordReasons { .. } => ClockKind::RecordReasons,
            Self::SetDelayedReply { .. } => ClockKind::SetDelayedReply,
            Self::ProposeFee { .. } => ClockKind::ProposeFee,
            Self::DecideFee { .. } => ClockKind::DecideFee,
            Self::NotifyFee { .. } => ClockKind::NotifyFee,
            Self::ServeFee { .. } => ClockKind::ServeFee,
            Self::RecordPayment { .. } => ClockKind::RecordPayment,
            Self::LapseFee { .. } => ClockKind::LapseFee,
        }
    }
}
