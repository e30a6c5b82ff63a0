//! The timeline in plain words, such that a clerk can read it out on the phone: one sentence a line.

use super::engine::Rules;
use super::fact::{Fact, FactKind, What};
use super::reason::Reason;
use super::timeline::{ClockState, DateOf, DayEntry, Effect, Obligation, ObligationKind, Segment, Timeline};
use super::words;
use crate::domain::calendar::DayClass;
use crate::domain::case::event::ServiceMethod;
use crate::domain::lang::Lang;
use crate::domain::statute::{Point, Reading};
use chrono::NaiveDate;

/// The explanation of a timeline, made of its own stretches and days.
///
/// The lines say: when the application was received; how many days there are and until when; what each stretch of time does and
/// why; which days off and make-up workdays lie in between, with their notices; how the clock stands; whether a date may still
/// change; what another reading would give; what is owed; and what else an officer should know.
pub fn explain(timeline: &Timeline, days: &[DayEntry], facts: &[Fact], rules: &Rules, lang: Lang) -> String {
    let mut lines = vec![received(timeline, facts, lang), due(timeline, rules, lang)];
    lines.extend(timeline.segments.iter().map(|segment| {
        let (from, to) = (words::date(segment.from, lang), words::date(segment.to, lang));
        let (why, n) = (words::reasons(segment.reasons, lang), segment.days);
        let article = words::article(segment.article, lang);
        let whole_day = segment.from == segment.to;
        match lang {
            Lang::Zh if whole_day => format!("· {from}：{n}个工作日，{why}（{article}）。"),
            Lang::Zh => format!("· {from}至{to}：{n}个工作日，{why}（{article}）。"),
            Lang::En if whole_day => format!("· {from}: {n} {}, {why} ({article}).", working_days(n)),
            Lang::En => format!("· {from} to {to}: {n} {}, {why} ({article}).", working_days(n)),
        }
    }));
    lines.extend(holidays(days, lang));
    lines.push(state(timeline, rules, lang));
    lines.extend(left(timeline, facts, lang));
    lines.extend(timeline.provisional.map(|provisional| words::provisional(provisional, lang)));
    lines.extend(readings(timeline, lang));
    let told = timeline.obligations.iter().filter(|owed| !is_past(owed, timeline));
    lines.extend(told.map(|owed| obligation(owed, lang)));
    lines.extend(timeline.notes.iter().map(|note| note.message(lang)));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn working_days(n: i64) -> &'static str {
    if n == 1 { "working day" } else { "working days" }
}

fn received(timeline: &Timeline, facts: &[Fact], lang: Lang) -> String {
    let on = words::date(timeline.received_on, lang);
    if facts.iter().any(|fact| matches!(fact.what, What::AnswerOrdered { .. })) {
        return match lang {
            Lang::Zh => format!("责令重新答复的决定或者判决于{on}送达本机关。"),
            Lang::En => format!("The order to answer anew reached the agency on {on}."),
        };
    }
    let channel = facts
        .iter()
        .find_map(|fact| if let What::Received { channel, .. } = fact.what { channel } else { None });
    match (lang, channel) {
        (Lang::Zh, Some(channel)) => format!("申请于{on}收到（{}）。", channel.label_zh()),
        (Lang::Zh, None) => format!("申请于{on}收到。"),
        (Lang::En, Some(channel)) => {
            format!("The application was received on {on} ({}).", channel.label_en())
        }
        (Lang::En, None) => format!("The application was received on {on}."),
    }
}

fn due(timeline: &Timeline, rules: &Rules, lang: Lang) -> String {
    let (from, n) = (words::date(timeline.counted_from, lang), timeline.working_days_total);
    let reply = timeline.obligations.iter().find(|owed| owed.kind == ObligationKind::Reply);
    let article = reply.map_or(rules.pack.limits.reply.article.as_str(), |reply| reply.article);
    let article = words::article(article, lang);
    let Some(due_on) = timeline.due_on else {
        return match lang {
            Lang::Zh => format!("答复期限为{n}个工作日（{article}），目前没有在计算的到期日。"),
            Lang::En => {
                format!("There are {n} working days for the reply ({article}); no due date runs now.")
            }
        };
    };
    let due_on = words::date(due_on, lang);
    // After a payment the next day is the first by the words of the measure, whatever reading 1.
    let paid = |segment: &Segment| segment.reasons.iter().any(|reason| reason == Reason::Payment);
    let replaced = timeline.segments.iter().rfind(|segment| segment.effect == Effect::Superseded);
    let next_day = rules.readings.is(Point::FirstDay, Reading::NextDay) || replaced.is_some_and(paid);
    match (lang, next_day) {
        (Lang::Zh, true) => {
            format!("自{from}的次日起算，答复期限为{n}个工作日（{article}），最后一日是{due_on}。")
        }
        (Lang::Zh, false) => {
            format!("自{from}当日起算，答复期限为{n}个工作日（{article}），最后一日是{due_on}。")
        }
        (Lang::En, true) => format!(
            "Counted from the day after {from}, there are {n} working days for the reply ({article}); the last is {due_on}."
        ),
        (Lang::En, false) => format!(
            "Counted from {from} itself, there are {n} working days for the reply ({article}); the last is {due_on}."
        ),
    }
}

/// Days off and make-up workdays by name, each run of days with its notice. A weekend that a notice does not name needs no words.
fn holidays(days: &[DayEntry], lang: Lang) -> Vec<String> {
    let mut runs: Vec<(NaiveDate, NaiveDate, &DayEntry)> = Vec::new();
    for day in days.iter().filter(|day| day.name.is_some()) {
        match runs.last_mut() {
            Some((_, to, first))
                if first.name == day.name && first.class == day.class && to.succ_opt() == Some(day.date) =>
            {
                *to = day.date;
            }
            Some(_) | None => runs.push((day.date, day.date, day)),
        }
    }
    runs.into_iter()
        .map(|(from, to, day)| {
            let (name, source) = (day.name.unwrap_or_default(), day.source.unwrap_or_default());
            let working = matches!(day.class, DayClass::MakeUpWorkday | DayClass::Workday);
            let what = match (lang, working) {
                (Lang::Zh, true) => "上班",
                (Lang::Zh, false) => "放假",
                (Lang::En, true) => "a make-up working day",
                (Lang::En, false) => "days off",
            };
            let (first, last) = (words::date(from, lang), words::date(to, lang));
            match (lang, from == to) {
                (Lang::Zh, true) => format!("· {first}{what}：{name}（{source}）。"),
                (Lang::Zh, false) => format!("· {first}至{last}{what}：{name}（{source}）。"),
                (Lang::En, true) if !working => format!("· {first}: a day off, {name} ({source})."),
                (Lang::En, true) => format!("· {first}: {what}, {name} ({source})."),
                (Lang::En, false) => format!("· {first} to {last}: {what}, {name} ({source})."),
            }
        })
        .collect()
}

/// A notice that the agency may still send, and no longer can: the clock has ended, or its last day is over.
fn is_past(owed: &Obligation, timeline: &Timeline) -> bool {
    let notice = match owed.kind {
        ObligationKind::CorrectionNotice | ObligationKind::ExtensionNotice => true,
        ObligationKind::CorrectionResponse
        | ObligationKind::ThirdPartyAnswer
        | ObligationKind::JointMakerAnswer
        | ObligationKind::FeePayment
        | ObligationKind::Reply
        | ObligationKind::Reconsideration
        | ObligationKind::Litigation
        | ObligationKind::ReconsiderationAnswer
        | ObligationKind::LitigationAnswer
        | ObligationKind::ComplaintAnswer => false,
    };
    notice && owed.met_on.is_none() && (has_ended(timeline) || timeline.as_of > owed.due_on)
}

fn has_ended(timeline: &Timeline) -> bool {
    timeline.ended.is_some_and(|(_, on)| on <= timeline.as_of)
}

/// By which date the day of a reply is judged, when it went by post or was to be signed for (国办公开办函〔2016〕235号), and from
/// when the applicant's remedies run.
fn left(timeline: &Timeline, facts: &[Fact], lang: Lang) -> Option<String> {
    timeline.ended.filter(|(kind, _)| *kind == FactKind::Replied)?;
    let method = facts
        .iter()
        .find_map(|fact| if let What::Replied { method, .. } = fact.what { method } else { None })?;
    let words = match method {
        ServiceMethod::Post => (
            "邮寄答复的，以交邮之日为答复之日（国办公开办函〔2016〕235号）；申请人的救济期限自签收之日起算。",
            "A reply by post is given on the day of posting (国办公开办函〔2016〕235号); the applicant's remedies run from the day \
             he signs for it.",
        ),
        ServiceMethod::Direct | ServiceMethod::Delegated => (
            "当面或委托送达的，以申请人签收之日为答复之日（国办公开办函〔2016〕235号），救济期限也自该日起算。",
            "A reply by hand is given on the day the applicant signs for it (国办公开办函〔2016〕235号); the remedies run from that \
             day too.",
        ),
        ServiceMethod::Electronic | ServiceMethod::PublicNotice => return None,
    };
    Some(lang.pick(words.0, words.1).to_owned())
}

/// How the clock ended: a reply that left after the due date is called late.
fn end(timeline: &Timeline, kind: FactKind, on: NaiveDate, rules: &Rules, lang: Lang) -> String {
    let used = timeline.working_days_used;
    let make_up_count = rules.readings.is(Point::MakeUpWorkdays, Reading::Count);
    let late = match (kind, timeline.due_on) {
        (FactKind::Replied, Some(due)) if on > due => {
            rules.calendar.numbered(make_up_count).between(due, on).max(1)
        }
        (_, _) => 0,
    };
    let (day, total) = (words::date(on, lang), used.saturating_add(late));
    match (lang, late) {
        (Lang::Zh, 0) => format!("{day}“{}”，计时结束，共用{used}个工作日。", kind.label_zh()),
        (Lang::Zh, _) => {
            format!("{day}“{}”，计时结束，共用{total}个工作日：逾期{late}个工作日。", kind.label_zh())
        }
        (Lang::En, 0) => {
            format!("The clock ended on {day} with {}, after {used} {}.", kind.label_en(), working_days(used))
        }
        (Lang::En, _) => format!(
            "The clock ended on {day} with {}, after {total} working days: late by {late} {}.",
            kind.label_en(),
            working_days(late)
        ),
    }
}

fn state(timeline: &Timeline, rules: &Rules, lang: Lang) -> String {
    let as_of = words::date(timeline.as_of, lang);
    let used = timeline.working_days_used;
    if let (ClockState::Stopped, Some((kind, on))) = (timeline.state, timeline.ended) {
        return end(timeline, kind, on, rules, lang);
    }
    let word = lang.pick(timeline.state.label_zh(), timeline.state.label_en());
    match (lang, timeline.working_days_left) {
        (Lang::Zh, Some(left)) if left >= 0 => {
            format!("截至{as_of}：{word}，已用{used}个工作日，还剩{left}个工作日。")
        }
        (Lang::Zh, Some(left)) => format!("截至{as_of}：已超期{}个工作日。", left.saturating_neg()),
        (Lang::Zh, None) => format!("截至{as_of}：{word}，已用{used}个工作日。"),
        (Lang::En, Some(left)) if left >= 0 => {
            format!("As of {as_of}: {word}, {used} {} used, {left} left.", working_days(used))
        }
        (Lang::En, Some(left)) => {
            let late = left.saturating_neg();
            format!("As of {as_of}: overdue by {late} {}.", working_days(late))
        }
        (Lang::En, None) => format!("As of {as_of}: {word}, {used} {} used.", working_days(used)),
    }
}

fn readings(timeline: &Timeline, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = timeline
        .points
        .iter()
        .map(|point| {
            let what = match (point.of, lang) {
                (DateOf::DueOn, Lang::Zh) => "到期日",
                (DateOf::DueOn, Lang::En) => "the due date",
                (DateOf::ReplyMetOn, Lang::Zh) => "答复之日",
                (DateOf::ReplyMetOn, Lang::En) => "the day of the reply",
                (DateOf::LitigationDueOn, Lang::Zh) => "起诉期限",
                (DateOf::LitigationDueOn, Lang::En) => "the last day of a suit",
                (DateOf::HoldUntil, Lang::Zh) => "等待截止日",
                (DateOf::HoldUntil, Lang::En) => "the end of the wait",
            };
            let there = point.there.map(|on| words::date(on, lang));
            let may_change = point.provisional.map(|one| words::provisional(one, lang)).unwrap_or_default();
            match (lang, there) {
                (Lang::Zh, Some(there)) => {
                    format!("· {}，则{what}为{there}。{may_change}", point.message(lang))
                }
                (Lang::Zh, None) => format!("· {}，则没有{what}。", point.message(lang)),
                (Lang::En, Some(there)) => {
                    let line = format!("· {}; then {what} is {there}. {may_change}", point.message(lang));
                    line.trim_end().to_owned()
                }
                (Lang::En, None) => format!("· {}; then there is no such day: {what}.", point.message(lang)),
            }
        })
        .collect();
    // After the reply, or once the day is over, there is nothing left to keep.
    let advised = timeline
        .prudent_due_on
        .filter(|prudent| Some(*prudent) != timeline.due_on)
        .filter(|prudent| !has_ended(timeline) && timeline.as_of <= *prudent);
    if let Some(prudent) = advised {
        let prudent = words::date(prudent, lang);
        lines.push(match lang {
            Lang::Zh => format!("稳妥起见，请在{prudent}或之前答复：上述各点无论哪一点另作理解，都不超期。"),
            Lang::En => format!(
                "To be on the safe side, reply on or before {prudent}: whichever one of these points is read otherwise, that is \
                 not late."
            ),
        });
    }
    lines
}

fn obligation(owed: &Obligation, lang: Lang) -> String {
    let due = words::date(owed.due_on, lang);
    let article = words::article(owed.article, lang);
    let what = lang.pick(owed.kind.label_zh(), owed.kind.label_en());
    let met = match (owed.met_on, lang) {
        (Some(on), Lang::Zh) => format!("，{}已完成", words::date(on, lang)),
        (Some(on), Lang::En) => format!("; done on {}", words::date(on, lang)),
        (None, _) => String::new(),
    };
    let note = owed.note.map(|note| note.message(lang)).unwrap_or_default();
    let may_change = owed.provisional.map(|one| words::provisional(one, lang)).unwrap_or_default();
    match lang {
        Lang::Zh => format!("· {what}：最后一日{due}（{article}）{met}。{note}{may_change}"),
        Lang::En => {
            let mut sentences = vec![format!("· {what}: last day {due} ({article}){met}.")];
            sentences.extend([note, may_change].into_iter().filter(|words| !words.is_empty()));
            sentences.join(" ")
        }
    }
}
