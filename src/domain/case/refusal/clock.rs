//! Why a command about the clock is refused: corrections, consultations, extensions, reasons, fees. Each refusal cites its
//! article and says what would be right.

mod words;

use chrono::NaiveDate;

use crate::domain::time_limit::Fault;

/// What is counted within a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A request for correction.
    Correction,
    /// A consultation.
    Consultation,
    /// An extension.
    Extension,
    /// A request for reasons.
    Reasons,
    /// A fee.
    Fee,
}

impl Item {
    fn zh(self) -> &'static str {
        match self {
            Self::Correction => "补正告知",
            Self::Consultation => "征求意见",
            Self::Extension => "延期",
            Self::Reasons => "说明理由",
            Self::Fee => "收费",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Correction => "request for correction",
            Self::Consultation => "consultation",
            Self::Extension => "extension",
            Self::Reasons => "request for reasons",
            Self::Fee => "fee",
        }
    }

    fn article(self) -> &'static str {
        match self {
            Self::Correction => "政府信息公开条例 第30条",
            Self::Consultation => "政府信息公开条例 第32条、第33条第三款、第34条",
            Self::Extension => "政府信息公开条例 第33条第二款",
            Self::Reasons => "政府信息公开条例 第35条",
            Self::Fee => "政府信息公开条例 第42条; 国办函〔2020〕109号 第6条",
        }
    }
}

/// The reasons there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockRefusal {
    /// There is none with this number.
    NoSuch(Item, u32),
    /// Its service is recorded already.
    NoticeServed(Item, u32),
    /// Its period runs from a service that is not recorded: nobody loses a right by a day that nobody knows.
    ServiceNotRecorded(Item, u32),
    /// It has been answered, or has lapsed.
    AlreadyAnswered(Item, u32),
    /// It has been decided upon.
    AlreadyDecided(Item, u32),
    /// It has not been approved.
    NotApproved(Item, u32),
    /// Its notice was dispatched before.
    AlreadyNotified(Item, u32),
    /// Its notice has not been dispatched.
    NotNotified(Item, u32),
    /// The other side's period has not run out.
    PeriodRunning {
        /// Of what.
        item: Item,
        /// Its last day.
        until: NaiveDate,
    },
    /// Whoever proposed it may not decide upon it.
    ProposerMayNotDecide(Item),
    /// The period has run out.
    TooLate {
        /// What comes too late.
        item: Item,
        /// The last day on which it was in time.
        due_on: NaiveDate,
    },
    /// No period runs: a correction or a payment is awaited.
    PeriodStopped(Item),
    /// The request for correction comes after its limit.
    CorrectionLate {
        /// The limit in working days.
        working_days: u16,
        /// The last day.
        due_on: NaiveDate,
    },
    /// A correction was asked for before.
    CorrectionOnce {
        /// When.
        requested_on: NaiveDate,
    },
    /// A correction is awaited.
    CorrectionOpen {
        /// Since when.
        requested_on: NaiveDate,
    },
    /// The first request in time needs no exception.
    ExceptionNotNeeded {
        /// The last day for it.
        due_on: NaiveDate,
    },
    /// Whoever asked for the first correction may not approve another.
    RequesterMayNotExcept,
    /// The answer of a third party or joint maker must say what it says of the disclosure.
    PositionMissing,
    /// There is an extension already.
    ExtensionOnce {
        /// Its number.
        n: u32,
    },
    /// More days than the statute allows, in all.
    ExtensionTooLong {
        /// How many are left.
        left: u16,
    },
    /// The reasons asked for before are awaited.
    ReasonsOpen {
        /// Since when.
        requested_on: NaiveDate,
    },
    /// A delayed reply follows given reasons only.
    ReasonsMissing(u32),
    /// The delayed reply was fixed before.
    DelaySet {
        /// Its last day.
        until: NaiveDate,
    },
    /// The last day of a delayed reply is none that may be fixed.
    DelayWrong {
        /// The day given.
        until: NaiveDate,
        /// The first day possible.
        earliest: NaiveDate,
        /// The last day possible.
        latest: NaiveDate,
    },
    /// The tiers leave it free.
    NothingToPay,
    /// The amount is beyond computing.
    FeeUncountable,
    /// Another fee of this case is open.
    FeeOpen {
        /// Its number.
        n: u32,
    },
    /// One application, one way of counting.
    FeeModeFixed {
        /// The way chosen before, as a code.
        mode: &'static str,
    },
    /// The statute of the case knows no such step.
    UnknownToStatute(Item),
    /// The facts would contradict each other.
    Contradicts(Fault),
    /// A round that a decision upon a remedy ordered is for the answer alone.
    AnsweredAnew(Item),
}

const CORRECTION: &str = "政府信息公开条例 第30条";
const CONSULTATION: &str = "政府信息公开条例 第32条、第34条";
const EXTENSION: &str = "政府信息公开条例 第33条第二款";
const REASONS: &str = "政府信息公开条例 第35条";
const FEE: &str = "政府信息公开条例 第42条; 国办函〔2020〕109号 第3条至第6条";

impl ClockRefusal {
    /// The code of the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuch(item, _) => match item {
                Item::Correction => "no_such_correction",
                Item::Consultation => "no_such_consultation",
                Item::Extension => "no_such_extension",
                Item::Reasons => "no_such_reasons",
                Item::Fee => "no_such_fee",
            },
            Self::NoticeServed(..) => "notice_already_served",
            Self::ServiceNotRecorded(..) => "service_not_recorded",
            Self::AlreadyAnswered(..) => "already_answered",
            Self::AlreadyDecided(..) => "already_decided",
            Self::NotApproved(..) => "not_approved",
            Self::AlreadyNotified(..) => "already_notified",
            Self::NotNotified(..) => "not_notified",
            Self::PeriodRunning { .. } => "period_running",
            Self::ProposerMayNotDecide(_) => "proposer_may_not_decide",
            Self::TooLate { item, .. } => match item {
                Item::Extension => "extension_too_late",
                Item::Fee => "fee_notice_too_late",
                Item::Reasons => "delayed_reply_too_late",
                Item::Correction | Item::Consultation => "too_late",
            },
            Self::PeriodStopped(_) => "period_stopped",
            Self::CorrectionLate { .. } => "correction_late",
            Self::CorrectionOnce { .. } => "correction_once",
            Self::CorrectionOpen { .. } => "correction_open",
            Self::ExceptionNotNeeded { .. } => "exception_not_needed",
            Self::RequesterMayNotExcept => "requester_may_not_except",
            Self::PositionMissing => "position_missing",
            Self::ExtensionOnce { .. } => "extension_once",
            Self::ExtensionTooLong { .. } => "extension_too_long",
            Self::ReasonsOpen { .. } => "reasons_open",
            Self::ReasonsMissing(_) => "reasons_missing",
            Self::DelaySet { .. } => "delayed_reply_once",
            Self::DelayWrong { .. } => "delayed_until_wrong",
            Self::NothingToPay => "nothing_to_pay",
            Self::FeeUncountable => "fee_uncountable",
            Self::FeeOpen { .. } => "fee_open",
            Self::FeeModeFixed { .. } => "fee_mode_fixed",
            Self::UnknownToStatute(_) => "unknown_to_statute",
            Self::Contradicts(_) => "facts_contradict",
            Self::AnsweredAnew(_) => "answered_anew",
        }
    }

    /// The article that refuses, where a statute does.
    pub fn article(&self) -> Option<&'static str> {
        match self {
            Self::PeriodRunning { item, .. }
            | Self::TooLate { item, .. }
            | Self::PeriodStopped(item)
            | Self::NotApproved(item, _)
            | Self::NotNotified(item, _)
            | Self::ProposerMayNotDecide(item)
            | Self::AnsweredAnew(item)
            | Self::AlreadyNotified(item, _)
            | Self::NoSuch(item, _)
            | Self::NoticeServed(item, _)
            | Self::ServiceNotRecorded(item, _)
            | Self::AlreadyAnswered(item, _)
            | Self::AlreadyDecided(item, _) => Some(item.article()),
            Self::CorrectionLate { .. }
            | Self::CorrectionOnce { .. }
            | Self::CorrectionOpen { .. }
            | Self::ExceptionNotNeeded { .. }
            | Self::RequesterMayNotExcept => Some(CORRECTION),
            Self::PositionMissing => Some(CONSULTATION),
            Self::ExtensionOnce { .. } | Self::ExtensionTooLong { .. } => Some(EXTENSION),
            Self::ReasonsOpen { .. }
            | Self::ReasonsMissing(_)
            | Self::DelaySet { .. }
            | Self::DelayWrong { .. } => Some(REASONS),
            Self::NothingToPay | Self::FeeOpen { .. } | Self::FeeModeFixed { .. } => Some(FEE),
            Self::FeeUncountable | Self::UnknownToStatute(_) | Self::Contradicts(_) => None,
        }
    }
}
