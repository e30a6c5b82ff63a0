//! 复议、诉讼、投诉举报: the ways in which an applicant has a reply (or silence) examined by somebody else, what is owed to whoever
//! examines it, and how it ends.

use serde::{Deserialize, Serialize};

use super::statute::{Limit, Limits};

/// What was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyKind {
    /// 行政复议.
    Reconsideration,
    /// 行政诉讼, 未经复议直接起诉.
    LitigationDirect,
    /// 行政诉讼, 复议后起诉.
    LitigationAfterReconsideration,
    /// 投诉举报 (Arts. 47, 51): not a row of the annual report's table 4.
    Complaint,
}

impl RemedyKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Reconsideration,
        Self::LitigationDirect,
        Self::LitigationAfterReconsideration,
        Self::Complaint,
    ];

    /// The word used in the API and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reconsideration => "reconsideration",
            Self::LitigationDirect => "litigation_direct",
            Self::LitigationAfterReconsideration => "litigation_after_reconsideration",
            Self::Complaint => "complaint",
        }
    }

    /// The kind with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Reconsideration => "行政复议",
            Self::LitigationDirect => "行政诉讼（未经复议直接起诉）",
            Self::LitigationAfterReconsideration => "行政诉讼（复议后起诉）",
            Self::Complaint => "投诉举报",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Reconsideration => "reconsideration",
            Self::LitigationDirect => "direct suit",
            Self::LitigationAfterReconsideration => "suit after reconsideration",
            Self::Complaint => "complaint",
        }
    }

    /// Whether this procedure is one that such a remedy may take: a complaint has none of its own.
    pub fn takes(self, procedure: Procedure) -> bool {
        match self {
            Self::Reconsideration | Self::LitigationDirect | Self::LitigationAfterReconsideration => true,
            Self::Complaint => procedure == Procedure::Ordinary,
        }
    }

    /// The period for our answer, from the day its papers reached us; `None` where the statute sets none.
    ///
    /// Reconsideration Law, Arts. 48 and 54 (with 88(2): working days): 10 in the ordinary procedure, 5 in the simplified one.
    /// Administrative Litigation Law, Art. 67: 15 days, in either procedure. Complaints: the office's own setting.
    ///
    /// Papers received on Monday 2 March 2026: the answer is due on Monday 16 March, in the simplified procedure on Monday
    /// 9 March; to a court, on Tuesday 17 March.
    pub fn answer_limit(self, procedure: Procedure, limits: &Limits) -> Option<&Limit> {
        match (self, procedure) {
            (Self::Reconsideration, Procedure::Ordinary) => limits.reconsideration_answer.as_ref(),
            (Self::Reconsideration, Procedure::Simplified) => {
                limits.reconsideration_answer_simplified.as_ref()
            }
            (Self::LitigationDirect | Self::LitigationAfterReconsideration, _) => {
                limits.litigation_answer.as_ref()
            }
            (Self::Complaint, _) => limits.complaint_answer.as_ref(),
        }
    }
}

/// How it is examined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Procedure {
    /// 普通程序.
    #[default]
    Ordinary,
    /// 简易程序 (Reconsideration Law, Art. 53; Administrative Litigation Law, Art. 82).
    Simplified,
}

impl Procedure {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Ordinary, Self::Simplified];

    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Simplified => "simplified",
        }
    }

    /// The procedure with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|procedure| procedure.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Ordinary => "普通程序",
            Self::Simplified => "简易程序",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary procedure",
            Self::Simplified => "simplified procedure",
        }
    }
}

/// How it ended: a column of the annual report's table 4. While it has not, it is pending (尚未审结), which nobody records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyResult {
    /// 结果维持: upheld; claims dismissed.
    Upheld,
    /// 结果纠正: changed, revoked (in part), found unlawful or void, ordered to perform.
    Corrected,
    /// 其他结果: not accepted, rejected as inadmissible, withdrawn, mediated.
    OtherResult,
}

impl RemedyResult {
    /// Every result.
    pub const ALL: &'static [Self] = &[Self::Upheld, Self::Corrected, Self::OtherResult];

    /// The word used in the API and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Corrected => "corrected",
            Self::OtherResult => "other_result",
        }
    }

    /// The result with this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|result| result.code() == code)
    }

    /// The Chinese name, as the form of table 4 has it.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Upheld => "结果维持",
            Self::Corrected => "结果纠正",
            Self::OtherResult => "其他结果",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Corrected => "corrected",
            Self::OtherResult => "other result",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel::tests::assert_coded;

    #[test]
    fn the_words_of_remedies_are_coded() {
        let labels = [RemedyKind::label_zh, RemedyKind::label_en];
        assert_coded(RemedyKind::ALL, RemedyKind::code, RemedyKind::parse, labels);
        let labels = [Procedure::label_zh, Procedure::label_en];
        assert_coded(Procedure::ALL, Procedure::code, Procedure::parse, labels);
        let labels = [RemedyResult::label_zh, RemedyResult::label_en];
        assert_coded(RemedyResult::ALL, RemedyResult::code, RemedyResult::parse, labels);
    }
}
