//! Why facts make no timeline.

use super::fact::FactKind;
use crate::domain::calendar::CalendarError;
use crate::domain::lang::Lang;
use chrono::NaiveDate;
use thiserror::Error;

/// Which fact is wrong, and why. Nothing is computed then.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("facts[{index}]: {}", .fault.message(Lang::En))]
pub struct FactFault {
    /// Its place in the list, from 0.
    pub index: usize,
    /// Which of its fields, such as `on`.
    pub field: &'static str,
    /// Why.
    pub fault: Fault,
}

/// What is wrong with a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no `received` among the facts.
    NotReceived,
    /// A second fact of a kind that happens once.
    Twice(FactKind),
    /// It precedes what it depends on, or that is missing.
    Precedes {
        /// What it is.
        kind: FactKind,
        /// What it depends on.
        needs: FactKind,
        /// When that happened, if it did.
        at: Option<NaiveDate>,
    },
    /// One of its dates lies before the other.
    DatesCrossed {
        /// The earlier date possible.
        earliest: NaiveDate,
    },
    /// An approval after the notice.
    ApprovedAfterwards {
        /// The day of the notice.
        notice: NaiveDate,
    },
    /// What it asks for is open still.
    StillOpen {
        /// Since when.
        since: NaiveDate,
    },
    /// A reference used for two consultations.
    ReferenceUsed,
    /// Days outside what the statute allows.
    Days {
        /// The most.
        most: u16,
    },
    /// The statute knows no such step.
    UnknownToStatute(FactKind),
    /// A date that the calendar cannot count from.
    Calendar(CalendarError),
}

impl Fault {
    /// Its code in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotReceived => "not_received",
            Self::Twice(_) => "twice",
            Self::Precedes { .. } => "out_of_order",
            Self::DatesCrossed { .. } => "dates_crossed",
            Self::ApprovedAfterwards { .. } => "approved_afterwards",
            Self::StillOpen { .. } => "still_open",
            Self::ReferenceUsed => "reference_used",
            Self::Days { .. } => "days_out_of_range",
            Self::UnknownToStatute(_) => "unknown_to_statute",
            Self::Calendar(_) => "outside_calendar",
        }
    }

    /// The reason and what would be right, in words.
    pub fn message(self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(self) -> String {
        match self {
            Self::NotReceived => "缺少“收到申请”（received）：没有收到日期，无法计算期限。".to_owned(),
            Self::Twice(kind) => format!("“{}”只能有一次。", kind.label_zh()),
            Self::Precedes { kind, needs, at: Some(at) } => {
                format!("“{}”不能早于“{}”（{at}）。", kind.label_zh(), needs.label_zh())
            }
            Self::Precedes { kind, needs, at: None } => {
                format!("“{}”之前应当先有“{}”。", kind.label_zh(), needs.label_zh())
            }
            Self::DatesCrossed { earliest } => format!("该日期不能早于 {earliest}。"),
            Self::ApprovedAfterwards { notice } => format!("批准日期不能晚于告知日期（{notice}）。"),
            Self::StillOpen { since } => format!("{since} 提出的同类要求还没有结果，不能再次提出。"),
            Self::ReferenceUsed => "该编号（ref）已用于另一次征求意见。".to_owned(),
            Self::Days { most } => format!("工作日数应为 1 至 {most}。"),
            Self::UnknownToStatute(kind) => format!("所选法规没有“{}”这一环节。", kind.label_zh()),
            Self::Calendar(CalendarError::BeforeCoverage { first }) => {
                format!("工作日历自 {first} 起，更早的日期无法计算。")
            }
            Self::Calendar(_) => "日期超出可以计算的范围。".to_owned(),
        }
    }

    fn en(self) -> String {
        match self {
            Self::NotReceived => {
                "there is no `received`: without the date of receipt no limit can be computed".to_owned()
            }
            Self::Twice(kind) => format!("`{}` happens once only", kind.code()),
            Self::Precedes { kind, needs, at: Some(at) } => {
                format!("`{}` cannot precede `{}` ({at})", kind.code(), needs.code())
            }
            Self::Precedes { kind, needs, at: None } => {
                format!("`{}` needs a `{}` before it", kind.code(), needs.code())
            }
            Self::DatesCrossed { earliest } => format!("this date cannot be before {earliest}"),
            Self::ApprovedAfterwards { notice } => {
                format!("the approval cannot be after the notice ({notice})")
            }
            Self::StillOpen { since } => {
                format!("the one of {since} is still open; it cannot be asked again")
            }
            Self::ReferenceUsed => "this `ref` is another consultation's already".to_owned(),
            Self::Days { most } => format!("working days must be 1 to {most}"),
            Self::UnknownToStatute(kind) => format!("the statute knows no `{}`", kind.code()),
            Self::Calendar(error) => error.to_string(),
        }
    }
}
