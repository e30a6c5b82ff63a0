//! The notes of a timeline as words.

use crate::domain::lang::Lang;
use crate::domain::time_limit::Note;

/// What a note is, as a word.
pub fn code(note: Note) -> &'static str {
    match note {
        Note::ServiceUnknown => "service_unknown",
        Note::UsualPeriod => "usual_period",
        Note::CorrectionLate { .. } => "correction_late",
        Note::ExtensionLate { .. } => "extension_late",
        Note::ExtensionUsed { .. } => "extension_used",
        Note::ExtensionSuperseded { .. } => "extension_superseded",
        Note::AfterExpiry { .. } => "after_expiry",
        Note::AgencyDecides => "agency_decides",
        Note::DeemedConsent => "deemed_consent",
        Note::NothingExcluded => "nothing_excluded",
        Note::AnswerLate { .. } => "answer_late",
        Note::ReplyDayUnknown => "reply_day_unknown",
        Note::ReconsiderationFirst => "reconsideration_first",
        Note::AgainstSilence => "against_silence",
        Note::SilenceReadTwoWays => "silence_read_two_ways",
        Note::HoldUntil { .. } => "hold_until",
    }
}

/// The same as a sentence.
pub fn words(note: Note, lang: Lang) -> String {
    match lang {
        Lang::Zh => zh(note),
        Lang::En => en(note),
    }
}

fn zh(note: Note) -> String {
    match note {
        Note::ServiceUnknown => "送达之日不明，自发出之日起算（更早）。".to_owned(),
        Note::UsualPeriod => "通知未写明期限，按通常期限计算。".to_owned(),
        Note::CorrectionLate { due_on } => format!("补正通知逾期发出，应在 {due_on} 前发出。"),
        Note::ExtensionLate { on } => format!("{on} 告知的延期已过答复期限，不发生效力。"),
        Note::ExtensionUsed { on } => format!("{on} 告知的再次延期不发生效力。"),
        Note::ExtensionSuperseded { on } => format!("{on} 告知的延期属于已被新期限取代的期限。"),
        Note::AfterExpiry { kind, on } => {
            format!("{on} 的“{}”在期限届满之后，不改变期限。", kind.label_zh())
        }
        Note::AgencyDecides => "第三方逾期未提出意见，由行政机关决定是否公开。".to_owned(),
        Note::DeemedConsent => "共同制作机关逾期未提出意见，视为同意公开。".to_owned(),
        Note::NothingExcluded => "其他机关尚未答复，期限不扣除。".to_owned(),
        Note::AnswerLate { on } => format!("意见于 {on} 逾期到达，扣除的时间止于期限届满之日。"),
        Note::ReplyDayUnknown => "该送达方式以送达之日为准，而该日尚不清楚。".to_owned(),
        Note::ReconsiderationFirst => "应当先申请行政复议，对复议决定不服的再提起行政诉讼。".to_owned(),
        Note::AgainstSilence => "针对逾期不答复的救济。".to_owned(),
        Note::SilenceReadTwoWays => {
            "对逾期不答复是否须先申请行政复议有不同理解，先申请复议较为稳妥。".to_owned()
        }
        Note::HoldUntil { until } => format!("不采纳第三方的反对意见时，{until} 之前（含当日）不要公开。"),
    }
}

fn en(note: Note) -> String {
    match note {
        Note::ServiceUnknown => {
            "The day of service is not known: counted from the day of sending, which is earlier.".to_owned()
        }
        Note::UsualPeriod => "The notice set no period: the usual one is taken.".to_owned(),
        Note::CorrectionLate { due_on } => {
            format!("The request for correction came after its limit, which was {due_on}.")
        }
        Note::ExtensionLate { on } => {
            format!("The extension told on {on} came after the due date and has no effect.")
        }
        Note::ExtensionUsed { on } => format!("The further extension told on {on} has no effect."),
        Note::ExtensionSuperseded { on } => {
            format!("The extension told on {on} belongs to a period that a new one has replaced.")
        }
        Note::AfterExpiry { kind, on } => {
            format!(
                "{} ({on}) came after the period had run out and changes nothing.",
                capital(kind.label_en())
            )
        }
        Note::AgencyDecides => "The third party is silent: the agency decides.".to_owned(),
        Note::DeemedConsent => "The joint maker is silent: deemed to agree.".to_owned(),
        Note::NothingExcluded => "The other organ has not answered: nothing is excluded.".to_owned(),
        Note::AnswerLate { on } => {
            format!("The answer came after its limit, on {on}: the exclusion ended at the limit.")
        }
        Note::ReplyDayUnknown => "The method of the reply needs a day that is not known yet.".to_owned(),
        Note::ReconsiderationFirst => {
            "Reconsideration must come first; a suit only against its decision.".to_owned()
        }
        Note::AgainstSilence => "The remedy is against silence.".to_owned(),
        Note::SilenceReadTwoWays => {
            "Whether reconsideration must come first against silence is read both ways; it is the safer way."
                .to_owned()
        }
        Note::HoldUntil { until } => {
            format!("Do not disclose against the third party's objection before {until} has passed.")
        }
    }
}

fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
