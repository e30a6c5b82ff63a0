//! From the draft to the archive.

use super::{Case, Channel, Decision, Deed, End, Order, Script, Status, Step, Twist, Who};
use crate::app::demo::basis::basis;
use crate::app::demo::matters::reply;
use crate::app::order::FilingOrder;
use crate::domain::case::event::ServiceMethod;

impl Twist {
    /// The steps a draft passes before one returns it, which, and why.
    fn return_of_a_draft(self) -> Option<(&'static [Step], Step, &'static str)> {
        match self {
            Self::LegalReturned => Some((&[], Step::Legal, "请补充作出该处理的法律依据。")),
            Self::SecrecyReturned => Some((&[Step::Legal], Step::Secrecy, "附件需作脱密处理后再送审。")),
            Self::SignOffReturned => {
                Some((&[Step::Legal, Step::Secrecy], Step::SignOff, "请核对文号和附件页数后再报。"))
            }
            Self::TakenBack => Some((
                &[Step::Legal, Step::Secrecy, Step::SignOff],
                Step::SignOff,
                "发出前发现附件有误，撤回修改。",
            )),
            Self::None
            | Self::Returned
            | Self::Reassigned
            | Self::CoHandled
            | Self::Late
            | Self::SubjectAmended
            | Self::ApplicantAmended
            | Self::DescriptionAmended
            | Self::ReceiptAmended
            | Self::ChannelAmended
            | Self::Redelivered
            | Self::Corrected
            | Self::Consulted
            | Self::Extended => None,
        }
    }
}

impl Script<'_> {
    // --- 拟稿、审核 ---------------------------------------------------------------------------------------------

    fn draft(&mut self) {
        self.drafted += 1;
        let outcome = self.case.matter.outcome;
        let text = reply(&self.subject, outcome, self.drafted);
        let today = self.days.date(self.day);
        let basis = Box::new(basis(&self.subject, outcome, today));
        self.give(self.handler(), Order::Draft { outcome, text, basis });
    }

    fn submit(&mut self) {
        self.give(self.handler(), Order::Submit { unscanned: Vec::new() });
    }

    fn decide(&mut self, step: Step, opinion: Option<&str>) {
        let who = match step {
            Step::Legal => Who::Legal,
            Step::Secrecy => Who::Secrecy,
            Step::SignOff => Who::Approver,
        };
        let decision = if opinion.is_some() { Decision::Return } else { Decision::Pass };
        let said = (step == Step::Legal && self.case.n.is_multiple_of(4)).then_some("依据充分，程序合法。");
        let opinion = opinion.or(said).map(ToOwned::to_owned);
        self.enter(who, Deed::Review { step, decision, opinion });
    }

    /// Draft and submission, and where a reviewer returns it, the second ones.
    pub(super) fn propose(&mut self) {
        self.by(35);
        if self.case.twist == Twist::Consulted {
            self.answer();
        }
        self.draft();
        self.later(1);
        self.submit();
        if self.is_returned() {
            self.later(1);
            self.draft();
            self.submit();
        }
    }

    /// Whether somebody returned the draft, which then happens here.
    fn is_returned(&mut self) -> bool {
        let Some((passed, step, opinion)) = self.case.twist.return_of_a_draft() else { return false };
        for step in passed {
            self.decide(*step, None);
        }
        self.later(1);
        self.decide(step, Some(opinion));
        true
    }

    pub(super) fn approve(&mut self) {
        for (hundredths, step) in [(60, Step::Legal), (70, Step::Secrecy), (85, Step::SignOff)] {
            self.by(hundredths);
            self.decide(step, None);
        }
    }

    pub(super) fn issue(&mut self) {
        self.by(100);
        self.enter(Who::Approver, Deed::Issue);
    }

    // --- how it ends --------------------------------------------------------------------------------------------

    /// What has begun beyond the status in which the case stands.
    pub(super) fn linger(&mut self, upto: Status) {
        let Case { n, twist, .. } = self.case;
        match upto {
            Status::Registered if twist == Twist::Returned => self.hand_to_the_wrong_one(),
            Status::InProcess if twist == Twist::None && n.is_multiple_of(2) => {
                self.by(35);
                self.draft();
            }
            Status::InProcess if twist.return_of_a_draft().is_some() => {
                self.by(35);
                self.draft();
                self.later(1);
                self.submit();
                self.is_returned();
            }
            Status::InReview => {
                let passed = usize::try_from(n % 3).unwrap_or(0);
                for (hundredths, step) in [(60, Step::Legal), (70, Step::Secrecy)].into_iter().take(passed) {
                    self.by(hundredths);
                    self.decide(step, None);
                }
            }
            Status::AwaitingConfirmation
            | Status::Received
            | Status::Registered
            | Status::Assigned
            | Status::InProcess
            | Status::Approved
            | Status::Replied
            | Status::Withdrawn
            | Status::Lapsed
            | Status::Archived => {}
        }
    }

    pub(super) fn finish(&mut self) {
        match self.case.end {
            End::At(_) => {}
            End::Dispatched => self.post(),
            End::Served => self.serve(),
            End::Archived => {
                self.serve();
                self.archive();
            }
            End::Withdrawn(_, archived) => {
                self.later(2);
                let reason = (!self.case.n.is_multiple_of(3))
                    .then(|| "申请人书面说明已通过其他途径获取所需信息，自愿撤回申请。".to_owned());
                self.give(Who::Clerk, Order::Withdraw { reason });
                if archived {
                    self.archive();
                }
            }
            End::Lapsed(archived) => {
                self.lapse();
                if archived {
                    self.archive();
                }
            }
        }
    }

    fn post(&mut self) {
        let evidence = Some(format!("EMS 邮件号 演示-答复-{:04}", self.case.n));
        self.give(Who::Clerk, Order::Dispatch { method: ServiceMethod::Post, evidence, served_on: None });
    }

    /// By the way on which it was asked: at once, or by a letter whose receipt is entered when its slip comes back.
    fn serve(&mut self) {
        if self.case.twist == Twist::Redelivered {
            self.post();
            self.later(4);
            return self.hand_over(ServiceMethod::Direct);
        }
        match self.case.channel {
            Channel::Online | Channel::Email => self.hand_over(ServiceMethod::Electronic),
            Channel::Counter => self.hand_over(ServiceMethod::Direct),
            Channel::RegisteredPost | Channel::OrdinaryPost | Channel::Fax => {
                self.post();
                let dispatched = self.day;
                self.later(3);
                let on = self.days.date(self.day.min(dispatched + 2));
                let evidence = Some("邮件回执（演示）。".to_owned());
                self.enter_on(Who::Clerk, Deed::Give(Box::new(Order::Serve { n: 1, evidence })), Some(on));
            }
        }
    }

    fn hand_over(&mut self, method: ServiceMethod) {
        let served_on = Some(self.days.date(self.day));
        self.give(Who::Clerk, Order::Dispatch { method, evidence: None, served_on });
    }

    fn archive(&mut self) {
        self.later(2 + usize::try_from(self.case.n % 4).unwrap_or(0));
        let note = self.case.n.is_multiple_of(2).then(|| format!("演示案卷第{}号", self.case.n));
        self.give(Who::Archivist, Order::Archive(FilingOrder { note, ..FilingOrder::default() }));
    }
}
