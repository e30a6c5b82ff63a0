//! The facts that a reply may have to state: the extra fields of the letters (statute digest, 5.1).

use serde::{Deserialize, Serialize};

/// One word of a fact that is chosen from a list: code, Chinese and English name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word in the API and in events.
    pub code: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
}

const fn word(code: &'static str, zh: &'static str, en: &'static str) -> Word {
    Word { code, zh, en }
}

/// In which form a fact is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactForm {
    /// Words, kept encrypted.
    Text,
    /// A civil date.
    Date,
    /// One of these words.
    Word(&'static [Word]),
}

macro_rules! facts {
    ($($(#[$doc:meta])+ $name:ident = $code:literal, $form:expr, $zh:literal, $en:literal;)+) => {
        /// A fact that a reply states.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Fact {
            $($(#[$doc])+ $name,)+
        }

        impl Fact {
            /// Every fact, in the order in which a reply tells them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name in packs, events and the API.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The form in which it is stated.
            pub fn form(self) -> FactForm {
                match self {
                    $(Self::$name => $form,)+
                }
            }

            /// The Chinese name.
            pub fn label_zh(self) -> &'static str {
                match self {
                    $(Self::$name => $zh,)+
                }
            }

            /// The English name.
            pub fn label_en(self) -> &'static str {
                match self {
                    $(Self::$name => $en,)+
                }
            }
        }
    };
}

/// 密级 (Law on Guarding State Secrets, Art. 14).
const LEVELS: &[Word] = &[
    word("top_secret", "绝密", "top secret"),
    word("secret", "机密", "secret"),
    word("confidential", "秘密", "confidential"),
];
/// 三安全一稳定 (Art. 14).
const SECURITIES: &[Word] = &[
    word("national_security", "国家安全", "national security"),
    word("public_security", "公共安全", "public security"),
    word("economic_security", "经济安全", "economic security"),
    word("social_stability", "社会稳定", "social stability"),
];
/// 三类内部事务信息 (Art. 16(1)).
const AFFAIRS: &[Word] = &[
    word("personnel", "人事管理", "personnel"),
    word("logistics", "后勤管理", "logistics"),
    word("workflow", "内部工作流程", "internal workflow"),
];
/// 四类过程性信息 (Art. 16(2)).
const RECORDS: &[Word] = &[
    word("discussion_record", "讨论记录", "discussion record"),
    word("draft", "过程稿", "draft"),
    word("consultation_letter", "磋商信函", "consultation letter"),
    word("request_report", "请示报告", "request or report"),
];

facts! {
    /// What is given with the reply (Art. 36(2)).
    Provided = "provided", FactForm::Text, "随答复提供的信息", "what is given with the reply";
    /// How, where and when the information is had (Art. 36(1), 36(2)).
    Way = "way", FactForm::Text, "获取信息的方式、途径和时间", "how, where and when the information is had";
    /// Why it is decided so (Art. 36(3)).
    Reason = "reason", FactForm::Text, "理由", "the reason";
    /// The level of a state secret.
    SecrecyLevel = "secrecy_level", FactForm::Word(LEVELS), "密级", "the level of secrecy";
    /// By what it was made a secret.
    SecrecyBasis = "secrecy_basis", FactForm::Text, "定密依据", "by what it was made a secret";
    /// The law or administrative regulation that forbids disclosure, to its article.
    ForbiddingLaw = "forbidding_law", FactForm::Text, "禁止公开的法律、行政法规及其条款", "the law that forbids disclosure, to its article";
    /// What disclosure would endanger.
    Endangered = "endangered", FactForm::Word(SECURITIES), "所危及的安全或者稳定", "what disclosure would endanger";
    /// What came of asking the third party (Art. 32).
    ConsultationResult = "consultation_result", FactForm::Text, "征求第三方意见的结果", "what came of asking the third party";
    /// How withholding stands to the public interest (Art. 15).
    PublicInterest = "public_interest", FactForm::Text, "是否对公共利益造成重大影响", "how withholding stands to the public interest";
    /// Which internal affairs.
    InternalAffairs = "internal_affairs", FactForm::Word(AFFAIRS), "内部事务信息的类别", "which internal affairs";
    /// Which record of deliberation.
    ProcessRecord = "process_record", FactForm::Word(RECORDS), "过程性信息的类别", "which record of deliberation";
    /// Which enforcement file.
    EnforcementFile = "enforcement_file", FactForm::Text, "所属行政执法案卷", "which enforcement file it belongs to";
    /// The law that gives a way of its own to ask (Art. 36(7)).
    SpecialLaw = "special_law", FactForm::Text, "有特别规定的法律、行政法规及其条款", "the special law, to its article";
    /// Where to ask under that law.
    WhereToAsk = "where_to_ask", FactForm::Text, "查询的机构和方式", "where to ask under it";
    /// The search that was made: where, by what words, by whom (Art. 36(4); guiding case 101).
    Search = "search", FactForm::Text, "检索查找情况", "the search that was made";
    /// Name and contact of the organ that holds it (Art. 36(5)).
    OtherBody = "other_body", FactForm::Text, "负责公开的行政机关的名称和联系方式", "name and contact of the body that holds it";
    /// That no such organ could be found out, and how it was tried.
    OtherBodyUnknown = "other_body_unknown", FactForm::Text, "无法确定负责公开的行政机关的说明", "why the body that holds it cannot be found out";
    /// Which processing or analysis would be needed (Art. 38).
    WhyCreation = "why_creation", FactForm::Text, "需要加工、分析的说明", "why it would have to be made";
    /// The day of the request for correction (Art. 30).
    CorrectionNoticeOn = "correction_notice_on", FactForm::Date, "补正告知书的日期", "the date of the request for correction";
    /// By which way such matters are raised (Art. 39(1)).
    ProperChannel = "proper_channel", FactForm::Text, "反映诉求的渠道", "the proper channel";
    /// The number of the earlier reply (Art. 36(6)).
    EarlierReplyNumber = "earlier_reply_number", FactForm::Text, "此前答复书的文号", "the earlier reply's number";
    /// Its date.
    EarlierReplyOn = "earlier_reply_on", FactForm::Date, "此前答复书的日期", "the earlier reply's date";
    /// Where to get the publication (Art. 39(2)).
    PublicationWhere = "publication_where", FactForm::Text, "公开出版物的获取途径", "where to get the publication";
    /// How many requests, how often, for what (Art. 35).
    ExcessFacts = "excess_facts", FactForm::Text, "申请数量、频次的事实", "the facts of the excess";
    /// The applicant's reasons, or that he gave none (Art. 35).
    ReasonsGiven = "reasons_given", FactForm::Text, "申请人说明的理由", "the reasons the applicant gave";
    /// Why they do not hold (Art. 35).
    WhyUnreasonable = "why_unreasonable", FactForm::Text, "理由不合理的说明", "why they are unreasonable";
    /// When and how the applicant got the information before.
    ObtainedBefore = "obtained_before", FactForm::Text, "申请人此前获取该信息的情况", "when and how the applicant got it before";
    /// The day of the notice that was not followed (of correction, Art. 30; of the fee, fee measure, Art. 6).
    NoticeOn = "notice_on", FactForm::Date, "告知书（通知书）的日期", "the date of the notice";
    /// The day on which it reached the applicant.
    NoticeServedOn = "notice_served_on", FactForm::Date, "告知书（通知书）的送达日期", "the date of its service";
    /// The last day of the applicant's period.
    ExpiredOn = "expired_on", FactForm::Date, "期限届满日期", "the date of expiry";
}

impl Fact {
    /// The fact with this code; `None` for any other text. The inverse of [`Fact::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fact| fact.code() == code)
    }

    /// The word with this code, of a fact that is chosen from a list.
    pub fn word(self, code: &str) -> Option<Word> {
        match self.form() {
            FactForm::Word(words) => words.iter().copied().find(|word| word.code == code),
            FactForm::Text | FactForm::Date => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel::tests::assert_coded;

    #[test]
    fn facts_are_coded() {
        assert_coded(Fact::ALL, Fact::code, Fact::parse, [Fact::label_zh, Fact::label_en]);
        assert_eq!(Fact::SecrecyLevel.word("secret").map(|word| word.zh), Some("机密"));
        assert_eq!((Fact::SecrecyLevel.word("workflow"), Fact::Reason.word("secret")), (None, None));
    }
}
