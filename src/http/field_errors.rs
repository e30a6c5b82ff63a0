//! What is wrong with a field, in words for a person, in both languages.

use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use validator::{ValidationErrors, ValidationErrorsKind};

use crate::app::error::FieldError;

/// How the complaint of a list that reads no more items begins; then comes how many it may have.
pub(super) const TOO_MANY_ITEMS: &str = "too many items, most: ";

/// A parser's complaint, for a person.
pub(super) fn told(path: &Path, message: &str) -> FieldError {
    let pointer = pointer_of(path);
    if message.starts_with("unknown field") {
        let known = message.split_once("expected ").map(|(_, known)| plain(known));
        let known = known.map_or_else(|| "none is expected".to_owned(), |known| format!("expected {known}"));
        return FieldError::new(
            pointer,
            "unknown_field",
            "没有这个字段。",
            format!("There is no such field; {known}."),
        );
    }
    if let Some(most) = message.strip_prefix(TOO_MANY_ITEMS) {
        let most = plain(most);
        return FieldError::new(
            pointer,
            "length",
            format!("最多 {most} 项。"),
            format!("It has at most {most} items."),
        );
    }
    // Here the parser stands before the member, which the message names.
    if let Some(name) = message.strip_prefix("duplicate field `").and_then(|rest| rest.split('`').next()) {
        let pointer = format!("{pointer}/{name}");
        return FieldError::new(pointer, "duplicate", "字段重复。", "The field is given twice.");
    }
    if message.starts_with("unknown variant") {
        let choices = message.split_once("expected ").map_or(message, |(_, choices)| choices);
        let choices = plain(choices).replace('`', "");
        return FieldError::new(
            pointer,
            "unknown_value",
            format!(
                "取值无效，应为：{}。",
                choices.trim_start_matches("one of ").replace(" or ", "、").replace(", ", "、")
            ),
            format!("Unknown value; expected {choices}."),
        );
    }
    let message = plain(message);
    // `invalid type: string "…", expected …`: what was sent is not repeated, it may be a secret.
    let wanted = message.split_once(", expected ").filter(|_| message.starts_with("invalid "));
    let en = wanted.map_or_else(|| message.to_owned(), |(_, wanted)| format!("expected {wanted}"));
    FieldError::new(pointer, "wrong_type", in_chinese(message), format!("Not acceptable: {en}."))
}

/// What would be right, where the parser's words tell what was expected.
fn in_chinese(message: &str) -> &'static str {
    let known = [
        ("UUID", "应为标识（UUID）。"),
        ("civil date", "应为日期，格式 YYYY-MM-DD，在 1900 至 9998 年之间。"),
        ("whole number", "应为范围内的整数。"),
        ("true or false", "应为 true 或 false。"),
        ("hexadecimal", "应为 64 位小写十六进制字符。"),
        ("invalid type", "数据类型不正确。"),
    ];
    known.iter().find(|(words, _)| message.contains(words)).map_or("取值不符合要求。", |(_, zh)| zh)
}

/// The message without the place, which the pointer tells.
fn plain(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

/// The JSON pointer (RFC 6901) of a path. A path into a word of a list of choices is that of the word.
fn pointer_of(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", escaped(key)),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a step of a pointer stands for.
pub(super) fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// The rules a value broke, with their pointers.
pub(super) fn rule_errors(errors: &ValidationErrors) -> Vec<FieldError> {
    fn walk(prefix: &str, errors: &ValidationErrors, found: &mut Vec<FieldError>) {
        for (field, kind) in errors.errors() {
            let pointer = format!("{prefix}/{field}");
            match kind {
                ValidationErrorsKind::Field(broken) => {
                    found.extend(broken.iter().map(|error| rule_error(&pointer, error)));
                }
                ValidationErrorsKind::Struct(inner) => walk(&pointer, inner, found),
                ValidationErrorsKind::List(items) => {
                    for (n, inner) in items {
                        walk(&format!("{pointer}/{n}"), inner, found);
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    walk("", errors, &mut found);
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    // The first complaint about a field is the one told: what is empty is not also blank.
    found.dedup_by(|later, earlier| later.pointer == earlier.pointer);
    found
}

fn rule_error(pointer: &str, error: &validator::ValidationError) -> FieldError {
    let bound = |name: &'static str| error.params.get(name).map(ToString::to_string);
    match error.code.as_ref() {
        "required" => FieldError::new(pointer, "required", "必须填写。", "This field is required."),
        "length" => {
            let (min, max) =
                (bound("min").unwrap_or_else(|| "0".to_owned()), bound("max").unwrap_or_default());
            FieldError::new(
                pointer,
                "length",
                format!("长度应为 {min}–{max} 个字符（或项）。"),
                format!("It has {min} to {max} characters (or items)."),
            )
        }
        "range" => {
            let (min, max) = (bound("min").unwrap_or_default(), bound("max").unwrap_or_default());
            FieldError::new(
                pointer,
                "range",
                format!("取值应在 {min}–{max} 之间。"),
                format!("It lies between {min} and {max}."),
            )
        }
        "blank" => FieldError::new(pointer, "blank", "不得为空白。", "It may not be blank."),
        "email" => {
            FieldError::new(pointer, "email", "不是有效的电子邮箱。", "This is not an e-mail address.")
        }
        _ => own_words(pointer, error),
    }
}

/// A rule that brings its words in both languages, as the parameters `zh` and `en`.
fn own_words(pointer: &str, error: &validator::ValidationError) -> FieldError {
    let code = ["unknown_field", "out_of_range"].into_iter().find(|code| *code == error.code);
    let words =
        |name: &str, usual: &str| error.params.get(name).and_then(Value::as_str).unwrap_or(usual).to_owned();
    FieldError::new(
        pointer,
        code.unwrap_or("invalid"),
        words("zh", "不符合要求。"),
        words("en", "It is not as it must be."),
    )
}

/// Every text with a NUL character.
pub(super) fn nul_fields(bytes: &[u8]) -> Vec<FieldError> {
    fn walk(pointer: &str, value: &Value, found: &mut Vec<FieldError>) {
        match value {
            Value::String(text) if text.contains('\0') => found.push(FieldError::new(
                pointer,
                "control_character",
                "不得含有空字符（U+0000）。",
                "A text may not hold the character U+0000.",
            )),
            Value::Array(items) => {
                for (n, item) in items.iter().enumerate() {
                    walk(&format!("{pointer}/{n}"), item, found);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    walk(&format!("{pointer}/{name}"), member, found);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_slice(bytes) {
        walk("", &value, &mut found);
    }
    found
}
