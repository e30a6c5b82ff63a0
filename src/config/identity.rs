//! The settings about signing in.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::variables::{Default, Variable, path, requests};
use crate::crypto::password::PasswordProfile;

const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(120).unwrap();
const PER_NAME: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// What an office asks of those who sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentitySettings {
    /// What is asked of passwords.
    pub passwords: PasswordProfile,
    /// A file of passwords that became known, none of which is taken.
    pub blocklist: Option<PathBuf>,
    /// After how many days without a sign-in an account is disabled; 0 is never.
    pub dormant_days: u16,
    /// For how many hours a first or one-time password opens its account.
    pub first_password_hours: u16,
    /// Whether administrators and approvers need a second factor.
    pub second_factor: bool,
    /// How often sign-ins may be tried.
    pub sign_ins: SignInLimits,
}

/// How often sign-ins may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInLimits {
    /// By one address in a minute.
    pub per_address: NonZeroU32,
    /// With one name in fifteen minutes: by all strangers together, and by each address that is known.
    pub per_name: NonZeroU32,
}

impl std::default::Default for IdentitySettings {
    /// As when nobody sets anything (a test shows it).
    fn default() -> Self {
        let sign_ins = SignInLimits { per_address: PER_ADDRESS, per_name: PER_NAME };
        Self {
            passwords: PasswordProfile::Dengbao,
            blocklist: None,
            dormant_days: 90,
            first_password_hours: 72,
            second_factor: false,
            sign_ins,
        }
    }
}

/// The settings about signing in as far as they have been read.
#[derive(std::default::Default)]
pub(super) struct IdentityDraft {
    passwords: Option<PasswordProfile>,
    blocklist: Option<PathBuf>,
    dormant_days: Option<u16>,
    first_password_hours: Option<u16>,
    second_factor: Option<bool>,
    per_address: Option<NonZeroU32>,
    per_name: Option<NonZeroU32>,
}

impl IdentityDraft {
    /// Whole settings.
    pub(super) fn finish(self) -> Option<IdentitySettings> {
        Some(IdentitySettings {
            passwords: self.passwords?,
            blocklist: self.blocklist,
            dormant_days: self.dormant_days?,
            first_password_hours: self.first_password_hours?,
            second_factor: self.second_factor?,
            sign_ins: SignInLimits { per_address: self.per_address?, per_name: self.per_name? },
        })
    }
}

pub(super) const PASSWORD_PROFILE: Variable = Variable {
    name: "GONGKAI_PASSWORD_PROFILE",
    unit: "dengbao or nist",
    default: Default::Value("dengbao"),
    effect: "What is asked of passwords. dengbao (GB/T 22239-2019): at least 12 characters, three of capital letters, small \
             letters, digits and others, another one every 90 days, none of the last five again. nist (SP 800-63B-4): at \
             least 15 characters of any kind, no change from time to time. Both refuse the commonest and words of the office.",
    set: |draft, text| {
        let known = PasswordProfile::ALL.iter().copied().find(|profile| profile.code() == text);
        draft.identity.passwords =
            Some(known.ok_or_else(|| format!("`{text}` is neither dengbao nor nist"))?);
        Ok(())
    },
    show: |config| config.identity.passwords.code().to_owned(),
};

pub(super) const PASSWORD_BLOCKLIST: Variable = Variable {
    name: "GONGKAI_PASSWORD_BLOCKLIST",
    unit: "file",
    default: Default::Words("none: only the commonest, which the program knows, are refused"),
    effect: "Passwords that became known, none of which is taken as a new one: SHA-1 hashes in hexadecimal digits, sorted, one a \
             line, with or without `:` and a count (Pwned Passwords, ordered by hash), which are searched in the file; or the \
             passwords themselves, one a line, 16 MiB at most. Read at the start; restart after exchanging it.",
    set: |draft, text| {
        draft.identity.blocklist = Some(path(text)?);
        Ok(())
    },
    show: |config| {
        config.identity.blocklist.as_ref().map_or("(none)".to_owned(), |it| it.display().to_string())
    },
};

pub(super) const DORMANT_DAYS: Variable = Variable {
    name: "GONGKAI_DORMANT_DAYS",
    unit: "days, 0 to 3650",
    default: Default::Value("90"),
    effect: "After how many days without a sign-in an account is disabled, until a system administrator enables it; 0 is never.",
    set: |draft, text| {
        let days = text.parse::<u16>().ok().filter(|days| *days <= 3650);
        draft.identity.dormant_days =
            Some(days.ok_or_else(|| format!("`{text}` is no whole number from 0 to 3650"))?);
        Ok(())
    },
    show: |config| config.identity.dormant_days.to_string(),
};

pub(super) const FIRST_PASSWORD_HOURS: Variable = Variable {
    name: "GONGKAI_FIRST_PASSWORD_HOURS",
    unit: "hours, 1 to 336",
    default: Default::Value("72"),
    effect: "For how long a first password, or the one-time password of a reset, opens an account. Whoever has not changed it by \
             then needs another: POST /api/v1/accounts/{id}/password-reset, or `gongkai account reset-password`.",
    set: |draft, text| {
        let hours = text.parse::<u16>().ok().filter(|hours| (1..=336).contains(hours));
        draft.identity.first_password_hours =
            Some(hours.ok_or_else(|| format!("`{text}` is no whole number from 1 to 336"))?);
        Ok(())
    },
    show: |config| config.identity.first_password_hours.to_string(),
};

pub(super) const SECOND_FACTOR: Variable = Variable {
    name: "GONGKAI_SECOND_FACTOR",
    unit: "optional or required",
    default: Default::Value("optional"),
    effect: "Whether administrators and approvers need one-time codes (RFC 6238) beside their passwords; level 3 of GB/T \
             22239-2019 asks for it. Required: one of them who has set none may do nothing else. Anybody may set one.",
    set: |draft, text| {
        draft.identity.second_factor = Some(match text {
            "required" => true,
            "optional" => false,
            _ => return Err(format!("`{text}` is neither optional nor required")),
        });
        Ok(())
    },
    show: |config| if config.identity.second_factor { "required" } else { "optional" }.to_owned(),
};

pub(super) const SIGN_IN_RATE: Variable = Variable {
    name: "GONGKAI_SIGN_IN_RATE",
    unit: "attempts a minute, 1 to 60000",
    default: Default::Value("120"),
    effect: "How often one address (of IPv6, one network of 64 bits) may try to sign in, at once or in the long run, at each \
             instance. More is answered with 429 before any password is hashed. People of one office may share an address: name \
             the proxies in GONGKAI_TRUSTED_PROXIES.",
    set: |draft, text| {
        draft.identity.per_address = Some(requests(text)?);
        Ok(())
    },
    show: |config| config.identity.sign_ins.per_address.to_string(),
};

pub(super) const SIGN_IN_NAME_RATE: Variable = Variable {
    name: "GONGKAI_SIGN_IN_NAME_RATE",
    unit: "attempts in 15 minutes, 1 to 60000",
    default: Default::Value("30"),
    effect: "How often one sign-in name, whether or not there is such an account, may be tried at each instance: by all strangers \
             together, and by each address from which the account was opened before. More is answered with 429 before any \
             password is hashed. Five wrong passwords in a row lock an account for 15 minutes whatever stands here, except at \
             the addresses from which it was opened.",
    set: |draft, text| {
        draft.identity.per_name = Some(requests(text)?);
        Ok(())
    },
    show: |config| config.identity.sign_ins.per_name.to_string(),
};

#[cfg(test)]
mod tests {
    use super::IdentitySettings;

    #[test]
    fn the_program_without_settings_is_as_strict_as_with_none_set() {
        let config = crate::config::read([], None).unwrap();
        assert_eq!(config.identity, IdentitySettings::default());
    }
}
