//! Why a command is refused. A refusal names a code, the article where a statute refuses, and what would be
//! allowed instead; its text is made here, in both languages, and nowhere else.

mod archive;
mod attachment;
mod clock;
mod contact;
mod label;
mod publication;
mod relation;
mod remedy;
mod reply;

use chrono::NaiveDate;

use super::command::CommandKind;
use super::state::Status;
use crate::domain::lang::Lang;
use crate::domain::reply::Fault;
use crate::domain::review::{Step, StepId};

pub use archive::ArchiveRefusal;
pub use attachment::AttachmentRefusal;
pub use clock::{ClockRefusal, Item};
pub use contact::ContactRefusal;
pub use label::LabelRefusal;
pub use publication::PublicationRefusal;
pub use relation::RelationRefusal;
pub use remedy::RemedyRefusal;
pub use reply::ReplyRefusal;

/// A refusal: nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// What could be done with the case as it stands (by somebody whose role allows it).
    pub allowed: Vec<CommandKind>,
}

/// The reasons there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalCode {
    /// The case does not stand where this command belongs.
    WrongStatus {
        /// What was asked.
        command: CommandKind,
        /// Where it stands.
        status: Status,
    },
    /// A date lies after today.
    DateInFuture {
        /// The date given.
        date: NaiveDate,
        /// Today in the agency's zone.
        today: NaiveDate,
    },
    /// A date lies before the step it follows.
    DateOutOfOrder {
        /// The date given.
        date: NaiveDate,
        /// The earliest date possible.
        earliest: NaiveDate,
    },
    /// A date lies after a step that followed it.
    DateTooLate {
        /// The date given.
        date: NaiveDate,
        /// The latest date possible.
        latest: NaiveDate,
    },
    /// No working calendar reaches back so far.
    DateBeforeCalendar {
        /// The date given.
        date: NaiveDate,
        /// The first day the calendar knows.
        first: NaiveDate,
    },
    /// The channel's date of receipt is fixed by confirmation, and none is given.
    ConfirmationMissing,
    /// The channel's date of receipt is the day of arrival; there is nothing to confirm.
    NothingToConfirm,
    /// Both sides have confirmed already.
    AlreadyConfirmed,
    /// There is no such open assignment.
    NoSuchAssignment {
        /// The number given.
        n: u32,
    },
    /// It was acknowledged before.
    AlreadyAcknowledged {
        /// The number given.
        n: u32,
    },
    /// The department has this task already.
    AlreadyAssigned,
    /// There is no draft to submit.
    NoDraft,
    /// The hash named is not that of the frozen content.
    ContentDiffers,
    /// Another step comes first.
    StepNotDue {
        /// What was asked.
        asked: Step,
        /// What is due.
        due: Step,
    },
    /// A return needs an opinion.
    OpinionMissing,
    /// The drafter may not decide upon his own draft.
    DrafterMayNotReview,
    /// Nobody is signed in by whom four eyes could be counted.
    PersonUnknown,
    /// The person has taken another step.
    OnePersonOneStep {
        /// The step taken before.
        taken: StepId,
    },
    /// There is no such dispatch.
    NoSuchService {
        /// The number given.
        n: u32,
    },
    /// This dispatch has its date of service already.
    AlreadyServed {
        /// The number given.
        n: u32,
    },
    /// An imported reply has no service of ours.
    ReplyNotServed,
    /// Who recorded the receipt may not be the one who approves its change.
    AmenderRecordedReceipt,
    /// The change leaves everything as it is.
    NothingChanged,
    /// There is no registration whose subject could be changed.
    NotRegistered,
    /// A rule of the clock.
    Clock(ClockRefusal),
    /// A rule about remedies.
    Remedy(RemedyRefusal),
    /// A rule of the reply and its review.
    Reply(ReplyRefusal),
    /// A rule of the archive.
    Archive(ArchiveRefusal),
    /// A rule about talks and the rating.
    Contact(ContactRefusal),
    /// A rule about proactive publication.
    Publication(PublicationRefusal),
    /// A rule about security labels.
    Label(LabelRefusal),
    /// A rule about files.
    Attachment(AttachmentRefusal),
    /// A rule about other cases.
    Relation(RelationRefusal),
}

impl From<RelationRefusal> for RefusalCode {
    fn from(refusal: RelationRefusal) -> Self {
        Self::Relation(refusal)
    }
}

impl From<ArchiveRefusal> for RefusalCode {
    fn from(refusal: ArchiveRefusal) -> Self {
        Self::Archive(refusal)
    }
}

impl From<PublicationRefusal> for RefusalCode {
    fn from(refusal: PublicationRefusal) -> Self {
        Self::Publication(refusal)
    }
}

impl From<LabelRefusal> for RefusalCode {
    fn from(refusal: LabelRefusal) -> Self {
        Self::Label(refusal)
    }
}

impl From<ContactRefusal> for RefusalCode {
    fn from(refusal: ContactRefusal) -> Self {
        Self::Contact(refusal)
    }
}

impl From<RemedyRefusal> for RefusalCode {
    fn from(refusal: RemedyRefusal) -> Self {
        Self::Remedy(refusal)
    }
}

impl From<ClockRefusal> for RefusalCode {
    fn from(refusal: ClockRefusal) -> Self {
        Self::Clock(refusal)
    }
}

impl From<ReplyRefusal> for RefusalCode {
    fn from(refusal: ReplyRefusal) -> Self {
        Self::Reply(refusal)
    }
}

impl From<AttachmentRefusal> for RefusalCode {
    fn from(refusal: AttachmentRefusal) -> Self {
        Self::Attachment(refusal)
    }
}

impl RefusalCode {
    /// The code of the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongStatus { .. } => "wrong_status",
            Self::DateInFuture { .. } => "date_in_future",
            Self::DateOutOfOrder { .. } => "date_out_of_order",
            Self::DateTooLate { .. } => "date_too_late",
            Self::DateBeforeCalendar { .. } => "date_before_calendar",
            Self::ConfirmationMissing => "confirmation_missing",
            Self::NothingToConfirm => "nothing_to_confirm",
            Self::AlreadyConfirmed => "already_confirmed",
            Self::NoSuchAssignment { .. } => "no_such_assignment",
            Self::AlreadyAcknowledged { .. } => "already_acknowledged",
            Self::AlreadyAssigned => "already_assigned",
            Self::NoDraft => "no_draft",
            Self::ContentDiffers => "content_differs",
            Self::StepNotDue { .. } => "step_not_due",
            Self::OpinionMissing => "opinion_missing",
            Self::DrafterMayNotReview => "drafter_may_not_review",
            Self::PersonUnknown => "person_unknown",
            Self::OnePersonOneStep { .. } => "one_person_one_step",
            Self::NoSuchService { .. } => "no_such_service",
            Self::AlreadyServed { .. } => "already_served",
            Self::ReplyNotServed => "reply_not_served",
            Self::AmenderRecordedReceipt => "amender_recorded_receipt",
            Self::NothingChanged => "nothing_changed",
            Self::NotRegistered => "not_registered",
            Self::Clock(refusal) => refusal.code(),
            Self::Remedy(refusal) => refusal.code(),
            Self::Reply(refusal) => refusal.code(),
            Self::Archive(refusal) => refusal.code(),
            Self::Contact(refusal) => refusal.code(),
            Self::Label(refusal) => refusal.code(),
            Self::Publication(refusal) => refusal.code(),
            Self::Attachment(refusal) => refusal.code(),
            Self::Relation(refusal) => refusal.code(),
        }
    }

    /// What a draft lacks or says wrongly, where that is the reason.
    pub fn faults(&self) -> &[Fault] {
        if let Self::Reply(refusal) = self { refusal.faults() } else { &[] }
    }

    /// The article that refuses, where a statute does.
    pub fn article(&self) -> Option<&'static str> {
        match self {
            Self::ConfirmationMissing | Self::NothingToConfirm | Self::AlreadyConfirmed => {
                Some("政府信息公开条例 第31条")
            }
            Self::StepNotDue { .. } | Self::ContentDiffers => {
                Some("政府信息公开条例 第17条; 保守国家秘密法 第35条")
            }
            Self::WrongStatus { .. } => Some("政府信息公开条例 第45条"),
            Self::Clock(refusal) => refusal.article(),
            Self::Remedy(refusal) => refusal.article(),
            Self::Reply(refusal) => refusal.article(),
            Self::Archive(refusal) => refusal.article(),
            Self::Contact(refusal) => refusal.article(),
            Self::Relation(refusal) => refusal.article(),
            Self::Publication(refusal) => Some(refusal.article()),
            Self::DateInFuture { .. }
            | Self::DateOutOfOrder { .. }
            | Self::DateTooLate { .. }
            | Self::DateBeforeCalendar { .. }
            | Self::NoSuchAssignment { .. }
            | Self::AlreadyAcknowledged { .. }
            | Self::AlreadyAssigned
            | Self::NoDraft
            | Self::OpinionMissing
            | Self::DrafterMayNotReview
            | Self::PersonUnknown
            | Self::OnePersonOneStep { .. }
            | Self::NoSuchService { .. }
            | Self::AlreadyServed { .. }
            | Self::ReplyNotServed
            | Self::AmenderRecordedReceipt
            | Self::NothingChanged
            | Self::Attachment(_)
            | Self::Label(_)
            | Self::NotRegistered => None,
        }
    }

    /// The reason in words, for a clerk.
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::WrongStatus { command, status } => {
                format!("该申请目前为“{}”，不能进行“{}”。", status.label_zh(), command.label_zh())
            }
            Self::DateInFuture { date, today } => {
                format!("日期 {date} 晚于今天（{today}），尚未发生的事项不能登记。")
            }
            Self::DateOutOfOrder { date, earliest } => {
                format!("日期 {date} 早于前一环节，最早可填 {earliest}。")
            }
            Self::DateTooLate { date, latest } => {
                format!("日期 {date} 晚于其后的环节，最晚可填 {latest}。")
            }
            Self::DateBeforeCalendar { date, first } => {
                format!("日期 {date} 早于工作日历的起始日 {first}，无法计算期限。")
            }
            Self::ConfirmationMissing => "该渠道以双方确认之日为收到申请之日，请填写确认日期。".to_owned(),
            Self::NothingToConfirm => "该渠道的收到申请之日不以确认为准，无需确认。".to_owned(),
            Self::AlreadyConfirmed => "双方已经确认，不能重复确认。".to_owned(),
            Self::NoSuchAssignment { n } => format!("没有第 {n} 号在办任务。"),
            Self::AlreadyAcknowledged { n } => format!("第 {n} 号任务已经签收。"),
            Self::AlreadyAssigned => "该部门已经承担这项任务。".to_owned(),
            Self::NoDraft => "还没有答复稿，不能送审。".to_owned(),
            Self::ContentDiffers => {
                "您审阅的内容与送审稿不一致（内容哈希不符），请重新打开后再作决定。".to_owned()
            }
            Self::StepNotDue { asked, due } => {
                format!("现在应进行“{}”，还不能进行“{}”。", due.label_zh(), asked.label_zh())
            }
            Self::OpinionMissing => "退回修改必须写明意见。".to_owned(),
            Self::DrafterMayNotReview => "拟稿人不得审核、签发或发出自己起草的答复。".to_owned(),
            Self::PersonUnknown => {
                "拟稿、审核、签发、发出答复以及提出、批准延期和收费须由登录的本人办理。".to_owned()
            }
            Self::OnePersonOneStep { taken } => {
                format!("您已办理“{}”，同一人不得再办理其他审核环节。", taken.label_zh())
            }
            Self::NoSuchService { n } => format!("没有第 {n} 次送达记录。"),
            Self::AlreadyServed { n } => format!("第 {n} 次送达已登记签收日期。"),
            Self::ReplyNotServed => "答复尚未送达，不能归档；请先登记送达。".to_owned(),
            Self::AmenderRecordedReceipt => {
                "接收日期由您登记，更正会影响期限，须由另一位签发人批准更正。".to_owned()
            }
            Self::NothingChanged => "更正内容与现有记录相同。".to_owned(),
            Self::NotRegistered => "该申请没有登记，没有内容摘要可以更正。".to_owned(),
            Self::Clock(refusal) => refusal.zh(),
            Self::Remedy(refusal) => refusal.zh(),
            Self::Reply(refusal) => refusal.zh(),
            Self::Archive(refusal) => refusal.zh(),
            Self::Contact(refusal) => refusal.zh(),
            Self::Label(refusal) => refusal.zh(),
            Self::Attachment(refusal) => refusal.zh(),
            Self::Relation(refusal) => refusal.zh(),
            Self::Publication(refusal) => refusal.zh(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::WrongStatus { command, status } => {
                format!("The case stands at {}; {} is not possible there.", status.code(), command.code())
            }
            Self::DateInFuture { date, today } => {
                format!("The date {date} is after today ({today}); what has not happened cannot be recorded.")
            }
            Self::DateOutOfOrder { date, earliest } => {
                format!("The date {date} is before the step it follows; the earliest possible is {earliest}.")
            }
            Self::DateTooLate { date, latest } => {
                format!("The date {date} is after a step that followed it; the latest possible is {latest}.")
            }
            Self::DateBeforeCalendar { date, first } => {
                format!("The date {date} is before the working calendar begins ({first}); no limit can be computed.")
            }
            Self::ConfirmationMissing => {
                "By this channel a request is received on the day both sides confirm it: give that day."
                    .to_owned()
            }
            Self::NothingToConfirm => {
                "By this channel the date of receipt does not depend on a confirmation.".to_owned()
            }
            Self::AlreadyConfirmed => "Both sides have confirmed already.".to_owned(),
            Self::NoSuchAssignment { n } => format!("There is no open assignment {n}."),
            Self::AlreadyAcknowledged { n } => format!("Assignment {n} has been acknowledged already."),
            Self::AlreadyAssigned => "The department has this task already.".to_owned(),
            Self::NoDraft => "There is no draft to submit.".to_owned(),
            Self::ContentDiffers => {
                "The content hash is not that of the frozen draft: open it again and decide upon what it says."
                    .to_owned()
            }
            Self::StepNotDue { asked, due } => {
                format!("The step due is {}; {} comes later or is done.", due.code(), asked.code())
            }
            Self::OpinionMissing => "A return needs an opinion that says what to change.".to_owned(),
            Self::DrafterMayNotReview => {
                "Whoever drafted a reply may not review, sign off or issue it.".to_owned()
            }
            Self::PersonUnknown => {
                "A reply, an extension, a fee: proposed, reviewed and decided by persons who are signed in.".to_owned()
            }
            Self::OnePersonOneStep { taken } => {
                format!("You took the step {}; one person takes one step only.", taken.step.code())
            }
            Self::NoSuchService { n } => format!("There is no dispatch {n}."),
            Self::AlreadyServed { n } => format!("Dispatch {n} has its date of service already."),
            Self::ReplyNotServed => "The reply has not been served yet: record the service first.".to_owned(),
            Self::AmenderRecordedReceipt => {
                "You recorded this receipt; its change moves the clock and needs another approver.".to_owned()
            }
            Self::NothingChanged => "The amendment leaves the record as it is.".to_owned(),
            Self::NotRegistered => "The case was never registered: there is no subject to amend.".to_owned(),
            Self::Clock(refusal) => refusal.en(),
            Self::Remedy(refusal) => refusal.en(),
            Self::Reply(refusal) => refusal.en(),
            Self::Archive(refusal) => refusal.en(),
            Self::Contact(refusal) => refusal.en(),
            Self::Label(refusal) => refusal.en(),
            Self::Attachment(refusal) => refusal.en(),
            Self::Relation(refusal) => refusal.en(),
            Self::Publication(refusal) => refusal.en(),
        }
    }
}
