//! Corrections, consultations and extensions.

use super::{Order, Script, Who};
use crate::app::demo::matters::description;
use crate::app::execute::ClockOrder;
use crate::domain::case::event::Position;
use crate::domain::time_limit::{ConsultationKind, CorrectionGround};

/// The period that the applicants of the demonstration get, in working days.
const CORRECTION_DAYS: u16 = 5;

impl Script<'_> {
    fn clock(&mut self, who: Who, order: ClockOrder) {
        self.give(who, Order::Clock(order));
    }

    // --- 补正 ---------------------------------------------------------------------------------------------------

    pub(super) fn ask_for_a_correction(&mut self) {
        let order = ClockOrder::RequestCorrection {
            working_days: Some(CORRECTION_DAYS),
            ground: CorrectionGround::UnclearContent,
            served_on: Some(self.days.date(self.day)),
            items: "请补充所需信息的名称、文号或者其他特征描述（演示）。".to_owned(),
            exception: None,
        };
        self.clock(Who::Clerk, order);
    }

    pub(super) fn correct(&mut self) {
        self.later(3);
        let description = description(&self.subject, self.case.n);
        self.clock(Who::Clerk, ClockOrder::RecordCorrection { n: 1, description });
    }

    pub(super) fn lapse(&mut self) {
        self.ask_for_a_correction();
        self.later(usize::from(CORRECTION_DAYS) + 2);
        let note = Some("已告知逾期不补正的后果，申请人无正当理由逾期未补正（演示）。".to_owned());
        self.clock(Who::Clerk, ClockOrder::LapseCorrection { n: 1, note });
    }

    // --- 征求意见 -----------------------------------------------------------------------------------------------

    pub(super) fn consult(&mut self) {
        let order = ClockOrder::Consult {
            kind: ConsultationKind::ThirdParty,
            served_on: None,
            party: "示例建设有限公司（演示）".to_owned(),
            question: "申请公开的材料涉及贵公司，请就是否同意公开提出意见。".to_owned(),
        };
        self.clock(self.handler(), order);
        self.later(1);
        let evidence = Some("邮件回执（演示）。".to_owned());
        self.clock(Who::Clerk, ClockOrder::ServeConsultation { n: 1, evidence });
    }

    pub(super) fn answer(&mut self) {
        let order = ClockOrder::RecordAnswer {
            n: 1,
            position: Some(Position::Consents),
            text: Some("同意公开（演示）。".to_owned()),
        };
        self.clock(self.handler(), order);
    }

    // --- 延期 ---------------------------------------------------------------------------------------------------

    pub(super) fn extend(&mut self) {
        let reason = "材料分散在多个部门，需逐一核对（演示）。".to_owned();
        self.clock(self.handler(), ClockOrder::ProposeExtension { working_days: 10, reason });
        self.later(1);
        let opinion = Some("同意延期，请及时告知申请人。".to_owned());
        let decide = ClockOrder::DecideExtension { n: 1, approve: true, opinion, notified_on: None };
        self.clock(Who::Approver, decide);
        let evidence = Some(format!("延期告知书 EMS 演示-{:04}", self.case.n));
        self.clock(Who::Clerk, ClockOrder::NotifyExtension { n: 1, evidence });
    }
}
