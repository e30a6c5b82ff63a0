//! The stretches of a timeline, and its days one by one.

use super::periods::Period;
use super::reason::{Reason, Reasons};
use super::timeline::{DayEntry, Effect, Segment, Timeline};
use super::view::{Exclusion, View, next};
use crate::domain::calendar::{CalendarError, WorkingCalendar};
use crate::domain::statute::{Limit, StatutePack};
use chrono::NaiveDate;

/// The stretches in order: periods that were replaced, then the one that runs, through its due date. While an answer is
/// awaited, through `as_of`. `causes` are the exclusions one by one, of which `exclusions` is the union.
pub(super) fn segments<'a>(
    view: &View,
    pack: &'a StatutePack,
    period: &Period,
    (exclusions, causes): (&[Exclusion], &[Exclusion]),
    superseded: &[(NaiveDate, NaiveDate, Reason)],
    as_of: NaiveDate,
) -> Result<Vec<Segment<'a>>, CalendarError> {
    let mut made = Made { view, pack, segments: Vec::with_capacity(4) };
    // A stretch ends before the day from which the period that runs counts, which reading 1 can bring forward by a day
    // when a payment and a corrected application come together.
    for (from, to, reason) in superseded {
        made.push(*from, (*to).min(period.base), Effect::Superseded, *reason);
    }
    if let Some(named) = period.named {
        made.push(next(period.base), named, Effect::Counted, Reason::Ordered);
        return Ok(made.segments);
    }
    let reply = i64::from(view.limits.reply.length);
    let plain = view.count(period.base, reply, exclusions)?;
    let extended = view.count(period.base, reply.saturating_add(period.added), exclusions)?;
    let stopped = period.awaited.filter(|_| period.due_on.is_none());
    let end = stopped.map(|(from, _)| from).or(period.due_on).unwrap_or(plain);
    let mut from = next(period.base);
    for exclusion in exclusions.iter().filter(|one| one.to > period.base && one.from <= end) {
        let begins = exclusion.from.max(next(period.base));
        made.counted(from, begins.pred_opt().unwrap_or(begins), plain, extended);
        made.excluded(begins, exclusion.to.min(end), causes);
        from = next(exclusion.to);
    }
    made.counted(from, end, plain, extended);
    if let Some((from, reason)) = stopped {
        let through = period.lapsed.map_or(as_of, |(_, on)| on);
        made.push(next(from.max(period.base)), through, Effect::Excluded, reason);
    }
    Ok(made.segments)
}

struct Made<'v, 'a> {
    view: &'v View<'v>,
    pack: &'a StatutePack,
    segments: Vec<Segment<'a>>,
}

impl Made<'_, '_> {
    fn push(&mut self, from: NaiveDate, to: NaiveDate, effect: Effect, reason: Reason) {
        self.put(from, to, effect, Reasons::one(reason));
    }

    fn put(&mut self, from: NaiveDate, to: NaiveDate, effect: Effect, reasons: Reasons) {
        if from > to {
            return;
        }
        let eve = from.pred_opt().unwrap_or(from);
        let days = self.view.days.between(eve, to);
        let article = reasons.iter().next().map_or("", |reason| article(reason, self.pack));
        self.segments.push(Segment { from, to, effect, days, article, reasons });
    }

    /// Days that do not count, one stretch for each set of causes: who reads it sees for whom which days were waited.
    fn excluded(&mut self, from: NaiveDate, to: NaiveDate, causes: &[Exclusion]) {
        let mut stretch: Option<(NaiveDate, NaiveDate, Reasons)> = None;
        let mut start = from;
        while start <= to {
            let (reasons, last) = at_work(start, to, causes);
            match &mut stretch {
                Some((_, end, same)) if *same == reasons => *end = last,
                before => {
                    if let Some((from, to, reasons)) = before.replace((start, last, reasons)) {
                        self.put(from, to, Effect::Excluded, reasons);
                    }
                }
            }
            start = next(last);
        }
        if let Some((from, to, reasons)) = stretch {
            self.put(from, to, Effect::Excluded, reasons);
        }
    }

    /// Days that count: of the period itself, of its extension, of the delayed reply.
    fn counted(&mut self, from: NaiveDate, to: NaiveDate, plain: NaiveDate, extended: NaiveDate) {
        self.push(from, to.min(plain), Effect::Counted, Reason::Period);
        self.push(from.max(next(plain)), to.min(extended), Effect::Extension, Reason::Extension);
        self.push(from.max(next(extended)), to, Effect::Extension, Reason::DelayedReply);
    }
}

/// What excludes a day, and the last day up to which nothing else does.
fn at_work(day: NaiveDate, to: NaiveDate, causes: &[Exclusion]) -> (Reasons, NaiveDate) {
    let (mut reasons, mut last) = (Reasons::default(), to);
    for cause in causes {
        if cause.from > day {
            last = last.min(cause.from.pred_opt().unwrap_or(day));
        } else if day <= cause.to {
            reasons = reasons.and(cause.reason);
            last = last.min(cause.to);
        }
    }
    (reasons, last)
}

fn article(reason: Reason, pack: &StatutePack) -> &str {
    use super::fact::ConsultationKind as Kind;
    let limits = &pack.limits;
    if let (Reason::Consultation(_), Some(article)) = (reason, &pack.exclusion_article) {
        return article;
    }
    if let (Reason::Ordered, Some(article)) = (reason, &pack.order_article) {
        return article;
    }
    let limit = match reason {
        Reason::Period | Reason::Ordered => Some(&limits.reply),
        Reason::Consultation(Kind::ThirdParty) => limits.third_party_answer.as_ref(),
        Reason::Consultation(Kind::JointMaker) => limits.joint_maker_answer.as_ref(),
        Reason::Consultation(Kind::OtherOrgan) => limits.other_organ_answer.as_ref(),
        Reason::Reasons | Reason::DelayedReply => limits.delayed_reply.as_ref(),
        Reason::Fee | Reason::Payment => limits.fee_payment.as_ref(),
        Reason::Correction => limits.correction_notice.as_ref(),
        Reason::Extension => limits.extension.as_ref(),
    };
    limit.map_or("", |limit: &Limit| limit.article.as_str())
}

/// Each calendar day from the date of receipt through the last stretch.
pub(super) fn day_list<'a>(
    timeline: &Timeline,
    base: NaiveDate,
    calendar: &'a WorkingCalendar,
    view: &View,
) -> Vec<DayEntry<'a>> {
    let last = timeline.segments.last().map_or(timeline.received_on, |segment| segment.to);
    let mut segments = timeline.segments.iter().peekable();
    let mut ordinal = 0;
    let mut days = Vec::new();
    for date in timeline.received_on.iter_days().take_while(|date| *date <= last) {
        while segments.next_if(|segment| segment.to < date).is_some() {}
        let effect = segments.peek().filter(|segment| segment.from <= date).map(|segment| segment.effect);
        let counts = match effect {
            Some(Effect::Counted | Effect::Extension) => date > base && view.days.is_working(date),
            Some(Effect::Excluded | Effect::Superseded) | None => false,
        };
        if counts {
            ordinal += 1;
        }
        let day = calendar.day(date);
        let (class, name, source) = (day.class, day.name, day.source);
        days.push(DayEntry { date, class, name, source, effect, ordinal: counts.then_some(ordinal) });
    }
    days
}
