//! The roles of design section 6, and who holds one where.

use serde::{Deserialize, Serialize};

use super::ids::{AccountId, AgencyId, DepartmentId, PersonId};
use super::sensitivity::Sensitivity;

/// What somebody is allowed to be at an agency (or at one department of it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 受理: the front desk.
    Clerk,
    /// 承办: a department's case officer.
    Handler,
    /// 法制审核.
    LegalReviewer,
    /// 保密审查.
    SecrecyReviewer,
    /// 签发: the head of the office for openness (政府信息公开工作机构负责人).
    Approver,
    /// 归档.
    Archivist,
    /// 主管部门: figures of its subtree, no applicant's data.
    Supervisor,
    /// 系统管理员: accounts and agencies.
    SystemAdmin,
    /// 安全管理员: roles and allowlists.
    SecurityAdmin,
    /// 审计管理员: the audit record.
    Auditor,
    /// A service account of a portal.
    Portal,
}

impl Role {
    /// Every role, in the order of design section 6.
    pub const ALL: &'static [Self] = &[
        Self::Clerk,
        Self::Handler,
        Self::LegalReviewer,
        Self::SecrecyReviewer,
        Self::Approver,
        Self::Archivist,
        Self::Supervisor,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::Auditor,
        Self::Portal,
    ];

    /// The word used in the API, the database and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Handler => "handler",
            Self::LegalReviewer => "legal_reviewer",
            Self::SecrecyReviewer => "secrecy_reviewer",
            Self::Approver => "approver",
            Self::Archivist => "archivist",
            Self::Supervisor => "supervisor",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::Auditor => "auditor",
            Self::Portal => "portal",
        }
    }

    /// The role with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == code)
    }

    /// The role's name as Chinese users know it.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Clerk => "受理人员",
            Self::Handler => "承办人员",
            Self::LegalReviewer => "法制审核人员",
            Self::SecrecyReviewer => "保密审查人员",
            Self::Approver => "签发人",
            Self::Archivist => "档案人员",
            Self::Supervisor => "主管部门监督人员",
            Self::SystemAdmin => "系统管理员",
            Self::SecurityAdmin => "安全管理员",
            Self::Auditor => "审计管理员",
            Self::Portal => "门户服务账号",
        }
    }

    /// Whether this is one of the three administrators, of which one person may hold one only
    /// (三员分立; GB/T 22239-2019, 8.1.5).
    pub fn is_administrator(self) -> bool {
        match self {
            Self::SystemAdmin | Self::SecurityAdmin | Self::Auditor => true,
            Self::Clerk
            | Self::Handler
            | Self::LegalReviewer
            | Self::SecrecyReviewer
            | Self::Approver
            | Self::Archivist
            | Self::Supervisor
            | Self::Portal => false,
        }
    }
}

impl Role {
    /// Whether an account with this role needs a second factor where the setting asks for one: administrators, and who signs in the
    /// agency's name (GB/T 22239-2019, 8.1.4.1 d: two factors of identification).
    pub fn needs_second_factor(self) -> bool {
        self.is_administrator() || self == Self::Approver
    }
}

/// One role held at one agency; with a department, for that department's cases only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What is held.
    pub role: Role,
    /// Where it is held.
    pub agency: AgencyId,
    /// The one department to which it is limited; `None` is the whole agency.
    pub department: Option<DepartmentId>,
}

/// Somebody who acts: a signed-in account, the person behind it and what that person may be here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account signed in.
    pub account: AccountId,
    /// The human being behind it, by whom four eyes are measured.
    pub person: PersonId,
    /// The account's home.
    pub agency: AgencyId,
    /// What is held, and where.
    pub grants: Vec<Grant>,
    /// Up to which security label he may read.
    pub clearance: Sensitivity,
}

impl Actor {
    /// Whether `role` is held at `agency` in any department.
    pub fn holds(&self, role: Role, agency: AgencyId) -> bool {
        self.grants.iter().any(|grant| grant.role == role && grant.agency == agency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_by_its_own_code_and_no_other() {
        for &role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Some(role));
            assert_eq!(Role::ALL.iter().filter(|other| other.code() == role.code()).count(), 1);
        }
        assert_eq!(Role::parse("boss"), None);
    }
}
