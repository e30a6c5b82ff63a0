//! Questions and their answers, paired in the order of their days.

use super::{End, Place, Stop};
use crate::domain::time_limit::fact::FactKind;
use crate::domain::time_limit::fault::{FactFault, Fault};
use chrono::NaiveDate;

/// A fact that is a question or the answer to one, with its place in the list.
struct Asked {
    index: usize,
    on: NaiveDate,
    stop: Stop,
}

struct Answer {
    index: usize,
    on: NaiveDate,
    kind: FactKind,
    end: End,
}

/// The questions of one kind and their answers, before they are paired.
#[derive(Default)]
pub(super) struct Pairs {
    asked: Vec<Asked>,
    answers: Vec<Answer>,
}

impl Pairs {
    pub(super) fn ask(&mut self, at: Place, stop: Stop) {
        self.asked.push(Asked { index: at.index, on: at.on, stop });
    }

    pub(super) fn answer(&mut self, at: Place, end: End) {
        self.answers.push(Answer { index: at.index, on: at.on, kind: at.kind, end });
    }

    /// The first answer belongs to the first question, and so on: a question is asked again only when the one before is
    /// answered.
    pub(super) fn paired(mut self, question: FactKind) -> Result<Vec<Stop>, FactFault> {
        // Of one day by their content, so that the order of the list tells nothing.
        self.asked
            .sort_by_key(|Asked { on, stop, .. }| (*on, stop.served_on, stop.working_days, stop.ground));
        self.answers.sort_by_key(|answer| (answer.on, answer.end == End::Lapsed));
        for (n, answer) in self.answers.iter().enumerate() {
            let asked = self.asked.get(n).map(|asked| asked.on);
            if asked.is_none_or(|asked| answer.on < asked) {
                let fault = Fault::Precedes { kind: answer.kind, needs: question, at: asked };
                let field = if asked.is_some() { "on" } else { "type" };
                return Err(FactFault { index: answer.index, field, fault });
            }
        }
        let mut answers = self.answers.iter();
        let mut open: Option<NaiveDate> = None;
        let mut stops: Vec<Stop> = Vec::with_capacity(self.asked.len());
        for asked in &self.asked {
            let before = stops.last().and_then(|stop| stop.end).map(|(on, _)| on);
            let since = open.or_else(|| {
                before.filter(|before| *before > asked.on).and(stops.last().map(|stop| stop.from))
            });
            if let Some(since) = since {
                return Err(FactFault { index: asked.index, field: "on", fault: Fault::StillOpen { since } });
            }
            let end = answers.next().map(|answer| (answer.on, answer.end));
            if end.is_none() {
                open = Some(asked.on);
            }
            stops.push(Stop { end, ..asked.stop });
        }
        Ok(stops)
    }
}
