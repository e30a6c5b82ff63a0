//! Corrections, consultations, extensions, reasons and fees, told as an office's work around a request that was handed in on
//! Monday 2 March 2026: day 7 is Wednesday 11 March, day 20 Monday 30 March.

mod ends;
mod stops;

use super::*;
use crate::domain::case::clock::{case_timeline, facts};
use crate::domain::case::refusal::{ClockRefusal, Item};
use crate::domain::statute::{FeeTier, Fees};
use crate::domain::time_limit::Rules;

/// The tiers of 国办函〔2020〕109号, in fen.
pub(super) fn tiers() -> Fees {
    let tier = |to, rate| FeeTier { to, rate, step: None, rise: None };
    Fees {
        article: "42".to_owned(),
        currency: "CNY".to_owned(),
        unit: "fen".to_owned(),
        per_page: vec![tier(Some(30), 0), tier(Some(100), 1_000), tier(Some(200), 2_000), tier(None, 4_000)],
        per_piece: vec![
            tier(Some(10), 0),
            tier(Some(30), 10_000),
            FeeTier { to: None, rate: 20_000, step: Some(10), rise: Some(10_000) },
        ],
    }
}

/// What may be asked for about the clock, in short.
pub(super) mod asking {
    use super::super::{day, words};
    use crate::domain::case::command::{ClockCommand as C, Command};
    use crate::domain::case::event::{FeeBasis, Position};
    use crate::domain::time_limit::{ConsultationKind, CorrectionGround};

    fn asked(working_days: Option<u16>, exception: Option<&str>) -> Command {
        Command::Clock(C::RequestCorrection {
            working_days,
            ground: CorrectionGround::UnclearContent,
            served_on: None,
            items: words("请补充地块的名称"),
            exception: exception.map(words),
        })
    }
    pub fn correction() -> Command {
        asked(None, None)
    }
    pub fn correction_within(working_days: u16) -> Command {
        asked(Some(working_days), None)
    }
    pub fn correction_by_exception() -> Command {
        asked(None, Some("申请人补正后内容仍不明确"))
    }
    pub fn serve_correction(n: u32) -> Command {
        Command::Clock(C::ServeCorrection { n, evidence: None })
    }
    pub fn corrected(n: u32) -> Command {
        Command::Clock(C::RecordCorrection {
            n, description: words("请求公开东区二号地块的征收批文")
        })
    }
    pub fn lapse_correction(n: u32) -> Command {
        Command::Clock(C::LapseCorrection { n, note: None })
    }
    pub fn consult(kind: ConsultationKind) -> Command {
        let (party, question) = (words("某公司"), words("是否同意公开合同"));
        Command::Clock(C::Consult { kind, served_on: None, party, question })
    }
    pub fn serve_consultation(n: u32) -> Command {
        Command::Clock(C::ServeConsultation { n, evidence: None })
    }
    pub fn answer(n: u32, position: Option<Position>) -> Command {
        Command::Clock(C::RecordAnswer { n, position, text: None })
    }
    pub fn silence(n: u32) -> Command {
        Command::Clock(C::LapseConsultation { n })
    }
    pub fn extension(working_days: u16) -> Command {
        Command::Clock(C::ProposeExtension { working_days, reason: words("需查询核实") })
    }
    pub fn decide_extension(n: u32, approve: bool) -> Command {
        Command::Clock(C::DecideExtension { n, approve, opinion: None })
    }
    pub fn tell_extension(n: u32) -> Command {
        Command::Clock(C::NotifyExtension { n, evidence: None })
    }
    pub fn reasons() -> Command {
        Command::Clock(C::RequestReasons { text: words("请说明理由") })
    }
    pub fn give_reasons(n: u32) -> Command {
        Command::Clock(C::RecordReasons { n, text: words("用于学术研究") })
    }
    pub fn delay(n: u32, until: &str) -> Command {
        delay_to(n, day(until))
    }
    pub fn delay_to(n: u32, until: chrono::NaiveDate) -> Command {
        Command::Clock(C::SetDelayedReply { n, until, text: words("将延迟答复") })
    }
    pub fn fee(pages: u32) -> Command {
        Command::Clock(C::ProposeFee { basis: FeeBasis::PerPage { pages } })
    }
    pub fn fee_by_piece(already_this_month: u32) -> Command {
        Command::Clock(C::ProposeFee { basis: FeeBasis::PerPiece { already_this_month, pieces: 1 } })
    }
    pub fn decide_fee(n: u32, approve: bool) -> Command {
        Command::Clock(C::DecideFee { n, approve, opinion: None })
    }
    pub fn tell_fee(n: u32) -> Command {
        Command::Clock(C::NotifyFee { n, served_on: None, evidence: None })
    }
    pub fn serve_fee(n: u32) -> Command {
        Command::Clock(C::ServeFee { n, evidence: None })
    }
    pub fn pay(n: u32) -> Command {
        Command::Clock(C::RecordPayment { n, evidence: None })
    }
    pub fn lapse_fee(n: u32) -> Command {
        Command::Clock(C::LapseFee { n, note: None })
    }
}

/// The due date of a case, as its timeline has it.
fn due(file: &File) -> Option<NaiveDate> {
    let facts = facts(&file.case);
    case_timeline(&facts, &Rules::of(&LAW.pack, &LAW.calendar), file.today).unwrap().unwrap().due_on
}

const ART_30: Option<&str> = Some("政府信息公开条例 第30条");
const ART_33: Option<&str> = Some("政府信息公开条例 第33条第二款");
const ART_35: Option<&str> = Some("政府信息公开条例 第35条");
