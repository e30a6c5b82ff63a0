mod replies;

use super::{LawBook, LawError, LawFault, Place, Year, read_calendar, read_pack};
use crate::domain::calendar::{CalendarRow, DayClass, ExceptionKind, WorkingCalendar};
use crate::domain::channel::Channel;
use crate::domain::outcome::Outcome;
use crate::domain::statute::{ReceiptRule, Remedies};
use chrono::NaiveDate;
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
    let to_the_letter = PACK.replace("_receipt = \"submission\"", "_receipt = \"confirmation\"");
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
    write(
        dir.path(),
        "cn/a.toml",
        &PACK.replacen("length = 20", "length = 0", 1).replace("red = 2", "red = 6"),
    );
    write(dir.path(), "cn/b.toml", &PACK.replacen("working_day", "moon", 1));
    write(dir.path(), "cn/calendar.csv", &format!("{HEADER}2026-13-01,holiday,x,y\n2026-01-01,off,x,y\n"));
    write(dir.path(), "xx/calendar.csv", &format!("{HEADER}2026-05-04,workday,x,y\n"));
    let error = LawBook::from_dir(dir.path()).unwrap_err();
    let places: Vec<_> = error.0.iter().map(|fault| (fault.file.as_str(), fault.place.clone())).collect();
    let expected = [
        ("cn/a.toml", Place::Key("limits.reply.length".to_owned())),
        ("cn/a.toml", Place::Key("lights.red".to_owned())),
        ("cn/b.toml", Place::Line(17)),
        ("cn/calendar.csv", Place::Line(2)),
        ("cn/calendar.csv", Place::Line(3)),
        ("xx/calendar.csv", Place::Line(2)),
    ];
    assert_eq!(places, expected);
    let text = error.to_string();
    assert!(
        text.contains("cn/b.toml: line 17: unknown variant `moon`, expected one of `working_day`"),
        "{text}"
    );
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
    assert_eq!(fault.to_string(), "cn/b.toml: version: version 1 of `cn-ogi-2019` is cn/a.toml already");
}

/// The pack, amended: another version, in force from and until.
fn amended(version: u32, from: &str, until: Option<&str>) -> String {
    let until = until.map(|day| format!("in_force_until = \"{day}\"\n")).unwrap_or_default();
    PACK.replace("version = 1 ", &format!("version = {version} "))
        .replace("in_force_from = \"2019-05-15\"", &format!("in_force_from = \"{from}\"\n{until}"))
        .replace(
            "length = 20\nunit = \"working_day\"\narticle = \"33(2)\"\n\n[limits.extension]",
            &format!(
                "length = {}\nunit = \"working_day\"\narticle = \"33(2)\"\n\n[limits.extension]",
                20 - version
            ),
        )
}

#[test]
fn of_several_versions_the_one_in_force_on_the_day_is_taken_and_each_stays() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "cn/calendar.csv", CALENDAR);
    write(dir.path(), "cn/1.toml", &amended(1, "2019-05-15", None));
    write(dir.path(), "cn/2.toml", &amended(2, "2019-05-15", Some("2026-12-31")));
    write(dir.path(), "cn/3.toml", &amended(3, "2027-03-01", None));
    let law = LawBook::from_dir(dir.path()).unwrap();
    let id = "cn-ogi-2019";
    let on = |day: &str| law.pack_on(id, day.parse().unwrap()).unwrap().version;
    // Version 2 corrects the data of version 1; nothing is in force in January 2027; before the act its first version is used.
    assert_eq!(on("2019-05-15"), 2);
    assert_eq!(on("2026-12-31"), 2);
    assert_eq!(on("2027-01-15"), 1, "version 1 has no end");
    assert_eq!(on("2027-03-01"), 3);
    assert_eq!(on("2015-05-13"), 1);
    assert_eq!(law.pack(id).unwrap().version, 3);
    assert_eq!(law.packs().map(|pack| pack.version).collect::<Vec<_>>(), [3]);
    for version in 1..=3 {
        let pack = law.pack_version(id, version).unwrap();
        assert_eq!((pack.version, u32::from(pack.limits.reply.length)), (version, 20 - version));
    }
    assert!(law.pack_version(id, 4).is_none() && law.pack_on("us", "2026-01-01".parse().unwrap()).is_none());
}

#[test]
fn a_version_that_begins_before_an_older_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "cn/calendar.csv", CALENDAR);
    write(dir.path(), "cn/1.toml", PACK);
    write(dir.path(), "cn/2.toml", &amended(2, "2019-05-14", None));
    let fault = only_fault(LawBook::from_dir(dir.path()).unwrap_err());
    assert_eq!(
        fault.to_string(),
        "cn/2.toml: in_force_from: must not be before 2019-05-15, when version 1 begins"
    );
}

/// Liangshan, an autonomous prefecture, in 2011 (凉府办发〔2010〕31号).
fn liangshan() -> String {
    let day =
        |date: NaiveDate, kind: &str, name: &str| format!("{date},{kind},{name},凉府办发〔2010〕31号\n");
    let run = |from: &str, name: &str| -> String {
        let from: NaiveDate = from.parse().unwrap();
        from.iter_days().take(7).map(|date| day(date, "holiday", name)).collect()
    };
    [
        HEADER.to_owned(),
        run("2011-07-24", "火把节"),
        day("2011-07-31".parse().unwrap(), "workday", "火把节调休"),
        run("2011-11-20", "彝族年"),
        day("2011-11-27".parse().unwrap(), "workday", "彝族年调休"),
        day("2011-10-08".parse().unwrap(), "holiday", "国庆节"),
    ]
    .concat()
}

#[test]
fn a_region_rests_at_its_own_festivals_and_pays_for_them_with_its_own_sundays() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "cn/a.toml", PACK);
    write(dir.path(), "cn/calendar.csv", CALENDAR);
    write(dir.path(), "cn/regions/liangshan.csv", &liangshan());
    write(dir.path(), "cn/regions/README.md", "not law");
    let law = LawBook::from_dir(dir.path()).unwrap();
    assert_eq!((law.base_of("cn-liangshan"), law.base_of("cn")), (Some("cn"), None));
    assert!(law.follows("cn-liangshan", "cn") && !law.follows("cn", "cn-liangshan"));
    let (nation, region) = (law.calendar("cn").unwrap(), law.calendar("cn-liangshan").unwrap());
    assert_eq!(region.coverage(), 2004..=2026);
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    let off = |calendar: &WorkingCalendar, date: &str| !calendar.is_working_day(day(date));
    for date in ["2011-07-25", "2011-07-29", "2011-11-21", "2011-11-25", "2011-10-08"] {
        assert!(off(region, date) && !off(nation, date), "{date}");
        assert_eq!(region.day(day(date)).source, Some("凉府办发〔2010〕31号"));
    }
    for date in ["2011-07-31", "2011-11-27"] {
        assert!(!off(region, date) && off(nation, date), "{date}");
    }
    assert_eq!(region.day(day("2011-10-09")), nation.day(day("2011-10-09")), "the nation's make-up day");
    // Received on Friday 15 July 2011: the nation counts 20 working days to 12 August; the torch festival takes five weekdays
    // and gives one Sunday back.
    assert_eq!(nation.add_working_days(day("2011-07-15"), 20), Ok(day("2011-08-12")));
    assert_eq!(region.add_working_days(day("2011-07-15"), 20), Ok(day("2011-08-18")));
    // In a year for which the region has announced nothing, the nation's notice holds.
    assert!(!off(region, "2012-07-25"));
}

#[test]
fn a_fault_of_a_region_is_named_with_its_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "cn/a.toml", PACK);
    write(dir.path(), "cn/calendar.csv", CALENDAR);
    write(dir.path(), "cn/regions/x.csv", &format!("{HEADER}2011-07-25,workday,x,y\n"));
    let fault = only_fault(LawBook::from_dir(dir.path()).unwrap_err());
    assert_eq!((fault.file.as_str(), fault.place), ("cn/regions/x.csv", Place::Line(2)));
    write(dir.path(), "cn/regions/x.csv", HEADER);
    assert!(LawBook::from_dir(dir.path()).is_ok());
    write(dir.path(), "us/regions/x.csv", HEADER);
    let fault = only_fault(LawBook::from_dir(dir.path()).unwrap_err());
    assert_eq!(fault.to_string(), "us/regions/x.csv: there is no us/calendar.csv to extend");
}

#[test]
fn a_year_that_is_announced_later_is_laid_over_the_files_and_regions_follow() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "cn/a.toml", PACK);
    write(dir.path(), "cn/calendar.csv", CALENDAR);
    write(dir.path(), "cn/regions/liangshan.csv", &liangshan());
    let law = LawBook::from_dir(dir.path()).unwrap();
    let row = |date: &str, kind| CalendarRow {
        date: date.parse().unwrap(),
        kind,
        name: "元旦".to_owned(),
        source: "测试〔2026〕1号".to_owned(),
    };
    let year = |year, rows| Year { calendar: "cn".to_owned(), year, rows };
    let y2027 = year(2027, vec![row("2027-01-01", ExceptionKind::Holiday)]);
    let next = law.with_years(std::slice::from_ref(&y2027), 1).unwrap();
    for id in ["cn", "cn-liangshan"] {
        assert_eq!(next.calendar(id).unwrap().coverage(), 2004..=2027);
        assert_eq!(law.calendar(id).unwrap().coverage(), 2004..=2026);
    }
    assert_eq!((next.generation(), law.generation()), (1, 0));
    assert_eq!(next.own_rows("cn", 2027).count(), 1);
    assert!(next.own_rows("cn-liangshan", 2027).next().is_none());
    assert_eq!(next.own_rows("cn-liangshan", 2011).count(), 17);
    // An amendment of the region alone.
    let festival = Year {
        calendar: "cn-liangshan".to_owned(),
        year: 2027,
        rows: vec![row("2027-07-26", ExceptionKind::Holiday)],
    };
    let both = law.with_years(&[y2027.clone(), festival.clone()], 2).unwrap();
    assert!(!both.calendar("cn-liangshan").unwrap().is_working_day("2027-07-26".parse().unwrap()));
    assert!(both.calendar("cn").unwrap().is_working_day("2027-07-26".parse().unwrap()));
    // Faults.
    let fault = |years: &[Year]| law.with_years(years, 1).unwrap_err().to_string();
    assert_eq!(
        fault(&[festival]),
        "calendar `cn-liangshan`: 2027-07-26 lies in a year without a notice in the calendar that this one extends"
    );
    assert_eq!(
        fault(&[year(2028, vec![row("2028-01-01", ExceptionKind::Holiday)])]),
        "calendar `cn`: 2027 has no row, though earlier and later years have"
    );
    assert_eq!(
        fault(&[year(2010, Vec::new())]),
        "calendar `cn`: 2010 has no row, though earlier and later years have"
    );
    assert_eq!(
        fault(&[year(2027, vec![row("2026-12-31", ExceptionKind::Holiday)])]),
        "2026-12-31 does not lie in 2027"
    );
    let nowhere = Year { calendar: "us".to_owned(), year: 2027, rows: Vec::new() };
    assert_eq!(fault(&[nowhere]), "there is no calendar `us`");
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

/// What a pack that is silent about retention gets is what the Chinese one says.
#[test]
fn files_are_kept_as_the_program_would_by_default() {
    use crate::domain::archive::{Retention, RetentionRules};
    let law = LawBook::embedded().unwrap();
    assert_eq!(law.newest_pack("cn-ogi-2019").unwrap().retention, RetentionRules::default());
    for retention in Retention::ALL {
        assert_eq!(format!("\"{}\"", retention.code()), serde_json::to_string(retention).unwrap());
    }
}
