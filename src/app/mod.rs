//! The use cases: authorize → load → decide → commit. Nothing here knows HTTP, and no rule of the law is here.
#![warn(missing_docs)]

mod access_reason;
pub mod accesses;
pub mod account_access;
pub mod accounts;
pub mod annual_report;
pub mod applicant_search;
pub mod archive;
pub mod attachments;
pub mod attempts;
pub mod calendars;
pub mod case_view;
pub mod checkpoints;
pub mod csv_text;
pub mod dashboard;
pub mod delegations;
pub mod demo;
pub mod digests;
pub mod directory;
pub mod error;
pub mod execute;
pub mod export;
pub mod history;
pub mod import_ledger;
pub mod inbox;
pub mod keys;
pub mod ledger;
pub mod ledger_file;
pub mod ledger_sheet;
pub mod notice_view;
pub mod notices;
pub mod often_requested;
pub mod order;
pub mod password_reset;
pub mod passwords;
pub mod people;
pub mod portal_requests;
pub mod portals;
pub mod progress;
pub mod proposals;
pub mod provider_sign_in;
pub mod publications;
pub mod queue;
pub mod rates;
pub mod rebuild;
pub mod receive;
pub mod relate;
pub mod relations;
pub mod reorganise;
pub mod reply_versions;
pub mod reply_view;
pub mod report_record;
mod reseal;
pub mod retry;
pub mod review_settings;
pub mod second_factor;
pub mod secrecy_register;
pub mod set_up;
mod shown;
pub mod sign_in;
pub mod sign_in_guard;
pub mod time_limits;
pub mod verify;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::config::IdentitySettings;
use crate::courier::Courier;
use crate::crypto::blocklist::Blocklist;
use crate::crypto::hasher::Hasher;
use crate::crypto::master_key::MasterKey;
use crate::crypto::token::TokenSigner;
use crate::domain::case::Origin;
use crate::files::Files;
use crate::law::LawBook;
use crate::provider::Provider;
use crate::store::{DatabaseUrl, Store, StoreError};
use directory::Directory;
use error::AppError;
use provider_sign_in::ProviderKeys;
use sign_in_guard::SignInGuard;

/// How long the parts of a stay last (design section 6; GB/T 22239-2019, 8.1.4.1: leaving after a while).
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// An access token.
    pub access: TimeDelta,
    /// A stay in which nothing happens.
    pub idle: TimeDelta,
    /// Any stay.
    pub absolute: TimeDelta,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { access: TimeDelta::minutes(10), idle: TimeDelta::minutes(30), absolute: TimeDelta::hours(12) }
    }
}

/// Everything the use cases need. Shared by all requests.
pub struct App {
    /// The database.
    pub store: Store,
    /// Agencies and their keys, as read so far.
    pub directory: Directory,
    /// The one clock.
    pub clock: Clock,
    /// The threads that hash passwords.
    pub hasher: Hasher,
    /// Makes and checks access tokens.
    pub tokens: TokenSigner,
    /// What was tried, and is not yet written.
    pub attempts: attempts::Attempts,
    /// How long stays last.
    pub sessions: SessionLimits,
    /// What is asked of those who sign in.
    pub identity: IdentitySettings,
    /// The office's list of passwords that became known, where it keeps one.
    pub blocklist: Option<Arc<Blocklist>>,
    /// What limits sign-ins before a password is hashed.
    pub sign_ins: SignInGuard,
    /// The identity provider of the office, where it has one.
    pub provider: Option<Provider>,
    /// The keys of what is kept of sign-ins with it.
    pub provider_keys: ProviderKeys,
    /// How what is written now came in: `api` but for the demonstration and the command line.
    pub origin: Origin,
    /// The second place, where checkpoints are written besides the database.
    pub checkpoint_dir: Option<PathBuf>,
    /// Whether the pages of the document are served.
    pub docs: bool,
    /// Who brings checkpoints to receivers that are no folder.
    pub couriers: Vec<Courier>,
    /// Where attachments are kept and who examines them; none where no attachment is touched.
    pub files: Option<Files>,
}

/// The database's memory of which master key its data are under.
pub const FINGERPRINT: &str = "master_key_fingerprint";

impl App {
    /// Opens the application on a database whose schema is up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, or its data are under another master key.
    pub async fn open(
        url: &DatabaseUrl,
        master: MasterKey,
        law: Arc<LawBook>,
        clock: Clock,
        origin: Origin,
    ) -> Result<Self, AppError> {
        let store = Store::open(url, law)?;
        store.refresh_law().await?;
        let fingerprint = master.fingerprint();
        store.meta_put_once(FINGERPRINT, fingerprint.clone()).await?;
        if store.meta_get(FINGERPRINT).await?.as_deref() != Some(fingerprint.as_str()) {
            return Err(AppError::Store(StoreError::BadUrl(
                "the database's data are under another master key: give the key file it was made with"
                    .to_owned(),
            )));
        }
        let tokens = TokenSigner::new(master.derive("gongkai/access-token/v1"), "gongkai");
        let attempts = attempts::Attempts::new(master.derive("gongkai/attempts/v1"));
        let provider_keys = ProviderKeys::of(&master);
        let hasher = Hasher::start(Hasher::default_threads())
            .map_err(|error| AppError::Internal(format!("no thread for passwords: {error}")))?;
        let app = Self {
            store,
            directory: Directory::new(master),
            clock,
            hasher,
            tokens,
            attempts,
            sessions: SessionLimits::default(),
            sign_ins: SignInGuard::new(IdentitySettings::default().sign_ins),
            identity: IdentitySettings::default(),
            blocklist: None,
            provider: None,
            provider_keys,
            origin,
            files: None,
            checkpoint_dir: None,
            docs: true,
            couriers: Vec::new(),
        };
        app.seal_for_the_first_time().await?;
        Ok(app)
    }
}
