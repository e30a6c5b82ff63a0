//! From facts to the timeline. (Being written.)

use super::fact::Fact;
use super::fault::FactFault;
use super::timeline::{DayEntry, Timeline};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::statute::{LightThresholds, Readings, StatutePack};
use chrono::NaiveDate;

/// By what rules facts are read.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The statute.
    pub pack: &'a StatutePack,
    /// The working days.
    pub calendar: &'a WorkingCalendar,
    /// The readings in force.
    pub readings: Readings,
    /// When the light changes.
    pub lights: LightThresholds,
}

impl<'a> Rules<'a> {
    /// The statute's own readings and thresholds.
    pub fn of(pack: &'a StatutePack, calendar: &'a WorkingCalendar) -> Self {
        Self { pack, calendar, readings: pack.readings, lights: pack.lights }
    }
}

/// The timeline of an application, as of a civil date in the agency's zone. The facts come in any order.
///
/// # Errors
/// The first fact that is wrong: it precedes what it depends on, or its days are not what the statute allows.
pub fn timeline<'a>(
    facts: &'a [Fact],
    rules: &Rules<'a>,
    as_of: NaiveDate,
) -> Result<Timeline<'a>, FactFault> {
    let _ = (facts, rules, as_of);
    Err(FactFault { index: 0, field: "type", fault: super::Fault::NotReceived })
}

/// The same with each calendar day from day 0 through the due date (or through the end, while there is none).
///
/// # Errors
/// As [`timeline`].
pub fn timeline_with_days<'a>(
    facts: &'a [Fact],
    rules: &Rules<'a>,
    as_of: NaiveDate,
) -> Result<(Timeline<'a>, Vec<DayEntry<'a>>), FactFault> {
    timeline(facts, rules, as_of).map(|timeline| (timeline, Vec::new()))
}
