//! What can be asked of a case. Each command carries the civil date on which the thing happened: the past is
//! allowed (late entry is visible, since the record also keeps when it was entered), the future is refused.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::{ApplicantRef, AssignmentKind, Digest, FormWanted, ServiceMethod, TextRef};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, DepartmentId};
use crate::domain::outcome::Outcome;
use crate::domain::review::{Decision, Step};

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
        /// Hash over outcome and words.
        content: Digest,
    },
    /// Freeze the newest draft and send it through the review route.
    Submit,
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
    },
    /// Issue the reply.
    Issue {
        /// The hash of what is issued.
        content: Digest,
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
    Archive {
        /// Where it lies, or a note.
        note: Option<TextRef>,
    },
    /// Put a clerical mistake right.
    Amend {
        /// What is right.
        amend: Amend,
        /// Why.
        reason: TextRef,
    },
}

/// A command's name, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// See [`Command::Confirm`].
    Confirm,
    /// See [`Command::Register`].
    Register,
    /// See [`Command::Assign`] as lead.
    Assign,
    /// See [`Command::Assign`] for help.
    AssignCoHandling,
    /// See [`Command::Acknowledge`].
    Acknowledge,
    /// See [`Command::Return`].
    Return,
    /// See [`Command::Draft`].
    Draft,
    /// See [`Command::Submit`].
    Submit,
    /// See [`Command::Review`], step `legal`.
    ReviewLegal,
    /// See [`Command::Review`], step `secrecy`.
    ReviewSecrecy,
    /// See [`Command::Review`], step `sign_off`.
    SignOff,
    /// See [`Command::Issue`].
    Issue,
    /// See [`Command::Dispatch`].
    Dispatch,
    /// See [`Command::Serve`].
    Serve,
    /// See [`Command::Withdraw`].
    Withdraw,
    /// See [`Command::Archive`].
    Archive,
    /// See [`Command::Amend`], where the clock does not move.
    Amend,
    /// See [`Command::Amend`], of channel or date of receipt: the clock moves.
    AmendReceipt,
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
        Self::Draft,
        Self::Submit,
        Self::ReviewLegal,
        Self::ReviewSecrecy,
        Self::SignOff,
        Self::Issue,
        Self::Dispatch,
        Self::Serve,
        Self::Withdraw,
        Self::Archive,
        Self::Amend,
        Self::AmendReceipt,
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
            Self::Amend => "amend",
            Self::AmendReceipt => "amend_receipt",
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
            Self::Amend => "更正",
            Self::AmendReceipt => "更正接收日期或渠道",
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
            Self::Submit => CommandKind::Submit,
            Self::Review { step, .. } => CommandKind::of_step(*step),
            Self::Issue { .. } => CommandKind::Issue,
            Self::Dispatch { .. } => CommandKind::Dispatch,
            Self::Serve { .. } => CommandKind::Serve,
            Self::Withdraw { .. } => CommandKind::Withdraw,
            Self::Archive { .. } => CommandKind::Archive,
            Self::Amend { amend: Amend::Receipt { .. }, .. } => CommandKind::AmendReceipt,
            Self::Amend { .. } => CommandKind::Amend,
        }
    }
}
