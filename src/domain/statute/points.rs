//! The points on which the statute is read in two ways (statute digest, section 10) and that touch a date, and the ways in which
//! each is read. Points that touch no date are no settings; `docs/clock.md` lists them.

use serde::{Deserialize, Serialize};

/// A point of doubt that touches a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// 1: the first day of a period.
    FirstDay,
    /// 2: receipt of what comes online.
    InternetReceipt,
    /// 3: receipt on a day of rest.
    RestDayReceipt,
    /// 4: unsigned mail and fax, whose sender has to be reached.
    UnsignedMail,
    /// 5: which grounds allow a request for correction.
    CorrectionGround,
    /// 6: a request for correction after its limit.
    LateCorrectionNotice,
    /// 7: a second request for correction.
    FurtherCorrection,
    /// 8: an extension told after the due date.
    LateExtensionNotice,
    /// 9: several extensions.
    SeveralExtensions,
    /// 10: which days a consultation excludes.
    ConsultationInterval,
    /// 11: consulting an organ that is no joint maker.
    OtherOrgan,
    /// 12: waiting before disclosing against a third party's objection.
    DisclosureHold,
    /// 13: asking for reasons.
    ReasonsRequest,
    /// 14: the clock after a fee notice.
    FeeClock,
    /// 15: remedies against 行政查询 (Art. 36(7)).
    AdministrativeQuery,
    /// 16: remedies for silence.
    Silence,
    /// 21: "by 31 January".
    AnnualReportDay,
    /// 22: what comes online after office hours.
    AfterHours,
    /// 23: make-up workdays.
    MakeUpWorkdays,
    /// 24: the day of an electronic reply.
    ElectronicReply,
    /// 25: receipt of what comes by e-mail.
    EmailReceipt,
}

/// One way of reading one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The day after the event is the first.
    NextDay,
    /// The day of the event.
    ThatDay,
    /// The day on which the system confirmed the submission.
    Submission,
    /// The day on which both sides confirmed.
    Confirmation,
    /// The next working day.
    NextWorkingDay,
    /// The day on which the applicant was reached.
    Contact,
    /// The day of arrival.
    Arrival,
    /// Any defect of the application.
    AnyDefect,
    /// Only unclear content.
    UnclearContentOnly,
    /// The period begins anew.
    Restarts,
    /// Nothing.
    NoEffect,
    /// Possible, with approval and a reason.
    WithApproval,
    /// Once only.
    Once,
    /// It has no effect.
    Invalid,
    /// It takes effect if it was approved in time.
    ValidIfApproved,
    /// One only.
    One,
    /// Several, within the limit in all.
    Split,
    /// After the sending day, through the last day.
    HalfOpen,
    /// Strictly between.
    Open,
    /// From the sending day through the last day.
    Closed,
    /// With letter and answer on record, and within the limit.
    Capped,
    /// The actual time.
    Excluded,
    /// Not at all.
    NotExcluded,
    /// No wait.
    None,
    /// The pack's `disclosure_hold`.
    Wait,
    /// The clock runs on.
    RunsOn,
    /// The clock stops.
    Stops,
    /// A whole new period from the day after payment.
    Restart,
    /// The days between notice and payment are excluded.
    Resume,
    /// Reconsideration or litigation.
    Either,
    /// Reconsideration first.
    ReconsiderationFirst,
    /// The day before.
    DayBefore,
    /// They count.
    Count,
    /// They are days of rest.
    Rest,
    /// The day sent.
    Sending,
}

impl Point {
    /// Every point, by its number.
    pub const ALL: &'static [Self] = &[
        Self::FirstDay,
        Self::InternetReceipt,
        Self::RestDayReceipt,
        Self::UnsignedMail,
        Self::CorrectionGround,
        Self::LateCorrectionNotice,
        Self::FurtherCorrection,
        Self::LateExtensionNotice,
        Self::SeveralExtensions,
        Self::ConsultationInterval,
        Self::OtherOrgan,
        Self::DisclosureHold,
        Self::ReasonsRequest,
        Self::FeeClock,
        Self::AdministrativeQuery,
        Self::Silence,
        Self::AnnualReportDay,
        Self::AfterHours,
        Self::MakeUpWorkdays,
        Self::ElectronicReply,
        Self::EmailReceipt,
    ];

    /// Its number in section 10 of the statute digest, its name in files and the API, the readings there are (the first is
    /// reading 1 of the digest or the agency's usual one), and its names in words.
    fn about(self) -> (u8, &'static str, &'static [Reading], &'static str, &'static str) {
        use Reading as R;
        match self {
            Self::FirstDay => {
                (1, "first_day", &[R::NextDay, R::ThatDay], "期间首日", "the first day of a period")
            }
            Self::InternetReceipt => (
                2,
                "internet_receipt",
                &[R::Submission, R::Confirmation],
                "网络申请的收到之日",
                "the receipt of what comes online",
            ),
            Self::RestDayReceipt => (
                3,
                "rest_day_receipt",
                &[R::ThatDay, R::NextWorkingDay],
                "休息日收到",
                "receipt on a day of rest",
            ),
            Self::UnsignedMail => (
                4,
                "unsigned_mail",
                &[R::Contact, R::Arrival],
                "平常信函、传真的收到之日",
                "the receipt of unsigned mail and fax",
            ),
            Self::CorrectionGround => (
                5,
                "correction_ground",
                &[R::AnyDefect, R::UnclearContentOnly],
                "可以要求补正的事由",
                "the grounds of a request for correction",
            ),
            Self::LateCorrectionNotice => (
                6,
                "late_correction_notice",
                &[R::Restarts, R::NoEffect],
                "逾期补正通知",
                "a request for correction after its limit",
            ),
            Self::FurtherCorrection => (
                7,
                "further_correction",
                &[R::WithApproval, R::Once],
                "再次补正",
                "a second request for correction",
            ),
            Self::LateExtensionNotice => (
                8,
                "late_extension_notice",
                &[R::Invalid, R::ValidIfApproved],
                "逾期告知延期",
                "an extension told after the due date",
            ),
            Self::SeveralExtensions => {
                (9, "several_extensions", &[R::One, R::Split], "多次延期", "several extensions")
            }
            Self::ConsultationInterval => (
                10,
                "consultation_interval",
                &[R::HalfOpen, R::Open, R::Closed],
                "征求意见扣除的起止日",
                "the days a consultation excludes",
            ),
            Self::OtherOrgan => (
                11,
                "other_organ",
                &[R::Capped, R::Excluded, R::NotExcluded],
                "征求其他机关意见的时间",
                "the time of consulting another organ",
            ),
            Self::DisclosureHold => (
                12,
                "disclosure_hold",
                &[R::None, R::Wait],
                "不采纳第三方意见时公开前的等待期",
                "waiting before disclosing against a third party's objection",
            ),
            Self::ReasonsRequest => (
                13,
                "reasons_request",
                &[R::RunsOn, R::Stops],
                "要求说明理由期间",
                "the time of asking for reasons",
            ),
            Self::FeeClock => {
                (14, "fee_clock", &[R::Restart, R::Resume], "收费后的期限", "the clock after a fee notice")
            }
            Self::AdministrativeQuery => (
                15,
                "administrative_query",
                &[R::Either, R::ReconsiderationFirst],
                "对行政查询答复的救济",
                "remedies against an answer about administrative queries",
            ),
            Self::Silence => (
                16,
                "silence",
                &[R::Either, R::ReconsiderationFirst],
                "对逾期不答复的救济",
                "remedies for silence",
            ),
            Self::AnnualReportDay => (
                21,
                "annual_report_day",
                &[R::DayBefore, R::ThatDay],
                "年度报告公布期限的末日",
                "the last day for the annual report",
            ),
            Self::AfterHours => (
                22,
                "after_hours",
                &[R::ThatDay, R::NextWorkingDay],
                "下班后网络提交",
                "submission online after office hours",
            ),
            Self::MakeUpWorkdays => {
                (23, "make_up_workdays", &[R::Count, R::Rest], "调休上班日", "make-up workdays")
            }
            Self::ElectronicReply => (
                24,
                "electronic_reply",
                &[R::Arrival, R::Sending],
                "电子答复之日",
                "the day of an electronic reply",
            ),
            Self::EmailReceipt => (
                25,
                "email_receipt",
                &[R::Submission, R::Confirmation],
                "电子邮件申请的收到之日",
                "the receipt of what comes by e-mail",
            ),
        }
    }

    /// Its place in [`Point::ALL`]: readings are looked up often.
    pub(super) fn place(self) -> usize {
        match self {
            Self::FirstDay => 0,
            Self::InternetReceipt => 1,
            Self::RestDayReceipt => 2,
            Self::UnsignedMail => 3,
            Self::CorrectionGround => 4,
            Self::LateCorrectionNotice => 5,
            Self::FurtherCorrection => 6,
            Self::LateExtensionNotice => 7,
            Self::SeveralExtensions => 8,
            Self::ConsultationInterval => 9,
            Self::OtherOrgan => 10,
            Self::DisclosureHold => 11,
            Self::ReasonsRequest => 12,
            Self::FeeClock => 13,
            Self::AdministrativeQuery => 14,
            Self::Silence => 15,
            Self::AnnualReportDay => 16,
            Self::AfterHours => 17,
            Self::MakeUpWorkdays => 18,
            Self::ElectronicReply => 19,
            Self::EmailReceipt => 20,
        }
    }

    /// Its number in section 10 of the statute digest.
    pub fn number(self) -> u8 {
        self.about().0
    }

    /// Its name in files and the API.
    pub fn code(self) -> &'static str {
        self.about().1
    }

    /// The ways in which it is read.
    pub fn readings(self) -> &'static [Reading] {
        self.about().2
    }

    /// Its Chinese name.
    pub fn label_zh(self) -> &'static str {
        self.about().3
    }

    /// Its English name.
    pub fn label_en(self) -> &'static str {
        self.about().4
    }

    /// The point with this name; `None` for any other text. The inverse of [`Point::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|point| point.code() == code)
    }
}

impl Reading {
    /// The name in files and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::NextDay => "next_day",
            Self::ThatDay => "that_day",
            Self::Submission => "submission",
            Self::Confirmation => "confirmation",
            Self::NextWorkingDay => "next_working_day",
            Self::Contact => "contact",
            Self::Arrival => "arrival",
            Self::AnyDefect => "any_defect",
            Self::UnclearContentOnly => "unclear_content_only",
            Self::Restarts => "restarts",
            Self::NoEffect => "no_effect",
            Self::WithApproval => "with_approval",
            Self::Once => "once",
            Self::Invalid => "invalid",
            Self::ValidIfApproved => "valid_if_approved",
            Self::One => "one",
            Self::Split => "split",
            Self::HalfOpen => "half_open",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Capped => "capped",
            Self::Excluded => "excluded",
            Self::NotExcluded => "not_excluded",
            Self::None => "none",
            Self::Wait => "wait",
            Self::RunsOn => "runs_on",
            Self::Stops => "stops",
            Self::Restart => "restart",
            Self::Resume => "resume",
            Self::Either => "either",
            Self::ReconsiderationFirst => "reconsideration_first",
            Self::DayBefore => "day_before",
            Self::Count => "count",
            Self::Rest => "rest",
            Self::Sending => "sending",
        }
    }
}
