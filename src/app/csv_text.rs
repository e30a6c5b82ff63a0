//! CSV for a spreadsheet: what every table that this program hands out as a file has in common.

use super::error::AppError;

/// Begins a file, so that a spreadsheet takes it for UTF-8.
pub const MARK: &str = "\u{feff}";

/// Rows as CSV, lines ending in CR LF. Cells that hold somebody's words must have gone through [`safe_cell`].
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written, which nothing in memory should cause.
pub fn rows<R, C>(rows: impl IntoIterator<Item = R>) -> Result<String, AppError>
where
    R: IntoIterator<Item = C>,
    C: AsRef<[u8]>,
{
    let failed = |reason: String| AppError::Internal(format!("the CSV cannot be written: {reason}"));
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::<u8>::new());
    for row in rows {
        writer.write_record(row).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// A text as a spreadsheet cell that is never taken for a formula.
pub fn safe_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1", "+1", "-1", "@x", "\t=1", "＝1"] {
            assert!(safe_cell(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(safe_cell("某市"), "某市");
    }

    #[test]
    fn a_comma_a_quote_and_a_line_stay_within_their_cell() {
        assert_eq!(rows([["a,b", "说\"好\"", "x\ny"]]).unwrap(), "\"a,b\",\"说\"\"好\"\"\",\"x\ny\"\r\n");
    }
}
