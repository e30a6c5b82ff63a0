//! Every outcome of the Regulation, whole and with each thing missing.

use std::collections::BTreeMap;

use crate::domain::case::clock_record::Consultation;
use crate::domain::case::event::Position;
use crate::domain::lang::Lang;
use crate::domain::outcome::Outcome;
use crate::domain::reply::{
    Basis, Fact, FactForm, FactValue, Fault, Lack, Override, RemedyBodies, RemedyBody, WithheldPart, clause,
    faults,
};
use crate::domain::statute::{Releases, Remedies, StatutePack};
use crate::domain::time_limit::ConsultationKind;
use crate::law::LawBook;

fn pack() -> StatutePack {
    StatutePack::clone(LawBook::embedded().unwrap().pack("cn-ogi-2019").unwrap())
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn today() -> chrono::NaiveDate {
    day("2026-03-02")
}

fn value(fact: Fact) -> FactValue<String> {
    match fact.form() {
        FactForm::Text => FactValue::Text(fact.label_zh().to_owned()),
        FactForm::Date => FactValue::Date(today()),
        FactForm::Word(words) => FactValue::Word(words[0].code.to_owned()),
    }
}

fn named() -> RemedyBodies<String> {
    RemedyBodies {
        reconsideration_body: Some("某市人民政府".to_owned()),
        court: Some("某区人民法院".to_owned()),
        online_filing: None,
    }
}

fn part(outcome: Outcome, ground: &str) -> WithheldPart<String> {
    WithheldPart {
        what: "附件".to_owned(),
        outcome,
        grounds: vec![ground.to_owned()],
        reason: "不应当公开".to_owned(),
        consultation: None,
    }
}

/// For each ground that an outcome may rest on (or none, where it has none) a reply that is whole: by each alternative
/// of each fact.
fn whole(pack: &StatutePack) -> Vec<(Outcome, Basis<String>)> {
    let mut all = Vec::new();
    for entry in &pack.outcomes {
        let mut grounds: Vec<Vec<String>> = entry.articles.iter().map(|one| vec![one.clone()]).collect();
        grounds.push(entry.citable().cloned().collect());
        for grounds in grounds {
            let rules: Vec<_> = entry
                .facts
                .iter()
                .filter(|rule| rule.under.is_empty() || rule.under.iter().any(|it| grounds.contains(it)))
                .collect();
            let most = rules.iter().map(|rule| rule.any_of.len()).max().unwrap_or(1);
            for choice in 0..most {
                let chosen = rules.iter().map(|rule| rule.any_of[choice.min(rule.any_of.len() - 1)]);
                let facts: BTreeMap<_, _> = chosen.map(|fact| (fact, value(fact))).collect();
                let withheld = entry.withheld.first().map(|outcome| part(*outcome, "14"));
                let withheld = withheld.into_iter().collect();
                let (grounds, overrides) = (grounds.clone(), Vec::new());
                let basis = Basis { grounds, facts, withheld, overrides, remedies: named() };
                all.push((entry.code, basis));
            }
        }
    }
    all
}

fn found(pack: &StatutePack, outcome: Outcome, basis: &Basis<String>) -> Vec<Fault> {
    faults(pack, outcome, basis, &[], today())
}

/// Each outcome's facts of `statute-cn.md` 5.1, in a list of its own, so that a rule dropped from the pack is seen here.
fn by_the_digest(outcome: Outcome, ground: &str) -> &'static [&'static str] {
    match (outcome, ground) {
        (Outcome::Granted, "36(1)") => &["way"],
        (Outcome::Granted | Outcome::PartiallyGranted, _) => &["provided|way"],
        (Outcome::DeniedStateSecret, _) => &["secrecy_level", "secrecy_basis", "reason"],
        (Outcome::DeniedProhibitedByLaw, _) => &["forbidding_law", "reason"],
        (Outcome::DeniedSecurityStability, _) => &["endangered", "reason"],
        (Outcome::DeniedThirdPartyRights, _) => &["consultation_result", "public_interest", "reason"],
        (Outcome::DeniedInternalAffairs, _) => &["internal_affairs", "reason"],
        (Outcome::DeniedDeliberativeProcess, _) => &["process_record", "reason"],
        (Outcome::DeniedEnforcementFiles, _) => &["enforcement_file", "reason"],
        (Outcome::DeniedAdministrativeQuery, _) => &["special_law", "where_to_ask"],
        (Outcome::UnableNotHeld, "36(4)") => &["search"],
        (Outcome::UnableNotHeld, _) => &["reason", "other_body|other_body_unknown"],
        (Outcome::UnableNeedsCreation, _) => &["why_creation"],
        (Outcome::UnableUnclearAfterCorrection, _) => &["correction_notice_on", "reason"],
        (Outcome::NotProcessedComplaintPetition, _) => &["proper_channel"],
        (Outcome::NotProcessedRepeat, _) => &["earlier_reply_number", "earlier_reply_on"],
        (Outcome::NotProcessedPublication, _) => &["publication_where"],
        (Outcome::NotProcessedExcessive, _) => &["excess_facts", "reasons_given", "why_unreasonable"],
        (Outcome::NotProcessedConfirmation, _) => &["obtained_before", "reason"],
        (Outcome::OtherOverdueCorrection | Outcome::OtherOverdueFee, _) => {
            &["notice_on", "notice_served_on", "expired_on"]
        }
        (Outcome::OtherOther, _) => &["reason"],
    }
}

/// What the digest asks of a reply under these grounds and this one does not state.
fn asked(outcome: Outcome, grounds: &[String], basis: &Basis<String>) -> Vec<String> {
    let mut under: Vec<&str> = grounds.iter().map(String::as_str).collect();
    under.retain(|ground| {
        // Articles that stand beside the ground ask for nothing; without any article there is one list.
        !matches!((outcome, *ground), (_, "36(3)") | (Outcome::PartiallyGranted, "36(2)"))
    });
    if under.is_empty() {
        under.push("");
    }
    let mut asked: Vec<String> = Vec::new();
    for rule in under.into_iter().flat_map(|ground| by_the_digest(outcome, ground)) {
        let stated = |code: &str| basis.facts.contains_key(&Fact::parse(code).unwrap());
        if !rule.split('|').any(stated) && !asked.iter().any(|it| it == rule) {
            asked.push((*rule).to_owned());
        }
    }
    asked
}

/// The facts of which one is missing.
fn lacked(fault: &Fault) -> String {
    let Lack::Fact(any) = &fault.lack else { panic!("{fault:?}") };
    any.iter().map(|fact| fact.code()).collect::<Vec<_>>().join("|")
}

#[test]
fn facts_are_written_by_their_codes() {
    for fact in Fact::ALL {
        assert_eq!(serde_json::to_value(fact).unwrap(), fact.code());
    }
}

#[test]
fn the_regulation_asks_for_the_facts_of_the_digest() {
    let pack = pack();
    assert_eq!(pack.outcomes.len(), Outcome::ALL.len());
    for entry in &pack.outcomes {
        let grounds = if entry.articles.is_empty() { vec![String::new()] } else { entry.articles.clone() };
        for ground in grounds {
            let mut basis: Basis<String> = Basis { remedies: named(), ..Basis::default() };
            basis.grounds = Some(ground.clone()).filter(|it| !it.is_empty()).into_iter().collect();
            basis.withheld = entry.withheld.first().map(|outcome| part(*outcome, "14")).into_iter().collect();
            let asked: Vec<String> = found(&pack, entry.code, &basis).iter().map(lacked).collect();
            assert_eq!(asked, by_the_digest(entry.code, &ground), "{:?} {ground}", entry.code);
        }
    }
}

#[test]
fn every_outcome_can_be_replied_to_and_each_missing_thing_is_told_alone() {
    let pack = pack();
    let mut replied = std::collections::BTreeSet::new();
    let (mut facts, mut others) = (0, 0);
    for (outcome, basis) in whole(&pack) {
        assert_eq!(found(&pack, outcome, &basis), [], "{outcome:?} {basis:?}");
        replied.insert(outcome);
        for fact in basis.facts.keys() {
            let mut lacking = basis.clone();
            lacking.facts.remove(fact);
            let told = found(&pack, outcome, &lacking);
            let mut wanted = asked(outcome, &basis.grounds, &lacking);
            wanted.sort();
            let mut lacks: Vec<_> = told.iter().map(lacked).collect();
            lacks.sort();
            assert_eq!(lacks, wanted, "{outcome:?} without {fact:?}");
            for fault in &told {
                assert_eq!(fault.pointer, format!("/facts/{}", lacked(fault).split('|').next().unwrap()));
                for (lang, label) in [(Lang::Zh, fact.label_zh()), (Lang::En, fact.label_en())] {
                    assert!(fault.message(lang).contains(label), "{}", fault.message(lang));
                }
                facts += 1;
            }
        }
        let entry = pack.outcome(outcome).unwrap();
        let clause = pack.remedy_clause(outcome).unwrap();
        assert!(!clause.bodies.is_empty());
        for body in &clause.bodies {
            let mut lacking = basis.clone();
            match body {
                RemedyBody::ReconsiderationBody => lacking.remedies.reconsideration_body = None,
                RemedyBody::Court => lacking.remedies.court = None,
                RemedyBody::OnlineFiling => unreachable!("asked of no reply"),
            }
            let told = found(&pack, outcome, &lacking);
            assert_eq!(told.iter().map(|it| &it.lack).collect::<Vec<_>>(), [&Lack::Body(*body)]);
            assert_eq!(told[0].pointer, format!("/remedies/{}", body.code()));
            assert!(told[0].article.is_some());
            others += 1;
        }
        // Without a ground: that is told first, and what is asked under that ground alone is not.
        let mut lacking = basis.clone();
        lacking.grounds.clear();
        let told = found(&pack, outcome, &lacking);
        let none = entry.articles.is_empty();
        assert_eq!(told.first().map(|it| it.pointer.as_str()), (!none).then_some("/grounds"));
        others += usize::from(!none);
        if entry.releases == Releases::Part {
            let mut lacking = basis.clone();
            lacking.withheld.clear();
            assert_eq!(found(&pack, outcome, &lacking)[0].lack, Lack::Part);
            let mut lacking = basis.clone();
            lacking.withheld[0].grounds.clear();
            assert_eq!(found(&pack, outcome, &lacking)[0].pointer, "/withheld/0/grounds");
            others += 2;
        }
        // Everything missing is told at once.
        let nothing = found(&pack, outcome, &Basis::default());
        let asked = entry.facts.iter().filter(|rule| rule.under.is_empty()).count();
        let parts = usize::from(!entry.withheld.is_empty());
        assert_eq!(nothing.len(), usize::from(!none) + asked + parts + clause.bodies.len(), "{nothing:?}");
        assert!(nothing.iter().all(|fault| !fault.lack.is_wrong()));
    }
    assert_eq!(replied.len(), 21);
    assert_eq!((facts, others), (95, 134), "figures for the report; a rule less is seen here");
}

#[test]
fn what_does_not_belong_is_wrong() {
    let pack = pack();
    let (outcome, basis) =
        whole(&pack).into_iter().find(|(it, _)| *it == Outcome::DeniedStateSecret).unwrap();
    let told = |change: &dyn Fn(&mut Basis<String>)| {
        let mut changed = basis.clone();
        change(&mut changed);
        let told = found(&pack, outcome, &changed);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].lack.is_wrong());
        format!("{} {}", told[0].pointer, told[0].lack.code())
    };
    assert_eq!(told(&|it| it.grounds.push("15".to_owned())), "/grounds/1 unknown");
    assert_eq!(told(&|it| it.grounds.push("36".to_owned())), "/grounds/1 unknown");
    assert_eq!(told(&|it| it.withheld.push(part(Outcome::DeniedStateSecret, "14"))), "/withheld superfluous");
    let level = |word: &str| FactValue::Word(word.to_owned());
    assert_eq!(
        told(&|it| drop(it.facts.insert(Fact::SecrecyLevel, level("workflow")))),
        "/facts/secrecy_level type"
    );
    assert_eq!(
        told(&|it| drop(it.facts.insert(Fact::ExpiredOn, FactValue::Date(day("2026-03-03"))))),
        "/facts/expired_on range"
    );
    let overriding =
        Override {
            consultation: 1, told_on: None, content: "内容".to_owned(), reason: "理由".to_owned()
        };
    assert_eq!(told(&|it| it.overrides.push(overriding.clone())), "/overrides superfluous");
    assert_eq!(
        told(&|it| {
            it.facts.insert(Fact::NoticeOn, FactValue::Date(day("2026-02-03")));
            it.facts.insert(Fact::ExpiredOn, FactValue::Date(day("2026-02-02")));
        }),
        "/facts/expired_on range"
    );
    // A part may be withheld by what Articles 14 to 16 protect, on their own articles, and by nothing else.
    for refusal in Outcome::ALL {
        for ground in ["14", "15", "16(1)", "16(2)", "32", "36(3)", "36(4)"] {
            let (outcome, mut partial) =
                whole(&pack).into_iter().find(|(it, _)| *it == Outcome::PartiallyGranted).unwrap();
            partial.withheld = vec![part(*refusal, ground)];
            let entry = pack.outcome(*refusal).unwrap();
            let may = pack.outcome(outcome).unwrap().withheld.contains(refusal)
                && entry.articles.iter().any(|article| article == ground);
            assert_eq!(found(&pack, outcome, &partial).is_empty(), may, "{refusal:?} {ground}");
        }
    }
}

fn consulted(n: u32, kind: ConsultationKind, position: Option<Position>) -> Consultation {
    Consultation {
        n,
        kind,
        sent_on: today(),
        served_on: None,
        answered_on: position.map(|_| today()),
        lapsed_on: None,
        position,
    }
}

/// Article 32, last sentence: over every outcome, kind of consultation and answer.
#[test]
fn a_third_party_who_objected_is_told_before_anything_is_released() {
    let pack = pack();
    let positions = [None].into_iter().chain(Position::ALL.iter().copied().map(Some));
    let mut overridden = 0;
    for position in positions {
        for kind in [ConsultationKind::ThirdParty, ConsultationKind::JointMaker, ConsultationKind::OtherOrgan]
        {
            let record = [consulted(1, kind, position)];
            let objected = kind == ConsultationKind::ThirdParty
                && matches!(position, Some(Position::Objects | Position::Partly));
            for (outcome, basis) in whole(&pack) {
                let releases = pack.outcome(outcome).unwrap().releases != Releases::Nothing;
                let told = faults(&pack, outcome, &basis, &record, today());
                let untold = told.iter().any(|fault| fault.lack == Lack::Untold(1));
                assert_eq!(untold, objected && releases, "{outcome:?} {kind:?} {position:?}");
                assert_eq!(told.len(), usize::from(untold));
                let mut telling = basis.clone();
                telling.overrides = vec![Override {
                    consultation: 1,
                    told_on: Some(today()),
                    content: "公开的内容".to_owned(),
                    reason: "公共利益".to_owned(),
                }];
                let told = faults(&pack, outcome, &telling, &record, today());
                assert_eq!(told.is_empty(), objected && releases, "{told:?}");
                overridden += usize::from(told.is_empty());
                if releases && objected {
                    telling.overrides[0].told_on = Some(day("2026-03-03"));
                    assert_eq!(
                        faults(&pack, outcome, &telling, &record, today())[0].lack,
                        Lack::Future(today())
                    );
                }
                // A partial disclosure may honour the objection instead.
                if outcome == Outcome::PartiallyGranted && objected {
                    let mut honouring = basis.clone();
                    honouring.withheld = vec![part(Outcome::DeniedThirdPartyRights, "15")];
                    assert_eq!(faults(&pack, outcome, &honouring, &record, today())[0].lack, Lack::Untold(1));
                    honouring.withheld[0].consultation = Some(1);
                    assert_eq!(faults(&pack, outcome, &honouring, &record, today()), []);
                    honouring.withheld[0].consultation = Some(2);
                    let told = faults(&pack, outcome, &honouring, &record, today());
                    assert_eq!(told[0].lack, Lack::NoObjection(2));
                }
            }
        }
    }
    assert!(overridden > 0);
}

#[test]
fn refusals_under_articles_14_to_16_name_reconsideration_first_and_no_period_for_a_direct_suit() {
    let pack = pack();
    for outcome in Outcome::ALL {
        let zh = clause(&pack, *outcome, &named(), Lang::Zh).unwrap();
        let en = clause(&pack, *outcome, &named(), Lang::En).unwrap();
        assert!(zh.contains("60日内") && zh.contains("某市人民政府") && en.contains("60 days"), "{zh}");
        let first = pack.outcome(*outcome).unwrap().remedies == Remedies::ReconsiderationFirst;
        assert_eq!(zh.contains("先向某市人民政府申请行政复议") && zh.contains("15日内"), first, "{zh}");
        assert_eq!(zh.contains("6个月内向某区人民法院提起行政诉讼"), !first, "{zh}");
        assert_eq!((en.contains("6 months"), en.contains("apply first")), (!first, first), "{en}");
        assert!(!zh.contains('{') && !en.contains('{'));
    }
}

#[test]
fn a_clause_tells_names_as_they_are_and_leaves_blanks() {
    let pack = pack();
    let mut names = RemedyBodies::none();
    let blank = clause(&pack, Outcome::Granted, &names, Lang::Zh).unwrap();
    assert_eq!(blank.matches("＿＿＿＿").count(), 2);
    // A name that looks like a place stays what it is.
    names.reconsideration_body = Some("{court}{litigation}".to_owned());
    names.court = Some("某法院".to_owned());
    names.online_filing = Some("https://example.invalid".to_owned());
    let told = clause(&pack, Outcome::Granted, &names, Lang::Zh).unwrap();
    assert!(
        told.contains("{court}{litigation}")
            && told.contains("某法院")
            && told.contains("https://example.invalid")
    );
}
