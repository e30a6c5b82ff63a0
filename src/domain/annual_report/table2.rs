//! Table 2 (表二 主动公开政府信息情况, Regulation Art. 20 (1), (5), (6), (8)): no figure of it follows from requests, so that it is entered by
//! hand. What is left out is unknown, not 0.

use serde::{Deserialize, Serialize};

/// Documents that were made, and hold: rules, normative documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// 本年制发件数.
    pub made: u32,
    /// 本年废止件数.
    pub repealed: u32,
    /// 现行有效件数.
    pub in_force: u32,
}

/// Table 2 of one agency and year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table2 {
    /// 规章.
    pub regulations: Issued,
    /// 行政规范性文件.
    pub normative_documents: Issued,
    /// 行政许可: 本年处理决定数量.
    pub licences: u32,
    /// 行政处罚: 本年处理决定数量.
    pub penalties: u32,
    /// 行政强制: 本年处理决定数量.
    pub coercive_measures: u32,
    /// 行政事业性收费: 本年收费金额, in fen (the form prints ten thousands of yuan).
    pub fees_fen: u64,
}

/// A figure of table 2 that does not follow from the year before: 现行有效 = last year's + 制发 − 废止. Not a rule of the form: what
/// was taken over from another office, or counted otherwise before, breaks it for good reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unexpected {
    /// `regulations` or `normative_documents`.
    pub row: &'static str,
    /// What would follow.
    pub expected: i64,
    /// What was entered.
    pub entered: u32,
}

impl Table2 {
    /// The figures that do not follow from those of the year before.
    ///
    /// ```
    /// use gongkai::domain::annual_report::{Issued, Table2};
    /// let of = |made, repealed, in_force| Table2 {
    ///     normative_documents: Issued { made, repealed, in_force },
    ///     ..Table2::default()
    /// };
    /// assert_eq!(of(3, 1, 12).unexpected(&of(0, 0, 10)), []);
    /// let found = of(3, 1, 13).unexpected(&of(0, 0, 10));
    /// assert_eq!((found[0].row, found[0].expected, found[0].entered), ("normative_documents", 12, 13));
    /// ```
    pub fn unexpected(&self, before: &Self) -> Vec<Unexpected> {
        let check = |row, now: Issued, then: Issued| {
            let expected = i64::from(then.in_force)
                .saturating_add(i64::from(now.made))
                .saturating_sub(i64::from(now.repealed));
            let entered = now.in_force;
            (i64::from(entered) != expected).then_some(Unexpected { row, expected, entered })
        };
        [
            check("regulations", self.regulations, before.regulations),
            check("normative_documents", self.normative_documents, before.normative_documents),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
