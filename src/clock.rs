//! The one clock. Legal dates are civil dates in the agency's zone; the host's zone decides nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use chrono_tz::Tz;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands where it is set: for tests and for the demonstration's past year.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `instant` until it is set again.
    pub fn set_at(instant: DateTime<Utc>) -> Self {
        Self::Set(Arc::new(AtomicI64::new(instant.timestamp_micros())))
    }

    /// Moves a clock that can be set; the machine's stays as it is.
    pub fn set(&self, instant: DateTime<Utc>) {
        match self {
            Self::System => {}
            Self::Set(micros) => micros.store(instant.timestamp_micros(), Ordering::SeqCst),
        }
    }

    /// Now, in UTC, to the microsecond (PostgreSQL keeps no more).
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Set(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or(DateTime::UNIX_EPOCH)
            }
        }
    }

    /// Today's civil date in `zone`.
    pub fn today(&self, zone: Tz) -> NaiveDate {
        civil_date(self.now(), zone)
    }
}

/// The civil date in `zone` at `instant`.
///
/// ```
/// use chrono::{DateTime, NaiveDate};
/// let instant = DateTime::parse_from_rfc3339("2026-12-31T16:00:00Z").unwrap().to_utc();
/// let date = gongkai::clock::civil_date(instant, chrono_tz::Asia::Shanghai);
/// assert_eq!(date, NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
/// ```
pub fn civil_date(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last thousandth of a second of a due date belongs to it; the next instant is another day.
    #[test]
    fn a_day_lasts_until_its_last_instant_in_the_agencys_zone() {
        for (instant, date) in [
            ("2026-03-29T15:59:59.999999Z", "2026-03-29"),
            ("2026-03-29T16:00:00Z", "2026-03-30"),
            ("2026-03-30T23:59:59.999+08:00", "2026-03-30"),
            ("2026-03-31T00:00:00+08:00", "2026-03-31"),
            ("2026-12-31T23:59:59.999+08:00", "2026-12-31"),
        ] {
            let clock = Clock::set_at(DateTime::parse_from_rfc3339(instant).unwrap().to_utc());
            let date: NaiveDate = date.parse().unwrap();
            assert_eq!(clock.today(chrono_tz::Asia::Shanghai), date, "{instant}");
        }
    }
}
