//! A timeline as callers read it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::time_limits::Explained;
use crate::domain::calendar::{DayClass, Provisional};
use crate::domain::lang::Lang;
use crate::domain::statute::{Point, Reading};
use crate::domain::time_limit::{
    ClockState, DateOf, DayEntry, Differing, Effect, FactKind, Light, Note, Obligation, ObligationKind,
    Reason, Segment, words,
};

/// The timeline of one application.
#[derive(Serialize, ToSchema)]
pub struct TimeLimitView {
    /// The statute.
    #[schema(example = "cn-ogi-2019")]
    pub statute: String,
    /// The version of the statute's data.
    pub statute_version: u32,
    /// The calendar by which working days were counted.
    #[schema(example = "cn")]
    pub calendar: String,
    /// The day for which state, light and days hold.
    pub as_of: NaiveDate,
    /// The date of receipt by the readings in force: day 0; `null` while it awaits a confirmation.
    pub received_on: Option<NaiveDate>,
    /// Day 0 of the period now running: the receipt, the corrected application, or the payment.
    pub counted_from: Option<NaiveDate>,
    /// The last day on which the reply is in time; `null` while a confirmation, correction or payment is awaited.
    pub due_on: Option<NaiveDate>,
    /// The earliest date that any other reading of a doubtful point gives, each point read otherwise by itself.
    pub prudent_due_on: Option<NaiveDate>,
    /// The first day of the yellow light.
    pub yellow_on: Option<NaiveDate>,
    /// The first day of the red light.
    pub red_on: Option<NaiveDate>,
    /// The readings that give another date.
    pub points: Vec<PointView>,
    /// Why the due date may still change; `null` when it is final.
    pub provisional: Option<ProvisionalView>,
    /// How the clock stands.
    pub state: ClockState,
    /// Working days of the period, extension included.
    pub working_days_total: i64,
    /// Counted through `as_of`, or through the end.
    pub working_days_used: i64,
    /// Left after `as_of`; negative as soon as the due date has passed.
    pub working_days_left: Option<i64>,
    /// Working days of the period that are excluded.
    pub working_days_excluded: i64,
    /// How pressing the reply is; `null` when none is owed, or no date is known.
    pub light: Option<Light>,
    /// The stretches of time, in order.
    pub segments: Vec<SegmentView>,
    /// Each calendar day from day 0 through the due date.
    pub days: Vec<DayView>,
    /// What is owed, by whomever.
    pub obligations: Vec<ObligationView>,
    /// What an officer should know besides.
    pub notes: Vec<NoteView>,
    /// How and when the clock ended; `null` while it has not.
    pub ended: Option<EndedView>,
}

/// A point of doubt on which another reading gives another date.
#[derive(Serialize, ToSchema)]
pub struct PointView {
    /// The point: a name of `readings`.
    pub point: Point,
    /// Its number in the digest of the statute.
    #[schema(example = 10)]
    pub number: u8,
    /// Its Chinese name.
    pub name_zh: &'static str,
    /// Its English name.
    pub name_en: &'static str,
    /// How it is read here.
    pub reading: Reading,
    /// How else it is read.
    pub other: Reading,
    /// Which date differs.
    pub of: DateOf,
    /// The date by the reading here; `null` where it gives none.
    pub here: Option<NaiveDate>,
    /// The date by the other reading; `null` where it gives none.
    pub there: Option<NaiveDate>,
    /// Why the date by the other reading may still change; `null` when it is final.
    pub provisional: Option<ProvisionalView>,
    /// The other reading in words, in the caller's language.
    pub words: String,
}

/// Why a date may still change.
#[derive(Serialize, ToSchema)]
pub struct ProvisionalView {
    /// `year_without_notice` or `last_days_of_last_year`.
    #[schema(example = "year_without_notice")]
    pub reason: &'static str,
    /// The year whose notice is missing, or the last year with one.
    #[schema(example = 2027)]
    pub year: i32,
    /// The same in words, in the caller's language.
    pub detail: String,
}

/// A stretch of days, both ends included.
#[derive(Serialize, ToSchema)]
pub struct SegmentView {
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// What it does to the count.
    pub effect: Effect,
    /// How many working days it has.
    pub days: i64,
    /// The article.
    #[schema(example = "33(2)")]
    pub article: String,
    /// Why: the first of `reasons`.
    #[schema(example = "period")]
    pub reason: &'static str,
    /// Why: of days that are excluded for several reasons at once, each.
    pub reasons: Vec<&'static str>,
    /// The same in words, in the caller's language.
    pub words: String,
}

/// A calendar day.
#[derive(Serialize, ToSchema)]
pub struct DayView {
    /// The civil date.
    pub date: NaiveDate,
    /// Its class.
    pub class: DayClass,
    /// The name of the holiday or make-up day.
    #[schema(example = "春节")]
    pub name: Option<String>,
    /// The number of the notice that ordered it; `weekend` or `workday` where the Monday-to-Friday rule decides.
    #[schema(example = "国办发明电〔2025〕7号")]
    pub source: String,
    /// What it does to the count; `null` for day 0.
    pub effect: Option<Effect>,
    /// Its number in the period, when it counts.
    pub ordinal: Option<i64>,
}

/// What somebody owes, or may do, until a day.
#[derive(Serialize, ToSchema)]
pub struct ObligationView {
    /// What.
    pub kind: ObligationKind,
    /// Its last day.
    pub due_on: NaiveDate,
    /// The article.
    #[schema(example = "30")]
    pub article: String,
    /// When it was met; `null` while it is not.
    pub met_on: Option<NaiveDate>,
    /// Which consultation, for an answer.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// What an officer should know of it.
    pub note: Option<NoteView>,
    /// Why the date may still change; `null` when it is final.
    pub provisional: Option<ProvisionalView>,
}

/// Something that an officer should know.
#[derive(Serialize, ToSchema)]
pub struct NoteView {
    /// What, as a word.
    #[schema(example = "extension_late")]
    pub code: &'static str,
    /// The same in words, in the caller's language.
    pub words: String,
}

/// How the clock ended.
#[derive(Serialize, ToSchema)]
pub struct EndedView {
    /// By what.
    pub by: FactKind,
    /// When; for a reply, the day on which it left.
    pub on: NaiveDate,
}

/// The timeline in the caller's language. Of one that has not started only the prudent date is told.
pub fn view(explained: &Explained, lang: Lang) -> TimeLimitView {
    let timeline = &explained.timeline;
    let started = !explained.not_started;
    let known = |date: Option<NaiveDate>| date.filter(|_| started);
    TimeLimitView {
        statute: explained.rules.pack.id.clone(),
        statute_version: explained.rules.pack.version,
        calendar: explained.rules.calendar.id().to_owned(),
        as_of: timeline.as_of,
        received_on: known(Some(timeline.received_on)),
        counted_from: known(Some(timeline.counted_from)),
        due_on: known(timeline.due_on),
        prudent_due_on: timeline.prudent_due_on.filter(|_| explained.withdrawn_on.is_none()),
        yellow_on: known(timeline.yellow_on),
        red_on: known(timeline.red_on),
        points: several(started, &timeline.points, |differing| point(differing, lang)),
        provisional: timeline.provisional.filter(|_| started).map(|reason| provisional(reason, lang)),
        state: explained.state(),
        working_days_total: timeline.working_days_total,
        working_days_used: if started { timeline.working_days_used } else { 0 },
        working_days_left: timeline.working_days_left.filter(|_| started),
        working_days_excluded: if started { timeline.working_days_excluded } else { 0 },
        light: timeline.light.filter(|_| started),
        segments: several(started, &timeline.segments, |stretch| segment(stretch, lang)),
        days: several(started, &explained.days, day),
        obligations: several(started, &timeline.obligations, |owed| obligation(owed, lang)),
        notes: several(started, &timeline.notes, |told| note(*told, lang)),
        ended: explained.ended().map(|(by, on)| EndedView { by, on }),
    }
}

fn several<T, V>(started: bool, items: &[T], view: impl FnMut(&T) -> V) -> Vec<V> {
    if started { items.iter().map(view).collect() } else { Vec::new() }
}

fn point(differing: &Differing, lang: Lang) -> PointView {
    PointView {
        point: differing.point,
        number: differing.point.number(),
        name_zh: differing.point.label_zh(),
        name_en: differing.point.label_en(),
        reading: differing.reading,
        other: differing.other,
        of: differing.of,
        here: differing.here,
        there: differing.there,
        provisional: differing.provisional.map(|reason| provisional(reason, lang)),
        words: differing.message(lang),
    }
}

/// Why a date may still change, in the caller's language.
pub fn provisional(provisional: Provisional, lang: Lang) -> ProvisionalView {
    let (reason, year) = match provisional {
        Provisional::YearWithoutNotice { year } => ("year_without_notice", year),
        Provisional::LastDaysOfLastYear { year } => ("last_days_of_last_year", year),
    };
    ProvisionalView { reason, year, detail: words::provisional(provisional, lang) }
}

fn segment(segment: &Segment, lang: Lang) -> SegmentView {
    SegmentView {
        from: segment.from,
        to: segment.to,
        effect: segment.effect,
        days: segment.days,
        article: segment.article.to_owned(),
        reason: segment.reasons.iter().next().map_or("", Reason::code),
        reasons: segment.reasons.iter().map(Reason::code).collect(),
        words: words::reasons(segment.reasons, lang),
    }
}

fn day(day: &DayEntry) -> DayView {
    DayView {
        date: day.date,
        class: day.class,
        name: day.name.map(str::to_owned),
        source: day.source.unwrap_or(day.class.code()).to_owned(),
        effect: day.effect,
        ordinal: day.ordinal,
    }
}

fn obligation(owed: &Obligation, lang: Lang) -> ObligationView {
    ObligationView {
        kind: owed.kind,
        due_on: owed.due_on,
        article: owed.article.to_owned(),
        met_on: owed.met_on,
        reference: owed.reference.map(str::to_owned),
        note: owed.note.map(|told| note(told, lang)),
        provisional: owed.provisional.map(|reason| provisional(reason, lang)),
    }
}

fn note(note: Note, lang: Lang) -> NoteView {
    NoteView { code: note.code(), words: note.message(lang) }
}
