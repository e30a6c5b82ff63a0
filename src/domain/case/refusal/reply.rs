//! Why a command about the reply and its review is refused.

use crate::domain::lang::Lang;
use crate::domain::reply::Fault;
use crate::domain::review::Question;

/// The reasons there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyRefusal {
    /// The draft lacks what the law asks of its outcome: everything that is missing.
    Incomplete(Vec<Fault>),
    /// The draft says what does not belong: everything that is wrong.
    Wrong(Vec<Fault>),
    /// A pass with a remark needs the remark.
    RemarkMissing,
    /// A referral needs the question.
    QuestionMissing,
    /// Only a secrecy review refers to the secrecy authority.
    NotToRefer,
    /// The secrecy authority has not answered yet.
    AnswerAwaited,
    /// Nothing waits for the secrecy authority.
    NothingReferred,
    /// The secrecy authority found a secret in what would be released whole.
    FoundSecret,
    /// A secrecy review passes with its checklist answered.
    ChecklistMissing,
    /// Only a secrecy review has a checklist.
    ChecklistMisplaced,
    /// This answer of the checklist stands against a pass.
    ChecklistOpen(Question),
    /// The step names another person.
    AnothersStep,
    /// No delegation of that day lets him act for that person.
    NotDelegated,
    /// The absent person for whom somebody acts drafted a version of the reply.
    DelegatorDrafted,
}

impl ReplyRefusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Incomplete(_) => "reply_incomplete",
            Self::Wrong(_) => "reply_wrong",
            Self::RemarkMissing => "remark_missing",
            Self::QuestionMissing => "question_missing",
            Self::NotToRefer => "not_to_refer",
            Self::AnswerAwaited => "answer_awaited",
            Self::NothingReferred => "nothing_referred",
            Self::FoundSecret => "found_secret",
            Self::ChecklistMissing => "checklist_missing",
            Self::ChecklistMisplaced => "checklist_misplaced",
            Self::ChecklistOpen(_) => "checklist_open",
            Self::AnothersStep => "anothers_step",
            Self::NotDelegated => "not_delegated",
            Self::DelegatorDrafted => "delegator_drafted",
        }
    }

    pub(super) fn article(&self) -> Option<&'static str> {
        match self {
            Self::Incomplete(_) | Self::Wrong(_) => Some("政府信息公开条例 第36条"),
            Self::NotToRefer
            | Self::QuestionMissing
            | Self::AnswerAwaited
            | Self::NothingReferred
            | Self::FoundSecret
            | Self::ChecklistMissing => Some("政府信息公开条例 第17条; 保守国家秘密法 第35条"),
            Self::ChecklistOpen(question) => Some(match question {
                Question::StateSecret => "政府信息公开条例 第14条、第17条",
                Question::WorkSecret => "保守国家秘密法 第64条",
                Question::TradeSecret | Question::PersonalData => "政府信息公开条例 第15条",
                Question::AggregationRisk => "保守国家秘密法 第36条",
            }),
            Self::RemarkMissing
            | Self::ChecklistMisplaced
            | Self::AnothersStep
            | Self::NotDelegated
            | Self::DelegatorDrafted => None,
        }
    }

    pub(super) fn zh(&self) -> String {
        match self {
            Self::Incomplete(faults) => {
                format!("答复稿还缺少法定内容，不能送审或者发出：{}", listed(faults, Lang::Zh))
            }
            Self::Wrong(faults) => format!("答复稿有不符合规定的内容：{}", listed(faults, Lang::Zh)),
            Self::RemarkMissing => "附意见通过必须写明意见。".to_owned(),
            Self::QuestionMissing => "报请确定必须写明请求确定的事项。".to_owned(),
            Self::NotToRefer => "只有保密审查环节可以报请保密行政管理部门确定。".to_owned(),
            Self::AnswerAwaited => "已报请保密行政管理部门确定，请先登记其答复再作决定。".to_owned(),
            Self::NothingReferred => "没有报请保密行政管理部门确定、尚待答复的事项。".to_owned(),
            Self::FoundSecret => {
                "保密行政管理部门确定其中有国家秘密，不得全部公开；请退回修改答复。".to_owned()
            }
            Self::ChecklistMissing => "保密审查通过必须逐项填写审查清单。".to_owned(),
            Self::ChecklistMisplaced => "只有保密审查环节填写审查清单。".to_owned(),
            Self::ChecklistOpen(question) => open_zh(*question),
            Self::AnothersStep => "该审核环节已指定他人办理；受其委托的，请在 acting_for 中写明。".to_owned(),
            Self::NotDelegated => "该日没有有效的委托，不得代该人员审核。".to_owned(),
            Self::DelegatorDrafted => "委托人起草过该答复，受托人不得代其审核。".to_owned(),
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
            Self::RemarkMissing => "A pass with a remark needs the remark.".to_owned(),
            Self::QuestionMissing => "A referral needs the question to the secrecy authority.".to_owned(),
            Self::NotToRefer => "Only a secrecy review refers to the secrecy authority.".to_owned(),
            Self::AnswerAwaited => {
                "The secrecy authority was asked: record its answer, then decide.".to_owned()
            }
            Self::NothingReferred => "Nothing waits for the secrecy authority.".to_owned(),
            Self::FoundSecret => {
                "The secrecy authority found a secret in it: it may not be released whole; return the draft."
                    .to_owned()
            }
            Self::ChecklistMissing => "A secrecy review passes with its checklist answered.".to_owned(),
            Self::ChecklistMisplaced => "Only a secrecy review has a checklist.".to_owned(),
            Self::ChecklistOpen(question) => open_en(*question),
            Self::AnothersStep => {
                "The step names another person; whoever acts for him by a delegation says so in acting_for."
                    .to_owned()
            }
            Self::NotDelegated => "No delegation of that day lets you act for this person.".to_owned(),
            Self::DelegatorDrafted => {
                "The person for whom you act drafted a version of this reply.".to_owned()
            }
        }
    }

    /// What is missing or wrong, each with its place in the draft.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Incomplete(faults) | Self::Wrong(faults) => faults,
            Self::RemarkMissing
            | Self::QuestionMissing
            | Self::NotToRefer
            | Self::AnswerAwaited
            | Self::NothingReferred
            | Self::FoundSecret
            | Self::ChecklistMissing
            | Self::ChecklistMisplaced
            | Self::ChecklistOpen(_)
            | Self::AnothersStep
            | Self::NotDelegated
            | Self::DelegatorDrafted => &[],
        }
    }
}

fn open_zh(question: Question) -> String {
    let subject = format!("审查清单中“{}”一项未能排除", question.label_zh());
    match question {
        Question::StateSecret => format!("{subject}，不得通过；不能确定的，应当报请保密行政管理部门确定。"),
        Question::WorkSecret | Question::AggregationRisk => format!("{subject}，不得通过，请退回修改。"),
        Question::TradeSecret | Question::PersonalData => {
            format!("{subject}；经同意公开或者因公共利益公开的，请附意见通过并写明理由，否则请退回修改。")
        }
    }
}

fn open_en(question: Question) -> String {
    let subject = format!("The checklist's answer to {} stands against a pass", question.code());
    match question {
        Question::StateSecret => format!("{subject}; what is unsure is referred to the secrecy authority."),
        Question::WorkSecret | Question::AggregationRisk => format!("{subject}: return the draft."),
        Question::TradeSecret | Question::PersonalData => format!(
            "{subject}: what goes out by consent or for the public interest passes with a remark that says so."
        ),
    }
}

fn listed(faults: &[Fault], lang: Lang) -> String {
    let each: Vec<String> = faults.iter().map(|fault| fault.message(lang)).collect();
    each.join(lang.pick("", " "))
}
