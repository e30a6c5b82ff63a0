//! Why a command about the archive is refused. Each refusal says what would be right.

use chrono::NaiveDate;

use crate::domain::archive::Retention;

/// The reasons there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveRefusal {
    /// The period asked for is shorter than by rule.
    RetentionShorter {
        /// What was asked.
        asked: Retention,
        /// The least.
        by_rule: Retention,
    },
    /// A longer period needs a reason.
    RetentionReasonMissing {
        /// By rule.
        by_rule: Retention,
    },
    /// There is no such hold.
    NoSuchHold {
        /// The number given.
        n: u32,
    },
    /// The hold was lifted before.
    HoldLifted {
        /// The number given.
        n: u32,
    },
    /// A hold stands.
    OnHold {
        /// Which.
        n: u32,
    },
    /// A remedy has not been decided upon.
    RemedyPending {
        /// Which.
        n: u32,
    },
    /// There is no such appraisal.
    NoSuchAppraisal {
        /// The number given.
        n: u32,
    },
    /// An appraisal waits to be decided upon.
    AppraisalOpen {
        /// Which.
        n: u32,
    },
    /// The appraisal has been decided upon.
    AppraisalDecided {
        /// Which.
        n: u32,
    },
    /// Whoever proposed may not decide.
    ProposerMayNotAppraise,
    /// The case has not been archived.
    NotArchived,
    /// Its period has not ended.
    RetentionRunning {
        /// Its last day.
        until: NaiveDate,
    },
    /// It is kept for ever.
    KeptForEver,
    /// The period proposed is not longer than the one that holds.
    RetentionNotLonger {
        /// What was asked.
        asked: Retention,
        /// What holds.
        kept: Retention,
    },
    /// The file was disposed of.
    Disposed {
        /// When.
        on: NaiveDate,
    },
}

impl ArchiveRefusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::RetentionShorter { .. } => "retention_shorter",
            Self::RetentionReasonMissing { .. } => "retention_reason_missing",
            Self::NoSuchHold { .. } => "no_such_hold",
            Self::HoldLifted { .. } => "hold_lifted",
            Self::OnHold { .. } => "on_hold",
            Self::RemedyPending { .. } => "remedy_pending",
            Self::NoSuchAppraisal { .. } => "no_such_appraisal",
            Self::AppraisalOpen { .. } => "appraisal_open",
            Self::AppraisalDecided { .. } => "appraisal_decided",
            Self::ProposerMayNotAppraise => "proposer_may_not_appraise",
            Self::NotArchived => "not_archived",
            Self::RetentionRunning { .. } => "retention_running",
            Self::KeptForEver => "kept_for_ever",
            Self::RetentionNotLonger { .. } => "retention_not_longer",
            Self::Disposed { .. } => "disposed",
        }
    }

    pub(super) fn article(&self) -> Option<&'static str> {
        match self {
            Self::RetentionShorter { .. }
            | Self::RetentionReasonMissing { .. }
            | Self::RetentionNotLonger { .. } => Some("国家档案局令第8号 第6–8条; 档案法实施条例 第19条"),
            Self::OnHold { .. }
            | Self::RemedyPending { .. }
            | Self::ProposerMayNotAppraise
            | Self::NotArchived
            | Self::RetentionRunning { .. }
            | Self::KeptForEver => Some("档案法实施条例 第24条; 个人信息保护法 第47条"),
            Self::NoSuchHold { .. }
            | Self::HoldLifted { .. }
            | Self::NoSuchAppraisal { .. }
            | Self::AppraisalOpen { .. }
            | Self::AppraisalDecided { .. }
            | Self::Disposed { .. } => None,
        }
    }

    pub(super) fn zh(&self) -> String {
        match self {
            Self::RetentionShorter { asked, by_rule } => format!(
                "保管期限不得短于按规定划定的期限：该案应保管{}，不能改为{}；只能改为更长的期限。",
                by_rule.label_zh(),
                asked.label_zh()
            ),
            Self::RetentionReasonMissing { by_rule } => {
                format!("该案按规定保管{}；延长保管期限须写明理由。", by_rule.label_zh())
            }
            Self::NoSuchHold { n } => format!("没有第 {n} 次暂缓处置。"),
            Self::HoldLifted { n } => format!("第 {n} 次暂缓处置已经解除。"),
            Self::OnHold { n } => format!("第 {n} 次暂缓处置尚未解除，不得销毁或者删除；请先解除。"),
            Self::RemedyPending { n } => {
                format!("第 {n} 件复议、诉讼或者投诉举报尚未审结，不得销毁或者删除；请先登记结果。")
            }
            Self::NoSuchAppraisal { n } => format!("没有第 {n} 次鉴定。"),
            Self::AppraisalOpen { n } => format!("第 {n} 次鉴定意见尚待审批，不能另行提出。"),
            Self::AppraisalDecided { n } => format!("第 {n} 次鉴定意见已经审批。"),
            Self::ProposerMayNotAppraise => "提出鉴定意见的人不得审批，须由另一人审批。".to_owned(),
            Self::NotArchived => {
                "该申请尚未归档；保管期限从归档的次年1月1日起计算，期满后方可鉴定。".to_owned()
            }
            Self::RetentionRunning { until } => {
                format!("保管期限至 {until} 届满，届满次日起方可鉴定销毁；法律规定应当删除的，请写明依据。")
            }
            Self::KeptForEver => "该案永久保管，不得销毁。".to_owned(),
            Self::RetentionNotLonger { asked, kept } => format!(
                "该案保管期限为{}，重新划定的期限须更长，不能是{}。",
                kept.label_zh(),
                asked.label_zh()
            ),
            Self::Disposed { on } => format!("该案卷已于 {on} 销毁，不能再办理。"),
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::RetentionShorter { asked, by_rule } => format!(
                "A file is not kept for less than by rule: this one for {}, not {}; longer is possible.",
                by_rule.code(),
                asked.code()
            ),
            Self::RetentionReasonMissing { by_rule } => {
                format!("By rule this file is kept for {}; to keep it longer, give a reason.", by_rule.code())
            }
            Self::NoSuchHold { n } => format!("There is no hold {n}."),
            Self::HoldLifted { n } => format!("Hold {n} has been lifted already."),
            Self::OnHold { n } => {
                format!("Hold {n} stands: nothing is disposed of or erased until it is lifted.")
            }
            Self::RemedyPending { n } => format!(
                "Remedy {n} has not been decided upon: nothing is disposed of or erased until its result is recorded."
            ),
            Self::NoSuchAppraisal { n } => format!("There is no appraisal {n}."),
            Self::AppraisalOpen { n } => format!("Appraisal {n} waits to be decided upon."),
            Self::AppraisalDecided { n } => format!("Appraisal {n} has been decided upon already."),
            Self::ProposerMayNotAppraise => {
                "Whoever proposed an appraisal does not decide upon it: another person does.".to_owned()
            }
            Self::NotArchived => {
                "The case is not archived; its period counts from 1 January of the year after archiving."
                    .to_owned()
            }
            Self::RetentionRunning { until } => format!(
                "The file is kept through {until} and is appraised on a later day; name the law where it orders erasure."
            ),
            Self::KeptForEver => "The file is kept for ever.".to_owned(),
            Self::RetentionNotLonger { asked, kept } => format!(
                "The file is kept for {}; the new period must be longer, which {} is not.",
                kept.code(),
                asked.code()
            ),
            Self::Disposed { on } => {
                format!("The file was disposed of on {on}: nothing more is done with it.")
            }
        }
    }
}
