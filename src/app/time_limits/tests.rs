use super::*;

#[test]
fn the_fee_tiers_of_the_law_file_are_those_of_the_fee_measure() {
    let law = LawBook::embedded().unwrap();
    let yuan = |mode| fees(&law, "cn-ogi-2019", mode).unwrap().1.amount / 100;
    let pages = [30, 31, 68, 100, 101, 200, 201, 1500].map(|pages| yuan(FeeMode::PerPage { pages }));
    assert_eq!(pages, [0, 10, 380, 700, 720, 2700, 2740, 54_700]);
    let pieces = [10, 11, 14, 30, 35, 45, 61].map(|pieces| yuan(FeeMode::PerPiece { already: 0, pieces }));
    assert_eq!(pieces, [0, 100, 400, 2000, 3000, 5500, 11_500]);
    let (fees, _) = fees(&law, "cn-ogi-2019", FeeMode::PerPage { pages: 1 }).unwrap();
    assert_eq!((fees.currency.as_str(), fees.unit.as_str()), ("CNY", "fen"));
}

fn told(error: AppError) -> Vec<(String, &'static str)> {
    let AppError::Invalid(errors) = error else { panic!("{error}") };
    for error in &errors {
        assert!(error.zh.contains(|c: char| ('一'..='龥').contains(&c)) && error.en.is_ascii(), "{error:?}");
    }
    errors.into_iter().map(|error| (error.pointer, error.code)).collect()
}

#[test]
fn every_unknown_name_is_told_at_once_with_those_there_are() {
    let law = LawBook::embedded().unwrap();
    let readings = [("moon", "full"), ("silence", "neither"), ("first_day", "that_day"), ("a/b~", "x")];
    let readings = readings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let wrong = rules(&law, "cn-ogi", Some("mars"), &readings).unwrap_err();
    let told_of = [
        ("/statute", "unknown_value"),
        ("/calendar", "unknown_value"),
        ("/readings/a~1b~0", "unknown_field"),
        ("/readings/moon", "unknown_field"),
        ("/readings/silence", "unknown_value"),
    ];
    assert_eq!(told(wrong), told_of.map(|(pointer, code)| (pointer.to_owned(), code)));
    let AppError::Invalid(errors) = rules(&law, "x", None, &BTreeMap::new()).unwrap_err() else { panic!() };
    assert_eq!(errors[0].en, "Unknown value; expected cn-ogi-2019.");
    let one = [("first_day".to_owned(), "that_day".to_owned())].into();
    let read = rules(&law, "cn-ogi-2019", None, &one).unwrap();
    assert!(read.readings.is(Point::FirstDay, crate::domain::statute::Reading::ThatDay));
}

#[test]
fn dates_half_a_century_apart_are_no_application() {
    let law = LawBook::embedded().unwrap();
    let rules = rules(&law, "cn-ogi-2019", None, &BTreeMap::new()).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let until = Fact::new(day("2026-03-03"), What::DelayedReplySet { until: day("9000-01-01") });
    let facts = [Fact::received(day("2026-03-02")), until];
    let wrong = calculate(&facts, 0, rules, AsOf::Asked(day("2026-03-02"))).unwrap_err();
    assert_eq!(told(wrong), [("/facts/1/until".to_owned(), "out_of_range")]);
    let wrong = calculate(&facts, 1, rules, AsOf::Asked(day("2026-03-02"))).unwrap_err();
    assert_eq!(told(wrong), [("/facts/0/until".to_owned(), "out_of_range")]);
}

#[test]
fn a_day_half_a_century_later_is_not_counted_to() {
    let law = LawBook::embedded().unwrap();
    let rules = rules(&law, "cn-ogi-2019", None, &BTreeMap::new()).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let facts = [Fact::received(day("2026-03-02"))];
    let wrong = calculate(&facts, 0, rules, AsOf::Asked(day("9998-12-31"))).unwrap_err();
    assert_eq!(told(wrong), [("/as_of".to_owned(), "out_of_range")]);
    assert!(calculate(&facts, 0, rules, AsOf::Asked(day("2076-12-31"))).is_ok());
}
