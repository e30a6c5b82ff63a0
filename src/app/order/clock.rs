//! The orders that move (or end) the statutory clock, their words still in clear.

use chrono::NaiveDate;

use crate::app::error::AppError;
use crate::app::people::{Sealer, TextKind};
use crate::domain::case::command::{ClockCommand, ClockKind};
use crate::domain::case::event::{FeeBasis, Position, TextRef};
use crate::domain::time_limit::{ConsultationKind, CorrectionGround};

/// A command about the clock as it is asked for. `n` says which one of its kind, from 1.
#[derive(Clone, Debug)]
pub enum ClockOrder {
    /// See [`ClockCommand::RequestCorrection`].
    RequestCorrection {
        /// The applicant's period; the statute's usual one when not said.
        working_days: Option<u16>,
        /// What is wrong.
        ground: CorrectionGround,
        /// The day the notice reached the applicant, when known at once.
        served_on: Option<NaiveDate>,
        /// What must be corrected.
        items: String,
        /// Why it is asked late or again.
        exception: Option<String>,
    },
    /// See [`ClockCommand::ServeCorrection`].
    ServeCorrection {
        /// Which correction.
        n: u32,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`ClockCommand::RecordCorrection`].
    RecordCorrection {
        /// Which correction.
        n: u32,
        /// The applicant's words that hold from now on.
        description: String,
    },
    /// See [`ClockCommand::LapseCorrection`].
    LapseCorrection {
        /// Which correction.
        n: u32,
        /// A note for the file.
        note: Option<String>,
    },
    /// See [`ClockCommand::Consult`].
    Consult {
        /// Whom.
        kind: ConsultationKind,
        /// The day the letter was received, when known at once.
        served_on: Option<NaiveDate>,
        /// The name and address.
        party: String,
        /// What is asked.
        question: String,
    },
    /// See [`ClockCommand::ServeConsultation`].
    ServeConsultation {
        /// Which consultation.
        n: u32,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`ClockCommand::RecordAnswer`].
    RecordAnswer {
        /// Which consultation.
        n: u32,
        /// What it says of the disclosure.
        position: Option<Position>,
        /// Its words.
        text: Option<String>,
    },
    /// See [`ClockCommand::LapseConsultation`].
    LapseConsultation {
        /// Which consultation.
        n: u32,
    },
    /// See [`ClockCommand::ProposeExtension`].
    ProposeExtension {
        /// By how many working days.
        working_days: u16,
        /// Why.
        reason: String,
    },
    /// See [`ClockCommand::DecideExtension`]; with the day of the notice when it is known at once.
    DecideExtension {
        /// Which extension.
        n: u32,
        /// Whether it is approved.
        approve: bool,
        /// The opinion.
        opinion: Option<String>,
        /// The day on which the notice of it was dispatched.
        notified_on: Option<NaiveDate>,
    },
    /// See [`ClockCommand::NotifyExtension`].
    NotifyExtension {
        /// Which extension.
        n: u32,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`ClockCommand::RequestReasons`].
    RequestReasons {
        /// What the applicant is asked.
        text: String,
    },
    /// See [`ClockCommand::RecordReasons`].
    RecordReasons {
        /// Which request for reasons.
        n: u32,
        /// The reasons.
        text: String,
    },
    /// See [`ClockCommand::SetDelayedReply`].
    SetDelayedReply {
        /// After which request for reasons.
        n: u32,
        /// Its last day.
        until: NaiveDate,
        /// What the applicant is told.
        text: String,
    },
    /// See [`ClockCommand::ProposeFee`].
    ProposeFee {
        /// By what it is counted.
        basis: FeeBasis,
    },
    /// See [`ClockCommand::DecideFee`]; with the day of the notice when it is known at once.
    DecideFee {
        /// Which fee.
        n: u32,
        /// Whether it is approved.
        approve: bool,
        /// The opinion.
        opinion: Option<String>,
        /// The day on which the notice of it was dispatched.
        notified_on: Option<NaiveDate>,
    },
    /// See [`ClockCommand::NotifyFee`].
    NotifyFee {
        /// Which fee.
        n: u32,
        /// The day it reached the applicant, when known at once.
        served_on: Option<NaiveDate>,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`ClockCommand::ServeFee`].
    ServeFee {
        /// Which fee.
        n: u32,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`ClockCommand::RecordPayment`].
    RecordPayment {
        /// Which fee.
        n: u32,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`ClockCommand::LapseFee`].
    LapseFee {
        /// Which fee.
        n: u32,
        /// A note for the file.
        note: Option<String>,
    },
}

impl ClockOrder {
    /// The command's name.
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

    /// A second command of the same order: the notice of what was approved, when its day is known at once.
    pub fn at_once(&self) -> Option<(ClockCommand, NaiveDate)> {
        if let Self::DecideExtension { n, notified_on: Some(on), .. } = self {
            Some((ClockCommand::NotifyExtension { n: *n, evidence: None }, *on))
        } else if let Self::DecideFee { n, notified_on: Some(on), .. } = self {
            Some((ClockCommand::NotifyFee { n: *n, served_on: None, evidence: None }, *on))
        } else {
            None
        }
    }
}

pub(super) fn seal(order: &ClockOrder, sealer: &mut Sealer) -> Result<ClockCommand, AppError> {
    Ok(match order {
        ClockOrder::RequestCorrection { working_days, ground, served_on, items, exception } => {
            ClockCommand::RequestCorrection {
                working_days: *working_days,
                ground: *ground,
                served_on: *served_on,
                items: sealer.text(TextKind::Items, items)?,
                exception: sealer.optional_text(TextKind::Note, exception.as_deref())?,
            }
        }
        ClockOrder::ServeCorrection { n, evidence } => {
            ClockCommand::ServeCorrection { n: *n, evidence: shown(sealer, evidence.as_deref())? }
        }
        ClockOrder::RecordCorrection { n, description } => ClockCommand::RecordCorrection {
            n: *n,
            description: sealer.text(TextKind::Description, description)?,
        },
        ClockOrder::LapseCorrection { n, note } => ClockCommand::LapseCorrection {
            n: *n,
            note: sealer.optional_text(TextKind::Note, note.as_deref())?,
        },
        ClockOrder::Consult { kind, served_on, party, question } => ClockCommand::Consult {
            kind: *kind,
            served_on: *served_on,
            party: sealer.text(TextKind::Party, party)?,
            question: sealer.text(TextKind::Question, question)?,
        },
        ClockOrder::ServeConsultation { n, evidence } => {
            ClockCommand::ServeConsultation { n: *n, evidence: shown(sealer, evidence.as_deref())? }
        }
        ClockOrder::RecordAnswer { n, position, text } => ClockCommand::RecordAnswer {
            n: *n,
            position: *position,
            text: sealer.optional_text(TextKind::Answer, text.as_deref())?,
        },
        ClockOrder::LapseConsultation { n } => ClockCommand::LapseConsultation { n: *n },
        ClockOrder::ProposeExtension { working_days, reason } => ClockCommand::ProposeExtension {
            working_days: *working_days,
            reason: sealer.text(TextKind::Note, reason)?,
        },
        ClockOrder::DecideExtension { n, approve, opinion, .. } => ClockCommand::DecideExtension {
            n: *n,
            approve: *approve,
            opinion: sealer.optional_text(TextKind::Opinion, opinion.as_deref())?,
        },
        ClockOrder::NotifyExtension { n, evidence } => {
            ClockCommand::NotifyExtension { n: *n, evidence: shown(sealer, evidence.as_deref())? }
        }
        ClockOrder::RequestReasons { text } => {
            ClockCommand::RequestReasons { text: sealer.text(TextKind::Question, text)? }
        }
        ClockOrder::RecordReasons { n, text } => {
            ClockCommand::RecordReasons { n: *n, text: sealer.text(TextKind::Answer, text)? }
        }
        ClockOrder::SetDelayedReply { n, until, text } => {
            ClockCommand::SetDelayedReply { n: *n, until: *until, text: sealer.text(TextKind::Note, text)? }
        }
        ClockOrder::ProposeFee { basis } => ClockCommand::ProposeFee { basis: *basis },
        ClockOrder::DecideFee { n, approve, opinion, .. } => ClockCommand::DecideFee {
            n: *n,
            approve: *approve,
            opinion: sealer.optional_text(TextKind::Opinion, opinion.as_deref())?,
        },
        ClockOrder::NotifyFee { n, served_on, evidence } => ClockCommand::NotifyFee {
            n: *n,
            served_on: *served_on,
            evidence: shown(sealer, evidence.as_deref())?,
        },
        ClockOrder::ServeFee { n, evidence } => {
            ClockCommand::ServeFee { n: *n, evidence: shown(sealer, evidence.as_deref())? }
        }
        ClockOrder::RecordPayment { n, evidence } => {
            ClockCommand::RecordPayment { n: *n, evidence: shown(sealer, evidence.as_deref())? }
        }
        ClockOrder::LapseFee { n, note } => {
            ClockCommand::LapseFee { n: *n, note: sealer.optional_text(TextKind::Note, note.as_deref())? }
        }
    })
}

fn shown(sealer: &mut Sealer, evidence: Option<&str>) -> Result<Option<TextRef>, AppError> {
    sealer.optional_text(TextKind::Evidence, evidence)
}
