//! Dates, articles, stretches and notes in words, in both languages.

use super::fact::ConsultationKind;
use super::reason::{Reason, Reasons};
use super::timeline::{Differing, Note};
use crate::domain::calendar::Provisional;
use crate::domain::lang::Lang;
use crate::domain::statute::{Point, Reading};
use chrono::{Datelike, NaiveDate, Weekday};

/// A date as it is said: `2026年3月2日（周一）`, `Monday 2 March 2026`.
pub fn date(date: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Zh => {
            let weekday = match date.weekday() {
                Weekday::Mon => "周一",
                Weekday::Tue => "周二",
                Weekday::Wed => "周三",
                Weekday::Thu => "周四",
                Weekday::Fri => "周五",
                Weekday::Sat => "周六",
                Weekday::Sun => "周日",
            };
            format!("{}年{}月{}日（{weekday}）", date.year(), date.month(), date.day())
        }
        Lang::En => date.format("%A %-d %B %Y").to_string(),
    }
}

/// An article as it is cited: `33(2)` is 第33条第2款, `行政复议法 20` is 《行政复议法》第20条.
pub fn article(article: &str, lang: Lang) -> String {
    let (act, number) = article.rsplit_once(' ').unwrap_or(("", article));
    let (main, paragraph) =
        number.split_once('(').map_or((number, ""), |(main, rest)| (main, rest.trim_end_matches(')')));
    let numbered = main.chars().next().is_some_and(|digit| digit.is_ascii_digit());
    if !numbered {
        return article.to_owned();
    }
    match lang {
        Lang::Zh => {
            let act = match act {
                "" => String::new(),
                act if act.ends_with('法') || act.ends_with("条例") => format!("《{act}》"),
                act => act.to_owned(),
            };
            let paragraph = if paragraph.is_empty() { String::new() } else { format!("第{paragraph}款") };
            format!("{act}第{main}条{paragraph}")
        }
        Lang::En if act.is_empty() => format!("Art. {number}"),
        Lang::En => format!("{act} Art. {number}"),
    }
}

/// Why a stretch of days has its effect, in words.
pub fn reason(reason: Reason, lang: Lang) -> &'static str {
    match reason {
        Reason::Period => lang.pick("计入答复期限", "counted"),
        Reason::Consultation(ConsultationKind::ThirdParty) => {
            lang.pick("征求第三方意见，不计入期限", "a third party is consulted; not counted")
        }
        Reason::Consultation(ConsultationKind::JointMaker) => {
            lang.pick("征求共同制作机关意见，不计入期限", "a joint maker is consulted; not counted")
        }
        Reason::Consultation(ConsultationKind::OtherOrgan) => {
            lang.pick("征求其他机关意见，不计入期限", "another organ is consulted; not counted")
        }
        Reason::Reasons => lang.pick("等待申请人说明理由，不计入期限", "the applicant's reasons are awaited; not counted"),
        Reason::Fee => lang.pick("等待缴费，不计入期限", "payment is awaited; not counted"),
        Reason::Correction => lang.pick(
            "通知补正；期限自收到补正之日起重新计算，此前的天数不再计算",
            "a correction was asked for; the period begins anew when it is received, and these days no longer count",
        ),
        Reason::Payment => lang.pick(
            "通知缴费；期限自缴费次日起重新计算，此前的天数不再计算",
            "a fee was asked for; the period begins anew the day after payment, and these days no longer count",
        ),
        Reason::Extension => lang.pick("延长的期限", "the extension"),
        Reason::DelayedReply => lang.pick("延迟答复的期限", "the delayed reply"),
        Reason::Ordered => lang.pick("决定或者判决载明的重新答复期限", "the period that the decision names"),
    }
}

/// Why a stretch of days has its effect, where several reasons hold at once.
pub fn reasons(reasons: Reasons, lang: Lang) -> String {
    let (suffix, comma) = (lang.pick("，不计入期限", "; not counted"), lang.pick("、", ", "));
    let all: Vec<&str> = reasons.iter().map(|one| reason(one, lang)).collect();
    let stems: Option<Vec<&str>> = all.iter().map(|words| words.strip_suffix(suffix)).collect();
    match stems {
        Some(stems) => format!("{}{suffix}", stems.join(comma)),
        None => all.join(lang.pick("；", "; ")),
    }
}

/// Why a date may still change, in words.
pub fn provisional(provisional: Provisional, lang: Lang) -> String {
    match (provisional, lang) {
        (Provisional::YearWithoutNotice { year }, Lang::Zh) => {
            format!("{year}年的放假安排尚未公布，该日期按周一至周五暂算，公布后可能变动。")
        }
        (Provisional::YearWithoutNotice { year }, Lang::En) => format!(
            "The holidays of {year} are not published yet: the date is counted by Monday to Friday and may still change."
        ),
        (Provisional::LastDaysOfLastYear { year }, Lang::Zh) => {
            format!("{year}年12月下旬的工作日可能随次年的放假安排调整，该日期为暂定。")
        }
        (Provisional::LastDaysOfLastYear { year }, Lang::En) => {
            format!(
                "The next year's notice may still change the last days of December {year}: the date is provisional."
            )
        }
    }
}

impl Note {
    /// Its code in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::ServiceUnknown => "service_unknown",
            Self::UsualPeriod => "usual_period",
            Self::CorrectionLate { .. } => "correction_late",
            Self::ExtensionLate { .. } => "extension_late",
            Self::ExtensionUsed { .. } => "extension_used",
            Self::BeforeInForce { .. } => "before_in_force",
            Self::ExtensionSuperseded { .. } => "extension_superseded",
            Self::AfterExpiry { .. } => "after_expiry",
            Self::AgencyDecides => "agency_decides",
            Self::DeemedConsent => "deemed_consent",
            Self::NothingExcluded => "nothing_excluded",
            Self::AnswerLate { .. } => "answer_late",
            Self::ReplyDayUnknown => "reply_day_unknown",
            Self::ReconsiderationFirst => "reconsideration_first",
            Self::AgainstSilence => "against_silence",
            Self::SilenceReadTwoWays => "silence_read_two_ways",
            Self::HoldUntil { .. } => "hold_until",
        }
    }

    /// In words.
    pub fn message(self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(self) -> String {
        let day = |on| date(on, Lang::Zh);
        match self {
            Self::ServiceUnknown => "送达日期未登记，暂从发出之日起算（更早）。".to_owned(),
            Self::UsualPeriod => "通知未写明期限，按通常期限计算。".to_owned(),
            Self::CorrectionLate { due_on } => {
                format!("补正通知晚于法定的最后一日{}；请同时留意不重新计算时的期限。", day(due_on))
            }
            Self::ExtensionLate { on } => {
                format!("{}的延期告知晚于期限届满日，不发生延期的效力。", day(on))
            }
            Self::ExtensionUsed { on } => format!("延期只能一次，{}的延期不再增加天数。", day(on)),
            Self::BeforeInForce { in_force_from } => format!(
                "该法自{}起施行；此前收到的申请适用当时的规定，以上日期仅供参考。",
                day(in_force_from)
            ),
            Self::ExtensionSuperseded { on } => {
                format!("{}的延期属于已被重新计算取代的期间，不增加天数。", day(on))
            }
            Self::AfterExpiry { kind, on } => {
                format!("“{}”（{}）发生在期限届满之后，不影响期限。", kind.label_zh(), day(on))
            }
            Self::AgencyDecides => {
                "第三方逾期未提出意见，由行政机关依法决定是否公开，不视为同意。".to_owned()
            }
            Self::DeemedConsent => "共同制作机关逾期未提出意见，视为同意公开。".to_owned(),
            Self::NothingExcluded => "该机关没有答复，所用时间不扣除。".to_owned(),
            Self::AnswerLate { on } => {
                format!("意见于{}收到，已逾期；扣除的时间到期限届满之日为止。", day(on))
            }
            Self::ReplyDayUnknown => {
                "答复已作出，但决定是否按期的日期（签收、到达）尚未登记，期限仍在计算。".to_owned()
            }
            Self::ReconsiderationFirst => "应当先申请行政复议，对复议决定不服的，再提起行政诉讼。".to_owned(),
            Self::AgainstSilence => "行政机关逾期未答复，救济期限自答复期限届满之日起算。".to_owned(),
            Self::SilenceReadTwoWays => {
                "对逾期不答复是否须先申请复议有两种理解，建议先申请行政复议。".to_owned()
            }
            Self::HoldUntil { until } => {
                format!("第三方被征求过意见：请等到{}之后再提供信息，以便第三方寻求救济。", day(until))
            }
        }
    }

    fn en(self) -> String {
        let day = |on| date(on, Lang::En);
        match self {
            Self::ServiceUnknown => {
                "The day of service is not recorded: counted from the day of dispatch, which is earlier.".to_owned()
            }
            Self::UsualPeriod => "The notice set no period: the usual one is taken.".to_owned(),
            Self::CorrectionLate { due_on } => format!(
                "The correction was asked for after its last day, {}; mind the date that holds if the period does not begin anew.",
                day(due_on)
            ),
            Self::ExtensionLate { on } => {
                format!("The extension told on {} came after the due date and has no effect.", day(on))
            }
            Self::ExtensionUsed { on } => {
                format!("There is one extension only: that of {} adds no days.", day(on))
            }
            Self::BeforeInForce { in_force_from } => format!(
                "This statute is in force since {}; what was received before is under the rules of its time, and these dates \
                 are for information only.",
                day(in_force_from)
            ),
            Self::ExtensionSuperseded { on } => {
                format!("The extension of {} belongs to a period that was replaced: it adds no days.", day(on))
            }
            Self::AfterExpiry { kind, on } => {
                let what = kind.label_en();
                format!("After the period had run out ({}), {what} changes nothing.", day(on))
            }
            Self::AgencyDecides => {
                "The third party is silent: the agency decides; silence is no consent.".to_owned()
            }
            Self::DeemedConsent => "The joint maker is silent: it is deemed to agree.".to_owned(),
            Self::NothingExcluded => "That organ has not answered: no time is excluded.".to_owned(),
            Self::AnswerLate { on } => {
                format!("The answer came on {}, after its limit: the exclusion ended at the limit.", day(on))
            }
            Self::ReplyDayUnknown => {
                "The reply is decided upon, but the day that decides (signature, arrival) is not recorded: the clock runs on."
                    .to_owned()
            }
            Self::ReconsiderationFirst => {
                "Reconsideration must come first; a suit is possible against its decision.".to_owned()
            }
            Self::AgainstSilence => {
                "The agency has not replied in time: the remedy's period runs from the due date.".to_owned()
            }
            Self::SilenceReadTwoWays => {
                "Whether reconsideration must come first against silence is read in two ways; to apply for it first is safer."
                    .to_owned()
            }
            Self::HoldUntil { until } => {
                format!("A third party was consulted: release nothing before the end of {}.", day(until))
            }
        }
    }
}

impl Differing {
    /// What the other reading is, in words: one sentence without the dates.
    pub fn message(&self, lang: Lang) -> String {
        let other = reading(self.point, self.other, lang);
        match lang {
            Lang::Zh => {
                format!("{}有不同理解（争议点{}）：{other}", self.point.label_zh(), self.point.number())
            }
            Lang::En => format!(
                "{} is read in two ways (point {}): {other}",
                self.point.label_en(),
                self.point.number()
            ),
        }
    }
}

/// A reading in words.
pub fn reading(point: Point, reading: Reading, lang: Lang) -> &'static str {
    match reading {
        Reading::NextDay => lang.pick("次日为第一日", "the next day is the first"),
        Reading::ThatDay if point == Point::FirstDay => {
            lang.pick("当日即为第一日", "that day is itself the first")
        }
        Reading::ThatDay => lang.pick("以当日为准", "that day counts"),
        Reading::Submission => {
            lang.pick("以系统确认提交之日为准", "the day the system confirmed the submission")
        }
        Reading::Confirmation => lang.pick("以双方确认之日为准", "the day both sides confirmed"),
        Reading::NextWorkingDay => lang.pick("视为下一工作日收到", "deemed received on the next working day"),
        Reading::Contact => lang.pick("以联系上申请人之日为准", "the day the applicant was reached"),
        Reading::Arrival => lang.pick("以到达之日为准", "the day of arrival"),
        Reading::AnyDefect => lang.pick("任何缺项均可要求补正", "any defect may be corrected"),
        Reading::UnclearContentOnly => lang.pick("仅限内容不明确", "only unclear content may be corrected"),
        Reading::Restarts => lang.pick("仍重新计算", "the period begins anew all the same"),
        Reading::NoEffect => lang.pick("不重新计算，原期限继续", "the original period runs on"),
        Reading::WithApproval => lang.pick("经批准可以再次补正", "a second one is possible with approval"),
        Reading::Once => lang.pick("只能一次，再次补正不影响期限", "once only; a second one changes nothing"),
        Reading::Invalid => lang.pick("逾期告知无效", "told too late, it has no effect"),
        Reading::ValidIfApproved => lang.pick("按期批准即有效", "approved in time, it has effect"),
        Reading::One => lang.pick("只能延期一次", "one only"),
        Reading::Split => lang.pick("可分次延期，合计不超过上限", "several, within the limit in all"),
        Reading::HalfOpen => {
            lang.pick("发出次日起，至收到意见当日止", "after the sending day, through the answer's day")
        }
        Reading::Open => lang.pick("首尾两日均不扣除", "neither the sending day nor the last day"),
        Reading::Closed => lang.pick("首尾两日均扣除", "both the sending day and the last day"),
        Reading::Capped => {
            lang.pick("有来函为据方可扣除，且不超过上限", "only with letter and answer, within the limit")
        }
        Reading::Excluded => lang.pick("按实际时间扣除", "the actual time"),
        Reading::NotExcluded => lang.pick("不扣除", "not excluded"),
        Reading::None => lang.pick("不等待", "no wait"),
        Reading::Wait => lang.pick("等待一段时间再公开", "wait before disclosing"),
        Reading::RunsOn => lang.pick("不停止计算", "the clock runs on"),
        Reading::Stops => lang.pick("停止计算", "the clock stops"),
        Reading::Restart => lang.pick("自缴费次日起重新计算", "anew from the day after payment"),
        Reading::Resume => lang.pick("缴费后继续计算", "resumed after payment"),
        Reading::Either => lang.pick("可以复议，也可以直接起诉", "reconsideration or a suit"),
        Reading::ReconsiderationFirst => lang.pick("应当先申请复议", "reconsideration first"),
        Reading::DayBefore => lang.pick("前一日", "the day before"),
        Reading::Count => lang.pick("调休上班日计为工作日", "make-up workdays count"),
        Reading::Rest => lang.pick("调休上班日不计为工作日", "make-up workdays do not count"),
        Reading::Sending => lang.pick("以发出之日为准", "the day sent"),
    }
}
