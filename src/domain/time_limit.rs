//! The time limit of a reply: the plain rule of Article 33(2), without corrections, extensions or
//! suspensions.
//!
//! ```
//! use chrono::NaiveDate;
//! use gongkai::domain::time_limit::{Light, reply_limit};
//! use gongkai::law::LawBook;
//!
//! let law = LawBook::embedded()?;
//! let (Some(pack), Some(calendar)) = (law.pack("cn-ogi-2019"), law.calendar("cn")) else { unreachable!() };
//! let date = |text: &str| text.parse::<NaiveDate>().unwrap();
//! let due = |received: &str| reply_limit(date(received), pack, calendar).map(|limit| limit.due_on);
//!
//! // Handed in on Monday 2 March 2026: 3 March is day 1, Monday 30 March day 20.
//! assert_eq!(due("2026-03-02")?, date("2026-03-30"));
//! // Across the Spring Festival of 2026: Saturdays 14 and 28 February are make-up workdays.
//! assert_eq!(due("2026-02-04")?, date("2026-03-10"));
//! // Across the National Day of 2025: Sunday 28 September and Saturday 11 October are make-up workdays.
//! assert_eq!(due("2025-09-22")?, date("2025-10-24"));
//! // EMS signed for on Friday 30 January 2026; when it was posted is irrelevant.
//! assert_eq!(due("2026-01-30")?, date("2026-03-05"));
//! // Across the year's end: 1 to 3 January are off, Sunday 4 January works.
//! assert_eq!(due("2025-12-15")?, date("2026-01-13"));
//!
//! let limit = reply_limit(date("2026-03-02"), pack, calendar)?;
//! assert_eq!((limit.yellow_on, limit.red_on), (date("2026-03-23"), date("2026-03-26")));
//! assert_eq!(limit.light(date("2026-03-20")), Light::Green);
//! assert_eq!(limit.light(date("2026-03-30")), Light::Red);
//! assert_eq!(limit.light(date("2026-03-31")), Light::Overdue);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::domain::calendar::{CalendarError, Provisional, WorkingCalendar};
use crate::domain::statute::{LimitUnit, StatutePack};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The time limit of the reply to one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplyLimit {
    /// The date of receipt, day 0.
    pub received_on: NaiveDate,
    /// The last day on which a reply is in time; a working day.
    pub due_on: NaiveDate,
    /// The first day of the yellow light.
    pub yellow_on: NaiveDate,
    /// The first day of the red light.
    pub red_on: NaiveDate,
    /// The article that sets the limit, such as `33(2)`.
    pub article: String,
    /// Why the dates may still change; `None` if they are final.
    pub provisional: Option<Provisional>,
}

/// Computes the limit of the reply to a request received on `received_on`, which is day 0 (Article 33(2)).
///
/// # Errors
///
/// As [`WorkingCalendar::add_working_days`].
pub fn reply_limit(
    received_on: NaiveDate,
    pack: &StatutePack,
    calendar: &WorkingCalendar,
) -> Result<ReplyLimit, CalendarError> {
    let limit = &pack.limits.reply;
    let due_on = match limit.unit {
        LimitUnit::WorkingDay => calendar.add_working_days(received_on, limit.days)?,
    };
    Ok(ReplyLimit {
        received_on,
        due_on,
        yellow_on: calendar.previous_working_days(due_on, pack.lights.yellow)?,
        red_on: calendar.previous_working_days(due_on, pack.lights.red)?,
        article: limit.article.clone(),
        provisional: calendar.provisional(received_on, due_on),
    })
}

impl ReplyLimit {
    /// The light of a case that is still open on `today`, a civil date in the agency's zone.
    pub fn light(&self, today: NaiveDate) -> Light {
        if today > self.due_on {
            Light::Overdue
        } else if today >= self.red_on {
            Light::Red
        } else if today >= self.yellow_on {
            Light::Yellow
        } else {
            Light::Green
        }
    }
}

/// How pressing an open case is, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// More working days are left than the yellow threshold.
    Green,
    /// As many working days are left as the yellow threshold, or fewer (by default 5).
    Yellow,
    /// As many working days are left as the red threshold, or fewer (by default 2); also on the due date.
    Red,
    /// The due date has passed.
    Overdue,
}

impl Light {
    /// Every light, from the least to the most pressing.
    pub const ALL: &'static [Self] = &[Self::Green, Self::Yellow, Self::Red, Self::Overdue];

    /// The name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::Overdue => "overdue",
        }
    }

    /// The light with this code; `None` for any other text. The inverse of [`Light::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|light| light.code() == code)
    }

    /// The Chinese name.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Green => "绿灯",
            Self::Yellow => "黄灯",
            Self::Red => "红灯",
            Self::Overdue => "已超期",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::Overdue => "overdue",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Light, reply_limit};
    use crate::domain::calendar::tests::published;
    use crate::domain::calendar::{CalendarError, Provisional};
    use crate::domain::channel::tests::assert_coded;
    use crate::domain::statute::tests::pack;
    use chrono::{Days, NaiveDate};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn lights_are_coded() {
        assert_coded(Light::ALL, Light::code, Light::parse, [Light::label_zh, Light::label_en]);
    }

    /// For every date of receipt of every published year: a working day, 20 working days after, never earlier
    /// than that of the day before, and a light that agrees with the working days left on every day.
    #[test]
    fn every_published_date_of_receipt() {
        let (pack, calendar) = (pack(), published());
        let mut previous = None;
        for received in date("2004-01-01").iter_days().take_while(|day| *day <= date("2026-12-31")) {
            let limit = reply_limit(received, &pack, &calendar).unwrap();
            assert!(calendar.is_working_day(limit.due_on), "{received}");
            assert_eq!(calendar.working_days_between(received, limit.due_on), 20, "{received}");
            assert!(previous <= Some(limit.due_on), "{received}");
            assert!(
                received < limit.yellow_on && limit.yellow_on < limit.red_on && limit.red_on < limit.due_on
            );
            assert_eq!(limit.provisional.is_none(), limit.due_on < date("2026-12-25"), "{received}");
            previous = Some(limit.due_on);
            for days in 0..50 {
                let today = received + Days::new(days);
                let expected = match calendar.working_days_between(today, limit.due_on) {
                    _ if today > limit.due_on => Light::Overdue,
                    ..=2 => Light::Red,
                    3..=5 => Light::Yellow,
                    6.. => Light::Green,
                };
                assert_eq!(limit.light(today), expected, "{received} {today}");
            }
        }
    }

    #[test]
    fn a_due_date_in_a_year_without_a_notice_is_provisional() {
        let (pack, calendar) = (pack(), published());
        let reason = |received| reply_limit(date(received), &pack, &calendar).unwrap().provisional;
        assert_eq!(reason("2026-11-26"), None);
        assert_eq!(reason("2026-11-27"), Some(Provisional::LastDaysOfLastYear { year: 2026 }));
        assert_eq!(reason("2026-12-10"), Some(Provisional::YearWithoutNotice { year: 2027 }));
        let before = reply_limit(date("2003-12-31"), &pack, &calendar);
        assert_eq!(before, Err(CalendarError::BeforeCoverage { first: date("2004-01-01") }));
    }
}
