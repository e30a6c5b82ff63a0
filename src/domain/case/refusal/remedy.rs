//! Why a command about a remedy is refused.

use chrono::NaiveDate;

use crate::domain::case::event::RemedyPart;
use crate::domain::remedy::RemedyKind;

/// The reasons there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemedyRefusal {
    /// There is none with this number, or it was entered by mistake.
    NoSuch {
        /// The number given.
        n: u32,
    },
    /// Our answer is recorded already.
    Answered {
        /// Which remedy.
        n: u32,
        /// When.
        on: NaiveDate,
    },
    /// Its result is recorded already.
    Concluded {
        /// Which remedy.
        n: u32,
        /// When it was decided.
        decided_on: NaiveDate,
    },
    /// There is no such entry to void.
    NothingToVoid {
        /// Which remedy.
        n: u32,
        /// What of it.
        part: RemedyPart,
    },
    /// Whoever entered it does not void it.
    RecorderMayNotVoid,
    /// This remedy has no such procedure.
    NoSimplified(RemedyKind),
    /// What was upheld orders nothing.
    UpheldOrdersNothing,
    /// A new answer is ordered of a case that has been answered.
    NotAnswered,
    /// The last day that the decision names cannot be.
    UntilWrong {
        /// The date given.
        until: NaiveDate,
        /// The earliest possible.
        earliest: NaiveDate,
        /// The latest possible.
        latest: NaiveDate,
    },
    /// The request was taken back before its date of receipt was fixed.
    NeverReceived,
    /// The case is being answered anew, and work has been done: the order cannot be taken away from under it.
    AnsweredAnewSince,
}

/// Reconsideration and litigation: our answer, and what a decision orders.
const ANSWER: &str = "行政复议法 第48条、第54条; 行政诉讼法 第67条";
const ORDER: &str = "行政复议法实施条例 第49条";
const PROCEDURE: &str = "行政复议法 第53条; 行政诉讼法 第82条";

impl RemedyRefusal {
    /// The code of the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuch { .. } => "no_such_remedy",
            Self::Answered { .. } => "remedy_answered",
            Self::Concluded { .. } => "remedy_concluded",
            Self::NothingToVoid { .. } => "nothing_to_void",
            Self::RecorderMayNotVoid => "recorder_may_not_void",
            Self::NoSimplified(_) => "no_simplified_procedure",
            Self::UpheldOrdersNothing => "upheld_orders_nothing",
            Self::NotAnswered => "not_answered_yet",
            Self::UntilWrong { .. } => "until_wrong",
            Self::NeverReceived => "never_received",
            Self::AnsweredAnewSince => "answered_anew_since",
        }
    }

    /// The article that refuses, where a statute does.
    pub fn article(&self) -> Option<&'static str> {
        match self {
            Self::Answered { .. } => Some(ANSWER),
            Self::NoSimplified(_) => Some(PROCEDURE),
            Self::UpheldOrdersNothing | Self::NotAnswered | Self::UntilWrong { .. } => Some(ORDER),
            Self::NoSuch { .. }
            | Self::Concluded { .. }
            | Self::NothingToVoid { .. }
            | Self::RecorderMayNotVoid
            | Self::NeverReceived
            | Self::AnsweredAnewSince => None,
        }
    }

    pub(super) fn zh(&self) -> String {
        match self {
            Self::NoSuch { n } => format!("没有第 {n} 号复议、诉讼或者投诉，或者该记录已作为误登撤销。"),
            Self::Answered { n, on } => format!("第 {n} 号复议、诉讼或者投诉已于 {on} 提交答复、答辩。"),
            Self::Concluded { n, decided_on } => {
                format!("第 {n} 号复议、诉讼或者投诉已于 {decided_on} 作出结果；误登的，请先撤销原结果。")
            }
            Self::NothingToVoid { n, part } => {
                let what = match part {
                    RemedyPart::Filing => "登记",
                    RemedyPart::Answer => "提交答复、答辩的登记",
                    RemedyPart::Result => "结果",
                };
                format!("第 {n} 号复议、诉讼或者投诉没有可撤销的{what}。")
            }
            Self::RecorderMayNotVoid => "该记录由您登记，误登应由另一位签发人撤销。".to_owned(),
            Self::NoSimplified(kind) => format!("{}没有简易程序，请选择普通程序。", kind.label_zh()),
            Self::UpheldOrdersNothing => {
                "结果维持的，不产生重新答复的义务；请核对结果，或者将后续填为“无”。".to_owned()
            }
            Self::NotAnswered => {
                "该申请尚未办结，本来就应当答复，不另起重新答复；请将后续填为“无”，并在期限内答复。"
                    .to_owned()
            }
            Self::UntilWrong { until, earliest, latest } => {
                format!("重新答复期限的最后一日应在 {earliest} 至 {latest} 之间，{until} 不符合要求。")
            }
            Self::NeverReceived => {
                "该申请在确认收到之前已撤回，没有可供复议、诉讼或者投诉的办理行为。".to_owned()
            }
            Self::AnsweredAnewSince => {
                "已按该结果开始重新答复，不能再撤销；确有错误的，请在重新答复办结后更正。".to_owned()
            }
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::NoSuch { n } => format!("There is no remedy {n}, or it was entered by mistake."),
            Self::Answered { n, on } => format!("Our answer to remedy {n} was handed in on {on}."),
            Self::Concluded { n, decided_on } => {
                format!("Remedy {n} was decided on {decided_on}; void that result first if it is a mistake.")
            }
            Self::NothingToVoid { n, part } => {
                let what = match part {
                    RemedyPart::Filing => "filing",
                    RemedyPart::Answer => "answer",
                    RemedyPart::Result => "result",
                };
                format!("Remedy {n} has no {what} to void.")
            }
            Self::RecorderMayNotVoid => "You entered this; another approver voids it.".to_owned(),
            Self::NoSimplified(kind) => {
                format!("There is no simplified procedure for a {}: choose the ordinary one.", kind.label_en())
            }
            Self::UpheldOrdersNothing => {
                "What was upheld orders no new answer: check the result, or let nothing follow.".to_owned()
            }
            Self::NotAnswered => {
                "The case is open, so that an answer is owed already: let nothing follow, and answer it in time."
                    .to_owned()
            }
            Self::UntilWrong { until, earliest, latest } => {
                format!("The last day of the new period lies from {earliest} to {latest}; {until} does not.")
            }
            Self::NeverReceived => {
                "The request was taken back before it counted as received: there is nothing to bring a remedy against."
                    .to_owned()
            }
            Self::AnsweredAnewSince => {
                "The case is being answered anew upon this result, which cannot be voided any more.".to_owned()
            }
        }
    }
}
