//! Security labels (安全标记; GB/T 22239-2019, 8.1.4.2 g): what a case is, and up to what somebody is cleared to read. One scale, from
//! what everybody at work on cases may read to what may become a state secret; nobody reads above his clearance.

use serde::{Deserialize, Serialize};

/// How sensitive a case is (敏感级别); of somebody, up to what he may read (可阅级别), that included. The order is that of the law's
/// protections: a case bears one label, the highest that anything in its file asks for.
///
/// ```
/// use gongkai::domain::sensitivity::Sensitivity;
///
/// // A request for a bidder's price list is labelled a trade secret. A clerk cleared for personal privacy does not read it.
/// assert!(!Sensitivity::PersonalPrivacy.reads(Sensitivity::TradeSecret));
/// // Who is cleared for what is proposed to be classified reads all.
/// assert!(Sensitivity::ALL.iter().all(|label| Sensitivity::ProposedSecret.reads(*label)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// 普通: what every case is from the beginning. Applicants' data are masked in it all the same.
    #[default]
    Ordinary,
    /// 个人隐私: somebody's privacy beyond what every request holds (Art. 15).
    PersonalPrivacy,
    /// 商业秘密: somebody's trade secrets (Art. 15).
    TradeSecret,
    /// 拟定密: to be determined whether it is a state secret (Art. 14). What is one does not belong here at all.
    ProposedSecret,
}

impl Sensitivity {
    /// Every label, from the lowest.
    pub const ALL: &'static [Self] =
        &[Self::Ordinary, Self::PersonalPrivacy, Self::TradeSecret, Self::ProposedSecret];

    /// The highest: who is cleared for it reads everything.
    pub const HIGHEST: Self = Self::ProposedSecret;

    /// Whether somebody with this clearance may read what bears that label.
    pub fn reads(self, label: Self) -> bool {
        label <= self
    }

    /// The word used in the API and in the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::PersonalPrivacy => "personal_privacy",
            Self::TradeSecret => "trade_secret",
            Self::ProposedSecret => "proposed_secret",
        }
    }

    /// Its Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Ordinary => "普通",
            Self::PersonalPrivacy => "个人隐私",
            Self::TradeSecret => "商业秘密",
            Self::ProposedSecret => "拟定密",
        }
    }

    /// Its English name, within a sentence.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::PersonalPrivacy => "personal privacy",
            Self::TradeSecret => "trade secret",
            Self::ProposedSecret => "proposed secret",
        }
    }

    /// Where it stands on the scale, from 0.
    pub fn level(self) -> i32 {
        match self {
            Self::Ordinary => 0,
            Self::PersonalPrivacy => 1,
            Self::TradeSecret => 2,
            Self::ProposedSecret => 3,
        }
    }

    /// The one at that place of the scale.
    pub fn of_level(level: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|label| label.level() == level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_its_levels_and_its_words_agree() {
        for (n, label) in Sensitivity::ALL.iter().enumerate() {
            assert_eq!(usize::try_from(label.level()).ok(), Some(n));
            assert_eq!(Sensitivity::of_level(label.level()), Some(*label));
            for other in Sensitivity::ALL {
                assert_eq!(label.reads(*other), other.level() <= label.level());
            }
        }
        assert_eq!(Sensitivity::ALL.last(), Some(&Sensitivity::HIGHEST));
        assert_eq!((Sensitivity::of_level(-1), Sensitivity::of_level(4)), (None, None));
    }
}
