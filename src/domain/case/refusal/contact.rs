//! Why a talk is not logged, or a rating not recorded. Each refusal says what would be right.

use chrono::NaiveDate;

/// The reasons there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactRefusal {
    /// The log has as many talks as it takes.
    LogFull {
        /// How many.
        most: usize,
    },
    /// The reply has not reached the applicant.
    NotServed,
    /// The case was rated before.
    AlreadyRated {
        /// When.
        on: NaiveDate,
    },
}

impl ContactRefusal {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::LogFull { .. } => "contact_log_full",
            Self::NotServed => "rated_before_service",
            Self::AlreadyRated { .. } => "already_rated",
        }
    }

    /// No statute refuses: these are the office's own order.
    pub(super) fn article(&self) -> Option<&'static str> {
        match self {
            Self::LogFull { .. } | Self::NotServed | Self::AlreadyRated { .. } => None,
        }
    }

    pub(super) fn zh(&self) -> String {
        match self {
            Self::LogFull { most } => {
                format!("每件申请最多登记 {most} 次沟通联系，已经登满；其余情况请写入归档备注。")
            }
            Self::NotServed => "答复尚未送达申请人，不能登记评价；请先登记送达。".to_owned(),
            Self::AlreadyRated { on } => format!("申请人已于 {on} 评价，每件申请只登记一次。"),
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::LogFull { most } => {
                format!(
                    "The log of a case takes {most} talks and is full: tell the rest in the note of the archive."
                )
            }
            Self::NotServed => {
                "The reply has not reached the applicant, who cannot have rated it: record the service first."
                    .to_owned()
            }
            Self::AlreadyRated { on } => {
                format!("The applicant rated this case on {on}; a case is rated once.")
            }
        }
    }
}
