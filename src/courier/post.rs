//! By HTTP: `POST` with the text as its body. Any status of 200 to 299 says that the receiver has it.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use zeroize::Zeroizing;

use super::{CourierError, Parcel};
use crate::provider::may_be_asked;

const PATIENCE: Duration = Duration::from_secs(15);
const CONNECTED_WITHIN: Duration = Duration::from_secs(5);

/// What an office says of the receiver.
#[derive(Clone, PartialEq, Eq)]
pub struct PostSettings {
    /// The address: over TLS, or of this machine.
    pub url: String,
    /// What is shown to it (`Authorization: Bearer`).
    pub token: Option<Zeroizing<String>>,
}

/// The way to it.
pub(super) struct Post {
    http: reqwest::Client,
    url: Url,
    authorization: Option<HeaderValue>,
}

impl Post {
    pub(super) fn new(settings: &PostSettings) -> Result<Self, String> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .connect_timeout(CONNECTED_WITHIN)
            .no_proxy()
            .build()
            .map_err(|error| error.to_string())?;
        let authorization = settings.token.as_ref().map(|token| {
            let shown = Zeroizing::new(format!("Bearer {}", token.as_str()));
            let mut value = HeaderValue::from_str(&shown).map_err(|error| error.to_string())?;
            value.set_sensitive(true);
            Ok::<_, String>(value)
        });
        Ok(Self { http, url: may_be_asked(&settings.url)?, authorization: authorization.transpose()? })
    }

    pub(super) async fn bring(&self, parcel: &Parcel) -> Result<(), CourierError> {
        let named = format!("attachment; filename=\"{}\"", parcel.file_name());
        let mut request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .header(CONTENT_DISPOSITION, named)
            .body(parcel.text.clone());
        if let Some(shown) = &self.authorization {
            request = request.header(AUTHORIZATION, shown.clone());
        }
        // The body of the answer is not read.
        let answer = request.send().await.map_err(|error| {
            let away = if error.is_timeout() { "no answer in time" } else { "it cannot be reached" };
            CourierError::Away(away.to_owned())
        })?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(CourierError::Refused(format!("it answers {status}"))) }
    }
}
