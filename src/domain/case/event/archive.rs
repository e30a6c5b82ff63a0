//! What the archived event holds of the file: its code, and how long it is kept.

use serde::{Deserialize, Serialize};

use super::TextRef;
use crate::domain::archive::{Retention, RetentionGround, archival_code};

/// The number of a file within its fonds, catalogue, year and period. As with registration numbers, `Due` lives only between
/// `decide` and the store's sealing, where the gapless number is allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemNumber {
    /// To be allocated.
    Due,
    /// Allocated; from 1.
    Given(u32),
}

/// A file as it was put into the archive. A case archived by an older program, or taken over with a ledger, has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filed {
    /// 全宗号.
    pub fonds: String,
    /// 目录号.
    pub catalogue: String,
    /// 年度: the calendar year in which the case was concluded (DA/T 22-2015: a file of two years goes by the reply).
    pub year: i32,
    /// 件号.
    pub item: ItemNumber,
    /// How long it is kept.
    pub retention: Retention,
    /// How long it would be kept by rule, or as before when it was archived before; never longer.
    pub by_rule: Retention,
    /// Why by rule.
    pub ground: RetentionGround,
    /// The least once somebody disputes it, by the office's table of that day: a remedy may be brought after archiving.
    pub if_disputed: Retention,
    /// The period in its code, where the file was archived before under another one: a code once given stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coded: Option<Retention>,
    /// Why it is kept longer than by rule, where the archivist says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<TextRef>,
}

impl Filed {
    /// The archival code (档号), once the item has its number.
    pub fn code(&self) -> Option<String> {
        match self.item {
            ItemNumber::Due => None,
            ItemNumber::Given(item) => {
                let coded = self.coded.unwrap_or(self.retention);
                Some(archival_code(&self.fonds, &self.catalogue, self.year, coded, item))
            }
        }
    }
}
