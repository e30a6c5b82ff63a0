//! What a provider says of itself (OpenID Connect Discovery, 3 and 4.3), and which addresses may be asked at all.

use std::net::IpAddr;

use reqwest::Url;
use serde::Deserialize;

/// The document as it comes.
#[derive(Deserialize)]
pub(super) struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// What is used of it.
#[derive(Clone)]
pub(super) struct Metadata {
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub jwks_uri: Url,
    /// Whether the secret goes into the form, since the provider does not take it as `Authorization: Basic`.
    pub secret_in_form: bool,
}

impl Metadata {
    /// Checks the document of an issuer.
    pub(super) fn read(document: Document, issuer: &str) -> Result<Self, String> {
        if document.issuer != issuer {
            return Err("its discovery names another issuer".to_owned());
        }
        let methods = document.token_endpoint_auth_methods_supported.unwrap_or_default();
        let takes = |method: &str| methods.iter().any(|known| known == method);
        Ok(Self {
            authorization_endpoint: may_be_asked(&document.authorization_endpoint)?,
            token_endpoint: may_be_asked(&document.token_endpoint)?,
            jwks_uri: may_be_asked(&document.jwks_uri)?,
            secret_in_form: !takes("client_secret_basic") && takes("client_secret_post"),
        })
    }
}

/// An address that may be asked: over TLS, or on this machine; with neither a name and password nor a fragment.
///
/// # Errors
/// One sentence.
pub fn may_be_asked(address: &str) -> Result<Url, String> {
    let url = Url::parse(address).map_err(|_| "an address that cannot be read".to_owned())?;
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let safe = match url.scheme() {
        "https" => true,
        "http" => loopback,
        _ => false,
    };
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if safe && bare {
        Ok(url)
    } else {
        Err(format!("{host} is not asked: an address must begin with https:// and hold no password"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_and_this_machine_are_asked() {
        for good in
            ["https://id.example/a?b=c", "http://127.0.0.1:9/x", "http://[::1]:9/x", "http://localhost/x"]
        {
            assert!(may_be_asked(good).is_ok(), "{good}");
        }
        for bad in [
            "http://id.example/",
            "http://127.0.0.1.example/",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest",
            "http://localhost.example/",
            "https://u:p@id.example/",
            "https://u@id.example/",
            "https://id.example/#x",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "id.example",
            "",
        ] {
            assert!(may_be_asked(bad).is_err(), "{bad}");
        }
    }
}
