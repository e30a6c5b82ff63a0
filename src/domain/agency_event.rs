//! What happened to an agency itself rather than to one of its cases: it stands in the same chain.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::access::{AttachmentOpened, CaseExportedWithFiles, RevealField, SearchedBy};
use super::archive::Retention;
use super::case::event::Digest;
use super::digest::DigestKind;
use super::ids::{
    AccountId, AgencyId, AttachmentId, CaseId, DelegationId, DepartmentId, KeyId, NoticeId, PersonId,
    PortalId,
};
use super::record_event::{CheckpointKeyMade, RestoreAccepted};
use super::reorganisation::{CasesTakenOver, ReorganisationFinished, Reorganised};
use super::review::Route;
use super::role::Role;
use super::sensitivity::Sensitivity;

/// A role in the record, without the agency, which the record names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleHeld {
    /// The role.
    pub role: Role,
    /// The department to which it is limited.
    pub department: Option<DepartmentId>,
}

/// Why an account was disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisabledWhy {
    /// A system administrator did it.
    Administrator,
    /// Nobody signed in for longer than the setting allows (GB/T 22239-2019, 8.1.4.2 c: accounts that are no longer used are
    /// disabled in time).
    Dormant,
}

/// One thing that happened to an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum AgencyEvent {
    /// It was set up: the first event of its chain.
    AgencyCreated {
        /// Its code.
        code: String,
        /// Its parent in the tree.
        parent: Option<AgencyId>,
        /// The statute it handles requests under.
        statute: String,
        /// Its pattern of registration numbers.
        number_pattern: String,
        /// The calendar of its own, such as a region's; the statute's when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        calendar: Option<String>,
    },
    /// It got a department.
    DepartmentCreated {
        /// The department.
        department: DepartmentId,
    },
    /// Somebody got an account.
    AccountCreated {
        /// The account.
        account: AccountId,
        /// The person.
        person: PersonId,
        /// The roles it began with.
        roles: Vec<RoleHeld>,
    },
    /// Somebody's roles were changed: these hold from now on.
    RolesChanged {
        /// The account.
        account: AccountId,
        /// The roles.
        roles: Vec<RoleHeld>,
    },
    /// 可阅级别: up to which security label an account may read was set.
    ClearanceSet {
        /// The account.
        account: AccountId,
        /// Up to which it might.
        from: Sensitivity,
        /// Up to which it may.
        to: Sensitivity,
    },
    /// Somebody set a password of his own.
    PasswordChanged {
        /// The account.
        account: AccountId,
    },
    /// Somebody's password was forgotten: his account got a one-time password, and its stays have ended.
    PasswordReset {
        /// The account.
        account: AccountId,
    },
    /// Every stay of an account was ended by an administrator.
    SessionsEnded {
        /// The account.
        account: AccountId,
    },
    /// An account may no longer sign in; its stays have ended.
    AccountDisabled {
        /// The account.
        account: AccountId,
        /// Why.
        why: DisabledWhy,
    },
    /// An account may sign in again.
    AccountEnabled {
        /// The account.
        account: AccountId,
    },
    /// Somebody set a second factor for himself, and showed that he has it.
    SecondFactorSet {
        /// The account.
        account: AccountId,
    },
    /// An account's second factor was taken away, since it is lost.
    SecondFactorReset {
        /// The account.
        account: AccountId,
    },
    /// An account may be opened by the word of the office's identity provider. By whose is not kept here.
    AccountBound {
        /// The account.
        account: AccountId,
    },
    /// It may not any more.
    AccountUnbound {
        /// The account.
        account: AccountId,
    },
    /// Somebody searched for the cases of an applicant. Whom he searched for is not kept: a record cannot be erased.
    ApplicantSearched {
        /// By what.
        known: SearchedBy,
        /// How many cases he was shown.
        found: u32,
    },
    /// Somebody was shown personal data of a case unmasked.
    PersonalDataRevealed {
        /// The case.
        case: CaseId,
        /// Which data.
        fields: Vec<RevealField>,
        /// SHA-256 over a salt and his reason.
        reason: Digest,
    },
    /// Somebody opened a file, for a reason.
    AttachmentOpened(AttachmentOpened),
    /// Somebody took a case away with its files, for a reason.
    CaseExportedWithFiles(CaseExportedWithFiles),
    /// Somebody opened a proof of identity: written before a reason was asked for.
    IdentityProofOpened {
        /// The case.
        case: CaseId,
        /// The file.
        attachment: AttachmentId,
    },
    /// Somebody took a case away as an export.
    CaseExported {
        /// The case.
        case: CaseId,
        /// Its version.
        version: u32,
    },
    /// Somebody was told who saw an applicant's data. Whose is not kept: a record cannot be erased.
    AccessesReported {
        /// By what the applicant was named.
        known: SearchedBy,
        /// How many accesses he was told of.
        found: u32,
    },
    /// It got a new key: what is encrypted from then on is under it, and all that was is encrypted anew.
    KeyRotated {
        /// The id of the key, which every blob under it carries.
        key: KeyId,
        /// Whether the key of the blind indexes is new too.
        index: bool,
    },
    /// Nothing was left under an earlier key.
    KeyRetired {
        /// The id of that key.
        key: KeyId,
    },
    /// Its archive's codes and periods were set: these hold for files archived from now on.
    ArchiveShelfSet {
        /// 全宗号.
        fonds: String,
        /// 目录号.
        catalogue: String,
        /// The least for every file, beyond the statute pack's.
        ordinary: Option<Retention>,
        /// The least for files with a refusal or dispute.
        contested: Option<Retention>,
    },
    /// The route of review was set for what is submitted from then on.
    ReviewRouteSet {
        /// The route.
        route: Route,
    },
    /// The usual bodies of the clause on remedies were set.
    RemedyBodiesSet {
        /// SHA-256 over their names.
        digest: Digest,
    },
    /// Somebody's steps of review were delegated during his absence.
    ReviewDelegated {
        /// The delegation.
        delegation: DelegationId,
        /// Who is away.
        from: PersonId,
        /// Who takes his steps.
        to: PersonId,
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: NaiveDate,
    },
    /// A delegation of review was ended before its last day.
    DelegationEnded {
        /// The delegation.
        delegation: DelegationId,
    },
    /// A ledger was taken over.
    LedgerImported {
        /// Rows that became cases.
        accepted: u32,
        /// Rows that were there already.
        unchanged: u32,
        /// Rows refused.
        refused: u32,
    },
    /// Table 2 of an annual report was entered by hand.
    ReportEntered {
        /// The calendar year.
        year: i32,
        /// Which entry of that year, from 1.
        version: i32,
        /// SHA-256 over the entry's canonical text, in lower-case hexadecimal digits.
        hash: String,
    },
    /// A digest was made.
    DigestMade {
        /// Of what.
        kind: DigestKind,
        /// Of which period: `2026-04-01`, `2026-03`, `2026-Q1`.
        period: String,
        /// SHA-256 over its canonical text, in lower-case hexadecimal digits.
        hash: String,
    },
    /// 督办: it was sent a notice by a supervising agency.
    NoticeSent {
        /// The notice.
        notice: NoticeId,
        /// Who sent it.
        from: AgencyId,
        /// The case it is about, when it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
        /// The last day for the answer.
        due_on: NaiveDate,
        /// SHA-256 over a salt and what it says.
        words: Digest,
    },
    /// It answered a notice.
    NoticeAnswered {
        /// The notice.
        notice: NoticeId,
        /// Which step of it, from 1.
        n: i32,
        /// SHA-256 over a salt and the answer.
        words: Digest,
    },
    /// A notice came back: the answer does not do.
    NoticeReturned {
        /// The notice.
        notice: NoticeId,
        /// Which step of it, from 1.
        n: i32,
        /// The new last day for the answer.
        due_on: NaiveDate,
        /// SHA-256 over a salt and why.
        words: Digest,
    },
    /// A notice was closed by who sent it.
    NoticeClosed {
        /// The notice.
        notice: NoticeId,
        /// Which step of it, from 1.
        n: i32,
        /// SHA-256 over a salt and what was said, when something was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<Digest>,
    },
    /// 门户: a portal may hand requests in, by an account of its own.
    PortalOpened {
        /// The portal.
        portal: PortalId,
        /// Its account.
        account: AccountId,
    },
    /// A portal got a secret to sign in with.
    PortalSecretIssued {
        /// The portal.
        portal: PortalId,
        /// Which of its secrets, from 1.
        n: i32,
        /// For how many hours the one before stays good.
        overlap_hours: u32,
    },
    /// A portal was closed: it signs in no more.
    PortalClosed {
        /// The portal.
        portal: PortalId,
    },
    /// An annual report was frozen.
    ReportFrozen {
        /// The calendar year.
        year: i32,
        /// Which freeze of that year, from 1.
        n: i32,
        /// SHA-256 over the report's canonical text, in lower-case hexadecimal digits.
        hash: String,
    },
    /// 机构调整: it was reorganised, or began to be.
    Reorganised(Reorganised),
    /// It took cases over from another agency.
    CasesTakenOver(CasesTakenOver),
    /// All its cases concerned were handed over.
    ReorganisationFinished(ReorganisationFinished),
    /// A key that signs checkpoints of its record was made.
    CheckpointKeyMade(CheckpointKeyMade),
    /// An older copy of its record was put back, and the loss accepted.
    RestoreAccepted(RestoreAccepted),
}

impl AgencyEvent {
    /// The event's name in the record, equal to its `type` member.
    pub fn type_code(&self) -> &'static str {
        match self {
            Self::AgencyCreated { .. } => "agency_created",
            Self::DepartmentCreated { .. } => "department_created",
            Self::AccountCreated { .. } => "account_created",
            Self::RolesChanged { .. } => "roles_changed",
            Self::ClearanceSet { .. } => "clearance_set",
            Self::PasswordChanged { .. } => "password_changed",
            Self::PasswordReset { .. } => "password_reset",
            Self::SessionsEnded { .. } => "sessions_ended",
            Self::AccountDisabled { .. } => "account_disabled",
            Self::AccountEnabled { .. } => "account_enabled",
            Self::AccountBound { .. } => "account_bound",
            Self::AccountUnbound { .. } => "account_unbound",
            Self::SecondFactorSet { .. } => "second_factor_set",
            Self::SecondFactorReset { .. } => "second_factor_reset",
            Self::ApplicantSearched { .. } => "applicant_searched",
            Self::PersonalDataRevealed { .. } => "personal_data_revealed",
            Self::IdentityProofOpened { .. } => "identity_proof_opened",
            Self::CaseExported { .. } => "case_exported",
            Self::CaseExportedWithFiles(_) => "case_exported_with_files",
            Self::AttachmentOpened(_) => "attachment_opened",
            Self::AccessesReported { .. } => "accesses_reported",
            Self::KeyRotated { .. } => "key_rotated",
            Self::KeyRetired { .. } => "key_retired",
            Self::ArchiveShelfSet { .. } => "archive_shelf_set",
            Self::ReviewRouteSet { .. } => "review_route_set",
            Self::RemedyBodiesSet { .. } => "remedy_bodies_set",
            Self::ReviewDelegated { .. } => "review_delegated",
            Self::DelegationEnded { .. } => "delegation_ended",
            Self::LedgerImported { .. } => "ledger_imported",
            Self::ReportEntered { .. } => "report_entered",
            Self::DigestMade { .. } => "digest_made",
            Self::NoticeSent { .. } => "notice_sent",
            Self::NoticeAnswered { .. } => "notice_answered",
            Self::NoticeReturned { .. } => "notice_returned",
            Self::NoticeClosed { .. } => "notice_closed",
            Self::PortalOpened { .. } => "portal_opened",
            Self::PortalSecretIssued { .. } => "portal_secret_issued",
            Self::PortalClosed { .. } => "portal_closed",
            Self::ReportFrozen { .. } => "report_frozen",
            Self::Reorganised(_) => "reorganised",
            Self::CasesTakenOver(_) => "cases_taken_over",
            Self::ReorganisationFinished(_) => "reorganisation_finished",
            Self::CheckpointKeyMade(_) => "checkpoint_key_made",
            Self::RestoreAccepted(_) => "restore_accepted",
        }
    }
}
