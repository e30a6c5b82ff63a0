use super::{
    InternetReceipt, LightThresholds, Limit, LimitUnit, Limits, OutcomeEntry, PackError, Readings,
    ReceiptEntry, ReceiptRule, Remedies, StatutePack,
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
        articles: vec![article()],
        remedies: Remedies::ReconsiderationOrLitigation,
    };
    StatutePack {
        id: "test".to_owned(),
        title_zh: "条例".to_owned(),
        title_en: "act".to_owned(),
        in_force_from: "2019-05-15".parse().unwrap(),
        calendar: "cn".to_owned(),
        limits: Limits {
            reply: Limit { days: 20, unit: LimitUnit::WorkingDay, article: "33(2)".to_owned() },
        },
        lights: LightThresholds { yellow: 5, red: 2 },
        readings: Readings { internet_receipt: InternetReceipt::Submission },
        receipt: Channel::ALL.iter().map(receipt).collect(),
        outcomes: Outcome::ALL.iter().map(outcome).collect(),
    }
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
    pack.readings.internet_receipt = InternetReceipt::Confirmation;
    assert_eq!(pack.receipt_rule(Channel::Online), Some(ReceiptRule::Confirmed));
    pack.receipt.clear();
    assert_eq!(pack.receipt_rule(Channel::Online), None);
}

#[test]
fn every_fault_is_found_at_once() {
    assert_eq!(pack().validate(), Ok(()));
    let mut pack = pack();
    pack.title_zh.clear();
    pack.limits.reply.days = 0;
    pack.lights.red = 9;
    pack.receipt.remove(2);
    pack.receipt[0].article = " ".to_owned();
    pack.outcomes.push(pack.outcomes[0].clone());
    pack.outcomes.remove(20);
    let expected = [
        "title_zh: must not be empty",
        "receipt.counter.article: must not be empty",
        "limits.reply.days: must be 1 or more",
        "lights.red: must not be above yellow (5), is 9",
        "receipt.ordinary_post: the channel is missing",
        "outcomes.granted: the outcome is listed 2 times",
        "outcomes.other_other: the outcome is missing",
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
