//! What a list of cases may be limited by.

use chrono::NaiveDate;

use super::types::Key;
use crate::domain::applicant::ApplicantKind;
use crate::domain::case::{Stage, Status};
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{RemedyKind, RemedyResult};
use crate::domain::search::Query;
use crate::domain::sensitivity::Sensitivity;
use crate::domain::time_limit::{ClockState, Light, ObligationKind};

/// How far somebody sees within an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Only cases on which one of these departments works; `None` does not limit.
    pub departments: Option<Vec<Key>>,
    /// Only cases that bear no higher label.
    pub clearance: Sensitivity,
}

impl Reach {
    /// All that there is: what the agency's own figures count.
    pub fn whole() -> Self {
        Self { departments: None, clearance: Sensitivity::HIGHEST }
    }
}

/// The queue's filters; `None` does not limit.
#[derive(Clone, Debug)]
pub struct QueueFilter {
    /// The agency.
    pub agency: Key,
    /// How far the reader sees.
    pub reach: Reach,
    /// The stage.
    pub stage: Option<Stage>,
    /// The status.
    pub status: Option<Status>,
    /// The light, as it shows on this day.
    pub light: Option<(Light, NaiveDate)>,
    /// How the clock stands.
    pub clock: Option<ClockState>,
    /// What is owed.
    pub owed: Option<Owed>,
    /// One department.
    pub department: Option<Key>,
    /// Whose work it is.
    pub assignee: Option<Key>,
    /// The channel.
    pub channel: Option<Channel>,
    /// The outcome.
    pub outcome: Option<Outcome>,
    /// Due on or before this day.
    pub due_before: Option<NaiveDate>,
    /// Received on or after this day.
    pub received_from: Option<NaiveDate>,
    /// Received on or before this day.
    pub received_to: Option<NaiveDate>,
    /// The registration number.
    pub number: Option<String>,
    /// The words that must be found.
    pub search: Option<Query>,
    /// The order.
    pub sort: Sort,
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows.
    pub limit: i64,
}

impl QueueFilter {
    /// Every case of an agency, those first that are due first, at most so many.
    pub fn all(agency: Key, limit: i64) -> Self {
        Self {
            agency,
            reach: Reach::whole(),
            stage: None,
            status: None,
            light: None,
            clock: None,
            owed: None,
            department: None,
            assignee: None,
            channel: None,
            outcome: None,
            due_before: None,
            received_from: None,
            received_to: None,
            number: None,
            search: None,
            sort: Sort::DueOn,
            after: None,
            limit,
        }
    }

    /// Those received in a period, both days included, by date of receipt.
    pub fn received(
        agency: Key,
        (from, to): (NaiveDate, NaiveDate),
        after: Option<(NaiveDate, Key)>,
        limit: i64,
    ) -> Self {
        let (received_from, received_to) = (Some(from), Some(to));
        Self { received_from, received_to, sort: Sort::ReceivedOn, after, ..Self::all(agency, limit) }
    }
}

/// Something owed, as it stands on a day: a duty until it is met, a chance through its last day.
#[derive(Clone, Copy, Debug)]
pub struct Owed {
    /// What; anything for `None`.
    pub kind: Option<ObligationKind>,
    /// Due on or after this day.
    pub from: Option<NaiveDate>,
    /// Due on or before this day.
    pub to: Option<NaiveDate>,
    /// The day as of which a chance has passed or not.
    pub today: NaiveDate,
}

/// The queue's orders; the id decides between equals, so that pages never skip or repeat a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By limit, the earliest first; cases that owe no reply come last.
    #[default]
    DueOn,
    /// By limit, the latest first.
    DueOnDescending,
    /// By receipt, the oldest first.
    ReceivedOn,
    /// By receipt, the newest first.
    ReceivedOnDescending,
    /// By what is owed ([`QueueFilter::owed`], without which it is the default order), the earliest first. Cases on which
    /// nothing is owed have no such day, and are left out.
    ObligationDueOn,
}

impl Sort {
    /// Every order.
    pub const ALL: &'static [Self] = &[
        Self::DueOn,
        Self::DueOnDescending,
        Self::ReceivedOn,
        Self::ReceivedOnDescending,
        Self::ObligationDueOn,
    ];

    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::DueOn => "due_on",
            Self::DueOnDescending => "-due_on",
            Self::ReceivedOn => "received_on",
            Self::ReceivedOnDescending => "-received_on",
            Self::ObligationDueOn => "obligation_due_on",
        }
    }

    /// The order with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sort| sort.code() == code)
    }
}

/// A page of the inbox: what was received and is not yet registered, by the day of arrival.
#[derive(Clone, Debug)]
pub struct InboxFilter {
    /// The agency.
    pub agency: Key,
    /// How far the reader sees.
    pub reach: Reach,
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows.
    pub limit: i64,
}

/// What the dashboard counts.
#[derive(Clone, Debug)]
pub struct DashboardFilter {
    /// The agency.
    pub agency: Key,
    /// How far the reader sees.
    pub reach: Reach,
    /// Only cases received on or after this day.
    pub received_from: Option<NaiveDate>,
    /// Only cases received on or before this day.
    pub received_to: Option<NaiveDate>,
}

/// The cases behind a cell of the annual report (table 3).
#[derive(Clone, Debug)]
pub struct CellFilter {
    /// The agency.
    pub agency: Key,
    /// Only cases that bear no higher label.
    pub clearance: Sensitivity,
    /// The year's first day.
    pub first: NaiveDate,
    /// The year's last day.
    pub last: NaiveDate,
    /// Which cases.
    pub which: CellCases,
    /// One applicant column; `None` is the total.
    pub kind: Option<ApplicantKind>,
    /// Where the page before ended.
    pub after: Option<Key>,
    /// How many rows.
    pub limit: i64,
}

/// The remedies behind a cell of the annual report (table 4).
#[derive(Clone, Debug)]
pub struct RemedyCellFilter {
    /// The agency.
    pub agency: Key,
    /// Only cases that bear no higher label.
    pub clearance: Sensitivity,
    /// The year's first day.
    pub first: NaiveDate,
    /// The year's last day.
    pub last: NaiveDate,
    /// The block.
    pub kind: RemedyKind,
    /// Decided in the year with one of these results.
    pub results: Vec<RemedyResult>,
    /// And those that were pending at the year's end.
    pub pending: bool,
    /// Where the page before ended: case and number.
    pub after: Option<(Key, i32)>,
    /// How many rows.
    pub limit: i64,
}

/// Cases concluded in a period.
#[derive(Clone, Debug)]
pub struct ConcludedFilter {
    /// The agency.
    pub agency: Key,
    /// The period's first day.
    pub first: NaiveDate,
    /// Its last day, included.
    pub last: NaiveDate,
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows.
    pub limit: i64,
}

/// Which cases a row of table 3 counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellCases {
    /// Received in the year.
    New,
    /// Received before and not concluded before.
    CarriedOver,
    /// Concluded in the year with one of these outcomes.
    Concluded(Vec<Outcome>),
    /// Received by the year's end and not concluded by then.
    CarriedForward,
}

/// The cases of one applicant, those received last first.
#[derive(Clone, Debug)]
pub struct ApplicantFilter {
    /// The agency.
    pub agency: Key,
    /// How far the reader sees.
    pub reach: Reach,
    /// By what he is known.
    pub index: ApplicantIndex,
    /// Where the page before ended: only cases received before that, or on that day and with a smaller id.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows.
    pub limit: i64,
}

/// Which files of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelved {
    /// Their period has ended and they are still there, by the last day of the period.
    Due,
    /// A hold stands, by the day of arrival.
    Held,
    /// They were disposed of, by the day of disposal.
    Disposed,
}

impl Shelved {
    /// The word used in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Held => "held",
            Self::Disposed => "disposed",
        }
    }
}

/// Which page of them.
#[derive(Clone, Debug)]
pub struct ArchiveFilter {
    /// Whose.
    pub agency: Key,
    /// Only cases that bear no higher label.
    pub clearance: Sensitivity,
    /// Which.
    pub state: Shelved,
    /// Today in the agency's zone.
    pub today: NaiveDate,
    /// Where the page before ended.
    pub after: Option<(NaiveDate, Key)>,
    /// How many rows.
    pub limit: i64,
}

/// Blind indexes of one value, one under each of the agency's keys.
#[derive(Clone, Debug)]
pub enum ApplicantIndex {
    /// Of the name.
    Name(Vec<Vec<u8>>),
    /// Of the number of the proof of identity.
    Identity(Vec<Vec<u8>>),
}

/// Cases that have some of these words, those that have most first.
#[derive(Clone, Debug)]
pub struct LikeFilter {
    /// The agency to which they came.
    pub agency: Key,
    /// The agency that handles them.
    pub holder: Key,
    /// How far the reader sees.
    pub reach: Reach,
    /// The words, normalised, none with a space.
    pub parts: Vec<String>,
    /// Only cases received before this day, or on it and with a smaller id.
    pub before: (NaiveDate, Key),
}
