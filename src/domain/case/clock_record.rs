//! What a case has gone through that its clock counts by: corrections, consultations, extensions, requests for reasons and
//! fees, each with its dates and with the persons by whom four eyes are measured.

use chrono::NaiveDate;

use super::event::{FeeBasis, Position};
use crate::domain::ids::PersonId;
use crate::domain::time_limit::{ConsultationKind, CorrectionGround};

/// All of them, each kind in the order of its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockRecord {
    /// 补正.
    pub corrections: Vec<Correction>,
    /// 征求意见.
    pub consultations: Vec<Consultation>,
    /// 延期.
    pub extensions: Vec<Extension>,
    /// 说明理由.
    pub reasons: Vec<Reasons>,
    /// 收费.
    pub fees: Vec<FeeRecord>,
}

/// One request for correction (Art. 30).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Counts from 1.
    pub n: u32,
    /// The applicant's period, in working days after service.
    pub working_days: u16,
    /// What is wrong.
    pub ground: CorrectionGround,
    /// Whether it was the approver's exception: late, or a second one.
    pub by_exception: bool,
    /// The day the notice was dispatched.
    pub requested_on: NaiveDate,
    /// By whom; `None` for the operator.
    pub requested_by: Option<PersonId>,
    /// The day it reached the applicant.
    pub served_on: Option<NaiveDate>,
    /// The day the corrected request came.
    pub corrected_on: Option<NaiveDate>,
    /// The day on which the case was no longer handled.
    pub lapsed_on: Option<NaiveDate>,
}

/// One consultation (Arts. 32, 34, 33(3)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    /// Counts from 1.
    pub n: u32,
    /// Whom it asks.
    pub kind: ConsultationKind,
    /// The day the letter was sent.
    pub sent_on: NaiveDate,
    /// The day it was received.
    pub served_on: Option<NaiveDate>,
    /// The day the answer came.
    pub answered_on: Option<NaiveDate>,
    /// The day on which the silence was recorded.
    pub lapsed_on: Option<NaiveDate>,
    /// What the answer, or the silence, says of the disclosure.
    pub position: Option<Position>,
}

/// One extension (Art. 33(2)). It counts from its notice on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Counts from 1.
    pub n: u32,
    /// By how many working days.
    pub working_days: u16,
    /// The day it was proposed.
    pub proposed_on: NaiveDate,
    /// By whom.
    pub proposed_by: Option<PersonId>,
    /// Whether it was approved, and when.
    pub decided: Option<(bool, NaiveDate)>,
    /// The day the notice was dispatched to the applicant.
    pub notified_on: Option<NaiveDate>,
}

/// One request for reasons (Art. 35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reasons {
    /// Counts from 1.
    pub n: u32,
    /// The day the applicant was asked.
    pub requested_on: NaiveDate,
    /// The day he gave them.
    pub given_on: Option<NaiveDate>,
    /// The delayed reply that followed: the day it was told, and its last day.
    pub delayed: Option<(NaiveDate, NaiveDate)>,
}

/// One fee (Art. 42; fee measure).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeRecord {
    /// Counts from 1.
    pub n: u32,
    /// By what it is counted.
    pub basis: FeeBasis,
    /// How much, in `unit`.
    pub amount: u64,
    /// The currency.
    pub currency: String,
    /// The unit of the amount.
    pub unit: String,
    /// The day it was proposed.
    pub proposed_on: NaiveDate,
    /// By whom.
    pub proposed_by: Option<PersonId>,
    /// Whether it was approved, and when.
    pub decided: Option<(bool, NaiveDate)>,
    /// The day the notice was dispatched.
    pub notified_on: Option<NaiveDate>,
    /// The day it reached the applicant.
    pub served_on: Option<NaiveDate>,
    /// The day it was paid in full.
    pub paid_on: Option<NaiveDate>,
    /// The day on which the case was no longer handled.
    pub lapsed_on: Option<NaiveDate>,
}

impl Correction {
    /// Whether the corrected request is awaited.
    pub fn is_open(&self) -> bool {
        self.corrected_on.is_none() && self.lapsed_on.is_none()
    }

    /// `awaited`, `corrected` or `lapsed`.
    pub fn state(&self) -> &'static str {
        match (self.corrected_on, self.lapsed_on) {
            (Some(_), _) => "corrected",
            (None, Some(_)) => "lapsed",
            (None, None) => "awaited",
        }
    }
}

impl Consultation {
    /// Whether the answer is awaited.
    pub fn is_open(&self) -> bool {
        self.answered_on.is_none() && self.lapsed_on.is_none()
    }

    /// `awaited`, `answered` or `lapsed`.
    pub fn state(&self) -> &'static str {
        match (self.answered_on, self.lapsed_on) {
            (Some(_), _) => "answered",
            (None, Some(_)) => "lapsed",
            (None, None) => "awaited",
        }
    }

    /// What the silence means, once it is recorded: the agency decides about a third party's rights (Art. 32), a joint
    /// maker is deemed to consent (Art. 34), another organ's silence means nothing.
    pub fn silence(&self) -> Option<&'static str> {
        self.lapsed_on.map(|_| match self.kind {
            ConsultationKind::ThirdParty => "agency_decides",
            ConsultationKind::JointMaker => "deemed_consent",
            ConsultationKind::OtherOrgan => "nothing",
        })
    }
}

impl Extension {
    /// Whether it was not approved.
    pub fn is_refused(&self) -> bool {
        matches!(self.decided, Some((false, _)))
    }

    /// `proposed`, `refused`, `approved` or `notified`.
    pub fn state(&self) -> &'static str {
        match (self.decided, self.notified_on) {
            (_, Some(_)) => "notified",
            (Some((true, _)), None) => "approved",
            (Some((false, _)), None) => "refused",
            (None, None) => "proposed",
        }
    }
}

impl Reasons {
    /// `awaited` or `given`.
    pub fn state(&self) -> &'static str {
        if self.given_on.is_some() { "given" } else { "awaited" }
    }
}

impl FeeRecord {
    /// Whether it was not approved.
    pub fn is_refused(&self) -> bool {
        matches!(self.decided, Some((false, _)))
    }

    /// Whether something is still to be done about it.
    pub fn is_open(&self) -> bool {
        !self.is_refused() && self.paid_on.is_none() && self.lapsed_on.is_none()
    }

    /// `proposed`, `refused`, `approved`, `notified`, `paid` or `lapsed`.
    pub fn state(&self) -> &'static str {
        match (self.paid_on, self.lapsed_on, self.notified_on, self.decided) {
            (Some(_), _, _, _) => "paid",
            (None, Some(_), _, _) => "lapsed",
            (None, None, Some(_), _) => "notified",
            (None, None, None, Some((true, _))) => "approved",
            (None, None, None, Some((false, _))) => "refused",
            (None, None, None, None) => "proposed",
        }
    }
}

impl ClockRecord {
    /// The day on which the period now running began anew: the newest corrected request or payment; `None` where the
    /// receipt still counts.
    pub fn renewed_on(&self) -> Option<NaiveDate> {
        let corrected = self.corrections.iter().filter_map(|correction| correction.corrected_on);
        let paid = self.fees.iter().filter_map(|fee| fee.paid_on);
        corrected.chain(paid).max()
    }

    /// The first and the last day on which something of this happened.
    pub fn span(&self) -> Option<(NaiveDate, NaiveDate)> {
        let days = self.days();
        Some((days.iter().copied().min()?, days.iter().copied().max()?))
    }

    fn days(&self) -> Vec<NaiveDate> {
        let mut days = Vec::new();
        for it in &self.corrections {
            days.push(it.requested_on);
            days.extend([it.served_on, it.corrected_on, it.lapsed_on].into_iter().flatten());
        }
        for it in &self.consultations {
            days.push(it.sent_on);
            days.extend([it.served_on, it.answered_on, it.lapsed_on].into_iter().flatten());
        }
        for it in &self.extensions {
            days.push(it.proposed_on);
            days.extend([it.decided.map(|(_, on)| on), it.notified_on].into_iter().flatten());
        }
        for it in &self.reasons {
            days.push(it.requested_on);
            days.extend([it.given_on, it.delayed.map(|(on, _)| on)].into_iter().flatten());
        }
        for it in &self.fees {
            days.push(it.proposed_on);
            let later =
                [it.decided.map(|(_, on)| on), it.notified_on, it.served_on, it.paid_on, it.lapsed_on];
            days.extend(later.into_iter().flatten());
        }
        days
    }
}

/// Things that are counted from 1 within a case.
pub(in crate::domain::case) trait Counted {
    /// Its number.
    fn n(&self) -> u32;
}

macro_rules! counted {
    ($($name:ident)+) => {$(
        impl Counted for $name {
            fn n(&self) -> u32 {
                self.n
            }
        }
    )+};
}

counted! { Correction Consultation Extension Reasons FeeRecord }
