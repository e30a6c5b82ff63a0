//! An identity provider (身份提供方) of the office, by OpenID Connect: its discovery, its keys, the exchange of codes for ID tokens.
//! What goes out goes to the configured issuer and to the endpoints that its discovery names, over TLS or to this machine only; no
//! redirect is followed, no answer may be long or slow. Who somebody is here is not decided here: see `app/provider_sign_in.rs`.
#![warn(missing_docs)]

mod flow;
mod id_token;
mod metadata;

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jsonwebtoken::jwk::JwkSet;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

pub use self::flow::{FLOW_LASTS, Flow};
use self::id_token::{Expected, check, kid_of};
pub use self::id_token::{IdTokenFault, Identity};
use self::metadata::Metadata;
pub use self::metadata::may_be_asked;

/// No answer of a provider takes longer.
const PATIENCE: Duration = Duration::from_secs(10);
const CONNECTED_WITHIN: Duration = Duration::from_secs(5);
/// No answer of a provider is longer.
const LONGEST_ANSWER: usize = 256 * 1024;
/// How long discovery and keys are kept.
const KEPT: Duration = Duration::from_hours(1);
/// How often keys are fetched anew for tokens whose key is not known.
const REFETCHES_A_MINUTE: NonZeroU32 = NonZeroU32::new(6).unwrap();

/// What an office says of its provider.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// The issuer, letter by letter as its discovery and its tokens say it.
    pub issuer: String,
    /// By which name it knows this service.
    pub client_id: String,
    /// The secret of that name.
    pub client_secret: Zeroizing<String>,
    /// Where it sends people back to.
    pub redirect_url: String,
    /// The claim of its ID tokens that names an account.
    pub claim: String,
    /// The scopes asked for, with spaces between; `openid` is one.
    pub scopes: String,
}

/// Why somebody could not be told who he is.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The provider does not take the code.
    #[error("the provider does not take the code")]
    Code,
    /// Its ID token is not good.
    #[error("{0}")]
    Token(#[from] IdTokenFault),
    /// It cannot be reached, or says nothing sensible.
    #[error("the identity provider: {0}")]
    Unavailable(String),
}

/// The provider.
pub struct Provider {
    settings: ProviderSettings,
    http: reqwest::Client,
    known: Mutex<Option<Known>>,
    refetches: DefaultDirectRateLimiter,
}

/// What was fetched, and when.
#[derive(Clone)]
struct Known {
    metadata: Metadata,
    keys: JwkSet,
    since: Instant,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
}

impl Provider {
    /// A provider; nothing is asked of it before somebody signs in.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: ProviderSettings) -> Result<Self, String> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .connect_timeout(CONNECTED_WITHIN)
            .no_proxy()
            .build()
            .map_err(|error| error.to_string())?;
        let refetches = RateLimiter::direct(Quota::per_minute(REFETCHES_A_MINUTE));
        Ok(Self { settings, http, known: Mutex::new(None), refetches })
    }

    /// What the office says of it.
    pub fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// Where somebody is sent to sign in.
    ///
    /// # Errors
    /// [`ProviderError::Unavailable`].
    pub async fn authorization_url(&self, flow: &Flow) -> Result<String, ProviderError> {
        let known = self.known().await?;
        let mut url = known.metadata.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.settings.redirect_url)
            .append_pair("scope", &self.settings.scopes)
            .append_pair("state", &flow.state())
            .append_pair("nonce", &flow.nonce())
            .append_pair("code_challenge", &flow.challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Who somebody is that came back with a code.
    ///
    /// # Errors
    /// Any [`ProviderError`].
    pub async fn identify(
        &self,
        flow: &Flow,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Identity, ProviderError> {
        let known = self.known().await?;
        let token = self.exchange(&known.metadata, flow, code).await?;
        let keys = self.keys_for(known, &token).await?;
        let (settings, nonce) = (&self.settings, flow.nonce());
        let expected = Expected {
            issuer: &settings.issuer,
            client_id: &settings.client_id,
            nonce: &nonce,
            claim: &settings.claim,
        };
        Ok(check(&token, &keys, &expected, now)?)
    }

    /// The keys, fetched anew when that of the token is not among them.
    async fn keys_for(&self, known: Known, token: &str) -> Result<JwkSet, ProviderError> {
        let kid = kid_of(token)?;
        let missing = kid.is_some_and(|kid| known.keys.find(&kid).is_none());
        if !missing || self.refetches.check().is_err() {
            return Ok(known.keys);
        }
        let keys = self.fetch_keys(&known.metadata).await?;
        *self.known.lock().await = Some(Known { keys: keys.clone(), ..known });
        Ok(keys)
    }

    /// Discovery and keys; who asks while they are being fetched waits for the same answer.
    async fn known(&self) -> Result<Known, ProviderError> {
        let mut kept = self.known.lock().await;
        if let Some(known) = kept.as_ref().filter(|known| known.since.elapsed() < KEPT) {
            return Ok(known.clone());
        }
        let address =
            format!("{}/.well-known/openid-configuration", self.settings.issuer.trim_end_matches('/'));
        let address = may_be_asked(&address).map_err(ProviderError::Unavailable)?;
        let metadata = self.get(address).await?;
        let metadata = Metadata::read(metadata, &self.settings.issuer).map_err(ProviderError::Unavailable)?;
        let keys = self.fetch_keys(&metadata).await?;
        let known = Known { metadata, keys, since: Instant::now() };
        *kept = Some(known.clone());
        Ok(known)
    }

    /// The keys of kinds that this program knows; others are passed over (RFC 7517, 5).
    async fn fetch_keys(&self, metadata: &Metadata) -> Result<JwkSet, ProviderError> {
        let set: serde_json::Value = self.get(metadata.jwks_uri.clone()).await?;
        let keys = set.get("keys").and_then(serde_json::Value::as_array);
        let keys = keys.ok_or_else(|| ProviderError::Unavailable("its keys are no JWK set".to_owned()))?;
        let known = keys.iter().take(64).filter_map(|key| serde_json::from_value(key.clone()).ok());
        Ok(JwkSet { keys: known.collect() })
    }

    /// Exchanges a code (RFC 6749, 4.1.3; RFC 7636, 4.5).
    async fn exchange(
        &self,
        metadata: &Metadata,
        flow: &Flow,
        code: &str,
    ) -> Result<Zeroizing<String>, ProviderError> {
        let settings = &self.settings;
        let verifier = flow.verifier();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &settings.redirect_url),
            ("code_verifier", &verifier),
        ];
        let mut request = self.http.request(Method::POST, metadata.token_endpoint.clone());
        if metadata.secret_in_form {
            form.push(("client_id", &settings.client_id));
            form.push(("client_secret", &settings.client_secret));
        } else {
            request = request.header(AUTHORIZATION, basic(settings));
        }
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(encoded(&form));
        let (status, body) = send(request).await?;
        match status {
            StatusCode::OK => {
                let answer: TokenAnswer = parse(&body)?;
                Ok(Zeroizing::new(answer.id_token))
            }
            StatusCode::BAD_REQUEST => Err(ProviderError::Code),
            other => Err(ProviderError::Unavailable(format!("the token endpoint answers {other}"))),
        }
    }

    async fn get<T: DeserializeOwned>(&self, address: Url) -> Result<T, ProviderError> {
        let shown = address.to_string();
        let (status, body) = send(self.http.request(Method::GET, address)).await?;
        if status != StatusCode::OK {
            return Err(ProviderError::Unavailable(format!("{shown} answers {status}")));
        }
        parse(&body)
    }
}

/// `Authorization: Basic`, with both parts escaped first (RFC 6749, 2.3.1).
fn basic(settings: &ProviderSettings) -> String {
    let escaped = |text: &str| {
        let pair = encoded(&[("", text)]);
        pair.trim_start_matches('=').to_owned()
    };
    let plain =
        Zeroizing::new(format!("{}:{}", escaped(&settings.client_id), escaped(&settings.client_secret)));
    format!("Basic {}", STANDARD.encode(plain.as_bytes()))
}

/// A form.
fn encoded(pairs: &[(&str, &str)]) -> String {
    let Ok(mut url) = Url::parse("x:") else { return String::new() };
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ProviderError> {
    // Without the parser's words, which may repeat what was read.
    serde_json::from_slice(body).map_err(|error| {
        ProviderError::Unavailable(format!("an answer that cannot be read: {:?}", error.classify()))
    })
}

/// Sends a request; the whole answer, which is not long.
async fn send(request: RequestBuilder) -> Result<(StatusCode, Zeroizing<Vec<u8>>), ProviderError> {
    let failed = |error: reqwest::Error| ProviderError::Unavailable(error.without_url().to_string());
    let mut answer = request.header(ACCEPT, "application/json").send().await.map_err(failed)?;
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if body.len().saturating_add(chunk.len()) > LONGEST_ANSWER {
            return Err(ProviderError::Unavailable("an answer that is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((answer.status(), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_secrets_are_escaped() {
        let settings = ProviderSettings {
            issuer: "https://id.example".to_owned(),
            client_id: "公开:1".to_owned(),
            client_secret: Zeroizing::new("a=b c&+/".to_owned()),
            redirect_url: String::new(),
            claim: "sub".to_owned(),
            scopes: "openid".to_owned(),
        };
        let coded = basic(&settings);
        let plain = STANDARD.decode(coded.strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(String::from_utf8(plain).unwrap(), "%E5%85%AC%E5%BC%80%3A1:a%3Db+c%26%2B%2F");
        assert_eq!(encoded(&[("a", "1 2"), ("b", "&")]), "a=1+2&b=%26");
    }
}
