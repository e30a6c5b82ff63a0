//! What lists show and search finds may hold no personal data (design 3.2): the subject, and the documents asked for.

use super::error::FieldError;
use super::people::Applicant;
use crate::domain::case::document::Document;
use crate::domain::text::find_personal_data;

/// What is wrong with the words that lists would show: a subject, documents.
pub(super) fn check_shown(
    subject: Option<&str>,
    documents: &[Document],
    applicant: Option<&Applicant>,
) -> Vec<FieldError> {
    let subject = subject.map(|subject| ("/subject".to_owned(), ("内容摘要", "subject"), subject));
    let documents = documents.iter().enumerate().flat_map(|(n, document)| in_document(n, document));
    subject
        .into_iter()
        .chain(documents)
        .flat_map(|(pointer, names, words)| check_words(&pointer, names, words, applicant))
        .collect()
}

/// A text with the place it was sent in and its names.
type Named<'a> = (String, (&'static str, &'static str), &'a str);

fn in_document(n: usize, document: &Document) -> Vec<Named<'_>> {
    let title = document.title.as_deref();
    let number = document.number.as_deref();
    let title = title.map(|title| (format!("/documents/{n}/title"), ("文件名称", "title"), title));
    let number = number.map(|number| (format!("/documents/{n}/number"), ("文号", "document number"), number));
    title.into_iter().chain(number).collect()
}

/// What is wrong with one text, sent at `pointer`, that has these names.
pub(super) fn check_words(
    pointer: &str,
    (zh, en): (&str, &str),
    words: &str,
    applicant: Option<&Applicant>,
) -> Vec<FieldError> {
    let mut wrong: Vec<FieldError> = find_personal_data(words)
        .into_iter()
        .map(|finding| {
            FieldError::new(
                pointer,
                "personal_data",
                format!("{zh}中不得有{}。", finding.kind.label_zh()),
                format!("A {en} may not hold personal data; it holds a {}.", finding.kind.label_en()),
            )
        })
        .collect();
    if applicant
        .is_some_and(|applicant| applicant.name.chars().count() > 1 && words.contains(&applicant.name))
    {
        wrong.push(FieldError::new(
            pointer,
            "personal_data",
            format!("{zh}中不得有申请人姓名。"),
            format!("A {en} may not hold the applicant's name."),
        ));
    }
    wrong
}
