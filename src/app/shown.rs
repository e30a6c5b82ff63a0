//! What lists show and search finds may hold no personal data (design 3.2): the subject, and the documents asked for.

use super::error::FieldError;
use super::people::Applicant;
use crate::domain::case::document::Document;
use crate::domain::identity::{fold_width, is_separator};
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
    let names = |applicant: &Applicant| {
        let name = bare(&applicant.name);
        name.chars().count() > 1 && bare(words).contains(&name)
    };
    if applicant.is_some_and(names) {
        wrong.push(FieldError::new(
            pointer,
            "personal_data",
            format!("{zh}中不得有申请人姓名。"),
            format!("A {en} may not hold the applicant's name."),
        ));
    }
    wrong
}

/// A text without what somebody may put between the characters of a name to have it pass: spaces, dots, dashes, marks without width;
/// width and case do not count. The marks of a sentence stay: what stands on both sides of one is no name.
fn bare(text: &str) -> String {
    let between = |c: &char| is_separator(*c) || matches!(c, '.' | '·' | '•' | '‧' | '・' | '*' | '_' | '/');
    text.chars().map(fold_width).filter(|c| !between(c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::applicant::ApplicantKind;

    fn wrong(name: &str, words: &str) -> usize {
        let applicant = Applicant {
            kind: ApplicantKind::NaturalPerson,
            name: name.to_owned(),
            identity: None,
            phone: None,
            email: None,
            address: None,
        };
        check_words("/subject", ("内容摘要", "subject"), words, Some(&applicant)).len()
    }

    #[test]
    fn a_name_is_found_however_it_is_spaced_or_dotted() {
        for words in [
            "王示例要求公开预算",
            "王 示 例",
            "王·示·例的申请",
            "王.示.例",
            "王\u{200b}示　例",
            "王*示*例",
            "（王-示-例）",
        ] {
            assert_eq!(wrong("王示例", words), 1, "{words}");
        }
        assert_eq!(wrong("阿不都·热合曼", "阿不都热合曼要求公开"), 1);
        assert_eq!(wrong("John Smith", "ｊｏｈｎsmith"), 1);
        for words in ["王家村示例项目的预算", "请公开：王，示例文件。", "2026年财政预算"]
        {
            assert_eq!(wrong("王示例", words), 0, "{words}");
        }
        assert_eq!(wrong("-·-", "预算"), 0, "nothing is left of it");
        assert_eq!(wrong("王", "王家村"), 0, "one character is part of other words");
    }
}
