//! The reading in force of every point of doubt.

use super::points::{Point, Reading};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A name that is no point, a value that is no reading of it, or a point without a reading.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    /// There is no such point.
    #[error("`{0}` is no point of doubt; there are {points}", points = all_points())]
    UnknownPoint(String),
    /// The point is not read so.
    #[error("`{value}` is no reading of `{point}`; there are {choices}", point = .point.code(), choices = choices(*.point))]
    UnknownReading {
        /// The point.
        point: Point,
        /// The value.
        value: String,
    },
    /// The point has no reading.
    #[error("`{}` is missing; it is one of {}", .0.code(), choices(*.0))]
    Missing(Point),
}

fn all_points() -> String {
    let names: Vec<&str> = Point::ALL.iter().map(|point| point.code()).collect();
    names.join(", ")
}

fn choices(point: Point) -> String {
    let names: Vec<&str> = point.readings().iter().map(|reading| reading.code()).collect();
    names.join(", ")
}

/// The reading in force of every point.
///
/// ```
/// use gongkai::domain::statute::{Point, Reading, Readings};
///
/// let usual = Readings::usual();
/// assert!(usual.is(Point::ConsultationInterval, Reading::HalfOpen));
/// let other = usual.with("consultation_interval", "open")?;
/// assert!(other.is(Point::ConsultationInterval, Reading::Open));
/// assert!(usual.with("consultation_interval", "restart").is_err());
/// # Ok::<(), gongkai::domain::statute::ReadingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings([Reading; Point::ALL.len()]);

impl Readings {
    /// The first reading of every point: those that the design decided upon for the Regulation.
    pub fn usual() -> Self {
        let mut readings = Self([Reading::NextDay; Point::ALL.len()]);
        for point in Point::ALL {
            if let Some(first) = point.readings().first() {
                readings.put(*point, *first);
            }
        }
        readings
    }

    /// Reads every point from its name and value.
    ///
    /// # Errors
    /// The first unknown name, unknown value, or missing point.
    pub fn read(values: &BTreeMap<String, String>) -> Result<Self, ReadingError> {
        if let Some(missing) = Point::ALL.iter().find(|point| !values.contains_key(point.code())) {
            return Err(ReadingError::Missing(*missing));
        }
        values.iter().try_fold(Self::usual(), |readings, (name, value)| readings.with(name, value))
    }

    /// The same readings but for one.
    ///
    /// # Errors
    /// An unknown name or value.
    pub fn with(self, name: &str, value: &str) -> Result<Self, ReadingError> {
        let point = Point::parse(name).ok_or_else(|| ReadingError::UnknownPoint(name.to_owned()))?;
        let reading = point.readings().iter().find(|reading| reading.code() == value);
        let reading =
            reading.ok_or_else(|| ReadingError::UnknownReading { point, value: value.to_owned() })?;
        Ok(self.other(point, *reading))
    }

    /// The same readings but for one, which must be a reading of that point (else they stay as they are).
    #[must_use]
    pub fn other(mut self, point: Point, reading: Reading) -> Self {
        if point.readings().contains(&reading) {
            self.put(point, reading);
        }
        self
    }

    /// How a point is read.
    pub fn of(&self, point: Point) -> Reading {
        self.0.get(point.place()).copied().unwrap_or(Reading::NextDay)
    }

    /// Whether a point is read so.
    pub fn is(&self, point: Point, reading: Reading) -> bool {
        self.of(point) == reading
    }

    /// Every point with its reading.
    pub fn all(&self) -> impl Iterator<Item = (Point, Reading)> + '_ {
        Point::ALL.iter().copied().zip(self.0)
    }

    fn put(&mut self, point: Point, reading: Reading) {
        if let Some(place) = self.0.get_mut(point.place()) {
            *place = reading;
        }
    }
}

impl<'de> Deserialize<'de> for Readings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = BTreeMap::<String, String>::deserialize(deserializer)?;
        Self::read(&values).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Point, Reading, Readings};
    use std::collections::{BTreeMap, HashSet};

    #[test]
    fn every_point_has_its_own_name_number_and_at_least_two_readings() {
        let names: HashSet<_> = Point::ALL.iter().map(|point| point.code()).collect();
        assert_eq!(names.len(), Point::ALL.len());
        assert!(Point::ALL.iter().enumerate().all(|(place, point)| point.place() == place));
        let mut numbers: Vec<_> = Point::ALL.iter().map(|point| point.number()).collect();
        assert_eq!(numbers.len(), 21);
        assert!(numbers.iter().all(|number| (1..=28).contains(number)));
        numbers.dedup();
        assert_eq!(numbers.len(), 21);
        for point in Point::ALL {
            let readings: HashSet<_> = point.readings().iter().map(|reading| reading.code()).collect();
            assert!(readings.len() >= 2 && readings.len() == point.readings().len(), "{point:?}");
            assert_eq!(Point::parse(point.code()), Some(*point));
            for reading in point.readings() {
                let readings = Readings::usual().with(point.code(), reading.code()).unwrap();
                assert!(readings.is(*point, *reading), "{point:?}");
                for other in Point::ALL.iter().filter(|other| *other != point) {
                    assert_eq!(readings.of(*other), Readings::usual().of(*other));
                }
            }
        }
    }

    #[test]
    fn what_is_unknown_or_missing_is_named_with_the_choices() {
        let values = || -> BTreeMap<String, String> {
            Readings::usual()
                .all()
                .map(|(point, reading)| (point.code().to_owned(), reading.code().to_owned()))
                .collect()
        };
        assert_eq!(Readings::read(&values()), Ok(Readings::usual()));
        let fault = |change: fn(&mut BTreeMap<String, String>)| {
            let mut values = values();
            change(&mut values);
            Readings::read(&values).unwrap_err().to_string()
        };
        let missing = fault(|values| {
            values.remove("fee_clock");
        });
        assert_eq!(missing, "`fee_clock` is missing; it is one of restart, resume");
        let unknown = fault(|values| {
            values.insert("silence".to_owned(), "neither".to_owned());
        });
        assert_eq!(unknown, "`neither` is no reading of `silence`; there are either, reconsideration_first");
        let point = fault(|values| {
            values.insert("moon".to_owned(), "full".to_owned());
        });
        assert!(point.starts_with("`moon` is no point of doubt; there are first_day, "), "{point}");
        assert_eq!(Readings::usual().other(Point::Silence, Reading::Rest), Readings::usual());
    }
}
