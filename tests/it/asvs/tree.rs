//! What the source tree has: whether a test is there, and the headings of a document.

use std::fs;
use std::path::{Path, PathBuf};

/// The macros that make tests of the functions in them.
const MACROS: [&str; 2] = ["both_databases! {", "all_homes! {"];

/// Why there is no such test; `None` when there is.
pub fn test_fault(root: &Path, path: &str) -> Option<String> {
    let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
    let Some(source) = source_of(root, module) else { return Some("there is no such module".to_owned()) };
    let found = functions(&source, name);
    if found.is_empty() {
        Some("there is no such function".to_owned())
    } else if found.iter().any(|at| is_test(&source, *at)) {
        None
    } else {
        Some("the function is no test".to_owned())
    }
}

/// The text of a module. What a file has inside it (`mod tests { … }`) is a module of its own, and no longer its file's.
fn source_of(root: &Path, module: &str) -> Option<String> {
    let (mut file, module) = match module.strip_prefix("it::") {
        Some(module) => (root.join("tests/it/main.rs"), module),
        None => (root.join("src/lib.rs"), module),
    };
    let folder = file.parent()?.to_path_buf();
    let (mut place, mut text) = (folder, fs::read_to_string(&file).ok()?);
    for name in module.split("::").filter(|name| !name.is_empty()) {
        place.push(name);
        let told = |line: &str| {
            ["mod ", "pub mod ", "pub(super) mod ", "pub(crate) mod "]
                .iter()
                .any(|mark| line.strip_prefix(mark).is_some_and(|rest| rest == format!("{name};")))
        };
        if text.lines().any(|line| told(line.trim())) {
            file = [place.with_extension("rs"), place.join("mod.rs")]
                .into_iter()
                .find(|file: &PathBuf| file.is_file())?;
            text = fs::read_to_string(&file).ok()?;
        } else {
            text = inside(&text, name)?;
        }
    }
    if module.is_empty() { None } else { Some(outside(&text)) }
}

/// The lines of an inner module at the left margin.
fn inside(text: &str, name: &str) -> Option<String> {
    let begin = format!("mod {name} {{");
    let lines: Vec<&str> =
        text.lines().skip_while(|line| *line != begin).skip(1).take_while(|line| *line != "}").collect();
    let unindented = lines.iter().map(|line| line.strip_prefix("    ").unwrap_or(line));
    if lines.is_empty() { None } else { Some(unindented.collect::<Vec<_>>().join("\n")) }
}

/// The lines of a module without those of its inner modules.
fn outside(text: &str) -> String {
    let mut within = false;
    let mut kept = Vec::new();
    for line in text.lines() {
        within |= line.starts_with("mod ") && line.ends_with('{');
        if !within {
            kept.push(line);
        }
        within &= line != "}";
    }
    kept.join("\n")
}

/// The lines at which functions of this name begin.
fn functions(source: &str, name: &str) -> Vec<usize> {
    let begins = |line: &str| {
        let line = ["pub ", "async "]
            .iter()
            .fold(line.trim_start(), |line, word| line.strip_prefix(word).unwrap_or(line));
        let rest = line.strip_prefix("fn ").and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    source.lines().enumerate().filter(|(_, line)| begins(line)).map(|(at, _)| at).collect()
}

/// Whether the function at this line is run as a test: `#[test]` or another test's attribute is among its attributes, or it stands in one
/// of our macros. One that is ignored shows nothing.
fn is_test(source: &str, at: usize) -> bool {
    let lines: Vec<&str> = source.lines().collect();
    let above = lines[..at].iter().rev().map(|line| line.trim());
    let attributes: Vec<&str> =
        above.take_while(|line| line.starts_with("#[") || line.starts_with("///")).collect();
    let is_attribute = |line: &&str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
    if attributes.iter().any(|line| line.starts_with("#[ignore")) {
        return false;
    }
    let in_macro = || {
        let begun = lines[..at].iter().rev().find(|line| **line == "}" || MACROS.contains(line));
        begun.is_some_and(|line| *line != "}") && lines[at].starts_with("    fn ")
    };
    attributes.iter().any(is_attribute) || in_macro()
}

/// The anchors of a document's headings, as they are made where it is shown: small letters, blanks as hyphens, punctuation left out.
pub fn anchors(text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut anchors: Vec<String> = Vec::new();
    for line in text.lines() {
        in_code ^= line.starts_with("```");
        let heading = line.trim_start_matches('#');
        let level = line.len() - heading.len();
        if in_code || !(1..=6).contains(&level) || !heading.starts_with(' ') {
            continue;
        }
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor: String =
            kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect();
        let same = anchors.iter().filter(|other| **other == anchor).count();
        anchors.push(if same == 0 { anchor } else { format!("{anchor}-{same}") });
    }
    anchors
}

#[test]
fn a_function_that_is_not_run_is_no_test() {
    let source = "\
#[test]
fn one() {}

/// Why.
#[test]
#[should_panic]
async fn two() {}

#[test]
#[ignore = \"slow\"]
fn three() {}

fn four() {}
// #[test]
fn five() {}

both_databases! {
    fn six(backend) {
        fn seven(x: u8) {}
    }
}

    fn eight(backend) {}

#[tokio::test(flavor = \"multi_thread\")]
async fn nine() {}
// fn ten() {}
#[cfg(test)]
mod tests {
    #[test]
    fn eleven() {}
}
";
    let names = "one two three four five six seven eight nine ten eleven";
    let tests: Vec<&str> = names
        .split(' ')
        .filter(|name| functions(source, name).iter().any(|at| is_test(source, *at)))
        .collect();
    assert_eq!(tests, ["one", "two", "six", "nine", "eleven"]);
    assert!(functions(&outside(source), "eleven").is_empty(), "it is in a module of its own");
    assert_eq!(functions(&inside(source, "tests").unwrap(), "eleven"), [1]);
    assert!(inside(source, "test").is_none());
}

#[test]
fn headings_have_their_anchors() {
    let text = "# Attachments: where they are kept\n\n## In a bucket\n```sh\n# no heading\n```\n## In a bucket\n#none\n### Codes (归档) & “periods”\n";
    let found = anchors(text);
    assert_eq!(
        found,
        ["attachments-where-they-are-kept", "in-a-bucket", "in-a-bucket-1", "codes-归档--periods"]
    );
}
