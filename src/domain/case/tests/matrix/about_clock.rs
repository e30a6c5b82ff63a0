//! The situations of the clock, in a case that is in process.

use super::*;
use crate::domain::case::command::ClockKind;
use crate::domain::case::event::Position;
use crate::domain::time_limit::ConsultationKind;

/// What may be asked for in each, as the law has it. Today is long after every last day.
pub(super) const POSSIBLE: &[(&str, &str)] = &[
    ("a correction is awaited", "WORK consult request_reasons serve_correction record_correction LINK"),
    (
        "the request for correction was served",
        "WORK consult request_reasons record_correction lapse_correction LINK",
    ),
    ("a correction is awaited today", "WORK consult request_reasons serve_correction record_correction LINK"),
    ("corrected", "WORK BEGIN request_correction_by_exception JOIN"),
    ("a third party is asked", "WORK CORRECT BEGIN serve_consultation record_answer JOIN"),
    ("a third party got the letter", "WORK CORRECT BEGIN record_answer lapse_consultation JOIN"),
    ("a joint maker got the letter today", "WORK CORRECT BEGIN record_answer JOIN"),
    ("another organ answered", "WORK CORRECT BEGIN JOIN"),
    ("a joint maker was silent", "WORK CORRECT BEGIN JOIN"),
    ("an extension is proposed", "WORK CORRECT consult request_reasons propose_fee decide_extension JOIN"),
    ("an extension is approved", "WORK CORRECT consult request_reasons propose_fee notify_extension JOIN"),
    ("an extension is not approved", "WORK CORRECT BEGIN JOIN"),
    ("an extension is told", "WORK CORRECT consult request_reasons propose_fee JOIN"),
    ("reasons are awaited", "WORK CORRECT consult propose_extension propose_fee record_reasons JOIN"),
    ("reasons are given", "WORK CORRECT BEGIN set_delayed_reply JOIN"),
    ("the reply is delayed", "WORK CORRECT BEGIN JOIN"),
    ("a fee is proposed", "WORK CORRECT consult propose_extension request_reasons decide_fee JOIN"),
    ("a fee is approved", "WORK CORRECT consult propose_extension request_reasons notify_fee JOIN"),
    ("a fee is told", "WORK CORRECT consult request_reasons serve_fee record_payment LINK"),
    ("the fee notice was served", "WORK CORRECT consult request_reasons record_payment lapse_fee LINK"),
    ("the fee notice was served today", "WORK CORRECT consult request_reasons record_payment LINK"),
    ("a fee is paid", "WORK CORRECT BEGIN JOIN"),
];

/// A case in each of these situations.
pub(super) fn situations() -> Vec<(&'static str, File)> {
    let after = |steps: &[(PersonId, Command)]| {
        let mut file = brought_to(Status::InProcess);
        for (person, command) in steps {
            file.does(*person, command.clone(), "2026-03-10");
        }
        file
    };
    let today = |mut file: File, person, command| {
        file.today = day("2026-04-01");
        file.does(person, command, "2026-04-01");
        file
    };
    let asked = (CLERK, ask::correction());
    let third_party = (HANDLER, ask::consult(ConsultationKind::ThirdParty));
    let joint_maker = (HANDLER, ask::consult(ConsultationKind::JointMaker));
    let organ = (HANDLER, ask::consult(ConsultationKind::OtherOrgan));
    let proposed = (HANDLER, ask::extension(10));
    let approved = (APPROVER, ask::decide_extension(1, true));
    let why = (HANDLER, ask::reasons());
    let because = (HANDLER, ask::give_reasons(1));
    let charged = [(HANDLER, ask::fee(150)), (APPROVER, ask::decide_fee(1, true))];
    let told = [charged.to_vec(), vec![(CLERK, ask::tell_fee(1))]].concat();
    let mut silent = after(&[joint_maker.clone(), (CLERK, ask::serve_consultation(1))]);
    silent.does(HANDLER, ask::silence(1), "2026-04-01");
    let mut awaited_today = after(&[(CLERK, ask::correction_within(30))]);
    awaited_today.today = day("2026-04-01");
    vec![
        ("a correction is awaited", after(std::slice::from_ref(&asked))),
        ("the request for correction was served", after(&[asked.clone(), (CLERK, ask::serve_correction(1))])),
        ("a correction is awaited today", awaited_today),
        ("corrected", after(&[asked, (CLERK, ask::corrected(1))])),
        ("a third party is asked", after(std::slice::from_ref(&third_party))),
        ("a third party got the letter", after(&[third_party, (CLERK, ask::serve_consultation(1))])),
        (
            "a joint maker got the letter today",
            today(after(&[joint_maker]), CLERK, ask::serve_consultation(1)),
        ),
        ("another organ answered", after(&[organ, (HANDLER, ask::answer(1, None))])),
        ("a joint maker was silent", silent),
        ("an extension is proposed", after(std::slice::from_ref(&proposed))),
        ("an extension is approved", after(&[proposed.clone(), approved.clone()])),
        (
            "an extension is not approved",
            after(&[proposed.clone(), (APPROVER, ask::decide_extension(1, false))]),
        ),
        ("an extension is told", after(&[proposed, approved, (CLERK, ask::tell_extension(1))])),
        ("reasons are awaited", after(std::slice::from_ref(&why))),
        ("reasons are given", after(&[why.clone(), because.clone()])),
        ("the reply is delayed", after(&[why, because, (APPROVER, ask::delay(1, "2026-04-30"))])),
        ("a fee is proposed", after(&charged[..1])),
        ("a fee is approved", after(&charged)),
        ("a fee is told", after(&told)),
        ("the fee notice was served", after(&[told.clone(), vec![(CLERK, ask::serve_fee(1))]].concat())),
        ("the fee notice was served today", today(after(&told), CLERK, ask::serve_fee(1))),
        ("a fee is paid", after(&[told, vec![(CLERK, ask::pay(1))]].concat())),
    ]
}

/// The best that could be asked for under a command's name: by the right person, with the right content.
pub(super) fn best(file: &File, kind: ClockKind) -> (PersonId, Command) {
    let consents = Some(Position::Consents);
    match kind {
        ClockKind::RequestCorrection => (CLERK, ask::correction()),
        ClockKind::RequestCorrectionByException => (OTHER_APPROVER, ask::correction_by_exception()),
        ClockKind::ServeCorrection => (CLERK, ask::serve_correction(1)),
        ClockKind::RecordCorrection => (CLERK, ask::corrected(1)),
        ClockKind::LapseCorrection => (CLERK, ask::lapse_correction(1)),
        ClockKind::Consult => (HANDLER, ask::consult(ConsultationKind::ThirdParty)),
        ClockKind::ServeConsultation => (HANDLER, ask::serve_consultation(1)),
        ClockKind::RecordAnswer => (HANDLER, ask::answer(1, consents)),
        ClockKind::LapseConsultation => (HANDLER, ask::silence(1)),
        ClockKind::ProposeExtension => (HANDLER, ask::extension(1)),
        ClockKind::DecideExtension => {
            let n = file.case.clock.extensions.last().map_or(1, |it| it.n);
            (OTHER_APPROVER, ask::decide_extension(n, true))
        }
        ClockKind::NotifyExtension => (CLERK, ask::tell_extension(1)),
        ClockKind::RequestReasons => (HANDLER, ask::reasons()),
        ClockKind::RecordReasons => (HANDLER, ask::give_reasons(1)),
        ClockKind::SetDelayedReply => (APPROVER, ask::delay(1, "2026-05-29")),
        ClockKind::ProposeFee => (HANDLER, ask::fee(31)),
        ClockKind::DecideFee => (OTHER_APPROVER, ask::decide_fee(1, true)),
        ClockKind::NotifyFee => (CLERK, ask::tell_fee(1)),
        ClockKind::ServeFee => (CLERK, ask::serve_fee(1)),
        ClockKind::RecordPayment => (CLERK, ask::pay(1)),
        ClockKind::LapseFee => (CLERK, ask::lapse_fee(1)),
    }
}

/// The day on which it is easiest: what may come too late, early; what may come too early, today.
pub(super) fn best_day(file: &File, kind: ClockKind) -> NaiveDate {
    let code = kind.code();
    let early = ["request_correction", "propose_extension", "decide_extension", "notify_extension"];
    let told = ["propose_fee", "decide_fee", "notify_fee", "set_delayed_reply"];
    let received = file.case.round_began_on();
    if early.contains(&code) || told.contains(&code) { received.max(day("2026-03-10")) } else { file.today }
}

/// Where each belongs, in words of its own.
pub(super) fn belongs(kind: ClockKind, status: Status) -> bool {
    let open = ["received", "registered", "assigned", "in_process", "in_review", "approved"];
    let code = kind.code();
    let (from, upto) = if code.starts_with("request_correction") {
        (0, 3)
    } else if code.contains("correction") {
        (0, 5)
    } else if ["consult", "request_reasons", "propose_fee"].contains(&code) {
        (1, 3)
    } else {
        (1, 5)
    };
    open[from..=upto].contains(&status.code())
}
