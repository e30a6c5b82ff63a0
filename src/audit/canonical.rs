//! Canonical JSON: one value, one text.
//!
//! A subset of RFC 8785 (JCS): members sorted by the UTF-16 units of their names, no white space, strings escaped only
//! where JSON demands it. Numbers are integers of at most 2^53 - 1 either way, where JCS and plain decimal digits are
//! the same; fractions are refused. Nothing is normalised: two spellings of a letter in Unicode are two texts.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

/// Arrays and objects within one another, at most.
pub const MAX_DEPTH: usize = 32;
/// The largest integer that every JSON reader keeps exactly.
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why a value has no canonical form, or a text is not in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A fraction, an exponent, minus zero or an integer beyond 64 bits.
    #[error("the number {0} is not written as an integer")]
    NotAnInteger(String),
    /// An integer that some readers would round.
    #[error("the integer {0} is beyond 2^53 - 1")]
    IntegerTooLarge(String),
    /// More than [`MAX_DEPTH`] arrays and objects within one another.
    #[error("arrays and objects are nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Not JSON at all.
    #[error("the text is not JSON: {0}")]
    NotJson(String),
    /// JSON, but not in its canonical spelling: white space, order, escapes, a name given twice.
    #[error("the text differs from its canonical form at byte {0}")]
    NotCanonical(usize),
}

/// The canonical text of a value.
///
/// # Errors
/// [`CanonicalError::NotAnInteger`], `IntegerTooLarge` or `TooDeep`.
pub fn canonical_json(value: &Value) -> Result<String, CanonicalError> {
    let mut text = String::new();
    write_value(&mut text, value, 0)?;
    Ok(text)
}

/// The value of a canonical text. Any other spelling of the same value is refused.
///
/// # Errors
/// Each [`CanonicalError`]; `NotCanonical` tells the first byte that differs.
pub fn parse_canonical(text: &str) -> Result<Value, CanonicalError> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| CanonicalError::NotJson(error.to_string()))?;
    let canonical = canonical_json(&value)?;
    if canonical == text {
        return Ok(value);
    }
    let same = canonical.bytes().zip(text.bytes()).take_while(|(left, right)| left == right).count();
    Err(CanonicalError::NotCanonical(same))
}

fn write_value(text: &mut String, value: &Value, depth: usize) -> Result<(), CanonicalError> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(text, number)?,
        Value::String(string) => write_string(text, string),
        Value::Array(items) => write_array(text, items, deeper(depth)?)?,
        Value::Object(members) => write_object(text, members, deeper(depth)?)?,
    }
    Ok(())
}

fn deeper(depth: usize) -> Result<usize, CanonicalError> {
    if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(CanonicalError::TooDeep) }
}

fn write_array(text: &mut String, items: &[Value], depth: usize) -> Result<(), CanonicalError> {
    text.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_value(text, item, depth)?;
    }
    text.push(']');
    Ok(())
}

fn write_object(text: &mut String, members: &Map<String, Value>, depth: usize) -> Result<(), CanonicalError> {
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
    text.push('{');
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(text, name);
        text.push(':');
        write_value(text, value, depth)?;
    }
    text.push('}');
    Ok(())
}

fn write_number(text: &mut String, number: &Number) -> Result<(), CanonicalError> {
    let digits = number.to_string();
    if !number.is_i64() && !number.is_u64() {
        return Err(CanonicalError::NotAnInteger(digits));
    }
    let size = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    if size.is_none_or(|size| size > MAX_INTEGER) {
        return Err(CanonicalError::IntegerTooLarge(digits));
    }
    text.push_str(&digits);
    Ok(())
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            control @ '\0'..'\u{20}' => {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            plain => text.push(plain),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{CanonicalError, MAX_DEPTH, canonical_json, parse_canonical};

    #[test]
    fn members_are_sorted_by_utf16_units() {
        // RFC 8785, section 3.2.3: U+FB33 sorts after the surrogate pair of U+1F600.
        let value =
            json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        let expected =
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(canonical_json(&value).unwrap(), expected);
    }

    #[test]
    fn strings_are_escaped_as_rfc_8785_says() {
        let value = json!("\u{20ac}$\u{f}\nA'B\"\\\"/\u{7f}\0\u{8}\u{c}\t\r");
        let expected = "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\"/\u{7f}\\u0000\\b\\f\\t\\r\"";
        assert_eq!(canonical_json(&value).unwrap(), expected);
    }

    #[test]
    fn integers_stop_where_readers_begin_to_round() {
        assert_eq!(
            canonical_json(&json!([0, -1, 9_007_199_254_740_991_i64])).unwrap(),
            "[0,-1,9007199254740991]"
        );
        assert_eq!(canonical_json(&json!(-9_007_199_254_740_991_i64)).unwrap(), "-9007199254740991");
        for large in [json!(9_007_199_254_740_992_i64), json!(-9_007_199_254_740_992_i64), json!(u64::MAX)] {
            assert!(matches!(canonical_json(&large), Err(CanonicalError::IntegerTooLarge(_))), "{large}");
        }
        for text in ["1.0", "1e3", "-0", "0.5", "99999999999999999999"] {
            assert!(matches!(parse_canonical(text), Err(CanonicalError::NotAnInteger(_))), "{text}");
        }
    }

    #[test]
    fn depth_is_limited_on_both_ways() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse_canonical(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(parse_canonical(&nested(MAX_DEPTH + 1)), Err(CanonicalError::TooDeep));
        assert!(matches!(parse_canonical(&nested(100_000)), Err(CanonicalError::NotJson(_))));
        let deep = (0..=MAX_DEPTH).fold(json!(1), |inner, _| json!({ "a": inner }));
        assert_eq!(canonical_json(&deep), Err(CanonicalError::TooDeep));
    }

    #[test]
    fn every_other_spelling_is_refused_at_its_byte() {
        for (text, byte) in [
            (" {\"a\":1}", 0),
            ("{\"a\":1} ", 7),
            ("{\"a\": 1}", 5),
            ("{\"b\":1,\"a\":2}", 2),
            ("{\"a\":1,\"a\":1}", 6),
            ("{\"a\":2,\"a\":1}", 5),
            ("{\"\\u0061\":1}", 2),
            ("\"\\/\"", 1),
            ("\"\\u000A\"", 2),
            ("\"\\u4e2d\"", 1),
            ("\"\\u001F\"", 6),
        ] {
            assert_eq!(parse_canonical(text), Err(CanonicalError::NotCanonical(byte)), "{text}");
        }
        for text in ["", "{", "{\"a\":1}x", "01", "+1", "nul", "\"\0\"", "\"\\ud800\"", "'a'", "\u{feff}1"] {
            assert!(matches!(parse_canonical(text), Err(CanonicalError::NotJson(_))), "{text:?}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_stay_what_they_are() {
        let (composed, decomposed) = ("\"\u{e9}\"", "\"e\u{301}\"");
        assert_ne!(parse_canonical(composed).unwrap(), parse_canonical(decomposed).unwrap());
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_canonical_text_is_read_back_unchanged(value in any_value()) {
            let text = canonical_json(&value).unwrap();
            prop_assert_eq!(parse_canonical(&text).unwrap(), value);
        }

        #[test]
        fn no_text_crashes_the_reader(text: String) {
            let _ = parse_canonical(&text);
        }
    }
}
