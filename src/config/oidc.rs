//! The settings about the identity provider (OpenID Connect).

use std::path::PathBuf;

use super::attachments::secret;
use super::variables::{Default, Variable, path};
use super::{Config, Mistake};
use crate::provider::{ProviderSettings, may_be_asked};

/// The settings about the provider as far as they have been read.
#[derive(std::default::Default)]
pub(super) struct OidcDraft {
    issuer: Option<String>,
    client_id: Option<String>,
    secret_file: Option<PathBuf>,
    redirect_url: Option<String>,
    claim: Option<String>,
    scopes: Option<String>,
}

impl OidcDraft {
    /// The provider, all of which is told or nothing.
    pub(super) fn finish(self, mistakes: &mut Vec<Mistake>) -> Option<ProviderSettings> {
        let Some(issuer) = self.issuer else {
            let without = [
                (CLIENT_ID.name, self.client_id.is_some()),
                (SECRET_FILE.name, self.secret_file.is_some()),
                (REDIRECT_URL.name, self.redirect_url.is_some()),
            ];
            for (name, _) in without.into_iter().filter(|(_, is_set)| *is_set) {
                mistakes.push(Mistake(format!("{name}: {}, to which it belongs, is not set.", ISSUER.name)));
            }
            return None;
        };
        let mut needed = |name: &str, is_set: bool| {
            if !is_set {
                mistakes.push(Mistake(format!("{name}: it is not set, and {} is.", ISSUER.name)));
            }
        };
        needed(CLIENT_ID.name, self.client_id.is_some());
        needed(SECRET_FILE.name, self.secret_file.is_some());
        needed(REDIRECT_URL.name, self.redirect_url.is_some());
        let file = self.secret_file?;
        match secret(&file) {
            Ok(client_secret) => Some(ProviderSettings {
                issuer,
                client_id: self.client_id?,
                client_secret,
                redirect_url: self.redirect_url?,
                claim: self.claim?,
                scopes: self.scopes?,
            }),
            Err(reason) => {
                let name = SECRET_FILE.name;
                mistakes.push(Mistake(format!("{name}: {}: {reason}.", file.display())));
                None
            }
        }
    }
}

/// An address over TLS, or of this machine.
fn address(text: &str) -> Result<String, String> {
    if text.len() > 1024 {
        return Err("it is longer than 1024 characters".to_owned());
    }
    may_be_asked(text).map(|_| text.to_owned())
}

fn words(text: &str, what: &str) -> Result<String, String> {
    let good =
        !text.is_empty() && text.len() <= 255 && text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    if good { Ok(text.to_owned()) } else { Err(format!("it must be {what}: up to 255 ASCII characters")) }
}

fn shown(config: &Config, of: fn(&ProviderSettings) -> &str) -> String {
    config.provider.as_ref().map_or_else(|| "(none)".to_owned(), |provider| of(provider).to_owned())
}

pub(super) const ISSUER: Variable = Variable {
    name: "GONGKAI_OIDC_ISSUER",
    unit: "URL",
    default: Default::Words("none: people sign in with passwords only"),
    effect: "The identity provider (OpenID Connect) with which people may sign in, too: its issuer, letter by letter as its \
             discovery says it; https:// or this machine. It and the endpoints that its discovery names are asked, nothing else.",
    set: |draft, text| {
        draft.oidc.issuer = Some(address(text)?);
        Ok(())
    },
    show: |config| shown(config, |provider| &provider.issuer),
};

pub(super) const CLIENT_ID: Variable = Variable {
    name: "GONGKAI_OIDC_CLIENT_ID",
    unit: "name",
    default: Default::Words("none"),
    effect: "By which name the identity provider knows this service. Must be set with GONGKAI_OIDC_ISSUER.",
    set: |draft, text| {
        draft.oidc.client_id = Some(words(text, "the name that the provider has given")?);
        Ok(())
    },
    show: |config| shown(config, |provider| &provider.client_id),
};

pub(super) const SECRET_FILE: Variable = Variable {
    name: "GONGKAI_OIDC_CLIENT_SECRET_FILE",
    unit: "file",
    default: Default::Words("none"),
    effect: "The file that holds the secret of that name, and nothing else. Must be set with GONGKAI_OIDC_ISSUER.",
    set: |draft, text| {
        draft.oidc.secret_file = Some(path(text)?);
        Ok(())
    },
    show: |config| shown(config, |_| "***"),
};

pub(super) const REDIRECT_URL: Variable = Variable {
    name: "GONGKAI_OIDC_REDIRECT_URL",
    unit: "URL",
    default: Default::Words("none"),
    effect: "Where the identity provider sends people back to, as it is registered there: the public address of \
             /api/v1/auth/oidc/callback, or a page of the same site that hands the query on. Must be set with GONGKAI_OIDC_ISSUER.",
    set: |draft, text| {
        draft.oidc.redirect_url = Some(address(text)?);
        Ok(())
    },
    show: |config| shown(config, |provider| &provider.redirect_url),
};

pub(super) const CLAIM: Variable = Variable {
    name: "GONGKAI_OIDC_CLAIM",
    unit: "name of a claim",
    default: Default::Value("sub"),
    effect: "The claim of ID tokens that names somebody, to whom an account is bound: one that the provider never gives to \
             somebody else. email counts only when email_verified is true.",
    set: |draft, text| {
        draft.oidc.claim = Some(words(text, "the name of a claim")?);
        Ok(())
    },
    show: |config| shown(config, |provider| &provider.claim),
};

pub(super) const SCOPES: Variable = Variable {
    name: "GONGKAI_OIDC_SCOPES",
    unit: "scopes, with spaces",
    default: Default::Value("openid"),
    effect: "The scopes asked for. openid must be one; others only where the claim needs them.",
    set: |draft, text| {
        let scopes = words(text, "scopes")?;
        if !scopes.split(' ').any(|scope| scope == "openid") {
            return Err("openid is not among them".to_owned());
        }
        draft.oidc.scopes = Some(scopes);
        Ok(())
    },
    show: |config| shown(config, |provider| &provider.scopes),
};
