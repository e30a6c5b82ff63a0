//! The words in which a timeline is explained.

use super::super::{ConsultationKind, Fact, Rules, What, explain, timeline_with_days};
use super::date;
use crate::domain::calendar::tests::published;
use crate::domain::lang::Lang;
use crate::domain::statute::tests::pack;

#[test]
fn a_timeline_is_explained_in_words_that_can_be_read_out() {
    let (pack, calendar) = (pack(), published());
    let rules = Rules::of(&pack, &calendar);
    let reference = "1".to_owned();
    let (kind, served_on) = (ConsultationKind::ThirdParty, Some(date("2026-03-12")));
    let facts = [
        Fact::received(date("2026-03-02")),
        Fact::new(
            date("2026-03-10"),
            What::ConsultationSent { reference: reference.clone(), kind, served_on },
        ),
        Fact::new(date("2026-03-20"), What::ConsultationAnswered { reference }),
    ];
    let (timeline, days) = timeline_with_days(&facts, &rules, date("2026-03-23")).unwrap();
    let zh = explain(&timeline, &days, &facts, &rules, Lang::Zh);
    let en = explain(&timeline, &days, &facts, &rules, Lang::En);
    println!("{zh}\n{en}");
    for line in ["申请于2026年3月2日（周一）收到。", "最后一日是2026年4月10日（周五）。"]
    {
        assert!(zh.contains(line), "{zh}");
    }
}
