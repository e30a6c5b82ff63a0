//! What is wrong with a field, in words for a person, in both languages.

use serde_json::Value;
use validator::{ValidationErrors, ValidationErrorsKind};

use crate::app::error::FieldError;

/// A parser's complaint, for a person.
pub(super) fn told(path: &str, message: &str) -> FieldError {
    let mut pointer = pointer_of(path);
    if let Some(name) = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
        if !pointer.ends_with(&format!("/{name}")) {
            pointer = format!("{pointer}/{name}");
        }
        return FieldError::new(
            pointer,
            "unknown_field",
            "没有这个字段。",
            format!("There is no such field: {}.", after(message, "expected ")),
        );
    }
    if message.starts_with("duplicate field") {
        return FieldError::new(pointer, "duplicate", "字段重复。", "The field is given twice.");
    }
    if message.starts_with("unknown variant") {
        let choices = after(message, "expected ").replace('`', "");
        return FieldError::new(
            pointer,
            "unknown_value",
            format!("取值无效，应为：{}。", choices.trim_start_matches("one of ")),
            format!("Unknown value; expected {choices}."),
        );
    }
    let plain = message.split(" at line ").next().unwrap_or(message);
    FieldError::new(pointer, "wrong_type", in_chinese(plain), format!("Not acceptable: {plain}."))
}

/// What would be right, where the parser's words tell what was expected.
fn in_chinese(message: &str) -> &'static str {
    let known = [
        ("UUID", "应为标识（UUID）。"),
        ("civil date", "应为日期，格式 YYYY-MM-DD。"),
        ("whole number", "应为范围内的整数。"),
        ("true or false", "应为 true 或 false。"),
        ("hexadecimal", "应为 64 位小写十六进制字符。"),
        ("invalid type", "数据类型不正确。"),
    ];
    known.iter().find(|(words, _)| message.contains(words)).map_or("取值不符合要求。", |(_, zh)| zh)
}

fn after<'a>(message: &'a str, mark: &str) -> &'a str {
    let tail = message.split_once(mark).map_or(message, |(_, tail)| tail);
    tail.split(" at line ").next().unwrap_or(tail)
}

fn pointer_of(path: &str) -> String {
    if path == "." {
        return String::new();
    }
    path.split('.').fold(String::new(), |pointer, part| {
        let mut pieces = part.split('[');
        let name = pieces.next().unwrap_or("");
        let mut pointer = if name.is_empty() { pointer } else { format!("{pointer}/{name}") };
        for index in pieces {
            pointer = format!("{pointer}/{}", index.trim_end_matches(']'));
        }
        pointer
    })
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
        _ => FieldError::new(pointer, "invalid", "不符合要求。", "It is not as it must be."),
    }
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
