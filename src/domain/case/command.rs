//! What can be asked of a case. Each command carries the civil date on which the thing happened: the past is
//! allowed (late entry is visible, since the record also keeps when it was entered), the future is refused.

mod archive;
mod attachment;
mod clock;
mod contact;
mod contact_kind;
mod disposal;
mod disposal_kind;
mod kind;
mod label;
mod publication;
mod relation;
mod relation_kind;
mod remedy;
mod remedy_kind;
mod reply;

use chrono::NaiveDate;

use super::event::{ApplicantRef, AssignmentKind, Digest, FormWanted, ServiceMethod, TextRef};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, AttachmentId, DepartmentId, PersonId};
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Basis, ReplyNumber};
use crate::domain::review::{Checklist, Decision, Route, Step};

pub use archive::Filing;
pub use attachment::{AttachmentCommand, AttachmentKind};
pub use clock::ClockCommand;
pub use contact::ContactCommand;
pub use contact_kind::ContactKind;
pub use disposal::DisposalCommand;
pub use disposal_kind::DisposalKind;
pub use kind::{ClockKind, CommandKind, ReplyKind};
pub use label::{LabelCommand, LabelKind};
pub use publication::{PublicationCommand, PublicationKind};
pub use relation::RelationCommand;
pub use relation_kind::RelationCommandKind;
pub use remedy::RemedyCommand;
pub use remedy_kind::RemedyCommandKind;
pub use reply::ReplyCommand;

/// A request as it is received: the one command that makes a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receive {
    /// How it came.
    pub channel: Channel,
    /// The day it was handed in, signed for, found in the mail, or submitted.
    pub arrived_on: NaiveDate,
    /// Who asks.
    pub applicant: ApplicantRef,
    /// The applicant's own words.
    pub description: TextRef,
    /// The form wanted, when stated.
    pub form_wanted: Option<FormWanted>,
    /// What shows the day of arrival.
    pub evidence: Option<TextRef>,
}

/// A correction of a clerical mistake, as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amend {
    /// The applicant's record.
    Applicant(ApplicantRef),
    /// The applicant's own words.
    Description(TextRef),
    /// The clerk's summary.
    Subject(TextRef),
    /// The documents asked for.
    Documents(TextRef),
    /// Channel and date of arrival; the date of receipt follows from them (Art. 31).
    Receipt {
        /// The right channel.
        channel: Channel,
        /// The right day of arrival.
        arrived_on: NaiveDate,
        /// The right day of confirmation, for the channels that need one.
        confirmed_on: Option<NaiveDate>,
    },
}

/// What can be asked of a case that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Both sides confirmed the request (Art. 31).
    Confirm {
        /// How, with whom.
        evidence: TextRef,
    },
    /// Give it a number.
    Register {
        /// The summary without personal data.
        subject: TextRef,
        /// The documents asked for, where the applicant named any.
        documents: Option<TextRef>,
    },
    /// Hand it to a department: for the first time, to another one, or for help.
    Assign {
        /// Lead or help.
        kind: AssignmentKind,
        /// To whom.
        department: DepartmentId,
        /// To whom there.
        assignee: Option<AccountId>,
        /// A word to the department.
        note: Option<TextRef>,
    },
    /// 签收.
    Acknowledge {
        /// Which assignment.
        n: u32,
    },
    /// 退回.
    Return {
        /// Which assignment.
        n: u32,
        /// Why.
        reason: TextRef,
    },
    /// Write (a new version of) the reply.
    Draft {
        /// What is answered.
        outcome: Outcome,
        /// The words.
        text: TextRef,
        /// Hash over outcome, words and basis.
        content: Digest,
        /// Grounds, facts, withheld parts, overridden third parties, remedies.
        basis: Box<Basis<TextRef>>,
    },
    /// Freeze the newest draft and send it through the review route.
    Submit {
        /// The agency's route.
        route: Route,
        /// Files that nobody may open before they are scanned.
        unscanned: Vec<AttachmentId>,
    },
    /// Decide a review step.
    Review {
        /// Which step.
        step: Step,
        /// What is decided.
        decision: Decision,
        /// The hash of what was read.
        content: Digest,
        /// The opinion.
        opinion: Option<TextRef>,
        /// For whom, when not for himself: the absent person who delegated it.
        acting_for: Option<PersonId>,
        /// What a secrecy review answers about what goes out.
        checklist: Option<Checklist>,
    },
    /// What else happens while a reply is in review.
    Reply(ReplyCommand),
    /// Issue the reply.
    Issue {
        /// The hash of what is issued.
        content: Digest,
        /// Its number (答复书文号), when the office gives it one.
        number: Option<ReplyNumber>,
    },
    /// The reply was handed to the post, a messenger or a system.
    Dispatch {
        /// How.
        method: ServiceMethod,
        /// A mail number or the like.
        evidence: Option<TextRef>,
    },
    /// The reply reached the applicant.
    Serve {
        /// Which dispatch.
        n: u32,
        /// What shows it.
        evidence: Option<TextRef>,
    },
    /// The applicant took the request back.
    Withdraw {
        /// The applicant's words.
        reason: Option<TextRef>,
    },
    /// Close the file.
    Archive(Filing),
    /// Put a clerical mistake right.
    Amend {
        /// What is right.
        amend: Amend,
        /// Why.
        reason: TextRef,
    },
    /// What moves (or ends) the statutory clock.
    Clock(ClockCommand),
    /// What is brought against the reply, and what comes of it.
    Remedy(RemedyCommand),
    /// What becomes of the file.
    Disposal(DisposalCommand),
    /// Talks with the applicant and others, and his rating.
    Contact(ContactCommand),
    /// What is published for everybody of what the reply released.
    Publication(PublicationCommand),
    /// Its security label.
    Label(LabelCommand),
    /// What is about files.
    Attachment(AttachmentCommand),
    /// What it has to do with other cases.
    Relation(RelationCommand),
}

impl Command {
    /// This command's name.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Confirm { .. } => CommandKind::Confirm,
            Self::Register { .. } => CommandKind::Register,
            Self::Assign { kind: AssignmentKind::Lead, .. } => CommandKind::Assign,
            Self::Assign { kind: AssignmentKind::CoHandling, .. } => CommandKind::AssignCoHandling,
            Self::Acknowledge { .. } => CommandKind::Acknowledge,
            Self::Return { .. } => CommandKind::Return,
            Self::Draft { .. } => CommandKind::Draft,
            Self::Submit { .. } => CommandKind::Submit,
            Self::Reply(command) => CommandKind::Reply(command.kind()),
            Self::Review { step, .. } => CommandKind::of_step(*step),
            Self::Issue { .. } => CommandKind::Issue,
            Self::Dispatch { .. } => CommandKind::Dispatch,
            Self::Serve { .. } => CommandKind::Serve,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::Archive(_) => CommandKind::Archive,
            Self::Amend { amend: Amend::Receipt { .. }, .. } => CommandKind::AmendReceipt,
            Self::Amend { .. } => CommandKind::Amend,
            Self::Clock(command) => CommandKind::Clock(command.kind()),
            Self::Remedy(command) => CommandKind::Remedy(command.kind()),
            Self::Disposal(command) => CommandKind::Disposal(command.kind()),
            Self::Label(command) => CommandKind::Label(command.kind()),
            Self::Contact(command) => CommandKind::Contact(command.kind()),
            Self::Publication(command) => CommandKind::Publication(command.kind()),
            Self::Attachment(command) => CommandKind::Attachment(command.kind()),
            Self::Relation(command) => CommandKind::Relation(command.kind()),
        }
    }
}
