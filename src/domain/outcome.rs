//! How a request ended: the results of table 3 of the annual report (form of 2021).

use serde::{Deserialize, Serialize};

/// The result of a case, one row of part 3 of table 3. Exactly one per case; sums are not outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The information is given, or where it is published is told (予以公开; Articles 36(1), 36(2)).
    Granted,
    /// Part is given and the rest withheld; counted here only (部分公开; Article 37).
    PartiallyGranted,
    /// Withheld: a state secret (属于国家秘密; Article 14).
    DeniedStateSecret,
    /// Withheld: another law or administrative regulation forbids it (其他法律行政法规禁止公开; Article 14).
    DeniedProhibitedByLaw,
    /// Withheld: it endangers national, public or economic security or social stability (危及“三安全一稳定”; Article
    /// 14).
    DeniedSecurityStability,
    /// Withheld: a third party's lawful rights (保护第三方合法权益; Articles 15, 32).
    DeniedThirdPartyRights,
    /// Withheld: personnel, logistics or internal workflow (属于三类内部事务信息; Article 16(1)).
    DeniedInternalAffairs,
    /// Withheld: discussion records, drafts, consultation letters, requests and reports (属于四类过程性信息; Article
    /// 16(2)).
    DeniedDeliberativeProcess,
    /// Withheld: files of administrative enforcement (属于行政执法案卷; Article 16(2)).
    DeniedEnforcementFiles,
    /// Another law gives its own way to ask for it (属于行政查询事项; Article 36(7)).
    DeniedAdministrativeQuery,
    /// Not found after a search, or another organ's (本机关不掌握相关政府信息; Articles 36(4), 36(5)).
    UnableNotHeld,
    /// It does not exist ready-made (没有现成信息需要另行制作; Article 38).
    UnableNeedsCreation,
    /// Unclear even after correction (补正后申请内容仍不明确; Article 30).
    UnableUnclearAfterCorrection,
    /// A petition, report or complaint in the form of a request (信访举报投诉类申请; Article 39(1)).
    NotProcessedComplaintPetition,
    /// The same request was answered before (重复申请; Article 36(6)).
    NotProcessedRepeat,
    /// A gazette, newspaper or book is asked for (要求提供公开出版物; Article 39(2)).
    NotProcessedPublication,
    /// Very many or repeated requests without good reason (无正当理由大量反复申请; Article 35).
    NotProcessedExcessive,
    /// The organ is asked to confirm or issue again what the applicant already has (要求行政机关确认或重新出具已获取信息).
    NotProcessedConfirmation,
    /// Closed because the applicant did not correct in time (逾期不补正; Article 30).
    OtherOverdueCorrection,
    /// Closed because the fee was not paid in time (逾期未缴费; fee measure, Article 6).
    OtherOverdueFee,
    /// Closed in any other way, such as by withdrawal (其他).
    OtherOther,
}

impl Outcome {
    /// Every outcome, in the order of the form's rows.
    pub const ALL: &'static [Self] = &[
        Self::Granted,
        Self::PartiallyGranted,
        Self::DeniedStateSecret,
        Self::DeniedProhibitedByLaw,
        Self::DeniedSecurityStability,
        Self::DeniedThirdPartyRights,
        Self::DeniedInternalAffairs,
        Self::DeniedDeliberativeProcess,
        Self::DeniedEnforcementFiles,
        Self::DeniedAdministrativeQuery,
        Self::UnableNotHeld,
        Self::UnableNeedsCreation,
        Self::UnableUnclearAfterCorrection,
        Self::NotProcessedComplaintPetition,
        Self::NotProcessedRepeat,
        Self::NotProcessedPublication,
        Self::NotProcessedExcessive,
        Self::NotProcessedConfirmation,
        Self::OtherOverdueCorrection,
        Self::OtherOverdueFee,
        Self::OtherOther,
    ];

    /// The name in the API, in files, in the database and in the annual report.
    pub fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::PartiallyGranted => "partially_granted",
            Self::DeniedStateSecret => "denied_state_secret",
            Self::DeniedProhibitedByLaw => "denied_prohibited_by_law",
            Self::DeniedSecurityStability => "denied_security_stability",
            Self::DeniedThirdPartyRights => "denied_third_party_rights",
            Self::DeniedInternalAffairs => "denied_internal_affairs",
            Self::DeniedDeliberativeProcess => "denied_deliberative_process",
            Self::DeniedEnforcementFiles => "denied_enforcement_files",
            Self::DeniedAdministrativeQuery => "denied_administrative_query",
            Self::UnableNotHeld => "unable_not_held",
            Self::UnableNeedsCreation => "unable_needs_creation",
            Self::UnableUnclearAfterCorrection => "unable_unclear_after_correction",
            Self::NotProcessedComplaintPetition => "not_processed_complaint_petition",
            Self::NotProcessedRepeat => "not_processed_repeat",
            Self::NotProcessedPublication => "not_processed_publication",
            Self::NotProcessedExcessive => "not_processed_excessive",
            Self::NotProcessedConfirmation => "not_processed_confirmation",
            Self::OtherOverdueCorrection => "other_overdue_correction",
            Self::OtherOverdueFee => "other_overdue_fee",
            Self::OtherOther => "other_other",
        }
    }

    /// The outcome with this code; `None` for any other text. The inverse of [`Outcome::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.code() == code)
    }

    /// The Chinese name: the form's group and row, readable on its own.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Granted => "予以公开",
            Self::PartiallyGranted => "部分公开",
            Self::DeniedStateSecret => "不予公开：属于国家秘密",
            Self::DeniedProhibitedByLaw => "不予公开：其他法律行政法规禁止公开",
            Self::DeniedSecurityStability => "不予公开：危及“三安全一稳定”",
            Self::DeniedThirdPartyRights => "不予公开：保护第三方合法权益",
            Self::DeniedInternalAffairs => "不予公开：属于三类内部事务信息",
            Self::DeniedDeliberativeProcess => "不予公开：属于四类过程性信息",
            Self::DeniedEnforcementFiles => "不予公开：属于行政执法案卷",
            Self::DeniedAdministrativeQuery => "不予公开：属于行政查询事项",
            Self::UnableNotHeld => "无法提供：本机关不掌握相关政府信息",
            Self::UnableNeedsCreation => "无法提供：没有现成信息需要另行制作",
            Self::UnableUnclearAfterCorrection => "无法提供：补正后申请内容仍不明确",
            Self::NotProcessedComplaintPetition => "不予处理：信访举报投诉类申请",
            Self::NotProcessedRepeat => "不予处理：重复申请",
            Self::NotProcessedPublication => "不予处理：要求提供公开出版物",
            Self::NotProcessedExcessive => "不予处理：无正当理由大量反复申请",
            Self::NotProcessedConfirmation => "不予处理：要求行政机关确认或重新出具已获取信息",
            Self::OtherOverdueCorrection => {
                "其他处理：申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
            }
            Self::OtherOverdueFee => {
                "其他处理：申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
            }
            Self::OtherOther => "其他处理：其他",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::PartiallyGranted => "partially granted",
            Self::DeniedStateSecret => "denied: state secret",
            Self::DeniedProhibitedByLaw => "denied: prohibited by another law or administrative regulation",
            Self::DeniedSecurityStability => "denied: endangers security or social stability",
            Self::DeniedThirdPartyRights => "denied: lawful rights of a third party",
            Self::DeniedInternalAffairs => "denied: internal affairs",
            Self::DeniedDeliberativeProcess => "denied: deliberative process",
            Self::DeniedEnforcementFiles => "denied: enforcement files",
            Self::DeniedAdministrativeQuery => "denied: matter of administrative query",
            Self::UnableNotHeld => "cannot provide: not held",
            Self::UnableNeedsCreation => "cannot provide: would have to be made",
            Self::UnableUnclearAfterCorrection => "cannot provide: unclear even after correction",
            Self::NotProcessedComplaintPetition => "not processed: petition, report or complaint",
            Self::NotProcessedRepeat => "not processed: repeated request",
            Self::NotProcessedPublication => "not processed: published gazette, newspaper or book",
            Self::NotProcessedExcessive => "not processed: excessive without good reason",
            Self::NotProcessedConfirmation => {
                "not processed: confirmation or re-issue of information already obtained"
            }
            Self::OtherOverdueCorrection => "other: correction overdue without good reason",
            Self::OtherOverdueFee => "other: fee not paid in time",
            Self::OtherOther => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;
    use crate::domain::channel::tests::assert_coded;

    #[test]
    fn outcomes_are_coded() {
        assert_coded(Outcome::ALL, Outcome::code, Outcome::parse, [Outcome::label_zh, Outcome::label_en]);
        assert_eq!(Outcome::ALL.len(), 21);
    }

    #[test]
    fn sums_are_not_outcomes() {
        for sum in ["other_total", "handled_total", "new_received", "carried_over", "carried_forward"] {
            assert_eq!(Outcome::parse(sum), None);
        }
    }
}
