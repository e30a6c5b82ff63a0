//! 收费 (Art. 42; fee measure 国办函〔2020〕109号): one way of counting for one application, proposed, approved, and told within the
//! processing period.

use chrono::NaiveDate;

use super::standing::{has_run_out, known};
use super::{Situation, in_first_round, next, period_start, the};
use crate::domain::case::clock_record::FeeRecord;
use crate::domain::case::event::{
    Decided, Event, FeeBasis, FeeNotified, FeeProposed, Noted, Proved, TextRef,
};
use crate::domain::case::refusal::{ClockRefusal, Item};
use crate::domain::case::state::Case;
use crate::domain::fee::fee;
use crate::domain::statute::Fees;
use crate::domain::time_limit::ObligationKind;

/// The notice must go out within the processing period, so that what is proposed after it could never be told.
pub(super) fn may_propose(situation: &Situation, on: NaiveDate) -> Result<(), ClockRefusal> {
    tiers(situation)?;
    in_first_round(situation, Item::Fee)?;
    if let Some(open) = situation.case.clock.fees.iter().find(|it| it.is_open()) {
        return Err(ClockRefusal::FeeOpen { n: open.n });
    }
    situation.in_period(Item::Fee, on).map(|_| ())
}

fn tiers<'a>(situation: &Situation<'a>) -> Result<&'a Fees, ClockRefusal> {
    situation.context.pack.fees.as_ref().ok_or(ClockRefusal::UnknownToStatute(Item::Fee))
}

/// The amount follows from the tiers of the statute pack; where nothing is to be paid there is no fee.
pub(super) fn propose(situation: &Situation, basis: FeeBasis, on: NaiveDate) -> Result<Event, ClockRefusal> {
    may_propose(situation, on)?;
    let fees = tiers(situation)?;
    let chosen = situation.case.clock.fees.iter().find(|it| !it.is_refused()).map(|it| it.basis.code());
    if let Some(mode) = chosen.filter(|mode| *mode != basis.code()) {
        return Err(ClockRefusal::FeeModeFixed { mode });
    }
    let amount = fee(fees, basis.mode()).map_err(|_| ClockRefusal::FeeUncountable)?.amount;
    if amount == 0 {
        return Err(ClockRefusal::NothingToPay);
    }
    let (currency, unit) = (fees.currency.clone(), fees.unit.clone());
    Ok(Event::FeeProposed(FeeProposed { n: next(&situation.case.clock.fees), basis, amount, currency, unit }))
}

pub(super) fn may_decide(fee: &FeeRecord) -> Result<(), ClockRefusal> {
    match fee.decided {
        Some(_) => Err(ClockRefusal::AlreadyDecided(Item::Fee, fee.n)),
        None => Ok(()),
    }
}

/// A refusal is possible at any time; an approval while there is time to tell the applicant.
pub(super) fn decide(
    situation: &Situation,
    n: u32,
    approve: bool,
    opinion: Option<TextRef>,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    may_decide(the(&situation.case.clock.fees, Item::Fee, n)?)?;
    if approve {
        situation.in_period(Item::Fee, on)?;
    }
    Ok(Event::FeeDecided(Decided { n, approve, opinion }))
}

/// The first day on which the notice can have gone out: after the approval, and in the period now running.
pub(super) fn tellable(case: &Case, fee: &FeeRecord) -> NaiveDate {
    fee.decided.map_or(fee.proposed_on, |(_, on)| on).max(period_start(case))
}

pub(super) fn may_notify(situation: &Situation, fee: &FeeRecord, on: NaiveDate) -> Result<(), ClockRefusal> {
    match (fee.decided, fee.notified_on) {
        (_, Some(_)) => Err(ClockRefusal::AlreadyNotified(Item::Fee, fee.n)),
        (Some((true, _)), None) => situation.in_period(Item::Fee, on).map(|_| ()),
        (Some((false, _)) | None, None) => Err(ClockRefusal::NotApproved(Item::Fee, fee.n)),
    }
}

pub(super) fn notify(
    situation: &Situation,
    n: u32,
    served_on: Option<NaiveDate>,
    evidence: Option<TextRef>,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    may_notify(situation, the(&situation.case.clock.fees, Item::Fee, n)?, on)?;
    Ok(Event::FeeNotified(FeeNotified { n, served_on, evidence }))
}

pub(super) fn may_serve(fee: &FeeRecord) -> Result<(), ClockRefusal> {
    may_pay(fee)?;
    match fee.served_on {
        Some(_) => Err(ClockRefusal::NoticeServed(Item::Fee, fee.n)),
        None => Ok(()),
    }
}

pub(super) fn serve(situation: &Situation, n: u32, evidence: Option<TextRef>) -> Result<Event, ClockRefusal> {
    may_serve(the(&situation.case.clock.fees, Item::Fee, n)?)?;
    Ok(Event::FeeServed(Proved { n, evidence }))
}

/// A payment after the limit, but before the lapse was recorded, is taken.
pub(super) fn may_pay(fee: &FeeRecord) -> Result<(), ClockRefusal> {
    match (fee.notified_on, fee.is_open()) {
        (None, _) => Err(ClockRefusal::NotNotified(Item::Fee, fee.n)),
        (Some(_), false) => Err(ClockRefusal::AlreadyAnswered(Item::Fee, fee.n)),
        (Some(_), true) => Ok(()),
    }
}

pub(super) fn pay(situation: &Situation, n: u32, evidence: Option<TextRef>) -> Result<Event, ClockRefusal> {
    may_pay(the(&situation.case.clock.fees, Item::Fee, n)?)?;
    Ok(Event::FeePaid(Proved { n, evidence }))
}

pub(super) fn may_lapse(situation: &Situation, fee: &FeeRecord, on: NaiveDate) -> Result<(), ClockRefusal> {
    may_pay(fee)?;
    let told_on = fee.served_on.ok_or(ClockRefusal::ServiceNotRecorded(Item::Fee, fee.n))?;
    let told = (told_on, known(situation.context.pack.limits.fee_payment.as_ref(), Item::Fee)?);
    let until = situation.last_day(ObligationKind::FeePayment, None, told)?;
    has_run_out(Item::Fee, until, on)
}

pub(super) fn lapse(
    situation: &Situation,
    n: u32,
    note: Option<TextRef>,
    on: NaiveDate,
) -> Result<Event, ClockRefusal> {
    may_lapse(situation, the(&situation.case.clock.fees, Item::Fee, n)?, on)?;
    Ok(Event::FeeLapsed(Noted { n, note }))
}
