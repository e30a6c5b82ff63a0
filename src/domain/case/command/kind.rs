//! The names of commands, without their content.

use super::AttachmentKind;
use super::ContactKind;
use super::PublicationKind;
use super::RelationCommandKind;
use super::RemedyCommandKind;
use super::{DisposalKind, LabelKind};
use crate::domain::review::Step;

/// A command's name, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommandKind {
    /// See [`super::Command::Confirm`].
    Confirm,
    /// See [`super::Command::Register`].
    Register,
    /// See [`super::Command::Assign`] as lead.
    Assign,
    /// See [`super::Command::Assign`] for help.
    AssignCoHandling,
    /// See [`super::Command::Acknowledge`].
    Acknowledge,
    /// See [`super::Command::Return`].
    Return,
    /// See [`super::Command::Clock`].
    Clock(ClockKind),
    /// See [`super::Command::Draft`].
    Draft,
    /// See [`super::Command::Submit`].
    Submit,
    /// See [`super::Command::Review`], step `legal`.
    ReviewLegal,
    /// See [`super::Command::Review`], step `secrecy`.
    ReviewSecrecy,
    /// See [`super::Command::Review`], step `sign_off`.
    SignOff,
    /// See [`super::Command::Reply`].
    Reply(ReplyKind),
    /// See [`super::Command::Issue`].
    Issue,
    /// See [`super::Command::Dispatch`].
    Dispatch,
    /// See [`super::Command::Serve`].
    Serve,
    /// See [`super::Command::Withdraw`].
    Withdraw,
    /// See [`super::Command::Archive`].
    Archive,
    /// See [`super::Command::Disposal`].
    Disposal(DisposalKind),
    /// See [`super::Command::Label`].
    Label(LabelKind),
    /// See [`super::Command::Amend`], where the clock does not move.
    Amend,
    /// See [`super::Command::Amend`], of channel or date of receipt: the clock moves.
    AmendReceipt,
    /// See [`super::Command::Remedy`].
    Remedy(RemedyCommandKind),
    /// See [`super::Command::Contact`].
    Contact(ContactKind),
    /// See [`super::Command::Publication`].
    Publication(PublicationKind),
    /// See [`super::Command::Attachment`].
    Attachment(AttachmentKind),
    /// See [`super::Command::Relation`].
    Relation(RelationCommandKind),
}

impl CommandKind {
    /// Every kind, in the order of the work.
    pub const ALL: &'static [Self] = &[
        Self::Confirm,
        Self::Register,
        Self::Assign,
        Self::AssignCoHandling,
        Self::Acknowledge,
        Self::Return,
        Self::Clock(ClockKind::RequestCorrection),
        Self::Clock(ClockKind::RequestCorrectionByException),
        Self::Clock(ClockKind::ServeCorrection),
        Self::Clock(ClockKind::RecordCorrection),
        Self::Clock(ClockKind::LapseCorrection),
        Self::Clock(ClockKind::Consult),
        Self::Clock(ClockKind::ServeConsultation),
        Self::Clock(ClockKind::RecordAnswer),
        Self::Clock(ClockKind::LapseConsultation),
        Self::Clock(ClockKind::ProposeExtension),
        Self::Clock(ClockKind::DecideExtension),
        Self::Clock(ClockKind::NotifyExtension),
        Self::Clock(ClockKind::RequestReasons),
        Self::Clock(ClockKind::RecordReasons),
        Self::Clock(ClockKind::SetDelayedReply),
        Self::Clock(ClockKind::ProposeFee),
        Self::Clock(ClockKind::DecideFee),
        Self::Clock(ClockKind::NotifyFee),
        Self::Clock(ClockKind::ServeFee),
        Self::Clock(ClockKind::RecordPayment),
        Self::Clock(ClockKind::LapseFee),
        Self::Draft,
        Self::Submit,
        Self::ReviewLegal,
        Self::ReviewSecrecy,
        Self::SignOff,
        Self::Reply(ReplyKind::AnswerReferral),
        Self::Issue,
        Self::Dispatch,
        Self::Serve,
        Self::Withdraw,
        Self::Archive,
        Self::Disposal(DisposalKind::PlaceHold),
        Self::Disposal(DisposalKind::LiftHold),
        Self::Disposal(DisposalKind::ProposeAppraisal),
        Self::Disposal(DisposalKind::DecideAppraisal),
        Self::Label(LabelKind::Raise),
        Self::Label(LabelKind::Lower),
        Self::Amend,
        Self::AmendReceipt,
        Self::Remedy(RemedyCommandKind::File),
        Self::Remedy(RemedyCommandKind::Answer),
        Self::Remedy(RemedyCommandKind::Conclude),
        Self::Remedy(RemedyCommandKind::Void),
        Self::Contact(ContactKind::Log),
        Self::Contact(ContactKind::Rate),
        Self::Publication(PublicationKind::Suggest),
        Self::Publication(PublicationKind::Propose),
        Self::Publication(PublicationKind::Decide),
        Self::Publication(PublicationKind::Publish),
        Self::Publication(PublicationKind::Withdraw),
        Self::Attachment(AttachmentKind::Attach),
        Self::Attachment(AttachmentKind::AttachToReply),
        Self::Attachment(AttachmentKind::Strike),
        Self::Relation(RelationCommandKind::HandOn),
        Self::Relation(RelationCommandKind::Split),
        Self::Relation(RelationCommandKind::Merge),
        Self::Relation(RelationCommandKind::LinkRepeat),
        Self::Relation(RelationCommandKind::LinkSupplement),
    ];

    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Register => "register",
            Self::Assign => "assign",
            Self::AssignCoHandling => "assign_co_handling",
            Self::Acknowledge => "acknowledge",
            Self::Return => "return",
            Self::Clock(kind) => kind.code(),
            Self::Reply(kind) => kind.code(),
            Self::Draft => "draft",
            Self::Submit => "submit",
            Self::ReviewLegal => "review_legal",
            Self::ReviewSecrecy => "review_secrecy",
            Self::SignOff => "sign_off",
            Self::Issue => "issue",
            Self::Dispatch => "dispatch",
            Self::Serve => "serve",
            Self::Withdraw => "withdraw",
            Self::Archive => "archive",
            Self::Disposal(kind) => kind.code(),
            Self::Label(kind) => kind.code(),
            Self::Amend => "amend",
            Self::AmendReceipt => "amend_receipt",
            Self::Remedy(kind) => kind.code(),
            Self::Contact(kind) => kind.code(),
            Self::Publication(kind) => kind.code(),
            Self::Attachment(kind) => kind.code(),
            Self::Relation(kind) => kind.code(),
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Confirm => "确认接收",
            Self::Register => "登记",
            Self::Assign => "分办（转办）",
            Self::AssignCoHandling => "协办",
            Self::Acknowledge => "签收",
            Self::Return => "退回",
            Self::Clock(kind) => kind.label_zh(),
            Self::Reply(kind) => kind.label_zh(),
            Self::Draft => "拟稿",
            Self::Submit => "送审",
            Self::ReviewLegal => "法制审核",
            Self::ReviewSecrecy => "保密审查",
            Self::SignOff => "签发",
            Self::Issue => "发出答复",
            Self::Dispatch => "登记送达（发出）",
            Self::Serve => "登记送达（签收）",
            Self::Withdraw => "登记撤回",
            Self::Archive => "归档",
            Self::Disposal(kind) => kind.label_zh(),
            Self::Label(kind) => kind.label_zh(),
            Self::Amend => "更正",
            Self::AmendReceipt => "更正接收日期或渠道",
            Self::Remedy(kind) => kind.label_zh(),
            Self::Contact(kind) => kind.label_zh(),
            Self::Publication(kind) => kind.label_zh(),
            Self::Attachment(kind) => kind.label_zh(),
            Self::Relation(kind) => kind.label_zh(),
        }
    }

    /// The kind that decides a review step.
    pub fn of_step(step: Step) -> Self {
        match step {
            Step::Legal => Self::ReviewLegal,
            Step::Secrecy => Self::ReviewSecrecy,
            Step::SignOff => Self::SignOff,
        }
    }

    /// The review step this kind decides, if it decides one.
    pub fn step(self) -> Option<Step> {
        [Step::Legal, Step::Secrecy, Step::SignOff].into_iter().find(|step| Self::of_step(*step) == self)
    }
}

/// The names of what happens while a reply is in review, besides the decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReplyKind {
    /// See [`super::ReplyCommand::AnswerReferral`].
    AnswerReferral,
}

impl ReplyKind {
    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::AnswerReferral => "answer_referral",
        }
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::AnswerReferral => "登记保密行政管理部门的答复",
        }
    }
}

/// The names of the commands that move (or end) the statutory clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockKind {
    /// See [`super::ClockCommand::RequestCorrection`]: the first, in time.
    RequestCorrection,
    /// See [`super::ClockCommand::RequestCorrection`]: late, or again, by the approver.
    RequestCorrectionByException,
    /// See [`super::ClockCommand::ServeCorrection`].
    ServeCorrection,
    /// See [`super::ClockCommand::RecordCorrection`].
    RecordCorrection,
    /// See [`super::ClockCommand::LapseCorrection`].
    LapseCorrection,
    /// See [`super::ClockCommand::Consult`].
    Consult,
    /// See [`super::ClockCommand::ServeConsultation`].
    ServeConsultation,
    /// See [`super::ClockCommand::RecordAnswer`].
    RecordAnswer,
    /// See [`super::ClockCommand::LapseConsultation`].
    LapseConsultation,
    /// See [`super::ClockCommand::ProposeExtension`].
    ProposeExtension,
    /// See [`super::ClockCommand::DecideExtension`].
    DecideExtension,
    /// See [`super::ClockCommand::NotifyExtension`].
    NotifyExtension,
    /// See [`super::ClockCommand::RequestReasons`].
    RequestReasons,
    /// See [`super::ClockCommand::RecordReasons`].
    RecordReasons,
    /// See [`super::ClockCommand::SetDelayedReply`].
    SetDelayedReply,
    /// See [`super::ClockCommand::ProposeFee`].
    ProposeFee,
    /// See [`super::ClockCommand::DecideFee`].
    DecideFee,
    /// See [`super::ClockCommand::NotifyFee`].
    NotifyFee,
    /// See [`super::ClockCommand::ServeFee`].
    ServeFee,
    /// See [`super::ClockCommand::RecordPayment`].
    RecordPayment,
    /// See [`super::ClockCommand::LapseFee`].
    LapseFee,
}

impl ClockKind {
    /// The word used in `allowed_actions` and in refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::RequestCorrection => "request_correction",
            Self::RequestCorrectionByException => "request_correction_by_exception",
            Self::ServeCorrection => "serve_correction",
            Self::RecordCorrection => "record_correction",
            Self::LapseCorrection => "lapse_correction",
            Self::Consult => "consult",
            Self::ServeConsultation => "serve_consultation",
            Self::RecordAnswer => "record_answer",
            Self::LapseConsultation => "lapse_consultation",
            Self::ProposeExtension => "propose_extension",
            Self::DecideExtension => "decide_extension",
            Self::NotifyExtension => "notify_extension",
            Self::RequestReasons => "request_reasons",
            Self::RecordReasons => "record_reasons",
            Self::SetDelayedReply => "set_delayed_reply",
            Self::ProposeFee => "propose_fee",
            Self::DecideFee => "decide_fee",
            Self::NotifyFee => "notify_fee",
            Self::ServeFee => "serve_fee",
            Self::RecordPayment => "record_payment",
            Self::LapseFee => "lapse_fee",
        }
    }

    /// The command's Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::RequestCorrection => "补正告知",
            Self::RequestCorrectionByException => "补正告知（逾期或再次，经批准）",
            Self::ServeCorrection => "登记补正告知送达",
            Self::RecordCorrection => "登记补正",
            Self::LapseCorrection => "逾期不补正、不再处理",
            Self::Consult => "征求意见",
            Self::ServeConsultation => "登记征求意见函送达",
            Self::RecordAnswer => "登记意见答复",
            Self::LapseConsultation => "逾期未提意见",
            Self::ProposeExtension => "提出延期",
            Self::DecideExtension => "批准延期",
            Self::NotifyExtension => "告知延期",
            Self::RequestReasons => "要求说明理由",
            Self::RecordReasons => "登记说明理由",
            Self::SetDelayedReply => "确定延迟答复期限",
            Self::ProposeFee => "提出收费",
            Self::DecideFee => "批准收费",
            Self::NotifyFee => "发出收费通知",
            Self::ServeFee => "登记收费通知送达",
            Self::RecordPayment => "登记缴费",
            Self::LapseFee => "逾期不缴费、不再处理",
        }
    }
}
