//! What the engine answers: the timeline of one application.

mod obligation;

pub use obligation::{Obligation, ObligationKind};

use super::fact::FactKind;
use super::light::Light;
use super::reason::Reasons;
use crate::domain::calendar::{DayClass, Provisional};
use crate::domain::statute::{Point, Reading};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The timeline of one application, as of a day. Borrows the statute's articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline<'a> {
    /// The day for which state, light and days hold.
    pub as_of: NaiveDate,
    /// The date of receipt by the readings in force: day 0 of the first period.
    pub received_on: NaiveDate,
    /// Day 0 of the period now running: the receipt, the corrected application, or the payment.
    pub counted_from: NaiveDate,
    /// The last day on which the reply is in time, a working day; `None` while a correction or payment is awaited, and after a
    /// lapse.
    pub due_on: Option<NaiveDate>,
    /// The earliest date that any single other reading gives, `due_on` included.
    pub prudent_due_on: Option<NaiveDate>,
    /// The first day of the yellow light.
    pub yellow_on: Option<NaiveDate>,
    /// The first day of the red light.
    pub red_on: Option<NaiveDate>,
    /// The readings that give another date.
    pub points: Vec<Differing>,
    /// Why the due date may still change.
    pub provisional: Option<Provisional>,
    /// How the clock stands on `as_of`.
    pub state: ClockState,
    /// Working days of the period, extension included.
    pub working_days_total: i64,
    /// Counted through `as_of` (or through the end, if that is earlier).
    pub working_days_used: i64,
    /// Left after `as_of`; negative as soon as the due date has passed.
    pub working_days_left: Option<i64>,
    /// Working days of this period that are excluded, to the due date.
    pub working_days_excluded: i64,
    /// How pressing the reply is; `None` when none is owed, or no date is known.
    pub light: Option<Light>,
    /// The stretches of time, in order; none overlaps another.
    pub segments: Vec<Segment<'a>>,
    /// What is owed, by whomever.
    pub obligations: Vec<Obligation<'a>>,
    /// What an officer should know besides.
    pub notes: Vec<Note>,
    /// How and when the clock ended; a reply ends it when it has left, not when it is decided upon.
    pub ended: Option<(FactKind, NaiveDate)>,
}

/// How the clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Nothing was received yet.
    NotStarted,
    /// Days are counted.
    Running,
    /// Days are not counted: somebody's answer is awaited.
    Suspended,
    /// It ended: with a reply, a withdrawal or a lapse.
    Stopped,
}

impl ClockState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::NotStarted, Self::Running, Self::Suspended, Self::Stopped];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Running => "running",
            Self::Suspended => "suspended",
            Self::Stopped => "stopped",
        }
    }

    /// The state with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::NotStarted => "尚未起算",
            Self::Running => "计时中",
            Self::Suspended => "暂停计时",
            Self::Stopped => "已结束",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::Running => "running",
            Self::Suspended => "suspended",
            Self::Stopped => "stopped",
        }
    }
}

/// A reading that gives another date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differing {
    /// The point of doubt.
    pub point: Point,
    /// How it is read here.
    pub reading: Reading,
    /// How else it is read.
    pub other: Reading,
    /// Which date differs.
    pub of: DateOf,
    /// The date by the reading here; `None` where it gives none.
    pub here: Option<NaiveDate>,
    /// The date by the other reading; `None` where it gives none.
    pub there: Option<NaiveDate>,
    /// Why the date by the other reading may still change; `None` when it is final.
    pub provisional: Option<Provisional>,
}

/// Which date of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOf {
    /// The due date.
    DueOn,
    /// The day on which the reply left.
    ReplyMetOn,
    /// The last day of a suit.
    LitigationDueOn,
    /// The end of the wait before disclosing.
    HoldUntil,
}

/// What a stretch of days does to the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Its working days count.
    Counted,
    /// Its working days do not count.
    Excluded,
    /// Its period was replaced by a new one.
    Superseded,
    /// Its working days count, thanks to an extension or a delayed reply.
    Extension,
}

impl Effect {
    /// Every effect.
    pub const ALL: &'static [Self] = &[Self::Counted, Self::Excluded, Self::Superseded, Self::Extension];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Excluded => "excluded",
            Self::Superseded => "superseded",
            Self::Extension => "extension",
        }
    }
}

/// A stretch of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// What it does to the count.
    pub effect: Effect,
    /// How many working days it has.
    pub days: i64,
    /// The article.
    pub article: &'a str,
    /// Why: of days that are excluded for several reasons at once, each.
    pub reasons: Reasons,
}

/// What an officer should know besides the dates. Its words are in `explain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The day of service is not known: counted from the day of sending, which is earlier.
    ServiceUnknown,
    /// The notice set no period: the usual one is taken.
    UsualPeriod,
    /// The request for correction came after its limit.
    CorrectionLate {
        /// When it was due.
        due_on: NaiveDate,
    },
    /// The extension was told too late and has no effect.
    ExtensionLate {
        /// When it was told.
        on: NaiveDate,
    },
    /// A further extension has no effect.
    ExtensionUsed {
        /// When it was told.
        on: NaiveDate,
    },
    /// It was received before the statute was in force.
    BeforeInForce {
        /// The statute's first day.
        in_force_from: NaiveDate,
    },
    /// The extension belongs to a period that a correction or payment has replaced.
    ExtensionSuperseded {
        /// When it was told.
        on: NaiveDate,
    },
    /// The step came after the period had run out and changes nothing.
    AfterExpiry {
        /// What.
        kind: FactKind,
        /// When.
        on: NaiveDate,
    },
    /// The third party is silent: the agency decides (Art. 32).
    AgencyDecides,
    /// The joint maker is silent: deemed to agree (Art. 34).
    DeemedConsent,
    /// The other organ has not answered: nothing is excluded.
    NothingExcluded,
    /// An answer came after its limit: the exclusion ended at the limit.
    AnswerLate {
        /// When.
        on: NaiveDate,
    },
    /// The method of the reply needs a day that is not known.
    ReplyDayUnknown,
    /// Reconsideration must come first (Reconsideration Law, Art. 23).
    ReconsiderationFirst,
    /// The remedy is against silence.
    AgainstSilence,
    /// Both ways are read of remedies against silence; reconsideration first is the safer.
    SilenceReadTwoWays,
    /// Do not disclose before this day against a third party's objection (point 12).
    HoldUntil {
        /// The last day of the wait.
        until: NaiveDate,
    },
}

/// One calendar day of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayEntry<'a> {
    /// The civil date.
    pub date: NaiveDate,
    /// Its class.
    pub class: DayClass,
    /// The name of the holiday or make-up day.
    pub name: Option<&'a str>,
    /// The notice that ordered it; `None` where the Monday-to-Friday rule decides.
    pub source: Option<&'a str>,
    /// What it does to the count; `None` for day 0.
    pub effect: Option<Effect>,
    /// Its number in the period, when it counts.
    pub ordinal: Option<i64>,
}
