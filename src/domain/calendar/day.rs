//! The days of a calendar: what a notice makes of one, and its class.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What an exception makes of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionKind {
    /// A day off.
    Holiday,
    /// A Saturday or Sunday on which offices work.
    Workday,
}

/// One exception from the Monday-to-Friday rule, as a notice orders it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRow {
    /// The civil date in the calendar's country.
    pub date: NaiveDate,
    /// Day off or make-up workday.
    pub kind: ExceptionKind,
    /// What the notice calls the day, such as 春节 or 国庆节调休.
    pub name: String,
    /// The number of the notice, such as 国办发明电〔2025〕7号; where none is known, what the day was read from.
    pub source: String,
}

/// The class of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayClass {
    /// Monday to Friday without an exception (工作日).
    Workday,
    /// Saturday or Sunday without an exception (周末).
    Weekend,
    /// A day off by a notice (放假). A statutory day that falls on a Saturday or Sunday is one too, if listed.
    Holiday,
    /// A Saturday or Sunday made a workday by a notice (调休上班).
    MakeUpWorkday,
}

impl DayClass {
    /// Every class.
    pub const ALL: &'static [Self] = &[Self::Workday, Self::Weekend, Self::Holiday, Self::MakeUpWorkday];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Workday => "workday",
            Self::Weekend => "weekend",
            Self::Holiday => "holiday",
            Self::MakeUpWorkday => "make_up_workday",
        }
    }

    /// The class with this code; `None` for any other text. The inverse of [`DayClass::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Workday => "工作日",
            Self::Weekend => "周末",
            Self::Holiday => "放假",
            Self::MakeUpWorkday => "调休上班",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Workday => "working day",
            Self::Weekend => "weekend",
            Self::Holiday => "holiday",
            Self::MakeUpWorkday => "make-up working day",
        }
    }

    /// Whether offices work, so that the day counts.
    pub fn is_working(self) -> bool {
        match self {
            Self::Workday | Self::MakeUpWorkday => true,
            Self::Weekend | Self::Holiday => false,
        }
    }
}

/// One day with its class and the reason for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day<'a> {
    /// The civil date.
    pub date: NaiveDate,
    /// The class that decides whether it counts.
    pub class: DayClass,
    /// The name of the exception; `None` where the Monday-to-Friday rule decides.
    pub name: Option<&'a str>,
    /// The number of the notice; `None` where the Monday-to-Friday rule decides.
    pub source: Option<&'a str>,
}
