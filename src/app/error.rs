//! What a use case can answer instead of its result. Nothing here knows HTTP: the interface maps each to its status
//! in one place.

use super::attachments::AttachmentError;
use crate::crypto::hasher::HasherBusy;
use crate::domain::case::Refusal;
use crate::domain::case::refusal::{RefusalCode, ReplyRefusal};
use crate::domain::lang::Lang;
use crate::domain::notice::NoticeRefusal;
use crate::domain::password_reset::ResetRefusal;
use crate::domain::reorganisation::ReorganisationRefusal;
use crate::domain::reply::Fault;
use crate::store::StoreError;

/// A field that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where it is, as a JSON pointer (`/applicant/name`); for a parameter, its name.
    pub pointer: String,
    /// Why, as a word.
    pub code: &'static str,
    /// Why, and what would be right, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl FieldError {
    /// A field error.
    pub fn new(
        pointer: impl Into<String>,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), code, zh: zh.into(), en: en.into() }
    }
}

/// What a draft lacks or says wrongly is told like a field of it.
impl From<&Fault> for FieldError {
    fn from(fault: &Fault) -> Self {
        let (zh, en) = (fault.message(Lang::Zh), fault.message(Lang::En));
        Self::new(fault.pointer.clone(), fault.lack.code(), zh, en)
    }
}

/// Why there is no result.
#[derive(Debug)]
pub enum AppError {
    /// Nobody is signed in, or the stay has ended.
    Unauthenticated,
    /// Name or password is wrong, or the account is locked or disabled: one answer for all.
    LoginFailed,
    /// The identity provider does not answer.
    ProviderUnavailable,
    /// The office has no identity provider.
    NoProvider,
    /// The first password must be changed before anything else.
    PasswordChangeRequired,
    /// The password is right; a one-time code is asked for, too.
    SecondFactorMissing,
    /// A second factor must be set before anything else.
    SecondFactorWanted,
    /// There is a second factor already.
    SecondFactorSet,
    /// There is no second factor to confirm.
    SecondFactorNotBegun,
    /// The caller may see this but not do that.
    Forbidden,
    /// There is none, or the caller may not know of it.
    NotFound,
    /// Fields are wrong.
    Invalid(Vec<FieldError>),
    /// The rules refuse.
    Refused(Refusal),
    /// The account has asked for this too often.
    TooOften {
        /// Seconds until it may ask again.
        seconds: u32,
    },
    /// The command must say which version it is about.
    VersionRequired,
    /// The case is another version by now.
    VersionStale,
    /// A change of the calendar is no longer what was previewed.
    PreviewStale,
    /// The retry key was used with another body.
    RetryMismatch,
    /// The answer to this retry key was erased with the words of its case.
    RetryErased,
    /// The name is taken.
    Taken {
        /// Which field.
        pointer: &'static str,
    },
    /// The person holds one of the three administrators' roles already.
    OneAdministrator,
    /// The step of the supervision notice is not to be taken.
    Notice(NoticeRefusal),
    /// The agency is not reorganised so, or takes nothing in.
    Reorganisation(ReorganisationRefusal),
    /// The password is not reset so.
    PasswordReset(ResetRefusal),
    /// Nobody grants himself a role.
    OwnRoles,
    /// Nobody does this to an account of his own.
    OwnAccount,
    /// The stay began too long ago for this: who it is must be shown anew.
    SignInAgain,
    /// The database.
    Store(StoreError),
    /// Too many passwords wait.
    HasherBusy,
    /// About a file or its upload.
    Attachment(AttachmentError),
    /// Anything else; for the log only.
    Internal(String),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::VersionConflict => Self::VersionStale,
            StoreError::Taken { constraint: "role_grants_one_administrator" } => Self::OneAdministrator,
            StoreError::Taken { constraint: "accounts_username" } => Self::Taken { pointer: "/username" },
            // Two accounts of a new person were made at once: the next try finds the person.
            StoreError::Taken { constraint: "persons_reference" } => Self::Store(StoreError::Busy),
            StoreError::Taken { constraint: "provider_bindings_subject" } => {
                Self::Taken { pointer: "/subject" }
            }
            StoreError::Taken { constraint: "agencies_code" } => Self::Taken { pointer: "/code" },
            StoreError::Taken { constraint: "departments_name" | "portals_name" } => {
                Self::Taken { pointer: "/name" }
            }
            StoreError::Taken { constraint: "portal_requests_pkey" } => {
                Self::Taken { pointer: "/portal_request_id" }
            }
            StoreError::PreviewStale => Self::PreviewStale,
            StoreError::AgencyMerged => Self::Reorganisation(ReorganisationRefusal::Merged),
            StoreError::TooOften { seconds } => Self::TooOften { seconds },
            error @ (StoreError::Busy
            | StoreError::LawChanged
            | StoreError::Unavailable(_)
            | StoreError::Taken { .. }
            | StoreError::Inconsistent { .. }
            | StoreError::NewerSchema(_)
            | StoreError::BadUrl(_)
            | StoreError::Internal(_)) => Self::Store(error),
        }
    }
}

impl From<AttachmentError> for AppError {
    fn from(error: AttachmentError) -> Self {
        Self::Attachment(error)
    }
}

impl From<HasherBusy> for AppError {
    fn from(_: HasherBusy) -> Self {
        Self::HasherBusy
    }
}

impl From<Refusal> for AppError {
    /// What is wrong in a draft is wrong in the body that brings it.
    fn from(refusal: Refusal) -> Self {
        if let RefusalCode::Reply(ReplyRefusal::Wrong(faults)) = &refusal.code {
            return Self::Invalid(faults.iter().map(FieldError::from).collect());
        }
        Self::Refused(refusal)
    }
}

impl std::fmt::Display for AppError {
    /// In English, for the command line and the log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unauthenticated => f.write_str("nobody is signed in"),
            Self::LoginFailed => f.write_str("the username or the password is wrong"),
            Self::NoProvider => f.write_str("there is no identity provider (GONGKAI_OIDC_ISSUER)"),
            Self::ProviderUnavailable => f.write_str("the identity provider does not answer"),
            Self::PasswordChangeRequired => f.write_str("the first password must be changed"),
            Self::SecondFactorMissing => f.write_str("a one-time code is asked for"),
            Self::SecondFactorWanted => f.write_str("a second factor must be set"),
            Self::SecondFactorNotBegun => f.write_str("no second factor was begun"),
            Self::SecondFactorSet => f.write_str("there is a second factor already"),
            Self::Forbidden => f.write_str("not allowed"),
            Self::NotFound => f.write_str("not found"),
            Self::Invalid(fields) => {
                let told: Vec<String> =
                    fields.iter().map(|field| format!("{}: {}", field.pointer, field.en)).collect();
                f.write_str(&told.join("; "))
            }
            Self::Refused(refusal) => f.write_str(&refusal.code.message(crate::domain::lang::Lang::En)),
            Self::TooOften { seconds } => write!(f, "too often: again in {seconds} seconds"),
            Self::VersionRequired => f.write_str("the version is missing"),
            Self::VersionStale => f.write_str("the case was changed meanwhile"),
            Self::PreviewStale => f.write_str("what was previewed is no longer what would happen"),
            Self::RetryMismatch => f.write_str("the Idempotency-Key was used with another body"),
            Self::RetryErased => f.write_str("the answer to the Idempotency-Key was erased with its case"),
            Self::Taken { pointer } => write!(f, "{} is taken", pointer.trim_start_matches('/')),
            Self::OneAdministrator => {
                f.write_str("this person already holds one of the three administrators' roles")
            }
            Self::Notice(refusal) => f.write_str(&refusal.message(Lang::En)),
            Self::Reorganisation(refusal) => f.write_str(refusal.message(Lang::En)),
            Self::PasswordReset(refusal) => f.write_str(refusal.message(Lang::En)),
            Self::SignInAgain => f.write_str("sign in again first"),
            Self::OwnAccount => f.write_str("nobody does this to an account of his own"),
            Self::OwnRoles => f.write_str("nobody grants roles to himself"),
            Self::Store(error) => write!(f, "{error}"),
            Self::Attachment(error) => write!(f, "{error}"),
            Self::HasherBusy => f.write_str("too many passwords are waiting"),
            Self::Internal(reason) => f.write_str(reason),
        }
    }
}
