//! The documents asked for, as callers write them and as they are shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::not_blank;
use super::problem::Failure;
use crate::app::error::FieldError;
use crate::domain::case::document::{Document, MOST_DOCUMENTS, NUMBER_CHARS, TITLE_CHARS};

/// A document asked for: a title, a number or both.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentInput {
    /// Its title, without personal data (名称).
    #[validate(length(min = 1, max = TITLE_CHARS), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "关于印发某区财政专项资金管理办法的通知")]
    title: Option<String>,
    /// Its number, without personal data (文号).
    #[validate(length(min = 1, max = NUMBER_CHARS), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 64, example = "沪府办〔2024〕12号")]
    number: Option<String>,
}

/// A document asked for.
#[derive(Serialize, ToSchema)]
pub struct DocumentView {
    /// Its title.
    pub title: Option<String>,
    /// Its number.
    pub number: Option<String>,
}

/// The documents sent, their white space made single spaces.
///
/// # Errors
/// When there are too many, or one has neither title nor number.
pub fn documents(sent: Option<Vec<DocumentInput>>) -> Result<Vec<Document>, Failure> {
    let sent = sent.unwrap_or_default();
    if sent.len() > MOST_DOCUMENTS {
        return Err(Failure::fields(vec![FieldError::new(
            "/documents",
            "length",
            format!("最多填写 {MOST_DOCUMENTS} 份文件。"),
            format!("At most {MOST_DOCUMENTS} documents can be named."),
        )]));
    }
    let nameless = sent.iter().enumerate().filter(|(_, one)| one.title.is_none() && one.number.is_none());
    let wrong: Vec<FieldError> = nameless
        .map(|(n, _)| {
            let (zh, en) = ("请填写文件名称或者文号。", "Give a title or a number.");
            FieldError::new(format!("/documents/{n}"), "required", zh, en)
        })
        .collect();
    if !wrong.is_empty() {
        return Err(Failure::fields(wrong));
    }
    let line = |text: Option<String>| text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(sent.into_iter().map(|one| Document { title: line(one.title), number: line(one.number) }).collect())
}

/// The same as they are shown.
pub fn views(documents: &[Document]) -> Vec<DocumentView> {
    let view =
        |document: &Document| DocumentView { title: document.title.clone(), number: document.number.clone() };
    documents.iter().map(view).collect()
}
