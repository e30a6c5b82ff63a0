//! What the states of a case hold: receipt, registration, work, drafts, and how it ended.

use chrono::NaiveDate;

use crate::domain::case::event::{AssignmentKind, Digest, FrozenFile, ServiceMethod, TextRef};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, DepartmentId, PersonId};
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Basis, ReplyNumber};
use crate::domain::review::{Finding, Route, RouteStep, Step, StepId};

/// How a request came, and the date of receipt by Art. 31.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The channel.
    pub channel: Channel,
    /// The day it was handed in, signed for, found in the mail, or submitted.
    pub arrived_on: NaiveDate,
    /// The date of receipt; `None` while a confirmation is awaited.
    pub received_on: Option<NaiveDate>,
    /// The day on which both sides confirmed, when they did.
    pub confirmed_on: Option<NaiveDate>,
    /// Who recorded it; `None` for the operator.
    pub recorded_by: Option<PersonId>,
    /// Who recorded the confirmation, when there was one.
    pub confirmed_by: Option<PersonId>,
    /// What shows the day of arrival.
    pub evidence: Option<TextRef>,
    /// For a row of an imported ledger, the keyed digest of its content.
    pub imported_row: Option<Digest>,
}

impl Receipt {
    /// The date of receipt; while a confirmation is awaited, the day of arrival.
    pub fn day(&self) -> NaiveDate {
        self.received_on.unwrap_or(self.arrived_on)
    }
}

/// Registration (登记).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The number.
    pub number: String,
    /// The day of registration.
    pub registered_on: NaiveDate,
    /// The clerk's summary.
    pub subject: TextRef,
    /// The documents asked for, where the applicant named any.
    pub documents: Option<TextRef>,
}

/// A department's task within a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Counts from 1 within the case.
    pub n: u32,
    /// Lead or help.
    pub kind: AssignmentKind,
    /// To whom.
    pub department: DepartmentId,
    /// To whom there, when named.
    pub assignee: Option<AccountId>,
    /// Since when.
    pub assigned_on: NaiveDate,
    /// Since when it has been acknowledged.
    pub acknowledged_on: Option<NaiveDate>,
}

/// Who works on a case: the lead, and those who help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// 主办.
    pub lead: Assignment,
    /// 协办.
    pub helpers: Vec<Assignment>,
}

/// A version of the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Counts from 1 within the case.
    pub version: u32,
    /// What is answered.
    pub outcome: Outcome,
    /// The words.
    pub text: TextRef,
    /// Hash over outcome, words and basis.
    pub content: Digest,
    /// Grounds, facts, withheld parts, overridden third parties, remedies.
    pub basis: Box<Basis<TextRef>>,
}

/// A draft in review: frozen, with the steps passed so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The frozen draft.
    pub draft: Draft,
    /// The files that go out with it.
    pub attachments: Vec<FrozenFile>,
    /// Hash over both: what the reviews and the issue bind to.
    pub content: Digest,
    /// The route it takes.
    pub route: Route,
    /// Steps passed, in the order in which they passed.
    pub passed: Vec<StepId>,
    /// What was referred to the secrecy authority, the oldest first.
    pub referrals: Vec<Referral>,
}

/// A question to the secrecy authority (Art. 17(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referral {
    /// The step that asked.
    pub id: StepId,
    /// What was found, once it was.
    pub finding: Option<Finding>,
}

impl Submission {
    /// The step of a kind that is due; when all have passed, the signature, which may still be taken back.
    pub fn step(&self, kind: Step) -> Option<&RouteStep> {
        if self.route.is_through(&self.passed) {
            return self.route.signature().filter(|_| kind == Step::SignOff);
        }
        self.route.due_of(kind, &self.passed)
    }

    /// The step that waits for the secrecy authority, when one does.
    pub fn awaiting(&self) -> Option<StepId> {
        self.referrals.iter().find(|referral| referral.finding.is_none()).map(|referral| referral.id)
    }
}

/// What the secrecy authority (Art. 17(3)) has to do with the case, whichever version of the reply was in review when it was
/// asked: what it finds is about the information, not about a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authority {
    /// Questions that were open when the review ended without their answer, such as upon a return by another reviewer; the oldest
    /// first, each by the step that asked.
    pub unanswered: Vec<StepId>,
    /// What it found last.
    pub finding: Option<Finding>,
}

/// An answer given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What was answered.
    pub outcome: Outcome,
    /// The day it was issued.
    pub issued_on: NaiveDate,
    /// Its number (答复书文号), when it has one.
    pub number: Option<ReplyNumber>,
    /// The reviewed draft; `None` for a reply taken over with a ledger.
    pub draft: Option<Draft>,
    /// The hash that every step passed; `None` for a reply taken over with a ledger.
    pub content: Option<Digest>,
    /// The files that go out with it.
    pub attachments: Vec<FrozenFile>,
}

impl Reply {
    /// An answer that another system gave before ours.
    pub fn taken_over(outcome: Outcome, issued_on: NaiveDate) -> Self {
        Self { outcome, issued_on, number: None, draft: None, content: None, attachments: Vec::new() }
    }
}

/// One dispatch of the reply, with its two dates (design 2: both are needed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Counts from 1 within the case.
    pub n: u32,
    /// How.
    pub method: ServiceMethod,
    /// The day it was handed to the post, a messenger or a system.
    pub dispatched_on: NaiveDate,
    /// The day it reached the applicant.
    pub served_on: Option<NaiveDate>,
}

/// A withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The day it reached the agency.
    pub withdrawn_on: NaiveDate,
    /// The applicant's words.
    pub reason: Option<TextRef>,
}

/// Why a case was no longer handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LapseGround {
    /// The applicant did not correct the request in time (Art. 30).
    Correction,
    /// He did not pay the fee in time (fee measure, Art. 6).
    Fee,
    /// It is handled with an earlier case of the same applicant (并案).
    Merged,
}

/// A lapse: the request is no longer handled (不再处理).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// Why.
    pub ground: LapseGround,
    /// Which correction, fee or relation.
    pub n: u32,
    /// The day of the note that it is no longer handled.
    pub lapsed_on: NaiveDate,
}

/// How a case ended before it was archived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// With a reply.
    Replied {
        /// The reply.
        reply: Reply,
        /// How it was served.
        services: Vec<Service>,
    },
    /// With a withdrawal.
    Withdrawn(Withdrawal),
    /// With a lapse.
    Lapsed {
        /// The lapse.
        lapse: Lapse,
        /// How the applicant was told, where he was: no article asks for it.
        services: Vec<Service>,
    },
}

impl Conclusion {
    /// The outcome with which it counts in the annual report. A withdrawal is 其他处理—其他 (point 26 of the
    /// statute digest), and so is a merger: 重复申请 presupposes an earlier reply (Art. 36(6); point 27).
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Replied { reply, .. } => reply.outcome,
            Self::Withdrawn(_) => Outcome::OtherOther,
            Self::Lapsed { lapse, .. } => match lapse.ground {
                LapseGround::Correction => Outcome::OtherOverdueCorrection,
                LapseGround::Fee => Outcome::OtherOverdueFee,
                LapseGround::Merged => Outcome::OtherOther,
            },
        }
    }

    /// The number of the reply (答复书文号), when it ended with one that has a number.
    pub fn reply_number(&self) -> Option<&ReplyNumber> {
        match self {
            Self::Replied { reply, .. } => reply.number.as_ref(),
            Self::Withdrawn(_) | Self::Lapsed { .. } => None,
        }
    }

    /// Whether it is handled together with another case (并案).
    pub fn is_merger(&self) -> bool {
        matches!(self, Self::Lapsed { lapse, .. } if lapse.ground == LapseGround::Merged)
    }

    /// The day on which it counts as handled.
    pub fn concluded_on(&self) -> NaiveDate {
        match self {
            Self::Replied { reply, .. } => reply.issued_on,
            Self::Withdrawn(withdrawal) => withdrawal.withdrawn_on,
            Self::Lapsed { lapse, .. } => lapse.lapsed_on,
        }
    }
}
