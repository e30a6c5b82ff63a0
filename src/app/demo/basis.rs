//! What the demonstration's replies say besides their words: all of it invented.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::domain::outcome::Outcome as O;
use crate::domain::reply::{Basis, Fact, FactValue, RemedyBodies, WithheldPart};

/// The basis of a reply that is drafted on a day.
pub(super) fn basis(subject: &str, outcome: O, today: NaiveDate) -> Basis<String> {
    let before = |days: u64| FactValue::Date(today.checked_sub_days(Days::new(days)).unwrap_or(today));
    let text = |words: &str| FactValue::Text(format!("{words}（演示）。"));
    let word = |code: &str| FactValue::Word(code.to_owned());
    let reason = |words: &str| (Fact::Reason, text(words));
    let (grounds, facts): (&[&str], Vec<(Fact, FactValue<String>)>) = match outcome {
        O::Granted => (&["36(2)"], vec![(Fact::Provided, FactValue::Text(format!("{subject}（复印件）")))]),
        O::PartiallyGranted => (
            &["37", "36(2)"],
            vec![(Fact::Provided, FactValue::Text(format!("{subject}（可以公开的部分）")))],
        ),
        O::DeniedStateSecret => (
            &["14", "36(3)"],
            vec![
                (Fact::SecrecyLevel, word("confidential")),
                (Fact::SecrecyBasis, text("该文件由原制发机关依法定密")),
                reason("该信息属于国家秘密"),
            ],
        ),
        O::DeniedProhibitedByLaw => (
            &["14", "36(3)"],
            vec![(Fact::ForbiddingLaw, text("有关法律规定该类资料应当保密")), reason("法律禁止公开该信息")],
        ),
        O::DeniedSecurityStability => (
            &["14", "36(3)"],
            vec![(Fact::Endangered, word("public_security")), reason("公开后可能危及公共安全")],
        ),
        O::DeniedThirdPartyRights => (
            &["15", "36(3)"],
            vec![
                (Fact::ConsultationResult, text("第三方不同意公开且有合理理由")),
                (Fact::PublicInterest, text("不公开不会对公共利益造成重大影响")),
                reason("公开会损害第三方合法权益"),
            ],
        ),
        O::DeniedInternalAffairs => {
            (&["16(1)", "36(3)"], vec![(Fact::InternalAffairs, word("workflow")), reason("属于内部事务信息")])
        }
        O::DeniedDeliberativeProcess => (
            &["16(2)", "36(3)"],
            vec![(Fact::ProcessRecord, word("discussion_record")), reason("属于过程性信息")],
        ),
        O::DeniedEnforcementFiles => (
            &["16(2)", "36(3)"],
            vec![(Fact::EnforcementFile, text("某行政处罚案卷")), reason("属于行政执法案卷信息")],
        ),
        O::DeniedAdministrativeQuery => (
            &["36(7)"],
            vec![
                (Fact::SpecialLaw, text("有关登记查询的特别规定")),
                (Fact::WhereToAsk, text("示例市登记中心查询窗口")),
            ],
        ),
        O::UnableNotHeld => (&["36(4)"], vec![(Fact::Search, text("已检索档案系统和各科室台账，未找到"))]),
        O::UnableNeedsCreation => (&["38"], vec![(Fact::WhyCreation, text("没有现成信息，需要汇总分析"))]),
        O::UnableUnclearAfterCorrection => {
            (&["30"], vec![(Fact::CorrectionNoticeOn, before(7)), reason("补正后仍无法确定所指信息")])
        }
        O::NotProcessedComplaintPetition => {
            (&["39(1)"], vec![(Fact::ProperChannel, text("请向信访部门反映"))])
        }
        O::NotProcessedRepeat => (
            &["36(6)"],
            vec![
                (Fact::EarlierReplyNumber, FactValue::Text("示公复〔2025〕1号".to_owned())),
                (Fact::EarlierReplyOn, before(90)),
            ],
        ),
        O::NotProcessedPublication => (&["39(2)"], vec![(Fact::PublicationWhere, text("市图书馆可查阅"))]),
        O::NotProcessedExcessive => (
            &["35"],
            vec![
                (Fact::ExcessFacts, text("一个月内就同类事项提出数十件申请")),
                (Fact::ReasonsGiven, text("申请人未说明具体用途")),
                (Fact::WhyUnreasonable, text("申请数量、频次明显超过合理范围")),
            ],
        ),
        O::NotProcessedConfirmation => (
            &[],
            vec![(Fact::ObtainedBefore, text("申请人此前已获取该信息")), reason("要求确认已获取的信息")],
        ),
        O::OtherOverdueCorrection => (&["30"], overdue(before)),
        O::OtherOverdueFee => (&["42"], overdue(before)),
        O::OtherOther => (&[], vec![reason("其他处理")]),
    };
    Basis {
        grounds: grounds.iter().map(|ground| (*ground).to_owned()).collect(),
        facts: BTreeMap::from_iter(facts),
        withheld: withheld(outcome),
        overrides: Vec::new(),
        remedies: RemedyBodies {
            reconsideration_body: Some("示例省人民政府（演示）".to_owned()),
            court: Some("示例市中级人民法院（演示）".to_owned()),
            online_filing: None,
        },
    }
}

fn overdue(before: impl Fn(u64) -> FactValue<String>) -> Vec<(Fact, FactValue<String>)> {
    vec![(Fact::NoticeOn, before(40)), (Fact::NoticeServedOn, before(38)), (Fact::ExpiredOn, before(2))]
}

fn withheld(outcome: O) -> Vec<WithheldPart<String>> {
    if outcome != O::PartiallyGranted {
        return Vec::new();
    }
    vec![WithheldPart {
        what: "附件中的内部流转记录（演示）".to_owned(),
        outcome: O::DeniedInternalAffairs,
        grounds: vec!["16(1)".to_owned()],
        reason: "属于内部工作流程信息（演示）。".to_owned(),
        consultation: None,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reply::faults;
    use crate::law::LawBook;

    #[test]
    fn every_reply_of_the_demonstration_is_whole() {
        let law = LawBook::embedded().unwrap();
        let pack = law.pack("cn-ogi-2019").unwrap();
        let today = "2026-03-02".parse().unwrap();
        for outcome in O::ALL {
            assert_eq!(faults(pack, *outcome, &basis("摘要", *outcome, today), &[], today), []);
        }
    }
}
