use uuid::Uuid;

use super::*;
use crate::domain::case::event::Digest;
use crate::domain::ids::TextId;
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Fact, Override, RemedyBodies, WithheldPart};

fn text(n: u128) -> TextRef {
    TextRef { id: TextId(Uuid::from_u128(n)), commitment: Digest([0; 32]) }
}

/// Labels are given by place: were a list told in another order, words would bear another's name.
#[test]
fn each_word_of_a_draft_bears_its_own_name() {
    let body =
        Fact::ALL.iter().find(|fact| matches!(fact.form(), crate::domain::reply::FactForm::Text)).unwrap();
    let date =
        Fact::ALL.iter().find(|fact| matches!(fact.form(), crate::domain::reply::FactForm::Date)).unwrap();
    let basis = Basis {
        grounds: vec!["37".to_owned()],
        facts: [(*body, FactValue::Text(text(2))), (*date, FactValue::Date("2026-03-02".parse().unwrap()))]
            .into(),
        withheld: vec![WithheldPart {
            what: text(3),
            outcome: Outcome::DeniedStateSecret,
            grounds: vec!["14".to_owned()],
            reason: text(4),
            consultation: None,
        }],
        overrides: vec![Override { consultation: 1, told_on: None, content: text(5), reason: text(6) }],
        remedies: RemedyBodies {
            reconsideration_body: Some(text(7)),
            court: None,
            online_filing: Some(text(8)),
        },
    };
    let (version, outcome, content) = (1, Outcome::PartiallyGranted, Digest([0; 32]));
    let event = Event::Drafted { version, outcome, text: text(1), content, basis };
    let found: Vec<(u128, Option<&str>)> =
        of(&event).iter().map(|words| (words.text.id.0.as_u128(), words.label)).collect();
    let expected = [
        (1, "答复正文"),
        (2, body.label_zh()),
        (3, "不予公开的部分"),
        (4, "不予公开的理由"),
        (5, "告知第三方拟公开的内容"),
        (6, "告知第三方公开的理由"),
        (7, "行政复议机关"),
        (8, "提交行政复议申请书的互联网渠道"),
    ];
    assert_eq!(found, expected.map(|(n, label)| (n, Some(label))));
}

#[test]
fn words_of_other_events_are_all_there_and_need_no_name() {
    let event = Event::Returned { n: 1, reason: text(9) };
    assert_eq!(of(&event), [Words { text: &text(9), label: None }]);
}
