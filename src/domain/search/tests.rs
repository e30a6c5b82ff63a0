//! Normal forms, queries, and that a row of tokens is found exactly where a substring is.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

#[test]
fn one_number_is_written_in_many_ways() {
    let number = normalise("沪府办〔2024〕12号");
    for typed in [
        "沪府办[2024]12号",
        "沪府办（2024）12号",
        "沪府办【2024】12号",
        "沪府办［２０２４］１２号",
        "沪府办 〔2024〕 12 号",
        "沪府办\u{3000}﹝2024﹞12号",
        "“沪府办〔2024〕12号”",
        "沪府办〔2024〕\u{200b}12\u{fe0f}号",
    ] {
        assert_eq!(normalise(typed), number, "{typed}");
    }
    for other in ["沪府办〔2024〕1号", "沪府办2024 12号", "沪府〔2024〕12号", "沪府办〔2024〕12"]
    {
        assert_ne!(normalise(other), number, "{other}");
    }
}

#[test]
fn what_counts_and_what_does_not() {
    for (text, normal) in [
        ("PM2.5 监测", "pm2．5监测"),
        ("ABC  DEF", "abc def"),
        ("plan 9，b", "plan 9，b"),
        ("ＷｉＦｉ", "wifi"),
        ("a\u{0}b\u{7f}c", "abc"),
        ("甲、乙；丙：丁。", "甲，乙；丙：丁．"),
        ("2024-01—02－03", "2024－01－02－03"),
        ("「三公」『經費』", "三公經費"),
        ("Σίσυφος", "σίσυφοσ"),
        ("50%_*\\", "50％＿＊＼"),
        ("😀👨\u{200d}👩", "😀👨👩"),
        ("a␞b", "ab"),
        ("㈱①Ⅳ㎡", "（株）1ivm2"),
        ("", ""),
        ("《》“”", ""),
    ] {
        assert_eq!(normalise(text), normal, "{text:?}");
    }
}

#[test]
fn a_query_is_words_and_nothing_else() {
    let words = |text: &str| Query::parse(text).map(|query| query.words().to_vec());
    assert_eq!(
        words("a OR b AND NOT NEAR(c)"),
        Ok(["a", "or", "b", "and", "not", "near（c）"].map(str::to_owned).into())
    );
    assert_eq!(words("\"征地"), Ok(vec!["征地".to_owned()]));
    assert_eq!(words("征\u{a0}地 \t征"), Ok(vec!["征".to_owned(), "地".to_owned()]));
    assert_eq!(words(""), Err(QueryFault::Empty));
    assert_eq!(words(" \u{200b}《》 "), Err(QueryFault::Empty));
    assert_eq!(words(&"长".repeat(100)).map(|words| words.len()), Ok(1));
    assert_eq!(words(&"长".repeat(101)), Err(QueryFault::TooLong));
    assert_eq!(words("1 2 3 4 5 6 7 8 9 0").map(|words| words.len()), Ok(10));
    assert_eq!(words("1 2 3 4 5 6 7 8 9 0 a"), Err(QueryFault::TooManyWords));
}

/// Texts of the characters that matter: some that fold together, spaces, marks, gaps, letters, ideographs.
fn texts() -> impl Strategy<Value = String> {
    let characters = "征地市长上海12aB １ａ　()〔〕［］“”《》、，。.-—~%*_\"'\\\u{0}\u{200b}␞é\u{301}ßſ😀ﷺ¨";
    prop::collection::vec(prop::sample::select(characters.chars().collect::<Vec<_>>()), 0..24)
        .prop_map(|characters| characters.into_iter().collect())
}

/// An accent that stands behind a space joins its letter, and the space before that letter parts no letters of ASCII any more.
#[test]
fn a_letter_that_gets_its_accent_late_is_normal_at_once() {
    assert_eq!(normalise("ſ a¨"), "sä");
    assert_eq!(normalise("b o\u{200b}\u{301} k"), "bók");
}

proptest! {
    /// What is normal stays as it is, and has no space at an end, nor ASCII marks, which indexes would drop.
    #[test]
    fn normal_forms_are_normal(text in prop_oneof![texts(), any::<String>()]) {
        let normal = normalise(&text);
        prop_assert_eq!(normalise(&normal), normal.clone());
        prop_assert!(!normal.starts_with(' ') && !normal.ends_with(' ') && !normal.contains("  "));
        let odd = |c: char| c == GAP || c.is_control() || c.is_ascii_punctuation() || (c.is_whitespace() && c != ' ');
        prop_assert!(!normal.contains(odd), "{:?}", normal);
    }

    /// A row of tokens is found in the index exactly where the word is found in one of the texts.
    #[test]
    fn tokens_are_found_where_substrings_are(texts in prop::collection::vec(texts(), 1..4), asked in texts()) {
        let documents: Vec<Document> =
            texts.iter().skip(1).map(|text| Document { title: Some(text.clone()), number: None }).collect();
        let case = Searched { subject: texts.first().map(String::as_str), number: None, reply_numbers: "", documents: &documents };
        let index = indexed(AgencyId(Uuid::nil()), case).unwrap_or_default();
        if let Ok(query) = Query::parse(&asked) {
            for word in query.words() {
                let scanned = texts.iter().any(|text| normalise(text).contains(word.as_str()));
                prop_assert_eq!(index.contains(&format!(" {} ", tokens(word))), scanned, "{} in {}", word, index);
            }
        }
    }
}
