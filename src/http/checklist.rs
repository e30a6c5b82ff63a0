//! The checklist of a secrecy review (保密审查清单), as it is sent and shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::call::required;
use super::problem::Failure;
use crate::domain::review::{Answer, Checklist};

/// What a secrecy and privacy review answers about what goes out: the reply's words, and what is released with it. `clear`: nothing of
/// it goes out; `found`: something does; `unsure`: it could not be told.
#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistInput {
    /// 国家秘密 (Art. 14). What is unsure is referred to the secrecy authority (Art. 17).
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "clear")]
    state_secret: Option<Answer>,
    /// 工作秘密.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "clear")]
    work_secret: Option<Answer>,
    /// 商业秘密 (Art. 15). What goes out by consent or for the public interest passes with a remark.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "clear")]
    trade_secret: Option<Answer>,
    /// 个人隐私、个人信息 (Art. 15): clear when there is none, or it was removed.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "clear")]
    personal_data: Option<Answer>,
    /// 汇聚关联风险: whether it tells a secret together with what is known already.
    #[serde(default, deserialize_with = "super::object::word")]
    #[validate(required)]
    #[schema(required = true, nullable = false, example = "clear")]
    aggregation_risk: Option<Answer>,
}

/// The answers that were sent.
///
/// # Errors
/// `required`.
pub fn checklist(sent: &ChecklistInput) -> Result<Checklist, Failure> {
    Ok(Checklist {
        state_secret: required(sent.state_secret, "/checklist/state_secret")?,
        work_secret: required(sent.work_secret, "/checklist/work_secret")?,
        trade_secret: required(sent.trade_secret, "/checklist/trade_secret")?,
        personal_data: required(sent.personal_data, "/checklist/personal_data")?,
        aggregation_risk: required(sent.aggregation_risk, "/checklist/aggregation_risk")?,
    })
}

/// What a secrecy review answered.
#[derive(Serialize, ToSchema)]
pub struct ChecklistView {
    /// 国家秘密.
    pub state_secret: Answer,
    /// 工作秘密.
    pub work_secret: Answer,
    /// 商业秘密.
    pub trade_secret: Answer,
    /// 个人隐私、个人信息.
    pub personal_data: Answer,
    /// 汇聚关联风险.
    pub aggregation_risk: Answer,
}

/// The answers, to be shown.
pub fn answers(of: Checklist) -> ChecklistView {
    let Checklist { state_secret, work_secret, trade_secret, personal_data, aggregation_risk } = of;
    ChecklistView { state_secret, work_secret, trade_secret, personal_data, aggregation_risk }
}
