//! The clause on remedies in words (statute digest, 5.2): which body, which court, within which period.

use super::basis::{RemedyBodies, RemedyBody};
use crate::domain::lang::Lang;
use crate::domain::outcome::Outcome;
use crate::domain::statute::{Limit, LimitUnit, StatutePack};

/// Where a name is missing: a blank to be filled.
const BLANK: &str = "＿＿＿＿";

/// The clause that a reply of this outcome ends with; `None` where the statute has none. A name that is missing leaves a
/// blank.
///
/// ```
/// use gongkai::domain::lang::Lang;
/// use gongkai::domain::outcome::Outcome;
/// use gongkai::domain::reply::{RemedyBodies, clause};
/// use gongkai::law::LawBook;
///
/// let law = LawBook::embedded().unwrap();
/// let pack = law.pack("cn-ogi-2019").unwrap();
/// let named = RemedyBodies {
///     reconsideration_body: Some("淮安市人民政府".to_owned()),
///     court: Some("淮安市清江浦区人民法院".to_owned()),
///     online_filing: None,
/// };
/// let refused = clause(pack, Outcome::DeniedStateSecret, &named, Lang::Zh).unwrap();
/// assert!(refused.contains("60日内先向淮安市人民政府申请行政复议") && !refused.contains("6个月"));
/// let not_held = clause(pack, Outcome::UnableNotHeld, &named, Lang::Zh).unwrap();
/// assert!(not_held.contains("60日内") && not_held.contains("6个月内向淮安市清江浦区人民法院提起行政诉讼"));
/// ```
pub fn clause(
    pack: &StatutePack,
    outcome: Outcome,
    named: &RemedyBodies<String>,
    lang: Lang,
) -> Option<String> {
    let clause = pack.remedy_clause(outcome)?;
    let online = named.online_filing.as_ref().and(match lang {
        Lang::Zh => clause.online_zh.as_deref(),
        Lang::En => clause.online_en.as_deref(),
    });
    let mut text = format!("{}{}", lang.pick(&clause.zh, &clause.en), online.unwrap_or_default());
    for (place, limit) in [
        ("{reconsideration}", &pack.limits.reconsideration),
        ("{litigation}", &pack.limits.litigation),
        ("{litigation_after_reconsideration}", &pack.limits.litigation_after_reconsideration),
    ] {
        text = text.replace(place, &limit.as_ref().map_or_else(|| BLANK.to_owned(), |it| period(it, lang)));
    }
    // Names come last: what they hold is told as it is.
    let mut told = String::new();
    let mut rest = text.as_str();
    while let Some((before, body, after)) = next_name(rest) {
        told.push_str(before);
        told.push_str(named.get(body).map_or(BLANK, String::as_str));
        rest = after;
    }
    told.push_str(rest);
    Some(told)
}

/// The first place of a name: what stands before it, whose it is, what follows.
fn next_name(text: &str) -> Option<(&str, RemedyBody, &str)> {
    RemedyBody::ALL
        .iter()
        .filter_map(|body| {
            let place = format!("{{{}}}", body.code());
            text.split_once(place.as_str()).map(|(before, after)| (before, *body, after))
        })
        .min_by_key(|(before, _, _)| before.len())
}

fn period(limit: &Limit, lang: Lang) -> String {
    let length = limit.length;
    match (limit.unit, lang) {
        (LimitUnit::WorkingDay, Lang::Zh) => format!("{length}个工作日"),
        (LimitUnit::WorkingDay, Lang::En) => format!("{length} working days"),
        (LimitUnit::CalendarDay, Lang::Zh) => format!("{length}日"),
        (LimitUnit::CalendarDay, Lang::En) => format!("{length} days"),
        (LimitUnit::Month, Lang::Zh) => format!("{length}个月"),
        (LimitUnit::Month, Lang::En) => format!("{length} months"),
    }
}
