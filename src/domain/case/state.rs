//! Where a case stands. The state is an enum whose variants carry the facts of that state, so that no code can
//! read a reply that was never issued or an assignment that was never made.

use std::collections::{BTreeMap, BTreeSet};

pub use super::status::{Stage, Status};
use chrono::NaiveDate;

use super::event::{ApplicantRef, AssignmentKind, Digest, FormWanted, ServiceMethod, TextRef};
use crate::domain::channel::Channel;
use crate::domain::ids::{AccountId, AgencyId, CaseId, DepartmentId, PersonId};
use crate::domain::outcome::Outcome;
use crate::domain::review::Step;

/// One request for disclosure, as its events leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The agency of origin; never changes.
    pub agency: AgencyId,
    /// How many events there are: the version that `If-Match` names.
    pub version: u32,
    /// The statute pack under which it was received.
    pub statute: String,
    /// The version of that pack.
    pub statute_version: u32,
    /// The calendar by which its days are counted, when that is not the pack's.
    pub calendar: Option<String>,
    /// How and when it came.
    pub receipt: Receipt,
    /// Who asks.
    pub applicant: ApplicantRef,
    /// The applicant's own words.
    pub description: TextRef,
    /// The form wanted, when stated.
    pub form_wanted: Option<FormWanted>,
    /// The latest civil date on which one of its steps happened: the next step cannot precede it.
    pub latest_on: NaiveDate,
    /// Everybody who drafted any version of the reply.
    pub drafters: BTreeSet<PersonId>,
    /// Which step each person has taken, in whatever round.
    pub reviewers: BTreeMap<PersonId, Step>,
    /// How many assignments there have been.
    pub assignments_made: u32,
    /// How many versions of the reply there have been.
    pub drafts_made: u32,
    /// Where it stands.
    pub state: State,
}

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

/// Registration (登记).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The number.
    pub number: String,
    /// The day of registration.
    pub registered_on: NaiveDate,
    /// The clerk's summary.
    pub subject: TextRef,
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
    /// Hash over outcome and words.
    pub content: Digest,
}

/// A draft in review: frozen, with the steps passed so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The frozen draft.
    pub draft: Draft,
    /// Steps passed, in the order of the route.
    pub passed: Vec<Step>,
}

/// An answer given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What was answered.
    pub outcome: Outcome,
    /// The day it was issued.
    pub issued_on: NaiveDate,
    /// The reviewed draft; `None` for a reply taken over with a ledger.
    pub draft: Option<Draft>,
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
}

impl Conclusion {
    /// The outcome with which it counts in the annual report. A withdrawal is 其他处理—其他 (point 26 of the
    /// statute digest).
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Replied { reply, .. } => reply.outcome,
            Self::Withdrawn(_) => Outcome::OtherOther,
        }
    }

    /// The day on which it counts as handled.
    pub fn concluded_on(&self) -> NaiveDate {
        match self {
            Self::Replied { reply, .. } => reply.issued_on,
            Self::Withdrawn(withdrawal) => withdrawal.withdrawn_on,
        }
    }
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It came by a channel whose date of receipt is fixed by confirmation, which has not happened yet.
    AwaitingConfirmation,
    /// Its date of receipt is fixed.
    Received,
    /// It has a number; no department has it.
    Registered(Registration),
    /// A department was given it and has not acknowledged.
    Assigned {
        /// Its registration.
        registration: Registration,
        /// Who was given it.
        work: Work,
    },
    /// A department works on it.
    InProcess {
        /// Its registration.
        registration: Registration,
        /// Who works on it.
        work: Work,
        /// The newest version of the reply.
        draft: Option<Draft>,
    },
    /// The reply is in review.
    InReview {
        /// Its registration.
        registration: Registration,
        /// Who works on it.
        work: Work,
        /// What is reviewed.
        submission: Submission,
    },
    /// Every step passed; the reply may be issued.
    Approved {
        /// Its registration.
        registration: Registration,
        /// Who works on it.
        work: Work,
        /// What passed.
        submission: Submission,
    },
    /// It was answered.
    Replied {
        /// Its registration.
        registration: Registration,
        /// Who worked on it; `None` for a reply taken over with a ledger.
        work: Option<Work>,
        /// The answer.
        reply: Reply,
        /// How the answer was served.
        services: Vec<Service>,
    },
    /// The applicant took it back.
    Withdrawn {
        /// Its registration, when it had got so far.
        registration: Option<Registration>,
        /// Who worked on it.
        work: Option<Work>,
        /// The withdrawal.
        withdrawal: Withdrawal,
    },
    /// Its file is closed.
    Archived {
        /// Its registration, when it had got so far.
        registration: Option<Registration>,
        /// Who worked on it.
        work: Option<Work>,
        /// How it ended.
        conclusion: Conclusion,
        /// The day of archiving.
        archived_on: NaiveDate,
    },
}

impl State {
    /// The state's name.
    pub fn status(&self) -> Status {
        match self {
            Self::AwaitingConfirmation => Status::AwaitingConfirmation,
            Self::Received => Status::Received,
            Self::Registered(_) => Status::Registered,
            Self::Assigned { .. } => Status::Assigned,
            Self::InProcess { .. } => Status::InProcess,
            Self::InReview { .. } => Status::InReview,
            Self::Approved { .. } => Status::Approved,
            Self::Replied { .. } => Status::Replied,
            Self::Withdrawn { .. } => Status::Withdrawn,
            Self::Archived { .. } => Status::Archived,
        }
    }

    /// The registration, once there is one.
    pub fn registration(&self) -> Option<&Registration> {
        match self {
            Self::AwaitingConfirmation | Self::Received => None,
            Self::Registered(registration)
            | Self::Assigned { registration, .. }
            | Self::InProcess { registration, .. }
            | Self::InReview { registration, .. }
            | Self::Approved { registration, .. }
            | Self::Replied { registration, .. } => Some(registration),
            Self::Withdrawn { registration, .. } | Self::Archived { registration, .. } => {
                registration.as_ref()
            }
        }
    }

    /// The registration, to be changed by `evolve`.
    pub(super) fn registration_mut(&mut self) -> Option<&mut Registration> {
        match self {
            Self::AwaitingConfirmation | Self::Received => None,
            Self::Registered(registration)
            | Self::Assigned { registration, .. }
            | Self::InProcess { registration, .. }
            | Self::InReview { registration, .. }
            | Self::Approved { registration, .. }
            | Self::Replied { registration, .. } => Some(registration),
            Self::Withdrawn { registration, .. } | Self::Archived { registration, .. } => {
                registration.as_mut()
            }
        }
    }

    /// Who works (or worked) on it.
    pub fn work(&self) -> Option<&Work> {
        match self {
            Self::AwaitingConfirmation | Self::Received | Self::Registered(_) => None,
            Self::Assigned { work, .. }
            | Self::InProcess { work, .. }
            | Self::InReview { work, .. }
            | Self::Approved { work, .. } => Some(work),
            Self::Replied { work, .. } | Self::Withdrawn { work, .. } | Self::Archived { work, .. } => {
                work.as_ref()
            }
        }
    }

    /// Who works on it, to be changed by `evolve`.
    pub(super) fn work_mut(&mut self) -> Option<&mut Work> {
        match self {
            Self::AwaitingConfirmation | Self::Received | Self::Registered(_) => None,
            Self::Assigned { work, .. }
            | Self::InProcess { work, .. }
            | Self::InReview { work, .. }
            | Self::Approved { work, .. } => Some(work),
            Self::Replied { work, .. } | Self::Withdrawn { work, .. } | Self::Archived { work, .. } => {
                work.as_mut()
            }
        }
    }

    /// The newest version of the reply: worked on, in review, or sent.
    pub fn draft(&self) -> Option<&Draft> {
        match self {
            Self::AwaitingConfirmation
            | Self::Received
            | Self::Registered(_)
            | Self::Assigned { .. }
            | Self::Withdrawn { .. } => None,
            Self::InProcess { draft, .. } => draft.as_ref(),
            Self::InReview { submission, .. } | Self::Approved { submission, .. } => Some(&submission.draft),
            Self::Replied { reply, .. } => reply.draft.as_ref(),
            Self::Archived { conclusion, .. } => match conclusion {
                Conclusion::Replied { reply, .. } => reply.draft.as_ref(),
                Conclusion::Withdrawn(_) => None,
            },
        }
    }

    /// The frozen draft and the steps it passed, while it is in review or waits to be issued.
    pub fn submission(&self) -> Option<&Submission> {
        match self {
            Self::InReview { submission, .. } | Self::Approved { submission, .. } => Some(submission),
            Self::AwaitingConfirmation
            | Self::Received
            | Self::Registered(_)
            | Self::Assigned { .. }
            | Self::InProcess { .. }
            | Self::Replied { .. }
            | Self::Withdrawn { .. }
            | Self::Archived { .. } => None,
        }
    }

    /// How it ended, when it has: answered or withdrawn.
    pub fn conclusion(&self) -> Option<Conclusion> {
        match self {
            Self::AwaitingConfirmation
            | Self::Received
            | Self::Registered(_)
            | Self::Assigned { .. }
            | Self::InProcess { .. }
            | Self::InReview { .. }
            | Self::Approved { .. } => None,
            Self::Replied { reply, services, .. } => {
                Some(Conclusion::Replied { reply: reply.clone(), services: services.clone() })
            }
            Self::Withdrawn { withdrawal, .. } => Some(Conclusion::Withdrawn(withdrawal.clone())),
            Self::Archived { conclusion, .. } => Some(conclusion.clone()),
        }
    }

    /// How the reply was served so far.
    pub fn services(&self) -> &[Service] {
        match self {
            Self::Replied { services, .. }
            | Self::Archived { conclusion: Conclusion::Replied { services, .. }, .. } => services,
            Self::Archived { conclusion: Conclusion::Withdrawn(_), .. }
            | Self::AwaitingConfirmation
            | Self::Received
            | Self::Registered(_)
            | Self::Assigned { .. }
            | Self::InProcess { .. }
            | Self::InReview { .. }
            | Self::Approved { .. }
            | Self::Withdrawn { .. } => &[],
        }
    }

    /// The day of archiving, once it is archived.
    pub fn archived_on(&self) -> Option<NaiveDate> {
        if let Self::Archived { archived_on, .. } = self { Some(*archived_on) } else { None }
    }
}
