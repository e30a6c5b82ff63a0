//! When two documents asked for count as one: for the list of what several applicants ask for (Art. 44), and to find what is
//! published already (Art. 36(1)).

use super::likeness::number_at;
use super::normalise;
use crate::domain::case::document::Document;

/// The longest key, in characters. Titles and numbers are shorter; a character that stands for a whole phrase is written out by
/// [`normalise`], and a database's index takes no text without end.
const KEY_CHARS: usize = 400;
/// The most characters of a sign that are looked for before a number in running text.
const SIGN_CHARS: usize = 12;

/// By what a document is known: its number, and its title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentKeys {
    /// Of its number (文号).
    pub number: Option<String>,
    /// Of its title (名称).
    pub title: Option<String>,
}

impl DocumentKeys {
    /// The keys of a document. In the field of a number the whole sign is known, so that the numbers of two offices are two:
    /// in running text ([`super::likeness::document_numbers`]) they could not be told apart.
    ///
    /// ```
    /// use gongkai::domain::case::document::Document;
    /// use gongkai::domain::search::same_document::DocumentKeys;
    ///
    /// let key = |title: Option<&str>, number: Option<&str>| {
    ///     let document = Document { title: title.map(str::to_owned), number: number.map(str::to_owned) };
    ///     DocumentKeys::of(&document).own()
    /// };
    /// assert_eq!(key(Some("某规划"), Some("沪府办 [2024] 第12号")), key(None, Some("沪府办〔２０２４〕12号")));
    /// assert_ne!(key(None, Some("沪府办〔2024〕12号")), key(None, Some("苏府办〔2024〕12号")));
    /// assert_eq!(key(Some("《某规划》"), None), key(Some("某 规划"), None));
    /// ```
    pub fn of(document: &Document) -> Self {
        Self {
            number: document.number.as_deref().and_then(|number| written("number", &whole_number(number))),
            title: document.title.as_deref().and_then(|title| written("title", &normalise(title))),
        }
    }

    /// The key by which it is grouped: its number's, else its title's; `None` for a document of which nothing is legible.
    pub fn own(self) -> Option<String> {
        self.number.or(self.title)
    }

    /// Whether both are the same document: by their numbers where both have one, else by their titles.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.number, &other.number) {
            (Some(own), Some(theirs)) => own == theirs,
            (Some(_) | None, None) | (None, Some(_)) => self.title.is_some() && self.title == other.title,
        }
    }
}

fn written(of: &str, normal: &str) -> Option<String> {
    (!normal.is_empty()).then(|| format!("{of}:{normal}").chars().take(KEY_CHARS).collect())
}

/// A number as it is compared: the sign before the bracket, the year, the number without 第. Anything else, and several numbers in
/// one, as it is normalised.
fn whole_number(number: &str) -> String {
    let normal: Vec<char> = normalise(number).chars().collect();
    match with_signs(&normal, usize::MAX).as_slice() {
        [only] => only.last().cloned().unwrap_or_default(),
        [] | [_, _, ..] => normal.iter().collect(),
    }
}

/// Every number in a text, each with the signs of up to so many characters that may stand before it, the shortest first.
fn with_signs(normal: &[char], most: usize) -> Vec<Vec<String>> {
    let numbers = (0..normal.len()).filter_map(|at| number_at(normal, at).map(|(_, told)| (at, told)));
    numbers
        .map(|(at, told)| {
            let rest: String = told.chars().skip(2).collect();
            let before = normal.iter().take(at).rev();
            let run: Vec<char> =
                before.take_while(|character| character.is_alphanumeric()).take(most).copied().collect();
            let sign = |length: usize| run.iter().take(length).rev().collect::<String>();
            (2..=run.len()).map(|length| format!("{}{rest}", sign(length))).collect()
        })
        .collect()
}

/// The keys of the numbers that running text may name: where a sign begins cannot be told from what stands before it, so each
/// beginning is one.
///
/// ```
/// use gongkai::domain::search::same_document::numbers_named;
///
/// assert_eq!(numbers_named("请公开沪办〔2024〕12号"), [
///     "number:沪办（2024）12号",
///     "number:开沪办（2024）12号",
///     "number:公开沪办（2024）12号",
///     "number:请公开沪办（2024）12号",
/// ]);
/// ```
pub fn numbers_named(text: &str) -> Vec<String> {
    let normal: Vec<char> = normalise(text).chars().collect();
    let found = with_signs(&normal, SIGN_CHARS).into_iter().flatten();
    found.filter_map(|number| written("number", &number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(title: &str, number: &str) -> DocumentKeys {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        DocumentKeys::of(&Document { title: some(title), number: some(number) })
    }

    #[test]
    fn numbers_decide_where_both_have_one_and_titles_elsewhere() {
        let (a, b) =
            (keys("关于某事的通知", "沪府办〔2024〕12号"), keys("《关于某事的通知》", "沪府办〔2024〕13号"));
        assert!(!a.same(&b), "one title, two numbers");
        assert!(a.same(&keys("", "沪府办[2024] 12 号")) && a.same(&keys("关于某事的通知", "")));
        assert!(!a.same(&keys("", "苏府办〔2024〕12号")), "another office's");
        assert!(!keys("", "").same(&keys("", "")) && !keys("《》", "").same(&keys("“”", "")));
        assert_eq!(keys("《》", "。").own().map(|key| key.len() > "number:".len()), Some(true));
        assert_eq!(keys("《》", "").own(), None);
    }

    #[test]
    fn what_stands_around_a_number_does_not_count_and_no_key_is_without_end() {
        assert_eq!(keys("", "沪府办〔2024〕第12号文").number, keys("", "沪府办（2024）12号").number);
        let two = "沪府办〔2024〕12号、13号、沪府办〔2024〕14号";
        assert_ne!(
            keys("", two).number,
            keys("", "沪府办〔2024〕14号").number,
            "several in one are none of them"
        );
        assert_eq!(keys("", "沪国土资函2019-123").number.as_deref(), Some("number:沪国土资函2019－123"));
        let phrase = "\u{fdfa}".repeat(200);
        assert!(normalise(&phrase).chars().count() > 1_000, "the phrase is written out");
        assert_eq!(keys(&phrase, "").title.unwrap().chars().count(), KEY_CHARS);
    }

    #[test]
    fn a_number_in_a_text_is_found_with_its_sign_however_long_the_text() {
        let text = format!("{}沪府办〔2024〕12号", "请".repeat(4_000));
        let named = numbers_named(&text);
        assert_eq!(named.len(), SIGN_CHARS - 1);
        assert!(named.contains(&keys("", "沪府办〔2024〕12号").number.unwrap()));
        assert_eq!(numbers_named("沪府办2024年12号"), [""; 0]);
    }
}
