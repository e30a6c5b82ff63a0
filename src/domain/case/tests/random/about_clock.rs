//! What is asked for about the clock, mostly with the content that fits.

use super::*;
use crate::domain::case::command::{ClockCommand, ClockKind};
use crate::domain::case::event::Position;
use crate::domain::time_limit::ConsultationKind;

pub(super) fn content(file: &File, kind: ClockKind, detail: u8, pick: u8) -> Command {
    let clock = &file.case.clock;
    let fits = !detail.is_multiple_of(11);
    let n = |open: Option<u32>| open.filter(|_| fits).unwrap_or(u32::from(pick % 4));
    let correction = || n(clock.corrections.iter().find(|it| it.is_open()).map(|it| it.n));
    let consultation = || {
        let mut open = clock.consultations.iter().filter(|it| it.is_open());
        n(open.find(|it| kind != ClockKind::ServeConsultation || it.served_on.is_none()).map(|it| it.n))
    };
    let extension = || n(clock.extensions.last().map(|it| it.n));
    let reasons = || n(clock.reasons.last().map(|it| it.n));
    let fee = || n(clock.fees.last().map(|it| it.n));
    let approve = !pick.is_multiple_of(5);
    let position = [None, Some(Position::Consents), Some(Position::Objects)][usize::from(pick % 3)];
    match kind {
        ClockKind::RequestCorrection => served(ask::correction_within(u16::from(1 + pick % 9)), file, detail),
        ClockKind::RequestCorrectionByException => ask::correction_by_exception(),
        ClockKind::ServeCorrection => ask::serve_correction(correction()),
        ClockKind::RecordCorrection => ask::corrected(correction()),
        ClockKind::LapseCorrection => ask::lapse_correction(correction()),
        ClockKind::Consult => ask::consult(ConsultationKind::ALL[usize::from(pick % 3)]),
        ClockKind::ServeConsultation => ask::serve_consultation(consultation()),
        ClockKind::RecordAnswer => ask::answer(consultation(), position),
        ClockKind::LapseConsultation => ask::silence(consultation()),
        ClockKind::ProposeExtension if fits => ask::extension(u16::from(1 + pick % 20)),
        ClockKind::ProposeExtension => ask::extension(21),
        ClockKind::DecideExtension => ask::decide_extension(extension(), approve),
        ClockKind::NotifyExtension => ask::tell_extension(extension()),
        ClockKind::RequestReasons => ask::reasons(),
        ClockKind::RecordReasons => ask::give_reasons(reasons()),
        ClockKind::SetDelayedReply => {
            let days = if fits { 7 * (1 + u64::from(pick % 12)) } else { u64::from(detail) };
            let day = LAW.calendar.roll_forward(file.today + Days::new(days)).unwrap();
            ask::delay_to(reasons(), day)
        }
        ClockKind::ProposeFee if detail.is_multiple_of(4) => ask::fee_by_piece(u32::from(pick % 40)),
        ClockKind::ProposeFee if fits => ask::fee(1 + 2 * u32::from(pick)),
        ClockKind::ProposeFee => ask::fee(2_000_000),
        ClockKind::DecideFee => ask::decide_fee(fee(), approve),
        ClockKind::NotifyFee => served(ask::tell_fee(fee()), file, detail),
        ClockKind::ServeFee => ask::serve_fee(fee()),
        ClockKind::RecordPayment => ask::pay(fee()),
        ClockKind::LapseFee => ask::lapse_fee(fee()),
    }
}

/// The same with the day of service known at once, sometimes.
fn served(command: Command, file: &File, detail: u8) -> Command {
    if !detail.is_multiple_of(6) {
        return command;
    }
    let on = file.today + Days::new(1) - Days::new(u64::from(detail % 9));
    #[expect(clippy::wildcard_enum_match_arm, reason = "only two commands are changed")]
    match command {
        Command::Clock(ClockCommand::RequestCorrection {
            working_days, ground, items, exception, ..
        }) => {
            let served_on = Some(on);
            Command::Clock(ClockCommand::RequestCorrection {
                working_days,
                ground,
                served_on,
                items,
                exception,
            })
        }
        Command::Clock(ClockCommand::NotifyFee { n, evidence, .. }) => {
            Command::Clock(ClockCommand::NotifyFee { n, served_on: Some(on), evidence })
        }
        other => other,
    }
}

/// A case that has come far already, its applicant silent for long: what would be rare otherwise.
pub(super) fn under_way(turn: Turn) -> File {
    let mut file = brought_to(Status::Registered);
    let begun = match turn.about {
        Some(3) => vec![
            (HANDLER, ask::reasons()),
            (CLERK, ask::give_reasons(1)),
            (APPROVER, ask::delay(1, "2026-04-30")),
        ],
        Some(4) => {
            vec![(HANDLER, ask::fee(150)), (APPROVER, ask::decide_fee(1, true)), (CLERK, ask::tell_fee(1))]
        }
        Some(_) | None => vec![(CLERK, ask::correction())],
    };
    let way = [
        (CLERK, ask::assign(PLANNING)),
        (HANDLER, ask::acknowledge(1)),
        (HANDLER, ask::draft("v1")),
        (HANDLER, ask::submit()),
        (LEGAL, ask::pass(Step::Legal, "v1")),
        (SECRECY, ask::pass(Step::Secrecy, "v1")),
        (APPROVER, ask::pass(Step::SignOff, "v1")),
    ];
    for (person, command) in begun {
        file.does(person, command, "2026-03-04");
    }
    for (person, command) in way {
        if file.status() >= turn.noticed {
            break;
        }
        file.does(person, command, "2026-03-04");
    }
    file
}

/// Which of them a command is about.
pub(super) fn about(kind: ClockKind) -> u8 {
    match kind {
        ClockKind::RequestCorrection
        | ClockKind::RequestCorrectionByException
        | ClockKind::ServeCorrection
        | ClockKind::RecordCorrection
        | ClockKind::LapseCorrection => 0,
        ClockKind::Consult
        | ClockKind::ServeConsultation
        | ClockKind::RecordAnswer
        | ClockKind::LapseConsultation => 1,
        ClockKind::ProposeExtension | ClockKind::DecideExtension | ClockKind::NotifyExtension => 2,
        ClockKind::RequestReasons | ClockKind::RecordReasons | ClockKind::SetDelayedReply => 3,
        ClockKind::ProposeFee
        | ClockKind::DecideFee
        | ClockKind::NotifyFee
        | ClockKind::ServeFee
        | ClockKind::RecordPayment
        | ClockKind::LapseFee => 4,
    }
}

/// Whose task it is; sometimes another of the same role.
pub(super) fn whose(kind: ClockKind, either: impl Fn(PersonId, PersonId) -> PersonId) -> PersonId {
    match kind {
        ClockKind::RequestCorrection
        | ClockKind::ServeCorrection
        | ClockKind::RecordCorrection
        | ClockKind::LapseCorrection
        | ClockKind::NotifyExtension
        | ClockKind::NotifyFee
        | ClockKind::ServeFee
        | ClockKind::RecordPayment
        | ClockKind::LapseFee => CLERK,
        ClockKind::Consult
        | ClockKind::ServeConsultation
        | ClockKind::RecordAnswer
        | ClockKind::LapseConsultation
        | ClockKind::ProposeExtension
        | ClockKind::RequestReasons
        | ClockKind::RecordReasons
        | ClockKind::ProposeFee => either(HANDLER, OTHER_HANDLER),
        ClockKind::RequestCorrectionByException
        | ClockKind::DecideExtension
        | ClockKind::SetDelayedReply
        | ClockKind::DecideFee => either(APPROVER, OTHER_APPROVER),
    }
}
