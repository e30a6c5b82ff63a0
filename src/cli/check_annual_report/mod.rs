//! `gongkai check-annual-report FILE`: whether the figures of an annual report add up, by the form's own
//! identities.

mod node;
mod read;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use serde::Serialize;

use crate::domain::annual_report::{Broken, Checked, check};

/// The largest file that is read. A report takes some 7 KiB.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Checks the report in the file at `path` and writes the finding to `out`: one line that it is consistent and
/// how many identities were checked, or one line for each broken identity; with `json`, one object
/// `{consistent, checked, broken: [...]}`.
///
/// The file is JSON as published figures are kept and as `gongkai annual-report --format json` prints it:
/// `form` (`"2019"` or `"2021"`; absent means 2021), `table3` with every row of that form and all seven
/// columns, and optionally `table4`. A cell is a whole number from 0, or `null` where the report prints it
/// blank. Other members at the top are not looked at. See [`check()`] for what is checked.
///
/// `Ok(true)`: every identity holds. `Ok(false)`: broken ones were written.
///
/// # Errors
///
/// One sentence for the user, with the file, the JSON pointer of the place and the reason, when the file
/// cannot be read as a report: not found, over 4 MiB, not JSON, a row, column or table missing, unknown or
/// given twice, a cell that is not a whole number from 0.
pub fn run(path: &Path, json: bool, out: &mut dyn Write) -> Result<bool, String> {
    let bytes = read_bounded(path).map_err(|reason| format!("{}: {reason}", path.display()))?;
    let report = read::report(&bytes).map_err(|problem| format!("{}: {problem}", path.display()))?;
    let found = check(&report);
    let text = if json { as_json(&found)? } else { as_text(&found) };
    out.write_all(text.as_bytes()).map_err(|error| format!("cannot write the result: {error}"))?;
    Ok(found.is_consistent())
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| format!("cannot open the file: {error}"))?;
    let mut bounded = file.take(MAX_BYTES + 1);
    let mut bytes = Vec::new();
    bounded.read_to_end(&mut bytes).map_err(|error| format!("cannot read the file: {error}"))?;
    if bounded.limit() == 0 {
        return Err("the file is over 4 MiB, too large for a report".to_owned());
    }
    Ok(bytes)
}

fn as_text(found: &Checked) -> String {
    if found.is_consistent() {
        return format!("consistent: {} identities checked\n", found.checked);
    }
    found.broken.iter().map(|broken| broken.sentence_en() + "\n").collect()
}

/// What `--json` prints.
#[derive(Serialize)]
struct Output<'a> {
    consistent: bool,
    checked: usize,
    broken: Vec<OutputBroken<'a>>,
}

#[derive(Serialize)]
struct OutputBroken<'a> {
    #[serde(flatten)]
    broken: &'a Broken,
    message: String,
    message_zh: String,
}

fn as_json(found: &Checked) -> Result<String, String> {
    let broken = found.broken.iter().map(|broken| OutputBroken {
        broken,
        message: broken.sentence_en(),
        message_zh: broken.sentence_zh(),
    });
    let output =
        Output { consistent: found.is_consistent(), checked: found.checked, broken: broken.collect() };
    let text =
        serde_json::to_string_pretty(&output).map_err(|error| format!("cannot write the result: {error}"))?;
    Ok(text + "\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// The figures that real offices published (each file names its source).
    const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/annual-reports");

    fn published(name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(Path::new(PUBLISHED).join(name)).unwrap()).unwrap()
    }

    fn run_on(bytes: &[u8], json: bool) -> Result<(bool, String), String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut out = Vec::new();
        let consistent = run(file.path(), json, &mut out)?;
        Ok((consistent, String::from_utf8(out).unwrap()))
    }

    /// Changes a published report and expects this sentence (after the file's name).
    #[track_caller]
    fn check_refused(change: impl FnOnce(&mut Value), expected: &str) {
        let mut report = published("suqian-city-2023.json");
        change(&mut report);
        let error = run_on(report.to_string().as_bytes(), false).unwrap_err();
        assert_eq!(error.split_once(": ").unwrap().1, expected);
    }

    #[test]
    fn published_reports_that_add_up_are_consistent() {
        for (name, identities) in [
            ("hongze-district-2024.json", 23 + 7 + 7 + 3),
            ("huaian-city-2024.json", 25 + 7 + 7 + 3),
            ("suqian-city-2023.json", 25 + 7 + 7 + 3),
        ] {
            let mut out = Vec::new();
            assert_eq!(run(&Path::new(PUBLISHED).join(name), false, &mut out), Ok(true), "{name}");
            assert_eq!(
                String::from_utf8(out).unwrap(),
                format!("consistent: {identities} identities checked\n")
            );
        }
    }

    #[test]
    fn the_inconsistent_report_is_named_cell_by_cell_and_nothing_else() {
        let path = Path::new(PUBLISHED).join("pingtan-2020.json");
        let mut out = Vec::new();
        assert_eq!(run(&path, false, &mut out), Ok(false));
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "table 3 result_sum: row handled_total (三（七）总计), column natural_person (自然人): \
             expected 26, printed 20; the results must add up to handled_total\n\
             table 3 result_sum: row handled_total (三（七）总计), column total (总计): \
             expected 27, printed 21; the results must add up to handled_total\n"
        );

        let mut out = Vec::new();
        assert_eq!(run(&path, true, &mut out), Ok(false));
        let output: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((&output["consistent"], &output["checked"]), (&json!(false), &json!(40)));
        assert_eq!(output["broken"].as_array().unwrap().len(), 2);
        let first = output["broken"][0].as_object().unwrap();
        for (member, value) in [
            ("table", json!(3)),
            ("identity", json!("result_sum")),
            ("row", json!("handled_total")),
            ("column", json!("natural_person")),
            ("expected", json!(26)),
            ("printed", json!(20)),
        ] {
            assert_eq!(first[member], value);
        }
        assert!(first["message_zh"].as_str().unwrap().contains("应为26"));
    }

    #[test]
    fn a_consistent_report_in_json() {
        let report = published("huaian-city-2024.json").to_string();
        let (consistent, output) = run_on(report.as_bytes(), true).unwrap();
        let output: Value = serde_json::from_str(&output).unwrap();
        assert!(consistent);
        assert_eq!(output, json!({"consistent": true, "checked": 42, "broken": []}));
    }

    #[test]
    fn our_own_output_needs_neither_table_4_nor_the_sources() {
        let whole = published("suqian-city-2023.json");
        let ours = json!({"agency": "A", "year": 2023, "form": "2021", "table3": whole["table3"]});
        assert_eq!(
            run_on(ours.to_string().as_bytes(), false).unwrap().1,
            "consistent: 39 identities checked\n"
        );
        let without_form = json!({"table3": whole["table3"], "table4": null});
        assert!(run_on(without_form.to_string().as_bytes(), false).unwrap().0);
        let with_mark = format!("\u{feff}{ours}");
        assert!(run_on(with_mark.as_bytes(), false).unwrap().0);
    }

    #[test]
    fn a_blank_cell_is_null() {
        let mut report = published("suqian-city-2023.json");
        report["table3"]["denied_state_secret"]["total"] = Value::Null;
        report["table3"]["denied_state_secret"]["natural_person"] = Value::Null;
        let (_, output) = run_on(report.to_string().as_bytes(), false).unwrap();
        assert_eq!(output, "consistent: 41 identities checked\n");
    }

    #[test]
    fn what_is_missing_or_unknown_is_named_by_its_place() {
        let remove = |table: &'static str, row: &'static str| {
            move |report: &mut Value| drop(report[table].as_object_mut().unwrap().remove(row))
        };
        check_refused(remove("table3", "granted"), "/table3/granted: the row is missing");
        check_refused(remove("table4", "litigation_direct"), "/table4/litigation_direct: the row is missing");
        check_refused(
            |report| drop(report["table3"]["granted"].as_object_mut().unwrap().remove("total")),
            "/table3/granted/total: the column is missing",
        );
        check_refused(
            |report| drop(report.as_object_mut().unwrap().remove("table3")),
            "/table3: the table is missing",
        );
        check_refused(
            |report| report["table3"]["a/b~"] = json!({}),
            "/table3/a~1b~0: the form has no such row",
        );
        check_refused(
            |report| report["table4"]["reconsideration"]["won"] = json!(1),
            "/table4/reconsideration/won: the form has no such column",
        );
    }

    #[test]
    fn the_form_decides_the_rows() {
        check_refused(|report| report["form"] = json!("2020"), "/form: must be \"2019\" or \"2021\"");
        check_refused(
            |report| report["form"] = json!(2019),
            "/table3/other_other: form 2019 has no such row; `form` or the row is wrong",
        );
        check_refused(
            |report| report["table3"]["other_total"] = json!({}),
            "/table3/other_total: form 2021 has no such row; `form` or the row is wrong",
        );
    }

    #[test]
    fn a_cell_that_is_no_count_is_named_by_its_place() {
        for (cell, found) in [
            (json!(-1), "a negative number"),
            (json!(1.5), "a number with a fraction or an exponent, or too large"),
            (json!("7"), "a text"),
            (json!([7]), "a list"),
            (json!(true), "true or false"),
            (json!({}), "an object"),
        ] {
            let expected = format!(
                "/table3/granted/total: expected a whole number from 0, or null if blank; found {found}"
            );
            check_refused(|report| report["table3"]["granted"]["total"] = cell, &expected);
        }
        check_refused(
            |report| report["table3"]["granted"]["total"] = json!(u64::MAX),
            "/table3/granted/total: a count of more than 1000000000000",
        );
        check_refused(|report| report["table3"] = json!([]), "/table3: expected an object, found a list");
        check_refused(
            |report| report["table3"]["granted"] = Value::Null,
            "/table3/granted: expected an object, found null",
        );
    }

    #[test]
    fn a_member_given_twice_is_refused() {
        let text = published("suqian-city-2023.json").to_string();
        let twice = text.replacen("\"granted\":{", "\"granted\":{\"total\":1,", 1);
        let error = run_on(twice.as_bytes(), false).unwrap_err();
        assert!(error.ends_with(": /table3/granted/total: given twice"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_report_is_refused_with_its_name() {
        let missing = run(Path::new("no-such-report.json"), false, &mut Vec::new()).unwrap_err();
        assert!(missing.starts_with("no-such-report.json: cannot open the file: "), "{missing}");
        for (bytes, expected) in [
            (&b""[..], "not JSON: "),
            (b"{\"table3\": ", "not JSON: "),
            (b"[]", "expected an object, found a list"),
            (b"{\"agency\": \"\xB7\xE7\"}", "not UTF-8 text from byte 12"),
            (b"{}", "/table3: the table is missing"),
        ] {
            let error = run_on(bytes, false).unwrap_err();
            assert!(error.split_once(": ").unwrap().1.starts_with(expected), "{error}");
        }
        let deep = "{\"a\":".repeat(100_000);
        assert!(run_on(deep.as_bytes(), false).unwrap_err().contains("not JSON: recursion limit"));
        let large = vec![b' '; 4 * 1024 * 1024 + 1];
        assert!(
            run_on(&large, false).unwrap_err().ends_with("the file is over 4 MiB, too large for a report")
        );
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(read::report(&bytes).is_err());
        }

        #[test]
        fn a_damaged_report_never_panics(at in 0_usize..6000, byte in any::<u8>()) {
            let mut bytes = published("pingtan-2020.json").to_string().into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = read::report(&bytes);
        }
    }
}
