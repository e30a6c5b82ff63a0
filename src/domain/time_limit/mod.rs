//! The statutory clock: dated facts in, the timeline out, each date with its reasons. `docs/clock.md` says in words how the
//! law is read.
//!
//! ```
//! use chrono::NaiveDate;
//! use gongkai::domain::time_limit::{ConsultationKind, Fact, Light, Rules, What, timeline};
//! use gongkai::law::LawBook;
//!
//! let law = LawBook::embedded()?;
//! let (Some(pack), Some(calendar)) = (law.pack("cn-ogi-2019"), law.calendar("cn")) else { unreachable!() };
//! let rules = Rules::of(pack, calendar);
//! let date = |text: &str| text.parse::<NaiveDate>().unwrap();
//! let due = |received: &str| {
//!     let received = date(received);
//!     timeline(&[Fact::received(received)], &rules, received).map(|timeline| timeline.due_on)
//! };
//!
//! // Handed in on Monday 2 March 2026: 3 March is day 1, Monday 30 March day 20.
//! assert_eq!(due("2026-03-02")?, Some(date("2026-03-30")));
//! // Across the Spring Festival of 2026: Saturdays 14 and 28 February are make-up workdays.
//! assert_eq!(due("2026-02-04")?, Some(date("2026-03-10")));
//! // Across the National Day of 2025: Sunday 28 September and Saturday 11 October are make-up workdays.
//! assert_eq!(due("2025-09-22")?, Some(date("2025-10-24")));
//!
//! // A third party consulted on 10 March, the letter received on the 12th, the answer on the 20th: 6 working days
//! // used, 8 excluded, 14 left.
//! let reference = "1".to_owned();
//! let sent = What::ConsultationSent {
//!     reference: reference.clone(),
//!     kind: ConsultationKind::ThirdParty,
//!     served_on: Some(date("2026-03-12")),
//! };
//! let facts = [
//!     Fact::received(date("2026-03-02")),
//!     Fact::new(date("2026-03-10"), sent),
//!     Fact::new(date("2026-03-20"), What::ConsultationAnswered { reference }),
//! ];
//! let timeline = timeline(&facts, &rules, date("2026-03-23"))?;
//! assert_eq!(timeline.due_on, Some(date("2026-04-10")));
//! assert_eq!(timeline.prudent_due_on, Some(date("2026-04-09")));
//! assert_eq!((timeline.working_days_used, timeline.working_days_excluded), (7, 8));
//! assert_eq!(timeline.light, Some(Light::Green));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod engine;
mod explain;
mod fact;
mod fault;
mod history;
mod light;
mod obligations;
mod periods;
mod reason;
mod segments;
mod timeline;
mod view;
pub mod words;

pub use engine::{Rules, remedy_answer, timeline, timeline_with_days};
pub use explain::explain;
pub use fact::{ConsultationKind, CorrectionGround, Fact, FactKind, What};
pub use fault::{FactFault, Fault};
pub use light::Light;
pub use reason::{Reason, Reasons};
pub use timeline::{
    ClockState, DateOf, DayEntry, Differing, Effect, Note, Obligation, ObligationKind, Segment, Timeline,
};

#[cfg(test)]
mod tests;
