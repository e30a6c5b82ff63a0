use super::*;

#[test]
fn a_period_is_whole_years_after_the_year_of_archiving() {
    for (archived_on, ten, thirty) in [
        ("2026-01-01", "2036-12-31", "2056-12-31"),
        ("2026-12-31", "2036-12-31", "2056-12-31"),
        ("2027-01-01", "2037-12-31", "2057-12-31"),
        ("2024-02-29", "2034-12-31", "2054-12-31"),
    ] {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(Retention::Years10.ends_on(day(archived_on)), Some(day(ten)));
        assert_eq!(Retention::Years30.ends_on(day(archived_on)), Some(day(thirty)));
        assert_eq!(Retention::Permanent.ends_on(day(archived_on)), None);
    }
}

#[test]
fn periods_are_ordered_and_coded() {
    assert!(Retention::ALL.is_sorted());
    for retention in Retention::ALL {
        assert_eq!(Retention::parse(retention.code()), Some(*retention));
    }
    assert_eq!(Retention::parse("10"), None);
}

#[test]
fn parts_of_a_code_cannot_be_confused() {
    for good in ["Z109", "320800", "XXGK.1", "a_b"] {
        assert!(is_code_part(good), "{good}");
        assert_eq!(as_code_part(good), good);
    }
    for bad in ["", "a-b", "公开", "a b", "123456789012345678901"] {
        assert!(!is_code_part(bad), "{bad}");
        assert!(is_code_part(&as_code_part(bad)), "{bad}");
    }
}
