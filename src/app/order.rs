//! Commands as they are asked for, their words still in clear, and how the words are sealed before the rules see them.

mod archive;
mod attachment;
mod clock;
mod contact;
mod disposal;
mod label;
mod publication;
mod relation;
mod remedy;
mod reply;

use chrono::NaiveDate;

use super::case_view::Words;
use super::error::AppError;
use super::people::{Applicant, Sealer, TextKind};
use super::review_settings::Usual;
use crate::domain::case::Case;
use crate::domain::case::command::{Amend, Command, CommandKind};
use crate::domain::case::document::Document;
use crate::domain::case::event::{AssignmentKind, Digest, ServiceMethod, TextRef};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, AttachmentId, DepartmentId, PersonId};
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Basis, ReplyNumber};
use crate::domain::review::{Checklist, Decision, Step};
use crate::store::NewAttachment;

pub use archive::FilingOrder;
pub use attachment::{AttachmentOrder, kind_of as attachment_kind};
pub use clock::ClockOrder;
pub use contact::ContactOrder;
pub use disposal::DisposalOrder;
pub use label::LabelOrder;
pub(super) use label::not_cleared;
pub use publication::PublicationOrder;
pub use relation::RelationOrder;
pub use remedy::RemedyOrder;
pub use reply::ReplyOrder;

/// A command as it is asked for, its words still in clear.
#[derive(Clone, Debug)]
pub enum Order {
    /// See [`Command::Confirm`].
    Confirm {
        /// How, with whom.
        evidence: String,
    },
    /// See [`Command::Register`].
    Register {
        /// The summary without personal data.
        subject: String,
        /// The documents asked for.
        documents: Vec<Document>,
    },
    /// See [`Command::Assign`].
    Assign {
        /// Lead or help.
        kind: AssignmentKind,
        /// To whom.
        department: DepartmentId,
        /// To whom there.
        assignee: Option<AccountId>,
        /// A word to the department.
        note: Option<String>,
    },
    /// See [`Command::Acknowledge`].
    Acknowledge {
        /// Which assignment.
        n: u32,
    },
    /// See [`Command::Return`].
    Return {
        /// Which assignment.
        n: u32,
        /// Why.
        reason: String,
    },
    /// See [`Command::Draft`].
    Draft {
        /// What is answered.
        outcome: Outcome,
        /// The words.
        text: String,
        /// Grounds, facts, withheld parts, overridden third parties, remedies.
        basis: Box<Basis<String>>,
    },
    /// See [`Command::Submit`].
    Submit {
        /// Files that wait to be scanned: the app fills them in.
        unscanned: Vec<AttachmentId>,
    },
    /// See [`Command::Review`].
    Review {
        /// Which step.
        step: Step,
        /// What is decided.
        decision: Decision,
        /// The hash of what was read.
        content: Digest,
        /// The opinion.
        opinion: Option<String>,
        /// For whom, when not for himself.
        acting_for: Option<PersonId>,
        /// What a secrecy review answers.
        checklist: Option<Checklist>,
    },
    /// See [`Command::Reply`].
    Reply(ReplyOrder),
    /// See [`Command::Issue`].
    Issue {
        /// The hash of what is issued.
        content: Digest,
        /// Its number (答复书文号), when the office gives it one.
        number: Option<ReplyNumber>,
    },
    /// See [`Command::Dispatch`]; with the day of service when it is known at once.
    Dispatch {
        /// How.
        method: ServiceMethod,
        /// A mail number or the like.
        evidence: Option<String>,
        /// The day it reached the applicant.
        served_on: Option<NaiveDate>,
    },
    /// See [`Command::Serve`].
    Serve {
        /// Which dispatch.
        n: u32,
        /// What shows it.
        evidence: Option<String>,
    },
    /// See [`Command::Withdraw`].
    Withdraw {
        /// The applicant's words.
        reason: Option<String>,
    },
    /// See [`Command::Archive`].
    Archive(FilingOrder),
    /// See [`Command::Amend`].
    Amend {
        /// What is right.
        amend: AmendOrder,
        /// Why.
        reason: String,
    },
    /// See [`Command::Clock`].
    Clock(ClockOrder),
    /// See [`Command::Remedy`].
    Remedy(RemedyOrder),
    /// See [`Command::Disposal`].
    Disposal(DisposalOrder),
    /// See [`Command::Label`].
    Label(LabelOrder),
    /// See [`Command::Contact`].
    Contact(ContactOrder),
    /// See [`Command::Publication`].
    Publication(PublicationOrder),
    /// See [`Command::Attachment`].
    Attachment(AttachmentOrder),
    /// See [`Command::Relation`].
    Relation(RelationOrder),
}

/// What is put right, its words still in clear.
#[derive(Clone, Debug)]
pub enum AmendOrder {
    /// The applicant's record.
    Applicant(Applicant),
    /// The applicant's own words.
    Description(String),
    /// The clerk's summary.
    Subject(String),
    /// The documents asked for.
    Documents(Vec<Document>),
    /// Channel and dates of receipt.
    Receipt {
        /// The right channel.
        channel: Channel,
        /// The right day of arrival.
        arrived_on: NaiveDate,
        /// The right day of confirmation.
        confirmed_on: Option<NaiveDate>,
    },
}

impl Order {
    /// The command's name.
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
            Self::Reply(order) => CommandKind::Reply(order.kind()),
            Self::Review { step, .. } => CommandKind::of_step(*step),
            Self::Issue { .. } => CommandKind::Issue,
            Self::Dispatch { .. } => CommandKind::Dispatch,
            Self::Serve { .. } => CommandKind::Serve,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::Archive(_) => CommandKind::Archive,
            Self::Amend { amend: AmendOrder::Receipt { .. }, .. } => CommandKind::AmendReceipt,
            Self::Amend { .. } => CommandKind::Amend,
            Self::Clock(order) => CommandKind::Clock(order.kind()),
            Self::Remedy(order) => CommandKind::Remedy(order.kind()),
            Self::Disposal(order) => CommandKind::Disposal(order.kind()),
            Self::Label(order) => CommandKind::Label(order.kind),
            Self::Contact(order) => CommandKind::Contact(order.kind()),
            Self::Publication(order) => CommandKind::Publication(order.kind()),
            Self::Attachment(order) => CommandKind::Attachment(order.kind()),
            Self::Relation(order) => CommandKind::Relation(order.kind()),
        }
    }
}

/// The department whose task the order is about, when it names one.
pub(super) fn task(case: &Case, order: &Order) -> Option<DepartmentId> {
    let (Order::Acknowledge { n } | Order::Return { n, .. }) = order else { return None };
    let work = case.state.work()?;
    std::iter::once(&work.lead)
        .chain(&work.helpers)
        .find(|assignment| assignment.n == *n)
        .map(|assignment| assignment.department)
}

pub(super) fn seal_order(order: &Order, usual: &Usual, sealer: &mut Sealer) -> Result<Command, AppError> {
    Ok(match order {
        Order::Confirm { evidence } => {
            Command::Confirm { evidence: sealer.text(TextKind::Evidence, evidence)? }
        }
        Order::Register { subject, documents } => Command::Register {
            subject: sealer.text(TextKind::Subject, subject)?,
            documents: (!documents.is_empty()).then(|| seal_documents(documents, sealer)).transpose()?,
        },
        Order::Assign { kind, department, assignee, note } => Command::Assign {
            kind: *kind,
            department: *department,
            assignee: *assignee,
            note: sealer.optional_text(TextKind::Note, note.as_deref())?,
        },
        Order::Acknowledge { n } => Command::Acknowledge { n: *n },
        Order::Return { n, reason } => {
            Command::Return { n: *n, reason: sealer.text(TextKind::Note, reason)? }
        }
        Order::Draft { outcome, text, basis } => reply::seal(*outcome, text, &usual.complete(basis), sealer)?,
        Order::Reply(order) => Command::Reply(reply::seal_order(order, sealer)?),
        Order::Submit { unscanned } => {
            Command::Submit { route: usual.route.clone(), unscanned: unscanned.clone() }
        }
        Order::Review { step, decision, content, opinion, acting_for, checklist } => Command::Review {
            step: *step,
            decision: *decision,
            content: *content,
            opinion: sealer.optional_text(TextKind::Opinion, opinion.as_deref())?,
            acting_for: *acting_for,
            checklist: *checklist,
        },
        Order::Issue { content, number } => Command::Issue { content: *content, number: number.clone() },
        Order::Dispatch { method, evidence, .. } => Command::Dispatch {
            method: *method,
            evidence: sealer.optional_text(TextKind::Evidence, evidence.as_deref())?,
        },
        Order::Serve { n, evidence } => {
            Command::Serve { n: *n, evidence: sealer.optional_text(TextKind::Evidence, evidence.as_deref())? }
        }
        Order::Withdraw { reason } => {
            Command::Withdraw { reason: sealer.optional_text(TextKind::Note, reason.as_deref())? }
        }
        Order::Archive(order) => Command::Archive(archive::seal(order, sealer)?),
        Order::Amend { amend, reason } => {
            Command::Amend { amend: seal_amend(amend, sealer)?, reason: sealer.text(TextKind::Note, reason)? }
        }
        Order::Clock(order) => Command::Clock(clock::seal(order, sealer)?),
        Order::Remedy(order) => Command::Remedy(remedy::seal(order, sealer)?),
        Order::Disposal(order) => Command::Disposal(disposal::seal(order, sealer)?),
        Order::Label(order) => Command::Label(label::seal(order, sealer)?),
        Order::Contact(order) => Command::Contact(contact::seal(order, sealer)?),
        Order::Publication(order) => Command::Publication(publication::seal(order, sealer)?),
        Order::Attachment(order) => Command::Attachment(attachment::seal(order, sealer)?),
        // It is about several cases, each with keys of its own: see `relate`.
        Order::Relation(_) => {
            return Err(AppError::Internal("a relation is not one case's alone".to_owned()));
        }
    })
}

fn seal_amend(amend: &AmendOrder, sealer: &mut Sealer) -> Result<Amend, AppError> {
    Ok(match amend {
        AmendOrder::Applicant(applicant) => Amend::Applicant(sealer.applicant(applicant)?),
        AmendOrder::Description(words) => Amend::Description(sealer.text(TextKind::Description, words)?),
        AmendOrder::Subject(words) => Amend::Subject(sealer.text(TextKind::Subject, words)?),
        AmendOrder::Documents(documents) => Amend::Documents(seal_documents(documents, sealer)?),
        AmendOrder::Receipt { channel, arrived_on, confirmed_on } => {
            Amend::Receipt { channel: *channel, arrived_on: *arrived_on, confirmed_on: *confirmed_on }
        }
    })
}

fn seal_documents(documents: &[Document], sealer: &mut Sealer) -> Result<TextRef, AppError> {
    sealer.text(TextKind::Documents, &Document::write(documents))
}

/// The words the answer shows are those that hold after the command.
pub(super) fn remember(words: &mut Words, order: &Order, usual: &Usual) {
    match order {
        Order::Draft { text, basis, .. } => {
            words.reply = Some(text.clone());
            words.basis = reply::shown(&usual.complete(basis));
        }
        Order::Amend { amend: AmendOrder::Description(text), .. }
        | Order::Clock(ClockOrder::RecordCorrection { description: text, .. }) => {
            words.description = Some(text.clone());
        }
        Order::Amend { amend: AmendOrder::Applicant(applicant), .. } => {
            words.applicant = Some(applicant.clone());
            words.named.push(applicant.clone());
        }
        Order::Publication(order) => publication::remember(words, order),
        Order::Confirm { .. }
        | Order::Register { .. }
        | Order::Assign { .. }
        | Order::Acknowledge { .. }
        | Order::Return { .. }
        | Order::Submit { .. }
        | Order::Review { .. }
        | Order::Reply(_)
        | Order::Issue { .. }
        | Order::Dispatch { .. }
        | Order::Serve { .. }
        | Order::Withdraw { .. }
        | Order::Archive(_)
        | Order::Amend { .. }
        | Order::Clock(_)
        | Order::Remedy(_)
        | Order::Disposal(_)
        | Order::Label(_)
        | Order::Relation(_)
        | Order::Contact(_)
        | Order::Attachment(AttachmentOrder::Strike { .. }) => {}
        Order::Attachment(AttachmentOrder::Attach { attachment, name, sha256, .. }) => {
            words.files.insert(*attachment, (Some(name.clone()), Some(crate::crypto::hex::encode(sha256))));
        }
    }
}

/// The rows of the file that the order attaches.
pub(super) fn new_attachment(order: &Order) -> Option<NewAttachment> {
    if let Order::Attachment(AttachmentOrder::Attach { new, .. }) = order { Some(*new.clone()) } else { None }
}

pub(super) fn new_subject(order: &Order) -> Option<String> {
    if let Order::Register { subject, .. } | Order::Amend { amend: AmendOrder::Subject(subject), .. } = order
    {
        Some(subject.clone())
    } else {
        None
    }
}

/// The documents that lists and search know from now on, as one text, when the order changes them.
pub(super) fn new_documents(order: &Order) -> Option<String> {
    if let Order::Register { documents, .. } | Order::Amend { amend: AmendOrder::Documents(documents), .. } =
        order
    {
        Some(Document::write(documents))
    } else {
        None
    }
}
