//! The columns of a ledger and the row that names them.

use super::Refused;
use super::records::Record;

/// A column. Each file has all of them, in an order of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Number,
    Channel,
    ReceivedOn,
    RegisteredOn,
    ApplicantKind,
    ApplicantName,
    Description,
    Department,
    Outcome,
    RepliedOn,
    ArchivedOn,
}

impl Column {
    pub(super) const ALL: [Self; 11] = [
        Self::Number,
        Self::Channel,
        Self::ReceivedOn,
        Self::RegisteredOn,
        Self::ApplicantKind,
        Self::ApplicantName,
        Self::Description,
        Self::Department,
        Self::Outcome,
        Self::RepliedOn,
        Self::ArchivedOn,
    ];

    /// The column's name in the header.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Channel => "channel",
            Self::ReceivedOn => "received_on",
            Self::RegisteredOn => "registered_on",
            Self::ApplicantKind => "applicant_kind",
            Self::ApplicantName => "applicant_name",
            Self::Description => "description",
            Self::Department => "department",
            Self::Outcome => "outcome",
            Self::RepliedOn => "replied_on",
            Self::ArchivedOn => "archived_on",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

/// Why bytes are not the text they should be.
pub(super) const NOT_UTF_8: (&str, &str) = (
    "not UTF-8 text, probably GBK; save the file as \"CSV UTF-8\"",
    "不是UTF-8编码（可能是GBK），请将文件另存为“CSV UTF-8”",
);

/// The first bytes of a zip archive, which is what a workbook (.xlsx, .ods, .et) is.
const ZIP: &[u8] = b"PK\x03\x04";

/// The columns of a file in its order, from its first row.
///
/// # Errors
///
/// A refusal that names every column missing, unknown and given twice.
pub(super) fn columns(record: &Record) -> Result<Vec<Column>, Refused> {
    let refused = |reason_en: String, reason_zh: String| {
        Err(Refused { line: record.line, number: None, column: None, reason_en, reason_zh })
    };
    if record.fields().any(|field| field.starts_with(ZIP)) {
        return refused(
            "a workbook, not a CSV file; save it as \"CSV UTF-8\"".to_owned(),
            "这是工作簿而不是CSV文件，请另存为“CSV UTF-8”".to_owned(),
        );
    }
    let Ok(names) = record.fields().map(std::str::from_utf8).collect::<Result<Vec<_>, _>>() else {
        return refused(NOT_UTF_8.0.to_owned(), NOT_UTF_8.1.to_owned());
    };
    let names: Vec<&str> = names.into_iter().map(str::trim).collect();
    let found: Vec<Column> = names.iter().filter_map(|name| Column::parse(name)).collect();
    if found.is_empty() {
        // The row is probably a case already: its texts are not to be repeated.
        return refused(
            format!("the first row names no column; it must be {}", super::HEADER),
            format!("首行不是列名；首行应为 {}", super::HEADER),
        );
    }
    let named = |times: fn(usize) -> bool| -> Vec<String> {
        let count = |column: Column| found.iter().filter(|&&other| other == column).count();
        let columns = Column::ALL.into_iter().filter(|&column| times(count(column)));
        columns.map(|column| column.name().to_owned()).collect()
    };
    let unknown = names.iter().filter(|name| Column::parse(name).is_none()).map(|name| shown(name));
    let faults = [
        ("missing", "缺少", named(|times| times == 0)),
        ("unknown", "不认识", unknown.collect()),
        ("given twice", "重复", named(|times| times > 1)),
    ];
    let faults: Vec<_> = faults.into_iter().filter(|(.., names)| !names.is_empty()).collect();
    if faults.is_empty() {
        return Ok(found);
    }
    let en = faults.iter().map(|(what, _, names)| format!("{what}: {}", names.join(", ")));
    let zh = faults.iter().map(|(_, what, names)| format!("{what}：{}", names.join("、")));
    refused(
        format!("wrong columns; {}", en.collect::<Vec<_>>().join("; ")),
        format!("列名有误；{}", zh.collect::<Vec<_>>().join("；")),
    )
}

/// An unknown name as it can be shown: it comes from the file and may be anything.
fn shown(name: &str) -> String {
    const LONGEST: usize = 40;
    if name.is_empty() {
        return "\"\"".to_owned();
    }
    let start: String = name.chars().take(LONGEST).collect();
    let more = if start.len() < name.len() { "…" } else { "" };
    format!("{}{more}", start.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::super::records::Records;
    use super::*;

    fn read(header: &[u8]) -> Result<Vec<Column>, Refused> {
        let mut record = Record::default();
        assert!(Records::open(header, u64::MAX).unwrap().read(&mut record).unwrap());
        columns(&record)
    }

    #[track_caller]
    fn check_refused(header: &[u8], en: &str, zh: &str) {
        let refused = read(header).unwrap_err();
        assert_eq!((refused.line, refused.column, refused.number), (1, None, None));
        assert_eq!((refused.reason_en.as_str(), refused.reason_zh.as_str()), (en, zh));
    }

    #[test]
    fn the_columns_come_in_any_order() {
        assert_eq!(read(super::super::HEADER.as_bytes()).unwrap(), Column::ALL);
        let mut names: Vec<&str> = super::super::HEADER.split(',').collect();
        names.rotate_left(4);
        let columns = read(names.join(" , ").as_bytes()).unwrap();
        assert!(columns.iter().map(|column| column.name()).eq(names));
    }

    #[test]
    fn every_wrong_column_is_named_at_once() {
        check_refused(
            b"number,channel,channel,received_on,registered_on,applicant_kind,applicant_name,description,Outcome,,x\x07",
            "wrong columns; missing: department, outcome, replied_on, archived_on; \
             unknown: Outcome, \"\", x\\u{7}; given twice: channel",
            "列名有误；缺少：department、outcome、replied_on、archived_on；\
             不认识：Outcome、\"\"、x\\u{7}；重复：channel",
        );
        let long = format!("{},{}", super::super::HEADER, "长".repeat(41));
        let reason = read(long.as_bytes()).unwrap_err().reason_en;
        assert_eq!(reason, format!("wrong columns; unknown: {}…", "长".repeat(40)));
    }

    #[test]
    fn a_file_without_a_header_is_not_repeated() {
        let reason = read("2023-1,网络,2023-01-05,张某某".as_bytes()).unwrap_err().reason_en;
        assert_eq!(reason, format!("the first row names no column; it must be {}", super::super::HEADER));
    }

    #[test]
    fn other_encodings_and_workbooks_are_recognised() {
        check_refused(b"\xb1\xe0\xba\xc5,channel", NOT_UTF_8.0, NOT_UTF_8.1);
        check_refused(b"\xff\xfen\0u\0", NOT_UTF_8.0, NOT_UTF_8.1);
        let workbook = read(b"PK\x03\x04\x14\x00\x06").unwrap_err().reason_en;
        assert_eq!(workbook, "a workbook, not a CSV file; save it as \"CSV UTF-8\"");
    }
}
