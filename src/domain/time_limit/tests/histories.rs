//! Random histories of a case: what an office may write into a file over some months, in any mixture, and how it goes wrong.

use super::super::{ConsultationKind, CorrectionGround, Fact, FactKind, What};
use super::oracle::{CORRECTION_RESPONSE, Law, PAYMENT};
use super::plain_calendar::{Day, PlainCalendar, date_of, day};
use crate::domain::case::event::ServiceMethod;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::statute::{Point, Reading, Readings};
use chrono::NaiveDate;

/// A small generator of numbers (splitmix64): the same seed gives the same history.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `below`, not included.
    pub(super) fn below(&mut self, below: i32) -> i32 {
        i32::try_from(self.roll() % u64::try_from(below).unwrap()).unwrap()
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: i32) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(i32::try_from(of.len()).unwrap())).unwrap()]
    }

    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            let other = self.below(i32::try_from(n + 1).unwrap());
            list.swap(n, usize::try_from(other).unwrap());
        }
    }
}

/// The readings in force: the usual ones, or some others among them.
pub(super) fn readings(dice: &mut Dice) -> Readings {
    let mut readings = Readings::usual();
    if dice.once_in(2) {
        return readings;
    }
    for point in Point::ALL {
        if dice.once_in(4) {
            readings = readings.other(*point, dice.pick(point.readings()));
        }
    }
    readings
}

/// A case being written.
struct Writing<'a> {
    dice: &'a mut Dice,
    calendar: &'a PlainCalendar,
    facts: Vec<Fact>,
    today: Day,
    /// The day of the last fact.
    written: Day,
    /// For what is open, the first day of an answer and the last day of the answer's period.
    correction: Option<(Day, Day)>,
    fee: Option<(Day, Day)>,
    reasons: Option<Day>,
    /// References with the first day of an answer and the last of its period.
    letters: Vec<(String, Day, Day)>,
    letters_sent: usize,
    over: bool,
}

/// A history that an office may write.
pub(super) fn history(dice: &mut Dice, calendar: &PlainCalendar) -> Vec<Fact> {
    let first = day(NaiveDate::from_ymd_opt(2004, 1, 1).unwrap());
    let today = first + dice.below(8_401);
    let mut writing = Writing {
        dice,
        calendar,
        facts: Vec::new(),
        today,
        written: today,
        correction: None,
        fee: None,
        reasons: None,
        letters: Vec::new(),
        letters_sent: 0,
        over: false,
    };
    writing.receive();
    let most = writing.dice.below(10);
    for _ in 0..most {
        if !writing.over {
            writing.something();
        }
    }
    if !writing.over && writing.dice.once_in(2) {
        writing.close();
    }
    let Writing { mut facts, dice, .. } = writing;
    dice.shuffle(&mut facts);
    facts
}

impl Writing<'_> {
    fn write(&mut self, what: What) {
        self.facts.push(Fact::new(date_of(self.today), what));
        self.written = self.today;
    }

    fn days_later(&mut self) {
        let days = match self.dice.below(10) {
            0..=2 => 0,
            3..=6 => self.dice.below(6),
            7..=8 => self.dice.below(15),
            _ => self.dice.below(40),
        };
        self.today += days;
    }

    fn not_before(&mut self, day: Day) {
        self.today = self.today.max(day);
    }

    fn served(&mut self) -> Option<NaiveDate> {
        let days = self.dice.below(8);
        (days < 6).then(|| date_of(self.today + days))
    }

    /// The last day of a period after service, however make-up workdays are read.
    fn limit(&self, served_on: Option<NaiveDate>, working_days: i32) -> Day {
        let readings = Readings::usual().other(Point::MakeUpWorkdays, Reading::Rest);
        let law = Law::new(self.calendar, readings, 20);
        law.nth_after(served_on.map_or(self.today, day), working_days)
    }

    fn receive(&mut self) {
        let on = date_of(self.today);
        let channel = self.dice.once_in(2).then(|| self.dice.pick(Channel::ALL));
        let after_hours = self.dice.once_in(8);
        let confirmed = self.today + self.dice.below(5);
        let (mut arrived_on, mut confirmed_on) = (None, None);
        match self.dice.below(3) {
            0 => confirmed_on = Some(date_of(confirmed)),
            1 => (arrived_on, confirmed_on) = (Some(on), Some(date_of(confirmed))),
            _ => {}
        }
        self.write(What::Received { channel, arrived_on, confirmed_on, after_hours });
        self.not_before(confirmed_on.map_or(self.today, day));
    }

    fn something(&mut self) {
        self.days_later();
        match self.dice.below(16) {
            0..=2 => self.correction(),
            3..=5 => self.letter(),
            6..=8 => self.reply_to_letter(),
            9 | 10 => self.extension(),
            11 | 12 => self.fee(),
            13 => self.reasons(),
            14 => {
                let until = date_of(self.today + 1 + self.dice.below(60));
                self.write(What::DelayedReplySet { until });
            }
            _ => {
                if self.dice.once_in(8) {
                    self.close();
                }
            }
        }
    }

    fn correction(&mut self) {
        if let Some((first, last)) = self.correction {
            self.not_before(first);
            if self.dice.once_in(6) {
                self.not_before(last + 1);
                self.over = true;
                self.write(What::CorrectionLapsed);
            } else {
                self.write(What::Corrected);
            }
            self.correction = None;
        } else {
            let served_on = self.served();
            let working_days = self.dice.once_in(2).then(|| self.dice.pick(&[1, 5, 10, 15, 30]));
            let ground = self.dice.once_in(2).then(|| self.dice.pick(CorrectionGround::ALL));
            let last = self.limit(served_on, working_days.map_or(CORRECTION_RESPONSE, i32::from));
            self.correction = Some((served_on.map_or(self.today, day), last));
            self.write(What::CorrectionRequested { served_on, working_days, ground });
        }
    }

    fn letter(&mut self) {
        self.letters_sent += 1;
        let reference = format!("{}号", self.letters_sent);
        let (kind, served_on) = (self.dice.pick(ConsultationKind::ALL), self.served());
        let limit = self.limit(served_on, 15);
        self.letters.push((reference.clone(), served_on.map_or(self.today, day), limit));
        self.write(What::ConsultationSent { reference, kind, served_on });
    }

    fn reply_to_letter(&mut self) {
        if self.letters.is_empty() {
            return self.letter();
        }
        let which = self.dice.below(i32::try_from(self.letters.len()).unwrap());
        let (reference, first, last) = self.letters.remove(usize::try_from(which).unwrap());
        if self.dice.once_in(6) {
            self.not_before(last + 1);
            self.write(What::ConsultationLapsed { reference });
        } else {
            self.not_before(first);
            self.write(What::ConsultationAnswered { reference });
        }
    }

    fn extension(&mut self) {
        // Approved at some time after whatever came before, or on the day of the notice, or nobody wrote when.
        let gap = self.today - self.written;
        let approved_on = (self.dice.once_in(2) && gap > 0)
            .then(|| date_of(self.today - self.dice.below(gap)))
            .or(self.dice.once_in(4).then_some(date_of(self.today)));
        let working_days = self.dice.pick(&[1, 5, 10, 15, 20, 20, 20]);
        let told_later = approved_on.is_some_and(|approved_on| day(approved_on) < self.today);
        self.write(What::Extended { working_days, approved_on });
        // Whether a step counts that lies between the approval and the notice depends on both: it would be a riddle.
        self.today += i32::from(told_later);
    }

    fn fee(&mut self) {
        if let Some((first, last)) = self.fee {
            self.not_before(first);
            if self.dice.once_in(6) {
                self.not_before(last + 1);
                self.over = true;
                self.write(What::FeeLapsed);
            } else {
                self.write(What::FeePaid);
            }
            self.fee = None;
        } else {
            let served_on = self.served();
            self.fee = Some((served_on.map_or(self.today, day), self.limit(served_on, PAYMENT)));
            self.write(What::FeeNotice { served_on });
        }
    }

    fn reasons(&mut self) {
        if self.reasons.take().is_some() {
            self.write(What::ReasonsGiven);
        } else {
            self.reasons = Some(self.today);
            self.write(What::ReasonsRequested);
        }
    }

    /// A reply by any method, or a withdrawal.
    fn close(&mut self) {
        self.over = true;
        self.days_later();
        if self.dice.once_in(5) {
            return self.write(What::Withdrawn);
        }
        let outcome = (!self.dice.once_in(4)).then(|| self.dice.pick(Outcome::ALL));
        let methods = [
            ServiceMethod::Direct,
            ServiceMethod::Delegated,
            ServiceMethod::Post,
            ServiceMethod::Electronic,
            ServiceMethod::PublicNotice,
        ];
        let method = (!self.dice.once_in(4)).then(|| self.dice.pick(&methods));
        let dispatched = self.today + self.dice.below(4);
        let says = method.is_some() || self.dice.once_in(2);
        let served = dispatched + self.dice.below(6);
        let served_on = (says && !self.dice.once_in(4)).then(|| date_of(served));
        let dispatched_on = says.then(|| date_of(dispatched));
        let not_dispatched = !says && self.dice.once_in(2);
        self.write(What::Replied { outcome, method, dispatched_on, served_on, not_dispatched });
        if served_on.is_some() && self.dice.once_in(3) {
            self.today = served + 30 + self.dice.below(60);
            let served_on = self.served();
            self.write(What::ReconsiderationDecided { served_on });
        }
    }
}

/// One mistake that no office may make, if the history has where to make it.
pub(super) fn mistake(facts: &mut Vec<Fact>, dice: &mut Dice) -> bool {
    let which = usize::try_from(dice.below(i32::try_from(facts.len()).unwrap())).unwrap();
    let fact = facts[which].clone();
    let kind = fact.what.kind();
    let earlier = |days| Fact::new(date_of(day(fact.on) - days), fact.what.clone());
    match dice.below(6) {
        // It is forgotten that the application came.
        0 => facts.retain(|fact| fact.what.kind() != FactKind::Received),
        // Something happens twice that happens once.
        1 if [FactKind::Received, FactKind::Replied, FactKind::Withdrawn].contains(&kind) => facts.push(fact),
        // A step lies before the application.
        2 if kind != FactKind::Received => facts[which] = earlier(3_000),
        1 | 2 => return false,
        // What is answered was never asked.
        3 => {
            let asks = [
                FactKind::CorrectionRequested,
                FactKind::ConsultationSent,
                FactKind::FeeNotice,
                FactKind::ReasonsRequested,
            ];
            let answers = [
                FactKind::Corrected,
                FactKind::ConsultationAnswered,
                FactKind::FeePaid,
                FactKind::ReasonsGiven,
                FactKind::CorrectionLapsed,
                FactKind::ConsultationLapsed,
                FactKind::FeeLapsed,
            ];
            if !facts.iter().any(|fact| answers.contains(&fact.what.kind())) {
                return false;
            }
            facts.retain(|fact| !asks.contains(&fact.what.kind()));
        }
        // A reference is used again; an extension is longer than the law allows, or of no days.
        4 => match &mut facts[which].what {
            What::ConsultationSent { .. } => facts.push(fact),
            What::Extended { working_days, .. } => *working_days = dice.pick(&[0, 21, 400]),
            What::CorrectionRequested { working_days, .. } => *working_days = Some(0),
            _ => return false,
        },
        // It was served before it was sent, or approved after it was told.
        _ => {
            let (before, after) = (date_of(day(fact.on) - 1), date_of(day(fact.on) + 1));
            match &mut facts[which].what {
                What::CorrectionRequested { served_on, .. }
                | What::ConsultationSent { served_on, .. }
                | What::FeeNotice { served_on }
                | What::ReconsiderationDecided { served_on } => *served_on = Some(before),
                What::Extended { approved_on, .. } => *approved_on = Some(after),
                _ => return false,
            }
        }
    }
    true
}
