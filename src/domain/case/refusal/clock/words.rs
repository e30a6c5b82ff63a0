//! The refusals in words, in both languages.

use super::{ClockRefusal, Item};
use crate::domain::lang::Lang;

impl ClockRefusal {
    pub(in crate::domain::case::refusal) fn zh(&self) -> String {
        match self {
            Self::NoSuch(item, n) => format!("没有第 {n} 号{}。", item.zh()),
            Self::NoticeServed(item, n) => format!("第 {n} 号{}已登记送达日期。", item.zh()),
            Self::ServiceNotRecorded(item, n) => format!(
                "第 {n} 号{}的送达日期尚未登记，期限自送达之日起算；请先登记送达日期，再按逾期处理。",
                item.zh()
            ),
            Self::AlreadyAnswered(item, n) => format!("第 {n} 号{}已有结果，不能再登记。", item.zh()),
            Self::AlreadyDecided(item, n) => format!("第 {n} 号{}已作出决定。", item.zh()),
            Self::NotApproved(item, n) => format!("第 {n} 号{}未经批准，不能告知申请人。", item.zh()),
            Self::AlreadyNotified(item, n) => format!("第 {n} 号{}已告知申请人。", item.zh()),
            Self::NotNotified(item, n) => format!("第 {n} 号{}的通知尚未发出，请先登记发出。", item.zh()),
            Self::PeriodRunning { item, until } => {
                format!("{}的期限至 {until} 届满，次日起方可按逾期处理。", item.zh())
            }
            Self::ProposerMayNotDecide(item) => {
                format!("{}由您提出，应由另一位负责人批准。", item.zh())
            }
            Self::TooLate { item, due_on } => {
                let what = match item {
                    Item::Extension => "延期应当在答复期限内提出、批准并告知申请人",
                    Item::Fee => "收费通知应当在办理期限内发出",
                    Item::Reasons => "延迟答复的期限应当在答复期限内确定并告知申请人",
                    Item::Correction | Item::Consultation => "应当在答复期限内办理",
                };
                format!("{what}，期限至 {due_on} 届满。")
            }
            Self::PeriodStopped(item) => {
                format!("正在等待申请人补正或者缴费，答复期限没有计算，不能办理{}。", item.zh())
            }
            Self::CorrectionLate { working_days, due_on } => format!(
                "补正告知应当自收到申请之日起{working_days}个工作日内一次性作出，最晚为 {due_on}；逾期确需补正的，须经负责人批准并说明理由。"
            ),
            Self::CorrectionOnce { requested_on } => {
                format!("已于 {requested_on} 一次性告知补正；确需再次补正的，须经负责人批准并说明理由。")
            }
            Self::CorrectionOpen { requested_on } => {
                format!("{requested_on} 告知的补正尚未收到，不能再次告知。")
            }
            Self::ExceptionNotNeeded { due_on } => {
                format!("首次补正告知最晚可于 {due_on} 作出，无需例外批准，由受理人员办理。")
            }
            Self::RequesterMayNotExcept => "首次补正由您告知，再次补正应由另一位负责人批准。".to_owned(),
            Self::PositionMissing => {
                "第三方或者共同制作机关的意见，应当写明同意、不同意或者部分同意公开。".to_owned()
            }
            Self::ExtensionOnce { n } => format!("已有第 {n} 号延期，不得再次延期。"),
            Self::ExtensionTooLong { left } => {
                format!("延长的期限合计不得超过法定天数，还可延长 {left} 个工作日。")
            }
            Self::ReasonsOpen { requested_on } => {
                format!("{requested_on} 要求说明的理由尚未收到，不能再次要求。")
            }
            Self::ReasonsMissing(n) => {
                format!("申请人尚未就第 {n} 号要求说明理由，不能确定延迟答复的期限。")
            }
            Self::DelaySet { until } => format!("延迟答复的期限已确定为 {until}。"),
            Self::DelayWrong { until, earliest, latest } => {
                format!("延迟答复的最后一日应为 {earliest} 至 {latest} 之间的工作日，{until} 不符合要求。")
            }
            Self::NothingToPay => "按照收费标准，该申请无需缴费。".to_owned(),
            Self::FeeUncountable => "数量过大，无法计算费用，请核对页数或者件数。".to_owned(),
            Self::FeeOpen { n } => format!("第 {n} 号收费尚未了结，不能再次收费。"),
            Self::FeeModeFixed { mode } => {
                let mode = if *mode == "per_page" { "按量" } else { "按件" };
                format!("同一申请只能选择一种收费方式，该申请已选择{mode}计收。")
            }
            Self::UnknownToStatute(item) => format!("该申请适用的法规没有“{}”这一环节。", item.zh()),
            Self::Contradicts(fault) => fault.message(Lang::Zh),
            Self::AnsweredAnew(item) => {
                format!("该申请正按复议决定或者判决重新答复，不再办理{}，请在期限内答复。", item.zh())
            }
        }
    }

    pub(in crate::domain::case::refusal) fn en(&self) -> String {
        match self {
            Self::NoSuch(item, n) => format!("There is no {} {n}.", item.en()),
            Self::NoticeServed(item, n) => {
                format!("The {} {n} has its date of service already.", item.en())
            }
            Self::ServiceNotRecorded(item, n) => format!(
                "The service of the {} {n} is not recorded, and its period runs from there: record it first.",
                item.en()
            ),
            Self::AlreadyAnswered(item, n) => {
                format!("The {} {n} has its result already.", item.en())
            }
            Self::AlreadyDecided(item, n) => format!("The {} {n} has been decided upon.", item.en()),
            Self::NotApproved(item, n) => {
                format!("The {} {n} has not been approved: the applicant cannot be told.", item.en())
            }
            Self::AlreadyNotified(item, n) => {
                format!("The applicant has been told of the {} {n}.", item.en())
            }
            Self::NotNotified(item, n) => {
                format!("The notice of the {} {n} has not been dispatched: record that first.", item.en())
            }
            Self::PeriodRunning { item, until } => format!(
                "The period of the {} runs until {until}: it lapses on the day after at the earliest.",
                item.en()
            ),
            Self::ProposerMayNotDecide(item) => {
                format!("You proposed the {}; another approver decides upon it.", item.en())
            }
            Self::TooLate { item, due_on } => {
                let what = match item {
                    Item::Extension => "An extension is proposed, approved and told within the period",
                    Item::Fee => "A fee notice is dispatched within the processing period",
                    Item::Reasons => "A delayed reply is fixed and told within the period",
                    Item::Correction | Item::Consultation => "This is done within the period",
                };
                format!("{what}, which ran out on {due_on}.")
            }
            Self::PeriodStopped(item) => format!(
                "A correction or a payment is awaited and no period runs: the {} has to wait.",
                item.en()
            ),
            Self::CorrectionLate { working_days, due_on } => format!(
                "A correction is asked for within {working_days} working days after receipt, by {due_on}; later it needs an approver and a reason."
            ),
            Self::CorrectionOnce { requested_on } => format!(
                "A correction was asked for on {requested_on}, once and in full; another needs an approver and a reason."
            ),
            Self::CorrectionOpen { requested_on } => {
                format!("The correction asked for on {requested_on} is awaited still.")
            }
            Self::ExceptionNotNeeded { due_on } => format!(
                "A first request for correction is in time until {due_on}: the desk makes it without an exception."
            ),
            Self::RequesterMayNotExcept => {
                "You asked for the first correction; another approver decides upon a further one.".to_owned()
            }
            Self::PositionMissing => {
                "The answer of a third party or joint maker says whether it consents, objects, or consents in part."
                    .to_owned()
            }
            Self::ExtensionOnce { n } => format!("There is extension {n} already, and one only."),
            Self::ExtensionTooLong { left } => {
                format!("The statute leaves {left} working days to extend by.")
            }
            Self::ReasonsOpen { requested_on } => {
                format!("The reasons asked for on {requested_on} are awaited still.")
            }
            Self::ReasonsMissing(n) => format!(
                "The applicant has not given the reasons of request {n}: a delayed reply follows only then."
            ),
            Self::DelaySet { until } => format!("The delayed reply was fixed already, for {until}."),
            Self::DelayWrong { until, earliest, latest } => format!(
                "The last day of a delayed reply is a working day from {earliest} to {latest}, not {until}."
            ),
            Self::NothingToPay => "By the tiers nothing is to be paid.".to_owned(),
            Self::FeeUncountable => "The fee cannot be computed for so many: check the number.".to_owned(),
            Self::FeeOpen { n } => format!("The fee {n} is open still."),
            Self::FeeModeFixed { mode } => {
                format!("One application is charged one way: {mode} was chosen before.")
            }
            Self::UnknownToStatute(item) => {
                format!("The statute of this case knows no {}.", item.en())
            }
            Self::AnsweredAnew(item) => format!(
                "The case is answered anew upon a decision; there is no {} in that: reply within the period.",
                item.en()
            ),
            Self::Contradicts(fault) => format!("The dates contradict each other: {}.", fault.message(Lang::En)),
        }
    }
}
