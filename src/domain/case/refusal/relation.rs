//! Why a command about other cases is refused.

use chrono::NaiveDate;

/// The reasons there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationRefusal {
    /// The reply names no other body (Art. 36(5)).
    NotAnothers,
    /// It was handed on before.
    HandedOn {
        /// When.
        on: NaiveDate,
    },
    /// What would be handed on or split is erased.
    WordsErased {
        /// When.
        on: NaiveDate,
    },
    /// Its clock has more to it than the receipt: a new case could not take that over.
    SplitTooLate,
    /// It is answered anew upon a remedy, under a clock of its own.
    AnsweredAnew,
    /// Both are one case.
    Itself,
    /// They are related so already.
    Already {
        /// Since when.
        on: NaiveDate,
    },
    /// They are of two applicants.
    AnotherApplicant,
    /// The other one is not open.
    NotOpen,
    /// The one that would go on came later, so that its limit ends later.
    MergedIntoLater {
        /// When the other one was received.
        other: NaiveDate,
        /// When this one was.
        own: NaiveDate,
    },
    /// The one that would go on ends later, or nobody can say when: the applicant would wait longer.
    MergedIntoLonger,
    /// This one waits for a correction or a payment: nobody can say when it ends, so that no other ends no later.
    MergedWhileStopped,
    /// The other one had not been answered when this one was received.
    NotAnsweredBefore {
        /// When this one was received.
        received_on: NaiveDate,
    },
    /// The other one's file is no more.
    OtherDisposed {
        /// Since when.
        on: NaiveDate,
    },
}

const ANOTHERS: &str = "政府信息公开条例 第36条第5项";
const REPEAT: &str = "政府信息公开条例 第36条第6项";
const LIMIT: &str = "政府信息公开条例 第33条";

impl RelationRefusal {
    /// The code of the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnothers => "not_anothers",
            Self::HandedOn { .. } => "already_handed_on",
            Self::WordsErased { .. } => "words_erased",
            Self::SplitTooLate => "split_too_late",
            Self::AnsweredAnew => "round_of_remedy",
            Self::Itself => "related_to_itself",
            Self::Already { .. } => "already_related",
            Self::AnotherApplicant => "another_applicant",
            Self::NotOpen => "other_not_open",
            Self::MergedIntoLater { .. } => "merged_into_later",
            Self::MergedIntoLonger => "merged_into_longer",
            Self::MergedWhileStopped => "merged_while_stopped",
            Self::NotAnsweredBefore { .. } => "not_answered_before",
            Self::OtherDisposed { .. } => "other_disposed",
        }
    }

    /// The article that refuses, where a statute does.
    pub fn article(&self) -> Option<&'static str> {
        match self {
            Self::NotAnothers => Some(ANOTHERS),
            Self::NotAnsweredBefore { .. } => Some(REPEAT),
            Self::SplitTooLate
            | Self::AnsweredAnew
            | Self::MergedIntoLater { .. }
            | Self::MergedIntoLonger
            | Self::MergedWhileStopped => Some(LIMIT),
            Self::HandedOn { .. }
            | Self::WordsErased { .. }
            | Self::Itself
            | Self::Already { .. }
            | Self::AnotherApplicant
            | Self::NotOpen
            | Self::OtherDisposed { .. } => None,
        }
    }

    pub(super) fn zh(&self) -> String {
        match self {
            Self::NotAnothers => {
                "答复没有依据第36条第5项告知负责公开的其他行政机关，不能转办；应先作出这样的答复。".to_owned()
            }
            Self::HandedOn { on } => format!("该申请已于 {on} 转办，不能再次转办。"),
            Self::WordsErased { on } => {
                format!("该申请的内容已于 {on} 删除，没有可以转办、拆分的内容。")
            }
            Self::SplitTooLate => {
                "该申请已有补正、征求意见、延期、说明理由或者收费，新申请无法承继其期限；拆分须在此之前进行。"
                    .to_owned()
            }
            Self::AnsweredAnew => "该申请正在依复议、诉讼结果重新答复，不能拆分或者并案。".to_owned(),
            Self::Itself => "不能与自身关联，请选择另一件申请。".to_owned(),
            Self::Already { on } => format!("两件申请已于 {on} 建立同样的关联。"),
            Self::AnotherApplicant => {
                "两件申请不是同一申请人提出的，不能并案，也不是重复申请或者补充申请。".to_owned()
            }
            Self::NotOpen => "另一件申请不在办理中，只能并入或者补充正在办理的申请。".to_owned(),
            Self::MergedIntoLater { other, own } => {
                format!("另一件申请收到于 {other}，晚于本件（{own}）；应将后收到的并入先收到的，以免逾期。")
            }
            Self::MergedIntoLonger => {
                "另一件申请的答复期限晚于本件，或者尚在等待补正、缴费而不能确定；并案不得使申请人等待更久。"
                    .to_owned()
            }
            Self::MergedWhileStopped => {
                "该申请尚在等待补正、缴费，答复期限不能确定，无从比较；可在恢复计算后并案，或者由申请人撤回。"
                    .to_owned()
            }
            Self::NotAnsweredBefore { received_on } => format!(
                "另一件申请在本件收到（{received_on}）之前没有答复，不属于重复申请；正在办理的可以并案。"
            ),
            Self::OtherDisposed { on } => format!("另一件申请的案卷已于 {on} 销毁，不能关联。"),
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::NotAnothers => "The reply names no other body under Article 36(5): only a case so answered is handed on.".to_owned(),
            Self::HandedOn { on } => format!("The case was handed on already, on {on}."),
            Self::WordsErased { on } => format!("The words of the case were erased on {on}: nothing is left to hand on or to split."),
            Self::SplitTooLate => "The case has been corrected, extended or the like, which a new case cannot take over: split before that.".to_owned(),
            Self::AnsweredAnew => "The case is being answered anew upon a remedy: it is neither split nor merged.".to_owned(),
            Self::Itself => "A case is not related to itself: name another one.".to_owned(),
            Self::Already { on } => format!("The two cases have been so related since {on}."),
            Self::AnotherApplicant => "The two cases are of two applicants: neither merged nor repeated nor supplemented.".to_owned(),
            Self::NotOpen => "The other case is not open: cases are merged into, and supplement, open ones.".to_owned(),
            Self::MergedIntoLater { other, own } => format!("The other case was received on {other}, after this one ({own}): merge the later into the earlier, whose limit ends first."),
            Self::MergedIntoLonger => "The other case's limit ends after this one's, or waits for a correction or a fee: a merger must not make the applicant wait longer.".to_owned(),
            Self::MergedWhileStopped => "The case waits for a correction or a fee, so that nobody can say when its limit ends: merge it when it runs again, or let the applicant withdraw it.".to_owned(),
            Self::NotAnsweredBefore { received_on } => format!("The other case had not been answered when this one was received ({received_on}): it is no repeat; an open one can be merged."),
            Self::OtherDisposed { on } => format!("The other case's file was disposed of on {on}."),
        }
    }
}
