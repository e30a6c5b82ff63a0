//! 督办: what a supervising agency wants answered by a day, and how that stands. A notice is sent, answered, and closed by who sent it,
//! or sent back with a new day while the answer does not do.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::PersonId;
use super::lang::Lang;

/// A notice goes back at most so often: what is not settled then is settled otherwise.
pub const MOST_RETURNS: usize = 20;

/// How a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// 待答复: its day has not passed.
    Open,
    /// 逾期: its day has passed without an answer.
    Overdue,
    /// 已答复, in time or late: who sent it has not decided.
    Answered,
    /// 办结.
    Closed,
}

/// What was done with a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeStep {
    /// It was sent (发出).
    Sent,
    /// It was answered (答复), by the agency that received it.
    Answered,
    /// It was sent back (退回), since the answer does not do; there is a new day.
    Returned,
    /// It was closed (办结).
    Closed,
}

impl NoticeStep {
    /// Every step.
    pub const ALL: &'static [Self] = &[Self::Sent, Self::Answered, Self::Returned, Self::Closed];

    /// The word used in the API and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Returned => "returned",
            Self::Closed => "closed",
        }
    }

    /// The step with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.code() == code)
    }

    /// What is done to take it, as the API names it; nobody sends a notice that is there.
    pub fn command(self) -> Option<&'static str> {
        match self {
            Self::Sent => None,
            Self::Answered => Some("answer"),
            Self::Returned => Some("return"),
            Self::Closed => Some("close"),
        }
    }

    /// Whether it is a step of the agency that received the notice; the others are of who sent it.
    pub fn is_the_receivers(self) -> bool {
        match self {
            Self::Answered => true,
            Self::Sent | Self::Returned | Self::Closed => false,
        }
    }
}

/// The days of a notice, after its last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeDays {
    /// The last day for the answer.
    pub due_on: NaiveDate,
    /// The day of the answer that stands.
    pub answered_on: Option<NaiveDate>,
    /// The day on which it was closed.
    pub closed_on: Option<NaiveDate>,
}

impl NoticeDays {
    /// How it stands on `today`, a civil date.
    ///
    /// A notice due on Friday 20 March 2026 is open through that day and overdue from the 21st on, until it is answered or closed.
    pub fn state(&self, today: NaiveDate) -> NoticeState {
        match (self.closed_on, self.answered_on) {
            (Some(_), _) => NoticeState::Closed,
            (None, Some(_)) => NoticeState::Answered,
            (None, None) if today > self.due_on => NoticeState::Overdue,
            (None, None) => NoticeState::Open,
        }
    }

    /// Whether it was answered after its day, or is not answered though its day has passed.
    ///
    /// Due on 20 March 2026 and answered on the 20th it is not late, answered on the 21st it is, and stays so. Closed without an
    /// answer it is late when it was closed after its day.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.answered_on.or(self.closed_on).unwrap_or(today) > self.due_on
    }
}

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeRefusal {
    /// It is closed.
    Closed,
    /// It has an answer, about which nobody has decided.
    Answered,
    /// It has no answer that could be sent back.
    NotAnswered,
    /// Who asks does not answer, and who answers does not decide, measured by person.
    SamePerson,
    /// It went back too often.
    ReturnedTooOften,
    /// The words of its case are erased, and with them what was said about it: nothing more is said.
    WordsErased,
}

impl NoticeRefusal {
    /// The code of the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Closed => "notice_closed",
            Self::Answered => "notice_answered",
            Self::NotAnswered => "notice_not_answered",
            Self::SamePerson => "notice_same_person",
            Self::ReturnedTooOften => "notice_returned_too_often",
            Self::WordsErased => "notice_words_erased",
        }
    }

    /// The article on supervision: the competent department urges correction.
    pub fn article(self) -> &'static str {
        match self {
            Self::Closed
            | Self::Answered
            | Self::NotAnswered
            | Self::SamePerson
            | Self::ReturnedTooOften
            | Self::WordsErased => "政府信息公开条例 第47条",
        }
    }

    /// Why, and what would be right.
    pub fn message(self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Closed => (
                "该督办事项已经办结；如需再次督办，请另行发出。".to_owned(),
                "The notice is closed: send a new one.".to_owned(),
            ),
            Self::Answered => (
                "该督办事项已经答复，等待督办机关办结或者退回。".to_owned(),
                "The notice has been answered: who sent it closes it, or sends it back.".to_owned(),
            ),
            Self::NotAnswered => (
                "该督办事项尚未答复，无可退回；可以等待答复，或者说明理由后办结。".to_owned(),
                "The notice has no answer to send back: wait for it, or close the notice and say why.".to_owned(),
            ),
            Self::SamePerson => (
                "督办与答复须由不同的人进行：发出、退回的人不得答复，答复的人不得退回或者办结。".to_owned(),
                "One person does not ask and answer: who sent it, or sent it back, does not answer it, and who answered \
                 it neither sends it back nor closes it."
                    .to_owned(),
            ),
            Self::ReturnedTooOften => (
                format!("该督办事项已经退回{MOST_RETURNS}次；请办结，另行处理。"),
                format!("The notice went back {MOST_RETURNS} times: close it, and settle the matter otherwise."),
            ),
            Self::WordsErased => (
                "所涉申请的内容已经删除，不得再就其作出答复、退回或者说明；可以不附说明直接办结。".to_owned(),
                "The words of the case are erased: nothing more is said about it. Close the notice without a text.".to_owned(),
            ),
        };
        lang.pick(&zh, &en).to_owned()
    }
}

/// Whether a person may take a step of a notice that has been sent; `taken` is who took which step so far. Which roles may at
/// all is the policy's.
///
/// # Errors
/// The reason why not.
pub fn check_step(
    days: &NoticeDays,
    taken: &[(NoticeStep, PersonId)],
    step: NoticeStep,
    person: PersonId,
) -> Result<(), NoticeRefusal> {
    let opposite = |other: NoticeStep| other.is_the_receivers() != step.is_the_receivers();
    let returns = taken.iter().filter(|(step, _)| *step == NoticeStep::Returned).count();
    match (step, days.answered_on) {
        _ if days.closed_on.is_some() => return Err(NoticeRefusal::Closed),
        (NoticeStep::Sent | NoticeStep::Answered, Some(_)) => return Err(NoticeRefusal::Answered),
        (NoticeStep::Returned, None) => return Err(NoticeRefusal::NotAnswered),
        (NoticeStep::Returned, Some(_)) if returns >= MOST_RETURNS => {
            return Err(NoticeRefusal::ReturnedTooOften);
        }
        (NoticeStep::Sent | NoticeStep::Answered, None)
        | (NoticeStep::Returned, Some(_))
        | (NoticeStep::Closed, Some(_) | None) => {}
    }
    if taken.iter().any(|(other, by)| opposite(*other) && *by == person) {
        return Err(NoticeRefusal::SamePerson);
    }
    Ok(())
}

/// Whether a step may be taken of a notice about a case whose words are erased: it is closed, and nothing is said.
///
/// # Errors
/// [`NoticeRefusal::WordsErased`] for everything else.
///
/// ```
/// use gongkai::domain::notice::{NoticeRefusal, NoticeStep, check_erased};
///
/// assert_eq!(check_erased(NoticeStep::Closed, false), Ok(()));
/// assert_eq!(check_erased(NoticeStep::Closed, true), Err(NoticeRefusal::WordsErased));
/// assert_eq!(check_erased(NoticeStep::Answered, true), Err(NoticeRefusal::WordsErased));
/// ```
pub fn check_erased(step: NoticeStep, says_something: bool) -> Result<(), NoticeRefusal> {
    match step {
        NoticeStep::Closed if !says_something => Ok(()),
        NoticeStep::Sent | NoticeStep::Answered | NoticeStep::Returned | NoticeStep::Closed => {
            Err(NoticeRefusal::WordsErased)
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ASKS: PersonId = PersonId(Uuid::from_u128(1));
    const ANSWERS: PersonId = PersonId(Uuid::from_u128(2));

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(answered: Option<&str>, closed: Option<&str>) -> NoticeDays {
        NoticeDays { due_on: day("2026-03-20"), answered_on: answered.map(day), closed_on: closed.map(day) }
    }

    #[test]
    fn it_is_open_through_its_day_and_overdue_after_it_until_it_is_answered_or_closed() {
        for (today, answered, closed, state, late) in [
            ("2026-03-19", None, None, NoticeState::Open, false),
            ("2026-03-20", None, None, NoticeState::Open, false),
            ("2026-03-21", None, None, NoticeState::Overdue, true),
            ("2026-03-25", Some("2026-03-20"), None, NoticeState::Answered, false),
            ("2026-03-25", Some("2026-03-21"), None, NoticeState::Answered, true),
            ("2026-03-25", Some("2026-03-20"), Some("2026-03-24"), NoticeState::Closed, false),
            ("2026-03-25", Some("2026-03-21"), Some("2026-03-24"), NoticeState::Closed, true),
            ("2026-03-25", None, Some("2026-03-20"), NoticeState::Closed, false),
            ("2026-03-25", None, Some("2026-03-21"), NoticeState::Closed, true),
        ] {
            let days = days(answered, closed);
            assert_eq!((days.state(day(today)), days.is_late(day(today))), (state, late), "{today} {days:?}");
        }
    }

    #[test]
    fn each_step_has_its_turn() {
        let taken = [(NoticeStep::Sent, ASKS)];
        let open = days(None, None);
        let answered = days(Some("2026-03-20"), None);
        let closed = days(Some("2026-03-20"), Some("2026-03-21"));
        for (days, step, wanted) in [
            (open, NoticeStep::Answered, Ok(())),
            (open, NoticeStep::Returned, Err(NoticeRefusal::NotAnswered)),
            (open, NoticeStep::Closed, Ok(())),
            (answered, NoticeStep::Answered, Err(NoticeRefusal::Answered)),
            (answered, NoticeStep::Returned, Ok(())),
            (answered, NoticeStep::Closed, Ok(())),
            (closed, NoticeStep::Answered, Err(NoticeRefusal::Closed)),
            (closed, NoticeStep::Returned, Err(NoticeRefusal::Closed)),
            (closed, NoticeStep::Closed, Err(NoticeRefusal::Closed)),
        ] {
            let somebody = PersonId(Uuid::from_u128(3));
            assert_eq!(check_step(&days, &taken, step, somebody), wanted, "{step:?} {days:?}");
        }
    }

    #[test]
    fn nobody_asks_and_answers() {
        let sent = (NoticeStep::Sent, ASKS);
        let refused = Err(NoticeRefusal::SamePerson);
        assert_eq!(check_step(&days(None, None), &[sent], NoticeStep::Answered, ASKS), refused);
        let answered = [sent, (NoticeStep::Answered, ANSWERS)];
        for step in [NoticeStep::Returned, NoticeStep::Closed] {
            assert_eq!(check_step(&days(Some("2026-03-20"), None), &answered, step, ANSWERS), refused);
            assert_eq!(check_step(&days(Some("2026-03-20"), None), &answered, step, ASKS), Ok(()));
        }
        // Who answered once does not decide later, whoever answered last.
        let other = PersonId(Uuid::from_u128(3));
        let again = [answered[0], answered[1], (NoticeStep::Returned, ASKS), (NoticeStep::Answered, other)];
        assert_eq!(check_step(&days(Some("2026-03-20"), None), &again, NoticeStep::Closed, ANSWERS), refused);
    }

    #[test]
    fn it_goes_back_twenty_times_and_no_more() {
        let mut taken = vec![(NoticeStep::Sent, ASKS)];
        for _ in 0..MOST_RETURNS {
            taken.push((NoticeStep::Answered, ANSWERS));
            assert_eq!(
                check_step(&days(Some("2026-03-20"), None), &taken, NoticeStep::Returned, ASKS),
                Ok(())
            );
            taken.push((NoticeStep::Returned, ASKS));
        }
        let refused = Err(NoticeRefusal::ReturnedTooOften);
        assert_eq!(check_step(&days(Some("2026-03-20"), None), &taken, NoticeStep::Returned, ASKS), refused);
        assert_eq!(check_step(&days(Some("2026-03-20"), None), &taken, NoticeStep::Closed, ASKS), Ok(()));
    }

    #[test]
    fn words_are_found_by_their_code() {
        for step in NoticeStep::ALL {
            assert_eq!(NoticeStep::parse(step.code()), Some(*step));
        }
        assert_eq!(NoticeStep::parse("lost"), None);
    }
}
