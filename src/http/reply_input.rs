//! What a reply says besides its words, as callers send it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::body::{CivilDate, count, not_blank};
use super::call::required;
use super::problem::Failure;
use crate::domain::outcome::Outcome;
use crate::domain::reply::{Basis, Fact, FactValue, Override, RemedyBodies, WithheldPart};

/// The facts that a reply states. Which of them an outcome needs, `GET /statutes/{statute_id}` tells; what is missing, the
/// case's `reply.lacking`.
#[derive(Clone, Default, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactsInput {
    /// What is given with the reply (Art. 36(2)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000, example = "所附文件：2025年度绩效评价报告，共12页。")]
    provided: Option<String>,
    /// How, where and when the information is had (Art. 36(1), 36(2)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000, example = "登录市政府网站“法定主动公开内容”栏目查阅。")]
    way: Option<String>,
    /// Why it is decided so (Art. 36(3)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000, example = "该信息属于本机关内部人事管理信息。")]
    reason: Option<String>,
    /// The level of a state secret.
    #[serde(default, deserialize_with = "super::object::word")]
    #[schema(example = "secret")]
    secrecy_level: Option<SecrecyLevel>,
    /// By what it was made a secret.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    secrecy_basis: Option<String>,
    /// The law or administrative regulation that forbids disclosure, to its article.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    forbidding_law: Option<String>,
    /// What disclosure would endanger.
    #[serde(default, deserialize_with = "super::object::word")]
    #[schema(example = "social_stability")]
    endangered: Option<Endangered>,
    /// What came of asking the third party (Art. 32).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    consultation_result: Option<String>,
    /// How withholding stands to the public interest (Art. 15).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    public_interest: Option<String>,
    /// Which internal affairs (Art. 16(1)).
    #[serde(default, deserialize_with = "super::object::word")]
    #[schema(example = "personnel")]
    internal_affairs: Option<InternalAffairs>,
    /// Which record of deliberation (Art. 16(2)).
    #[serde(default, deserialize_with = "super::object::word")]
    #[schema(example = "draft")]
    process_record: Option<ProcessRecord>,
    /// Which enforcement file (Art. 16(2)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    enforcement_file: Option<String>,
    /// The law that gives a way of its own to ask, to its article (Art. 36(7)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    special_law: Option<String>,
    /// Where to ask under that law (Art. 36(7)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    where_to_ask: Option<String>,
    /// The search that was made (Art. 36(4)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    search: Option<String>,
    /// Name and contact of the body that holds it (Art. 36(5)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    other_body: Option<String>,
    /// Why the body that holds it cannot be found out (Art. 36(5)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    other_body_unknown: Option<String>,
    /// Which processing or analysis would be needed (Art. 38).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    why_creation: Option<String>,
    /// The day of the request for correction (Art. 30).
    #[schema(value_type = Option<String>, format = Date)]
    correction_notice_on: Option<CivilDate>,
    /// By which way such matters are raised (Art. 39(1)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    proper_channel: Option<String>,
    /// The number of the earlier reply (Art. 36(6)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    earlier_reply_number: Option<String>,
    /// The date of the earlier reply (Art. 36(6)).
    #[schema(value_type = Option<String>, format = Date)]
    earlier_reply_on: Option<CivilDate>,
    /// Where to get the publication (Art. 39(2)).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    publication_where: Option<String>,
    /// How many requests, how often, for what (Art. 35).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    excess_facts: Option<String>,
    /// The applicant's reasons, or that he gave none (Art. 35).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    reasons_given: Option<String>,
    /// Why they do not hold (Art. 35).
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    why_unreasonable: Option<String>,
    /// When and how the applicant got the information before.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 4000)]
    obtained_before: Option<String>,
    /// The day of the notice that was not followed (Art. 30; fee measure, Art. 6).
    #[schema(value_type = Option<String>, format = Date)]
    notice_on: Option<CivilDate>,
    /// The day on which it reached the applicant.
    #[schema(value_type = Option<String>, format = Date)]
    notice_served_on: Option<CivilDate>,
    /// The last day of the applicant's period.
    #[schema(value_type = Option<String>, format = Date)]
    expired_on: Option<CivilDate>,
}

/// The level of a state secret.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecrecyLevel {
    /// 绝密.
    TopSecret,
    /// 机密.
    Secret,
    /// 秘密.
    Confidential,
}

/// What disclosure would endanger.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Endangered {
    /// 国家安全.
    NationalSecurity,
    /// 公共安全.
    PublicSecurity,
    /// 经济安全.
    EconomicSecurity,
    /// 社会稳定.
    SocialStability,
}

/// Which internal affairs (Art. 16(1)).
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InternalAffairs {
    /// 人事管理.
    Personnel,
    /// 后勤管理.
    Logistics,
    /// 内部工作流程.
    Workflow,
}

/// Which record of deliberation (Art. 16(2)).
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProcessRecord {
    /// 讨论记录.
    DiscussionRecord,
    /// 过程稿.
    Draft,
    /// 磋商信函.
    ConsultationLetter,
    /// 请示报告.
    RequestReport,
}

impl FactsInput {
    fn stated(self) -> BTreeMap<Fact, FactValue<String>> {
        let text = |words: Option<String>| words.map(FactValue::Text);
        let date = |on: Option<CivilDate>| on.map(|on| FactValue::Date(on.0));
        let each = [
            (Fact::Provided, text(self.provided)),
            (Fact::Way, text(self.way)),
            (Fact::Reason, text(self.reason)),
            (Fact::SecrecyLevel, word(self.secrecy_level)),
            (Fact::SecrecyBasis, text(self.secrecy_basis)),
            (Fact::ForbiddingLaw, text(self.forbidding_law)),
            (Fact::Endangered, word(self.endangered)),
            (Fact::ConsultationResult, text(self.consultation_result)),
            (Fact::PublicInterest, text(self.public_interest)),
            (Fact::InternalAffairs, word(self.internal_affairs)),
            (Fact::ProcessRecord, word(self.process_record)),
            (Fact::EnforcementFile, text(self.enforcement_file)),
            (Fact::SpecialLaw, text(self.special_law)),
            (Fact::WhereToAsk, text(self.where_to_ask)),
            (Fact::Search, text(self.search)),
            (Fact::OtherBody, text(self.other_body)),
            (Fact::OtherBodyUnknown, text(self.other_body_unknown)),
            (Fact::WhyCreation, text(self.why_creation)),
            (Fact::CorrectionNoticeOn, date(self.correction_notice_on)),
            (Fact::ProperChannel, text(self.proper_channel)),
            (Fact::EarlierReplyNumber, text(self.earlier_reply_number)),
            (Fact::EarlierReplyOn, date(self.earlier_reply_on)),
            (Fact::PublicationWhere, text(self.publication_where)),
            (Fact::ExcessFacts, text(self.excess_facts)),
            (Fact::ReasonsGiven, text(self.reasons_given)),
            (Fact::WhyUnreasonable, text(self.why_unreasonable)),
            (Fact::ObtainedBefore, text(self.obtained_before)),
            (Fact::NoticeOn, date(self.notice_on)),
            (Fact::NoticeServedOn, date(self.notice_served_on)),
            (Fact::ExpiredOn, date(self.expired_on)),
        ];
        each.into_iter().filter_map(|(fact, value)| Some((fact, value?))).collect()
    }
}

/// A word of a list, by its code.
fn word<T: Serialize>(chosen: Option<T>) -> Option<FactValue<String>> {
    let code = serde_json::to_value(chosen?).ok()?;
    code.as_str().map(|code| FactValue::Word(code.to_owned()))
}

/// One part that is withheld (Art. 37).
#[derive(Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithheldInput {
    /// What is withheld.
    #[validate(required, length(min = 1, max = 2000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 2000,
        example = "附件二第3页的联系人信息"
    )]
    what: Option<String>,
    /// Which refusal it is.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "denied_third_party_rights")]
    outcome: Option<Outcome>,
    /// The articles cited for it, to the item.
    #[validate(length(max = 10), custom(function = articles))]
    #[schema(nullable = false, max_items = 10, example = json!(["15"]))]
    grounds: Option<Vec<String>>,
    /// Why.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "公开会损害第三方合法权益。"
    )]
    reason: Option<String>,
    /// The consultation whose objection it honours.
    #[serde(default, deserialize_with = "count")]
    #[validate(range(min = 1, max = 10000))]
    #[schema(minimum = 1, maximum = 10000, example = 1)]
    consultation: Option<u32>,
}

/// What a third party is told against whose objection something is disclosed (Art. 32).
#[derive(Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideInput {
    /// The consultation in which he objected.
    #[serde(default, deserialize_with = "count")]
    #[validate(required, range(min = 1, max = 10000))]
    #[schema(required = true, nullable = false, minimum = 1, maximum = 10000, example = 1)]
    consultation: Option<u32>,
    /// The day he was told in writing; absent: he is told with the reply.
    #[schema(value_type = Option<String>, format = Date, example = "2026-03-03")]
    told_on: Option<CivilDate>,
    /// What will be disclosed.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "合同的履行情况"
    )]
    content: Option<String>,
    /// Why.
    #[validate(required, length(min = 1, max = 4000), custom(function = not_blank))]
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 4000,
        example = "不公开可能对公共利益造成重大影响。"
    )]
    reason: Option<String>,
}

/// Where the applicant may turn, by name.
#[derive(Clone, Default, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemediesInput {
    /// 行政复议机关.
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "淮安市人民政府")]
    reconsideration_body: Option<String>,
    /// The people's court.
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 200, example = "淮安市清江浦区人民法院")]
    court: Option<String>,
    /// The way of filing by internet, for a reply that goes by internet (Administrative Reconsideration Law, Art. 22(2)).
    #[validate(length(min = 1, max = 500), custom(function = not_blank))]
    #[schema(min_length = 1, max_length = 500, example = "https://xzfy.moj.gov.cn")]
    online_filing: Option<String>,
}

impl RemediesInput {
    /// The names.
    pub(super) fn named(self) -> RemedyBodies<String> {
        let Self { reconsideration_body, court, online_filing } = self;
        RemedyBodies { reconsideration_body, court, online_filing }
    }
}

/// An article is short.
///
/// # Errors
/// In words.
pub(super) fn articles(cited: &[String]) -> Result<(), validator::ValidationError> {
    if cited.iter().all(|article| (1..=60).contains(&article.trim().chars().count())) {
        return Ok(());
    }
    let mut error = validator::ValidationError::new("article");
    error.add_param("zh".into(), &"每个条款写作“36(5)”的形式，不超过 60 个字符。");
    error.add_param("en".into(), &"Each article is written like `36(5)`, in at most 60 characters.");
    Err(error)
}

/// The parts of a draft besides outcome and words.
pub(super) struct Sent {
    pub grounds: Option<Vec<String>>,
    pub facts: Option<FactsInput>,
    pub withheld: Option<Vec<WithheldInput>>,
    pub overrides: Option<Vec<OverrideInput>>,
    pub remedies: Option<RemediesInput>,
}

/// Takes the parts of a draft apart.
///
/// # Errors
/// None that the checks of the body have not told.
pub(super) fn basis(sent: Sent) -> Result<Basis<String>, Failure> {
    let withheld = sent.withheld.unwrap_or_default().into_iter().enumerate().map(|(n, part)| {
        Ok(WithheldPart {
            what: required(part.what, &format!("/withheld/{n}/what"))?,
            outcome: required(part.outcome, &format!("/withheld/{n}/outcome"))?,
            grounds: part.grounds.unwrap_or_default(),
            reason: required(part.reason, &format!("/withheld/{n}/reason"))?,
            consultation: part.consultation,
        })
    });
    let overrides = sent.overrides.unwrap_or_default().into_iter().enumerate().map(|(n, told)| {
        Ok(Override {
            consultation: required(told.consultation, &format!("/overrides/{n}/consultation"))?,
            told_on: told.told_on.map(|date| date.0),
            content: required(told.content, &format!("/overrides/{n}/content"))?,
            reason: required(told.reason, &format!("/overrides/{n}/reason"))?,
        })
    });
    Ok(Basis {
        grounds: sent.grounds.unwrap_or_default(),
        facts: sent.facts.unwrap_or_default().stated(),
        withheld: withheld.collect::<Result<_, Failure>>()?,
        overrides: overrides.collect::<Result<_, Failure>>()?,
        remedies: sent.remedies.unwrap_or_default().named(),
    })
}
