use proptest::prelude::*;

use super::*;
use crate::domain::applicant::ApplicantKind;
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn read(bytes: &[u8]) -> LedgerFile {
    read_ledger(bytes, day("2024-06-30"), day("2008-05-01"))
}

fn read_rows(rows: &str) -> LedgerFile {
    read(format!("{HEADER}\n{rows}").as_bytes())
}

/// A good row, with some columns replaced.
fn row_with(changes: &[(&str, &str)]) -> String {
    let good = [
        "A-1",
        "online",
        "2023-03-01",
        "2023-03-02",
        "natural_person",
        "申请人甲",
        "某某规划",
        "规划科",
        "granted",
        "2023-03-20",
        "2023-04-01",
    ];
    let value =
        |(name, good)| changes.iter().find(|(column, _)| *column == name).map_or(good, |&(_, value)| value);
    let fields: Vec<String> = HEADER
        .split(',')
        .zip(good)
        .map(value)
        .map(|text| format!("\"{}\"", text.replace('"', "\"\"")))
        .collect();
    fields.join(",") + "\n"
}

/// Expects these refusals, each as (line, number, column, English reason).
#[track_caller]
fn check_refused(file: &LedgerFile, expected: &[(u64, Option<&str>, Option<&str>, &str)]) {
    let found: Vec<_> = file
        .refused
        .iter()
        .map(|it| (it.line, it.number.as_deref(), it.column, it.reason_en.as_str()))
        .collect();
    assert_eq!(found, expected);
    assert!(file.refused.iter().all(|it| !it.reason_zh.is_ascii()));
}

/// Expects that a good row with these changes is refused for these columns.
#[track_caller]
fn check_row(changes: &[(&str, &str)], expected: &[(&str, &str)]) {
    let file = read_rows(&row_with(changes));
    let found: Vec<_> = file.refused.iter().map(|it| (it.column.unwrap(), it.reason_en.as_str())).collect();
    assert_eq!(found, expected);
    assert_eq!((file.rows.len(), file.rows_read, file.complete), (usize::from(expected.is_empty()), 1, true));
}

#[test]
fn a_good_row_is_read_as_it_stands() {
    let file = read_rows(&row_with(&[("description", " 第一行，\"引\"\r\n第二行 "), ("department", "")]));
    assert!(file.refused.is_empty());
    let row = file.rows.first().unwrap();
    assert_eq!((row.line, row.number.as_str(), row.channel), (2, "A-1", Channel::Online));
    assert_eq!((row.received_on, row.registered_on), (day("2023-03-01"), day("2023-03-02")));
    assert_eq!((row.applicant_kind, row.applicant_name.as_str()), (ApplicantKind::NaturalPerson, "申请人甲"));
    assert_eq!((row.description.as_str(), row.department.as_deref()), ("第一行，\"引\"\r\n第二行", None));
    assert_eq!(row.concluded, Some((Outcome::Granted, day("2023-03-20"))));
    assert_eq!(row.archived_on, Some(day("2023-04-01")));
    assert_eq!(row.facts().outcome, row.concluded);
    assert_eq!(format!("{row:?}"), "LedgerRow { line: 2, number: \"A-1\", .. }");
}

#[test]
fn an_open_case_has_neither_outcome_nor_reply() {
    let file = read_rows(&row_with(&[("outcome", ""), ("replied_on", " "), ("archived_on", "")]));
    assert_eq!(file.rows.first().map(|row| row.concluded), Some(None));
}

#[test]
fn columns_in_another_order_and_a_byte_order_mark_change_nothing() {
    let mut names: Vec<&str> = HEADER.split(',').collect();
    names.reverse();
    let file = format!(
        "\u{feff}{}\r\n,2023-03-20,granted,规划科,某某规划,甲,other_org,2023-03-02,2023-03-01,fax,A-1\r\n",
        names.join(",")
    );
    let file = read(file.as_bytes());
    assert_eq!(file.rows.first().map(|row| (row.line, row.channel)), Some((2, Channel::Fax)));
}

#[test]
fn texts_are_bounded_and_without_control_characters() {
    for (column, longest) in
        [("number", 64), ("applicant_name", 200), ("description", 8000), ("department", 100)]
    {
        check_row(&[(column, &"字".repeat(longest))], &[]);
        let expected = format!("{} characters; at most {longest} are allowed", longest + 1);
        check_row(&[(column, &"字".repeat(longest + 1))], &[(column, &expected)]);
        check_row(&[(column, "a\0b")], &[(column, "contains a control character")]);
    }
    check_row(&[("number", "A\n1")], &[("number", "contains a control character")]);
    check_row(&[("description", "a\tb\nc")], &[]);
    check_row(&[("department", "")], &[]);
    for column in ["number", "applicant_name", "description"] {
        check_row(&[(column, "\u{3000} ")], &[(column, "empty")]);
    }
}

#[test]
fn codes_are_those_of_the_interface_and_a_chinese_name_is_answered_with_its_code() {
    let kinds = "not one of the codes natural_person, commercial_enterprise, research_institution, \
                 public_welfare_org, legal_service_org, other_org";
    check_row(&[("applicant_kind", "Natural_Person")], &[("applicant_kind", kinds)]);
    let label = ApplicantKind::NaturalPerson.label_zh();
    let hint = format!("for {label} write natural_person; {kinds}");
    check_row(&[("applicant_kind", label)], &[("applicant_kind", &hint)]);

    let hint = |column: &'static str, text: &str| {
        let file = read_rows(&row_with(&[(column, text)]));
        file.refused[0].reason_zh.split_once('；').map(|(hint, _)| hint.to_owned())
    };
    assert_eq!(hint("channel", "网络").as_deref(), Some("“网络”应写作online"));
    assert_eq!(hint("outcome", "予以公开").as_deref(), Some("“予以公开”应写作granted"));
    assert_eq!(hint("outcome", "重复申请").as_deref(), Some("“重复申请”应写作not_processed_repeat"));
    assert_eq!(hint("outcome", "不予公开"), None, "there are several");
    assert_eq!(hint("channel", ""), None);

    for column in ["channel", "outcome"] {
        let file = read_rows(&row_with(&[(column, "张某某")]));
        let refused = file.refused.first().unwrap();
        assert_eq!(refused.column, Some(column));
        assert!(!refused.reason_en.contains('张') && !refused.reason_zh.contains('张'));
    }
}

#[test]
fn dates_are_strict_and_real() {
    let wrong = "not a date YYYY-MM-DD of the calendar";
    for text in ["2023-02-29", "2023-2-30", "0000-00-00", "20230301", "45000", "01/03/2023", "昨天", ""] {
        check_row(&[("received_on", text)], &[("received_on", wrong)]);
    }
    for text in ["2023/3/1", "2023-3-01", "2023年3月1日", "2023.03.01", "2023-03-01 09:30:00"] {
        check_row(&[("received_on", text)], &[("received_on", "not written YYYY-MM-DD; write 2023-03-01")]);
    }
    check_row(&[("received_on", "2023-01-01"), ("replied_on", "2023-03-05")], &[]); // a holiday and a Sunday
}

#[test]
fn dates_follow_each_other_within_the_bounds() {
    let same = "2023-03-01";
    check_row(
        &[("received_on", same), ("registered_on", same), ("replied_on", same), ("archived_on", same)],
        &[],
    );
    check_row(&[("registered_on", "2023-02-28")], &[("registered_on", "before received_on")]);
    check_row(&[("replied_on", "2023-02-28")], &[("replied_on", "before received_on")]);
    check_row(&[("archived_on", "2023-03-19")], &[("archived_on", "before replied_on")]);
    check_row(&[("archived_on", "2024-06-30")], &[]);
    for column in ["registered_on", "archived_on"] {
        check_row(&[(column, "2024-07-01")], &[(column, "after today, 2024-06-30")]);
    }
    check_row(&[("received_on", "2008-05-01")], &[]);
    check_row(
        &[("received_on", "2008-04-30")],
        &[("received_on", "before 2008-05-01, the earliest day accepted")],
    );
}

#[test]
fn outcome_and_reply_come_together() {
    check_row(&[("outcome", "")], &[("outcome", "empty, although replied_on is given")]);
    check_row(
        &[("replied_on", "")],
        &[
            ("replied_on", "empty, although outcome is given"),
            ("archived_on", "given, although replied_on is empty"),
        ],
    );
    check_row(
        &[("replied_on", ""), ("outcome", "")],
        &[("archived_on", "given, although replied_on is empty")],
    );
}

#[test]
fn every_mistake_of_a_row_is_reported_in_the_order_of_the_columns() {
    let changes =
        [("archived_on", "x"), ("number", ""), ("applicant_name", ""), ("received_on", "2023-13-01")];
    let date = "not a date YYYY-MM-DD of the calendar";
    check_row(
        &changes,
        &[("number", "empty"), ("received_on", date), ("applicant_name", "empty"), ("archived_on", date)],
    );
    let file = read_rows(&row_with(&[("outcome", "x"), ("replied_on", "2023-02-28")]));
    let columns: Vec<_> = file.refused.iter().filter_map(|it| it.column).collect();
    assert_eq!(columns, ["outcome", "replied_on"], "one mistake does not hide another");
}

#[test]
fn lines_are_physical_also_after_texts_of_several_lines() {
    let rows = [
        row_with(&[("description", "一\n二\r\n三")]),
        "\r\n,,,,,,,,,,\n".to_owned(),
        row_with(&[("number", "A-2"), ("channel", "")]),
    ];
    let file = read_rows(&rows.concat());
    assert_eq!((file.rows.len(), file.rows_read), (1, 2));
    assert_eq!((file.refused[0].line, file.refused[0].number.as_deref()), (7, Some("A-2")));
}

#[test]
fn a_number_occurs_once() {
    let good = row_with(&[]);
    let other = row_with(&[("applicant_name", "申请人乙")]);
    let bad = row_with(&[("number", "B"), ("channel", "")]);
    let repaired = row_with(&[("number", " B ")]);
    let file = read_rows(&[good.clone(), good, other, bad.clone(), repaired, bad].concat());
    assert_eq!((file.rows.len(), file.rows_read), (1, 6));
    let channel = file.refused[2].reason_en.clone();
    check_refused(
        &file,
        &[
            (3, Some("A-1"), Some("number"), "the same row as on line 2; remove one"),
            (4, Some("A-1"), Some("number"), "the same number as on line 2, with other content"),
            (5, Some("B"), Some("channel"), &channel),
            (6, Some("B"), Some("number"), "the same number as on line 5, with other content"),
            (7, Some("B"), Some("number"), "the same number as on line 5, with other content"),
            (7, Some("B"), Some("channel"), &channel),
        ],
    );
}

#[test]
fn gbk_is_recognised_in_its_column() {
    let mut bytes = format!("{HEADER}\n").into_bytes();
    bytes.extend(b"A-1,fax,2023-03-01,2023-03-01,natural_person,\xc9\xea\xc7\xeb,\xb9\xe6\xbb\xae,,,,\n");
    bytes.extend(row_with(&[]).into_bytes());
    let file = read(&bytes);
    let gbk = "not UTF-8 text, probably GBK; save the file as \"CSV UTF-8\"";
    check_refused(
        &file,
        &[
            (2, Some("A-1"), Some("applicant_name"), gbk),
            (2, Some("A-1"), Some("description"), gbk),
            (3, Some("A-1"), Some("number"), "the same number as on line 2, with other content"),
        ],
    );
}

#[test]
fn a_file_without_rows_or_without_anything() {
    let empty = format!("the file is empty; its first row must be {HEADER}");
    for bytes in [&b""[..], b"\xef\xbb\xbf", b"\r\n\n", b",,,\n"] {
        let file = read(bytes);
        check_refused(&file, &[(1, None, None, &empty)]);
        assert!(!file.complete);
    }
    let file = read(HEADER.as_bytes());
    assert!(file.complete && file.refused.is_empty() && file.rows.is_empty());
}

#[test]
fn a_wrong_header_ends_the_reading() {
    let file = read(format!("\n{HEADER},extra\n{}", row_with(&[])).as_bytes());
    check_refused(&file, &[(2, None, None, "wrong columns; unknown: extra")]);
    assert_eq!((file.rows_read, file.complete), (0, false));
}

#[test]
fn a_row_that_cannot_be_divided_is_refused_as_a_whole() {
    let file =
        read_rows(&format!("A,fax,2023-03-01\nB,{0}\nC,5\" x,{0}\n{1}", ",".repeat(10), row_with(&[])));
    assert_eq!((file.rows.len(), file.rows_read, file.complete), (1, 4, true));
    let fields =
        |found| format!("{found} fields instead of 11; a field with a comma must be in quotation marks");
    check_refused(
        &file,
        &[
            (2, None, None, &fields(3)),
            (3, None, None, &fields(12)),
            (
                4,
                None,
                None,
                "a quotation mark inside a field; put the whole field in quotation marks and double those inside",
            ),
        ],
    );
}

#[test]
fn an_unclosed_quotation_mark_ends_the_reading() {
    let file = read_rows(&format!(
        "{}A-2,\"fax\n{}",
        row_with(&[]),
        row_with(&[("number", "A-3")]).replace('"', "")
    ));
    check_refused(&file, &[(3, None, None, "the quotation mark opened on line 3 is never closed")]);
    assert_eq!((file.rows.len(), file.rows_read, file.complete), (1, 2, false));
}

#[test]
fn an_endless_line_ends_the_reading_with_its_line() {
    let endless = std::io::repeat(b'x');
    let start = format!("{HEADER}\n{}", row_with(&[]));
    let file = read_ledger(start.as_bytes().chain(endless), day("2024-06-30"), day("2008-05-01"));
    check_refused(&file, &[(3, None, None, "the row is longer than 64 KiB; reading stopped here")]);
    assert_eq!((file.rows.len(), file.rows_read, file.complete), (1, 2, false));
}

#[test]
fn thousands_of_refusals_are_all_listed_and_endless_ones_are_not() {
    let file = read_rows(&"x\n".repeat(5_000));
    assert_eq!((file.refused.len(), file.rows_read, file.complete), (5_000, 5_000, true));
    let file = read_rows(&"x\n".repeat(MAX_REFUSALS + 5));
    assert_eq!((file.refused.len(), file.complete), (MAX_REFUSALS + 1, false));
    assert_eq!(file.refused[MAX_REFUSALS].reason_en, "100000 mistakes found; reading stopped here");
}

#[test]
fn a_row_over_the_limit_ends_the_reading() {
    let rows = ["A", "B", "C"].map(|number| row_with(&[("number", number)])).concat();
    let text = format!("{HEADER}\n{rows}");
    let bounds = Bounds { today: day("2024-06-30"), earliest: day("2008-05-01") };
    let file = read_at_most(2, text.as_bytes(), bounds);
    check_refused(&file, &[(4, None, None, "more than 2 rows; split the file")]);
    assert_eq!((file.rows.len(), file.rows_read, file.complete), (2, 2, false));
    assert!(read_at_most(3, text.as_bytes(), bounds).complete);
}

#[test]
fn the_canonical_text_is_the_content_and_never_changes_its_form() {
    let row = |changes: &[(&str, &str)]| read_rows(&row_with(changes)).rows.remove(0);
    assert_eq!(
        row(&[("department", ""), ("archived_on", "")]).canonical(),
        "ledger-row/1\nnumber:3:A-1\nchannel:6:online\nreceived_on:10:2023-03-01\nregistered_on:10:2023-03-02\n\
         applicant_kind:14:natural_person\napplicant_name:12:申请人甲\ndescription:12:某某规划\ndepartment:0:\n\
         outcome:7:granted\nreplied_on:10:2023-03-20\narchived_on:0:\n"
    );
    let moved = LedgerRow { line: 99, ..row(&[]) };
    assert_eq!(moved.canonical(), row(&[]).canonical());
    for (column, other) in [
        ("number", "A-2"),
        ("channel", "fax"),
        ("received_on", "2023-02-01"),
        ("registered_on", "2023-03-03"),
        ("applicant_kind", "other_org"),
        ("applicant_name", "申请人乙"),
        ("description", "某某规划\ndepartment:0:"),
        ("department", ""),
        ("outcome", "other_other"),
        ("replied_on", "2023-03-21"),
        ("archived_on", ""),
    ] {
        assert_ne!(row(&[(column, other)]).canonical(), row(&[]).canonical(), "{column}");
    }
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic(
        header in any::<bool>(),
        bytes in proptest::collection::vec(proptest::sample::select(b",\"\n\r\0\xff\xb1a2-".as_slice()), 0..200),
    ) {
        let start = if header { format!("{HEADER}\n") } else { String::new() };
        let file = read(&[start.as_bytes(), &bytes].concat());
        prop_assert!(file.rows.is_empty());
        prop_assert!(file.complete || !file.refused.is_empty());
    }

    #[test]
    fn every_row_is_accepted_or_refused(
        values in proptest::collection::vec((0_usize..11, "[^\"]{0,5}|[0-9]{4}-[0-9]{2}-[0-9]{2}|granted|fax"), 0..30),
    ) {
        let names: Vec<&str> = HEADER.split(',').collect();
        let rows: Vec<String> = values.iter().map(|(column, value)| row_with(&[(names[*column], value)])).collect();
        let file = read_rows(&rows.concat());
        let mut refused: Vec<u64> = file.refused.iter().map(|it| it.line).collect();
        refused.dedup();
        prop_assert_eq!(file.rows_read, u64::try_from(values.len()).unwrap());
        prop_assert_eq!(file.rows.len() + refused.len(), values.len());
        prop_assert!(file.complete);
    }
}
