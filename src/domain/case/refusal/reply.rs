//! Why a command about the reply and its review is refused.

use crate::domain::lang::Lang;
use crate::domain::reply::Fault;

/// The reasons there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyRefusal {
    /// The draft lacks what the law asks of its outcome: everything that is missing.
    Incomplete(Vec<Fault>),
    /// The draft says what does not belong: everything that is wrong.
    Wrong(Vec<Fault>),
}

impl ReplyRefusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Incomplete(_) => "reply_incomplete",
            Self::Wrong(_) => "reply_wrong",
        }
    }

    pub(super) fn article(&self) -> &'static str {
        match self {
            Self::Incomplete(_) | Self::Wrong(_) => "政府信息公开条例 第36条",
        }
    }

    pub(super) fn zh(&self) -> String {
        match self {
            Self::Incomplete(faults) => {
                format!("答复稿还缺少法定内容，不能送审或者发出：{}", listed(faults, Lang::Zh))
            }
            Self::Wrong(faults) => format!("答复稿有不符合规定的内容：{}", listed(faults, Lang::Zh)),
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::Incomplete(faults) => {
                format!("The draft lacks what the law asks of such a reply. {}", listed(faults, Lang::En))
            }
            Self::Wrong(faults) => {
                format!("The draft says what does not belong in such a reply. {}", listed(faults, Lang::En))
            }
        }
    }

    /// What is missing or wrong, each with its place in the draft.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Incomplete(faults) | Self::Wrong(faults) => faults,
        }
    }
}

fn listed(faults: &[Fault], lang: Lang) -> String {
    let each: Vec<String> = faults.iter().map(|fault| fault.message(lang)).collect();
    each.join(lang.pick("", " "))
}
