//! Rates by which an office is measured, each with its counting rule: what is counted, of what, and what is left out.

use super::lang::Lang;

/// What is told as a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateKind {
    /// 按时答复率.
    Timely,
    /// 延期率.
    Extended,
    /// 补正率.
    Correction,
    /// 行政复议纠错率.
    ReconsiderationLost,
    /// 行政诉讼败诉率.
    LitigationLost,
}

impl RateKind {
    /// Every rate, in the order in which they are told.
    pub const ALL: &'static [Self] =
        &[Self::Timely, Self::Extended, Self::Correction, Self::ReconsiderationLost, Self::LitigationLost];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Timely => "timely",
            Self::Extended => "extended",
            Self::Correction => "correction",
            Self::ReconsiderationLost => "reconsideration_lost",
            Self::LitigationLost => "litigation_lost",
        }
    }

    /// What an office calls it.
    pub fn label(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Timely => ("按时答复率", "Replies in time"),
            Self::Extended => ("延期率", "Replies after an extension"),
            Self::Correction => ("补正率", "Requests that had to be corrected"),
            Self::ReconsiderationLost => ("行政复议纠错率", "Reconsiderations lost"),
            Self::LitigationLost => ("行政诉讼败诉率", "Suits lost"),
        };
        lang.pick(zh, en)
    }

    /// What is counted, of what.
    pub fn rule(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Timely => (
                "期间内作出的答复中，在答复期限届满日或之前发出的件数。答复尚未发出且已逾期的计入分母；撤回、视为放弃、以及依复议决定或判决重新作出答复的不计。",
                "Of the replies decided upon in the period, those that left on or before their last day. A reply that has not left and is overdue counts as not in time; withdrawals, lapses and cases that are answered anew after a remedy are left out.",
            ),
            Self::Extended => (
                "期间内作出的答复中，答复前已依法告知延期的件数。不计的同按时答复率。",
                "Of the replies decided upon in the period, those whose period had been extended. What is left out is as for replies in time.",
            ),
            Self::Correction => (
                "期间内收到的申请中，已要求申请人补正的件数。收到日期尚待确认的不计。",
                "Of the requests received in the period, those whose applicant was asked for a correction. Requests whose date of receipt awaits a confirmation are left out.",
            ),
            Self::ReconsiderationLost => (
                "期间内作出决定的行政复议中，结果纠正的件数（与年度报告表四相同，误登的不计）。",
                "Of the reconsiderations decided in the period, those that corrected the office (as in table 4 of the annual report; what was entered by mistake is left out).",
            ),
            Self::LitigationLost => (
                "期间内作出裁判的行政诉讼中，结果纠正的件数，含未经复议直接起诉和复议后起诉（与年度报告表四相同，误登的不计）。",
                "Of the suits decided in the period, with or without a reconsideration before, those that corrected the office (as in table 4 of the annual report; what was entered by mistake is left out).",
            ),
        };
        lang.pick(zh, en)
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many the rule takes.
    pub count: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// In hundredths of a per cent, rounded half up; `None` of nothing.
    ///
    /// ```
    /// use gongkai::domain::rate::Share;
    ///
    /// assert_eq!(Share { count: 2, of: 3 }.hundredths(), Some(66_67));
    /// assert_eq!(Share { count: 0, of: 0 }.hundredths(), None);
    /// ```
    pub fn hundredths(self) -> Option<u64> {
        let doubled = self.count.saturating_mul(20_000).saturating_add(self.of);
        doubled.checked_div(self.of.saturating_mul(2))
    }

    /// As a number of per cent with two decimals, such as `66.67`; `None` of nothing.
    pub fn percent(self) -> Option<String> {
        self.hundredths().map(|all| format!("{}.{:02}", all / 100, all % 100))
    }

    /// One more, taken by the rule or not.
    pub fn add(&mut self, taken: bool) {
        self.of = self.of.saturating_add(1);
        self.count = self.count.saturating_add(u64::from(taken));
    }
}
