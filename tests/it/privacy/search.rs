//! Searching for planted values in every form in which a program might have left them.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// Values to be searched for.
pub struct Search {
    /// The forms, by their first four bytes.
    forms: HashMap<[u8; 4], Vec<Form>>,
    /// Which first two bytes there are.
    begins: Vec<bool>,
}

/// One form of a value.
struct Form {
    bytes: Vec<u8>,
    /// The value and the form's name, for messages.
    told: String,
}

impl Search {
    /// A search for these values in every form.
    ///
    /// # Panics
    ///
    /// If a value is so short that it may be found by chance.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a String>) -> Self {
        let mut search = Self { forms: HashMap::new(), begins: vec![false; 1 << 16] };
        for value in values {
            assert!(value.len() >= 8, "{value} is too short to search for");
            let mut seen = BTreeSet::new();
            for (name, bytes) in forms(value) {
                if seen.insert(bytes.clone()) {
                    search.begins[pair(&bytes)] = true;
                    let first = bytes.first_chunk().copied().unwrap();
                    let form = Form { bytes, told: format!("{value} ({name})") };
                    search.forms.entry(first).or_default().push(form);
                }
            }
        }
        search
    }

    /// The values found, each with the form it was in.
    pub fn found_in(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (at, window) in bytes.windows(4).enumerate() {
            if !self.begins[pair(window)] {
                continue;
            }
            let begin_so = window.first_chunk().and_then(|first| self.forms.get(first));
            let here = begin_so.into_iter().flatten().filter(|form| bytes[at..].starts_with(&form.bytes));
            found.extend(here.map(|form| form.told.clone()));
        }
        found
    }

    /// What is found in a folder, each with its file.
    pub fn found_below(&self, folder: &Path) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(self.found_below(&path));
            } else {
                let here = self.found_in(&fs::read(&path).unwrap());
                found.extend(here.into_iter().map(|value| format!("{}: {value}", path.display())));
            }
        }
        found
    }
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// A value as it may have been written.
fn forms(value: &str) -> Vec<(&'static str, Vec<u8>)> {
    let units: Vec<u16> = value.encode_utf16().collect();
    let mut forms = vec![
        ("UTF-8", value.as_bytes().to_vec()),
        ("UTF-16, little-endian", units.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16, big-endian", units.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
    ];
    for hex in [|byte| format!("{byte:02x}"), |byte: u8| format!("{byte:02X}")] {
        let escaped = |unit: &u16| match unit.to_be_bytes() {
            [0, byte] if byte.is_ascii() => vec![byte],
            [high, low] => format!("\\u{}{}", hex(high), hex(low)).into_bytes(),
        };
        let percent = |byte: u8| {
            let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            if plain { vec![byte] } else { format!("%{}", hex(byte)).into_bytes() }
        };
        forms.push(("escaped as in JSON", units.iter().flat_map(escaped).collect()));
        forms.push(("percent-encoded", value.bytes().flat_map(percent).collect()));
        // As PostgreSQL shows bytes.
        forms.push(("hexadecimal", value.bytes().flat_map(|byte| hex(byte).into_bytes()).collect()));
    }
    forms
}

#[test]
fn a_value_is_found_in_every_form_and_only_there() {
    let value = "欧阳 6291@x.cn".to_owned();
    let search = Search::of([&value]);
    let texts = [
        "欧阳 6291@x.cn",
        r"\u6b27\u9633 6291@x.cn",
        r"\u6B27\u9633 6291@x.cn",
        "%E6%AC%A7%E9%98%B3%206291%40x.cn",
        "%e6%ac%a7%e9%98%b3%206291%40x.cn",
        "e6aca7e998b32036323931",
        "E6ACA7E998B3203632393140782E636E",
        "欧阳 6291@x.cm",
    ];
    let found = texts.map(|text| search.found_in(format!("before{text}after").as_bytes()).len());
    assert_eq!(found, [1, 1, 1, 1, 1, 0, 1, 0]);
    let utf16: Vec<u8> = format!("a{value}b").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(search.found_in(&utf16).len(), 1);
    let utf16: Vec<u8> = format!("a{value}b").encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(search.found_in(&utf16).len(), 1);
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("below")).unwrap();
    fs::write(folder.path().join("below/file"), "其中有欧阳 6291@x.cn。").unwrap();
    assert_eq!(search.found_below(folder.path()).len(), 1);
}
