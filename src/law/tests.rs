use super::{LawBook, LawError, LawFault, Place, read_calendar, read_pack};
use crate::domain::calendar::{DayClass, ExceptionKind};
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::statute::{ReceiptRule, Remedies};
use std::fs;
use std::path::Path;

const PACK: &str = include_str!("../../law/cn/ogi-2019.toml");
const CALENDAR: &str = include_str!("../../law/cn/calendar.csv");
const HEADER: &str = "date,kind,name,source_notice_number\n";

fn write(dir: &Path, file: &str, text: &str) {
    let path = dir.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn only_fault(error: LawError) -> LawFault {
    assert_eq!(error.0.len(), 1, "{error}");
    error.0.into_iter().next().unwrap()
}

#[test]
fn the_embedded_law_is_whole() {
    let law = LawBook::embedded().unwrap();
    let pack = law.pack("cn-ogi-2019").unwrap();
    assert_eq!(pack.in_force_from, "2019-05-15".parse().unwrap());
    assert_eq!((pack.limits.reply.length, pack.limits.reply.article.as_str()), (20, "33(2)"));
    assert_eq!((pack.lights.yellow, pack.lights.red), (5, 2));
    assert_eq!(law.calendar(&pack.calendar).unwrap().id(), "cn");
    assert_eq!(law.calendar("cn").unwrap().coverage(), 2004..=2026);
    assert_eq!((law.packs().count(), law.calendars().count()), (1, 1));
    assert!(law.pack("cn").is_none() && law.calendar("us").is_none());
}

#[test]
fn receipt_is_by_article_31_and_submission_for_what_comes_by_internet() {
    let law = LawBook::embedded().unwrap();
    let pack = law.pack("cn-ogi-2019").unwrap();
    let rules: Vec<_> = Channel::ALL.iter().filter_map(|channel| pack.receipt_rule(*channel)).collect();
    let expected = [
        ReceiptRule::HandedIn,
        ReceiptRule::Signed,
        ReceiptRule::Confirmed,
        ReceiptRule::Confirmed,
        ReceiptRule::Submitted,
        ReceiptRule::Submitted,
    ];
    assert_eq!(rules, expected);
    let to_the_letter =
        PACK.replace("internet_receipt = \"submission\"", "internet_receipt = \"confirmation\"");
    let pack = read_pack("pack.toml", &to_the_letter).unwrap();
    for channel in [Channel::Fax, Channel::Online, Channel::Email] {
        assert_eq!(pack.receipt_rule(channel), Some(ReceiptRule::Confirmed));
    }
}

#[test]
fn reconsideration_comes_first_after_refusals_under_articles_14_to_16_only() {
    let law = LawBook::embedded().unwrap();
    let pack = law.pack("cn-ogi-2019").unwrap();
    for outcome in Outcome::ALL {
        let entry = pack.outcome(*outcome).unwrap();
        let refusal =
            entry.articles.iter().any(|article| ["14", "15", "16(1)", "16(2)"].contains(&article.as_str()));
        let first = refusal || *outcome == Outcome::PartiallyGranted;
        let expected =
            if first { Remedies::ReconsiderationFirst } else { Remedies::ReconsiderationOrLitigation };
        assert_eq!(entry.remedies, expected, "{outcome:?}");
    }
}

#[test]
fn every_row_of_the_calendar_gives_its_day() {
    let calendar = read_calendar("cn", "calendar.csv", CALENDAR).unwrap();
    assert_eq!(calendar.exceptions().count(), 558);
    for row in calendar.exceptions() {
        let day = calendar.day(row.date);
        let class = match row.kind {
            ExceptionKind::Holiday => DayClass::Holiday,
            ExceptionKind::Workday => DayClass::MakeUpWorkday,
        };
        assert_eq!((day.class, day.name, day.source), (class, Some(&*row.name), Some(&*row.source)));
    }
    let last_day_off = calendar.day("2026-10-07".parse().unwrap());
    assert_eq!(last_day_off.source, Some("国办发明电〔2025〕7号"));
}

#[test]
fn a_directory_with_the_same_files_is_the_same_law() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "cn/ogi-2019.toml", PACK);
    write(dir.path(), "cn/calendar.csv", CALENDAR);
    write(dir.path(), "cn/letters/reply.txt", "not law");
    write(dir.path(), "README.md", "not law");
    assert_eq!(LawBook::from_dir(dir.path()).unwrap(), LawBook::embedded().unwrap());
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert!(read_pack("pack.toml", &windows(PACK)).is_ok());
    let calendar = read_calendar("cn", "calendar.csv", &windows(CALENDAR)).unwrap();
    assert_eq!(calendar, read_calendar("cn", "calendar.csv", CALENDAR).unwrap());
}

#[test]
fn every_fault_of_every_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "cn/a.toml", &PACK.replace("days = 20", "days = 0").replace("red = 2", "red = 6"));
    write(dir.path(), "cn/b.toml", &PACK.replace("working_day", "moon"));
    write(dir.path(), "cn/calendar.csv", &format!("{HEADER}2026-13-01,holiday,x,y\n2026-01-01,off,x,y\n"));
    write(dir.path(), "xx/calendar.csv", &format!("{HEADER}2026-05-04,workday,x,y\n"));
    let error = LawBook::from_dir(dir.path()).unwrap_err();
    let places: Vec<_> = error.0.iter().map(|fault| (fault.file.as_str(), fault.place.clone())).collect();
    let expected = [
        ("cn/a.toml", Place::Key("limits.reply.length".to_owned())),
        ("cn/a.toml", Place::Key("lights.red".to_owned())),
        ("cn/b.toml", Place::Line(12)),
        ("cn/calendar.csv", Place::Line(2)),
        ("cn/calendar.csv", Place::Line(3)),
        ("xx/calendar.csv", Place::Line(2)),
    ];
    assert_eq!(places, expected);
    let text = error.to_string();
    assert!(text.contains("cn/b.toml: line 12: unknown variant `moon`, expected `working_day`"), "{text}");
    assert!(text.contains("cn/a.toml: limits.reply.length: must be 1 or more"), "{text}");
    assert!(text.contains("2026-05-04 is listed as a make-up workday but is a Monday already"), "{text}");
    assert_eq!(text.lines().count(), 6, "{text}");
}

#[test]
fn a_pack_needs_its_calendar_and_an_id_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "cn/a.toml", PACK);
    let fault = only_fault(LawBook::from_dir(dir.path()).unwrap_err());
    assert_eq!((fault.file.as_str(), fault.place), ("cn/a.toml", Place::Key("calendar".to_owned())));
    write(dir.path(), "cn/calendar.csv", CALENDAR);
    assert!(LawBook::from_dir(dir.path()).is_ok());
    write(dir.path(), "cn/b.toml", PACK);
    let fault = only_fault(LawBook::from_dir(dir.path()).unwrap_err());
    assert_eq!(fault.to_string(), "cn/b.toml: id: `cn-ogi-2019` is the id of cn/a.toml already");
}

#[test]
fn a_directory_without_law_or_none_at_all_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    assert!(only_fault(LawBook::from_dir(dir.path()).unwrap_err()).reason.contains("no statute pack"));
    assert!(LawBook::from_dir(&dir.path().join("missing")).is_err());
}

#[test]
fn a_calendar_without_a_column_or_with_a_short_line_is_refused() {
    let read = |text: &str| only_fault(read_calendar("cn", "calendar.csv", text).unwrap_err());
    assert!(read("date,kind,name\n2026-01-01,holiday,x\n").reason.contains("`source_notice_number`"));
    assert_eq!(read("").place, Place::Line(1));
    assert_eq!(read(HEADER).place, Place::File);
    assert_eq!(read(&format!("{HEADER}2026-01-01,holiday\n")).place, Place::Line(2));
    let twice = format!("{HEADER}2026-01-01,holiday,x,y\n2026-01-02,holiday,x,y\n2026-01-01,holiday,x,y\n");
    assert_eq!(read(&twice).place, Place::Line(4));
}

#[test]
fn an_unknown_key_is_refused() {
    let error = read_pack("pack.toml", &PACK.replace("[lights]", "[lights]\nblue = 9")).unwrap_err();
    assert!(only_fault(error).reason.contains("unknown field `blue`"));
}
