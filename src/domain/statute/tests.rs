use super::{
    FeeTier, Fees, LightThresholds, Limit, LimitUnit, Limits, OutcomeEntry, PackError, Point, Reading,
    Readings, ReceiptEntry, ReceiptRule, Releases, Remedies, StatutePack,
};
use crate::domain::channel::Channel;
use crate::domain::channel::tests::assert_coded;
use crate::domain::outcome::Outcome;

/// A valid pack with the limit and thresholds of the Chinese one.
pub(crate) fn pack() -> StatutePack {
    let article = || "31".to_owned();
    let receipt = |channel: &Channel| ReceiptEntry {
        channel: *channel,
        rule: ReceiptRule::Confirmed,
        article: article(),
    };
    let outcome = |code: &Outcome| OutcomeEntry {
        code: *code,
        articles: Vec::new(),
        also: Vec::new(),
        remedies: Remedies::ReconsiderationOrLitigation,
        releases: Releases::Nothing,
        facts: Vec::new(),
        withheld: Vec::new(),
    };
    StatutePack {
        id: "test".to_owned(),
        version: 1,
        title_zh: "条例".to_owned(),
        title_en: "act".to_owned(),
        in_force_from: "2019-05-15".parse().unwrap(),
        in_force_until: None,
        calendar: "cn".to_owned(),
        exclusion_article: Some("33(3)".to_owned()),
        order_article: Some("行政复议法实施条例 49".to_owned()),
        limits: Limits {
            reply: limit(20, LimitUnit::WorkingDay),
            extension: Some(limit(20, LimitUnit::WorkingDay)),
            correction_notice: Some(limit(7, LimitUnit::WorkingDay)),
            correction_response: Some(limit(15, LimitUnit::WorkingDay)),
            third_party_answer: Some(limit(15, LimitUnit::WorkingDay)),
            joint_maker_answer: Some(limit(15, LimitUnit::WorkingDay)),
            other_organ_answer: Some(limit(15, LimitUnit::WorkingDay)),
            delayed_reply: Some(limit(120, LimitUnit::WorkingDay)),
            fee_payment: Some(limit(20, LimitUnit::WorkingDay)),
            disclosure_hold: Some(limit(10, LimitUnit::WorkingDay)),
            reconsideration: Some(limit(60, LimitUnit::CalendarDay)),
            litigation: Some(limit(6, LimitUnit::Month)),
            litigation_after_reconsideration: Some(limit(15, LimitUnit::CalendarDay)),
            reconsideration_answer: Some(limit(10, LimitUnit::WorkingDay)),
            reconsideration_answer_simplified: Some(limit(5, LimitUnit::WorkingDay)),
            litigation_answer: Some(limit(15, LimitUnit::CalendarDay)),
            complaint_answer: Some(limit(15, LimitUnit::WorkingDay)),
        },
        lights: LightThresholds { yellow: 5, red: 2 },
        readings: Readings::usual(),
        receipt: Channel::ALL.iter().map(receipt).collect(),
        outcomes: Outcome::ALL.iter().map(outcome).collect(),
        remedy_clauses: Vec::new(),
        fees: None,
        notices: Vec::new(),
        retention: crate::domain::archive::RetentionRules::default(),
    }
}

fn limit(length: u16, unit: LimitUnit) -> Limit {
    Limit { length, unit, article: "33(2)".to_owned() }
}

fn faults(pack: &StatutePack) -> Vec<String> {
    pack.validate().unwrap_err().iter().map(PackError::to_string).collect()
}

#[test]
fn receipt_rules_and_remedies_are_coded() {
    let labels = [ReceiptRule::label_zh, ReceiptRule::label_en];
    assert_coded(ReceiptRule::ALL, ReceiptRule::code, ReceiptRule::parse, labels);
    let labels = [Remedies::label_zh, Remedies::label_en];
    assert_coded(Remedies::ALL, Remedies::code, Remedies::parse, labels);
}

#[test]
fn only_confirmation_needs_confirming() {
    let rules: Vec<_> = ReceiptRule::ALL.iter().filter(|rule| rule.needs_confirmation()).collect();
    assert_eq!(rules, [&ReceiptRule::Confirmed]);
}

#[test]
fn the_reading_replaces_confirmation_only_for_what_comes_by_internet() {
    let mut pack = pack();
    for channel in Channel::ALL {
        let internet = matches!(channel, Channel::Online | Channel::Email);
        let expected = if internet { ReceiptRule::Submitted } else { ReceiptRule::Confirmed };
        assert_eq!(pack.receipt_rule(*channel), Some(expected));
    }
    pack.readings = pack.readings.other(Point::InternetReceipt, Reading::Confirmation);
    assert_eq!(pack.receipt_rule(Channel::Online), Some(ReceiptRule::Confirmed));
    pack.receipt.clear();
    assert_eq!(pack.receipt_rule(Channel::Online), None);
}

#[test]
fn every_fault_is_found_at_once() {
    assert_eq!(pack().validate(), Ok(()));
    let mut pack = pack();
    pack.title_zh.clear();
    pack.limits.reply.length = 0;
    pack.limits.extension = Some(limit(1, LimitUnit::Month));
    pack.version = 0;
    pack.lights.red = 9;
    pack.receipt.remove(2);
    pack.receipt[0].article = " ".to_owned();
    pack.outcomes.push(pack.outcomes[0].clone());
    let expected = [
        "title_zh: must not be empty",
        "receipt.counter.article: must not be empty",
        "version: must be 1 or more",
        "limits.reply.length: must be 1 or more",
        "limits.extension.unit: must be working_day",
        "lights.red: must not be above yellow (5), is 9",
        "receipt.ordinary_post: the channel is missing",
        "outcomes.granted: the outcome is listed 2 times",
    ];
    assert_eq!(faults(&pack), expected);
}

#[test]
fn lights_fall_within_the_limit() {
    let mut pack = pack();
    pack.lights.yellow = 20;
    assert_eq!(faults(&pack), ["lights.yellow: must be below the reply limit of 20 days, is 20"]);
    pack.lights.yellow = 19;
    pack.lights.red = 19;
    assert_eq!(pack.validate(), Ok(()));
}

#[test]
fn fee_tiers_rise_and_end_open() {
    let tier = |to, step| FeeTier { to, rate: 1, step, rise: step.map(u64::from) };
    let fees = |per_page: Vec<FeeTier>| {
        let text = || "x".to_owned();
        let per_piece = vec![tier(Some(10), None), tier(None, Some(10))];
        let mut pack = pack();
        pack.fees = Some(Fees { article: text(), currency: text(), unit: text(), per_page, per_piece });
        pack.validate().err().map(|_| faults(&pack)).unwrap_or_default()
    };
    assert_eq!(fees(vec![tier(Some(3), None), tier(None, None)]), Vec::<String>::new());
    assert_eq!(fees(vec![]), ["fees.per_page: must have a tier"]);
    assert_eq!(fees(vec![tier(Some(3), None)]), ["fees.per_page[0].to: the last tier must be open"]);
    let falling = fees(vec![tier(Some(3), None), tier(Some(3), None), tier(None, None)]);
    assert_eq!(falling, ["fees.per_page[1].to: must be above the tier before"]);
    let rising = fees(vec![tier(None, Some(0))]);
    assert_eq!(rising, ["fees.per_page[0].step: step and rise go together, step being 1 or more"]);
}
