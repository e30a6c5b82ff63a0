//! What has happened to a case. Events hold ids, codes, dates and salted commitments, never personal data or
//! free text (design 3.2): the words themselves live in encrypted rows that can be erased without breaking the
//! chain.

mod archive;
mod attachment;
mod clock;
mod contact;
mod content;
mod custody;
mod disposal;
mod label;
mod parts;
mod publication;
mod recorded;
mod relation;
mod remedy;
mod review;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, ChangeSetId, DepartmentId, PersonId};
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Basis, ReplyNumber};
use crate::domain::review::{Checklist, Decision, Level, Route, Step};

pub use archive::{Filed, ItemNumber};
pub use attachment::{Attached, AttachmentBlocked, AttachmentStruck};
pub use clock::{
    Asked, ConsultationAnswered, ConsultationLapsed, ConsultationSent, Corrected, CorrectionRequested,
    Decided, DelayedReplySet, ExtensionProposed, FeeBasis, FeeNotified, FeeProposed, Noted, Position, Proved,
};
pub use contact::{ContactLogged, ContactMeans, ContactWith, Rated, RatingChannel, Score};
pub use custody::HandedOver;
pub use disposal::{AppraisalDecided, AppraisalProposed, ErasureGround, Held, Proposal};
pub use label::SensitivityChanged;
pub use parts::{
    Amendment, ApplicantRef, AssignmentKind, Digest, FormWanted, Number, ServiceMethod, TextRef,
};
pub use publication::{
    PlaceKind, ProposedBy, PublicationDecided, PublicationProposed, PublicationWithdrawn, Published,
};
pub use recorded::{By, Origin, Recorded};
pub use review::{FrozenFile, ReferralAnswered};

pub use relation::Related;
pub use remedy::{Follows, RemedyConcluded, RemedyFiled, RemedyPart, RemedyVoided};

/// One thing that happened to a case. The civil date on which it happened is `Recorded::on`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// 接收. The date of receipt is fixed at once by some channels, by confirmation for others (Art. 31).
    Received {
        /// The statute pack under which the case is handled for good.
        statute: String,
        /// Which version of it: the newest in force on the day of arrival.
        #[serde(default = "first_version", skip_serializing_if = "is_first_version")]
        statute_version: u32,
        /// The calendar by which its days are counted, when that is not the statute's: a region's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        calendar: Option<String>,
        /// How it came.
        channel: Channel,
        /// The day it was handed in, signed for, found in the mail, or submitted.
        arrived_on: NaiveDate,
        /// The date of receipt, once it is fixed.
        received_on: Option<NaiveDate>,
        /// Who asks.
        applicant: ApplicantRef,
        /// The applicant's own words.
        description: TextRef,
        /// The form wanted, when stated.
        form_wanted: Option<FormWanted>,
        /// What shows the day of arrival: a mail number, a signed slip, a fax log.
        evidence: Option<TextRef>,
        /// For a row of an imported ledger, the keyed digest of its content.
        imported_row: Option<Digest>,
    },
    /// Both sides confirmed (双方确认, Art. 31).
    Confirmed {
        /// The date of receipt that holds from now on.
        received_on: NaiveDate,
        /// How it was confirmed, with whom.
        evidence: TextRef,
    },
    /// 登记.
    Registered {
        /// The number.
        number: Number,
        /// The summary without personal data that lists show.
        subject: TextRef,
        /// The documents asked for, where the applicant named any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        documents: Option<TextRef>,
    },
    /// 分办 or 转办: handed to a department.
    Assigned {
        /// Counts from 1 within the case.
        n: u32,
        /// Lead or help.
        kind: AssignmentKind,
        /// To whom.
        department: DepartmentId,
        /// To whom there, when named.
        assignee: Option<AccountId>,
        /// A word to the department.
        note: Option<TextRef>,
    },
    /// 签收.
    Acknowledged {
        /// Which assignment.
        n: u32,
    },
    /// 退回: not ours, with the reason.
    Returned {
        /// Which assignment.
        n: u32,
        /// Why.
        reason: TextRef,
    },
    /// A version of the reply was drafted (拟稿).
    Drafted {
        /// Counts from 1 within the case.
        version: u32,
        /// What is answered.
        outcome: Outcome,
        /// The words.
        text: TextRef,
        /// Hash over outcome, words and basis.
        content: Digest,
        /// Grounds, facts, withheld parts, overridden third parties, remedies.
        #[serde(default, skip_serializing_if = "Basis::is_empty")]
        basis: Basis<TextRef>,
    },
    /// 送审: frozen for review.
    Submitted {
        /// The draft's version.
        version: u32,
        /// Hash over the draft and the files that go out with it: the draft's own where there are none.
        content: Digest,
        /// These files, in the order in which they were attached.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<FrozenFile>,
        /// The route it takes, whatever the agency sets afterwards.
        #[serde(default, skip_serializing_if = "Route::is_default")]
        route: Route,
    },
    /// A review step was decided.
    Reviewed {
        /// Which step.
        step: Step,
        /// Which level of it.
        #[serde(default, skip_serializing_if = "Level::is_first")]
        level: Level,
        /// For whom, when not for himself: the absent person who delegated it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acting_for: Option<PersonId>,
        /// What was decided.
        decision: Decision,
        /// The hash of what was decided upon.
        content: Digest,
        /// The opinion.
        opinion: Option<TextRef>,
        /// What a secrecy review answered about what goes out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        checklist: Option<Checklist>,
    },
    /// 保密行政管理部门答复: the authority said whether it is a state secret (Art. 17(3)).
    ReferralAnswered(ReferralAnswered),
    /// 答复: the reply was issued (Art. 36).
    Issued {
        /// What was answered.
        outcome: Outcome,
        /// The hash that every step passed.
        content: Digest,
        /// Its number (答复书文号), when the office gave it one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<ReplyNumber>,
    },
    /// A reply recorded by another system before ours, taken over with a ledger.
    ReplyImported {
        /// What was answered.
        outcome: Outcome,
    },
    /// The reply was handed to the post, a messenger or a system.
    Dispatched {
        /// Counts from 1 within the case.
        n: u32,
        /// How.
        method: ServiceMethod,
        /// A mail number or the like.
        evidence: Option<TextRef>,
    },
    /// 送达: the reply reached the applicant.
    Served {
        /// Which dispatch.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// 撤回: the applicant took the request back.
    Withdrawn {
        /// The applicant's words.
        reason: Option<TextRef>,
    },
    /// 归档.
    Archived {
        /// Where the file lies, or a note.
        note: Option<TextRef>,
        /// The file: its code and period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<Filed>,
    },
    /// 补正告知: the applicant was asked to correct the request (Art. 30).
    CorrectionRequested(CorrectionRequested),
    /// The request for correction reached the applicant.
    CorrectionServed(Proved),
    /// 补正: the corrected request came; its words replace the earlier ones.
    Corrected(Corrected),
    /// 逾期不补正: the case is no longer handled (Art. 30).
    CorrectionLapsed(Noted),
    /// 征求意见: somebody was asked in writing (Arts. 32, 34, 33(3)).
    ConsultationSent(ConsultationSent),
    /// The letter reached whom it asks.
    ConsultationServed(Proved),
    /// The answer came.
    ConsultationAnswered(ConsultationAnswered),
    /// No answer came within the limit.
    ConsultationLapsed(ConsultationLapsed),
    /// 延期: an extension was proposed (Art. 33(2)).
    ExtensionProposed(ExtensionProposed),
    /// It was approved, or not.
    ExtensionDecided(Decided),
    /// The notice of it was dispatched to the applicant: from now on it counts.
    ExtensionNotified(Proved),
    /// 说明理由: the applicant was asked for reasons (Art. 35).
    ReasonsRequested(Asked),
    /// He gave them.
    ReasonsGiven(Asked),
    /// 延迟答复: a reasonable period was fixed and told (Art. 35).
    DelayedReplySet(DelayedReplySet),
    /// 收费: a fee was proposed (Art. 42).
    FeeProposed(FeeProposed),
    /// It was approved, or not.
    FeeDecided(Decided),
    /// The fee notice was dispatched.
    FeeNotified(FeeNotified),
    /// The fee notice reached the applicant.
    FeeServed(Proved),
    /// The fee was paid in full.
    FeePaid(Proved),
    /// 逾期不缴费: the case is no longer handled (fee measure, Art. 6).
    FeeLapsed(Noted),
    /// 暂缓处置: nothing is disposed of until the hold is lifted.
    HoldPlaced(Held),
    /// 解除暂缓处置.
    HoldLifted(Held),
    /// 鉴定: what becomes of the file was proposed.
    AppraisalProposed(AppraisalProposed),
    /// It was approved, and done with that; or it was not.
    AppraisalDecided(AppraisalDecided),
    /// 添加附件: a file was attached.
    Attached(Attached),
    /// 撤下附件: a file was struck out.
    AttachmentStruck(AttachmentStruck),
    /// A file was found harmful after it had been taken.
    AttachmentBlocked(AttachmentBlocked),
    /// 更正: a clerical mistake was put right.
    Amended {
        /// What changed.
        amendment: Amendment,
        /// Why.
        reason: TextRef,
    },
    /// 日历调整: a notice about working days moved its dates (design section 4).
    CalendarChanged {
        /// The calendar that the notice is about.
        calendar: String,
        /// The year whose new version moved them.
        year: i32,
        /// That version, from 1.
        version: u32,
        /// The notice's number.
        notice: String,
        /// The last day for the reply until now; `None` while there was none.
        due_before: Option<NaiveDate>,
        /// The last day for the reply from now on.
        due_after: Option<NaiveDate>,
        /// The change set, the same for every case that it moved.
        change_set: ChangeSetId,
    },
    /// 移交: another agency handles it from now on.
    HandedOver(HandedOver),
    /// 敏感级别变更: it bears another security label.
    SensitivityChanged(SensitivityChanged),
    /// 收到复议、诉讼或者投诉材料: the papers of a remedy reached the agency.
    RemedyFiled(RemedyFiled),
    /// Our answer to it was handed in.
    RemedyAnswered(Proved),
    /// The decision upon it reached the agency.
    RemedyConcluded(RemedyConcluded),
    /// Something about it was entered by mistake.
    RemedyVoided(RemedyVoided),
    /// 沟通联系: somebody was talked with.
    ContactLogged(ContactLogged),
    /// 好差评: the applicant rated how it was handled.
    Rated(Rated),
    /// 关联: it was handed on, split, merged, or linked to another case; or came so from one.
    Related(Related),
    /// 建议或者提出转为主动公开 (Art. 44): a document that the reply released was proposed to be published.
    PublicationProposed(PublicationProposed),
    /// It was approved, or not.
    PublicationDecided(PublicationDecided),
    /// 主动公开: it was published.
    Published(Published),
    /// 撤下: it is no longer to be found there.
    PublicationWithdrawn(PublicationWithdrawn),
}

/// Records of before there were versions were written under the first.
fn first_version() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_first_version(version: &u32) -> bool {
    *version == 1
}

impl Event {
    /// The event's name in the record, equal to its `type` member.
    pub fn type_code(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Confirmed { .. } => "confirmed",
            Self::Registered { .. } => "registered",
            Self::Assigned { .. } => "assigned",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Returned { .. } => "returned",
            Self::Drafted { .. } => "drafted",
            Self::Submitted { .. } => "submitted",
            Self::Reviewed { .. } => "reviewed",
            Self::ReferralAnswered(_) => "referral_answered",
            Self::Issued { .. } => "issued",
            Self::ReplyImported { .. } => "reply_imported",
            Self::Dispatched { .. } => "dispatched",
            Self::Served { .. } => "served",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Archived { .. } => "archived",
            Self::CorrectionRequested(_) => "correction_requested",
            Self::CorrectionServed(_) => "correction_served",
            Self::Corrected(_) => "corrected",
            Self::CorrectionLapsed(_) => "correction_lapsed",
            Self::ConsultationSent(_) => "consultation_sent",
            Self::ConsultationServed(_) => "consultation_served",
            Self::ConsultationAnswered(_) => "consultation_answered",
            Self::ConsultationLapsed(_) => "consultation_lapsed",
            Self::ExtensionProposed(_) => "extension_proposed",
            Self::ExtensionDecided(_) => "extension_decided",
            Self::ExtensionNotified(_) => "extension_notified",
            Self::ReasonsRequested(_) => "reasons_requested",
            Self::ReasonsGiven(_) => "reasons_given",
            Self::DelayedReplySet(_) => "delayed_reply_set",
            Self::FeeProposed(_) => "fee_proposed",
            Self::FeeDecided(_) => "fee_decided",
            Self::FeeNotified(_) => "fee_notified",
            Self::FeeServed(_) => "fee_served",
            Self::FeePaid(_) => "fee_paid",
            Self::FeeLapsed(_) => "fee_lapsed",
            Self::HoldPlaced(_) => "hold_placed",
            Self::HoldLifted(_) => "hold_lifted",
            Self::AppraisalProposed(_) => "appraisal_proposed",
            Self::AppraisalDecided(_) => "appraisal_decided",
            Self::Attached(_) => "attached",
            Self::AttachmentStruck(_) => "attachment_struck",
            Self::AttachmentBlocked(_) => "attachment_blocked",
            Self::Amended { .. } => "amended",
            Self::CalendarChanged { .. } => "calendar_changed",
            Self::HandedOver(_) => "handed_over",
            Self::SensitivityChanged(_) => "sensitivity_changed",
            Self::RemedyFiled(_) => "remedy_filed",
            Self::RemedyAnswered(_) => "remedy_answered",
            Self::RemedyConcluded(_) => "remedy_concluded",
            Self::RemedyVoided(_) => "remedy_voided",
            Self::ContactLogged(_) => "contact_logged",
            Self::Rated(_) => "rated",
            Self::Related(_) => "related",
            Self::PublicationProposed(_) => "publication_proposed",
            Self::PublicationDecided(_) => "publication_decided",
            Self::Published(_) => "published",
            Self::PublicationWithdrawn(_) => "publication_withdrawn",
        }
    }
}
