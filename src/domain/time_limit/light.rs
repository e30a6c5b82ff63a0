//! How pressing an open case is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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
    /// The light on a day, given the days on which it changes.
    pub fn on(today: NaiveDate, due_on: NaiveDate, yellow_on: NaiveDate, red_on: NaiveDate) -> Self {
        if today > due_on {
            Self::Overdue
        } else if today >= red_on {
            Self::Red
        } else if today >= yellow_on {
            Self::Yellow
        } else {
            Self::Green
        }
    }

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
    use super::Light;
    use crate::domain::channel::tests::assert_coded;

    #[test]
    fn lights_are_coded() {
        assert_coded(Light::ALL, Light::code, Light::parse, [Light::label_zh, Light::label_en]);
    }
}
