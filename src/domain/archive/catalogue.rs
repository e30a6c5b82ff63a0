//! The catalogue of a file (卷内目录): every event of a case is a piece of it, with the words and proofs that it commits to.

mod attachments;
mod remedies;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::case::Recorded;
use crate::domain::case::event::{Attached, Digest, Event};
use crate::domain::ids::AttachmentId;
use crate::domain::remedy::RemedyKind;
use crate::domain::review::Level;
pub use words::Words;

/// Who made a piece (责任者). Never a name: those are words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// 申请人.
    Applicant,
    /// 本机关.
    Agency,
    /// 被征求意见方.
    Consulted,
    /// 复议机关、人民法院、投诉举报的办理机关: whoever examines a reply.
    Examiner,
    /// 保密行政管理部门.
    SecrecyAuthority,
    /// 节假日安排的发布机关.
    CalendarAuthority,
}

impl Author {
    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Agency => "agency",
            Self::Consulted => "consulted",
            Self::Examiner => "examiner",
            Self::SecrecyAuthority => "secrecy_authority",
            Self::CalendarAuthority => "calendar_authority",
        }
    }

    /// Its Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Applicant => "申请人",
            Self::Agency => "本机关",
            Self::Consulted => "被征求意见方",
            Self::Examiner => "复议机关、人民法院等",
            Self::SecrecyAuthority => "保密行政管理部门",
            Self::CalendarAuthority => "国务院办公厅",
        }
    }
}

/// What a piece is (文种).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentType {
    /// 申请: what the applicant sent.
    Application,
    /// 登记: what the office noted down.
    Register,
    /// 告知书、通知书: what the applicant was told.
    Notice,
    /// 函: what somebody else was asked.
    Letter,
    /// 复函: what he answered.
    Answer,
    /// 审批: a proposal, an opinion or a decision within the office.
    Approval,
    /// 稿本: a version of the reply.
    Draft,
    /// 答复书: the reply.
    Reply,
    /// 答辩书: what the office answered to whoever examines its reply.
    Defence,
    /// 裁决文书: what came of it.
    Ruling,
    /// 凭证: what shows that something was sent, received or paid.
    Proof,
    /// 附件: a file that is none of these.
    Attachment,
}

impl DocumentType {
    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Register => "register",
            Self::Notice => "notice",
            Self::Letter => "letter",
            Self::Answer => "answer",
            Self::Approval => "approval",
            Self::Draft => "draft",
            Self::Reply => "reply",
            Self::Defence => "defence",
            Self::Ruling => "ruling",
            Self::Proof => "proof",
            Self::Attachment => "attachment",
        }
    }

    /// Its Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Application => "申请",
            Self::Register => "登记",
            Self::Notice => "告知书",
            Self::Letter => "函",
            Self::Answer => "复函",
            Self::Approval => "审批",
            Self::Draft => "稿本",
            Self::Reply => "答复书",
            Self::Defence => "答辩书",
            Self::Ruling => "裁决文书",
            Self::Proof => "凭证",
            Self::Attachment => "附件",
        }
    }
}

/// One piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// 文档序号: its number within the file, from 1.
    pub number: u32,
    /// The event it is of: its place in the case, from 1.
    pub seq: u32,
    /// The event's type.
    pub event: &'static str,
    /// 题名, in Chinese.
    pub title: String,
    /// 文种.
    pub document_type: DocumentType,
    /// 责任者.
    pub author: Author,
    /// 日期: the civil date on which it happened.
    pub on: NaiveDate,
    /// The words it commits to.
    pub words: Vec<Words<'a>>,
    /// The hash of the content reviewed, of a version of the reply and of what is about it.
    pub content: Option<Digest>,
    /// The file that was attached.
    pub file: Option<&'a Attached>,
}

/// The catalogue of a file, in the order of the record.
///
/// The oldest event is piece 1, so that a piece keeps its number however long the record grows.
pub fn catalogue(events: &[Recorded]) -> Vec<Piece<'_>> {
    let known = Known { remedies: remedies::kinds(events), files: attachments::numbers(events) };
    events.iter().zip(1_u32..).map(|(recorded, number)| piece(recorded, number, &known)).collect()
}

/// What earlier events of a record say of what later ones name by number or id.
struct Known {
    remedies: BTreeMap<u32, RemedyKind>,
    files: BTreeMap<AttachmentId, u32>,
}

impl Known {
    fn file(&self, id: AttachmentId) -> u32 {
        self.files.get(&id).copied().unwrap_or_default()
    }
}

fn piece<'a>(recorded: &'a Recorded, number: u32, known: &Known) -> Piece<'a> {
    let (title, document_type, author) = described(&recorded.event, known);
    Piece {
        number,
        seq: recorded.seq,
        event: recorded.event.type_code(),
        title,
        document_type,
        author,
        on: recorded.on,
        words: words::of(&recorded.event),
        content: content(&recorded.event),
        file: if let Event::Attached(file) = &recorded.event { Some(file) } else { None },
    }
}

/// Title, type and author of an event's piece.
fn described(event: &Event, known: &Known) -> (String, DocumentType, Author) {
    use Author as A;
    use DocumentType as T;
    let kinds = &known.remedies;
    let plain = |title: &str, kind, author| (title.to_owned(), kind, author);
    match event {
        Event::Received { .. } => plain("政府信息公开申请", T::Application, A::Applicant),
        Event::Confirmed { .. } => plain("收到申请之日双方确认记录", T::Register, A::Agency),
        Event::Registered { .. } => plain("申请登记", T::Register, A::Agency),
        Event::Assigned { n, .. } => (format!("分办单（第{n}号）"), T::Register, A::Agency),
        Event::Acknowledged { n } => (format!("分办单签收（第{n}号）"), T::Register, A::Agency),
        Event::Returned { n, .. } => (format!("分办单退回（第{n}号）"), T::Register, A::Agency),
        Event::Drafted { version, .. } => (format!("答复稿（第{version}稿）"), T::Draft, A::Agency),
        Event::Submitted { version, .. } => (format!("答复稿送审（第{version}稿）"), T::Approval, A::Agency),
        Event::Reviewed { step, level: Level::First, .. } => {
            (format!("{}意见", step.label_zh()), T::Approval, A::Agency)
        }
        Event::Reviewed { step, level, .. } => {
            (format!("{}意见（{}）", step.label_zh(), level.label_zh()), T::Approval, A::Agency)
        }
        Event::ReferralAnswered(_) => plain("保密行政管理部门答复", T::Answer, A::SecrecyAuthority),
        Event::Issued { outcome, number: Some(number), .. } => {
            (format!("政府信息公开申请答复书（{}，{number}）", outcome.label_zh()), T::Reply, A::Agency)
        }
        Event::Issued { outcome, number: None, .. } | Event::ReplyImported { outcome } => {
            (format!("政府信息公开申请答复书（{}）", outcome.label_zh()), T::Reply, A::Agency)
        }
        Event::Dispatched { n, .. } => (format!("答复发出凭证（第{n}次）"), T::Proof, A::Agency),
        Event::Served { n, .. } => (format!("答复送达凭证（第{n}次）"), T::Proof, A::Agency),
        Event::Withdrawn { .. } => plain("撤回申请", T::Application, A::Applicant),
        Event::Archived { .. } => plain("归档登记", T::Register, A::Agency),
        Event::CorrectionRequested(it) => (format!("补正告知书（第{}次）", it.n), T::Notice, A::Agency),
        Event::CorrectionServed(it) => (format!("补正告知送达凭证（第{}次）", it.n), T::Proof, A::Agency),
        Event::Corrected(it) => (format!("补正材料（第{}次）", it.n), T::Application, A::Applicant),
        Event::CorrectionLapsed(_) => plain("逾期不补正不再处理登记", T::Register, A::Agency),
        Event::ConsultationSent(it) => (format!("征求意见函（第{}号）", it.n), T::Letter, A::Agency),
        Event::ConsultationServed(it) => (format!("征求意见函送达凭证（第{}号）", it.n), T::Proof, A::Agency),
        Event::ConsultationAnswered(it) => (format!("意见答复（第{}号）", it.n), T::Answer, A::Consulted),
        Event::ConsultationLapsed(it) => {
            (format!("逾期未提意见登记（第{}号）", it.n), T::Register, A::Agency)
        }
        Event::ExtensionProposed(it) => (format!("延期审批（第{}次）提出", it.n), T::Approval, A::Agency),
        Event::ExtensionDecided(it) => (format!("延期审批（第{}次）决定", it.n), T::Approval, A::Agency),
        Event::ExtensionNotified(it) => (format!("延长答复期限告知书（第{}次）", it.n), T::Notice, A::Agency),
        Event::ReasonsRequested(it) => (format!("说明理由通知书（第{}次）", it.n), T::Notice, A::Agency),
        Event::ReasonsGiven(it) => (format!("申请人说明理由（第{}次）", it.n), T::Application, A::Applicant),
        Event::DelayedReplySet(_) => plain("延迟答复告知书", T::Notice, A::Agency),
        Event::FeeProposed(it) => (format!("收费审批（第{}次）提出", it.n), T::Approval, A::Agency),
        Event::FeeDecided(it) => (format!("收费审批（第{}次）决定", it.n), T::Approval, A::Agency),
        Event::FeeNotified(it) => (format!("收费通知书（第{}次）", it.n), T::Notice, A::Agency),
        Event::FeeServed(it) => (format!("收费通知送达凭证（第{}次）", it.n), T::Proof, A::Agency),
        Event::FeePaid(it) => (format!("缴费凭证（第{}次）", it.n), T::Proof, A::Applicant),
        Event::FeeLapsed(_) => plain("逾期不缴费不再处理登记", T::Register, A::Agency),
        Event::RemedyFiled(it) => remedies::papers(it.n, it.kind),
        Event::RemedyAnswered(it) => remedies::answer(it.n, kinds.get(&it.n)),
        Event::RemedyConcluded(it) => remedies::ruling(it, kinds.get(&it.n)),
        Event::RemedyVoided(it) => (format!("复议诉讼投诉登记更正（第{}件）", it.n), T::Register, A::Agency),
        Event::HoldPlaced(it) => (format!("暂缓处置登记（第{}次）", it.n), T::Register, A::Agency),
        Event::HoldLifted(it) => (format!("解除暂缓处置登记（第{}次）", it.n), T::Register, A::Agency),
        Event::SensitivityChanged(it) => {
            (format!("敏感级别变更登记（{}）", it.to.label_zh()), T::Register, A::Agency)
        }
        Event::AppraisalProposed(it) => (format!("档案鉴定意见（第{}次）", it.n), T::Approval, A::Agency),
        Event::AppraisalDecided(it) => (format!("档案鉴定审批（第{}次）", it.n), T::Approval, A::Agency),
        Event::ContactLogged(it) => {
            (format!("沟通联系记录（第{}次，与{}）", it.n, it.with.label_zh()), T::Register, A::Agency)
        }
        Event::Rated(it) => (format!("申请人评价（{}分）", it.score.get()), T::Register, A::Applicant),
        Event::PublicationProposed(it) => {
            (format!("转为主动公开（第{}件）提出", it.n), T::Approval, A::Agency)
        }
        Event::PublicationDecided(it) => {
            (format!("转为主动公开（第{}件）决定", it.n), T::Approval, A::Agency)
        }
        Event::Published(it) => (format!("主动公开登记（第{}件）", it.n), T::Register, A::Agency),
        Event::PublicationWithdrawn(it) => {
            (format!("撤下主动公开登记（第{}件）", it.n), T::Register, A::Agency)
        }
        Event::Attached(it) => attachments::attached(known.file(it.attachment), it),
        Event::AttachmentStruck(it) => attachments::noted(known.file(it.attachment), "附件撤下登记"),
        Event::AttachmentBlocked(it) => attachments::noted(known.file(it.attachment), "附件发现有害内容登记"),
        Event::Related(it) => {
            (format!("{}登记（第{}号关联）", it.kind.label_zh(), it.n), T::Register, A::Agency)
        }
        Event::Amended { .. } => plain("更正登记", T::Register, A::Agency),
        Event::HandedOver(_) => plain("移交登记（机构调整）", T::Register, A::Agency),
        Event::CalendarChanged { notice, .. } => {
            (format!("放假安排调整（{notice}）"), T::Notice, A::CalendarAuthority)
        }
    }
}

fn content(event: &Event) -> Option<Digest> {
    if let Event::Drafted { content, .. }
    | Event::Submitted { content, .. }
    | Event::Reviewed { content, .. }
    | Event::Issued { content, .. } = event
    {
        Some(*content)
    } else {
        None
    }
}
