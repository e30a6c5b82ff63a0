//! 门户: portals are opened by a system administrator, sign in by themselves (OAuth 2, client credentials), and get new secrets
//! while the old ones still hold. Each step is an event in the agency's chain. What they hand in is received as any request is.

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use super::attempts::Door;
use super::directory::Agency;
use super::error::{AppError, FieldError};
use super::execute::by;
use super::retry::{Answer, RetryKey, kept_answer};
use super::set_up::{Change, RenderMade, name_error};
use crate::crypto::client_secret::ClientSecret;
use crate::crypto::password::Password;
use crate::crypto::random;
use crate::domain::agency_event::AgencyEvent;
use crate::domain::ids::{AccountId, AgencyId, PortalId, SessionId};
use crate::domain::policy::Action;
use crate::domain::portal::LONGEST_OVERLAP;
use crate::domain::role::{Actor, Role};
use crate::domain::sensitivity::Sensitivity;
use crate::store::{
    AccountRow, At, GrantRow, Key, NewPortal, PersonRow, PortalLine, PortalRow, PortalSecretRow, SessionRow,
    SetUpChange, WAY_PASSWORD,
};

/// How often a secret is numbered anew when somebody else issued one meanwhile.
const TRIES: usize = 3;

/// A portal's new secret, for the one answer that hands it out.
pub struct SecretMade {
    /// The portal.
    pub portal: PortalRow,
    /// Which of its secrets, from 1.
    pub n: i32,
    /// The secret.
    pub secret: ClientSecret,
    /// Until when the one before is good.
    pub others_until: Option<DateTime<Utc>>,
}

/// What a portal gets for its secret.
pub struct PortalToken {
    /// For each request.
    pub access: String,
    /// Seconds until it expires.
    pub expires_in: i64,
}

impl App {
    /// The portals of the caller's agency, by name, each with the secrets that are good now.
    ///
    /// # Errors
    /// As [`App::allowed`].
    pub async fn portals(&self, actor: &Actor) -> Result<Vec<PortalLine>, AppError> {
        self.allowed(actor, Action::ReadPortals, actor.agency)?;
        Ok(self.store.portals_of(Key(actor.agency.0), At(self.clock.now())).await?)
    }

    /// Opens a portal at the caller's agency, with its first secret; or gives the first answer to a retry.
    ///
    /// # Errors
    /// As [`App::allowed`]; [`AppError::Invalid`] and [`AppError::Taken`] for its name.
    pub async fn open_portal(
        &self,
        actor: &Actor,
        name: &str,
        retry: Option<RetryKey>,
        render: RenderMade<SecretMade>,
    ) -> Result<Answer, AppError> {
        self.allowed(actor, Action::ManagePortals, actor.agency)?;
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let wrong: Vec<FieldError> = name_error("/name", name, 100).into_iter().collect();
        if !wrong.is_empty() {
            return Err(AppError::Invalid(wrong));
        }
        let (new, made) = self.new_portal(home.id, name.trim()).await?;
        let portal = PortalId(new.portal.id.0);
        let account = AccountId(new.account.id.0);
        let events = vec![
            AgencyEvent::PortalOpened { portal, account },
            AgencyEvent::PortalSecretIssued { portal, n: made.n, overlap_hours: 0 },
        ];
        let change = (events, SetUpChange::Portal(Box::new(new)));
        let written = self.portal_change(actor, &home, change, (&made, retry.as_ref(), render)).await;
        self.after_race(written, &home, actor, retry.as_ref()).await
    }

    async fn new_portal(&self, agency: AgencyId, name: &str) -> Result<(NewPortal, SecretMade), AppError> {
        let now = self.clock.now();
        let [id, account, person, grant] = [(); 4].map(|()| Key(random::new_id(now)));
        let (agency, created_at) = (Key(agency.0), At(now));
        let secret = ClientSecret::generate();
        let portal = PortalRow {
            agency_id: agency,
            id,
            account_id: account,
            name: name.to_owned(),
            created_at,
            closed_at: None,
        };
        // Nobody signs in to its account with a password: this one is thrown away.
        let password = Password::from(random::token_base64url(32).as_str());
        let new = NewPortal {
            secret: secret_row(&portal, 1, &secret, created_at),
            person: PersonRow { id: person, reference: format!("portal-{}", id.0), created_at },
            account: AccountRow {
                agency_id: agency,
                id: account,
                person_id: person,
                username: format!("portal-{}", id.0),
                password_hash: self.hasher.hash(password).await?,
                must_change_password: false,
                failed_logins: 0,
                locked_until: None,
                disabled: false,
                created_at,
                password_set_at: created_at,
                active_at: created_at,
                totp_secret: None,
                totp_confirmed_at: None,
                totp_step: 0,
                clearance: Sensitivity::Ordinary.level(),
            },
            grant: GrantRow {
                id: grant,
                account_id: account,
                person_id: person,
                role: Role::Portal.code().to_owned(),
                agency_id: agency,
                department_id: None,
                granted_at: created_at,
            },
            portal: portal.clone(),
        };
        Ok((new, SecretMade { portal, n: 1, secret, others_until: None }))
    }

    /// Gives a portal a further secret; those before stay good for so many hours (with 0, what was begun with them ends too).
    ///
    /// # Errors
    /// As [`App::allowed`]; [`AppError::NotFound`] when the agency has no such portal, or it is closed; [`AppError::Invalid`] for more than
    /// [`LONGEST_OVERLAP`] hours.
    pub async fn issue_portal_secret(
        &self,
        actor: &Actor,
        portal: PortalId,
        overlap_hours: u32,
        retry: Option<RetryKey>,
        render: RenderMade<SecretMade>,
    ) -> Result<Answer, AppError> {
        self.allowed(actor, Action::ManagePortals, actor.agency)?;
        let home = self.agency(actor.agency).await?;
        self.open_portal_of(actor.agency, portal).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        if overlap_hours > LONGEST_OVERLAP {
            return Err(AppError::Invalid(vec![too_long()]));
        }
        for _ in 0..TRIES {
            let (row, last) = self.open_portal_of(actor.agency, portal).await?;
            let now = self.clock.now();
            let until = now.checked_add_signed(TimeDelta::hours(i64::from(overlap_hours))).unwrap_or(now);
            let (secret, n) = (ClientSecret::generate(), last.saturating_add(1));
            let rows = SetUpChange::PortalSecret(secret_row(&row, n, &secret, At(now)), At(until));
            let events = vec![AgencyEvent::PortalSecretIssued { portal, n, overlap_hours }];
            let made = SecretMade { portal: row, n, secret, others_until: Some(until) };
            let written =
                self.portal_change(actor, &home, (events, rows), (&made, retry.as_ref(), render)).await;
            match self.after_race(written, &home, actor, retry.as_ref()).await {
                Err(AppError::VersionStale) => {}
                other => return other,
            }
        }
        Err(AppError::Store(crate::store::StoreError::Busy))
    }

    /// Closes a portal: its secrets and what was begun with them end at once; what it handed in stays. One that is closed stays as it is.
    ///
    /// # Errors
    /// As [`App::allowed`]; [`AppError::NotFound`] when the agency has no such portal.
    pub async fn close_portal(&self, actor: &Actor, portal: PortalId) -> Result<(), AppError> {
        self.allowed(actor, Action::ManagePortals, actor.agency)?;
        let row = self.portal_of(actor.agency, portal).await?;
        if row.closed_at.is_some() {
            return Ok(());
        }
        let agency = self.agency(actor.agency).await?;
        let (by, zone, events) = (by(actor), agency.zone, vec![AgencyEvent::PortalClosed { portal }]);
        let rows = SetUpChange::PortalClosed(row);
        self.change(Change { agency: agency.id, zone, by, events, rows, retry: None }).await
    }

    async fn portal_of(&self, agency: AgencyId, portal: PortalId) -> Result<PortalRow, AppError> {
        let lines = self.store.portals_of(Key(agency.0), At(self.clock.now())).await?;
        let found = lines.into_iter().find(|(row, _)| row.id.0 == portal.0);
        found.map(|(row, _)| row).ok_or(AppError::NotFound)
    }

    /// An agency's portal that is not closed, and the number of its last secret.
    async fn open_portal_of(&self, agency: AgencyId, portal: PortalId) -> Result<(PortalRow, i32), AppError> {
        let row = self.portal_of(agency, portal).await?;
        if row.closed_at.is_some() {
            return Err(AppError::NotFound);
        }
        let last = self.store.portal_last_secret(row.agency_id, row.id).await?;
        Ok((row, last))
    }

    async fn portal_change(
        &self,
        actor: &Actor,
        home: &Agency,
        (events, rows): (Vec<AgencyEvent>, SetUpChange),
        (made, retry, render): (&SecretMade, Option<&RetryKey>, RenderMade<SecretMade>),
    ) -> Result<Answer, AppError> {
        let answer = render(made);
        let retry = retry.map(|key| kept_answer(home, key.of(actor.account), &answer)).transpose()?;
        let (by, zone) = (by(actor), home.zone);
        self.change(Change { agency: home.id, zone, by, events, rows, retry }).await?;
        Ok(answer)
    }

    /// Signs a portal in (RFC 6749, 4.4): a short stay that nothing prolongs.
    ///
    /// # Errors
    /// [`AppError::LoginFailed`] for an unknown or closed portal, and for a wrong secret or one that is over, alike.
    pub async fn portal_sign_in(
        &self,
        door: &Door,
        client_id: &str,
        secret: &str,
    ) -> Result<PortalToken, AppError> {
        let portal: PortalId = client_id.parse().map_err(|_| AppError::LoginFailed)?;
        let secret = ClientSecret::parse(secret).map_err(|_| AppError::LoginFailed)?;
        let now = self.clock.now();
        let found = self.store.portal_signing_in(Key(portal.0), secret.hash().to_vec(), At(now)).await?;
        let Some((row, true)) = found else { return Err(AppError::LoginFailed) };
        let session = SessionId(random::new_id(now));
        let stay = self.sessions.access;
        let expires_at = At(now.checked_add_signed(stay).unwrap_or(now));
        let begun = SessionRow {
            id: Key(session.0),
            account_id: row.account_id,
            created_at: At(now),
            last_used_at: At(now),
            expires_at,
            revoked_at: None,
            way: WAY_PASSWORD.to_owned(),
        };
        let came_in = self.came_in((row.agency_id, row.account_id), door, now);
        self.store.portal_session_begin(begun, came_in).await?;
        let access = self.tokens.issue(row.account_id.0, session.0, now, stay);
        Ok(PortalToken { access, expires_in: stay.num_seconds() })
    }
}

fn secret_row(portal: &PortalRow, n: i32, secret: &ClientSecret, created_at: At) -> PortalSecretRow {
    let (agency_id, portal_id, hash) = (portal.agency_id, portal.id, secret.hash().to_vec());
    PortalSecretRow { agency_id, portal_id, n, hash, created_at, expires_at: None }
}

fn too_long() -> FieldError {
    FieldError::new(
        "/overlap_hours",
        "range",
        format!("旧密钥最多继续有效 {LONGEST_OVERLAP} 小时。"),
        format!("The secrets before stay good for at most {LONGEST_OVERLAP} hours."),
    )
}
