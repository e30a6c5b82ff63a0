//! What a case has gone through with its clock, as the interface shows it: dates and states; the words are in the history.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case::clock_record::{
    ClockRecord, Consultation, Correction, Extension, FeeRecord, Reasons,
};
use crate::domain::case::event::{FeeBasis, Position};

/// A request for correction (补正, Art. 30).
#[derive(Serialize, ToSchema)]
pub struct CorrectionView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// `awaited`, `corrected` or `lapsed`.
    #[schema(example = "awaited")]
    pub state: &'static str,
    /// What is wrong: `unclear_content`, `identity`, `contact` or `form`.
    #[schema(example = "unclear_content")]
    pub ground: &'static str,
    /// The applicant's period, in working days after service.
    pub working_days: u16,
    /// Whether it was an approver's exception: late, or again.
    pub by_exception: bool,
    /// The day it was dispatched.
    pub requested_on: NaiveDate,
    /// The day it reached the applicant.
    pub served_on: Option<NaiveDate>,
    /// The day the corrected request came.
    pub corrected_on: Option<NaiveDate>,
    /// The day on which the request was no longer handled.
    pub lapsed_on: Option<NaiveDate>,
}

/// A consultation (征求意见, Arts. 32, 34, 33(3)).
#[derive(Serialize, ToSchema)]
pub struct ConsultationView {
    /// Counts from 1 within the case; the `ref` of the clock's facts.
    pub n: u32,
    /// `third_party`, `joint_maker` or `other_organ`.
    #[schema(example = "third_party")]
    pub kind: &'static str,
    /// `awaited`, `answered` or `lapsed`.
    #[schema(example = "answered")]
    pub state: &'static str,
    /// The day the letter was sent.
    pub sent_on: NaiveDate,
    /// The day it was received.
    pub served_on: Option<NaiveDate>,
    /// The day the answer came.
    pub answered_on: Option<NaiveDate>,
    /// The day on which the silence was recorded.
    pub lapsed_on: Option<NaiveDate>,
    /// `consents`, `objects` or `partly`; `deemed_consent` for a silent joint maker (Art. 34).
    #[schema(example = "objects")]
    pub position: Option<&'static str>,
    /// What the silence means: `agency_decides` (Art. 32), `deemed_consent` (Art. 34) or `nothing`.
    #[schema(example = "agency_decides")]
    pub silence: Option<&'static str>,
}

/// An extension (延期, Art. 33(2)).
#[derive(Serialize, ToSchema)]
pub struct ExtensionView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// `proposed`, `refused`, `approved` or `notified`: it counts once the applicant was told.
    #[schema(example = "notified")]
    pub state: &'static str,
    /// By how many working days.
    pub working_days: u16,
    /// The day it was proposed.
    pub proposed_on: NaiveDate,
    /// The day it was approved, or not.
    pub decided_on: Option<NaiveDate>,
    /// The day the notice was dispatched.
    pub notified_on: Option<NaiveDate>,
}

/// A request for reasons (说明理由, Art. 35).
#[derive(Serialize, ToSchema)]
pub struct ReasonsView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// `awaited` or `given`.
    #[schema(example = "given")]
    pub state: &'static str,
    /// The day the applicant was asked.
    pub requested_on: NaiveDate,
    /// The day he gave them.
    pub given_on: Option<NaiveDate>,
    /// The day on which the applicant was told of a delayed reply.
    pub delay_told_on: Option<NaiveDate>,
    /// The last day of the delayed reply.
    pub delayed_until: Option<NaiveDate>,
}

/// A fee (信息处理费, Art. 42).
#[derive(Serialize, ToSchema)]
pub struct CaseFeeView {
    /// Counts from 1 within the case.
    pub n: u32,
    /// `proposed`, `refused`, `approved`, `notified`, `paid` or `lapsed`.
    #[schema(example = "notified")]
    pub state: &'static str,
    /// `per_page` or `per_piece`.
    #[schema(example = "per_page")]
    pub mode: &'static str,
    /// With `per_page`.
    pub pages: Option<u32>,
    /// With `per_piece`: the applications of the month before this one.
    pub already_this_month: Option<u32>,
    /// With `per_piece`: as how many this one counts.
    pub pieces: Option<u32>,
    /// How much, in `unit`.
    #[schema(example = 170_000)]
    pub amount: u64,
    /// The currency.
    #[schema(example = "CNY")]
    pub currency: String,
    /// The unit of the amount.
    #[schema(example = "fen")]
    pub unit: String,
    /// The day it was proposed.
    pub proposed_on: NaiveDate,
    /// The day it was approved, or not.
    pub decided_on: Option<NaiveDate>,
    /// The day the notice was dispatched.
    pub notified_on: Option<NaiveDate>,
    /// The day it reached the applicant.
    pub served_on: Option<NaiveDate>,
    /// The day it was paid in full.
    pub paid_on: Option<NaiveDate>,
    /// The day on which the request was no longer handled.
    pub lapsed_on: Option<NaiveDate>,
}

/// Everything of the clock that a case shows.
pub struct ClockViews {
    /// See [`ClockRecord::corrections`].
    pub corrections: Vec<CorrectionView>,
    /// See [`ClockRecord::consultations`].
    pub consultations: Vec<ConsultationView>,
    /// See [`ClockRecord::extensions`].
    pub extensions: Vec<ExtensionView>,
    /// See [`ClockRecord::reasons`].
    pub reasons: Vec<ReasonsView>,
    /// See [`ClockRecord::fees`].
    pub fees: Vec<CaseFeeView>,
}

/// What is shown of a case's record.
pub fn views(clock: &ClockRecord) -> ClockViews {
    ClockViews {
        corrections: clock.corrections.iter().map(correction).collect(),
        consultations: clock.consultations.iter().map(consultation).collect(),
        extensions: clock.extensions.iter().map(extension).collect(),
        reasons: clock.reasons.iter().map(reasons).collect(),
        fees: clock.fees.iter().map(fee).collect(),
    }
}

fn correction(it: &Correction) -> CorrectionView {
    CorrectionView {
        n: it.n,
        state: it.state(),
        ground: it.ground.code(),
        working_days: it.working_days,
        by_exception: it.by_exception,
        requested_on: it.requested_on,
        served_on: it.served_on,
        corrected_on: it.corrected_on,
        lapsed_on: it.lapsed_on,
    }
}

fn consultation(it: &Consultation) -> ConsultationView {
    ConsultationView {
        n: it.n,
        kind: it.kind.code(),
        state: it.state(),
        sent_on: it.sent_on,
        served_on: it.served_on,
        answered_on: it.answered_on,
        lapsed_on: it.lapsed_on,
        position: it.position.map(Position::code),
        silence: it.silence(),
    }
}

fn extension(it: &Extension) -> ExtensionView {
    ExtensionView {
        n: it.n,
        state: it.state(),
        working_days: it.working_days,
        proposed_on: it.proposed_on,
        decided_on: it.decided.map(|(_, on)| on),
        notified_on: it.notified_on,
    }
}

fn reasons(it: &Reasons) -> ReasonsView {
    ReasonsView {
        n: it.n,
        state: it.state(),
        requested_on: it.requested_on,
        given_on: it.given_on,
        delay_told_on: it.delayed.map(|(told_on, _)| told_on),
        delayed_until: it.delayed.map(|(_, until)| until),
    }
}

fn fee(it: &FeeRecord) -> CaseFeeView {
    let (pages, already_this_month, pieces) = match it.basis {
        FeeBasis::PerPage { pages } => (Some(pages), None, None),
        FeeBasis::PerPiece { already_this_month, pieces } => (None, Some(already_this_month), Some(pieces)),
    };
    CaseFeeView {
        n: it.n,
        state: it.state(),
        mode: it.basis.code(),
        pages,
        already_this_month,
        pieces,
        amount: it.amount,
        currency: it.currency.clone(),
        unit: it.unit.clone(),
        proposed_on: it.proposed_on,
        decided_on: it.decided.map(|(_, on)| on),
        notified_on: it.notified_on,
        served_on: it.served_on,
        paid_on: it.paid_on,
        lapsed_on: it.lapsed_on,
    }
}
