//! What the events about the applicant hold: talks with somebody (沟通联系), and the applicant's rating (好差评). Neither moves
//! the clock.

use serde::{Deserialize, Serialize};

use super::TextRef;

/// By what means somebody was talked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactMeans {
    /// 电话.
    Phone,
    /// 当面.
    InPerson,
    /// 信函.
    Letter,
    /// 电子邮件.
    Email,
    /// 其他.
    Other,
}

/// With whom. Never a name: that is in the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactWith {
    /// 申请人.
    Applicant,
    /// 第三方.
    ThirdParty,
    /// 其他人.
    Other,
}

impl ContactWith {
    /// Its Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Applicant => "申请人",
            Self::ThirdParty => "第三方",
            Self::Other => "其他人",
        }
    }
}

/// Somebody was talked with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactLogged {
    /// Counts from 1 within the case.
    pub n: u32,
    /// By what means.
    pub means: ContactMeans,
    /// With whom.
    pub with: ContactWith,
    /// What was said.
    pub summary: TextRef,
}

/// How satisfied an applicant is, from 1 (the worst) to 5 (the best).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(u8);

impl Score {
    /// The worst.
    pub const LEAST: u8 = 1;
    /// The best.
    pub const MOST: u8 = 5;

    /// `None` outside of 1 to 5.
    pub fn new(score: u8) -> Option<Self> {
        (Self::LEAST..=Self::MOST).contains(&score).then_some(Self(score))
    }

    /// As a number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Score {
    type Error = &'static str;
    fn try_from(score: u8) -> Result<Self, Self::Error> {
        Self::new(score).ok_or("expected a score from 1 to 5")
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// Where the applicant gave the rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingChannel {
    /// 现场.
    Counter,
    /// 网上.
    Online,
    /// 电话.
    Phone,
    /// 信函.
    Letter,
    /// 其他.
    Other,
}

/// 好差评: the applicant rated how the request was handled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rated {
    /// How satisfied.
    pub score: Score,
    /// Where it was given, when known.
    pub channel: Option<RatingChannel>,
    /// The applicant's words.
    pub comment: Option<TextRef>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_from_1_to_5_also_when_it_is_read() {
        for score in 0..=u8::MAX {
            let read = Score::try_from(score).ok();
            assert_eq!(read, Score::new(score));
            assert_eq!(read.map(Score::get), (1..=5).contains(&score).then_some(score));
        }
    }
}
