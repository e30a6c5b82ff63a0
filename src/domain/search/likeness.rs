//! How much one text shares with another: for proposals of earlier cases, which a person then judges.

use std::collections::BTreeSet;

use super::normalise;

/// Parts of this length are looked for: long enough to be about something, short enough to survive other wording.
const PART: usize = 4;
/// The most parts of a text that are looked for.
pub const MOST_PARTS: usize = 12;
/// A text is like another that has at least this share of its pairs of characters, in hundredths.
pub const ENOUGH: u32 = 40;
/// The most shared words that are told.
const MOST_WORDS: usize = 5;

/// Words of nearly every request, which make nothing alike.
const COMMON: &[&str] = &[
    "申请公开",
    "政府信息公开",
    "政府信息",
    "信息公开",
    "申请人",
    "申请获取",
    "复印件",
    "请公开",
    "相关",
    "有关",
    "关于",
    "的通知",
    "以及",
    "情况",
    "文件",
    "材料",
    "信息",
    "公开",
    "申请",
    "提供",
];

/// Runs of letters, digits and ideographs of a text; common words, numbers of documents, years and short runs left out.
fn runs(text: &str) -> Vec<Vec<char>> {
    let mut normal = without_numbers(&normalise(text).chars().collect::<Vec<_>>());
    for common in COMMON {
        normal = normal.replace(common, " ");
    }
    normal
        .split(|character: char| !character.is_alphanumeric())
        .map(|run| run.chars().collect::<Vec<_>>())
        .filter(|run| says_something(run))
        .collect()
}

/// Whether characters are more than digits and one other.
fn says_something(characters: &[char]) -> bool {
    characters.iter().filter(|character| !character.is_ascii_digit()).count() > 1
}

/// The most characters before a number that are taken for its sign: two texts of one office are not alike for that.
const SIGN: usize = 4;

/// The text without the numbers of documents and their signs.
fn without_numbers(normal: &[char]) -> String {
    let mut left = String::new();
    let mut rest = 0;
    for (at, character) in normal.iter().enumerate() {
        if at < rest {
            continue;
        }
        match number_at(normal, at) {
            Some((end, _)) => {
                for _ in 0..SIGN {
                    if left.ends_with(char::is_alphanumeric) {
                        left.pop();
                    }
                }
                left.push(' ');
                rest = end;
            }
            None => left.push(*character),
        }
    }
    left
}

/// Parts of a text to look for elsewhere, at most [`MOST_PARTS`], spread over the whole of it.
///
/// ```
/// use gongkai::domain::search::likeness::parts;
///
/// assert_eq!(parts("关于某地块征收补偿方案的通知"), ["某地块征", "块征收补", "收补偿方"]);
/// ```
pub fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for run in runs(text) {
        let some = if run.len() < PART { vec![run.iter().collect()] } else { Vec::new() };
        let windows = run.windows(PART).step_by(PART / 2).map(|window| window.iter().collect());
        for part in some.into_iter().chain(windows) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
    }
    let step = parts.len().div_ceil(MOST_PARTS).max(1);
    parts.into_iter().step_by(step).collect()
}

/// What two texts share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The share of the shorter text's pairs of characters that the other has too, in hundredths.
    pub hundredths: u32,
    /// The longest words that both have, the longest first.
    pub words: Vec<String>,
}

/// Compares two texts. A word of one character is in half of all texts, so that pairs are counted.
///
/// ```
/// use gongkai::domain::search::likeness::compare;
///
/// let like = compare("2024年度浦东新区征地补偿方案", "申请公开浦东新区2023年征地补偿方案及附件");
/// assert_eq!(like.words, ["征地补偿方案", "浦东新区"]);
/// assert!(like.hundredths >= 50);
/// assert_eq!(compare("征地补偿方案", "学区划分").hundredths, 0);
/// assert_eq!(compare("沪府办〔2024〕12号征地", "沪府办〔2024〕121号绿化").hundredths, 0);
/// ```
pub fn compare(one: &str, other: &str) -> Likeness {
    let (one, other) = (runs(one), runs(other));
    let pairs = |runs: &[Vec<char>]| -> BTreeSet<[char; 2]> {
        let pairs = runs.iter().flat_map(|run| run.windows(2));
        let telling = pairs.filter(|pair| !pair.iter().all(char::is_ascii_digit));
        telling.filter_map(|pair| pair.try_into().ok()).collect()
    };
    let (ours, theirs) = (pairs(&one), pairs(&other));
    let shared = ours.intersection(&theirs).count();
    let of = ours.len().min(theirs.len()).max(1);
    let hundredths = u32::try_from(shared.saturating_mul(100) / of).unwrap_or(100);
    Likeness { hundredths, words: shared_words(&one, &other) }
}

/// The longest runs that stand in both.
fn shared_words(one: &[Vec<char>], other: &[Vec<char>]) -> Vec<String> {
    let others: Vec<String> = other.iter().map(|run| run.iter().collect()).collect();
    let mut words: Vec<String> = Vec::new();
    for run in one {
        let mut rest = run.as_slice();
        while rest.len() > 1 {
            let stands = |length: &usize| {
                let word: String = rest.iter().take(*length).collect();
                others.iter().any(|other| other.contains(&word))
            };
            let length = (2..=rest.len()).take_while(stands).last();
            let (word, after) = rest.split_at_checked(length.unwrap_or(1)).unwrap_or((rest, &[]));
            rest = after;
            let told: String = word.iter().collect();
            if says_something(word) && !words.contains(&told) {
                words.push(told);
            }
        }
    }
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(MOST_WORDS);
    words
}

/// The numbers of documents that stand in a text, from the last two characters of the sign on: `府办（2024）12号`. What
/// stands before cannot be told from the sign.
///
/// ```
/// use gongkai::domain::search::likeness::document_numbers;
///
/// assert_eq!(document_numbers("依据沪府办[2024]12 号及苏政发〔2019〕第3号"), ["府办（2024）12号", "政发（2019）3号"]);
/// assert!(document_numbers("沪府办2024年12号").is_empty());
/// ```
pub fn document_numbers(text: &str) -> Vec<String> {
    let normal: Vec<char> = normalise(text).chars().collect();
    let mut found: Vec<String> = Vec::new();
    for at in 0..normal.len() {
        if let Some((_, number)) = number_at(&normal, at)
            && !found.contains(&number)
        {
            found.push(number);
        }
    }
    found
}

/// The number of a document whose bracket opens at `at`: where it ends, and how it is told.
pub(super) fn number_at(normal: &[char], at: usize) -> Option<(usize, String)> {
    let (before, rest) = normal.split_at_checked(at)?;
    let sign: String = before.get(before.len().checked_sub(2)?..)?.iter().collect();
    let rest: String = rest.iter().take(16).collect();
    let (year, after) = rest.strip_prefix('（')?.split_once('）')?;
    let n = after.strip_prefix('第').unwrap_or(after).split_once('号')?.0;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !(sign.chars().all(char::is_alphanumeric) && year.len() == 4 && digits(year) && digits(n)) {
        return None;
    }
    let length = rest.split_once('号')?.0.chars().count().saturating_add(1);
    Some((at.saturating_add(length), format!("{sign}（{year}）{n}号")))
}
