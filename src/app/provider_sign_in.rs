//! Signing in with the office's identity provider (OpenID Connect). Accounts are never made by themselves: a security administrator
//! binds one to what the provider calls its holder. Roles stay ours, and so do stays: as with a password.
//!
//! What counts: the provider's word stands for the password, whose age and lock do not matter then; who has a second factor here
//! must have shown one there (`amr` holds `mfa`), and that counts as the second factor that administrators need.

use std::net::IpAddr;

use super::App;
use super::attempts::Door;
use super::error::AppError;
use super::execute::by;
use super::sign_in::Tokens;
use crate::crypto::framed::{frame, hmac_sha256};
use crate::crypto::master_key::MasterKey;
use crate::crypto::random;
use crate::crypto::secret::SecretKey;
use crate::crypto::token::RefreshToken;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::policy::Action;
use crate::domain::role::Actor;
use crate::provider::{Flow, Identity, Provider, ProviderError};
use crate::store::{
    AccessChange, At, Key, ProviderProof, RefreshRow, SessionRow, WAY_PROVIDER, WAY_PROVIDER_MFA,
};

/// Longer codes and states are no provider's.
const LONGEST_CODE: usize = 2048;

/// The keys of what is kept of sign-ins with the provider; the same on every instance.
pub struct ProviderKeys {
    cookies: SecretKey,
    subjects: SecretKey,
}

impl ProviderKeys {
    /// Under the master key.
    pub fn of(master: &MasterKey) -> Self {
        Self {
            cookies: master.derive("gongkai/provider-cookie/v1"),
            subjects: master.derive("gongkai/provider-subject/v1"),
        }
    }
}

/// A sign-in that begins.
pub struct Begun {
    /// Where the browser is sent.
    pub location: String,
    /// What it keeps meanwhile.
    pub cookie: String,
    /// Whether the cookie goes over TLS only.
    pub secure: bool,
}

/// A sign-in that has ended well.
pub struct Ended {
    /// What it hands out.
    pub tokens: Tokens,
    /// Whether the cookie, which may go now, goes over TLS only.
    pub secure: bool,
}

/// What the browser brings back.
pub struct CameBack {
    /// The provider's code.
    pub code: String,
    /// The state.
    pub state: String,
    /// Whose answer it is, where the provider says so (RFC 9207).
    pub issuer: Option<String>,
    /// What the browser kept.
    pub cookie: String,
}

impl App {
    /// Sends somebody to the provider.
    ///
    /// # Errors
    /// [`AppError::NoProvider`] when the office has none; [`AppError::TooOften`]; [`AppError::ProviderUnavailable`].
    pub async fn begin_provider_sign_in(&self, from: Option<IpAddr>) -> Result<Begun, AppError> {
        let provider = self.provider_for(from)?;
        let flow = Flow::begin();
        let location = provider.authorization_url(&flow).await.map_err(told)?;
        let cookie = flow.cookie(&self.provider_keys.cookies, self.clock.now());
        Ok(Begun { location, cookie, secure: is_secure(provider) })
    }

    /// Signs in whoever comes back from the provider.
    ///
    /// # Errors
    /// [`AppError::LoginFailed`] for everything that is wrong, alike; otherwise as [`App::begin_provider_sign_in`].
    pub async fn end_provider_sign_in(&self, door: &Door, back: Option<CameBack>) -> Result<Ended, AppError> {
        let provider = self.provider_for(door.address)?;
        let now = self.clock.now();
        let back = back.filter(|back| back.code.len() <= LONGEST_CODE).ok_or(AppError::LoginFailed)?;
        let flow = Flow::of_cookie(&self.provider_keys.cookies, &back.cookie, now);
        let flow = flow.filter(|flow| flow.is_state(&back.state)).ok_or(AppError::LoginFailed)?;
        if back.issuer.is_some_and(|issuer| issuer != provider.settings().issuer) {
            return Err(AppError::LoginFailed);
        }
        let identity = provider.identify(&flow, &back.code, now).await.map_err(told)?;
        let subject = self.subject_hash(provider, &identity.subject);
        let account = self.store.account_bound_to(subject.clone()).await?.ok_or(AppError::LoginFailed)?;
        if self.is_dormant(&account, now) {
            self.disable_dormant(&account).await?;
            return Err(AppError::LoginFailed);
        }
        let session = SessionId(random::new_id(now));
        let refresh = RefreshToken::generate();
        let row = SessionRow {
            id: Key(session.0),
            account_id: account.id,
            created_at: At(now),
            last_used_at: At(now),
            expires_at: At(now.checked_add_signed(self.sessions.absolute).unwrap_or(now)),
            revoked_at: None,
            way: way(&identity).to_owned(),
        };
        let (hash, session_id) = (refresh.hash().to_vec(), Key(session.0));
        let refresh_row = RefreshRow { hash, session_id, issued_at: At(now), used_at: None };
        let proof =
            ProviderProof { subject, mark: flow.mark().to_vec(), multi_factor: identity.multi_factor };
        let came_in = self.came_in((account.agency_id, account.id), door, now);
        if !self.store.provider_session_begin(row, refresh_row, proof, came_in).await? {
            return Err(AppError::LoginFailed);
        }
        let tokens = self.tokens(AccountId(account.id.0), session, refresh, now, false);
        Ok(Ended { tokens, secure: is_secure(provider) })
    }

    /// Binds somebody else's account to what the provider calls its holder, in the place of what it was bound to. Its stays end.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such account, [`AppError::NoProvider`], [`AppError::OwnAccount`] when it is the caller's own
    /// person's, [`AppError::Taken`] when another account is bound to it.
    pub async fn bind_account(
        &self,
        actor: &Actor,
        account: AccountId,
        subject: &str,
    ) -> Result<(), AppError> {
        let row = self.others_account(actor, Action::BindAccount, account).await?;
        let provider = self.provider.as_ref().ok_or(AppError::NoProvider)?;
        let subject = self.subject_hash(provider, subject);
        let change = AccessChange::Bound { agency: row.agency_id, subject };
        self.change_access(by(actor), &row, AgencyEvent::AccountBound { account }, change).await
    }

    /// Ends that. Its stays end. One that is not bound stays so, and nothing is recorded.
    ///
    /// # Errors
    /// As [`App::bind_account`].
    pub async fn unbind_account(&self, actor: &Actor, account: AccountId) -> Result<(), AppError> {
        let row = self.others_account(actor, Action::BindAccount, account).await?;
        if !self.store.account_is_bound(row.agency_id, row.id).await? {
            return Ok(());
        }
        let change = AccessChange::Unbound { agency: row.agency_id };
        self.change_access(by(actor), &row, AgencyEvent::AccountUnbound { account }, change).await
    }

    /// The provider, asked for from an address that did not ask too often.
    fn provider_for(&self, from: Option<IpAddr>) -> Result<&Provider, AppError> {
        let provider = self.provider.as_ref().ok_or(AppError::NoProvider)?;
        self.sign_ins.admit_address(from).map_err(|seconds| AppError::TooOften { seconds })?;
        Ok(provider)
    }

    /// What is stored of a name at the provider, which may be a number of a person: a keyed hash, with issuer and claim.
    fn subject_hash(&self, provider: &Provider, subject: &str) -> Vec<u8> {
        let settings = provider.settings();
        let parts = [settings.issuer.as_bytes(), settings.claim.as_bytes(), subject.as_bytes()];
        hmac_sha256(&self.provider_keys.subjects, &frame(&parts)).to_vec()
    }
}

/// Whether people come back over TLS.
fn is_secure(provider: &Provider) -> bool {
    provider.settings().redirect_url.starts_with("https:")
}

fn way(identity: &Identity) -> &'static str {
    if identity.multi_factor { WAY_PROVIDER_MFA } else { WAY_PROVIDER }
}

/// The reason goes to the log and nowhere else.
fn told(error: ProviderError) -> AppError {
    match error {
        ProviderError::Code | ProviderError::Token(_) => {
            tracing::info!(%error, "a sign-in with the identity provider was refused");
            AppError::LoginFailed
        }
        ProviderError::Unavailable(_) => {
            tracing::error!(%error, "nobody can sign in with the identity provider");
            AppError::ProviderUnavailable
        }
    }
}
