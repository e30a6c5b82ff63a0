//! What a secrecy and privacy review answers about what goes out: the reply's words, and what is released with it (Arts. 14, 15, 17;
//! 保密法 2024 Art. 35). The answers are kept with the decision.

use serde::{Deserialize, Serialize};

/// A question of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// 国家秘密 (Art. 14).
    StateSecret,
    /// 工作秘密 (保密法 2024 Art. 64).
    WorkSecret,
    /// 商业秘密 (Art. 15).
    TradeSecret,
    /// 个人隐私、个人信息: clear when there is none, or it was removed (Art. 15).
    PersonalData,
    /// 汇聚关联风险: whether it tells a secret together with what is known already (保密法 2024 Art. 36).
    AggregationRisk,
}

impl Question {
    /// Every question, in the order of the form.
    pub const ALL: &'static [Self] =
        &[Self::StateSecret, Self::WorkSecret, Self::TradeSecret, Self::PersonalData, Self::AggregationRisk];

    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::StateSecret => "state_secret",
            Self::WorkSecret => "work_secret",
            Self::TradeSecret => "trade_secret",
            Self::PersonalData => "personal_data",
            Self::AggregationRisk => "aggregation_risk",
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::StateSecret => "国家秘密",
            Self::WorkSecret => "工作秘密",
            Self::TradeSecret => "商业秘密",
            Self::PersonalData => "个人隐私和个人信息",
            Self::AggregationRisk => "汇聚关联风险",
        }
    }

    /// Whether the law lets it go out all the same: with consent, or for the public interest (Art. 15).
    fn may_go_out(self) -> bool {
        match self {
            Self::TradeSecret | Self::PersonalData => true,
            Self::StateSecret | Self::WorkSecret | Self::AggregationRisk => false,
        }
    }
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 不涉及、已处理: nothing of it goes out.
    Clear,
    /// 涉及: something of it goes out.
    Found,
    /// 不能确定.
    Unsure,
}

impl Answer {
    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Found => "found",
            Self::Unsure => "unsure",
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Clear => "不涉及",
            Self::Found => "涉及",
            Self::Unsure => "不能确定",
        }
    }
}

/// The answers of one review, whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// See [`Question::StateSecret`].
    pub state_secret: Answer,
    /// See [`Question::WorkSecret`].
    pub work_secret: Answer,
    /// See [`Question::TradeSecret`].
    pub trade_secret: Answer,
    /// See [`Question::PersonalData`].
    pub personal_data: Answer,
    /// See [`Question::AggregationRisk`].
    pub aggregation_risk: Answer,
}

impl Checklist {
    /// Every answer clear.
    pub const CLEAR: Self = Self {
        state_secret: Answer::Clear,
        work_secret: Answer::Clear,
        trade_secret: Answer::Clear,
        personal_data: Answer::Clear,
        aggregation_risk: Answer::Clear,
    };

    /// The answer to a question.
    pub fn answer(&self, question: Question) -> Answer {
        match question {
            Question::StateSecret => self.state_secret,
            Question::WorkSecret => self.work_secret,
            Question::TradeSecret => self.trade_secret,
            Question::PersonalData => self.personal_data,
            Question::AggregationRisk => self.aggregation_risk,
        }
    }

    /// The first question whose answer stands against a pass. What is unsure is cleared up first (a state secret by the secrecy
    /// authority, Art. 17(3)); what the law may let go out (Art. 15) passes with a remark that says why.
    ///
    /// ```
    /// use gongkai::domain::review::{Answer, Checklist, Question};
    ///
    /// assert_eq!(Checklist::CLEAR.against_pass(false), None);
    /// let consented = Checklist { personal_data: Answer::Found, ..Checklist::CLEAR };
    /// assert_eq!(consented.against_pass(false), Some(Question::PersonalData));
    /// assert_eq!(consented.against_pass(true), None);
    /// let secret = Checklist { state_secret: Answer::Found, ..Checklist::CLEAR };
    /// assert_eq!(secret.against_pass(true), Some(Question::StateSecret));
    /// ```
    pub fn against_pass(&self, with_remark: bool) -> Option<Question> {
        let against = |question: &Question| match self.answer(*question) {
            Answer::Clear => false,
            Answer::Found => !(with_remark && question.may_go_out()),
            Answer::Unsure => true,
        };
        Question::ALL.iter().copied().find(against)
    }
}
