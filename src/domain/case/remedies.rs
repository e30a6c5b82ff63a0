//! The remedies brought against a case, and the rounds in which it was answered: what `evolve` keeps of them.
//!
//! A case whose reply was corrected is answered anew in a round of its own: the state and the clock that were are kept whole in
//! [`EarlierRound`], and the case goes through the same stages again, under the clock of the [`Order`]. In the annual report it
//! counts once, as it was answered first.

use chrono::NaiveDate;

use super::clock_record::{ClockRecord, Counted};
use super::event::Follows;
use super::state::{Conclusion, State};
use crate::domain::ids::PersonId;
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};

/// One remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Counts from 1 within the case.
    pub n: u32,
    /// What was brought.
    pub kind: RemedyKind,
    /// How it is examined.
    pub procedure: Procedure,
    /// The day on which the applicant brought it, when known.
    pub filed_on: Option<NaiveDate>,
    /// The day on which its papers reached the agency.
    pub received_on: NaiveDate,
    /// How many rounds had been answered before: against the reply of which round it was brought.
    pub round: usize,
    /// The day on which our answer was handed in.
    pub answered_on: Option<NaiveDate>,
    /// How it ended.
    pub outcome: Option<RemedyOutcome>,
    /// Whether it was entered by mistake.
    pub voided: bool,
    /// Who entered the filing, the answer and the result: none of them voids it.
    pub recorded_by: [Option<PersonId>; 3],
}

/// How a remedy ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemedyOutcome {
    /// The result.
    pub result: RemedyResult,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// The day on which it reached the agency.
    pub served_on: NaiveDate,
    /// What follows from it.
    pub follows: Follows,
}

/// An order to answer anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Upon which remedy.
    pub remedy: u32,
    /// The day on which it reached the agency: the new period counts from it.
    pub served_on: NaiveDate,
    /// The last day that it names; the law's own period when it names none.
    pub until: Option<NaiveDate>,
}

/// A round of answering that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierRound {
    /// Where it ended.
    pub state: State,
    /// What its clock counted by.
    pub clock: ClockRecord,
    /// The order under which it was answered; `None` for the first round.
    pub order: Option<Order>,
    /// How many versions of a reply there had been when it ended: more since then, and the next round has gone on.
    pub drafts_made: u32,
}

impl EarlierRound {
    /// How it ended. A round is over only when it has.
    pub fn conclusion(&self) -> Option<Conclusion> {
        self.state.conclusion()
    }
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedies {
    /// Every remedy, those entered by mistake among them.
    pub all: Vec<Remedy>,
    /// The rounds that are over, the first one first.
    pub rounds: Vec<EarlierRound>,
    /// The order under which the case is answered now; `None` in its first round.
    pub order: Option<Order>,
}

impl Remedies {
    /// Those that were not entered by mistake.
    pub fn standing(&self) -> impl Iterator<Item = &Remedy> {
        self.all.iter().filter(|remedy| !remedy.voided)
    }

    /// How the case was answered first, when it is answered anew: what the annual report counts.
    pub fn first_conclusion(&self) -> Option<Conclusion> {
        self.rounds.first().and_then(EarlierRound::conclusion)
    }

    /// The first and the last day on which something of this happened.
    pub fn span(&self) -> Option<(NaiveDate, NaiveDate)> {
        let days = self.standing().flat_map(|remedy| {
            let outcome = remedy.outcome.map(|outcome| [outcome.decided_on, outcome.served_on]);
            [Some(remedy.received_on), remedy.filed_on, remedy.answered_on]
                .into_iter()
                .flatten()
                .chain(outcome.into_iter().flatten())
        });
        let days: Vec<NaiveDate> = days.collect();
        Some((days.iter().copied().min()?, days.iter().copied().max()?))
    }
}

impl Remedy {
    /// `voided`, a result's code, or `pending`.
    pub fn state(&self) -> &'static str {
        match (self.voided, self.outcome) {
            (true, _) => "voided",
            (false, Some(outcome)) => outcome.result.code(),
            (false, None) => "pending",
        }
    }

    /// Whether our answer is still owed: nobody waits for one after the decision.
    pub fn awaits_answer(&self) -> bool {
        !self.voided && self.answered_on.is_none() && self.outcome.is_none()
    }
}

impl Counted for Remedy {
    fn n(&self) -> u32 {
        self.n
    }
}
