//! What happens to one case, day by day: from its receipt as far as it goes, with one twist.

mod answer;
mod clock;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::days::Days;
use super::matters::{Matter, applicant, description};
use super::office::{Department, Who};
use crate::app::execute::{AmendOrder, Order};
use crate::app::receive::Reception;
use crate::domain::case::Status;
use crate::domain::case::event::{AssignmentKind, FormWanted};
use crate::domain::channel::Channel;
use crate::domain::review::{Decision, Step};

/// One entry of somebody.
pub(super) struct Entry {
    /// When it is made.
    pub(super) at: DateTime<Utc>,
    /// In which case.
    pub(super) case: u32,
    /// By whom.
    pub(super) who: Who,
    /// What is entered.
    pub(super) deed: Deed,
    /// The day on which it happened, when that was earlier.
    pub(super) on: Option<NaiveDate>,
}

/// What is entered.
pub(super) enum Deed {
    /// A request comes.
    Receive(Box<Reception>),
    /// It goes to a department.
    Assign {
        /// Lead or help.
        kind: AssignmentKind,
        /// To which.
        department: Department,
        /// Whether to its handler by name.
        by_name: bool,
    },
    /// A review step is decided upon the reply as it stands.
    Review {
        /// Which.
        step: Step,
        /// How.
        decision: Decision,
        /// Why.
        opinion: Option<String>,
    },
    /// The reply is issued as it stands.
    Issue,
    /// Anything whose content is known beforehand.
    Give(Box<Order>),
}

/// How far a case goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// To this status.
    At(Status),
    /// Replied, and on its way to the applicant.
    Dispatched,
    /// Replied, and with the applicant.
    Served,
    /// To the archive.
    Archived,
    /// Taken back in this status, and then to the archive or not yet.
    Withdrawn(Status, bool),
    /// Not corrected in time, and then to the archive or not yet.
    Lapsed(bool),
}

impl End {
    /// The last status on the straight way.
    fn upto(self) -> Status {
        match self {
            Self::At(status) | Self::Withdrawn(status, _) => status,
            Self::Lapsed(_) => Status::Registered,
            Self::Dispatched | Self::Served | Self::Archived => Status::Replied,
        }
    }
}

/// What is out of the ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Twist {
    /// Nothing.
    None,
    /// Given to the wrong department, which returns it.
    Returned,
    /// Given to the wrong department, and taken from it after it began.
    Reassigned,
    /// Another department helps.
    CoHandled,
    /// The legal reviewer returns the draft.
    LegalReturned,
    /// The secrecy reviewer does.
    SecrecyReturned,
    /// The approver does.
    SignOffReturned,
    /// The approver takes the approved reply back.
    TakenBack,
    /// Entered days after it came.
    Late,
    /// The summary is put right.
    SubjectAmended,
    /// The applicant's record is.
    ApplicantAmended,
    /// The applicant's words are.
    DescriptionAmended,
    /// The day of arrival is.
    ReceiptAmended,
    /// The channel is.
    ChannelAmended,
    /// The first letter comes back.
    Redelivered,
    /// The applicant is asked what he means, and says it.
    Corrected,
    /// A third party is asked.
    Consulted,
    /// The reply is extended.
    Extended,
}

/// One case of the plan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// Its number in the plan.
    pub(super) n: u32,
    /// The day of receipt.
    pub(super) received: usize,
    /// Working days from then to the reply, when nothing comes between.
    pub(super) span: usize,
    /// How far it goes.
    pub(super) end: End,
    /// What is out of the ordinary.
    pub(super) twist: Twist,
    /// How it comes.
    pub(super) channel: Channel,
    /// What is asked.
    pub(super) matter: Matter,
    /// Which place it is about.
    pub(super) place: usize,
}

/// The entries of a case, in order.
pub(super) fn entries(case: Case, days: &Days) -> Vec<Entry> {
    let subject = case.matter.summary(case.place, days.date(case.received).year() - 1);
    let mut script =
        Script { case, days, day: case.received, subject, assigned: 0, drafted: 0, entries: Vec::new() };
    script.play();
    script.entries
}

struct Script<'a> {
    case: Case,
    days: &'a Days,
    day: usize,
    subject: String,
    assigned: u32,
    drafted: u32,
    entries: Vec<Entry>,
}

/// What leads a case to a status.
type Act<'a> = fn(&mut Script<'a>);

impl<'a> Script<'a> {
    fn play(&mut self) {
        let upto = self.case.end.upto();
        let way: [(Status, Act<'a>); 8] = [
            (Status::AwaitingConfirmation, Self::receive),
            (Status::Received, Self::confirm),
            (Status::Registered, Self::register),
            (Status::Assigned, Self::assign),
            (Status::InProcess, Self::acknowledge),
            (Status::InReview, Self::propose),
            (Status::Approved, Self::approve),
            (Status::Replied, Self::issue),
        ];
        for (_, act) in way.into_iter().filter(|(status, _)| *status <= upto) {
            act(self);
        }
        self.linger(upto);
        self.finish();
    }

    // --- time ---------------------------------------------------------------------------------------------------

    /// So many working days later, but never ahead of now.
    fn later(&mut self, days: usize) {
        self.day = (self.day + days).min(self.days.last());
    }

    /// When so many hundredths of the time are over.
    fn by(&mut self, hundredths: usize) {
        let due = self.case.received + self.case.span * hundredths / 100;
        self.day = self.day.max(due).min(self.days.last());
    }

    fn enter(&mut self, who: Who, deed: Deed) {
        self.enter_on(who, deed, None);
    }

    fn enter_on(&mut self, who: Who, deed: Deed, on: Option<NaiveDate>) {
        let nth = i64::try_from(self.entries.len()).unwrap_or(0);
        let at = self.days.instant(self.day, self.case.n, nth);
        let on = on.filter(|on| *on < self.days.date(self.day));
        self.entries.push(Entry { at, case: self.case.n, who, deed, on });
    }

    fn give(&mut self, who: Who, order: Order) {
        self.enter(who, Deed::Give(Box::new(order)));
    }

    // --- 接收、登记 ---------------------------------------------------------------------------------------------

    /// The day of arrival is the day of receipt, but where that waits for a confirmation.
    fn receive(&mut self) {
        let Case { n, channel, twist, received, .. } = self.case;
        let mut arrived = received;
        if awaits_confirmation(channel) && n.is_multiple_of(2) {
            arrived = received.saturating_sub(1);
            self.day = arrived;
        }
        self.later(if twist == Twist::Late { 2 } else { usize::from(twist == Twist::ReceiptAmended) });
        if twist == Twist::ReceiptAmended {
            arrived = self.day;
        }
        let mut person = applicant(n);
        if twist == Twist::ApplicantAmended {
            person.name.push_str("（待核）");
        }
        let mut words = description(&self.subject, n);
        if matches!(twist, Twist::DescriptionAmended | Twist::Corrected) {
            words = words.replace(&self.subject, "有关材料");
        }
        let reception = Reception {
            portal_request: None,
            channel: if twist == Twist::ChannelAmended { Channel::Online } else { channel },
            arrived_on: Some(self.days.date(arrived)),
            applicant: person,
            description: words,
            form_wanted: form_wanted(n),
            evidence: evidence(channel, n),
        };
        self.enter(Who::Clerk, Deed::Receive(Box::new(reception)));
        self.put_right();
    }

    /// What was entered wrongly with the request.
    fn put_right(&mut self) {
        let Case { n, channel, received, twist, .. } = self.case;
        let receipt =
            AmendOrder::Receipt { channel, arrived_on: self.days.date(received), confirmed_on: None };
        let (who, amend, reason) = if twist == Twist::ReceiptAmended {
            (Who::Approver, receipt, "签收日期录入有误，以回执记载为准。")
        } else if twist == Twist::ChannelAmended {
            (Who::Approver, receipt, "申请系通过电子邮件提交，接收渠道录入有误。")
        } else if twist == Twist::ApplicantAmended {
            (Who::Clerk, AmendOrder::Applicant(applicant(n)), "经核对，更正申请人名称。")
        } else if twist == Twist::DescriptionAmended {
            (Who::Clerk, AmendOrder::Description(description(&self.subject, n)), "原文抄录有遗漏。")
        } else {
            return;
        };
        self.give(who, Order::Amend { amend, reason: reason.to_owned() });
    }

    fn confirm(&mut self) {
        self.by(0);
        if awaits_confirmation(self.case.channel) {
            let evidence = "已与申请人电话确认收到申请（演示）。".to_owned();
            self.give(Who::Clerk, Order::Confirm { evidence });
        }
    }

    fn register(&mut self) {
        self.later(usize::from(self.case.n % 3 == 1));
        let amended = self.case.twist == Twist::SubjectAmended;
        let subject = if amended { "政府信息公开申请".to_owned() } else { self.subject.clone() };
        self.give(Who::Clerk, Order::Register { subject, documents: Vec::new() });
        if amended {
            let amend = AmendOrder::Subject(self.subject.clone());
            let reason = "内容摘要过于笼统。".to_owned();
            self.give(Who::Clerk, Order::Amend { amend, reason });
        }
        if self.case.twist == Twist::Corrected {
            self.ask_for_a_correction();
        }
    }

    // --- 办理 ---------------------------------------------------------------------------------------------------

    fn hand_to(&mut self, kind: AssignmentKind, department: Department) -> u32 {
        self.assigned += 1;
        let by_name = self.case.n.is_multiple_of(2);
        self.enter(Who::Clerk, Deed::Assign { kind, department, by_name });
        self.assigned
    }

    fn assign(&mut self) {
        if self.case.twist == Twist::Corrected {
            self.correct();
        }
        let department = self.case.matter.department;
        if self.case.twist == Twist::Returned {
            self.hand_to_the_wrong_one();
        }
        if self.case.twist == Twist::Reassigned {
            let wrong = department.neighbour();
            let n = self.hand_to(AssignmentKind::Lead, wrong);
            self.later(1);
            self.give(Who::Handler(wrong), Order::Acknowledge { n });
            self.later(1);
        }
        self.hand_to(AssignmentKind::Lead, department);
    }

    fn hand_to_the_wrong_one(&mut self) {
        let wrong = self.case.matter.department.neighbour();
        let n = self.hand_to(AssignmentKind::Lead, wrong);
        self.later(1);
        let reason = "经核，该事项不属于本科室职责，建议转相关科室办理。".to_owned();
        self.give(Who::Handler(wrong), Order::Return { n, reason });
    }

    fn handler(&self) -> Who {
        Who::Handler(self.case.matter.department)
    }

    fn acknowledge(&mut self) {
        self.later(1);
        let n = self.assigned;
        self.give(self.handler(), Order::Acknowledge { n });
        if self.case.twist == Twist::CoHandled {
            let helper = self.case.matter.department.neighbour();
            let n = self.hand_to(AssignmentKind::CoHandling, helper);
            self.later(1);
            self.give(Who::Handler(helper), Order::Acknowledge { n });
        }
        match self.case.twist {
            Twist::Consulted => self.consult(),
            Twist::Extended => self.extend(),
            Twist::None
            | Twist::Returned
            | Twist::Reassigned
            | Twist::CoHandled
            | Twist::LegalReturned
            | Twist::SecrecyReturned
            | Twist::SignOffReturned
            | Twist::TakenBack
            | Twist::Late
            | Twist::SubjectAmended
            | Twist::ApplicantAmended
            | Twist::DescriptionAmended
            | Twist::ReceiptAmended
            | Twist::ChannelAmended
            | Twist::Redelivered
            | Twist::Corrected => {}
        }
    }
}

/// The channels whose day of receipt both sides confirm (Art. 31).
fn awaits_confirmation(channel: Channel) -> bool {
    matches!(channel, Channel::Fax | Channel::OrdinaryPost)
}

fn form_wanted(n: u32) -> Option<FormWanted> {
    match n % 5 {
        0 => None,
        1 => Some(FormWanted::Paper),
        2 => Some(FormWanted::Inspection),
        _ => Some(FormWanted::Electronic),
    }
}

fn evidence(channel: Channel, n: u32) -> Option<String> {
    match channel {
        Channel::Counter => Some("当面提交，已出具收件回执（演示）。".to_owned()),
        Channel::RegisteredPost => Some(format!("EMS 邮件签收单 演示-{n:04}")),
        Channel::Fax => Some("传真收件记录（演示）。".to_owned()),
        Channel::OrdinaryPost | Channel::Online | Channel::Email => None,
    }
}
