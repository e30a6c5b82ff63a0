//! What is told of an export: in English and in Chinese, each fault with its place.

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

use crate::audit::chain::Head;

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// A sentence in English and in Chinese.
pub(super) fn said(en: impl Into<String>, zh: impl Into<String>) -> Said {
    Said { en: en.into(), zh: zh.into() }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file in the ZIP.
    pub file: String,
    /// The event's place in the case, from 1, where it is about one.
    pub event: Option<u64>,
    /// What is wrong.
    pub reason: String,
    /// The same in Chinese.
    pub reason_zh: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event {
            Some(event) => write!(f, "{}, event {event}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

impl Fault {
    /// The fault in Chinese.
    pub fn in_chinese(&self) -> String {
        match self.event {
            Some(event) => format!("{}，第{event}个事件：{}", self.file, self.reason_zh),
            None => format!("{}：{}", self.file, self.reason_zh),
        }
    }
}

/// What a ZIP amounts to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The case.
    pub case: Option<Uuid>,
    /// Its registration number.
    pub number: Option<String>,
    /// Events read.
    pub events: u64,
    /// Files read.
    pub files: usize,
    /// Where the chain ends: compare it with what the agency says.
    pub head: Option<Head>,
    /// The signed checkpoints under which the events stand.
    pub checkpoints: usize,
    /// What is wrong, the files first; none when all is well.
    pub faults: Vec<Fault>,
    /// What is odd but proves no tampering.
    pub warnings: Vec<Said>,
}

impl Verdict {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}
