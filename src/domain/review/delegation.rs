//! 委托: who takes whose steps during an absence. It lends no role, and it brings the conflicts of both.

use chrono::NaiveDate;

use crate::domain::ids::PersonId;

/// A delegation that has not been ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Who is away.
    pub from: PersonId,
    /// Who takes his steps.
    pub to: PersonId,
    /// The first day, a civil date in the agency's zone.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
}

impl Delegation {
    /// Whether it lets its delegate decide for the absent person on every one of these days: the one on which it was decided, and
    /// the one on which that is recorded.
    ///
    /// ```
    /// use gongkai::domain::ids::PersonId;
    /// use gongkai::domain::review::Delegation;
    ///
    /// let day = |text: &str| text.parse().unwrap();
    /// let [chief, deputy] = [1, 2].map(|n| PersonId(uuid::Uuid::from_u128(n)));
    /// let week = Delegation { from: chief, to: deputy, starts_on: day("2026-03-09"), ends_on: day("2026-03-13") };
    /// assert!(week.covers(chief, deputy, &[day("2026-03-09"), day("2026-03-13")]));
    /// // Decided on its last day, and recorded on the day after.
    /// assert!(!week.covers(chief, deputy, &[day("2026-03-13"), day("2026-03-14")]));
    /// assert!(!week.covers(deputy, chief, &[day("2026-03-10")]));
    /// ```
    pub fn covers(&self, absent: PersonId, delegate: PersonId, days: &[NaiveDate]) -> bool {
        let within = |day: &NaiveDate| (self.starts_on..=self.ends_on).contains(day);
        self.from == absent && self.to == delegate && days.iter().all(within)
    }
}
