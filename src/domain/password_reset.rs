//! Whether somebody's forgotten password may be replaced by a one-time password, which whoever does it gets to see.
//!
//! 三员分立: the administrator who makes accounts must not become the one who grants roles, or the one who reads the record. So an
//! administrator's password is reset only where his second factor stands between; otherwise by the operator, on the machine.

use super::lang::Lang;

/// Why a password is not reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetRefusal {
    /// The account may not sign in, whatever its password is.
    Disabled,
    /// The account is a portal's, which signs in with a secret.
    Portal,
    /// The account is an administrator's without a second factor: whoever sees the password could act in his name.
    Administrator,
}

/// What is known of an account whose password is to be reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "five facts, each of which may be so with any of the others"
)]
pub struct Standing {
    /// Whether it may not sign in.
    pub disabled: bool,
    /// Whether it is a portal's.
    pub portal: bool,
    /// Whether it holds one of the three administrators' roles.
    pub administrator: bool,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// Whether the operator resets it, on the machine: he could change the roles all the same.
    pub by_operator: bool,
}

impl Standing {
    /// Whether it counts that the account has a second factor.
    pub fn needs_second_factor(self) -> bool {
        self.administrator && !self.by_operator
    }

    /// Why its password may not be reset, if it may not.
    pub fn refused(self) -> Option<ResetRefusal> {
        if self.portal {
            Some(ResetRefusal::Portal)
        } else if self.disabled {
            Some(ResetRefusal::Disabled)
        } else if self.needs_second_factor() && !self.second_factor {
            Some(ResetRefusal::Administrator)
        } else {
            None
        }
    }
}

impl ResetRefusal {
    /// The code of the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Disabled => "account_disabled",
            Self::Portal => "portal_has_secret",
            Self::Administrator => "administrator_without_second_factor",
        }
    }

    /// In words, and what would be right.
    pub fn message(self, lang: Lang) -> &'static str {
        match self {
            Self::Disabled => lang.pick(
                "该账号已停用；请先启用，再重置密码。",
                "The account is disabled: enable it first, then reset its password.",
            ),
            Self::Portal => lang.pick(
                "该账号属于门户，门户不用密码登录；请为门户换发密钥。",
                "The account is a portal's, which signs in with a secret: issue the portal another secret.",
            ),
            Self::Administrator => lang.pick(
                "该账号属于管理员且未设双因素验证，重置者将能冒用其身份（三员分立）；请由运维人员在服务器上执行 gongkai account reset-password。",
                "The account is an administrator's without a second factor, and whoever sees the password could act in his name: the operator resets it on the machine, with `gongkai account reset-password`.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ResetRefusal, Standing};

    const CLERK: Standing = Standing {
        disabled: false,
        portal: false,
        administrator: false,
        second_factor: false,
        by_operator: false,
    };

    #[test]
    fn an_administrator_is_reset_where_his_second_factor_stands_between_or_by_the_operator() {
        let admin = Standing { administrator: true, ..CLERK };
        for (standing, refused) in [
            (CLERK, None),
            (Standing { second_factor: true, ..CLERK }, None),
            (Standing { by_operator: true, ..CLERK }, None),
            (admin, Some(ResetRefusal::Administrator)),
            (Standing { second_factor: true, ..admin }, None),
            (Standing { by_operator: true, ..admin }, None),
            (Standing { disabled: true, ..CLERK }, Some(ResetRefusal::Disabled)),
            (Standing { disabled: true, ..admin }, Some(ResetRefusal::Disabled)),
            (Standing { disabled: true, by_operator: true, ..CLERK }, Some(ResetRefusal::Disabled)),
            (Standing { portal: true, ..CLERK }, Some(ResetRefusal::Portal)),
            (
                Standing { portal: true, disabled: true, by_operator: true, ..CLERK },
                Some(ResetRefusal::Portal),
            ),
        ] {
            assert_eq!(standing.refused(), refused, "{standing:?}");
        }
    }
}
