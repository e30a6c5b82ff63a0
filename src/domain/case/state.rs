//! Where a case stands. The state is an enum whose variants carry the facts of that state, so that no code can
//! read a reply that was never issued or an assignment that was never made.

mod parts;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::archive_record::ArchiveRecord;
use super::attachments::Attachment;
use super::clock_record::ClockRecord;
use super::contact_record::ContactRecord;
use super::event::{ApplicantRef, Digest, FormWanted, FrozenFile, TextRef};
use super::publication_record::Publication;
use super::relation::Relation;
use super::remedies::Remedies;
use crate::domain::ids::{AgencyId, CaseId, PersonId};
use crate::domain::review::StepId;
use crate::domain::sensitivity::Sensitivity;

pub use super::status::{Stage, Status};
pub use parts::{
    Assignment, Authority, Conclusion, Draft, Lapse, LapseGround, Receipt, Referral, Registration, Reply,
    Service, Submission, Withdrawal, Work,
};

/// One request for disclosure, as its events leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The agency of origin; never changes.
    pub agency: AgencyId,
    /// The agency that handles it: the agency of origin, until it is handed over.
    pub custodian: AgencyId,
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
    /// Everybody who drafted any version of the reply, put a file into it, took one out, or submitted it.
    pub drafters: BTreeSet<PersonId>,
    /// Which step each person has taken, in whatever round, himself or by a delegate; a delegate has taken it too.
    pub reviewers: BTreeMap<PersonId, StepId>,
    /// How many assignments there have been.
    pub assignments_made: u32,
    /// How many versions of the reply there have been.
    pub drafts_made: u32,
    /// What the secrecy authority was asked and found.
    pub authority: Authority,
    /// Its files, in the order in which they were attached.
    pub attachments: Vec<Attachment>,
    /// What its clock counts by, besides the receipt and the reply.
    pub clock: ClockRecord,
    /// What was brought against its reply, and the rounds in which it was answered.
    pub remedies: Remedies,
    /// What the archive keeps of it.
    pub archive: ArchiveRecord,
    /// With whom it was talked over, and how the applicant rated it.
    pub contact: ContactRecord,
    /// What it has to do with other cases, the oldest first.
    pub relations: Vec<Relation>,
    /// What of its reply is, or is to be, published for everybody, in the order of the proposals.
    pub publications: Vec<Publication>,
    /// Its security label: who is not cleared for it does not know of it.
    pub sensitivity: Sensitivity,
    /// Where it stands.
    pub state: State,
}

impl Case {
    /// The day from which the first period of the running round counts: the arrival of the order to answer anew, else the
    /// date of receipt (the day of arrival while a confirmation is awaited).
    pub fn round_began_on(&self) -> NaiveDate {
        self.remedies.order.map_or(self.receipt.day(), |order| order.served_on)
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
    /// It is no longer handled: the applicant did not correct it, or did not pay, in time.
    Lapsed {
        /// Its registration, when it had got so far.
        registration: Option<Registration>,
        /// Who worked on it.
        work: Option<Work>,
        /// The lapse.
        lapse: Lapse,
        /// How the applicant was told, where he was.
        services: Vec<Service>,
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
            Self::Lapsed { .. } => Status::Lapsed,
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
            Self::Withdrawn { registration, .. }
            | Self::Lapsed { registration, .. }
            | Self::Archived { registration, .. } => registration.as_ref(),
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
            Self::Withdrawn { registration, .. }
            | Self::Lapsed { registration, .. }
            | Self::Archived { registration, .. } => registration.as_mut(),
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
            Self::Replied { work, .. }
            | Self::Withdrawn { work, .. }
            | Self::Lapsed { work, .. }
            | Self::Archived { work, .. } => work.as_ref(),
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
            Self::Replied { work, .. }
            | Self::Withdrawn { work, .. }
            | Self::Lapsed { work, .. }
            | Self::Archived { work, .. } => work.as_mut(),
        }
    }

    /// The newest version of the reply: worked on, in review, or sent.
    pub fn draft(&self) -> Option<&Draft> {
        match self {
            Self::AwaitingConfirmation
            | Self::Received
            | Self::Registered(_)
            | Self::Assigned { .. }
            | Self::Withdrawn { .. }
            | Self::Lapsed { .. } => None,
            Self::InProcess { draft, .. } => draft.as_ref(),
            Self::InReview { submission, .. } | Self::Approved { submission, .. } => Some(&submission.draft),
            Self::Replied { reply, .. } => reply.draft.as_ref(),
            Self::Archived { conclusion, .. } => match conclusion {
                Conclusion::Replied { reply, .. } => reply.draft.as_ref(),
                Conclusion::Withdrawn(_) | Conclusion::Lapsed { .. } => None,
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
            | Self::Lapsed { .. }
            | Self::Archived { .. } => None,
        }
    }

    /// The reply that was issued, when one was.
    pub fn reply(&self) -> Option<&Reply> {
        if let Self::Replied { reply, .. }
        | Self::Archived { conclusion: Conclusion::Replied { reply, .. }, .. } = self
        {
            Some(reply)
        } else {
            None
        }
    }

    /// The hash of the newest version of the reply: of what was submitted with its files, once it was, else of the draft.
    pub fn content(&self) -> Option<Digest> {
        let frozen = self.submission().map(|it| it.content);
        frozen.or(self.reply().and_then(|it| it.content)).or(self.draft().map(|draft| draft.content))
    }

    /// The files that go out with the reply, while it is in review and afterwards.
    pub fn frozen_files(&self) -> Option<&[FrozenFile]> {
        let submitted = self.submission().map(|it| it.attachments.as_slice());
        submitted.or(self.reply().map(|it| it.attachments.as_slice()))
    }

    /// How it ended, when it has: answered, withdrawn or lapsed.
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
            Self::Lapsed { lapse, services, .. } => {
                Some(Conclusion::Lapsed { lapse: *lapse, services: services.clone() })
            }
            Self::Archived { conclusion, .. } => Some(conclusion.clone()),
        }
    }

    /// How the reply, or the note of the lapse, was served so far.
    pub fn services(&self) -> &[Service] {
        match self {
            Self::Replied { services, .. }
            | Self::Lapsed { services, .. }
            | Self::Archived {
                conclusion: Conclusion::Replied { services, .. } | Conclusion::Lapsed { services, .. },
                ..
            } => services,
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

    /// The dispatches so far, to be changed by `evolve`.
    pub(super) fn services_mut(&mut self) -> Option<&mut Vec<Service>> {
        if let Self::Replied { services, .. } | Self::Lapsed { services, .. } = self {
            Some(services)
        } else {
            None
        }
    }

    /// The day of archiving, once it is archived.
    pub fn archived_on(&self) -> Option<NaiveDate> {
        if let Self::Archived { archived_on, .. } = self { Some(*archived_on) } else { None }
    }
}
