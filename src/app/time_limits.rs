//! The calculators: dated facts in, the timeline out; pages or applications in, the fee out. Pure: the public operations,
//! the command line and the explanation of a case ask the same functions.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::App;
use super::error::{AppError, FieldError};
use crate::domain::case::clock;
use crate::domain::case::state::Conclusion;
use crate::domain::fee::{self, Fee, FeeError, FeeMode};
use crate::domain::ids::CaseId;
use crate::domain::lang::Lang;
use crate::domain::role::Actor;
use crate::domain::statute::{Fees, Point, ReadingError, StatutePack};
use crate::domain::time_limit::{
    ClockState, DayEntry, Fact, FactFault, FactKind, Fault, Rules, Timeline, What, explain,
    timeline_with_days, words,
};
use crate::law::LawBook;

/// The most facts of one calculation.
pub const MOST_FACTS: usize = 200;
/// How many years the facts of one application may span: as many days are told one by one.
const MOST_YEARS: i32 = 50;

/// A timeline with everything that tells it.
#[derive(Clone, Debug)]
pub struct Explained<'a> {
    /// The facts.
    pub facts: &'a [Fact],
    /// By what rules they were read.
    pub rules: Rules<'a>,
    /// The timeline. For an application whose date of receipt awaits a confirmation, that which would follow if it had been
    /// received on its arrival.
    pub timeline: Timeline<'a>,
    /// Each day of it.
    pub days: Vec<DayEntry<'a>>,
    /// Whether nothing was received yet: of the timeline only the prudent date means anything.
    pub not_started: bool,
    /// The day on which an application was taken back before anything was received.
    pub withdrawn_on: Option<NaiveDate>,
    /// Whether what ended the clock as a withdrawal does is that the case was merged into another.
    pub merged: bool,
}

impl Explained<'_> {
    /// How the clock stands.
    pub fn state(&self) -> ClockState {
        match (self.not_started, self.withdrawn_on) {
            (false, _) => self.timeline.state,
            (true, Some(_)) => ClockState::Stopped,
            (true, None) => ClockState::NotStarted,
        }
    }

    /// How and when the clock ended, if it has.
    pub fn ended(&self) -> Option<(FactKind, NaiveDate)> {
        let withdrawn = self.withdrawn_on.map(|on| (FactKind::Withdrawn, on));
        if self.not_started { withdrawn } else { self.timeline.ended }
    }

    /// The explanation in plain words, several lines.
    pub fn words(&self, lang: Lang) -> String {
        if !self.not_started {
            let words = explain(&self.timeline, &self.days, self.facts, &self.rules, lang);
            // The law knows no merger: to the clock it is a withdrawal, to whoever listens it is not.
            let withdrawal = lang.pick(FactKind::Withdrawn.label_zh(), FactKind::Withdrawn.label_en());
            let merger = lang.pick("并入另一件申请", "the merger into another case");
            return if self.merged { words.replace(withdrawal, merger) } else { words };
        }
        let arrived_on = self.timeline.received_on;
        let prudent = words::date(self.timeline.prudent_due_on.unwrap_or(arrived_on), lang);
        let arrived_on = words::date(arrived_on, lang);
        if let Some(on) = self.withdrawn_on {
            let on = words::date(on, lang);
            return match lang {
                Lang::Zh => format!(
                    "申请于{arrived_on}到达，收到之日未经确认；申请人于{on}撤回，答复期限未曾起算，无须答复。\n"
                ),
                Lang::En => format!(
                    "The application arrived on {arrived_on}; before its date of receipt was confirmed the applicant withdrew it, \
                     on {on}. No period began and no reply is owed.\n"
                ),
            };
        }
        match lang {
            Lang::Zh => format!(
                "申请于{arrived_on}到达，收到之日尚待与申请人确认，答复期限尚未起算。\n\
                 稳妥起见，请按到达之日起算，在{prudent}或之前答复。\n"
            ),
            Lang::En => format!(
                "The application arrived on {arrived_on}; its date of receipt awaits the confirmation with the applicant, \
                 and the period of the reply has not begun.\n\
                 To be safe, count from the day of arrival and reply by {prudent} at the latest.\n"
            ),
        }
    }
}

/// The statute with this id.
///
/// # Errors
/// The field, with the statutes there are.
pub fn statute<'a>(law: &'a LawBook, id: &str) -> Result<&'a StatutePack, FieldError> {
    law.pack(id).ok_or_else(|| {
        let known: Vec<&str> = law.packs().map(|pack| pack.id.as_str()).collect();
        unknown("/statute", &known)
    })
}

/// By what rules facts are to be read: a statute, a calendar (its own when none is named), and readings that differ from
/// the statute's own.
///
/// # Errors
/// Every name that is unknown, with those there are.
pub fn rules<'a>(
    law: &'a LawBook,
    statute_id: &str,
    calendar_id: Option<&str>,
    readings: &BTreeMap<String, String>,
) -> Result<Rules<'a>, AppError> {
    let mut errors = Vec::new();
    let pack = statute(law, statute_id).map_err(|error| errors.push(error)).ok();
    let calendar_id = calendar_id.or(pack.map(|pack| pack.calendar.as_str()));
    let calendar = calendar_id.and_then(|id| law.calendar(id));
    if calendar_id.is_some() && calendar.is_none() {
        let known: Vec<&str> = law.calendars().map(crate::domain::calendar::WorkingCalendar::id).collect();
        errors.push(unknown("/calendar", &known));
    }
    let (Some(pack), Some(calendar)) = (pack, calendar) else {
        errors.extend(reading_errors(readings));
        return Err(AppError::Invalid(errors));
    };
    let mut rules = Rules::of(pack, calendar);
    read_otherwise(&mut rules, readings)?;
    Ok(rules)
}

/// Reads points otherwise than the statute's own settings.
///
/// # Errors
/// Every unknown point and reading, with those there are.
pub fn read_otherwise(rules: &mut Rules, readings: &BTreeMap<String, String>) -> Result<(), AppError> {
    let errors = reading_errors(readings);
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    for (name, value) in readings {
        rules.readings = rules.readings.with(name, value).unwrap_or(rules.readings);
    }
    Ok(())
}

/// How many unknown points are told at once.
const MOST_UNKNOWN: usize = 50;
/// A name longer than this is told by its place only.
const LONGEST_NAME: usize = 64;

fn reading_errors(readings: &BTreeMap<String, String>) -> Vec<FieldError> {
    let usual = crate::domain::statute::Readings::usual();
    let wrong = readings.iter().filter_map(|(name, value)| {
        let error = usual.with(name, value).err()?;
        let shown = name.len() <= LONGEST_NAME;
        let escaped = name.replace('~', "~0").replace('/', "~1");
        let pointer = if shown { format!("/readings/{escaped}") } else { "/readings".to_owned() };
        Some(reading_error(pointer, &error))
    });
    wrong.take(MOST_UNKNOWN).collect()
}

fn reading_error(pointer: String, error: &ReadingError) -> FieldError {
    match error {
        ReadingError::UnknownPoint(_) => {
            let points: Vec<&str> = Point::ALL.iter().map(|point| point.code()).collect();
            FieldError::new(
                pointer,
                "unknown_field",
                format!("没有这个争议点；有：{}。", points.join("、")),
                format!("There is no such point of doubt; there are {}.", points.join(", ")),
            )
        }
        ReadingError::UnknownReading { point, .. } | ReadingError::Missing(point) => {
            let choices: Vec<&str> = point.readings().iter().map(|reading| reading.code()).collect();
            unknown(pointer, &choices)
        }
    }
}

fn unknown(pointer: impl Into<String>, choices: &[&str]) -> FieldError {
    FieldError::new(
        pointer,
        "unknown_value",
        format!("取值无效，应为：{}。", choices.join("、")),
        format!("Unknown value; expected {}.", choices.join(", ")),
    )
}

/// For which day a timeline is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// The one that was asked for.
    Asked(NaiveDate),
    /// Today, since none was.
    Today(NaiveDate),
}

impl AsOf {
    /// The day asked for, or today.
    pub fn or_today(asked: Option<NaiveDate>, today: NaiveDate) -> Self {
        asked.map_or(Self::Today(today), Self::Asked)
    }

    /// The civil date.
    pub fn date(self) -> NaiveDate {
        match self {
            Self::Asked(date) | Self::Today(date) => date,
        }
    }
}

/// The timeline that follows from facts, told from `facts`, of which the first `own` are no field of the request.
///
/// # Errors
/// The fact that is wrong, by its place among those of the request.
pub fn calculate<'a>(
    facts: &'a [Fact],
    own: usize,
    rules: Rules<'a>,
    as_of: AsOf,
) -> Result<Explained<'a>, AppError> {
    if let Some(error) = too_far_apart(facts, own, as_of) {
        return Err(AppError::Invalid(vec![error]));
    }
    let (timeline, days) = timeline_with_days(facts, &rules, as_of.date())
        .map_err(|fault| AppError::Invalid(vec![fault_error(&fault, own)]))?;
    Ok(Explained { facts, rules, timeline, days, not_started: false, withdrawn_on: None, merged: false })
}

/// A fault as a field of the request. One of a fact that is the case's own is told of the facts added.
fn fault_error(fault: &FactFault, own: usize) -> FieldError {
    let pointer = match fault.index.checked_sub(own) {
        Some(index) if fault.fault != Fault::NotReceived => format!("/facts/{index}/{}", fault.field),
        Some(_) | None => "/facts".to_owned(),
    };
    let (code, zh, en) = (fault.fault.code(), fault.fault.message(Lang::Zh), fault.fault.message(Lang::En));
    FieldError::new(pointer, code, zh, en)
}

/// The first date that lies too long after the earliest.
fn too_far_apart(facts: &[Fact], own: usize, as_of: AsOf) -> Option<FieldError> {
    let dates =
        |(index, fact)| dates_of(fact).into_iter().map(move |(field, date)| (date.year(), index, field));
    let (first, earliest, field) = facts.iter().enumerate().flat_map(dates).min()?;
    let place = |index: usize, field: &str| {
        index.checked_sub(own).map_or("/facts".to_owned(), |index| format!("/facts/{index}/{field}"))
    };
    let too_far = |date: NaiveDate| date.year() > first.saturating_add(MOST_YEARS);
    let far = facts.iter().enumerate().find_map(|(index, fact)| {
        let (field, _) = dates_of(fact).into_iter().find(|(_, date)| too_far(*date))?;
        Some(place(index, field))
    });
    // Who asked for no other day than today is told of the date that lies too far back.
    let from_here = || match as_of {
        AsOf::Asked(_) => AS_OF.to_owned(),
        AsOf::Today(_) => place(earliest, field),
    };
    let pointer = far.or_else(|| too_far(as_of.date()).then(from_here))?;
    Some(FieldError::new(
        pointer,
        "out_of_range",
        format!(
            "各日期（包括查询之日 {}）与最早的日期（{first} 年）相隔不得超过 {MOST_YEARS} 年。",
            as_of.date()
        ),
        format!(
            "All dates, that of the question ({}) included, must lie within {MOST_YEARS} years of the earliest (of {first}).",
            as_of.date()
        ),
    ))
}

/// Where a request says for which day.
const AS_OF: &str = "/as_of";

/// Every date of a fact, with its field.
fn dates_of(fact: &Fact) -> Vec<(&'static str, NaiveDate)> {
    let more = match &fact.what {
        What::Received { arrived_on, confirmed_on, .. } => {
            vec![("arrived_on", *arrived_on), ("confirmed_on", *confirmed_on)]
        }
        What::CorrectionRequested { served_on, .. }
        | What::ConsultationSent { served_on, .. }
        | What::FeeNotice { served_on }
        | What::ReconsiderationDecided { served_on } => vec![("served_on", *served_on)],
        What::Extended { approved_on, .. } => vec![("approved_on", *approved_on)],
        What::DelayedReplySet { until } => vec![("until", Some(*until))],
        What::AnswerOrdered { until } => vec![("until", *until)],
        What::Replied { dispatched_on, served_on, .. } => {
            vec![("dispatched_on", *dispatched_on), ("served_on", *served_on)]
        }
        What::Corrected
        | What::CorrectionLapsed
        | What::ConsultationAnswered { .. }
        | What::ConsultationLapsed { .. }
        | What::FeePaid
        | What::FeeLapsed
        | What::ReasonsRequested
        | What::ReasonsGiven
        | What::Withdrawn
        | What::RemedyReceived { .. }
        | What::RemedyAnswered { .. } => Vec::new(),
    };
    let more = more.into_iter().filter_map(|(field, date)| Some((field, date?)));
    std::iter::once(("on", fact.on)).chain(more).collect()
}

/// The fee of a statute.
///
/// # Errors
/// An unknown statute or one without fees; a number beyond its bound.
pub fn fees<'a>(law: &'a LawBook, statute_id: &str, mode: FeeMode) -> Result<(&'a Fees, Fee), AppError> {
    let invalid = |error| AppError::Invalid(vec![error]);
    let pack = statute(law, statute_id).map_err(invalid)?;
    let fees = pack.fees.as_ref().ok_or_else(|| {
        let (zh, en) = ("该法规不收费。", "This statute asks for no fee.");
        invalid(FieldError::new("/statute", "no_fees", zh, en))
    })?;
    let fee = fee::fee(fees, mode).map_err(|error| match error {
        FeeError::TooMany { field, .. } => {
            let field = if field == "already" { "already_this_month" } else { field };
            let (zh, en) = (error.message(Lang::Zh), error.message(Lang::En));
            invalid(FieldError::new(format!("/{field}"), "range", zh, en))
        }
        FeeError::OutOfRange => AppError::Internal("the tiers of a fee are out of range".to_owned()),
    })?;
    Ok((fees, fee))
}

/// What is asked about the clock of a case.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Facts that did not happen (yet).
    pub added: Vec<Fact>,
    /// The day for which state and light are told; today when absent.
    pub as_of: Option<NaiveDate>,
    /// Points to be read otherwise.
    pub readings: BTreeMap<String, String>,
}

impl App {
    /// The clock of a case that the actor may read, told by `tell`. Nothing is changed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the actor may not know of it; what is wrong with the question.
    pub async fn case_time_limit<T>(
        &self,
        actor: &Actor,
        id: CaseId,
        question: Question,
        tell: impl FnOnce(&Explained) -> T,
    ) -> Result<T, AppError> {
        let loaded = self.load(actor, id).await?;
        let case = &loaded.before.case;
        let (pack, calendar) = &Self::statute_of_case(&self.store.law(), case)?;
        let mut rules = Rules::of(pack, calendar);
        read_otherwise(&mut rules, &question.readings)?;
        let as_of = AsOf::or_today(question.as_of, self.today(&loaded.agency));
        let mut facts = clock::facts(case);
        let own = facts.len();
        let nothing_added = question.added.is_empty();
        facts.extend(question.added);
        // While the date of receipt awaits its confirmation: as if it had been received on arrival.
        let not_started = facts.is_empty();
        if not_started {
            facts.push(Fact::received(case.receipt.arrived_on));
        }
        let explained = calculate(&facts, own, rules, as_of);
        if nothing_added
            && let Err(AppError::Invalid(errors)) = &explained
            && errors.iter().all(|error| error.pointer != AS_OF)
        {
            return Err(AppError::Internal(format!("the facts of case {id} make no timeline: {errors:?}")));
        }
        let mut explained = explained?;
        explained.not_started = not_started;
        let conclusion = case.state.conclusion();
        explained.merged = conclusion.as_ref().is_some_and(Conclusion::is_merger);
        let withdrawn = conclusion.filter(|_| not_started);
        explained.withdrawn_on = withdrawn.map(|conclusion| conclusion.concluded_on());
        Ok(tell(&explained))
    }
}

#[cfg(test)]
mod tests;
